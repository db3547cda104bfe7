# shellcheck shell=bash disable=SC2034,SC2154 # variables that the scripts set or use
# What ftp-server, firewall-lab and ssh-workers have in common: how they get programs, and how they know and
# end processes. Sourced by them; they set the array `packages`.
set -euo pipefail
umask 022
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

self=$(readlink -f "$0")
cache=$(readlink -m "${FTPTOOLS_CACHE:-${self%/*}/../../.cache}/servers")

note() { printf '%s: %s\n' "${self##*/}" "$*" >&2; }
die() { local code=$1; shift; note "$*"; exit "$code"; }

random_name() { mktemp -u "$1XXXXXXXX" | tr '[:upper:]' '[:lower:]'; }

# ---------------------------------------------------------------- programs

# Prints where one of these files is: in the system, or else in the cache.
find_tool() {
    local found
    for found in /$1 "$cache"/tree/$1; do # $1 is not quoted as it may hold a wildcard
        [[ -e $found ]] && { printf '%s' "$found"; return; }
    done
    return 1
}

missing_packages() {
    local file
    for file in "${!packages[@]}"; do
        find_tool "$file" >/dev/null || printf '%s ' "${packages[$file]}"
    done
}

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Downloads packages, and the libraries they depend on that are not installed, and unpacks
# them into $1/tree.
unpack() {
    local work=$1 wanted=("${@:2}") name deb updated=
    local -A seen=()
    mkdir -p "$work/debs" "$work/tree"
    while ((${#wanted[@]})); do
        name=${wanted[0]} wanted=("${wanted[@]:1}")
        [[ -z ${seen[$name]-} ]] || continue
        seen[$name]=yes
        note "unpacking $name"
        # The package lists are absent in container images, and elsewhere maybe out of date.
        until (cd "$work/debs" && apt-get -qq -o APT::Sandbox::User=root download "$name" >&2); do
            [[ -z $updated ]] || die 1 "cannot download $name"
            updated=yes
            apt-get -qq update >&2 || die 1 "apt-get update failed"
        done
        deb=$(echo "$work/debs/${name}"_*.deb)
        dpkg-deb -x "$deb" "$work/tree"
        while read -r name; do
            installed "$name" || wanted+=("$name")
        done < <(dpkg-deb -f "$deb" Pre-Depends Depends | tr , '\n' | sed -nE 's/^([A-Za-z-]+:)? *(lib[^ :|]+).*/\2/p')
    done
}

# Gets what is missing of `packages` into the cache. At once with nothing to do.
get_packages() {
    local tool missing work
    missing=$(missing_packages)
    [[ -n $missing ]] || return 0
    ((EUID == 0)) || die 3 "missing, and only root can get it: $missing"
    for tool in apt-get dpkg-deb; do
        command -v $tool >/dev/null || die 3 "missing, and there is no $tool to get it: $missing"
    done
    mkdir -p "$cache"
    exec 9>"$cache/lock" # test suites may start at the same time
    flock 9
    missing=$(missing_packages)
    if [[ -n $missing ]]; then
        work=$(mktemp -d "$cache/new.XXXXXX")
        [[ ! -d $cache/tree ]] || cp -a "$cache/tree" "$work/"
        # shellcheck disable=SC2086 # it is a list
        unpack "$work" $missing
        rm -rf "$cache/tree"
        mv "$work/tree" "$cache/"
        rm -rf "$work"
        missing=$(missing_packages)
        [[ -z $missing ]] || die 1 "still missing: $missing"
    fi
    exec 9>&-
}

# Where unpacked programs find unpacked libraries.
library_path() {
    local dirs=("$cache"/tree/usr/lib/*-linux-gnu* "$cache"/tree/lib/*-linux-gnu*)
    (IFS=: && printf '%s' "${dirs[*]}")
}

with_libraries() { LD_LIBRARY_PATH=$(library_path) "$@"; }

# ---------------------------------------------------------------- processes

# The start time of a living process, which together with the pid identifies it for good.
# (The command line does not: ProFTPD and Pure-FTPd overwrite theirs.) Zombies count as
# dead, as a container may have nobody to collect them.
started() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
    # shellcheck disable=SC2086 # the fields behind the name, which could contain anything
    set -- ${stat##*) }
    [[ $1 == Z ]] || printf '%s' "${20}"
}

alive() { [[ -n $2 && $(started "$1") == "$2" ]]; }

# Prints the living processes of session $1, and those with the mark $2 in their environment:
# vsftpd makes each of its sessions a process session of its own, and the others overwrite
# their environment.
members() {
    cat /proc/[0-9]*/stat 2>/dev/null |
        sed -nE "s/^([0-9]+) \(.*\) [^Z] [0-9]+ [0-9]+ $1 .*/\1/p" || true
    [[ -z $2 ]] || grep -lsF "FTPTOOLS_SERVER=$2" /proc/[0-9]*/environ | cut -d/ -f3 || true
}

# Ends the process $1 that was started at $2, with its session and all that has the mark $3.
# At once by KILL, as vsftpd leaves TERM for after the transfer it is at.
end_process() {
    local session=$1 now round pids
    now=$(started "$1")
    # Session 0 is the kernel's. A pid with another start time is someone else's by now.
    (($1 > 1)) && [[ -z $now || $now == "$2" ]] || session=none
    for ((round = 0; round < 100; round++)); do
        pids=$(members "$session" "${3-}")
        [[ -n $pids ]] || return 0
        # shellcheck disable=SC2086 # it is a list
        kill -s KILL $pids 2>/dev/null || true
        sleep 0.02
    done
    die 1 "cannot end the processes" "$pids"
}

# Whether process $1 is what listens on port $2; an answer from there is no proof of it.
listens() {
    local links inode
    links=$(ls -l "/proc/$1/fd" 2>/dev/null) || return 1
    while read -r inode; do
        [[ $links != *"socket:[$inode]"* ]] || return 0
    done < <(awk -v port="$(printf ':%04X$' "$2")" '$2 ~ port && $4 == "0A" { print $10 }' \
        /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    return 1
}

# Becomes a program in a session of its own, which holds no descriptor of ours: else who
# reads our output, or a caller's pipe, would wait for the server's end.
detach() {
    local fd
    exec </dev/null
    for fd in "/proc/$BASHPID/fd/"*; do
        fd=${fd##*/}
        ((fd <= 2)) || eval "exec $fd>&-"
    done
    exec setsid "$@"
}

# Runs "$self $2 $3" once process $1 is gone. Who waits for it is the `watcher`.
watch_owner() {
    # shellcheck disable=SC2016 # for the inner shell
    detach bash -c 'tail --pid="$0" -f /dev/null; exec "$@"' "$1" "$self" "$2" "$3" >/dev/null 2>&1 &
    watcher=$! watcher_begun=$(started $!)
}
