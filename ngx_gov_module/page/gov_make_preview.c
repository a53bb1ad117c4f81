
/*
 * Copyright (C) ngx_gov authors
 *
 * One version of a document as it would be shown, on its own site's theme:
 * for who holds a link to it (content/gov_preview.c), or is signed in and may
 * see it, which the caller has judged.  Never kept, never public; its files
 * are served below the link itself, for no other address has them yet.  A text
 * that is still being typed is shown the same way.
 */


#include "page/gov_page_int.h"


static gov_rc_t gov_preview_link(gov_make_t *m, gov_preview_rec_t *row,
    gov_doc_t *doc, gov_version_rec_t *v);
static gov_rc_t gov_preview_site(gov_make_t *m, gov_doc_t *doc);
static gov_rc_t gov_preview_page(gov_make_t *m, gov_doc_t *doc,
    gov_version_rec_t *v, int64_t until);
static gov_rc_t gov_preview_file(gov_make_t *m, gov_doc_t *doc,
    gov_version_rec_t *v);
static void gov_preview_begin(gov_make_t *m, gov_page_req_t *r,
    gov_doc_t *doc, gov_page_t *page, gov_err_t *err);
static gov_value_t *gov_typed_fields(gov_arena_t *a, gov_value_t *typed);
static gov_value_t *gov_typed_files(gov_arena_t *a, gov_value_t *typed);


gov_rc_t
gov_make_preview(gov_make_t *m)
{
    gov_rc_t            rc;
    gov_doc_t           doc;
    gov_version_rec_t   v;
    gov_preview_rec_t   row;

    m->p->secret = 1;

    rc = gov_preview_link(m, &row, &doc, &v);

    if (rc == GOV_DENIED) {
        return gov_make_notice(m, 410, "preview", NULL);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (m->route.digest.len != 0) {
        return gov_preview_file(m, &doc, &v);
    }

    rc = gov_preview_site(m, &doc);

    m->v.files_at = gov_str_fmt(m->r->arena, "/_gov/preview/%.*s/files/",
                                gov_strf(m->route.name));

    return rc == GOV_OK ? gov_preview_page(m, &doc, &v, row.until) : rc;
}


/* a link leads to its site's own host and to no other */

static gov_rc_t
gov_preview_link(gov_make_t *m, gov_preview_rec_t *row, gov_doc_t *doc,
    gov_version_rec_t *v)
{
    gov_rc_t      rc;
    gov_base_t    base;
    gov_site_t    site;
    gov_txn_t    *t;
    gov_arena_t  *a;

    t = m->r->txn;
    a = m->r->arena;

    rc = gov_preview_get(t, a, m->route.name, m->r->now, row);

    if (rc == GOV_OK) {
        rc = gov_doc_find(t, a, (uint64_t) row->doc, doc);
    }

    if (rc == GOV_OK) {
        rc = gov_version_get(t, a, doc->site, doc->id,
                             (uint32_t) row->version, v);
    }

    if (rc == GOV_OK) {
        rc = gov_site_get(t, a, doc->site, &site);
    }

    if (rc == GOV_OK) {
        rc = gov_site_base(t, a, &site, &base);
    }

    return rc != GOV_OK || gov_str_eq(base.host, m->r->host)
           ? rc : GOV_NOT_FOUND;
}


static gov_rc_t
gov_preview_site(gov_make_t *m, gov_doc_t *doc)
{
    int            elder;
    gov_rc_t       rc;
    gov_assets_t  *assets;

    elder = m->v.elder;
    assets = m->v.assets;

    rc = gov_view_begin(&m->v, m->r->txn, m->r->arena, m->r->now, m->r->links,
                        doc->site);
    if (rc != GOV_OK) {
        return rc;
    }

    m->v.elder = elder;
    m->v.assets = assets;
    m->v.path = m->r->path;

    return gov_view_columns(&m->v);
}


static gov_rc_t
gov_preview_page(gov_make_t *m, gov_doc_t *doc, gov_version_rec_t *v,
    int64_t until)
{
    gov_rc_t       rc;
    gov_value_t   *values, *preview;
    gov_column_t  *c;

    c = gov_column_find(m->v.columns, m->v.ncolumns,
                        (uint32_t) doc->rec.column);
    if (c == NULL) {
        return GOV_NOT_FOUND;
    }

    gov_doc_carry(&doc->rec, v);

    if (gov_doc_shown(&doc->rec, m->r->now) != GOV_SHOWN_PUBLIC) {
        doc->rec.published = m->r->now;
        doc->rec.changed = 0;
    }

    rc = gov_view_doc(&m->v, c, doc, &values);
    if (rc != GOV_OK) {
        return rc;
    }

    preview = gov_put_map(m->r->arena, values, "preview");
    gov_put_str(m->r->arena, preview, "until",
                until != 0 ? gov_date(m->r->arena, until, GOV_DATE_MINUTE)
                           : gov_s(""));

    return gov_make_render(m, "document", values);
}


static gov_rc_t
gov_preview_file(gov_make_t *m, gov_doc_t *doc, gov_version_rec_t *v)
{
    int             named;
    gov_rc_t        rc;
    gov_file_rec_t  f, whole;

    rc = gov_file_whole(m->r->txn, m->r->arena, doc->site, m->route.digest,
                        &f, &whole);

    /* who may see a draft may still not see what was not scanned, nor what
     * was made of it */

    if (rc == GOV_OK && (whole.state != GOV_FILE_OK || whole.deleted)) {
        rc = GOV_NOT_FOUND;
    }

    if (rc == GOV_OK) {
        rc = gov_file_named(m->r->txn, m->r->arena, doc->site, v->files,
                            v->body, m->route.digest, &f, &named);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    return named ? gov_make_file_as(m, &f) : GOV_NOT_FOUND;
}


static void
gov_preview_begin(gov_make_t *m, gov_page_req_t *r, gov_doc_t *doc,
    gov_page_t *page, gov_err_t *err)
{
    gov_make_begin(m, r, page, err);
    m->v.elder = r->elder;
    m->v.assets = r->assets;
    page->secret = 1;
    page->site = doc->site;
}


/* for who is signed in: the caller has judged that they may */

gov_rc_t
gov_page_version(gov_page_req_t *r, gov_doc_t *doc, gov_str_t at,
    gov_str_t rest, gov_page_t *page, gov_err_t *err)
{
    int64_t             n;
    gov_rc_t            rc;
    gov_make_t          m;
    gov_version_rec_t   v;

    gov_preview_begin(&m, r, doc, page, err);

    gov_route_preview(rest, &m.route);

    if (m.route.kind != GOV_ROUTE_PREVIEW
        || gov_str_int(m.route.name, &n) != 0 || n < 0 || n > UINT32_MAX)
    {
        return GOV_NOT_FOUND;
    }

    rc = gov_version_get(r->txn, r->arena, doc->site, doc->id,
                         (uint32_t) (n ? n : doc->rec.last), &v);

    if (rc != GOV_OK) {
        return rc;
    }

    if (m.route.digest.len != 0) {
        return gov_preview_file(&m, doc, &v);
    }

    rc = gov_preview_site(&m, doc);

    m.v.files_at = gov_str_fmt(r->arena, "%.*s%lld/files/", gov_strf(at),
                               (long long) n);

    return rc == GOV_OK ? gov_preview_page(&m, doc, &v, 0) : rc;
}


/* what a form may say of a version, but its body */

static const char  *gov_typed_names[] = {
    "title", "subtitle", "summary", "number", "issuer", "written",
    "effective", "expires_on", "source", "author", "keywords",
    "index_number", "topic", "openness", "basis", NULL
};


gov_rc_t
gov_page_typed(gov_page_req_t *r, gov_doc_t *doc, gov_value_t *typed,
    gov_str_t html, gov_str_t files_at, gov_page_t *page, gov_err_t *err)
{
    gov_rc_t            rc;
    gov_make_t          m;
    gov_version_rec_t   v;

    gov_preview_begin(&m, r, doc, page, err);

    rc = gov_rec_from_value(r->arena, &gov_rec_version,
                            gov_typed_fields(r->arena, typed), &v, err);

    if (rc == GOV_OK) {
        v.files = gov_typed_files(r->arena, typed);
        rc = gov_preview_site(&m, doc);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    m.v.files_at = files_at;
    m.v.typed = html;

    if (html.data == NULL) {
        m.v.typed = gov_s("");
    }

    return gov_preview_page(&m, doc, &v, 0);
}


static gov_value_t *
gov_typed_fields(gov_arena_t *a, gov_value_t *typed)
{
    unsigned      i;
    gov_value_t  *fields;

    fields = gov_map(a);

    for (i = 0; gov_typed_names[i]; i++) {
        gov_put_str(a, fields, gov_typed_names[i],
                    gov_get_str(typed, gov_typed_names[i]));
    }

    return fields;
}


/* "DIGEST/NAME", one or a list; the rest is the site's record */

static gov_value_t *
gov_typed_files(gov_arena_t *a, gov_value_t *typed)
{
    gov_str_t     hex;
    gov_value_t  *v, *given, *files;

    files = gov_list(a);
    given = gov_member(typed, "attachments");

    if (given != NULL && given->kind == GOV_STR) {
        given = gov_list(a);
        gov_add(given, gov_val_str(a, gov_get_str(typed, "attachments")));
    }

    gov_each (v, given) {
        hex = v->u.s;

        if (hex.len >= 2 * GOV_DIGEST_LEN) {
            hex.len = 2 * GOV_DIGEST_LEN;
            gov_put_str(a, gov_add_map(a, files), "digest", hex);
        }
    }

    return files;
}
