
/*
 * Copyright (C) ngx_gov authors
 *
 * people: accounts, what they may where, and who is signed in.
 *
 * Invariants kept here:
 *
 *   1. A right is held at a node of the site tree and reaches all below it;
 *      a grant with a column reaches that column and those below it, in that
 *      site alone.
 *   2. One account holds roles of one kind of administrator only: system,
 *      security, audit (G27).
 *   3. A login is unique, and an account's number is never reused: the
 *      journal names it for ever.
 *   4. The store holds no token and no password: a session stands under the
 *      SHA-256 of its token, secrets are sealed by their maker.
 *   5. A session is over when it ended, was idle too long, its account is not
 *      active any more or has another epoch.
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

/* what one grant gives; rights: bit (1 << gov_right_t) */
typedef struct {
    uint32_t           site;
    gov_str_t          role;
    uint64_t           rights;
    gov_grant_rec_t    rec;
} gov_grant_t;

/* who asks: an account with its grants that hold now, in the arena */
typedef struct {
    uint64_t           account;     /* 0: the machine's own operator */
    gov_str_t          login;
    gov_str_t          name;
    gov_str_t          contractor;
    int                all;         /* 1: may everything (ctl.sock) */
    gov_grant_t       *grants;
    unsigned           ngrants;
} gov_who_t;

#define GOV_GRANTS_MAX  256         /* of an account */
#define GOV_TOKEN_LEN   32          /* bytes of a session's token */


const char *gov_right_name(gov_right_t right);
const char *gov_right_title(gov_right_t right);
int gov_right_parse(gov_str_t name);                /* -1: no such right */

gov_rc_t gov_account_get(gov_txn_t *t, gov_arena_t *a, uint64_t id,
    gov_account_t *account);
gov_rc_t gov_account_by_login(gov_txn_t *t, gov_arena_t *a, gov_str_t login,
    gov_account_t *account);
gov_rc_t gov_role_get(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_role_rec_t *role);

/* the machine's operator */
void gov_who_operator(gov_who_t *who);
/* GOV_NOT_FOUND; GOV_DENIED: suspended or expired */
gov_rc_t gov_who(gov_txn_t *t, gov_arena_t *a, uint64_t account, int64_t now,
    gov_who_t *who);
/*
 * May `who` do this at the site (GOV_HUB: for the whole platform, which only
 * a grant at a root gives where there is one root, and at GOV_HUB else)?
 * column 0: somewhere in the site is not enough, it must be the whole site;
 * GOV_ANY_COLUMN: somewhere is enough.
 */
#define GOV_ANY_COLUMN  UINT32_MAX
int gov_may(gov_txn_t *t, gov_who_t *who, gov_right_t right, uint32_t site,
    uint32_t column);
/* holds anything at all at the site: who does not is told it is not there */
int gov_may_see(gov_txn_t *t, gov_who_t *who, uint32_t site);
/* the highest sites where `who` holds the right: the roots of what is theirs,
 * without those below another of them; in the arena */
gov_rc_t gov_who_roots(gov_txn_t *t, gov_arena_t *a, gov_who_t *who,
    gov_right_t right, uint32_t **sites, unsigned *n);

/*
 * The session of a token (raw bytes).  GOV_NOT_FOUND: there is none, or it is
 * over.  stage other than FULL: only what that stage asks for is allowed.
 */
typedef struct {
    u_char             hash[GOV_DIGEST_LEN];
    gov_session_rec_t  rec;
} gov_session_t;

gov_rc_t gov_session_get(gov_txn_t *t, gov_arena_t *a,
    u_char token[GOV_TOKEN_LEN], int64_t now, gov_session_t *session);
/* what its forms carry: 32 hexadecimal digits made of the token */
#define GOV_CSRF_LEN  32
void gov_session_csrf(u_char token[GOV_TOKEN_LEN], u_char csrf[GOV_CSRF_LEN]);


#endif /* _GOV_PEOPLE_H_INCLUDED_ */
