
/*
 * Copyright (C) ngx_gov authors
 *
 * Notices: what an account is told of others' acts, and the mails that carry
 * them.  Part of gov_people.h, which has the accounts.
 *
 * Invariants kept here:
 *
 *   1. A notice is made in the transaction of the act that it tells of.
 *   2. It names site and document by number and holds no title: what is shown
 *      of them is judged when it is shown.
 *   3. Which mails are due follows from the store alone, so that a journal
 *      made again gives the same ones; sending is nobody's but govd's.  A row
 *      leaves when all its notices were sent.  Of one that was refused or is
 *      too old a row is left that is never due, one an account, until a mail
 *      reaches it or its address is another; of one to an address that it
 *      left none.
 *   4. No mail row is made while the platform sends none.
 *
 * Notices of an account are in two parts, those not read and those read, so
 * that both are listed at the cost of what is shown.  A new one lets up to
 * two go that are too old.
 */


#ifndef _GOV_NOTICE_H_INCLUDED_
#define _GOV_NOTICE_H_INCLUDED_


#include "people/gov_people.h"


/*
 * The kinds, said once; numbers and names stand in stores and inputs.
 *
 *     N(number, ID, name, title)
 */

#define GOV_NOTICES(N)                                                        \
    N(1, TASK, "task", "有文档等待处理")                                      \
    N(2, PASSED, "passed", "文档审核通过")                                    \
    N(3, REJECTED, "rejected", "文档被退回")                                  \
    N(4, PUBLISHED, "published", "文档已发布")                                \
    N(5, SCHEDULED, "scheduled", "文档已定时发布")                            \
    N(6, WITHDRAWN, "withdrawn", "文档被撤回")                                \
    N(7, URGENT, "urgent", "有紧急发布需要补审")                              \
    N(8, NOTE, "note", "同事留言")                                            \
    N(9, LOCK, "lock", "编辑被接手")                                          \
    N(10, FILE, "file", "上传的文件未通过检查")                               \
    N(11, GRANTED, "granted", "授予了角色")                                   \
    N(12, REVOKED, "revoked", "收回了角色")                                   \
    N(13, UNMANNED, "unmanned", "站点缺岗")                                   \
    N(14, ADDRESS, "address", "账号在新地址登录")                             \
    N(15, MAIL, "mail", "邮箱地址已更改")

#define GOV_NOTICE_ID(number, id, name, title)  GOV_NOTICE_##id = number,

typedef enum {
    GOV_NOTICES(GOV_NOTICE_ID)
    GOV_NOTICE_MAX              /* above every number */
} gov_notice_kind_t;

typedef enum {
    GOV_MAIL_EACH = 0,          /* what a minute brings in one mail */
    GOV_MAIL_DAILY,             /* at eight in the morning */
    GOV_MAIL_NONE,
    GOV_MAIL_HOWS
} gov_mail_how_t;

typedef struct {
    uint64_t           id;
    uint64_t           account;
    gov_notice_rec_t   rec;     /* rec.read says which part it is in */
} gov_notice_t;

typedef struct {
    int64_t            due;
    uint64_t           account;
    gov_mail_rec_t     rec;
} gov_mail_t;

#define GOV_NOTICE_COUNT  100   /* as far as unread ones are counted */
#define GOV_NOTICE_OLD    (180 * 86400 * (int64_t) 1000000)
#define GOV_MAIL_NOTICES  50    /* told in one mail */
#define GOV_MAIL_OLD      (3 * 86400 * (int64_t) 1000000)
#define GOV_MAIL_NEVER    INT64_MAX     /* due: given up */


const char *gov_notice_name(int kind);          /* "task"; "": none such */
const char *gov_notice_title(int kind);
int gov_notice_parse(gov_str_t name);           /* 0: no such kind */
const char *gov_mail_how_name(int how);         /* "daily" */
int gov_mail_how_parse(gov_str_t name);         /* -1 */
/* does it look like a mail address? */
int gov_mail_valid(gov_str_t address);

/* does the account want notices of the kind? */
int gov_notice_wanted(gov_account_rec_t *account, int kind);
/* a number is given, and the mail is made that the account asks for */
gov_rc_t gov_notice_put(gov_txn_t *t, gov_arena_t *a,
    gov_account_t *account, gov_notice_rec_t *rec);
gov_rc_t gov_notice_get(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    uint64_t id, gov_notice_t *notice);
/*
 * At most max, those not read first, each part from the newest on, below
 * number *before of part *read; at the start UINT64_MAX and 0.  Both are
 * moved on; *before 0: there are no more.
 */
gov_rc_t gov_notices(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    unsigned *read, uint64_t *before, unsigned max, gov_notice_t **list,
    unsigned *n);
/* unread ones, GOV_NOTICE_COUNT at most */
gov_rc_t gov_notice_unread(gov_txn_t *t, uint64_t account, unsigned *n);
/* GOV_NOT_FOUND: there is none; read before: as it is */
gov_rc_t gov_notice_read(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    uint64_t id, int64_t now);


/* does the platform send mail?  and from now on */
gov_rc_t gov_mail_used(gov_txn_t *t, gov_arena_t *a, int *used);
gov_rc_t gov_mail_use(gov_txn_t *t, gov_arena_t *a, int used);
/* how it goes; zeroed where nothing is known */
gov_rc_t gov_mailer(gov_txn_t *t, gov_arena_t *a, gov_mailer_rec_t *rec);
/* the server took none, and why; or does again */
gov_rc_t gov_mail_hold(gov_txn_t *t, gov_arena_t *a, gov_str_t why,
    int64_t now);
gov_rc_t gov_mail_flows(gov_txn_t *t, gov_arena_t *a);

/* a mail for a notice, as the account wants it */
gov_rc_t gov_mail_tell(gov_txn_t *t, gov_arena_t *a, gov_account_t *account,
    uint64_t notice, int64_t now);
/* for the link that the operation made */
gov_rc_t gov_mail_invite(gov_txn_t *t, gov_arena_t *a,
    gov_account_t *account, gov_str_t op, int64_t now);
/* to the address that was the account's until now, whatever it asked for */
gov_rc_t gov_mail_left(gov_txn_t *t, gov_arena_t *a, uint64_t account,
    gov_str_t address, int64_t now);
/* the next that is due, above due and account of *mail; GOV_DONE: none;
 * GOV_CORRUPT: its row cannot be read, asked again it goes on behind it */
gov_rc_t gov_mail_next(gov_txn_t *t, gov_arena_t *a, int64_t now,
    gov_mail_t *mail);
gov_rc_t gov_mail_get(gov_txn_t *t, gov_arena_t *a, int64_t due,
    uint64_t account, gov_mail_t *mail);
gov_rc_t gov_mail_drop(gov_txn_t *t, gov_mail_t *mail);
/* up to notice last; with those that joined it since the row stays */
gov_rc_t gov_mail_told(gov_txn_t *t, gov_arena_t *a, gov_mail_t *mail,
    int64_t last);
/* tried again later each time; GOV_DONE: too old, it was given up, or
 * dropped where it went to an address that the account left */
gov_rc_t gov_mail_again(gov_txn_t *t, gov_arena_t *a, gov_mail_t *mail,
    gov_str_t why, int64_t now);
/* nothing of it is left but why */
gov_rc_t gov_mail_give_up(gov_txn_t *t, gov_arena_t *a, gov_mail_t *mail,
    gov_str_t why, int64_t now);
/* no more is said of what the account did not get */
gov_rc_t gov_mail_forgive(gov_txn_t *t, uint64_t account);


#endif /* _GOV_NOTICE_H_INCLUDED_ */
