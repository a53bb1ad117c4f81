
/*
 * Copyright (C) ngx_gov authors
 *
 * Browsers that an account signed in with.  One keeps a cookie that only who
 * has the platform's key can make, and only for this login:
 *
 *     base64url(number, end, HMAC("device", number, end, login))
 *
 * It opens nothing.  Failures of such a browser are counted by its number
 * alone, so that neither a stranger nor a colleague behind the same address
 * locks its owner out of it.  One that is altered, another login's or has
 * ended is none.
 */


#include "govd/govd_sign.h"


#define GOVD_DEVICE         "gov_known"
#define GOVD_DEVICE_NUMBER  16
#define GOVD_DEVICE_NAMED   (GOVD_DEVICE_NUMBER + 8)
#define GOVD_DEVICE_LEN     (GOVD_DEVICE_NAMED + GOV_DIGEST_LEN)
#define GOVD_DEVICE_TEXT    75          /* base64url of it */
#define GOVD_DEVICE_LIFE    (180 * 86400)   /* s */


static gov_rc_t govd_device_sign(govd_request_t *r, gov_str_t login,
    u_char *raw, u_char mac[GOV_DIGEST_LEN]);


gov_str_t
govd_device(govd_request_t *r, gov_str_t login)
{
    u_char       mac[GOV_DIGEST_LEN];
    gov_str_t    raw;
    const char  *text;

    text = govd_web_cookie_of(r, GOVD_DEVICE);

    if (text == NULL || strlen(text) != GOVD_DEVICE_TEXT
        || gov_unbase64url(r->arena, gov_str_of(text), &raw) != 0
        || govd_device_sign(r, login, raw.data, mac) != GOV_OK
        || !gov_same((gov_str_t) { GOV_DIGEST_LEN, mac },
                     (gov_str_t) { GOV_DIGEST_LEN,
                                   raw.data + GOVD_DEVICE_NAMED })
        || (int64_t) gov_key_get8(raw, GOVD_DEVICE_NUMBER) <= gov_now())
    {
        return (gov_str_t) gov_null_string;
    }

    return gov_hex_str(r->arena, raw.data, GOVD_DEVICE_NUMBER);
}


static gov_rc_t
govd_device_sign(govd_request_t *r, gov_str_t login, u_char *raw,
    u_char mac[GOV_DIGEST_LEN])
{
    gov_str_t  named;

    named = gov_hex_str(r->arena, raw, GOVD_DEVICE_NAMED);

    return gov_seal_derive(r->g->conf->key,
                           gov_str_fmt(r->arena, "device %.*s %.*s",
                                       gov_strf(named), gov_strf(login)),
                           mac);
}


void
govd_device_give(govd_request_t *r, gov_str_t login)
{
    u_char     raw[GOVD_DEVICE_LEN];
    gov_buf_t  b;
    gov_key_t  end;

    gov_key8(&end, (uint64_t) (gov_now()
                               + GOVD_DEVICE_LIFE * (int64_t) 1000000));
    memcpy(raw + GOVD_DEVICE_NUMBER, end.data, 8);

    if (gov_random(raw, GOVD_DEVICE_NUMBER) != 0
        || govd_device_sign(r, login, raw, raw + GOVD_DEVICE_NAMED)
           != GOV_OK)
    {
        return;
    }

    gov_buf_init(&b, r->arena, 128);
    gov_buf_base64url(&b, (gov_str_t) { GOVD_DEVICE_LEN, raw });

    r->device = govd_web_set_cookie(r, GOVD_DEVICE, b.s, GOVD_DEVICE_LIFE);
}
