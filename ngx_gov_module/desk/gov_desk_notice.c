
/*
 * Copyright (C) ngx_gov authors
 *
 * notice.read, notice.set, and what govd says of the mails it sends.
 */


#include "desk/gov_desk_tell.h"


#define GOV_READ_MAX  1000          /* notices marked at once */


static gov_rc_t gov_notice_own(gov_cmd_t *c, uint64_t *account);
static gov_rc_t gov_read_all(gov_cmd_t *c, uint64_t account);
static gov_rc_t gov_read_one(gov_cmd_t *c, uint64_t account,
    gov_value_t *v);
static gov_rc_t gov_set_kinds(gov_cmd_t *c, gov_account_rec_t *rec);
static gov_rc_t gov_mail_load(gov_cmd_t *c, gov_mail_t *mail);
static gov_rc_t gov_mail_refused(gov_cmd_t *c, gov_mail_t *mail,
    int64_t when);


/* the machine's operator is no account and has none */

static gov_rc_t
gov_notice_own(gov_cmd_t *c, uint64_t *account)
{
    *account = c->op->who->account;

    return *account != 0 ? GOV_OK
                         : gov_fail(c->err, GOV_DENIED, "",
                                    "通知是账号自己的，请登录后操作");
}


gov_rc_t
gov_desk_notice_read(gov_cmd_t *c)
{
    gov_rc_t      rc;
    uint64_t      account;
    unsigned      n;
    gov_value_t  *v;

    rc = gov_notice_own(c, &account);

    if (rc == GOV_OK && gov_get_bool(c->in, "all")) {
        rc = gov_read_all(c, account);
    }

    gov_each (v, gov_member(c->in, "ids")) {
        if (rc == GOV_OK) {
            rc = gov_read_one(c, account, v);
        }
    }

    if (rc == GOV_OK) {
        rc = gov_notice_unread(c->txn, account, &n);
    }

    if (rc == GOV_OK) {
        gov_put_int(c->arena, c->out, "unread", n);
    }

    return rc;
}


static gov_rc_t
gov_read_all(gov_cmd_t *c, uint64_t account)
{
    gov_rc_t       rc;
    unsigned       i, n, read;
    uint64_t       before;
    gov_notice_t  *list;

    read = 0;
    before = UINT64_MAX;

    rc = gov_notices(c->txn, c->arena, account, &read, &before, GOV_READ_MAX,
                     &list, &n);

    for (i = 0; rc == GOV_OK && i < n && list[i].rec.read == 0; i++) {
        rc = gov_notice_read(c->txn, c->arena, account, list[i].id,
                             c->op->time);
    }

    return rc;
}


static gov_rc_t
gov_read_one(gov_cmd_t *c, uint64_t account, gov_value_t *v)
{
    int64_t   id;
    gov_rc_t  rc;

    id = v->kind == GOV_INT ? v->u.i : 0;

    if (v->kind == GOV_STR && gov_str_int(v->u.s, &id) != 0) {
        id = 0;
    }

    rc = id > 0 ? gov_notice_read(c->txn, c->arena, account, (uint64_t) id,
                                  c->op->time)
                : GOV_NOT_FOUND;

    return rc == GOV_NOT_FOUND
           ? gov_fail(c->err, rc, "ids", "没有这条通知") : rc;
}


gov_rc_t
gov_desk_notice_set(gov_cmd_t *c)
{
    int            how;
    gov_rc_t       rc;
    uint64_t       id;
    gov_account_t  account;

    rc = gov_notice_own(c, &id);

    if (rc == GOV_OK) {
        rc = gov_account_get(c->txn, c->arena, id, &account);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_account, &account.rec);

    if (gov_desk_has(c, "how")) {
        how = gov_mail_how_parse(gov_desk_str(c, "how"));

        if (how < 0) {
            return gov_fail(c->err, GOV_INVALID, "how",
                            "邮件可以是 each（随时）、daily（每天一封）或 "
                            "none（不要）");
        }

        account.rec.how = how;
    }

    rc = gov_set_kinds(c, &account.rec);

    return rc == GOV_OK ? gov_account_save(c->txn, c->arena, &account,
                                           c->err)
                        : rc;
}


/* kept are those not wanted: a new kind is wanted */

static gov_rc_t
gov_set_kinds(gov_cmd_t *c, gov_account_rec_t *rec)
{
    int           kind, wanted[GOV_NOTICE_MAX];
    gov_str_t     name;
    gov_value_t  *v;

    if (!gov_desk_has(c, "kinds")) {
        return GOV_OK;
    }

    memset(wanted, 0, sizeof(wanted));

    gov_each (v, gov_member(c->in, "kinds")) {
        name = v->kind == GOV_STR ? v->u.s : gov_s("?");
        kind = gov_notice_parse(name);

        if (kind == 0) {
            return gov_fail(c->err, GOV_INVALID, "kinds",
                            "没有“%.*s”这类通知",
                            gov_strf(gov_utf8_head(name, 40)));
        }

        wanted[kind] = 1;
    }

    rec->quiet = gov_list(c->arena);

    for (kind = 1; kind < GOV_NOTICE_MAX; kind++) {
        if (!wanted[kind]) {
            gov_add(rec->quiet, gov_val_int(c->arena, kind));
        }
    }

    if (rec->quiet->n == 0) {
        rec->quiet = NULL;
    }

    return GOV_OK;
}


gov_rc_t
gov_desk_mail_use(gov_cmd_t *c)
{
    return gov_mail_use(c->txn, c->arena, gov_get_bool(c->in, "on"));
}


static gov_rc_t
gov_mail_load(gov_cmd_t *c, gov_mail_t *mail)
{
    gov_rc_t  rc;

    rc = gov_mail_get(c->txn, c->arena, gov_get_int(c->in, "due", 0),
                      (uint64_t) gov_get_int(c->in, "account", 0), mail);

    return rc == GOV_NOT_FOUND
           ? gov_fail(c->err, rc, "due", "没有这封邮件") : rc;
}


/* the account's address takes none since then; 0: it does */

static gov_rc_t
gov_mail_refused(gov_cmd_t *c, gov_mail_t *mail, int64_t when)
{
    gov_rc_t       rc;
    gov_account_t  account;

    rc = gov_account_get(c->txn, c->arena, mail->account, &account);

    if (rc != GOV_OK || account.rec.refused == when) {
        return rc;
    }

    gov_rec_own(c->arena, &gov_rec_account, &account.rec);
    account.rec.refused = when;

    return gov_account_save(c->txn, c->arena, &account, c->err);
}


gov_rc_t
gov_desk_mail_hold(gov_cmd_t *c)
{
    return gov_mail_hold(c->txn, c->arena, gov_desk_str(c, "why"),
                         c->op->time);
}


gov_rc_t
gov_desk_mail_sent(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_mail_t  mail;

    rc = gov_mail_load(c, &mail);

    if (rc == GOV_OK) {
        rc = gov_mail_told(c->txn, c->arena, &mail,
                           gov_get_int(c->in, "last", INT64_MAX));
    }

    if (rc != GOV_OK || gov_get_bool(c->in, "empty")) {
        return rc;
    }

    rc = gov_mail_flows(c->txn, c->arena);

    /* what an old address takes says nothing of the account's */

    if (rc != GOV_OK || mail.rec.to.len != 0) {
        return rc;
    }

    rc = gov_mail_forgive(c->txn, mail.account);

    return rc == GOV_OK ? gov_mail_refused(c, &mail, 0) : rc;
}


gov_rc_t
gov_desk_mail_failed(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_str_t   why;
    gov_mail_t  mail;

    rc = gov_mail_load(c, &mail);

    if (rc == GOV_OK && !gov_get_bool(c->in, "unmade")) {
        rc = gov_mail_flows(c->txn, c->arena);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    why = gov_desk_str(c, "why");

    if (!gov_get_bool(c->in, "refused")) {
        rc = gov_mail_again(c->txn, c->arena, &mail, why, c->op->time);

        return rc == GOV_DONE ? GOV_OK : rc;
    }

    if (mail.rec.to.len != 0) {
        return gov_mail_drop(c->txn, &mail);
    }

    rc = gov_mail_give_up(c->txn, c->arena, &mail, why, c->op->time);

    return rc == GOV_OK ? gov_mail_refused(c, &mail, c->op->time) : rc;
}
