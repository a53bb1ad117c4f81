
/*
 * Copyright (C) ngx_gov authors
 *
 * The commands, said once.  From this list come the table of the desk, the
 * HTTP API, `govctl help` and its reading of arguments, docs/commands.md and
 * the OpenAPI file.  It includes nothing, so that any program can read it.
 *
 *     C(id, name, right, summary, title)      a command
 *     I(field, kind, flags, what)             a field of GOV_IN_<id>(I)
 *
 * The command's function is gov_desk_<id>() (gov_desk_int.h), its fields are
 * the list GOV_IN_<id>.  kind and flags are words of gov_command.h without
 * GOV_IN_; a list of arguments takes the rest of a command line.  The order
 * of fields is the order of plain arguments.
 */


/* the sites */

#define GOV_COMMANDS_SITE(C)                                                  \
    C(site_create, "site.create", "site.manage",                              \
      "adds a site", "新建站点")                                              \
    C(site_import, "site.import", "site.manage",                              \
      "adds many sites, a row each", "批量新建站点")                          \
    C(site_set, "site.set", "site.edit",                                      \
      "changes facts of a site", "修改站点信息")                              \
    C(site_move, "site.move", "site.manage",                                  \
      "hangs a site below another", "调整上级站点")                           \
    C(site_slug, "site.slug", "site.manage",                                  \
      "changes a site's name in addresses", "修改地址名")                     \
    C(site_mode, "site.mode", "site.manage",                                  \
      "makes a site a page on its parent or a sub-site", "切换建站模式")      \
    C(site_host_add, "site.host.add", "site.manage",                          \
      "gives a site a further host", "增加域名")                              \
    C(site_host_remove, "site.host.remove", "site.manage",                    \
      "takes a host away: it redirects, taken twice it is free",              \
      "撤下域名")                                                             \
    C(site_live, "site.live", "site.manage",                                  \
      "puts a site live if its gates allow", "上线站点")                      \
    C(site_suspend, "site.suspend", "site.manage",                            \
      "shows a notice instead of a site", "暂停站点")                         \
    C(site_resume, "site.resume", "site.manage",                              \
      "ends a suspension", "恢复站点")                                        \
    C(site_merge, "site.merge", "site.manage",                                \
      "redirects a site to the one that goes on", "合并站点")                 \
    C(site_archive, "site.archive", "site.manage",                            \
      "closes a site for good, its notice stays", "关停站点")                 \
    C(site_restore, "site.restore", "platform.manage",                        \
      "puts an exported site back", "恢复导出的站点")                         \
    C(blueprint_put, "blueprint.put", "platform.manage",                      \
      "puts a blueprint", "发布站点蓝本")                                     \
    C(policy_put, "policy.put", "platform.manage",                            \
      "puts the dated rules of a policy", "发布政策规则")

#define GOV_IN_site_create(I)                                                 \
    I(code, CODE, REQUIRED, "division code or the unit's own code")           \
    I(name, STR, REQUIRED, "short name")                                      \
    I(level, STR, REQUIRED, "province city county township village "          \
      "department institution")                                               \
    I(parent, CODE, OPTIONAL, "code of the site above; a root has none")      \
    I(host, LIST, REPEAT, "hosts of its own, the first is the main one")      \
    I(slug, STR, OPTIONAL, "name in addresses; else made of the code")        \
    I(mode, STR, OPTIONAL, "page or subsite; else by level")                  \
    I(blueprint, STR, OPTIONAL, "blueprint; else the level's")                \
    I(legal_name, STR, OPTIONAL, "legal name")                                \
    I(abbr, STR, OPTIONAL, "abbreviation")                                    \
    I(brand, STR, OPTIONAL, "colour #rrggbb")

#define GOV_IN_site_import(I)                                                 \
    I(rows, LIST, REQUIRED, "maps of code, level, name, parent_code, slug "   \
      "and, if known, legal_name, blueprint, mode, abbr, host; at most 1000") \
    I(host_pattern, STR, OPTIONAL, "host of each site, with {code} or {slug}")\
    I(mode, STR, OPTIONAL, "page or subsite for rows that do not say")

#define GOV_IN_site_set(I)                                                    \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(name, STR, OPTIONAL, "short name")                                      \
    I(legal_name, STR, OPTIONAL, "legal name (G07)")                          \
    I(abbr, STR, OPTIONAL, "abbreviation")                                    \
    I(brand, STR, OPTIONAL, "colour #rrggbb")                                 \
    I(logo, STR, OPTIONAL, "DIGEST/NAME of an attachment")                    \
    I(logo_alt, STR, OPTIONAL, "the logo in words (G08)")                     \
    I(about, STR, OPTIONAL, "one sentence")                                   \
    I(sponsor, STR, OPTIONAL, "footer: the unit responsible")                 \
    I(operator, STR, OPTIONAL, "footer: the unit that runs it")               \
    I(contact, STR, OPTIONAL, "footer: contact")                              \
    I(site_id_code, STR, OPTIONAL, "the site's mark, 10 characters")          \
    I(icp, STR, OPTIONAL, "ICP filing number")                                \
    I(psb, STR, OPTIONAL, "public security filing number")                    \
    I(head, STR, OPTIONAL, "person in charge (G26)")                          \
    I(keeper, STR, OPTIONAL, "person who runs it (G26)")                      \
    I(bundle, STR, OPTIONAL, "bundle of templates and hooks")                 \
    I(quota, INT, OPTIONAL, "bytes, 0 the platform's default")                \
    I(blueprint, STR, OPTIONAL, "blueprint")

#define GOV_IN_site_move(I)                                                   \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(parent, CODE, REQUIRED, "code of the new site above")

#define GOV_IN_site_slug(I)                                                   \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(slug, STR, REQUIRED_ARG, "new name in addresses")

#define GOV_IN_site_mode(I)                                                   \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(mode, STR, REQUIRED_ARG, "page or subsite")                             \
    I(host, STR, OPTIONAL, "host; else SLUG below the parent's")

#define GOV_IN_site_host_add(I)                                               \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(host, STR, REQUIRED_ARG, "host name")                                   \
    I(main, BOOL, OPTIONAL, "make it the main one, the old one redirects")

#define GOV_IN_site_host_remove(I)                                            \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(host, STR, REQUIRED_ARG, "host name")

#define GOV_IN_site_live(I)                                                   \
    I(site, CODE, REQUIRED_ARG, "code")

#define GOV_IN_site_suspend(I)                                                \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(notice, TEXT, REQUIRED, "what the public reads")

#define GOV_IN_site_resume(I)                                                 \
    I(site, CODE, REQUIRED_ARG, "code")

#define GOV_IN_site_merge(I)                                                  \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(into, CODE, REQUIRED, "code of the site that goes on")                  \
    I(notice, TEXT, OPTIONAL, "what the public reads")

#define GOV_IN_site_archive(I)                                                \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(notice, TEXT, OPTIONAL, "what the public reads")

#define GOV_IN_site_restore(I)                                                \
    I(file, STR, REQUIRED, "digest of the blob that holds the export")        \
    I(code, CODE, OPTIONAL, "the site's code must be this one")

#define GOV_IN_blueprint_put(I)                                               \
    I(name, STR, REQUIRED, "name, mostly a level's")                          \
    I(title, STR, REQUIRED, "title")                                          \
    I(version, INT, OPTIONAL, "version")                                      \
    I(columns, LIST, REQUIRED, "maps of id (1-199), parent, slug, name, "     \
      "kind, order, nav, desc, days, required; parents first")                \
    I(home, LIST, OPTIONAL, "blocks of the home page")                        \
    I(theme, MAP, OPTIONAL, "default tokens")

#define GOV_IN_policy_put(I)                                                  \
    I(name, STR, REQUIRED_ARG, "domain or gates")                             \
    I(rules, LIST, REQUIRED, "maps with the day they hold from, ascending")


/* what the sites hold */

#define GOV_COMMANDS_CONTENT(C)


#define GOV_COMMANDS(C)                                                       \
    GOV_COMMANDS_SITE(C)                                                      \
    GOV_COMMANDS_CONTENT(C)
