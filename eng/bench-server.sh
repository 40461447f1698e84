#!/usr/bin/env bash
# Serves and is asked as a registry beside docker-registry, and prints what pushes cost, how fast content is given out, and whether the goals are met.
#
#   eng/bench-server.sh [--require-peers] [--output FILE] [ROUNDS]
#
# --require-peers   install docker-registry from the distribution where they are missing
# --output FILE     write the page there too, as benchmarks/results/server.md
# ROUNDS            how often each is measured, in turn with the others; 3 if not given
# It needs 10 GB of space for temporary files, and removes them.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/bench-common.sh
source "$root/eng/bench-common.sh"

options=()
while (($#)); do
    case $1 in
        --require-peers) "$root/eng/peers.sh" --install docker-registry ;;
        --output)
            (($# > 1)) || usage
            options+=(--output "$2")
            shift ;;
        -*) usage ;;
        *) options+=("$1") ;;
    esac
    shift
done
run_comparison server "${options[@]}"
