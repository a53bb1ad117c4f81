
/*
 * Copyright (C) ngx_gov authors
 *
 * An operation made again from its journal entry: same id, same time, same
 * random bytes, same input, with the bodies read from the store that holds
 * the journal.  Applied in order to an empty store, the journal gives a store
 * with the same dump.
 */


#include "desk/gov_desk_int.h"


typedef struct {
    gov_txn_t    *from;
    gov_arena_t  *arena;
    size_t        longest;          /* name of a body */
    gov_safe_t  **last;
} gov_desk_back_t;


static uint64_t gov_desk_account_of(gov_txn_t *from, gov_arena_t *a,
    gov_entry_rec_t *entry);
static gov_rc_t gov_desk_bodies(gov_desk_back_t *b, gov_value_t *v,
    gov_err_t *err);
static gov_rc_t gov_desk_body_back(gov_desk_back_t *b, gov_value_t *v,
    gov_err_t *err);


gov_rc_t
gov_desk_replay_op(gov_txn_t *from, gov_arena_t *a, gov_entry_rec_t *entry,
    gov_op_t *op, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_desk_back_t  b;

    memset(op, 0, sizeof(gov_op_t));

    if (entry->op.len != GOV_OPID_LEN || entry->random.len > GOV_RANDOM_LEN) {
        return gov_fail(err, GOV_CORRUPT, "", "日志中的操作号不完整");
    }

    memcpy(op->id, entry->op.data, GOV_OPID_LEN);
    if (entry->random.len) {
        memcpy(op->random, entry->random.data, entry->random.len);
    }

    op->time = entry->time;
    op->door = GOV_DOOR_REPLAY;
    op->again = 1;
    op->actor = entry->actor;
    op->origin = entry->origin;
    op->command = entry->command;
    op->account = gov_desk_account_of(from, a, entry);

    rc = gov_json_parse(a, entry->input, &op->input, err);
    if (rc != GOV_OK) {
        return gov_fail(err, GOV_CORRUPT, "", "日志中的输入不完整");
    }

    op->refused = gov_desk_beside_take(op->input, GOV_DESK_REFUSED);
    op->effects = gov_desk_beside_take(op->input, GOV_DESK_EFFECTS);

    b.from = from;
    b.arena = a;
    b.longest = 0;
    b.last = &op->safe;

    rc = gov_desk_bodies(&b, op->input, err);

    op->by_digest = b.longest == GOV_DIGEST_LEN;

    return rc;
}


/* who signed in is named by the login, a contractor's company behind it */

static uint64_t
gov_desk_account_of(gov_txn_t *from, gov_arena_t *a, gov_entry_rec_t *entry)
{
    size_t         n;
    gov_account_t  account;

    if (!gov_str_starts(entry->origin, GOV_ORIGIN_WEB)
        && !gov_str_starts(entry->origin, GOV_ORIGIN_WORK))
    {
        return 0;
    }

    for (n = 0; n < entry->actor.len && entry->actor.data[n] < 0x80; n++) {
        /* void */
    }

    return gov_account_by_login(from, a,
                                (gov_str_t) { n, entry->actor.data },
                                &account) == GOV_OK
           ? account.id : 0;
}


static gov_rc_t
gov_desk_bodies(gov_desk_back_t *b, gov_value_t *v, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *item;

    if (v->kind != GOV_LIST && v->kind != GOV_MAP) {
        return GOV_OK;
    }

    if (v->kind == GOV_MAP && gov_member(v, "$body")) {
        return gov_desk_body_back(b, v, err);
    }

    gov_each(item, v) {
        rc = gov_desk_bodies(b, item, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


/*
 * The reference becomes the text where it stands: key and next stay.  It was
 * taken once, maybe when larger ones were, so it is taken again.
 */

static gov_rc_t
gov_desk_body_back(gov_desk_back_t *b, gov_value_t *v, gov_err_t *err)
{
    int64_t         site;
    gov_rc_t        rc;
    gov_str_t       hex, name;
    gov_body_rec_t  body;

    hex = gov_get_str(v, "$body");
    site = gov_get_int(v, "$site", 0);

    name.len = hex.len == 2 * GOV_DIGEST_LEN ? GOV_DIGEST_LEN : GOV_BODY_NAME;
    name.data = gov_alloc(b->arena, name.len);

    if (gov_unhex(name.data, hex, name.len) != 0) {
        return gov_fail(err, GOV_CORRUPT, "", "日志中的正文摘要不完整");
    }

    if (name.len > b->longest) {
        b->longest = name.len;
    }

    rc = gov_body_get(b->from, b->arena, site, name, &body);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "站点 %lld 中没有正文 %.*s",
                        (long long) site, gov_strf(hex));
    }

    v->kind = GOV_STR;
    v->n = 0;
    v->last = NULL;
    v->u.s = body.text;

    gov_desk_safe_stored(b->arena, body.form, body.text, &b->last);

    return GOV_OK;
}
