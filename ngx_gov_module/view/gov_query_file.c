
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions about a site's library.  A page of it is read from one shelf, so
 * that it costs the same however many files there are; only a search for a
 * part of a name walks.
 */


#define _GNU_SOURCE         /* memmem() */

#include "view/gov_query_int.h"


#define GOV_ASK_CURSOR  (4 + 8 + GOV_DIGEST_LEN)    /* a shelf's key */


typedef struct {
    gov_site_t   site;
    uint32_t     shelf;
    int          state;         /* -1: any */
    gov_str_t    name;
} gov_ask_files_t;


static gov_rc_t gov_ask_files_site(gov_ask_t *q, gov_site_t *site);
static gov_rc_t gov_ask_shelf(gov_ask_t *q, gov_ask_files_t *f);
static gov_rc_t gov_ask_after(gov_ask_t *q, gov_ask_files_t *f,
    gov_scan_t *sc);
static gov_rc_t gov_ask_file_rows(gov_ask_t *q, gov_ask_files_t *f,
    gov_scan_t *sc);
static int gov_ask_file_wanted(gov_ask_files_t *f, gov_file_rec_t *rec);
static void gov_ask_file_row(gov_ask_t *q, gov_site_t *site,
    gov_value_t *row, gov_str_t hex, gov_file_rec_t *rec);
static gov_rc_t gov_ask_file_docs(gov_ask_t *q, gov_site_t *site,
    gov_str_t hex, gov_file_rec_t *rec);


gov_rc_t
gov_query_file_list(gov_ask_t *q)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_ask_files_t   f;

    rc = gov_ask_files_site(q, &f.site);

    if (rc == GOV_OK) {
        rc = gov_ask_shelf(q, &f);
    }

    if (rc == GOV_OK) {
        rc = gov_scan_open(&sc, gov_handle(q->txn, f.site.id), GOV_T_SHELVES,
                           gov_key4(&k, f.shelf), GOV_REVERSE);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_ask_after(q, &f, &sc);

    if (rc == GOV_OK) {
        rc = gov_ask_file_rows(q, &f, &sc);
    }

    gov_scan_close(&sc);

    return rc;
}


/* who reads some column's documents may look for files */

static gov_rc_t
gov_ask_files_site(gov_ask_t *q, gov_site_t *site)
{
    gov_rc_t     rc;
    gov_judge_t  j;

    rc = gov_ask_site(q, "site", site);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_ask_judge(q, &j);

    return gov_judge_at(&j, GOV_RIGHT_DOC_READ, site->id, GOV_ANY_COLUMN,
                        "site");
}


static gov_rc_t
gov_ask_shelf(gov_ask_t *q, gov_ask_files_t *f)
{
    int        kind;
    gov_str_t  word;

    f->shelf = GOV_SHELF_ALL;
    f->state = -1;
    f->name = gov_get_str(q->in, "name");

    word = gov_get_str(q->in, "kind");

    if (word.len) {
        kind = gov_media_kind_parse(word);

        if (kind < 0) {
            return gov_fail(q->err, GOV_INVALID, "kind",
                            "类别只能是 image、document、sound、archive、"
                            "other");
        }

        f->shelf = GOV_SHELF_KIND + (uint32_t) kind;
    }

    word = gov_get_str(q->in, "state");

    if (gov_str_is(word, "bin")) {
        f->shelf = GOV_SHELF_BIN;

    } else if (word.len) {
        f->state = gov_file_state_parse(word);

        if (f->state < 0) {
            return gov_fail(q->err, GOV_INVALID, "state",
                            "状态只能是 ok、held、refused、bin");
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_ask_after(gov_ask_t *q, gov_ask_files_t *f, gov_scan_t *sc)
{
    gov_str_t  after;
    gov_key_t  from;

    after = gov_get_str(q->in, "after");

    if (after.len == 0) {
        return GOV_OK;
    }

    if (after.len != 2 * GOV_ASK_CURSOR
        || gov_unhex(from.data, after, GOV_ASK_CURSOR) != 0
        || gov_key_get4((gov_str_t) { GOV_ASK_CURSOR, from.data }, 0)
           != f->shelf)
    {
        return gov_fail(q->err, GOV_INVALID, "after",
                        "after 应是上一页给出的 next");
    }

    from.len = GOV_ASK_CURSOR;
    gov_scan_from(sc, &from);

    return GOV_OK;
}


static gov_rc_t
gov_ask_file_rows(gov_ask_t *q, gov_ask_files_t *f, gov_scan_t *sc)
{
    gov_rc_t         rc;
    gov_str_t        hex;
    unsigned         looked, limit;
    gov_value_t     *rows;
    gov_file_rec_t   rec;

    rows = gov_put_list(q->arena, q->out, "rows");
    limit = gov_ask_limit(q);

    for (looked = 0; rows->n < limit && looked < GOV_ASK_LOOK_MAX; looked++) {
        rc = gov_scan_next(sc, q->arena, NULL);
        if (rc != GOV_OK) {
            return rc == GOV_DONE ? GOV_OK : rc;
        }

        hex = gov_hex_str(q->arena, sc->key.data + 12, GOV_DIGEST_LEN);

        rc = gov_file_load(q->txn, q->arena, f->site.id, hex, &rec);
        if (rc != GOV_OK) {
            return rc;
        }

        if (gov_ask_file_wanted(f, &rec)) {
            gov_ask_file_row(q, &f->site, gov_add_map(q->arena, rows), hex,
                             &rec);
        }
    }

    gov_put_str(q->arena, q->out, "next",
                gov_hex_str(q->arena, sc->key.data, sc->key.len));

    return GOV_OK;
}


static int
gov_ask_file_wanted(gov_ask_files_t *f, gov_file_rec_t *rec)
{
    return (f->state < 0 || rec->state == f->state)
           && (f->name.len == 0
               || memmem(rec->name.data, rec->name.len, f->name.data,
                         f->name.len) != NULL);
}


static void
gov_ask_file_row(gov_ask_t *q, gov_site_t *site, gov_value_t *row,
    gov_str_t hex, gov_file_rec_t *rec)
{
    gov_buf_t           path;
    gov_arena_t        *a = q->arena;
    const gov_media_t  *m;

    m = gov_media_typed(rec->type);

    gov_buf_init(&path, a, 256);
    gov_buf_fmt(&path, "files/%.*s/", gov_strf(hex));
    gov_buf_uri(&path, rec->name);

    gov_put_str(a, row, "digest", hex);
    gov_put_str(a, row, "name", rec->name);
    gov_put_c(a, row, "kind",
              gov_media_kind_name(m ? m->kind : GOV_MEDIA_OTHER));
    gov_put_c(a, row, "state",
              gov_file_state_name((gov_file_state_t) rec->state));
    gov_put_some(a, row, "why", rec->why);
    gov_put_str(a, row, "type", rec->type);
    gov_put_int(a, row, "size", rec->size);
    gov_put_str(a, row, "url", gov_ask_url(q, site, path.s));
    gov_put_some(a, row, "alt", rec->alt);
    gov_put_some(a, row, "by", rec->by);
    gov_ask_time(q, row, "added", rec->added);
    gov_ask_time(q, row, "deleted", rec->deleted);

    if (rec->decorative) {
        gov_put_bool(a, row, "decorative", 1);
    }

    if (rec->width) {
        gov_put_int(a, row, "width", rec->width);
        gov_put_int(a, row, "height", rec->height);
    }

    if (rec->variants) {
        gov_put(row, "variants", gov_value_copy(a, rec->variants));
    }

    gov_put_int(a, row, "documents", rec->docs ? rec->docs->n : 0);
}


gov_rc_t
gov_query_file_get(gov_ask_t *q)
{
    gov_rc_t         rc;
    gov_str_t        hex;
    gov_site_t       site;
    gov_file_rec_t   rec;

    rc = gov_ask_files_site(q, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    hex = gov_get_str(q->in, "digest");

    rc = gov_file_load(q->txn, q->arena, site.id, hex, &rec);

    if (rc != GOV_OK || rec.of.len) {
        return gov_fail(q->err, rc == GOV_OK ? GOV_NOT_FOUND : rc, "digest",
                        "本站没有这个文件");
    }

    gov_ask_file_row(q, &site, q->out, hex, &rec);

    if (rec.names) {
        gov_put(q->out, "names", gov_value_copy(q->arena, rec.names));
    }

    if (rec.was) {
        gov_put(q->out, "replaces", gov_value_copy(q->arena, rec.was));
    }

    if (rec.replaced_by.len) {
        gov_put_str(q->arena, q->out, "replaced_by",
                    gov_hex_str(q->arena, rec.replaced_by.data,
                                rec.replaced_by.len));
    }

    return gov_ask_file_docs(q, &site, hex, &rec);
}


/* used: now, in the live or last version, or only in an older one */

static gov_rc_t
gov_ask_file_docs(gov_ask_t *q, gov_site_t *site, gov_str_t hex,
    gov_file_rec_t *rec)
{
    int           now, ever;
    gov_rc_t      rc;
    gov_doc_t     doc;
    gov_value_t  *v, *list, *row;

    list = gov_put_list(q->arena, q->out, "used");

    gov_each (v, rec->docs) {
        rc = gov_file_used(q->txn, q->arena, site->id, hex, rec,
                           (uint64_t) v->u.i, &now, &ever);

        if (rc == GOV_OK && ever) {
            rc = gov_doc_get(q->txn, q->arena, site->id, (uint64_t) v->u.i,
                             &doc);
        }

        if (rc != GOV_OK) {
            return rc;
        }

        if (ever && gov_may(q->txn, q->who, GOV_RIGHT_DOC_READ, site->id,
                            (uint32_t) doc.rec.column))
        {
            row = gov_add_map(q->arena, list);
            gov_put_int(q->arena, row, "doc", v->u.i);
            gov_put_str(q->arena, row, "title", doc.rec.title);
            gov_put_c(q->arena, row, "state",
                      gov_shown_name(gov_doc_shown(&doc.rec, q->now)));
            gov_put_bool(q->arena, row, "now", now);
        }
    }

    return GOV_OK;
}
