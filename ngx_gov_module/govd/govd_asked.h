
/*
 * Copyright (C) ngx_gov authors
 *
 * What the files of long work that people asked for share: govd_asked.c,
 * govd_table.c.
 */


#ifndef _GOVD_ASKED_H_INCLUDED_
#define _GOVD_ASKED_H_INCLUDED_


#include "govd/govd_int.h"
#include "people/gov_work.h"


/* how far it is goes into its row, outside the journal */
gov_rc_t govd_asked_note(govd_t *g, gov_work_t *w, gov_err_t *err);

/* works through a table from w->rec.done on; GOV_BUSY: go on another time */
gov_rc_t govd_table_run(govd_t *g, gov_arena_t *a, gov_work_t *w,
    gov_err_t *err);


#endif /* _GOVD_ASKED_H_INCLUDED_ */
