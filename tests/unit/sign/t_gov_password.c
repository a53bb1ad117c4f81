
/*
 * Copyright (C) ngx_gov authors
 *
 * Passwords: hashed by either algorithm, told apart, told old; the easily
 * guessed refused.
 */


#include "base/t_base.h"
#include "sign/gov_sign.h"


static gov_password_conf_t
t_conf(gov_password_kind_t kind)
{
    gov_password_conf_t  conf;

    gov_password_defaults(&conf);
    conf.kind = kind;
    conf.rounds = 1000;

    return conf;
}


static gov_rc_t
t_verify(gov_arena_t *a, gov_password_conf_t *conf, const char *phc,
    const char *password)
{
    int  old;

    return gov_password_verify(a, conf, gov_str_of(phc),
                               gov_str_of(password), &old);
}


static void
a_password_verifies_by_its_hash_alone(void **state)
{
    int                   old, kind;
    gov_str_t             phc, again;
    gov_arena_t          *a = *state;
    gov_password_conf_t   conf;

    for (kind = GOV_PASSWORD_ARGON2ID; kind <= GOV_PASSWORD_SM3; kind++) {
        conf = t_conf(kind);

        assert_int_equal(gov_password_hash(a, &conf, gov_s("天安门 is big"),
                                           &phc), GOV_OK);
        assert_int_equal(gov_password_hash(a, &conf, gov_s("天安门 is big"),
                                           &again), GOV_OK);
        assert_false(gov_str_eq(phc, again));
        assert_true(gov_str_starts(phc, kind ? "$pbkdf2-sm3$i=1000$"
                                             : "$argon2id$v=19$m=64,t=1,"
                                               "p=1$"));

        assert_int_equal(gov_password_verify(a, &conf, phc,
                             gov_s("天安门 is big"), &old), GOV_OK);
        assert_false(old);
        assert_int_equal(gov_password_verify(a, &conf, phc,
                             gov_s("天安门 is bi"), &old), GOV_DENIED);
        assert_int_equal(gov_password_verify(a, &conf, phc, gov_s(""), &old),
                         GOV_DENIED);
    }
}


/* the library's own, and `openssl kdf ... PBKDF2` */

static void
hashes_of_other_makers_verify(void **state)
{
    gov_arena_t          *a = *state;
    gov_password_conf_t   conf = t_conf(GOV_PASSWORD_ARGON2ID);

    static const char  argon2[] =
        "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRz"
        "b21lc2FsdA$s9afqn3AQBEklMb6evmWRGuZ0QypPcRYjuyl8WR8AIM";
    static const char  sm3[] =
        "$pbkdf2-sm3$i=1500$c29tZXNhbHRzb21lc2Fsd"
        "A$BztTKUSiuhXntX1vtQnnYskGGS7V_xoKiIWJ6pS7ZWg";

    assert_int_equal(t_verify(a, &conf, argon2, "password here"), GOV_OK);
    assert_int_equal(t_verify(a, &conf, argon2, "password her"), GOV_DENIED);
    assert_int_equal(t_verify(a, &conf, sm3, "password here"), GOV_OK);
    assert_int_equal(t_verify(a, &conf, sm3, "password her"), GOV_DENIED);
}


static void
other_parameters_are_told_as_old(void **state)
{
    int                   old;
    gov_str_t             phc;
    gov_arena_t          *a = *state;
    gov_password_conf_t   conf = t_conf(GOV_PASSWORD_ARGON2ID);

    assert_int_equal(gov_password_hash(a, &conf, gov_s("x"), &phc), GOV_OK);

    conf.passes++;
    assert_int_equal(gov_password_verify(a, &conf, phc, gov_s("x"), &old),
                     GOV_OK);
    assert_true(old);

    conf = t_conf(GOV_PASSWORD_SM3);
    assert_int_equal(gov_password_verify(a, &conf, phc, gov_s("x"), &old),
                     GOV_OK);
    assert_true(old);

    assert_int_equal(gov_password_hash(a, &conf, gov_s("x"), &phc), GOV_OK);
    conf.rounds++;
    assert_int_equal(gov_password_verify(a, &conf, phc, gov_s("x"), &old),
                     GOV_OK);
    assert_true(old);
}


static void
what_is_no_hash_verifies_nothing(void **state)
{
    size_t                i;
    gov_arena_t          *a = *state;
    gov_password_conf_t   conf = t_conf(GOV_PASSWORD_ARGON2ID);

    static const char  *bad[] = {
        "", "x", "$argon2id$", "$argon2id$v=19$m=64,t=1,p=1$", "$2b$10$abc",
        "$pbkdf2-sm3$i=0$$", "$pbkdf2-sm3$i=1000$AAAA$",
        "$pbkdf2-sm3$i=1000$=$AAAA",
        "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAA"
    };

    for (i = 0; i < t_rows(bad); i++) {
        if (t_verify(a, &conf, bad[i], "") == GOV_OK) {
            fail_msg("\"%s\" verifies", bad[i]);
        }
    }
}


static void
the_defaults_are_not_weaker_than_promised(void **state)
{
    gov_password_conf_t  conf;

    (void) state;

    gov_password_defaults(&conf);
    assert_int_equal(conf.kind, GOV_PASSWORD_ARGON2ID);
    assert_true(conf.rounds >= 600000);
}


static void
easily_guessed_passwords_are_refused(void **state)
{
    size_t        i;
    gov_rc_t      rc;
    gov_err_t     err;
    gov_arena_t  *a = *state;

    gov_str_t  about[] = { gov_string("wangfang"), gov_string("王芳"),
                           gov_string("qindu") };
    static const struct {
        const char  *password;
        gov_rc_t     rc;
    } rows[] = {
        { "correct horse battery", GOV_OK },
        { "mugong-huojian-47", GOV_OK },
        { "hf83kd02mqzl", GOV_OK },
        { "zK8#qLm2vN", GOV_INVALID },              /* short */
        { "一二三四五六七八九十", GOV_INVALID },
        { "aaaaaaaaaaaa", GOV_INVALID },
        { "123456789012", GOV_INVALID },
        { "qwertyuiop12", GOV_INVALID },
        { "P@ssw0rd2026!", GOV_INVALID },
        { "Xianyang@2026", GOV_INVALID },
        { "woaini1314520", GOV_INVALID },
        { "woaizhongguo123", GOV_INVALID },
        { "wangfang2026qindu", GOV_INVALID },
        { "hf83kd02\nmqzl\x01", GOV_INVALID },
        { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", GOV_INVALID }
    };

    for (i = 0; i < t_rows(rows); i++) {
        memset(&err, 0, sizeof(gov_err_t));
        rc = gov_password_check(a, gov_str_of(rows[i].password), about,
                                t_rows(about), &err);

        if (rc != rows[i].rc) {
            fail_msg("\"%s\": %d", rows[i].password, rc);
        }

        if (rc != GOV_OK) {
            assert_string_equal(err.field, "password");
            assert_true(err.english[0] != '\0');
        }
    }
}


static void
a_long_password_is_refused_before_it_is_judged(void **state)
{
    gov_str_t     s;
    gov_err_t     err;
    gov_arena_t  *a = *state;

    memset(&err, 0, sizeof(gov_err_t));
    s.len = 1 << 20;
    s.data = gov_alloc(a, s.len);
    memset(s.data, 'x', s.len);

    assert_int_equal(gov_password_check(a, s, NULL, 0, &err), GOV_INVALID);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_password_verifies_by_its_hash_alone),
        t_test(hashes_of_other_makers_verify),
        t_test(other_parameters_are_told_as_old),
        t_test(what_is_no_hash_verifies_nothing),
        t_test(the_defaults_are_not_weaker_than_promised),
        t_test(easily_guessed_passwords_are_refused),
        t_test(a_long_password_is_refused_before_it_is_judged)
    };

    return cmocka_run_group_tests_name("sign/gov_password", tests, NULL,
                                       NULL);
}
