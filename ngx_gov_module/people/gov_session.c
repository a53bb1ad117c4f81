
/*
 * Copyright (C) ngx_gov authors
 *
 * Sessions under the SHA-256 of their token, and again by their end, so that
 * what is over can be swept away without looking at the others.
 */


#include "people/gov_people_int.h"


#define GOV_MINUTE            (60 * (int64_t) 1000000)
#define GOV_SESSION_IDLE      30            /* minutes, when nobody says */
#define GOV_SESSION_ABSOLUTE  (12 * 60)


static const char  *gov_stages[] = { "full", "code", "password", "factor" };


static gov_key_t *gov_session_key(gov_key_t *k, const u_char *hash);
static gov_key_t *gov_end_key(gov_key_t *k, gov_session_t *session);
static gov_rc_t gov_session_load(gov_txn_t *t, gov_arena_t *a,
    const u_char *hash, gov_session_t *session);
static int gov_session_over(gov_session_rec_t *rec, gov_account_rec_t *acc,
    int64_t idle, int64_t absolute, int64_t now);
static gov_rc_t gov_session_ended(gov_txn_t *t, gov_arena_t *a, int64_t now,
    unsigned max, gov_session_t *list, unsigned *n);


gov_rc_t
gov_session_hash(u_char token[GOV_TOKEN_LEN], u_char hash[GOV_DIGEST_LEN])
{
    return gov_digest(GOV_SHA256, (gov_str_t) { GOV_TOKEN_LEN, token }, hash);
}


gov_rc_t
gov_session_by_hash(gov_txn_t *t, gov_arena_t *a,
    const u_char hash[GOV_DIGEST_LEN], int64_t now, gov_session_t *session)
{
    int64_t        idle, absolute;
    gov_rc_t       rc;
    gov_account_t  acc;

    rc = gov_session_load(t, a, hash, session);

    if (rc == GOV_OK) {
        rc = gov_account_get(t, a, (uint64_t) session->rec.account, &acc);
    }

    if (rc == GOV_OK) {
        rc = gov_session_limits(t, a, now, &idle, &absolute);
    }

    return rc == GOV_OK
           && gov_session_over(&session->rec, &acc.rec, idle, absolute, now)
           ? GOV_NOT_FOUND : rc;
}


static gov_rc_t
gov_session_load(gov_txn_t *t, gov_arena_t *a, const u_char *hash,
    gov_session_t *session)
{
    gov_key_t  k;

    memcpy(session->hash, hash, GOV_DIGEST_LEN);

    return gov_load(gov_people(t), GOV_T_SESSIONS, gov_session_key(&k, hash),
                    a, &session->rec);
}


static gov_key_t *
gov_session_key(gov_key_t *k, const u_char *hash)
{
    return gov_key_s(k, (gov_str_t) { GOV_DIGEST_LEN, (u_char *) hash });
}


static gov_key_t *
gov_end_key(gov_key_t *k, gov_session_t *session)
{
    return gov_key_add_s(gov_key8(k, (uint64_t) session->rec.ends),
                         (gov_str_t) { GOV_DIGEST_LEN, session->hash });
}


static int
gov_session_over(gov_session_rec_t *rec, gov_account_rec_t *acc,
    int64_t idle, int64_t absolute, int64_t now)
{
    return rec->ends <= now
           || rec->began + absolute <= now
           || rec->seen + idle <= now
           || rec->epoch != acc->epoch
           || !gov_account_holds(acc, now);
}


gov_rc_t
gov_session_limits(gov_txn_t *t, gov_arena_t *a, int64_t now, int64_t *idle,
    int64_t *absolute)
{
    gov_rc_t      rc;
    gov_value_t  *rule;

    rc = gov_policy_get(t, a, "security", now, &rule);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    *idle = gov_get_int(rule, "idle", GOV_SESSION_IDLE) * GOV_MINUTE;
    *absolute = gov_get_int(rule, "absolute", GOV_SESSION_ABSOLUTE)
                * GOV_MINUTE;

    return GOV_OK;
}


/* a token that has no digest has no form either: what is written then is
 * what nobody can send back */

void
gov_session_csrf(u_char token[GOV_TOKEN_LEN], u_char csrf[GOV_CSRF_LEN])
{
    u_char         hash[GOV_DIGEST_LEN];
    gov_digest_t  *d;

    if (gov_digest_begin(GOV_SHA256, &d) == GOV_OK) {
        gov_digest_add(d, gov_s("gov csrf "));
        gov_digest_add(d, (gov_str_t) { GOV_TOKEN_LEN, token });
    }

    if ((d == NULL || gov_digest_end(&d, hash) != GOV_OK)
        && gov_random(hash, sizeof(hash)) != 0)
    {
        gov_out_of_memory();
    }

    gov_hex(csrf, hash, GOV_CSRF_LEN / 2);
}


const char *
gov_stage_name(int stage)
{
    return stage >= 0 && stage <= GOV_STAGE_FACTOR ? gov_stages[stage] : "";
}


int
gov_stage_parse(gov_str_t name)
{
    int  i;

    for (i = 0; i <= GOV_STAGE_FACTOR; i++) {
        if (gov_str_is(name, gov_stages[i])) {
            return i;
        }
    }

    return -1;
}


gov_rc_t
gov_session_open(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_session_t *session, int64_t now)
{
    int64_t        idle, absolute;
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    rc = gov_session_limits(t, a, now, &idle, &absolute);
    if (rc != GOV_OK) {
        return rc;
    }

    session->rec.account = (int64_t) account->id;
    session->rec.epoch = account->rec.epoch;
    session->rec.began = now;
    session->rec.seen = now;
    session->rec.ends = now + absolute;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = (int64_t) account->id;

    rc = gov_save(gov_people(t), GOV_T_ENDS, gov_end_key(&k, session), a,
                  &ref);

    return rc == GOV_OK ? gov_session_save(t, a, session) : rc;
}


gov_rc_t
gov_session_save(gov_txn_t *t, gov_arena_t *a, gov_session_t *session)
{
    gov_key_t  k;

    return gov_save(gov_people(t), GOV_T_SESSIONS,
                    gov_session_key(&k, session->hash), a, &session->rec);
}


gov_rc_t
gov_session_close(gov_txn_t *t, gov_arena_t *a,
    const u_char hash[GOV_DIGEST_LEN])
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_session_t  session;

    rc = gov_session_load(t, a, hash, &session);

    if (rc == GOV_OK) {
        rc = gov_drop(gov_people(t), GOV_T_ENDS, gov_end_key(&k, &session));
    }

    return rc == GOV_OK ? gov_drop(gov_people(t), GOV_T_SESSIONS,
                                   gov_session_key(&k, hash))
                        : rc;
}


/* by the ends, for those records are short: of others' sessions no more is
 * read */

gov_rc_t
gov_sessions(gov_txn_t *t, gov_arena_t *a, uint64_t account, int64_t now,
    unsigned max, gov_session_t **list, unsigned *n)
{
    gov_rc_t       rc;
    gov_key_t      k, from;
    gov_scan_t     sc;
    gov_ref_rec_t  ref;

    *n = 0;
    *list = gov_alloc(a, max * sizeof(gov_session_t));

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_ENDS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key8(&from, (uint64_t) now));

    while (*n < max && (rc = gov_scan_next(&sc, a, &ref)) == GOV_OK) {

        if ((uint64_t) ref.to != account) {
            continue;
        }

        rc = gov_session_by_hash(t, a, sc.key.data + 8, now, &(*list)[*n]);

        if (rc == GOV_OK) {
            (*n)++;

        } else if (rc != GOV_NOT_FOUND) {
            break;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE || rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


gov_rc_t
gov_session_sweep(gov_txn_t *t, gov_arena_t *a, int64_t now, unsigned max,
    unsigned *n)
{
    gov_rc_t        rc;
    unsigned        i;
    gov_session_t  *list;

    list = gov_alloc(a, max * sizeof(gov_session_t));

    rc = gov_session_ended(t, a, now, max, list, n);

    for (i = 0; rc == GOV_OK && i < *n; i++) {
        rc = gov_session_close(t, a, list[i].hash);
    }

    return rc;
}


static gov_rc_t
gov_session_ended(gov_txn_t *t, gov_arena_t *a, int64_t now, unsigned max,
    gov_session_t *list, unsigned *n)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    *n = 0;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_ENDS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    while (*n < max && (rc = gov_scan_next(&sc, a, NULL)) == GOV_OK) {

        if ((int64_t) gov_key_get8(sc.key, 0) > now
            || sc.key.len != 8 + GOV_DIGEST_LEN)
        {
            break;
        }

        memcpy(list[(*n)++].hash, sc.key.data + 8, GOV_DIGEST_LEN);
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}
