
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.bulk: one act with many documents, one journal entry.
 *
 * Each document's command is judged first: where one may not be done by who
 * asks, nothing is.  Then each runs in a transaction of its own below the
 * command's: a document at another step is refused, with the reason, and the
 * others go on.
 */


#include "desk/gov_desk_int.h"


#define GOV_BULK_DOCS  200


static const char  *gov_bulk_acts[] = {
    "submit", "pass", "reject", "sign", "withdraw", "move", NULL
};


static gov_rc_t gov_bulk_command(gov_cmd_t *c, gov_command_t **command);
static gov_rc_t gov_bulk_judge(gov_cmd_t *c, gov_command_t *command,
    gov_value_t *docs);
static gov_rc_t gov_bulk_input(gov_cmd_t *c, gov_command_t *command,
    gov_value_t *doc, gov_value_t **in);
static gov_rc_t gov_bulk_one(gov_cmd_t *c, gov_command_t *command,
    gov_value_t *doc, unsigned row, unsigned *done);
static void gov_bulk_refuse(gov_cmd_t *c, gov_value_t *doc, unsigned row,
    gov_err_t *why);


gov_rc_t
gov_desk_doc_bulk(gov_cmd_t *c)
{
    gov_rc_t        rc;
    unsigned        row, done;
    gov_value_t    *docs, *doc;
    gov_command_t  *command;

    docs = gov_member(c->in, "docs");

    if (docs->n > GOV_BULK_DOCS) {
        return gov_fail(c->err, GOV_INVALID, "docs", "一次最多 %d 件",
                        GOV_BULK_DOCS);
    }

    rc = gov_bulk_command(c, &command);

    if (rc == GOV_OK) {
        rc = gov_bulk_judge(c, command, docs);
    }

    row = done = 0;

    if (rc == GOV_OK) {
        gov_each (doc, docs) {
            rc = gov_bulk_one(c, command, doc, ++row, &done);
            if (rc != GOV_OK) {
                break;
            }
        }
    }

    gov_put_int(c->arena, c->out, "done", done);

    return rc;
}


static gov_rc_t
gov_bulk_command(gov_cmd_t *c, gov_command_t **command)
{
    unsigned   i;
    gov_str_t  act;

    act = gov_desk_str(c, "act");
    *command = NULL;

    for (i = 0; gov_bulk_acts[i]; i++) {
        if (gov_str_is(act, gov_bulk_acts[i])) {
            *command = gov_command_find(gov_str_cat(c->arena, gov_s("doc."),
                                                    act));
            return GOV_OK;
        }
    }

    return gov_fail(c->err, GOV_INVALID, "act", "不能批量办理“%.*s”",
                    gov_strf(gov_utf8_head(act, 20)));
}


static gov_rc_t
gov_bulk_judge(gov_cmd_t *c, gov_command_t *command, gov_value_t *docs)
{
    gov_rc_t      rc;
    gov_cmd_t     own;
    gov_value_t  *doc;

    own = *c;
    rc = GOV_OK;

    gov_each (doc, docs) {
        rc = gov_bulk_input(c, command, doc, &own.in);

        if (rc == GOV_OK) {
            rc = gov_desk_right(&own, command);
        }

        if (rc != GOV_OK) {
            break;
        }
    }

    return rc;
}


/* the command's fields among those given, and the document */

static gov_rc_t
gov_bulk_input(gov_cmd_t *c, gov_command_t *command, gov_value_t *doc,
    gov_value_t **in)
{
    gov_value_t  *given;

    given = gov_value_copy(c->arena, c->in);
    gov_put(given, "doc", gov_value_copy(c->arena, doc));

    return gov_in_read(c->arena, command->in, given, 1, in, c->err);
}


static gov_rc_t
gov_bulk_one(gov_cmd_t *c, gov_command_t *command, gov_value_t *doc,
    unsigned row, unsigned *done)
{
    gov_rc_t    rc;
    gov_cmd_t   own;
    gov_err_t   why;
    gov_txn_t  *child;

    memset(&why, 0, sizeof(gov_err_t));

    if (gov_desk_refused(c, row)) {
        gov_bulk_refuse(c, doc, row, &why);
        return GOV_OK;
    }

    rc = gov_txn_child(c->txn, &child, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    own = *c;
    own.txn = child;
    own.err = &why;
    own.out = gov_map(c->arena);

    rc = gov_bulk_input(&own, command, doc, &own.in);

    if (rc == GOV_OK) {
        rc = command->run(&own);
    }

    if (rc == GOV_OK) {
        (*done)++;
        return gov_txn_commit(&child, c->err);
    }

    gov_txn_end(&child);

    if (rc != GOV_INVALID && rc != GOV_NOT_FOUND && rc != GOV_CONFLICT
        && rc != GOV_DENIED)
    {
        return gov_fail(c->err, rc, "docs", "第 %u 件没有办理（%s）", row,
                        gov_rc_name(rc));
    }

    gov_bulk_refuse(c, doc, row, &why);

    return GOV_OK;
}


static void
gov_bulk_refuse(gov_cmd_t *c, gov_value_t *doc, unsigned row, gov_err_t *why)
{
    gov_desk_refuse_row(c, row, "doc",
                        doc->kind == GOV_STR ? doc->u.s
                            : gov_str_fmt(c->arena, "%lld",
                                          (long long) doc->u.i), why);
}
