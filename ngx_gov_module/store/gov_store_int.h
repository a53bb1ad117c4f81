
/*
 * Copyright (C) ngx_gov authors
 *
 * store, for its own files and its tests: what lies below the handles.
 *
 *     gov_lmdb.c        the backend: the only file that knows LMDB
 *     gov_store_fail.c  a backend over another, whose n-th call fails
 *     gov_store.c       open, close, figures
 *     gov_format.c      the format's number, steps from older ones
 *     gov_place.c       what a folder must be to hold a store
 *     gov_txn.c         transactions, the cached snapshot, what they remember
 *     gov_key.c  gov_record.c  gov_load.c  gov_scan.c
 *     gov_marks.c  gov_recent.c  gov_news.c
 *     gov_journal.c  gov_chain.c  gov_verify.c
 *     gov_quota.c  gov_blob.c  gov_check.c  gov_backup.c  gov_dump.c
 *     gov_undump.c
 */


#ifndef _GOV_STORE_INT_H_INCLUDED_
#define _GOV_STORE_INT_H_INCLUDED_


#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "store/gov_store.h"


#define GOV_STORE_FORMAT  5
#define GOV_STORE_INDEXES 1         /* see gov_indexed() */

#define GOV_KEY_HEAD      5                       /* site and table */
#define GOV_KEY_PARTS     (GOV_KEY_MAX - GOV_KEY_HEAD)
#define GOV_KEY_DOC       14              /* site, DOCS, document, table */

#define GOV_SLOTS         64
#define GOV_SLOT_MADE     GOV_SLOTS               /* gov_touch_made() */


/*
 * A backend keeps pairs in the order of their keys' bytes.  Strings it gives
 * point into its snapshot.  All members are required.
 */

typedef enum {
    GOV_MOVE_AT = 0,      /* the first key not below the given one */
    GOV_MOVE_NEXT,
    GOV_MOVE_PREV,
    GOV_MOVE_LAST
} gov_move_t;

typedef struct {
    uint64_t     map_size;          /* bytes */
    uint64_t     used;              /* bytes of pages ever used */
    uint64_t     page_size;
    uint64_t     pairs;
    uint64_t     depth;
    uint64_t     readers;           /* slots taken */
    uint64_t     max_readers;
    uint64_t     last;              /* id of the last transaction */
    uint64_t     oldest;            /* id the oldest reader stands on, 0 none */
    int64_t      oldest_pid;
} gov_backend_stats_t;

struct gov_backend_s {
    const char  *name;
    gov_rc_t   (*open)(gov_backend_t *self, gov_store_conf_t *conf,
                       void **env, gov_err_t *err);
    void       (*close)(void *env);

    gov_rc_t   (*begin)(void *env, void *parent, unsigned flags, void **txn);
    gov_rc_t   (*renew)(void *txn);
    void       (*reset)(void *txn);
    /* *dead is set when the process must not write any more */
    gov_rc_t   (*commit)(void *env, void *txn, unsigned child, int *dead,
                         gov_err_t *err);
    void       (*abort)(void *txn);
    uint64_t   (*id)(void *txn);
    /* what id() of a snapshot begun now would say, without one; of a commit
     * that waits for the disk, what it will say */
    uint64_t   (*last)(void *env);
    /* takes over a map that another process enlarged; no txn is active */
    gov_rc_t   (*resized)(void *env);

    gov_rc_t   (*get)(void *txn, gov_str_t key, gov_str_t *value);
    gov_rc_t   (*put)(void *txn, gov_str_t key, gov_str_t value);
    gov_rc_t   (*del)(void *txn, gov_str_t key);

    gov_rc_t   (*cursor_open)(void *txn, void **cursor);
    /* key is read by GOV_MOVE_AT; GOV_NOT_FOUND past either end */
    gov_rc_t   (*cursor_move)(void *cursor, gov_move_t move, gov_str_t *key,
                              gov_str_t *value);
    void       (*cursor_close)(void *cursor);

    int        (*reader_check)(void *env);
    gov_rc_t   (*stats)(void *env, gov_backend_stats_t *st);
    /* a compacted copy, durable, as folder/data.mdb */
    gov_rc_t   (*copy)(void *env, const char *folder, gov_err_t *err);
};

extern gov_backend_t  gov_lmdb_backend;


struct gov_store_s {
    gov_store_conf_t       conf;
    char                  *dir;
    gov_backend_t         *backend;
    void                  *env;
    dev_t                  dev;         /* of the folder: the registry's key */
    ino_t                  ino;
    gov_store_t           *next;

    _Atomic(gov_txn_t *)   cached;      /* a snapshot that was reset, or NULL */
    atomic_int             active;      /* transactions; GOV_RESIZING */
    atomic_int             dead;        /* a commit failed: no more writing */
    int                    forked;      /* inherited from a parent process */
};

#define GOV_RESIZING  0x40000000


/* what a write transaction remembers until gov_note() writes it */

typedef struct {
    uint32_t     site;
    unsigned     slot;
} gov_touch_t;

typedef struct {
    uint32_t     site;
    int64_t      bytes;
} gov_delta_t;

struct gov_txn_s {
    gov_store_t   *store;
    gov_txn_t     *parent;
    gov_txn_t     *child;
    void          *txn;           /* the backend's */
    void          *cursor;        /* a snapshot's, between two scans */
    uint64_t       id;            /* 0: not asked yet */
    unsigned       write;
    int            again;
    size_t         bytes;

    uint64_t       next;          /* of the journal; 0: not remembered */
    uint32_t       site_id;
    gov_str_t      site;          /* its record; NULL: not remembered */

    gov_touch_t   *touches;
    unsigned       ntouches;
    unsigned       touches_size;

    gov_delta_t   *deltas;
    unsigned       ndeltas;
    unsigned       deltas_size;
};


/* room for any record */

#define GOV_REC_ANY(rec, LIST)  gov_##rec##_rec_t  rec;

typedef union {
    GOV_RECORDS(GOV_REC_ANY)
} gov_any_rec_t;


/* tables */

typedef struct {
    const char    *name;          /* NULL: no such table */
    unsigned       site;          /* 1: stands under a site (the hub too) */
    unsigned       doc;           /* 1: what is of a document */
    const char    *shape;
    gov_record_t  *record;        /* NULL: raw */
    unsigned       counted;
} gov_table_info_t;

extern gov_table_info_t  gov_table_info[256];

/* the whole key; GOV_ERROR when the table may not stand there */
gov_rc_t gov_key_whole(gov_handle_t h, gov_table_t t, gov_key_t *k,
    u_char *buf, gov_str_t *key);
void gov_key_head(u_char *buf, uint32_t site, gov_table_t t);
/* GOV_KEY_DOC bytes; table 0 and 255: below and above all of the document */
void gov_key_doc(u_char *buf, uint32_t site, uint64_t doc, u_char table);
/* of a whole key: GOV_T_NONE when it is none that was written */
gov_table_t gov_key_table(gov_str_t key);
/* the document, of a key in the range of DOCS */
uint64_t gov_key_number(gov_str_t key);
/* the table, maybe none there is, and the parts: GOV_CORRUPT */
gov_rc_t gov_key_split(gov_str_t key, gov_table_t *t, gov_key_t *k);
/* keys as the JSON list of their parts; not of the shape: as hexadecimal */
gov_value_t *gov_key_value(gov_arena_t *a, const char *shape, gov_str_t key);
gov_rc_t gov_key_from_value(gov_key_t *k, const char *shape, gov_value_t *v,
    gov_err_t *err);
int gov_key_fits(const char *shape, gov_str_t key);


/* values without a record: checksum in front of the bytes */

#define GOV_SUM_LEN  4

void gov_sum_put(u_char *p, gov_str_t bytes);
int gov_sum_holds(gov_str_t value);

#define GOV_REC_HEAD   (GOV_SUM_LEN + 1)        /* sum and version */
#define GOV_REC_DEPTH  24                       /* of a tree */

#define gov_rec_at(f, rec, type)  ((type *) ((u_char *) (rec) + (f)->offset))

/* fields kept as they came: their number */
unsigned gov_rec_pairs(gov_str_t rest);


/* what a write transaction remembers of what is stored: see gov_load.c */
void gov_txn_forget(gov_txn_t *t);
/* the cursor of a scan: taken, given back */
gov_rc_t gov_txn_cursor(gov_txn_t *t, void **cursor);
void gov_txn_cursor_end(gov_txn_t *t, void **cursor);

/* raw access by whole parts; put and drop count bytes towards the txn */

gov_rc_t gov_raw_get(gov_handle_t h, gov_table_t t, gov_key_t *k,
    gov_str_t *value);
gov_rc_t gov_raw_put(gov_handle_t h, gov_table_t t, gov_key_t *k,
    gov_str_t value);
gov_rc_t gov_raw_drop(gov_handle_t h, gov_table_t t, gov_key_t *k);
/* decodes what was got; in a write transaction from a copy */
gov_rc_t gov_load_value(gov_txn_t *t, gov_record_t *r, gov_str_t value,
    gov_arena_t *a, void *rec);
/* the record that holds a named number of the hub */
gov_rc_t gov_meta_get(gov_txn_t *t, gov_arena_t *a, const char *name,
    gov_meta_rec_t *m);
gov_rc_t gov_meta_put(gov_txn_t *t, gov_arena_t *a, const char *name,
    gov_meta_rec_t *m);


/* marks */

/* sorts the touches by site, each once */
void gov_touches_sort(gov_txn_t *t);
/* how many touches from the i-th on are of one site, and whether of a made */
unsigned gov_touches_site(gov_txn_t *t, unsigned i, int *made);
/* the slots of n touches of one site, from the i-th on, become seq */
gov_rc_t gov_marks_write(gov_txn_t *t, gov_arena_t *a, uint64_t seq,
    unsigned i, unsigned n);
/* ascending slots, none newer than head */
int gov_marks_hold(gov_str_t value, uint64_t head);
gov_rc_t gov_marks_read(gov_handle_t h, uint64_t slots[GOV_SLOTS]);


/* quota */

int64_t gov_quota_weight(gov_table_t t, gov_str_t value);
void gov_quota_add(gov_txn_t *t, uint32_t site, int64_t bytes);
/* adds what was remembered to the sites' usage; GOV_FULL */
gov_rc_t gov_quota_flush(gov_txn_t *t, gov_arena_t *a, gov_err_t *err);


/* journal */

/* of an entry that is not packed */
gov_rc_t gov_entry_hash(uint64_t seq, gov_entry_rec_t *e,
    u_char out[GOV_DIGEST_LEN]);
/* its input as it was given */
gov_rc_t gov_entry_unpack(gov_arena_t *a, gov_entry_rec_t *e);


/* the sites that were touched last (gov_recent.c) */

typedef struct {
    uint32_t       site;
    uint64_t       seq;             /* of the last entry that touched it */
} gov_touched_t;

typedef struct {
    uint64_t       floor;           /* nothing is said of entries up to it */
    unsigned       n;
    gov_touched_t *sites;           /* in the arena; ascending by entry */
} gov_recent_t;

/* GOV_NOT_FOUND: no entry touched a site yet */
gov_rc_t gov_recent_read(gov_txn_t *t, gov_arena_t *a, gov_recent_t *r);
gov_rc_t gov_recent_add(gov_txn_t *t, gov_arena_t *a, uint64_t seq,
    gov_value_t *sites);


/* chains of sites (gov_chain.c) */

/* of an entry and a site it changed; in `links` the number, then the hash */
typedef struct {
    uint64_t      before;           /* the entry with the site's link before */
    u_char        hash[GOV_DIGEST_LEN];
} gov_link_t;

#define GOV_LINK_LEN  (sizeof(uint64_t) + GOV_DIGEST_LEN)

gov_rc_t gov_link_hash(gov_digest_kind_t kind, gov_str_t before,
    gov_str_t hash, u_char out[GOV_DIGEST_LEN]);
void gov_link_write(u_char *at, gov_link_t *link);
/* of the i-th of the entry's sites; GOV_CORRUPT: it is not there */
gov_rc_t gov_link_read(gov_entry_rec_t *e, unsigned i, gov_link_t *link);
/* GOV_NOT_FOUND: the entry does not name the site */
gov_rc_t gov_link_of(gov_entry_rec_t *e, uint32_t site, gov_link_t *link);
/* seq 0 and 32 zero bytes: the site has no link yet */
gov_rc_t gov_chain_last(gov_handle_t h, gov_arena_t *a,
    gov_chain_rec_t *last);


/* format: a step leads from one format to the next */

typedef struct {
    unsigned      from;
    gov_rc_t    (*step)(gov_txn_t *t, gov_arena_t *a, gov_err_t *err);
} gov_migration_t;

typedef struct {
    unsigned          format;       /* this program's */
    gov_migration_t  *steps;
    unsigned          n;
} gov_format_t;

/* the program's own; a test puts another before it opens */
extern gov_format_t  gov_store_format;

/* GOV_NOT_FOUND: no store yet; GOV_BUSY: older; GOV_INVALID: newer */
gov_rc_t gov_format_read(gov_store_t *s, gov_err_t *err);
/* a new store gets the number, an older one is led up */
gov_rc_t gov_format_write(gov_store_t *s, gov_err_t *err);


/* the folder */

extern int (*gov_place_statfs)(const char *path, struct statfs *st);

gov_rc_t gov_place_prepare(gov_store_conf_t *conf, gov_err_t *err);
gov_rc_t gov_place_finish(gov_store_conf_t *conf, gov_err_t *err);
gov_rc_t gov_place_look(gov_store_conf_t *conf, gov_err_t *err);
/* fsync of a folder */
gov_rc_t gov_place_sync(const char *dir, gov_err_t *err);


#endif /* _GOV_STORE_INT_H_INCLUDED_ */
