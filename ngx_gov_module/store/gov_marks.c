
/*
 * Copyright (C) ngx_gov authors
 *
 * Marks: a site's are one value,
 *
 *     checksum (4 bytes) | slot << 56 | number  (8 bytes, big-endian) ...
 *
 * with only the slots that were ever touched, ascending.  A render's proof
 * costs one get; the numbers only grow, so a slot that is not there is 0.
 */


#include <endian.h>
#include <stdlib.h>

#include "store/gov_store_int.h"


#define GOV_MARK_LEN    8
#define GOV_MARK_SLOT   56
#define GOV_MARK_SEQ    (((uint64_t) 1 << GOV_MARK_SLOT) - 1)


static void gov_touch_add(gov_txn_t *t, uint32_t site, unsigned slot);
static int gov_touches_cmp(const void *a, const void *b);
static uint64_t gov_marks_at(gov_str_t value, size_t off);


void
gov_touch(gov_txn_t *t, uint32_t site, unsigned slot)
{
    if (t->write && slot < GOV_SLOTS) {
        gov_touch_add(t, site, slot);
    }
}


void
gov_touch_made(gov_txn_t *t, uint32_t site)
{
    if (t->write && site != GOV_HUB) {
        gov_touch_add(t, site, GOV_SLOT_MADE);
    }
}


static void
gov_touch_add(gov_txn_t *t, uint32_t site, unsigned slot)
{
    size_t        size;
    gov_touch_t  *touch;

    if (t->ntouches == t->touches_size) {
        t->touches_size = t->touches_size ? t->touches_size * 2 : 16;
        size = t->touches_size * sizeof(gov_touch_t);
        t->touches = realloc(t->touches, size);

        if (t->touches == NULL) {
            gov_out_of_memory();
        }
    }

    touch = &t->touches[t->ntouches++];
    touch->site = site;
    touch->slot = slot;
}


void
gov_touches_sort(gov_txn_t *t)
{
    unsigned  i, n;

    if (t->ntouches < 2) {
        return;
    }

    qsort(t->touches, t->ntouches, sizeof(gov_touch_t), gov_touches_cmp);

    for (i = 1, n = 1; i < t->ntouches; i++) {
        if (gov_touches_cmp(&t->touches[i], &t->touches[n - 1]) != 0) {
            t->touches[n++] = t->touches[i];
        }
    }

    t->ntouches = n;
}


static int
gov_touches_cmp(const void *a, const void *b)
{
    const gov_touch_t  *x = a, *y = b;

    if (x->site != y->site) {
        return x->site < y->site ? -1 : 1;
    }

    return (x->slot > y->slot) - (x->slot < y->slot);
}


/* the last of a site's touches is the one that made it */

unsigned
gov_touches_site(gov_txn_t *t, unsigned i, int *made)
{
    unsigned  n;

    for (n = 1; i + n < t->ntouches; n++) {
        if (t->touches[i + n].site != t->touches[i].site) {
            break;
        }
    }

    *made = t->touches[i + n - 1].slot == GOV_SLOT_MADE;

    return n;
}


gov_rc_t
gov_marks_write(gov_txn_t *t, gov_arena_t *a, uint64_t seq, unsigned i,
    unsigned n)
{
    unsigned      slot;
    gov_rc_t      rc;
    uint64_t      slots[GOV_SLOTS], mark;
    gov_key_t     k;
    gov_str_t     value, marks;
    gov_handle_t  h;

    h = gov_handle(t, t->touches[i].site);

    rc = gov_marks_read(h, slots);

    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    for ( /* void */ ; n > 0; n--, i++) {
        slots[t->touches[i].slot] = seq;
    }

    value.data = gov_alloc(a, GOV_SUM_LEN + GOV_SLOTS * GOV_MARK_LEN);
    value.len = GOV_SUM_LEN;

    for (slot = 0; slot < GOV_SLOTS; slot++) {

        if (slots[slot] == 0) {
            continue;
        }

        mark = htobe64(((uint64_t) slot << GOV_MARK_SLOT) | slots[slot]);
        memcpy(value.data + value.len, &mark, GOV_MARK_LEN);
        value.len += GOV_MARK_LEN;
    }

    marks.len = value.len - GOV_SUM_LEN;
    marks.data = value.data + GOV_SUM_LEN;

    gov_sum_put(value.data, marks);

    return gov_raw_put(h, GOV_T_MARKS, gov_key(&k), value);
}


gov_rc_t
gov_marks_read(gov_handle_t h, uint64_t slots[GOV_SLOTS])
{
    size_t     off;
    gov_rc_t   rc;
    uint64_t   mark;
    gov_key_t  k;
    gov_str_t  value;

    memset(slots, 0, GOV_SLOTS * sizeof(uint64_t));

    rc = gov_raw_get(h, GOV_T_MARKS, gov_key(&k), &value);
    if (rc != GOV_OK) {
        return rc;
    }

    if (!gov_marks_hold(value, GOV_MARK_SEQ)) {
        return GOV_CORRUPT;
    }

    for (off = GOV_SUM_LEN; off < value.len; off += GOV_MARK_LEN) {
        mark = gov_marks_at(value, off);
        slots[mark >> GOV_MARK_SLOT] = mark & GOV_MARK_SEQ;
    }

    return GOV_OK;
}


gov_rc_t
gov_marks_newest(gov_txn_t *t, uint32_t site, uint64_t mask,
    uint64_t *newest)
{
    size_t     off;
    gov_rc_t   rc;
    uint64_t   mark;
    gov_key_t  k;
    gov_str_t  value;

    *newest = 0;

    rc = gov_raw_get(gov_handle(t, site), GOV_T_MARKS, gov_key(&k), &value);

    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    if (!gov_sum_holds(value)) {
        return GOV_CORRUPT;
    }

    for (off = GOV_SUM_LEN; off + GOV_MARK_LEN <= value.len;
         off += GOV_MARK_LEN)
    {
        mark = gov_marks_at(value, off);

        if (((mask >> (mark >> GOV_MARK_SLOT & (GOV_SLOTS - 1))) & 1)
            && (mark & GOV_MARK_SEQ) > *newest)
        {
            *newest = mark & GOV_MARK_SEQ;
        }
    }

    return GOV_OK;
}


int
gov_marks_hold(gov_str_t value, uint64_t head)
{
    int       last, slot;
    size_t    off;
    uint64_t  mark;

    if (!gov_sum_holds(value)
        || (value.len - GOV_SUM_LEN) % GOV_MARK_LEN != 0)
    {
        return 0;
    }

    last = -1;

    for (off = GOV_SUM_LEN; off < value.len; off += GOV_MARK_LEN) {
        mark = gov_marks_at(value, off);
        slot = (int) (mark >> GOV_MARK_SLOT);

        if (slot <= last || slot >= GOV_SLOTS
            || (mark & GOV_MARK_SEQ) > head)
        {
            return 0;
        }

        last = slot;
    }

    return 1;
}


static uint64_t
gov_marks_at(gov_str_t value, size_t off)
{
    uint64_t  mark;

    memcpy(&mark, value.data + off, GOV_MARK_LEN);

    return be64toh(mark);
}
