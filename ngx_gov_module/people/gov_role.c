
/*
 * Copyright (C) ngx_gov authors
 *
 * Roles: lists of rights under a name.  Those of gov_rights.h are read from
 * the program's text as if they were stored; a platform's own are records.
 */


#include "people/gov_people_int.h"


#define GOV_ROLE_ROW(name, title, apart, factor, rights)                      \
    { name, title, GOV_APART_##apart, factor, rights },

static const struct {
    const char   *name;
    const char   *title;
    gov_apart_t   apart;
    int           factor;
    const char   *rights;           /* divided by spaces */
} gov_roles[] = {
    GOV_ROLES(GOV_ROLE_ROW)
    { NULL, NULL, GOV_APART_NONE, 0, NULL }
};


static int gov_role_fixed(gov_str_t name);
static void gov_role_row(gov_arena_t *a, int i, gov_role_rec_t *role);
static gov_rc_t gov_role_check(gov_str_t name, gov_role_rec_t *role,
    gov_err_t *err);
static gov_rc_t gov_role_kind(gov_role_rec_t *role, gov_err_t *err);
static uint64_t gov_role_bits(gov_value_t *rights);


gov_rc_t
gov_role_get(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_role_rec_t *role, uint64_t *rights)
{
    int        i;
    gov_rc_t   rc;
    gov_key_t  k;

    i = gov_role_fixed(name);

    if (i >= 0) {
        gov_role_row(a, i, role);

    } else {
        rc = gov_load(gov_people(t), GOV_T_ROLES, gov_key_s(&k, name), a,
                      role);
        if (rc != GOV_OK) {
            return rc;
        }
    }

    if (rights != NULL) {
        *rights = gov_role_bits(role->rights);
    }

    return GOV_OK;
}


/* -1: not one of the platform's */

static int
gov_role_fixed(gov_str_t name)
{
    int  i;

    for (i = 0; gov_roles[i].name; i++) {
        if (gov_str_is(name, gov_roles[i].name)) {
            return i;
        }
    }

    return -1;
}


static void
gov_role_row(gov_arena_t *a, int i, gov_role_rec_t *role)
{
    size_t       n;
    const char  *word;

    memset(role, 0, sizeof(gov_role_rec_t));

    role->title = gov_str_of(gov_roles[i].title);
    role->apart = gov_roles[i].apart;
    role->factor = gov_roles[i].factor;
    role->fixed = 1;
    role->rights = gov_list(a);

    for (word = gov_roles[i].rights; *word; word += n + (word[n] == ' ')) {
        n = strcspn(word, " ");
        gov_add(role->rights,
                gov_val_str(a, (gov_str_t) { n, (u_char *) word }));
    }
}


/* a right that this program does not know gives nothing */

static uint64_t
gov_role_bits(gov_value_t *rights)
{
    int           right;
    uint64_t      bits;
    gov_value_t  *v;

    bits = 0;

    gov_each(v, rights) {
        right = v->kind == GOV_STR ? gov_right_parse(v->u.s) : -1;

        if (right >= 0) {
            bits |= gov_right_bit(right);
        }
    }

    return bits;
}


gov_rc_t
gov_role_next(gov_txn_t *t, gov_arena_t *a, gov_str_t *name,
    gov_role_rec_t *role)
{
    int         i;
    gov_rc_t    rc;
    gov_key_t   k, from;
    gov_scan_t  sc;

    i = name->len ? gov_role_fixed(*name) : -1;

    if ((name->len == 0 || i >= 0) && gov_roles[i + 1].name) {
        *name = gov_str_of(gov_roles[i + 1].name);
        gov_role_row(a, i + 1, role);

        return GOV_OK;
    }

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_ROLES, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    if (i < 0) {
        gov_scan_from(&sc, gov_key_s(&from, gov_str_cat(a, *name,
                          (gov_str_t) { 1, (u_char *) "\0" })));
    }

    rc = gov_scan_next(&sc, a, role);

    if (rc == GOV_OK) {
        *name = gov_str_copy(a, sc.key);
    }

    gov_scan_close(&sc);

    return rc;
}


gov_rc_t
gov_role_put(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_role_rec_t *role, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;

    rc = gov_role_check(name, role, err);

    if (rc == GOV_OK) {
        rc = gov_role_kind(role, err);
    }

    return rc == GOV_OK ? gov_save(gov_people(t), GOV_T_ROLES,
                                   gov_key_s(&k, name), a, role)
                        : rc;
}


static gov_rc_t
gov_role_check(gov_str_t name, gov_role_rec_t *role, gov_err_t *err)
{
    gov_value_t  *v;

    if (!gov_slug_valid(name)) {
        return gov_fail(err, GOV_INVALID, "role",
                        "角色名须为 1 至 32 个小写字母、数字或“-”");
    }

    if (gov_role_fixed(name) >= 0) {
        return gov_fail(err, GOV_CONFLICT, "role",
                        "“%.*s”是平台自带的角色，不能改动", gov_strf(name));
    }

    if (role->title.len == 0 || gov_utf8_chars(role->title) > 40) {
        return gov_fail(err, GOV_INVALID, "title", "角色的名称应为 1 至 40 字");
    }

    if (role->rights == NULL || role->rights->n == 0) {
        return gov_fail(err, GOV_INVALID, "rights", "角色至少要有一项权限");
    }

    gov_each(v, role->rights) {
        if (v->kind != GOV_STR || gov_right_parse(v->u.s) < 0) {
            return gov_fail(err, GOV_INVALID, "rights",
                            "没有名为“%.*s”的权限",
                            gov_strf(gov_utf8_head(v->kind == GOV_STR
                                         ? v->u.s : gov_s("?"), 40)));
        }
    }

    return GOV_OK;
}


static gov_rc_t
gov_role_kind(gov_role_rec_t *role, gov_err_t *err)
{
    int  apart;

    apart = gov_rights_apart(gov_role_bits(role->rights));

    if (apart < 0) {
        return gov_fail(err, GOV_DENIED, "rights",
                        "系统、安全、审计三类管理权限不能放在一个角色中");
    }

    role->apart = apart;
    role->factor |= apart != GOV_APART_NONE;
    role->fixed = 0;

    return GOV_OK;
}


gov_rc_t
gov_role_drop(gov_txn_t *t, gov_arena_t *a, gov_str_t name, gov_err_t *err)
{
    gov_rc_t   rc;
    gov_key_t  k;

    if (gov_role_fixed(name) >= 0) {
        return gov_fail(err, GOV_CONFLICT, "role",
                        "“%.*s”是平台自带的角色，不能改动", gov_strf(name));
    }

    rc = gov_there(gov_people(t), GOV_T_ROLES, gov_key_s(&k, name));

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "role", "没有名为“%.*s”的角色",
                        gov_strf(gov_utf8_head(name, 40)));
    }

    rc = gov_role_held(t, a, name);

    if (rc == GOV_OK) {
        return gov_fail(err, GOV_CONFLICT, "role",
                        "还有人担任“%.*s”，请先收回授权", gov_strf(name));
    }

    return rc == GOV_NOT_FOUND
           ? gov_drop(gov_people(t), GOV_T_ROLES, gov_key_s(&k, name))
           : rc;
}


/* all grants are looked at: a role is seldom taken away */

gov_rc_t
gov_role_held(gov_txn_t *t, gov_arena_t *a, gov_str_t name)
{
    gov_rc_t    rc;
    gov_str_t   role;
    gov_key_t   k;
    gov_scan_t  sc;

    rc = gov_scan_open(&sc, gov_people(t), GOV_T_GRANTS, gov_key(&k),
                       GOV_FORWARD);
    if (rc != GOV_OK) {
        return rc;
    }

    while ((rc = gov_scan_next(&sc, a, NULL)) == GOV_OK) {
        role.data = sc.key.data + 16;
        role.len = sc.key.len - 16;

        if (gov_str_eq(role, name)) {
            break;
        }
    }

    gov_scan_close(&sc);

    return rc == GOV_DONE ? GOV_NOT_FOUND : rc;
}
