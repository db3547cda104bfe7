#!/bin/sh
# The POSIX twin of build.ps1: finds PowerShell, or has the .NET SDK bring it, and hands the task to it.
# Tasks: Build (default), Test, TestWindows, Mutate, Docs, Demo, Picture, Package, Bench, Clean. Build, Bench and Clean need no
# PowerShell, and TestWindows brings Windows' own.
set -eu
cd "$(dirname "$0")"

fail() {
    code=$1 && shift
    printf 'build.sh: %s\n' "$*" >&2
    exit "$code"
}

# shellcheck disable=SC2016 # what stands in single quotes is PowerShell's
# Whether it is a PowerShell that the module supports.
supported() { "$@" -NoProfile -Command 'exit [int]($PSVersionTable.PSVersion -lt [version]"7.4")' >/dev/null 2>&1; }

# Becomes PowerShell with build.ps1: the first on PATH if it is new enough, else the tool that .config/dotnet-tools.json
# pins.
run_in_powershell() {
    if command -v pwsh >/dev/null 2>&1 && supported pwsh; then
        exec pwsh -NoProfile -File ./build.ps1 "$@"
    fi
    needed='PowerShell 7.4 or later is needed: install it (https://aka.ms/powershell)'
    said=$(DOTNET_NOLOGO=1 dotnet tool restore 2>&1) ||
        fail 1 "$needed, or let \"dotnet tool restore\" bring it, which failed: $(printf '%s\n' "$said" | sed 's/^Unhandled exception: //' | head -n 1)"
    supported dotnet tool run pwsh -- || fail 1 "$needed. The one that \"dotnet tool restore\" has brought does not start."
    exec dotnet tool run pwsh -- -NoProfile -File ./build.ps1 "$@"
}

task=$(printf '%s' "${1:-Build}" | tr '[:upper:]' '[:lower:]')
case $task in
    build | test | testwindows | mutate | docs | demo | picture | package | bench | clean) ;;
    *) fail 2 "there is no task \"$1\". The tasks: Build (default), Test, TestWindows, Mutate, Docs, Demo, Picture, Package, Bench, Clean." ;;
esac
[ $# -eq 0 ] || shift

case $task in
    clean)
        rm -rf out src/*/bin src/*/obj tests/*/bin tests/*/obj bench/*/bin bench/*/obj
        exit
        ;;
    bench) exec bash bench/run.sh "$@" ;;
esac

case $(dotnet --version 2>/dev/null) in
    [1-9][0-9].*) ;;
    *) fail 1 'the .NET SDK 10 or later is needed: https://dotnet.microsoft.com/download' ;;
esac
cache=${FTPTOOLS_CACHE:-.cache}
{ mkdir -p "$cache" && [ -w "$cache" ]; } 2>/dev/null || fail 1 "the folder $cache cannot be written to."
# dotnet, NuGet and PowerShell keep their files in the home directory, and a service may have none.
if [ -z "${HOME-}" ]; then
    HOME=$(cd "$cache" && pwd)/home
    mkdir -p "$HOME"
    export HOME
fi

case $task in
    build) exec dotnet build FtpTools.sln -c Release -v q --nologo ;;
    testwindows)
        dotnet build FtpTools.sln -c Release -v q --nologo
        exec bash tests/Windows/windows-pwsh test "$@"
        ;;
    *) run_in_powershell "$task" "$@" ;;
esac
