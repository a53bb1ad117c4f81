
/*
 * Copyright (C) ngx_gov authors
 *
 * POST /console/upload: a form (multipart/form-data) with
 *
 *     site                the code of the site whose library it is, before
 *                         the first file
 *     file ...            files, any number, under any name
 *     alt, decorative     of the files behind them
 *     unpack              a ZIP behind it becomes the files in it
 *     replace             digest of the file whose place the first one takes
 *     _op                 operation id, so that a form sent twice acts once
 *
 *     arrives --> files without a name --whole--> pool --> writer --> verdict
 *        |                                          |
 *        +-- broken off: they are gone              +-- each file looked at
 *
 * Bytes go straight to a file that has no name, which the kernel takes away
 * with its descriptor: whatever ends this process or the connection, there
 * is nothing to clear up.  What a form brought becomes one file.upload.
 */


#include <stdlib.h>

#include "content/gov_judge.h"
#include "govd/govd_file.h"
#include "govd/govd_upload.h"


#define GOVD_UPLOAD_BUFFER  65536       /* of the post processor */
#define GOVD_UPLOAD_FIELD   4000        /* bytes of a field */
#define GOVD_UPLOAD_FIELDS  50          /* names of fields */
#define GOVD_UPLOAD_EACH    3           /* fields of a file, before it */
#define GOVD_UPLOAD_DETAIL  250         /* characters told in a header */

#define GOVD_UPLOAD_HOME    "/console/"


struct govd_upload_s {
    struct MHD_PostProcessor  *post;
    gov_upload_t               rules;
    gov_value_t               *field;       /* that comes */
    govd_file_t               *files;
    govd_file_t              **last;
    govd_file_t               *file;        /* that comes */
    gov_str_t                  bare;        /* its names: no byte came yet */
    unsigned                   n;
    unsigned                   fields;      /* one name may come often */
};


static gov_rc_t govd_upload_begin(govd_request_t *r);
static enum MHD_Result govd_upload_part(void *data, enum MHD_ValueKind kind,
    const char *key, const char *filename, const char *type,
    const char *coding, const char *bytes, uint64_t at, size_t n);
static void govd_upload_field(govd_request_t *r, const char *key,
    const char *bytes, uint64_t at, size_t n);
static int govd_upload_fits(govd_request_t *r, uint64_t at, size_t n);
static int govd_upload_begun(govd_request_t *r, const char *key,
    const char *filename, size_t n);
static void govd_upload_file(govd_request_t *r, const char *filename);
static gov_rc_t govd_upload_judge(govd_request_t *r);
static gov_value_t *govd_upload_at(govd_request_t *r);
static void govd_upload_bytes(govd_request_t *r, const char *bytes,
    size_t n);
static void govd_upload_look(void *data);
static gov_rc_t govd_upload_unpack(govd_request_t *r, govd_file_t *zip);
static gov_value_t *govd_upload_input(govd_request_t *r);
static void govd_upload_told(govd_request_t *r, gov_value_t *refused,
    govd_file_t *file);
static void govd_upload_add(gov_buf_t *b, const char *name, gov_str_t value);
static void govd_upload_problem(govd_request_t *r);
static void govd_upload_all_refused(govd_request_t *r, gov_value_t *input);


void
govd_upload_take(govd_request_t *r, const char *data, size_t n)
{
    if (r->upload == NULL && govd_upload_begin(r) != GOV_OK) {
        return;
    }

    if (MHD_post_process(r->upload->post, data, n) != MHD_YES
        && r->answer.status == 0)
    {
        (void) gov_fail(&r->err, GOV_INVALID, "", "表单无法读取");
    }
}


static gov_rc_t
govd_upload_begin(govd_request_t *r)
{
    gov_rc_t        rc;
    gov_txn_t      *t;
    govd_upload_t  *u;

    u = calloc(1, sizeof(govd_upload_t));
    if (u == NULL) {
        gov_out_of_memory();
    }

    r->upload = u;
    u->last = &u->files;
    r->form = gov_map(r->arena);

    rc = gov_txn_begin(r->g->store, GOV_TXN_READ, &t, &r->err);

    if (rc == GOV_OK) {
        rc = gov_upload_get(t, r->arena, gov_now(), &u->rules);
        u->rules.types = gov_value_copy(r->arena, u->rules.types);
        gov_txn_end(&t);
    }

    if (rc != GOV_OK) {
        return gov_fail(&r->err, rc, "", "读取上传规定失败");
    }

    u->post = MHD_create_post_processor(r->connection, GOVD_UPLOAD_BUFFER,
                                        govd_upload_part, r);

    return u->post ? GOV_OK
                   : gov_fail(&r->err, GOV_INVALID, "",
                              "上传要用 multipart/form-data 表单");
}


static enum MHD_Result
govd_upload_part(void *data, enum MHD_ValueKind kind, const char *key,
    const char *filename, const char *type, const char *coding,
    const char *bytes, uint64_t at, size_t n)
{
    govd_request_t  *r = data;

    (void) kind;
    (void) type;
    (void) coding;

    if (filename == NULL) {
        r->upload->bare.len = 0;
        govd_upload_field(r, key, bytes, at, n);

    } else {
        if (at == 0 && !govd_upload_begun(r, key, filename, n)) {
            govd_upload_file(r, filename);
        }

        govd_upload_bytes(r, bytes, n);
    }

    return r->err.code == GOV_OK && r->answer.status == 0 ? MHD_YES : MHD_NO;
}


/* what stands before a file is that file's: the last of its name counts */

static void
govd_upload_field(govd_request_t *r, const char *key, const char *bytes,
    uint64_t at, size_t n)
{
    gov_str_t       name, piece;
    gov_value_t    *list;
    govd_upload_t  *u = r->upload;

    if (key == NULL || !govd_upload_fits(r, at, n)) {
        (void) gov_fail(&r->err, GOV_INVALID, "", "表单的内容过大");
        return;
    }

    if (at == 0) {
        name = gov_str_copy(r->arena, gov_str_of(key));
        list = gov_member_s(r->form, name);

        if (list == NULL) {
            list = gov_list(r->arena);
            gov_put_key(r->form, name, list);
        }

        u->field = gov_val_str(r->arena, (gov_str_t) gov_null_string);
        gov_add(list, u->field);
    }

    piece.data = (u_char *) bytes;
    piece.len = n;
    u->field->u.s = gov_str_cat(r->arena, u->field->u.s, piece);
}


static int
govd_upload_fits(govd_request_t *r, uint64_t at, size_t n)
{
    govd_upload_t  *u = r->upload;

    u->fields += at == 0;

    return at + n <= GOVD_UPLOAD_FIELD
           && r->form->n <= GOVD_UPLOAD_FIELDS
           && u->fields <= GOVD_UPLOAD_FIELDS
                           + GOVD_UPLOAD_EACH * u->rules.files;
}


/* libmicrohttpd tells a file's begin twice where its first piece ends before
 * it can say what of it is no boundary: without a byte, then with some */

static int
govd_upload_begun(govd_request_t *r, const char *key, const char *filename,
    size_t n)
{
    int             begun;
    gov_str_t       names;
    govd_upload_t  *u = r->upload;

    names = gov_str_fmt(r->arena, "%s\n%s", key ? key : "", filename);
    begun = n != 0 && gov_str_eq(names, u->bare);

    u->bare = n == 0 ? names : (gov_str_t) gov_null_string;

    return begun;
}


/* a field left empty is a file without a name */

static void
govd_upload_file(govd_request_t *r, const char *filename)
{
    gov_rc_t        rc;
    govd_file_t    *file;
    govd_upload_t  *u = r->upload;

    u->file = NULL;

    if (*filename == '\0') {
        return;
    }

    /* before a byte of it is kept */

    if (r->which == GOVD_WEB && u->files == NULL
        && (govd_web_csrf(r, govd_form_str(r, "_csrf")) != 0
            || govd_upload_judge(r) != GOV_OK))
    {
        return;
    }

    if (u->n++ == u->rules.files) {
        (void) gov_fail(&r->err, GOV_INVALID, "file",
                        "一次最多上传 %lld 个文件",
                        (long long) u->rules.files);
        return;
    }

    file = gov_calloc(r->arena, sizeof(govd_file_t));
    file->blob.fd = -1;
    file->alt = govd_form_str(r, "alt");
    file->decorative = govd_form_str(r, "decorative").len != 0;

    rc = govd_file_name(r->arena, gov_str_of(filename), &file->name,
                        &file->err);

    file->unpack = gov_str_ends(file->name, ".zip")
                   && govd_form_str(r, "unpack").len != 0;

    if (rc == GOV_OK) {
        rc = govd_file_allowed(&u->rules, file->name, 0, &file->err);
    }

    if (rc == GOV_OK) {
        rc = govd_blob_begin(&file->blob, &r->err);
    }

    *u->last = file;
    u->last = &file->next;
    u->file = file;
}


/* the site is named before the first file, or no file is taken */

static gov_rc_t
govd_upload_judge(govd_request_t *r)
{
    gov_rc_t     rc;
    gov_who_t    who;
    gov_judge_t  j;

    if (govd_form_str(r, "site").len == 0) {
        return gov_fail(&r->err, GOV_INVALID, "site",
                        "站点要写在文件的前面");
    }

    j.arena = r->arena;
    j.who = &who;
    j.err = &r->err;
    j.now = gov_now();

    rc = gov_txn_begin(r->g->store, GOV_TXN_READ, &j.txn, &r->err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_who(j.txn, r->arena, (uint64_t) r->session.rec.account, j.now,
                 &who);

    if (rc == GOV_OK) {
        rc = gov_judge(&j, GOV_SCOPE_SITE, GOV_RIGHT_DOC_WRITE,
                       govd_upload_at(r), GOV_ANY_COLUMN);
    }

    gov_txn_end(&j.txn);

    return rc == GOV_OK ? rc : gov_fail(&r->err, rc, "", "站点读取失败");
}


static gov_value_t *
govd_upload_at(govd_request_t *r)
{
    gov_value_t  *in;

    in = gov_map(r->arena);
    gov_put_str(r->arena, in, "site",
                gov_code_canon(r->arena, govd_form_str(r, "site")));

    return in;
}


static void
govd_upload_bytes(govd_request_t *r, const char *bytes, size_t n)
{
    govd_file_t    *file;
    govd_upload_t  *u = r->upload;

    file = u->file;

    if (file == NULL || file->err.code != GOV_OK || r->err.code != GOV_OK
        || r->answer.status)
    {
        return;
    }

    if (govd_file_allowed(&u->rules, file->name, file->blob.size + n,
                          &file->err)
        != GOV_OK)
    {
        govd_blob_drop(&file->blob);
        return;
    }

    (void) govd_blob_add(&file->blob, bytes, n, &r->err);
}


void
govd_upload_run(govd_request_t *r)
{
    govd_upload_t  *u = r->upload;

    if (u == NULL || u->files == NULL) {
        govd_answer_problem(r->arena, &r->answer, 422, "invalid", "file",
                            "没有选择文件");
        return;
    }

    r->answer.input = govd_form_echo(r->arena, r->form);
    r->slow.run = govd_upload_look;
    r->slow.data = r;
    r->after = govd_form_done;

    govd_door_sleep(r);

    if (govd_pool_put(r->g->files, &r->slow) != GOV_OK) {
        (void) gov_fail(&r->err, GOV_BUSY, "",
                        "正在检查的文件过多，请稍后再传");
        govd_answer_err(r->arena, &r->answer, &r->err);
        govd_door_wake(r);
    }
}


/* in a thread of the pool, while the connection sleeps */

static void
govd_upload_look(void *data)
{
    gov_rc_t         rc;
    gov_value_t     *input;
    govd_request_t  *r = data;

    input = govd_upload_input(r);

    if (gov_member(input, "files")->n == 0) {
        govd_upload_all_refused(r, input);
        govd_door_wake(r);
        return;
    }

    rc = govd_op_fill(r->g->conf, r->arena, &r->job.op, gov_s("file.upload"),
                      input, govd_form_str(r, "_op"), 0,
                      &r->job.err);
    if (rc != GOV_OK) {
        govd_answer_err(r->arena, &r->answer, &r->job.err);
        govd_door_wake(r);
        return;
    }

    r->job.op.looked = 1;

    govd_api_who(r);
    govd_door_put(r);
}


static gov_value_t *
govd_upload_input(govd_request_t *r)
{
    gov_rc_t        rc;
    gov_value_t    *input, *files, *refused, *out;
    govd_file_t    *file;
    govd_upload_t  *u = r->upload;

    input = gov_map(r->arena);
    gov_put_str(r->arena, input, "site", govd_form_str(r, "site"));
    files = gov_put_list(r->arena, input, "files");
    refused = gov_put_list(r->arena, input, "refused");
    gov_put_some(r->arena, input, "replace",
                 govd_form_str(r, "replace"));

    for (file = u->files; file; file = file->next) {

        if (file->err.code == GOV_OK && file->unpack
            && govd_upload_unpack(r, file) == GOV_OK)
        {
            continue;
        }

        out = gov_map(r->arena);
        rc = file->err.code == GOV_OK
             ? govd_file_check(r->g, r->arena, &u->rules, file, out,
                               &file->err)
             : GOV_INVALID;

        if (rc == GOV_OK) {
            gov_add(files, out);
        } else {
            govd_upload_told(r, refused, file);
        }
    }

    return input;
}


/* its files come behind it, and none of them is unpacked again */

static gov_rc_t
govd_upload_unpack(govd_request_t *r, govd_file_t *zip)
{
    gov_rc_t       rc;
    govd_file_t   *files, *rest, **last;

    files = NULL;
    rc = govd_unzip(r->g, r->arena, &r->upload->rules, zip, &files,
                    &zip->err);

    if (rc == GOV_OK && files == NULL) {
        rc = gov_fail(&zip->err, GOV_INVALID, "", "压缩包中没有文件");
    }

    rest = zip->next;
    zip->next = files;

    for (last = &zip->next; *last; last = &(*last)->next) {
        /* void */
    }

    *last = rest;

    return rc;
}


static void
govd_upload_told(govd_request_t *r, gov_value_t *refused, govd_file_t *file)
{
    gov_value_t  *m;

    m = gov_add_map(r->arena, refused);
    gov_put_str(r->arena, m, "name",
                gov_utf8_valid(file->name) && file->name.len
                ? gov_utf8_head(file->name, 150) : gov_s("?"));
    gov_put_str(r->arena, m, "why",
                gov_str_of(r->answer.english && file->err.english[0]
                           ? file->err.english : file->err.text));
}


/* nothing was brought that could be noted: the form is answered at once */

static void
govd_upload_all_refused(govd_request_t *r, gov_value_t *input)
{
    gov_buf_t     b;
    gov_value_t  *problem, *v, *refused;

    refused = gov_member(input, "refused");
    gov_buf_init(&b, r->arena, 1024);

    gov_each (v, refused) {
        gov_buf_fmt(&b, "%s%.*s：%.*s", b.s.len ? "\n" : "",
                    gov_strf(gov_get_str(v, "name")),
                    gov_strf(gov_get_str(v, "why")));
    }

    problem = govd_problem(r->arena, 422, "invalid", "file",
                           gov_str_c(r->arena, b.s), r->answer.english);

    gov_put(problem, "refused", gov_value_copy(r->arena, refused));
    gov_put(problem, "input", gov_value_copy(r->arena, r->answer.input));

    gov_buf_init(&b, r->arena, 1024);
    gov_json_write(&b, problem, 0);

    r->answer.status = 422;
    r->answer.type = "application/problem+json";
    r->answer.body = b.s;
}


/*
 * nginx only passes this answer on, so a browser without scripts is led on
 * here: to the page that comes next or, by an address inside nginx that says
 * what was wrong, to the page the form stood on (ngx_http_gov_console.c).
 */

void
govd_upload_lead(govd_request_t *r)
{
    gov_buf_t    b;
    const char  *accept;

    accept = govd_header(r, "Accept");

    if (r->which != GOVD_WEB || accept == NULL
        || strstr(accept, "text/html") == NULL)
    {
        return;
    }

    if (r->answer.status != 200) {
        govd_upload_problem(r);
        return;
    }

    gov_buf_init(&b, r->arena, 256);
    gov_buf_str(&b, r->to.len ? r->to : gov_s(GOVD_UPLOAD_HOME));
    govd_upload_add(&b, "done", gov_opid_str(r->arena, r->job.op.id));

    r->answer.status = 303;
    r->location = b.s;
}


static void
govd_upload_problem(govd_request_t *r)
{
    gov_buf_t     b;
    gov_str_t     from;
    gov_value_t  *problem;

    if (gov_json_parse(r->arena, r->answer.body, &problem, NULL) != GOV_OK) {
        problem = gov_map(r->arena);
    }

    from = r->form ? govd_form_way(r, "_from") : gov_s("");

    gov_buf_init(&b, r->arena, 1024);
    gov_buf_str(&b, from.len ? from : gov_s(GOVD_UPLOAD_HOME));
    govd_upload_add(&b, "_status",
                    gov_str_fmt(r->arena, "%d", r->answer.status));
    govd_upload_add(&b, "field", gov_get_str(problem, "field"));
    govd_upload_add(&b, "detail",
                    gov_utf8_head(gov_get_str(problem, "detail"),
                                  GOVD_UPLOAD_DETAIL));
    govd_upload_add(&b, "alt", r->form ? govd_form_str(r, "alt")
                                       : gov_s(""));

    r->inside = b.s;
}


static void
govd_upload_add(gov_buf_t *b, const char *name, gov_str_t value)
{
    gov_buf_fmt(b, "%s%s=", memchr(b->s.data, '?', b->s.len) ? "&" : "?",
                name);
    gov_buf_uri(b, value);
}


void
govd_upload_drop(govd_upload_t **upload)
{
    govd_file_t    *file;
    govd_upload_t  *u = *upload;

    *upload = NULL;

    if (u == NULL) {
        return;
    }

    if (u->post) {
        (void) MHD_destroy_post_processor(u->post);
    }

    for (file = u->files; file; file = file->next) {
        govd_blob_drop(&file->blob);
    }

    free(u);
}
