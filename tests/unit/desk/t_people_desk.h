
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of the commands on people share: commands that an account
 * gives over the web, and those that govd gives itself.
 *
 *     t_as(t, "zhang", "doc.create", "{...}")
 *     t_as_no(t, "zhang", GOV_DENIED, "site.set", "{...}", "words")
 *     t_inner(t, "session.close", "{...}")
 *
 * An account that acts has a session of its own, opened at its first command.
 */


#ifndef _T_PEOPLE_DESK_H_INCLUDED_
#define _T_PEOPLE_DESK_H_INCLUDED_


#include "desk/t_site_desk.h"


#define T_DAY  (86400 * (int64_t) 1000000)

/* the hash of a session: two digits, 32 times */
#define T_HASH(c)  c c c c c c c c c c c c c c c c c c c c c c c c c c c c c  \
                   c c c


static inline gov_value_t *
t_inner_at(t_store_t *t, const char *command, const char *json,
    const char *file, int line)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op(t, command, t_json(t, json));
    op.door = GOV_DOOR_DAEMON;
    t_rc_at(t_apply(t, &op, &verdict, &seq), GOV_OK, file, line);

    return verdict;
}

#define t_inner(t, command, json)                                             \
    t_inner_at(t, command, json, __FILE__, __LINE__)


static inline void
t_inner_no_at(t_store_t *t, gov_rc_t want, const char *command,
    const char *json, const char *words, const char *file, int line)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op(t, command, t_json(t, json));
    op.door = GOV_DOOR_DAEMON;
    t_rc_at(t_apply(t, &op, &verdict, &seq), want, file, line);
    t_says_at(t, words, file, line);
}

#define t_inner_no(t, want, command, json, words)                             \
    t_inner_no_at(t, want, command, json, words, __FILE__, __LINE__)


static inline gov_account_t
t_account(t_store_t *t, const char *login)
{
    gov_txn_t      *txn;
    gov_account_t   acc;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_account_by_login(txn, t->arena, gov_str_of(login), &acc));
    gov_rec_own(t->arena, &gov_rec_account, &acc.rec);
    gov_txn_end(&txn);

    return acc;
}


/* the hash of its session: made of the number and epoch, so that it is the
 * same every time; opened when there is none, with a second factor where a
 * role asks for one */

static inline gov_str_t
t_session(t_store_t *t, const char *login)
{
    u_char          hash[GOV_DIGEST_LEN];
    gov_str_t       hex, old;
    gov_txn_t      *txn;
    gov_who_t       who;
    gov_signed_t    in;
    gov_account_t   acc;

    acc = t_account(t, login);

    memset(hash, 0, sizeof(hash));
    hash[0] = (u_char) acc.id;
    hash[1] = (u_char) acc.rec.epoch;

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_signed_hash(txn, t->arena, hash, t_now, &in));
    (void) gov_who(txn, t->arena, acc.id, t_now, &who);
    gov_txn_end(&txn);

    hex = gov_hex_str(t->arena, hash, sizeof(hash));

    if (in.is != GOV_SIGNED_IN) {
        old = in.is == GOV_SIGNED_PART
              ? gov_str_fmt(t->arena, ", 'old': '%.*s'", gov_strf(hex))
              : gov_s("");

        t_inner(t, "session.open", gov_str_c(t->arena,
                gov_str_fmt(t->arena, "{'user': '%s', 'session': '%.*s'"
                            "%.*s%s}", login, gov_strf(hex), gov_strf(old),
                            gov_factor_due(&who, &acc.rec)
                            ? ", 'totp': 't'" : "")));
    }

    return gov_str_copy(t->arena, (gov_str_t) { sizeof(hash), hash });
}


static inline gov_rc_t
t_web(t_store_t *t, const char *login, const char *command,
    const char *json, gov_value_t **verdict)
{
    gov_op_t   op;
    uint64_t   seq;

    op = t_op(t, command, t_json(t, json));
    op.door = GOV_DOOR_WEB;
    op.account = t_account(t, login).id;
    op.session = t_session(t, login);
    op.origin = gov_s("web 10.0.0.1");
    t_err_clear(t);

    return t_apply(t, &op, verdict, &seq);
}


static inline gov_value_t *
t_as_at(t_store_t *t, const char *login, const char *command,
    const char *json, const char *file, int line)
{
    gov_value_t  *verdict;

    t_rc_at(t_web(t, login, command, json, &verdict), GOV_OK, file, line);

    return verdict;
}

#define t_as(t, login, command, json)                                         \
    t_as_at(t, login, command, json, __FILE__, __LINE__)


static inline void
t_as_no_at(t_store_t *t, const char *login, gov_rc_t want,
    const char *command, const char *json, const char *words,
    const char *file, int line)
{
    gov_value_t  *verdict;

    t_rc_at(t_web(t, login, command, json, &verdict), want, file, line);
    t_says_at(t, words, file, line);
}

#define t_as_no(t, login, want, command, json, words)                         \
    t_as_no_at(t, login, want, command, json, words, __FILE__, __LINE__)


/* the city of t_city_do() and one more county, columns, and people:
 *
 *     ops         operator        everywhere
 *     safe        security        everywhere
 *     audit       auditor         everywhere
 *     boss        manager         610402
 *     clerk       clerk           610402
 *     pub         publisher       610402
 *     other       manager         610403
 */

static inline void
t_people_do(t_store_t *t)
{
    t_do(t, "blueprint.put", "{'name': 'county', 'title': '县级门户', "
         "'columns': [{'id': 1, 'slug': 'tzgg', 'name': '通知公告', "
         "'kind': 'notice'}, {'id': 2, 'slug': 'gzdt', 'name': '工作动态', "
         "'kind': 'news'}]}");
    t_city_do(t);
    t_do(t, "site.create", "{'code': '610403', 'name': '杨陵区', "
         "'level': 'county', 'parent': '6104', 'slug': 'yangling'}");
    t_do(t, "user.create", "{'login': 'ops', 'name': '系统', "
         "'role': 'operator', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'safe', 'name': '安全', "
         "'role': 'security', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'audit', 'name': '审计', "
         "'role': 'auditor', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'boss', 'name': '站长', "
         "'role': 'manager', 'site': '610402', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'clerk', 'name': '信息员', "
         "'role': 'clerk', 'site': '610402', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'pub', 'name': '签发人', "
         "'role': 'publisher', 'site': '610402', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'other', 'name': '邻区', "
         "'role': 'manager', 'site': '610403', 'secret': 'x'}");
}


#endif /* _T_PEOPLE_DESK_H_INCLUDED_ */
