
/*
 * Copyright (C) ngx_gov authors
 *
 * What the store keeps but who reads the store alone must not learn: sealed
 * with a key that stands in a file beside it (AES-256-GCM).  A sealed text is
 * bound to what it is about, "password 17" say: moved to another account it
 * does not open.
 *
 *     base64url(version, mark of the key, nonce, ciphertext, tag)
 *
 * The file holds 64 hexadecimal digits and a newline and is its owner's
 * alone.
 */


#ifndef _GOV_SEAL_H_INCLUDED_
#define _GOV_SEAL_H_INCLUDED_


#define GOV_KEY_LEN  32

typedef struct {
    u_char  bytes[GOV_KEY_LEN];
} gov_seal_t;


/*
 * The key of the file; an absent one is made, durable before this returns,
 * and *made is set.  GOV_DENIED: others may read it.
 */
gov_rc_t gov_seal_open(gov_seal_t *key, const char *path, int *made,
    gov_err_t *err);

gov_rc_t gov_seal(gov_arena_t *a, gov_seal_t *key, gov_str_t about,
    gov_str_t plain, gov_str_t *sealed);
/* GOV_DENIED: sealed with another key; GOV_CORRUPT: altered, or about
 * something else */
gov_rc_t gov_unseal(gov_arena_t *a, gov_seal_t *key, gov_str_t about,
    gov_str_t sealed, gov_str_t *plain);

/* bytes that only who has the key can make of a name, the same each time */
gov_rc_t gov_seal_derive(gov_seal_t *key, gov_str_t about,
    u_char out[GOV_DIGEST_LEN]);

/* a password made into a key by many rounds (PBKDF2 with HMAC-SM3) */
gov_rc_t gov_stretch(gov_str_t password, gov_str_t salt, uint32_t rounds,
    u_char out[GOV_DIGEST_LEN]);

/* equal bytes, in a time that does not say where they differ */
int gov_same(gov_str_t a, gov_str_t b);
/* zeroes that no compiler leaves out */
void gov_forget(void *p, size_t n);


#endif /* _GOV_SEAL_H_INCLUDED_ */
