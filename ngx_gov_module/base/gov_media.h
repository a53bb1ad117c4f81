
/*
 * Copyright (C) ngx_gov authors
 *
 * Media types by a name's ending, said once: the type a file is sent with,
 * what its bytes must look like to be believed, and on which shelf of a
 * library it lies.  Only types a browser shows or saves without running
 * anything; whatever is not known here is saved, not shown.
 */


#ifndef _GOV_MEDIA_H_INCLUDED_
#define _GOV_MEDIA_H_INCLUDED_


typedef enum {
    GOV_MEDIA_OTHER = 0,
    GOV_MEDIA_IMAGE,
    GOV_MEDIA_DOCUMENT,
    GOV_MEDIA_SOUND,            /* and film */
    GOV_MEDIA_ARCHIVE,
    GOV_MEDIA_KINDS
} gov_media_kind_t;

typedef struct {
    const char        *ending;      /* ".pdf", lower case */
    const char        *type;
    gov_media_kind_t   kind;
    const char        *looks;       /* types divided by spaces, "text/" all */
} gov_media_t;


extern const gov_media_t  gov_media[];      /* end with a NULL ending */

/* by the name's ending in either case; NULL: not known */
const gov_media_t *gov_media_named(gov_str_t name);
/* by a media type, its parameters apart; NULL */
const gov_media_t *gov_media_typed(gov_str_t type);
/* what the bytes look like is what the ending promises */
int gov_media_agrees(const gov_media_t *m, gov_str_t looks);

/* "image" ...; -1: no such kind */
const char *gov_media_kind_name(gov_media_kind_t kind);
int gov_media_kind_parse(gov_str_t name);


#endif /* _GOV_MEDIA_H_INCLUDED_ */
