
/*
 * Copyright (C) ngx_gov authors
 *
 * The five steps' common part:
 *
 *     right     by the door the operation came through
 *     load      an operation id that was applied gives its verdict again;
 *               the fields are checked (gov_in.c)
 *     check     \  the command's own function
 *     change    /
 *     note      the journal entry, with the bodies named by digest
 *
 * A command that wrote nothing, an import sent again, is no entry: asked for
 * once more it finds again that there is nothing to do.
 *
 * A command that fails leaves its changes in the transaction it was given:
 * whoever gave it ends it.
 */


#include "desk/gov_desk_int.h"


static gov_rc_t gov_desk_right(gov_op_t *op, gov_command_t *command,
    gov_err_t *err);
static gov_rc_t gov_desk_plain(gov_value_t *v, gov_err_t *err);
static gov_rc_t gov_desk_note(gov_cmd_t *c, uint64_t *seq);


gov_rc_t
gov_desk_apply(gov_txn_t *t, gov_arena_t *a, gov_op_t *op,
    gov_value_t **verdict, uint64_t *seq, gov_err_t *err)
{
    size_t          bytes;
    gov_rc_t        rc;
    gov_cmd_t       c;
    gov_command_t  *command;

    *seq = 0;

    command = gov_command_find(op->command);
    if (command == NULL) {
        return gov_fail(err, GOV_INVALID, "command", "没有名为“%.*s”的命令",
                        gov_strf(gov_utf8_head(op->command, 60)));
    }

    rc = gov_desk_right(op, command, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_applied(t, a, op->id, verdict, seq);
    if (rc != GOV_NOT_FOUND) {
        return rc == GOV_OK ? rc
                            : gov_fail(err, rc, "", "读取操作记录失败");
    }

    memset(&c, 0, sizeof(gov_cmd_t));
    c.op = op;
    c.txn = t;
    c.arena = a;
    c.out = gov_map(a);
    c.err = err;
    c.safe = op->safe;

    rc = gov_in_read(a, command->in, op->input, 0, &c.in, err);

    if (rc == GOV_OK) {
        rc = gov_desk_plain(c.in, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    bytes = gov_txn_bytes(t);

    rc = command->run(&c);

    if (rc == GOV_OK && gov_arena_failed(a)) {
        rc = GOV_FULL;
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "命令“%s”没有完成（%s）",
                        command->name, gov_rc_name(rc));
    }

    *verdict = c.out;

    return op->dry_run || gov_txn_bytes(t) == bytes
           ? GOV_OK : gov_desk_note(&c, seq);
}


/* accounts come later: until then only the platform's operator may change */

static gov_rc_t
gov_desk_right(gov_op_t *op, gov_command_t *command, gov_err_t *err)
{
    switch (op->door) {

    case GOV_DOOR_CTL:
    case GOV_DOOR_REPLAY:
        return GOV_OK;

    case GOV_DOOR_WEB:
        break;
    }

    return gov_fail(err, GOV_DENIED, "", "需要登录并具有“%s”权限",
                    command->right);
}


gov_rc_t
gov_desk_may(gov_cmd_t *c, gov_right_t right, uint32_t site, uint32_t column,
    const char *field)
{
    (void) site;
    (void) column;

    return c->op->who == NULL || c->op->who->all
           ? GOV_OK
           : gov_fail(c->err, GOV_DENIED, field, "需要权限 %d", (int) right);
}


/* keys that begin with "$" are the journal's own (gov_desk_body.c) */

static gov_rc_t
gov_desk_plain(gov_value_t *v, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *item;

    if (v->kind != GOV_MAP && v->kind != GOV_LIST) {
        return GOV_OK;
    }

    gov_each(item, v) {
        if (v->kind == GOV_MAP && gov_str_starts(item->key, "$")) {
            return gov_fail(err, GOV_INVALID, "", "字段名不能以“$”开头");
        }

        rc = gov_desk_plain(item, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_desk_note(gov_cmd_t *c, uint64_t *seq)
{
    gov_rc_t    rc;
    gov_op_t   *op;
    gov_note_t  note;

    op = c->op;

    memset(&note, 0, sizeof(gov_note_t));
    note.time = op->time;
    note.actor = op->actor;
    note.origin = op->origin;
    memcpy(note.op, op->id, GOV_OPID_LEN);
    note.command = op->command;
    note.input = gov_desk_noted(c, op->input);
    note.random.data = op->random;
    note.random.len = GOV_RANDOM_LEN;
    note.result = c->out;

    rc = gov_note(c->txn, c->arena, &note, seq, c->err);
    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "", "没有记入日志（%s）",
                        gov_rc_name(rc));
    }

    return GOV_OK;
}
