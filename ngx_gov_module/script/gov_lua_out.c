
/*
 * Copyright (C) ngx_gov authors
 *
 * Output and escaping.  A template's text goes straight into the caller's
 * buffer; what a script writes beyond the room it has ends it.
 */


#include "script/gov_script_int.h"
#include "script/gov_lua_globals.h"


/* the most that escaping makes of a byte */
#define GOV_LUA_ENTITY  6
/* bytes of a text that are escaped at a time */
#define GOV_LUA_PART    16384


static void gov_lua_put_raw(lua_State *L, gov_buf_t *out, u_char *p,
    size_t len, size_t most);
static void gov_lua_put_value(lua_State *L, int i, gov_buf_t *out,
    size_t most);
static void gov_lua_escape(lua_State *L, gov_buf_t *b, gov_str_t s,
    void (*escape)(gov_buf_t *b, gov_str_t s));
static int gov_lua_text(lua_State *L, int arg, gov_str_t *s);
static int gov_lua_need(lua_State *L, int arg, gov_str_t *s);
static int gov_lua_fits(gov_str_t s, size_t room);
static int gov_lua_in_link(gov_str_t out);
static int gov_lua_bad(lua_State *L, int arg);
static void gov_lua_over_room(lua_State *L);
static void gov_lua_into(gov_buf_t *b, luaL_Buffer *lb, lua_State *L,
    size_t size);


/*
 * _put(text, value ...): text as it is, at each of its zero bytes the next
 * value, escaped; nil is nothing.  A value that begins a link must be an
 * address that may be followed, else it is "#".
 */

int
gov_lua_put(lua_State *L)
{
    int         i, n;
    u_char     *p, *end, *zero;
    size_t      len, most;
    gov_buf_t  *out;
    gov_lua_t  *g;
    gov_str_t   text;

    g = gov_lua_of(L);
    out = g->out;

    if (out == NULL) {
        return luaL_error(L, "no output here");
    }

    switch (gov_lua_text(L, 1, &text)) {

    case 0:
        return 0;

    case -1:
        return gov_lua_bad(L, 1);
    }

    n = lua_gettop(L);
    len = out->s.len;
    most = len + g->room;

    p = text.data;
    end = p + text.len;

    for (i = 2; i <= n; i++) {
        zero = memchr(p, '\0', end - p);

        if (zero == NULL) {
            break;
        }

        gov_lua_put_raw(L, out, p, zero - p, most);
        gov_lua_put_value(L, i, out, most);
        p = zero + 1;
    }

    gov_lua_put_raw(L, out, p, end - p, most);

    len = out->s.len - len;
    g->room -= len;
    gov_lua_pay(L, len);

    return 0;
}


static void
gov_lua_put_raw(lua_State *L, gov_buf_t *out, u_char *p, size_t len,
    size_t most)
{
    if (len > most - out->s.len) {
        gov_lua_over_room(L);
    }

    gov_buf_add(out, p, len);
}


static void
gov_lua_put_value(lua_State *L, int i, gov_buf_t *out, size_t most)
{
    gov_str_t  s;

    switch (gov_lua_text(L, i, &s)) {

    case 0:
        return;

    case -1:
        /* who catches the error does not get back what stands there */
        gov_lua_of(L)->room = most - out->s.len;
        (void) gov_lua_bad(L, i);
    }

    if (!gov_lua_fits(s, most - out->s.len)) {
        gov_lua_over_room(L);
    }

    if (gov_lua_in_link(out->s) && !gov_url_follows(s)) {
        gov_buf_c(out, "#");
        return;
    }

    gov_lua_escape(L, out, s, gov_buf_html);
}


/* in parts, or a long text would be long before the clock is looked at */

static void
gov_lua_escape(lua_State *L, gov_buf_t *b, gov_str_t s,
    void (*escape)(gov_buf_t *b, gov_str_t s))
{
    while (s.len > GOV_LUA_PART) {
        gov_lua_pay(L, GOV_LUA_PART * GOV_LUA_ENTITY);
        escape(b, (gov_str_t) { GOV_LUA_PART, s.data });

        s.data += GOV_LUA_PART;
        s.len -= GOV_LUA_PART;
    }

    escape(b, s);
}


static int
gov_lua_fits(gov_str_t s, size_t room)
{
    return s.len <= room / GOV_LUA_ENTITY || gov_escape_html_len(s) <= room;
}


/*
 * Does what is put out now begin the value of an attribute that a browser
 * follows?  A value may come from a hook or from who shares a link, so one
 * with a scheme of its own making ("javascript:") does not get there,
 * whatever template asked for it.
 */

static int
gov_lua_in_link(gov_str_t out)
{
    u_char  *p;

    if (out.len < 8) {
        return 0;
    }

    p = out.data + out.len - 2;

    if (p[0] != '=' || (p[1] != '"' && p[1] != '\'')) {
        return 0;
    }

    return memcmp(p - 4, "href", 4) == 0 || memcmp(p - 3, "src", 3) == 0
           || memcmp(p - 6, "action", 6) == 0;
}


static void
gov_lua_over_room(lua_State *L)
{
    gov_lua_of(L)->over = GOV_LUA_OUTPUT;
    gov_lua_pay(L, 0);
}


/*
 * One call may reach over many lines of a template.  The text before a value
 * is the template's own, so its line ends tell the line.
 */

static int
gov_lua_bad(lua_State *L, int arg)
{
    int         i, line;
    u_char     *p;
    gov_str_t   text;
    lua_Debug   ar;

    if (!lua_getstack(L, 1, &ar) || !lua_getinfo(L, "Sl", &ar)) {
        return luaL_error(L, "attempt to put out a %s value",
                          luaL_typename(L, arg));
    }

    line = ar.currentline;

    if (arg > 1) {
        (void) gov_lua_text(L, 1, &text);
        gov_lua_pay(L, text.len);

        for (i = 2, p = text.data; *p != '\0' || i < arg; p++) {
            i += *p == '\0';
            line += *p == '\n';
        }
    }

    lua_pushfstring(L, "%s:%d: attempt to put out a %s value", ar.short_src,
                    line, luaL_typename(L, arg));

    return lua_error(L);
}


/* 1, 0 for nil, -1 for what has no text */

static int
gov_lua_text(lua_State *L, int arg, gov_str_t *s)
{
    s->data = (u_char *) lua_tolstring(L, arg, &s->len);

    if (s->data != NULL) {
        return 1;
    }

    if (lua_isnoneornil(L, arg)) {
        return 0;
    }

    if (!lua_isboolean(L, arg)) {
        return -1;
    }

    *s = gov_str_of(lua_toboolean(L, arg) ? "true" : "false");

    return 1;
}


/* the argument of a function, where nil is no text */

static int
gov_lua_need(lua_State *L, int arg, gov_str_t *s)
{
    int  any;

    any = gov_lua_text(L, arg, s);

    if (any == -1) {
        luaL_typeerror(L, arg, "text");
    }

    return any;
}


/* a buffer over memory of Lua's, large enough never to grow */

static void
gov_lua_into(gov_buf_t *b, luaL_Buffer *lb, lua_State *L, size_t size)
{
    b->arena = NULL;
    b->s.data = (u_char *) luaL_buffinitsize(L, lb, size + 1);
    b->s.len = 0;
    b->size = size + 1;
}


int
gov_lua_esc(lua_State *L)
{
    gov_buf_t    b;
    gov_str_t    s;
    luaL_Buffer  lb;

    if (!gov_lua_need(L, 1, &s)) {
        lua_pushliteral(L, "");
        return 1;
    }

    gov_lua_pay(L, s.len);
    gov_lua_into(&b, &lb, L, gov_escape_html_len(s));
    gov_lua_escape(L, &b, s, gov_buf_html);
    luaL_pushresultsize(&lb, b.s.len);

    return 1;
}


int
gov_lua_url(lua_State *L)
{
    gov_buf_t    b;
    gov_str_t    s;
    luaL_Buffer  lb;

    if (!gov_lua_need(L, 1, &s)) {
        lua_pushliteral(L, "");
        return 1;
    }

    gov_lua_pay(L, s.len * 3);
    gov_lua_into(&b, &lb, L, s.len * 3);
    gov_lua_escape(L, &b, s, gov_buf_uri);
    luaL_pushresultsize(&lb, b.s.len);

    return 1;
}
