#!/bin/sh
# Lua of our own uses what the sandbox has and nothing else, and is free of
# what luacheck finds: unused, undefined, shadowed.
#   lua.sh [FILE...]    these files, for the checker's own test
cd "$(dirname "$0")/../.." || exit 1

[ $# -gt 0 ] || set -- lua sites

# X("str", "cut", gov_lua_cut) is str.cut; a table of lua/gov is its file's
globals=$(
    sed -nE 's/^ *X\("([a-z]*)", "([a-z]+)", .*/\1.\2/p' \
        ngx_gov_module/script/gov_lua_globals.h | sed 's/^\.//'
    for file in lua/gov/*.lua; do
        basename "$file" .lua
    done
    echo w
)

# shellcheck disable=SC2086
exec luacheck --no-color --no-config --max-line-length 80 -q --std none \
    --read-globals $globals -- "$@"
