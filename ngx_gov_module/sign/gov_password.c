
/*
 * Copyright (C) ngx_gov authors
 *
 * Passwords as PHC strings:
 *
 *     $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH        as libargon2 writes it
 *     $pbkdf2-sm3$i=600000$SALT$HASH                  base64url
 *
 * A hash that other parameters made is verified by its own and told as old.
 */


#include <stdio.h>

#include <argon2.h>

#include "sign/gov_sign.h"


#define GOV_SALT_LEN  16
#define GOV_HASH_LEN  32
#define GOV_SM3_HEAD  "$pbkdf2-sm3$i="

#ifdef GOV_TEST
#define GOV_MEMORY    64
#define GOV_PASSES    1
#else
#define GOV_MEMORY    (19 * 1024)
#define GOV_PASSES    2
#endif


static gov_str_t gov_password_head(gov_arena_t *a, gov_password_conf_t *conf);
static gov_rc_t gov_password_argon2(gov_arena_t *a, gov_password_conf_t *conf,
    gov_str_t password, gov_str_t salt, gov_str_t *phc);
static gov_rc_t gov_password_sm3(gov_arena_t *a, uint32_t rounds,
    gov_str_t password, gov_str_t salt, gov_str_t *phc);
static gov_rc_t gov_password_sm3_verify(gov_arena_t *a, gov_str_t phc,
    gov_str_t password);


void
gov_password_defaults(gov_password_conf_t *conf)
{
    conf->kind = GOV_PASSWORD_ARGON2ID;
    conf->memory = GOV_MEMORY;
    conf->passes = GOV_PASSES;
    conf->lanes = 1;
    conf->rounds = GOV_ROUNDS_LEAST;
}


gov_rc_t
gov_password_hash(gov_arena_t *a, gov_password_conf_t *conf,
    gov_str_t password, gov_str_t *phc)
{
    gov_str_t  salt;

    gov_point("password_hash");

    salt.len = GOV_SALT_LEN;
    salt.data = gov_alloc(a, GOV_SALT_LEN);

    if (gov_random(salt.data, GOV_SALT_LEN) != 0) {
        return GOV_ERROR;
    }

    return conf->kind == GOV_PASSWORD_SM3
           ? gov_password_sm3(a, conf->rounds, password, salt, phc)
           : gov_password_argon2(a, conf, password, salt, phc);
}


gov_rc_t
gov_password_verify(gov_arena_t *a, gov_password_conf_t *conf, gov_str_t phc,
    gov_str_t password, int *old)
{
    int        rc;
    gov_str_t  head;

    gov_point("password_verify");

    head = gov_password_head(a, conf);
    *old = !gov_str_starts(phc, gov_str_c(a, head));

    if (gov_str_starts(phc, GOV_SM3_HEAD)) {
        return gov_password_sm3_verify(a, phc, password);
    }

    rc = argon2id_verify(gov_str_c(a, phc), password.data, password.len);

    if (rc == ARGON2_OK) {
        return GOV_OK;
    }

    if (rc == ARGON2_VERIFY_MISMATCH) {
        return GOV_DENIED;
    }

    return rc == ARGON2_MEMORY_ALLOCATION_ERROR ? GOV_ERROR : GOV_CORRUPT;
}


/* what every hash made by these parameters begins with */

static gov_str_t
gov_password_head(gov_arena_t *a, gov_password_conf_t *conf)
{
    if (conf->kind == GOV_PASSWORD_SM3) {
        return gov_str_fmt(a, GOV_SM3_HEAD "%u$", conf->rounds);
    }

    return gov_str_fmt(a, "$argon2id$v=%d$m=%u,t=%u,p=%u$",
                       ARGON2_VERSION_NUMBER, conf->memory, conf->passes,
                       conf->lanes);
}


static gov_rc_t
gov_password_argon2(gov_arena_t *a, gov_password_conf_t *conf,
    gov_str_t password, gov_str_t salt, gov_str_t *phc)
{
    size_t  len;

    len = argon2_encodedlen(conf->passes, conf->memory, conf->lanes,
                            (uint32_t) salt.len, GOV_HASH_LEN, Argon2_id);

    phc->data = gov_alloc(a, len);

    if (argon2id_hash_encoded(conf->passes, conf->memory, conf->lanes,
                              password.data, password.len, salt.data,
                              salt.len, GOV_HASH_LEN, (char *) phc->data, len)
        != ARGON2_OK)
    {
        return GOV_ERROR;
    }

    phc->len = strlen((char *) phc->data);

    return GOV_OK;
}


static gov_rc_t
gov_password_sm3(gov_arena_t *a, uint32_t rounds, gov_str_t password,
    gov_str_t salt, gov_str_t *phc)
{
    u_char     hash[GOV_HASH_LEN];
    gov_buf_t  b;

    if (gov_stretch(password, salt, rounds, hash) != GOV_OK) {
        return GOV_ERROR;
    }

    gov_buf_init(&b, a, 128);
    gov_buf_fmt(&b, GOV_SM3_HEAD "%u$", rounds);
    gov_buf_base64url(&b, salt);
    gov_buf_c(&b, "$");
    gov_buf_base64url(&b, (gov_str_t) { GOV_HASH_LEN, hash });

    *phc = b.s;

    return GOV_OK;
}


/* made again from its own salt and rounds */

static gov_rc_t
gov_password_sm3_verify(gov_arena_t *a, gov_str_t phc, gov_str_t password)
{
    char       text[64];
    gov_rc_t   rc;
    uint32_t   rounds;
    gov_str_t  salt, again;

    if (sscanf(gov_str_c(a, phc), GOV_SM3_HEAD "%u$%63[^$]", &rounds, text)
        != 2
        || gov_unbase64url(a, gov_str_of(text), &salt) != 0)
    {
        return GOV_CORRUPT;
    }

    rc = gov_password_sm3(a, rounds, password, salt, &again);

    if (rc != GOV_OK) {
        return rc;
    }

    return gov_same(again, phc) ? GOV_OK : GOV_DENIED;
}
