#!/usr/bin/env bash
# Builds every package into artifacts/packages, so that the same commit gives the same bytes.
#
#   eng/pack.sh [--verify]
#
# --verify   instead, build the last commit twice, in clones at paths of different lengths, and compare the packages byte for byte
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# pack TREE: TREE/artifacts/packages holds the packages of TREE, and nothing else.
pack() {
    rm -rf "$1/artifacts/packages"
    # NuGet stamps the files inside a package with SOURCE_DATE_EPOCH: here the time of the commit.
    (cd "$1" && SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) \
        dotnet pack DevOps.sln -c Release -o artifacts/packages -p:ContinuousIntegrationBuild=true)
}

verify() {
    local tree work
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # expand now: the variable is gone when the trap runs
    trap "rm -rf '$work'" EXIT
    for tree in "$work/a" "$work/another/path"; do
        git clone -q --no-local "$root" "$tree"
        git -C "$tree" remote remove origin # a folder of this machine, and no place for a debugger to find sources
        pack "$tree"
    done
    if ! compgen -G "$work/a/artifacts/packages/*.nupkg" >/dev/null; then
        echo "error: no packages were built" >&2
        return 1
    fi
    (cd "$work/a/artifacts/packages" && sha256sum -- *) | tee "$work/sums"
    diff -r "$work/a/artifacts/packages" "$work/another/path/artifacts/packages"
    echo "identical: $(wc -l <"$work/sums") files from two builds"
}

case ${1:-} in
    '') pack "$root" ;;
    --verify) verify ;;
    *)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
        exit 2 ;;
esac
