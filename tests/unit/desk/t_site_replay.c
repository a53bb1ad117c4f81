
/*
 * Copyright (C) ngx_gov authors
 *
 * What all commands share: an operation is applied once, refused ones leave
 * nothing, the journal holds bodies by name, and replayed into an empty
 * store it gives the same dump.
 */


#define _GNU_SOURCE         /* memmem() */

#include "desk/t_replay.h"


/* some of everything, bodies at two depths */

static void
t_history(t_store_t *t)
{
    t_do(t, "blueprint.put", "{'name': 'county', 'title': '县级门户', "
         "'columns': [{'id': 1, 'slug': 'tzgg', 'name': '通知公告', "
         "'kind': 'notice'}]}");
    t_city_do(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一号通知', 'body': '# 正文\\n\\n一', 'publish': true}");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'body': '# 正文\\n\\n二', "
         "'publish': true}");
    t_do(t, "doc.import", "{'site': '610402', 'column': 'tzgg', 'rows': ["
         "{'id': 'a', 'title': '甲', 'body_md': '甲的正文'},"
         "{'id': 'b', 'title': '', 'body_md': '没有标题'},"
         "{'id': 'c', 'title': '丙', 'body_md': '丙的正文'},"
         "{'id': 'd', 'title': '丁', 'body_md': '甲的正文'}]}");
    t_do(t, "site.mode", "{'site': '610402', 'mode': 'page'}");
    t_do(t, "site.import", "{'rows': [{'code': '610403', 'level': '3', "
         "'name': '杨陵区', 'parent_code': '6104', 'slug': 'yangling'},"
         "{'code': '99', 'level': '9', 'name': 'x'}]}");
    t_do(t, "site.move", "{'site': '610402001', 'parent': '610403'}");
    t_do(t, "policy.put", "{'name': 'domain', 'rules': [{'from': "
         "'2018-01-01', 'english': ['.gov.cn'], 'chinese': ['.政务']}]}");
    t_do(t, "site.suspend", "{'site': '610402', 'notice': '整改'}");
}


static void
t_replay(void **state)
{
    t_store_t  *t = *state;

    t_history(t);
    assert_true(t_dump(t, 0, 1).len > 4000);
    assert_int_equal(t_replayed(t), 12);
}


/* bodies of an entry's input whose names have so many digits */

static unsigned
t_names(gov_str_t input, size_t digits)
{
    u_char    *p, *end, *name;
    unsigned   n;

    n = 0;
    p = input.data;
    end = p + input.len;

    while ((p = memmem(p, (size_t) (end - p), "\"$body\":\"", 9)) != NULL) {
        name = p + 9;
        p = memchr(name, '"', (size_t) (end - name));
        assert_non_null(p);
        n += (size_t) (p - name) == digits;
    }

    return n;
}


static void
t_bodies(void **state)
{
    uint64_t          n, checked;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e;

    t_history(t);

    txn = t_begin(t, GOV_TXN_READ);

    for (n = 1; n <= gov_journal_head(txn); n++) {
        e = t_entry(t, txn, n);

        if (gov_str_is(e.command, "doc.create")) {
            assert_non_null(strstr(gov_str_c(t->arena, e.input),
                                   "\"body\":{\"$body\":\""));
            assert_non_null(strstr(gov_str_c(t->arena, e.input),
                                   "\"$site\":2}"));
            assert_null(strstr(gov_str_c(t->arena, e.input), "正文"));
        }

        if (gov_str_is(e.command, "doc.import")) {
            assert_non_null(strstr(gov_str_c(t->arena, e.input),
                                   "\"body_md\":{\"$body\":\""));
            assert_null(strstr(gov_str_c(t->arena, e.input), "正文"));
            /* what was refused stays, to be refused again */
            assert_non_null(strstr(gov_str_c(t->arena, e.input),
                                   "没有标题"));
        }
    }

    t_ok(gov_journal_verify(txn, 0, &checked, NULL, &t->err));
    assert_int_equal(checked, 12);

    gov_txn_end(&txn);
}


/* a journal that began in format 4, whose names of bodies are digests */

static void
t_bodies_by_digest(void **state)
{
    size_t            i;
    uint64_t          n;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e;

    static const struct {
        uint64_t  back;
        unsigned  old;
        unsigned  young;
    } rows[] = { { 2, 1, 0 }, { 1, 0, 1 }, { 0, 1, 1 } };

    t_by_digest = 1;
    t_history(t);
    t_by_digest = 0;

    t_do(t, "site.resume", "{'site': '610402'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '老正文', 'body': '甲的正文', 'publish': true}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '新正文', 'body': '新的正文', 'publish': true}");
    t_do(t, "doc.import", "{'site': '610402', 'column': 'tzgg', 'rows': ["
         "{'id': 'a', 'title': '甲', 'body_md': '甲的正文'},"
         "{'id': 'e', 'title': '戊', 'body_md': '戊的正文'}]}");

    txn = t_begin(t, GOV_TXN_READ);

    for (i = 0; i < t_rows(rows); i++) {
        n = gov_journal_head(txn) - rows[i].back;
        e = t_entry(t, txn, n);
        assert_int_equal(t_names(e.input, 2 * GOV_DIGEST_LEN), rows[i].old);
        assert_int_equal(t_names(e.input, 2 * GOV_BODY_NAME), rows[i].young);
    }

    gov_txn_end(&txn);

    assert_int_equal(t_replayed(t), 16);
}


/* what is refused now was taken once: it is taken again, and what was refused
 * is refused again */

static void
t_bodies_too_large_now(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_str_t     large;
    t_store_t    *t = *state;
    gov_value_t  *in, *rows, *row, *verdict;

    t_history(t);
    t_do(t, "site.resume", "{'site': '610402'}");
    large = t_body_of(t, GOV_BODY_PAGE_MAX + 1);

    in = t_json(t, "{'site': '610402', 'column': 'tzgg', 'title': '大'}");
    gov_put_str(t->arena, in, "body", large);
    op = t_op(t, "doc.create", in);
    t_rc(t_apply(t, &op, &verdict, &seq), GOV_INVALID);
    t_says(t, "正文做成网页后最多 1.25 MB");
    (void) t_do_large(t, "doc.create", in);

    in = t_json(t, "{'site': '610402', 'column': 'tzgg'}");
    rows = gov_put_list(t->arena, in, "rows");
    row = gov_add_map(t->arena, rows);
    gov_put_c(t->arena, row, "id", "x");
    gov_put_c(t->arena, row, "title", "大");
    gov_put_str(t->arena, row, "body_md", large);
    gov_add(rows, t_json(t, "{'id': 'y', 'title': '小', 'body_md': '小'}"));
    op = t_op(t, "doc.import", in);
    t_ok(t_apply(t, &op, &verdict, &seq));
    assert_non_null(strstr(gov_str_c(t->arena, t_text(t, verdict)),
                           "正文做成网页后最多 1.25 MB"));

    assert_int_equal(t_replayed(t), 15);
}


static void
t_once(void **state)
{
    gov_op_t      op;
    uint64_t      seq, seq2;
    t_store_t    *t = *state;
    gov_str_t     after;
    gov_value_t  *v, *v2;

    t_city_do(t);

    op = t_op(t, "site.set", t_json(t, "{'site': '6104', 'abbr': '咸'}"));
    t_ok(t_apply(t, &op, &v, &seq));
    after = t_dump(t, 0, 1);

    /* the same id again, later, even with another input */
    op.time += 1000000;
    op.input = t_json(t, "{'site': '6104', 'abbr': '阳'}");
    t_ok(t_apply(t, &op, &v2, &seq2));

    assert_int_equal(seq, 4);
    assert_int_equal(seq2, seq);
    assert_true(gov_str_eq(t_text(t, v), t_text(t, v2)));
    assert_true(gov_str_eq(after, t_dump(t, 0, 1)));
}


static void
t_doors(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_str_t     before;
    gov_value_t  *v;

    t_city_do(t);
    before = t_dump(t, 0, 1);

    op = t_op(t, "site.set", t_json(t, "{'site': '6104', 'abbr': '咸'}"));
    op.door = GOV_DOOR_WEB;
    t_rc(t_apply(t, &op, &v, &seq), GOV_DENIED);
    t_says(t, "site.edit");

    op = t_op(t, "site.set", t_json(t, "{'site': '6104', 'abbr': '咸'}"));
    op.dry_run = 1;
    t_ok(t_apply(t, &op, &v, &seq));
    assert_int_equal(seq, 0);
    t_str(gov_get_str(v, "code"), "610400000000");

    op = t_op(t, "site.import", t_json(t, "{'rows': [{'$body': 'x'}]}"));
    t_rc(t_apply(t, &op, &v, &seq), GOV_INVALID);
    t_says(t, "不能以“$”开头");

    assert_true(gov_str_eq(before, t_dump(t, 0, 1)));
}


/* which marks a command moves: pages elsewhere stay as they are */

static void
t_marks(void **state)
{
    unsigned    i;
    uint64_t    newest;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

    static struct {
        const char  *command;
        const char  *json;
        uint32_t     site;
        unsigned     slot;
        int          moves;
    } rows[] = {
        { "site.set", "{'site': '610402', 'icp': 'x'}", 2, GOV_SLOT_SITE, 1 },
        { "site.set", "{'site': '610402', 'icp': 'y'}", 1,
          GOV_SLOT_CHILDREN, 0 },
        { "site.set", "{'site': '610402', 'icp': 'z'}", 1, GOV_SLOT_SITE, 0 },
        { "site.set", "{'site': '610402', 'abbr': '秦'}", 1,
          GOV_SLOT_CHILDREN, 1 },
        { "site.suspend", "{'site': '610402', 'notice': 'x'}", 1,
          GOV_SLOT_CHILDREN, 1 },
        { "site.slug", "{'site': '610402001', 'slug': 'r'}", 2,
          GOV_SLOT_NAMES, 1 },
        { "site.slug", "{'site': '610402001', 'slug': 'r2'}", 3,
          GOV_SLOT_SITE, 1 },
        { "site.slug", "{'site': '610402001', 'slug': 'r3'}", 2,
          GOV_SLOT_SITE, 0 },
        { "site.slug", "{'site': '610402001', 'slug': 'r4'}", 1,
          GOV_SLOT_CHILDREN, 0 },
        { "blueprint.put", "{'name': 'county', 'title': 'x', 'columns': ["
          "{'id': 1, 'slug': 'a', 'name': 'a', 'kind': 'news'}]}", 0,
          GOV_SLOT_BLUEPRINT, 1 },
        { "policy.put", "{'name': 'gates', 'rules': [{'from': '2018-01-01', "
          "'gates': []}]}", 0, GOV_SLOT_POLICY, 1 },
        { "site.mode", "{'site': '610402001', 'mode': 'subsite', "
          "'host': 'r.test'}", 2, GOV_SLOT_NAMES, 1 }
    };

    t_city_do(t);

    for (i = 0; i < t_rows(rows); i++) {
        t_do(t, rows[i].command, rows[i].json);

        txn = t_begin(t, GOV_TXN_READ);
        t_ok(gov_marks_newest(txn, rows[i].site,
                              (uint64_t) 1 << rows[i].slot, &newest));

        if ((newest == gov_journal_head(txn)) != rows[i].moves) {
            fail_msg("row %u: %s, newest %u of %u", i, rows[i].command,
                     (unsigned) newest, (unsigned) gov_journal_head(txn));
        }

        gov_txn_end(&txn);
    }

    /* the last one's host in the hub */
    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_marks_newest(txn, GOV_HUB, (uint64_t) 1
             << gov_slot_host(gov_host_hash(gov_s("r.test"))), &newest));
    assert_int_equal(newest, gov_journal_head(txn));
    gov_txn_end(&txn);
}


/* rules of today, asked of who acts: what a journal says was done is done */

static void
rules_that_came_later_are_not_asked(void **state)
{
    unsigned      i;
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static const struct {
        const char  *command;
        const char  *json;
    } rows[] = {
        { "site.slug", "{'site': '610402', 'slug': 'qindu-'}" },
        { "blueprint.put", "{'name': 'county', 'title': 'x', 'columns': ["
          "{'id': 1, 'slug': 'tzgg', 'name': '甲', 'kind': 'notice'}, "
          "{'id': 2, 'parent': 1, 'slug': 'own', 'name': '乙', "
          "'kind': 'notice'}]}" },
        { "doc.edit", "{'doc': 1, 'base': 1, 'embargo': '2099-02-01'}" },
        { "doc.sign", "{'doc': 2}" }
    };

    t_do(t, "blueprint.put", "{'name': 'county', 'title': '县级门户', "
         "'columns': [{'id': 1, 'slug': 'tzgg', 'name': '通知公告', "
         "'kind': 'notice'}]}");
    t_city_do(t);
    t_do(t, "column.create", "{'site': '610402', 'parent': 'tzgg', "
         "'slug': 'own', 'name': '自设', 'kind': 'notice'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一', 'body': '文'}");
    t_do(t, "doc.schedule", "{'doc': 1, 'at': '2099-01-01'}");
    t_do(t, "site.set", "{'site': '610402', 'reviews': '1'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '二', 'body': '文'}");
    t_do(t, "doc.submit", "{'doc': 2}");
    t_do(t, "doc.pass", "{'doc': 2}");
    t_do(t, "site.set", "{'site': '610402', 'reviews': '2'}");

    for (i = 0; i < t_rows(rows); i++) {
        op = t_op(t, rows[i].command, t_json(t, rows[i].json));
        op.dry_run = 1;
        t_err_clear(t);

        if (t_apply(t, &op, &v, &seq) == GOV_OK) {
            fail_msg("%s is not refused", rows[i].command);
        }

        op.door = GOV_DOOR_REPLAY;
        op.again = 1;
        t_err_clear(t);
        t_rc(t_apply(t, &op, &v, &seq), GOV_OK);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_replay),
        t_test(t_bodies),
        t_test(t_bodies_by_digest),
        t_test(t_bodies_too_large_now),
        t_test(t_once),
        t_test(t_doors),
        t_test(rules_that_came_later_are_not_asked),
        t_test(t_marks)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
