
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.list among many documents: a state is a range of an index, words are
 * looked for piece by piece to the end; which documents these ranges name;
 * and what a store without these indexes answers, and how it gets them.
 */


#include "desk/t_flow_desk.h"


#define T_MONTH  (30LL * 24 * 3600 * 1000000)


/* one of each state: a draft, one withdrawn, one that left, two to come, two
 * that are public */

static void
t_states(t_store_t *t)
{
    t_now = T_NOW;
    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '罕见的草稿', 'body': '文'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '二', 'body': '文', 'publish': true}");
    t_do(t, "doc.withdraw", "{'doc': 2, 'reason': '有误'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '三', 'body': '文', 'publish': true, "
         "'expires': '2026-12-01'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '四', 'body': '文', 'at': '2027-03-01'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '五', 'body': '文', 'at': '2027-02-01', "
         "'expires': '2027-05-01'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '六', 'body': '文', 'publish': true}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '七', 'body': '文', 'publish': true, "
         "'expires': '2027-06-01'}");
    t_now += T_MONTH;
}


static void
a_state_is_listed_among_any_number_of_others(void **state)
{
    t_store_t  *t = *state;

    t_states(t);
    t_many(t, "610402", 3, T_MANY, t_public);

    t_pages(t, "doc.list", "'site': '610402', 'state': 'draft'", "1|");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'withdrawn'", "2|");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'expired'", "3|");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'scheduled'", "4 5|");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'scheduled', "
            "'limit': 1", "4|5||");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'public', "
            "'column': 'xxgk/tzgg'", "7 6|");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'public', "
            "'column': 'xxgk/tzgg', 'limit': 1", "7|6||");

    /* of those in a column, and not where it was before */

    t_do(t, "doc.move", "{'doc': 1, 'column': 'xxgk/gfxwj'}");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'draft', "
            "'column': 'xxgk/gfxwj'", "1|");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'draft', "
            "'column': 'xxgk/tzgg'", "|");

    /* what changes its state changes its place */

    t_do(t, "doc.publish", "{'doc': 1}");
    t_do(t, "doc.publish", "{'doc': 2}");
    t_do(t, "doc.withdraw", "{'doc': 4, 'reason': '不发'}");
    t_do(t, "doc.expire", "{'doc': 6, 'at': '2027-01-01'}");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'draft'", "4|");
    t_pages(t, "doc.list", "'site': '610402', 'state': 'withdrawn'", "|");
    t_now += T_MONTH;
    t_pages(t, "doc.list", "'site': '610402', 'state': 'expired'", "6 3|");
}


static void
rare_words_are_looked_for_to_the_end(void **state)
{
    t_store_t  *t = *state;

    t_states(t);
    t_many(t, "610402", 3, T_MANY, t_public);

    /* a page that found nothing says that it goes on */

    t_asks(t, "doc.list", "{'site': '610402', 'text': '罕见'}",
           "\"partial\":true,\"rows\":[]");
    t_pages(t, "doc.list", "'site': '610402', 'text': '罕见'", "|1|");
    t_asks(t, "doc.list", "{'site': '610402', 'text': '普通', 'limit': 1}",
           "{\"next\":4107,\"rows\"");

    /* the title that is shown is the one that is looked at */

    t_do(t, "doc.edit", "{'doc': 6, 'base': 1, 'title': '待改名'}");
    t_pages(t, "doc.list", "'site': '610402', 'column': 'xxgk/tzgg', "
            "'text': '改名'", "6|");
}


static size_t
t_desk_rows(t_store_t *t)
{
    size_t       n;
    gov_key_t    k;
    gov_txn_t   *txn;
    gov_scan_t   sc;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_scan_open(&sc, gov_handle(txn, t_site(t, txn, "610402").id),
                       GOV_T_DESK, gov_key(&k), GOV_FORWARD));
    t_ok(gov_scan_skip(&sc, SIZE_MAX, &n));
    gov_scan_close(&sc);
    gov_txn_end(&txn);

    return n;
}


/* one that was withdrawn waits for somebody too */

static void
what_is_published_has_no_row_but_its_makers(void **state)
{
    t_store_t  *t = *state;

    t_now = T_NOW;
    t_content_do(t);
    t_as(t, 11, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'publish': true}");
    assert_int_equal(t_desk_rows(t), 1);
    t_as(t, 11, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '二', 'body': '文'}");
    assert_int_equal(t_desk_rows(t), 3);
    t_as(t, 11, "doc.publish", "{'doc': 2}");
    assert_int_equal(t_desk_rows(t), 2);
    t_as(t, 11, "doc.withdraw", "{'doc': 1, 'reason': '有误'}");
    assert_int_equal(t_desk_rows(t), 4);
}


/* what a program wrote that knew none of these tables, and no mark */

static void
t_unindex(t_store_t *t, uint32_t site, gov_table_t table)
{
    unsigned     i, n;
    gov_key_t    k, *keys;
    gov_txn_t   *txn;
    gov_scan_t   sc;

    keys = gov_alloc(t->arena, 10000 * sizeof(gov_key_t));
    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_scan_open(&sc, gov_handle(txn, site), table, gov_key(&k),
                       GOV_FORWARD));

    for (n = 0; gov_scan_next(&sc, NULL, NULL) == GOV_OK; n++) {
        keys[n].len = sc.key.len;
        memcpy(keys[n].data, sc.key.data, sc.key.len);
    }

    gov_scan_close(&sc);

    for (i = 0; i < n; i++) {
        t_ok(gov_drop(gov_handle(txn, site), table, &keys[i]));
    }

    (void) gov_drop(gov_handle(txn, GOV_HUB), GOV_T_META,
                    gov_key_s(&k, gov_s("indexes")));
    t_commit(t, &txn);
}


static void
t_step(t_store_t *t, gov_indexes_t *at)
{
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_indexes_step(txn, t->arena, at, &t->err));
    t_commit(t, &txn);
}


static void
a_store_without_indexes_gets_them(void **state)
{
    unsigned        steps;
    uint32_t        site;
    gov_str_t       want;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_indexes_t   at;

    t_states(t);
    t_many(t, "610402", 3, 2 * GOV_INDEXES_DOCS, t_public);
    t_do(t, "column.set", "{'site': '610403', "
         "'column': 'xxgk/tzgg', 'reviews': '1'}");
    t_as(t, 11, "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'title': '八', 'body': '文'}");
    t_as(t, 11, "doc.submit", "{'doc': 1008}");
    t_do(t, "site.create", "{'code': '610404', 'name': '渭城区', "
         "'level': 'county', 'parent': '6104', 'slug': 'weicheng'}");
    t_as(t, 11, "doc.create", "{'site': '610404', 'column': 'xxgk/tzgg', "
         "'title': '九', 'body': '文'}");
    t_as(t, 11, "doc.submit", "{'doc': 1009}");
    t_do(t, "site.archive", "{'site': '610404', 'notice': '撤销'}");

    want = t_dump(t, GOV_HUB, 0);
    txn = t_begin(t, GOV_TXN_READ);
    site = t_site(t, txn, "610402").id;
    gov_txn_end(&txn);

    for (; site != 0; site--) {
        t_unindex(t, site, GOV_T_DESK);
        t_unindex(t, site, GOV_T_LENGTHS);
    }

    t_unindex(t, GOV_HUB, GOV_T_TASKS);
    t_unindex(t, GOV_HUB, GOV_T_FINDS);

    /* until then nothing is missed, though it is looked for longer */

    t_pages(t, "doc.list", "'site': '610402', 'state': 'withdrawn'", "2|");

    memset(&at, 0, sizeof(gov_indexes_t));
    t_step(t, &at);
    assert_false(at.done);

    /* broken off, and begun anew */

    memset(&at, 0, sizeof(gov_indexes_t));

    for (steps = 0; !at.done; steps++) {
        t_step(t, &at);
    }

    assert_true(steps > 2);
    assert_true(gov_str_eq(t_dump(t, GOV_HUB, 0), want));
}


/* a column's length as it is kept, of rows that nobody looks at */

static void
t_length(t_store_t *t, int64_t n)
{
    gov_key_t         k;
    gov_txn_t        *txn;
    gov_usage_rec_t   length;

    txn = t_begin(t, GOV_TXN_WRITE);
    memset(&length, 0, sizeof(gov_usage_rec_t));
    length.n = n;
    t_ok(gov_save(gov_handle(txn, t_site(t, txn, "610402").id),
                  GOV_T_LENGTHS, gov_key4(&k, 2), t->arena, &length));
    t_commit(t, &txn);
}


static void
a_column_says_when_it_has_more_than_are_counted(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);

    t_length(t, 1000);
    t_asks(t, "column.list", "{'site': '610402'}", "\"documents\":1000,\"k");
    t_length(t, 10000);
    t_asks(t, "column.list", "{'site': '610402'}", "\"documents\":10000,\"k");
    t_length(t, 400000);
    t_asks(t, "column.list", "{'site': '610402'}",
           "\"documents\":10000,\"documents_more\":true,");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_state_is_listed_among_any_number_of_others),
        t_test(rare_words_are_looked_for_to_the_end),
        t_test(what_is_published_has_no_row_but_its_makers),
        t_test(a_store_without_indexes_gets_them),
        t_test(a_column_says_when_it_has_more_than_are_counted)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
