#!/bin/sh
# Two makes at once in one folder, from nothing: both end well.  One room is
# enough, they meet at the first files.
cd "$(dirname "$0")/../.." || exit 1

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

build() {
    make -s -f scripts/build.mk core ROOMS=base BUILD="$folder/build" \
        >"$folder/$1" 2>&1 || { cat "$folder/$1"; return 1; }
}

build one &
first=$!
build two
second=$?
wait $first && [ $second = 0 ] || { echo "two makes meet"; exit 1; }

[ -f "$folder/build/libgov.a" ] || { echo "no library"; exit 1; }
echo "makes wait for each other"
