
/*
 * Copyright (C) ngx_gov authors
 *
 * The table of questions, their input, and what their files share.
 */


#include "view/gov_query_int.h"


static gov_rc_t gov_ask_right(gov_ask_t *q, gov_query_t *row);


#define GOV_QUERY_IN(name, kind, flags, what)                                 \
    { #name, GOV_IN_##kind, GOV_IN_##flags, what },

#define GOV_QUERY_FIELDS(id, name, right, scope, summary, title)              \
    static gov_in_t  gov_query_in_##id[] = {                                  \
        GOV_ASK_##id(GOV_QUERY_IN)                                            \
        { NULL, 0, 0, NULL }                                                  \
    };

GOV_QUERIES(GOV_QUERY_FIELDS)
GOV_WORKS(GOV_QUERY_FIELDS)


#define GOV_QUERY_ROW(id, name, right, scope, summary, title)                 \
    { name, gov_query_##id, right, GOV_SCOPE_##scope, gov_query_in_##id,      \
      summary, title },

gov_query_t  gov_queries[] = {
    GOV_QUERIES(GOV_QUERY_ROW)
    { NULL, NULL, NULL, 0, NULL, NULL, NULL }
};


#define GOV_WORK_ROW(id, name, right, scope, summary, title)                  \
    { name, NULL, right, GOV_SCOPE_##scope, gov_query_in_##id, summary,       \
      title },

gov_query_t  gov_works[] = {
    GOV_WORKS(GOV_WORK_ROW)
    { NULL, NULL, NULL, 0, NULL, NULL, NULL }
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
gov_query(gov_txn_t *t, gov_arena_t *a, gov_who_t *who, gov_str_t name,
    gov_value_t *input, int64_t now, gov_value_t **out, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_ask_t     q;
    gov_query_t  *row;

    row = gov_query_find(gov_queries, name);
    if (row == NULL) {
        return gov_fail(err, GOV_NOT_FOUND, "query", "没有名为“%.*s”的查询",
                        gov_strf(gov_utf8_head(name, 60)));
    }

    memset(&q, 0, sizeof(gov_ask_t));
    q.txn = t;
    q.arena = a;
    q.who = who;
    q.now = now;
    q.err = err;
    q.out = gov_map(a);

    rc = gov_in_read(a, row->in, input, 0, &q.in, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_ask_right(&q, row);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "权限读取失败（%s）", gov_rc_name(rc));
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


/* in some column is enough: what lists rows leaves out those of others */

static gov_rc_t
gov_ask_right(gov_ask_t *q, gov_query_t *row)
{
    gov_judge_t  j;

    gov_ask_judge(q, &j);

    return gov_judge(&j, (gov_scope_t) row->scope,
                     (gov_right_t) gov_right_parse(gov_str_of(row->right)),
                     q->in, GOV_ANY_COLUMN);
}


void
gov_ask_judge(gov_ask_t *q, gov_judge_t *j)
{
    j->txn = q->txn;
    j->arena = q->arena;
    j->who = q->who;
    j->err = q->err;
    j->now = q->now;
}


int
gov_ask_may(gov_ask_t *q, gov_right_t right, uint32_t site, uint32_t column)
{
    gov_judged_t  *j;

    j = &q->judged[(site * 67 + column + right) % GOV_JUDGED];

    if (!j->known || j->site != site || j->column != column
        || j->right != right)
    {
        *j = (gov_judged_t) {
            1, (u_char) gov_may(q->txn, q->who, right, site, column), right,
            site, column
        };
    }

    return j->may;
}


gov_rc_t
gov_ask_site_got(gov_ask_t *q, uint32_t id, gov_site_t **site)
{
    gov_rc_t  rc;

    *site = &q->site;

    if (id != GOV_HUB && q->site.id == id) {
        return GOV_OK;
    }

    rc = gov_site_get(q->txn, q->arena, id, &q->site);

    if (rc != GOV_OK) {
        q->site.id = GOV_HUB;
    }

    return rc;
}


gov_rc_t
gov_ask_site(gov_ask_t *q, const char *field, gov_site_t *site)
{
    gov_rc_t   rc;
    gov_str_t  code;

    code = gov_get_str(q->in, field);
    rc = gov_site_by_code(q->txn, q->arena, code, site);

    if (rc == GOV_OK && !gov_may_see(q->txn, q->who, site->id)) {
        rc = GOV_NOT_FOUND;
    }

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
    gov_buf_t   b;
    gov_base_t  base;

    if (gov_site_base(q->txn, q->arena, site, &base) != GOV_OK) {
        return (gov_str_t) gov_null_string;
    }

    gov_buf_init(&b, q->arena,
                 2 + base.host.len + base.path.len + rest.len);
    gov_buf_c(&b, "//");
    gov_buf_str(&b, base.host);
    gov_buf_str(&b, base.path);
    gov_buf_str(&b, rest);

    return b.s;
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
