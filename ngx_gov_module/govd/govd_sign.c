
/*
 * Copyright (C) ngx_gov authors
 *
 * Sign-in by password, sign-out, and what the steps share (govd_sign.h).
 *
 * An unknown name, a wrong password, a suspended account take the same way: a
 * hash is computed (of nobody's password if need be), a failed try is counted
 * for the name and for the address, or for the browser if it is known, the
 * answer is the same.
 */


#include <ctype.h>

#include "govd/govd_sign.h"


#define GOVD_LOGIN_MAX  64              /* bytes looked at */


static int govd_sign_find(govd_request_t *r);
static gov_rc_t govd_sign_account(govd_request_t *r, gov_txn_t *t);
static void govd_sign_verify(void *data);
static void govd_sign_open(govd_request_t *r, int old);
static void govd_sign_failed(govd_request_t *r);
static void govd_sign_gone(govd_request_t *r);
static gov_str_t govd_sign_path(govd_request_t *r, gov_stage_t stage);


void
govd_sign_in(govd_request_t *r)
{
    if (govd_sign_form(r) != 0 || govd_sign_find(r) != 0) {
        return;
    }

    govd_sign_slowly(r, govd_sign_verify);
}


int
govd_sign_form(govd_request_t *r)
{
    gov_err_t  err;

    memset(&err, 0, sizeof(gov_err_t));

    r->sign = gov_calloc(r->arena, sizeof(govd_sign_t));

    if (govd_form_read(r, &err) != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &err);
        return -1;
    }

    return r->signed_in ? govd_web_csrf(r, govd_form_str(r, "_csrf")) : 0;
}


static int
govd_sign_find(govd_request_t *r)
{
    size_t        i;
    gov_rc_t      rc;
    gov_str_t     login;
    gov_txn_t    *t;
    govd_sign_t  *s = r->sign;

    login = gov_utf8_head(govd_form_str(r, "login"), GOVD_LOGIN_MAX);

    for (i = 0; i < login.len; i++) {
        login.data[i] = (u_char) tolower(login.data[i]);
    }

    s->login = login.len && gov_text_clean(login) ? login : gov_s("?");
    s->password = govd_form_str(r, "password");

    rc = gov_txn_begin(r->g->store, GOV_TXN_READ, &t, NULL);

    if (rc == GOV_OK && govd_sign_locked(r, t) != 0) {
        gov_txn_end(&t);
        return -1;
    }

    if (rc == GOV_OK) {
        rc = govd_sign_account(r, t);
        gov_txn_end(&t);
    }

    if (rc != GOV_OK) {
        govd_answer_problem(r->arena, &r->answer, 500, gov_rc_name(rc), "",
                            "账号读取失败");
    }

    return rc == GOV_OK ? 0 : -1;
}


/* account id 0: whatever the password is, it is not theirs */

static gov_rc_t
govd_sign_account(govd_request_t *r, gov_txn_t *t)
{
    gov_rc_t      rc;
    govd_sign_t  *s = r->sign;

    s->phc = r->g->dummy;

    rc = gov_account_by_login(t, r->arena, s->login, &s->account);

    if (rc == GOV_OK && (s->account.rec.secret.len == 0
                         || s->account.rec.state != GOV_ACCOUNT_ACTIVE
                         || !gov_account_holds(&s->account.rec, gov_now())))
    {
        rc = GOV_NOT_FOUND;
    }

    if (rc == GOV_OK) {
        gov_rec_own(r->arena, &gov_rec_account, &s->account.rec);
        rc = govd_sign_next(t, r->arena, &s->account, GOV_STAGE_FULL,
                            &s->stage);
    }

    if (rc == GOV_OK
        && govd_sign_unseal(r, "password", s->account.rec.secret, &s->phc)
           != GOV_OK)
    {
        govd_log(GOVD_ERROR, "password of account %llu does not open: "
                 "another key?", (unsigned long long) s->account.id);
        rc = GOV_NOT_FOUND;
    }

    if (rc == GOV_NOT_FOUND) {
        memset(&s->account, 0, sizeof(gov_account_t));
        s->phc = r->g->dummy;
        rc = GOV_OK;
    }

    return rc;
}


gov_rc_t
govd_sign_next(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_stage_t after, gov_stage_t *next)
{
    gov_rc_t   rc;
    gov_who_t  who;

    rc = gov_who(t, a, account->id, gov_now(), &who);

    if (rc != GOV_OK) {
        return rc == GOV_DENIED ? GOV_NOT_FOUND : rc;
    }

    if (after == GOV_STAGE_FULL && account->rec.totp.len) {
        *next = GOV_STAGE_CODE;

    } else if (after < GOV_STAGE_PASSWORD && account->rec.renew) {
        *next = GOV_STAGE_PASSWORD;

    } else if (after < GOV_STAGE_FACTOR
               && gov_factor_due(&who, &account->rec))
    {
        *next = GOV_STAGE_FACTOR;

    } else {
        *next = GOV_STAGE_FULL;
    }

    return GOV_OK;
}


/* looked at before a hash is computed; the command that opens a session looks
 * again */

int
govd_sign_locked(govd_request_t *r, gov_txn_t *t)
{
    int64_t    now, until;
    gov_rc_t   rc;
    gov_err_t  err;

    now = gov_now();

    rc = gov_attempt_until(t, r->arena, r->sign->login, govd_web_address(r),
                           govd_device(r, r->sign->login), &until);

    if (rc == GOV_OK && until <= now) {
        return 0;
    }

    memset(&err, 0, sizeof(gov_err_t));
    r->retry = (unsigned) ((until - now) / 1000000 + 1);

    (void) gov_fail(&err, GOV_DENIED, "", "尝试过多，请在 %u 分钟后再试",
                    (r->retry + 59) / 60);
    govd_answer_problem(r->arena, &r->answer, 429, "locked", "",
                        r->answer.english ? err.english : err.text);

    return -1;
}


void
govd_sign_slowly(govd_request_t *r, void (*run)(void *data))
{
    r->slow.run = run;
    r->slow.data = r;

    govd_door_sleep(r);

    if (govd_pool_put(r->g->pool, &r->slow) != GOV_OK) {
        govd_answer_problem(r->arena, &r->answer, 503, "busy", "",
                            "登录的人过多，请稍后再试");
        govd_door_wake(r);
    }
}


/* in the pool */

static void
govd_sign_verify(void *data)
{
    int              old;
    gov_rc_t         rc;
    govd_request_t  *r = data;
    govd_sign_t     *s = r->sign;

    rc = gov_password_verify(r->arena, &r->g->conf->passwords, s->phc,
                             s->password, &old);

    if (rc == GOV_OK && s->account.id) {
        govd_sign_open(r, old);

    } else if (govd_sign_fail(r) == 0) {
        govd_door_put(r);
        return;
    }

    if (r->answer.status) {
        govd_door_wake(r);
        return;
    }

    govd_door_put(r);
}


static void
govd_sign_open(govd_request_t *r, int old)
{
    gov_rc_t      rc;
    gov_str_t     phc, sealed;
    gov_value_t  *input;
    govd_sign_t  *s = r->sign;

    if (govd_sign_turn(r, &input) != 0) {
        return;
    }

    govd_sign_was(r, input, "secret_was", s->account.rec.secret);

    if (!old) {
        return;
    }

    rc = gov_password_hash(r->arena, &r->g->conf->passwords, s->password,
                           &phc);

    if (rc == GOV_OK) {
        rc = govd_sign_seal(r, "password", phc, &sealed);
    }

    if (rc == GOV_OK) {
        gov_put_str(r->arena, input, "secret", sealed);
    }
}


int
govd_sign_op(govd_request_t *r, const char *command, gov_value_t **input)
{
    gov_rc_t      rc;
    gov_err_t     err;
    govd_sign_t  *s = r->sign;

    memset(&err, 0, sizeof(gov_err_t));

    *input = gov_map(r->arena);

    rc = govd_op_fill(r->g->conf, r->arena, &r->job.op, gov_str_of(command),
                      *input, gov_s(""), 0, &err);

    r->job.op.door = GOV_DOOR_DAEMON;
    r->job.op.actor = s->account.id
                      ? gov_account_actor(r->arena, s->account.rec.login,
                                          s->account.rec.contractor)
                      : gov_s("-");

    if (rc != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &err);
    }

    return rc == GOV_OK ? 0 : -1;
}


int
govd_sign_turn(govd_request_t *r, gov_value_t **input)
{
    u_char        hash[GOV_DIGEST_LEN];
    const char   *agent;
    gov_arena_t  *a = r->arena;
    govd_sign_t  *s = r->sign;

    if (govd_sign_op(r, "session.open", input) != 0) {
        return -1;
    }

    if (gov_random(s->token, GOV_TOKEN_LEN) != 0
        || gov_session_hash(s->token, hash) != GOV_OK)
    {
        govd_answer_problem(a, &r->answer, 500, "error", "",
                            "无法取得随机数");
        return -1;
    }

    agent = govd_header(r, "User-Agent");

    gov_put_str(a, *input, "user", s->account.rec.login);
    gov_put_str(a, *input, "session", gov_hex_str(a, hash, GOV_DIGEST_LEN));
    gov_put_c(a, *input, "stage", gov_stage_name(s->stage));
    gov_put_str(a, *input, "address", govd_web_address(r));
    gov_put_some(a, *input, "device",
                 govd_device(r, s->account.rec.login));
    gov_put_str(a, *input, "agent",
                agent && gov_text_clean(gov_str_of(agent))
                ? gov_utf8_head(gov_str_of(agent), 200) : gov_s(""));

    if (r->signed_in) {
        gov_put_str(a, *input, "old",
                    gov_hex_str(a, r->session.hash, GOV_DIGEST_LEN));
    }

    r->after = govd_sign_done;

    return 0;
}


void
govd_sign_was(govd_request_t *r, gov_value_t *input, const char *field,
    gov_str_t sealed)
{
    u_char  digest[GOV_DIGEST_LEN];

    if (gov_digest(GOV_SHA256, sealed, digest) != GOV_OK) {
        memset(digest, 0, sizeof(digest));
    }

    gov_put_str(r->arena, input, field,
                gov_hex_str(r->arena, digest, GOV_DIGEST_LEN));
}


int
govd_sign_fail(govd_request_t *r)
{
    gov_value_t  *input;

    if (govd_sign_op(r, "attempt.note", &input) != 0) {
        return -1;
    }

    gov_put_str(r->arena, input, "user", r->sign->login);
    gov_put_str(r->arena, input, "address", govd_web_address(r));
    gov_put_some(r->arena, input, "device", govd_device(r, r->sign->login));
    r->after = govd_sign_failed;

    return 0;
}


static void
govd_sign_failed(govd_request_t *r)
{
    if (r->job.rc == GOV_OK) {
        govd_sign_refuse(r);
    }
}


void
govd_sign_refuse(govd_request_t *r)
{
    govd_answer_problem(r->arena, &r->answer, 403, "denied",
                        r->sign->old.len ? "old" : "",
                        r->signed_in ? "密码或验证码不对"
                                     : "用户名或密码不对");
}


/* what the command refuses is told as it says it: it has been judged again in
 * its transaction */

void
govd_sign_done(govd_request_t *r)
{
    if (r->job.rc != GOV_OK) {
        return;
    }

    govd_sign_said(r);
    govd_web_cookie(r, r->sign->token);

    if (r->sign->stage == GOV_STAGE_FULL) {
        govd_device_give(r, r->sign->account.rec.login);
    }
}


/* who was signed in already is told on the next page what they changed */

void
govd_sign_said(govd_request_t *r)
{
    gov_buf_t     b;
    gov_value_t  *v;

    v = gov_map(r->arena);
    gov_put_str(r->arena, v, "to", govd_sign_path(r, r->sign->stage));

    if (r->signed_in && r->stage == GOV_STAGE_FULL) {
        gov_put_str(r->arena, v, "op", gov_opid_str(r->arena, r->job.op.id));
        gov_put_map(r->arena, v, "verdict");
    }

    gov_buf_init(&b, r->arena, 128);
    gov_json_write(&b, v, 0);

    govd_answer_ok(&r->answer, b.s);
}


static gov_str_t
govd_sign_path(govd_request_t *r, gov_stage_t stage)
{
    gov_buf_t  b;
    gov_str_t  to;

    to = govd_form_way(r, "_to");

    if (stage == GOV_STAGE_FULL) {
        return to.len ? to : gov_s("/console/");
    }

    gov_buf_init(&b, r->arena, 128);
    gov_buf_fmt(&b, "/console/sign-in/%s", gov_stage_name((int) stage));

    if (to.len) {
        gov_buf_c(&b, "?to=");
        gov_buf_uri(&b, to);
    }

    return b.s;
}


int
govd_sign_session(govd_request_t *r)
{
    gov_rc_t      rc;
    gov_txn_t    *t;
    govd_sign_t  *s = r->sign;

    rc = gov_txn_begin(r->g->store, GOV_TXN_READ, &t, NULL);

    if (rc == GOV_OK) {
        rc = gov_account_get(t, r->arena, (uint64_t) r->session.rec.account,
                             &s->account);

        if (rc == GOV_OK) {
            gov_rec_own(r->arena, &gov_rec_account, &s->account.rec);
            s->login = s->account.rec.login;
            s->stage = GOV_STAGE_FULL;
        }

        if (rc == GOV_OK && r->stage != GOV_STAGE_FULL) {
            rc = govd_sign_next(t, r->arena, &s->account, r->stage,
                                &s->stage);
        }

        if (rc == GOV_OK && govd_sign_locked(r, t) != 0) {
            gov_txn_end(&t);
            return -1;
        }

        gov_txn_end(&t);
    }

    if (rc != GOV_OK) {
        govd_answer_problem(r->arena, &r->answer, 500, gov_rc_name(rc), "",
                            "账号读取失败");
    }

    return rc == GOV_OK ? 0 : -1;
}


void
govd_sign_out(govd_request_t *r)
{
    gov_value_t  *input;

    if (govd_sign_form(r) != 0
        || govd_sign_op(r, "session.close", &input) != 0)
    {
        return;
    }

    gov_put_str(r->arena, input, "session",
                gov_hex_str(r->arena, r->session.hash, GOV_DIGEST_LEN));

    r->after = govd_sign_gone;
    govd_door_queue(r);
}


static void
govd_sign_gone(govd_request_t *r)
{
    if (r->job.rc == GOV_OK) {
        govd_answer_ok(&r->answer, gov_s("{\"to\":\"/console/sign-in\"}"));
        govd_web_cookie(r, NULL);
    }
}


gov_rc_t
govd_sign_seal(govd_request_t *r, const char *what, gov_str_t plain,
    gov_str_t *sealed)
{
    return gov_seal(r->arena, r->g->conf->key,
                    govd_secret_about(r->arena, what,
                                      r->sign->account.rec.login),
                    plain, sealed);
}


gov_rc_t
govd_sign_unseal(govd_request_t *r, const char *what, gov_str_t sealed,
    gov_str_t *plain)
{
    return gov_unseal(r->arena, r->g->conf->key,
                      govd_secret_about(r->arena, what,
                                        r->sign->account.rec.login),
                      sealed, plain);
}
