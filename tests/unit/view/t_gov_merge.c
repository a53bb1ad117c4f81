
/*
 * Copyright (C) ngx_gov authors
 *
 * Columns merged: as if all their rows were one list, from any place on.
 */


#include "store/t_store.h"
#include "view/gov_merge.h"


#define T_SITE     7
#define T_COLUMNS  40
#define T_ROWS     600
#define T_TIMES    50               /* so that many rows have the same */


typedef struct {
    uint64_t  time;
    uint64_t  doc;
} t_row_t;


/* newest first */

static int
t_newer(const void *one, const void *two)
{
    const t_row_t  *a = one, *b = two;

    if (a->time != b->time) {
        return a->time < b->time ? 1 : -1;
    }

    return a->doc < b->doc ? 1 : -1;
}


static void
t_list_put(t_store_t *t, gov_txn_t *txn, gov_table_t table, uint32_t kind,
    t_row_t *row)
{
    gov_key_t         k;
    gov_ref_rec_t     ref;
    gov_listed_rec_t  listed;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    memset(&listed, 0, sizeof(gov_listed_rec_t));
    listed.expires = (int64_t) row->doc + 1;

    gov_key_add8(gov_key_add8(gov_key4(&k, kind), row->time), row->doc);
    t_ok(gov_save(gov_handle(txn, T_SITE), table, &k, t->arena,
                  table == GOV_T_LISTS ? (void *) &listed : (void *) &ref));
}


/* rows in columns and times of no order, every third in a second column too;
 * and beside them what is of another kind */

static void
t_rows_put(t_store_t *t, gov_table_t table, uint32_t base, t_row_t *rows)
{
    uint32_t    seed;
    uint64_t    i;
    gov_txn_t  *txn;

    seed = 1;
    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < T_ROWS; i++) {
        seed = seed * 1103515245 + 12345;
        rows[i].time = 1000 + (seed >> 16) % T_TIMES;
        rows[i].doc = i + 1;
        t_list_put(t, txn, table, base + (seed >> 8) % T_COLUMNS + 1,
                   &rows[i]);

        if (i % 3 == 0) {
            t_list_put(t, txn, table, base + T_COLUMNS + 1, &rows[i]);
        }
    }

    t_list_put(t, txn, table, base + GOV_MERGE_TOP, &rows[0]);

    if (base != 0) {
        t_list_put(t, txn, table, base - 1, &rows[0]);
    }

    t_commit(t, &txn);
    qsort(rows, T_ROWS, sizeof(t_row_t), t_newer);
}


static void
t_merge_begin(t_store_t *t, gov_txn_t *txn, gov_merge_t *m,
    gov_table_t table, uint32_t base)
{
    gov_merge_begin(m, gov_handle(txn, T_SITE), table, base, t->arena);
}


static void
t_columns_add(gov_merge_t *m)
{
    gov_rc_t    rc;
    unsigned    n;
    gov_head_t  head;

    head.column = GOV_MERGE_TOP;

    for (n = 0; (rc = gov_merge_below(m, &head)) == GOV_OK; n++) {
        t_ok(gov_merge_add(m, &head));
    }

    t_rc(rc, GOV_DONE);
    assert_int_equal(n, T_COLUMNS + 1);
}


static void
t_gives(gov_merge_t *m, t_row_t *rows, unsigned n)
{
    unsigned    i;
    gov_head_t  row;

    for (i = 0; i < n; i++) {
        t_ok(gov_merge_next(m, &row));
        assert_int_equal(row.time, rows[i].time);
        assert_int_equal(row.doc, rows[i].doc);

        if (m->table == GOV_T_LISTS) {
            assert_int_equal(row.rec.expires, row.doc + 1);
        }
    }
}


static void
every_row_comes_once_and_newest_first(void **state)
{
    unsigned      i;
    t_row_t       rows[T_ROWS];
    gov_txn_t    *txn;
    gov_head_t    row;
    t_store_t    *t = *state;
    gov_merge_t   m;

    static struct {
        gov_table_t   table;
        uint32_t      base;
    } kinds[] = {
        { GOV_T_LISTS, 0 },
        { GOV_T_LISTS, GOV_LIST_EXPIRY },
        { GOV_T_DESK, GOV_DESK_STATE(GOV_DESK_WITHDRAWN, 0) }
    };

    for (i = 0; i < t_rows(kinds); i++) {
        t_rows_put(t, kinds[i].table, kinds[i].base, rows);

        txn = t_begin(t, GOV_TXN_READ);
        t_merge_begin(t, txn, &m, kinds[i].table, kinds[i].base);
        t_columns_add(&m);
        t_gives(&m, rows, T_ROWS);
        t_rc(gov_merge_next(&m, &row), GOV_DONE);
        gov_merge_close(&m);
        gov_txn_end(&txn);
    }
}


static void
it_goes_on_wherever_it_was_left(void **state)
{
    unsigned      i;
    t_row_t       rows[T_ROWS];
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_merge_t   m;

    t_rows_put(t, GOV_T_LISTS, 0, rows);
    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i + 3 < T_ROWS; i++) {
        t_merge_begin(t, txn, &m, GOV_T_LISTS, 0);
        m.time = rows[i].time;
        m.doc = rows[i].doc;
        t_columns_add(&m);
        t_gives(&m, rows + i + 1, 3);
        gov_merge_close(&m);
    }

    gov_txn_end(&txn);
}


static void
it_ends_at_its_floor(void **state)
{
    unsigned      n;
    t_row_t       rows[T_ROWS];
    gov_txn_t    *txn;
    gov_head_t    row;
    t_store_t    *t = *state;
    gov_merge_t   m;

    t_rows_put(t, GOV_T_LISTS, 0, rows);

    for (n = 0; rows[n].time >= 1000 + T_TIMES / 2; n++) {
        /* void */
    }

    assert_in_range(n, 1, T_ROWS - 1);

    txn = t_begin(t, GOV_TXN_READ);
    t_merge_begin(t, txn, &m, GOV_T_LISTS, 0);
    m.floor = 1000 + T_TIMES / 2;
    t_columns_add(&m);
    t_gives(&m, rows, n);
    t_rc(gov_merge_next(&m, &row), GOV_DONE);
    gov_merge_close(&m);
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(every_row_comes_once_and_newest_first),
        t_test(it_goes_on_wherever_it_was_left),
        t_test(it_ends_at_its_floor)
    };

    return cmocka_run_group_tests_name("view/gov_merge", tests, NULL, NULL);
}
