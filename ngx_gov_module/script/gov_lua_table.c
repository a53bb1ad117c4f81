
/*
 * Copyright (C) ngx_gov authors
 *
 * table: what moves items pays for them, and sort bears any comparison
 * function: an inconsistent one gives a strange order, nothing worse.
 *
 * Invariant: no loop goes over more items than there is memory for.  A few
 * keys far apart make a table that says it has 2^62.
 */


#include "script/gov_script_int.h"
#include "script/gov_lua_globals.h"


/* paid for one item moved, in bytes */
#define GOV_LUA_ITEM    64
/* more than the largest state has room for, at 16 bytes an item */
#define GOV_LUA_ITEMS   (1 << 24)
#define GOV_LUA_SORTED  20000
#define GOV_LUA_UNPACK  200


static lua_Integer gov_lua_items(lua_State *L, int arg);
static void gov_lua_merge(lua_State *L, int from, int to, lua_Integer a,
    lua_Integer b, lua_Integer end);
static int gov_lua_before(lua_State *L);


static lua_Integer
gov_lua_items(lua_State *L, int arg)
{
    lua_Unsigned  n;

    luaL_checktype(L, arg, LUA_TTABLE);

    n = lua_rawlen(L, arg);
    luaL_argcheck(L, n <= GOV_LUA_ITEMS, arg, "too many items");

    return (lua_Integer) n;
}


int
gov_lua_concat(lua_State *L)
{
    int           type;
    size_t        len;
    gov_str_t     sep;
    luaL_Buffer   b;
    lua_Integer   i, n;

    n = gov_lua_items(L, 1);
    sep.data = (u_char *) luaL_optlstring(L, 2, "", &sep.len);
    i = gov_lua_opt(L, 3, 1);
    n = gov_lua_opt(L, 4, n);

    luaL_buffinit(L, &b);

    for ( /* void */ ; i <= n; i++) {
        type = lua_rawgeti(L, 1, i);

        if (type != LUA_TSTRING && type != LUA_TNUMBER) {
            return luaL_error(L, "item %d to be joined is a %s", (int) i,
                              luaL_typename(L, -1));
        }

        (void) lua_tolstring(L, -1, &len);
        gov_lua_pay(L, len + sep.len + GOV_LUA_ITEM);
        luaL_addvalue(&b);

        if (i == n) {
            break;
        }

        luaL_addlstring(&b, (char *) sep.data, sep.len);
    }

    luaL_pushresult(&b);

    return 1;
}


int
gov_lua_insert(lua_State *L)
{
    lua_Integer  i, n, pos;

    n = gov_lua_items(L, 1) + 1;

    switch (lua_gettop(L)) {

    case 2:
        lua_rawseti(L, 1, n);
        return 0;

    case 3:
        pos = gov_lua_int(L, 2);
        luaL_argcheck(L, pos >= 1 && pos <= n, 2, "position out of bounds");
        gov_lua_pay(L, (size_t) (n - pos) * GOV_LUA_ITEM);

        for (i = n; i > pos; i--) {
            lua_rawgeti(L, 1, i - 1);
            lua_rawseti(L, 1, i);
        }

        lua_rawseti(L, 1, pos);
        return 0;
    }

    return luaL_error(L, "wrong number of arguments to 'insert'");
}


int
gov_lua_remove(lua_State *L)
{
    lua_Integer  n, pos;

    n = gov_lua_items(L, 1);
    pos = gov_lua_opt(L, 2, n);

    if (n == 0) {
        return 0;
    }

    luaL_argcheck(L, pos >= 1 && pos <= n, 2, "position out of bounds");
    gov_lua_pay(L, (size_t) (n - pos) * GOV_LUA_ITEM);

    lua_rawgeti(L, 1, pos);

    for ( /* void */ ; pos < n; pos++) {
        lua_rawgeti(L, 1, pos + 1);
        lua_rawseti(L, 1, pos);
    }

    lua_pushnil(L);
    lua_rawseti(L, 1, n);

    return 1;
}


int
gov_lua_unpack(lua_State *L)
{
    lua_Integer  i, n;

    n = gov_lua_items(L, 1);
    i = gov_lua_opt(L, 2, 1);
    n = gov_lua_opt(L, 3, n);

    if (i > n) {
        return 0;
    }

    if ((lua_Unsigned) n - (lua_Unsigned) i >= GOV_LUA_UNPACK) {
        return luaL_error(L, "more than %d items to unpack", GOV_LUA_UNPACK);
    }

    luaL_checkstack(L, GOV_LUA_UNPACK + 1, NULL);
    lua_settop(L, 1);

    for ( /* void */ ; i < n; i++) {
        lua_rawgeti(L, 1, i);
    }

    lua_rawgeti(L, 1, n);

    return lua_gettop(L) - 1;
}


/* stable merging from one table into the other and back, runs of 1, 2, 4 */

int
gov_lua_sort(lua_State *L)
{
    int          from, to, tmp;
    lua_Integer  i, n, run;

    n = gov_lua_items(L, 1);
    luaL_argcheck(L, n <= GOV_LUA_SORTED, 1, "too many items");

    if (!lua_isnoneornil(L, 2)) {
        luaL_checktype(L, 2, LUA_TFUNCTION);
    }

    lua_settop(L, 2);
    luaL_checkstack(L, 16, NULL);
    lua_createtable(L, (int) n, 0);

    from = 1;
    to = 3;

    for (run = 1; run < n; run *= 2) {

        for (i = 1; i <= n; i += 2 * run) {
            gov_lua_merge(L, from, to, i,
                          i + run <= n ? i + run : n + 1,
                          i + 2 * run <= n ? i + 2 * run : n + 1);
        }

        tmp = from;
        from = to;
        to = tmp;
    }

    if (from == 3) {
        for (i = 1; i <= n; i++) {
            lua_rawgeti(L, 3, i);
            lua_rawseti(L, 1, i);
        }
    }

    return 0;
}


/* the runs [a, b) and [b, end) into place a of the other table */

static void
gov_lua_merge(lua_State *L, int from, int to, lua_Integer a, lua_Integer b,
    lua_Integer end)
{
    int          second;
    lua_Integer  mid, place;

    mid = b;

    for (place = a; place < end; place++) {
        gov_lua_pay(L, GOV_LUA_ITEM);

        if (a < mid && b < end) {
            lua_rawgeti(L, from, b);
            lua_rawgeti(L, from, a);
            second = gov_lua_before(L);
            lua_pop(L, 2);

        } else {
            second = a >= mid;
        }

        lua_rawgeti(L, from, second ? b++ : a++);
        lua_rawseti(L, to, place);
    }
}


/* whether the item below the top stands before the top */

static int
gov_lua_before(lua_State *L)
{
    int  before, type;

    if (lua_isnil(L, 2)) {
        type = lua_type(L, -2);

        if (type != lua_type(L, -1)
            || (type != LUA_TNUMBER && type != LUA_TSTRING))
        {
            luaL_error(L, "attempt to compare %s with %s",
                       luaL_typename(L, -2), luaL_typename(L, -1));
        }

        if (type == LUA_TSTRING) {
            gov_lua_pay(L, lua_rawlen(L, -1));
        }

        return lua_compare(L, -2, -1, LUA_OPLT);
    }

    lua_pushvalue(L, 2);
    lua_pushvalue(L, -3);
    lua_pushvalue(L, -3);
    lua_call(L, 2, 1);

    before = lua_toboolean(L, -1);
    lua_pop(L, 1);

    return before;
}
