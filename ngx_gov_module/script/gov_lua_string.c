
/*
 * Copyright (C) ngx_gov authors
 *
 * string: counts bytes, as Lua's own, and knows no patterns.  Every function
 * is linear in what it reads and writes, and pays for it before it works;
 * results are bounded by the state's largest block.
 */


#include <stdio.h>

#include "script/gov_script_int.h"
#include "script/gov_lua_globals.h"


#define GOV_LUA_BYTES   200

/* a flag, two digits of width and two of precision, ended by zero */
#define GOV_LUA_SPEC    12


static int gov_lua_case(lua_State *L, char first, int shift);
static const char *gov_lua_spec(lua_State *L, const char *p, const char *end,
    char *spec);
static void gov_lua_put_spec(lua_State *L, luaL_Buffer *b, int arg,
    char *spec);
static gov_str_t gov_lua_word(lua_State *L, int arg);


/* the first byte's offset, from a position that may count from the end */

size_t
gov_lua_from(lua_Integer i, size_t len)
{
    if (i > 0) {
        return (lua_Unsigned) i - 1 < len ? (size_t) i - 1 : len;
    }

    if (i == 0 || i < -(lua_Integer) len) {
        return 0;
    }

    return len - (size_t) -i;
}


/* the offset after the last byte */

size_t
gov_lua_until(lua_Integer i, size_t len)
{
    if (i > (lua_Integer) len) {
        return len;
    }

    if (i >= 0) {
        return (size_t) i;
    }

    return i < -(lua_Integer) len ? 0 : len - (size_t) -i + 1;
}


int
gov_lua_byte(lua_State *L)
{
    size_t       from, i, until;
    gov_str_t    s;
    lua_Integer  first;

    s = gov_lua_arg(L, 1);
    first = gov_lua_opt(L, 2, 1);
    from = gov_lua_from(first, s.len);
    until = gov_lua_until(gov_lua_opt(L, 3, first), s.len);

    if (from >= until) {
        return 0;
    }

    if (until - from > GOV_LUA_BYTES) {
        return luaL_error(L, "more than %d bytes asked for", GOV_LUA_BYTES);
    }

    luaL_checkstack(L, GOV_LUA_BYTES, NULL);

    for (i = from; i < until; i++) {
        lua_pushinteger(L, s.data[i]);
    }

    return (int) (until - from);
}


int
gov_lua_char(lua_State *L)
{
    int          i, n;
    char         text[GOV_LUA_BYTES];
    lua_Integer  c;

    n = lua_gettop(L);
    luaL_argcheck(L, n <= GOV_LUA_BYTES, n, "too many bytes");

    for (i = 1; i <= n; i++) {
        c = gov_lua_int(L, i);
        luaL_argcheck(L, c >= 0 && c <= 255, i, "value out of range");
        text[i - 1] = (char) c;
    }

    lua_pushlstring(L, text, (size_t) n);

    return 1;
}


int
gov_lua_len(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer) gov_lua_arg(L, 1).len);

    return 1;
}


int
gov_lua_sub(lua_State *L)
{
    size_t     from, until;
    gov_str_t  s;

    s = gov_lua_arg(L, 1);
    from = gov_lua_from(gov_lua_int(L, 2), s.len);
    until = gov_lua_until(gov_lua_opt(L, 3, -1), s.len);

    if (from > until) {
        until = from;
    }

    gov_lua_pay(L, until - from);
    lua_pushlstring(L, (char *) s.data + from, until - from);

    return 1;
}


static int
gov_lua_case(lua_State *L, char first, int shift)
{
    char         *p;
    size_t        i;
    gov_str_t     s;
    luaL_Buffer   b;

    s = gov_lua_arg(L, 1);
    gov_lua_pay(L, s.len);
    p = luaL_buffinitsize(L, &b, s.len);

    for (i = 0; i < s.len; i++) {
        p[i] = s.data[i];

        if (p[i] >= first && p[i] <= first + 25) {
            p[i] += shift;
        }
    }

    luaL_pushresultsize(&b, s.len);

    return 1;
}


int
gov_lua_lower(lua_State *L)
{
    return gov_lua_case(L, 'A', 'a' - 'A');
}


int
gov_lua_upper(lua_State *L)
{
    return gov_lua_case(L, 'a', 'A' - 'a');
}


int
gov_lua_rep(lua_State *L)
{
    char         *p;
    size_t        len;
    gov_str_t     s, sep;
    lua_Integer   i, n;
    luaL_Buffer   b;

    s = gov_lua_arg(L, 1);
    n = gov_lua_int(L, 2);
    sep.data = (u_char *) luaL_optlstring(L, 3, "", &sep.len);
    len = s.len + sep.len;

    if (n <= 0 || len == 0) {
        lua_pushliteral(L, "");
        return 1;
    }

    if ((lua_Unsigned) n > gov_lua_of(L)->block / len) {
        return luaL_error(L, "the repeated string is too long");
    }

    gov_lua_pay(L, len * (size_t) n);
    p = luaL_buffinitsize(L, &b, len * (size_t) n);

    for (i = 0; i < n; i++) {
        memcpy(p, s.data, s.len);
        p += s.len;

        if (i < n - 1) {
            memcpy(p, sep.data, sep.len);
            p += sep.len;
        }
    }

    luaL_pushresultsize(&b, len * (size_t) n - sep.len);

    return 1;
}


int
gov_lua_fmt(lua_State *L)
{
    int           arg, top;
    char          spec[GOV_LUA_SPEC];
    gov_str_t     s;
    const char   *end, *p, *q;
    luaL_Buffer   b;

    s = gov_lua_arg(L, 1);
    gov_lua_pay(L, s.len * 2);

    p = (char *) s.data;
    end = p + s.len;
    arg = 1;
    top = lua_gettop(L);                /* the buffer's own stand above */

    luaL_buffinit(L, &b);

    for ( /* void */ ; p < end; p = q) {
        q = memchr(p, '%', end - p);

        if (q == NULL) {
            luaL_addlstring(&b, p, end - p);
            break;
        }

        luaL_addlstring(&b, p, q - p);
        q = gov_lua_spec(L, q + 1, end, spec);

        if (spec[0] == '\0') {
            luaL_addchar(&b, '%');

        } else {
            arg++;
            luaL_argcheck(L, arg <= top, arg, "no value");
            gov_lua_put_spec(L, &b, arg, spec);
        }
    }

    luaL_pushresult(&b);

    return 1;
}


/* reads what follows a "%"; an empty spec is "%%" */

static const char *
gov_lua_spec(lua_State *L, const char *p, const char *end, char *spec)
{
    size_t      n;
    const char  *first;

    if (p < end && *p == '%') {
        spec[0] = '\0';
        return p + 1;
    }

    first = p;
    p += p < end && strchr("-+ 0", *p) != NULL && *p != '\0';

    for (n = 0; n < 2 && p < end && *p >= '0' && *p <= '9'; n++) {
        p++;
    }

    if (p < end && *p == '.') {
        p++;

        for (n = 0; n < 2 && p < end && *p >= '0' && *p <= '9'; n++) {
            p++;
        }
    }

    if (p == end || *p == '\0' || strchr("dxXfgs", *p) == NULL) {
        luaL_error(L, "a mark after %% that fmt does not know");
    }

    spec[0] = '%';
    memcpy(spec + 1, first, p - first + 1);
    spec[p - first + 2] = '\0';

    return p + 1;
}


static void
gov_lua_put_spec(lua_State *L, luaL_Buffer *b, int arg, char *spec)
{
    int        n;
    char       text[512], kind;
    gov_str_t  s;

    n = (int) strlen(spec);
    kind = spec[n - 1];

    if (kind == 's') {
        s = gov_lua_word(L, arg);
        gov_lua_pay(L, s.len);

        if (n == 2 || s.len >= 100) {
            luaL_addlstring(b, (char *) s.data, s.len);
            return;
        }

        /* shorter than the widest field, and ended by a zero */
        n = snprintf(text, sizeof(text), spec, (char *) s.data);
        luaL_addlstring(b, text, (size_t) n);
        return;
    }

    luaL_checktype(L, arg, LUA_TNUMBER);

    if (kind == 'f' || kind == 'g') {
        n = snprintf(text, sizeof(text), spec, (double) lua_tonumber(L, arg));

    } else {
        spec[n - 1] = 'l';
        spec[n] = 'l';
        spec[n + 1] = kind;
        spec[n + 2] = '\0';
        n = snprintf(text, sizeof(text), spec,
                     (long long) luaL_checkinteger(L, arg));
    }

    luaL_addlstring(b, text, (size_t) n);
}


/* what tostring says, without a place on the stack */

static gov_str_t
gov_lua_word(lua_State *L, int arg)
{
    switch (lua_type(L, arg)) {

    case LUA_TSTRING:
    case LUA_TNUMBER:
        return gov_lua_arg(L, arg);

    case LUA_TBOOLEAN:
        return gov_str_of(lua_toboolean(L, arg) ? "true" : "false");
    }

    return gov_str_of(luaL_typename(L, arg));
}
