
/*
 * Copyright (C) ngx_gov authors
 *
 * Who is signed in in the city of fuzz_store.h, each with a session that
 * began at F_NOW and whose token is 32 times the same letter:
 *
 *     w   wang   everything that one may, everywhere
 *     c   chen   a clerk of 610402
 *     a   anli   reads the journal of the platform
 *     p   peng   is still to choose a password
 */


#ifndef _FUZZ_PEOPLE_H_INCLUDED_
#define _FUZZ_PEOPLE_H_INCLUDED_


#include "people/gov_people.h"

#include "fuzz_store.h"


static const char  *f_people_made[][2] = {
    { "role.create", "{\"role\":\"all\",\"title\":\"全部\",\"rights\":["
      "\"site.read\",\"site.manage\",\"site.edit\",\"column.manage\","
      "\"doc.read\",\"doc.write\",\"doc.review\",\"doc.publish\","
      "\"doc.urgent\",\"doc.refer\",\"link.manage\",\"banner.manage\","
      "\"people.manage\"]}" },
    { "user.create", "{\"login\":\"wang\",\"name\":\"王\",\"role\":\"all\"}" },
    { "user.create", "{\"login\":\"chen\",\"name\":\"陈\",\"role\":\"clerk\","
      "\"site\":\"610402\"}" },
    { "user.create", "{\"login\":\"anli\",\"name\":\"安\","
      "\"role\":\"auditor\"}" },
    { "user.create", "{\"login\":\"peng\",\"name\":\"彭\"}" }
};


static inline void
f_token(u_char token[GOV_TOKEN_LEN], int letter)
{
    memset(token, letter, GOV_TOKEN_LEN);
}


static inline void
f_session(gov_txn_t *txn, gov_arena_t *a, const char *login)
{
    u_char         token[GOV_TOKEN_LEN];
    gov_account_t  account;
    gov_session_t  session;

    memset(&session, 0, sizeof(gov_session_t));
    f_token(token, login[0]);

    f_must(gov_account_by_login(txn, a, gov_str_of(login), &account)
           == GOV_OK);
    f_must(gov_session_hash(token, session.hash) == GOV_OK);

    session.rec.address = gov_s("192.0.2.1");
    session.rec.stage = login[0] == 'p' ? GOV_STAGE_PASSWORD : GOV_STAGE_FULL;

    f_must(gov_session_open(txn, a, &account, &session, F_NOW) == GOV_OK);
}


static inline void
f_people(void)
{
    gov_txn_t    *txn;
    gov_arena_t  *a;

    static int  made;

    if (made++) {
        return;
    }

    a = gov_arena_new(16384);
    txn = f_begin(GOV_TXN_WRITE);
    f_apply_all(txn, a, f_people_made,
                sizeof(f_people_made) / sizeof(f_people_made[0]));

    f_session(txn, a, "wang");
    f_session(txn, a, "chen");
    f_session(txn, a, "anli");
    f_session(txn, a, "peng");

    f_must(gov_txn_commit(&txn, NULL) == GOV_OK);
    gov_arena_free(&a);
}


#endif /* _FUZZ_PEOPLE_H_INCLUDED_ */
