
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies that are clean as they are: paragraphs, headings and lists without
 * an attribute, each byte of them what our serialiser writes.  Most bodies
 * are, once Markdown became HTML, and the parser is the dearest part of a
 * command.
 *
 * Invariant: what is recognised here gov_body_clean() gives back unchanged.
 * So everything that a parser might take otherwise is left to it: a tag that
 * is not closed in its turn, an element in a place that would close another
 * one, a character that is written in another way.  tests/fuzz/f_body.c holds
 * the two side by side.
 */


#include "content/gov_body_int.h"


#define GOV_PLAIN_DEPTH  32

/* where an element may stand, and what may stand in it */
#define GOV_PLAIN_FLOW  0x01            /* blocks, words */
#define GOV_PLAIN_WORDS 0x02
#define GOV_PLAIN_ITEMS 0x04            /* of a list */

typedef struct {
    gov_str_t    name;
    unsigned     where;
    unsigned     holds;             /* 0: it has no end */
} gov_plain_t;

static const gov_plain_t  gov_plain[] = {
    { gov_string("p"), GOV_PLAIN_FLOW, GOV_PLAIN_WORDS },
    { gov_string("h2"), GOV_PLAIN_FLOW, GOV_PLAIN_WORDS },
    { gov_string("h3"), GOV_PLAIN_FLOW, GOV_PLAIN_WORDS },
    { gov_string("h4"), GOV_PLAIN_FLOW, GOV_PLAIN_WORDS },
    { gov_string("h5"), GOV_PLAIN_FLOW, GOV_PLAIN_WORDS },
    { gov_string("h6"), GOV_PLAIN_FLOW, GOV_PLAIN_WORDS },
    { gov_string("blockquote"), GOV_PLAIN_FLOW, GOV_PLAIN_FLOW },
    { gov_string("ul"), GOV_PLAIN_FLOW, GOV_PLAIN_ITEMS },
    { gov_string("ol"), GOV_PLAIN_FLOW, GOV_PLAIN_ITEMS },
    { gov_string("li"), GOV_PLAIN_ITEMS, GOV_PLAIN_FLOW },
    { gov_string("hr"), GOV_PLAIN_FLOW, 0 },
    { gov_string("br"), GOV_PLAIN_FLOW | GOV_PLAIN_WORDS, 0 },
    { gov_string("em"), GOV_PLAIN_FLOW | GOV_PLAIN_WORDS, GOV_PLAIN_WORDS },
    { gov_string("strong"), GOV_PLAIN_FLOW | GOV_PLAIN_WORDS,
      GOV_PLAIN_WORDS },
    { gov_string("code"), GOV_PLAIN_FLOW | GOV_PLAIN_WORDS, GOV_PLAIN_WORDS },
    { gov_string("del"), GOV_PLAIN_FLOW | GOV_PLAIN_WORDS, GOV_PLAIN_WORDS },
    { gov_null_string, 0, 0 }
};

typedef struct {
    u_char             *p;
    u_char             *end;
    unsigned            depth;
    const gov_plain_t  *open[GOV_PLAIN_DEPTH];
} gov_plain_at_t;


static int gov_plain_text(gov_plain_at_t *at);
static size_t gov_plain_char(u_char *p);
static int gov_plain_entity(gov_plain_at_t *at);
static int gov_plain_tag(gov_plain_at_t *at);
static const gov_plain_t *gov_plain_name(gov_plain_at_t *at);
static unsigned gov_plain_place(gov_plain_at_t *at);


int
gov_body_plain(gov_str_t html)
{
    int             plain;
    gov_plain_at_t  at;

    if (html.len > GOV_BODY_HTML_MAX) {
        return 0;
    }

    at.p = html.data;
    at.end = html.data + html.len;
    at.depth = 0;

    for (plain = 1; plain && at.p < at.end; /* void */ ) {
        plain = *at.p == '<' ? gov_plain_tag(&at) : gov_plain_text(&at);
    }

    return plain && at.depth == 0;
}


/* up to the next tag */

static int
gov_plain_text(gov_plain_at_t *at)
{
    size_t   n;
    u_char  *p;

    if (gov_plain_place(at) == GOV_PLAIN_ITEMS) {
        return *at->p++ == '\n';
    }

    for (p = at->p; p < at->end && (n = gov_plain_char(p)) != 0; p += n) {
        /* void */
    }

    at->p = p;

    return p == at->end || *p == '<' || gov_plain_entity(at);
}


/*
 * 0: one that is written as an entity or, being none that a page may have, as
 * another.  Of four bytes none is looked at.
 */

static size_t
gov_plain_char(u_char *p)
{
    switch (*p) {

    case '\t':
    case '\n':
        return 1;

    case 0x7f:
        return 0;

    case 0xc2:                              /* U+0080 - U+009F */
        return p[1] < 0xa0 ? 0 : 2;

    case 0xef:                              /* U+FDD0 -, U+FFFE, U+FFFF */
        return p[1] == 0xb7 || (p[1] == 0xbf && p[2] >= 0xbe) ? 0 : 3;
    }

    if (*p < 0x80) {
        return *p >= 0x20 && gov_entity(*p) == NULL;
    }

    return *p >= 0xf0 ? 0 : *p >= 0xe0 ? 3 : 2;
}


static int
gov_plain_entity(gov_plain_at_t *at)
{
    size_t     n;
    gov_str_t  rest;

    rest.data = at->p;
    rest.len = (size_t) (at->end - at->p);

    if (gov_unescape_html(rest, &n) == 0) {
        return 0;
    }

    at->p += n;

    return 1;
}


/* one that begins an element where it may stand, or ends the last one */

static int
gov_plain_tag(gov_plain_at_t *at)
{
    int                 ends;
    const gov_plain_t  *e;

    at->p++;
    ends = at->p < at->end && *at->p == '/';
    at->p += ends;

    e = gov_plain_name(at);
    if (e == NULL) {
        return 0;
    }

    if (ends) {
        return at->depth != 0 && at->open[--at->depth] == e;
    }

    if (!(e->where & gov_plain_place(at))) {
        return 0;
    }

    if (e->holds == 0) {
        return 1;
    }

    if (at->depth == GOV_PLAIN_DEPTH) {
        return 0;
    }

    at->open[at->depth++] = e;

    return 1;
}


/* up to behind the ">" */

static const gov_plain_t *
gov_plain_name(gov_plain_at_t *at)
{
    gov_str_t           name;
    const gov_plain_t  *e;

    name.data = at->p;

    while (at->p < at->end && *at->p != '>') {
        at->p++;
    }

    name.len = (size_t) (at->p - name.data);

    if (at->p++ == at->end) {
        return NULL;
    }

    for (e = gov_plain; e->name.len; e++) {
        if (gov_str_eq(e->name, name)) {
            return e;
        }
    }

    return NULL;
}


static unsigned
gov_plain_place(gov_plain_at_t *at)
{
    return at->depth ? at->open[at->depth - 1]->holds : GOV_PLAIN_FLOW;
}
