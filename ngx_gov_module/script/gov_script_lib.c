
/*
 * Copyright (C) ngx_gov authors
 *
 * The sources of the bundles, read once.  A bundle is a folder with
 *
 *     views/ parts/          *.html, templates
 *     words/ hooks/ gov/     *.lua
 *
 * Other files there are somebody else's.  Messages name a file by the
 * folder's last part ("lua/views/home.html"), never by where it is.
 */


#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "script/gov_script_int.h"


#define GOV_SOURCE_MAX    (256 * 1024)
#define GOV_SOURCES_MAX   1024
#define GOV_FOLDER_DEPTH  4

/* part of the stamp: raise it when the same sources give other bytes */
#define GOV_SCRIPT_REVISION  1


typedef struct {
    gov_script_lib_t  *lib;
    gov_bundle_t      *bundle;
    const char        *label;     /* the folder's last part */
    const char        *suffix;
    gov_err_t         *err;
} gov_walk_t;


static gov_bundle_t *gov_lib_bundle(gov_script_lib_t *lib, gov_str_t name);
static gov_rc_t gov_lib_walk(gov_walk_t *w, int fd);
static void gov_lib_insert(gov_script_lib_t *lib, gov_bundle_t *b);
static gov_rc_t gov_lib_folder(gov_walk_t *w, int parent, gov_str_t path,
    unsigned depth);
static gov_rc_t gov_lib_entry(gov_walk_t *w, int dir, gov_str_t path,
    const char *name, unsigned depth);
static gov_rc_t gov_lib_file(gov_walk_t *w, int fd, gov_str_t path,
    size_t size);
static gov_source_t *gov_lib_place(gov_walk_t *w);
static gov_rc_t gov_lib_read(int fd, gov_str_t *text);
static const char *gov_lib_label(gov_arena_t *a, const char *dir);
static void gov_lib_finish(gov_bundle_t *b);
static void gov_lib_digest(gov_digest_t *d, gov_bundle_t *b);
static int gov_lib_by_path(const void *a, const void *b);


static const struct {
    const char  *name;
    const char  *suffix;
} gov_lib_folders[] = {
    { "gov", ".lua" }, { "hooks", ".lua" }, { "parts", ".html" },
    { "views", ".html" }, { "words", ".lua" }, { NULL, NULL }
};


gov_rc_t
gov_script_lib_open(gov_script_lib_t **lib, gov_err_t *err)
{
    gov_arena_t  *a;

    (void) err;

    a = gov_arena_new(65536);

    *lib = gov_calloc(a, sizeof(gov_script_lib_t));
    (*lib)->arena = a;

    return GOV_OK;
}


void
gov_script_lib_close(gov_script_lib_t **lib)
{
    gov_arena_t  *a;

    if (*lib == NULL) {
        return;
    }

    a = (*lib)->arena;
    *lib = NULL;
    gov_arena_free(&a);
}


gov_rc_t
gov_script_lib_add(gov_script_lib_t *lib, const char *name, const char *dir,
    gov_err_t *err)
{
    int            fd;
    gov_rc_t       rc;
    gov_str_t      s;
    gov_walk_t     w;
    gov_bundle_t  *b;

    s = gov_str_of(name);

    if ((s.len == 0 && lib->base != NULL)
        || (s.len > 0 && gov_script_lib_has(lib, s)))
    {
        return gov_fail(err, GOV_CONFLICT, "", "%s: a second bundle \"%s\"",
                        dir, name);
    }

    fd = open(dir, O_RDONLY|O_DIRECTORY|O_CLOEXEC);
    if (fd == -1) {
        return gov_fail(err, GOV_NOT_FOUND, "", "%s: %s", dir,
                        strerror(errno));
    }

    b = gov_lib_bundle(lib, s);

    w.lib = lib;
    w.bundle = b;
    w.label = gov_lib_label(lib->arena, dir);
    w.err = err;

    rc = gov_lib_walk(&w, fd);
    close(fd);

    if (rc != GOV_OK) {
        return rc;
    }

    if (gov_arena_failed(lib->arena)) {
        return gov_fail(err, GOV_ERROR, "", "no memory for scripts");
    }

    gov_lib_finish(b);

    gov_lib_insert(lib, b);

    return GOV_OK;
}


static gov_bundle_t *
gov_lib_bundle(gov_script_lib_t *lib, gov_str_t name)
{
    gov_bundle_t  *b;

    b = gov_calloc(lib->arena, sizeof(gov_bundle_t));
    b->name = gov_str_copy(lib->arena, name);
    b->places = 32;
    b->sources = gov_calloc(lib->arena, b->places * sizeof(gov_source_t));

    return b;
}


static gov_rc_t
gov_lib_walk(gov_walk_t *w, int fd)
{
    gov_rc_t  rc;
    unsigned  i;

    for (i = 0, rc = GOV_OK; rc == GOV_OK && gov_lib_folders[i].name; i++) {
        w->suffix = gov_lib_folders[i].suffix;
        rc = gov_lib_folder(w, fd, gov_str_of(gov_lib_folders[i].name), 0);
    }

    return rc;
}


/* in order of names: the stamp is not to depend on a folder's order */

static void
gov_lib_insert(gov_script_lib_t *lib, gov_bundle_t *b)
{
    gov_bundle_t  **p;

    if (b->name.len == 0) {
        lib->base = b;
        return;
    }

    for (p = &lib->bundles; *p != NULL && gov_str_cmp((*p)->name, b->name) < 0;
         p = &(*p)->next)
    {
        /* void */
    }

    b->next = *p;
    *p = b;
    lib->n++;
}


static const char *
gov_lib_label(gov_arena_t *a, const char *dir)
{
    gov_str_t  s;
    size_t     i;

    s = gov_str_of(dir);

    while (s.len > 1 && s.data[s.len - 1] == '/') {
        s.len--;
    }

    for (i = s.len; i > 0 && s.data[i - 1] != '/'; i--) {
        /* void */
    }

    s.data += i;
    s.len -= i;

    return gov_str_c(a, s);
}


/* a missing folder is an empty one */

static gov_rc_t
gov_lib_folder(gov_walk_t *w, int parent, gov_str_t path, unsigned depth)
{
    int             fd;
    DIR            *dir;
    gov_rc_t        rc;
    const char     *last;
    struct dirent  *de;

    last = strrchr((char *) path.data, '/');
    last = last != NULL ? last + 1 : (char *) path.data;

    fd = openat(parent, last, O_RDONLY|O_DIRECTORY|O_CLOEXEC);
    dir = fd == -1 ? NULL : fdopendir(fd);

    if (dir == NULL) {
        if (fd == -1 && errno == ENOENT) {
            return GOV_OK;
        }

        rc = gov_fail(w->err, GOV_ERROR, "", "%s/%s: %s", w->label,
                      (char *) path.data, strerror(errno));
        if (fd != -1) {
            close(fd);
        }

        return rc;
    }

    rc = GOV_OK;

    while (rc == GOV_OK && (de = readdir(dir)) != NULL) {
        if (de->d_name[0] != '.') {
            rc = gov_lib_entry(w, fd, path, de->d_name, depth);
        }
    }

    closedir(dir);

    return rc;
}


static gov_rc_t
gov_lib_entry(gov_walk_t *w, int dir, gov_str_t path, const char *name,
    unsigned depth)
{
    int          fd;
    gov_rc_t     rc;
    gov_str_t    full;
    struct stat  st;

    full = gov_str_fmt(w->lib->arena, "%s/%s", (char *) path.data, name);

    fd = openat(dir, name, O_RDONLY|O_CLOEXEC|O_NONBLOCK);

    if (fd == -1 || fstat(fd, &st) == -1) {
        rc = gov_fail(w->err, GOV_ERROR, "", "%s/%s: %s", w->label,
                      (char *) full.data, strerror(errno));

    } else if (S_ISDIR(st.st_mode)) {
        rc = depth + 1 < GOV_FOLDER_DEPTH
             ? gov_lib_folder(w, dir, full, depth + 1)
             : gov_fail(w->err, GOV_INVALID, "", "%s/%s: too deep", w->label,
                        (char *) full.data);

    } else if (S_ISREG(st.st_mode) && gov_str_ends(full, w->suffix)) {
        rc = gov_lib_file(w, fd, full, (size_t) st.st_size);

    } else {
        rc = GOV_OK;
    }

    if (fd != -1) {
        close(fd);
    }

    return rc;
}


static gov_rc_t
gov_lib_file(gov_walk_t *w, int fd, gov_str_t path, size_t size)
{
    gov_source_t  *src;

    if (w->bundle->n == GOV_SOURCES_MAX) {
        return gov_fail(w->err, GOV_INVALID, "", "%s: more than %d files",
                        w->label, GOV_SOURCES_MAX);
    }

    src = gov_lib_place(w);
    src->path = path;
    src->label = (char *) gov_str_fmt(w->lib->arena, "%s/%s", w->label,
                                      (char *) path.data).data;

    if (size > GOV_SOURCE_MAX) {
        return gov_fail(w->err, GOV_INVALID, "", "%s: larger than %d bytes",
                        src->label, GOV_SOURCE_MAX);
    }

    src->text.data = gov_alloc(w->lib->arena, size + 1);
    src->text.len = size;

    if (gov_arena_failed(w->lib->arena)) {
        return gov_fail(w->err, GOV_ERROR, "", "no memory for scripts");
    }

    if (gov_lib_read(fd, &src->text) != GOV_OK) {
        return gov_fail(w->err, GOV_ERROR, "", "%s: cannot be read",
                        src->label);
    }

    if (!gov_utf8_valid(src->text)) {
        return gov_fail(w->err, GOV_INVALID, "", "%s: not UTF-8", src->label);
    }

    w->bundle->n++;

    return GOV_OK;
}


/* the next place; it is taken by counting n up */

static gov_source_t *
gov_lib_place(gov_walk_t *w)
{
    gov_bundle_t  *b;
    gov_source_t  *more;

    b = w->bundle;

    if (b->n == b->places) {
        b->places *= 2;
        more = gov_calloc(w->lib->arena, b->places * sizeof(gov_source_t));
        memcpy(more, b->sources, b->n * sizeof(gov_source_t));
        b->sources = more;
    }

    return &b->sources[b->n];
}


/* a file that shrinks meanwhile is read as far as it goes */

static gov_rc_t
gov_lib_read(int fd, gov_str_t *text)
{
    size_t   got;
    ssize_t  n;

    for (got = 0; got < text->len; got += (size_t) n) {
        n = read(fd, text->data + got, text->len - got);

        if (n == -1 && errno == EINTR) {
            n = 0;
            continue;
        }

        if (n == -1) {
            return GOV_ERROR;
        }

        if (n == 0) {
            break;
        }
    }

    text->len = got;

    return GOV_OK;
}


static int
gov_lib_by_path(const void *a, const void *b)
{
    return gov_str_cmp(((gov_source_t *) a)->path,
                       ((gov_source_t *) b)->path);
}


static void
gov_lib_finish(gov_bundle_t *b)
{
    size_t                 len;
    unsigned               i, k;
    gov_str_t              path;
    const gov_hook_row_t  *row;

    qsort(b->sources, b->n, sizeof(gov_source_t), gov_lib_by_path);

    for (i = 0; i < b->n; i++) {
        path = b->sources[i].path;

        if (!gov_str_starts(path, "hooks/")) {
            b->views = 1;
            continue;
        }

        for (k = 0; (row = gov_hook_row(k)) != NULL; k++) {
            len = strlen(row->name);

            if (path.len == len + 10
                && memcmp(path.data + 6, row->name, len) == 0)
            {
                b->hooks |= gov_hook_bit(row);
            }
        }
    }
}


gov_bundle_t *
gov_script_bundle(gov_script_lib_t *lib, gov_str_t name)
{
    gov_bundle_t  *b;

    if (name.len == 0) {
        return NULL;
    }

    for (b = lib->bundles; b != NULL; b = b->next) {

        if (gov_str_eq(b->name, name)) {
            return b;
        }
    }

    return NULL;
}


int
gov_script_lib_has(gov_script_lib_t *lib, gov_str_t bundle)
{
    return gov_script_bundle(lib, bundle) != NULL;
}


gov_source_t *
gov_script_source(gov_script_lib_t *lib, gov_bundle_t *b, const char *folder,
    gov_str_t name, const char *suffix)
{
    int            n;
    char           path[256];
    gov_source_t   key, *src;

    n = snprintf(path, sizeof(path), "%s/%.*s%s", folder, gov_strf(name),
                 suffix);
    if (n < 0 || (size_t) n >= sizeof(path)) {
        return NULL;
    }

    key.path.data = (u_char *) path;
    key.path.len = (size_t) n;

    src = NULL;

    if (b != NULL) {
        src = bsearch(&key, b->sources, b->n, sizeof(gov_source_t),
                      gov_lib_by_path);
    }

    if (src == NULL && lib->base != NULL) {
        src = bsearch(&key, lib->base->sources, lib->base->n,
                      sizeof(gov_source_t), gov_lib_by_path);
    }

    return src;
}


static void
gov_lib_digest(gov_digest_t *d, gov_bundle_t *b)
{
    char      size[32];
    unsigned  i;

    gov_digest_add(d, b->name);

    for (i = 0; i < b->n; i++) {
        snprintf(size, sizeof(size), "\n%zu ", b->sources[i].text.len);
        gov_digest_add(d, gov_str_of(size));
        gov_digest_add(d, b->sources[i].path);
        gov_digest_add(d, gov_s("\n"));
        gov_digest_add(d, b->sources[i].text);
    }
}


uint64_t
gov_script_lib_stamp(gov_script_lib_t *lib)
{
    u_char         out[GOV_DIGEST_LEN];
    uint64_t       stamp;
    gov_bundle_t  *b;
    gov_digest_t  *d;

    if (gov_digest_begin(GOV_SHA256, &d) != GOV_OK) {
        return 0;
    }

    out[0] = GOV_SCRIPT_REVISION;
    gov_digest_add(d, (gov_str_t) { 1, out });

    if (lib->base != NULL) {
        gov_lib_digest(d, lib->base);
    }

    for (b = lib->bundles; b != NULL; b = b->next) {
        gov_lib_digest(d, b);
    }

    if (gov_digest_end(&d, out) != GOV_OK) {
        return 0;
    }

    memcpy(&stamp, out, sizeof(stamp));

    return stamp;
}
