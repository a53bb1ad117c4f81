
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
 *   3. top only grows between two loads;
 *   4. what compiling leaves free is most of a prepared heap.  Spare blocks of
 *      GOV_HEAP_HOLE bytes and more are left out of an image, and are spare
 *      no more: nobody reads them, so a load need not write them.
 */


#include <stdlib.h>
#include <sys/mman.h>

#include "script/gov_script_int.h"


#define GOV_HEAP_SMALL  512
/* what stays resident when a greedy render is over */
#define GOV_HEAP_KEEP   (1024 * 1024)
#define GOV_HEAP_HOLE   512

#define gov_heap_head()  ((sizeof(gov_heap_t) + 15) & ~(size_t) 15)


static unsigned gov_heap_class(size_t size, size_t *rounded);
static void *gov_heap_take(gov_heap_t *h, size_t size);
static void gov_heap_give(gov_heap_t *h, void *p, size_t size);
static void *gov_heap_move(gov_heap_t *h, void *p, size_t old, size_t size);
static size_t gov_heap_holes(gov_heap_t *h, gov_heap_run_t *holes);
static size_t gov_heap_class_size(unsigned n);
static int gov_heap_before(const void *one, const void *other);


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
    u_char          *p;
    size_t           i, n, size;
    gov_heap_run_t  *holes;

    n = gov_heap_holes(h, NULL);

    /* behind the last hole there is a run, too */

    holes = malloc((n + 1) * sizeof(gov_heap_run_t));
    if (holes == NULL) {
        return -1;
    }

    (void) gov_heap_holes(h, holes);
    qsort(holes, n, sizeof(gov_heap_run_t), gov_heap_before);
    holes[n] = (gov_heap_run_t) { h->top, 0 };

    size = h->top;

    for (i = 0; i < n; i++) {
        size -= holes[i].size;
    }

    size = (size + 15) & ~(size_t) 15;

    image->n = n + 1;
    image->size = size + image->n * sizeof(gov_heap_run_t);
    image->bytes = malloc(image->size);

    if (image->bytes == NULL) {
        free(holes);
        return -1;
    }

    image->runs = (gov_heap_run_t *) (image->bytes + size);

    p = image->bytes;
    size = 0;                           /* where the run begins */

    for (i = 0; i <= n; i++) {
        image->runs[i] = (gov_heap_run_t) { size, holes[i].offset - size };
        memcpy(p, (u_char *) h + size, image->runs[i].size);

        p += image->runs[i].size;
        size = holes[i].offset + holes[i].size;
    }

    free(holes);

    return 0;
}


/* how many there are, or, where there is room for them, takes them out */

static size_t
gov_heap_holes(gov_heap_t *h, gov_heap_run_t *holes)
{
    void      *p;
    size_t     n, size;
    unsigned   class;

    n = 0;

    for (class = 0; class < GOV_HEAP_CLASSES; class++) {
        size = gov_heap_class_size(class);

        if (size < GOV_HEAP_HOLE) {
            continue;
        }

        for (p = h->spare[class]; p; p = *(void **) p) {
            if (holes != NULL) {
                holes[n] = (gov_heap_run_t) {
                    (size_t) ((u_char *) p - (u_char *) h), size };
            }

            n++;
        }

        if (holes != NULL) {
            h->spare[class] = NULL;
        }
    }

    return n;
}


/* what gov_heap_class() rounds to */

static size_t
gov_heap_class_size(unsigned n)
{
    unsigned  e, step;

    if (n < 32) {
        return (n + 1) * 16;
    }

    e = 9 + (n - 32) / 4;
    step = (n - 32) % 4;

    return ((size_t) 1 << e) + ((size_t) (step + 1) << (e - 2));
}


static int
gov_heap_before(const void *one, const void *other)
{
    const gov_heap_run_t  *a = one, *b = other;

    return (a->offset > b->offset) - (a->offset < b->offset);
}


void
gov_heap_load(gov_heap_t *h, gov_image_t *image)
{
    u_char          *p;
    gov_heap_run_t  *run;

    if (h->top > GOV_HEAP_KEEP) {
        (void) madvise((u_char *) h + GOV_HEAP_KEEP,
                       h->size - GOV_HEAP_KEEP, MADV_DONTNEED);
    }

    p = image->bytes;

    for (run = image->runs; run < image->runs + image->n; run++) {
        memcpy((u_char *) h + run->offset, p, run->size);
        p += run->size;
    }
}
