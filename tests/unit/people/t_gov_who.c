
/*
 * Copyright (C) ngx_gov authors
 *
 * Who may do what where: rights down the tree, columns, the platform, what
 * ends, roots (B03, G27, H07).
 */


#include "people/t_people.h"


/* column 1 with 2 below it, 3 beside them: of the blueprint */

static void
t_columns(t_store_t *t, gov_txn_t *txn)
{
    gov_value_t  *v;

    t_ok(gov_json_parse(t->arena, gov_s("{\"name\": \"county\", "
             "\"title\": \"x\", \"columns\": ["
             "{\"id\": 1, \"slug\": \"a\", \"name\": \"a\", "
             " \"kind\": \"section\"},"
             "{\"id\": 2, \"slug\": \"b\", \"name\": \"b\", \"parent\": 1, "
             " \"kind\": \"news\"},"
             "{\"id\": 3, \"slug\": \"c\", \"name\": \"c\", "
             " \"kind\": \"news\"}]}"), &v, &t->err));
    t_ok(gov_blueprint_put(txn, t->arena, v, &t->err));
}


/* grants of one account, and what they give */

static void
rights_reach_down_the_tree(void **state)
{
    unsigned       i, k;
    gov_who_t      who;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_account_t  acc;

    static struct {
        uint32_t     site;
        uint32_t     column;
        const char  *role;
        const char  *sites;         /* 0-6: where it may write, whole site */
        const char  *some;          /* where in some column */
        const char  *two;           /* where in column 2 */
    } rows[] = {
        { 1, 0, "clerk", "0123456", "0123456", "0123456" },
        { 2, 0, "clerk", "234", "234", "234" },
        { 3, 0, "clerk", "34", "34", "34" },
        { 4, 0, "clerk", "4", "4", "4" },
        { 5, 0, "clerk", "5", "5", "5" },
        { 0, 0, "clerk", "0123456", "0123456", "0123456" },
        { 2, 1, "clerk", "", "2", "2" },
        { 2, 2, "clerk", "", "2", "2" },
        { 2, 3, "clerk", "", "2", "" },
        { 1, 0, "auditor", "", "", "" },
        { 2, 0, "reviewer", "", "", "" }
    };

    txn = t_city_begin(t);
    t_columns(t, txn);

    for (i = 0; i < t_rows(rows); i++) {
        acc = t_account(t, txn, gov_str_c(t->arena,
                            gov_str_fmt(t->arena, "user%u", i)), "");
        t_ok(t_grant(t, txn, &acc, rows[i].site, rows[i].column,
                     rows[i].role, 0));
        who = t_who(t, txn, &acc, T_NOW);

        for (k = 0; k <= 6; k++) {
            if (gov_may(txn, &who, GOV_RIGHT_DOC_WRITE, k, 0)
                != (strchr(rows[i].sites, '0' + (int) k) != NULL)
                || gov_may(txn, &who, GOV_RIGHT_DOC_WRITE, k, GOV_ANY_COLUMN)
                != (strchr(rows[i].some, '0' + (int) k) != NULL)
                || gov_may(txn, &who, GOV_RIGHT_DOC_WRITE, k, 2)
                != (strchr(rows[i].two, '0' + (int) k) != NULL))
            {
                fail_msg("row %u, site %u", i, k);
            }
        }
    }

    gov_txn_end(&txn);
}


static void
what_is_seen_is_what_something_is_held_at(void **state)
{
    gov_who_t      who;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_account_t  acc;

    txn = t_city_begin(t);
    t_columns(t, txn);
    acc = t_account(t, txn, "zhang", "");
    t_ok(t_grant(t, txn, &acc, 2, 3, "clerk", 0));
    t_ok(t_grant(t, txn, &acc, 3, 0, "personnel", 0));
    who = t_who(t, txn, &acc, T_NOW);

    /* in a column a manager manages columns, not people */
    t_ok(t_grant(t, txn, &acc, 6, 3, "manager", 0));
    who = t_who(t, txn, &acc, T_NOW);
    assert_true(gov_may(txn, &who, GOV_RIGHT_COLUMN_MANAGE, 6, 3));
    assert_false(gov_may(txn, &who, GOV_RIGHT_PEOPLE_MANAGE, 6,
                         GOV_ANY_COLUMN));
    assert_true(gov_may_see(txn, &who, 6));
    acc = t_account(t, txn, "li", "");
    t_ok(t_grant(t, txn, &acc, 2, 3, "clerk", 0));
    t_ok(t_grant(t, txn, &acc, 3, 0, "personnel", 0));
    who = t_who(t, txn, &acc, T_NOW);

    assert_false(gov_may_see(txn, &who, 1));
    assert_true(gov_may_see(txn, &who, 2));
    assert_true(gov_may_see(txn, &who, 3));
    assert_true(gov_may_see(txn, &who, 4));
    assert_false(gov_may_see(txn, &who, 6));
    assert_false(gov_may_see(txn, &who, 99));

    gov_who_operator(&who);
    assert_true(gov_may_see(txn, &who, 6));
    assert_true(gov_may(txn, &who, GOV_RIGHT_AUDIT_READ, GOV_HUB, 0));

    gov_txn_end(&txn);
}


/* one root stands for the platform; of two none does */

static void
the_only_root_is_the_platform(void **state)
{
    gov_who_t       who, all;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_site_t      site;
    gov_account_t   acc, hub;
    t_site_row_t    other = { "620000", "另一省", GOV_PROVINCE, NULL,
                              GOV_MODE_SUBSITE, "other", "other.test" };

    txn = t_city_begin(t);
    acc = t_account(t, txn, "root", "");
    t_ok(t_grant(t, txn, &acc, 1, 0, "operator", 0));
    hub = t_account(t, txn, "hub", "");
    t_ok(t_grant(t, txn, &hub, GOV_HUB, 0, "operator", 0));

    who = t_who(t, txn, &acc, T_NOW);
    all = t_who(t, txn, &hub, T_NOW);
    assert_true(gov_may(txn, &who, GOV_RIGHT_PLATFORM_MANAGE, GOV_HUB, 0));
    assert_false(gov_may(txn, &who, GOV_RIGHT_DOC_WRITE, GOV_HUB, 0));
    assert_true(gov_may(txn, &all, GOV_RIGHT_PLATFORM_MANAGE, GOV_HUB, 0));

    t_ok(t_site_add(t, txn, &other, &site));
    assert_false(gov_may(txn, &who, GOV_RIGHT_PLATFORM_MANAGE, GOV_HUB, 0));
    assert_true(gov_may(txn, &all, GOV_RIGHT_PLATFORM_MANAGE, GOV_HUB, 0));
    assert_true(gov_may(txn, &all, GOV_RIGHT_PLATFORM_MANAGE, site.id, 0));

    t_str(t_roots(t, txn, &all, GOV_RIGHT_SITE_READ), "1 7 ");

    gov_txn_end(&txn);
}


static void
roots_leave_out_what_is_below_another(void **state)
{
    gov_who_t      who;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_account_t  acc;

    txn = t_city_begin(t);
    t_columns(t, txn);
    acc = t_account(t, txn, "zhang", "");
    t_ok(t_grant(t, txn, &acc, 2, 0, "clerk", 0));
    t_ok(t_grant(t, txn, &acc, 2, 0, "reviewer", 0));
    t_ok(t_grant(t, txn, &acc, 4, 0, "clerk", 0));
    t_ok(t_grant(t, txn, &acc, 5, 0, "clerk", 0));
    t_ok(t_grant(t, txn, &acc, 6, 3, "clerk", 0));

    who = t_who(t, txn, &acc, T_NOW);
    t_str(t_roots(t, txn, &who, GOV_RIGHT_DOC_WRITE), "2 5 6 ");
    t_str(t_roots(t, txn, &who, GOV_RIGHT_DOC_REVIEW), "2 ");
    t_str(t_roots(t, txn, &who, GOV_RIGHT_DOC_PUBLISH), "");

    /* a column of a site hides nothing below the site */
    acc = t_account(t, txn, "li", "");
    t_ok(t_grant(t, txn, &acc, 2, 3, "clerk", 0));
    t_ok(t_grant(t, txn, &acc, 3, 0, "clerk", 0));
    who = t_who(t, txn, &acc, T_NOW);
    t_str(t_roots(t, txn, &who, GOV_RIGHT_DOC_WRITE), "2 3 ");

    gov_who_operator(&who);
    t_str(t_roots(t, txn, &who, GOV_RIGHT_DOC_WRITE), "1 ");

    gov_txn_end(&txn);
}


static void
grants_and_accounts_end(void **state)
{
    gov_who_t      who;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_account_t  acc;

    txn = t_city_begin(t);
    acc = t_account(t, txn, "zhang", "");
    t_ok(t_grant(t, txn, &acc, 2, 0, "clerk", T_NOW + T_DAY));
    t_rc(t_grant(t, txn, &acc, 2, 0, "reviewer", T_NOW), GOV_INVALID);
    t_err_clear(t);

    who = t_who(t, txn, &acc, T_NOW + T_DAY - 1);
    assert_true(gov_may(txn, &who, GOV_RIGHT_DOC_WRITE, 3, 0));
    who = t_who(t, txn, &acc, T_NOW + T_DAY);
    assert_false(gov_may(txn, &who, GOV_RIGHT_DOC_WRITE, 3, 0));
    assert_false(gov_may_see(txn, &who, 3));

    acc.rec.expires = T_NOW + 2 * T_DAY;
    t_ok(gov_account_save(txn, t->arena, &acc, &t->err));
    t_ok(gov_who(txn, t->arena, acc.id, T_NOW + 2 * T_DAY - 1, &who));
    t_rc(gov_who(txn, t->arena, acc.id, T_NOW + 2 * T_DAY, &who),
         GOV_DENIED);

    acc.rec.state = GOV_ACCOUNT_SUSPENDED;
    t_ok(gov_account_save(txn, t->arena, &acc, &t->err));
    t_rc(gov_who(txn, t->arena, acc.id, T_NOW, &who), GOV_DENIED);
    t_rc(gov_who(txn, t->arena, 99, T_NOW, &who), GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


/* H07 */

static void
a_contractor_publishes_by_a_grant_that_ends(void **state)
{
    gov_who_t      who;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_account_t  acc, own;

    txn = t_city_begin(t);
    acc = t_account(t, txn, "wb", "某科技公司");
    t_ok(t_grant(t, txn, &acc, 2, 0, "clerk", 0));
    t_rc(t_grant(t, txn, &acc, 2, 0, "publisher", 0), GOV_DENIED);
    t_says(t, "外包人员的签发权限必须写明到期时间");
    t_ok(t_grant(t, txn, &acc, 3, 0, "publisher", T_NOW + T_DAY));

    who = t_who(t, txn, &acc, T_NOW);
    assert_true(gov_may(txn, &who, GOV_RIGHT_DOC_PUBLISH, 3, 0));
    assert_false(gov_may(txn, &who, GOV_RIGHT_DOC_PUBLISH, 2, 0));
    t_str(gov_account_actor(t->arena, who.login, who.contractor),
          "wb（某科技公司）");

    /* who becomes one loses what was given without an end */
    own = t_account(t, txn, "zhang", "");
    t_ok(t_grant(t, txn, &own, 2, 0, "publisher", 0));
    own.rec.contractor = gov_s("某科技公司");
    own.rec.expires = T_NOW + T_DAY;
    t_ok(gov_account_save(txn, t->arena, &own, &t->err));
    who = t_who(t, txn, &own, T_NOW);
    assert_false(gov_may(txn, &who, GOV_RIGHT_DOC_PUBLISH, 2, 0));
    assert_true(gov_may(txn, &who, GOV_RIGHT_DOC_READ, 2, 0));

    gov_txn_end(&txn);
}


/* G27 */

static void
administrators_are_kept_apart(void **state)
{
    unsigned        i;
    gov_rc_t        rc;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_account_t   acc;

    static struct {
        const char  *one;
        const char  *two;
        gov_rc_t     rc;
    } rows[] = {
        { "operator", "security", GOV_DENIED },
        { "operator", "auditor", GOV_DENIED },
        { "security", "operator", GOV_DENIED },
        { "security", "auditor", GOV_DENIED },
        { "auditor", "operator", GOV_DENIED },
        { "auditor", "security", GOV_DENIED },
        { "operator", "operator", GOV_OK },
        { "operator", "publisher", GOV_OK },
        { "clerk", "auditor", GOV_OK },
        { "manager", "platform", GOV_OK }
    };

    txn = t_city_begin(t);

    for (i = 0; i < t_rows(rows); i++) {
        acc = t_account(t, txn, gov_str_c(t->arena,
                            gov_str_fmt(t->arena, "user%u", i)), "");
        t_ok(t_grant(t, txn, &acc, 1, 0, rows[i].one, 0));
        rc = t_grant(t, txn, &acc, 5, 0, rows[i].two, 0);

        if (rc != rows[i].rc) {
            fail_msg("%s and %s: %s", rows[i].one, rows[i].two,
                     gov_rc_name(rc));
        }

        t_err_clear(t);
    }

    /* what has ended is no role any more */
    acc = t_account(t, txn, "once", "");
    t_ok(t_grant(t, txn, &acc, 1, 0, "operator", T_NOW + 1));
    t_rc(t_grant(t, txn, &acc, 1, 0, "security", 0), GOV_DENIED);
    t_says(t, "须由不同的人担任");

    gov_txn_end(&txn);
}


static void
grants_are_listed_by_account_and_by_site(void **state)
{
    uint64_t       next;
    unsigned       i, n;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_grant_t   *list, drop;
    gov_account_t  acc[3];

    txn = t_city_begin(t);

    for (i = 0; i < 3; i++) {
        acc[i] = t_account(t, txn, gov_str_c(t->arena,
                               gov_str_fmt(t->arena, "user%u", i)), "");
        t_ok(t_grant(t, txn, &acc[i], 2, 0, "clerk", 0));
        t_ok(t_grant(t, txn, &acc[i], 2, 0, "reviewer", 0));
    }

    t_ok(t_grant(t, txn, &acc[0], 3, 0, "clerk", 0));
    t_ok(t_grant(t, txn, &acc[0], 3, 0, "clerk", T_NOW + 5));

    t_ok(gov_grants(txn, t->arena, acc[0].id, &list, &n));
    assert_int_equal(n, 3);
    assert_int_equal(list[2].site, 3);
    assert_int_equal(list[2].rec.until, T_NOW + 5);

    t_ok(gov_holders(txn, t->arena, 2, 0, 2, &list, &n, &next));
    assert_int_equal(n, 4);
    assert_int_equal(next, acc[1].id);
    t_ok(gov_holders(txn, t->arena, 2, next, 2, &list, &n, &next));
    assert_int_equal(n, 2);
    assert_int_equal(next, 0);
    assert_int_equal(list[1].account, acc[2].id);
    t_str(list[1].role, "reviewer");

    drop = list[1];
    t_ok(gov_grant_drop(txn, t->arena, &drop, &t->err));
    t_rc(gov_grant_drop(txn, t->arena, &drop, &t->err), GOV_NOT_FOUND);
    t_says(t, "没有“reviewer”的授权");
    t_ok(gov_holders(txn, t->arena, 2, acc[1].id, 2, &list, &n, &next));
    assert_int_equal(n, 1);

    gov_txn_end(&txn);
}


/* a question reads the grants of many */

static void
a_list_takes_the_memory_of_what_is_in_it(void **state)
{
    unsigned       i, n;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_arena_t   *a;
    gov_grant_t   *list;
    gov_account_t  acc;

    txn = t_city_begin(t);
    a = gov_arena_new(256);
    acc = t_account(t, txn, "zhang", "");
    t_ok(t_grant(t, txn, &acc, 1, 0, "clerk", 0));

    t_ok(gov_grants(txn, a, acc.id, &list, &n));
    assert_int_equal(n, 1);
    assert_true(gov_arena_used(a) < 8 * 1024);
    gov_arena_free(&a);

    for (i = 1; i <= 6; i++) {
        t_ok(t_grant(t, txn, &acc, i, 0, "clerk", 0));
        t_ok(t_grant(t, txn, &acc, i, 0, "reviewer", T_NOW + i));
    }

    t_ok(gov_grants(txn, t->arena, acc.id, &list, &n));
    assert_int_equal(n, 12);

    for (i = 0; i < n; i++) {
        assert_int_equal(list[i].site, i / 2 + 1);
        t_str(list[i].role, i % 2 ? "reviewer" : "clerk");
        assert_int_equal(list[i].rec.until, i % 2 ? T_NOW + i / 2 + 1 : 0);
    }

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(rights_reach_down_the_tree),
        t_test(what_is_seen_is_what_something_is_held_at),
        t_test(the_only_root_is_the_platform),
        t_test(roots_leave_out_what_is_below_another),
        t_test(grants_and_accounts_end),
        t_test(a_contractor_publishes_by_a_grant_that_ends),
        t_test(administrators_are_kept_apart),
        t_test(grants_are_listed_by_account_and_by_site),
        t_test(a_list_takes_the_memory_of_what_is_in_it)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
