
/*
 * Copyright (C) ngx_gov authors
 *
 * States: what may follow what, as a table; merger and closure.
 */


#include "site/t_site.h"


static const char  *t_may[] = {
    /*                    to: p l s m c */
    [GOV_SITE_PREPARING] = "=yyyy",
    [GOV_SITE_LIVE]      = ".=yyy",
    [GOV_SITE_SUSPENDED] = "yy=yy",
    [GOV_SITE_MERGED]    = "...=.",
    [GOV_SITE_CLOSED]    = "....="
};


static void
t_table(void **state)
{
    int          from, to;
    gov_rc_t     rc;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;

    txn = t_city_begin(t);

    for (from = GOV_SITE_PREPARING; from <= GOV_SITE_CLOSED; from++) {
        for (to = GOV_SITE_PREPARING; to <= GOV_SITE_CLOSED; to++) {
            site = t_site(t, txn, "xy-fgw");
            site.rec.state = from;
            site.rec.since = 0;
            site.rec.notice.len = 0;
            t_err_clear(t);

            rc = gov_site_set_state(txn, t->arena, &site, to,
                                    gov_s("公告"), 1, T_NOW, &t->err);

            if ((rc == GOV_OK) != (t_may[from][to] != '.')) {
                fail_msg("%s to %s: %s", gov_site_state_name(from),
                         gov_site_state_name(to), gov_rc_name(rc));
            }

            assert_int_equal(site.rec.state, rc == GOV_OK ? to : from);
            assert_int_equal(site.rec.since == T_NOW
                             && site.rec.notice.len > 0,
                             t_may[from][to] == 'y');
        }
    }

    gov_txn_end(&txn);
}


static void
t_parents(void **state)
{
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;

    txn = t_city_begin(t);

    /* others stand below it */
    site = t_site(t, txn, "610402");
    t_rc(gov_site_set_state(txn, t->arena, &site, GOV_SITE_CLOSED,
                            gov_s(""), 0, T_NOW, &t->err), GOV_DENIED);
    t_says(t, "“秦都区”之下还有“人民路街道”");

    /* into itself, into nothing, into a merged one */
    site = t_site(t, txn, "610403");
    t_rc(gov_site_set_state(txn, t->arena, &site, GOV_SITE_MERGED, gov_s(""),
                            site.id, T_NOW, &t->err), GOV_INVALID);
    t_says(t, "不能并入自身");
    t_rc(gov_site_set_state(txn, t->arena, &site, GOV_SITE_MERGED, gov_s(""),
                            99, T_NOW, &t->err), GOV_NOT_FOUND);
    t_says(t, "没有要并入的站点");
    t_ok(gov_site_set_state(txn, t->arena, &site, GOV_SITE_MERGED,
                            gov_s("并入秦都"), 2, T_NOW, &t->err));
    assert_int_equal(t_site(t, txn, "610403").rec.into, 2);

    site = t_site(t, txn, "xy-fgw");
    t_rc(gov_site_set_state(txn, t->arena, &site, GOV_SITE_MERGED, gov_s(""),
                            6, T_NOW, &t->err), GOV_DENIED);
    t_says(t, "“杨陵区”已合并，不能并入");

    /* nothing new below what ended */
    {
        t_site_row_t  row = {
            "610403001", "镇", GOV_TOWNSHIP, "610403", 0, "zhen", ""
        };

        t_rc(t_site_add(t, txn, &row, &site), GOV_DENIED);
        t_says(t, "上级站点“杨陵区”已关停或合并");
    }

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_table),
        t_test(t_parents)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
