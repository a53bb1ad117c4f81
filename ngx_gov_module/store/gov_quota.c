
/*
 * Copyright (C) ngx_gov authors
 *
 * Quota.  Writes of counted tables are remembered in the transaction as a
 * number of bytes a site; gov_note() adds them to the site's usage and
 * refuses what passes its limit, so that a refused command's child takes the
 * writes with it.  An attachment weighs its file too.
 *
 * The limit is the site's own (field quota of its record) or the store's.
 * The hub has none.  Who is over the limit may still shrink.
 */


#include <stdlib.h>

#include "store/gov_store_int.h"


static gov_rc_t gov_quota_flush_site(gov_txn_t *t, gov_arena_t *a,
    gov_delta_t *d, gov_err_t *err);
static gov_rc_t gov_quota_limit(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t *limit);


int64_t
gov_quota_weight(gov_table_t t, gov_str_t value)
{
    int64_t          weight;
    gov_arena_t     *a;
    gov_file_rec_t   file;

    weight = (int64_t) value.len;

    if (t != GOV_T_FILES) {
        return weight;
    }

    a = gov_arena_new(1024);

    if (gov_rec_decode(a, &gov_rec_file, value, &file) == GOV_OK
        && file.size > 0)
    {
        weight += file.size;
    }

    gov_arena_free(&a);

    return weight;
}


void
gov_quota_add(gov_txn_t *t, uint32_t site, int64_t bytes)
{
    size_t    size;
    unsigned  i;

    if (bytes == 0) {
        return;
    }

    for (i = t->ndeltas; i > 0; i--) {
        if (t->deltas[i - 1].site == site) {
            t->deltas[i - 1].bytes += bytes;
            return;
        }
    }

    if (t->ndeltas == t->deltas_size) {
        t->deltas_size = t->deltas_size ? t->deltas_size * 2 : 8;
        size = t->deltas_size * sizeof(gov_delta_t);
        t->deltas = realloc(t->deltas, size);

        if (t->deltas == NULL) {
            gov_out_of_memory();
        }
    }

    t->deltas[t->ndeltas++] = (gov_delta_t) { site, bytes };
}


gov_rc_t
gov_quota_flush(gov_txn_t *t, gov_arena_t *a, gov_err_t *err)
{
    unsigned  i;
    gov_rc_t  rc;

    for (i = 0; i < t->ndeltas; i++) {
        rc = gov_quota_flush_site(t, a, &t->deltas[i], err);

        if (rc != GOV_OK) {
            return rc;
        }
    }

    t->ndeltas = 0;

    return GOV_OK;
}


static gov_rc_t
gov_quota_flush_site(gov_txn_t *t, gov_arena_t *a, gov_delta_t *d,
    gov_err_t *err)
{
    gov_rc_t          rc;
    uint64_t          limit;
    gov_key_t         k;
    gov_handle_t      h;
    gov_usage_rec_t   usage;

    if (d->bytes == 0) {
        return GOV_OK;
    }

    h = gov_handle(t, d->site);

    memset(&usage, 0, sizeof(gov_usage_rec_t));

    rc = gov_load(h, GOV_T_USAGE, gov_key(&k), a, &usage);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return gov_fail(err, rc, "", "站点 %u 的用量记录无法读取", d->site);
    }

    usage.n += d->bytes;

    if (d->bytes > 0 && d->site != GOV_HUB) {
        rc = gov_quota_limit(t, a, d->site, &limit);

        if (rc != GOV_OK) {
            return gov_fail(err, rc, "", "站点 %u 的配额无法读取", d->site);
        }

        if ((uint64_t) usage.n > limit) {
            return gov_fail(err, GOV_FULL, "",
                            "站点 %u 的空间已满：需要 %lld 字节，配额 %llu 字节",
                            d->site, (long long) usage.n,
                            (unsigned long long) limit);
        }
    }

    return gov_save(h, GOV_T_USAGE, gov_key(&k), a, &usage);
}


static gov_rc_t
gov_quota_limit(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t *limit)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_site_rec_t   rec;

    *limit = t->store->conf.quota;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_SITES, gov_key4(&k, site), a,
                  &rec);

    if (rc == GOV_OK && rec.quota > 0) {
        *limit = (uint64_t) rec.quota;
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


gov_rc_t
gov_usage(gov_handle_t h, gov_arena_t *a, uint64_t *bytes)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_usage_rec_t   usage;

    *bytes = 0;

    rc = gov_load(h, GOV_T_USAGE, gov_key(&k), a, &usage);

    if (rc == GOV_OK && usage.n > 0) {
        *bytes = (uint64_t) usage.n;
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}
