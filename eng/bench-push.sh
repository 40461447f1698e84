#!/usr/bin/env bash
# Makes an image of a directory in a registry on this machine, with this SDK and with others, and prints times and whether the goals are met.
#
#   eng/bench-push.sh [--require-peers] [--output FILE] DIR [ROUNDS]        for example: eng/bench-push.sh /usr/share/dotnet
#
# --require-peers   install docker-registry, skopeo, umoci, docker, Go and GNU time from the distribution where they are missing; else what needs them is left out
# --output FILE     write the page there too, as benchmarks/results/push.md
# ROUNDS            how often each is measured, in turn with the others; 3 if not given
# DIR is only read; some hundred megabytes are a good size. The engine of docker runs beside, as for the tests (eng/peers.sh), which needs root. crane takes part if it is in the PATH,
# else a program of ours in Go that does what it does.
# Temporary files take eight times the size of DIR, and are removed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/bench-common.sh
source "$root/eng/bench-common.sh"

options=() words=()
while (($#)); do
    case $1 in
        --require-peers) "$root/eng/peers.sh" --install docker-registry skopeo umoci time go dockerd ip iptables curl ;;
        --output)
            (($# > 1)) || usage
            options+=(--output "$(realpath -m "$2")")
            shift ;;
        -*) usage ;;
        *) words+=("$1") ;;
    esac
    shift
done
((${#words[@]} >= 1 && ${#words[@]} <= 2)) || usage
if [[ ! -d ${words[0]} ]]; then
    echo "error: '${words[0]}' is not a directory" >&2
    exit 2
fi
# shellcheck disable=SC2034 # run_comparison reads it
beside=("$root/eng/peers.sh")
run_comparison push "${words[@]}" "${options[@]}" --peers "$root/benchmarks/peers"
