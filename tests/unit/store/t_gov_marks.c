
/*
 * Copyright (C) ngx_gov authors
 *
 * Marks: what was touched is newer, what was not is not.
 */


#include "store/t_store.h"


static uint64_t
newest(t_store_t *t, uint32_t site, uint64_t mask)
{
    uint64_t    n;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_marks_newest(txn, site, mask, &n));
    gov_txn_end(&txn);

    return n;
}


static void
note(t_store_t *t, gov_txn_t *txn, unsigned n)
{
    gov_note_t  nt;

    nt = t_note(n);
    t_ok(gov_note(txn, t->arena, &nt, NULL, &t->err));
}


static void
marks_equal_a_model_over_random_touches(void **state)
{
    int          i, j;
    uint64_t     seed, mask, want, model[4][GOV_SLOTS];
    unsigned     slot, site;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    seed = 5;
    memset(model, 0, sizeof(model));

    for (i = 1; i <= 200; i++) {
        gov_arena_reset(t->arena);
        txn = t_begin(t, GOV_TXN_WRITE);

        for (j = (int) (t_random(&seed) % 8); j > 0; j--) {
            site = (unsigned) (t_random(&seed) % 4);
            slot = (unsigned) (t_random(&seed) % GOV_SLOTS);
            gov_touch(txn, site, slot);
            gov_touch(txn, site, slot);
            model[site][slot] = (uint64_t) i;
        }

        note(t, txn, (unsigned) i);
        t_commit(t, &txn);

        site = (unsigned) (t_random(&seed) % 4);
        mask = t_random(&seed) & t_random(&seed) & t_random(&seed);
        want = 0;

        for (slot = 0; slot < GOV_SLOTS; slot++) {
            if ((mask >> slot & 1) && model[site][slot] > want) {
                want = model[site][slot];
            }
        }

        assert_true(newest(t, site, mask) == want);
    }
}


static void
touches_of_an_aborted_child_vanish(void **state)
{
    gov_txn_t  *txn, *kid;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    gov_touch(kid, 3, 10);
    note(t, kid, 1);
    gov_txn_end(&kid);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    gov_touch(kid, 3, 11);
    gov_txn_end(&kid);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    gov_touch(kid, 3, 12);
    note(t, kid, 2);
    t_commit(t, &kid);

    t_commit(t, &txn);

    assert_true(newest(t, 3, UINT64_C(1) << 10) == 0);
    assert_true(newest(t, 3, UINT64_C(1) << 11) == 0);
    assert_true(newest(t, 3, UINT64_C(1) << 12) == 1);
}


static void
touches_of_a_child_without_a_note_join_its_parents(void **state)
{
    gov_txn_t  *txn, *kid;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_txn_child(txn, &kid, &t->err));
    gov_touch(kid, 3, 11);
    t_commit(t, &kid);

    note(t, txn, 1);
    t_commit(t, &txn);

    assert_true(newest(t, 3, UINT64_C(1) << 11) == 1);
}


static void
a_note_takes_its_touches_and_leaves_none_to_the_next(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    gov_touch(txn, 3, 11);
    note(t, txn, 1);
    gov_touch(txn, 4, 64);             /* no such slot */
    note(t, txn, 2);
    t_commit(t, &txn);

    assert_true(newest(t, 3, UINT64_MAX) == 1);
    assert_true(newest(t, 4, UINT64_MAX) == 0);
}


static void
damaged_marks_are_told_not_taken_for_old_ones(void **state)
{
    uint64_t     n;
    gov_key_t    k;
    gov_str_t    value;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    gov_touch(txn, 3, 11);
    note(t, txn, 1);

    t_ok(gov_raw_get(gov_handle(txn, 3), GOV_T_MARKS, gov_key(&k), &value));
    assert_int_equal(value.len, 12);
    value = gov_str_copy(t->arena, value);
    value.data[11] = 0;
    t_ok(gov_raw_put(gov_handle(txn, 3), GOV_T_MARKS, gov_key(&k), value));

    t_rc(gov_marks_newest(txn, 3, UINT64_MAX, &n), GOV_CORRUPT);

    gov_touch(txn, 3, 11);
    {
        gov_note_t  nt = t_note(2);
        t_rc(gov_note(txn, t->arena, &nt, NULL, NULL), GOV_CORRUPT);
    }

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(marks_equal_a_model_over_random_touches),
        t_test(touches_of_an_aborted_child_vanish),
        t_test(touches_of_a_child_without_a_note_join_its_parents),
        t_test(a_note_takes_its_touches_and_leaves_none_to_the_next),
        t_test(damaged_marks_are_told_not_taken_for_old_ones)
    };

    return cmocka_run_group_tests_name("store/gov_marks", tests, NULL, NULL);
}
