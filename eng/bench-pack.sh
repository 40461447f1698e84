#!/usr/bin/env bash
# Packs a directory with this SDK, with gzip, igzip, pigz and GZipStream, and prints times, sizes, what each stage takes, and whether the goals are met.
#
#   eng/bench-pack.sh [--require-peers] [--output FILE] DIR [ROUNDS]        for example: eng/bench-pack.sh ~/.dotnet/sdk/10.0.100
#
# --require-peers   install igzip, pigz and GNU time from the distribution where they are missing; else what needs them is left out, and a line says so
# --output FILE     write the page there too, as benchmarks/results/pack.md
# ROUNDS            how often each is measured, in turn with the others; 3 if not given
# DIR is only read. Some hundred megabytes are a good size: its tar is held in memory. Everything that is written is temporary and removed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/bench-common.sh
source "$root/eng/bench-common.sh"

options=() words=()
while (($#)); do
    case $1 in
        --require-peers) "$root/eng/peers.sh" --install igzip pigz time ;;
        --output)
            (($# > 1)) || usage
            options+=(--output "$2")
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
run_comparison compare "${words[@]}" "${options[@]}"
