
/*
 * Copyright (C) ngx_gov authors
 *
 * One-time links.  The token is made here, in the door, and goes to whoever
 * asked for it and nowhere else: the operation and with it the journal and
 * the store hold its hash.  A link is said only when the verdict names the
 * hash of this very token: an operation that was applied before made another.
 */


#include "govd/govd_int.h"


gov_rc_t
govd_invite_make(gov_arena_t *a, gov_op_t *op, gov_err_t *err)
{
    u_char  token[GOV_TOKEN_LEN], hash[GOV_DIGEST_LEN];

    op->token.len = 0;

    if (!gov_str_is(op->command, "user.invite")
        && !(gov_str_is(op->command, "user.create")
             && gov_member(op->input, "secret") == NULL))
    {
        return GOV_OK;
    }

    if (gov_random(token, sizeof(token)) != 0
        || gov_session_hash(token, hash) != GOV_OK)
    {
        return gov_fail(err, GOV_ERROR, "", "无法取得随机数");
    }

    op->token = gov_hex_str(a, token, sizeof(token));
    gov_set(op->input, "invite",
            gov_val_str(a, gov_hex_str(a, hash, sizeof(hash))));

    return GOV_OK;
}


void
govd_invite_say(gov_arena_t *a, gov_op_t *op, gov_value_t *verdict)
{
    if (op->token.len != 0 && !op->dry_run
        && gov_str_eq(gov_get_str(verdict, "invite"),
                      gov_get_str(op->input, "invite")))
    {
        gov_put_str(a, verdict, "link",
                    gov_str_fmt(a, "/console/invite?token=%.*s",
                                gov_strf(op->token)));
    }

    gov_unset(verdict, "invite");
}
