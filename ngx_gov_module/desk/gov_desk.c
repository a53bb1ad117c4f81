
/*
 * Copyright (C) ngx_gov authors
 *
 * The five steps' common part:
 *
 *     right     who asks, by the door the operation came through; judged
 *               (gov_judge.c) once the fields are checked (gov_in.c)
 *     load      an operation id that was applied gives its verdict again,
 *               to who gave it
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


static gov_rc_t gov_desk_who(gov_txn_t *t, gov_arena_t *a, gov_op_t *op,
    gov_command_t *command, gov_err_t *err);
static gov_rc_t gov_desk_who_web(gov_txn_t *t, gov_arena_t *a, gov_op_t *op,
    gov_command_t *command, gov_err_t *err);
static gov_rc_t gov_desk_who_work(gov_txn_t *t, gov_arena_t *a, gov_op_t *op,
    gov_err_t *err);
static gov_rc_t gov_desk_again(gov_txn_t *t, gov_arena_t *a, gov_op_t *op,
    uint64_t *seq, gov_err_t *err);
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

    rc = gov_desk_who(t, a, op, command, err);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "权限读取失败（%s）", gov_rc_name(rc));
    }

    rc = gov_applied(t, a, op->id, verdict, seq);
    if (rc != GOV_NOT_FOUND) {
        return rc == GOV_OK ? gov_desk_again(t, a, op, seq, err)
                            : gov_fail(err, rc, "", "读取操作记录失败");
    }

    memset(&c, 0, sizeof(gov_cmd_t));
    c.op = op;
    c.txn = t;
    c.arena = a;
    c.out = gov_map(a);
    c.refused = gov_list(a);
    c.effects = gov_list(a);
    c.err = err;
    c.safe = op->safe;

    gov_txn_make_again(t, op->again);

    rc = gov_in_read(a, command->in, op->input, 0, &c.in, err);

    if (rc == GOV_OK) {
        rc = gov_desk_plain(c.in, err);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_right(&c, command);
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "权限读取失败（%s）", gov_rc_name(rc));
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


/*
 * A replay is made by the machine, in the name of whoever did it first: the
 * right was judged then.  What govd gave itself was nobody's, whatever name
 * the entry has.
 */

static gov_rc_t
gov_desk_who(gov_txn_t *t, gov_arena_t *a, gov_op_t *op,
    gov_command_t *command, gov_err_t *err)
{
    op->who = gov_alloc(a, sizeof(gov_who_t));
    gov_who_operator(op->who);

    switch (op->door) {

    case GOV_DOOR_CTL:
        return command->scope == GOV_SCOPE_INNER
               ? gov_fail(err, GOV_DENIED, "", "这一操作只由平台自己进行")
               : GOV_OK;

    case GOV_DOOR_REPLAY:
        op->who->account = command->scope == GOV_SCOPE_INNER ? 0
                                                             : op->account;
        return GOV_OK;

    case GOV_DOOR_DAEMON:
        return GOV_OK;

    case GOV_DOOR_WORK:
        return gov_desk_who_work(t, a, op, err);

    case GOV_DOOR_WEB:
        break;
    }

    return gov_desk_who_web(t, a, op, command, err);
}


/* long work needs no session, but the rights that its account has by now,
 * and the second factor that one of its roles asks for by now */

static gov_rc_t
gov_desk_who_work(gov_txn_t *t, gov_arena_t *a, gov_op_t *op, gov_err_t *err)
{
    gov_rc_t  rc;

    if (op->account == 0) {
        return GOV_OK;
    }

    rc = gov_signed_work(t, a, op->account, op->time, op->who);

    if (rc == GOV_OK) {
        op->actor = gov_account_actor(a, op->who->login,
                                      op->who->contractor);
    }

    return rc == GOV_OK
           ? rc : gov_fail(err, rc, "",
                           "提出这项工作的账号已停用、已到期或还没有第二因素");
}


static gov_rc_t
gov_desk_who_web(gov_txn_t *t, gov_arena_t *a, gov_op_t *op,
    gov_command_t *command, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_signed_t  me;

    memset(&me, 0, sizeof(gov_signed_t));

    rc = op->session.len == GOV_DIGEST_LEN
         ? gov_signed_hash(t, a, op->session.data, op->time, &me) : GOV_OK;

    if (rc != GOV_OK) {
        return rc;
    }

    if (me.is != GOV_SIGNED_IN || me.account.id != op->account) {
        return command->right[0] == '\0'
               ? gov_fail(err, GOV_DENIED, "", "需要登录")
               : gov_fail(err, GOV_DENIED, "", "需要登录并具有“%s”权限",
                          command->right);
    }

    *op->who = me.who;
    op->actor = gov_account_actor(a, me.who.login, me.who.contractor);

    return GOV_OK;
}


/*
 * An id is no secret, and a verdict may hold one: on the web it is told to
 * the account that gave the operation there (an account may be named as a
 * user of the machine is), and nowhere for another command.
 */

static gov_rc_t
gov_desk_again(gov_txn_t *t, gov_arena_t *a, gov_op_t *op, uint64_t *seq,
    gov_err_t *err)
{
    gov_rc_t         rc;
    gov_entry_rec_t  e;

    rc = gov_journal_get(t, a, *seq, &e);

    if (rc == GOV_OK && gov_str_eq(e.command, op->command)
        && (op->door != GOV_DOOR_WEB
            || (gov_str_eq(e.actor, op->actor)
                && gov_str_starts(e.origin, GOV_ORIGIN_WEB))))
    {
        return GOV_OK;
    }

    *seq = 0;

    return rc == GOV_OK
           ? gov_fail(err, GOV_CONFLICT, "op",
                      "此操作号已用于另一项操作，请换一个再试")
           : gov_fail(err, rc, "", "读取操作记录失败");
}


gov_rc_t
gov_desk_right(gov_cmd_t *c, gov_command_t *command)
{
    gov_judge_t  j;

    gov_desk_judge(c, &j);

    return gov_judge(&j, (gov_scope_t) command->scope,
                     (gov_right_t) gov_right_parse(
                                       gov_str_of(command->right)),
                     c->in, 0);
}


void
gov_desk_judge(gov_cmd_t *c, gov_judge_t *j)
{
    j->txn = c->txn;
    j->arena = c->arena;
    j->who = c->op->who;
    j->err = c->err;
    j->now = c->op->time;
}


gov_rc_t
gov_desk_may(gov_cmd_t *c, gov_right_t right, uint32_t site, uint32_t column,
    const char *field)
{
    gov_judge_t  j;

    gov_desk_judge(c, &j);

    return gov_judge_at(&j, right, site, column, field);
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
    note.input = gov_desk_refused_note(c, gov_desk_noted(c, op->input));
    note.input = gov_desk_beside_put(c, note.input, GOV_DESK_EFFECTS,
                                     c->effects);
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
