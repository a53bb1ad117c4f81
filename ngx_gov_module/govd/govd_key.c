
/*
 * Copyright (C) ngx_gov authors
 *
 * What sign-in needs before the doors open: the key that secrets are sealed
 * with, a hash that no password has, the pool.
 *
 * A lost key is not the end: a new one is made, the platform goes on, and
 * whoever signs in by what the old one sealed is refused until the old file
 * is put back or they get a new link.
 */


#include <errno.h>
#include <sys/stat.h>

#include "govd/govd_int.h"


#define GOVD_POOL_QUEUE  64


static gov_rc_t govd_key_dummy(govd_t *g, gov_err_t *err);
static int govd_key_used(gov_store_t *s);


gov_rc_t
govd_key_begin(govd_t *g, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = govd_key_open(g->conf, g->store, err);

    if (rc == GOV_OK) {
        rc = govd_key_dummy(g, err);
    }

    return rc == GOV_OK
           ? govd_pool_begin(govd_pool_cores(), GOVD_POOL_QUEUE, &g->pool,
                             err)
           : rc;
}


gov_rc_t
govd_key_open(govd_conf_t *conf, gov_store_t *s, gov_err_t *err)
{
    int                made;
    gov_rc_t           rc;
    static gov_seal_t  key;

    if (mkdir(GOVD_KEYS, 0700) == -1 && errno != EEXIST) {
        return gov_fail(err, GOV_ERROR, "", "无法建立密钥文件 %s：%s",
                        GOVD_KEY, strerror(errno));
    }

    rc = gov_seal_open(&key, GOVD_KEY, &made, err);

    if (rc != GOV_OK) {
        return rc;
    }

    conf->key = &key;

    if (made && govd_key_used(s)) {
        govd_log(GOVD_ERROR, "%s was gone and a new key is made: passwords "
                 "sealed with the old one are of no use until it is back",
                 GOVD_KEY);
    }

    return GOV_OK;
}


static gov_rc_t
govd_key_dummy(govd_t *g, gov_err_t *err)
{
    u_char        random[GOV_TOKEN_LEN];
    gov_rc_t      rc;
    gov_arena_t  *a;

    /* lives as long as the process */

    a = gov_arena_new(512);
    rc = GOV_ERROR;

    if (gov_random(random, sizeof(random)) == 0) {
        rc = gov_password_hash(a, &g->conf->passwords,
                               (gov_str_t) { sizeof(random), random },
                               &g->dummy);
    }

    return rc == GOV_OK ? rc : gov_fail(err, rc, "", "密码算法不可用");
}


static int
govd_key_used(gov_store_t *s)
{
    int             used;
    uint64_t        id;
    gov_txn_t      *t;
    gov_arena_t    *a;
    gov_account_t   account;

    if (gov_txn_begin(s, GOV_TXN_READ, &t, NULL) != GOV_OK) {
        return 0;
    }

    a = gov_arena_new(4096);
    used = 0;
    id = 0;

    while (!used && gov_account_next(t, a, &id, &account) == GOV_OK) {
        used = account.rec.secret.len != 0;
    }

    gov_arena_free(&a);
    gov_txn_end(&t);

    return used;
}
