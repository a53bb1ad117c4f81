
/*
 * Copyright (C) ngx_gov authors
 *
 * Keys: site (4 bytes) | table (1) | parts, and of what is of a document
 * site | DOCS | ~document (8) | table (1) | parts behind the document.
 *
 * Invariants:
 *
 *   1. integers are big-endian, so that keys are ordered as their parts; a
 *      document's number is turned over, so that the newest stands first;
 *   2. parts never exceed GOV_KEY_PARTS bytes.  What would is replaced by
 *      its head and the SHA-256 of the whole, GOV_KEY_PARTS bytes together:
 *      such keys keep a rough order and differ where the parts differ;
 *   3. a key reaches the backend only through gov_key_whole(), which puts
 *      the handle's site in front and refuses a table that may not stand
 *      there: a handle cannot address another site's range;
 *   4. in every shape text stands last, so it needs no terminator.
 */


#include <endian.h>

#include "store/gov_store_int.h"


static gov_key_t *gov_key_add(gov_key_t *k, const void *data, size_t len);
static gov_rc_t gov_key_whole_doc(uint32_t site, gov_table_t t, gov_key_t *k,
    u_char *buf, gov_str_t *key);
static int gov_key_hashed(gov_str_t key);
static gov_value_t *gov_key_hex(gov_arena_t *a, gov_str_t key);
static gov_value_t *gov_key_text(gov_arena_t *a, gov_str_t text);
static int gov_key_unhex(gov_key_t *k, gov_value_t *v);
static gov_rc_t gov_key_part(gov_key_t *k, char kind, gov_value_t *v);


/* under a site, of a document */
#define GOV_TABLE_HUB      0, 0
#define GOV_TABLE_SITE     1, 0
#define GOV_TABLE_DOC      1, 1

/* raw is no record; the others are declared by gov_record.h */
#define GOV_TABLE_INFO(number, name, where, shape, rec, owner, flags, what)   \
    [number] = { #name, GOV_TABLE_##where, shape, &gov_rec_##rec, flags },

#define gov_rec_raw  (*(gov_record_t *) NULL)

gov_table_info_t  gov_table_info[256] = {
    GOV_TABLES(GOV_TABLE_INFO)
};


gov_key_t *
gov_key(gov_key_t *k)
{
    k->len = 0;

    return k;
}


gov_key_t *
gov_key4(gov_key_t *k, uint32_t v)
{
    return gov_key_add4(gov_key(k), v);
}


gov_key_t *
gov_key8(gov_key_t *k, uint64_t v)
{
    return gov_key_add8(gov_key(k), v);
}


gov_key_t *
gov_key_s(gov_key_t *k, gov_str_t s)
{
    return gov_key_add_s(gov_key(k), s);
}


gov_key_t *
gov_key_add4(gov_key_t *k, uint32_t v)
{
    v = htobe32(v);

    return gov_key_add(k, &v, sizeof(uint32_t));
}


gov_key_t *
gov_key_add8(gov_key_t *k, uint64_t v)
{
    v = htobe64(v);

    return gov_key_add(k, &v, sizeof(uint64_t));
}


gov_key_t *
gov_key_add_s(gov_key_t *k, gov_str_t s)
{
    return gov_key_add(k, s.data, s.len);
}


static gov_key_t *
gov_key_add(gov_key_t *k, const void *data, size_t len)
{
    size_t         n;
    gov_digest_t  *d;

    n = GOV_KEY_PARTS - k->len;

    if (len <= n) {
        if (len) {
            memcpy(k->data + k->len, data, len);
        }

        k->len += len;

        return k;
    }

    if (gov_digest_begin(GOV_SHA256, &d) == GOV_OK) {
        gov_digest_add(d, (gov_str_t) { k->len, k->data });
        gov_digest_add(d, (gov_str_t) { len, (u_char *) data });
    }

    memcpy(k->data + k->len, data, n);
    k->len = GOV_KEY_PARTS;

    if (d == NULL
        || gov_digest_end(&d, k->data + GOV_KEY_PARTS - GOV_DIGEST_LEN)
           != GOV_OK)
    {
        /* without a digest there is no key: gov_key_whole() refuses it */
        k->len = GOV_KEY_MAX;
    }

    return k;
}


uint32_t
gov_key_get4(gov_str_t key, size_t offset)
{
    uint32_t  v;

    if (offset + sizeof(uint32_t) > key.len) {
        return 0;
    }

    memcpy(&v, key.data + offset, sizeof(uint32_t));

    return be32toh(v);
}


uint64_t
gov_key_get8(gov_str_t key, size_t offset)
{
    uint64_t  v;

    if (offset + sizeof(uint64_t) > key.len) {
        return 0;
    }

    memcpy(&v, key.data + offset, sizeof(uint64_t));

    return be64toh(v);
}


void
gov_key_head(u_char *buf, uint32_t site, gov_table_t t)
{
    site = htobe32(site);

    memcpy(buf, &site, sizeof(uint32_t));
    buf[4] = (u_char) t;
}


gov_rc_t
gov_key_whole(gov_handle_t h, gov_table_t t, gov_key_t *k, u_char *buf,
    gov_str_t *key)
{
    gov_table_info_t  *info = &gov_table_info[(u_char) t];

    if (k->len > GOV_KEY_PARTS
        || info->name == NULL
        || (!info->site && h.site != GOV_HUB))
    {
        return GOV_ERROR;
    }

    if (info->doc) {
        return gov_key_whole_doc(h.site, t, k, buf, key);
    }

    gov_key_head(buf, h.site, t);
    memcpy(buf + GOV_KEY_HEAD, k->data, k->len);

    key->len = GOV_KEY_HEAD + k->len;
    key->data = buf;

    return GOV_OK;
}


static gov_rc_t
gov_key_whole_doc(uint32_t site, gov_table_t t, gov_key_t *k, u_char *buf,
    gov_str_t *key)
{
    size_t  rest;

    if (k->len < sizeof(uint64_t) || k->len == GOV_KEY_PARTS) {
        return GOV_ERROR;
    }

    rest = k->len - sizeof(uint64_t);

    gov_key_doc(buf, site, gov_key_get8((gov_str_t) { k->len, k->data }, 0),
                (u_char) t);
    memcpy(buf + GOV_KEY_DOC, k->data + sizeof(uint64_t), rest);

    key->len = GOV_KEY_DOC + rest;
    key->data = buf;

    return GOV_OK;
}


void
gov_key_doc(u_char *buf, uint32_t site, uint64_t doc, u_char table)
{
    gov_key_head(buf, site, GOV_T_DOCS);

    doc = htobe64(~doc);
    memcpy(buf + GOV_KEY_HEAD, &doc, sizeof(uint64_t));

    buf[GOV_KEY_DOC - 1] = table;
}


gov_table_t
gov_key_table(gov_str_t key)
{
    if (key.len < GOV_KEY_HEAD) {
        return GOV_T_NONE;
    }

    if (key.data[4] != GOV_T_DOCS) {
        return (gov_table_t) key.data[4];
    }

    return key.len >= GOV_KEY_DOC
           && gov_table_info[key.data[GOV_KEY_DOC - 1]].doc
           ? (gov_table_t) key.data[GOV_KEY_DOC - 1] : GOV_T_NONE;
}


gov_rc_t
gov_key_split(gov_str_t key, gov_table_t *t, gov_key_t *k)
{
    size_t  head;

    *t = gov_key_table(key);
    (void) gov_key(k);

    if (gov_table_info[(u_char) *t].name == NULL) {
        return GOV_CORRUPT;
    }

    head = GOV_KEY_HEAD;

    if (gov_table_info[(u_char) *t].doc) {
        head = GOV_KEY_DOC;
        (void) gov_key_add8(k, gov_key_number(key));
    }

    if (key.len - head > GOV_KEY_PARTS - k->len) {
        return GOV_CORRUPT;
    }

    (void) gov_key_add(k, key.data + head, key.len - head);

    return GOV_OK;
}


uint64_t
gov_key_number(gov_str_t key)
{
    return ~gov_key_get8(key, GOV_KEY_HEAD);
}


/* may be a head with a digest: its parts cannot be told */

static int
gov_key_hashed(gov_str_t key)
{
    return key.len == GOV_KEY_PARTS;
}


int
gov_key_fits(const char *shape, gov_str_t key)
{
    size_t  n;

    if (gov_key_hashed(key)) {
        return 1;
    }

    for (n = 0; *shape == '4' || *shape == '8'; shape++) {
        n += (size_t) (*shape - '0');
    }

    return *shape ? key.len >= n : key.len == n;
}


gov_value_t *
gov_key_value(gov_arena_t *a, const char *shape, gov_str_t key)
{
    size_t        n;
    gov_str_t     tail;
    gov_value_t  *v;

    if (gov_key_hashed(key) || !gov_key_fits(shape, key)) {
        return gov_key_hex(a, key);
    }

    v = gov_list(a);

    for (n = 0; *shape; shape++) {
        tail = (gov_str_t) { key.len - n, key.data + n };

        switch (*shape) {

        case '4':
            gov_add(v, gov_val_int(a, gov_key_get4(key, n)));
            n += 4;
            break;

        case '8':
            gov_add(v, gov_val_int(a, (int64_t) gov_key_get8(key, n)));
            n += 8;
            break;

        case 's':
            gov_add(v, gov_key_text(a, tail));
            break;

        default:
            gov_add(v, gov_key_hex(a, tail));
        }
    }

    return v;
}


static gov_value_t *
gov_key_hex(gov_arena_t *a, gov_str_t key)
{
    gov_value_t  *v;

    v = gov_map(a);
    gov_put_str(a, v, "hex", gov_hex_str(a, key.data, key.len));

    return v;
}


static gov_value_t *
gov_key_text(gov_arena_t *a, gov_str_t text)
{
    return gov_text_json(text) ? gov_val_str(a, text) : gov_key_hex(a, text);
}


gov_rc_t
gov_key_from_value(gov_key_t *k, const char *shape, gov_value_t *v,
    gov_err_t *err)
{
    gov_value_t  *part;

    (void) gov_key(k);

    if (gov_key_unhex(k, v) == 0) {
        return GOV_OK;
    }

    if (v == NULL || v->kind != GOV_LIST) {
        return gov_fail(err, GOV_INVALID, "key", "键不是列表");
    }

    gov_each(part, v) {
        if (*shape == '\0' || gov_key_part(k, *shape, part) != GOV_OK) {
            return gov_fail(err, GOV_INVALID, "key", "键与表的形式不符");
        }

        shape++;
    }

    return *shape == '\0' ? GOV_OK
                          : gov_fail(err, GOV_INVALID, "key",
                                     "键与表的形式不符");
}


static gov_rc_t
gov_key_part(gov_key_t *k, char kind, gov_value_t *v)
{
    switch (kind) {

    case '4':
        if (v->kind != GOV_INT || v->u.i < 0 || v->u.i > UINT32_MAX) {
            return GOV_INVALID;
        }

        (void) gov_key_add4(k, (uint32_t) v->u.i);
        return GOV_OK;

    case '8':
        if (v->kind != GOV_INT) {
            return GOV_INVALID;
        }

        (void) gov_key_add8(k, (uint64_t) v->u.i);
        return GOV_OK;

    default:
        if (v->kind == GOV_STR && kind == 's') {
            (void) gov_key_add_s(k, v->u.s);
            return GOV_OK;
        }

        return gov_key_unhex(k, v) == 0 ? GOV_OK : GOV_INVALID;
    }
}


/* {"hex": "..."}: added to the key; -1 when it is none */

static int
gov_key_unhex(gov_key_t *k, gov_value_t *v)
{
    size_t        n;
    gov_value_t  *hex;

    if (v == NULL || v->kind != GOV_MAP) {
        return -1;
    }

    hex = gov_member(v, "hex");

    if (hex == NULL || hex->kind != GOV_STR) {
        return -1;
    }

    n = hex->u.s.len / 2;

    if (n > GOV_KEY_PARTS - k->len
        || gov_unhex(k->data + k->len, hex->u.s, n) != 0)
    {
        return -1;
    }

    k->len += n;

    return 0;
}
