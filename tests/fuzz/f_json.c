
/*
 * Copyright (C) ngx_gov authors
 *
 * JSON: what is read and written again is the same.
 */


#include "fuzz.h"


static void
f_again(gov_arena_t *a, gov_value_t *v, unsigned flags)
{
    gov_str_t     text;
    gov_value_t  *w;

    text = f_json(a, v, flags);
    f_must(gov_json_parse(a, text, &w, NULL) == GOV_OK);
    f_must(gov_str_eq(f_json(a, w, flags), text));
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_rc_t      rc;
    gov_err_t     err;
    gov_arena_t  *a;
    gov_value_t  *v;

    a = gov_arena_new(4096);
    memset(&err, 0, sizeof(gov_err_t));

    rc = gov_json_parse(a, f_str(data, size), &v, &err);

    if (rc == GOV_OK) {
        f_again(a, v, 0);
        f_again(a, v, GOV_JSON_CANON);
        f_again(a, v, GOV_JSON_PRETTY);
        f_again(a, v, GOV_JSON_HTML);

        f_must(gov_str_eq(f_json(a, gov_value_copy(a, v), 0),
                          f_json(a, v, 0)));

    } else {
        f_must(rc == GOV_INVALID && err.text[0] != '\0');
        f_must(gov_utf8_valid(gov_str_of(err.text)));
        f_must(gov_utf8_valid(gov_str_of(err.field)));
    }

    gov_arena_free(&a);

    return 0;
}
