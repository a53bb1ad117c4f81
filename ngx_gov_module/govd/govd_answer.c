
/*
 * Copyright (C) ngx_gov authors
 *
 * What every door does with a request once it is read: operations filled,
 * questions asked, failures told as problem details (RFC 9457):
 *
 *     {"type": "about:blank", "title": "输入有误", "status": 422,
 *      "code": "invalid", "field": "host", "detail": "..."}
 */


#include <stdio.h>
#include <strings.h>

#include "govd/govd_int.h"


static const char *govd_english(const char *text);
static gov_rc_t govd_ask_txn(govd_conf_t *conf, gov_store_t *s, gov_arena_t *a,
    const u_char *session, gov_str_t name, gov_value_t *input,
    govd_answer_t *an, gov_err_t *err);
static gov_rc_t govd_ask_who(gov_txn_t *t, gov_arena_t *a,
    const u_char *session, int64_t now, gov_who_t *who, gov_err_t *err);


static const struct {
    int          status;
    const char  *title;
} govd_titles[] = {
    { 400, "请求格式有误" },
    { 401, "需要登录" },
    { 403, "不允许" },
    { 404, "没有找到" },
    { 405, "方法不适用" },
    { 409, "与现状冲突" },
    { 413, "内容过大" },
    { 422, "输入有误" },
    { 429, "尝试过多" },
    { 500, "内部错误" },
    { 503, "请稍后再试" },
    { 507, "空间已满" },
    { 0, "未完成" }
};


void
govd_answer_ok(govd_answer_t *an, gov_str_t json)
{
    an->status = 200;
    an->body = json;
    an->type = "application/json";
}


void
govd_answer_err(gov_arena_t *a, govd_answer_t *an, gov_err_t *err)
{
    govd_answer_problem(a, an, gov_rc_status(err->code),
                        gov_rc_name(err->code), err->field,
                        an->english && err->english[0] ? err->english
                                                       : err->text);
}


void
govd_answer_problem(gov_arena_t *a, govd_answer_t *an, int status,
    const char *code, const char *field, const char *text)
{
    gov_buf_t     b;
    gov_value_t  *problem;

    problem = govd_problem(a, status, code, field, text, an->english);

    if (an->input) {
        gov_put(problem, "input", an->input);
        an->input = NULL;
    }

    gov_buf_init(&b, a, 512);
    gov_json_write(&b, problem, 0);

    an->status = status;
    an->body = b.s;
    an->type = "application/problem+json";
}


/* what was done is never told as what was not */

void
govd_answer_bound(gov_arena_t *a, govd_answer_t *an, govd_job_t *job,
    gov_str_t to, size_t max)
{
    gov_buf_t     b;
    gov_value_t  *v;

    if (an->status != 200 || an->body.len <= max) {
        return;
    }

    if (job->seq == 0) {
        govd_answer_problem(a, an, 500, "too_large", "", "结果过大");
        return;
    }

    v = gov_map(a);
    gov_put_int(a, v, "entry", (int64_t) job->seq);
    gov_put_str(a, v, "op", gov_opid_str(a, job->op.id));
    gov_put_some(a, v, "to", to);

    gov_buf_init(&b, a, 128);
    gov_json_write(&b, v, 0);
    govd_answer_ok(an, b.s);
}


gov_value_t *
govd_problem(gov_arena_t *a, int status, const char *code, const char *field,
    const char *text, int english)
{
    unsigned      i;
    gov_value_t  *v;
    const char   *title;

    for (i = 0; govd_titles[i].status; i++) {
        if (govd_titles[i].status == status) {
            break;
        }
    }

    title = govd_titles[i].title;

    if (english) {
        title = govd_english(title);
        text = govd_english(text);
    }

    v = gov_map(a);
    gov_put_c(a, v, "type", "about:blank");
    gov_put_c(a, v, "title", title);
    gov_put_int(a, v, "status", status);
    gov_put_c(a, v, "code", code);

    /* text and field live in a gov_err_t of the caller's: copied */

    if (field[0]) {
        gov_put_str(a, v, "field", gov_str_copy(a, gov_str_of(field)));
    }

    gov_put_str(a, v, "detail", gov_str_copy(a, gov_str_of(text)));

    return v;
}


static const char *
govd_english(const char *text)
{
    const char  *english;

    english = gov_english(text);

    return english ? english : text;
}


/*
 * Two languages are known, and Chinese comes first: English is what names it
 * with a larger weight than Chinese and than any other.
 */

int
govd_wants_english(const char *accept)
{
    char        *end;
    double       q, best[2];            /* Chinese or any, English */
    const char  *p;

    best[0] = best[1] = 0;

    for (p = accept ? accept : ""; *p; p += strcspn(p, ",")) {
        p += strspn(p, " ,\t");
        end = strpbrk(p, ";,");
        q = 1;

        if (end && *end == ';' && sscanf(end, "; q=%lf", &q) != 1) {
            q = 0;
        }

        if (strncasecmp(p, "en", 2) == 0) {
            best[1] = q > best[1] ? q : best[1];

        } else if (*p == '*' || strncasecmp(p, "zh", 2) == 0) {
            best[0] = q > best[0] ? q : best[0];
        }
    }

    return best[1] > best[0];
}


const char *
govd_lang(govd_answer_t *an)
{
    return an->english ? "en" : "zh";
}


void
govd_answer_line(gov_buf_t *b, gov_arena_t *a, govd_answer_t *an,
    govd_job_t *job)
{
    gov_buf_fmt(b, "{\"status\":%d", an->status);

    if (job && job->seq) {
        gov_buf_fmt(b, ",\"seq\":%llu", (unsigned long long) job->seq);
    }

    if (job && job->op.command.len) {
        gov_buf_fmt(b, ",\"op\":\"%.*s\"",
                    gov_strf(gov_opid_str(a, job->op.id)));
    }

    gov_buf_c(b, ",\"body\":");
    gov_buf_str(b, an->body);
    gov_buf_c(b, "}\n");
}


void
govd_ask(govd_conf_t *conf, gov_store_t *s, gov_arena_t *a,
    const u_char *session, gov_str_t name, gov_value_t *input,
    govd_answer_t *an)
{
    gov_rc_t   rc;
    gov_err_t  err;

    memset(&err, 0, sizeof(gov_err_t));

    rc = govd_ask_txn(conf, s, a, session, name, input, an, &err);

    if (rc == GOV_OK) {
        return;
    }

    (void) gov_fail(&err, rc, "", "查询没有完成（%s）", gov_rc_name(rc));
    govd_answer_err(a, an, &err);
}


/* the answer points into the snapshot: it becomes bytes before the end */

static gov_rc_t
govd_ask_txn(govd_conf_t *conf, gov_store_t *s, gov_arena_t *a,
    const u_char *session, gov_str_t name, gov_value_t *input,
    govd_answer_t *an, gov_err_t *err)
{
    int64_t       now;
    gov_rc_t      rc;
    gov_buf_t     b;
    gov_txn_t    *t;
    gov_who_t     who;
    gov_value_t  *out;

    rc = gov_txn_begin(s, GOV_TXN_READ, &t, err);
    if (rc != GOV_OK) {
        return rc;
    }

    now = gov_now();

    rc = govd_ask_who(t, a, session, now, &who, err);

    if (rc == GOV_OK) {
        rc = gov_query(t, a, &who, name, input, now, &out, err);
    }

    /* the store does not know who scans what is brought into it */

    if (rc == GOV_OK && gov_str_is(name, "store.stats")) {
        gov_put_c(a, out, "scanner", conf->clamd ? conf->clamd : "none");
    }

    if (rc == GOV_OK) {
        gov_said_answer(out, govd_lang(an));
        gov_buf_init(&b, a, 4096);
        gov_json_write(&b, out, 0);
        govd_answer_ok(an, b.s);
    }

    gov_txn_end(&t);

    if (rc == GOV_OK && gov_arena_failed(a)) {
        return gov_fail(err, GOV_FULL, "limit", "结果过大，请减少每页的行数");
    }

    return rc;
}


static gov_rc_t
govd_ask_who(gov_txn_t *t, gov_arena_t *a, const u_char *session,
    int64_t now, gov_who_t *who, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_signed_t  me;

    if (session == NULL) {
        gov_who_operator(who);
        return GOV_OK;
    }

    rc = gov_signed_hash(t, a, session, now, &me);
    *who = me.who;

    return rc == GOV_OK && me.is != GOV_SIGNED_IN
           ? gov_fail(err, GOV_DENIED, "", "需要登录") : rc;
}


gov_rc_t
govd_op_fill(govd_conf_t *conf, gov_arena_t *a, gov_op_t *op,
    gov_str_t command, gov_value_t *input, gov_str_t id, int dry_run,
    gov_err_t *err)
{
    gov_rc_t  rc;

    op->command = command;
    op->input = input;
    op->dry_run = dry_run;

    if (input == NULL || input->kind != GOV_MAP) {
        return gov_fail(err, GOV_INVALID, "", "输入应是一组“字段: 值”");
    }

    if (id.len == 0) {
        if (gov_opid_new(gov_now(), op->id) != GOV_OK) {
            return gov_fail(err, GOV_ERROR, "", "无法取得随机数");
        }

    } else if (gov_opid_parse(id, op->id) != 0) {
        return gov_fail(err, GOV_INVALID, "Gov-Operation", "操作号应是 UUID");
    }

    if (gov_random(op->random, GOV_RANDOM_LEN) != 0) {
        return gov_fail(err, GOV_ERROR, "", "无法取得随机数");
    }

    rc = govd_secret_fill(conf, a, op, err);

    if (rc == GOV_OK) {
        rc = govd_invite_make(conf, a, op, err);
    }

    if (rc == GOV_OK) {
        rc = govd_table_keep(conf, a, op, err);
    }

    return rc == GOV_OK ? gov_desk_prepare(a, op, GOVD_SAFE_MAX, err) : rc;
}
