
/*
 * Copyright (C) ngx_gov authors
 *
 * What a host name is: labels of letters, digits and hyphens, in lower case,
 * international ones as A-labels (IDNA 2008, non-transitional).  The only
 * user of libidn2, which is asked only for names that are not plain.
 */


#include <idn2.h>

#include "site/gov_site_int.h"


static gov_str_t gov_host_bare(gov_str_t host);
static int gov_host_plain(gov_str_t host);
static int gov_host_valid(gov_str_t host);
static gov_rc_t gov_host_idn(gov_arena_t *a, gov_str_t host, gov_str_t *out,
    gov_err_t *err);


gov_rc_t
gov_host_canon(gov_arena_t *a, gov_str_t host, gov_str_t *out,
    gov_err_t *err)
{
    size_t     i;
    gov_rc_t   rc;
    gov_str_t  s;

    s = gov_host_bare(host);

    if (gov_host_plain(s)) {
        s = gov_str_copy(a, s);

        for (i = 0; i < s.len; i++) {
            if (s.data[i] >= 'A' && s.data[i] <= 'Z') {
                s.data[i] |= 0x20;
            }
        }

    } else {
        rc = gov_host_idn(a, s, &s, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (!gov_host_valid(s)) {
        return gov_fail(err, GOV_INVALID, "host", "“%.*s”不是域名",
                        gov_strf(gov_utf8_head(host, 80)));
    }

    *out = s;

    return GOV_OK;
}


uint64_t
gov_host_hash(gov_str_t host)
{
    return gov_hash64(host.data, host.len);
}


/* without port and one trailing dot */

static gov_str_t
gov_host_bare(gov_str_t host)
{
    size_t  n;

    for (n = host.len; n > 0 && host.data[n - 1] >= '0'
                       && host.data[n - 1] <= '9'; n--)
    {
        /* void */
    }

    if (n > 1 && host.data[n - 1] == ':') {
        host.len = n - 1;
    }

    if (host.len > 1 && host.data[host.len - 1] == '.') {
        host.len--;
    }

    return host;
}


/* ASCII without A-labels, which libidn2 must look into */

static int
gov_host_plain(gov_str_t host)
{
    size_t  i;

    for (i = 0; i < host.len; i++) {
        if (host.data[i] > 127) {
            return 0;
        }

        if (host.len - i >= 4 && host.data[i + 2] == '-'
            && host.data[i + 3] == '-'
            && (i == 0 || host.data[i - 1] == '.'))
        {
            return 0;
        }
    }

    return 1;
}


static int
gov_host_valid(gov_str_t host)
{
    u_char  c, last;
    size_t  i, label;

    if (host.len == 0 || host.len > GOV_HOST_MAX) {
        return 0;
    }

    label = 0;
    last = '.';

    for (i = 0; i < host.len; i++) {
        c = host.data[i];

        if (c == '.') {
            if (label == 0 || last == '-') {
                return 0;
            }

            label = 0;

        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                   || (c == '-' && label))
        {
            if (++label > 63) {
                return 0;
            }

        } else {
            return 0;
        }

        last = c;
    }

    return label > 0 && last != '-';
}


static gov_rc_t
gov_host_idn(gov_arena_t *a, gov_str_t host, gov_str_t *out, gov_err_t *err)
{
    int    rc;
    u_char  *name;

    name = NULL;

    if (host.len > 4 * GOV_HOST_MAX || !gov_utf8_valid(host)
        || memchr(host.data, '\0', host.len))
    {
        return gov_fail(err, GOV_INVALID, "host", "不是域名");
    }

    rc = idn2_lookup_u8((u_char *) gov_str_c(a, host), &name,
                        IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL
                        | IDN2_USE_STD3_ASCII_RULES);

    if (rc != IDN2_OK) {
        return gov_fail(err, GOV_INVALID, "host", "“%.*s”不是域名（%s）",
                        gov_strf(gov_utf8_head(host, 80)),
                        idn2_strerror(rc));
    }

    *out = gov_str_copy(a, gov_str_of((char *) name));
    idn2_free(name);

    return GOV_OK;
}
