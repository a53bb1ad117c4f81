
/*
 * Copyright (C) ngx_gov authors
 *
 * Answers as a table for people, JSON, CSV (RFC 4180) or ids for programs.
 * Chinese characters take two places of a terminal.
 */


#include "ctl/govctl_int.h"


#define GOVCTL_COLUMNS_MAX  32
#define GOVCTL_CELL_MAX     60          /* places, in a table */


typedef struct {
    gov_str_t    names[GOVCTL_COLUMNS_MAX];
    size_t       widths[GOVCTL_COLUMNS_MAX];
    unsigned     n;
} govctl_columns_t;


static void govctl_columns(govctl_t *ctl, gov_value_t *rows,
    govctl_columns_t *c);
static void govctl_columns_shown(govctl_t *ctl, govctl_columns_t *c);
static int govctl_column_hidden(gov_str_t name);
static void govctl_print_table(govctl_t *ctl, gov_value_t *rows);
static void govctl_print_csv(govctl_t *ctl, gov_value_t *rows);
static void govctl_print_ids(gov_value_t *rows);
static gov_str_t govctl_cell(govctl_t *ctl, gov_value_t *v);
static gov_str_t govctl_clip(gov_str_t s, size_t max);
static size_t govctl_width(gov_str_t s);
static gov_value_t *govctl_id_of(gov_value_t *v);


void
govctl_print_rows(govctl_t *ctl, gov_value_t *rows)
{
    switch (ctl->format) {

    case GOVCTL_JSON:
        govctl_print_json(rows, GOV_JSON_PRETTY);
        break;

    case GOVCTL_CSV:
        govctl_print_csv(ctl, rows);
        break;

    case GOVCTL_IDS:
        govctl_print_ids(rows);
        break;

    case GOVCTL_TABLE:
        govctl_print_table(ctl, rows);
        break;
    }
}


void
govctl_print_one(govctl_t *ctl, gov_value_t *v)
{
    size_t        width;
    gov_str_t     cell;
    gov_value_t  *rows, *m, *body;

    if (ctl->format != GOVCTL_TABLE) {

        if (ctl->format == GOVCTL_JSON) {
            govctl_print_json(v, GOV_JSON_PRETTY);
            return;
        }

        rows = gov_list(ctl->arena);
        gov_add(rows, gov_value_copy(ctl->arena, v));
        govctl_print_rows(ctl, rows);
        return;
    }

    width = 0;
    body = NULL;

    gov_each(m, v) {
        width = m->key.len > width ? m->key.len : width;
    }

    gov_each(m, v) {
        cell = govctl_cell(ctl, m);

        if (cell.len == 0) {
            continue;
        }

        /* a text of several lines stands alone, at the end */

        if (m->kind == GOV_STR && memchr(cell.data, '\n', cell.len)) {
            body = m;
            continue;
        }

        (void) printf("%-*.*s  %.*s\n", (int) width, gov_strf(m->key),
                      gov_strf(cell));
    }

    if (body) {
        (void) printf("\n%.*s\n", gov_strf(body->u.s));
    }
}


void
govctl_print_verdict(govctl_t *ctl, const char *name, gov_value_t *v)
{
    gov_value_t  *id, *w;

    gov_each(w, gov_member(v, "warnings")) {
        if (!ctl->quiet && w->kind == GOV_STR) {
            govctl_say(govctl_word(GOVCTL_W_WARNING), gov_strf(w->u.s));
        }
    }

    if (ctl->dry_run && !ctl->quiet) {
        govctl_say("%s", govctl_word(GOVCTL_W_WOULD));
    }

    /* the number of a new document is what a script wants of it */

    if (ctl->format == GOVCTL_TABLE && strcmp(name, "doc.create") == 0) {
        id = govctl_id_of(v);
        if (id) {
            (void) printf("%.*s\n", gov_strf(govctl_cell(ctl, id)));
        }

        return;
    }

    if (ctl->format != GOVCTL_TABLE || !ctl->quiet) {
        govctl_print_one(ctl, v);
    }
}


void
govctl_print_json(gov_value_t *v, unsigned flags)
{
    gov_buf_t     b;
    gov_arena_t  *a;

    a = gov_arena_new(65536);
    gov_buf_init(&b, a, 65536);
    gov_json_write(&b, v, flags);

    (void) fwrite(b.s.data, 1, b.s.len, stdout);
    (void) putc('\n', stdout);

    gov_arena_free(&a);
}


/* the names of all members, in the order in which they first appear */

static void
govctl_columns(govctl_t *ctl, gov_value_t *rows, govctl_columns_t *c)
{
    size_t        width;
    unsigned      i;
    gov_value_t  *row, *m;

    c->n = 0;

    if (ctl->show) {
        govctl_columns_shown(ctl, c);
    }

    gov_each(row, rows) {
        gov_each(m, row) {
            for (i = 0; i < c->n && !gov_str_eq(c->names[i], m->key); i++) {
                /* the column of this name, or the end */
            }

            if (i == c->n) {
                if (ctl->show || i == GOVCTL_COLUMNS_MAX
                    || (ctl->format == GOVCTL_TABLE
                        && govctl_column_hidden(m->key)))
                {
                    continue;
                }

                c->names[i] = m->key;
                c->widths[i] = m->key.len;
                c->n++;
            }

            if (ctl->format == GOVCTL_TABLE) {
                width = govctl_width(govctl_clip(govctl_cell(ctl, m),
                                                 GOVCTL_CELL_MAX));
                if (width > c->widths[i]) {
                    c->widths[i] = width;
                }
            }
        }
    }
}


static void
govctl_columns_shown(govctl_t *ctl, govctl_columns_t *c)
{
    size_t       len;
    const char  *p;

    for (p = ctl->show; *p && c->n < GOVCTL_COLUMNS_MAX; p += len) {
        len = strcspn(p, ",");

        if (len) {
            c->names[c->n].data = (u_char *) p;
            c->names[c->n].len = len;
            c->widths[c->n++] = len;
        }

        len += p[len] == ',';
    }
}


/* long, and rarely what a person looks for: named by --show */

static int
govctl_column_hidden(gov_str_t name)
{
    return gov_str_is(name, "op") || gov_str_is(name, "hash")
           || gov_str_is(name, "number");
}


static void
govctl_print_table(govctl_t *ctl, gov_value_t *rows)
{
    size_t             width;
    unsigned           i;
    gov_str_t          cell;
    gov_value_t       *row;
    govctl_columns_t   c;

    govctl_columns(ctl, rows, &c);

    for (i = 0; i < c.n; i++) {
        (void) printf("%.*s%*s", gov_strf(c.names[i]),
                      i + 1 < c.n ? (int) (c.widths[i] - c.names[i].len + 2)
                                  : 0, "");
    }

    if (c.n) {
        (void) putchar('\n');
    }

    gov_each(row, rows) {
        for (i = 0; i < c.n; i++) {
            cell = govctl_clip(govctl_cell(ctl, gov_member_s(row,
                                                             c.names[i])),
                               GOVCTL_CELL_MAX);
            width = govctl_width(cell);

            (void) printf("%.*s%*s", gov_strf(cell),
                          i + 1 < c.n ? (int) (c.widths[i] - width + 2) : 0,
                          "");
        }

        (void) putchar('\n');
    }
}


static void
govctl_print_csv(govctl_t *ctl, gov_value_t *rows)
{
    size_t             k;
    unsigned           i;
    gov_str_t          cell;
    gov_value_t       *row;
    govctl_columns_t   c;

    govctl_columns(ctl, rows, &c);

    for (i = 0; i < c.n; i++) {
        (void) printf("%s%.*s", i ? "," : "", gov_strf(c.names[i]));
    }

    (void) printf("\r\n");

    gov_each(row, rows) {
        for (i = 0; i < c.n; i++) {
            cell = govctl_cell(ctl, gov_member_s(row, c.names[i]));

            if (i) {
                (void) putchar(',');
            }

            for (k = 0; k < cell.len && !strchr(",\"\r\n", cell.data[k]);
                 k++)
            {
                /* the first that needs quotes */
            }

            if (k == cell.len) {
                (void) fwrite(cell.data, 1, cell.len, stdout);
                continue;
            }

            (void) putchar('"');

            for (k = 0; k < cell.len; k++) {
                if (cell.data[k] == '"') {
                    (void) putchar('"');
                }

                (void) putchar(cell.data[k]);
            }

            (void) putchar('"');
        }

        (void) printf("\r\n");
    }
}


static void
govctl_print_ids(gov_value_t *rows)
{
    gov_value_t  *row, *id;

    gov_each(row, rows) {
        id = govctl_id_of(row);

        if (id && id->kind == GOV_INT) {
            (void) printf("%lld\n", (long long) id->u.i);

        } else if (id && id->kind == GOV_STR) {
            (void) printf("%.*s\n", gov_strf(id->u.s));
        }
    }
}


/* what others name this thing by */

static gov_value_t *
govctl_id_of(gov_value_t *v)
{
    gov_value_t   *id;
    const char   **name;

    static const char  *names[] = {
        "doc", "code", "column", "digest", "id", "group", "name", "seq",
        "version", NULL
    };

    for (name = names; *name; name++) {
        id = gov_member(v, *name);

        if (id && (id->kind == GOV_INT || id->kind == GOV_STR)) {
            return id;
        }
    }

    return NULL;
}


static gov_str_t
govctl_cell(govctl_t *ctl, gov_value_t *v)
{
    gov_buf_t  b;

    if (v == NULL) {
        return (gov_str_t) gov_null_string;
    }

    switch (v->kind) {

    case GOV_NIL:
        return (gov_str_t) gov_null_string;

    case GOV_BOOL:
        return v->u.i ? gov_s("true") : gov_s("false");

    case GOV_INT:
        return gov_str_fmt(ctl->arena, "%lld", (long long) v->u.i);

    case GOV_STR:
    case GOV_HTML:
        return v->u.s;

    case GOV_LIST:
    case GOV_MAP:
        break;
    }

    gov_buf_init(&b, ctl->arena, 256);
    gov_json_write(&b, v, 0);

    return b.s;
}


/* what fits into max places of one line */

static gov_str_t
govctl_clip(gov_str_t s, size_t max)
{
    size_t   n, width;
    u_char  *p, *end;

    end = s.data + s.len;

    for (p = s.data, width = 0; p < end; p += n) {
        n = gov_utf8_next(p, end);
        width += n > 2 ? 2 : 1;

        if (n == 0 || *p == '\n' || *p == '\t' || width > max) {
            break;
        }
    }

    s.len = (size_t) (p - s.data);

    return s;
}


static size_t
govctl_width(gov_str_t s)
{
    size_t   n, width;
    u_char  *p, *end;

    end = s.data + s.len;

    for (p = s.data, width = 0; p < end; p += n ? n : 1) {
        n = gov_utf8_next(p, end);
        width += n > 2 ? 2 : 1;
    }

    return width;
}
