
/*
 * Copyright (C) ngx_gov authors
 *
 * Answers: a copy, a page just made, a redirect, a text.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_RETRY  "5"         /* s, after a 503 */


ngx_int_t
ngx_http_gov_copy_str(ngx_http_request_t *r, gov_str_t *s)
{
    u_char  *p;

    if (s->len == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, s->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, s->data, s->len);
    s->data = p;

    return NGX_OK;
}


ngx_int_t
ngx_http_gov_chain(ngx_http_request_t *r, gov_str_t bytes, ngx_chain_t *out)
{
    ngx_buf_t  *b;

    b = ngx_calloc_buf(r->pool);

    if (b == NULL || ngx_http_gov_stay(r, &bytes) != NGX_OK) {
        return NGX_ERROR;
    }

    b->pos = bytes.data;
    b->last = bytes.data + bytes.len;
    b->memory = bytes.len ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out->buf = b;
    out->next = NULL;

    return NGX_OK;
}


ngx_int_t
ngx_http_gov_send_body(ngx_http_request_t *r, gov_str_t body)
{
    ngx_chain_t  out;

    return ngx_http_gov_chain(r, body, &out) == NGX_OK
           ? ngx_http_output_filter(r, &out) : NGX_ERROR;
}


/* counted as it went out: a filter may have made it a 304 or a 412 */

static ngx_int_t
ngx_http_gov_send(ngx_http_request_t *r, ngx_uint_t status, gov_str_t body,
    ngx_uint_t state)
{
    ngx_int_t                  rc;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    /* a body that nobody read is not to be taken for the next request */

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        r->keepalive = 0;
    }

    r->headers_out.status = status;
    r->headers_out.content_length_n = body.len;

    rc = ngx_http_send_header(r);

    ngx_http_gov_count(mcf, state, r->headers_out.status);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only
        || (r != r->main && body.len == 0))
    {
        return rc;
    }

    return ngx_http_gov_send_body(r, body);
}


/* a client that takes no coding: unpacked for it, which is rare */

static ngx_int_t
ngx_http_gov_identity(ngx_http_request_t *r, gov_copy_t *copy)
{
    gov_rc_t      rc;
    gov_str_t     body;
    gov_arena_t  *a;

    a = gov_arena_new(4096);
    rc = gov_variant_inflate(a, copy->gzip, &body);

    if (rc == GOV_OK) {
        copy->body.data = ngx_pnalloc(r->pool, body.len);

        if (copy->body.data == NULL) {
            rc = GOV_ERROR;

        } else {
            ngx_memcpy(copy->body.data, body.data, body.len);
            copy->body.len = body.len;
            copy->gzip.len = 0;
        }
    }

    gov_arena_free(&a);

    return rc == GOV_OK ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_http_gov_respond_copy(ngx_http_request_t *r, gov_copy_t *copy,
    ngx_uint_t codings, ngx_uint_t state)
{
    gov_str_t  *form;

    if (copy->gzip.len && !(codings & NGX_HTTP_GOV_GZIP)
        && ngx_http_gov_identity(r, copy) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_gov_set_kind(r, copy->type);
    r->headers_out.status = copy->status;

    if (ngx_http_gov_copy_headers(r, copy, state) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_gov_tag_first(r);

    (void) ngx_http_gov_form(copy, &form);

    return ngx_http_gov_send(r, copy->status, *form, state);
}


static ngx_int_t
ngx_http_gov_respond_kept(ngx_http_request_t *r, gov_page_t *page,
    ngx_uint_t state)
{
    ngx_uint_t  want;
    gov_copy_t  copy;

    want = ngx_http_gov_codings(r);
    ngx_memzero(&copy, sizeof(gov_copy_t));

    copy.proof = page->proof;
    copy.status = page->status;
    copy.type = ngx_http_gov_kind(page->type);

    if ((want & NGX_HTTP_GOV_GZIP) && page->gzip.len) {
        copy.gzip = page->gzip;

    } else {
        copy.body = page->body;
    }

    if (ngx_http_gov_copy_str(r, &copy.gzip) != NGX_OK
        || ngx_http_gov_copy_str(r, &copy.body) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_respond_copy(r, &copy, want, state);
}


/*
 * Whoever made the address has looked at it.  A byte that would end the
 * header's line is their mistake, and no other place is where it was to lead:
 * the answer is a 500.
 */

static ngx_uint_t
ngx_http_gov_is_line(ngx_http_request_t *r, gov_str_t location)
{
    size_t  i;

    for (i = 0; i < location.len; i++) {
        if (location.data[i] < 0x20 || location.data[i] == 0x7f) {
            ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                          "gov location holds a control character");
            return 0;
        }
    }

    return 1;
}


/*
 * A plain header and not headers_out.location, which nginx would complete
 * with the port it listens on: behind a gateway that is nobody's address.
 * A browser keeps a 301 for ever unless told not to, and goes in circles
 * when a site comes back to an address it had.
 */

ngx_int_t
ngx_http_gov_respond_to(ngx_http_request_t *r, ngx_uint_t status,
    gov_str_t location)
{
    ngx_str_t            value;
    ngx_http_gov_ctx_t  *ctx;

    static ngx_str_t  no_cache = ngx_string("no-cache");
    static ngx_str_t  no_store = ngx_string("no-store");

    ctx = ngx_http_gov_ctx(r);

    if (ctx == NULL || !ngx_http_gov_is_line(r, location)
        || ngx_http_gov_copy_str(r, &location) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    value.len = location.len;
    value.data = location.data;

    if (ngx_http_gov_header(r, "Location", &value) != NGX_OK
        || ngx_http_gov_header(r, "Cache-Control",
                               ctx->console ? &no_store : &no_cache) != NGX_OK
        || ngx_http_gov_common(r, NGX_HTTP_GOV_PASS) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_send(r, status, (gov_str_t) gov_null_string,
                             NGX_HTTP_GOV_PASS);
}


static ngx_int_t
ngx_http_gov_plain(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, gov_str_t body, const char *cache, const char *retry)
{
    ngx_str_t  value;

    ngx_http_gov_set_type(r, type);

    /* it has no validators, and a 412 would hide what a command did */

    r->disable_not_modified = 1;

    value.data = (u_char *) cache;
    value.len = ngx_strlen(cache);

    if (ngx_http_gov_header(r, "Cache-Control", &value) != NGX_OK
        || ngx_http_gov_common(r, NGX_HTTP_GOV_PASS) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (status == NGX_HTTP_SERVICE_UNAVAILABLE && retry != NULL) {
        value.data = (u_char *) retry;
        value.len = ngx_strlen(retry);

        if (ngx_http_gov_header(r, "Retry-After", &value) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    return ngx_http_gov_send(r, status, body, NGX_HTTP_GOV_PASS);
}


ngx_int_t
ngx_http_gov_respond_text(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, gov_str_t body)
{
    return ngx_http_gov_plain(r, status, type, body, "no-store",
                              NGX_HTTP_GOV_RETRY);
}


ngx_int_t
ngx_http_gov_respond_immutable(ngx_http_request_t *r, gov_page_t *page)
{
    gov_str_t    body;
    ngx_uint_t   want;
    const char  *coding;

    want = ngx_http_gov_codings(r);
    body = page->body;
    coding = NULL;

    if ((want & NGX_HTTP_GOV_BR) && page->br.len) {
        body = page->br;
        coding = "br";

    } else if ((want & NGX_HTTP_GOV_GZIP) && page->gzip.len) {
        body = page->gzip;
        coding = "gzip";
    }

    if (coding != NULL && ngx_http_gov_set_coding(r, coding) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_plain(r, NGX_HTTP_OK, page->type, body,
                              "public, max-age=31536000, immutable", NULL);
}


ngx_int_t
ngx_http_gov_secret(ngx_http_request_t *r, gov_page_t *page)
{
    static ngx_str_t  none = ngx_string("noindex, nofollow");

    return page->secret ? ngx_http_gov_header(r, "X-Robots-Tag", &none)
                        : NGX_OK;
}


ngx_int_t
ngx_http_gov_respond_page(ngx_http_request_t *r, gov_page_t *page,
    ngx_uint_t state)
{
    if (page->status == NGX_HTTP_MOVED_PERMANENTLY) {
        return ngx_http_gov_respond_to(r, page->status, page->location);
    }

    if (page->keep) {
        return ngx_http_gov_respond_kept(r, page, state);
    }

    if (ngx_http_gov_copy_str(r, &page->body) != NGX_OK
        || ngx_http_gov_secret(r, page) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_plain(r, page->status, page->type, page->body,
                              page->secret ? "no-store" : "no-cache",
                              page->lasting ? NULL : NGX_HTTP_GOV_RETRY);
}
