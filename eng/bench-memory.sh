#!/usr/bin/env bash
# Moves one large blob and 64 blobs at once between clients and servers on this machine, beside docker-registry, and prints what memory that took above idle and whether the goal is met.
#
#   eng/bench-memory.sh [--require-peers] [--output FILE] [MEBIBYTES]
#
# --require-peers   install docker-registry and GNU time from the distribution where they are missing
# --output FILE     write the page there too, as benchmarks/results/memory.md
# MEBIBYTES         how large the large blob is; 4096 if not given
# It needs twice the size of the large blob and 5 GB of space for temporary files, and removes them.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/bench-common.sh
source "$root/eng/bench-common.sh"

options=()
while (($#)); do
    case $1 in
        --require-peers) "$root/eng/peers.sh" --install docker-registry time ;;
        --output)
            (($# > 1)) || usage
            options+=(--output "$2")
            shift ;;
        -*) usage ;;
        *) options+=(--blob-mib "$1") ;;
    esac
    shift
done
run_comparison memory "${options[@]}"
