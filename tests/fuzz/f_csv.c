
/*
 * Copyright (C) ngx_gov authors
 *
 * CSV, and the encodings it comes in: fields written again are the same.
 */


#include "fuzz.h"


#define F_FIELDS  8


static void
f_quote(gov_buf_t *b, gov_str_t s)
{
    size_t  i;

    gov_buf_c(b, "\"");

    for (i = 0; i < s.len; i++) {
        gov_buf_add(b, s.data + i, 1);

        if (s.data[i] == '"') {
            gov_buf_c(b, "\"");
        }
    }

    gov_buf_c(b, "\"");
}


static void
f_again(gov_arena_t *a, gov_str_t *fields, unsigned n)
{
    unsigned    i, m;
    gov_buf_t   b;
    gov_str_t   again[F_FIELDS];

    gov_buf_init(&b, a, 256);

    for (i = 0; i < n; i++) {
        gov_buf_c(&b, i ? "," : "");
        f_quote(&b, fields[i]);
    }

    f_must(gov_csv_next(a, &b.s, again, F_FIELDS, &m, NULL) == GOV_OK);
    f_must(m == n && b.s.len == 0);

    for (i = 0; i < n; i++) {
        f_must(gov_str_eq(again[i], fields[i]));
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int           converted;
    size_t        left;
    unsigned      n;
    gov_rc_t      rc;
    gov_str_t     text, fields[F_FIELDS];
    gov_err_t     err;
    gov_arena_t  *a;

    a = gov_arena_new(4096);
    memset(&err, 0, sizeof(gov_err_t));
    text = f_str(data, size);

    rc = gov_text_utf8(a, &text, &converted, &err);

    if (rc == GOV_OK) {
        f_must(gov_utf8_valid(text));

        do {
            left = text.len;
            rc = gov_csv_next(a, &text, fields, F_FIELDS, &n, &err);

            if (rc == GOV_OK) {
                f_must(n >= 1 && n <= F_FIELDS && text.len < left);
                f_again(a, fields, n);
            }

        } while (rc == GOV_OK);
    }

    f_must(rc == GOV_DONE || (rc == GOV_INVALID && err.text[0] != '\0'));

    gov_arena_free(&a);

    return 0;
}
