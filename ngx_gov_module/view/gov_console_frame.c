
/*
 * Copyright (C) ngx_gov authors
 *
 * What every page of the console has: who is signed in, the menu of what they
 * may, the site at work, what was just done.
 */


#include "view/gov_console_int.h"
#include "people/gov_notice.h"


/* of a site: below /console/site/CODE */

typedef struct {
    const char   *id;
    const char   *path;
    gov_right_t   right;
} gov_console_entry_t;

static gov_console_entry_t  gov_console_of_site[] = {
    { "site", "", GOV_RIGHT_SITE_READ },
    { "docs", "/docs", GOV_RIGHT_DOC_READ },
    { "files", "/files", GOV_RIGHT_DOC_READ },
    { "schedule", "/schedule", GOV_RIGHT_DOC_READ },
    { "links", "/links", GOV_RIGHT_DOC_READ },
    { "columns", "/columns", GOV_RIGHT_SITE_READ },
    { "settings", "/settings", GOV_RIGHT_SITE_EDIT },
    { "site_people", "/people", GOV_RIGHT_PEOPLE_MANAGE },
    { "site_journal", "/journal", GOV_RIGHT_AUDIT_READ },
    { NULL, NULL, 0 }
};


/* of the platform */

typedef struct {
    const char           *id;
    const char           *url;
    gov_right_t           right;
    gov_console_scope_t   scope;
} gov_console_place_t;

static gov_console_place_t  gov_console_places[] = {
    { "tasks", "/console/", 0, GOV_CONSOLE_SELF },
    { "sites", "/console/sites", 0, GOV_CONSOLE_SELF },
    { "board", "/console/board", GOV_RIGHT_SITE_MANAGE,
      GOV_CONSOLE_ANYWHERE },
    { "works", "/console/works", GOV_RIGHT_DOC_PUBLISH,
      GOV_CONSOLE_ANYWHERE },
    { "mails", "/console/mails", GOV_RIGHT_PLATFORM_MANAGE,
      GOV_CONSOLE_HUB },
    { "people", "/console/people", GOV_RIGHT_PEOPLE_MANAGE,
      GOV_CONSOLE_PEOPLE },
    { "gaps", "/console/gaps", GOV_RIGHT_PEOPLE_MANAGE,
      GOV_CONSOLE_ANYWHERE },
    { "roles", "/console/roles", GOV_RIGHT_ROLE_MANAGE, GOV_CONSOLE_HUB },
    { "journal", "/console/journal", GOV_RIGHT_AUDIT_READ, GOV_CONSOLE_HUB },
    { NULL, NULL, 0, 0 }
};


static void gov_console_typed(gov_console_t *c);
static gov_str_t gov_console_self(gov_console_t *c);
static void gov_console_me(gov_console_t *c);
static void gov_console_menu(gov_console_t *c);
static void gov_console_item(gov_console_t *c, gov_value_t *menu,
    const char *id, gov_str_t url);
static void gov_console_site_value(gov_console_t *c);
static void gov_console_done(gov_console_t *c);


void
gov_console_frame(gov_console_t *c)
{
    gov_value_t  *page;
    gov_arena_t  *a = c->arena;

    page = gov_put_map(a, c->out, "page");
    gov_put_c(a, page, "id", c->page ? c->page->id : "notice");
    gov_put_int(a, page, "status", c->status);
    gov_put_str(a, page, "path", c->path);
    gov_put_str(a, page, "self", gov_console_self(c));
    gov_put_c(a, page, "lang", c->lang);
    gov_put_str(a, page, "today", gov_date(a, c->now, GOV_DATE_DAY));
    gov_put_str(a, page, "now", gov_date(a, c->now, GOV_DATE_MINUTE));
    gov_put_str(a, page, "op", c->op);
    gov_put_str(a, page, "scheme", c->links.scheme);
    gov_put_str(a, page, "port", c->links.port);
    gov_put_str(a, page, "origin",
                gov_str_fmt(a, "%.*s://%.*s%.*s", gov_strf(c->links.scheme),
                            gov_strf(c->host), gov_strf(c->links.port)));

    if (c->editor) {
        gov_put_bool(a, page, "editor", 1);
    }

    gov_put(c->out, "assets", c->assets);
    gov_put(c->out, "args", c->args ? c->args : gov_map(a));
    gov_put(c->out, "input", c->input ? c->input : gov_map(a));
    gov_console_typed(c);

    if (c->problem != NULL) {
        gov_put(c->out, "problem", c->problem);
    }

    if (c->told != NULL) {
        gov_put(c->out, "told", c->told);
    }

    if (c->doc.id) {
        gov_put_int(a, c->out, "doc_id", (int64_t) c->doc.id);
        gov_put_str(a, c->out, "doc_title", c->doc.rec.title);
    }

    if (c->me.is != GOV_SIGNED_NOT) {
        gov_console_me(c);
    }

    if (c->me.is == GOV_SIGNED_IN) {
        gov_console_menu(c);
        gov_console_site_value(c);
        gov_console_done(c);

        if (gov_console_somewhere(c, GOV_RIGHT_SITE_MANAGE)) {
            gov_put_bool(c->arena, c->out, "may_board", 1);
        }
    }
}


/* names of the input's members in the order of the form, which a script's map
 * does not keep */

static void
gov_console_typed(gov_console_t *c)
{
    gov_value_t  *list, *v;

    list = gov_put_list(c->arena, c->out, "input_names");

    gov_each(v, c->input) {
        gov_add(list, gov_val_str(c->arena, v->key));
    }
}


/* the address of the page, without what was done before it came */

static gov_str_t
gov_console_self(gov_console_t *c)
{
    gov_buf_t     b;
    gov_value_t  *arg;

    gov_buf_init(&b, c->arena, 256);
    gov_buf_str(&b, c->path);

    gov_each(arg, c->args) {
        if (arg->kind == GOV_STR && !gov_str_is(arg->key, "done")) {
            gov_buf_c(&b, b.s.len == c->path.len ? "?" : "&");
            gov_buf_uri(&b, arg->key);
            gov_buf_c(&b, "=");
            gov_buf_uri(&b, arg->u.s);
        }
    }

    return b.s;
}


static void
gov_console_me(gov_console_t *c)
{
    u_char              csrf[GOV_CSRF_LEN];
    unsigned            unread;
    gov_value_t        *me;
    gov_arena_t        *a = c->arena;
    gov_account_rec_t  *rec = &c->me.account.rec;

    gov_session_csrf(c->token, csrf);

    me = gov_put_map(a, c->out, "me");
    gov_put_str(a, me, "login", rec->login);
    gov_put_str(a, me, "name", rec->name.len ? rec->name : rec->login);
    gov_put_some(a, me, "unit", rec->unit);
    gov_put_some(a, me, "contractor", rec->contractor);

    if (gov_notice_unread(c->txn, c->me.account.id, &unread) == GOV_OK) {
        gov_put_int(a, me, "unread", unread);
        gov_put_bool(a, me, "unread_more", unread == GOV_NOTICE_COUNT);
    }

    gov_put_str(a, me, "csrf",
                gov_str_copy(a, (gov_str_t) { GOV_CSRF_LEN, csrf }));
}


static void
gov_console_menu(gov_console_t *c)
{
    gov_value_t          *menu;
    gov_console_place_t  *p;

    menu = gov_put_list(c->arena, c->out, "menu");

    for (p = gov_console_places; p->id; p++) {
        if (gov_console_open_to(c, p->scope, p->right)) {
            gov_console_item(c, menu, p->id, gov_str_of(p->url));
        }
    }
}


static void
gov_console_item(gov_console_t *c, gov_value_t *menu, const char *id,
    gov_str_t url)
{
    gov_value_t  *entry;

    entry = gov_add_map(c->arena, menu);
    gov_put_c(c->arena, entry, "id", id);
    gov_put_str(c->arena, entry, "url", url);

    if (c->page != NULL && strcmp(c->page->id, id) == 0) {
        gov_put_bool(c->arena, entry, "current", 1);
    }
}


/* the site at work, and what they may there */

static void
gov_console_site_value(gov_console_t *c)
{
    gov_str_t             url;
    gov_base_t            base;
    gov_value_t          *site, *menu;
    gov_console_entry_t  *e;
    gov_arena_t          *a = c->arena;

    if (c->site.id == 0) {
        return;
    }

    site = gov_put_map(a, c->out, "site");
    gov_put_str(a, site, "code", c->site.rec.code);
    gov_put_str(a, site, "name", c->site.rec.name);
    gov_put_c(a, site, "state", gov_site_state_name(c->site.rec.state));
    gov_put_c(a, site, "level", gov_level_name(c->site.rec.level));

    if (gov_site_base(c->txn, a, &c->site, &base) == GOV_OK) {
        gov_put_str(a, site, "url",
                    gov_str_fmt(a, "//%.*s%.*s", gov_strf(base.host),
                                gov_strf(base.path)));
    }

    url = gov_str_fmt(a, "/console/site/%.*s", gov_strf(c->site.rec.code));
    gov_put_str(a, site, "console", url);
    menu = gov_put_list(a, site, "menu");

    for (e = gov_console_of_site; e->id; e++) {
        if (gov_console_may(c, e->right, c->site.id, GOV_ANY_COLUMN)) {
            gov_console_item(c, menu, e->id,
                              gov_str_cat(a, url, gov_str_of(e->path)));
        }
    }
}


/* "?done=OPERATION": shown to who did it, and only once it is so; what
 * changed nothing is told by govd */

static void
gov_console_done(gov_console_t *c)
{
    u_char            id[GOV_OPID_LEN];
    uint64_t          seq;
    gov_value_t      *done, *verdict;
    gov_entry_rec_t   entry;

    if (gov_get_bool(c->told, "same")) {
        gov_put(c->out, "done", gov_value_copy(c->arena, c->told));
        return;
    }

    if (gov_opid_parse(gov_console_arg(c, "done"), id) != 0
        || gov_applied(c->txn, c->arena, id, &verdict, &seq) != GOV_OK
        || gov_journal_get(c->txn, c->arena, seq, &entry) != GOV_OK
        || !gov_str_eq(entry.actor,
                       gov_account_actor(c->arena, c->me.account.rec.login,
                                         c->me.account.rec.contractor)))
    {
        return;
    }

    done = gov_put_map(c->arena, c->out, "done");
    gov_put_str(c->arena, done, "command", entry.command);
    gov_put_int(c->arena, done, "seq", (int64_t) seq);
    gov_said_in(verdict, c->lang);
    gov_put(done, "verdict", verdict);
}
