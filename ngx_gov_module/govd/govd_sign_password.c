
/*
 * Copyright (C) ngx_gov authors
 *
 * A new password: chosen by who is signed in (with the old one) or must renew
 * it, or by who came with a one-time link.
 */


#include "govd/govd_sign.h"


static int govd_new_read(govd_request_t *r);
static int govd_new_unseal(govd_request_t *r);
static void govd_new_hash(void *data);
static int govd_new_prove(govd_request_t *r);
static void govd_new_command(govd_request_t *r);
static void govd_new_problem(govd_request_t *r, const char *field,
    const char *text);
static int govd_invite_find(govd_request_t *r);


void
govd_sign_password(govd_request_t *r)
{
    int  rc;

    if (govd_sign_form(r) != 0 || govd_sign_session(r) != 0) {
        return;
    }

    rc = r->stage == GOV_STAGE_FULL ? govd_sign_old(r) : govd_new_unseal(r);

    if (rc == 0 && govd_new_read(r) == 0) {
        govd_sign_slowly(r, govd_new_hash);
    }
}


int
govd_sign_old(govd_request_t *r)
{
    govd_sign_t  *s = r->sign;

    s->old = govd_form_str(r, "old");

    if (s->old.len == 0) {
        govd_new_problem(r, "old", "请输入原密码");
        return -1;
    }

    return govd_new_unseal(r);
}


void
govd_sign_invite(govd_request_t *r)
{
    if (govd_sign_form(r) != 0 || govd_invite_find(r) != 0
        || govd_new_read(r) != 0)
    {
        return;
    }

    r->sign->phc = r->g->dummy;
    govd_sign_slowly(r, govd_new_hash);
}


/* judged before it is hashed */

static int
govd_new_read(govd_request_t *r)
{
    gov_err_t           err;
    gov_str_t           about[5];
    govd_sign_t        *s = r->sign;
    gov_account_rec_t  *rec;

    rec = &s->account.rec;
    s->password = govd_form_str(r, "password");

    if (!gov_str_eq(s->password, govd_form_str(r, "again"))) {
        govd_new_problem(r, "again", "两次输入的密码不同");
        return -1;
    }

    about[0] = rec->login;
    about[1] = rec->name;
    about[2] = rec->unit;
    about[3] = rec->phone;
    about[4] = rec->mail;

    memset(&err, 0, sizeof(gov_err_t));

    if (gov_password_check(r->arena, s->password, about, 5, &err) != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &err);
        return -1;
    }

    return 0;
}


static int
govd_new_unseal(govd_request_t *r)
{
    govd_sign_t  *s = r->sign;

    if (govd_sign_unseal(r, "password", s->account.rec.secret, &s->phc)
        == GOV_OK)
    {
        return 0;
    }

    govd_answer_problem(r->arena, &r->answer, 500, "error", "",
                        "账号的密文无法解开，请联系平台管理员");

    return -1;
}


/* in the pool */

static void
govd_new_hash(void *data)
{
    govd_request_t  *r = data;

    if (govd_new_prove(r) == 0) {
        govd_new_command(r);
    }

    if (r->answer.status) {
        govd_door_wake(r);
        return;
    }

    govd_door_put(r);
}


/* 0: the old one was given where it is asked for, the new one is another */

static int
govd_new_prove(govd_request_t *r)
{
    int                   same;
    gov_rc_t              rc;
    govd_sign_t          *s = r->sign;
    gov_password_conf_t  *conf = &r->g->conf->passwords;

    if (s->old.len) {
        rc = gov_password_verify(r->arena, conf, s->phc, s->old, &same);

        if (rc != GOV_OK) {
            (void) govd_sign_fail(r);
            return -1;
        }
    }

    if (s->invite.len == 0
        && gov_password_verify(r->arena, conf, s->phc, s->password, &same)
           == GOV_OK)
    {
        govd_new_problem(r, "password", "新密码与原密码相同");
        return -1;
    }

    return 0;
}


static void
govd_new_command(govd_request_t *r)
{
    gov_rc_t      rc;
    gov_str_t     phc, sealed;
    gov_value_t  *input;
    govd_sign_t  *s = r->sign;

    rc = gov_password_hash(r->arena, &r->g->conf->passwords, s->password,
                           &phc);

    if (rc == GOV_OK) {
        rc = govd_sign_seal(r, "password", phc, &sealed);
    }

    if (rc != GOV_OK) {
        govd_answer_problem(r->arena, &r->answer, 500, "error", "",
                            "密码没有设置成");
        return;
    }

    if (govd_sign_turn(r, &input) != 0) {
        return;
    }

    gov_put_str(r->arena, input, "secret", sealed);

    gov_put_some(r->arena, input, "invite", s->invite);

    if (s->invite.len == 0) {
        govd_sign_was(r, input, "secret_was", s->account.rec.secret);
    }
}


static void
govd_new_problem(govd_request_t *r, const char *field, const char *text)
{
    govd_answer_problem(r->arena, &r->answer, 422, "invalid", field, text);
}


/* "17.TOKEN": the account's number, then base64url */

static int
govd_invite_find(govd_request_t *r)
{
    u_char        hash[GOV_DIGEST_LEN], *dot;
    int64_t       id;
    gov_rc_t      rc;
    gov_str_t     text, number, raw;
    gov_txn_t    *t;
    govd_sign_t  *s = r->sign;

    text = govd_form_str(r, "token");
    dot = text.len ? memchr(text.data, '.', text.len) : NULL;
    rc = GOV_NOT_FOUND;
    t = NULL;

    if (dot != NULL) {
        number.data = text.data;
        number.len = (size_t) (dot - text.data);
        text.len -= number.len + 1;
        text.data = dot + 1;

        if (gov_str_int(number, &id) == 0
            && gov_unbase64url(r->arena, text, &raw) == 0
            && gov_digest(GOV_SHA256, raw, hash) == GOV_OK)
        {
            s->invite = gov_hex_str(r->arena, hash, GOV_DIGEST_LEN);
            rc = gov_txn_begin(r->g->store, GOV_TXN_READ, &t, NULL);
        }
    }

    if (rc == GOV_OK) {
        rc = gov_account_get(t, r->arena, (uint64_t) id, &s->account);
    }

    if (rc == GOV_OK) {
        gov_rec_own(r->arena, &gov_rec_account, &s->account.rec);

        /* a link stands for the password that it sets, and for no more */
        s->account.rec.renew = 0;
        rc = govd_sign_next(t, r->arena, &s->account, GOV_STAGE_FULL,
                            &s->stage);
    }

    gov_txn_end(&t);

    if (rc == GOV_OK && gov_same(s->account.rec.invite, s->invite)
        && s->account.rec.invite_until > gov_now())
    {
        return 0;
    }

    govd_answer_problem(r->arena, &r->answer, 403, "denied", "token",
                        "链接无效、已经用过或已经过期，请向管理员重新索取");

    return -1;
}
