#!/usr/bin/env bash
# One large file down and up: the engine beside curl and lftp, in alternating runs on memory-backed storage, against a
# real server on loopback. Prints the medians of wall and CPU seconds, and their ratios to curl's. Needs curl, lftp and
# the servers (tests/Servers/ftp-server prepare).
#
#   bench/run.sh [--server vsftpd|proftpd|pureftpd] [--size MIB] [--rounds N]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
server=vsftpd size=1024 rounds=7
while [ $# -gt 0 ]; do
    case $1 in
        --server) server=$2 ;;
        --size) size=$2 ;;
        --rounds) rounds=$2 ;;
        *) echo "bench/run.sh: unknown option '$1'" >&2; exit 2 ;;
    esac
    shift 2
done
for tool in curl lftp dotnet; do
    command -v "$tool" >/dev/null || { echo "bench/run.sh: $tool is missing" >&2; exit 2; }
done

memory=/dev/shm
[ -d "$memory" ] || memory=${TMPDIR:-/tmp}
work=$(mktemp -d "$memory/ftptools-bench.XXXXXX")
times="$work/times"
chmod 711 "$work" # the server's account passes through
stop() {
    "$here/../tests/Servers/ftp-server" stop "$work/server" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT

dotnet build "$here/FtpTools.Bench" -c Release -v q --nologo >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
engine="$here/FtpTools.Bench/bin/Release/net10.0/FtpTools.Bench.dll"
about=$("$here/../tests/Servers/ftp-server" start "$server" "$work/server" --owner-pid $$)
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" <<<"$about"; }
host=$(field host) port=$(field port) user=$(field user) password=$(field password) root=$(field root)

head -c $((size * 1048576)) /dev/urandom >"$work/file"
cp "$work/file" "$root/down"
"$here/../tests/Servers/ftp-server" own "$work/server" >/dev/null

# Each line of $times: direction client wall user sys. bash's own timer covers the process and its children.
TIMEFORMAT='%R %U %S'
measured() { # direction client command...
    local direction=$1 client=$2
    shift 2
    { time "$@" >"$work/out" 2>"$work/err"; } 2>"$work/time" || { echo "bench/run.sh: $client failed:" >&2; cat "$work/err" >&2; exit 1; }
    echo "$direction $client-process $(cat "$work/time")" >>"$times"
    if [ "$client" = engine ]; then
        echo "$direction engine $(cat "$work/out")" >>"$times"
    fi
}
# A virtual machine gives memory that has been free for some seconds back to its host, and pays for each page when it is
# used again: three times the work that is measured. So the pages that the target will take are used and freed just before.
warm() { cp "$work/file" "$1" && rm -f "$1"; }
check() { cmp -s "$1" "$work/file" || { echo "bench/run.sh: $1 differs from what was sent" >&2; exit 1; }; }

down() {
    warm "$work/got"
    case $1 in
        engine) measured down engine dotnet "$engine" down "$host" "$port" "$user" "$password" /down "$work/got" ;;
        curl) measured down curl curl -sS -o "$work/got" "ftp://$user:$password@$host:$port/down" ;;
        lftp) measured down lftp lftp -c "open -u $user,$password -p $port $host; get /down -o $work/got" ;;
    esac
    check "$work/got"
    rm -f "$work/got"
}
up() {
    warm "$root/up"
    case $1 in
        engine) measured up engine dotnet "$engine" up "$host" "$port" "$user" "$password" /up "$work/file" ;;
        curl) measured up curl curl -sS -T "$work/file" "ftp://$user:$password@$host:$port/up" ;;
        lftp) measured up lftp lftp -c "open -u $user,$password -p $port $host; put $work/file -o /up" ;;
    esac
    check "$root/up"
}

clients=(engine curl lftp)
for direction in down up; do
    for client in "${clients[@]}"; do "$direction" "$client"; done
done
: >"$times" # the first round only warmed the caches
for ((round = 0; round < rounds; round++)); do
    for direction in down up; do
        # Each client goes first in turn, so that none always follows the same one.
        for ((i = 0; i < ${#clients[@]}; i++)); do "$direction" "${clients[(round + i) % ${#clients[@]}]}"; done
    done
done

echo "$size MiB, $rounds alternating runs, $server $(field version), $(nproc) cores, medians in seconds; ratios to curl"
awk '
    { key = $1 " " $2; n[key]++; wall[key, n[key]] = $3; cpu[key, n[key]] = $4 + $5 }
    function median(values, key, count,    i, j, sorted, swap) {
        for (i = 1; i <= count; i++) sorted[i] = values[key, i]
        for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (sorted[j] < sorted[i]) { swap = sorted[i]; sorted[i] = sorted[j]; sorted[j] = swap }
        return count % 2 ? sorted[(count + 1) / 2] : (sorted[count / 2] + sorted[count / 2 + 1]) / 2
    }
    END {
        printf "%-5s %-16s %8s %8s %8s %8s\n", "", "", "wall", "cpu", "wall/c", "cpu/c"
        split("down up", directions, " "); split("engine engine-process curl-process lftp-process", names, " ")
        for (d = 1; d <= 2; d++) {
            curl = directions[d] " curl-process"; cw = median(wall, curl, n[curl]); cc = median(cpu, curl, n[curl])
            for (c = 1; c <= 4; c++) {
                key = directions[d] " " names[c]; w = median(wall, key, n[key]); u = median(cpu, key, n[key])
                printf "%-5s %-16s %8.3f %8.3f %8.2f %8.2f\n", directions[d], names[c], w, u, w / cw, u / cc
            }
        }
    }' "$times"
echo "engine: from connect to closed session, warmed up, as in a PowerShell session; the others: the whole process."
