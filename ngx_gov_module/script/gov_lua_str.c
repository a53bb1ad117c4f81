
/*
 * Copyright (C) ngx_gov authors
 *
 * str: counts characters of UTF-8; what it looks for is meant as written.
 * Linear, paid and bounded as string is.
 */


#define _GNU_SOURCE              /* memmem() */

#include "script/gov_script_int.h"
#include "script/gov_lua_globals.h"


#define GOV_LUA_PARTS   10000
/* paid for what is found, in bytes */
#define GOV_LUA_FOUND   64


static size_t gov_lua_length(gov_str_t s);
static size_t gov_lua_offset(gov_str_t s, lua_Integer n);
static u_char *gov_lua_seek(gov_str_t s, size_t from, gov_str_t what);
static size_t gov_lua_count(lua_State *L, gov_str_t s, gov_str_t what);
static int gov_lua_blank(gov_str_t s, int back);


/*
 * The offset of character n + 1, at most the length; a byte that
 * continues a character belongs to the one before it
 */

static size_t
gov_lua_offset(gov_str_t s, lua_Integer n)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {

        if ((s.data[i] & 0xc0) != 0x80 && n-- == 0) {
            break;
        }
    }

    return i;
}


static size_t
gov_lua_length(gov_str_t s)
{
    size_t  i, n;

    for (i = 0, n = 0; i < s.len; i++) {
        n += (s.data[i] & 0xc0) != 0x80;
    }

    return n;
}


int
gov_lua_chars(lua_State *L)
{
    gov_str_t  s;

    s = gov_lua_arg(L, 1);
    gov_lua_pay(L, s.len);
    lua_pushinteger(L, (lua_Integer) gov_lua_length(s));

    return 1;
}


int
gov_lua_part(lua_State *L)
{
    size_t     from, n, until;
    gov_str_t  s;

    s = gov_lua_arg(L, 1);
    gov_lua_pay(L, s.len * 3);

    n = gov_lua_length(s);
    from = gov_lua_from(gov_lua_int(L, 2), n);
    until = gov_lua_until(gov_lua_opt(L, 3, -1), n);

    if (from >= until) {
        lua_pushliteral(L, "");
        return 1;
    }

    from = gov_lua_offset(s, (lua_Integer) from);
    until = gov_lua_offset(s, (lua_Integer) until);
    lua_pushlstring(L, (char *) s.data + from, until - from);

    return 1;
}


/* the first n characters, with a mark where something was left out */

int
gov_lua_cut(lua_State *L)
{
    size_t       len;
    gov_str_t    s;
    lua_Integer  n;

    lua_settop(L, 3);

    s = gov_lua_arg(L, 1);
    n = gov_lua_int(L, 2);
    (void) luaL_optstring(L, 3, "");
    gov_lua_pay(L, s.len);

    len = gov_lua_offset(s, n < 0 ? 0 : n);

    if (len == s.len) {
        lua_settop(L, 1);
        return 1;
    }

    lua_pushlstring(L, (char *) s.data, len);

    if (lua_isnil(L, 3)) {
        lua_pushliteral(L, "…");

    } else {
        lua_pushvalue(L, 3);
    }

    lua_concat(L, 2);

    return 1;
}


/* memmem() of the C library is linear */

static u_char *
gov_lua_seek(gov_str_t s, size_t from, gov_str_t what)
{
    return memmem(s.data + from, s.len - from, what.data, what.len);
}


int
gov_lua_find(lua_State *L)
{
    u_char     *p;
    gov_str_t   s, what;

    s = gov_lua_arg(L, 1);
    what = gov_lua_arg(L, 2);
    gov_lua_pay(L, s.len + what.len);

    p = gov_lua_seek(s, gov_lua_from(gov_lua_opt(L, 3, 1), s.len), what);

    if (p == NULL) {
        lua_pushnil(L);
        return 1;
    }

    lua_pushinteger(L, p - s.data + 1);
    lua_pushinteger(L, p - s.data + (lua_Integer) what.len);

    return 2;
}


int
gov_lua_starts(lua_State *L)
{
    gov_str_t  s, what;

    s = gov_lua_arg(L, 1);
    what = gov_lua_arg(L, 2);
    gov_lua_pay(L, what.len);

    lua_pushboolean(L, what.len <= s.len
                       && memcmp(s.data, what.data, what.len) == 0);

    return 1;
}


int
gov_lua_ends(lua_State *L)
{
    gov_str_t  s, what;

    s = gov_lua_arg(L, 1);
    what = gov_lua_arg(L, 2);
    gov_lua_pay(L, what.len);

    lua_pushboolean(L, what.len <= s.len
                       && memcmp(s.data + s.len - what.len, what.data,
                                 what.len) == 0);

    return 1;
}


int
gov_lua_split(lua_State *L)
{
    u_char       *p;
    size_t        at;
    gov_str_t     s, sep;
    lua_Integer   n;

    s = gov_lua_arg(L, 1);
    sep = gov_lua_arg(L, 2);
    luaL_argcheck(L, sep.len > 0, 2, "an empty separator");
    gov_lua_pay(L, s.len * 2);

    lua_newtable(L);

    for (at = 0, n = 1; /* void */ ; n++) {

        if (n > GOV_LUA_PARTS) {
            return luaL_error(L, "more than %d parts", GOV_LUA_PARTS);
        }

        gov_lua_pay(L, 64);
        p = gov_lua_seek(s, at, sep);

        if (p == NULL) {
            break;
        }

        lua_pushlstring(L, (char *) s.data + at, p - s.data - at);
        lua_rawseti(L, -2, n);
        at = p - s.data + sep.len;
    }

    lua_pushlstring(L, (char *) s.data + at, s.len - at);
    lua_rawseti(L, -2, n);

    return 1;
}


static size_t
gov_lua_count(lua_State *L, gov_str_t s, gov_str_t what)
{
    u_char  *p;
    size_t   at, n;

    for (at = 0, n = 0; /* void */ ; n++) {
        gov_lua_pay(L, GOV_LUA_FOUND);
        p = gov_lua_seek(s, at, what);

        if (p == NULL) {
            return n;
        }

        at = p - s.data + what.len;
    }
}


int
gov_lua_replace(lua_State *L)
{
    u_char       *p, *q;
    size_t        at, len, n;
    gov_str_t     s, what, with;
    luaL_Buffer   b;

    s = gov_lua_arg(L, 1);
    what = gov_lua_arg(L, 2);
    with = gov_lua_arg(L, 3);
    luaL_argcheck(L, what.len > 0, 2, "nothing to replace");
    /* a search that finds a byte at a time costs more than its bytes */
    gov_lua_pay(L, s.len * 16);

    n = gov_lua_count(L, s, what);

    if (with.len > 0 && n > gov_lua_of(L)->block / with.len) {
        return luaL_error(L, "the result is too long");
    }

    len = s.len - n * what.len + n * with.len;
    gov_lua_pay(L, len);
    q = (u_char *) luaL_buffinitsize(L, &b, len);

    for (at = 0; n > 0; n--) {
        gov_lua_pay(L, GOV_LUA_FOUND);
        p = gov_lua_seek(s, at, what);
        memcpy(q, s.data + at, p - s.data - at);
        q += p - s.data - at;
        memcpy(q, with.data, with.len);
        q += with.len;
        at = p - s.data + what.len;
    }

    memcpy(q, s.data + at, s.len - at);
    luaL_pushresultsize(&b, len);

    return 1;
}


/* bytes of white space at an end, U+3000 too */

static int
gov_lua_blank(gov_str_t s, int back)
{
    u_char  c, *p;

    if (s.len == 0) {
        return 0;
    }

    c = back ? s.data[s.len - 1] : s.data[0];

    if (c == ' ' || (c >= '\t' && c <= '\r')) {
        return 1;
    }

    if (s.len < 3) {
        return 0;
    }

    p = back ? s.data + s.len - 3 : s.data;

    return memcmp(p, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}


int
gov_lua_trim(lua_State *L)
{
    int        n;
    gov_str_t  s;

    s = gov_lua_arg(L, 1);
    gov_lua_pay(L, s.len * 2);

    while ((n = gov_lua_blank(s, 0)) > 0) {
        s.data += n;
        s.len -= n;
    }

    while ((n = gov_lua_blank(s, 1)) > 0) {
        s.len -= n;
    }

    gov_lua_push(L, s);

    return 1;
}
