#!/bin/sh
# What the bench works out of what it sees: spans in which the core was away,
# and what of a late round is left without them.
cd "$(dirname "$0")/../.." || exit 1
exec node tests/house/bench.mjs
