
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
 *     -> respond
 */


#include "ngx_http_gov.h"


/* HTTP/1.0 may name none: then there is no pointer either */

static gov_str_t
ngx_http_gov_host(ngx_http_request_t *r)
{
    return r->headers_in.server.len ? ngx_http_gov_str(&r->headers_in.server)
                                    : gov_s("");
}


static ngx_uint_t
ngx_http_gov_is_tls(ngx_http_request_t *r)
{
#if (NGX_HTTP_SSL)
    return r->connection->ssl != NULL;
#else
    return 0;
#endif
}


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


/* with room in front for the head of a direct answer */

static void *
ngx_http_gov_alloc(void *data, size_t size)
{
    ngx_http_request_t *r = data;

    u_char  *p;

    p = ngx_pnalloc(r->pool, NGX_HTTP_GOV_HEAD + size);

    return p == NULL ? NULL : p + NGX_HTTP_GOV_HEAD;
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


/* the port and scheme that stand in links to other hosts */

static ngx_int_t
ngx_http_gov_links(ngx_http_request_t *r, gov_links_conf_t *links)
{
    u_char                   *p;
    ngx_uint_t                port;
    ngx_http_gov_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_gov_module);

    links->scheme = ngx_http_gov_str(&lcf->scheme);
    links->port = ngx_http_gov_str(&lcf->port);

    if (links->scheme.len == 0) {
        links->scheme = ngx_http_gov_is_tls(r) ? gov_s("https")
                                               : gov_s("http");
    }

    if (links->port.len != 4 || ngx_memcmp(links->port.data, "auto", 4)) {
        return NGX_OK;
    }

    links->port.len = 0;

    port = ngx_inet_get_port(r->connection->listening->sockaddr);

    if (port == 0 || port == (links->scheme.len == 5 ? 443 : 80)) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, sizeof(":65535") - 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    links->port.data = p;
    links->port.len = ngx_sprintf(p, ":%ui", port) - p;

    return NGX_OK;
}


static void
ngx_http_gov_count_script(ngx_http_gov_main_conf_t *mcf,
    ngx_http_gov_worker_t *w)
{
    gov_script_count_t  now;

    if (w->script == NULL) {
        return;
    }

    gov_script_counts(w->script, &now);

    (void) ngx_atomic_fetch_add(&mcf->shared->script_failed,
                                now.failed - w->counted.failed);
    (void) ngx_atomic_fetch_add(&mcf->shared->script_overruns,
                                now.overruns - w->counted.overruns);

    if (now.failed != w->counted.failed
        || now.overruns != w->counted.overruns)
    {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0, "gov script: %s",
                      gov_script_last(w->script));
    }

    w->counted = now;
}


static void
ngx_http_gov_count_render(ngx_http_gov_main_conf_t *mcf,
    ngx_http_gov_worker_t *w, struct timespec *from)
{
    uint64_t         us;
    struct timespec  to;

    (void) clock_gettime(CLOCK_MONOTONIC, &to);
    us = (to.tv_sec - from->tv_sec) * 1000000
         + (to.tv_nsec - from->tv_nsec) / 1000;

    (void) ngx_atomic_fetch_add(&mcf->shared->renders, 1);
    (void) ngx_atomic_fetch_add(&mcf->shared->render_us, us);

    if (us > mcf->shared->render_max_us) {
        mcf->shared->render_max_us = us;
    }

    ngx_http_gov_count_script(mcf, w);
}


/* of gov_page_req_t: the host first, then the site it is of */

static gov_rc_t
ngx_http_gov_page_enter(gov_page_req_t *req, uint32_t site)
{
    ngx_int_t  rc;

    rc = site == GOV_HUB ? ngx_http_gov_enter_host(req->host)
                         : ngx_http_gov_enter_site(site);

    return rc == NGX_OK ? GOV_OK : GOV_BUSY;
}


static ngx_int_t
ngx_http_gov_request(ngx_http_request_t *r, ngx_http_gov_worker_t *w,
    gov_txn_t *txn, gov_str_t host, gov_str_t path, gov_page_req_t *req,
    gov_links_conf_t *links)
{
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    if (ngx_http_gov_links(r, links) != NGX_OK) {
        return NGX_ERROR;
    }

    gov_arena_reset(w->arena);

    ngx_memzero(req, sizeof(gov_page_req_t));
    req->txn = txn;
    req->arena = w->arena;
    req->script = w->script;
    req->links = links;
    req->assets = &mcf->urls;
    req->now = gov_now();
    req->host = host;
    req->path = path;
    req->elder = ngx_http_gov_is_elder(r);
    req->enter = ngx_http_gov_page_enter;
    ngx_http_gov_fence_begin(req);

    return NGX_OK;
}


/* the page lives in the worker's arena until the next one is made */

ngx_int_t
ngx_http_gov_make(ngx_http_request_t *r, ngx_http_gov_worker_t *w,
    gov_txn_t *txn, gov_str_t host, gov_str_t path, gov_page_t *page)
{
    gov_rc_t                   rc;
    gov_err_t                  err;
    gov_page_req_t             req;
    struct timespec            from;
    gov_links_conf_t           links;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    (void) clock_gettime(CLOCK_MONOTONIC, &from);

    if (ngx_http_gov_request(r, w, txn, host, path, &req, &links) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memzero(&err, sizeof(gov_err_t));
    rc = gov_page_make(&req, page, &err);
    ngx_http_gov_leave();

    if (rc == GOV_ERROR) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "gov page cannot be made: %s", err.text);
    }

    if (page->unread) {
        (void) ngx_atomic_fetch_add(&mcf->shared->unread, page->unread);

        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "gov page of site %uD leaves out %ui records that "
                      "cannot be read: govctl store check", page->site,
                      (ngx_uint_t) page->unread);
    }

    if (page->keep) {
        if (w->variant == NULL) {
            w->variant = gov_variant_open();
        }

        gov_variant_make(w->variant, w->arena, page);
    }

    ngx_http_gov_count_render(mcf, w, &from);
    ngx_http_gov_fence_end(page);

    return NGX_OK;
}


static void
ngx_http_gov_keep(ngx_http_gov_main_conf_t *mcf, gov_copy_key_t *key,
    gov_page_t *page)
{
    gov_copy_t  copy;

    ngx_memzero(&copy, sizeof(gov_copy_t));

    copy.proof = page->proof;
    copy.site = page->site;
    copy.doc = page->doc;
    copy.status = page->status;
    copy.type = ngx_http_gov_kind(page->type);
    copy.gzip = page->gzip;
    copy.br = page->br;

    if (page->gzip.len == 0) {
        copy.body = page->body;
    }

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
    ngx_int_t                  rc;
    gov_txn_t                 *txn;
    gov_page_t                 page;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

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
        ngx_http_gov_keep(mcf, key, &page);
    }

    return ngx_http_gov_visit_made(r, &page);
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

    rc = early && ngx_http_gov_is_direct(r, copy, codings)
         ? ngx_http_gov_respond_direct(r, copy)
         : ngx_http_gov_respond_copy(r, copy, codings, NGX_HTTP_GOV_HIT);

    if (copy->status == NGX_HTTP_OK && copy->site) {
        ngx_http_gov_count_views(mcf, copy->site, copy->doc, 1);
    }

    return rc;
}


ngx_int_t
ngx_http_gov_visit(ngx_http_request_t *r, ngx_uint_t early)
{
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

    want.forms = ngx_http_gov_codings(r);
    want.head = gov_news_head(w->news);
    want.alloc = ngx_http_gov_alloc;
    want.data = r;

    if (gov_copies_get(&mcf->copies, &key, &want, &copy) == GOV_OK
        && ngx_http_gov_fresh(mcf, w, &key, &copy))
    {
        return ngx_http_gov_visit_hit(r, mcf, &copy, want.forms, early);
    }

    return early ? NGX_DECLINED : ngx_http_gov_visit_miss(r, w, &key);
}


/* an error's page, on the site's own frame where there is one */

ngx_int_t
ngx_http_gov_visit_error(ngx_http_request_t *r, ngx_uint_t status)
{
    gov_txn_t              *txn;
    gov_err_t               err;
    gov_page_t              page;
    gov_page_req_t          req;
    gov_links_conf_t        links;
    ngx_http_gov_worker_t  *w;

    ngx_memzero(&page, sizeof(gov_page_t));
    ngx_memzero(&err, sizeof(gov_err_t));

    w = ngx_http_gov_worker(r);
    txn = ngx_http_gov_snapshot(w);

    if (ngx_http_gov_request(r, w, txn, ngx_http_gov_host(r), gov_s("/"),
                             &req, &links)
        == NGX_OK)
    {
        (void) gov_page_error(&req, status, &page, &err);
        ngx_http_gov_leave();
        ngx_http_gov_fence_end(&page);
    }

    if (txn != NULL) {
        gov_txn_end(&txn);
    }

    if (page.body.len == 0) {
        page.status = status;
        page.type = "text/html; charset=utf-8";
        page.body = gov_page_last_resort(status);
    }

    return ngx_http_gov_respond_page(r, &page, NGX_HTTP_GOV_PASS);
}
