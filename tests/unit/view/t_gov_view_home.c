
/*
 * Copyright (C) ngx_gov authors
 *
 * The home page, and what every page carries.
 */


#include "view/t_view.h"


static void
a_site_that_has_nothing_yet_shows_its_frame(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    m = t_home(t, "610402001");

    t_is(t, m, "page.kind", "home");
    t_is(t, m, "page.title", "人民路街道");
    t_is(t, m, "page.url",
         "http://qindu.xianyang.localhost:8080/renminlu/");
    t_is(t, m, "site.home", "/renminlu/");
    t_is(t, m, "site.map", "/renminlu/map.html");
    t_is(t, m, "site.level", "township");
    t_is(t, m, "site.state", "preparing");
    t_is(t, m, "portal.name", "咸阳市");
    t_is(t, m, "portal.url", "http://www.xianyang.localhost:8080/");
    t_is(t, m, "upper.name", "秦都区");
    t_is(t, m, "upper.url", "/");
    t_is(t, m, "nav.0.url", "/renminlu/");
    t_is(t, m, "nav.0.current", "true");
    t_is(t, m, "nav.1.title", "信息公开");
    t_is(t, m, "nav.2.url", "/renminlu/zjbd/");
    t_is(t, m, "nav.3", "-");
    t_is(t, m, "banner", "[0]");
    t_is(t, m, "tags.0.content", "人民路街道");

    /* a section is a way on though it is empty; the rest is left out */

    t_is(t, m, "blocks", "[1]");
    t_is(t, m, "blocks.0.kind", "disclosure");
    t_is(t, m, "blocks.0.items", "[1]");
}


static void
blocks_show_the_newest_rows_of_their_columns(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    (void) t_put(t, "6104", "xxgk/tzgg", "一", "");
    (void) t_put(t, "6104", "xxgk/tzgg", "二", "'summary': '话'");
    (void) t_put(t, "6104", "xxgk/gfxwj", "办法", "");
    (void) t_put(t, "6104", "xxgk/zcjd", "解读", "'interprets': 3");
    (void) t_put(t, "610402", "xxgk/zcjd", "区里的解读", "'interprets': 3");
    (void) t_put(t, "6104", "zjbd", "概况", "'summary': '本市'");

    m = t_home(t, "6104");

    t_is(t, m, "blocks.0.kind", "lists");
    t_is(t, m, "blocks.0.columns.0.title", "通知公告");
    t_is(t, m, "blocks.0.columns.0.url", "/xxgk/tzgg/");
    t_is(t, m, "blocks.0.columns.0.items.0.title", "二");
    t_is(t, m, "blocks.0.columns.0.items.0.summary", "话");
    t_is(t, m, "blocks.0.columns.0.items.1.url", "/xxgk/tzgg/1.html");
    t_is(t, m, "blocks.1.kind", "pair");
    t_is(t, m, "blocks.1.rows", "[1]");
    t_is(t, m, "blocks.1.rows.0.policy.title", "办法");
    t_is(t, m, "blocks.1.rows.0.interpret.title", "解读");
    t_is(t, m, "blocks.2.items", "[2]");
    t_is(t, m, "blocks.3.kind", "grid");
    t_is(t, m, "blocks.4.kind", "profile");
    t_is(t, m, "blocks.4.text", "本市");
}


/* a province's policy is interpreted by a hundred counties */

static void
interpretations_of_other_sites_are_no_dependency(void **state)
{
    unsigned      i;
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    (void) t_put(t, "6104", "xxgk/gfxwj", "办法", "");
    (void) t_put(t, "610402", "xxgk/zcjd", "区里的解读", "'interprets': 1");

    m = t_home(t, "6104");
    t_is(t, m, "blocks.1.rows.0.interpret", "-");

    for (i = 0; i < t_v.deps.n; i++) {
        assert_int_not_equal(t_v.deps.dep[i].site, 2);
    }
}


static void
links_of_the_tree_are_those_who_are_there(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    m = t_home(t, "6104");

    t_is(t, m, "links", "[2]");
    t_is(t, m, "links.0.title", "县（市、区）");
    t_is(t, m, "links.0.items", "[2]");
    t_is(t, m, "links.0.items.0.url",
         "http://qindu.xianyang.localhost:8080/");
    t_is(t, m, "links.1.title", "政府部门");

    m = t_home(t, "610402");
    t_is(t, m, "links.0.title", "上级网站");
    t_is(t, m, "links.1.title", "乡镇（街道）");
    t_is(t, m, "links.1.items.0.url", "/renminlu/");
    t_is(t, m, "links.2.title", "同级网站");
    t_is(t, m, "links.2.items", "[1]");
    t_is(t, m, "links.2.items.0.title", "杨陵区");

    t_do(t, "site.archive", "{'site': '610403', 'notice': '关停'}");
    m = t_home(t, "610402");
    t_is(t, m, "links", "[2]");
}


static void
shared_links_say_what_their_owner_says(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_do(t, "link.share", "{'site': '6104', 'group': 'bm', 'title': '便民', "
         "'links': [{'title': '外', 'url': 'https://a.example/'}, "
         "{'site': '610402001'}, {'title': '别名', 'site': '610403'}]}");
    t_do(t, "link.take", "{'site': 'xy-fgw', 'from': '6104', 'group': "
         "'bm'}");

    m = t_home(t, "xy-fgw");
    t_is(t, m, "links.1.title", "便民");
    t_is(t, m, "links.1.items.0.external", "true");
    t_is(t, m, "links.1.items.1.title", "人民路街道");
    t_is(t, m, "links.1.items.1.url",
         "http://qindu.xianyang.localhost:8080/renminlu/");
    t_is(t, m, "links.1.items.2.title", "别名");

    t_do(t, "link.unshare", "{'site': '6104', 'group': 'bm'}");
    m = t_home(t, "xy-fgw");
    t_is(t, m, "links.1", "-");
}


/* twenty groups, the last of which stands first; who takes them, or NULL */

static void
t_share_all(t_store_t *t, const char *code, const char *taker)
{
    char      json[256];
    unsigned  i;

    for (i = 1; i <= GOV_LINK_GROUPS; i++) {
        snprintf(json, sizeof(json), "{'site': '%s', 'group': 'g%02u', "
                 "'title': '%s-%u', 'order': %u, 'links': [{'title': '外', "
                 "'url': 'https://a.example/'}]}", code, i, code, i, 100 - i);
        t_do(t, "link.share", json);

        if (taker != NULL) {
            snprintf(json, sizeof(json), "{'site': '%s', 'from': '%s', "
                     "'group': 'g%02u'}", taker, code, i);
            t_do(t, "link.take", json);
        }
    }
}


static void
every_group_a_site_has_or_takes_is_shown(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_share_all(t, "6104", NULL);
    t_share_all(t, "610402", "6104");

    /* behind the two of the tree: its own, then those taken, in order */

    m = t_home(t, "6104");
    t_is(t, m, "links", "[42]");
    t_is(t, m, "links.2.title", "6104-20");
    t_is(t, m, "links.21.title", "6104-1");
    t_is(t, m, "links.22.title", "610402-20");
    t_is(t, m, "links.41.title", "610402-1");
    t_is(t, m, "links.41.from.name", "秦都区");

    t_ok(gov_view_map(t_view(t, "6104"), &m));
    t_is(t, m, "links", "[42]");

    t_no(t, GOV_DENIED, "link.share", "{'site': '6104', 'group': 'g21', "
         "'title': '多', 'links': [{'title': '外', 'url': "
         "'https://a.example/'}]}", "一个站点最多 20 组链接");
}


/* two hundred links whose addresses become five times as long in a page */

static void
t_share_long(t_store_t *t, const char *name)
{
    unsigned      i;
    gov_op_t      op;
    uint64_t      seq;
    gov_buf_t     url;
    gov_value_t  *in, *links, *m, *verdict;

    gov_buf_init(&url, t->arena, 1024);
    gov_buf_c(&url, "https://a.example/?");

    while (url.s.len < 1000) {
        gov_buf_c(&url, "&");
    }

    in = t_json(t, "{'site': '6104'}");
    gov_put_c(t->arena, in, "group", name);
    gov_put_c(t->arena, in, "title", name);
    links = gov_put_list(t->arena, in, "links");

    for (i = 0; i < 200; i++) {
        m = gov_add_map(t->arena, links);
        gov_put_c(t->arena, m, "title", "外");
        gov_put_str(t->arena, m, "url", url.s);
    }

    op = t_op(t, "link.share", in);
    t_ok(t_apply(t, &op, &verdict, &seq));
}


/* what does not fit into a page is left out, and the page is there */

static void
groups_that_no_page_has_room_for_are_left_out(void **state)
{
    char         name[8];
    unsigned     i;
    gov_page_t   page;
    t_store_t   *t = *state;

    t_pages_city(t);

    for (i = 1; i <= 5; i++) {
        snprintf(name, sizeof(name), "lang-%u", i);
        t_share_long(t, name);
    }

    t_ok(t_page(t, "www.xianyang.localhost", "/", &page));
    assert_int_equal(page.status, 200);
    assert_true(t_page_has(&page, "lang-1"));
    assert_true(t_page_has(&page, "lang-3"));
    assert_false(t_page_has(&page, "lang-4"));
    assert_false(t_page_has(&page, "lang-5"));

    t_answers(t, "www.xianyang.localhost", "/map.html", "200");

    /* whoever does with less shows more */

    t_do(t, "link.unshare", "{'site': '6104', 'group': 'lang-2'}");
    assert_false(t_holds(t, &page));
    t_ok(t_page(t, "www.xianyang.localhost", "/", &page));
    assert_true(t_page_has(&page, "lang-4"));
}


static void
a_banner_is_shown_below_its_site_until_its_time(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    t_do(t, "banner.set", "{'title': '暴雨', 'level': 'orange', 'site': "
         "'610402', 'until': '2026-11-24 08:00'}");

    m = t_home(t, "610402001");
    t_is(t, m, "banner.0.title", "暴雨");
    t_is(t, m, "banner.0.level", "orange");
    assert_true(t_v.due > t_now && t_v.due < t_now + 2 * 86400 * T_SECOND);

    m = t_home(t, "6104");
    t_is(t, m, "banner", "[0]");
    assert_true(t_v.due == INT64_MAX);

    t_now += 2 * 86400 * T_SECOND;
    m = t_home(t, "610402001");
    t_is(t, m, "banner", "[0]");
    t_now -= 2 * 86400 * T_SECOND;
}


static void
a_site_has_its_blueprints_colour_until_its_own(void **state)
{
    t_store_t  *t = *state;

    t_pages_city(t);
    t_is(t, t_home(t, "610402"), "site.brand", "#a1131a");

    t_do(t, "blueprint.put", "{'name': 'county', "
         "'theme': {'brand': '#0b5394'}, " T_BLUEPRINT "}");
    t_is(t, t_home(t, "610402"), "site.brand", "#0b5394");
    t_is(t, t_home(t, "6104"), "site.brand", "#a1131a");

    t_do(t, "site.set", "{'site': '610402', 'brand': '#654321'}");
    t_is(t, t_home(t, "610402"), "site.brand", "#654321");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_view_test(a_site_that_has_nothing_yet_shows_its_frame),
        t_view_test(blocks_show_the_newest_rows_of_their_columns),
        t_view_test(interpretations_of_other_sites_are_no_dependency),
        t_view_test(links_of_the_tree_are_those_who_are_there),
        t_view_test(shared_links_say_what_their_owner_says),
        t_view_test(every_group_a_site_has_or_takes_is_shown),
        t_view_test(groups_that_no_page_has_room_for_are_left_out),
        t_view_test(a_banner_is_shown_below_its_site_until_its_time),
        t_view_test(a_site_has_its_blueprints_colour_until_its_own)
    };

    return cmocka_run_group_tests(tests, t_pages_open, t_pages_close);
}
