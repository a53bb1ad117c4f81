
/*
 * Copyright (C) ngx_gov authors
 *
 * Finding sites by what somebody types: a part of the name, the beginning of
 * the code or of the name in addresses.
 *
 * A site has a row for every tail of its name of two characters or more, one
 * for its slug, and one for a code with letters: figures are found among the
 * codes themselves.  Whatever holds a text has a tail that begins with it, so
 * that a search is a scan from one key on: its cost is that of what it gives,
 * not of how many sites there are.
 *
 *     key: the first GOV_FIND_CHARS characters, lower case | 0 | site number
 *
 * A row says nothing more: there are a quarter of a million for a country.
 */


#include "site/gov_site_int.h"


#define GOV_FIND_CHARS  16


static gov_rc_t gov_find_rows(gov_txn_t *t, gov_arena_t *a, uint32_t id,
    gov_site_rec_t *rec, int put);
static gov_rc_t gov_find_row(gov_txn_t *t, gov_arena_t *a, uint32_t id,
    gov_str_t text, int put);
static int gov_find_is_number(gov_str_t s);
static gov_rc_t gov_find_scan(gov_txn_t *t, gov_arena_t *a, gov_table_t table,
    gov_str_t text, gov_find_pt found, void *data);
static gov_str_t gov_find_text(gov_arena_t *a, gov_str_t s, size_t chars);


/* the site is called so from now on; was NULL: it is new */

gov_rc_t
gov_find_put(gov_txn_t *t, gov_arena_t *a, gov_site_t *site,
    gov_site_rec_t *was)
{
    gov_rc_t  rc;

    if (was != NULL && gov_str_eq(was->name, site->rec.name)
        && gov_str_eq(was->slug, site->rec.slug))
    {
        return GOV_OK;
    }

    rc = was != NULL ? gov_find_rows(t, a, site->id, was, 0) : GOV_OK;

    return rc == GOV_OK ? gov_find_rows(t, a, site->id, &site->rec, 1) : rc;
}


static gov_rc_t
gov_find_rows(gov_txn_t *t, gov_arena_t *a, uint32_t id, gov_site_rec_t *rec,
    int put)
{
    size_t     n;
    gov_rc_t   rc;
    gov_str_t  tail;

    rc = gov_find_is_number(rec->code) ? GOV_OK
                                       : gov_find_row(t, a, id, rec->code,
                                                      put);

    if (rc == GOV_OK) {
        rc = gov_find_row(t, a, id, rec->slug, put);
    }

    for (tail = rec->name; rc == GOV_OK && tail.len; tail.len -= n) {
        n = gov_utf8_next(tail.data, tail.data + tail.len);
        n = n ? n : tail.len;

        if (n < tail.len || tail.len == rec->name.len) {
            rc = gov_find_row(t, a, id, tail, put);
        }

        tail.data += n;
    }

    return rc;
}


static int
gov_find_is_number(gov_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len && s.data[i] >= '0' && s.data[i] <= '9'; i++) {
        /* void */
    }

    return i == s.len;
}


/* two tails may be one row; of a site that was there before the table none */

static gov_rc_t
gov_find_row(gov_txn_t *t, gov_arena_t *a, uint32_t id, gov_str_t text,
    int put)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    if (text.len == 0) {
        return GOV_OK;
    }

    gov_key_s(&k, gov_find_text(a, text, GOV_FIND_CHARS));
    gov_key_add4(gov_key_add_s(&k, (gov_str_t) { 1, (u_char *) "" }), id);

    if (!put) {
        rc = gov_drop(gov_handle(t, GOV_HUB), GOV_T_FINDS, &k);
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    memset(&ref, 0, sizeof(gov_ref_rec_t));

    return gov_save(gov_handle(t, GOV_HUB), GOV_T_FINDS, &k, a, &ref);
}


static gov_str_t
gov_find_text(gov_arena_t *a, gov_str_t s, size_t chars)
{
    size_t  i;

    s = gov_str_copy(a, gov_utf8_head(s, chars));

    for (i = 0; i < s.len; i++) {
        if (s.data[i] >= 'A' && s.data[i] <= 'Z') {
            s.data[i] |= 0x20;
        }
    }

    return s;
}


gov_rc_t
gov_site_find(gov_txn_t *t, gov_arena_t *a, gov_str_t text,
    gov_find_pt found, void *data)
{
    gov_rc_t  rc;

    if (text.len == 0 || !gov_utf8_valid(text)) {
        return GOV_OK;
    }

    rc = gov_find_scan(t, a, GOV_T_FINDS, text, found, data);

    if (rc == GOV_OK && gov_find_is_number(text)) {
        rc = gov_find_scan(t, a, GOV_T_CODES, text, found, data);
    }

    return rc == GOV_DONE ? GOV_OK : rc;
}


/* GOV_DONE: found() has enough */

static gov_rc_t
gov_find_scan(gov_txn_t *t, gov_arena_t *a, gov_table_t table,
    gov_str_t text, gov_find_pt found, void *data)
{
    uint32_t       id;
    gov_rc_t       rc;
    gov_key_t      k;
    gov_scan_t     sc;
    gov_site_t     site;
    gov_ref_rec_t  ref;

    gov_key_s(&k, gov_find_text(a, text, GOV_FIND_CHARS));

    rc = gov_scan_open(&sc, gov_handle(t, GOV_HUB), table, &k, GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    for ( ;; ) {
        rc = gov_scan_next(&sc, a, &ref);

        if (rc != GOV_OK) {
            rc = rc == GOV_DONE ? GOV_OK : rc;
            break;
        }

        id = table == GOV_T_CODES ? (uint32_t) ref.to
                                  : gov_key_get4(sc.key, sc.key.len - 4);

        rc = gov_site_get(t, a, id, &site);

        if (rc == GOV_OK && gov_site_is_called(a, &site.rec, text)) {
            rc = found(data, &site);
        }

        if (rc != GOV_OK) {
            break;
        }
    }

    gov_scan_close(&sc);

    return rc;
}


int
gov_site_is_called(gov_arena_t *a, gov_site_rec_t *rec, gov_str_t text)
{
    gov_str_t  want;

    want = gov_find_text(a, text, SIZE_MAX);

    /* copies end with a zero byte */

    return strstr((char *) gov_find_text(a, rec->name, SIZE_MAX).data,
                  (char *) want.data)
           != NULL
           || gov_str_starts(gov_find_text(a, rec->code, SIZE_MAX),
                             (char *) want.data)
           || gov_str_starts(rec->slug, (char *) want.data);
}
