
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.links, site.links: links that lead nowhere.  They are judged when they
 * are asked for, so that a page is named as soon as what it links to is gone,
 * and no longer than that.
 */


#include "view/gov_query_int.h"


#define GOV_LINKS_LOOK  500         /* documents whose bodies are read */

typedef struct {
    gov_ask_docs_t   docs;
    uint64_t         maker;         /* 0: anybody's */
    int              all;           /* every column is theirs to read */
    gov_value_t     *rows;
} gov_links_ask_t;


static gov_rc_t gov_links_of(gov_ask_t *q, gov_site_t *site, int64_t column,
    gov_str_t digest, gov_value_t *rows);
static gov_rc_t gov_links_run(gov_ask_t *q, gov_links_ask_t *l,
    gov_scan_t *sc);
static gov_rc_t gov_links_row(gov_ask_t *q, gov_links_ask_t *l, uint64_t id);
static int gov_links_fits(gov_ask_t *q, gov_links_ask_t *l, gov_doc_t *doc);


gov_rc_t
gov_query_doc_links(gov_ask_t *q)
{
    gov_rc_t            rc;
    uint32_t            n;
    gov_doc_t           doc;
    gov_site_t          site;
    gov_version_rec_t   v;

    rc = gov_ask_doc(q, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    n = (uint32_t) gov_get_int(q->in, "version", doc.rec.last);

    rc = gov_version_get(q->txn, q->arena, doc.site, doc.id, n, &v);
    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "version", "文档没有第 %u 版", n);
    }

    rc = gov_site_get(q->txn, q->arena, doc.site, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_links_of(q, &site, doc.rec.column, v.body,
                        gov_put_list(q->arena, q->out, "rows"));
}


/* a document without a text has no links */

static gov_rc_t
gov_links_of(gov_ask_t *q, gov_site_t *site, int64_t column,
    gov_str_t digest, gov_value_t *rows)
{
    gov_rc_t        rc;
    gov_body_rec_t  body;

    if (digest.len == 0) {
        return GOV_OK;
    }

    rc = gov_body_get(q->txn, q->arena, site->id, digest, &body);

    return rc == GOV_OK ? gov_body_dead(q->txn, q->arena, site,
                                        (uint32_t) column, body.html, q->now,
                                        rows)
                        : rc;
}


gov_rc_t
gov_query_site_links(gov_ask_t *q)
{
    int64_t          after;
    gov_rc_t         rc;
    gov_key_t        k;
    gov_scan_t       sc;
    gov_links_ask_t  l;

    memset(&l, 0, sizeof(gov_links_ask_t));

    rc = gov_ask_site(q, "site", &l.docs.site);

    if (rc == GOV_OK) {
        rc = gov_ask_docs(q, &l.docs);
    }

    if (rc == GOV_OK) {
        rc = gov_ask_maker(q, &l.maker);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    l.all = gov_may(q->txn, q->who, GOV_RIGHT_DOC_READ, l.docs.site.id, 0);
    l.rows = gov_put_list(q->arena, q->out, "rows");
    after = gov_get_int(q->in, "after", 0);

    rc = gov_scan_open(&sc, gov_handle(q->txn, l.docs.site.id), GOV_T_DOCS,
                       gov_key(&k), GOV_REVERSE);
    if (rc != GOV_OK) {
        return rc;
    }

    if (after > 0) {
        gov_scan_from(&sc, gov_key8(&k, (uint64_t) after));
    }

    rc = gov_links_run(q, &l, &sc);
    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_rc_t
gov_links_run(gov_ask_t *q, gov_links_ask_t *l, gov_scan_t *sc)
{
    gov_rc_t  rc;
    uint64_t  id;
    unsigned  looked, limit;

    limit = gov_ask_limit(q);

    for (looked = 1; /* void */ ; looked++) {
        rc = gov_scan_next(sc, q->arena, NULL);
        if (rc != GOV_OK) {
            return rc;
        }

        id = gov_key_get8(sc->key, 0);

        rc = gov_links_row(q, l, id);
        if (rc != GOV_OK) {
            return rc;
        }

        if (l->rows->n == limit || looked == GOV_LINKS_LOOK) {
            gov_put_int(q->arena, q->out, "next", (int64_t) id);
            return GOV_OK;
        }
    }
}


/* what the public reads: the live version */

static gov_rc_t
gov_links_row(gov_ask_t *q, gov_links_ask_t *l, uint64_t id)
{
    gov_rc_t      rc;
    gov_doc_t     doc;
    gov_value_t  *dead, *row;

    rc = gov_doc_get(q->txn, q->arena, l->docs.site.id, id, &doc);

    if (rc != GOV_OK || !gov_links_fits(q, l, &doc)) {
        return rc;
    }

    dead = gov_list(q->arena);

    rc = gov_links_of(q, &l->docs.site, doc.rec.column, doc.rec.body, dead);

    if (rc != GOV_OK || dead->n == 0) {
        return rc;
    }

    row = gov_add_map(q->arena, l->rows);
    gov_ask_doc_row(q, &l->docs, row, &doc);
    gov_ask_person(q, row, "person", doc.rec.maker);
    gov_put_key(row, gov_s("links"), dead);

    return GOV_OK;
}


static int
gov_links_fits(gov_ask_t *q, gov_links_ask_t *l, gov_doc_t *doc)
{
    return gov_doc_shown(&doc->rec, q->now) == GOV_SHOWN_PUBLIC
           && (l->maker == 0 || (uint64_t) doc->rec.maker == l->maker)
           && (l->all || gov_may(q->txn, q->who, GOV_RIGHT_DOC_READ,
                                 doc->site, (uint32_t) doc->rec.column));
}
