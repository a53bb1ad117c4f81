
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.list by state: of a whole site the merge of its columns' lists.
 */


#include "desk/t_flow_desk.h"


#define T_COLUMN(id, slug)                                                    \
    "{'id': " id ", 'slug': '" slug "', 'name': '" slug "', 'kind': 'news'}"

#define T_BLUEPRINT(columns)                                                  \
    "{'name': 'county', 'title': '县', 'columns': [" columns "]}"

#define T_AB  T_COLUMN("1", "a") ", " T_COLUMN("2", "b")


/* two counties of three columns each */

static void
t_counties(t_store_t *t)
{
    t_now = T_NOW;
    t_asker = NULL;
    t_do(t, "blueprint.put", T_BLUEPRINT(T_AB ", " T_COLUMN("3", "c")));
    t_city_do(t);
    t_do(t, "site.create", "{'code': '610403', 'name': '杨陵区', "
         "'level': 'county', 'parent': '6104', 'slug': 'yangling'}");
}


#define t_put(t, site, column, rest)                                          \
    t_do(t, "doc.create", "{'site': '" site "', 'column': '" column "', "     \
         "'title': '罕见', 'body': '文'" rest "}")

#define T_PUBLIC  ", 'publish': true"


static int64_t
t_day(const char *day)
{
    int64_t  us;

    assert_int_equal(gov_date_parse(gov_str_of(day), &us), 0);

    return us;
}


#define t_listed(t, fields, want)                                             \
    t_pages(t, "doc.list", "'site': '610402', 'state': " fields, want)


static void
columns_are_merged_by_time_then_number(void **state)
{
    t_store_t  *t = *state;

    t_counties(t);
    t_put(t, "610402", "a", ", 'at': '2027-03-01'");
    t_put(t, "610402", "b", ", 'at': '2027-03-01'");
    t_put(t, "610402", "c", ", 'at': '2027-04-01'");
    t_put(t, "610402", "a", ", 'at': '2027-03-01'");
    t_put(t, "610402", "b", ", 'at': '2027-04-01'");
    t_put(t, "610402", "c", ", 'at': '2027-03-01'");
    t_put(t, "610402", "b", "");
    t_put(t, "610402", "a", "");
    t_put(t, "610402", "b", "");

    t_listed(t, "'scheduled'", "5 3 6 4 2 1|");
    t_listed(t, "'scheduled', 'limit': 4", "5 3 6 4|2 1|");
    t_listed(t, "'scheduled', 'limit': 1", "5|3|6|4|2|1||");
    t_listed(t, "'draft'", "9 8 7|");
    t_listed(t, "'draft', 'limit': 2", "9 8|7|");
    t_listed(t, "'draft', 'column': 'b'", "9 7|");
    t_listed(t, "'public'", "|");

    t_now = t_day("2027-03-02");

    t_listed(t, "'scheduled'", "5 3|");
    t_listed(t, "'public'", "6 4 2 1|");
    t_listed(t, "'public', 'limit': 3", "6 4 2|1|");

    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '有误'}");
    t_do(t, "doc.withdraw", "{'doc': 6, 'reason': '有误'}");
    t_do(t, "doc.withdraw", "{'doc': 2, 'reason': '有误'}");

    t_listed(t, "'withdrawn'", "2 6 1|");
    t_listed(t, "'public'", "4|");
}


/* a list has rows of other sites', and of its site's other columns */

static void
a_document_is_listed_once_and_by_its_own_site(void **state)
{
    t_store_t  *t = *state;

    t_counties(t);
    t_put(t, "610402", "a", T_PUBLIC);
    t_put(t, "610403", "a", T_PUBLIC ", 'expires': '2027-02-01'");
    t_put(t, "610402", "b", T_PUBLIC ", 'expires': '2027-03-01'");
    t_put(t, "610402", "c", ", 'at': '2027-04-01'");
    t_put(t, "610402", "b", T_PUBLIC ", 'expires': '2027-02-01'");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402/b', '610403/a']}");
    t_do(t, "doc.refer", "{'doc': 2, 'to': ['610402/a', '610402/b']}");
    t_do(t, "doc.refer", "{'doc': 3, 'to': ['610402/a', '610402/c']}");
    t_do(t, "doc.refer", "{'doc': 4, 'to': ['610402/a']}");

    t_listed(t, "'public'", "5 3 1|");
    t_listed(t, "'public', 'limit': 1", "5|3|1||");
    t_listed(t, "'public', 'column': 'a'", "1|");
    t_listed(t, "'public', 'column': 'b'", "5 3|");
    t_listed(t, "'public', 'column': 'c'", "|");
    t_listed(t, "'scheduled'", "4|");
    t_listed(t, "'scheduled', 'column': 'a'", "|");
    t_listed(t, "'expired'", "|");

    t_now = t_day("2027-03-02");

    t_listed(t, "'expired'", "3 5|");
    t_listed(t, "'expired', 'limit': 1", "3|5||");
    t_listed(t, "'expired', 'column': 'a'", "|");
    t_listed(t, "'expired', 'column': 'b'", "3 5|");
    t_listed(t, "'public'", "1|");
    t_listed(t, "'scheduled'", "4|");
}


/* as it was done once, and is done by a replay */

static void
what_stands_in_a_column_taken_away_is_listed(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_counties(t);
    t_put(t, "610402", "a", T_PUBLIC);
    t_put(t, "610402", "c", T_PUBLIC);
    t_put(t, "610402", "c", T_PUBLIC ", 'expires': '2027-02-01'");
    t_put(t, "610402", "c", "");
    t_put(t, "610402", "c", ", 'at': '2027-04-01'");
    op = t_op(t, "blueprint.put", t_json(t, T_BLUEPRINT(T_AB)));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    t_ok(t_apply(t, &op, &v, &seq));
    t_now = t_day("2027-03-02");

    t_listed(t, "'public'", "2 1|");
    t_listed(t, "'expired'", "3|");
    t_listed(t, "'draft'", "4|");
    t_listed(t, "'scheduled'", "5|");
}


/* among more of another's than a page looks at theirs come at once */

static void
nobody_looks_at_columns_of_others(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *answer;

    t_counties(t);
    t_do(t, "user.create", "{'login': 'one', 'name': '一栏', "
         "'role': 'clerk', 'site': '610402', 'column': 'b'}");
    t_put(t, "610402", "b", T_PUBLIC);
    t_put(t, "610402", "a", T_PUBLIC);
    t_do(t, "doc.refer", "{'doc': 2, 'to': ['610402/b']}");
    t_put(t, "610402", "c", "");
    t_put(t, "610402", "b", "");
    t_many(t, "610402", 3, T_MANY, t_public);
    t_asker = "one";

    t_listed(t, "'public'", "1|");
    t_listed(t, "'draft'", "4|");
    t_listed(t, "'public', 'column': 'b'", "1|");

    answer = t_ask_at(t, "doc.list", "{'site': '610402', 'column': 'c', "
                      "'state': 'public'}", __FILE__, __LINE__);
    t_str(t_text(t, answer), "{\"rows\":[]}");
}


static void
a_page_that_found_nothing_goes_on(void **state)
{
    t_store_t  *t = *state;

    t_counties(t);
    t_put(t, "610402", "a", T_PUBLIC);
    t_put(t, "610402", "b", T_PUBLIC);
    t_many(t, "610402", 3, T_MANY, t_public);
    t_many(t, "610402", 1, 100, t_public);

    t_asks(t, "doc.list", "{'site': '610402', 'state': 'public', "
           "'text': '罕见'}", "\"partial\":true,\"rows\":[]");
    t_listed(t, "'public', 'text': '罕见'", "|2 1|");
    t_listed(t, "'public', 'limit': 1, 'text': '罕见'", "|2|1||");
}


/* rows alone of column a, the newest of all; they have left, and their
 * documents, which nobody reads for that, are not there */

static void
t_left(t_store_t *t, unsigned n)
{
    gov_key_t         k;
    gov_txn_t        *txn;
    gov_handle_t      h;
    gov_listed_rec_t  rec;

    txn = t_begin(t, GOV_TXN_WRITE);
    h = gov_handle(txn, t_site(t, txn, "610402").id);
    memset(&rec, 0, sizeof(gov_listed_rec_t));

    for ( /* void */ ; n > 0; n--) {
        rec.expires = ++t_now;
        gov_key_add8(gov_key4(&k, 1), (uint64_t) t_now);
        t_ok(gov_save(h, GOV_T_LISTS, gov_key_add8(&k, 1000 + n), t->arena,
                      &rec));
    }

    t_commit(t, &txn);
}


static void
what_has_left_hides_nothing_older(void **state)
{
    t_store_t  *t = *state;

    t_counties(t);
    t_put(t, "610402", "a", T_PUBLIC);
    t_put(t, "610402", "b", T_PUBLIC);
    t_put(t, "610402", "a", T_PUBLIC);

    t_left(t, 5000);

    t_listed(t, "'public'", "3 2 1|");
    t_listed(t, "'public', 'column': 'a'", "3 1|");
    t_listed(t, "'public', 'column': 'a', 'limit': 1", "3|1||");

    /* behind more of them than one answer passes by there is a next one */

    t_left(t, GOV_LIST_WALK - 5000);

    t_asks(t, "doc.list", "{'site': '610402', 'state': 'public'}",
           "\"partial\":true,\"rows\":[]");
    t_listed(t, "'public'", "|3 2 1|");
    t_listed(t, "'public', 'limit': 1", "|3|2|1||");
    t_listed(t, "'public', 'column': 'a'", "|3 1|");
}


static void
a_place_that_no_page_gave_is_refused(void **state)
{
    unsigned      i;
    gov_rc_t      rc;
    gov_who_t     who;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *out;

    static const char  *places[] = { "1", "x", "1.2", "1.1.1", "0.1.1x" };

    t_counties(t);
    t_put(t, "610402", "a", T_PUBLIC);
    gov_who_operator(&who);

    for (i = 0; i < t_rows(places); i++) {
        txn = t_begin(t, GOV_TXN_READ);
        rc = gov_query(txn, t->arena, &who, gov_s("doc.list"),
                       t_json(t, gov_str_c(t->arena, gov_str_fmt(t->arena,
                              "{'site': '610402', 'state': 'public', "
                              "'after': '%s'}", places[i]))),
                       t_now, &out, &t->err);
        gov_txn_end(&txn);
        t_rc(rc, GOV_INVALID);
        t_says(t, "翻页位置不对");
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(columns_are_merged_by_time_then_number),
        t_test(a_document_is_listed_once_and_by_its_own_site),
        t_test(what_stands_in_a_column_taken_away_is_listed),
        t_test(nobody_looks_at_columns_of_others),
        t_test(a_page_that_found_nothing_goes_on),
        t_test(what_has_left_hides_nothing_older),
        t_test(a_place_that_no_page_gave_is_refused)
    };

    return cmocka_run_group_tests_name("view/gov_query_docs", tests, NULL,
                                       NULL);
}
