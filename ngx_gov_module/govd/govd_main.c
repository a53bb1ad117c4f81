
/*
 * Copyright (C) ngx_gov authors
 *
 * govd's command line.
 */


#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "govd/govd_int.h"


enum {
    GOVD_OPT_RUN = 256,
    GOVD_OPT_USER,
    GOVD_OPT_GROUP,
    GOVD_OPT_MAP,
    GOVD_OPT_QUOTA,
    GOVD_OPT_READERS,
    GOVD_OPT_DIGEST,
    GOVD_OPT_ONCE,
    GOVD_OPT_TASK,
    GOVD_OPT_CHECK,
    GOVD_OPT_BACKUP,
    GOVD_OPT_DUMP,
    GOVD_OPT_REPLAY,
    GOVD_OPT_COMMANDS,
    GOVD_OPT_OPENAPI,
    GOVD_OPT_VERSION,
    GOVD_OPT_HELP
};


static struct option  govd_options[] = {
    { "run", 1, NULL, GOVD_OPT_RUN },
    { "user", 1, NULL, GOVD_OPT_USER },
    { "group", 1, NULL, GOVD_OPT_GROUP },
    { "map-size", 1, NULL, GOVD_OPT_MAP },
    { "quota", 1, NULL, GOVD_OPT_QUOTA },
    { "readers", 1, NULL, GOVD_OPT_READERS },
    { "digest", 1, NULL, GOVD_OPT_DIGEST },
    { "once", 0, NULL, GOVD_OPT_ONCE },
    { "task", 1, NULL, GOVD_OPT_TASK },
    { "check", 0, NULL, GOVD_OPT_CHECK },
    { "backup", 1, NULL, GOVD_OPT_BACKUP },
    { "dump", 0, NULL, GOVD_OPT_DUMP },
    { "replay", 1, NULL, GOVD_OPT_REPLAY },
    { "commands-md", 0, NULL, GOVD_OPT_COMMANDS },
    { "openapi", 0, NULL, GOVD_OPT_OPENAPI },
    { "version", 0, NULL, GOVD_OPT_VERSION },
    { "help", 0, NULL, GOVD_OPT_HELP },
    { NULL, 0, NULL, 0 }
};


static const char  govd_help[] =
    "govd " GOVD_VERSION "：平台的写入进程（the daemon that writes）\n"
    "\n"
    "用法 (usage): govd [--run DIR] [OPTION]...\n"
    "\n"
    "  --run DIR        data folder (current folder)\n"
    "  --user NAME      as root: run as this user\n"
    "  --group NAME     as root: and this group, which nginx's workers have\n"
    "  --map-size N     the largest size of the store, e.g. 64G\n"
    "  --quota N        what one site may hold, e.g. 1G\n"
    "  --readers N      slots for readers; nginx must use the same number\n"
    "  --digest NAME    of the journal's chains: sha256 or sm3\n"
    "                   (the last four may stand in DIR/govd.conf)\n"
    "\n"
    "  --once           answer requests from stdin, no sockets\n"
    "  --check          read every value, name the faulty ones, end\n"
    "  --backup DIR     make a verified copy, end\n"
    "  --dump           print every record but the journal's, end\n"
    "  --replay FROM TO apply the journal of one store to a new one, end\n"
    "\n"
    "  --commands-md    print docs/commands.md\n"
    "  --openapi        print the OpenAPI document\n"
    "  --version, --help\n"
    "\n"
    "Without one of these it serves run/web.sock and run/ctl.sock until\n"
    "SIGTERM; it logs to stderr.\n";


typedef struct {
    int           life;             /* GOVD_OPT_..., 0: the daemon */
    const char   *word;             /* argument of the life */
} govd_line_t;


static int govd_read_line(govd_conf_t *conf, govd_line_t *line, int argc,
    char *const *argv);
static int govd_live(govd_conf_t *conf, govd_line_t *line, int argc,
    char **argv);
static int govd_print_openapi(void);
static int govd_print_commands(void);
static const char *govd_beside(const char *name);
static int govd_usage(const char *text);


int
main(int argc, char **argv)
{
    gov_err_t    err;
    govd_line_t  line;

    static govd_conf_t  conf;      /* what it holds is its own to the end */

    memset(&err, 0, sizeof(gov_err_t));
    memset(&line, 0, sizeof(govd_line_t));

    conf.run = ".";
    conf.blobs = "blobs";
    conf.store.dir = "store";
    conf.store.flags = GOV_STORE_WRITE;
    conf.store.group_gid = -1;

    if (govd_read_line(&conf, &line, argc, argv) != 0) {
        return 2;
    }

    switch (line.life) {

    case GOVD_OPT_VERSION:
        (void) printf("govd %s\n", GOVD_VERSION);
        return 0;

    case GOVD_OPT_HELP:
        (void) fputs(govd_help, stdout);
        return 0;

    case GOVD_OPT_OPENAPI:
        return govd_print_openapi();

    case GOVD_OPT_COMMANDS:
        return govd_print_commands();
    }

    /* works are run by this name: the file itself, wherever it is now.  Run
     * by such a name, a process is called by its last part */

    conf.program = "/proc/self/exe";
    conf.look = govd_beside("govlook");
    (void) prctl(PR_SET_NAME, "govd");

    if (chdir(conf.run) == -1) {
        (void) fprintf(stderr, "govd: 无法进入数据目录 %s：%s\n", conf.run,
                       strerror(errno));
        return 1;
    }

    if (govd_conf_read(&conf, &err) != GOV_OK) {
        return govd_usage(err.text);
    }

    (void) umask(027);

    return govd_live(&conf, &line, argc, argv);
}


/* another program of the same folder */

static const char *
govd_beside(const char *name)
{
    char     *slash;
    ssize_t   n;

    static char  path[4096];

    n = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[n < 0 ? 0 : n] = '\0';
    slash = strrchr(path, '/');

    if (slash == NULL || slash + 2 + strlen(name) > path + sizeof(path)) {
        return name;
    }

    (void) strcpy(slash + 1, name);

    return path;
}


static int
govd_read_line(govd_conf_t *conf, govd_line_t *line, int argc,
    char *const *argv)
{
    int  c;

    while ((c = getopt_long(argc, argv, "", govd_options, NULL)) != -1) {

        switch (c) {

        case GOVD_OPT_RUN:
            conf->run = optarg;
            break;

        case GOVD_OPT_USER:
            conf->user = optarg;
            break;

        case GOVD_OPT_GROUP:
            conf->group = optarg;
            break;

        case GOVD_OPT_MAP:
            conf->map_size = optarg;
            break;

        case GOVD_OPT_QUOTA:
            conf->quota = optarg;
            break;

        case GOVD_OPT_READERS:
            conf->readers = optarg;
            break;

        case GOVD_OPT_DIGEST:
            conf->digest = optarg;
            break;

        case '?':
            return govd_usage(NULL);

        default:
            if (line->life) {
                return govd_usage("只能选择一种工作");
            }

            line->life = c;
            line->word = optarg;
        }
    }

    if (argc - optind != (line->life == GOVD_OPT_REPLAY
                          || line->life == GOVD_OPT_TASK))
    {
        return govd_usage("参数的个数不对");
    }

    return 0;
}


static int
govd_live(govd_conf_t *conf, govd_line_t *line, int argc, char **argv)
{
    gov_buf_t     b;
    gov_arena_t  *a;
    gov_value_t  *v;

    (void) argc;

    switch (line->life) {

    case GOVD_OPT_ONCE:
        return govd_once(conf);

    case GOVD_OPT_TASK:
        return govd_task(conf, line->word, argv[optind]);

    case GOVD_OPT_CHECK:
        return govd_task(conf, "store.check", "{}");

    case GOVD_OPT_DUMP:
        return govd_task(conf, "store.dump", "{}");

    case GOVD_OPT_REPLAY:
        return govd_replay(conf, line->word, argv[optind]);

    case GOVD_OPT_BACKUP:
        a = gov_arena_new(512);
        v = gov_map(a);
        gov_put_c(a, v, "dir", line->word);
        gov_buf_init(&b, a, 128);
        gov_json_write(&b, v, 0);
        return govd_task(conf, "store.backup", gov_str_c(a, b.s));
    }

    return govd_parent(conf);
}


static int
govd_print_openapi(void)
{
    gov_buf_t     b;
    gov_arena_t  *a;

    a = gov_arena_new(65536);
    gov_buf_init(&b, a, 65536);
    gov_json_write(&b, govd_openapi(a), GOV_JSON_PRETTY);

    (void) printf("%.*s\n", gov_strf(b.s));
    gov_arena_free(&a);

    return 0;
}


static int
govd_print_commands(void)
{
    gov_buf_t     b;
    gov_arena_t  *a;

    a = gov_arena_new(65536);
    gov_buf_init(&b, a, 65536);
    govd_commands_md(&b);

    (void) printf("%.*s", gov_strf(b.s));
    gov_arena_free(&a);

    return 0;
}


static int
govd_usage(const char *text)
{
    if (text) {
        (void) fprintf(stderr, "govd: %s\n", text);
    }

    (void) fputs("用法见 govd --help\n", stderr);

    return 2;
}
