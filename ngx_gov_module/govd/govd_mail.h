
/*
 * Copyright (C) ngx_gov authors
 *
 * Mail that goes out, as govd.conf says:
 *
 *     smtp        smtps://user@mail.example.gov.cn:465
 *     mail-from   noreply@example.gov.cn
 *     portal-url  https://www.example.gov.cn
 *     mail-rate   60
 *
 *     govd_mail.c         which mail is due, and what became of it
 *     govd_letter.c       a mail's subject and text, of what its reader may see
 *     govd_mail_words.h   their words
 *     govd_smtp.c         the only file that speaks with the server (libcurl)
 *
 * Invariants:
 *
 *   1. A mail is made and judged when it is sent: what was taken from its
 *      reader since is not in it.
 *   2. A mail that was sent is noted before the next is sent, however long
 *      that takes.  An end between sending and noting sends it once more,
 *      under the same Message-ID, which is made of the numbers of its notices,
 *      or of when its row was made.
 *   3. A server that is away, or wants none of us, holds all mail up and
 *      changes no row of a mail; a reader it refuses, or a mail that it was
 *      given and does not answer, only that mail.
 *   4. What is noted of a failure is libcurl's sentence and the server's
 *      code, or that a record cannot be read: of the mail, and of what the
 *      server says of it, it has nothing.
 *   5. One that cannot be made, of a record that cannot be read, costs no
 *      other its own.
 */


#ifndef _GOVD_MAIL_H_INCLUDED_
#define _GOVD_MAIL_H_INCLUDED_


#include "govd/govd_int.h"
#include "people/gov_notice.h"


/* password of the smtp URL's user, one line */
#define GOVD_SMTP_SECRET  "keys/smtp"
/* who vouches for the server, where it is not one the system knows */
#define GOVD_SMTP_CA      "keys/smtp.pem"


typedef struct {
    gov_str_t      to;
    gov_str_t      from;            /* the site's, if it has one */
    gov_str_t      name;            /* of who sends */
    gov_str_t      subject;
    gov_str_t      text;
    gov_str_t      id;              /* Message-ID, without its brackets */
    gov_str_t      date;
} govd_letter_t;

typedef enum {
    GOVD_SMTP_SENT = 0,
    GOVD_SMTP_REFUSED,              /* this reader, for good */
    GOVD_SMTP_LATER,                /* this mail, for the time being */
    GOVD_SMTP_DOWN                  /* the server, or us */
} govd_smtp_end_t;

typedef struct govd_smtp_s  govd_smtp_t;


/* nothing is configured: *mail is NULL, and the others do nothing */
gov_rc_t govd_mail_begin(govd_t *g, govd_mail_t **mail, gov_err_t *err);
/* once a second or so */
void govd_mail_tick(govd_mail_t *m);
void govd_mail_end(govd_mail_t **mail);

/* GOV_NOT_FOUND: there is nobody to send it to any more, or nothing to tell */
gov_rc_t govd_letter_make(govd_conf_t *conf, gov_txn_t *t, gov_arena_t *a,
    gov_mail_t *mail, int64_t now, govd_letter_t *letter);
/* text as encoded words of a header (RFC 2047) */
void govd_letter_words(gov_buf_t *b, gov_str_t text);

/* a connection for some mails; stop: it is looked at while waiting */
govd_smtp_t *govd_smtp_open(govd_conf_t *conf, atomic_int *stop);
void govd_smtp_close(govd_smtp_t **smtp);
/* why: what the server said, in the arena */
govd_smtp_end_t govd_smtp_send(govd_smtp_t *s, gov_arena_t *a,
    govd_letter_t *letter, gov_str_t *why);


#endif /* _GOVD_MAIL_H_INCLUDED_ */
