
/*
 * Copyright (C) ngx_gov authors
 *
 * For the files of the room alone:
 *
 *     gov_site.c       the tree: reading and walking it
 *     gov_site_put.c   adding, saving, moving in the tree
 *     gov_site_find.c  finding by what somebody types
 *     gov_level.c      levels, modes, codes, who hangs below whom
 *     gov_slug.c       slugs made fit and told apart
 *     gov_host.c       what a host name is
 *     gov_resolve.c    host and path to a place
 *     gov_claim.c      who holds a host or a name, taking and leaving it
 *     gov_address.c    mode, slug and hosts of a site
 *     gov_name.c       names below a site
 *     gov_life.c       states
 *     gov_blueprint.c  gov_policy.c  gov_gate.c  gov_export.c
 */


#ifndef _GOV_SITE_INT_H_INCLUDED_
#define _GOV_SITE_INT_H_INCLUDED_


#include "site/gov_site.h"


#define GOV_SITE_DEPTH  16          /* of the tree */
#define GOV_HOST_MAX    253         /* bytes of a host name */

#define GOV_BLUEPRINT_COLUMNS  199  /* numbers behind are a site's own */


/* the record as it is, with the marks of the site and of its parent's list */
gov_rc_t gov_site_write(gov_txn_t *t, gov_arena_t *a, gov_site_t *site);

/* GOV_OK if `site` is `above` or below it, GOV_NOT_FOUND if not */
gov_rc_t gov_site_path(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t above);

/* is a host (canonical) or a name free for the site?  err names the holder.
 * What is the site's own counts as free */
gov_rc_t gov_host_free(gov_txn_t *t, gov_arena_t *a, gov_str_t host,
    uint32_t site, gov_err_t *err);
/* a host as it was given may be the site's: *canon is a host name that the
 * policy allows, and free */
gov_rc_t gov_host_fits(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t host, int64_t now, gov_str_t *canon, gov_err_t *err);
gov_rc_t gov_name_free(gov_txn_t *t, gov_arena_t *a, gov_site_t *above,
    uint32_t column, gov_str_t name, uint32_t site, gov_err_t *err);
/* the same of a name that is stored below `above` */
gov_rc_t gov_name_left(gov_txn_t *t, gov_arena_t *a, gov_site_t *above,
    gov_str_t name, gov_place_rec_t *place, uint32_t site, gov_err_t *err);

/* kind GOV_PLACE_SITE or _MOVED: the site answers there, or answered */
gov_rc_t gov_host_put(gov_txn_t *t, gov_arena_t *a, gov_str_t host,
    int kind, uint32_t site);
gov_rc_t gov_name_put_site(gov_txn_t *t, gov_arena_t *a, uint32_t above,
    gov_str_t name, int kind, uint32_t site);

/* SLUG.host of the parent, without the parent's "www." */
gov_rc_t gov_host_below(gov_txn_t *t, gov_arena_t *a, uint32_t parent,
    gov_str_t slug, gov_str_t *host);

/* 2 to 12 digits */
int gov_code_is_division(gov_str_t code);

/* the k-th try at a slug for a code: 0 as wished, 1 with the code's last
 * digits, 2 with the whole code; empty when there is no further one */
gov_str_t gov_slug_try(gov_arena_t *a, gov_str_t wish, gov_str_t code,
    unsigned k);

/* the blueprint's column of that name, NULL if none */
gov_rc_t gov_blueprint_name(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_str_t name, gov_value_t **found);


/* gov_upload.c: the check of a rule, and the platform's own */
gov_rc_t gov_upload_rule(gov_arena_t *a, gov_value_t *rule, unsigned row,
    gov_err_t *err);
gov_value_t *gov_upload_default(gov_arena_t *a);


#endif /* _GOV_SITE_INT_H_INCLUDED_ */
