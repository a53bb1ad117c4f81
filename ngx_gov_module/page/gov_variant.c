
/*
 * Copyright (C) ngx_gov authors
 *
 * The compressed forms of a page, made once: gzip 6 and brotli 5 (what a
 * page of ten kilobytes gains at higher levels does not pay for their time).
 */


#include "page/gov_page.h"

#include <zlib.h>
#include <brotli/encode.h>


#define GOV_GZIP_LEVEL    6
#define GOV_BROTLI_LEVEL  5
#define GOV_VARIANT_MIN   256           /* bytes worth compressing */
#define GOV_INFLATE_MAX   (16 * 1024 * 1024)


static void
gov_variant_gzip(gov_arena_t *a, gov_page_t *p)
{
    z_stream  z;
    gov_str_t  out;

    memset(&z, 0, sizeof(z_stream));

    if (deflateInit2(&z, GOV_GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8,
                     Z_DEFAULT_STRATEGY)
        != Z_OK)
    {
        return;
    }

    out.len = deflateBound(&z, p->body.len);
    out.data = gov_alloc(a, out.len);

    if (!gov_arena_failed(a)) {
        z.next_in = p->body.data;
        z.avail_in = p->body.len;
        z.next_out = out.data;
        z.avail_out = out.len;

        if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
            p->gzip.data = out.data;
            p->gzip.len = z.total_out;
        }
    }

    (void) deflateEnd(&z);
}


static void
gov_variant_brotli(gov_arena_t *a, gov_page_t *p)
{
    size_t   len;
    u_char  *out;

    len = BrotliEncoderMaxCompressedSize(p->body.len);
    out = gov_alloc(a, len);

    if (gov_arena_failed(a)) {
        return;
    }

    if (BrotliEncoderCompress(GOV_BROTLI_LEVEL, BROTLI_DEFAULT_WINDOW,
                              BROTLI_MODE_TEXT, p->body.len, p->body.data,
                              &len, out)
        == BROTLI_TRUE)
    {
        p->br.data = out;
        p->br.len = len;
    }
}


void
gov_variant_make(gov_arena_t *a, gov_page_t *p)
{
    if (p->body.len < GOV_VARIANT_MIN) {
        return;
    }

    gov_variant_gzip(a, p);

    if (p->gzip.len) {
        gov_variant_brotli(a, p);
    }
}


/* the length stands in the last four bytes of a gzip member (RFC 1952) */

gov_rc_t
gov_variant_inflate(gov_arena_t *a, gov_str_t gzip, gov_str_t *body)
{
    int        rc;
    u_char    *p;
    z_stream   z;

    if (gzip.len < 18) {
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

    memset(&z, 0, sizeof(z_stream));

    if (inflateInit2(&z, 15 + 16) != Z_OK) {
        return GOV_ERROR;
    }

    z.next_in = gzip.data;
    z.avail_in = gzip.len;
    z.next_out = body->data;
    z.avail_out = body->len;

    rc = inflate(&z, Z_FINISH);
    (void) inflateEnd(&z);

    return rc == Z_STREAM_END ? GOV_OK : GOV_CORRUPT;
}
