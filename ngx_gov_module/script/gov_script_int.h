
/*
 * Copyright (C) ngx_gov authors
 *
 * script, inside.  The files, from below:
 *
 *     gov_lua_heap.c     the memory a state lives in, and its images
 *     gov_lua.c          a state: budget, protected calls, loading of text
 *     gov_lua_watch.c    the end of a state's time, by a timer
 *     gov_lua_globals.h  the list of everything a script can see
 *     gov_lua_base.c     assert, error, ipairs ... and math
 *     gov_lua_string.c   string, which counts bytes, and fmt
 *     gov_lua_str.c      str, which counts characters
 *     gov_lua_table.c    table
 *     gov_lua_out.c      output and escaping
 *     gov_lua_value.c    value trees to tables and back
 *     gov_template.c     template marks to Lua text
 *     gov_hook.c         the hook points
 *     gov_script_lib.c   sources of the bundles
 *     gov_script_dir.c   every bundle of a folder
 *     gov_script_check.c errors found before anything runs
 *     gov_script_image.c what a render starts from, kept
 *     gov_script.c       render and hook
 */


#ifndef _GOV_SCRIPT_INT_H_INCLUDED_
#define _GOV_SCRIPT_INT_H_INCLUDED_


#include <lua.h>
#include <lauxlib.h>

#include "script/gov_script.h"


typedef struct gov_heap_s       gov_heap_t;
typedef struct gov_image_s      gov_image_t;
typedef struct gov_lua_s        gov_lua_t;
typedef struct gov_hook_row_s   gov_hook_row_t;
typedef struct gov_source_s     gov_source_t;
typedef struct gov_bundle_s     gov_bundle_t;


/* the heap: one mapping, given back as a whole by loading an image */

#define GOV_HEAP_CLASSES  128

struct gov_heap_s {
    size_t        top;            /* nothing beyond was ever given out */
    size_t        size;
    void         *spare[GOV_HEAP_CLASSES];
};

typedef struct {
    size_t        offset;         /* in the heap */
    size_t        size;
} gov_heap_run_t;

/* runs of a heap, one behind the other in bytes; free(bytes) ends it */

struct gov_image_s {
    size_t          size;         /* of bytes, what the shelf holds */
    lua_State      *state;
    u_char         *bytes;
    gov_heap_run_t *runs;         /* at the end of bytes */
    size_t          n;
};

gov_heap_t *gov_heap_open(size_t size);
void gov_heap_close(gov_heap_t **h);
void gov_heap_clear(gov_heap_t *h);
void *gov_heap_alloc(gov_heap_t *h, void *p, size_t old, size_t size);
int gov_heap_save(gov_heap_t *h, gov_image_t *image);
void gov_heap_load(gov_heap_t *h, gov_image_t *image);


/* why a call was ended; nothing but GOV_LUA_WITHIN can be survived */

typedef enum {
    GOV_LUA_WITHIN = 0,
    GOV_LUA_STEPS,
    GOV_LUA_TIME,
    GOV_LUA_MEMORY,
    GOV_LUA_OUTPUT
} gov_lua_over_t;

typedef struct {
    int64_t       steps;          /* instructions */
    int64_t       time;           /* nanoseconds of the thread */
} gov_lua_budget_t;

/* of the watch; nginx has no use for signals of this kind */
#define GOV_LUA_SIGNAL    (SIGRTMIN + 5)

struct gov_lua_s {
    lua_State      *state;
    gov_heap_t     *heap;

    size_t          block;        /* the largest single block */
    size_t          text;         /* the largest string, with its head */
    gov_lua_over_t  over;
    int64_t         steps;        /* left */
    int64_t         time;
    int64_t         due;          /* of the monotonic clock */
    int64_t         cpu;          /* of the thread's, at the beginning */
    size_t          work;         /* bytes since the clock was read */

    gov_buf_t      *out;          /* NULL outside a render */
    size_t          room;         /* bytes it may still take */

    char            where[96];    /* FILE:LINE of an overrun */
};

/* what the registry holds of a prepared state */

typedef enum {
    GOV_SLOT_ENV = 16,
    GOV_SLOT_VIEW,
    GOV_SLOT_LAYOUT,
    GOV_SLOT_PARTS,
    GOV_SLOT_HOOK
} gov_slot_t;

gov_rc_t gov_lua_open(gov_lua_t *g, size_t memory, gov_err_t *err);
void gov_lua_close(gov_lua_t *g);
/* an empty sandbox in a cleared heap */
gov_rc_t gov_lua_fresh(gov_lua_t *g, gov_lua_budget_t *b, gov_err_t *err);
void gov_lua_begin(gov_lua_t *g, gov_lua_budget_t *b);
/* the budget is looked at each time so many instructions were run */
void gov_lua_hooked(lua_State *L, int instructions);
/*
 * Until the second the script is ended when the budget's time is over.  One of
 * the base is not counted, and may have a string as large as any block.
 */
void gov_lua_watch(gov_lua_t *g, int base);
void gov_lua_unwatch(void);
/* calls f(data) protected; GOV_BUSY for an overrun, GOV_ERROR else */
gov_rc_t gov_lua_run(gov_lua_t *g, lua_CFunction f, void *data,
    gov_err_t *err);
/* pushes the chunk or throws "NAME:LINE: reason"; text only */
void gov_lua_load(lua_State *L, const char *name, const char *head,
    gov_str_t text);
/* pays for n bytes handled in C; throws when the budget is gone */
void gov_lua_pay(lua_State *L, size_t n);

static inline gov_lua_t *
gov_lua_of(lua_State *L)
{
    return *(gov_lua_t **) lua_getextraspace(L);
}

/* arguments: numbers are never made of strings, tables have no metatable */
lua_Integer gov_lua_int(lua_State *L, int arg);
lua_Integer gov_lua_opt(lua_State *L, int arg, lua_Integer dflt);
gov_str_t gov_lua_arg(lua_State *L, int arg);
/* offsets of [i, j] as string.sub() counts, from the end where negative */
size_t gov_lua_from(lua_Integer i, size_t len);
size_t gov_lua_until(lua_Integer i, size_t len);

#define gov_lua_push(L, s)                                                    \
    lua_pushlstring(L, (s).data != NULL ? (char *) (s).data : "", (s).len)

int gov_lua_put(lua_State *L);

/* throw when memory ends or a tree is deeper than 64 */
void gov_lua_push_value(lua_State *L, gov_value_t *v);
gov_value_t *gov_lua_value(lua_State *L, int index, gov_arena_t *a);


/*
 * A template becomes the text of one Lua chunk with the same line numbers,
 * called as chunk(_ENV, v, _put, _parts, it).  Names of included parts go to
 * parts, without "parts/" and ".html"; they point into text.
 */

#define GOV_TEMPLATE_PARTS  64

typedef struct {
    gov_str_t     name[GOV_TEMPLATE_PARTS];
    unsigned      line[GOV_TEMPLATE_PARTS];
    unsigned      n;
} gov_parts_t;

gov_rc_t gov_template_compile(gov_str_t text, const char *file,
    gov_buf_t *lua, gov_parts_t *parts, gov_err_t *err);


/* one row a hook point; see lua/hooks.md */

struct gov_hook_row_s {
    const char   *name;
    const char   *changes;        /* members it may change, by spaces */
    int           drops;          /* may answer false: leave it out */
    unsigned      steps;          /* in thousands */
    unsigned      time_ms;
};

const gov_hook_row_t *gov_hook_find(const char *name);
const gov_hook_row_t *gov_hook_row(unsigned i);
unsigned gov_hook_bit(const gov_hook_row_t *row);
/* the next name of row->changes from *p, of no bytes after the last */
gov_str_t gov_hook_member(const char **p);
/* in with the members of answer in the place of its own */
gov_value_t *gov_hook_merge(gov_value_t *in, gov_value_t *answer,
    gov_arena_t *a);


struct gov_source_s {
    gov_str_t      path;          /* "views/home.html" */
    const char    *label;         /* "lua/views/home.html" */
    gov_str_t      text;
};

struct gov_bundle_s {
    gov_str_t      name;
    gov_source_t  *sources;       /* sorted by path */
    unsigned       n;
    unsigned       places;        /* in sources */
    unsigned       hooks;         /* bits of gov_hook_bit() */
    unsigned       views;         /* has more than hooks */
    gov_bundle_t  *next;
};

struct gov_script_lib_s {
    gov_arena_t   *arena;
    gov_bundle_t  *base;
    gov_bundle_t  *bundles;       /* the base is not among them */
    unsigned       n;
};

gov_bundle_t *gov_script_bundle(gov_script_lib_t *lib, gov_str_t name);
/* of the bundle, else of the base, else NULL; bundle may be NULL */
gov_source_t *gov_script_source(gov_script_lib_t *lib, gov_bundle_t *b,
    const char *folder, gov_str_t name, const char *suffix);
/* pushes the file's chunk or throws; parts are those of a template */
void gov_script_load(lua_State *L, gov_source_t *src, gov_arena_t *a,
    gov_parts_t *parts);


/* what a render or a hook starts from: a prepared state */

typedef struct gov_prepared_s  gov_prepared_t;
typedef struct gov_shelf_s     gov_shelf_t;

typedef enum {
    GOV_PREPARED_VIEW = 0,
    GOV_PREPARED_HOOK
} gov_prepared_kind_t;

struct gov_prepared_s {
    gov_prepared_kind_t  kind;
    gov_bundle_t        *bundle;      /* NULL: the base */
    char                 name[48];
    char                 lang[8];
    uint64_t             used;        /* tick of the last use */
    gov_image_t          image;       /* bytes NULL: it failed, see err */
    gov_err_t            err;
};

#define GOV_SHELF_PLACES  256

struct gov_shelf_s {
    gov_prepared_t       place[GOV_SHELF_PLACES];
    unsigned             n;
    uint64_t             tick;
    size_t               size;
    size_t               limit;
};

/* loads the state into g, building it the first time */
gov_rc_t gov_shelf_take(gov_shelf_t *shelf, gov_script_lib_t *lib,
    gov_lua_t *g, gov_lua_budget_t *budget, gov_bundle_t *b,
    gov_prepared_kind_t kind, const char *name, const char *lang,
    gov_err_t *err);
void gov_shelf_clear(gov_shelf_t *shelf);


#endif /* _GOV_SCRIPT_INT_H_INCLUDED_ */
