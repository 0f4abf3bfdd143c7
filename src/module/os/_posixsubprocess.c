/* The module _posixsubprocess: fork and exec in one step.
 *
 * All memory is got ready before the fork. The child calls only what is safe in a signal handler: it
 * shares the parent's memory while it runs (vfork), or is a copy of a process whose other threads
 * may have held any lock. Only with preexec_fn does Python run in the child, and then it is forked
 * as os.fork() does it. Without state. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "module/posix/posix_priv.h"
#include "object/bytes.h"
#include "object/audit.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

#include "_posixsubprocess.spec.h"

#define GROUPS_MOST 65536

/* What the child does. */
typedef struct Plan {
    char **argv, **programs, **env; /* null-terminated; env null = the parent's */
    const char *cwd;                /* null = stays */
    const int *keep;                /* descriptors that stay open, ascending */
    int64_t keep_count;
    int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write;
    bool close_fds, restore_signals, call_setsid, set_gid, set_uid, set_groups;
    int pgid, umask;
    gid_t gid;
    uid_t uid;
    const gid_t *groups;
    int64_t groups_count;
    Value preexec_fn; /* NO_VALUE = none */
    const sigset_t *mask; /* to restore; null = not blocked */
} Plan;

/* -- the child -- */

static int
keep_over_exec(int fd)
{
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? -1 : fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
}

static void
close_between(int from, int to)
{
    if (from < to && syscall(SYS_close_range, from, to - 1, 0) != 0) {
        long most = sysconf(_SC_OPEN_MAX);
        for (int fd = from; fd < to && fd < (most > 0 ? most : 65536); fd++) {
            close(fd);
        }
    }
}

static void
close_others(const Plan *p)
{
    int from = 3;
    for (int64_t i = 0; i < p->keep_count; i++) {
        if (p->keep[i] >= from) {
            close_between(from, p->keep[i]);
            from = p->keep[i] + 1;
        }
    }
    close_between(from, INT32_MAX);
}

/* Puts the pipes into the places of the standard streams. */
static int
place_streams(const Plan *p)
{
    for (int64_t i = 0; i < p->keep_count; i++) {
        if (p->keep[i] != p->errpipe_write && keep_over_exec(p->keep[i]) < 0) {
            return -1;
        }
    }
    int parents[] = {p->p2cwrite, p->c2pread, p->errread, p->errpipe_read};
    for (size_t i = 0; i < ARRAY_LEN(parents); i++) {
        if (parents[i] >= 0 && close(parents[i]) < 0) {
            return -1;
        }
    }
    int out = p->c2pwrite, err = p->errwrite;
    if (out == 0 && (out = dup(out)) < 0) {
        return -1;
    }
    while (err == 0 || err == 1) {
        if ((err = dup(err)) < 0) {
            return -1;
        }
    }
    int ends[] = {p->p2cread, out, err};
    for (int fd = 0; fd < 3; fd++) {
        if (ends[fd] >= 0 &&
            (ends[fd] == fd ? keep_over_exec(fd) : dup2(ends[fd], fd)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
take_identity(const Plan *p)
{
    if (p->umask >= 0) {
        umask((mode_t)p->umask);
    }
    if (p->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    if ((p->call_setsid && setsid() < 0) || (p->pgid >= 0 && setpgid(0, p->pgid) < 0)) {
        return -1;
    }
    /* by the system call itself: the library would change the ids of all threads, of the parent too */
    if (p->set_groups && syscall(SYS_setgroups, (size_t)p->groups_count, p->groups) < 0) {
        return -1;
    }
    if (p->set_gid && syscall(SYS_setregid, p->gid, p->gid) < 0) {
        return -1;
    }
    return p->set_uid && syscall(SYS_setreuid, p->uid, p->uid) < 0 ? -1 : 0;
}

static void
report(int fd, const char *exception, int error, const char *message)
{
    char text[128], *at = text;
    for (const char *c = exception; *c; c++) {
        *at++ = *c;
    }
    *at++ = ':';
    if (error >= 0) {
        char digits[16];
        int n = 0;
        do {
            digits[n++] = "0123456789ABCDEF"[error & 15];
            error >>= 4;
        } while (error);
        while (n) {
            *at++ = digits[--n];
        }
    } else {
        *at++ = '0';
    }
    *at++ = ':';
    for (const char *c = message; *c; c++) {
        *at++ = *c;
    }
    (void)!write(fd, text, (size_t)(at - text));
}

/* Handlers of the parent's must not run in the child. */
static void
forget_handlers(void)
{
    for (int i = 1; i < _NSIG; i++) {
        struct sigaction action;
        if (i != SIGKILL && i != SIGSTOP && sigaction(i, NULL, &action) == 0 &&
            action.sa_handler != SIG_IGN && action.sa_handler != SIG_DFL) {
            action.sa_flags = 0;
            action.sa_handler = SIG_DFL;
            sigaction(i, &action, NULL);
        }
    }
}

_Noreturn static void
run_child(const Plan *p)
{
    const char *message = "noexec";
    if (p->mask) {
        forget_handlers();
        sigprocmask(SIG_SETMASK, p->mask, NULL);
    }
    if (place_streams(p) < 0) {
        goto fail;
    }
    if (p->cwd && chdir(p->cwd) < 0) {
        message = "noexec:chdir";
        goto fail;
    }
    if (take_identity(p) < 0) {
        goto fail;
    }
    if (p->preexec_fn) {
        Own done = call0(p->preexec_fn);
        if (!done) {
            report(p->errpipe_write, "SubprocessError", -1, "Exception occurred in preexec_fn.");
            _exit(255);
        }
        drop(done);
    }
    if (p->close_fds) {
        close_others(p);
    }
    message = "";
    int saved = 0;
    for (char **program = p->programs; *program; program++) {
        if (p->env) {
            execve(*program, p->argv, p->env);
        } else {
            execv(*program, p->argv);
        }
        if (errno != ENOENT && errno != ENOTDIR && saved == 0) {
            saved = errno;
        }
    }
    errno = saved ? saved : errno;
fail:
    report(p->errpipe_write, "OSError", errno, message);
    _exit(255);
}

/* In a frame of its own, which the child leaves by exec or _exit. */
static __attribute__((noinline)) pid_t
start_child(Plan *p)
{
    sigset_t all, old;
    if (p->preexec_fn || p->set_uid || p->set_gid || p->set_groups) {
        pid_t pid = fork();
        if (pid == 0) {
            if (p->preexec_fn) {
                posix_fork_after_child();
            }
            run_child(p);
        }
        return pid;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    p->mask = &old;
    pid_t pid = vfork();
    if (pid == 0) {
        run_child(p);
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = error;
    return pid;
}

/* -- the parent -- */

static int
strings_checked(char **items, int64_t i, Value bytes)
{
    items[i] = (char *)as_bytes(bytes)->data;
    return strlen(items[i]) != (size_t)as_bytes(bytes)->length
               ? raise_int(&exc_ValueError, "embedded null byte")
               : 0;
}

/* A null-terminated array of a sequence of bytes; *holder keeps them alive. fail: null */
static char **
byte_strings(Value sequence, Own *holder)
{
    int64_t n = object_len(sequence);
    *holder = n < 0 ? NO_VALUE : object_to_tuple(sequence);
    if (!*holder) {
        return NULL;
    }
    n = as_tuple(*holder)->length;
    char **items = mem_zalloc((size_t)(n + 1) * sizeof *items);
    for (int64_t i = 0; items && i < n; i++) {
        Value item = tuple_item(*holder, i);
        if (!is_bytes(item)) {
            raise_fmt(&exc_TypeError, "expected bytes, %T found", item);
        }
        if (exc_pending() || strings_checked(items, i, item) < 0) {
            mem_free(items);
            return NULL;
        }
    }
    return items;
}

/* The same of paths: str, bytes, path-like. */
static char **
path_strings(Value sequence, Own *holder)
{
    Own fast = sequence_fast(sequence, "argv must be a tuple");
    Own given = fast ? object_to_tuple(fast) : NO_VALUE, list = given ? list_new(0) : NO_VALUE;
    char **items = NULL;
    drop_opt(fast);
    for (int64_t i = 0; list && i < as_tuple(given)->length; i++) {
        Own path = path_fspath(tuple_item(given, i));
        Path p;
        if (!path || path_get(&p, "fork_exec", "argv", path, 0) < 0) {
            if (exc_matches(&exc_ValueError) && !exc_matches(&exc_UnicodeError)) {
                exc_clear();
                raise_msg(&exc_ValueError, "embedded null byte");
            }
            ref_clear(&list);
        } else {
            if (list_append(list, p.holder) < 0) {
                ref_clear(&list);
            }
            path_release(&p);
        }
        drop_opt(path);
    }
    drop_opt(given);
    *holder = NO_VALUE;
    if (list) {
        items = byte_strings(list, holder);
        drop(list);
    }
    return items;
}

/* The descriptors to keep: not negative, ascending. fail: null */
static int *
keep_numbers(Value tuple, int64_t *count)
{
    int64_t last = -1;
    *count = as_tuple(tuple)->length;
    int *fds = mem_alloc((size_t)(*count + 1) * sizeof *fds);
    for (int64_t i = 0; fds && i < *count; i++) {
        int64_t n;
        Value item = tuple_item(tuple, i);
        if (!is_int(item) || !int_as_i64(item, &n) || n <= last || n > INT32_MAX) {
            raise_msg(&exc_ValueError, "bad value(s) in fds_to_keep");
            mem_free(fds);
            return NULL;
        }
        fds[i] = (int)(last = n);
    }
    return fds;
}

/* The groups. fail: null */
static gid_t *
group_numbers(Value list, int64_t *count)
{
    if (!is_list(list)) {
        raise_msg(&exc_TypeError, "setgroups argument must be a list");
        return NULL;
    }
    Own tuple = list_to_tuple(list);
    if (!tuple) {
        return NULL;
    }
    *count = as_tuple(tuple)->length;
    gid_t *groups = NULL;
    if (*count > GROUPS_MOST) {
        raise_msg(&exc_ValueError, "too many extra_groups");
    } else {
        groups = mem_alloc((size_t)(*count + 1) * sizeof *groups);
    }
    for (int64_t i = 0; groups && i < *count; i++) {
        Value item = tuple_item(tuple, i);
        if (!is_int(item)) {
            raise_msg(&exc_TypeError, "extra_groups must be integers");
        } else if (gid_from_value(item, &groups[i]) < 0) {
            exc_clear();
            raise_msg(&exc_ValueError, "invalid group id");
        }
        if (exc_pending()) {
            mem_free(groups);
            groups = NULL;
        }
    }
    drop(tuple);
    return groups;
}

enum { ARGUMENTS = 22 };
enum { ARG_ARGS, ARG_PROGRAMS, ARG_CLOSE, ARG_KEEP, ARG_CWD, ARG_ENV, ARG_FDS, ARG_RESTORE = 14,
       ARG_SETSID, ARG_PGID, ARG_GID, ARG_GROUPS, ARG_UID, ARG_UMASK, ARG_PREEXEC };

/* What the plan points to, to be freed after the fork. */
typedef struct Room {
    Own args, programs, env;
    Path cwd;
    int *keep;
    gid_t *groups;
} Room;

static int
plan_flags(Plan *p, Value const *args)
{
    int *fds[] = {&p->p2cread,  &p->p2cwrite, &p->c2pread,      &p->c2pwrite,
                  &p->errread,  &p->errwrite, &p->errpipe_read, &p->errpipe_write};
    for (int i = 0; i < 8; i++) {
        if (args_int("fork_exec", ARG_FDS + i + 1, "fd", args[ARG_FDS + i], fds[i]) < 0) {
            return -1;
        }
    }
    if (args_bool("fork_exec", 3, "close_fds", args[ARG_CLOSE], &p->close_fds) < 0 ||
        args_bool("fork_exec", 15, "restore", args[ARG_RESTORE], &p->restore_signals) < 0 ||
        args_bool("fork_exec", 16, "setsid", args[ARG_SETSID], &p->call_setsid) < 0 ||
        args_int("fork_exec", 17, "pgid", args[ARG_PGID], &p->pgid) < 0 ||
        args_int("fork_exec", 21, "umask", args[ARG_UMASK], &p->umask) < 0) {
        return -1;
    }
    if (!is_tuple(args[ARG_KEEP])) {
        return raise_int(&exc_TypeError, "fork_exec() argument 4 must be tuple, not %T",
                         args[ARG_KEEP]);
    }
    p->preexec_fn = args[ARG_PREEXEC] == NONE ? NO_VALUE : args[ARG_PREEXEC];
    return p->close_fds && p->errpipe_write < 3
               ? raise_int(&exc_ValueError, "errpipe_write must be >= 3")
               : 0;
}

static int
plan_make(Plan *p, Room *room, Value const *args)
{
    if (plan_flags(p, args) < 0) {
        return -1;
    }
    p->keep = room->keep = keep_numbers(args[ARG_KEEP], &p->keep_count);
    if (!p->keep) {
        return -1;
    }
    if (args[ARG_ARGS] != NONE && !(p->argv = path_strings(args[ARG_ARGS], &room->args))) {
        return -1;
    }
    if (!(p->programs = byte_strings(args[ARG_PROGRAMS], &room->programs)) ||
        (args[ARG_ENV] != NONE && !(p->env = byte_strings(args[ARG_ENV], &room->env)))) {
        return -1;
    }
    if (args[ARG_CWD] != NONE) {
        Own path = path_fspath(args[ARG_CWD]);
        int status = path ? path_get(&room->cwd, "fork_exec", "cwd", path, 0) : -1;
        drop_opt(path);
        if (status < 0) {
            return -1;
        }
        p->cwd = room->cwd.text;
    }
    if (args[ARG_GROUPS] != NONE) {
        p->set_groups = true;
        p->groups = room->groups = group_numbers(args[ARG_GROUPS], &p->groups_count);
        if (!p->groups) {
            return -1;
        }
    }
    p->set_gid = args[ARG_GID] != NONE;
    p->set_uid = args[ARG_UID] != NONE;
    return (p->set_gid && gid_from_value(args[ARG_GID], &p->gid) < 0) ||
                   (p->set_uid && uid_from_value(args[ARG_UID], &p->uid) < 0)
               ? -1
               : 0;
}

Own
posixsubprocess_fork_exec(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("fork_exec", nargs, kwnames, ARGUMENTS, ARGUMENTS) < 0) {
        return NO_VALUE;
    }
    Plan p = {0};
    Room room = {0};
    pid_t pid = -1;
    if (posix_check_fork() == 0 && plan_make(&p, &room, args) == 0 &&
        !(audit_wanted() && audit_event("_posixsubprocess.fork_exec", "OOO", args[ARG_PROGRAMS], args[ARG_ARGS], args[ARG_ENV]) < 0)) {
        if (p.preexec_fn) {
            posix_fork_before();
            pid = start_child(&p);
            int error = errno;
            posix_fork_after_parent();
            errno = error;
        } else {
            detach();
            pid = start_child(&p);
            attach();
        }
        if (pid < 0) {
            raise_errno(errno);
        }
    }
    mem_free(p.argv);
    mem_free(p.programs);
    mem_free(p.env);
    mem_free(room.keep);
    mem_free(room.groups);
    path_release(&room.cwd);
    drop_opt(room.args);
    drop_opt(room.programs);
    drop_opt(room.env);
    return pid < 0 ? NO_VALUE : small_int(pid);
}

const ModuleDef module__posixsubprocess = {
    .name = "_posixsubprocess",
    .doc = posixsubprocess_module_doc,
    .functions = posixsubprocess_functions,
};
