
/*
 * Copyright (C) ngx_gov authors
 *
 * Records in their stored form:
 *
 *     checksum (4 bytes, big-endian) | version (1) | MessagePack map
 *
 * The checksum is the low half of gov_hash64() over what follows it.  The
 * map's keys are field numbers in ascending order; int is an integer, str a
 * str, bin a bin, tree nil, bool, integer, str, array or map with str keys.
 *
 * Invariants:
 *
 *   1. equal records have equal bytes: fields ascend, numbers have their
 *      shortest form, empty fields are left out;
 *   2. fields that are not in the list come out of the map as they went in,
 *      after the known ones;
 *   3. a tree is at most GOV_REC_DEPTH deep: a deeper one is refused when it
 *      is written.
 *
 * Reading is in gov_record_read.c.
 */


#include <endian.h>

#include <msgpack.h>

#include "store/gov_store_int.h"


#define GOV_REC_VERSION_NOW  1


static int gov_rec_count(gov_record_t *r, void *rec, unsigned *n);
static int gov_rec_empty(gov_field_t *f, void *rec);
static void gov_rec_pack(msgpack_packer *p, gov_field_t *f, void *rec);
static void gov_rec_pack_tree(msgpack_packer *p, gov_value_t *v);
static int gov_rec_deep(gov_value_t *v, unsigned left);
static int gov_rec_write(void *data, const char *bytes, size_t len);


/* the tables of fields, from the lists */

#define GOV_REC_KIND_int   GOV_F_INT
#define GOV_REC_KIND_str   GOV_F_STR
#define GOV_REC_KIND_bin   GOV_F_BIN
#define GOV_REC_KIND_tree  GOV_F_TREE

/*
 * A row needs its structure's name, and a list can hand none down to its
 * rows; so the structure is called gov_rec_t while its rows are written.
 */

#define GOV_REC_ROW(number, kind, name, what)                                 \
    { number, GOV_REC_KIND_##kind, offsetof(gov_rec_t, name), #name, what },

#define GOV_REC_TABLE(rec, LIST)                                              \
    static gov_field_t *                                                      \
    gov_rec_##rec##_rows(unsigned *n)                                         \
    {                                                                         \
        typedef gov_##rec##_rec_t  gov_rec_t;                                 \
        static gov_field_t         rows[] = { GOV_REC_##LIST(GOV_REC_ROW) };  \
                                                                              \
        *n = sizeof(rows) / sizeof(rows[0]);                                  \
                                                                              \
        return rows;                                                          \
    }

#define GOV_REC_DEFINE(rec, LIST)                                             \
    gov_record_t  gov_rec_##rec = {                                           \
        .name = #rec,                                                         \
        .size = sizeof(gov_##rec##_rec_t)                                     \
    };

#define GOV_REC_FILL(rec, LIST)                                               \
    gov_rec_##rec.fields = gov_rec_##rec##_rows(&gov_rec_##rec.n);

GOV_RECORDS(GOV_REC_TABLE)
GOV_RECORDS(GOV_REC_DEFINE)


/* before main(), and when nginx loads the module */

static void __attribute__((constructor))
gov_rec_fill(void)
{
    GOV_RECORDS(GOV_REC_FILL)
}


gov_rc_t
gov_rec_encode(gov_arena_t *a, gov_record_t *r, void *rec, gov_str_t *value)
{
    u_char           head[GOV_REC_HEAD];
    unsigned         n;
    gov_buf_t        b;
    gov_str_t       *rest, summed;
    gov_field_t     *f;
    msgpack_packer   p;

    rest = rec;

    if (!gov_rec_count(r, rec, &n)) {
        return GOV_INVALID;
    }

    n += rest->len ? gov_rec_pairs(*rest) : 0;

    memset(head, 0, GOV_REC_HEAD);
    head[GOV_SUM_LEN] = GOV_REC_VERSION_NOW;

    gov_buf_init(&b, a, 256);
    gov_buf_add(&b, head, GOV_REC_HEAD);

    msgpack_packer_init(&p, &b, gov_rec_write);

    (void) msgpack_pack_map(&p, n);

    for (f = r->fields; f < r->fields + r->n; f++) {
        if (!gov_rec_empty(f, rec)) {
            gov_rec_pack(&p, f, rec);
        }
    }

    gov_buf_str(&b, *rest);

    if (gov_arena_failed(a)) {
        return GOV_FULL;
    }

    summed.len = b.s.len - GOV_SUM_LEN;
    summed.data = b.s.data + GOV_SUM_LEN;

    gov_sum_put(b.s.data, summed);

    *value = b.s;

    return GOV_OK;
}


/* fields that are written; 0: a tree among them is too deep */

static int
gov_rec_count(gov_record_t *r, void *rec, unsigned *n)
{
    gov_field_t  *f;

    *n = 0;

    for (f = r->fields; f < r->fields + r->n; f++) {

        if (gov_rec_empty(f, rec)) {
            continue;
        }

        if (f->kind == GOV_F_TREE
            && gov_rec_deep(*gov_rec_at(f, rec, gov_value_t *),
                            GOV_REC_DEPTH))
        {
            return 0;
        }

        (*n)++;
    }

    return 1;
}


static int
gov_rec_empty(gov_field_t *f, void *rec)
{
    switch (f->kind) {

    case GOV_F_INT:
        return *gov_rec_at(f, rec, int64_t) == 0;

    case GOV_F_TREE:
        return *gov_rec_at(f, rec, gov_value_t *) == NULL;

    default:
        return gov_rec_at(f, rec, gov_str_t)->len == 0;
    }
}


static void
gov_rec_pack(msgpack_packer *p, gov_field_t *f, void *rec)
{
    gov_str_t  *s;

    (void) msgpack_pack_uint8(p, f->number);

    switch (f->kind) {

    case GOV_F_INT:
        (void) msgpack_pack_int64(p, *gov_rec_at(f, rec, int64_t));
        break;

    case GOV_F_STR:
        s = gov_rec_at(f, rec, gov_str_t);
        (void) msgpack_pack_str_with_body(p, s->data, s->len);
        break;

    case GOV_F_BIN:
        s = gov_rec_at(f, rec, gov_str_t);
        (void) msgpack_pack_bin_with_body(p, s->data, s->len);
        break;

    case GOV_F_TREE:
        gov_rec_pack_tree(p, *gov_rec_at(f, rec, gov_value_t *));
    }
}


static void
gov_rec_pack_tree(msgpack_packer *p, gov_value_t *v)
{
    gov_value_t  *item;

    switch (v->kind) {

    case GOV_NIL:
        (void) msgpack_pack_nil(p);
        return;

    case GOV_BOOL:
        (void) (v->u.i ? msgpack_pack_true(p) : msgpack_pack_false(p));
        return;

    case GOV_INT:
        (void) msgpack_pack_int64(p, v->u.i);
        return;

    case GOV_STR:
    case GOV_HTML:
        (void) msgpack_pack_str_with_body(p, v->u.s.data, v->u.s.len);
        return;

    case GOV_LIST:
        (void) msgpack_pack_array(p, v->n);
        break;

    case GOV_MAP:
        (void) msgpack_pack_map(p, v->n);
    }

    gov_each(item, v) {
        if (v->kind == GOV_MAP) {
            (void) msgpack_pack_str_with_body(p, item->key.data,
                                              item->key.len);
        }

        gov_rec_pack_tree(p, item);
    }
}


static int
gov_rec_deep(gov_value_t *v, unsigned left)
{
    gov_value_t  *item;

    if (v == NULL || (v->kind != GOV_LIST && v->kind != GOV_MAP)) {
        return 0;
    }

    if (left == 0) {
        return 1;
    }

    gov_each(item, v) {
        if (gov_rec_deep(item, left - 1)) {
            return 1;
        }
    }

    return 0;
}


/* most of what the library writes are heads, a byte each */

static int
gov_rec_write(void *data, const char *bytes, size_t len)
{
    if (len == 1) {
        gov_buf_byte(data, (u_char) *bytes);

    } else {
        gov_buf_add(data, bytes, len);
    }

    return 0;
}


void
gov_rec_own(gov_arena_t *a, gov_record_t *r, void *rec)
{
    unsigned       i;
    gov_str_t     *s;
    gov_field_t   *f;
    gov_value_t  **v;

    s = rec;
    *s = gov_str_copy(a, *s);

    for (i = 0; i < r->n; i++) {
        f = &r->fields[i];

        if (gov_rec_empty(f, rec)) {
            continue;
        }

        if (f->kind == GOV_F_TREE) {
            v = gov_rec_at(f, rec, gov_value_t *);
            *v = gov_value_copy(a, *v);

        } else if (f->kind != GOV_F_INT) {
            s = gov_rec_at(f, rec, gov_str_t);
            *s = gov_str_copy(a, *s);
        }
    }
}


void
gov_sum_put(u_char *p, gov_str_t bytes)
{
    uint32_t  sum;

    sum = htobe32((uint32_t) gov_hash64(bytes.data, bytes.len));

    memcpy(p, &sum, GOV_SUM_LEN);
}


int
gov_sum_holds(gov_str_t value)
{
    u_char  sum[GOV_SUM_LEN];

    if (value.len < GOV_SUM_LEN) {
        return 0;
    }

    gov_sum_put(sum, (gov_str_t) { value.len - GOV_SUM_LEN,
                                   value.data + GOV_SUM_LEN });

    return memcmp(sum, value.data, GOV_SUM_LEN) == 0;
}
