
/*
 * Copyright (C) ngx_gov authors
 *
 * Link groups, read: a site's own, then those it took, each part by order
 * and name.  What a taken group says is read at its owner.
 *
 * Keys of TAKEN are the owner's number and the group's name; beside them a
 * site that shares keeps, under the taker's number with the top bit set, who
 * took: so that a change can touch the takers' marks without a search.
 */


#include <stdlib.h>

#include "link/gov_link_int.h"


static gov_rc_t gov_link_own(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_group_t *list, unsigned max, unsigned *n);
static gov_rc_t gov_link_taken(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_group_t *list, unsigned max, unsigned *n);
static gov_rc_t gov_link_alive(gov_txn_t *t, gov_arena_t *a, uint32_t owner);
static int gov_link_cmp(const void *one, const void *two);


gov_rc_t
gov_link_groups(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_group_t *list, unsigned max, unsigned *n)
{
    gov_rc_t  rc;
    unsigned  own;

    *n = 0;

    rc = gov_link_own(t, a, site, list, max, n);
    if (rc != GOV_OK) {
        return rc;
    }

    own = *n;

    rc = gov_link_taken(t, a, site, list, max, n);
    if (rc != GOV_OK) {
        return rc;
    }

    qsort(list, own, sizeof(gov_group_t), gov_link_cmp);
    qsort(list + own, *n - own, sizeof(gov_group_t), gov_link_cmp);

    return GOV_OK;
}


static gov_rc_t
gov_link_own(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_group_t *list,
    unsigned max, unsigned *n)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_GROUPS,
                       gov_key4(&k, site), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    while (*n < max
           && (rc = gov_scan_next(&sc, a, &list[*n].rec)) == GOV_OK)
    {
        list[*n].site = site;
        list[*n].name = gov_link_name(sc.key);
        (*n)++;
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* one that its owner no longer shares is passed over, and those of an owner
 * that is merged or closed: nobody can withdraw them any more */

static gov_rc_t
gov_link_taken(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_group_t *list, unsigned max, unsigned *n)
{
    gov_rc_t      rc;
    gov_key_t     k;
    gov_scan_t    sc;
    gov_group_t  *g;

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_TAKEN, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    while (*n < max && (rc = gov_scan_next(&sc, a, NULL)) == GOV_OK) {
        g = &list[*n];
        g->site = gov_key_get4(sc.key, 0);
        g->name = gov_link_name(sc.key);

        if (g->site & GOV_TAKEN_BY) {
            break;
        }

        rc = gov_link_alive(t, a, g->site);

        if (rc == GOV_OK) {
            rc = gov_link_get(t, a, g->site, g->name, &g->rec);
        }

        if (rc == GOV_OK) {
            (*n)++;

        } else if (rc != GOV_NOT_FOUND) {
            break;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* GOV_NOT_FOUND: merged or closed, for good */

static gov_rc_t
gov_link_alive(gov_txn_t *t, gov_arena_t *a, uint32_t owner)
{
    gov_rc_t    rc;
    gov_site_t  site;

    rc = gov_site_get(t, a, owner, &site);

    return rc == GOV_OK && gov_site_ended(site.rec.state)
           ? GOV_NOT_FOUND : rc;
}


gov_rc_t
gov_link_owners(gov_txn_t *t, uint32_t site, uint32_t *owners, unsigned max,
    unsigned *n)
{
    gov_rc_t    rc;
    uint32_t    owner;
    gov_key_t   k;
    gov_scan_t  sc;

    *n = 0;

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_TAKEN, gov_key(&k),
                       GOV_FORWARD);

    while (rc == GOV_OK && *n < max) {
        rc = gov_scan_next(&sc, NULL, NULL);
        owner = rc == GOV_OK ? gov_key_get4(sc.key, 0) : GOV_TAKEN_BY;

        if (owner & GOV_TAKEN_BY) {
            break;
        }

        if (*n == 0 || owners[*n - 1] != owner) {
            owners[(*n)++] = owner;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_str_t
gov_link_name(gov_str_t key)
{
    key.data += 4;
    key.len -= 4;

    return key;
}


static int
gov_link_cmp(const void *one, const void *two)
{
    const gov_group_t  *a, *b;

    a = one;
    b = two;

    if (a->rec.order != b->rec.order) {
        return a->rec.order < b->rec.order ? -1 : 1;
    }

    return gov_str_cmp(a->name, b->name);
}


gov_rc_t
gov_link_get(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t name,
    gov_group_rec_t *g)
{
    gov_key_t  k;

    return gov_load(gov_handle(t, GOV_HUB), GOV_T_GROUPS,
                    gov_key_add_s(gov_key4(&k, site), name), a, g);
}
