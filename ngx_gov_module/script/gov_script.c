
/*
 * Copyright (C) ngx_gov authors
 *
 * The engine: a prepared state, the values, a call.
 */


#include <stdio.h>
#include <stdlib.h>

#include "script/gov_script_int.h"


#define GOV_SCRIPT_MEMORY  (8 * 1024 * 1024)
#define GOV_SCRIPT_STEPS   5000
#define GOV_SCRIPT_TIME    30
/* bytes of one page */
#define GOV_SCRIPT_ROOM    (4 * 1024 * 1024)
/* bytes of prepared states kept */
#define GOV_SCRIPT_SHELF   (32 * 1024 * 1024)


struct gov_script_s {
    gov_script_lib_t    *lib;
    gov_lua_budget_t     budget;
    gov_lua_t            lua;
    gov_shelf_t          shelf;
    gov_arena_t         *scratch;
    gov_script_count_t   count;
    unsigned             spent;         /* hooks that overran, a bit each */
    char                 last[320];
};

typedef struct {
    gov_value_t           *values;
    gov_buf_t             *out;
    gov_buf_t              page;
    gov_arena_t           *arena;
    gov_value_t           *answer;
    const gov_hook_row_t  *row;
} gov_call_t;


static gov_rc_t gov_script_try(gov_script_t *s, gov_bundle_t *b,
    const char *name, const char *lang, gov_value_t *values, gov_buf_t *out,
    gov_err_t *err);
static int gov_script_page(lua_State *L);
static void gov_script_share(lua_State *L, gov_value_t *values);
static void gov_script_call(lua_State *L, gov_slot_t slot);
static gov_rc_t gov_script_ask(gov_script_t *s, gov_bundle_t *b,
    gov_call_t *c, gov_err_t *err);
static int gov_script_question(lua_State *L);
static gov_value_t *gov_script_answer(lua_State *L, gov_call_t *c);
static void gov_script_alike(lua_State *L, gov_value_t *was, gov_str_t name);
static void gov_script_note(gov_script_t *s, gov_err_t *err);


gov_rc_t
gov_script_open(gov_script_lib_t *lib, gov_script_conf_t *conf,
    gov_script_t **script, gov_err_t *err)
{
    size_t         memory;
    unsigned       steps, time;
    gov_rc_t       rc;
    gov_script_t  *s;

    *script = NULL;

    memory = conf != NULL ? conf->memory : 0;
    steps = conf != NULL ? conf->instructions : 0;
    time = conf != NULL ? conf->time_ms : 0;

    s = calloc(1, sizeof(gov_script_t));
    if (s == NULL) {
        return gov_fail(err, GOV_ERROR, "", "no memory for scripts");
    }

    rc = gov_lua_open(&s->lua, memory != 0 ? memory : GOV_SCRIPT_MEMORY, err);
    if (rc != GOV_OK) {
        free(s);
        return rc;
    }

    s->lib = lib;
    s->budget.steps = (int64_t) (steps != 0 ? steps : GOV_SCRIPT_STEPS)
                      * 1000;
    s->budget.time = (int64_t) (time != 0 ? time : GOV_SCRIPT_TIME) * 1000000;
    s->shelf.limit = GOV_SCRIPT_SHELF;
    s->scratch = gov_arena_new(65536);

    *script = s;

    return GOV_OK;
}


void
gov_script_close(gov_script_t **script)
{
    gov_script_t  *s;

    s = *script;

    if (s == NULL) {
        return;
    }

    *script = NULL;

    gov_shelf_clear(&s->shelf);
    gov_lua_close(&s->lua);
    gov_arena_free(&s->scratch);
    free(s);
}


gov_rc_t
gov_script_render(gov_script_t *s, gov_str_t bundle, const char *name,
    const char *lang, gov_value_t *values, gov_buf_t *out, gov_err_t *err)
{
    size_t         start;
    gov_rc_t       rc;
    gov_err_t      own;
    gov_bundle_t  *b;

    start = out->s.len;
    s->count.renders++;

    b = gov_script_bundle(s->lib, bundle);

    if (b != NULL && !b->views) {
        b = NULL;
    }

    if (gov_script_source(s->lib, b, "views", gov_str_of(name), ".html")
        == NULL)
    {
        return gov_fail(err, GOV_NOT_FOUND, "", "there is no view \"%s\"",
                        name);
    }

    own.code = GOV_OK;
    rc = gov_script_try(s, b, name, lang, values, out, &own);

    if (rc != GOV_OK) {
        gov_script_note(s, &own);
        out->s.len = start;

        if (b != NULL && gov_script_source(s->lib, NULL, "views",
                                           gov_str_of(name), ".html") != NULL)
        {
            own.code = GOV_OK;
            rc = gov_script_try(s, NULL, name, lang, values, out, &own);

            if (rc != GOV_OK) {
                gov_script_note(s, &own);
                out->s.len = start;
            }
        }
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "%s", own.text);
    }

    if (out->arena != NULL && gov_arena_failed(out->arena)) {
        return gov_fail(err, GOV_ERROR, "", "no memory for a page");
    }

    return GOV_OK;
}


static void
gov_script_note(gov_script_t *s, gov_err_t *err)
{
    if (err->code == GOV_BUSY) {
        s->count.overruns++;

    } else {
        s->count.failed++;
    }

    snprintf(s->last, sizeof(s->last), "%s", err->text);
}


static gov_rc_t
gov_script_try(gov_script_t *s, gov_bundle_t *b, const char *name,
    const char *lang, gov_value_t *values, gov_buf_t *out, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_call_t  c;

    if (lang == NULL || (strcmp(lang, "en") != 0)) {
        lang = "zh";
    }

    rc = gov_shelf_take(&s->shelf, s->lib, &s->lua, &s->budget, b,
                        GOV_PREPARED_VIEW, name, lang, err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_lua_begin(&s->lua, &s->budget);
    s->lua.room = GOV_SCRIPT_ROOM;

    gov_arena_reset(s->scratch);

    memset(&c, 0, sizeof(gov_call_t));
    c.values = values;
    c.out = out;
    gov_buf_init(&c.page, s->scratch, 32768);

    gov_lua_watch(&s->lua, b == NULL);
    rc = gov_lua_run(&s->lua, gov_script_page, &c, err);

    gov_lua_unwatch();
    s->lua.out = NULL;

    return rc;
}


/*
 * The stack: 1 environment, 2 values, 3 parts.  The view writes into a
 * buffer of its own, whose text is the layout's "content".
 */

static int
gov_script_page(lua_State *L)
{
    gov_lua_t   *g;
    gov_call_t  *c;

    g = gov_lua_of(L);
    c = lua_touserdata(L, 1);

    lua_settop(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, GOV_SLOT_ENV);

    if (c->values != NULL && c->values->kind == GOV_MAP) {
        gov_lua_push_value(L, c->values);
        gov_script_share(L, c->values);

    } else {
        lua_newtable(L);
    }

    lua_rawgeti(L, LUA_REGISTRYINDEX, GOV_SLOT_PARTS);

    g->out = &c->page;
    gov_script_call(L, GOV_SLOT_VIEW);
    g->out = c->out;

    if (lua_rawgeti(L, LUA_REGISTRYINDEX, GOV_SLOT_LAYOUT) == LUA_TNIL) {
        gov_buf_str(c->out, c->page.s);
        return 0;
    }

    gov_lua_push(L, c->page.s);
    lua_pushliteral(L, "content");
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    lua_pushliteral(L, "content");
    lua_insert(L, -2);
    lua_rawset(L, 2);

    gov_script_call(L, GOV_SLOT_LAYOUT);

    return 0;
}


/* a value is a global of its name, unless a function or table has it */

static void
gov_script_share(lua_State *L, gov_value_t *values)
{
    gov_value_t  *item;

    gov_each(item, values) {
        gov_lua_push(L, item->key);
        lua_pushvalue(L, -1);

        if (lua_rawget(L, 1) == LUA_TNIL) {
            lua_pop(L, 1);
            lua_pushvalue(L, -1);
            lua_rawget(L, 2);
            lua_rawset(L, 1);

        } else {
            lua_pop(L, 2);
        }
    }
}


static void
gov_script_call(lua_State *L, gov_slot_t slot)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, slot);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushcfunction(L, gov_lua_put);
    lua_pushvalue(L, 3);
    lua_call(L, 4, 0);
}


int
gov_script_has_hook(gov_script_t *s, gov_str_t bundle, const char *name)
{
    gov_bundle_t          *b;
    const gov_hook_row_t  *row;

    row = gov_hook_find(name);

    if (row == NULL) {
        return 0;
    }

    b = gov_script_bundle(s->lib, bundle);

    return (b != NULL && (b->hooks & gov_hook_bit(row)) != 0)
           || (s->lib->base != NULL
               && (s->lib->base->hooks & gov_hook_bit(row)) != 0);
}


gov_rc_t
gov_script_hook(gov_script_t *s, gov_str_t bundle, const char *name,
    gov_value_t *in, gov_arena_t *a, gov_value_t **out, gov_err_t *err)
{
    gov_rc_t               rc;
    gov_err_t              own;
    gov_call_t             c;
    gov_bundle_t          *b;
    const gov_hook_row_t  *row;

    *out = in;

    row = gov_hook_find(name);

    if (row == NULL) {
        return gov_fail(err, GOV_NOT_FOUND, "", "there is no hook \"%s\"",
                        name);
    }

    if ((s->spent & gov_hook_bit(row)) != 0
        || !gov_script_has_hook(s, bundle, name))
    {
        return GOV_OK;
    }

    s->count.hooks++;
    b = gov_script_bundle(s->lib, bundle);

    memset(&c, 0, sizeof(gov_call_t));
    c.values = in;
    c.arena = a;
    c.row = row;

    own.code = GOV_OK;
    rc = gov_script_ask(s, b, &c, &own);

    if (rc == GOV_BUSY) {
        s->spent |= gov_hook_bit(row);
    }

    if (rc != GOV_OK) {
        gov_script_note(s, &own);

    } else if (c.answer != NULL) {
        *out = c.answer->kind == GOV_BOOL
               ? c.answer : gov_hook_merge(in, c.answer, a);
    }

    return GOV_OK;
}


void
gov_script_begin(gov_script_t *s)
{
    s->spent = 0;
}


static gov_rc_t
gov_script_ask(gov_script_t *s, gov_bundle_t *b, gov_call_t *c,
    gov_err_t *err)
{
    gov_rc_t               rc;
    gov_lua_budget_t       budget;
    const gov_hook_row_t  *row;

    row = c->row;

    rc = gov_shelf_take(&s->shelf, s->lib, &s->lua, &s->budget, b,
                        GOV_PREPARED_HOOK, row->name, "zh", err);
    if (rc != GOV_OK) {
        return rc;
    }

    budget.steps = (int64_t) row->steps * 1000;
    budget.time = (int64_t) row->time_ms * 1000000;

    if (budget.steps > s->budget.steps) {
        budget.steps = s->budget.steps;
    }

    if (budget.time > s->budget.time) {
        budget.time = s->budget.time;
    }

    gov_lua_begin(&s->lua, &budget);
    gov_lua_watch(&s->lua, 0);

    rc = gov_lua_run(&s->lua, gov_script_question, c, err);

    gov_lua_unwatch();

    return rc;
}


static int
gov_script_question(lua_State *L)
{
    gov_call_t  *c;

    c = lua_touserdata(L, 1);

    lua_rawgeti(L, LUA_REGISTRYINDEX, GOV_SLOT_HOOK);
    gov_lua_push_value(L, c->values);
    lua_call(L, 1, 1);

    switch (lua_type(L, -1)) {

    case LUA_TNIL:
        return 0;

    case LUA_TTABLE:
        c->answer = gov_script_answer(L, c);
        return 0;

    case LUA_TBOOLEAN:
        if (c->row->drops && !lua_toboolean(L, -1)) {
            c->answer = gov_val_bool(c->arena, 0);
            return 0;
        }
    }

    return luaL_error(L, "the hook returned a %s", luaL_typename(L, -1));
}


/*
 * Of what came back only what may change is looked at: a table where there was
 * one, text where there was text.
 */

static gov_value_t *
gov_script_answer(lua_State *L, gov_call_t *c)
{
    gov_str_t     name;
    const char   *p;
    gov_value_t  *map;

    map = gov_map(c->arena);
    p = c->row->changes;

    for (name = gov_hook_member(&p); name.len; name = gov_hook_member(&p)) {
        gov_lua_push(L, name);

        if (lua_rawget(L, -2) != LUA_TNIL) {
            gov_script_alike(L, gov_member_s(c->values, name), name);
            gov_put_key(map, name, gov_lua_value(L, -1, c->arena));
        }

        lua_pop(L, 1);
    }

    return map;
}


static void
gov_script_alike(lua_State *L, gov_value_t *was, gov_str_t name)
{
    int  table;

    if (was == NULL || was->kind == GOV_NIL) {
        return;
    }

    table = was->kind == GOV_LIST || was->kind == GOV_MAP;

    if (table != (lua_type(L, -1) == LUA_TTABLE)) {
        gov_lua_push(L, name);
        luaL_error(L, "the hook made a %s of \"%s\"", luaL_typename(L, -2),
                   lua_tostring(L, -1));
    }
}


const char *
gov_script_last(gov_script_t *s)
{
    return s->last;
}


void
gov_script_counts(gov_script_t *s, gov_script_count_t *c)
{
    *c = s->count;
}
