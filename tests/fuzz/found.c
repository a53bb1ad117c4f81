
/*
 * Copyright (C) ngx_gov authors
 *
 * Where libFuzzer leaves an input that breaks a promise: in found/ beside the
 * folder its program is in, build-fuzz/found/NAME-..., from wherever it is
 * run.  An -artifact_prefix on the command line comes later and counts.
 */


#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"


int LLVMFuzzerInitialize(int *argc, char ***argv);


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    int          i, n;
    char         path[1024], **list;
    const char  *program, *name;

    static char  option[1100];

    program = (*argv)[0];
    name = strrchr(program, '/');
    name = name ? name + 1 : program;
    n = (int) (name - program);

    (void) snprintf(path, sizeof(path), "%.*s../found", n, program);
    (void) mkdir(path, 0777);
    (void) snprintf(option, sizeof(option), "-artifact_prefix=%s/%s-", path,
                    name);

    list = calloc((size_t) *argc + 2, sizeof(char *));
    f_must(list != NULL);

    list[0] = (*argv)[0];
    list[1] = option;

    for (i = 1; i < *argc; i++) {
        list[i + 1] = (*argv)[i];
    }

    *argv = list;
    (*argc)++;

    return 0;
}
