
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's address: its mode, its slug, its hosts.
 *
 * Whatever stood at an address goes on answering there by a redirect: the
 * host or the name becomes "moved".  Pages below the site need no record of
 * their own, the rest of the path goes with the redirect.  Their copies know
 * of the change by the mark of the site that moved, which every page below
 * it depends on.
 */


#include "site/gov_site_int.h"


static gov_rc_t gov_to_page(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_err_t *err);
static gov_rc_t gov_to_subsite(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_str_t host, int64_t now, gov_err_t *err);
static gov_rc_t gov_slug_of_page(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_str_t slug, gov_err_t *err);
static gov_rc_t gov_slug_of_subsite(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_str_t slug, int64_t now, gov_err_t *err);
static gov_rc_t gov_host_take(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_str_t host, int64_t now, gov_str_t *canon,
    gov_err_t *err);
static gov_rc_t gov_host_main(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_str_t host);


gov_rc_t
gov_site_set_mode(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, int mode,
    gov_str_t host, int64_t now, gov_err_t *err)
{
    if (mode == GOV_MODE_PAGE) {
        if (host.len) {
            return gov_fail(err, GOV_INVALID, "host",
                            "网页模式的站点没有自己的域名");
        }

        return site->rec.mode == mode ? GOV_OK : gov_to_page(t, a, site, err);
    }

    if (site->rec.mode == mode) {
        return host.len ? gov_host_add(t, a, site, host, 1, now, err)
                        : GOV_OK;
    }

    return gov_to_subsite(t, a, site, host, now, err);
}


static gov_rc_t
gov_to_page(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_site_t  parent;

    if (site->rec.parent == 0) {
        return gov_fail(err, GOV_DENIED, "mode",
                        "“%.*s”没有上级站点，不能改为网页模式",
                        gov_strf(gov_utf8_head(site->rec.name, 40)));
    }

    rc = gov_site_get(t, a, site->rec.parent, &parent);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_level_check((int) site->rec.level, site->rec.code, &parent, err);

    if (rc == GOV_OK) {
        rc = gov_name_free(t, a, &parent, 0, site->rec.slug, site->id, err);
    }

    if (rc == GOV_OK) {
        rc = gov_name_put_site(t, a, parent.id, site->rec.slug,
                               GOV_PLACE_SITE, site->id);
    }

    if (rc == GOV_OK) {
        rc = gov_host_put(t, a, site->rec.host, GOV_PLACE_MOVED, site->id);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    site->rec.mode = GOV_MODE_PAGE;
    site->rec.host.len = 0;

    return gov_site_write(t, a, site);
}


static gov_rc_t
gov_to_subsite(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t host, int64_t now, gov_err_t *err)
{
    gov_rc_t  rc;

    if (host.len == 0) {
        rc = gov_host_below(t, a, site->rec.parent, site->rec.slug, &host);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_host_take(t, a, site, host, now, &host, err);

    if (rc == GOV_OK) {
        rc = gov_name_put_site(t, a, site->rec.parent, site->rec.slug,
                               GOV_PLACE_MOVED, site->id);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    site->rec.mode = GOV_MODE_SUBSITE;
    site->rec.host = host;

    return gov_site_write(t, a, site);
}


gov_rc_t
gov_site_rename_slug(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t slug, int64_t now, gov_err_t *err)
{
    gov_rc_t  rc;

    if (gov_str_eq(slug, site->rec.slug)) {
        return GOV_OK;
    }

    if (!gov_slug_valid(slug)) {
        return gov_fail(err, GOV_INVALID, "slug",
                        "“%.*s”不能作地址名：须为 1 至 32 个小写字母、数字"
                        "或“-”", gov_strf(gov_utf8_head(slug, 40)));
    }

    rc = site->rec.mode == GOV_MODE_PAGE
         ? gov_slug_of_page(t, a, site, slug, err)
         : gov_slug_of_subsite(t, a, site, slug, now, err);

    if (rc != GOV_OK) {
        return rc;
    }

    site->rec.slug = slug;

    return gov_site_write(t, a, site);
}


static gov_rc_t
gov_slug_of_page(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t slug, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_site_t  parent;

    rc = gov_site_get(t, a, site->rec.parent, &parent);

    if (rc == GOV_OK) {
        rc = gov_name_free(t, a, &parent, 0, slug, site->id, err);
    }

    if (rc == GOV_OK) {
        rc = gov_name_put_site(t, a, parent.id, site->rec.slug,
                               GOV_PLACE_MOVED, site->id);
    }

    if (rc == GOV_OK) {
        rc = gov_name_put_site(t, a, parent.id, slug, GOV_PLACE_SITE,
                               site->id);
    }

    return rc;
}


/* a host that was made of the slug follows it; a given one stays */

static gov_rc_t
gov_slug_of_subsite(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t slug, int64_t now, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_str_t  was, host;

    rc = gov_host_below(t, a, site->rec.parent, site->rec.slug, &was);

    if (rc == GOV_OK) {
        rc = gov_host_below(t, a, site->rec.parent, slug, &host);
    }

    if (rc != GOV_OK || !gov_str_eq(was, site->rec.host)) {
        return rc;
    }

    if (!gov_txn_again(t)) {
        rc = gov_host_fits(t, a, site->id, host, now, &host, err);
    }

    return rc == GOV_OK ? gov_host_main(t, a, site, host) : rc;
}


gov_rc_t
gov_host_add(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, gov_str_t host,
    int as_main, int64_t now, gov_err_t *err)
{
    gov_rc_t  rc;

    if (site->rec.mode == GOV_MODE_PAGE) {
        return gov_fail(err, GOV_DENIED, "host",
                        "网页模式的站点没有自己的域名，请先改为子站模式");
    }

    rc = gov_host_take(t, a, site, host, now, &host, err);

    if (rc == GOV_OK && as_main && !gov_str_eq(host, site->rec.host)) {
        rc = gov_host_main(t, a, site, host);
    }

    return rc == GOV_OK ? gov_site_write(t, a, site) : rc;
}


/* checks a host and makes it answer for the site */

static gov_rc_t
gov_host_take(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t host, int64_t now, gov_str_t *canon, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_host_fits(t, a, site->id, host, now, canon, err);

    return rc == GOV_OK
           ? gov_host_put(t, a, *canon, GOV_PLACE_SITE, site->id) : rc;
}


static gov_rc_t
gov_host_main(gov_txn_t *t, gov_arena_t *a, gov_site_t *site, gov_str_t host)
{
    gov_rc_t  rc;

    rc = gov_host_put(t, a, site->rec.host, GOV_PLACE_MOVED, site->id);

    if (rc == GOV_OK) {
        rc = gov_host_put(t, a, host, GOV_PLACE_SITE, site->id);
    }

    site->rec.host = host;

    return rc;
}


gov_rc_t
gov_host_remove(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t host, int *freed, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_place_rec_t  place;

    *freed = 0;

    rc = gov_host_canon(a, host, &host, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_HOSTS, gov_key_s(&k, host),
                  a, &place);

    if (rc == GOV_NOT_FOUND || (rc == GOV_OK && place.to != site->id)) {
        return gov_fail(err, GOV_NOT_FOUND, "host", "%.*s 不是“%.*s”的域名",
                        gov_strf(host), gov_strf(site->rec.name));
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (site->rec.mode == GOV_MODE_SUBSITE
        && gov_str_eq(host, site->rec.host))
    {
        return gov_fail(err, GOV_DENIED, "host",
                        "%.*s 是主域名，请先指定另一个主域名", gov_strf(host));
    }

    if (place.kind == GOV_PLACE_MOVED) {
        *freed = 1;
        gov_touch(t, GOV_HUB, gov_slot_host(gov_host_hash(host)));
        rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_HOSTS, &k);

    } else {
        rc = gov_host_put(t, a, host, GOV_PLACE_MOVED, site->id);
    }

    return rc == GOV_OK ? gov_site_write(t, a, site) : rc;
}
