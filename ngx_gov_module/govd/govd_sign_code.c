
/*
 * Copyright (C) ngx_gov authors
 *
 * The second factor: asked for at sign-in, set up where a role needs it or a
 * person wants it, another put in its place.
 *
 * While it is set up nothing is stored: secret and recovery codes are derived
 * from the platform's key and the session, so that the page may be shown
 * again; the token that ends the step ends them too.
 */


#include "govd/govd_sign.h"


#define GOVD_ISSUER  "ngx_gov"


static int govd_code_prove(govd_request_t *r, gov_value_t *input,
    gov_str_t code);
static int govd_code_totp(govd_request_t *r, gov_value_t *input,
    gov_str_t code);
static int govd_code_recovery(govd_request_t *r, gov_value_t *input,
    gov_str_t code);
static int govd_code_unseal(govd_request_t *r, const char *what,
    gov_str_t sealed, gov_str_t *plain);
static int govd_factor_read(govd_request_t *r);
static void govd_factor_prove(void *data);
static int govd_factor_turn(govd_request_t *r);
static gov_rc_t govd_factor_derive(govd_request_t *r, const char *what,
    unsigned n, u_char out[GOV_DIGEST_LEN]);
static gov_rc_t govd_factor_secret(govd_request_t *r, gov_str_t *secret);
static gov_rc_t govd_factor_value(govd_request_t *r, gov_value_t **v);
static gov_rc_t govd_factor_hashes(govd_request_t *r, gov_str_t *json);
static gov_rc_t govd_factor_seal(govd_request_t *r, gov_value_t *input,
    gov_str_t secret);
static void govd_factor_error(govd_request_t *r);


/* a code that is neither is counted like a wrong password */

void
govd_sign_code(govd_request_t *r)
{
    int           rc;
    gov_value_t  *input;

    if (govd_sign_form(r) != 0 || govd_sign_session(r) != 0
        || govd_sign_turn(r, &input) != 0)
    {
        return;
    }

    rc = govd_code_prove(r, input, govd_form_str(r, "code"));

    if (rc == 0) {
        rc = govd_sign_fail(r) == 0 ? 1 : -1;
    }

    if (rc == 1) {
        govd_door_queue(r);
    }
}


/* 1: good, what it used up is in the input; 0: not; -1: answered */

static int
govd_code_prove(govd_request_t *r, gov_value_t *input, gov_str_t code)
{
    int  rc;

    rc = govd_code_totp(r, input, code);

    return rc == 0 ? govd_code_recovery(r, input, code) : rc;
}


static int
govd_code_totp(govd_request_t *r, gov_value_t *input, gov_str_t code)
{
    int64_t             step;
    gov_rc_t            rc;
    gov_str_t           secret;
    gov_account_rec_t  *rec;

    rec = &r->sign->account.rec;

    if (govd_code_unseal(r, "totp", rec->totp, &secret) != 0) {
        return -1;
    }

    rc = gov_code_check(r->arena, secret, code, gov_now(), rec->step, &step);

    if (rc != GOV_OK) {
        return 0;
    }

    gov_put_int(r->arena, input, "step", step);

    return 1;
}


static int
govd_code_recovery(govd_request_t *r, gov_value_t *input, gov_str_t code)
{
    gov_buf_t           b;
    gov_str_t           hex, plain, sealed;
    gov_value_t        *list, *item, *left;
    gov_account_rec_t  *rec;

    rec = &r->sign->account.rec;

    if (rec->recovery.len == 0
        || gov_recovery_hash(r->arena, code, &hex) != GOV_OK)
    {
        return 0;
    }

    if (govd_code_unseal(r, "recovery", rec->recovery, &plain) != 0) {
        return -1;
    }

    if (gov_json_parse(r->arena, plain, &list, NULL) != GOV_OK) {
        return 0;
    }

    left = gov_list(r->arena);

    gov_each(item, list) {
        if (!gov_same(item->u.s, hex)) {
            gov_add(left, gov_val_str(r->arena, item->u.s));
        }
    }

    if (left->n == list->n) {
        return 0;
    }

    gov_buf_init(&b, r->arena, 1024);
    gov_json_write(&b, left, 0);

    if (govd_sign_seal(r, "recovery", b.s, &sealed) != GOV_OK) {
        govd_factor_error(r);
        return -1;
    }

    gov_put_str(r->arena, input, "recovery", sealed);
    govd_sign_was(r, input, "recovery_was", rec->recovery);

    return 1;
}


static int
govd_code_unseal(govd_request_t *r, const char *what, gov_str_t sealed,
    gov_str_t *plain)
{
    if (govd_sign_unseal(r, what, sealed, plain) == GOV_OK) {
        return 0;
    }

    govd_log(GOVD_ERROR, "%s of account %llu does not open: another key?",
             what, (unsigned long long) r->sign->account.id);
    govd_answer_problem(r->arena, &r->answer, 500, "error", "",
                        "账号的密文无法解开，请联系平台管理员");

    return -1;
}


/* GET: what the page shows */

void
govd_sign_factor_new(govd_request_t *r)
{
    gov_buf_t     b;
    gov_value_t  *v;

    r->sign = gov_calloc(r->arena, sizeof(govd_sign_t));

    if (govd_sign_session(r) != 0) {
        return;
    }

    if (govd_factor_value(r, &v) != GOV_OK) {
        govd_factor_error(r);
        return;
    }

    gov_buf_init(&b, r->arena, 16384);
    gov_json_write(&b, v, 0);
    govd_answer_ok(&r->answer, b.s);
}


/*
 * POST: a code of the new factor proves that it works.  Who is signed in
 * already, or was until a role asked for a factor, proves too that they are
 * who signed in: a session left open somewhere does not become one with a
 * factor of somebody else.
 */

void
govd_sign_factor(govd_request_t *r)
{
    govd_sign_t  *s;

    if (govd_sign_form(r) != 0 || govd_sign_session(r) != 0
        || govd_factor_read(r) != 0)
    {
        return;
    }

    s = r->sign;

    if (r->session.rec.stage != GOV_STAGE_FULL) {
        if (govd_factor_turn(r) == 0) {
            govd_door_queue(r);
        }

        return;
    }

    s->old = govd_form_str(r, "old");

    if (s->old.len == 0) {
        govd_answer_problem(r->arena, &r->answer, 422, "invalid", "old",
                            "请输入密码");
        return;
    }

    if (govd_code_unseal(r, "password", s->account.rec.secret, &s->phc) == 0)
    {
        govd_sign_slowly(r, govd_factor_prove);
    }
}


/* the page is shown again with the same secret, whatever was wrong */

static int
govd_factor_read(govd_request_t *r)
{
    gov_value_t  *v;
    govd_sign_t  *s = r->sign;

    if (govd_factor_secret(r, &s->secret) != GOV_OK
        || govd_factor_value(r, &v) != GOV_OK)
    {
        govd_factor_error(r);
        return -1;
    }

    gov_put(r->answer.input, "factor", v);

    if (gov_code_check(r->arena, s->secret, govd_form_str(r, "code"),
                       gov_now(), 0, &s->step)
        == GOV_OK)
    {
        return 0;
    }

    govd_answer_problem(r->arena, &r->answer, 422, "invalid", "code",
                        "验证码不对，请用新添加的条目显示的六位数字");

    return -1;
}


/* in the pool: the password, and the factor that is there */

static void
govd_factor_prove(void *data)
{
    int              rc, same;
    govd_request_t  *r = data;
    govd_sign_t     *s = r->sign;

    rc = gov_password_verify(r->arena, &r->g->conf->passwords, s->phc,
                             s->old, &same)
         == GOV_OK
         ? govd_factor_turn(r) : 1;

    if (rc == 1) {
        (void) govd_sign_fail(r);
    }

    if (r->answer.status) {
        govd_door_wake(r);
        return;
    }

    govd_door_put(r);
}


/* 0: the command is made; 1: the factor that is there was not proved; -1:
 * answered */

static int
govd_factor_turn(govd_request_t *r)
{
    int           rc;
    gov_value_t  *input;
    govd_sign_t  *s = r->sign;

    if (govd_sign_turn(r, &input) != 0) {
        return -1;
    }

    govd_sign_was(r, input, "secret_was", s->account.rec.secret);

    if (s->account.rec.totp.len) {
        rc = govd_code_prove(r, input, govd_form_str(r, "now"));

        if (rc != 1) {
            return rc == 0 ? 1 : -1;
        }

        govd_sign_was(r, input, "totp_was", s->account.rec.totp);
    }

    if (s->step > gov_get_int(input, "step", 0)) {
        gov_set(input, "step", gov_val_int(r->arena, s->step));
    }

    if (govd_factor_seal(r, input, s->secret) != GOV_OK) {
        govd_factor_error(r);
        return -1;
    }

    return 0;
}


static gov_rc_t
govd_factor_derive(govd_request_t *r, const char *what, unsigned n,
    u_char out[GOV_DIGEST_LEN])
{
    gov_str_t  about;

    about = gov_str_fmt(r->arena, "%s %u %.*s", what, n,
                        gov_strf(gov_hex_str(r->arena, r->session.hash,
                                             GOV_DIGEST_LEN)));

    return gov_seal_derive(r->g->conf->key, about, out);
}


static gov_rc_t
govd_factor_secret(govd_request_t *r, gov_str_t *secret)
{
    u_char    out[GOV_DIGEST_LEN];
    gov_rc_t  rc;

    rc = govd_factor_derive(r, "new totp", 0, out);

    *secret = gov_str_copy(r->arena, (gov_str_t) { GOV_CODE_SECRET, out });

    return rc;
}


static gov_rc_t
govd_factor_value(govd_request_t *r, gov_value_t **v)
{
    u_char        out[GOV_DIGEST_LEN];
    gov_rc_t      rc;
    unsigned      i;
    gov_str_t     secret, text, uri, svg;
    gov_value_t  *list;

    rc = govd_factor_secret(r, &secret);

    if (rc == GOV_OK) {
        rc = gov_code_secret(r->arena, secret, &text);
    }

    if (rc == GOV_OK) {
        rc = gov_code_uri(r->arena, secret, gov_s(GOVD_ISSUER),
                          r->sign->login, &uri);
    }

    if (rc == GOV_OK) {
        rc = gov_qr_svg(r->arena, uri, &svg);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    *v = gov_map(r->arena);
    gov_put_str(r->arena, *v, "secret", text);
    gov_put_str(r->arena, *v, "uri", uri);
    gov_put_str(r->arena, *v, "qr", svg);
    list = gov_put_list(r->arena, *v, "recovery");

    for (i = 0; i < GOV_RECOVERY && rc == GOV_OK; i++) {
        rc = govd_factor_derive(r, "new recovery", i, out);
        gov_add(list, gov_val_str(r->arena,
                                  gov_recovery_code(r->arena, out)));
    }

    return rc;
}


static gov_rc_t
govd_factor_hashes(govd_request_t *r, gov_str_t *json)
{
    u_char        out[GOV_DIGEST_LEN];
    gov_rc_t      rc;
    unsigned      i;
    gov_buf_t     b;
    gov_str_t     hex;
    gov_value_t  *list;

    rc = GOV_OK;
    list = gov_list(r->arena);

    for (i = 0; i < GOV_RECOVERY && rc == GOV_OK; i++) {
        rc = govd_factor_derive(r, "new recovery", i, out);

        if (rc == GOV_OK) {
            rc = gov_recovery_hash(r->arena,
                                   gov_recovery_code(r->arena, out), &hex);
            gov_add(list, gov_val_str(r->arena, hex));
        }
    }

    gov_buf_init(&b, r->arena, 1024);
    gov_json_write(&b, list, 0);
    *json = b.s;

    return rc;
}


static gov_rc_t
govd_factor_seal(govd_request_t *r, gov_value_t *input, gov_str_t secret)
{
    gov_rc_t      rc;
    gov_str_t     json, totp, recovery;
    gov_arena_t  *a = r->arena;

    rc = govd_factor_hashes(r, &json);

    if (rc == GOV_OK) {
        rc = govd_sign_seal(r, "totp", secret, &totp);
    }

    if (rc == GOV_OK) {
        rc = govd_sign_seal(r, "recovery", json, &recovery);
    }

    if (rc == GOV_OK) {
        gov_put_str(a, input, "totp", totp);
        gov_set(input, "recovery", gov_val_str(a, recovery));
    }

    return rc;
}


static void
govd_factor_error(govd_request_t *r)
{
    govd_answer_problem(r->arena, &r->answer, 500, "error", "",
                        "第二因素没有设置成");
}
