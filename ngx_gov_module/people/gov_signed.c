
/*
 * Copyright (C) ngx_gov authors
 *
 * Who asks, judged once for every door.
 */


#include "people/gov_people_int.h"


gov_rc_t
gov_signed(gov_txn_t *t, gov_arena_t *a, u_char *token, int64_t now,
    gov_signed_t *in)
{
    u_char    hash[GOV_DIGEST_LEN];
    gov_rc_t  rc;

    memset(in, 0, sizeof(gov_signed_t));

    if (token == NULL) {
        return GOV_OK;
    }

    rc = gov_session_hash(token, hash);

    return rc == GOV_OK ? gov_signed_hash(t, a, hash, now, in) : rc;
}


gov_rc_t
gov_signed_hash(gov_txn_t *t, gov_arena_t *a, const u_char *hash, int64_t now,
    gov_signed_t *in)
{
    gov_rc_t  rc;

    memset(in, 0, sizeof(gov_signed_t));

    rc = gov_session_by_hash(t, a, hash, now, &in->session);

    if (rc == GOV_OK) {
        rc = gov_account_get(t, a, (uint64_t) in->session.rec.account,
                             &in->account);
    }

    if (rc == GOV_OK) {
        rc = gov_who(t, a, in->account.id, now, &in->who);
    }

    if (rc != GOV_OK) {
        memset(in, 0, sizeof(gov_signed_t));
        return rc == GOV_NOT_FOUND || rc == GOV_DENIED ? GOV_OK : rc;
    }

    in->stage = (gov_stage_t) in->session.rec.stage;

    if (in->stage == GOV_STAGE_FULL
        && gov_factor_due(&in->who, &in->account.rec))
    {
        in->stage = GOV_STAGE_FACTOR;
    }

    in->is = in->stage == GOV_STAGE_FULL ? GOV_SIGNED_IN : GOV_SIGNED_PART;

    return GOV_OK;
}


gov_rc_t
gov_signed_work(gov_txn_t *t, gov_arena_t *a, uint64_t account, int64_t now,
    gov_who_t *who)
{
    gov_rc_t       rc;
    gov_account_t  acc;

    rc = gov_account_get(t, a, account, &acc);

    if (rc == GOV_OK) {
        rc = gov_who(t, a, account, now, who);
    }

    if (rc == GOV_OK && (acc.rec.state != GOV_ACCOUNT_ACTIVE
                         || gov_factor_due(who, &acc.rec)))
    {
        rc = GOV_DENIED;
    }

    return rc;
}
