
/*
 * Copyright (C) ngx_gov authors
 *
 * The go-live gates, a function each.  Which ones are asked for is the policy
 * "gates"; what is missing warns in any case.
 */


#include "desk/gov_desk_int.h"


typedef gov_rc_t (*gov_gate_pt)(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing);


static void gov_gate_missing(gov_cmd_t *c, gov_err_t *why,
    gov_err_t *missing);
static gov_rc_t gov_gate_name(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing);
static gov_rc_t gov_gate_legal_name(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing);
static gov_rc_t gov_gate_persons(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing);
static gov_rc_t gov_gate_columns(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing);
static gov_rc_t gov_gate_links(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing);
static gov_rc_t gov_gate_tags(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing);
static gov_rc_t gov_gate_footer(gov_cmd_t *c, gov_site_t *site,
    gov_err_t *missing);


static gov_gate_pt  gov_gates[] = {
    [GOV_GATE_NAME] = gov_gate_name,
    [GOV_GATE_LEGAL_NAME] = gov_gate_legal_name,
    [GOV_GATE_PERSONS] = gov_gate_persons,
    [GOV_GATE_COLUMNS] = gov_gate_columns,
    [GOV_GATE_LINKS] = gov_gate_links,
    [GOV_GATE_TAGS] = gov_gate_tags,
    [GOV_GATE_FOOTER] = gov_gate_footer
};


gov_rc_t
gov_desk_gates(gov_cmd_t *c, gov_site_t *site, int *trial,
    gov_err_t *missing)
{
    int           gate;
    gov_rc_t      rc;
    gov_err_t     why;
    gov_base_t    base;
    gov_value_t  *rule, *v;

    memset(missing, 0, sizeof(gov_err_t));

    rc = gov_site_base(c->txn, c->arena, site, &base);
    if (rc != GOV_OK) {
        return rc;
    }

    memset(&why, 0, sizeof(gov_err_t));

    rc = gov_domain_check(c->txn, c->arena, base.host, c->op->time, trial,
                          &why);
    if (rc != GOV_OK && rc != GOV_DENIED) {
        return rc;
    }

    rc = gov_policy_get(c->txn, c->arena, "gates", c->op->time, &rule);
    if (rc != GOV_OK) {
        return rc == GOV_NOT_FOUND ? GOV_OK : rc;
    }

    gov_each(v, gov_member(rule, "gates")) {
        gate = gov_gate_parse(v->u.s);
        if (gate < 0) {
            continue;
        }

        memset(&why, 0, sizeof(gov_err_t));

        rc = gov_gates[gate](c, site, &why);
        if (rc != GOV_OK) {
            return rc;
        }

        if (why.code != GOV_OK) {
            gov_gate_missing(c, &why, missing);
        }
    }

    return GOV_OK;
}


static void
gov_gate_missing(gov_cmd_t *c, gov_err_t *why, gov_err_t *missing)
{
    gov_said_warn(c->arena, c->out, why);

    if (missing->code == GOV_OK) {
        *missing = *why;

    } else {
        gov_fail_more(missing, "；", why);
    }
}


static gov_rc_t
gov_gate_name(gov_cmd_t *c, gov_site_t *site, gov_err_t *missing)
{
    (void) c;

    if (site->rec.name.len == 0) {
        (void) gov_fail(missing, GOV_DENIED, "", "没有单位名称");
    }

    return GOV_OK;
}


static gov_rc_t
gov_gate_legal_name(gov_cmd_t *c, gov_site_t *site, gov_err_t *missing)
{
    (void) c;

    if (site->rec.legal_name.len == 0) {
        (void) gov_fail(missing, GOV_DENIED, "", "没有行政机关的合法名称");
    }

    return GOV_OK;
}


static gov_rc_t
gov_gate_persons(gov_cmd_t *c, gov_site_t *site, gov_err_t *missing)
{
    (void) c;

    if (site->rec.head.len == 0 || site->rec.keeper.len == 0) {
        (void) gov_fail(missing, GOV_DENIED, "",
                        "没有写明主管责任人和运行责任人");

    } else if (gov_str_eq(site->rec.head, site->rec.keeper)) {
        (void) gov_fail(missing, GOV_DENIED, "",
                        "主管责任人和运行责任人应是两个人");
    }

    return GOV_OK;
}


static gov_rc_t
gov_gate_columns(gov_cmd_t *c, gov_site_t *site, gov_err_t *missing)
{
    int            more;
    int64_t        due;
    gov_rc_t       rc;
    unsigned       i, n, rows, empty;
    gov_buf_t      b;
    gov_column_t  *list;
    gov_listed_t   row;

    rc = gov_columns(c->txn, c->arena, site, &list, &n);
    if (rc != GOV_OK) {
        return rc;
    }

    empty = 0;
    due = INT64_MAX;
    gov_buf_init(&b, c->arena, 128);

    for (i = 0; i < n; i++) {
        if (!list[i].rec.required) {
            continue;
        }

        rc = gov_column_rows(c->txn, c->arena, site->id, list[i].id,
                             c->op->time, 0, &row, 1, &rows, &more, &due);
        if (rc != GOV_OK) {
            return rc;
        }

        if (rows == 0 && empty++ < 5) {
            gov_buf_fmt(&b, "%s%.*s", b.s.len ? "、" : "",
                        gov_strf(list[i].rec.name));
        }
    }

    if (empty) {
        (void) gov_fail(missing, GOV_DENIED, "",
                        "%u 个必填栏目没有内容：%.*s%s", empty, gov_strf(b.s),
                        empty > 5 ? "等" : "");
    }

    return GOV_OK;
}


/* parent and children show each other of themselves: a root needs a child */

static gov_rc_t
gov_gate_links(gov_cmd_t *c, gov_site_t *site, gov_err_t *missing)
{
    gov_rc_t     rc;
    unsigned     n;
    gov_site_t  *child;

    if (site->rec.parent) {
        return GOV_OK;
    }

    rc = gov_site_children(c->txn, c->arena, site->id, 0, 1, &child, &n);

    if (rc == GOV_OK && n == 0) {
        (void) gov_fail(missing, GOV_DENIED, "",
                        "没有上级站点，也没有下级站点，无从互相链接");
    }

    return rc;
}


static gov_rc_t
gov_gate_tags(gov_cmd_t *c, gov_site_t *site, gov_err_t *missing)
{
    (void) c;

    if (site->rec.site_id_code.len == 0) {
        (void) gov_fail(missing, GOV_DENIED, "", "没有网站标识码");
    }

    return GOV_OK;
}


static gov_rc_t
gov_gate_footer(gov_cmd_t *c, gov_site_t *site, gov_err_t *missing)
{
    gov_site_rec_t  *rec;

    (void) c;

    rec = &site->rec;

    if (rec->sponsor.len == 0 || rec->contact.len == 0 || rec->icp.len == 0
        || rec->psb.len == 0)
    {
        (void) gov_fail(missing, GOV_DENIED, "",
                        "页脚缺少主办单位、联系方式、ICP备案号或公安备案号");
    }

    return GOV_OK;
}
