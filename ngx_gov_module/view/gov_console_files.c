
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


gov_rc_t
gov_console_bring(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;
    gov_judge_t   j;

    in = gov_map(c->arena);
    gov_put_str(c->arena, in, "site",
                gov_code_canon(c->arena, gov_get_str(c->args, "site")));

    rc = gov_signed(c->txn, c->arena, c->token, c->now, &c->me);

    if (rc == GOV_OK && c->me.is == GOV_SIGNED_NOT) {
        c->status = 401;
        return gov_fail(err, GOV_DENIED, "", "请先登录");
    }

    if (rc == GOV_OK && c->me.is == GOV_SIGNED_PART) {
        rc = gov_fail(err, GOV_DENIED, "", "登录尚未完成");
    }

    if (rc == GOV_OK && gov_get_str(c->args, "site").len) {
        j.txn = c->txn;
        j.arena = c->arena;
        j.who = &c->me.who;
        j.err = err;
        j.now = c->now;

        rc = gov_judge(&j, GOV_SCOPE_SITE, GOV_RIGHT_DOC_WRITE, in,
                       GOV_ANY_COLUMN);
    }

    c->status = rc == GOV_OK ? 0 : gov_rc_status(rc);

    return rc;
}
