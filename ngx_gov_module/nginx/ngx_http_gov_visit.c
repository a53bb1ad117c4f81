
/*
 * Copyright (C) ngx_gov authors
 *
 * A page, straight down:
 *
 *     news of the store -> copy of (host, path, rendering)?
 *         due                                  -> made anew
 *         nothing it depends on in the news    -> fresh
 *         snapshot: marks not newer            -> fresh, remembered
 *         else                                 -> made anew and kept
 *     fresh, without brotli, which is taken    -> that form made and kept
 *     -> respond
 *
 * What is to be made waits its turn where the round has made enough, and
 * comes here again from above.
 */


#include "ngx_http_gov.h"


ngx_int_t
ngx_http_gov_key(ngx_http_request_t *r, gov_str_t host, gov_str_t path,
    ngx_uint_t elder, gov_copy_key_t *key)
{
    u_char                    *p;
    in_port_t                  port;
    ngx_http_gov_loc_conf_t   *lcf;
    ngx_http_gov_main_conf_t  *mcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_gov_module);
    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    key->key.len = host.len + path.len + lcf->scheme.len + lcf->port.len + 6;
    key->key.data = ngx_pnalloc(r->pool, key->key.len);

    if (key->key.data == NULL) {
        return NGX_ERROR;
    }

    port = ngx_inet_get_port(r->connection->listening->sockaddr);

    p = ngx_cpymem(key->key.data, host.data, host.len);
    *p++ = '\0';
    p = ngx_cpymem(p, path.data, path.len);
    *p++ = '\0';
    *p++ = elder ? 'e' : 'n';

    /* links to other hosts carry scheme and port */

    *p++ = ngx_http_gov_is_tls(r) ? 's' : 'p';
    *p++ = (u_char) (port >> 8);
    *p++ = (u_char) port;
    p = ngx_cpymem(p, lcf->scheme.data, lcf->scheme.len);
    ngx_memcpy(p, lcf->port.data, lcf->port.len);

    key->hash = gov_copies_hash(mcf->copies.shared, key->key);
    key->stamp = mcf->stamp ^ ngx_http_gov_worker(r)->identity;

    return NGX_OK;
}


/* in quarantine: what became of its marks is not looked at either */

static ngx_uint_t
ngx_http_gov_hold(ngx_http_gov_worker_t *w, gov_copy_t *copy)
{
    int         holds;
    gov_txn_t  *txn;

    txn = ngx_http_gov_snapshot(w);

    if (txn == NULL) {
        return 0;
    }

    holds = 0;

    if (ngx_http_gov_enter_site(copy->site) == NGX_OK) {
        holds = gov_deps_hold(&copy->proof.deps, txn, copy->proof.built);
        ngx_http_gov_leave();
    }

    gov_txn_end(&txn);

    return holds;
}


static ngx_uint_t
ngx_http_gov_fresh(ngx_http_gov_main_conf_t *mcf, ngx_http_gov_worker_t *w,
    gov_copy_key_t *key, gov_copy_t *copy)
{
    uint64_t  head;

    if (copy->proof.due != INT64_MAX && copy->proof.due <= gov_now()) {
        return 0;
    }

    if (gov_deps_still(&copy->proof.deps, w->news, copy->proof.seen)) {
        return 1;
    }

    if (!ngx_http_gov_hold(w, copy)) {
        return 0;
    }

    head = gov_news_head(w->news);

    if (head != GOV_NEWS_NONE) {
        gov_copies_fresh(&mcf->copies, key, copy->proof.built, head);
    }

    return 1;
}


static void
ngx_http_gov_keep(ngx_http_request_t *r, gov_copy_key_t *key,
    gov_page_t *page)
{
    gov_copy_t                 copy;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    ngx_memzero(&copy, sizeof(gov_copy_t));

    copy.proof = page->proof;
    copy.site = page->site;
    copy.doc = page->doc;
    copy.status = page->status;
    copy.type = ngx_http_gov_kind(page->type);
    copy.gzip = page->gzip;

    if (page->gzip.len == 0) {
        copy.body = page->body;
    }

    ngx_http_gov_direct_prepare(r, &copy);

    gov_copies_put(&mcf->copies, key, &copy);
}


static ngx_int_t
ngx_http_gov_visit_made(ngx_http_request_t *r, gov_page_t *page)
{
    ngx_http_gov_ctx_t        *ctx;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    ctx = ngx_http_gov_ctx(r);
    if (ctx != NULL) {
        ctx->site = page->site;
    }

    if (page->file.len) {
        return ngx_http_gov_file(r, page);
    }

    if (page->status == NGX_HTTP_OK && page->site) {
        ngx_http_gov_count_views(mcf, page->site, page->doc, 1);
    }

    return ngx_http_gov_respond_page(r, page, page->keep
                                              ? NGX_HTTP_GOV_MISS
                                              : NGX_HTTP_GOV_PASS);
}


static ngx_int_t
ngx_http_gov_visit_miss(ngx_http_request_t *r, ngx_http_gov_worker_t *w,
    gov_copy_key_t *key)
{
    ngx_int_t    rc;
    gov_txn_t   *txn;
    gov_page_t   page;

    txn = ngx_http_gov_snapshot(w);

    if (txn == NULL) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    rc = ngx_http_gov_make(r, w, txn, ngx_http_gov_host(r),
                           ngx_http_gov_str(&r->uri), &page);

    gov_txn_end(&txn);

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (page.keep) {
        ngx_http_gov_keep(r, key, &page);
    }

    return ngx_http_gov_visit_made(r, &page);
}


/* nginx asks this where it finds the location, which is not looked for */

static void
ngx_http_gov_keepalive(ngx_http_request_t *r)
{
    ngx_connection_t          *c;
    ngx_http_core_loc_conf_t  *clcf;

    c = r->connection;
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (clcf->keepalive_timeout == 0
        || c->requests >= clcf->keepalive_requests
        || ngx_current_msec - c->start_time > clcf->keepalive_time)
    {
        r->keepalive = 0;
    }
}


static ngx_int_t
ngx_http_gov_visit_hit(ngx_http_request_t *r, ngx_http_gov_main_conf_t *mcf,
    gov_copy_t *copy, ngx_uint_t codings, ngx_uint_t early)
{
    ngx_int_t            rc;
    ngx_http_gov_ctx_t  *ctx;

    ngx_http_gov_views_ahead(mcf, copy->site, copy->doc);

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        return NGX_HTTP_BAD_REQUEST;
    }

    ctx = ngx_http_gov_ctx(r);
    if (ctx != NULL) {
        ctx->site = copy->site;
    }

    if (early) {
        ngx_http_gov_keepalive(r);
    }

    rc = early && ngx_http_gov_is_direct(r, copy, codings)
         ? ngx_http_gov_respond_direct(r, copy)
         : ngx_http_gov_respond_copy(r, copy, codings, NGX_HTTP_GOV_HIT);

    if (copy->status == NGX_HTTP_OK && copy->site) {
        ngx_http_gov_count_views(mcf, copy->site, copy->doc, 1);
    }

    return rc;
}


/* what takes a while; copy is NULL where none is fresh */

static ngx_int_t
ngx_http_gov_visit_work(ngx_http_request_t *r, ngx_http_gov_worker_t *w,
    gov_copy_key_t *key, gov_copy_t *copy, ngx_uint_t codings)
{
    ngx_int_t                  rc;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    rc = ngx_http_gov_turn(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (copy == NULL) {
        return ngx_http_gov_visit_miss(r, w, key);
    }

    rc = ngx_http_gov_brotli(r, w, key, copy);

    return rc == NGX_OK ? ngx_http_gov_visit_hit(r, mcf, copy, codings, 0)
                        : rc;
}


ngx_int_t
ngx_http_gov_visit(ngx_http_request_t *r, ngx_uint_t early)
{
    ngx_uint_t                 fresh;
    gov_copy_t                 copy;
    gov_copy_key_t             key;
    gov_copies_want_t          want;
    ngx_http_gov_worker_t     *w;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    w = ngx_http_gov_worker(r);

    if (w->store == NULL) {
        return early ? NGX_DECLINED
                     : ngx_http_gov_visit_error(r,
                                            NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    if (ngx_http_gov_key(r, ngx_http_gov_host(r), ngx_http_gov_str(&r->uri),
                         ngx_http_gov_is_elder(r), &key)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    gov_copies_ahead(mcf->copies.shared, key.hash);
    ngx_http_gov_follow(w);
    gov_copies_nearer(mcf->copies.shared, key.hash);

    want.forms = ngx_http_gov_codings(r);
    /* deps are not asked for early; what is kept again is kept with them */
    want.head = early ? gov_news_head(w->news) : GOV_NEWS_NONE;
    want.alloc = ngx_http_gov_direct_alloc;
    want.data = r;

    fresh = gov_copies_get(&mcf->copies, &key, &want, &copy) == GOV_OK
            && ngx_http_gov_fresh(mcf, w, &key, &copy);

    if (fresh && !ngx_http_gov_brotli_is_due(r, &copy, want.forms)) {
        return ngx_http_gov_visit_hit(r, mcf, &copy, want.forms, early);
    }

    if (early) {
        return NGX_DECLINED;
    }

    return ngx_http_gov_visit_work(r, w, &key, fresh ? &copy : NULL,
                                   want.forms);
}
