
/*
 * Copyright (C) ngx_gov authors
 *
 * What govd gives itself while somebody signs in: sessions and failures; what
 * it gives for who proves the password again, account.mail; and
 * me.sessions_end, by which people end their own.
 *
 * A step of signing in is one command, session.open: a new session in the
 * place of the one before, with what proved it.  What is good once (a code, a
 * link) is judged here, where it is used up; what was proved before the
 * operation was queued must still be what it was.
 */


#include "desk/gov_desk_people.h"
#include "desk/gov_desk_tell.h"


#define GOV_SWEEP_MAX    1000
#define GOV_ADDRESS_MAX  10         /* known ones of an account */


static gov_rc_t gov_open_judge(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_open_place(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_open_proof(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_open_secret(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_open_factor(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_open_was(gov_cmd_t *c, const char *field,
    gov_str_t sealed);
static gov_rc_t gov_open_session(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_open_address(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_mail_moved(gov_cmd_t *c, gov_account_t *account,
    gov_str_t was, gov_str_t by);
static gov_rc_t gov_session_in(gov_cmd_t *c, const char *field,
    gov_str_t hex, u_char *hash);
static gov_rc_t gov_session_load(gov_cmd_t *c, const char *field,
    gov_session_t *session);
static gov_rc_t gov_stage_in(gov_cmd_t *c, gov_session_rec_t *rec);
static gov_rc_t gov_step_in(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_invite_in(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_invite_stage(gov_cmd_t *c, gov_account_t *account,
    int64_t stage);


gov_rc_t
gov_desk_session_open(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);

    if (rc == GOV_OK) {
        rc = gov_open_judge(c, &account);
    }

    if (rc == GOV_OK) {
        rc = gov_open_place(c, &account);
    }

    if (rc == GOV_OK) {
        rc = gov_open_proof(c, &account);
    }

    if (rc == GOV_OK) {
        rc = gov_open_session(c, &account);
    }

    if (rc == GOV_OK) {
        rc = gov_account_save(c->txn, c->arena, &account, c->err);
    }

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "user", account.rec.login);
    }

    return rc;
}


/* it may have been locked, or suspended, while a hash was computed */

static gov_rc_t
gov_open_judge(gov_cmd_t *c, gov_account_t *account)
{
    int64_t   until;
    gov_rc_t  rc;

    if (!gov_account_holds(&account->rec, c->op->time)
        || (account->rec.state != GOV_ACCOUNT_ACTIVE
            && !gov_desk_has(c, "invite")))
    {
        return gov_fail(c->err, GOV_DENIED, "user",
                        "账号 %.*s 已停用或已到期",
                        gov_strf(account->rec.login));
    }

    rc = gov_attempt_until(c->txn, c->arena, account->rec.login,
                           gov_desk_str(c, "address"),
                           gov_desk_str(c, "device"), &until);

    return rc == GOV_OK && until > c->op->time
           ? gov_fail(c->err, GOV_DENIED, "user", "尝试过多，请稍后再试")
           : rc;
}


static gov_rc_t
gov_open_place(gov_cmd_t *c, gov_account_t *account)
{
    gov_rc_t       rc;
    gov_session_t  old;

    if (!gov_desk_has(c, "old")) {
        return GOV_OK;
    }

    rc = gov_session_load(c, "old", &old);

    if (rc == GOV_OK && (uint64_t) old.rec.account != account->id) {
        rc = gov_fail(c->err, GOV_DENIED, "old", "会话属于别的账号");
    }

    return rc == GOV_OK ? gov_session_close(c->txn, c->arena, old.hash) : rc;
}


static gov_rc_t
gov_open_proof(gov_cmd_t *c, gov_account_t *account)
{
    gov_rc_t  rc;

    rc = gov_open_was(c, "secret_was", account->rec.secret);

    if (rc == GOV_OK && gov_desk_has(c, "invite")) {
        rc = gov_invite_in(c, account);
    }

    if (rc == GOV_OK && gov_desk_has(c, "secret")) {
        rc = gov_open_secret(c, account);
    }

    if (rc == GOV_OK) {
        rc = gov_step_in(c, account);
    }

    return rc == GOV_OK ? gov_open_factor(c, account) : rc;
}


/* in the place of no session and by no link it is the same password hashed
 * anew; another one ends every other session */

static gov_rc_t
gov_open_secret(gov_cmd_t *c, gov_account_t *account)
{
    account->rec.secret = gov_desk_str(c, "secret");

    if (!gov_desk_has(c, "old") && !gov_desk_has(c, "invite")) {
        return GOV_OK;
    }

    account->rec.state = GOV_ACCOUNT_ACTIVE;
    account->rec.renew = 0;
    account->rec.invite.len = 0;
    account->rec.invite_until = 0;
    gov_account_epoch(account);

    return GOV_OK;
}


static gov_rc_t
gov_open_factor(gov_cmd_t *c, gov_account_t *account)
{
    gov_rc_t  rc;

    rc = gov_open_was(c, "recovery_was", account->rec.recovery);

    if (rc == GOV_OK) {
        rc = gov_open_was(c, "totp_was", account->rec.totp);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_desk_has(c, "totp")) {
        if (account->rec.totp.len && !gov_desk_has(c, "totp_was")) {
            return gov_fail(c->err, GOV_CONFLICT, "totp",
                            "已有第二因素，更换须先证明原来的");
        }

        account->rec.totp = gov_desk_str(c, "totp");

        /* no other session has proved it */
        gov_account_epoch(account);
    }

    if (gov_desk_has(c, "recovery")) {
        account->rec.recovery = gov_desk_str(c, "recovery");
    }

    return GOV_OK;
}


/* a digest stands for what is sealed: the journal need not repeat it */

static gov_rc_t
gov_open_was(gov_cmd_t *c, const char *field, gov_str_t sealed)
{
    u_char  digest[GOV_DIGEST_LEN];

    if (!gov_desk_has(c, field)) {
        return GOV_OK;
    }

    if (gov_digest(GOV_SHA256, sealed, digest) != GOV_OK) {
        return GOV_ERROR;
    }

    return gov_str_eq(gov_desk_str(c, field),
                      gov_hex_str(c->arena, digest, GOV_DIGEST_LEN))
           ? GOV_OK
           : gov_fail(c->err, GOV_CONFLICT, field,
                      "密码或恢复码刚刚改过，请重新登录");
}


/* the count of failures begins anew for who has passed every proof: a right
 * password alone does not give further tries at the code */

static gov_rc_t
gov_open_session(gov_cmd_t *c, gov_account_t *account)
{
    gov_rc_t       rc;
    gov_session_t  session;

    memset(&session, 0, sizeof(gov_session_t));

    rc = gov_session_in(c, "session", gov_desk_str(c, "session"),
                        session.hash);

    if (rc == GOV_OK) {
        rc = gov_stage_in(c, &session.rec);
    }

    if (rc == GOV_OK) {
        rc = gov_invite_stage(c, account, session.rec.stage);
    }

    if (rc == GOV_OK && session.rec.stage != GOV_STAGE_CODE) {
        rc = gov_attempt_clear(c->txn, c->arena, account->rec.login,
                               gov_desk_str(c, "address"),
                               gov_desk_str(c, "device"));
    }

    if (rc == GOV_OK && session.rec.stage == GOV_STAGE_FULL) {
        account->rec.last = c->op->time;
        rc = gov_open_address(c, account);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    session.rec.address = gov_desk_str(c, "address");
    session.rec.agent = gov_utf8_head(gov_desk_str(c, "agent"), 200);
    gov_put_c(c->arena, c->out, "stage",
              gov_stage_name((int) session.rec.stage));

    return gov_session_open(c->txn, c->arena, account, &session,
                            c->op->time);
}


/* one that the account did not sign in from of late is told to its owner;
 * the first is not */

static gov_rc_t
gov_open_address(gov_cmd_t *c, gov_account_t *account)
{
    int           old;
    gov_str_t     address;
    gov_tell_t    tell;
    gov_value_t  *v, *known;

    address = gov_desk_str(c, "address");
    known = gov_list(c->arena);

    if (address.len == 0) {
        return GOV_OK;
    }

    old = gov_account_knows(&account->rec, address);

    gov_each (v, account->rec.addresses) {
        if (!gov_str_eq(v->u.s, address)
            && (old || v != account->rec.addresses->u.first
                || account->rec.addresses->n < GOV_ADDRESS_MAX))
        {
            gov_add(known, gov_val_str(c->arena, v->u.s));
        }
    }

    gov_add(known, gov_val_str(c->arena, address));
    account->rec.addresses = known;

    if (old || known->n == 1) {
        return GOV_OK;
    }

    gov_desk_tell_begin(c, &tell, GOV_NOTICE_ADDRESS, GOV_HUB);
    tell.rec.text = address;
    tell.rec.name.len = 0;

    return gov_desk_tell(c, &tell, account->id);
}


gov_rc_t
gov_desk_account_mail(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_str_t      was;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);

    if (rc == GOV_OK) {
        rc = gov_open_judge(c, &account);
    }

    if (rc == GOV_OK) {
        rc = gov_open_was(c, "secret_was", account.rec.secret);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    was = account.rec.mail;
    account.rec.mail = gov_desk_str(c, "mail");

    return gov_desk_mail_save(c, &account, was, gov_s(""));
}


gov_rc_t
gov_desk_mail_save(gov_cmd_t *c, gov_account_t *account, gov_str_t was,
    gov_str_t by)
{
    int       moved;
    gov_rc_t  rc;

    moved = !gov_str_eq(was, account->rec.mail);

    if (moved) {
        account->rec.refused = 0;
    }

    rc = gov_account_save(c->txn, c->arena, account, c->err);

    if (rc != GOV_OK || !moved) {
        return rc;
    }

    rc = gov_mail_forgive(c->txn, account->id);

    /* the first address that others give is no other one */

    return rc == GOV_OK && (was.len != 0 || by.len == 0)
           ? gov_mail_moved(c, account, was, by) : rc;
}


static gov_rc_t
gov_mail_moved(gov_cmd_t *c, gov_account_t *account, gov_str_t was,
    gov_str_t by)
{
    gov_rc_t    rc;
    gov_tell_t  tell;

    gov_desk_tell_begin(c, &tell, GOV_NOTICE_MAIL, GOV_HUB);
    tell.rec.text = account->rec.mail;
    tell.rec.name = by;

    rc = gov_desk_tell(c, &tell, account->id);

    return rc == GOV_OK ? gov_mail_left(c->txn, c->arena, account->id, was,
                                        c->op->time)
                        : rc;
}


static gov_rc_t
gov_session_in(gov_cmd_t *c, const char *field, gov_str_t hex, u_char *hash)
{
    return hex.len == 2 * GOV_DIGEST_LEN
           && gov_unhex(hash, hex, GOV_DIGEST_LEN) == 0
           ? GOV_OK
           : gov_fail(c->err, GOV_INVALID, field,
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


/* a code is used up */

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


static gov_rc_t
gov_session_load(gov_cmd_t *c, const char *field, gov_session_t *session)
{
    u_char    hash[GOV_DIGEST_LEN];
    gov_rc_t  rc;

    rc = gov_session_in(c, field, gov_desk_str(c, field), hash);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_session_by_hash(c->txn, c->arena, hash, c->op->time, session);

    return rc == GOV_NOT_FOUND
           ? gov_fail(c->err, rc, field, "会话已经结束") : rc;
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


/* it stands for the password alone; the journal may have older ones */

static gov_rc_t
gov_invite_stage(gov_cmd_t *c, gov_account_t *account, int64_t stage)
{
    return gov_desk_has(c, "invite") && account->rec.totp.len
           && stage != GOV_STAGE_CODE && !c->op->again
           ? gov_fail(c->err, GOV_DENIED, "stage",
                      "用链接设置密码后还须验证第二因素")
           : GOV_OK;
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

        rc = gov_session_in(c, "sessions",
                            v->kind == GOV_STR ? v->u.s : gov_s(""), hash);
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

    rc = gov_session_in(c, "session", gov_desk_str(c, "session"), hash);

    if (rc == GOV_OK) {
        rc = gov_session_close(c->txn, c->arena, hash);
    }

    return rc == GOV_NOT_FOUND
           ? gov_fail(c->err, rc, "session", "会话已经结束") : rc;
}


/* those that are over meanwhile are passed over; another's is not there */

gov_rc_t
gov_desk_me_sessions_end(gov_cmd_t *c)
{
    u_char          hash[GOV_DIGEST_LEN];
    gov_rc_t        rc;
    unsigned        n;
    gov_value_t    *v;
    gov_session_t   session;

    n = 0;

    gov_each(v, gov_member(c->in, "sessions")) {

        rc = gov_session_in(c, "sessions",
                            v->kind == GOV_STR ? v->u.s : gov_s(""), hash);

        if (rc == GOV_OK) {
            rc = gov_session_by_hash(c->txn, c->arena, hash, c->op->time,
                                     &session);
        }

        if (rc == GOV_OK
            && (uint64_t) session.rec.account != c->op->who->account)
        {
            rc = GOV_NOT_FOUND;
        }

        if (rc == GOV_OK) {
            rc = gov_session_close(c->txn, c->arena, hash);
            n++;
        }

        if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
            return rc;
        }
    }

    gov_put_int(c->arena, c->out, "ended", n);

    return n == 0 ? gov_fail(c->err, GOV_NOT_FOUND, "sessions",
                             "会话已经结束")
                  : GOV_OK;
}


gov_rc_t
gov_desk_session_sweep(gov_cmd_t *c)
{
    gov_rc_t   rc;
    unsigned   sessions, attempts, previews;
    gov_str_t  from;

    rc = gov_session_sweep(c->txn, c->arena, c->op->time, GOV_SWEEP_MAX,
                           &sessions);

    if (rc == GOV_OK) {
        rc = gov_attempt_sweep(c->txn, c->arena, c->op->time, GOV_SWEEP_MAX,
                               &attempts);
    }

    if (rc == GOV_OK) {

        /* keys are hashes: each time begins somewhere else among them */

        from = (gov_str_t) { GOV_RANDOM_LEN, c->op->random };
        rc = gov_preview_sweep(c->txn, c->arena, from, c->op->time,
                               GOV_SWEEP_MAX, &previews);
    }

    if (rc == GOV_OK) {
        gov_put_int(c->arena, c->out, "sessions", sessions);
        gov_put_int(c->arena, c->out, "attempts", attempts);
        gov_put_int(c->arena, c->out, "previews", previews);
    }

    return rc;
}


gov_rc_t
gov_desk_attempt_note(gov_cmd_t *c)
{
    return gov_attempt_note(c->txn, c->arena, gov_desk_str(c, "user"),
                            gov_desk_str(c, "address"),
                            gov_desk_str(c, "device"), c->op->time);
}
