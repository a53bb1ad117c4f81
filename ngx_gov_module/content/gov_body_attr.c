
/*
 * Copyright (C) ngx_gov authors
 *
 * Attributes of a body's elements: each is read from the parser's decoded
 * value, judged, and written anew.
 */


#include "content/gov_body_allow.h"
#include "content/gov_body_int.h"


static gov_str_t gov_attr_get(GumboElement *e, const char *name);
static void gov_attr_put(gov_buf_t *b, const char *name, gov_str_t value);
static void gov_attr_number(gov_buf_t *b, GumboElement *e, const char *name,
    int64_t least, int64_t most);
static void gov_attr_word(gov_buf_t *b, GumboElement *e, const char *name,
    const char *words);
static void gov_attr_lang(gov_buf_t *b, GumboElement *e);
static void gov_attr_href(gov_buf_t *b, GumboElement *e);
static int gov_attr_doc(gov_str_t url);
static void gov_attr_url(gov_buf_t *b, const char *name, gov_str_t url);
static void gov_attr_align(gov_buf_t *b, GumboElement *e);
static int gov_attr_aligned(GumboElement *e, const char *where);
static void gov_attr_img(gov_buf_t *b, GumboElement *e);
static gov_str_t gov_attr_trim(gov_str_t s);
static int gov_word_in(gov_str_t s, const char *words);


void
gov_body_attributes(gov_buf_t *b, GumboElement *e, unsigned mask)
{
    if (mask & GOV_AT_IMG) {
        gov_attr_img(b, e);
    }

    if (mask & GOV_AT_HREF) {
        gov_attr_href(b, e);
    }

    if (mask & GOV_AT_ALIGN) {
        gov_attr_align(b, e);
    }

    if (mask & GOV_AT_CELL) {
        gov_attr_number(b, e, "colspan", 2, 200);
        gov_attr_number(b, e, "rowspan", 2, 2000);
    }

    if (mask & GOV_AT_TH) {
        gov_attr_word(b, e, "scope", " row col rowgroup colgroup ");
    }

    if (mask & GOV_AT_SPAN) {
        gov_attr_number(b, e, "span", 2, 200);
    }

    if (mask & GOV_AT_OL) {
        gov_attr_number(b, e, "start", 0, 100000);
        gov_attr_word(b, e, "type", " 1 a A i I ");

        if (gumbo_get_attribute(&e->attributes, "reversed") != NULL) {
            gov_buf_c(b, " reversed");
        }
    }

    if (mask & GOV_AT_VALUE) {
        gov_attr_number(b, e, "value", 0, 100000);
    }

    if (mask & GOV_AT_OPEN
        && gumbo_get_attribute(&e->attributes, "open") != NULL)
    {
        gov_buf_c(b, " open");
    }

    if (mask & GOV_AT_TIME && gov_day_valid(gov_attr_get(e, "datetime"))) {
        gov_attr_put(b, "datetime", gov_attr_get(e, "datetime"));
    }

    if (mask & GOV_AT_TITLE
        && gov_text_clean(gov_attr_get(e, "title"))
        && gov_attr_get(e, "title").len <= 1000)
    {
        gov_attr_put(b, "title", gov_attr_get(e, "title"));
    }

    gov_attr_lang(b, e);
}


/* the value, empty when there is none */

static gov_str_t
gov_attr_get(GumboElement *e, const char *name)
{
    GumboAttribute  *at;

    at = gumbo_get_attribute(&e->attributes, name);

    if (at == NULL || at->attr_namespace != GUMBO_ATTR_NAMESPACE_NONE) {
        return gov_s("");
    }

    return gov_str_of(at->value);
}


static void
gov_attr_put(gov_buf_t *b, const char *name, gov_str_t value)
{
    if (value.len == 0) {
        return;
    }

    gov_buf_add(b, " ", 1);
    gov_buf_c(b, name);
    gov_buf_add(b, "=\"", 2);
    gov_buf_html(b, value);
    gov_buf_add(b, "\"", 1);
}


static void
gov_attr_number(gov_buf_t *b, GumboElement *e, const char *name,
    int64_t least, int64_t most)
{
    int64_t  v;

    if (gov_str_int(gov_attr_get(e, name), &v) == 0 && v >= least
        && v <= most)
    {
        gov_buf_fmt(b, " %s=\"%lld\"", name, (long long) v);
    }
}


static void
gov_attr_word(gov_buf_t *b, GumboElement *e, const char *name,
    const char *words)
{
    gov_str_t  v;

    v = gov_attr_get(e, name);

    if (gov_word_in(v, words)) {
        gov_attr_put(b, name, v);
    }
}


/* words: each between spaces */

static int
gov_word_in(gov_str_t s, const char *words)
{
    const char  *p;

    if (s.len == 0 || memchr(s.data, ' ', s.len) != NULL) {
        return 0;
    }

    for (p = words; (p = strchr(p, ' ')) != NULL; ) {
        p++;

        if (strncmp(p, (const char *) s.data, s.len) == 0
            && p[s.len] == ' ')
        {
            return 1;
        }
    }

    return 0;
}


static void
gov_attr_lang(gov_buf_t *b, GumboElement *e)
{
    size_t     i;
    u_char     ch;
    gov_str_t  v;

    v = gov_attr_get(e, "lang");

    for (i = 0; i < v.len && i < 36; i++) {
        ch = v.data[i] | 0x20;

        if (!(ch >= 'a' && ch <= 'z')
            && !(v.data[i] >= '0' && v.data[i] <= '9') && v.data[i] != '-')
        {
            break;
        }
    }

    if (i == v.len && i <= 35) {
        gov_attr_put(b, "lang", v);
    }

    gov_attr_word(b, e, "dir", " ltr rtl auto ");
}


static void
gov_attr_href(gov_buf_t *b, GumboElement *e)
{
    gov_str_t  url;

    url = gov_attr_trim(gov_attr_get(e, "href"));

    if (gov_url_kind(url) != GOV_URL_BAD || gov_attr_doc(url)) {
        gov_attr_url(b, "href", url);
    }
}


/* GOV_DOC_URL and a number */

static int
gov_attr_doc(gov_str_t url)
{
    int64_t  id;
    size_t   n;

    n = sizeof(GOV_DOC_URL) - 1;

    return gov_str_starts(url, GOV_DOC_URL)
           && gov_str_int((gov_str_t) { url.len - n, url.data + n }, &id) == 0
           && id > 0;
}


/* spaces as a browser would send them */

static void
gov_attr_url(gov_buf_t *b, const char *name, gov_str_t url)
{
    size_t  i;

    gov_buf_fmt(b, " %s=\"", name);

    for (i = 0; i < url.len; i++) {
        if (url.data[i] == ' ') {
            gov_buf_add(b, "%20", 3);

        } else {
            gov_buf_html(b, (gov_str_t) { 1, url.data + i });
        }
    }

    gov_buf_add(b, "\"", 1);
}


static gov_str_t
gov_attr_trim(gov_str_t s)
{
    while (s.len && (s.data[0] == ' ' || s.data[0] == '\n'
                     || s.data[0] == '\t' || s.data[0] == '\r'))
    {
        s.data++;
        s.len--;
    }

    while (s.len && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\n'
                     || s.data[s.len - 1] == '\t'
                     || s.data[s.len - 1] == '\r'))
    {
        s.len--;
    }

    return s;
}


static void
gov_attr_align(gov_buf_t *b, GumboElement *e)
{
    if (gov_attr_aligned(e, "right")) {
        gov_buf_c(b, " class=\"gov-right\"");

    } else if (e->tag == GUMBO_TAG_CENTER || gov_attr_aligned(e, "center")) {
        gov_buf_c(b, " class=\"gov-center\"");
    }
}


/* align="right", style="...text-align: right...", class="gov-right" */

static int
gov_attr_aligned(GumboElement *e, const char *where)
{
    char        *p;
    gov_str_t    v;
    const char  *style;

    if (gov_str_is(gov_attr_get(e, "align"), where)) {
        return 1;
    }

    v = gov_attr_get(e, "class");

    if (v.len > 4 && gov_str_starts(v, "gov-")
        && strcmp((char *) v.data + 4, where) == 0)
    {
        return 1;
    }

    style = (const char *) gov_attr_get(e, "style").data;
    p = strstr(style, "text-align:");

    if (p == NULL) {
        return 0;
    }

    p += 11;
    p += strspn(p, " ");

    return strncmp(p, where, strlen(where)) == 0;
}


gov_str_t
gov_body_image(GumboElement *e)
{
    gov_str_t  url;

    url = gov_attr_trim(gov_attr_get(e, "src"));

    if (gov_url_kind(url) != GOV_URL_PATH || !gov_str_starts(url, "/files/")
        || url.len == sizeof("/files/") - 1
        || memchr(url.data, '?', url.len) != NULL
        || memchr(url.data, '#', url.len) != NULL)
    {
        url.len = 0;
    }

    return url;
}


/* an image always says its alternative text; that an empty one is meant so,
 * for decoration, is said by its role, in Markdown by its title */

static void
gov_attr_img(gov_buf_t *b, GumboElement *e)
{
    gov_str_t  alt;

    gov_attr_url(b, "src", gov_body_image(e));

    alt = gov_attr_get(e, "alt");

    gov_buf_c(b, " alt=\"");

    if (gov_text_clean(alt)) {
        gov_buf_html(b, alt);
    }

    gov_buf_c(b, "\"");

    if (alt.len == 0
        && (gov_word_in(gov_attr_get(e, "role"), " presentation none ")
            || gov_word_in(gov_attr_get(e, "title"), " 装饰 decorative ")))
    {
        gov_buf_c(b, GOV_BODY_DECORATION);
    }

    gov_attr_number(b, e, "width", 1, 10000);
    gov_attr_number(b, e, "height", 1, 10000);
}
