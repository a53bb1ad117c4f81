
/*
 * Copyright (C) ngx_gov authors
 *
 * link: the directory of link groups that sites share and take.  A group
 * belongs to the site that shares it and is kept in the hub; a site that
 * takes it keeps a reference, so that the owner's change shows everywhere.
 */


#ifndef _GOV_LINK_H_INCLUDED_
#define _GOV_LINK_H_INCLUDED_


#include "site/gov_site.h"


#define GOV_LINK_GROUPS  20         /* of one site's own */
#define GOV_LINK_TAKEN   20         /* of others */
#define GOV_LINK_ALL     (GOV_LINK_GROUPS + GOV_LINK_TAKEN)


typedef struct {
    uint32_t         site;          /* that shares it */
    gov_str_t        name;
    gov_group_rec_t  rec;           /* links: {title, url} or {title, site} */
} gov_group_t;


/* groups a site shows: its own, then those taken, each part by order and
 * name; in less than GOV_LINK_ALL places not the first of them in that order */
gov_rc_t gov_link_groups(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_group_t *list, unsigned max, unsigned *n);
/* whom it takes from, also where the owner shares the group no longer: when
 * he shares it again it is shown again.  *n is max: perhaps not all */
gov_rc_t gov_link_owners(gov_txn_t *t, uint32_t site, uint32_t *owners,
    unsigned max, unsigned *n);
gov_rc_t gov_link_get(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t name, gov_group_rec_t *g);

/* links are checked: http, https, or a site's code, kept as its number */
gov_rc_t gov_link_share(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t name, gov_str_t title, int64_t order, gov_value_t *links,
    gov_err_t *err);
gov_rc_t gov_link_unshare(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t name, gov_err_t *err);
gov_rc_t gov_link_take(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t from, gov_str_t name, gov_err_t *err);
gov_rc_t gov_link_drop(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t from, gov_str_t name, gov_err_t *err);


#endif /* _GOV_LINK_H_INCLUDED_ */
