
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's chain: the links that the entries of the journal carry for it,
 * from the last one, in CHAIN, back to the first (gov_journal.c makes them,
 * gov_verify.c proves them).
 *
 * Links stand with their entries and not with their site: a commit then
 * writes them where it writes the entry, at the journal's end, and not at the
 * end of each site's own chain.
 */


#include <endian.h>

#include "store/gov_store_int.h"


static gov_rc_t gov_chain_step(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t seq, uint64_t *before);


void
gov_link_write(u_char *at, gov_link_t *link)
{
    uint64_t  before;

    before = htobe64(link->before);

    memcpy(at, &before, sizeof(uint64_t));
    memcpy(at + sizeof(uint64_t), link->hash, GOV_DIGEST_LEN);
}


gov_rc_t
gov_link_read(gov_entry_rec_t *e, unsigned i, gov_link_t *link)
{
    u_char  *at;

    if (e->sites == NULL || i >= e->sites->n
        || e->links.len != e->sites->n * GOV_LINK_LEN)
    {
        return GOV_CORRUPT;
    }

    at = e->links.data + i * GOV_LINK_LEN;

    link->before = gov_key_get8((gov_str_t) { sizeof(uint64_t), at }, 0);
    memcpy(link->hash, at + sizeof(uint64_t), GOV_DIGEST_LEN);

    return GOV_OK;
}


gov_rc_t
gov_link_of(gov_entry_rec_t *e, uint32_t site, gov_link_t *link)
{
    unsigned      i;
    gov_value_t  *item;

    i = 0;

    gov_each(item, e->sites) {
        if (item->kind == GOV_INT && item->u.i == (int64_t) site) {
            return gov_link_read(e, i, link);
        }

        i++;
    }

    return GOV_NOT_FOUND;
}


gov_rc_t
gov_chain_last(gov_handle_t h, gov_arena_t *a, gov_chain_rec_t *last)
{
    gov_rc_t   rc;
    gov_key_t  k;

    static u_char  zeros[GOV_DIGEST_LEN];

    rc = gov_load(h, GOV_T_CHAIN, gov_key(&k), a, last);

    if (rc == GOV_NOT_FOUND) {
        memset(last, 0, sizeof(gov_chain_rec_t));
        last->hash = (gov_str_t) { GOV_DIGEST_LEN, zeros };
        return GOV_OK;
    }

    return rc;
}


/* from an entry that is not of the site the way leads back from the last */

gov_rc_t
gov_journal_before(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t *seq)
{
    gov_rc_t          rc;
    uint64_t          n;
    gov_chain_rec_t   last;

    if (*seq != 0) {
        rc = gov_chain_step(t, a, site, *seq, &n);

        if (rc != GOV_NOT_FOUND) {
            *seq = n;
            return rc;
        }
    }

    rc = gov_chain_last(gov_handle(t, site), a, &last);
    n = rc == GOV_OK ? (uint64_t) last.seq : 0;

    while (rc == GOV_OK && *seq != 0 && n >= *seq) {
        rc = gov_chain_step(t, a, site, n, &n);
    }

    *seq = n;

    return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
}


static gov_rc_t
gov_chain_step(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t seq,
    uint64_t *before)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_link_t        link;
    gov_entry_rec_t   e;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_JOURNAL, gov_key8(&k, seq), a,
                  &e);

    if (rc == GOV_OK) {
        rc = gov_link_of(&e, site, &link);
    }

    /* each goes back, so that a walk ends whatever stands there */

    if (rc == GOV_OK && link.before >= seq) {
        rc = GOV_CORRUPT;
    }

    *before = rc == GOV_OK ? link.before : 0;

    return rc;
}
