
/*
 * Copyright (C) ngx_gov authors
 *
 * Between the body's files: gov_body.c (forms), gov_body_plain.c (clean as it
 * stands), gov_body_parse.c (gumbo, in bounds), gov_body_html.c (the tree
 * written by the allow-list).
 */


#ifndef _GOV_BODY_INT_H_INCLUDED_
#define _GOV_BODY_INT_H_INCLUDED_


#include <gumbo.h>

#include "content/gov_content_int.h"


#define GOV_BODY_ROUNDS    6
#define GOV_BODY_HTML_MAX  (4 * 1024 * 1024)
#define GOV_BODY_DEPTH     200
#define GOV_BODY_LINKS     1000                  /* to documents */
#define GOV_BODY_MEMORY    (256 * 1024 * 1024)   /* of the parser */
#define GOV_BODY_DECORATION  " role=\"presentation\""
#define GOV_BODY_SECONDS   2                     /* of its processor time */


/* 1: gov_body_clean() gives it back unchanged.  It must be UTF-8; 0 says
 * nothing but that the parser has to be asked */
int gov_body_plain(gov_str_t html);
/* one round: parsed, written */
gov_rc_t gov_body_clean(gov_arena_t *a, gov_str_t source, gov_str_t *html,
    gov_err_t *err);
/* GOV_INVALID: too deep or too large */
gov_rc_t gov_body_write(gov_buf_t *b, GumboNode *root, gov_err_t *err);
/* the attributes that the mask lets pass, safe and in a fixed order */
void gov_body_attributes(gov_buf_t *b, GumboElement *e, unsigned mask);
/* an image's address, empty if it is none of ours */
gov_str_t gov_body_image(GumboElement *e);


#endif /* _GOV_BODY_INT_H_INCLUDED_ */
