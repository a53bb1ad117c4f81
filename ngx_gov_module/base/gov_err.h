
/*
 * Copyright (C) ngx_gov authors
 *
 * Every function that can fail returns a gov_rc_t; one that can fail for a
 * person's reason also fills a gov_err_t, in Chinese and, where gov_english.c
 * has the sentence, in English.  The first failure wins: a filled
 * error is never overwritten on the way up.  Front doors translate a code
 * once: to an HTTP status (gov_rc_status) and to an exit code (gov_rc_exit).
 */


#ifndef _GOV_ERR_H_INCLUDED_
#define _GOV_ERR_H_INCLUDED_


#include <stdarg.h>


typedef enum {
    GOV_OK = 0,
    GOV_DONE,             /* nothing more (a scan's end); not a failure */
    GOV_ERROR,            /* the machine's fault: I/O, memory, library */
    GOV_INVALID,          /* the input is wrong; field says where */
    GOV_NOT_FOUND,
    GOV_CONFLICT,         /* exists already, or the base version is old */
    GOV_DENIED,           /* refused by policy */
    GOV_FULL,             /* quota or map full */
    GOV_CORRUPT,          /* a stored value fails its check */
    GOV_BUSY              /* not now: retry */
} gov_rc_t;


typedef struct {
    gov_rc_t     code;
    char         field[64];     /* the input field at fault, or "" */
    char         text[320];     /* one sentence for a person, UTF-8 */
    char         english[320];  /* the same, or "" */
} gov_err_t;


/* err may be NULL; returns code, so that "return gov_fail(...)" reads well */
gov_rc_t gov_fail(gov_err_t *err, gov_rc_t code, const char *field,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
gov_rc_t gov_fail_args(gov_err_t *err, gov_rc_t code, const char *field,
    const char *fmt, va_list args) __attribute__((format(printf, 4, 0)));
/* another's sentence behind this one's, in each language */
void gov_fail_more(gov_err_t *err, const char *between, gov_err_t *more);

/* a format of gov_fail() or another sentence, translated; NULL */
const char *gov_english(const char *chinese);
/* the environment's locale is of this language, two letters */
int gov_speaks(const char *language);

const char *gov_rc_name(gov_rc_t rc);
int gov_rc_status(gov_rc_t rc);
int gov_rc_exit(gov_rc_t rc);


#endif /* _GOV_ERR_H_INCLUDED_ */
