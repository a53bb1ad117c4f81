
/*
 * Copyright (C) ngx_gov authors
 *
 * Digests, random bytes, operation ids, the 64-bit hash.
 *
 * An operation id is a UUIDv7: 48 bits of milliseconds, then the fraction of
 * the millisecond in the 12 bits of rand_a, then 62 random bits; so ids of
 * one clock are ordered to the microsecond.
 *
 * A name's UUIDv8 is the first 128 bits of its SHA-256 (RFC 9562, 5.8): feeds
 * show it, so it may never change either.
 *
 * gov_hash64() is part of the store's format: it may never change, and its
 * words are read as little-endian on every machine.
 */


#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include <openssl/evp.h>

#include "base/gov_base.h"


struct gov_digest_s {
    EVP_MD_CTX  *ctx;
    int          failed;
};


static const EVP_MD *gov_digest_md(gov_digest_kind_t kind);
static uint64_t gov_word(const u_char *p);
static uint64_t gov_mix(uint64_t a, uint64_t b);


gov_rc_t
gov_digest(gov_digest_kind_t kind, gov_str_t data,
    u_char out[GOV_DIGEST_LEN])
{
    const EVP_MD  *md;

    md = gov_digest_md(kind);

    if (md == NULL
        || EVP_Digest(data.len ? data.data : (u_char *) "", data.len, out,
                      NULL, md, NULL) != 1)
    {
        return GOV_ERROR;
    }

    return GOV_OK;
}


/*
 * A digest is fetched from its provider once and kept: a fetch at every use
 * costs more than the digest of a short text.
 */

static const EVP_MD *
gov_digest_md(gov_digest_kind_t kind)
{
    EVP_MD                    *md, *none;
    static EVP_MD             *kept[2];
    static const char *const   names[] = { "SHA256", "SM3" };

    if ((unsigned) kind > GOV_SM3) {
        return NULL;
    }

    md = __atomic_load_n(&kept[kind], __ATOMIC_ACQUIRE);

    if (md != NULL) {
        return md;
    }

    md = EVP_MD_fetch(NULL, names[kind], NULL);

    if (md == NULL) {
        return NULL;
    }

    none = NULL;

    if (!__atomic_compare_exchange_n(&kept[kind], &none, md, 0,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    {
        EVP_MD_free(md);
        return none;
    }

    return md;
}


gov_rc_t
gov_digest_begin(gov_digest_kind_t kind, gov_digest_t **d)
{
    gov_digest_t  *digest;
    const EVP_MD  *md;

    *d = NULL;

    md = gov_digest_md(kind);

    if (md == NULL) {
        return GOV_ERROR;
    }

    digest = malloc(sizeof(gov_digest_t));

    if (digest == NULL) {
        return GOV_ERROR;
    }

    digest->failed = 0;
    digest->ctx = EVP_MD_CTX_new();

    if (digest->ctx == NULL || EVP_DigestInit_ex(digest->ctx, md, NULL) != 1) {
        EVP_MD_CTX_free(digest->ctx);
        free(digest);
        return GOV_ERROR;
    }

    *d = digest;

    return GOV_OK;
}


/* a failure is kept for gov_digest_end() */

void
gov_digest_add(gov_digest_t *d, gov_str_t data)
{
    if (data.len && EVP_DigestUpdate(d->ctx, data.data, data.len) != 1) {
        d->failed = 1;
    }
}


gov_rc_t
gov_digest_end(gov_digest_t **d, u_char out[GOV_DIGEST_LEN])
{
    gov_digest_t  *digest;
    gov_rc_t       rc;

    digest = *d;

    if (digest == NULL) {
        return GOV_ERROR;
    }

    *d = NULL;

    rc = GOV_OK;

    if (EVP_DigestFinal_ex(digest->ctx, out, NULL) != 1 || digest->failed) {
        rc = GOV_ERROR;
    }

    EVP_MD_CTX_free(digest->ctx);
    free(digest);

    return rc;
}


int
gov_random(u_char *p, size_t n)
{
    ssize_t  got;

    while (n) {
        got = getrandom(p, n, 0);

        if (got < 0) {

            if (errno == EINTR) {
                continue;
            }

            return -1;
        }

        p += got;
        n -= (size_t) got;
    }

    return 0;
}


gov_rc_t
gov_opid_new(int64_t now_us, u_char id[GOV_OPID_LEN])
{
    int       i;
    uint64_t  ms, part;

    if (now_us < 0 || gov_random(id + 8, 8) != 0) {
        return GOV_ERROR;
    }

    ms = (uint64_t) now_us / 1000;
    part = (uint64_t) now_us % 1000 * 4096 / 1000;

    for (i = 5; i >= 0; i--) {
        id[i] = (u_char) ms;
        ms >>= 8;
    }

    id[6] = (u_char) (0x70 | part >> 8);
    id[7] = (u_char) part;
    id[8] = (u_char) (0x80 | (id[8] & 0x3f));

    return GOV_OK;
}


int
gov_opid_parse(gov_str_t s, u_char id[GOV_OPID_LEN])
{
    u_char  text[32];
    size_t  i, n;

    if (s.len == 32) {
        return gov_unhex(id, s, GOV_OPID_LEN);
    }

    if (s.len != 36) {
        return -1;
    }

    n = 0;

    for (i = 0; i < 36; i++) {

        if (i != 8 && i != 13 && i != 18 && i != 23) {
            text[n++] = s.data[i];

        } else if (s.data[i] != '-') {
            return -1;
        }
    }

    return gov_unhex(id, (gov_str_t) { 32, text }, GOV_OPID_LEN);
}


gov_str_t
gov_opid_str(gov_arena_t *a, const u_char id[GOV_OPID_LEN])
{
    u_char  hex[2 * GOV_OPID_LEN];

    gov_hex(hex, id, GOV_OPID_LEN);

    return gov_str_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
                       hex + 16, hex + 20);
}


gov_str_t
gov_urn(gov_arena_t *a, gov_str_t name)
{
    u_char  d[GOV_DIGEST_LEN];

    if (gov_digest(GOV_SHA256, name, d) != GOV_OK) {
        return (gov_str_t) gov_null_string;
    }

    d[6] = (u_char) (0x80 | (d[6] & 0x0f));     /* version 8 */
    d[8] = (u_char) (0x80 | (d[8] & 0x3f));     /* variant of RFC 9562 */

    return gov_str_cat(a, gov_s("urn:uuid:"), gov_opid_str(a, d));
}


/* a full product of 128 bits, folded; the sum keeps what came before */

uint64_t
gov_hash64(const void *data, size_t n)
{
    u_char         tail[16];
    size_t         rest;
    uint64_t       h;
    const u_char  *p;

    p = data;
    h = 0x9e3779b97f4a7c15ULL ^ (uint64_t) n;

    for (rest = n; rest > 16; rest -= 16) {
        h = (h << 23 | h >> 41)
            + gov_mix(gov_word(p) ^ 0xa0761d6478bd642fULL,
                      gov_word(p + 8) ^ h);
        p += 16;
    }

    memset(tail, 0, sizeof(tail));

    if (rest) {
        memcpy(tail, p, rest);
    }

    h += gov_mix(gov_word(tail) ^ 0xe7037ed1a0b428dbULL,
                 gov_word(tail + 8) ^ h);

    return gov_mix(h ^ 0x8ebc6af09c88c6e3ULL, h ^ 0x589965cc75374cc3ULL);
}


static uint64_t
gov_word(const u_char *p)
{
    uint64_t  w;

    memcpy(&w, p, 8);

    return le64toh(w);
}


static uint64_t
gov_mix(uint64_t a, uint64_t b)
{
    unsigned __int128  r;

    r = (unsigned __int128) a * b;

    return (uint64_t) r ^ (uint64_t) (r >> 64);
}
