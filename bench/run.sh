#!/usr/bin/env bash
# The engine beside curl, lftp and ncftp at the same work, in alternating runs on memory-backed storage, against real
# servers on loopback and over a line with a round trip. Writes medians and ratios to bench/results.md and prints them.
# Needs curl, lftp, ncftp, the servers (tests/Servers/ftp-server prepare), and for the line root, gcc and iproute2.
#
#   bench/run.sh [--servers "vsftpd pureftpd"] [--works "large large-tls small list many compare"] [--size MIB] [--files N]
#                [--connections "1 4 8"] [--delays "0 20 50"] [--rounds N] [--append] [--chart]
#
# --append adds to the results that there are: all works with all numbers take hours. --chart measures nothing, and draws
# bench/results.svg of them anew, as each other run does in the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
servers="vsftpd pureftpd" works="large large-tls small list many compare" size=1024 files=5000 connections="1 4 8" delays="0 20 50" rounds=5
append=false chart=false
while [ $# -gt 0 ]; do
    case $1 in
        --append) append=true && shift && continue ;;
        --chart) chart=true && shift && continue ;;
        --servers | --works | --size | --files | --connections | --delays | --rounds) declare "${1#--}=$2" ;;
        *) echo "bench/run.sh: unknown option '$1'" >&2; exit 2 ;;
    esac
    shift 2
done
tools="curl lftp ncftpget ncftpput dotnet"
! $chart || tools=dotnet
for tool in $tools; do
    command -v "$tool" >/dev/null || { echo "bench/run.sh: $tool is missing" >&2; exit 2; }
done

memory=/dev/shm
[ -d "$memory" ] || memory=${TMPDIR:-/tmp}
work=$(mktemp -d "$memory/ftptools-bench.XXXXXX")
chmod 711 "$work" # the server's account passes through
spaces="ftpb$$-c ftpb$$-s" line='' prefix=() times=$work/times
server_state=''

stop_server() {
    [ -z "$server_state" ] || "$here/../tests/Servers/ftp-server" stop "$server_state" >/dev/null 2>&1 || true
    server_state=''
}
stop_line() {
    local name
    [ -z "$line" ] || kill "$line" 2>/dev/null || true
    line=''
    for name in $spaces; do ip netns del "$name" 2>/dev/null || true; done
}
stop() {
    stop_server
    stop_line
    rm -rf "$work"
}
trap stop EXIT

dotnet build "$here/FtpTools.Bench" -c Release -v q --nologo >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
engine="$here/FtpTools.Bench/bin/Release/net10.0/FtpTools.Bench.dll"
draw() { dotnet "$engine" chart "$here/results.md" "$here/results.svg"; }
if $chart; then
    draw
    exit
fi

# Two hosts with a round trip of $1 milliseconds between them, where most kernels in virtual machines have no tc netem.
start_line() {
    gcc -O2 -o "$work/tundelay" "$here/delay-line/tundelay.c"
    # shellcheck disable=SC2086 # two names
    local name i
    set -- "$1" $spaces
    for name in "$2" "$3"; do ip netns add "$name" && ip -n "$name" link set lo up; done
    "$work/tundelay" "$2" "$3" $(($1 * 500)) 7200 >"$work/line.log" 2>&1 &
    line=$!
    for ((i = 0; i < 100; i++)); do ! grep -q ready "$work/line.log" || break; sleep 0.05; done
    ip -n "$2" addr add 10.77.0.1 peer 10.77.0.2 dev tunA
    ip -n "$3" addr add 10.77.0.2 peer 10.77.0.1 dev tunB
    ip -n "$2" link set tunA up txqueuelen 20000
    ip -n "$3" link set tunB up txqueuelen 20000
    prefix=(ip netns exec "$2")
}

# $1 the server, $2 the delay in milliseconds, further arguments for ftp-server
start_server() {
    local name=$1 delay=$2 exec=()
    shift 2
    server_state=$work/server
    prefix=()
    if [ "$delay" -gt 0 ]; then
        start_line "$delay"
        exec=(ip netns exec "${spaces#* }")
        set -- "$@" --address 10.77.0.2
    fi
    about=$("${exec[@]}" "$here/../tests/Servers/ftp-server" start "$name" "$server_state" --owner-pid $$ "$@")
    host=$(field host) port=$(field port) user=$(field user) password=$(field password) root=$(field root) version=$(field version)
}
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" <<<"$about"; }
own() { "$here/../tests/Servers/ftp-server" own "$server_state" >/dev/null; }

# ---------------------------------------------------------------- one run

# Each line of $times: direction client wall user sys [MiB [ms]]. bash's own timer covers the process and its children; the engine
# prints its own from connect to closed session, warmed up, as in a PowerShell session, and what its memory grew by.
TIMEFORMAT='%R %U %S'
measured() { # direction client command...
    local direction=$1 client=$2
    shift 2
    { time "${prefix[@]}" "$@" >"$work/out" 2>"$work/err"; } 2>"$work/time" || { echo "bench/run.sh: $client failed:" >&2; tail -5 "$work/err" >&2; exit 1; }
    if [ "$client" = engine ]; then
        echo "$direction engine-process $(cat "$work/time")" >>"$times"
        echo "$direction engine $(cat "$work/out")" >>"$times"
    else
        echo "$direction $client $(cat "$work/time")" >>"$times"
    fi
}
bench() { measured "$1" engine dotnet "$engine" "$2" "$host" "$port" "$user" "$password" "$3" "$4" "${5:-1}" "${6:-none}"; }
lftp_do() { measured "$1" lftp lftp -c "set ftp:ssl-force $2; set ftp:ssl-allow $2; set ftp:ssl-protect-data $2; set ssl:verify-certificate no; open -u $user,$password -p $port $host; $3"; }
url() { echo "ftp://$user:$password@$host:$port/$1"; }
curl_do() { local direction=$1; shift; measured "$direction" curl curl -sS -k "$@"; }

# A virtual machine gives memory that has been free for some seconds back to its host, and pays for each page when it is
# used again: three times the work that is measured. So the pages that the target will take are used and freed just before.
warm() { cp "$work/file" "$1" && rm -f "$1"; }
same() { diff -rq "$1" "$2" >/dev/null || { echo "bench/run.sh: $2 differs from $1" >&2; exit 1; }; }

large() { # direction client tls
    local tls=() protect=no
    [ "$3" = none ] || { tls=(--ssl-reqd) && protect=yes; }
    if [ "$1" = down ]; then
        warm "$work/got"
        case $2 in
            engine) bench down down /down "$work/got" 1 "$3" ;;
            curl) curl_do down "${tls[@]}" -o "$work/got" "$(url down)" ;;
            lftp) lftp_do down $protect "get /down -o $work/got" ;;
            ncftp) measured down ncftp ncftpget -V -u "$user" -p "$password" -P "$port" -c "$host" /down ;;
        esac
        [ "$2" != ncftp ] || mv "$work/out" "$work/got"
        same "$work/file" "$work/got"
        rm -f "$work/got"
    else
        warm "$root/up"
        case $2 in
            engine) bench up up /up "$work/file" 1 "$3" ;;
            curl) curl_do up "${tls[@]}" -T "$work/file" "$(url up)" ;;
            lftp) lftp_do up $protect "put $work/file -o /up" ;;
            ncftp) measured up ncftp ncftpput -V -u "$user" -p "$password" -P "$port" -C "$host" "$work/file" /up ;;
        esac
        same "$work/file" "$root/up"
        rm -f "$root/up"
    fi
}

small() { # direction client connections
    rm -rf "$work/got" "$root/up"
    if [ "$1" = down ]; then
        mkdir "$work/got"
        case $2 in
            engine) bench down tree-down /tree "$work/got" "$3" ;;
            lftp) lftp_do down no "mirror -P $3 /tree $work/got" ;;
            curl) curl_do down -Z --parallel-max "$3" --create-dirs -K "$work/curl-down" ;;
            ncftp) measured down ncftp ncftpget -V -R -u "$user" -p "$password" -P "$port" "$host" "$work/got" /tree ;;
        esac
        if [ "$2" = ncftp ]; then same "$work/tree" "$work/got/tree"; else same "$work/tree" "$work/got"; fi
    else
        case $2 in
            engine) bench up tree-up /up "$work/tree" "$3" ;;
            lftp) lftp_do up no "mirror -R -P $3 $work/tree /up" ;;
            curl) curl_do up -Z --parallel-max "$3" --ftp-create-dirs -K "$work/curl-up" ;;
            ncftp) measured up ncftp ncftpput -V -R -m -u "$user" -p "$password" -P "$port" "$host" /up "$work/tree" ;;
        esac
        if [ "$2" = ncftp ]; then same "$work/tree" "$root/up/tree"; else same "$work/tree" "$root/up"; fi
    fi
}

plant() { # how many files, of how many bytes, in how many folders
    local i folder count=${3:-50}
    local each=$(($1 / count > 0 ? $1 / count : 1))
    rm -rf "$work/tree"
    for ((i = 0; i * each < $1; i++)); do
        folder=$work/tree/d$i && mkdir -p "$folder"
        head -c $((each * $2)) /dev/urandom | split -b "$2" -a 5 -d - "$folder/file"
    done
    cp -r --preserve=timestamps "$work/tree" "$root/tree"
    own
}

list() { # direction client
    case $2 in
        engine) bench list list /many "$work/none" ;;
        lftp) lftp_do list no "cls -1 /many" ;;
        curl) curl_do list "$(url many/)" ;;
    esac
}

# Both sides are alike, so that nothing is moved. lftp makes the target's own directory in any case.
compare() { # direction client connections
    case $2 in
        engine) bench compare compare /tree "$work/tree" "$3" ;;
        lftp) lftp_do compare no "mirror -R --delete --no-perms --dry-run --parallel=$3 $work/tree /tree" && { ! grep -v '^mkdir -p .*%2Ftree$' "$work/out" >&2 || { echo "bench/run.sh: lftp finds a difference" >&2; exit 1; }; } ;;
    esac
}

# ---------------------------------------------------------------- rounds

# $1 title, $2 the function, $3 its last argument, $4 directions, further arguments: the clients
rounds_of() {
    local title=$1 run=$2 argument=$3 directions=$4 round direction i clients
    shift 4
    clients=("$@")
    for direction in $directions; do # the first round only warms the caches
        for i in "${clients[@]}"; do "$run" "$direction" "$i" "$argument"; done
    done
    : >"$times"
    for ((round = 0; round < rounds; round++)); do
        for direction in $directions; do
            # Each client goes first in turn, so that none always follows the same one.
            for ((i = 0; i < ${#clients[@]}; i++)); do "$run" "$direction" "${clients[(round + i) % ${#clients[@]}]}" "$argument"; done
        done
    done
    report "$title"
}

report() {
    {
        echo "### $1"
        echo
        echo "Runs: $rounds."
        echo
        echo "| | client | wall s | CPU s | wall to the best peer | CPU to curl | memory grew by MiB | first entry after ms |"
        echo "|-|-|-:|-:|-:|-:|-:|-:|"
        awk '
            { key = $1 " " $2; if (!(key in n)) order[++keys] = key; n[key]++; wall[key, n[key]] = $3; cpu[key, n[key]] = $4 + $5; if (NF > 5) memory[key, n[key]] = $6; if (NF > 6) first[key, n[key]] = $7 }
            function median(values, key, count,    i, j, sorted, swap) {
                for (i = 1; i <= count; i++) sorted[i] = values[key, i]
                for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (sorted[j] < sorted[i]) { swap = sorted[i]; sorted[i] = sorted[j]; sorted[j] = swap }
                return count % 2 ? sorted[(count + 1) / 2] : (sorted[count / 2] + sorted[count / 2 + 1]) / 2
            }
            END {
                for (k = 1; k <= keys; k++) {
                    split(order[k], part, " "); w[k] = median(wall, order[k], n[order[k]]); c[k] = median(cpu, order[k], n[order[k]])
                    if (part[2] !~ /^engine/ && (!(part[1] in best) || w[k] < best[part[1]])) best[part[1]] = w[k]
                    if (part[2] == "curl") curl[part[1]] = c[k]
                }
                for (k = 1; k <= keys; k++) {
                    split(order[k], part, " ")
                    printf "| %s | %s | %.3f | %.3f | %s | %s | %s | %s |\n", part[1], part[2], w[k], c[k],
                        (part[1] in best) ? sprintf("%.2f", w[k] / best[part[1]]) : "-",
                        (part[1] in curl && curl[part[1]] > 0) ? sprintf("%.2f", c[k] / curl[part[1]]) : "-",
                        ((order[k], 1) in memory) ? sprintf("%.0f", median(memory, order[k], n[order[k]])) : "-",
                        ((order[k], 1) in first) ? sprintf("%.0f", median(first, order[k], n[order[k]])) : "-"
                }
            }' "$times"
        echo
    } | tee -a "$here/results.md"
}

$append || {
    echo "# Measured side by side"
    echo
    echo "By bench/run.sh on $(date -u +%Y-%m-%d): $(nproc) cores ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), Linux $(uname -r | cut -d- -f1),"
    echo ".NET $(dotnet --list-runtimes | sed -n 's/Microsoft.NETCore.App \([^ ]*\).*/\1/p' | tail -1), $(curl --version | head -1 | cut -d' ' -f1,2), $(lftp --version | sed -n 's/^LFTP | Version \([^ ]*\).*/lftp \1/p'), $(ncftpget --version 2>&1 | sed -n 's/^NcFTPGet \([^ ]*\).*/ncftp \1/p')."
    echo "Medians of alternating runs. \"engine\" is timed from connect to closed session, warmed up, as in a PowerShell"
    echo "session; \"engine-process\" and the others are whole processes. The engine sends and receives trees under temporary"
    echo "names, checks sizes and renames; the others write in place."
    echo
} | tee "$here/results.md"

for name in $servers; do
    for kind in $works; do
        case $kind in
            large | large-tls)
                tls=none extra=() clients=(engine curl lftp ncftp)
                [ $kind = large ] || { tls=tls && extra=(--tls) && clients=(engine curl lftp); }
                start_server "$name" 0 "${extra[@]}"
                head -c $((size * 1048576)) /dev/urandom >"$work/file"
                cp "$work/file" "$root/down"
                own
                rounds_of "$name $version, one file of $size MiB, ${tls/none/plain}" large $tls "down up" "${clients[@]}"
                rm -f "$work/file"
                stop_server
                ;;
            list)
                start_server "$name" 0
                mkdir "$root/many"
                (cd "$root/many" && seq -f 'file %06g with a name of some length.txt' 100000 | tr '\n' '\0' | xargs -0 touch)
                own
                rounds_of "$name $version, a listing of 100,000 entries" list - list engine lftp curl
                stop_server
                ;;
            small)
                for delay in $delays; do
                    start_server "$name" "$delay"
                    plant "$files" 4096
                    (cd "$work/tree" && find . -type f | sed 's|^\./||' | while read -r file; do
                        printf 'url = "%s"\noutput = "%s"\n' "$(url "tree/$file")" "$work/got/$file" >&3
                        printf 'url = "%s"\nupload-file = "%s"\n' "$(url "up/$file")" "$work/tree/$file" >&4
                    done) 3>"$work/curl-down" 4>"$work/curl-up"
                    for count in $connections; do
                        clients=(engine lftp curl)
                        [ "$count" -gt 1 ] || clients+=(ncftp)
                        rounds_of "$name $version, $files files of 4 KiB, round trip $delay ms, connections: $count" small "$count" "down up" "${clients[@]}"
                    done
                    stop_server
                    stop_line
                done
                ;;
            many)
                start_server "$name" 0
                plant 100000 100
                rounds_of "$name $version, 100,000 files of 100 bytes, round trip 0 ms, connections: 4" small 4 "down up" engine
                stop_server
                ;;
            compare)
                for delay in $delays; do
                    start_server "$name" "$delay"
                    plant 100000 100 2000
                    # The server tells whole seconds, and lftp takes what is less for a difference.
                    find "$work/tree" "$root/tree" -exec touch -h -d '2026-01-01 12:00:00' {} +
                    for count in $connections; do
                        rounds_of "$name $version, two trees of 100,000 files in 2,000 folders compared, round trip $delay ms, connections: $count" compare "$count" compare engine lftp
                    done
                    stop_server
                    stop_line
                done
                ;;
            *) echo "bench/run.sh: unknown work '$kind'" >&2; exit 2 ;;
        esac
    done
done
draw
