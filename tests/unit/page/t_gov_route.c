
/*
 * Copyright (C) ngx_gov authors
 *
 * What stands below a site, and what once stood there.
 */


#include "content/t_content.h"
#include "page/gov_page_int.h"


#define T_HEX                                                                 \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"


/* "document 2 17", "column 2 p3", "to 2", "short 17", "none" */

static gov_str_t
t_route(t_store_t *t, gov_view_t *v, const char *rest)
{
    uint32_t     id;
    gov_route_t  r;

    gov_route(v, gov_str_of(rest), &r);
    id = r.column ? r.column->id : 0;

    switch (r.kind) {

    case GOV_ROUTE_NONE:
        return gov_s("none");

    case GOV_ROUTE_COLUMN:
        return gov_str_fmt(t->arena, "column %u p%u", id, r.page);

    case GOV_ROUTE_DOC:
        return gov_str_fmt(t->arena, "document %u %llu", id,
                           (unsigned long long) r.doc);

    case GOV_ROUTE_SHORT:
        return gov_str_fmt(t->arena, "short %llu",
                           (unsigned long long) r.doc);

    case GOV_ROUTE_TO_COLUMN:
        return gov_str_fmt(t->arena, "to %u", id);

    case GOV_ROUTE_FEED:
        return gov_str_fmt(t->arena, "feed %u", id);

    case GOV_ROUTE_FILE:
        assert_int_equal(r.digest.len, 64);
        return gov_str_fmt(t->arena, "file %llu %.*s",
                           (unsigned long long) r.doc, gov_strf(r.file));

    case GOV_ROUTE_TO_HOME:
        return gov_s("home");

    default:
        return gov_str_fmt(t->arena, "kind %d", r.kind);
    }
}


static void
t_routes(t_store_t *t, gov_view_t *v, const char *rows[][2], size_t n)
{
    size_t     i;
    gov_str_t  got;

    for (i = 0; i < n; i++) {
        got = t_route(t, v, rows[i][0]);

        if (!gov_str_is(got, rows[i][1])) {
            print_error("%s: %.*s, want %s\n", rows[i][0], gov_strf(got),
                        rows[i][1]);
            fail();
        }
    }
}


static void
t_view(t_store_t *t, gov_txn_t *txn, gov_view_t *v)
{
    memset(v, 0, sizeof(gov_view_t));
    v->txn = txn;
    v->arena = t->arena;
    v->site = t_site(t, txn, "610402");
    t_ok(gov_columns(txn, t->arena, &v->site, &v->columns, &v->ncolumns));
}


static void
addresses_lead_to_columns_and_documents(void **state)
{
    gov_txn_t   *txn;
    gov_view_t   v;
    t_store_t   *t = *state;

    static const char  *rows[][2] = {
        { "xxgk/", "column 1 p1" },
        { "xxgk", "to 1" },
        { "xxgk/tzgg/", "column 2 p1" },
        { "xxgk/tzgg/index_3.html", "column 2 p3" },
        { "xxgk/tzgg/index_1.html", "to 2" },
        { "xxgk/tzgg/index.html", "to 2" },
        { "xxgk/tzgg/index_0.html", "none" },
        { "xxgk/tzgg/17.html", "document 2 17" },
        { "xxgk/tzgg/017.html", "none" },
        { "xxgk/tzgg/17.htm", "none" },
        { "xxgk/tzgg/0.html", "none" },
        { "xxgk/tzgg/feed.xml", "feed 2" },
        { "xxgk/tzgg/99999999999999999999.html", "none" },
        { "xxgk/tzgg//17.html", "none" },
        { "xxgk/tzgg//", "none" },
        { "xxgk//tzgg/", "none" },
        { "/xxgk/", "none" },
        { "/17.html", "none" },
        { "nothing/17.html", "none" },
        { "17.html", "none" },
        { "s/17", "short 17" },
        { "s/x", "none" },
        { "feed.xml", "feed 0" },
        { "files/ab/x", "none" },
        { "files/" T_HEX "/a.pdf", "file 0 a.pdf" },
        { "files/" T_HEX "/表 一.pdf", "file 0 表 一.pdf" },
        { "files/17/" T_HEX "/a.pdf", "file 17 a.pdf" },
        { "files/017/" T_HEX "/a.pdf", "none" },
        { "files/" T_HEX "/", "none" },
        { "files/" T_HEX, "none" },
        { "files/17/", "none" },
        { "files/17/" T_HEX "a/a.pdf", "none" },
        { "files/../" T_HEX "/a.pdf", "none" },
        { "files/", "none" },
        { "", "kind 1" },
        { "index.html", "home" },
        { "map.html", "kind 2" },
        { "sitemap.xml", "kind 8" },
        { "robots.txt", "kind 9" },
        { ".well-known/security.txt", "kind 10" },
        { "Map.html", "none" },
        { "map.html/", "none" },
        { "s/", "none" },
        { "s/0", "none" },
        { "s/17/", "none" },
        { "xxgk/index_501.html", "none" },
        { "xxgk/index_500.html", "column 1 p500" },
        { "xxgk/index_-2.html", "none" },
        { "xxgk/index_.html", "none" },
        { "xxgk/tzgg/-17.html", "none" },
        { "xxgk/tzgg/+17.html", "none" },
        { "xxgk/tzgg/17.HTML", "none" },
        { "XXGK/", "none" },
        { "xxgk/tzgg/files/", "none" }
    };

    txn = t_content_begin(t);
    t_view(t, txn, &v);
    t_routes(t, &v, rows, t_rows(rows));
    gov_txn_end(&txn);
}


static void
addresses_of_a_moved_column_lead_to_it(void **state)
{
    gov_txn_t      *txn;
    gov_view_t      v;
    t_store_t      *t = *state;
    gov_column_t    c;

    static const char  *rows[][2] = {
        { "xxgk/tzgg/", "to 2" },
        { "xxgk/tzgg/index_3.html", "to 2" },
        { "xxgk/tzgg/feed.xml", "to 2" },
        { "xxgk/tzgg/17.html", "short 17" },
        { "xxgk/tzgg/17.htm", "none" },
        { "xxgk/tzgx/17.html", "none" },
        { "zjbd/gsgg/17.html", "document 2 17" },
        { "zjbd/gsgg/", "column 2 p1" }
    };

    txn = t_content_begin(t);
    t_view(t, txn, &v);
    c = *gov_column_find(v.columns, v.ncolumns, 2);
    c.rec.slug = gov_s("gsgg");
    c.rec.parent = 4;
    t_ok(gov_column_put(txn, t->arena, &v.site, &c, &t->err));

    t_view(t, txn, &v);
    t_routes(t, &v, rows, t_rows(rows));
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(addresses_lead_to_columns_and_documents),
        t_test(addresses_of_a_moved_column_lead_to_it)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
