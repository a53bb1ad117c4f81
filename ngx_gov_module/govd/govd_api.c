
/*
 * Copyright (C) ngx_gov authors
 *
 * The paths of the API:
 *
 *     POST /api/v1/commands/NAME[?dry_run=1]   input -> verdict
 *     POST /api/v1/batch                       lines -> lines
 *     GET  /api/v1/queries/NAME?FIELD=VALUE    -> answer
 *     POST /api/v1/works/NAME                  input -> lines, the last "end"
 *     PUT  /api/v1/blobs                       bytes -> digest
 *     GET  /api/v1/openapi.json                (on web.sock too)
 *     POST /console/upload                     a form with files -> verdict
 *
 * Until there are accounts, web.sock answers 403 to everything but the last.
 * nginx forwards the same paths, so that nothing else changes then.
 */


#include "govd/govd_upload.h"


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
static const char *govd_api_header(govd_request_t *r, const char *name);


static govd_route_t  govd_routes[] = {
    { "POST", "/api/v1/commands/", GOVD_BODY_MAX, 0, govd_api_command,
      NULL },
    { "POST", "/api/v1/batch", GOVD_BODY_MAX, 0, govd_api_batch, NULL },
    { "GET", "/api/v1/queries/", 0, 0, govd_api_query, NULL },
    { "POST", "/api/v1/works/", 65536, 0, govd_api_work, NULL },
    { "PUT", "/api/v1/blobs", GOVD_BLOB_MAX, 0, govd_api_blob,
      govd_api_blob_take },
    { "GET", "/api/v1/openapi.json", 0, 1, govd_api_openapi, NULL },
    { "POST", "/console/upload", GOVD_UPLOAD_MAX, 0, govd_upload_run,
      govd_upload_take },
    { NULL, NULL, 0, 0, NULL, NULL }
};


void
govd_route(govd_request_t *r, const char *method, const char *path)
{
    size_t         len;
    gov_str_t      s;
    govd_route_t  *route;

    s = gov_str_of(path);

    for (route = govd_routes; route->method; route++) {
        len = strlen(route->path);

        if (route->path[len - 1] == '/' ? gov_str_starts(s, route->path)
                                        : gov_str_is(s, route->path))
        {
            r->name.len = s.len - len;
            r->name.data = s.data + len;
            r->name = gov_str_copy(r->arena, r->name);
            break;
        }
    }

    if (route->method == NULL) {
        govd_answer_problem(r->arena, &r->answer, 404, "not_found", "",
                            "没有这个接口");
        return;
    }

    r->route = route;

    if (r->which == GOVD_WEB && !route->web) {
        govd_answer_problem(r->arena, &r->answer, 403, "denied", "",
                            "需要登录；账号功能开放之前，命令和查询"
                            "只在平台服务器上使用 govctl 进行");

    } else if (strcmp(method, route->method) != 0
               && !(strcmp(method, "HEAD") == 0
                    && strcmp(route->method, "GET") == 0))
    {
        govd_answer_problem(r->arena, &r->answer, 405, "method", "",
                            "这个接口不使用该方法");
    }
}


static void
govd_api_command(govd_request_t *r)
{
    gov_err_t     err;
    gov_rc_t      rc;
    gov_str_t     id;
    const char   *dry, *op;
    gov_value_t  *input;

    memset(&err, 0, sizeof(gov_err_t));

    op = govd_api_header(r, "Gov-Operation");
    id = op ? gov_str_of(op) : gov_s("");

    dry = MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND,
                                      "dry_run");

    rc = govd_api_input(r, &input, &err);

    if (rc == GOV_OK) {
        rc = govd_op_fill(r->arena, &r->job.op, r->name, input, id,
                          dry && strcmp(dry, "1") == 0, &err);
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

    r->job.op.blobs = r->g->conf->blobs;

    govd_door_queue(r);
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

    govd_ask(r->g->store, r->arena, r->name, input, &r->answer);
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


static const char *
govd_api_header(govd_request_t *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}
