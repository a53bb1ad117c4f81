
/*
 * Copyright (C) ngx_gov authors
 *
 * The options of every line may stand anywhere in it; what is left is the
 * verb and its words.
 */


#include <stdlib.h>

#include "ctl/govctl_int.h"


typedef struct {
    const char  **words;
    unsigned      n;
    int           help;
    int           version;
} govctl_line_t;


static int govctl_line(govctl_t *ctl, govctl_line_t *line, int argc,
    char **argv);
static int govctl_option(govctl_t *ctl, govctl_line_t *line, char **argv,
    int *i);
static int govctl_named(char **argv, int *i, const char *name,
    const char **value);
static int govctl_format(govctl_t *ctl, const char *name);
static int govctl_begin(govctl_t *ctl, govctl_line_t *line);


int
main(int argc, char **argv)
{
    int            rc;
    govctl_t       ctl;
    govctl_line_t  line;

    memset(&ctl, 0, sizeof(govctl_t));
    memset(&line, 0, sizeof(govctl_line_t));

    ctl.arena = gov_arena_new(65536);
    ctl.run = getenv("GOV_RUN");

    if (ctl.run == NULL || ctl.run[0] == '\0') {
        ctl.run = "run";
    }

    line.words = gov_alloc(ctl.arena, (size_t) argc * sizeof(char *));

    rc = govctl_line(&ctl, &line, argc, argv) == 0
         ? govctl_begin(&ctl, &line) : govctl_help_see("");

    govctl_talk_end(&ctl);
    gov_arena_free(&ctl.arena);

    /* a write that failed may have left nothing that could fail here */

    if ((fflush(stdout) == EOF || ferror(stdout)) && rc == 0) {
        rc = GOVCTL_FAILED;
    }

    return rc;
}


static int
govctl_line(govctl_t *ctl, govctl_line_t *line, int argc, char **argv)
{
    int  i, rc;

    for (i = 1; i < argc; i++) {

        if (strcmp(argv[i], "--") == 0) {
            while (i < argc) {
                line->words[line->n++] = argv[i++];
            }

            break;
        }

        rc = govctl_option(ctl, line, argv, &i);

        if (rc > 0) {
            return rc;
        }

        if (rc == -1) {
            line->words[line->n++] = argv[i];
        }
    }

    return 0;
}


/* 0: taken; -1: none of these; GOVCTL_USAGE */

static int
govctl_option(govctl_t *ctl, govctl_line_t *line, char **argv, int *i)
{
    int          rc;
    const char  *word, *format;

    word = argv[*i];
    format = NULL;

    rc = govctl_named(argv, i, "--run", &ctl->run);

    if (rc == -1) {
        rc = govctl_named(argv, i, "--show", &ctl->show);
    }

    if (rc == -1) {
        rc = govctl_named(argv, i, "--format", &format);
    }

    if (format) {
        return govctl_format(ctl, format);
    }

    if (rc != -1) {
        return rc;
    }

    if (strcmp(word, "--quiet") == 0 || strcmp(word, "-q") == 0) {
        ctl->quiet = 1;

    } else if (strcmp(word, "--dry-run") == 0) {
        ctl->dry_run = 1;

    } else if (strcmp(word, "--yes") == 0 || strcmp(word, "-y") == 0) {
        ctl->yes = 1;

    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        line->help = 1;

    } else if (strcmp(word, "--version") == 0) {
        line->version = 1;

    } else {
        return -1;
    }

    return 0;
}


/* "--name VALUE" or "--name=VALUE" */

static int
govctl_named(char **argv, int *i, const char *name, const char **value)
{
    size_t       len;
    const char  *word;

    len = strlen(name);
    word = argv[*i];

    if (strncmp(word, name, len) != 0
        || (word[len] != '=' && word[len] != '\0'))
    {
        return -1;
    }

    if (word[len] == '=') {
        *value = word + len + 1;
        return 0;
    }

    if (argv[*i + 1] == NULL) {
        return govctl_usage(govctl_word(GOVCTL_W_NEEDS_VALUE), name + 2);
    }

    *value = argv[++*i];

    return 0;
}


static int
govctl_format(govctl_t *ctl, const char *name)
{
    unsigned  i;

    static const char  *names[] = {
        [GOVCTL_TABLE] = "table",
        [GOVCTL_JSON] = "json",
        [GOVCTL_CSV] = "csv",
        [GOVCTL_IDS] = "ids"
    };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            ctl->format = (govctl_format_t) i;
            return 0;
        }
    }

    return govctl_usage("%s", govctl_word(GOVCTL_W_BAD_FORMAT));
}


static int
govctl_begin(govctl_t *ctl, govctl_line_t *line)
{
    int             rc;
    unsigned        used;
    gov_value_t    *input;
    govctl_verb_t  *verb;

    if (line->version) {
        (void) printf("govctl %s\n", GOVCTL_VERSION);
        return 0;
    }

    if (line->n == 0) {
        rc = govctl_do_help(ctl, NULL, gov_map(ctl->arena));
        return line->help ? rc : GOVCTL_USAGE;
    }

    verb = govctl_verb_find(line->words, line->n, &used);

    if (verb == NULL) {
        return govctl_help_unknown(line->words, line->n);
    }

    if (line->help) {
        return govctl_help_verb(verb);
    }

    rc = govctl_args(ctl, verb, line->words + used, line->n - used, &input);

    if (rc == GOVCTL_USAGE) {
        return govctl_help_see(verb->name);
    }

    return rc == 0 ? verb->run(ctl, verb, input) : rc;
}
