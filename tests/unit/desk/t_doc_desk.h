
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of the commands on content share: a city of three counties
 * with a blueprint of three columns (xxgk, xxgk/tzgg, xxgk/gfxwj).
 */


#ifndef _T_DOC_DESK_H_INCLUDED_
#define _T_DOC_DESK_H_INCLUDED_


#include "desk/t_site_desk.h"


#define T_COLUMNS                                                             \
    "'columns': [{'id': 1, 'slug': 'xxgk', 'name': '信息公开', "              \
    "'kind': 'section'}, {'id': 2, 'parent': 1, 'slug': 'tzgg', "             \
    "'name': '通知公告', 'kind': 'notice'}, {'id': 3, 'parent': 1, "          \
    "'slug': 'gfxwj', 'name': '规范性文件', 'kind': 'normative'}]"


static inline void
t_content_do(t_store_t *t)
{
    t_do(t, "blueprint.put", "{'name': 'city', 'title': '市', " T_COLUMNS "}");
    t_do(t, "blueprint.put", "{'name': 'county', 'title': '县', " T_COLUMNS
         "}");
    t_city_do(t);
    t_do(t, "site.create", "{'code': '610403', 'name': '杨陵区', "
         "'level': 'county', 'parent': '6104', 'slug': 'yangling'}");
}


/* "3 1" of a column at a time */

static inline gov_str_t
t_list(t_store_t *t, const char *code, uint32_t column, int64_t now)
{
    int            more;
    int64_t        due;
    unsigned       i, n;
    gov_txn_t     *txn;
    gov_buf_t      b;
    gov_listed_t   rows[100];

    txn = t_begin(t, GOV_TXN_READ);
    due = INT64_MAX;
    t_ok(gov_column_rows(txn, t->arena, t_site(t, txn, code).id, column, now,
                         0, rows, 100, &n, &more, &due));
    gov_txn_end(&txn);

    gov_buf_init(&b, t->arena, 64);

    for (i = 0; i < n; i++) {
        gov_buf_fmt(&b, "%s%llu", i ? " " : "",
                    (unsigned long long) rows[i].doc);
    }

    return b.s;
}

#define t_lists(t, code, column, now, want)                                   \
    t_str_at(t_list(t, code, column, now), gov_str_of(want), __FILE__,        \
             __LINE__)


static inline gov_doc_t
t_doc_of(t_store_t *t, uint64_t id)
{
    gov_doc_t   doc;
    gov_txn_t  *txn;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_doc_find(txn, t->arena, id, &doc));
    gov_rec_own(t->arena, &gov_rec_doc, &doc.rec);
    gov_txn_end(&txn);

    return doc;
}


/* a command that must be refused and must leave the store as it was */

static inline void
t_never_at(t_store_t *t, gov_rc_t want, const char *command,
    const char *json, const char *words, const char *file, int line)
{
    gov_str_t  before;

    before = t_dump(t, 0, 1);
    t_no_at(t, want, command, json, words, file, line);
    t_str_at(t_dump(t, 0, 1), before, file, line);
}

#define t_never(t, want, command, json, words)                                \
    t_never_at(t, want, command, json, words, __FILE__, __LINE__)


#endif /* _T_DOC_DESK_H_INCLUDED_ */
