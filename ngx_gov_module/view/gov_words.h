
/*
 * Copyright (C) ngx_gov authors
 *
 * Words that the C side puts into values: W(id, Chinese, English).  What only
 * templates say stands in lua/words.
 */


#ifndef _GOV_WORDS_H_INCLUDED_
#define _GOV_WORDS_H_INCLUDED_


#include "base/gov_base.h"


#define GOV_WORDS(W)                                                          \
    W(home,         "首页",            "Home")                                \
    W(map,          "站点地图",        "Site map")                            \
    W(upper,        "上级网站",        "Upper level")                         \
    W(provinces,    "省（自治区、直辖市）", "Provinces")                      \
    W(cities,       "市（州、盟）",    "Cities")                              \
    W(counties,     "县（市、区）",    "Counties")                            \
    W(townships,    "乡镇（街道）",    "Townships")                           \
    W(villages,     "村（社区）",      "Villages")                            \
    W(departments,  "政府部门",        "Departments")                         \
    W(institutions, "直属机构",        "Institutions")                        \
    W(sisters,      "同级网站",        "Sites of the same level")             \
    W(index_number, "索引号",          "Index number")                        \
    W(topic,        "主题分类",        "Topic")                               \
    W(issuer,       "发文机关",        "Issuer")                              \
    W(written,      "成文日期",        "Date of signature")                   \
    W(published,    "发布日期",        "Published")                           \
    W(number,       "发文字号",        "Document number")                     \
    W(validity,     "有效性",          "Validity")                            \
    W(force,        "效力级别",        "Force")                               \
    W(effective,    "施行日期",        "In force from")                       \
    W(expires_on,   "失效日期",        "In force until")                      \
    W(in_force,     "有效",            "In force")                            \
    W(not_yet,      "尚未施行",        "Not yet in force")                    \
    W(expired,      "已失效",          "Expired")                             \
    W(repealed,     "已废止",          "Repealed")                            \
    W(amended,      "已修改",          "Amended")                             \
    W(h400,         "无法理解这个请求", "Bad request")                        \
    W(t400,         "浏览器发来的请求不完整或不规范，请核对网址再打开。",     \
                    "The request is broken. Please check the address.")       \
    W(h404,         "没有找到这个页面", "Page not found")                     \
    W(t404,         "您访问的地址不存在，可能已经改动或者输入有误。"          \
                    "可以从下面的栏目继续查找。",                             \
                    "There is no page at this address. It may have changed "  \
                    "or been mistyped. You can go on from the columns below.")\
    W(h410,         "这个页面已经撤下", "This page was withdrawn")            \
    W(t410,         "发布单位已将这份信息撤下，原因如下。",                   \
                    "The publishing unit has withdrawn it for this reason.")  \
    W(hpreview,     "预览已经到期",    "This preview has ended")              \
    W(tpreview,     "这个预览链接已过有效期，请向给您链接的人另要一个。",     \
                    "Please ask whoever gave you the link for another one.")  \
    W(herror,       "这份信息系误发，已经撤下",                               \
                    "This was published in error and withdrawn")              \
    W(edited,       "修改",            "Edited")                              \
    W(corrected,    "更正",            "Corrected")                           \
    W(withdrawn,    "撤回",            "Withdrawn")                           \
    W(again,        "重新发布",        "Published again")                     \
    W(long_body,    "正文太长，网页无法显示，请向发布单位索取。",             \
                    "The text is too long for this page. Please ask the "     \
                    "publishing unit for it.")                                \
    W(h405,         "这个地址不接受这种请求", "Method not allowed")           \
    W(t405,         "这个页面只能浏览，不能提交。",                           \
                    "This page can be read, nothing can be sent to it.")      \
    W(h413,         "提交的内容过大",  "Too large")                           \
    W(t413,         "您提交的内容超过了允许的大小，请减小后再提交。",         \
                    "What you sent is larger than allowed.")                  \
    W(h421,         "没有这个网站",    "No such site")                        \
    W(t421,         "本服务器上没有以这个域名开办的网站，请核对网址。",       \
                    "No site stands under this host name on this server.")    \
    W(h500,         "页面暂时无法显示", "This page cannot be shown")          \
    W(t500,         "我们已经记录了这个错误，请稍后再试。",                   \
                    "The fault was recorded. Please try again later.")        \
    W(h503,         "服务暂时不可用",  "Service not available")               \
    W(t503,         "正在处理，请过一会儿再试。浏览页面不受影响时可继续访问。",\
                    "Please try again in a little while.")                    \
    W(hsuspended,   "网站暂停服务",    "This site is suspended")              \
    W(tsuspended,   "本网站经批准暂停服务，恢复时间另行公告。",               \
                    "This site is suspended by decision.")                    \
    W(hclosed,      "网站已经关停",    "This site is closed")                 \
    W(tclosed,      "本网站已经关停，原有信息由上级网站归集。",               \
                    "This site is closed; its portal keeps its records.")


#define GOV_WORD_ENUM(id, zh, en)  GOV_W_##id,
typedef enum {
    GOV_WORDS(GOV_WORD_ENUM)
    GOV_W_END
} gov_word_t;

/* the Chinese word */
gov_str_t gov_word(gov_word_t w);


#endif /* _GOV_WORDS_H_INCLUDED_ */
