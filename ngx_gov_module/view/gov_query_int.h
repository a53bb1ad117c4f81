
/*
 * Copyright (C) ngx_gov authors
 *
 * For the files gov_query*.c alone: what a question works with.
 */


#ifndef _GOV_QUERY_INT_H_INCLUDED_
#define _GOV_QUERY_INT_H_INCLUDED_


#include "view/gov_query.h"
#include "view/gov_queries.h"


#define GOV_ASK_LIMIT      200      /* rows of a page when nobody says */
#define GOV_ASK_LIMIT_MAX  1000
#define GOV_ASK_COUNT_MAX  1000     /* "1000 or more" */
#define GOV_ASK_DOCS_MAX   10000    /* of a column, "and more" */
#define GOV_ASK_LOOK_MAX   4000     /* records looked at for one page */


/* what rows have in common is told once */

typedef struct gov_told_columns_s  gov_told_columns_t;
typedef struct gov_told_way_s  gov_told_way_t;
typedef struct gov_told_name_s  gov_told_name_t;

struct gov_told_columns_s {
    gov_str_t            blueprint;
    gov_column_t        *list;
    unsigned             n;
    gov_told_columns_t  *next;
};

struct gov_told_way_s {
    uint32_t          site;
    uint32_t          column;
    gov_way_t         way;
    gov_told_way_t   *next;
};

struct gov_told_name_s {
    int64_t           account;
    gov_str_t         name;         /* empty: there is none */
    gov_told_name_t  *next;
};

/* the same few sites come again and again among thousands of rows */
#define GOV_JUDGED  256

typedef struct {
    u_char       known;             /* 0: nothing here yet */
    u_char       may;
    gov_right_t  right;
    uint32_t     site;
    uint32_t     column;
} gov_judged_t;

struct gov_ask_s {
    gov_txn_t           *txn;
    gov_arena_t         *arena;
    gov_who_t           *who;       /* whose question it is */
    gov_value_t         *in;        /* fields checked and shaped */
    gov_value_t         *out;       /* a map to fill */
    int64_t              now;
    gov_err_t           *err;
    gov_site_t           site;      /* the one that was got last */
    gov_told_columns_t  *columns;
    gov_told_way_t      *ways;
    gov_told_name_t     *names;
    gov_judged_t         judged[GOV_JUDGED];
};


#define GOV_QUERY_FUNCTION(id, name, right, scope, summary, title)            \
    gov_rc_t gov_query_##id(gov_ask_t *q);

GOV_QUERIES(GOV_QUERY_FUNCTION)


/* the site of a field; GOV_NOT_FOUND with the field's name, also for one
 * at which who asks holds nothing */
gov_rc_t gov_ask_site(gov_ask_t *q, const char *field, gov_site_t *site);
/* by its number; until another is asked for */
gov_rc_t gov_ask_site_got(gov_ask_t *q, uint32_t id, gov_site_t **site);
/* code, name, level, state ... of a site */
void gov_ask_site_row(gov_ask_t *q, gov_value_t *row, gov_site_t *site);
/* a site with its columns, for rows of documents */
typedef struct {
    gov_site_t     site;
    gov_column_t  *columns;
    unsigned       ncolumns;
    gov_way_t     *ways;            /* of each column, once it was told */
    gov_str_t      url;             /* of the site */
} gov_ask_docs_t;

/* d->site is there: its columns */
gov_rc_t gov_ask_docs(gov_ask_t *q, gov_ask_docs_t *d);
void gov_ask_doc_row(gov_ask_t *q, gov_ask_docs_t *d, gov_value_t *row,
    gov_doc_t *doc);
/* the document of the field "doc" */
gov_rc_t gov_ask_doc(gov_ask_t *q, gov_doc_t *doc);
/* the account of the field "maker", a login; 0 where it is not given, a
 * number that no account has where nobody has the login */
gov_rc_t gov_ask_maker(gov_ask_t *q, uint64_t *account);
/* its last version's title where none is live: of a working copy too */
gov_str_t gov_ask_title(gov_ask_t *q, gov_doc_t *doc);
/* who works on it: step, approvals, lock, notes, what its flow asks */
gov_rc_t gov_ask_work(gov_ask_t *q, gov_doc_t *doc);
/* the act that brought it to its step; GOV_DONE: not among the last `looks`,
 * of which those looked at are taken */
gov_rc_t gov_ask_came(gov_ask_t *q, gov_doc_t *doc, unsigned *looks,
    gov_stepped_rec_t *r);
/* column: its path, "a/b"; column_name: its name behind those above it */
void gov_ask_column(gov_ask_t *q, gov_value_t *row, uint32_t site,
    uint32_t column);
unsigned gov_ask_limit(gov_ask_t *q);
/* "host/path/" of a site, after "//"; "" when it cannot be told */
gov_str_t gov_ask_url(gov_ask_t *q, gov_site_t *site, gov_str_t rest);
/* puts a time as RFC 3339, nothing for 0 */
void gov_ask_time(gov_ask_t *q, gov_value_t *map, const char *key,
    int64_t us);
/* the name of an account, left out where there is none */
void gov_ask_person(gov_ask_t *q, gov_value_t *map, const char *key,
    int64_t account);
/* puts how often a document was looked at, 0 the site's other pages: counted
 * by the minute, outside the journal */
void gov_ask_views(gov_ask_t *q, uint32_t site, uint64_t doc);
/* "a/b" of a column, "" when there is none */
gov_str_t gov_ask_column_path(gov_ask_t *q, uint32_t site, uint32_t column);
/* gov_may(), remembered: for what is asked of every row */
int gov_ask_may(gov_ask_t *q, gov_right_t right, uint32_t site,
    uint32_t column);
/* who asks, for what a question judges itself */
void gov_ask_judge(gov_ask_t *q, gov_judge_t *j);
/* the site's code, by number; "" when there is none */
gov_str_t gov_ask_code(gov_ask_t *q, uint32_t site);


#endif /* _GOV_QUERY_INT_H_INCLUDED_ */
