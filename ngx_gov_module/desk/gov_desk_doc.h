
/*
 * Copyright (C) ngx_gov authors
 *
 * What the commands on content share: loading what an input names, and the
 * fields of a version from an input.
 */


#ifndef _GOV_DESK_DOC_H_INCLUDED_
#define _GOV_DESK_DOC_H_INCLUDED_


#include "desk/gov_desk_int.h"


#define GOV_DESK_IN_ROW(name, kind, flags, what)                              \
    { #name, GOV_IN_##kind, GOV_IN_##flags, what },


/* the document whose number stands in a field, owned, and its site, which
 * must be open */
gov_rc_t gov_desk_doc(gov_cmd_t *c, const char *field, gov_doc_t *doc,
    gov_site_t *site);
gov_rc_t gov_desk_doc_load(gov_cmd_t *c, uint64_t id, const char *field,
    gov_doc_t *doc, gov_site_t *site);
/* of a site that is merged or closed too */
gov_rc_t gov_desk_doc_any(gov_cmd_t *c, uint64_t id, const char *field,
    gov_doc_t *doc, gov_site_t *site);

/* GOV_NOT_FOUND for a document that is there and is not to be known of:
 * neither public nor of a site at which who gives the command holds anything.
 * One that is not there is left for the change to tell */
gov_rc_t gov_desk_known(gov_cmd_t *c, uint64_t id);

/* who says that a document is replaced changes what its readers see; one
 * that is not there is left for the change to tell */
gov_rc_t gov_desk_replaces(gov_cmd_t *c, uint64_t id, const char *field);

/* "a/b" to a column of the site */
gov_rc_t gov_desk_column(gov_cmd_t *c, gov_site_t *site, gov_str_t path,
    const char *field, gov_column_t *column);
/* the fields "site", which must be open, and "column" */
gov_rc_t gov_desk_site_column(gov_cmd_t *c, gov_site_t *site,
    gov_column_t *column);
/* GOV_INVALID for a column that only groups others */
gov_rc_t gov_desk_takes(gov_cmd_t *c, gov_column_t *column,
    const char *field);
/* GOV_DENIED for a time of leaving that is over, 0 is none */
gov_rc_t gov_desk_leaves(gov_cmd_t *c, int64_t expires);
/* "CODE/a/b" to an open site and its column */
gov_rc_t gov_desk_target(gov_cmd_t *c, gov_str_t to, const char *field,
    gov_site_t *site, gov_column_t *column);

/*
 * Content fields that the input gives are laid over the version's; of the
 * map "fields", members that are content fields by name go where they belong
 * and the rest stays together, in `extra` of the caller if there is one.
 */
gov_rc_t gov_desk_content(gov_cmd_t *c, uint32_t site, gov_value_t *in,
    gov_value_t *extra, gov_version_rec_t *v);
/* a new version's head: time and author are the operation's */
void gov_desk_version(gov_cmd_t *c, gov_version_rec_t *v);

/* the document of the field "doc" and its site, for an act of the workflow:
 * the right that it asks for at this step is judged */
gov_rc_t gov_desk_flow_begin(gov_cmd_t *c, gov_act_t act, gov_doc_t *doc,
    gov_site_t *site);
/* right, load, change, who is told, verdict of an act */
typedef gov_rc_t (*gov_change_pt)(gov_cmd_t *c, gov_doc_t *doc,
    gov_by_t *by);
gov_rc_t gov_desk_flow_do(gov_cmd_t *c, gov_act_t act, gov_change_pt change);

#define GOV_DESK_ACT(id, act, change)                                         \
    gov_rc_t                                                                  \
    gov_desk_##id(gov_cmd_t *c)                                               \
    {                                                                         \
        return gov_desk_flow_do(c, act, change);                              \
    }

/* the verdict if rc is well */
gov_rc_t gov_desk_flow_out(gov_cmd_t *c, gov_rc_t rc, gov_site_t *site,
    gov_doc_t *doc);

/* the verdict {doc, version, step, state, url} */
gov_rc_t gov_desk_doc_out(gov_cmd_t *c, gov_site_t *site, gov_doc_t *doc);
gov_rc_t gov_desk_doc_url(gov_cmd_t *c, gov_site_t *site, gov_doc_t *doc,
    gov_str_t *url);


#endif /* _GOV_DESK_DOC_H_INCLUDED_ */
