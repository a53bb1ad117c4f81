
/*
 * Copyright (C) ngx_gov authors
 *
 * One-time links.  The token is made here, in the door, and goes to whoever
 * asked for it and nowhere else: the operation and with it the journal and
 * the store hold its hash.
 *
 * It is derived from the platform's key and the operation's id: asked again
 * with the same id, the same link is told; who reads the store cannot make
 * it.  A link is said only when the verdict names the hash of its token.
 */


#include "govd/govd_int.h"


gov_rc_t
govd_invite_make(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err)
{
    u_char     token[GOV_TOKEN_LEN], hash[GOV_DIGEST_LEN];
    gov_buf_t  b;

    op->token.len = 0;

    if (conf->key == NULL
        || (!gov_str_is(op->command, "user.invite")
            && !(gov_str_is(op->command, "user.create")
                 && gov_member(op->input, "secret") == NULL)))
    {
        return GOV_OK;
    }

    if (gov_seal_derive(conf->key,
                        gov_str_cat(a, gov_s("invite "),
                                    gov_opid_str(a, op->id)), token)
        != GOV_OK
        || gov_session_hash(token, hash) != GOV_OK)
    {
        return gov_fail(err, GOV_ERROR, "", "一次性链接没有生成");
    }

    gov_buf_init(&b, a, 64);
    gov_buf_base64url(&b, (gov_str_t) { GOV_TOKEN_LEN, token });
    op->token = b.s;

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
                    gov_str_fmt(a, "/console/invite?token=%lld.%.*s",
                                (long long) gov_get_int(verdict, "number", 0),
                                gov_strf(op->token)));
    }

    gov_unset(verdict, "invite");
}
