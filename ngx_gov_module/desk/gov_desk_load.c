
/*
 * Copyright (C) ngx_gov authors
 *
 * What the command functions share: fields of the input, loading the site
 * they are about and filling the verdict.
 */


#include "desk/gov_desk_int.h"


int
gov_desk_has(gov_cmd_t *c, const char *field)
{
    return gov_member(c->in, field) != NULL;
}


gov_str_t
gov_desk_str(gov_cmd_t *c, const char *field)
{
    return gov_get_str(c->in, field);
}


gov_rc_t
gov_desk_site_code(gov_cmd_t *c, gov_str_t code, const char *field,
    gov_site_t *site)
{
    gov_rc_t  rc;

    rc = gov_desk_site_any(c, code, field, site);

    return rc == GOV_OK && !gov_may_see(c->txn, c->op->who, site->id)
           ? gov_no_site(c->err, field, code) : rc;
}


gov_rc_t
gov_desk_site_any(gov_cmd_t *c, gov_str_t code, const char *field,
    gov_site_t *site)
{
    gov_rc_t  rc;

    rc = gov_site_by_code(c->txn, c->arena, code, site);

    if (rc == GOV_NOT_FOUND) {
        return gov_no_site(c->err, field, code);
    }

    if (rc != GOV_OK) {
        return gov_fail(c->err, rc, field, "读取站点“%.*s”失败（%s）",
                        gov_strf(gov_utf8_head(code, 40)), gov_rc_name(rc));
    }

    return GOV_OK;
}


gov_rc_t
gov_desk_site(gov_cmd_t *c, const char *field, gov_site_t *site)
{
    return gov_desk_site_code(c, gov_desk_str(c, field), field, site);
}


gov_rc_t
gov_desk_open_site(gov_cmd_t *c, const char *field, gov_site_t *site)
{
    gov_rc_t  rc;

    rc = gov_desk_site(c, field, site);

    return rc == GOV_OK ? gov_desk_site_open(site, field, c->err) : rc;
}


gov_rc_t
gov_desk_site_open(gov_site_t *site, const char *field, gov_err_t *err)
{
    if (gov_site_ended(site->rec.state)) {
        return gov_fail(err, GOV_DENIED, field,
                        site->rec.state == GOV_SITE_MERGED
                        ? "“%.*s”已合并，不能再修改"
                        : "“%.*s”已关停，不能再修改",
                        gov_strf(site->rec.name));
    }

    return GOV_OK;
}


void
gov_desk_warn(gov_cmd_t *c, const char *fmt, ...)
{
    va_list    args;
    gov_err_t  said;

    memset(&said, 0, sizeof(gov_err_t));

    va_start(args, fmt);
    (void) gov_fail_args(&said, GOV_DONE, NULL, fmt, args);
    va_end(args);

    gov_said_warn(c->arena, c->out, &said);
}


gov_rc_t
gov_desk_first(gov_cmd_t *c, unsigned *n)
{
    int64_t  first;

    first = gov_get_int(c->in, "first", 1);
    *n = (unsigned) first;

    return first >= 1 && first <= GOV_ROW_MAX
           ? GOV_OK
           : gov_fail(c->err, GOV_INVALID, "first", "%s 应在 %u 与 %u 之间",
                      "first", 1U, GOV_ROW_MAX);
}


gov_rc_t
gov_desk_url(gov_cmd_t *c, gov_site_t *site, gov_str_t rest, gov_str_t *url)
{
    gov_rc_t    rc;
    gov_buf_t   b;
    gov_base_t  base;

    rc = gov_site_base(c->txn, c->arena, site, &base);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_buf_init(&b, c->arena, 128);
    gov_buf_c(&b, "//");
    gov_buf_str(&b, base.host);
    gov_buf_str(&b, base.path);
    gov_buf_str(&b, rest);
    *url = b.s;

    return GOV_OK;
}
