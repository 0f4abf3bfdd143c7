/* posix: numbers that C headers define, and which functions take what. */
#include <errno.h>
#include <limits.h>
#include <dlfcn.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/random.h>
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
};

static const Number sysconf_numbers[] = {
    N(_SC_ARG_MAX), N(_SC_CHILD_MAX), N(_SC_CLK_TCK), N(_SC_NGROUPS_MAX), N(_SC_OPEN_MAX), N(_SC_PAGESIZE), N(_SC_PAGE_SIZE),
    N(_SC_NPROCESSORS_CONF), N(_SC_NPROCESSORS_ONLN), N(_SC_PHYS_PAGES), N(_SC_AVPHYS_PAGES), N(_SC_IOV_MAX), N(_SC_SYMLOOP_MAX),
    N(_SC_THREAD_STACK_MIN), N(_SC_HOST_NAME_MAX), N(_SC_LOGIN_NAME_MAX), N(_SC_MONOTONIC_CLOCK), N(_SC_SEM_NSEMS_MAX), N(_SC_THREADS),
    N(_SC_MINSIGSTKSZ), N(_SC_SIGSTKSZ),
};

/* Which functions take descriptors, dir_fd and so on: os.py makes os.supports_* of these. */
static const char *const have[] = {
    "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWNAT", "HAVE_FDOPENDIR", "HAVE_FEXECVE", "HAVE_FSTATAT",
    "HAVE_FSTATVFS", "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_LINKAT", "HAVE_LSTAT", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_OPENAT",
    "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT",
};

int64_t
posix_sysconf(Value module, Value name)
{
    int64_t number = -1;
    if (is_int(name)) {
        number = object_as_int(name);
        if (number == -1 && exc_pending()) {
            return -1;
        }
    } else if (is_str(name)) {
        Own names = NO_VALUE, v = NO_VALUE;
        if (dict_lookup_cstr(module_dict(module), "sysconf_names", &names) > 0 && dict_lookup(names, name, &v) > 0) {
            number = small_int_value(v);
        }
        drop_opt(names);
        if (!v) {
            return raise_int(&exc_ValueError, "unrecognized configuration name");
        }
    } else {
        return raise_int(&exc_TypeError, "configuration names must be strings or integers");
    }
    errno = 0;
    long value = sysconf((int)number);
    if (value == -1 && errno) {
        posix_status(-1);
    }
    return value;
}

int
posix_add_constants(Value m)
{
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (module_add_int(m, numbers[i].name, numbers[i].value) < 0) {
            return -1;
        }
    }
    Own names = dict_new();
    for (size_t i = 0; i < ARRAY_LEN(sysconf_numbers) && names; i++) {
        if (dict_set_cstr(names, sysconf_numbers[i].name + 1, small_int(sysconf_numbers[i].value)) < 0) {
            ref_clear(&names);
        }
    }
    Own list = list_new(0);
    for (size_t i = 0; i < ARRAY_LEN(have) && list; i++) {
        if (list_append_own(list, str_from_cstr(have[i])) < 0) {
            ref_clear(&list);
        }
    }
    return module_add(m, "sysconf_names", names) < 0 || module_add(m, "_have_functions", list) < 0 ? -1 : 0;
}
