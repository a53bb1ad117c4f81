
/*
 * Copyright (C) ngx_gov authors
 *
 * The OpenAPI 3.1 document, made from the lists of commands and questions.
 * Descriptions are those of the lists; nothing is said twice.
 */


#include "govd/govd_int.h"


typedef struct {
    gov_arena_t   *a;
    gov_value_t   *paths;
} govd_openapi_t;


static void govd_openapi_command(govd_openapi_t *o, gov_command_t *c);
static void govd_openapi_query(govd_openapi_t *o, gov_query_t *q);
static void govd_openapi_work(govd_openapi_t *o, gov_query_t *w);
static void govd_openapi_rest(govd_openapi_t *o);
static gov_value_t *govd_openapi_path(govd_openapi_t *o, const char *path,
    const char *name, const char *method);
static void govd_openapi_operation(govd_openapi_t *o, gov_value_t *op,
    const char *id, const char *tag, const char *summary, const char *title);
static void govd_openapi_body(govd_openapi_t *o, gov_value_t *op,
    gov_in_t *in);
static void govd_openapi_parameter(govd_openapi_t *o, gov_value_t *list,
    const char *where, const char *name, gov_value_t *schema,
    const char *what, int required);
static void govd_openapi_answers(govd_openapi_t *o, gov_value_t *op,
    const char *type, const char *what);
static gov_value_t *govd_openapi_input(govd_openapi_t *o, gov_in_t *in);
static gov_value_t *govd_openapi_schema(govd_openapi_t *o, gov_in_t *in);
static gov_value_t *govd_openapi_components(govd_openapi_t *o);


static const struct {
    const char  *type;
    const char  *format;
    const char  *pattern;
} govd_openapi_kinds[] = {
    [GOV_IN_STR] =  { "string", NULL, NULL },
    [GOV_IN_TEXT] = { "string", NULL, NULL },
    [GOV_IN_INT] =  { "integer", "int64", NULL },
    [GOV_IN_BOOL] = { "boolean", NULL, NULL },
    [GOV_IN_CODE] = { "string", NULL, "^[A-Za-z0-9._-]{1,40}$" },
    [GOV_IN_DOC] =  { "integer", "int64", NULL },
    [GOV_IN_DAY] =  { "string", "date", NULL },
    [GOV_IN_TIME] = { "string", NULL, NULL },
    [GOV_IN_BODY] = { "string", NULL, NULL },
    [GOV_IN_LIST] = { "array", NULL, NULL },
    [GOV_IN_MAP] =  { "object", NULL, NULL }
};


gov_value_t *
govd_openapi(gov_arena_t *a)
{
    gov_query_t     *q;
    gov_value_t     *root, *info, *servers;
    gov_command_t   *c;
    govd_openapi_t   o;

    root = gov_map(a);
    gov_put_c(a, root, "openapi", "3.1.0");

    info = gov_put_map(a, root, "info");
    gov_put_c(a, info, "title", "政府网站平台接口");
    gov_put_c(a, info, "version", GOVD_VERSION);
    gov_put_c(a, info, "description",
              "Commands change the platform, queries read it, works take "
              "long. Who may open the operator's socket (run/ctl.sock) may "
              "all of it. On the web the cookie of a session says who asks: "
              "what this account has no right to (x-right) is refused, and "
              "a command carries the token of the account's forms in the "
              "header Gov-Csrf. A verdict of more than 4 MB is told there as "
              "{entry, op} alone: its number in the journal and the "
              "operation.");

    servers = gov_put_list(a, root, "servers");
    gov_put_c(a, gov_add_map(a, servers), "url", "/api/v1");

    o.a = a;
    o.paths = gov_put_map(a, root, "paths");

    for (c = gov_commands; c->name; c++) {
        if (c->scope != GOV_SCOPE_INNER) {
            govd_openapi_command(&o, c);
        }
    }

    for (q = gov_queries; q->name; q++) {
        govd_openapi_query(&o, q);
    }

    for (q = gov_works; q->name; q++) {
        govd_openapi_work(&o, q);
    }

    govd_openapi_rest(&o);

    gov_put(root, "components", govd_openapi_components(&o));

    return root;
}


static void
govd_openapi_command(govd_openapi_t *o, gov_command_t *c)
{
    gov_value_t  *op, *list, *schema;

    op = govd_openapi_path(o, "/commands/", c->name, "post");
    govd_openapi_operation(o, op, c->name, "commands", c->summary, c->title);
    gov_put_c(o->a, op, "x-right", c->right);

    list = gov_put_list(o->a, op, "parameters");

    schema = gov_map(o->a);
    gov_put_c(o->a, schema, "type", "string");
    gov_put_c(o->a, schema, "format", "uuid");
    govd_openapi_parameter(o, list, "header", "Gov-Operation", schema,
                           "made once by whoever asks: asking again with the "
                           "same one gives the first verdict again", 0);

    schema = gov_map(o->a);
    gov_put_c(o->a, schema, "type", "string");
    gov_add(gov_put_list(o->a, schema, "enum"),
            gov_val_str(o->a, gov_s("1")));
    govd_openapi_parameter(o, list, "query", "dry_run", schema,
                           "1: checked, then not done", 0);

    govd_openapi_body(o, op, c->in);
    govd_openapi_answers(o, op, "application/json", "the verdict");
}


static void
govd_openapi_query(govd_openapi_t *o, gov_query_t *q)
{
    gov_in_t     *in;
    gov_value_t  *op, *list;

    op = govd_openapi_path(o, "/queries/", q->name, "get");
    govd_openapi_operation(o, op, q->name, "queries", q->summary, q->title);

    list = gov_put_list(o->a, op, "parameters");

    for (in = q->in; in->name; in++) {
        govd_openapi_parameter(o, list, "query", in->name,
                               govd_openapi_schema(o, in), in->what,
                               in->flags & GOV_IN_REQUIRED);
    }

    govd_openapi_answers(o, op, "application/json", "the answer");
}


static void
govd_openapi_work(govd_openapi_t *o, gov_query_t *w)
{
    gov_value_t  *op;

    op = govd_openapi_path(o, "/works/", w->name, "post");
    govd_openapi_operation(o, op, w->name, "works", w->summary, w->title);
    govd_openapi_body(o, op, w->in);
    govd_openapi_answers(o, op, "application/x-ndjson",
                         "lines; the last one has the member end");
}


static void
govd_openapi_rest(govd_openapi_t *o)
{
    gov_value_t  *op, *body;

    op = govd_openapi_path(o, "/blobs", "", "put");
    govd_openapi_operation(o, op, "blobs", "blobs",
                           "stores the bytes of an attachment", "存入附件");

    body = gov_put_map(o->a, op, "requestBody");
    gov_put_bool(o->a, body, "required", 1);
    (void) gov_put_map(o->a, gov_put_map(o->a, body, "content"),
                       "application/octet-stream");
    govd_openapi_answers(o, op, "application/json", "digest and size");

    op = govd_openapi_path(o, "/batch", "", "post");
    govd_openapi_operation(o, op, "batch", "commands",
                           "runs many commands in their order: a line "
                           "{command, input, op, dry_run} each, at most 500",
                           "批量执行命令");
    body = gov_put_map(o->a, op, "requestBody");
    gov_put_bool(o->a, body, "required", 1);
    (void) gov_put_map(o->a, gov_put_map(o->a, body, "content"),
                       "application/x-ndjson");
    govd_openapi_answers(o, op, "application/x-ndjson",
                         "lines {status, seq, op, body}, in the same order");

    op = govd_openapi_path(o, "/openapi.json", "", "get");
    govd_openapi_operation(o, op, "openapi", "api", "shows this document",
                           "接口说明");
    govd_openapi_answers(o, op, "application/json", "this document");
}


static gov_value_t *
govd_openapi_path(govd_openapi_t *o, const char *path, const char *name,
    const char *method)
{
    gov_value_t  *item;

    item = gov_map(o->a);
    gov_put_key(o->paths, gov_str_fmt(o->a, "%s%s", path, name), item);

    return gov_put_map(o->a, item, method);
}


static void
govd_openapi_operation(govd_openapi_t *o, gov_value_t *op, const char *id,
    const char *tag, const char *summary, const char *title)
{
    gov_put_c(o->a, op, "operationId", id);
    gov_add(gov_put_list(o->a, op, "tags"),
            gov_val_str(o->a, gov_str_of(tag)));
    gov_put_c(o->a, op, "summary", title);
    gov_put_c(o->a, op, "description", summary);
}


static void
govd_openapi_body(govd_openapi_t *o, gov_value_t *op, gov_in_t *in)
{
    gov_value_t  *body, *json;

    body = gov_put_map(o->a, op, "requestBody");
    gov_put_bool(o->a, body, "required", 1);

    json = gov_put_map(o->a, gov_put_map(o->a, body, "content"),
                       "application/json");
    gov_put(json, "schema", govd_openapi_input(o, in));
}


static void
govd_openapi_parameter(govd_openapi_t *o, gov_value_t *list,
    const char *where, const char *name, gov_value_t *schema,
    const char *what, int required)
{
    gov_value_t  *p;

    p = gov_add_map(o->a, list);
    gov_put_c(o->a, p, "name", name);
    gov_put_c(o->a, p, "in", where);
    gov_put_bool(o->a, p, "required", required != 0);
    gov_put_c(o->a, p, "description", what);
    gov_put(p, "schema", schema);
}


static void
govd_openapi_answers(govd_openapi_t *o, gov_value_t *op, const char *type,
    const char *what)
{
    gov_value_t  *answers, *ok, *schema;

    answers = gov_put_map(o->a, op, "responses");

    ok = gov_put_map(o->a, answers, "200");
    gov_put_c(o->a, ok, "description", what);

    schema = gov_put_map(o->a, gov_put_map(o->a,
                 gov_put_map(o->a, ok, "content"), type), "schema");
    gov_put_c(o->a, schema, "type", "object");

    gov_put_c(o->a, gov_put_map(o->a, answers, "default"), "$ref",
              "#/components/responses/Problem");
}


static gov_value_t *
govd_openapi_input(govd_openapi_t *o, gov_in_t *in)
{
    gov_in_t     *f;
    gov_value_t  *schema, *members, *required;

    schema = gov_map(o->a);
    gov_put_c(o->a, schema, "type", "object");
    gov_put_bool(o->a, schema, "additionalProperties", 0);

    members = gov_put_map(o->a, schema, "properties");
    required = gov_list(o->a);

    for (f = in; f->name; f++) {
        gov_put(members, f->name, govd_openapi_schema(o, f));

        if (f->flags & GOV_IN_REQUIRED) {
            gov_add(required, gov_val_str(o->a, gov_str_of(f->name)));
        }
    }

    if (required->n) {
        gov_put(schema, "required", required);
    }

    return schema;
}


static gov_value_t *
govd_openapi_schema(govd_openapi_t *o, gov_in_t *in)
{
    gov_value_t  *schema;

    schema = gov_map(o->a);
    gov_put_c(o->a, schema, "type", govd_openapi_kinds[in->kind].type);

    if (govd_openapi_kinds[in->kind].format) {
        gov_put_c(o->a, schema, "format",
                  govd_openapi_kinds[in->kind].format);
    }

    if (govd_openapi_kinds[in->kind].pattern) {
        gov_put_c(o->a, schema, "pattern",
                  govd_openapi_kinds[in->kind].pattern);
    }

    if (in->kind == GOV_IN_LIST) {
        (void) gov_put_map(o->a, schema, "items");
    }

    gov_put_c(o->a, schema, "description", in->what);

    return schema;
}


static gov_value_t *
govd_openapi_components(govd_openapi_t *o)
{
    gov_value_t  *root, *problem, *members, *answer;

    static const char  *texts[] = { "type", "title", "code", "field",
                                    "detail", "instance", NULL };
    const char        **name;

    root = gov_map(o->a);

    problem = gov_put_map(o->a, gov_put_map(o->a, root, "schemas"),
                          "Problem");
    gov_put_c(o->a, problem, "type", "object");
    gov_put_c(o->a, problem, "description", "RFC 9457");
    members = gov_put_map(o->a, problem, "properties");

    for (name = texts; *name; name++) {
        gov_put_c(o->a, gov_put_map(o->a, members, *name), "type", "string");
    }

    gov_put_c(o->a, gov_put_map(o->a, members, "status"), "type", "integer");

    answer = gov_put_map(o->a, gov_put_map(o->a, root, "responses"),
                         "Problem");
    gov_put_c(o->a, answer, "description",
              "why it was not done: code is invalid, not_found, conflict, "
              "denied, full, busy, too_large or error");
    gov_put_c(o->a, gov_put_map(o->a, gov_put_map(o->a,
                  gov_put_map(o->a, answer, "content"),
                  "application/problem+json"), "schema"),
              "$ref", "#/components/schemas/Problem");

    return root;
}
