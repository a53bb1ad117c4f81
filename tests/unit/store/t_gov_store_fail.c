
/*
 * Copyright (C) ngx_gov authors
 *
 * The n-th call fails, for every n: the store is as before or as after.
 */


#include "store/t_store.h"


/* a command with everything: load, save, drop, scan, sequence, note */

static gov_rc_t
command(t_store_t *t, gov_txn_t *txn, gov_arena_t *a, unsigned n)
{
    uint64_t        id;
    gov_rc_t        rc;
    gov_key_t       k;
    gov_note_t      note;
    gov_scan_t      sc;
    gov_doc_rec_t   d;

    rc = gov_next(txn, "document", &id);

    if (rc == GOV_OK) {
        rc = gov_load(gov_handle(txn, 3), GOV_T_DOCS, gov_key8(&k, 1), a, &d);
    }

    if (rc == GOV_OK) {
        d.last++;
        rc = gov_save(gov_handle(txn, 3), GOV_T_DOCS, &k, a, &d);
    }

    if (rc == GOV_OK) {
        rc = gov_save(gov_handle(txn, 4), GOV_T_DOCS, gov_key8(&k, id), a,
                      &d);
    }

    if (rc == GOV_OK) {
        rc = gov_drop(gov_handle(txn, 3), GOV_T_DOCS, gov_key8(&k, 2));
    }

    if (rc == GOV_OK) {
        rc = gov_scan_open(&sc, gov_handle(txn, 3), GOV_T_DOCS, gov_key(&k),
                           GOV_REVERSE);

        while (rc == GOV_OK) {
            rc = gov_scan_next(&sc, a, &d);
        }

        gov_scan_close(&sc);
        rc = rc == GOV_DONE ? GOV_OK : rc;
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_touch(txn, 3, GOV_SLOT_SITE);
    gov_touch(txn, 4, GOV_SLOT_SITE);

    note = t_note(n);

    return gov_note(txn, a, &note, NULL, &t->err);
}


static gov_rc_t
group(t_store_t *t, gov_arena_t *a)
{
    gov_rc_t    rc;
    gov_txn_t  *txn, *kid;

    rc = gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, &t->err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_txn_child(txn, &kid, &t->err);

    if (rc == GOV_OK) {
        rc = command(t, kid, a, 500);
    }

    if (rc == GOV_OK) {
        rc = gov_txn_commit(&kid, &t->err);
    }

    gov_txn_end(&kid);

    if (rc == GOV_OK) {
        rc = gov_txn_commit(&txn, &t->err);
    }

    gov_txn_end(&txn);

    return rc;
}


static void
every_call_may_fail_and_nothing_is_half_done(void **state)
{
    unsigned      n, row;
    gov_rc_t      rc;
    gov_str_t     before;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_arena_t  *a;

    static gov_rc_t  codes[] = { GOV_ERROR, GOV_FULL, GOV_CORRUPT, GOV_BUSY };

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 1);
    t_command(t, txn, 3, 2, 2);
    t_commit(t, &txn);

    before = t_dump(t, 0, 1);

    for (row = 0; row < t_rows(codes); row++) {

        /* a begin that is busy is tried again by the store itself */

        for (n = 1 + (codes[row] == GOV_BUSY); n < 1000; n++) {
            a = gov_arena_new(8192);
            t_err_clear(t);

            gov_store_fail_at(n, codes[row]);
            rc = group(t, a);

            if (!gov_store_fail_fired()) {
                gov_store_fail_at(0, GOV_OK);
                gov_arena_free(&a);
                break;
            }

            gov_store_fail_at(0, GOV_OK);

            assert_int_equal(rc, codes[row]);
            assert_true(gov_str_eq(before, t_dump(t, 0, 1)));

            gov_store_close(&t->store);
            t_open(t);
            gov_arena_free(&a);
        }

        assert_in_range(n, 30, 200);
        assert_false(gov_str_eq(before, t_dump(t, 0, 1)));

        /* a new store, so that the next row does it again */

        assert_int_equal(t_teardown(state), 0);
        assert_int_equal(t_setup_fail(state), 0);

        txn = t_begin(t, GOV_TXN_WRITE);
        t_command(t, txn, 3, 1, 1);
        t_command(t, txn, 3, 2, 2);
        t_commit(t, &txn);
        before = t_dump(t, 0, 1);
    }
}


static void
after_a_failed_commit_the_process_writes_no_more_but_reads(void **state)
{
    unsigned     calls;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    gov_store_fail_at(0, GOV_OK);
    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 1);
    calls = gov_store_fail_calls();
    t_commit(t, &txn);
    assert_int_equal(gov_store_fail_calls(), calls + 1);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 2, 2);
    gov_store_fail_at(1, GOV_ERROR);
    t_rc(gov_txn_commit(&txn, &t->err), GOV_ERROR);
    assert_null(txn);
    gov_store_fail_at(0, GOV_OK);

    t_rc(gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, &t->err), GOV_ERROR);
    assert_true(gov_get_bool(gov_store_stats(t->store, t->arena), "dead"));

    txn = t_begin(t, GOV_TXN_READ);
    assert_true(gov_journal_head(txn) == 1);
    gov_txn_end(&txn);

    gov_store_close(&t->store);
    t_open(t);
    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 2, 2);
    t_commit(t, &txn);
}


static void
a_commit_without_room_forbids_nothing(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 3, 1, 1);
    gov_store_fail_at(1, GOV_FULL);
    t_rc(gov_txn_commit(&txn, &t->err), GOV_FULL);
    gov_store_fail_at(0, GOV_OK);

    txn = t_begin(t, GOV_TXN_WRITE);
    assert_true(gov_journal_head(txn) == 0);
    t_command(t, txn, 3, 1, 1);
    t_commit(t, &txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test_fail(every_call_may_fail_and_nothing_is_half_done),
        t_test_fail(after_a_failed_commit_the_process_writes_no_more_but_reads),
        t_test_fail(a_commit_without_room_forbids_nothing)
    };

    return cmocka_run_group_tests_name("store/gov_store_fail", tests, NULL,
                                       NULL);
}
