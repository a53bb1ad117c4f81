
/*
 * Copyright (C) ngx_gov authors
 *
 * A command's or a question's right, judged at the node that its input names.
 *
 * What is not theirs is not there: who holds nothing at a site is told the
 * very sentence of a site that does not exist (GOV_NOT_FOUND); who holds
 * something there, but not this right, is told which (GOV_DENIED).
 */


#ifndef _GOV_JUDGE_H_INCLUDED_
#define _GOV_JUDGE_H_INCLUDED_


#include "content/gov_content.h"
#include "people/gov_people.h"


typedef enum {
    GOV_SCOPE_HUB = 0,          /* the whole platform */
    GOV_SCOPE_SITE,             /* field "site", and "column" if there is one;
                                 * the platform when it is not given */
    GOV_SCOPE_PARENT,           /* field "parent", the same */
    GOV_SCOPE_DOC,              /* field "doc": its site and column */
    GOV_SCOPE_ACCOUNT,          /* field "user", see gov_judge_account() */
    GOV_SCOPE_SELF,             /* who is signed in: the function judges */
    GOV_SCOPE_INNER             /* govd itself, and nobody through a door */
} gov_scope_t;

typedef struct {
    gov_txn_t    *txn;
    gov_arena_t  *arena;
    gov_who_t    *who;
    gov_err_t    *err;
    int64_t       now;
} gov_judge_t;

/*
 * `in` as gov_in_read() shaped it.  column: where no column is named, 0 asks
 * for the whole site, GOV_ANY_COLUMN for some column of it.
 */
gov_rc_t gov_judge(gov_judge_t *j, gov_scope_t scope, gov_right_t right,
    gov_value_t *in, uint32_t column);
/* the same for a node that is known; GOV_HUB: the platform.  field: what the
 * failure is said of */
gov_rc_t gov_judge_at(gov_judge_t *j, gov_right_t right, uint32_t site,
    uint32_t column, const char *field);
/*
 * Who administers an account: people.manage at every node where it holds a
 * grant; at the platform when it holds none.  An account that is kept apart
 * is administered with security.manage for the platform instead (G27).
 * Nobody administers the own one.
 */
gov_rc_t gov_judge_account(gov_judge_t *j, gov_str_t login,
    const char *field, gov_account_t *account);

/* the sentences of what is not there */
gov_rc_t gov_no_site(gov_err_t *err, const char *field, gov_str_t code);
gov_rc_t gov_no_doc(gov_err_t *err, const char *field, uint64_t doc);
gov_rc_t gov_no_account(gov_err_t *err, const char *field, gov_str_t login);


#endif /* _GOV_JUDGE_H_INCLUDED_ */
