
/*
 * Copyright (C) ngx_gov authors
 *
 * A request walks straight down:
 *
 *     host and path -> site -> its state -> route   here
 *     route -> view                                 gov_make.c
 *     values -> hooks -> template -> bytes          gov_render.c
 *     what proves the page                          gov_proof.c
 *
 * Whatever fails on the way, an answer is made.
 */


#include "page/gov_page_int.h"


#define GOV_PATH_MAX      1024

/* a page made around the site's code is made again, in microseconds */
#define GOV_SCRIPT_AGAIN  (10 * (int64_t) 1000000)


static gov_rc_t
gov_make_enter(gov_make_t *m, uint32_t site)
{
    return m->r->enter == NULL ? GOV_OK : m->r->enter(m->r, site);
}


static void
gov_make_fence(gov_make_t *m, uint32_t site)
{
    if (m->r->fence != NULL) {
        m->p->fence = m->r->fence(m->r, site);
    }
}


/* a site over its share: the page without its own code before no page */

static void
gov_make_stock(gov_make_t *m)
{
    if (m->p->fence != GOV_FENCE_WHOLE && m->v.site.rec.bundle.len) {
        m->v.site.rec.bundle.len = 0;
        m->stock = 1;
    }
}


/* the place of the request, and the view on its site */

static gov_rc_t
gov_make_place(gov_make_t *m, gov_place_t *place)
{
    gov_rc_t         rc;
    gov_page_req_t  *r;

    r = m->r;
    memset(&m->v, 0, sizeof(gov_view_t));

    if (gov_make_enter(m, GOV_HUB) != GOV_OK) {
        return GOV_BUSY;
    }

    rc = gov_site_resolve(r->txn, r->arena, r->host, r->path, place);
    gov_make_fence(m, rc == GOV_OK ? place->site : GOV_HUB);

    if (rc != GOV_OK) {
        return rc;
    }

    m->p->site = place->site;

    if (m->p->fence == GOV_FENCE_SHUT
        || gov_make_enter(m, place->site) != GOV_OK)
    {
        return GOV_BUSY;
    }

    rc = gov_view_begin(&m->v, r->txn, r->arena, r->now, r->links,
                        place->site);
    if (rc != GOV_OK) {
        return GOV_ERROR;
    }

    gov_deps_note(&m->v.deps, GOV_HUB,
                  gov_slot_host(gov_host_hash(r->host)));

    m->v.elder = r->elder;
    m->v.assets = r->assets;
    m->v.path = r->path;

    gov_make_stock(m);

    return GOV_OK;
}


static gov_rc_t
gov_make_merged(gov_make_t *m)
{
    gov_base_t  base;
    gov_site_t  into;

    if (gov_site_get(m->r->txn, m->r->arena, m->v.site.rec.into, &into)
        != GOV_OK
        || gov_site_base(m->r->txn, m->r->arena, &into, &base) != GOV_OK)
    {
        return gov_make_notice(m, 410, "closed", NULL);
    }

    return gov_make_redirect(m, gov_view_absolute(&m->v, &base,
                                            (gov_str_t) gov_null_string));
}


static gov_rc_t
gov_make_route(gov_make_t *m, gov_place_t *place)
{
    gov_rc_t  rc;

    switch (m->v.site.rec.state) {

    case GOV_SITE_SUSPENDED:
        m->p->lasting = 1;
        return gov_make_notice(m, 503, "suspended", NULL);

    case GOV_SITE_CLOSED:
        return gov_make_notice(m, 410, "closed", NULL);

    case GOV_SITE_MERGED:
        return gov_make_merged(m);
    }

    rc = gov_view_columns(&m->v);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_route(&m->v, place->rest, &m->route);

    return gov_make(m);
}


static uint64_t
gov_make_failed(gov_page_req_t *r)
{
    gov_script_count_t  n;

    if (r->script == NULL) {
        return 0;
    }

    gov_script_counts(r->script, &n);

    return n.failed + n.overruns;
}


/*
 * A hook that overran its time on a busy machine, a site's template that gave
 * way to the base's, a site over its share, a record that cannot be read:
 * what came out is shown, and not for long.
 */

static int64_t
gov_make_due(gov_make_t *m)
{
    int64_t  again;

    again = m->r->now + GOV_SCRIPT_AGAIN;

    return (m->stock || m->v.unread || gov_make_failed(m->r) != m->failed)
           && again < m->v.due ? again : m->v.due;
}


/* an attachment's rule is asked of its documents at each request */

static int
gov_make_keep(gov_make_t *m)
{
    gov_page_t  *p;

    p = m->p;

    return (p->status == 200 || (p->status == 410 && m->v.site.id))
           && p->body.len && m->route.kind != GOV_ROUTE_FILE
           && m->route.kind != GOV_ROUTE_PREVIEW;
}


void
gov_make_begin(gov_make_t *m, gov_page_req_t *r, gov_page_t *page,
    gov_err_t *err)
{
    memset(page, 0, sizeof(gov_page_t));
    memset(m, 0, sizeof(gov_make_t));
    m->r = r;
    m->p = page;
    m->err = err;
    m->failed = gov_make_failed(r);

    if (r->script != NULL) {
        gov_script_begin(r->script);
    }
}


gov_rc_t
gov_page_make(gov_page_req_t *r, gov_page_t *page, gov_err_t *err)
{
    gov_rc_t     rc;
    gov_make_t   m;
    gov_place_t  place;

    gov_make_begin(&m, r, page, err);

    rc = gov_make_place(&m, &place);

    if (rc == GOV_NOT_FOUND) {
        (void) gov_make_bare(&m, 421);
        return GOV_NOT_FOUND;
    }

    if (rc == GOV_BUSY) {
        return gov_make_bare(&m, 503);
    }

    if (rc == GOV_OK && place.moved) {
        return gov_make_redirect(&m, gov_view_absolute(&m.v, &m.v.base,
                                                       place.rest));
    }

    if (rc == GOV_OK) {
        rc = r->path.len > GOV_PATH_MAX ? GOV_NOT_FOUND
                                        : gov_make_route(&m, &place);
    }

    if (rc == GOV_NOT_FOUND) {
        page->status = 0;
        rc = gov_make_notice(&m, 404, "", NULL);
    }

    if (rc != GOV_OK || gov_arena_failed(r->arena)) {
        (void) gov_fail(err, GOV_ERROR, "", "page failed: %s",
                        gov_rc_name(rc));
        gov_last_make(page, 500);

        return GOV_ERROR;
    }

    if (page->status == 301) {
        return GOV_OK;
    }

    gov_proof_make(r, &m.v.deps, gov_make_due(&m), page);
    page->keep = gov_make_keep(&m);
    page->unread = m.v.unread;

    return GOV_OK;
}


gov_rc_t
gov_page_error(gov_page_req_t *r, int status, gov_page_t *page,
    gov_err_t *err)
{
    gov_make_t   m;
    gov_place_t  place;

    gov_make_begin(&m, r, page, err);

    /* who asks too often has nothing made for him */

    if (status == 429) {
        gov_last_make(page, status);
        return GOV_OK;
    }

    if (r->txn != NULL && r->script != NULL
        && gov_make_place(&m, &place) == GOV_OK
        && gov_make_notice(&m, status, "", NULL) == GOV_OK)
    {
        return GOV_OK;
    }

    return gov_make_bare(&m, status);
}
