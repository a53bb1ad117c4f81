
/*
 * Copyright (C) ngx_gov authors
 *
 * The memory a Lua state lives in: one mapping, and nothing of a state is
 * outside it.  A prepared state is therefore a run of bytes: saved once,
 * copied back to the same addresses before every render.  What a render did
 * to it, to its strings, tables, metatables and collector, is gone with the
 * next copy; there is nothing to clean up and nothing to be seen later.
 *
 * Invariants:
 *
 *   1. the heap's own book-keeping stands at the head of the mapping, so
 *      that an image brings it along;
 *   2. every block is rounded up to its class, by the size that Lua tells
 *      again when it returns the block: blocks have no heads;
 *   3. top only grows between two loads.
 */


#include <stdlib.h>
#include <sys/mman.h>

#include "script/gov_script_int.h"


#define GOV_HEAP_SMALL  512
/* what stays resident when a greedy render is over */
#define GOV_HEAP_KEEP   (1024 * 1024)

#define gov_heap_head()  ((sizeof(gov_heap_t) + 15) & ~(size_t) 15)


static unsigned gov_heap_class(size_t size, size_t *rounded);
static void *gov_heap_take(gov_heap_t *h, size_t size);
static void gov_heap_give(gov_heap_t *h, void *p, size_t size);
static void *gov_heap_move(gov_heap_t *h, void *p, size_t old, size_t size);


gov_heap_t *
gov_heap_open(size_t size)
{
    void        *p;
    gov_heap_t  *h;

    p = mmap(NULL, size, PROT_READ|PROT_WRITE,
             MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) {
        return NULL;
    }

    h = p;
    h->size = size;

    gov_heap_clear(h);

    return h;
}


void
gov_heap_close(gov_heap_t **h)
{
    if (*h == NULL) {
        return;
    }

    munmap(*h, (*h)->size);
    *h = NULL;
}


void
gov_heap_clear(gov_heap_t *h)
{
    h->top = gov_heap_head();
    memset(h->spare, 0, sizeof(h->spare));
}


/* up to 512 bytes in steps of 16, above in four steps to each power of two */

static unsigned
gov_heap_class(size_t size, size_t *rounded)
{
    unsigned  e, step;

    if (size <= GOV_HEAP_SMALL) {
        *rounded = (size + 15) & ~(size_t) 15;
        return *rounded / 16 - 1;
    }

    e = 63 - __builtin_clzl(size - 1);
    step = ((size - 1) >> (e - 2)) & 3;

    *rounded = ((size_t) 1 << e) + ((size_t) (step + 1) << (e - 2));

    return 32 + (e - 9) * 4 + step;
}


static void *
gov_heap_take(gov_heap_t *h, size_t size)
{
    void      *p;
    size_t     rounded;
    unsigned   n;

    n = gov_heap_class(size, &rounded);

    if (n >= GOV_HEAP_CLASSES) {
        return NULL;
    }

    p = h->spare[n];

    if (p != NULL) {
        h->spare[n] = *(void **) p;
        return p;
    }

    if (rounded > h->size - h->top) {
        return NULL;
    }

    p = (u_char *) h + h->top;
    h->top += rounded;

    return p;
}


static void
gov_heap_give(gov_heap_t *h, void *p, size_t size)
{
    size_t    rounded;
    unsigned  n;

    n = gov_heap_class(size, &rounded);

    *(void **) p = h->spare[n];
    h->spare[n] = p;
}


/* Lua relies on shrinking: where no smaller block is left, the old one stays */

static void *
gov_heap_move(gov_heap_t *h, void *p, size_t old, size_t size)
{
    void    *q;
    size_t   had, want;

    if (gov_heap_class(old, &had) == gov_heap_class(size, &want)) {
        return p;
    }

    if ((u_char *) p + had == (u_char *) h + h->top && want > had
        && want - had <= h->size - h->top)
    {
        h->top += want - had;
        return p;
    }

    q = gov_heap_take(h, size);

    if (q == NULL) {
        return size < old ? p : NULL;
    }

    memcpy(q, p, old < size ? old : size);
    gov_heap_give(h, p, old);

    return q;
}


/* as lua_Alloc; old is the block's size, or 0 where p is NULL */

void *
gov_heap_alloc(gov_heap_t *h, void *p, size_t old, size_t size)
{
    if (p == NULL || old == 0) {
        return size == 0 ? NULL : gov_heap_take(h, size);
    }

    if (size == 0) {
        gov_heap_give(h, p, old);
        return NULL;
    }

    return gov_heap_move(h, p, old, size);
}


int
gov_heap_save(gov_heap_t *h, gov_image_t *image)
{
    image->bytes = malloc(h->top);
    if (image->bytes == NULL) {
        return -1;
    }

    image->size = h->top;
    memcpy(image->bytes, h, h->top);

    return 0;
}


void
gov_heap_load(gov_heap_t *h, gov_image_t *image)
{
    if (h->top > GOV_HEAP_KEEP) {
        (void) madvise((u_char *) h + GOV_HEAP_KEEP,
                       h->size - GOV_HEAP_KEEP, MADV_DONTNEED);
    }

    memcpy(h, image->bytes, image->size);
}
