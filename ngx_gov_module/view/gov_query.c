
/*
 * Copyright (C) ngx_gov authors
 *
 * The table of questions, their input, and what their files share.
 */


#include "view/gov_query_int.h"


static gov_rc_t gov_query_field(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);
static gov_rc_t gov_query_number(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err);


#define GOV_QUERY_IN(name, kind, flags, what)                                 \
    { #name, GOV_IN_##kind, GOV_IN_##flags, what },

#define GOV_QUERY_FIELDS(id, name, summary, title)                            \
    static gov_in_t  gov_query_in_##id[] = {                                  \
        GOV_ASK_##id(GOV_QUERY_IN)                                            \
        { NULL, 0, 0, NULL }                                                  \
    };

GOV_QUERIES(GOV_QUERY_FIELDS)
GOV_WORKS(GOV_QUERY_FIELDS)


#define GOV_QUERY_ROW(id, name, summary, title)                               \
    { name, gov_query_##id, gov_query_in_##id, summary, title },

gov_query_t  gov_queries[] = {
    GOV_QUERIES(GOV_QUERY_ROW)
    { NULL, NULL, NULL, NULL, NULL }
};


#define GOV_WORK_ROW(id, name, summary, title)                                \
    { name, NULL, gov_query_in_##id, summary, title },

gov_query_t  gov_works[] = {
    GOV_WORKS(GOV_WORK_ROW)
    { NULL, NULL, NULL, NULL, NULL }
};


gov_query_t *
gov_query_find(gov_query_t *table, gov_str_t name)
{
    gov_query_t  *q;

    for (q = table; q->name; q++) {
        if (gov_str_is(name, q->name)) {
            return q;
        }
    }

    return NULL;
}


gov_rc_t
gov_query(gov_txn_t *t, gov_arena_t *a, gov_str_t name, gov_value_t *input,
    int64_t now, gov_value_t **out, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_ask_t     q;
    gov_query_t  *row;

    row = gov_query_find(gov_queries, name);
    if (row == NULL) {
        return gov_fail(err, GOV_NOT_FOUND, "query", "没有名为“%.*s”的查询",
                        gov_strf(gov_utf8_head(name, 60)));
    }

    q.txn = t;
    q.arena = a;
    q.now = now;
    q.err = err;
    q.out = gov_map(a);

    rc = gov_query_fields(a, row->in, input, &q.in, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = row->run(&q);

    if (rc == GOV_OK && gov_arena_failed(a)) {
        rc = GOV_FULL;
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "查询“%s”没有完成（%s）", row->name,
                        gov_rc_name(rc));
    }

    *out = q.out;

    return GOV_OK;
}


gov_rc_t
gov_query_fields(gov_arena_t *a, gov_in_t *table, gov_value_t *input,
    gov_value_t **out, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_in_t     *in;
    gov_value_t  *v, *shaped = NULL;

    *out = gov_map(a);

    for (in = table; in->name; in++) {
        v = gov_member(input, in->name);

        if (v == NULL || v->kind == GOV_NIL) {
            if (in->flags & GOV_IN_REQUIRED) {
                return gov_fail(err, GOV_INVALID, in->name, "缺少“%s”",
                                in->name);
            }

            continue;
        }

        rc = gov_query_field(a, in, v, &shaped, err);
        if (rc != GOV_OK) {
            return rc;
        }

        gov_put(*out, in->name, shaped);
    }

    gov_each(v, input) {
        for (in = table; in->name && !gov_str_is(v->key, in->name); in++) {
            /* the row that has this name, or the end */
        }

        if (in->name == NULL) {
            return gov_fail(err, GOV_INVALID, "", "没有“%.*s”这一项",
                            gov_strf(gov_utf8_head(v->key, 60)));
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_query_field(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err)
{
    gov_str_t  s;

    if (in->kind == GOV_IN_INT || in->kind == GOV_IN_DOC
        || in->kind == GOV_IN_TIME || in->kind == GOV_IN_BOOL)
    {
        return gov_query_number(a, in, v, out, err);
    }

    if (v->kind == GOV_INT) {
        s = gov_str_fmt(a, "%lld", (long long) v->u.i);

    } else if (v->kind == GOV_STR && gov_text_clean(v->u.s)
               && v->u.s.len <= 4000)
    {
        s = v->u.s;

    } else {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应是文字", in->name);
    }

    if (in->kind == GOV_IN_CODE) {
        if (!gov_code_valid(s)) {
            return gov_fail(err, GOV_INVALID, in->name,
                            "“%.*s”不是代码",
                            gov_strf(gov_utf8_head(s, 60)));
        }

        s = gov_code_canon(a, s);
    }

    *out = gov_val_str(a, s);

    return GOV_OK;
}


static gov_rc_t
gov_query_number(gov_arena_t *a, gov_in_t *in, gov_value_t *v,
    gov_value_t **out, gov_err_t *err)
{
    int64_t  i;

    if (v->kind == GOV_INT || v->kind == GOV_BOOL) {
        i = v->u.i;

    } else if (v->kind != GOV_STR) {
        i = -1;

    } else if (in->kind == GOV_IN_TIME) {
        i = gov_date_parse(v->u.s, &i) == 0 ? i : -1;

    } else if (in->kind == GOV_IN_BOOL) {
        i = (gov_str_is(v->u.s, "true") || gov_str_is(v->u.s, "1")) ? 1
            : (gov_str_is(v->u.s, "false") || gov_str_is(v->u.s, "0")) ? 0
            : -1;

    } else if (gov_str_int(v->u.s, &i) != 0) {
        i = -1;
    }

    if (i < 0) {
        return gov_fail(err, GOV_INVALID, in->name, "“%s”应是%s", in->name,
                        in->kind == GOV_IN_TIME ? "时间，如 2026-11-23 15:04"
                        : in->kind == GOV_IN_BOOL ? " true 或 false"
                        : "不小于 0 的整数");
    }

    *out = gov_val_int(a, i);

    return GOV_OK;
}


gov_rc_t
gov_ask_site(gov_ask_t *q, const char *field, gov_site_t *site)
{
    gov_rc_t   rc;
    gov_str_t  code;

    code = gov_get_str(q->in, field);
    rc = gov_site_by_code(q->txn, q->arena, code, site);

    return rc == GOV_OK ? rc
                        : gov_fail(q->err, rc, field, "没有代码为 %.*s 的站点",
                                   gov_strf(code));
}


unsigned
gov_ask_limit(gov_ask_t *q)
{
    int64_t  n;

    n = gov_get_int(q->in, "limit", GOV_ASK_LIMIT);

    return n < 1 ? 1 : n > GOV_ASK_LIMIT_MAX ? GOV_ASK_LIMIT_MAX
                                             : (unsigned) n;
}


gov_str_t
gov_ask_url(gov_ask_t *q, gov_site_t *site, gov_str_t rest)
{
    gov_base_t  base;

    if (gov_site_base(q->txn, q->arena, site, &base) != GOV_OK) {
        return (gov_str_t) gov_null_string;
    }

    return gov_str_fmt(q->arena, "//%.*s%.*s%.*s", gov_strf(base.host),
                       gov_strf(base.path), gov_strf(rest));
}


void
gov_ask_time(gov_ask_t *q, gov_value_t *map, const char *key, int64_t us)
{
    if (us != 0) {
        gov_put_str(q->arena, map, key,
                    gov_date(q->arena, us, GOV_DATE_RFC3339));
    }
}


void
gov_ask_views(gov_ask_t *q, uint32_t site, uint64_t doc)
{
    gov_key_t        k;
    gov_usage_rec_t  views;

    if (gov_load(gov_handle(q->txn, site), GOV_T_VIEWS, gov_key8(&k, doc),
                 q->arena, &views)
        == GOV_OK)
    {
        gov_put_int(q->arena, q->out, "views", views.n);
    }
}


gov_str_t
gov_ask_code(gov_ask_t *q, uint32_t id)
{
    gov_site_t  site;

    if (id == 0
        || gov_site_get(q->txn, q->arena, id, &site) != GOV_OK)
    {
        return (gov_str_t) gov_null_string;
    }

    return site.rec.code;
}
