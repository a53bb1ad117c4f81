
/*
 * Copyright (C) ngx_gov authors
 *
 * Host and path to a place.
 *
 * The host leads to a site; then each segment of the path that is a name
 * below the site leads on: to a page-mode site standing there, or to where
 * something moved.  What no name claims is the rest, which columns and
 * documents take.
 *
 * A redirect never loops: a name became "moved" when its target was alive,
 * so a chain of moves goes forward in time, and the walk ends at what is
 * alive now; a visitor is redirected once.
 */


#include "site/gov_site_int.h"


#define GOV_RESOLVE_STEPS  64


static gov_rc_t gov_resolve_host(gov_txn_t *t, gov_arena_t *a,
    gov_str_t host, gov_place_t *place);
static gov_rc_t gov_resolve_name(gov_txn_t *t, gov_arena_t *a,
    gov_place_t *place);
static gov_rc_t gov_resolve_over(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t name, uint32_t holder, int *over);
static gov_str_t gov_rest_after(gov_arena_t *a, gov_str_t path,
    gov_str_t rest);


gov_rc_t
gov_site_resolve(gov_txn_t *t, gov_arena_t *a, gov_str_t host,
    gov_str_t path, gov_place_t *place)
{
    gov_rc_t  rc;
    unsigned  step;

    if (path.len && path.data[0] == '/') {
        path.data++;
        path.len--;
    }

    place->rest = path;
    place->moved = 0;

    rc = gov_resolve_host(t, a, host, place);

    for (step = 0; rc == GOV_OK && step < GOV_RESOLVE_STEPS; step++) {
        rc = gov_resolve_name(t, a, place);
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* a host of a site that has become a page leads to the page */

static gov_rc_t
gov_resolve_host(gov_txn_t *t, gov_arena_t *a, gov_str_t host,
    gov_place_t *place)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_site_t       site;
    gov_place_rec_t  at;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_HOSTS, gov_key_s(&k, host),
                  a, &at);
    if (rc != GOV_OK) {
        return rc;
    }

    place->site = at.to;

    if (at.kind == GOV_PLACE_MOVED) {
        place->moved = 1;
        place->rest = gov_rest_after(a, at.path, place->rest);
        return GOV_OK;
    }

    rc = gov_site_get(t, a, at.to, &site);

    if (rc == GOV_OK && site.rec.mode == GOV_MODE_PAGE) {
        place->moved = 1;
    }

    return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
}


/* GOV_DONE: the first segment of the rest leads no further */

static gov_rc_t
gov_resolve_name(gov_txn_t *t, gov_arena_t *a, gov_place_t *place)
{
    int              over;
    u_char          *slash;
    gov_rc_t         rc;
    gov_str_t        name, rest;
    gov_place_rec_t  at;

    rest = place->rest;
    name = rest;

    slash = rest.len ? memchr(rest.data, '/', rest.len) : NULL;
    if (slash) {
        name.len = slash - rest.data;
    }

    if (!gov_slug_valid(name)) {
        return GOV_DONE;
    }

    rc = gov_name_get(t, a, place->site, 0, name, &at);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_DONE : rc;
    }

    over = at.kind == GOV_PLACE_COLUMN;

    if (at.kind == GOV_PLACE_MOVED) {
        rc = gov_resolve_over(t, a, place->site, name, (uint32_t) at.to,
                              &over);
    }

    if (rc != GOV_OK || over) {
        return rc == GOV_OK ? GOV_DONE : rc;
    }

    rest.data += name.len + (slash != NULL);
    rest.len -= name.len + (slash != NULL);

    /* a site's base ends with "/": without it the address is completed */

    if (at.kind == GOV_PLACE_MOVED || slash == NULL) {
        place->moved = 1;
    }

    place->site = at.to;
    place->rest = at.kind == GOV_PLACE_MOVED ? gov_rest_after(a, at.path, rest)
                                             : rest;
    return GOV_OK;
}


/* what moved away keeps its redirect until it is closed; then a column of a
 * blueprint may have come to stand there, which needs no name of its own */

static gov_rc_t
gov_resolve_over(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t name,
    uint32_t holder, int *over)
{
    gov_rc_t      rc;
    gov_site_t    s;
    gov_value_t  *column;

    rc = gov_site_get(t, a, holder, &s);

    if (rc != GOV_OK || s.rec.state != GOV_SITE_CLOSED) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    rc = gov_site_get(t, a, site, &s);

    if (rc == GOV_OK) {
        rc = gov_blueprint_name(t, a, &s, 0, name, &column);
        *over = rc == GOV_OK && column != NULL;
    }

    return rc;
}


static gov_str_t
gov_rest_after(gov_arena_t *a, gov_str_t path, gov_str_t rest)
{
    if (path.len == 0) {
        return rest;
    }

    return gov_str_fmt(a, "%.*s%s%.*s", gov_strf(path),
                       path.data[path.len - 1] == '/' ? "" : "/",
                       gov_strf(rest));
}
