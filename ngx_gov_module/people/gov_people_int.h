
/*
 * Copyright (C) ngx_gov authors
 *
 * For the files of the room alone:
 *
 *     gov_right.c      rights: their names, what kind of administrator
 *     gov_role.c       roles, the platform's and its own
 *     gov_account.c    accounts and logins
 *     gov_grant.c      who was given what where
 *     gov_who.c        may they? where?
 *     gov_session.c    sessions: when they are over
 *     gov_signed.c     who asks: token, session, account, grants in one
 *     gov_attempt.c    who failed to
 *     gov_people_export.c   the grants of a site as lines
 *     gov_notice.c     what people are told (gov_notice.h)
 *     gov_mail.c       which of it goes out as mail
 *     gov_work.c       long work they ask for (gov_work.h)
 */


#ifndef _GOV_PEOPLE_INT_H_INCLUDED_
#define _GOV_PEOPLE_INT_H_INCLUDED_


#include "people/gov_people.h"


#define gov_people(t)  gov_handle(t, GOV_HUB)

/* what only a grant that ends gives to a contractor's account */
#define GOV_RIGHTS_PUBLISH                                                    \
    (gov_right_bit(GOV_RIGHT_DOC_PUBLISH)                                     \
     | gov_right_bit(GOV_RIGHT_DOC_URGENT))

/* what has a meaning in a column: a grant of one gives no more */
#define GOV_RIGHTS_COLUMN                                                     \
    (GOV_RIGHTS_PUBLISH                                                       \
     | gov_right_bit(GOV_RIGHT_SITE_READ)                                     \
     | gov_right_bit(GOV_RIGHT_COLUMN_MANAGE)                                 \
     | gov_right_bit(GOV_RIGHT_DOC_READ)                                      \
     | gov_right_bit(GOV_RIGHT_DOC_WRITE)                                     \
     | gov_right_bit(GOV_RIGHT_DOC_REVIEW)                                    \
     | gov_right_bit(GOV_RIGHT_DOC_REFER))


#endif /* _GOV_PEOPLE_INT_H_INCLUDED_ */
