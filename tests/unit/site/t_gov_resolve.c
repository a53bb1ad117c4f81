
/*
 * Copyright (C) ngx_gov authors
 *
 * Host and path to a place: a table, on the city of t_site.h.
 */


#include "site/t_site.h"


static struct {
    const char  *host;
    const char  *path;
    const char  *leads;
} t_places[] = {
    { "www.xianyang.localhost", "/", "200 xianyang " },
    { "localhost", "/", "200 xianyang " },
    { "localhost", "/xxgk/12.html", "200 xianyang xxgk/12.html" },
    { "localhost", "", "200 xianyang " },
    { "localhost", "//", "200 xianyang /" },

    { "qindu.xianyang.localhost", "/", "200 qindu " },
    { "qindu.xianyang.localhost", "/renminlu/", "200 renminlu " },
    { "qindu.xianyang.localhost", "/renminlu", "301 renminlu " },
    { "qindu.xianyang.localhost", "/renminlu/tzgg/9.html",
      "200 renminlu tzgg/9.html" },
    { "qindu.xianyang.localhost", "/renminlu/cunyi/", "200 cunyi " },
    { "qindu.xianyang.localhost", "/renminlu/cunyi/cwgk/",
      "200 cunyi cwgk/" },
    { "qindu.xianyang.localhost", "/cunyi/", "200 qindu cunyi/" },
    { "qindu.xianyang.localhost", "/Renminlu/", "200 qindu Renminlu/" },
    { "qindu.xianyang.localhost", "/x/renminlu/", "200 qindu x/renminlu/" },
    { "qindu.xianyang.localhost", "//renminlu/", "200 qindu /renminlu/" },
    { "qindu.xianyang.localhost", "/../renminlu/",
      "200 qindu ../renminlu/" },

    { "localhost", "/yangling/", "200 yangling " },
    { "localhost", "/qindu/", "200 xianyang qindu/" },
    { "fgw.xianyang.localhost", "/", "200 fgw " },

    { "xianyang.localhost", "/", "421" },
    { "renminlu.qindu.xianyang.localhost", "/", "421" },
    { "", "/", "421" },
    { "WWW.XIANYANG.LOCALHOST", "/", "421" }
};


static void
t_table(void **state)
{
    unsigned    i;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    txn = t_city_begin(t);

    for (i = 0; i < t_rows(t_places); i++) {
        t_leads(t, txn, t_places[i].host, t_places[i].path,
                t_places[i].leads);
    }

    gov_txn_end(&txn);
}


/* every base leads to its site */

static void
t_bases(void **state)
{
    unsigned     i;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_site_t   site;
    gov_base_t   base;
    gov_place_t  place;

    txn = t_city_begin(t);

    for (i = 0; i < t_rows(t_city); i++) {
        site = t_site(t, txn, t_city[i].code);

        t_ok(gov_site_base(txn, t->arena, &site, &base));
        t_ok(gov_site_resolve(txn, t->arena, base.host, base.path, &place));

        assert_int_equal(place.site, site.id);
        assert_int_equal(place.rest.len, 0);
        assert_int_equal(place.moved, 0);
    }

    t_str(t_base(t, txn, "610402001201"),
          "qindu.xianyang.localhost/renminlu/cunyi/");

    gov_txn_end(&txn);
}


/* a path of any length and any bytes ends */

static void
t_hostile(void **state)
{
    gov_buf_t    b;
    unsigned     i;
    gov_txn_t   *txn;
    t_store_t   *t = *state;
    gov_place_t  place;

    txn = t_city_begin(t);
    gov_buf_init(&b, t->arena, 65536);

    for (i = 0; i < 8000; i++) {
        gov_buf_c(&b, "/renminlu");
    }

    t_ok(gov_site_resolve(txn, t->arena, gov_s("qindu.xianyang.localhost"),
                          b.s, &place));
    assert_int_equal(place.site, 3);

    t_ok(gov_site_resolve(txn, t->arena, gov_s("localhost"),
                          gov_s("/\0\xff\x01/"), &place));
    assert_int_equal(place.site, 1);

    t_rc(gov_site_resolve(txn, t->arena, b.s, gov_s("/"), &place),
         GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


/* the tree, read */

static void
t_tree(void **state)
{
    uint32_t    id;
    unsigned    n, seen;
    gov_txn_t  *txn;
    t_store_t  *t = *state;
    gov_site_t  site, *list;

    txn = t_city_begin(t);

    t_ok(gov_site_children(txn, t->arena, 1, 0, 8, &list, &n));
    assert_int_equal(n, 3);
    t_str(list[0].rec.code, "610402000000");
    t_str(list[1].rec.code, "610403000000");
    t_str(list[2].rec.code, "xy-fgw");

    t_ok(gov_site_children(txn, t->arena, 1, GOV_COUNTY, 8, &list, &n));
    assert_int_equal(n, 2);
    t_ok(gov_site_children(txn, t->arena, 1, 0, 1, &list, &n));
    assert_int_equal(n, 1);
    t_ok(gov_site_children(txn, t->arena, 0, 0, 8, &list, &n));
    assert_int_equal(n, 1);
    t_ok(gov_site_children(txn, t->arena, 4, 0, 8, &list, &n));
    assert_int_equal(n, 0);

    assert_true(gov_site_below(txn, t->arena, 4, 1));
    assert_true(gov_site_below(txn, t->arena, 4, 4));
    assert_false(gov_site_below(txn, t->arena, 1, 4));
    assert_false(gov_site_below(txn, t->arena, 5, 2));

    for (id = 0, seen = 0;
         gov_site_next(txn, t->arena, &id, &site) == GOV_OK; seen++)
    {
        assert_int_equal(site.id, seen + 1);
    }

    assert_int_equal(seen, 6);

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_table),
        t_test(t_bases),
        t_test(t_hostile),
        t_test(t_tree)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
