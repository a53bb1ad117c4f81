#!/bin/sh
# The documents that are written from lists in the code are up to date.
cd "$(dirname "$0")/../.." || exit 1
build=build
[ -z "${SANITIZE:-}" ] || build=build-asan
export ASAN_OPTIONS=detect_leaks=0
bad=0

# same FILE WORD: what govd prints with the word
same() {
    if ! $build/govd "$2" | cmp -s - "$1"; then
        echo "$1 is not what govd $2 prints: make docs writes it"
        bad=1
    fi
}

same docs/commands.md --commands-md
same docs/openapi.json --openapi
exit $bad
