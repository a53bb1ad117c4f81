
/*
 * Copyright (C) ngx_gov authors
 *
 * What the tasks share: govd_task.c, govd_backup.c.
 */


#ifndef _GOVD_TASK_H_INCLUDED_
#define _GOVD_TASK_H_INCLUDED_


#include "govd/govd_int.h"


typedef struct {
    govd_conf_t  *conf;
    gov_store_t  *store;            /* open for reading */
    gov_arena_t  *arena;
    gov_value_t  *in;
    gov_value_t  *end;              /* members of the last line */
    int64_t       lines;
    uint64_t      total;            /* entries of the journal */
    gov_err_t     err;
} govd_task_t;


/* a line at once, so that who waits sees how far it is */
void govd_task_say(govd_task_t *k, gov_value_t *v);

gov_rc_t govd_task_backup(govd_task_t *k);


#endif /* _GOVD_TASK_H_INCLUDED_ */
