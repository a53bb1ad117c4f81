
/*
 * Copyright (C) ngx_gov authors
 *
 * Headers and bytes.  Every answer with text carries the same headers that
 * protect its reader; a page carries a strong ETag for its rendering and
 * coding, and "no-cache", so that a copy elsewhere is asked for every time.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_ACCEPT  256
#define NGX_HTTP_GOV_RETRY   "5"         /* s, after a 503 */


/* the media type, and its length without parameters */

typedef struct {
    ngx_str_t                  text;
    size_t                     media;
} ngx_http_gov_type_t;

#define ngx_http_gov_type(media, more)                                        \
    { ngx_string(media more), sizeof(media) - 1 }

static ngx_http_gov_type_t  ngx_http_gov_types[] = {
    ngx_http_gov_type("text/html", "; charset=utf-8"),
    ngx_http_gov_type("application/atom+xml", "; charset=utf-8"),
    ngx_http_gov_type("application/xml", "; charset=utf-8"),
    ngx_http_gov_type("text/plain", "; charset=utf-8"),
    ngx_http_gov_type("application/json", "; charset=utf-8"),
    ngx_http_gov_type("application/problem+json", "; charset=utf-8"),
    ngx_http_gov_type("text/css", "; charset=utf-8"),
    ngx_http_gov_type("text/javascript", "; charset=utf-8"),
    ngx_http_gov_type("image/svg+xml", ""),
    { ngx_null_string, 0 }
};


#define ngx_http_gov_fixed_row(name, value)                                   \
    { ngx_string(name), ngx_string(value) },
typedef struct {
    ngx_str_t                  name;
    ngx_str_t                  value;
} ngx_http_gov_fixed_t;

static ngx_http_gov_fixed_t  ngx_http_gov_fixed[] = {
    NGX_HTTP_GOV_FIXED(ngx_http_gov_fixed_row)
    { ngx_null_string, ngx_null_string }
};

static ngx_str_t  ngx_http_gov_states[] = {
    ngx_string("hit"), ngx_string("miss"), ngx_string("pass")
};


/* name is program text */

ngx_int_t
ngx_http_gov_header(ngx_http_request_t *r, const char *name,
    ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
    h->key.len = ngx_strlen(name);
    h->key.data = (u_char *) name;
    h->value = *value;

    return NGX_OK;
}


ngx_uint_t
ngx_http_gov_kind(const char *type)
{
    ngx_uint_t  i;

    for (i = 0; ngx_http_gov_types[i].media; i++) {
        if (ngx_strcmp(type, ngx_http_gov_types[i].text.data) == 0) {
            return i;
        }
    }

    return 3;
}


void
ngx_http_gov_set_kind(ngx_http_request_t *r, ngx_uint_t kind)
{
    r->headers_out.content_type = ngx_http_gov_types[kind].text;
    r->headers_out.content_type_len = ngx_http_gov_types[kind].media;
}


void
ngx_http_gov_set_type(ngx_http_request_t *r, const char *type)
{
    u_char  *p;

    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type.len = ngx_strlen(type);

    p = (u_char *) ngx_strchr(type, ';');
    r->headers_out.content_type_len = p ? (size_t) (p - (u_char *) type)
                                        : r->headers_out.content_type.len;
}


/* browsers say the same again and again: the last answer is remembered */

ngx_uint_t
ngx_http_gov_codings(ngx_http_request_t *r)
{
    ngx_str_t  *accept;

    static size_t      len;
    static u_char      last[NGX_HTTP_GOV_ACCEPT];
    static ngx_uint_t  want;

    if (r->headers_in.accept_encoding == NULL) {
        return 0;
    }

    accept = &r->headers_in.accept_encoding->value;

    if (accept->len == len && ngx_memcmp(accept->data, last, len) == 0) {
        return want;
    }

    if (accept->len > NGX_HTTP_GOV_ACCEPT) {
        return 0;
    }

    want = gov_accept((gov_str_t) { accept->len, accept->data });
    len = accept->len;
    ngx_memcpy(last, accept->data, len);

    return want;
}


static ngx_int_t
ngx_http_gov_common(ngx_http_request_t *r, ngx_uint_t state)
{
    ngx_http_gov_ctx_t   *ctx;
    ngx_http_gov_fixed_t  *l;

    for (l = ngx_http_gov_fixed; l->name.len; l++) {
        if (ngx_http_gov_header(r, (char *) l->name.data, &l->value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ctx = ngx_http_gov_ctx(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ctx->copy = state;

    return ngx_http_gov_header(r, "X-Gov-Copy", &ngx_http_gov_states[state]);
}


/* name is program text */

static ngx_int_t
ngx_http_gov_set_coding(ngx_http_request_t *r, const char *name)
{
    ngx_str_t  value;

    value.data = (u_char *) name;
    value.len = ngx_strlen(name);

    if (ngx_http_gov_header(r, "Content-Encoding", &value) != NGX_OK) {
        return NGX_ERROR;
    }

    /* filters that would compress look here */

    r->headers_out.content_encoding = (ngx_table_elt_t *)
        r->headers_out.headers.last->elts
        + r->headers_out.headers.last->nelts - 1;

    return NGX_OK;
}


/*
 * ETag "0123456789abcdef-g": the identity's hash and the coding.
 *
 * Last-Modified is the second the copy was made in.  When the store changed
 * in that very second the date proves nothing: it is shown, but a request
 * that has only the date gets the page again.
 *
 * Both texts were made with the copy: nginx would print them each time.
 */

static ngx_int_t
ngx_http_gov_set_validators(ngx_http_request_t *r, gov_proof_t *proof,
    u_char coding)
{
    u_char           *p;
    ngx_table_elt_t  *etag, *modified;

    etag = ngx_list_push(&r->headers_out.headers);
    modified = ngx_list_push(&r->headers_out.headers);
    p = ngx_pnalloc(r->pool, GOV_ETAG + GOV_HTTP_DATE + 4);

    if (etag == NULL || modified == NULL || p == NULL) {
        return NGX_ERROR;
    }

    etag->hash = 1;
    ngx_str_set(&etag->key, "ETag");
    etag->value.data = p;
    etag->value.len = GOV_ETAG + 4;
    r->headers_out.etag = etag;

    *p++ = '"';
    p = ngx_cpymem(p, proof->etag, GOV_ETAG);
    *p++ = '-';
    *p++ = coding;
    *p++ = '"';

    modified->hash = 1;
    ngx_str_set(&modified->key, "Last-Modified");
    modified->value.data = p;
    modified->value.len = GOV_HTTP_DATE;
    r->headers_out.last_modified = modified;
    r->headers_out.last_modified_time = proof->same_second
                                            ? -1 : proof->modified;

    ngx_memcpy(p, proof->date, GOV_HTTP_DATE);

    return NGX_OK;
}


ngx_int_t
ngx_http_gov_send_body(ngx_http_request_t *r, gov_str_t body)
{
    ngx_buf_t    *b;
    ngx_chain_t   out;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = body.data;
    b->last = body.data + body.len;
    b->memory = body.len ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


static ngx_int_t
ngx_http_gov_send(ngx_http_request_t *r, ngx_uint_t status, gov_str_t body)
{
    ngx_int_t                  rc;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    r->headers_out.status = status;
    r->headers_out.content_length_n = body.len;

    rc = ngx_http_send_header(r);

    if (r->headers_out.status == NGX_HTTP_NOT_MODIFIED) {
        (void) ngx_atomic_fetch_add(&mcf->shared->not_modified, 1);
    }

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
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


/* where there is a tag a date is not looked at (RFC 9110, 13.1.3) */

void
ngx_http_gov_tag_first(ngx_http_request_t *r)
{
    if (r->headers_in.if_none_match != NULL) {
        r->headers_in.if_modified_since = NULL;
    }
}


/* the best form there is: its letter in the ETag */

static u_char
ngx_http_gov_form(gov_copy_t *copy, gov_str_t **form)
{
    if (copy->br.len) {
        *form = &copy->br;
        return 'b';
    }

    if (copy->gzip.len) {
        *form = &copy->gzip;
        return 'g';
    }

    *form = &copy->body;

    return 'i';
}


ngx_int_t
ngx_http_gov_copy_headers(ngx_http_request_t *r, gov_copy_t *copy,
    ngx_uint_t state)
{
    u_char      coding;
    gov_str_t  *form;

    static ngx_str_t  no_cache = ngx_string("no-cache");

    coding = ngx_http_gov_form(copy, &form);

    if (coding != 'i'
        && ngx_http_gov_set_coding(r, coding == 'b' ? "br" : "gzip")
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_gov_set_validators(r, &copy->proof, coding) != NGX_OK
        || ngx_http_gov_header(r, "Cache-Control", &no_cache) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_gov_common(r, state);
}


ngx_int_t
ngx_http_gov_respond_copy(ngx_http_request_t *r, gov_copy_t *copy,
    ngx_uint_t codings, ngx_uint_t state)
{
    gov_str_t                 *form;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

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
    ngx_http_gov_count(mcf, state, copy->status);

    (void) ngx_http_gov_form(copy, &form);

    return ngx_http_gov_send(r, copy->status, *form);
}


/* the page's bytes stand in the worker's arena: copied before sending */

static ngx_int_t
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

    if ((want & NGX_HTTP_GOV_BR) && page->br.len) {
        copy.br = page->br;

    } else if ((want & NGX_HTTP_GOV_GZIP) && page->gzip.len) {
        copy.gzip = page->gzip;

    } else {
        copy.body = page->body;
    }

    if (ngx_http_gov_copy_str(r, &copy.br) != NGX_OK
        || ngx_http_gov_copy_str(r, &copy.gzip) != NGX_OK
        || ngx_http_gov_copy_str(r, &copy.body) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_respond_copy(r, &copy, want, state);
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
    ngx_str_t                  value;
    ngx_http_gov_main_conf_t  *mcf;

    static ngx_str_t  no_cache = ngx_string("no-cache");

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    if (ngx_http_gov_copy_str(r, &location) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    value.len = location.len;
    value.data = location.data;

    if (ngx_http_gov_header(r, "Location", &value) != NGX_OK
        || ngx_http_gov_header(r, "Cache-Control", &no_cache) != NGX_OK
        || ngx_http_gov_common(r, NGX_HTTP_GOV_PASS) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_gov_count(mcf, NGX_HTTP_GOV_PASS, status);

    return ngx_http_gov_send(r, status, (gov_str_t) gov_null_string);
}


static ngx_int_t
ngx_http_gov_plain(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, gov_str_t body, const char *cache, const char *retry)
{
    ngx_str_t                  value;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    ngx_http_gov_set_type(r, type);

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

    ngx_http_gov_count(mcf, NGX_HTTP_GOV_PASS, status);

    return ngx_http_gov_send(r, status, body);
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
ngx_http_gov_respond_page(ngx_http_request_t *r, gov_page_t *page,
    ngx_uint_t state)
{
    if (page->status == NGX_HTTP_MOVED_PERMANENTLY) {
        return ngx_http_gov_respond_to(r, page->status, page->location);
    }

    if (page->keep) {
        return ngx_http_gov_respond_kept(r, page, state);
    }

    if (ngx_http_gov_copy_str(r, &page->body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_gov_plain(r, page->status, page->type, page->body,
                              "no-cache",
                              page->lasting ? NULL : NGX_HTTP_GOV_RETRY);
}
