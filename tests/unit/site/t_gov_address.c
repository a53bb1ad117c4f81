
/*
 * Copyright (C) ngx_gov authors
 *
 * Addresses: modes, slugs and hosts change, what answered redirects in one
 * step, what is taken is refused with its holder's name.
 */


#include "site/t_site.h"


static void
t_mode(t_store_t *t, gov_txn_t *txn, const char *code, int mode,
    const char *host)
{
    gov_site_t  site;

    site = t_site(t, txn, code);
    t_ok(gov_site_set_mode(txn, t->arena, &site, mode, gov_str_of(host),
                           T_NOW, &t->err));
}


/* C08: page to sub-site to a domain of its own and all the way back */

static void
t_modes(void **state)
{
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_city_begin(t);

    t_mode(t, txn, "610402001", GOV_MODE_SUBSITE, "");
    t_str(t_base(t, txn, "610402001"),
          "renminlu.qindu.xianyang.localhost/");
    t_str(t_base(t, txn, "610402001201"),
          "renminlu.qindu.xianyang.localhost/cunyi/");
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/tzgg/9.html",
            "301 renminlu tzgg/9.html");
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/cunyi/x",
            "301 cunyi x");

    t_mode(t, txn, "610402001", GOV_MODE_SUBSITE, "RENMINLU.gov.cn");
    t_str(t_base(t, txn, "610402001"), "renminlu.gov.cn/");
    t_leads(t, txn, "renminlu.qindu.xianyang.localhost", "/tzgg/9.html",
            "301 renminlu tzgg/9.html");
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/",
            "301 renminlu ");

    t_mode(t, txn, "610402001", GOV_MODE_PAGE, "");
    t_str(t_base(t, txn, "610402001"), "qindu.xianyang.localhost/renminlu/");
    t_leads(t, txn, "renminlu.gov.cn", "/tzgg/9.html",
            "301 renminlu tzgg/9.html");
    t_leads(t, txn, "renminlu.qindu.xianyang.localhost", "/",
            "301 renminlu ");
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/tzgg/9.html",
            "200 renminlu tzgg/9.html");

    gov_txn_end(&txn);
}


/* a county becomes a page: its pages go with it, further hosts too */

static void
t_below(void **state)
{
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;

    txn = t_city_begin(t);

    site = t_site(t, txn, "610402");
    t_ok(gov_host_add(txn, t->arena, &site, gov_s("qindu.test"), 0, T_NOW,
                      &t->err));
    t_leads(t, txn, "qindu.test", "/renminlu/x", "200 renminlu x");

    t_mode(t, txn, "610402", GOV_MODE_PAGE, "");

    t_str(t_base(t, txn, "610402001201"),
          "www.xianyang.localhost/qindu/renminlu/cunyi/");
    t_leads(t, txn, "localhost", "/qindu/renminlu/x", "200 renminlu x");
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/x",
            "301 renminlu x");
    t_leads(t, txn, "qindu.test", "/renminlu/x", "301 renminlu x");

    /* the host it had is an old address now, the further one still its own */
    site = t_site(t, txn, "xy-fgw");
    t_rc(gov_host_add(txn, t->arena, &site,
                      gov_s("qindu.xianyang.localhost"), 0, T_NOW, &t->err),
         GOV_CONFLICT);
    t_says(t, "是“秦都区”（610402000000）的旧地址，仍在转向");
    t_rc(gov_host_add(txn, t->arena, &site, gov_s("qindu.test"), 0, T_NOW,
                      &t->err), GOV_CONFLICT);
    t_says(t, "已由“秦都区”（610402000000）使用");

    gov_txn_end(&txn);
}


static void
t_mode_refused(void **state)
{
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;

    txn = t_city_begin(t);

    site = t_site(t, txn, "610400");
    t_rc(gov_site_set_mode(txn, t->arena, &site, GOV_MODE_PAGE,
                           (gov_str_t) gov_null_string, T_NOW, &t->err),
         GOV_DENIED);
    t_says(t, "没有上级站点");

    site = t_site(t, txn, "610402");
    t_rc(gov_site_set_mode(txn, t->arena, &site, GOV_MODE_PAGE,
                           gov_s("qindu.test"), T_NOW, &t->err),
         GOV_INVALID);
    t_says(t, "网页模式的站点没有自己的域名");

    site = t_site(t, txn, "610402001");
    t_rc(gov_site_set_mode(txn, t->arena, &site, GOV_MODE_SUBSITE,
                           gov_s("fgw.xianyang.localhost"), T_NOW, &t->err),
         GOV_CONFLICT);
    t_says(t, "已由“发展改革委”（xy-fgw）使用");
    t_rc(gov_site_set_mode(txn, t->arena, &site, GOV_MODE_SUBSITE,
                           gov_s("example.com"), T_NOW, &t->err),
         GOV_DENIED);
    t_says(t, "英文域名应以 .gov.cn 结尾");
    t_rc(gov_host_add(txn, t->arena, &site, gov_s("a.test"), 0, T_NOW,
                      &t->err), GOV_DENIED);
    t_says(t, "请先改为子站模式");

    /* nothing of it happened */
    t_str(t_base(t, txn, "610402001"), "qindu.xianyang.localhost/renminlu/");
    t_leads(t, txn, "example.com", "/", "421");

    gov_txn_end(&txn);
}


static void
t_slug(void **state)
{
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;

    txn = t_city_begin(t);

    site = t_site(t, txn, "610402001");
    t_ok(gov_site_rename_slug(txn, t->arena, &site, gov_s("rml"), T_NOW,
                              &t->err));
    t_leads(t, txn, "qindu.xianyang.localhost", "/rml/a/1.html",
            "200 rml a/1.html");
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/a/1.html",
            "301 rml a/1.html");

    /* and back: the old name answers again, the new one redirects */
    t_ok(gov_site_rename_slug(txn, t->arena, &site, gov_s("renminlu"), T_NOW,
                              &t->err));
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/a",
            "200 renminlu a");
    t_leads(t, txn, "qindu.xianyang.localhost", "/rml/a", "301 renminlu a");

    /* a host made of the slug follows, a given one does not */
    site = t_site(t, txn, "xy-fgw");
    t_ok(gov_site_rename_slug(txn, t->arena, &site, gov_s("drc"), T_NOW,
                              &t->err));
    t_str(t_base(t, txn, "xy-fgw"), "drc.xianyang.localhost/");
    t_leads(t, txn, "fgw.xianyang.localhost", "/a", "301 drc a");

    site = t_site(t, txn, "610400");
    t_ok(gov_site_rename_slug(txn, t->arena, &site, gov_s("xy"), T_NOW,
                              &t->err));
    t_str(t_base(t, txn, "610400"), "www.xianyang.localhost/");

    t_rc(gov_site_rename_slug(txn, t->arena, &site, gov_s("X Y"), T_NOW,
                              &t->err),
         GOV_INVALID);

    gov_txn_end(&txn);
}


/* a name is refused with what holds it */

static void
t_taken(void **state)
{
    unsigned     i;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;

    static struct {
        t_site_row_t   row;
        gov_rc_t       rc;
        const char    *field;
        const char    *says;
    } rows[] = {
        { { "610402002", "甲", GOV_TOWNSHIP, "610402", 0, "renminlu", "" },
          GOV_CONFLICT, "slug", "“renminlu”已由“人民路街道”" },
        { { "610402002", "甲", GOV_TOWNSHIP, "610402", 0, "search", "" },
          GOV_CONFLICT, "slug", "“search”是平台的保留地址" },
        { { "610402002", "甲", GOV_TOWNSHIP, "610402", 0, "console", "" },
          GOV_CONFLICT, "slug", "保留地址" },
        { { "610402002", "甲", GOV_TOWNSHIP, "610402", 0, "_gov", "" },
          GOV_INVALID, "slug", "不能作地址名" },
        { { "610402002", "甲", GOV_TOWNSHIP, "610402", 0, "a/b", "" },
          GOV_INVALID, "slug", "不能作地址名" },
        { { "610402001", "甲", GOV_TOWNSHIP, "610402", 0, "jia", "" },
          GOV_CONFLICT, "code", "已由“人民路街道”使用" },
        { { "a b", "甲", GOV_DEPARTMENT, "610400", 1, "jia", "" },
          GOV_INVALID, "code", "不是代码" },
        { { "xy-jyj", "", GOV_DEPARTMENT, "610400", 1, "jyj", "" },
          GOV_INVALID, "name", "1 至 60 字" },
        { { "xy-jyj", "甲", GOV_DEPARTMENT, "610400", 1, "fgw", "" },
          GOV_CONFLICT, "host", "fgw.xianyang.localhost 已由“发展改革委”" },
        { { "xy-jyj", "甲", GOV_DEPARTMENT, "610400", 1, "j", "localhost" },
          GOV_CONFLICT, "host", "localhost 已由“咸阳市”" },
        { { "xy-jyj", "甲", GOV_DEPARTMENT, "610400", 1, "j", "a.com" },
          GOV_DENIED, "host", "a.com 不合域名规定" },
        { { "xy-jyj", "甲", GOV_DEPARTMENT, "610400", 1, "j", "a b" },
          GOV_INVALID, "host", "不是域名" },
        { { "xy-jyj", "甲", GOV_DEPARTMENT, NULL, 0, "j", "" },
          GOV_DENIED, "mode", "必须有上级站点" },
        { { "610402009", "甲", GOV_TOWNSHIP, "610400", 0, "j", "" },
          GOV_DENIED, "parent", "乡镇站点应挂在县级门户之下" }
    };

    txn = t_city_begin(t);

    for (i = 0; i < t_rows(rows); i++) {
        t_rc(t_site_add(t, txn, &rows[i].row, &site), rows[i].rc);
        assert_string_equal(t->err.field, rows[i].field);
        t_says(t, rows[i].says);
    }

    gov_txn_end(&txn);
}


/* an old address is its former holder's until that is closed */

static void
t_old_address(void **state)
{
    int          freed;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site, fgw;

    t_site_row_t  row = {
        "610402002", "西兰路街道", GOV_TOWNSHIP, "610402", 0, "renminlu", ""
    };

    txn = t_city_begin(t);

    site = t_site(t, txn, "610402001");
    t_ok(gov_site_rename_slug(txn, t->arena, &site, gov_s("rml"), T_NOW,
                              &t->err));

    t_rc(t_site_add(t, txn, &row, &site), GOV_CONFLICT);
    t_says(t, "“renminlu”是“人民路街道”（610402001000）的旧地址，仍在转向");

    site = t_site(t, txn, "610402001201");
    t_ok(gov_site_set_state(txn, t->arena, &site, GOV_SITE_CLOSED,
                            gov_s("关停"), 0, T_NOW, &t->err));
    site = t_site(t, txn, "610402001");
    t_ok(gov_site_set_state(txn, t->arena, &site, GOV_SITE_CLOSED,
                            gov_s("关停"), 0, T_NOW, &t->err));

    t_ok(t_site_add(t, txn, &row, &site));
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/a",
            "200 renminlu a");
    assert_int_equal(t_site(t, txn, "610402002").id, 7);

    /* a host: moved when taken away, free when taken away twice */
    fgw = t_site(t, txn, "xy-fgw");
    t_ok(gov_host_add(txn, t->arena, &fgw, gov_s("fgw.test"), 1, T_NOW,
                      &t->err));
    t_str(t_base(t, txn, "xy-fgw"), "fgw.test/");
    t_leads(t, txn, "fgw.xianyang.localhost", "/a", "301 fgw a");

    site = t_site(t, txn, "610402");
    t_rc(gov_host_add(txn, t->arena, &site, gov_s("fgw.xianyang.localhost"),
                      0, T_NOW, &t->err), GOV_CONFLICT);
    t_says(t, "旧地址，仍在转向");
    t_rc(gov_host_remove(txn, t->arena, &site, gov_s("fgw.test"), &freed,
                         &t->err), GOV_NOT_FOUND);
    t_says(t, "不是“秦都区”的域名");
    t_rc(gov_host_remove(txn, t->arena, &fgw, gov_s("fgw.test"), &freed,
                         &t->err), GOV_DENIED);
    t_says(t, "是主域名");

    t_ok(gov_host_remove(txn, t->arena, &fgw,
                         gov_s("fgw.xianyang.localhost"), &freed, &t->err));
    assert_int_equal(freed, 1);
    t_leads(t, txn, "fgw.xianyang.localhost", "/a", "421");
    t_ok(gov_host_add(txn, t->arena, &site, gov_s("fgw.xianyang.localhost"),
                      0, T_NOW, &t->err));
    t_ok(gov_host_remove(txn, t->arena, &site,
                         gov_s("fgw.xianyang.localhost"), &freed, &t->err));
    assert_int_equal(freed, 0);
    t_leads(t, txn, "fgw.xianyang.localhost", "/a", "301 qindu a");

    gov_txn_end(&txn);
}


static void
t_moves(void **state)
{
    unsigned     n;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site, *list;

    txn = t_city_begin(t);

    /* a page takes its name along, its old place redirects */
    site = t_site(t, txn, "610402001");
    t_ok(gov_site_move(txn, t->arena, &site, 6, &t->err));
    t_str(t_base(t, txn, "610402001201"),
          "www.xianyang.localhost/yangling/renminlu/cunyi/");
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/cunyi/a",
            "301 cunyi a");
    t_ok(gov_site_children(txn, t->arena, 2, 0, 4, &list, &n));
    assert_int_equal(n, 0);
    t_ok(gov_site_children(txn, t->arena, 6, 0, 4, &list, &n));
    assert_int_equal(n, 1);

    /* wrong level, itself, below itself */
    t_rc(gov_site_move(txn, t->arena, &site, 1, &t->err), GOV_DENIED);
    t_says(t, "乡镇站点应挂在县级门户之下");
    t_rc(gov_site_move(txn, t->arena, &site, 3, &t->err), GOV_INVALID);
    t_says(t, "自己或自己的下级");
    t_rc(gov_site_move(txn, t->arena, &site, 4, &t->err), GOV_INVALID);
    t_says(t, "自己或自己的下级");

    /* and home again, over its own old address */
    t_ok(gov_site_move(txn, t->arena, &site, 2, &t->err));
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/",
            "200 renminlu ");
    t_leads(t, txn, "localhost", "/yangling/renminlu/x", "301 renminlu x");

    gov_txn_end(&txn);
}


/* whatever is changed, however often: old addresses end at a live one */

static void
t_never_loops(void **state)
{
    uint64_t     seed;
    unsigned     i, k;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;
    gov_place_t  place;
    gov_base_t   base;

    static const char  *slugs[] = { "aa", "bb", "cc", "dd" };
    static const char  *hosts[] = {
        "aa.test", "bb.test", "qindu.xianyang.localhost",
        "renminlu.qindu.xianyang.localhost", "localhost"
    };

    txn = t_city_begin(t);
    seed = 20261123;

    for (i = 0; i < 400; i++) {
        site = t_site(t, txn, t_random(&seed) % 2 ? "610402001"
                                                  : "610402001201");
        t_err_clear(t);

        switch (t_random(&seed) % 4) {
        case 0:
            (void) gov_site_rename_slug(txn, t->arena, &site,
                       gov_str_of(slugs[t_random(&seed) % 4]), T_NOW, &t->err);
            break;
        case 1:
            (void) gov_site_set_mode(txn, t->arena, &site,
                                     GOV_MODE_SUBSITE,
                       gov_str_of(hosts[t_random(&seed) % 2]), T_NOW,
                       &t->err);
            break;
        case 2:
            (void) gov_site_set_mode(txn, t->arena, &site, GOV_MODE_PAGE,
                       (gov_str_t) gov_null_string, T_NOW, &t->err);
            break;
        default:
            (void) gov_site_move(txn, t->arena, &site,
                                 t_random(&seed) % 2 ? 2 : 6, &t->err);
        }

        for (k = 0; k < 20; k++) {
            if (gov_site_resolve(txn, t->arena, gov_str_of(hosts[k % 5]),
                                 gov_str_fmt(t->arena, "/%s/%s/x",
                                             slugs[k % 4], slugs[k / 5]),
                                 &place) != GOV_OK || !place.moved)
            {
                continue;
            }

            t_ok(gov_site_get(txn, t->arena, place.site, &site));
            t_ok(gov_site_base(txn, t->arena, &site, &base));
            t_ok(gov_site_resolve(txn, t->arena, base.host,
                                  gov_str_cat(t->arena, base.path,
                                              place.rest), &place));
            assert_int_equal(place.moved, 0);
        }
    }

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_modes),
        t_test(t_below),
        t_test(t_mode_refused),
        t_test(t_slug),
        t_test(t_taken),
        t_test(t_old_address),
        t_test(t_moves),
        t_test(t_never_loops)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
