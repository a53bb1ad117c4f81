
/*
 * Copyright (C) ngx_gov authors
 *
 * What the commands on files share.
 */


#ifndef _GOV_DESK_FILE_H_INCLUDED_
#define _GOV_DESK_FILE_H_INCLUDED_


#include "desk/gov_desk_doc.h"


/* the field "site", open, owned; who writes somewhere in it may bring files */
gov_rc_t gov_desk_file_site(gov_cmd_t *c, gov_site_t *site);
/* gov_file_replace() for whoever may publish what shows the file; none of a
 * version that was submitted */
gov_rc_t gov_desk_file_put_in_place(gov_cmd_t *c, uint32_t site,
    gov_str_t digest, gov_str_t with);
/* raw from a field that holds a digest; GOV_INVALID */
gov_rc_t gov_desk_digest(gov_cmd_t *c, gov_str_t hex, const char *field,
    u_char raw[GOV_DIGEST_LEN]);
/* GOV_DENIED unless govd looked at the bytes, or its operator names them */
gov_rc_t gov_desk_looked(gov_cmd_t *c);
/* the bytes are among the blobs */
gov_rc_t gov_desk_file_there(gov_cmd_t *c, gov_str_t hex);
/* f->type: the one given, else by f->name's ending */
gov_rc_t gov_desk_file_type(gov_cmd_t *c, gov_str_t given,
    gov_file_rec_t *f);
gov_rc_t gov_desk_file_url(gov_cmd_t *c, gov_site_t *site, gov_str_t hex,
    gov_str_t name, gov_str_t *url);


#endif /* _GOV_DESK_FILE_H_INCLUDED_ */
