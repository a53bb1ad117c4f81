
/*
 * Copyright (C) ngx_gov authors
 *
 * Page copies: writing one, and who gives way to it.
 */


#include "page/gov_copies_int.h"


#define GOV_COPIES_CARRY  8         /* second chances for one put */


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
                       + key->key.len + copy->body.len
                       + copy->gzip_lines.len + copy->gzip.len
                       + copy->br_lines.len + copy->br.len);
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
    r->gziplines = copy->gzip_lines.len;
    r->brlines = copy->br_lines.len;
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
    p = gov_copies_add(p, copy->gzip_lines);
    p = gov_copies_add(p, copy->gzip);
    p = gov_copies_add(p, copy->br_lines);
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


/* whether the tail has not gone past it */

static int
gov_copies_lies(gov_copies_t *c, gov_copies_rec_t *r)
{
    size_t  at;

    at = (u_char *) r - gov_copies_ring(c);

    return (at + c->size - c->tail % c->size) % c->size < c->head - c->tail;
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
    gov_copies_rec_t     *r, *old;
    gov_copies_scratch_t  s;
    u_char                bytes[64 * 1024] __attribute__((aligned(16)));

    len = gov_copies_len(key, copy);

    if (len > ref->shared->size / 4 || key->key.len > 0xffff
        || copy->gzip_lines.len > 0xffff || copy->br_lines.len > 0xffff)
    {
        return;
    }

    memset(&s, 0, sizeof(gov_copies_scratch_t));
    s.bytes = bytes;
    s.max = ref->shared->size / 4;
    s.max = s.max < sizeof(bytes) ? s.max : sizeof(bytes);

    c = gov_copies_lock(ref);
    gov_copies_turn(c);

    old = gov_copies_find(c, key);

    if (old != NULL) {
        gov_copies_unchain(c, old);
    }

    r = gov_copies_room(c, len, gov_copies_full(ref, copy->site), &s);

    if (r != NULL) {
        gov_point("copies_write");
        gov_copies_write(r, len, key, copy);
        gov_copies_chain(c, r);
        c->stat.stored++;

    } else if (old != NULL && gov_copies_lies(c, old)) {
        /* it may be fresh, and lack a coding only */
        gov_copies_chain(c, old);
    }

    gov_copies_restore(c, &s);

    gov_point("copies_written");
    gov_copies_turn(c);
    gov_point("copies_unlock");
    ref->unlock(ref->data);
}
