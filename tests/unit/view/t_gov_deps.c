
/*
 * Copyright (C) ngx_gov authors
 *
 * What a page was built from, and whether it still holds.
 */


#include "store/t_store.h"
#include "view/gov_deps.h"


static int
t_hold(t_store_t *t, gov_deps_t *d, uint64_t built)
{
    int         hold;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_READ);
    hold = gov_deps_hold(d, txn, built);
    gov_txn_end(&txn);

    return hold;
}


static uint64_t
t_touch(t_store_t *t, uint32_t site, unsigned slot)
{
    uint64_t          seq;
    gov_txn_t        *txn;
    gov_note_t        note;
    static unsigned   n;

    txn = t_begin(t, GOV_TXN_WRITE);
    gov_touch(txn, site, slot);

    note = t_note(++n);
    note.input = gov_map(t->arena);
    note.result = gov_map(t->arena);
    t_ok(gov_note(txn, t->arena, &note, &seq, &t->err));
    t_commit(t, &txn);

    return seq;
}


static void
a_site_is_one_entry_however_many_of_its_slots(void **state)
{
    unsigned    slot;
    gov_deps_t  d;

    (void) state;
    memset(&d, 0, sizeof(gov_deps_t));

    for (slot = 0; slot < 64; slot++) {
        gov_deps_note(&d, 7, slot);
    }

    assert_int_equal(d.n, 1);
    assert_true(d.dep[0].mask == UINT64_MAX);

    gov_deps_note(&d, 8, 63);
    assert_int_equal(d.n, 2);
    assert_true(d.dep[1].mask == (uint64_t) 1 << 63);
}


static void
only_what_was_noted_makes_a_page_old(void **state)
{
    uint64_t     built;
    gov_deps_t   d;
    t_store_t   *t = *state;

    memset(&d, 0, sizeof(gov_deps_t));
    gov_deps_note(&d, 2, GOV_SLOT_SITE);
    gov_deps_note(&d, 2, 63);

    built = t_touch(t, 1, 0);
    assert_int_equal(t_hold(t, &d, built), 1);

    (void) t_touch(t, 2, 62);
    (void) t_touch(t, 3, GOV_SLOT_SITE);
    (void) t_touch(t, GOV_HUB, GOV_SLOT_SITE);
    assert_int_equal(t_hold(t, &d, built), 1);

    built = t_touch(t, 2, 63);
    assert_int_equal(t_hold(t, &d, built - 1), 0);
    assert_int_equal(t_hold(t, &d, built), 1);
}


/* one more site than there is room for, noted first or last */

static void
a_page_of_too_many_sites_holds_until_the_next_commit(void **state)
{
    uint64_t     built;
    unsigned     i;
    gov_deps_t   d;
    t_store_t   *t = *state;

    memset(&d, 0, sizeof(gov_deps_t));

    for (i = 0; i < GOV_DEPS_MAX; i++) {
        gov_deps_note(&d, i + 1, 0);
    }

    assert_int_equal(d.wild, 0);
    gov_deps_note(&d, 1, 5);
    assert_int_equal(d.wild, 0);
    gov_deps_note(&d, GOV_DEPS_MAX + 1, 0);
    assert_int_equal(d.wild, 1);
    assert_int_equal(d.n, GOV_DEPS_MAX);

    built = t_touch(t, 1, 0);
    assert_int_equal(t_hold(t, &d, built), 1);

    (void) t_touch(t, 1000, 40);
    assert_int_equal(t_hold(t, &d, built), 0);
}


/* better made again than believed */

static void
a_mark_that_cannot_be_read_holds_nothing(void **state)
{
    gov_key_t    k;
    gov_txn_t   *txn;
    uint64_t     built;
    gov_deps_t   d;
    t_store_t   *t = *state;

    memset(&d, 0, sizeof(gov_deps_t));
    gov_deps_note(&d, 2, 0);
    built = t_touch(t, 2, 1);
    assert_int_equal(t_hold(t, &d, built), 1);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_raw_put(gov_handle(txn, 2), GOV_T_MARKS, gov_key(&k),
                     gov_s("damaged.....")));
    t_commit(t, &txn);

    assert_int_equal(t_hold(t, &d, built), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_site_is_one_entry_however_many_of_its_slots),
        t_test(only_what_was_noted_makes_a_page_old),
        t_test(a_page_of_too_many_sites_holds_until_the_next_commit),
        t_test(a_mark_that_cannot_be_read_holds_nothing)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
