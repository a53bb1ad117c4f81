
/*
 * Copyright (C) ngx_gov authors
 *
 * Fields of a form or a query that a page shows again: written as a browser
 * writes them they are the same.
 */


#include "fuzz.h"


static void
f_coded(gov_buf_t *b, gov_str_t text)
{
    size_t  i;

    f_must(gov_text_json(text));

    for (i = 0; i < text.len; i++) {

        if (text.data[i] == '\n') {
            gov_buf_c(b, "%0D%0A");

        } else if (text.data[i] == ' ') {
            gov_buf_c(b, "+");

        } else {
            gov_buf_uri(b, (gov_str_t) { 1, text.data + i });
        }
    }
}


static void
f_field(gov_buf_t *b, gov_str_t name, gov_str_t text)
{
    gov_buf_c(b, b->s.len ? "&" : "");
    f_coded(b, name);
    gov_buf_c(b, "=");
    f_coded(b, text);
}


static gov_str_t
f_written(gov_arena_t *a, gov_value_t *form)
{
    gov_buf_t     b;
    gov_value_t  *v, *item;

    gov_buf_init(&b, a, 256);

    gov_each (v, form) {
        f_must(v->key.len != 0);

        if (v->kind == GOV_STR) {
            f_field(&b, v->key, v->u.s);
            continue;
        }

        f_must(v->kind == GOV_LIST && v->n > 1);

        gov_each (item, v) {
            f_must(item->kind == GOV_STR);
            f_field(&b, v->key, item->u.s);
        }
    }

    return b.s;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_str_t     once;
    gov_arena_t  *a;
    gov_value_t  *form, *again;

    a = gov_arena_new(4096);

    form = gov_form_fields(a, f_str(data, size));
    once = f_json(a, form, 0);
    f_must(gov_json_parse(a, once, &again, NULL) == GOV_OK);

    again = gov_form_fields(a, f_written(a, form));
    f_must(gov_str_eq(f_json(a, again, 0), once));

    gov_arena_free(&a);

    return 0;
}
