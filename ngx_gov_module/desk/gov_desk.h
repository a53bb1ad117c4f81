
/*
 * Copyright (C) ngx_gov authors
 *
 * desk: every command, five steps always in this order:
 *
 *     right -> load -> check -> change -> note
 *
 * A command is a row of gov_commands.h and a function of gov_desk_*.c.  All
 * that is not deterministic (time, id, random bytes) is in the operation
 * before it is applied, so that replaying a journal gives the same store.
 *
 * gov_desk_apply() does what is common: who asks is read from the store, so
 * that what was taken from them a moment ago is gone; an operation id that
 * was applied before gives its first verdict again; the input is checked
 * against the row's fields and the right at the node that it names; the
 * command runs; its effect is noted.  The caller gives a
 * (child) transaction and commits or ends it.
 */


#ifndef _GOV_DESK_H_INCLUDED_
#define _GOV_DESK_H_INCLUDED_


#include "content/gov_judge.h"
#include "link/gov_link.h"
#include "desk/gov_command.h"


/* where an operation came from decides who asks */
typedef enum {
    GOV_DOOR_CTL = 1,           /* ctl.sock: the platform's operator */
    GOV_DOOR_WEB,               /* web.sock: an account with its session */
    GOV_DOOR_DAEMON,            /* govd itself */
    GOV_DOOR_WORK,              /* the same, for the account that asked */
    GOV_DOOR_REPLAY             /* a journal being replayed */
} gov_door_t;

#define GOV_ORIGIN_WEB  "web "      /* then the address: of an account */
#define GOV_ORIGIN_WORK  "work "    /* then its number: of an account */
#define GOV_ORIGIN_DAEMON  "govd"
#define GOV_RANDOM_LEN  16

typedef struct gov_safe_s  gov_safe_t;

typedef struct {
    u_char           id[GOV_OPID_LEN];
    int64_t          time;                  /* UTC microseconds */
    u_char           random[GOV_RANDOM_LEN];
    gov_door_t       door;
    uint64_t         account;               /* of WEB; 0: not signed in */
    gov_str_t        session;               /* hash of its token */
    gov_who_t       *who;                   /* found by gov_desk_apply() */
    gov_str_t        actor;                 /* the same for WEB */
    gov_str_t        origin;
    gov_str_t        command;
    gov_value_t     *input;
    int              dry_run;               /* checked, then not committed */
    const char      *blobs;                 /* directory of attachments */
    gov_safe_t      *safe;                  /* of gov_desk_prepare() */
    gov_str_t        token;                 /* of a one-time link; the input
                                             * has its hash */
    gov_value_t     *refused;               /* parts, of a replay; NULL: the
                                             * entry does not say */
    gov_value_t     *effects;               /* of a replay, see
                                             * gov_desk_effect() */
    int              again;                 /* see gov_txn_make_again() */
    int              looked;                /* govd saw the files it names */
    int              by_digest;             /* made again: its bodies had
                                             * names of format 4 */
} gov_op_t;

/* a body that the command has stored */
typedef struct {
    gov_str_t        source;                /* as it stands in the input */
    gov_str_t        name;                  /* hexadecimal */
    uint32_t         site;
} gov_seen_body_t;

/* what a command function works with */
struct gov_cmd_s {
    gov_op_t        *op;
    gov_txn_t       *txn;
    gov_arena_t     *arena;                 /* lives until the answer is out */
    gov_value_t     *in;                    /* the input, fields checked */
    gov_value_t     *out;                   /* the verdict, a map to fill */
    gov_err_t       *err;

    gov_safe_t      *safe;                  /* the next of op->safe */
    gov_seen_body_t *bodies;                /* see gov_desk_body() */
    unsigned         n_bodies;
    unsigned         max_bodies;

    gov_value_t     *refused;               /* see gov_desk_refuse_row() */
    gov_value_t     *effects;               /* see gov_desk_effect() */

    unsigned         told;                  /* notices, see gov_desk_tell.h */
    unsigned         looked;

    uint32_t         path_site;             /* of the column found last */
    uint32_t         path_column;           /* 0: none yet */
    gov_str_t        path;                  /* see gov_desk_doc_url() */
};


extern gov_command_t  gov_commands[];       /* ends with a NULL name */

gov_command_t *gov_command_find(gov_str_t name);

/*
 * The bodies of the input made safe ahead, in the caller's thread: what may
 * take long is then done before the transaction begins.  Needs no store.  May
 * be left out.  budget: microseconds of processor time, looked at before each
 * body; GOV_INVALID beyond it.
 */
gov_rc_t gov_desk_prepare(gov_arena_t *a, gov_op_t *op, int64_t budget,
    gov_err_t *err);

/*
 * GOV_OK: *verdict is the answer, *seq the journal's number (0 in a dry run);
 * otherwise err says why and the caller must end the transaction unharmed.
 */
gov_rc_t gov_desk_apply(gov_txn_t *t, gov_arena_t *a, gov_op_t *op,
    gov_value_t **verdict, uint64_t *seq, gov_err_t *err);

/* rows of CSV, a map each, whose members the first line names in English or
 * in Chinese; GOV_INVALID: none, or more than max */
gov_rc_t gov_desk_csv_rows(gov_arena_t *a, gov_str_t text, unsigned max,
    gov_value_t **rows, gov_err_t *err);

/* an operation made again from a journal entry; bodies read from `from` */
gov_rc_t gov_desk_replay_op(gov_txn_t *from, gov_arena_t *a,
    gov_entry_rec_t *entry, gov_op_t *op, gov_err_t *err);


#endif /* _GOV_DESK_H_INCLUDED_ */
