
/*
 * Copyright (C) ngx_gov authors
 *
 * What a document's page says: at its own address, and where it is shown by
 * reference.
 */


#include "view/t_view.h"


static void
a_document_says_what_its_record_says(void **state)
{
    uint64_t      id;
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    id = t_put(t, "6104", "xxgk/gfxwj", "办法",
               "'subtitle': '试行', 'summary': '一句话', 'number': '咸政发1号', "
               "'issuer': '市政府', 'written': '2026-01-02', "
               "'effective': '2026-11-01', 'index_number': 'X-1'");

    m = t_doc_view(t, "6104", "xxgk/gfxwj", id);

    t_is(t, m, "page.kind", "document");
    t_is(t, m, "page.title", "办法_规范性文件_咸阳市");
    t_is(t, m, "page.url",
         "http://www.xianyang.localhost:8080/xxgk/gfxwj/1.html");
    t_is(t, m, "page.description", "一句话");
    t_is(t, m, "doc.title", "办法");
    t_is(t, m, "doc.subtitle", "试行");
    t_is(t, m, "doc.source", "市政府");
    t_is(t, m, "doc.validity", "in_force");
    t_is(t, m, "doc.validity_word", "有效");
    t_is(t, m, "doc.official", "true");
    t_is(t, m, "doc.meta.0.value", "X-1");
    t_is(t, m, "doc.short", "http://www.xianyang.localhost:8080/s/1");
    t_is(t, m, "doc.body", "<p>正文</p>\n");
    t_is(t, m, "doc.prev", "-");
    t_is(t, m, "crumbs.0.title", "咸阳市");
    t_is(t, m, "crumbs.1.url", "/xxgk/");
    t_is(t, m, "crumbs.3.title", "办法");
    t_is(t, m, "crumbs.3.url", "-");
    t_is(t, m, "from", "-");
}


static void
a_reference_names_its_source_and_its_one_address(void **state)
{
    uint64_t      id;
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    id = t_put(t, "6104", "xxgk/tzgg", "全市通知", "");
    t_do(t, "site.set", "{'site': '6104', 'legal_name': '咸阳市人民政府'}");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402001/xxgk/tzgg']}");

    m = t_doc_view(t, "610402001", "xxgk/tzgg", id);

    t_is(t, m, "page.url",
         "http://www.xianyang.localhost:8080/xxgk/tzgg/1.html");
    t_is(t, m, "doc.source", "咸阳市人民政府");
    t_is(t, m, "from.name", "咸阳市人民政府");
    t_is(t, m, "from.url", "http://www.xianyang.localhost:8080/");
    t_is(t, m, "doc.prev", "-");
    t_is(t, m, "site.name", "人民路街道");
    t_is(t, m, "crumbs.2.title", "人民路街道");
    t_is(t, m, "crumbs.1.url", "/");
}


/* a neighbour stands in the same column, whoever's it is */

static void
neighbours_lead_on_in_the_same_column(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    (void) t_put(t, "610402", "xxgk/tzgg", "一", "");
    (void) t_put(t, "6104", "xxgk/tzgg", "二", "");
    (void) t_put(t, "610402", "xxgk/tzgg", "三", "");
    t_do(t, "doc.refer", "{'doc': 2, 'to': ['610402/xxgk/tzgg']}");

    m = t_doc_view(t, "610402", "xxgk/tzgg", 1);
    t_is(t, m, "doc.prev.title", "二");
    t_is(t, m, "doc.prev.url", "/xxgk/tzgg/2.html");
    t_is(t, m, "doc.next", "-");

    m = t_doc_view(t, "610402", "xxgk/tzgg", 3);
    t_is(t, m, "doc.next.url", "/xxgk/tzgg/2.html");
}


static void
documents_name_what_they_interpret_and_replace(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *m;

    t_pages_city(t);
    (void) t_put(t, "6104", "xxgk/gfxwj", "旧办法", "");
    (void) t_put(t, "6104", "xxgk/gfxwj", "新办法", "'replaces': 1");
    (void) t_put(t, "610402", "xxgk/zcjd", "解读", "'interprets': 2");

    m = t_doc_view(t, "6104", "xxgk/gfxwj", 1);
    t_is(t, m, "doc.replaced_by.title", "新办法");

    m = t_doc_view(t, "6104", "xxgk/gfxwj", 2);
    t_is(t, m, "doc.replaces.url", "/xxgk/gfxwj/1.html");
    t_is(t, m, "doc.interpretations.0.url",
         "http://qindu.xianyang.localhost:8080/xxgk/zcjd/3.html");

    m = t_doc_view(t, "610402", "xxgk/zcjd", 3);
    t_is(t, m, "doc.interprets.title", "新办法");

    t_do(t, "doc.withdraw", "{'doc': 3, 'reason': '有误'}");
    m = t_doc_view(t, "6104", "xxgk/gfxwj", 2);
    t_is(t, m, "doc.interpretations", "[0]");
}


/* document 1 links to 2: what stands in its body */

static void
t_links_as(t_store_t *t, const char *code, const char *column,
    const char *html)
{
    t_is(t, t_doc_view(t, code, column, 1), "doc.body", html);
}


static void
a_link_by_number_leads_to_where_the_document_is(void **state)
{
    t_store_t  *t = *state;

    t_pages_city(t);
    t_do(t, "doc.create", "{'site': '6104', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '见[二](gov:doc/2)。', 'publish': true}");
    t_links_as(t, "6104", "xxgk/tzgg", "<p>见<a>二</a>。</p>\n");

    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '二', 'body': '二'}");
    t_links_as(t, "6104", "xxgk/tzgg", "<p>见<a>二</a>。</p>\n");

    t_do(t, "doc.publish", "{'doc': 2}");
    t_links_as(t, "6104", "xxgk/tzgg", "<p>见<a href=\"http://"
               "qindu.xianyang.localhost:8080/xxgk/tzgg/2.html\">二</a>。"
               "</p>\n");

    t_do(t, "doc.move", "{'doc': 2, 'column': 'xxgk/zcjd'}");
    t_links_as(t, "6104", "xxgk/tzgg", "<p>见<a href=\"http://"
               "qindu.xianyang.localhost:8080/xxgk/zcjd/2.html\">二</a>。"
               "</p>\n");

    t_do(t, "doc.withdraw", "{'doc': 2, 'reason': '有误'}");
    t_links_as(t, "6104", "xxgk/tzgg", "<p>见<a href=\"http://"
               "qindu.xianyang.localhost:8080/xxgk/zcjd/2.html\">二</a>。"
               "</p>\n");

    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402/xxgk/tzgg']}");
    t_links_as(t, "610402", "xxgk/tzgg",
               "<p>见<a href=\"/xxgk/zcjd/2.html\">二</a>。</p>\n");
}


/* what is not there when the page is made may be there later */

static void
a_page_that_missed_a_document_holds_until_the_next_commit(void **state)
{
    gov_doc_t    doc;
    gov_view_t  *v;
    t_store_t   *t = *state;

    t_pages_city(t);

    v = t_view(t, "6104");
    assert_int_equal(v->deps.wild, 0);
    t_rc(gov_view_load_doc(v, 99, &doc), GOV_NOT_FOUND);
    assert_int_equal(v->deps.wild, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_view_test(a_document_says_what_its_record_says),
        t_view_test(a_reference_names_its_source_and_its_one_address),
        t_view_test(neighbours_lead_on_in_the_same_column),
        t_view_test(documents_name_what_they_interpret_and_replace),
        t_view_test(a_link_by_number_leads_to_where_the_document_is),
        t_view_test(a_page_that_missed_a_document_holds_until_the_next_commit)
    };

    return cmocka_run_group_tests(tests, t_pages_open, t_pages_close);
}
