
/*
 * Copyright (C) ngx_gov authors
 *
 * Addresses that people write.  A scheme is what stands before the first
 * colon unless a slash, question mark or hash comes first; only four are
 * accepted.  Anything a browser would strip or turn round before it looks at
 * the scheme (control characters, backslashes) makes an address bad, and so
 * does "//host", which would leave the host without a scheme to judge.
 */


#include "base/gov_base.h"


static gov_url_kind_t gov_url_scheme(gov_str_t url);
static gov_url_kind_t gov_url_known(gov_str_t scheme);


gov_url_kind_t
gov_url_kind(gov_str_t url)
{
    size_t  i;
    u_char  ch;

    if (url.len == 0 || url.len > 2000 || !gov_utf8_valid(url)) {
        return GOV_URL_BAD;
    }

    for (i = 0; i < url.len; i++) {
        ch = url.data[i];

        if (ch < 0x20 || ch == 0x7f || ch == '\\' || ch == '<' || ch == '>'
            || ch == '"' || ch == '`')
        {
            return GOV_URL_BAD;
        }
    }

    if (url.data[0] == '#') {
        return GOV_URL_FRAGMENT;
    }

    if (url.data[0] == '/') {
        return url.len > 1 && url.data[1] == '/' ? GOV_URL_BAD : GOV_URL_PATH;
    }

    return gov_url_scheme(url);
}


int
gov_url_follows(gov_str_t url)
{
    return gov_url_scheme(url) != GOV_URL_BAD;
}


int
gov_url_below(gov_str_t url, const char *base)
{
    size_t  i;

    for (i = 0; i < url.len; i++) {
        if (url.data[i] <= ' ' || url.data[i] == '\\' || url.data[i] > '~') {
            return 0;
        }
    }

    return gov_str_starts(url, base);
}


static gov_url_kind_t
gov_url_scheme(gov_str_t url)
{
    size_t  i;
    u_char  ch;

    for (i = 0; i < url.len; i++) {
        ch = url.data[i];

        if (ch == '/' || ch == '?' || ch == '#') {
            break;
        }

        if (ch == ':') {
            return gov_url_known((gov_str_t) { i, url.data });
        }
    }

    return GOV_URL_RELATIVE;
}


static gov_url_kind_t
gov_url_known(gov_str_t scheme)
{
    size_t    i, n;
    unsigned  k;

    static const struct {
        const char      *name;
        gov_url_kind_t   kind;
    } known[] = {
        { "http", GOV_URL_HTTP },
        { "https", GOV_URL_HTTP },
        { "mailto", GOV_URL_REACH },
        { "tel", GOV_URL_REACH }
    };

    for (k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
        n = strlen(known[k].name);

        if (n != scheme.len) {
            continue;
        }

        for (i = 0; i < n; i++) {
            if ((scheme.data[i] | 0x20) != known[k].name[i]) {
                break;
            }
        }

        if (i == n) {
            return known[k].kind;
        }
    }

    return GOV_URL_BAD;
}
