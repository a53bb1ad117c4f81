
/*
 * Copyright (C) ngx_gov authors
 *
 * people: accounts, what they may where, and who is signed in.
 *
 * Invariants kept here:
 *
 *   1. A right is held at a node of the site tree and reaches all below it;
 *      a grant with a column reaches that column and those below it, in that
 *      site alone, and gives what has a meaning in a column.
 *   2. One account holds roles of one kind of administrator only: system,
 *      security, audit (G27).  Of which kind a role is follows from its
 *      rights, so no role of a platform's own can join two of them, and one
 *      that somebody holds stays of its kind.
 *   3. A login is unique, and an account's number is never reused: the
 *      journal names it for ever.
 *   4. The store holds no token and no password: a session stands under the
 *      SHA-256 of its token, secrets are sealed by their maker.
 *   5. A session is over when it ended, was idle too long, its account is not
 *      active any more or has another epoch.
 *   6. An account of a contractor ends by itself, and publishes only by a
 *      grant that does so too (H07).
 *   7. The roles that come with the platform are rows of gov_rights.h and are
 *      not stored; a stored role never has the name of one.
 *
 * Who may give what to whom is the desk's to judge (gov_desk_people.h).
 *
 * "now" is always a parameter, UTC microseconds.  Reading functions take any
 * transaction; strings live until its end.
 */


#ifndef _GOV_PEOPLE_H_INCLUDED_
#define _GOV_PEOPLE_H_INCLUDED_


#include "site/gov_site.h"
#include "people/gov_rights.h"


#define GOV_RIGHT_ID(id, name, title)  GOV_RIGHT_##id,

typedef enum {
    GOV_RIGHTS(GOV_RIGHT_ID)
    GOV_RIGHT_MAX               /* how many there are */
} gov_right_t;

#define gov_right_bit(right)  ((uint64_t) 1 << (right))

typedef enum {
    GOV_APART_NONE = 0,
    GOV_APART_SYSTEM,
    GOV_APART_SECURITY,
    GOV_APART_AUDIT
} gov_apart_t;

typedef enum {
    GOV_ACCOUNT_ACTIVE = 0,
    GOV_ACCOUNT_INVITED,        /* has no password yet */
    GOV_ACCOUNT_SUSPENDED
} gov_account_state_t;

/* what a session is still asked for before it may do anything else */
typedef enum {
    GOV_STAGE_FULL = 0,
    GOV_STAGE_CODE,             /* the second factor */
    GOV_STAGE_PASSWORD,         /* to choose a new password */
    GOV_STAGE_FACTOR            /* to set the second factor up */
} gov_stage_t;

typedef struct {
    uint64_t           id;
    gov_account_rec_t  rec;
} gov_account_t;

/* what one grant gives; rights: bits, gov_right_bit() */
typedef struct {
    uint64_t           account;
    uint32_t           site;        /* GOV_HUB: the platform */
    uint32_t           column;      /* 0: the whole site */
    gov_str_t          role;
    uint64_t           rights;
    gov_apart_t        apart;
    int                factor;
    gov_grant_rec_t    rec;
} gov_grant_t;

/* who asks: an account with its grants that hold now, in the arena */
typedef struct {
    uint64_t           account;     /* 0: the machine's own operator */
    gov_str_t          login;
    gov_str_t          name;
    gov_str_t          contractor;
    int                all;         /* 1: may everything (ctl.sock) */
    int                factor;      /* 1: a role asks for a second factor */
    gov_grant_t       *grants;
    unsigned           ngrants;
    gov_arena_t       *arena;       /* the one it was read into */
} gov_who_t;

#define GOV_GRANTS_MAX  256         /* of an account */
#define GOV_TOKEN_LEN   32          /* bytes of a session's token */


const char *gov_right_name(gov_right_t right);
const char *gov_right_title(gov_right_t right);
int gov_right_parse(gov_str_t name);                /* -1: no such right */
/* the kind of administrator that these rights make; -1: of two kinds */
int gov_rights_apart(uint64_t rights);
const char *gov_apart_name(gov_apart_t apart);      /* "system", "" for none */


/* accounts */

gov_rc_t gov_account_get(gov_txn_t *t, gov_arena_t *a, uint64_t id,
    gov_account_t *account);
gov_rc_t gov_account_by_login(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_account_t *account);
/* every account, in order of number: start with *id = 0 */
gov_rc_t gov_account_next(gov_txn_t *t, gov_arena_t *a, uint64_t *id,
    gov_account_t *account);
const char *gov_account_state_name(int state);
/* active or invited, and not expired */
int gov_account_holds(gov_account_rec_t *rec, int64_t now);
/* signed in from there of late */
int gov_account_knows(gov_account_rec_t *rec, gov_str_t address);
/* how the journal names it: login, a contractor's with its company */
gov_str_t gov_account_actor(gov_arena_t *a, gov_str_t login,
    gov_str_t contractor);

/* a new one: login and name checked, number given.  GOV_CONFLICT: taken */
gov_rc_t gov_account_add(gov_txn_t *t, gov_arena_t *a,
    gov_account_t *account, gov_err_t *err);
/* every field but the login, which stays what it was */
gov_rc_t gov_account_save(gov_txn_t *t, gov_arena_t *a,
    gov_account_t *account, gov_err_t *err);
/* all its sessions are over; the caller saves it */
void gov_account_epoch(gov_account_t *account);


/* roles */

/* GOV_NOT_FOUND; rights: bits of them, may be NULL */
gov_rc_t gov_role_get(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_role_rec_t *role, uint64_t *rights);
/* the platform's first, then its own by name: start with an empty name */
gov_rc_t gov_role_next(gov_txn_t *t, gov_arena_t *a, gov_str_t *name,
    gov_role_rec_t *role);
/* a platform's own; title and rights checked, apart follows from them */
gov_rc_t gov_role_put(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_role_rec_t *role, gov_err_t *err);
/* by a grant, ended ones too; GOV_NOT_FOUND: by none */
gov_rc_t gov_role_held(gov_txn_t *t, gov_arena_t *a, gov_str_t name);
/* GOV_CONFLICT: somebody holds it */
gov_rc_t gov_role_drop(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_err_t *err);


/* grants */

/* all of an account, those that ended too, in order of site and column */
gov_rc_t gov_grants(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    gov_grant_t **list, unsigned *n);
/* those given at the site itself, in order of account: from above `after` on,
 * at most max accounts; *next: the last account seen, 0 at the end */
gov_rc_t gov_holders(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t after, unsigned max, gov_grant_t **list, unsigned *n,
    uint64_t *next);
/* somebody holds a grant in the column itself, ended ones too; GOV_NOT_FOUND:
 * nobody does */
gov_rc_t gov_held_in(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column);

/*
 * Which of the rights does anybody whose account holds have there, for the
 * site as a whole or in a column (H05)?  Begun by gov_manned_begin(), it is
 * asked of one site after the other, and what was found at the nodes above
 * them is remembered: grants must not change meanwhile.
 */
#define GOV_MANNED_NODES  64

typedef struct {
    int                known;
    uint32_t           node;
    uint64_t           held;        /* there or above */
} gov_manned_node_t;

typedef struct {
    gov_txn_t         *txn;
    gov_arena_t       *arena;
    uint64_t           rights;      /* bits */
    int64_t            now;
    gov_manned_node_t  nodes[GOV_MANNED_NODES];
} gov_manned_t;

void gov_manned_begin(gov_manned_t *m, gov_txn_t *t, gov_arena_t *a,
    uint64_t rights, int64_t now);
gov_rc_t gov_manned(gov_manned_t *m, uint32_t site, uint64_t *held);

/* does it hold: has not ended */
int gov_grant_holds(gov_grant_t *grant, int64_t now);
/* given again, its `until` is the new one; a grant that would break
 * invariants 2 or 6 is refused */
gov_rc_t gov_grant_put(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_grant_t *grant, int64_t now, gov_err_t *err);
gov_rc_t gov_grant_drop(gov_txn_t *t, gov_arena_t *a, gov_grant_t *grant,
    gov_err_t *err);


/* the grants at a site as lines of its export */
gov_rc_t gov_people_export(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_line_pt line, void *data, gov_err_t *err);


/* who asks */

/* the machine's operator */
void gov_who_operator(gov_who_t *who);
/* GOV_NOT_FOUND; GOV_DENIED: suspended or expired */
gov_rc_t gov_who(gov_txn_t *t, gov_arena_t *a, uint64_t account, int64_t now,
    gov_who_t *who);
/* 1: a role asks for a second factor, and the account has none */
int gov_factor_due(gov_who_t *who, gov_account_rec_t *rec);
/*
 * May `who` do this at the site (GOV_HUB: for the whole platform, which a
 * grant at GOV_HUB gives, and one at the root where there is one root)?
 * column 0: somewhere in the site is not enough, it must be the whole site;
 * GOV_ANY_COLUMN: somewhere is enough.  What cannot be read is not allowed.
 */
#define GOV_ANY_COLUMN  UINT32_MAX
int gov_may(gov_txn_t *t, gov_who_t *who, gov_right_t right, uint32_t site,
    uint32_t column);
/* holds anything at all at the site: who does not is told it is not there */
int gov_may_see(gov_txn_t *t, gov_who_t *who, uint32_t site);
/* the same for all that hangs below it, at any depth (GOV_HUB: for all) */
int gov_may_see_below(gov_txn_t *t, gov_who_t *who, uint32_t site);
/*
 * The highest sites where `who` holds the right, in a column at least: the
 * roots of what is theirs, without those below another of them; in the
 * arena.  For the whole platform these are its roots, GOV_ROOTS_MAX at most.
 */
#define GOV_ROOTS_MAX   1000
gov_rc_t gov_who_roots(gov_txn_t *t, gov_arena_t *a, gov_who_t *who,
    gov_right_t right, uint32_t **sites, unsigned *n);


/* sessions */

typedef struct {
    u_char             hash[GOV_DIGEST_LEN];
    gov_session_rec_t  rec;
} gov_session_t;

typedef enum {
    GOV_SIGNED_NOT = 0,         /* no session, or over, or of no account */
    GOV_SIGNED_PART,            /* it is still asked for something: stage */
    GOV_SIGNED_IN
} gov_signed_is_t;

/* who asks; of GOV_SIGNED_NOT nothing else is filled */
typedef struct {
    gov_signed_is_t    is;
    gov_stage_t        stage;
    gov_session_t      session;
    gov_account_t      account;
    gov_who_t          who;
} gov_signed_t;

/*
 * Who asks with this token (raw bytes; NULL: with none), or with the session
 * of this hash.  Every door asks here and nowhere else: of GOV_SIGNED_PART
 * nothing is allowed but what its stage asks for.  Who was given a role that
 * asks for a second factor since they signed in is at GOV_STAGE_FACTOR.
 * Other than GOV_OK: the store failed.
 */
gov_rc_t gov_signed(gov_txn_t *t, gov_arena_t *a, u_char *token,
    int64_t now, gov_signed_t *in);
gov_rc_t gov_signed_hash(gov_txn_t *t, gov_arena_t *a, const u_char *hash,
    int64_t now, gov_signed_t *in);

/* the same of an account for which long work goes on without a session:
 * GOV_DENIED where none of its sessions could act now */
gov_rc_t gov_signed_work(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    int64_t now, gov_who_t *who);

/* GOV_NOT_FOUND: there is none, or it is over */
gov_rc_t gov_session_by_hash(gov_txn_t *t, gov_arena_t *a,
    const u_char hash[GOV_DIGEST_LEN], int64_t now, gov_session_t *session);
/* of a token (raw bytes) */
gov_rc_t gov_session_hash(u_char token[GOV_TOKEN_LEN],
    u_char hash[GOV_DIGEST_LEN]);
/* what its forms carry: 32 hexadecimal digits made of the token */
#define GOV_CSRF_LEN  32
void gov_session_csrf(u_char token[GOV_TOKEN_LEN], u_char csrf[GOV_CSRF_LEN]);
/* microseconds: longest rest and longest life, by the policy "security" */
gov_rc_t gov_session_limits(gov_txn_t *t, gov_arena_t *a, int64_t now,
    int64_t *idle, int64_t *absolute);
/* those of an account that are not over, at most max, in the arena */
gov_rc_t gov_sessions(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    int64_t now, unsigned max, gov_session_t **list, unsigned *n);
const char *gov_stage_name(int stage);
int gov_stage_parse(gov_str_t name);                /* -1: no such stage */

/* began, ends, seen and the account's epoch are put; stage, address, agent
 * are the caller's */
gov_rc_t gov_session_open(gov_txn_t *t, gov_arena_t *a,
    gov_account_t *account, gov_session_t *session, int64_t now);
/* stage, seen and epoch anew */
gov_rc_t gov_session_save(gov_txn_t *t, gov_arena_t *a,
    gov_session_t *session);
gov_rc_t gov_session_close(gov_txn_t *t, gov_arena_t *a,
    const u_char hash[GOV_DIGEST_LEN]);
/* those that ended are dropped, at most max; *n how many */
gov_rc_t gov_session_sweep(gov_txn_t *t, gov_arena_t *a, int64_t now,
    unsigned max, unsigned *n);


/*
 * Failed sign-ins in a row, counted for a login, whether anybody has it or
 * not, and for the address they came from.  From GOV_ATTEMPTS of a login on,
 * or GOV_ATTEMPTS_ADDRESS of an address, it is locked: for a minute, then for
 * twice as long with each further one, an hour at most.  While it is locked
 * none is counted; a count that rests for a day begins anew.
 *
 * An address that the account signed in from of late has a count of its own
 * for the login: what fails elsewhere does not lock its owner out of it.  So
 * has a device that the account signed in with, wherever it is (not empty:
 * govd has proved it): what it fails is counted for it alone, and no lock but
 * its own holds for it.
 */
#define GOV_ATTEMPTS          5
#define GOV_ATTEMPTS_ADDRESS  20
#define GOV_ATTEMPT_LOCK      (60 * (int64_t) 1000000)
#define GOV_ATTEMPT_MOST      (60 * GOV_ATTEMPT_LOCK)
#define GOV_ATTEMPT_REST      (24 * GOV_ATTEMPT_MOST)

gov_rc_t gov_attempt_note(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_str_t address, gov_str_t device, int64_t now);
/* the later time of those until which it is locked, 0: it never was */
gov_rc_t gov_attempt_until(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_str_t address, gov_str_t device, int64_t *until);
/* who signed in begins anew, where they did; their address does not */
gov_rc_t gov_attempt_clear(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_str_t address, gov_str_t device);
/* those that rest and are not locked are dropped, at most max */
gov_rc_t gov_attempt_sweep(gov_txn_t *t, gov_arena_t *a, int64_t now,
    unsigned max, unsigned *n);


#endif /* _GOV_PEOPLE_H_INCLUDED_ */
