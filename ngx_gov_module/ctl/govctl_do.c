
/*
 * Copyright (C) ngx_gov authors
 *
 * The verbs of the lists: a command with its verdict, a question with all
 * pages of its answer.
 */


#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/govctl_int.h"


static int govctl_sure(govctl_t *ctl, govctl_verb_t *verb);
static int govctl_attach(govctl_t *ctl, gov_value_t *in);
static int govctl_attach_site(govctl_t *ctl, gov_value_t *in,
    gov_value_t **site);
static int govctl_attach_one(govctl_t *ctl, const char *path,
    gov_value_t *site, gov_value_t *list);
static int64_t govctl_limit(govctl_t *ctl, govctl_verb_t *verb,
    gov_value_t *in);


int
govctl_do_command(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int              rc;
    govctl_answer_t  answer;

    if (!govctl_sure(ctl, verb)) {
        return GOVCTL_FAILED;
    }

    rc = ctl->nattach ? govctl_attach(ctl, in) : 0;
    if (rc != 0) {
        return rc;
    }

    rc = govctl_command(ctl, ctl->arena, gov_str_of(verb->name), in, &answer);

    if (rc != 0) {
        return govctl_complain(&answer);
    }

    govctl_print_verdict(ctl, verb->name, answer.body);

    return 0;
}


/* what the public would miss at once is asked about, at a terminal */

static int
govctl_sure(govctl_t *ctl, govctl_verb_t *verb)
{
    char          line[16];
    const char  **name;

    static const char  *grave[] = {
        "site.archive", "site.merge", "site.suspend", "site.restore",
        "column.remove", NULL
    };

    for (name = grave; *name && strcmp(*name, verb->name) != 0; name++) {
        /* one of them, or the end */
    }

    if (*name == NULL || ctl->yes || ctl->dry_run || !isatty(STDIN_FILENO)) {
        return 1;
    }

    (void) fprintf(stderr, govctl_word(GOVCTL_W_SURE),
                   govctl_chinese() ? verb->title : verb->summary);
    (void) fflush(stderr);

    if (fgets(line, sizeof(line), stdin) && (line[0] == 'y'
                                             || line[0] == 'Y'))
    {
        return 1;
    }

    govctl_say("%s", govctl_word(GOVCTL_W_NOT_DONE));

    return 0;
}


/* --attach: the bytes first, then the attachment, then its name in the input */

static int
govctl_attach(govctl_t *ctl, gov_value_t *in)
{
    int           rc;
    unsigned      i;
    gov_value_t  *site, *list;

    rc = govctl_attach_site(ctl, in, &site);
    if (rc != 0) {
        return rc;
    }

    list = gov_member(in, "attachments");
    if (list == NULL) {
        list = gov_put_list(ctl->arena, in, "attachments");
    }

    for (i = 0; rc == 0 && i < ctl->nattach; i++) {
        rc = govctl_attach_one(ctl, ctl->attach[i], site, list);
    }

    return rc;
}


static int
govctl_attach_site(govctl_t *ctl, gov_value_t *in, gov_value_t **site)
{
    int              rc;
    gov_value_t     *ask;
    govctl_answer_t  answer;

    *site = gov_member(in, "site");

    if (*site == NULL) {
        ask = gov_map(ctl->arena);
        gov_put_str(ctl->arena, ask, "doc", gov_get_str(in, "doc"));

        rc = govctl_ask(ctl, ctl->arena, gov_s("doc.get"), ask, &answer);
        if (rc != 0) {
            return govctl_complain(&answer);
        }

        *site = gov_member(answer.body, "site");
    }

    return *site ? 0 : GOVCTL_FAILED;
}


/* text that is not UTF-8 is taken for GB18030; NULL: by the name */

static const char *
govctl_attach_type(int fd, gov_str_t name)
{
    u_char       head[65536];
    ssize_t      n;
    gov_str_t    text;
    const char  *type;

    if (gov_str_ends(name, ".txt")) {
        type = "text/plain; charset=gb18030";

    } else if (gov_str_ends(name, ".csv")) {
        type = "text/csv; charset=gb18030";

    } else {
        return NULL;
    }

    n = pread(fd, head, sizeof(head), 0);

    if (n <= 0) {
        return NULL;
    }

    text.data = head;
    text.len = (size_t) n;

    if (n == sizeof(head)) {

        /* the last character may be cut */

        while (text.len > 1 && (head[text.len - 1] & 0xc0) == 0x80) {
            text.len--;
        }

        text.len--;
    }

    return gov_utf8_valid(text) ? NULL : type;
}


static int
govctl_attach_one(govctl_t *ctl, const char *path, gov_value_t *site,
    gov_value_t *list)
{
    int              fd, rc, dry;
    gov_str_t        digest, name;
    const char      *slash, *type;
    struct stat      st;
    gov_value_t     *file;
    govctl_answer_t  answer;

    fd = open(path, O_RDONLY|O_CLOEXEC);

    if (fd == -1 || fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
        govctl_say(govctl_word(GOVCTL_W_NO_FILE), path,
                   strerror(fd == -1 ? errno : EISDIR));
        (void) close(fd);
        return GOVCTL_FAILED;
    }

    slash = strrchr(path, '/');
    name = gov_str_of(slash ? slash + 1 : path);
    type = govctl_attach_type(fd, name);

    rc = govctl_blob(ctl, ctl->arena, fd, (size_t) st.st_size, &answer);
    (void) close(fd);

    if (rc != 0) {
        return govctl_complain(&answer);
    }

    digest = gov_get_str(answer.body, "digest");

    file = gov_map(ctl->arena);
    gov_put_str(ctl->arena, file, "site", site->u.s);
    gov_put_str(ctl->arena, file, "name", name);
    gov_put_str(ctl->arena, file, "digest", digest);
    gov_put_int(ctl->arena, file, "size", st.st_size);

    if (type != NULL) {
        gov_put_c(ctl->arena, file, "type", type);
    }

    /* a dry run of the command must find its attachment */

    dry = ctl->dry_run;
    ctl->dry_run = 0;
    rc = govctl_command(ctl, ctl->arena, gov_s("file.add"), file, &answer);
    ctl->dry_run = dry;

    if (rc != 0) {
        return govctl_complain(&answer);
    }

    gov_add(list, gov_val_str(ctl->arena,
                              gov_str_fmt(ctl->arena, "%.*s/%.*s",
                                          gov_strf(digest), gov_strf(name))));

    return 0;
}


/* the rows wanted; a page of the answer has as many, up to 1000 */

static int64_t
govctl_limit(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int64_t    limit;
    gov_in_t  *f;
    gov_str_t  given;

    for (f = verb->in; f->name && strcmp(f->name, "limit") != 0; f++) {
        /* the field of this name, or the end */
    }

    if (f->name == NULL) {
        return INT64_MAX;
    }

    given = gov_get_str(in, "limit");

    if (gov_str_int(given, &limit) != 0 || limit < 1) {
        limit = INT64_MAX;

        if (given.len != 0) {
            return limit;           /* govd says what is wrong with it */
        }
    }

    gov_unset(in, "limit");
    gov_put(in, "limit", gov_val_int(ctl->arena, limit < 1000 ? limit
                                                              : 1000));

    return limit;
}


/* pages are asked for until the last one, or until --limit rows are there */

int
govctl_do_query(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int              rc;
    int64_t          limit;
    gov_value_t     *rows, *all, *row, *next;
    govctl_answer_t  answer;

    all = NULL;
    limit = govctl_limit(ctl, verb, in);

    for ( ;; ) {
        rc = govctl_ask(ctl, ctl->arena, gov_str_of(verb->name), in,
                        &answer);
        if (rc != 0) {
            return govctl_complain(&answer);
        }

        rows = gov_member(answer.body, "rows");

        if (rows == NULL) {
            govctl_print_one(ctl, answer.body);
            return 0;
        }

        if (all == NULL) {
            all = gov_list(ctl->arena);
        }

        while ((row = rows->u.first) != NULL && all->n < limit) {
            rows->u.first = row->next;
            row->next = NULL;
            gov_add(all, row);
        }

        next = gov_member(answer.body, "next");

        if (next == NULL || all->n >= limit) {
            break;
        }

        gov_unset(in, "after");
        gov_put(in, "after", gov_value_copy(ctl->arena, next));
    }

    govctl_print_rows(ctl, all);

    return 0;
}
