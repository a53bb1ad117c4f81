
/*
 * Copyright (C) ngx_gov authors
 *
 * Accept-Encoding as a client says it.
 */


#include <strings.h>

#include "page/gov_page.h"

#include "fuzz.h"


static int
f_named(gov_str_t s, const char *name)
{
    size_t  i, n;

    n = strlen(name);

    for (i = 0; i + n <= s.len; i++) {
        if (strncasecmp((char *) s.data + i, name, n) == 0) {
            return 1;
        }
    }

    return 0;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned      codings, again;
    gov_str_t     s, longer;
    gov_arena_t  *a;

    s = f_str(data, size);
    codings = gov_accept(s);

    f_must((codings & ~(GOV_COPY_GZIP | GOV_COPY_BR)) == 0);
    f_must(!(codings & GOV_COPY_BR) || f_named(s, "br"));
    f_must(!(codings & GOV_COPY_GZIP) || f_named(s, "gzip"));

    /* a further coding takes nothing away */

    a = gov_arena_new(1024);
    longer = gov_str_cat(a, s, gov_s(", identity"));
    again = gov_accept(longer);
    f_must((again & codings) == codings);
    gov_arena_free(&a);

    return 0;
}
