
/*
 * Copyright (C) ngx_gov authors
 *
 * site.import: one batch of rows, one journal entry.
 *
 * A row that is refused says why and leaves nothing; the others go on.  A row
 * whose code is there already counts as unchanged, so that a batch may be
 * sent again: its names follow the row, its place in the tree and its address
 * do not (they have commands of their own) and are told under "differs".
 *
 * Every row works in a scratch arena that is emptied after it, and reads by
 * key only: the cost of a row does not grow with the number of sites.
 */


#include "desk/gov_desk_int.h"


#define GOV_IMPORT_SCRATCH  (32 * 1024)
#define GOV_IMPORT_STRANGE  32       /* columns of no use that are told */


typedef struct {
    gov_cmd_t    *c;
    gov_arena_t  *scratch;
    gov_str_t     pattern;
    int           mode;             /* -1: by level */
    unsigned      row;
    gov_str_t     blueprint;        /* the last one that was found */
    unsigned      created;
    unsigned      unchanged;
    unsigned      updated;
    gov_value_t  *strange;          /* members that no field takes, told;
                                       NULL: not the first of a table */
} gov_import_t;


static gov_in_t  gov_import_fields[] = {
    { "code", GOV_IN_CODE, GOV_IN_REQUIRED, NULL },
    { "level", GOV_IN_STR, GOV_IN_REQUIRED, NULL },
    { "name", GOV_IN_STR, GOV_IN_REQUIRED, NULL },
    { "parent_code", GOV_IN_STR, 0, NULL },
    { "slug", GOV_IN_STR, 0, NULL },
    { "legal_name", GOV_IN_STR, 0, NULL },
    { "blueprint", GOV_IN_STR, 0, NULL },
    { "mode", GOV_IN_STR, 0, NULL },
    { "abbr", GOV_IN_STR, 0, NULL },
    { "host", GOV_IN_STR, 0, NULL },
    { NULL, 0, 0, NULL }
};


static gov_rc_t gov_import_rows(gov_cmd_t *c, gov_value_t **rows);
static gov_rc_t gov_import_row(gov_import_t *im, gov_value_t *row,
    gov_err_t *err);
static void gov_import_strange(gov_import_t *im, gov_value_t *row);
static gov_rc_t gov_import_right(gov_import_t *im, gov_site_t *old,
    gov_site_t *site, gov_err_t *err);
static gov_rc_t gov_import_facts(gov_import_t *im, gov_value_t *row,
    gov_site_t *site, int exists, gov_err_t *err);
static gov_rc_t gov_import_parent(gov_import_t *im, gov_str_t code,
    gov_site_t *site, int exists, gov_err_t *err);
static gov_rc_t gov_import_mode(gov_import_t *im, gov_value_t *row,
    gov_site_t *site, gov_err_t *err);
static gov_rc_t gov_import_blueprint(gov_import_t *im, gov_str_t name,
    gov_err_t *err);
static gov_rc_t gov_import_again(gov_import_t *im, gov_value_t *row,
    gov_site_t *old, gov_site_t *site, gov_err_t *err);
static gov_rc_t gov_import_names(gov_import_t *im, gov_site_t *old,
    gov_site_t *site, gov_err_t *err);
static int gov_import_follow(gov_str_t *old, gov_str_t now);
static void gov_import_differs(gov_import_t *im, gov_site_t *old,
    const char *field);


gov_rc_t
gov_desk_site_import(gov_cmd_t *c)
{
    gov_rc_t       rc;
    gov_err_t      why;
    gov_value_t   *row, *rows;
    gov_import_t   im;

    memset(&im, 0, sizeof(gov_import_t));

    rc = gov_import_rows(c, &rows);

    if (rc == GOV_OK) {
        rc = gov_desk_first(c, &im.row);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    im.c = c;
    im.strange = im.row == 1 ? gov_map(c->arena) : NULL;
    im.pattern = gov_desk_str(c, "host_pattern");
    im.mode = -1;

    if (gov_desk_has(c, "mode")) {
        im.mode = gov_mode_parse(gov_desk_str(c, "mode"));

        if (im.mode < 0 || (im.mode == GOV_MODE_PAGE && im.pattern.len)) {
            return gov_fail(c->err, GOV_INVALID, "mode",
                            "建站模式只有 page 和 subsite，给定 "
                            "host_pattern 时只有 subsite");
        }
    }

    im.scratch = gov_arena_new(GOV_IMPORT_SCRATCH);
    rc = GOV_OK;

    gov_each(row, rows) {
        memset(&why, 0, sizeof(gov_err_t));

        rc = gov_import_row(&im, row, &why);

        if (rc == GOV_INVALID || rc == GOV_CONFLICT || rc == GOV_DENIED
            || rc == GOV_NOT_FOUND)
        {
            gov_desk_refuse_row(c, im.row, "code", gov_get_str(row, "code"),
                                &why);
            rc = GOV_OK;
        }

        gov_arena_reset(im.scratch);

        if (rc != GOV_OK) {
            rc = gov_fail(c->err, rc, "rows", "第 %u 行没有写入（%s）",
                          im.row, gov_rc_name(rc));
            break;
        }

        im.row++;
    }

    gov_arena_free(&im.scratch);

    gov_put_int(c->arena, c->out, "created", im.created);
    gov_put_int(c->arena, c->out, "unchanged", im.unchanged);
    gov_put_int(c->arena, c->out, "updated", im.updated);

    return rc;
}


/* as a program gives them, or as a person pastes them */

static gov_rc_t
gov_import_rows(gov_cmd_t *c, gov_value_t **rows)
{
    *rows = gov_member(c->in, "rows");

    if (*rows != NULL) {
        return (*rows)->n ? GOV_OK : gov_fail(c->err, GOV_INVALID, "rows",
                                              "“%s”不能为空", "rows");
    }

    return gov_desk_has(c, "csv")
           ? gov_desk_csv(c, "csv", rows)
           : gov_fail(c->err, GOV_INVALID, "csv",
                      "没有站点清单：请选择文件，或者粘贴清单");
}


static gov_rc_t
gov_import_row(gov_import_t *im, gov_value_t *row, gov_err_t *err)
{
    int           exists;
    gov_rc_t      rc;
    gov_txn_t    *t;
    gov_site_t    site, old;
    gov_value_t  *in;

    t = im->c->txn;
    memset(&site, 0, sizeof(gov_site_t));

    gov_import_strange(im, row);

    if (gov_desk_refused(im->c, im->row)) {
        return GOV_DENIED;
    }

    rc = gov_in_read(im->scratch, gov_import_fields, row, 1, &in, err);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_site_by_code(t, im->scratch, gov_get_str(in, "code"), &old);
    if (rc != GOV_OK && rc != GOV_NOT_FOUND) {
        return rc;
    }

    exists = rc == GOV_OK;

    rc = gov_import_facts(im, in, &site, exists, err);

    if (rc == GOV_OK) {
        rc = gov_import_right(im, exists ? &old : NULL, &site, err);
    }

    if (rc != GOV_OK) {
        return rc;
    }

    if (exists) {
        return gov_import_again(im, in, &old, &site, err);
    }

    rc = gov_site_add(t, im->scratch, &site, 1, im->c->op->time, err);

    if (rc == GOV_OK) {
        im->created++;
        gov_desk_warn_root(im->c, &site);
    }

    return rc;
}


/* a table may have columns of its own; one that was misspelt is not missed
 * in silence.  Each is told once, not in every row. */

static void
gov_import_strange(gov_import_t *im, gov_value_t *row)
{
    gov_arena_t  *a;
    gov_value_t  *v;

    a = im->c->arena;

    if (im->strange == NULL || row->kind != GOV_MAP) {
        return;
    }

    gov_each(v, row) {
        if (v->key.len == 0 || im->strange->n == GOV_IMPORT_STRANGE
            || gov_in_known(gov_import_fields, v->key)
            || gov_member_s(im->strange, v->key))
        {
            continue;
        }

        gov_put_key(im->strange, v->key, gov_val_str(a, gov_s("")));
        gov_desk_warn(im->c, "“%.*s”这一列没有采用",
                      gov_strf(gov_utf8_head(v->key, 60)));
    }
}


/* a new one is its parent's to allow; of one that is there the names follow */

static gov_rc_t
gov_import_right(gov_import_t *im, gov_site_t *old, gov_site_t *site,
    gov_err_t *err)
{
    gov_judge_t  j;

    gov_desk_judge(im->c, &j);
    j.arena = im->scratch;
    j.err = err;

    return old != NULL
           ? gov_judge_at(&j, GOV_RIGHT_SITE_MANAGE, old->id, 0, "code")
           : gov_judge_at(&j, GOV_RIGHT_SITE_MANAGE,
                          (uint32_t) site->rec.parent, 0, "parent_code");
}


static gov_rc_t
gov_import_facts(gov_import_t *im, gov_value_t *row, gov_site_t *site,
    int exists, gov_err_t *err)
{
    gov_rc_t         rc;
    gov_str_t        level;
    gov_site_rec_t  *rec;

    rec = &site->rec;

    rec->code = gov_get_str(row, "code");
    rec->name = gov_get_str(row, "name");
    rec->slug = gov_get_str(row, "slug");
    rec->legal_name = gov_get_str(row, "legal_name");
    rec->abbr = gov_get_str(row, "abbr");
    rec->blueprint = gov_get_str(row, "blueprint");
    rec->state = GOV_SITE_LIVE;         /* where gates do not block */

    level = gov_get_str(row, "level");
    rec->level = gov_level_parse(level);

    if (rec->level == 0) {
        return gov_fail(err, GOV_INVALID, "level", "没有“%.*s”这一层级",
                        gov_strf(gov_utf8_head(level, 40)));
    }

    rc = gov_import_parent(im, gov_get_str(row, "parent_code"), site, exists,
                           err);

    if (rc == GOV_OK) {
        rc = gov_import_mode(im, row, site, err);
    }

    return rc == GOV_OK ? gov_import_blueprint(im, rec->blueprint, err) : rc;
}


/* a site that is there keeps its parent, whatever the row says */

static gov_rc_t
gov_import_parent(gov_import_t *im, gov_str_t code, gov_site_t *site,
    int exists, gov_err_t *err)
{
    gov_rc_t    rc;
    gov_site_t  parent;

    if (code.len == 0) {
        return GOV_OK;
    }

    code = gov_code_canon(im->scratch, code);

    if (gov_str_eq(code, site->rec.code)) {
        return gov_fail(err, GOV_INVALID, "parent_code",
                        "“%.*s”的上级是它自己",
                        gov_strf(gov_utf8_head(site->rec.name, 40)));
    }

    rc = gov_site_by_code(im->c->txn, im->scratch, code, &parent);

    if (rc == GOV_OK && !gov_may_see(im->c->txn, im->c->op->who, parent.id)) {
        rc = GOV_NOT_FOUND;
    }

    if (rc == GOV_NOT_FOUND && exists) {
        site->rec.parent = UINT32_MAX;
        return GOV_OK;
    }

    if (rc == GOV_NOT_FOUND) {
        return gov_fail(err, rc, "parent_code",
                        "上级 %.*s 不在它之前，也不在平台上",
                        gov_strf(gov_utf8_head(code, 40)));
    }

    site->rec.parent = parent.id;

    return rc;
}


/* what the row says, a host of its own, what the batch says, its level */

static gov_rc_t
gov_import_mode(gov_import_t *im, gov_value_t *row, gov_site_t *site,
    gov_err_t *err)
{
    gov_str_t        mode;
    gov_site_rec_t  *rec;

    rec = &site->rec;
    rec->host = gov_get_str(row, "host");
    mode = gov_get_str(row, "mode");

    if (mode.len) {
        rec->mode = gov_mode_parse(mode);

        if (rec->mode < 0
            || (rec->mode == GOV_MODE_PAGE && rec->host.len))
        {
            return gov_fail(err, GOV_INVALID, "mode",
                            "建站模式只有 page 和 subsite，有域名时只有 "
                            "subsite");
        }

    } else if (rec->host.len || im->pattern.len || rec->parent == 0) {
        rec->mode = GOV_MODE_SUBSITE;

    } else {
        rec->mode = im->mode >= 0 ? im->mode
                                  : gov_level_mode((int) rec->level);
    }

    if (rec->mode == GOV_MODE_SUBSITE && rec->host.len == 0) {
        rec->host = im->pattern;
    }

    return GOV_OK;
}


static gov_rc_t
gov_import_blueprint(gov_import_t *im, gov_str_t name, gov_err_t *err)
{
    gov_rc_t              rc;
    gov_blueprint_rec_t   b;

    if (name.len == 0 || gov_str_eq(name, im->blueprint)) {
        return GOV_OK;
    }

    rc = gov_blueprint_get(im->c->txn, im->scratch, name, &b);

    if (rc == GOV_NOT_FOUND) {
        return gov_fail(err, rc, "blueprint", "没有名为“%.*s”的蓝本",
                        gov_strf(gov_utf8_head(name, 40)));
    }

    if (rc == GOV_OK) {
        im->blueprint = gov_str_copy(im->c->arena, name);
    }

    return rc;
}


static gov_rc_t
gov_import_again(gov_import_t *im, gov_value_t *row, gov_site_t *old,
    gov_site_t *site, gov_err_t *err)
{
    if (old->rec.level != site->rec.level) {
        gov_import_differs(im, old, "level");
    }

    if (old->rec.parent != site->rec.parent) {
        gov_import_differs(im, old, "parent_code");
    }

    if ((im->mode >= 0 || gov_member(row, "mode"))
        && old->rec.mode != site->rec.mode)
    {
        gov_import_differs(im, old, "mode");
    }

    return gov_import_names(im, old, site, err);
}


/* what site.set would refuse is refused; what a journal says was done is not
 * asked again */

static gov_rc_t
gov_import_names(gov_import_t *im, gov_site_t *old, gov_site_t *site,
    gov_err_t *err)
{
    int         changed;
    gov_rc_t    rc;
    gov_site_t  now;

    now = *old;

    changed = gov_import_follow(&now.rec.name, site->rec.name);
    changed |= gov_import_follow(&now.rec.legal_name, site->rec.legal_name);
    changed |= gov_import_follow(&now.rec.abbr, site->rec.abbr);
    changed |= gov_import_follow(&now.rec.blueprint, site->rec.blueprint);

    if (!changed) {
        im->unchanged++;
        return GOV_OK;
    }

    if (!im->c->op->again) {
        rc = gov_desk_site_open(old, "code", err);

        if (rc == GOV_OK) {
            rc = gov_site_name_fits(now.rec.name, err);
        }

        if (rc == GOV_OK) {
            rc = gov_blueprint_fits(im->c->txn, im->scratch, &now, err);
        }

        if (rc == GOV_OK) {
            rc = gov_desk_lost_one(im->c->txn, im->scratch, &now, err);
        }

        if (rc != GOV_OK) {
            return rc;
        }
    }

    im->updated++;

    return gov_site_save(im->c->txn, im->scratch, &now);
}


static int
gov_import_follow(gov_str_t *old, gov_str_t now)
{
    if (now.len == 0 || gov_str_eq(*old, now)) {
        return 0;
    }

    *old = now;

    return 1;
}


static void
gov_import_differs(gov_import_t *im, gov_site_t *old, const char *field)
{
    gov_cmd_t    *c;
    gov_value_t  *list, *m;

    c = im->c;

    list = gov_member(c->out, "differs");
    if (list == NULL) {
        list = gov_put_list(c->arena, c->out, "differs");
    }

    m = gov_add_map(c->arena, list);
    gov_put_int(c->arena, m, "row", im->row);
    gov_put_str(c->arena, m, "code", gov_str_copy(c->arena, old->rec.code));
    gov_put_c(c->arena, m, "field", field);
}
