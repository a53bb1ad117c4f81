
/*
 * Copyright (C) ngx_gov authors
 *
 * Headers.  Every answer with text carries the same ones that protect its
 * reader; a page carries a strong ETag for its rendering and coding, and
 * "no-cache", so that a copy elsewhere is asked for every time.
 */


#include "ngx_http_gov.h"


#define NGX_HTTP_GOV_ACCEPT  256


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

static ngx_http_gov_fixed_t  ngx_http_gov_fixed_console[] = {
    NGX_HTTP_GOV_FIXED_CONSOLE(ngx_http_gov_fixed_row, "")
    { ngx_null_string, ngx_null_string }
};

static ngx_http_gov_fixed_t  ngx_http_gov_fixed_editor[] = {
    NGX_HTTP_GOV_FIXED_CONSOLE(ngx_http_gov_fixed_row,
                               "style-src 'self' 'unsafe-inline'; ")
    { ngx_null_string, ngx_null_string }
};

static ngx_http_gov_fixed_t  *ngx_http_gov_fixed_of[] = {
    ngx_http_gov_fixed,
    [NGX_HTTP_GOV_CONSOLE] = ngx_http_gov_fixed_console,
    [NGX_HTTP_GOV_EDITOR] = ngx_http_gov_fixed_editor
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


ngx_str_t *
ngx_http_gov_kind_text(ngx_uint_t kind)
{
    return &ngx_http_gov_types[kind].text;
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


/*
 * Browsers say the same again and again: the last answer is remembered.  A
 * page in a page (SSI, add_before_body) is not packed, for the other is not.
 */

ngx_uint_t
ngx_http_gov_codings(ngx_http_request_t *r)
{
    ngx_str_t  *accept;

    static size_t      len;
    static u_char      last[NGX_HTTP_GOV_ACCEPT];
    static ngx_uint_t  want;

    if (r != r->main || r->headers_in.accept_encoding == NULL) {
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


ngx_int_t
ngx_http_gov_common(ngx_http_request_t *r, ngx_uint_t state)
{
    ngx_http_gov_ctx_t   *ctx;
    ngx_http_gov_fixed_t  *l;

    ctx = ngx_http_gov_ctx(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    for (l = ngx_http_gov_fixed_of[ctx->console]; l->name.len; l++) {
        if (ngx_http_gov_header(r, (char *) l->name.data, &l->value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ctx->copy = state;

    return ngx_http_gov_header(r, "X-Gov-Copy", &ngx_http_gov_states[state]);
}


/* name is program text */

ngx_int_t
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


static ngx_int_t
ngx_http_gov_set_modified(ngx_http_request_t *r, gov_proof_t *proof,
    u_char *p)
{
    ngx_table_elt_t  *modified;

    if (proof->date[0] == '\0') {
        return NGX_OK;
    }

    modified = ngx_list_push(&r->headers_out.headers);

    if (modified == NULL) {
        return NGX_ERROR;
    }

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


/*
 * ETag "0123456789abcdef-g": the identity's hash and the coding.
 *
 * Last-Modified is the second the copy was made in.  When the store changed
 * in that very second the date proves nothing: it is shown, but a request
 * that has only the date gets the page again.  A copy may have none.
 *
 * Both texts were made with the copy: nginx would print them each time.
 */

static ngx_int_t
ngx_http_gov_set_validators(ngx_http_request_t *r, gov_proof_t *proof,
    u_char coding)
{
    u_char           *p;
    ngx_table_elt_t  *etag;

    etag = ngx_list_push(&r->headers_out.headers);
    p = ngx_pnalloc(r->pool, GOV_ETAG + GOV_HTTP_DATE + 4);

    if (etag == NULL || p == NULL) {
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

    return ngx_http_gov_set_modified(r, proof, p);
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

u_char
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
