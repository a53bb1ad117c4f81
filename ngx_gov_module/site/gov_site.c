
/*
 * Copyright (C) ngx_gov authors
 *
 * The tree of sites: reading it and walking it.
 */


#include "site/gov_site_int.h"


static const char  *gov_states[] = {
    "preparing", "live", "suspended", "merged", "closed"
};

#define GOV_SITE_FEW  16

#define GOV_STATES  (sizeof(gov_states) / sizeof(gov_states[0]))


static void gov_site_more(gov_arena_t *a, gov_site_t **list,
    unsigned *size);


const char *
gov_site_state_name(int state)
{
    return state >= 0 && state < (int) GOV_STATES ? gov_states[state] : "";
}


gov_rc_t
gov_site_get(gov_txn_t *t, gov_arena_t *a, uint32_t id, gov_site_t *site)
{
    gov_key_t  k;

    site->id = id;

    return gov_load(gov_handle(t, GOV_HUB), GOV_T_SITES, gov_key4(&k, id), a,
                    &site->rec);
}


gov_rc_t
gov_site_by_code(gov_txn_t *t, gov_arena_t *a, gov_str_t code,
    gov_site_t *site)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    code = gov_code_canon(a, code);

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_CODES, gov_key_s(&k, code),
                  a, &ref);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_site_get(t, a, ref.to, site);
}


/* a page stands under its name on the base of the site above it */

gov_rc_t
gov_site_base(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_base_t *base)
{
    gov_rc_t    rc;
    unsigned    depth;
    gov_site_t  at;

    at = *site;
    base->path = (gov_str_t) gov_string("/");

    for (depth = 0; at.rec.mode == GOV_MODE_PAGE; depth++) {

        if (at.rec.parent == 0 || depth == GOV_SITE_DEPTH) {
            return GOV_CORRUPT;
        }

        base->path = gov_str_fmt(a, "/%.*s%.*s", gov_strf(at.rec.slug),
                                 gov_strf(base->path));

        rc = gov_site_get(t, a, at.rec.parent, &at);
        if (rc != GOV_OK) {
            return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
        }
    }

    base->host = at.rec.host;

    return GOV_OK;
}


int
gov_site_below(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t above)
{
    return gov_site_path(t, a, site, above) == GOV_OK;
}


/* a walk up that meets a site twice is longer than the tree is deep */

gov_rc_t
gov_site_path(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t above)
{
    gov_rc_t    rc;
    unsigned    depth;
    gov_site_t  at;

    for (depth = 0; depth < GOV_SITE_DEPTH; depth++) {

        if (site == above) {
            return GOV_OK;
        }

        if (site == 0) {
            return GOV_NOT_FOUND;
        }

        rc = gov_site_get(t, a, site, &at);
        if (rc != GOV_OK) {
            return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
        }

        site = at.rec.parent;
    }

    return GOV_CORRUPT;
}


gov_rc_t
gov_site_children(gov_txn_t *t, gov_arena_t *a, uint32_t parent, int level,
    unsigned max, gov_site_t **list, unsigned *n)
{
    gov_rc_t       rc;
    unsigned       size;
    gov_key_t      k;
    gov_scan_t     sc;
    gov_ref_rec_t  ref;

    *n = 0;
    size = 0;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_CHILDREN,
                       gov_key4(&k, parent), GOV_FORWARD);

    while (rc == GOV_OK && *n < max) {
        rc = gov_scan_next(&sc, a, &ref);
        if (rc != GOV_OK) {
            break;
        }

        if (*n == size) {
            gov_site_more(a, list, &size);
        }

        rc = gov_site_get(t, a, ref.to, &(*list)[*n]);

        if (rc == GOV_OK) {
            *n += level == 0 || (*list)[*n].rec.level == level;

        } else if (rc == GOV_NOT_FOUND) {
            rc = GOV_CORRUPT;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* twice the room; most sites have few children */

static void
gov_site_more(gov_arena_t *a, gov_site_t **list, unsigned *size)
{
    gov_site_t  *more;

    more = gov_alloc(a, (*size ? *size * 2 : GOV_SITE_FEW)
                        * sizeof(gov_site_t));

    if (*size) {
        memcpy(more, *list, *size * sizeof(gov_site_t));
        *size *= 2;

    } else {
        *size = GOV_SITE_FEW;
    }

    *list = more;
}


gov_rc_t
gov_site_next(gov_txn_t *t, gov_arena_t *a, uint32_t *id, gov_site_t *site)
{
    gov_rc_t    rc;
    gov_key_t   k, from;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_SITES, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key4(&from, *id + 1));

    rc = gov_scan_next(&sc, a, &site->rec);

    if (rc == GOV_OK) {
        *id = gov_key_get4(sc.key, 0);
        site->id = *id;
    }

    gov_scan_close(&sc);

    return rc;
}
