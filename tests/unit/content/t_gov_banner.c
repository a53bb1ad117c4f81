
/*
 * Copyright (C) ngx_gov authors
 *
 * Emergency banners.
 */


#include "content/t_content.h"


/* "2 1 @due" */

static gov_str_t
t_banners(t_store_t *t, gov_txn_t *txn, uint32_t site, int64_t now)
{
    int64_t            due;
    unsigned           i, n;
    uint64_t           ids[8];
    gov_buf_t          b;
    gov_banner_rec_t   list[8];

    due = INT64_MAX;
    t_ok(gov_banners(txn, t->arena, site, now, list, ids, 8, &n, &due));
    gov_buf_init(&b, t->arena, 64);

    for (i = 0; i < n; i++) {
        gov_buf_fmt(&b, "%llu:%.*s ", (unsigned long long) ids[i],
                    gov_strf(list[i].title));
    }

    gov_buf_fmt(&b, "@%lld", due == INT64_MAX ? -1LL
                                              : (long long) (due - T_NOW));

    return b.s;
}


static uint64_t
t_banner(t_store_t *t, gov_txn_t *txn, uint32_t site, const char *title,
    int64_t until)
{
    uint64_t           id;
    gov_banner_rec_t   b;

    memset(&b, 0, sizeof(gov_banner_rec_t));
    b.site = site;
    b.title = gov_str_of(title);
    b.level = gov_s("red");
    b.until = until;
    id = 0;
    t_ok(gov_banner_put(txn, t->arena, &id, &b, &t->err));

    return id;
}


static void
a_banner_shows_on_its_site_and_below(void **state)
{
    uint64_t    id;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_content_begin(t);
    t_touched(t, txn);

    id = t_banner(t, txn, 0, "暴雨", 0);
    t_str_at(t_touched(t, txn),
             gov_str_fmt(t->arena, "0:%u", GOV_SLOT_BANNER), __FILE__,
             __LINE__);
    t_banner(t, txn, 2, "停水", T_NOW + 50);

    t_str(t_banners(t, txn, 1, T_NOW), "1:暴雨 @-1");
    t_str(t_banners(t, txn, 2, T_NOW), "2:停水 1:暴雨 @50");
    t_str(t_banners(t, txn, 4, T_NOW), "2:停水 1:暴雨 @50");
    t_str(t_banners(t, txn, 6, T_NOW), "1:暴雨 @-1");
    t_str(t_banners(t, txn, 4, T_NOW + 49), "2:停水 1:暴雨 @50");
    t_str(t_banners(t, txn, 4, T_NOW + 50), "1:暴雨 @-1");
    t_touched(t, txn);

    t_ok(gov_banner_clear(txn, t->arena, id, &t->err));
    t_str_at(t_touched(t, txn),
             gov_str_fmt(t->arena, "0:%u", GOV_SLOT_BANNER), __FILE__,
             __LINE__);
    t_str(t_banners(t, txn, 1, T_NOW), "@-1");
    t_rc(gov_banner_clear(txn, t->arena, id, &t->err), GOV_NOT_FOUND);
    t_err_clear(t);

    gov_txn_end(&txn);
}


static void
what_is_no_banner_is_refused(void **state)
{
    unsigned           i;
    uint64_t           id;
    gov_txn_t         *txn;
    t_store_t         *t = *state;
    gov_banner_rec_t   b;

    txn = t_content_begin(t);
    memset(&b, 0, sizeof(gov_banner_rec_t));
    b.level = gov_s("red");
    id = 0;
    t_rc(gov_banner_put(txn, t->arena, &id, &b, &t->err), GOV_INVALID);
    t_says(t, "标题");

    b.title = gov_s("暴雨");
    b.url = gov_s("javascript:alert(1)");
    t_rc(gov_banner_put(txn, t->arena, &id, &b, &t->err), GOV_INVALID);
    t_says(t, "https");

    b.url = gov_s("/yjgl/1.html");
    b.level = gov_s("pink");
    t_rc(gov_banner_put(txn, t->arena, &id, &b, &t->err), GOV_INVALID);
    t_says(t, "级别");

    b.level = gov_s("blue");
    id = 7;
    t_rc(gov_banner_put(txn, t->arena, &id, &b, &t->err), GOV_NOT_FOUND);
    t_err_clear(t);

    for (i = 0; i < 20; i++) {
        id = 0;
        t_ok(gov_banner_put(txn, t->arena, &id, &b, &t->err));
    }

    id = 0;
    t_rc(gov_banner_put(txn, t->arena, &id, &b, &t->err), GOV_DENIED);
    t_err_clear(t);
    id = 7;
    b.title = gov_s("大雨");
    t_ok(gov_banner_put(txn, t->arena, &id, &b, &t->err));

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_banner_shows_on_its_site_and_below),
        t_test(what_is_no_banner_is_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
