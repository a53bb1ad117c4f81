
/*
 * Copyright (C) ngx_gov authors
 *
 * Files of a library: brought, held, replaced, put away; and made again from
 * the journal.
 */


#include <ctype.h>

#include "desk/t_doc_desk.h"
#include "desk/t_people_desk.h"


/* SHA-256 of "one", "two", "three", and no bytes' */
#define T_ONE                                                                 \
    "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
#define T_TWO                                                                 \
    "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
#define T_THREE                                                               \
    "8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f"
#define T_NONE                                                                \
    "44444444444444444444444444444444444444444444444444444444444444ff"


static void
t_library(t_store_t *t)
{
    u_char  digest[GOV_DIGEST_LEN];

    t_content_do(t);
    t_ok(gov_blob_put(t->base, gov_s("one"), digest, &t->err));
    t_ok(gov_blob_put(t->base, gov_s("two"), digest, &t->err));
    t_ok(gov_blob_put(t->base, gov_s("three"), digest, &t->err));

    t_do(t, "file.upload", "{'site': '610402', 'files': ["
         "{'name': '一.png', 'digest': '" T_ONE "', 'size': 3, "
         "'width': 900, 'height': 600, 'alt': '图', 'variants': ["
         "{'digest': '" T_TWO "', 'size': 3, 'width': 320, 'height': 213}]},"
         "{'name': '三.pdf', 'digest': '" T_THREE "', 'size': 5, "
         "'state': 'held', 'why': '等待扫描'},"
         "{'name': '毒.pdf', 'digest': '" T_NONE "', 'size': 5, "
         "'state': 'refused', 'why': '病毒'}]}");
}


static gov_file_rec_t
t_file(t_store_t *t, const char *hex, int *is_public)
{
    gov_txn_t       *txn;
    gov_file_rec_t   f;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_file_get(txn, t->arena, t_site(t, txn, "610402").id,
                      gov_str_of(hex), t_now, &f, is_public));
    gov_rec_own(t->arena, &gov_rec_file, &f);
    gov_txn_end(&txn);

    return f;
}


static int
t_seen(t_store_t *t, const char *hex)
{
    int  is_public;

    (void) t_file(t, hex, &is_public);

    return is_public;
}


/* rows of a table of the site, or of the hub */

static unsigned
t_count(t_store_t *t, const char *code, gov_table_t table)
{
    unsigned     n;
    gov_key_t    k;
    gov_txn_t   *txn;
    gov_scan_t   sc;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_scan_open(&sc, gov_handle(txn, *code ? t_site(t, txn, code).id
                                                  : GOV_HUB),
                       table, gov_key(&k), GOV_FORWARD));

    for (n = 0; gov_scan_next(&sc, t->arena, NULL) == GOV_OK; n++) {
        /* void */
    }

    gov_scan_close(&sc);
    gov_txn_end(&txn);

    return n;
}


static void
what_is_held_or_refused_is_never_public(void **state)
{
    t_store_t  *t = *state;

    t_library(t);

    assert_int_equal(t_seen(t, T_ONE), 1);
    assert_int_equal(t_seen(t, T_TWO), 1);
    assert_int_equal(t_seen(t, T_THREE), 0);
    assert_int_equal(t_seen(t, T_NONE), 0);
    assert_int_equal(t_count(t, "", GOV_T_HELD), 1);

    t_inner(t, "file.settle", "{'site': '610402', 'digest': '" T_THREE "', "
         "'state': 'ok'}");
    assert_int_equal(t_seen(t, T_THREE), 1);
    assert_int_equal(t_count(t, "", GOV_T_HELD), 0);

    t_never(t, GOV_DENIED, "doc.create", "{'site': '610402', "
            "'column': 'xxgk/tzgg', 'title': '一', 'body': '文', "
            "'attachments': ['" T_NONE "']}", "已被拒绝");
}


static void
who_only_names_bytes_brings_no_file(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_content_do(t);

    t_never(t, GOV_NOT_FOUND, "file.upload", "{'site': '610402', 'files': ["
            "{'name': 'a.pdf', 'digest': '" T_NONE "', 'size': 5}]}",
            "没有上传过");
    t_never(t, GOV_INVALID, "file.upload", "{'site': '610402', 'files': ["
            "{'name': '../a.pdf', 'digest': '" T_NONE "', 'size': 5, "
            "'state': 'refused'}]}", "文件名");
    t_never(t, GOV_INVALID, "file.upload", "{'site': '610402', 'files': ["
            "{'name': 'a.pdf', 'digest': '" T_NONE "', 'size': 5, "
            "'state': 'fine'}]}", "状态");

    op = t_op(t, "file.settle", t_json(t, "{'site': '610402', 'digest': '"
              T_NONE "', 'state': 'ok'}"));
    op.door = GOV_DOOR_CTL;
    t_rc(t_apply(t, &op, &v, &seq), GOV_DENIED);
}


static void
a_replaced_file_follows_its_documents(void **state)
{
    gov_str_t        hex;
    gov_txn_t       *txn;
    t_store_t       *t = *state;
    gov_file_rec_t   f;

    t_library(t);
    t_inner(t, "file.settle", "{'site': '610402', 'digest': '" T_THREE "', "
         "'state': 'ok'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '![图](/files/" T_TWO "/一.png)'}");
    assert_int_equal(t_seen(t, T_ONE), 0);
    assert_int_equal(t_seen(t, T_TWO), 0);

    t_do(t, "doc.publish", "{'doc': 1}");
    assert_int_equal(t_seen(t, T_ONE), 1);

    t_never(t, GOV_DENIED, "file.replace", "{'site': '610402', 'digest': '"
            T_ONE "', 'with': '" T_NONE "'}", "还不能使用");
    t_never(t, GOV_INVALID, "file.replace", "{'site': '610402', 'digest': '"
            T_ONE "', 'with': '" T_ONE "'}", "同一个");
    t_never(t, GOV_NOT_FOUND, "file.replace", "{'site': '610403', "
            "'digest': '" T_ONE "', 'with': '" T_THREE "'}", "没有这个文件");

    t_do(t, "file.replace", "{'site': '610402', 'digest': '" T_ONE "', "
         "'with': '" T_THREE "'}");
    t_never(t, GOV_CONFLICT, "file.replace", "{'site': '610402', "
            "'digest': '" T_ONE "', 'with': '" T_THREE "'}", "已被别的文件");
    assert_int_equal(t_seen(t, T_THREE), 1);

    txn = t_begin(t, GOV_TXN_READ);
    hex = gov_s(T_TWO);
    t_ok(gov_file_now(txn, t->arena, t_site(t, txn, "610402").id, &hex, &f));
    t_str(hex, T_THREE);
    t_str(f.alt, "图");
    gov_txn_end(&txn);

    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '错'}");
    assert_int_equal(t_seen(t, T_THREE), 0);

    /* and back */
    t_do(t, "file.replace", "{'site': '610402', 'digest': '" T_THREE "', "
         "'with': '" T_ONE "'}");
    t_do(t, "doc.publish", "{'doc': 1}");
    assert_int_equal(t_seen(t, T_ONE), 1);

    txn = t_begin(t, GOV_TXN_READ);
    hex = gov_s(T_THREE);
    t_ok(gov_file_now(txn, t->arena, t_site(t, txn, "610402").id, &hex, &f));
    t_str(hex, T_ONE);
    gov_txn_end(&txn);
}


static void
the_bin_keeps_what_is_named_somewhere(void **state)
{
    unsigned    before;
    t_store_t  *t = *state;

    t_library(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'attachments': ['" T_ONE "'], "
         "'publish': true}");
    t_never(t, GOV_CONFLICT, "file.remove", "{'site': '610402', "
            "'digest': '" T_ONE "'}", "仍被 1 件文档使用（1）");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'attachments': [], "
         "'publish': true}");

    before = t_count(t, "610402", GOV_T_SHELVES);
    t_do(t, "file.remove", "{'site': '610402', 'digest': '" T_ONE "'}");
    assert_int_equal(t_count(t, "", GOV_T_BIN), 1);
    assert_int_equal(t_count(t, "610402", GOV_T_SHELVES), before - 1);
    t_never(t, GOV_CONFLICT, "file.remove", "{'site': '610402', "
            "'digest': '" T_ONE "'}", "已在回收站");
    t_inner_no(t, GOV_CONFLICT, "file.purge", "{'site': '610402', "
            "'digest': '" T_ONE "'}", "仍被");
    t_inner_no(t, GOV_DENIED, "file.purge", "{'site': '610402', "
            "'digest': '" T_NONE "'}", "回收站");

    t_do(t, "file.restore", "{'site': '610402', 'digest': '" T_ONE "'}");
    assert_int_equal(t_count(t, "610402", GOV_T_SHELVES), before);
    assert_int_equal(t_count(t, "", GOV_T_BIN), 0);
    t_never(t, GOV_CONFLICT, "file.restore", "{'site': '610402', "
            "'digest': '" T_ONE "'}", "不在回收站");

    t_do(t, "file.remove", "{'site': '610402', 'digest': '" T_NONE "'}");
    t_inner(t, "file.purge", "{'site': '610402', 'digest': '" T_NONE "'}");
    t_never(t, GOV_NOT_FOUND, "file.set", "{'site': '610402', "
            "'digest': '" T_NONE "', 'alt': 'x'}", "没有这个文件");
    assert_int_equal(t_count(t, "", GOV_T_BIN), 0);
}


static void
a_name_and_words_may_change(void **state)
{
    int              is_public;
    t_store_t       *t = *state;
    gov_file_rec_t   f;

    t_library(t);
    t_do(t, "file.set", "{'site': '610402', 'digest': '" T_ONE "', "
         "'name': '新.png', 'alt': '新的图'}");
    t_do(t, "file.set", "{'site': '610402', 'digest': '" T_ONE "', "
         "'name': '一.png'}");
    f = t_file(t, T_ONE, &is_public);
    t_str(f.name, "一.png");
    t_str(f.alt, "新的图");
    assert_int_equal(f.names->n, 2);

    t_never(t, GOV_INVALID, "file.set", "{'site': '610402', 'digest': '"
            T_ONE "', 'name': '新.pdf'}", "后缀");
    t_never(t, GOV_INVALID, "file.set", "{'site': '610402', 'digest': '"
            T_ONE "', 'name': 'a/b.png'}", "文件名");
    t_never(t, GOV_INVALID, "file.set", "{'site': '610402', 'digest': '"
            T_ONE "', 'decorative': true}", "二者选一");
    t_never(t, GOV_NOT_FOUND, "file.set", "{'site': '610402', 'digest': '"
            T_TWO "', 'alt': 'x'}", "没有这个文件");
}


/* the same bytes again: what a scan found once holds, a refusal too */

static void
bytes_that_come_again_are_what_is_known_of_them(void **state)
{
    int              is_public;
    t_store_t       *t = *state;
    gov_file_rec_t   f;

    t_library(t);
    t_do(t, "file.upload", "{'site': '610402', 'files': ["
         "{'name': '一.png', 'digest': '" T_ONE "', 'size': 3, "
         "'state': 'held', 'why': '等待'}]}");
    f = t_file(t, T_ONE, &is_public);
    assert_int_equal(f.state, GOV_FILE_OK);
    assert_int_equal(is_public, 1);
    t_str(f.alt, "图");

    t_do(t, "file.upload", "{'site': '610402', 'files': ["
         "{'name': '一.png', 'digest': '" T_ONE "', 'size': 3, "
         "'state': 'refused', 'why': '新特征'}]}");
    assert_int_equal(t_seen(t, T_ONE), 0);

    /* a smaller form brought for itself is a file of its own */
    t_do(t, "file.upload", "{'site': '610402', 'files': ["
         "{'name': '二.png', 'digest': '" T_TWO "', 'size': 3}]}");
    assert_int_equal(t_seen(t, T_TWO), 1);
}


/* a name is part of what pages show: it stays, and both lead to the bytes */

static void
bytes_under_another_name_keep_the_first(void **state)
{
    int              is_public;
    u_char           four[GOV_DIGEST_LEN];
    const char      *small;
    t_store_t       *t = *state;
    gov_value_t     *v;
    gov_file_rec_t   f;

    t_library(t);
    v = t_do(t, "file.upload", "{'site': '610402', 'files': ["
             "{'name': 'b.png', 'digest': '" T_ONE "', 'size': 3}]}");
    t_str(gov_get_str(gov_member(v, "files")->u.first, "name"), "一.png");

    f = t_file(t, T_ONE, &is_public);
    t_str(f.name, "一.png");
    assert_int_equal(f.names->n, 1);
    t_str(f.names->u.first->u.s, "b.png");
    assert_int_equal(f.variants->n, 1);
    assert_int_equal(f.width, 900);

    /* what the new name's ending says is not what it is given out as */

    v = t_do(t, "file.add", "{'site': '610402', 'name': 'b.pdf', "
             "'digest': '" T_ONE "', 'size': 3}");
    assert_null(strstr(gov_str_c(t->arena, gov_get_str(v, "url")), "b.pdf"));
    t_str(t_file(t, T_ONE, &is_public).type, "image/png");

    /* a variant is asked for under the name that its original has */

    t_ok(gov_blob_put(t->base, gov_s("four"), four, &t->err));
    small = gov_str_c(t->arena, gov_hex_str(t->arena, four, sizeof(four)));
    t_do(t, "file.upload", gov_str_c(t->arena, gov_str_fmt(t->arena,
         "{'site': '610402', 'files': [{'name': 'c.png', 'digest': '" T_ONE
         "', 'size': 3, 'variants': [{'digest': '%s', 'size': 4, "
         "'width': 320, 'height': 213}]}]}", small)));
    t_str(t_file(t, small, &is_public).name, "一.png");
    t_str(t_file(t, T_ONE, &is_public).name, "一.png");
}


/* the same again and again: the record does not grow without end */

static void
names_that_are_brought_have_an_end(void **state)
{
    int              i, is_public;
    t_store_t       *t = *state;
    gov_file_rec_t   f;

    t_library(t);

    for (i = 0; i < 110; i++) {
        t_do(t, "file.add", gov_str_c(t->arena, gov_str_fmt(t->arena,
             "{'site': '610402', 'name': '%d.png', 'digest': '" T_ONE "', "
             "'size': 3}", i)));
    }

    f = t_file(t, T_ONE, &is_public);
    t_str(f.name, "一.png");
    assert_int_equal(f.names->n, 100);
}


/* a document names the old one, and shows the new one */

static void
a_new_document_is_of_what_stands_in_place(void **state)
{
    int              is_public;
    t_store_t       *t = *state;
    gov_file_rec_t   f;

    t_library(t);
    t_inner(t, "file.settle", "{'site': '610402', 'digest': '" T_THREE "', "
         "'state': 'ok'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'attachments': ['" T_THREE "']}");
    t_do(t, "file.replace", "{'site': '610402', 'digest': '" T_ONE "', "
         "'with': '" T_THREE "'}");
    assert_int_equal(t_seen(t, T_THREE), 0);

    /* by a variant, which is of the old one */

    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '二', 'body': '![图](/files/" T_TWO "/一.png)', "
         "'publish': true}");
    f = t_file(t, T_THREE, &is_public);
    assert_int_equal(f.docs->n, 2);
    assert_int_equal(is_public, 1);
    t_never(t, GOV_CONFLICT, "file.remove", "{'site': '610402', "
            "'digest': '" T_THREE "'}", "仍被 2 件文档使用（1、2）");

    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '三', 'body': '文', 'attachments': ['" T_ONE "']}");
    t_do(t, "doc.edit", "{'doc': 3, 'base': 1, 'title': '叁'}");
    assert_int_equal(t_file(t, T_ONE, &is_public).docs->n, 2);
    assert_int_equal(t_file(t, T_THREE, &is_public).docs->n, 3);
}


static void
t_not_changed(t_store_t *t, const char *words)
{
    t_never(t, GOV_CONFLICT, "file.replace", "{'site': '610402', "
            "'digest': '" T_ONE "', 'with': '" T_THREE "'}", words);
    t_never(t, GOV_CONFLICT, "file.upload", "{'site': '610402', "
            "'replace': '" T_ONE "', 'files': [{'name': '三.pdf', "
            "'digest': '" T_THREE "', 'size': 5}]}", words);
    t_never(t, GOV_CONFLICT, "file.set", "{'site': '610402', "
            "'digest': '" T_ONE "', 'name': '新.png'}", words);
}


/* reviewers passed what they saw */

static void
what_was_judged_keeps_its_files(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_library(t);
    t_inner(t, "file.settle", "{'site': '610402', 'digest': '" T_THREE "', "
         "'state': 'ok'}");
    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'reviews': '1'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'attachments': ['" T_ONE "']}");
    t_do(t, "file.set", "{'site': '610402', 'digest': '" T_ONE "', "
         "'name': '壹.png'}");

    t_do(t, "doc.submit", "{'doc': 1}");
    t_not_changed(t, "文档 1 送审");
    t_do(t, "file.set", "{'site': '610402', 'digest': '" T_ONE "', "
         "'name': '壹.png', 'alt': '图'}");
    t_do(t, "doc.pass", "{'doc': 1}");
    t_not_changed(t, "文档 1 送审");

    /* what a journal says was done before this was refused */

    op = t_op(t, "file.replace", t_json(t, "{'site': '610402', 'digest': '"
              T_ONE "', 'with': '" T_THREE "'}"));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_rc(t_apply(t, &op, &v, &seq), GOV_OK);

    /* a working copy that leaves it out, and one that names it */

    t_do(t, "doc.sign", "{'doc': 1}");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'attachments': []}");
    t_do(t, "doc.submit", "{'doc': 1}");
    t_do(t, "file.set", "{'site': '610402', 'digest': '" T_ONE "', "
         "'name': '一.png'}");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 2, 'attachments': ['" T_ONE
         "']}");
    t_do(t, "doc.submit", "{'doc': 1}");
    t_not_changed(t, "文档 1 送审");

    t_do(t, "doc.reject", "{'doc': 1, 'reason': '错'}");
    t_do(t, "file.replace", "{'site': '610402', 'digest': '" T_ONE "', "
         "'with': '" T_THREE "'}");
}


/* an older version may be the one that is judged */

static void
a_judged_version_need_not_be_the_last(void **state)
{
    t_store_t  *t = *state;

    t_library(t);
    t_inner(t, "file.settle", "{'site': '610402', 'digest': '" T_THREE "', "
         "'state': 'ok'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'attachments': ['" T_ONE "']}");
    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'attachments': []}");
    t_do(t, "doc.submit", "{'doc': 1, 'version': 1}");
    t_not_changed(t, "文档 1 送审");
    t_never(t, GOV_CONFLICT, "file.remove", "{'site': '610402', "
            "'digest': '" T_ONE "'}", "仍被 1 件文档使用（1）");
}


/* the stamp says that this version may be seen */

static void
what_is_stamped_keeps_its_files(void **state)
{
    t_store_t  *t = *state;

    t_library(t);
    t_inner(t, "file.settle", "{'site': '610402', 'digest': '" T_THREE "', "
         "'state': 'ok'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '一', 'body': '文', 'attachments': ['" T_ONE "']}");
    t_do(t, "doc.secrecy", "{'doc': 1}");
    t_not_changed(t, "文档 1 送审");

    t_do(t, "doc.edit", "{'doc': 1, 'base': 1, 'attachments': [], "
         "'publish': true}");
    t_do(t, "file.replace", "{'site': '610402', 'digest': '" T_ONE "', "
         "'with': '" T_THREE "'}");
}


/* a public page with a picture, in a library of people */

static void
t_shown(t_store_t *t)
{
    u_char  digest[GOV_DIGEST_LEN];

    t_people_do(t);
    t_do(t, "user.create", "{'login': 'both', 'name': '编发', "
         "'role': 'clerk', 'site': '610402', 'secret': 'x'}");
    t_do(t, "user.grant", "{'user': 'both', 'role': 'publisher', "
         "'site': '610402'}");
    t_ok(gov_blob_put(t->base, gov_s("one"), digest, &t->err));
    t_ok(gov_blob_put(t->base, gov_s("two"), digest, &t->err));
    t_ok(gov_blob_put(t->base, gov_s("three"), digest, &t->err));
    t_do(t, "file.upload", "{'site': '610402', 'files': ["
         "{'name': '一.png', 'digest': '" T_ONE "', 'size': 3}, "
         "{'name': '二.png', 'digest': '" T_TWO "', 'size': 3}, "
         "{'name': '三.png', 'digest': '" T_THREE "', 'size': 5}]}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一', 'body': '文', 'attachments': ['" T_ONE "'], "
         "'publish': true}");
}


static void
who_cannot_publish_renames_nothing_public(void **state)
{
    int         is_public;
    t_store_t  *t = *state;

    t_shown(t);
    t_as_no(t, "clerk", GOV_DENIED, "file.set", "{'site': '610402', "
            "'digest': '" T_ONE "', 'name': '新.png'}", "doc.publish");
    t_str(t_file(t, T_ONE, &is_public).name, "一.png");
    t_as(t, "clerk", "file.set", "{'site': '610402', 'digest': '" T_ONE "', "
         "'name': '一.png', 'alt': '图'}");
    t_as(t, "clerk", "file.set", "{'site': '610402', 'digest': '" T_TWO "', "
         "'name': '贰.png'}");
    t_as(t, "both", "file.set", "{'site': '610402', 'digest': '" T_ONE "', "
         "'name': '新.png'}");
    t_str(t_file(t, T_ONE, &is_public).name, "新.png");
}


/* what was replaced comes back where it is put in the place of any file */

static void
who_cannot_publish_brings_nothing_back(void **state)
{
    t_store_t  *t = *state;

    t_shown(t);
    t_as_no(t, "clerk", GOV_DENIED, "file.replace", "{'site': '610402', "
            "'digest': '" T_ONE "', 'with': '" T_TWO "'}", "doc.publish");
    t_as(t, "both", "file.replace", "{'site': '610402', 'digest': '" T_ONE
         "', 'with': '" T_TWO "'}");
    t_as_no(t, "clerk", GOV_DENIED, "file.replace", "{'site': '610402', "
            "'digest': '" T_THREE "', 'with': '" T_ONE "'}", "doc.publish");
    t_as(t, "both", "file.replace", "{'site': '610402', 'digest': '" T_THREE
         "', 'with': '" T_ONE "'}");
}


/* JSON with a digest in capitals */

static const char *
t_capitals(t_store_t *t, const char *format, const char *hex)
{
    size_t     i;
    gov_str_t  s;

    s = gov_str_copy(t->arena, gov_str_of(hex));

    for (i = 0; i < s.len; i++) {
        s.data[i] = (u_char) toupper(s.data[i]);
    }

    return gov_str_c(t->arena, gov_str_fmt(t->arena, format, gov_strf(s)));
}


static void
a_digest_in_capitals_is_no_way_around(void **state)
{
    unsigned      i;
    t_store_t    *t = *state;
    gov_value_t  *file;

    static const char  *hex[] = { T_TWO, T_THREE };
    static const char  *forms[] = {
        "{'site': '610402', 'column': 'tzgg', 'title': '二', 'body': '文', "
        "'attachments': ['%.*s'], 'publish': true}",
        "{'site': '610402', 'column': 'tzgg', 'title': '三', 'body': "
        "'[图](/files/%.*s/三.png)', 'publish': true}"
    };

    t_shown(t);

    for (i = 0; i < t_rows(forms); i++) {
        t_do(t, "doc.create", t_capitals(t, forms[i], hex[i]));
        assert_int_equal(t_seen(t, hex[i]), 1);
        t_as_no(t, "clerk", GOV_CONFLICT, "file.remove", t_capitals(t,
                "{'site': '610402', 'digest': '%.*s'}", hex[i]), "仍被");
        t_as_no(t, "clerk", GOV_DENIED, "file.replace", t_capitals(t,
                "{'site': '610402', 'digest': '%.*s', 'with': '" T_ONE
                "'}", hex[i]), "doc.publish");
    }

    file = t_doc_of(t, 2).rec.files->u.first;
    t_str(gov_get_str(file, "digest"), T_TWO);
}


static const char *
t_logo(t_store_t *t, const char *hex, const char *name)
{
    return gov_str_c(t->arena, gov_str_fmt(t->arena, "{'site': '610402', "
                     "'logo': '%s/%s', 'logo_alt': '徽'}", hex, name));
}


/* a logo is public, so that it must not make a draft's picture so */

static void
a_logo_is_a_picture_that_is_public_already(void **state)
{
    u_char          digest[GOV_DIGEST_LEN];
    gov_op_t        op;
    uint64_t        seq;
    t_store_t      *t = *state;
    const char     *four;
    gov_value_t    *v;

    t_shown(t);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '二', 'body': '文', 'attachments': ['" T_TWO "']}");
    t_never(t, GOV_DENIED, "site.set", t_logo(t, T_TWO, "二.png"),
            "还没有公开");
    assert_int_equal(t_seen(t, T_TWO), 0);

    t_do(t, "file.remove", "{'site': '610402', 'digest': '" T_THREE "'}");
    t_never(t, GOV_DENIED, "site.set", t_logo(t, T_THREE, "三.png"),
            "还没有公开");

    t_ok(gov_blob_put(t->base, gov_s("four"), digest, &t->err));
    four = gov_str_c(t->arena, gov_hex_str(t->arena, digest,
                                           sizeof(digest)));
    t_do(t, "file.add", gov_str_c(t->arena, gov_str_fmt(t->arena,
         "{'site': '610402', 'name': '四.pdf', 'digest': '%s', 'size': 4}",
         four)));
    t_never(t, GOV_INVALID, "site.set", t_logo(t, four, "四.png"), "图片");

    /* a journal may say that it was done */

    op = t_op(t, "site.set", t_json(t, t_logo(t, T_TWO, "二.png")));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_rc(t_apply(t, &op, &v, &seq), GOV_OK);

    /* on a public page, of no document, and what it is already */

    t_do(t, "site.set", t_logo(t, T_ONE, "一.png"));
    t_do(t, "file.restore", "{'site': '610402', 'digest': '" T_THREE "'}");
    t_do(t, "site.set", t_logo(t, T_THREE, "三.png"));
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '三', 'body': '文', 'attachments': ['" T_THREE "']}");
    t_do(t, "site.set", t_logo(t, T_THREE, "三.png"));
}


/* each page of the site shows it */

static void
t_logo_holds(t_store_t *t, const char *hex)
{
    gov_op_t      op;
    uint64_t      seq;
    const char   *remove;
    gov_value_t  *v;

    remove = gov_str_c(t->arena, gov_str_fmt(t->arena,
             "{'site': '610402', 'digest': '%s'}", hex));

    t_never(t, GOV_CONFLICT, "file.remove", remove, "本站的标志");

    op = t_op(t, "file.remove", t_json(t, remove));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_rc(t_apply(t, &op, &v, &seq), GOV_OK);

    t_do(t, "site.set", "{'site': '610402', 'logo': ''}");
    op.door = GOV_DOOR_CTL;
    op.again = 0;
    t_rc(t_apply(t, &op, &v, &seq), GOV_OK);
}


static void
a_logo_stays_until_there_is_another(void **state)
{
    t_store_t  *t = *state;

    t_library(t);
    t_do(t, "site.set", t_logo(t, T_ONE, "一.png"));
    t_logo_holds(t, T_ONE);

    /* a form of it */
    t_do(t, "site.set", t_logo(t, T_TWO, "一.png"));
    t_logo_holds(t, T_ONE);
}


static void
what_took_a_logos_place_stays_too(void **state)
{
    t_store_t  *t = *state;

    t_shown(t);
    t_do(t, "site.set", t_logo(t, T_TWO, "二.png"));
    t_do(t, "file.replace", "{'site': '610402', 'digest': '" T_TWO "', "
         "'with': '" T_THREE "'}");
    t_logo_holds(t, T_THREE);
}


static void
the_journal_makes_it_again(void **state)
{
    gov_op_t          op;
    uint64_t          n, seq, head;
    gov_txn_t        *from;
    t_store_t        *t = *state, other;
    gov_str_t         want, got;
    gov_store_t      *first;
    gov_value_t      *verdict;
    gov_entry_rec_t   e;

    t_library(t);
    t_inner(t, "file.settle", "{'site': '610402', 'digest': '" T_THREE "', "
         "'state': 'ok'}");
    t_do(t, "file.replace", "{'site': '610402', 'digest': '" T_ONE "', "
         "'with': '" T_THREE "'}");
    t_do(t, "file.set", "{'site': '610402', 'digest': '" T_THREE "', "
         "'name': '叁.pdf'}");
    t_do(t, "file.remove", "{'site': '610402', 'digest': '" T_THREE "'}");
    t_do(t, "file.restore", "{'site': '610402', 'digest': '" T_THREE "'}");
    t_do(t, "file.remove", "{'site': '610402', 'digest': '" T_NONE "'}");
    t_inner(t, "file.purge", "{'site': '610402', 'digest': '" T_NONE "'}");

    want = t_dump(t, 0, 1);
    first = t->store;

    memset(&other, 0, sizeof(t_store_t));
    (void) snprintf(other.dir, sizeof(other.dir), "%s/again", t->base);
    other.conf = t->conf;
    other.conf.dir = other.dir;
    t_ok(gov_store_open(&other.conf, &other.store, &t->err));

    from = t_begin(t, GOV_TXN_READ);
    head = gov_journal_head(from);

    for (n = 1; n <= head; n++) {
        t_ok(gov_journal_get(from, t->arena, n, &e));
        gov_rec_own(t->arena, &gov_rec_entry, &e);
        t_ok(gov_desk_replay_op(from, t->arena, &e, &op, &t->err));

        t->store = other.store;
        t_ok(t_apply(t, &op, &verdict, &seq));
        t->store = first;
    }

    gov_txn_end(&from);

    t->store = other.store;
    got = t_dump(t, 0, 1);
    gov_store_close(&t->store);
    t->store = first;

    t_str(got, gov_str_c(t->arena, want));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(what_is_held_or_refused_is_never_public),
        t_test(who_only_names_bytes_brings_no_file),
        t_test(a_replaced_file_follows_its_documents),
        t_test(the_bin_keeps_what_is_named_somewhere),
        t_test(a_name_and_words_may_change),
        t_test(bytes_that_come_again_are_what_is_known_of_them),
        t_test(bytes_under_another_name_keep_the_first),
        t_test(names_that_are_brought_have_an_end),
        t_test(a_new_document_is_of_what_stands_in_place),
        t_test(what_was_judged_keeps_its_files),
        t_test(a_judged_version_need_not_be_the_last),
        t_test(what_is_stamped_keeps_its_files),
        t_test(who_cannot_publish_renames_nothing_public),
        t_test(who_cannot_publish_brings_nothing_back),
        t_test(a_digest_in_capitals_is_no_way_around),
        t_test(a_logo_is_a_picture_that_is_public_already),
        t_test(a_logo_stays_until_there_is_another),
        t_test(what_took_a_logos_place_stays_too),
        t_test(the_journal_makes_it_again)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
