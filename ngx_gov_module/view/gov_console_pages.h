
/*
 * Copyright (C) ngx_gov authors
 *
 * The console's pages, said once.  It includes nothing.
 *
 *     P(id, path, right, scope)
 *
 * The page's function is gov_console_<id>() (gov_console_int.h), its template
 * lua/views/console/<id>.html, its title the word title_<id>; preview and file
 * have none (gov_console_look.c).
 *
 * path: below /console/.  {site} is a site's code, {doc} a document's number,
 * {user} a login, {role} a role, {seq} a journal entry's number: each is one
 * segment.  The first row that fits is taken.
 *
 * scope says where the right is judged, right is one of gov_rights.h:
 *
 *     OPEN      without a session
 *     STAGE     with one that is still asked for something
 *     SELF      any signed-in account; the page shows what is its own
 *     ANYWHERE  who holds the right at any site
 *     PEOPLE    who holds it at any site, and who administers the
 *               administrators
 *     HUB       at the platform
 *     SITE      at {site}, in any of its columns
 *     DOC       at {doc}'s site and column
 *
 * A right of SELF and below is none: 0.
 */


#define GOV_CONSOLE_PAGES(P)                                                  \
    P(sign_in, "sign-in", 0, OPEN)                                            \
    P(sign_in_code, "sign-in/code", 0, STAGE)                                 \
    P(sign_in_password, "sign-in/password", 0, STAGE)                         \
    P(sign_in_factor, "sign-in/factor", 0, STAGE)                             \
    P(invite, "invite", 0, OPEN)                                              \
    P(tasks, "", 0, SELF)                                                     \
    P(sites, "sites", 0, SELF)                                                \
    P(site_new, "sites/new", GOV_RIGHT_SITE_MANAGE, ANYWHERE)                 \
    P(site_import, "sites/import", GOV_RIGHT_SITE_MANAGE, ANYWHERE)           \
    P(board, "board", GOV_RIGHT_SITE_MANAGE, ANYWHERE)                        \
    P(works, "works", 0, SELF)                                                \
    P(mails, "mails", GOV_RIGHT_PLATFORM_MANAGE, HUB)                         \
    P(account, "account", 0, SELF)                                            \
    P(account_factor, "account/factor", 0, SELF)                              \
    P(notices, "notices", 0, SELF)                                            \
    P(people, "people", GOV_RIGHT_PEOPLE_MANAGE, PEOPLE)                      \
    P(gaps, "gaps", GOV_RIGHT_PEOPLE_MANAGE, ANYWHERE)                        \
    P(user_new, "people/new", GOV_RIGHT_PEOPLE_MANAGE, ANYWHERE)              \
    P(user, "people/{user}", 0, SELF)                                         \
    P(roles, "roles", 0, SELF)                                                \
    P(role, "roles/{role}", 0, SELF)                                          \
    P(journal, "journal", GOV_RIGHT_AUDIT_READ, HUB)                          \
    P(entry, "journal/{seq}", GOV_RIGHT_AUDIT_READ, HUB)                      \
    P(site, "site/{site}", GOV_RIGHT_SITE_READ, SITE)                         \
    P(docs, "site/{site}/docs", GOV_RIGHT_DOC_READ, SITE)                     \
    P(doc_new, "site/{site}/docs/new", GOV_RIGHT_DOC_WRITE, SITE)             \
    P(doc_import, "site/{site}/import", GOV_RIGHT_DOC_PUBLISH, SITE)          \
    P(files, "site/{site}/files", GOV_RIGHT_DOC_READ, SITE)                   \
    P(media, "site/{site}/files/{digest}", GOV_RIGHT_DOC_READ, SITE)          \
    P(file, "site/{site}/file/{digest}/{name}", GOV_RIGHT_DOC_READ, SITE)     \
    P(columns, "site/{site}/columns", GOV_RIGHT_SITE_READ, SITE)              \
    P(column_new, "site/{site}/columns/new", GOV_RIGHT_COLUMN_MANAGE, SITE)   \
    P(column, "site/{site}/columns/edit", GOV_RIGHT_COLUMN_MANAGE, SITE)      \
    P(settings, "site/{site}/settings", GOV_RIGHT_SITE_EDIT, SITE)            \
    P(schedule, "site/{site}/schedule", GOV_RIGHT_DOC_READ, SITE)             \
    P(links, "site/{site}/links", GOV_RIGHT_DOC_READ, SITE)                   \
    P(site_people, "site/{site}/people", GOV_RIGHT_PEOPLE_MANAGE, SITE)       \
    P(site_journal, "site/{site}/journal", GOV_RIGHT_AUDIT_READ, SITE)        \
    P(doc, "doc/{doc}", GOV_RIGHT_DOC_READ, DOC)                              \
    P(doc_edit, "doc/{doc}/edit", GOV_RIGHT_DOC_WRITE, DOC)                   \
    P(log, "doc/{doc}/log", GOV_RIGHT_DOC_READ, DOC)                          \
    P(versions, "doc/{doc}/versions", GOV_RIGHT_DOC_READ, DOC)                \
    P(diff, "doc/{doc}/diff", GOV_RIGHT_DOC_READ, DOC)
