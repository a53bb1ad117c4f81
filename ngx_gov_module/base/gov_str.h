
/*
 * Copyright (C) ngx_gov authors
 *
 * Strings are counted bytes, laid out as nginx's ngx_str_t, mostly UTF-8 and
 * not terminated unless a function says so.  A string owns nothing: its bytes
 * belong to an arena, to the store's snapshot, or to the program text.
 *
 * An arena gives memory that is returned all at once:
 *
 *     arena = gov_arena_new(4096);
 *     name = gov_str_copy(arena, &s);
 *     ...
 *     gov_arena_free(&arena);
 *
 * gov_alloc() never returns NULL to be checked at every call.  Past its limit
 * an arena is "failed": memory goes on being given, so that what is half
 * built stays safe to touch, but copies come out empty and buffers stop
 * growing; the owner asks gov_arena_failed() once before it uses what was
 * built, and a loop over foreign input asks it each time round.  Memory that
 * the system itself refuses ends the process.
 */


#ifndef _GOV_STR_H_INCLUDED_
#define _GOV_STR_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>      /* u_char */


typedef struct {
    size_t       len;
    u_char      *data;
} gov_str_t;

typedef struct gov_arena_s  gov_arena_t;
typedef struct gov_block_s  gov_block_t;

/* opaque to others; here so that gov_alloc() is a few instructions */
struct gov_arena_s {
    u_char       *pos;          /* aligned to 16, as is end */
    u_char       *end;
    gov_block_t  *blocks;       /* the newest first, the last holds *this */
    size_t        next;         /* size of the next block */
    size_t        total;        /* bytes of all blocks */
    size_t        limit;
    int           failed;
};


#define gov_string(s)    { sizeof(s) - 1, (u_char *) s }
#define gov_null_string  { 0, NULL }
#define gov_s(s)         ((gov_str_t) { sizeof(s) - 1, (u_char *) (s) })


/* size: bytes of the first block; limit: of all blocks, 0 is none */
gov_arena_t *gov_arena_new(size_t size);
gov_arena_t *gov_arena_new_limited(size_t size, size_t limit);
void gov_arena_reset(gov_arena_t *a);
void gov_arena_free(gov_arena_t **a);
int gov_arena_failed(gov_arena_t *a);
/* bytes of all blocks, what the limit is compared with */
size_t gov_arena_used(gov_arena_t *a);

/* aligned to 16; never NULL, see above.  gov_calloc() zeroes */
static inline void *gov_alloc(gov_arena_t *a, size_t size);
void *gov_calloc(gov_arena_t *a, size_t size);
void *gov_alloc_block(gov_arena_t *a, size_t size);

/* says so and ends the process: nothing half done is left */
void gov_out_of_memory(void) __attribute__((noreturn));
/* bytes whose refusal ends the process, else 0; for a handler of signals */
extern volatile size_t  gov_memory_refused;

/* copies are terminated by a zero byte that is not counted */
gov_str_t gov_str_copy(gov_arena_t *a, gov_str_t s);
gov_str_t gov_str_cat(gov_arena_t *a, gov_str_t s, gov_str_t t);
char *gov_str_c(gov_arena_t *a, gov_str_t s);
static inline gov_str_t gov_str_of(const char *s);
gov_str_t gov_str_fmt(gov_arena_t *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static inline int gov_str_eq(gov_str_t a, gov_str_t b);
static inline int gov_str_is(gov_str_t a, const char *s);
int gov_str_cmp(gov_str_t a, gov_str_t b);
int gov_str_starts(gov_str_t s, const char *prefix);
int gov_str_ends(gov_str_t s, const char *suffix);

/* decimal, the whole string; 0 and *v set, or -1 */
int gov_str_int(gov_str_t s, int64_t *v);


/* a growing buffer in an arena; b.s is the text so far, never terminated */

typedef struct {
    gov_arena_t  *arena;
    gov_str_t     s;
    size_t        size;
} gov_buf_t;

#define GOV_NUMBER_LEN  20

/* what is added to a buffer of a failed arena may be dropped */
void gov_buf_init(gov_buf_t *b, gov_arena_t *a, size_t size);
void gov_buf_add(gov_buf_t *b, const void *data, size_t len);
static inline void gov_buf_byte(gov_buf_t *b, u_char c);
void gov_buf_str(gov_buf_t *b, gov_str_t s);
void gov_buf_c(gov_buf_t *b, const char *s);
/* decimal, at most GOV_NUMBER_LEN bytes */
void gov_buf_number(gov_buf_t *b, uint64_t n);
void gov_buf_fmt(gov_buf_t *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));


/* for printf: "%.*s", gov_strf(s) */
#define gov_strf(s)  ((int) (s).len), ((char *) (s).data)


static inline void *
gov_alloc(gov_arena_t *a, size_t size)
{
    u_char  *p;

    p = a->pos;

    if (size > (size_t) (a->end - p)) {
        return gov_alloc_block(a, size);
    }

    a->pos = p + ((size + 15) & ~(size_t) 15);

    return p;
}


static inline void
gov_buf_byte(gov_buf_t *b, u_char c)
{
    if (b->s.len < b->size) {
        b->s.data[b->s.len++] = c;

    } else {
        gov_buf_add(b, &c, 1);
    }
}


static inline int
gov_str_eq(gov_str_t a, gov_str_t b)
{
    return a.len == b.len
           && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}


/* here so that the length of a literal is known to the compiler */

static inline gov_str_t
gov_str_of(const char *s)
{
    if (s == NULL) {
        return (gov_str_t) gov_null_string;
    }

    return (gov_str_t) { strlen(s), (u_char *) s };
}


/* names are looked for in lists: nearly all differ in the first byte */

static inline int
gov_str_is(gov_str_t a, const char *s)
{
    if (a.len == 0) {
        return *s == '\0';
    }

    return a.data[0] == (u_char) *s && gov_str_eq(a, gov_str_of(s));
}


#endif /* _GOV_STR_H_INCLUDED_ */
