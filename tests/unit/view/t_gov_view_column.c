
/*
 * Copyright (C) ngx_gov authors
 *
 * A column: its rows by page, its sub-columns, or its document.
 */


#include "view/t_view.h"


static void
t_put_many(t_store_t *t, const char *code, const char *column, unsigned n)
{
    char      title[32];
    unsigned  i;

    for (i = 1; i <= n; i++) {
        snprintf(title, sizeof(title), "第 %u 号", i);
        (void) t_put(t, code, column, title, "");
    }
}


static void
rows_stand_twenty_to_a_page(void **state)
{
    gov_view_t    *v;
    t_store_t     *t = *state;
    gov_value_t   *m;
    gov_column_t  *c;

    t_pages_city(t);
    t_put_many(t, "6104", "xxgk/tzgg", 20);

    m = t_column_view(t, "6104", "xxgk/tzgg", 1);
    t_is(t, m, "rows", "[20]");
    t_is(t, m, "pager", "-");

    t_put_many(t, "6104", "xxgk/tzgg", 1);

    m = t_column_view(t, "6104", "xxgk/tzgg", 1);
    t_is(t, m, "rows", "[20]");
    t_is(t, m, "pager.total", "21");
    t_is(t, m, "pager.pages", "2");
    t_is(t, m, "pager.prev", "-");
    t_is(t, m, "pager.next", "/xxgk/tzgg/index_2.html");

    m = t_column_view(t, "6104", "xxgk/tzgg", 2);
    t_is(t, m, "rows", "[1]");
    t_is(t, m, "rows.0.url", "/xxgk/tzgg/1.html");
    t_is(t, m, "pager.prev", "/xxgk/tzgg/");
    t_is(t, m, "page.url",
         "http://www.xianyang.localhost:8080/xxgk/tzgg/index_2.html");

    v = t_view(t, "6104");
    c = gov_column_at(v->columns, v->ncolumns, gov_s("xxgk/tzgg"));
    t_rc(gov_view_column(v, c, 3, &m), GOV_NOT_FOUND);
}


/* first, last, and two on either side */

static void
a_long_pager_leaves_numbers_out(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_put_many(t, "6104", "xxgk/tzgg", 181);

    m = t_column_view(t, "6104", "xxgk/tzgg", 5);
    t_is(t, m, "pager.pages", "10");
    t_is(t, m, "pager.numbers", "[7]");
    t_is(t, m, "pager.numbers.0.n", "1");
    t_is(t, m, "pager.numbers.0.gap", "false");
    t_is(t, m, "pager.numbers.1.n", "3");
    t_is(t, m, "pager.numbers.1.gap", "true");
    t_is(t, m, "pager.numbers.3.current", "true");
    t_is(t, m, "pager.numbers.6.n", "10");
    t_is(t, m, "pager.numbers.6.gap", "true");
}


static void
a_section_shows_what_is_below_it(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_put_many(t, "6104", "xxgk/tzgg", 7);
    (void) t_put(t, "6104", "xxgk/gfxwj", "办法", "'number': '1号'");

    m = t_column_view(t, "6104", "xxgk", 1);
    t_is(t, m, "rows", "[0]");
    t_is(t, m, "subs", "[3]");
    t_is(t, m, "groups", "[2]");
    t_is(t, m, "groups.0.items", "[5]");
    t_is(t, m, "groups.1.title", "规范性文件");

    m = t_column_view(t, "6104", "xxgk/gfxwj", 1);
    t_is(t, m, "official", "true");
    t_is(t, m, "rows.0.number", "1号");
    t_is(t, m, "rows.0.validity", "in_force");
    t_is(t, m, "subs", "[3]");
    t_is(t, m, "subs.1.current", "true");
    t_is(t, m, "feed", "/xxgk/gfxwj/feed.xml");
}


static void
a_profile_is_its_newest_document(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    m = t_column_view(t, "6104", "zjbd", 1);
    t_is(t, m, "doc", "-");

    (void) t_put(t, "6104", "zjbd", "旧概况", "");
    (void) t_put(t, "6104", "zjbd", "概况", "");
    m = t_column_view(t, "6104", "zjbd", 1);
    t_is(t, m, "doc.title", "概况");
    t_is(t, m, "rows", "[0]");
}


static void
a_row_from_elsewhere_names_its_source(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    (void) t_put(t, "6104", "xxgk/tzgg", "全市通知", "");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402/xxgk/tzgg']}");

    m = t_column_view(t, "610402", "xxgk/tzgg", 1);
    t_is(t, m, "rows.0.source", "咸阳市");
    t_is(t, m, "rows.0.url", "/xxgk/tzgg/1.html");

    m = t_column_view(t, "6104", "xxgk/tzgg", 1);
    t_is(t, m, "rows.0.source", "-");
}


/* nothing has to run for it: the page says itself when it changes */

static void
a_column_falls_due_when_a_row_comes_or_goes(void **state)
{
    int64_t       first;
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_do(t, "doc.create", "{'site': '6104', 'column': 'xxgk/tzgg', 'title': "
         "'以后', 'body': '文', 'at': '2026-11-24 08:00', 'expires': "
         "'2026-11-25 08:00'}");

    m = t_column_view(t, "6104", "xxgk/tzgg", 1);
    t_is(t, m, "rows", "[0]");
    first = t_v.due;
    assert_true(first > t_now && first != INT64_MAX);

    t_now = first - 1;
    m = t_column_view(t, "6104", "xxgk/tzgg", 1);
    t_is(t, m, "rows", "[0]");
    assert_true(t_v.due == first);

    t_now = first;
    m = t_column_view(t, "6104", "xxgk/tzgg", 1);
    t_is(t, m, "rows", "[1]");
    assert_true(t_v.due == first + 86400 * T_SECOND);

    t_now = first + 86400 * T_SECOND;
    m = t_column_view(t, "6104", "xxgk/tzgg", 1);
    t_is(t, m, "rows", "[0]");
    assert_true(t_v.due == INT64_MAX);
}


/* how often each of documents 1 to n stands on a page of the column */

static unsigned
t_seen(t_store_t *t, unsigned page, unsigned *seen, unsigned n)
{
    unsigned      id, rows;
    gov_str_t     url;
    gov_value_t  *m, *row;

    m = t_column_view(t, "6104", "xxgk/tzgg", page);
    rows = 0;

    gov_each (row, gov_member(m, "rows")) {
        url = gov_get_str(row, "url");
        assert_int_equal(sscanf(gov_str_c(t->arena, url),
                                "/xxgk/tzgg/%u.html", &id), 1);
        assert_in_range(id, 1, n);
        seen[id]++;
        rows++;
    }

    return rows;
}


/*
 * What is pinned stands above the first page's rows and takes nobody's place:
 * the second page begins where the first one's rows by date end.
 */

static void
a_pin_puts_no_row_between_two_pages(void **state)
{
    unsigned      i, seen[46];
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_put_many(t, "6104", "xxgk/tzgg", 45);
    t_do(t, "doc.pin", "{'doc': 1, 'until': '2030-01-01 00:00'}");
    t_do(t, "doc.pin", "{'doc': 2, 'until': '2030-01-02 00:00'}");
    t_do(t, "doc.pin", "{'doc': 40, 'until': '2030-01-03 00:00'}");

    memset(seen, 0, sizeof(seen));
    assert_int_equal(t_seen(t, 1, seen, 45), 22);

    for (i = 1; i <= 45; i++) {
        assert_int_equal(seen[i], i <= 2 || i > 25);
    }

    assert_int_equal(t_seen(t, 2, seen, 45), 20);
    assert_int_equal(t_seen(t, 3, seen, 45), 5);

    for (i = 1; i <= 45; i++) {
        assert_int_equal(seen[i], i <= 2 ? 2 : 1);
    }

    m = t_column_view(t, "6104", "xxgk/tzgg", 1);
    t_is(t, m, "pager.pages", "3");
    t_is(t, m, "rows.0.pinned", "true");
    t_is(t, m, "rows.2.title", "第 40 号");
    t_is(t, m, "rows.3.title", "第 45 号");
    t_is(t, m, "rows.3.pinned", "-");

    m = t_column_view(t, "6104", "xxgk/tzgg", 3);
    t_is(t, m, "rows.4.title", "第 1 号");
    t_is(t, m, "rows.4.pinned", "-");

    /* a block of another page has so many rows as it has room for */

    m = t_column_view(t, "6104", "xxgk", 1);
    t_is(t, m, "groups.0.items", "[5]");
    t_is(t, m, "groups.0.items.0.title", "第 1 号");
    t_is(t, m, "groups.0.items.3.title", "第 45 号");
    t_is(t, t_home(t, "6104"), "blocks.0.columns.0.items", "[5]");
}


/* the first page depends on its last row by date, and on the pins above */

static void
a_page_with_pins_is_fresh_as_all_its_rows_are(void **state)
{
    gov_page_t    page;
    t_store_t    *t = *state;

    t_pages_city(t);
    t_put_many(t, "6104", "xxgk/tzgg", 45);
    t_do(t, "doc.pin", "{'doc': 1, 'until': '2030-01-01 00:00'}");

    t_ok(t_page(t, "www.xianyang.localhost", "/xxgk/tzgg/", &page));
    assert_true(t_page_has(&page, "第 26 号"));
    assert_false(t_page_has(&page, "第 25 号"));
    assert_true(t_holds(t, &page));

    t_do(t, "doc.edit", "{'doc': 26, 'base': 1, 'title': '改过', "
         "'publish': true}");
    assert_false(t_holds(t, &page));

    t_ok(t_page(t, "www.xianyang.localhost", "/xxgk/tzgg/", &page));
    assert_true(t_page_has(&page, "改过"));

    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'title': '置顶改过', "
         "'publish': true}");
    assert_false(t_holds(t, &page));

    /* a pin that ends ends the page */

    t_ok(t_page(t, "www.xianyang.localhost", "/xxgk/tzgg/", &page));
    assert_true(t_page_has(&page, "置顶改过"));
    t_now = page.proof.due;
    assert_false(t_holds(t, &page));
    t_ok(t_page(t, "www.xianyang.localhost", "/xxgk/tzgg/", &page));
    assert_false(t_page_has(&page, "置顶改过"));
    assert_true(t_page_has(&page, "改过"));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_view_test(rows_stand_twenty_to_a_page),
        t_view_test(a_long_pager_leaves_numbers_out),
        t_view_test(a_section_shows_what_is_below_it),
        t_view_test(a_profile_is_its_newest_document),
        t_view_test(a_row_from_elsewhere_names_its_source),
        t_view_test(a_column_falls_due_when_a_row_comes_or_goes),
        t_view_test(a_pin_puts_no_row_between_two_pages),
        t_view_test(a_page_with_pins_is_fresh_as_all_its_rows_are)
    };

    return cmocka_run_group_tests(tests, t_pages_open, t_pages_close);
}
