
/*
 * Copyright (C) ngx_gov authors
 *
 * Is a MessagePack value whole?  The library's parser takes memory for as
 * many items as an array's or a map's head promises, before it looks whether
 * they are there: five bytes can ask for a hundred gigabytes.  So the heads
 * are walked first; the items still owed are never more than the bytes left,
 * since each takes one at least, and the parser's memory is bounded by the
 * value's size.
 */


#include "store/gov_store_int.h"


/* what follows a head: bytes of a big-endian length, bytes beside it */

typedef struct {
    u_char      length;
    u_char      bytes;
    u_char      items;          /* of the length: 1 array, 2 map */
} gov_whole_t;

/* 0xc0 to 0xdf, from the format's description; 0xc1 is never used */

static const gov_whole_t  gov_whole[32] = {
    { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 },     /* nil, bool */
    { 1, 0, 0 }, { 2, 0, 0 }, { 4, 0, 0 },                  /* bin */
    { 1, 1, 0 }, { 2, 1, 0 }, { 4, 1, 0 },                  /* ext */
    { 0, 4, 0 }, { 0, 8, 0 },                               /* float */
    { 0, 1, 0 }, { 0, 2, 0 }, { 0, 4, 0 }, { 0, 8, 0 },     /* uint */
    { 0, 1, 0 }, { 0, 2, 0 }, { 0, 4, 0 }, { 0, 8, 0 },     /* int */
    { 0, 2, 0 }, { 0, 3, 0 }, { 0, 5, 0 }, { 0, 9, 0 },     /* fixext */
    { 0, 17, 0 },
    { 1, 0, 0 }, { 2, 0, 0 }, { 4, 0, 0 },                  /* str */
    { 2, 0, 1 }, { 4, 0, 1 },                               /* array */
    { 2, 0, 2 }, { 4, 0, 2 }                                /* map */
};


static int gov_whole_head(u_char **p, u_char *end, uint64_t *owed);


int
gov_rec_whole(gov_str_t value)
{
    u_char    *p, *end;
    uint64_t   owed;

    p = value.data;
    end = p + value.len;
    owed = 1;

    while (owed) {
        if (owed > (uint64_t) (end - p)) {
            return 0;
        }

        owed--;

        if (*p < 0x80 || *p >= 0xe0) {            /* small integers */
            p++;

        } else if (*p < 0x90) {                   /* small maps */
            owed += 2 * (*p++ & 0x0f);

        } else if (*p < 0xa0) {                   /* small arrays */
            owed += *p++ & 0x0f;

        } else if (*p < 0xc0) {                   /* short strings */
            if ((*p & 0x1f) >= end - p) {
                return 0;
            }

            p += 1 + (*p & 0x1f);

        } else if (!gov_whole_head(&p, end, &owed)) {
            return 0;
        }
    }

    return 1;
}


static int
gov_whole_head(u_char **p, u_char *end, uint64_t *owed)
{
    u_char              i;
    uint64_t            n;
    const gov_whole_t  *w;

    w = &gov_whole[*(*p)++ - 0xc0];

    if (w->length > end - *p) {
        return 0;
    }

    n = 0;

    for (i = 0; i < w->length; i++) {
        n = n << 8 | *(*p)++;
    }

    if (w->items) {
        *owed += n * w->items;
        n = 0;
    }

    n += w->bytes;

    if (n > (uint64_t) (end - *p)) {
        return 0;
    }

    *p += n;

    return 1;
}
