
/*
 * Copyright (C) ngx_gov authors
 *
 * The cage: what a fault in a library that reads foreign bytes could be used
 * for.  Limits bound time, memory and what can be written; the kernel's
 * filter refuses (EPERM) every call that would open or change a file by its
 * name, reach another process or the network, make a process, or become
 * another program.
 *
 * It names what is refused: what three libraries and libc call changes with
 * their versions and with the machine.
 */


#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "look/gov_look.h"


#define GOV_LOOK_SECONDS  30                    /* of the processor */
#define GOV_LOOK_MEMORY   (2048ull << 20)
#define GOV_LOOK_WRITTEN  (2048ull << 20)

/* a sanitizer's shadow takes terabytes of addresses */

#ifdef __SANITIZE_ADDRESS__
#undef GOV_LOOK_MEMORY
#define GOV_LOOK_MEMORY   RLIM_INFINITY
#endif

#if defined(__x86_64__)
#define GOV_LOOK_ARCH  AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define GOV_LOOK_ARCH  AUDIT_ARCH_AARCH64
#else
#error "gov_look_cage.c: name this machine's AUDIT_ARCH"
#endif

/*
 * From this number on calls are numbered alike on every machine: pidfds,
 * io_uring, clone3, openat2, the newer mounts, and what kernels have yet to
 * learn.  To the libraries there are none of them, so libc takes the older
 * call, which is judged by its name.
 */

#define GOV_LOOK_NEW      424

/* a thread of this program, in no namespace of its own */

#define GOV_LOOK_CLONED                                                       \
    (CLONE_THREAD|CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC       \
     |CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET)

#define GOV_LOOK_LOAD(field)                                                  \
    BPF_STMT(BPF_LD|BPF_W|BPF_ABS, offsetof(struct seccomp_data, field))

/* the low half of an argument, then the high one: both machines' order */

#define GOV_LOOK_LOW(n)   GOV_LOOK_LOAD(args[n])
#define GOV_LOOK_HIGH(n)                                                      \
    BPF_STMT(BPF_LD|BPF_W|BPF_ABS,                                            \
             offsetof(struct seccomp_data, args[n]) + 4)

#define GOV_LOOK_SAY(what)  BPF_STMT(BPF_RET|BPF_K, (what))
#define GOV_LOOK_REFUSAL    (SECCOMP_RET_ERRNO|EPERM)

/* on over the next "skip" unless what is loaded is that */

#define GOV_LOOK_UNLESS(value, skip)                                          \
    BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K, (value), 0, (skip))

#define GOV_LOOK_REFUSE(value)                                                \
    GOV_LOOK_UNLESS(value, 1),                                                \
    GOV_LOOK_SAY(GOV_LOOK_REFUSAL)

#define GOV_LOOK_ZERO(load)                                                   \
    load,                                                                     \
    BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K, 0, 1, 0),                                 \
    GOV_LOOK_SAY(GOV_LOOK_REFUSAL)


static struct sock_filter  gov_look_filter[] = {
    GOV_LOOK_LOAD(arch),
    BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K, GOV_LOOK_ARCH, 1, 0),
    GOV_LOOK_SAY(SECCOMP_RET_KILL_PROCESS),

    GOV_LOOK_LOAD(nr),

    /* the other numbering of the same machine */
    BPF_JUMP(BPF_JMP|BPF_JGE|BPF_K, 0x40000000, 0, 1),
    GOV_LOOK_SAY(SECCOMP_RET_KILL_PROCESS),

    BPF_JUMP(BPF_JMP|BPF_JGE|BPF_K, GOV_LOOK_NEW, 0, 1),
    GOV_LOOK_SAY(SECCOMP_RET_ERRNO|ENOSYS),

    /* files by name, and what is told of those that are open */
    GOV_LOOK_REFUSE(SYS_openat),
    GOV_LOOK_REFUSE(SYS_open_by_handle_at),
    GOV_LOOK_REFUSE(SYS_name_to_handle_at),
    GOV_LOOK_REFUSE(SYS_memfd_create),
    GOV_LOOK_REFUSE(SYS_chdir),
    GOV_LOOK_REFUSE(SYS_fchdir),
    GOV_LOOK_REFUSE(SYS_chroot),
    GOV_LOOK_REFUSE(SYS_unlinkat),
    GOV_LOOK_REFUSE(SYS_renameat),
    GOV_LOOK_REFUSE(SYS_renameat2),
    GOV_LOOK_REFUSE(SYS_linkat),
    GOV_LOOK_REFUSE(SYS_symlinkat),
    GOV_LOOK_REFUSE(SYS_mkdirat),
    GOV_LOOK_REFUSE(SYS_mknodat),
    GOV_LOOK_REFUSE(SYS_truncate),
    GOV_LOOK_REFUSE(SYS_fchmod),
    GOV_LOOK_REFUSE(SYS_fchmodat),
    GOV_LOOK_REFUSE(SYS_fchown),
    GOV_LOOK_REFUSE(SYS_fchownat),
    GOV_LOOK_REFUSE(SYS_utimensat),
    GOV_LOOK_REFUSE(SYS_setxattr),
    GOV_LOOK_REFUSE(SYS_lsetxattr),
    GOV_LOOK_REFUSE(SYS_fsetxattr),
    GOV_LOOK_REFUSE(SYS_removexattr),
    GOV_LOOK_REFUSE(SYS_lremovexattr),
    GOV_LOOK_REFUSE(SYS_fremovexattr),
    GOV_LOOK_REFUSE(SYS_inotify_add_watch),
    GOV_LOOK_REFUSE(SYS_fanotify_init),
    GOV_LOOK_REFUSE(SYS_fanotify_mark),
    GOV_LOOK_REFUSE(SYS_quotactl),
    GOV_LOOK_REFUSE(SYS_sync),
    GOV_LOOK_REFUSE(SYS_syncfs),

    /* the network */
    GOV_LOOK_REFUSE(SYS_socket),
    GOV_LOOK_REFUSE(SYS_socketpair),
    GOV_LOOK_REFUSE(SYS_connect),
    GOV_LOOK_REFUSE(SYS_bind),
    GOV_LOOK_REFUSE(SYS_listen),
    GOV_LOOK_REFUSE(SYS_accept),
    GOV_LOOK_REFUSE(SYS_accept4),
    GOV_LOOK_REFUSE(SYS_sendto),
    GOV_LOOK_REFUSE(SYS_recvfrom),
    GOV_LOOK_REFUSE(SYS_sendmsg),
    GOV_LOOK_REFUSE(SYS_recvmsg),
    GOV_LOOK_REFUSE(SYS_sendmmsg),
    GOV_LOOK_REFUSE(SYS_recvmmsg),
    GOV_LOOK_REFUSE(SYS_setsockopt),
    GOV_LOOK_REFUSE(SYS_shutdown),

    /* other programs and processes, and how one's own is bounded */
    GOV_LOOK_REFUSE(SYS_execve),
    GOV_LOOK_REFUSE(SYS_execveat),
    GOV_LOOK_REFUSE(SYS_ptrace),
    GOV_LOOK_REFUSE(SYS_kcmp),
    GOV_LOOK_REFUSE(SYS_process_vm_readv),
    GOV_LOOK_REFUSE(SYS_process_vm_writev),
    GOV_LOOK_REFUSE(SYS_kill),
    GOV_LOOK_REFUSE(SYS_tkill),
    GOV_LOOK_REFUSE(SYS_tgkill),
    GOV_LOOK_REFUSE(SYS_rt_sigqueueinfo),
    GOV_LOOK_REFUSE(SYS_rt_tgsigqueueinfo),
    GOV_LOOK_REFUSE(SYS_setrlimit),
    GOV_LOOK_REFUSE(SYS_setpriority),
    GOV_LOOK_REFUSE(SYS_ioprio_set),
    GOV_LOOK_REFUSE(SYS_sched_setparam),
    GOV_LOOK_REFUSE(SYS_sched_setscheduler),
    GOV_LOOK_REFUSE(SYS_sched_setaffinity),
    GOV_LOOK_REFUSE(SYS_sched_setattr),
    GOV_LOOK_REFUSE(SYS_migrate_pages),
    GOV_LOOK_REFUSE(SYS_move_pages),
    GOV_LOOK_REFUSE(SYS_setsid),
    GOV_LOOK_REFUSE(SYS_setpgid),

    /* what is shared by all of a machine */
    GOV_LOOK_REFUSE(SYS_msgget),
    GOV_LOOK_REFUSE(SYS_msgsnd),
    GOV_LOOK_REFUSE(SYS_msgrcv),
    GOV_LOOK_REFUSE(SYS_msgctl),
    GOV_LOOK_REFUSE(SYS_semget),
    GOV_LOOK_REFUSE(SYS_semop),
    GOV_LOOK_REFUSE(SYS_semtimedop),
    GOV_LOOK_REFUSE(SYS_semctl),
    GOV_LOOK_REFUSE(SYS_shmget),
    GOV_LOOK_REFUSE(SYS_shmat),
    GOV_LOOK_REFUSE(SYS_shmdt),
    GOV_LOOK_REFUSE(SYS_shmctl),
    GOV_LOOK_REFUSE(SYS_mq_open),
    GOV_LOOK_REFUSE(SYS_mq_unlink),
    GOV_LOOK_REFUSE(SYS_mq_timedsend),
    GOV_LOOK_REFUSE(SYS_mq_timedreceive),
    GOV_LOOK_REFUSE(SYS_mq_notify),
    GOV_LOOK_REFUSE(SYS_mq_getsetattr),
    GOV_LOOK_REFUSE(SYS_add_key),
    GOV_LOOK_REFUSE(SYS_request_key),
    GOV_LOOK_REFUSE(SYS_keyctl),
    GOV_LOOK_REFUSE(SYS_io_setup),
    GOV_LOOK_REFUSE(SYS_io_submit),

    /* the machine itself, and who one is */
    GOV_LOOK_REFUSE(SYS_perf_event_open),
    GOV_LOOK_REFUSE(SYS_userfaultfd),
    GOV_LOOK_REFUSE(SYS_bpf),
    GOV_LOOK_REFUSE(SYS_personality),
    GOV_LOOK_REFUSE(SYS_unshare),
    GOV_LOOK_REFUSE(SYS_setns),
    GOV_LOOK_REFUSE(SYS_mount),
    GOV_LOOK_REFUSE(SYS_umount2),
    GOV_LOOK_REFUSE(SYS_pivot_root),
    GOV_LOOK_REFUSE(SYS_swapon),
    GOV_LOOK_REFUSE(SYS_swapoff),
    GOV_LOOK_REFUSE(SYS_acct),
    GOV_LOOK_REFUSE(SYS_reboot),
    GOV_LOOK_REFUSE(SYS_init_module),
    GOV_LOOK_REFUSE(SYS_finit_module),
    GOV_LOOK_REFUSE(SYS_delete_module),
    GOV_LOOK_REFUSE(SYS_kexec_load),
    GOV_LOOK_REFUSE(SYS_kexec_file_load),
    GOV_LOOK_REFUSE(SYS_syslog),
    GOV_LOOK_REFUSE(SYS_settimeofday),
    GOV_LOOK_REFUSE(SYS_clock_settime),
    GOV_LOOK_REFUSE(SYS_adjtimex),
    GOV_LOOK_REFUSE(SYS_clock_adjtime),
    GOV_LOOK_REFUSE(SYS_sethostname),
    GOV_LOOK_REFUSE(SYS_setdomainname),
    GOV_LOOK_REFUSE(SYS_vhangup),
    GOV_LOOK_REFUSE(SYS_setuid),
    GOV_LOOK_REFUSE(SYS_setgid),
    GOV_LOOK_REFUSE(SYS_setreuid),
    GOV_LOOK_REFUSE(SYS_setregid),
    GOV_LOOK_REFUSE(SYS_setresuid),
    GOV_LOOK_REFUSE(SYS_setresgid),
    GOV_LOOK_REFUSE(SYS_setfsuid),
    GOV_LOOK_REFUSE(SYS_setfsgid),
    GOV_LOOK_REFUSE(SYS_setgroups),
    GOV_LOOK_REFUSE(SYS_capset),

#ifdef SYS_open
    /* what newer machines never had */
    GOV_LOOK_REFUSE(SYS_open),
    GOV_LOOK_REFUSE(SYS_creat),
    GOV_LOOK_REFUSE(SYS_unlink),
    GOV_LOOK_REFUSE(SYS_rename),
    GOV_LOOK_REFUSE(SYS_link),
    GOV_LOOK_REFUSE(SYS_symlink),
    GOV_LOOK_REFUSE(SYS_mkdir),
    GOV_LOOK_REFUSE(SYS_rmdir),
    GOV_LOOK_REFUSE(SYS_mknod),
    GOV_LOOK_REFUSE(SYS_chmod),
    GOV_LOOK_REFUSE(SYS_chown),
    GOV_LOOK_REFUSE(SYS_lchown),
    GOV_LOOK_REFUSE(SYS_utime),
    GOV_LOOK_REFUSE(SYS_utimes),
    GOV_LOOK_REFUSE(SYS_futimesat),
    GOV_LOOK_REFUSE(SYS_fork),
    GOV_LOOK_REFUSE(SYS_vfork),
    GOV_LOOK_REFUSE(SYS_iopl),
    GOV_LOOK_REFUSE(SYS_ioperm),
    GOV_LOOK_REFUSE(SYS_modify_ldt),
    GOV_LOOK_REFUSE(SYS_uselib),
#endif

    /* fork() is a clone too: threads are made, children are not */
    GOV_LOOK_UNLESS(SYS_clone, 5),
    GOV_LOOK_LOW(0),
    BPF_STMT(BPF_ALU|BPF_AND|BPF_K, GOV_LOOK_CLONED),
    GOV_LOOK_UNLESS(CLONE_THREAD, 1),
    GOV_LOOK_SAY(SECCOMP_RET_ALLOW),
    GOV_LOOK_SAY(GOV_LOOK_REFUSAL),

    /* one's own limits are read (getrlimit()); root could raise them */
    GOV_LOOK_UNLESS(SYS_prlimit64, 13),
    GOV_LOOK_ZERO(GOV_LOOK_LOW(0)),
    GOV_LOOK_ZERO(GOV_LOOK_HIGH(0)),
    GOV_LOOK_ZERO(GOV_LOOK_LOW(2)),
    GOV_LOOK_ZERO(GOV_LOOK_HIGH(2)),
    GOV_LOOK_SAY(SECCOMP_RET_ALLOW),

    /* a pipe may send its owner, any process, any signal */
    GOV_LOOK_UNLESS(SYS_fcntl, 10),
    GOV_LOOK_LOW(1),
    GOV_LOOK_REFUSE(F_SETOWN),
    GOV_LOOK_REFUSE(F_SETOWN_EX),
    GOV_LOOK_REFUSE(F_SETSIG),
    GOV_LOOK_REFUSE(F_SETLEASE),
    GOV_LOOK_SAY(SECCOMP_RET_ALLOW),

    /* an operator's terminal may be the log: nobody types there */
    GOV_LOOK_UNLESS(SYS_ioctl, 9),
    GOV_LOOK_LOW(1),
    GOV_LOOK_REFUSE(TIOCSTI),
    GOV_LOOK_REFUSE(TIOCLINUX),
    GOV_LOOK_REFUSE(FIOSETOWN),
    GOV_LOOK_REFUSE(SIOCSPGRP),

    GOV_LOOK_SAY(SECCOMP_RET_ALLOW),
};


static int
gov_look_limit(int what, rlim_t n)
{
    struct rlimit  limit;

    limit.rlim_cur = n;
    limit.rlim_max = n;

    return setrlimit((__rlimit_resource_t) what, &limit);
}


int
gov_look_cage(void)
{
    struct sock_fprog  program;

    program.len = sizeof(gov_look_filter) / sizeof(gov_look_filter[0]);
    program.filter = gov_look_filter;

    if (gov_look_limit(RLIMIT_CPU, GOV_LOOK_SECONDS) != 0
        || gov_look_limit(RLIMIT_AS, GOV_LOOK_MEMORY) != 0
        || gov_look_limit(RLIMIT_FSIZE, GOV_LOOK_WRITTEN) != 0
        || gov_look_limit(RLIMIT_CORE, 0) != 0
        || prctl(PR_SET_DUMPABLE, 0) != 0
        || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    {
        return -1;
    }

    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
