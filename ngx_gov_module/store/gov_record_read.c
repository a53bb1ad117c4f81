
/*
 * Copyright (C) ngx_gov authors
 *
 * Stored records, read: one walk over the bytes, from the map's head to its
 * end, that puts each field where it belongs.  This is the way of everything
 * a page shows, so nothing is built between the bytes and the structure;
 * strings stay where they lie.  (The library's parser makes objects of all
 * of it first: half of what a page cost to read.)
 *
 * Invariants:
 *
 *   1. a head is believed only as far as bytes follow it: an item takes one
 *      byte at least, so a count is never larger than what is left, and the
 *      memory taken is bounded by the value's size;
 *   2. what is refused anywhere is refused as a whole, bytes behind the map
 *      too (gov_rec_tree() looks no further than its field; the checksum
 *      does);
 *   3. recursion goes GOV_REC_DEPTH deep, as deep as records are written.
 */


#include "store/gov_store_int.h"


typedef enum {
    GOV_ITEM_NIL = 0,
    GOV_ITEM_BOOL,
    GOV_ITEM_INT,
    GOV_ITEM_STR,
    GOV_ITEM_BIN,
    GOV_ITEM_LIST,
    GOV_ITEM_MAP,
    GOV_ITEM_OTHER              /* floats and extensions: never written */
} gov_item_kind_t;

typedef struct {
    gov_item_kind_t   kind;
    int64_t           i;        /* the number; items of a list or map */
    gov_str_t         s;        /* of a string, and of what is skipped */
} gov_item_t;

typedef struct {
    u_char           *p;
    u_char           *end;
    gov_arena_t      *arena;
} gov_reader_t;


/*
 * Heads from 0xc0 to 0xdf, from the format's description: bytes of a
 * big-endian number, then what the number is: the value itself, the length
 * of what follows (and bytes beside it), or a count of items.
 */

typedef struct {
    u_char           kind;
    u_char           number;    /* bytes */
    u_char           sign;      /* the number is a signed value */
    u_char           beside;    /* bytes beside the counted ones */
} gov_head_t;

#define GOV_HEAD_BAD  0xff

static const gov_head_t  gov_heads[32] = {
    { GOV_ITEM_NIL, 0, 0, 0 }, { GOV_HEAD_BAD, 0, 0, 0 },
    { GOV_ITEM_BOOL, 0, 0, 0 }, { GOV_ITEM_BOOL, 0, 0, 0 },
    { GOV_ITEM_BIN, 1, 0, 0 }, { GOV_ITEM_BIN, 2, 0, 0 },
    { GOV_ITEM_BIN, 4, 0, 0 },
    { GOV_ITEM_OTHER, 1, 0, 1 }, { GOV_ITEM_OTHER, 2, 0, 1 },   /* ext */
    { GOV_ITEM_OTHER, 4, 0, 1 },
    { GOV_ITEM_OTHER, 0, 0, 4 }, { GOV_ITEM_OTHER, 0, 0, 8 },   /* float */
    { GOV_ITEM_INT, 1, 0, 0 }, { GOV_ITEM_INT, 2, 0, 0 },
    { GOV_ITEM_INT, 4, 0, 0 }, { GOV_ITEM_INT, 8, 0, 0 },
    { GOV_ITEM_INT, 1, 1, 0 }, { GOV_ITEM_INT, 2, 1, 0 },
    { GOV_ITEM_INT, 4, 1, 0 }, { GOV_ITEM_INT, 8, 1, 0 },
    { GOV_ITEM_OTHER, 0, 0, 2 }, { GOV_ITEM_OTHER, 0, 0, 3 },   /* fixext */
    { GOV_ITEM_OTHER, 0, 0, 5 }, { GOV_ITEM_OTHER, 0, 0, 9 },
    { GOV_ITEM_OTHER, 0, 0, 17 },
    { GOV_ITEM_STR, 1, 0, 0 }, { GOV_ITEM_STR, 2, 0, 0 },
    { GOV_ITEM_STR, 4, 0, 0 },
    { GOV_ITEM_LIST, 2, 0, 0 }, { GOV_ITEM_LIST, 4, 0, 0 },
    { GOV_ITEM_MAP, 2, 0, 0 }, { GOV_ITEM_MAP, 4, 0, 0 }
};


static int gov_read_begin(gov_reader_t *r, gov_arena_t *a, gov_str_t value);
static int gov_read_map(gov_reader_t *r, gov_record_t *rec, void *out);
static int gov_read_rest(gov_reader_t *r, gov_record_t *rec, u_char *key,
    int64_t number, gov_str_t *rest);
static int gov_read_field(gov_reader_t *r, gov_field_t *f, void *out);
static gov_value_t *gov_read_tree(gov_reader_t *r, unsigned left);
static int gov_read_items(gov_reader_t *r, gov_value_t *v, int64_t n,
    unsigned left);
static int gov_read_skip(gov_reader_t *r);
static int gov_read_item(gov_reader_t *r, gov_item_t *item);
static int gov_read_long(gov_reader_t *r, gov_item_t *item, u_char head);
static int gov_read_bytes(gov_reader_t *r, gov_item_t *item, uint64_t n);


gov_rc_t
gov_rec_decode(gov_arena_t *a, gov_record_t *r, gov_str_t value, void *rec)
{
    gov_reader_t  reader;

    memset(rec, 0, r->size);

    if (!gov_read_begin(&reader, a, value)) {
        return GOV_CORRUPT;
    }

    if (!gov_read_map(&reader, r, rec) || reader.p != reader.end) {
        memset(rec, 0, r->size);
        return GOV_CORRUPT;
    }

    return GOV_OK;
}


gov_rc_t
gov_rec_tree(gov_arena_t *a, gov_record_t *r, gov_str_t value, size_t offset,
    gov_value_t **tree)
{
    int64_t       n;
    gov_item_t    key;
    gov_field_t  *f;
    gov_reader_t  reader;

    *tree = NULL;

    for (f = r->fields; f->offset != offset; f++) {
        /* void */
    }

    if (!gov_read_begin(&reader, a, value)
        || !gov_read_item(&reader, &key) || key.kind != GOV_ITEM_MAP)
    {
        return GOV_CORRUPT;
    }

    for (n = key.i; n > 0; n--) {

        if (!gov_read_item(&reader, &key) || key.kind != GOV_ITEM_INT) {
            return GOV_CORRUPT;
        }

        if (key.i == f->number) {
            *tree = gov_read_tree(&reader, GOV_REC_DEPTH);
            return *tree != NULL ? GOV_OK : GOV_CORRUPT;
        }

        if (!gov_read_skip(&reader)) {
            return GOV_CORRUPT;
        }
    }

    return GOV_OK;
}


static int
gov_read_begin(gov_reader_t *r, gov_arena_t *a, gov_str_t value)
{
    if (value.len <= GOV_REC_HEAD
        || !gov_sum_holds(value)
        || value.data[GOV_SUM_LEN] == 0)
    {
        return 0;
    }

    r->p = value.data + GOV_REC_HEAD;
    r->end = value.data + value.len;
    r->arena = a;

    return 1;
}


/* fields ascend; one that is known but out of order, or twice, is refused */

static int
gov_read_map(gov_reader_t *r, gov_record_t *rec, void *out)
{
    u_char       *start;
    int64_t       n;
    gov_item_t    key;
    gov_field_t  *f, *end;

    if (!gov_read_item(r, &key) || key.kind != GOV_ITEM_MAP) {
        return 0;
    }

    f = rec->fields;
    end = f + rec->n;

    for (n = key.i; n > 0; n--) {
        start = r->p;

        if (!gov_read_item(r, &key) || key.kind != GOV_ITEM_INT || key.i < 0)
        {
            return 0;
        }

        while (f < end && f->number < key.i) {
            f++;
        }

        if (f < end && f->number == key.i) {
            if (!gov_read_field(r, f++, out)) {
                return 0;
            }

        } else if (!gov_read_rest(r, rec, start, key.i, out)) {
            return 0;
        }
    }

    return 1;
}


/* a field of a newer program: its bytes, behind those kept already */

static int
gov_read_rest(gov_reader_t *r, gov_record_t *rec, u_char *key, int64_t number,
    gov_str_t *rest)
{
    unsigned  i;

    for (i = 0; i < rec->n; i++) {
        if (rec->fields[i].number == number) {
            return 0;
        }
    }

    if (!gov_read_skip(r)) {
        return 0;
    }

    *rest = gov_str_cat(r->arena, *rest,
                        (gov_str_t) { (size_t) (r->p - key), key });
    return 1;
}


static int
gov_read_field(gov_reader_t *r, gov_field_t *f, void *out)
{
    gov_item_t     item;
    gov_value_t  **v;

    if (f->kind == GOV_F_TREE) {
        v = gov_rec_at(f, out, gov_value_t *);
        *v = gov_read_tree(r, GOV_REC_DEPTH);
        return *v != NULL;
    }

    if (!gov_read_item(r, &item)) {
        return 0;
    }

    switch (f->kind) {

    case GOV_F_INT:
        *gov_rec_at(f, out, int64_t) = item.i;
        return item.kind == GOV_ITEM_INT;

    case GOV_F_STR:
        *gov_rec_at(f, out, gov_str_t) = item.s;
        return item.kind == GOV_ITEM_STR;

    default:
        *gov_rec_at(f, out, gov_str_t) = item.s;
        return item.kind == GOV_ITEM_BIN;
    }
}


static gov_value_t *
gov_read_tree(gov_reader_t *r, unsigned left)
{
    gov_item_t    item;
    gov_value_t  *v;

    if (!gov_read_item(r, &item)) {
        return NULL;
    }

    switch (item.kind) {

    case GOV_ITEM_NIL:
        return gov_val_nil(r->arena);

    case GOV_ITEM_BOOL:
        return gov_val_bool(r->arena, (int) item.i);

    case GOV_ITEM_INT:
        return gov_val_int(r->arena, item.i);

    case GOV_ITEM_STR:
        return gov_val_str(r->arena, item.s);

    case GOV_ITEM_LIST:
        v = gov_list(r->arena);
        break;

    case GOV_ITEM_MAP:
        v = gov_map(r->arena);
        break;

    default:
        return NULL;
    }

    return left && gov_read_items(r, v, item.i, left - 1) ? v : NULL;
}


static int
gov_read_items(gov_reader_t *r, gov_value_t *v, int64_t n, unsigned left)
{
    gov_item_t    key;
    gov_value_t  *item;

    for ( /* void */ ; n > 0; n--) {

        if (v->kind == GOV_MAP
            && (!gov_read_item(r, &key) || key.kind != GOV_ITEM_STR))
        {
            return 0;
        }

        item = gov_read_tree(r, left);

        if (item == NULL) {
            return 0;
        }

        if (v->kind == GOV_MAP) {
            item->key = key.s;
        }

        gov_add(v, item);
    }

    return 1;
}


unsigned
gov_rec_pairs(gov_str_t rest)
{
    unsigned      n;
    gov_reader_t  r;

    r.p = rest.data;
    r.end = rest.data + rest.len;
    r.arena = NULL;

    for (n = 0; gov_read_skip(&r); n++) {
        /* void */
    }

    return n / 2;
}


/* one item with all that is in it */

static int
gov_read_skip(gov_reader_t *r)
{
    uint64_t    owed;
    gov_item_t  item;

    for (owed = 1; owed > 0; owed--) {

        if (owed > (uint64_t) (r->end - r->p) || !gov_read_item(r, &item)) {
            return 0;
        }

        if (item.kind == GOV_ITEM_LIST) {
            owed += item.i;

        } else if (item.kind == GOV_ITEM_MAP) {
            owed += 2 * item.i;
        }
    }

    return 1;
}


static int
gov_read_item(gov_reader_t *r, gov_item_t *item)
{
    u_char  head;

    if (r->p == r->end) {
        return 0;
    }

    head = *r->p++;

    if (head < 0x80 || head >= 0xe0) {            /* small integers */
        item->kind = GOV_ITEM_INT;
        item->i = (int8_t) head;
        return 1;
    }

    if (head >= 0xc0) {
        return gov_read_long(r, item, head);
    }

    if (head >= 0xa0) {                           /* short strings */
        item->kind = GOV_ITEM_STR;
        return gov_read_bytes(r, item, head & 0x1f);
    }

    item->kind = head < 0x90 ? GOV_ITEM_MAP : GOV_ITEM_LIST;
    item->i = head & 0x0f;

    return item->i <= r->end - r->p;
}


static int
gov_read_long(gov_reader_t *r, gov_item_t *item, u_char head)
{
    u_char             i;
    uint64_t           n;
    const gov_head_t  *h;

    h = &gov_heads[head - 0xc0];

    if (h->kind == GOV_HEAD_BAD || h->number > r->end - r->p) {
        return 0;
    }

    n = h->sign && *r->p & 0x80 ? (uint64_t) -1 : 0;

    for (i = 0; i < h->number; i++) {
        n = n << 8 | *r->p++;
    }

    item->kind = h->kind;
    item->i = (int64_t) n;

    switch (h->kind) {

    case GOV_ITEM_NIL:
    case GOV_ITEM_INT:
        return 1;

    case GOV_ITEM_BOOL:
        item->i = head & 1;
        return 1;

    case GOV_ITEM_LIST:
    case GOV_ITEM_MAP:
        return n <= (uint64_t) (r->end - r->p);
    }

    return gov_read_bytes(r, item, n + h->beside);
}


static int
gov_read_bytes(gov_reader_t *r, gov_item_t *item, uint64_t n)
{
    if (n > (uint64_t) (r->end - r->p)) {
        return 0;
    }

    item->s.len = n;
    item->s.data = r->p;
    r->p += n;

    return 1;
}
