
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's place in the tree and its addresses: site.move, site.slug,
 * site.mode, site.host.add, site.host.remove.  No content is touched by any
 * of them, and what answered goes on answering by a redirect.
 *
 * A host that changes takes no other site's with it: hosts have certificates
 * and are known to people.  Who changes it is told whose are below the old
 * one.
 */


#include <limits.h>

#include "desk/gov_desk_int.h"


static gov_rc_t gov_warn_host(gov_cmd_t *c, gov_site_t *site);
static gov_rc_t gov_warn_below(gov_cmd_t *c, gov_site_t *site,
    gov_str_t was);
static int gov_host_stands_below(gov_str_t host, gov_str_t above);


gov_rc_t
gov_desk_site_move(gov_cmd_t *c)
{
    gov_rc_t    rc;
    uint32_t    was;
    gov_site_t  site, parent;

    /* load */

    rc = gov_desk_open_site(c, "site", &site);

    if (rc == GOV_OK) {
        rc = gov_desk_open_site(c, "parent", &parent);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_may(c, GOV_RIGHT_SITE_MANAGE, parent.id, 0, "parent");
    }

    /* check and change */

    was = (uint32_t) site.rec.parent;

    if (rc == GOV_OK) {
        rc = gov_site_move(c->txn, c->arena, &site, parent.id, c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_tasks_move(c->txn, c->arena, &site, was, c->err);
    }

    return rc == GOV_OK ? gov_desk_site_verdict(c, &site) : rc;
}


/* a closed site may still give its name back */

gov_rc_t
gov_desk_site_slug(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_str_t   was;
    gov_site_t  site;

    /* load */

    rc = gov_desk_site(c, "site", &site);
    was = site.rec.host;

    /* check and change */

    if (rc == GOV_OK) {
        rc = gov_site_rename_slug(c->txn, c->arena, &site,
                                  gov_desk_str(c, "slug"), c->op->time,
                                  c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_warn_below(c, &site, was);
    }

    return rc == GOV_OK ? gov_desk_site_verdict(c, &site) : rc;
}


gov_rc_t
gov_desk_site_mode(gov_cmd_t *c)
{
    int         mode;
    gov_rc_t    rc;
    gov_str_t   was;
    gov_site_t  site;

    /* load */

    rc = gov_desk_open_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    was = site.rec.host;

    /* check */

    mode = gov_mode_parse(gov_desk_str(c, "mode"));

    if (mode < 0) {
        return gov_fail(c->err, GOV_INVALID, "mode",
                        "建站模式只有 page 和 subsite");
    }

    /* change */

    rc = gov_site_set_mode(c->txn, c->arena, &site, mode,
                           gov_desk_str(c, "host"), c->op->time, c->err);

    if (rc == GOV_OK) {
        rc = gov_warn_below(c, &site, was);
    }

    if (rc == GOV_OK) {
        rc = gov_warn_host(c, &site);
    }

    return rc == GOV_OK ? gov_desk_site_verdict(c, &site) : rc;
}


gov_rc_t
gov_desk_site_host_add(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_str_t   was;
    gov_site_t  site;

    /* load */

    rc = gov_desk_open_site(c, "site", &site);
    was = site.rec.host;

    /* check and change */

    if (rc == GOV_OK) {
        rc = gov_host_add(c->txn, c->arena, &site, gov_desk_str(c, "host"),
                          gov_get_bool(c->in, "main"), c->op->time, c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_warn_below(c, &site, was);
    }

    if (rc == GOV_OK) {
        rc = gov_warn_host(c, &site);
    }

    return rc == GOV_OK ? gov_desk_site_verdict(c, &site) : rc;
}


gov_rc_t
gov_desk_site_host_remove(gov_cmd_t *c)
{
    int         freed;
    gov_rc_t    rc;
    gov_site_t  site;

    /* load */

    rc = gov_desk_site(c, "site", &site);

    /* check and change */

    if (rc == GOV_OK) {
        rc = gov_host_remove(c->txn, c->arena, &site,
                             gov_desk_str(c, "host"), &freed, c->err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_c(c->arena, c->out, "host", freed ? "free" : "moved");

    return gov_desk_site_verdict(c, &site);
}


/* G11: the name should be told from the host; here that is its slug */

static gov_rc_t
gov_warn_host(gov_cmd_t *c, gov_site_t *site)
{
    int         trial;
    char       *host;
    gov_rc_t    rc;
    gov_err_t   why;

    memset(&why, 0, sizeof(gov_err_t));

    if (site->rec.mode != GOV_MODE_SUBSITE) {
        return GOV_OK;
    }

    rc = gov_domain_check(c->txn, c->arena, site->rec.host, c->op->time,
                          &trial, &why);

    if (rc != GOV_OK || trial) {
        return rc == GOV_DENIED ? GOV_OK : rc;
    }

    host = gov_str_c(c->arena, site->rec.host);

    if (strstr(host, gov_str_c(c->arena, site->rec.slug)) == NULL
        && strstr(host, "xn--") == NULL)
    {
        gov_desk_warn(c, "域名 %s 看不出“%.*s”的名称或简称，请说明理由",
                      host, gov_strf(site->rec.name));
    }

    return GOV_OK;
}


static gov_rc_t
gov_warn_below(gov_cmd_t *c, gov_site_t *site, gov_str_t was)
{
    gov_rc_t     rc;
    unsigned     i, n, below;
    gov_str_t    one;
    gov_site_t  *list;

    if (was.len == 0 || gov_str_eq(was, site->rec.host)) {
        return GOV_OK;
    }

    rc = gov_site_children(c->txn, c->arena, site->id, 0, UINT_MAX,
                           &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    one = was;
    below = 0;

    for (i = 0; i < n; i++) {
        if (gov_host_stands_below(list[i].rec.host, was)) {
            one = list[i].rec.host;
            below++;
        }
    }

    if (below) {
        gov_desk_warn(c, "%u 个下级站点的域名仍在 %.*s 之下，不随之更改，"
                      "例如 %.*s；要改请用 site host add --main", below,
                      gov_strf(was), gov_strf(one));
    }

    return GOV_OK;
}


/* "www." of the one above does not count */

static int
gov_host_stands_below(gov_str_t host, gov_str_t above)
{
    size_t     n;
    gov_str_t  tail;

    if (gov_str_starts(above, "www.")) {
        above.data += 4;
        above.len -= 4;
    }

    if (host.len < above.len + 2) {
        return 0;
    }

    n = host.len - above.len;
    tail = (gov_str_t) { above.len, host.data + n };

    return host.data[n - 1] == '.' && gov_str_eq(tail, above);
}
