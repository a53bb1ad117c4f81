
/*
 * Copyright (C) ngx_gov authors
 *
 * Questions of programs (govctl, the API): a snapshot and an input go in, a
 * value tree comes out, valid until the snapshot ends.  Not for pages: what
 * a visitor sees is made by gov_view.h, which notes what it depends on.
 *
 *     rc = gov_query(txn, arena, who, name, input, now, &answer, err);
 *
 * who: whose question it is (gov_who(), gov_who_operator() for ctl.sock); the
 * row's right is judged as a command's (gov_judge.h).
 *
 * The input is a map of texts or numbers.  GOV_NOT_FOUND with field "query"
 * for a name that no question has; GOV_INVALID for a bad field; else what
 * the question says (a site that is not there: GOV_NOT_FOUND).
 *
 * A list answers {"rows": [...], "next": cursor}; "next" is absent at the
 * end.  A page may be short, even empty, and still have a next one: a
 * question looks at a bounded number of records.
 */


#ifndef _GOV_QUERY_H_INCLUDED_
#define _GOV_QUERY_H_INCLUDED_


#include "content/gov_judge.h"
#include "link/gov_link.h"
#include "desk/gov_command.h"


typedef struct gov_ask_s  gov_ask_t;

typedef gov_rc_t (*gov_query_pt)(gov_ask_t *q);

typedef struct {
    const char      *name;          /* "site.list" */
    gov_query_pt     run;           /* NULL: a work */
    const char      *right;         /* name of the right it needs, or "" */
    unsigned         scope;         /* gov_scope_t: where */
    gov_in_t        *in;            /* ends with a NULL name */
    const char      *summary;       /* one line, English */
    const char      *title;         /* one line, Chinese */
} gov_query_t;


extern gov_query_t  gov_queries[];  /* end with a NULL name */
extern gov_query_t  gov_works[];

gov_query_t *gov_query_find(gov_query_t *table, gov_str_t name);

gov_rc_t gov_query(gov_txn_t *t, gov_arena_t *a, gov_who_t *who,
    gov_str_t name, gov_value_t *input, int64_t now, gov_value_t **out,
    gov_err_t *err);


#endif /* _GOV_QUERY_H_INCLUDED_ */
