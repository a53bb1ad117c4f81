
/*
 * Copyright (C) ngx_gov authors
 *
 * banner.set, banner.clear
 */


#include "desk/gov_desk_doc.h"


static gov_rc_t gov_desk_banner_right(gov_cmd_t *c, uint64_t id);


gov_rc_t
gov_desk_banner_set(gov_cmd_t *c)
{
    uint64_t           id;
    gov_rc_t           rc;
    gov_site_t         site;
    gov_banner_rec_t   b;

    memset(&b, 0, sizeof(gov_banner_rec_t));
    id = (uint64_t) gov_get_int(c->in, "id", 0);

    if (gov_desk_has(c, "site")) {
        rc = gov_desk_site(c, "site", &site);
        if (rc != GOV_OK) {
            return rc;
        }

        b.site = site.id;
    }

    rc = gov_desk_may(c, GOV_RIGHT_BANNER_MANAGE, (uint32_t) b.site, 0,
                      "site");

    if (rc == GOV_OK && id != 0) {
        rc = gov_desk_banner_right(c, id);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    b.title = gov_desk_str(c, "title");
    b.text = gov_desk_str(c, "text");
    b.url = gov_desk_str(c, "url");
    b.level = gov_desk_str(c, "level");
    b.until = gov_get_int(c->in, "until", 0);

    if (b.level.len == 0) {
        b.level = gov_s("red");
    }

    if (b.until != 0 && b.until <= c->op->time) {
        return gov_fail(c->err, GOV_INVALID, "until",
                        "结束时间要晚于当前时间");
    }

    rc = gov_banner_put(c->txn, c->arena, &id, &b, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_int(c->arena, c->out, "id", (int64_t) id);

    return GOV_OK;
}


/* one that is not there is left for the change to tell */

static gov_rc_t
gov_desk_banner_right(gov_cmd_t *c, uint64_t id)
{
    gov_rc_t          rc;
    gov_banner_rec_t  b;

    rc = gov_banner_get(c->txn, c->arena, id, &b);

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    if (b.site != 0 && !gov_may_see(c->txn, c->op->who, (uint32_t) b.site)) {
        return gov_fail(c->err, GOV_NOT_FOUND, "id", "没有横幅 %llu",
                        (unsigned long long) id);
    }

    return gov_desk_may(c, GOV_RIGHT_BANNER_MANAGE, (uint32_t) b.site, 0,
                        "id");
}


gov_rc_t
gov_desk_banner_clear(gov_cmd_t *c)
{
    gov_rc_t  rc;
    uint64_t  id;

    id = (uint64_t) gov_get_int(c->in, "id", 0);

    rc = gov_desk_banner_right(c, id);

    return rc == GOV_OK ? gov_banner_clear(c->txn, c->arena, id, c->err) : rc;
}
