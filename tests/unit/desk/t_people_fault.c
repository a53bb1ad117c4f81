
/*
 * Copyright (C) ngx_gov authors
 *
 * The commands on people with the n-th store call failing, given by the
 * machine's operator, by govd and by an account; and replayed.
 */


#include "desk/t_fault.h"
#include "desk/t_people_desk.h"
#include "desk/t_replay.h"
#include "people/gov_notice.h"


static struct {
    const char  *login;             /* NULL: no account */
    const char  *command;
    const char  *json;
} t_commands[] = {
    { NULL, "mail.use", "{'on': true}" },
    { NULL, "role.create", "{'role': 'chief', 'title': '主任', "
      "'rights': ['doc.read', 'doc.publish']}" },
    { NULL, "role.set", "{'role': 'chief', 'title': '主编'}" },
    { NULL, "user.create", "{'login': 'li', 'name': '李', 'role': 'chief', "
      "'site': '610402', 'column': 'tzgg', 'until': '2027-01-01', "
      "'invite': 'h'}" },
    { "boss", "user.create", "{'login': 'wu', 'name': '吴', "
      "'role': 'clerk', 'site': '610402'}" },
    { "boss", "user.set", "{'user': 'wu', 'mail': 'a@b.cn'}" },
    { "boss", "user.grant", "{'user': 'wu', 'role': 'publisher', "
      "'site': '610402001'}" },
    { "boss", "user.grant", "{'user': 'clerk', 'role': 'publisher', "
      "'site': '610402001'}" },
    { "clerk", "notice.set", "{'how': 'daily', 'kinds': ['granted']}" },
    { "clerk", "notice.read", "{'all': true}" },
    { NULL, "mail.hold", "{'why': 'away'}" },
    { NULL, "mail.failed", NULL },
    { NULL, "mail.sent", NULL },
    { NULL, "file.settle", "{'site': '610402', 'digest': '" T_HASH("0e")
      "', 'state': 'refused', 'why': '病毒'}" },
    { "boss", "user.revoke", "{'user': 'wu', 'role': 'publisher', "
      "'site': '610402001'}" },
    { "boss", "user.suspend", "{'user': 'wu'}" },
    { "boss", "user.resume", "{'user': 'wu'}" },
    { "boss", "user.invite", "{'user': 'wu', 'invite': 'h', "
      "'factor': true}" },
    { NULL, "session.open", "{'user': 'wu', 'session': '" T_HASH("0a")
      "', 'secret': 's', 'invite': 'h', 'stage': 'factor'}" },
    { NULL, "session.open", "{'user': 'wu', 'session': '" T_HASH("0b")
      "', 'old': '" T_HASH("0a") "', 'totp': 't', 'recovery': 'r', "
      "'step': 7}" },
    { NULL, "session.seen", "{'sessions': ['" T_HASH("0b") "']}" },
    { NULL, "session.close", "{'session': '" T_HASH("0b") "'}" },
    { NULL, "session.open", "{'user': 'wu', 'session': '" T_HASH("0c")
      "', 'totp': 'u', 'recovery': 's', 'step': 8, 'totp_was': '"
      "e3b98a4da31a127d4bde6e43033f66ba274cab0eb7eb1c70ec41402bf6273dd8'}" },
    { NULL, "account.mail", "{'user': 'wu', 'mail': 'c@d.cn', "
      "'secret_was': '"
      "043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89'}" },
    { "wu", "me.sessions_end", "{'sessions': ['" T_HASH("0c") "']}" },
    { NULL, "attempt.note", "{'user': 'wu', 'address': '10.0.0.1'}" },
    { NULL, "session.sweep", "{}" },
    { "wu", "doc.create", "{'site': '610402', 'column': 'tzgg', "
      "'title': '一', 'body': '一'}" },
    { "wu", "user.sessions_end", "{'user': 'wu'}" },
    { NULL, "user.revoke", "{'user': 'li', 'role': 'chief', "
      "'site': '610402', 'column': 'tzgg'}" },
    { NULL, "role.set", "{'role': 'chief', 'rights': ['audit.read']}" },
    { NULL, "role.remove", "{'role': 'chief'}" },
    { NULL, "work.begin", "{'work': 'journal.verify', 'site': '610402'}" },
    { NULL, "work.end", "{'work': 1, 'ok': true, 'result': {'n': 1}}" },
    { NULL, "work.begin", "{'work': 'site.import', 'rows': 1, 'table': '"
      T_HASH("0d") "'}" },
    { NULL, "work.end", "{'work': 2, 'ok': true, 'result': {'n': 1}}" }
};


/* a mail that is due in a minute: NULL is its input */

static gov_value_t *
t_mail_input(t_store_t *t)
{
    gov_txn_t    *txn;
    gov_mail_t    mail;
    gov_value_t  *v;

    memset(&mail, 0, sizeof(gov_mail_t));
    txn = t_begin(t, GOV_TXN_READ);
    t_ok(gov_mail_next(txn, t->arena, t_now + T_DAY, &mail));
    gov_txn_end(&txn);

    v = gov_map(t->arena);
    gov_put_int(t->arena, v, "due", mail.due);
    gov_put_int(t->arena, v, "account", (int64_t) mail.account);

    return v;
}


/* a file that an account brought over the web, as the journal has it: when it
 * is refused its bringer is told */

static void
t_brought(t_store_t *t, const char *login)
{
    gov_op_t      op;
    uint64_t      seq;
    gov_value_t  *verdict;

    op = t_op(t, "file.upload", t_json(t, "{'site': '610402', 'files': ["
              "{'name': 'a.pdf', 'digest': '" T_HASH("0e") "', 'size': 9, "
              "'state': 'refused'}]}"));
    op.door = GOV_DOOR_REPLAY;
    op.again = 1;
    op.account = t_account(t, login).id;
    op.actor = gov_str_of(login);
    op.origin = gov_s("web 10.0.0.1");

    t_ok(t_apply(t, &op, &verdict, &seq));
}


/* what is swept rests long since when its command comes */

static void
a_failed_call_leaves_all_as_it_was(void **state)
{
    gov_op_t      op;
    unsigned      i, calls;
    t_store_t    *t = *state;
    gov_value_t  *input;

    t_people_do(t);
    t_brought(t, "clerk");

    for (i = 0; i < t_rows(t_commands); i++) {
        input = t_commands[i].json ? t_json(t, t_commands[i].json)
                                   : t_mail_input(t);

        if (strcmp(t_commands[i].command, "session.sweep") == 0) {
            t_now += 2 * T_DAY;
        }

        if (t_commands[i].login == NULL) {
            calls = t_each_call(t, t_commands[i].command, input);

        } else {
            (void) t_session(t, t_commands[i].login);
            op = t_op(t, t_commands[i].command, input);
            op.door = GOV_DOOR_WEB;
            op.origin = gov_s("web 10.0.0.1");
            op.account = t_account(t, t_commands[i].login).id;
            op.session = t_session(t, t_commands[i].login);
            calls = t_each_call_of(t, &op);
        }

        if (calls < 5) {
            fail_msg("%s: %u calls", t_commands[i].command, calls);
        }
    }

    assert_true(t_replayed(t) > t_rows(t_commands));

    t_now = T_NOW + 9000;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test_fail(a_failed_call_leaves_all_as_it_was)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
