
/*
 * Copyright (C) ngx_gov authors
 *
 * A password that the machine's operator gives to a new account, turned into
 * its sealed hash before the operation is queued: the journal never holds one.
 * On web.sock nobody gives another a password.
 */


#include "govd/govd_int.h"


static gov_rc_t govd_secret_password(govd_conf_t *conf, gov_arena_t *a,
    gov_op_t *op, gov_err_t *err);
static gov_rc_t govd_secret_check(gov_arena_t *a, gov_value_t *input,
    gov_str_t password, gov_err_t *err);


gov_rc_t
govd_secret_fill(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err)
{
    if (conf->key == NULL || op->door != GOV_DOOR_CTL
        || !gov_str_is(op->command, "user.create")
        || gov_member(op->input, "password") == NULL)
    {
        return GOV_OK;
    }

    return govd_secret_password(conf, a, op, err);
}


/* sealed for the login: an account has no number yet, and keeps its login */

static gov_rc_t
govd_secret_password(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err)
{
    gov_rc_t   rc;
    gov_str_t  password, phc, sealed;

    password = gov_get_str(op->input, "password");

    rc = govd_secret_check(a, op->input, password, err);

    if (rc == GOV_OK) {
        rc = gov_password_hash(a, &conf->passwords, password, &phc);
    }

    if (rc == GOV_OK) {
        rc = gov_seal(a, conf->key,
                      govd_secret_about(a, "password",
                                        gov_get_str(op->input, "login")),
                      phc, &sealed);
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "password", "密码没有设置成");
    }

    gov_unset(op->input, "password");
    gov_set(op->input, "secret", gov_val_str(a, sealed));

    return GOV_OK;
}


static gov_rc_t
govd_secret_check(gov_arena_t *a, gov_value_t *input, gov_str_t password,
    gov_err_t *err)
{
    gov_str_t  about[3];

    about[0] = gov_get_str(input, "login");
    about[1] = gov_get_str(input, "name");
    about[2] = gov_get_str(input, "unit");

    return gov_password_check(a, password, about, 3, err);
}


/* "password wang", what a sealed text of an account is bound to */

gov_str_t
govd_secret_about(gov_arena_t *a, const char *what, gov_str_t login)
{
    return gov_str_fmt(a, "%s %.*s", what, gov_strf(login));
}
