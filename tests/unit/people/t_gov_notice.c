
/*
 * Copyright (C) ngx_gov authors
 *
 * What people are told, and which of it is due as mail.
 */


#include "people/t_people.h"
#include "people/gov_notice.h"


#define T_MINUTE  (60 * (int64_t) 1000000)


static void
t_put(t_store_t *t, gov_txn_t *txn, gov_account_t *acc, int kind,
    int64_t time)
{
    gov_notice_rec_t  rec;

    memset(&rec, 0, sizeof(gov_notice_rec_t));
    rec.kind = kind;
    rec.time = time;

    t_ok(gov_notice_put(txn, t->arena, acc, &rec));
}


/* "3 2 |1 |": pages of n, a read one with a dot */

static gov_str_t
t_notices(t_store_t *t, gov_txn_t *txn, gov_account_t *acc, unsigned max)
{
    unsigned       i, n, read;
    uint64_t       before;
    gov_buf_t      b;
    gov_notice_t  *list;

    gov_buf_init(&b, t->arena, 64);
    read = 0;

    for (before = UINT64_MAX; before != 0; gov_buf_c(&b, "|")) {
        t_ok(gov_notices(txn, t->arena, acc->id, &read, &before, max, &list,
                         &n));

        for (i = 0; i < n; i++) {
            gov_buf_fmt(&b, "%llu%s ", (unsigned long long) list[i].id,
                        list[i].rec.read ? "." : "");
        }
    }

    return b.s;
}


/* "60000000 1: 1 2+ ": microseconds until due, account, notices, the rest */

static gov_str_t
t_mails(t_store_t *t, gov_txn_t *txn, int64_t now)
{
    gov_buf_t     b;
    gov_mail_t    mail;
    gov_value_t  *v;

    gov_buf_init(&b, t->arena, 64);
    memset(&mail, 0, sizeof(gov_mail_t));

    while (gov_mail_next(txn, t->arena, now, &mail) == GOV_OK) {
        gov_buf_fmt(&b, "%lld %llu:", (long long) (mail.due - T_NOW),
                    (unsigned long long) mail.account);

        gov_each (v, mail.rec.notices) {
            gov_buf_fmt(&b, " %lld", (long long) v->u.i);
        }

        gov_buf_fmt(&b, "%s ", mail.rec.more ? "+" : "");
    }

    return b.s;
}


static void
those_not_read_come_first(void **state)
{
    unsigned        n;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_account_t   acc, other;

    txn = t_begin(t, GOV_TXN_WRITE);
    acc = t_account(t, txn, "zhang", "");
    other = t_account(t, txn, "li", "");

    t_put(t, txn, &acc, GOV_NOTICE_TASK, T_NOW);
    t_put(t, txn, &acc, GOV_NOTICE_NOTE, T_NOW);
    t_put(t, txn, &other, GOV_NOTICE_NOTE, T_NOW);
    t_put(t, txn, &acc, GOV_NOTICE_LOCK, T_NOW);
    t_put(t, txn, &acc, GOV_NOTICE_LOCK, T_NOW);

    t_str(t_notices(t, txn, &acc, 9), "5 4 2 1 |");
    t_str(t_notices(t, txn, &other, 9), "3 |");

    t_ok(gov_notice_read(txn, t->arena, acc.id, 4, T_NOW + 5));
    t_ok(gov_notice_read(txn, t->arena, acc.id, 1, T_NOW + 5));
    t_ok(gov_notice_read(txn, t->arena, acc.id, 1, T_NOW + 9));
    t_rc(gov_notice_read(txn, t->arena, acc.id, 3, T_NOW), GOV_NOT_FOUND);
    t_rc(gov_notice_read(txn, t->arena, acc.id, 99, T_NOW), GOV_NOT_FOUND);

    t_str(t_notices(t, txn, &acc, 9), "5 2 4. 1. |");
    t_str(t_notices(t, txn, &acc, 3), "5 2 4. |1. |");
    t_str(t_notices(t, txn, &acc, 2), "5 2 |4. 1. ||");

    t_ok(gov_notice_unread(txn, acc.id, &n));
    assert_int_equal(n, 2);

    gov_txn_end(&txn);
}


static void
the_old_go_as_new_ones_come(void **state)
{
    unsigned        i, n;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_account_t   acc;

    txn = t_begin(t, GOV_TXN_WRITE);
    acc = t_account(t, txn, "zhang", "");

    for (i = 0; i < 5; i++) {
        t_put(t, txn, &acc, GOV_NOTICE_TASK, T_NOW);
    }

    t_ok(gov_notice_read(txn, t->arena, acc.id, 2, T_NOW));

    t_put(t, txn, &acc, GOV_NOTICE_TASK, T_NOW + GOV_NOTICE_OLD);
    t_str(t_notices(t, txn, &acc, 9), "6 5 4 3 1 2. |");

    t_put(t, txn, &acc, GOV_NOTICE_TASK, T_NOW + GOV_NOTICE_OLD + 1);
    t_str(t_notices(t, txn, &acc, 9), "7 6 5 4 |");

    for (i = 0; i < 2 * GOV_NOTICE_COUNT; i++) {
        t_put(t, txn, &acc, GOV_NOTICE_TASK, T_NOW + GOV_NOTICE_OLD + 1);
    }

    t_ok(gov_notice_unread(txn, acc.id, &n));
    assert_int_equal(n, GOV_NOTICE_COUNT);

    gov_txn_end(&txn);
}


static void
a_minute_or_a_day_is_one_mail(void **state)
{
    unsigned        i;
    int64_t         minute, day;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_mail_t      mail;
    gov_account_t   acc, daily, none;

    txn = t_begin(t, GOV_TXN_WRITE);
    acc = t_account(t, txn, "zhang", "");
    daily = t_account(t, txn, "li", "");
    none = t_account(t, txn, "wang", "");
    acc.rec.mail = daily.rec.mail = none.rec.mail = gov_s("a@b.cn");
    daily.rec.how = GOV_MAIL_DAILY;
    none.rec.how = GOV_MAIL_NONE;

    minute = (T_NOW / T_MINUTE + 1) * T_MINUTE;
    day = (T_NOW / T_DAY + 1) * T_DAY;

    /* nobody sends: no rows */

    t_put(t, txn, &acc, GOV_NOTICE_TASK, T_NOW);
    t_str(t_mails(t, txn, T_NOW + 9 * T_DAY), "");

    t_ok(gov_mail_use(txn, t->arena, 1));

    t_put(t, txn, &acc, GOV_NOTICE_TASK, T_NOW);
    t_put(t, txn, &daily, GOV_NOTICE_TASK, T_NOW);
    t_put(t, txn, &none, GOV_NOTICE_TASK, T_NOW);
    t_put(t, txn, &acc, GOV_NOTICE_NOTE, T_NOW + 1);
    t_put(t, txn, &daily, GOV_NOTICE_NOTE, T_NOW + T_MINUTE);
    t_put(t, txn, &acc, GOV_NOTICE_NOTE, T_NOW + T_MINUTE);

    t_str(t_mails(t, txn, minute - 1), "");
    t_str(t_mails(t, txn, minute),
          gov_str_c(t->arena, gov_str_fmt(t->arena, "%lld 1: 2 5 ",
                                          (long long) (minute - T_NOW))));
    t_str(t_mails(t, txn, day),
          gov_str_c(t->arena,
                    gov_str_fmt(t->arena, "%lld 1: 2 5 %lld 1: 7 "
                                "%lld 2: 3 6 ", (long long) (minute - T_NOW),
                                (long long) (minute + T_MINUTE - T_NOW),
                                (long long) (day - T_NOW))));
    t_str(gov_date(t->arena, day, GOV_DATE_MINUTE), "2026-11-24 08:00");

    /* more than a mail holds is counted */

    for (i = 0; i < GOV_MAIL_NOTICES; i++) {
        t_put(t, txn, &daily, GOV_NOTICE_TASK, T_NOW);
    }

    t_ok(gov_mail_get(txn, t->arena, day, daily.id, &mail));
    assert_int_equal(mail.rec.notices->n, GOV_MAIL_NOTICES);
    assert_int_equal(mail.rec.more, 2);
    assert_true(mail.rec.daily);

    gov_txn_end(&txn);
}


static void
one_that_failed_waits_longer_each_time(void **state)
{
    int64_t         now;
    unsigned        i;
    gov_rc_t        rc;
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_mail_t      mail;
    gov_account_t   acc;

    static const unsigned  waits[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 256 };

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_mail_use(txn, t->arena, 1));
    acc = t_account(t, txn, "zhang", "");
    acc.rec.mail = gov_s("a@b.cn");

    t_put(t, txn, &acc, GOV_NOTICE_TASK, T_NOW);
    memset(&mail, 0, sizeof(gov_mail_t));
    t_ok(gov_mail_next(txn, t->arena, T_NOW + T_MINUTE, &mail));

    now = mail.due;

    for (i = 0; i < t_rows(waits); i++) {
        t_ok(gov_mail_again(txn, t->arena, &mail, gov_s("451 later"), now));
        assert_int_equal(mail.rec.tries, i + 1);

        /* alone: never at a time that others share */

        assert_int_equal(mail.due, now + waits[i] * T_MINUTE
                                   - ((now % T_MINUTE) == 0));
        now = mail.due;
    }

    do {
        now = mail.due;
        rc = gov_mail_again(txn, t->arena, &mail, gov_s("451 no"), now);

    } while (rc == GOV_OK);

    t_rc(rc, GOV_DONE);
    assert_true(now > T_NOW + GOV_MAIL_OLD);
    t_str(t_mails(t, txn, now + T_DAY), "");

    /* given up, it says why until it is forgiven */

    t_ok(gov_mail_get(txn, t->arena, GOV_MAIL_NEVER, acc.id, &mail));
    t_str(mail.rec.why, "451 no");
    assert_int_equal(mail.rec.more, 1);
    t_ok(gov_mail_forgive(txn, acc.id));
    t_ok(gov_mail_forgive(txn, acc.id));
    t_rc(gov_mail_get(txn, t->arena, GOV_MAIL_NEVER, acc.id, &mail),
         GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


/* at which nobody is read any more: it says nothing of the one that is */

static void
a_mail_to_an_old_address_is_given_up_whole(void **state)
{
    gov_txn_t      *txn;
    t_store_t      *t = *state;
    gov_mail_t      mail;
    gov_account_t   acc;

    txn = t_begin(t, GOV_TXN_WRITE);
    t_ok(gov_mail_use(txn, t->arena, 1));
    acc = t_account(t, txn, "zhang", "");

    t_ok(gov_mail_left(txn, t->arena, acc.id, gov_s("old@b.cn"), T_NOW));
    memset(&mail, 0, sizeof(gov_mail_t));
    t_ok(gov_mail_next(txn, t->arena, T_NOW, &mail));
    t_str(mail.rec.to, "old@b.cn");

    t_rc(gov_mail_again(txn, t->arena, &mail, gov_s("451 no"),
                        T_NOW + GOV_MAIL_OLD + T_MINUTE), GOV_DONE);
    t_str(t_mails(t, txn, T_NOW + 9 * T_DAY), "");
    t_rc(gov_mail_get(txn, t->arena, GOV_MAIL_NEVER, acc.id, &mail),
         GOV_NOT_FOUND);

    gov_txn_end(&txn);
}


static void
what_is_no_address_is_refused(void **state)
{
    unsigned  i;

    static struct {
        const char  *address;
        int          valid;
    } rows[] = {
        { "a@b.cn", 1 }, { "li.ming+gov@xianyang.gov.cn", 1 },
        { "", 0 }, { "a", 0 }, { "@b", 0 }, { "a@", 0 }, { "a@b@c", 0 },
        { "a b@c", 0 }, { "a@b\r\nBcc:x@y", 0 }, { "<a@b>", 0 },
        { "a@b,c@d", 0 }, { "李@b.cn", 0 }
    };

    (void) state;

    for (i = 0; i < t_rows(rows); i++) {
        if (gov_mail_valid(gov_str_of(rows[i].address)) != rows[i].valid) {
            fail_msg("%s", rows[i].address);
        }
    }
}


static void
a_kind_not_wanted_is_by_number(void **state)
{
    int                kind;
    t_store_t         *t = *state;
    gov_account_rec_t  rec;

    memset(&rec, 0, sizeof(gov_account_rec_t));
    rec.quiet = gov_list(t->arena);
    gov_add(rec.quiet, gov_val_int(t->arena, GOV_NOTICE_NOTE));

    for (kind = 1; kind < GOV_NOTICE_MAX; kind++) {
        assert_int_equal(gov_notice_wanted(&rec, kind),
                         kind != GOV_NOTICE_NOTE);
        assert_int_equal(gov_notice_parse(
                             gov_str_of(gov_notice_name(kind))), kind);
        assert_true(gov_notice_title(kind)[0]);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        t_test(those_not_read_come_first),
        t_test(the_old_go_as_new_ones_come),
        t_test(a_minute_or_a_day_is_one_mail),
        t_test(one_that_failed_waits_longer_each_time),
        t_test(a_mail_to_an_old_address_is_given_up_whole),
        t_test(a_kind_not_wanted_is_by_number),
        cmocka_unit_test(what_is_no_address_is_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
