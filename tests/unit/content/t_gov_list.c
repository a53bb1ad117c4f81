
/*
 * Copyright (C) ngx_gov authors
 *
 * Lists of columns under a moving clock.
 */


#include "content/t_content.h"
#include "content/gov_content_int.h"


static void
rows_come_newest_first_and_page_by_page(void **state)
{
    unsigned     i;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    txn = t_content_begin(t);

    for (i = 1; i <= 7; i++) {
        t_doc(t, txn, 1, 2, "通知", T_NOW + i);
    }

    t_str(t_page(t, txn, 1, 2, T_NOW + 100, 0, 3), "7 6 5 +");
    t_str(t_page(t, txn, 1, 2, T_NOW + 100, 3, 3), "4 3 2 +");
    t_str(t_page(t, txn, 1, 2, T_NOW + 100, 6, 3), "1");
    t_str(t_page(t, txn, 1, 2, T_NOW + 100, 7, 3), "");
    t_str(t_page(t, txn, 1, 2, T_NOW + 100, 4, 3), "3 2 1");
    assert_int_equal(t_count(t, txn, 1, 2, T_NOW + 100), 7);
    t_shows(t, txn, 1, 3, T_NOW + 100, "");
    t_shows(t, txn, 2, 2, T_NOW + 100, "");

    gov_txn_end(&txn);
}


static void
a_scheduled_row_appears_at_its_microsecond(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_doc(t, txn, 1, 2, "已发", T_NOW);
    t_doc(t, txn, 1, 2, "明天", T_NOW + 500);
    t_doc(t, txn, 1, 2, "后天", T_NOW + 900);

    t_shows(t, txn, 1, 2, T_NOW - 1, "@0");
    t_shows(t, txn, 1, 2, T_NOW, "1 @500");
    t_shows(t, txn, 1, 2, T_NOW + 499, "1 @500");
    assert_int_equal(t_count(t, txn, 1, 2, T_NOW + 499), 1);
    t_shows(t, txn, 1, 2, T_NOW + 500, "2 1 @900");
    assert_int_equal(t_count(t, txn, 1, 2, T_NOW + 500), 2);
    t_shows(t, txn, 1, 2, T_NOW + 899, "2 1 @900");
    t_shows(t, txn, 1, 2, T_NOW + 900, "3 2 1");

    gov_txn_end(&txn);
}


static void
an_expired_row_leaves_at_its_microsecond(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_doc(t, txn, 1, 2, "一", T_NOW);
    doc = t_doc(t, txn, 1, 2, "二", T_NOW + 1);
    t_doc(t, txn, 1, 2, "三", T_NOW + 2);
    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW + 700, t_by(T_NOW + 2),
                        &t->err));

    t_shows(t, txn, 1, 2, T_NOW + 699, "3 2 1 @700");
    assert_int_equal(t_count(t, txn, 1, 2, T_NOW + 699), 3);
    t_shows(t, txn, 1, 2, T_NOW + 700, "3 1");
    assert_int_equal(t_count(t, txn, 1, 2, T_NOW + 700), 2);

    /* the pages behind it move up by one, and know when */

    t_str(t_page(t, txn, 1, 2, T_NOW + 699, 2, 3), "1 @700");
    t_str(t_page(t, txn, 1, 2, T_NOW + 700, 2, 3), "");
    t_str(t_page(t, txn, 1, 2, T_NOW + 700, 1, 3), "1");
    t_str(t_page(t, txn, 1, 2, T_NOW + 700, 0, 1), "3 +");

    gov_txn_end(&txn);
}


static void
an_expiry_that_is_taken_back_is_no_moment(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "一", T_NOW);
    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW + 700, t_by(T_NOW),
                        &t->err));
    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW + 300, t_by(T_NOW),
                        &t->err));
    t_shows(t, txn, 1, 2, T_NOW, "1 @300");
    t_ok(gov_doc_expire(txn, t->arena, &doc, 0, t_by(T_NOW), &t->err));
    t_shows(t, txn, 1, 2, T_NOW, "1");
    t_shows(t, txn, 1, 2, T_NOW + 701, "1");

    gov_txn_end(&txn);
}


static void
a_row_may_be_scheduled_and_expire(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    doc = t_doc(t, txn, 1, 2, "一", T_NOW + 100);

    t_rc(gov_doc_expire(txn, t->arena, &doc, T_NOW + 100, t_by(T_NOW),
                        &t->err),
         GOV_INVALID);
    t_err_clear(t);
    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW + 200, t_by(T_NOW),
                        &t->err));

    t_shows(t, txn, 1, 2, T_NOW, "@100");
    t_shows(t, txn, 1, 2, T_NOW + 100, "1 @200");
    t_shows(t, txn, 1, 2, T_NOW + 200, "");

    gov_txn_end(&txn);
}


/* "newer older @due" of a document */

static gov_str_t
t_beside(t_store_t *t, gov_txn_t *txn, uint64_t id, int64_t now)
{
    int64_t    due;
    uint64_t   newer, older;
    gov_doc_t  doc;

    due = INT64_MAX;
    doc = t_read(t, txn, id);
    t_ok(gov_doc_neighbours(txn, t->arena, &doc, now, &newer, &older, &due));

    return gov_str_fmt(t->arena, "%llu %llu @%lld",
                       (unsigned long long) newer,
                       (unsigned long long) older,
                       due == INT64_MAX ? -1LL : (long long) (due - T_NOW));
}


static void
neighbours_are_the_public_rows_beside(void **state)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_doc(t, txn, 1, 2, "一", T_NOW);
    doc = t_doc(t, txn, 1, 2, "二", T_NOW + 1);
    t_doc(t, txn, 1, 2, "三", T_NOW + 2);
    t_doc(t, txn, 1, 2, "四", T_NOW + 500);
    t_doc(t, txn, 1, 3, "别栏", T_NOW + 3);

    t_str(t_beside(t, txn, 2, T_NOW + 10), "3 1 @-1");
    t_str(t_beside(t, txn, 1, T_NOW + 10), "2 0 @-1");
    t_str(t_beside(t, txn, 3, T_NOW + 10), "0 2 @500");
    t_str(t_beside(t, txn, 3, T_NOW + 500), "4 2 @-1");

    t_ok(gov_doc_expire(txn, t->arena, &doc, T_NOW + 100, t_by(T_NOW + 10),
                        &t->err));
    t_str(t_beside(t, txn, 1, T_NOW + 99), "2 0 @100");
    t_str(t_beside(t, txn, 3, T_NOW + 99), "0 2 @100");
    t_str(t_beside(t, txn, 1, T_NOW + 100), "3 0 @-1");
    t_str(t_beside(t, txn, 3, T_NOW + 100), "0 1 @500");

    gov_txn_end(&txn);
}


static void
rows_of_one_time_keep_apart(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_doc(t, txn, 1, 2, "一", T_NOW);
    t_doc(t, txn, 1, 2, "二", T_NOW);
    t_doc(t, txn, 1, 2, "三", T_NOW);

    t_shows(t, txn, 1, 2, T_NOW, "3 2 1");
    t_str(t_beside(t, txn, 2, T_NOW), "3 1 @-1");

    gov_txn_end(&txn);
}


/* entries of a list alone, `n` of them, expired or not, each a second older */

static void
t_entries(t_store_t *t, gov_txn_t *txn, uint32_t column, int64_t newest,
    unsigned n, int64_t expires)
{
    gov_key_t         k;
    gov_listed_rec_t  rec;

    memset(&rec, 0, sizeof(gov_listed_rec_t));

    for ( /* void */ ; n > 0; n--) {
        rec.expires = expires;
        gov_key4(&k, column);
        gov_key_add8(&k, (uint64_t) newest - n);
        t_ok(gov_save(gov_handle(txn, 1), GOV_T_LISTS, gov_key_add8(&k, n),
                      t->arena, &rec));

        if (expires == 0) {
            continue;
        }

        gov_key4(&k, column | GOV_LIST_EXPIRY);
        gov_key_add8(&k, (uint64_t) expires);
        t_ok(gov_save(gov_handle(txn, 1), GOV_T_LISTS, gov_key_add8(&k, n),
                      t->arena, &rec));
    }
}


/* what a page costs does not grow with what a column once held */

static void
a_walk_past_expired_rows_ends(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_entries(t, txn, 2, T_NOW - 50000, 3, 0);
    t_entries(t, txn, 2, T_NOW, GOV_LIST_WALK - 1, T_NOW);

    t_shows(t, txn, 1, 2, T_NOW, "1");
    assert_int_equal(t_count(t, txn, 1, 2, T_NOW), 1);

    t_entries(t, txn, 2, T_NOW - 30000, 1, T_NOW);

    t_shows(t, txn, 1, 2, T_NOW, "");
    assert_int_equal(t_count(t, txn, 1, 2, T_NOW), 0);

    /* where nothing expired, every page is there */

    t_entries(t, txn, 3, T_NOW, GOV_LIST_WALK + 10, 0);
    t_str(t_page(t, txn, 1, 3, T_NOW, 900, 2), "901 902 +");
    assert_int_equal(t_count(t, txn, 1, 3, T_NOW), 1000);

    gov_txn_end(&txn);
}


/* each call of the store fails once: no list is told shorter than it is */

static void
a_list_that_cannot_be_read_is_no_shorter_list(void **state)
{
    int            more;
    size_t         count;
    int64_t        due;
    gov_rc_t       counted, listed;
    unsigned       n, shown, expired;
    gov_txn_t     *txn;
    t_store_t     *t = *state;
    gov_listed_t   rows[10];

    for (expired = 0; expired < 2; expired++) {

        for (n = 1; n < 100; n++) {
            gov_store_fail_at(0, GOV_OK);
            txn = t_content_begin(t);
            t_entries(t, txn, 2, T_NOW, 6, 0);
            t_entries(t, txn, 2, T_NOW - 100, expired, T_NOW);

            gov_store_fail_at(n, GOV_CORRUPT);
            counted = gov_column_count(txn, t->arena, 1, 2, T_NOW, 10,
                                       &count);
            listed = gov_column_rows(txn, t->arena, 1, 2, T_NOW, 2, rows, 10,
                                     &shown, &more, &due);
            gov_txn_end(&txn);

            if (!gov_store_fail_fired()) {
                break;
            }

            assert_true(counted == GOV_CORRUPT || count == 6);
            assert_true(listed == GOV_CORRUPT || shown == 4);
            assert_true(counted == GOV_CORRUPT || listed == GOV_CORRUPT);
        }

        assert_true(n > 10 && n < 100);
    }

    gov_store_fail_at(0, GOV_OK);
}


/* the length that is kept gives the number of the rows that are shown, at
 * any moment, after any change; counted anew it is the same length */

static void
t_random_change(t_store_t *t, gov_txn_t *txn, uint64_t *seed, int64_t now)
{
    gov_doc_t   doc;
    gov_site_t  other;

    if (gov_doc_find(txn, t->arena, 1 + t_random(seed) % 40, &doc) != GOV_OK)
    {
        return;
    }

    gov_rec_own(t->arena, &gov_rec_doc, &doc.rec);
    t_ok(gov_site_get(txn, t->arena, 2, &other));

    /* what the state does not allow changes nothing */

    t_err_clear(t);

    switch (t_random(seed) % 6) {

    case 0:
        (void) gov_doc_withdraw(txn, t->arena, &doc, 0, 0,
                                t_why(now, gov_s("误")), &t->err);
        break;

    case 1:
        (void) gov_doc_move(txn, t->arena, &doc, 2 + t_random(seed) % 2,
                            t_by(now), &t->err);
        break;

    case 2:
        (void) gov_doc_expire(txn, t->arena, &doc,
                              now + t_random(seed) % 100 + 1, t_by(now),
                              &t->err);
        break;

    case 3:
        (void) gov_doc_publish(txn, t->arena, &doc,
                               (uint32_t) doc.rec.last,
                               now + t_random(seed) % 100, t_by(now),
                               &t->err);
        break;

    case 4:
        (void) gov_doc_refer(txn, t->arena, &doc, &other,
                             2 + t_random(seed) % 2, &t->err);
        break;

    default:
        (void) gov_doc_unrefer(txn, t->arena, &doc, 2,
                               2 + t_random(seed) % 2, &t->err);
    }
}


static void
the_number_shown_is_that_of_a_recount(void **state)
{
    int             i, j, more;
    size_t          count;
    int64_t         now, at, due;
    uint32_t        site, column;
    unsigned        n;
    uint64_t        seed;
    gov_key_t       k;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_listed_t    rows[100];
    gov_usage_rec_t kept, anew;

    txn = t_content_begin(t);
    seed = 20261128;
    now = T_NOW;
    due = INT64_MAX;

    for (i = 0; i < 600; i++) {
        now += 7;

        if (i < 40) {
            (void) t_draft(t, txn, 1, 2 + i % 2, "文");
        }

        t_random_change(t, txn, &seed, now);
        site = 1 + t_random(&seed) % 2;
        column = 2 + t_random(&seed) % 2;

        for (j = 0; j < 3; j++) {
            at = now + j * 60;
            t_ok(gov_column_count(txn, t->arena, site, column, at, 1000,
                                  &count));
            t_ok(gov_column_rows(txn, t->arena, site, column, at, 0, rows,
                                 100, &n, &more, &due));
            assert_int_equal(count, n);
        }

        gov_key4(&k, column);
        memset(&kept, 0, sizeof(gov_usage_rec_t));
        memset(&anew, 0, sizeof(gov_usage_rec_t));
        (void) gov_load(gov_handle(txn, site), GOV_T_LENGTHS, &k, t->arena,
                        &kept);

        if (i % 2) {
            t_ok(gov_lists_count(txn, t->arena, site));
            (void) gov_load(gov_handle(txn, site), GOV_T_LENGTHS, &k,
                            t->arena, &anew);
            assert_int_equal(kept.n, anew.n);
        }
    }

    gov_txn_end(&txn);
}


/* of a store that was made before, none is begun in the midst of a list */

static void
a_length_that_is_not_known_is_not_made_up(void **state)
{
    gov_key_t         k;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_usage_rec_t   length;

    txn = t_content_begin(t);
    (void) t_doc(t, txn, 1, 2, "一", T_NOW);
    (void) t_doc(t, txn, 1, 2, "二", T_NOW);
    gov_key4(&k, 2);
    t_ok(gov_drop(gov_handle(txn, 1), GOV_T_LENGTHS, &k));

    (void) t_doc(t, txn, 1, 2, "三", T_NOW);
    t_rc(gov_load(gov_handle(txn, 1), GOV_T_LENGTHS, &k, t->arena, &length),
         GOV_NOT_FOUND);
    assert_int_equal(t_count(t, txn, 1, 2, T_NOW), 3);

    t_ok(gov_lists_count(txn, t->arena, 1));
    t_ok(gov_load(gov_handle(txn, 1), GOV_T_LENGTHS, &k, t->arena, &length));
    assert_int_equal(length.n, 3);
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(rows_come_newest_first_and_page_by_page),
        t_test(a_scheduled_row_appears_at_its_microsecond),
        t_test(an_expired_row_leaves_at_its_microsecond),
        t_test(an_expiry_that_is_taken_back_is_no_moment),
        t_test(a_row_may_be_scheduled_and_expire),
        t_test(neighbours_are_the_public_rows_beside),
        t_test(rows_of_one_time_keep_apart),
        t_test(a_walk_past_expired_rows_ends),
        t_test(the_number_shown_is_that_of_a_recount),
        t_test(a_length_that_is_not_known_is_not_made_up),
        t_test_fail(a_list_that_cannot_be_read_is_no_shorter_list)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
