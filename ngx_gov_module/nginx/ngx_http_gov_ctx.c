
/*
 * Copyright (C) ngx_gov authors
 *
 * What a request says of itself: host, scheme, rendering; and what its answer
 * remembers of it, for variables.
 */


#include "ngx_http_gov.h"


static ngx_str_t  ngx_http_gov_cookie = ngx_string("gov_view");


ngx_http_gov_ctx_t *
ngx_http_gov_ctx(ngx_http_request_t *r)
{
    ngx_http_gov_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_gov_module);

    if (ctx == NULL) {
        ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_gov_ctx_t));
        if (ctx == NULL) {
            return NULL;
        }

        ctx->copy = -1;
        ngx_http_set_ctx(r, ctx, ngx_http_gov_module);
    }

    return ctx;
}


ngx_uint_t
ngx_http_gov_is_elder(ngx_http_request_t *r)
{
    ngx_str_t  value;

    if (r->headers_in.cookies.nelts == 0) {
        return 0;
    }

    return ngx_http_parse_multi_header_lines(&r->headers_in.cookies,
                                             &ngx_http_gov_cookie, &value)
           != NGX_DECLINED
           && value.len == 5 && ngx_memcmp(value.data, "elder", 5) == 0;
}


/* HTTP/1.0 may name none: then there is no pointer either */

gov_str_t
ngx_http_gov_host(ngx_http_request_t *r)
{
    return r->headers_in.server.len ? ngx_http_gov_str(&r->headers_in.server)
                                    : gov_s("");
}


ngx_uint_t
ngx_http_gov_is_tls(ngx_http_request_t *r)
{
#if (NGX_HTTP_SSL)
    return r->connection->ssl != NULL;
#else
    return 0;
#endif
}
