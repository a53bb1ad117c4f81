
/*
 * Copyright (C) ngx_gov authors
 *
 * A document.  What is shown is the live version; the body is the safe HTML
 * that was made when the version was written.
 */


#include "view/gov_view_int.h"


#define GOV_CHANGES_SHOWN  50


static void gov_doc_meta(gov_view_t *v, gov_doc_rec_t *d, const char *valid,
    gov_value_t *out);
static void gov_doc_body(gov_view_t *v, gov_doc_t *doc, gov_value_t *out);
static void gov_doc_files(gov_view_t *v, gov_doc_t *doc, gov_value_t *out);
static void gov_doc_related(gov_view_t *v, gov_doc_t *doc,
    gov_value_t *out);
static void gov_doc_changes(gov_view_t *v, gov_doc_t *doc,
    gov_value_t *out);
static void gov_doc_next(gov_view_t *v, gov_column_t *c, gov_doc_t *doc,
    gov_value_t *out);
static void gov_doc_from(gov_view_t *v, gov_doc_t *doc, gov_value_t *out);


gov_rc_t
gov_view_doc(gov_view_t *v, gov_column_t *c, gov_doc_t *doc,
    gov_value_t **out)
{
    gov_rc_t         rc;
    gov_arena_t     *a;
    gov_value_t     *d;
    gov_page_head_t  head;

    a = v->arena;
    *out = gov_map(a);

    memset(&head, 0, sizeof(gov_page_head_t));
    head.kind = "document";
    head.heading = doc->rec.title;
    head.description = doc->rec.summary;
    head.column = c;
    head.doc = doc;
    head.leaf = doc->rec.title;

    rc = gov_view_canonical(v, doc, &head.canonical);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_view_chrome(v, &head, *out);
    if (rc != GOV_OK) {
        return rc;
    }

    d = gov_view_doc_value(v, c, doc);
    gov_doc_next(v, c, doc, d);
    gov_put(*out, "doc", d);

    if (doc->site != v->site.id) {
        gov_doc_from(v, doc, *out);
    }

    return GOV_OK;
}


/* 信息来源: stated, or who issued it, or whose document it is */

gov_str_t
gov_view_source(gov_view_t *v, gov_doc_t *doc)
{
    gov_site_t  site;

    if (doc->rec.source.len) {
        return doc->rec.source;
    }

    if (doc->rec.issuer.len) {
        return doc->rec.issuer;
    }

    if (doc->site != v->site.id
        && gov_view_site(v, doc->site, &site) == GOV_OK)
    {
        return site.rec.legal_name;
    }

    return v->site.rec.legal_name;
}


gov_value_t *
gov_view_doc_value(gov_view_t *v, gov_column_t *c, gov_doc_t *doc)
{
    const char     *valid;
    gov_arena_t    *a;
    gov_value_t    *m;
    gov_doc_rec_t  *d;

    a = v->arena;
    d = &doc->rec;
    m = gov_map(a);

    gov_put_int(a, m, "id", doc->id);
    gov_put_str(a, m, "title", d->title);

    gov_put_some(a, m, "subtitle", d->subtitle);

    gov_put_str(a, m, "published",
                gov_date(a, d->published, GOV_DATE_MINUTE));
    gov_put_str(a, m, "published_iso",
                gov_date(a, d->published, GOV_DATE_RFC3339));

    if (d->changed > d->published) {
        gov_put_str(a, m, "changed",
                    gov_date(a, d->changed, GOV_DATE_MINUTE));
    }

    gov_put_str(a, m, "source", gov_view_source(v, doc));
    gov_put_str(a, m, "author", d->author);
    gov_put_str(a, m, "number", d->number);
    gov_put_str(a, m, "summary", d->summary);

    valid = gov_view_validity(v, d, m);
    gov_put_bool(a, m, "official",
                 gov_view_official(c->rec.kind) || d->number.len);
    gov_doc_meta(v, d, valid, m);
    gov_doc_body(v, doc, m);
    gov_doc_files(v, doc, m);
    gov_doc_related(v, doc, m);
    gov_doc_changes(v, doc, m);

    if (doc->id) {
        gov_put_str(a, m, "short",
                    gov_view_absolute(v, &v->base,
                                      gov_str_fmt(a, "s/%llu",
                                              (unsigned long long) doc->id)));
    }

    return m;
}


static void
gov_doc_meta_row(gov_view_t *v, gov_value_t *list, gov_word_t name,
    gov_str_t value)
{
    gov_value_t  *m;

    if (value.len == 0) {
        return;
    }

    m = gov_add_map(v->arena, list);
    gov_put_str(v->arena, m, "name", gov_word(name));
    gov_put_str(v->arena, m, "value", value);
}


static void
gov_doc_meta(gov_view_t *v, gov_doc_rec_t *d, const char *valid,
    gov_value_t *out)
{
    gov_value_t  *list;

    list = gov_put_list(v->arena, out, "meta");

    gov_doc_meta_row(v, list, GOV_W_index_number, d->index_number);
    gov_doc_meta_row(v, list, GOV_W_topic, d->topic);
    gov_doc_meta_row(v, list, GOV_W_issuer, d->issuer);
    gov_doc_meta_row(v, list, GOV_W_written, d->written);
    gov_doc_meta_row(v, list, GOV_W_published,
                     gov_date(v->arena, d->published, GOV_DATE_DAY));
    gov_doc_meta_row(v, list, GOV_W_number, d->number);
    gov_doc_meta_row(v, list, GOV_W_force, d->force);
    gov_doc_meta_row(v, list, GOV_W_effective, d->effective);
    gov_doc_meta_row(v, list, GOV_W_expires_on, d->expires_on);

    if (*valid) {
        gov_doc_meta_row(v, list, GOV_W_validity,
                         gov_view_validity_word(valid));
    }
}


static void
gov_doc_body(gov_view_t *v, gov_doc_t *doc, gov_value_t *out)
{
    gov_body_rec_t  body;

    if (v->typed.data != NULL) {
        gov_put_html(v->arena, out, "body", gov_view_body(v, doc, v->typed));
        return;
    }

    if (doc->rec.body.len == 0
        || gov_view_got(v, gov_body_get(v->txn, v->arena, doc->site,
                                        doc->rec.body, &body))
           != GOV_OK)
    {
        return;
    }

    gov_put_html(v->arena, out, "body",
                 gov_view_body(v, doc,
                               body.html.len ? body.html : body.text));
}


static gov_str_t
gov_doc_size(gov_arena_t *a, int64_t n)
{
    if (n >= 1024 * 1024) {
        return gov_str_fmt(a, "%.1f MB", (double) n / (1024 * 1024));
    }

    return gov_str_fmt(a, "%lld KB", (long long) ((n + 1023) / 1024));
}


/* those that are held or refused are not named to visitors */

static void
gov_doc_files(gov_view_t *v, gov_doc_t *doc, gov_value_t *out)
{
    gov_buf_t        b;
    gov_str_t        at, hex;
    gov_arena_t     *a;
    gov_value_t     *list, *file, *m;
    gov_file_rec_t   f;

    a = v->arena;
    at = gov_view_files_at(v, doc);
    list = gov_put_list(a, out, "attachments");

    gov_each (file, doc->rec.files) {
        hex = gov_get_str(file, "digest");

        if (gov_view_got(v, gov_file_now(v->txn, a, doc->site, &hex, &f))
            != GOV_OK || f.state != GOV_FILE_OK || f.deleted)
        {
            continue;
        }

        gov_buf_init(&b, a, 160);
        gov_buf_str(&b, at);
        gov_buf_str(&b, hex);
        gov_buf_c(&b, "/");
        gov_buf_uri(&b, f.name);

        m = gov_add_map(a, list);
        gov_put_str(a, m, "title", f.name);
        gov_put_str(a, m, "url", b.s);
        gov_put_str(a, m, "type", f.type);
        gov_put_str(a, m, "size", gov_doc_size(a, f.size));
    }
}


/*
 * A link to another document if it is public, else NULL: in the column it is
 * known to stand in, whoever's it is, or at its own address.
 */

static gov_value_t *
gov_doc_link(gov_view_t *v, gov_column_t *c, uint64_t id)
{
    gov_doc_t     doc;
    gov_str_t     url;
    gov_value_t  *m;

    if (id == 0 || gov_view_load_doc(v, id, &doc) != GOV_OK
        || gov_doc_shown(&doc.rec, v->now) != GOV_SHOWN_PUBLIC)
    {
        return NULL;
    }

    if (c != NULL) {
        url = gov_view_doc_url(v, c->id, id);

    } else if (gov_view_doc_address(v, &doc, &url) != GOV_OK) {
        return NULL;
    }

    m = gov_map(v->arena);
    gov_put_str(v->arena, m, "title", doc.rec.title);
    gov_put_str(v->arena, m, "url", url);

    return m;
}


static void
gov_doc_put_link(gov_view_t *v, gov_value_t *out, const char *key,
    gov_column_t *c, uint64_t id)
{
    gov_value_t  *m;

    m = gov_doc_link(v, c, id);

    if (m != NULL) {
        gov_put(out, key, m);
    }
}


static void
gov_doc_related(gov_view_t *v, gov_doc_t *doc, gov_value_t *out)
{
    gov_value_t  *list, *id, *m;

    gov_doc_put_link(v, out, "interprets", NULL, doc->rec.interprets);
    gov_doc_put_link(v, out, "replaces", NULL, doc->rec.replaces);
    gov_doc_put_link(v, out, "replaced_by", NULL, doc->rec.replaced_by);

    list = gov_put_list(v->arena, out, "interpretations");

    gov_each (id, doc->rec.interpreted_by) {
        m = gov_doc_link(v, NULL, id->u.i);

        if (m != NULL) {
            gov_add(list, m);
        }
    }
}


/* the newest first; the mark of the document covers them */

static void
gov_doc_changes(gov_view_t *v, gov_doc_t *doc, gov_value_t *out)
{
    int64_t             n, last;
    gov_arena_t        *a;
    gov_value_t        *list, *m;
    gov_changed_rec_t   row;

    static const gov_word_t  words[] = {
        GOV_W_edited, GOV_W_edited, GOV_W_corrected, GOV_W_withdrawn,
        GOV_W_again
    };

    if (doc->rec.changes == 0) {
        return;
    }

    a = v->arena;
    list = gov_put_list(a, out, "changes");
    last = doc->rec.changes > GOV_CHANGES_SHOWN
           ? doc->rec.changes - GOV_CHANGES_SHOWN : 0;

    for (n = doc->rec.changes; n > last; n--) {
        if (gov_view_got(v, gov_doc_change(v->txn, a, doc, (uint32_t) n,
                                           &row))
            != GOV_OK)
        {
            continue;
        }

        m = gov_add_map(a, list);
        gov_put_str(a, m, "date", gov_date(a, row.time, GOV_DATE_MINUTE));
        gov_put_c(a, m, "kind", gov_change_name((int) row.kind));
        gov_put_str(a, m, "word",
                    gov_word(words[row.kind <= GOV_CHANGE_AGAIN
                                   ? row.kind : 0]));
        gov_put_some(a, m, "what", row.what);
        gov_put_some(a, m, "why", row.why);
    }
}


/* only in its own column: a referring list has an order of its own */

static void
gov_doc_next(gov_view_t *v, gov_column_t *c, gov_doc_t *doc,
    gov_value_t *out)
{
    uint64_t  newer, older;

    if (doc->site != v->site.id || doc->rec.column != c->id) {
        return;
    }

    gov_view_note(v, v->site.id, gov_slot_column(c->id));

    if (gov_doc_neighbours(v->txn, v->arena, doc, v->now, &newer, &older,
                           &v->due)
        != GOV_OK)
    {
        return;
    }

    gov_doc_put_link(v, out, "prev", c, newer);
    gov_doc_put_link(v, out, "next", c, older);
}


static void
gov_doc_from(gov_view_t *v, gov_doc_t *doc, gov_value_t *out)
{
    gov_site_t    site;
    gov_value_t  *m;

    if (gov_view_site(v, doc->site, &site) != GOV_OK) {
        return;
    }

    m = gov_put_map(v->arena, out, "from");
    gov_put_str(v->arena, m, "name", site.rec.legal_name);
    gov_put_str(v->arena, m, "url", gov_view_site_url(v, &site));
}
