
/*
 * Copyright (C) ngx_gov authors
 *
 * site: the tree of sites, their addresses, blueprints, life and policies.
 *
 * Invariants kept here:
 *
 *   1. A site's number never changes and is never reused; its code is unique.
 *   2. Mode is an address: a sub-site has a host of its own, a page stands
 *      under a name on its parent's base.  Addresses are projections: moving
 *      a site touches no content (C08, N15).
 *   3. A host has one name space: page-mode sites, columns and reserved
 *      words; a collision is refused with the holder's name.
 *   4. Every address that once answered answers 301 afterwards: a PLACE of
 *      kind "moved" stays where it was.
 *   5. A site that changed nothing of its blueprint stores nothing of it.
 *
 * Reading functions take any transaction; strings live until its end.
 */


#ifndef _GOV_SITE_H_INCLUDED_
#define _GOV_SITE_H_INCLUDED_


#include "store/gov_store.h"


typedef enum {
    GOV_PROVINCE = 1,
    GOV_CITY = 2,
    GOV_COUNTY = 3,
    GOV_TOWNSHIP = 4,
    GOV_VILLAGE = 5,
    GOV_DEPARTMENT = 6,
    GOV_INSTITUTION = 7
} gov_level_t;

typedef enum {
    GOV_SITE_PREPARING = 0,     /* answers, marked as being set up */
    GOV_SITE_LIVE,
    GOV_SITE_SUSPENDED,         /* a public notice instead of every page */
    GOV_SITE_MERGED,            /* redirects to the site that goes on */
    GOV_SITE_CLOSED             /* a public notice, 410 */
} gov_site_state_t;

#define GOV_MODE_PAGE      0
#define GOV_MODE_SUBSITE   1

#define GOV_PLACE_SITE     1
#define GOV_PLACE_COLUMN   2
#define GOV_PLACE_MOVED    3    /* to = site; path = below its base */


typedef struct {
    uint32_t         id;
    gov_site_rec_t   rec;
} gov_site_t;

/* where a site stands: "http host" and "/" or "/a/b/" */
typedef struct {
    gov_str_t        host;
    gov_str_t        path;      /* begins and ends with "/" */
} gov_base_t;

/* what a host and a path lead to */
typedef struct {
    uint32_t         site;
    gov_str_t        rest;      /* of the path below the site, no leading / */
    int              moved;     /* 1: answer 301 to site's base + rest */
} gov_place_t;


const char *gov_level_name(int level);              /* "township" */
int gov_level_parse(gov_str_t s);                   /* word or 1-4; 0 bad */
const char *gov_site_state_name(int state);
/* merged or closed: nothing changes there any more */
int gov_site_ended(int64_t state);
int gov_mode_parse(gov_str_t s);                    /* -1 bad */
/* 1-40 letters, digits, "-", "_", "." */
int gov_code_valid(gov_str_t code);
/* a division code is padded with zeros to 12 digits; others as they are */
gov_str_t gov_code_canon(gov_arena_t *a, gov_str_t code);

gov_rc_t gov_site_get(gov_txn_t *t, gov_arena_t *a, uint32_t id,
    gov_site_t *site);
gov_rc_t gov_site_by_code(gov_txn_t *t, gov_arena_t *a, gov_str_t code,
    gov_site_t *site);
gov_rc_t gov_site_base(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_base_t *base);
/* is `site` the same as `above` or below it */
int gov_site_below(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t above);

/* children in order of code, in the arena; level 0 all.  Stops after max; *n
 * may be 0 */
gov_rc_t gov_site_children(gov_txn_t *t, gov_arena_t *a, uint32_t parent,
    int level, unsigned max, gov_site_t **list, unsigned *n);
/* every site, in order of number: start with *id = 0 */
gov_rc_t gov_site_next(gov_txn_t *t, gov_arena_t *a, uint32_t *id,
    gov_site_t *site);

/*
 * Sites whose name holds the text, or whose code or slug begins with it, are
 * given to found(), in no order that means something and perhaps twice, until
 * it returns another code than GOV_OK; GOV_DONE ends well.
 */
typedef gov_rc_t (*gov_find_pt)(void *data, gov_site_t *site);
gov_rc_t gov_site_find(gov_txn_t *t, gov_arena_t *a, gov_str_t text,
    gov_find_pt found, void *data);
/* what the site is found by, as its record changes; was NULL: a new one */
gov_rc_t gov_find_put(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_site_rec_t *was);
/* is the text what gov_site_find() would find the site by? */
int gov_site_is_called(gov_arena_t *a, gov_site_rec_t *rec, gov_str_t text);

/*
 * Host (lower case, no port) and path ("/" first, decoded, no query) to a
 * place.  GOV_NOT_FOUND: no such host.  A path that no site below claims
 * stays in rest.
 */
gov_rc_t gov_site_resolve(gov_txn_t *t, gov_arena_t *a, gov_str_t host,
    gov_str_t path, gov_place_t *place);
/* lower case, port and one trailing dot cut, IDN to A-labels (libidn2);
 * GOV_INVALID for what is no host name.  Not for the hot path */
gov_rc_t gov_host_canon(gov_arena_t *a, gov_str_t host, gov_str_t *out,
    gov_err_t *err);
/* hash for gov_slot_host() */
uint64_t gov_host_hash(gov_str_t host);

/* blueprint of a site; columns and home are value trees as in sites/_base */
gov_rc_t gov_blueprint_get(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_blueprint_rec_t *b);
/* of the site's own or, when it names none, its level's the field at an
 * offset of gov_blueprint_rec_t, without the others; NULL: it has none */
gov_rc_t gov_site_blueprint_tree(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, size_t field, gov_value_t **tree);
/* its bytes, as gov_stored() gives them */
gov_rc_t gov_site_blueprint_stored(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_str_t *value);
gov_str_t gov_site_blueprint_name(gov_site_t *site);
/* the default blueprint's name of a level */
const char *gov_blueprint_of(int level);


/*
 * Policies: lists of rules with a "from" date; the one in force at a time is
 * the last whose from is not after it.  Names: "domain" (accepted suffixes
 * of English and Chinese names, trial suffixes), "gates" (which go-live
 * gates block and on which suffixes they only warn).
 */
gov_rc_t gov_policy_get(gov_txn_t *t, gov_arena_t *a, const char *name,
    int64_t now, gov_value_t **rule);
/* what may be brought to a library, by the policy "upload" */
typedef struct {
    gov_value_t       *types;       /* maps of ending, size */
    int64_t            pixels;      /* of an image */
    int64_t            files;       /* of one form */
    int64_t            zip_files;
    int64_t            zip_size;    /* unpacked */
    int64_t            keep;        /* days in the recycle bin */
    int                hold;        /* 1: nothing is public without a scan */
} gov_upload_t;

gov_rc_t gov_upload_get(gov_txn_t *t, gov_arena_t *a, int64_t now,
    gov_upload_t *u);
/* bytes a file of this name may have; -1: its type is not allowed */
int64_t gov_upload_size(gov_upload_t *u, gov_str_t name);

/* what a column, a site or a rule of the policy "flow" may set: reviews 0 to
 * 3; apart, alt, openness, secrecy yes or no */
int gov_flow_set_valid(gov_value_t *v);
/* how often a blueprint was put whose columns set some of it: gov_last() */
#define GOV_FLOW_BLUEPRINTS  "flow"
/* the gates a policy may name; -1 for an unknown one */
typedef enum {
    GOV_GATE_NAME = 0,
    GOV_GATE_LEGAL_NAME,        /* G07 */
    GOV_GATE_PERSONS,           /* G26 */
    GOV_GATE_COLUMNS,           /* required ones are not empty */
    GOV_GATE_LINKS,             /* hangs in the tree, both ways (C19) */
    GOV_GATE_TAGS,              /* 网站标识码 */
    GOV_GATE_FOOTER             /* sponsor, contact, ICP and police numbers */
} gov_gate_t;

int gov_gate_parse(gov_str_t s);
/* GOV_DENIED with the policy's reason; *trial set for trial suffixes */
gov_rc_t gov_domain_check(gov_txn_t *t, gov_arena_t *a, gov_str_t host,
    int64_t now, int *trial, gov_err_t *err);


/* the site as lines of JSON: its record, then the dump of its range */
gov_rc_t gov_site_export(gov_txn_t *t, gov_arena_t *a, uint32_t id,
    gov_line_pt line, void *data, gov_err_t *err);


/* changes; callers are commands.  Each touches the marks it must */

/* rec filled by the caller; number, code, child, address are put.  Nothing is
 * changed unless it returns GOV_OK.  host: empty in sub-site mode is
 * SLUG.parent's host; a pattern with {slug} or {code} is filled in.  state:
 * GOV_SITE_LIVE is kept on trial suffixes only, where gates do not block.
 * suffix_on_clash: a taken slug gets the code's last digits, an unfit one is
 * made fit (bulk import) */
gov_rc_t gov_site_add(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    int suffix_on_clash, int64_t now, gov_err_t *err);
/* GOV_INVALID, field "name" */
gov_rc_t gov_site_name_fits(gov_str_t name, gov_err_t *err);
/* fields only: never code, parent, slug, mode, host */
gov_rc_t gov_site_save(gov_txn_t *t, gov_arena_t *a, gov_site_t *site);
gov_rc_t gov_site_move(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t parent, gov_err_t *err);
/* host may be empty in sub-site mode: SLUG.parent's host */
gov_rc_t gov_site_set_mode(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    int mode, gov_str_t host, int64_t now, gov_err_t *err);
gov_rc_t gov_site_rename_slug(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_str_t slug, int64_t now, gov_err_t *err);
/* a further host: as_main = 1 makes it the main one and the old one moved */
gov_rc_t gov_host_add(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t host, int as_main, int64_t now, gov_err_t *err);
/* one that answers becomes moved; one that is moved becomes free (*freed) */
gov_rc_t gov_host_remove(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t host, int *freed, gov_err_t *err);
/* GOV_SITE_MERGED needs into; see gov_life.c for what may follow what */
gov_rc_t gov_site_set_state(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    int state, gov_str_t notice, uint32_t into, int64_t now,
    gov_err_t *err);

/* a name below a site: refused when taken; err names the holder.
 * column 0 is the top, where reserved words and blueprint columns count */
gov_rc_t gov_name_check(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_str_t name, gov_err_t *err);
int gov_name_reserved(gov_str_t name);

/* a name as stored: GOV_NOT_FOUND if it is not */
gov_rc_t gov_name_get(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, gov_str_t name, gov_place_rec_t *place);
/* puts and drops what gov_name_check() allowed.  A column that is stored in
 * the site has its name here; a name that a column leaves becomes moved:
 * place.to the site, place.path the new path, "" or ending with "/" */
gov_rc_t gov_name_put(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, gov_str_t name, gov_place_rec_t *place);
gov_rc_t gov_name_drop(gov_txn_t *t, uint32_t site, uint32_t column,
    gov_str_t name);
/* all that lead to a column, which goes */
gov_rc_t gov_names_drop(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column);

/* may a site of this level and code hang below `parent` (NULL: be a root)?
 * GOV_DENIED with the levels it may (C09) */
gov_rc_t gov_level_check(int level, gov_str_t code, gov_site_t *parent,
    gov_err_t *err);
/* may be a root, but usually hangs below another: no portal */
int gov_level_alone(int level);
/* the mode a level has when nobody says */
int gov_level_mode(int level);

/* are the addresses of its columns free on the site, whose record names it
 * and is not saved yet?  That which it has is not asked again */
gov_rc_t gov_blueprint_fits(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_err_t *err);
gov_rc_t gov_blueprint_put(gov_txn_t *t, gov_arena_t *a, gov_value_t *v,
    gov_err_t *err);
gov_rc_t gov_policy_put(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_value_t *rules, gov_err_t *err);


#endif /* _GOV_SITE_H_INCLUDED_ */
