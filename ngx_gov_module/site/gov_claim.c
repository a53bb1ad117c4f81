
/*
 * Copyright (C) ngx_gov authors
 *
 * Hosts as stored: who holds one, who may take it.
 *
 *     site     the site answers there (its main host, or a further one)
 *     moved    the site answered there and redirects
 *
 * A host that another site holds is never taken from it.  One that moved away
 * is free for others only when its holder is closed; the holder itself may
 * always come back.  An operator frees one sooner by gov_host_remove().
 */


#include "site/gov_site_int.h"


gov_rc_t
gov_host_fits(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t host,
    int64_t now, gov_str_t *canon, gov_err_t *err)
{
    int       trial;
    gov_rc_t  rc;

    rc = gov_host_canon(a, host, canon, err);

    if (rc == GOV_OK) {
        rc = gov_domain_check(t, a, *canon, now, &trial, err);
    }

    return rc == GOV_OK ? gov_host_free(t, a, *canon, site, err) : rc;
}


gov_rc_t
gov_host_free(gov_txn_t *t, gov_arena_t *a, gov_str_t host, uint32_t site,
    gov_err_t *err)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_site_t       holder;
    gov_place_rec_t  place;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_HOSTS, gov_key_s(&k, host),
                  a, &place);

    if (rc == GOV_NOT_FOUND || (rc == GOV_OK && place.to == site)) {
        return GOV_OK;
    }

    if (rc == GOV_OK) {
        rc = gov_site_get(t, a, place.to, &holder);
    }

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_CORRUPT : rc;
    }

    if (place.kind == GOV_PLACE_SITE) {
        return gov_fail(err, GOV_CONFLICT, "host",
                        "域名 %.*s 已由“%.*s”（%.*s）使用", gov_strf(host),
                        gov_strf(gov_utf8_head(holder.rec.name, 30)),
                        gov_strf(holder.rec.code));
    }

    if (holder.rec.state == GOV_SITE_CLOSED) {
        return GOV_OK;
    }

    return gov_fail(err, GOV_CONFLICT, "host",
                    "域名 %.*s 是“%.*s”（%.*s）的旧地址，仍在转向",
                    gov_strf(host),
                    gov_strf(gov_utf8_head(holder.rec.name, 30)),
                    gov_strf(holder.rec.code));
}


gov_rc_t
gov_host_put(gov_txn_t *t, gov_arena_t *a, gov_str_t host, int kind,
    uint32_t site)
{
    gov_key_t        k;
    gov_place_rec_t  place;

    memset(&place, 0, sizeof(gov_place_rec_t));
    place.kind = kind;
    place.to = site;

    gov_touch(t, GOV_HUB, gov_slot_host(gov_host_hash(host)));

    return gov_save(gov_handle(t, GOV_HUB), GOV_T_HOSTS, gov_key_s(&k, host),
                    a, &place);
}


gov_rc_t
gov_host_below(gov_txn_t *t, gov_arena_t *a, uint32_t parent, gov_str_t slug,
    gov_str_t *host)
{
    gov_rc_t    rc;
    gov_str_t   above;
    gov_base_t  base;
    gov_site_t  site;

    above = (gov_str_t) gov_string("localhost");

    if (parent) {
        rc = gov_site_get(t, a, parent, &site);

        if (rc == GOV_OK) {
            rc = gov_site_base(t, a, &site, &base);
        }

        if (rc != GOV_OK) {
            return rc;
        }

        above = base.host;

        if (gov_str_starts(above, "www.")) {
            above.data += 4;
            above.len -= 4;
        }
    }

    *host = gov_str_fmt(a, "%.*s.%.*s", gov_strf(slug), gov_strf(above));

    return GOV_OK;
}
