
/*
 * Copyright (C) ngx_gov authors
 *
 * POST /console/upload: who may not bring files to the site that the query
 * names is told before a byte of the body is read.  Everybody else goes on to
 * the location ("gov_upload") that passes the body through to govd, which
 * judges again.
 */


#include "ngx_http_gov.h"


/* GOV_OK also when nobody can tell now */

static gov_rc_t
ngx_http_gov_bring_judge(ngx_http_request_t *r, gov_console_t *c,
    gov_err_t *err)
{
    gov_rc_t  rc;

    c->txn = ngx_http_gov_snapshot(ngx_http_gov_worker(r));

    if (c->txn == NULL) {
        return GOV_OK;
    }

    rc = GOV_OK;

    if (ngx_http_gov_enter_host(NGX_HTTP_GOV_CONSOLE_CRASH) == NGX_OK) {
        rc = gov_console_bring(c, err);
        ngx_http_gov_leave();
    }

    gov_txn_end(&c->txn);

    return rc;
}


static ngx_int_t
ngx_http_gov_bring_refuse(ngx_http_request_t *r, gov_console_t *c,
    gov_err_t *err)
{
    gov_buf_t  b;

    c->problem = gov_map(c->arena);
    gov_put_c(c->arena, c->problem, "type", "about:blank");
    gov_put_int(c->arena, c->problem, "status", c->status);
    gov_put_c(c->arena, c->problem, "code",
              c->status == NGX_HTTP_UNAUTHORIZED ? "session"
                                                 : gov_rc_name(err->code));
    gov_put_c(c->arena, c->problem, "field", err->field);
    gov_put_c(c->arena, c->problem, "detail",
              *c->lang == 'e' && err->english[0] ? err->english : err->text);

    if (ngx_http_gov_wants_html(r)) {
        gov_put_c(c->arena, c->problem, "command", "/console/upload");
        c->input = gov_map(c->arena);
        c->path = gov_s(GOV_CONSOLE_BASE);
        c->args = gov_map(c->arena);

        return ngx_http_gov_console_show(r, c);
    }

    gov_buf_init(&b, c->arena, 512);
    gov_json_write(&b, c->problem, 0);

    if (ngx_http_gov_copy_str(r, &b.s) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_respond_text(r, c->status,
                              "application/problem+json; charset=utf-8", b.s);
}


ngx_int_t
ngx_http_gov_bring(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    gov_err_t                 err;
    gov_console_t             c;
    ngx_http_gov_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_gov_module);

    ngx_memzero(&err, sizeof(gov_err_t));
    ngx_http_gov_console_begin(r, &c);
    c.args = gov_form_fields(c.arena, ngx_http_gov_str(&r->args));

    if (ngx_http_gov_bring_judge(r, &c, &err) == GOV_OK) {
        (void) ngx_http_named_location(r, &lcf->upload);
        return NGX_DONE;
    }

    rc = ngx_http_discard_request_body(r);

    return rc == NGX_OK ? ngx_http_gov_bring_refuse(r, &c, &err) : rc;
}
