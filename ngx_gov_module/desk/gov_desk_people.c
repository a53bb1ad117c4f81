
/*
 * Copyright (C) ngx_gov authors
 *
 * user.create, user.set, user.suspend, user.resume, user.invite,
 * user.sessions_end
 */


#include "desk/gov_desk_people.h"
#include "people/gov_notice.h"


static gov_rc_t gov_create_first(gov_cmd_t *c, gov_grant_t *grant);
static void gov_create_facts(gov_cmd_t *c, gov_account_rec_t *rec);
static gov_rc_t gov_create_secret(gov_cmd_t *c, gov_account_rec_t *rec);
static gov_rc_t gov_user_facts(gov_cmd_t *c, gov_account_rec_t *rec);
static void gov_user_invited(gov_cmd_t *c, gov_account_rec_t *rec,
    gov_str_t invite);
static gov_rc_t gov_user_invite_mail(gov_cmd_t *c, gov_account_t *account);
static gov_rc_t gov_user_factor(gov_cmd_t *c, gov_who_t *who,
    gov_account_rec_t *rec);


gov_rc_t
gov_desk_user_create(gov_cmd_t *c)
{
    gov_rc_t        rc;
    gov_grant_t     grant;
    gov_account_t   account;

    memset(&account, 0, sizeof(gov_account_t));

    rc = gov_create_first(c, &grant);

    if (rc == GOV_OK) {
        gov_create_facts(c, &account.rec);
        rc = gov_create_secret(c, &account.rec);
    }

    if (rc == GOV_OK) {
        rc = gov_user_facts(c, &account.rec);
    }

    if (rc == GOV_OK) {
        rc = gov_account_add(c->txn, c->arena, &account, c->err);
    }

    if (rc == GOV_OK && grant.role.len) {
        rc = gov_grant_put(c->txn, c->arena, &account, &grant, c->op->time,
                           c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_user_invite_mail(c, &account);
    }

    if (rc == GOV_OK) {
        gov_desk_user_out(c, &account);
    }

    return rc;
}


/* who has no role belongs to nobody but the platform's managers; who makes an
 * administrator at once gets the link to one, so must be both */

static gov_rc_t
gov_create_first(gov_cmd_t *c, gov_grant_t *grant)
{
    gov_rc_t  rc;

    if (gov_desk_has(c, "role")) {
        rc = gov_desk_grant_in(c, grant);

        return rc == GOV_OK && grant->apart != GOV_APART_NONE
               ? gov_desk_may(c, GOV_RIGHT_PEOPLE_MANAGE, GOV_HUB, 0, "role")
               : rc;
    }

    memset(grant, 0, sizeof(gov_grant_t));

    if (gov_desk_has(c, "site") || gov_desk_has(c, "column")
        || gov_desk_has(c, "until"))
    {
        return gov_fail(c->err, GOV_INVALID, "role", "没有说明授予什么角色");
    }

    return gov_desk_may(c, GOV_RIGHT_PEOPLE_MANAGE, GOV_HUB, 0, "role");
}


static void
gov_create_facts(gov_cmd_t *c, gov_account_rec_t *rec)
{
    rec->login = gov_desk_str(c, "login");
    rec->created = c->op->time;
    rec->renew = gov_get_bool(c->in, "renew");
    rec->state = GOV_ACCOUNT_INVITED;
}


/* nobody brings a sealed text of somebody else's */

static gov_rc_t
gov_create_secret(gov_cmd_t *c, gov_account_rec_t *rec)
{
    rec->secret = gov_desk_str(c, "secret");

    if (rec->secret.len) {
        rec->state = GOV_ACCOUNT_ACTIVE;

        if (!c->op->who->all) {
            return gov_fail(c->err, GOV_DENIED, "secret",
                            "密码由本人通过邀请链接设置");
        }
    }

    gov_user_invited(c, rec, gov_desk_str(c, "invite"));

    return GOV_OK;
}


static void
gov_user_invited(gov_cmd_t *c, gov_account_rec_t *rec, gov_str_t invite)
{
    rec->invite = invite;
    rec->invite_until = invite.len ? c->op->time + GOV_INVITE_LIFE : 0;

    gov_put_some(c->arena, c->out, "invite", invite);
}


/* the link's token is made again of the operation's id by govd alone */

static gov_rc_t
gov_user_invite_mail(gov_cmd_t *c, gov_account_t *account)
{
    return account->rec.invite.len != 0
           ? gov_mail_invite(c->txn, c->arena, account,
                             (gov_str_t) { GOV_OPID_LEN, c->op->id },
                             c->op->time)
           : GOV_OK;
}


/* what is given is laid over what is there */

static gov_rc_t
gov_user_facts(gov_cmd_t *c, gov_account_rec_t *rec)
{
    unsigned  i;

    static const struct {
        const char  *name;
        size_t       offset;
    } texts[] = {
        { "name", offsetof(gov_account_rec_t, name) },
        { "unit", offsetof(gov_account_rec_t, unit) },
        { "mail", offsetof(gov_account_rec_t, mail) },
        { "phone", offsetof(gov_account_rec_t, phone) },
        { "contractor", offsetof(gov_account_rec_t, contractor) },
        { NULL, 0 }
    };

    for (i = 0; texts[i].name; i++) {
        if (gov_desk_has(c, texts[i].name)) {
            *(gov_str_t *) ((u_char *) rec + texts[i].offset)
                = gov_desk_str(c, texts[i].name);
        }
    }

    rec->expires = gov_get_int(c->in, "expires",
                               gov_get_bool(c->in, "forever")
                               ? 0 : rec->expires);

    return gov_desk_has(c, "expires") && rec->expires <= c->op->time
           ? gov_fail(c->err, GOV_INVALID, "expires",
                      "到期时间要晚于当前时间")
           : GOV_OK;
}


gov_rc_t
gov_desk_user_set(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_str_t      mail;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);

    if (rc == GOV_OK) {
        mail = account.rec.mail;
        rc = gov_user_facts(c, &account.rec);
    }

    if (rc == GOV_OK && !gov_str_eq(mail, account.rec.mail)) {
        rc = gov_desk_may_be(c, &account, "mail");
    }

    if (rc == GOV_OK) {
        rc = gov_desk_mail_save(c, &account, mail, c->op->actor);
    }

    if (rc == GOV_OK) {
        gov_desk_user_out(c, &account);
    }

    return rc;
}


gov_rc_t
gov_desk_user_suspend(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);
    if (rc != GOV_OK) {
        return rc;
    }

    if (account.rec.state == GOV_ACCOUNT_SUSPENDED) {
        return gov_fail(c->err, GOV_CONFLICT, "user", "账号 %.*s 已经停用",
                        gov_strf(account.rec.login));
    }

    account.rec.state = GOV_ACCOUNT_SUSPENDED;
    account.rec.invite.len = 0;
    account.rec.invite_until = 0;
    gov_account_epoch(&account);

    rc = gov_account_save(c->txn, c->arena, &account, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_desk_user_out(c, &account);

    return gov_desk_warn_left(c, &account);
}


gov_rc_t
gov_desk_user_resume(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);
    if (rc != GOV_OK) {
        return rc;
    }

    if (account.rec.state != GOV_ACCOUNT_SUSPENDED) {
        return gov_fail(c->err, GOV_CONFLICT, "user", "账号 %.*s 没有停用",
                        gov_strf(account.rec.login));
    }

    account.rec.state = account.rec.secret.len ? GOV_ACCOUNT_ACTIVE
                                               : GOV_ACCOUNT_INVITED;

    rc = gov_account_save(c->txn, c->arena, &account, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_desk_user_out(c, &account);

    return GOV_OK;
}


/* the password that was stays until the link is used */

gov_rc_t
gov_desk_user_invite(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_who_t      who;
    gov_account_t  account;

    rc = gov_desk_user(c, "user", &account);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_who(c->txn, c->arena, account.id, c->op->time, &who);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "user", "账号 %.*s 已停用或已到期",
                        gov_strf(account.rec.login));
    }

    rc = gov_desk_may_be(c, &account, "user");

    if (rc == GOV_OK && gov_get_bool(c->in, "factor")) {
        rc = gov_user_factor(c, &who, &account.rec);
        gov_account_epoch(&account);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_user_invited(c, &account.rec, gov_desk_str(c, "invite"));

    rc = gov_account_save(c->txn, c->arena, &account, c->err);

    if (rc == GOV_OK) {
        rc = gov_user_invite_mail(c, &account);
    }

    if (rc == GOV_OK) {
        gov_desk_user_out(c, &account);
    }

    return rc;
}


/* that of an administrator is taken away on the machine alone: a colleague who
 * could would be both (G27) */

static gov_rc_t
gov_user_factor(gov_cmd_t *c, gov_who_t *who, gov_account_rec_t *rec)
{
    if (who->factor && !c->op->who->all) {
        return gov_fail(c->err, GOV_DENIED, "factor",
                        "管理员的第二因素只能在平台服务器上重置");
    }

    rec->totp.len = 0;
    rec->recovery.len = 0;
    rec->step = 0;

    return GOV_OK;
}


/* one's own too: a computer that somebody else sits at now */

gov_rc_t
gov_desk_user_sessions_end(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_judge_t    j;
    gov_account_t  account;

    if (gov_str_eq(gov_desk_str(c, "user"), c->op->who->login)) {
        rc = gov_desk_user(c, "user", &account);

    } else {
        gov_desk_judge(c, &j);
        rc = gov_judge_account(&j, gov_desk_str(c, "user"), "user",
                               &account);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_account_epoch(&account);

    rc = gov_account_save(c->txn, c->arena, &account, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_desk_user_out(c, &account);

    return GOV_OK;
}


gov_rc_t
gov_desk_user(gov_cmd_t *c, const char *field, gov_account_t *account)
{
    gov_rc_t  rc;

    rc = gov_account_by_login(c->txn, c->arena, gov_desk_str(c, field),
                              account);

    if (rc == GOV_OK) {
        gov_rec_own(c->arena, &gov_rec_account, &account->rec);
    }

    return rc == GOV_NOT_FOUND
           ? gov_no_account(c->err, field, gov_desk_str(c, field)) : rc;
}


void
gov_desk_user_out(gov_cmd_t *c, gov_account_t *account)
{
    gov_put_str(c->arena, c->out, "user", account->rec.login);
    gov_put_str(c->arena, c->out, "name", account->rec.name);
    gov_put_c(c->arena, c->out, "state",
              gov_account_state_name((int) account->rec.state));
    gov_put_int(c->arena, c->out, "number", (int64_t) account->id);
}
