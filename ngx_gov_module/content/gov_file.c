
/*
 * Copyright (C) ngx_gov authors
 *
 * Attachments.  The bytes are a file by digest, outside the store; the
 * record says under which site it may be asked for, and which documents ever
 * carried it.  Whether it is public is asked of those documents each time:
 * one of them must be public now and its live version must name the file, in
 * its list or in its body's addresses.  So a file follows its document in
 * the same commit and at the same moment, and a file of a draft is not seen.
 *
 * A file that no document ever carried (a logo) is public.  One that is held,
 * refused or in the recycle bin never is.  A file that took another's place
 * is public where the other was named; a variant where its original is.
 */


#define _GNU_SOURCE     /* memmem */

#include <strings.h>

#include "content/gov_content_int.h"


#define GOV_HEX_LEN  (2 * GOV_DIGEST_LEN)
#define GOV_FILES    "/files/"


static gov_rc_t gov_file_shown(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hex, gov_file_rec_t *f, int64_t now, int *is_public);
static gov_rc_t gov_file_carried(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t id, gov_str_t hex, gov_file_rec_t *f, int64_t now,
    int *carried);
static int gov_file_among(gov_value_t *files, gov_str_t html, gov_str_t hex,
    gov_file_rec_t *f);
static int gov_file_in(gov_value_t *files, gov_str_t html, gov_str_t hex);
static int gov_file_same(gov_str_t one, gov_str_t two);
static gov_rc_t gov_file_at(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    uint32_t n, gov_str_t hex, gov_file_rec_t *f, int *named);
static gov_rc_t gov_file_is_logo(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hex, int *logo);


static const char  *gov_file_states[GOV_FILE_STATES] = {
    [GOV_FILE_OK] = "ok",
    [GOV_FILE_HELD] = "held",
    [GOV_FILE_REFUSED] = "refused",
};


gov_rc_t
gov_file_get(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hexdigest, int64_t now, gov_file_rec_t *f, int *is_public)
{
    gov_rc_t         rc;
    gov_str_t        hex;
    gov_file_rec_t   whole;

    *is_public = 0;

    rc = gov_file_whole(t, a, site, hexdigest, f, &whole);
    if (rc != GOV_OK) {
        return rc;
    }

    hex = f->of.len ? gov_hex_str(a, f->of.data, f->of.len) : hexdigest;

    return gov_file_shown(t, a, site, hex, &whole, now, is_public);
}


gov_rc_t
gov_file_whole(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hexdigest, gov_file_rec_t *f, gov_file_rec_t *whole)
{
    gov_rc_t  rc;

    rc = gov_file_load(t, a, site, hexdigest, f);
    *whole = *f;

    return rc == GOV_OK && f->of.len != 0
           ? gov_file_load_raw(t, a, site, f->of, whole) : rc;
}


static gov_rc_t
gov_file_shown(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t hex,
    gov_file_rec_t *f, int64_t now, int *is_public)
{
    gov_rc_t      rc;
    gov_value_t  *v;

    if (f->state != GOV_FILE_OK || f->deleted) {
        return GOV_OK;
    }

    *is_public = f->docs == NULL || f->docs->n == 0;

    gov_each (v, f->docs) {
        rc = gov_file_carried(t, a, site, (uint64_t) v->u.i, hex, f, now,
                              is_public);
        if (rc != GOV_OK || *is_public) {
            return rc;
        }
    }

    return *is_public ? GOV_OK : gov_file_is_logo(t, a, site, hex, is_public);
}


gov_rc_t
gov_file_now(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t *hexdigest, gov_file_rec_t *f)
{
    gov_rc_t         rc;
    gov_str_t        next;
    gov_file_rec_t   whole;

    rc = gov_file_load(t, a, site, *hexdigest, f);
    if (rc != GOV_OK) {
        return rc;
    }

    next = f->replaced_by;

    if (f->of.len) {
        rc = gov_file_load_raw(t, a, site, f->of, &whole);
        next = whole.replaced_by;
    }

    if (rc != GOV_OK || next.len == 0) {
        return rc;
    }

    *hexdigest = gov_hex_str(a, next.data, next.len);

    return gov_file_load_raw(t, a, site, next, f);
}


gov_rc_t
gov_file_load(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t hex,
    gov_file_rec_t *f)
{
    u_char  raw[GOV_DIGEST_LEN];

    if (hex.len != GOV_HEX_LEN || gov_unhex(raw, hex, GOV_DIGEST_LEN) != 0) {
        return GOV_NOT_FOUND;
    }

    return gov_file_load_raw(t, a, site,
                             (gov_str_t) { GOV_DIGEST_LEN, raw }, f);
}


gov_rc_t
gov_file_load_raw(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t digest, gov_file_rec_t *f)
{
    gov_key_t  k;

    gov_key_add_s(gov_key(&k), digest);

    return gov_load(gov_handle(t, site), GOV_T_FILES, &k, a, f);
}


static gov_rc_t
gov_file_carried(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t id,
    gov_str_t hex, gov_file_rec_t *f, int64_t now, int *carried)
{
    gov_rc_t   rc;
    gov_doc_t  doc;

    rc = gov_doc_get(t, a, site, id, &doc);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    if (gov_doc_shown(&doc.rec, now) != GOV_SHOWN_PUBLIC) {
        return GOV_OK;
    }

    return gov_file_named(t, a, site, doc.rec.files, doc.rec.body, hex, f,
                          carried);
}


/* by its own digest, or by one whose place it took */

gov_rc_t
gov_file_named(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_value_t *files, gov_str_t body, gov_str_t hex, gov_file_rec_t *f,
    int *named)
{
    gov_rc_t         rc;
    gov_body_rec_t   b;

    *named = gov_file_among(files, (gov_str_t) gov_null_string, hex, f);

    if (*named) {
        return GOV_OK;
    }

    rc = gov_body_get(t, a, site, body, &b);

    if (rc == GOV_OK) {
        *named = gov_file_among(NULL, b.html, hex, f);
    }

    return rc;
}


static int
gov_file_among(gov_value_t *files, gov_str_t html, gov_str_t hex,
    gov_file_rec_t *f)
{
    gov_value_t  *v;

    if (gov_file_in(files, html, hex)) {
        return 1;
    }

    gov_each (v, f->was) {
        if (gov_file_in(files, html, v->u.s)) {
            return 1;
        }
    }

    gov_each (v, f->variants) {
        if (gov_file_in(NULL, html, gov_get_str(v, "digest"))) {
            return 1;
        }
    }

    return 0;
}


/* digests in bodies are in the case in which they were typed, those of older
 * lists too */

static int
gov_file_in(gov_value_t *files, gov_str_t html, gov_str_t hex)
{
    gov_str_t     at;
    gov_value_t  *v;

    gov_each (v, files) {
        if (gov_file_same(gov_get_str(v, "digest"), hex)) {
            return 1;
        }
    }

    while (gov_file_next(&html, &at)) {
        if (gov_file_same(at, hex)) {
            return 1;
        }
    }

    return 0;
}


static int
gov_file_same(gov_str_t one, gov_str_t two)
{
    return one.len == two.len
           && strncasecmp((char *) one.data, (char *) two.data, one.len) == 0;
}


int
gov_file_next(gov_str_t *html, gov_str_t *hex)
{
    u_char  *p;

    p = html->len ? memmem(html->data, html->len, GOV_FILES,
                           sizeof(GOV_FILES) - 1)
                  : NULL;

    if (p == NULL) {
        return 0;
    }

    p += sizeof(GOV_FILES) - 1;
    html->len -= (size_t) (p - html->data);
    html->data = p;

    hex->data = p;
    hex->len = GOV_HEX_LEN;

    return html->len >= GOV_HEX_LEN;
}


gov_rc_t
gov_file_used(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t hexdigest, gov_file_rec_t *f, uint64_t id, int *now, int *ever)
{
    int             named;
    gov_rc_t        rc;
    uint32_t        n;
    gov_doc_t       doc;
    gov_doc_rec_t  *d;

    *now = 0;
    *ever = 0;

    rc = gov_doc_get(t, a, site, id, &doc);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    d = &doc.rec;

    for (n = (uint32_t) d->last; n > 0; n--) {
        rc = gov_file_at(t, a, &doc, n, hexdigest, f, &named);
        if (rc != GOV_OK) {
            return rc;
        }

        *ever |= named;
        *now |= named && (n == d->last || n == d->live || n == d->judged);

        if (*ever && n <= d->live && (d->judged == 0 || n <= d->judged)) {
            break;
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_file_at(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_str_t hex, gov_file_rec_t *f, int *named)
{
    gov_rc_t            rc;
    gov_version_rec_t   v;

    rc = gov_version_get(t, a, doc->site, doc->id, n, &v);

    return rc == GOV_OK ? gov_file_named(t, a, doc->site, v.files, v.body,
                                         hex, f, named)
                        : rc;
}


/* of a stamp that an older version has, and that is left there, nothing
 * hangs any more */

gov_rc_t
gov_file_judged(gov_txn_t *t, gov_arena_t *a, gov_str_t hexdigest,
    gov_file_rec_t *f, gov_doc_t *doc, int *judged)
{
    gov_rc_t  rc;
    int64_t   n;

    *judged = 0;
    rc = GOV_OK;
    n = doc->rec.judged;

    if (n != 0 && n != doc->rec.live) {
        rc = gov_file_at(t, a, doc, (uint32_t) n, hexdigest, f, judged);
    }

    n = gov_get_int(doc->rec.secrecy, "version", 0);

    return rc == GOV_OK && !*judged && n > doc->rec.live
           ? gov_file_at(t, a, doc, (uint32_t) n, hexdigest, f, judged) : rc;
}


static gov_rc_t
gov_file_is_logo(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t hex,
    int *logo)
{
    gov_rc_t    rc;
    gov_site_t  s;

    rc = gov_site_get(t, a, site, &s);

    if (rc == GOV_OK && s.rec.logo.len > hex.len
        && memcmp(s.rec.logo.data, hex.data, hex.len) == 0)
    {
        *logo = 1;
    }

    return rc;
}


const char *
gov_file_state_name(gov_file_state_t state)
{
    return state < GOV_FILE_STATES ? gov_file_states[state] : "";
}


int
gov_file_state_parse(gov_str_t name)
{
    int  i;

    for (i = 0; i < GOV_FILE_STATES; i++) {
        if (gov_str_is(name, gov_file_states[i])) {
            return i;
        }
    }

    return -1;
}
