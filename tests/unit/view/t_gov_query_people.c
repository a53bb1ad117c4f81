
/*
 * Copyright (C) ngx_gov authors
 *
 * user.list and people.gaps on a large platform: what is found among many
 * others, and that looking for it takes little memory.
 */


#include "desk/t_people_desk.h"
#include "view/gov_query.h"


#define T_LITTLE  (1024 * 1024)


/* answered in an arena of its own, as a page is */

static gov_value_t *
t_ask(t_store_t *t, const char *login, const char *query, const char *json)
{
    gov_txn_t    *txn;
    gov_who_t     who;
    gov_arena_t  *a;
    gov_value_t  *out, *copy;

    a = gov_arena_new(4096);
    txn = t_begin(t, GOV_TXN_READ);

    t_ok(gov_who(txn, a, t_account(t, login).id, t_now, &who));
    t_ok(gov_query(txn, a, &who, gov_str_of(query), t_json(t, json), t_now,
                   &out, &t->err));
    copy = gov_value_copy(t->arena, out);
    assert_true(gov_arena_used(a) < T_LITTLE);

    gov_txn_end(&txn);
    gov_arena_free(&a);

    return copy;
}


/* "a b |c |": a member of the rows, page by page, to the end */

static gov_str_t
t_pages(t_store_t *t, const char *login, const char *query, unsigned limit,
    const char *member)
{
    int64_t       next;
    gov_buf_t     b;
    gov_str_t     json;
    gov_value_t  *out, *row;

    gov_buf_init(&b, t->arena, 64);
    next = 0;

    do {
        json = gov_str_fmt(t->arena, "{'limit': %u, 'after': %lld}", limit,
                           (long long) next);
        out = t_ask(t, login, query, gov_str_c(t->arena, json));
        next = gov_get_int(out, "next", 0);

        gov_each (row, gov_member(out, "rows")) {
            gov_buf_fmt(&b, "%.*s ", gov_strf(gov_get_str(row, member)));
        }

        gov_buf_c(&b, "|");
    } while (next != 0);

    return b.s;
}


/* accounts with a role at a site, written without an entry each */

static void
t_crowd(t_store_t *t, const char *site, const char *role, unsigned n)
{
    gov_txn_t        *txn;
    gov_grant_t       g;
    gov_account_t     acc;
    static unsigned   born;

    txn = t_begin(t, GOV_TXN_WRITE);

    while (n-- != 0) {
        memset(&acc, 0, sizeof(gov_account_t));
        acc.rec.login = gov_str_fmt(t->arena, "crowd%u", born++);
        acc.rec.name = gov_s("众");
        t_ok(gov_account_add(txn, t->arena, &acc, &t->err));

        memset(&g, 0, sizeof(gov_grant_t));
        g.site = t_site(t, txn, site).id;
        g.role = gov_str_of(role);
        t_ok(gov_grant_put(txn, t->arena, &acc, &g, t_now, &t->err));
    }

    t_commit(t, &txn);
}


static void
ones_people_are_found_among_any_number_of_others(void **state)
{
    t_store_t  *t = *state;

    t_people_do(t);
    t_do(t, "user.grant", "{'user': 'clerk', 'role': 'reviewer', "
         "'site': '610402'}");
    t_do(t, "user.create", "{'login': 'spare', 'name': '无'}");
    t_crowd(t, "610403", "clerk", 1900);
    t_do(t, "user.create", "{'login': 'late', 'name': '后', "
         "'role': 'clerk', 'site': '6104', 'secret': 'x'}");
    t_do(t, "user.grant", "{'user': 'late', 'role': 'clerk', "
         "'site': '610402001'}");

    t_str(t_pages(t, "boss", "user.list", 50, "user"),
          "boss clerk pub late |");
    t_str(t_pages(t, "boss", "user.list", 1, "user"),
          "boss |clerk |pub |late |");

    /* a page ends before it is full, and says where it goes on */

    t_crowd(t, "610403", "clerk", 200);
    t_do(t, "user.create", "{'login': 'last', 'name': '末', "
         "'role': 'clerk', 'site': '610402', 'secret': 'x'}");
    t_str(t_pages(t, "boss", "user.list", 50, "user"),
          "boss clerk pub late |last |");
}


/* townships below 610402, each with who is in charge */

static void
t_townships(t_store_t *t, unsigned n)
{
    unsigned  i;

    for (i = 101; i < 101 + n; i++) {
        t_do(t, "site.create", gov_str_c(t->arena,
             gov_str_fmt(t->arena, "{'code': '610402%u', 'name': '街道', "
                         "'level': 'township', 'parent': '610402'}", i)));
        t_do(t, "site.set", gov_str_c(t->arena,
             gov_str_fmt(t->arena, "{'site': '610402%u', 'head': '甲', "
                         "'keeper': '乙'}", i)));
    }
}


static void
who_is_missed_is_found_below_a_crowd(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *row;

    t_people_do(t);
    t_townships(t, 310);
    t_do(t, "site.create", "{'code': '610402900', 'name': '缺', "
         "'level': 'township', 'parent': '610402'}");

    t_str(t_pages(t, "boss", "people.gaps", 50, "site"),
          "610402000000 610402001000 |610402900000 |");

    /* nobody edits, and of those above nobody does either */

    t_crowd(t, "6104", "reviewer", 400);
    t_do(t, "user.suspend", "{'user': 'clerk'}");
    assert_int_equal(gov_member(t_ask(t, "boss", "people.gaps",
                                      "{'limit': 50}"), "rows")->n, 50);

    /* who edits a column does so at its own site alone */

    t_do(t, "user.create", "{'login': 'one', 'name': '栏'}");
    t_do(t, "user.grant", "{'user': 'one', 'role': 'clerk', "
         "'site': '610402', 'column': 'tzgg'}");
    row = gov_member(t_ask(t, "boss", "people.gaps", "{'limit': 50}"),
                     "rows")->u.first;
    assert_true(gov_get_bool(row, "editor"));
    assert_false(gov_get_bool(row->next, "editor"));
    assert_true(gov_get_bool(row->next, "publisher"));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(ones_people_are_found_among_any_number_of_others),
        t_test(who_is_missed_is_found_below_a_crowd)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
