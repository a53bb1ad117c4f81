
/*
 * Copyright (C) ngx_gov authors
 *
 * The commands, said once.  From this list come the table of the desk, the
 * HTTP API, `govctl help` and its reading of arguments, docs/commands.md and
 * the OpenAPI file.  It includes nothing, so that any program can read it.
 *
 *     C(id, name, right, scope, summary, title)      a command
 *     I(field, kind, flags, what)                    a field of GOV_IN_<id>(I)
 *
 * scope: where the right is judged, a gov_scope_t without GOV_SCOPE_.  What
 * else a command names it judges itself (gov_desk_may).
 *
 * The command's function is gov_desk_<id>() (gov_desk_int.h), its fields are
 * the list GOV_IN_<id>.  kind and flags are words of gov_command.h without
 * GOV_IN_; a list of arguments takes the rest of a command line.  The order
 * of fields is the order of plain arguments.
 */


/* the sites */

#define GOV_COMMANDS_SITE(C)                                                  \
    C(site_create, "site.create", "site.manage", PARENT,                      \
      "adds a site", "新建站点")                                              \
    C(site_import, "site.import", "site.manage", SELF,                        \
      "adds many sites, a row each", "批量新建站点")                          \
    C(site_set, "site.set", "site.edit", SITE,                                \
      "changes facts of a site", "修改站点信息")                              \
    C(site_move, "site.move", "site.manage", SITE,                            \
      "hangs a site below another", "调整上级站点")                           \
    C(site_slug, "site.slug", "site.manage", SITE,                            \
      "changes a site's name in addresses", "修改地址名")                     \
    C(site_mode, "site.mode", "site.manage", SITE,                            \
      "makes a site a page on its parent or a sub-site", "切换建站模式")      \
    C(site_host_add, "site.host.add", "site.manage", SITE,                    \
      "gives a site a further host", "增加域名")                              \
    C(site_host_remove, "site.host.remove", "site.manage", SITE,              \
      "takes a host away: it redirects, taken twice it is free", "撤下域名")  \
    C(site_live, "site.live", "site.manage", SITE,                            \
      "puts a site live if its gates allow", "上线站点")                      \
    C(site_suspend, "site.suspend", "site.manage", SITE,                      \
      "shows a notice instead of a site", "暂停站点")                         \
    C(site_resume, "site.resume", "site.manage", SITE,                        \
      "ends a suspension", "恢复站点")                                        \
    C(site_merge, "site.merge", "site.manage", SITE,                          \
      "redirects a site to the one that goes on", "合并站点")                 \
    C(site_archive, "site.archive", "site.manage", SITE,                      \
      "closes a site for good, its notice stays", "关停站点")                 \
    C(site_restore, "site.restore", "platform.manage", HUB,                   \
      "puts an exported site back", "恢复导出的站点")                         \
    C(blueprint_put, "blueprint.put", "platform.manage", HUB,                 \
      "puts a blueprint", "发布站点蓝本")                                     \
    C(policy_put, "policy.put", "platform.manage", SELF,                      \
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
    I(brand, STR, OPTIONAL, "colour #rrggbb")                                 \
    I(live, BOOL, OPTIONAL, "live at once, on a trial suffix")

#define GOV_IN_first(I)                                                       \
    I(first, INT, OPTIONAL, "the number that what is told gives the first "   \
      "row, else 1")

#define GOV_IN_site_import(I)                                                 \
    I(rows, LIST, OPTIONAL, "maps of code, level, name, parent_code, slug "   \
      "and, if known, legal_name, blueprint, mode, abbr, host; at most 1000") \
    I(csv, TEXT, OPTIONAL, "instead: the same as CSV, members named in the "  \
      "first line")                                                           \
    I(host_pattern, STR, OPTIONAL, "host of each site, with {code} or {slug}")\
    I(mode, STR, OPTIONAL, "page or subsite for rows that do not say")        \
    GOV_IN_first(I)

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
    I(approval, STR, OPTIONAL, "number of the approval to open it")           \
    I(party_mark, STR, OPTIONAL, "number of the mark of party and "           \
      "government sites")                                                     \
    I(head, STR, OPTIONAL, "person in charge (G26)")                          \
    I(keeper, STR, OPTIONAL, "person who runs it (G26)")                      \
    I(mail_from, STR, OPTIONAL, "sender of mails about it and those below")   \
    I(bundle, STR, OPTIONAL, "bundle of templates and hooks")                 \
    I(quota, INT, OPTIONAL, "bytes, 0 the platform's default")                \
    I(blueprint, STR, OPTIONAL, "blueprint")                                  \
    GOV_IN_flow_fields(I)

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
    I(name, STR, REQUIRED_ARG, "domain, gates, security, flow or upload")     \
    I(rules, LIST, REQUIRED, "maps with the day they hold from, ascending")


/* what the sites hold */

#define GOV_COMMANDS_CONTENT(C)                                               \
    C(column_create, "column.create", "column.manage", SITE,                  \
      "adds a column to a site", "新建栏目")                                  \
    C(column_set, "column.set", "column.manage", SITE,                        \
      "changes a column, moves or renames it", "修改栏目")                    \
    C(column_remove, "column.remove", "column.manage", SITE,                  \
      "takes an empty column away", "撤销栏目")                               \
    C(doc_create, "doc.create", "doc.write", SITE,                            \
      "writes a new document", "新建文档")                                    \
    C(doc_edit, "doc.edit", "doc.write", DOC,                                 \
      "writes a new version of a document", "修改文档")                       \
    C(doc_publish, "doc.publish", "doc.publish", DOC,                         \
      "makes a version public at once", "发布文档")                           \
    C(doc_schedule, "doc.schedule", "doc.publish", DOC,                       \
      "lays a document on a later time", "定时发布")                          \
    C(doc_expire, "doc.expire", "doc.publish", DOC,                           \
      "lets a document leave the public at a time", "定时下线")               \
    C(doc_withdraw, "doc.withdraw", "doc.publish", DOC,                       \
      "withdraws a document, its page says why", "撤回文档")                  \
    C(doc_submit, "doc.submit", "doc.write", DOC,                             \
      "hands a version on to who judges it", "送审")                          \
    C(doc_pass, "doc.pass", "doc.review", DOC,                                \
      "passes a version at a review", "审核通过")                             \
    C(doc_reject, "doc.reject", "doc.read", DOC,                              \
      "sends a version back to an earlier step, with a reason", "退回")       \
    C(doc_recall, "doc.recall", "doc.read", DOC,                              \
      "takes back what one handed on or passed, while nobody acted",          \
      "撤回送审、收回审核")                                                   \
    C(doc_sign, "doc.sign", "doc.publish", DOC,                               \
      "signs a version: it is published, now or at a time", "签发文档")       \
    C(doc_urgent, "doc.urgent", "doc.urgent", DOC,                            \
      "publishes at once without the reviews, which are owed", "紧急发布")    \
    C(doc_secrecy, "doc.secrecy", "doc.review", DOC,                          \
      "stamps the secrecy review of a version", "保密审查")                   \
    C(doc_lock, "doc.lock", "doc.write", DOC,                                 \
      "locks a document for who edits it, for 15 minutes", "锁定编辑")        \
    C(doc_unlock, "doc.unlock", "doc.write", DOC,                             \
      "ends one's lock", "解除锁定")                                          \
    C(doc_note, "doc.note", "doc.read", DOC,                                  \
      "leaves a note to colleagues, never public", "内部留言")                \
    C(doc_correct, "doc.correct", "doc.publish", DOC,                         \
      "tells the public what was corrected and why", "更正说明")              \
    C(doc_pin, "doc.pin", "doc.publish", DOC,                                 \
      "puts a document first in its column's list", "置顶文档")               \
    C(doc_preview, "doc.preview", "doc.read", DOC,                            \
      "makes a link to a version that ends by itself", "预览链接")            \
    C(doc_move, "doc.move", "doc.write", DOC,                                 \
      "moves a document to another column of its site", "移动文档")           \
    C(doc_bulk, "doc.bulk", "doc.read", SELF,                                 \
      "does one act with many documents", "批量办理文档")                     \
    C(doc_import, "doc.import", "doc.publish", SELF,                          \
      "writes and publishes many documents, a row each", "批量导入文档")      \
    C(doc_refer, "doc.refer", "doc.refer", SELF,                              \
      "shows a document in further columns of any site", "引用文档")          \
    C(doc_unrefer, "doc.unrefer", "doc.refer", SELF,                          \
      "takes a document out of a column that refers to it", "取消引用")       \
    C(release_create, "release.create", "doc.publish", DOC,                   \
      "publishes a document in several sites in one instant", "同步发布")     \
    C(file_add, "file.add", "doc.write", SELF,                                \
      "makes stored bytes an attachment of a site", "登记附件")               \
    C(file_upload, "file.upload", "doc.write", SELF,                          \
      "puts files that were looked at into a site's library", "上传文件")     \
    C(file_set, "file.set", "doc.write", SELF,                                \
      "changes the name or the words of a file", "修改文件信息")              \
    C(file_replace, "file.replace", "doc.write", SELF,                        \
      "shows another file wherever a file is shown", "替换文件")              \
    C(file_remove, "file.remove", "doc.write", SELF,                          \
      "puts a file into the recycle bin", "删除文件")                         \
    C(file_restore, "file.restore", "doc.write", SELF,                        \
      "takes a file out of the recycle bin", "还原文件")                      \
    C(file_purge, "file.purge", "doc.write", SELF,                            \
      "removes a file of the recycle bin for good", "清除文件")               \
    C(link_share, "link.share", "link.manage", SITE,                          \
      "shares a group of links", "共享链接组")                                \
    C(link_unshare, "link.unshare", "link.manage", SITE,                      \
      "takes a shared group of links away", "取消链接组")                     \
    C(link_take, "link.take", "link.manage", SITE,                            \
      "shows another site's group of links", "引用链接组")                    \
    C(link_drop, "link.drop", "link.manage", SITE,                            \
      "shows another site's group no longer", "不再引用链接组")               \
    C(banner_set, "banner.set", "banner.manage", SELF,                        \
      "puts an emergency banner on every page", "发布应急横幅")               \
    C(banner_clear, "banner.clear", "banner.manage", SELF,                    \
      "takes an emergency banner away", "撤下应急横幅")

/* a document's fields, of a new one and of a new version alike */

#define GOV_IN_doc_fields(I)                                                  \
    I(subtitle, STR, OPTIONAL, "subtitle")                                    \
    I(summary, TEXT, OPTIONAL, "summary in plain language")                   \
    I(number, STR, OPTIONAL, "document number")                               \
    I(issuer, STR, OPTIONAL, "who issued it")                                 \
    I(written, DAY, OPTIONAL, "day it was written, may be long ago")          \
    I(effective, DAY, OPTIONAL, "day it takes effect")                        \
    I(expires_on, DAY, OPTIONAL, "day it is void")                            \
    I(validity, STR, OPTIONAL, "stated: repealed amended expired")            \
    I(force, STR, OPTIONAL, "level of force as in the source")                \
    I(source, STR, OPTIONAL, "where the information comes from")              \
    I(author, STR, OPTIONAL, "author")                                        \
    I(keywords, STR, OPTIONAL, "keywords")                                    \
    I(index_number, STR, OPTIONAL, "index number of the catalogue")           \
    I(topic, STR, OPTIONAL, "topic of the catalogue")                         \
    I(interprets, INT, OPTIONAL, "number of the document it interprets")      \
    I(replaces, INT, OPTIONAL, "number of the document it replaces")          \
    I(attachments, LIST, REPEAT, "DIGEST/NAME or maps of digest, name")       \
    I(openness, STR, OPTIONAL, "active request closed; closed and request "   \
      "with a basis")                                                         \
    I(basis, STR, OPTIONAL, "legal basis of the openness")                    \
    I(fields, MAP, OPTIONAL, "further fields of the column's kind")

/* what the workflow asks for, of a column and of a site alike */

#define GOV_IN_flow_fields(I)                                                 \
    I(reviews, STR, OPTIONAL, "reviews before signing, 0 to 3; inherit")      \
    I(apart, STR, OPTIONAL, "who wrote neither passes nor signs: true, "      \
      "false, inherit")                                                       \
    I(alt, STR, OPTIONAL, "images must have words: true, false, inherit")     \
    I(openness, STR, OPTIONAL, "the openness must be stated: true, false, "   \
      "inherit")                                                              \
    I(secrecy, STR, OPTIONAL, "the secrecy review must be stamped: true, "    \
      "false, inherit")

#define GOV_IN_column_create(I)                                               \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(slug, STR, REQUIRED, "name in addresses")                               \
    I(name, STR, REQUIRED, "name")                                            \
    I(kind, STR, OPTIONAL, "section news notice normative interpret profile " \
      "list service talk topic; else list")                                   \
    I(parent, STR, OPTIONAL,                                                  \
      "path of the column above, a/b; else at the top")                       \
    I(order, INT, OPTIONAL, "order among its sisters")                        \
    I(nav, BOOL, OPTIONAL, "an entry of the navigation")                      \
    I(desc, STR, OPTIONAL, "description")                                     \
    I(days, INT, OPTIONAL, "freshness limit in days, 0 none")                 \
    I(required, BOOL, OPTIONAL, "must not be empty at go-live")               \
    I(keywords, STR, OPTIONAL, "keywords")                                    \
    GOV_IN_flow_fields(I)

#define GOV_IN_column_set(I)                                                  \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(column, STR, REQUIRED, "path of the column, a/b")                       \
    I(slug, STR, OPTIONAL, "new name in addresses")                           \
    I(name, STR, OPTIONAL, "name")                                            \
    I(kind, STR, OPTIONAL, "kind")                                            \
    I(parent, STR, OPTIONAL, "path of the new column above, / for the top")   \
    I(order, INT, OPTIONAL, "order among its sisters")                        \
    I(before, STR, OPTIONAL, "path of the sister to stand before")            \
    I(nav, BOOL, OPTIONAL, "an entry of the navigation")                      \
    I(desc, STR, OPTIONAL, "description")                                     \
    I(days, INT, OPTIONAL, "freshness limit in days, 0 none")                 \
    I(required, BOOL, OPTIONAL, "must not be empty at go-live")               \
    I(keywords, STR, OPTIONAL, "keywords")                                    \
    GOV_IN_flow_fields(I)

#define GOV_IN_column_remove(I)                                               \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(column, STR, REQUIRED, "path of the column, a/b")

#define GOV_IN_doc_create(I)                                                  \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(column, STR, REQUIRED, "path of the column, a/b")                       \
    I(title, STR, REQUIRED, "title")                                          \
    I(body, BODY, REQUIRED, "the text")                                       \
    I(form, STR, OPTIONAL, "md or html; else md")                             \
    GOV_IN_doc_fields(I)                                                      \
    I(source_id, STR, OPTIONAL, "id in the source it comes from")             \
    I(publish, BOOL, OPTIONAL, "publish at once")                             \
    I(at, TIME, OPTIONAL, "publish at this time, not before now")             \
    I(expires, TIME, OPTIONAL, "when it leaves the public")                   \
    I(embargo, TIME, OPTIONAL, "not public before, whoever publishes")

#define GOV_IN_doc_edit(I)                                                    \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(base, INT, REQUIRED, "number of the last version the editor saw")       \
    I(title, STR, OPTIONAL, "title")                                          \
    I(body, BODY, OPTIONAL, "the text")                                       \
    I(form, STR, OPTIONAL, "md or html; else md")                             \
    GOV_IN_doc_fields(I)                                                      \
    I(note, STR, OPTIONAL, "what was changed and why, for colleagues")        \
    I(embargo, TIME, CLEAR, "not public before, whoever publishes; empty: "   \
      "no embargo any more")                                                  \
    I(publish, BOOL, OPTIONAL, "make it live at once")                        \
    I(what, TEXT, OPTIONAL, "what changed, told to the public")               \
    I(why, TEXT, OPTIONAL, "why it changed, told to the public")

#define GOV_IN_doc_publish(I)                                                 \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(version, INT, OPTIONAL, "version; else the last")                       \
    I(what, TEXT, OPTIONAL, "what changed, told to the public")               \
    I(why, TEXT, OPTIONAL, "why it changed, told to the public")

#define GOV_IN_doc_schedule(I)                                                \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(at, TIME, REQUIRED, "when, not before now")                             \
    I(version, INT, OPTIONAL, "version; else the last")

#define GOV_IN_doc_expire(I)                                                  \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(at, TIME, OPTIONAL, "when, not before now; else never")

#define GOV_IN_doc_withdraw(I)                                                \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(reason, TEXT, REQUIRED, "what the public reads")                        \
    I(kind, STR, OPTIONAL, "why or error (published in error); else why")     \
    I(replacement, DOC, OPTIONAL, "document to read instead")

#define GOV_IN_doc_submit(I)                                                  \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(version, INT, OPTIONAL, "version; else the last")                       \
    I(to, STR, OPTIONAL, "edit: to the editor; else to the first review")     \
    I(reason, TEXT, OPTIONAL, "a word to who is next")

#define GOV_IN_doc_pass(I)                                                    \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(version, INT, OPTIONAL, "version; else the one submitted")              \
    I(later, BOOL, OPTIONAL, "the review that an urgent publication owes")    \
    I(reason, TEXT, OPTIONAL, "a word to who is next")

#define GOV_IN_doc_reject(I)                                                  \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(reason, TEXT, REQUIRED, "why")                                          \
    I(to, STR, OPTIONAL, "collect edit review1 review2; else edit")           \
    I(version, INT, OPTIONAL, "version; else the one submitted")

#define GOV_IN_doc_recall(I)                                                  \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(reason, TEXT, OPTIONAL, "why")

#define GOV_IN_doc_sign(I)                                                    \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(version, INT, OPTIONAL, "version; else the last")                       \
    I(at, TIME, OPTIONAL, "when, not before now; else at once")               \
    I(expires, TIME, OPTIONAL, "when it leaves the public")                   \
    I(pinned, TIME, OPTIONAL, "first in its list until then")                 \
    I(reason, TEXT, OPTIONAL, "a word for the log")                           \
    I(what, TEXT, OPTIONAL, "what changed, told to the public")               \
    I(why, TEXT, OPTIONAL, "why it changed, told to the public")

#define GOV_IN_doc_urgent(I)                                                  \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(version, INT, OPTIONAL, "version; else the last")                       \
    I(reason, TEXT, REQUIRED, "why it cannot wait")

#define GOV_IN_doc_secrecy(I)                                                 \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(version, INT, OPTIONAL, "version; else the last")                       \
    I(reason, TEXT, OPTIONAL, "what was found")

#define GOV_IN_doc_lock(I)                                                    \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(take, BOOL, OPTIONAL, "from whoever holds it, who is told")

#define GOV_IN_doc_unlock(I)                                                  \
    I(doc, DOC, REQUIRED_ARG, "number of the document")

#define GOV_IN_doc_note(I)                                                    \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(text, TEXT, REQUIRED, "the note")

#define GOV_IN_doc_correct(I)                                                 \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(what, TEXT, REQUIRED, "what was corrected, public")                     \
    I(why, TEXT, REQUIRED, "why, public")

#define GOV_IN_doc_pin(I)                                                     \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(until, TIME, OPTIONAL, "until when; else no more")

#define GOV_IN_doc_preview(I)                                                 \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(hash, STR, OPTIONAL, "SHA-256 of a token of one's own, hexadecimal")    \
    I(version, INT, OPTIONAL, "version; else the last")                       \
    I(hours, INT, OPTIONAL, "1 to 720; else 72")

#define GOV_IN_doc_move(I)                                                    \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(column, STR, REQUIRED, "path of the column, a/b")

#define GOV_IN_doc_bulk(I)                                                    \
    I(act, STR, REQUIRED, "submit pass reject sign withdraw move")            \
    I(docs, LIST, REQUIRED_REPEAT, "numbers of documents, at most 200")       \
    I(reason, TEXT, OPTIONAL, "why, or a word to who is next")                \
    I(column, STR, OPTIONAL, "move: path of the column, a/b")

#define GOV_IN_doc_import(I)                                                  \
    I(site, CODE, OPTIONAL, "site of rows that name none")                    \
    I(column, STR, OPTIONAL, "column of rows that name none")                 \
    I(rows, LIST, REQUIRED, "maps of id, title, body_md or body_html, "       \
      "the document's fields, site, column, publish, at, expires; at most "    \
      "500")                                                                  \
    GOV_IN_first(I)

#define GOV_IN_doc_refer(I)                                                   \
    I(doc, DOC, OPTIONAL, "number of the document")                           \
    I(site, CODE, OPTIONAL, "or the site it was imported into")               \
    I(source_id, STR, OPTIONAL, "and its id there")                           \
    I(to, LIST, REQUIRED_REPEAT, "columns: CODE/COLUMN/PATH")

#define GOV_IN_doc_unrefer(I)                                                 \
    I(doc, DOC, REQUIRED_ARG, "number of the document")                       \
    I(from, STR, REQUIRED, "column: CODE/COLUMN/PATH")

#define GOV_IN_release_create(I)                                              \
    I(doc, DOC, REQUIRED, "number of the document")                           \
    I(to, LIST, REQUIRED_REPEAT, "columns: CODE/COLUMN/PATH")                 \
    I(version, INT, OPTIONAL, "version; else the last")                       \
    I(at, TIME, OPTIONAL, "when, not before now; else at once")

#define GOV_IN_file_add(I)                                                    \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(name, STR, REQUIRED, "file name shown")                                 \
    I(digest, STR, REQUIRED, "SHA-256 of the bytes, hexadecimal")             \
    I(size, INT, REQUIRED, "bytes")                                           \
    I(type, STR, OPTIONAL, "media type; else by the name's ending, text in "  \
      "UTF-8")

#define GOV_IN_file_upload(I)                                                 \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(files, LIST, OPTIONAL, "maps of name, digest, size, type and, if "      \
      "known, state, why, alt, decorative, width, height, variants")          \
    I(refused, LIST, OPTIONAL, "maps of name, why: told in the verdict")      \
    I(replace, STR, OPTIONAL, "digest of the file whose place the first one " \
      "takes")

#define GOV_IN_file_set(I)                                                    \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(digest, STR, REQUIRED_ARG, "SHA-256 of the file")                       \
    I(name, STR, OPTIONAL, "file name shown, with the same ending")           \
    I(alt, STR, OPTIONAL, "the image in words")                               \
    I(decorative, BOOL, OPTIONAL, "it says nothing, no words are needed")

#define GOV_IN_file_replace(I)                                                \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(digest, STR, REQUIRED_ARG, "SHA-256 of the file shown until now")       \
    I(with, STR, REQUIRED, "SHA-256 of the file to show instead")

#define GOV_IN_file_remove(I)                                                 \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(digest, STR, REQUIRED_ARG, "SHA-256 of the file")

#define GOV_IN_file_restore(I)                                                \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(digest, STR, REQUIRED_ARG, "SHA-256 of the file")

#define GOV_IN_file_purge(I)                                                  \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(digest, STR, REQUIRED_ARG, "SHA-256 of the file")

#define GOV_IN_link_share(I)                                                  \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(group, STR, REQUIRED, "name of the group, as in addresses")             \
    I(title, STR, REQUIRED, "title")                                          \
    I(links, LIST, REQUIRED, "maps of title, url or title, site (a code)")    \
    I(order, INT, OPTIONAL, "order among the site's groups")

#define GOV_IN_link_unshare(I)                                                \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(group, STR, REQUIRED, "name of the group")

#define GOV_IN_link_take(I)                                                   \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(from, CODE, REQUIRED, "code of the site that shares it")                \
    I(group, STR, REQUIRED, "name of the group")

#define GOV_IN_link_drop(I)                                                   \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(from, CODE, REQUIRED, "code of the site that shares it")                \
    I(group, STR, REQUIRED, "name of the group")

#define GOV_IN_banner_set(I)                                                  \
    I(title, STR, REQUIRED, "title")                                          \
    I(text, TEXT, OPTIONAL, "text")                                           \
    I(url, STR, OPTIONAL, "where to read on")                                 \
    I(level, STR, OPTIONAL, "red orange yellow blue; else red")               \
    I(site, CODE, OPTIONAL, "on this site and below; else everywhere")        \
    I(until, TIME, OPTIONAL, "when it ends; else when cleared")               \
    I(id, INT, OPTIONAL, "number of the banner to change")

#define GOV_IN_banner_clear(I)                                                \
    I(id, INT, REQUIRED_ARG, "number of the banner")


/*
 * People.  A password never stands in an input: a door turns it into a sealed
 * hash first.
 */

#define GOV_COMMANDS_PEOPLE(C)                                                \
    C(user_create, "user.create", "people.manage", SELF,                      \
      "makes an account, with a first role if one is named", "新建账号")      \
    C(user_set, "user.set", "people.manage", ACCOUNT,                         \
      "changes facts of an account", "修改账号")                              \
    C(user_suspend, "user.suspend", "people.manage", ACCOUNT,                 \
      "lets an account sign in no more, its sessions end", "停用账号")        \
    C(user_resume, "user.resume", "people.manage", ACCOUNT,                   \
      "ends a suspension", "恢复账号")                                        \
    C(user_invite, "user.invite", "people.manage", ACCOUNT,                   \
      "makes a one-time link that sets a new password", "重发邀请链接")       \
    C(user_sessions_end, "user.sessions_end", "people.manage", SELF,          \
      "ends all sessions of an account", "强制退出登录")                      \
    C(user_grant, "user.grant", "people.manage", SELF,                        \
      "gives an account a role at a site and below", "授予角色")              \
    C(user_revoke, "user.revoke", "people.manage", SELF,                      \
      "takes a role away", "收回角色")                                        \
    C(role_create, "role.create", "role.manage", HUB,                         \
      "makes a role of the platform's own", "新建角色")                       \
    C(role_set, "role.set", "role.manage", HUB,                               \
      "changes a role of the platform's own", "修改角色")                     \
    C(role_remove, "role.remove", "role.manage", HUB,                         \
      "takes a role away that nobody holds", "删除角色")                      \
    C(me_sessions_end, "me.sessions_end", "", SELF,                           \
      "ends sessions of one's own", "结束自己的登录")                         \
    C(notice_read, "notice.read", "", SELF,                                   \
      "marks one's notices as read", "通知标为已读")                          \
    C(notice_set, "notice.set", "", SELF,                                     \
      "says which notices one wants, and how by mail", "设置通知")            \
    C(work_begin, "work.begin", "", SELF,                                     \
      "asks for long work, whose result is kept", "开始一项工作")

#define GOV_IN_user_create(I)                                                 \
    I(login, STR, REQUIRED, "name given at sign-in: a-z 0-9 - _ .")           \
    I(name, STR, REQUIRED, "the person's name")                               \
    I(unit, STR, OPTIONAL, "unit, shown beside the name")                     \
    I(mail, STR, OPTIONAL, "address for notifications")                       \
    I(phone, STR, OPTIONAL, "telephone")                                      \
    I(contractor, STR, OPTIONAL, "works for this company (H07)")              \
    I(expires, TIME, OPTIONAL, "when it ends; a contractor's must")           \
    I(site, CODE, OPTIONAL, "the first role: at this site; else everywhere")  \
    I(column, STR, OPTIONAL, "the first role: in this column of it, a/b")     \
    I(role, STR, OPTIONAL, "the first role")                                  \
    I(until, TIME, OPTIONAL, "the first role: when it ends")                  \
    I(secret, STR, OPTIONAL, "sealed hash of a password: a door's to fill")   \
    I(invite, STR, OPTIONAL, "hash of a one-time link: a door's to fill")     \
    I(renew, BOOL, OPTIONAL, "choose a new password at the first sign-in")

#define GOV_IN_user_set(I)                                                    \
    I(user, STR, REQUIRED_ARG, "login")                                       \
    I(name, STR, OPTIONAL, "the person's name")                               \
    I(unit, STR, OPTIONAL, "unit, shown beside the name")                     \
    I(mail, STR, OPTIONAL, "address for notifications")                       \
    I(phone, STR, OPTIONAL, "telephone")                                      \
    I(contractor, STR, OPTIONAL, "works for this company (H07)")              \
    I(expires, TIME, OPTIONAL, "when it ends")                                \
    I(forever, BOOL, OPTIONAL, "it does not end any more")

#define GOV_IN_user_suspend(I)                                                \
    I(user, STR, REQUIRED_ARG, "login")

#define GOV_IN_user_resume(I)                                                 \
    I(user, STR, REQUIRED_ARG, "login")

#define GOV_IN_user_invite(I)                                                 \
    I(user, STR, REQUIRED_ARG, "login")                                       \
    I(invite, STR, OPTIONAL, "hash of a one-time link: a door's to fill")     \
    I(factor, BOOL, OPTIONAL, "the second factor is set up anew too")

#define GOV_IN_user_sessions_end(I)                                           \
    I(user, STR, REQUIRED_ARG, "login")

#define GOV_IN_user_grant(I)                                                  \
    I(user, STR, REQUIRED_ARG, "login")                                       \
    I(role, STR, REQUIRED, "name of the role")                                \
    I(site, CODE, OPTIONAL, "at this site and below; else everywhere")        \
    I(column, STR, OPTIONAL, "only in this column of it, a/b")                \
    I(until, TIME, OPTIONAL, "when it ends; else never")

#define GOV_IN_user_revoke(I)                                                 \
    I(user, STR, REQUIRED_ARG, "login")                                       \
    I(role, STR, REQUIRED, "name of the role")                                \
    I(site, CODE, OPTIONAL, "the site it was given at; else everywhere")      \
    I(column, STR, OPTIONAL, "the column it was given in, a/b")

#define GOV_IN_role_create(I)                                                 \
    I(role, STR, REQUIRED_ARG, "name: a-z 0-9 -")                             \
    I(title, STR, REQUIRED, "title")                                          \
    I(rights, LIST, REQUIRED_REPEAT, "names of rights, as doc.write")         \
    I(factor, BOOL, OPTIONAL, "its holders need a second factor")

#define GOV_IN_role_set(I)                                                    \
    I(role, STR, REQUIRED_ARG, "name")                                        \
    I(title, STR, OPTIONAL, "title")                                          \
    I(rights, LIST, REPEAT, "names of rights, as doc.write")                  \
    I(factor, BOOL, OPTIONAL, "its holders need a second factor")

#define GOV_IN_role_remove(I)                                                 \
    I(role, STR, REQUIRED_ARG, "name")

#define GOV_IN_me_sessions_end(I)                                             \
    I(sessions, LIST, REQUIRED_REPEAT, "as me.get names them")

#define GOV_IN_notice_read(I)                                                 \
    I(ids, LIST, REPEAT, "numbers of notices")                                \
    I(all, BOOL, OPTIONAL, "instead: those not read, up to 1000 at once")

#define GOV_IN_notice_set(I)                                                  \
    I(how, STR, OPTIONAL, "mails: each daily none")                           \
    I(kinds, LIST, REPEAT, "the kinds wanted, no other is made")


#define GOV_IN_work_begin(I)                                                  \
    I(work, STR, REQUIRED_ARG, "journal.verify store.check site.import "      \
      "doc.import")                                                           \
    I(site, CODE, OPTIONAL, "journal.verify: the chain of this site alone; "  \
      "doc.import: site of rows that name none")                              \
    I(head, STR, OPTIONAL, "journal.verify: NUMBER:HASH noted earlier")       \
    I(csv, TEXT, OPTIONAL, "an import: its rows, members named in the first " \
      "line; the journal names the text by digest")                           \
    I(column, STR, OPTIONAL, "doc.import: column of rows that name none")     \
    I(host_pattern, STR, OPTIONAL, "site.import: as the command's")           \
    I(mode, STR, OPTIONAL, "site.import: as the command's")                   \
    I(table, STR, OPTIONAL, "in the journal: digest of the csv")              \
    I(rows, INT, OPTIONAL, "in the journal: how many it has")


/*
 * What govd gives itself, and nobody through a door: who signed in, who did
 * not.  Not in the API, not in govctl.  session: SHA-256 of its token.
 */

#define GOV_COMMANDS_INNER(C)                                                 \
    C(file_settle, "file.settle", "", INNER,                                  \
      "says what the scan of a held file found", "登记检查结果")              \
    C(file_gather, "file.gather", "", INNER,                                  \
      "leads files of earlier times into the library", "整理文件库")          \
    C(file_forget, "file.forget", "", INNER,                                  \
      "removes the bytes of files that are nowhere", "清除文件内容")          \
    C(session_open, "session.open", "", INNER,                                \
      "begins a session, or goes on in a new one", "登录")                    \
    C(session_seen, "session.seen", "", INNER,                                \
      "notes that sessions were used", "登记会话活动")                        \
    C(session_close, "session.close", "", INNER,                              \
      "ends a session", "退出登录")                                           \
    C(session_sweep, "session.sweep", "", INNER,                              \
      "drops sessions, failed sign-ins, previews that are over", "清理会话")  \
    C(attempt_note, "attempt.note", "", INNER,                                \
      "counts a failed sign-in", "登记登录失败")                              \
    C(account_mail, "account.mail", "", INNER,                                \
      "changes one's own mail address, the password proved", "更改邮箱地址")  \
    C(work_end, "work.end", "", INNER,                                        \
      "says what became of long work", "登记工作结果")                        \
    C(mail_use, "mail.use", "", INNER,                                        \
      "says whether the platform sends mail", "启用邮件")                     \
    C(mail_hold, "mail.hold", "", INNER,                                      \
      "notes that the mail server takes none", "登记邮件发不出去")            \
    C(mail_sent, "mail.sent", "", INNER,                                      \
      "notes that a mail was sent", "登记邮件已发")                           \
    C(mail_failed, "mail.failed", "", INNER,                                  \
      "lays a mail on later, or gives it up", "登记邮件未发")

#define GOV_IN_session_open(I)                                                \
    I(user, STR, REQUIRED, "login")                                           \
    I(session, STR, REQUIRED, "hash, hexadecimal")                            \
    I(old, STR, OPTIONAL, "hash of the session whose place it takes")         \
    I(stage, STR, OPTIONAL, "full code password factor; else full")           \
    I(address, STR, OPTIONAL, "client's address")                             \
    I(device, STR, OPTIONAL, "a device of the account's that was proved")     \
    I(agent, STR, OPTIONAL, "client's program")                               \
    I(secret_was, STR, OPTIONAL, "digest of the sealed hash that was proved") \
    I(secret, STR, OPTIONAL, "sealed hash of the password from now on")       \
    I(invite, STR, OPTIONAL, "hash of the one-time link that it came by")     \
    I(step, INT, OPTIONAL, "step of the second factor that was used")         \
    I(totp_was, STR, OPTIONAL, "digest of the sealed one that it replaces")   \
    I(totp, STR, OPTIONAL, "sealed secret of a new second factor")            \
    I(recovery_was, STR, OPTIONAL, "digest of the sealed codes one was of")   \
    I(recovery, STR, OPTIONAL, "sealed recovery codes that are left")

#define GOV_IN_session_seen(I)                                                \
    I(sessions, LIST, REQUIRED, "hashes, hexadecimal")

#define GOV_IN_session_close(I)                                               \
    I(session, STR, REQUIRED, "hash, hexadecimal")

#define GOV_IN_session_sweep(I)

#define GOV_IN_account_mail(I)                                                \
    I(user, STR, REQUIRED, "login")                                           \
    I(mail, STR, OPTIONAL, "address for notifications; else none")            \
    I(secret_was, STR, REQUIRED, "digest of the sealed hash that was proved") \
    I(address, STR, OPTIONAL, "client's address")

#define GOV_IN_work_end(I)                                                    \
    I(work, INT, REQUIRED, "its number")                                      \
    I(ok, BOOL, OPTIONAL, "it came to its end and found no fault")            \
    I(result, MAP, OPTIONAL, "what its last line said")

#define GOV_IN_mail_use(I)                                                    \
    I(on, BOOL, REQUIRED, "it does")

#define GOV_IN_mail_hold(I)                                                   \
    I(why, TEXT, REQUIRED, "what it said")

#define GOV_IN_mail_sent(I)                                                   \
    I(due, INT, REQUIRED, "when it was due, microseconds")                    \
    I(account, INT, REQUIRED, "whose it is")                                  \
    I(empty, BOOL, OPTIONAL, "there was nothing to send any more")            \
    I(last, INT, OPTIONAL, "number of the last notice it was made of")

#define GOV_IN_mail_failed(I)                                                 \
    I(due, INT, REQUIRED, "when it was due, microseconds")                    \
    I(account, INT, REQUIRED, "whose it is")                                  \
    I(refused, BOOL, OPTIONAL, "for good: the address takes no mail")         \
    I(unmade, BOOL, OPTIONAL, "the server was not asked: it cannot be made")  \
    I(why, TEXT, OPTIONAL, "what the server said")

#define GOV_IN_attempt_note(I)                                                \
    I(user, STR, REQUIRED, "login, whether anybody has it or not")            \
    I(address, STR, REQUIRED, "client's address")                             \
    I(device, STR, OPTIONAL, "a device of the account's that was proved")


#define GOV_IN_file_gather(I)                                                 \
    I(site, CODE, OPTIONAL, "code of the site")                               \
    I(digests, LIST, OPTIONAL, "SHA-256 of its files")                        \
    I(all, BOOL, OPTIONAL, "no site has more of them")

#define GOV_IN_file_forget(I)                                                 \
    I(files, LIST, REQUIRED, "maps of digest and the number it is gone by")

#define GOV_IN_file_settle(I)                                                 \
    I(site, CODE, REQUIRED, "code of the site")                               \
    I(digest, STR, REQUIRED, "SHA-256 of the file")                       \
    I(state, STR, REQUIRED, "ok held refused")                                \
    I(why, STR, OPTIONAL, "what was found")


#define GOV_COMMANDS(C)                                                       \
    GOV_COMMANDS_SITE(C)                                                      \
    GOV_COMMANDS_CONTENT(C)                                                   \
    GOV_COMMANDS_PEOPLE(C)
