
/*
 * Copyright (C) ngx_gov authors
 *
 * Emergency banners: records of the hub.  One mark of the hub is in the
 * proof of every page, so one write shows a banner everywhere, and one clear
 * takes it away; its end is a moment of every page that shows it.
 */


#include "content/gov_content_int.h"


#define GOV_BANNERS_MAX  20


static gov_rc_t gov_banner_check(gov_banner_rec_t *b, gov_err_t *err);
static gov_rc_t gov_banner_room(gov_txn_t *t, gov_err_t *err);


gov_rc_t
gov_banners(gov_txn_t *t, gov_arena_t *a, uint32_t site, int64_t now,
    gov_banner_rec_t *list, uint64_t *ids, unsigned max, unsigned *n,
    int64_t *due)
{
    gov_rc_t          rc;
    gov_key_t         k;
    gov_scan_t        sc;
    gov_banner_rec_t  b;

    *n = 0;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_BANNERS,
                       gov_key(&k), GOV_REVERSE);
    if (rc != GOV_OK) {
        return rc;
    }

    while (*n < max && (rc = gov_scan_next(&sc, a, &b)) == GOV_OK) {

        if (b.until != 0 && b.until <= now) {
            continue;
        }

        if (b.site != 0 && !gov_site_below(t, a, site, (uint32_t) b.site)) {
            continue;
        }

        gov_due(due, b.until, now);
        ids[*n] = gov_key_get8(sc.key, 0);
        list[(*n)++] = b;
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_OK : rc;
}


gov_rc_t
gov_banner_get(gov_txn_t *t, gov_arena_t *a, uint64_t id,
    gov_banner_rec_t *b)
{
    gov_key_t  k;

    return gov_load(gov_handle(t, GOV_HUB), GOV_T_BANNERS, gov_key8(&k, id),
                    a, b);
}


gov_rc_t
gov_banner_put(gov_txn_t *t, gov_arena_t *a, uint64_t *id,
    gov_banner_rec_t *b, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_banner_check(b, err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (*id == 0) {
        rc = gov_banner_room(t, err);
        if (rc != GOV_OK) {
            return rc;
        }

        rc = gov_next(t, "banner", id);
        if (rc != GOV_OK) {
            return gov_store_said(err, rc);
        }

    } else {
        rc = gov_there(gov_handle(t, GOV_HUB), GOV_T_BANNERS,
                       gov_key8(&k, *id));
        if (rc != GOV_OK) {
            return gov_fail(err, rc, "id", "没有横幅 %llu",
                            (unsigned long long) *id);
        }
    }

    gov_touch(t, GOV_HUB, GOV_SLOT_BANNER);

    return gov_store_said(err, gov_save(gov_handle(t, GOV_HUB),
                          GOV_T_BANNERS, gov_key8(&k, *id), a, b));
}


static gov_rc_t
gov_banner_check(gov_banner_rec_t *b, gov_err_t *err)
{
    unsigned            i;
    gov_url_kind_t      kind;
    static const char  *levels[] = { "red", "orange", "yellow", "blue" };

    if (b->title.len == 0 || gov_utf8_chars(b->title) > 100) {
        return gov_fail(err, GOV_INVALID, "title", "标题要 1 到 100 字");
    }

    if (gov_utf8_chars(b->text) > 1000) {
        return gov_fail(err, GOV_INVALID, "text", "内容最多 1000 字");
    }

    kind = gov_url_kind(b->url);

    if (b->url.len != 0 && kind != GOV_URL_HTTP && kind != GOV_URL_PATH) {
        return gov_fail(err, GOV_INVALID, "url",
                        "地址要以 http://、https:// 或 / 开头");
    }

    for (i = 0; i < 4 && !gov_str_is(b->level, levels[i]); i++) {
        /* void */
    }

    if (i == 4) {
        return gov_fail(err, GOV_INVALID, "level",
                        "级别只能是 red、orange、yellow、blue");
    }

    return GOV_OK;
}


/* few, for every page reads them all */

static gov_rc_t
gov_banner_room(gov_txn_t *t, gov_err_t *err)
{
    size_t      n;
    gov_rc_t    rc;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), GOV_T_BANNERS,
                       gov_key(&k), GOV_FORWARD);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    for (n = 0; n < GOV_BANNERS_MAX; n++) {
        rc = gov_scan_next(&sc, NULL, NULL);
        if (rc != GOV_OK) {
            break;
        }
    }

    gov_scan_close(&sc);

    if (rc != GOV_OK && rc != GOV_DONE) {
        return gov_store_said(err, rc);
    }

    if (n == GOV_BANNERS_MAX) {
        return gov_fail(err, GOV_DENIED, "", "横幅最多 %d 条，请先撤下过期的",
                        GOV_BANNERS_MAX);
    }

    return GOV_OK;
}


gov_rc_t
gov_banner_clear(gov_txn_t *t, gov_arena_t *a, uint64_t id, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;

    (void) a;

    rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_BANNERS, gov_key8(&k, id));

    if (rc == GOV_NOT_FOUND) {
        return gov_fail(err, rc, "id", "没有横幅 %llu",
                        (unsigned long long) id);
    }

    gov_touch(t, GOV_HUB, GOV_SLOT_BANNER);

    return gov_store_said(err, rc);
}
