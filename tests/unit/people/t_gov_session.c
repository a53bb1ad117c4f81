
/*
 * Copyright (C) ngx_gov authors
 *
 * When a session is over, what its token and its forms carry, and how failed
 * sign-ins are counted.
 */


#include "people/t_people.h"


#define T_MINUTE  (60 * (int64_t) 1000000)


static u_char  t_token[GOV_TOKEN_LEN] = "0123456789abcdef0123456789abcde";


static void
t_session(t_store_t *t, gov_txn_t *txn, gov_account_t *acc,
    gov_session_t *s)
{
    memset(s, 0, sizeof(gov_session_t));

    t_ok(gov_session_hash(t_token, s->hash));
    s->rec.address = gov_s("10.0.0.1");
    t_ok(gov_session_open(txn, t->arena, acc, s, T_NOW));
}


static void
t_policy(t_store_t *t, gov_txn_t *txn, const char *rules)
{
    gov_value_t  *v;

    t_ok(gov_json_parse(t->arena, gov_str_of(rules), &v, &t->err));
    t_ok(gov_policy_put(txn, t->arena, gov_s("security"), v, &t->err));
}


static gov_rc_t
t_get(t_store_t *t, gov_txn_t *txn, int64_t now)
{
    u_char         hash[GOV_DIGEST_LEN];
    gov_session_t  s;

    t_ok(gov_session_hash(t_token, hash));

    return gov_session_by_hash(txn, t->arena, hash, now, &s);
}


static void
a_session_rests_and_ends(void **state)
{
    unsigned        i;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_account_t   acc;
    gov_session_t   s;

    txn = t_begin(t, GOV_TXN_WRITE);
    acc = t_account(t, txn, "zhang", "");
    t_session(t, txn, &acc, &s);

    t_ok(t_get(t, txn, T_NOW));
    t_ok(t_get(t, txn, T_NOW + 30 * T_MINUTE - 1));
    t_rc(t_get(t, txn, T_NOW + 30 * T_MINUTE), GOV_NOT_FOUND);

    /* used every 20 minutes it lives its twelve hours */
    for (i = 1; i < 36; i++) {
        s.rec.seen = T_NOW + i * 20 * T_MINUTE;
        t_ok(gov_session_save(txn, t->arena, &s));
        t_ok(t_get(t, txn, s.rec.seen));
    }

    t_ok(t_get(t, txn, T_NOW + 720 * T_MINUTE - 1));
    t_rc(t_get(t, txn, T_NOW + 720 * T_MINUTE), GOV_NOT_FOUND);

    /* by the policy, which holds for those that are open too */
    t_policy(t, txn, "[{\"from\": \"2018-01-01\", \"contact\": \"tel:1\", "
             "\"idle\": 10, \"absolute\": 705}]");
    t_ok(t_get(t, txn, T_NOW + 704 * T_MINUTE));
    t_rc(t_get(t, txn, T_NOW + 710 * T_MINUTE), GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


static void
an_account_takes_its_sessions_along(void **state)
{
    unsigned       n;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_account_t  acc, other;
    gov_session_t  s, *list;

    txn = t_begin(t, GOV_TXN_WRITE);
    acc = t_account(t, txn, "zhang", "");
    other = t_account(t, txn, "li", "");
    t_session(t, txn, &acc, &s);

    t_ok(gov_sessions(txn, t->arena, acc.id, T_NOW, 10, &list, &n));
    assert_int_equal(n, 1);
    t_str(list[0].rec.address, "10.0.0.1");
    t_ok(gov_sessions(txn, t->arena, other.id, T_NOW, 10, &list, &n));
    assert_int_equal(n, 0);

    acc.rec.expires = T_NOW + 5;
    t_ok(gov_account_save(txn, t->arena, &acc, &t->err));
    t_ok(t_get(t, txn, T_NOW + 4));
    t_rc(t_get(t, txn, T_NOW + 5), GOV_NOT_FOUND);

    acc.rec.expires = 0;
    acc.rec.state = GOV_ACCOUNT_SUSPENDED;
    t_ok(gov_account_save(txn, t->arena, &acc, &t->err));
    t_rc(t_get(t, txn, T_NOW), GOV_NOT_FOUND);

    acc.rec.state = GOV_ACCOUNT_ACTIVE;
    t_ok(gov_account_save(txn, t->arena, &acc, &t->err));
    t_ok(t_get(t, txn, T_NOW));

    gov_account_epoch(&acc);
    t_ok(gov_account_save(txn, t->arena, &acc, &t->err));
    t_rc(t_get(t, txn, T_NOW), GOV_NOT_FOUND);
    t_ok(gov_sessions(txn, t->arena, acc.id, T_NOW, 10, &list, &n));
    assert_int_equal(n, 0);

    gov_txn_end(&txn);
}


static void
what_ended_is_swept_away(void **state)
{
    unsigned        n;
    gov_str_t       before;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_account_t   acc;
    gov_session_t   s;

    txn = t_begin(t, GOV_TXN_WRITE);
    acc = t_account(t, txn, "zhang", "");
    t_commit(t, &txn);
    before = t_dump(t, 0, 1);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_session(t, txn, &acc, &s);
    t_ok(gov_session_close(txn, t->arena, s.hash));
    t_rc(gov_session_close(txn, t->arena, s.hash), GOV_NOT_FOUND);
    t_session(t, txn, &acc, &s);

    t_ok(gov_session_sweep(txn, t->arena, T_NOW + 719 * T_MINUTE, 10, &n));
    assert_int_equal(n, 0);
    t_ok(gov_session_sweep(txn, t->arena, T_NOW + 720 * T_MINUTE, 10, &n));
    assert_int_equal(n, 1);
    t_commit(t, &txn);

    assert_true(gov_str_eq(t_dump(t, 0, 1), before));
}


static void
a_form_carries_what_only_its_session_makes(void **state)
{
    u_char  one[GOV_CSRF_LEN], two[GOV_CSRF_LEN], other[GOV_TOKEN_LEN];

    (void) state;

    gov_session_csrf(t_token, one);
    gov_session_csrf(t_token, two);
    assert_memory_equal(one, two, GOV_CSRF_LEN);
    assert_memory_equal(one, "345379bdf5e41a004a0c93aada4f6b86",
                        GOV_CSRF_LEN);

    memcpy(other, t_token, GOV_TOKEN_LEN);
    other[GOV_TOKEN_LEN - 1] ^= 1;
    gov_session_csrf(other, two);
    assert_memory_not_equal(one, two, GOV_CSRF_LEN);
}


static int64_t
t_until(t_store_t *t, gov_txn_t *txn, const char *login, const char *address)
{
    int64_t  until;

    t_ok(gov_attempt_until(txn, t->arena, gov_str_of(login),
                           gov_str_of(address), gov_s(""), &until));

    return until;
}


static void
failures_in_a_row_lock_a_login_for_longer_and_longer(void **state)
{
    int64_t     now, lock;
    unsigned    i;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    now = T_NOW;

    for (i = 1; i < GOV_ATTEMPTS; i++) {
        t_ok(gov_attempt_note(txn, t->arena, gov_s("zhang"), gov_s("::1"),
                              gov_s(""), now));
        assert_int_equal(t_until(t, txn, "zhang", "::1"), 0);
    }

    for (lock = GOV_ATTEMPT_LOCK; lock < 4 * GOV_ATTEMPT_MOST; lock *= 2) {
        t_ok(gov_attempt_note(txn, t->arena, gov_s("zhang"), gov_s("::1"),
                              gov_s(""), now));
        /* while it is locked none is counted */
        t_ok(gov_attempt_note(txn, t->arena, gov_s("zhang"), gov_s("::1"),
                              gov_s(""), now + 1));
        assert_int_equal(t_until(t, txn, "zhang", "::2"),
                         now + (lock < GOV_ATTEMPT_MOST ? lock
                                                        : GOV_ATTEMPT_MOST));
        now = t_until(t, txn, "zhang", "::2");
    }

    assert_int_equal(t_until(t, txn, "li", "::2"), 0);

    /* after a rest it begins anew */
    now += GOV_ATTEMPT_REST;
    t_ok(gov_attempt_note(txn, t->arena, gov_s("zhang"), gov_s("::3"),
                          gov_s(""), now));
    assert_int_equal(t_until(t, txn, "zhang", "::3"), 0);

    gov_txn_end(&txn);
}


static void
an_address_is_locked_whatever_logins_it_tries(void **state)
{
    unsigned    i, n;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 1; i <= GOV_ATTEMPTS_ADDRESS; i++) {
        assert_int_equal(t_until(t, txn, "somebody", "::1"), 0);
        t_ok(gov_attempt_note(txn, t->arena, gov_str_fmt(t->arena, "u%u", i),
                              gov_s("::1"), gov_s(""), T_NOW));
    }

    assert_int_equal(t_until(t, txn, "somebody", "::1"),
                     T_NOW + GOV_ATTEMPT_LOCK);
    assert_int_equal(t_until(t, txn, "somebody", "::2"), 0);

    /* a login that reads like an address is none */
    for (i = 1; i <= GOV_ATTEMPTS; i++) {
        t_ok(gov_attempt_note(txn, t->arena, gov_s("address ::2"),
                              gov_s("::3"), gov_s(""), T_NOW));
    }
    assert_int_equal(t_until(t, txn, "somebody", "::2"), 0);

    /* a sign-in clears its login alone */
    t_ok(gov_attempt_clear(txn, t->arena, gov_s("address ::2"),
                           gov_s("::9"), gov_s("")));
    t_ok(gov_attempt_clear(txn, t->arena, gov_s("address ::2"),
                           gov_s("::9"), gov_s("")));
    assert_int_equal(t_until(t, txn, "address ::2", "::2"), 0);
    assert_true(t_until(t, txn, "u1", "::1") > T_NOW);

    /* what rests is swept: the 20 logins, the two addresses */
    t_ok(gov_attempt_sweep(txn, t->arena, T_NOW + GOV_ATTEMPT_REST - 1, 99,
                           &n));
    assert_int_equal(n, 0);
    t_ok(gov_attempt_sweep(txn, t->arena, T_NOW + GOV_ATTEMPT_REST, 99, &n));
    assert_int_equal(n, GOV_ATTEMPTS_ADDRESS + 2);

    gov_txn_end(&txn);
}


static void
what_fails_elsewhere_locks_nobody_out_of_where_they_are(void **state)
{
    int64_t         now;
    unsigned        i;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_account_t   acc;

    txn = t_begin(t, GOV_TXN_WRITE);
    acc = t_account(t, txn, "zhang", "");
    acc.rec.addresses = gov_list(t->arena);
    gov_add(acc.rec.addresses, gov_val_str(t->arena, gov_s("10.0.0.1")));
    t_ok(gov_account_save(txn, t->arena, &acc, &t->err));

    /* a stranger goes on for as long as they like */
    for (i = 0, now = T_NOW; i < 30; i++) {
        t_ok(gov_attempt_note(txn, t->arena, gov_s("zhang"),
                              gov_str_fmt(t->arena, "9.9.9.%u", i), gov_s(""),
                              now));
        t_ok(gov_attempt_note(txn, t->arena, gov_s("10.0.0.1 zhang"),
                              gov_s("8.8.8.8"), gov_s(""), now));
        now = t_until(t, txn, "zhang", "9.9.9.99");
        now = now ? now : T_NOW;
        assert_int_equal(t_until(t, txn, "zhang", "10.0.0.1"), 0);
    }
    assert_true(now > T_NOW);

    /* nor does the owner's sign-in, where they are, free the stranger */
    t_ok(gov_attempt_clear(txn, t->arena, gov_s("zhang"),
                           gov_s("10.0.0.1"), gov_s("")));
    assert_int_equal(t_until(t, txn, "zhang", "9.9.9.99"), now);

    /* and there it locks as everywhere, for itself */
    for (i = 0; i < GOV_ATTEMPTS; i++) {
        t_ok(gov_attempt_note(txn, t->arena, gov_s("zhang"),
                              gov_s("10.0.0.1"), gov_s(""), T_NOW));
    }
    assert_int_equal(t_until(t, txn, "zhang", "10.0.0.1"),
                     T_NOW + GOV_ATTEMPT_LOCK);
    t_ok(gov_attempt_clear(txn, t->arena, gov_s("zhang"),
                           gov_s("10.0.0.1"), gov_s("")));
    assert_int_equal(t_until(t, txn, "zhang", "10.0.0.1"), 0);

    gov_txn_end(&txn);
}


static void
what_a_known_device_fails_is_its_own(void **state)
{
    int64_t     until;
    unsigned    i;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < GOV_ATTEMPTS_ADDRESS; i++) {
        t_ok(gov_attempt_note(txn, t->arena, gov_s("zhang"), gov_s("::1"),
                              gov_s(""), T_NOW));
        t_ok(gov_attempt_note(txn, t->arena, gov_str_fmt(t->arena, "u%u", i),
                              gov_s("::1"), gov_s(""), T_NOW));
    }
    assert_true(t_until(t, txn, "zhang", "::1") > T_NOW);

    t_ok(gov_attempt_until(txn, t->arena, gov_s("zhang"), gov_s("::1"),
                           gov_s("d1"), &until));
    assert_int_equal(until, 0);

    for (i = 0; i < GOV_ATTEMPTS_ADDRESS; i++) {
        t_ok(gov_attempt_note(txn, t->arena, gov_s("li"), gov_s("::2"),
                              gov_str_fmt(t->arena, "e%u", i), T_NOW));
    }
    for (i = 0; i < GOV_ATTEMPTS; i++) {
        t_ok(gov_attempt_note(txn, t->arena, gov_s("li"), gov_s("::2"),
                              gov_s("d1"), T_NOW));
    }
    t_ok(gov_attempt_until(txn, t->arena, gov_s("li"), gov_s("::2"),
                           gov_s("d1"), &until));
    assert_int_equal(until, T_NOW + GOV_ATTEMPT_LOCK);
    assert_int_equal(t_until(t, txn, "li", "::2"), 0);
    t_ok(gov_attempt_until(txn, t->arena, gov_s("li"), gov_s("::2"),
                           gov_s("d2"), &until));
    assert_int_equal(until, 0);

    t_ok(gov_attempt_clear(txn, t->arena, gov_s("li"), gov_s("::2"),
                           gov_s("d1")));
    t_ok(gov_attempt_until(txn, t->arena, gov_s("li"), gov_s("::2"),
                           gov_s("d1"), &until));
    assert_int_equal(until, 0);
    assert_true(t_until(t, txn, "zhang", "::1") > T_NOW);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_session_rests_and_ends),
        t_test(an_account_takes_its_sessions_along),
        t_test(what_ended_is_swept_away),
        t_test(a_form_carries_what_only_its_session_makes),
        t_test(failures_in_a_row_lock_a_login_for_longer_and_longer),
        t_test(an_address_is_locked_whatever_logins_it_tries),
        t_test(what_fails_elsewhere_locks_nobody_out_of_where_they_are),
        t_test(what_a_known_device_fails_is_its_own)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
