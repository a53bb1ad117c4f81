
/*
 * Copyright (C) ngx_gov authors
 *
 * Accounts and roles: logins are unique and stay, the platform's roles are
 * there without being stored, a platform's own cannot join two kinds of
 * administrator.
 */


#include "people/t_people.h"


static void
a_login_is_one_persons_for_ever(void **state)
{
    unsigned       i;
    uint64_t       id;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_account_t  acc, got;

    static struct {
        const char  *login;
        gov_rc_t     rc;
    } rows[] = {
        { "zhang", GOV_OK }, { "zhang", GOV_CONFLICT },
        { "zhang.san-1_x", GOV_OK }, { "01", GOV_OK },
        { "z", GOV_INVALID }, { "", GOV_INVALID }, { "Zhang", GOV_INVALID },
        { "-ab", GOV_INVALID }, { "a b", GOV_INVALID },
        { "张三", GOV_INVALID }, { "a/b", GOV_INVALID },
        { "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd", GOV_OK },
        { "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx", GOV_INVALID }
    };

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < t_rows(rows); i++) {
        memset(&acc, 0, sizeof(gov_account_t));
        acc.rec.login = gov_str_of(rows[i].login);
        acc.rec.name = gov_s("张三");
        t_err_clear(t);
        t_rc(gov_account_add(txn, t->arena, &acc, &t->err), rows[i].rc);
    }

    t_ok(gov_account_by_login(txn, t->arena, gov_s("zhang"), &got));
    assert_int_equal(got.id, 1);

    got.rec.login = gov_s("other");
    got.rec.unit = gov_s("办公室");
    t_ok(gov_account_save(txn, t->arena, &got, &t->err));
    t_ok(gov_account_by_login(txn, t->arena, gov_s("zhang"), &got));
    t_str(got.rec.login, "zhang");
    t_str(got.rec.unit, "办公室");
    t_rc(gov_account_by_login(txn, t->arena, gov_s("other"), &got),
         GOV_NOT_FOUND);

    for (i = 0, id = 0;
         gov_account_next(txn, t->arena, &id, &got) == GOV_OK; i++)
    {
        assert_int_equal(got.id, i + 1);
    }

    assert_int_equal(i, 4);

    gov_txn_end(&txn);
}


static void
fields_of_an_account_are_checked(void **state)
{
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_account_t  acc;

    txn = t_begin(t, GOV_TXN_WRITE);
    memset(&acc, 0, sizeof(gov_account_t));
    acc.rec.login = gov_s("wb");

    t_rc(gov_account_add(txn, t->arena, &acc, &t->err), GOV_INVALID);
    t_says(t, "姓名应为");
    acc.rec.name = gov_s("李四");
    acc.rec.mail = gov_s("li");
    t_rc(gov_account_add(txn, t->arena, &acc, &t->err), GOV_INVALID);
    t_says(t, "不是邮箱地址");
    acc.rec.mail = gov_s("li@x.cn");
    acc.rec.contractor = gov_s("某公司");
    t_rc(gov_account_add(txn, t->arena, &acc, &t->err), GOV_INVALID);
    t_says(t, "必须写明到期时间");
    acc.rec.expires = T_NOW;
    t_ok(gov_account_add(txn, t->arena, &acc, &t->err));

    gov_txn_end(&txn);
}


static gov_rc_t
t_role(t_store_t *t, gov_txn_t *txn, const char *name, const char *rights)
{
    gov_value_t     *v;
    gov_role_rec_t   role;

    memset(&role, 0, sizeof(gov_role_rec_t));
    t_err_clear(t);
    t_ok(gov_json_parse(t->arena, gov_str_of(rights), &v, &t->err));
    role.title = gov_s("自设");
    role.rights = v;

    return gov_role_put(txn, t->arena, gov_str_of(name), &role, &t->err);
}


/* each row of gov_rights.h has rights that are there and of its kind */

static void
the_platforms_roles_are_there_unstored(void **state)
{
    unsigned        n;
    uint64_t        rights;
    gov_str_t       name, before;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_value_t    *v;
    gov_role_rec_t  role;

    txn = t_begin(t, GOV_TXN_READ);

    name = gov_s("");

    for (n = 0; gov_role_next(txn, t->arena, &name, &role) == GOV_OK; n++) {
        t_ok(gov_role_get(txn, t->arena, name, &role, &rights));
        assert_int_equal(role.fixed, 1);
        assert_true(role.title.len != 0 && role.rights->n != 0);
        assert_int_equal(role.apart, gov_rights_apart(rights));
        assert_int_equal(role.factor, role.apart != GOV_APART_NONE);

        gov_each(v, role.rights) {
            if (gov_right_parse(v->u.s) < 0) {
                fail_msg("%.*s: %.*s", gov_strf(name), gov_strf(v->u.s));
            }
        }
    }

    assert_int_equal(n, 16);
    gov_txn_end(&txn);

    txn = t_begin(t, GOV_TXN_WRITE);
    before = t_dump(t, 0, 1);
    t_rc(t_role(t, txn, "clerk", "[\"doc.read\"]"), GOV_CONFLICT);
    t_says(t, "平台自带");
    t_rc(gov_role_drop(txn, t->arena, gov_s("clerk"), &t->err),
         GOV_CONFLICT);
    t_commit(t, &txn);
    assert_true(gov_str_eq(t_dump(t, 0, 1), before));
}


static void
a_role_of_their_own(void **state)
{
    unsigned        i, n;
    uint64_t        rights;
    gov_str_t       name;
    gov_who_t       who;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_account_t   acc;
    gov_role_rec_t  role;

    static struct {
        const char  *name;
        const char  *rights;
        gov_rc_t     rc;
        int          apart;
    } rows[] = {
        { "chief", "[\"doc.read\", \"doc.publish\"]", GOV_OK,
          GOV_APART_NONE },
        { "watch", "[\"audit.read\"]", GOV_OK, GOV_APART_AUDIT },
        { "both", "[\"audit.read\", \"platform.manage\"]", GOV_DENIED, 0 },
        { "two", "[\"role.manage\", \"platform.manage\"]", GOV_DENIED, 0 },
        { "safe", "[\"role.manage\", \"security.manage\"]", GOV_OK,
          GOV_APART_SECURITY },
        { "none", "[]", GOV_INVALID, 0 },
        { "odd", "[\"doc.fly\"]", GOV_INVALID, 0 },
        { "odd", "[7]", GOV_INVALID, 0 },
        { "A b", "[\"doc.read\"]", GOV_INVALID, 0 }
    };

    txn = t_city_begin(t);

    for (i = 0; i < t_rows(rows); i++) {
        t_rc(t_role(t, txn, rows[i].name, rows[i].rights), rows[i].rc);

        if (rows[i].rc == GOV_OK) {
            t_ok(gov_role_get(txn, t->arena, gov_str_of(rows[i].name), &role,
                              &rights));
            assert_int_equal(role.apart, rows[i].apart);
            assert_int_equal(role.factor, rows[i].apart != GOV_APART_NONE);
        }
    }

    name = gov_s("");

    for (n = 0; gov_role_next(txn, t->arena, &name, &role) == GOV_OK; n++) {
        /* void */
    }

    assert_int_equal(n, 16 + 3);

    acc = t_account(t, txn, "zhang", "");
    t_ok(t_grant(t, txn, &acc, 2, 0, "chief", 0));
    who = t_who(t, txn, &acc, T_NOW);
    assert_true(gov_may(txn, &who, GOV_RIGHT_DOC_PUBLISH, 3, 0));

    /* what is taken out of a role is taken from all who hold it */
    t_ok(t_role(t, txn, "chief", "[\"doc.read\"]"));
    who = t_who(t, txn, &acc, T_NOW);
    assert_false(gov_may(txn, &who, GOV_RIGHT_DOC_PUBLISH, 3, 0));

    t_rc(gov_role_drop(txn, t->arena, gov_s("chief"), &t->err),
         GOV_CONFLICT);
    t_says(t, "还有人担任");
    t_ok(gov_role_drop(txn, t->arena, gov_s("watch"), &t->err));
    t_rc(gov_role_drop(txn, t->arena, gov_s("watch"), &t->err),
         GOV_NOT_FOUND);
    t_err_clear(t);
    t_rc(t_grant(t, txn, &acc, 2, 0, "watch", 0), GOV_NOT_FOUND);
    t_says(t, "没有名为“watch”的角色");

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_login_is_one_persons_for_ever),
        t_test(fields_of_an_account_are_checked),
        t_test(the_platforms_roles_are_there_unstored),
        t_test(a_role_of_their_own)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
