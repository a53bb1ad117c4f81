
/*
 * Copyright (C) ngx_gov authors
 *
 * The judge of safe HTML: a reader of its own, which knows the few tags,
 * attributes and addresses that may stand in a page and asks that every tag
 * be closed.
 */


#ifndef _T_SAFE_H_INCLUDED_
#define _T_SAFE_H_INCLUDED_


#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/gov_base.h"


#define T_OPEN_MAX  600

#define T_VOID   " br hr img col wbr "
#define T_NAMES                                                               \
    T_VOID "a abbr b bdi bdo blockquote caption cite code colgroup dd del "   \
    "details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 i ins kbd "    \
    "li mark ol p pre q rp rt ruby s samp small strong sub summary sup "      \
    "table tbody td tfoot th thead time tr u ul var "
#define T_ATTRS                                                               \
    " href title class colspan rowspan scope span start type value src alt "  \
    "width height datetime lang dir "

static char  t_why[200];


static inline int
t_word(const char *p, size_t n, const char *words)
{
    char  word[40];

    if (n == 0 || n > 30) {
        return 0;
    }

    snprintf(word, sizeof(word), " %.*s ", (int) n, p);

    return strstr(words, word) != NULL;
}


/* entities but the five are never written */

static inline int
t_entity(const char *p)
{
    return strncmp(p, "&amp;", 5) == 0 || strncmp(p, "&lt;", 4) == 0
           || strncmp(p, "&gt;", 4) == 0 || strncmp(p, "&quot;", 6) == 0
           || strncmp(p, "&#39;", 5) == 0;
}


static inline int
t_url_ok(const char *p, size_t n, int image)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if ((u_char) p[i] <= 0x20 || p[i] == '\\' || p[i] == 0x7f) {
            return 0;
        }
    }

    if (image) {
        return n > 7 && strncmp(p, "/files/", 7) == 0;
    }

    if (p[0] == '/') {
        return n == 1 || p[1] != '/';
    }

    for (i = 0; i < n && !strchr("/?#:", p[i]); i++) {
        /* void */
    }

    return i == n || p[i] != ':'
           || (i == 4 && strncasecmp(p, "http", 4) == 0)
           || (i == 5 && strncasecmp(p, "https", 5) == 0)
           || (i == 6 && strncasecmp(p, "mailto", 6) == 0)
           || (i == 3 && strncasecmp(p, "tel", 3) == 0)
           || (n > 8 && strncmp(p, "gov:doc/", 8) == 0
               && strspn(p + 8, "0123456789") == n - 8);
}


static inline const char *
t_attribute(const char *p)
{
    size_t       n, v;
    const char  *name, *value;

    name = p;

    for (n = 0; islower((u_char) p[n]); n++) {
        /* void */
    }

    p += n;

    if (t_word(name, n, " open reversed ")) {
        return *p == ' ' || *p == '>' ? p : NULL;
    }

    if (!t_word(name, n, T_ATTRS) || p[0] != '=' || p[1] != '"') {
        snprintf(t_why, sizeof(t_why), "attribute %.30s", name);
        return NULL;
    }

    value = p + 2;

    for (v = 0; value[v] && value[v] != '"'; v++) {
        if (strchr("<>'", value[v])
            || (value[v] == '&' && !t_entity(value + v)))
        {
            return NULL;
        }
    }

    if ((t_word(name, n, " href ") && !t_url_ok(value, v, 0))
        || (t_word(name, n, " src ") && !t_url_ok(value, v, 1))
        || (t_word(name, n, " class ")
            && !t_word(value, v, " gov-right gov-center ")))
    {
        snprintf(t_why, sizeof(t_why), "value %.30s", name);
        return NULL;
    }

    return value[v] == '"' ? value + v + 1 : NULL;
}


/* 1 if the text is nothing but what may stand in a page */

static inline int
t_safe(const char *p)
{
    size_t       n;
    unsigned     depth;
    const char  *open[T_OPEN_MAX];
    size_t       length[T_OPEN_MAX];

    depth = 0;
    t_why[0] = '\0';

    while (*p) {

        if (*p == '&' ? !t_entity(p)
                      : ((u_char) *p < 0x20 && *p != '\n' && *p != '\t')
                        || strchr(">\"'\x7f", *p) != NULL)
        {
            snprintf(t_why, sizeof(t_why), "text at %.30s", p);
            return 0;
        }

        if (*p != '<') {
            p++;
            continue;
        }

        p++;

        if (*p == '/') {
            p++;

            if (depth == 0 || strncmp(p, open[depth - 1], length[depth - 1])
                || p[length[depth - 1]] != '>')
            {
                snprintf(t_why, sizeof(t_why), "closing %.30s", p);
                return 0;
            }

            p += length[--depth] + 1;
            continue;
        }

        for (n = 0; islower((u_char) p[n]) || isdigit((u_char) p[n]); n++) {
            /* void */
        }

        if (!t_word(p, n, T_NAMES)) {
            snprintf(t_why, sizeof(t_why), "tag %.30s", p);
            return 0;
        }

        if (!t_word(p, n, T_VOID)) {
            if (depth == T_OPEN_MAX) {
                snprintf(t_why, sizeof(t_why), "too deep");
                return 0;
            }

            open[depth] = p;
            length[depth++] = n;
        }

        p += n;

        while (*p == ' ') {
            p = t_attribute(p + 1);

            if (p == NULL) {
                return 0;
            }
        }

        if (*p++ != '>') {
            snprintf(t_why, sizeof(t_why), "tag's end");
            return 0;
        }
    }

    return depth == 0;
}


#endif /* _T_SAFE_H_INCLUDED_ */
