
/*
 * Copyright (C) ngx_gov authors
 *
 * Views: datagrams of workers become counts in the store.
 */


#include <sys/socket.h>

#include "store/t_store.h"
#include "govd/govd_int.h"


typedef struct {
    uint32_t  site;
    uint32_t  count;
    uint64_t  doc;
} row_t;


static void
begin(t_store_t *t, govd_t *g, int *sender)
{
    int  pair[2];

    memset(g, 0, sizeof(govd_t));
    g->store = t->store;

    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    g->sockets[GOVD_VIEWS] = pair[0];
    *sender = pair[1];

    t_ok(govd_writer_begin(t->store, 0, &g->writer, &t->err));
    t_ok(govd_views_begin(g, &g->views, &t->err));
}


static void
end(govd_t *g, int sender)
{
    atomic_store(&g->stopping, 1);

    govd_views_end(&g->views);
    govd_writer_end(&g->writer);

    (void) close(g->sockets[GOVD_VIEWS]);
    (void) close(sender);
}


static int64_t
views(t_store_t *t, uint32_t site, uint64_t doc)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_txn_t        *txn;
    gov_usage_rec_t   rec;

    t_ok(gov_txn_begin(t->store, GOV_TXN_READ, &txn, &t->err));
    rc = gov_load(gov_handle(txn, site), GOV_T_VIEWS, gov_key8(&k, doc),
                  t->arena, &rec);
    gov_txn_end(&txn);

    return rc == GOV_OK ? rec.n : 0;
}


static void
lay(t_store_t *t)
{
    gov_key_t       k;
    gov_txn_t      *txn;
    gov_doc_rec_t   doc;
    gov_site_rec_t  site;

    memset(&doc, 0, sizeof(gov_doc_rec_t));
    memset(&site, 0, sizeof(gov_site_rec_t));
    doc.column = 1;
    site.code = gov_s("a");

    t_ok(gov_txn_begin(t->store, GOV_TXN_WRITE, &txn, &t->err));
    t_ok(gov_save(gov_handle(txn, GOV_HUB), GOV_T_SITES, gov_key4(&k, 3),
                  t->arena, &site));
    t_ok(gov_save(gov_handle(txn, 3), GOV_T_DOCS, gov_key8(&k, 9), t->arena,
                  &doc));
    t_ok(gov_txn_commit(&txn, &t->err));
}


static void
counts_are_added_up(void **state)
{
    int         sender;
    govd_t      g;
    t_store_t  *t = *state;

    row_t  rows[] = { { 3, 5, 9 }, { 3, 2, 0 }, { 3, 1, 9 } };
    row_t  more = { 3, 10, 9 };

    lay(t);
    begin(t, &g, &sender);

    assert_int_equal(send(sender, rows, sizeof(rows), 0), sizeof(rows));
    assert_int_equal(send(sender, &more, sizeof(more), 0), sizeof(more));
    end(&g, sender);

    assert_int_equal(views(t, 3, 9), 16);
    assert_int_equal(views(t, 3, 0), 2);

    begin(t, &g, &sender);
    assert_int_equal(send(sender, rows, sizeof(rows), 0), sizeof(rows));
    end(&g, sender);

    assert_int_equal(views(t, 3, 9), 22);
}


static void
what_does_not_exist_is_not_counted(void **state)
{
    int         sender;
    govd_t      g;
    t_store_t  *t = *state;

    row_t  rows[] = { { 3, 5, 10 }, { 4, 5, 9 }, { 0, 5, 9 }, { 3, 0, 9 },
                      { 4, 5, 0 }, { 3, 1, 9 } };

    lay(t);
    begin(t, &g, &sender);

    assert_int_equal(send(sender, rows, sizeof(rows), 0), sizeof(rows));
    assert_int_equal(send(sender, "odd", 3, 0), 3);
    assert_int_equal(send(sender, rows, 17, 0), 17);
    end(&g, sender);

    assert_int_equal(views(t, 3, 10), 0);
    assert_int_equal(views(t, 4, 9), 0);
    assert_int_equal(views(t, 0, 9), 0);
    assert_int_equal(views(t, 4, 0), 0);
    assert_int_equal(views(t, 3, 9), 1);
}


static void
views_are_no_entries_of_the_journal(void **state)
{
    int         sender;
    govd_t      g;
    row_t       row = { 3, 5, 9 };
    uint64_t    before, after;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    lay(t);

    t_ok(gov_txn_begin(t->store, GOV_TXN_READ, &txn, &t->err));
    before = gov_journal_head(txn);
    gov_txn_end(&txn);

    begin(t, &g, &sender);
    assert_int_equal(send(sender, &row, sizeof(row), 0), sizeof(row));
    end(&g, sender);

    t_ok(gov_txn_begin(t->store, GOV_TXN_READ, &txn, &t->err));
    after = gov_journal_head(txn);
    gov_txn_end(&txn);

    assert_int_equal(after, before);
    assert_int_equal(views(t, 3, 9), 5);
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        t_test(counts_are_added_up),
        t_test(what_does_not_exist_is_not_counted),
        t_test(views_are_no_entries_of_the_journal)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
