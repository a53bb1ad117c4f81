
/*
 * Copyright (C) ngx_gov authors
 *
 * user.grant, user.revoke, and who is missed when somebody goes (H05).
 */


#include "desk/gov_desk_people.h"
#include "desk/gov_desk_tell.h"


/* rights that administer: rule 2 of gov_desk_people.h */
#define GOV_RIGHTS_ADMIN                                                      \
    (gov_right_bit(GOV_RIGHT_SITE_MANAGE)                                     \
     | gov_right_bit(GOV_RIGHT_BANNER_MANAGE)                                 \
     | gov_right_bit(GOV_RIGHT_PEOPLE_MANAGE)                                 \
     | gov_right_bit(GOV_RIGHT_PLATFORM_READ))


static const struct {
    gov_right_t   right;
    const char   *who;
} gov_unmanned[] = {
    { GOV_RIGHT_DOC_WRITE, "采编人员" },
    { GOV_RIGHT_DOC_PUBLISH, "签发人员" }
};


static gov_rc_t gov_grant_node(gov_cmd_t *c, gov_grant_t *grant);
static gov_rc_t gov_grant_role(gov_cmd_t *c, gov_grant_t *grant);
static gov_rc_t gov_grant_right(gov_cmd_t *c, gov_grant_t *grant);
static gov_rc_t gov_grant_admin(gov_cmd_t *c, gov_grant_t *grant,
    const char *field);
static void gov_grant_left(gov_cmd_t *c, unsigned part, gov_str_t login,
    gov_str_t role, gov_err_t *why);
static gov_rc_t gov_grant_out(gov_cmd_t *c, gov_account_t *account,
    gov_grant_t *grant);


gov_rc_t
gov_desk_user_grant(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_grant_t    grant;
    gov_account_t  account;

    rc = gov_desk_grant_in(c, &grant);

    if (rc == GOV_OK) {
        rc = gov_desk_user(c, "user", &account);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_not_own(c, &account);
    }

    if (rc == GOV_OK) {
        rc = gov_grant_put(c->txn, c->arena, &account, &grant, c->op->time,
                           c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_tell_grant(c, GOV_NOTICE_GRANTED, &grant);
    }

    return rc == GOV_OK ? gov_grant_out(c, &account, &grant) : rc;
}


gov_rc_t
gov_desk_user_revoke(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_grant_t    grant;
    gov_account_t  account;

    rc = gov_desk_grant_in(c, &grant);

    if (rc == GOV_OK) {
        rc = gov_desk_user(c, "user", &account);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_not_own(c, &account);
    }

    if (rc == GOV_OK) {
        grant.account = account.id;
        rc = gov_grant_drop(c->txn, c->arena, &grant, c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_tell_grant(c, GOV_NOTICE_REVOKED, &grant);
    }

    if (rc == GOV_OK) {
        rc = gov_grant_out(c, &account, &grant);
    }

    return rc == GOV_OK ? gov_desk_warn_unmanned(c, grant.site) : rc;
}


gov_rc_t
gov_desk_grant_in(gov_cmd_t *c, gov_grant_t *grant)
{
    gov_rc_t  rc;

    memset(grant, 0, sizeof(gov_grant_t));

    grant->role = gov_desk_str(c, "role");
    grant->rec.until = gov_get_int(c->in, "until", 0);
    grant->rec.by = (int64_t) c->op->who->account;
    grant->rec.since = c->op->time;

    rc = gov_grant_node(c, grant);

    return rc == GOV_OK ? gov_grant_role(c, grant) : rc;
}


static gov_rc_t
gov_grant_role(gov_cmd_t *c, gov_grant_t *grant)
{
    gov_rc_t        rc;
    gov_role_rec_t  role;

    rc = gov_role_get(c->txn, c->arena, grant->role, &role, &grant->rights);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "role", "没有名为“%.*s”的角色",
                        gov_strf(gov_utf8_head(grant->role, 40)));
    }

    grant->apart = (gov_apart_t) role.apart;

    return gov_grant_right(c, grant);
}


static gov_rc_t
gov_grant_node(gov_cmd_t *c, gov_grant_t *grant)
{
    gov_rc_t      rc;
    gov_site_t    site;
    gov_column_t  column;

    if (!gov_desk_has(c, "site")) {
        return gov_desk_has(c, "column")
               ? gov_fail(c->err, GOV_INVALID, "site",
                          "没有说明是哪个站点的栏目")
               : GOV_OK;
    }

    rc = gov_desk_site(c, "site", &site);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_site, &site.rec);
    grant->site = site.id;

    if (!gov_desk_has(c, "column")) {
        return GOV_OK;
    }

    rc = gov_desk_column(c, &site, gov_desk_str(c, "column"), "column",
                         &column);
    grant->column = column.id;

    return rc;
}


/* rules 1 to 3.  The column does not matter: people.manage has none */

static gov_rc_t
gov_grant_right(gov_cmd_t *c, gov_grant_t *grant)
{
    gov_rc_t  rc;

    if (c->op->who->all) {
        return GOV_OK;
    }

    if (grant->apart != GOV_APART_NONE) {
        return gov_desk_may(c, GOV_RIGHT_SECURITY_MANAGE, GOV_HUB, 0, "role");
    }

    rc = gov_desk_may(c, GOV_RIGHT_PEOPLE_MANAGE, grant->site, 0,
                      grant->site ? "site" : "role");

    return rc == GOV_OK ? gov_grant_admin(c, grant, "role") : rc;
}


/* rule 2 */

static gov_rc_t
gov_grant_admin(gov_cmd_t *c, gov_grant_t *grant, const char *field)
{
    int        right;
    gov_rc_t   rc;
    uint64_t   admin;

    rc = GOV_OK;
    admin = grant->rights & GOV_RIGHTS_ADMIN;

    for (right = 0; rc == GOV_OK && right < GOV_RIGHT_MAX; right++) {
        if (admin & gov_right_bit(right)) {
            rc = gov_desk_may(c, (gov_right_t) right, grant->site, 0, field);
        }
    }

    return rc;
}


/* one that is kept apart is behind a second factor, which only the machine
 * takes away; until it is set up whoever has the link sets it up, as with an
 * account that begins so */

gov_rc_t
gov_desk_may_be(gov_cmd_t *c, gov_account_t *account, const char *field)
{
    int           apart;
    gov_rc_t      rc;
    unsigned      i, n;
    gov_grant_t  *list;

    rc = gov_grants(c->txn, c->arena, account->id, &list, &n);

    for (i = 0, apart = 0; rc == GOV_OK && i < n; i++) {
        apart |= list[i].apart != GOV_APART_NONE
                 && gov_grant_holds(&list[i], c->op->time);
    }

    for (i = 0; rc == GOV_OK && !apart && i < n; i++) {
        if (gov_grant_holds(&list[i], c->op->time)) {
            rc = gov_grant_admin(c, &list[i], field);
        }
    }

    return rc == GOV_OK && apart && account->rec.totp.len == 0
           ? gov_desk_may(c, GOV_RIGHT_PEOPLE_MANAGE, GOV_HUB, 0, field) : rc;
}


gov_rc_t
gov_desk_grant_again(gov_cmd_t *c, uint32_t site, gov_value_t *line,
    unsigned part)
{
    gov_rc_t        rc;
    gov_cmd_t       own;
    gov_err_t       why;
    gov_str_t       login;
    gov_grant_t     grant;
    gov_account_t   account;

    memset(&why, 0, sizeof(gov_err_t));
    own = *c;
    own.err = &why;
    login = gov_get_str(line, "login");

    memset(&grant, 0, sizeof(gov_grant_t));
    grant.site = site;
    grant.column = (uint32_t) gov_get_int(line, "column", 0);
    grant.role = gov_get_str(line, "role");
    grant.rec.until = gov_get_int(line, "until", 0);
    grant.rec.by = (int64_t) c->op->who->account;
    grant.rec.since = c->op->time;

    if (gov_desk_refused(c, part)) {
        gov_grant_left(c, part, login, grant.role, &why);
        return GOV_OK;
    }

    rc = gov_account_by_login(c->txn, c->arena, login, &account);

    if (rc == GOV_NOT_FOUND) {
        rc = gov_no_account(&why, "file", login);

    } else if (rc == GOV_OK) {
        rc = gov_grant_role(&own, &grant);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_not_own(&own, &account);
    }

    if (rc == GOV_OK) {
        rc = gov_grant_put(c->txn, c->arena, &account, &grant, c->op->time,
                           &why);
    }

    if (rc == GOV_NOT_FOUND || rc == GOV_DENIED || rc == GOV_INVALID) {
        gov_grant_left(c, part, login, grant.role, &why);
        return GOV_OK;
    }

    return rc;
}


static void
gov_grant_left(gov_cmd_t *c, unsigned part, gov_str_t login, gov_str_t role,
    gov_err_t *why)
{
    gov_err_t  said;

    memset(&said, 0, sizeof(gov_err_t));
    (void) gov_fail(&said, GOV_DONE, "", "没有恢复 %.*s 的授权“%.*s”",
                    gov_strf(gov_utf8_head(login, 40)),
                    gov_strf(gov_utf8_head(role, 40)));
    gov_fail_more(&said, "：", why);

    gov_desk_refuse_part(c, part, &said);
}


gov_rc_t
gov_desk_not_own(gov_cmd_t *c, gov_account_t *account)
{
    return !c->op->who->all && account->id == c->op->who->account
           ? gov_fail(c->err, GOV_DENIED, "user", "不能管理自己的账号")
           : GOV_OK;
}


/* no name: before the grant the account may have been a stranger's */

static gov_rc_t
gov_grant_out(gov_cmd_t *c, gov_account_t *account, gov_grant_t *grant)
{
    gov_rc_t    rc;
    gov_site_t  site;

    gov_put_str(c->arena, c->out, "user", account->rec.login);
    gov_put_str(c->arena, c->out, "role", grant->role);

    if (grant->site == GOV_HUB) {
        return GOV_OK;
    }

    rc = gov_site_get(c->txn, c->arena, grant->site, &site);

    if (rc == GOV_OK) {
        gov_put_str(c->arena, c->out, "site",
                    gov_str_copy(c->arena, site.rec.code));
    }

    return rc;
}


gov_rc_t
gov_desk_warn_unmanned(gov_cmd_t *c, uint32_t id)
{
    gov_rc_t      rc;
    uint64_t      held;
    unsigned      i;
    gov_site_t    site;
    gov_tell_t    tell;
    gov_manned_t  m;

    if (id == GOV_HUB) {
        return GOV_OK;
    }

    rc = gov_site_get(c->txn, c->arena, id, &site);

    if (rc == GOV_OK) {
        gov_manned_begin(&m, c->txn, c->arena,
                         gov_right_bit(gov_unmanned[0].right)
                         | gov_right_bit(gov_unmanned[1].right),
                         c->op->time);
        rc = gov_manned(&m, id, &held);
    }

    for (i = 0; rc == GOV_OK && i < 2; i++) {
        if (!(held & gov_right_bit(gov_unmanned[i].right))) {
            gov_desk_warn(c, "“%.*s”（%.*s）没有%s了",
                          gov_strf(gov_utf8_head(site.rec.name, 40)),
                          gov_strf(site.rec.code), gov_unmanned[i].who);

            gov_desk_tell_begin(c, &tell, GOV_NOTICE_UNMANNED, id);
            tell.rec.text = gov_str_of(gov_unmanned[i].who);
            rc = gov_desk_tell_holders(c, &tell, GOV_RIGHT_PEOPLE_MANAGE);
        }
    }

    return rc;
}


gov_rc_t
gov_desk_warn_left(gov_cmd_t *c, gov_account_t *account)
{
    gov_rc_t      rc;
    unsigned      i, n;
    gov_grant_t  *list;

    rc = gov_grants(c->txn, c->arena, account->id, &list, &n);

    for (i = 0; rc == GOV_OK && i < n; i++) {
        if (i == 0 || list[i].site != list[i - 1].site) {
            rc = gov_desk_warn_unmanned(c, list[i].site);
        }
    }

    return rc;
}
