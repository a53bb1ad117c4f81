
/*
 * Copyright (C) ngx_gov authors
 *
 * The compressed forms of a page, made once: gzip 6 and brotli 5 (what a
 * page of ten kilobytes gains at higher levels does not pay for their time;
 * brotli 4 is no smaller than gzip).
 */


#include <stdlib.h>

#include "page/gov_page.h"

#include <brotli/encode.h>
#include <libdeflate.h>


#define GOV_GZIP_LEVEL    6
#define GOV_BROTLI_LEVEL  5
#define GOV_GZIP_MIN      18            /* bytes of an empty member */
#define GOV_VARIANT_MIN   256           /* bytes worth compressing */
#define GOV_INFLATE_MAX   (16 * 1024 * 1024)


struct gov_variant_s {
    struct libdeflate_compressor  *gzip;
};


gov_variant_t *
gov_variant_open(void)
{
    gov_variant_t  *v;

    v = malloc(sizeof(gov_variant_t));

    if (v == NULL) {
        return NULL;
    }

    v->gzip = libdeflate_alloc_compressor(GOV_GZIP_LEVEL);

    if (v->gzip == NULL) {
        free(v);
        return NULL;
    }

    return v;
}


void
gov_variant_close(gov_variant_t **v)
{
    if (*v != NULL) {
        libdeflate_free_compressor((*v)->gzip);
        free(*v);
        *v = NULL;
    }
}


gov_str_t
gov_variant_gzip(gov_variant_t *v, gov_arena_t *a, gov_str_t body)
{
    size_t     size;
    gov_str_t  out;

    if (v == NULL || body.len < GOV_VARIANT_MIN) {
        return (gov_str_t) gov_null_string;
    }

    size = libdeflate_gzip_compress_bound(v->gzip, body.len);
    out.data = gov_alloc(a, size);
    out.len = gov_arena_failed(a)
              ? 0
              : libdeflate_gzip_compress(v->gzip, body.data, body.len,
                                         out.data, size);
    return out;
}


gov_str_t
gov_variant_brotli(gov_arena_t *a, gov_str_t body)
{
    gov_str_t  out;

    out.len = BrotliEncoderMaxCompressedSize(body.len);
    out.data = gov_alloc(a, out.len);

    if (gov_arena_failed(a)
        || BrotliEncoderCompress(GOV_BROTLI_LEVEL, BROTLI_DEFAULT_WINDOW,
                                 BROTLI_MODE_TEXT, body.len, body.data,
                                 &out.len, out.data)
           != BROTLI_TRUE)
    {
        out.len = 0;
    }

    return out;
}


void
gov_variant_make(gov_variant_t *v, gov_arena_t *a, gov_page_t *p)
{
    p->gzip = gov_variant_gzip(v, a, p->body);

    if (p->gzip.len) {
        p->br = gov_variant_brotli(a, p->body);
    }
}


/* the length stands in the last four bytes of a gzip member (RFC 1952) */

gov_rc_t
gov_variant_inflate(gov_arena_t *a, gov_str_t gzip, gov_str_t *body)
{
    u_char                          *p;
    enum libdeflate_result           rc;
    struct libdeflate_decompressor  *d;

    if (gzip.len < GOV_GZIP_MIN) {
        return GOV_CORRUPT;
    }

    p = gzip.data + gzip.len - 4;
    body->len = p[0] | p[1] << 8 | p[2] << 16 | (size_t) p[3] << 24;

    if (body->len > GOV_INFLATE_MAX) {
        return GOV_CORRUPT;
    }

    body->data = gov_alloc(a, body->len);

    if (gov_arena_failed(a)) {
        return GOV_ERROR;
    }

    d = libdeflate_alloc_decompressor();
    if (d == NULL) {
        return GOV_ERROR;
    }

    rc = libdeflate_gzip_decompress(d, gzip.data, gzip.len, body->data,
                                    body->len, NULL);
    libdeflate_free_decompressor(d);

    return rc == LIBDEFLATE_SUCCESS ? GOV_OK : GOV_CORRUPT;
}
