
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
 *
 *     user.invite, user.create     sets a password, once
 *     doc.preview                  shows a version, for a time
 */


#include "govd/govd_int.h"


/* member: of the input, and of the verdict, the hash of the token */
static struct {
    const char  *command;
    const char  *member;
    const char  *unless;        /* member of the input: no link is asked */
} govd_invites[] = {
    { "user.invite", "invite", "" },
    { "user.create", "invite", "secret" },
    { "doc.preview", "hash", "hash" },
    { NULL, NULL, NULL }
};


#define GOVD_INVITE_PATH  "/console/invite?token=%lld.%.*s"


static gov_str_t govd_invite_text(gov_arena_t *a,
    u_char token[GOV_TOKEN_LEN]);
static const char *govd_invite_member(gov_op_t *op);
static gov_rc_t govd_invite_hash(gov_op_t *op, u_char *token, u_char *hash);
static gov_str_t govd_invite_link(gov_arena_t *a, gov_op_t *op,
    gov_value_t *verdict);


gov_rc_t
govd_invite_make(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err)
{
    u_char       token[GOV_TOKEN_LEN], hash[GOV_DIGEST_LEN];
    const char  *member;

    op->token.len = 0;
    member = conf->key != NULL ? govd_invite_member(op) : NULL;

    if (member == NULL) {
        return GOV_OK;
    }

    if (govd_invite_token(conf, a, op->id, token) != GOV_OK) {
        return gov_fail(err, GOV_ERROR, "", "一次性链接没有生成");
    }

    op->token = govd_invite_text(a, token);

    if (govd_invite_hash(op, token, hash) != GOV_OK) {
        return gov_fail(err, GOV_ERROR, "", "一次性链接没有生成");
    }

    gov_set(op->input, member,
            gov_val_str(a, gov_hex_str(a, hash, sizeof(hash))));

    return GOV_OK;
}


gov_rc_t
govd_invite_token(govd_conf_t *conf, gov_arena_t *a,
    const u_char op[GOV_OPID_LEN], u_char token[GOV_TOKEN_LEN])
{
    return gov_seal_derive(conf->key,
                           gov_str_cat(a, gov_s("invite "),
                                       gov_opid_str(a, op)), token);
}


static gov_str_t
govd_invite_text(gov_arena_t *a, u_char token[GOV_TOKEN_LEN])
{
    gov_buf_t  b;

    gov_buf_init(&b, a, 64);
    gov_buf_base64url(&b, (gov_str_t) { GOV_TOKEN_LEN, token });

    return b.s;
}


gov_str_t
govd_invite_path(gov_arena_t *a, int64_t account,
    u_char token[GOV_TOKEN_LEN])
{
    return gov_str_fmt(a, GOVD_INVITE_PATH, (long long) account,
                       gov_strf(govd_invite_text(a, token)));
}


/* NULL: the operation makes no link, or names the hash of its own token */

static const char *
govd_invite_member(gov_op_t *op)
{
    unsigned  i;

    for (i = 0; govd_invites[i].command; i++) {
        if (gov_str_is(op->command, govd_invites[i].command)
            && gov_member(op->input, govd_invites[i].unless) == NULL)
        {
            return govd_invites[i].member;
        }
    }

    return NULL;
}


/* a preview's token is looked up as it stands in the address */

static gov_rc_t
govd_invite_hash(gov_op_t *op, u_char *token, u_char *hash)
{
    return gov_str_is(op->command, "doc.preview")
           ? gov_digest(GOV_SHA256, op->token, hash)
           : gov_session_hash(token, hash);
}


void
govd_invite_say(gov_arena_t *a, gov_op_t *op, gov_value_t *verdict)
{
    unsigned     i;
    const char  *member;

    for (i = 0; govd_invites[i].command; i++) {
        if (gov_str_is(op->command, govd_invites[i].command)) {
            break;
        }
    }

    member = govd_invites[i].member;

    if (member == NULL) {
        return;
    }

    if (op->token.len != 0 && !op->dry_run
        && gov_str_eq(gov_get_str(verdict, member),
                      gov_get_str(op->input, member)))
    {
        gov_put_str(a, verdict, "link", govd_invite_link(a, op, verdict));
    }

    gov_unset(verdict, member);
}


/* a version is seen on the host of its document, "//HOST/..." */

static gov_str_t
govd_invite_link(gov_arena_t *a, gov_op_t *op, gov_value_t *verdict)
{
    size_t     n;
    gov_str_t  url;

    if (!gov_str_is(op->command, "doc.preview")) {
        return gov_str_fmt(a, GOVD_INVITE_PATH,
                           (long long) gov_get_int(verdict, "number", 0),
                           gov_strf(op->token));
    }

    url = gov_get_str(verdict, "url");

    for (n = 2; n < url.len && url.data[n] != '/'; n++) {
        /* void */
    }

    url.len = n < url.len ? n : url.len;

    return gov_str_fmt(a, "%.*s/_gov/preview/%.*s", gov_strf(url),
                       gov_strf(op->token));
}
