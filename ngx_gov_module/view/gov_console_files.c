
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of a site's library.
 */


#include "view/gov_console_int.h"


#define GOV_CONSOLE_FILES  50


static void gov_console_may_write(gov_console_t *c);


gov_rc_t
gov_console_files(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_args(c, "kind state name after");
    gov_put_str(c->arena, in, "site", c->site.rec.code);
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_FILES);

    gov_console_may_write(c);

    return gov_console_ask(c, "file.list", in, "files", err);
}


gov_rc_t
gov_console_media(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_here(c);
    gov_put_str(c->arena, in, "digest", gov_get_str(c->params, "digest"));

    gov_console_may_write(c);

    return gov_console_ask(c, "file.get", in, "file", err);
}


/* as the commands ask: in any column of the site */

static void
gov_console_may_write(gov_console_t *c)
{
    if (gov_console_may(c, GOV_RIGHT_DOC_WRITE, c->site.id, GOV_ANY_COLUMN)) {
        gov_put_bool(c->arena, c->out, "may_write", 1);
    }
}
