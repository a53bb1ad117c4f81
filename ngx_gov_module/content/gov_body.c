
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies: Markdown or HTML to safe HTML, what is put before a visitor.
 *
 *     md    --md4c, raw HTML off-->  HTML
 *     html  --gumbo-->  tree  --allow-list (gov_body_html.c)-->  HTML
 *
 * What is seen to be clean as it stands (gov_body_plain.c) needs no parser.
 *
 * Invariants kept here:
 *
 *   1. What comes out is what our serialiser writes from the allow-list,
 *      whatever came in and on whatever path.
 *   2. It is a fixed point: parsed and written again it is the same, so a
 *      browser's parser sees the tree that was judged.  Text that does not
 *      settle in a few rounds is refused.
 *   3. A body is bounded: source, result, depth, memory and time of parsing.
 *   4. What is taken now fits into a page (GOV_BODY_PAGE_MAX); what was taken
 *      when that was not asked is made again as it was.
 */


#define _GNU_SOURCE         /* memmem() */

#include <md4c-html.h>

#include "content/gov_body_int.h"


#define GOV_MD_COLUMNS  256         /* "|" in one line */

#define GOV_MD_FLAGS                                                          \
    (MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH                  \
     | MD_FLAG_NOINDENTEDCODEBLOCKS)


static gov_rc_t gov_body_md(gov_arena_t *a, gov_str_t source, gov_str_t *html,
    gov_err_t *err);
static int gov_body_md_wide(gov_str_t source);
static void gov_body_md_add(const MD_CHAR *text, MD_SIZE len, void *data);


gov_rc_t
gov_body_html(gov_arena_t *a, gov_str_t form, gov_str_t source,
    gov_str_t *html, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_body_html_stored(a, form, source, html, err);

    if (rc == GOV_OK && html->len > GOV_BODY_PAGE_MAX) {
        return gov_fail(err, GOV_INVALID, "body",
                        "正文做成网页后最多 1.25 MB，"
                        "请分成几件文档，或改放附件");
    }

    return rc;
}


gov_rc_t
gov_body_html_stored(gov_arena_t *a, gov_str_t form, gov_str_t source,
    gov_str_t *html, gov_err_t *err)
{
    int        i;
    gov_rc_t   rc;
    gov_str_t  next;

    if (source.len > GOV_BODY_MAX) {
        return gov_fail(err, GOV_INVALID, "body", "正文最多 1 MB");
    }

    if (!gov_utf8_valid(source)) {
        return gov_fail(err, GOV_INVALID, "body", "正文不是合法的 UTF-8");
    }

    if (gov_str_is(form, "md")) {
        rc = gov_body_md(a, source, &next, err);
        if (rc != GOV_OK) {
            return rc;
        }

    } else if (gov_str_is(form, "html")) {
        next = source;

    } else {
        return gov_fail(err, GOV_INVALID, "form", "正文格式只能是 md 或 html");
    }

    if (gov_body_plain(next)) {
        *html = next;
        return GOV_OK;
    }

    for (i = 0; i < GOV_BODY_ROUNDS; i++) {
        rc = gov_body_clean(a, next, html, err);
        if (rc != GOV_OK) {
            return rc;
        }

        if (gov_str_eq(next, *html)) {
            return GOV_OK;
        }

        next = *html;
    }

    return gov_fail(err, GOV_INVALID, "body", "正文的标记互相嵌套，无法整理");
}


static gov_rc_t
gov_body_md(gov_arena_t *a, gov_str_t source, gov_str_t *html, gov_err_t *err)
{
    gov_buf_t  b;

    if (gov_body_md_wide(source)) {
        return gov_fail(err, GOV_INVALID, "body", "表格最多 %d 列",
                        GOV_MD_COLUMNS);
    }

    /*
     * At the end of an open link md4c 0.4.8 looks at the byte behind the text
     * and goes on from what it finds there; a copy has a zero byte.
     */

    source = gov_str_copy(a, source);

    gov_buf_init(&b, a, source.len + source.len / 2 + 256);

    if (md_html((const MD_CHAR *) source.data, (MD_SIZE) source.len,
                gov_body_md_add, &b, GOV_MD_FLAGS,
                MD_HTML_FLAG_SKIP_UTF8_BOM)
        != 0)
    {
        return gov_fail(err, GOV_ERROR, "body", "Markdown 解析失败");
    }

    if (b.s.len > GOV_BODY_HTML_MAX) {
        return gov_fail(err, GOV_INVALID, "body", "正文展开后太大");
    }

    *html = b.s;

    return GOV_OK;
}


/* short rows of a very wide table are filled up: small in, huge out */

static int
gov_body_md_wide(gov_str_t source)
{
    size_t    i;
    unsigned  bars;

    bars = 0;

    for (i = 0; i < source.len; i++) {
        if (source.data[i] == '\n') {
            bars = 0;

        } else if (source.data[i] == '|' && ++bars > GOV_MD_COLUMNS) {
            return 1;
        }
    }

    return 0;
}


static void
gov_body_md_add(const MD_CHAR *text, MD_SIZE len, void *data)
{
    gov_buf_t  *b = data;

    if (b->s.len <= GOV_BODY_HTML_MAX) {
        gov_buf_add(b, text, len);
    }
}


/* in HTML of our own making, where an image is written in one way only */

int
gov_body_bare_images(gov_str_t html)
{
    int         n;
    u_char     *p, *end, *close;
    gov_str_t   tag;

    n = 0;
    p = html.data;
    end = html.data + html.len;

    while (p != NULL && p < end) {
        p = memmem(p, (size_t) (end - p), "<img ", 5);

        if (p == NULL) {
            break;
        }

        close = memchr(p, '>', (size_t) (end - p));
        tag.data = p;
        tag.len = (size_t) ((close != NULL ? close : end) - p);

        if (memmem(tag.data, tag.len, " alt=\"\"", 7) != NULL
            && memmem(tag.data, tag.len, GOV_BODY_DECORATION,
                      sizeof(GOV_BODY_DECORATION) - 1) == NULL)
        {
            n++;
        }

        p = close;
    }

    return n;
}
