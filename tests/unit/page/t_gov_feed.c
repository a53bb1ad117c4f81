
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages for machines.
 */


#define _GNU_SOURCE         /* memmem */

#include "page/t_page.h"


#define T_CITY    "www.xianyang.localhost"
#define T_COUNTY  "qindu.xianyang.localhost"


static gov_page_t
t_get(t_store_t *t, const char *host, const char *path)
{
    gov_page_t  page;

    t_ok(t_page(t, host, path, &page));
    assert_int_equal(page.status, 200);

    return page;
}


static unsigned
t_times(gov_page_t *page, const char *text)
{
    size_t    i, len;
    unsigned  n;

    len = strlen(text);

    for (i = 0, n = 0; i + len <= page->body.len; i++) {
        n += memcmp(page->body.data + i, text, len) == 0;
    }

    return n;
}


static void
t_doc(t_store_t *t, const char *code, const char *column, const char *title,
    const char *more)
{
    char  json[512];

    snprintf(json, sizeof(json), "{'site': '%s', 'column': '%s', "
             "'title': '%s', 'body': '文'%s}", code, column, title, more);
    t_do(t, "doc.create", json);
}


/* the first entry's or, without one, the feed's own */

static gov_str_t
t_id(t_store_t *t, gov_page_t *page, const char *after)
{
    u_char     *p, *end;
    gov_str_t   id;

    p = memmem(page->body.data, page->body.len, after, strlen(after));
    assert_non_null(p);
    end = page->body.data + page->body.len;
    p = memmem(p, end - p, "<id>", 4);
    assert_non_null(p);
    id.data = p + 4;
    p = memmem(p, end - p, "</id>", 5);
    assert_non_null(p);
    id.len = p - id.data;

    return gov_str_copy(t->arena, id);
}


/* RFC 4287, 4.2.6: an id never changes, wherever the entry goes */

static void
an_id_stays_whatever_becomes_of_the_address(void **state)
{
    gov_str_t    feed, column, entry;
    gov_page_t   page;
    t_store_t   *t = *state;

    t_pages_city(t);
    t_doc(t, "610402", "xxgk/tzgg", "甲", ", 'publish': true");
    t_doc(t, "6104", "xxgk/tzgg", "乙", ", 'publish': true");

    page = t_get(t, T_COUNTY, "/feed.xml");
    feed = t_id(t, &page, "<feed");
    entry = t_id(t, &page, "<entry>");
    page = t_get(t, T_COUNTY, "/xxgk/tzgg/feed.xml");
    column = t_id(t, &page, "<feed");
    t_str_at(t_id(t, &page, "<entry>"), entry, __FILE__, __LINE__);

    assert_int_equal(entry.len, sizeof("urn:uuid:") - 1 + 36);
    assert_true(gov_str_starts(entry, "urn:uuid:"));
    assert_int_equal(entry.data[9 + 14], '8');
    assert_false(gov_str_eq(feed, column));
    assert_false(gov_str_eq(feed, entry));

    page = t_get(t, T_CITY, "/feed.xml");
    assert_false(gov_str_eq(t_id(t, &page, "<feed"), feed));
    assert_false(gov_str_eq(t_id(t, &page, "<entry>"), entry));

    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'slug': 'gonggao'}");
    t_do(t, "site.slug", "{'site': '610402', 'slug': 'qinduqu'}");
    t_do(t, "site.mode", "{'site': '610402', 'mode': 'page'}");

    page = t_get(t, T_CITY, "/qinduqu/feed.xml");
    t_str_at(t_id(t, &page, "<feed"), feed, __FILE__, __LINE__);
    t_str_at(t_id(t, &page, "<entry>"), entry, __FILE__, __LINE__);
    page = t_get(t, T_CITY, "/qinduqu/xxgk/gonggao/feed.xml");
    t_str_at(t_id(t, &page, "<feed"), column, __FILE__, __LINE__);
}


static void
a_feed_has_each_document_once_at_its_own_address(void **state)
{
    gov_str_t   id;
    gov_page_t  page;
    t_store_t  *t = *state;

    t_pages_city(t);
    t_doc(t, "6104", "xxgk/tzgg", "甲 <b> & \\\"乙\\\"", ", 'publish': true");
    t_doc(t, "6104", "xxgk/tzgg", "以后", ", 'at': '2030-01-01 08:00'");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402/xxgk/tzgg', "
         "'610402/xxgk/gfxwj', '6104/xxgk/zcjd']}");

    page = t_get(t, T_CITY, "/feed.xml");
    assert_int_equal(t_times(&page, "<entry>"), 1);
    assert_true(t_page_has(&page, "<title>甲 &lt;b&gt; &amp; "));
    assert_true(t_page_has(&page, "href=\"http://" T_CITY
                                  ":8080/xxgk/tzgg/1.html\""));
    id = t_id(t, &page, "<entry>");
    assert_true(page.proof.due > t_now && page.proof.due != INT64_MAX);

    page = t_get(t, T_COUNTY, "/feed.xml");
    assert_int_equal(t_times(&page, "<entry>"), 1);
    assert_true(t_page_has(&page, "href=\"http://" T_CITY
                                  ":8080/xxgk/tzgg/1.html\""));
    t_str_at(t_id(t, &page, "<entry>"), id, __FILE__, __LINE__);

    page = t_get(t, T_COUNTY, "/xxgk/gfxwj/feed.xml");
    assert_int_equal(t_times(&page, "<entry>"), 1);
    assert_true(t_page_has(&page, "<title>规范性文件 - 秦都区</title>"));

    page = t_get(t, T_COUNTY, "/xxgk/zcjd/feed.xml");
    assert_int_equal(t_times(&page, "<entry>"), 0);
}


/* however many stand before it */

static void
the_last_of_many_columns_has_its_feed(void **state)
{
    char        json[256];
    unsigned    i;
    gov_page_t  page;
    t_store_t  *t = *state;

    t_pages_city(t);

    for (i = 0; i < 210; i++) {
        snprintf(json, sizeof(json), "{'site': '6104', 'slug': 'c%u', "
                 "'name': '栏目%u', 'order': %u}", i, i, i + 100);
        t_do(t, "column.create", json);
    }

    t_doc(t, "6104", "c209", "末", ", 'publish': true");
    page = t_get(t, T_CITY, "/c209/feed.xml");
    assert_int_equal(t_times(&page, "<entry>"), 1);
}


static void
an_edit_is_an_update_of_the_feed(void **state)
{
    unsigned    i;
    gov_str_t   at;
    gov_page_t  page;
    t_store_t  *t = *state;

    t_pages_city(t);
    t_doc(t, "6104", "xxgk/tzgg", "一", ", 'publish': true");
    t_doc(t, "6104", "xxgk/tzgg", "二", ", 'publish': true");

    t_now += 3600 * T_SECOND;
    at = gov_str_fmt(t->arena, "<updated>%.*s</updated>",
                     gov_strf(gov_date(t->arena, t_now, GOV_DATE_RFC3339)));

    for (i = 0; i < 2; i++) {
        page = t_get(t, T_CITY, "/feed.xml");
        assert_int_equal(t_times(&page, gov_str_c(t->arena, at)), i * 2);

        if (i == 0) {
            t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'title': '一改', "
                 "'publish': true}");
        }
    }
}


static void
a_sitemap_names_columns_and_own_documents(void **state)
{
    gov_page_t  page;
    t_store_t  *t = *state;

    t_pages_city(t);
    t_doc(t, "6104", "xxgk/tzgg", "一", ", 'publish': true");
    t_doc(t, "610402001", "xxgk/tzgg", "二", ", 'publish': true");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402001/xxgk/tzgg']}");

    page = t_get(t, T_COUNTY, "/renminlu/sitemap.xml");
    assert_true(t_page_has(&page, "<loc>http://" T_COUNTY
                           ":8080/renminlu/xxgk/tzgg/2.html</loc>"));
    assert_true(t_page_has(&page, "/renminlu/xxgk/tzgg/</loc>"));
    assert_false(t_page_has(&page, "/1.html"));
    assert_true(t_holds(t, &page));

    t_do(t, "doc.withdraw", "{'doc': 2, 'reason': '有误'}");
    assert_false(t_holds(t, &page));
}


/* at any depth, for they all answer on this host */

static void
robots_name_the_sitemaps_of_the_sites_below(void **state)
{
    gov_page_t  page;
    t_store_t  *t = *state;

    t_pages_city(t);

    page = t_get(t, T_CITY, "/robots.txt");
    assert_int_equal(t_times(&page, "Sitemap: "), 1);

    page = t_get(t, T_COUNTY, "/robots.txt");
    assert_true(t_page_has(&page, "Sitemap: http://" T_COUNTY
                                  ":8080/sitemap.xml\n"));
    assert_true(t_page_has(&page, "Sitemap: http://" T_COUNTY
                                  ":8080/renminlu/sitemap.xml\n"));
    assert_true(t_page_has(&page, "Sitemap: http://" T_COUNTY
                                  ":8080/renminlu/cunyi/sitemap.xml\n"));

    t_do(t, "site.slug", "{'site': '610402001201', 'slug': 'cun'}");
    assert_false(t_holds(t, &page));

    page = t_get(t, T_COUNTY, "/robots.txt");
    t_do(t, "site.mode", "{'site': '610402001', 'mode': 'subsite'}");
    assert_false(t_holds(t, &page));

    page = t_get(t, T_COUNTY, "/robots.txt");
    assert_int_equal(t_times(&page, "Sitemap: "), 1);
}


/* RFC 9116: it expires, so it changes by itself */

static void
security_txt_is_new_every_day(void **state)
{
    gov_page_t  page;
    t_store_t  *t = *state;

    t_pages_city(t);

    page = t_get(t, T_CITY, "/.well-known/security.txt");
    assert_true(t_page_has(&page, "Contact: http://" T_CITY
                                  ":8080/map.html\n"));
    assert_true(t_page_has(&page, "Canonical: http://" T_CITY
                                  ":8080/.well-known/security.txt\n"));
    assert_true(page.proof.due > t_now
                && page.proof.due <= t_now + 86400 * T_SECOND);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(an_id_stays_whatever_becomes_of_the_address),
        t_test(a_feed_has_each_document_once_at_its_own_address),
        t_test(the_last_of_many_columns_has_its_feed),
        t_test(an_edit_is_an_update_of_the_feed),
        t_test(a_sitemap_names_columns_and_own_documents),
        t_test(robots_name_the_sitemaps_of_the_sites_below),
        t_test(security_txt_is_new_every_day)
    };

    return cmocka_run_group_tests(tests, t_pages_open, t_pages_close);
}
