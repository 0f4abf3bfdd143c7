/* posix: numbers that C headers define, and which functions take what. */
#include <errno.h>
#include <limits.h>
#include <dlfcn.h>
#include <sched.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "path.h"

typedef struct Number {
    const char *name;
    int64_t value;
} Number;

#define N(name) {#name, name}
static const Number numbers[] = {
    N(F_OK), N(R_OK), N(W_OK), N(X_OK), N(O_RDONLY), N(O_WRONLY), N(O_RDWR), N(O_APPEND), N(O_CREAT), N(O_EXCL), N(O_TRUNC),
    N(O_NONBLOCK), N(O_NDELAY), N(O_DSYNC), N(O_RSYNC), N(O_SYNC), N(O_NOCTTY), N(O_CLOEXEC), N(O_DIRECTORY), N(O_NOFOLLOW), N(O_ASYNC),
    N(O_DIRECT), N(O_LARGEFILE), N(O_NOATIME), N(O_PATH), N(O_TMPFILE), N(O_ACCMODE), N(SEEK_DATA), N(SEEK_HOLE), N(WNOHANG), N(WUNTRACED),
    N(WCONTINUED), N(WEXITED), N(WSTOPPED), N(WNOWAIT), N(P_PID), N(P_PGID), N(P_ALL), N(P_PIDFD), N(CLD_EXITED), N(CLD_KILLED), N(CLD_DUMPED),
    N(CLD_TRAPPED), N(CLD_STOPPED), N(CLD_CONTINUED), N(EX_OK), N(EX_USAGE), N(EX_DATAERR), N(EX_NOINPUT), N(EX_NOUSER), N(EX_NOHOST),
    N(EX_UNAVAILABLE), N(EX_SOFTWARE), N(EX_OSERR), N(EX_OSFILE), N(EX_CANTCREAT), N(EX_IOERR), N(EX_TEMPFAIL), N(EX_PROTOCOL), N(EX_NOPERM),
    N(EX_CONFIG), N(ST_RDONLY), N(ST_NOSUID), N(ST_NODEV), N(ST_NOEXEC), N(ST_SYNCHRONOUS), N(ST_MANDLOCK), N(ST_WRITE), N(ST_APPEND),
    N(ST_NOATIME), N(ST_NODIRATIME), N(ST_RELATIME), N(PRIO_PROCESS), N(PRIO_PGRP), N(PRIO_USER), N(SCHED_OTHER), N(SCHED_FIFO), N(SCHED_RR),
    N(SCHED_BATCH), N(SCHED_IDLE), N(SCHED_RESET_ON_FORK), N(GRND_RANDOM), N(GRND_NONBLOCK), N(F_LOCK), N(F_TLOCK), N(F_ULOCK), N(F_TEST),
    N(POSIX_FADV_NORMAL), N(POSIX_FADV_SEQUENTIAL), N(POSIX_FADV_RANDOM), N(POSIX_FADV_NOREUSE), N(POSIX_FADV_WILLNEED), N(POSIX_FADV_DONTNEED),
    N(RTLD_LAZY), {"RTLD_NOW", 2}, {"RTLD_GLOBAL", 256}, {"RTLD_LOCAL", 0}, {"RTLD_NODELETE", 4096}, {"RTLD_NOLOAD", 4}, {"RTLD_DEEPBIND", 8},
    N(CLONE_FILES), N(CLONE_FS), N(CLONE_NEWCGROUP), N(CLONE_NEWIPC), N(CLONE_NEWNET), N(CLONE_NEWNS),
    N(CLONE_NEWPID), {"CLONE_NEWTIME", 0x80}, N(CLONE_NEWUSER), N(CLONE_NEWUTS), N(CLONE_SIGHAND), N(CLONE_SYSVSEM),
    N(CLONE_THREAD), N(CLONE_VM), N(EFD_CLOEXEC), N(EFD_NONBLOCK), N(EFD_SEMAPHORE), N(MFD_ALLOW_SEALING),
    N(MFD_CLOEXEC), N(MFD_HUGETLB), {"MFD_HUGE_16GB", 34u << 26}, {"MFD_HUGE_16MB", 24u << 26},
    {"MFD_HUGE_1GB", 30u << 26}, {"MFD_HUGE_1MB", 20u << 26}, {"MFD_HUGE_256MB", 28u << 26}, {"MFD_HUGE_2GB", 31u << 26},
    {"MFD_HUGE_2MB", 21u << 26}, {"MFD_HUGE_32MB", 25u << 26}, {"MFD_HUGE_512KB", 19u << 26}, {"MFD_HUGE_512MB", 29u << 26},
    {"MFD_HUGE_64KB", 16u << 26}, {"MFD_HUGE_8MB", 23u << 26}, {"MFD_HUGE_MASK", 63}, {"MFD_HUGE_SHIFT", 26},
    N(NGROUPS_MAX), N(O_FSYNC), {"PIDFD_NONBLOCK", O_NONBLOCK}, {"POSIX_SPAWN_OPEN", 0}, {"POSIX_SPAWN_CLOSE", 1},
    {"POSIX_SPAWN_DUP2", 2}, {"POSIX_SPAWN_CLOSEFROM", 3}, N(RWF_APPEND), N(RWF_DSYNC), N(RWF_HIPRI),
    N(RWF_NOWAIT), N(RWF_SYNC), {"SCHED_DEADLINE", 6}, {"SCHED_NORMAL", 0}, N(SPLICE_F_MORE), N(SPLICE_F_MOVE),
    N(SPLICE_F_NONBLOCK), N(TFD_CLOEXEC), N(TFD_NONBLOCK), N(TFD_TIMER_ABSTIME), N(TFD_TIMER_CANCEL_ON_SET),
    N(TMP_MAX), N(XATTR_CREATE), N(XATTR_REPLACE), N(XATTR_SIZE_MAX),
};

/* Which functions take descriptors, dir_fd and so on: os.py makes os.supports_* of these. */
static const char *const have[] = {
    "HAVE_EVENTFD", "HAVE_TIMERFD_CREATE", "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD",
    "HAVE_FCHMODAT", "HAVE_FCHOWN", "HAVE_FCHOWNAT", "HAVE_FEXECVE", "HAVE_FDOPENDIR",
    "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS", "HAVE_FTRUNCATE", "HAVE_FUTIMENS",
    "HAVE_FUTIMES", "HAVE_FUTIMESAT", "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_LUTIMES",
    "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_MKNODAT", "HAVE_OPENAT",
    "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT",
    "HAVE_PTSNAME_R",
};

int
posix_add_constants(Value m)
{
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (module_add_int(m, numbers[i].name, numbers[i].value) < 0) {
            return -1;
        }
    }
    Own list = list_new(0);
    for (size_t i = 0; i < ARRAY_LEN(have) && list; i++) {
        if (list_append_own(list, str_from_cstr(have[i])) < 0) {
            ref_clear(&list);
        }
    }
    return module_add(m, "_have_functions", list);
}
