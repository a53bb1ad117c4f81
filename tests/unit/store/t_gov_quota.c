
/*
 * Copyright (C) ngx_gov authors
 *
 * Quota: usage follows what stands in counted tables, and refuses in time.
 */


#include "store/t_store.h"


static void
version(t_store_t *t, gov_txn_t *txn, uint32_t site, uint32_t n, size_t size)
{
    gov_key_t           k;
    gov_version_rec_t   v;

    memset(&v, 0, sizeof(gov_version_rec_t));
    v.time = 1;
    v.title.len = size;
    v.title.data = gov_alloc(t->arena, size + 1);
    memset(v.title.data, 't', size);

    (void) gov_key_add4(gov_key8(&k, 1), n);
    t_ok(gov_save(gov_handle(txn, site), GOV_T_VERSIONS, &k, t->arena, &v));
}


static gov_rc_t
noted(t_store_t *t, gov_txn_t *txn)
{
    static unsigned  n;
    gov_note_t       note;

    note = t_note(++n);

    return gov_note(txn, t->arena, &note, NULL, &t->err);
}


static uint64_t
usage(t_store_t *t, uint32_t site)
{
    uint64_t    bytes;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_usage(gov_handle(txn, site), t->arena, &bytes));
    gov_txn_end(&txn);

    return bytes;
}


static void
usage_is_the_sum_of_what_stands(void **state)
{
    int          i;
    uint64_t     seed, values, faults;
    gov_key_t    k;
    gov_txn_t   *txn, *kid;
    t_store_t   *t = *state;

    seed = 3;

    for (i = 0; i < 200; i++) {
        gov_arena_reset(t->arena);
        txn = t_begin(t, GOV_TXN_WRITE);
        t_ok(gov_txn_child(txn, &kid, &t->err));

        if (t_random(&seed) % 3) {
            version(t, kid, 3 + (uint32_t) (t_random(&seed) % 2),
                    (uint32_t) (t_random(&seed) % 20),
                    t_random(&seed) % 3000);

        } else {
            (void) gov_key_add4(gov_key8(&k, 1),
                                (uint32_t) (t_random(&seed) % 20));
            (void) gov_drop(gov_handle(kid, 3), GOV_T_VERSIONS, &k);
        }

        t_ok(noted(t, kid));

        if (t_random(&seed) % 4) {
            t_commit(t, &kid);

        } else {
            gov_txn_end(&kid);
        }

        t_commit(t, &txn);
    }

    /* the check recounts */

    assert_true(usage(t, 3) > 0);
    t_ok(gov_store_check(t->store, NULL, NULL, &values, &faults, &t->err));
}


static void
what_passes_the_quota_is_refused_with_all_its_writes(void **state)
{
    uint64_t     before;
    gov_txn_t   *txn, *kid;
    t_store_t   *t = *state;

    gov_store_close(&t->store);
    t->conf.quota = 10000;
    t_open(t);

    txn = t_begin(t, GOV_TXN_WRITE);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    version(t, kid, 3, 1, 6000);
    t_ok(noted(t, kid));
    t_commit(t, &kid);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    version(t, kid, 3, 2, 6000);
    t_rc(noted(t, kid), GOV_FULL);
    assert_non_null(strstr(t->err.text, "10000"));
    gov_txn_end(&kid);

    t_ok(gov_txn_child(txn, &kid, &t->err));
    version(t, kid, 4, 2, 6000);
    t_ok(noted(t, kid));
    t_commit(t, &kid);

    t_commit(t, &txn);

    before = usage(t, 3);
    assert_in_range(before, 6000, 6100);
    assert_in_range(usage(t, 4), 6000, 6100);

    /* who is over a lowered limit may shrink, and not grow */

    gov_store_close(&t->store);
    t->conf.quota = 1000;
    t_open(t);

    txn = t_begin(t, GOV_TXN_WRITE);
    version(t, txn, 3, 1, 5000);
    t_ok(noted(t, txn));
    t_commit(t, &txn);
    assert_true(usage(t, 3) == before - 1000);
}


static void
a_site_may_have_a_limit_of_its_own(void **state)
{
    gov_key_t        k;
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_site_rec_t   site;

    memset(&site, 0, sizeof(gov_site_rec_t));
    site.quota = 500;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_save(gov_handle(txn, 0), GOV_T_SITES, gov_key4(&k, 3), t->arena,
                  &site));
    version(t, txn, 3, 1, 600);
    t_rc(noted(t, txn), GOV_FULL);
    gov_txn_end(&txn);

    txn = t_begin(t, GOV_TXN_WRITE);
    version(t, txn, 4, 1, 600);
    t_ok(noted(t, txn));
    gov_txn_end(&txn);
}


static void
an_attachment_weighs_its_file(void **state)
{
    gov_key_t        k;
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_file_rec_t   f;

    memset(&f, 0, sizeof(gov_file_rec_t));
    f.size = 1000000;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_save(gov_handle(txn, 3), GOV_T_FILES, gov_key_s(&k, gov_s("d")),
                  t->arena, &f));
    t_ok(noted(t, txn));
    t_commit(t, &txn);
    assert_in_range(usage(t, 3), 1000000, 1000100);

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_drop(gov_handle(txn, 3), GOV_T_FILES, gov_key_s(&k, gov_s("d"))));
    t_ok(noted(t, txn));
    t_commit(t, &txn);
    assert_true(usage(t, 3) == 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(usage_is_the_sum_of_what_stands),
        t_test(what_passes_the_quota_is_refused_with_all_its_writes),
        t_test(a_site_may_have_a_limit_of_its_own),
        t_test(an_attachment_weighs_its_file)
    };

    return cmocka_run_group_tests_name("store/gov_quota", tests, NULL, NULL);
}
