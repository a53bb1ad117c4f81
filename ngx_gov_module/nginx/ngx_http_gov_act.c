
/*
 * Copyright (C) ngx_gov authors
 *
 * What a form of the console does.  govd reads the form, judges it and does
 * it; what it answers becomes
 *
 *     done                 303 to "_to", or where govd says
 *     a problem            the page "_from" again, with what was typed
 *     no session           the page that keeps what was typed
 *     govd is away         as a problem: 503
 *
 * Who asks for JSON gets govd's answer as it is.
 */


#include "ngx_http_gov.h"


typedef struct {
    ngx_http_request_t        *r;
    ngx_http_gov_ctx_t        *ctx;
    gov_console_t              c;
    gov_value_t               *form;
    gov_value_t               *answer;
} ngx_http_gov_act_t;


static ngx_int_t ngx_http_gov_act_answer(ngx_http_request_t *r,
    ngx_http_gov_ctx_t *ctx);


ngx_int_t
ngx_http_gov_console_act(ngx_http_request_t *r)
{
    return ngx_http_gov_submit(r, ngx_http_gov_wants_json(r)
                                      ? ngx_http_gov_submit_pass
                                      : ngx_http_gov_act_answer);
}


/* a path of the console alone: what a form says is not to lead out of it */

static ngx_uint_t
ngx_http_gov_act_is_way(gov_str_t s)
{
    return s.len < 2048 && gov_str_starts(s, GOV_CONSOLE_BASE)
           && gov_text_clean(s);
}


/* "/console/doc/{doc}": members of the verdict are filled in */

static gov_str_t
ngx_http_gov_act_fill(gov_arena_t *a, gov_str_t to, gov_value_t *verdict)
{
    u_char       *p, *end, *close;
    gov_buf_t     b;
    gov_str_t     name;
    gov_value_t  *v;

    gov_buf_init(&b, a, to.len + 64);
    end = to.data + to.len;

    for (p = to.data; p < end; p++) {
        close = *p == '{' ? ngx_strlchr(p, end, '}') : NULL;

        if (close == NULL) {
            gov_buf_add(&b, p, 1);
            continue;
        }

        name.data = p + 1;
        name.len = close - p - 1;
        v = gov_member_s(verdict, name);

        if (v != NULL && v->kind == GOV_INT) {
            gov_buf_number(&b, (uint64_t) v->u.i);

        } else if (v != NULL && v->kind == GOV_STR) {
            gov_buf_uri(&b, v->u.s);
        }

        p = close;
    }

    return b.s;
}


static void
ngx_http_gov_act_add(gov_buf_t *b, const char *name, gov_str_t value)
{
    gov_buf_fmt(b, "%s%s=",
                b->s.len && memchr(b->s.data, '?', b->s.len) ? "&" : "?",
                name);
    gov_buf_uri(b, value);
}


/* where govd says, or the form; a sign-in of several steps keeps its way */

static gov_str_t
ngx_http_gov_act_to(ngx_http_gov_act_t *act)
{
    gov_buf_t     b;
    gov_str_t     to, way;
    gov_value_t  *verdict;

    way = gov_get_str(act->form, "_to");

    if (!ngx_http_gov_act_is_way(way)) {
        way = gov_s(GOV_CONSOLE_BASE);
    }

    to = gov_get_str(act->answer, "to");
    gov_buf_init(&b, act->c.arena, 256);

    if (ngx_http_gov_act_is_way(to)) {
        gov_buf_str(&b, to);

        if (gov_str_starts(to, GOV_CONSOLE_BASE "sign-in")) {
            ngx_http_gov_act_add(&b, "to", way);
        }

        return b.s;
    }

    verdict = gov_member(act->answer, "verdict");
    gov_buf_str(&b, ngx_http_gov_act_fill(act->c.arena, way, verdict));

    if (verdict != NULL) {
        ngx_http_gov_act_add(&b, "done", gov_get_str(act->form, "_op"));
    }

    return b.s;
}


/* the page of the form, as it was asked for; else the first one */

static void
ngx_http_gov_act_page(ngx_http_gov_act_t *act)
{
    u_char     *mark;
    gov_str_t   from;

    from = gov_get_str(act->form, "_from");

    if (!ngx_http_gov_act_is_way(from)) {
        from = gov_s(GOV_CONSOLE_BASE);
    }

    act->c.path = from;
    mark = ngx_strlchr(from.data, from.data + from.len, '?');

    if (mark != NULL) {
        act->c.path.len = mark - from.data;
        act->c.query.data = mark + 1;
        act->c.query.len = from.data + from.len - (mark + 1);
    }

    act->c.args = ngx_http_gov_fields(act->c.arena, act->c.query);
}


/* what must not be printed into a page again, and what the page makes anew */

static void
ngx_http_gov_act_forget(gov_value_t *form)
{
    const char  **name;

    static const char  *secret[] = {
        "password", "again", "old", "code", "recovery", "_csrf", NULL
    };

    for (name = secret; *name; name++) {
        gov_unset(form, *name);
    }
}


static ngx_int_t
ngx_http_gov_act_problem(ngx_http_gov_act_t *act, ngx_uint_t status)
{
    gov_value_t  *problem;

    problem = act->answer;

    if (problem == NULL) {
        problem = gov_map(act->c.arena);
    }

    if (gov_member(problem, "status") == NULL) {
        gov_put_int(act->c.arena, problem, "status", status);
    }

    gov_put_str(act->c.arena, problem, "command",
                ngx_http_gov_str(&act->r->uri));

    ngx_http_gov_act_page(act);
    ngx_http_gov_act_forget(act->form);

    act->c.problem = problem;
    act->c.input = act->form;
    act->c.status = status;

    return ngx_http_gov_console_show(act->r, &act->c);
}


static ngx_int_t
ngx_http_gov_act_answer(ngx_http_request_t *r, ngx_http_gov_ctx_t *ctx)
{
    ngx_uint_t          status;
    ngx_http_gov_act_t  act;

    ngx_memzero(&act, sizeof(ngx_http_gov_act_t));
    act.r = r;
    act.ctx = ctx;

    ngx_http_gov_console_begin(r, &act.c);
    act.form = ngx_http_gov_fields(act.c.arena,
                                 ngx_http_gov_fields_body(r, act.c.arena));

    if (ngx_http_gov_submit_is_away(ctx)) {
        return ngx_http_gov_act_problem(&act, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    if (gov_json_parse(act.c.arena, ngx_http_gov_submit_text(ctx),
                       &act.answer, NULL)
        != GOV_OK)
    {
        act.answer = NULL;
    }

    if (ngx_http_gov_submit_headers(r, ctx->sub) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    status = ctx->sub_status;

    if (status == NGX_HTTP_OK) {
        return ngx_http_gov_respond_to(r, NGX_HTTP_SEE_OTHER,
                                       ngx_http_gov_act_to(&act));
    }

    /* what a form's field is to be is said by 422: the API says 400 */

    return ngx_http_gov_act_problem(&act, status == NGX_HTTP_BAD_REQUEST
                                              ? 422 : status);
}
