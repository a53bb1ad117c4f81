
/*
 * Copyright (C) ngx_gov authors
 *
 * doc.refer, doc.unrefer, release.create
 *
 * A release is a publication and its references in one command, so in one
 * transaction: a reader of any of the sites sees all of it or none (D24).
 */


#include "desk/gov_desk_tell.h"


static gov_rc_t gov_desk_refer_doc(gov_cmd_t *c, gov_doc_t *doc,
    gov_site_t *site);
static gov_rc_t gov_desk_refer_right(gov_cmd_t *c, gov_doc_t *doc);
static gov_rc_t gov_desk_refer_all(gov_cmd_t *c, gov_doc_t *doc);


gov_rc_t
gov_desk_doc_refer(gov_cmd_t *c)
{
    gov_rc_t    rc;
    gov_doc_t   doc;
    gov_site_t  site;

    rc = gov_desk_refer_doc(c, &doc, &site);

    if (rc == GOV_OK) {
        rc = gov_desk_refer_right(c, &doc);
    }

    if (rc == GOV_OK) {
        rc = gov_desk_refer_all(c, &doc);
    }

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


/* what all may read all may show further */

static gov_rc_t
gov_desk_refer_right(gov_cmd_t *c, gov_doc_t *doc)
{
    if (gov_doc_shown(&doc->rec, c->op->time) == GOV_SHOWN_PUBLIC) {
        return GOV_OK;
    }

    return gov_may_see(c->txn, c->op->who, doc->site)
           ? gov_desk_may(c, GOV_RIGHT_DOC_READ, doc->site,
                          (uint32_t) doc->rec.column, "doc")
           : gov_no_doc(c->err, "doc", doc->id);
}


/* by its number, or by the id it was imported under */

static gov_rc_t
gov_desk_refer_doc(gov_cmd_t *c, gov_doc_t *doc, gov_site_t *site)
{
    gov_rc_t    rc;
    uint64_t    id;
    gov_str_t   source_id;

    if (gov_desk_has(c, "doc")) {
        return gov_desk_doc(c, "doc", doc, site);
    }

    source_id = gov_desk_str(c, "source_id");

    if (!gov_desk_has(c, "site") || source_id.len == 0) {
        return gov_fail(c->err, GOV_INVALID, "doc",
                        "要给出 doc，或者 site 和 source_id");
    }

    rc = gov_desk_site_any(c, gov_desk_str(c, "site"), "site", site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_doc_by_source(c->txn, c->arena, site->id, source_id, &id);

    if (rc == GOV_OK) {
        rc = gov_desk_known(c, id);
    }

    if (rc == GOV_NOT_FOUND && !gov_may_see(c->txn, c->op->who, site->id)) {
        return gov_no_site(c->err, "site", gov_desk_str(c, "site"));
    }

    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, "source_id",
                        "“%.*s”没有来源编号为“%.*s”的文档",
                        gov_strf(site->rec.name),
                        gov_strf(gov_utf8_head(source_id, 60)));
    }

    return gov_desk_doc_load(c, id, "source_id", doc, site);
}


static gov_rc_t
gov_desk_refer_all(gov_cmd_t *c, gov_doc_t *doc)
{
    gov_rc_t       rc;
    gov_str_t      url;
    gov_site_t     site;
    gov_value_t   *to, *urls;
    gov_column_t   column;

    urls = gov_put_list(c->arena, c->out, "urls");

    gov_each (to, gov_member(c->in, "to")) {

        if (to->kind != GOV_STR) {
            return gov_fail(c->err, GOV_INVALID, "to",
                            "要写成 站点代码/栏目路径");
        }

        rc = gov_desk_target(c, to->u.s, "to", &site, &column);

        if (rc == GOV_OK) {
            rc = gov_desk_takes(c, &column, "to");
        }

        if (rc == GOV_OK) {
            rc = gov_desk_may(c, GOV_RIGHT_DOC_REFER, site.id, column.id,
                              "to");
        }

        if (rc == GOV_OK) {
            rc = gov_doc_refer(c->txn, c->arena, doc, &site, column.id,
                               c->err);
        }

        if (rc != GOV_OK) {
            return rc;
        }

        rc = gov_desk_doc_url(c, &site,
                              &(gov_doc_t) { .id = doc->id,
                                             .rec.column = column.id }, &url);
        if (rc != GOV_OK) {
            return rc;
        }

        gov_add(urls, gov_val_str(c->arena, url));
    }

    return GOV_OK;
}


/* the column is theirs, whatever became of the document's site; of one that
 * does not stand there they learn nothing */

gov_rc_t
gov_desk_doc_unrefer(gov_cmd_t *c)
{
    gov_rc_t      rc, known;
    gov_cmd_t     quiet;
    gov_doc_t     doc;
    gov_err_t     unsaid;
    gov_site_t    site, at;
    gov_column_t  column;

    rc = gov_desk_target(c, gov_desk_str(c, "from"), "from", &at, &column);

    if (rc == GOV_OK) {
        rc = gov_desk_may(c, GOV_RIGHT_DOC_REFER, at.id, column.id, "from");
    }

    if (rc != GOV_OK) {
        return rc;
    }

    doc.id = (uint64_t) gov_get_int(c->in, "doc", 0);

    known = gov_desk_known(c, doc.id);
    if (known != GOV_OK && known != GOV_NOT_FOUND) {
        return known;
    }

    /* what is said of a document that they may not know of says it is there */

    memset(&unsaid, 0, sizeof(gov_err_t));
    quiet = *c;
    quiet.err = known == GOV_OK ? c->err : &unsaid;

    rc = gov_desk_doc_any(&quiet, doc.id, "doc", &doc, &site);

    if (rc == GOV_OK) {
        rc = gov_doc_unrefer(c->txn, c->arena, &doc, at.id, column.id,
                             quiet.err);
    }

    if (known == GOV_NOT_FOUND && rc == GOV_NOT_FOUND) {
        return gov_no_doc(c->err, "doc",
                          (uint64_t) gov_get_int(c->in, "doc", 0));
    }

    return rc == GOV_OK ? gov_desk_doc_out(c, &site, &doc) : rc;
}


gov_rc_t
gov_desk_release_create(gov_cmd_t *c)
{
    int64_t      at, version;
    gov_by_t     by;
    gov_rc_t     rc;
    gov_doc_t    doc;
    gov_site_t   site;
    gov_shown_t  was;

    rc = gov_desk_doc(c, "doc", &doc, &site);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_desk_refer_all(c, &doc);
    if (rc != GOV_OK) {
        return rc;
    }

    was = gov_doc_shown(&doc.rec, c->op->time);
    at = gov_get_int(c->in, "at", c->op->time);
    version = gov_get_int(c->in, "version", 0);

    /* one that is public already is shown further, as it stands */

    if (was != GOV_SHOWN_PUBLIC || version != 0 || gov_desk_has(c, "at")) {
        by = gov_desk_by(c);
        rc = gov_doc_publish(c->txn, c->arena, &doc,
                             (uint32_t) (version ? version : doc.rec.last),
                             at, &by, c->err);

        rc = gov_desk_tell_act(c, rc, GOV_ACT_SIGN, &doc);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return gov_desk_doc_out(c, &site, &doc);
}
