
/*
 * Copyright (C) ngx_gov authors
 *
 * The frame of every view: the site, what stands above it, addresses.
 */


#include "view/gov_view_int.h"


#define GOV_VIEW_DEPTH  16


static gov_rc_t gov_view_above(gov_view_t *v);
static gov_rc_t gov_view_base(gov_view_t *v, gov_site_t *site,
    gov_base_t *base);


gov_rc_t
gov_view_begin(gov_view_t *v, gov_txn_t *t, gov_arena_t *a, int64_t now,
    gov_links_conf_t *links, uint32_t site)
{
    gov_rc_t  rc;

    memset(v, 0, sizeof(gov_view_t));

    v->txn = t;
    v->arena = a;
    v->now = now;
    v->links = links;
    v->due = INT64_MAX;

    gov_view_note(v, GOV_HUB, GOV_SLOT_BLUEPRINT);

    rc = gov_view_site(v, site, &v->site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_view_above(v);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_site_base(t, a, &v->site, &v->base);
}


gov_rc_t
gov_view_site(gov_view_t *v, uint32_t id, gov_site_t *site)
{
    gov_rc_t  rc;

    gov_view_note(v, id, GOV_SLOT_SITE);

    rc = gov_site_get(v->txn, v->arena, id, site);

    if (rc == GOV_OK && site->rec.legal_name.len == 0) {
        site->rec.legal_name = site->rec.name;
    }

    return rc;
}


/* a page's address and breadcrumbs hang on every site above */

static gov_rc_t
gov_view_above(gov_view_t *v)
{
    uint32_t  id;
    gov_rc_t  rc;

    v->above = gov_alloc(v->arena, GOV_VIEW_DEPTH * sizeof(gov_site_t));
    id = v->site.rec.parent;

    while (id != 0 && v->nabove < GOV_VIEW_DEPTH) {
        rc = gov_view_site(v, id, &v->above[v->nabove]);
        if (rc != GOV_OK) {
            return rc;
        }

        id = v->above[v->nabove].rec.parent;
        v->nabove++;
    }

    return GOV_OK;
}


/* an address in page mode hangs on every site up to the one with the host */

static gov_rc_t
gov_view_base(gov_view_t *v, gov_site_t *site, gov_base_t *base)
{
    gov_rc_t    rc;
    unsigned    depth;
    gov_site_t  at;

    at = *site;

    for (depth = 0; depth < GOV_VIEW_DEPTH; depth++) {

        if (at.rec.mode != GOV_MODE_PAGE || at.rec.parent == 0) {
            break;
        }

        gov_view_note(v, at.rec.parent, GOV_SLOT_SITE);

        rc = gov_site_get(v->txn, v->arena, at.rec.parent, &at);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return gov_site_base(v->txn, v->arena, site, base);
}


gov_rc_t
gov_view_got(gov_view_t *v, gov_rc_t rc)
{
    v->unread += rc != GOV_OK && rc != GOV_NOT_FOUND;

    return rc;
}


gov_rc_t
gov_view_columns(gov_view_t *v)
{
    gov_rc_t  rc;

    if (v->columns != NULL) {
        return GOV_OK;
    }

    gov_view_note(v, v->site.id, GOV_SLOT_COLUMNS);

    rc = gov_columns(v->txn, v->arena, &v->site, &v->columns, &v->ncolumns);

    v->column_urls = gov_calloc(v->arena,
                                (v->ncolumns + 1) * sizeof(gov_str_t));
    return rc;
}


gov_str_t
gov_view_absolute(gov_view_t *v, gov_base_t *base, gov_str_t rest)
{
    gov_buf_t  b;

    gov_buf_init(&b, v->arena, 128);
    gov_buf_str(&b, v->links->scheme);
    gov_buf_c(&b, "://");
    gov_buf_str(&b, base->host);
    gov_buf_str(&b, v->links->port);
    gov_buf_str(&b, base->path);
    gov_buf_str(&b, rest);

    return b.s;
}


gov_str_t
gov_view_base_url(gov_view_t *v, gov_base_t *base)
{
    if (gov_str_eq(base->host, v->base.host)) {
        return base->path;
    }

    return gov_view_absolute(v, base, (gov_str_t) gov_null_string);
}


gov_str_t
gov_view_site_url(gov_view_t *v, gov_site_t *site)
{
    gov_base_t  base;

    if (site->id == v->site.id) {
        return v->base.path;
    }

    if (site->rec.mode == GOV_MODE_PAGE && site->rec.parent == v->site.id) {
        return gov_str_fmt(v->arena, "%.*s%.*s/", gov_strf(v->base.path),
                           gov_strf(site->rec.slug));
    }

    if (gov_view_base(v, site, &base) != GOV_OK) {
        return (gov_str_t) gov_null_string;
    }

    return gov_view_base_url(v, &base);
}


gov_str_t
gov_view_column_url(gov_view_t *v, uint32_t column)
{
    gov_str_t     *url;
    gov_column_t  *c;

    c = gov_column_find(v->columns, v->ncolumns, column);

    if (c == NULL) {
        return v->base.path;
    }

    url = &v->column_urls[c - v->columns];

    if (url->len == 0) {
        *url = gov_str_cat(v->arena, v->base.path,
                           gov_column_path(v->arena, v->columns, v->ncolumns,
                                           column));
    }

    return *url;
}


gov_str_t
gov_view_doc_url(gov_view_t *v, uint32_t column, uint64_t doc)
{
    gov_buf_t  b;
    gov_str_t  url;

    url = gov_view_column_url(v, column);

    gov_buf_init(&b, v->arena, url.len + GOV_NUMBER_LEN + sizeof(".html"));
    gov_buf_str(&b, url);
    gov_buf_number(&b, doc);
    gov_buf_c(&b, ".html");

    return b.s;
}


gov_rc_t
gov_view_canonical(gov_view_t *v, gov_doc_t *doc, gov_str_t *url)
{
    unsigned       n;
    gov_rc_t       rc;
    gov_str_t      path;
    gov_base_t     base;
    gov_site_t     site;
    gov_column_t  *columns;

    gov_view_note(v, doc->site, GOV_SLOT_SITE);
    gov_view_note(v, doc->site, GOV_SLOT_COLUMNS);

    rc = gov_site_get(v->txn, v->arena, doc->site, &site);
    if (rc == GOV_OK) {
        rc = gov_view_base(v, &site, &base);
    }

    if (rc == GOV_OK) {
        rc = gov_columns(v->txn, v->arena, &site, &columns, &n);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    path = gov_column_path(v->arena, columns, n, doc->rec.column);
    *url = gov_view_absolute(v, &base,
                             gov_str_fmt(v->arena, "%.*s%llu.html",
                                         gov_strf(path),
                                         (unsigned long long) doc->id));
    return GOV_OK;
}


gov_rc_t
gov_view_doc_address(gov_view_t *v, gov_doc_t *doc, gov_str_t *url)
{
    if (doc->site == v->site.id) {
        *url = gov_view_doc_url(v, doc->rec.column, doc->id);
        return GOV_OK;
    }

    return gov_view_canonical(v, doc, url);
}


gov_rc_t
gov_view_load_doc(gov_view_t *v, uint64_t id, gov_doc_t *doc)
{
    gov_rc_t  rc;

    rc = gov_view_find_doc(v, id, doc);

    if (rc == GOV_OK) {
        gov_view_note_doc(v, doc);
    }

    return rc;
}


gov_rc_t
gov_view_find_doc(gov_view_t *v, uint64_t id, gov_doc_t *doc)
{
    gov_rc_t  rc;

    rc = gov_view_got(v, gov_doc_find(v->txn, v->arena, id, doc));

    if (rc != GOV_OK) {

        /* no site to note: a restored one may bring it back */

        v->deps.wild = 1;
    }

    return rc;
}


void
gov_view_note_doc(gov_view_t *v, gov_doc_t *doc)
{
    gov_view_note(v, doc->site, gov_slot_doc(doc->id));

    if (doc->rec.published > v->now && doc->rec.published < v->due) {
        v->due = doc->rec.published;
    }

    if (doc->rec.expires > v->now && doc->rec.expires < v->due) {
        v->due = doc->rec.expires;
    }
}


int
gov_view_doc_stands_in(gov_view_t *v, gov_doc_t *doc, gov_column_t *c)
{
    gov_value_t  *ref, *site, *column;

    if (doc->site == v->site.id && doc->rec.column == c->id) {
        return 1;
    }

    gov_each (ref, doc->rec.refs) {
        site = ref->u.first;
        column = site ? site->next : NULL;

        if (column != NULL && site->u.i == v->site.id
            && column->u.i == c->id)
        {
            return 1;
        }
    }

    return 0;
}
