
/*
 * Copyright (C) ngx_gov authors
 *
 * What the console costs: a page of it, or a question that fills one, is made
 * N times from a store by who holds a session, in one process without nginx.
 *
 *     console STORE LUA TOKEN ASK INPUT N [PART]
 *
 * TOKEN: of the session, as its cookie has it.  ASK: a path below /console/,
 * or a question's name; INPUT: the members of its query or input, as JSON.
 * What is printed is said in parts.h:
 *
 *     all      session, rights, values and, of a page, the bytes
 *     values   without the bytes
 *     script   Lua and the bytes alone
 *
 * and behind them "rows N" and "bytes N", of the answer and of the page.
 */


#include "script/gov_script.h"
#include "view/gov_console.h"
#include "view/gov_query.h"

#include "parts.h"


#define CONSOLE_MAP    (8UL << 30)
#define CONSOLE_TOKEN  43           /* GOV_TOKEN_LEN in base64url */


typedef struct {
    gov_store_t     *store;
    gov_txn_t       *txn;
    gov_script_t    *script;
    gov_arena_t     *arena;         /* as the worker's, for each page */
    gov_arena_t     *kept;          /* what lives as long as the program */
    gov_value_t     *input;
    gov_str_t        ask;
    gov_value_t     *assets;
    u_char           token[GOV_TOKEN_LEN];

    gov_console_t    page;          /* made last, its snapshot open */
    gov_value_t     *answer;        /* of a question */
    gov_buf_t        body;
} console_t;


static void console_all(void *data);
static void console_values(void *data);
static void console_script(void *data);


static part_t  console_parts[] = {
    { "all", console_all },
    { "values", console_values },
    { "script", console_script },
    { NULL, NULL }
};


static void
console_die(const char *what, gov_err_t *err)
{
    fprintf(stderr, "console: %s: %s\n", what, err != NULL ? err->text : "");
    exit(1);
}


static int
console_is_page(console_t *c)
{
    return gov_str_starts(c->ask, GOV_CONSOLE_BASE);
}


static void
console_ask(console_t *c)
{
    gov_err_t       err;
    gov_console_t  *p = &c->page;

    memset(&err, 0, sizeof(gov_err_t));

    if (gov_signed(p->txn, p->arena, p->token, p->now, &p->me) != GOV_OK
        || p->me.is != GOV_SIGNED_IN
        || gov_query(p->txn, p->arena, &p->me.who, c->ask, c->input, p->now,
                     &c->answer, &err)
           != GOV_OK)
    {
        console_die("question", &err);
    }
}


static void
console_make(console_t *c)
{
    gov_console_make(&c->page);

    if (c->page.status != 200) {
        fprintf(stderr, "console: %.*s is answered by %d\n", gov_strf(c->ask),
                c->page.status);
        exit(1);
    }
}


/* the snapshot stays open, for the values point into it */

static void
console_values(void *data)
{
    gov_err_t       err;
    console_t      *c = data;
    gov_console_t  *p = &c->page;

    if (c->txn != NULL) {
        gov_txn_end(&c->txn);
    }

    if (gov_txn_begin(c->store, GOV_TXN_READ, &c->txn, &err) != GOV_OK) {
        console_die("snapshot", &err);
    }

    gov_arena_reset(c->arena);
    memset(p, 0, sizeof(gov_console_t));
    p->txn = c->txn;
    p->arena = c->arena;
    p->now = gov_now();
    p->path = c->ask;
    p->args = c->input;
    p->token = c->token;
    p->links.scheme = gov_s("http");
    p->links.port = gov_s(":8080");
    p->host = gov_s("localhost");
    p->op = gov_s("01234567-89ab-7def-8123-456789abcdef");
    p->lang = "zh";
    p->assets = c->assets;

    if (console_is_page(c)) {
        console_make(c);

    } else {
        console_ask(c);
    }
}


static void
console_script(void *data)
{
    gov_err_t   err;
    console_t  *c = data;

    if (!console_is_page(c)) {
        return;
    }

    gov_buf_init(&c->body, c->arena, 48 * 1024);

    if (gov_script_render(c->script, gov_s(""), c->page.view, c->page.lang,
                          c->page.out, &c->body, &err)
        != GOV_OK)
    {
        console_die("script", &err);
    }
}


static void
console_all(void *data)
{
    console_values(data);
    console_script(data);
}


static void
console_open_script(console_t *c, const char *lua)
{
    gov_err_t           err;
    gov_script_lib_t   *lib;
    gov_script_conf_t   budget;

    memset(&budget, 0, sizeof(gov_script_conf_t));
    budget.time_ms = 60000;         /* valgrind is slow */

    if (gov_script_lib_open(&lib, &err) != GOV_OK
        || gov_script_lib_add(lib, "", lua, &err) != GOV_OK
        || gov_script_open(lib, &budget, &c->script, &err) != GOV_OK)
    {
        console_die("script", &err);
    }
}


static void
console_open(console_t *c, char **argv)
{
    gov_str_t         token;
    gov_err_t         err;
    gov_store_conf_t  conf;

    memset(&conf, 0, sizeof(gov_store_conf_t));
    conf.dir = argv[1];
    conf.map_size = CONSOLE_MAP;

    if (gov_store_open(&conf, &c->store, &err) != GOV_OK) {
        console_die("store", &err);
    }

    console_open_script(c, argv[2]);

    c->arena = gov_arena_new(384 * 1024);
    c->kept = gov_arena_new(64 * 1024);
    c->ask = gov_str_of(argv[4]);

    if (gov_json_parse(c->kept, gov_str_of(argv[5]), &c->input, &err)
        != GOV_OK)
    {
        console_die("input", &err);
    }

    if (gov_unbase64url(c->kept, gov_str_of(argv[3]), &token) != 0
        || token.len != GOV_TOKEN_LEN)
    {
        console_die("token", NULL);
    }

    memcpy(c->token, token.data, GOV_TOKEN_LEN);
    c->assets = gov_map(c->kept);
}


static void
console_say(console_t *c)
{
    gov_value_t  *rows;

    if (console_is_page(c)) {
        printf("bytes %zu bytes\n", c->body.s.len);

    } else {
        rows = gov_member(c->answer, "rows");
        printf("rows %u rows\n", rows != NULL ? rows->n : 0);
    }
}


int
main(int argc, char **argv)
{
    static console_t  c;

    if (argc < 7) {
        fprintf(stderr, "usage: %s STORE LUA TOKEN ASK INPUT N [PART]\n",
                argv[0]);
        return 2;
    }

    console_open(&c, argv);
    console_all(&c);
    parts_run(console_parts, &c, (unsigned) atoi(argv[6]), argv[7]);

    if (argc == 7) {
        console_say(&c);
    }

    gov_txn_end(&c.txn);

    return 0;
}
