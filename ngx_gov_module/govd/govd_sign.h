
/*
 * Copyright (C) ngx_gov authors
 *
 * Signing in.  Every step that succeeds changes the token (nobody who knew it
 * before is signed in afterwards) and answers {"to": path}:
 *
 *     sign-in --password--> [code] --> [password] --> [factor] --> full
 *     invite  --password--> [code] -------------------/
 *
 *     code        the account has a second factor
 *     password    it must choose a new one
 *     factor      a role of it asks for a second factor and it has none
 *
 * What a step finds is written by one command of the desk, session.open,
 * which only govd gives: a session in place of the one before, and what proved
 * it, all of it or nothing.
 *
 *     govd_sign.c           sign-in, sign-out, what the steps share
 *     govd_sign_code.c      the second factor asked for and set up
 *     govd_sign_password.c  a new password, by a session or by a link
 *     govd_device.c         browsers that an account signed in with
 *     govd_sign_mail.c      another mail address, the password proved
 */


#ifndef _GOVD_SIGN_H_INCLUDED_
#define _GOVD_SIGN_H_INCLUDED_


#include "govd/govd_door.h"


struct govd_sign_s {
    gov_str_t          login;
    gov_str_t          password;
    gov_str_t          old;             /* to be proved first, or empty */
    gov_account_t      account;         /* id 0: there is none */
    gov_str_t          phc;             /* of it, or of nobody */
    gov_stage_t        stage;           /* the next one */
    u_char             token[GOV_TOKEN_LEN];
    gov_str_t          invite;          /* hash of the link's token */
    gov_str_t          secret;          /* of a new second factor */
    int64_t            step;            /* of the code that proved it */
};


/* routes */
void govd_sign_in(govd_request_t *r);
void govd_sign_code(govd_request_t *r);
void govd_sign_factor_new(govd_request_t *r);
void govd_sign_factor(govd_request_t *r);
void govd_sign_password(govd_request_t *r);
void govd_sign_invite(govd_request_t *r);
void govd_sign_mail(govd_request_t *r);
void govd_sign_out(govd_request_t *r);

/*
 * What the steps share; an int that is not 0 says that the answer is filled.
 */

/* reads the form; who has a session proves that it is theirs */
int govd_sign_form(govd_request_t *r);
/* account of the session and the next stage, locks looked at */
int govd_sign_session(govd_request_t *r);
int govd_sign_locked(govd_request_t *r, gov_txn_t *t);
/* what comes after a stage; GOV_STAGE_FULL for the beginning of all */
gov_rc_t govd_sign_next(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_stage_t after, gov_stage_t *next);
void govd_sign_refuse(govd_request_t *r);
/* the password, given once more as "old", is there to be proved: s->phc */
int govd_sign_old(govd_request_t *r);
/* run in the pool, the connection asleep */
void govd_sign_slowly(govd_request_t *r, void (*run)(void *data));

/* the command of a step, in the account's name; *input is made */
int govd_sign_op(govd_request_t *r, const char *command,
    gov_value_t **input);
/* the one that ends a step: a new token of stage s->stage is in it */
int govd_sign_turn(govd_request_t *r, gov_value_t **input);
/* what was proved against: it must still be this when the command is done */
void govd_sign_was(govd_request_t *r, gov_value_t *input, const char *field,
    gov_str_t sealed);
/* a failed try is counted; the answer says no more than that */
int govd_sign_fail(govd_request_t *r);
/* when the command is done: cookie and where to go on; the latter alone */
void govd_sign_done(govd_request_t *r);
void govd_sign_said(govd_request_t *r);

/* number of a browser that this login signed in with; empty: it is none */
gov_str_t govd_device(govd_request_t *r, gov_str_t login);
/* it is one from now on */
void govd_device_give(govd_request_t *r, gov_str_t login);

/* a text of the account's, bound to it: what is "password", say */
gov_rc_t govd_sign_seal(govd_request_t *r, const char *what,
    gov_str_t plain, gov_str_t *sealed);
gov_rc_t govd_sign_unseal(govd_request_t *r, const char *what,
    gov_str_t sealed, gov_str_t *plain);


#endif /* _GOVD_SIGN_H_INCLUDED_ */
