
/*
 * Copyright (C) ngx_gov authors
 *
 * Digests, operation ids (UUIDv7, RFC 9562) and the clock.  Test builds
 * (GOV_TEST_CLOCK) read the clock from the file named by the environment
 * variable GOV_TEST_CLOCK_FILE: decimal microseconds, read afresh at every
 * call, so it is to be written in place, not renamed over; release builds do
 * not contain it.
 */


#ifndef _GOV_ID_H_INCLUDED_
#define _GOV_ID_H_INCLUDED_


#define GOV_DIGEST_LEN  32          /* SHA-256 and SM3 alike */
#define GOV_OPID_LEN    16

typedef enum {
    GOV_SHA256 = 0,
    GOV_SM3
} gov_digest_kind_t;

typedef struct gov_digest_s  gov_digest_t;

gov_rc_t gov_digest(gov_digest_kind_t kind, gov_str_t data,
    u_char out[GOV_DIGEST_LEN]);

/* in pieces; _end frees and clears */
gov_rc_t gov_digest_begin(gov_digest_kind_t kind, gov_digest_t **d);
void gov_digest_add(gov_digest_t *d, gov_str_t data);
gov_rc_t gov_digest_end(gov_digest_t **d, u_char out[GOV_DIGEST_LEN]);

/* UTC microseconds; injected in test builds */
int64_t gov_now(void);

/* random bytes of the kernel; 0 or -1 */
int gov_random(u_char *p, size_t n);

gov_rc_t gov_opid_new(int64_t now_us, u_char id[GOV_OPID_LEN]);
/* 32 hexadecimal digits or the form with hyphens; 0 or -1 */
int gov_opid_parse(gov_str_t s, u_char id[GOV_OPID_LEN]);
/* 8-4-4-4-12 */
gov_str_t gov_opid_str(gov_arena_t *a, const u_char id[GOV_OPID_LEN]);

/* a UUID that is always the same for a name (UUIDv8: of its SHA-256), as
 * urn:uuid:...; empty when there is no digest */
gov_str_t gov_urn(gov_arena_t *a, gov_str_t name);

/* 64 bits, not cryptographic: table places and value checksums */
uint64_t gov_hash64(const void *data, size_t n);


#endif /* _GOV_ID_H_INCLUDED_ */
