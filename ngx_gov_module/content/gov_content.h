
/*
 * Copyright (C) ngx_gov authors
 *
 * content: columns, documents and their versions, bodies, lists, attachments,
 * banners.
 *
 * Invariants kept here:
 *
 *   1. A version is never changed once written; a document shows its live
 *      version.  An edit of a live page is a new version, not a change.
 *   2. Publication time is the commit's own or a later one fixed by it (N07);
 *      a backdated 成文日期 is a field of its own.
 *   3. A document stands in the list of its column and of every column that
 *      refers to it under its publication time; a list entry of a time still
 *      to come is not shown, so a schedule needs no job to be right.
 *   4. A reference is never a copy: titles and bodies are read at the source.
 *   5. An attachment is public while one of its documents is.
 *   6. A column of the blueprint is stored in the site only once changed.
 *   7. A version goes out only with the passes its flow asks for, whatever
 *      the door (gov_flow.h).
 *
 * "now" is always a parameter.  Reading functions take any transaction.
 */


#ifndef _GOV_CONTENT_H_INCLUDED_
#define _GOV_CONTENT_H_INCLUDED_


#include "people/gov_people.h"


typedef enum {
    GOV_DOC_DRAFT = 0,
    GOV_DOC_PUBLISHED,          /* scheduled while published > now,
                                   expired once expires <= now */
    GOV_DOC_WITHDRAWN
} gov_doc_state_t;

typedef enum {
    GOV_WITHDRAWN_WHY = 0,      /* with an explanation */
    GOV_WITHDRAWN_ERROR         /* published in error */
} gov_withdrawn_t;

typedef enum {
    GOV_SHOWN_DRAFT = 0,
    GOV_SHOWN_SCHEDULED,
    GOV_SHOWN_PUBLIC,
    GOV_SHOWN_EXPIRED,
    GOV_SHOWN_WITHDRAWN
} gov_shown_t;

/* of an attachment: only the first is ever public */
typedef enum {
    GOV_FILE_OK = 0,
    GOV_FILE_HELD,              /* not scanned yet */
    GOV_FILE_REFUSED,           /* a record of what was found, no bytes */
    GOV_FILE_STATES
} gov_file_state_t;

typedef struct {
    uint32_t          id;
    gov_column_rec_t  rec;
} gov_column_t;

typedef struct {
    uint64_t          id;
    uint32_t          site;
    gov_doc_rec_t     rec;
} gov_doc_t;

/* one row of a column's list */
typedef struct {
    uint64_t          doc;
    uint32_t          site;         /* of the document */
    int64_t           published;
} gov_listed_t;


#include "content/gov_flow.h"


/*
 * All columns of a site, the blueprint's with the site's own changes laid
 * over, without removed ones, in order (parents before children, sisters by
 * order then number).  The array lives in the arena.
 */
gov_rc_t gov_columns(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t **list, unsigned *n);
/* only what is on the way to one, the column at a path or, where that is
 * empty, of a number; maybe others too, and none when it is not there */
gov_rc_t gov_columns_way(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_str_t path, uint32_t id, gov_column_t **list, unsigned *n);
/* GOV_DENIED: a list holds something of the column */
gov_rc_t gov_column_empty(gov_txn_t *t, uint32_t site, uint32_t column);
/* those of the site's blueprint: n in order, then what is not shown, all */
gov_rc_t gov_columns_kept(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t **list, unsigned *n, unsigned *all);
/* only others hang below it: no document stands in it */
int gov_column_is_section(gov_column_t *c);
gov_column_t *gov_column_find(gov_column_t *list, unsigned n, uint32_t id);
/* "a/b" or "a/b/" among the list; NULL */
gov_column_t *gov_column_at(gov_column_t *list, unsigned n, gov_str_t path);
/* "a/b/" */
gov_str_t gov_column_path(gov_arena_t *a, gov_column_t *list, unsigned n,
    uint32_t id);

/* what a column is called with those above it */
typedef struct {
    gov_str_t         path;         /* "a/b" */
    gov_str_t         name;         /* "A › B" */
} gov_way_t;

void gov_way_up(gov_arena_t *a, gov_way_t *way, gov_column_rec_t *rec);
/* of one column, without reading the others: the site's own record, else one
 * of the blueprint's all; empty when it is not there */
gov_rc_t gov_column_way(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *blueprint, unsigned all, uint32_t id, gov_way_t *way);

/* the column that once answered at a path where none does now: for a 301 */
gov_rc_t gov_column_was(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_column_t *list, unsigned n, gov_str_t path, uint32_t *column);

/* GOV_NOT_FOUND also when it belongs to another site */
gov_rc_t gov_doc_get(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t id, gov_doc_t *doc);
/* by number alone */
gov_rc_t gov_doc_find(gov_txn_t *t, gov_arena_t *a, uint64_t id,
    gov_doc_t *doc);
gov_rc_t gov_doc_by_source(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t source_id, uint64_t *id);
gov_shown_t gov_doc_shown(gov_doc_rec_t *d, int64_t now);
const char *gov_shown_name(gov_shown_t s);
gov_rc_t gov_version_get(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t doc, uint32_t n, gov_version_rec_t *v);
/* the content fields of a version become the document's */
void gov_doc_carry(gov_doc_rec_t *d, gov_version_rec_t *v);

/*
 * A body's name in its site: the number of its document, 8 bytes, big-endian,
 * and its digest.  A digest alone names one that was stored up to format 4.
 */
#define GOV_BODY_NAME  (sizeof(uint64_t) + GOV_DIGEST_LEN)

gov_rc_t gov_body_get(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t name, gov_body_rec_t *b);

/* validity shown (A01): "in_force" "not_yet" "expired" "repealed" "amended"
 * or "" for no normative document; *due lowered to the day it changes */
const char *gov_validity(gov_doc_rec_t *d, int64_t now, int64_t *due);

/*
 * Rows of a column, newest first, public at now; skips `skip` rows and gives
 * up to max.  *due is lowered to the next moment the list changes by itself
 * (a scheduled row's time, a shown row's expiry).  *more: rows remain.
 */
#define GOV_LIST_WALK  20000

/* with a column's number: its drafts and withdrawn ones in LISTS, and when
 * rows of it leave */
#define GOV_LIST_DESK    0x40000000u
#define GOV_LIST_EXPIRY  0x80000000u

gov_rc_t gov_column_rows(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, size_t skip, gov_listed_t *rows,
    unsigned max, unsigned *n, int *more, int64_t *due);
/* public rows of a column, up to a bound, from the length that is kept.  Both
 * look at no more than the newest GOV_LIST_WALK entries of a column in which
 * some have expired */
gov_rc_t gov_column_count(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, size_t bound, size_t *count);
/* how many rows each column of a site has, counted anew: a restore must, all
 * others keep it */
gov_rc_t gov_lists_count(gov_txn_t *t, gov_arena_t *a, uint32_t site);
/* those pinned to the top of it at now, that pin first which ends first, as
 * rows whose time is its end; they stand in their own place too */
#define GOV_PINNED_MAX  5
gov_rc_t gov_column_pinned(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint32_t column, int64_t now, gov_listed_t *rows, unsigned max,
    unsigned *n, int64_t *due);
/* the rows just newer and older than a document in its column; 0 none */
gov_rc_t gov_doc_neighbours(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    int64_t now, uint64_t *newer, uint64_t *older, int64_t *due);

/* the attachment, and whether it is public at now */
gov_rc_t gov_file_get(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hexdigest, int64_t now, gov_file_rec_t *f, int *is_public);
/* its record alone; what stands in hexadecimal elsewhere finds nothing */
gov_rc_t gov_file_load(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hexdigest, gov_file_rec_t *f);
/* the record, and the one that tells what was found in it: of a variant that
 * of the file it was made of */
gov_rc_t gov_file_whole(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hexdigest, gov_file_rec_t *f, gov_file_rec_t *whole);
/* the one that stands in its place, if another does: *hexdigest is then that
 * one's */
gov_rc_t gov_file_now(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t *hexdigest, gov_file_rec_t *f);
/* the document names the file, or one whose place it took: *now in its live,
 * last or submitted version, *ever in any */
gov_rc_t gov_file_used(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hexdigest, gov_file_rec_t *f, uint64_t doc, int *now,
    int *ever);
/* so does a version that is not live and was submitted, or has the stamp of
 * the secrecy review: who judged it saw this file */
gov_rc_t gov_file_judged(gov_txn_t *t, gov_arena_t *a, gov_str_t hexdigest,
    gov_file_rec_t *f, gov_doc_t *doc, int *judged);
const char *gov_file_state_name(gov_file_state_t state);
int gov_file_state_parse(gov_str_t name);           /* -1: no such state */

/*
 * Shelves of a site's library, each in order of time: all, one for each
 * gov_media_kind_t, and the recycle bin.  Variants stand on none, nor does a
 * file in whose place another stands.
 */
#define GOV_SHELF_ALL   0
#define GOV_SHELF_KIND  1           /* and the kind */
#define GOV_SHELF_BIN   100

/* do the attachments listed, or the body of this digest, name it, or one
 * whose place it took, or a variant of it */
gov_rc_t gov_file_named(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_value_t *files, gov_str_t body, gov_str_t hexdigest,
    gov_file_rec_t *f, int *named);

/* banners that hold at now for a site (hub-wide, or of a site above it) */
gov_rc_t gov_banners(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    int64_t now, gov_banner_rec_t *list, uint64_t *ids, unsigned max,
    unsigned *n, int64_t *due);


/* a link to a document, wherever it stands: "gov:doc/4711" in a body */
#define GOV_DOC_URL  "gov:doc/"

/* Markdown (md4c, raw HTML off) or HTML (gumbo) to safe HTML.  The only
 * user of both.  The allow-list stands in gov_body_allow.h.  *html is the
 * source's own bytes where they are clean already */
gov_rc_t gov_body_html(gov_arena_t *a, gov_str_t form, gov_str_t source,
    gov_str_t *html, gov_err_t *err);
/* of one that was stored, maybe when larger ones were taken */
gov_rc_t gov_body_html_stored(gov_arena_t *a, gov_str_t form,
    gov_str_t source, gov_str_t *html, gov_err_t *err);

/*
 * The most that gov_body_html() gives.  A page is four MiB and holds a body
 * twice while it is made; so much has room beside the largest title,
 * attachments, interpretations and corrections that a document may have.
 */
#define GOV_BODY_PAGE_MAX  (1280 * 1024)

/* a row { url, why, title } for each link of the safe HTML of a document in
 * that column of the site that leads nobody anywhere at now; foreign hosts
 * are not asked */
gov_rc_t gov_body_dead(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_str_t html, int64_t now, gov_value_t *rows);


/* changes; callers are commands.  Each touches the marks it must */

gov_rc_t gov_column_put(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_column_t *column, gov_err_t *err);      /* id 0: a new one */
gov_rc_t gov_column_remove(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    uint32_t column, gov_err_t *err);           /* refused if not empty */

/* what is made of a body without the store: so by any thread */
typedef struct {
    gov_str_t         digest;       /* gov_body_digest() */
    gov_str_t         html;         /* gov_body_html() */
} gov_body_made_t;

gov_rc_t gov_body_digest(gov_arena_t *a, gov_str_t form, gov_str_t source,
    gov_str_t *digest, gov_err_t *err);
/* stores a document's body once, gives its name; doc 0: by its digest, as up
 * to format 4; made NULL: made here */
gov_rc_t gov_body_put(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t doc, gov_str_t form, gov_str_t source, gov_body_made_t *made,
    gov_str_t *name, gov_err_t *err);
/* a new document (id 0) or a new version of one; not yet live */
gov_rc_t gov_doc_write(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err);
/* makes version n live at a time not before now; lists follow.  GOV_DENIED:
 * its flow asks for more than it has */
gov_rc_t gov_doc_publish(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, int64_t at, gov_by_t *by, gov_err_t *err);
/* both, of a new document (id 0), which never stands among the drafts */
gov_rc_t gov_doc_issue(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, int64_t at, gov_by_t *by, gov_err_t *err);
/* published at once and without the reviews, which are owed; says why */
gov_rc_t gov_doc_urgent(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_by_t *by, gov_err_t *err);
gov_rc_t gov_doc_expire(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    int64_t at, gov_by_t *by, gov_err_t *err);
/* it is to be published, and was public before */
int gov_doc_returns(gov_doc_rec_t *d, int64_t now);
/* by->reason is what the public reads */
gov_rc_t gov_doc_withdraw(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_withdrawn_t kind, uint64_t replacement, gov_by_t *by,
    gov_err_t *err);
gov_rc_t gov_doc_move(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t column, gov_by_t *by, gov_err_t *err);
/* shown in another column of any site, from the same commit on */
gov_rc_t gov_doc_refer(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_site_t *site, uint32_t column, gov_err_t *err);
gov_rc_t gov_doc_unrefer(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t site, uint32_t column, gov_err_t *err);

/* 1 to 150 characters that no folder and no header trips over */
int gov_file_name_ok(gov_str_t name);
/* its addresses under that name lead to it as well */
void gov_file_named_too(gov_arena_t *a, gov_file_rec_t *f, gov_str_t name);
/* of a digest that is there already: what is known of it stays, its name too,
 * and is told in *f */
gov_rc_t gov_file_put(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f, gov_err_t *err);
/* f, loaded and changed, takes the place of the record of that digest */
gov_rc_t gov_file_save(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f, gov_err_t *err);
/* documents that show one show the other from this commit on */
gov_rc_t gov_file_replace(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_str_t with, gov_err_t *err);
/* the record and its variants' go, for good */
gov_rc_t gov_file_purge(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_err_t *err);
/*
 * A record that is there already, or goes with its whole site: what finds it
 * and its bytes follow (gov_file_bytes.c).
 */
gov_rc_t gov_file_appear(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f);
gov_rc_t gov_file_vanish(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f);
/* a site's record, the journal (site 0) or works that wait, all together,
 * need the bytes; or no more */
#define GOV_BYTES_WORK  0xffffffffU

gov_rc_t gov_bytes_need(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest);
gov_rc_t gov_bytes_free(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest);
/* the number since when nobody needs them, 0: nobody ever did.  GOV_DONE:
 * somebody does */
gov_rc_t gov_bytes_gone(gov_txn_t *t, gov_arena_t *a, gov_str_t digest,
    int64_t *number);
/*
 * Bytes that nobody needs since that number, read in another transaction;
 * blobs NULL: they are elsewhere.  Of some that came again within the last
 * hour the row alone goes.
 */
#define GOV_BYTES_REST  (3600 * 1000000LL)      /* us */

gov_rc_t gov_file_forget(gov_txn_t *t, gov_arena_t *a, const char *blobs,
    gov_str_t digest, int64_t number, int64_t now, gov_err_t *err);
/* hexadecimal digests of a site's files, of the next max behind *from, that
 * nothing finds yet.  GOV_DONE: there are no more */
gov_rc_t gov_files_missed(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_key_t *from, unsigned max, gov_value_t *digests);
gov_rc_t gov_banner_get(gov_txn_t *t, gov_arena_t *a, uint64_t id,
    gov_banner_rec_t *b);
gov_rc_t gov_banner_put(gov_txn_t *t, gov_arena_t *a, uint64_t *id,
    gov_banner_rec_t *b, gov_err_t *err);
gov_rc_t gov_banner_clear(gov_txn_t *t, gov_arena_t *a, uint64_t id,
    gov_err_t *err);


#endif /* _GOV_CONTENT_H_INCLUDED_ */
