#!/usr/bin/env bash
# Packs 100,000 small files with this SDK and with the base class library; with --cache, packs again what did not change or changed by one byte.
#
#   eng/bench-small.sh [--output FILE] [ROUNDS]
#   eng/bench-small.sh --cache [--output FILE] [DIR] [ROUNDS]
#
# --output FILE     write the page there too, as benchmarks/results/small.md
# DIR               the big tree, which is copied; the shared frameworks of .NET if not given
# ROUNDS            how often each is measured, in turn with the others; 3 if not given
# Everything that is written is temporary and removed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/bench-common.sh
source "$root/eng/bench-common.sh"

verb=small words=()
while (($#)); do
    case $1 in
        --cache) verb=cache ;;
        --output)
            (($# > 1)) || usage
            words+=(--output "$2")
            shift ;;
        -*) usage ;;
        *) words+=("$1") ;;
    esac
    shift
done
run_comparison "$verb" "${words[@]}"
