
/*
 * Copyright (C) ngx_gov authors
 *
 * cut FOLDER: the power of the ext4 that is mounted there fails.  What was
 * not yet given to its device never will be; every later write is an error.
 */


#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>


#define CUT_SHUTDOWN     _IOR('X', 125, uint32_t)
#define CUT_NO_LOGFLUSH  2


int
main(int argc, char **argv)
{
    int       fd;
    uint32_t  how;

    how = CUT_NO_LOGFLUSH;
    fd = argc == 2 ? open(argv[1], O_RDONLY|O_DIRECTORY) : -1;

    if (fd == -1 || ioctl(fd, CUT_SHUTDOWN, &how) == -1) {
        perror("cut");
        return 1;
    }

    return 0;
}
