#!/usr/bin/env bash
# Builds the solution and runs every test project, with the real peers that this machine has (see eng/peers.sh). Installs nothing; of what is
# there, mmdebstrap makes a base root filesystem for the tests once, from the package sources of this machine.
#
#   eng/test.sh [--require-peers] [--no-build] [-- XUNIT_ARGUMENT...]      for example: eng/test.sh -- -class DevOps.Oci.DigestTests
#
# --require-peers   install the missing peers from the distribution first, and fail if one cannot be had: what CI does
# --no-build        run what was built last
# The last line of output is "N passed, N failed, N skipped", over all projects. The exit code is 1 if a test failed, a project did not
# finish or no test ran at all.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Each test executable runs by itself and writes a report at its end: a process that crashed or left early has none, whatever its exit code.
run_tests() {
    local reports=$root/artifacts/test-results passed=0 failed=0 skipped=0 project name program report counts status p f e s
    rm -rf "$reports"
    mkdir -p "$reports"
    for project in "$root"/tests/*.Tests/*.csproj; do
        [[ -e $project ]] || break
        name=$(basename "$project" .csproj)
        program=$root/artifacts/bin/$name/debug/$name
        report=$reports/$name.xml
        echo
        echo "== $name"
        status=0
        "$program" "$@" -noLogo -noColor -xml "$report" </dev/null || status=$?

        # One element of the report has them: <assembly … errors="0" failed="0" … passed="3" skipped="0" …>
        counts=$(grep -oE '<assembly [^>]*>' "$report" 2>/dev/null) || counts=
        if [[ -z $counts ]]; then
            echo "$name [FAIL]: ended with exit code $status before its tests did"
            failed=$((failed + 1))
            continue
        fi
        p=$(count passed "$counts")
        f=$(count failed "$counts")
        e=$(count errors "$counts")
        s=$(count skipped "$counts")
        if ((status != 0 && f + e == 0 && p + s > 0)); then
            echo "$name [FAIL]: ended with exit code $status though no test failed"
            f=1
        fi
        passed=$((passed + p)) failed=$((failed + f + e)) skipped=$((skipped + s))
    done

    echo
    if ((passed + failed == 0)); then
        echo "error: no test ran"
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0 && passed > 0))
}

# The engine's tests run the sample application on a base without .NET. It is published here because beside the peers there is no network to restore from.
build_all() {
    cd "$root"
    dotnet build DevOps.sln
    dotnet publish samples/Greeter --configuration Release --runtime linux-x64 --self-contained true --output artifacts/test-data/greeter-linux-x64 \
        -p:ContinuousIntegrationBuild=true --nologo
}

count() {
    [[ $2 =~ \ $1=\"([0-9]+)\" ]] || return
    echo "${BASH_REMATCH[1]}"
}

require=() build=1
while (($#)); do
    case $1 in
        --run) # inside eng/peers.sh
            shift
            run_tests "$@"
            exit ;;
        --require-peers) require=(--require) ;;
        --no-build) build= ;;
        --)
            shift
            break ;;
        *)
            sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
            exit 2 ;;
    esac
    shift
done

if [[ -n $build ]]; then
    # In the background, because bash runs a trap only once the program in the foreground has ended.
    build_all &
    trap 'kill $! 2>/dev/null; exit 143' INT TERM HUP
    wait $!
    trap - INT TERM HUP
fi
exec "$root/eng/peers.sh" "${require[@]}" "$root/eng/test.sh" --run "$@"
