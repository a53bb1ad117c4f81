
/*
 * Copyright (C) ngx_gov authors
 *
 * The basic functions and math, each a part of the standard one: no
 * metamethods are asked (there are none), no addresses are told, numbers
 * are read from short strings only.
 */


#include <math.h>
#include <stdio.h>

#include "script/gov_script_int.h"
#include "script/gov_lua_globals.h"


#define GOV_LUA_DIGITS  64


static int gov_lua_step(lua_State *L);
static int gov_lua_round(lua_State *L, lua_Number f);
static int gov_lua_best(lua_State *L, int op);


int
gov_lua_assert(lua_State *L)
{
    luaL_checkany(L, 1);

    if (lua_toboolean(L, 1)) {
        return lua_gettop(L);
    }

    if (lua_isnoneornil(L, 2)) {
        return luaL_error(L, "assertion failed");
    }

    lua_settop(L, 2);

    return lua_error(L);
}


int
gov_lua_error(lua_State *L)
{
    lua_Integer  level;

    level = gov_lua_opt(L, 2, 1);
    lua_settop(L, 1);

    if (lua_type(L, 1) == LUA_TSTRING && level > 0 && level < 100) {
        luaL_where(L, (int) level);
        lua_pushvalue(L, 1);
        lua_concat(L, 2);
    }

    return lua_error(L);
}


static int
gov_lua_step(lua_State *L)
{
    lua_Integer  i;

    /* what ipairs() returned may be called with anything */
    luaL_checktype(L, 1, LUA_TTABLE);

    i = (lua_Integer) ((lua_Unsigned) gov_lua_int(L, 2) + 1);
    lua_pushinteger(L, i);

    return lua_rawgeti(L, 1, i) == LUA_TNIL ? 1 : 2;
}


int
gov_lua_ipairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);

    lua_pushcfunction(L, gov_lua_step);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);

    return 3;
}


int
gov_lua_next(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);

    if (lua_next(L, 1)) {
        return 2;
    }

    lua_pushnil(L);

    return 1;
}


int
gov_lua_pairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);

    lua_pushcfunction(L, gov_lua_next);
    lua_pushvalue(L, 1);
    lua_pushnil(L);

    return 3;
}


/* an overrun and the end of memory cannot be caught */

int
gov_lua_pcall(lua_State *L)
{
    int  rc;

    luaL_checkany(L, 1);

    rc = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);

    if (gov_lua_of(L)->over != GOV_LUA_WITHIN
        || (rc != LUA_OK && rc != LUA_ERRRUN))
    {
        return lua_error(L);
    }

    lua_pushboolean(L, rc == LUA_OK);
    lua_insert(L, 1);

    return lua_gettop(L);
}


int
gov_lua_select(lua_State *L)
{
    int          n;
    lua_Integer  i;

    n = lua_gettop(L);

    if (lua_type(L, 1) == LUA_TSTRING && *lua_tostring(L, 1) == '#') {
        lua_pushinteger(L, n - 1);
        return 1;
    }

    i = gov_lua_int(L, 1);

    if (i < 0) {
        i += n;
    }

    luaL_argcheck(L, i >= 1, 1, "index out of range");

    return i >= n ? 0 : n - (int) i;
}


int
gov_lua_tonumber(lua_State *L)
{
    size_t       len;
    const char  *s;

    luaL_checkany(L, 1);

    if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_settop(L, 1);
        return 1;
    }

    if (lua_type(L, 1) == LUA_TSTRING) {
        s = lua_tolstring(L, 1, &len);

        if (len <= GOV_LUA_DIGITS && lua_stringtonumber(L, s) == len + 1) {
            return 1;
        }
    }

    lua_pushnil(L);

    return 1;
}


/* a table or function is named by its type: addresses are no one's concern */

int
gov_lua_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);

    switch (lua_type(L, 1)) {

    case LUA_TSTRING:
        break;

    case LUA_TNUMBER:
        lua_tostring(L, 1);
        break;

    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, 1) ? "true" : "false");
        break;

    default:
        lua_pushstring(L, luaL_typename(L, 1));
    }

    return 1;
}


int
gov_lua_type(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushstring(L, luaL_typename(L, 1));

    return 1;
}


int
gov_lua_abs(lua_State *L)
{
    lua_Integer  i;

    luaL_checktype(L, 1, LUA_TNUMBER);

    if (lua_isinteger(L, 1)) {
        i = lua_tointeger(L, 1);
        lua_pushinteger(L, i < 0 ? (lua_Integer) (0 - (lua_Unsigned) i) : i);

    } else {
        lua_pushnumber(L, fabs(lua_tonumber(L, 1)));
    }

    return 1;
}


static int
gov_lua_round(lua_State *L, lua_Number f)
{
    lua_Integer  i;

    if (lua_numbertointeger(f, &i)) {
        lua_pushinteger(L, i);

    } else {
        lua_pushnumber(L, f);
    }

    return 1;
}


int
gov_lua_ceil(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TNUMBER);

    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        return 1;
    }

    return gov_lua_round(L, ceil(lua_tonumber(L, 1)));
}


int
gov_lua_floor(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TNUMBER);

    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        return 1;
    }

    return gov_lua_round(L, floor(lua_tonumber(L, 1)));
}


/* the argument that stands before the others by op */

static int
gov_lua_best(lua_State *L, int greater)
{
    int  i, best, n;

    n = lua_gettop(L);
    best = 1;

    luaL_checktype(L, 1, LUA_TNUMBER);

    for (i = 2; i <= n; i++) {
        luaL_checktype(L, i, LUA_TNUMBER);

        if (greater ? lua_compare(L, best, i, LUA_OPLT)
                    : lua_compare(L, i, best, LUA_OPLT))
        {
            best = i;
        }
    }

    lua_pushvalue(L, best);

    return 1;
}


int
gov_lua_max(lua_State *L)
{
    return gov_lua_best(L, 1);
}


int
gov_lua_min(lua_State *L)
{
    return gov_lua_best(L, 0);
}
