
/*
 * Copyright (C) ngx_gov authors
 *
 * Commands on documents, columns, attachments, banners and links.
 */


#include "desk/t_doc_desk.h"
#include "desk/t_replay.h"


static void
a_document_is_written_published_and_edited(void **state)
{
    gov_doc_t      doc;
    t_store_t     *t = *state;
    gov_value_t   *v;

    t_content_do(t);

    v = t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'title': '停水通知', 'body': '# 正文'}");
    assert_int_equal(gov_get_int(v, "doc", 0), 1);
    assert_int_equal(gov_get_int(v, "version", 0), 1);
    t_str(gov_get_str(v, "state"), "draft");
    t_str(gov_get_str(v, "url"), "//qindu.xianyang.localhost/xxgk/tzgg/"
          "1.html");
    t_lists(t, "610402", 2, t_now, "");

    v = t_do(t, "doc.publish", "{'doc': 1}");
    t_str(gov_get_str(v, "state"), "public");
    t_lists(t, "610402", 2, t_now, "1");
    doc = t_doc_of(t, 1);
    assert_int_equal(doc.rec.published, t_now - 1);

    v = t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'title': '来水通知', "
             "'number': '秦政发〔2026〕1号', 'note': '更正标题', "
             "'publish': true}");
    assert_int_equal(gov_get_int(v, "version", 0), 2);
    doc = t_doc_of(t, 1);
    t_str(doc.rec.title, "来水通知");
    t_str(doc.rec.number, "秦政发〔2026〕1号");
    assert_int_equal(doc.rec.published, t_now - 2);
    assert_int_equal(doc.rec.changed, t_now - 1);

    /* what the edit did not name stays */

    v = t_do(t, "doc.edit", "{'doc': 1, 'base': 2, 'number': '', "
             "'publish': true}");
    doc = t_doc_of(t, 1);
    t_str(doc.rec.title, "来水通知");
    assert_int_equal(doc.rec.number.len, 0);
}


static void
an_edit_of_an_old_version_is_a_conflict(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '一', 'publish': true}");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'body': '二'}");
    t_never(t, GOV_CONFLICT, "doc.edit", "{'doc': 1, 'base': 1, "
            "'body': '三'}", "第 2 版");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 2, 'body': '三'}");
}


static void
a_publication_is_never_dated_back(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_never(t, GOV_DENIED, "doc.create", "{'site': '610402', 'column': "
            "'xxgk/tzgg', 'title': '通知', 'body': '文', "
            "'at': '2020-01-01 08:00'}", "不能早于");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'written': '2007-10-10'}");
    t_never(t, GOV_DENIED, "doc.schedule", "{'doc': 1, "
            "'at': '2020-01-01T08:00:00+08:00'}", "不能早于");
    t_never(t, GOV_DENIED, "release.create", "{'doc': 1, 'to': "
            "['6104/xxgk/tzgg'], 'at': '2020-01-01'}", "不能早于");
    t_never(t, GOV_INVALID, "doc.publish", "{'doc': 1, 'at': '2020-01-01'}",
            "at");
    t_never(t, GOV_INVALID, "doc.edit", "{'doc': 1, 'base': 1, "
            "'published': '2020-01-01'}", "published");
    t_never(t, GOV_DENIED, "doc.expire", "{'doc': 1, 'at': '2020-01-01'}",
            "不能早于");
    t_do(t, "doc.publish", "{'doc': 1}");
    t_str(t_doc_of(t, 1).rec.written, "2007-10-10");
    assert_int_equal(t_doc_of(t, 1).rec.published, t_now - 1);
}


static void
a_schedule_and_an_expiry_hold_to_the_second(void **state)
{
    int64_t     at, until;
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'at': '2026-11-24 08:00', "
         "'expires': '2026-11-25T08:00:00+08:00'}");

    assert_int_equal(gov_date_parse(gov_s("2026-11-24 08:00"), &at), 0);
    assert_int_equal(gov_date_parse(gov_s("2026-11-25 08:00"), &until), 0);
    t_lists(t, "610402", 2, at - 1, "");
    t_lists(t, "610402", 2, at, "1");
    t_lists(t, "610402", 2, until - 1, "1");
    t_lists(t, "610402", 2, until, "");

    t_do(t, "doc.schedule", "{'doc': 1, 'at': '2026-11-24 09:00'}");
    t_lists(t, "610402", 2, at, "");
    t_lists(t, "610402", 2, at + 3600 * 1000000LL, "1");
    t_never(t, GOV_INVALID, "doc.schedule", "{'doc': 1, "
            "'at': '2026-11-26 09:00'}", "下线时间");
    t_never(t, GOV_DENIED, "doc.create", "{'site': '610402', 'column': "
            "'xxgk/tzgg', 'title': '通知', 'body': '文', "
            "'expires': '2026-11-22'}", "下线时间");
    t_do(t, "doc.expire", "{'doc': 1}");
    t_lists(t, "610402", 2, until, "1");
}


static void
a_withdrawal_says_why(void **state)
{
    gov_doc_t   doc;
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '旧', 'body': '文', 'publish': true}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '新', 'body': '文', 'publish': true}");
    t_never(t, GOV_INVALID, "doc.withdraw", "{'doc': 1}", "reason");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '数字有误', "
         "'replacement': 2}");
    doc = t_doc_of(t, 1);
    assert_int_equal(doc.rec.state, GOV_DOC_WITHDRAWN);
    assert_int_equal(doc.rec.replacement, 2);
    t_lists(t, "610402", 2, t_now, "2");
}


/* public, withdrawn or over, and to be published again, which is called
 * off: what the public saw once has a reason for ever */

static void
a_publication_called_off_says_why_again(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_doc_t     doc;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const char  off[] = "{'doc': 1, 'reason': '不再发布', "
        "'kind': 'error', 'replacement': 2}";

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '旧', 'body': '文', 'publish': true}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '新', 'body': '文', 'publish': true}");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '误发'}");
    t_do(t, "doc.schedule", "{'doc': 1, 'at': '2099-01-01'}");

    /* of an entry that made a draft of it a replay makes a draft */

    op = t_op(t, "doc.withdraw", t_json(t, off));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_ok(t_apply(t, &op, &v, &seq));
    t_str(gov_get_str(v, "state"), "draft");

    v = t_do(t, "doc.withdraw", off);
    t_str(gov_get_str(v, "state"), "withdrawn");
    doc = t_doc_of(t, 1);
    t_str(doc.rec.reason, "不再发布");
    assert_int_equal(doc.rec.replacement, 2);
    assert_int_equal(doc.rec.withdrawn, GOV_WITHDRAWN_ERROR);
    assert_true(doc.rec.published != 0 && doc.rec.published < t_now);
    assert_int_equal(doc.rec.changes, 3);

    /* one that is over */

    t_do(t, "doc.expire", "{'doc': 2, 'at': '2026-12-01'}");
    t_now += 30LL * 86400 * 1000000;
    t_do(t, "doc.schedule", "{'doc': 2, 'at': '2099-01-01'}");
    v = t_do(t, "doc.withdraw", "{'doc': 2, 'reason': '不再发布'}");
    t_str(gov_get_str(v, "state"), "withdrawn");
    t_lists(t, "610402", 2, t_now, "");

    /* one that never was public is a draft again */

    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '预告', 'body': '文', 'at': '2099-01-01'}");
    v = t_do(t, "doc.withdraw", "{'doc': 3, 'reason': '不发了'}");
    t_str(gov_get_str(v, "state"), "draft");

    (void) t_replayed(t);
    t_now -= 30LL * 86400 * 1000000;
}


static void
further_fields_go_where_they_belong(void **state)
{
    gov_doc_t   doc;
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/gfxwj', "
         "'title': '办法', 'body': '<p>a</p><script>b</script>', "
         "'form': 'html', 'fields': {'issuer': '秦都区人民政府', "
         "'validity': '已废止', 'class': '规范性文件', 'pages': 3}}");
    doc = t_doc_of(t, 1);
    t_str(doc.rec.issuer, "秦都区人民政府");
    t_str(doc.rec.validity, "repealed");
    assert_int_equal(doc.rec.fields->n, 2);
    t_str(gov_get_str(doc.rec.fields, "class"), "规范性文件");
    assert_int_equal(gov_get_int(doc.rec.fields, "pages", 0), 3);

    t_never(t, GOV_INVALID, "doc.create", "{'site': '610402', 'column': "
            "'xxgk/gfxwj', 'title': '办法', 'body': 'a', "
            "'fields': {'written': '昨天'}}", "YYYY-MM-DD");
    t_never(t, GOV_NOT_FOUND, "doc.create", "{'site': '610402', 'column': "
            "'xxgk/none', 'title': '办法', 'body': 'a'}", "xxgk/none");
    t_never(t, GOV_INVALID, "doc.create", "{'site': '610402', 'column': "
            "'xxgk/gfxwj', 'title': '办法', 'body': 'a', 'form': 'doc'}",
            "md");
}


static void
a_site_that_is_full_takes_nothing_more(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "site.set", "{'site': '610402', 'quota': 600}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '短', 'body': '文', 'publish': true}");
    t_never(t, GOV_FULL, "doc.create", "{'site': '610402', 'column': "
            "'xxgk/tzgg', 'title': '长', 'body': 'aaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "', 'publish': true}", "空间已满");
    t_do(t, "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'title': '别站', 'body': '文', 'publish': true}");
}


static void
columns_are_created_changed_and_removed(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    v = t_do(t, "column.create", "{'site': '610402', 'slug': 'zdly', "
             "'name': '重点领域', 'parent': 'xxgk', 'kind': 'list'}");
    t_str(gov_get_str(v, "path"), "xxgk/zdly/");
    t_str(gov_get_str(v, "url"), "//qindu.xianyang.localhost/xxgk/zdly/");
    v = t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/zdly', "
             "'parent': '/', 'name': '重点', 'nav': true}");
    t_str(gov_get_str(v, "path"), "zdly/");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'zdly', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_never(t, GOV_DENIED, "column.remove", "{'site': '610402', "
            "'column': 'zdly'}", "还有文档");
    v = t_do(t, "doc.move", "{'doc': 1, 'column': 'xxgk/tzgg'}");
    t_str(gov_get_str(v, "url"), "//qindu.xianyang.localhost/xxgk/tzgg/"
          "1.html");
    t_do(t, "column.remove", "{'site': '610402', 'column': 'zdly'}");
    t_never(t, GOV_NOT_FOUND, "column.remove", "{'site': '610402', "
            "'column': 'zdly'}", "没有栏目");
}


/* the blueprint's, then the site's own, each between two commands */

static void
a_document_stands_in_the_columns_of_the_moment(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'publish': true}");

    /* the two below xxgk change places */

    t_do(t, "blueprint.put", "{'name': 'county', 'title': '县', 'columns': ["
         "{'id': 1, 'slug': 'xxgk', 'name': '信息公开', 'kind': 'section'}, "
         "{'id': 3, 'parent': 1, 'slug': 'tzgg', 'name': '通知公告', "
         "'kind': 'notice'}, {'id': 2, 'parent': 1, 'slug': 'gfxwj', "
         "'name': '规范性文件', 'kind': 'normative'}]}");
    v = t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'title': '通知二'}");
    t_str(gov_get_str(v, "url"), "//qindu.xianyang.localhost/xxgk/gfxwj/"
          "1.html");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_lists(t, "610402", 3, t_now, "2");

    v = t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
             "'parent': '/', 'name': '通知'}");
    t_str(gov_get_str(v, "path"), "tzgg/");
    t_never(t, GOV_NOT_FOUND, "doc.create", "{'site': '610402', 'column': "
            "'xxgk/tzgg', 'title': '通知', 'body': '文'}", "没有栏目");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_lists(t, "610402", 3, t_now, "3 2");
}


/* a file of bytes of its own added, and what it is said to be */

static void
t_type(t_store_t *t, const char *name, const char *more, const char *want)
{
    int              is_public;
    char             json[400];
    u_char           raw[GOV_DIGEST_LEN];
    gov_str_t        hex;
    gov_txn_t       *txn;
    gov_file_rec_t   f;

    t_ok(gov_blob_put(t->base, gov_str_of(name), raw, &t->err));
    hex = gov_hex_str(t->arena, raw, GOV_DIGEST_LEN);

    (void) snprintf(json, sizeof(json), "{'site': '610402', 'name': '%s', "
                    "'digest': '%.*s', 'size': 8%s}", name, gov_strf(hex),
                    more);
    t_do(t, "file.add", json);
    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_file_get(txn, t->arena, t_site(t, txn, "610402").id, hex, t_now,
                      &f, &is_public));
    t_str_at(f.type, gov_str_of(want), name, 0);
    gov_txn_end(&txn);
}


static void
an_attachment_is_registered_then_carried(void **state)
{
    char           json[400];
    u_char         raw[GOV_DIGEST_LEN];
    gov_str_t      hex;
    t_store_t     *t = *state;
    gov_value_t   *v;

    t_content_do(t);
    t_ok(gov_blob_put(t->base, gov_s("%PDF-1.4"), raw, &t->err));
    hex = gov_hex_str(t->arena, raw, GOV_DIGEST_LEN);

    (void) snprintf(json, sizeof(json), "{'site': '610402', 'name': "
                    "'表 一.pdf', 'digest': '%.*s', 'size': 8}",
                    gov_strf(hex));
    v = t_do(t, "file.add", json);
    t_str_at(gov_get_str(v, "url"),
             gov_str_fmt(t->arena, "//qindu.xianyang.localhost/files/%.*s/"
                         "%%E8%%A1%%A8%%20%%E4%%B8%%80.pdf", gov_strf(hex)),
             __FILE__, __LINE__);

    (void) snprintf(json, sizeof(json), "{'site': '610402', 'column': "
                    "'xxgk/tzgg', 'title': '通知', 'body': '文', "
                    "'attachments': ['%.*s/附表.pdf', {'digest': '%.*s'}]}",
                    gov_strf(hex), gov_strf(hex));
    t_do(t, "doc.create", json);
    v = t_doc_of(t, 1).rec.files;
    assert_int_equal(v->n, 2);
    t_str(gov_get_str(v->u.first, "name"), "附表.pdf");
    t_str(gov_get_str(v->u.first, "type"), "application/pdf");
    assert_int_equal(gov_get_int(v->u.first, "size", 0), 8);
    t_str(gov_get_str(v->u.first->next, "name"), "表 一.pdf");

    /* bytes that nobody put, a type that a browser would run, another's */

    t_never(t, GOV_NOT_FOUND, "file.add", "{'site': '610402', 'name': "
            "'a.pdf', 'digest': 'ab0123456789abcdef0123456789abcdef012345678"
            "9abcdef0123456789abcd', 'size': 8}", "没有上传");
    /* text says in which characters it is written */

    t_type(t, "一.txt", "", "text/plain; charset=utf-8");
    t_type(t, "二.csv", ", 'type': 'text/csv; charset=gb18030'",
           "text/csv; charset=gb18030");
    t_type(t, "三.txt", ", 'type': 'text/plain'",
           "text/plain; charset=utf-8");

    (void) snprintf(json, sizeof(json), "{'site': '610402', 'name': 'a.html',"
                    " 'digest': '%.*s', 'size': 8, 'type': 'text/html'}",
                    gov_strf(hex));
    t_never(t, GOV_INVALID, "file.add", json, "text/html");
    (void) snprintf(json, sizeof(json), "{'site': '610403', 'column': "
                    "'xxgk/tzgg', 'title': '通知', 'body': '文', "
                    "'attachments': '%.*s'}", gov_strf(hex));
    t_never(t, GOV_NOT_FOUND, "doc.create", json, "没有附件");
}


static void
banners_and_links_are_commands_too(void **state)
{
    unsigned      n;
    gov_txn_t    *txn;
    gov_group_t   groups[4];
    t_store_t    *t = *state;

    t_content_do(t);
    t_do(t, "banner.set", "{'title': '暴雨', 'level': 'orange', "
         "'until': '2026-12-01 08:00', 'site': '610402'}");
    t_never(t, GOV_INVALID, "banner.set", "{'title': '暴雨', "
            "'until': '2020-01-01'}", "结束时间");
    t_do(t, "banner.clear", "{'id': 1}");
    t_never(t, GOV_NOT_FOUND, "banner.clear", "{'id': 1}", "没有横幅");

    t_do(t, "link.share", "{'site': '6104', 'group': 'bm', 'title': '部门', "
         "'links': [{'title': '国务院', 'url': 'https://www.gov.cn/'}, "
         "{'site': '610403'}]}");
    t_do(t, "link.take", "{'site': '610402', 'from': '6104', "
         "'group': 'bm'}");
    t_never(t, GOV_INVALID, "link.share", "{'site': '6104', 'group': 'bm', "
            "'title': '部门', 'links': [{'title': 'x', "
            "'url': 'javascript:alert(1)'}]}", "http");

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_link_groups(txn, t->arena, t_site(t, txn, "610402").id, groups,
                         4, &n));
    assert_int_equal(n, 1);
    t_str(groups[0].rec.title, "部门");
    gov_txn_end(&txn);

    t_do(t, "link.drop", "{'site': '610402', 'from': '6104', "
         "'group': 'bm'}");
    t_do(t, "link.unshare", "{'site': '6104', 'group': 'bm'}");
}


static void
a_closed_site_takes_no_more_changes(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);
    t_do(t, "column.create", "{'site': '610402001', 'slug': 'dt', "
         "'name': '动态'}");
    t_do(t, "doc.create", "{'site': '610402001', 'column': 'dt', "
         "'title': 'x', 'body': 'y'}");
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '撤并'}");
    t_never(t, GOV_DENIED, "doc.publish", "{'doc': 1}", "关停");
    t_never(t, GOV_DENIED, "doc.create", "{'site': '610402001', 'column': "
            "'dt', 'title': 'x', 'body': 'y'}", "关停");
}


/* a section has a page of its own and no list */

static void
a_column_that_only_groups_takes_no_document(void **state)
{
    t_store_t  *t = *state;

    t_content_do(t);

    t_no(t, GOV_INVALID, "doc.create", "{'site': '610402', "
         "'column': 'xxgk', 'title': '甲', 'body': '文'}", "“信息公开”只用来");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '甲', 'body': '文', 'publish': true}");
    t_no(t, GOV_INVALID, "doc.move", "{'doc': 1, 'column': 'xxgk'}",
         "只用来");
    t_no(t, GOV_INVALID, "release.create", "{'doc': 1, "
         "'to': ['610403/xxgk']}", "只用来");
    t_str(gov_get_str(gov_member(t_do(t, "doc.import", "{'site': '610402', "
                                      "'column': 'xxgk', 'rows': [{'id': "
                                      "'a', 'title': '甲', 'body_md': "
                                      "'文'}]}"), "refused")->u.first,
                      "reason"),
          "“信息公开”只用来归类，请选它下面的栏目");

    /* nor becomes one that holds documents a section */

    t_no(t, GOV_DENIED, "column.set", "{'site': '610402', "
         "'column': 'xxgk/tzgg', 'kind': 'section'}", "还有文档");
    t_do(t, "column.set", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'kind': 'section'}");
    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk', "
         "'name': '政务公开'}");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_column_that_only_groups_takes_no_document),
        t_test(a_document_is_written_published_and_edited),
        t_test(an_edit_of_an_old_version_is_a_conflict),
        t_test(a_publication_is_never_dated_back),
        t_test(a_schedule_and_an_expiry_hold_to_the_second),
        t_test(a_withdrawal_says_why),
        t_test(a_publication_called_off_says_why_again),
        t_test(further_fields_go_where_they_belong),
        t_test(a_site_that_is_full_takes_nothing_more),
        t_test(columns_are_created_changed_and_removed),
        t_test(a_document_stands_in_the_columns_of_the_moment),
        t_test(an_attachment_is_registered_then_carried),
        t_test(banners_and_links_are_commands_too),
        t_test(a_closed_site_takes_no_more_changes)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
