
/*
 * Copyright (C) ngx_gov authors
 *
 * Forms of the console.  First line: the command; second: the content type,
 * "u" for what a browser says of fields, "m" of files with the boundary
 * "xx"; then the body.
 */


#include "govd/govd_door.h"

#include "fuzz_door.h"


static gov_str_t  f_command;


static void
f_take(govd_request_t *r, const char *data, size_t n)
{
    gov_buf_add(&r->body, data, n);
}


/* an address inside the console, as it stands in a header */

static void
f_inside(gov_str_t way)
{
    size_t  i;

    f_must(gov_str_starts(way, "/console/"));

    for (i = 0; i < way.len; i++) {
        f_must(way.data[i] > ' ' && way.data[i] < 0x7f
               && way.data[i] != '\\');
    }
}


static void
f_told(govd_request_t *r)
{
    gov_value_t  *v, *echo;

    echo = r->answer.input;
    f_must(gov_json_parse(r->arena, f_json(r->arena, echo, 0), &v, NULL)
           == GOV_OK);

    f_must(gov_member(echo, "password") == NULL);
    f_must(gov_member(echo, "_csrf") == NULL);
    f_must(gov_member(echo, "code") == NULL);
}


static void
f_done(govd_request_t *r)
{
    gov_str_t  to;

    r->job.body = gov_s("{\"doc\":12,\"url\":\"/a b/\\u00e9?{x}\\n\","
                        "\"list\":[1]}");
    govd_form_done(r);

    to = govd_form_way(r, "_to");
    f_must((to.len == 0) == (r->to.len == 0));

    if (r->to.len) {
        f_inside(r->to);
    }
}


static void
f_given(govd_request_t *r)
{
    gov_op_t        op;
    gov_err_t       err;
    gov_txn_t      *txn;
    gov_value_t    *input;
    gov_command_t  *command;

    command = gov_command_find(f_command);
    if (command == NULL) {
        return;
    }

    memset(&op, 0, sizeof(gov_op_t));
    memset(&err, 0, sizeof(gov_err_t));
    input = govd_form_input(r, command->in);

    if (govd_op_fill(&f_conf, r->arena, &op, f_command, input,
                     govd_form_str(r, "_op"), 0, &err)
        != GOV_OK)
    {
        f_must(err.text[0] != '\0');
        return;
    }

    txn = f_begin(GOV_TXN_WRITE);
    (void) f_apply(txn, r->arena, f_command, input);
    gov_txn_end(&txn);
}


static void
f_whole_request(govd_request_t *r)
{
    gov_err_t  err;

    memset(&err, 0, sizeof(gov_err_t));

    if (govd_form_read(r, &err) != GOV_OK) {
        f_must(err.text[0] != '\0');
        return;
    }

    f_told(r);
    f_given(r);
    f_done(r);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gov_buf_t     b;
    gov_str_t     rest, type;
    gov_arena_t  *a;

    if (size > 32768) {
        return 0;
    }

    a = gov_arena_new(16384);
    rest = f_str(data, size);
    f_command = f_line(&rest);
    type = f_line(&rest);

    if (gov_str_is(type, "u")) {
        type = gov_s("application/x-www-form-urlencoded");

    } else if (gov_str_is(type, "m")) {
        type = gov_s("multipart/form-data; boundary=xx");
    }

    gov_buf_init(&b, a, 256);
    gov_buf_fmt(&b, "POST /console/do/x HTTP/1.1\r\nHost: x\r\n"
                "Connection: close\r\nContent-Length: %zu\r\n"
                "Content-Type: %.*s\r\n", rest.len,
                gov_strf(f_header(a, type)));

    f_ask(GOVD_WEB, b.s, rest);
    gov_arena_free(&a);

    return 0;
}
