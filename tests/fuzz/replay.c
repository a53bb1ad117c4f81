
/*
 * Copyright (C) ngx_gov authors
 *
 * A fuzz target without a fuzzer: the files and folders named on the command
 * line are handed to it, each in memory of its own size.
 */


#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"


static unsigned  f_files;


static int
f_file(const char *path)
{
    FILE    *f;
    size_t   size;
    u_char  *data;

    f = fopen(path, "r");

    if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
        return -1;
    }

    size = (size_t) ftell(f);
    data = malloc(size ? size : 1);
    rewind(f);

    if (data == NULL || fread(data, 1, size, f) != size) {
        return -1;
    }

    (void) fclose(f);

    /* the last line before a crash says which file it was */

    fprintf(stderr, "%s\n", path);
    (void) LLVMFuzzerTestOneInput(data, size);

    free(data);
    f_files++;

    return 0;
}


static int
f_folder(const char *path)
{
    int             rc;
    DIR            *dir;
    char            name[1024];
    struct dirent  *e;

    dir = opendir(path);
    if (dir == NULL) {
        return -1;
    }

    rc = 0;

    while (rc == 0 && (e = readdir(dir)) != NULL) {
        if (e->d_name[0] != '.') {
            (void) snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
            rc = f_file(name);
        }
    }

    (void) closedir(dir);

    return rc;
}


int
main(int argc, char **argv)
{
    int          i;
    struct stat  st;

    for (i = 1; i < argc; i++) {
        if (stat(argv[i], &st) != 0
            || (S_ISDIR(st.st_mode) ? f_folder(argv[i]) : f_file(argv[i]))
               != 0)
        {
            perror(argv[i]);
            return 1;
        }
    }

    printf("%u files\n", f_files);

    return f_files == 0;
}
