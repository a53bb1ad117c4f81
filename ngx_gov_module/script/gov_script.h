
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
 * The base bundle runs in one long-lived state; a bundle with code of its
 * own gets a fresh state for every render, so that nothing is shared between
 * sites.  Every call is bounded by instructions, wall time and memory; a
 * call that overruns is ended with GOV_BUSY and counted.  Nothing called
 * from Lua owns a resource: an error thrown there leaks nothing.
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
    unsigned     wall_ms;         /* per call; 50 */
} gov_script_conf_t;

typedef struct {
    uint64_t     renders;
    uint64_t     hooks;
    uint64_t     failed;          /* errors thrown, syntax aside */
    uint64_t     overruns;        /* of instructions, time or memory */
} gov_script_count_t;


gov_rc_t gov_script_lib_open(gov_script_lib_t **lib, gov_err_t *err);
/* name "" is the base; dir is read recursively: views parts words hooks gov */
gov_rc_t gov_script_lib_add(gov_script_lib_t *lib, const char *name,
    const char *dir, gov_err_t *err);
/* every folder of dir is a bundle, but for "_..." and hidden ones */
gov_rc_t gov_script_lib_add_all(gov_script_lib_t *lib, const char *dir,
    gov_err_t *err);
/* compiles everything; the first error as "FILE:LINE: reason" */
gov_rc_t gov_script_lib_check(gov_script_lib_t *lib, gov_err_t *err);
int gov_script_lib_has(gov_script_lib_t *lib, gov_str_t bundle);
/* 64 bits of a digest over every source: copies made by other sources are
 * not served */
uint64_t gov_script_lib_stamp(gov_script_lib_t *lib);
void gov_script_lib_close(gov_script_lib_t **lib);

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
 * gives back what it returned, built in the arena; no hook of that name, or
 * one that returned nil: *out = in.  A failed hook is counted and *out = in.
 */
gov_rc_t gov_script_hook(gov_script_t *s, gov_str_t bundle, const char *name,
    gov_value_t *in, gov_arena_t *a, gov_value_t **out, gov_err_t *err);
/* whether a call could change anything, so that callers may skip it */
int gov_script_has_hook(gov_script_t *s, gov_str_t bundle, const char *name);

/* the sentence of the newest failure, counted or returned; "" at first */
const char *gov_script_last(gov_script_t *s);
void gov_script_counts(gov_script_t *s, gov_script_count_t *c);


#endif /* _GOV_SCRIPT_H_INCLUDED_ */
