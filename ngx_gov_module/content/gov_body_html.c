
/*
 * Copyright (C) ngx_gov authors
 *
 * The parser's tree written again by the allow-list.  Every tag and every
 * attribute that comes out is written here; text is escaped, comments and
 * what is dropped leave nothing.
 */


#define _GNU_SOURCE         /* memmem() */

#include "content/gov_body_allow.h"
#include "content/gov_body_int.h"


#define GOV_BODY_DROPPED  1

typedef struct {
    const char  *name;              /* NULL: unwrapped or dropped */
    unsigned     attributes;
    unsigned     dropped;
} gov_allow_t;

#define GOV_ALLOW_ROW(tag, name, attributes)                                  \
    [GUMBO_TAG_##tag] = { name, attributes, 0 },
#define GOV_DROP_ROW(tag)  [GUMBO_TAG_##tag] = { NULL, 0, GOV_BODY_DROPPED },

static const gov_allow_t  gov_allow[GUMBO_TAG_LAST + 1] = {
    GOV_BODY_ALLOW(GOV_ALLOW_ROW)
    GOV_BODY_DROP(GOV_DROP_ROW)
};


static int gov_body_node(gov_buf_t *b, GumboNode *node, unsigned depth);
static int gov_body_children(gov_buf_t *b, GumboElement *e, unsigned depth);
static int gov_body_element(gov_buf_t *b, GumboElement *e, unsigned depth);
static void gov_body_text(gov_buf_t *b, const char *text);
static void gov_body_img(gov_buf_t *b, GumboElement *e,
    const gov_allow_t *allow);
static unsigned gov_body_links(gov_str_t html);
static int gov_body_void(GumboTag tag);
static int gov_body_newline_first(GumboElement *e);


gov_rc_t
gov_body_write(gov_buf_t *b, GumboNode *root, gov_err_t *err)
{
    if (!gov_body_children(b, &root->v.element, 0)) {
        return gov_fail(err, GOV_INVALID, "body",
                        "正文的标记嵌套超过 %d 层", GOV_BODY_DEPTH);
    }

    if (b->s.len > GOV_BODY_HTML_MAX) {
        return gov_fail(err, GOV_INVALID, "body", "正文展开后太大");
    }

    if (gov_body_links(b->s) > GOV_BODY_LINKS) {
        return gov_fail(err, GOV_INVALID, "body", "正文最多 %d 个站内链接",
                        GOV_BODY_LINKS);
    }

    return GOV_OK;
}


/* to documents: each is looked up when the body is shown */

static unsigned
gov_body_links(gov_str_t html)
{
    u_char    *p, *last;
    unsigned   n;

    static gov_str_t  mark = gov_string("href=\"" GOV_DOC_URL);

    n = 0;
    p = html.data;
    last = html.data + html.len;

    while ((p = memmem(p, last - p, mark.data, mark.len)) != NULL) {
        p += mark.len;
        n++;
    }

    return n;
}


static int
gov_body_children(gov_buf_t *b, GumboElement *e, unsigned depth)
{
    unsigned  i;

    if (depth > GOV_BODY_DEPTH) {
        return 0;
    }

    for (i = 0; i < e->children.length; i++) {
        if (!gov_body_node(b, e->children.data[i], depth)) {
            return 0;
        }
    }

    return 1;
}


static int
gov_body_node(gov_buf_t *b, GumboNode *node, unsigned depth)
{
    switch (node->type) {

    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
        gov_body_text(b, node->v.text.text);
        return 1;

    case GUMBO_NODE_ELEMENT:
        return gov_body_element(b, &node->v.element, depth);

    default:
        /* comments, templates, sections of foreign content, documents */
        return 1;
    }
}


static int
gov_body_element(gov_buf_t *b, GumboElement *e, unsigned depth)
{
    const gov_allow_t  *allow;

    allow = &gov_allow[e->tag];

    if (e->tag_namespace != GUMBO_NAMESPACE_HTML || allow->dropped) {
        return 1;
    }

    if (allow->name == NULL) {
        return gov_body_children(b, e, depth + 1);
    }

    if (e->tag == GUMBO_TAG_IMG) {
        gov_body_img(b, e, allow);
        return 1;
    }

    gov_buf_add(b, "<", 1);
    gov_buf_c(b, allow->name);
    gov_body_attributes(b, e, allow->attributes);
    gov_buf_add(b, ">", 1);

    if (gov_body_void(e->tag)) {
        return 1;
    }

    if (e->tag == GUMBO_TAG_PRE && gov_body_newline_first(e)) {
        gov_buf_add(b, "\n", 1);
    }

    if (!gov_body_children(b, e, depth + 1)) {
        return 0;
    }

    gov_buf_add(b, "</", 2);
    gov_buf_c(b, allow->name);
    gov_buf_add(b, ">", 1);

    return 1;
}


/* control characters but tab and newline have no place in a page */

static void
gov_body_text(gov_buf_t *b, const char *text)
{
    const char  *from, *p;

    from = text;

    for (p = text; *p; p++) {
        if (((u_char) *p < 0x20 && *p != '\t' && *p != '\n') || *p == 0x7f) {
            gov_buf_html(b, (gov_str_t) { (size_t) (p - from),
                                          (u_char *) from });
            from = p + 1;
        }
    }

    gov_buf_html(b, (gov_str_t) { (size_t) (p - from), (u_char *) from });
}


static void
gov_body_img(gov_buf_t *b, GumboElement *e, const gov_allow_t *allow)
{
    GumboAttribute  *alt;

    if (gov_body_image(e).len != 0) {
        gov_buf_c(b, "<img");
        gov_body_attributes(b, e, allow->attributes);
        gov_buf_add(b, ">", 1);
        return;
    }

    alt = gumbo_get_attribute(&e->attributes, "alt");

    if (alt != NULL) {
        gov_body_text(b, alt->value);
    }
}


static int
gov_body_void(GumboTag tag)
{
    return tag == GUMBO_TAG_BR || tag == GUMBO_TAG_HR || tag == GUMBO_TAG_COL
           || tag == GUMBO_TAG_WBR;
}


/* a parser drops the first newline in a pre: it is written twice */

static int
gov_body_newline_first(GumboElement *e)
{
    GumboNode  *first;

    if (e->children.length == 0) {
        return 0;
    }

    first = e->children.data[0];

    return (first->type == GUMBO_NODE_TEXT
            || first->type == GUMBO_NODE_WHITESPACE)
           && first->v.text.text[0] == '\n';
}
