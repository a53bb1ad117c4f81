
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
 *   2. what decodes here was whole: the checksum is looked at first, then
 *      that what the heads promise is there (gov_record_whole.c);
 *   3. fields that are not in the list come out of the map as they went in,
 *      after the known ones;
 *   4. a tree is at most GOV_REC_DEPTH deep, as the library's parser asks:
 *      it is refused when written, not when read.
 *
 * This is on the way of every page: one call of the parser a record, its
 * objects in a zone that each thread keeps, strings where they lie.
 */


#include <endian.h>
#include <stdlib.h>

#include <msgpack.h>

#include "store/gov_store_int.h"


#define GOV_REC_VERSION_NOW  1
#define GOV_REC_HEAD         (GOV_SUM_LEN + 1)
#define GOV_REC_DEPTH        24


static unsigned gov_rec_count(gov_record_t *r, void *rec);
static int gov_rec_empty(gov_field_t *f, void *rec);
static unsigned gov_rec_rest_pairs(gov_str_t rest);
static void gov_rec_pack(msgpack_packer *p, gov_field_t *f, void *rec);
static void gov_rec_pack_tree(msgpack_packer *p, gov_value_t *v);
static int gov_rec_deep(gov_value_t *v, unsigned left);
static int gov_rec_write(void *data, const char *bytes, size_t len);
static gov_rc_t gov_rec_read_map(gov_arena_t *a, gov_record_t *r,
    msgpack_object *map, void *rec);
static int gov_rec_knows(gov_record_t *r, uint64_t number);
static gov_rc_t gov_rec_read(gov_arena_t *a, gov_field_t *f,
    msgpack_object *o, void *rec);
static void gov_rec_keep(gov_arena_t *a, msgpack_object_kv *kv,
    gov_str_t *rest);
static gov_value_t *gov_rec_tree(gov_arena_t *a, msgpack_object *o);
static gov_value_t *gov_rec_tree_map(gov_arena_t *a, msgpack_object_map *m);
static msgpack_zone *gov_rec_zone(void);
static void gov_rec_zone_key(void);
static void gov_rec_zone_free(void *zone);


#define gov_rec_at(f, rec, type)  ((type *) ((u_char *) (rec) + (f)->offset))


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


static pthread_once_t         gov_rec_zone_once = PTHREAD_ONCE_INIT;
static pthread_key_t          gov_rec_zone_slot;
static __thread msgpack_zone  *gov_rec_zone_own;


gov_rc_t
gov_rec_encode(gov_arena_t *a, gov_record_t *r, void *rec, gov_str_t *value)
{
    u_char           head[GOV_REC_HEAD];
    unsigned         i;
    gov_buf_t        b;
    gov_str_t       *rest, summed;
    gov_field_t     *f;
    msgpack_packer   p;

    rest = rec;

    for (i = 0; i < r->n; i++) {
        f = &r->fields[i];

        if (f->kind == GOV_F_TREE
            && gov_rec_deep(*gov_rec_at(f, rec, gov_value_t *),
                            GOV_REC_DEPTH))
        {
            return GOV_INVALID;
        }
    }

    memset(head, 0, GOV_REC_HEAD);
    head[GOV_SUM_LEN] = GOV_REC_VERSION_NOW;

    gov_buf_init(&b, a, 256);
    gov_buf_add(&b, head, GOV_REC_HEAD);

    msgpack_packer_init(&p, &b, gov_rec_write);

    (void) msgpack_pack_map(&p, gov_rec_count(r, rec)
                                + gov_rec_rest_pairs(*rest));

    for (i = 0; i < r->n; i++) {
        if (!gov_rec_empty(&r->fields[i], rec)) {
            gov_rec_pack(&p, &r->fields[i], rec);
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


static unsigned
gov_rec_count(gov_record_t *r, void *rec)
{
    unsigned  i, n;

    n = 0;

    for (i = 0; i < r->n; i++) {
        n += !gov_rec_empty(&r->fields[i], rec);
    }

    return n;
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


static unsigned
gov_rec_rest_pairs(gov_str_t rest)
{
    size_t          off;
    unsigned        n;
    msgpack_zone   *zone;
    msgpack_object  o;

    if (rest.len == 0) {
        return 0;
    }

    zone = gov_rec_zone();

    off = 0;
    n = 0;

    while (off < rest.len
           && msgpack_unpack((char *) rest.data, rest.len, &off, zone, &o)
              >= MSGPACK_UNPACK_EXTRA_BYTES)
    {
        n++;
    }

    msgpack_zone_clear(zone);

    return n / 2;
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


static int
gov_rec_write(void *data, const char *bytes, size_t len)
{
    gov_buf_add(data, bytes, len);

    return 0;
}


gov_rc_t
gov_rec_decode(gov_arena_t *a, gov_record_t *r, gov_str_t value, void *rec)
{
    size_t                 off;
    gov_rc_t               rc;
    msgpack_zone          *zone;
    msgpack_object         o;
    msgpack_unpack_return  got;

    memset(rec, 0, r->size);

    if (value.len <= GOV_REC_HEAD
        || !gov_sum_holds(value)
        || value.data[GOV_SUM_LEN] == 0
        || !gov_rec_whole((gov_str_t) { value.len - GOV_REC_HEAD,
                                        value.data + GOV_REC_HEAD }))
    {
        return GOV_CORRUPT;
    }

    zone = gov_rec_zone();
    off = GOV_REC_HEAD;

    got = msgpack_unpack((char *) value.data, value.len, &off, zone, &o);

    if (got == MSGPACK_UNPACK_SUCCESS && o.type == MSGPACK_OBJECT_MAP) {
        rc = gov_rec_read_map(a, r, &o, rec);

    } else {
        rc = GOV_CORRUPT;
    }

    msgpack_zone_clear(zone);

    if (rc != GOV_OK) {
        memset(rec, 0, r->size);
    }

    return rc;
}


static gov_rc_t
gov_rec_read_map(gov_arena_t *a, gov_record_t *r, msgpack_object *map,
    void *rec)
{
    gov_rc_t            rc;
    unsigned            i;
    uint64_t            number;
    gov_field_t        *f, *end;
    msgpack_object_kv  *kv;

    f = r->fields;
    end = f + r->n;

    for (i = 0; i < map->via.map.size; i++) {
        kv = &map->via.map.ptr[i];

        if (kv->key.type != MSGPACK_OBJECT_POSITIVE_INTEGER) {
            return GOV_CORRUPT;
        }

        number = kv->key.via.u64;

        while (f < end && f->number < number) {
            f++;
        }

        if (f == end || f->number != number) {
            if (gov_rec_knows(r, number)) {
                return GOV_CORRUPT;       /* twice, or out of order */
            }

            gov_rec_keep(a, kv, rec);
            continue;
        }

        rc = gov_rec_read(a, f++, &kv->val, rec);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


static int
gov_rec_knows(gov_record_t *r, uint64_t number)
{
    unsigned  i;

    for (i = 0; i < r->n; i++) {
        if (r->fields[i].number == number) {
            return 1;
        }
    }

    return 0;
}


static gov_rc_t
gov_rec_read(gov_arena_t *a, gov_field_t *f, msgpack_object *o, void *rec)
{
    gov_str_t     *s;
    gov_value_t  **v;

    switch (f->kind) {

    case GOV_F_INT:
        if (o->type != MSGPACK_OBJECT_POSITIVE_INTEGER
            && o->type != MSGPACK_OBJECT_NEGATIVE_INTEGER)
        {
            return GOV_CORRUPT;
        }

        *gov_rec_at(f, rec, int64_t) = o->via.i64;
        return GOV_OK;

    case GOV_F_STR:
    case GOV_F_BIN:
        if (o->type != (f->kind == GOV_F_STR ? MSGPACK_OBJECT_STR
                                             : MSGPACK_OBJECT_BIN))
        {
            return GOV_CORRUPT;
        }

        s = gov_rec_at(f, rec, gov_str_t);
        s->len = o->via.str.size;
        s->data = (u_char *) o->via.str.ptr;
        return GOV_OK;

    case GOV_F_TREE:
        v = gov_rec_at(f, rec, gov_value_t *);
        *v = gov_rec_tree(a, o);
        return *v ? GOV_OK : GOV_CORRUPT;
    }

    return GOV_CORRUPT;
}


static void
gov_rec_keep(gov_arena_t *a, msgpack_object_kv *kv, gov_str_t *rest)
{
    gov_buf_t       b;
    msgpack_packer  p;

    gov_buf_init(&b, a, rest->len + 64);
    gov_buf_str(&b, *rest);

    msgpack_packer_init(&p, &b, gov_rec_write);

    (void) msgpack_pack_object(&p, kv->key);
    (void) msgpack_pack_object(&p, kv->val);

    *rest = b.s;
}


static gov_value_t *
gov_rec_tree(gov_arena_t *a, msgpack_object *o)
{
    uint32_t      i;
    gov_value_t  *list, *item;

    switch (o->type) {

    case MSGPACK_OBJECT_NIL:
        return gov_val_nil(a);

    case MSGPACK_OBJECT_BOOLEAN:
        return gov_val_bool(a, o->via.boolean);

    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return gov_val_int(a, o->via.i64);

    case MSGPACK_OBJECT_STR:
        return gov_val_str(a, (gov_str_t) { o->via.str.size,
                                            (u_char *) o->via.str.ptr });

    case MSGPACK_OBJECT_MAP:
        return gov_rec_tree_map(a, &o->via.map);

    case MSGPACK_OBJECT_ARRAY:
        list = gov_list(a);

        for (i = 0; i < o->via.array.size; i++) {
            item = gov_rec_tree(a, &o->via.array.ptr[i]);

            if (item == NULL) {
                return NULL;
            }

            gov_add(list, item);
        }

        return list;

    default:
        return NULL;
    }
}


static gov_value_t *
gov_rec_tree_map(gov_arena_t *a, msgpack_object_map *m)
{
    uint32_t         i;
    gov_str_t        key;
    gov_value_t     *map, *item;
    msgpack_object  *k;

    map = gov_map(a);

    for (i = 0; i < m->size; i++) {
        k = &m->ptr[i].key;
        item = gov_rec_tree(a, &m->ptr[i].val);

        if (k->type != MSGPACK_OBJECT_STR || item == NULL) {
            return NULL;
        }

        key.len = k->via.str.size;
        key.data = (u_char *) k->via.str.ptr;

        gov_put_key(map, key, item);
    }

    return map;
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


/* one a thread, freed when the thread ends */

static msgpack_zone *
gov_rec_zone(void)
{
    msgpack_zone  *zone = gov_rec_zone_own;

    if (zone != NULL) {
        return zone;
    }

    (void) pthread_once(&gov_rec_zone_once, gov_rec_zone_key);

    zone = msgpack_zone_new(MSGPACK_ZONE_CHUNK_SIZE);

    if (zone == NULL || pthread_setspecific(gov_rec_zone_slot, zone) != 0) {
        gov_out_of_memory();
    }

    gov_rec_zone_own = zone;

    return zone;
}


static void
gov_rec_zone_key(void)
{
    if (pthread_key_create(&gov_rec_zone_slot, gov_rec_zone_free) != 0) {
        gov_out_of_memory();
    }
}


static void
gov_rec_zone_free(void *zone)
{
    gov_rec_zone_own = NULL;
    msgpack_zone_free(zone);
}
