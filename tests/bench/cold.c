
/*
 * Copyright (C) ngx_gov authors
 *
 * What a page costs that has no copy: it is made N times from a store, whole
 * and in its parts, in one process without nginx.
 *
 *     cold STORE LUA HOST PATH N [PART]
 *
 * A line a figure: "NAME VALUE UNIT", parts as parts.h says; counts are of one
 * page.
 *
 * The first page, whose templates are compiled, is made before anything is
 * measured.
 */


#include <sys/resource.h>

#include "page/gov_page.h"
#include "store/gov_store_int.h"

#include "parts.h"


#define COLD_MAP   (4UL << 30)      /* small enough for valgrind */
#define COLD_RING  (8 * 1024 * 1024)


typedef struct {
    gov_store_t       *store;
    gov_txn_t         *txn;
    gov_script_t      *script;
    gov_variant_t     *variant;
    gov_arena_t       *arena;       /* as the worker's, for each page */
    gov_arena_t       *kept;        /* what a part begins from */
    gov_page_req_t     req;
    gov_page_t         page;
    gov_value_t       *values;
    gov_str_t          bundle;
    gov_copies_ref_t   copies;
    gov_copy_key_t     key;
} cold_t;


static unsigned long  cold_mallocs, cold_gets, cold_opens, cold_moves;


static void cold_open(cold_t *c, char **argv);
static void cold_make(void *data);
static void cold_view(void *data);
static void cold_script(void *data);
static void cold_gzip(void *data);
static void cold_brotli(void *data);
static void cold_keep(void *data);
static void cold_all(void *data);


static part_t  cold_parts[] = {
    { "all", cold_all },
    { "make", cold_make },
    { "view", cold_view },
    { "script", cold_script },
    { "gzip", cold_gzip },
    { "brotli", cold_brotli },
    { "keep", cold_keep },
    { NULL, NULL }
};


/* the C library's own are named twice, so that these can count */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);


void *
malloc(size_t size)
{
    cold_mallocs++;
    return __libc_malloc(size);
}


void *
calloc(size_t n, size_t size)
{
    cold_mallocs++;
    return __libc_calloc(n, size);
}


void *
realloc(void *p, size_t size)
{
    cold_mallocs++;
    return __libc_realloc(p, size);
}


/* a backend that counts over LMDB's */

static gov_rc_t
cold_get(void *txn, gov_str_t key, gov_str_t *value)
{
    cold_gets++;
    return gov_lmdb_backend.get(txn, key, value);
}


static gov_rc_t
cold_cursor_open(void *txn, void **cursor)
{
    cold_opens++;
    return gov_lmdb_backend.cursor_open(txn, cursor);
}


static gov_rc_t
cold_cursor_move(void *cursor, gov_move_t move, gov_str_t *key,
    gov_str_t *value)
{
    cold_moves++;
    return gov_lmdb_backend.cursor_move(cursor, move, key, value);
}


static void
cold_die(const char *what, gov_err_t *err)
{
    fprintf(stderr, "cold: %s: %s\n", what, err != NULL ? err->text : "");
    exit(1);
}


static void
cold_nothing(void *data)
{
    (void) data;
}


static void
cold_begin(cold_t *c)
{
    gov_err_t  err;

    if (gov_txn_begin(c->store, GOV_TXN_READ, &c->txn, &err) != GOV_OK) {
        cold_die("snapshot", &err);
    }

    c->req.txn = c->txn;
}


static void
cold_make(void *data)
{
    gov_err_t  err;
    cold_t    *c = data;

    err.text[0] = '\0';

    cold_begin(c);
    gov_arena_reset(c->arena);

    if (gov_page_make(&c->req, &c->page, &err) != GOV_OK
        || c->page.status != 200)
    {
        cold_die("page", &err);
    }

    gov_txn_end(&c->txn);
}


static void
cold_gzip(void *data)
{
    cold_t  *c = data;

    c->page.gzip = gov_variant_gzip(c->variant, c->arena, c->page.body);
}


static void
cold_brotli(void *data)
{
    cold_t  *c = data;

    c->page.br = gov_variant_brotli(c->arena, c->page.body);
}


static void
cold_keep(void *data)
{
    gov_copy_t   copy;
    cold_t      *c = data;

    memset(&copy, 0, sizeof(gov_copy_t));
    copy.proof = c->page.proof;
    copy.status = 200;
    copy.gzip = c->page.gzip;
    copy.br = c->page.br;

    gov_copies_put(&c->copies, &c->key, &copy);
}


static void
cold_all(void *data)
{
    cold_t  *c = data;

    cold_make(c);
    gov_variant_make(c->variant, c->arena, &c->page);
    cold_keep(c);
}


/* the values alone, as gov_page.c asks for a home page's */

static gov_value_t *
cold_values(cold_t *c, gov_arena_t *a)
{
    gov_view_t    v;
    gov_place_t   place;
    gov_value_t  *values;

    if (gov_site_resolve(c->txn, a, c->req.host, c->req.path, &place)
        != GOV_OK
        || gov_view_begin(&v, c->txn, a, c->req.now, c->req.links,
                          place.site)
           != GOV_OK)
    {
        cold_die("site", NULL);
    }

    v.assets = c->req.assets;
    v.path = c->req.path;

    if (gov_view_home(&v, &values) != GOV_OK) {
        cold_die("view", NULL);
    }

    c->bundle = v.site.rec.bundle;

    return values;
}


static void
cold_view(void *data)
{
    cold_t  *c = data;

    cold_begin(c);
    gov_arena_reset(c->arena);
    (void) cold_values(c, c->arena);
    gov_txn_end(&c->txn);
}


/* Lua and what it needs: the prepared state, the values, two templates */

static void
cold_script(void *data)
{
    gov_buf_t   b;
    gov_err_t   err;
    cold_t     *c = data;

    gov_arena_reset(c->arena);
    gov_buf_init(&b, c->arena, 48 * 1024);

    if (gov_script_render(c->script, c->bundle, "home", "zh", c->values, &b,
                          &err)
        != GOV_OK)
    {
        cold_die("script", &err);
    }
}


static void
cold_open(cold_t *c, char **argv)
{
    gov_err_t                err;
    gov_store_conf_t         conf;
    gov_script_lib_t        *lib;
    gov_script_conf_t        budget;

    static gov_backend_t     backend;
    static gov_links_conf_t  links = {
        gov_string("http"), gov_string(":8080")
    };
    static gov_assets_t      assets = {
        gov_string("/_gov/assets/gov.0123456789abcdef.css"),
        gov_string("/_gov/assets/gov.0123456789abcdef.js")
    };

    backend = gov_lmdb_backend;
    backend.get = cold_get;
    backend.cursor_open = cold_cursor_open;
    backend.cursor_move = cold_cursor_move;

    memset(&conf, 0, sizeof(gov_store_conf_t));
    conf.dir = argv[1];
    conf.map_size = COLD_MAP;
    conf.backend = &backend;

    if (gov_store_open(&conf, &c->store, &err) != GOV_OK) {
        cold_die("store", &err);
    }

    memset(&budget, 0, sizeof(gov_script_conf_t));
    budget.time_ms = 60000;         /* valgrind is slow */

    if (gov_script_lib_open(&lib, &err) != GOV_OK
        || gov_script_lib_add(lib, "", argv[2], &err) != GOV_OK
        || gov_script_open(lib, &budget, &c->script, &err) != GOV_OK)
    {
        cold_die("script", &err);
    }

    c->arena = gov_arena_new(384 * 1024);
    c->variant = gov_variant_open();
    c->kept = gov_arena_new(64 * 1024);

    c->req.arena = c->arena;
    c->req.script = c->script;
    c->req.links = &links;
    c->req.assets = &assets;
    c->req.now = gov_now();
    c->req.host = gov_str_of(argv[3]);
    c->req.path = gov_str_of(argv[4]);

    c->copies.shared = gov_copies_init(__libc_malloc(COLD_RING), COLD_RING,
                                       1);
    c->copies.lock = cold_nothing;
    c->copies.unlock = cold_nothing;
    c->key.key = c->req.host;
    c->key.hash = gov_copies_hash(c->copies.shared, c->key.key);
}


static void
cold_count(cold_t *c)
{
    struct rusage  before, after;

    (void) getrusage(RUSAGE_SELF, &before);
    cold_mallocs = cold_gets = cold_opens = cold_moves = 0;
    cold_all(c);
    (void) getrusage(RUSAGE_SELF, &after);

    printf("mallocs %lu calls\n", cold_mallocs);
    printf("faults %ld pages\n", after.ru_minflt - before.ru_minflt);
    printf("gets %lu calls\n", cold_gets);
    printf("scans %lu calls\n", cold_opens);
    printf("moves %lu calls\n", cold_moves);
    printf("page_bytes %zu bytes\n", c->page.body.len);
    printf("arena_bytes %zu bytes\n", gov_arena_used(c->arena));
    printf("gzip_bytes %zu bytes\n", c->page.gzip.len);
    printf("brotli_bytes %zu bytes\n", c->page.br.len);
    printf("sites %u in the proof\n", c->page.proof.deps.n);
}


int
main(int argc, char **argv)
{
    static cold_t  c;

    if (argc < 6) {
        fprintf(stderr, "usage: %s STORE LUA HOST PATH N [PART]\n", argv[0]);
        return 2;
    }

    cold_open(&c, argv);

    /* the values of the script's part stay, as does their snapshot */

    cold_begin(&c);
    c.values = cold_values(&c, c.kept);
    c.txn = NULL;
    cold_all(&c);

    parts_run(cold_parts, &c, (unsigned) atoi(argv[5]), argv[6]);

    if (argc == 6) {
        cold_count(&c);
    }

    return 0;
}
