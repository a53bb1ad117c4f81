
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of who is not signed in yet.
 */


#include "view/gov_console_int.h"


/* a path of the console alone: a link must not lead out of it */

static gov_str_t
gov_console_way(gov_console_t *c)
{
    gov_str_t  to;

    to = gov_console_arg(c, "to");

    return gov_url_below(to, GOV_CONSOLE_BASE) ? to : gov_s(GOV_CONSOLE_BASE);
}


gov_rc_t
gov_console_sign_in(gov_console_t *c, gov_err_t *err)
{
    (void) err;

    if (c->me.is != GOV_SIGNED_NOT && c->problem == NULL) {
        return gov_console_go(c, gov_console_way(c));
    }

    gov_put_str(c->arena, c->out, "way", gov_console_way(c));

    return GOV_OK;
}


gov_rc_t
gov_console_sign_in_code(gov_console_t *c, gov_err_t *err)
{
    (void) err;

    gov_put_str(c->arena, c->out, "way", gov_console_way(c));

    return GOV_OK;
}


gov_rc_t
gov_console_sign_in_password(gov_console_t *c, gov_err_t *err)
{
    return gov_console_sign_in_code(c, err);
}


/* who was given the role in mid-session proves that they still are who signed
 * in */

gov_rc_t
gov_console_sign_in_factor(gov_console_t *c, gov_err_t *err)
{
    gov_put_bool(c->arena, c->out, "proof",
                 c->me.session.rec.stage == GOV_STAGE_FULL);

    return gov_console_sign_in_code(c, err);
}


gov_rc_t
gov_console_invite(gov_console_t *c, gov_err_t *err)
{
    (void) err;

    gov_put_str(c->arena, c->out, "token", gov_console_arg(c, "token"));

    return GOV_OK;
}
