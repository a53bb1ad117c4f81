
/*
 * Copyright (C) ngx_gov authors
 *
 * Links by which one version can be seen by whoever holds them, for a time.
 * The store knows a token's SHA-256 only: who reads the store, the journal or
 * a backup cannot follow the link.
 */


#include "content/gov_content_int.h"


static gov_rc_t gov_preview_ended(gov_txn_t *t, gov_arena_t *a,
    gov_key_t *from, int64_t now, unsigned *left, gov_key_t *keys,
    unsigned *n);

gov_rc_t
gov_preview_put(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_str_t hash, int64_t until, gov_by_t *by, gov_err_t *err)
{
    gov_rc_t            rc;
    gov_key_t           k;
    gov_version_rec_t   v;
    gov_preview_rec_t   row;

    rc = gov_version_there(t, a, doc, n, &v, err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (until <= by->now || until > by->now + GOV_PREVIEW_MAX) {
        return gov_fail(err, GOV_INVALID, "hours",
                        "预览链接的有效期应是 1 至 720 小时");
    }

    memset(&row, 0, sizeof(gov_preview_rec_t));
    row.doc = (int64_t) doc->id;
    row.version = n;
    row.until = until;
    row.by = (int64_t) by->account;

    gov_touch(t, doc->site, GOV_SLOT_DESK);
    gov_key_add_s(gov_key(&k), hash);

    return gov_store_said(err, gov_save(gov_handle(t, GOV_HUB),
                                        GOV_T_PREVIEWS, &k, a, &row));
}


gov_rc_t
gov_preview_get(gov_txn_t *t, gov_arena_t *a, gov_str_t token, int64_t now,
    gov_preview_rec_t *row)
{
    u_char      hash[GOV_DIGEST_LEN];
    gov_rc_t    rc;
    gov_key_t   k;

    rc = gov_digest(GOV_SHA256, token, hash);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_key_add_s(gov_key(&k), (gov_str_t) { GOV_DIGEST_LEN, hash });

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_PREVIEWS, &k, a, row);

    return rc == GOV_OK && row->until <= now ? GOV_DENIED : rc;
}


gov_rc_t
gov_preview_sweep(gov_txn_t *t, gov_arena_t *a, gov_str_t from, int64_t now,
    unsigned max, unsigned *n)
{
    gov_rc_t    rc;
    unsigned    i, left;
    gov_key_t   k, *keys;

    *n = 0;
    left = max;
    keys = gov_alloc(a, max * sizeof(gov_key_t));

    gov_key_add_s(gov_key(&k), from);
    rc = gov_preview_ended(t, a, &k, now, &left, keys, n);

    for (i = 0; rc == GOV_OK && i < *n; i++) {
        rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_PREVIEWS, &keys[i]);
    }

    return rc;
}


/* to the end, and from the beginning on */

static gov_rc_t
gov_preview_ended(gov_txn_t *t, gov_arena_t *a, gov_key_t *from, int64_t now,
    unsigned *left, gov_key_t *keys, unsigned *n)
{
    int                 round;
    gov_rc_t            rc;
    gov_key_t           k;
    gov_scan_t          sc;
    gov_preview_rec_t   row;

    rc = GOV_DONE;

    for (round = 0; rc == GOV_DONE && round < 2; round++) {
        rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_PREVIEWS,
                           gov_key(&k), GOV_FORWARD);

        if (rc == GOV_OK && round == 0) {
            gov_scan_from(&sc, from);
        }

        while (rc == GOV_OK && *left != 0
               && (rc = gov_scan_next(&sc, a, &row)) == GOV_OK)
        {
            if (round == 1 && memcmp(sc.key.data, from->data, from->len) >= 0)
            {
                break;
            }

            (*left)--;

            if (row.until <= now) {
                keys[*n].len = sc.key.len;
                memcpy(keys[(*n)++].data, sc.key.data, sc.key.len);
            }
        }

        gov_scan_close(&sc);
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}
