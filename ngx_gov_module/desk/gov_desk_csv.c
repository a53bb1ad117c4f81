
/*
 * Copyright (C) ngx_gov authors
 *
 * Rows of a command given as CSV, as a person pastes them: the first line
 * names the members, in English or in Chinese.  Few enough are one command;
 * more are a long work, which takes them apart (govd/govd_table.c).
 */


#include "desk/gov_desk_int.h"


#define GOV_DESK_CSV_FIELDS  32
#define GOV_DESK_CSV_ROWS    1000


static const struct {
    const char  *chinese;
    const char  *name;
} gov_desk_csv_names[] = {
    { "代码", "code" },
    { "名称", "name" },
    { "层级", "level" },
    { "上级代码", "parent_code" },
    { "地址名", "slug" },
    { "合法名称", "legal_name" },
    { "简称", "abbr" },
    { "域名", "host" },
    { "模式", "mode" },
    { "蓝本", "blueprint" },
    { "编号", "id" },
    { "标题", "title" },
    { "正文", "body_md" },
    { "网页正文", "body_html" },
    { "站点", "site" },
    { "栏目", "column" },
    { "摘要", "summary" },
    { "文号", "number" },
    { "发文机关", "issuer" },
    { "成文日期", "written" },
    { "来源", "source" },
    { "作者", "author" },
    { "关键词", "keywords" },
    { "索引号", "index_number" },
    { "发布时间", "at" },
    { "下线时间", "expires" },
    { NULL, NULL }
};


typedef struct {
    gov_str_t    text;              /* what is still to be read */
    gov_str_t    name[GOV_DESK_CSV_FIELDS];
    unsigned     n;
} gov_csv_t;


static gov_rc_t gov_desk_csv_head(gov_arena_t *a, gov_csv_t *csv,
    gov_err_t *err);
static gov_rc_t gov_desk_csv_row(gov_arena_t *a, gov_csv_t *csv,
    gov_value_t *rows, gov_err_t *err);
static gov_str_t gov_desk_csv_name(gov_str_t s);


gov_rc_t
gov_desk_csv(gov_cmd_t *c, const char *field, gov_value_t **rows)
{
    gov_rc_t   rc;
    gov_err_t  why;

    memset(&why, 0, sizeof(gov_err_t));

    rc = gov_desk_csv_rows(c->arena, gov_desk_str(c, field),
                           GOV_DESK_CSV_ROWS, rows, &why);

    return rc == GOV_OK ? rc : gov_fail(c->err, rc, field, "%s", why.text);
}


gov_rc_t
gov_desk_csv_rows(gov_arena_t *a, gov_str_t text, unsigned max,
    gov_value_t **rows, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_csv_t  csv;

    csv.text = text;
    *rows = gov_list(a);

    rc = gov_desk_csv_head(a, &csv, err);

    while (rc == GOV_OK && (*rows)->n <= max) {
        rc = gov_desk_csv_row(a, &csv, *rows, err);
    }

    if (rc != GOV_OK && rc != GOV_DONE) {
        return rc;
    }

    if ((*rows)->n > max) {
        return gov_fail(err, GOV_INVALID, "", "一批最多 %u 行", max);
    }

    return (*rows)->n ? GOV_OK
                      : gov_fail(err, GOV_INVALID, "",
                                 "第一行是列名，下面至少要有一行");
}


static gov_rc_t
gov_desk_csv_head(gov_arena_t *a, gov_csv_t *csv, gov_err_t *err)
{
    gov_rc_t  rc;
    unsigned  i;

    rc = gov_csv_next(a, &csv->text, csv->name, GOV_DESK_CSV_FIELDS, &csv->n,
                      err);

    for (i = 0; rc == GOV_OK && i < csv->n; i++) {
        csv->name[i] = gov_desk_csv_name(csv->name[i]);
    }

    return rc;
}


/* GOV_DONE: there is none any more; an empty cell is one that is not given */

static gov_rc_t
gov_desk_csv_row(gov_arena_t *a, gov_csv_t *csv, gov_value_t *rows,
    gov_err_t *err)
{
    gov_rc_t      rc;
    unsigned      i, n;
    gov_str_t     cell[GOV_DESK_CSV_FIELDS];
    gov_value_t  *row;

    rc = gov_csv_next(a, &csv->text, cell, GOV_DESK_CSV_FIELDS, &n, err);
    if (rc != GOV_OK) {
        return rc;
    }

    row = gov_add_map(a, rows);

    for (i = 0; i < n && i < csv->n; i++) {
        if (cell[i].len && gov_member_s(row, csv->name[i]) == NULL) {
            gov_put_key(row, csv->name[i], gov_val_str(a, cell[i]));
        }
    }

    return GOV_OK;
}


static gov_str_t
gov_desk_csv_name(gov_str_t s)
{
    unsigned  i;

    for (i = 0; gov_desk_csv_names[i].name; i++) {
        if (gov_str_is(s, gov_desk_csv_names[i].chinese)) {
            return gov_str_of(gov_desk_csv_names[i].name);
        }
    }

    return s;
}
