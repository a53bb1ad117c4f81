
/*
 * Copyright (C) ngx_gov authors
 *
 * The words of mails, all of them but the titles of kinds of notices
 * (people/gov_notice.h).  Formats: the arguments stand beside each.
 */


#ifndef _GOVD_MAIL_WORDS_H_INCLUDED_
#define _GOVD_MAIL_WORDS_H_INCLUDED_


#define GOVD_MAIL_SENDER   "政务网站平台"

/* subjects: title of the kind, of the document; how many */
#define GOVD_MAIL_ONE      "%s：%.*s"
#define GOVD_MAIL_BARE     "%s"
#define GOVD_MAIL_SOME     "您有 %u 条新通知"
#define GOVD_MAIL_DAILY_S  "今日通知摘要（%u 条）"
#define GOVD_MAIL_INVITE_S "设置您的登录密码"
#define GOVD_MAIL_LEFT_S   "您的邮箱地址已更改"

/* name of the reader */
#define GOVD_MAIL_HELLO    "%.*s：\n\n"

/* a notice: place in the list, kind; document; site; who; words; times */
#define GOVD_MAIL_KIND     "%u. %s"
#define GOVD_MAIL_TITLE    "：《%.*s》"
#define GOVD_MAIL_SITE     "（%.*s）"
#define GOVD_MAIL_TEXT     "   %.*s\n"
#define GOVD_MAIL_SAID     "   %.*s：%.*s\n"
#define GOVD_MAIL_BY       "   经办：%.*s\n"
#define GOVD_MAIL_AT       "   时间：%.*s\n"
#define GOVD_MAIL_WHEN     "   %.*s\n"
#define GOVD_MAIL_LINK     "   %s/console/doc/%lld\n"
#define GOVD_MAIL_HIDDEN   "   您已无权查看这一内容。\n"

/* how many more; portal */
#define GOVD_MAIL_MORE     "还有 %lld 条没有列出。\n\n"
#define GOVD_MAIL_ALL      "全部通知：%s/console/notices\n"
#define GOVD_MAIL_FOOT                                                        \
    "\n这封邮件由系统自动发出，请勿回复。接收方式可在“通知”页面修改。\n"

/* login, portal, path, until */
#define GOVD_MAIL_INVITE                                                      \
    "您的登录名是 %.*s。请打开下面的链接设置密码：\n\n"                       \
    "%s%.*s\n\n"                                                              \
    "链接只能使用一次，有效期至 %.*s。请勿转发给他人。\n"                     \
    "\n这封邮件由系统自动发出，请勿回复。\n"

/* login, when */
#define GOVD_MAIL_LEFT                                                        \
    "您的账号 %.*s 的邮箱地址已于 %.*s 更改，今后的通知不再发到这里。\n\n"     \
    "不是您要求更改的，请马上修改密码，并告诉站点管理员。\n"                  \
    "\n这封邮件由系统自动发出，请勿回复。\n"


#endif /* _GOVD_MAIL_WORDS_H_INCLUDED_ */
