
/*
 * Copyright (C) ngx_gov authors
 *
 * Errors found before anything runs: syntax, parts that are not there, hooks
 * that no row names.
 */


#include <stdio.h>

#include "script/gov_script_int.h"


/* for one file of a bundle: a compiler that is led astray takes longer */
#define GOV_CHECK_STEPS   (50 * 1000 * 1000)
#define GOV_CHECK_TIME    (1000 * 1000000LL)
#define GOV_CHECK_MEMORY  (8 * 1024 * 1024)


typedef struct {
    gov_source_t  *src;
    gov_arena_t   *arena;
    gov_parts_t    parts;
} gov_compile_t;


static gov_rc_t gov_check_bundle(gov_script_lib_t *lib, gov_lua_t *g,
    gov_bundle_t *b, gov_err_t *err);
static gov_rc_t gov_check_hook(gov_source_t *src, gov_err_t *err);
static gov_rc_t gov_check_parts(gov_script_lib_t *lib, gov_bundle_t *b,
    gov_source_t *src, gov_parts_t *parts, gov_err_t *err);
static gov_rc_t gov_check_compile(gov_lua_t *g, gov_source_t *src,
    gov_parts_t *parts, gov_err_t *err);
static int gov_check_load(lua_State *L);


/* runs nothing: it may be called by a process with many rights */

gov_rc_t
gov_script_lib_check(gov_script_lib_t *lib, gov_err_t *err)
{
    gov_rc_t       rc;
    gov_lua_t      g;
    gov_bundle_t  *b;

    if (lib->base == NULL) {
        return gov_fail(err, GOV_INVALID, "", "no base bundle");
    }

    rc = gov_lua_open(&g, GOV_CHECK_MEMORY, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_check_bundle(lib, &g, lib->base, err);

    for (b = lib->bundles; b != NULL && rc == GOV_OK; b = b->next) {
        rc = gov_check_bundle(lib, &g, b, err);
    }

    gov_lua_close(&g);

    return rc;
}


static gov_rc_t
gov_check_bundle(gov_script_lib_t *lib, gov_lua_t *g, gov_bundle_t *b,
    gov_err_t *err)
{
    unsigned           i;
    gov_rc_t           rc;
    gov_parts_t        parts;
    gov_source_t      *src;
    gov_lua_budget_t   budget;

    budget.steps = GOV_CHECK_STEPS;
    budget.time = GOV_CHECK_TIME;

    for (i = 0, rc = GOV_OK; i < b->n && rc == GOV_OK; i++) {
        src = &b->sources[i];

        rc = gov_check_hook(src, err);

        if (rc == GOV_OK) {
            rc = gov_lua_fresh(g, &budget, err);
        }

        if (rc == GOV_OK) {
            rc = gov_check_compile(g, src, &parts, err);
        }

        if (rc == GOV_OK) {
            rc = gov_check_parts(lib, b, src, &parts, err);
        }
    }

    return rc;
}


static gov_rc_t
gov_check_hook(gov_source_t *src, gov_err_t *err)
{
    char       name[64];
    gov_str_t  s;

    if (!gov_str_starts(src->path, "hooks/")) {
        return GOV_OK;
    }

    s = src->path;
    snprintf(name, sizeof(name), "%.*s", (int) s.len - 10, s.data + 6);

    if (gov_hook_find(name) == NULL) {
        return gov_fail(err, GOV_INVALID, "", "%s:1: there is no hook \"%s\"",
                        src->label, name);
    }

    return GOV_OK;
}


static gov_rc_t
gov_check_parts(gov_script_lib_t *lib, gov_bundle_t *b, gov_source_t *src,
    gov_parts_t *parts, gov_err_t *err)
{
    unsigned  i;

    for (i = 0; i < parts->n; i++) {

        if (gov_script_source(lib, b, "parts", parts->name[i], ".html")
            == NULL)
        {
            return gov_fail(err, GOV_INVALID, "",
                            "%s:%u: there is no part \"%.*s\"", src->label,
                            parts->line[i], gov_strf(parts->name[i]));
        }
    }

    return GOV_OK;
}


/* a file that takes long to compile is refused as one with an error is */

static gov_rc_t
gov_check_compile(gov_lua_t *g, gov_source_t *src, gov_parts_t *parts,
    gov_err_t *err)
{
    gov_rc_t        rc;
    gov_err_t       why;
    gov_compile_t   c;

    why.code = GOV_OK;

    c.src = src;
    c.arena = gov_arena_new(65536);

    rc = gov_lua_run(g, gov_check_load, &c, &why);
    *parts = c.parts;

    gov_arena_free(&c.arena);

    if (rc == GOV_BUSY) {
        return gov_fail(err, GOV_INVALID, "", "%s:1: %s", src->label,
                        why.text);
    }

    return rc == GOV_OK ? GOV_OK
                        : gov_fail(err, GOV_INVALID, "", "%s", why.text);
}


static int
gov_check_load(lua_State *L)
{
    gov_compile_t  *c;

    c = lua_touserdata(L, 1);
    gov_script_load(L, c->src, c->arena, &c->parts);

    return 0;
}
