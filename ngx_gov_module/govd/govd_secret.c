
/*
 * Copyright (C) ngx_gov authors
 *
 * What the doors make of a secret before an operation is queued, so that the
 * journal never holds one:
 *
 *     user.create   "password" (ctl.sock alone) becomes "secret", sealed
 *     user.create   without one, and user.invite: "invite" is the hash of a
 *     user.invite   one-time link's token
 *
 * The token is derived from the key and the operation's id: asked again with
 * the same id, the same link is told; who reads the store or the journal
 * cannot make it.
 */


#include "govd/govd_int.h"


static gov_rc_t govd_secret_password(govd_conf_t *conf, gov_arena_t *a,
    gov_op_t *op, gov_err_t *err);
static gov_rc_t govd_secret_check(gov_arena_t *a, gov_value_t *input,
    gov_str_t password, gov_err_t *err);
static gov_rc_t govd_secret_invite(govd_conf_t *conf, gov_arena_t *a,
    gov_op_t *op);
static gov_rc_t govd_secret_token(govd_conf_t *conf, gov_arena_t *a,
    gov_op_t *op, u_char token[GOV_TOKEN_LEN], gov_str_t *hash);


gov_rc_t
govd_secret_fill(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err)
{
    gov_rc_t  rc;
    int       create;

    create = gov_str_is(op->command, "user.create");

    if (conf->key == NULL
        || (!create && !gov_str_is(op->command, "user.invite")))
    {
        return GOV_OK;
    }

    if (create && op->door == GOV_DOOR_CTL
        && gov_member(op->input, "password"))
    {
        return govd_secret_password(conf, a, op, err);
    }

    rc = govd_secret_invite(conf, a, op);

    return rc == GOV_OK ? rc : gov_fail(err, rc, "", "一次性链接没有生成");
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


static gov_rc_t
govd_secret_invite(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op)
{
    u_char     token[GOV_TOKEN_LEN];
    gov_rc_t   rc;
    gov_str_t  hash;

    rc = govd_secret_token(conf, a, op, token, &hash);

    if (rc == GOV_OK) {
        gov_set(op->input, "invite", gov_val_str(a, hash));
    }

    return rc;
}


static gov_rc_t
govd_secret_token(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    u_char token[GOV_TOKEN_LEN], gov_str_t *hash)
{
    u_char     digest[GOV_DIGEST_LEN];
    gov_rc_t   rc;
    gov_str_t  about;

    about = gov_str_cat(a, gov_s("invite "), gov_opid_str(a, op->id));

    rc = gov_seal_derive(conf->key, about, token);

    if (rc == GOV_OK) {
        rc = gov_digest(GOV_SHA256, (gov_str_t) { GOV_TOKEN_LEN, token },
                        digest);
    }

    *hash = gov_hex_str(a, digest, GOV_DIGEST_LEN);

    return rc;
}


/* a verdict with the hash of this operation's link also gets the link */

gov_str_t
govd_secret_tell(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_str_t body)
{
    u_char        token[GOV_TOKEN_LEN];
    gov_buf_t     b;
    gov_str_t     hash;
    gov_value_t  *v;

    if (conf->key == NULL || !gov_str_starts(op->command, "user.")
        || gov_json_parse(a, body, &v, NULL) != GOV_OK
        || gov_get_str(v, "invite").len == 0
        || govd_secret_token(conf, a, op, token, &hash) != GOV_OK
        || !gov_str_eq(gov_get_str(v, "invite"), hash))
    {
        return body;
    }

    gov_buf_init(&b, a, 128);
    gov_buf_fmt(&b, "/console/invite?token=%lld.",
                (long long) gov_get_int(v, "number", 0));
    gov_buf_base64url(&b, (gov_str_t) { GOV_TOKEN_LEN, token });
    gov_put_str(a, v, "link", b.s);
    gov_unset(v, "invite");

    gov_buf_init(&b, a, body.len + 128);
    gov_json_write(&b, v, 0);

    return b.s;
}


/* "password wang", what a sealed text of an account is bound to */

gov_str_t
govd_secret_about(gov_arena_t *a, const char *what, gov_str_t login)
{
    return gov_str_fmt(a, "%s %.*s", what, gov_strf(login));
}
