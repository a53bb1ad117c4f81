
/*
 * Copyright (C) ngx_gov authors
 *
 * Where a right is judged, and how it is told that it is not held.  The
 * machine's operator is asked nothing: what an input names wrongly the
 * command finds itself.
 */


#include "content/gov_judge.h"


static gov_rc_t gov_judge_site(gov_judge_t *j, gov_right_t right,
    gov_value_t *in, const char *field, uint32_t column);
static gov_rc_t gov_judge_column(gov_judge_t *j, gov_site_t *site,
    gov_str_t path, uint32_t *column);
static gov_rc_t gov_judge_doc(gov_judge_t *j, gov_right_t right,
    uint64_t id);
static gov_rc_t gov_judge_denied(gov_judge_t *j, gov_right_t right,
    const char *field);
static gov_rc_t gov_judge_nodes(gov_judge_t *j, gov_grant_t *list,
    unsigned n, gov_str_t login, const char *field);


gov_rc_t
gov_judge(gov_judge_t *j, gov_scope_t scope, gov_right_t right,
    gov_value_t *in, uint32_t column)
{
    gov_account_t  account;

    if (j->who->all) {
        return GOV_OK;
    }

    switch (scope) {

    case GOV_SCOPE_HUB:
        return gov_judge_at(j, right, GOV_HUB, 0, "");

    case GOV_SCOPE_SITE:
        return gov_judge_site(j, right, in, "site", column);

    case GOV_SCOPE_PARENT:
        return gov_judge_site(j, right, in, "parent", 0);

    case GOV_SCOPE_DOC:
        return gov_judge_doc(j, right,
                             (uint64_t) gov_get_int(in, "doc", 0));

    case GOV_SCOPE_ACCOUNT:
        return gov_judge_account(j, gov_get_str(in, "user"), "user",
                                 &account);

    case GOV_SCOPE_SELF:
        return GOV_OK;

    case GOV_SCOPE_INNER:
        break;
    }

    return gov_fail(j->err, GOV_DENIED, "", "这一操作只由平台自己进行");
}


static gov_rc_t
gov_judge_site(gov_judge_t *j, gov_right_t right, gov_value_t *in,
    const char *field, uint32_t column)
{
    gov_rc_t    rc;
    gov_str_t   code, path;
    gov_site_t  site;

    code = gov_get_str(in, field);

    if (code.len == 0) {
        return gov_judge_at(j, right, GOV_HUB, 0, field);
    }

    rc = gov_site_by_code(j->txn, j->arena, code, &site);

    if (rc == GOV_OK && !gov_may_see(j->txn, j->who, site.id)) {
        rc = GOV_NOT_FOUND;
    }

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? gov_no_site(j->err, field, code) : rc;
    }

    if (gov_may(j->txn, j->who, right, site.id, column)) {
        return GOV_OK;
    }

    path = gov_get_str(in, "column");

    if (path.len) {
        rc = gov_judge_column(j, &site, path, &column);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return gov_judge_at(j, right, site.id, column, field);
}


/* one that is not there is left for the command to tell */

static gov_rc_t
gov_judge_column(gov_judge_t *j, gov_site_t *site, gov_str_t path,
    uint32_t *column)
{
    gov_rc_t       rc;
    unsigned       n;
    gov_column_t  *list, *found;

    rc = gov_columns_way(j->txn, j->arena, site, path, 0, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    found = gov_column_at(list, n, path);

    if (found != NULL) {
        *column = found->id;
    }

    return GOV_OK;
}


static gov_rc_t
gov_judge_doc(gov_judge_t *j, gov_right_t right, uint64_t id)
{
    gov_rc_t   rc;
    gov_doc_t  doc;

    rc = gov_doc_find(j->txn, j->arena, id, &doc);

    if (rc == GOV_OK && !gov_may_see(j->txn, j->who, doc.site)) {
        rc = GOV_NOT_FOUND;
    }

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? gov_no_doc(j->err, "doc", id) : rc;
    }

    return gov_judge_at(j, right, doc.site, (uint32_t) doc.rec.column, "doc");
}


gov_rc_t
gov_judge_at(gov_judge_t *j, gov_right_t right, uint32_t site,
    uint32_t column, const char *field)
{
    gov_rc_t    rc;
    gov_site_t  s;

    if (gov_may(j->txn, j->who, right, site, column)) {
        return GOV_OK;
    }

    if (site == GOV_HUB || gov_may_see(j->txn, j->who, site)) {
        return gov_judge_denied(j, right, field);
    }

    rc = gov_site_get(j->txn, j->arena, site, &s);

    return rc == GOV_OK ? gov_no_site(j->err, field, s.rec.code) : rc;
}


static gov_rc_t
gov_judge_denied(gov_judge_t *j, gov_right_t right, const char *field)
{
    return gov_fail(j->err, GOV_DENIED, field, "您没有“%s”权限（%s）",
                    gov_right_title(right), gov_right_name(right));
}


gov_rc_t
gov_judge_account(gov_judge_t *j, gov_str_t login, const char *field,
    gov_account_t *account)
{
    gov_rc_t      rc;
    unsigned      i, n, k;
    gov_grant_t  *list;

    rc = gov_account_by_login(j->txn, j->arena, login, account);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? gov_no_account(j->err, field, login)
                                   : rc;
    }

    gov_rec_own(j->arena, &gov_rec_account, &account->rec);

    if (j->who->all) {
        return GOV_OK;
    }

    if (account->id == j->who->account) {
        return gov_fail(j->err, GOV_DENIED, field, "不能管理自己的账号");
    }

    rc = gov_grants(j->txn, j->arena, account->id, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    for (i = 0, k = 0; i < n; i++) {
        if (gov_grant_holds(&list[i], j->now)) {
            list[k++] = list[i];
        }
    }

    /* when all have ended, those that were there count */

    return gov_judge_nodes(j, list, k ? k : n, login, field);
}


static gov_rc_t
gov_judge_nodes(gov_judge_t *j, gov_grant_t *list, unsigned n,
    gov_str_t login, const char *field)
{
    int          sees, all, apart;
    unsigned     i;
    gov_right_t  right;

    sees = 0;
    all = 1;
    apart = 0;

    for (i = 0; i < n; i++) {
        apart |= list[i].apart != GOV_APART_NONE;

        if (gov_may(j->txn, j->who, GOV_RIGHT_PEOPLE_MANAGE, list[i].site,
                    0))
        {
            sees = 1;

        } else {
            all = 0;
        }
    }

    right = apart ? GOV_RIGHT_SECURITY_MANAGE : GOV_RIGHT_PEOPLE_MANAGE;

    if (apart || n == 0) {
        all = gov_may(j->txn, j->who, right, GOV_HUB, 0);
    }

    if (all) {
        return GOV_OK;
    }

    return sees ? gov_judge_denied(j, right, field)
                : gov_no_account(j->err, field, login);
}


gov_rc_t
gov_no_site(gov_err_t *err, const char *field, gov_str_t code)
{
    return gov_fail(err, GOV_NOT_FOUND, field, "没有代码为“%.*s”的站点",
                    gov_strf(gov_utf8_head(code, 40)));
}


gov_rc_t
gov_no_doc(gov_err_t *err, const char *field, uint64_t doc)
{
    return gov_fail(err, GOV_NOT_FOUND, field, "没有文档 %llu",
                    (unsigned long long) doc);
}


gov_rc_t
gov_no_account(gov_err_t *err, const char *field, gov_str_t login)
{
    return gov_fail(err, GOV_NOT_FOUND, field, "没有登录名为“%.*s”的账号",
                    gov_strf(gov_utf8_head(login, 40)));
}
