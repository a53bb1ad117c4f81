
/*
 * Copyright (C) ngx_gov authors
 *
 * The second factor: asked for at sign-in, set up where a role needs it or a
 * person wants it.
 *
 * While it is set up nothing is stored: secret and recovery codes are derived
 * from the platform's key and the session, so that the page may be shown
 * again; the token that ends the step ends them too.
 */


#include "govd/govd_sign.h"


#define GOVD_ISSUER  "ngx_gov"


static int govd_code_totp(govd_request_t *r, gov_str_t code);
static int govd_code_recovery(govd_request_t *r, gov_str_t code);
static int govd_code_unseal(govd_request_t *r, const char *what,
    gov_str_t sealed, gov_str_t *plain);
static gov_rc_t govd_factor_derive(govd_request_t *r, const char *what,
    unsigned n, u_char out[GOV_DIGEST_LEN]);
static gov_rc_t govd_factor_secret(govd_request_t *r, gov_str_t *secret);
static gov_rc_t govd_factor_value(govd_request_t *r, gov_value_t **v);
static gov_rc_t govd_factor_hashes(govd_request_t *r, gov_str_t *json);
static int govd_factor_free(govd_request_t *r);
static gov_rc_t govd_factor_seal(govd_request_t *r, gov_value_t *input,
    gov_str_t secret);
static void govd_factor_error(govd_request_t *r);


/* a code that is neither is counted like a wrong password */

void
govd_sign_code(govd_request_t *r)
{
    int        rc;
    gov_str_t  code;

    if (govd_sign_form(r) != 0 || govd_sign_session(r) != 0) {
        return;
    }

    code = govd_form_str(r, "code");

    rc = govd_code_totp(r, code);

    if (rc == 0) {
        rc = govd_code_recovery(r, code);
    }

    if (rc == 0) {
        rc = govd_sign_fail(r) == 0 ? 1 : -1;
    }

    if (rc == 1) {
        govd_door_queue(r);
    }
}


/* 1: good, the command is made; 0: not; -1: answered */

static int
govd_code_totp(govd_request_t *r, gov_str_t code)
{
    int64_t             step;
    gov_rc_t            rc;
    gov_str_t           secret;
    gov_value_t        *input;
    gov_account_rec_t  *rec;

    rec = &r->sign->account.rec;

    if (govd_code_unseal(r, "totp", rec->totp, &secret) != 0) {
        return -1;
    }

    rc = gov_code_check(r->arena, secret, code, gov_now(), rec->step, &step);

    if (rc != GOV_OK) {
        return 0;
    }

    if (govd_sign_turn(r, &input) != 0) {
        return -1;
    }

    gov_put_int(r->arena, input, "step", step);

    return 1;
}


static int
govd_code_recovery(govd_request_t *r, gov_str_t code)
{
    gov_buf_t           b;
    gov_str_t           hex, plain, sealed;
    gov_value_t        *list, *item, *left, *input;
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

    if (govd_sign_seal(r, "recovery", b.s, &sealed) != GOV_OK
        || govd_sign_turn(r, &input) != 0)
    {
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

    if (govd_sign_session(r) != 0 || govd_factor_free(r) != 0) {
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


/* POST: a code of the new factor proves that it works */

void
govd_sign_factor(govd_request_t *r)
{
    int64_t       step;
    gov_rc_t      rc;
    gov_str_t     secret;
    gov_value_t  *input, *v;

    if (govd_sign_form(r) != 0 || govd_sign_session(r) != 0
        || govd_factor_free(r) != 0)
    {
        return;
    }

    if (govd_factor_secret(r, &secret) != GOV_OK
        || govd_factor_value(r, &v) != GOV_OK)
    {
        govd_factor_error(r);
        return;
    }

    rc = gov_code_check(r->arena, secret, govd_form_str(r, "code"),
                        gov_now(), 0, &step);

    if (rc != GOV_OK) {
        gov_put(r->answer.input, "factor", v);
        govd_answer_problem(r->arena, &r->answer, 422, "invalid", "code",
                            "验证码不对，请用新添加的条目显示的六位数字");
        return;
    }

    if (govd_sign_turn(r, &input) != 0) {
        return;
    }

    gov_put_int(r->arena, input, "step", step);

    if (govd_factor_seal(r, input, secret) != GOV_OK) {
        govd_factor_error(r);
        return;
    }

    govd_door_queue(r);
}


/* one that is there is taken away by an administrator, not by who holds the
 * session */

static int
govd_factor_free(govd_request_t *r)
{
    if (r->sign->account.rec.totp.len == 0) {
        return 0;
    }

    govd_answer_problem(r->arena, &r->answer, 409, "conflict", "",
                        "已有第二因素，更换须先由管理员撤销");

    return -1;
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
        gov_put_str(a, input, "recovery", recovery);
    }

    return rc;
}


static void
govd_factor_error(govd_request_t *r)
{
    govd_answer_problem(r->arena, &r->answer, 500, "error", "",
                        "第二因素没有设置成");
}
