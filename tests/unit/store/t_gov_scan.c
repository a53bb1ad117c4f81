
/*
 * Copyright (C) ngx_gov authors
 *
 * Scans: prefixes, starts, both directions, neighbours never seen.
 */


#include "store/t_store.h"


static void
t_skips(gov_scan_t *sc, size_t n, size_t there)
{
    size_t  stepped;

    t_ok(gov_scan_skip(sc, n, &stepped));
    assert_int_equal(stepped, there);
}


/* rows of lists: (column, time, document) in sites 6, 7 and 8 */

static void
lists(t_store_t *t, gov_txn_t *txn)
{
    uint32_t           site, column;
    uint64_t           when;
    gov_key_t          k;
    gov_listed_rec_t   row;

    memset(&row, 0, sizeof(gov_listed_rec_t));

    for (site = 6; site <= 8; site++) {
        for (column = 1; column <= 3; column++) {
            for (when = 10; when <= 50; when += 10) {
                row.site = site;
                row.expires = (int64_t) (column * 100 + when);

                (void) gov_key_add8(gov_key4(&k, column), when);
                t_ok(gov_save(gov_handle(txn, site), GOV_T_LISTS,
                              gov_key_add8(&k, 1), t->arena, &row));
            }
        }
    }
}


static void
expect(t_store_t *t, gov_scan_t *sc, uint32_t column, const char *times)
{
    char               text[64];
    size_t             n;
    gov_listed_rec_t   row;

    n = 0;
    text[0] = '\0';

    while (gov_scan_next(sc, t->arena, &row) == GOV_OK) {
        assert_int_equal(row.site, 7);
        assert_int_equal(gov_key_get4(sc->key, 0), column);
        n += (size_t) snprintf(text + n, sizeof(text) - n, "%d ",
                               (int) gov_key_get8(sc->key, 4));
        assert_int_equal(row.expires,
                         column * 100 + gov_key_get8(sc->key, 4));
    }

    assert_string_equal(text, times);
}


static void
a_scan_starts_where_it_is_told(void **state)
{
    size_t       i;
    gov_key_t    k, from;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_scan_t   sc;
    static struct {
        unsigned     reverse;
        int          column;         /* of from, 0: no from */
        int          when;
        const char  *times;
    } rows[] = {
        { GOV_FORWARD, 0, 0, "10 20 30 40 50 " },
        { GOV_REVERSE, 0, 0, "50 40 30 20 10 " },
        { GOV_FORWARD, 2, 30, "30 40 50 " },
        { GOV_FORWARD, 2, 31, "40 50 " },
        { GOV_FORWARD, 2, 51, "" },
        { GOV_REVERSE, 2, 30, "20 10 " },
        { GOV_REVERSE, 2, 31, "30 20 10 " },
        { GOV_REVERSE, 2, 10, "" },
        { GOV_REVERSE, 2, 99, "50 40 30 20 10 " },
        { GOV_FORWARD, 1, 30, "10 20 30 40 50 " },
        { GOV_FORWARD, 3, 10, "" },
        { GOV_REVERSE, 3, 30, "50 40 30 20 10 " },
        { GOV_REVERSE, 1, 30, "" }
    };

    txn = t_begin(t, GOV_TXN_WRITE);
    lists(t, txn);
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i < t_rows(rows); i++) {
        t_ok(gov_scan_open(&sc, gov_handle(txn, 7), GOV_T_LISTS,
                           gov_key4(&k, 2), rows[i].reverse));

        if (rows[i].column) {
            (void) gov_key4(&from, (uint32_t) rows[i].column);
            gov_scan_from(&sc, gov_key_add8(&from,
                                            (uint64_t) rows[i].when));
        }

        expect(t, &sc, 2, rows[i].times);
        gov_scan_close(&sc);
    }

    gov_txn_end(&txn);
}


static void
a_scan_of_the_last_and_the_first_range_ends(void **state)
{
    gov_key_t           k;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_scan_t          sc;
    gov_usage_rec_t     u;

    memset(&u, 0, sizeof(gov_usage_rec_t));

    txn = t_begin(t, GOV_TXN_WRITE);

    for (u.n = 1; u.n <= 3; u.n++) {
        t_ok(gov_save(gov_handle(txn, UINT32_MAX), GOV_T_VIEWS,
                      gov_key8(&k, UINT64_MAX - 3 + (uint64_t) u.n), t->arena,
                      &u));
    }

    t_ok(gov_scan_open(&sc, gov_handle(txn, UINT32_MAX), GOV_T_VIEWS,
                       gov_key_s(&k, gov_s("\xff\xff\xff")), GOV_REVERSE));
    t_ok(gov_scan_next(&sc, t->arena, &u));
    assert_int_equal(u.n, 3);
    t_skips(&sc, 10, 2);
    gov_scan_close(&sc);

    t_ok(gov_scan_open(&sc, gov_handle(txn, 0), GOV_T_META, gov_key(&k),
                       GOV_REVERSE));
    t_skips(&sc, 10, 2);       /* the format, which indexes there are */
    gov_scan_close(&sc);

    t_ok(gov_scan_open(&sc, gov_handle(txn, 1), GOV_T_DOCS, gov_key(&k),
                       GOV_REVERSE));
    t_rc(gov_scan_next(&sc, t->arena, NULL), GOV_DONE);
    gov_scan_close(&sc);

    gov_txn_end(&txn);
}


static void
skipping_goes_on_where_reading_stopped(void **state)
{
    gov_key_t           k;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_scan_t          sc;
    gov_listed_rec_t    row;

    txn = t_begin(t, GOV_TXN_WRITE);
    lists(t, txn);

    t_ok(gov_scan_open(&sc, gov_handle(txn, 7), GOV_T_LISTS, gov_key4(&k, 1),
                       GOV_REVERSE));
    t_skips(&sc, 2, 2);
    t_ok(gov_scan_next(&sc, t->arena, &row));
    assert_int_equal(row.expires, 130);
    t_skips(&sc, 0, 0);
    t_skips(&sc, 5, 2);
    gov_scan_close(&sc);

    gov_txn_end(&txn);
}


static void
a_damaged_value_is_told_and_the_scan_goes_on(void **state)
{
    gov_key_t           k;
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_scan_t          sc;
    gov_listed_rec_t    row;

    txn = t_begin(t, GOV_TXN_WRITE);
    lists(t, txn);

    (void) gov_key_add8(gov_key4(&k, 1), 20);
    t_ok(gov_raw_put(gov_handle(txn, 7), GOV_T_LISTS, gov_key_add8(&k, 1),
                     gov_s("rubbish")));

    t_ok(gov_scan_open(&sc, gov_handle(txn, 7), GOV_T_LISTS, gov_key4(&k, 1),
                       GOV_FORWARD));
    t_ok(gov_scan_next(&sc, t->arena, &row));
    t_rc(gov_scan_next(&sc, t->arena, &row), GOV_CORRUPT);
    assert_int_equal(row.expires, 0);
    t_ok(gov_scan_next(&sc, t->arena, &row));
    assert_int_equal(row.expires, 130);
    gov_scan_close(&sc);

    gov_txn_end(&txn);
}


/* a snapshot keeps a cursor for its next scan, and for no other's */

static void
scans_of_a_snapshot_do_not_meet(void **state)
{
    int          round;
    gov_key_t    k;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_scan_t   one, two;

    for (round = 0; round < 2; round++) {
        txn = t_begin(t, GOV_TXN_WRITE);

        if (round == 0) {
            lists(t, txn);

        } else {
            gov_key_add8(gov_key_add8(gov_key4(&k, 1), 10), 1);
            t_ok(gov_drop(gov_handle(txn, 7), GOV_T_LISTS, &k));
        }

        t_ok(gov_txn_commit(&txn, &t->err));

        txn = t_begin(t, GOV_TXN_READ);

        t_ok(gov_scan_open(&one, gov_handle(txn, 7), GOV_T_LISTS,
                           gov_key4(&k, 1), GOV_FORWARD));
        t_ok(gov_scan_next(&one, t->arena, NULL));
        t_ok(gov_scan_open(&two, gov_handle(txn, 7), GOV_T_LISTS,
                           gov_key4(&k, 2), GOV_REVERSE));
        expect(t, &two, 2, "50 40 30 20 10 ");
        gov_scan_close(&two);
        expect(t, &one, 1, round ? "30 40 50 " : "20 30 40 50 ");
        gov_scan_close(&one);

        t_ok(gov_scan_open(&two, gov_handle(txn, 7), GOV_T_LISTS,
                           gov_key4(&k, 3), GOV_FORWARD));
        expect(t, &two, 3, "10 20 30 40 50 ");
        gov_scan_close(&two);

        gov_txn_end(&txn);
    }
}


/* a document with what is of it, its record only if that is wanted */

static void
document(t_store_t *t, gov_txn_t *txn, uint32_t site, uint64_t id, int record)
{
    uint32_t            n;
    gov_key_t           k;
    gov_doc_rec_t       d;
    gov_stepped_rec_t   row;

    memset(&d, 0, sizeof(gov_doc_rec_t));
    memset(&row, 0, sizeof(gov_stepped_rec_t));
    d.column = (int64_t) (id % 1000);

    if (record) {
        t_ok(gov_save(gov_handle(txn, site), GOV_T_DOCS, gov_key8(&k, id),
                      t->arena, &d));
    }

    for (n = 1; n <= 3; n++) {
        (void) gov_key_add4(gov_key8(&k, id), n);
        t_ok(gov_save(gov_handle(txn, site), GOV_T_LOG, &k, t->arena, &row));
    }
}


static void
documents(t_store_t *t, gov_txn_t *txn)
{
    size_t            i;
    gov_key_t         k;
    gov_usage_rec_t   u;
    static uint64_t   ids[] = { 0, 1, 5, 255, 256, UINT64_MAX };

    memset(&u, 0, sizeof(gov_usage_rec_t));

    for (i = 0; i < t_rows(ids); i++) {
        document(t, txn, 7, ids[i], 1);
    }

    document(t, txn, 6, 9, 1);
    document(t, txn, 8, 9, 1);
    document(t, txn, 7, 3, 0);          /* nobody's */
    document(t, txn, 7, 300, 0);

    t_ok(gov_save(gov_handle(txn, 7), GOV_T_LENGTHS, gov_key4(&k, 1),
                  t->arena, &u));
    t_ok(gov_save(gov_handle(txn, 8), GOV_T_USAGE, gov_key(&k), t->arena,
                  &u));
}


static void
a_scan_of_documents_gives_each_once_in_order(void **state)
{
    char            text[128];
    size_t          i, n;
    gov_key_t       k;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_scan_t      sc;
    gov_doc_rec_t   d;
    static struct {
        unsigned     reverse;
        uint64_t     from;           /* 77: none */
        const char  *ids;
    } rows[] = {
        { GOV_FORWARD, 77, "0 1 5 ff 100 ffffffffffffffff " },
        { GOV_REVERSE, 77, "ffffffffffffffff 100 ff 5 1 0 " },
        { GOV_FORWARD, 0, "0 1 5 ff 100 ffffffffffffffff " },
        { GOV_FORWARD, 1, "1 5 ff 100 ffffffffffffffff " },
        { GOV_FORWARD, 3, "5 ff 100 ffffffffffffffff " },
        { GOV_FORWARD, 257, "ffffffffffffffff " },
        { GOV_FORWARD, UINT64_MAX, "ffffffffffffffff " },
        { GOV_REVERSE, UINT64_MAX, "100 ff 5 1 0 " },
        { GOV_REVERSE, 257, "100 ff 5 1 0 " },
        { GOV_REVERSE, 256, "ff 5 1 0 " },
        { GOV_REVERSE, 4, "1 0 " },
        { GOV_REVERSE, 1, "0 " },
        { GOV_REVERSE, 0, "" }
    };

    txn = t_begin(t, GOV_TXN_WRITE);
    documents(t, txn);
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i < t_rows(rows); i++) {
        t_ok(gov_scan_open(&sc, gov_handle(txn, 7), GOV_T_DOCS, gov_key(&k),
                           rows[i].reverse));

        if (rows[i].from != 77) {
            gov_scan_from(&sc, gov_key8(&k, rows[i].from));
        }

        n = 0;
        text[0] = '\0';

        while (gov_scan_next(&sc, t->arena, &d) == GOV_OK) {
            assert_int_equal(sc.key.len, 8);
            assert_int_equal(d.column, gov_key_get8(sc.key, 0) % 1000);
            n += (size_t) snprintf(text + n, sizeof(text) - n, "%llx ",
                                   (unsigned long long)
                                   gov_key_get8(sc.key, 0));
        }

        assert_string_equal(text, rows[i].ids);
        gov_scan_close(&sc);
    }

    t_ok(gov_scan_open(&sc, gov_handle(txn, 7), GOV_T_DOCS, gov_key(&k),
                       GOV_REVERSE));
    t_skips(&sc, 4, 4);
    t_ok(gov_scan_next(&sc, t->arena, &d));
    assert_int_equal(gov_key_get8(sc.key, 0), 1);
    t_skips(&sc, 4, 1);
    gov_scan_close(&sc);

    gov_txn_end(&txn);
}


/* whoever wrote it: the scan ends there, and does not turn in circles */

static void
a_key_without_a_document_ends_the_scan(void **state)
{
    int          n;
    u_char       short_key[] = { 0, 0, 0, 7, GOV_T_DOCS };
    gov_key_t    k;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_scan_t   sc;

    txn = t_begin(t, GOV_TXN_WRITE);
    documents(t, txn);
    t_ok(txn->store->backend->put(txn->txn, (gov_str_t) {
                                      sizeof(short_key), short_key },
                                  gov_s("x")));
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);

    t_ok(gov_scan_open(&sc, gov_handle(txn, 7), GOV_T_DOCS, gov_key(&k),
                       GOV_FORWARD));
    for (n = 0; n < 100 && gov_scan_next(&sc, NULL, NULL) == GOV_OK; n++) {
        /* void */
    }

    assert_int_equal(n, 6);
    gov_scan_close(&sc);
    gov_txn_end(&txn);
}


static void
of_documents_nothing_else_is_scanned(void **state)
{
    gov_key_t    k;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_scan_t   sc;

    txn = t_begin(t, GOV_TXN_READ);

    t_rc(gov_scan_open(&sc, gov_handle(txn, 7), GOV_T_DOCS, gov_key8(&k, 5),
                       GOV_FORWARD), GOV_ERROR);
    t_rc(gov_scan_next(&sc, t->arena, NULL), GOV_DONE);
    t_rc(gov_scan_open(&sc, gov_handle(txn, 7), GOV_T_LOG, gov_key8(&k, 5),
                       GOV_FORWARD), GOV_ERROR);
    t_rc(gov_scan_next(&sc, t->arena, NULL), GOV_DONE);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_scan_starts_where_it_is_told),
        t_test(a_scan_of_the_last_and_the_first_range_ends),
        t_test(skipping_goes_on_where_reading_stopped),
        t_test(a_damaged_value_is_told_and_the_scan_goes_on),
        t_test(scans_of_a_snapshot_do_not_meet),
        t_test(a_scan_of_documents_gives_each_once_in_order),
        t_test(a_key_without_a_document_ends_the_scan),
        t_test(of_documents_nothing_else_is_scanned)
    };

    return cmocka_run_group_tests_name("store/gov_scan", tests, NULL, NULL);
}
