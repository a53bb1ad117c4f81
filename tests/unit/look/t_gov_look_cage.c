
/*
 * Copyright (C) ngx_gov authors
 *
 * The cage, closed around a child of each test: what leads out of it is
 * refused, and what the libraries live by goes on.
 */


#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "look/gov_look.h"


#define T_CALL(name)  { #name, SYS_##name }
#define T_NEW         424           /* numbered alike on every machine since */


typedef struct {
    const char  *name;
    long         nr;
} t_call_t;


/* arguments of -1 do no harm where a call is taken after all */

static const t_call_t  calls[] = {
    T_CALL(openat), T_CALL(open_by_handle_at), T_CALL(name_to_handle_at),
    T_CALL(memfd_create), T_CALL(chdir), T_CALL(fchdir), T_CALL(chroot),
    T_CALL(unlinkat), T_CALL(renameat), T_CALL(renameat2), T_CALL(linkat),
    T_CALL(symlinkat), T_CALL(mkdirat), T_CALL(mknodat), T_CALL(truncate),
    T_CALL(fchmod), T_CALL(fchmodat), T_CALL(fchown), T_CALL(fchownat),
    T_CALL(utimensat), T_CALL(setxattr), T_CALL(lsetxattr),
    T_CALL(fsetxattr), T_CALL(removexattr), T_CALL(lremovexattr),
    T_CALL(fremovexattr), T_CALL(inotify_add_watch), T_CALL(fanotify_init),
    T_CALL(fanotify_mark), T_CALL(quotactl), T_CALL(sync), T_CALL(syncfs),

    T_CALL(socket), T_CALL(socketpair), T_CALL(connect), T_CALL(bind),
    T_CALL(listen), T_CALL(accept), T_CALL(accept4), T_CALL(sendto),
    T_CALL(recvfrom), T_CALL(sendmsg), T_CALL(recvmsg), T_CALL(sendmmsg),
    T_CALL(recvmmsg), T_CALL(setsockopt), T_CALL(shutdown),

    T_CALL(execve), T_CALL(execveat), T_CALL(ptrace), T_CALL(kcmp),
    T_CALL(process_vm_readv), T_CALL(process_vm_writev), T_CALL(kill),
    T_CALL(tkill), T_CALL(tgkill), T_CALL(rt_sigqueueinfo),
    T_CALL(rt_tgsigqueueinfo), T_CALL(prlimit64), T_CALL(setrlimit),
    T_CALL(setpriority), T_CALL(ioprio_set), T_CALL(sched_setparam),
    T_CALL(sched_setscheduler), T_CALL(sched_setaffinity),
    T_CALL(sched_setattr), T_CALL(migrate_pages), T_CALL(move_pages),
    T_CALL(setsid), T_CALL(setpgid),

    T_CALL(msgget), T_CALL(msgsnd), T_CALL(msgrcv), T_CALL(msgctl),
    T_CALL(semget), T_CALL(semop), T_CALL(semtimedop), T_CALL(semctl),
    T_CALL(shmget), T_CALL(shmat), T_CALL(shmdt), T_CALL(shmctl),
    T_CALL(mq_open), T_CALL(mq_unlink), T_CALL(mq_timedsend),
    T_CALL(mq_timedreceive), T_CALL(mq_notify), T_CALL(mq_getsetattr),
    T_CALL(add_key), T_CALL(request_key), T_CALL(keyctl),

    T_CALL(perf_event_open), T_CALL(userfaultfd), T_CALL(bpf),
    T_CALL(io_setup), T_CALL(io_submit), T_CALL(personality),
    T_CALL(unshare), T_CALL(setns), T_CALL(mount), T_CALL(umount2),
    T_CALL(pivot_root), T_CALL(swapon), T_CALL(swapoff), T_CALL(acct),
    T_CALL(reboot), T_CALL(init_module), T_CALL(finit_module),
    T_CALL(delete_module), T_CALL(kexec_load), T_CALL(syslog),
    T_CALL(settimeofday), T_CALL(clock_settime), T_CALL(adjtimex),
    T_CALL(clock_adjtime), T_CALL(sethostname), T_CALL(setdomainname),
    T_CALL(vhangup), T_CALL(setuid), T_CALL(setgid), T_CALL(setreuid),
    T_CALL(setregid), T_CALL(setresuid), T_CALL(setresgid),
    T_CALL(setfsuid), T_CALL(setfsgid), T_CALL(setgroups), T_CALL(capset),

#ifdef SYS_open
    T_CALL(open), T_CALL(creat), T_CALL(unlink), T_CALL(rename),
    T_CALL(link), T_CALL(symlink), T_CALL(mkdir), T_CALL(rmdir),
    T_CALL(mknod), T_CALL(chmod), T_CALL(chown), T_CALL(lchown),
    T_CALL(utime), T_CALL(utimes), T_CALL(futimesat), T_CALL(fork),
    T_CALL(iopl), T_CALL(ioperm), T_CALL(modify_ldt), T_CALL(uselib),
#endif

    T_CALL(openat2), T_CALL(clone3), T_CALL(io_uring_setup),
    T_CALL(io_uring_enter), T_CALL(io_uring_register),
    T_CALL(pidfd_open), T_CALL(pidfd_getfd), T_CALL(pidfd_send_signal),
    T_CALL(process_madvise), T_CALL(open_tree), T_CALL(move_mount),
    T_CALL(fsopen), T_CALL(fsconfig), T_CALL(fsmount), T_CALL(fspick),
    T_CALL(mount_setattr),
    { "fchmodat2", 452 }, { "setxattrat", 463 }, { "removexattrat", 466 },
    { "one that is not made yet", 600 }
};


/* what the check says of itself in a child that is in the cage */

static int
t_caged(int (*check)(void *data), void *data)
{
    int    status;
    pid_t  pid;

    pid = fork();
    assert_int_not_equal(pid, -1);

    if (pid == 0) {
        (void) setsid();            /* there is no terminal to lose */
        _exit(gov_look_cage() == 0 ? check(data) : 100);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}


static int
t_call(void *data)
{
    long             rc;
    const t_call_t  *call = data;

    rc = syscall(call->nr, -1, -1, -1, -1, -1, -1);

    return rc == -1 && errno == (call->nr < T_NEW ? EPERM : ENOSYS) ? 0 : 1;
}


static void
what_leads_out_is_refused(void **state)
{
    int       bad;
    unsigned  i;

    (void) state;
    bad = 0;

    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (t_caged(t_call, (void *) &calls[i]) != 0) {
            print_error("%s\n", calls[i].name);
            bad++;
        }
    }

    assert_int_equal(bad, 0);
}


/* here each would be done, were it taken */

static int
t_moves(void *data)
{
    char  *from = data, to[64];

    (void) snprintf(to, sizeof(to), "%s.moved", from);

    return syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to) == -1
           && errno == EPERM ? 0 : 1;
}


static void
a_file_stays_where_it_is(void **state)
{
    int   fd;
    char  path[] = "/tmp/cage-XXXXXX";

    (void) state;

    fd = mkstemp(path);
    assert_int_not_equal(fd, -1);
    (void) close(fd);

    assert_int_equal(t_caged(t_moves, path), 0);
    assert_int_equal(unlink(path), 0);
}


static int
t_signals(void *data)
{
    pid_t  parent = getppid();

    (void) data;

    return syscall(SYS_tgkill, parent, parent, 0) == -1 && errno == EPERM
           ? 0 : 1;
}


/* the owner of a pipe may be any process, and the signal any too */

static int
t_signals_by_pipe(void *data)
{
    int                fds[2];
    struct f_owner_ex  owner = { F_OWNER_PID, getppid() };

    (void) data;

    if (pipe(fds) != 0) {
        return 2;
    }

    if (fcntl(fds[0], F_SETOWN, getppid()) != -1 || errno != EPERM) {
        return 3;
    }

    if (fcntl(fds[0], F_SETOWN_EX, &owner) != -1 || errno != EPERM) {
        return 4;
    }

    if (fcntl(fds[0], F_SETSIG, SIGKILL) != -1 || errno != EPERM) {
        return 5;
    }

    return ioctl(fds[0], TIOCSTI, "x") == -1 && errno == EPERM ? 0 : 6;
}


static int
t_limits(void *data)
{
    struct rlimit  limit;

    (void) data;

    if (prlimit(getppid(), RLIMIT_NOFILE, NULL, &limit) != -1
        || errno != EPERM)
    {
        return 1;
    }

    if (getrlimit(RLIMIT_CPU, &limit) != 0) {
        return 2;
    }

    /* one's own are read, and set no more: root could raise them */

    return setrlimit(RLIMIT_CPU, &limit) == -1 && errno == EPERM ? 0 : 3;
}


static void
other_processes_are_out_of_reach(void **state)
{
    (void) state;

    assert_int_equal(t_caged(t_signals, NULL), 0);
    assert_int_equal(t_caged(t_signals_by_pipe, NULL), 0);
    assert_int_equal(t_caged(t_limits, NULL), 0);
}


static int
t_clones(void *data)
{
    long  pid;

    pid = syscall(SYS_clone, *(long *) data, 0, 0, 0, 0);

    if (pid == 0) {
        _exit(0);
    }

    return pid == -1 && errno == EPERM ? 0 : 1;
}


static int
t_forks(void *data)
{
    pid_t  pid;

    (void) data;

    pid = fork();

    if (pid == 0) {
        _exit(0);
    }

    return pid == -1 && errno == EPERM ? 0 : 1;
}


static void
there_are_no_children(void **state)
{
    unsigned  i;

    static long  flags[] = {
        SIGCHLD, 0, CLONE_VM|CLONE_VFORK|SIGCHLD, CLONE_NEWUSER|SIGCHLD,
        CLONE_VM|CLONE_SIGHAND|CLONE_THREAD|CLONE_NEWNS
    };

    (void) state;

    assert_int_equal(t_caged(t_forks, NULL), 0);

    for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        assert_int_equal(t_caged(t_clones, &flags[i]), 0);
    }
}


static void *
t_adds(void *data)
{
    return (void *) ((intptr_t) data + 1);
}


static int
t_works(void *data)
{
    int        i, *fd = data;
    char       buf[4];
    void      *memory, *sum;
    pthread_t  threads[4];

    for (i = 0; i < 4; i++) {
        if (pthread_create(&threads[i], NULL, t_adds, (void *) (intptr_t) i)
            != 0)
        {
            return 2;
        }
    }

    for (i = 0; i < 4; i++) {
        if (pthread_join(threads[i], &sum) != 0 || (intptr_t) sum != i + 1) {
            return 3;
        }
    }

    if (write(*fd, "abc", 3) != 3 || lseek(*fd, 0, SEEK_SET) != 0
        || read(*fd, buf, 4) != 3 || ftruncate(*fd, 1) != 0
        || fcntl(*fd, F_GETFL) == -1)
    {
        return 4;
    }

    memory = malloc(64 << 20);
    free(memory);

    return memory == NULL ? 5 : 0;
}


static void
threads_files_and_memory_go_on(void **state)
{
    int   fd;
    char  path[] = "/tmp/cage-XXXXXX";

    (void) state;

    fd = mkstemp(path);
    assert_int_not_equal(fd, -1);
    (void) unlink(path);

    assert_int_equal(t_caged(t_works, &fd), 0);
    (void) close(fd);
}


int
main(void)
{
    static const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_leads_out_is_refused),
        cmocka_unit_test(a_file_stays_where_it_is),
        cmocka_unit_test(other_processes_are_out_of_reach),
        cmocka_unit_test(there_are_no_children),
        cmocka_unit_test(threads_files_and_memory_go_on)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
