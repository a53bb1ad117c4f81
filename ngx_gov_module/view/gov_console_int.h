
/*
 * Copyright (C) ngx_gov authors
 *
 * For the files gov_console*.c alone.
 */


#ifndef _GOV_CONSOLE_INT_H_INCLUDED_
#define _GOV_CONSOLE_INT_H_INCLUDED_


#include "view/gov_console.h"
#include "view/gov_console_pages.h"
#include "view/gov_query.h"


typedef gov_rc_t (*gov_console_pt)(gov_console_t *c, gov_err_t *err);

typedef enum {
    GOV_CONSOLE_OPEN = 0,
    GOV_CONSOLE_STAGE,
    GOV_CONSOLE_SELF,
    GOV_CONSOLE_ANYWHERE,
    GOV_CONSOLE_PEOPLE,
    GOV_CONSOLE_HUB,
    GOV_CONSOLE_SITE,
    GOV_CONSOLE_DOC
} gov_console_scope_t;

struct gov_console_page_s {
    const char           *id;
    const char           *path;
    const char           *view;
    gov_right_t           right;
    gov_console_scope_t   scope;
    gov_console_pt        run;
};


#define GOV_CONSOLE_FUNCTION(id, path, right, scope)                          \
    gov_rc_t gov_console_##id(gov_console_t *c, gov_err_t *err);

GOV_CONSOLE_PAGES(GOV_CONSOLE_FUNCTION)


/* a 303 instead of the page: GOV_DONE */
gov_rc_t gov_console_go(gov_console_t *c, gov_str_t to);

/* page, me, menu, crumbs ...: what every page has */
void gov_console_frame(gov_console_t *c);

/* asks as who is signed in; the answer is put under key */
gov_rc_t gov_console_ask(gov_console_t *c, const char *question,
    gov_value_t *in, const char *key, gov_err_t *err);
/* members of the query, names by spaces, as a question's input */
gov_value_t *gov_console_args(gov_console_t *c, const char *names);
gov_str_t gov_console_arg(gov_console_t *c, const char *name);
/* holds the right at some site */
int gov_console_somewhere(gov_console_t *c, gov_right_t right);
/* the scopes that name no site */
int gov_console_open_to(gov_console_t *c, gov_console_scope_t scope,
    gov_right_t right);
int gov_console_may(gov_console_t *c, gov_right_t right, uint32_t site,
    uint32_t column);
/* the columns of the site at work, to choose among */
gov_rc_t gov_console_choices(gov_console_t *c, gov_err_t *err);
/* {"site": the site at work} */
gov_value_t *gov_console_here(gov_console_t *c);


#endif /* _GOV_CONSOLE_INT_H_INCLUDED_ */
