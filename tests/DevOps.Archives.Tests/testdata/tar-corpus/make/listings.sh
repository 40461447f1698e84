#!/usr/bin/env bash
# Lists the corpus with the peers, and keeps in peers/*.listing what they read otherwise than expected.listing, which gets the archives that it lacks.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
corpus=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$corpus/peers"

# list PEER VERSION COMMAND...
list() {
    {
        echo "# $2"
        "${@:3}" "$corpus"
    } >"$work/$1.listing"
}

list gnu-tar "$(tar --version | head -n 1)" python3 "$here/list-gnu-tar.py"
list libarchive "$(bsdtar --version | sed 's/.* - \(libarchive [^ ]*\).*/\1/')" python3 "$here/list-libarchive.py"
list python "$(python3 --version)" python3 "$here/list-python.py"
cp "$here/list-go.txt" "$work/main.go"
list go "$(go version | cut -d ' ' -f 3)" env GO111MODULE=off GOCACHE="$work/cache" go run "$work/main.go"
python3 "$here/settle.py" "$corpus" "$work"
