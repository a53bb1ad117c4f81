
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.import: a batch of rows, one journal entry.
 *
 * Each row runs in a transaction of its own below the command's: a row that
 * is refused leaves nothing and the others go on.  A row is known by (site,
 * id): with equal content it is "unchanged" and writes nothing, with other
 * content it is a new version, live at once unless an editor withdrew,
 * expired or scheduled the document meanwhile; where it was moved it stays.
 * So a batch may be sent again, and a file begun anew.
 *
 * "at" and "expires" are the times of a document that the row publishes.  One
 * that was published before keeps its own, with a warning where they differ:
 * an editor may have set them.  A row whose "at" is the time that a document
 * waits for gives it the version that it waits with.
 *
 * A row's "published" is never honoured (N07): the time is the commit's, or
 * an "at" that is not before it.
 */


#include "desk/gov_desk_doc.h"


#define GOV_IMPORT_BYTES  (4 * 1024 * 1024)

#define GOV_IN_import_row(I)                                                  \
    I(id, STR, REQUIRED, "id in the source")                                  \
    I(title, STR, REQUIRED, "title")                                          \
    I(body_md, BODY, OPTIONAL, "the text as Markdown")                        \
    I(body_html, BODY, OPTIONAL, "the text as HTML")                          \
    I(site, CODE, OPTIONAL, "code of the site")                               \
    I(column, STR, OPTIONAL, "path of the column")                            \
    I(publish, BOOL, OPTIONAL, "publish; else yes")                           \
    I(at, TIME, OPTIONAL, "publish at this time, not before now")             \
    I(expires, TIME, OPTIONAL, "when it leaves the public")                   \
    I(interprets_id, STR, OPTIONAL, "the id it interprets, in its site")      \
    I(replaces_id, STR, OPTIONAL, "the id it replaces, in its site")          \
    GOV_IN_doc_fields(I)

static gov_in_t  gov_desk_import_in[] = {
    GOV_IN_import_row(GOV_DESK_IN_ROW)
    { NULL, 0, 0, NULL }
};

typedef enum {
    GOV_ROW_CREATED = 0,
    GOV_ROW_UPDATED,
    GOV_ROW_UNCHANGED
} gov_row_t;

/* what a row says of its time; 0 is nothing said */

typedef struct {
    unsigned       row;
    int            publish;
    int64_t        at;
    int64_t        expires;
} gov_when_t;

/* a batch mostly goes to one column: what was found is kept for the next */

typedef struct {
    int            known;
    gov_str_t      code;
    gov_str_t      path;
    gov_site_t     site;
    gov_column_t   column;
    int64_t        dead;            /* links that lead nowhere, of all rows */
} gov_import_t;


static gov_rc_t gov_import_size(gov_cmd_t *c, gov_value_t *rows);
static size_t gov_import_weight(gov_value_t *v);
static gov_rc_t gov_import_guarded(gov_cmd_t *c, gov_import_t *im,
    gov_value_t *row, unsigned n, int64_t *counts);
static gov_rc_t gov_import_row(gov_cmd_t *c, gov_import_t *im,
    gov_value_t *row, unsigned n, gov_row_t *what);
static gov_rc_t gov_import_when(gov_cmd_t *c, gov_import_t *im,
    gov_value_t *in, gov_when_t *when);
static gov_rc_t gov_import_place(gov_cmd_t *c, gov_import_t *im,
    gov_value_t *in);
static gov_rc_t gov_import_version(gov_cmd_t *c, gov_import_t *im,
    gov_value_t *in, uint64_t doc, gov_value_t *extra, gov_version_rec_t *v);
static gov_rc_t gov_import_named(gov_cmd_t *c, uint32_t site,
    gov_value_t *in, const char *field, int64_t *doc);
static gov_rc_t gov_import_body(gov_cmd_t *c, uint32_t site, uint64_t doc,
    gov_value_t *in, gov_version_rec_t *v);
static gov_value_t *gov_import_extra(gov_cmd_t *c, gov_value_t *row,
    unsigned n);
static gov_rc_t gov_import_new(gov_cmd_t *c, gov_import_t *im, gov_str_t name,
    gov_version_rec_t *v, gov_when_t *when);
static gov_rc_t gov_import_old(gov_cmd_t *c, gov_import_t *im, uint64_t id,
    gov_version_rec_t *v, gov_when_t *when, gov_row_t *what);
static gov_rc_t gov_import_renew(gov_cmd_t *c, gov_doc_t *doc,
    gov_version_rec_t *v, gov_when_t *when, int same);
static int64_t gov_import_at(gov_cmd_t *c, gov_doc_t *doc, gov_when_t *when);
static void gov_import_times(gov_cmd_t *c, gov_doc_t *doc, gov_when_t *when);
static gov_rc_t gov_import_dead(gov_cmd_t *c, gov_import_t *im,
    gov_doc_t *doc, gov_version_rec_t *v);
static int gov_import_same(gov_cmd_t *c, gov_version_rec_t *one,
    gov_version_rec_t *two);


gov_rc_t
gov_desk_doc_import(gov_cmd_t *c)
{
    int64_t        counts[3];
    gov_rc_t       rc;
    unsigned       n;
    gov_value_t   *rows, *row;
    gov_import_t   im;

    rows = gov_member(c->in, "rows");

    rc = gov_import_size(c, rows);

    if (rc == GOV_OK) {
        rc = gov_desk_first(c, &n);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    memset(counts, 0, sizeof(counts));
    memset(&im, 0, sizeof(gov_import_t));

    gov_each (row, rows) {
        rc = gov_import_guarded(c, &im, row, n++, counts);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    gov_put_int(c->arena, c->out, "created", counts[GOV_ROW_CREATED]);
    gov_put_int(c->arena, c->out, "updated", counts[GOV_ROW_UPDATED]);
    gov_put_int(c->arena, c->out, "unchanged", counts[GOV_ROW_UNCHANGED]);

    if (im.dead != 0) {
        gov_put_int(c->arena, c->out, "dead", im.dead);
    }

    return GOV_OK;
}


static gov_rc_t
gov_import_size(gov_cmd_t *c, gov_value_t *rows)
{
    if (rows->n > GOV_IMPORT_ROWS) {
        return gov_fail(c->err, GOV_INVALID, "rows", "一批最多 %d 行",
                        GOV_IMPORT_ROWS);
    }

    if (gov_import_weight(rows) > GOV_IMPORT_BYTES) {
        return gov_fail(c->err, GOV_INVALID, "rows", "一批最多 4 MB");
    }

    return GOV_OK;
}


static size_t
gov_import_weight(gov_value_t *v)
{
    size_t        sum;
    gov_value_t  *item;

    if (v->kind == GOV_STR) {
        return v->u.s.len;
    }

    sum = 0;

    if (v->kind == GOV_LIST || v->kind == GOV_MAP) {
        gov_each (item, v) {
            sum += gov_import_weight(item) + item->key.len;
        }
    }

    return sum;
}


/* what is a row's own fault is told and left; what is the machine's ends all */

static gov_rc_t
gov_import_guarded(gov_cmd_t *c, gov_import_t *im, gov_value_t *row,
    unsigned n, int64_t *counts)
{
    gov_rc_t    rc;
    unsigned    bodies;
    gov_cmd_t   own;
    gov_err_t   err;
    gov_row_t   what;
    gov_txn_t  *child;

    memset(&err, 0, sizeof(gov_err_t));

    if (gov_desk_refused(c, n)) {
        im->known = 0;
        gov_desk_refuse_row(c, n, "id", gov_get_str(row, "id"), &err);
        return GOV_OK;
    }

    rc = gov_txn_child(c->txn, &child, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    own = *c;
    own.txn = child;
    own.err = &err;
    own.out = gov_map(c->arena);
    bodies = c->n_bodies;
    what = GOV_ROW_UNCHANGED;

    rc = gov_import_row(&own, im, row, n, &what);

    c->bodies = own.bodies;
    c->n_bodies = own.n_bodies;
    c->max_bodies = own.max_bodies;
    c->safe = own.safe;

    if (rc == GOV_OK && what != GOV_ROW_UNCHANGED) {
        rc = gov_txn_commit(&child, c->err);

    } else {
        gov_txn_end(&child);
    }

    switch (rc) {

    case GOV_OK:
        counts[what]++;
        gov_said_more(c->arena, c->out, own.out);
        return GOV_OK;

    case GOV_INVALID:
    case GOV_NOT_FOUND:
    case GOV_CONFLICT:
    case GOV_DENIED:
        c->n_bodies = bodies;
        im->known = 0;
        gov_desk_refuse_row(c, n, "id", gov_get_str(row, "id"), &err);
        return GOV_OK;

    default:
        return gov_fail(c->err, rc, err.field, "第 %u 行：%s", n, err.text);
    }
}


static gov_rc_t
gov_import_row(gov_cmd_t *c, gov_import_t *im, gov_value_t *row, unsigned n,
    gov_row_t *what)
{
    gov_rc_t            rc;
    uint64_t            id;
    gov_str_t           name;
    gov_when_t          when;
    gov_value_t        *in;
    gov_version_rec_t   v;

    when.row = n;

    rc = gov_in_read(c->arena, gov_desk_import_in, row, 1, &in, c->err);

    if (rc == GOV_OK) {
        rc = gov_import_place(c, im, in);
    }

    if (rc == GOV_OK) {
        rc = gov_import_when(c, im, in, &when);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    id = 0;
    name = gov_get_str(in, "id");
    rc = gov_doc_by_source(c->txn, c->arena, im->site.id, name, &id);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return gov_fail(c->err, rc, "id", "读取来源编号失败");
    }

    rc = gov_import_version(c, im, in, id, gov_import_extra(c, row, n), &v);
    if (rc != GOV_OK) {
        return rc;
    }

    if (id != 0) {
        return gov_import_old(c, im, id, &v, &when, what);
    }

    *what = GOV_ROW_CREATED;

    return gov_import_new(c, im, name, &v, &when);
}


static gov_rc_t
gov_import_when(gov_cmd_t *c, gov_import_t *im, gov_value_t *in,
    gov_when_t *when)
{
    when->publish = gov_member(in, "publish") == NULL
                    || gov_get_bool(in, "publish");
    when->at = gov_get_int(in, "at", 0);
    when->expires = gov_get_int(in, "expires", 0);

    if (!when->publish) {
        return when->at == 0
               ? GOV_OK
               : gov_fail(c->err, GOV_INVALID, "at",
                          "不发布的行不能有发布时间");
    }

    return gov_desk_may(c, GOV_RIGHT_DOC_PUBLISH, im->site.id, im->column.id,
                        "publish");
}


/* the row's own site and column win over the batch's */

static gov_rc_t
gov_import_place(gov_cmd_t *c, gov_import_t *im, gov_value_t *in)
{
    gov_rc_t   rc;
    gov_str_t  code, path;

    code = gov_get_str(in, "site");
    path = gov_get_str(in, "column");
    code = code.len != 0 ? code : gov_desk_str(c, "site");
    path = path.len != 0 ? path : gov_desk_str(c, "column");

    if (code.len == 0 || path.len == 0) {
        return gov_fail(c->err, GOV_INVALID,
                        code.len == 0 ? "site" : "column",
                        "没有说明导入到哪个站点的哪个栏目");
    }

    if (im->known && gov_str_eq(im->code, code)
        && gov_str_eq(im->path, path))
    {
        return GOV_OK;
    }

    im->known = 0;

    rc = gov_desk_target(c, gov_str_fmt(c->arena, "%.*s/%.*s", gov_strf(code),
                                        gov_strf(path)),
                         "column", &im->site, &im->column);

    if (rc == GOV_OK) {
        rc = gov_desk_takes(c, &im->column, "column");
    }

    if (rc == GOV_OK) {
        rc = gov_desk_may(c, GOV_RIGHT_DOC_WRITE, im->site.id, im->column.id,
                          "column");
    }

    if (rc != GOV_OK) {
        return rc;
    }

    im->known = 1;
    im->code = code;
    im->path = path;

    return GOV_OK;
}


static gov_rc_t
gov_import_version(gov_cmd_t *c, gov_import_t *im, gov_value_t *in,
    uint64_t doc, gov_value_t *extra, gov_version_rec_t *v)
{
    gov_rc_t  rc;

    memset(v, 0, sizeof(gov_version_rec_t));
    gov_desk_version(c, v);

    rc = gov_desk_content(c, im->site.id, in, extra, v);

    if (rc == GOV_OK) {
        rc = gov_import_named(c, im->site.id, in, "interprets_id",
                              &v->interprets);
    }

    if (rc == GOV_OK) {
        rc = gov_import_named(c, im->site.id, in, "replaces_id",
                              &v->replaces);
    }

    if (rc == GOV_OK && gov_member(in, "replaces_id")) {
        rc = gov_desk_replaces(c, (uint64_t) v->replaces, "replaces_id");
    }

    return rc == GOV_OK ? gov_import_body(c, im->site.id, doc, in, v) : rc;
}


/* rows name each other by their ids in the source */

static gov_rc_t
gov_import_named(gov_cmd_t *c, uint32_t site, gov_value_t *in,
    const char *field, int64_t *doc)
{
    gov_rc_t   rc;
    uint64_t   id;
    gov_str_t  name;

    name = gov_get_str(in, field);

    if (name.len == 0) {
        return GOV_OK;
    }

    rc = gov_doc_by_source(c->txn, c->arena, site, name, &id);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, field, "本站还没有“%.*s”，请先导入它",
                        gov_strf(gov_utf8_head(name, 60)));
    }

    *doc = (int64_t) id;

    return GOV_OK;
}


static gov_rc_t
gov_import_body(gov_cmd_t *c, uint32_t site, uint64_t doc, gov_value_t *in,
    gov_version_rec_t *v)
{
    gov_value_t  *md, *html;

    md = gov_member(in, "body_md");
    html = gov_member(in, "body_html");

    if ((md == NULL) == (html == NULL)) {
        return gov_fail(c->err, GOV_INVALID, "body_md",
                        "正文要有 body_md 或 body_html 之一");
    }

    return md != NULL
           ? gov_desk_body(c, site, doc, gov_s("md"), md->u.s, &v->body)
           : gov_desk_body(c, site, doc, gov_s("html"), html->u.s, &v->body);
}


/* members that no field is named after go on as fields of the kind */

static gov_value_t *
gov_import_extra(gov_cmd_t *c, gov_value_t *row, unsigned n)
{
    gov_in_t     *in;
    gov_value_t  *v, *extra;

    extra = gov_map(c->arena);

    gov_each (v, row) {

        if (gov_str_is(v->key, "published")) {
            gov_desk_warn(c, "第 %u 行的 published 不采用：发布时间以提交为准",
                          n);
            continue;
        }

        for (in = gov_desk_import_in; in->name; in++) {
            if (gov_str_is(v->key, in->name)) {
                break;
            }
        }

        if (in->name == NULL && v->kind != GOV_NIL) {
            gov_put_key(extra, v->key, gov_value_copy(c->arena, v));
        }
    }

    return extra;
}


static gov_rc_t
gov_import_new(gov_cmd_t *c, gov_import_t *im, gov_str_t name,
    gov_version_rec_t *v, gov_when_t *when)
{
    gov_by_t   by;
    gov_rc_t   rc;
    gov_doc_t  doc;

    rc = gov_desk_leaves(c, when->expires);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&doc, 0, sizeof(gov_doc_t));
    doc.site = im->site.id;
    doc.rec.column = im->column.id;
    doc.rec.expires = when->expires;
    doc.rec.source_id = name;

    if (when->publish) {
        by = gov_desk_by(c);
        rc = gov_doc_issue(c->txn, c->arena, &doc, v,
                           when->at != 0 ? when->at : by.now, &by, c->err);

    } else {
        rc = gov_doc_write(c->txn, c->arena, &doc, v, c->err);
    }

    return rc == GOV_OK ? gov_import_dead(c, im, &doc, v) : rc;
}


static gov_rc_t
gov_import_old(gov_cmd_t *c, gov_import_t *im, uint64_t id,
    gov_version_rec_t *v, gov_when_t *when, gov_row_t *what)
{
    int                 same;
    gov_rc_t            rc;
    gov_doc_t           doc;
    gov_site_t          site;
    gov_version_rec_t   last;

    rc = gov_desk_doc_load(c, id, "id", &doc, &site);

    if (rc == GOV_OK) {
        rc = gov_version_get(c->txn, c->arena, im->site.id, id,
                             (uint32_t) doc.rec.last, &last);
    }

    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "id", "读取文档 %llu 失败",
                        (unsigned long long) id);
    }

    /* it may have been moved since */

    rc = gov_desk_may(c, when->publish ? GOV_RIGHT_DOC_PUBLISH
                                       : GOV_RIGHT_DOC_WRITE, doc.site,
                      (uint32_t) doc.rec.column, "id");
    if (rc != GOV_OK) {
        return rc;
    }

    same = gov_import_same(c, &last, v);

    if (same && !(when->publish && gov_doc_shown(&doc.rec, c->op->time)
                                   == GOV_SHOWN_DRAFT))
    {
        *what = GOV_ROW_UNCHANGED;

    } else {
        *what = GOV_ROW_UPDATED;

        rc = gov_import_renew(c, &doc, v, when, same);

        if (rc == GOV_OK) {
            rc = gov_import_dead(c, im, &doc, v);
        }
    }

    if (rc == GOV_OK) {
        gov_import_times(c, &doc, when);
    }

    return rc;
}


static gov_rc_t
gov_import_renew(gov_cmd_t *c, gov_doc_t *doc, gov_version_rec_t *v,
    gov_when_t *when, int same)
{
    int64_t   at;
    gov_by_t  by;
    gov_rc_t  rc;

    rc = GOV_OK;
    at = gov_import_at(c, doc, when);

    if (when->publish && when->expires != 0
        && gov_doc_shown(&doc->rec, c->op->time) == GOV_SHOWN_DRAFT)
    {
        rc = gov_desk_leaves(c, when->expires);
        doc->rec.expires = when->expires;
    }

    if (rc == GOV_OK && !same) {
        rc = gov_doc_write(c->txn, c->arena, doc, v, c->err);
    }

    if (rc == GOV_OK && at != 0) {
        by = gov_desk_by(c);
        rc = gov_doc_publish(c->txn, c->arena, doc, (uint32_t) doc->rec.last,
                             at, &by, c->err);
    }

    return rc;
}


/* when the row's version goes live, 0: as an editor left it, not by itself */

static int64_t
gov_import_at(gov_cmd_t *c, gov_doc_t *doc, gov_when_t *when)
{
    int64_t  now;

    now = c->op->time;

    if (!when->publish) {
        return 0;
    }

    switch (gov_doc_shown(&doc->rec, now)) {

    case GOV_SHOWN_DRAFT:
        return when->at != 0 ? when->at : now;

    case GOV_SHOWN_PUBLIC:          /* its own time may be long ago by now */
        return when->at > now ? when->at : now;

    case GOV_SHOWN_SCHEDULED:
        return when->at == doc->rec.published ? when->at : 0;

    default:
        return 0;
    }
}


static void
gov_import_times(gov_cmd_t *c, gov_doc_t *doc, gov_when_t *when)
{
    if (when->at != 0 && when->at != doc->rec.published) {
        gov_desk_warn(c, "第 %u 行的发布时间不采用：文档 %llu 已另有发布时间",
                      when->row, (unsigned long long) doc->id);
    }

    if (when->expires != 0 && when->expires != doc->rec.expires) {
        gov_desk_warn(c, "第 %u 行的下线时间不采用：文档 %llu 已在库中，"
                      "请另行设定", when->row, (unsigned long long) doc->id);
    }
}


static gov_rc_t
gov_import_dead(gov_cmd_t *c, gov_import_t *im, gov_doc_t *doc,
    gov_version_rec_t *v)
{
    gov_rc_t      rc;
    gov_value_t  *rows;

    rows = gov_list(c->arena);

    rc = gov_desk_dead_of(c, &im->site, (uint32_t) doc->rec.column, v->body,
                          rows);
    im->dead += rows->n;

    return rc;
}


/* equal but for when, by whom and why */

static int
gov_import_same(gov_cmd_t *c, gov_version_rec_t *one, gov_version_rec_t *two)
{
    gov_str_t           s, t;
    gov_version_rec_t   a, b;

    a = *one;
    b = *two;
    a.time = b.time = 0;
    a.by = b.by = 0;
    a.actor.len = b.actor.len = 0;
    a.note.len = b.note.len = 0;
    a.rest.len = b.rest.len = 0;

    return gov_rec_encode(c->arena, &gov_rec_version, &a, &s) == GOV_OK
           && gov_rec_encode(c->arena, &gov_rec_version, &b, &t) == GOV_OK
           && gov_str_eq(s, t);
}
