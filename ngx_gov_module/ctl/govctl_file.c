
/*
 * Copyright (C) ngx_gov authors
 *
 * Files, plain or packed by gzip (zlib reads both); "-" is stdin.
 */


#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "ctl/govctl_int.h"


#define GOVCTL_FILE_MAX   (512 * 1024 * 1024)
#define GOVCTL_PIECE      65536


struct govctl_file_s {
    gzFile       gz;
    const char  *path;
    size_t       pos;
    size_t       len;
    u_char       buf[GOVCTL_PIECE];
};


static int govctl_file_more(govctl_file_t *f);


govctl_file_t *
govctl_file_open(const char *path)
{
    govctl_file_t  *f;

    f = calloc(1, sizeof(govctl_file_t));

    if (f == NULL) {
        govctl_say("%s", govctl_word(GOVCTL_W_NO_MEMORY));
        return NULL;
    }

    f->path = path;
    errno = 0;
    f->gz = strcmp(path, "-") == 0 ? gzdopen(dup(STDIN_FILENO), "rb")
                                   : gzopen(path, "rb");

    if (f->gz == NULL) {
        govctl_say(govctl_word(GOVCTL_W_NO_FILE), path,
                   strerror(errno ? errno : ENOMEM));
        free(f);
        return NULL;
    }

    return f;
}


/* bytes in the buffer; 0 at the end, -1 said */

static int
govctl_file_more(govctl_file_t *f)
{
    int          n, code;
    const char  *text;

    n = gzread(f->gz, f->buf, sizeof(f->buf));

    if (n < 0) {
        text = gzerror(f->gz, &code);
        govctl_say(govctl_word(GOVCTL_W_NO_FILE), f->path,
                   code == Z_ERRNO ? strerror(errno) : text);
        return -1;
    }

    /* a packed file that ends too early reads as a short one */

    if (n == 0 && (gzerror(f->gz, &code), code == Z_BUF_ERROR)) {
        govctl_say(govctl_word(GOVCTL_W_NO_FILE), f->path,
                   govctl_word(GOVCTL_W_CUT_SHORT));
        return -1;
    }

    f->pos = 0;
    f->len = (size_t) n;

    return n;
}


int
govctl_file_line(govctl_file_t *f, gov_arena_t *a, gov_str_t *line)
{
    int        n, any;
    size_t     len;
    u_char    *nl;
    gov_buf_t  b;

    gov_buf_init(&b, a, 256);
    any = 0;

    for ( ;; ) {
        if (f->pos == f->len) {
            n = govctl_file_more(f);

            if (n <= 0) {
                *line = b.s;
                return n == 0 ? any : -1;
            }
        }

        any = 1;
        nl = memchr(f->buf + f->pos, '\n', f->len - f->pos);
        len = (nl ? (size_t) (nl - f->buf) : f->len) - f->pos;

        gov_buf_add(&b, f->buf + f->pos, len);
        f->pos += len + (nl != NULL);

        if (nl) {
            if (b.s.len && b.s.data[b.s.len - 1] == '\r') {
                b.s.len--;
            }

            *line = b.s;
            return 1;
        }
    }
}


void
govctl_file_close(govctl_file_t **f)
{
    if (*f) {
        (void) gzclose((*f)->gz);
        free(*f);
        *f = NULL;
    }
}


int
govctl_file_read(gov_arena_t *a, const char *path, gov_str_t *text)
{
    int             n;
    gov_buf_t       b;
    govctl_file_t  *f;

    f = govctl_file_open(path);
    if (f == NULL) {
        return -1;
    }

    gov_buf_init(&b, a, GOVCTL_PIECE);

    while ((n = govctl_file_more(f)) > 0) {
        gov_buf_add(&b, f->buf, (size_t) n);

        if (b.s.len > GOVCTL_FILE_MAX) {
            govctl_say(govctl_word(GOVCTL_W_NO_FILE), path, strerror(EFBIG));
            n = -1;
            break;
        }
    }

    govctl_file_close(&f);
    *text = b.s;

    return n;
}
