
/*
 * Copyright (C) ngx_gov authors
 *
 * What govctl says, in English and Chinese: Chinese when LC_ALL, LC_MESSAGES
 * or LANG (the first that is set) begins with "zh".  The formats of a row
 * take the same arguments in the same order.
 */


#ifndef _GOVCTL_WORDS_H_INCLUDED_
#define _GOVCTL_WORDS_H_INCLUDED_


#define GOVCTL_WORDS(W)                                                       \
    W(FAILED, "%.*s", "%.*s")                                                 \
    W(NO_ANSWER, "govd did not answer: %s", "govd 没有应答：%s")              \
    W(NOT_ALLOWED, "only root and the platform's user may use %s",            \
      "只有 root 和平台的运行用户可以使用 %s")                                \
    W(NO_RUN, "there is no platform in %s (see --run)",                       \
      "%s 中没有平台（用 --run 指定数据目录）")                               \
    W(NO_GOVD, "govd cannot be run: %s", "无法运行 govd：%s")                 \
    W(CUT_SHORT, "the answer was cut short", "应答不完整")                    \
    W(NO_VERB, "there is no command \"%s\"", "没有命令“%s”")                  \
    W(MEANT, "did you mean \"%s\"?", "是不是“%s”？")                          \
    W(SEE_HELP, "see govctl help", "用法见 govctl help")                      \
    W(NO_OPTION, "%s has no option --%s", "%s 没有选项 --%s")                 \
    W(NEEDS_VALUE, "--%s needs a value", "选项 --%s 需要一个值")              \
    W(TOO_MANY, "%s does not take \"%s\"", "%s 不需要参数“%s”")               \
    W(MISSING, "%s needs %s", "%s 缺少 %s")                                   \
    W(TWICE, "--%s is given twice", "选项 --%s 重复")                         \
    W(BAD_JSON, "--%s: %s", "选项 --%s：%s")                                  \
    W(BAD_PAIR, "--field takes NAME=VALUE, not \"%s\"",                       \
      "--field 的写法是 名称=值，不是“%s”")                                   \
    W(BAD_FLAG, "--%s is true or false", "选项 --%s 应是 true 或 false")      \
    W(BAD_FORMAT, "--format is table, json, csv or ids",                      \
      "--format 可以是 table、json、csv、ids")                                \
    W(NO_FILE, "%s cannot be read: %s", "无法读取 %s：%s")                    \
    W(NO_WRITE, "%s cannot be written: %s", "无法写入 %s：%s")                \
    W(KEPT, "%s: %s; the backup is in %s", "%s：%s；备份留在 %s")             \
    W(TO_UTF8, "%s is GB18030 and is read as such",                           \
      "%s 是 GB18030 编码，已按此转换")                                       \
    W(NO_COLUMN, "%s has no column \"%s\"", "%s 缺少“%s”列")                  \
    W(STRANGE_COLUMN, "%s: the column \"%s\" is not taken",                   \
      "%s：“%s”这一列没有采用")                                               \
    W(REFUSED_ROW, "row %lld: %.*s: %.*s", "第 %lld 行：%.*s：%.*s")          \
    W(BAD_ROW, "row %lld: %s", "第 %lld 行：%s")                              \
    W(IMPORTED, "%lld created, %lld updated, %lld unchanged, %lld refused",   \
      "新建 %lld，更新 %lld，未变 %lld，未接受 %lld")                         \
    W(DEAD, "%lld links lead nowhere", "打不开的链接 %lld 个")                \
    W(PROGRESS, "%lld rows", "已处理 %lld 行")                                \
    W(BATCH_LINE, "line %lld: %s: %.*s", "第 %lld 行：%s：%.*s")              \
    W(BATCH_DONE, "%lld done, %lld failed", "完成 %lld 条，失败 %lld 条")     \
    W(WARNING, "note: %.*s", "提示：%.*s")                                    \
    W(WOULD, "nothing was changed (--dry-run)", "未做更改（--dry-run）")      \
    W(EXPORTED, "%lld records written to %s", "%lld 条记录已写入 %s")         \
    W(STEP_STORE, "copying the store to %.*s", "正在备份存储到 %.*s")         \
    W(STEP_FILES, "adding the attachments to %.*s", "正在备份附件到 %.*s")    \
    W(FAULT, "site %lld: %.*s", "站点 %lld：%.*s")                            \
    W(SURE, "%s: go on? [y/N] ", "%s：确定执行吗？[y/N] ")                    \
    W(NOT_DONE, "not done", "未执行")                                         \
    W(NO_NGINX, "nginx does not answer on port %s: %s",                       \
      "nginx 在端口 %s 没有应答：%s")                                         \
    W(USAGE, "usage: %s", "用法：%s")                                         \
    W(NO_MEMORY, "out of memory", "内存不足")


#define GOVCTL_WORD_ENUM(id, en, zh)  GOVCTL_W_##id,
typedef enum {
    GOVCTL_WORDS(GOVCTL_WORD_ENUM)
    GOVCTL_WORDS_END
} govctl_word_t;


const char *govctl_word(govctl_word_t word);
int govctl_chinese(void);


#endif /* _GOVCTL_WORDS_H_INCLUDED_ */
