
/*
 * Copyright (C) ngx_gov authors
 *
 * Links by which one version can be seen by whoever holds them, for a time.
 * The store knows a token's SHA-256 only: who reads the store, the journal or
 * a backup cannot follow the link.
 */


#include "content/gov_content_int.h"


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
