
/*
 * Copyright (C) ngx_gov authors
 *
 * The console: a request of who is signed in becomes a value tree and the
 * name of a template (lua/console.md says what it holds).
 *
 *     c.txn, c.path, c.token ...
 *     gov_console_make(&c, err);
 *     c.status, c.to or c.view and c.out
 *
 * Invariants:
 *
 *   1. A page is filled by the questions that programs ask (gov_query.h),
 *      asked as the account that is signed in: it shows no more than they.
 *   2. What is not theirs is not there: 404, with the page of an address that
 *      never was.  403 only where they hold something.
 *   3. Whether a page is shown is judged in the snapshot it is made of.
 */


#ifndef _GOV_CONSOLE_H_INCLUDED_
#define _GOV_CONSOLE_H_INCLUDED_


#include "view/gov_view.h"
#include "people/gov_people.h"


#define GOV_CONSOLE_BASE  "/console/"

typedef struct gov_console_s       gov_console_t;
typedef struct gov_console_page_s  gov_console_page_t;

struct gov_console_s {
    gov_txn_t           *txn;       /* NULL: the store is not there now */
    gov_arena_t         *arena;
    int64_t              now;
    gov_str_t            path;      /* decoded, without the query */
    gov_str_t            query;     /* as it was asked */
    gov_value_t         *args;      /* of the query: texts, or lists */
    u_char              *token;     /* of the session, NULL: none */
    gov_links_conf_t     links;
    gov_str_t            host;      /* asked for */
    gov_str_t            op;        /* an operation id that is new */
    const char          *lang;
    gov_value_t         *assets;
    gov_value_t         *problem;   /* why a form did not go through, or NULL */
    gov_value_t         *input;     /* what was typed in it */
    gov_value_t         *told;      /* by govd, for this page alone, or NULL */
    /* asked before anything of a site is read; may be NULL */
    gov_rc_t           (*enter)(uint32_t site);

    gov_console_page_t  *page;
    gov_signed_t         me;
    gov_site_t           site;      /* id 0: the page is of none */
    gov_doc_t            doc;
    gov_value_t         *params;    /* {site} {doc} ... of the path */

    int                  status;    /* given: that of the problem */
    gov_str_t            to;        /* of a 303, a path */
    const char          *view;
    unsigned             editor;    /* the page has the rich-text editor */
    gov_value_t         *out;

    /* answered with instead of a page: a file of site */
    gov_file_rec_t       file;
    gov_str_t            digest;
};


/* always leaves an answer in c */
void gov_console_make(gov_console_t *c);
/* the page of a status, in the console's frame: c->txn may be NULL */
void gov_console_notice(gov_console_t *c, int status);
/* may who asks bring files to the site that c->args names, if they name one?
 * Sets c->status when not */
gov_rc_t gov_console_bring(gov_console_t *c, gov_err_t *err);

/*
 * Is the console reached by this host?  GOV_OK; GOV_DONE: by *portal, which
 * is above the host's site; GOV_NOT_FOUND: no site has it.
 */
gov_rc_t gov_console_host(gov_txn_t *t, gov_arena_t *a, gov_str_t host,
    gov_str_t *portal);


#endif /* _GOV_CONSOLE_H_INCLUDED_ */
