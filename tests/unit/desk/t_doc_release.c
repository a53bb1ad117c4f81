
/*
 * Copyright (C) ngx_gov authors
 *
 * Releases and references: several sites, one instant.
 */


#include "desk/t_doc_desk.h"


static uint64_t
t_newest(gov_txn_t *txn, uint32_t site, uint64_t mask)
{
    uint64_t  newest;

    assert_int_equal(gov_marks_newest(txn, site, mask, &newest), GOV_OK);

    return newest;
}


static void
a_release_shows_in_every_site_of_it_at_once(void **state)
{
    uint64_t      seq;
    gov_op_t      op;
    gov_txn_t    *txn, *reader;
    t_store_t    *t = *state;
    gov_value_t  *v, *urls;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文'}");

    reader = t_begin(t, GOV_TXN_READ);
    op = t_op(t, "release.create", t_json(t, "{'doc': 1, 'to': "
              "['6104/xxgk/tzgg', '610403/xxgk/gfxwj/']}"));
    t_ok(t_apply(t, &op, &v, &seq));

    t_lists(t, "610402", 2, t_now, "1");
    t_lists(t, "6104", 2, t_now, "1");
    t_lists(t, "610403", 3, t_now, "1");
    urls = gov_member(v, "urls");
    assert_int_equal(urls->n, 2);
    t_str(urls->u.first->u.s, "//www.xianyang.localhost/xxgk/tzgg/1.html");
    t_str(urls->last->u.s, "//yangling.xianyang.localhost/xxgk/gfxwj/"
          "1.html");

    /* who began to read before sees it nowhere */

    assert_int_equal(gov_journal_head(reader), seq - 1);
    gov_txn_end(&reader);

    /* the mark of every column concerned, and of nobody else */

    txn = t_begin(t, GOV_TXN_READ);
    assert_int_equal(t_newest(txn, 1, 1ULL << gov_slot_column(2)), seq);
    assert_int_equal(t_newest(txn, 2, 1ULL << gov_slot_column(2)), seq);
    assert_int_equal(t_newest(txn, 4, 1ULL << gov_slot_column(3)), seq);
    assert_true(t_newest(txn, 1, ~(1ULL << gov_slot_column(2))) < seq);
    assert_true(t_newest(txn, 3, ~0ULL) < seq);
    assert_true(t_newest(txn, 4, ~(1ULL << gov_slot_column(3))) < seq);
    assert_true(t_newest(txn, 0, ~0ULL) < seq);
    gov_txn_end(&txn);
}


static void
a_release_is_all_or_nothing(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文'}");

    t_never(t, GOV_NOT_FOUND, "release.create", "{'doc': 1, 'to': "
            "['6104/xxgk/tzgg', '610403/no/such']}", "no/such");
    t_never(t, GOV_NOT_FOUND, "release.create", "{'doc': 1, 'to': "
            "['6104/xxgk/tzgg', '999/xxgk']}", "999");
    t_never(t, GOV_INVALID, "release.create", "{'doc': 1, 'to': "
            "['6104/xxgk/tzgg', '610403']}", "栏目路径");
    t_never(t, GOV_CONFLICT, "release.create", "{'doc': 1, 'to': "
            "['6104/xxgk/tzgg', '610402/xxgk/tzgg']}", "本来就在");
    t_never(t, GOV_NOT_FOUND, "release.create", "{'doc': 1, 'version': 2, "
            "'to': ['6104/xxgk/tzgg']}", "第 2 版");
}


static void
a_release_may_be_laid_on_a_time(void **state)
{
    int64_t     at;
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文'}");
    t_do(t, "release.create", "{'doc': 1, 'to': ['6104/xxgk/tzgg'], "
         "'at': '2026-11-24 10:00'}");

    assert_int_equal(gov_date_parse(gov_s("2026-11-24 10:00"), &at), 0);
    t_lists(t, "6104", 2, at - 1, "");
    t_lists(t, "610402", 2, at - 1, "");
    t_lists(t, "6104", 2, at, "1");
    t_lists(t, "610402", 2, at, "1");
}


static void
a_public_document_is_released_further_under_its_date(void **state)
{
    int64_t     published;
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'publish': true}");
    published = t_doc_of(t, 1).rec.published;
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'title': '未审'}");

    t_do(t, "release.create", "{'doc': 1, 'to': ['6104/xxgk/tzgg']}");
    assert_int_equal(t_doc_of(t, 1).rec.published, published);
    t_str(t_doc_of(t, 1).rec.title, "通知");
    t_lists(t, "6104", 2, t_now, "1");
}


static void
a_document_is_referred_to_by_number_or_source(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    t_do(t, "doc.import", "{'site': '6104', 'column': 'xxgk/gfxwj', "
         "'rows': [{'id': 'law', 'title': '条例', 'body_md': '文'}]}");
    t_do(t, "doc.refer", "{'site': '6104', 'source_id': 'law', "
         "'to': ['610402/xxgk/gfxwj', '610403/xxgk/gfxwj']}");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['610402/xxgk/gfxwj']}");
    t_lists(t, "610402", 3, t_now, "1");
    t_lists(t, "610403", 3, t_now, "1");
    assert_int_equal(t_doc_of(t, 1).rec.refs->n, 2);

    /* the source's edit is what they show: nothing else is stored there */

    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'title': '条例（修订）', "
         "'publish': true}");
    t_str(t_doc_of(t, 1).rec.title, "条例（修订）");

    t_do(t, "doc.unrefer", "{'doc': 1, 'from': '610402/xxgk/gfxwj'}");
    t_lists(t, "610402", 3, t_now, "");
    t_lists(t, "610403", 3, t_now, "1");

    /* its address is where it stands, not where it was put last */

    v = t_do(t, "doc.refer", "{'doc': 1, 'to': ['6104/xxgk/tzgg']}");
    t_str(gov_get_str(v, "url"), "//www.xianyang.localhost/xxgk/gfxwj/1.html");

    t_never(t, GOV_NOT_FOUND, "doc.unrefer", "{'doc': 1, "
            "'from': '610402/xxgk/gfxwj'}", "没有引用");
    t_never(t, GOV_NOT_FOUND, "doc.refer", "{'site': '6104', "
            "'source_id': 'nix', 'to': ['610402/xxgk/gfxwj']}", "nix");
    t_never(t, GOV_INVALID, "doc.refer", "{'to': ['610402/xxgk/gfxwj']}",
            "source_id");
}


/* the column is its own site's, whatever became of the document's */

static void
a_reference_to_a_site_that_ended_can_be_taken_away(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "column.create", "{'site': '610402001', 'slug': 'own', "
         "'name': '自设', 'kind': 'news'}");
    t_do(t, "doc.create", "{'site': '610402001', 'column': 'own', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_do(t, "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'title': '公告', 'body': '文', 'publish': true}");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['6104/xxgk/tzgg', "
         "'610402/xxgk/tzgg']}");
    t_do(t, "doc.refer", "{'doc': 2, 'to': ['6104/xxgk/tzgg']}");
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '撤销'}");
    t_do(t, "site.merge", "{'site': '610403', 'into': '6104'}");

    t_do(t, "doc.unrefer", "{'doc': 1, 'from': '6104/xxgk/tzgg'}");
    t_lists(t, "6104", 2, t_now, "2");
    t_lists(t, "610402", 2, t_now, "1");
    t_do(t, "doc.unrefer", "{'doc': 2, 'from': '6104/xxgk/tzgg'}");
    t_lists(t, "6104", 2, t_now, "");

    /* what is the site's own stays as it was */

    t_no(t, GOV_DENIED, "doc.refer", "{'doc': 1, 'to': "
         "['6104/xxgk/tzgg']}", "已合并或关停");
    t_no(t, GOV_DENIED, "doc.unrefer", "{'doc': 1, "
         "'from': '610402001/own'}", "已合并或关停");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_release_shows_in_every_site_of_it_at_once),
        t_test(a_release_is_all_or_nothing),
        t_test(a_release_may_be_laid_on_a_time),
        t_test(a_public_document_is_released_further_under_its_date),
        t_test(a_document_is_referred_to_by_number_or_source),
        t_test(a_reference_to_a_site_that_ended_can_be_taken_away)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
