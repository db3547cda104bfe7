#!/bin/sh
# The POSIX twin of build.ps1: finds PowerShell and hands the task to it. Where there is none it builds and runs the
# tests that need none. Tasks: Build (default), Test, TestWindows, Docs, Demo, Package, Bench, Clean.
# shellcheck disable=SC2016 # what stands in single quotes and begins with $ is PowerShell's
set -eu
cd "$(dirname "$0")"
task=${1:-Build}

has_pwsh() {
    command -v pwsh >/dev/null 2>&1 &&
        pwsh -NoProfile -Command 'exit [int]($PSVersionTable.PSVersion -lt [version]"7.4")' >/dev/null 2>&1
}

# The tool that .config/dotnet-tools.json pins. `dotnet tool run` works below this folder alone, but tests start
# PowerShell from elsewhere; so it is given a name on PATH.
restore_pwsh() {
    dotnet tool restore >/dev/null 2>&1 || return 1
    home=$(dotnet tool run pwsh -- -NoProfile -Command '$PSHOME' 2>/dev/null) || return 1
    mkdir -p .cache/bin
    printf '#!/bin/sh\nexec dotnet exec --roll-forward Major "%s/pwsh.dll" "$@"\n' "$home" >.cache/bin/pwsh
    chmod +x .cache/bin/pwsh
    PATH=$PWD/.cache/bin:$PATH
    export PATH
    has_pwsh
}

# It brings a PowerShell of its own, Windows'.
case $task in
    [Tt]est[Ww]indows)
        shift
        dotnet build FtpTools.sln -c Release -v q --nologo && exec bash tests/Windows/windows-pwsh test "$@"
        exit 1
        ;;
esac

if has_pwsh || restore_pwsh; then
    exec pwsh -NoProfile -File ./build.ps1 "$@"
fi

no_pwsh='PowerShell 7.4 or later is needed: install it (https://aka.ms/powershell), or let "dotnet tool restore" bring it.'

build() { dotnet build FtpTools.sln -c Release -v q --nologo; }

# Sums up an attribute of the result files' <Counters .../>.
count() { cat "$results"/*.trx 2>/dev/null | sed -n "s/.*<Counters .*[ ]$1=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'; }

# The names of the tests with an outcome.
named() {
    cat "$results"/*.trx 2>/dev/null | sed -n "s/.*<UnitTestResult .*testName=\"\([^\"]*\)\".*outcome=\"$1\".*/\1/p" |
        sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

test_without_pwsh() {
    results=out/TestResults
    passed=0 failed=0
    rm -rf "$results"
    mkdir -p "$results"
    bash tests/Servers/ftp-server prepare ||
        echo 'The tests against real servers are skipped where a server is missing.'
    if build; then
        code=0
        dotnet test FtpTools.sln --no-build -c Release --nologo --logger trx --results-directory "$results" \
            --blame-hang-timeout 5m --blame-hang-dump-type none || code=$?
        passed=$(count passed)
        failed=$(($(count executed) - passed))
        if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
            echo "FAILED: dotnet test ended with code $code"
            failed=1
        fi
    else
        echo 'FAILED: the build'
        failed=1
    fi
    {
        named NotExecuted
        for file in tests/Module/*.Tests.ps1; do
            sed -nE "s/^ *It +'(([^']|'')*)'.*/\1/p; s/^ *It +\"([^\"]*)\".*/\1/p" "$file" | sed "s|^|$(basename "$file" .Tests.ps1): |; s|\$| (no PowerShell)|"
        done
    } | sed 's/^/skipped: /' >"$results/skipped.txt"
    echo "$no_pwsh"
    cat "$results/skipped.txt"
    named Failed | sed 's/^/FAILED: /'
    echo "$passed passed, $failed failed, $(wc -l <"$results/skipped.txt" | tr -d ' ') skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

case $task in
    [Bb]uild) build ;;
    [Tt]est) test_without_pwsh ;;
    [Bb]ench) shift && exec bash bench/run.sh "$@" ;;
    [Cc]lean) rm -rf out src/*/bin src/*/obj tests/*/bin tests/*/obj bench/*/bin bench/*/obj ;;
    [Dd]ocs | [Dd]emo | [Pp]ackage) echo "$no_pwsh" >&2 && exit 1 ;;
    *) echo 'usage: build.sh [Build | Test | TestWindows | Docs | Demo | Package | Bench | Clean]' >&2 && exit 2 ;;
esac
