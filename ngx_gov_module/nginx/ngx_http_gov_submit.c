
/*
 * Copyright (C) ngx_gov authors
 *
 * What goes on to govd: the body is read, then forwarded as an in-memory
 * subrequest to an internal location ("gov_submit"), whose proxy_pass is
 * nginx's own upstream code with keep-alive, retry and timeouts.
 *
 * Two rules learnt the hard way: the callback of the body must not finalize
 * the request (the handler's own NGX_DONE does), and the subrequest's
 * handler must return NGX_OK whatever happened to it, or the visitor gets
 * nothing.
 */


#include "ngx_http_gov.h"


static void ngx_http_gov_submit_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_gov_submit_done(ngx_http_request_t *sr,
    void *data, ngx_int_t rc);
static void ngx_http_gov_submit_answer(ngx_http_request_t *r);


ngx_int_t
ngx_http_gov_submit(ngx_http_request_t *r, ngx_http_gov_answer_pt answer)
{
    ngx_int_t                 rc;
    ngx_http_gov_ctx_t       *ctx;
    ngx_http_gov_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_gov_module);
    ctx = ngx_http_gov_ctx(r);

    /* a page in a page is no place for it: it would answer for the whole */

    if (lcf->submit.len == 0 || r != r->main || ctx == NULL) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
    }

    ctx->answer = answer;

    rc = ngx_http_read_client_request_body(r, ngx_http_gov_submit_body);

    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}


static void
ngx_http_gov_submit_body(ngx_http_request_t *r)
{
    ngx_str_t                    uri;
    ngx_http_request_t          *sr;
    ngx_http_gov_ctx_t          *ctx;
    ngx_http_gov_loc_conf_t     *lcf;
    ngx_http_post_subrequest_t  *ps;

    ctx = ngx_http_gov_ctx(r);
    lcf = ngx_http_get_module_loc_conf(r, ngx_http_gov_module);

    uri.len = lcf->submit.len + r->uri.len;
    uri.data = ngx_pnalloc(r->pool, uri.len);
    ps = ngx_palloc(r->pool, sizeof(ngx_http_post_subrequest_t));

    if (uri.data == NULL || ps == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    ngx_memcpy(ngx_cpymem(uri.data, lcf->submit.data, lcf->submit.len),
               r->uri.data, r->uri.len);

    ps->handler = ngx_http_gov_submit_done;
    ps->data = ctx;

    if (ngx_http_subrequest(r, &uri, &r->args, &sr, ps,
                            NGX_HTTP_SUBREQUEST_IN_MEMORY)
        != NGX_OK)
    {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    /* a HEAD is asked as the GET whose length it tells */

    if (r->method != NGX_HTTP_HEAD) {
        sr->method = r->method;
        sr->method_name = r->method_name;
    }

    ctx->sub = sr;
}


/*
 * An upstream that ends in the middle of its answer is logged by nginx and
 * told to nobody; what was still to come says so.
 */

static ngx_uint_t
ngx_http_gov_submit_is_cut(ngx_http_request_t *sr)
{
    ngx_http_upstream_t  *u;

    u = sr->upstream;

    if (u == NULL) {
        return 0;
    }

    return u->buffering && u->pipe != NULL ? u->pipe->length > 0
                                           : u->length > 0;
}


static ngx_int_t
ngx_http_gov_submit_done(ngx_http_request_t *sr, void *data, ngx_int_t rc)
{
    ngx_http_gov_ctx_t *ctx = data;

    ctx->sub_status = sr->headers_out.status;

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        ctx->sub_status = rc;

    } else if (rc != NGX_OK || ctx->sub_status == 0
               || ngx_http_gov_submit_is_cut(sr))
    {
        ctx->sub_status = NGX_HTTP_BAD_GATEWAY;
    }

    sr->parent->write_event_handler = ngx_http_gov_submit_answer;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_gov_accepts(ngx_http_request_t *r, const char *type)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (h[i].key.len == 6
                && ngx_strncasecmp(h[i].key.data, (u_char *) "accept", 6)
                   == 0)
            {
                return ngx_strlcasestrn(h[i].value.data,
                                        h[i].value.data + h[i].value.len,
                                        (u_char *) type,
                                        ngx_strlen(type) - 1)
                       != NULL;
            }
        }
    }

    return 0;
}


ngx_uint_t
ngx_http_gov_wants_html(ngx_http_request_t *r)
{
    return ngx_http_gov_accepts(r, "text/html");
}


ngx_uint_t
ngx_http_gov_wants_json(ngx_http_request_t *r)
{
    return ngx_http_gov_accepts(r, "application/json");
}


/* govd is away: reading goes on, writing waits */

static ngx_int_t
ngx_http_gov_submit_away(ngx_http_request_t *r)
{
    static gov_str_t  problem = gov_string(
        "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\","
        "\"status\":503,\"detail\":\"暂时不能受理提交，浏览不受影响，"
        "请稍后再试。\"}\n");

    if (ngx_http_gov_wants_html(r)) {
        return ngx_http_gov_visit_error(r, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    return ngx_http_gov_respond_text(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                             "application/problem+json; charset=utf-8",
                             problem);
}


/* of govd's headers, those that speak to who asked */

static const char  *ngx_http_gov_submit_names[] = {
    "Allow", "Gov-Entry", "Gov-Operation", "Retry-After", "Set-Cookie", NULL
};


ngx_int_t
ngx_http_gov_submit_headers(ngx_http_request_t *r, ngx_http_request_t *sr)
{
    ngx_uint_t        i, k;
    const char       *name;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    for (part = &sr->headers_out.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            for (k = 0; ngx_http_gov_submit_names[k]; k++) {
                name = ngx_http_gov_submit_names[k];

                if (h[i].hash != 0 && h[i].key.len == ngx_strlen(name)
                    && ngx_strncasecmp(h[i].key.data, (u_char *) name,
                                       h[i].key.len)
                       == 0
                    && ngx_http_gov_header(r, name, &h[i].value) != NGX_OK)
                {
                    return NGX_ERROR;
                }
            }
        }
    }

    return NGX_OK;
}


gov_str_t
ngx_http_gov_submit_text(ngx_http_gov_ctx_t *ctx)
{
    ngx_buf_t  *b;

    if (ctx->sub->out == NULL || ctx->sub->out->buf == NULL) {
        return (gov_str_t) gov_null_string;
    }

    b = ctx->sub->out->buf;

    return (gov_str_t) { b->last - b->pos, b->pos };
}


ngx_uint_t
ngx_http_gov_submit_is_away(ngx_http_gov_ctx_t *ctx)
{
    return ctx->sub_status == NGX_HTTP_BAD_GATEWAY
           || ctx->sub_status == NGX_HTTP_SERVICE_UNAVAILABLE
           || ctx->sub_status == NGX_HTTP_GATEWAY_TIME_OUT;
}


ngx_int_t
ngx_http_gov_submit_pass(ngx_http_request_t *r, ngx_http_gov_ctx_t *ctx)
{
    char       *type;
    ngx_str_t  *t;

    if (ngx_http_gov_submit_is_away(ctx)) {
        return ngx_http_gov_submit_away(r);
    }

    t = &ctx->sub->headers_out.content_type;
    type = ngx_pnalloc(r->pool, t->len + 1);

    if (type == NULL || ngx_http_gov_submit_headers(r, ctx->sub) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(type, t->data, t->len);
    type[t->len] = '\0';

    return ngx_http_gov_respond_text(r, ctx->sub_status, type,
                                     ngx_http_gov_submit_text(ctx));
}


static void
ngx_http_gov_submit_answer(ngx_http_request_t *r)
{
    ngx_http_gov_ctx_t  *ctx;

    ctx = ngx_http_gov_ctx(r);
    r->write_event_handler = ngx_http_request_empty_handler;

    ngx_http_finalize_request(r, ctx->answer(r, ctx));
}
