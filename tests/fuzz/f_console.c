
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages of the console, made and rendered.  First byte: the letter of who is
 * signed in (fuzz_people.h), else nobody; second: i is with what was typed in
 * a form that failed, e in English.  First line: the path below /console/;
 * then a field of the query a line, NAME=VALUE, behind a "&" one of the form.
 */


#define _GNU_SOURCE         /* memmem */

#include "script/gov_script.h"
#include "view/gov_console.h"

#include "fuzz_people.h"


static gov_script_lib_t  *f_lib;
static gov_script_t      *f_script;


static void
f_script_end(void)
{
    gov_script_close(&f_script);
    gov_script_lib_close(&f_lib);
}


static void
f_script_begin(void)
{
    gov_err_t          err;
    gov_script_conf_t  conf;

    if (f_script != NULL) {
        return;
    }

    memset(&err, 0, sizeof(gov_err_t));
    memset(&conf, 0, sizeof(gov_script_conf_t));
    conf.time_ms = 60000;

    if (gov_script_lib_open(&f_lib, &err) != GOV_OK
        || gov_script_lib_add(f_lib, "", "lua", &err) != GOV_OK
        || gov_script_open(f_lib, &conf, &f_script, &err) != GOV_OK)
    {
        f_broken(err.text, __FILE__, __LINE__);
    }

    (void) atexit(f_script_end);
}


/* as nginx reads fields: a name that comes again makes a list */

static void
f_field(gov_arena_t *a, gov_value_t *map, gov_str_t line)
{
    u_char       *eq;
    gov_str_t     name, text;
    gov_value_t  *v, *list;

    eq = line.len ? memchr(line.data, '=', line.len) : NULL;
    name = line;
    name.len = eq ? (size_t) (eq - line.data) : line.len;
    text.data = eq ? eq + 1 : line.data + line.len;
    text.len = (size_t) (line.data + line.len - text.data);

    if (name.len == 0 || !gov_text_json(name) || !gov_text_json(text)) {
        return;
    }

    v = gov_member_s(map, name);

    if (v == NULL) {
        gov_put_key(map, name, gov_val_str(a, text));
        return;
    }

    if (v->kind != GOV_LIST) {
        list = gov_list(a);
        gov_add(list, gov_val_str(a, v->u.s));
        gov_set(map, gov_str_c(a, name), list);
        v = list;
    }

    gov_add(v, gov_val_str(a, text));
}


static void
f_fields(gov_console_t *c, gov_str_t rest)
{
    gov_str_t  line;

    while (rest.len) {
        line = f_line(&rest);

        if (line.len && line.data[0] == '&') {
            line.data++;
            line.len--;

            if (c->input != NULL) {
                f_field(c->arena, c->input, line);
            }

        } else {
            f_field(c->arena, c->args, line);
        }
    }
}


/* an address that the browser is sent to is one of here */

static void
f_way(gov_str_t to)
{
    size_t  i;

    f_must(gov_str_starts(to, "/console/"));

    for (i = 0; i < to.len; i++) {
        f_must(to.data[i] > ' ' && to.data[i] < 0x7f);
    }
}


static int
f_has(gov_str_t s, const char *part)
{
    return memmem(s.data, s.len, part, strlen(part)) != NULL;
}


/* what came from outside begins no tag and ends no attribute: no page of ours
 * has these */

static void
f_shown(gov_console_t *c)
{
    gov_buf_t  b;
    gov_err_t  err;

    memset(&err, 0, sizeof(gov_err_t));
    gov_buf_init(&b, c->arena, 65536);

    if (gov_script_render(f_script, gov_s(""), c->view, c->lang, c->out, &b,
                          &err)
        != GOV_OK)
    {
        f_broken(err.text, c->view, 0);
    }

    f_must(gov_utf8_valid(b.s));
    f_must(!f_has(b.s, "<zq") && !f_has(b.s, "x\"zq"));
}


static void
f_page(gov_console_t *c)
{
    c->txn = f_begin(GOV_TXN_READ);
    gov_console_make(c);

    f_must(c->status >= 200 && c->status < 600);

    if (c->to.len) {
        f_must(c->status == 303);
        f_way(c->to);

    } else if (c->digest.len == 0) {
        f_must(c->view != NULL);
        f_shown(c);
    }

    gov_txn_end(&c->txn);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char         token[GOV_TOKEN_LEN];
    gov_str_t      rest;
    gov_arena_t   *a;
    gov_console_t  c;

    if (size < 2 || size > 4096) {
        return 0;
    }

    f_people();
    f_script_begin();

    a = gov_arena_new(65536);
    memset(&c, 0, sizeof(gov_console_t));
    rest = f_str(data + 2, size - 2);

    c.arena = a;
    c.now = F_NOW;
    c.path = gov_str_cat(a, gov_s(GOV_CONSOLE_BASE), f_line(&rest));
    c.query = rest;
    c.links.scheme = gov_s("https");
    c.host = gov_s("www.xianyang.localhost");
    c.op = gov_s("018f0000-0000-7000-8000-000000000001");
    c.lang = data[1] == 'e' ? "en" : "zh";
    c.assets = gov_map(a);
    c.args = gov_map(a);

    if (memchr("wcap", data[0], 4)) {
        f_token(token, data[0]);
        c.token = token;
    }

    if (data[1] == 'i') {
        c.status = 422;
        c.input = gov_map(a);
        c.problem = gov_map(a);
        gov_put_int(a, c.problem, "status", 422);
        gov_put_c(a, c.problem, "field", "title");
        gov_put_c(a, c.problem, "detail", "不对");
        gov_put_c(a, c.problem, "command", "/console/do/doc.edit");
    }

    f_fields(&c, rest);
    f_page(&c);
    gov_arena_free(&a);

    return 0;
}
