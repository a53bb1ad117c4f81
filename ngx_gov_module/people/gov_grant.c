
/*
 * Copyright (C) ngx_gov authors
 *
 * Grants: GRANTS by account for the question "may they?", HOLDERS the same
 * keys by site for the question "who works here?".  Both are written by
 * gov_grant_put() and gov_grant_drop() alone.
 */


#include "people/gov_people_int.h"


static void gov_grant_room(gov_arena_t *a, gov_grant_t **list, unsigned n,
    unsigned *size);
static gov_rc_t gov_grant_load(gov_txn_t *t, gov_arena_t *a,
    gov_grant_t *list, unsigned n);
static gov_rc_t gov_grant_role(gov_txn_t *t, gov_arena_t *a,
    gov_grant_t *list, unsigned n);
static gov_key_t *gov_grant_key(gov_key_t *k, gov_grant_t *grant);
static gov_key_t *gov_holder_key(gov_key_t *k, gov_grant_t *grant);
static void gov_grant_from(gov_arena_t *a, gov_str_t key,
    gov_grant_t *grant);
static gov_rc_t gov_holder_scan(gov_txn_t *t, gov_arena_t *a,
    gov_scan_t *sc, unsigned max, gov_grant_t **list, unsigned *n,
    uint64_t *next);
static gov_rc_t gov_holder(gov_txn_t *t, gov_arena_t *a, gov_str_t key,
    gov_grant_t *list, unsigned n);
static gov_rc_t gov_manned_up(gov_manned_t *m, uint32_t node,
    uint64_t *held);
static gov_rc_t gov_manned_at(gov_manned_t *m, uint32_t node, int columns,
    uint64_t *held);
static gov_rc_t gov_manned_by(gov_manned_t *m, gov_str_t key,
    uint64_t *held);
static gov_rc_t gov_grant_check(gov_txn_t *t, gov_arena_t *a,
    gov_account_t *account, gov_grant_t *grant, int64_t now,
    gov_err_t *err);
static gov_rc_t gov_grant_apart(gov_txn_t *t, gov_arena_t *a,
    gov_grant_t *grant, int64_t now, gov_err_t *err);


gov_rc_t
gov_grants(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    gov_grant_t **list, unsigned *n)
{
    gov_rc_t      rc;
    unsigned      size;
    gov_key_t     k;
    gov_scan_t    sc;
    gov_grant_t  *grant;

    *n = 0;
    *list = NULL;
    size = 0;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_GRANTS,
                       gov_key8(&k, account), GOV_FORWARD);

    while (rc == GOV_OK && *n < GOV_GRANTS_MAX) {
        gov_grant_room(a, list, *n, &size);
        grant = &(*list)[*n];

        rc = gov_scan_next(&sc, a, &grant->rec);

        if (rc == GOV_OK) {
            gov_grant_from(a, sc.key, grant);
            rc = gov_grant_load(t, a, *list, *n);
            (*n)++;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* for one more; most people hold few */

static void
gov_grant_room(gov_arena_t *a, gov_grant_t **list, unsigned n,
    unsigned *size)
{
    gov_grant_t  *more;

    if (n < *size) {
        return;
    }

    *size = *size * 2 + 4;
    more = gov_alloc(a, *size * sizeof(gov_grant_t));

    if (n != 0) {
        memcpy(more, *list, n * sizeof(gov_grant_t));
    }

    *list = more;
}


/* what the n-th gives */

static gov_rc_t
gov_grant_load(gov_txn_t *t, gov_arena_t *a, gov_grant_t *list, unsigned n)
{
    gov_rc_t  rc;

    rc = gov_grant_role(t, a, list, n);

    if (list[n].column != 0) {
        list[n].rights &= GOV_RIGHTS_COLUMN;
    }

    return rc;
}


/* its role mostly is that of one before.  A role that is not there any more
 * gives nothing */

static gov_rc_t
gov_grant_role(gov_txn_t *t, gov_arena_t *a, gov_grant_t *list, unsigned n)
{
    gov_rc_t         rc;
    unsigned         i;
    gov_grant_t     *grant;
    gov_role_rec_t   role;

    grant = &list[n];

    for (i = n; i-- > 0; /* void */) {
        if (list[i].column == 0 && gov_str_eq(list[i].role, grant->role)) {
            grant->rights = list[i].rights;
            grant->apart = list[i].apart;
            grant->factor = list[i].factor;

            return GOV_OK;
        }
    }

    grant->rights = 0;
    grant->apart = GOV_APART_NONE;
    grant->factor = 0;

    rc = gov_role_get(t, a, grant->role, &role, &grant->rights);

    if (rc == GOV_OK) {
        grant->apart = (gov_apart_t) role.apart;
        grant->factor = role.factor != 0;
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static gov_key_t *
gov_grant_key(gov_key_t *k, gov_grant_t *grant)
{
    (void) gov_key_add4(gov_key8(k, grant->account), grant->site);
    (void) gov_key_add4(k, grant->column);

    return gov_key_add_s(k, grant->role);
}


static gov_key_t *
gov_holder_key(gov_key_t *k, gov_grant_t *grant)
{
    (void) gov_key_add8(gov_key4(k, grant->site), grant->account);
    (void) gov_key_add4(k, grant->column);

    return gov_key_add_s(k, grant->role);
}


static void
gov_grant_from(gov_arena_t *a, gov_str_t key, gov_grant_t *grant)
{
    grant->account = gov_key_get8(key, 0);
    grant->site = gov_key_get4(key, 8);
    grant->column = gov_key_get4(key, 12);
    grant->role = gov_str_copy(a, (gov_str_t) { key.len - 16,
                                                key.data + 16 });
}


gov_rc_t
gov_holders(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t after,
    unsigned max, gov_grant_t **list, unsigned *n, uint64_t *next)
{
    gov_rc_t    rc;
    gov_key_t   k, from;
    gov_scan_t  sc;

    *n = 0;
    *next = 0;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_HOLDERS,
                       gov_key4(&k, site), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key_add8(gov_key4(&from, site), after + 1));

    rc = gov_holder_scan(t, a, &sc, max, list, n, next);

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_rc_t
gov_holder_scan(gov_txn_t *t, gov_arena_t *a, gov_scan_t *sc, unsigned max,
    gov_grant_t **list, unsigned *n, uint64_t *next)
{
    gov_rc_t   rc;
    uint64_t   account, last;
    unsigned   size, seen;

    last = 0;
    seen = 0;
    size = 0;

    while ((rc = gov_scan_next(sc, a, NULL)) == GOV_OK) {

        account = gov_key_get8(sc->key, 4);

        if (account != last && seen++ == max) {
            *next = last;
            return GOV_OK;
        }

        last = account;

        gov_grant_room(a, list, *n, &size);

        rc = gov_holder(t, a, sc->key, *list, *n);
        if (rc != GOV_OK) {
            return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
        }

        (*n)++;
    }

    return rc;
}


/* the grant of a key of HOLDERS, as the n-th of the list */

static gov_rc_t
gov_holder(gov_txn_t *t, gov_arena_t *a, gov_str_t key, gov_grant_t *list,
    unsigned n)
{
    gov_rc_t      rc;
    gov_key_t     k;
    gov_grant_t  *g;

    g = &list[n];
    g->site = gov_key_get4(key, 0);
    g->account = gov_key_get8(key, 4);
    g->column = gov_key_get4(key, 12);
    g->role = gov_str_copy(a, (gov_str_t) { key.len - 16, key.data + 16 });

    rc = gov_load(gov_people(t), GOV_T_GRANTS, gov_grant_key(&k, g), a,
                  &g->rec);

    return rc == GOV_OK ? gov_grant_load(t, a, list, n) : rc;
}


gov_rc_t
gov_held_in(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint32_t column)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_HOLDERS,
                       gov_key4(&k, site), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    while ((rc = gov_scan_next(&sc, a, NULL)) == GOV_OK) {
        if (gov_key_get4(sc.key, 12) == column) {
            break;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_NOT_FOUND : rc;
}


void
gov_manned_begin(gov_manned_t *m, gov_txn_t *t, gov_arena_t *a,
    uint64_t rights, int64_t now)
{
    memset(m, 0, sizeof(gov_manned_t));

    m->txn = t;
    m->arena = a;
    m->rights = rights;
    m->now = now;
}


/* a grant in a column counts at its own site alone */

gov_rc_t
gov_manned(gov_manned_t *m, uint32_t site, uint64_t *held)
{
    gov_rc_t    rc;
    gov_site_t  s;

    *held = 0;

    rc = gov_manned_at(m, site, 1, held);

    if (rc != GOV_OK || *held == m->rights || site == GOV_HUB) {
        return rc;
    }

    rc = gov_site_get(m->txn, m->arena, site, &s);

    return rc == GOV_OK ? gov_manned_up(m, (uint32_t) s.rec.parent, held)
                        : rc;
}


/* adds what is held at the node or above it */

static gov_rc_t
gov_manned_up(gov_manned_t *m, uint32_t node, uint64_t *held)
{
    gov_rc_t            rc;
    uint64_t            here;
    gov_site_t          s;
    gov_manned_node_t  *n;

    n = &m->nodes[node % GOV_MANNED_NODES];

    if (n->known && n->node == node) {
        *held |= n->held;
        return GOV_OK;
    }

    here = 0;

    rc = gov_manned_at(m, node, 0, &here);

    if (rc == GOV_OK && here != m->rights && node != GOV_HUB) {
        rc = gov_site_get(m->txn, m->arena, node, &s);

        if (rc == GOV_OK) {
            rc = gov_manned_up(m, (uint32_t) s.rec.parent, &here);
        }
    }

    if (rc == GOV_OK) {
        *n = (gov_manned_node_t) { 1, node, here };
        *held |= here;
    }

    return rc;
}


static gov_rc_t
gov_manned_at(gov_manned_t *m, uint32_t node, int columns, uint64_t *held)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_people(m->txn), GOV_T_HOLDERS,
                       gov_key4(&k, node), GOV_FORWARD);

    while (rc == GOV_OK && *held != m->rights) {
        rc = gov_scan_next(&sc, m->arena, NULL);

        if (rc == GOV_OK && (columns || gov_key_get4(sc.key, 12) == 0)) {
            rc = gov_manned_by(m, sc.key, held);
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* by the grant of a key of HOLDERS */

static gov_rc_t
gov_manned_by(gov_manned_t *m, gov_str_t key, uint64_t *held)
{
    gov_rc_t        rc;
    uint64_t        rights;
    gov_grant_t     g;
    gov_account_t   acc;

    rc = gov_holder(m->txn, m->arena, key, &g, 0);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
    }

    rights = g.rights & m->rights & ~*held;

    if (rights == 0 || !gov_grant_holds(&g, m->now)) {
        return GOV_OK;
    }

    rc = gov_account_get(m->txn, m->arena, g.account, &acc);

    if (rc != GOV_OK || !gov_account_holds(&acc.rec, m->now)) {
        return rc;
    }

    if (acc.rec.contractor.len != 0 && g.rec.until == 0) {
        rights &= ~GOV_RIGHTS_PUBLISH;
    }

    *held |= rights;

    return GOV_OK;
}


int
gov_grant_holds(gov_grant_t *grant, int64_t now)
{
    return grant->rec.until == 0 || grant->rec.until > now;
}


gov_rc_t
gov_grant_put(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_grant_t *grant, int64_t now, gov_err_t *err)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    grant->account = account->id;

    rc = gov_grant_check(t, a, account, grant, now, err);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = (int64_t) account->id;

    rc = gov_save(gov_people(t), GOV_T_GRANTS, gov_grant_key(&k, grant), a,
                  &grant->rec);

    if (rc == GOV_OK) {
        rc = gov_save(gov_people(t), GOV_T_HOLDERS,
                      gov_holder_key(&k, grant), a, &ref);
    }

    if (grant->site != GOV_HUB) {
        gov_touch(t, grant->site, GOV_SLOT_PEOPLE);
    }

    return rc;
}


static gov_rc_t
gov_grant_check(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_grant_t *grant, int64_t now, gov_err_t *err)
{
    gov_rc_t        rc;
    gov_role_rec_t  role;

    rc = gov_role_get(t, a, grant->role, &role, &grant->rights);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "role", "没有名为“%.*s”的角色",
                        gov_strf(gov_utf8_head(grant->role, 40)));
    }

    grant->apart = (gov_apart_t) role.apart;
    grant->factor = role.factor != 0;

    if (grant->rec.until != 0 && grant->rec.until <= now) {
        return gov_fail(err, GOV_INVALID, "until", "到期时间要晚于当前时间");
    }

    if (account->rec.contractor.len && grant->rec.until == 0
        && (grant->rights & GOV_RIGHTS_PUBLISH))
    {
        return gov_fail(err, GOV_DENIED, "until",
                        "外包人员的签发权限必须写明到期时间");
    }

    return gov_grant_apart(t, a, grant, now, err);
}


static gov_rc_t
gov_grant_apart(gov_txn_t *t, gov_arena_t *a, gov_grant_t *grant,
    int64_t now, gov_err_t *err)
{
    int           again;
    gov_rc_t      rc;
    unsigned      i, n;
    gov_grant_t  *list, *g;

    rc = gov_grants(t, a, grant->account, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    again = 0;

    for (i = 0; i < n; i++) {
        g = &list[i];

        again |= g->site == grant->site && g->column == grant->column
                 && gov_str_eq(g->role, grant->role);

        if (grant->apart != GOV_APART_NONE && g->apart != GOV_APART_NONE
            && g->apart != grant->apart && gov_grant_holds(g, now))
        {
            return gov_fail(err, GOV_DENIED, "role",
                            "系统、安全、审计管理员须由不同的人担任，"
                            "此人已是“%.*s”", gov_strf(g->role));
        }
    }

    return n == GOV_GRANTS_MAX && !again
           ? gov_fail(err, GOV_DENIED, "user", "一个账号最多 %d 项授权",
                      GOV_GRANTS_MAX)
           : GOV_OK;
}


gov_rc_t
gov_grant_drop(gov_txn_t *t, gov_arena_t *a, gov_grant_t *grant,
    gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;

    (void) a;

    rc = gov_drop(gov_people(t), GOV_T_GRANTS, gov_grant_key(&k, grant));
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "role", "此人在这里没有“%.*s”的授权",
                        gov_strf(gov_utf8_head(grant->role, 40)));
    }

    if (grant->site != GOV_HUB) {
        gov_touch(t, grant->site, GOV_SLOT_PEOPLE);
    }

    return gov_drop(gov_people(t), GOV_T_HOLDERS, gov_holder_key(&k, grant));
}
