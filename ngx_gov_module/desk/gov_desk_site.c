
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's beginning and its facts: site.create, site.set.
 */


#include <stddef.h>

#include "desk/gov_desk_int.h"
#include "people/gov_notice.h"


static gov_rc_t gov_create_facts(gov_cmd_t *c, gov_site_t *site);
static gov_rc_t gov_create_mode(gov_cmd_t *c, gov_site_t *site,
    gov_value_t *hosts);
static gov_rc_t gov_create_hosts(gov_cmd_t *c, gov_site_t *site,
    gov_value_t *hosts);
static gov_rc_t gov_set_right(gov_cmd_t *c, gov_site_t *site);
static gov_rc_t gov_set_check(gov_cmd_t *c, gov_site_t *site);
static gov_rc_t gov_set_logo(gov_cmd_t *c, gov_site_t *site);
static gov_rc_t gov_set_logo_file(gov_cmd_t *c, gov_site_t *site,
    gov_str_t hex);
static int gov_mark_valid(gov_str_t s);


/* the facts of a site that site.set changes, texts all of them */

#define GOV_SET_FACTS(F)                                                      \
    F(name) F(legal_name) F(abbr) F(brand) F(logo) F(logo_alt) F(about)       \
    F(sponsor) F(operator) F(contact) F(site_id_code) F(icp) F(psb) F(head)   \
    F(keeper) F(bundle) F(blueprint) F(approval) F(party_mark) F(mail_from)

#define GOV_SET_FACT(name)  { #name, offsetof(gov_site_rec_t, name) },

static struct {
    const char  *name;
    size_t       offset;
} gov_set_facts[] = {
    GOV_SET_FACTS(GOV_SET_FACT)
    { NULL, 0 }
};


gov_rc_t
gov_desk_site_create(gov_cmd_t *c)
{
    gov_rc_t      rc;
    gov_site_t    site, parent;
    gov_value_t  *hosts;

    memset(&site, 0, sizeof(gov_site_t));

    /* load */

    if (gov_desk_has(c, "parent")) {
        rc = gov_desk_open_site(c, "parent", &parent);
        if (rc != GOV_OK) {
            return rc;
        }

        site.rec.parent = parent.id;
    }

    /* check */

    hosts = gov_member(c->in, "host");

    rc = gov_create_facts(c, &site);

    if (rc == GOV_OK) {
        rc = gov_create_mode(c, &site, hosts);
    }

    /* change */

    if (rc == GOV_OK) {
        rc = gov_site_add(c->txn, c->arena, &site, 0, c->op->time, c->err);
    }

    if (rc == GOV_OK) {
        rc = gov_create_hosts(c, &site, hosts);
    }

    if (rc == GOV_OK) {
        gov_desk_warn_root(c, &site);
    }

    return rc == GOV_OK ? gov_desk_site_verdict(c, &site) : rc;
}


/* C09: a unit stands on its own level's portal */

void
gov_desk_warn_root(gov_cmd_t *c, gov_site_t *site)
{
    if (site->rec.parent == 0 && gov_level_alone((int) site->rec.level)) {
        gov_desk_warn(c, "“%.*s”（%.*s）没有上级站点，门户上找不到它；"
                      "要挂靠门户，请用 site move",
                      gov_strf(gov_utf8_head(site->rec.name, 40)),
                      gov_strf(site->rec.code));
    }
}


static gov_rc_t
gov_create_facts(gov_cmd_t *c, gov_site_t *site)
{
    gov_site_rec_t  *rec;

    rec = &site->rec;

    rec->code = gov_desk_str(c, "code");
    rec->name = gov_desk_str(c, "name");
    rec->slug = gov_desk_str(c, "slug");
    rec->legal_name = gov_desk_str(c, "legal_name");
    rec->abbr = gov_desk_str(c, "abbr");
    rec->brand = gov_desk_str(c, "brand");
    rec->state = gov_get_bool(c->in, "live") ? GOV_SITE_LIVE
                                             : GOV_SITE_PREPARING;
    rec->blueprint = gov_desk_str(c, "blueprint");

    rec->level = gov_level_parse(gov_desk_str(c, "level"));

    if (rec->level == 0) {
        return gov_fail(c->err, GOV_INVALID, "level", "没有“%.*s”这一层级",
                        gov_strf(gov_utf8_head(gov_desk_str(c, "level"),
                                               40)));
    }

    if (gov_desk_colour(c, rec->brand) != GOV_OK) {
        return GOV_INVALID;
    }

    return gov_desk_blueprint(c, rec->blueprint);
}


static gov_rc_t
gov_create_mode(gov_cmd_t *c, gov_site_t *site, gov_value_t *hosts)
{
    if (gov_desk_has(c, "mode")) {
        site->rec.mode = gov_mode_parse(gov_desk_str(c, "mode"));

        if (site->rec.mode < 0) {
            return gov_fail(c->err, GOV_INVALID, "mode",
                            "建站模式只有 page 和 subsite");
        }

    } else {
        site->rec.mode = hosts || site->rec.parent == 0
                         ? GOV_MODE_SUBSITE
                         : gov_level_mode((int) site->rec.level);
    }

    if (hosts == NULL || hosts->n == 0) {
        return GOV_OK;
    }

    if (site->rec.mode == GOV_MODE_PAGE) {
        return gov_fail(c->err, GOV_INVALID, "host",
                        "网页模式的站点没有自己的域名");
    }

    if (hosts->u.first->kind != GOV_STR) {
        return gov_fail(c->err, GOV_INVALID, "host", "域名应是文字");
    }

    site->rec.host = hosts->u.first->u.s;

    return GOV_OK;
}


/* the further ones */

static gov_rc_t
gov_create_hosts(gov_cmd_t *c, gov_site_t *site, gov_value_t *hosts)
{
    gov_rc_t      rc;
    gov_value_t  *host;

    if (hosts == NULL || hosts->n == 0) {
        return GOV_OK;
    }

    for (host = hosts->u.first->next; host; host = host->next) {

        if (host->kind != GOV_STR) {
            return gov_fail(c->err, GOV_INVALID, "host", "域名应是文字");
        }

        rc = gov_host_add(c->txn, c->arena, site, host->u.s, 0, c->op->time,
                          c->err);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    return GOV_OK;
}


gov_rc_t
gov_desk_blueprint(gov_cmd_t *c, gov_str_t name)
{
    gov_rc_t              rc;
    gov_blueprint_rec_t   b;

    if (name.len == 0) {
        return GOV_OK;
    }

    rc = gov_blueprint_get(c->txn, c->arena, name, &b);

    if (rc == GOV_NOT_FOUND) {
        return gov_fail(c->err, GOV_NOT_FOUND, "blueprint",
                        "没有名为“%.*s”的蓝本",
                        gov_strf(gov_utf8_head(name, 40)));
    }

    return rc;
}


/* what was done before this was asked is done again by a replay */

gov_rc_t
gov_desk_blueprint_fits(gov_cmd_t *c, gov_site_t *site)
{
    return c->op->again
           ? GOV_OK : gov_blueprint_fits(c->txn, c->arena, site, c->err);
}


gov_rc_t
gov_desk_site_verdict(gov_cmd_t *c, gov_site_t *site)
{
    gov_rc_t   rc;
    gov_str_t  url;

    rc = gov_desk_url(c, site, (gov_str_t) gov_null_string, &url);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_put_int(c->arena, c->out, "site", site->id);
    gov_put_str(c->arena, c->out, "code", site->rec.code);
    gov_put_str(c->arena, c->out, "name", site->rec.name);
    gov_put_str(c->arena, c->out, "slug", site->rec.slug);
    gov_put_c(c->arena, c->out, "mode",
              site->rec.mode == GOV_MODE_PAGE ? "page" : "subsite");
    gov_put_c(c->arena, c->out, "state",
              gov_site_state_name((int) site->rec.state));
    gov_put_str(c->arena, c->out, "url", url);

    return GOV_OK;
}


gov_rc_t
gov_desk_site_set(gov_cmd_t *c)
{
    gov_rc_t    rc;
    unsigned    i;
    gov_site_t  site;

    /* load */

    rc = gov_desk_open_site(c, "site", &site);

    if (rc == GOV_OK) {
        rc = gov_set_right(c, &site);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    for (i = 0; gov_set_facts[i].name; i++) {
        if (gov_desk_has(c, gov_set_facts[i].name)) {
            *(gov_str_t *) ((u_char *) &site.rec + gov_set_facts[i].offset)
                = gov_desk_str(c, gov_set_facts[i].name);
        }
    }

    if (gov_desk_has(c, "quota")) {
        site.rec.quota = gov_get_int(c->in, "quota", 0);
    }

    /* check */

    rc = gov_set_check(c, &site);

    if (rc == GOV_OK) {
        rc = gov_desk_flow_set(c, &site.rec.flow);
    }

    /* change */

    if (rc == GOV_OK) {
        rc = gov_site_save(c->txn, c->arena, &site);
    }

    return rc == GOV_OK ? gov_desk_site_verdict(c, &site) : rc;
}


/* what a site's own people do not change: its share and what it is made of */

static gov_rc_t
gov_set_right(gov_cmd_t *c, gov_site_t *site)
{
    gov_rc_t  rc;

    rc = GOV_OK;

    if (gov_desk_has(c, "quota")) {
        rc = gov_desk_may(c, GOV_RIGHT_PLATFORM_MANAGE, GOV_HUB, 0, "quota");
    }

    if (rc == GOV_OK
        && (gov_desk_has(c, "bundle") || gov_desk_has(c, "blueprint")))
    {
        rc = gov_desk_may(c, GOV_RIGHT_SITE_MANAGE, site->id, 0,
                          gov_desk_has(c, "bundle") ? "bundle"
                                                    : "blueprint");
    }

    return rc;
}


static gov_rc_t
gov_set_check(gov_cmd_t *c, gov_site_t *site)
{
    gov_rc_t         rc;
    gov_site_rec_t  *rec;

    rec = &site->rec;

    rc = gov_site_name_fits(rec->name, c->err);
    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_desk_colour(c, rec->brand) != GOV_OK) {
        return GOV_INVALID;
    }

    if (rec->site_id_code.len && !gov_mark_valid(rec->site_id_code)) {
        return gov_fail(c->err, GOV_INVALID, "site_id_code",
                        "网站标识码应为 10 位字母或数字");
    }

    if (rec->site_id_code.len && rec->code.len == 12
        && memcmp(rec->site_id_code.data, "bm", 2) != 0
        && memcmp(rec->site_id_code.data, rec->code.data, 6) != 0)
    {
        gov_desk_warn(c, "网站标识码 %.*s 与行政区划代码 %.*s 不一致",
                      gov_strf(rec->site_id_code), 6, rec->code.data);
    }

    if (rec->bundle.len && !gov_slug_valid(rec->bundle)) {
        return gov_fail(c->err, GOV_INVALID, "bundle",
                        "模板包的名字须为小写字母、数字或“-”");
    }

    if (rec->mail_from.len && !gov_mail_valid(rec->mail_from)) {
        return gov_fail(c->err, GOV_INVALID, "mail_from",
                        "“%.*s”不是邮箱地址",
                        gov_strf(gov_utf8_head(rec->mail_from, 60)));
    }

    if (gov_desk_has(c, "blueprint")) {
        rc = gov_desk_blueprint(c, rec->blueprint);

        if (rc == GOV_OK) {
            rc = gov_desk_blueprint_fits(c, site);
        }

        if (rc == GOV_OK && !c->op->again) {
            rc = gov_desk_lost_one(c->txn, c->arena, site, c->err);
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    return gov_set_logo(c, site);
}


/* "DIGEST/NAME" of a file of the site, never without words (G08) */

static gov_rc_t
gov_set_logo(gov_cmd_t *c, gov_site_t *site)
{
    u_char     digest[GOV_DIGEST_LEN];
    gov_str_t  hex, logo;

    logo = site->rec.logo;

    if (logo.len == 0) {
        return GOV_OK;
    }

    if (site->rec.logo_alt.len == 0) {
        return gov_fail(c->err, GOV_INVALID, "logo_alt",
                        "标志必须有替代文字");
    }

    if (!gov_desk_has(c, "logo")) {
        return GOV_OK;
    }

    hex.data = logo.data;
    hex.len = 2 * GOV_DIGEST_LEN;

    if (logo.len < hex.len + 2 || logo.data[hex.len] != '/'
        || gov_unhex(digest, hex, GOV_DIGEST_LEN) != 0)
    {
        return gov_fail(c->err, GOV_INVALID, "logo",
                        "标志应写作“摘要/文件名”");
    }

    return gov_set_logo_file(c, site, hex);
}


/* a logo is public, whatever else names the file; what a journal says was
 * done is not asked again */

static gov_rc_t
gov_set_logo_file(gov_cmd_t *c, gov_site_t *site, gov_str_t hex)
{
    int                 is_public;
    gov_file_rec_t      file;
    const gov_media_t  *media;

    if (gov_file_get(c->txn, c->arena, site->id, hex, c->op->time, &file,
                     &is_public) != GOV_OK)
    {
        return gov_fail(c->err, GOV_NOT_FOUND, "logo",
                        "本站没有这个附件，请先上传标志");
    }

    if (c->op->again) {
        return GOV_OK;
    }

    media = gov_media_typed(file.type);

    if (media == NULL || media->kind != GOV_MEDIA_IMAGE) {
        return gov_fail(c->err, GOV_INVALID, "logo", "标志须是图片");
    }

    return is_public ? GOV_OK
                     : gov_fail(c->err, GOV_DENIED, "logo",
                                "“%.*s”还没有公开，不能作标志",
                                gov_strf(gov_utf8_head(file.name, 60)));
}


static int
gov_mark_valid(gov_str_t s)
{
    size_t  i;
    u_char  c;

    for (i = 0; i < s.len; i++) {
        c = s.data[i] | 0x20;

        if (!(c >= 'a' && c <= 'z')
            && !(s.data[i] >= '0' && s.data[i] <= '9'))
        {
            return 0;
        }
    }

    return s.len == 10;
}
