
/*
 * Copyright (C) ngx_gov authors
 *
 * What a flow asks for, gathered from the nearest on: the column and those
 * above it, the site and those above it, the policy "flow".  Each setting by
 * itself, so that a column may ask for one review more and leave the rest to
 * the city.
 */


#include <stddef.h>

#include "content/gov_content_int.h"


static struct {
    const char  *name;
    size_t       offset;
} gov_flow_settings[] = {
    { "reviews", offsetof(gov_flow_t, reviews) },
    { "apart", offsetof(gov_flow_t, apart) },
    { "alt", offsetof(gov_flow_t, alt) },
    { "openness", offsetof(gov_flow_t, openness) },
    { "secrecy", offsetof(gov_flow_t, secrecy) },
    { NULL, 0 }
};


static gov_rc_t gov_flow_columns(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, uint32_t column, gov_flow_t *flow, unsigned *set);
static gov_rc_t gov_flow_somewhere(gov_txn_t *t, gov_arena_t *a,
    uint32_t site, int *some);
static void gov_flow_take(gov_flow_t *flow, unsigned *set, gov_value_t *v);


gov_rc_t
gov_flow_of(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column,
    int64_t now, gov_flow_t *flow)
{
    gov_rc_t      rc;
    unsigned      set;
    gov_site_t    s;
    gov_value_t  *rule;

    memset(flow, 0, sizeof(gov_flow_t));
    set = 0;

    rc = gov_site_get(t, a, site, &s);

    if (rc == GOV_OK) {
        rc = gov_flow_columns(t, a, &s, column, flow, &set);
    }

    while (rc == GOV_OK) {
        gov_flow_take(flow, &set, s.rec.flow);

        if (s.rec.parent == 0) {
            break;
        }

        rc = gov_site_get(t, a, (uint32_t) s.rec.parent, &s);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_policy_get(t, a, "flow", now, &rule);

    if (rc == GOV_OK) {
        gov_flow_take(flow, &set, rule);
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static gov_rc_t
gov_flow_columns(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_flow_t *flow, unsigned *set)
{
    int            some;
    gov_rc_t       rc;
    unsigned       n;
    gov_column_t  *list, *c;

    rc = gov_flow_somewhere(t, a, site->id, &some);
    if (rc != GOV_OK || !some) {
        return rc;
    }

    rc = gov_columns_way(t, a, site, gov_s(""), column, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    for (c = gov_column_find(list, n, column); c != NULL;
         c = gov_column_find(list, n, (uint32_t) c->rec.parent))
    {
        gov_flow_take(flow, set, c->rec.flow);
    }

    return GOV_OK;
}


/* a blueprint takes longer to read than a document to publish */

static gov_rc_t
gov_flow_somewhere(gov_txn_t *t, gov_arena_t *a, uint32_t site, int *some)
{
    gov_rc_t           rc;
    uint64_t           blueprints;
    gov_key_t          k;
    gov_scan_t         sc;
    gov_column_rec_t   own;

    rc = gov_last(t, GOV_FLOW_BLUEPRINTS, &blueprints);
    *some = blueprints != 0;

    if (rc != GOV_OK || *some) {
        return rc;
    }

    rc = gov_scan_open(&sc, gov_handle(t, site), GOV_T_COLUMNS, gov_key(&k),
                       GOV_FORWARD);

    while (rc == GOV_OK && !*some) {
        rc = gov_scan_next(&sc, a, &own);
        *some = rc == GOV_OK && own.flow != NULL;
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static void
gov_flow_take(gov_flow_t *flow, unsigned *set, gov_value_t *v)
{
    unsigned      i;
    gov_value_t  *m;

    for (i = 0; v != NULL && gov_flow_settings[i].name; i++) {
        m = gov_member(v, gov_flow_settings[i].name);

        if (m != NULL && !(*set & (1u << i))) {
            *set |= 1u << i;
            *(int *) ((u_char *) flow + gov_flow_settings[i].offset)
                = (int) m->u.i;
        }
    }
}
