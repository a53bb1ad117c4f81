
/*
 * Copyright (C) ngx_gov authors
 *
 * store: one LMDB environment, in which a site's content store is a range of
 * keys reached through a handle.
 *
 *     gov_store_open(&conf, &store, err);
 *     gov_txn_begin(store, GOV_TXN_READ, &txn, err);
 *     h = gov_handle(txn, site);
 *     rc = gov_load(h, GOV_T_DOCS, gov_key8(&k, id), arena, &doc);
 *     gov_txn_end(&txn);
 *
 * Rules that hold for every caller:
 *
 *   - A process opens a store once, after fork, and never in nginx's master.
 *   - A read transaction (snapshot) lives inside one function call of the
 *     event loop; what must outlive it is copied.
 *   - Only govd opens GOV_STORE_WRITE.
 *   - A handle reads and writes the keys of its site and no others; site
 *     number 0 is the hub.
 *
 * Results: GOV_OK; GOV_NOT_FOUND; GOV_DONE at the end of a scan; GOV_CORRUPT
 * when a value fails its checksum; GOV_FULL when the site's quota or the map
 * is used up; GOV_BUSY when no reader slot is free or the map was resized
 * (try again); GOV_ERROR for the rest.
 */


#ifndef _GOV_STORE_H_INCLUDED_
#define _GOV_STORE_H_INCLUDED_


#include "base/gov_base.h"
#include "store/gov_record.h"
#include "store/gov_tables.h"


#define GOV_TABLE_ENUM(number, name, where, shape, rec, owner, flags, what)   \
    GOV_T_##name = number,
typedef enum {
    GOV_T_NONE = 0,
    GOV_TABLES(GOV_TABLE_ENUM)
    GOV_T_END = 255
} gov_table_t;


typedef struct gov_store_s    gov_store_t;
typedef struct gov_txn_s      gov_txn_t;
typedef struct gov_backend_s  gov_backend_t;

#define GOV_STORE_READ   0
#define GOV_STORE_WRITE  1
#define GOV_STORE_THERE  2          /* with _WRITE: it must be there already */

typedef struct {
    const char      *dir;           /* "store", relative to $RUN */
    unsigned         flags;         /* GOV_STORE_READ, or _WRITE ... */
    size_t           map_size;      /* bytes; default 64 GiB */
    unsigned         max_readers;   /* default 512 */
    size_t           quota;         /* bytes a site may hold; 1 GiB */
    gov_digest_kind_t  digest;      /* of the journal's chains */
    int              group_gid;     /* owner of lock.mdb, -1 as it is */
    gov_backend_t   *backend;       /* NULL is LMDB; tests put another */
} gov_store_conf_t;

/*
 * GOV_NOT_FOUND: no store there yet (reading); GOV_INVALID: network file
 * system, wrong owner, truncated file, or a format newer than this program.
 * Opening for writing creates the store, unless it must be there, and runs
 * the migration steps.
 */
gov_rc_t gov_store_open(gov_store_conf_t *conf, gov_store_t **s,
    gov_err_t *err);
void gov_store_close(gov_store_t **s);
/*
 * The id of the newest transaction, without beginning one: 0 when it cannot
 * be told.  Not while another thread of this process begins a transaction.
 * While a commit waits for the disk it is told already, and no snapshot has
 * it yet (LMDB's mdb_env_info() goes by the page that is being written).
 */
uint64_t gov_store_last(gov_store_t *s);
/* slots of dead readers are freed; their number */
int gov_store_reader_check(gov_store_t *s);
/* map size and use, pages, readers, oldest reader, sites, format ... */
gov_value_t *gov_store_stats(gov_store_t *s, gov_arena_t *a);


#define GOV_TXN_READ   0
#define GOV_TXN_WRITE  1

/*
 * A write transaction may have one child at a time; while it is open the
 * parent is not used.  A child's end without commit leaves nothing of it.
 */
gov_rc_t gov_txn_begin(gov_store_t *s, unsigned flags, gov_txn_t **t,
    gov_err_t *err);
gov_rc_t gov_txn_child(gov_txn_t *parent, gov_txn_t **child, gov_err_t *err);
/* durable when it returns GOV_OK; *t is cleared in every case */
gov_rc_t gov_txn_commit(gov_txn_t **t, gov_err_t *err);
/* ends a snapshot; aborts a write transaction */
void gov_txn_end(gov_txn_t **t);
/* grows with every commit: equal ids mean an equal store */
uint64_t gov_txn_id(gov_txn_t *t);
gov_store_t *gov_txn_store(gov_txn_t *t);
/* bytes written since the transaction began (group commit ends at 64 MB) */
size_t gov_txn_bytes(gov_txn_t *t);
/*
 * What is written makes again what a journal says was done: a rule that is
 * asked of who acts may be younger than the entry, and is not asked.  What an
 * act does is the same, and so is what its own choices depend on.  Children
 * have it from their parent.
 */
void gov_txn_make_again(gov_txn_t *t, int again);
int gov_txn_again(gov_txn_t *t);


typedef struct {
    gov_txn_t    *txn;
    uint32_t      site;
} gov_handle_t;

#define GOV_HUB  0

gov_handle_t gov_handle(gov_txn_t *t, uint32_t site);


/* a key: the parts of the table's shape, in order */

#define GOV_KEY_MAX  500

typedef struct {
    size_t       len;
    u_char       data[GOV_KEY_MAX];
} gov_key_t;

gov_key_t *gov_key(gov_key_t *k);
gov_key_t *gov_key4(gov_key_t *k, uint32_t v);
gov_key_t *gov_key8(gov_key_t *k, uint64_t v);
gov_key_t *gov_key_s(gov_key_t *k, gov_str_t s);
gov_key_t *gov_key_add4(gov_key_t *k, uint32_t v);
gov_key_t *gov_key_add8(gov_key_t *k, uint64_t v);
gov_key_t *gov_key_add_s(gov_key_t *k, gov_str_t s);
uint32_t gov_key_get4(gov_str_t key, size_t offset);
uint64_t gov_key_get8(gov_str_t key, size_t offset);


/* typed by the table's record; strings are valid until the txn's end */
gov_rc_t gov_load(gov_handle_t h, gov_table_t t, gov_key_t *k,
    gov_arena_t *a, void *rec);
/* the bytes that gov_rec_decode() and gov_rec_tree() read, valid as long: for
 * who keeps what was made from them and asks whether they are the same.  An
 * arena of NULL: valid until the transaction's next write */
gov_rc_t gov_stored(gov_handle_t h, gov_table_t t, gov_key_t *k,
    gov_arena_t *a, gov_str_t *value);
gov_rc_t gov_save(gov_handle_t h, gov_table_t t, gov_key_t *k,
    gov_arena_t *a, void *rec);
gov_rc_t gov_drop(gov_handle_t h, gov_table_t t, gov_key_t *k);
int gov_exists(gov_handle_t h, gov_table_t t, gov_key_t *k);
/* the same, and tells a failure: GOV_OK, GOV_NOT_FOUND or another */
gov_rc_t gov_there(gov_handle_t h, gov_table_t t, gov_key_t *k);


/*
 * A scan over keys of one table that start with a prefix, in order or in
 * reverse, from a given key on:
 *
 *     gov_scan_open(&sc, h, GOV_T_LISTS, gov_key4(&k, column), GOV_REVERSE);
 *     gov_scan_from(&sc, gov_key_add8(..., now + 1));     optional, exclusive
 *                                       in reverse, inclusive forward
 *     while (gov_scan_next(&sc, arena, &rec) == GOV_OK) { sc.key ... }
 *     gov_scan_close(&sc);
 *
 * sc.key is the key's parts (without site and table).  No put or drop in the
 * same table while a scan is open: collect first.
 *
 * Of the tables that are of a document only DOCS can be scanned, without a
 * prefix: the others' keys are known from the document.
 */

#define GOV_FORWARD  0
#define GOV_REVERSE  1

typedef struct {
    gov_handle_t   h;
    gov_table_t    table;
    unsigned       reverse;
    gov_key_t      prefix;
    gov_key_t      from;
    int            started;
    void          *cursor;
    gov_str_t      key;
} gov_scan_t;

gov_rc_t gov_scan_open(gov_scan_t *sc, gov_handle_t h, gov_table_t t,
    gov_key_t *prefix, unsigned reverse);
void gov_scan_from(gov_scan_t *sc, gov_key_t *from);
/* rec may be NULL: keys only */
gov_rc_t gov_scan_next(gov_scan_t *sc, gov_arena_t *a, void *rec);
/* steps over n entries, or those there are, without decoding */
gov_rc_t gov_scan_skip(gov_scan_t *sc, size_t n, size_t *stepped);
void gov_scan_close(gov_scan_t *sc);


/*
 * Rows that follow from other records (the tables DESK, TASKS, FINDS, LENGTHS).
 * A store that this program made has all of them from the beginning; one that
 * was made before lacks some until govd has written them and set the mark.
 */
gov_rc_t gov_indexed(gov_txn_t *t, int *all);
gov_rc_t gov_indexed_set(gov_txn_t *t);
/*
 * The same of BLOBS, which file.gather fills: GOV_NOT_FOUND, GOV_OK.  What
 * an earlier program's journal names besides came before since.
 */
gov_rc_t gov_files_known(gov_txn_t *t, int64_t *since);
gov_rc_t gov_files_known_set(gov_txn_t *t, int64_t since);


/* numbers: 1, 2, 3 ... of a named sequence in the hub */
gov_rc_t gov_next(gov_txn_t *t, const char *sequence, uint64_t *n);
/* the last one that was given, 0 for none */
gov_rc_t gov_last(gov_txn_t *t, const char *sequence, uint64_t *n);
/* the sequence goes on above n, if it is not there yet */
gov_rc_t gov_next_above(gov_txn_t *t, const char *sequence, uint64_t n);


/*
 * Marks.  A site has 64 slots in one record; a slot holds the number of the
 * last journal entry that touched what falls into it.  A page notes the
 * slots it was built from and is fresh while none is newer than the store it
 * was built on.  Slots 0-7 have fixed meanings, columns share 8-23,
 * documents share 24-63: a collision costs a render, never a stale page.
 */

#define GOV_SLOT_SITE      0       /* record, address, theme, state */
#define GOV_SLOT_CHILDREN  1       /* the list of its children */
#define GOV_SLOT_COLUMNS   2       /* the column tree */
#define GOV_SLOT_NAMES     3       /* redirects and other names */
#define GOV_SLOT_LINKS     4       /* link groups shared and taken */
#define GOV_SLOT_PEOPLE    5       /* of a site: who may what, in no page */
#define GOV_SLOT_DESK      6       /* of a site: its work, in no page */
#define GOV_SLOT_BANNER    5       /* in the hub */
#define GOV_SLOT_BLUEPRINT 6       /* in the hub */
#define GOV_SLOT_POLICY    7       /* in the hub */
#define gov_slot_column(id)  (8 + (unsigned) ((id) % 16))
#define gov_slot_doc(id)     (24 + (unsigned) ((id) % 40))
#define gov_slot_host(hash)  (8 + (unsigned) ((hash) % 56))   /* in the hub */

/* remembered in the txn, written by gov_note() with the entry's number */
void gov_touch(gov_txn_t *t, uint32_t site, unsigned slot);
/*
 * The command makes this site: its entry names it as made.  Nobody has a page
 * of it, so touches of it by the same command need no mark and no link of a
 * chain; both begin with the first entry that changes it afterwards.
 */
void gov_touch_made(gov_txn_t *t, uint32_t site);
/* the newest number among the slots of the mask, 0 if none: one get */
gov_rc_t gov_marks_newest(gov_txn_t *t, uint32_t site, uint64_t mask,
    uint64_t *newest);
/* number of the journal's last entry */
uint64_t gov_journal_head(gov_txn_t *t);
/* the number that the entry of the command at work is to have */
gov_rc_t gov_journal_next(gov_txn_t *t, uint64_t *seq);


/*
 * News: what the journal's last entries touched, held in the memory of a
 * process so that most proofs need no transaction.  It knows a little too
 * much rather than too little: "perhaps touched" sends to the marks.
 *
 * For one thread.  About 70 KB, whatever the number of sites.
 */
typedef struct gov_news_s  gov_news_t;

gov_news_t *gov_news_new(void);
void gov_news_free(gov_news_t **n);
/*
 * Reads what came since the last call; nothing is read when nothing came.
 * Not GOV_OK: the news is empty until a call succeeds.
 */
gov_rc_t gov_news_follow(gov_news_t *n, gov_store_t *s);
void gov_news_empty(gov_news_t *n);
/* the journal's head at the last gov_news_follow(), when empty above every
 * entry: no proof may be said to hold up to there */
#define GOV_NEWS_NONE  UINT64_MAX
uint64_t gov_news_head(gov_news_t *n);
/* 1: no slot of the mask was touched after entry `seen`; 0: perhaps */
int gov_news_none(gov_news_t *n, uint32_t site, uint64_t mask,
    uint64_t seen);


/*
 * Journal.  gov_note() is called once a command, as its last step, in the
 * same (child) transaction: writes the entry with its platform chain, the
 * link and the marks of every touched site, the verdict under the operation
 * id, and the usage of the sites.
 */

typedef struct {
    int64_t        time;
    gov_str_t      actor;
    gov_str_t      origin;
    u_char         op[GOV_OPID_LEN];
    gov_str_t      command;
    gov_value_t   *input;         /* bodies already replaced by digests */
    gov_str_t      random;
    gov_value_t   *result;        /* the verdict */
} gov_note_t;

/* an entry by its number, its input as it was given; GOV_NOT_FOUND */
gov_rc_t gov_journal_get(gov_txn_t *t, gov_arena_t *a, uint64_t seq,
    gov_entry_rec_t *e);
/* *seq becomes the number of the site's entry before that one, 0: none; of
 * 0, of its last one */
gov_rc_t gov_journal_before(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t *seq);
gov_rc_t gov_note(gov_txn_t *t, gov_arena_t *a, gov_note_t *note,
    uint64_t *seq, gov_err_t *err);
/* the verdict of an operation that was applied; GOV_NOT_FOUND */
gov_rc_t gov_applied(gov_txn_t *t, gov_arena_t *a,
    u_char op[GOV_OPID_LEN], gov_value_t **verdict, uint64_t *seq);

/* who wants to know how far long work is; NULL: nobody */
typedef struct {
    void       (*at)(void *data, uint64_t n);
    void        *data;
} gov_watch_t;

/* recomputes both chains (site 0: the platform's and every site's);
 * err->text names the first entry that does not hold */
gov_rc_t gov_journal_verify(gov_txn_t *t, uint32_t site, uint64_t *checked,
    gov_watch_t *watch, gov_err_t *err);
/* "NUMBER:HASH" of the last entry, to be noted outside; empty: no entry */
gov_rc_t gov_journal_note(gov_txn_t *t, gov_arena_t *a, gov_str_t *head);
/* such a head of once: GOV_CORRUPT when the journal was cut or rewritten
 * since */
gov_rc_t gov_journal_noted(gov_txn_t *t, gov_str_t noted, gov_err_t *err);


/* quota: bytes of the tables counted, of the site behind the handle */
gov_rc_t gov_usage(gov_handle_t h, gov_arena_t *a, uint64_t *bytes);


/*
 * Attachments: files by digest under a directory of their own, write-once,
 * durable when gov_blob_put() returns; the time of a file is that of its last
 * gov_blob_put().  The name of the file below dir is
 * "ab/cdef...": two digits, a slash, the other 62.
 */
gov_rc_t gov_blob_put(const char *dir, gov_str_t data,
    u_char digest[GOV_DIGEST_LEN], gov_err_t *err);
gov_rc_t gov_blob_path(gov_arena_t *a, const char *dir, gov_str_t hexdigest,
    gov_str_t *path);
gov_rc_t gov_blob_get(gov_arena_t *a, const char *dir, gov_str_t hexdigest,
    gov_str_t *data, gov_err_t *err);
/* goes, durably, unless it was put, or put again, at `since` or later */
gov_rc_t gov_blob_drop(gov_arena_t *a, const char *dir, gov_str_t hexdigest,
    int64_t since, gov_err_t *err);


/*
 * Whole-store work, each in a process of its own that opens the store itself
 * (govd runs its own program with an option): a damaged page may end it.
 */
typedef void (*gov_report_pt)(void *data, uint32_t site, const char *text);

/* every page, every value, every key's shape; faults named by site */
gov_rc_t gov_store_check(gov_store_t *s, gov_report_pt report, void *data,
    uint64_t *values, uint64_t *faults, gov_err_t *err);
/* a compacted copy, then opened and checked, in "DIR.part", where what else
 * belongs to the backup is put beside it; the end gives it its name */
gov_rc_t gov_store_backup(gov_store_t *s, const char *dir, gov_err_t *err);
gov_rc_t gov_store_backup_end(const char *dir, gov_err_t *err);
/* instead of the end */
void gov_store_backup_drop(const char *dir);

/*
 * Canonical dump: one JSON line a record, in key order, by names.  site 0:
 * everything.  Without the journal's tables when journal is 0.
 */
typedef gov_rc_t (*gov_line_pt)(void *data, gov_str_t line);
gov_rc_t gov_store_dump(gov_txn_t *t, uint32_t site, int journal,
    gov_line_pt line, void *data, gov_err_t *err);
/* one line of a dump put back under a site's number (restore) */
gov_rc_t gov_store_undump(gov_txn_t *t, uint32_t site, gov_arena_t *a,
    gov_value_t *line, gov_err_t *err);
/* every key of the site's range dropped, but not its journal's links */
gov_rc_t gov_store_clear_site(gov_txn_t *t, uint32_t site);


#endif /* _GOV_STORE_H_INCLUDED_ */
