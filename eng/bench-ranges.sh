#!/usr/bin/env bash
# Reads one large blob as one stream and in several ranges at once, from servers whose connections are slow and from one whose are not, and prints how the times compare.
#
#   eng/bench-ranges.sh [--output FILE] [ROUNDS]
#
# --output FILE     write the page there too, as benchmarks/results/ranges.md
# ROUNDS            how often each is measured, in turn with the others; 3 if not given
# It needs half a GB of memory.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/bench-common.sh
source "$root/eng/bench-common.sh"

options=()
while (($#)); do
    case $1 in
        --output)
            (($# > 1)) || usage
            options+=(--output "$2")
            shift ;;
        -*) usage ;;
        *) options+=("$1") ;;
    esac
    shift
done
run_comparison ranges "${options[@]}"
