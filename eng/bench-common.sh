# What the bench-*.sh scripts share; they source it, set $root before, and call run_comparison with a verb of DevOps.Benchmarks and its arguments.
# shellcheck shell=bash disable=SC2154 # root is the caller's

# What the comparison runs under, if anything.
beside=()

# Builds what is measured, with no build server left behind to take a share of the processor.
build_release() {
    local project
    for project in samples/Cli benchmarks/DevOps.Benchmarks; do
        dotnet build "$root/$project" --configuration Release --nologo --verbosity quiet -consoleLoggerParameters:NoSummary --disable-build-servers >&2
    done
}

run_comparison() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/devops-bench-XXXXXX")
    child=
    trap 'rm -rf --one-file-system "$work"' EXIT
    trap 'stop_comparison 129' HUP
    trap 'stop_comparison 130' INT
    trap 'stop_comparison 143' TERM
    export TMPDIR=$work
    build_release
    # In a process group of its own, so that the tools that it runs can be ended with it; in the background, because bash runs a trap only between commands.
    set -m
    "${beside[@]}" "$root/artifacts/bin/DevOps.Benchmarks/release/DevOps.Benchmarks" "$@" --cli "$root/artifacts/bin/Cli/release/devops" </dev/null &
    child=$!
    set +m
    wait "$child"
}

# shellcheck disable=SC2317 # a trap calls it
stop_comparison() {
    if [[ -n $child ]]; then
        disown -a # or bash reports the death
        kill -TERM -- "-$child" 2>/dev/null || true
        while kill -0 -- "-$child" 2>/dev/null; do
            sleep 0.1
        done
    fi
    exit "$1"
}

usage() {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}
