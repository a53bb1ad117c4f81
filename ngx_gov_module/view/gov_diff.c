
/*
 * Copyright (C) ngx_gov authors
 *
 * Two texts line by line: what stayed, what went, what came; and in the same
 * way word by word two lines of which one became the other.
 *
 * The longest common subsequence, after what both begin and end with is set
 * aside; where the rest is too much for that, it went and came as a whole.
 * What the words of all lines may cost together is bounded too: lines behind
 * the bound are shown whole.
 */


#include <ctype.h>

#include "view/gov_diff.h"


#define GOV_DIFF_LINES  20000       /* of a text */
#define GOV_DIFF_CELLS  (1024 * 1024)
#define GOV_DIFF_NEAR   3           /* equal lines shown around a change */
#define GOV_DIFF_SHOWN  3000
#define GOV_DIFF_REACH  8           /* lines among which a changed one is */
#define GOV_DIFF_ISLAND 2           /* fewer equal words are not worth it */
#define GOV_DIFF_TOKEN  4           /* cells that a byte of a line counts as */


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
    uint64_t      cells;            /* that may yet be filled */
    uint64_t      fine;             /* the same, for words of lines */
    int           words;            /* lines are the words of one */
} gov_diff_t;


static void gov_diff_skip(gov_diff_t *d, unsigned n);
static void gov_diff_split(gov_arena_t *a, gov_str_t text, gov_lines_t *l);
static void gov_diff_ends(gov_diff_t *d);
static void gov_diff_middle(gov_diff_t *d);
static uint16_t *gov_diff_table(gov_diff_t *d, unsigned rows, unsigned cols);
static void gov_diff_walk(gov_diff_t *d, uint16_t *t, unsigned rows,
    unsigned cols);
static unsigned gov_diff_stretch(gov_str_t *a, unsigned n, gov_str_t *b,
    unsigned m);
static void gov_diff_changed(gov_diff_t *d, gov_str_t *a, unsigned n,
    gov_str_t *b, unsigned m);
static gov_value_t *gov_diff_became(gov_diff_t *d, gov_str_t line,
    gov_str_t *among, unsigned n, unsigned *at);
static gov_value_t *gov_diff_words(gov_diff_t *d, gov_str_t a, gov_str_t b);
static void gov_diff_tokens(gov_arena_t *a, gov_str_t line, gov_lines_t *l);
static int gov_diff_alike(gov_value_t *parts, size_t both);
static gov_value_t *gov_diff_row(gov_diff_t *d, const char *kind,
    unsigned left);
static void gov_diff_put(gov_diff_t *d, const char *kind, gov_str_t *line,
    unsigned n);


gov_value_t *
gov_diff(gov_arena_t *arena, gov_str_t a, gov_str_t b)
{
    unsigned    n;
    gov_diff_t  d;

    memset(&d, 0, sizeof(gov_diff_t));
    d.arena = arena;
    d.out = gov_list(arena);
    d.cells = GOV_DIFF_CELLS;
    d.fine = GOV_DIFF_CELLS;

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

    d->head = gov_diff_stretch(d->a.line, d->a.n, d->b.line, d->b.n);

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
    uint64_t  cells;
    unsigned  rows, cols;

    rows = d->a.n - d->head - d->tail;
    cols = d->b.n - d->head - d->tail;
    cells = (uint64_t) (rows + 1) * (cols + 1);

    if (cells > d->cells) {
        gov_diff_changed(d, d->a.line + d->head, rows,
                         d->b.line + d->head, cols);
        return;
    }

    d->cells -= cells;
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
    unsigned    i, j, n, was_i, was_j, wide;
    gov_str_t  *a, *b;

    wide = cols + 1;
    a = d->a.line + d->head;
    b = d->b.line + d->head;
    i = j = was_i = was_j = 0;

    while (i < rows && j < cols) {
        n = gov_diff_stretch(a + i, rows - i, b + j, cols - j);

        if (n == 0) {
            if (t[(i + 1) * wide + j] >= t[i * wide + j + 1]) {
                i++;
            } else {
                j++;
            }

            continue;
        }

        if (!d->words || n >= GOV_DIFF_ISLAND) {
            gov_diff_changed(d, a + was_i, i - was_i, b + was_j, j - was_j);
            gov_diff_put(d, "same", a + i, n);
            was_i = i + n;
            was_j = j + n;
        }

        i += n;
        j += n;
    }

    gov_diff_changed(d, a + was_i, rows - was_i, b + was_j, cols - was_j);
}


/* how many lines both begin with */

static unsigned
gov_diff_stretch(gov_str_t *a, unsigned n, gov_str_t *b, unsigned m)
{
    unsigned  i;

    for (i = 0; i < n && i < m && gov_str_eq(a[i], b[i]); i++) {
        /* void */
    }

    return i;
}


/* n lines became m others: two that are alike are shown as one */

static void
gov_diff_changed(gov_diff_t *d, gov_str_t *a, unsigned n, gov_str_t *b,
    unsigned m)
{
    unsigned      i, at, gone, came;
    gov_value_t  *parts, *row;

    gone = came = 0;

    for (i = 0; !d->words && i < n && came < m; i++) {

        parts = gov_diff_became(d, a[i], b + came, m - came, &at);
        if (parts == NULL) {
            continue;
        }

        gov_diff_put(d, "gone", a + gone, i - gone);
        gov_diff_put(d, "came", b + came, at);
        gone = i + 1;
        came += at + 1;

        row = gov_diff_row(d, "changed", n - i);
        if (row != NULL) {
            gov_put(row, "parts", parts);
        }
    }

    gov_diff_put(d, "gone", a + gone, n - gone);
    gov_diff_put(d, "came", b + came, m - came);
}


/* the parts of the line and of the first one that is like it; NULL */

static gov_value_t *
gov_diff_became(gov_diff_t *d, gov_str_t line, gov_str_t *among, unsigned n,
    unsigned *at)
{
    gov_value_t  *parts;

    parts = NULL;

    for (*at = 0; *at < n && *at < GOV_DIFF_REACH; (*at)++) {

        parts = gov_diff_words(d, line, among[*at]);
        if (parts != NULL) {
            break;
        }
    }

    return parts;
}


/* NULL for lines that are not alike, or are too long for what is left */

static gov_value_t *
gov_diff_words(gov_diff_t *d, gov_str_t a, gov_str_t b)
{
    uint64_t    cost;
    gov_diff_t  w;

    cost = (uint64_t) GOV_DIFF_TOKEN * (a.len + b.len);

    if (cost > d->fine || a.len > 3 * b.len || b.len > 3 * a.len) {
        return NULL;
    }

    memset(&w, 0, sizeof(gov_diff_t));
    w.arena = d->arena;
    w.out = gov_list(d->arena);
    w.cells = d->fine - cost;
    w.words = 1;

    gov_diff_tokens(d->arena, a, &w.a);
    gov_diff_tokens(d->arena, b, &w.b);
    gov_diff_ends(&w);

    gov_diff_put(&w, "same", w.a.line, w.head);
    gov_diff_middle(&w);
    gov_diff_put(&w, "same", w.a.line + w.a.n - w.tail, w.tail);

    d->fine = w.cells;

    return gov_diff_alike(w.out, a.len + b.len) ? w.out : NULL;
}


/* a word of letters and figures with no more than that; else a character */

static void
gov_diff_tokens(gov_arena_t *a, gov_str_t line, gov_lines_t *l)
{
    size_t   n;
    u_char  *p, *end;

    l->line = gov_alloc(a, line.len * sizeof(gov_str_t));
    end = line.data + line.len;

    for (p = line.data; p < end; p += n) {

        for (n = 0; p + n < end && p[n] < 0x80 && isalnum(p[n]); n++) {
            /* void */
        }

        if (n == 0) {
            n = gov_utf8_next(p, end);
            n = n ? n : 1;
        }

        l->line[l->n++] = (gov_str_t) { n, p };
    }
}


/* half of both lines stayed */

static int
gov_diff_alike(gov_value_t *parts, size_t both)
{
    size_t        same;
    gov_value_t  *part;

    same = 0;

    gov_each (part, parts) {
        if (gov_str_is(gov_get_str(part, "kind"), "same")) {
            same += gov_get_str(part, "text").len;
        }
    }

    return 4 * same >= both;
}


/* NULL: no more is shown, of left rows */

static gov_value_t *
gov_diff_row(gov_diff_t *d, const char *kind, unsigned left)
{
    gov_value_t  *row;

    if (d->out->n == GOV_DIFF_SHOWN) {
        gov_diff_skip(d, left);
    }

    if (d->out->n > GOV_DIFF_SHOWN) {
        return NULL;
    }

    row = gov_add_map(d->arena, d->out);
    gov_put_c(d->arena, row, "kind", kind);

    return row;
}


/* words that follow one another are one part */

static void
gov_diff_put(gov_diff_t *d, const char *kind, gov_str_t *line, unsigned n)
{
    unsigned      i;
    gov_str_t     part;
    gov_value_t  *row;

    if (d->words && n > 1) {
        part.data = line[0].data;
        part.len = (size_t) (line[n - 1].data - part.data) + line[n - 1].len;
        line = &part;
        n = 1;
    }

    for (i = 0; i < n; i++) {
        row = gov_diff_row(d, kind, n - i);
        if (row == NULL) {
            return;
        }

        gov_put_str(d->arena, row, "text", line[i]);
    }
}
