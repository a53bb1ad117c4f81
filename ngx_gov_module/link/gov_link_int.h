
/*
 * Copyright (C) ngx_gov authors
 *
 * link, what its files share.
 */


#ifndef _GOV_LINK_INT_H_INCLUDED_
#define _GOV_LINK_INT_H_INCLUDED_


#include "link/gov_link.h"


#define GOV_TAKEN_BY        0x80000000u

#define GOV_LINK_LINKS      200         /* of one group */


/* the name in a key of GROUPS or TAKEN */
gov_str_t gov_link_name(gov_str_t key);


#endif /* _GOV_LINK_INT_H_INCLUDED_ */
