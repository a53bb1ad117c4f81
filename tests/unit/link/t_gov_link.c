
/*
 * Copyright (C) ngx_gov authors
 *
 * Link groups, shared and taken.
 */


#include "site/t_site.h"
#include "link/gov_link.h"


static uint64_t
t_noted(t_store_t *t, gov_txn_t *txn)
{
    uint64_t         seq;
    gov_note_t       note;
    static unsigned  n;

    note = t_note(++n);
    note.input = gov_map(t->arena);
    note.result = gov_map(t->arena);
    t_ok(gov_note(txn, t->arena, &note, &seq, &t->err));

    return seq;
}


/* sites whose LINKS the next entry touches, "1 2 4"; it touches no others */

static gov_str_t
t_touched(t_store_t *t, gov_txn_t *txn)
{
    uint32_t   site;
    uint64_t   seq, newest;
    gov_buf_t  b;

    seq = t_noted(t, txn);
    gov_buf_init(&b, t->arena, 64);

    for (site = 0; site <= t_rows(t_city); site++) {
        t_ok(gov_marks_newest(txn, site, ~0ULL, &newest));

        if (newest != seq) {
            continue;
        }

        t_ok(gov_marks_newest(txn, site, 1ULL << GOV_SLOT_LINKS, &newest));
        assert_int_equal(newest, seq);
        gov_buf_fmt(&b, "%s%u", b.s.len ? " " : "", site);
    }

    return b.s;
}


static gov_value_t *
t_links(t_store_t *t, const char *title, const char *url, const char *site)
{
    gov_value_t  *list, *m;

    list = gov_list(t->arena);
    m = gov_add_map(t->arena, list);
    gov_put_c(t->arena, m, "title", title);

    if (url) {
        gov_put_c(t->arena, m, "url", url);
    }

    if (site) {
        gov_put_c(t->arena, m, "site", site);
    }

    return list;
}


static gov_rc_t
t_share(t_store_t *t, gov_txn_t *txn, uint32_t site, const char *name,
    int64_t order, gov_value_t *links)
{
    return gov_link_share(txn, t->arena, site, gov_str_of(name),
                          gov_str_of(name), order, links, &t->err);
}


/* "1/bm 2/zx" of a site */

static gov_str_t
t_groups(t_store_t *t, gov_txn_t *txn, uint32_t site)
{
    unsigned      i, n;
    gov_buf_t     b;
    gov_group_t   list[50];

    t_ok(gov_link_groups(txn, t->arena, site, list, 50, &n));
    gov_buf_init(&b, t->arena, 64);

    for (i = 0; i < n; i++) {
        gov_buf_fmt(&b, "%s%u/%.*s", i ? " " : "", list[i].site,
                    gov_strf(list[i].name));
    }

    return b.s;
}


static void
a_group_shows_at_its_owner_and_who_takes_it(void **state)
{
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_group_rec_t   g;

    txn = t_city_begin(t);
    t_noted(t, txn);
    t_ok(t_share(t, txn, 1, "bm", 20, t_links(t, "国务院",
                                              "https://www.gov.cn/", NULL)));
    t_ok(t_share(t, txn, 1, "xq", 10, t_links(t, "秦都", NULL, "610402")));
    t_ok(t_share(t, txn, 2, "zx", 5, t_links(t, "x", "http://x.cn", NULL)));
    t_str(t_groups(t, txn, 1), "1/xq 1/bm");
    t_str(t_groups(t, txn, 2), "2/zx");
    t_str(t_groups(t, txn, 4), "");
    t_touched(t, txn);

    t_ok(gov_link_take(txn, t->arena, 2, 1, gov_s("bm"), &t->err));
    t_str(t_touched(t, txn), "2");
    t_ok(gov_link_take(txn, t->arena, 2, 1, gov_s("bm"), &t->err));
    t_str(t_touched(t, txn), "");
    t_str(t_groups(t, txn, 2), "2/zx 1/bm");
    t_str(t_groups(t, txn, 1), "1/xq 1/bm");

    /* a site is kept by number */

    t_ok(gov_link_get(txn, t->arena, 1, gov_s("xq"), &g));
    assert_int_equal(gov_get_int(g.links->u.first, "site", 0), 2);

    /* the owner's change touches the takers, nobody else */

    t_ok(t_share(t, txn, 1, "bm", 20, t_links(t, "国务院新",
                                              "https://www.gov.cn/", NULL)));
    t_str(t_touched(t, txn), "1 2");
    t_ok(t_share(t, txn, 1, "xq", 20, t_links(t, "x", "http://x.cn", NULL)));
    t_str(t_touched(t, txn), "1");

    /* gone and back again */

    t_ok(gov_link_unshare(txn, t->arena, 1, gov_s("bm"), &t->err));
    t_str(t_touched(t, txn), "1 2");
    t_str(t_groups(t, txn, 2), "2/zx");
    t_ok(t_share(t, txn, 1, "bm", 1, t_links(t, "x", "http://x.cn", NULL)));
    t_str(t_touched(t, txn), "1 2");
    t_str(t_groups(t, txn, 2), "2/zx 1/bm");

    t_ok(gov_link_drop(txn, t->arena, 2, 1, gov_s("bm"), &t->err));
    t_str(t_touched(t, txn), "2");
    t_str(t_groups(t, txn, 2), "2/zx");
    t_ok(gov_link_unshare(txn, t->arena, 1, gov_s("bm"), &t->err));
    t_str(t_touched(t, txn), "1");
    t_rc(gov_link_drop(txn, t->arena, 2, 1, gov_s("bm"), &t->err),
         GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


/* nobody can withdraw them any more */

static void
groups_of_who_is_gone_are_passed_over(void **state)
{
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;

    txn = t_city_begin(t);
    t_ok(t_share(t, txn, 5, "bm", 1, t_links(t, "x", "http://x.cn", NULL)));
    t_ok(t_share(t, txn, 6, "xq", 2, t_links(t, "x", "http://x.cn", NULL)));
    t_ok(t_share(t, txn, 1, "zx", 3, t_links(t, "x", "http://x.cn", NULL)));
    t_ok(gov_link_take(txn, t->arena, 2, 5, gov_s("bm"), &t->err));
    t_ok(gov_link_take(txn, t->arena, 2, 6, gov_s("xq"), &t->err));
    t_ok(gov_link_take(txn, t->arena, 2, 1, gov_s("zx"), &t->err));
    t_str(t_groups(t, txn, 2), "5/bm 6/xq 1/zx");

    site = t_site(t, txn, "xy-fgw");
    t_ok(gov_site_set_state(txn, t->arena, &site, GOV_SITE_SUSPENDED,
                            gov_s("整改"), 0, T_NOW, &t->err));
    t_str(t_groups(t, txn, 2), "5/bm 6/xq 1/zx");
    t_ok(gov_site_set_state(txn, t->arena, &site, GOV_SITE_CLOSED,
                            gov_s("关停"), 0, T_NOW, &t->err));
    t_str(t_groups(t, txn, 2), "6/xq 1/zx");
    site = t_site(t, txn, "610403");
    t_ok(gov_site_set_state(txn, t->arena, &site, GOV_SITE_MERGED,
                            (gov_str_t) gov_null_string, 1, T_NOW, &t->err));
    t_str(t_groups(t, txn, 2), "1/zx");

    /* but they can be given back */

    t_ok(gov_link_drop(txn, t->arena, 2, 5, gov_s("bm"), &t->err));

    gov_txn_end(&txn);
}


static void
what_is_no_link_is_refused(void **state)
{
    size_t      i;
    char        name[8];
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    static const struct {
        const char  *title, *url, *site;
    } rows[] = {
        { "x", "javascript:alert(1)", NULL },
        { "x", "ftp://x.cn/", NULL },
        { "x", "//x.cn/", NULL },
        { "x", "http://", NULL },
        { "x", "http://x.cn/\"", NULL },
        { "x", "http://x .cn/", NULL },
        { "x", "http://x.cn/<b>", NULL },
        { "x", NULL, NULL },
        { "x", "http://x.cn/", "610402" },
        { "", "http://x.cn/", NULL }
    };

    txn = t_city_begin(t);

    for (i = 0; i < t_rows(rows); i++) {
        t_err_clear(t);
        t_rc(t_share(t, txn, 1, "bm", 0, t_links(t, rows[i].title,
                                                 rows[i].url, rows[i].site)),
             GOV_INVALID);
    }

    t_rc(t_share(t, txn, 1, "bm", 0, t_links(t, "x", NULL, "999")),
         GOV_NOT_FOUND);
    t_rc(t_share(t, txn, 1, "BM", 0, t_links(t, "x", "http://x.cn", NULL)),
         GOV_INVALID);
    t_rc(t_share(t, txn, 1, "bm", 0, gov_list(t->arena)), GOV_INVALID);
    t_rc(gov_link_take(txn, t->arena, 1, 1, gov_s("bm"), &t->err),
         GOV_INVALID);
    t_rc(gov_link_take(txn, t->arena, 2, 1, gov_s("bm"), &t->err),
         GOV_NOT_FOUND);
    t_rc(gov_link_unshare(txn, t->arena, 1, gov_s("bm"), &t->err),
         GOV_NOT_FOUND);

    for (i = 0; i < 20; i++) {
        (void) snprintf(name, sizeof(name), "g%zu", i);
        t_err_clear(t);
        t_ok(t_share(t, txn, 1, name, 0,
                     t_links(t, "x", "http://x.cn", NULL)));
        t_ok(gov_link_take(txn, t->arena, 2, 1, gov_str_of(name), &t->err));
    }

    t_rc(t_share(t, txn, 1, "g20", 0, t_links(t, "x", "http://x.cn", NULL)),
         GOV_DENIED);
    t_err_clear(t);
    t_ok(t_share(t, txn, 1, "g3", 0, t_links(t, "y", "http://y.cn", NULL)));

    /* many takers do not fill the sharer's own room */

    t_ok(t_share(t, txn, 6, "a", 0, t_links(t, "x", "http://x.cn", NULL)));
    t_ok(gov_link_take(txn, t->arena, 1, 6, gov_s("a"), &t->err));
    t_rc(gov_link_take(txn, t->arena, 2, 6, gov_s("a"), &t->err),
         GOV_DENIED);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_group_shows_at_its_owner_and_who_takes_it),
        t_test(groups_of_who_is_gone_are_passed_over),
        t_test(what_is_no_link_is_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
