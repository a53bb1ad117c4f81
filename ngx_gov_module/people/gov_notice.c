
/*
 * Copyright (C) ngx_gov authors
 *
 * What people are told.  One that is read moves from the part of those not
 * read to the other, under the same number.
 */


#include "people/gov_people_int.h"
#include "people/gov_notice.h"


#define GOV_NOTICE_GO  2        /* old ones that a new one lets go */


static gov_key_t *gov_notice_key(gov_key_t *k, gov_notice_t *notice);
static gov_rc_t gov_notice_load(gov_txn_t *t, gov_arena_t *a, int read,
    gov_notice_t *notice);
static gov_rc_t gov_notice_save(gov_txn_t *t, gov_arena_t *a,
    gov_notice_t *notice);
static gov_rc_t gov_notice_forget(gov_txn_t *t, gov_arena_t *a,
    uint64_t account, int64_t now);
static gov_rc_t gov_notice_oldest(gov_txn_t *t, gov_arena_t *a,
    unsigned read, gov_notice_t *notice);
static gov_rc_t gov_notice_part(gov_txn_t *t, gov_arena_t *a,
    uint64_t account, unsigned read, uint64_t *before, unsigned max,
    gov_notice_t *list, unsigned *n);


#define GOV_NOTICE_ROW(number, id, name, title)  [number] = { name, title },

static struct {
    const char  *name;
    const char  *title;
} gov_notice_kinds[GOV_NOTICE_MAX] = {
    GOV_NOTICES(GOV_NOTICE_ROW)
};


const char *
gov_notice_name(int kind)
{
    return kind > 0 && kind < GOV_NOTICE_MAX ? gov_notice_kinds[kind].name
                                             : "";
}


const char *
gov_notice_title(int kind)
{
    return kind > 0 && kind < GOV_NOTICE_MAX ? gov_notice_kinds[kind].title
                                             : "";
}


int
gov_notice_parse(gov_str_t name)
{
    int  kind;

    for (kind = 1; kind < GOV_NOTICE_MAX; kind++) {
        if (gov_str_is(name, gov_notice_kinds[kind].name)) {
            return kind;
        }
    }

    return 0;
}


int
gov_notice_wanted(gov_account_rec_t *account, int kind)
{
    gov_value_t  *v;

    gov_each (v, account->quiet) {
        if (v->kind == GOV_INT && v->u.i == kind) {
            return 0;
        }
    }

    return 1;
}


gov_rc_t
gov_notice_put(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_notice_rec_t *rec)
{
    gov_rc_t      rc;
    gov_notice_t  notice;

    notice.account = account->id;
    notice.rec = *rec;

    rc = gov_next(t, "notice", &notice.id);

    if (rc == GOV_OK) {
        rc = gov_notice_save(t, a, &notice);
    }

    if (rc == GOV_OK) {
        rc = gov_notice_forget(t, a, account->id, rec->time);
    }

    return rc == GOV_OK ? gov_mail_tell(t, a, account, notice.id, rec->time)
                        : rc;
}


static gov_key_t *
gov_notice_key(gov_key_t *k, gov_notice_t *notice)
{
    (void) gov_key_add4(gov_key8(k, notice->account), notice->rec.read != 0);

    return gov_key_add8(k, notice->id);
}


static gov_rc_t
gov_notice_save(gov_txn_t *t, gov_arena_t *a, gov_notice_t *notice)
{
    gov_key_t  k;

    return gov_save(gov_people(t), GOV_T_NOTICES, gov_notice_key(&k, notice),
                    a, &notice->rec);
}


/* what went before a number is old too, so the oldest of a part is asked */

static gov_rc_t
gov_notice_forget(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    int64_t now)
{
    gov_rc_t      rc;
    unsigned      i;
    gov_key_t     k;
    gov_notice_t  old;

    rc = GOV_OK;
    old.account = account;

    for (i = 0; rc == GOV_OK && i < 2 * GOV_NOTICE_GO; i++) {
        rc = gov_notice_oldest(t, a, i / GOV_NOTICE_GO, &old);

        if (rc == GOV_OK && old.rec.time + GOV_NOTICE_OLD < now) {
            rc = gov_drop(gov_people(t), GOV_T_NOTICES,
                          gov_notice_key(&k, &old));
        }

        rc = rc == GOV_DONE ? GOV_OK : rc;
    }

    return rc;
}


static gov_rc_t
gov_notice_oldest(gov_txn_t *t, gov_arena_t *a, unsigned read,
    gov_notice_t *notice)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_NOTICES,
                       gov_key_add4(gov_key8(&k, notice->account), read),
                       GOV_FORWARD);

    if (rc == GOV_OK) {
        rc = gov_scan_next(&sc, a, &notice->rec);
    }

    if (rc == GOV_OK) {
        notice->id = gov_key_get8(sc.key, 12);
    }

    gov_scan_close(&sc);

    return rc;
}


gov_rc_t
gov_notice_get(gov_txn_t *t, gov_arena_t *a, uint64_t account, uint64_t id,
    gov_notice_t *notice)
{
    gov_rc_t  rc;

    notice->account = account;
    notice->id = id;

    rc = gov_notice_load(t, a, 0, notice);

    return rc == GOV_NOT_FOUND ? gov_notice_load(t, a, 1, notice) : rc;
}


static gov_rc_t
gov_notice_load(gov_txn_t *t, gov_arena_t *a, int read, gov_notice_t *notice)
{
    gov_key_t  k;

    notice->rec.read = read;

    return gov_load(gov_people(t), GOV_T_NOTICES, gov_notice_key(&k, notice),
                    a, &notice->rec);
}


gov_rc_t
gov_notices(gov_txn_t *t, gov_arena_t *a, uint64_t account, unsigned *read,
    uint64_t *before, unsigned max, gov_notice_t **list, unsigned *n)
{
    gov_rc_t  rc;

    *n = 0;
    *list = gov_alloc(a, max * sizeof(gov_notice_t));

    for ( ;; ) {
        rc = gov_notice_part(t, a, account, *read, before, max, *list, n);

        if (rc != GOV_OK || *before != 0 || *read != 0) {
            return rc;
        }

        *read = 1;
        *before = UINT64_MAX;
    }
}


/* *before 0: the part is at its end */

static gov_rc_t
gov_notice_part(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    unsigned read, uint64_t *before, unsigned max, gov_notice_t *list,
    unsigned *n)
{
    gov_rc_t       rc;
    gov_key_t      k, from;
    gov_scan_t     sc;
    gov_notice_t  *notice;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_NOTICES,
                       gov_key_add4(gov_key8(&k, account), read),
                       GOV_REVERSE);
    if (rc != GOV_OK) {
        return rc;
    }

    from = k;
    gov_scan_from(&sc, gov_key_add8(&from, *before));

    while (*n < max) {
        notice = &list[*n];

        rc = gov_scan_next(&sc, a, &notice->rec);
        if (rc != GOV_OK) {
            break;
        }

        notice->account = account;
        notice->id = *before = gov_key_get8(sc.key, 12);
        (*n)++;
    }

    gov_scan_close(&sc);

    if (rc == GOV_DONE) {
        *before = 0;
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_notice_unread(gov_txn_t *t, uint64_t account, unsigned *n)
{
    size_t      stepped;
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    stepped = 0;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_NOTICES,
                       gov_key_add4(gov_key8(&k, account), 0), GOV_FORWARD);

    if (rc == GOV_OK) {
        rc = gov_scan_skip(&sc, GOV_NOTICE_COUNT, &stepped);
    }

    gov_scan_close(&sc);
    *n = (unsigned) stepped;

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_notice_read(gov_txn_t *t, gov_arena_t *a, uint64_t account, uint64_t id,
    int64_t now)
{
    gov_rc_t      rc;
    gov_key_t     k;
    gov_notice_t  notice;

    rc = gov_notice_get(t, a, account, id, &notice);

    if (rc != GOV_OK || notice.rec.read != 0) {
        return rc;
    }

    gov_rec_own(a, &gov_rec_notice, &notice.rec);

    rc = gov_drop(gov_people(t), GOV_T_NOTICES, gov_notice_key(&k, &notice));
    notice.rec.read = now;

    return rc == GOV_OK ? gov_notice_save(t, a, &notice) : rc;
}
