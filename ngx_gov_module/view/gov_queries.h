
/*
 * Copyright (C) ngx_gov authors
 *
 * The questions that programs ask, said once, as the commands are in
 * desk/gov_commands.h.  From these lists come the table of gov_query.c, the
 * HTTP API, govctl's verbs, docs/commands.md and the OpenAPI file.  It
 * includes nothing.
 *
 *     Q(id, name, right, scope, summary, title)    answered at once
 *     W(id, name, right, scope, summary, title)    long work, line by line
 *     I(field, kind, flags, what)                  a field of GOV_ASK_<id>(I)
 *
 * scope: where the right is judged, as a command's is; without a right (SELF)
 * anybody who is signed in may ask, and is shown what is theirs.
 *
 * A question's function is gov_query_<id>() (gov_query_int.h).  Lists are
 * given in pages: "after" takes the "next" of the page before.
 */


#define GOV_QUERIES(Q)                                                        \
    Q(site_list, "site.list", "", SELF,                                       \
      "lists sites", "站点列表")                                              \
    Q(site_get, "site.get", "site.read", SITE,                                \
      "shows a site", "站点详情")                                             \
    Q(site_hosts, "site.hosts", "site.read", SITE,                            \
      "lists the hosts that lead to a site, its main one too", "站点域名")    \
    Q(site_search, "site.search", "", SELF,                                   \
      "finds sites by name or code, or those just below one", "查找站点")     \
    Q(site_board, "site.board", "site.read", SELF,                            \
      "shows how far the opening of the sites below one is", "开办进度")      \
    Q(column_list, "column.list", "site.read", SITE,                          \
      "lists the columns of a site", "栏目列表")                              \
    Q(doc_list, "doc.list", "doc.read", SITE,                                 \
      "lists documents of a site, newest first", "文档列表")                  \
    Q(doc_get, "doc.get", "doc.read", DOC,                                    \
      "shows a document", "文档详情")                                         \
    Q(doc_versions, "doc.versions", "doc.read", DOC,                          \
      "lists the versions of a document", "文档版本")                         \
    Q(file_list, "file.list", "doc.read", SELF,                               \
      "lists files of a site's library, newest first", "文件列表")            \
    Q(file_get, "file.get", "doc.read", SELF,                                 \
      "shows a file and where it is used", "文件详情")                        \
    Q(doc_log, "doc.log", "doc.read", DOC,                                    \
      "lists every act on a document", "文档流程记录")                        \
    Q(doc_changes, "doc.changes", "doc.read", DOC,                            \
      "lists what the public was told of changes", "更正记录")                \
    Q(doc_links, "doc.links", "doc.read", DOC,                                \
      "lists links of a document that lead nowhere", "打不开的链接")          \
    Q(site_links, "site.links", "doc.read", SITE,                             \
      "lists public documents with links that lead nowhere",                  \
      "站点打不开的链接")                                                     \
    Q(doc_diff, "doc.diff", "doc.read", DOC,                                  \
      "compares two versions of a document", "比较版本")                      \
    Q(task_list, "task.list", "", SELF,                                       \
      "lists what waits for who asks, oldest first", "我的任务")              \
    Q(task_count, "task.count", "", SELF,                                     \
      "counts what waits for who asks, by step", "我的任务数")                \
    Q(schedule_list, "schedule.list", "", SELF,                               \
      "lists publications and expiries to come", "发布日程")                  \
    Q(link_list, "link.list", "site.read", SITE,                              \
      "lists the link groups a site shows", "链接组列表")                     \
    Q(banner_list, "banner.list", "", SELF,                                   \
      "lists banners that hold now", "应急横幅列表")                          \
    Q(blueprint_list, "blueprint.list", "", SELF,                             \
      "lists blueprints", "蓝本列表")                                         \
    Q(blueprint_get, "blueprint.get", "", SELF,                               \
      "shows a blueprint", "蓝本详情")                                        \
    Q(policy_get, "policy.get", "", SELF,                                     \
      "shows the rule of a policy in force", "现行政策规则")                  \
    Q(journal_list, "journal.list", "audit.read", SITE,                       \
      "lists journal entries, newest first", "操作日志")                      \
    Q(journal_get, "journal.get", "audit.read", HUB,                          \
      "shows a journal entry with its input", "日志详情")                     \
    Q(work_list, "work.list", "", SELF,                                       \
      "lists long work that was asked for, newest first", "工作列表")         \
    Q(work_get, "work.get", "", SELF,                                         \
      "shows how far long work is, or its result", "工作详情")                \
    Q(operation_get, "operation.get", "audit.read", HUB,                      \
      "shows what became of an operation", "操作结果")                        \
    Q(user_list, "user.list", "people.manage", SELF,                          \
      "lists accounts whose people one manages", "账号列表")                  \
    Q(user_get, "user.get", "people.manage", SELF,                            \
      "shows an account with its grants and sessions", "账号详情")            \
    Q(role_list, "role.list", "", SELF,                                       \
      "lists roles", "角色列表")                                              \
    Q(role_get, "role.get", "", SELF,                                         \
      "shows a role", "角色详情")                                             \
    Q(right_list, "right.list", "", SELF,                                     \
      "lists rights", "权限列表")                                             \
    Q(me_get, "me.get", "", SELF,                                             \
      "shows who asks, and where they may what", "我的账号")                  \
    Q(notice_list, "notice.list", "", SELF,                                   \
      "lists one's notices, those not read first", "我的通知")                \
    Q(notice_count, "notice.count", "", SELF,                                 \
      "counts one's notices that are not read", "未读通知数")                 \
    Q(notice_rule, "notice.rule", "", SELF,                                   \
      "shows which notices one wants, and how by mail", "通知设置")           \
    Q(mail_list, "mail.list", "platform.manage", HUB,                         \
      "lists mails that wait or were given up, and why", "发不出的邮件")      \
    Q(people_gaps, "people.gaps", "people.manage", SELF,                      \
      "lists sites that lack an editor, a publisher, a person in charge",     \
      "人员缺岗的站点")                                                       \
    Q(store_stats, "store.stats", "platform.read", HUB,                       \
      "shows figures of the store", "存储统计")


#define GOV_ASK_site_list(I)                                                  \
    I(parent, CODE, OPTIONAL, "only those just below this site")              \
    I(level, STR, OPTIONAL, "only those of a level")                          \
    I(state, STR, OPTIONAL, "only those in a state")                          \
    I(after, INT, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_site_search(I)                                                \
    I(text, STR, OPTIONAL, "part of a name, beginning of a code or slug") \
    I(below, CODE, OPTIONAL, "instead: those just below this site")           \
    I(from, CODE, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows, else 20")

#define GOV_ASK_site_board(I)                                                 \
    I(below, CODE, REQUIRED_ARG, "code of the site above them")               \
    I(from, CODE, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_site_get(I)                                                   \
    I(site, CODE, REQUIRED_ARG, "code")

#define GOV_ASK_site_hosts(I)                                                 \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(after, STR, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_column_list(I)                                                \
    I(site, CODE, REQUIRED, "code")                                           \
    I(brief, BOOL, OPTIONAL, "path, name and kind alone")

#define GOV_ASK_doc_list(I)                                                   \
    I(site, CODE, REQUIRED, "code")                                           \
    I(column, STR, OPTIONAL, "only those of a column, by its path")           \
    I(state, STR, OPTIONAL, "draft scheduled public expired withdrawn")       \
    I(step, STR, OPTIONAL, "collect edit review1 review2 review3 sign done")  \
    I(maker, STR, OPTIONAL, "login of who wrote it first")                    \
    I(text, STR, OPTIONAL, "words of the title")                              \
    I(after, STR, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_doc_get(I)                                                    \
    I(doc, DOC, REQUIRED_ARG, "document")                                     \
    I(version, INT, OPTIONAL, "a version instead of the live one")            \
    I(html, BOOL, OPTIONAL, "the body as safe HTML too")

#define GOV_ASK_doc_versions(I)                                               \
    I(doc, DOC, REQUIRED_ARG, "document")

#define GOV_ASK_doc_log(I)                                                    \
    I(doc, DOC, REQUIRED_ARG, "document")                                     \
    I(after, INT, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_doc_changes(I)                                                \
    I(doc, DOC, REQUIRED_ARG, "document")

#define GOV_ASK_doc_diff(I)                                                   \
    I(doc, DOC, REQUIRED_ARG, "document")                                     \
    I(from, INT, OPTIONAL, "version; else the live one or the one before")    \
    I(to, INT, OPTIONAL, "version; else the last")

#define GOV_ASK_doc_links(I)                                                  \
    I(doc, DOC, REQUIRED_ARG, "document")                                     \
    I(version, INT, OPTIONAL, "a version instead of the last")

#define GOV_ASK_site_links(I)                                                 \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(maker, STR, OPTIONAL, "login of who wrote the document first")          \
    I(after, INT, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "documents of a page, at most 1000")

#define GOV_ASK_task_list(I)                                                  \
    I(step, STR, OPTIONAL, "collect edit review1 review2 review3 sign later; "\
      "else all")                                                             \
    I(site, CODE, OPTIONAL, "only of this site and those below it")           \
    I(after, STR, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_task_count(I)                                                 \
    I(site, CODE, OPTIONAL, "only of this site and those below it")

#define GOV_ASK_schedule_list(I)                                              \
    I(site, CODE, OPTIONAL, "only of this site and those below it")           \
    I(after, STR, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_file_list(I)                                                  \
    I(site, CODE, REQUIRED, "code")                                           \
    I(kind, STR, OPTIONAL, "image document sound archive other")              \
    I(state, STR, OPTIONAL, "ok held refused, or bin for the recycle bin")    \
    I(name, STR, OPTIONAL, "only those whose name holds this")                \
    I(after, STR, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_file_get(I)                                                   \
    I(site, CODE, REQUIRED, "code")                                           \
    I(digest, STR, REQUIRED_ARG, "SHA-256 of the file")

#define GOV_ASK_link_list(I)                                                  \
    I(site, CODE, REQUIRED, "code")

#define GOV_ASK_banner_list(I)                                                \
    I(site, CODE, OPTIONAL, "shown on this site; else everywhere")

#define GOV_ASK_blueprint_list(I)

#define GOV_ASK_blueprint_get(I)                                              \
    I(name, STR, REQUIRED_ARG, "name")

#define GOV_ASK_policy_get(I)                                                 \
    I(name, STR, REQUIRED_ARG, "domain, gates, security or upload")           \
    I(at, TIME, OPTIONAL, "in force at this time; else now")

#define GOV_ASK_journal_list(I)                                               \
    I(site, CODE, OPTIONAL, "only entries that changed this site")            \
    I(after, INT, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_journal_get(I)                                                \
    I(seq, INT, REQUIRED_ARG, "number of the entry")

#define GOV_ASK_work_list(I)                                                  \
    I(work, STR, OPTIONAL, "only of this name")                               \
    I(site, CODE, OPTIONAL, "only about this site")                           \
    I(after, INT, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 100")

#define GOV_ASK_work_get(I)                                                   \
    I(work, INT, REQUIRED_ARG, "number")

#define GOV_ASK_operation_get(I)                                              \
    I(op, STR, REQUIRED_ARG, "operation id")

#define GOV_ASK_user_list(I)                                                  \
    I(site, CODE, OPTIONAL, "only those with a role at this very site")       \
    I(after, INT, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_user_get(I)                                                   \
    I(user, STR, REQUIRED_ARG, "login")

#define GOV_ASK_role_list(I)

#define GOV_ASK_role_get(I)                                                   \
    I(role, STR, REQUIRED_ARG, "name")

#define GOV_ASK_right_list(I)

#define GOV_ASK_me_get(I)

#define GOV_ASK_notice_list(I)                                                \
    I(ids, LIST, REPEAT, "only those of these numbers")                       \
    I(after, STR, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_notice_count(I)

#define GOV_ASK_notice_rule(I)

#define GOV_ASK_mail_list(I)                                                  \
    I(after, STR, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_people_gaps(I)                                                \
    I(after, INT, OPTIONAL, "page: the next of the page before")              \
    I(limit, INT, OPTIONAL, "rows of a page, at most 1000")

#define GOV_ASK_store_stats(I)


#define GOV_WORKS(W)                                                          \
    W(journal_verify, "journal.verify", "audit.read", SITE,                   \
      "recomputes the journal's chains", "核验操作日志")                      \
    W(store_check, "store.check", "platform.read", HUB,                       \
      "reads every value and names the faulty ones", "检查存储")              \
    W(store_backup, "store.backup", "platform.manage", HUB,                   \
      "makes a verified copy of store and attachments", "备份")               \
    W(store_dump, "store.dump", "platform.manage", HUB,                       \
      "writes every record, a line each", "导出全部记录")                     \
    W(site_export, "site.export", "site.manage", SITE,                        \
      "writes a site's records, a line each", "导出站点")

#define GOV_ASK_journal_verify(I)                                             \
    I(site, CODE, OPTIONAL, "the chain of this site; else all of them")       \
    I(head, STR, OPTIONAL, "NUMBER:HASH noted earlier: was it cut or "        \
      "rewritten since?")                                                     \
    I(progress, BOOL, OPTIONAL, "lines {at, of} on the way")

#define GOV_ASK_store_check(I)

#define GOV_ASK_store_backup(I)                                               \
    I(dir, STR, OPTIONAL, "folder to make; else a dated one in backup/")

#define GOV_ASK_store_dump(I)                                                 \
    I(journal, BOOL, OPTIONAL, "with the journal's own tables")

#define GOV_ASK_site_export(I)                                                \
    I(site, CODE, REQUIRED_ARG, "code")
