
/*
 * Copyright (C) ngx_gov authors
 *
 * The paths of the API:
 *
 *     POST /api/v1/commands/NAME[?dry_run=1]   input -> verdict        web
 *     POST /api/v1/batch                       lines -> lines
 *     GET  /api/v1/queries/NAME?FIELD=VALUE    -> answer               web
 *     POST /api/v1/works/NAME                  input -> lines, the last "end"
 *     PUT  /api/v1/blobs                       bytes -> digest
 *     GET  /api/v1/openapi.json                                        open
 *     POST /console/do/NAME                    form -> {verdict, to}   web
 *     POST /console/text                       form -> {html}          web
 *     POST /console/preview                    the same, which nginx shows
 *     POST /console/sign-in ...                form -> {to}            open
 *     POST /console/upload                     form with files -> verdict  web
 *
 * web: on web.sock too, for who is signed in; open: for anybody.  The rest is
 * for the operator of the machine.
 */


#include "govd/govd_sign.h"
#include "govd/govd_upload.h"


static int govd_route_is(govd_route_t *route, gov_str_t path);
static int govd_route_takes(govd_route_t *route, const char *method);
static void govd_api_command(govd_request_t *r);
static void govd_api_query(govd_request_t *r);
static void govd_api_work(govd_request_t *r);
static void govd_api_blob(govd_request_t *r);
static void govd_api_blob_take(govd_request_t *r, const char *data,
    size_t n);
static void govd_api_openapi(govd_request_t *r);
static gov_rc_t govd_api_input(govd_request_t *r, gov_value_t **input,
    gov_err_t *err);
static enum MHD_Result govd_api_argument(void *data, enum MHD_ValueKind kind,
    const char *key, const char *value);


static govd_route_t  govd_routes[] = {
    { "POST", "/api/v1/commands/", GOVD_BODY_MAX, GOVD_SIGNED, 0,
      govd_api_command, NULL },
    { "POST", "/api/v1/batch", GOVD_BODY_MAX, GOVD_CLOSED, 0,
      govd_api_batch, NULL },
    { "GET", "/api/v1/queries/", 0, GOVD_SIGNED, 0, govd_api_query, NULL },
    { "POST", "/api/v1/works/", 65536, GOVD_CLOSED, 0, govd_api_work, NULL },
    { "PUT", "/api/v1/blobs", GOVD_BLOB_MAX, GOVD_CLOSED, 0, govd_api_blob,
      govd_api_blob_take },
    { "GET", "/api/v1/openapi.json", 0, GOVD_OPEN, 0, govd_api_openapi, NULL },
    { "POST", "/console/do/", GOVD_BODY_MAX, GOVD_SIGNED, 1,
      govd_form_command, NULL },
    { "POST", "/console/text", GOVD_BODY_MAX, GOVD_SIGNED, 1, govd_text,
      NULL },
    { "POST", "/console/preview", GOVD_BODY_MAX, GOVD_SIGNED, 1, govd_text,
      NULL },
    { "POST", "/console/sign-in", GOVD_FORM_MAX, GOVD_OPEN, 1,
      govd_sign_in, NULL },
    { "POST", "/console/sign-in/code", GOVD_FORM_MAX,
      govd_stage(GOV_STAGE_CODE), 1, govd_sign_code, NULL },
    { "POST", "/console/sign-in/password", GOVD_FORM_MAX,
      govd_stage(GOV_STAGE_PASSWORD) | GOVD_SIGNED, 1, govd_sign_password,
      NULL },
    { "GET", "/console/sign-in/factor", 0,
      govd_stage(GOV_STAGE_FACTOR) | GOVD_SIGNED, 0, govd_sign_factor_new,
      NULL },
    { "GET", "/console/account/factor", 0, GOVD_SIGNED, 0,
      govd_sign_factor_new, NULL },
    { "POST", "/console/sign-in/factor", GOVD_FORM_MAX,
      govd_stage(GOV_STAGE_FACTOR) | GOVD_SIGNED, 1, govd_sign_factor, NULL },
    { "POST", "/console/account/mail", GOVD_FORM_MAX, GOVD_SIGNED, 1,
      govd_sign_mail, NULL },
    { "POST", "/console/invite", GOVD_FORM_MAX, GOVD_OPEN, 1,
      govd_sign_invite, NULL },
    { "POST", "/console/sign-out", GOVD_FORM_MAX, GOVD_ANY_STAGE, 1,
      govd_sign_out, NULL },
    { "POST", "/console/upload", GOVD_UPLOAD_MAX, GOVD_SIGNED, 1,
      govd_upload_run, govd_upload_take },
    { NULL, NULL, 0, 0, 0, NULL, NULL }
};


void
govd_route(govd_request_t *r, const char *method, const char *path)
{
    gov_str_t      s;
    govd_route_t  *route;

    s = gov_str_of(path);

    for (route = govd_routes; route->method; route++) {
        if (!govd_route_is(route, s)) {
            continue;
        }

        r->route = route;
        r->name.len = s.len - strlen(route->path);
        r->name.data = s.data + strlen(route->path);
        r->name = gov_str_copy(r->arena, r->name);

        if (govd_route_takes(route, method)) {
            break;
        }
    }

    /* of the console's, an upload alone is something for the operator */

    if (r->route == NULL
        || (r->which == GOVD_CTL && gov_str_starts(s, "/console/")
            && r->route->take == NULL))
    {
        govd_answer_problem(r->arena, &r->answer, 404, "not_found", "",
                            "没有这个接口");

    } else if (r->which == GOVD_WEB && r->route->web == GOVD_CLOSED) {
        govd_answer_problem(r->arena, &r->answer, 403, "denied", "",
                            "这个接口只在平台服务器上使用");

    } else if (route->method == NULL) {
        govd_answer_problem(r->arena, &r->answer, 405, "method", "",
                            "这个接口不使用该方法");
    }
}


static int
govd_route_is(govd_route_t *route, gov_str_t path)
{
    return route->path[strlen(route->path) - 1] == '/'
           ? gov_str_starts(path, route->path)
           : gov_str_is(path, route->path);
}


static int
govd_route_takes(govd_route_t *route, const char *method)
{
    return strcmp(method, route->method) == 0
           || (strcmp(method, "HEAD") == 0
               && strcmp(route->method, "GET") == 0);
}


static void
govd_api_command(govd_request_t *r)
{
    gov_err_t     err;
    gov_rc_t      rc;
    const char   *dry;
    gov_value_t  *input;

    memset(&err, 0, sizeof(gov_err_t));

    dry = MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND,
                                      "dry_run");

    rc = govd_api_input(r, &input, &err);

    if (rc == GOV_OK) {
        rc = govd_op_fill(r->g->conf, r->arena, &r->job.op, r->name, input,
                          govd_header_op(r), dry && strcmp(dry, "1") == 0,
                          &err);
    }

    if (rc == GOV_OK && gov_command_find(r->name) == NULL) {
        rc = gov_fail(&err, GOV_NOT_FOUND, "command",
                      "没有名为“%.*s”的命令",
                      gov_strf(gov_utf8_head(r->name, 60)));
    }

    if (rc != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &err);
        return;
    }

    govd_api_queue(r);
}


void
govd_api_queue(govd_request_t *r)
{
    govd_api_who(r);
    govd_door_queue(r);
}


void
govd_api_who(govd_request_t *r)
{
    r->job.op.blobs = r->g->conf->blobs;

    if (r->signed_in) {
        r->job.op.account = (uint64_t) r->session.rec.account;
        r->job.op.session.data = r->session.hash;
        r->job.op.session.len = GOV_DIGEST_LEN;
    }
}


static gov_rc_t
govd_api_input(govd_request_t *r, gov_value_t **input, gov_err_t *err)
{
    if (r->body.s.len == 0) {
        *input = gov_map(r->arena);
        return GOV_OK;
    }

    return gov_json_parse(r->arena, r->body.s, input, err);
}


static void
govd_api_query(govd_request_t *r)
{
    gov_value_t  *input;

    r->job.data = r;
    input = gov_map(r->arena);
    r->job.op.input = input;

    (void) MHD_get_connection_values(r->connection, MHD_GET_ARGUMENT_KIND,
                                     govd_api_argument, r);

    govd_ask(r->g->conf, r->g->store, r->arena,
             r->signed_in ? r->session.hash : NULL, r->name, input,
             &r->answer);
}


static enum MHD_Result
govd_api_argument(void *data, enum MHD_ValueKind kind, const char *key,
    const char *value)
{
    gov_str_t        name;
    govd_request_t  *r = data;

    (void) kind;

    name = gov_str_copy(r->arena, gov_str_of(key));

    if (gov_member_s(r->job.op.input, name) == NULL) {
        gov_put_key(r->job.op.input, name,
                    gov_val_str(r->arena,
                        gov_str_copy(r->arena,
                                     gov_str_of(value ? value : ""))));
    }

    return MHD_YES;
}


static void
govd_api_work(govd_request_t *r)
{
    gov_rc_t      rc;
    gov_str_t     text;
    gov_err_t     err;
    gov_value_t  *input;

    memset(&err, 0, sizeof(gov_err_t));

    rc = govd_api_input(r, &input, &err);

    if (rc == GOV_OK) {
        text = r->body.s.len ? r->body.s : gov_s("{}");
        rc = govd_work_begin(r->g->conf, r->name, text, r->connection,
                             &r->response, &err);
    }

    if (rc != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &err);
    }
}


static void
govd_api_blob(govd_request_t *r)
{
    gov_rc_t   rc;
    gov_str_t  json;
    gov_err_t  err;

    memset(&err, 0, sizeof(gov_err_t));

    rc = r->blob.fd == -1 ? govd_blob_begin(&r->blob, &err) : GOV_OK;

    if (rc == GOV_OK) {
        rc = govd_blob_end(&r->blob, r->arena, r->g->conf->blobs, &json,
                           &err);
    }

    if (rc == GOV_OK) {
        govd_answer_ok(&r->answer, json);
    } else {
        govd_answer_err(r->arena, &r->answer, &err);
    }
}


static void
govd_api_blob_take(govd_request_t *r, const char *data, size_t n)
{
    if (r->blob.fd == -1) {
        (void) govd_blob_begin(&r->blob, &r->err);
    }

    if (r->err.code == GOV_OK) {
        (void) govd_blob_add(&r->blob, data, n, &r->err);
    }
}


static void
govd_api_openapi(govd_request_t *r)
{
    gov_buf_t  b;

    gov_buf_init(&b, r->arena, 65536);
    gov_json_write(&b, govd_openapi(r->arena), 0);
    govd_answer_ok(&r->answer, b.s);
}
