
/*
 * Copyright (C) ngx_gov authors
 *
 * Template marks to Lua text: any template is compiled or refused.
 */


#include "script/gov_script_int.h"

#include "fuzz.h"


/* lines of the template are lines of the chunk: messages name them rightly */

static size_t
f_lines(gov_str_t s)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < s.len; i++) {
        n += s.data[i] == '\n';
    }

    return n;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned      i;
    gov_rc_t      rc;
    gov_str_t     text;
    gov_buf_t     lua;
    gov_err_t     err;
    gov_parts_t   parts;
    gov_arena_t  *a;

    a = gov_arena_new(4096);
    memset(&err, 0, sizeof(gov_err_t));
    memset(&parts, 0, sizeof(gov_parts_t));
    text = f_str(data, size);
    gov_buf_init(&lua, a, 256);

    rc = gov_template_compile(text, "views/f.html", &lua, &parts, &err);

    if (rc == GOV_OK) {
        f_must(f_lines(lua.s) <= f_lines(text));
        f_must(parts.n <= GOV_TEMPLATE_PARTS);

        for (i = 0; i < parts.n; i++) {
            f_must(parts.name[i].data >= text.data
                   && parts.name[i].data + parts.name[i].len
                      <= text.data + text.len);
        }

    } else {
        f_must(rc == GOV_INVALID && err.text[0] != '\0');
    }

    gov_arena_free(&a);

    return 0;
}
