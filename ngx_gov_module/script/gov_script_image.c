
/*
 * Copyright (C) ngx_gov authors
 *
 * Prepared states.  For a view: its chunk, the layout's, those of every part
 * that they include, the words and the tables of gov/.  For a hook: its
 * function.  Built once for a bundle and language, then kept as an image
 * (see gov_lua_heap.c) on a shelf from which the longest unused one goes.
 * A bundle holds a quarter of the shelf at most, and makes room among its own:
 * no site's code makes the others compile theirs again.
 *
 * A state that cannot be built keeps its place with the reason, so that a
 * broken bundle costs its compilation once and not at every visit.
 */


#include <stdlib.h>

#include "script/gov_script_int.h"


#define GOV_BUILD_DEPTH  16
#define GOV_SHELF_SHARE  4          /* this part of the shelf for a bundle */


typedef struct {
    gov_script_lib_t     *lib;
    gov_bundle_t         *bundle;
    gov_prepared_kind_t   kind;
    gov_str_t             name;
    const char           *lang;
    gov_arena_t          *arena;
} gov_build_t;


static gov_prepared_t *gov_shelf_find(gov_shelf_t *shelf, gov_bundle_t *b,
    gov_prepared_kind_t kind, const char *name, const char *lang);
static gov_prepared_t *gov_shelf_place(gov_shelf_t *shelf, gov_bundle_t *b,
    size_t size);
static gov_prepared_t *gov_shelf_oldest(gov_shelf_t *shelf, gov_bundle_t *b);
static size_t gov_shelf_held(gov_shelf_t *shelf, gov_bundle_t *b);
static void gov_shelf_drop(gov_shelf_t *shelf, gov_prepared_t *p);
static gov_rc_t gov_build(gov_lua_t *g, gov_build_t *build,
    gov_lua_budget_t *budget, gov_err_t *err);
static int gov_build_view(lua_State *L);
static int gov_build_hook(lua_State *L);
static void gov_build_template(lua_State *L, gov_build_t *b,
    gov_source_t *src, int parts, int depth);
static gov_str_t gov_build_folder(gov_build_t *b);
static gov_source_t *gov_build_layout(gov_build_t *b);
static void gov_build_words(lua_State *L, gov_build_t *b, gov_str_t folder,
    const char *lang);
static void gov_build_merge(lua_State *L, gov_build_t *b, gov_source_t *src);
static void gov_build_tables(lua_State *L, gov_build_t *b, gov_bundle_t *of);
static void gov_build_run(lua_State *L, gov_build_t *b, gov_source_t *src,
    int env);


gov_rc_t
gov_shelf_take(gov_shelf_t *shelf, gov_script_lib_t *lib, gov_lua_t *g,
    gov_lua_budget_t *budget, gov_bundle_t *b, gov_prepared_kind_t kind,
    const char *name, const char *lang, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_image_t      image;
    gov_build_t      build;
    gov_prepared_t  *p;

    p = gov_shelf_find(shelf, b, kind, name, lang);

    if (p != NULL) {
        p->used = ++shelf->tick;

        if (p->image.bytes == NULL) {
            return gov_fail(err, p->err.code, "", "%s", p->err.text);
        }

        gov_heap_load(g->heap, &p->image);
        g->state = p->image.state;

        return GOV_OK;
    }

    build.lib = lib;
    build.bundle = b;
    build.kind = kind;
    build.name = gov_str_of(name);
    build.lang = lang;

    rc = gov_build(g, &build, budget, err);

    memset(&image, 0, sizeof(gov_image_t));

    if (rc == GOV_OK && gov_heap_save(g->heap, &image) != 0) {
        return GOV_OK;
    }

    if (image.size > shelf->limit / GOV_SHELF_SHARE) {
        free(image.bytes);
        return GOV_OK;
    }

    image.state = g->state;

    p = gov_shelf_place(shelf, b, image.size);
    p->kind = kind;
    p->bundle = b;
    p->used = ++shelf->tick;
    p->image = image;
    snprintf(p->name, sizeof(p->name), "%s", name);
    snprintf(p->lang, sizeof(p->lang), "%s", lang);

    if (rc != GOV_OK) {
        p->err = *err;
    }

    return rc;
}


static gov_prepared_t *
gov_shelf_find(gov_shelf_t *shelf, gov_bundle_t *b, gov_prepared_kind_t kind,
    const char *name, const char *lang)
{
    unsigned         i;
    gov_prepared_t  *p;

    for (i = 0; i < shelf->n; i++) {
        p = &shelf->place[i];

        if (p->bundle == b && p->kind == kind && strcmp(p->name, name) == 0
            && strcmp(p->lang, lang) == 0)
        {
            return p;
        }
    }

    return NULL;
}


static gov_prepared_t *
gov_shelf_place(gov_shelf_t *shelf, gov_bundle_t *b, size_t size)
{
    while (b != NULL && gov_shelf_held(shelf, b) + size
                        > shelf->limit / GOV_SHELF_SHARE)
    {
        gov_shelf_drop(shelf, gov_shelf_oldest(shelf, b));
    }

    while (shelf->n > 0 && (shelf->n == GOV_SHELF_PLACES
                            || shelf->size + size > shelf->limit))
    {
        gov_shelf_drop(shelf, gov_shelf_oldest(shelf, NULL));
    }

    shelf->size += size;

    return &shelf->place[shelf->n++];
}


/* the longest unused one, of this bundle or of all; the shelf has one */

static gov_prepared_t *
gov_shelf_oldest(gov_shelf_t *shelf, gov_bundle_t *b)
{
    unsigned         i;
    gov_prepared_t  *p, *oldest;

    oldest = NULL;

    for (i = 0; i < shelf->n; i++) {
        p = &shelf->place[i];

        if ((b == NULL || p->bundle == b)
            && (oldest == NULL || p->used < oldest->used))
        {
            oldest = p;
        }
    }

    return oldest;
}


static size_t
gov_shelf_held(gov_shelf_t *shelf, gov_bundle_t *b)
{
    size_t    held;
    unsigned  i;

    for (i = 0, held = 0; i < shelf->n; i++) {
        held += shelf->place[i].bundle == b ? shelf->place[i].image.size : 0;
    }

    return held;
}


static void
gov_shelf_drop(gov_shelf_t *shelf, gov_prepared_t *p)
{
    shelf->size -= p->image.size;
    free(p->image.bytes);

    *p = shelf->place[--shelf->n];
}


void
gov_shelf_clear(gov_shelf_t *shelf)
{
    while (shelf->n > 0) {
        gov_shelf_drop(shelf, &shelf->place[0]);
    }
}


static gov_rc_t
gov_build(gov_lua_t *g, gov_build_t *build, gov_lua_budget_t *budget,
    gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_lua_fresh(g, budget, err);
    if (rc != GOV_OK) {
        return rc;
    }

    /* owned here, as what is called below may throw */
    build->arena = gov_arena_new(65536);

    rc = gov_lua_run(g, build->kind == GOV_PREPARED_VIEW ? gov_build_view
                                                         : gov_build_hook,
                     build, err);

    gov_arena_free(&build->arena);

    if (rc == GOV_OK) {
        lua_gc(g->state, LUA_GCCOLLECT, 0);
    }

    return rc;
}


static int
gov_build_view(lua_State *L)
{
    gov_str_t      folder;
    gov_build_t   *b;
    gov_source_t  *src;

    b = lua_touserdata(L, 1);
    folder = gov_build_folder(b);
    luaL_checkstack(L, 64, NULL);

    lua_rawgeti(L, LUA_REGISTRYINDEX, GOV_SLOT_ENV);

    gov_build_tables(L, b, b->lib->base);
    gov_build_tables(L, b, b->bundle);

    lua_newtable(L);
    gov_build_words(L, b, folder, "zh");

    if (strcmp(b->lang, "zh") != 0) {
        gov_build_words(L, b, folder, b->lang);
    }

    lua_setfield(L, 2, "w");

    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, LUA_REGISTRYINDEX, GOV_SLOT_PARTS);

    src = gov_script_source(b->lib, b->bundle, "views", b->name, ".html");
    gov_build_template(L, b, src, 3, 0);
    lua_rawseti(L, LUA_REGISTRYINDEX, GOV_SLOT_VIEW);

    src = gov_build_layout(b);

    if (src != NULL) {
        gov_build_template(L, b, src, 3, 0);
        lua_rawseti(L, LUA_REGISTRYINDEX, GOV_SLOT_LAYOUT);
    }

    return 0;
}


static int
gov_build_hook(lua_State *L)
{
    gov_build_t   *b;
    gov_source_t  *src;

    b = lua_touserdata(L, 1);

    lua_rawgeti(L, LUA_REGISTRYINDEX, GOV_SLOT_ENV);

    gov_build_tables(L, b, b->lib->base);
    gov_build_tables(L, b, b->bundle);

    src = gov_script_source(b->lib, b->bundle, "hooks", b->name, ".lua");
    gov_build_run(L, b, src, 2);

    if (lua_type(L, -1) != LUA_TFUNCTION) {
        return luaL_error(L, "%s:1: a hook returns a function", src->label);
    }

    lua_rawseti(L, LUA_REGISTRYINDEX, GOV_SLOT_HOOK);

    return 0;
}


/* pushes the chunk; the parts it names are put into the table at parts */

static void
gov_build_template(lua_State *L, gov_build_t *b, gov_source_t *src,
    int parts, int depth)
{
    unsigned       i;
    gov_str_t      name;
    gov_parts_t    found;
    gov_source_t  *part;

    luaL_checkstack(L, 8, NULL);
    gov_script_load(L, src, b->arena, &found);

    for (i = 0; i < found.n; i++) {
        name = found.name[i];
        gov_lua_push(L, name);

        if (lua_rawget(L, parts) != LUA_TNIL) {
            lua_pop(L, 1);
            continue;
        }

        lua_pop(L, 1);

        part = gov_script_source(b->lib, b->bundle, "parts", name, ".html");

        if (part == NULL || depth == GOV_BUILD_DEPTH) {
            lua_pushlstring(L, (char *) name.data, name.len);
            luaL_error(L, "%s:%d: %s \"%s\"", src->label,
                       (int) found.line[i],
                       part == NULL ? "there is no part" : "too deep:",
                       lua_tostring(L, -1));
        }

        /* its place is taken first: a part may include itself */
        gov_lua_push(L, name);
        lua_pushboolean(L, 1);
        lua_rawset(L, parts);

        gov_lua_push(L, name);
        gov_build_template(L, b, part, parts, depth + 1);
        lua_rawset(L, parts);
    }
}


/* "console/" of "console/home", "" of "home" */

static gov_str_t
gov_build_folder(gov_build_t *b)
{
    gov_str_t  s;

    s = b->name;

    while (s.len > 0 && s.data[s.len - 1] != '/') {
        s.len--;
    }

    return s;
}


static gov_source_t *
gov_build_layout(gov_build_t *b)
{
    gov_str_t      name;
    gov_source_t  *src;

    name = gov_str_cat(b->arena, gov_build_folder(b), gov_s("layout"));
    src = gov_script_source(b->lib, b->bundle, "views", name, ".html");

    return src != NULL ? src
                       : gov_script_source(b->lib, b->bundle, "views",
                                           gov_s("layout"), ".html");
}


/* into the table on the top: the base's, then the bundle's; those of every
 * view, then the folder's */

static void
gov_build_words(lua_State *L, gov_build_t *b, gov_str_t folder,
    const char *lang)
{
    gov_str_t      name;
    gov_source_t  *base, *src;

    if (folder.len) {
        gov_build_words(L, b, gov_s(""), lang);
    }

    name = gov_str_cat(b->arena, folder, gov_str_of(lang));
    base = gov_script_source(b->lib, NULL, "words", name, ".lua");
    src = gov_script_source(b->lib, b->bundle, "words", name, ".lua");

    gov_build_merge(L, b, base);

    if (src != base) {
        gov_build_merge(L, b, src);
    }
}


/* words are data: their chunk sees nothing */

static void
gov_build_merge(lua_State *L, gov_build_t *b, gov_source_t *src)
{
    if (src == NULL) {
        return;
    }

    lua_newtable(L);
    gov_build_run(L, b, src, lua_gettop(L));
    lua_remove(L, -2);

    if (lua_type(L, -1) != LUA_TTABLE) {
        luaL_error(L, "%s:1: words are a table", src->label);
    }

    for (lua_pushnil(L); lua_next(L, -2); /* void */ ) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -5);
    }

    lua_pop(L, 1);
}


/* gov/NAME.lua of a bundle gives the global NAME */

static void
gov_build_tables(lua_State *L, gov_build_t *b, gov_bundle_t *of)
{
    unsigned   i;
    gov_str_t  name;

    if (of == NULL) {
        return;
    }

    for (i = 0; i < of->n; i++) {

        if (!gov_str_starts(of->sources[i].path, "gov/")) {
            continue;
        }

        name.data = of->sources[i].path.data + 4;
        name.len = of->sources[i].path.len - 8;

        gov_lua_push(L, name);
        gov_build_run(L, b, &of->sources[i], 2);
        lua_rawset(L, 2);
    }
}


/* pushes what the chunk returned */

static void
gov_build_run(lua_State *L, gov_build_t *b, gov_source_t *src, int env)
{
    gov_parts_t  none;

    gov_script_load(L, src, b->arena, &none);
    lua_pushvalue(L, env);
    lua_call(L, 1, 1);
}


void
gov_script_load(lua_State *L, gov_source_t *src, gov_arena_t *a,
    gov_parts_t *parts)
{
    char       name[256];
    gov_buf_t  lua;
    gov_err_t  err;

    parts->n = 0;
    snprintf(name, sizeof(name), "@%s", src->label);

    if (!gov_str_ends(src->path, ".html")) {
        gov_lua_load(L, name, "local _ENV=... ", src->text);
        return;
    }

    err.code = GOV_OK;
    gov_buf_init(&lua, a, src->text.len * 2 + 256);

    if (gov_template_compile(src->text, src->label, &lua, parts, &err)
        != GOV_OK)
    {
        luaL_error(L, "%s", err.text);
    }

    gov_lua_load(L, name, NULL, lua.s);
}
