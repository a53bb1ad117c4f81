
/*
 * Copyright (C) ngx_gov authors
 *
 * Every command on content with the n-th store call failing.
 */


#include "desk/t_doc_desk.h"
#include "desk/t_fault.h"


#define T_BLOB  "%PDF-1.4"

/* its SHA-256 */
#define T_HEX                                                                 \
    "e16fa5d9b51928755db85b917f0297babaf22c7a47e97d9212adab56e61ba04e"

/* an image's, a smaller form's, and of one that is refused */
#define T_BLOB2  "\x89PNG"
#define T_HEX2                                                                \
    "0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543"
#define T_BLOB3  "png"
#define T_HEX3                                                                \
    "8f8cbb7dcf46e0bc7d53265749a6c17d116093a6ba95e442764060c76fd4a86c"
#define T_HEX4                                                                \
    "44444444444444444444444444444444444444444444444444444444444444ff"

static struct {
    const char  *command;
    const char  *json;
} t_commands[] = {
    { "column.create", "{'site': '610402', 'slug': 'zdly', "
      "'name': '重点领域', 'parent': 'xxgk'}" },
    { "column.set", "{'site': '610402', 'column': 'xxgk/zdly', "
      "'parent': '/', 'slug': 'zd'}" },
    { "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
      "'name': '公告'}" },
    { "column.remove", "{'site': '610402', 'column': 'zd'}" },
    { "column.remove", "{'site': '610403', 'column': 'xxgk/gfxwj'}" },
    { "file.add", "{'site': '610402', 'name': 'a.pdf', 'digest': '" T_HEX
      "', 'size': 8}" },
    { "file.upload", "{'site': '610402', 'files': [{'name': 'b.png', "
      "'digest': '" T_HEX2 "', 'size': 8, 'width': 400, 'height': 400, "
      "'alt': '图', 'variants': [{'digest': '" T_HEX3 "', 'size': 8, "
      "'width': 320, 'height': 320}]}, {'name': 'c.pdf', 'digest': '" T_HEX4
      "', 'size': 9, 'state': 'refused', 'why': '病毒'}], "
      "'refused': [{'name': 'x.exe', 'why': '类型'}]}" },
    { "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
      "'title': '一', 'body': '图 ![a](/files/" T_HEX "/a.pdf)', "
      "'attachments': ['" T_HEX "'], 'source_id': 's1', "
      "'expires': '2027-01-01', 'publish': true}" },
    { "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
      "'title': '二', 'body': '文'}" },
    { "doc.edit", "{'doc': 2, 'base': 1, 'body': '新文', 'interprets': 1, "
      "'replaces': 1, 'publish': true}" },
    { "doc.edit", "{'doc': 2, 'base': 2, 'body': '再新', 'interprets': 0, "
      "'replaces': 0}" },
    { "doc.publish", "{'doc': 2}" },
    { "doc.refer", "{'site': '610402', 'source_id': 's1', "
      "'to': ['6104/xxgk/gfxwj', '610403/xxgk/tzgg']}" },
    { "doc.expire", "{'doc': 1, 'at': '2028-01-01'}" },
    { "doc.move", "{'doc': 1, 'column': 'xxgk/gfxwj'}" },
    { "column.set", "{'site': '610402', 'column': 'xxgk/gfxwj', "
      "'before': 'xxgk/tzgg'}" },
    { "doc.unrefer", "{'doc': 1, 'from': '6104/xxgk/gfxwj'}" },
    { "doc.withdraw", "{'doc': 1, 'reason': '有误', 'replacement': 2}" },
    { "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
      "'title': '三', 'body': '文'}" },
    { "doc.schedule", "{'doc': 3, 'at': '2027-01-01'}" },
    { "release.create", "{'doc': 3, 'to': ['6104/xxgk/tzgg', "
      "'610402/xxgk/tzgg']}" },
    { "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', 'rows': ["
      "{'id': 'a', 'title': '甲', 'body_md': '甲文', "
      "'attachments': ['" T_HEX "']},"
      "{'id': 'b', 'title': '', 'body_md': '没有标题'},"
      "{'id': 'c', 'title': '丙', 'body_html': '<p>丙', "
      "'interprets_id': 'a', 'site': '610402'},"
      "{'id': 'd', 'title': '丁', 'body_md': '文', 'interprets': 99}]}" },
    { "doc.import", "{'site': '610402', 'column': 'xxgk/tzgg', 'rows': ["
      "{'id': 'a', 'title': '甲二', 'body_md': '甲文'},"
      "{'id': 'c', 'title': '丙', 'body_html': '<p>丙', "
      "'interprets_id': 'a'}]}" },
    { "file.set", "{'site': '610402', 'digest': '" T_HEX2 "', "
      "'name': '新.png', 'alt': '新图'}" },
    { "file.settle", "{'site': '610402', 'digest': '" T_HEX2 "', "
      "'state': 'held', 'why': '等待'}" },
    { "file.settle", "{'site': '610402', 'digest': '" T_HEX2 "', "
      "'state': 'ok'}" },
    { "file.replace", "{'site': '610402', 'digest': '" T_HEX "', "
      "'with': '" T_HEX2 "'}" },
    { "file.replace", "{'site': '610402', 'digest': '" T_HEX2 "', "
      "'with': '" T_HEX "'}" },
    { "file.remove", "{'site': '610402', 'digest': '" T_HEX4 "'}" },
    { "file.restore", "{'site': '610402', 'digest': '" T_HEX4 "'}" },
    { "file.remove", "{'site': '610402', 'digest': '" T_HEX4 "'}" },
    { "file.purge", "{'site': '610402', 'digest': '" T_HEX4 "'}" },
    { "file.gather", "{'site': '610402', 'digests': ['" T_HEX "'], "
      "'all': true}" },
    { "file.settle", "{'site': '610402', 'digest': '" T_HEX2 "', "
      "'state': 'refused', 'why': '病毒'}" },
    { "file.forget", "{'files': [{'digest': '" T_HEX2 "', 'number': 1}]}" },
    { "banner.set", "{'title': '暴雨', 'site': '610402'}" },
    { "banner.set", "{'title': '大雨', 'id': 1}" },
    { "banner.clear", "{'id': 1}" },
    { "link.share", "{'site': '6104', 'group': 'bm', 'title': '部门', "
      "'links': [{'title': 'x', 'url': 'http://x.cn/'}, "
      "{'site': '610403'}]}" },
    { "link.take", "{'site': '610402', 'from': '6104', 'group': 'bm'}" },
    { "link.share", "{'site': '6104', 'group': 'bm', 'title': '部门二', "
      "'links': [{'title': 'x', 'url': 'http://x.cn/'}]}" },
    { "link.drop", "{'site': '610402', 'from': '6104', 'group': 'bm'}" },
    { "link.unshare", "{'site': '6104', 'group': 'bm'}" }
};


static void
a_command_is_done_or_not_at_all(void **state)
{
    u_char      digest[GOV_DIGEST_LEN];
    unsigned    i;
    t_store_t  *t = *state;

    t_content_do(t);
    t_ok(gov_blob_put(t->base, gov_s(T_BLOB), digest, &t->err));
    t_ok(gov_blob_put(t->base, gov_s(T_BLOB2), digest, &t->err));
    t_ok(gov_blob_put(t->base, gov_s(T_BLOB3), digest, &t->err));

    for (i = 0; i < t_rows(t_commands); i++) {
        assert_true(t_each_call(t, t_commands[i].command,
                                t_json(t, t_commands[i].json)) > 5);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test_fail(a_command_is_done_or_not_at_all)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
