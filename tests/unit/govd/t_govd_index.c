
/*
 * Copyright (C) ngx_gov authors
 *
 * A store without indexes, opened by govd: its thread of works writes them
 * through the writer, once.
 */


#include "site/t_site.h"
#include "govd/govd_int.h"


static void
t_unmark(t_store_t *t)
{
    gov_key_t   k;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_drop(gov_handle(txn, GOV_HUB), GOV_T_META,
                  gov_key_s(&k, gov_s("indexes"))));
    t_commit(t, &txn);
}


static int
t_marked(t_store_t *t)
{
    int         all;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_indexed(txn, &all));
    gov_txn_end(&txn);

    return all;
}


static void
an_older_store_is_led_up(void **state)
{
    govd_t      g;
    gov_str_t   want;
    gov_key_t   k;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_city_begin(t);
    t_commit(t, &txn);
    assert_true(t_marked(t));
    want = t_dump(t, GOV_HUB, 0);

    t_unmark(t);
    txn = t_begin(t, GOV_TXN_WRITE);
    gov_key_s(&k, gov_s("咸阳市"));
    gov_key_add4(gov_key_add_s(&k, (gov_str_t) { 1, (u_char *) "" }), 1);
    t_ok(gov_drop(gov_handle(txn, GOV_HUB), GOV_T_FINDS, &k));
    t_commit(t, &txn);
    assert_false(t_marked(t));

    memset(&g, 0, sizeof(govd_t));
    g.store = t->store;
    t_ok(govd_writer_begin(t->store, 0, &g.writer, &t->err));

    /* what is being stopped is left for the next start */

    atomic_store(&g.stopping, 1);
    govd_indexes(&g);
    assert_false(t_marked(t));
    atomic_store(&g.stopping, 0);

    govd_indexes(&g);
    assert_true(t_marked(t));
    assert_true(gov_str_eq(t_dump(t, GOV_HUB, 0), want));

    govd_writer_end(&g.writer);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(an_older_store_is_led_up)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
