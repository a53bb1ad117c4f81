
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of people share: the small city of t_site.h, with accounts
 * and grants said in a line each.
 */


#ifndef _T_PEOPLE_H_INCLUDED_
#define _T_PEOPLE_H_INCLUDED_


#include "site/t_site.h"
#include "people/gov_people.h"


#define T_DAY  (86400 * (int64_t) 1000000)


static inline gov_account_t
t_account(t_store_t *t, gov_txn_t *txn, const char *login,
    const char *contractor)
{
    gov_account_t  acc;

    memset(&acc, 0, sizeof(gov_account_t));

    acc.rec.login = gov_str_of(login);
    acc.rec.name = gov_s("某人");
    acc.rec.contractor = gov_str_of(contractor);
    acc.rec.expires = contractor[0] ? T_NOW + 30 * T_DAY : 0;

    t_ok(gov_account_add(txn, t->arena, &acc, &t->err));

    return acc;
}


static inline gov_rc_t
t_grant(t_store_t *t, gov_txn_t *txn, gov_account_t *acc, uint32_t site,
    uint32_t column, const char *role, int64_t until)
{
    gov_grant_t  g;

    memset(&g, 0, sizeof(gov_grant_t));

    g.site = site;
    g.column = column;
    g.role = gov_str_of(role);
    g.rec.until = until;

    return gov_grant_put(txn, t->arena, acc, &g, T_NOW, &t->err);
}


static inline gov_who_t
t_who(t_store_t *t, gov_txn_t *txn, gov_account_t *acc, int64_t now)
{
    gov_who_t  who;

    t_ok(gov_who(txn, t->arena, acc->id, now, &who));

    return who;
}


/* "1 3 " */

static inline gov_str_t
t_roots(t_store_t *t, gov_txn_t *txn, gov_who_t *who, gov_right_t right)
{
    uint32_t   *sites;
    unsigned    i, n;
    gov_buf_t   b;

    gov_buf_init(&b, t->arena, 64);

    t_ok(gov_who_roots(txn, t->arena, who, right, &sites, &n));

    for (i = 0; i < n; i++) {
        gov_buf_fmt(&b, "%u ", sites[i]);
    }

    return b.s;
}


#endif /* _T_PEOPLE_H_INCLUDED_ */
