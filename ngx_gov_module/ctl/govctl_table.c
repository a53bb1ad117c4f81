
/*
 * Copyright (C) ngx_gov authors
 *
 * The verbs, from the lists of commands and questions, and govctl's own.
 * An own verb stands before one of the lists with the same name.
 */


#include "ctl/govctl_int.h"
#include "desk/gov_commands.h"
#include "view/gov_queries.h"


#define GOVCTL_IN(name, kind, flags, what)                                    \
    { #name, GOV_IN_##kind, GOV_IN_##flags, what },


#define GOVCTL_FIELDS_COMMAND(id, name, right, scope, summary, title)         \
    static gov_in_t  govctl_in_##id[] = {                                     \
        GOV_IN_##id(GOVCTL_IN)                                                \
        { NULL, 0, 0, NULL }                                                  \
    };

#define GOVCTL_FIELDS_QUERY(id, name, right, scope, summary, title)           \
    static gov_in_t  govctl_in_##id[] = {                                     \
        GOV_ASK_##id(GOVCTL_IN)                                               \
        { NULL, 0, 0, NULL }                                                  \
    };

GOV_COMMANDS(GOVCTL_FIELDS_COMMAND)
GOV_QUERIES(GOVCTL_FIELDS_QUERY)
GOV_WORKS(GOVCTL_FIELDS_QUERY)


/* govctl's own */

#define GOVCTL_OWNS(V)                                                        \
    V(own_run, "run", govctl_do_run,                                          \
      "runs any command with its input as JSON", "执行任一命令")              \
    V(own_batch, "batch", govctl_do_batch,                                    \
      "runs the commands of a file, one a line", "批量执行命令")              \
    V(own_explain, "explain", govctl_do_explain,                              \
      "says how nginx answers an address", "解释一个地址的应答")              \
    V(own_csv, "site.import-csv", govctl_do_import_csv,                       \
      "adds the sites of a CSV file", "从 CSV 批量新建站点")                  \
    V(own_export, "site.export", govctl_do_export,                            \
      "writes a site's records to a file", "导出站点")                        \
    V(own_restore, "site.restore", govctl_do_restore,                         \
      "puts an exported site back", "恢复导出的站点")                         \
    V(own_import, "doc.import", govctl_do_import_docs,                        \
      "imports the documents of a JSONL file", "批量导入文档")                \
    V(own_backup, "store.backup", govctl_do_backup,                           \
      "makes a verified copy of store and attachments", "备份")               \
    V(own_help, "help", govctl_do_help,                                       \
      "shows the verbs, or one of them", "帮助")

#define GOVCTL_IN_own_run(I)                                                  \
    I(command, STR, REQUIRED_ARG, "name, as site.create")                     \
    I(input, STR, ARG, "its fields as a JSON object, - for stdin")

#define GOVCTL_IN_own_batch(I)                                                \
    I(file, STR, REQUIRED_ARG, "lines {\"command\", \"input\"} and, if "      \
      "known, its operation \"op\"; .gz, -")

#define GOVCTL_IN_own_explain(I)                                              \
    I(url, STR, REQUIRED_ARG, "http://host/path/")

#define GOVCTL_IN_own_csv(I)                                                  \
    I(file, STR, REQUIRED_ARG, "columns code, level, name, parent_code, "     \
      "slug and, if known, legal_name, blueprint, mode, abbr, host; .gz, -")  \
    I(host_pattern, STR, OPTIONAL, "host of each site, with {code} or {slug}")\
    I(mode, STR, OPTIONAL, "page or subsite for rows that do not say")        \
    I(progress, BOOL, OPTIONAL, "say how far it is")                          \
    I(strict, BOOL, OPTIONAL, "exit 1 when any row is refused")

#define GOVCTL_IN_own_export(I)                                               \
    I(site, CODE, REQUIRED_ARG, "code")                                       \
    I(file, STR, REQUIRED_ARG, "file to write, - for stdout")

#define GOVCTL_IN_own_restore(I)                                              \
    I(file, STR, REQUIRED_ARG, "file that an export wrote; .gz")              \
    I(code, CODE, OPTIONAL, "the site's code must be this one")

#define GOVCTL_IN_own_import(I)                                               \
    I(file, STR, REQUIRED_ARG, "a document as JSON a line; .gz, -")           \
    I(site, CODE, OPTIONAL, "site of rows that name none")                    \
    I(column, STR, OPTIONAL, "column of rows that name none")                 \
    I(progress, BOOL, OPTIONAL, "say how far it is")                          \
    I(strict, BOOL, OPTIONAL, "exit 1 when any row is refused")

#define GOVCTL_IN_own_backup(I)                                               \
    I(dir, STR, ARG, "folder to make; else a dated one in backup/")

#define GOVCTL_IN_own_help(I)                                                 \
    I(verb, LIST, ARG, "words of the verb")

#define GOVCTL_FIELDS_OWN(id, name, run, summary, title)                      \
    static gov_in_t  govctl_in_##id[] = {                                     \
        GOVCTL_IN_##id(GOVCTL_IN)                                             \
        { NULL, 0, 0, NULL }                                                  \
    };

GOVCTL_OWNS(GOVCTL_FIELDS_OWN)


#define GOVCTL_ROW_OWN(id, name, run, summary, title)                         \
    { name, GOVCTL_OWN, govctl_in_##id, summary, title, run },
#define GOVCTL_ROW_COMMAND(id, name, right, scope, summary, title)            \
    { name, GOVCTL_COMMAND, govctl_in_##id, summary, title,                   \
      govctl_do_command },
#define GOVCTL_ROW_QUERY(id, name, right, scope, summary, title)              \
    { name, GOVCTL_QUERY, govctl_in_##id, summary, title, govctl_do_query },
#define GOVCTL_ROW_WORK(id, name, right, scope, summary, title)               \
    { name, GOVCTL_WORK, govctl_in_##id, summary, title, govctl_do_work },

static govctl_verb_t  govctl_verbs[] = {
    GOVCTL_OWNS(GOVCTL_ROW_OWN)
    GOV_COMMANDS(GOVCTL_ROW_COMMAND)
    GOV_QUERIES(GOVCTL_ROW_QUERY)
    GOV_WORKS(GOVCTL_ROW_WORK)
    { NULL, 0, NULL, NULL, NULL, NULL }
};


govctl_verb_t *
govctl_verb_named(const char *name)
{
    govctl_verb_t  *v;

    for (v = govctl_verbs; v->name; v++) {
        if (strcmp(v->name, name) == 0) {
            return v;
        }
    }

    return NULL;
}


govctl_verb_t *
govctl_verb_next(govctl_verb_t *verb)
{
    verb = verb ? verb + 1 : govctl_verbs;

    /* one of the lists behind an own one of its name is not a verb */

    while (verb->name && govctl_verb_named(verb->name) != verb) {
        verb++;
    }

    return verb->name ? verb : NULL;
}


/* the longest name wins: "site host add" before "site host" */

govctl_verb_t *
govctl_verb_find(const char **words, unsigned n, unsigned *used)
{
    char            name[128];
    size_t          len;
    unsigned        i;
    govctl_verb_t  *found, *v;

    found = NULL;
    len = 0;

    for (i = 0; i < n && i < 3; i++) {
        len += (size_t) snprintf(name + len, sizeof(name) - len, "%s%s",
                                 i ? "." : "", words[i]);
        if (len >= sizeof(name)) {
            break;
        }

        v = govctl_verb_named(name);

        if (v != NULL) {
            found = v;
            *used = i + 1;
        }
    }

    return found;
}
