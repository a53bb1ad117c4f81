
/*
 * Copyright (C) ngx_gov authors
 *
 * Every command asks for a right at the node it names, and at every other
 * node it names besides; what is not theirs is not there (B03).
 */


#include "desk/t_people_desk.h"


/* who may, and how others are told */

static void
rights_are_judged_where_a_command_acts(void **state)
{
    unsigned      i;
    gov_rc_t      rc;
    t_store_t    *t = *state;
    gov_value_t  *verdict;

    static struct {
        const char  *login;
        const char  *command;
        const char  *json;
        gov_rc_t     rc;
        const char  *words;
    } rows[] = {
        { "boss", "site.set", "{'site': '610402', 'abbr': '秦'}", GOV_OK,
          "" },
        { "boss", "site.set", "{'site': '610402001', 'abbr': '人'}", GOV_OK,
          "" },
        { "boss", "site.set", "{'site': '610403', 'abbr': '杨'}",
          GOV_NOT_FOUND, "没有代码为“610403000000”的站点" },
        { "boss", "site.set", "{'site': '610499', 'abbr': '杨'}",
          GOV_NOT_FOUND, "没有代码为“610499000000”的站点" },
        { "boss", "site.set", "{'site': '6104', 'abbr': '咸'}",
          GOV_NOT_FOUND, "没有代码为“610400000000”的站点" },
        { "clerk", "site.set", "{'site': '610402', 'abbr': '秦'}",
          GOV_DENIED, "site.edit" },
        { "boss", "site.set", "{'site': '610402', 'quota': 5000000}",
          GOV_DENIED, "platform.manage" },
        { "boss", "site.set", "{'site': '610402', 'bundle': 'a'}",
          GOV_DENIED, "site.manage" },
        { "ops", "site.set", "{'site': '610402', 'quota': 5000000}", GOV_OK,
          "" },
        { "boss", "site.create", "{'code': '610402002', 'name': '乙', "
          "'level': 'township', 'parent': '610402', 'slug': 'yi'}",
          GOV_DENIED, "site.manage" },
        { "boss", "site.create", "{'code': '62', 'name': '省', "
          "'level': 'province', 'host': ['p.test']}", GOV_DENIED,
          "site.manage" },
        { "ops", "site.create", "{'code': '610402002', 'name': '乙', "
          "'level': 'township', 'parent': '610402', 'slug': 'yi'}", GOV_OK,
          "" },
        { "boss", "site.move", "{'site': '610402001', 'parent': '610403'}",
          GOV_DENIED, "site.manage" },
        { "clerk", "doc.create", "{'site': '610402', 'column': 'tzgg', "
          "'title': '一', 'body': '一'}", GOV_OK, "" },
        { "clerk", "doc.create", "{'site': '610402', 'column': 'tzgg', "
          "'title': '二', 'body': '二', 'publish': true}", GOV_DENIED,
          "doc.publish" },
        { "clerk", "doc.create", "{'site': '610402', 'column': 'tzgg', "
          "'title': '二', 'body': '二', 'at': '2099-01-01'}", GOV_DENIED,
          "doc.publish" },
        { "clerk", "doc.edit", "{'doc': 1, 'base': 1, 'body': '改'}",
          GOV_OK, "" },
        { "clerk", "doc.edit", "{'doc': 1, 'base': 2, 'body': '改', "
          "'publish': true}", GOV_DENIED, "doc.publish" },
        { "clerk", "doc.publish", "{'doc': 1}", GOV_DENIED, "doc.publish" },
        { "other", "doc.publish", "{'doc': 1}", GOV_NOT_FOUND,
          "没有文档 1" },
        { "other", "doc.publish", "{'doc': 77}", GOV_NOT_FOUND,
          "没有文档 77" },
        { "other", "doc.refer", "{'doc': 1, 'to': ['610403/tzgg']}",
          GOV_NOT_FOUND, "没有文档 1" },
        { "pub", "doc.publish", "{'doc': 1}", GOV_OK, "" },
        { "pub", "release.create", "{'doc': 1, 'to': ['610402/gzdt']}",
          GOV_OK, "" },
        { "pub", "release.create", "{'doc': 1, 'to': ['610403/tzgg']}",
          GOV_NOT_FOUND, "没有代码为“610403000000”的站点" },
        { "pub", "doc.unrefer", "{'doc': 1, 'from': '610402/gzdt'}", GOV_OK,
          "" },
        { "pub", "doc.edit", "{'doc': 1, 'base': 2, 'body': '改'}",
          GOV_DENIED, "doc.write" },
        { "clerk", "doc.import", "{'site': '610402', 'column': 'tzgg', "
          "'rows': [{'id': 'a', 'title': '甲', 'body_md': 'x', "
          "'publish': false}]}", GOV_OK, "" },
        { "clerk", "banner.set", "{'title': '警', 'site': '610402'}",
          GOV_DENIED, "banner.manage" },
        { "ops", "banner.set", "{'title': '警', 'site': '610402'}", GOV_OK,
          "" },
        { "ops", "banner.set", "{'title': '警'}", GOV_OK, "" },
        { "boss", "banner.clear", "{'id': 1}", GOV_DENIED,
          "banner.manage" },
        { "other", "banner.clear", "{'id': 1}", GOV_NOT_FOUND,
          "没有横幅" },
        { "boss", "column.create", "{'site': '610402', 'slug': 'zt', "
          "'name': '专题'}", GOV_OK, "" },
        { "boss", "link.take", "{'site': '610402', 'from': '6104', "
          "'group': 'none'}", GOV_NOT_FOUND, "none" },
        { "ops", "policy.put", "{'name': 'gates', 'rules': [{'from': "
          "'2018-01-01', 'gates': []}]}", GOV_OK, "" },
        { "ops", "policy.put", "{'name': 'security', 'rules': [{'from': "
          "'2018-01-01', 'contact': 'tel:1'}]}", GOV_DENIED,
          "security.manage" },
        { "safe", "policy.put", "{'name': 'security', 'rules': [{'from': "
          "'2018-01-01', 'contact': 'tel:1'}]}", GOV_OK, "" },
        { "safe", "policy.put", "{'name': 'gates', 'rules': [{'from': "
          "'2018-01-01', 'gates': []}]}", GOV_DENIED, "platform.manage" },
        { "boss", "blueprint.put", "{'name': 'x', 'title': 'x', "
          "'columns': [{'id': 1}]}", GOV_DENIED, "platform.manage" },
        { "boss", "session.sweep", "{}", GOV_DENIED, "只由平台自己进行" },
        { "ops", "session.sweep", "{}", GOV_DENIED, "只由平台自己进行" }
    };

    t_people_do(t);

    for (i = 0; i < t_rows(rows); i++) {
        rc = t_web(t, rows[i].login, rows[i].command, rows[i].json,
                   &verdict);

        if (rc != rows[i].rc
            || (rc != GOV_OK && !strstr(t->err.text, rows[i].words)))
        {
            fail_msg("row %u, %s %s %s: %s, %s", i, rows[i].login,
                     rows[i].command, rows[i].json, gov_rc_name(rc),
                     t->err.text);
        }
    }
}


static void
rows_of_an_import_are_judged_one_by_one(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);
    t_do(t, "user.create", "{'login': 'area', 'name': '片区', "
         "'secret': 'x'}");
    t_do(t, "role.create", "{'role': 'builder', 'title': '建站', "
         "'rights': ['site.read', 'site.manage', 'doc.write', "
         "'doc.publish']}");
    t_do(t, "user.grant", "{'user': 'area', 'role': 'builder', "
         "'site': '610402'}");

    v = t_as(t, "area", "site.import", "{'rows': ["
             "{'code': '610402005', 'level': '4', 'name': '五', "
             " 'parent_code': '610402', 'slug': 'wu'},"
             "{'code': '610403005', 'level': '4', 'name': '六', "
             " 'parent_code': '610403', 'slug': 'liu'},"
             "{'code': '610403', 'level': '3', 'name': '改名', "
             " 'parent_code': '6104'},"
             "{'code': '63', 'level': '1', 'name': '省', 'host': 'p.test'}"
             "]}");
    assert_int_equal(gov_get_int(v, "created", -1), 1);
    assert_int_equal(gov_member(v, "refused")->n, 3);

    v = t_as(t, "area", "doc.import", "{'rows': ["
             "{'id': 'a', 'title': '甲', 'body_md': 'x', "
             " 'site': '610402', 'column': 'tzgg'},"
             "{'id': 'b', 'title': '乙', 'body_md': 'x', "
             " 'site': '610403', 'column': 'tzgg'}]}");
    assert_int_equal(gov_get_int(v, "created", -1), 1);
    assert_int_equal(gov_member(v, "refused")->n, 1);

    /* the role without the right to publish writes drafts */
    t_do(t, "role.set", "{'role': 'builder', 'rights': ['doc.write']}");
    v = t_as(t, "area", "doc.import", "{'site': '610402', "
             "'column': 'tzgg', 'rows': ["
             "{'id': 'c', 'title': '丙', 'body_md': 'x'},"
             "{'id': 'd', 'title': '丁', 'body_md': 'x', "
             " 'publish': false}]}");
    assert_int_equal(gov_get_int(v, "created", -1), 1);
    assert_int_equal(gov_member(v, "refused")->n, 1);
}


static void
a_grant_in_a_column_reaches_no_other(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);
    t_do(t, "user.create", "{'login': 'one', 'name': '一栏', "
         "'role': 'clerk', 'site': '610402', 'column': 'tzgg', "
         "'secret': 'x'}");

    t_as(t, "one", "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一', 'body': '一'}");
    t_as_no(t, "one", GOV_DENIED, "doc.create", "{'site': '610402', "
            "'column': 'gzdt', 'title': '一', 'body': '一'}", "doc.write");
    t_as_no(t, "one", GOV_DENIED, "doc.move", "{'doc': 1, "
            "'column': 'gzdt'}", "doc.write");
    t_do(t, "doc.move", "{'doc': 1, 'column': 'gzdt'}");
    t_as_no(t, "one", GOV_DENIED, "doc.edit", "{'doc': 1, 'base': 1, "
            "'body': '改'}", "doc.write");
    t_as_no(t, "one", GOV_NOT_FOUND, "doc.create", "{'site': '610402001', "
            "'column': 'tzgg', 'title': '一', 'body': '一'}", "没有代码为");

    /* nor by what a row of an import replaces */

    t_do(t, "user.grant", "{'user': 'one', 'role': 'publisher', "
         "'site': '610402', 'column': 'tzgg'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'gzdt', "
         "'title': '旧', 'body': '旧', 'source_id': 's9'}");
    v = t_as(t, "one", "doc.import", "{'site': '610402', 'column': 'tzgg', "
             "'rows': [{'id': 'n1', 'title': '新', 'body_md': '新', "
             "'replaces_id': 's9'}, {'id': 'n2', 'title': '新', "
             "'body_md': '新'}]}");
    assert_int_equal(gov_get_int(v, "created", -1), 1);
    t_str(gov_get_str(gov_member(v, "refused")->u.first, "field"),
          "replaces_id");
}


/* of a document that is not to be known of nothing is said */

static void
what_is_not_theirs_is_not_named(void **state)
{
    t_store_t  *t = *state;

    t_people_do(t);
    t_do(t, "user.grant", "{'user': 'other', 'role': 'publisher', "
         "'site': '610403'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一', 'body': '一'}");
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '撤销'}");
    t_do(t, "site.archive", "{'site': '610402', 'notice': '撤销'}");
    t_as_no(t, "other", GOV_NOT_FOUND, "doc.unrefer",
            "{'doc': 1, 'from': '610403/tzgg'}", "没有文档 1");
    t_as_no(t, "other", GOV_NOT_FOUND, "doc.unrefer",
            "{'doc': 77, 'from': '610403/tzgg'}", "没有文档 77");
    t_no(t, GOV_NOT_FOUND, "doc.unrefer",
         "{'doc': 1, 'from': '610403/tzgg'}", "没有引用");
}


/* what was taken is gone at once: it is read when the command is applied */

static void
a_role_taken_away_is_gone_at_once(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);

    op = t_op(t, "doc.create", t_json(t, "{'site': '610402', "
              "'column': 'tzgg', 'title': '一', 'body': '一'}"));
    op.door = GOV_DOOR_WEB;
    op.account = t_account(t, "clerk").id;
    op.session = t_session(t, "clerk");

    t_do(t, "user.revoke", "{'user': 'clerk', 'role': 'clerk', "
         "'site': '610402'}");
    t_rc(t_apply(t, &op, &v, &seq), GOV_NOT_FOUND);
    t_says(t, "没有代码为“610402000000”的站点");

    /* a session that lacks its code yet, of somebody else, ended, none */
    t_inner(t, "session.open", "{'user': 'clerk', 'session': '"
            T_HASH("0e") "', 'stage': 'code'}");
    op.session = gov_str_copy(t->arena, gov_s(T_HASH("\x0e")));
    t_rc(t_apply(t, &op, &v, &seq), GOV_DENIED);
    t_says(t, "需要登录");
    op.session = t_session(t, "clerk");
    op.account = t_account(t, "boss").id;
    t_rc(t_apply(t, &op, &v, &seq), GOV_DENIED);
    t_says(t, "需要登录");
    op.session = t_session(t, "boss");
    t_do(t, "user.suspend", "{'user': 'boss'}");
    t_rc(t_apply(t, &op, &v, &seq), GOV_DENIED);
    t_says(t, "需要登录");
    op.account = 0;
    t_rc(t_apply(t, &op, &v, &seq), GOV_DENIED);
    t_says(t, "需要登录");
}


/* the list itself */

static void
every_row_names_a_right_and_a_node(void **state)
{
    gov_in_t       *in;
    const char     *field;
    gov_command_t  *c;

    (void) state;

    for (c = gov_commands; c->name; c++) {

        if (c->scope == GOV_SCOPE_INNER) {
            assert_string_equal(c->right, "");
            continue;
        }

        /* what is one's own needs none */

        if (c->scope == GOV_SCOPE_SELF && c->right[0] == '\0') {
            continue;
        }

        if (gov_right_parse(gov_str_of(c->right)) < 0) {
            fail_msg("%s: no right %s", c->name, c->right);
        }

        field = c->scope == GOV_SCOPE_SITE ? "site"
                : c->scope == GOV_SCOPE_PARENT ? "parent"
                : c->scope == GOV_SCOPE_DOC ? "doc"
                : c->scope == GOV_SCOPE_ACCOUNT ? "user" : NULL;

        for (in = c->in; field && in->name; in++) {
            if (strcmp(in->name, field) == 0) {
                field = NULL;
            }
        }

        if (field) {
            fail_msg("%s has no field %s", c->name, field);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(rights_are_judged_where_a_command_acts),
        t_test(rows_of_an_import_are_judged_one_by_one),
        t_test(a_grant_in_a_column_reaches_no_other),
        t_test(what_is_not_theirs_is_not_named),
        t_test(a_role_taken_away_is_gone_at_once),
        cmocka_unit_test(every_row_names_a_right_and_a_node)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
