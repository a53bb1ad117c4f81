
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.import: batches sent twice, rows that are bad, editors in between.
 */


#include "desk/t_flow_desk.h"


#define T_BATCH                                                               \
    "{'site': '610402', 'column': 'xxgk/tzgg', 'rows': ["                     \
    "{'id': 'a', 'title': '甲', 'body_md': '甲文', 'issuer': '秦都区', "      \
    "'class': '通知'},"                                                       \
    "{'id': 'b', 'title': '乙', 'body_html': '<p>乙<script>1</script>'},"     \
    "{'id': 'a', 'title': '丙', 'body_md': '甲文', 'site': '610403', "        \
    "'column': 'xxgk/gfxwj', 'validity': '有效'},"                            \
    "{'id': 'd', 'title': '丁', 'body_md': '丁文', 'publish': false}]}"


/* "created updated unchanged refused" */

static gov_str_t
t_counts(t_store_t *t, gov_value_t *v)
{
    gov_value_t  *refused;

    refused = gov_member(v, "refused");

    return gov_str_fmt(t->arena, "%lld %lld %lld %u",
                       (long long) gov_get_int(v, "created", -1),
                       (long long) gov_get_int(v, "updated", -1),
                       (long long) gov_get_int(v, "unchanged", -1),
                       refused ? refused->n : 0);
}


static void
a_batch_sent_again_changes_nothing(void **state)
{
    gov_str_t     before;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    v = t_do(t, "doc.import", T_BATCH);
    t_str(t_counts(t, v), "4 0 0 0");
    t_lists(t, "610402", 2, t_now, "2 1");
    t_lists(t, "610403", 3, t_now, "3");
    assert_int_equal(t_doc_of(t, 1).rec.published, t_now - 1);
    assert_int_equal(t_doc_of(t, 4).rec.state, GOV_DOC_DRAFT);
    t_str(t_doc_of(t, 1).rec.issuer, "秦都区");
    t_str(gov_get_str(t_doc_of(t, 1).rec.fields, "class"), "通知");
    assert_int_equal(t_doc_of(t, 3).rec.validity.len, 0);

    before = t_dump(t, 0, 0);
    v = t_do(t, "doc.import", T_BATCH);
    t_str(t_counts(t, v), "0 0 4 0");
    t_str_at(t_dump(t, 0, 0), before, __FILE__, __LINE__);
}


static void
a_batch_sent_by_another_changes_nothing(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_str_t     before;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    t_as(t, 11, "doc.import", T_BATCH);
    before = t_dump(t, 0, 0);

    op = t_op_as(t, 12, "doc.import", T_BATCH);
    t_ok(t_apply(t, &op, &v, &seq));
    t_str(t_counts(t, v), "0 0 4 0");
    t_str_at(t_dump(t, 0, 0), before, __FILE__, __LINE__);
}


static void
a_changed_row_is_a_new_version(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    t_do(t, "doc.import", T_BATCH);

    v = t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'rows': [{'id': 'a', 'title': '甲二', 'body_md': '甲文', "
             "'issuer': '秦都区', 'class': '通知'}, {'id': 'd', "
             "'title': '丁', 'body_md': '丁文'}]}");
    t_str(t_counts(t, v), "0 2 0 0");
    t_str(t_doc_of(t, 1).rec.title, "甲二");
    assert_int_equal(t_doc_of(t, 1).rec.live, 2);
    assert_int_equal(t_doc_of(t, 1).rec.published, t_now - 2);

    /* the draft that the row now wants published is, without a new version */

    assert_int_equal(t_doc_of(t, 4).rec.last, 1);
    t_lists(t, "610402", 2, t_now, "4 2 1");
}


static void
what_an_editor_did_stands(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    t_do(t, "doc.import", T_BATCH);
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '有误'}");
    t_do(t, "doc.move", "{'doc': 2, 'column': 'xxgk/gfxwj'}");

    v = t_do(t, "doc.import", T_BATCH);
    t_str(t_counts(t, v), "0 0 4 0");
    assert_int_equal(t_doc_of(t, 1).rec.state, GOV_DOC_WITHDRAWN);
    assert_int_equal(t_doc_of(t, 2).rec.column, 3);

    v = t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'rows': [{'id': 'a', 'title': '甲二', 'body_md': '甲文'}]}");
    t_str(t_counts(t, v), "0 1 0 0");
    assert_int_equal(t_doc_of(t, 1).rec.state, GOV_DOC_WITHDRAWN);
    assert_int_equal(t_doc_of(t, 1).rec.last, 2);
}


static void
a_bad_row_is_named_and_the_others_go_on(void **state)
{
    size_t        i;
    t_store_t    *t = *state;
    gov_value_t  *v, *r;

    static const struct {
        int          row;
        const char  *id, *words;
    } want[] = {
        { 1, "r1", "title" },
        { 2, "r2", "body_md" },
        { 3, "r3", "body_md" },
        { 4, "r4", "没有代码" },
        { 5, "r5", "没有栏目" },
        { 6, "r6", "YYYY-MM-DD" },
        { 7, "", "id" },
        { 8, "r8", "layers" },
        { 9, "", "字段" },
        { 10, "r10", "没有附件" },
        { 11, "r11", "请先导入" }
    };

    t_content_do(t);
    v = t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'rows': ["
             "{'id': 'r1', 'body_md': 'x'},"
             "{'id': 'r2', 'title': 'x'},"
             "{'id': 'r3', 'title': 'x', 'body_md': 'x', 'body_html': 'x'},"
             "{'id': 'r4', 'title': 'x', 'body_md': 'x', 'site': '999'},"
             "{'id': 'r5', 'title': 'x', 'body_md': 'x', 'column': 'no'},"
             "{'id': 'r6', 'title': 'x', 'body_md': 'x', "
              "'written': '2026-02-30'},"
             "{'title': 'x', 'body_md': 'x'},"
             "{'id': 'r8', 'title': 'x', 'body_md': 'x', "
              "'interprets': 'layers'},"
             "'not a row',"
             "{'id': 'r10', 'title': 'x', 'body_md': 'x', "
              "'attachments': ['ab']},"
             "{'id': 'r11', 'title': 'x', 'body_md': 'x', "
              "'interprets_id': 'nobody'},"
             "{'id': 'good', 'title': '好', 'body_md': '好文'}]}");
    t_str(t_counts(t, v), "1 0 0 11");
    t_lists(t, "610402", 2, t_now, "1");

    r = gov_member(v, "refused")->u.first;

    for (i = 0; i < t_rows(want); i++, r = r->next) {
        assert_int_equal(gov_get_int(r, "row", 0), want[i].row);
        t_str_at(gov_get_str(r, "id"), gov_str_of(want[i].id), __FILE__,
                 __LINE__);

        if (i != 7
            && strstr(gov_str_c(t->arena, t_text(t, r)), want[i].words)
               == NULL)
        {
            print_error("%s\n", gov_str_c(t->arena, t_text(t, r)));
            fail();
        }
    }
}


/* a row that fails after its body was stored takes the body with it */

static void
a_refused_row_leaves_nothing(void **state)
{
    gov_str_t         before;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_value_t      *v;
    gov_entry_rec_t   e;

    t_content_do(t);
    before = t_dump(t, 0, 0);
    v = t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'rows': [{'id': 'a', 'title': 'x', 'body_md': '正文', "
             "'interprets': 99}]}");
    t_str(t_counts(t, v), "0 0 0 1");
    t_str_at(t_dump(t, 0, 0), before, __FILE__, __LINE__);

    /* the journal cannot name a body that is not there: it holds the text */

    t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'rows': [{'id': 'a', 'title': 'x', 'body_md': '正文', "
         "'interprets': 99}, {'id': 'b', 'title': 'x', 'body_md': 'y'}]}");

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_journal_get(txn, t->arena, gov_journal_head(txn), &e));
    assert_non_null(strstr(gov_str_c(t->arena, e.input), "正文"));
    gov_txn_end(&txn);
}


static void
a_row_cannot_date_itself_back(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    v = t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'rows': [{'id': 'a', 'title': 'x', 'body_md': '正文', "
             "'published': '2007-10-10', 'written': '2007-10-10'}]}");
    t_str(t_counts(t, v), "1 0 0 0");
    assert_int_equal(t_doc_of(t, 1).rec.published, t_now - 1);
    t_str(t_doc_of(t, 1).rec.written, "2007-10-10");
    assert_null(t_doc_of(t, 1).rec.fields);
    assert_int_equal(gov_member(v, "warnings")->n, 1);
}


/* a piece of a longer table */

static void
what_is_told_of_a_row_names_it_as_its_table_does(void **state)
{
    unsigned      i;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const char  *wrong[] = { "0", "-1", "1000000001" };

    t_content_do(t);
    v = t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'first': 101, 'rows': [{'id': 'a', 'title': 'x', "
             "'body_md': '正文', 'published': '2007-10-10'}, "
             "{'id': 'b', 'title': 'x'}]}");
    assert_non_null(strstr(gov_str_c(t->arena, t_text(t, v)),
                           "第 101 行的 published"));
    v = gov_member(v, "refused")->u.first;
    assert_int_equal(gov_get_int(v, "row", 0), 102);

    v = t_do(t, "site.import", "{'first': 301, 'rows': [{'code': '610499', "
             "'name': 'x', 'level': 'none'}]}");
    v = gov_member(v, "refused")->u.first;
    assert_int_equal(gov_get_int(v, "row", 0), 301);

    for (i = 0; i < t_rows(wrong); i++) {
        t_no(t, GOV_INVALID, "doc.import",
             gov_str_c(t->arena,
                       gov_str_fmt(t->arena, "{'first': %s, 'rows': [{}]}",
                                   wrong[i])), "first");
    }
}


#define T_AT     "2026-11-24 08:00"
#define T_UNTIL  "2026-11-25 08:00"

/* one row whose times and text are these */

static gov_value_t *
t_dated(t_store_t *t, const char *id, const char *text, const char *rest)
{
    return t_do(t, "doc.import",
                gov_str_c(t->arena,
                          gov_str_fmt(t->arena, "{'site': '610402', "
                                      "'column': 'xxgk/tzgg', 'rows': [{'id': "
                                      "'%s', 'title': '通知', 'body_md': '%s'"
                                      "%s}]}", id, text, rest)));
}


static void
a_row_says_when_it_appears_and_when_it_leaves(void **state)
{
    int64_t       at, until;
    t_store_t    *t = *state;
    gov_value_t  *v;

    assert_int_equal(gov_date_parse(gov_s(T_AT), &at), 0);
    assert_int_equal(gov_date_parse(gov_s(T_UNTIL), &until), 0);

    t_content_do(t);
    v = t_dated(t, "a", "文", ", 'at': '" T_AT "', 'expires': '" T_UNTIL "'");
    t_str(t_counts(t, v), "1 0 0 0");
    v = t_dated(t, "b", "文", ", 'expires': '" T_UNTIL "'");
    t_str(t_counts(t, v), "1 0 0 0");
    v = t_dated(t, "c", "文", ", 'publish': false, 'expires': '" T_UNTIL "'");
    t_str(t_counts(t, v), "1 0 0 0");

    t_lists(t, "610402", 2, at - 1, "2");
    t_lists(t, "610402", 2, at, "1 2");
    t_lists(t, "610402", 2, until - 1, "1 2");
    t_lists(t, "610402", 2, until, "");
    assert_null(t_doc_of(t, 1).rec.fields);
    assert_int_equal(t_doc_of(t, 3).rec.state, GOV_DOC_DRAFT);
    assert_true(t_doc_of(t, 3).rec.expires == until);

    /* the draft is published by a row that says when */

    v = t_dated(t, "c", "文", ", 'at': '" T_AT "', 'expires': "
                "'2026-11-26 08:00'");
    t_str(t_counts(t, v), "0 1 0 0");
    t_lists(t, "610402", 2, at, "3 1 2");
    t_lists(t, "610402", 2, until, "3");
}


static void
times_that_make_no_sense_are_refused_by_row(void **state)
{
    size_t        i;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const struct {
        const char  *rest, *field, *words;
    } want[] = {
        { ", 'at': '明天'", "at", "应是时间" },
        { ", 'at': 20261124", "at", "应是时间" },
        { ", 'expires': '2026-02-30'", "expires", "应是时间" },
        { ", 'at': '2026-11-22'", "at", "不能早于当前时间" },
        { ", 'expires': '2026-11-22'", "expires", "下线时间不能早于" },
        { ", 'at': '" T_UNTIL "', 'expires': '" T_AT "'", "at",
          "不能晚于下线时间" },
        { ", 'publish': false, 'at': '" T_AT "'", "at", "不发布的行" },
        { ", 'publish': false, 'expires': '2026-11-22'", "expires",
          "下线时间不能早于" }
    };

    t_content_do(t);

    for (i = 0; i < t_rows(want); i++) {
        v = t_dated(t, "a", "文", want[i].rest);
        t_str(t_counts(t, v), "0 0 0 1");
        v = gov_member(v, "refused")->u.first;
        t_str(gov_get_str(v, "field"), want[i].field);

        if (strstr(gov_str_c(t->arena, gov_get_str(v, "reason")),
                   want[i].words)
            == NULL)
        {
            print_error("%s\n", gov_str_c(t->arena, t_text(t, v)));
            fail();
        }
    }

    /* a draft that is there already is not published into the past either */

    t_dated(t, "a", "文", ", 'publish': false");
    v = t_dated(t, "a", "文", ", 'at': '2026-11-22'");
    t_str(t_counts(t, v), "0 0 0 1");
    v = t_dated(t, "a", "文", ", 'expires': '2026-11-22'");
    t_str(t_counts(t, v), "0 0 0 1");
    assert_int_equal(t_doc_of(t, 1).rec.state, GOV_DOC_DRAFT);
    assert_int_equal(t_doc_of(t, 1).rec.expires, 0);
}


/* a batch is sent again before its time, and after it */

static void
a_row_that_comes_again_keeps_its_time(void **state)
{
    int64_t       at;
    gov_str_t     before;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const char  rest[] = ", 'at': '" T_AT "', 'expires': '" T_UNTIL
                                "'";

    assert_int_equal(gov_date_parse(gov_s(T_AT), &at), 0);

    t_content_do(t);
    t_dated(t, "a", "文", rest);
    before = t_dump(t, 0, 0);
    v = t_dated(t, "a", "文", rest);
    t_str(t_counts(t, v), "0 0 1 0");
    assert_null(gov_member(v, "warnings"));
    t_str_at(t_dump(t, 0, 0), before, __FILE__, __LINE__);

    /* what it waits with is the newer text */

    v = t_dated(t, "a", "新文", rest);
    t_str(t_counts(t, v), "0 1 0 0");
    assert_int_equal(t_doc_of(t, 1).rec.live, 2);
    t_lists(t, "610402", 2, at - 1, "");
    t_lists(t, "610402", 2, at, "1");

    t_now = at + 1;
    v = t_dated(t, "a", "新文", rest);
    t_str(t_counts(t, v), "0 0 1 0");
    v = t_dated(t, "a", "再新", rest);
    t_str(t_counts(t, v), "0 1 0 0");
    assert_null(gov_member(v, "warnings"));
    assert_int_equal(t_doc_of(t, 1).rec.live, 3);
    assert_true(t_doc_of(t, 1).rec.published == at);
    t_now = T_NOW;
}


static void
times_that_an_editor_set_stand(void **state)
{
    int64_t       at;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const char  rest[] = ", 'at': '" T_AT "', 'expires': '" T_UNTIL
                                "'";

    assert_int_equal(gov_date_parse(gov_s("2026-11-24 09:00"), &at), 0);

    t_content_do(t);
    t_dated(t, "a", "文", rest);
    t_do(t, "doc.schedule", "{'doc': 1, 'at': '2026-11-24 09:00'}");
    t_do(t, "doc.expire", "{'doc': 1}");

    v = t_dated(t, "a", "新文", rest);
    t_str(t_counts(t, v), "0 1 0 0");
    assert_int_equal(gov_member(v, "warnings")->n, 2);
    assert_true(t_doc_of(t, 1).rec.published == at);
    assert_int_equal(t_doc_of(t, 1).rec.expires, 0);
    assert_int_equal(t_doc_of(t, 1).rec.live, 1);

    /* what is public already is not laid on the clock */

    t_do(t, "doc.publish", "{'doc': 1}");
    v = t_dated(t, "a", "再新", rest);
    t_str(t_counts(t, v), "0 0 0 1");
    v = t_dated(t, "a", "新文", rest);
    t_str(t_counts(t, v), "0 0 1 0");
    assert_int_equal(gov_member(v, "warnings")->n, 2);
}


static void
rows_name_each_other_by_their_ids(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    v = t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/gfxwj', "
             "'rows': [{'id': 'p', 'title': '办法', 'body_md': '文'}, "
             "{'id': 'q', 'title': '解读', 'body_md': '文', "
             "'interprets_id': 'p', 'replaces_id': 'p'}]}");
    t_str(t_counts(t, v), "2 0 0 0");
    assert_int_equal(t_doc_of(t, 2).rec.interprets, 1);
    assert_int_equal(t_doc_of(t, 1).rec.interpreted_by->u.first->u.i, 2);
    assert_int_equal(t_doc_of(t, 1).rec.replaced_by, 2);
    assert_null(t_doc_of(t, 2).rec.fields);
}


static void
a_batch_is_bounded(void **state)
{
    unsigned      i;
    gov_op_t      op;
    uint64_t      seq;
    gov_rc_t      rc;
    t_store_t    *t = *state;
    gov_str_t     big;
    gov_value_t  *input, *rows, *row, *verdict;

    t_content_do(t);
    big.len = 1024 * 1024;
    big.data = gov_alloc(t->arena, big.len);
    memset(big.data, 'x', big.len);

    for (i = 0; i < 2; i++) {
        input = t_json(t, "{'site': '610402', 'column': 'xxgk/tzgg'}");
        rows = gov_put_list(t->arena, input, "rows");

        while (rows->n < (i ? 4 : 501)) {
            row = gov_add_map(t->arena, rows);
            gov_put_str(t->arena, row, "id",
                        gov_str_fmt(t->arena, "r%u", rows->n));
            gov_put_c(t->arena, row, "title", "x");
            gov_put_str(t->arena, row, "body_md", i ? big : gov_s("x"));
        }

        op = t_op(t, "doc.import", input);
        rc = t_apply(t, &op, &verdict, &seq);
        t_rc(rc, GOV_INVALID);
        t_says(t, i ? "4 MB" : "500");
    }

    rows->n--;                   /* the last of four megabytes left out */
    rows->last = rows->u.first->next->next;
    rows->last->next = NULL;
    op = t_op(t, "doc.import", input);
    t_ok(t_apply(t, &op, &verdict, &seq));
    t_str(t_counts(t, verdict), "3 0 0 0");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_batch_sent_again_changes_nothing),
        t_test(a_batch_sent_by_another_changes_nothing),
        t_test(a_changed_row_is_a_new_version),
        t_test(what_an_editor_did_stands),
        t_test(a_bad_row_is_named_and_the_others_go_on),
        t_test(a_refused_row_leaves_nothing),
        t_test(a_row_cannot_date_itself_back),
        t_test(what_is_told_of_a_row_names_it_as_its_table_does),
        t_test(a_row_says_when_it_appears_and_when_it_leaves),
        t_test(times_that_make_no_sense_are_refused_by_row),
        t_test(a_row_that_comes_again_keeps_its_time),
        t_test(times_that_an_editor_set_stand),
        t_test(rows_name_each_other_by_their_ids),
        t_test(a_batch_is_bounded)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
