
/*
 * Copyright (C) ngx_gov authors
 *
 * Page copies: losable, in a region of memory that all workers share.
 *
 * A copy proves its own freshness: its proof names the journal entry it was
 * built at, the one it was last seen fresh at, the marks it depends on and
 * the moment it falls due.  Nobody purges.
 *
 * The region is a ring of packed records behind a hash of places.  A new
 * record takes the place of the oldest; one that was read since it was
 * written is carried over once instead (second chance), which is least
 * recently used to within one turn and needs no list.  There is no
 * fragmentation and no allocator that could fail.
 *
 * A site that holds its share of a full ring makes room among its own: the
 * copies of others are carried over, and a page for which that gives no room
 * is not kept.  Sites are counted in a fixed table by their number's
 * remainder; two of one place count together.
 *
 * Invariants:
 *
 *   1. Every change of the region is made under the lock.
 *   2. `turn` is odd while the structure is being changed.  Who takes the
 *      lock and finds it odd (a worker was killed inside) empties the region
 *      first.
 *   3. Who reads takes no lock: what was read counts when `turn` was even
 *      before and is the same after.  Until then every offset is checked
 *      against the ring's end, every length as well.
 *   4. A copy is given out only when the whole key is equal, byte by byte.
 */


#ifndef _GOV_COPIES_H_INCLUDED_
#define _GOV_COPIES_H_INCLUDED_


#include "view/gov_deps.h"


#define GOV_ETAG       16
#define GOV_HTTP_DATE  29       /* "Mon, 23 Nov 2026 08:00:00 GMT" */

/* what a copy knows about itself */
typedef struct {
    uint64_t      built;        /* journal's head when it was built */
    uint64_t      seen;         /* and when it was last seen fresh */
    int64_t       due;          /* moment it falls due, INT64_MAX never */
    int64_t       modified;     /* seconds, for Last-Modified */
    u_char        date[GOV_HTTP_DATE];      /* the same as a header says it;
                                               NUL at first: no date */
    u_char        etag[GOV_ETAG];           /* hash of the identity, in hex */
    int           same_second;  /* another page may carry the same date: it
                                   alone proves nothing */
    gov_deps_t    deps;
} gov_proof_t;

typedef struct {
    gov_str_t     key;          /* host NUL path NUL rendering */
    uint64_t      hash;         /* of the key, seeded */
    uint64_t      stamp;        /* of the theme's sources */
} gov_copy_key_t;

typedef struct {
    gov_proof_t   proof;
    uint32_t      site;
    uint64_t      doc;
    uint16_t      status;
    uint16_t      type;         /* index of the caller's table */
    gov_str_t     body;         /* identity where there is no gzip */
    gov_str_t     gzip;
    gov_str_t     br;
    gov_str_t     gzip_lines;   /* kept with the form, see below */
    gov_str_t     br_lines;
    size_t        lines;        /* bytes that a form given out has in front */
} gov_copy_t;

typedef struct gov_copies_s  gov_copies_t;

/* lock and unlock are the caller's (nginx: ngx_shmtx_*) */
typedef struct {
    gov_copies_t   *shared;
    void          (*lock)(void *data);
    void          (*unlock)(void *data);
    void           *data;
    unsigned        share;      /* % of a full ring for one site; 0: all */
} gov_copies_ref_t;

typedef struct {
    uint64_t      records;
    uint64_t      bytes;        /* of the ring, in use */
    uint64_t      size;         /* of the ring */
    uint64_t      stored;       /* ever */
    uint64_t      evicted;
    uint64_t      carried;      /* second chances */
    uint64_t      resets;
} gov_copies_stat_t;


/* lays a region out; seed makes hashes hard to guess */
gov_copies_t *gov_copies_init(void *region, size_t size, uint64_t seed);
uint64_t gov_copies_hash(gov_copies_t *c, gov_str_t key);
/* what a look-up will touch is fetched while the caller goes on: the place,
 * and then what stands there */
void gov_copies_ahead(gov_copies_t *c, uint64_t hash);
void gov_copies_nearer(gov_copies_t *c, uint64_t hash);

#define GOV_COPY_BODY  1
#define GOV_COPY_GZIP  2
#define GOV_COPY_BR    4

/*
 * Copies a record out.  forms: those taken, best first br, gzip, body; only
 * the first that exists is copied, into memory from alloc(data, size).  Its
 * lines, what the caller likes to send in front of it, come with it: they end
 * where it begins.  A copy seen fresh at entry `head` gives out no deps:
 * nobody asks for them.
 * alloc returning NULL, or no record: GOV_NOT_FOUND.
 */
typedef struct {
    unsigned      forms;
    uint64_t      head;
    void       *(*alloc)(void *data, size_t size);
    void         *data;
} gov_copies_want_t;

gov_rc_t gov_copies_get(gov_copies_ref_t *ref, gov_copy_key_t *key,
    gov_copies_want_t *want, gov_copy_t *copy);

/* the copy built at that entry was seen fresh at a later one */
void gov_copies_fresh(gov_copies_ref_t *ref, gov_copy_key_t *key,
    uint64_t built, uint64_t seen);

/* replaces a record of the same key; too large for the region: not kept */
void gov_copies_put(gov_copies_ref_t *ref, gov_copy_key_t *key,
    gov_copy_t *copy);

void gov_copies_stat(gov_copies_ref_t *ref, gov_copies_stat_t *s);


#endif /* _GOV_COPIES_H_INCLUDED_ */
