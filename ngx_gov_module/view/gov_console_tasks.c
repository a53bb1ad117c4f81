
/*
 * Copyright (C) ngx_gov authors
 *
 * What waits: for who is signed in, across their sites, and for its time;
 * what they are told, and what mail does not reach them.
 */


#include "view/gov_console_int.h"


#define GOV_CONSOLE_TASKS  50


gov_rc_t
gov_console_tasks(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    in = gov_console_args(c, "step site after");
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_TASKS);

    rc = gov_console_ask(c, "task.list", in, "tasks", err);

    if (rc == GOV_OK) {
        rc = gov_console_ask(c, "task.count", gov_console_args(c, "site"),
                             "count", err);
    }

    return rc == GOV_OK ? gov_console_ask(c, "me.get", gov_map(c->arena),
                                          "mine", err)
                        : rc;
}


gov_rc_t
gov_console_notices(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    in = gov_console_args(c, "after");
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_TASKS);

    rc = gov_console_ask(c, "notice.list", in, "notices", err);

    return rc == GOV_OK ? gov_console_ask(c, "notice.rule",
                                          gov_map(c->arena), "rule", err)
                        : rc;
}


gov_rc_t
gov_console_mails(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_args(c, "after");
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_TASKS);

    return gov_console_ask(c, "mail.list", in, "mails", err);
}


gov_rc_t
gov_console_schedule(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_args(c, "after");
    gov_put_str(c->arena, in, "site", c->site.rec.code);
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_TASKS);

    return gov_console_ask(c, "schedule.list", in, "schedule", err);
}
