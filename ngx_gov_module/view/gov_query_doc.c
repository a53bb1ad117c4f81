
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions about a document; lists of them stand in gov_query_docs.c.
 */


#include "view/gov_query_int.h"


static void gov_ask_doc_fields(gov_ask_t *q, gov_doc_t *doc);
static void gov_ask_doc_refs(gov_ask_t *q, gov_doc_t *doc);
static gov_way_t *gov_ask_way(gov_ask_t *q, gov_ask_docs_t *d,
    uint32_t column);
static gov_way_t *gov_ask_way_at(gov_ask_t *q, uint32_t site,
    uint32_t column);
static gov_told_columns_t *gov_ask_columns(gov_ask_t *q, gov_site_t *site);
static gov_rc_t gov_ask_doc_version(gov_ask_t *q, gov_doc_t *doc,
    gov_str_t *body);
static gov_rc_t gov_ask_doc_body(gov_ask_t *q, gov_doc_t *doc,
    gov_str_t digest);


gov_rc_t
gov_ask_docs(gov_ask_t *q, gov_ask_docs_t *d)
{
    gov_rc_t  rc;

    rc = gov_columns(q->txn, q->arena, &d->site, &d->columns, &d->ncolumns);
    if (rc != GOV_OK) {
        return rc;
    }

    d->ways = gov_calloc(q->arena, (d->ncolumns + 1) * sizeof(gov_way_t));
    d->url = gov_ask_url(q, &d->site, (gov_str_t) gov_null_string);

    return GOV_OK;
}


void
gov_ask_doc_row(gov_ask_t *q, gov_ask_docs_t *d, gov_value_t *row,
    gov_doc_t *doc)
{
    gov_way_t    *way;
    gov_arena_t  *a = q->arena;

    way = gov_ask_way(q, d, (uint32_t) doc->rec.column);

    gov_put_int(a, row, "doc", (int64_t) doc->id);
    gov_put_str(a, row, "title", doc->rec.title);
    gov_put_c(a, row, "state",
              gov_shown_name(gov_doc_shown(&doc->rec, q->now)));
    gov_put_c(a, row, "step", gov_step_name(gov_doc_step(&doc->rec)));
    gov_put_str(a, row, "column", way->path);
    gov_put_str(a, row, "column_name", way->name);
    gov_put_str(a, row, "url",
                gov_str_fmt(a, "%.*s%.*s%s%llu.html", gov_strf(d->url),
                            gov_strf(way->path), way->path.len ? "/" : "",
                            (unsigned long long) doc->id));
    gov_ask_time(q, row, "published", doc->rec.published);
}


/* rows of a list are mostly of a few columns; the last one is of no column */

static gov_way_t *
gov_ask_way(gov_ask_t *q, gov_ask_docs_t *d, uint32_t column)
{
    gov_way_t     *way;
    gov_column_t  *at;

    at = gov_column_find(d->columns, d->ncolumns, column);
    way = &d->ways[at != NULL ? at - d->columns : d->ncolumns];

    if (way->path.len != 0) {
        return way;
    }

    for ( /* void */ ; at != NULL;
         at = gov_column_find(d->columns, d->ncolumns,
                              (uint32_t) at->rec.parent))
    {
        gov_way_up(q->arena, way, &at->rec);
    }

    return way;
}


void
gov_ask_column(gov_ask_t *q, gov_value_t *row, uint32_t site, uint32_t column)
{
    gov_way_t  *way;

    way = gov_ask_way_at(q, site, column);
    gov_put_str(q->arena, row, "column", way->path);
    gov_put_str(q->arena, row, "column_name", way->name);
}


gov_rc_t
gov_ask_doc(gov_ask_t *q, gov_doc_t *doc)
{
    gov_rc_t  rc;

    rc = gov_doc_find(q->txn, q->arena,
                      (uint64_t) gov_get_int(q->in, "doc", 0), doc);

    return rc == GOV_OK ? rc
                        : gov_fail(q->err, rc, "doc", "没有编号为 %lld 的文档",
                                   (long long) gov_get_int(q->in, "doc", 0));
}


/* a working copy may be called otherwise than the page it is of; where there
 * is no page the record has the newest title */

gov_str_t
gov_ask_title(gov_ask_t *q, gov_doc_t *doc)
{
    gov_version_rec_t  v;

    if (doc->rec.live != 0 && doc->rec.live != doc->rec.last
        && gov_version_get(q->txn, q->arena, doc->site, doc->id,
                           (uint32_t) doc->rec.last, &v)
           == GOV_OK)
    {
        return v.title;
    }

    return doc->rec.title;
}


gov_rc_t
gov_query_doc_get(gov_ask_t *q)
{
    gov_rc_t         rc;
    gov_str_t        body;
    gov_doc_t        doc;
    gov_ask_docs_t   d;

    rc = gov_ask_doc(q, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_site_get(q->txn, q->arena, doc.site, &d.site);
    if (rc == GOV_OK) {
        rc = gov_ask_docs(q, &d);
    }

    if (rc == GOV_OK) {
        rc = gov_ask_doc_version(q, &doc, &body);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_ask_doc_row(q, &d, q->out, &doc);
    gov_put_str(q->arena, q->out, "site", d.site.rec.code);
    gov_ask_doc_fields(q, &doc);
    gov_ask_views(q, doc.site, doc.id);
    gov_ask_doc_refs(q, &doc);

    rc = gov_ask_work(q, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    return body.len ? gov_ask_doc_body(q, &doc, body) : GOV_OK;
}


/* with "version" the document's content is that version's */

static gov_rc_t
gov_ask_doc_version(gov_ask_t *q, gov_doc_t *doc, gov_str_t *body)
{
    int64_t             n;
    gov_rc_t            rc;
    gov_version_rec_t   v;

    n = gov_get_int(q->in, "version", 0);

    /* a draft has no live version: the last one is what there is */

    if (n == 0 && doc->rec.live == 0) {
        n = doc->rec.last;
    }

    if (n == 0) {
        *body = doc->rec.body;
        return GOV_OK;
    }

    rc = gov_version_get(q->txn, q->arena, doc->site, doc->id, (uint32_t) n,
                         &v);
    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "version", "文档 %llu 没有第 %lld 版",
                        (unsigned long long) doc->id, (long long) n);
    }

    gov_doc_carry(&doc->rec, &v);

    *body = v.body;

    return GOV_OK;
}


static void
gov_ask_doc_fields(gov_ask_t *q, gov_doc_t *doc)
{
    const char  **name;
    int64_t       due;
    gov_value_t  *rec, *v;

    /* times, numbers and states that are told in words elsewhere */

    static const char  *told[] = {
        "column", "state", "published", "expires", "changed", "created",
        "refs", "body", "step", "since", "approvals", "writers", "urgent",
        "secrecy", "lock", "logs", "notes", "changes", "embargo", "pinned",
        "withdrawn", "coming", NULL
    };

    due = 0;
    rec = gov_rec_value(q->arena, &gov_rec_doc, &doc->rec);

    for (name = told; *name; name++) {
        gov_unset(rec, *name);
    }

    gov_each(v, rec) {
        if (gov_member_s(q->out, v->key) == NULL) {
            gov_put_key(q->out, v->key, gov_value_copy(q->arena, v));
        }
    }

    gov_ask_time(q, q->out, "created", doc->rec.created);
    gov_ask_time(q, q->out, "changed", doc->rec.changed);
    gov_ask_time(q, q->out, "expires", doc->rec.expires);
    gov_put_c(q->arena, q->out, "validity_shown",
              gov_validity(&doc->rec, q->now, &due));
}


static void
gov_ask_doc_refs(gov_ask_t *q, gov_doc_t *doc)
{
    uint32_t      site, column;
    gov_str_t     path;
    gov_value_t  *list, *ref;

    if (doc->rec.refs == NULL || doc->rec.refs->n == 0) {
        return;
    }

    list = gov_put_list(q->arena, q->out, "shown_in");

    gov_each(ref, doc->rec.refs) {
        if (ref->kind != GOV_LIST || ref->n != 2) {
            continue;
        }

        site = (uint32_t) ref->u.first->u.i;
        column = (uint32_t) ref->u.first->next->u.i;
        path = gov_ask_column_path(q, site, column);

        gov_add(list, gov_val_str(q->arena,
                                  gov_str_fmt(q->arena, "%.*s/%.*s",
                                      gov_strf(gov_ask_code(q, site)),
                                      gov_strf(path))));
    }
}


gov_str_t
gov_ask_column_path(gov_ask_t *q, uint32_t site, uint32_t column)
{
    return gov_ask_way_at(q, site, column)->path;
}


/* empty when it cannot be told */

static gov_way_t *
gov_ask_way_at(gov_ask_t *q, uint32_t site, uint32_t column)
{
    gov_site_t          *at;
    gov_told_way_t      *told;
    gov_told_columns_t  *columns;

    for (told = q->ways; told != NULL; told = told->next) {
        if (told->site == site && told->column == column) {
            return &told->way;
        }
    }

    told = gov_calloc(q->arena, sizeof(gov_told_way_t));
    told->site = site;
    told->column = column;
    told->next = q->ways;
    q->ways = told;

    if (gov_ask_site_got(q, site, &at) != GOV_OK) {
        return &told->way;
    }

    columns = gov_ask_columns(q, at);

    if (gov_column_way(q->txn, q->arena, site, columns->list, columns->n,
                       column, &told->way)
        != GOV_OK)
    {
        memset(&told->way, 0, sizeof(gov_way_t));
    }

    return &told->way;
}


/* the columns of the site's blueprint, which it shares with thousands; none
 * where they cannot be told */

static gov_told_columns_t *
gov_ask_columns(gov_ask_t *q, gov_site_t *site)
{
    unsigned             shown;
    gov_str_t            name;
    gov_told_columns_t  *told;

    name = gov_site_blueprint_name(site);

    for (told = q->columns; told != NULL; told = told->next) {
        if (gov_str_eq(told->blueprint, name)) {
            return told;
        }
    }

    told = gov_calloc(q->arena, sizeof(gov_told_columns_t));
    told->blueprint = name;
    told->next = q->columns;
    q->columns = told;

    (void) gov_columns_kept(q->txn, q->arena, site, &told->list, &shown,
                            &told->n);

    return told;
}


static gov_rc_t
gov_ask_doc_body(gov_ask_t *q, gov_doc_t *doc, gov_str_t digest)
{
    gov_rc_t        rc;
    gov_body_rec_t  body;

    rc = gov_body_get(q->txn, q->arena, doc->site, digest, &body);
    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "", "文档 %llu 的正文无法读取",
                        (unsigned long long) doc->id);
    }

    gov_put_str(q->arena, q->out, "form", body.form);
    gov_put_str(q->arena, q->out, "body", body.text);

    if (gov_get_bool(q->in, "html")) {
        gov_put_str(q->arena, q->out, "html",
                    body.html.len ? body.html : body.text);
    }

    return GOV_OK;
}


gov_rc_t
gov_query_doc_versions(gov_ask_t *q)
{
    gov_rc_t            rc;
    uint32_t            n;
    gov_doc_t           doc;
    gov_value_t        *rows, *row;
    gov_version_rec_t   v;

    rc = gov_ask_doc(q, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    rows = gov_put_list(q->arena, q->out, "rows");

    for (n = (uint32_t) doc.rec.last; n > 0 && rows->n < GOV_ASK_LIMIT_MAX;
         n--)
    {
        rc = gov_version_get(q->txn, q->arena, doc.site, doc.id, n, &v);
        if (rc != GOV_OK) {
            return rc;
        }

        row = gov_add_map(q->arena, rows);
        gov_put_int(q->arena, row, "version", n);
        gov_ask_time(q, row, "time", v.time);
        gov_put_str(q->arena, row, "actor", v.actor);
        gov_ask_person(q, row, "person", v.by);
        gov_put_bool(q->arena, row, "live", n == doc.rec.live);
        gov_put_str(q->arena, row, "title", v.title);
        gov_put_str(q->arena, row, "note", v.note);
    }

    return GOV_OK;
}
