
/*
 * Copyright (C) ngx_gov authors
 *
 * Everything a script can see, beside its values, the words (w) and the
 * tables of lua/gov.  A row: table ("" for a global), name, C function.
 * Whatever is not here does not exist: no load, require, setmetatable,
 * getmetatable, rawget, rawset, collectgarbage, coroutine, debug, io, os,
 * string.dump, and no patterns.
 */


#ifndef _GOV_LUA_GLOBALS_H_INCLUDED_
#define _GOV_LUA_GLOBALS_H_INCLUDED_


#define GOV_LUA_GLOBALS(X)                                                    \
    X("", "assert", gov_lua_assert)                                           \
    X("", "error", gov_lua_error)                                             \
    X("", "esc", gov_lua_esc)                                                 \
    X("", "fmt", gov_lua_fmt)                                                 \
    X("", "ipairs", gov_lua_ipairs)                                           \
    X("", "next", gov_lua_next)                                               \
    X("", "pairs", gov_lua_pairs)                                             \
    X("", "pcall", gov_lua_pcall)                                             \
    X("", "select", gov_lua_select)                                           \
    X("", "tonumber", gov_lua_tonumber)                                       \
    X("", "tostring", gov_lua_tostring)                                       \
    X("", "type", gov_lua_type)                                               \
    X("", "url", gov_lua_url)                                                 \
                                                                              \
    X("math", "abs", gov_lua_abs)                                             \
    X("math", "ceil", gov_lua_ceil)                                           \
    X("math", "floor", gov_lua_floor)                                         \
    X("math", "max", gov_lua_max)                                             \
    X("math", "min", gov_lua_min)                                             \
                                                                              \
    X("str", "cut", gov_lua_cut)                                              \
    X("str", "ends", gov_lua_ends)                                            \
    X("str", "find", gov_lua_find)                                            \
    X("str", "len", gov_lua_chars)                                            \
    X("str", "replace", gov_lua_replace)                                      \
    X("str", "split", gov_lua_split)                                          \
    X("str", "starts", gov_lua_starts)                                        \
    X("str", "sub", gov_lua_part)                                             \
    X("str", "trim", gov_lua_trim)                                            \
                                                                              \
    X("string", "byte", gov_lua_byte)                                         \
    X("string", "char", gov_lua_char)                                         \
    X("string", "format", gov_lua_fmt)                                        \
    X("string", "len", gov_lua_len)                                           \
    X("string", "lower", gov_lua_lower)                                       \
    X("string", "rep", gov_lua_rep)                                           \
    X("string", "sub", gov_lua_sub)                                           \
    X("string", "upper", gov_lua_upper)                                       \
                                                                              \
    X("table", "concat", gov_lua_concat)                                      \
    X("table", "insert", gov_lua_insert)                                      \
    X("table", "remove", gov_lua_remove)                                      \
    X("table", "sort", gov_lua_sort)                                          \
    X("table", "unpack", gov_lua_unpack)


#define X(table, name, function)  int function(lua_State *L);
GOV_LUA_GLOBALS(X)
#undef X


#endif /* _GOV_LUA_GLOBALS_H_INCLUDED_ */
