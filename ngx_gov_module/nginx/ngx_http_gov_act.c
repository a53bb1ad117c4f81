
/*
 * Copyright (C) ngx_gov authors
 *
 * What a form of the console does.  govd reads the form, judges it and does
 * it; what it answers becomes
 *
 *     done                 303 to where govd says
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
    return s.len < 2048 && gov_url_below(s, GOV_CONSOLE_BASE);
}


static void
ngx_http_gov_act_add(gov_buf_t *b, const char *name, gov_str_t value)
{
    gov_buf_fmt(b, "%s%s=",
                b->s.len && memchr(b->s.data, '?', b->s.len) ? "&" : "?",
                name);
    gov_buf_uri(b, value);
}


/* where govd says; the page there says what was done */

static gov_str_t
ngx_http_gov_act_to(ngx_http_gov_act_t *act)
{
    gov_buf_t  b;
    gov_str_t  to;

    to = gov_get_str(act->answer, "to");

    gov_buf_init(&b, act->c.arena, 256);
    gov_buf_str(&b, ngx_http_gov_act_is_way(to) ? to
                                               : gov_s(GOV_CONSOLE_BASE));

    if (gov_member(act->answer, "verdict") != NULL) {
        ngx_http_gov_act_add(&b, "done", gov_get_str(act->answer, "op"));
    }

    return b.s;
}


/* an address of the console, else its first page */

static void
ngx_http_gov_act_page(ngx_http_gov_act_t *act, gov_str_t url)
{
    u_char  *mark;

    if (!ngx_http_gov_act_is_way(url)) {
        url = gov_s(GOV_CONSOLE_BASE);
    }

    act->c.path = url;
    mark = ngx_strlchr(url.data, url.data + url.len, '?');

    if (mark != NULL) {
        act->c.path.len = mark - url.data;
        act->c.query.data = mark + 1;
        act->c.query.len = url.data + url.len - (mark + 1);
    }

    act->c.args = gov_form_fields(act->c.arena, act->c.query);
}


/* what must not be printed into a page again, and what the page makes anew */

static void
ngx_http_gov_act_forget(gov_value_t *form)
{
    const char  **name;

    static const char  *secret[] = {
        "password", "again", "old", "_csrf", NULL
    };

    for (name = secret; *name; name++) {
        gov_unset(form, *name);
    }
}


/* a preview is a button of a form that does something else; who is not signed
 * in sends the preview again */

static gov_str_t
ngx_http_gov_act_command(ngx_http_gov_act_t *act, ngx_uint_t status)
{
    gov_str_t  uri;

    uri = ngx_http_gov_str(&act->r->uri);

    if (status == NGX_HTTP_UNAUTHORIZED
        || !gov_str_is(uri, NGX_HTTP_GOV_TYPED))
    {
        return uri;
    }

    return gov_get_str(act->form, "doc").len
           ? gov_s("/console/do/doc.edit") : gov_s("/console/do/doc.create");
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
                ngx_http_gov_act_command(act, status));

    ngx_http_gov_act_page(act, gov_get_str(act->form, "_from"));
    ngx_http_gov_act_forget(act->form);

    act->c.told = gov_member(gov_member(problem, "input"), "factor");
    act->c.problem = problem;
    act->c.input = act->form;
    act->c.status = status;

    return ngx_http_gov_console_show(act->r, &act->c);
}


/*
 * A one-time link is told in this answer and nowhere else, as is that nothing
 * was to be changed: it stands on the page that would come next.
 */

static ngx_int_t
ngx_http_gov_act_done(ngx_http_gov_act_t *act)
{
    gov_str_t     to;
    gov_value_t  *verdict;

    to = ngx_http_gov_act_to(act);
    verdict = gov_member(act->answer, "verdict");

    if (gov_get_bool(act->answer, "same")) {
        verdict = act->answer;

    } else if (gov_get_str(verdict, "link").len == 0) {
        return ngx_http_gov_respond_to(act->r, NGX_HTTP_SEE_OTHER, to);
    }

    ngx_http_gov_act_page(act, to);
    act->c.told = verdict;

    return ngx_http_gov_console_show(act->r, &act->c);
}


/* a form with a file is not read here: govd tells back what was typed */

static gov_value_t *
ngx_http_gov_act_typed(ngx_http_gov_act_t *act)
{
    ngx_table_elt_t  *type;

    static ngx_str_t  files = ngx_string("multipart/");

    type = act->r->headers_in.content_type;

    if (type == NULL || type->value.len < files.len
        || ngx_strncasecmp(type->value.data, files.data, files.len) != 0)
    {
        return gov_form_fields(act->c.arena,
                               ngx_http_gov_body(act->r, act->c.arena));
    }

    return gov_member(act->answer, "input") != NULL
           ? gov_value_copy(act->c.arena, gov_member(act->answer, "input"))
           : gov_map(act->c.arena);
}


ngx_int_t
ngx_http_gov_act_answer(ngx_http_request_t *r, ngx_http_gov_ctx_t *ctx)
{
    ngx_uint_t          status;
    ngx_http_gov_act_t  act;

    ngx_memzero(&act, sizeof(ngx_http_gov_act_t));
    act.r = r;
    act.ctx = ctx;

    ngx_http_gov_console_begin(r, &act.c);

    if (ngx_http_gov_submit_is_away(ctx)) {
        act.form = ngx_http_gov_act_typed(&act);
        return ngx_http_gov_act_problem(&act, NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    if (gov_json_parse(act.c.arena, ngx_http_gov_submit_text(ctx),
                       &act.answer, NULL)
        != GOV_OK)
    {
        act.answer = NULL;
    }

    act.form = ngx_http_gov_act_typed(&act);

    if (ngx_http_gov_submit_headers(r, ctx->sub) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    status = ctx->sub_status;

    if (status == NGX_HTTP_OK) {
        return ngx_http_gov_act_done(&act);
    }

    /* what a form's field is to be is said by 422: the API says 400 */

    return ngx_http_gov_act_problem(&act, status == NGX_HTTP_BAD_REQUEST
                                              ? 422 : status);
}
