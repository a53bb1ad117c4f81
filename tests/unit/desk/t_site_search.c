
/*
 * Copyright (C) ngx_gov authors
 *
 * site.search by people who have some of the sites: whatever is called so and
 * theirs is found, nothing else, whether few or many sites are called so.
 */


#include "desk/t_people_desk.h"
#include "view/gov_query.h"


#define MANY  260           /* namesakes elsewhere, more than are looked at */
#define OWN   70            /* sites below the county of who asks */


/* townships of a county, all with a name; n with another name: "a" */

static void
t_towns(t_store_t *t, const char *county, const char *name, unsigned from,
    unsigned n)
{
    unsigned  i;

    for (i = from; i < from + n; i++) {
        t_do(t, "site.create",
             gov_str_c(t->arena, gov_str_fmt(t->arena,
                       "{'code': '%s%03u', 'name': '%s%u镇', "
                       "'level': 'township', 'parent': '%s', "
                       "'slug': 't%s%u'}", county, i + 101, name, i, county,
                       county, i)));
    }
}


static gov_value_t *
t_search(t_store_t *t, const char *login, const char *json)
{
    gov_who_t     who;
    gov_txn_t    *txn;
    gov_value_t  *out, *copy;

    txn = t_begin(t, GOV_TXN_READ);
    t_err_clear(t);
    t_ok(gov_who(txn, t->arena, t_account(t, login).id, t_now, &who));
    t_ok(gov_query(txn, t->arena, &who, gov_s("site.search"),
                   t_json(t, json), t_now, &out, &t->err));
    copy = gov_value_copy(t->arena, out);
    gov_txn_end(&txn);

    return copy;
}


static unsigned
t_found(t_store_t *t, const char *login, const char *text, const char *below)
{
    gov_value_t  *row, *rows;

    rows = gov_member(t_search(t, login, gov_str_c(t->arena,
                                   gov_str_fmt(t->arena, "{'text': '%s'}",
                                               text))),
                      "rows");

    gov_each (row, rows) {
        assert_true(gov_str_starts(gov_get_str(row, "code"), below));
    }

    return rows->n;
}


static void
what_is_theirs_is_found_and_nothing_else(void **state)
{
    t_store_t  *t = *state;

    t_people_do(t);
    t_towns(t, "610402", "马家", 0, OWN);
    t_towns(t, "610402", "清水", OWN, 3);
    t_towns(t, "610403", "清水", 0, MANY);
    t_towns(t, "610403", "红岩", MANY, 2);

    /* soon among their own; among all that are called so; neither way */

    assert_int_equal(t_found(t, "clerk", "马家", "610402"), 20);
    assert_int_equal(t_found(t, "other", "红岩", "610403"), 2);
    assert_int_equal(t_found(t, "clerk", "清水", "610402"), 3);

    /* the others' are not there */

    assert_int_equal(t_found(t, "clerk", "红岩", "610402"), 0);
    assert_int_equal(t_found(t, "other", "马家", "610403"), 0);
    assert_int_equal(t_found(t, "other", "清水", "610403"), 20);
}


static void
a_role_in_a_column_reaches_that_site_alone(void **state)
{
    t_store_t  *t = *state;

    t_people_do(t);
    t_towns(t, "610402", "马家", 0, 3);
    t_do(t, "user.create", "{'login': 'narrow', 'name': '栏目', "
         "'role': 'clerk', 'site': '610402', 'column': 'tzgg', "
         "'secret': 'x'}");

    assert_int_equal(t_found(t, "narrow", "马家", "610402"), 0);
    assert_int_equal(t_found(t, "narrow", "6104", "610402"), 1);
}


static void
what_is_theirs_beyond_a_page_is_said_to_be_there(void **state)
{
    unsigned      i;
    t_store_t    *t = *state;
    gov_value_t  *out;

    static struct {
        const char  *json;
        unsigned     rows;
        int          more;
    } asked[] = {
        { "{'limit': 2}", 2, 1 }, { "{'limit': 3}", 3, 0 },
        { "{'text': '马家', 'limit': 2}", 2, 1 },
        { "{'text': '马家', 'limit': 3}", 3, 0 }
    };

    t_people_do(t);
    t_towns(t, "610402", "马家", 0, 4);
    t_do(t, "user.create", "{'login': 'several', 'name': '几处', "
         "'role': 'clerk', 'site': '610402101', 'secret': 'x'}");
    t_do(t, "user.grant", "{'user': 'several', 'role': 'clerk', "
         "'site': '610402102'}");
    t_do(t, "user.grant", "{'user': 'several', 'role': 'clerk', "
         "'site': '610402104'}");

    for (i = 0; i < 4; i++) {
        out = t_search(t, "several", asked[i].json);
        assert_int_equal(gov_member(out, "rows")->n, asked[i].rows);
        assert_int_equal(gov_get_bool(out, "more"), asked[i].more);
    }
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        t_test(what_is_theirs_is_found_and_nothing_else),
        t_test(a_role_in_a_column_reaches_that_site_alone),
        t_test(what_is_theirs_beyond_a_page_is_said_to_be_there)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
