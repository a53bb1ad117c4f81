
/*
 * Copyright (C) ngx_gov authors
 *
 * The way of a document from the first note to the public, and what is
 * written down of it.  Part of gov_content.h, which has the types.
 *
 * Which acts there are at which step, who may do them and where they lead is
 * one table, in gov_flow.c.  What a flow asks for is set in columns, sites
 * and the policy "flow", each setting where it is nearest: up the column
 * tree, then up the site tree, then the policy's.  Where nothing is set a
 * document needs no review.
 */


#ifndef _GOV_FLOW_H_INCLUDED_
#define _GOV_FLOW_H_INCLUDED_


/* steps in order: what is rejected goes to an earlier one */
typedef enum {
    GOV_STEP_COLLECT = 0,
    GOV_STEP_EDIT,
    GOV_STEP_REVIEW1,
    GOV_STEP_REVIEW2,
    GOV_STEP_REVIEW3,
    GOV_STEP_SIGN,
    GOV_STEP_DONE,
    GOV_STEP_MAX
} gov_step_t;

/* the numbers stand in the store: never reused */
typedef enum {
    GOV_ACT_WRITE = 1,          /* a version */
    GOV_ACT_HAND,               /* from who collected to who edits */
    GOV_ACT_SUBMIT,
    GOV_ACT_PASS,
    GOV_ACT_REJECT,
    GOV_ACT_RECALL,             /* by who submitted, before anyone passed */
    GOV_ACT_TAKE_BACK,          /* of a pass, by who passed last */
    GOV_ACT_SIGN,               /* publication */
    GOV_ACT_URGENT,             /* publication without the reviews */
    GOV_ACT_LATER,              /* the review that an urgent one still owes */
    GOV_ACT_SECRECY,            /* 保密审查 */
    GOV_ACT_WITHDRAW,
    GOV_ACT_EXPIRE,
    GOV_ACT_MOVE,
    GOV_ACT_CORRECT,            /* a correction told to the public */
    GOV_ACT_TAKE_OVER,          /* of another's lock */
    GOV_ACT_PIN,
    GOV_ACT_MAX
} gov_act_t;

/* who acts, and when */
typedef struct {
    uint64_t         account;       /* 0: the machine's own operator */
    gov_str_t        name;
    int64_t          now;
    gov_str_t        reason;        /* for the log; of a withdrawal public */
    gov_str_t        what;          /* told to the public: what changed */
    gov_str_t        why;
    int              unseen;        /* made again of an entry that made a
                                       draft of what had been public */
} gov_by_t;

/* kinds of change the public is told of; they stand in the store */
typedef enum {
    GOV_CHANGE_EDITED = 1,          /* a new version */
    GOV_CHANGE_CORRECTED,           /* the same, or a note, with words */
    GOV_CHANGE_WITHDRAWN,
    GOV_CHANGE_AGAIN                /* public once more */
} gov_change_t;

/* what a flow asks for; members as in the stored settings */
typedef struct {
    int              reviews;       /* 0 to 3 */
    int              apart;         /* who wrote neither passes nor signs, and
                                       nobody passes twice (N28) */
    int              alt;           /* images have words (A12) */
    int              openness;      /* the attribute is stated (D01) */
    int              secrecy;       /* the review is stamped (D01) */
} gov_flow_t;

#define GOV_LOCK_TIME    (15LL * 60 * 1000000)
#define GOV_PREVIEW_MAX  (720LL * 3600 * 1000000)


/* kinds of tasks behind the steps */
#define GOV_TASK_LATER    16        /* a review that is owed */
#define GOV_TASK_COMING   17        /* a publication at its time */
#define GOV_TASK_LEAVING  18        /* an expiry at its time */
/* in place of a kind in DESK: then an account and its documents */
#define GOV_DESK_MAKER    0x80000000u
/* or why one is not published and its column, by a time and its number: what
 * is published stands in LISTS */
#define GOV_DESK_STATE(state, column)                                         \
    (0x40000000u | (uint32_t) (state) << 20 | (uint32_t) (column))

typedef enum {
    GOV_DESK_DRAFT = 0,         /* time it was made */
    GOV_DESK_WITHDRAWN          /* time it was withdrawn */
} gov_desk_state_t;


const char *gov_step_name(int step);        /* "review1" */
const char *gov_step_title(int step);       /* "一审" */
int gov_step_parse(gov_str_t name);         /* -1: no such step */
const char *gov_act_name(int act);
const char *gov_act_title(int act);

gov_step_t gov_doc_step(gov_doc_rec_t *d);
gov_rc_t gov_flow_of(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, gov_flow_t *flow);

/* the right that an act asks for at the document's step; GOV_CONFLICT: there
 * is no such act at this step */
gov_rc_t gov_flow_right(gov_doc_rec_t *d, gov_act_t act, gov_right_t *right,
    gov_err_t *err);

/*
 * What moves a document between the steps; all but publication, which is
 * gov_doc_publish().  n: the version meant, which must be the last one where
 * somebody judges it.  The rights are the caller's to ask for.
 */
gov_rc_t gov_doc_hand(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_by_t *by, gov_err_t *err);
gov_rc_t gov_doc_submit(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_by_t *by, gov_err_t *err);
gov_rc_t gov_doc_pass(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_by_t *by, gov_err_t *err);
gov_rc_t gov_doc_reject(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_step_t to, gov_by_t *by, gov_err_t *err);
/* which of the two it is follows from who acts: gov_doc_back() */
gov_act_t gov_doc_back(gov_doc_rec_t *d, gov_by_t *by);
gov_rc_t gov_doc_recall(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_by_t *by, gov_err_t *err);
/* the review that was left out in a hurry */
gov_rc_t gov_doc_later(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_by_t *by, gov_err_t *err);
/* 保密审查 of a version */
gov_rc_t gov_doc_secrecy(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_by_t *by, gov_err_t *err);

/* an edit lock: GOV_CONFLICT names who holds it; take = 1 takes it over.
 * gov_doc_write() asks for it */
gov_rc_t gov_doc_lock(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, int take,
    gov_by_t *by, gov_err_t *err);
gov_rc_t gov_doc_unlock(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_by_t *by, gov_err_t *err);
/* between colleagues, never public */
gov_rc_t gov_doc_note(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_str_t text, gov_by_t *by, gov_err_t *err);

/* by->what and by->why are told to the public, beside the page */
gov_rc_t gov_doc_correct(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_by_t *by, gov_err_t *err);
/* row n of a document's public history, from 1 to rec.changes */
gov_rc_t gov_doc_change(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_changed_rec_t *row);
const char *gov_change_name(int kind);      /* "corrected" */

/* a link to version n for who holds the token of this SHA-256 */
gov_rc_t gov_preview_put(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_str_t hash, int64_t until, gov_by_t *by, gov_err_t *err);
/* GOV_NOT_FOUND: there is none; GOV_DENIED: it has ended */
gov_rc_t gov_preview_get(gov_txn_t *t, gov_arena_t *a, gov_str_t token,
    int64_t now, gov_preview_rec_t *row);

/* drops those that ended among max links, from a place in the order of their
 * hashes on; *n: how many */
gov_rc_t gov_preview_sweep(gov_txn_t *t, gov_arena_t *a, gov_str_t from,
    int64_t now, unsigned max, unsigned *n);

/* first in its list until then; 0: no more */
gov_rc_t gov_doc_pin(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    int64_t until, gov_by_t *by, gov_err_t *err);

/* tasks and the desk's rows follow from the record: the difference of what
 * it was (NULL: nothing) and what it is is written.  gov_doc_save() does it,
 * a restore must */
gov_rc_t gov_tasks_follow(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_doc_rec_t *was);
/* none of them are left of a document that is about to go */
gov_rc_t gov_tasks_forget(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc);
/* a site and all below it hang below another since: `site` is as it is now,
 * `was` the parent before; and a site that ended has no tasks */
gov_rc_t gov_tasks_move(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t was, gov_err_t *err);
gov_rc_t gov_tasks_end(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_err_t *err);

/* rows that follow from records, where a store lacks them: some documents a
 * step, from a zeroed position until `done` */
#define GOV_INDEXES_DOCS  500

typedef struct {
    uint32_t         site;          /* the last one done */
    uint64_t         doc;           /* the last one done of the next site */
    int              done;
} gov_indexes_t;

gov_rc_t gov_indexes_step(gov_txn_t *t, gov_arena_t *a, gov_indexes_t *at,
    gov_err_t *err);


#endif /* _GOV_FLOW_H_INCLUDED_ */
