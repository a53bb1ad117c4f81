
/*
 * Copyright (C) ngx_gov authors
 *
 * What the fuzz targets share.  A target is f_NAME.c with one function,
 *
 *     int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
 *
 * linked with libFuzzer (clang), or with replay.c, which hands it the files
 * of tests/fuzz/corpus/NAME (any compiler).  It must return 0 for any bytes;
 * a promise that does not hold ends the process.
 */


#ifndef _FUZZ_H_INCLUDED_
#define _FUZZ_H_INCLUDED_


#include <stdio.h>
#include <stdlib.h>

#include "base/gov_base.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


#define f_must(x)                                                             \
    ((x) ? (void) 0 : f_broken(#x, __FILE__, __LINE__))

static inline void __attribute__((noreturn))
f_broken(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}


static inline gov_str_t
f_str(const uint8_t *data, size_t size)
{
    return (gov_str_t) { size, (u_char *) data };
}


/* the bytes up to a newline; rest goes on behind it */

static inline gov_str_t
f_line(gov_str_t *rest)
{
    u_char     *p;
    gov_str_t   line;

    p = rest->len ? memchr(rest->data, '\n', rest->len) : NULL;
    line.data = rest->data;
    line.len = p ? (size_t) (p - rest->data) : rest->len;

    rest->data += line.len + (p != NULL);
    rest->len -= line.len + (p != NULL);

    return line;
}


static inline gov_str_t
f_json(gov_arena_t *a, gov_value_t *v, unsigned flags)
{
    gov_buf_t  b;

    gov_buf_init(&b, a, 256);
    gov_json_write(&b, v, flags);

    return b.s;
}


#endif /* _FUZZ_H_INCLUDED_ */
