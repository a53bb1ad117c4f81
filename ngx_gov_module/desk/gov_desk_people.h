
/*
 * Copyright (C) ngx_gov authors
 *
 * What the commands on people share.
 *
 * Who gives what to whom (B03, G27):
 *
 *   1. Roles are given at a node, and taken there, with people.manage at it
 *      or above it: a county's manager gives in the county and below.
 *   2. Of the rights that administer (site.manage, banner.manage,
 *      people.manage, platform.read) a role may hold only those that its
 *      giver holds there too; work on content anybody gives who manages
 *      people.
 *   3. A role that is kept apart is given and taken with security.manage for
 *      the platform, and with nothing else: a system administrator makes
 *      accounts, and cannot make administrators; the security administrator
 *      makes administrators, and has no account to give them but by the
 *      other; the audit administrator only reads.  So an account that begins
 *      with such a role asks for both rights, and no role holds both.
 *   4. Nobody gives or takes anything of the own account.
 *   5. The machine's operator may everything: who else could be first?
 *   6. Who gets a link to an account, or says where links to it are sent, can
 *      be that account: rule 2 holds for all its roles, and of one that is
 *      kept apart and has no second factor yet both rights of rule 3.
 *
 * Who may change an account as a whole: gov_judge_account().  Whoever cannot
 * suspend somebody who works elsewhere too still takes what was given here.
 */


#ifndef _GOV_DESK_PEOPLE_H_INCLUDED_
#define _GOV_DESK_PEOPLE_H_INCLUDED_


#include "desk/gov_desk_doc.h"


#define GOV_INVITE_LIFE  (86400 * (int64_t) 1000000)


/* the account whose login stands in a field, owned; no right is judged */
gov_rc_t gov_desk_user(gov_cmd_t *c, const char *field,
    gov_account_t *account);
/* saves it.  Where its mail address is another than `was` the new one is
 * tried, whatever was refused at the old one, and whoever reads at the old one
 * learns of it, wanted or not; by: "" for the person itself */
gov_rc_t gov_desk_mail_save(gov_cmd_t *c, gov_account_t *account,
    gov_str_t was, gov_str_t by);
/* {user, name, state, number} */
void gov_desk_user_out(gov_cmd_t *c, gov_account_t *account);

/* the fields role, site, column and until as a grant, and rules 1 to 3 */
gov_rc_t gov_desk_grant_in(gov_cmd_t *c, gov_grant_t *grant);
/* a line of an export (people/gov_people_export.c) given again at the site,
 * where its account is here and who restores may; else this part is refused,
 * with a warning */
gov_rc_t gov_desk_grant_again(gov_cmd_t *c, uint32_t site, gov_value_t *line,
    unsigned part);
/* rule 6 */
gov_rc_t gov_desk_may_be(gov_cmd_t *c, gov_account_t *account,
    const char *field);
/* rule 4 */
gov_rc_t gov_desk_not_own(gov_cmd_t *c, gov_account_t *account);

/* H05: warns when the site, or those where the account held a grant, have
 * nobody left who edits or publishes */
gov_rc_t gov_desk_warn_unmanned(gov_cmd_t *c, uint32_t site);
gov_rc_t gov_desk_warn_left(gov_cmd_t *c, gov_account_t *account);


#endif /* _GOV_DESK_PEOPLE_H_INCLUDED_ */
