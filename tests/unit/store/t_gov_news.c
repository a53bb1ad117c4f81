
/*
 * Copyright (C) ngx_gov authors
 *
 * News: it may say "perhaps" too often, never "none" when there was a touch.
 */


#include "store/t_store.h"


#define T_SITES  5

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
about_what_came_before_it_says_perhaps(void **state)
{
    unsigned     i;
    t_store_t   *t = *state;
    gov_news_t  *news;

    commit(t, 1, 1, 3);
    commit(t, 2, 2, 3);

    news = gov_news_new();
    assert_true(gov_news_head(news) == UINT64_MAX);
    assert_int_equal(gov_news_none(news, 1, 1, 2), 0);

    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_none(news, 1, 1, 1), 0);
    assert_int_equal(gov_news_none(news, 1, 1, 2), 1);

    /* so far behind that it begins anew */

    for (i = 3; i < 100; i++) {
        commit(t, i, 2, 3);
    }

    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_none(news, 1, 1, 98), 0);
    assert_int_equal(gov_news_none(news, 1, 1, 99), 1);

    gov_news_free(&news);
}


static void
behind_a_long_entry_it_begins_anew(void **state)
{
    char         text[16384];
    size_t       i;
    uint64_t     seed;
    gov_txn_t   *txn;
    gov_note_t   note;
    t_store_t   *t = *state;
    gov_news_t  *news;

    news = gov_news_new();
    commit(t, 1, 1, 3);
    t_ok(gov_news_follow(news, t->store));

    seed = 3;

    for (i = 0; i < sizeof(text); i++) {
        text[i] = 'a' + (t_random(&seed) >> 8) % 26;
    }

    txn = t_begin(t, GOV_TXN_WRITE);
    gov_touch(txn, 2, 3);
    note = t_note(2);
    note.input = gov_map(t->arena);
    gov_put_str(t->arena, note.input, "rows",
                (gov_str_t) { sizeof(text), (u_char *) text });
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    t_commit(t, &txn);

    t_ok(gov_news_follow(news, t->store));
    assert_int_equal(gov_news_none(news, 1, 1, 1), 0);
    assert_int_equal(gov_news_none(news, 1, 1, 2), 1);

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


/* whichever byte it is, those behind the sites too */

static void
a_damaged_entry_is_no_news(void **state)
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

    for (n = 2; n < 200; n++) {
        commit(t, n, 1, 3);

        value = get_raw(t, GOV_T_JOURNAL, gov_key8(&k, n));
        byte = &value.data[n % value.len];

        *byte ^= 1;
        put_raw(t, GOV_T_JOURNAL, &k, value);
        assert_empty_with(t, news, GOV_CORRUPT);

        *byte ^= 1;
        put_raw(t, GOV_T_JOURNAL, &k, value);
        t_ok(gov_news_follow(news, t->store));
        assert_int_equal(gov_news_head(news), n);
    }

    assert_true(value.len < n);
    gov_news_free(&news);
}


static void
a_lost_entry_is_missed(void **state)
{
    unsigned     n;
    gov_key_t    k;
    t_store_t   *t = *state;
    gov_news_t  *news;

    news = gov_news_new();
    commit(t, 1, 1, 3);
    t_ok(gov_news_follow(news, t->store));

    for (n = 2; n < 20; n += 3) {
        commit(t, n, 1, 3);
        commit(t, n + 1, 2, 3);
        commit(t, n + 2, 2, 3);

        put_raw(t, GOV_T_JOURNAL, gov_key8(&k, n + n % 2),
                (gov_str_t) gov_null_string);
        assert_empty_with(t, news, GOV_NOT_FOUND);
        t_ok(gov_news_follow(news, t->store));
    }

    gov_news_free(&news);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(it_never_says_none_where_the_marks_say_touched),
        t_test(it_tells_sites_apart_and_slots_of_the_hub),
        t_test(about_what_came_before_it_says_perhaps),
        t_test(behind_a_long_entry_it_begins_anew),
        t_test(what_cannot_be_read_leaves_it_empty),
        t_test(a_damaged_entry_is_no_news),
        t_test(a_lost_entry_is_missed)
    };

    return cmocka_run_group_tests_name("store/gov_news", tests, NULL, NULL);
}
