
/*
 * Copyright (C) ngx_gov authors
 *
 * Rows that follow from records, for a store that was made before there were
 * any: DESK and TASKS of each document, FINDS and LENGTHS of each site.  A
 * step does some documents, so that it shares its transaction with others;
 * who was broken off begins anew, for a row that is there is written as it is.
 *
 * Until the last step a question reads the records themselves (gov_indexed).
 */


#include "content/gov_content_int.h"


static gov_rc_t gov_indexes_site(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_indexes_t *at, unsigned *left);
static gov_rc_t gov_indexes_docs(gov_txn_t *t, uint32_t site, uint64_t after,
    uint64_t *docs, unsigned *n);


gov_rc_t
gov_indexes_step(gov_txn_t *t, gov_arena_t *a, gov_indexes_t *at,
    gov_err_t *err)
{
    uint32_t     id;
    gov_rc_t     rc;
    unsigned     left;
    gov_site_t   site;

    left = GOV_INDEXES_DOCS;
    rc = GOV_OK;

    while (rc == GOV_OK && left != 0) {
        id = at->site;
        rc = gov_site_next(t, a, &id, &site);

        if (rc == GOV_OK) {
            gov_rec_own(a, &gov_rec_site, &site.rec);
            rc = gov_indexes_site(t, a, &site, at, &left);
        }
    }

    if (rc == GOV_DONE) {
        at->done = 1;
        rc = gov_indexed_set(t);
    }

    return gov_store_said(err, rc);
}


/* the documents behind at->doc; after the last one the site is done */

static gov_rc_t
gov_indexes_site(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_indexes_t *at, unsigned *left)
{
    gov_rc_t    rc;
    uint64_t    docs[GOV_INDEXES_DOCS];
    unsigned    i, n;
    gov_doc_t   doc;

    rc = at->doc == 0 ? gov_find_put(t, a, site, NULL) : GOV_OK;
    n = *left;

    if (rc == GOV_OK && at->doc == 0) {
        rc = gov_lists_count(t, a, site->id);
    }

    if (rc == GOV_OK) {
        rc = gov_indexes_docs(t, site->id, at->doc, docs, &n);
    }

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_doc_get(t, a, site->id, docs[i], &doc);

        if (rc == GOV_OK) {
            gov_rec_own(a, &gov_rec_doc, &doc.rec);
            rc = gov_tasks_follow(t, a, &doc, NULL);
        }

        at->doc = docs[i];
    }

    if (n < *left) {
        at->site = site->id;
        at->doc = 0;
        n++;
    }

    *left -= n;

    return rc;
}


/* *n: how many at most, then how many there are */

static gov_rc_t
gov_indexes_docs(gov_txn_t *t, uint32_t site, uint64_t after, uint64_t *docs,
    unsigned *n)
{
    gov_rc_t     rc;
    unsigned     max;
    gov_key_t    k;
    gov_scan_t   sc;

    max = *n;
    *n = 0;

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_DOCS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key8(&k, after + 1));

    while (*n < max && (rc = gov_scan_next(&sc, NULL, NULL)) == GOV_OK) {
        docs[(*n)++] = gov_key_get8(sc.key, 0);
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}
