
/*
 * Copyright (C) ngx_gov authors
 *
 * A blueprint that changes, and a site that is given another: what stands in
 * a column is not lost with it.
 */


#include "desk/t_doc_desk.h"


#define T_NO_TZGG                                                             \
    "'columns': [{'id': 1, 'slug': 'xxgk', 'name': '信息公开', "              \
    "'kind': 'section'}, {'id': 3, 'parent': 1, 'slug': 'gfxwj', "            \
    "'name': '规范性文件', 'kind': 'normative'}]"

#define T_GROUPS                                                              \
    "'columns': [{'id': 1, 'slug': 'xxgk', 'name': '信息公开', "              \
    "'kind': 'section'}, {'id': 2, 'parent': 1, 'slug': 'tzgg', "             \
    "'name': '通知公告', 'kind': 'section'}, {'id': 3, 'parent': 1, "         \
    "'slug': 'gfxwj', 'name': '规范性文件', 'kind': 'normative'}]"

/* commands that take column 2 away from the county of Qindu */

static const struct {
    const char  *command;
    const char  *json;
    int          gone;              /* 0: it is to group others */
} t_takes[] = {
    { "blueprint.put", "{'name': 'county', 'title': '县', " T_NO_TZGG "}", 1 },
    { "blueprint.put", "{'name': 'county', 'title': '县', " T_GROUPS "}", 0 },
    { "site.set", "{'site': '610402', 'blueprint': 'small'}", 1 },
    { "site.set", "{'site': '610402', 'blueprint': 'groups'}", 0 }
};

static const char  t_row[] = "{'rows': [{'code': '610402', 'level': "
    "'county', 'name': '秦都区', 'parent_code': '6104', "
    "'blueprint': 'small'}]}";


static void
t_blueprints(t_store_t *t)
{
    t_content_do(t);
    t_do(t, "blueprint.put", "{'name': 'small', 'title': '小', " T_NO_TZGG
         "}");
    t_do(t, "blueprint.put", "{'name': 'groups', 'title': '组', " T_GROUPS
         "}");
}


/* each is refused with the words, a journal has it done */

static void
t_keeps_at(t_store_t *t, const char *words, int gone, const char *file,
    int line)
{
    unsigned      i;
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *v;

    for (i = 0; i < t_rows(t_takes); i++) {
        op = t_op(t, t_takes[i].command, t_json(t, t_takes[i].json));
        op.dry_run = 1;

        if (gone && !t_takes[i].gone) {
            t_rc_at(t_apply(t, &op, &v, &seq), GOV_OK, file, line);
            continue;
        }

        t_never_at(t, GOV_CONFLICT, t_takes[i].command, t_takes[i].json,
                   words, file, line);

        op.door = GOV_DOOR_REPLAY;
        op.again = 1;
        t_err_clear(t);
        t_rc_at(t_apply(t, &op, &v, &seq), GOV_OK, file, line);
    }

    op = t_op(t, "site.import", t_json(t, t_row));
    op.dry_run = 1;
    t_rc_at(t_apply(t, &op, &v, &seq), GOV_OK, file, line);
    v = gov_member(gov_member(v, "refused")->u.first, "reason");

    if (strstr(gov_str_c(t->arena, v->u.s), words) == NULL) {
        print_error("%.*s\n", gov_strf(v->u.s));
        _fail(file, line);
    }
}

#define t_keeps(t, words, gone)                                               \
    t_keeps_at(t, words, gone, __FILE__, __LINE__)


/* all of them are done */

static void
t_gives(t_store_t *t)
{
    unsigned      i;
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *v;

    for (i = 0; i < t_rows(t_takes); i++) {
        op = t_op(t, t_takes[i].command, t_json(t, t_takes[i].json));
        op.dry_run = 1;
        t_err_clear(t);
        t_ok(t_apply(t, &op, &v, &seq));
    }
}


static void
a_column_in_which_documents_stand_stays(void **state)
{
    t_store_t  *t = *state;

    static const char  words[] = "“秦都区”（610402000000）的“通知公告”还有文档";

    t_blueprints(t);
    t_gives(t);

    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '草稿', 'body': '文'}");
    t_keeps(t, words, 0);
    t_do(t, "doc.publish", "{'doc': 1}");
    t_keeps(t, words, 0);
    t_do(t, "doc.withdraw", "{'doc': 1, 'reason': '误'}");
    t_keeps(t, words, 0);
    t_do(t, "doc.move", "{'doc': 1, 'column': 'xxgk/gfxwj'}");
    t_gives(t);

    /* of another site, which has another blueprint */

    t_do(t, "doc.create", "{'site': '6104', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_gives(t);
    t_do(t, "doc.refer", "{'doc': 2, 'to': ['610402/xxgk/tzgg']}");
    t_keeps(t, words, 0);

    /* the site keeps the column where it has a record of it */

    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'name': '通知'}");
    t_gives(t);
}


static void
a_column_that_is_granted_stays(void **state)
{
    t_store_t  *t = *state;

    t_blueprints(t);
    t_do(t, "user.create", "{'login': 'zhang', 'name': '张', "
         "'role': 'clerk', 'site': '610402', 'column': 'xxgk/tzgg'}");
    t_keeps(t, "“秦都区”（610402000000）的“通知公告”还有人担任角色", 1);
    t_do(t, "user.revoke", "{'user': 'zhang', 'role': 'clerk', "
         "'site': '610402', 'column': 'xxgk/tzgg'}");
    t_gives(t);
}


/* a site's own column hangs from it: it would be in no list any more */

static void
a_column_with_others_below_it_stays(void **state)
{
    t_store_t  *t = *state;

    t_blueprints(t);
    t_do(t, "column.create", "{'site': '610402', 'parent': 'xxgk/tzgg', "
         "'slug': 'own', 'name': '自设', 'kind': 'notice'}");
    t_keeps(t, "“秦都区”（610402000000）的“通知公告”还有下级栏目“自设”", 1);
    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg/own', "
         "'parent': '/'}");
    t_gives(t);

    /* one that the site took away hangs from nothing */

    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/gfxwj', "
         "'parent': 'xxgk/tzgg'}");
    t_keeps(t, "还有下级栏目“规范性文件”", 1);
    t_do(t, "column.remove", "{'site': '610402', "
         "'column': 'xxgk/tzgg/gfxwj'}");
    t_gives(t);
}


/* nothing can be moved there any more, and nothing is shown */

static void
a_site_that_ended_binds_no_blueprint(void **state)
{
    t_store_t  *t = *state;

    t_blueprints(t);
    t_do(t, "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_never(t, GOV_CONFLICT, "blueprint.put", t_takes[0].json, "杨陵区");
    t_do(t, "column.create", "{'site': '610403', 'parent': 'xxgk/tzgg', "
         "'slug': 'own', 'name': '自设', 'kind': 'notice'}");
    t_do(t, "site.archive", "{'site': '610403', 'notice': '关停'}");
    t_gives(t);
}


/* the name of a column that a site took away is the blueprint's to take, and
 * the site's own no more */

static void
a_name_that_was_left_is_taken_by_the_blueprint(void **state)
{
    t_store_t   *t = *state;
    const char  *more;

    static const char  own[] = "{'site': '610402', 'slug': 'zdly', "
        "'name': '重点领域', 'kind': 'list'}";

    more = gov_str_c(t->arena, gov_str_fmt(t->arena, "{'name': 'county', "
               "'title': '县', 'columns': [{'id': 4, 'slug': 'zdly', "
               "'name': '重点', 'kind': 'list'}, %s}",
               &T_COLUMNS[sizeof("'columns': [") - 1]));

    t_content_do(t);
    t_do(t, "column.create", own);
    t_never(t, GOV_CONFLICT, "blueprint.put", more, "已是一个栏目的地址");
    t_do(t, "column.remove", "{'site': '610402', 'column': 'zdly'}");
    t_do(t, "column.create", own);
    t_do(t, "column.remove", "{'site': '610402', 'column': 'zdly'}");
    t_do(t, "blueprint.put", more);
    t_never(t, GOV_CONFLICT, "column.create", own, "zdly");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'zdly', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_lists(t, "610402", 4, t_now, "1");
}


/* its name is that of the site's own column 2, which was the blueprint's */

static void
an_address_goes_to_no_other_column(void **state)
{
    t_store_t  *t = *state;

    static const char  other[] = "{'name': 'county', 'title': '县', "
        "'columns': [{'id': 1, 'slug': 'xxgk', 'name': '信息公开', 'kind': "
        "'section'}, {'id': 9, 'parent': 1, 'slug': 'tzgg', 'name': "
        "'通知公告', 'kind': 'notice'}]}";

    t_content_do(t);
    t_do(t, "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'name': '通知'}");
    t_never(t, GOV_CONFLICT, "blueprint.put", other,
            "在“秦都区”（610402000000）：“tzgg”已是一个栏目的地址");
    t_do(t, "column.remove", "{'site': '610402', 'column': 'xxgk/tzgg'}");
    t_do(t, "blueprint.put", other);
    t_do(t, "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
         "'title': '通知', 'body': '文', 'publish': true}");
    t_lists(t, "610402", 9, t_now, "1");
}


/* what moved away from it was closed: its redirect gives way to the column */

static void
a_redirect_of_a_site_that_is_closed_gives_way(void **state)
{
    gov_txn_t    *txn;
    t_store_t    *t = *state;
    const char   *more;

    more = gov_str_c(t->arena, gov_str_fmt(t->arena, "{'name': 'county', "
               "'title': '县', 'columns': [{'id': 4, 'slug': 'renminlu', "
               "'name': '人民路', 'kind': 'list'}, %s}",
               &T_COLUMNS[sizeof("'columns': [") - 1]));

    t_content_do(t);
    t_do(t, "site.slug", "{'site': '610402001', 'slug': 'rml'}");
    t_never(t, GOV_CONFLICT, "blueprint.put", more, "仍在转向");
    t_do(t, "site.archive", "{'site': '610402001', 'notice': '关停'}");

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/x", "301 rml x");
    gov_txn_end(&txn);

    t_do(t, "blueprint.put", more);

    txn = t_begin(t, GOV_TXN_READ);
    t_leads(t, txn, "qindu.xianyang.localhost", "/renminlu/x",
            "200 qindu renminlu/x");
    t_leads(t, txn, "qindu.xianyang.localhost", "/rml/x", "200 rml x");
    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(a_column_in_which_documents_stand_stays),
        t_test(a_column_that_is_granted_stays),
        t_test(a_column_with_others_below_it_stays),
        t_test(a_site_that_ended_binds_no_blueprint),
        t_test(a_name_that_was_left_is_taken_by_the_blueprint),
        t_test(an_address_goes_to_no_other_column),
        t_test(a_redirect_of_a_site_that_is_closed_gives_way)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
