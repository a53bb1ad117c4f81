
/*
 * Copyright (C) ngx_gov authors
 *
 * What who is signed in looks at below /console/ and is no page of the
 * console: a version of a document on its site's theme, which carries the
 * headers of a public page, so that the editor can frame it; and a file.
 */


#include "ngx_http_gov.h"


static ngx_int_t ngx_http_gov_look_file(ngx_http_request_t *r,
    gov_console_t *c, gov_page_t *page);
static gov_rc_t ngx_http_gov_look_version(ngx_http_request_t *r,
    gov_console_t *c, gov_page_t *page);


ngx_int_t
ngx_http_gov_look(ngx_http_request_t *r, gov_console_t *c)
{
    gov_page_t  page;

    ngx_memzero(&page, sizeof(gov_page_t));
    page.secret = 1;

    if (c->digest.len) {
        return ngx_http_gov_look_file(r, c, &page);
    }

    if (ngx_http_gov_look_version(r, c, &page) != GOV_OK) {
        return NGX_DECLINED;
    }

    ngx_http_gov_ctx(r)->console = 0;

    return ngx_http_gov_respond_page(r, &page, NGX_HTTP_GOV_PASS);
}


static ngx_int_t
ngx_http_gov_look_file(ngx_http_request_t *r, gov_console_t *c,
    gov_page_t *page)
{
    page->file = c->digest;
    page->file_name = c->file.name;
    page->file_type = c->file.type;

    if (ngx_http_gov_copy_str(r, &page->file) != NGX_OK
        || ngx_http_gov_copy_str(r, &page->file_name) != NGX_OK
        || ngx_http_gov_copy_str(r, &page->file_type) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_file(r, page);
}


static gov_rc_t
ngx_http_gov_look_version(ngx_http_request_t *r, gov_console_t *c,
    gov_page_t *page)
{
    gov_rc_t                   rc;
    gov_err_t                  err;
    gov_str_t                  files;
    gov_page_req_t             req;
    gov_links_conf_t           links;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    if (ngx_http_gov_links(r, &links) != NGX_OK) {
        return GOV_ERROR;
    }

    ngx_memzero(&err, sizeof(gov_err_t));
    ngx_memzero(&req, sizeof(gov_page_req_t));
    req.txn = c->txn;
    req.arena = c->arena;
    req.script = ngx_http_gov_worker(r)->script;
    req.links = &links;
    req.assets = &mcf->urls;
    req.now = c->now;
    req.host = ngx_http_gov_host(r);
    req.path = c->path;
    req.elder = ngx_http_gov_is_elder(r);

    files = gov_str_fmt(c->arena, GOV_CONSOLE_BASE "site/%.*s/file/",
                        gov_strf(c->site.rec.code));

    rc = req.script == NULL ? GOV_BUSY
                            : gov_page_version(&req, &c->doc, c->version,
                                               files, page, &err);

    if (rc != GOV_OK) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "gov preview cannot be made: %s", err.text);
        gov_console_notice(c, gov_rc_status(rc));
    }

    return rc;
}
