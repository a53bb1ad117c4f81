
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tests of base share: cmocka's headers in the order it asks for,
 * an arena for each test, and a comparison of strings that names the line.
 */


#ifndef _T_BASE_H_INCLUDED_
#define _T_BASE_H_INCLUDED_


#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/gov_base.h"


#define t_rows(table)  (sizeof(table) / sizeof((table)[0]))

#define t_str(s, text)                                                        \
    t_str_at(s, (gov_str_t) gov_string(text), __FILE__, __LINE__)


static inline void
t_str_at(gov_str_t got, gov_str_t want, const char *file, int line)
{
    if (gov_str_eq(got, want)) {
        return;
    }

    print_error("got  \"%.*s\"\nwant \"%.*s\"\n", gov_strf(got),
                gov_strf(want));
    _fail(file, line);
}


static inline int
t_arena(void **state)
{
    *state = gov_arena_new(4096);

    return 0;
}


static inline int
t_arena_free(void **state)
{
    gov_arena_t  *a;

    a = *state;
    gov_arena_free(&a);

    return a != NULL;
}


#define t_test(f)  cmocka_unit_test_setup_teardown(f, t_arena, t_arena_free)


#endif /* _T_BASE_H_INCLUDED_ */
