
/*
 * Copyright (C) ngx_gov authors
 *
 * Page copies: the region, and reading it.  The invariants stand in
 * gov_copies.h, the layout in gov_copies_int.h.
 */


#include "page/gov_copies_int.h"


#define GOV_COPIES_MAGIC  0x676f76636f706965ULL
#define GOV_COPIES_CHAIN  64        /* records of a place looked at */
#define GOV_COPIES_LINE   64        /* of the processor's cache, bytes */
#define GOV_COPIES_LINES  12        /* of a record, fetched at once */


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


/* the seed's carry reaches every bit: which keys meet is not to be foreseen */

uint64_t
gov_copies_hash(gov_copies_t *c, gov_str_t key)
{
    uint64_t  h;

    h = (gov_hash64(key.data, key.len) ^ c->seed) * 0x9e3779b97f4a7c15ULL;

    return h ^ h >> 32;
}


/* invariant 2 */

gov_copies_t *
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

void
gov_copies_nearer(gov_copies_t *c, uint64_t hash)
{
    u_char    *p;
    uint32_t   at;
    unsigned   i;

    at = *gov_copies_place(c, hash);
    p = gov_copies_ring(c) + (at < c->size ? at : 0);

    for (i = 0; i < GOV_COPIES_LINES; i++) {
        __builtin_prefetch(p + i * GOV_COPIES_LINE);
    }
}


/* invariant 3: a chain read while it changes may lead anywhere, or round */

gov_copies_rec_t *
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
    copy->gzip_lines.len = r->gziplines;
    copy->br_lines.len = r->brlines;
}


/* the best form taken: where its lines stand after p; others are cleared */

static gov_str_t *
gov_copies_form(gov_copy_t *copy, unsigned forms, u_char **p)
{
    size_t      body, gzip;
    gov_str_t  *form;

    body = copy->body.len;
    gzip = copy->gzip_lines.len + copy->gzip.len;

    if ((forms & GOV_COPY_BR) && copy->br.len) {
        form = &copy->br;
        *p += body + gzip;
        copy->lines = copy->br_lines.len;
        copy->gzip.len = 0;
        copy->body.len = 0;

    } else if (copy->gzip.len) {
        form = &copy->gzip;
        *p += body;
        copy->lines = copy->gzip_lines.len;
        copy->br.len = 0;
        copy->body.len = 0;

    } else {
        form = &copy->body;
        copy->lines = 0;
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
    n = copy->lines + form->len;
    form->data = want->alloc(want->data, n);

    if (form->data == NULL) {
        return GOV_NOT_FOUND;
    }

    memcpy(form->data, p, n);
    form->data += copy->lines;

    return gov_copies_same(c, turn) ? GOV_OK : GOV_BUSY;
}


/* a record is said to be used once: the bytes may be another's by now */

static void
gov_copies_use(gov_copies_ref_t *ref, gov_copy_key_t *key)
{
    gov_copies_rec_t  *r;

    r = gov_copies_find(gov_copies_lock(ref), key);

    if (r != NULL) {
        gov_point("copies_use");
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


void
gov_copies_stat(gov_copies_ref_t *ref, gov_copies_stat_t *s)
{
    gov_copies_t  *c;

    c = gov_copies_lock(ref);
    *s = c->stat;
    s->bytes = c->head - c->tail;
    ref->unlock(ref->data);
}
