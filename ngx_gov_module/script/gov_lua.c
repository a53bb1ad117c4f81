
/*
 * Copyright (C) ngx_gov authors
 *
 * A Lua state that cannot run away.
 *
 * Invariants:
 *
 *   1. instructions are counted by a hook (the base's are not, but watched:
 *      gov_lua_watch.c), work inside C functions is paid for by
 *      gov_lua_pay(), memory by the allocator; each of them looks at the
 *      clock, so no way of spending time is left out;
 *   2. once over is set nothing survives: the hook fires at every
 *      instruction, the allocator refuses, pcall passes the error on;
 *   3. every call into Lua that can throw is made below gov_lua_run();
 *   4. an error value is looked at, never converted by its own code;
 *   5. chunks are text, and get their environment as an argument.
 *
 * Time is the process's own: when the wall clock has passed the limit but
 * the thread has not run that long, the call goes on.
 */


#include <time.h>

#include "script/gov_script_int.h"
#include "script/gov_lua_globals.h"


/* instructions between two looks at the clock */
#define GOV_LUA_STEP   256
/* bytes allocated or handled between two looks */
#define GOV_LUA_WORK   (128 * 1024)
/* bytes of source given to the compiler at a time */
#define GOV_LUA_PIECE  128


typedef struct {
    gov_lua_t   *lua;
    const char  *head;
    gov_str_t    text;
} gov_lua_reader_t;

typedef struct {
    const char     *table;
    const char     *name;
    lua_CFunction   function;
} gov_lua_global_t;


static int64_t gov_lua_clock(clockid_t id);
static int gov_lua_late(gov_lua_t *g);
static void *gov_lua_alloc(void *data, void *p, size_t old, size_t size);
static void gov_lua_tick(lua_State *L, lua_Debug *ar);
static void gov_lua_stop(lua_State *L, lua_Debug *ar);
static int gov_lua_sandbox(lua_State *L);
static void gov_lua_strings(lua_State *L);
static const char *gov_lua_read(lua_State *L, void *data, size_t *size);
static gov_rc_t gov_lua_failed(gov_lua_t *g, gov_err_t *err);
static void gov_lua_clean(char *dst, size_t size, const char *src,
    size_t len);


static const gov_lua_global_t  gov_lua_globals[] = {
#define X(table, name, function)  { table, name, function },
    GOV_LUA_GLOBALS(X)
#undef X
    { NULL, NULL, NULL }
};


gov_rc_t
gov_lua_open(gov_lua_t *g, size_t memory, gov_err_t *err)
{
    memset(g, 0, sizeof(gov_lua_t));

    g->heap = gov_heap_open(memory);
    if (g->heap == NULL) {
        return gov_fail(err, GOV_ERROR, "", "no memory for scripts");
    }

    g->block = memory / 4;

    return GOV_OK;
}


void
gov_lua_close(gov_lua_t *g)
{
    gov_heap_close(&g->heap);
    g->state = NULL;
}


static int64_t
gov_lua_clock(clockid_t id)
{
    struct timespec  ts;

    clock_gettime(id, &ts);

    return (int64_t) ts.tv_sec * 1000000000 + ts.tv_nsec;
}


void
gov_lua_begin(gov_lua_t *g, gov_lua_budget_t *b)
{
    g->over = GOV_LUA_WITHIN;
    g->text = g->block / 4;
    g->steps = b->steps;
    g->time = b->time;
    g->due = gov_lua_clock(CLOCK_MONOTONIC) + b->time;
    g->cpu = gov_lua_clock(CLOCK_THREAD_CPUTIME_ID);
    g->work = 0;
    g->out = NULL;
    g->room = 0;
    g->where[0] = '\0';
}


static int
gov_lua_late(gov_lua_t *g)
{
    int64_t  now, ran;

    g->work = 0;
    now = gov_lua_clock(CLOCK_MONOTONIC);

    if (now < g->due) {
        return 0;
    }

    ran = gov_lua_clock(CLOCK_THREAD_CPUTIME_ID) - g->cpu;

    if (ran < g->time) {
        g->due = now + g->time - ran;
        return 0;
    }

    g->over = GOV_LUA_TIME;

    return 1;
}


/* shrinking and returning are never refused; old of a new block is its kind */

static void *
gov_lua_alloc(void *data, void *p, size_t old, size_t size)
{
    void       *q;
    size_t      most;
    gov_lua_t  *g;

    g = data;
    most = g->block;

    if (p == NULL) {
        most = old == LUA_TSTRING ? g->text : most;
        old = 0;
    }

    if (size > old) {
        if (g->over != GOV_LUA_WITHIN) {
            return NULL;
        }

        if (size > most) {
            g->over = GOV_LUA_MEMORY;
            return NULL;
        }

        g->work += size;

        if (g->work > GOV_LUA_WORK && gov_lua_late(g)) {
            return NULL;
        }
    }

    q = gov_heap_alloc(g->heap, p, old, size);

    if (q == NULL && size > 0) {
        g->over = GOV_LUA_MEMORY;
    }

    return q;
}


static void
gov_lua_tick(lua_State *L, lua_Debug *ar)
{
    gov_lua_t  *g;

    g = gov_lua_of(L);
    g->steps -= GOV_LUA_STEP;

    if (g->over == GOV_LUA_WITHIN && g->steps <= 0) {
        g->over = GOV_LUA_STEPS;
    }

    if (g->over != GOV_LUA_WITHIN || gov_lua_late(g)) {
        gov_lua_stop(L, ar);
    }
}


void
gov_lua_hooked(lua_State *L, int instructions)
{
    lua_sethook(L, gov_lua_tick, LUA_MASKCOUNT, instructions);
}


/* throws without asking for memory */

static void
gov_lua_stop(lua_State *L, lua_Debug *ar)
{
    gov_lua_t  *g;

    g = gov_lua_of(L);

    if (ar != NULL && g->where[0] == '\0'
        && lua_getinfo(L, "Sl", ar) && ar->currentline > 0)
    {
        snprintf(g->where, sizeof(g->where), "%s:%d", ar->short_src,
                 ar->currentline);
    }

    gov_lua_hooked(L, 1);
    lua_pushlightuserdata(L, g);
    lua_error(L);
}


void
gov_lua_pay(lua_State *L, size_t n)
{
    gov_lua_t  *g;
    lua_Debug   ar;

    g = gov_lua_of(L);
    g->steps -= n / 16;
    g->work += n;

    if (g->over == GOV_LUA_WITHIN && g->steps <= 0) {
        g->over = GOV_LUA_STEPS;
    }

    if (g->over == GOV_LUA_WITHIN && g->work > GOV_LUA_WORK) {
        (void) gov_lua_late(g);
    }

    if (g->over != GOV_LUA_WITHIN) {
        gov_lua_stop(L, lua_getstack(L, 1, &ar) ? &ar : NULL);
    }
}


gov_rc_t
gov_lua_fresh(gov_lua_t *g, gov_lua_budget_t *b, gov_err_t *err)
{
    gov_heap_clear(g->heap);
    gov_lua_begin(g, b);

    g->state = lua_newstate(gov_lua_alloc, g);
    if (g->state == NULL) {
        return gov_fail(err, GOV_ERROR, "", "no memory for scripts");
    }

    *(gov_lua_t **) lua_getextraspace(g->state) = g;

    gov_lua_hooked(g->state, GOV_LUA_STEP);

    return gov_lua_run(g, gov_lua_sandbox, NULL, err);
}


static int
gov_lua_sandbox(lua_State *L)
{
    const gov_lua_global_t  *row;

    /* collecting begins at three times a prepared state: most end before */
    lua_gc(L, LUA_GCINC, 300, 400, 0);

    lua_newtable(L);

    for (row = gov_lua_globals; row->name != NULL; row++) {

        if (row->table[0] == '\0') {
            lua_pushvalue(L, -1);

        } else if (lua_getfield(L, -1, row->table) == LUA_TNIL) {
            lua_pop(L, 1);
            lua_newtable(L);
            lua_pushvalue(L, -1);
            lua_setfield(L, -3, row->table);
        }

        lua_pushcfunction(L, row->function);
        lua_setfield(L, -2, row->name);
        lua_pop(L, 1);
    }

    lua_rawseti(L, LUA_REGISTRYINDEX, GOV_SLOT_ENV);

    gov_lua_strings(L);

    return 0;
}


/* s:upper() works by a table that no script can reach */

static void
gov_lua_strings(lua_State *L)
{
    const gov_lua_global_t  *row;

    lua_pushliteral(L, "");
    lua_newtable(L);
    lua_newtable(L);

    for (row = gov_lua_globals; row->name != NULL; row++) {

        if (strcmp(row->table, "string") == 0) {
            lua_pushcfunction(L, row->function);
            lua_setfield(L, -2, row->name);
        }
    }

    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}


gov_rc_t
gov_lua_run(gov_lua_t *g, lua_CFunction f, void *data, gov_err_t *err)
{
    int         rc;
    gov_rc_t    failed;
    lua_State  *L;

    L = g->state;

    lua_pushcfunction(L, f);
    lua_pushlightuserdata(L, data);
    rc = lua_pcall(L, 1, 0, 0);

    if (rc == LUA_OK && g->over == GOV_LUA_WITHIN) {
        return GOV_OK;
    }

    if (rc == LUA_OK) {
        lua_pushnil(L);
    }

    failed = gov_lua_failed(g, err);
    lua_settop(L, 0);

    return failed;
}


static gov_rc_t
gov_lua_failed(gov_lua_t *g, gov_err_t *err)
{
    size_t        len;
    char          text[256];
    const char   *s;

    static const char  *over[] = {
        "", "too many instructions", "too much time", "too much memory",
        "too much output"
    };

    if (g->over != GOV_LUA_WITHIN) {
        return gov_fail(err, GOV_BUSY, "", "%s%s%s", g->where,
                        g->where[0] != '\0' ? ": " : "", over[g->over]);
    }

    if (lua_type(g->state, -1) != LUA_TSTRING) {
        return gov_fail(err, GOV_ERROR, "", "the error is a %s value",
                        luaL_typename(g->state, -1));
    }

    s = lua_tolstring(g->state, -1, &len);
    gov_lua_clean(text, sizeof(text), s, len);

    return gov_fail(err, GOV_ERROR, "", "%s", text);
}


/* a script's words go to the log: one line of whole characters */

static void
gov_lua_clean(char *dst, size_t size, const char *src, size_t len)
{
    size_t  n;

    for (n = 0; n < len && n < size - 1; n++) {
        dst[n] = (u_char) src[n] < ' ' || src[n] == 0x7f ? '?' : src[n];
    }

    if (n < len) {
        while (n > 0 && ((u_char) src[n] & 0xc0) == 0x80) {
            n--;
        }
    }

    dst[n] = '\0';

    if (gov_utf8_valid((gov_str_t) { n, (u_char *) dst })) {
        return;
    }

    while (n-- > 0) {
        dst[n] = (u_char) dst[n] < 0x80 ? dst[n] : '?';
    }
}


static const char *
gov_lua_read(lua_State *L, void *data, size_t *size)
{
    const char        *p;
    gov_lua_reader_t  *r;

    r = data;
    gov_lua_pay(L, GOV_LUA_PIECE);

    /* one piece may make the compiler search for long: always look */
    if (gov_lua_late(r->lua)) {
        gov_lua_stop(L, NULL);
    }

    if (r->head != NULL) {
        p = r->head;
        r->head = NULL;
        *size = strlen(p);
        return p;
    }

    p = (char *) r->text.data;
    *size = r->text.len < GOV_LUA_PIECE ? r->text.len : GOV_LUA_PIECE;

    r->text.data += *size;
    r->text.len -= *size;

    return p;
}


void
gov_lua_load(lua_State *L, const char *name, const char *head, gov_str_t text)
{
    gov_lua_reader_t  r;

    r.lua = gov_lua_of(L);
    r.head = head;
    r.text = text;

    if (text.len > 0 && text.data[0] == LUA_SIGNATURE[0]) {
        luaL_error(L, "%s:1: not a text", name + 1);
    }

    if (lua_load(L, gov_lua_read, &r, name, "t") == LUA_OK) {
        return;
    }

    /* Lua names no place when the text is nested too deep */
    if (r.lua->over == GOV_LUA_WITHIN && lua_type(L, -1) == LUA_TSTRING
        && strncmp(lua_tostring(L, -1), name + 1, strlen(name + 1)) != 0)
    {
        luaL_error(L, "%s:1: %s", name + 1, lua_tostring(L, -1));
    }

    lua_error(L);
}


lua_Integer
gov_lua_int(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TNUMBER);

    return luaL_checkinteger(L, arg);
}


lua_Integer
gov_lua_opt(lua_State *L, int arg, lua_Integer dflt)
{
    return lua_isnoneornil(L, arg) ? dflt : gov_lua_int(L, arg);
}


/* the bytes are Lua's: valid while the argument is on the stack */

gov_str_t
gov_lua_arg(lua_State *L, int arg)
{
    gov_str_t  s;

    s.data = (u_char *) luaL_checklstring(L, arg, &s.len);

    return s;
}
