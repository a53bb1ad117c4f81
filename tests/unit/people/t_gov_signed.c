
/*
 * Copyright (C) ngx_gov authors
 *
 * Who asks: one answer to a token, a case each.
 */


#include "people/t_people.h"


#define T_MINUTE  (60 * (int64_t) 1000000)


static u_char  t_token[GOV_TOKEN_LEN] = "0123456789abcdef0123456789abcde";


/* a session of the account that is at the stage, begun at T_NOW */

static gov_account_t
t_session(t_store_t *t, gov_txn_t *txn, gov_account_t acc, gov_stage_t stage)
{
    gov_session_t  s;

    memset(&s, 0, sizeof(gov_session_t));
    t_ok(gov_session_hash(t_token, s.hash));
    s.rec.stage = stage;
    t_ok(gov_session_open(txn, t->arena, &acc, &s, T_NOW));

    return acc;
}


static gov_signed_t
t_signed(t_store_t *t, gov_txn_t *txn, u_char *token, int64_t now)
{
    gov_signed_t  in;

    memset(&in, 0xff, sizeof(gov_signed_t));
    t_ok(gov_signed(txn, t->arena, token, now, &in));

    return in;
}


/* nobody, of whom nothing is filled */

static void
t_nobody(t_store_t *t, gov_txn_t *txn, u_char *token, int64_t now)
{
    gov_signed_t  in;

    in = t_signed(t, txn, token, now);

    assert_int_equal(in.is, GOV_SIGNED_NOT);
    assert_int_equal(in.account.id, 0);
    assert_int_equal(in.who.account, 0);
    assert_int_equal(in.who.all, 0);
    assert_int_equal(in.who.ngrants, 0);
}


static void
a_token_of_a_session_says_who_asks_and_what_they_may(void **state)
{
    u_char         hash[GOV_DIGEST_LEN];
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_signed_t   in, same;
    gov_account_t  acc;

    txn = t_city_begin(t);
    acc = t_account(t, txn, "zhang", "");
    t_ok(t_grant(t, txn, &acc, GOV_HUB, 0, "clerk", 0));
    acc = t_session(t, txn, acc, GOV_STAGE_FULL);

    in = t_signed(t, txn, t_token, T_NOW);
    assert_int_equal(in.is, GOV_SIGNED_IN);
    assert_int_equal(in.stage, GOV_STAGE_FULL);
    assert_int_equal(in.account.id, acc.id);
    assert_int_equal(in.who.account, acc.id);
    assert_int_equal(in.who.ngrants, 1);
    assert_int_equal(in.session.rec.began, T_NOW);
    assert_true(gov_may(txn, &in.who, GOV_RIGHT_DOC_WRITE, GOV_HUB, 0));
    assert_false(gov_may(txn, &in.who, GOV_RIGHT_DOC_PUBLISH, GOV_HUB, 0));

    /* its hash says the same */
    t_ok(gov_session_hash(t_token, hash));
    t_ok(gov_signed_hash(txn, t->arena, hash, T_NOW, &same));
    assert_int_equal(same.is, GOV_SIGNED_IN);
    assert_int_equal(same.account.id, acc.id);

    gov_txn_end(&txn);
}


static void
a_session_that_is_still_asked_for_something_says_for_what(void **state)
{
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_stage_t   stage;
    gov_signed_t  in;

    for (stage = GOV_STAGE_CODE; stage <= GOV_STAGE_FACTOR; stage++) {
        txn = t_begin(t, GOV_TXN_WRITE);
        (void) t_session(t, txn, t_account(t, txn, "zhang", ""), stage);

        in = t_signed(t, txn, t_token, T_NOW);
        assert_int_equal(in.is, GOV_SIGNED_PART);
        assert_int_equal(in.stage, stage);
        assert_string_equal(gov_str_c(t->arena, in.who.login), "zhang");

        gov_txn_end(&txn);
    }
}


/* nothing of it may be done before, and an account that has one is not asked */

static void
a_role_given_meanwhile_asks_for_its_second_factor(void **state)
{
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_signed_t    in;
    gov_account_t   acc;

    txn = t_begin(t, GOV_TXN_WRITE);
    acc = t_session(t, txn, t_account(t, txn, "zhang", ""), GOV_STAGE_FULL);
    assert_int_equal(t_signed(t, txn, t_token, T_NOW).is, GOV_SIGNED_IN);

    t_ok(t_grant(t, txn, &acc, GOV_HUB, 0, "operator", T_NOW + T_MINUTE));
    in = t_signed(t, txn, t_token, T_NOW);
    assert_int_equal(in.is, GOV_SIGNED_PART);
    assert_int_equal(in.stage, GOV_STAGE_FACTOR);

    /* for as long as the role holds */
    assert_int_equal(t_signed(t, txn, t_token, T_NOW + T_MINUTE).is,
                     GOV_SIGNED_IN);

    acc.rec.totp = gov_s("sealed");
    t_ok(gov_account_save(txn, t->arena, &acc, &t->err));
    assert_int_equal(t_signed(t, txn, t_token, T_NOW).is, GOV_SIGNED_IN);

    gov_txn_end(&txn);
}


static void
nobody_asks_without_a_token_or_with_one_that_is_over(void **state)
{
    u_char      other[GOV_TOKEN_LEN] = "0123456789abcdef0123456789abcdf";
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    (void) t_session(t, txn, t_account(t, txn, "zhang", ""), GOV_STAGE_FULL);

    t_nobody(t, txn, NULL, T_NOW);
    t_nobody(t, txn, other, T_NOW);
    t_nobody(t, txn, t_token, T_NOW + 30 * T_MINUTE);
    assert_int_equal(t_signed(t, txn, t_token, T_NOW).is, GOV_SIGNED_IN);

    gov_txn_end(&txn);
}


static void
nobody_asks_whose_account_cannot_be_used(void **state)
{
    unsigned        i;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_account_t   acc;

    /* suspended, expired, its sessions ended */

    for (i = 0; i < 3; i++) {
        txn = t_begin(t, GOV_TXN_WRITE);
        acc = t_session(t, txn, t_account(t, txn, "zhang", ""), GOV_STAGE_FULL);
        assert_int_equal(t_signed(t, txn, t_token, T_NOW).is, GOV_SIGNED_IN);

        switch (i) {

        case 0:
            acc.rec.state = GOV_ACCOUNT_SUSPENDED;
            break;

        case 1:
            acc.rec.expires = T_NOW;
            break;

        default:
            gov_account_epoch(&acc);
        }

        t_ok(gov_account_save(txn, t->arena, &acc, &t->err));
        t_nobody(t, txn, t_token, T_NOW);

        gov_txn_end(&txn);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_token_of_a_session_says_who_asks_and_what_they_may),
        t_test(a_session_that_is_still_asked_for_something_says_for_what),
        t_test(a_role_given_meanwhile_asks_for_its_second_factor),
        t_test(nobody_asks_without_a_token_or_with_one_that_is_over),
        t_test(nobody_asks_whose_account_cannot_be_used)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
