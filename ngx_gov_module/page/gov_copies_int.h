
/*
 * Copyright (C) ngx_gov authors
 *
 * The region of page copies, for the files that read and write it.
 *
 *     +--------+---------------------+------------------------------------+
 *     | header | places (hash heads) | ring of records                    |
 *     +--------+---------------------+------------------------------------+
 *                                       ^ tail (oldest)     ^ head (free)
 *
 * Offsets count from the start of the ring and are multiples of 16.  A
 * record never wraps: one that does not fit before the end is preceded by a
 * filler.  Records of one place are chained by offset.  Head and tail only
 * grow; their remainder by the ring's size is the offset.
 */


#ifndef _GOV_COPIES_INT_H_INCLUDED_
#define _GOV_COPIES_INT_H_INCLUDED_


#include <stdatomic.h>

#include "page/gov_copies.h"


#define GOV_COPIES_NONE   0xffffffffU
#define GOV_COPIES_SITES  4096      /* a power of two */

#define gov_align16(n)  (((n) + 15) & ~(size_t) 15)


struct gov_copies_s {
    uint64_t             magic;
    uint64_t             seed;
    atomic_uint_fast64_t turn;      /* odd: being changed */
    uint32_t             nplaces;   /* a power of two */
    uint64_t             head;
    uint64_t             tail;
    size_t               size;      /* of the ring */
    gov_copies_stat_t    stat;
    uint32_t             held[GOV_COPIES_SITES];    /* 16 bytes each */
    uint32_t             places[];
};

typedef struct {
    /* a filler has these eight bytes only */
    uint32_t             len;       /* whole record, aligned */
    uint8_t              live;      /* 0: filler or replaced */
    uint8_t              used;      /* read since written */
    uint8_t              same_second;
    uint8_t              wild;

    uint64_t             hash;
    uint64_t             stamp;
    uint32_t             next;      /* offset in the place's chain */
    uint16_t             status;
    uint16_t             type;
    uint32_t             site;
    uint16_t             ndeps;
    uint16_t             keylen;
    uint32_t             bodylen;
    uint32_t             gziplen;
    uint32_t             brlen;
    uint16_t             gziplines;
    uint16_t             brlines;
    uint64_t             doc;
    uint64_t             built;
    uint64_t             seen;
    int64_t              due;
    int64_t              modified;
    u_char               date[GOV_HTTP_DATE];
    u_char               etag[GOV_ETAG];
    /* key, deps, body, gzip's lines, gzip, br's lines, br */
} gov_copies_rec_t;


static inline u_char *
gov_copies_ring(gov_copies_t *c)
{
    return (u_char *) c + gov_align16(sizeof(gov_copies_t)
                                      + c->nplaces * sizeof(uint32_t));
}


static inline gov_copies_rec_t *
gov_copies_at(gov_copies_t *c, uint32_t offset)
{
    return (gov_copies_rec_t *) (gov_copies_ring(c) + offset);
}


static inline u_char *
gov_copies_key(gov_copies_rec_t *r)
{
    return (u_char *) (r + 1);
}


static inline uint32_t *
gov_copies_place(gov_copies_t *c, uint64_t hash)
{
    return &c->places[hash & (c->nplaces - 1)];
}


static inline uint32_t *
gov_copies_held(gov_copies_t *c, uint32_t site)
{
    return &c->held[site & (GOV_COPIES_SITES - 1)];
}


/* before a change and after it */

static inline void
gov_copies_turn(gov_copies_t *c)
{
    (void) atomic_fetch_add(&c->turn, 1);

    /* nothing of a change is seen before its odd turn, on any machine */
    atomic_thread_fence(memory_order_release);
}


/* repairs what a killed worker left half changed; unlocked by ref->unlock */
gov_copies_t *gov_copies_lock(gov_copies_ref_t *ref);
/* with or without the lock; without it what is found may be another's */
gov_copies_rec_t *gov_copies_find(gov_copies_t *c, gov_copy_key_t *key);


#endif /* _GOV_COPIES_INT_H_INCLUDED_ */
