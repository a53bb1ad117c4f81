
/*
 * Copyright (C) ngx_gov authors
 *
 * Accounts by number and by login.  An account is never dropped: who left is
 * suspended, so that no other person ever gets the login.
 */


#include "people/gov_people_int.h"
#include "people/gov_notice.h"


#define GOV_LOGIN_MIN  2
#define GOV_LOGIN_MAX  40


static const char  *gov_account_states[] = {
    "active", "invited", "suspended"
};


static int gov_login_valid(gov_str_t login);
static gov_rc_t gov_account_check(gov_account_rec_t *rec, gov_err_t *err);


gov_rc_t
gov_account_get(gov_txn_t *t, gov_arena_t *a, uint64_t id,
    gov_account_t *account)
{
    gov_key_t  k;

    account->id = id;

    return gov_load(gov_people(t), GOV_T_ACCOUNTS, gov_key8(&k, id), a,
                    &account->rec);
}


gov_rc_t
gov_account_by_login(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_account_t *account)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    rc = gov_load(gov_people(t), GOV_T_LOGINS, gov_key_s(&k, login), a,
                  &ref);

    return rc == GOV_OK ? gov_account_get(t, a, (uint64_t) ref.to, account)
                        : rc;
}


gov_rc_t
gov_account_next(gov_txn_t *t, gov_arena_t *a, uint64_t *id,
    gov_account_t *account)
{
    gov_rc_t    rc;
    gov_key_t   k, from;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_ACCOUNTS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_scan_from(&sc, gov_key8(&from, *id + 1));

    rc = gov_scan_next(&sc, a, &account->rec);

    if (rc == GOV_OK) {
        *id = gov_key_get8(sc.key, 0);
        account->id = *id;
    }

    gov_scan_close(&sc);

    return rc;
}


const char *
gov_account_state_name(int state)
{
    return state >= 0 && state <= GOV_ACCOUNT_SUSPENDED
           ? gov_account_states[state] : "";
}


int
gov_account_holds(gov_account_rec_t *rec, int64_t now)
{
    return rec->state != GOV_ACCOUNT_SUSPENDED
           && (rec->expires == 0 || rec->expires > now);
}


int
gov_account_knows(gov_account_rec_t *rec, gov_str_t address)
{
    gov_value_t  *v;

    gov_each (v, rec->addresses) {
        if (gov_str_eq(v->u.s, address)) {
            return 1;
        }
    }

    return 0;
}


gov_str_t
gov_account_actor(gov_arena_t *a, gov_str_t login, gov_str_t contractor)
{
    return contractor.len ? gov_str_fmt(a, "%.*s（%.*s）", gov_strf(login),
                                        gov_strf(contractor))
                          : login;
}


gov_rc_t
gov_account_add(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_err_t *err)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    if (!gov_login_valid(account->rec.login)) {
        return gov_fail(err, GOV_INVALID, "login",
                        "登录名须为 %d 至 %d 个小写字母、数字、“-”“_”“.”，"
                        "以字母或数字开头", GOV_LOGIN_MIN, GOV_LOGIN_MAX);
    }

    rc = gov_account_check(&account->rec, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_there(gov_people(t), GOV_T_LOGINS,
                   gov_key_s(&k, account->rec.login));

    if (rc != GOV_NOT_FOUND) {
        return rc == GOV_OK
               ? gov_fail(err, GOV_CONFLICT, "login", "登录名 %.*s 已被使用",
                          gov_strf(account->rec.login))
               : rc;
    }

    rc = gov_next(t, "account", &account->id);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = (int64_t) account->id;

    rc = gov_save(gov_people(t), GOV_T_LOGINS,
                  gov_key_s(&k, account->rec.login), a, &ref);

    return rc == GOV_OK ? gov_save(gov_people(t), GOV_T_ACCOUNTS,
                                   gov_key8(&k, account->id), a,
                                   &account->rec)
                        : rc;
}


static int
gov_login_valid(gov_str_t login)
{
    u_char  c;
    size_t  i;

    if (login.len < GOV_LOGIN_MIN || login.len > GOV_LOGIN_MAX) {
        return 0;
    }

    for (i = 0; i < login.len; i++) {
        c = login.data[i];

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
            || (i != 0 && (c == '-' || c == '_' || c == '.')))
        {
            continue;
        }

        return 0;
    }

    return 1;
}


static gov_rc_t
gov_account_check(gov_account_rec_t *rec, gov_err_t *err)
{
    if (rec->name.len == 0 || gov_utf8_chars(rec->name) > 40) {
        return gov_fail(err, GOV_INVALID, "name", "姓名应为 1 至 40 字");
    }

    if (rec->mail.len && !gov_mail_valid(rec->mail)) {
        return gov_fail(err, GOV_INVALID, "mail", "“%.*s”不是邮箱地址",
                        gov_strf(gov_utf8_head(rec->mail, 60)));
    }

    if (rec->contractor.len && rec->expires == 0) {
        return gov_fail(err, GOV_INVALID, "expires",
                        "外包人员的账号必须写明到期时间");
    }

    return GOV_OK;
}


gov_rc_t
gov_account_save(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_err_t *err)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_account_t  was;

    rc = gov_account_get(t, a, account->id, &was);

    if (rc == GOV_OK) {
        account->rec.login = was.rec.login;
        rc = gov_account_check(&account->rec, err);
    }

    return rc == GOV_OK ? gov_save(gov_people(t), GOV_T_ACCOUNTS,
                                   gov_key8(&k, account->id), a,
                                   &account->rec)
                        : rc;
}


void
gov_account_epoch(gov_account_t *account)
{
    account->rec.epoch++;
}
