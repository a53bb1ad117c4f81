
/*
 * Copyright (C) ngx_gov authors
 *
 * Attachments: files by digest, sent by sendfile, with ranges.  Only types
 * that a browser shows without running anything are shown; every other is a
 * download, and none may be a frame or a script of the site.
 */


#include "ngx_http_gov.h"


static const char  *ngx_http_gov_shown[] = {
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif",
    "application/pdf", "text/plain", "audio/mpeg", "video/mp4", NULL
};


static ngx_uint_t
ngx_http_gov_file_shown(gov_str_t type)
{
    u_char      *p;
    ngx_uint_t   i;

    /* without its parameters */

    p = type.len ? ngx_strlchr(type.data, type.data + type.len, ';') : NULL;

    if (p != NULL) {
        type.len = p - type.data;
    }

    for (i = 0; ngx_http_gov_shown[i]; i++) {
        if (gov_str_is(type, ngx_http_gov_shown[i])) {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_gov_file_open(ngx_http_request_t *r, gov_str_t digest,
    ngx_str_t *path, ngx_open_file_info_t *of)
{
    u_char                    *p;
    ngx_http_core_loc_conf_t  *clcf;
    ngx_http_gov_main_conf_t  *mcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);

    /* both are logged when this fails, wherever it does */

    path->len = 0;
    ngx_memzero(of, sizeof(ngx_open_file_info_t));

    path->data = ngx_pnalloc(r->pool, mcf->blobs.len + digest.len + 3);
    if (path->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(path->data, "%V/%*s/%*s%Z", &mcf->blobs, (size_t) 2,
                    digest.data, digest.len - 2, digest.data + 2);
    path->len = p - path->data - 1;

    of->read_ahead = clcf->read_ahead;
    of->directio = clcf->directio;
    of->valid = clcf->open_file_cache_valid;
    of->min_uses = clcf->open_file_cache_min_uses;

    return ngx_open_cached_file(clcf->open_file_cache, path, of, r->pool);
}


static ngx_int_t
ngx_http_gov_file_headers(ngx_http_request_t *r, gov_page_t *page)
{
    u_char           *p;
    ngx_str_t         value;
    gov_buf_t         b;
    gov_arena_t      *a;
    ngx_table_elt_t  *h;

    static ngx_str_t  no_cache = ngx_string("no-cache");
    static ngx_str_t  no_store = ngx_string("no-store");
    static ngx_str_t  nosniff = ngx_string("nosniff");
    static ngx_str_t  sandbox = ngx_string("default-src 'none'; sandbox");

    p = ngx_pnalloc(r->pool, page->file_type.len + 1);
    h = ngx_list_push(&r->headers_out.headers);

    if (p == NULL || h == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, page->file_type.data, page->file_type.len);
    p[page->file_type.len] = '\0';
    ngx_http_gov_set_type(r, (char *) p);

    h->hash = 1;
    ngx_str_set(&h->key, "ETag");
    h->value.len = page->file.len + 2;
    h->value.data = ngx_pnalloc(r->pool, h->value.len);

    if (h->value.data == NULL) {
        return NGX_ERROR;
    }

    h->value.data[0] = '"';
    ngx_memcpy(h->value.data + 1, page->file.data, page->file.len);
    h->value.data[page->file.len + 1] = '"';
    r->headers_out.etag = h;

    if (ngx_http_gov_header(r, "Cache-Control",
                            page->secret ? &no_store : &no_cache) != NGX_OK
        || ngx_http_gov_secret(r, page) != NGX_OK
        || ngx_http_gov_header(r, "X-Content-Type-Options", &nosniff)
           != NGX_OK
        || ngx_http_gov_header(r, "Content-Security-Policy", &sandbox)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* RFC 6266, the name percent-encoded */

    a = gov_arena_new(1024);
    gov_buf_init(&b, a, 512);
    gov_buf_c(&b, ngx_http_gov_file_shown(page->file_type) ? "inline"
                                                           : "attachment");
    gov_buf_c(&b, "; filename*=UTF-8''");
    gov_buf_uri(&b, page->file_name);

    value.len = b.s.len;
    value.data = ngx_pstrdup(r->pool, (ngx_str_t *) &b.s);
    gov_arena_free(&a);

    if (value.data == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_gov_header(r, "Content-Disposition", &value);
}


/* nginx leads a range that is not there to the page of an error, which is no
 * attachment and has headers of its own */

static void
ngx_http_gov_file_forget(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    for (part = &r->headers_out.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (&h[i] != r->headers_out.content_range) {
                h[i].hash = 0;
            }
        }
    }

    r->headers_out.etag = NULL;
}


ngx_int_t
ngx_http_gov_file(ngx_http_request_t *r, gov_page_t *page)
{
    ngx_int_t                  rc;
    ngx_str_t                  path;
    ngx_buf_t                 *b;
    ngx_chain_t                out;
    ngx_http_gov_ctx_t        *ctx;
    ngx_open_file_info_t       of;
    ngx_http_gov_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_gov_module);
    ctx = ngx_http_gov_ctx(r);

    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_gov_file_open(r, page->file, &path, &of) != NGX_OK
        || !of.is_file)
    {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, of.err,
                      "gov attachment \"%V\" is not there", &path);
        return ngx_http_gov_visit_error(r, NGX_HTTP_NOT_FOUND);
    }

    if (ngx_http_gov_file_headers(r, page) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_gov_tag_first(r);
    ctx->copy = NGX_HTTP_GOV_PASS;

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = of.size;
    r->headers_out.last_modified_time = of.mtime;
    r->allow_ranges = 1;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->file = ngx_pcalloc(r->pool, sizeof(ngx_file_t));
    if (b->file == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_HTTP_RANGE_NOT_SATISFIABLE) {
        ngx_http_gov_file_forget(r);
        return rc;
    }

    ngx_http_gov_count(mcf, NGX_HTTP_GOV_PASS, r->headers_out.status);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only
        || (r != r->main && of.size == 0))
    {
        return rc;
    }

    b->file_pos = 0;
    b->file_last = of.size;
    b->in_file = b->file_last ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    b->file->fd = of.fd;
    b->file->name = path;
    b->file->log = r->connection->log;
    b->file->directio = of.is_directio;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}
