
/*
 * Copyright (C) ngx_gov authors
 *
 * Operation ids, hexadecimal, numbers, percent-encoding, UTF-8.
 */


#include "fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t        i;
    u_char        id[GOV_OPID_LEN], again[GOV_OPID_LEN];
    int64_t       v, w;
    gov_buf_t     b;
    gov_str_t     s, head;
    gov_arena_t  *a;

    a = gov_arena_new(1024);
    s = f_str(data, size);

    if (gov_opid_parse(s, id) == 0) {
        f_must(s.len == 32 || s.len == 36);
        f_must(gov_opid_parse(gov_hex_str(a, id, GOV_OPID_LEN), again) == 0);
        f_must(memcmp(id, again, GOV_OPID_LEN) == 0);
    }

    if (gov_unhex(id, s, GOV_OPID_LEN) == 0) {
        f_must(s.len == 32);
    }

    if (gov_str_int(s, &v) == 0) {
        f_must(gov_str_int(gov_str_fmt(a, "%lld", (long long) v), &w) == 0);
        f_must(v == w);
    }

    if (gov_slug_valid(s)) {
        f_must(s.len >= 1 && s.len <= 32 && gov_text_clean(s));
    }

    if (gov_text_clean(s)) {
        f_must(gov_utf8_valid(s));
    }

    for (i = 0; i <= 8; i++) {
        head = gov_utf8_head(s, i);
        f_must(head.len <= s.len && gov_utf8_chars(head) <= i);
        f_must(!gov_utf8_valid(s) || gov_utf8_valid(head));
    }

    gov_buf_init(&b, a, 64);
    gov_buf_html(&b, s);
    f_must(b.s.len == gov_escape_html_len(s));
    f_must(b.s.len == 0 || memchr(b.s.data, '<', b.s.len) == NULL);

    gov_buf_init(&b, a, 64);
    gov_buf_uri(&b, s);
    f_must(b.s.len <= s.len * 3);

    gov_arena_free(&a);

    return 0;
}
