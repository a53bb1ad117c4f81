
/*
 * Copyright (C) ngx_gov authors
 *
 * A page made, from a request and a snapshot: in the worker's arena, until the
 * next one is made.
 */


#include "ngx_http_gov.h"


/* the port and scheme that stand in links to other hosts */

ngx_int_t
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


void
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


ngx_int_t
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

        page->gzip = gov_variant_gzip(w->variant, w->arena, page->body);
    }

    ngx_http_gov_count_render(mcf, w, &from);
    ngx_http_gov_fence_end(page);

    return NGX_OK;
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
