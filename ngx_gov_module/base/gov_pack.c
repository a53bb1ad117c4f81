
/*
 * Copyright (C) ngx_gov authors
 *
 * Packed bytes, see gov_pack.h.
 *
 * The length that a reader states may be foreign: deflate makes at most 1032
 * bytes of one, so that no more memory is taken than the bytes can fill.
 */


#include <libdeflate.h>

#include "base/gov_base.h"


#define GOV_PACK_LEVEL  6
#define GOV_PACK_MOST   1032


gov_rc_t
gov_pack(gov_arena_t *a, gov_str_t s, gov_str_t *packed)
{
    struct libdeflate_compressor  *c;

    if (s.len < 2) {
        return GOV_DONE;
    }

    c = libdeflate_alloc_compressor(GOV_PACK_LEVEL);
    if (c == NULL) {
        gov_out_of_memory();
    }

    packed->data = gov_alloc(a, s.len - 1);
    packed->len = gov_arena_failed(a) ? 0
                  : libdeflate_zlib_compress(c, s.data, s.len, packed->data,
                                             s.len - 1);

    libdeflate_free_compressor(c);

    return packed->len ? GOV_OK : GOV_DONE;
}


gov_rc_t
gov_unpack(gov_arena_t *a, gov_str_t packed, size_t len, gov_str_t *s)
{
    size_t                            used;
    enum libdeflate_result            rc;
    struct libdeflate_decompressor   *d;

    if (len == 0 || len / GOV_PACK_MOST > packed.len) {
        return GOV_CORRUPT;
    }

    s->len = len;
    s->data = gov_alloc(a, len + 1);

    if (gov_arena_failed(a)) {
        return GOV_FULL;
    }

    d = libdeflate_alloc_decompressor();
    if (d == NULL) {
        gov_out_of_memory();
    }

    rc = libdeflate_zlib_decompress_ex(d, packed.data, packed.len, s->data,
                                       len, &used, NULL);
    libdeflate_free_decompressor(d);

    s->data[len] = '\0';

    return rc == LIBDEFLATE_SUCCESS && used == packed.len ? GOV_OK
                                                          : GOV_CORRUPT;
}
