
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.diff: what changed between two versions of a document, by fields and by
 * paragraphs of what a reader sees (gov_diff.c).
 */


#include <stddef.h>

#include "view/gov_diff.h"
#include "view/gov_query_int.h"


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
    const char *field, gov_version_rec_t *v, gov_str_t *text);
static gov_str_t gov_diff_text(gov_arena_t *a, gov_str_t html);
static size_t gov_diff_char(gov_buf_t *b, gov_str_t html, size_t i);
static size_t gov_diff_tag(gov_str_t html, size_t i, int *block);
static void gov_diff_named(gov_ask_t *q, gov_version_rec_t *one,
    gov_version_rec_t *two);
static void gov_diff_files(gov_ask_t *q, gov_version_rec_t *one,
    gov_version_rec_t *two);


gov_rc_t
gov_query_doc_diff(gov_ask_t *q)
{
    int64_t             from, to;
    gov_rc_t            rc;
    gov_doc_t           doc;
    gov_str_t           one, two;
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
    gov_put(q->out, "lines", gov_diff(q->arena, one, two));

    return GOV_OK;
}


/* version 0 is the empty one before the first */

static gov_rc_t
gov_diff_version(gov_ask_t *q, gov_doc_t *doc, uint32_t n, const char *field,
    gov_version_rec_t *v, gov_str_t *text)
{
    gov_rc_t        rc;
    gov_body_rec_t  body;

    memset(v, 0, sizeof(gov_version_rec_t));
    text->len = 0;
    text->data = NULL;

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

    *text = gov_diff_text(q->arena, body.html);

    return GOV_OK;
}


/* a line a block, as text: images and links by what they say */

static gov_str_t
gov_diff_text(gov_arena_t *a, gov_str_t html)
{
    int        block;
    size_t     i;
    gov_buf_t  b;

    gov_buf_init(&b, a, html.len + 1);

    for (i = 0; i < html.len; /* void */) {

        if (html.data[i] == '<') {
            i = gov_diff_tag(html, i, &block);

            if (!block) {
                continue;
            }

        } else if (html.data[i] != '\n') {
            i = gov_diff_char(&b, html, i);
            continue;

        } else {
            i++;
        }

        if (b.s.len != 0 && b.s.data[b.s.len - 1] != '\n') {
            gov_buf_add(&b, "\n", 1);
        }
    }

    return b.s;
}


/* behind the byte or the entity at i, which is added */

static size_t
gov_diff_char(gov_buf_t *b, gov_str_t html, size_t i)
{
    size_t     n;
    u_char     c;
    gov_str_t  rest;

    rest = (gov_str_t) { html.len - i, html.data + i };
    n = 1;
    c = html.data[i] == '&' ? gov_unescape_html(rest, &n) : 0;

    gov_buf_add(b, c ? &c : rest.data, 1);

    return i + n;
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
