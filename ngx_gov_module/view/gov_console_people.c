
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of accounts and roles.
 */


#include "view/gov_console_int.h"


#define GOV_CONSOLE_USERS  50


static gov_rc_t gov_console_users(gov_console_t *c, gov_value_t *in,
    gov_err_t *err);
static gov_rc_t gov_console_role_list(gov_console_t *c, gov_err_t *err);
static gov_value_t *gov_console_named(gov_console_t *c, const char *param);


gov_rc_t
gov_console_people(gov_console_t *c, gov_err_t *err)
{
    if (gov_console_somewhere(c, GOV_RIGHT_PEOPLE_MANAGE)) {
        gov_put_bool(c->arena, c->out, "may_manage", 1);
    }

    return gov_console_users(c, gov_console_args(c, "after"), err);
}


/* sites that lack somebody */

gov_rc_t
gov_console_gaps(gov_console_t *c, gov_err_t *err)
{
    gov_value_t  *in;

    in = gov_console_args(c, "after");
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_USERS);

    return gov_console_ask(c, "people.gaps", in, "gaps", err);
}


gov_rc_t
gov_console_site_people(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *in;

    in = gov_console_args(c, "after");
    gov_put_str(c->arena, in, "site", c->site.rec.code);

    rc = gov_console_users(c, in, err);

    if (rc == GOV_OK) {
        rc = gov_console_role_list(c, err);
    }

    return rc == GOV_OK ? gov_console_choices(c, err) : rc;
}


static gov_rc_t
gov_console_users(gov_console_t *c, gov_value_t *in, gov_err_t *err)
{
    gov_put_int(c->arena, in, "limit", GOV_CONSOLE_USERS);

    return gov_console_ask(c, "user.list", in, "users", err);
}


static gov_rc_t
gov_console_role_list(gov_console_t *c, gov_err_t *err)
{
    return gov_console_ask(c, "role.list", gov_map(c->arena), "roles", err);
}


gov_rc_t
gov_console_user_new(gov_console_t *c, gov_err_t *err)
{
    return gov_console_role_list(c, err);
}


gov_rc_t
gov_console_user(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_console_ask(c, "user.get", gov_console_named(c, "user"), "user",
                         err);

    if (gov_str_eq(gov_get_str(c->params, "user"), c->me.account.rec.login)) {
        gov_put_bool(c->arena, c->out, "own", 1);
    }

    return rc == GOV_OK ? gov_console_role_list(c, err) : rc;
}


gov_rc_t
gov_console_account(gov_console_t *c, gov_err_t *err)
{
    gov_put_str(c->arena, c->out, "here",
                gov_hex_str(c->arena, c->me.session.hash, GOV_DIGEST_LEN));

    return gov_console_ask(c, "me.get", gov_map(c->arena), "user", err);
}


gov_rc_t
gov_console_account_factor(gov_console_t *c, gov_err_t *err)
{
    return gov_console_account(c, err);
}


gov_rc_t
gov_console_roles(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t  rc;

    if (gov_console_may(c, GOV_RIGHT_ROLE_MANAGE, GOV_HUB, 0)) {
        gov_put_bool(c->arena, c->out, "may_manage", 1);
    }

    rc = gov_console_role_list(c, err);

    return rc == GOV_OK ? gov_console_ask(c, "right.list", gov_map(c->arena),
                                          "rights", err)
                        : rc;
}


gov_rc_t
gov_console_role(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_console_roles(c, err);

    return rc == GOV_OK ? gov_console_ask(c, "role.get",
                                          gov_console_named(c, "role"),
                                          "role", err)
                        : rc;
}


static gov_value_t *
gov_console_named(gov_console_t *c, const char *param)
{
    gov_value_t  *in;

    in = gov_map(c->arena);
    gov_put_str(c->arena, in, param, gov_get_str(c->params, param));

    return in;
}
