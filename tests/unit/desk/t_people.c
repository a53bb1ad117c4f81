
/*
 * Copyright (C) ngx_gov authors
 *
 * The commands on people: who gives what to whom (B03, G27), contractors
 * (H07), who is missed (H05), and what govd does while somebody signs in.
 */


#include "desk/t_people_desk.h"
#include "view/gov_query.h"


static gov_value_t *
t_ask(t_store_t *t, const char *login, const char *query, const char *json)
{
    gov_txn_t    *txn;
    gov_who_t     who;
    gov_value_t  *out, *copy;

    txn = t_begin(t, GOV_TXN_READ);
    gov_who_operator(&who);

    if (login != NULL) {
        t_ok(gov_who(txn, t->arena, t_account(t, login).id, t_now, &who));
    }

    copy = NULL;

    if (gov_query(txn, t->arena, &who, gov_str_of(query), t_json(t, json),
                  t_now, &out, &t->err)
        == GOV_OK)
    {
        copy = gov_value_copy(t->arena, out);
    }

    gov_txn_end(&txn);

    return copy;
}


/* "boss clerk " of the rows' member */

static gov_str_t
t_names(t_store_t *t, gov_value_t *v, const char *member)
{
    gov_buf_t     b;
    gov_value_t  *row;

    gov_buf_init(&b, t->arena, 64);

    gov_each(row, gov_member(v, "rows")) {
        gov_buf_fmt(&b, "%.*s ", gov_strf(gov_get_str(row, member)));
    }

    return b.s;
}


static void
who_gives_what_to_whom(void **state)
{
    unsigned      i;
    gov_rc_t      rc;
    t_store_t    *t = *state;
    gov_value_t  *v;

    static struct {
        const char  *login;
        const char  *role;
        const char  *site;
        gov_rc_t     rc;
        const char  *words;
    } rows[] = {
        { "boss", "clerk", "610402", GOV_OK, "" },
        { "boss", "publisher", "610402001", GOV_OK, "" },
        { "boss", "manager", "610402001", GOV_OK, "" },
        { "boss", "clerk", "610403", GOV_NOT_FOUND, "没有代码为" },
        { "boss", "clerk", "6104", GOV_NOT_FOUND, "没有代码为" },
        { "boss", "platform", "610402", GOV_DENIED, "platform.read" },
        { "boss", "operator", "610402", GOV_DENIED, "security.manage" },
        { "boss", "auditor", "610402", GOV_DENIED, "security.manage" },
        { "boss", "none", "610402", GOV_NOT_FOUND, "没有名为“none”的角色" },
        { "clerk", "clerk", "610402", GOV_DENIED, "people.manage" },
        { "pub", "clerk", "610402", GOV_DENIED, "people.manage" },
        { "ops", "manager", "610403", GOV_OK, "" },
        { "ops", "platform", "6104", GOV_OK, "" },
        { "ops", "operator", "6104", GOV_DENIED, "security.manage" },
        { "ops", "security", "6104", GOV_DENIED, "security.manage" },
        { "ops", "auditor", "6104", GOV_DENIED, "security.manage" },
        { "safe", "operator", "6104", GOV_OK, "" },
        { "safe", "clerk", "610402", GOV_DENIED, "people.manage" },
        { "safe", "auditor", "6104", GOV_DENIED, "须由不同的人担任" },
        { "audit", "clerk", "610402", GOV_DENIED, "people.manage" },
        { "audit", "auditor", "6104", GOV_DENIED, "security.manage" }
    };

    t_people_do(t);
    t_do(t, "user.create", "{'login': 'new', 'name': '新人'}");

    for (i = 0; i < t_rows(rows); i++) {
        rc = t_web(t, rows[i].login, "user.grant", gov_str_c(t->arena,
                   gov_str_fmt(t->arena, "{'user': 'new', 'role': '%s', "
                               "'site': '%s'}", rows[i].role,
                               rows[i].site)), &v);

        if (rc != rows[i].rc
            || (rc != GOV_OK && !strstr(t->err.text, rows[i].words)))
        {
            fail_msg("row %u, %s gives %s at %s: %s, %s", i, rows[i].login,
                     rows[i].role, rows[i].site, gov_rc_name(rc),
                     t->err.text);
        }
    }

    t_as_no(t, "boss", GOV_DENIED, "user.grant", "{'user': 'boss', "
            "'role': 'publisher', 'site': '610402'}", "自己的账号");
    t_as_no(t, "boss", GOV_DENIED, "user.grant", "{'user': 'new', "
            "'role': 'clerk'}", "people.manage");

    /* taken as given */
    t_as_no(t, "other", GOV_NOT_FOUND, "user.revoke", "{'user': 'new', "
            "'role': 'clerk', 'site': '610402'}", "没有代码为");
    t_as(t, "boss", "user.revoke", "{'user': 'new', 'role': 'clerk', "
         "'site': '610402'}");
    t_as_no(t, "boss", GOV_NOT_FOUND, "user.revoke", "{'user': 'new', "
            "'role': 'clerk', 'site': '610402'}", "没有“clerk”的授权");
    t_as_no(t, "ops", GOV_DENIED, "user.revoke", "{'user': 'audit', "
            "'role': 'auditor'}", "security.manage");
}


static void
accounts_are_made_and_changed_by_those_over_them(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);

    v = t_as(t, "boss", "user.create", "{'login': 'li', 'name': '李', "
             "'site': '610402', 'role': 'clerk', 'invite': 'h1'}");
    t_str(gov_get_str(v, "user"), "li");
    t_str(gov_get_str(v, "state"), "invited");
    t_str(gov_get_str(v, "invite"), "h1");
    t_as_no(t, "boss", GOV_DENIED, "user.create", "{'login': 'wu', "
            "'name': '吴'}", "people.manage");
    t_as_no(t, "boss", GOV_DENIED, "user.create", "{'login': 'wu', "
            "'name': '吴', 'site': '610402', 'role': 'clerk', "
            "'secret': 'x'}", "邀请链接");
    t_as_no(t, "boss", GOV_CONFLICT, "user.create", "{'login': 'other', "
            "'name': '重名', 'site': '610402', 'role': 'clerk'}",
            "已被使用");
    t_as_no(t, "ops", GOV_INVALID, "user.create", "{'login': 'wu', "
            "'name': '吴', 'site': '610402'}", "没有说明授予什么角色");

    t_as(t, "boss", "user.set", "{'user': 'li', 'phone': '123'}");
    t_as_no(t, "other", GOV_NOT_FOUND, "user.set", "{'user': 'li', "
            "'phone': '5'}", "没有登录名为“li”的账号");
    t_as_no(t, "clerk", GOV_NOT_FOUND, "user.set", "{'user': 'li', "
            "'phone': '5'}", "没有登录名为“li”的账号");
    t_as_no(t, "boss", GOV_DENIED, "user.set", "{'user': 'boss', "
            "'phone': '5'}", "自己的账号");

    /* who works elsewhere too is the business of who is over both */
    t_as(t, "other", "user.grant", "{'user': 'li', 'role': 'clerk', "
         "'site': '610403'}");
    t_as_no(t, "boss", GOV_DENIED, "user.suspend", "{'user': 'li'}",
            "people.manage");
    t_as(t, "ops", "user.suspend", "{'user': 'li'}");
    t_as_no(t, "ops", GOV_CONFLICT, "user.suspend", "{'user': 'li'}",
            "已经停用");
    v = t_as(t, "ops", "user.resume", "{'user': 'li'}");
    t_str(gov_get_str(v, "state"), "invited");

    /* administrators: the security administrator's */
    t_as_no(t, "ops", GOV_DENIED, "user.suspend", "{'user': 'audit'}",
            "security.manage");
    t_as_no(t, "ops", GOV_DENIED, "user.invite", "{'user': 'audit'}",
            "security.manage");
    t_as(t, "safe", "user.sessions_end", "{'user': 'ops'}");
    t_as_no(t, "safe", GOV_DENIED, "user.invite", "{'user': 'ops', "
            "'factor': true}", "只能在平台服务器上重置");
    t_do(t, "user.invite", "{'user': 'ops', 'factor': true}");
}


/* a link makes who has it the account: rule 2 as for giving its roles */

static void
nobody_takes_over_who_holds_more(void **state)
{
    t_store_t  *t = *state;

    t_people_do(t);
    t_do(t, "role.create", "{'role': 'builder', 'title': '建站', "
         "'rights': ['site.read', 'site.manage']}");
    t_do(t, "user.create", "{'login': 'area', 'name': '片区', "
         "'site': '610402', 'role': 'builder', 'until': '2026-11-30', "
         "'mail': 'a@b.cn', 'secret': 'x'}");

    t_as_no(t, "boss", GOV_DENIED, "user.grant", "{'user': 'area', "
            "'role': 'builder', 'site': '610402'}", "site.manage");
    t_as_no(t, "boss", GOV_DENIED, "user.invite", "{'user': 'area', "
            "'factor': true}", "site.manage");
    t_as_no(t, "boss", GOV_DENIED, "user.invite", "{'user': 'area', "
            "'invite': 'h'}", "site.manage");
    t_as_no(t, "boss", GOV_DENIED, "user.set", "{'user': 'area', "
            "'mail': 'me@b.cn'}", "site.manage");
    t_as_no(t, "other", GOV_NOT_FOUND, "user.invite", "{'user': 'area'}",
            "没有登录名为“area”的账号");

    /* what is no way in stays the manager's */

    t_as(t, "boss", "user.set", "{'user': 'area', 'phone': '123', "
         "'mail': 'a@b.cn'}");
    t_as(t, "boss", "user.suspend", "{'user': 'area'}");
    t_as_no(t, "boss", GOV_DENIED, "user.set", "{'user': 'area', "
            "'mail': 'me@b.cn'}", "site.manage");
    t_as(t, "boss", "user.resume", "{'user': 'area'}");

    t_as(t, "ops", "user.invite", "{'user': 'area', 'factor': true}");
    t_as(t, "ops", "user.set", "{'user': 'area', 'mail': 'b@b.cn'}");
    t_as(t, "boss", "user.invite", "{'user': 'clerk', 'factor': true}");

    t_now += 30 * T_DAY;
    t_as(t, "boss", "user.invite", "{'user': 'area', 'factor': true}");
    t_now -= 30 * T_DAY;
}


/* G27 */

static void
a_role_joins_no_two_administrators(void **state)
{
    t_store_t  *t = *state;

    t_people_do(t);

    t_as_no(t, "ops", GOV_DENIED, "role.create", "{'role': 'x', "
            "'title': 'x', 'rights': ['doc.read']}", "role.manage");
    t_as_no(t, "safe", GOV_DENIED, "role.create", "{'role': 'x', "
            "'title': 'x', 'rights': ['audit.read', 'security.manage']}",
            "不能放在一个角色中");
    t_as(t, "safe", "role.create", "{'role': 'x', 'title': 'x', "
         "'rights': ['security.manage']}");
    t_as_no(t, "safe", GOV_CONFLICT, "role.create", "{'role': 'x', "
            "'title': 'x', 'rights': ['doc.read']}", "已有角色");
    t_do(t, "user.grant", "{'user': 'safe', 'role': 'x'}");
    t_as_no(t, "safe", GOV_DENIED, "role.set", "{'role': 'x', "
            "'rights': ['doc.publish']}", "自己担任的角色");
    t_as_no(t, "safe", GOV_CONFLICT, "role.set", "{'role': 'clerk', "
            "'rights': ['doc.publish']}", "平台自带");
    t_as_no(t, "safe", GOV_CONFLICT, "role.remove", "{'role': 'x'}",
            "还有人担任");
    t_do(t, "user.revoke", "{'user': 'safe', 'role': 'x'}");
    t_as(t, "safe", "role.remove", "{'role': 'x'}");
}


/* invariant 2: it would hold for who is given it next and for no holder */

static void
a_role_that_is_held_stays_of_its_kind(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);
    t_as(t, "safe", "role.create", "{'role': 'r', 'title': '自设', "
         "'rights': ['site.read']}");
    t_do(t, "user.grant", "{'user': 'ops', 'role': 'r'}");

    t_as_no(t, "safe", GOV_CONFLICT, "role.set", "{'role': 'r', "
            "'rights': ['audit.read']}", "还有人担任“r”");
    t_no(t, GOV_CONFLICT, "role.set", "{'role': 'r', "
         "'rights': ['security.manage']}", "还有人担任“r”");
    t_as(t, "safe", "role.set", "{'role': 'r', 'title': '看', "
         "'rights': ['doc.read']}");

    /* what a journal says was done before this was refused */

    op = t_op(t, "role.set", t_json(t, "{'role': 'r', "
              "'rights': ['audit.read']}"));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_rc(t_apply(t, &op, &v, &seq), GOV_OK);

    t_do(t, "user.revoke", "{'user': 'ops', 'role': 'r'}");
    t_as(t, "safe", "role.set", "{'role': 'r', 'rights': ['audit.read']}");
    t_as_no(t, "safe", GOV_DENIED, "user.grant", "{'user': 'ops', "
            "'role': 'r'}", "须由不同的人担任");

    /* nor does it become another kind, or none */

    t_as(t, "safe", "user.grant", "{'user': 'audit', 'role': 'r'}");
    t_as_no(t, "safe", GOV_CONFLICT, "role.set", "{'role': 'r', "
            "'rights': ['doc.read']}", "还有人担任“r”");
    t_as(t, "safe", "role.set", "{'role': 'r', "
         "'rights': ['audit.read', 'doc.read']}");
}


/* rule 3: it takes two to make an administrator */

static void
nobody_alone_makes_an_administrator(void **state)
{
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);

    t_as_no(t, "safe", GOV_DENIED, "user.create", "{'login': 'x9', "
            "'name': 'x', 'role': 'operator', 'invite': 'h'}",
            "people.manage");
    t_as_no(t, "ops", GOV_DENIED, "user.create", "{'login': 'x9', "
            "'name': 'x', 'role': 'operator'}", "security.manage");

    /* nor by a role of the platform's own that is both */

    t_as_no(t, "safe", GOV_DENIED, "role.create", "{'role': 'r', "
            "'title': 'x', 'rights': ['security.manage', "
            "'people.manage']}", "不能放在一个角色中");
    t_as(t, "safe", "role.create", "{'role': 'r', 'title': 'x', "
         "'rights': ['role.manage']}");
    t_as_no(t, "safe", GOV_DENIED, "role.set", "{'role': 'r', "
            "'rights': ['role.manage', 'people.manage']}",
            "不能放在一个角色中");

    op = t_op(t, "role.set", t_json(t, "{'role': 'r', 'rights': "
              "['role.manage', 'people.manage']}"));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.dry_run = 1;
    t_rc(t_apply(t, &op, &v, &seq), GOV_OK);

    /* one makes the account, the other the administrator */

    t_as(t, "ops", "user.create", "{'login': 'x9', 'name': 'x', "
         "'invite': 'h'}");
    t_as(t, "safe", "user.grant", "{'user': 'x9', 'role': 'operator'}");
    t_do(t, "user.create", "{'login': 'x8', 'name': 'x', "
         "'role': 'operator', 'invite': 'h'}");

    /* nor does the other get the link, while nothing else is asked for */

    t_as_no(t, "safe", GOV_DENIED, "user.invite", "{'user': 'x9', "
            "'invite': 'h'}", "people.manage");
    t_as_no(t, "safe", GOV_DENIED, "user.set", "{'user': 'x9', "
            "'mail': 'me@b.cn'}", "people.manage");
    t_as_no(t, "ops", GOV_DENIED, "user.invite", "{'user': 'x9'}",
            "security.manage");
    t_do(t, "user.invite", "{'user': 'x9', 'invite': 'h'}");

    t_inner(t, "session.open", "{'user': 'x9', 'session': '" T_HASH("0a")
            "', 'secret': 's', 'invite': 'h', 'stage': 'factor'}");
    t_inner(t, "session.open", "{'user': 'x9', 'session': '" T_HASH("0b")
            "', 'old': '" T_HASH("0a") "', 'totp': 't'}");
    t_as(t, "safe", "user.invite", "{'user': 'x9', 'invite': 'h'}");
    t_as(t, "safe", "user.set", "{'user': 'x9', 'mail': 'a@b.cn'}");
}


/* H07 */

static void
a_contractor_ends_and_is_named(void **state)
{
    gov_txn_t        *txn;
    t_store_t        *t = *state;
    gov_entry_rec_t   e;

    t_people_do(t);

    t_as_no(t, "boss", GOV_INVALID, "user.create", "{'login': 'wb', "
            "'name': '外包', 'contractor': '某公司', 'site': '610402', "
            "'role': 'clerk'}", "必须写明到期时间");
    t_do(t, "user.create", "{'login': 'wb', 'name': '外包', "
         "'contractor': '某公司', 'expires': '2026-12-31', "
         "'site': '610402', 'role': 'clerk', 'secret': 'x'}");
    t_as_no(t, "boss", GOV_DENIED, "user.grant", "{'user': 'wb', "
            "'role': 'publisher', 'site': '610402'}", "必须写明到期时间");
    t_as(t, "boss", "user.grant", "{'user': 'wb', 'role': 'publisher', "
         "'site': '610402', 'until': '2026-12-01'}");

    t_as(t, "wb", "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一', 'body': '一'}");

    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_journal_get(txn, t->arena, gov_journal_head(txn), &e));
    t_str(e.actor, "wb（某公司）");
    t_str(e.origin, "web 10.0.0.1");
    gov_txn_end(&txn);

    t_as(t, "wb", "doc.publish", "{'doc': 1}");
    t_now += 10 * T_DAY;
    t_as_no(t, "wb", GOV_DENIED, "doc.withdraw", "{'doc': 1, "
            "'reason': 'x'}", "doc.publish");
    t_now += 40 * T_DAY;
    t_inner_no(t, GOV_DENIED, "session.open", "{'user': 'wb', 'session': "
               "'0000000000000000000000000000000000000000000000000000000000"
               "000000'}", "已停用或已到期");
    t_now = T_NOW + 5000;
}


/* H05, G26 */

static void
who_is_missed_is_told_and_listed(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);
    t_do(t, "site.set", "{'site': '610402', 'head': '甲', 'keeper': '乙'}");

    v = t_ask(t, "boss", "people.gaps", "{}");
    t_str(t_names(t, v, "site"), "610402001000 ");

    v = t_as(t, "boss", "user.suspend", "{'user': 'clerk'}");
    v = gov_member(v, "warnings");
    assert_non_null(v);
    assert_int_equal(v->n, 1);
    t_str(v->u.first->u.s, "“秦都区”（610402000000）没有采编人员了");

    v = t_ask(t, "boss", "people.gaps", "{}");
    t_str(t_names(t, v, "site"), "610402000000 610402001000 ");
    v = gov_member(v, "rows")->u.first;
    assert_false(gov_get_bool(v, "editor"));
    assert_true(gov_get_bool(v, "publisher"));
    assert_true(gov_get_bool(v, "head"));

    v = t_ask(t, "other", "people.gaps", "{}");
    t_str(t_names(t, v, "site"), "610403000000 ");
    v = t_ask(t, "pub", "people.gaps", "{}");
    t_str(t_names(t, v, "site"), "");

    v = t_as(t, "boss", "user.revoke", "{'user': 'pub', "
             "'role': 'publisher', 'site': '610402'}");
    assert_int_equal(gov_member(v, "warnings")->n, 2);

    /* somebody above is somebody */
    t_do(t, "user.create", "{'login': 'city', 'name': '市', "
         "'role': 'clerk', 'site': '6104', 'secret': 'x'}");
    v = t_ask(t, "boss", "people.gaps", "{}");
    assert_true(gov_get_bool(gov_member(v, "rows")->u.first, "editor"));
}


/* one's own, by the names that me.get gives; nobody else is told them */

static void
people_end_their_own_sessions_alone(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);
    t_inner(t, "session.open", "{'user': 'clerk', 'session': '" T_HASH("0c")
            "'}");
    t_inner(t, "session.open", "{'user': 'clerk', 'session': '" T_HASH("0d")
            "'}");

    v = t_ask(t, "clerk", "me.get", "{}");
    v = gov_member(v, "sessions");
    assert_int_equal(v->n, 2);
    assert_int_equal(gov_get_str(v->u.first, "session").len, 64);
    v = t_ask(t, "boss", "user.get", "{'user': 'clerk'}");
    assert_null(gov_member(gov_member(v, "sessions")->u.first, "session"));

    t_as_no(t, "boss", GOV_NOT_FOUND, "me.sessions_end", "{'sessions': ['"
            T_HASH("0c") "']}", "会话已经结束");
    t_no(t, GOV_NOT_FOUND, "me.sessions_end", "{'sessions': ['"
         T_HASH("0c") "']}", "会话已经结束");
    t_as_no(t, "clerk", GOV_INVALID, "me.sessions_end",
            "{'sessions': ['0c']}", "64 位十六进制");

    v = t_as(t, "clerk", "me.sessions_end", "{'sessions': ['" T_HASH("0c")
             "', '" T_HASH("0e") "', '" T_HASH("0d") "']}");
    assert_int_equal(gov_get_int(v, "ended", -1), 2);
    v = t_ask(t, "clerk", "me.get", "{}");
    assert_int_equal(gov_member(v, "sessions")->n, 1);
}


/* what is not theirs is in no list, and no secret is in any */

static void
questions_show_what_is_theirs(void **state)
{
    t_store_t    *t = *state;
    gov_str_t     text;
    gov_value_t  *v;

    t_people_do(t);
    t_do(t, "user.create", "{'login': 'li', 'name': '李', "
         "'site': '610402', 'role': 'clerk', 'invite': 'INVITE'}");
    t_inner(t, "session.open", "{'user': 'clerk', 'session': '"
            T_HASH("0c") "', 'totp': 'TOTP', 'recovery': 'RECOVERY', "
            "'secret': 'SECRET'}");

    v = t_ask(t, NULL, "user.list", "{}");
    t_str(t_names(t, v, "user"),
          "ops safe audit boss clerk pub other li ");
    v = t_ask(t, "boss", "user.list", "{}");
    t_str(t_names(t, v, "user"), "boss clerk pub li ");
    v = t_ask(t, "boss", "user.list", "{'site': '610402', 'limit': 2}");
    t_str(t_names(t, v, "user"), "boss clerk ");
    v = t_ask(t, "boss", "user.list", gov_str_c(t->arena,
              gov_str_fmt(t->arena, "{'site': '610402', 'after': %lld}",
                          (long long) gov_get_int(v, "next", 0))));
    t_str(t_names(t, v, "user"), "pub li ");
    v = t_ask(t, "safe", "user.list", "{}");
    t_str(t_names(t, v, "user"),
          "ops safe audit boss clerk pub other li ");
    v = t_ask(t, "clerk", "user.list", "{}");
    t_str(t_names(t, v, "user"), "clerk ");
    assert_null(t_ask(t, "clerk", "user.list", "{'site': '610402'}"));
    assert_null(t_ask(t, "boss", "user.list", "{'site': '610403'}"));
    t_says(t, "没有代码为");
    assert_null(t_ask(t, "boss", "user.get", "{'user': 'other'}"));
    t_says(t, "没有登录名为“other”的账号");

    v = t_ask(t, "boss", "user.get", "{'user': 'clerk'}");
    assert_int_equal(gov_member(v, "sessions")->n, 1);
    assert_int_equal(gov_member(v, "grants")->n, 1);
    assert_true(gov_get_bool(v, "factor"));

    /* not where a colleague elsewhere sits */
    t_do(t, "user.grant", "{'user': 'clerk', 'role': 'clerk', "
         "'site': '610403'}");
    v = t_ask(t, "boss", "user.get", "{'user': 'clerk'}");
    assert_null(gov_member(v, "sessions"));
    assert_int_equal(gov_member(v, "grants")->n, 1);
    v = t_ask(t, "clerk", "user.get", "{'user': 'clerk'}");
    assert_int_equal(gov_member(v, "grants")->n, 2);

    text = gov_str_cat(t->arena, t_text(t, v), t_text(t,
                       t_ask(t, NULL, "user.get", "{'user': 'li'}")));
    text = gov_str_cat(t->arena, text, t_text(t,
                       t_ask(t, NULL, "user.list", "{}")));
    assert_null(strstr(gov_str_c(t->arena, text), "SECRET"));
    assert_null(strstr(gov_str_c(t->arena, text), "TOTP"));
    assert_null(strstr(gov_str_c(t->arena, text), "RECOVERY"));
    assert_null(strstr(gov_str_c(t->arena, text), "INVITE"));

    v = t_ask(t, "boss", "me.get", "{}");
    t_str(gov_get_str(v, "user"), "boss");
    t_str(gov_get_str(gov_member(v, "roots")->u.first, "site"),
          "610402000000");
    assert_int_equal(gov_member(v, "rights")->n, 6);
    v = t_ask(t, NULL, "me.get", "{}");
    assert_true(gov_get_bool(v, "operator"));

    v = t_ask(t, "boss", "site.list", "{}");
    t_str(t_names(t, v, "code"), "610402000000 610402001000 ");
    assert_null(t_ask(t, "boss", "site.list", "{'parent': '6104'}"));
    assert_null(t_ask(t, "boss", "site.get", "{'site': '6104'}"));
    assert_null(t_ask(t, "boss", "journal.list", "{}"));
    assert_non_null(t_ask(t, "audit", "journal.list", "{}"));
    assert_null(t_ask(t, "boss", "store.stats", "{}"));
    assert_int_equal(gov_member(t_ask(t, "boss", "role.list", "{}"),
                                "rows")->n, 16);
    assert_int_equal(gov_member(t_ask(t, "boss", "right.list", "{}"),
                                "rows")->n, GOV_RIGHT_MAX);
}


/* a clerk of one column lists what is in it */

static void
a_list_leaves_out_other_columns(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);
    t_do(t, "user.create", "{'login': 'one', 'name': '一栏', "
         "'role': 'clerk', 'site': '610402', 'column': 'tzgg', "
         "'secret': 'x'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一', 'body': '一'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'gzdt', "
         "'title': '二', 'body': '二'}");

    v = t_ask(t, "clerk", "doc.list", "{'site': '610402'}");
    t_str(t_names(t, v, "title"), "二 一 ");
    v = t_ask(t, "one", "doc.list", "{'site': '610402'}");
    t_str(t_names(t, v, "title"), "一 ");
    assert_non_null(t_ask(t, "one", "doc.get", "{'doc': 1}"));
    assert_null(t_ask(t, "one", "doc.get", "{'doc': 2}"));
    t_says(t, "doc.read");
}


static const char *
t_in_column(t_store_t *t, const char *column, const char *more)
{
    return gov_str_c(t->arena, gov_str_fmt(t->arena, "{'site': '610402', "
                     "'column': '%s'%s}", column, more));
}


/* a grant is found by its column: it could never be taken back */

static void
a_column_that_is_granted_stays(void **state)
{
    unsigned      i;
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    const char   *json, *grant;
    gov_value_t  *v;

    static const char  *columns[] = { "gzdt", "own" };

    t_people_do(t);
    t_do(t, "column.create", "{'site': '610402', 'slug': 'own', "
         "'name': '自设'}");

    for (i = 0; i < t_rows(columns); i++) {
        json = t_in_column(t, columns[i], "");
        grant = t_in_column(t, columns[i], ", 'user': 'clerk', "
                            "'role': 'reviewer', 'until': '2026-11-30'");

        t_as(t, "boss", "user.grant", grant);
        t_as_no(t, "boss", GOV_CONFLICT, "column.remove", json, "还有人");

        /* what a journal says was done before this was refused */

        op = t_op(t, "column.remove", t_json(t, json));
        op.door = GOV_DOOR_REPLAY;
        op.again = 1;
        op.dry_run = 1;
        t_rc(t_apply(t, &op, &v, &seq), GOV_OK);

        /* one that ended is still there to be taken */

        t_now += 30 * T_DAY;
        t_no(t, GOV_CONFLICT, "column.remove", json, "还有人");
        t_now -= 30 * T_DAY;

        t_as(t, "boss", "user.revoke", t_in_column(t, columns[i],
             ", 'user': 'clerk', 'role': 'reviewer'"));
        t_as(t, "boss", "column.remove", json);
    }
}


static void
signing_in_step_by_step(void **state)
{
    t_store_t      *t = *state;
    gov_value_t    *v;
    gov_account_t   li;

    t_people_do(t);
    t_do(t, "user.create", "{'login': 'li', 'name': '李', "
         "'site': '610402', 'role': 'clerk', 'invite': 'h1'}");

    /* the link: once, and not for ever */
    t_inner_no(t, GOV_DENIED, "session.open", "{'user': 'li', 'session': '"
               T_HASH("0a") "'}", "已停用或已到期");
    t_inner_no(t, GOV_DENIED, "session.open", "{'user': 'li', 'session': '"
               T_HASH("0a") "', 'secret': 's', 'invite': 'h2'}",
               "已经用过或已过期");
    t_now += 4 * T_DAY;
    t_inner_no(t, GOV_DENIED, "session.open", "{'user': 'li', 'session': '"
               T_HASH("0a") "', 'secret': 's', 'invite': 'h1'}",
               "已经用过或已过期");
    t_do(t, "user.invite", "{'user': 'li', 'invite': 'h2'}");
    v = t_inner(t, "session.open", "{'user': 'li', 'session': '"
                T_HASH("0a") "', 'secret': 's', 'invite': 'h2', "
                "'stage': 'factor'}");
    t_str(gov_get_str(v, "stage"), "factor");
    t_inner_no(t, GOV_DENIED, "session.open", "{'user': 'li', 'session': '"
               T_HASH("0b") "', 'secret': 's', 'invite': 'h2'}",
               "已经用过或已过期");
    li = t_account(t, "li");
    assert_int_equal(li.rec.state, GOV_ACCOUNT_ACTIVE);
    assert_int_equal(li.rec.last, 0);

    /* on in a new session, the one before is over; no step twice */
    t_inner(t, "session.open", "{'user': 'li', 'session': '" T_HASH("0b")
            "', 'old': '" T_HASH("0a") "', 'totp': 't', 'recovery': 'r', "
            "'step': 70}");
    li = t_account(t, "li");
    assert_int_equal(li.rec.step, 70);
    assert_true(li.rec.last != 0);
    t_inner_no(t, GOV_NOT_FOUND, "session.close", "{'session': '"
               T_HASH("0a") "'}", "会话已经结束");
    t_inner_no(t, GOV_DENIED, "session.open", "{'user': 'li', 'session': '"
               T_HASH("0c") "', 'step': 70}", "验证码已经用过");
    t_inner_no(t, GOV_CONFLICT, "session.open", "{'user': 'li', "
               "'session': '" T_HASH("0c") "', 'totp': 'u'}",
               "已有第二因素");
    t_inner_no(t, GOV_CONFLICT, "session.open", "{'user': 'li', "
               "'session': '" T_HASH("0c") "', 'secret_was': 'x'}",
               "刚刚改过");
    t_inner_no(t, GOV_INVALID, "session.open", "{'user': 'li', "
               "'session': '0b'}", "64 位十六进制");
    t_inner_no(t, GOV_INVALID, "session.open", "{'user': 'li', "
               "'session': '" T_HASH("0c") "', 'stage': 'x'}",
               "没有登录阶段");
    t_inner_no(t, GOV_DENIED, "session.open", "{'user': 'boss', "
               "'session': '" T_HASH("0c") "', 'old': '" T_HASH("0b") "'}",
               "会话属于别的账号");

    /* another factor in the place of the one that was proved: the same */
    t_inner(t, "session.open", "{'user': 'li', 'session': '"
            T_HASH("0e") "'}");
    t_inner_no(t, GOV_CONFLICT, "session.open", "{'user': 'li', "
               "'session': '" T_HASH("0d") "', 'totp': 'u', 'totp_was': 'x'}",
               "刚刚改过");
    t_inner(t, "session.open", "{'user': 'li', 'session': '" T_HASH("0d")
            "', 'old': '" T_HASH("0b") "', 'totp': 'u', 'recovery': 's', "
            "'totp_was': 'e3b98a4da31a127d4bde6e43033f66ba274cab0eb7eb1c70ec"
            "41402bf6273dd8'}");
    t_inner_no(t, GOV_NOT_FOUND, "session.open", "{'user': 'li', "
               "'session': '" T_HASH("0b") "', 'old': '" T_HASH("0e") "'}",
               "会话已经结束");
    t_inner(t, "session.open", "{'user': 'li', 'session': '" T_HASH("0b")
            "', 'old': '" T_HASH("0d") "'}");

    /* a new password in the place of a session: all others are over */
    t_inner(t, "session.open", "{'user': 'li', 'session': '"
            T_HASH("0c") "'}");
    t_inner(t, "session.open", "{'user': 'li', 'session': '" T_HASH("0d")
            "', 'old': '" T_HASH("0b") "', 'secret': 't'}");
    v = t_ask(t, "li", "user.get", "{'user': 'li'}");
    assert_int_equal(gov_member(v, "sessions")->n, 1);

    /* seen keeps it, close and sweep end it */
    t_now += 20 * 60 * (int64_t) 1000000;
    t_inner(t, "session.seen", "{'sessions': ['" T_HASH("0c") "', '"
            T_HASH("0d") "']}");
    t_now += 20 * 60 * (int64_t) 1000000;
    v = t_ask(t, "li", "user.get", "{'user': 'li'}");
    assert_int_equal(gov_member(v, "sessions")->n, 1);
    t_inner(t, "session.close", "{'session': '" T_HASH("0d") "'}");

    t_inner(t, "attempt.note", "{'user': 'li', 'address': '10.0.0.1'}");
    t_do(t, "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一', 'body': '一'}");
    t_do(t, "doc.preview", "{'doc': 1, 'hash': '" T_HASH("00") "'}");
    t_do(t, "doc.preview", "{'doc': 1, 'hash': '" T_HASH("ff") "'}");
    t_do(t, "doc.preview", "{'doc': 1, 'hours': 24, 'hash': '" T_HASH("0a")
         "'}");
    t_do(t, "doc.preview", "{'doc': 1, 'hours': 24, 'hash': '" T_HASH("fe")
         "'}");
    t_now += 2 * T_DAY;
    v = t_inner(t, "session.sweep", "{}");
    assert_int_equal(gov_get_int(v, "sessions", -1), 2);
    assert_int_equal(gov_get_int(v, "attempts", -1), 2);
    assert_int_equal(gov_get_int(v, "previews", -1), 2);
    v = t_inner(t, "session.sweep", "{}");
    assert_int_equal(gov_get_int(v, "previews", -1), 0);

    /* nobody else does any of this */
    t_no(t, GOV_DENIED, "session.close", "{'session': 'x'}",
         "只由平台自己进行");
    t_now = T_NOW + 9000;
}


static void
a_link_is_no_second_factor(void **state)
{
    t_store_t  *t = *state;

    t_people_do(t);
    t_do(t, "user.create", "{'login': 'li', 'name': '李', "
         "'site': '610402', 'role': 'clerk', 'invite': 'h1'}");
    t_inner(t, "session.open", "{'user': 'li', 'session': '" T_HASH("0a")
            "', 'secret': 's', 'invite': 'h1'}");
    t_inner(t, "session.open", "{'user': 'li', 'session': '" T_HASH("0b")
            "', 'old': '" T_HASH("0a") "', 'totp': 't'}");

    t_do(t, "user.invite", "{'user': 'li', 'invite': 'h2'}");
    t_inner_no(t, GOV_DENIED, "session.open", "{'user': 'li', 'session': '"
               T_HASH("0c") "', 'secret': 's', 'invite': 'h2'}",
               "还须验证第二因素");
    t_inner(t, "session.open", "{'user': 'li', 'session': '" T_HASH("0c")
            "', 'secret': 's', 'invite': 'h2', 'stage': 'code'}");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(who_gives_what_to_whom),
        t_test(accounts_are_made_and_changed_by_those_over_them),
        t_test(nobody_takes_over_who_holds_more),
        t_test(a_role_joins_no_two_administrators),
        t_test(a_role_that_is_held_stays_of_its_kind),
        t_test(nobody_alone_makes_an_administrator),
        t_test(a_contractor_ends_and_is_named),
        t_test(who_is_missed_is_told_and_listed),
        t_test(people_end_their_own_sessions_alone),
        t_test(questions_show_what_is_theirs),
        t_test(a_list_leaves_out_other_columns),
        t_test(a_column_that_is_granted_stays),
        t_test(signing_in_step_by_step),
        t_test(a_link_is_no_second_factor)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
