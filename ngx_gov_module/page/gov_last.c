
/*
 * Copyright (C) ngx_gov authors
 *
 * Pages for when nothing else can be made: without store, script and memory.
 */


#include "page/gov_page_int.h"


/* plain words that need nothing: the rows stand in one table */

typedef struct {
    int         status;
    gov_str_t   page;
} gov_last_resort_t;

#define gov_last_page(title, text)                                            \
    gov_string("<!DOCTYPE html>\n<html lang=\"zh-Hans\"><head>"               \
               "<meta charset=\"utf-8\"><meta name=\"viewport\" "             \
               "content=\"width=device-width\"><title>" title "</title>"      \
               "</head><body><h1>" title "</h1><p>" text "</p></body></html>\n")

static gov_last_resort_t  gov_last_resorts[] = {
    { 400, gov_last_page("请求有误",
                         "地址或者请求的写法有误，请核对后再试。") },
    { 404, gov_last_page("没有找到这个页面", "请核对网址，或者从首页找起。") },
    { 405, gov_last_page("这个地址不接受这种请求",
                         "这个页面只能浏览，不能提交。") },
    { 413, gov_last_page("提交的内容过大", "请减小后再提交。") },
    { 421, gov_last_page("没有这个网站",
                         "本服务器上没有以这个域名开办的网站，请核对网址。") },
    { 429, gov_last_page("请求过于频繁", "请过一会儿再试。") },
    { 503, gov_last_page("服务暂时不可用", "请过一会儿再试。") },
    { 0, gov_last_page("页面暂时无法显示",
                       "我们已经记录了这个错误，请稍后再试。") }
};


gov_str_t
gov_page_last_resort(int status)
{
    gov_last_resort_t  *l;

    for (l = gov_last_resorts; l->status; l++) {
        if (l->status == status) {
            break;
        }
    }

    return l->page;
}


void
gov_last_make(gov_page_t *p, int status)
{
    p->status = status;
    p->type = GOV_HTML_TYPE;
    p->body = gov_page_last_resort(status);
    p->view = "last_resort";
}
