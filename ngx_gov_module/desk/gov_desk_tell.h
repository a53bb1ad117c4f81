
/*
 * Copyright (C) ngx_gov authors
 *
 * Who is told of an act, in the transaction of the act itself.
 *
 *     gov_desk_tell_doc(c, &tell, GOV_NOTICE_TASK, &doc);
 *     tell.step = ...; tell.text = ...
 *     rc = gov_desk_tell_holders(c, &tell, GOV_RIGHT_DOC_REVIEW);
 *
 * Nobody is told of their own act, of what they may not read, or what they
 * want no notices of; nobody twice by one gov_tell_t.  A command tells
 * GOV_TELL_MAX people at most, those who hold a right nearest first, and its
 * verdict says so when that was not enough.
 */


#ifndef _GOV_DESK_TELL_H_INCLUDED_
#define _GOV_DESK_TELL_H_INCLUDED_


#include "desk/gov_desk_doc.h"
#include "people/gov_notice.h"


#define GOV_TELL_MAX   100
#define GOV_TELL_LOOK  1000         /* accounts looked at by a command */


typedef struct {
    gov_notice_rec_t   rec;
    gov_right_t        right;       /* asked at the site, GOV_RIGHT_MAX: none */
    uint32_t           site;
    uint32_t           column;
    unsigned           n;
    uint64_t           seen[GOV_TELL_MAX];
} gov_tell_t;


/* of a site, GOV_HUB: of none; nothing is asked of who is told */
void gov_desk_tell_begin(gov_cmd_t *c, gov_tell_t *tell,
    gov_notice_kind_t kind, uint32_t site);
/* of a document, for who may read it */
void gov_desk_tell_doc(gov_cmd_t *c, gov_tell_t *tell,
    gov_notice_kind_t kind, gov_doc_t *doc);

/* an account, 0: nobody */
gov_rc_t gov_desk_tell(gov_cmd_t *c, gov_tell_t *tell, uint64_t account);
/* who may do this at the site, by a grant there or above */
gov_rc_t gov_desk_tell_holders(gov_cmd_t *c, gov_tell_t *tell,
    gov_right_t right);

/* what an act on a document tells, if rc is well; then rc or a failure.  A
 * note is no act of the log */
#define GOV_TELL_NOTE  GOV_ACT_MAX
gov_rc_t gov_desk_tell_act(gov_cmd_t *c, gov_rc_t rc, gov_act_t act,
    gov_doc_t *doc);
/* a role was given or taken */
gov_rc_t gov_desk_tell_grant(gov_cmd_t *c, gov_notice_kind_t kind,
    gov_grant_t *grant);
/* who takes a lock over tells who held it; `logs` as it was before */
gov_rc_t gov_desk_tell_lock(gov_cmd_t *c, gov_rc_t rc, gov_doc_t *doc,
    uint64_t holder, int64_t logs);


#endif /* _GOV_DESK_TELL_H_INCLUDED_ */
