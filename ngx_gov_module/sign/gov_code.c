
/*
 * Copyright (C) ngx_gov authors
 *
 * The second factor: six digits of TOTP (RFC 6238, SHA-1, 30 s), which every
 * app speaks.  A code is good in its step and the two beside it, once.
 *
 * Recovery codes are 50 random bits in letters that are not taken for one
 * another, or are read as the one they look like; their hash is kept, sealed.
 */


#include <ctype.h>
#include <stdlib.h>

#include <liboath/oath.h>

#include "sign/gov_sign.h"


#define GOV_CODE_DIGITS  6
#define GOV_CODE_WINDOW  1


/* Crockford's: no i, l, o, u */

static const char  gov_recovery_letters[] = "0123456789abcdefghjkmnpqrstvwxyz";


static u_char gov_recovery_letter(u_char c);


gov_rc_t
gov_code_check(gov_arena_t *a, gov_str_t secret, gov_str_t code, int64_t now,
    int64_t used, int64_t *step)
{
    int        rc, pos;
    char       digits[GOV_CODE_DIGITS + 1];
    size_t     i, n;
    uint64_t   counter;

    n = 0;

    for (i = 0; i < code.len; i++) {
        if (code.data[i] == ' ') {
            continue;
        }

        if (n == GOV_CODE_DIGITS || !isdigit(code.data[i])) {
            return GOV_DENIED;
        }

        digits[n++] = (char) code.data[i];
    }

    if (n != GOV_CODE_DIGITS) {
        return GOV_DENIED;
    }

    digits[n] = '\0';

    if (oath_init() != OATH_OK) {
        return GOV_ERROR;
    }

    rc = oath_totp_validate4(gov_str_c(a, secret), secret.len,
                             (time_t) (now / 1000000), GOV_CODE_STEP, 0,
                             GOV_CODE_WINDOW, &pos, &counter, 0, digits);

    if (rc == OATH_INVALID_OTP) {
        return GOV_DENIED;
    }

    if (rc < 0) {
        return GOV_ERROR;
    }

    *step = (int64_t) counter;

    return *step > used ? GOV_OK : GOV_DENIED;
}


gov_rc_t
gov_code_secret(gov_arena_t *a, gov_str_t secret, gov_str_t *text)
{
    char    *out;
    size_t   n;

    if (oath_base32_encode((char *) secret.data, secret.len, &out, &n)
        != OATH_OK)
    {
        return GOV_ERROR;
    }

    *text = gov_str_copy(a, (gov_str_t) { n, (u_char *) out });
    gov_forget(out, n);
    free(out);

    while (text->len && text->data[text->len - 1] == '=') {
        text->len--;
    }

    return GOV_OK;
}


gov_rc_t
gov_code_uri(gov_arena_t *a, gov_str_t secret, gov_str_t issuer,
    gov_str_t login, gov_str_t *uri)
{
    gov_rc_t   rc;
    gov_buf_t  b;
    gov_str_t  text;

    rc = gov_code_secret(a, secret, &text);

    if (rc != GOV_OK) {
        return rc;
    }

    gov_buf_init(&b, a, 256);
    gov_buf_c(&b, "otpauth://totp/");
    gov_buf_uri(&b, issuer);
    gov_buf_c(&b, ":");
    gov_buf_uri(&b, login);
    gov_buf_c(&b, "?secret=");
    gov_buf_str(&b, text);
    gov_buf_c(&b, "&issuer=");
    gov_buf_uri(&b, issuer);
    *uri = b.s;

    return GOV_OK;
}


/* five bits a letter */

gov_str_t
gov_recovery_code(gov_arena_t *a, const u_char bytes[7])
{
    int        i;
    uint64_t   bits;
    gov_str_t  code;

    bits = 0;

    for (i = 0; i < 7; i++) {
        bits = bits << 8 | bytes[i];
    }

    code.len = GOV_RECOVERY_LEN;
    code.data = gov_alloc(a, GOV_RECOVERY_LEN);

    for (i = 0; i < GOV_RECOVERY_LEN; i++) {
        if (i == GOV_RECOVERY_LEN / 2) {
            code.data[i] = '-';
            continue;
        }

        code.data[i] = (u_char) gov_recovery_letters[bits & 31];
        bits >>= 5;
    }

    return code;
}


gov_rc_t
gov_recovery_hash(gov_arena_t *a, gov_str_t code, gov_str_t *hex)
{
    size_t     i;
    u_char     digest[GOV_DIGEST_LEN];
    gov_str_t  plain;

    plain.len = 0;
    plain.data = gov_alloc(a, code.len + 1);

    for (i = 0; i < code.len; i++) {
        if (isalnum(code.data[i])) {
            plain.data[plain.len++] = gov_recovery_letter(code.data[i]);
        }
    }

    if (plain.len != GOV_RECOVERY_LEN - 1) {
        return GOV_DENIED;
    }

    if (gov_digest(GOV_SHA256, plain, digest) != GOV_OK) {
        return GOV_ERROR;
    }

    *hex = gov_hex_str(a, digest, GOV_DIGEST_LEN);

    return GOV_OK;
}


static u_char
gov_recovery_letter(u_char c)
{
    switch (c) {

    case 'i': case 'I': case 'l': case 'L':
        return '1';

    case 'o': case 'O':
        return '0';
    }

    return (u_char) tolower(c);
}
