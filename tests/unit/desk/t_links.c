
/*
 * Copyright (C) ngx_gov authors
 *
 * Links that lead nowhere (AH16): told when they are saved, listed for whose
 * they are, never in the way of a publication.
 */


#include "desk/t_flow_desk.h"


#define T_HASH                                                                \
    "44444444444444444444444444444444444444444444444444444444444444ff"


static gov_value_t *
t_write(t_store_t *t, const char *body)
{
    return t_do(t, "doc.create",
                gov_str_c(t->arena, gov_str_fmt(t->arena,
                          "{'site': '610402', 'column': 'xxgk/tzgg', "
                          "'title': '文', 'body': '%s'}", body)));
}


/* one sentence with the words, or none */

static void
t_told_at(t_store_t *t, const char *link, const char *words,
    const char *file, int line)
{
    gov_value_t  *v;

    v = t_write(t, gov_str_c(t->arena, gov_str_fmt(t->arena, "见[此](%s)。",
                                                   link)));
    if (words == NULL) {
        if (gov_member(v, "warnings") != NULL) {
            print_error("%s\nis told of\n",
                        gov_str_c(t->arena, t_text(t, v)));
            _fail(file, line);
        }

        return;
    }

    t_holds_at(t, v, words, file, line);
    t_holds_at(t, v, "不影响送审和发布", file, line);
}

#define t_told(t, link, words)  t_told_at(t, link, words, __FILE__, __LINE__)
#define t_fine(t, link)         t_told_at(t, link, NULL, __FILE__, __LINE__)


static void
what_leads_nowhere_is_told_when_it_is_saved(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'publish': true}");
    t_do(t, "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'title': '二', 'body': '文'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '三', 'body': '文'}");

    t_fine(t, "gov:doc/1");
    t_told(t, "gov:doc/999", "没有这份文档");
    t_told(t, "gov:doc/3", "还没有发布");
    /* a foreign draft is no more than one that is not there */
    t_told(t, "gov:doc/2", "没有这份文档");

    t_fine(t, "http://qindu.xianyang.localhost:8080/xxgk/tzgg/1.html#a");
    t_fine(t, "/xxgk/tzgg/1.html");
    t_fine(t, "/s/1");
    t_fine(t, "/");
    t_fine(t, "/xxgk/tzgg/");
    t_fine(t, "http://www.xianyang.localhost/xxgk/");
    t_fine(t, "https://example.com/xxgk/tzgg/999.html");
    t_fine(t, "mailto:a@example.com");
    t_told(t, "/xxgk/tzgg/999.html", "没有这份文档");
    t_told(t, "/s/999", "没有这份文档");
    t_told(t, "http://www.xianyang.localhost/xxgk/meiyou/", "没有这个栏目");
    t_told(t, "/files/" T_HASH "/a.pdf", "没有这个文件");
    t_told(t, "/xxgk/tzgg/t2019_1.html", "没有这个页面");
    t_told(t, "/xxgk/tzgg/P2019.pdf", "没有这个页面");
    t_told(t, "/jiu.html", "没有这个页面");
    t_told(t, "/meiyou/tzgg/", "没有这个栏目");
    t_fine(t, "/map.html");
    t_fine(t, "/favicon.ico");
    t_fine(t, "/_gov/a/b.css");
    t_fine(t, "/xxgk/tzgg/index_2.html");
    t_fine(t, "/xxgk/tzgg/feed.xml");
    t_fine(t, "/xxgk/tzgg");
    t_fine(t, "/xxgk/./gfxwj/../tzgg/1.html");

    /* an address may end as the beginning of one does */

    t_fine(t, "/?href= (题)");
    t_told(t, "/?href=) [此](gov:doc/999", "没有这份文档");

    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'slug': 'gonggao'}");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '有误'}");
    t_rows_of(t, "doc.links", "{'doc': 4}", "0");
    t_asks(t, "doc.links", "{'doc': 4}", "\"why\":\"withdrawn\"");
    t_asks(t, "doc.links", "{'doc': 12}", "{\"rows\":[]}");
}


/* against the document's own address, also below another site's host */

static void
what_is_relative_is_read_as_a_browser_reads_it(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'publish': true}");

    t_fine(t, "1.html");
    t_fine(t, "./1.html?a=b");
    t_fine(t, "../tzgg/1.html#a");
    t_fine(t, "../gfxwj/");
    t_fine(t, "../..");
    t_fine(t, "../../../../xxgk/");
    t_fine(t, "#a");
    t_fine(t, "?a=../x.html");
    t_told(t, "999.html", "没有这份文档");
    t_told(t, "../tzgg/999.html", "没有这份文档");
    t_told(t, "../x.html", "没有这个页面");
    t_told(t, "../../x.html", "没有这个页面");
    t_told(t, "../meiyou/", "没有这个栏目");
    t_told(t, "./P020191.doc", "没有这个页面");

    /* a township's page stands below its county's host */

    t_do(t, "column.create", "{'site': '610402001', 'slug': 'tz', "
         "'name': '通知', 'kind': 'notice'}");
    t_do(t, "doc.create", "{'site': '610402001', 'column': 'tz', "
         "'title': '镇', 'body': '[a](../)[b](../../)[c](../../xxgk/tzgg/)"
         "[d](../../xxgk/tzgg/999.html)', 'publish': true}");
    t_asks(t, "site.links", "{'site': '610402001'}",
           "\"links\":[{\"title\":\"没有这份文档\",\"url\":\"../../xxgk/");
}


/* a row each; what was there already is not counted again */

static void
an_import_counts_them(void **state)
{
    t_store_t   *t = *state;

    static const char  *const  rows =
        "{'site': '610402', 'column': 'xxgk/tzgg', 'rows': ["
        "{'id': 'a', 'title': '一', 'body_md': '[x](/s/99)[y](t2019.html)'},"
        "{'id': 'b', 'title': '二', 'body_html': "
        "'<a href=../no/>x</a>'}, {'id': 'c', 'title': '三', "
        "'body_md': '[x](../tzgg/)'}]}";

    t_content_do(t);
    t_holds(t, t_do(t, "doc.import", rows), "\"dead\":3");
    assert_null(gov_member(t_do(t, "doc.import", rows), "dead"));
    t_again(t);
}


/* an edit, and what blocks nothing: the urgent publication */

static void
a_link_that_leads_nowhere_blocks_nothing(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "site.set", "{'site': '610402', 'reviews': '1'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '急', 'body': '见[此](gov:doc/99)。'}");
    t_do(t, "doc.urgent", "{'doc': 1, 'reason': '汛情'}");
    t_lists(t, "610402", 2, t_now, "1");

    t_holds(t, t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'body': "
                    "'[a](gov:doc/91)[b](gov:doc/92)[c](gov:doc/93)"
                    "[d](gov:doc/94)[e](gov:doc/95)[f](gov:doc/96)"
                    "[g](gov:doc/97)'}"),
            "还有 2 个链接打不开");
    t_asks(t, "doc.links", "{'doc': 1, 'version': 1}", "gov:doc/99");
    t_again(t);
}


/* as it is now: named when the other goes, no more when it is mended */

static void
whose_pages_have_them_is_a_list(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "user.create", "{'login': 'jia', 'name': '甲'}");
    t_do(t, "user.create", "{'login': 'yi', 'name': '乙'}");
    t_as(t, 1, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'publish': true}");
    t_as(t, 1, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '二', 'body': '见[一](gov:doc/1)。', 'publish': true}");
    t_as(t, 2, "doc.create", "{'site': '610402', 'column': 'xxgk/gfxwj', "
         "'title': '三', 'body': '见[一](/s/1)。', 'publish': true}");
    t_as(t, 2, "doc.create", "{'site': '610402', 'column': 'xxgk/gfxwj', "
         "'title': '稿', 'body': '见[一](/s/1)。'}");
    t_asks(t, "site.links", "{'site': '610402'}", "{\"rows\":[]}");

    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '有误'}");
    t_rows_of(t, "site.links", "{'site': '610402'}", "3 2");
    t_asks(t, "site.links", "{'site': '610402'}", "\"person\":\"乙\"");
    t_rows_of(t, "site.links", "{'site': '610402', 'maker': 'jia'}", "2");
    t_pages(t, "site.links", "'site': '610402', 'limit': 1", "3|2||");

    t_do(t, "doc.edit", "{'doc': 2, 'base': 1, 'body': '不见了。', "
         "'publish': true}");
    t_rows_of(t, "site.links", "{'site': '610402'}", "3");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(what_leads_nowhere_is_told_when_it_is_saved),
        t_test(what_is_relative_is_read_as_a_browser_reads_it),
        t_test(an_import_counts_them),
        t_test(a_link_that_leads_nowhere_blocks_nothing),
        t_test(whose_pages_have_them_is_a_list)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
