#!/usr/bin/env bash
# Runs a command beside the real peers of the tests: a Docker engine, a registry, and programs that read and write the same formats.
#
#   eng/peers.sh [--require] COMMAND [ARGUMENT...]        for example: eng/peers.sh dotnet test --project tests/DevOps.Docker.Tests
#   eng/peers.sh --install PROGRAM...                     only installs these where they are missing, as --require does: for the benchmarks
#
# The command finds the peers in these variables; an unset one means that the peer is missing, and one line of output says why.
#   DEVOPS_TEST_DOCKER_HOST    unix:///path of the engine's socket        DEVOPS_TEST_BASE_ROOTFS   tar of a small real Debian or Ubuntu
#   DEVOPS_TEST_REGISTRY       127.0.0.1:port of the registry             DEVOPS_TEST_BUSYBOX       static busybox: an image in one file
#   DEVOPS_TEST_SKOPEO  DEVOPS_TEST_UMOCI  DEVOPS_TEST_GIT  DEVOPS_TEST_PIGZ  DEVOPS_TEST_IGZIP  DEVOPS_TEST_MMDEBSTRAP  DEVOPS_TEST_BSDTAR
#   DEVOPS_TEST_PYTHON3  DEVOPS_TEST_HTPASSWD    paths of programs
# With --require (root on Debian or Ubuntu) missing peers are installed from the distribution first, and one that cannot be had is an error.
# Data and logs are in artifacts/peers/. Engine and registry start empty every time, so what one run leaves cannot spoil the next.
#
# Where the engine can run (as root), the command and all peers live in new network, process and mount namespaces. Two engines in one network
# would flush each other's iptables chains and fight over docker0 and swarm's ports; like this, any number of checkouts can run at once and
# publish any port on 127.0.0.1. However the script ends, the kernel ends with it every process, container, mount and interface inside, and nothing else.
# The price: inside there is only loopback, so restore and build before; a test cannot reach the Internet.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
data=$root/artifacts/peers
PATH=$PATH:/usr/sbin:/sbin
require=${DEVOPS_PEERS_REQUIRE:-}

declare -A package=(
    [dockerd]=docker.io [ip]=iproute2 [iptables]=iptables [curl]=curl [docker-registry]=docker-registry [skopeo]=skopeo [umoci]=umoci
    [git]=git [busybox]=busybox-static [pigz]=pigz [igzip]=isal [mmdebstrap]=mmdebstrap
    [bsdtar]=libarchive-tools [python3]=python3 [time]=time [htpasswd]=apache2-utils)
# Only benchmarks want these, by --install.
declare -A rare=([go]=golang-go)

die() {
    echo "error: $*" >&2
    exit 1
}

# skip GROUP REASON: a missing peer is an error or one line, as --require says.
skip() {
    [[ -z $require ]] || die "peer group $1: $2"
    echo "skipped group: $1 ($2)"
}

# has GROUP PROGRAM...: whether the programs are installed; says so if not.
has() {
    local group=$1 program
    shift
    for program in "$@"; do
        if ! found "$program"; then
            skip "$group" "$program is not installed: apt-get install ${package[$program]}"
            return 1
        fi
    done
}

found() {
    # Not "command -v": time is also a word of the shell.
    type -P "$1" >/dev/null || return 1
    # Only a static busybox runs in an image of its own; ldd succeeds on a dynamic one.
    [[ $1 != busybox ]] || ! ldd "$(command -v busybox)" >/dev/null 2>&1
}

# install_missing PROGRAM...
install_missing() {
    local program missing=()
    for program; do
        found "$program" || missing+=("${package[$program]:-${rare[$program]}}")
    done
    ((${#missing[@]})) || return 0
    ((EUID == 0)) || die "${missing[*]} must be installed, which only root can do"
    command -v apt-get >/dev/null || die "missing peers are installed with apt-get, which this system lacks: ${missing[*]}"

    echo "installing ${missing[*]}"
    # The distribution would start services of its own; policy-rc.d is its documented way to say no.
    if [[ ! -e /usr/sbin/policy-rc.d ]]; then
        policy=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    export DEBIAN_FRONTEND=noninteractive
    supervise apt-get -qq -o DPkg::Lock::Timeout=300 update
    supervise apt-get -qq -o DPkg::Lock::Timeout=300 --no-install-recommends install -y "${missing[@]}" >"$data/apt.log" 2>&1 || {
        tail -n 20 "$data/apt.log" >&2
        die "apt-get could not install ${missing[*]}"
    }
    [[ -z $policy ]] || rm -f "$policy"
    policy=
    hash -r
}

# Builds, once, the root filesystem of a small real system from the package sources of this machine.
make_base_rootfs() {
    local tar=$data/base-rootfs.tar log=$data/mmdebstrap.log suite ssl=libssl3 sources=() options=() line file
    if [[ ! -s $tar ]]; then
        # shellcheck source=/dev/null
        suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
        [[ -z $(apt-cache --names-only search '^libssl3t64$' 2>/dev/null) ]] || ssl=libssl3t64
        for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
            [[ ! -f $file ]] || sources+=("$file")
        done
        while read -r line; do
            options+=(--aptopt="${line%;}")
        done < <(apt-config dump | grep -E '^Acquire::(http|https|Retries|ForceIPv|Check-)[^ ]* "[^"]')
        echo "making $tar"
        # shellcheck disable=SC2016 # mmdebstrap expands $1
        if ! supervise mmdebstrap --variant=extract --skip=output/dev "${options[@]}" --include="base-files,libc6,libgcc-s1,libstdc++6,$ssl,tzdata" \
            --customize-hook='rm -f "$1/etc/resolv.conf" "$1/etc/hostname"' --format=tar "$suite" "$tar.new" "${sources[@]}" >"$log" 2>&1; then
            rm -f "$tar.new"
            [[ -z $require ]] || tail -n 20 "$log" >&2
            skip base-rootfs "mmdebstrap failed: see $log"
            return 0
        fi
        mv "$tar.new" "$tar"
    fi
    export DEVOPS_TEST_BASE_ROOTFS=$tar
}

find_programs() {
    local program name
    for program in skopeo umoci git busybox pigz igzip mmdebstrap bsdtar python3 htpasswd; do
        name=DEVOPS_TEST_${program^^}
        unset "$name"
        if has "$program" "$program"; then
            export "$name=$(command -v "$program")"
        fi
    done
    unset DEVOPS_TEST_BASE_ROOTFS DEVOPS_TEST_DOCKER_HOST DEVOPS_TEST_REGISTRY
    if [[ -n ${DEVOPS_TEST_MMDEBSTRAP:-} ]]; then
        make_base_rootfs
    fi
}

# wait_for SECONDS PID COMMAND...: until the command succeeds; fails when the process ends first or the time is up.
wait_for() {
    local end=$((SECONDS + $1)) pid=$2
    shift 2
    until "$@"; do
        kill -0 "$pid" 2>/dev/null && ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

started() {
    local group=$1 log=$2
    shift 2
    if ! wait_for "$@"; then
        [[ -z $require ]] || tail -n 20 "$log" >&2
        skip "$group" "it did not start: see $log"
        return 1
    fi
}

start_dockerd() {
    local log=$data/dockerd.log socket=$work/docker.sock
    # An empty configuration of our own, so that the machine's daemon.json has no say; cgroupfs, because systemd outside cannot see our processes.
    echo '{}' >"$work/daemon.json"
    dockerd --config-file "$work/daemon.json" --data-root "$data/docker" --exec-root "$work/exec" --pidfile "$work/dockerd.pid" --host "unix://$socket" \
        --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/${work##*/}" >"$log" 2>&1 &
    if started docker "$log" 60 $! curl -sf -o "$work/ping" --unix-socket "$socket" http://docker/_ping; then
        export DEVOPS_TEST_DOCKER_HOST=unix://$socket
    fi
}

start_registry() {
    local log=$data/registry.log config=$work/registry.yml
    cat >"$config" <<YAML
version: 0.1
storage: { filesystem: { rootdirectory: "$data/registry" }, delete: { enabled: true } }
http: { addr: "127.0.0.1:0" }
YAML
    : >"$log" # here and not by the process below: until it has opened the file, the port of the last run would stand in it
    docker-registry serve "$config" >>"$log" 2>&1 &
    registry_pid=$!
    # Port 0 lets the kernel choose a free port, and the log tells which.
    if started registry "$log" 30 $! grep -q 'listening on 127' "$log"; then
        DEVOPS_TEST_REGISTRY=$(grep -oE 'listening on 127\.0\.0\.1:[0-9]+' "$log")
        export DEVOPS_TEST_REGISTRY=${DEVOPS_TEST_REGISTRY##* }
    fi
}

# The second half, inside the namespaces if there are any: starts the peers, then runs the command.
inside() {
    local status=0
    registry_pid=
    trap '[[ -z $registry_pid ]] || { kill "$registry_pid" && wait "$registry_pid"; } 2>/dev/null || true' EXIT
    if [[ -n $DEVOPS_PEERS_ENGINE ]]; then
        ip link set lo up
        start_dockerd
    fi
    if has registry docker-registry; then
        start_registry
    fi
    "$@" || status=$?
    exit "$status"
}

# Runs a command in a process group of its own, so that the command and all that it started can be ended together.
supervise() {
    local status=0
    set -m
    "$@" </dev/null {lock}>&- & # without the lock: a build server that outlives the command must not keep it
    group=$!
    set +m
    wait "$group" || status=$?
    group=
    return "$status"
}

# shellcheck disable=SC2317 # a trap calls it
clean_up() {
    trap '' INT TERM HUP
    local tries
    if [[ -n $group ]]; then
        # The first process inside is in the group: with it the kernel kills all others inside, and it is gone only when they are.
        disown -a # or bash reports the death
        kill -KILL -- "-$group" 2>/dev/null || true
        for ((tries = 0; tries < 100; tries++)); do
            kill -0 -- "-$group" 2>/dev/null || break
            sleep 0.1
        done
    fi
    [[ -z $policy ]] || rm -f "$policy"
    [[ -n $work ]] || return 0
    find /sys/fs/cgroup -depth -type d \( -path "*/${work##*/}" -o -path "*/${work##*/}/*" \) -exec rmdir {} + 2>/dev/null || true
    rm -rf --one-file-system "$work" "$data/docker" "$data/registry"
}

main() {
    if [[ ${1:-} == --require ]]; then
        require=1
        shift
    fi
    (($#)) || die "usage: eng/peers.sh [--require] COMMAND [ARGUMENT...]"
    if [[ -n ${DEVOPS_PEERS_WORK:-} ]]; then
        exec "$@" # inside another peers.sh already
    fi

    group='' work='' policy=''
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM

    mkdir -p "$data"
    exec {lock}>"$data/lock"
    if ! flock -n "$lock"; then
        echo "waiting for another run in this checkout to end"
        until flock -n "$lock"; do
            sleep 1
        done
    fi
    if [[ $1 == --install ]]; then
        install_missing "${@:2}"
        exit
    fi
    rm -rf --one-file-system "$data/docker" "$data/registry"
    # In /tmp, because the path of a unix socket has at most 108 characters. Temporary files of the command go the same way.
    work=$(mktemp -d /tmp/devops-XXXXXX)
    mkdir "$work/tmp"

    [[ -z $require ]] || install_missing "${!package[@]}"
    find_programs

    # setpriv: even if this script is killed with SIGKILL, what is inside ends.
    local namespaces=(setpriv --pdeathsig KILL unshare --net --pid --mount --fork --kill-child --mount-proc) engine=1
    if ((EUID != 0)); then
        skip docker "dockerd needs root"
        engine=
    elif ! has docker dockerd iptables ip curl; then
        engine=
    elif ! "${namespaces[@]}" true 2>/dev/null; then
        skip docker "this system does not let root create namespaces"
        engine=
    fi
    [[ -n $engine ]] || namespaces=()

    export DEVOPS_PEERS_WORK=$work DEVOPS_PEERS_ENGINE=$engine DEVOPS_PEERS_REQUIRE=$require TMPDIR=$work/tmp
    local status=0
    # A caller that ignores Ctrl-C (as "script &" does) must not make the tests' own processes deaf to it.
    supervise env --default-signal=INT,QUIT "${namespaces[@]}" "$BASH" "${BASH_SOURCE[0]}" --inside "$@" || status=$?
    exit "$status"
}

if [[ ${1:-} == --inside ]]; then
    work=$DEVOPS_PEERS_WORK
    inside "${@:2}"
else
    main "$@"
fi
