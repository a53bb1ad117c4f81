
/*
 * Copyright (C) ngx_gov authors
 *
 * A site is exported and put back: its own range as it was, what others have
 * there as it is.
 */


#include "desk/t_replay.h"
#include "link/gov_link.h"


static void
t_history(t_store_t *t)
{
    t_do(t, "blueprint.put", "{'name': 'county', 'title': '县级门户', "
         "'columns': [{'id': 1, 'slug': 'tzgg', 'name': '通知公告', "
         "'kind': 'notice'}]}");
    t_do(t, "blueprint.put", "{'name': 'city', 'title': '市级门户', "
         "'columns': [{'id': 1, 'slug': 'tzgg', 'name': '通知公告', "
         "'kind': 'notice'}]}");
    t_city_do(t);
    t_do(t, "column.create", "{'site': '610402', 'slug': 'own', "
         "'name': '自设', 'kind': 'news'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一号', 'body': '一', 'publish': true}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'own', "
         "'title': '二号', 'body': '二', 'publish': true}");
    t_do(t, "doc.refer", "{'doc': 1, 'to': ['6104/tzgg']}");
}


/* "CODE: numbers of the documents in its column 1, newest first" */

static gov_str_t
t_list(t_store_t *t, const char *code)
{
    int            more;
    int64_t        due;
    gov_buf_t      b;
    unsigned       i, n;
    gov_txn_t     *txn;
    gov_listed_t   rows[10];

    due = INT64_MAX;
    gov_buf_init(&b, t->arena, 64);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_column_rows(txn, t->arena, t_site(t, txn, code).id, 1,
                         t_now + 1000, 0, rows, 10, &n, &more, &due));
    gov_txn_end(&txn);

    for (i = 0; i < n; i++) {
        gov_buf_fmt(&b, "%s%u", i ? " " : "", (unsigned) rows[i].doc);
    }

    return b.s;
}


static gov_str_t
t_export(t_store_t *t, const char *code)
{
    gov_buf_t   b;
    gov_txn_t  *txn;

    gov_buf_init(&b, t->arena, 4096);

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_site_export(txn, t->arena, t_site(t, txn, code).id, t_dump_line,
                         &b, &t->err));
    t_ok(gov_people_export(txn, t->arena, t_site(t, txn, code).id,
                           t_dump_line, &b, &t->err));
    gov_txn_end(&txn);

    return b.s;
}


static const char *
t_blob(t_store_t *t, gov_str_t text, const char *more)
{
    u_char  digest[GOV_DIGEST_LEN];

    t_ok(gov_blob_put(t->base, text, digest, &t->err));

    return gov_str_c(t->arena,
                     gov_str_fmt(t->arena, "{'file': '%.*s'%s}",
                         gov_strf(gov_hex_str(t->arena, digest,
                                              sizeof(digest))), more));
}


static void
t_same(void **state)
{
    uint64_t      checked;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_str_t     text;
    gov_value_t  *v;

    t_history(t);
    text = t_export(t, "610402");

    v = t_do(t, "site.restore", t_blob(t, text, ""));
    assert_int_equal(gov_get_int(v, "documents", 0), 2);
    assert_false(gov_get_bool(v, "created"));

    t_str(t_list(t, "610402"), "1");
    t_str(t_list(t, "6104"), "1");

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/x",
            "200 renminlu x");
    t_ok(gov_journal_verify(txn, 0, &checked, NULL, &t->err));
    gov_txn_end(&txn);

    /* all but the marks is what it was */
    {
        char  *a = strstr(gov_str_c(t->arena, text), "\"table\":\"USAGE\"");
        char  *b = strstr(gov_str_c(t->arena, t_export(t, "610402")),
                          "\"table\":\"USAGE\"");

        assert_string_equal(a, b);
    }
}


static void
t_later(void **state)
{
    uint64_t      newest, checked;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_doc_t     doc;
    const char   *file;

    t_history(t);
    t_do(t, "doc.create", "{'site': '6104', 'column': 'tzgg', "
         "'title': '三号', 'body': '三', 'publish': true}");
    t_do(t, "doc.refer", "{'doc': 3, 'to': ['610402/tzgg']}");
    file = t_blob(t, t_export(t, "610402"), ", 'code': '610402'");

    /* what happens afterwards in the site goes, what others did stays */
    t_do(t, "doc.unrefer", "{'doc': 3, 'from': '610402/tzgg'}");
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '误'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '四号', 'body': '四', 'publish': true}");
    t_do(t, "doc.refer", "{'doc': 4, 'to': ['6104/tzgg']}");
    t_do(t, "doc.create", "{'site': '6104', 'column': 'tzgg', "
         "'title': '五号', 'body': '五', 'publish': true}");
    t_do(t, "doc.refer", "{'doc': 5, 'to': ['610402/tzgg']}");
    t_do(t, "site.set", "{'site': '610402', 'abbr': '改'}");
    t_do(t, "site.slug", "{'site': '610402001', 'slug': 'rml'}");
    t_do(t, "site.mode", "{'site': '610402', 'mode': 'page'}");
    t_str(t_list(t, "6104"), "5 4 3");
    t_str(t_list(t, "610402"), "5 4");

    t_do(t, "site.restore", file);

    t_str(t_list(t, "6104"), "5 3 1");
    t_str(t_list(t, "610402"), "5 1");

    txn = t_begin(t, GOV_TXN_READ);
    t_rc(gov_doc_find(txn, t->arena, 4, &doc), GOV_NOT_FOUND);
    t_ok(gov_doc_find(txn, t->arena, 1, &doc));
    assert_int_equal(doc.rec.state, GOV_DOC_PUBLISHED);
    t_str(t_site(t, txn, "610402").rec.abbr, "");
    t_str(t_base(t, txn, "610402001"), "www.xianyang.localhost/qindu/rml/");
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/x", "301 rml x");

    /* every page of it is rendered anew */
    t_ok(gov_marks_newest(txn, 2, (uint64_t) 1 << 63, &newest));
    assert_int_equal(newest, gov_journal_head(txn));
    t_ok(gov_journal_verify(txn, 0, &checked, NULL, &t->err));
    gov_txn_end(&txn);

    /* the next document does not take a number that was used */
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '六号', 'body': '六', 'publish': true}");
    t_str(t_list(t, "610402"), "6 5 1");
    t_do(t, "doc.unrefer", "{'doc': 1, 'from': '6104/tzgg'}");
    t_str(t_list(t, "6104"), "5 3");
}


/* lines of a table anywhere, as the whole dump has them */

static gov_str_t
t_table(t_store_t *t, const char *table)
{
    char        *line, *end;
    gov_buf_t    b;

    gov_buf_init(&b, t->arena, 1024);

    for (line = (char *) gov_str_c(t->arena, t_dump(t, 0, 0)); *line;
         line = end + 1)
    {
        end = strchr(line, '\n');
        *end = '\0';

        if (strstr(line, table)) {
            gov_buf_fmt(&b, "%s\n", line);
        }
    }

    return b.s;
}


/* what waits for somebody is what the restored documents say */

static void
t_work(void **state)
{
    t_store_t   *t = *state;
    gov_str_t    tasks, desk;
    const char  *file;

    t_history(t);
    t_do(t, "column.set", "{'site': '610402', 'column': 'own', "
         "'reviews': '1'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'own', "
         "'title': '三号', 'body': '三'}");
    t_do(t, "doc.submit", "{'doc': 3}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '四号', 'body': '四', 'at': '2027-02-01'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'own', "
         "'title': '五号', 'body': '五'}");
    t_do(t, "doc.lock", "{'doc': 5}");
    t_do(t, "doc.preview", gov_str_c(t->arena, gov_str_fmt(t->arena,
         "{'doc': 5, 'hash': '%064d'}", 7)));
    file = t_blob(t, t_export(t, "610402"), ", 'code': '610402'");
    tasks = t_table(t, "\"table\":\"TASKS\"");
    desk = t_table(t, "\"table\":\"DESK\"");
    assert_true(tasks.len != 0 && desk.len != 0);

    t_do(t, "doc.pass", "{'doc': 3}");
    t_do(t, "doc.withdraw", "{'doc': 4, 'reason': '不发'}");
    t_do(t, "doc.submit", "{'doc': 5}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'own', "
         "'title': '六号', 'body': '六'}");
    t_do(t, "doc.submit", "{'doc': 6}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '七号', 'body': '七', 'at': '2027-02-01'}");

    t_do(t, "site.restore", file);
    t_str(t_table(t, "\"table\":\"TASKS\""), gov_str_c(t->arena, tasks));
    t_str(t_table(t, "\"table\":\"DESK\""), gov_str_c(t->arena, desk));

    /* the lock stands, the link shows the document that came back */

    t_do(t, "doc.pass", "{'doc': 3}");
    t_do(t, "doc.unlock", "{'doc': 5}");
}


/* on a platform that never knew it */

static void
t_elsewhere(void **state)
{
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_str_t     text;
    const char   *file;
    gov_value_t  *v;

    t_history(t);
    text = t_export(t, "610402");
    file = t_blob(t, text, "");

    gov_store_close(&t->store);
    t->conf.dir = gov_str_c(t->arena, gov_str_fmt(t->arena, "%s/b",
                                                  t->base));
    t_open(t);

    t_no(t, GOV_NOT_FOUND, "site.restore", file, "610400000000");

    t_do(t, "site.create", "{'code': 'x', 'name': '别处', "
         "'level': 'province', 'slug': 'x'}");
    t_do(t, "site.create", "{'code': '6104', 'name': '咸阳市', "
         "'level': 'city', 'parent': 'x', 'slug': 'xianyang'}");
    t_do(t, "blueprint.put", "{'name': 'county', 'title': '县级门户', "
         "'columns': [{'id': 1, 'slug': 'tzgg', 'name': '通知公告', "
         "'kind': 'notice'}]}");

    v = t_do(t, "site.restore", file);
    assert_true(gov_get_bool(v, "created"));
    assert_int_equal(gov_get_int(v, "site", 0), 3);
    t_str(gov_get_str(v, "url"), "//qindu.xianyang.localhost/");
    t_str(t_list(t, "610402"), "1");

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/x",
            "200 qindu renminlu/x");
    gov_txn_end(&txn);

    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '三号', 'body': '三', 'publish': true}");
    t_str(t_list(t, "610402"), "3 1");
}


/* numbers of another platform's sites mean nothing here, the second time too */

static void
t_elsewhere_twice(void **state)
{
    unsigned      n;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_group_t   groups[GOV_LINK_ALL];
    const char   *file;

    static const char  one[] = "'title': '门户', 'columns': [{'id': 1, "
        "'slug': 'tzgg', 'name': '通知公告', 'kind': 'notice'}]}";

    static const char  share[] = "{'site': '%s', 'group': 'bm', 'title': "
        "'部门', 'links': [{'title': 'x', 'url': 'http://x.cn/'}]}";

    t_history(t);
    t_do(t, "link.share", gov_str_c(t->arena, gov_str_fmt(t->arena, share,
                                                          "6104")));
    t_do(t, "link.take", "{'site': '610402', 'from': '6104', "
         "'group': 'bm'}");
    file = t_blob(t, t_export(t, "610402"), "");

    gov_store_close(&t->store);
    t->conf.dir = gov_str_c(t->arena, gov_str_fmt(t->arena, "%s/b",
                                                  t->base));
    t_open(t);

    t_do(t, "blueprint.put", gov_str_c(t->arena, gov_str_fmt(t->arena,
         "{'name': 'province', %s", one)));
    t_do(t, "blueprint.put", gov_str_c(t->arena, gov_str_fmt(t->arena,
         "{'name': 'county', %s", one)));
    t_do(t, "site.create", "{'code': 'x', 'name': '别处', "
         "'level': 'province', 'slug': 'x'}");
    t_do(t, "site.create", "{'code': '6104', 'name': '咸阳市', "
         "'level': 'city', 'parent': 'x', 'slug': 'xianyang'}");
    t_do(t, "link.share", gov_str_c(t->arena, gov_str_fmt(t->arena, share,
                                                          "x")));
    t_do(t, "link.share", gov_str_c(t->arena, gov_str_fmt(t->arena, share,
                                                          "6104")));
    t_do(t, "site.restore", file);
    t_str(t_list(t, "x"), "");
    t_do(t, "link.take", "{'site': '610402', 'from': '6104', "
         "'group': 'bm'}");

    t_do(t, "site.restore", file);
    t_str(t_list(t, "610402"), "1");
    t_str(t_list(t, "x"), "");

    /* what was taken here since is still taken, and nothing else */

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_link_groups(txn, t->arena, t_site(t, txn, "610402").id, groups,
                         GOV_LINK_ALL, &n));
    assert_int_equal(n, 1);
    assert_int_equal(groups[0].site, t_site(t, txn, "6104").id);
    gov_txn_end(&txn);
}


/* a row that no document owns would stand there for ever */

static void
a_reference_within_the_site_goes_along(void **state)
{
    t_store_t   *t = *state;
    const char  *file;

    t_history(t);
    t_do(t, "doc.refer", "{'doc': 2, 'to': ['610402/tzgg', '6104/tzgg']}");
    file = t_blob(t, t_export(t, "610402"), "");

    gov_store_close(&t->store);
    t->conf.dir = gov_str_c(t->arena, gov_str_fmt(t->arena, "%s/b",
                                                  t->base));
    t_open(t);

    t_do(t, "blueprint.put", "{'name': 'county', 'title': '县级门户', "
         "'columns': [{'id': 1, 'slug': 'tzgg', 'name': '通知公告', "
         "'kind': 'notice'}]}");
    t_do(t, "site.create", "{'code': 'x', 'name': '别处', "
         "'level': 'province', 'slug': 'x'}");
    t_do(t, "site.create", "{'code': '6104', 'name': '咸阳市', "
         "'level': 'city', 'parent': 'x', 'slug': 'xianyang'}");
    t_do(t, "site.restore", file);
    t_str(t_list(t, "610402"), "2 1");
    t_str(t_list(t, "6104"), "");

    t_do(t, "doc.withdraw", "{'doc': 2, 'reason': '误'}");
    t_str(t_list(t, "610402"), "1");
    t_do(t, "doc.publish", "{'doc': 2}");
    t_do(t, "doc.unrefer", "{'doc': 2, 'from': '610402/tzgg'}");
    t_str(t_list(t, "610402"), "1");

    (void) t_replayed(t);
}


static void
t_state_at(t_store_t *t, const char *code, int state, const char *notice,
    const char *file, int line)
{
    gov_txn_t   *txn;
    gov_site_t   site;

    txn = t_begin(t, GOV_TXN_READ);
    site = t_site(t, txn, code);

    if (site.rec.state != state) {
        print_error("state %d, not %d\n", (int) site.rec.state, state);
        _fail(file, line);
    }

    t_str_at(site.rec.notice, gov_str_of(notice), file, line);
    gov_txn_end(&txn);
}

#define t_state(t, code, state, notice)                                       \
    t_state_at(t, code, state, notice, __FILE__, __LINE__)


/* whether it answers was decided since */

static void
the_state_is_that_of_now(void **state)
{
    t_store_t    *t = *state;
    const char   *file, *live;
    gov_value_t  *v;

    t_history(t);
    t_do(t, "site.live", "{'site': '610402'}");
    live = t_blob(t, t_export(t, "610402"), "");
    t_do(t, "site.suspend", "{'site': '610402', 'notice': '整改'}");

    v = t_do(t, "site.restore", live);
    t_str(gov_get_str(v, "state"), "suspended");
    t_state(t, "610402", GOV_SITE_SUSPENDED, "整改");

    file = t_blob(t, t_export(t, "610402"), "");
    t_do(t, "site.resume", "{'site': '610402'}");
    t_do(t, "site.restore", file);
    t_state(t, "610402", GOV_SITE_LIVE, "");

    /* one that is closed does not come back below one that is closed */

    file = t_blob(t, t_export(t, "610402001"), "");
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '关停'}");
    t_do(t, "site.merge", "{'site': '610402', 'into': '6104'}");
    t_do(t, "site.restore", file);
    t_state(t, "610402001", GOV_SITE_CLOSED, "关停");
    t_do(t, "site.restore", live);
    t_state(t, "610402", GOV_SITE_MERGED, "");
}


/* the blueprint that comes back has an address that was given away since */

static void
a_blueprint_comes_back_where_its_addresses_are_free(void **state)
{
    t_store_t   *t = *state;
    gov_str_t    before;
    const char  *file;

    t_history(t);
    t_do(t, "blueprint.put", "{'name': 'b2', 'title': '二', 'columns': ["
         "{'id': 1, 'slug': 'tzgg', 'name': '通知公告', 'kind': 'notice'}, "
         "{'id': 2, 'slug': 'luzi', 'name': '路', 'kind': 'news'}]}");
    t_do(t, "column.set", "{'site': '610402', 'column': 'tzgg', "
         "'name': '通知'}");
    t_do(t, "site.set", "{'site': '610402', 'blueprint': 'b2'}");
    file = t_blob(t, t_export(t, "610402"), "");
    t_do(t, "site.set", "{'site': '610402', 'blueprint': 'county'}");
    t_do(t, "site.restore", file);

    t_do(t, "site.set", "{'site': '610402', 'blueprint': 'county'}");
    t_do(t, "site.create", "{'code': '610402002', 'name': '路子镇', "
         "'level': 'township', 'parent': '610402', 'slug': 'luzi'}");
    before = t_dump(t, 0, 1);
    t_no(t, GOV_CONFLICT, "site.restore", file, "路子镇");
    assert_true(gov_str_eq(before, t_dump(t, 0, 1)));
}


static void
t_refused(void **state)
{
    t_store_t  *t = *state;
    gov_str_t   text, before;

    t_history(t);
    text = t_export(t, "610402");
    before = t_dump(t, 0, 1);

    t_no(t, GOV_NOT_FOUND, "site.restore",
         "{'file': '0000000000000000000000000000000000000000000000000000"
         "000000000000'}", "");
    t_no(t, GOV_INVALID, "site.restore",
         t_blob(t, text, ", 'code': '6104'"), "不是 610400000000 的");
    t_no(t, GOV_INVALID, "site.restore", t_blob(t, gov_s(""), ""),
         "不是导出的站点");
    t_no(t, GOV_INVALID, "site.restore",
         t_blob(t, gov_s("{\"table\":\"SITES\",\"key\":[]}\n"), ""),
         "不是导出的站点");
    t_no(t, GOV_INVALID, "site.restore",
         t_blob(t, gov_str_cat(t->arena, text, gov_s("{x\n")), ""),
         "行：");
    t_no(t, GOV_INVALID, "site.restore",
         t_blob(t, gov_str_cat(t->arena, text, gov_s(
             "{\"site\":0,\"table\":\"HOSTS\",\"key\":[\"localhost\"],"
             "\"value\":{\"kind\":1,\"to\":2}}\n")), ""),
         "平台的记录不能放到站点");
    t_no(t, GOV_INVALID, "site.restore",
         t_blob(t, gov_str_cat(t->arena, text, gov_s(
             "{\"site\":2,\"table\":\"DOCS\",\"key\":[],"
             "\"value\":{}}\n")), ""), "没有文档号");

    /* a document that became another site's */
    t_do(t, "doc.create", "{'site': '6104', 'column': 'tzgg', "
         "'title': '三号', 'body': '三', 'publish': true}");
    before = t_dump(t, 0, 1);
    t_no(t, GOV_CONFLICT, "site.restore",
         t_blob(t, gov_str_cat(t->arena, text, gov_s(
             "{\"site\":2,\"table\":\"DOCS\",\"key\":[3],"
             "\"value\":{}}\n")), ""), "文档 3 是另一个站点的");

    assert_true(gov_str_eq(before, t_dump(t, 0, 1)));
}


/* who works at a site comes back with it, as far as they are here */

static void
people_come_back(void **state)
{
    unsigned      n;
    uint64_t      next;
    gov_str_t     before;
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    gov_value_t  *v;
    gov_grant_t  *list;

    t_history(t);
    t_do(t, "user.create", "{'login': 'zhang', 'name': '张', "
         "'role': 'clerk', 'site': '610402', 'column': 'own', "
         "'until': '2099-01-01'}");
    t_do(t, "user.create", "{'login': 'li', 'name': '李', "
         "'role': 'publisher', 'site': '610402'}");
    before = t_export(t, "610402");

    t_do(t, "user.revoke", "{'user': 'zhang', 'role': 'clerk', "
         "'site': '610402', 'column': 'own'}");
    t_do(t, "user.revoke", "{'user': 'li', 'role': 'publisher', "
         "'site': '610402'}");
    t_do(t, "user.grant", "{'user': 'li', 'role': 'reviewer', "
         "'site': '610402'}");

    before = gov_str_cat(t->arena, before, gov_s("{\"site\":0,"
             "\"table\":\"GRANTS\",\"login\":\"gone\","
             "\"role\":\"clerk\"}\n"));
    v = t_do(t, "site.restore", t_blob(t, before, ""));

    v = gov_member(v, "warnings");
    assert_non_null(v);
    assert_int_equal(v->n, 1);
    t_str(v->u.first->u.s, "没有恢复 gone 的授权“clerk”："
          "没有登录名为“gone”的账号");

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_holders(txn, t->arena, t_site(t, txn, "610402").id, 0, 10,
                     &list, &n, &next));
    assert_int_equal(n, 3);
    assert_int_equal(list[0].column, 200);
    assert_true(list[0].rec.until > t_now);
    t_str(list[1].role, "publisher");
    t_str(list[2].role, "reviewer");
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_same),
        t_test(t_work),
        t_test(t_later),
        t_test(t_elsewhere),
        t_test(t_elsewhere_twice),
        t_test(a_reference_within_the_site_goes_along),
        t_test(the_state_is_that_of_now),
        t_test(a_blueprint_comes_back_where_its_addresses_are_free),
        t_test(t_refused),
        t_test(people_come_back)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
