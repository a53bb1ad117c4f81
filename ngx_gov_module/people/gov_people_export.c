
/*
 * Copyright (C) ngx_gov authors
 *
 * Who works at a site, as lines that follow the site's own (gov_export.c): by
 * login and role, for an account's number means nothing elsewhere.
 */


#include "people/gov_people_int.h"


#define GOV_EXPORT_PAGE  100


static gov_rc_t gov_export_grant(gov_txn_t *t, gov_arena_t *a,
    gov_grant_t *grant, gov_line_pt line, void *data, gov_err_t *err);


gov_rc_t
gov_people_export(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_line_pt line, void *data, gov_err_t *err)
{
    gov_rc_t      rc;
    uint64_t      after;
    unsigned      i, n;
    gov_grant_t  *list;

    after = 0;

    do {
        rc = gov_holders(t, a, site, after, GOV_EXPORT_PAGE, &list, &n,
                         &after);

        for (i = 0; rc == GOV_OK && i < n; i++) {
            rc = gov_export_grant(t, a, &list[i], line, data, err);
        }

    } while (rc == GOV_OK && after != 0);

    return rc == GOV_OK ? rc : gov_fail(err, rc, "", "导出没有写完");
}


static gov_rc_t
gov_export_grant(gov_txn_t *t, gov_arena_t *a, gov_grant_t *grant,
    gov_line_pt line, void *data, gov_err_t *err)
{
    gov_rc_t        rc;
    gov_buf_t       b;
    gov_value_t    *v;
    gov_account_t   account;

    rc = gov_account_get(t, a, grant->account, &account);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "读取账号失败（%s）", gov_rc_name(rc));
    }

    v = gov_map(a);
    gov_put_int(a, v, "site", GOV_HUB);
    gov_put_c(a, v, "table", "GRANTS");
    gov_put_str(a, v, "login", account.rec.login);
    gov_put_str(a, v, "role", grant->role);
    gov_put_int(a, v, "column", grant->column);
    gov_put_int(a, v, "until", grant->rec.until);

    gov_buf_init(&b, a, 256);
    gov_json_write(&b, v, GOV_JSON_CANON);

    return line(data, b.s);
}
