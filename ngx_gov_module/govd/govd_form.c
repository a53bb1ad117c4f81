
/*
 * Copyright (C) ngx_gov authors
 *
 * A form as a browser sends it (application/x-www-form-urlencoded, or
 * multipart/form-data, where a text may come as a file), read by
 * libmicrohttpd, as the input of a command:
 *
 *     a field of the command    one value, the last one counts; a list's add
 *                               up; a member of a map is MAP.MEMBER
 *     _csrf _op _to _from       the form's own: token, operation id, where to
 *                               go on, the page it stands on
 *     _new=1                    what is empty was not given (else it is
 *                               cleared)
 *
 * What was typed is kept for the answer of a failure, secrets are not.
 */


#include <strings.h>

#include "govd/govd_door.h"


#define GOVD_FORM_FIELDS  2000
#define GOVD_FORM_NAME    64


typedef struct {
    govd_request_t  *r;
    unsigned         n;
    gov_str_t        key;           /* of the value that is being read */
    gov_buf_t        value;
    int              is_file;
    gov_value_t     *files;         /* what came as files */
} govd_form_t;


static enum MHD_Result govd_form_piece(void *data, enum MHD_ValueKind kind,
    const char *key, const char *file, const char *type,
    const char *encoding, const char *piece, uint64_t off, size_t size);
static int govd_form_takes(const char *type);
static void govd_form_end(govd_form_t *f);
static gov_rc_t govd_form_files(govd_form_t *f, gov_err_t *err);
static gov_str_t govd_form_lines(gov_str_t s);
static gov_value_t *govd_form_value(govd_request_t *r, gov_in_t *in,
    gov_value_t *v, int fresh);
static gov_in_t *govd_form_row(gov_in_t *table, gov_str_t name);
static void govd_form_member(govd_request_t *r, gov_in_t *table,
    gov_value_t *v, gov_value_t *input);
static void govd_form_path(gov_buf_t *b, gov_str_t to, gov_value_t *verdict);
static int govd_form_secret(gov_str_t name);
static gov_value_t *govd_form_own(gov_arena_t *a, gov_value_t *v);


/* fields that are never told back */

static const char  *const  govd_secrets[] = {
    "_csrf", "password", "again", "old", "code", "token", "secret", NULL
};


gov_rc_t
govd_form_read(govd_request_t *r, gov_err_t *err)
{
    int                        ok;
    const char                *type;
    govd_form_t                f;
    struct MHD_PostProcessor  *pp;

    type = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND,
                                       "Content-Type");

    if (!govd_form_takes(type)) {
        return gov_fail(err, GOV_INVALID, "", "请用网页表单提交");
    }

    memset(&f, 0, sizeof(govd_form_t));
    f.r = r;
    f.files = gov_map(r->arena);
    r->form = gov_map(r->arena);

    pp = MHD_create_post_processor(r->connection, 4096, govd_form_piece, &f);
    if (pp == NULL) {
        return gov_fail(err, GOV_INVALID, "", "表单不完整或字段过多");
    }

    ok = MHD_post_process(pp, (char *) r->body.s.data, r->body.s.len)
         == MHD_YES;
    ok = MHD_destroy_post_processor(pp) == MHD_YES && ok;

    govd_form_end(&f);

    if (!ok || gov_arena_failed(r->arena)) {
        return gov_fail(err, GOV_INVALID, "", "表单不完整或字段过多");
    }

    r->answer.input = govd_form_echo(r->arena, r->form);

    return govd_form_files(&f, err);
}


static int
govd_form_takes(const char *type)
{
    return type != NULL
           && (strncasecmp(type, MHD_HTTP_POST_ENCODING_FORM_URLENCODED,
                       sizeof(MHD_HTTP_POST_ENCODING_FORM_URLENCODED) - 1)
               == 0
               || strncasecmp(type, MHD_HTTP_POST_ENCODING_MULTIPART_FORMDATA,
                       sizeof(MHD_HTTP_POST_ENCODING_MULTIPART_FORMDATA) - 1)
                  == 0);
}


/* a file's text stands in its field's place, and is not told back */

static gov_rc_t
govd_form_files(govd_form_t *f, gov_err_t *err)
{
    int           converted;
    gov_rc_t      rc;
    gov_value_t  *list;

    gov_each (list, f->files) {
        rc = gov_text_utf8(f->r->arena, &list->last->u.s, &converted, err);

        if (rc != GOV_OK) {
            return rc;
        }

        gov_set(f->r->form, gov_str_c(f->r->arena, list->key),
                gov_value_copy(f->r->arena, list));
    }

    return GOV_OK;
}


/* MHD_NO ends the reading: the form is refused */

static enum MHD_Result
govd_form_piece(void *data, enum MHD_ValueKind kind, const char *key,
    const char *file, const char *type, const char *encoding,
    const char *piece, uint64_t off, size_t size)
{
    govd_form_t  *f = data;

    (void) kind;
    (void) type;
    (void) encoding;

    if (off == 0) {
        govd_form_end(f);

        if (key == NULL || ++f->n > GOVD_FORM_FIELDS
            || strlen(key) > GOVD_FORM_NAME || *key == '\0')
        {
            return MHD_NO;
        }

        /* of a field of files that nothing was chosen in, an empty one */

        if (file != NULL && *file == '\0') {
            return MHD_YES;
        }

        f->is_file = file != NULL;
        f->key = gov_str_copy(f->r->arena, gov_str_of(key));
        gov_buf_init(&f->value, f->r->arena, size + 1);
    }

    if (f->key.len) {
        gov_buf_add(&f->value, piece, size);
    }

    return MHD_YES;
}


/* a name that comes again makes a list */

static void
govd_form_end(govd_form_t *f)
{
    gov_arena_t  *a = f->r->arena;
    gov_value_t  *v, *list, *form;

    if (f->key.len == 0) {
        return;
    }

    v = gov_val_str(a, govd_form_lines(f->value.s));
    form = f->is_file ? f->files : f->r->form;
    list = gov_member_s(form, f->key);

    if (list == NULL) {
        list = gov_list(a);
        gov_put_key(form, f->key, list);
    }

    gov_add(list, v);
    f->key.len = 0;
}


/* a text area's lines end with CRLF */

static gov_str_t
govd_form_lines(gov_str_t s)
{
    size_t  i, n;

    for (i = 0, n = 0; i < s.len; i++) {
        if (s.data[i] != '\r' || i + 1 == s.len || s.data[i + 1] != '\n') {
            s.data[n++] = s.data[i];
        }
    }

    s.len = n;

    return s;
}


gov_str_t
govd_form_str(govd_request_t *r, const char *name)
{
    gov_value_t  *list;

    list = gov_member(r->form, name);

    return list ? list->last->u.s : gov_s("");
}


gov_value_t *
govd_form_input(govd_request_t *r, gov_in_t *table)
{
    int           fresh;
    gov_in_t     *in;
    gov_value_t  *list, *v, *input;

    input = gov_map(r->arena);
    fresh = gov_str_is(govd_form_str(r, "_new"), "1");

    gov_each(list, r->form) {
        if (gov_str_starts(list->key, "_")) {
            continue;
        }

        in = govd_form_row(table, list->key);

        if (in == NULL) {
            govd_form_member(r, table, list, input);
            continue;
        }

        v = govd_form_value(r, in, list, fresh);

        /* in the place of a map that members began: a text is none, and is
         * refused */

        if (v != NULL) {
            gov_set(input, in->name, v);
        }
    }

    return input;
}


static gov_in_t *
govd_form_row(gov_in_t *table, gov_str_t name)
{
    gov_in_t  *in;

    for (in = table; in->name; in++) {
        if (gov_str_is(name, in->name)) {
            return in;
        }
    }

    return NULL;
}


/* NULL: not given.  What cannot be said by nothing at all is not given when
 * it is empty */

static gov_value_t *
govd_form_value(govd_request_t *r, gov_in_t *in, gov_value_t *list, int fresh)
{
    gov_str_t     s;
    gov_value_t  *item, *v;

    s = list->last->u.s;

    switch (in->kind) {

    case GOV_IN_LIST:
        v = gov_list(r->arena);

        gov_each(item, list) {
            if (item->u.s.len) {
                gov_add(v, gov_val_str(r->arena, item->u.s));
            }
        }

        return v->n || !fresh ? v : NULL;

    case GOV_IN_BOOL:
        if (gov_str_is(s, "on")) {
            s = gov_s("1");
        }

        break;

    case GOV_IN_STR:
    case GOV_IN_TEXT:
    case GOV_IN_BODY:
        return s.len || !fresh ? gov_val_str(r->arena, s) : NULL;

    default:
        break;
    }

    return s.len ? gov_val_str(r->arena, s) : NULL;
}


/* "fields.K"; a name that nothing knows goes on, to be refused by it */

static void
govd_form_member(govd_request_t *r, gov_in_t *table, gov_value_t *list,
    gov_value_t *input)
{
    u_char       *dot;
    gov_in_t     *in;
    gov_str_t     name, member;
    gov_value_t  *map;

    name = list->key;
    dot = memchr(name.data, '.', name.len);
    in = NULL;

    if (dot != NULL) {
        member.data = dot + 1;
        member.len = (size_t) (name.data + name.len - member.data);
        name.len = (size_t) (dot - name.data);
        in = govd_form_row(table, name);
    }

    if (in == NULL || in->kind != GOV_IN_MAP) {
        gov_put_key(input, list->key,
                    gov_val_str(r->arena, list->last->u.s));
        return;
    }

    map = gov_member(input, in->name);

    if (map == NULL) {
        map = gov_put_map(r->arena, input, in->name);
    }

    if (map->kind != GOV_MAP) {
        return;                 /* a text, which is refused */
    }

    gov_put_key(map, member, gov_val_str(r->arena, list->last->u.s));
}


gov_value_t *
govd_form_echo(gov_arena_t *a, gov_value_t *form)
{
    gov_value_t  *list, *echo;

    echo = gov_map(a);

    gov_each(list, form) {
        if (!govd_form_secret(list->key) && gov_text_json(list->key)) {
            gov_put_key(echo, list->key, govd_form_own(a, list));
        }
    }

    return echo;
}


static int
govd_form_secret(gov_str_t name)
{
    unsigned  i;

    for (i = 0; govd_secrets[i]; i++) {
        if (gov_str_is(name, govd_secrets[i])) {
            return 1;
        }
    }

    return 0;
}


/* one value as itself, several as a list; what JSON cannot say is empty */

static gov_value_t *
govd_form_own(gov_arena_t *a, gov_value_t *list)
{
    gov_str_t     s;
    gov_value_t  *item, *all;

    all = gov_list(a);

    gov_each(item, list) {
        s = gov_text_json(item->u.s) ? item->u.s : gov_s("");

        if (list->n == 1) {
            return gov_val_str(a, s);
        }

        gov_add(all, gov_val_str(a, s));
    }

    return all;
}


/* POST /console/do/COMMAND */

void
govd_form_command(govd_request_t *r)
{
    gov_rc_t        rc;
    gov_err_t       err;
    gov_str_t       op;
    gov_value_t    *input;
    gov_command_t  *command;

    memset(&err, 0, sizeof(gov_err_t));

    rc = govd_form_read(r, &err);

    if (rc == GOV_OK && govd_web_csrf(r, govd_form_str(r, "_csrf")) != 0) {
        return;
    }

    command = gov_command_find(r->name);

    if (rc == GOV_OK && command == NULL) {
        rc = gov_fail(&err, GOV_NOT_FOUND, "command",
                      "没有名为“%.*s”的命令",
                      gov_strf(gov_utf8_head(r->name, 60)));
    }

    if (rc == GOV_OK) {
        input = govd_form_input(r, command->in);
        op = govd_form_str(r, "_op");
        rc = govd_op_fill(r->g->conf, r->arena, &r->job.op, r->name, input,
                          op.len ? op : govd_header_op(r), 0, &err);
    }

    if (rc != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &err);
        return;
    }

    r->after = govd_form_done;
    govd_api_queue(r);
}


void
govd_form_done(govd_request_t *r)
{
    gov_buf_t     b, to;
    gov_value_t  *v, *verdict;

    if (r->job.rc != GOV_OK
        || gov_json_parse(r->arena, r->job.body, &verdict, NULL) != GOV_OK)
    {
        return;
    }

    gov_buf_init(&to, r->arena, 128);
    govd_form_path(&to, govd_form_way(r, "_to"), verdict);

    r->to = to.s;

    v = gov_map(r->arena);
    gov_put(v, "verdict", verdict);

    if (r->job.seq == 0) {
        /* nothing was to be changed: no entry will ever say so */
        gov_put_bool(r->arena, v, "same", 1);
        gov_put_str(r->arena, v, "command", r->job.op.command);
    }

    gov_put_some(r->arena, v, "to", to.s);
    gov_put_str(r->arena, v, "op", gov_opid_str(r->arena, r->job.op.id));

    gov_buf_init(&b, r->arena, r->job.body.len + 128);
    gov_json_write(&b, v, 0);
    govd_answer_ok(&r->answer, b.s);
}


/* "/console/docs/{doc}": a member of the verdict, a text or a number */

static void
govd_form_path(gov_buf_t *b, gov_str_t to, gov_value_t *verdict)
{
    u_char       *p, *end, *close;
    gov_str_t     name;
    gov_value_t  *v;

    end = to.data + to.len;

    for (p = to.data; p < end; p++) {
        close = *p == '{' ? memchr(p, '}', (size_t) (end - p)) : NULL;

        if (close == NULL) {
            gov_buf_add(b, p, 1);
            continue;
        }

        name.data = p + 1;
        name.len = (size_t) (close - name.data);
        v = gov_member_s(verdict, name);
        p = close;

        if (v && v->kind == GOV_STR) {
            gov_buf_uri(b, v->u.s);

        } else if (v && v->kind == GOV_INT) {
            gov_buf_number(b, (uint64_t) v->u.i);
        }
    }
}


/* an address elsewhere would let a form that somebody made send people away
 * from here just after they signed in */

gov_str_t
govd_form_way(govd_request_t *r, const char *name)
{
    gov_str_t  way;

    way = govd_form_str(r, name);

    return gov_url_below(way, "/console/") ? way : gov_s("");
}
