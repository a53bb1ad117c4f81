
/*
 * Copyright (C) ngx_gov authors
 *
 * Help, from the table of verbs.
 */


#include "ctl/govctl_int.h"


/* letters apart, fewer than */
#define GOVCTL_NEAR         4
#define GOVCTL_NEAR_OPTION  3


static size_t govctl_help_noun_of(const char *word);
static void govctl_help_meant(const char *typed);
static int govctl_help_is_noun(govctl_verb_t *verb, const char *word);
static int govctl_help_first(govctl_verb_t *verb);
static void govctl_help_noun(govctl_verb_t *verb);
static void govctl_help_line(govctl_verb_t *verb);
static void govctl_help_options(govctl_verb_t *verb);
static unsigned govctl_distance(const char *a, const char *b);


static const char  govctl_help_en[] =
    "govctl " GOVCTL_VERSION ": operates a platform of government sites\n"
    "\n"
    "usage: govctl [OPTION]... VERB [ARGUMENT]...\n"
    "\n"
    "  --run DIR        data folder (GOV_RUN, else run)\n"
    "  --format=F       table, json, csv or ids\n"
    "  --show A,B       columns of a table\n"
    "  --quiet          no messages but failures\n"
    "  --dry-run        check, change nothing\n"
    "  --yes            do not ask\n"
    "  --version, --help\n"
    "\n"
    "govctl help VERB shows its options, govctl help site the verbs of one\n"
    "kind.  Exit codes: 0 done, 1 failed, 2 usage, 3 not found,\n"
    "4 refused by policy.\n";

static const char  govctl_help_zh[] =
    "govctl " GOVCTL_VERSION "：政府网站平台的命令行\n"
    "\n"
    "用法：govctl [选项]... 命令 [参数]...\n"
    "\n"
    "  --run DIR        数据目录（环境变量 GOV_RUN，默认 run）\n"
    "  --format=F       输出格式：table、json、csv、ids\n"
    "  --show A,B       表格显示的列\n"
    "  --quiet          只显示错误\n"
    "  --dry-run        只检查，不更改\n"
    "  --yes            不再询问\n"
    "  --version、--help\n"
    "\n"
    "govctl help 命令 显示它的选项，govctl help site 列出一类命令。\n"
    "退出码：0 完成，1 失败，2 用法有误，3 没有找到，4 政策不允许。\n";


int
govctl_do_help(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    unsigned       n, used;
    const char    *words[3];
    gov_value_t   *w;

    n = 0;

    gov_each(w, gov_member(in, "verb")) {
        if (n < 3 && w->kind == GOV_STR) {
            words[n++] = gov_str_c(ctl->arena, w->u.s);
        }
    }

    if (n == 1) {
        for (verb = govctl_verb_next(NULL); verb;
             verb = govctl_verb_next(verb))
        {
            if (govctl_help_is_noun(verb, words[0])) {
                govctl_help_noun(verb);
                return 0;
            }
        }
    }

    if (n) {
        verb = govctl_verb_find(words, n, &used);
        return verb ? govctl_help_verb(verb) : govctl_help_unknown(words, n);
    }

    (void) fputs(govctl_chinese() ? govctl_help_zh : govctl_help_en, stdout);
    (void) putchar('\n');

    for (verb = govctl_verb_next(NULL); verb; verb = govctl_verb_next(verb)) {
        if (strchr(verb->name, '.') && govctl_help_first(verb)) {
            govctl_help_noun(verb);
        }
    }

    for (verb = govctl_verb_next(NULL); verb; verb = govctl_verb_next(verb)) {
        if (strchr(verb->name, '.') == NULL) {
            govctl_help_line(verb);
        }
    }

    return 0;
}


/* "site", of "site.create" */

static int
govctl_help_is_noun(govctl_verb_t *verb, const char *word)
{
    size_t  len;

    len = strcspn(verb->name, ".");

    return verb->name[len] == '.' && strlen(word) == len
           && strncmp(verb->name, word, len) == 0;
}


/* is it the first verb of its noun */

static int
govctl_help_first(govctl_verb_t *verb)
{
    size_t          len;
    govctl_verb_t  *v;

    len = strcspn(verb->name, ".") + 1;

    for (v = govctl_verb_next(NULL); v != verb; v = govctl_verb_next(v)) {
        if (strncmp(v->name, verb->name, len) == 0) {
            return 0;
        }
    }

    return 1;
}


static void
govctl_help_noun(govctl_verb_t *verb)
{
    size_t          len;
    govctl_verb_t  *v;

    len = strcspn(verb->name, ".") + 1;

    for (v = govctl_verb_next(NULL); v; v = govctl_verb_next(v)) {
        if (strncmp(v->name, verb->name, len) == 0) {
            govctl_help_line(v);
        }
    }

    (void) putchar('\n');
}


static void
govctl_help_line(govctl_verb_t *verb)
{
    char  name[80];

    govctl_help_name(name, sizeof(name), verb->name);

    (void) printf("  %-18s %s\n", name,
                  govctl_chinese() ? verb->title : verb->summary);
}


int
govctl_help_verb(govctl_verb_t *verb)
{
    char       name[80];
    gov_in_t  *in;

    govctl_help_name(name, sizeof(name), verb->name);
    (void) printf(govctl_word(GOVCTL_W_USAGE), "govctl ");
    (void) fputs(name, stdout);

    for (in = verb->in; in->name; in++) {
        if (in->flags & GOV_IN_ARG) {
            (void) printf(in->flags & GOV_IN_REQUIRED ? " %s" : " [%s]",
                          in->name);
        }
    }

    for (in = verb->in; in->name; in++) {
        if ((in->flags & (GOV_IN_REQUIRED|GOV_IN_ARG)) == GOV_IN_REQUIRED
            && in->kind != GOV_IN_BODY)
        {
            (void) printf(" --%s %s", in->name, in->name);
        }
    }

    (void) printf("\n\n%s\n", govctl_chinese() ? verb->title
                                               : verb->summary);
    govctl_help_options(verb);

    return 0;
}


static void
govctl_help_options(govctl_verb_t *verb)
{
    char       option[80];
    gov_in_t  *in;

    if (verb->in->name) {
        (void) putchar('\n');
    }

    for (in = verb->in; in->name; in++) {

        if (in->kind == GOV_IN_BODY) {
            (void) printf("  %-20s %s\n", "--md FILE", in->what);
            (void) printf("  %-20s %s\n", "--html FILE", in->what);
            continue;
        }

        (void) snprintf(option, sizeof(option), "%s%s%s",
                        in->flags & GOV_IN_ARG ? "" : "--", in->name,
                        in->kind == GOV_IN_LIST ? " ..." : "");
        (void) printf("  %-20s %s%s\n", option, in->what,
                      in->flags & GOV_IN_REQUIRED ? " *" : "");

        if (strcmp(in->name, "attachments") == 0) {
            (void) printf("  %-20s %s\n", "--attach FILE ...",
                          "a file to put and attach");
        }
    }

    if (verb->kind == GOVCTL_COMMAND) {
        (void) printf("  %-20s %s\n", "--field NAME=VALUE",
                      "any of these, or a further one of the kind");
    }
}


int
govctl_help_unknown(const char **words, unsigned n)
{
    char      typed[128];
    size_t    len, noun;
    unsigned  i;

    len = 0;
    typed[0] = '\0';

    for (i = 0; i < n && i < 2; i++) {
        len += (size_t) snprintf(typed + len, sizeof(typed) - len, "%s%s",
                                 i ? " " : "", words[i]);
        if (len >= sizeof(typed)) {
            break;
        }
    }

    if (strncmp(typed, "--", 2) == 0) {
        govctl_say(govctl_word(GOVCTL_W_NO_OPTION), "govctl", words[0] + 2);
        return govctl_help_see("");
    }

    govctl_say(govctl_word(GOVCTL_W_NO_VERB), typed);

    noun = govctl_help_noun_of(typed);

    if (noun == 0) {
        govctl_help_meant(typed);
    }

    typed[noun] = '\0';

    return govctl_help_see(typed);
}


int
govctl_help_see(const char *name)
{
    char  typed[80];

    govctl_help_name(typed, sizeof(typed), name);

    (void) fprintf(stderr, "%s%s%s\n", govctl_word(GOVCTL_W_SEE_HELP),
                   typed[0] ? " " : "", typed);

    return GOVCTL_USAGE;
}


void
govctl_help_near(govctl_verb_t *verb, const char *option)
{
    char       name[80];
    unsigned   d, best;
    gov_in_t  *in, *near;

    near = NULL;
    best = 2 * GOVCTL_NEAR_OPTION;

    for (in = verb->in; in->name; in++) {
        /* of two as near the one that begins alike */
        d = 2 * govctl_distance(option, in->name)
            + (option[0] != in->name[0]);

        if (d < best && !(in->flags & GOV_IN_ARG)) {
            best = d;
            near = in;
        }
    }

    if (near) {
        (void) snprintf(name, sizeof(name), "--%s", near->name);
        (void) fprintf(stderr, govctl_word(GOVCTL_W_MEANT), name);
        (void) putc('\n', stderr);
    }
}


/* the letters of "site" and of "sites" that are a noun; 0: it is none */

static size_t
govctl_help_noun_of(const char *word)
{
    size_t          len;
    govctl_verb_t  *verb;

    for (verb = govctl_verb_next(NULL); verb; verb = govctl_verb_next(verb)) {
        len = strcspn(verb->name, ".");

        if (verb->name[len] == '.' && strncmp(verb->name, word, len) == 0
            && (word[len] == '\0' || strcmp(word + len, "s") == 0))
        {
            return len;
        }
    }

    return 0;
}


static void
govctl_help_meant(const char *typed)
{
    char            name[80];
    unsigned        d, best;
    govctl_verb_t  *verb, *near;

    near = NULL;
    best = GOVCTL_NEAR;

    for (verb = govctl_verb_next(NULL); verb; verb = govctl_verb_next(verb)) {
        govctl_help_name(name, sizeof(name), verb->name);
        d = govctl_distance(typed, name);

        if (d < best) {
            best = d;
            near = verb;
        }
    }

    if (near) {
        govctl_help_name(name, sizeof(name), near->name);
        (void) fprintf(stderr, govctl_word(GOVCTL_W_MEANT), name);
        (void) putc('\n', stderr);
    }
}


void
govctl_help_name(char *buf, size_t size, const char *name)
{
    size_t  i;

    for (i = 0; name[i] && i + 1 < size; i++) {
        buf[i] = name[i] == '.' ? ' ' : name[i];
    }

    buf[i] = '\0';
}


/* how many letters must be put, taken or changed */

static unsigned
govctl_distance(const char *a, const char *b)
{
    unsigned  row[80], i, k, n, corner, above;

    n = (unsigned) strlen(b);

    if (n >= 80) {
        return GOVCTL_NEAR;
    }

    for (k = 0; k <= n; k++) {
        row[k] = k;
    }

    for (i = 1; *a; a++, i++) {
        corner = row[0];
        row[0] = i;

        for (k = 1; k <= n; k++) {
            above = row[k];

            row[k] = corner + (*a != b[k - 1]);
            row[k] = above + 1 < row[k] ? above + 1 : row[k];
            row[k] = row[k - 1] + 1 < row[k] ? row[k - 1] + 1 : row[k];

            corner = above;
        }
    }

    return row[n];
}
