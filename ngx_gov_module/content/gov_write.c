
/*
 * Copyright (C) ngx_gov authors
 *
 * Bodies and versions, written: each once, never changed.
 */


#include "content/gov_content_int.h"


static gov_rc_t gov_body_known(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    uint64_t doc, gov_str_t digest, gov_str_t *name);
static gov_rc_t gov_doc_new(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err);
static gov_rc_t gov_source_put(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_err_t *err);


gov_rc_t
gov_body_digest(gov_arena_t *a, gov_str_t form, gov_str_t source,
    gov_str_t *digest, gov_err_t *err)
{
    gov_rc_t       rc;
    gov_digest_t  *d;

    rc = gov_digest_begin(GOV_SHA256, &d);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    digest->len = GOV_DIGEST_LEN;
    digest->data = gov_alloc(a, GOV_DIGEST_LEN);

    gov_digest_add(d, form);
    gov_digest_add(d, (gov_str_t) { 1, (u_char *) "" });
    gov_digest_add(d, source);

    return gov_store_said(err, gov_digest_end(&d, digest->data));
}


gov_rc_t
gov_body_put(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t doc,
    gov_str_t form, gov_str_t source, gov_body_made_t *made, gov_str_t *name,
    gov_err_t *err)
{
    gov_rc_t         rc;
    gov_key_t        k;
    gov_str_t        digest;
    gov_table_t      table;
    gov_body_rec_t   b;

    rc = GOV_OK;

    if (made != NULL) {
        digest = made->digest;

    } else {
        rc = gov_body_digest(a, form, source, &digest, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_body_known(t, a, site, doc, digest, name);
    if (rc != GOV_NOT_FOUND) {
        return gov_store_said(err, rc);
    }

    memset(&b, 0, sizeof(gov_body_rec_t));
    b.form = form;
    b.text = source;

    if (made != NULL) {
        b.html = made->html;

    } else {
        rc = gov_body_html(a, form, source, &b.html, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (gov_str_is(form, "html") && gov_str_eq(b.html, source)) {
        b.html.len = 0;

    } else if (b.html.len == 0) {
        /* nothing was safe: an empty field would mean "as the source" */
        b.html = gov_s("\n");
    }

    table = gov_body_key(&k, *name);

    return gov_store_said(err, gov_save(gov_handle(t, site), table, &k, a,
                                        &b));
}


/* the name of a body; GOV_OK: it is there, maybe under its digest alone */

static gov_rc_t
gov_body_known(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t doc,
    gov_str_t digest, gov_str_t *name)
{
    gov_rc_t      rc;
    gov_key_t     k;
    gov_handle_t  h;

    h = gov_handle(t, site);
    *name = digest;

    rc = gov_there(h, GOV_T_BODIES, gov_key_s(&k, digest));

    if (rc != GOV_NOT_FOUND || doc == 0) {
        return rc;
    }

    gov_key_add_s(gov_key8(&k, doc), digest);
    *name = gov_str_copy(a, (gov_str_t) { k.len, k.data });

    return gov_there(h, GOV_T_TEXTS, &k);
}


gov_rc_t
gov_doc_write(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err)
{
    int       old;
    gov_rc_t  rc;

    old = doc->id != 0;

    rc = gov_doc_version(t, a, doc, v, err);

    if (rc == GOV_OK && !old) {
        rc = gov_entries_put(t, a, doc, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_doc_touch(t, doc, 0);

    return gov_doc_save(t, a, doc, err);
}


/*
 * The version is checked before anything is written.  A document that was
 * never public carries its last version's fields, so that lists of drafts
 * have titles; a live one keeps those of its live version.
 */

gov_rc_t
gov_doc_version(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;

    gov_rec_own(a, &gov_rec_doc, &doc->rec);
    gov_rec_own(a, &gov_rec_version, v);

    rc = gov_version_check(t, a, doc->site, v, err);

    if (rc == GOV_OK) {
        rc = gov_lock_free(doc, (uint64_t) v->by, v->time, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (doc->id == 0) {
        rc = gov_doc_new(t, a, doc, v, err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    rc = gov_flow_written(t, a, doc, v, err);
    if (rc != GOV_OK) {
        return rc;
    }

    doc->rec.last++;

    if (doc->rec.live == 0) {
        gov_doc_carry(&doc->rec, v);
    }

    gov_key_add4(gov_key8(&k, doc->id), (uint32_t) doc->rec.last);

    rc = gov_save(gov_handle(t, doc->site), GOV_T_VERSIONS, &k, a, v);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    return gov_files_bind(t, a, doc->site, doc->id, v, err);
}


static gov_rc_t
gov_doc_new(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc,
    gov_version_rec_t *v, gov_err_t *err)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    rc = gov_next(t, "doc", &doc->id);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    doc->rec.state = GOV_DOC_DRAFT;
    doc->rec.live = 0;
    doc->rec.last = 0;
    doc->rec.created = v->time;

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = doc->site;

    rc = gov_save(gov_handle(t, GOV_HUB), GOV_T_DOC_SITES,
                  gov_key8(&k, doc->id), a, &ref);
    if (rc != GOV_OK) {
        return gov_store_said(err, rc);
    }

    return doc->rec.source_id.len != 0 ? gov_source_put(t, a, doc, err)
                                       : GOV_OK;
}


static gov_rc_t
gov_source_put(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    gov_rc_t       rc;
    uint64_t       other;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    if (doc->rec.source_id.len > 200 || !gov_text_clean(doc->rec.source_id)) {
        return gov_fail(err, GOV_INVALID, "source_id",
                        "来源编号最多 200 字节，不能有控制字符");
    }

    rc = gov_doc_by_source(t, a, doc->site, doc->rec.source_id, &other);
    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return gov_store_said(err, rc);
    }

    if (rc == GOV_OK) {
        return gov_fail(err, GOV_CONFLICT, "source_id",
                        "来源编号“%.*s”已是文档 %llu",
                        gov_strf(doc->rec.source_id),
                        (unsigned long long) other);
    }

    memset(&ref, 0, sizeof(gov_ref_rec_t));
    ref.to = (int64_t) doc->id;

    return gov_store_said(err, gov_save(gov_handle(t, doc->site),
                          GOV_T_SOURCES,
                          gov_key_s(&k, doc->rec.source_id), a, &ref));
}


void
gov_doc_carry(gov_doc_rec_t *d, gov_version_rec_t *v)
{
#define GOV_CARRY(number, kind, name, what)  d->name = v->name;
    GOV_REC_CONTENT_FIELDS(GOV_CARRY)
#undef GOV_CARRY
}


/* the only writer of documents, so that no change leaves a task behind */

gov_rc_t
gov_doc_save(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;
    gov_doc_t  was;

    rc = gov_doc_get(t, a, doc->site, doc->id, &was);

    if (rc == GOV_OK || rc == GOV_NOT_FOUND) {
        rc = gov_tasks_follow(t, a, doc, rc == GOV_OK ? &was.rec : NULL);
    }

    if (rc == GOV_OK) {
        rc = gov_save(gov_handle(t, doc->site), GOV_T_DOCS,
                      gov_key8(&k, doc->id), a, &doc->rec);
    }

    return gov_store_said(err, rc);
}
