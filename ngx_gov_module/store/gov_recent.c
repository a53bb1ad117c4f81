
/*
 * Copyright (C) ngx_gov authors
 *
 * The sites that entries of the journal touched last, one row: META "recent".
 *
 *     value   the floor, an entry's number
 *     bytes   site (4 bytes) | its last entry (8), big-endian, ascending by
 *             entry; at most GOV_RECENT_SITES
 *
 * Invariant: every site that an entry above the floor touched is there, with
 * the last of these entries.  So who knows what was touched up to an entry
 * that is not below the floor needs to read nothing else to know it of today,
 * however many entries came between.
 */


#include <endian.h>

#include "store/gov_store_int.h"


#define GOV_RECENT_META   "recent"
#define GOV_RECENT_SITES  96        /* so that the row stays in a page */
#define GOV_RECENT_LEN    (sizeof(uint32_t) + sizeof(uint64_t))


static void gov_recent_put(gov_recent_t *r, gov_touched_t *one);
static gov_rc_t gov_recent_save(gov_txn_t *t, gov_arena_t *a,
    gov_recent_t *r);
static gov_rc_t gov_recent_found(gov_recent_t *r, gov_arena_t *a,
    gov_meta_rec_t *m);


gov_rc_t
gov_recent_read(gov_txn_t *t, gov_arena_t *a, gov_recent_t *r)
{
    gov_rc_t         rc;
    gov_meta_rec_t   m;

    memset(r, 0, sizeof(gov_recent_t));

    rc = gov_meta_get(t, a, GOV_RECENT_META, &m);

    return rc == GOV_OK ? gov_recent_found(r, a, &m) : rc;
}


static gov_rc_t
gov_recent_found(gov_recent_t *r, gov_arena_t *a, gov_meta_rec_t *m)
{
    unsigned   i;
    uint64_t   before;
    gov_str_t  pair;

    r->floor = (uint64_t) m->value;
    r->n = m->bytes.len / GOV_RECENT_LEN;

    if (r->n > GOV_RECENT_SITES || m->bytes.len % GOV_RECENT_LEN != 0) {
        return GOV_CORRUPT;
    }

    r->sites = gov_alloc(a, (GOV_RECENT_SITES + 1) * sizeof(gov_touched_t));
    before = r->floor;

    for (i = 0; i < r->n; i++) {
        pair = (gov_str_t) { GOV_RECENT_LEN,
                             m->bytes.data + i * GOV_RECENT_LEN };

        r->sites[i].site = gov_key_get4(pair, 0);
        r->sites[i].seq = gov_key_get8(pair, sizeof(uint32_t));

        if (r->sites[i].seq < before) {
            return GOV_CORRUPT;
        }

        before = r->sites[i].seq;
    }

    return GOV_OK;
}


gov_rc_t
gov_recent_add(gov_txn_t *t, gov_arena_t *a, uint64_t seq, gov_value_t *sites)
{
    gov_rc_t        rc;
    gov_value_t    *site;
    gov_recent_t    r;
    gov_touched_t   one;

    if (sites == NULL || sites->n == 0) {
        return GOV_OK;
    }

    rc = gov_recent_read(t, a, &r);

    if (rc == GOV_NOT_FOUND) {
        r.floor = seq - 1;
        r.sites = gov_alloc(a, (GOV_RECENT_SITES + 1)
                               * sizeof(gov_touched_t));

    } else if (rc != GOV_OK) {
        return rc;
    }

    one.seq = seq;

    gov_each (site, sites) {
        one.site = (uint32_t) site->u.i;
        gov_recent_put(&r, &one);
    }

    return gov_recent_save(t, a, &r);
}


/* the site goes to the end; the first makes room */

static void
gov_recent_put(gov_recent_t *r, gov_touched_t *one)
{
    unsigned  i;

    for (i = 0; i < r->n && r->sites[i].site != one->site; i++) {
        /* void */
    }

    if (i == r->n && r->n == GOV_RECENT_SITES) {
        i = 0;
        r->floor = r->sites[0].seq;
    }

    if (i < r->n) {
        memmove(&r->sites[i], &r->sites[i + 1],
                (r->n - i - 1) * sizeof(gov_touched_t));
        r->n--;
    }

    r->sites[r->n++] = *one;
}


static gov_rc_t
gov_recent_save(gov_txn_t *t, gov_arena_t *a, gov_recent_t *r)
{
    u_char          *p;
    uint32_t         site;
    uint64_t         seq;
    unsigned         i;
    gov_meta_rec_t   m;

    memset(&m, 0, sizeof(gov_meta_rec_t));
    m.value = (int64_t) r->floor;
    m.bytes.len = r->n * GOV_RECENT_LEN;
    m.bytes.data = gov_alloc(a, m.bytes.len);
    p = m.bytes.data;

    for (i = 0; i < r->n; i++) {
        site = htobe32(r->sites[i].site);
        seq = htobe64(r->sites[i].seq);
        memcpy(p, &site, sizeof(uint32_t));
        memcpy(p + sizeof(uint32_t), &seq, sizeof(uint64_t));
        p += GOV_RECENT_LEN;
    }

    return gov_meta_put(t, a, GOV_RECENT_META, &m);
}
