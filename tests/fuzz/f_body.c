
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies: what comes out is safe, judged by a reader of its own, and read by
 * the parser again comes out the same, what needed no parser too.  First
 * byte: m is Markdown, else HTML.
 */


#include "content/gov_body_int.h"
#include "content/t_safe.h"

#include "fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_rc_t      rc;
    gov_str_t     source, html, again;
    gov_err_t     err;
    gov_arena_t  *a;

    if (size == 0) {
        return 0;
    }

    a = gov_arena_new(16384);
    memset(&err, 0, sizeof(gov_err_t));
    source = f_str(data + 1, size - 1);

    rc = gov_body_html(a, data[0] == 'm' ? gov_s("md") : gov_s("html"),
                       source, &html, &err);

    if (rc == GOV_OK) {
        if (!t_safe(gov_str_c(a, html))) {
            f_broken(t_why, __FILE__, __LINE__);
        }

        f_must(memchr(html.data, '\0', html.len) == NULL);
        f_must(gov_utf8_valid(html));
        f_must(gov_body_clean(a, html, &again, &err) == GOV_OK);
        f_must(gov_str_eq(html, again));

    } else {
        f_must(rc == GOV_INVALID && err.text[0] != '\0');
    }

    gov_arena_free(&a);

    return 0;
}
