
/*
 * Copyright (C) ngx_gov authors
 *
 * The rights, said once.  A right is held at a node of the site tree, through
 * a role granted there: it reaches that site and all below it.  A role is a
 * list of these names (a record, so that a platform may make its own).  It
 * includes nothing.
 *
 *     R(id, name, title)
 *
 * The roles that a platform begins with:
 *
 *     P(name, title, apart, factor, rights)
 *
 * apart: gov_apart_t without its prefix; one account holds roles of one kind
 * of it only.  factor: 1, its holders sign in with a second factor.
 */


#define GOV_RIGHTS(R)                                                         \
    R(SITE_READ, "site.read", "查看站点后台")                                 \
    R(SITE_MANAGE, "site.manage", "新建和调整下级站点")                       \
    R(SITE_EDIT, "site.edit", "修改站点设置")                                 \
    R(COLUMN_MANAGE, "column.manage", "管理栏目")                             \
    R(DOC_READ, "doc.read", "查看未发布的文档")                               \
    R(DOC_WRITE, "doc.write", "采集和编辑文档")                               \
    R(DOC_REVIEW, "doc.review", "审核文档")                                   \
    R(DOC_PUBLISH, "doc.publish", "签发、撤回文档")                           \
    R(DOC_URGENT, "doc.urgent", "紧急发布")                                   \
    R(DOC_REFER, "doc.refer", "在栏目中引用文档")                             \
    R(LINK_MANAGE, "link.manage", "管理链接组")                               \
    R(BANNER_MANAGE, "banner.manage", "发布应急横幅")                         \
    R(PEOPLE_MANAGE, "people.manage", "管理人员和授权")                       \
    R(ROLE_MANAGE, "role.manage", "管理角色")                                 \
    R(SECURITY_MANAGE, "security.manage", "管理登录安全")                     \
    R(AUDIT_READ, "audit.read", "查看和核验操作日志")                         \
    R(PLATFORM_READ, "platform.read", "查看平台运行情况")                     \
    R(PLATFORM_MANAGE, "platform.manage", "管理平台")

#define GOV_ROLES(P)                                                          \
    P("clerk", "信息员", NONE, 0, "site.read doc.read doc.write")             \
    P("reviewer", "审核人", NONE, 0, "site.read doc.read doc.review")         \
    P("publisher", "签发人", NONE, 0,                                         \
      "site.read doc.read doc.publish doc.urgent doc.refer")                  \
    P("manager", "站点管理员", NONE, 0,                                       \
      "site.read doc.read site.edit column.manage link.manage people.manage") \
    P("operator", "平台管理员", SYSTEM, 1,                                    \
      "site.read site.manage site.edit column.manage link.manage "            \
      "banner.manage people.manage doc.read platform.read platform.manage")   \
    P("security", "安全管理员", SECURITY, 1,                                  \
      "site.read security.manage role.manage platform.read")                  \
    P("auditor", "审计管理员", AUDIT, 1,                                      \
      "site.read audit.read platform.read")                                   \
    P("platform", "信息化管理（信息办）", NONE, 0,                            \
      "site.read doc.read platform.read")                                     \
    P("legal", "法制审核（法制办）", NONE, 0,                                 \
      "site.read doc.read doc.review")                                        \
    P("press", "新闻管理（新闻办）", NONE, 0,                                 \
      "site.read doc.read doc.review doc.refer")                              \
    P("openness", "政务公开（公开办）", NONE, 0,                              \
      "site.read doc.read doc.review")                                        \
    P("assessment", "绩效考核（考委办）", NONE, 0, "site.read platform.read") \
    P("personnel", "人事管理（人事局）", NONE, 0, "site.read")                \
    P("finance", "经费管理（财政局）", NONE, 0, "site.read platform.read")    \
    P("media", "媒体协作（日报社）", NONE, 0, "site.read doc.read doc.write") \
    P("group", "协调小组", NONE, 0, "site.read doc.read platform.read")
