
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's export and its restoration.  The file appears under its name only
 * when it is complete: govd's last line has said so.
 */


#define _GNU_SOURCE         /* mkostemp() */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/govctl_int.h"


typedef struct {
    FILE      *f;
    int64_t    lines;
} govctl_export_t;


static int govctl_export_line(void *data, gov_str_t line);
static int govctl_export_to(govctl_t *ctl, gov_value_t *in, FILE *f,
    int64_t *lines);
static int govctl_unpacked(govctl_t *ctl, const char *path, size_t *size);


int
govctl_do_export(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int       fd, rc;
    char     *path, *temp;
    FILE     *f;
    mode_t    mask;
    int64_t   lines;

    (void) verb;

    path = gov_str_c(ctl->arena, gov_get_str(in, "file"));

    if (strcmp(path, "-") == 0) {
        return govctl_export_to(ctl, in, stdout, &lines);
    }

    temp = gov_str_c(ctl->arena, gov_str_fmt(ctl->arena, "%s.XXXXXX", path));

    fd = mkostemp(temp, O_CLOEXEC);
    f = fd == -1 ? NULL : fdopen(fd, "w");

    if (f == NULL) {
        govctl_say(govctl_word(GOVCTL_W_NO_WRITE), path, strerror(errno));
        return GOVCTL_FAILED;
    }

    rc = govctl_export_to(ctl, in, f, &lines);

    mask = umask(0);
    (void) umask(mask);

    if (rc == 0
        && (fchmod(fd, 0666 & ~mask) == -1 || fflush(f) == EOF
            || fsync(fd) == -1 || rename(temp, path) == -1))
    {
        govctl_say(govctl_word(GOVCTL_W_NO_WRITE), path, strerror(errno));
        rc = GOVCTL_FAILED;
    }

    (void) fclose(f);

    if (rc != 0) {
        (void) unlink(temp);

    } else if (!ctl->quiet) {
        govctl_say(govctl_word(GOVCTL_W_EXPORTED), (long long) lines, path);
    }

    return rc;
}


static int
govctl_export_to(govctl_t *ctl, gov_value_t *in, FILE *f, int64_t *lines)
{
    int               rc;
    gov_value_t      *ask;
    govctl_export_t   x;
    govctl_answer_t   answer;

    x.f = f;
    x.lines = 0;

    ask = gov_map(ctl->arena);
    gov_put_str(ctl->arena, ask, "site", gov_get_str(in, "site"));

    rc = govctl_work(ctl, ctl->arena, gov_s("site.export"), ask,
                     govctl_export_line, &x, &answer);

    *lines = x.lines;

    return rc == 0 ? 0 : govctl_complain(&answer);
}


static int
govctl_export_line(void *data, gov_str_t line)
{
    govctl_export_t  *x = data;

    x->lines++;

    if (fwrite(line.data, 1, line.len, x->f) != line.len
        || putc('\n', x->f) == EOF)
    {
        govctl_say(govctl_word(GOVCTL_W_NO_WRITE), "-", strerror(errno));
        return -1;
    }

    return 0;
}


int
govctl_do_restore(govctl_t *ctl, govctl_verb_t *verb, gov_value_t *in)
{
    int              fd, rc;
    size_t           size;
    gov_value_t     *input;
    govctl_verb_t    command;
    govctl_answer_t  answer;

    fd = govctl_unpacked(ctl, gov_str_c(ctl->arena, gov_get_str(in, "file")),
                         &size);
    if (fd == -1) {
        return GOVCTL_FAILED;
    }

    rc = govctl_blob(ctl, ctl->arena, fd, size, &answer);
    (void) close(fd);

    if (rc != 0) {
        return govctl_complain(&answer);
    }

    input = gov_map(ctl->arena);
    gov_put_str(ctl->arena, input, "file",
                gov_get_str(answer.body, "digest"));

    if (gov_member(in, "code")) {
        gov_put_str(ctl->arena, input, "code", gov_get_str(in, "code"));
    }

    command = *verb;

    return govctl_do_command(ctl, &command, input);
}


/* the bytes in a file without a name, for the packed and the plain alike */

static int
govctl_unpacked(govctl_t *ctl, const char *path, size_t *size)
{
    FILE       *f;
    gov_str_t   text;

    if (govctl_file_read(ctl->arena, path, &text) != 0) {
        return -1;
    }

    f = tmpfile();

    if (f == NULL || fwrite(text.data, 1, text.len, f) != text.len
        || fflush(f) == EOF)
    {
        govctl_say(govctl_word(GOVCTL_W_NO_WRITE), "tmp", strerror(errno));
        return -1;
    }

    (void) lseek(fileno(f), 0, SEEK_SET);
    *size = text.len;

    return dup(fileno(f));
}
