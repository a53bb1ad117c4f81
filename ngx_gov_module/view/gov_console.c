
/*
 * Copyright (C) ngx_gov authors
 *
 * A page of the console, straight down:
 *
 *     token -> session -> account, who
 *     path  -> row of the table, and what its path names
 *     right -> judged where the row says
 *     function of the row -> values
 *
 * What goes wrong on the way becomes a notice in the console's frame.
 */


#include "view/gov_console_int.h"


static gov_value_t *gov_console_texts(gov_arena_t *a, gov_value_t *args);
static gov_console_page_t *gov_console_find(gov_console_t *c);
static int gov_console_fits(gov_console_t *c, const char *path);
static gov_rc_t gov_console_admit(gov_console_t *c, gov_err_t *err);
static int gov_console_staged(gov_console_t *c);
static gov_rc_t gov_console_judge(gov_console_t *c, gov_err_t *err);
static gov_rc_t gov_console_at_site(gov_console_t *c, gov_err_t *err);
static gov_rc_t gov_console_at_doc(gov_console_t *c, gov_err_t *err);
static gov_rc_t gov_console_at_column(gov_console_t *c, uint32_t column,
    gov_err_t *err);
static gov_rc_t gov_console_absent(gov_err_t *err);
static gov_rc_t gov_console_denied(gov_console_t *c, gov_err_t *err);
static gov_rc_t gov_console_lead(gov_console_t *c);
static void gov_console_failed(gov_console_t *c, gov_err_t *err);


#define GOV_CONSOLE_ROW(id, path, right, scope)                               \
    { #id, path, "console/" #id, right, GOV_CONSOLE_##scope,                  \
      gov_console_##id },

static gov_console_page_t  gov_console_pages[] = {
    GOV_CONSOLE_PAGES(GOV_CONSOLE_ROW)
    { NULL, NULL, NULL, 0, 0, NULL }
};


/* where who is still asked for something must go first; who is nobody is at
 * the first stage */

static const char  *gov_console_stages[] = {
    [GOV_STAGE_FULL] = "sign-in",
    [GOV_STAGE_CODE] = "sign-in/code",
    [GOV_STAGE_PASSWORD] = "sign-in/password",
    [GOV_STAGE_FACTOR] = "sign-in/factor"
};


void
gov_console_make(gov_console_t *c)
{
    gov_rc_t   rc;
    gov_err_t  err;

    memset(&err, 0, sizeof(gov_err_t));
    c->out = gov_map(c->arena);
    c->params = gov_map(c->arena);
    c->args = gov_console_texts(c->arena, c->args);

    rc = gov_signed(c->txn, c->arena, c->token, c->now, &c->me);

    if (rc != GOV_OK) {
        gov_console_notice(c, gov_rc_status(rc));
        return;
    }

    /* an address that is no text is nobody's, and no page shows it again */

    if (!gov_text_clean(c->path)) {
        c->path = gov_s(GOV_CONSOLE_BASE);
        gov_console_notice(c, 404);
        return;
    }

    c->page = gov_console_find(c);
    rc = gov_console_admit(c, &err);

    if (rc == GOV_OK) {
        rc = gov_console_judge(c, &err);
    }

    if (rc == GOV_OK) {
        c->view = c->page->view;
        rc = c->page->run(c, &err);
    }

    if (rc == GOV_OK) {
        c->status = c->status ? c->status : 200;
        gov_console_frame(c);

    } else if (rc != GOV_DONE) {
        gov_console_failed(c, &err);
    }
}


/* of a name that comes again the last one counts */

static gov_value_t *
gov_console_texts(gov_arena_t *a, gov_value_t *args)
{
    gov_value_t  *arg, *texts;

    texts = gov_map(a);

    gov_each(arg, args) {
        gov_put_key(texts, arg->key,
                    gov_val_str(a, arg->kind == GOV_LIST ? arg->last->u.s
                                                         : arg->u.s));
    }

    return texts;
}


static gov_console_page_t *
gov_console_find(gov_console_t *c)
{
    gov_console_page_t  *page;

    for (page = gov_console_pages; page->id; page++) {
        if (gov_console_fits(c, page->path)) {
            return page;
        }
    }

    return NULL;
}


/* a "{name}" takes one segment, which is kept under its name */

static int
gov_console_fits(gov_console_t *c, const char *path)
{
    const char  *name;
    gov_str_t    s, word;

    s.data = c->path.data + sizeof(GOV_CONSOLE_BASE) - 1;
    s.len = c->path.len - (sizeof(GOV_CONSOLE_BASE) - 1);

    while (*path && s.len) {
        if (*path != '{') {
            if ((u_char) *path++ != *s.data) {
                return 0;
            }

            s.data++;
            s.len--;
            continue;
        }

        name = path + 1;
        path = strchr(path, '}') + 1;
        word.data = s.data;

        for (word.len = 0; s.len && *s.data != '/'; word.len++) {
            s.data++;
            s.len--;
        }

        gov_set(c->params,
                gov_str_c(c->arena, (gov_str_t) { path - name - 1,
                                                  (u_char *) name }),
                gov_val_str(c->arena, word));
    }

    /* "site/610400/" is "site/610400" */

    return *path == '\0'
           && (s.len == 0 || (s.len == 1 && *s.data == '/'));
}


/* may who asks see any page here, and this one?  GOV_DONE: it is answered */

static gov_rc_t
gov_console_admit(gov_console_t *c, gov_err_t *err)
{
    gov_console_scope_t  scope;

    scope = c->page ? c->page->scope : GOV_CONSOLE_SELF;

    if (scope == GOV_CONSOLE_OPEN) {
        return GOV_OK;
    }

    if (c->me.is != GOV_SIGNED_IN) {
        return gov_console_staged(c) ? GOV_OK : gov_console_lead(c);
    }

    if (scope == GOV_CONSOLE_STAGE) {
        return gov_console_go(c, gov_s(GOV_CONSOLE_BASE));
    }

    return c->page ? GOV_OK : gov_console_absent(err);
}


static int
gov_console_staged(gov_console_t *c)
{
    return c->page != NULL && c->me.is == GOV_SIGNED_PART
           && strcmp(c->page->path,
                     gov_console_stages[c->me.stage]) == 0;
}


static gov_rc_t
gov_console_judge(gov_console_t *c, gov_err_t *err)
{
    switch (c->page->scope) {

    case GOV_CONSOLE_SITE:
        return gov_console_at_site(c, err);

    case GOV_CONSOLE_DOC:
        return gov_console_at_doc(c, err);

    default:
        return gov_console_open_to(c, c->page->scope, c->page->right)
               ? GOV_OK : gov_console_denied(c, err);
    }
}


int
gov_console_open_to(gov_console_t *c, gov_console_scope_t scope,
    gov_right_t right)
{
    switch (scope) {

    case GOV_CONSOLE_ANYWHERE:
        return gov_console_somewhere(c, right);

    case GOV_CONSOLE_PEOPLE:
        return gov_console_somewhere(c, right)
               || gov_console_may(c, GOV_RIGHT_SECURITY_MANAGE, GOV_HUB, 0);

    case GOV_CONSOLE_HUB:
        return gov_console_may(c, right, GOV_HUB, 0);

    default:
        return 1;
    }
}


static gov_rc_t
gov_console_at_site(gov_console_t *c, gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_site_by_code(c->txn, c->arena,
                          gov_code_canon(c->arena,
                                         gov_get_str(c->params, "site")),
                          &c->site);

    if (rc == GOV_NOT_FOUND) {
        c->site.id = 0;
        return gov_console_absent(err);
    }

    return rc == GOV_OK ? gov_console_at_column(c, GOV_ANY_COLUMN, err) : rc;
}


static gov_rc_t
gov_console_at_doc(gov_console_t *c, gov_err_t *err)
{
    int64_t   id;
    gov_rc_t  rc;

    if (gov_str_int(gov_get_str(c->params, "doc"), &id) != 0 || id < 1) {
        return gov_console_absent(err);
    }

    rc = gov_doc_find(c->txn, c->arena, (uint64_t) id, &c->doc);

    if (rc == GOV_OK) {
        rc = gov_site_get(c->txn, c->arena, c->doc.site, &c->site);
    }

    if (rc != GOV_OK) {
        c->site.id = 0;
        return rc == GOV_NOT_FOUND ? gov_console_absent(err) : rc;
    }

    return gov_console_at_column(c, (uint32_t) c->doc.rec.column, err);
}


static gov_rc_t
gov_console_at_column(gov_console_t *c, uint32_t column, gov_err_t *err)
{
    if (!gov_may_see(c->txn, &c->me.who, c->site.id)) {
        c->site.id = 0;
        return gov_console_absent(err);
    }

    if (c->enter != NULL && c->enter(c->site.id) != GOV_OK) {
        return gov_fail(err, GOV_BUSY, "", "站点 %.*s 暂时停用",
                        gov_strf(c->site.rec.code));
    }

    return gov_console_may(c, c->page->right, c->site.id, column)
           ? GOV_OK : gov_console_denied(c, err);
}


int
gov_console_somewhere(gov_console_t *c, gov_right_t right)
{
    unsigned   n;
    uint32_t  *sites;

    return gov_who_roots(c->txn, c->arena, &c->me.who, right, &sites, &n)
           == GOV_OK
           && n > 0;
}


static gov_rc_t
gov_console_absent(gov_err_t *err)
{
    return gov_fail(err, GOV_NOT_FOUND, "", "没有这个页面");
}


static gov_rc_t
gov_console_denied(gov_console_t *c, gov_err_t *err)
{
    return gov_fail(err, GOV_DENIED, "", "需要“%s”的权限",
                    gov_right_title(c->page->right));
}


int
gov_console_may(gov_console_t *c, gov_right_t right, uint32_t site,
    uint32_t column)
{
    return gov_may(c->txn, &c->me.who, right, site, column);
}


gov_rc_t
gov_console_go(gov_console_t *c, gov_str_t to)
{
    c->status = 303;
    c->to = to;

    return GOV_DONE;
}


/* to the form of their stage and back again; a form that was sent is kept on
 * a page of its own */

static gov_rc_t
gov_console_lead(gov_console_t *c)
{
    gov_buf_t  b;

    gov_buf_init(&b, c->arena, 256);
    gov_buf_c(&b, GOV_CONSOLE_BASE);
    gov_buf_c(&b, gov_console_stages[c->me.stage]);

    if (c->input != NULL) {
        gov_put_str(c->arena, c->out, "way", b.s);
        gov_console_notice(c, c->me.is == GOV_SIGNED_NOT ? 401 : 403);
        c->view = "console/again";
        return GOV_DONE;
    }

    if (c->path.len > sizeof(GOV_CONSOLE_BASE) - 1
        && (c->page == NULL || c->page->scope != GOV_CONSOLE_STAGE))
    {
        gov_buf_c(&b, "?to=");
        gov_buf_uri(&b, c->path);

        if (c->query.len) {
            gov_buf_c(&b, "%3F");
            gov_buf_uri(&b, c->query);
        }
    }

    return gov_console_go(c, b.s);
}


static void
gov_console_failed(gov_console_t *c, gov_err_t *err)
{
    /* half a page is none */

    c->out = gov_map(c->arena);

    gov_put_str(c->arena, c->out, "reason",
                gov_str_copy(c->arena,
                             gov_str_of(strcmp(c->lang, "en") == 0
                                        && err->english[0] ? err->english
                                                           : err->text)));

    gov_console_notice(c, gov_rc_status(err->code));
}


void
gov_console_notice(gov_console_t *c, int status)
{
    if (c->out == NULL) {
        c->out = gov_map(c->arena);
    }

    c->status = status;
    c->view = "console/notice";
    c->page = NULL;
    c->to.len = 0;
    gov_console_frame(c);
}


gov_rc_t
gov_console_ask(gov_console_t *c, const char *question, gov_value_t *in,
    const char *key, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_value_t  *answer;

    rc = gov_query(c->txn, c->arena, &c->me.who, gov_str_of(question), in,
                   c->now, &answer, err);

    if (rc == GOV_OK) {
        gov_said_answer(answer, c->lang);
        gov_put(c->out, key, answer);
    }

    return rc;
}


gov_value_t *
gov_console_here(gov_console_t *c)
{
    gov_value_t  *in;

    in = gov_map(c->arena);
    gov_put_str(c->arena, in, "site", c->site.rec.code);

    return in;
}


gov_str_t
gov_console_arg(gov_console_t *c, const char *name)
{
    return gov_get_str(c->args, name);
}


/* names, by spaces; what is empty in a form of filters is not asked */

gov_value_t *
gov_console_args(gov_console_t *c, const char *names)
{
    char         *name, *rest;
    gov_str_t     s;
    gov_value_t  *in;

    in = gov_map(c->arena);
    rest = gov_str_c(c->arena, gov_str_of(names));

    while ((name = strsep(&rest, " ")) != NULL) {
        s = gov_console_arg(c, name);

        if (s.len) {
            gov_put_str(c->arena, in, name, s);
        }
    }

    return in;
}


gov_rc_t
gov_console_host(gov_txn_t *t, gov_arena_t *a, gov_str_t host,
    gov_str_t *portal)
{
    gov_rc_t     rc;
    gov_base_t   base;
    gov_site_t   site;
    gov_place_t  place;

    rc = gov_site_resolve(t, a, host, gov_s("/"), &place);
    if (rc != GOV_OK) {
        return rc;
    }

    rc = gov_site_get(t, a, place.site, &site);

    if (rc == GOV_OK && site.rec.parent == 0 && !place.moved) {
        return GOV_OK;
    }

    while (rc == GOV_OK && site.rec.parent) {
        rc = gov_site_get(t, a, (uint32_t) site.rec.parent, &site);
    }

    if (rc == GOV_OK) {
        rc = gov_site_base(t, a, &site, &base);
    }

    *portal = base.host;

    return rc == GOV_OK ? GOV_DONE : rc;
}
