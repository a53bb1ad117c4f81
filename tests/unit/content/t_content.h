
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of content share: the small city of the site tests, with a
 * blueprint for its city and its counties:
 *
 *     1 xxgk 信息公开 section       2 xxgk/tzgg 通知公告
 *                                  3 xxgk/gfxwj 规范性文件
 *     4 zjbd 走进本地 section       5 zjbd/gk 概况 (required)
 *
 * Time is an argument: T_NOW and seconds after it.
 */


#ifndef _T_CONTENT_H_INCLUDED_
#define _T_CONTENT_H_INCLUDED_


#include "site/t_site.h"
#include "content/gov_content.h"


#define T_SECOND  1000000LL

/* who acts at a time, and says why */
#define t_by(at)          (&(gov_by_t) { .now = (at) })
#define t_why(at, words)  (&(gov_by_t) { .now = (at), .reason = (words) })


static const char  t_blueprint[] =
    "{\"name\":\"%s\",\"title\":\"蓝本\",\"version\":1,\"columns\":["
    "{\"id\":1,\"parent\":0,\"slug\":\"xxgk\",\"name\":\"信息公开\","
     "\"kind\":\"section\",\"order\":10,\"nav\":true},"
    "{\"id\":3,\"parent\":1,\"slug\":\"gfxwj\",\"name\":\"规范性文件\","
     "\"kind\":\"normative\",\"order\":20},"
    "{\"id\":2,\"parent\":1,\"slug\":\"tzgg\",\"name\":\"通知公告\","
     "\"kind\":\"notice\",\"order\":10,\"days\":14},"
    "{\"id\":4,\"parent\":0,\"slug\":\"zjbd\",\"name\":\"走进本地\","
     "\"kind\":\"section\",\"order\":20,\"nav\":true},"
    "{\"id\":5,\"parent\":4,\"slug\":\"gk\",\"name\":\"概况\","
     "\"kind\":\"profile\",\"order\":10,\"required\":true}]}";


static inline void
t_blueprint_put(t_store_t *t, gov_txn_t *txn, const char *name)
{
    gov_str_t     text;
    gov_value_t  *v;

    text = gov_str_fmt(t->arena, t_blueprint, name);
    t_ok(gov_json_parse(t->arena, text, &v, &t->err));
    t_ok(gov_blueprint_put(txn, t->arena, v, &t->err));
}


static inline void t_noted(t_store_t *t, gov_txn_t *txn, uint64_t *seq);

/* the city and its blueprints, in a write transaction */

static inline gov_txn_t *
t_content_begin(t_store_t *t)
{
    uint64_t    seq;
    gov_txn_t  *txn;

    txn = t_city_begin(t);
    t_blueprint_put(t, txn, "city");
    t_blueprint_put(t, txn, "county");
    t_noted(t, txn, &seq);

    return txn;
}


/* what was touched since becomes an entry */

static inline void
t_noted(t_store_t *t, gov_txn_t *txn, uint64_t *seq)
{
    gov_note_t       note;
    static unsigned  n;

    note = t_note(++n);
    note.input = gov_map(t->arena);
    note.result = gov_map(t->arena);
    t_ok(gov_note(txn, t->arena, &note, seq, &t->err));
}


/* "0:5 1:26": the slots an entry touched, of the hub and the city's sites */

static inline gov_str_t
t_touched(t_store_t *t, gov_txn_t *txn)
{
    uint32_t   site;
    unsigned   slot;
    uint64_t   seq, newest;
    gov_buf_t  b;

    t_noted(t, txn, &seq);
    gov_buf_init(&b, t->arena, 256);

    for (site = 0; site <= t_rows(t_city); site++) {
        for (slot = 0; slot < 64; slot++) {
            t_ok(gov_marks_newest(txn, site, 1ULL << slot, &newest));

            if (newest == seq) {
                gov_buf_fmt(&b, "%s%u:%u", b.s.len ? " " : "", site, slot);
            }
        }
    }

    return b.s;
}


static inline gov_version_rec_t
t_version(t_store_t *t, gov_txn_t *txn, uint32_t site, const char *title,
    const char *body)
{
    gov_version_rec_t  v;

    memset(&v, 0, sizeof(gov_version_rec_t));
    v.time = T_NOW;
    v.actor = gov_s("编辑");
    v.title = gov_str_of(title);
    t_ok(gov_body_put(txn, t->arena, site, 0, gov_s("md"), gov_str_of(body),
                      NULL, &v.body, &t->err));

    return v;
}


static inline gov_doc_t
t_draft(t_store_t *t, gov_txn_t *txn, uint32_t site, uint32_t column,
    const char *title)
{
    gov_doc_t          doc;
    gov_version_rec_t  v;

    memset(&doc, 0, sizeof(gov_doc_t));
    doc.site = site;
    doc.rec.column = column;
    v = t_version(t, txn, site, title, "正文");
    t_ok(gov_doc_write(txn, t->arena, &doc, &v, &t->err));

    return doc;
}


/* written and published at a time, which is not before T_NOW */

static inline gov_doc_t
t_doc(t_store_t *t, gov_txn_t *txn, uint32_t site, uint32_t column,
    const char *title, int64_t at)
{
    gov_doc_t  doc;

    doc = t_draft(t, txn, site, column, title);
    t_ok(gov_doc_publish(txn, t->arena, &doc, 1, at, t_by(T_NOW), &t->err));

    return doc;
}


/* as it stands in the store */

static inline gov_doc_t
t_read(t_store_t *t, gov_txn_t *txn, uint64_t id)
{
    gov_doc_t  doc;

    t_ok(gov_doc_find(txn, t->arena, id, &doc));
    gov_rec_own(t->arena, &gov_rec_doc, &doc.rec);

    return doc;
}


/* "3 2/1 +": documents of a page of a column, with their site's number if it
 * is another one; "+" when there are more; "@5" when the next moment is 5
 * microseconds after T_NOW */

static inline gov_str_t
t_page(t_store_t *t, gov_txn_t *txn, uint32_t site, uint32_t column,
    int64_t now, size_t skip, unsigned max)
{
    int            more;
    int64_t        due;
    unsigned       i, n;
    gov_buf_t      b;
    gov_listed_t   rows[100];

    due = INT64_MAX;
    t_ok(gov_column_rows(txn, t->arena, site, column, now, skip, rows, max,
                         &n, &more, &due));

    gov_buf_init(&b, t->arena, 64);

    for (i = 0; i < n; i++) {
        if (rows[i].site != site) {
            gov_buf_fmt(&b, "%u/", rows[i].site);
        }

        gov_buf_fmt(&b, "%llu ", (unsigned long long) rows[i].doc);
    }

    if (more) {
        gov_buf_c(&b, "+ ");
    }

    if (due != INT64_MAX) {
        gov_buf_fmt(&b, "@%lld ", (long long) (due - T_NOW));
    }

    if (b.s.len) {
        b.s.len--;
    }

    return b.s;
}

#define t_shows(t, txn, site, column, now, want)                              \
    t_str_at(t_page(t, txn, site, column, now, 0, 100), gov_str_of(want),     \
             __FILE__, __LINE__)


static inline size_t
t_count(t_store_t *t, gov_txn_t *txn, uint32_t site, uint32_t column,
    int64_t now)
{
    size_t  n;

    t_ok(gov_column_count(txn, t->arena, site, column, now, 1000, &n));

    return n;
}


#endif /* _T_CONTENT_H_INCLUDED_ */
