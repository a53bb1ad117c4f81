
/*
 * Copyright (C) ngx_gov authors
 *
 * Works that people asked for.  They end in the order they were begun, so
 * those not ended are the newest.
 */


#include "people/gov_people_int.h"
#include "people/gov_work.h"


static gov_work_kind_t  gov_work_kinds[] = {
    { "journal.verify", GOV_RIGHT_AUDIT_READ, 1, 0 },
    { "store.check", GOV_RIGHT_PLATFORM_READ, 0, 0 },
    { "site.import", GOV_RIGHT_SITE_MANAGE, 0, 1 },
    { "doc.import", GOV_RIGHT_DOC_PUBLISH, 1, 1 },
    { NULL, 0, 0, 0 }
};


gov_work_kind_t *
gov_work_kind(gov_str_t name)
{
    gov_work_kind_t  *kind;

    for (kind = gov_work_kinds; kind->name; kind++) {
        if (gov_str_is(name, kind->name)) {
            return kind;
        }
    }

    return NULL;
}


gov_rc_t
gov_work_get(gov_txn_t *t, gov_arena_t *a, uint64_t id, gov_work_t *w)
{
    gov_key_t  k;

    w->id = id;

    return gov_load(gov_people(t), GOV_T_WORKS, gov_key8(&k, id), a, &w->rec);
}


gov_rc_t
gov_work_put(gov_txn_t *t, gov_arena_t *a, gov_work_t *w)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = w->id != 0 ? GOV_OK : gov_next(t, "work", &w->id);

    return rc == GOV_OK ? gov_save(gov_people(t), GOV_T_WORKS,
                                   gov_key8(&k, w->id), a, &w->rec)
                        : rc;
}


gov_rc_t
gov_work_before(gov_txn_t *t, gov_arena_t *a, uint64_t *id, gov_work_t *w)
{
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_WORKS, gov_key(&k),
                       GOV_REVERSE);
    if (rc != GOV_OK) {
        return rc;
    }

    if (*id != 0) {
        gov_scan_from(&sc, gov_key8(&k, *id));
    }

    rc = gov_scan_next(&sc, a, &w->rec);

    if (rc == GOV_OK) {
        *id = gov_key_get8(sc.key, 0);
        w->id = *id;
    }

    gov_scan_close(&sc);

    return rc;
}


gov_rc_t
gov_work_waiting(gov_txn_t *t, gov_arena_t *a, gov_work_t **list, unsigned *n)
{
    gov_rc_t  rc;
    uint64_t  id;

    id = 0;
    *list = gov_alloc(a, GOV_WORKS_WAIT * sizeof(gov_work_t));

    for (*n = 0; *n < GOV_WORKS_WAIT; (*n)++) {
        rc = gov_work_before(t, a, &id, &(*list)[*n]);

        if (rc != GOV_OK) {
            return rc == GOV_DONE ? GOV_OK : rc;
        }

        if ((*list)[*n].rec.ended != 0) {
            break;
        }
    }

    return GOV_OK;
}
