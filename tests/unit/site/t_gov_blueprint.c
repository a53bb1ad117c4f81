
/*
 * Copyright (C) ngx_gov authors
 *
 * Blueprints: what is refused, with the row, and names they hold.
 */


#include "site/t_site.h"


static gov_rc_t
t_put(t_store_t *t, gov_txn_t *txn, const char *name, const char *columns)
{
    gov_value_t  *v, *list;

    t_err_clear(t);
    t_ok(gov_json_parse(t->arena, gov_str_of(columns), &list, &t->err));

    v = gov_map(t->arena);
    gov_put_c(t->arena, v, "name", name);
    gov_put_c(t->arena, v, "title", "县级门户");
    gov_put(v, "columns", list);

    return gov_blueprint_put(txn, t->arena, v, &t->err);
}


static void
t_refused(void **state)
{
    gov_rc_t    rc;
    unsigned    i;
    gov_txn_t  *txn;
    t_store_t  *t = *state;

#define T_COLUMN(id, parent, slug)                                            \
    "{\"id\": " id ", \"parent\": " parent ", \"slug\": \"" slug "\","        \
    "\"name\": \"栏目\", \"kind\": \"news\"}"

    static struct {
        const char  *columns;
        gov_rc_t     rc;
        const char  *says;
    } rows[] = {
        { "[]", GOV_OK, "" },
        { "[" T_COLUMN("1", "0", "a") "," T_COLUMN("2", "1", "a") "]",
          GOV_OK, "" },
        { "{}", GOV_INVALID, "至多 199 个栏目" },
        { "[1]", GOV_INVALID, "第 1 个栏目不是" },
        { "[" T_COLUMN("0", "0", "a") "]", GOV_INVALID, "id 应在 1 与 199" },
        { "[" T_COLUMN("200", "0", "a") "]", GOV_INVALID, "id 应在" },
        { "[" T_COLUMN("1", "0", "A") "]", GOV_INVALID, "slug 须为" },
        { "[" T_COLUMN("1", "0", "search") "]", GOV_CONFLICT, "保留地址" },
        { "[" T_COLUMN("1", "0", "a") "," T_COLUMN("1", "0", "b") "]",
          GOV_CONFLICT, "第 2 个栏目的 id 1 已用过" },
        { "[" T_COLUMN("1", "0", "a") "," T_COLUMN("2", "0", "a") "]",
          GOV_CONFLICT, "第 2 个栏目的 slug“a”与“栏目”相同" },
        { "[" T_COLUMN("1", "2", "a") "," T_COLUMN("2", "0", "b") "]",
          GOV_INVALID, "第 1 个栏目的上级 2 不在它之前" },
        { "[" T_COLUMN("1", "0", "a") "," T_COLUMN("2", "9", "b") "]",
          GOV_INVALID, "第 2 个栏目的上级 9 不在它之前" },
        { "[{\"id\": 1, \"slug\": \"a\", \"kind\": \"news\"}]",
          GOV_INVALID, "name 应为" },
        { "[{\"id\": 1, \"slug\": \"a\", \"name\": \"栏目\"}]",
          GOV_INVALID, "没有 kind" }
    };

    txn = t_begin(t, GOV_TXN_WRITE);

    for (i = 0; i < t_rows(rows); i++) {
        rc = t_put(t, txn, "county", rows[i].columns);
        t_rc(rc, rows[i].rc);
        t_says(t, rows[i].says);
    }

    t_rc(t_put(t, txn, "A B", "[]"), GOV_INVALID);

    gov_txn_end(&txn);
}


/* a blueprint's column holds its name until the site changes the column */

static void
t_names(void **state)
{
    gov_key_t         k;
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_site_t        site;
    gov_column_rec_t  column;

    txn = t_city_begin(t);

    t_ok(t_put(t, txn, "county",
               "[" T_COLUMN("1", "0", "xxgk") "," T_COLUMN("2", "1", "tz")
               "]"));

    site = t_site(t, txn, "610402");

    t_rc(gov_name_check(txn, t->arena, &site, 0, gov_s("xxgk"), &t->err),
         GOV_CONFLICT);
    t_says(t, "“xxgk”是“秦都区”的栏目“栏目”的地址");
    t_ok(gov_name_check(txn, t->arena, &site, 0, gov_s("tz"), &t->err));
    t_rc(gov_name_check(txn, t->arena, &site, 1, gov_s("tz"), &t->err),
         GOV_CONFLICT);
    t_err_clear(t);
    t_ok(gov_name_check(txn, t->arena, &site, 1, gov_s("search"),
                        &t->err));

    /* one that the site changed stands there, until it leaves */

    memset(&column, 0, sizeof(gov_column_rec_t));
    column.slug = gov_s("xxgk");
    t_ok(gov_save(gov_handle(txn, site.id), GOV_T_COLUMNS, gov_key4(&k, 1),
                  t->arena, &column));
    t_rc(gov_name_check(txn, t->arena, &site, 0, gov_s("xxgk"), &t->err),
         GOV_CONFLICT);
    t_err_clear(t);

    column.slug = gov_s("gk");
    t_ok(gov_save(gov_handle(txn, site.id), GOV_T_COLUMNS, gov_key4(&k, 1),
                  t->arena, &column));
    t_ok(gov_name_check(txn, t->arena, &site, 0, gov_s("xxgk"), &t->err));

    column.slug = gov_s("xxgk");
    column.parent = 2;
    t_ok(gov_save(gov_handle(txn, site.id), GOV_T_COLUMNS, gov_key4(&k, 1),
                  t->arena, &column));
    t_ok(gov_name_check(txn, t->arena, &site, 0, gov_s("xxgk"), &t->err));

    column.parent = 0;
    column.removed = 1;
    t_ok(gov_save(gov_handle(txn, site.id), GOV_T_COLUMNS, gov_key4(&k, 1),
                  t->arena, &column));

    t_ok(gov_name_check(txn, t->arena, &site, 0, gov_s("xxgk"), &t->err));

    gov_txn_end(&txn);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(t_refused),
        t_test(t_names)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
