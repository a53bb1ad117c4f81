
/*
 * Copyright (C) ngx_gov authors
 *
 * script: values into bytes.  The only user of Lua (5.4).
 *
 * A library holds the sources of every bundle, read from disk once: the base
 * bundle ("lua/") and bundles of sites with code of their own.  It is
 * immutable and may be read at configuration time to find errors:
 *
 *     gov_script_lib_open(&lib, err);
 *     gov_script_lib_add(lib, "", "lua", err);           the base
 *     gov_script_lib_add(lib, "qindu", "sites/qindu", err);
 *     gov_script_lib_check(lib, err);                    "FILE:LINE: reason"
 *
 * An engine runs it in one process, one render at a time:
 *
 *     gov_script_open(lib, &conf, &script, err);
 *     gov_script_render(script, bundle, "home", values, &out, err);
 *
 * Every render and every hook, of the base too, begins from the same bytes:
 * a state prepared once for a bundle and view, copied back over whatever the
 * call before has done.  Nothing is shared between sites or kept between
 * calls.  Every call is bounded by time and memory, a site's own code by
 * instructions too; one that overruns is ended with GOV_BUSY and counted.
 * Nothing called from Lua owns a resource: an error thrown there leaks
 * nothing.
 *
 * An engine is opened in the process that uses it (after fork) and belongs
 * to one thread, the only one of the process that renders.  The first use of
 * a view compiles it, about a millisecond.
 *
 * A library must outlive its engines.  Values are borrowed for the call.
 */


#ifndef _GOV_SCRIPT_H_INCLUDED_
#define _GOV_SCRIPT_H_INCLUDED_


#include "base/gov_base.h"


typedef struct gov_script_lib_s  gov_script_lib_t;
typedef struct gov_script_s      gov_script_t;

typedef struct {
    size_t       memory;          /* bytes a state may hold; 8 MiB */
    unsigned     instructions;    /* per call, in thousands; 5,000 */
    unsigned     time_ms;         /* of the processor per call; 40 */
} gov_script_conf_t;

typedef struct {
    uint64_t     renders;
    uint64_t     hooks;
    uint64_t     failed;          /* ended by an error */
    uint64_t     overruns;        /* of instructions, time or memory */
} gov_script_count_t;


gov_rc_t gov_script_lib_open(gov_script_lib_t **lib, gov_err_t *err);
/* name "" is the base; dir is read recursively: views parts words hooks gov.
 * What it cannot read as a bundle is GOV_INVALID, and nothing is added */
gov_rc_t gov_script_lib_add(gov_script_lib_t *lib, const char *name,
    const char *dir, gov_err_t *err);
/* every folder of dir is a bundle, but for "_..." and hidden ones */
gov_rc_t gov_script_lib_add_all(gov_script_lib_t *lib, const char *dir,
    gov_err_t *err);
/* compiles everything, runs nothing; the first error as "FILE:LINE: reason" */
gov_rc_t gov_script_lib_check(gov_script_lib_t *lib, gov_err_t *err);
int gov_script_lib_has(gov_script_lib_t *lib, gov_str_t bundle);
/* 64 bits of a digest over every source: copies made by other sources are
 * not served */
uint64_t gov_script_lib_stamp(gov_script_lib_t *lib);
void gov_script_lib_close(gov_script_lib_t **lib);

/* conf may be NULL; a member that is 0 is as said above */
gov_rc_t gov_script_open(gov_script_lib_t *lib, gov_script_conf_t *conf,
    gov_script_t **s, gov_err_t *err);
void gov_script_close(gov_script_t **s);

/*
 * Renders template "views/NAME.html" of the bundle or, where it has none, of
 * the base, inside "views/layout.html".  A bundle's template that fails is
 * replaced by the base's and the failure counted; only the base's own
 * failure is returned.  lang picks the words ("zh" or "en").
 */
gov_rc_t gov_script_render(gov_script_t *s, gov_str_t bundle,
    const char *name, const char *lang, gov_value_t *values, gov_buf_t *out,
    gov_err_t *err);

/*
 * Calls hook "hooks/NAME.lua" of the bundle or of the base with a value and
 * gives back the value with what the hook may change (lua/hooks.md) taken
 * from its answer, built in the arena and sharing the rest with in.  No such
 * hook, or one that returned nil: *out = in.  A failed hook is counted and
 * *out = in.  A hook that may leave the value out, and does: *out is a
 * GOV_BOOL.  Only a name that is no hook point is an error.
 */
gov_rc_t gov_script_hook(gov_script_t *s, gov_str_t bundle, const char *name,
    gov_value_t *in, gov_arena_t *a, gov_value_t **out, gov_err_t *err);
/* a page begins: until the next one a hook that overran is not asked again,
 * so that a page of many links or entries costs one overrun, not many */
void gov_script_begin(gov_script_t *s);
/* whether a call could change anything, so that callers may skip it */
int gov_script_has_hook(gov_script_t *s, gov_str_t bundle, const char *name);

/* the sentence of the newest failure, counted or returned; "" at first */
const char *gov_script_last(gov_script_t *s);
void gov_script_counts(gov_script_t *s, gov_script_count_t *c);


#endif /* _GOV_SCRIPT_H_INCLUDED_ */
