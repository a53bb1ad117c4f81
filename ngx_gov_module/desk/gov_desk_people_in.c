
/*
 * Copyright (C) ngx_gov authors
 *
 * What govd gives itself while somebody signs in: sessions, failures,
 * secrets.  Each is whole: what a link or a code is good for once is judged
 * where it is used up.
 */


#include "desk/gov_desk_people.h"


#define GOV_SWEEP_MAX  1000


static gov_rc_t gov_session_in(gov_cmd_t *c, gov_str_t hex, u_char *hash);
static gov_rc_t gov_session_load(gov_cmd_t *c, gov_session_t *session,
    gov_account_t *account);
static gov_rc_t gov_stage_in(gov_cmd_t *c, gov_session_rec_t *rec);
static gov_rc_t gov_stage_reached(gov_cmd_t *c, gov_session_t *session,
    gov_account_t *account);
static gov_rc_t gov_step_in(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_session_keep(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_invite_in(gov_cmd_t *c, gov_account_t *account);


gov_rc_t
gov_desk_session_open(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_account_t  account;
    gov_session_t  session;

    memset(&session, 0, sizeof(gov_session_t));

    rc = gov_desk_user(c, "user", &account);

    if (rc == GOV_OK && !gov_account_holds(&account.rec, c->op->time)) {
        rc = gov_fail(c->err, GOV_DENIED, "user", "账号 %.*s 已停用或已到期",
                      gov_strf(account.rec.login));
    }

    if (rc == GOV_OK) {
        rc = gov_session_in(c, gov_desk_str(c, "session"), session.hash);
    }

    if (rc == GOV_OK) {
        rc = gov_stage_in(c, &session.rec);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    session.rec.address = gov_desk_str(c, "address");
    session.rec.agent = gov_utf8_head(gov_desk_str(c, "agent"), 200);

    rc = gov_session_open(c->txn, c->arena, &account, &session, c->op->time);

    return rc == GOV_OK ? gov_stage_reached(c, &session, &account) : rc;
}


static gov_rc_t
gov_session_in(gov_cmd_t *c, gov_str_t hex, u_char *hash)
{
    return hex.len == 2 * GOV_DIGEST_LEN
           && gov_unhex(hash, hex, GOV_DIGEST_LEN) == 0
           ? GOV_OK
           : gov_fail(c->err, GOV_INVALID, "session",
                      "会话应是 64 位十六进制数字");
}


static gov_rc_t
gov_stage_in(gov_cmd_t *c, gov_session_rec_t *rec)
{
    rec->stage = gov_desk_has(c, "stage")
                 ? gov_stage_parse(gov_desk_str(c, "stage"))
                 : GOV_STAGE_FULL;

    return rec->stage >= 0
           ? GOV_OK
           : gov_fail(c->err, GOV_INVALID, "stage", "没有登录阶段“%.*s”",
                      gov_strf(gov_utf8_head(gov_desk_str(c, "stage"), 20)));
}


/* the code is used up, the sign-in is noted */

static gov_rc_t
gov_stage_reached(gov_cmd_t *c, gov_session_t *session,
    gov_account_t *account)
{
    gov_rc_t  rc;

    rc = gov_step_in(c, account);
    if (rc != GOV_OK) {
        return rc;
    }

    if (session->rec.stage == GOV_STAGE_FULL) {
        account->rec.last = c->op->time;
    }

    rc = gov_account_save(c->txn, c->arena, account, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, c->out, "user", account->rec.login);
    gov_put_c(c->arena, c->out, "stage",
              gov_stage_name((int) session->rec.stage));

    return GOV_OK;
}


static gov_rc_t
gov_step_in(gov_cmd_t *c, gov_account_t *account)
{
    int64_t  step;

    if (!gov_desk_has(c, "step")) {
        return GOV_OK;
    }

    step = gov_get_int(c->in, "step", 0);

    if (step <= account->rec.step) {
        return gov_fail(c->err, GOV_DENIED, "step",
                        "验证码已经用过，请等下一个");
    }

    account->rec.step = step;

    return GOV_OK;
}


gov_rc_t
gov_desk_session_stage(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_account_t  account;
    gov_session_t  session;

    rc = gov_session_load(c, &session, &account);

    if (rc == GOV_OK) {
        rc = gov_stage_in(c, &session.rec);
    }

    if (rc == GOV_OK) {
        session.rec.seen = c->op->time;
        rc = gov_session_save(c->txn, c->arena, &session);
    }

    return rc == GOV_OK ? gov_stage_reached(c, &session, &account) : rc;
}


static gov_rc_t
gov_session_load(gov_cmd_t *c, gov_session_t *session,
    gov_account_t *account)
{
    u_char    hash[GOV_DIGEST_LEN];
    gov_rc_t  rc;

    rc = gov_session_in(c, gov_desk_str(c, "session"), hash);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_session_by_hash(c->txn, c->arena, hash, c->op->time, session);

    if (rc == GOV_OK) {
        gov_rec_own(c->arena, &gov_rec_session, &session->rec);
        rc = gov_account_get(c->txn, c->arena,
                             (uint64_t) session->rec.account, account);
    }

    if (rc == GOV_OK) {
        gov_rec_own(c->arena, &gov_rec_account, &account->rec);
    }

    return rc == GOV_NOT_FOUND
           ? gov_fail(c->err, rc, "session", "会话已经结束") : rc;
}


/* those that are over meanwhile are passed over */

gov_rc_t
gov_desk_session_seen(gov_cmd_t *c)
{
    u_char         hash[GOV_DIGEST_LEN];
    gov_rc_t       rc;
    gov_value_t   *v;
    gov_session_t  session;

    gov_each(v, gov_member(c->in, "sessions")) {

        rc = gov_session_in(c, v->kind == GOV_STR ? v->u.s : gov_s(""), hash);
        if (rc != GOV_OK) {
            return rc;
        }

        rc = gov_session_by_hash(c->txn, c->arena, hash, c->op->time,
                                 &session);

        if (rc == GOV_OK) {
            gov_rec_own(c->arena, &gov_rec_session, &session.rec);
            session.rec.seen = c->op->time;
            rc = gov_session_save(c->txn, c->arena, &session);
        }

        if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
            return rc;
        }
    }

    return GOV_OK;
}


gov_rc_t
gov_desk_session_close(gov_cmd_t *c)
{
    u_char    hash[GOV_DIGEST_LEN];
    gov_rc_t  rc;

    rc = gov_session_in(c, gov_desk_str(c, "session"), hash);

    if (rc == GOV_OK) {
        rc = gov_session_close(c->txn, c->arena, hash);
    }

    return rc == GOV_NOT_FOUND
           ? gov_fail(c->err, rc, "session", "会话已经结束") : rc;
}


gov_rc_t
gov_desk_session_sweep(gov_cmd_t *c)
{
    gov_rc_t  rc;
    unsigned  sessions, attempts;

    rc = gov_session_sweep(c->txn, c->arena, c->op->time, GOV_SWEEP_MAX,
                           &sessions);

    if (rc == GOV_OK) {
        rc = gov_attempt_sweep(c->txn, c->arena, c->op->time, GOV_SWEEP_MAX,
                               &attempts);
    }

    if (rc == GOV_OK) {
        gov_put_int(c->arena, c->out, "sessions", sessions);
        gov_put_int(c->arena, c->out, "attempts", attempts);
    }

    return rc;
}


gov_rc_t
gov_desk_attempt_note(gov_cmd_t *c)
{
    gov_rc_t            rc;
    gov_value_t        *v, *rows, *row;
    gov_attempt_rec_t   rec;

    rows = gov_put_list(c->arena, c->out, "attempts");

    gov_each(v, gov_member(c->in, "keys")) {

        if (v->kind != GOV_STR || v->u.s.len == 0) {
            return gov_fail(c->err, GOV_INVALID, "keys", "keys 应是文字");
        }

        rc = gov_attempt_note(c->txn, c->arena, v->u.s, c->op->time, &rec);
        if (rc != GOV_OK) {
            return rc;
        }

        row = gov_add_map(c->arena, rows);
        gov_put_str(c->arena, row, "key", v->u.s);
        gov_put_int(c->arena, row, "n", rec.n);
        gov_put_int(c->arena, row, "until", rec.until);
    }

    return GOV_OK;
}


gov_rc_t
gov_desk_attempt_clear(gov_cmd_t *c)
{
    gov_rc_t      rc;
    gov_value_t  *v;

    gov_each(v, gov_member(c->in, "keys")) {

        if (v->kind != GOV_STR || v->u.s.len == 0) {
            return gov_fail(c->err, GOV_INVALID, "keys", "keys 应是文字");
        }

        rc = gov_attempt_clear(c->txn, v->u.s);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


/* a new password ends every session but the one it was chosen in */

gov_rc_t
gov_desk_user_secret(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);

    if (rc == GOV_OK && gov_desk_has(c, "invite")) {
        rc = gov_invite_in(c, &account);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    account.rec.secret = gov_desk_str(c, "secret");
    account.rec.renew = gov_get_bool(c->in, "renew");
    account.rec.invite.len = 0;
    account.rec.invite_until = 0;

    if (account.rec.state == GOV_ACCOUNT_INVITED) {
        account.rec.state = GOV_ACCOUNT_ACTIVE;
    }

    rc = gov_session_keep(c, &account);

    if (rc == GOV_OK) {
        rc = gov_account_save(c->txn, c->arena, &account, c->err);
    }

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "user", account.rec.login);
    }

    return rc;
}


/* a link is good once, until its end, and for an account that may sign in */

static gov_rc_t
gov_invite_in(gov_cmd_t *c, gov_account_t *account)
{
    return account->rec.invite.len != 0
           && gov_str_eq(account->rec.invite, gov_desk_str(c, "invite"))
           && account->rec.invite_until > c->op->time
           && gov_account_holds(&account->rec, c->op->time)
           ? GOV_OK
           : gov_fail(c->err, GOV_DENIED, "invite",
                      "邀请链接已经用过或已过期，请联系管理员重发");
}


static gov_rc_t
gov_session_keep(gov_cmd_t *c, gov_account_t *account)
{
    gov_rc_t       rc;
    gov_account_t  holder;
    gov_session_t  session;

    if (!gov_desk_has(c, "session")) {
        gov_account_epoch(account);
        return GOV_OK;
    }

    rc = gov_session_load(c, &session, &holder);

    if (rc == GOV_OK && holder.id != account->id) {
        rc = gov_fail(c->err, GOV_DENIED, "session", "会话属于别的账号");
    }

    gov_account_epoch(account);

    if (rc == GOV_OK) {
        session.rec.epoch = account->rec.epoch;
        rc = gov_session_save(c->txn, c->arena, &session);
    }

    return rc;
}


gov_rc_t
gov_desk_user_factor(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);
    if (rc != GOV_OK) {
        return rc;
    }

    account.rec.totp = gov_desk_str(c, "totp");
    account.rec.recovery = gov_desk_str(c, "recovery");
    account.rec.step = gov_get_int(c->in, "step", 0);

    rc = gov_account_save(c->txn, c->arena, &account, c->err);

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "user", account.rec.login);
    }

    return rc;
}


gov_rc_t
gov_desk_user_recovery(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);
    if (rc != GOV_OK) {
        return rc;
    }

    account.rec.recovery = gov_desk_str(c, "recovery");

    rc = gov_account_save(c->txn, c->arena, &account, c->err);

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "user", account.rec.login);
    }

    return rc;
}
