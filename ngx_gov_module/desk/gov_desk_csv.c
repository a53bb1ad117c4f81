
/*
 * Copyright (C) ngx_gov authors
 *
 * Rows of a command given as CSV, as a person pastes them: the first line
 * names the members, in English or in Chinese.
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
    gov_csv_t  csv;

    memset(&why, 0, sizeof(gov_err_t));
    csv.text = gov_desk_str(c, field);
    *rows = gov_list(c->arena);

    rc = gov_desk_csv_head(c->arena, &csv, &why);

    while (rc == GOV_OK && (*rows)->n <= GOV_DESK_CSV_ROWS) {
        rc = gov_desk_csv_row(c->arena, &csv, *rows, &why);
    }

    if (rc != GOV_OK && rc != GOV_DONE) {
        return gov_fail(c->err, rc, field, "%s", why.text);
    }

    if ((*rows)->n > GOV_DESK_CSV_ROWS) {
        return gov_fail(c->err, GOV_INVALID, field, "一批最多 %d 行",
                        GOV_DESK_CSV_ROWS);
    }

    return (*rows)->n ? GOV_OK
                      : gov_fail(c->err, GOV_INVALID, field,
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
