
/*
 * Copyright (C) ngx_gov authors
 *
 * content, what its files share.
 *
 * Four kinds of entry stand in the table LISTS, told apart by the two top
 * bits of the column number in the key:
 *
 *     column          time of publication, document    what the public sees
 *     column | EXPIRY time of expiry, document         when a row leaves
 *     column | DESK   time of creation, document       drafts, withdrawn ones
 *     column | PIN    time it ends, document           first in the list
 *
 * The second makes the next moment at which a list changes one seek, the
 * third makes "is this column empty" one.  How many rows of the first kind a
 * column has stands in LENGTHS; where it does not they are counted.
 *
 * gov_entries_put() and _drop() are the only writers: a change drops the
 * entries of the document as it was, and puts those of the document as it is.
 *
 * What a write transaction gave is good until its next write, so a changing
 * function owns (gov_rec_own) what it read before it writes.
 */


#ifndef _GOV_CONTENT_INT_H_INCLUDED_
#define _GOV_CONTENT_INT_H_INCLUDED_


#include "content/gov_content.h"


#define GOV_LIST_PIN         (GOV_LIST_EXPIRY | GOV_LIST_DESK)

#define GOV_COLUMN_OWN       200        /* first number of own columns */
#define GOV_COLUMN_MAX       100000
#define GOV_COLUMN_DEPTH     6
#define GOV_COLUMNS_MAX      500        /* of one site */

#define GOV_BODY_MAX         (1024 * 1024)
#define GOV_REFS_MAX         1000       /* columns a document stands in */
#define GOV_FILES_MAX        100        /* attachments of a document */
#define GOV_FILE_DOCS_MAX    1000       /* documents of an attachment */
#define GOV_INTERPRET_MAX    200
#define GOV_FIELDS_MAX       65536      /* further fields, bytes as JSON */


/* a moment still to come lowers *due, in which 0 stands for none as well */
void gov_due(int64_t *due, int64_t at, int64_t now);

/* the sentence for what the store refused; rc is given back */
gov_rc_t gov_store_said(gov_err_t *err, gov_rc_t rc);

/* a blueprint's columns as it lists them; their number */
unsigned gov_columns_flat(gov_arena_t *a, gov_value_t *blueprint,
    gov_column_t **flat);
/* those that are shown, in order; `from` is sorted */
unsigned gov_columns_tree(gov_column_t *from, unsigned n, gov_column_t *to);
/* of the site's blueprint alone, as gov_columns_way() */
gov_rc_t gov_columns_kept_way(gov_txn_t *t, gov_arena_t *a,
    gov_site_t *site, gov_str_t path, uint32_t id, gov_column_t **list,
    unsigned *n);
/* takes "a" off "a/b/"; 0 at the end */
int gov_column_step(gov_str_t *path, gov_str_t *slug);

/* the next version, of a new document too; what follows writes its record */
gov_rc_t gov_doc_version(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err);
gov_rc_t gov_doc_save(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_err_t *err);
gov_rc_t gov_entries_put(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_err_t *err);
gov_rc_t gov_entries_drop(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_err_t *err);
/* a member of doc->rec.refs */
void gov_ref_of(gov_value_t *ref, uint32_t *site, uint32_t *column);
/* marks of the document and, if lists is 1, of every list it stands in */
void gov_doc_touch(gov_txn_t *t, gov_doc_t *doc, int lists);
/* gov_publish.c: what v names names the document, and what its live version
 * named and v does not names it no more */
gov_rc_t gov_link_back(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err);
gov_column_t *gov_column_below(gov_column_t *list, unsigned n,
    uint32_t parent, gov_str_t slug);

/* a version, owned; GOV_NOT_FOUND names the field "version" */
gov_rc_t gov_version_there(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_version_rec_t *v, gov_err_t *err);
/* images of a safe body that have no words and are not said to need none */
int gov_body_bare_images(gov_str_t html);

/* gov_flow.c: what a write and a publication have to do with the flow */
gov_rc_t gov_flow_written(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err);
/* may the act be done at the document's step, with the reason it needs */
gov_rc_t gov_flow_allows(gov_doc_t *doc, gov_act_t act, gov_by_t *by,
    gov_err_t *err);
/* is the account among those that wrote since the last publication, or did
 * it write this version; v NULL: none is asked for */
int gov_flow_wrote(gov_doc_rec_t *d, gov_version_rec_t *v, int64_t account);
/* GOV_DENIED, of who wrote: where two people are asked for (N28) */
gov_rc_t gov_flow_other(gov_doc_rec_t *d, gov_version_rec_t *v, gov_by_t *by,
    gov_err_t *err);
/* gov_flow_ready.c: what a version must have to be judged, and to go out */
gov_rc_t gov_flow_fit(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_flow_t *flow, gov_err_t *err);
gov_rc_t gov_flow_ready(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, uint32_t n, gov_act_t act, gov_by_t *by,
    gov_err_t *err);
gov_rc_t gov_flow_published(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_act_t act, gov_by_t *by, gov_err_t *err);
/* the act is written down, the document stands at the step; to be saved */
gov_rc_t gov_flow_to(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_act_t act, gov_step_t to, uint32_t n, gov_by_t *by, gov_err_t *err);
/* a row of the log; the document's count is to be saved */
gov_rc_t gov_log_add(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_act_t act, gov_step_t to, uint32_t n, gov_by_t *by, gov_err_t *err);
/* GOV_CONFLICT: somebody else edits it */
gov_rc_t gov_lock_free(gov_doc_t *doc, uint64_t account, int64_t now,
    gov_err_t *err);
/* rows beside the document; its counts are to be saved */
gov_rc_t gov_note_add(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_str_t text, gov_by_t *by, gov_err_t *err);
gov_rc_t gov_told_add(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_change_t kind, uint32_t n, gov_by_t *by, gov_err_t *err);
gov_rc_t gov_told_published(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_by_t *by, gov_err_t *err);

/* the key of a body, and the table it stands in */
gov_table_t gov_body_key(gov_key_t *k, gov_str_t name);
/* lengths, days, words, links of a version's fields */
gov_rc_t gov_version_check(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_version_rec_t *v, gov_err_t *err);
/* the record by its digest's bytes */
gov_rc_t gov_file_load_raw(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f);
/* the next file's digest, as it was typed, of a body's addresses, which go on
 * behind it; 0: none is left */
int gov_file_next(gov_str_t *html, gov_str_t *hex);
/* its rows on the site's shelves, and in the hub's lists of what waits to be
 * scanned or to be purged */
gov_rc_t gov_file_shelve(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f);
gov_rc_t gov_file_unshelve(gov_txn_t *t, uint32_t site, gov_str_t digest,
    gov_file_rec_t *f);
/* the attachments a version names, in its list and in its body's addresses,
 * remember the document */
gov_rc_t gov_files_bind(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t doc, gov_version_rec_t *v, gov_err_t *err);


#endif /* _GOV_CONTENT_INT_H_INCLUDED_ */
