
/*
 * Copyright (C) ngx_gov authors
 *
 * The journal: what a note leaves.
 */


#include "store/t_journal.h"


static void
an_entry_says_who_when_what_and_where(void **state)
{
    gov_key_t          k;
    gov_txn_t         *txn;
    t_store_t         *t = *state;
    gov_entry_rec_t    e, before;

    history(t, GOV_SHA256);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, 7),
                  t->arena, &before));
    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, 8),
                  t->arena, &e));

    assert_true(e.time == 1700000000000008);
    assert_true(gov_str_is(e.actor, "测试员"));
    assert_true(gov_str_is(e.command, "test.do"));
    assert_true(gov_str_is(e.input, "{\"doc\":8}"));
    assert_int_equal(e.sites->n, 2);
    assert_int_equal(e.sites->u.first->u.i, 3);
    assert_int_equal(e.sites->last->u.i, 4);
    assert_true(gov_str_eq(e.prev, before.hash));

    t_ok(gov_load(gov_handle(txn, 0), GOV_T_JOURNAL, gov_key8(&k, 5),
                  t->arena, &e));
    assert_null(e.sites);

    gov_txn_end(&txn);
}


/* site 3 has the even ones */

static void
a_site_s_entries_are_walked_back(void **state)
{
    size_t       i;
    uint64_t     seq;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    static const struct {
        uint64_t  from;
        uint64_t  before;
    } rows[] = {
        { 0, 12 }, { 12, 10 }, { 10, 8 }, { 4, 2 }, { 2, 0 },
        { 7, 6 }, { 5, 4 }, { 1, 0 }, { 13, 12 }, { 1000, 12 }
    };

    history(t, GOV_SHA256);
    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i < t_rows(rows); i++) {
        seq = rows[i].from;
        t_ok(gov_journal_before(txn, t->arena, 3, &seq));
        assert_true(seq == rows[i].before);

        seq = rows[i].from;
        t_ok(gov_journal_before(txn, t->arena, 77, &seq));
        assert_true(seq == 0);
    }

    gov_txn_end(&txn);
}


static void
a_head_has_a_number_and_a_hash(void **state)
{
    size_t       i;
    gov_txn_t   *txn;
    t_store_t   *t = *state;

    static const char  *bad[] = {
        "", ":", "1", "1:", "1:ab", "0:", "-1:", "x:"
    };

    history(t, GOV_SHA256);
    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i < t_rows(bad); i++) {
        t_err_clear(t);
        t_rc(gov_journal_noted(txn, gov_str_of(bad[i]), &t->err),
             GOV_INVALID);
    }

    gov_txn_end(&txn);
}


static void
an_operation_gives_its_first_verdict_again(void **state)
{
    uint64_t       seq;
    gov_txn_t     *txn;
    gov_note_t     note;
    t_store_t     *t = *state;
    gov_value_t   *verdict;

    history(t, GOV_SHA256);

    note = t_note(3);
    txn = t_begin(t, GOV_TXN_WRITE);

    t_ok(gov_applied(txn, t->arena, note.op, &verdict, &seq));
    assert_true(seq == 3);
    assert_int_equal(gov_get_int(verdict, "id", 0), 3);

    t_rc(gov_note(txn, t->arena, &note, &seq, &t->err), GOV_CONFLICT);
    gov_txn_end(&txn);

    txn = t_begin(t, GOV_TXN_READ);
    note = t_note(5);
    t_ok(gov_applied(txn, t->arena, note.op, &verdict, NULL));
    assert_int_equal(verdict->kind, GOV_NIL);

    note = t_note(1000);
    t_rc(gov_applied(txn, t->arena, note.op, &verdict, &seq), GOV_NOT_FOUND);
    gov_txn_end(&txn);
}


static void
numbers_have_no_gaps_after_refused_children(void **state)
{
    unsigned     n;
    uint64_t     checked;
    gov_txn_t   *txn, *kid;
    t_store_t   *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);

    for (n = 1; n <= 30; n++) {
        t_ok(gov_txn_child(txn, &kid, &t->err));
        t_command(t, kid, 3, n, n);

        if (n % 3 == 0) {
            gov_txn_end(&kid);

        } else {
            t_commit(t, &kid);
        }
    }

    t_commit(t, &txn);

    t_ok(verify(t, GOV_HUB, &checked));
    assert_true(checked == 20);
}


/* sites 20 to 24 and 30, one of them with a child: entry 1 */

static void
made(t_store_t *t)
{
    uint32_t     site;
    gov_note_t   note;
    gov_txn_t   *txn;

    txn = t_begin(t, GOV_TXN_WRITE);

    for (site = 24; site >= 20; site--) {
        gov_touch(txn, site, GOV_SLOT_SITE);
        gov_touch_made(txn, site);
    }

    gov_touch_made(txn, 30);
    gov_touch(txn, 20, GOV_SLOT_CHILDREN);
    gov_touch(txn, GOV_HUB, gov_slot_host(1));

    note = t_note(1);
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    t_commit(t, &txn);
}


static void
a_site_that_is_made_has_neither_link_nor_marks(void **state)
{
    uint64_t          n;
    gov_key_t         k;
    gov_str_t         numbers;
    gov_buf_t         b;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e;

    made(t);

    txn = t_begin(t, GOV_TXN_READ);
    load_entry(t, txn, 1, &e);
    assert_null(e.sites);

    gov_buf_init(&b, t->arena, 64);
    gov_json_write(&b, e.made, GOV_JSON_CANON);
    numbers = b.s;
    assert_true(gov_str_is(numbers, "[20,24,30,30]"));

    assert_false(gov_exists(gov_handle(txn, 20), GOV_T_MARKS, gov_key(&k)));
    assert_true(gov_exists(gov_handle(txn, 0), GOV_T_MARKS, gov_key(&k)));
    t_ok(gov_marks_newest(txn, 20, UINT64_MAX, &n));
    assert_true(n == 0);
    gov_txn_end(&txn);

    t_ok(verify(t, GOV_HUB, &n));
    t_ok(verify(t, 20, &n));
    assert_true(n == 0);

    /* the first entry that changes it begins both */

    txn = t_begin(t, GOV_TXN_WRITE);
    t_command(t, txn, 20, 7, 2);
    t_commit(t, &txn);

    t_ok(verify(t, GOV_HUB, &n));
    t_ok(verify(t, 20, &n));
    assert_true(n == 1);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_marks_newest(txn, 20, 1 << GOV_SLOT_SITE, &n));
    assert_true(n == 2);
    t_ok(gov_marks_newest(txn, 20, 1 << GOV_SLOT_CHILDREN, &n));
    assert_true(n == 0);
    gov_txn_end(&txn);
}


static void
what_an_entry_made_is_covered_by_its_hash(void **state)
{
    uint64_t          n;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e;

    made(t);

    txn = t_begin(t, GOV_TXN_WRITE);
    load_entry(t, txn, 1, &e);
    e.made->last->u.i = 31;
    save_entry(t, txn, 1, &e);
    t_commit(t, &txn);

    t_rc(verify(t, GOV_HUB, &n), GOV_CORRUPT);
    assert_non_null(strstr(t->err.text, "第 1 条内容"));
}


static void
a_long_input_is_packed_and_read_as_it_was_given(void **state)
{
    int               i;
    uint64_t          n;
    gov_note_t        note;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e, plain;

    note = t_note(1);
    note.input = gov_list(t->arena);

    for (i = 0; i < 300; i++) {
        gov_add(note.input, gov_val_int(t->arena, 610402000000 + i));
    }

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_note(txn, t->arena, &note, NULL, &t->err));
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);
    load_entry(t, txn, 1, &e);
    t_ok(gov_journal_get(txn, t->arena, 1, &plain));
    assert_int_equal(e.size, 300 * 13 + 1);
    assert_int_equal(plain.input.len, e.size);
    assert_true(e.input.len < plain.input.len / 2);
    assert_int_equal(plain.size, 0);
    assert_memory_equal(plain.input.data, "[610402000000,610402000001,", 27);
    gov_txn_end(&txn);

    t_ok(verify(t, GOV_HUB, &n));

    /* a size that is not its own is found before any memory is taken */

    for (i = 0; i < 3; i++) {
        txn = t_begin(t, GOV_TXN_WRITE);
        e.size = i == 0 ? 3900 : i == 1 ? -1 : INT64_MAX;
        save_entry(t, txn, 1, &e);
        t_commit(t, &txn);

        t_rc(verify(t, GOV_HUB, &n), GOV_CORRUPT);
        assert_non_null(strstr(t->err.text, "第 1 条"));
    }
}


#define t_next(txn, want)                                                     \
    do {                                                                      \
        uint64_t  next;                                                       \
                                                                              \
        t_ok(gov_journal_next(txn, &next));                                   \
        assert_int_equal(next, want);                                         \
    } while (0)


/* asked twice each time: the second answer is the one remembered */

static void
the_next_number_follows_the_last_entry(void **state)
{
    gov_txn_t  *txn, *child;
    t_store_t  *t = *state;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_next(txn, 1);
    t_next(txn, 1);
    t_command(t, txn, 1, 1, 1);
    t_next(txn, 2);
    t_next(txn, 2);

    t_ok(gov_txn_child(txn, &child, &t->err));
    t_next(child, 2);
    t_command(t, child, 1, 2, 2);
    t_next(child, 3);
    gov_txn_end(&child);
    t_next(txn, 2);

    t_ok(gov_txn_child(txn, &child, &t->err));
    t_command(t, child, 1, 3, 3);
    t_ok(gov_txn_commit(&child, &t->err));
    t_next(txn, 3);
    t_commit(t, &txn);

    txn = t_begin(t, GOV_TXN_READ);
    t_next(txn, 3);
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(the_next_number_follows_the_last_entry),
        t_test(an_entry_says_who_when_what_and_where),
        t_test(a_site_s_entries_are_walked_back),
        t_test(a_head_has_a_number_and_a_hash),
        t_test(an_operation_gives_its_first_verdict_again),
        t_test(numbers_have_no_gaps_after_refused_children),
        t_test(a_site_that_is_made_has_neither_link_nor_marks),
        t_test(what_an_entry_made_is_covered_by_its_hash),
        t_test(a_long_input_is_packed_and_read_as_it_was_given)
    };

    return cmocka_run_group_tests_name("store/gov_journal", tests, NULL,
                                       NULL);
}
