
/*
 * Copyright (C) ngx_gov authors
 *
 * States of a site and what may follow what:
 *
 *     preparing ──> live <──> suspended
 *         │ ^────────│────────────┘
 *         └──────────┴──> merged, closed      (from all three; for good)
 *
 * A site that others stand below is neither merged nor closed: they would
 * lose their way up.  A merged site redirects to one that is neither merged
 * nor closed, so that redirects do not loop.
 */


#include "site/gov_site_int.h"


#define gov_state_bit(state)  (1u << (state))

#define GOV_STATES_ALIVE                                                      \
    (gov_state_bit(GOV_SITE_PREPARING) | gov_state_bit(GOV_SITE_LIVE)         \
     | gov_state_bit(GOV_SITE_SUSPENDED))


static struct {
    unsigned     from;          /* states it may follow */
    const char  *title;
} gov_life[] = {
    { gov_state_bit(GOV_SITE_SUSPENDED), "筹备" },
    { gov_state_bit(GOV_SITE_PREPARING) | gov_state_bit(GOV_SITE_SUSPENDED),
      "上线" },
    { gov_state_bit(GOV_SITE_PREPARING) | gov_state_bit(GOV_SITE_LIVE),
      "暂停" },
    { GOV_STATES_ALIVE, "合并" },
    { GOV_STATES_ALIVE, "关停" }
};


static gov_rc_t gov_life_alone(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_err_t *err);
static gov_rc_t gov_life_into(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t into, gov_err_t *err);


int
gov_site_ended(int64_t state)
{
    return state == GOV_SITE_MERGED || state == GOV_SITE_CLOSED;
}


gov_rc_t
gov_site_set_state(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, int state,
    gov_str_t notice, uint32_t into, int64_t now, gov_err_t *err)
{
    gov_rc_t  rc;

    if (site->rec.state == state) {
        return GOV_OK;
    }

    if (!(gov_life[state].from & gov_state_bit(site->rec.state))) {
        return gov_fail(err, GOV_DENIED, "site", "“%.*s”已%s，不能再%s",
                        gov_strf(gov_utf8_head(site->rec.name, 40)),
                        gov_life[site->rec.state].title,
                        gov_life[state].title);
    }

    if (gov_site_ended(state)) {
        rc = gov_life_alone(t, a, site, err);

        if (rc == GOV_OK && state == GOV_SITE_MERGED) {
            rc = gov_life_into(t, a, site, into, err);
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    site->rec.state = state;
    site->rec.since = now;
    site->rec.notice = notice;
    site->rec.into = state == GOV_SITE_MERGED ? into : 0;

    return gov_site_write(t, a, site);
}


static gov_rc_t
gov_life_alone(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_err_t *err)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_scan_t     sc;
    gov_site_t     child;
    gov_ref_rec_t  ref;

    child.id = 0;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_CHILDREN,
                       gov_key4(&k, site->id), GOV_FORWARD);

    while (rc == GOV_OK) {
        rc = gov_scan_next(&sc, a, &ref);

        if (rc == GOV_OK) {
            rc = gov_site_get(t, a, ref.to, &child);
        }

        if (rc == GOV_OK
            && (gov_state_bit(child.rec.state) & GOV_STATES_ALIVE))
        {
            rc = gov_fail(err, GOV_DENIED, "site",
                          "“%.*s”之下还有“%.*s”（%.*s），请先调整或关停",
                          gov_strf(gov_utf8_head(site->rec.name, 30)),
                          gov_strf(gov_utf8_head(child.rec.name, 30)),
                          gov_strf(child.rec.code));
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


static gov_rc_t
gov_life_into(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, uint32_t into,
    gov_err_t *err)
{
    gov_rc_t    rc;
    gov_site_t  to;

    if (into == site->id) {
        return gov_fail(err, GOV_INVALID, "into", "不能并入自身");
    }

    rc = gov_site_get(t, a, into, &to);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "into", "没有要并入的站点");
    }

    if (!(gov_state_bit(to.rec.state) & GOV_STATES_ALIVE)) {
        return gov_fail(err, GOV_DENIED, "into", "“%.*s”已%s，不能并入",
                        gov_strf(gov_utf8_head(to.rec.name, 40)),
                        gov_life[to.rec.state].title);
    }

    return GOV_OK;
}
