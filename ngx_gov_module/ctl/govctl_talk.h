
/*
 * Copyright (C) ngx_gov authors
 *
 * What govctl_talk.c, govctl_http.c and govctl_once.c share: the connection
 * and what comes back over it.
 */


#ifndef _GOVCTL_TALK_H_INCLUDED_
#define _GOVCTL_TALK_H_INCLUDED_


#include <curl/curl.h>

#include "ctl/govctl_int.h"


struct govctl_talk_s {
    int              dir;           /* the data folder */
    char             socket[64];
    CURL            *curl;          /* NULL: once is used */
    govctl_once_t   *once;
};

/* what comes back: whole, or line by line */
typedef struct {
    gov_buf_t        text;
    govctl_line_pt   line;
    void            *data;
    int              stopped;       /* line() did not want the rest */
} govctl_sink_t;

void govctl_sink(govctl_sink_t *sink, gov_arena_t *a);


/*
 * Each gives an exit code and fills the answer.  _post and _ask go on asking
 * while govd starts anew; header NULL: none.
 */
int govctl_http_post(govctl_talk_t *t, gov_arena_t *a, gov_str_t url,
    gov_str_t *header, gov_str_t body, govctl_answer_t *answer);
int govctl_http_ask(govctl_talk_t *t, gov_arena_t *a, gov_str_t url,
    govctl_answer_t *answer);
int govctl_http_put(govctl_talk_t *t, gov_arena_t *a, int fd, size_t size,
    govctl_answer_t *answer);
int govctl_http_lines(govctl_talk_t *t, gov_arena_t *a, gov_str_t url,
    gov_str_t body, govctl_sink_t *sink, govctl_answer_t *answer);

/* the same of `govd --once`; v is the request */
int govctl_once_ask(govctl_talk_t *t, gov_arena_t *a, gov_value_t *v,
    govctl_answer_t *answer);
/* many, one after another; the answer's text has a line for each */
int govctl_once_many(govctl_talk_t *t, gov_arena_t *a, gov_value_t *lines,
    govctl_answer_t *answer);
int govctl_once_put(govctl_talk_t *t, gov_arena_t *a, int fd, size_t size,
    govctl_answer_t *answer);
int govctl_once_lines(govctl_talk_t *t, gov_arena_t *a, gov_value_t *v,
    govctl_sink_t *sink, govctl_answer_t *answer);

/* NULL: said why not */
govctl_once_t *govctl_once_begin(govctl_t *ctl);
void govctl_once_end(govctl_once_t **o);


#endif /* _GOVCTL_TALK_H_INCLUDED_ */
