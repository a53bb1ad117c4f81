
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.diff: what changed between two versions of a document, by fields and by
 * paragraphs of what a reader sees.
 *
 * The paragraphs that two texts have in common, in order, are their longest
 * common subsequence; what begins and ends alike is set aside first, and of
 * what is left in between at most GOV_DIFF_MAX on each side are compared:
 * beyond, the old part stands before the new one as a whole.
 */


#include <stddef.h>

#include "view/gov_query_int.h"


#define GOV_DIFF_MAX    1000
#define GOV_LINES_MAX   20000

typedef struct {
    gov_str_t   *line;
    unsigned     n;
} gov_lines_t;

static const struct {
    const char  *name;
    size_t       offset;
} gov_diff_fields[] = {
#define GOV_DIFF_FIELD(name)  { #name, offsetof(gov_version_rec_t, name) },
    GOV_DIFF_FIELD(title) GOV_DIFF_FIELD(subtitle) GOV_DIFF_FIELD(summary)
    GOV_DIFF_FIELD(number) GOV_DIFF_FIELD(issuer) GOV_DIFF_FIELD(written)
    GOV_DIFF_FIELD(effective) GOV_DIFF_FIELD(expires_on)
    GOV_DIFF_FIELD(validity) GOV_DIFF_FIELD(force) GOV_DIFF_FIELD(source)
    GOV_DIFF_FIELD(author) GOV_DIFF_FIELD(keywords)
    GOV_DIFF_FIELD(index_number) GOV_DIFF_FIELD(topic)
    GOV_DIFF_FIELD(openness) GOV_DIFF_FIELD(basis)
    { NULL, 0 }
};


static gov_rc_t gov_diff_version(gov_ask_t *q, gov_doc_t *doc, uint32_t n,
    const char *field, gov_version_rec_t *v, gov_lines_t *lines);
static void gov_diff_lines(gov_arena_t *a, gov_str_t html,
    gov_lines_t *lines);
static size_t gov_diff_tag(gov_str_t html, size_t i, int *block);
static void gov_diff_line(gov_buf_t *b, gov_lines_t *lines);
static void gov_diff_named(gov_ask_t *q, gov_version_rec_t *one,
    gov_version_rec_t *two);
static void gov_diff_files(gov_ask_t *q, gov_version_rec_t *one,
    gov_version_rec_t *two);
static void gov_diff_text(gov_ask_t *q, gov_lines_t *one, gov_lines_t *two);
static void gov_diff_middle(gov_ask_t *q, gov_value_t *rows, gov_lines_t *one,
    gov_lines_t *two);
static void gov_diff_row(gov_ask_t *q, gov_value_t *rows, const char *op,
    gov_str_t text);


gov_rc_t
gov_query_doc_diff(gov_ask_t *q)
{
    int64_t             from, to;
    gov_rc_t            rc;
    gov_doc_t           doc;
    gov_lines_t         one, two;
    gov_version_rec_t   v1, v2;

    rc = gov_ask_doc(q, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    to = gov_get_int(q->in, "to", doc.rec.last);
    from = gov_get_int(q->in, "from", doc.rec.live != 0 && doc.rec.live < to
                                      ? doc.rec.live : to - 1);

    rc = gov_diff_version(q, &doc, (uint32_t) from, "from", &v1, &one);

    if (rc == GOV_OK) {
        rc = gov_diff_version(q, &doc, (uint32_t) to, "to", &v2, &two);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_int(q->arena, q->out, "from", from);
    gov_put_int(q->arena, q->out, "to", to);
    gov_diff_named(q, &v1, &v2);
    gov_diff_files(q, &v1, &v2);
    gov_diff_text(q, &one, &two);

    return GOV_OK;
}


/* version 0 is the empty one before the first */

static gov_rc_t
gov_diff_version(gov_ask_t *q, gov_doc_t *doc, uint32_t n, const char *field,
    gov_version_rec_t *v, gov_lines_t *lines)
{
    gov_rc_t        rc;
    gov_body_rec_t  body;

    memset(v, 0, sizeof(gov_version_rec_t));
    memset(lines, 0, sizeof(gov_lines_t));

    if (n == 0) {
        return GOV_OK;
    }

    rc = gov_version_get(q->txn, q->arena, doc->site, doc->id, n, v);

    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, field, "文档 %llu 没有第 %u 版",
                        (unsigned long long) doc->id, n);
    }

    rc = gov_body_get(q->txn, q->arena, doc->site, v->body, &body);

    if (rc != GOV_OK) {
        return gov_fail(q->err, rc, field, "文档 %llu 的正文无法读取",
                        (unsigned long long) doc->id);
    }

    gov_diff_lines(q->arena, body.html, lines);

    return GOV_OK;
}


/* the text between the ends of blocks; images and links by what they say */

static void
gov_diff_lines(gov_arena_t *a, gov_str_t html, gov_lines_t *lines)
{
    int        block;
    size_t     i;
    gov_buf_t  b;

    lines->line = gov_alloc(a, GOV_LINES_MAX * sizeof(gov_str_t));
    gov_buf_init(&b, a, 256);

    for (i = 0; i < html.len; /* void */) {

        if (html.data[i] != '<') {
            gov_buf_add(&b, &html.data[i], 1);
            i++;
            continue;
        }

        i = gov_diff_tag(html, i, &block);

        if (block) {
            gov_diff_line(&b, lines);
            gov_buf_init(&b, a, 256);
        }
    }

    gov_diff_line(&b, lines);
}


/* behind the tag at i; block: it ends a line */

static size_t
gov_diff_tag(gov_str_t html, size_t i, int *block)
{
    size_t                end, n;
    unsigned              k;
    gov_str_t             name;

    static const char    *inlines[] = {
        "a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "kbd",
        "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time",
        "u", "td", "th", NULL
    };

    for (end = i; end < html.len && html.data[end] != '>'; end++) {
        /* void */
    }

    n = i + 1 + (i + 1 < html.len && html.data[i + 1] == '/');
    name.data = html.data + n;

    for (name.len = 0; n + name.len < end
                       && html.data[n + name.len] != ' '; name.len++)
    {
        /* void */
    }

    *block = 1;

    for (k = 0; inlines[k] != NULL; k++) {
        if (gov_str_is(name, inlines[k])) {
            *block = 0;
        }
    }

    return end < html.len ? end + 1 : end;
}


static void
gov_diff_line(gov_buf_t *b, gov_lines_t *lines)
{
    gov_str_t  s;

    s = b->s;

    while (s.len != 0 && s.data[0] <= ' ') {
        s.data++;
        s.len--;
    }

    while (s.len != 0 && s.data[s.len - 1] <= ' ') {
        s.len--;
    }

    if (s.len != 0 && lines->n < GOV_LINES_MAX) {
        lines->line[lines->n++] = s;
    }
}


static void
gov_diff_named(gov_ask_t *q, gov_version_rec_t *one, gov_version_rec_t *two)
{
    unsigned      i;
    gov_str_t    *s, *t;
    gov_value_t  *list, *row;

    list = gov_put_list(q->arena, q->out, "fields");

    for (i = 0; gov_diff_fields[i].name; i++) {
        s = (gov_str_t *) ((u_char *) one + gov_diff_fields[i].offset);
        t = (gov_str_t *) ((u_char *) two + gov_diff_fields[i].offset);

        if (gov_str_eq(*s, *t)) {
            continue;
        }

        row = gov_add_map(q->arena, list);
        gov_put_c(q->arena, row, "field", gov_diff_fields[i].name);
        gov_put_str(q->arena, row, "old", *s);
        gov_put_str(q->arena, row, "new", *t);
    }
}


static void
gov_diff_missing(gov_ask_t *q, gov_value_t *of, gov_value_t *in,
    gov_value_t *list)
{
    gov_value_t  *f, *other;

    gov_each (f, of) {
        gov_each (other, in) {
            if (gov_str_eq(gov_get_str(f, "digest"),
                           gov_get_str(other, "digest")))
            {
                break;
            }
        }

        if (other == NULL) {
            gov_add(list, gov_val_str(q->arena, gov_get_str(f, "name")));
        }
    }
}


static void
gov_diff_files(gov_ask_t *q, gov_version_rec_t *one, gov_version_rec_t *two)
{
    gov_value_t  *map;

    map = gov_put_map(q->arena, q->out, "attachments");
    gov_diff_missing(q, one->files, two->files,
                     gov_put_list(q->arena, map, "removed"));
    gov_diff_missing(q, two->files, one->files,
                     gov_put_list(q->arena, map, "added"));
}


static void
gov_diff_text(gov_ask_t *q, gov_lines_t *one, gov_lines_t *two)
{
    unsigned      i, head, tail;
    gov_lines_t   a, b;
    gov_value_t  *rows;

    rows = gov_put_list(q->arena, q->out, "lines");

    for (head = 0; head < one->n && head < two->n
                   && gov_str_eq(one->line[head], two->line[head]); head++)
    {
        gov_diff_row(q, rows, "same", one->line[head]);
    }

    for (tail = 0; head + tail < one->n && head + tail < two->n
                   && gov_str_eq(one->line[one->n - 1 - tail],
                                 two->line[two->n - 1 - tail]); tail++)
    {
        /* void */
    }

    a.line = one->line + head;
    a.n = one->n - head - tail;
    b.line = two->line + head;
    b.n = two->n - head - tail;

    gov_diff_middle(q, rows, &a, &b);

    for (i = one->n - tail; i < one->n; i++) {
        gov_diff_row(q, rows, "same", one->line[i]);
    }
}


/* len[i][j]: of the longest common part of the lines from i and j on */

static void
gov_diff_middle(gov_ask_t *q, gov_value_t *rows, gov_lines_t *one,
    gov_lines_t *two)
{
    size_t     w;
    unsigned   i, j;
    uint16_t  *len;

    if (one->n > GOV_DIFF_MAX || two->n > GOV_DIFF_MAX) {
        for (i = 0; i < one->n; i++) {
            gov_diff_row(q, rows, "old", one->line[i]);
        }

        for (j = 0; j < two->n; j++) {
            gov_diff_row(q, rows, "new", two->line[j]);
        }

        return;
    }

    w = two->n + 1;
    len = gov_calloc(q->arena, (one->n + 1) * w * sizeof(uint16_t));

    for (i = one->n; i-- > 0; /* void */) {
        for (j = two->n; j-- > 0; /* void */) {
            len[i * w + j] =
                gov_str_eq(one->line[i], two->line[j])
                ? len[(i + 1) * w + j + 1] + 1
                : len[(i + 1) * w + j] >= len[i * w + j + 1]
                  ? len[(i + 1) * w + j] : len[i * w + j + 1];
        }
    }

    for (i = j = 0; i < one->n || j < two->n; /* void */) {

        if (i < one->n && j < two->n
            && gov_str_eq(one->line[i], two->line[j]))
        {
            gov_diff_row(q, rows, "same", one->line[i]);
            i++;
            j++;

        } else if (j == two->n
                   || (i < one->n
                       && len[(i + 1) * w + j] >= len[i * w + j + 1]))
        {
            gov_diff_row(q, rows, "old", one->line[i++]);

        } else {
            gov_diff_row(q, rows, "new", two->line[j++]);
        }
    }
}


static void
gov_diff_row(gov_ask_t *q, gov_value_t *rows, const char *op, gov_str_t text)
{
    gov_value_t  *row;

    row = gov_add_map(q->arena, rows);
    gov_put_c(q->arena, row, "op", op);
    gov_put_str(q->arena, row, "text", text);
}
