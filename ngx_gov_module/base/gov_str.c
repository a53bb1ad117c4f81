
/*
 * Copyright (C) ngx_gov authors
 *
 * The arena, strings, the growing buffer.
 *
 * Invariants of an arena:
 *
 *   1. pos and end are aligned to 16 and lie in one block; rounding a size
 *      that fits up to 16 therefore never passes end;
 *   2. the arena itself stands at the head of its first block, which is the
 *      last of the list and is never freed before the arena;
 *   3. total is the sum of the blocks' sizes, heads included; it passes
 *      limit only when failed is set.
 */


#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/gov_base.h"


#define GOV_BLOCK_MIN  256
#define GOV_BLOCK_MAX  65536

#define gov_align(n)  (((n) + 15) & ~(size_t) 15)


struct gov_block_s {
    gov_block_t  *next;
    size_t        size;
};


volatile size_t  gov_memory_refused;


static void gov_refused(size_t size) __attribute__((noreturn));
static gov_block_t *gov_block_new(size_t size);
static void *gov_alloc_try(gov_arena_t *a, size_t size);
static void *gov_arena_grow(gov_arena_t *a, size_t size);
static int gov_arena_admits(gov_arena_t *a, size_t size);
static u_char *gov_str_room(gov_arena_t *a, size_t len);
static int gov_buf_grow(gov_buf_t *b, size_t len);


gov_arena_t *
gov_arena_new(size_t size)
{
    return gov_arena_new_limited(size, 0);
}


gov_arena_t *
gov_arena_new_limited(size_t size, size_t limit)
{
    gov_arena_t  *a;
    gov_block_t  *b;

    if (size < GOV_BLOCK_MIN) {
        size = GOV_BLOCK_MIN;
    }

    size = gov_align(size);

    b = gov_block_new(size);
    b->next = NULL;

    a = (gov_arena_t *) ((u_char *) b + gov_align(sizeof(gov_block_t)));
    a->blocks = b;
    a->limit = limit;

    gov_arena_reset(a);

    return a;
}


/* the first block stays, the others are returned */

void
gov_arena_reset(gov_arena_t *a)
{
    gov_block_t  *b;

    while (a->blocks->next != NULL) {
        b = a->blocks;
        a->blocks = b->next;
        free(b);
    }

    b = a->blocks;

    a->pos = (u_char *) a + gov_align(sizeof(gov_arena_t));
    a->end = (u_char *) b + b->size;
    a->next = b->size < GOV_BLOCK_MAX / 2 ? b->size * 2 : GOV_BLOCK_MAX;
    a->total = b->size;
    a->failed = 0;
}


void
gov_arena_free(gov_arena_t **a)
{
    gov_block_t  *b, *next;

    if (*a == NULL) {
        return;
    }

    for (b = (*a)->blocks; b != NULL; b = next) {
        next = b->next;
        free(b);
    }

    *a = NULL;
}


int
gov_arena_failed(gov_arena_t *a)
{
    return a->failed;
}


size_t
gov_arena_used(gov_arena_t *a)
{
    return a->total;
}


void
gov_out_of_memory(void)
{
    gov_refused(1);
}


static void
gov_refused(size_t size)
{
    gov_memory_refused = size;

    fprintf(stderr, "out of memory: %zu bytes refused\n", size);
    abort();
}


/* malloc() gives 16 on every 64-bit system; sizes are multiples of it */

static gov_block_t *
gov_block_new(size_t size)
{
    gov_block_t  *b;

    b = malloc(size);

    if (b == NULL) {
        gov_refused(size);
    }

    b->size = size;

    return b;
}


/* the slow side of gov_alloc() */

void *
gov_alloc_block(gov_arena_t *a, size_t size)
{
    if (size > SIZE_MAX / 2) {
        gov_refused(size);
    }

    size = gov_align(size);

    if (!gov_arena_admits(a, size)) {
        a->failed = 1;
    }

    return gov_arena_grow(a, size);
}


/* NULL past the limit: for bytes, whose number a stranger may choose */

static void *
gov_alloc_try(gov_arena_t *a, size_t size)
{
    if (a->failed) {
        return NULL;
    }

    if (size > (size_t) (a->end - a->pos)
        && (size > SIZE_MAX / 2 || !gov_arena_admits(a, gov_align(size))))
    {
        a->failed = 1;
        return NULL;
    }

    return gov_alloc(a, size);
}


static int
gov_arena_admits(gov_arena_t *a, size_t size)
{
    size += gov_align(sizeof(gov_block_t));

    return a->limit == 0
           || (a->total <= a->limit && size <= a->limit - a->total);
}


/*
 * A large piece gets a block of its own and the current block goes on being
 * filled; else a block twice as large as the last becomes the current one.
 */

static void *
gov_arena_grow(gov_arena_t *a, size_t size)
{
    size_t        head, total;
    u_char       *p;
    gov_block_t  *b;

    head = gov_align(sizeof(gov_block_t));
    total = head + size;

    if (size <= a->next / 2
        && (a->failed || gov_arena_admits(a, a->next - head)))
    {
        total = a->next;
    }

    b = gov_block_new(total);
    b->next = a->blocks;
    a->blocks = b;
    a->total += total;

    p = (u_char *) b + head;

    if (total == a->next) {
        a->pos = p + size;
        a->end = (u_char *) b + total;
        a->next = total < GOV_BLOCK_MAX / 2 ? total * 2 : GOV_BLOCK_MAX;
    }

    return p;
}


void *
gov_calloc(gov_arena_t *a, size_t size)
{
    return memset(gov_alloc(a, size), 0, size);
}


gov_str_t
gov_str_copy(gov_arena_t *a, gov_str_t s)
{
    return gov_str_cat(a, s, (gov_str_t) gov_null_string);
}


gov_str_t
gov_str_cat(gov_arena_t *a, gov_str_t s, gov_str_t t)
{
    u_char  *p;

    p = gov_str_room(a, s.len + t.len);

    if (p == NULL) {
        return gov_s("");
    }

    if (s.len) {
        memcpy(p, s.data, s.len);
    }

    if (t.len) {
        memcpy(p + s.len, t.data, t.len);
    }

    return (gov_str_t) { s.len + t.len, p };
}


char *
gov_str_c(gov_arena_t *a, gov_str_t s)
{
    return (char *) gov_str_copy(a, s).data;
}


/* room for len bytes, the terminating zero set; or NULL */

static u_char *
gov_str_room(gov_arena_t *a, size_t len)
{
    u_char  *p;

    p = gov_alloc_try(a, len + 1);

    if (p != NULL) {
        p[len] = '\0';
    }

    return p;
}


gov_str_t
gov_str_fmt(gov_arena_t *a, const char *fmt, ...)
{
    int      n;
    char     small[256];
    u_char  *p;
    va_list  args;

    va_start(args, fmt);
    n = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);

    if (n < 0) {
        return gov_s("");
    }

    if ((size_t) n < sizeof(small)) {
        return gov_str_copy(a, (gov_str_t) { (size_t) n, (u_char *) small });
    }

    p = gov_str_room(a, (size_t) n);

    if (p == NULL) {
        return gov_s("");
    }

    va_start(args, fmt);
    vsnprintf((char *) p, (size_t) n + 1, fmt, args);
    va_end(args);

    return (gov_str_t) { (size_t) n, p };
}


/* by bytes, a prefix first */

int
gov_str_cmp(gov_str_t a, gov_str_t b)
{
    int     rc;
    size_t  n;

    n = a.len < b.len ? a.len : b.len;

    rc = n ? memcmp(a.data, b.data, n) : 0;

    if (rc != 0) {
        return rc;
    }

    return (a.len > b.len) - (a.len < b.len);
}


int
gov_str_starts(gov_str_t s, const char *prefix)
{
    size_t  n;

    n = strlen(prefix);

    return n == 0 || (s.len >= n && memcmp(s.data, prefix, n) == 0);
}


int
gov_str_ends(gov_str_t s, const char *suffix)
{
    size_t  n;

    n = strlen(suffix);

    return n == 0
           || (s.len >= n && memcmp(s.data + s.len - n, suffix, n) == 0);
}


/* summed up below zero, where INT64_MIN has its place too */

int
gov_str_int(gov_str_t s, int64_t *v)
{
    int      minus;
    size_t   i;
    int64_t  n, d;

    minus = s.len && s.data[0] == '-';

    if (s.len == (size_t) minus) {
        return -1;
    }

    n = 0;

    for (i = minus; i < s.len; i++) {

        if (s.data[i] < '0' || s.data[i] > '9') {
            return -1;
        }

        d = s.data[i] - '0';

        if (n < (INT64_MIN + d) / 10) {
            return -1;
        }

        n = n * 10 - d;
    }

    if (!minus && n == INT64_MIN) {
        return -1;
    }

    *v = minus ? n : -n;

    return 0;
}


void
gov_buf_init(gov_buf_t *b, gov_arena_t *a, size_t size)
{
    b->arena = a;
    b->s.len = 0;
    b->s.data = gov_alloc_try(a, gov_align(size));
    b->size = gov_align(size);

    if (b->s.data == NULL) {
        b->s.data = (u_char *) "";
        b->size = 0;
    }
}


void
gov_buf_add(gov_buf_t *b, const void *data, size_t len)
{
    if (len > b->size - b->s.len && gov_buf_grow(b, len) != 0) {
        return;
    }

    if (len) {
        memcpy(b->s.data + b->s.len, data, len);
        b->s.len += len;
    }
}


/* in place when the buffer is the last thing in the arena's block */

static int
gov_buf_grow(gov_buf_t *b, size_t len)
{
    size_t        size;
    u_char       *p;
    gov_arena_t  *a;

    a = b->arena;

    if (a->failed) {
        return -1;
    }

    if (len > SIZE_MAX / 4) {
        a->failed = 1;
        return -1;
    }

    size = gov_align(b->size + (len > b->size ? len : b->size) + 64);

    if (b->size != 0 && b->s.data + b->size == a->pos
        && (size_t) (a->end - a->pos) >= size - b->size)
    {
        a->pos += size - b->size;
        b->size = size;
        return 0;
    }

    p = gov_alloc_try(a, size);

    if (p == NULL) {
        return -1;
    }

    if (b->s.len) {
        memcpy(p, b->s.data, b->s.len);
    }

    b->s.data = p;
    b->size = size;

    return 0;
}


void
gov_buf_str(gov_buf_t *b, gov_str_t s)
{
    gov_buf_add(b, s.data, s.len);
}


void
gov_buf_c(gov_buf_t *b, const char *s)
{
    gov_buf_add(b, s, strlen(s));
}


void
gov_buf_number(gov_buf_t *b, uint64_t n)
{
    u_char  text[GOV_NUMBER_LEN], *p;

    p = text + GOV_NUMBER_LEN;

    do {
        *--p = (u_char) ('0' + n % 10);
        n /= 10;
    } while (n);

    gov_buf_add(b, p, (size_t) (text + GOV_NUMBER_LEN - p));
}


void
gov_buf_fmt(gov_buf_t *b, const char *fmt, ...)
{
    int        n;
    char       small[256];
    va_list    args;

    va_start(args, fmt);
    n = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);

    if (n < 0) {
        return;
    }

    if ((size_t) n < sizeof(small)) {
        gov_buf_add(b, small, (size_t) n);
        return;
    }

    /* one byte more, for the zero */

    if ((size_t) n >= b->size - b->s.len
        && gov_buf_grow(b, (size_t) n + 1) != 0)
    {
        return;
    }

    va_start(args, fmt);
    vsnprintf((char *) b->s.data + b->s.len, (size_t) n + 1, fmt, args);
    va_end(args);

    b->s.len += (size_t) n;
}
