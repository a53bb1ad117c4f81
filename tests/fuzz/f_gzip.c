
/*
 * Copyright (C) ngx_gov authors
 *
 * The gzip form of a page copy, unpacked for a client without gzip.
 */


#include "page/gov_page.h"

#include "fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_str_t       body;
    gov_page_t      p;
    gov_arena_t    *a;
    gov_variant_t  *v;

    a = gov_arena_new(4096);

    (void) gov_variant_inflate(a, f_str(data, size), &body);

    memset(&p, 0, sizeof(gov_page_t));
    p.body = f_str(data, size);
    v = gov_variant_open();
    gov_variant_make(v, a, &p);
    gov_variant_close(&v);

    if (p.gzip.len) {
        f_must(gov_variant_inflate(a, p.gzip, &body) == GOV_OK);
        f_must(gov_str_eq(body, p.body));
    }

    gov_arena_free(&a);

    return 0;
}
