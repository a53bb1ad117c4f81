
/*
 * Copyright (C) ngx_gov authors
 *
 * A person's own mail address: given by who is signed in and proves the
 * password once more.  A wrong one is counted like one at the sign-in; the
 * session stays what it is.
 */


#include "govd/govd_sign.h"


static void govd_self_prove(void *data);
static void govd_self_command(govd_request_t *r);
static void govd_self_done(govd_request_t *r);


void
govd_sign_mail(govd_request_t *r)
{
    if (govd_sign_form(r) == 0 && govd_sign_session(r) == 0
        && govd_sign_old(r) == 0)
    {
        govd_sign_slowly(r, govd_self_prove);
    }
}


/* in the pool */

static void
govd_self_prove(void *data)
{
    int              same;
    govd_request_t  *r = data;
    govd_sign_t     *s = r->sign;

    if (gov_password_verify(r->arena, &r->g->conf->passwords, s->phc,
                            s->old, &same)
        == GOV_OK)
    {
        govd_self_command(r);

    } else {
        (void) govd_sign_fail(r);
    }

    if (r->answer.status) {
        govd_door_wake(r);
        return;
    }

    govd_door_put(r);
}


static void
govd_self_command(govd_request_t *r)
{
    gov_value_t  *input;
    govd_sign_t  *s = r->sign;

    if (govd_sign_op(r, "account.mail", &input) != 0) {
        return;
    }

    gov_put_str(r->arena, input, "user", s->account.rec.login);
    gov_put_some(r->arena, input, "mail", govd_form_str(r, "mail"));
    gov_put_str(r->arena, input, "address", govd_web_address(r));
    govd_sign_was(r, input, "secret_was", s->account.rec.secret);

    r->after = govd_self_done;
}


static void
govd_self_done(govd_request_t *r)
{
    if (r->job.rc == GOV_OK) {
        govd_sign_said(r);
    }
}
