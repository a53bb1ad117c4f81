
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions about people: accounts, roles, rights, and where somebody is
 * missing (H05, G26).  No answer ever holds a secret of an account, sealed or
 * not, or what a session is known by.
 *
 * Whom somebody may know of: who is known at a node whose people they manage;
 * everybody, with people.manage or security.manage for the platform; the own
 * account.
 */


#include "view/gov_query_int.h"


#define GOV_ASK_SESSIONS_MAX  50
#define GOV_ASK_GRANTS_LOOK   2000      /* grants for one page */
#define GOV_ASK_SITES_LOOK    1000      /* sites for one page, */
#define GOV_ASK_GAPS_LOOK     300       /* and of these one's own */


static gov_rc_t gov_ask_holders(gov_ask_t *q, gov_site_t *site,
    gov_value_t *rows);
static gov_rc_t gov_ask_everybody(gov_ask_t *q, gov_value_t *rows);
static gov_rc_t gov_ask_ones_own(gov_ask_t *q, gov_value_t *rows);
static gov_rc_t gov_ask_own_scan(gov_ask_t *q, gov_scan_t *sc,
    gov_value_t *rows);
static gov_rc_t gov_ask_person_row(gov_ask_t *q, uint64_t account,
    gov_value_t *rows);
static int gov_ask_knows(gov_ask_t *q, gov_account_t *account,
    gov_grant_t *list, unsigned n);
static int gov_ask_knows_by(gov_ask_t *q, uint64_t account, uint32_t site);
static int gov_ask_knows_all(gov_ask_t *q);
static gov_told_name_t *gov_ask_name(gov_ask_t *q, int64_t account);
static gov_rc_t gov_ask_account(gov_ask_t *q, gov_account_t *account,
    gov_grant_t **list, unsigned *n);
static void gov_ask_account_row(gov_ask_t *q, gov_value_t *row,
    gov_account_t *account);
static void gov_ask_grant_rows(gov_ask_t *q, gov_value_t *row,
    gov_grant_t *list, unsigned n);
static void gov_ask_grant_row(gov_ask_t *q, gov_value_t *row,
    gov_grant_t *grant);
static gov_rc_t gov_ask_sessions(gov_ask_t *q, gov_account_t *account);
static void gov_ask_role_row(gov_ask_t *q, gov_value_t *row, gov_str_t name,
    gov_role_rec_t *role);
static void gov_ask_me_rights(gov_ask_t *q);
static gov_rc_t gov_ask_me_roots(gov_ask_t *q);
static int gov_ask_gap_may(gov_ask_t *q, gov_site_t *site);
static gov_rc_t gov_ask_gap(gov_ask_t *q, gov_manned_t *m, gov_site_t *site,
    gov_value_t *rows);


gov_rc_t
gov_query_user_list(gov_ask_t *q)
{
    gov_rc_t      rc;
    gov_site_t    site;
    gov_judge_t   j;
    gov_value_t  *rows;

    rows = gov_put_list(q->arena, q->out, "rows");

    if (gov_member(q->in, "site") == NULL) {
        return gov_ask_knows_all(q) ? gov_ask_everybody(q, rows)
                                    : gov_ask_ones_own(q, rows);
    }

    rc = gov_ask_site(q, "site", &site);

    if (rc == GOV_OK && !gov_ask_knows_all(q)) {
        gov_ask_judge(q, &j);
        rc = gov_judge_at(&j, GOV_RIGHT_PEOPLE_MANAGE, site.id, 0, "site");
    }

    return rc == GOV_OK ? gov_ask_holders(q, &site, rows) : rc;
}


/* who works at the site itself, a row each with what they do there */

static gov_rc_t
gov_ask_holders(gov_ask_t *q, gov_site_t *site, gov_value_t *rows)
{
    gov_rc_t        rc;
    uint64_t        next;
    unsigned        i, k, n;
    gov_value_t    *row;
    gov_grant_t    *list;
    gov_account_t   account;

    rc = gov_holders(q->txn, q->arena, site->id,
                     (uint64_t) gov_get_int(q->in, "after", 0),
                     gov_ask_limit(q), &list, &n, &next);

    for (i = 0; rc == GOV_OK && i < n; i = k) {

        for (k = i + 1; k < n && list[k].account == list[i].account; k++) {
            /* void */
        }

        rc = gov_account_get(q->txn, q->arena, list[i].account, &account);

        if (rc == GOV_OK) {
            row = gov_add_map(q->arena, rows);
            gov_ask_account_row(q, row, &account);
            gov_ask_grant_rows(q, row, &list[i], k - i);
        }
    }

    if (rc == GOV_OK && next != 0) {
        gov_put_int(q->arena, q->out, "next", (int64_t) next);
    }

    return rc;
}


static gov_rc_t
gov_ask_everybody(gov_ask_t *q, gov_value_t *rows)
{
    gov_rc_t        rc;
    uint64_t        id;
    unsigned        limit;
    gov_account_t   account;

    id = (uint64_t) gov_get_int(q->in, "after", 0);
    limit = gov_ask_limit(q);

    while (rows->n < limit) {
        rc = gov_account_next(q->txn, q->arena, &id, &account);

        if (rc == GOV_OK) {
            rc = gov_ask_person_row(q, id, rows);
        }

        if (rc != GOV_OK) {
            return rc == GOV_DONE ? GOV_OK : rc;
        }
    }

    gov_put_int(q->arena, q->out, "next", (int64_t) id);

    return GOV_OK;
}


/* known are those with a grant where one manages.  Others' are passed over by
 * their keys: on a large platform these are nearly all */

static gov_rc_t
gov_ask_ones_own(gov_ask_t *q, gov_value_t *rows)
{
    gov_rc_t    rc;
    uint64_t    after;
    gov_key_t   k;
    gov_scan_t  sc;

    after = (uint64_t) gov_get_int(q->in, "after", 0);

    rc = gov_scan_open(&sc, gov_handle(q->txn, GOV_HUB), GOV_T_GRANTS,
                       gov_key(&k), GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key8(&k, after + 1));

    rc = gov_ask_own_scan(q, &sc, rows);
    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* a page ends between accounts */

static gov_rc_t
gov_ask_own_scan(gov_ask_t *q, gov_scan_t *sc, gov_value_t *rows)
{
    int        known;
    gov_rc_t   rc;
    uint64_t   id, last;
    unsigned   looked, limit;

    last = 0;
    known = 0;
    limit = gov_ask_limit(q);

    for (looked = 0;
         (rc = gov_scan_next(sc, q->arena, NULL)) == GOV_OK; looked++)
    {
        id = gov_key_get8(sc->key, 0);

        if (id == last && known) {
            continue;
        }

        if (id != last && (rows->n == limit
                           || looked >= GOV_ASK_GRANTS_LOOK))
        {
            gov_put_int(q->arena, q->out, "next", (int64_t) last);
            return GOV_OK;
        }

        last = id;
        known = gov_ask_knows_by(q, id, gov_key_get4(sc->key, 8));

        if (known) {
            rc = gov_ask_person_row(q, id, rows);
            if (rc != GOV_OK) {
                return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
            }
        }
    }

    return rc;
}


static gov_rc_t
gov_ask_person_row(gov_ask_t *q, uint64_t id, gov_value_t *rows)
{
    gov_rc_t        rc;
    unsigned        n;
    gov_value_t    *row;
    gov_grant_t    *list;
    gov_account_t   account;

    rc = gov_account_get(q->txn, q->arena, id, &account);

    if (rc == GOV_OK) {
        rc = gov_grants(q->txn, q->arena, id, &list, &n);
    }

    if (rc == GOV_OK) {
        row = gov_add_map(q->arena, rows);
        gov_ask_account_row(q, row, &account);
        gov_ask_grant_rows(q, row, list, n);
    }

    return rc;
}


static int
gov_ask_knows(gov_ask_t *q, gov_account_t *account, gov_grant_t *list,
    unsigned n)
{
    unsigned  i;

    if (account->id == q->who->account || gov_ask_knows_all(q)) {
        return 1;
    }

    for (i = 0; i < n; i++) {
        if (gov_ask_knows_by(q, account->id, list[i].site)) {
            return 1;
        }
    }

    return 0;
}


/* by a grant of theirs at the site */

static int
gov_ask_knows_by(gov_ask_t *q, uint64_t account, uint32_t site)
{
    return account == q->who->account
           || gov_ask_may(q, GOV_RIGHT_PEOPLE_MANAGE, site, 0);
}


static int
gov_ask_knows_all(gov_ask_t *q)
{
    return gov_ask_may(q, GOV_RIGHT_PEOPLE_MANAGE, GOV_HUB, 0)
           || gov_ask_may(q, GOV_RIGHT_SECURITY_MANAGE, GOV_HUB, 0);
}


void
gov_ask_person(gov_ask_t *q, gov_value_t *map, const char *key,
    int64_t account)
{
    gov_told_name_t  *told;

    if (account == 0) {
        return;
    }

    for (told = q->names; told != NULL; told = told->next) {
        if (told->account == account) {
            break;
        }
    }

    if (told == NULL) {
        told = gov_ask_name(q, account);
    }

    gov_put_some(q->arena, map, key, told->name);
}


static gov_told_name_t *
gov_ask_name(gov_ask_t *q, int64_t account)
{
    gov_account_t     a;
    gov_told_name_t  *told;

    told = gov_calloc(q->arena, sizeof(gov_told_name_t));
    told->account = account;
    told->next = q->names;
    q->names = told;

    if (gov_account_get(q->txn, q->arena, (uint64_t) account, &a) == GOV_OK) {
        told->name = a.rec.name;
    }

    return told;
}


gov_rc_t
gov_query_user_get(gov_ask_t *q)
{
    gov_rc_t        rc;
    unsigned        n;
    gov_err_t       quiet;
    gov_judge_t     j;
    gov_grant_t    *list;
    gov_account_t   account;

    rc = gov_ask_account(q, &account, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_ask_account_row(q, q->out, &account);
    gov_put_some(q->arena, q->out, "mail", account.rec.mail);
    gov_put_some(q->arena, q->out, "phone", account.rec.phone);
    gov_ask_time(q, q->out, "created", account.rec.created);
    gov_ask_time(q, q->out, "invited_until", account.rec.invite_until);
    gov_put_bool(q->arena, q->out, "factor", account.rec.totp.len != 0);
    gov_ask_grant_rows(q, q->out, list, n);

    /* where somebody sits is shown to them and to who administers them */

    memset(&quiet, 0, sizeof(gov_err_t));
    gov_ask_judge(q, &j);
    j.err = &quiet;

    if (account.id != q->who->account) {
        rc = gov_judge_account(&j, account.rec.login, "user", &account);

        if (rc == GOV_DENIED || rc == GOV_NOT_FOUND) {
            return GOV_OK;
        }
    }

    return rc == GOV_OK ? gov_ask_sessions(q, &account) : rc;
}


static gov_rc_t
gov_ask_account(gov_ask_t *q, gov_account_t *account, gov_grant_t **list,
    unsigned *n)
{
    gov_rc_t   rc;
    gov_str_t  login;

    login = gov_get_str(q->in, "user");

    rc = gov_account_by_login(q->txn, q->arena, login, account);

    if (rc == GOV_OK) {
        rc = gov_grants(q->txn, q->arena, account->id, list, n);
    }

    if (rc == GOV_OK && !gov_ask_knows(q, account, *list, *n)) {
        rc = GOV_NOT_FOUND;
    }

    return rc == GOV_NOT_FOUND ? gov_no_account(q->err, "user", login) : rc;
}


static void
gov_ask_account_row(gov_ask_t *q, gov_value_t *row, gov_account_t *account)
{
    gov_arena_t        *a = q->arena;
    gov_account_rec_t  *rec;

    rec = &account->rec;

    gov_put_str(a, row, "user", rec->login);
    gov_put_str(a, row, "name", rec->name);
    gov_put_str(a, row, "unit", rec->unit);
    gov_put_c(a, row, "state", rec->state != GOV_ACCOUNT_SUSPENDED
                               && !gov_account_holds(rec, q->now)
                               ? "expired"
                               : gov_account_state_name((int) rec->state));
    gov_put_some(a, row, "contractor", rec->contractor);
    gov_ask_time(q, row, "expires", rec->expires);
    gov_ask_time(q, row, "last", rec->last);
    gov_put_int(a, row, "number", (int64_t) account->id);
}


/* of what is given elsewhere only as much is shown as is seen of it */

static void
gov_ask_grant_rows(gov_ask_t *q, gov_value_t *row, gov_grant_t *list,
    unsigned n)
{
    unsigned      i;
    gov_value_t  *rows;

    rows = gov_put_list(q->arena, row, "grants");

    for (i = 0; i < n; i++) {
        if (list[i].account == q->who->account || gov_ask_knows_all(q)
            || gov_may_see(q->txn, q->who, list[i].site))
        {
            gov_ask_grant_row(q, gov_add_map(q->arena, rows), &list[i]);
        }
    }
}


static void
gov_ask_grant_row(gov_ask_t *q, gov_value_t *row, gov_grant_t *grant)
{
    gov_site_t      site;
    gov_arena_t    *a = q->arena;
    gov_account_t   by;
    gov_role_rec_t  role;

    gov_put_str(a, row, "role", grant->role);

    if (gov_role_get(q->txn, a, grant->role, &role, NULL) == GOV_OK) {
        gov_put_str(a, row, "title", role.title);
    }

    if (grant->site != GOV_HUB
        && gov_site_get(q->txn, a, grant->site, &site) == GOV_OK)
    {
        gov_put_str(a, row, "site", site.rec.code);
        gov_put_str(a, row, "site_name", site.rec.name);
    }

    if (grant->column != 0) {
        gov_ask_column(q, row, grant->site, grant->column);
    }

    gov_put_bool(a, row, "holds", gov_grant_holds(grant, q->now));
    gov_ask_time(q, row, "until", grant->rec.until);
    gov_ask_time(q, row, "since", grant->rec.since);

    if (grant->rec.by != 0
        && gov_account_get(q->txn, a, (uint64_t) grant->rec.by, &by)
           == GOV_OK)
    {
        gov_put_str(a, row, "by", by.rec.login);
    }
}


static gov_rc_t
gov_ask_sessions(gov_ask_t *q, gov_account_t *account)
{
    gov_rc_t        rc;
    unsigned        i, n;
    gov_value_t    *rows, *row;
    gov_session_t  *list;

    rc = gov_sessions(q->txn, q->arena, account->id, q->now,
                      GOV_ASK_SESSIONS_MAX, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    rows = gov_put_list(q->arena, q->out, "sessions");

    for (i = 0; i < n; i++) {
        row = gov_add_map(q->arena, rows);

        if (account->id == q->who->account) {
            gov_put_str(q->arena, row, "session",
                        gov_hex_str(q->arena, list[i].hash, GOV_DIGEST_LEN));
        }

        gov_put_c(q->arena, row, "stage",
                  gov_stage_name((int) list[i].rec.stage));
        gov_put_str(q->arena, row, "address", list[i].rec.address);
        gov_put_str(q->arena, row, "agent", list[i].rec.agent);
        gov_ask_time(q, row, "began", list[i].rec.began);
        gov_ask_time(q, row, "seen", list[i].rec.seen);
        gov_ask_time(q, row, "ends", list[i].rec.ends);
    }

    return GOV_OK;
}


gov_rc_t
gov_query_role_list(gov_ask_t *q)
{
    gov_rc_t         rc;
    gov_str_t        name;
    gov_value_t     *rows;
    gov_role_rec_t   role;

    rows = gov_put_list(q->arena, q->out, "rows");
    name = gov_s("");

    while ((rc = gov_role_next(q->txn, q->arena, &name, &role)) == GOV_OK) {
        gov_ask_role_row(q, gov_add_map(q->arena, rows), name, &role);
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_query_role_get(gov_ask_t *q)
{
    gov_rc_t        rc;
    gov_str_t       name;
    gov_role_rec_t  role;

    name = gov_get_str(q->in, "role");

    rc = gov_role_get(q->txn, q->arena, name, &role, NULL);
    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, "role", "没有名为“%.*s”的角色",
                        gov_strf(gov_utf8_head(name, 40)));
    }

    gov_ask_role_row(q, q->out, name, &role);

    return GOV_OK;
}


static void
gov_ask_role_row(gov_ask_t *q, gov_value_t *row, gov_str_t name,
    gov_role_rec_t *role)
{
    gov_put_str(q->arena, row, "role", name);
    gov_put_str(q->arena, row, "title", role->title);
    gov_put(row, "rights", gov_value_copy(q->arena, role->rights));
    gov_put_c(q->arena, row, "apart",
              gov_apart_name((gov_apart_t) role->apart));
    gov_put_bool(q->arena, row, "factor", role->factor != 0);
    gov_put_bool(q->arena, row, "own", role->fixed == 0);
}


gov_rc_t
gov_query_right_list(gov_ask_t *q)
{
    int           i;
    gov_value_t  *rows, *row;

    rows = gov_put_list(q->arena, q->out, "rows");

    for (i = 0; i < GOV_RIGHT_MAX; i++) {
        row = gov_add_map(q->arena, rows);
        gov_put_c(q->arena, row, "right", gov_right_name((gov_right_t) i));
        gov_put_c(q->arena, row, "title", gov_right_title((gov_right_t) i));
    }

    return GOV_OK;
}


gov_rc_t
gov_query_me_get(gov_ask_t *q)
{
    gov_rc_t        rc;
    unsigned        n;
    gov_grant_t    *list;
    gov_account_t   account;

    gov_put_bool(q->arena, q->out, "operator", q->who->all);

    if (q->who->account != 0) {
        rc = gov_account_get(q->txn, q->arena, q->who->account, &account);

        if (rc == GOV_OK) {
            rc = gov_grants(q->txn, q->arena, account.id, &list, &n);
        }

        if (rc != GOV_OK) {
            return rc;
        }

        gov_ask_account_row(q, q->out, &account);
        gov_put_some(q->arena, q->out, "mail", account.rec.mail);
        gov_put_some(q->arena, q->out, "phone", account.rec.phone);
        gov_put_bool(q->arena, q->out, "factor", account.rec.totp.len != 0);
        gov_ask_grant_rows(q, q->out, list, n);

        rc = gov_ask_sessions(q, &account);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    gov_ask_me_rights(q);

    return gov_ask_me_roots(q);
}


/* those held anywhere: what a menu is made of */

static void
gov_ask_me_rights(gov_ask_t *q)
{
    int           right;
    uint64_t      rights;
    unsigned      i;
    gov_value_t  *list;

    rights = q->who->all ? UINT64_MAX : 0;

    for (i = 0; i < q->who->ngrants; i++) {
        rights |= q->who->grants[i].rights;
    }

    list = gov_put_list(q->arena, q->out, "rights");

    for (right = 0; right < GOV_RIGHT_MAX; right++) {
        if (rights & gov_right_bit(right)) {
            gov_add(list, gov_val_str(q->arena, gov_str_of(
                              gov_right_name((gov_right_t) right))));
        }
    }
}


static gov_rc_t
gov_ask_me_roots(gov_ask_t *q)
{
    gov_rc_t      rc;
    uint32_t     *sites;
    unsigned      i, n;
    gov_site_t    site;
    gov_value_t  *list, *row;

    rc = gov_who_roots(q->txn, q->arena, q->who, GOV_RIGHT_SITE_READ, &sites,
                       &n);

    list = gov_put_list(q->arena, q->out, "roots");

    for (i = 0; rc == GOV_OK && i < n; i++) {
        rc = gov_site_get(q->txn, q->arena, sites[i], &site);

        if (rc == GOV_OK) {
            row = gov_add_map(q->arena, list);
            gov_put_str(q->arena, row, "site", site.rec.code);
            gov_put_str(q->arena, row, "name", site.rec.name);
        }
    }

    return rc;
}


gov_rc_t
gov_query_people_gaps(gov_ask_t *q)
{
    gov_rc_t       rc;
    uint32_t       id;
    unsigned       looked, own, limit;
    gov_site_t     site;
    gov_value_t   *rows;
    gov_manned_t   m;

    id = (uint32_t) gov_get_int(q->in, "after", 0);
    limit = gov_ask_limit(q);
    rows = gov_put_list(q->arena, q->out, "rows");
    own = 0;

    gov_manned_begin(&m, q->txn, q->arena,
                     gov_right_bit(GOV_RIGHT_DOC_WRITE)
                     | gov_right_bit(GOV_RIGHT_DOC_PUBLISH), q->now);

    for (looked = 0; rows->n < limit && own < GOV_ASK_GAPS_LOOK
                     && looked < GOV_ASK_SITES_LOOK; looked++)
    {
        rc = gov_site_next(q->txn, q->arena, &id, &site);

        if (rc == GOV_OK && gov_ask_gap_may(q, &site)) {
            rc = gov_ask_gap(q, &m, &site, rows);
            own++;
        }

        if (rc != GOV_OK) {
            return rc == GOV_DONE ? GOV_OK : rc;
        }
    }

    gov_put_int(q->arena, q->out, "next", id);

    return GOV_OK;
}


static int
gov_ask_gap_may(gov_ask_t *q, gov_site_t *site)
{
    return (site->rec.state == GOV_SITE_PREPARING
            || site->rec.state == GOV_SITE_LIVE)
           && gov_may(q->txn, q->who, GOV_RIGHT_PEOPLE_MANAGE, site->id, 0);
}


/* a row for a site that lacks somebody */

static gov_rc_t
gov_ask_gap(gov_ask_t *q, gov_manned_t *m, gov_site_t *site,
    gov_value_t *rows)
{
    gov_rc_t      rc;
    uint64_t      held;
    gov_value_t  *row;

    rc = gov_manned(m, site->id, &held);

    if (rc != GOV_OK || (held == m->rights && site->rec.head.len
                         && site->rec.keeper.len))
    {
        return rc;
    }

    row = gov_add_map(q->arena, rows);
    gov_put_str(q->arena, row, "site", site->rec.code);
    gov_put_str(q->arena, row, "name", site->rec.name);
    gov_put_bool(q->arena, row, "editor",
                 (held & gov_right_bit(GOV_RIGHT_DOC_WRITE)) != 0);
    gov_put_bool(q->arena, row, "publisher",
                 (held & gov_right_bit(GOV_RIGHT_DOC_PUBLISH)) != 0);
    gov_put_bool(q->arena, row, "head", site->rec.head.len != 0);
    gov_put_bool(q->arena, row, "keeper", site->rec.keeper.len != 0);

    return GOV_OK;
}
