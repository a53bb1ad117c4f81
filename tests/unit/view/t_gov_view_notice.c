
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages that say no, and the site map.
 */


#include "view/t_view.h"


static void
a_page_that_is_not_there_shows_ways_on(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_ok(gov_view_notice(t_view(t, "610402001"), 404, "", NULL, &m));

    t_is(t, m, "page.kind", "notice");
    t_is(t, m, "page.status", "404");
    t_is(t, m, "status", "404");
    t_is(t, m, "heading", "没有找到这个页面");
    t_is(t, m, "ways.0.url", "/renminlu/");
    t_is(t, m, "ways.1.url", "/renminlu/xxgk/");
    t_is(t, m, "ways.3.url", "/renminlu/map.html");
    t_is(t, m, "reason", "-");
}


static void
a_suspended_site_says_why_and_leads_nowhere(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_do(t, "site.suspend", "{'site': '610402', 'notice': '系统升级'}");
    t_ok(gov_view_notice(t_view(t, "610402"), 503, "suspended", NULL, &m));

    t_is(t, m, "heading", "网站暂停服务");
    t_is(t, m, "reason", "系统升级");
    t_is(t, m, "ways", "-");
    t_is(t, m, "upper.name", "咸阳市");
}


static void
a_withdrawn_document_names_its_replacement_while_that_is_public(void **state)
{
    gov_doc_t     doc;
    gov_view_t   *v;
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    (void) t_put(t, "6104", "xxgk/tzgg", "旧", "");
    (void) t_put(t, "610402", "xxgk/tzgg", "新", "");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '有误', 'replacement': "
         "2}");

    v = t_view(t, "6104");
    t_ok(gov_view_load_doc(v, 1, &doc));
    t_ok(gov_view_notice(v, 410, "", &doc, &m));
    t_is(t, m, "reason", "有误");
    t_is(t, m, "replacement.title", "新");
    t_is(t, m, "replacement.url",
         "http://qindu.xianyang.localhost:8080/xxgk/tzgg/2.html");

    t_do(t, "doc.withdraw", "{'doc': 2, 'reason': '有误'}");
    v = t_view(t, "6104");
    t_ok(gov_view_load_doc(v, 1, &doc));
    t_ok(gov_view_notice(v, 410, "", &doc, &m));
    t_is(t, m, "replacement", "-");
}


static void
a_notice_without_a_site_is_bare(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    m = gov_view_bare_notice(t->arena, 421, &t_assets);
    t_is(t, m, "page.kind", "notice");
    t_is(t, m, "heading", "没有这个网站");
    t_is(t, m, "site", "-");
    t_is(t, m, "assets.css", "/_gov/assets/gov.css");

    m = gov_view_bare_notice(t->arena, 599, NULL);
    t_is(t, m, "status", "599");
    t_is(t, m, "heading", "页面暂时无法显示");
}


static void
the_map_has_every_column_where_it_hangs(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_do(t, "column.create", "{'site': '610402', 'parent': 'xxgk/tzgg', "
         "'slug': 'gs', 'name': '公示'}");
    t_do(t, "column.remove", "{'site': '610402', 'column': 'xxgk/zcjd'}");

    t_ok(gov_view_map(t_view(t, "610402"), &m));
    t_is(t, m, "page.heading", "站点地图");
    t_is(t, m, "page.url",
         "http://qindu.xianyang.localhost:8080/map.html");
    t_is(t, m, "columns", "[2]");
    t_is(t, m, "columns.0.children", "[2]");
    t_is(t, m, "columns.0.children.0.children.0.title", "公示");
    t_is(t, m, "columns.0.children.0.children.0.url", "/xxgk/tzgg/gs/");
    t_is(t, m, "links.0.title", "上级网站");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_view_test(a_page_that_is_not_there_shows_ways_on),
        t_view_test(a_suspended_site_says_why_and_leads_nowhere),
        t_view_test(
            a_withdrawn_document_names_its_replacement_while_that_is_public),
        t_view_test(a_notice_without_a_site_is_bare),
        t_view_test(the_map_has_every_column_where_it_hangs)
    };

    return cmocka_run_group_tests(tests, t_pages_open, t_pages_close);
}
