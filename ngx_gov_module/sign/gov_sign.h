
/*
 * Copyright (C) ngx_gov authors
 *
 * sign: what proves that somebody is who they say.  It knows no store and no
 * account; what it makes is sealed and kept by its caller.
 *
 *     gov_password.c   passwords hashed and verified (Argon2id; PBKDF2 with
 *                      HMAC-SM3 where national algorithms are asked for)
 *     gov_strength.c   passwords that are too easy to guess
 *     gov_code.c       the second factor (TOTP, RFC 6238), recovery codes
 *     gov_qr.c         a picture of the second factor's address
 *
 * A hash takes tens of milliseconds and megabytes by design: never in a
 * thread that others wait for.
 */


#ifndef _GOV_SIGN_H_INCLUDED_
#define _GOV_SIGN_H_INCLUDED_


#include "base/gov_base.h"


typedef enum {
    GOV_PASSWORD_ARGON2ID = 0,
    GOV_PASSWORD_SM3
} gov_password_kind_t;

typedef struct {
    gov_password_kind_t  kind;
    uint32_t             memory;        /* KiB */
    uint32_t             passes;
    uint32_t             lanes;
    uint32_t             rounds;        /* of PBKDF2 */
} gov_password_conf_t;

#define GOV_PASSWORD_LEAST   12         /* characters */
#define GOV_PASSWORD_MOST    128
#define GOV_ROUNDS_LEAST     600000

/* 19 MiB, 2 passes, 1 lane; 600000 rounds */
void gov_password_defaults(gov_password_conf_t *conf);

/* as a PHC string */
gov_rc_t gov_password_hash(gov_arena_t *a, gov_password_conf_t *conf,
    gov_str_t password, gov_str_t *phc);
/* GOV_DENIED: another password.  *old: the hash was not made by conf */
gov_rc_t gov_password_verify(gov_arena_t *a, gov_password_conf_t *conf,
    gov_str_t phc, gov_str_t password, int *old);
/* GOV_INVALID with why it must not be chosen; about: names of its owner */
gov_rc_t gov_password_check(gov_arena_t *a, gov_str_t password,
    gov_str_t *about, unsigned n, gov_err_t *err);


#define GOV_CODE_SECRET    20           /* bytes */
#define GOV_CODE_STEP      30           /* s */
#define GOV_RECOVERY       10           /* codes */
#define GOV_RECOVERY_LEN   11           /* "abcde-fghij" */

/* *step: the one the code is of, now or a neighbour.  GOV_DENIED: of none, or
 * of none after `used` */
gov_rc_t gov_code_check(gov_arena_t *a, gov_str_t secret, gov_str_t code,
    int64_t now, int64_t used, int64_t *step);
/* the secret as a person types it, and the address that apps read */
gov_rc_t gov_code_secret(gov_arena_t *a, gov_str_t secret, gov_str_t *text);
gov_rc_t gov_code_uri(gov_arena_t *a, gov_str_t secret, gov_str_t issuer,
    gov_str_t login, gov_str_t *uri);

/* codes made of 7 bytes each; what is kept of one, however it was typed */
gov_str_t gov_recovery_code(gov_arena_t *a, const u_char bytes[7]);
gov_rc_t gov_recovery_hash(gov_arena_t *a, gov_str_t code, gov_str_t *hex);

/* an SVG element */
gov_rc_t gov_qr_svg(gov_arena_t *a, gov_str_t text, gov_str_t *svg);


#endif /* _GOV_SIGN_H_INCLUDED_ */
