
/*
 * Copyright (C) ngx_gov authors
 *
 * Every command of the workflow with the n-th store call failing; and their
 * journal, made again, gives the same store.
 */


#include "desk/t_flow_desk.h"
#include "desk/t_fault.h"


#define T_HEX                                                                 \
    "e16fa5d9b51928755db85b917f0297babaf22c7a47e97d9212adab56e61ba04e"

static struct {
    const char  *command;
    const char  *json;
} t_commands[] = {
    { "policy.put", "{'name': 'flow', 'rules': [{'from': '2020-01-01', "
      "'reviews': 1, 'secrecy': true}]}" },
    { "site.set", "{'site': '610402', 'reviews': '2', 'alt': 'true'}" },
    { "column.set", "{'site': '610402', 'column': 'xxgk/tzgg', "
      "'secrecy': 'false', 'openness': 'true'}" },
    { "doc.create", "{'site': '610402', 'column': 'xxgk/tzgg', "
      "'title': '一', 'body': '文', 'openness': 'active', "
      "'embargo': '2020-01-01'}" },
    { "doc.submit", "{'doc': 1, 'to': 'edit'}" },
    { "doc.lock", "{'doc': 1}" },
    { "doc.edit", "{'doc': 1, 'base': 1, 'body': '新文'}" },
    { "doc.unlock", "{'doc': 1}" },
    { "doc.note", "{'doc': 1, 'text': '请看第二段'}" },
    { "doc.submit", "{'doc': 1}" },
    { "doc.recall", "{'doc': 1}" },
    { "doc.submit", "{'doc': 1}" },
    { "doc.pass", "{'doc': 1}" },
    { "doc.recall", "{'doc': 1, 'reason': '再看'}" },
    { "doc.pass", "{'doc': 1}" },
    { "doc.pass", "{'doc': 1}" },
    { "doc.reject", "{'doc': 1, 'to': 'review2', 'reason': '缺文号'}" },
    { "doc.pass", "{'doc': 1}" },
    { "doc.secrecy", "{'doc': 1}" },
    { "doc.sign", "{'doc': 1, 'expires': '2028-01-01', "
      "'pinned': '2027-06-01'}" },
    { "doc.correct", "{'doc': 1, 'what': '电话', 'why': '误写'}" },
    { "doc.pin", "{'doc': 1}" },
    { "doc.preview", "{'doc': 1, 'hash': '" T_HEX "'}" },
    { "doc.edit", "{'doc': 1, 'base': 2, 'body': '急文'}" },
    { "doc.urgent", "{'doc': 1, 'reason': '暴雨'}" },
    { "site.move", "{'site': '610402', 'parent': '610000'}" },
    { "doc.withdraw", "{'doc': 1, 'reason': '误发', 'kind': 'error'}" },
    { "doc.submit", "{'doc': 1}" },
    { "site.set", "{'site': '610403', 'reviews': '0', 'secrecy': '0'}" },
    { "doc.create", "{'site': '610403', 'column': 'xxgk/tzgg', "
      "'title': '二', 'body': '文', 'at': '2027-01-01'}" },
    { "doc.bulk", "{'act': 'withdraw', 'reason': '一并撤回', "
      "'docs': ['1', '2']}" },
    { "site.archive", "{'site': '610403', 'notice': '撤销'}" }
};


static void
t_begun(t_store_t *t)
{
    t_content_do(t);
    t_do(t, "site.create", "{'code': '61', 'name': '陕西省', "
         "'level': 'province', 'slug': 'shaanxi', "
         "'host': ['sx.localhost']}");
}


static void
a_command_is_done_or_not_at_all(void **state)
{
    unsigned    i;
    t_store_t  *t = *state;

    t_begun(t);

    for (i = 0; i < t_rows(t_commands); i++) {
        if (t_each_call(t, t_commands[i].command,
                        t_json(t, t_commands[i].json)) <= 3)
        {
            fail_msg("%s made few calls", t_commands[i].command);
        }
    }
}


static void
the_journal_makes_the_same_store_again(void **state)
{
    unsigned    i;
    t_store_t  *t = *state;

    t_begun(t);

    for (i = 0; i < t_rows(t_commands); i++) {
        t_do(t, t_commands[i].command, t_commands[i].json);
    }

    t_again(t);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test_fail(a_command_is_done_or_not_at_all),
        t_test(the_journal_makes_the_same_store_again)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
