
/*
 * Copyright (C) ngx_gov authors
 *
 * base64url without padding (RFC 4648, 5), by OpenSSL's base64.
 */


#include <openssl/evp.h>

#include "base/gov_base.h"


static void gov_base64_swap(gov_str_t s, const char *from, const char *to);


void
gov_buf_base64url(gov_buf_t *b, gov_str_t s)
{
    gov_str_t  out;

    out.data = gov_alloc(b->arena, (s.len + 2) / 3 * 4 + 1);
    out.len = EVP_EncodeBlock(out.data, s.data, (int) s.len);

    while (out.len && out.data[out.len - 1] == '=') {
        out.len--;
    }

    gov_base64_swap(out, "+/", "-_");
    gov_buf_str(b, out);
}


/*
 * The library takes spaces and stray bits at the end; written again, only
 * what this file would have written is the same.
 */

int
gov_unbase64url(gov_arena_t *a, gov_str_t s, gov_str_t *out)
{
    int         n;
    size_t      pad;
    gov_buf_t   again;
    gov_str_t   text;

    pad = (4 - s.len % 4) % 4;

    if (s.len == 0 || pad == 3 || s.len > INT32_MAX / 2) {
        return -1;
    }

    text.len = s.len + pad;
    text.data = gov_alloc(a, text.len);
    memcpy(text.data, s.data, s.len);
    memset(text.data + s.len, '=', pad);
    gov_base64_swap(text, "-_", "+/");

    out->data = gov_alloc(a, text.len / 4 * 3);
    n = EVP_DecodeBlock(out->data, text.data, (int) text.len);

    if (n < (int) pad) {
        return -1;
    }

    out->len = (size_t) n - pad;

    gov_buf_init(&again, a, text.len);
    gov_buf_base64url(&again, *out);

    return gov_str_eq(again.s, s) ? 0 : -1;
}


static void
gov_base64_swap(gov_str_t s, const char *from, const char *to)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (s.data[i] == from[0]) {
            s.data[i] = to[0];

        } else if (s.data[i] == from[1]) {
            s.data[i] = to[1];
        }
    }
}
