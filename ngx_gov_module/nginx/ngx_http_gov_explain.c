
/*
 * Copyright (C) ngx_gov authors
 *
 * /_gov/explain?url=: which site and route an address is, what its page was
 * built from, and how its copy stands.
 */


#include "ngx_http_gov.h"


/* "http://host:port/path?query" to host and path */

static void
ngx_http_gov_explain_split(gov_str_t url, gov_str_t *host, gov_str_t *path)
{
    size_t   i;
    u_char  *p, *last;

    last = url.data + url.len;
    p = url.data;

    for (i = 0; i + 2 < url.len; i++) {
        if (p[i] == ':' && p[i + 1] == '/' && p[i + 2] == '/') {
            p += i + 3;
            break;
        }
    }

    host->data = p;
    while (p < last && *p != '/' && *p != ':' && *p != '?') {
        *p = ngx_tolower(*p);
        p++;
    }

    host->len = p - host->data;

    while (p < last && *p != '/' && *p != '?') {
        p++;
    }

    path->data = p;
    while (p < last && *p != '?' && *p != '#') {
        p++;
    }

    path->len = p - path->data;

    if (path->len == 0) {
        *path = gov_s("/");
    }
}


static void
ngx_http_gov_explain_deps(gov_arena_t *a, gov_txn_t *txn, gov_deps_t *deps,
    gov_value_t *out)
{
    uint64_t      newest;
    unsigned      i, slot;
    gov_value_t  *list, *m, *slots;

    list = gov_put_list(a, out, "dependencies");

    for (i = 0; i < deps->n; i++) {
        m = gov_add_map(a, list);
        gov_put_int(a, m, "site", deps->dep[i].site);
        slots = gov_put_list(a, m, "slots");

        for (slot = 0; slot < 64; slot++) {
            if (deps->dep[i].mask & ((uint64_t) 1 << slot)) {
                gov_add(slots, gov_val_int(a, slot));
            }
        }

        if (gov_marks_newest(txn, deps->dep[i].site, deps->dep[i].mask,
                             &newest)
            == GOV_OK)
        {
            gov_put_int(a, m, "newest_entry", newest);
        }
    }

    gov_put_bool(a, out, "depends_on_every_commit", deps->wild);
}


static void *
ngx_http_gov_explain_alloc(void *data, size_t size)
{
    return ngx_pnalloc(data, size ? size : 1);
}


static const char *
ngx_http_gov_explain_copy(ngx_http_request_t *r, gov_txn_t *txn,
    gov_str_t host, gov_str_t path, gov_copy_t *copy)
{
    gov_copy_key_t             key;
    gov_copies_want_t          want;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    want.forms = 0;
    want.head = UINT64_MAX;
    want.alloc = ngx_http_gov_explain_alloc;
    want.data = r->pool;

    if (ngx_http_gov_key(r, host, path, ngx_http_gov_is_elder(r), &key)
        != NGX_OK
        || gov_copies_get(&mcf->copies, &key, &want, copy) != GOV_OK)
    {
        return "none";
    }

    if (copy->proof.due != INT64_MAX && copy->proof.due <= gov_now()) {
        return "due";
    }

    return gov_deps_hold(&copy->proof.deps, txn, copy->proof.built)
               ? "fresh" : "stale";
}


static void
ngx_http_gov_explain_page(gov_arena_t *a, gov_txn_t *txn, gov_page_t *page,
    gov_value_t *out)
{
    gov_site_t    site;
    gov_value_t  *m;

    gov_put_int(a, out, "status", page->status);
    gov_put_c(a, out, "view", page->view ? page->view : "none");

    if (page->location.len) {
        gov_put_str(a, out, "location", page->location);
    }

    if (page->doc) {
        gov_put_int(a, out, "document", page->doc);
    }

    if (page->site && gov_site_get(txn, a, page->site, &site) == GOV_OK) {
        m = gov_put_map(a, out, "site");
        gov_put_int(a, m, "number", site.id);
        gov_put_str(a, m, "code", site.rec.code);
        gov_put_str(a, m, "name", site.rec.name);
        gov_put_str(a, m, "blueprint", site.rec.blueprint);
        gov_put_str(a, m, "bundle", site.rec.bundle);
        gov_put_c(a, m, "state", gov_site_state_name(site.rec.state));
    }

    gov_put_int(a, out, "bytes", page->body.len);
    gov_put_int(a, out, "gzip", page->gzip.len);
    gov_put_int(a, out, "br", page->gzip.len
                              ? gov_variant_brotli(a, page->body).len : 0);
    gov_put_int(a, out, "built_at_entry", page->proof.built);

    if (page->proof.due != INT64_MAX && page->proof.due != 0) {
        gov_put_str(a, out, "due", gov_date(a, page->proof.due,
                                            GOV_DATE_RFC3339));
    }

    ngx_http_gov_explain_deps(a, txn, &page->proof.deps, out);
}


ngx_int_t
ngx_http_gov_explain(ngx_http_request_t *r, gov_str_t rest)
{
    gov_buf_t               b;
    gov_str_t               url, host, path, body;
    gov_txn_t              *txn;
    gov_copy_t              copy;
    gov_page_t              page;
    gov_value_t            *out;
    const char             *state;
    ngx_http_gov_worker_t  *w;

    (void) rest;

    url = ngx_http_gov_arg(r, "url");
    if (url.len == 0) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
    }

    w = ngx_http_gov_worker(r);
    txn = ngx_http_gov_snapshot(w);

    if (txn == NULL) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    ngx_http_gov_explain_split(url, &host, &path);
    state = ngx_http_gov_explain_copy(r, txn, host, path, &copy);

    if (ngx_http_gov_make(r, w, txn, host, path, &page) != NGX_OK) {
        gov_txn_end(&txn);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    out = gov_map(w->arena);
    gov_put_str(w->arena, out, "host", host);
    gov_put_str(w->arena, out, "path", path);
    gov_put_c(w->arena, out, "copy", state);
    ngx_http_gov_explain_page(w->arena, txn, &page, out);

    gov_buf_init(&b, w->arena, 4096);
    gov_json_write(&b, out, GOV_JSON_PRETTY);
    gov_buf_c(&b, "\n");

    gov_txn_end(&txn);

    body.len = b.s.len;
    body.data = ngx_pstrdup(r->pool, (ngx_str_t *) &b.s);

    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_respond_text(r, NGX_HTTP_OK,
                                     "application/json; charset=utf-8",
                                     body);
}
