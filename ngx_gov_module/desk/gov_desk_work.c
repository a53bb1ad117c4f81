
/*
 * Copyright (C) ngx_gov authors
 *
 * work.begin, work.end: long work, which govd does by itself once it is
 * written down that somebody asked for it.
 */


#include "desk/gov_desk_int.h"
#include "people/gov_work.h"


/* what may be asked for, and the right it needs where it looks */

static struct {
    const char   *name;
    gov_right_t   right;
    int           site;             /* of one site too */
} gov_desk_works[] = {
    { "journal.verify", GOV_RIGHT_AUDIT_READ, 1 },
    { "store.check", GOV_RIGHT_PLATFORM_READ, 0 },
    { NULL, 0, 0 }
};


static gov_rc_t gov_desk_work_judge(gov_cmd_t *c, uint32_t *at);
static gov_rc_t gov_desk_work_new(gov_cmd_t *c, uint32_t site,
    gov_work_t *w);


gov_rc_t
gov_desk_work_begin(gov_cmd_t *c)
{
    gov_rc_t     rc;
    unsigned     i, n;
    uint32_t     site;
    gov_work_t   fresh, *w, *list;

    rc = gov_desk_work_judge(c, &site);

    if (rc == GOV_OK) {
        rc = gov_work_waiting(c->txn, c->arena, &list, &n);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    w = NULL;

    for (i = 0; i < n; i++) {
        if (list[i].rec.site == site
            && gov_str_eq(list[i].rec.name, gov_desk_str(c, "work"))
            && gov_str_eq(list[i].rec.head, gov_desk_str(c, "head")))
        {
            w = &list[i];
        }
    }

    if (w == NULL) {
        if (n == GOV_WORKS_WAIT) {
            return gov_fail(c->err, GOV_BUSY, "",
                            "等待的工作过多，请稍后再试");
        }

        w = &fresh;
        rc = gov_desk_work_new(c, site, w);
    }

    gov_put_int(c->arena, c->out, "work", (int64_t) w->id);

    return rc;
}


static gov_rc_t
gov_desk_work_judge(gov_cmd_t *c, uint32_t *at)
{
    gov_rc_t    rc;
    unsigned    i;
    gov_str_t   name;
    gov_site_t  site;

    *at = GOV_HUB;
    name = gov_desk_str(c, "work");

    for (i = 0; gov_desk_works[i].name; i++) {
        if (gov_str_is(name, gov_desk_works[i].name)) {
            break;
        }
    }

    if (gov_desk_works[i].name == NULL) {
        return gov_fail(c->err, GOV_INVALID, "work",
                        "只能是 journal.verify、store.check");
    }

    if (gov_desk_has(c, "site")) {
        if (!gov_desk_works[i].site) {
            return gov_fail(c->err, GOV_INVALID, "site",
                            "这项工作不分站点");
        }

        rc = gov_desk_site(c, "site", &site);
        if (rc != GOV_OK) {
            return rc;
        }

        *at = site.id;
    }

    return gov_desk_may(c, gov_desk_works[i].right, *at, 0, "work");
}


static gov_rc_t
gov_desk_work_new(gov_cmd_t *c, uint32_t site, gov_work_t *w)
{
    memset(w, 0, sizeof(gov_work_t));

    w->rec.name = gov_desk_str(c, "work");
    w->rec.site = site;
    w->rec.account = (int64_t) c->op->who->account;
    w->rec.actor = c->op->actor;
    w->rec.begun = c->op->time;
    w->rec.head = gov_desk_str(c, "head");

    return gov_work_put(c->txn, c->arena, w);
}


gov_rc_t
gov_desk_work_end(gov_cmd_t *c)
{
    gov_rc_t    rc;
    uint64_t    id;
    gov_work_t  w;

    id = (uint64_t) gov_get_int(c->in, "work", 0);
    rc = gov_work_get(c->txn, c->arena, id, &w);

    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "work", "没有编号为 %llu 的工作",
                        (unsigned long long) id);
    }

    if (w.rec.ended) {
        return gov_fail(c->err, GOV_CONFLICT, "work", "这项工作已经结束");
    }

    gov_rec_own(c->arena, &gov_rec_work, &w.rec);

    w.rec.ended = c->op->time;
    w.rec.ok = gov_get_bool(c->in, "ok");
    w.rec.result = gov_member(c->in, "result");

    /* how far it came stands outside the journal */

    w.rec.done = 0;
    w.rec.total = 0;

    return gov_work_put(c->txn, c->arena, &w);
}
