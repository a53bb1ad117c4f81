
/*
 * Copyright (C) ngx_gov authors
 *
 * Imports: a file cut into batches, each one command and one entry of the
 * journal.  An interrupted import is started again from the beginning: rows
 * that are there already are found unchanged.
 *
 * A refused row is told as "row N: ID: reason", where N counts as an editor
 * of the file does (a CSV's heading is row 1), and does not stop the rest.
 * The exit code is 0 if any row was accepted or none was refused; with
 * --strict it is 1 as soon as one is refused.
 */


#include "ctl/govctl_int.h"


#define GOVCTL_CSV_ROWS    500
#define GOVCTL_CSV_FIELDS  64
#define GOVCTL_DOC_ROWS    200
#define GOVCTL_DOC_BYTES   (2 * 1024 * 1024)
#define GOVCTL_LINE_MAX    (4 * 1024 * 1024)


typedef struct {
    govctl_t     *ctl;
    const char   *command;
    const char   *id;               /* a row's member that names it */
    gov_value_t  *in;               /* of the verb */
    gov_value_t  *flags;            /* of it */
    gov_arena_t  *arena;            /* of one batch */
    gov_value_t  *rows;
    int64_t       numbers[GOVCTL_CSV_ROWS];
    size_t        bytes;

    int64_t       seen;
    int64_t       created;
    int64_t       updated;
    int64_t       unchanged;
    int64_t       dead;             /* links that lead nowhere */
    int64_t       refused;
} govctl_import_t;

typedef struct {
    int           at[GOVCTL_CSV_FIELDS];    /* which known column, -1 none */
    unsigned      n;
} govctl_heading_t;


static int govctl_csv_heading(govctl_import_t *m, const char *path,
    gov_str_t *text, govctl_heading_t *h);
static int govctl_csv_row(govctl_import_t *m, gov_str_t *text,
    govctl_heading_t *h, int64_t number);
static int govctl_docs_rows(govctl_import_t *m, govctl_file_t *f);
static int govctl_docs_line(govctl_import_t *m, gov_str_t line,
    int64_t number);
static int govctl_import_begin(govctl_import_t *m, govctl_t *ctl,
    const char *command, const char *id, gov_value_t *in);
static int govctl_import_send(govctl_import_t *m);
static void govctl_import_verdict(govctl_import_t *m, gov_value_t *v);
static int govctl_import_end(govctl_import_t *m, int rc);


static const char  *govctl_csv_columns[] = {
    "code", "level", "name", "parent_code", "slug", "legal_name",
    "blueprint", "mode", "abbr", "host", NULL
};

#define GOVCTL_CSV_REQUIRED  3


static gov_in_t  govctl_import_flags[] = {
    { "progress", GOV_IN_BOOL, 0, NULL },
    { "strict", GOV_IN_BOOL, 0, NULL },
    { NULL, 0, 0, NULL }
};


int
govctl_do_import_csv(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int               rc, converted;
    char             *path;
    int64_t           number;
    gov_err_t         err;
    gov_str_t         text;
    govctl_import_t   m;
    govctl_heading_t  h;

    if (govctl_import_begin(&m, ctl, "site.import", "code", in) != 0) {
        return govctl_help_see(verb->name);
    }

    memset(&err, 0, sizeof(gov_err_t));

    path = gov_str_c(ctl->arena, gov_get_str(in, "file"));

    if (govctl_file_read(ctl->arena, path, &text) != 0) {
        gov_arena_free(&m.arena);
        return GOVCTL_FAILED;
    }

    if (gov_text_utf8(ctl->arena, &text, &converted, &err) != GOV_OK) {
        govctl_say(govctl_word(GOVCTL_W_NO_FILE), path, err.text);
        gov_arena_free(&m.arena);
        return GOVCTL_FAILED;
    }

    if (converted && !ctl->quiet) {
        govctl_say(govctl_word(GOVCTL_W_TO_UTF8), path);
    }

    rc = govctl_csv_heading(&m, path, &text, &h);

    for (number = 2; rc == 0; number++) {
        rc = govctl_csv_row(&m, &text, &h, number);

        if (rc == 0 && m.rows->n == GOVCTL_CSV_ROWS) {
            rc = govctl_import_send(&m);
        }
    }

    return govctl_import_end(&m, rc);
}


static int
govctl_csv_heading(govctl_import_t *m, const char *path, gov_str_t *text,
    govctl_heading_t *h)
{
    int         k;
    unsigned    i, found;
    gov_err_t   err;
    gov_str_t   fields[GOVCTL_CSV_FIELDS];

    memset(&err, 0, sizeof(gov_err_t));

    if (gov_csv_next(m->ctl->arena, text, fields, GOVCTL_CSV_FIELDS, &h->n,
                     &err)
        != GOV_OK)
    {
        govctl_say(govctl_word(GOVCTL_W_BAD_ROW), 1LL, err.text);
        return GOVCTL_FAILED;
    }

    found = 0;

    for (i = 0; i < h->n; i++) {
        h->at[i] = -1;

        for (k = 0; govctl_csv_columns[k]; k++) {
            if (gov_str_is(fields[i], govctl_csv_columns[k])) {
                h->at[i] = k;
                found |= 1u << k;
            }
        }

        /* one that was misspelt is not missed in silence */

        if (h->at[i] == -1 && fields[i].len && !m->ctl->quiet) {
            govctl_say(govctl_word(GOVCTL_W_STRANGE_COLUMN), path,
                       gov_str_c(m->ctl->arena,
                                 gov_utf8_head(fields[i], 60)));
        }
    }

    for (k = 0; k < GOVCTL_CSV_REQUIRED; k++) {
        if (!(found & (1u << k))) {
            govctl_say(govctl_word(GOVCTL_W_NO_COLUMN), path,
                       govctl_csv_columns[k]);
            return GOVCTL_FAILED;
        }
    }

    return 0;
}


/* -1: the end */

static int
govctl_csv_row(govctl_import_t *m, gov_str_t *text, govctl_heading_t *h,
    int64_t number)
{
    gov_rc_t      rc;
    unsigned      i, n;
    gov_err_t     err;
    gov_str_t     fields[GOVCTL_CSV_FIELDS];
    gov_value_t  *row;

    memset(&err, 0, sizeof(gov_err_t));

    rc = gov_csv_next(m->arena, text, fields, GOVCTL_CSV_FIELDS, &n, &err);

    if (rc == GOV_DONE) {
        return -1;
    }

    if (rc != GOV_OK) {
        govctl_say(govctl_word(GOVCTL_W_BAD_ROW), (long long) number, err.text);
        m->refused++;
        return GOVCTL_FAILED;
    }

    row = gov_map(m->arena);

    for (i = 0; i < n && i < h->n; i++) {
        if (h->at[i] != -1 && fields[i].len
            && gov_member(row, govctl_csv_columns[h->at[i]]) == NULL)
        {
            gov_put_str(m->arena, row, govctl_csv_columns[h->at[i]],
                        fields[i]);
        }
    }

    m->numbers[m->rows->n] = number;
    gov_add(m->rows, row);

    return 0;
}


int
govctl_do_import_docs(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int               rc;
    govctl_file_t    *f;
    govctl_import_t   m;

    if (govctl_import_begin(&m, ctl, "doc.import", "id", in) != 0) {
        return govctl_help_see(verb->name);
    }

    f = govctl_file_open(gov_str_c(ctl->arena, gov_get_str(in, "file")));
    if (f == NULL) {
        gov_arena_free(&m.arena);
        return GOVCTL_FAILED;
    }

    rc = govctl_docs_rows(&m, f);
    govctl_file_close(&f);

    return govctl_import_end(&m, rc);
}


/* a line outlives the batch before it: its arena is its own */

static int
govctl_docs_rows(govctl_import_t *m, govctl_file_t *f)
{
    int           rc, got;
    int64_t       number;
    gov_str_t     line;
    gov_arena_t  *a;

    a = gov_arena_new(65536);
    rc = 0;

    for (number = 1; rc == 0; number++) {
        got = govctl_file_line(f, a, &line);

        if (got <= 0) {
            rc = got == 0 ? -1 : GOVCTL_FAILED;
            break;
        }

        rc = govctl_docs_line(m, line, number);

        if (rc == 0 && m->rows->n == GOVCTL_DOC_ROWS) {
            rc = govctl_import_send(m);
        }

        gov_arena_reset(a);
    }

    gov_arena_free(&a);

    return rc;
}


static int
govctl_docs_line(govctl_import_t *m, gov_str_t line, int64_t number)
{
    int           rc;
    size_t        i;
    gov_err_t     err;
    gov_value_t  *row;

    memset(&err, 0, sizeof(gov_err_t));

    for (i = 0; i < line.len && (line.data[i] == ' '
                                 || line.data[i] == '\t'); i++)
    {
        /* an empty line is no row */
    }

    if (i == line.len) {
        return 0;
    }

    /* what would make the batch too large begins the next one */

    if (m->rows->n && m->bytes + line.len > GOVCTL_DOC_BYTES) {
        rc = govctl_import_send(m);

        if (rc != 0) {
            return rc;
        }
    }

    if (line.len > GOVCTL_LINE_MAX) {
        (void) gov_fail(&err, GOV_INVALID, "", "> %d MB",
                        GOVCTL_LINE_MAX / 1024 / 1024);

    } else if (gov_json_parse(m->arena, line, &row, &err) == GOV_OK
               && row->kind != GOV_MAP)
    {
        (void) gov_fail(&err, GOV_INVALID, "", "{ }?");
    }

    if (err.code != GOV_OK) {
        m->seen++;
        m->refused++;
        govctl_say(govctl_word(GOVCTL_W_BAD_ROW), (long long) number, err.text);
        return 0;
    }

    m->bytes += line.len;
    m->numbers[m->rows->n] = number;
    gov_add(m->rows, row);

    return 0;
}


static int
govctl_import_begin(govctl_import_t *m, govctl_t *ctl, const char *command,
    const char *id, gov_value_t *in)
{
    gov_err_t  err;

    memset(m, 0, sizeof(govctl_import_t));
    memset(&err, 0, sizeof(gov_err_t));

    if (gov_in_read(ctl->arena, govctl_import_flags, in, 1, &m->flags, &err)
        != GOV_OK)
    {
        return govctl_usage(govctl_word(GOVCTL_W_BAD_FLAG), err.field);
    }

    m->ctl = ctl;
    m->command = command;
    m->id = id;
    m->in = in;
    m->arena = gov_arena_new(1024 * 1024);
    m->rows = gov_list(m->arena);

    return 0;
}


static int
govctl_import_send(govctl_import_t *m)
{
    int              rc;
    unsigned         i;
    gov_value_t     *input, *v;
    govctl_answer_t  answer;

    static const char  *passed[] = { "site", "column", "host_pattern",
                                     "mode" };

    if (m->rows->n == 0) {
        return 0;
    }

    input = gov_map(m->arena);

    for (i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
        v = gov_member(m->in, passed[i]);
        if (v) {
            gov_put_str(m->arena, input, passed[i], v->u.s);
        }
    }

    gov_put(input, "rows", m->rows);
    m->seen += m->rows->n;

    rc = govctl_command(m->ctl, m->arena, gov_str_of(m->command), input,
                        &answer);

    if (rc == 0) {
        govctl_import_verdict(m, answer.body);
    } else {
        m->refused += m->rows->n;
        rc = govctl_complain(&answer);
    }

    if (gov_get_bool(m->flags, "progress") && !m->ctl->quiet) {
        govctl_say(govctl_word(GOVCTL_W_PROGRESS), (long long) m->seen);
    }

    gov_arena_reset(m->arena);
    m->rows = gov_list(m->arena);
    m->bytes = 0;

    return rc;
}


static void
govctl_import_verdict(govctl_import_t *m, gov_value_t *v)
{
    int64_t       row;
    gov_value_t  *refused, *w;

    m->created += gov_get_int(v, "created", 0);
    m->updated += gov_get_int(v, "updated", 0);
    m->unchanged += gov_get_int(v, "unchanged", 0);
    m->dead += gov_get_int(v, "dead", 0);

    gov_each(refused, gov_member(v, "refused")) {
        m->refused++;
        row = gov_get_int(refused, "row", 0);

        govctl_say(govctl_word(GOVCTL_W_REFUSED_ROW),
                   row > 0 && row <= m->rows->n
                   ? (long long) m->numbers[row - 1] : 0LL,
                   gov_strf(gov_get_str(refused, m->id)),
                   gov_strf(gov_get_str(refused, "reason")));
    }

    gov_each(w, gov_member(v, "warnings")) {
        if (!m->ctl->quiet && w->kind == GOV_STR) {
            govctl_say(govctl_word(GOVCTL_W_WARNING), gov_strf(w->u.s));
        }
    }
}


static int
govctl_import_end(govctl_import_t *m, int rc)
{
    int           sent, strict;
    gov_value_t  *sum;

    /* rows before one that cannot be read were good */

    sent = govctl_import_send(m);

    if (rc == -1) {
        rc = sent;
    }

    sum = gov_map(m->ctl->arena);
    gov_put_int(m->ctl->arena, sum, "created", m->created);
    gov_put_int(m->ctl->arena, sum, "updated", m->updated);
    gov_put_int(m->ctl->arena, sum, "unchanged", m->unchanged);
    gov_put_int(m->ctl->arena, sum, "refused", m->refused);

    if (m->dead != 0) {
        gov_put_int(m->ctl->arena, sum, "dead", m->dead);
    }

    gov_arena_free(&m->arena);

    if (m->ctl->format != GOVCTL_TABLE) {
        govctl_print_one(m->ctl, sum);

    } else if (!m->ctl->quiet) {
        govctl_say(govctl_word(GOVCTL_W_IMPORTED), (long long) m->created,
                   (long long) m->updated, (long long) m->unchanged,
                   (long long) m->refused);

        if (m->dead != 0) {
            govctl_say(govctl_word(GOVCTL_W_DEAD), (long long) m->dead);
        }
    }

    strict = gov_get_bool(m->flags, "strict");

    if (rc == 0 && m->refused
        && (strict || m->created + m->updated + m->unchanged == 0))
    {
        rc = GOVCTL_FAILED;
    }

    return rc;
}
