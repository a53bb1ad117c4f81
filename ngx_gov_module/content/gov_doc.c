
/*
 * Copyright (C) ngx_gov authors
 *
 * Documents, versions and bodies, read.
 */


#include "content/gov_content_int.h"


gov_rc_t
gov_doc_get(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t id,
    gov_doc_t *doc)
{
    gov_key_t  k;

    doc->id = id;
    doc->site = site;

    return gov_load(gov_handle(t, site), GOV_T_DOCS, gov_key8(&k, id), a,
                    &doc->rec);
}


gov_rc_t
gov_doc_find(gov_txn_t *t, gov_arena_t *a, uint64_t id, gov_doc_t *doc)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_DOC_SITES, gov_key8(&k, id),
                  a, &ref);
    if (rc != GOV_OK) {
        return rc;
    }

    return gov_doc_get(t, a, (uint32_t) ref.to, id, doc);
}


gov_rc_t
gov_doc_by_source(gov_txn_t *t, gov_arena_t *a, uint32_t site,
    gov_str_t source_id, uint64_t *id)
{
    gov_rc_t       rc;
    gov_key_t      k;
    gov_ref_rec_t  ref;

    rc = gov_load(gov_handle(t, site), GOV_T_SOURCES,
                  gov_key_s(&k, source_id), a, &ref);
    if (rc == GOV_OK) {
        *id = (uint64_t) ref.to;
    }

    return rc;
}


gov_shown_t
gov_doc_shown(gov_doc_rec_t *d, int64_t now)
{
    if (d->state == GOV_DOC_WITHDRAWN) {
        return GOV_SHOWN_WITHDRAWN;
    }

    if (d->state != GOV_DOC_PUBLISHED) {
        return GOV_SHOWN_DRAFT;
    }

    if (d->published > now) {
        return GOV_SHOWN_SCHEDULED;
    }

    if (d->expires != 0 && d->expires <= now) {
        return GOV_SHOWN_EXPIRED;
    }

    return GOV_SHOWN_PUBLIC;
}


const char *
gov_shown_name(gov_shown_t s)
{
    static const char  *names[] = {
        "draft", "scheduled", "public", "expired", "withdrawn"
    };

    return names[s];
}


gov_rc_t
gov_version_get(gov_txn_t *t, gov_arena_t *a, uint32_t site, uint64_t doc,
    uint32_t n, gov_version_rec_t *v)
{
    gov_key_t  k;

    gov_key_add4(gov_key8(&k, doc), n);

    return gov_load(gov_handle(t, site), GOV_T_VERSIONS, &k, a, v);
}


gov_rc_t
gov_version_there(gov_txn_t *t, gov_arena_t *a, gov_doc_t *doc, uint32_t n,
    gov_version_rec_t *v, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_version_get(t, a, doc->site, doc->id, n, v);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "version", "文档 %llu 没有第 %u 版",
                        (unsigned long long) doc->id, n);
    }

    gov_rec_own(a, &gov_rec_version, v);

    return GOV_OK;
}


/*
 * b->html is always the safe HTML: a record whose source was safe as it came
 * keeps it once, in text.
 */

gov_rc_t
gov_body_get(gov_txn_t *t, gov_arena_t *a, uint32_t site, gov_str_t name,
    gov_body_rec_t *b)
{
    gov_rc_t     rc;
    gov_key_t    k;
    gov_table_t  table;

    table = gov_body_key(&k, name);

    rc = gov_load(gov_handle(t, site), table, &k, a, b);
    if (rc != GOV_OK) {
        return rc;
    }

    if (b->html.len == 0 && gov_str_is(b->form, "html")) {
        b->html = b->text;
    }

    return GOV_OK;
}


gov_table_t
gov_body_key(gov_key_t *k, gov_str_t name)
{
    (void) gov_key_s(k, name);

    return name.len == GOV_BODY_NAME ? GOV_T_TEXTS : GOV_T_BODIES;
}


gov_rc_t
gov_store_said(gov_err_t *err, gov_rc_t rc)
{
    switch (rc) {

    case GOV_OK:
        return rc;

    case GOV_FULL:
        return gov_fail(err, rc, "", "本站的存储配额或总容量已用完");

    default:
        return gov_fail(err, rc, "", "存储操作失败（%s）", gov_rc_name(rc));
    }
}
