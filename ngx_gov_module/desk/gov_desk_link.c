
/*
 * Copyright (C) ngx_gov authors
 *
 * link.share, link.unshare, link.take, link.drop
 */


#include "desk/gov_desk_doc.h"


gov_rc_t
gov_desk_link_share(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_site_t  site;

    rc = gov_desk_open_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_link_share(c->txn, c->arena, site.id,
                          gov_desk_str(c, "group"), gov_desk_str(c, "title"),
                          gov_get_int(c->in, "order", 0),
                          gov_member(c->in, "links"), c->err);
}


gov_rc_t
gov_desk_link_unshare(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_site_t  site;

    rc = gov_desk_open_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_link_unshare(c->txn, c->arena, site.id,
                            gov_desk_str(c, "group"), c->err);
}


gov_rc_t
gov_desk_link_take(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_site_t  site, from;

    rc = gov_desk_open_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_desk_site_any(c, gov_desk_str(c, "from"), "from", &from);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_link_take(c->txn, c->arena, site.id, from.id,
                         gov_desk_str(c, "group"), c->err);
}


gov_rc_t
gov_desk_link_drop(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_site_t  site, from;

    rc = gov_desk_open_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_desk_site_any(c, gov_desk_str(c, "from"), "from", &from);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_link_drop(c->txn, c->arena, site.id, from.id,
                         gov_desk_str(c, "group"), c->err);
}
