
/*
 * Copyright (C) ngx_gov authors
 *
 * What a program of this folder measures in parts:
 *
 *     PROGRAM ... N          a line a part: "NAME VALUE us", the median of N
 *                            times of the process's own CPU
 *     PROGRAM ... N PART     that part alone, N times, and nothing else: for
 *                            tools that count instructions, where the
 *                            difference of two runs is the cost of what was
 *                            done between them
 *
 * The first part is the whole; it runs once before each is measured.
 */


#ifndef _PARTS_H_INCLUDED_
#define _PARTS_H_INCLUDED_


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>


typedef void (*part_pt)(void *data);

typedef struct {
    const char  *name;              /* NULL: the end */
    part_pt      run;
} part_t;


static int
part_cmp(const void *one, const void *two)
{
    double  a, b;

    a = *(const double *) one;
    b = *(const double *) two;

    return (a > b) - (a < b);
}


static double
part_time(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);

    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}


static void
part_measure(part_t *p, void *data, unsigned n)
{
    double    *us, from;
    unsigned   i;

    us = malloc(n * sizeof(double));

    for (i = 0; i < n; i++) {
        from = part_time();
        p->run(data);
        us[i] = part_time() - from;
    }

    qsort(us, n, sizeof(double), part_cmp);
    printf("%s %.1f us\n", p->name, us[n / 2]);
    free(us);
}


static void
parts_run(part_t *parts, void *data, unsigned n, const char *only)
{
    unsigned   i;
    part_t    *p;

    for (p = parts; p->name; p++) {

        if (only == NULL) {
            parts->run(data);
            part_measure(p, data, n);

        } else if (strcmp(p->name, only) == 0) {
            for (i = 0; i < n; i++) {
                p->run(data);
            }
        }
    }
}


#endif /* _PARTS_H_INCLUDED_ */
