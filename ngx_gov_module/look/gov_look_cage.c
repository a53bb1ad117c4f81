
/*
 * Copyright (C) ngx_gov authors
 *
 * The cage: what a fault in a library that reads foreign bytes could be used
 * for.  Limits bound time, memory and what can be written; the kernel's
 * filter refuses (EPERM) every call that would open a file, reach another
 * process or the network, or become another program.
 */


#include <errno.h>
#include <stddef.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
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

#define GOV_LOOK_REFUSE(call)                                                 \
    BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K, (call), 0, 1),                            \
    BPF_STMT(BPF_RET|BPF_K, SECCOMP_RET_ERRNO|EPERM)


static struct sock_filter  gov_look_filter[] = {
    BPF_STMT(BPF_LD|BPF_W|BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K, GOV_LOOK_ARCH, 1, 0),
    BPF_STMT(BPF_RET|BPF_K, SECCOMP_RET_KILL_PROCESS),

    BPF_STMT(BPF_LD|BPF_W|BPF_ABS, offsetof(struct seccomp_data, nr)),

    /* the other numbering of the same machine */
    BPF_JUMP(BPF_JMP|BPF_JGE|BPF_K, 0x40000000, 0, 1),
    BPF_STMT(BPF_RET|BPF_K, SECCOMP_RET_KILL_PROCESS),

    GOV_LOOK_REFUSE(SYS_openat),
    GOV_LOOK_REFUSE(SYS_openat2),
#ifdef SYS_open
    GOV_LOOK_REFUSE(SYS_open),
    GOV_LOOK_REFUSE(SYS_creat),
    GOV_LOOK_REFUSE(SYS_fork),
    GOV_LOOK_REFUSE(SYS_vfork),
    GOV_LOOK_REFUSE(SYS_unlink),
    GOV_LOOK_REFUSE(SYS_rename),
    GOV_LOOK_REFUSE(SYS_link),
    GOV_LOOK_REFUSE(SYS_symlink),
    GOV_LOOK_REFUSE(SYS_chmod),
    GOV_LOOK_REFUSE(SYS_chown),
    GOV_LOOK_REFUSE(SYS_mkdir),
    GOV_LOOK_REFUSE(SYS_rmdir),
    GOV_LOOK_REFUSE(SYS_mknod),
#endif
    GOV_LOOK_REFUSE(SYS_unlinkat),
    GOV_LOOK_REFUSE(SYS_renameat2),
    GOV_LOOK_REFUSE(SYS_linkat),
    GOV_LOOK_REFUSE(SYS_symlinkat),
    GOV_LOOK_REFUSE(SYS_fchmodat),
    GOV_LOOK_REFUSE(SYS_fchownat),
    GOV_LOOK_REFUSE(SYS_mkdirat),
    GOV_LOOK_REFUSE(SYS_mknodat),
    GOV_LOOK_REFUSE(SYS_truncate),
    GOV_LOOK_REFUSE(SYS_socket),
    GOV_LOOK_REFUSE(SYS_socketpair),
    GOV_LOOK_REFUSE(SYS_connect),
    GOV_LOOK_REFUSE(SYS_bind),
    GOV_LOOK_REFUSE(SYS_sendto),
    GOV_LOOK_REFUSE(SYS_sendmsg),
    GOV_LOOK_REFUSE(SYS_execve),
    GOV_LOOK_REFUSE(SYS_execveat),
    GOV_LOOK_REFUSE(SYS_kill),
    GOV_LOOK_REFUSE(SYS_tkill),
    GOV_LOOK_REFUSE(SYS_ptrace),
    GOV_LOOK_REFUSE(SYS_process_vm_readv),
    GOV_LOOK_REFUSE(SYS_process_vm_writev),
    GOV_LOOK_REFUSE(SYS_pidfd_open),
    GOV_LOOK_REFUSE(SYS_io_uring_setup),
    GOV_LOOK_REFUSE(SYS_bpf),
    GOV_LOOK_REFUSE(SYS_keyctl),
    GOV_LOOK_REFUSE(SYS_shmget),
    GOV_LOOK_REFUSE(SYS_memfd_create),
    GOV_LOOK_REFUSE(SYS_unshare),
    GOV_LOOK_REFUSE(SYS_mount),

    BPF_STMT(BPF_RET|BPF_K, SECCOMP_RET_ALLOW),
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
