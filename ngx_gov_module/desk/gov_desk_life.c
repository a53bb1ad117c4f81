
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's life: site.live, site.suspend, site.resume, site.merge,
 * site.archive.  What may follow what stands in site/gov_life.c.
 */


#include "desk/gov_desk_int.h"


static gov_rc_t gov_life_to(gov_cmd_t *c, gov_site_t *site, int state,
    uint32_t into);
static gov_rc_t gov_life_same(gov_cmd_t *c, gov_site_t *site,
    uint32_t into);
static gov_rc_t gov_life_gates(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing, int *blocked);


gov_rc_t
gov_desk_site_live(gov_cmd_t *c)
{
    int         blocked;
    gov_rc_t    rc;
    gov_err_t   missing;
    gov_site_t  site;

    /* load */

    rc = gov_desk_open_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    /* check */

    if (site.rec.state == GOV_SITE_SUSPENDED) {
        return gov_fail(c->err, GOV_DENIED, "site",
                        "“%.*s”已暂停，请用 site.resume 恢复",
                        gov_strf(gov_utf8_head(site.rec.name, 40)));
    }

    rc = gov_life_gates(c, &site, &missing, &blocked);
    if (rc != GOV_OK) {
        return rc;
    }

    if (blocked) {
        (void) gov_fail(c->err, GOV_DENIED, "site", "“%.*s”不能上线",
                        gov_strf(gov_utf8_head(site.rec.name, 20)));
        gov_fail_more(c->err, "：", &missing);

        return GOV_DENIED;
    }

    /* change */

    return gov_life_to(c, &site, GOV_SITE_LIVE, 0);
}


gov_rc_t
gov_desk_site_suspend(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_site_t  site;

    rc = gov_desk_site(c, "site", &site);

    return rc == GOV_OK ? gov_life_to(c, &site, GOV_SITE_SUSPENDED, 0) : rc;
}


/* live again if its gates allow, else it is being prepared once more */

gov_rc_t
gov_desk_site_resume(gov_cmd_t *c)
{
    int         blocked;
    gov_rc_t    rc;
    gov_err_t   missing;
    gov_site_t  site;

    /* load */

    rc = gov_desk_open_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    /* check */

    if (site.rec.state != GOV_SITE_SUSPENDED) {
        return gov_fail(c->err, GOV_DENIED, "site", "“%.*s”没有暂停",
                        gov_strf(gov_utf8_head(site.rec.name, 40)));
    }

    rc = gov_life_gates(c, &site, &missing, &blocked);
    if (rc != GOV_OK) {
        return rc;
    }

    /* change */

    return gov_life_to(c, &site,
                       blocked ? GOV_SITE_PREPARING : GOV_SITE_LIVE, 0);
}


gov_rc_t
gov_desk_site_merge(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_site_t  site, into;

    rc = gov_desk_site(c, "site", &site);

    if (rc == GOV_OK) {
        rc = gov_desk_site(c, "into", &into);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_may(c, GOV_RIGHT_SITE_MANAGE, into.id, 0, "into");
    }

    return rc == GOV_OK ? gov_life_to(c, &site, GOV_SITE_MERGED, into.id)
                        : rc;
}


gov_rc_t
gov_desk_site_archive(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_site_t  site;

    rc = gov_desk_site(c, "site", &site);

    return rc == GOV_OK ? gov_life_to(c, &site, GOV_SITE_CLOSED, 0) : rc;
}


static gov_rc_t
gov_life_to(gov_cmd_t *c, gov_site_t *site, int state, uint32_t into)
{
    gov_rc_t  rc;

    rc = site->rec.state == state ? gov_life_same(c, site, into) : GOV_OK;

    if (rc == GOV_OK) {
        rc = gov_site_set_state(c->txn, c->arena, site, state,
                                gov_desk_str(c, "notice"), into,
                                c->op->time, c->err);
    }

    if (rc == GOV_OK && gov_site_ended(state)) {
        rc = gov_tasks_end(c->txn, c->arena, site, c->err);
    }

    return rc == GOV_OK ? gov_desk_site_verdict(c, site) : rc;
}


/* nothing is changed of a state that is there: what says something else is
 * told so, and done in a replay as it was */

static gov_rc_t
gov_life_same(gov_cmd_t *c, gov_site_t *site, uint32_t into)
{
    gov_str_t  notice;

    notice = gov_desk_str(c, "notice");

    if (c->op->again) {
        return GOV_OK;
    }

    if (into != 0 && into != (uint32_t) site->rec.into) {
        return gov_fail(c->err, GOV_CONFLICT, "into",
                        "“%.*s”已合并，要并入的站点与原来的不同，没有采用",
                        gov_strf(gov_utf8_head(site->rec.name, 40)));
    }

    return notice.len == 0 || gov_str_eq(notice, site->rec.notice)
           ? GOV_OK
           : gov_fail(c->err, GOV_CONFLICT, "notice",
                      "“%.*s”已是这一状态，公告与原来的不同，没有采用",
                      gov_strf(gov_utf8_head(site->rec.name, 40)));
}


/* what is missing blocks on official suffixes */

static gov_rc_t
gov_life_gates(gov_cmd_t *c, gov_site_t *site, gov_err_t *missing,
    int *blocked)
{
    int       trial;
    gov_rc_t  rc;

    trial = 0;
    rc = gov_desk_gates(c, site, &trial, missing);

    *blocked = !trial && missing->code != GOV_OK;

    return rc;
}
