
/*
 * Copyright (C) ngx_gov authors
 *
 * Which door a request takes.
 *
 * A fresh copy may answer in the server-rewrite phase ("gov_early on"),
 * before locations are looked for: 2,000 instructions less.  What it skips
 * (limit_req, limit_conn, allow, deny, auth_*) is said in docs/operate.md.
 */


#include "ngx_http_gov.h"


#define ngx_http_gov_uri_starts(r, s)                                         \
    ((r)->uri.len >= sizeof(s) - 1                                            \
     && ngx_memcmp((r)->uri.data, s, sizeof(s) - 1) == 0)


static ngx_uint_t
ngx_http_gov_is_console(ngx_http_request_t *r)
{
    return ngx_http_gov_uri_starts(r, "/console")
           && (r->uri.len == sizeof("/console") - 1
               || r->uri.data[sizeof("/console") - 1] == '/');
}


/* paths below /_gov/, /api/ and /console/ are no pages */

static ngx_uint_t
ngx_http_gov_is_page(ngx_http_request_t *r)
{
    return !ngx_http_gov_uri_starts(r, "/_gov/")
           && !ngx_http_gov_uri_starts(r, "/api/")
           && !ngx_http_gov_is_console(r);
}


ngx_int_t
ngx_http_gov_early(ngx_http_request_t *r)
{
    ngx_http_gov_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_gov_module);

    if (!lcf->enable || !lcf->early || r != r->main || r->internal
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
        || !ngx_http_gov_is_page(r))
    {
        return NGX_DECLINED;
    }

    return ngx_http_gov_visit(r, 1);
}


ngx_int_t
ngx_http_gov_not_allowed(ngx_http_request_t *r, const char *allow)
{
    ngx_str_t  value;

    value.data = (u_char *) allow;
    value.len = ngx_strlen(allow);

    if (ngx_http_gov_header(r, "Allow", &value) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_ALLOWED);
}


ngx_int_t
ngx_http_gov_content(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_gov_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_gov_module);

    if (!lcf->enable) {
        return NGX_DECLINED;
    }

    /* "error_page 413 ... /_gov/error": nginx's own refusals, our page */

    if (r->error_page && ngx_http_gov_uri_starts(r, "/_gov/error")) {
        return gov_str_starts(ngx_http_gov_str(&r->unparsed_uri),
                              GOV_CONSOLE_BASE)
               ? ngx_http_gov_console_error(r, r->err_status)
               : ngx_http_gov_visit_error(r, r->err_status);
    }

    if (ngx_http_gov_uri_starts(r, "/api/")) {
        return ngx_http_gov_submit(r, ngx_http_gov_submit_pass);
    }

    if (ngx_http_gov_is_console(r)) {
        return ngx_http_gov_console(r);
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_gov_not_allowed(r, "GET, HEAD");
    }

    if (ngx_http_gov_uri_starts(r, "/_gov/")) {
        return ngx_http_gov_system(r);
    }

    return ngx_http_gov_visit(r, 0);
}
