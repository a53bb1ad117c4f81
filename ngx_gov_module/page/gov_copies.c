
/*
 * Copyright (C) ngx_gov authors
 *
 * The invariants stand in gov_copies.h.
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


#include <stdatomic.h>

#include "page/gov_copies.h"


#define GOV_COPIES_MAGIC  0x676f76636f706965ULL
#define GOV_COPIES_NONE   0xffffffffU
#define GOV_COPIES_CARRY  8         /* second chances for one put */
#define GOV_COPIES_SITES  4096      /* a power of two */
#define GOV_COPIES_CHAIN  64        /* records of a place looked at */
#define GOV_COPIES_LINE   64        /* of the processor's cache, bytes */
#define GOV_COPIES_LINES  10        /* of a record, fetched at once */

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
    uint64_t             doc;
    uint64_t             built;
    uint64_t             seen;
    int64_t              due;
    int64_t              modified;
    u_char               date[GOV_HTTP_DATE];
    u_char               etag[GOV_ETAG];
    /* key, deps, body, gzip, br */
} gov_copies_rec_t;


static u_char *
gov_copies_ring(gov_copies_t *c)
{
    return (u_char *) c + gov_align16(sizeof(gov_copies_t)
                                      + c->nplaces * sizeof(uint32_t));
}


static gov_copies_rec_t *
gov_copies_at(gov_copies_t *c, uint32_t offset)
{
    return (gov_copies_rec_t *) (gov_copies_ring(c) + offset);
}


static u_char *
gov_copies_key(gov_copies_rec_t *r)
{
    return (u_char *) (r + 1);
}


static uint32_t *
gov_copies_place(gov_copies_t *c, uint64_t hash)
{
    return &c->places[hash & (c->nplaces - 1)];
}


static uint32_t *
gov_copies_held(gov_copies_t *c, uint32_t site)
{
    return &c->held[site & (GOV_COPIES_SITES - 1)];
}


/* before a change and after it */

static void
gov_copies_turn(gov_copies_t *c)
{
    (void) atomic_fetch_add(&c->turn, 1);
}


static void
gov_copies_reset(gov_copies_t *c)
{
    c->head = 0;
    c->tail = 0;
    c->stat.records = 0;
    memset(c->held, 0, sizeof(c->held));
    memset(c->places, 0xff, c->nplaces * sizeof(uint32_t));
}


gov_copies_t *
gov_copies_init(void *region, size_t size, uint64_t seed)
{
    size_t         used;
    gov_copies_t  *c;

    c = region;
    memset(c, 0, sizeof(gov_copies_t));

    c->seed = seed;
    c->nplaces = 1024;

    while ((size_t) c->nplaces * 8192 < size && c->nplaces < (1U << 24)) {
        c->nplaces *= 2;
    }

    used = gov_align16(sizeof(gov_copies_t) + c->nplaces * sizeof(uint32_t));

    if (used + 65536 > size) {
        return NULL;
    }

    c->size = (size - used) & ~(size_t) 15;

    if (c->size >= GOV_COPIES_NONE) {
        c->size = GOV_COPIES_NONE & ~(size_t) 15;
    }

    c->stat.size = c->size;
    gov_copies_reset(c);
    c->magic = GOV_COPIES_MAGIC;

    return c;
}


uint64_t
gov_copies_hash(gov_copies_t *c, gov_str_t key)
{
    return gov_hash64(key.data, key.len) ^ c->seed;
}


/* invariant 2 */

static gov_copies_t *
gov_copies_lock(gov_copies_ref_t *ref)
{
    gov_copies_t  *c;

    ref->lock(ref->data);
    c = ref->shared;

    if (atomic_load_explicit(&c->turn, memory_order_relaxed) & 1) {
        gov_copies_reset(c);
        c->stat.resets++;
        gov_copies_turn(c);
    }

    return c;
}


void
gov_copies_ahead(gov_copies_t *c, uint64_t hash)
{
    __builtin_prefetch(gov_copies_place(c, hash));
}


/*
 * Among many sites a record is in no cache: its head, key and the first of
 * its bytes are asked for together, not one after the other.
 */

static void
gov_copies_fetch(gov_copies_rec_t *r)
{
    unsigned  i;

    for (i = 0; i < GOV_COPIES_LINES; i++) {
        __builtin_prefetch((u_char *) r + i * GOV_COPIES_LINE);
    }
}


/* invariant 3: a chain read while it changes may lead anywhere, or round */

static gov_copies_rec_t *
gov_copies_find(gov_copies_t *c, gov_copy_key_t *key)
{
    size_t             last;
    uint32_t           at;
    unsigned           n;
    gov_copies_rec_t  *r;

    if (key->key.len > c->size / 4) {
        return NULL;
    }

    last = c->size - sizeof(gov_copies_rec_t) - key->key.len;
    at = *gov_copies_place(c, key->hash);

    for (n = 0; n < GOV_COPIES_CHAIN && at <= last; n++) {
        r = gov_copies_at(c, at);
        gov_copies_fetch(r);

        if (r->hash == key->hash && r->stamp == key->stamp
            && r->keylen == key->key.len
            && memcmp(gov_copies_key(r), key->key.data, key->key.len) == 0)
        {
            return r;
        }

        at = r->next;
    }

    return NULL;
}


static void
gov_copies_head_out(gov_copies_rec_t *r, gov_copy_t *copy)
{
    copy->proof.built = r->built;
    copy->proof.seen = r->seen;
    copy->proof.due = r->due;
    copy->proof.modified = r->modified;
    memcpy(copy->proof.date, r->date, GOV_HTTP_DATE);
    memcpy(copy->proof.etag, r->etag, GOV_ETAG);
    copy->proof.same_second = r->same_second;
    copy->proof.deps.wild = r->wild;
    copy->proof.deps.n = r->ndeps;

    copy->site = r->site;
    copy->doc = r->doc;
    copy->status = r->status;
    copy->type = r->type;
    copy->body.len = r->bodylen;
    copy->gzip.len = r->gziplen;
    copy->br.len = r->brlen;
}


/* the best form taken: where it stands after p, the others are cleared */

static gov_str_t *
gov_copies_form(gov_copy_t *copy, unsigned forms, u_char **p)
{
    size_t      body, gzip;
    gov_str_t  *form;

    body = copy->body.len;
    gzip = copy->gzip.len;

    if ((forms & GOV_COPY_BR) && copy->br.len) {
        form = &copy->br;
        *p += body + gzip;
        copy->gzip.len = 0;
        copy->body.len = 0;

    } else if (gzip) {
        form = &copy->gzip;
        *p += body;
        copy->br.len = 0;
        copy->body.len = 0;

    } else {
        form = &copy->body;
        copy->br.len = 0;
    }

    return form;
}


static unsigned
gov_copies_same(gov_copies_t *c, uint64_t turn)
{
    atomic_thread_fence(memory_order_acquire);

    return atomic_load_explicit(&c->turn, memory_order_relaxed) == turn;
}


/* GOV_BUSY: changed meanwhile, which under the lock cannot be */

static gov_rc_t
gov_copies_read(gov_copies_t *c, gov_copy_key_t *key,
    gov_copies_want_t *want, gov_copy_t *copy, unsigned *used)
{
    u_char            *p;
    size_t             n;
    uint64_t           turn;
    gov_str_t         *form;
    gov_copies_rec_t  *r;

    turn = atomic_load_explicit(&c->turn, memory_order_acquire);

    if (turn & 1) {
        return GOV_BUSY;
    }

    r = gov_copies_find(c, key);

    if (r == NULL) {
        return gov_copies_same(c, turn) ? GOV_NOT_FOUND : GOV_BUSY;
    }

    gov_point("copies_read");

    gov_copies_head_out(r, copy);
    *used = r->used;

    if (!gov_copies_same(c, turn)) {
        return GOV_BUSY;
    }

    /* lengths are true from here on */

    p = gov_copies_key(r) + key->key.len;
    n = copy->proof.deps.n * sizeof(gov_dep_t);

    if (copy->proof.seen != want->head) {
        memcpy(copy->proof.deps.dep, p, n);
    }

    p += n;
    form = gov_copies_form(copy, want->forms, &p);
    form->data = want->alloc(want->data, form->len);

    if (form->data == NULL) {
        return GOV_NOT_FOUND;
    }

    memcpy(form->data, p, form->len);

    return gov_copies_same(c, turn) ? GOV_OK : GOV_BUSY;
}


/* a record is said to be used once: the bytes may be another's by now */

static void
gov_copies_use(gov_copies_ref_t *ref, gov_copy_key_t *key)
{
    gov_copies_rec_t  *r;

    r = gov_copies_find(gov_copies_lock(ref), key);

    if (r != NULL) {
        r->used = 1;
    }

    ref->unlock(ref->data);
}


gov_rc_t
gov_copies_get(gov_copies_ref_t *ref, gov_copy_key_t *key,
    gov_copies_want_t *want, gov_copy_t *copy)
{
    gov_rc_t  rc;
    unsigned  used;

    used = 1;
    rc = gov_copies_read(ref->shared, key, want, copy, &used);

    if (rc == GOV_BUSY) {
        rc = gov_copies_read(gov_copies_lock(ref), key, want, copy, &used);
        ref->unlock(ref->data);
    }

    if (rc == GOV_OK && !used) {
        gov_copies_use(ref, key);
    }

    return rc;
}


void
gov_copies_fresh(gov_copies_ref_t *ref, gov_copy_key_t *key, uint64_t built,
    uint64_t seen)
{
    gov_copies_rec_t  *r;

    r = gov_copies_find(gov_copies_lock(ref), key);

    if (r != NULL && r->built == built && r->seen < seen) {
        r->seen = seen;
    }

    ref->unlock(ref->data);
}


static void
gov_copies_unchain(gov_copies_t *c, gov_copies_rec_t *r)
{
    uint32_t   at, *link;

    at = (u_char *) r - gov_copies_ring(c);

    for (link = gov_copies_place(c, r->hash);
         *link != GOV_COPIES_NONE;
         link = &gov_copies_at(c, *link)->next)
    {
        if (*link == at) {
            *link = r->next;
            break;
        }
    }

    r->live = 0;
    c->stat.records--;
    *gov_copies_held(c, r->site) -= r->len / 16;
}


static void
gov_copies_chain(gov_copies_t *c, gov_copies_rec_t *r)
{
    uint32_t  *place;

    place = gov_copies_place(c, r->hash);
    r->next = *place;
    *place = (u_char *) r - gov_copies_ring(c);
    r->live = 1;
    r->used = 0;
    c->stat.records++;
    *gov_copies_held(c, r->site) += r->len / 16;
}


/* frees the oldest record */

static void
gov_copies_pop(gov_copies_t *c)
{
    gov_copies_rec_t  *r;

    r = gov_copies_at(c, c->tail % c->size);
    c->tail += r->len;

    if (r->live) {
        gov_copies_unchain(c, r);
        c->stat.evicted++;
    }
}


/* bytes up to the ring's end become a filler when len does not fit there */

static size_t
gov_copies_pad(gov_copies_t *c, size_t len)
{
    size_t  left;

    left = c->size - c->head % c->size;

    return left < len ? left : 0;
}


static void
gov_copies_fill(gov_copies_t *c, size_t pad)
{
    gov_copies_rec_t  *r;

    r = gov_copies_at(c, c->head % c->size);
    r->len = pad;
    r->live = 0;
    c->head += pad;
}


/*
 * Makes room for len bytes at the head, beside what is carried over: a record
 * read since it was written moves to scratch and is put back at the head
 * afterwards, at most GOV_COPIES_CARRY of them, so that a put is bounded.  For
 * a site that holds its share those of all others move; NULL: there is no room
 * among its own.
 */

typedef struct {
    u_char    *bytes;
    size_t     kept;
    size_t     max;
    unsigned   n;
} gov_copies_scratch_t;


static int
gov_copies_carry(gov_copies_scratch_t *s, gov_copies_rec_t *r)
{
    if (s->n == GOV_COPIES_CARRY || s->kept + r->len > s->max) {
        return 0;
    }

    memcpy(s->bytes + s->kept, r, r->len);
    s->kept += r->len;
    s->n++;

    return 1;
}


static gov_copies_rec_t *
gov_copies_room(gov_copies_t *c, size_t len, const uint32_t *full,
    gov_copies_scratch_t *s)
{
    int                foreign;
    size_t             pad;
    gov_copies_rec_t  *r;

    pad = gov_copies_pad(c, len);

    while (c->head + pad + len + s->kept - c->tail > c->size) {
        r = gov_copies_at(c, c->tail % c->size);
        foreign = full != NULL && r->live
                  && gov_copies_held(c, r->site) != full;

        if (r->live && (r->used || foreign) && !gov_copies_carry(s, r)
            && foreign)
        {
            return NULL;
        }

        gov_copies_pop(c);
    }

    if (pad) {
        gov_copies_fill(c, pad);
    }

    r = gov_copies_at(c, c->head % c->size);
    c->head += len;

    return r;
}


static size_t
gov_copies_len(gov_copy_key_t *key, gov_copy_t *copy)
{
    return gov_align16(sizeof(gov_copies_rec_t)
                       + copy->proof.deps.n * sizeof(gov_dep_t)
                       + key->key.len + copy->body.len + copy->gzip.len
                       + copy->br.len);
}


static u_char *
gov_copies_add(u_char *p, gov_str_t s)
{
    if (s.len) {
        memcpy(p, s.data, s.len);
    }

    return p + s.len;
}


static void
gov_copies_write(gov_copies_rec_t *r, size_t len, gov_copy_key_t *key,
    gov_copy_t *copy)
{
    u_char       *p;
    gov_proof_t  *f;

    f = &copy->proof;

    memset(r, 0, sizeof(gov_copies_rec_t));
    r->len = len;
    r->hash = key->hash;
    r->stamp = key->stamp;
    r->same_second = f->same_second;
    r->wild = f->deps.wild;
    r->status = copy->status;
    r->type = copy->type;
    r->site = copy->site;
    r->doc = copy->doc;
    r->ndeps = f->deps.n;
    r->keylen = key->key.len;
    r->bodylen = copy->body.len;
    r->gziplen = copy->gzip.len;
    r->brlen = copy->br.len;
    r->built = f->built;
    r->seen = f->seen;
    r->due = f->due;
    r->modified = f->modified;
    memcpy(r->date, f->date, GOV_HTTP_DATE);
    memcpy(r->etag, f->etag, GOV_ETAG);

    p = gov_copies_add(gov_copies_key(r), key->key);
    p = gov_copies_add(p, (gov_str_t) { r->ndeps * sizeof(gov_dep_t),
                                        (u_char *) f->deps.dep });
    p = gov_copies_add(p, copy->body);
    p = gov_copies_add(p, copy->gzip);
    (void) gov_copies_add(p, copy->br);
}


/* records with a second chance go back behind the new one while they fit */

static void
gov_copies_restore(gov_copies_t *c, gov_copies_scratch_t *s)
{
    size_t             pad;
    u_char            *p;
    gov_copies_rec_t  *r, *old;

    for (p = s->bytes; p < s->bytes + s->kept; p += old->len) {
        old = (gov_copies_rec_t *) p;
        pad = gov_copies_pad(c, old->len);

        while (c->head + pad + old->len - c->tail > c->size) {
            gov_copies_pop(c);
        }

        if (pad) {
            gov_copies_fill(c, pad);
        }

        r = gov_copies_at(c, c->head % c->size);
        memcpy(r, old, old->len);
        c->head += old->len;
        gov_copies_chain(c, r);
        c->stat.carried++;
        c->stat.evicted--;
    }
}


/* NULL: the site may take what is oldest, whosever it is */

static const uint32_t *
gov_copies_full(gov_copies_ref_t *ref, uint32_t site)
{
    const uint32_t  *held;

    held = gov_copies_held(ref->shared, site);

    return ref->share != 0
           && *held >= ref->shared->size / 1600 * ref->share ? held : NULL;
}


void
gov_copies_put(gov_copies_ref_t *ref, gov_copy_key_t *key, gov_copy_t *copy)
{
    size_t                len;
    gov_copies_t         *c;
    gov_copies_rec_t     *r;
    gov_copies_scratch_t  s;
    u_char                bytes[64 * 1024] __attribute__((aligned(16)));

    len = gov_copies_len(key, copy);

    if (len > ref->shared->size / 4 || key->key.len > 0xffff) {
        return;
    }

    memset(&s, 0, sizeof(gov_copies_scratch_t));
    s.bytes = bytes;
    s.max = ref->shared->size / 4;
    s.max = s.max < sizeof(bytes) ? s.max : sizeof(bytes);

    c = gov_copies_lock(ref);
    gov_copies_turn(c);

    r = gov_copies_find(c, key);

    if (r != NULL) {
        gov_copies_unchain(c, r);
    }

    r = gov_copies_room(c, len, gov_copies_full(ref, copy->site), &s);

    if (r != NULL) {
        gov_point("copies_write");
        gov_copies_write(r, len, key, copy);
        gov_copies_chain(c, r);
        c->stat.stored++;
    }

    gov_copies_restore(c, &s);

    gov_copies_turn(c);
    ref->unlock(ref->data);
}


void
gov_copies_stat(gov_copies_ref_t *ref, gov_copies_stat_t *s)
{
    gov_copies_t  *c;

    c = gov_copies_lock(ref);
    *s = c->stat;
    s->bytes = c->head - c->tail;
    ref->unlock(ref->data);
}
