
/*
 * Copyright (C) ngx_gov authors
 *
 * Which notices go out as mail, and when: a row a mail, by the time it is
 * due and the account.  What comes for one account at one time is one row:
 * due times are full minutes, or the next eight o'clock in the morning.  A
 * row that is tried again stands alone, so that what was perhaps sent already
 * is sent again as it was, under the same name.
 */


#include "people/gov_people_int.h"
#include "people/gov_notice.h"


#define GOV_MINUTE      (60 * (int64_t) 1000000)
#define GOV_DAY         (1440 * GOV_MINUTE)     /* ends at 8:00 in Shanghai */
#define GOV_MAIL_STEPS  8                       /* of waiting ever longer */


static const char  *gov_mail_hows[] = { "each", "daily", "none" };


static gov_rc_t gov_mailer_save(gov_txn_t *t, gov_arena_t *a,
    gov_mailer_rec_t *rec);
static gov_key_t *gov_mail_key(gov_key_t *k, gov_mail_t *mail);
static gov_rc_t gov_mail_save(gov_txn_t *t, gov_arena_t *a,
    gov_mail_t *mail);
static gov_rc_t gov_mail_alone(gov_txn_t *t, gov_arena_t *a,
    gov_mail_t *mail);
static void gov_mail_tried(gov_mail_t *mail, gov_str_t why, int64_t now);


const char *
gov_mail_how_name(int how)
{
    return how >= 0 && how < GOV_MAIL_HOWS ? gov_mail_hows[how] : "";
}


int
gov_mail_how_parse(gov_str_t name)
{
    int  how;

    for (how = 0; how < GOV_MAIL_HOWS; how++) {
        if (gov_str_is(name, gov_mail_hows[how])) {
            return how;
        }
    }

    return -1;
}


/* what could end a line or a header's address is in none */

int
gov_mail_valid(gov_str_t address)
{
    size_t    i;
    unsigned  at;

    at = 0;

    for (i = 0; i < address.len; i++) {
        if (address.data[i] <= ' ' || address.data[i] >= 0x7f
            || memchr("<>(),;:\\\"[]", address.data[i], 11) != NULL)
        {
            return 0;
        }

        at += address.data[i] == '@';
    }

    return at == 1 && address.len <= 200 && address.data[0] != '@'
           && address.data[address.len - 1] != '@';
}


gov_rc_t
gov_mail_used(gov_txn_t *t, gov_arena_t *a, int *used)
{
    gov_rc_t          rc;
    gov_mailer_rec_t  rec;

    rc = gov_mailer(t, a, &rec);
    *used = rc == GOV_OK && rec.used;

    return rc;
}


gov_rc_t
gov_mail_use(gov_txn_t *t, gov_arena_t *a, int used)
{
    gov_mailer_rec_t  rec;

    memset(&rec, 0, sizeof(gov_mailer_rec_t));
    rec.used = used;

    return gov_mailer_save(t, a, &rec);
}


gov_rc_t
gov_mailer(gov_txn_t *t, gov_arena_t *a, gov_mailer_rec_t *rec)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_load(gov_people(t), GOV_T_MAILER, gov_key(&k), a, rec);

    if (rc == GOV_NOT_FOUND) {
        memset(rec, 0, sizeof(gov_mailer_rec_t));
        return GOV_OK;
    }

    return rc;
}


static gov_rc_t
gov_mailer_save(gov_txn_t *t, gov_arena_t *a, gov_mailer_rec_t *rec)
{
    gov_key_t  k;

    return gov_save(gov_people(t), GOV_T_MAILER, gov_key(&k), a, rec);
}


gov_rc_t
gov_mail_hold(gov_txn_t *t, gov_arena_t *a, gov_str_t why, int64_t now)
{
    gov_rc_t          rc;
    gov_mailer_rec_t  rec;

    rc = gov_mailer(t, a, &rec);
    if (rc != GOV_OK) {
        return rc;
    }

    rec.since = rec.since ? rec.since : now;
    rec.tries++;
    rec.failed = now;
    rec.why = why;

    return gov_mailer_save(t, a, &rec);
}


gov_rc_t
gov_mail_flows(gov_txn_t *t, gov_arena_t *a)
{
    gov_rc_t          rc;
    gov_mailer_rec_t  rec;

    rc = gov_mailer(t, a, &rec);

    return rc == GOV_OK && rec.since ? gov_mail_use(t, a, (int) rec.used)
                                     : rc;
}


static gov_key_t *
gov_mail_key(gov_key_t *k, gov_mail_t *mail)
{
    return gov_key_add8(gov_key8(k, (uint64_t) mail->due), mail->account);
}


static gov_rc_t
gov_mail_save(gov_txn_t *t, gov_arena_t *a, gov_mail_t *mail)
{
    gov_key_t  k;

    return gov_save(gov_people(t), GOV_T_MAILS, gov_mail_key(&k, mail), a,
                    &mail->rec);
}


gov_rc_t
gov_mail_tell(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    uint64_t notice, int64_t now)
{
    int         used;
    int64_t     every;
    gov_rc_t    rc;
    gov_mail_t  mail;

    rc = gov_mail_used(t, a, &used);

    if (rc != GOV_OK || !used || account->rec.mail.len == 0
        || account->rec.how == GOV_MAIL_NONE)
    {
        return rc;
    }

    every = account->rec.how == GOV_MAIL_DAILY ? GOV_DAY : GOV_MINUTE;

    rc = gov_mail_get(t, a, (now / every + 1) * every, account->id, &mail);

    if (rc == GOV_NOT_FOUND) {
        memset(&mail.rec, 0, sizeof(gov_mail_rec_t));
        mail.rec.made = now;
        mail.rec.daily = account->rec.how == GOV_MAIL_DAILY;
        mail.rec.notices = gov_list(a);

    } else if (rc != GOV_OK) {
        return rc;
    }

    gov_rec_own(a, &gov_rec_mail, &mail.rec);

    if (mail.rec.notices->n < GOV_MAIL_NOTICES) {
        gov_add(mail.rec.notices, gov_val_int(a, (int64_t) notice));

    } else {
        mail.rec.more++;
    }

    return gov_mail_save(t, a, &mail);
}


gov_rc_t
gov_mail_invite(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    gov_str_t op, int64_t now)
{
    int         used;
    gov_rc_t    rc;
    gov_mail_t  mail;

    rc = gov_mail_used(t, a, &used);

    if (rc != GOV_OK || !used || account->rec.mail.len == 0) {
        return rc;
    }

    memset(&mail.rec, 0, sizeof(gov_mail_rec_t));
    mail.due = now;
    mail.account = account->id;
    mail.rec.made = now;
    mail.rec.invite = op;

    return gov_mail_alone(t, a, &mail);
}


gov_rc_t
gov_mail_left(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    gov_str_t address, int64_t now)
{
    int         used;
    gov_rc_t    rc;
    gov_mail_t  mail;

    rc = gov_mail_used(t, a, &used);

    if (rc != GOV_OK || !used || address.len == 0) {
        return rc;
    }

    memset(&mail.rec, 0, sizeof(gov_mail_rec_t));
    mail.due = now;
    mail.account = account;
    mail.rec.made = now;
    mail.rec.to = address;

    return gov_mail_alone(t, a, &mail);
}


/* at a time that is nobody else's, now or in future: just before it */

static gov_rc_t
gov_mail_alone(gov_txn_t *t, gov_arena_t *a, gov_mail_t *mail)
{
    gov_rc_t   rc;
    gov_key_t  k;

    do {
        mail->due -= mail->due % GOV_MINUTE == 0;

        rc = gov_there(gov_people(t), GOV_T_MAILS, gov_mail_key(&k, mail));
        mail->due -= rc == GOV_OK;

    } while (rc == GOV_OK);

    return rc == GOV_NOT_FOUND ? gov_mail_save(t, a, mail) : rc;
}


gov_rc_t
gov_mail_get(gov_txn_t *t, gov_arena_t *a, int64_t due, uint64_t account,
    gov_mail_t *mail)
{
    gov_key_t  k;

    mail->due = due;
    mail->account = account;

    return gov_load(gov_people(t), GOV_T_MAILS, gov_mail_key(&k, mail), a,
                    &mail->rec);
}


gov_rc_t
gov_mail_next(gov_txn_t *t, gov_arena_t *a, int64_t now, gov_mail_t *mail)
{
    gov_rc_t    rc;
    gov_key_t   k, from;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_MAILS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    mail->account++;
    gov_scan_from(&sc, gov_mail_key(&from, mail));

    rc = gov_scan_next(&sc, a, NULL);

    if (rc == GOV_OK) {
        mail->due = (int64_t) gov_key_get8(sc.key, 0);
        mail->account = gov_key_get8(sc.key, 8);
    }

    gov_scan_close(&sc);

    if (rc != GOV_OK || mail->due > now) {
        return rc == GOV_OK || rc == GOV_DONE ? GOV_DONE : GOV_ERROR;
    }

    return gov_mail_get(t, a, mail->due, mail->account, mail) == GOV_OK
           ? GOV_OK : GOV_CORRUPT;
}


gov_rc_t
gov_mail_drop(gov_txn_t *t, gov_mail_t *mail)
{
    gov_key_t  k;

    return gov_drop(gov_people(t), GOV_T_MAILS, gov_mail_key(&k, mail));
}


/* those that are only counted stand behind as many as a mail holds */

gov_rc_t
gov_mail_told(gov_txn_t *t, gov_arena_t *a, gov_mail_t *mail, int64_t last)
{
    gov_value_t  *rest, *v;

    gov_rec_own(a, &gov_rec_mail, &mail->rec);
    rest = gov_list(a);

    gov_each (v, mail->rec.notices) {
        if (v->u.i > last) {
            gov_add(rest, gov_val_int(a, v->u.i));
        }
    }

    mail->rec.notices = rest;

    return rest->n ? gov_mail_save(t, a, mail) : gov_mail_drop(t, mail);
}


gov_rc_t
gov_mail_again(gov_txn_t *t, gov_arena_t *a, gov_mail_t *mail, gov_str_t why,
    int64_t now)
{
    gov_rc_t  rc;
    unsigned  step;

    if (mail->rec.made + GOV_MAIL_OLD < now) {

        /* what an old address does not take says nothing of the account */

        rc = mail->rec.to.len ? gov_mail_drop(t, mail)
                              : gov_mail_give_up(t, a, mail, why, now);

        return rc == GOV_OK ? GOV_DONE : rc;
    }

    gov_rec_own(a, &gov_rec_mail, &mail->rec);

    rc = gov_mail_drop(t, mail);
    if (rc != GOV_OK) {
        return rc;
    }

    step = mail->rec.tries < GOV_MAIL_STEPS ? (unsigned) mail->rec.tries
                                            : GOV_MAIL_STEPS;
    mail->due = now + (GOV_MINUTE << step);
    gov_mail_tried(mail, why, now);

    return gov_mail_alone(t, a, mail);
}


static void
gov_mail_tried(gov_mail_t *mail, gov_str_t why, int64_t now)
{
    mail->rec.tries++;
    mail->rec.failed = now;
    mail->rec.why = why;
}


gov_rc_t
gov_mail_give_up(gov_txn_t *t, gov_arena_t *a, gov_mail_t *mail,
    gov_str_t why, int64_t now)
{
    gov_rc_t  rc;

    gov_rec_own(a, &gov_rec_mail, &mail->rec);

    rc = gov_mail_drop(t, mail);
    if (rc != GOV_OK) {
        return rc;
    }

    mail->due = GOV_MAIL_NEVER;
    mail->rec.more += mail->rec.notices ? mail->rec.notices->n : 0;
    mail->rec.notices = NULL;
    gov_mail_tried(mail, why, now);

    return gov_mail_save(t, a, mail);
}


gov_rc_t
gov_mail_forgive(gov_txn_t *t, uint64_t account)
{
    gov_rc_t    rc;
    gov_mail_t  mail;

    mail.due = GOV_MAIL_NEVER;
    mail.account = account;
    rc = gov_mail_drop(t, &mail);

    return rc == GOV_NOT_FOUND ? GOV_OK : rc;
}
