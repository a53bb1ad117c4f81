
/*
 * Copyright (C) ngx_gov authors
 *
 * role.create, role.set, role.remove: roles of a platform's own.  Nobody
 * widens a role that they hold: it would be giving to oneself.  Nor does one
 * that is held become another kind of administrator: what else its holders
 * are was judged when it was given.  A replay does what was done before.
 */


#include "desk/gov_desk_people.h"


static gov_rc_t gov_role_fields(gov_cmd_t *c, gov_role_rec_t *role);
static int gov_role_own(gov_cmd_t *c, gov_str_t name);
static gov_rc_t gov_role_unheld(gov_cmd_t *c, gov_str_t name);
static gov_rc_t gov_role_alone(gov_cmd_t *c, gov_str_t name);


gov_rc_t
gov_desk_role_create(gov_cmd_t *c)
{
    gov_rc_t        rc;
    gov_str_t       name;
    gov_role_rec_t  role;

    name = gov_desk_str(c, "role");

    rc = gov_role_get(c->txn, c->arena, name, &role, NULL);

    if (rc == GOV_OK) {
        return gov_fail(c->err, GOV_CONFLICT, "role", "已有角色“%.*s”",
                        gov_strf(name));
    }

    if (rc != GOV_NOT_FOUND) {
        return rc;
    }

    memset(&role, 0, sizeof(gov_role_rec_t));

    return gov_role_fields(c, &role);
}


gov_rc_t
gov_desk_role_set(gov_cmd_t *c)
{
    int64_t         was;
    gov_rc_t        rc;
    gov_str_t       name;
    gov_role_rec_t  role;

    name = gov_desk_str(c, "role");

    rc = gov_role_get(c->txn, c->arena, name, &role, NULL);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "role", "没有名为“%.*s”的角色",
                        gov_strf(gov_utf8_head(name, 40)));
    }

    gov_rec_own(c->arena, &gov_rec_role, &role);

    if (gov_role_own(c, name)) {
        return gov_fail(c->err, GOV_DENIED, "role",
                        "不能修改自己担任的角色");
    }

    was = role.apart;
    rc = gov_role_fields(c, &role);

    return rc == GOV_OK && role.apart != was ? gov_role_unheld(c, name) : rc;
}


static int
gov_role_own(gov_cmd_t *c, gov_str_t name)
{
    unsigned    i;
    gov_who_t  *who;

    who = c->op->who;

    for (i = 0; i < who->ngrants; i++) {
        if (gov_str_eq(who->grants[i].role, name)) {
            return 1;
        }
    }

    return 0;
}


static gov_rc_t
gov_role_unheld(gov_cmd_t *c, gov_str_t name)
{
    gov_rc_t  rc;

    if (c->op->again) {
        return GOV_OK;
    }

    rc = gov_role_held(c->txn, c->arena, name);

    if (rc == GOV_OK) {
        return gov_fail(c->err, GOV_CONFLICT, "rights",
                        "还有人担任“%.*s”，不能改变它属于哪一类管理员："
                        "请先收回授权", gov_strf(name));
    }

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}


static gov_rc_t
gov_role_fields(gov_cmd_t *c, gov_role_rec_t *role)
{
    gov_rc_t   rc;
    gov_str_t  name;

    name = gov_desk_str(c, "role");

    if (gov_desk_has(c, "title")) {
        role->title = gov_desk_str(c, "title");
    }

    if (gov_desk_has(c, "rights")) {
        role->rights = gov_member(c->in, "rights");
    }

    if (gov_desk_has(c, "factor")) {
        role->factor = gov_get_bool(c->in, "factor");
    }

    rc = gov_role_put(c->txn, c->arena, name, role, c->err);

    if (rc == GOV_OK) {
        rc = gov_role_alone(c, name);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_str(c->arena, c->out, "role", name);
    gov_put_str(c->arena, c->out, "title", role->title);
    gov_put_some(c->arena, c->out, "apart",
                 gov_str_of(gov_apart_name((gov_apart_t) role->apart)));

    return GOV_OK;
}


/* who makes administrators makes no accounts: rule 3 of gov_desk_people.h */

static gov_rc_t
gov_role_alone(gov_cmd_t *c, gov_str_t name)
{
    gov_rc_t        rc;
    uint64_t        rights;
    gov_role_rec_t  role;

    if (c->op->again) {
        return GOV_OK;
    }

    rc = gov_role_get(c->txn, c->arena, name, &role, &rights);

    return rc == GOV_OK && role.apart == GOV_APART_SECURITY
           && (rights & gov_right_bit(GOV_RIGHT_PEOPLE_MANAGE))
           ? gov_fail(c->err, GOV_DENIED, "rights",
                      "安全管理权限和“%s”不能放在一个角色中",
                      gov_right_title(GOV_RIGHT_PEOPLE_MANAGE))
           : rc;
}


gov_rc_t
gov_desk_role_remove(gov_cmd_t *c)
{
    return gov_role_drop(c->txn, c->arena, gov_desk_str(c, "role"), c->err);
}
