
/*
 * Copyright (C) ngx_gov authors
 *
 * govctl: the operator's command line.  It never opens the store: it asks
 * govd over run/ctl.sock or, when none runs, runs `govd --once`.
 *
 *     govctl_main.c     options of every line, finding the verb
 *     govctl_table.c    the verbs: commands, queries, works, govctl's own
 *     govctl_args.c     the rest of the line as the verb's input
 *     govctl_talk.c     asking govd
 *     govctl_http.c     over its socket, by libcurl
 *     govctl_once.c     or a govd of its own, by pipes
 *     govctl_print.c    tables, JSON, CSV, ids
 *     govctl_do.c       verbs of the lists: one question, one answer
 *     govctl_import.c   batches: sites from CSV, documents from JSONL
 *     govctl_site.c     export, restore
 *     govctl_store.c    works, explain
 *     govctl_run.c      run, batch
 *     govctl_help.c     help, "did you mean"
 *     govctl_file.c     files, packed or not
 *     govctl_words.c    messages in English and Chinese
 *
 * Data goes to stdout, messages to stderr.  Exit codes: 0 done, 1 failed,
 * 2 usage, 3 not found, 4 refused by policy.  A function that returns int
 * returns an exit code.
 */


#ifndef _GOVCTL_INT_H_INCLUDED_
#define _GOVCTL_INT_H_INCLUDED_


#include <stdio.h>

#include "base/gov_base.h"
#include "desk/gov_command.h"
#include "ctl/govctl_words.h"


#define GOVCTL_VERSION  "0.2"

#define GOVCTL_FAILED   1
#define GOVCTL_USAGE    2


typedef enum {
    GOVCTL_TABLE = 0,
    GOVCTL_JSON,
    GOVCTL_CSV,
    GOVCTL_IDS
} govctl_format_t;

typedef enum {
    GOVCTL_COMMAND = 0,
    GOVCTL_QUERY,
    GOVCTL_WORK,
    GOVCTL_OWN
} govctl_kind_t;


typedef struct govctl_s       govctl_t;
typedef struct govctl_verb_s  govctl_verb_t;
typedef struct govctl_talk_s  govctl_talk_t;
typedef struct govctl_once_s  govctl_once_t;

struct govctl_verb_s {
    const char      *name;          /* "site.create", typed "site create" */
    govctl_kind_t    kind;
    gov_in_t        *in;            /* ends with a NULL name */
    const char      *summary;
    const char      *title;
    int            (*run)(govctl_t *ctl, govctl_verb_t *verb,
                          gov_value_t *input);
};

struct govctl_s {
    gov_arena_t     *arena;         /* lives as long as the program */
    const char      *run;
    govctl_format_t  format;
    int              quiet;
    int              dry_run;
    int              yes;
    const char      *show;          /* columns of a table: "a,b" */
    govctl_talk_t   *talk;

    const char      *attach[32];    /* files of --attach */
    unsigned         nattach;
};

/* an answer of govd; lives in the arena it was asked with */
typedef struct {
    int              status;        /* HTTP's; 0: no answer at all */
    gov_str_t        text;          /* JSON */
    gov_value_t     *body;
} govctl_answer_t;


/* verbs: parts of the line joined with "."; *used: how many parts it took */
govctl_verb_t *govctl_verb_find(const char **words, unsigned n,
    unsigned *used);
govctl_verb_t *govctl_verb_named(const char *name);
/* every verb, in the order of help: start with NULL */
govctl_verb_t *govctl_verb_next(govctl_verb_t *verb);

/* words after the verb; 0 or GOVCTL_USAGE, said */
int govctl_args(govctl_t *ctl, govctl_verb_t *verb, const char **words,
    unsigned n, gov_value_t **input);


/*
 * Asking.  0 when an answer of 2xx came, else the exit code; what went wrong
 * is in the answer and is said by govctl_complain().
 */
int govctl_command(govctl_t *ctl, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_answer_t *answer);
/* lines {"command", "input"} in their order: the answer's text has a line
 * {"status", "body"} for each */
int govctl_commands(govctl_t *ctl, gov_arena_t *a, gov_value_t *lines,
    govctl_answer_t *answer);
int govctl_ask(govctl_t *ctl, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_answer_t *answer);
/* bytes of an open file from its beginning */
int govctl_blob(govctl_t *ctl, gov_arena_t *a, int fd, size_t size,
    govctl_answer_t *answer);
/* line() gets each line but the last, which becomes the answer; a line()
 * that returns other than 0 ends it */
typedef int (*govctl_line_pt)(void *data, gov_str_t line);
int govctl_work(govctl_t *ctl, gov_arena_t *a, gov_str_t name,
    gov_value_t *input, govctl_line_pt line, void *data,
    govctl_answer_t *answer);
/* a page of nginx on this machine; *text in the arena */
int govctl_http_get(govctl_t *ctl, const char *url, int *status,
    gov_str_t *text);
void govctl_talk_end(govctl_t *ctl);

/* the exit code of a failed answer, told on stderr */
int govctl_complain(govctl_answer_t *answer);
int govctl_answer_exit(govctl_answer_t *answer);


/* printing */

void govctl_print_rows(govctl_t *ctl, gov_value_t *rows);
void govctl_print_one(govctl_t *ctl, gov_value_t *v);
/* what a command did: `name` for what is worth printing alone */
void govctl_print_verdict(govctl_t *ctl, const char *name, gov_value_t *v);
void govctl_print_json(gov_value_t *v, unsigned flags);


/* verbs' functions */

int govctl_do_command(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_query(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_work(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_run(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_batch(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_explain(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_import_csv(govctl_t *ctl, govctl_verb_t *verb,
    gov_value_t *in);
int govctl_do_import_docs(govctl_t *ctl, govctl_verb_t *verb,
    gov_value_t *in);
int govctl_do_export(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_restore(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_backup(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);
int govctl_do_help(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in);

int govctl_help_verb(govctl_verb_t *verb);
/* GOVCTL_USAGE; names the nearest verbs */
int govctl_help_unknown(const char **words, unsigned n);
/* GOVCTL_USAGE, the last line of what was said: where help on that stands */
int govctl_help_see(const char *name);
/* an option of the verb that is nearly so called */
void govctl_help_near(govctl_verb_t *verb, const char *option);
/* "site.create" as it is typed */
void govctl_help_name(char *buf, size_t size, const char *name);


/* files; "-" is stdin.  Failures are said: -1, or NULL */

typedef struct govctl_file_s  govctl_file_t;

govctl_file_t *govctl_file_open(const char *path);
/* a line without its end, in the arena; 1, 0 at the end, -1 */
int govctl_file_line(govctl_file_t *f, gov_arena_t *a, gov_str_t *line);
void govctl_file_close(govctl_file_t **f);
int govctl_file_read(gov_arena_t *a, const char *path, gov_str_t *text);


/* a message to stderr, with "govctl: " in front */
void govctl_say(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));
/* the same of a line that was typed wrongly; GOVCTL_USAGE */
int govctl_usage(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));


#endif /* _GOVCTL_INT_H_INCLUDED_ */
