
/*
 * Copyright (C) ngx_gov authors
 *
 * What all sites share: blueprint.put, policy.put.
 */


#include "desk/gov_desk_int.h"


gov_rc_t
gov_desk_blueprint_put(gov_cmd_t *c)
{
    gov_rc_t              rc;
    gov_str_t             name;
    gov_blueprint_rec_t   b, was;

    /* load */

    name = gov_desk_str(c, "name");

    rc = gov_blueprint_get(c->txn, c->arena, name, &was);

    if (rc == GOV_NOT_FOUND) {
        memset(&was, 0, sizeof(gov_blueprint_rec_t));

    } else if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_blueprint, &was);

    /* check and change */

    rc = gov_blueprint_put(c->txn, c->arena, c->in, c->err);

    if (rc == GOV_OK && !c->op->again) {
        rc = gov_desk_lost_all(c, name, was.columns,
                               gov_member(c->in, "columns"));
    }

    if (rc == GOV_OK) {
        rc = gov_blueprint_get(c->txn, c->arena, name, &b);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, c->out, "name", name);
    gov_put_int(c->arena, c->out, "version", b.version);
    gov_put_int(c->arena, c->out, "columns", b.columns ? b.columns->n : 0);

    return GOV_OK;
}


gov_rc_t
gov_desk_policy_put(gov_cmd_t *c)
{
    gov_rc_t      rc;
    gov_value_t  *rule;

    /* right: sign-in is the security administrator's (G27) */

    rc = gov_desk_may(c, gov_str_is(gov_desk_str(c, "name"), "security")
                         ? GOV_RIGHT_SECURITY_MANAGE
                         : GOV_RIGHT_PLATFORM_MANAGE, GOV_HUB, 0, "name");
    if (rc != GOV_OK) {
        return rc;
    }

    /* check and change */

    rc = gov_policy_put(c->txn, c->arena, gov_desk_str(c, "name"),
                        gov_member(c->in, "rules"), c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, c->out, "name", gov_desk_str(c, "name"));

    rc = gov_policy_get(c->txn, c->arena,
                        gov_str_c(c->arena, gov_desk_str(c, "name")),
                        c->op->time, &rule);

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "in_force",
                    gov_get_str(rule, "from"));

    } else if (rc == GOV_NOT_FOUND) {
        gov_desk_warn(c, "没有一条规则现在生效");
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}
