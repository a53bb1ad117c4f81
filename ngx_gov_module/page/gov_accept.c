
/*
 * Copyright (C) ngx_gov authors
 *
 * Accept-Encoding: which of our codings a client takes (RFC 9110, 12.5.3).
 */


#include <strings.h>

#include "page/gov_page.h"


static int
gov_accept_end(u_char c)
{
    return c == ',' || c == ' ' || c == ';' || c == '\t' || c == '\0';
}


static u_char *
gov_accept_blank(u_char *p, u_char *last)
{
    while (p < last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    return p;
}


/* what stands behind a coding's name: anything but q=0 is a yes */

static int
gov_accept_weight(u_char *p, u_char *last)
{
    p = gov_accept_blank(p, last);

    if (p == last || *p != ';') {
        return 1;
    }

    p = gov_accept_blank(p + 1, last);

    if (last - p < 3 || (p[0] | 0x20) != 'q' || p[1] != '=' || p[2] != '0') {
        return 1;
    }

    for (p += 3; p < last && (*p == '.' || *p == '0'); p++) {
        /* void */
    }

    return p < last && *p >= '1' && *p <= '9';
}


/* is the coding named, and not refused */

static int
gov_accept_has(gov_str_t accept, gov_str_t name)
{
    u_char  *p, *last;

    last = accept.data + accept.len;

    for (p = accept.data; name.len <= (size_t) (last - p); p++) {

        if (strncasecmp((char *) p, (char *) name.data, name.len) == 0
            && (p == accept.data || gov_accept_end(p[-1]))
            && (p + name.len == last || gov_accept_end(p[name.len])))
        {
            return gov_accept_weight(p + name.len, last);
        }
    }

    return 0;
}


unsigned
gov_accept(gov_str_t accept)
{
    return (gov_accept_has(accept, gov_s("br")) ? GOV_COPY_BR : 0)
           | (gov_accept_has(accept, gov_s("gzip")) ? GOV_COPY_GZIP : 0);
}
