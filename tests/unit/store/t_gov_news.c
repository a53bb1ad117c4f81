
/*
 * Copyright (C) ngx_gov authors
 *
 * News: it may say "perhaps" too often, never "none" when there was a touch.
 */


#include "store/t_store.h"


#define T_SITES  5
#define T_ROW    96         /* sites that the row holds */

/* two that share a place */
static uint32_t  sites[T_SITES] = { GOV_HUB, 1, 2, 8192 + 2, 900000 };


static void
commit(t_store_t *t, unsigned n, uint32_t site, unsigned slot)
{
    gov_txn_t   *txn;
    gov_note_t   note;

    gov_arena_reset(t->arena);
    txn = t_begin(t, GOV_TXN_WRITE);
    gov_touch(txn, site, slot);
    note = t_note(n);
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    t_commit(t, &txn);
}


static void
it_never_says_none_where_the_marks_say_touched(void **state)
{
    int          i, j, quiet;
    uint64_t     seed, mask, seen, newest;
    unsigned     none;
    uint32_t     site;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_news_t  *news;

    seed = 11;
    none = 0;
    quiet = 0;
    news = gov_news_new();

    for (i = 1; i <= 400; i++) {
        commit(t, (unsigned) i, sites[t_random(&seed) % T_SITES],
               (unsigned) (t_random(&seed) % GOV_SLOTS));

        if (t_random(&seed) % 3 == 0) {
            quiet++;
            continue;
        }

        t_ok(gov_news_follow(news, t->store));
        assert_int_equal(gov_news_head(news), i);

        txn = t_begin(t, GOV_TXN_READ);

        for (j = 0; j < 40; j++) {
            site = sites[t_random(&seed) % T_SITES];
            mask = t_random(&seed) & t_random(&seed);
            seen = (uint64_t) i - t_random(&seed) % 8;

            if (gov_news_none(news, site, mask, seen)) {
                none++;
                t_ok(gov_marks_newest(txn, site, mask, &newest));
                assert_true(newest <= seen);
            }
        }

        gov_txn_end(&txn);
    }

    assert_true(none > 1000 && quiet > 50);
    gov_news_free(&news);
}


static void
it_tells_sites_apart_and_slots_of_the_hub(void **state)
{
    t_store_t   *t = *state;
    gov_news_t  *news;

    news = gov_news_new();
    commit(t, 1, 1, 3);
    t_ok(gov_news_follow(news, t->store));

    commit(t, 2, GOV_HUB, 9);
    commit(t, 3, 2, 3);
    t_ok(gov_news_follow(news, t->store));

    assert_int_equal(gov_news_none(news, 1, UINT64_MAX, 1), 1);
    assert_int_equal(gov_news_none(news, 2, 1 << 3, 2), 0);
    assert_int_equal(gov_news_none(news, 2, 1 << 3, 3), 1);
    assert_int_equal(gov_news_none(news, GOV_HUB, 1 << 9, 1), 0);
    assert_int_equal(gov_news_none(news, GOV_HUB, 1 << 8, 1), 1);

    gov_news_free(&news);
}


static void
it_begins_where_the_row_does(void **state)
{
    t_store_t   *t = *state;
    gov_news_t  *news;

    commit(t, 1, 1, 3);
    commit(t, 2, 2, 3);

    news = gov_news_new();
    assert_true(gov_news_head(news) == UINT64_MAX);
    assert_int_equal(gov_news_none(news, 1, 1, 2), 0);

    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_none(news, 1, 1, 0), 0);
    assert_int_equal(gov_news_none(news, 1, 1, 1), 1);
    assert_int_equal(gov_news_none(news, 2, 1, 1), 0);
    assert_int_equal(gov_news_none(news, 3, 1, 0), 1);

    gov_news_free(&news);
}


static void
many_entries_of_few_sites_are_told_apart(void **state)
{
    unsigned     i;
    t_store_t   *t = *state;
    gov_news_t  *news;

    news = gov_news_new();
    commit(t, 1, 1, 3);
    commit(t, 2, 3, 3);
    t_ok(gov_news_follow(news, t->store));

    for (i = 3; i < 300; i++) {
        commit(t, i, 2, 3);
    }

    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_none(news, 1, 1, 1), 1);
    assert_int_equal(gov_news_none(news, 3, 1, 1), 0);
    assert_int_equal(gov_news_none(news, 3, 1, 2), 1);
    assert_int_equal(gov_news_none(news, 2, 1, 298), 0);
    assert_int_equal(gov_news_none(news, 2, 1, 299), 1);

    gov_news_free(&news);
}


/* more sites than the row holds: what it left out is perhaps touched */

static void
below_the_floor_it_says_perhaps(void **state)
{
    unsigned     i;
    t_store_t   *t = *state;
    gov_news_t  *news, *kept;

    kept = gov_news_new();

    for (i = 1; i <= T_ROW + 4; i++) {
        commit(t, i, i, 3);
        t_ok(gov_news_follow(kept, t->store));
    }

    news = gov_news_new();
    t_ok(gov_news_follow(news, t->store));

    assert_int_equal(gov_news_none(news, 900, 1, 3), 0);
    assert_int_equal(gov_news_none(news, 900, 1, 4), 1);
    assert_int_equal(gov_news_none(news, 5, 1, 4), 0);
    assert_int_equal(gov_news_none(news, 5, 1, 5), 1);

    /* who followed all the time knows more */

    assert_int_equal(gov_news_none(kept, 900, 1, 0), 1);
    assert_int_equal(gov_news_none(kept, 2, 1, 1), 0);
    assert_int_equal(gov_news_none(kept, 2, 1, 2), 1);

    /* who slept too long begins anew */

    for (i = T_ROW + 5; i <= 2 * T_ROW + 10; i++) {
        commit(t, i, i, 3);
    }

    t_ok(gov_news_follow(kept, t->store));
    assert_int_equal(gov_news_none(kept, 900, 1, T_ROW + 9), 0);
    assert_int_equal(gov_news_none(kept, 900, 1, T_ROW + 10), 1);

    gov_news_free(&news);
    gov_news_free(&kept);
}


static void
an_entry_of_more_sites_than_the_row_holds(void **state)
{
    unsigned     i;
    gov_txn_t   *txn;
    gov_note_t   note;
    t_store_t   *t = *state;
    gov_news_t  *news;

    news = gov_news_new();
    commit(t, 1, 1, 3);
    t_ok(gov_news_follow(news, t->store));

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < 2 * T_ROW; i++) {
        gov_touch(txn, 100 + i, 3);
    }

    note = t_note(2);
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    t_commit(t, &txn);

    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_none(news, 1, 1, 1), 0);
    assert_int_equal(gov_news_none(news, 100, 1, 1), 0);
    assert_int_equal(gov_news_none(news, 1, 1, 2), 1);
    assert_int_equal(gov_news_none(news, 100, 1, 2), 1);

    gov_news_free(&news);
}


static gov_str_t
get_raw(t_store_t *t, gov_table_t table, gov_key_t *k)
{
    gov_str_t   value;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_raw_get(gov_handle(txn, GOV_HUB), table, k, &value));
    value = gov_str_copy(t->arena, value);
    gov_txn_end(&txn);

    return value;
}


/* an empty value: the key goes */

static void
put_raw(t_store_t *t, gov_table_t table, gov_key_t *k, gov_str_t value)
{
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(value.len ? gov_raw_put(gov_handle(txn, GOV_HUB), table, k, value)
                   : gov_raw_drop(gov_handle(txn, GOV_HUB), table, k));
    t_commit(t, &txn);
}


static void
assert_empty_with(t_store_t *t, gov_news_t *news, gov_rc_t rc)
{
    t_rc(gov_news_follow(news, t->store), rc);
    assert_true(gov_news_head(news) == UINT64_MAX);
    assert_int_equal(gov_news_none(news, 1, 1, 1), 0);
}


static void
what_cannot_be_read_leaves_it_empty(void **state)
{
    gov_key_t    k;
    gov_str_t    good;
    t_store_t   *t = *state;
    gov_news_t  *news;

    news = gov_news_new();
    commit(t, 1, GOV_HUB, 3);
    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_none(news, 1, 1, 1), 1);

    good = get_raw(t, GOV_T_MARKS, gov_key(&k));
    put_raw(t, GOV_T_MARKS, &k, gov_s("damaged"));
    assert_empty_with(t, news, GOV_CORRUPT);

    put_raw(t, GOV_T_MARKS, &k, good);
    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_head(news), 1);
    assert_int_equal(gov_news_none(news, 1, 1, 1), 1);

    gov_news_free(&news);
}


/* whichever byte it is; a row that is gone says nothing of what was */

static void
a_damaged_row_is_no_news(void **state)
{
    u_char      *byte;
    unsigned     n;
    gov_key_t    k;
    gov_str_t    value;
    t_store_t   *t = *state;
    gov_news_t  *news;

    news = gov_news_new();
    commit(t, 1, 1, 3);
    t_ok(gov_news_follow(news, t->store));
    (void) gov_key_s(&k, gov_s("recent"));

    for (n = 2; n < 200; n++) {
        commit(t, n, n % 7, 3);

        value = get_raw(t, GOV_T_META, &k);
        byte = &value.data[n % value.len];

        *byte ^= 1;
        put_raw(t, GOV_T_META, &k, value);
        assert_empty_with(t, news, GOV_CORRUPT);

        *byte ^= 1;
        put_raw(t, GOV_T_META, &k, value);
        t_ok(gov_news_follow(news, t->store));
        assert_int_equal(gov_news_head(news), n);
    }

    assert_true(value.len < n);

    put_raw(t, GOV_T_META, &k, (gov_str_t) gov_null_string);
    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_none(news, 900, 1, n - 2), 0);
    assert_int_equal(gov_news_none(news, 900, 1, n - 1), 1);

    gov_news_free(&news);
}


static unsigned  reads;


static gov_rc_t
counted_get(void *txn, gov_str_t key, gov_str_t *value)
{
    reads++;

    return gov_lmdb_backend.get(txn, key, value);
}


static uint64_t
one_ahead(void *env)
{
    return gov_lmdb_backend.last(env) + 1;
}


static int
t_setup_ahead(void **state)
{
    static gov_backend_t  ahead;

    ahead = gov_lmdb_backend;
    ahead.get = counted_get;
    ahead.last = one_ahead;

    return t_setup_with(state, &ahead);
}


/* a commit that waits for the disk is told before a snapshot has it: visitors
 * who come meanwhile shall not each read the same news again */

static void
what_no_snapshot_has_is_not_read_for(void **state)
{
    t_store_t   *t = *state;
    gov_news_t  *news;

    news = gov_news_new();
    commit(t, 1, 1, 3);

    reads = 0;
    t_ok(gov_news_follow(news, t->store));
    assert_int_not_equal(reads, 0);

    reads = 0;
    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(reads, 0);
    assert_int_equal(gov_news_head(news), 1);
    assert_int_equal(gov_news_none(news, 1, 1, 1), 1);

    commit(t, 2, 1, 3);
    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_head(news), 2);
    assert_int_equal(gov_news_none(news, 1, 1, 1), 0);

    gov_news_free(&news);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(it_never_says_none_where_the_marks_say_touched),
        t_test(it_tells_sites_apart_and_slots_of_the_hub),
        t_test(it_begins_where_the_row_does),
        t_test(many_entries_of_few_sites_are_told_apart),
        t_test(below_the_floor_it_says_perhaps),
        t_test(an_entry_of_more_sites_than_the_row_holds),
        t_test(what_cannot_be_read_leaves_it_empty),
        t_test(a_damaged_row_is_no_news),
        cmocka_unit_test_setup_teardown(what_no_snapshot_has_is_not_read_for,
                                        t_setup_ahead, t_teardown)
    };

    return cmocka_run_group_tests_name("store/gov_news", tests, NULL, NULL);
}
