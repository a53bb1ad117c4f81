
/*
 * Copyright (C) ngx_gov authors
 *
 * What a command is: its row, its fields, its function; a question's fields
 * are the same (view/gov_query.h).  The rows stand in gov_commands.h, which
 * govctl reads too; this header needs nothing but base, so that a program
 * without a store can print help and read arguments.
 */


#ifndef _GOV_COMMAND_H_INCLUDED_
#define _GOV_COMMAND_H_INCLUDED_


#include "base/gov_base.h"


typedef enum {
    GOV_IN_STR,             /* clean text of one line */
    GOV_IN_TEXT,            /* the same with newlines */
    GOV_IN_INT,
    GOV_IN_BOOL,
    GOV_IN_CODE,            /* a site's code */
    GOV_IN_DOC,             /* a document's number */
    GOV_IN_DAY,             /* YYYY-MM-DD */
    GOV_IN_TIME,            /* RFC 3339 or "YYYY-MM-DD HH:MM" */
    GOV_IN_BODY,            /* Markdown or HTML; the journal names it */
    GOV_IN_LIST,            /* texts or maps; one text is a list of 1 */
    GOV_IN_MAP
} gov_in_kind_t;

#define GOV_IN_OPTIONAL      0
#define GOV_IN_REQUIRED      1
#define GOV_IN_ARG           2      /* govctl: given as plain argument */
#define GOV_IN_REPEAT        4      /* govctl: the option may be repeated */
#define GOV_IN_CLEAR         8      /* a time: an empty one is none */
#define GOV_IN_REQUIRED_ARG  (GOV_IN_REQUIRED | GOV_IN_ARG)
#define GOV_IN_REQUIRED_REPEAT  (GOV_IN_REQUIRED | GOV_IN_REPEAT)

typedef struct {
    const char      *name;
    gov_in_kind_t    kind;
    unsigned         flags;
    const char      *what;          /* one line for help and OpenAPI */
} gov_in_t;

/*
 * The members of `input` that the table names, checked and shaped, as a new
 * map; the first fault is told with its field (GOV_INVALID).  Members that no
 * row names are refused, or left out when `loose`.
 *
 * GOV_IN_INT, _DOC and _TIME (microseconds) become GOV_INT, _BOOL GOV_BOOL,
 * _LIST GOV_LIST, _MAP GOV_MAP, _CODE its canonical form, the rest GOV_STR.
 * Items of lists are left as they are: a row is checked against a table of
 * its own.
 */
gov_rc_t gov_in_read(gov_arena_t *a, gov_in_t *table, gov_value_t *input,
    int loose, gov_value_t **out, gov_err_t *err);
int gov_in_known(gov_in_t *table, gov_str_t name);


typedef struct gov_cmd_s  gov_cmd_t;

typedef gov_rc_t (*gov_command_pt)(gov_cmd_t *c);

typedef struct {
    const char      *name;          /* "site.create" */
    gov_command_pt   run;
    const char      *right;         /* name of the right it needs */
    unsigned         scope;         /* gov_scope_t: where */
    gov_in_t        *in;            /* ends with a NULL name */
    const char      *summary;       /* one line, English */
    const char      *title;         /* one line, Chinese */
} gov_command_t;


#endif /* _GOV_COMMAND_H_INCLUDED_ */
