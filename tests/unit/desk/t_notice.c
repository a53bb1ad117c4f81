
/*
 * Copyright (C) ngx_gov authors
 *
 * Who is told of what: by acts of the workflow and on people, in the same
 * transaction; what is shown of it; which mails are due; and all of it again
 * from the journal.
 */


#include "desk/t_people_desk.h"
#include "desk/t_replay.h"
#include "people/gov_notice.h"
#include "view/gov_query.h"


#define T_MINUTE  (60 * (int64_t) 1000000)

/* digest of "a" */
#define T_A  "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"


static gov_value_t *
t_ask(t_store_t *t, const char *login, const char *query, const char *json)
{
    gov_txn_t    *txn;
    gov_who_t     who;
    gov_value_t  *out, *copy;

    txn = t_begin(t, GOV_TXN_READ);

    if (login == NULL) {
        gov_who_operator(&who);

    } else {
        t_ok(gov_who(txn, t->arena, t_account(t, login).id, t_now, &who));
    }

    t_ok(gov_query(txn, t->arena, &who, gov_str_of(query), t_json(t, json),
                   t_now, &out, &t->err));
    copy = gov_value_copy(t->arena, out);
    gov_txn_end(&txn);

    return copy;
}


/* "task(审我/请看) " of those not read, the newest first; "note(-) " for one
 * whose title is not shown */

static gov_str_t
t_told(t_store_t *t, const char *login)
{
    gov_buf_t     b;
    gov_str_t     title;
    gov_value_t  *row, *v;

    gov_buf_init(&b, t->arena, 64);
    v = t_ask(t, login, "notice.list", "{}");

    gov_each (row, gov_member(v, "rows")) {
        if (gov_get_bool(row, "read")) {
            continue;
        }

        title = gov_get_str(row, gov_member(row, "doc") ? "title"
                                                        : "site_name");
        gov_buf_fmt(&b, "%.*s(%.*s", gov_strf(gov_get_str(row, "kind")),
                    gov_strf(gov_get_bool(row, "hidden") ? gov_s("-")
                                                         : title));

        if (gov_get_str(row, "text").len) {
            gov_buf_fmt(&b, "/%.*s", gov_strf(gov_get_str(row, "text")));
        }

        gov_buf_c(&b, ") ");
    }

    return b.s;
}


static void
t_read_all(t_store_t *t, const char *login)
{
    t_as(t, login, "notice.read", "{'all': true}");
}


/* one who reviews at the county, and one for the whole platform; a clerk of
 * one column alone */

static void
t_staff(t_store_t *t)
{
    t_people_do(t);
    t_do(t, "user.create", "{'login': 'rev', 'name': '审核人', "
         "'role': 'reviewer', 'site': '610402', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'top', 'name': '上级', "
         "'role': 'reviewer', 'site': '6104', 'secret': 'x'}");
    t_do(t, "user.create", "{'login': 'narrow', 'name': '一栏', "
         "'role': 'reviewer', 'site': '610402', 'column': 'gzdt', "
         "'secret': 'x'}");
    t_do(t, "policy.put", "{'name': 'flow', 'rules': [{'from': '2020-01-01',"
         " 'reviews': 1}]}");
}


static void
t_drafted(t_store_t *t)
{
    t_as(t, "clerk", "doc.create", "{'site': '610402', 'column': 'tzgg', "
         "'title': '一号', 'body': '文'}");
}


static void
each_step_tells_who_is_next(void **state)
{
    t_store_t  *t = *state;

    t_staff(t);
    t_drafted(t);
    t_as(t, "clerk", "doc.submit", "{'doc': 1, 'reason': '请看'}");

    t_str(t_told(t, "rev"), "task(一号/请看) ");
    t_str(t_told(t, "top"), "task(一号/请看) ");
    t_str(t_told(t, "narrow"), "");
    t_str(t_told(t, "pub"), "");
    t_str(t_told(t, "other"), "");
    t_str(t_told(t, "clerk"), "");

    t_as(t, "rev", "doc.reject", "{'doc': 1, 'reason': '缺文号'}");
    t_str(t_told(t, "clerk"), "rejected(一号/缺文号) ");

    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_as(t, "rev", "doc.pass", "{'doc': 1}");
    t_str(t_told(t, "clerk"), "passed(一号) rejected(一号/缺文号) ");
    t_str(t_told(t, "pub"), "task(一号) ");
    t_str(t_told(t, "rev"), "task(一号) task(一号/请看) ");

    /* to a review back again: who reviews there is told */

    t_read_all(t, "top");
    t_as(t, "pub", "doc.reject", "{'doc': 1, 'to': 'review1', "
         "'reason': '再审'}");
    t_str(t_told(t, "top"), "task(一号/再审) ");

    t_as(t, "top", "doc.pass", "{'doc': 1}");
    t_read_all(t, "clerk");
    t_as(t, "pub", "doc.sign", "{'doc': 1}");
    t_as(t, "pub", "doc.withdraw", "{'doc': 1, 'reason': '误发'}");
    t_str(t_told(t, "clerk"), "withdrawn(一号/误发) published(一号) ");

    (void) t_replayed(t);
}


static void
colleagues_and_the_hurried_are_told(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_staff(t);
    t_drafted(t);
    t_as(t, "rev", "doc.note", "{'doc': 1, 'text': '看第二段'}");
    t_str(t_told(t, "clerk"), "note(一号/看第二段) ");
    t_as(t, "clerk", "doc.note", "{'doc': 1, 'text': '好'}");
    t_str(t_told(t, "rev"), "");

    t_do(t, "user.create", "{'login': 'two', 'name': '乙', "
         "'role': 'clerk', 'site': '610402', 'secret': 'x'}");
    t_read_all(t, "clerk");
    t_as(t, "clerk", "doc.lock", "{'doc': 1}");
    t_as(t, "two", "doc.lock", "{'doc': 1, 'take': true}");
    t_as(t, "two", "doc.lock", "{'doc': 1, 'take': true}");
    t_str(t_told(t, "clerk"), "lock(一号) ");
    t_str(t_told(t, "two"), "");
    t_as(t, "two", "doc.unlock", "{'doc': 1}");

    t_as(t, "pub", "doc.urgent", "{'doc': 1, 'reason': '暴雨'}");
    t_str(t_told(t, "rev"), "urgent(一号/暴雨) ");
    t_str(t_told(t, "clerk"), "published(一号/暴雨) lock(一号) ");

    /* signed for later: when is told */

    t_do(t, "column.set", "{'site': '610402', 'column': 'tzgg', "
         "'reviews': '0'}");
    t_drafted(t);
    t_read_all(t, "clerk");
    t_as(t, "pub", "doc.sign", "{'doc': 2, 'at': '2026-12-01 09:00'}");
    t_str(t_told(t, "clerk"), "scheduled(一号) ");
    v = t_ask(t, "clerk", "notice.list", "{'limit': 1}");
    t_str(gov_get_str(gov_member(v, "rows")->u.first, "at"),
          "2026-12-01T09:00:00+08:00");

    (void) t_replayed(t);
}


static void
roles_and_gaps_are_told(void **state)
{
    t_store_t  *t = *state;

    t_staff(t);
    t_as(t, "boss", "user.grant", "{'user': 'clerk', 'role': 'publisher', "
         "'site': '610402001'}");
    t_str(t_told(t, "clerk"), "granted(人民路街道/签发人) ");

    t_as(t, "boss", "user.revoke", "{'user': 'clerk', 'role': 'publisher', "
         "'site': '610402001'}");
    t_str(t_told(t, "clerk"), "revoked(人民路街道/签发人) "
          "granted(人民路街道/签发人) ");

    /* the last who edits: managers there and above, but not who did it */

    t_do(t, "user.create", "{'login': 'city', 'name': '市管', "
         "'role': 'manager', 'site': '6104', 'secret': 'x'}");
    t_as(t, "boss", "user.suspend", "{'user': 'clerk'}");
    t_str(t_told(t, "city"), "unmanned(秦都区/采编人员) ");
    t_str(t_told(t, "ops"), "unmanned(秦都区/采编人员) ");
    t_str(t_told(t, "boss"), "");
    t_str(t_told(t, "other"), "");

    (void) t_replayed(t);
}


static void
what_was_taken_from_them_shows_no_title(void **state)
{
    t_store_t  *t = *state;

    t_staff(t);
    t_drafted(t);
    t_as(t, "clerk", "doc.submit", "{'doc': 1, 'reason': '机密'}");
    t_str(t_told(t, "top"), "task(一号/机密) ");

    t_do(t, "user.revoke", "{'user': 'top', 'role': 'reviewer', "
         "'site': '6104'}");
    t_str(t_told(t, "top"), "revoked(咸阳市/审核人) task(-) ");

    /* one who wrote it and may no more is told nothing */

    t_do(t, "user.revoke", "{'user': 'clerk', 'role': 'clerk', "
         "'site': '610402'}");
    t_as(t, "rev", "doc.reject", "{'doc': 1, 'reason': '缺文号'}");
    t_str(t_told(t, "clerk"), "revoked(秦都区/信息员) ");

    /* moved into a column that is not theirs */

    t_do(t, "user.grant", "{'user': 'top', 'role': 'reviewer', "
         "'site': '610402', 'column': 'tzgg'}");
    t_str(t_told(t, "top"), "granted(秦都区/审核人) revoked(咸阳市/审核人) "
          "task(一号/机密) ");
    t_do(t, "doc.move", "{'doc': 1, 'column': 'gzdt'}");
    t_str(t_told(t, "top"), "granted(秦都区/审核人) revoked(咸阳市/审核人) "
          "task(-) ");
}


static void
a_new_address_is_told_to_its_owner(void **state)
{
    unsigned      i;
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);

    /* as the door gives it: in the name of who signs in */

    op = t_op(t, "session.open", t_json(t, "{'user': 'clerk', 'session': '"
              T_HASH("0a") "', 'address': '10.0.0.1'}"));
    op.door = GOV_DOOR_DAEMON;
    op.actor = gov_s("clerk");
    op.origin = gov_s("web 10.0.0.1");
    t_ok(t_apply(t, &op, &v, &seq));

    t_inner(t, "session.open", "{'user': 'clerk', 'session': '"
            T_HASH("0b") "', 'address': '10.0.0.2', 'stage': 'code'}");
    t_str(t_told(t, "clerk"), "");
    op = t_op(t, "session.open", t_json(t, "{'user': 'clerk', 'session': '"
              T_HASH("0c") "', 'address': '10.0.0.2'}"));
    op.door = GOV_DOOR_DAEMON;
    op.actor = gov_s("clerk");
    op.origin = gov_s("web 10.0.0.2");
    t_ok(t_apply(t, &op, &v, &seq));
    t_inner(t, "session.open", "{'user': 'clerk', 'session': '"
            T_HASH("0d") "', 'address': '10.0.0.1'}");
    t_str(t_told(t, "clerk"), "address(/10.0.0.2) ");

    /* of ten the one that was not used for longest is forgotten */

    for (i = 3; i < 12; i++) {
        t_inner(t, "session.open", gov_str_c(t->arena,
                gov_str_fmt(t->arena, "{'user': 'clerk', 'session': "
                            "'%064x', 'address': '10.0.0.%u'}", i, i)));
    }

    assert_int_equal(t_account(t, "clerk").rec.addresses->n, 10);
    t_read_all(t, "clerk");
    t_inner(t, "session.open", "{'user': 'clerk', 'session': '"
            T_HASH("0e") "', 'address': '10.0.0.1'}");
    t_str(t_told(t, "clerk"), "");
    t_inner(t, "session.open", "{'user': 'clerk', 'session': '"
            T_HASH("0f") "', 'address': '10.0.0.2'}");
    t_str(t_told(t, "clerk"), "address(/10.0.0.2) ");

    (void) t_replayed(t);
}


static void
who_wants_what(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_staff(t);
    t_drafted(t);

    t_as_no(t, "rev", GOV_INVALID, "notice.set", "{'how': 'often'}", "each");
    t_as_no(t, "rev", GOV_INVALID, "notice.set", "{'kinds': ['gossip']}",
            "这类通知");
    t_as(t, "rev", "notice.set", "{'how': 'daily', 'kinds': ['note']}");
    v = t_ask(t, "rev", "notice.rule", "{}");
    t_str(gov_get_str(v, "how"), "daily");

    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_str(t_told(t, "rev"), "");
    t_str(t_told(t, "top"), "task(一号) ");

    t_as(t, "rev", "notice.set", "{'kinds': ['task', 'note']}");
    t_as(t, "clerk", "doc.recall", "{'doc': 1}");
    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_str(t_told(t, "rev"), "task(一号) ");

    t_no(t, GOV_DENIED, "notice.set", "{'how': 'none'}", "账号自己的");
}


static void
one_marks_ones_own(void **state)
{
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_staff(t);
    t_drafted(t);
    t_as(t, "clerk", "doc.submit", "{'doc': 1}");

    v = t_ask(t, "rev", "notice.count", "{}");
    assert_int_equal(gov_get_int(v, "unread", -1), 1);
    t_as_no(t, "clerk", GOV_NOT_FOUND, "notice.read", "{'ids': ['1']}",
            "没有这条通知");
    v = t_as(t, "rev", "notice.read", "{'ids': ['1']}");
    assert_int_equal(gov_get_int(v, "unread", -1), 0);
    t_str(t_told(t, "rev"), "");
    t_str(t_told(t, "top"), "task(一号) ");

    (void) t_replayed(t);
}


static void
many_are_told_up_to_a_bound(void **state)
{
    unsigned      i, told;
    char          login[16];
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_staff(t);
    t_drafted(t);

    for (i = 0; i < 120; i++) {
        (void) snprintf(login, sizeof(login), "r%u", i);
        t_do(t, "user.create", gov_str_c(t->arena,
             gov_str_fmt(t->arena, "{'login': '%s', 'name': '人', 'role': "
                         "'reviewer', 'site': '%s', 'secret': 'x'}", login,
                         i < 90 ? "6104" : "610402")));
    }

    v = t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    told = 0;

    for (i = 0; i < 120; i++) {
        (void) snprintf(login, sizeof(login), "r%u", i);
        told += t_told(t, login).len != 0;

        if (i >= 90 && t_told(t, login).len == 0) {
            fail_msg("%s is nearer than those who were told", login);
        }
    }

    /* rev and top are of the 100 too */

    assert_true(told == 98 || told == 99);
    assert_non_null(strstr(gov_str_c(t->arena, t_text(t, v)),
                           "只通知了最近的 100 人"));
}


static void
a_file_that_is_refused_later_is_told(void **state)
{
    u_char        digest[GOV_DIGEST_LEN];
    gov_op_t      op;
    uint64_t      seq;
    t_store_t    *t = *state;
    gov_value_t  *v;

    t_people_do(t);
    t_ok(gov_blob_put(t->base, gov_s("a"), digest, &t->err));

    /* brought over the web, as the journal has it */

    op = t_op(t, "file.upload", t_json(t, "{'site': '610402', 'files': ["
              "{'name': 'a.pdf', 'digest': '" T_A "', 'size': 1, 'state': "
              "'held', 'why': '等待'}]}"));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.account = t_account(t, "clerk").id;
    op.actor = gov_s("clerk（某公司）");
    op.origin = gov_s("web 10.0.0.1");
    t_ok(t_apply(t, &op, &v, &seq));

    t_inner(t, "file.settle", "{'site': '610402', 'digest': '" T_A
            "', 'state': 'refused', 'why': 'Eicar'}");
    t_str(t_told(t, "clerk"), "file(秦都区/a.pdf：Eicar) ");

    (void) t_replayed(t);
}


/* what an operator is shown of mails that do not go out */

static void
t_mails_at(t_store_t *t, const char *words, const char *file, int line)
{
    const char  *text;

    text = gov_str_c(t->arena, t_text(t, t_ask(t, NULL, "mail.list", "{}")));

    if (strstr(text, words) == NULL) {
        print_error("%s\nhas no %s\n", text, words);
        _fail(file, line);
    }
}

#define t_mails(t, words)  t_mails_at(t, words, __FILE__, __LINE__)


/* "2: 1 2" of the mails due */

static gov_str_t
t_due(t_store_t *t, int64_t now, gov_mail_t *first)
{
    gov_buf_t     b;
    gov_txn_t    *txn;
    gov_mail_t    mail;
    gov_value_t  *v;

    gov_buf_init(&b, t->arena, 64);
    memset(&mail, 0, sizeof(gov_mail_t));
    txn = t_begin(t, GOV_TXN_READ);

    while (gov_mail_next(txn, t->arena, now, &mail) == GOV_OK) {
        if (b.s.len == 0) {
            *first = mail;
        }

        gov_buf_fmt(&b, "%s%llu%s", b.s.len ? "|" : "",
                    (unsigned long long) mail.account,
                    mail.rec.invite.len ? " link" : ":");

        gov_each (v, mail.rec.notices) {
            gov_buf_fmt(&b, " %lld", (long long) v->u.i);
        }
    }

    gov_txn_end(&txn);

    return b.s;
}


static const char *
t_mail_json(t_store_t *t, gov_mail_t *mail, const char *more)
{
    return gov_str_c(t->arena,
                     gov_str_fmt(t->arena, "{'due': %lld, 'account': %llu%s}",
                                 (long long) mail->due,
                                 (unsigned long long) mail->account, more));
}


static void
mails_are_due_and_leave(void **state)
{
    t_store_t   *t = *state;
    gov_mail_t   mail;

    t_staff(t);
    t_do(t, "user.set", "{'user': 'rev', 'mail': 'rev@gov.cn'}");
    t_do(t, "user.set", "{'user': 'boss', 'mail': 'boss@gov.cn'}");
    t_drafted(t);

    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_as(t, "clerk", "doc.recall", "{'doc': 1}");
    t_str(t_due(t, t_now + T_DAY, &mail), "");

    t_no(t, GOV_DENIED, "mail.use", "{'on': true}", "平台自己");
    t_inner(t, "mail.use", "{'on': true}");
    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_str(t_due(t, t_now, &mail), "");
    t_str(t_due(t, t_now + T_MINUTE, &mail), "8: 3");

    /* for the time being, and for good */

    t_inner(t, "mail.hold", "{'why': 'away'}");
    t_inner(t, "mail.hold", "{'why': 'still away'}");
    t_mails(t, "{\"held\":{\"failed\":");
    t_mails(t, "\"tries\":2,\"why\":\"still away\"},\"mails\":true,"
            "\"rows\":[]}");
    t_inner(t, "mail.failed", t_mail_json(t, &mail, ", 'why': '451 later'"));
    t_mails(t, "{\"mails\":true,\"rows\":[{\"due\":");
    t_mails(t, "\"notices\":1,\"state\":\"again\",\"tries\":1,"
            "\"user\":\"rev\",\"why\":\"451 later\"}]}");
    t_inner_no(t, GOV_NOT_FOUND, "mail.failed", t_mail_json(t, &mail, ""),
               "没有这封邮件");
    t_str(t_due(t, t_now + 2 * T_MINUTE, &mail), "8: 3");
    assert_int_equal(t_account(t, "rev").rec.refused, 0);
    t_inner(t, "mail.failed", t_mail_json(t, &mail, ", 'refused': true, "
                                          "'why': '550 nobody'"));
    t_str(t_due(t, t_now + T_DAY, &mail), "");
    t_mails(t, "\"state\":\"lost\",\"tries\":2,\"user\":\"rev\","
            "\"why\":\"550 nobody\"}]}");
    assert_int_not_equal(t_account(t, "rev").rec.refused, 0);

    /* another address, or a mail that is taken, and it is forgotten */

    t_do(t, "user.set", "{'user': 'rev', 'mail': 'rev2@gov.cn'}");
    assert_int_equal(t_account(t, "rev").rec.refused, 0);
    t_str(t_due(t, t_now, &mail), "8:");
    t_str(mail.rec.to, "rev@gov.cn");
    t_inner(t, "mail.failed", t_mail_json(t, &mail, ", 'refused': true"));
    t_mails(t, "{\"mails\":true,\"rows\":[]}");
    t_str(t_due(t, t_now + T_DAY, &mail), "8: 5");
    t_inner(t, "mail.sent", t_mail_json(t, &mail, ""));

    t_as(t, "rev", "notice.set", "{'how': 'none'}");
    t_as(t, "rev", "doc.reject", "{'doc': 1, 'reason': '改'}");
    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_str(t_due(t, t_now + T_DAY, &mail), "");

    /* a link's mail names the operation, and is due at once */

    t_do(t, "user.invite", "{'user': 'boss', 'invite': 'h'}");
    t_str(t_due(t, t_now + T_MINUTE, &mail), "4 link");
    assert_int_equal(mail.rec.invite.len, GOV_OPID_LEN);

    /* late: it waits, and nothing says why but the server's own silence; what
     * cannot be made, or had nothing to send any more, says nothing of it */

    t_now += T_MINUTE;
    t_inner(t, "mail.hold", "{'why': 'away'}");
    t_mails(t, "\"kind\":\"link\"");
    t_mails(t, "\"state\":\"held\",\"tries\":0,\"user\":\"boss\"}]}");
    t_inner(t, "mail.failed", t_mail_json(t, &mail, ", 'unmade': true"));
    t_mails(t, "\"why\":\"away\"},\"mails\":true,\"rows\":[{");
    t_str(t_due(t, t_now + 2 * T_MINUTE, &mail), "4 link");
    assert_int_equal(mail.rec.tries, 1);
    t_inner(t, "mail.sent", t_mail_json(t, &mail, ", 'empty': true"));
    t_mails(t, "\"why\":\"away\"},\"mails\":true,\"rows\":[]}");

    t_do(t, "user.invite", "{'user': 'boss', 'invite': 'i'}");
    t_str(t_due(t, t_now + T_MINUTE, &mail), "4 link");
    t_inner(t, "mail.sent", t_mail_json(t, &mail, ""));
    t_str(t_due(t, t_now + T_DAY, &mail), "");
    t_mails(t, "{\"mails\":true,\"rows\":[]}");

    (void) t_replayed(t);
}


/* between the snapshot that the letter was made of and the mail's noting */

static void
what_joins_a_mail_that_is_sent_is_mailed_too(void **state)
{
    t_store_t   *t = *state;
    gov_mail_t   mail;

    t_staff(t);
    t_do(t, "user.set", "{'user': 'rev', 'mail': 'rev@gov.cn'}");
    t_inner(t, "mail.use", "{'on': true}");
    t_drafted(t);

    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_as(t, "clerk", "doc.recall", "{'doc': 1}");
    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_as(t, "clerk", "doc.recall", "{'doc': 1}");
    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_str(t_due(t, t_now + T_MINUTE, &mail), "8: 1 3 5");

    t_inner(t, "mail.sent", t_mail_json(t, &mail, ", 'last': 1"));
    t_str(t_due(t, t_now + T_MINUTE, &mail), "8: 3 5");
    t_inner(t, "mail.sent", t_mail_json(t, &mail, ", 'last': 3, "
                                        "'empty': true"));
    t_str(t_due(t, t_now + T_MINUTE, &mail), "8: 5");
    t_inner(t, "mail.sent", t_mail_json(t, &mail, ", 'last': 5"));
    t_str(t_due(t, t_now + T_DAY, &mail), "");

    /* an entry of earlier times does not say it */

    t_as(t, "clerk", "doc.recall", "{'doc': 1}");
    t_as(t, "clerk", "doc.submit", "{'doc': 1}");
    t_str(t_due(t, t_now + T_MINUTE, &mail), "8: 7");
    t_inner(t, "mail.sent", t_mail_json(t, &mail, ""));
    t_str(t_due(t, t_now + T_DAY, &mail), "");

    (void) t_replayed(t);
}


static void
a_mail_to_an_old_address_forgives_nothing(void **state)
{
    t_store_t   *t = *state;
    gov_mail_t   mail;

    t_staff(t);
    t_do(t, "user.set", "{'user': 'rev', 'mail': 'rev@gov.cn'}");
    t_inner(t, "mail.use", "{'on': true}");
    t_do(t, "user.invite", "{'user': 'rev', 'invite': 'h'}");
    t_do(t, "user.set", "{'user': 'rev', 'mail': 'rev2@gov.cn'}");
    t_str(t_due(t, t_now, &mail), "8 link|8:");
    t_inner(t, "mail.failed", t_mail_json(t, &mail, ", 'refused': true, "
                                          "'why': '550 nobody'"));
    t_str(t_due(t, t_now, &mail), "8:");
    t_str(mail.rec.to, "rev@gov.cn");
    t_inner(t, "mail.sent", t_mail_json(t, &mail, ""));
    assert_int_not_equal(t_account(t, "rev").rec.refused, 0);
    t_mails(t, "\"why\":\"550 nobody\"}]}");

    (void) t_replayed(t);
}


/* whoever changes it */

static void
another_address_is_tried_anew(void **state)
{
    unsigned     i;
    t_store_t   *t = *state;
    gov_mail_t   mail;

    static struct {
        const char  *command;
        const char  *json;
        const char  *due;
    } rows[] = {
        { "user.set", "{'user': 'rev', 'mail': 'rev2@gov.cn'}", "8: 1" },
        { "account.mail", "{'user': 'rev', 'mail': 'rev3@gov.cn', "
          "'secret_was': '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db0225"
          "8717921a4881'}", "8: 2" }
    };

    t_staff(t);
    t_do(t, "user.set", "{'user': 'rev', 'mail': 'rev@gov.cn'}");
    t_inner(t, "mail.use", "{'on': true}");

    for (i = 0; i < t_rows(rows); i++) {
        t_do(t, "user.invite", "{'user': 'rev', 'invite': 'h'}");
        t_str(t_due(t, t_now + T_MINUTE, &mail), "8 link");
        t_inner(t, "mail.failed", t_mail_json(t, &mail, ", 'refused': true, "
                                              "'why': '550 nobody'"));
        t_mails(t, "\"why\":\"550 nobody\"}]}");
        assert_int_not_equal(t_account(t, "rev").rec.refused, 0);

        t_inner(t, rows[i].command, rows[i].json);
        assert_int_equal(t_account(t, "rev").rec.refused, 0);

        /* the old one's, and what is told at the new one */

        t_str(t_due(t, t_now, &mail), "8:");
        t_inner(t, "mail.sent", t_mail_json(t, &mail, ", 'empty': true"));
        t_mails(t, "{\"mails\":true,\"rows\":[]}");
        t_str(t_due(t, t_now + T_DAY, &mail), rows[i].due);
        t_inner(t, "mail.sent", t_mail_json(t, &mail, ""));
    }

    (void) t_replayed(t);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(each_step_tells_who_is_next),
        t_test(colleagues_and_the_hurried_are_told),
        t_test(roles_and_gaps_are_told),
        t_test(what_was_taken_from_them_shows_no_title),
        t_test(a_new_address_is_told_to_its_owner),
        t_test(a_file_that_is_refused_later_is_told),
        t_test(who_wants_what),
        t_test(one_marks_ones_own),
        t_test(many_are_told_up_to_a_bound),
        t_test(mails_are_due_and_leave),
        t_test(what_joins_a_mail_that_is_sent_is_mailed_too),
        t_test(a_mail_to_an_old_address_forgives_nothing),
        t_test(another_address_is_tried_anew)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
