
/*
 * Copyright (C) ngx_gov authors
 *
 * Two texts line by line: what stayed, what went, what came.
 *
 * The longest common subsequence, after what both begin and end with is set
 * aside; where the rest is too much for that, it went and came as a whole.
 */


#include "view/gov_diff.h"


#define GOV_DIFF_LINES  20000       /* of a text */
#define GOV_DIFF_CELLS  (1024 * 1024)
#define GOV_DIFF_NEAR   3           /* equal lines shown around a change */
#define GOV_DIFF_SHOWN  3000


typedef struct {
    gov_str_t    *line;
    unsigned      n;
} gov_lines_t;

typedef struct {
    gov_arena_t  *arena;
    gov_value_t  *out;
    gov_lines_t   a;
    gov_lines_t   b;
    unsigned      head;             /* equal lines at the beginning */
    unsigned      tail;             /* and at the end */
} gov_diff_t;


static void gov_diff_skip(gov_diff_t *d, unsigned n);
static void gov_diff_split(gov_arena_t *a, gov_str_t text, gov_lines_t *l);
static void gov_diff_ends(gov_diff_t *d);
static void gov_diff_middle(gov_diff_t *d);
static uint16_t *gov_diff_table(gov_diff_t *d, unsigned rows, unsigned cols);
static void gov_diff_walk(gov_diff_t *d, uint16_t *t, unsigned rows,
    unsigned cols);
static void gov_diff_put(gov_diff_t *d, const char *kind, gov_str_t *line,
    unsigned n);


gov_value_t *
gov_diff(gov_arena_t *arena, gov_str_t a, gov_str_t b)
{
    unsigned    n;
    gov_diff_t  d;

    d.arena = arena;
    d.out = gov_list(arena);

    gov_diff_split(arena, a, &d.a);
    gov_diff_split(arena, b, &d.b);
    gov_diff_ends(&d);

    n = d.head < GOV_DIFF_NEAR ? d.head : GOV_DIFF_NEAR;
    gov_diff_skip(&d, d.head - n);
    gov_diff_put(&d, "same", d.a.line + d.head - n, n);

    gov_diff_middle(&d);

    n = d.tail < GOV_DIFF_NEAR ? d.tail : GOV_DIFF_NEAR;
    gov_diff_put(&d, "same", d.a.line + d.a.n - d.tail, n);
    gov_diff_skip(&d, d.tail - n);

    return d.out;
}


static void
gov_diff_skip(gov_diff_t *d, unsigned n)
{
    gov_value_t  *row;

    if (n == 0) {
        return;
    }

    row = gov_add_map(d->arena, d->out);
    gov_put_c(d->arena, row, "kind", "skip");
    gov_put_int(d->arena, row, "n", n);
}


static void
gov_diff_split(gov_arena_t *a, gov_str_t text, gov_lines_t *l)
{
    u_char  *p, *nl;
    size_t   i, lines;

    for (i = 0, lines = 1; i < text.len; i++) {
        lines += text.data[i] == '\n';
    }

    lines = lines < GOV_DIFF_LINES ? lines : GOV_DIFF_LINES;
    l->line = gov_alloc(a, lines * sizeof(gov_str_t));
    p = text.data;

    for (l->n = 0; text.len && l->n < lines; l->n++) {
        nl = l->n + 1 < lines ? memchr(p, '\n', text.len) : NULL;

        l->line[l->n].data = p;
        l->line[l->n].len = nl ? (size_t) (nl - p) : text.len;

        text.len -= l->line[l->n].len + (nl != NULL);
        p = nl ? nl + 1 : p;
    }
}


static void
gov_diff_ends(gov_diff_t *d)
{
    unsigned  most;

    most = d->a.n < d->b.n ? d->a.n : d->b.n;

    for (d->head = 0; d->head < most; d->head++) {
        if (!gov_str_eq(d->a.line[d->head], d->b.line[d->head])) {
            break;
        }
    }

    for (d->tail = 0; d->tail < most - d->head; d->tail++) {
        if (!gov_str_eq(d->a.line[d->a.n - 1 - d->tail],
                        d->b.line[d->b.n - 1 - d->tail]))
        {
            break;
        }
    }
}


static void
gov_diff_middle(gov_diff_t *d)
{
    unsigned  rows, cols;

    rows = d->a.n - d->head - d->tail;
    cols = d->b.n - d->head - d->tail;

    if ((uint64_t) (rows + 1) * (cols + 1) > GOV_DIFF_CELLS) {
        gov_diff_put(d, "gone", d->a.line + d->head, rows);
        gov_diff_put(d, "came", d->b.line + d->head, cols);
        return;
    }

    gov_diff_walk(d, gov_diff_table(d, rows, cols), rows, cols);
}


/* t[i][j]: common lines of what follows i in a and j in b */

static uint16_t *
gov_diff_table(gov_diff_t *d, unsigned rows, unsigned cols)
{
    unsigned    i, j, wide;
    uint16_t   *t, right, down;

    wide = cols + 1;
    t = gov_calloc(d->arena, (rows + 1) * wide * sizeof(uint16_t));

    for (i = rows; i-- > 0; ) {
        for (j = cols; j-- > 0; ) {
            right = t[i * wide + j + 1];
            down = t[(i + 1) * wide + j];

            t[i * wide + j] = gov_str_eq(d->a.line[d->head + i],
                                         d->b.line[d->head + j])
                              ? t[(i + 1) * wide + j + 1] + 1
                              : right > down ? right : down;
        }
    }

    return t;
}


static void
gov_diff_walk(gov_diff_t *d, uint16_t *t, unsigned rows, unsigned cols)
{
    unsigned    i, j, wide;
    gov_str_t  *a, *b;

    wide = cols + 1;
    a = d->a.line + d->head;
    b = d->b.line + d->head;
    i = j = 0;

    while (i < rows || j < cols) {

        if (i < rows && j < cols && gov_str_eq(a[i], b[j])) {
            gov_diff_put(d, "same", &a[i++], 1);
            j++;

        } else if (j == cols
                   || (i < rows
                       && t[(i + 1) * wide + j] >= t[i * wide + j + 1]))
        {
            gov_diff_put(d, "gone", &a[i++], 1);

        } else {
            gov_diff_put(d, "came", &b[j++], 1);
        }
    }
}


static void
gov_diff_put(gov_diff_t *d, const char *kind, gov_str_t *line, unsigned n)
{
    unsigned      i;
    gov_value_t  *row;

    for (i = 0; i < n; i++) {
        if (d->out->n == GOV_DIFF_SHOWN) {
            gov_diff_skip(d, n - i);
        }

        if (d->out->n > GOV_DIFF_SHOWN) {
            return;
        }

        row = gov_add_map(d->arena, d->out);
        gov_put_c(d->arena, row, "kind", kind);
        gov_put_str(d->arena, row, "text", line[i]);
    }
}
