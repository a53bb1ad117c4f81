#!/bin/sh
# Lua of our own is free of what luacheck finds: unused, undefined, shadowed.
cd "$(dirname "$0")/../.." || exit 1
exec luacheck --no-color --no-config --std lua54 --max-line-length 80 -q \
    lua sites
