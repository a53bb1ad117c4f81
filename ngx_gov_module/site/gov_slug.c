
/*
 * Copyright (C) ngx_gov authors
 *
 * Slugs of sites that come in bulk: a wish that is no slug is made one, a
 * wish that is taken gets the code's last digits, then the whole code.  And
 * the words that no site may have.
 */


#include <ctype.h>

#include "site/gov_site_int.h"


#define GOV_SLUG_MAX  32
#define GOV_TAIL_MAX  30


/* addresses of the platform itself on every host */

static const char  *gov_reserved[] = {
    "_gov", "api", "assets", "atom", "console", "elder", "favicon.ico",
    "feed", "feed.xml", "files", "index", "login", "logout", "map", "print",
    "robots.txt", "s", "search", "sitemap", "sitemap.xml", "static",
    "well-known", ".well-known", NULL
};


static gov_str_t gov_code_tail(gov_str_t code, int whole);
static size_t gov_code_group(size_t n);
static size_t gov_slug_add(gov_str_t *slug, gov_str_t text, size_t max);


gov_str_t
gov_slug_try(gov_arena_t *a, gov_str_t wish, gov_str_t code, unsigned k)
{
    size_t     n;
    gov_str_t  slug, tail;

    if (k == 0 && gov_slug_valid(wish)) {
        return wish;
    }

    tail = gov_code_tail(code, k > 1 || wish.len == 0);

    if (k > 2 || tail.len > GOV_TAIL_MAX) {
        return (gov_str_t) gov_null_string;
    }

    slug.data = gov_alloc(a, GOV_SLUG_MAX);
    slug.len = 0;

    n = gov_slug_add(&slug, wish, GOV_SLUG_MAX - 1 - tail.len);

    if (n) {
        slug.data[slug.len++] = '-';
    }

    gov_slug_add(&slug, tail, GOV_SLUG_MAX);

    return slug;
}


/* what tells a code from its sisters': its last group of digits */

static gov_str_t
gov_code_tail(gov_str_t code, int whole)
{
    size_t     n, group;
    gov_str_t  tail;

    tail = code;

    if (!gov_code_is_division(code)) {
        if (!whole && code.len > 6) {
            tail.data += code.len - 6;
            tail.len = 6;
        }

        return tail;
    }

    for (n = code.len; n > 2; n -= group) {
        group = gov_code_group(n);

        if (memcmp(code.data + n - group, "000", group) != 0) {
            break;
        }
    }

    tail.len = n;

    if (!whole) {
        tail.len = n < 2 ? n : gov_code_group(n);
        tail.data += n - tail.len;
    }

    return tail;
}


/* a division code is groups of 2, 2, 2, 3 and 3 digits */

static size_t
gov_code_group(size_t n)
{
    return n > 6 ? 3 : 2;
}


/* letters and digits of the text, and hyphens that are not first */

static size_t
gov_slug_add(gov_str_t *slug, gov_str_t text, size_t max)
{
    u_char  c;
    size_t  i, n;

    n = 0;

    for (i = 0; i < text.len && slug->len < max; i++) {
        c = tolower(text.data[i]);

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
            || (c == '-' && slug->len))
        {
            slug->data[slug->len++] = c;
            n++;
        }
    }

    return n;
}


int
gov_name_reserved(gov_str_t name)
{
    unsigned  i;

    for (i = 0; gov_reserved[i]; i++) {
        if (gov_str_is(name, gov_reserved[i])) {
            return 1;
        }
    }

    return 0;
}
