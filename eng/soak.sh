#!/usr/bin/env bash
# Runs the tests over and over for a time: the long loops of kills and fuzzing, of which an ordinary run does a bounded part.
#
#   eng/soak.sh MINUTES [MULTIPLIER] [ARGUMENT_OF_TEST_SH...]      for example: eng/soak.sh 60 20 --require-peers -- -namespace DevOps.Archives
#
# Tests with such loops multiply their iterations by DEVOPS_SOAK, which is MULTIPLIER here (10 unless told) and unset (1) in an ordinary run;
# each round has a new DEVOPS_SOAK_SEED, told beside its result, with which it can be run again. Rounds follow each other until MINUTES have passed; the round that is
# then in progress is stopped, which is no failure. The first round with a failing test ends the soak with exit code 1.
# Every round's output is kept in artifacts/soak/.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
minutes=${1:-}
multiplier=${2:-10}
if [[ ! $minutes =~ ^[1-9][0-9]*$ || ! $multiplier =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
shift $(($# < 2 ? 1 : 2))

logs=$root/artifacts/soak
rm -rf "$logs"
mkdir -p "$logs"
export DEVOPS_SOAK=$multiplier
trap 'kill $! 2>/dev/null; wait; exit 143' INT TERM HUP

end=$((SECONDS + minutes * 60))
for ((round = 1; SECONDS < end; round++)); do
    log=$logs/round-$round.log
    export DEVOPS_SOAK_SEED=$((RANDOM * 32768 + RANDOM))
    status=0
    # timeout passes on the TERM that it gets, and test.sh cleans up on it.
    timeout --foreground $((end - SECONDS)) "$root/eng/test.sh" "$@" >"$log" 2>&1 &
    wait $! || status=$?
    if grep -F -A 30 '[FAIL]' "$log" || ((status != 0 && status != 124)); then
        tail -n 3 "$log"
        echo "round $round (seed $DEVOPS_SOAK_SEED) failed: see $log"
        exit 1
    fi
    if ((status == 124)); then
        echo "round $round (seed $DEVOPS_SOAK_SEED): stopped, the time is up"
    else
        echo "round $round (seed $DEVOPS_SOAK_SEED): $(tail -n 1 "$log")"
    fi
done
