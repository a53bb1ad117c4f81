
/*
 * Copyright (C) ngx_gov authors
 *
 * Value trees to Lua tables and back.  A list becomes a table with 1..n, a
 * map one with string keys, HTML a string.  On the way back a table with
 * anything at 1 is a list up to the first gap, another one a map of its
 * string keys; functions, and keys that are neither, are errors.
 *
 * Rows of a list have the same keys, and most are constants of the program:
 * a key is known again by its address, and its string taken from a table
 * instead of being hashed and looked for.  Values stay where they are while
 * they are pushed, so an address is one key's.  Under some keys rows also say
 * what the row before said, its date above all: such a text is taken from the
 * table, too, from the third time on.
 */


#include <stdio.h>

#include "script/gov_script_int.h"


#define GOV_LUA_DEEP   64
#define GOV_LUA_NODES  20000
#define GOV_LUA_KEYS   64         /* a power of two */


typedef struct {
    gov_str_t     key;
    gov_str_t     text;           /* what was last pushed under the key */
    int           twice;          /* the table has it */
} gov_lua_known_t;

typedef struct {
    int              table;       /* its index: strings of keys, then texts */
    gov_lua_known_t  known[GOV_LUA_KEYS];
} gov_lua_push_t;

typedef struct {
    gov_arena_t  *arena;
    unsigned      nodes;
} gov_lua_pull_t;


static void gov_lua_push_deep(lua_State *L, gov_lua_push_t *p,
    gov_value_t *v, int depth);
static void gov_lua_push_table(lua_State *L, gov_lua_push_t *p,
    gov_value_t *v, int depth);
static unsigned gov_lua_push_key(lua_State *L, gov_lua_push_t *p,
    gov_str_t key);
static void gov_lua_push_text(lua_State *L, gov_lua_push_t *p, unsigned i,
    gov_str_t text);
static gov_value_t *gov_lua_pull(lua_State *L, gov_lua_pull_t *p, int depth);
static gov_value_t *gov_lua_pull_map(lua_State *L, gov_lua_pull_t *p,
    int depth);
static gov_value_t *gov_lua_pull_list(lua_State *L, gov_lua_pull_t *p,
    int depth);
static gov_str_t gov_lua_pull_str(lua_State *L, gov_lua_pull_t *p, int index);


void
gov_lua_push_value(lua_State *L, gov_value_t *v)
{
    gov_lua_push_t  p;

    memset(&p, 0, sizeof(gov_lua_push_t));

    lua_createtable(L, 2 * GOV_LUA_KEYS, 0);
    p.table = lua_gettop(L);

    gov_lua_push_deep(L, &p, v, 0);

    lua_remove(L, p.table);
}


static void
gov_lua_push_deep(lua_State *L, gov_lua_push_t *p, gov_value_t *v, int depth)
{
    switch (v != NULL ? v->kind : GOV_NIL) {

    case GOV_BOOL:
        lua_pushboolean(L, v->u.i != 0);
        return;

    case GOV_INT:
        lua_pushinteger(L, v->u.i);
        return;

    case GOV_STR:
    case GOV_HTML:
        gov_lua_push(L, v->u.s);
        return;

    case GOV_LIST:
    case GOV_MAP:
        gov_lua_push_table(L, p, v, depth);
        return;

    default:
        lua_pushnil(L);
    }
}


static void
gov_lua_push_table(lua_State *L, gov_lua_push_t *p, gov_value_t *v, int depth)
{
    int           list;
    unsigned      known;
    lua_Integer   i;
    gov_value_t  *item;

    if (depth == GOV_LUA_DEEP) {
        luaL_error(L, "values deeper than %d", GOV_LUA_DEEP);
    }

    luaL_checkstack(L, 4, NULL);

    list = v->kind == GOV_LIST;
    lua_createtable(L, list ? (int) v->n : 0, list ? 0 : (int) v->n);
    i = 0;

    gov_each(item, v) {

        if (list) {
            gov_lua_push_deep(L, p, item, depth + 1);
            lua_rawseti(L, -2, ++i);

        } else {
            known = gov_lua_push_key(L, p, item->key);

            if (item->kind == GOV_STR) {
                gov_lua_push_text(L, p, known, item->u.s);

            } else {
                gov_lua_push_deep(L, p, item, depth + 1);
            }

            lua_rawset(L, -3);
        }
    }
}


/* gives the place of what is known of the key */

static unsigned
gov_lua_push_key(lua_State *L, gov_lua_push_t *p, gov_str_t key)
{
    unsigned          i;
    gov_lua_known_t  *known;

    i = (unsigned) (((uintptr_t) key.data * 0x9e3779b1u) >> 16)
        % GOV_LUA_KEYS;
    known = &p->known[i];

    if (known->key.data == key.data && known->key.len == key.len
        && key.len != 0)
    {
        lua_rawgeti(L, p->table, i + 1);
        return i;
    }

    gov_lua_push(L, key);
    lua_pushvalue(L, -1);
    lua_rawseti(L, p->table, i + 1);
    known->key = key;

    return i;
}


static void
gov_lua_push_text(lua_State *L, gov_lua_push_t *p, unsigned i, gov_str_t text)
{
    gov_lua_known_t  *known;

    known = &p->known[i];

    if (!gov_str_eq(known->text, text)) {
        known->text = text;
        known->twice = 0;
        gov_lua_push(L, text);
        return;
    }

    if (known->twice) {
        lua_rawgeti(L, p->table, GOV_LUA_KEYS + i + 1);
        return;
    }

    gov_lua_push(L, text);
    lua_pushvalue(L, -1);
    lua_rawseti(L, p->table, GOV_LUA_KEYS + i + 1);
    known->twice = 1;
}


/* strings are copied into the arena: the state is gone by the next call */

gov_value_t *
gov_lua_value(lua_State *L, int index, gov_arena_t *a)
{
    gov_value_t     *v;
    gov_lua_pull_t   p;

    p.arena = a;
    p.nodes = 0;

    lua_pushvalue(L, index);
    v = gov_lua_pull(L, &p, 0);
    lua_pop(L, 1);

    return v;
}


static gov_value_t *
gov_lua_pull(lua_State *L, gov_lua_pull_t *p, int depth)
{
    if (++p->nodes > GOV_LUA_NODES || depth > GOV_LUA_DEEP) {
        luaL_error(L, "the value is too large");
    }

    luaL_checkstack(L, 4, NULL);
    gov_lua_pay(L, 64);

    switch (lua_type(L, -1)) {

    case LUA_TNIL:
        return gov_val_nil(p->arena);

    case LUA_TBOOLEAN:
        return gov_val_bool(p->arena, lua_toboolean(L, -1));

    case LUA_TNUMBER:
        if (lua_isinteger(L, -1)) {
            return gov_val_int(p->arena, lua_tointeger(L, -1));
        }

        /* fall through */

    case LUA_TSTRING:
        return gov_val_str(p->arena, gov_lua_pull_str(L, p, -1));

    case LUA_TTABLE:
        if (lua_rawgeti(L, -1, 1) != LUA_TNIL) {
            lua_pop(L, 1);
            return gov_lua_pull_list(L, p, depth);
        }

        lua_pop(L, 1);
        return gov_lua_pull_map(L, p, depth);
    }

    luaL_error(L, "a %s is no value", luaL_typename(L, -1));

    return NULL;
}


static gov_str_t
gov_lua_pull_str(lua_State *L, gov_lua_pull_t *p, int index)
{
    gov_str_t  s;

    s.data = (u_char *) lua_tolstring(L, index, &s.len);
    gov_lua_pay(L, s.len);

    if (!gov_utf8_valid(s)) {
        luaL_error(L, "a string is not UTF-8");
    }

    return gov_str_copy(p->arena, s);
}


static gov_value_t *
gov_lua_pull_list(lua_State *L, gov_lua_pull_t *p, int depth)
{
    lua_Integer   i;
    gov_value_t  *list;

    list = gov_list(p->arena);

    for (i = 1; lua_rawgeti(L, -1, i) != LUA_TNIL; i++) {
        gov_add(list, gov_lua_pull(L, p, depth + 1));
        lua_pop(L, 1);
    }

    lua_pop(L, 1);

    return list;
}


static gov_value_t *
gov_lua_pull_map(lua_State *L, gov_lua_pull_t *p, int depth)
{
    gov_str_t     key;
    gov_value_t  *map;

    map = gov_map(p->arena);

    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {

        if (lua_type(L, -2) != LUA_TSTRING) {
            luaL_error(L, "a key is a %s", luaL_typename(L, -2));
        }

        key = gov_lua_pull_str(L, p, -2);
        gov_put_key(map, key, gov_lua_pull(L, p, depth + 1));
    }

    return map;
}
