
/*
 * Copyright (C) ngx_gov authors
 *
 * May they?  The grants are read once, with the account; a question is a walk
 * up the tree from the site, one record a level, that ends at the first grant
 * which gives the right.
 */


#include "people/gov_people_int.h"


#define GOV_WHO_DEPTH  16           /* of either tree */


static void gov_who_grants(gov_who_t *who, gov_account_rec_t *rec,
    gov_grant_t *list, unsigned n, int64_t now);
static int gov_may_walk(gov_txn_t *t, gov_who_t *who, uint64_t rights,
    uint32_t site, uint32_t column);
static int gov_may_column(gov_txn_t *t, gov_who_t *who, gov_grant_t *grant,
    uint32_t column);
static gov_rc_t gov_column_above(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, uint32_t *above);
static int gov_may_hub(gov_txn_t *t, gov_who_t *who, uint64_t rights);
static gov_rc_t gov_roots_all(gov_txn_t *t, gov_arena_t *a, uint32_t **sites,
    unsigned *n);


void
gov_who_operator(gov_who_t *who)
{
    memset(who, 0, sizeof(gov_who_t));

    who->all = 1;
}


gov_rc_t
gov_who(gov_txn_t *t, gov_arena_t *a, uint64_t account, int64_t now,
    gov_who_t *who)
{
    gov_rc_t        rc;
    unsigned        n;
    gov_grant_t    *list;
    gov_account_t   acc;

    memset(who, 0, sizeof(gov_who_t));

    rc = gov_account_get(t, a, account, &acc);

    if (rc == GOV_OK && !gov_account_holds(&acc.rec, now)) {
        rc = GOV_DENIED;
    }

    if (rc == GOV_OK) {
        rc = gov_grants(t, a, account, &list, &n);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    who->account = account;
    who->login = gov_str_copy(a, acc.rec.login);
    who->name = gov_str_copy(a, acc.rec.name);
    who->contractor = gov_str_copy(a, acc.rec.contractor);
    who->arena = a;

    gov_who_grants(who, &acc.rec, list, n, now);

    return GOV_OK;
}


/* those that hold; a contractor publishes by one that ends, only (H07) */

static void
gov_who_grants(gov_who_t *who, gov_account_rec_t *rec, gov_grant_t *list,
    unsigned n, int64_t now)
{
    unsigned  i;

    who->grants = list;

    for (i = 0; i < n; i++) {
        if (!gov_grant_holds(&list[i], now)) {
            continue;
        }

        if (rec->contractor.len && list[i].rec.until == 0) {
            list[i].rights &= ~GOV_RIGHTS_PUBLISH;
        }

        who->factor |= list[i].factor;
        list[who->ngrants++] = list[i];
    }
}


int
gov_factor_due(gov_who_t *who, gov_account_rec_t *rec)
{
    return who->factor && rec->totp.len == 0;
}


int
gov_may(gov_txn_t *t, gov_who_t *who, gov_right_t right, uint32_t site,
    uint32_t column)
{
    if (who->all) {
        return 1;
    }

    return site == GOV_HUB
           ? gov_may_hub(t, who, gov_right_bit(right))
           : gov_may_walk(t, who, gov_right_bit(right), site, column);
}


int
gov_may_see(gov_txn_t *t, gov_who_t *who, uint32_t site)
{
    return who->all
           || gov_may_walk(t, who, UINT64_MAX, site, GOV_ANY_COLUMN);
}


int
gov_may_see_below(gov_txn_t *t, gov_who_t *who, uint32_t site)
{
    return who->all || gov_may_walk(t, who, UINT64_MAX, site, 0);
}


/* one of the rights, at the site or above it */

static int
gov_may_walk(gov_txn_t *t, gov_who_t *who, uint64_t rights, uint32_t site,
    uint32_t column)
{
    uint32_t      at;
    unsigned      depth, i;
    gov_site_t    up;
    gov_grant_t  *g;

    at = site;

    for (depth = 0; depth <= GOV_WHO_DEPTH; depth++) {

        for (i = 0; i < who->ngrants; i++) {
            g = &who->grants[i];

            if (g->site == at && (g->rights & rights)
                && (g->column == 0
                    || (at == site && gov_may_column(t, who, g, column))))
            {
                return 1;
            }
        }

        if (at == GOV_HUB || gov_site_get(t, who->arena, at, &up) != GOV_OK) {
            return 0;
        }

        at = (uint32_t) up.rec.parent;
    }

    return 0;
}


/* is the column the grant's or below it */

static int
gov_may_column(gov_txn_t *t, gov_who_t *who, gov_grant_t *grant,
    uint32_t column)
{
    unsigned  depth;

    if (column == GOV_ANY_COLUMN) {
        return 1;
    }

    for (depth = 0; column != 0 && depth <= GOV_WHO_DEPTH; depth++) {

        if (column == grant->column) {
            return 1;
        }

        if (gov_column_above(t, who->arena, grant->site, column, &column)
            != GOV_OK)
        {
            return 0;
        }
    }

    return 0;
}


/* the site's own record of it, else the blueprint's */

static gov_rc_t
gov_column_above(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, uint32_t *above)
{
    gov_rc_t           rc;
    gov_key_t          k;
    gov_site_t         s;
    gov_value_t       *v, *columns;
    gov_column_rec_t   rec;

    *above = 0;

    rc = gov_load(gov_handle(t, site), GOV_T_COLUMNS, gov_key4(&k, column),
                  a, &rec);

    if (rc == GOV_OK) {
        *above = (uint32_t) rec.parent;
        return GOV_OK;
    }

    if (rc == GOV_NOT_FOUND) {
        rc = gov_site_get(t, a, site, &s);
    }

    if (rc == GOV_OK) {
        rc = gov_site_blueprint_tree(t, a, &s,
                                     offsetof(gov_blueprint_rec_t, columns),
                                     &columns);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_each(v, columns) {
        if (gov_get_int(v, "id", 0) == column) {
            *above = (uint32_t) gov_get_int(v, "parent", 0);
            return GOV_OK;
        }
    }

    return GOV_NOT_FOUND;
}


static int
gov_may_hub(gov_txn_t *t, gov_who_t *who, uint64_t rights)
{
    unsigned     n;
    gov_site_t  *roots;

    if (gov_may_walk(t, who, rights, GOV_HUB, 0)) {
        return 1;
    }

    roots = NULL;

    return gov_site_children(t, who->arena, GOV_HUB, 0, 2, &roots, &n)
           == GOV_OK
           && n == 1 && gov_may_walk(t, who, rights, roots[0].id, 0);
}


gov_rc_t
gov_who_roots(gov_txn_t *t, gov_arena_t *a, gov_who_t *who,
    gov_right_t right, uint32_t **sites, unsigned *n)
{
    gov_rc_t      rc;
    unsigned      i;
    gov_site_t    site;
    gov_grant_t  *g;

    *n = 0;

    if (who->all || gov_may_walk(t, who, gov_right_bit(right), GOV_HUB, 0)) {
        return gov_roots_all(t, a, sites, n);
    }

    *sites = gov_alloc(a, (who->ngrants + 1) * sizeof(uint32_t));

    for (i = 0; i < who->ngrants; i++) {
        g = &who->grants[i];

        if (!(g->rights & gov_right_bit(right))
            || (*n != 0 && (*sites)[*n - 1] == g->site))
        {
            continue;
        }

        rc = gov_site_get(t, a, g->site, &site);
        if (rc != GOV_OK) {
            return rc;
        }

        if (!gov_may_walk(t, who, gov_right_bit(right),
                          (uint32_t) site.rec.parent, 0))
        {
            (*sites)[(*n)++] = g->site;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_roots_all(gov_txn_t *t, gov_arena_t *a, uint32_t **sites, unsigned *n)
{
    gov_rc_t     rc;
    unsigned     i;
    gov_site_t  *roots;

    roots = NULL;

    rc = gov_site_children(t, a, GOV_HUB, 0, GOV_ROOTS_MAX, &roots, n);
    if (rc != GOV_OK) {
        return rc;
    }

    *sites = gov_alloc(a, (*n + 1) * sizeof(uint32_t));

    for (i = 0; i < *n; i++) {
        (*sites)[i] = roots[i].id;
    }

    return GOV_OK;
}
