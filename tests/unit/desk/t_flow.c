
/*
 * Copyright (C) ngx_gov authors
 *
 * The workflow's commands: whatever the door, a version goes out with what
 * its flow asks for and at no forged time; locks, notes, corrections,
 * previews; and the questions that show them.
 */


#include "desk/t_flow_desk.h"


/* N28: every command that publishes */

static void
no_door_goes_round_the_reviews(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'reviews': '1', 'apart': 'true'}");
    t_as(t, 11, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'source_id': 's1'}");

    t_never(t, GOV_DENIED, "doc.publish", "{'doc': 1}", "须经 1 次审核");
    t_never(t, GOV_DENIED, "doc.sign", "{'doc': 1}", "须经 1 次审核");
    t_never(t, GOV_DENIED, "doc.schedule", "{'doc': 1, 'at': '2027-01-01'}",
            "须经 1 次审核");
    t_never(t, GOV_DENIED, "doc.edit", "{'doc': 1, 'base': 1, 'body': '新', "
            "'publish': true}", "须经 1 次审核");
    t_never(t, GOV_DENIED, "release.create", "{'doc': 1, "
            "'to': ['6104/xxgk/tzgg']}", "须经 1 次审核");
    t_never(t, GOV_DENIED, "doc.create", "{'site': '610402', "
            "'column': 'xxgk/tzgg', 'title': '二', 'body': '文', "
            "'publish': true}", "须经 1 次审核");

    /* an import tells it of each row, and writes none of them */

    t_holds(t, t_do(t, "doc.import", "{'site': '610402', "
                    "'column': 'xxgk/tzgg', 'rows': [{'id': 's1', "
                    "'title': '新题', 'body_md': '文'}, {'id': 's2', "
                    "'title': '二', 'body_md': '文'}]}"),
            "须经 1 次审核");
    assert_int_equal(t_doc_of(t, 1).rec.live, 0);
    t_lists(t, "610402", 2, t_now, "");

    /* the reviewer's own pass is not two people's */

    t_as(t, 11, "doc.submit", "{'doc': 1}");
    t_not_as(t, 11, GOV_DENIED, "doc.pass", "{'doc': 1}", "双人原则");
    t_as(t, 12, "doc.pass", "{'doc': 1}");
    t_not_as(t, 11, GOV_DENIED, "doc.publish", "{'doc': 1}", "双人原则");
    t_as(t, 12, "doc.publish", "{'doc': 1}");
    t_lists(t, "610402", 2, t_now, "1");
}


/* doc.bulk: judged before any is touched; what cannot be done is told */

static void
many_documents_at_once(void **state)
{
    unsigned      n;
    gov_value_t  *v;
    t_store_t    *t = *state;

    t_content_do(t);

    for (n = 0; n < 3; n++) {
        t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'title': '一', 'body': '文'}");
    }

    t_never(t, GOV_INVALID, "doc.bulk", "{'act': 'edit', 'docs': ['1']}",
            "不能批量办理");
    t_never(t, GOV_INVALID, "doc.bulk", "{'act': 'reject', 'docs': ['1']}",
            "缺少“reason”");
    t_lists(t, "610402", 2, t_now, "");

    v = t_do(t, "doc.bulk", "{'act': 'sign', 'docs': ['1', '3']}");
    assert_int_equal(gov_get_int(v, "done", 0), 2);
    assert_null(gov_member(v, "refused"));

    v = t_do(t, "doc.bulk", "{'act': 'withdraw', 'reason': '有误', "
             "'docs': ['1', '2', '3']}");
    assert_int_equal(gov_get_int(v, "done", 0), 2);
    assert_int_equal(gov_member(v, "refused")->n, 1);
    t_holds(t, v, "\"doc\":\"2\"");
    t_lists(t, "610402", 2, t_now, "");
}


/* N07: what stands for a time is refused, or not looked at */

static void
no_door_takes_a_forged_time(void **state)
{
    int64_t     before;
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文'}");

    t_never(t, GOV_DENIED, "doc.sign", "{'doc': 1, 'at': '2010-01-01'}",
            "不能早于当前时间");
    t_never(t, GOV_DENIED, "doc.schedule", "{'doc': 1, 'at': '2010-01-01'}",
            "不能早于当前时间");
    t_never(t, GOV_DENIED, "release.create", "{'doc': 1, "
            "'to': ['6104/xxgk/tzgg'], 'at': '2010-01-01'}",
            "不能早于当前时间");
    t_never(t, GOV_DENIED, "doc.create", "{'site': '610402', "
            "'column': 'xxgk/tzgg', 'title': '二', 'body': '文', "
            "'at': '2010-01-01'}", "不能早于当前时间");
    t_never(t, GOV_INVALID, "doc.publish", "{'doc': 1, "
            "'published': '2010-01-01'}", "没有“published”");
    t_never(t, GOV_INVALID, "doc.urgent", "{'doc': 1, 'reason': '急', "
            "'at': '2010-01-01'}", "没有“at”");

    before = t_now;
    t_do(t, "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'rows': [{'id': 'a', 'title': '甲', 'body_md': '文', "
         "'published': '2010-01-01'}]}");
    assert_true(t_doc_of(t, 2).rec.published >= before);

    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'embargo': '2030-01-01'}");
    t_never(t, GOV_DENIED, "doc.publish", "{'doc': 1}", "禁发期");
    t_never(t, GOV_DENIED, "doc.urgent", "{'doc': 1, 'reason': '急'}",
            "禁发期");
}


/* ahead.md, row 15 */

static void
two_editors_do_not_overwrite_each_other(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_as(t, 11, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文'}");
    t_as(t, 11, "doc.lock", "{'doc': 1}");

    t_not_as(t, 12, GOV_CONFLICT, "doc.lock", "{'doc': 1}",
             "甲 正在编辑这份文档");
    t_not_as(t, 12, GOV_CONFLICT, "doc.edit", "{'doc': 1, 'base': 1, "
             "'title': '二'}", "正在编辑");
    t_not_as(t, 12, GOV_CONFLICT, "doc.unlock", "{'doc': 1}", "正在编辑");
    t_as(t, 11, "doc.edit", "{'doc': 1, 'base': 1, 'title': '一改'}");

    t_as(t, 12, "doc.lock", "{'doc': 1, 'take': true}");
    t_asks(t, "doc.get", "{'doc': 1}", "乙 接手了编辑，原由 甲 锁定");
    t_not_as(t, 11, GOV_CONFLICT, "doc.edit", "{'doc': 1, 'base': 2, "
             "'title': '一改'}", "乙 正在编辑");

    /* the version check holds with no lock at all */

    t_as(t, 12, "doc.unlock", "{'doc': 1}");
    t_not_as(t, 11, GOV_CONFLICT, "doc.edit", "{'doc': 1, 'base': 1, "
             "'title': '旧'}", "文档已有第 2 版");

    /* a lock ends by itself */

    t_as(t, 12, "doc.lock", "{'doc': 1}");
    t_now += GOV_LOCK_TIME - 10;
    t_not_as(t, 11, GOV_CONFLICT, "doc.lock", "{'doc': 1}", "正在编辑");
    t_now += 20;
    t_as(t, 11, "doc.lock", "{'doc': 1}");
    t_asks(t, "doc.get", "{'doc': 1}", "\"lock\":{\"by\":11");
}


/* ahead.md, row 13: what each step's people are shown */

static void
one_queue_shows_each_step_what_is_past_the_one_before(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "blueprint.put", "{'name': 'township', 'title': '镇', " T_COLUMNS
         "}");
    t_do(t, "site.set", "{'site': '610400', 'reviews': '2'}");
    t_as(t, 11, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '区的', 'body': '文'}");
    t_as(t, 11, "doc.create", "{'site': '610402001', 'column': 'xxgk/tzgg', "
         "'title': '街道的', 'body': '文'}");

    t_asks(t, "task.list", "{}", "{\"rows\":[]}");
    t_as(t, 11, "doc.submit", "{'doc': 1}");
    t_as(t, 11, "doc.submit", "{'doc': 2}");

    t_rows_of(t, "task.list", "{'step': 'review1'}", "1 2");
    t_rows_of(t, "task.list", "{'step': 'review2'}", "");
    t_rows_of(t, "task.list", "{'site': '610402001'}", "2");
    t_as(t, 12, "doc.pass", "{'doc': 2}");
    t_rows_of(t, "task.list", "{'step': 'review1'}", "1");
    t_rows_of(t, "task.list", "{'step': 'review2'}", "2");
    t_asks(t, "task.count", "{}", "\"review1\":1,\"review2\":1");

    t_rows_of(t, "task.list", "{'limit': 1}", "1");
    t_asks(t, "task.list", "{'limit': 1}", ".1\",\"rows\"");
    t_pages(t, "task.list", "'limit': 1", "1|2|");

    /* rejected to the first review, it is there and here no more */

    t_as(t, 13, "doc.reject", "{'doc': 2, 'to': 'review1', "
         "'reason': '请核数字'}");
    t_rows_of(t, "task.list", "{'step': 'review1'}", "1 2");
    t_rows_of(t, "task.list", "{'step': 'review2'}", "");

    /* moved with its site, gone with its site */

    t_do(t, "site.move", "{'site': '610402001', 'parent': '610403'}");
    t_rows_of(t, "task.list", "{'site': '610402'}", "1");
    t_rows_of(t, "task.list", "{'site': '610403'}", "2");
    t_rows_of(t, "task.list", "{'site': '610400'}", "1 2");
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '撤销'}");
    t_rows_of(t, "task.list", "{'site': '610400'}", "1");
}


static void
a_list_finds_by_step_maker_column_and_words(void **state)
{
    int         i;
    t_store_t  *t = *state;

    t_content_do(t);
    for (i = 0; i < 5; i++) {
        t_as(t, 11, "doc.create", i % 2 ? "{'site': '610402', "
             "'column': 'xxgk/tzgg', 'title': '防汛通知', 'body': '文', "
             "'publish': true}"
             : "{'site': '610402', 'column': 'xxgk/gfxwj', "
             "'title': '办法', 'body': '文'}");
    }

    t_rows_of(t, "doc.list", "{'site': '610402'}", "5 4 3 2 1");
    t_rows_of(t, "doc.list", "{'site': '610402', 'column': 'xxgk/tzgg'}",
              "4 2");
    t_rows_of(t, "doc.list", "{'site': '610402', 'state': 'draft'}", "5 3 1");
    t_rows_of(t, "doc.list", "{'site': '610402', 'text': '防汛'}", "4 2");
    t_as(t, 11, "doc.submit", "{'doc': 3}");
    t_rows_of(t, "doc.list", "{'site': '610402', 'step': 'sign'}", "3");
    t_rows_of(t, "doc.list", "{'site': '610402', 'step': 'collect'}", "5 1");
    t_pages(t, "doc.list", "'site': '610402', 'limit': 2", "5 4|3 2|1|");
    t_pages(t, "doc.list", "'site': '610402', 'limit': 2, "
            "'column': 'xxgk/gfxwj'", "5 3|1|");
}


/* C03, C04 */

static void
the_public_is_told_what_changed_and_why(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'publish': true}");
    t_asks(t, "doc.changes", "{'doc': 1}", "{\"rows\":[]}");

    t_never(t, GOV_INVALID, "doc.correct", "{'doc': 1, 'what': '电话', "
            "'why': ''}", "不能为空");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'body': '新文', "
         "'note': '内部：科长要求', 'publish': true}");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 2, 'body': '再新'}");
    t_do(t, "doc.sign", "{'doc': 1, 'what': '开会时间改为九点', "
         "'why': '原文误写为十点', 'reason': '科长已看'}");
    t_do(t, "doc.correct", "{'doc': 1, 'what': '附件已补', 'why': '遗漏'}");
    t_do(t, "doc.withdraw", "{'doc': 1, 'kind': 'error', "
         "'reason': '误发'}");
    t_do(t, "doc.publish", "{'doc': 1}");

    t_asks(t, "doc.changes", "{'doc': 1}", "\"kind\":\"again\"");
    t_asks(t, "doc.changes", "{'doc': 1}", "\"kind\":\"withdrawn\"");
    t_asks(t, "doc.changes", "{'doc': 1}", "\"kind\":\"edited\"");
    t_asks(t, "doc.changes", "{'doc': 1}", "\"version\":3,"
           "\"what\":\"开会时间改为九点\",\"why\":\"原文误写为十点\"");
    t_asks(t, "doc.log", "{'doc': 1}", "科长已看");
    assert_int_equal(gov_member(t_ask_at(t, "doc.changes", "{'doc': 1}",
                                         __FILE__, __LINE__), "rows")->n, 5);

    t_never(t, GOV_INVALID, "doc.withdraw", "{'doc': 1, 'kind': 'x', "
            "'reason': '误发'}", "撤回分两种");
}


static void
a_preview_is_for_who_holds_its_token_and_ends(void **state)
{
    gov_str_t           token, text;
    u_char              hash[GOV_DIGEST_LEN];
    gov_txn_t          *txn;
    t_store_t          *t = *state;
    gov_preview_rec_t   row;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文'}");
    t_never(t, GOV_INVALID, "doc.preview", "{'doc': 1, 'hash': 'abc'}",
            "64 位十六进制");

    token = gov_s("3f6a0c1d9e8b7a655443322110ffeedd");
    t_ok(gov_digest(GOV_SHA256, token, hash));
    text = gov_str_fmt(t->arena, "{'doc': 1, 'hash': '%.*s', 'hours': 1}",
                       gov_strf(gov_hex_str(t->arena, hash,
                                            GOV_DIGEST_LEN)));
    t_never(t, GOV_INVALID, "doc.preview",
            gov_str_c(t->arena, gov_str_fmt(t->arena, "%.*s, 'hours': 721}",
                                            (int) text.len - 13, text.data)),
            "1 至 720");
    t_do(t, "doc.preview", gov_str_c(t->arena, text));

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_preview_get(txn, t->arena, token, t_now, &row));
    assert_int_equal(row.doc, 1);
    assert_int_equal(row.version, 1);
    assert_int_equal(gov_preview_get(txn, t->arena, gov_s("another"), t_now,
                                     &row), GOV_NOT_FOUND);
    assert_int_equal(gov_preview_get(txn, t->arena, token,
                                     t_now + 3600 * 1000000LL, &row),
                     GOV_DENIED);
    gov_txn_end(&txn);

    /* the store and its journal never saw it */

    assert_null(strstr(gov_str_c(t->arena, t_dump(t, 0, 1)),
                       "3f6a0c1d9e8b7a65"));
}


static void
versions_are_compared_by_paragraphs(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '甲\\n\\n乙\\n\\n丙&丁 [戊](http://a.cn/)'}");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'title': '二', "
         "'body': '甲\\n\\n新\\n\\n乙改\\n\\n丙&丁 [戊](http://b.cn/)'}");

    t_asks(t, "doc.diff", "{'doc': 1}", "\"fields\":[{\"field\":\"title\","
           "\"new\":\"二\",\"old\":\"一\"}]");
    t_asks(t, "doc.diff", "{'doc': 1}", "\"lines\":["
           "{\"kind\":\"same\",\"text\":\"甲\"},"
           "{\"kind\":\"came\",\"text\":\"新\"},"
           "{\"kind\":\"changed\",\"parts\":["
           "{\"kind\":\"same\",\"text\":\"乙\"},"
           "{\"kind\":\"came\",\"text\":\"改\"}]},"
           "{\"kind\":\"same\",\"text\":\"丙&丁 戊\"}]");
    t_asks(t, "doc.diff", "{'doc': 1, 'to': 1}", "\"from\":0");
}


static void
what_comes_and_goes_is_a_schedule(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'at': '2027-03-01', "
         "'expires': '2027-05-01'}");
    t_do(t, "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'title': '二', 'body': '文', 'publish': true, "
         "'expires': '2027-04-01'}");

    t_rows_of(t, "schedule.list", "{}", "1 2 1");
    t_rows_of(t, "schedule.list", "{'site': '610403'}", "2");
    t_pages(t, "schedule.list", "'limit': 1", "1|2|1|");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '不发'}");
    t_rows_of(t, "schedule.list", "{}", "2");
}


static void
an_embargo_holds_until_it_is_cleared(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'embargo': '2099-01-01'}");
    t_never(t, GOV_DENIED, "doc.publish", "{'doc': 1}", "2099");
    t_never(t, GOV_INVALID, "doc.create", "{'site': '610402', "
            "'column': 'xxgk/tzgg', 'title': '二', 'body': '文', "
            "'embargo': ''}", "应是时间");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'title': '甲'}");
    t_never(t, GOV_DENIED, "doc.publish", "{'doc': 1}", "2099");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 2, 'embargo': ''}");
    t_do(t, "doc.publish", "{'doc': 1}");
    t_again(t);
}


/* one laid over a time that was fixed would not hold: nobody publishes then */

static void
an_embargo_is_not_laid_over_a_time_that_is_fixed(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文'}");
    t_do(t, "doc.schedule", "{'doc': 1, 'at': '2027-01-01'}");
    t_never(t, GOV_CONFLICT, "doc.edit", "{'doc': 1, 'base': 1, "
            "'embargo': '2028-01-01'}", "文档已定于 2027-01-01");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'embargo': '2027-01-01'}");

    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '改期'}");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 2, 'embargo': '2028-01-01'}");
    t_never(t, GOV_DENIED, "doc.schedule", "{'doc': 1, 'at': '2027-06-01'}",
            "禁发期");
    t_do(t, "doc.schedule", "{'doc': 1, 'at': '2028-06-01'}");
    t_again(t);
}


/* the last one: the clock goes on for a year */

static void
what_was_withdrawn_is_signed_with_another_time(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'publish': true, "
         "'expires': '2027-01-01'}");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '有误'}");

    t_now = t_doc_of(t, 1).rec.expires + 1;
    t_do(t, "doc.sign", "{'doc': 1, 'expires': '2028-01-01'}");
    t_lists(t, "610402", 2, t_now, "1");
    assert_true(t_doc_of(t, 1).rec.expires > t_now);
    t_again(t);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(no_door_goes_round_the_reviews),
        t_test(many_documents_at_once),
        t_test(no_door_takes_a_forged_time),
        t_test(two_editors_do_not_overwrite_each_other),
        t_test(one_queue_shows_each_step_what_is_past_the_one_before),
        t_test(a_list_finds_by_step_maker_column_and_words),
        t_test(the_public_is_told_what_changed_and_why),
        t_test(a_preview_is_for_who_holds_its_token_and_ends),
        t_test(versions_are_compared_by_paragraphs),
        t_test(what_comes_and_goes_is_a_schedule),
        t_test(an_embargo_holds_until_it_is_cleared),
        t_test(an_embargo_is_not_laid_over_a_time_that_is_fixed),
        t_test(what_was_withdrawn_is_signed_with_another_time)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
