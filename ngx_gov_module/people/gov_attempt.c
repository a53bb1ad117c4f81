
/*
 * Copyright (C) ngx_gov authors
 *
 * Failed sign-ins: counted in the transaction that notes them, so that two
 * at a time are two.
 */


#include "people/gov_people_int.h"


#define GOV_ATTEMPT_LOGIN    "login "
#define GOV_ATTEMPT_ADDRESS  "address "
#define GOV_ATTEMPT_KNOWN    "known "       /* then address, login */
#define GOV_ATTEMPT_DEVICE   "device "


static gov_rc_t gov_attempt_key(gov_txn_t *t, gov_arena_t *a,
    gov_str_t login, gov_str_t address, gov_str_t device, gov_str_t *key);
static gov_rc_t gov_attempt_one(gov_txn_t *t, gov_arena_t *a, gov_str_t key,
    int64_t limit, int64_t now);
static int64_t gov_attempt_lock(int64_t n, int64_t limit);
static gov_rc_t gov_attempt_get(gov_txn_t *t, gov_arena_t *a, gov_str_t key,
    gov_attempt_rec_t *rec);
static gov_rc_t gov_attempt_drop(gov_txn_t *t, gov_str_t key);
static int gov_attempt_rests(gov_attempt_rec_t *rec, int64_t now);
static gov_rc_t gov_attempt_resting(gov_txn_t *t, gov_arena_t *a,
    int64_t now, unsigned max, gov_str_t *list, unsigned *n);


gov_rc_t
gov_attempt_note(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_str_t address, gov_str_t device, int64_t now)
{
    gov_rc_t   rc;
    gov_str_t  key;

    rc = gov_attempt_key(t, a, login, address, device, &key);

    if (rc == GOV_OK) {
        rc = gov_attempt_one(t, a, key, GOV_ATTEMPTS, now);
    }

    return rc == GOV_OK && device.len == 0
           ? gov_attempt_one(t, a, gov_str_cat(a, gov_s(GOV_ATTEMPT_ADDRESS),
                                               address),
                             GOV_ATTEMPTS_ADDRESS, now)
           : rc;
}


/* an address has no space in it, so that no login makes up another's key */

static gov_rc_t
gov_attempt_key(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_str_t address, gov_str_t device, gov_str_t *key)
{
    gov_rc_t       rc;
    gov_account_t  acc;

    if (device.len) {
        *key = gov_str_cat(a, gov_s(GOV_ATTEMPT_DEVICE), device);
        return GOV_OK;
    }

    *key = gov_str_cat(a, gov_s(GOV_ATTEMPT_LOGIN), login);

    rc = gov_account_by_login(t, a, login, &acc);

    if (rc == GOV_OK && gov_account_knows(&acc.rec, address)) {
        *key = gov_str_fmt(a, GOV_ATTEMPT_KNOWN "%.*s %.*s",
                           gov_strf(address), gov_strf(login));
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static gov_rc_t
gov_attempt_one(gov_txn_t *t, gov_arena_t *a, gov_str_t key, int64_t limit,
    int64_t now)
{
    gov_rc_t           rc;
    gov_key_t          k;
    gov_attempt_rec_t  rec;

    rc = gov_attempt_get(t, a, key, &rec);

    if (rc != GOV_OK || rec.until > now) {
        return rc;
    }

    if (gov_attempt_rests(&rec, now)) {
        rec.n = 0;
    }

    rec.n++;
    rec.last = now;
    rec.until = rec.n < limit ? 0 : now + gov_attempt_lock(rec.n, limit);

    return gov_save(gov_people(t), GOV_T_ATTEMPTS, gov_key_s(&k, key), a,
                    &rec);
}


static int64_t
gov_attempt_lock(int64_t n, int64_t limit)
{
    int64_t  lock;

    for (lock = GOV_ATTEMPT_LOCK; n > limit && lock < GOV_ATTEMPT_MOST; n--) {
        lock *= 2;
    }

    return lock < GOV_ATTEMPT_MOST ? lock : GOV_ATTEMPT_MOST;
}


gov_rc_t
gov_attempt_until(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_str_t address, gov_str_t device, int64_t *until)
{
    gov_rc_t           rc;
    gov_str_t          key;
    gov_attempt_rec_t  one, two;

    rc = gov_attempt_key(t, a, login, address, device, &key);

    if (rc == GOV_OK) {
        rc = gov_attempt_get(t, a, key, &one);
    }

    two.until = 0;

    if (rc == GOV_OK && device.len == 0) {
        rc = gov_attempt_get(t, a, gov_str_cat(a, gov_s(GOV_ATTEMPT_ADDRESS),
                                               address), &two);
    }

    if (rc == GOV_OK) {
        *until = one.until > two.until ? one.until : two.until;
    }

    return rc;
}


static gov_rc_t
gov_attempt_get(gov_txn_t *t, gov_arena_t *a, gov_str_t key,
    gov_attempt_rec_t *rec)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_load(gov_people(t), GOV_T_ATTEMPTS, gov_key_s(&k, key), a, rec);

    if (rc == GOV_NOT_FOUND) {
        memset(rec, 0, sizeof(gov_attempt_rec_t));
        return GOV_OK;
    }

    return rc;
}


static int
gov_attempt_rests(gov_attempt_rec_t *rec, int64_t now)
{
    return rec->until <= now && rec->last + GOV_ATTEMPT_REST <= now;
}


gov_rc_t
gov_attempt_clear(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_str_t address, gov_str_t device)
{
    gov_rc_t   rc;
    gov_str_t  key;

    rc = gov_attempt_key(t, a, login, address, device, &key);

    return rc == GOV_OK ? gov_attempt_drop(t, key) : rc;
}


static gov_rc_t
gov_attempt_drop(gov_txn_t *t, gov_str_t key)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_drop(gov_people(t), GOV_T_ATTEMPTS, gov_key_s(&k, key));

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


gov_rc_t
gov_attempt_sweep(gov_txn_t *t, gov_arena_t *a, int64_t now, unsigned max,
    unsigned *n)
{
    gov_rc_t    rc;
    unsigned    i;
    gov_str_t  *list;

    list = gov_alloc(a, max * sizeof(gov_str_t));

    rc = gov_attempt_resting(t, a, now, max, list, n);

    for (i = 0; rc == GOV_OK && i < *n; i++) {
        rc = gov_attempt_drop(t, list[i]);
    }

    return rc;
}


static gov_rc_t
gov_attempt_resting(gov_txn_t *t, gov_arena_t *a, int64_t now, unsigned max,
    gov_str_t *list, unsigned *n)
{
    gov_rc_t           rc;
    gov_key_t          k;
    gov_scan_t         sc;
    gov_attempt_rec_t  rec;

    *n = 0;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_ATTEMPTS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    while (*n < max && (rc = gov_scan_next(&sc, a, &rec)) == GOV_OK) {
        if (gov_attempt_rests(&rec, now)) {
            list[(*n)++] = gov_str_copy(a, sc.key);
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}
