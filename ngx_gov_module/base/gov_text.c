
/*
 * Copyright (C) ngx_gov authors
 *
 * Escaping, UTF-8, hexadecimal.
 */


#include <endian.h>

#include "base/gov_base.h"


static int gov_unhex_digit(u_char c);


/* a text is nearly always without any: one look a byte */

static const char  *gov_entities[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;",
    ['\''] = "&#39;"
};


/* gcc's and clang's vectors: on a machine without any they are words */

typedef u_char  gov_sixteen_t __attribute__((vector_size(16)));

#define gov_sixteen(c)                                                        \
    ((gov_sixteen_t) { c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c })


const char *
gov_entity(u_char c)
{
    return gov_entities[c];
}


size_t
gov_escape_html_len(gov_str_t s)
{
    size_t       i, n;
    const char  *e;

    n = s.len;

    for (i = 0; i < s.len; i++) {
        e = gov_entities[s.data[i]];

        if (e != NULL) {
            n += strlen(e) - 1;
        }
    }

    return n;
}


u_char *
gov_escape_html(u_char *p, gov_str_t s)
{
    size_t       i, n;
    const char  *e;

    for (i = 0; i < s.len; i++) {
        e = gov_entities[s.data[i]];

        if (e == NULL) {
            *p++ = s.data[i];
            continue;
        }

        n = strlen(e);
        memcpy(p, e, n);
        p += n;
    }

    return p;
}


static int
gov_html_any(const u_char *p)
{
    uint64_t       half[2];
    gov_sixteen_t  v, any;

    memcpy(&v, p, sizeof(v));

    any = (gov_sixteen_t) ((v == gov_sixteen('&')) | (v == gov_sixteen('<'))
                           | (v == gov_sixteen('>'))
                           | (v == gov_sixteen('"'))
                           | (v == gov_sixteen('\'')));
    memcpy(half, &any, sizeof(half));

    return (half[0] | half[1]) != 0;
}


/* the bytes at the beginning that are looked at sixteen at a time, and stand
 * for themselves; the last sixteen may have been looked at before */

static size_t
gov_html_plain(gov_str_t s)
{
    size_t  n;

    for (n = 0; s.len - n >= 16; n += 16) {
        if (gov_html_any(s.data + n)) {
            return n;
        }
    }

    return n != 0 && !gov_html_any(s.data + s.len - 16) ? s.len : n;
}


void
gov_buf_html(gov_buf_t *b, gov_str_t s)
{
    u_char  *p, *run, *end;

    end = s.data + s.len;
    run = s.data;

    for (p = run + gov_html_plain(s); p < end; p++) {

        if (gov_entities[*p] != NULL) {
            gov_buf_add(b, run, (size_t) (p - run));
            gov_buf_c(b, gov_entities[*p]);
            run = p + 1;
        }
    }

    gov_buf_add(b, run, (size_t) (end - run));
}


u_char
gov_unescape_html(gov_str_t s, size_t *n)
{
    const char         *c, *e;
    static const char   special[] = "&<>\"'";

    for (c = special; *c != '\0'; c++) {
        e = gov_entity((u_char) *c);

        if (gov_str_starts(s, e)) {
            *n = strlen(e);
            return (u_char) *c;
        }
    }

    return 0;
}


static int
gov_uri_plain(u_char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9')
           || c == '-' || c == '.' || c == '_' || c == '~';
}


void
gov_buf_uri(gov_buf_t *b, gov_str_t s)
{
    u_char              *p, *run, *end, text[3];
    static const u_char  digits[] = "0123456789ABCDEF";

    end = s.data + s.len;
    run = s.data;

    for (p = run; p < end; p++) {

        if (gov_uri_plain(*p)) {
            continue;
        }

        text[0] = '%';
        text[1] = digits[*p >> 4];
        text[2] = digits[*p & 15];

        gov_buf_add(b, run, (size_t) (p - run));
        gov_buf_add(b, text, 3);
        run = p + 1;
    }

    gov_buf_add(b, run, (size_t) (end - run));
}


/*
 * Well-formed sequences (Unicode, table 3-7): no overlong form, no
 * surrogate, nothing above U+10FFFF.
 */

size_t
gov_utf8_next(const u_char *p, const u_char *end)
{
    u_char  low, high;
    size_t  i, n;

    if (p == end) {
        return 0;
    }

    if (*p < 0x80) {
        return 1;
    }

    low = 0x80;
    high = 0xbf;

    if (*p >= 0xc2 && *p <= 0xdf) {
        n = 2;

    } else if (*p >= 0xe0 && *p <= 0xef) {
        n = 3;
        low = *p == 0xe0 ? 0xa0 : low;
        high = *p == 0xed ? 0x9f : high;

    } else if (*p >= 0xf0 && *p <= 0xf4) {
        n = 4;
        low = *p == 0xf0 ? 0x90 : low;
        high = *p == 0xf4 ? 0x8f : high;

    } else {
        return 0;
    }

    if ((size_t) (end - p) < n || p[1] < low || p[1] > high) {
        return 0;
    }

    for (i = 2; i < n; i++) {

        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }

    return n;
}


/*
 * Most of Chinese, which has no further rule for the second byte: bytes of
 * five characters, looked at together, of two, of one, or 0.
 */

#define gov_utf8_han(c)  ((c) >= 0xe1 && (c) <= 0xef && (c) != 0xed)

#define gov_utf8_five(first, next)                                            \
    ((gov_sixteen_t) { first, next, next, first, next, next, first, next,     \
                       next, first, next, next, first, next, next, 0 })

/* three bytes each; the two first ones that have a rule are no later byte */

static inline int
gov_utf8_fives(const u_char *p)
{
    uint64_t       half[2];
    gov_sixteen_t  v, other;

    memcpy(&v, p, sizeof(v));

    other = (gov_sixteen_t) (((v & gov_utf8_five(0xf0, 0xc0))
                              != gov_utf8_five(0xe0, 0x80))
                             | (v == gov_sixteen(0xe0))
                             | (v == gov_sixteen(0xed)));
    memcpy(half, &other, sizeof(half));

    return (half[0] | half[1]) == 0;
}


static inline size_t
gov_utf8_chinese(const u_char *p, const u_char *end)
{
    uint64_t  word;

    if (end - p >= 16 && gov_utf8_fives(p)) {
        return 15;
    }

    if (end - p >= 8) {
        memcpy(&word, p, 8);

        if ((le64toh(word) & 0xc0c0f0c0c0f0ULL) == 0x8080e08080e0ULL
            && gov_utf8_han(p[0]) && gov_utf8_han(p[3]))
        {
            return 6;
        }
    }

    return end - p >= 3 && gov_utf8_han(p[0])
           && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80 ? 3 : 0;
}


int
gov_utf8_valid(gov_str_t s)
{
    size_t         n;
    uint64_t       word;
    const u_char  *p, *end;

    p = s.data;
    end = p + s.len;

    while (p < end) {

        if (end - p >= 8) {
            memcpy(&word, p, 8);

            if ((word & 0x8080808080808080ULL) == 0) {
                p += 8;
                continue;
            }
        }

        n = gov_utf8_chinese(p, end);

        if (n == 0) {
            n = gov_utf8_next(p, end);
        }

        if (n == 0) {
            return 0;
        }

        p += n;
    }

    return 1;
}


size_t
gov_utf8_chars(gov_str_t s)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < s.len; i++) {
        n += (s.data[i] & 0xc0) != 0x80;
    }

    return n;
}


gov_str_t
gov_utf8_head(gov_str_t s, size_t n)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {

        if ((s.data[i] & 0xc0) == 0x80) {
            continue;
        }

        if (n-- == 0) {
            break;
        }
    }

    return (gov_str_t) { i, s.data };
}


int
gov_text_json(gov_str_t s)
{
    return gov_utf8_valid(s)
           && (s.len == 0 || memchr(s.data, '\0', s.len) == NULL);
}


/* eight bytes of ASCII without control characters: none is above 0x7f, falls
 * below zero without 0x20, or becomes 0x80 with one more */

static int
gov_text_eight(const u_char *p)
{
    uint64_t  word;

    memcpy(&word, p, 8);

    return ((word | (word - 0x2020202020202020ULL)
             | (word + 0x0101010101010101ULL))
            & 0x8080808080808080ULL) == 0;
}


int
gov_text_clean(gov_str_t s)
{
    size_t         n;
    const u_char  *p, *end;

    end = s.data + s.len;

    for (p = s.data; p < end; p += n) {

        if (*p < 0x80) {
            if ((*p < 0x20 && *p != '\t' && *p != '\n') || *p == 0x7f) {
                return 0;
            }

            n = end - p >= 8 && gov_text_eight(p) ? 8 : 1;
            continue;
        }

        n = gov_utf8_chinese(p, end);

        if (n != 0) {
            continue;
        }

        n = gov_utf8_next(p, end);

        if (n == 0 || (*p == 0xc2 && p[1] < 0xa0)) {    /* U+0080 to U+009F */
            return 0;
        }
    }

    return 1;
}


int
gov_slug_valid(gov_str_t s)
{
    u_char  c;
    size_t  i;

    if (s.len == 0 || s.len > 32 || s.data[0] == '-') {
        return 0;
    }

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
            return 0;
        }
    }

    return 1;
}


void
gov_hex(u_char *dst, const u_char *src, size_t n)
{
    static const u_char  digits[] = "0123456789abcdef";

    while (n--) {
        *dst++ = digits[*src >> 4];
        *dst++ = digits[*src++ & 15];
    }
}


gov_str_t
gov_hex_str(gov_arena_t *a, const u_char *src, size_t n)
{
    u_char  *p;

    p = gov_alloc(a, n * 2 + 1);

    gov_hex(p, src, n);
    p[n * 2] = '\0';

    return (gov_str_t) { n * 2, p };
}


int
gov_unhex(u_char *dst, gov_str_t s, size_t n)
{
    int     high, low;
    size_t  i;

    if (s.len / 2 != n || s.len % 2) {
        return -1;
    }

    for (i = 0; i < n; i++) {
        high = gov_unhex_digit(s.data[i * 2]);
        low = gov_unhex_digit(s.data[i * 2 + 1]);

        if (high < 0 || low < 0) {
            return -1;
        }

        dst[i] = (u_char) (high << 4 | low);
    }

    return 0;
}


static int
gov_unhex_digit(u_char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }

    return -1;
}
