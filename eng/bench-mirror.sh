#!/usr/bin/env bash
# Mirrors 500 tags between two registries on this machine when nothing changed, with this SDK and with skopeo sync, and prints times and whether the goals are met.
#
#   eng/bench-mirror.sh [--require-peers] [--output FILE] [ROUNDS]
#
# --require-peers   install docker-registry, skopeo and GNU time from the distribution where they are missing
# --output FILE     write the page there too, as benchmarks/results/mirror.md
# ROUNDS            how often each is measured, in turn with the others; 3 if not given
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/bench-common.sh
source "$root/eng/bench-common.sh"

options=()
while (($#)); do
    case $1 in
        --require-peers) "$root/eng/peers.sh" --install docker-registry skopeo time ;;
        --output)
            (($# > 1)) || usage
            options+=(--output "$2")
            shift ;;
        -*) usage ;;
        *) options+=("$1") ;;
    esac
    shift
done
run_comparison mirror "${options[@]}"
