/* posix: processes, users, the environment. */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/_imp/import_lock.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/structseq.h"
#include "path.h"
#include "module/sys/sys.h"
#include "posix_priv.h"

void thread_handles_after_fork(void);
void signals_after_fork(void);
extern char **environ;

#define GETTER(name, call)                                                                         \
    int64_t posix_##name(Value module UNUSED)                                                      \
    {                                                                                              \
        return call;                                                                               \
    }
GETTER(getpid, getpid())
GETTER(getppid, getppid())
GETTER(getuid, getuid())
GETTER(geteuid, geteuid())
GETTER(getgid, getgid())
GETTER(getegid, getegid())
GETTER(getpgrp, getpgrp())

static int64_t
number_status(int64_t result)
{
    return posix_status(result) < 0 ? -1 : result;
}

int64_t
posix_getpgid(Value module UNUSED, int pid)
{
    return number_status(getpgid(pid));
}

int64_t
posix_getsid(Value module UNUSED, int pid)
{
    return number_status(getsid(pid));
}

int
posix_setpgid(Value module UNUSED, int pid, int pgrp)
{
    return posix_status(setpgid(pid, pgrp));
}

int
posix_setsid(Value module UNUSED)
{
    return posix_status(setsid()) < 0 ? -1 : 0;
}

int64_t
posix_nice(Value module UNUSED, int increment)
{
    errno = 0;
    int value = nice(increment);
    if (value == -1 && errno) {
        posix_status(-1);
    }
    return value;
}

Own
posix_getgroups(Value module UNUSED)
{
    gid_t groups[1024];
    int n = getgroups(1024, groups);
    if (posix_status(n) < 0) {
        return NO_VALUE;
    }
    Own list = list_new(n);
    for (int i = 0; i < n && list; i++) {
        if (list_append_own(list, small_int(groups[i])) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

int
posix_sched_yield(Value module UNUSED)
{
    detach();
    sched_yield();
    attach();
    return 0;
}

Own
posix_sched_getaffinity(Value module UNUSED, int pid)
{
    cpu_set_t cpus;
    if (posix_status(sched_getaffinity(pid, sizeof cpus, &cpus)) < 0) {
        return NO_VALUE;
    }
    Own set = set_new();
    for (int i = 0; i < CPU_SETSIZE && set; i++) {
        if (CPU_ISSET(i, &cpus) && set_add(set, small_int(i)) < 0) {
            ref_clear(&set);
        }
    }
    return set;
}

int
posix_kill(Value module UNUSED, int pid, int sig)
{
    if (audit_wanted() && audit_event("os.kill", "ii", pid, sig) < 0) {
        return -1;
    }
    if (posix_status(kill(pid, sig)) < 0) {
        return -1;
    }
    return safepoint(thread_self()); /* a signal to ourselves is handled before this returns */
}

int
posix_killpg(Value module UNUSED, int pgid, int sig)
{
    if (audit_wanted() && audit_event("os.killpg", "ii", pgid, sig) < 0) {
        return -1;
    }
    if (posix_status(killpg(pgid, sig)) < 0) {
        return -1;
    }
    return safepoint(thread_self());
}

int
posix__exit(Value module UNUSED, int status)
{
    _exit(status);
}

int
posix_abort(Value module UNUSED)
{
    abort();
}

/* -- fork -- */

static Own fork_before, fork_child, fork_parent; /* lists; guard: made with the module, lists guard themselves */

static int
keep_hook(Own list, Value hook, const char *name)
{
    if (!hook) {
        return 0;
    }
    if (!object_is_callable(hook)) {
        return raise_int(&exc_TypeError, "'%s' must be callable, not %T", name, hook);
    }
    return list_append(list, hook);
}

int
posix_register_at_fork(Value module UNUSED, Value before, Value after_in_child, Value after_in_parent)
{
    if (!before && !after_in_child && !after_in_parent) {
        return raise_int(&exc_TypeError, "At least one argument is required.");
    }
    return keep_hook(fork_before, before, "before") < 0 || keep_hook(fork_child, after_in_child, "after_in_child") < 0 ||
                   keep_hook(fork_parent, after_in_parent, "after_in_parent") < 0
               ? -1
               : 0;
}

static void
run_hooks(Own list, bool backwards)
{
    int64_t n = list_len(list);
    for (int64_t i = 0; i < n; i++) {
        Own hook = list_get(list, backwards ? n - 1 - i : i);
        Own done = hook ? call0(hook) : NO_VALUE;
        if (!done) {
            exc_write_unraisable("Exception ignored in fork hook", hook);
        }
        drop_opt(done);
        drop_opt(hook);
    }
}

static _Atomic bool forked_with_threads; /* what posix_fork_before saw last */

void
posix_fork_before(void)
{
    run_hooks(fork_before, true);
    import_lock_before_fork();
    atomic_store(&forked_with_threads, atomic_load(&threads_count) > 1);
    world_stop(); /* no other thread is in the middle of anything that the child would find half done */
}

void
posix_fork_after_parent(void)
{
    world_start();
    import_lock_after_fork();
    run_hooks(fork_parent, false);
}

void
posix_fork_after_child(void)
{
    threads_after_fork();
    world_start(); /* the child's copy of the stopped world */
    thread_handles_after_fork();
    signals_after_fork();
    import_lock_after_fork();
    run_hooks(fork_child, false);
}

void
posix_warn_fork(const char *function)
{
    if (atomic_load(&forked_with_threads) &&
        warn_fmt(&exc_DeprecationWarning, 1,
                 "This process (pid=%d) is multi-threaded, use of %s() may lead to deadlocks in the child.",
                 getpid(), function) < 0) {
        exc_write_unraisable(NULL, NO_VALUE);
    }
}

int
posix_check_fork(void)
{
    return atomic_load(&sys_finalizing) ? raise_int(&exc_PythonFinalizationError, "can't fork at interpreter shutdown") : 0;
}

int64_t
posix_fork(Value module UNUSED)
{
    if (audit_wanted() && audit_event("os.fork", "") < 0) {
        return -1;
    }
    if (posix_check_fork() < 0) {
        return -1;
    }
    posix_fork_before();
    int pid = fork();
    int error = errno;
    if (pid == 0) {
        posix_fork_after_child();
    } else {
        posix_fork_after_parent();
        if (pid > 0) {
            posix_warn_fork("fork");
        }
    }
    errno = error;
    return number_status(pid);
}

/* -- other programs -- */

void
path_strings_free(PathStrings *s)
{
    for (int64_t i = 0; i < s->count; i++) {
        path_release(&s->holders[i]);
    }
    mem_free(s->items);
    mem_free(s->holders);
    *s = (PathStrings){0};
}

int
path_strings_of(PathStrings *s, Value sequence)
{
    *s = (PathStrings){0};
    Own tuple = object_to_tuple(sequence);
    if (!tuple) {
        return -1;
    }
    int64_t n = as_tuple(tuple)->length;
    s->items = mem_zalloc((size_t)(n + 1) * sizeof *s->items);
    s->holders = s->items ? mem_zalloc((size_t)(n + 1) * sizeof *s->holders) : NULL;
    int status = s->holders ? 0 : -1;
    for (int64_t i = 0; i < n && status == 0; i++) {
        status = path_convert(&s->holders[i], tuple_item(tuple, i));
        if (status == 0) {
            s->items[i] = (char *)(uintptr_t)s->holders[i].text;
            s->count++;
        }
    }
    drop(tuple);
    if (status < 0) {
        path_strings_free(s);
    }
    return status;
}

/* b"name=value". own: ret new */
static Own
environment_entry(Value key, Value value)
{
    Path k, v;
    Own pair = NO_VALUE;
    if (path_convert(&k, key) < 0) {
        return NO_VALUE;
    }
    if (path_convert(&v, value) == 0) {
        size_t nk = strlen(k.text), nv = strlen(v.text);
        if (nk == 0 || strchr(k.text + 1, '=') || k.text[0] == '=') {
            raise_msg(&exc_ValueError, "illegal environment variable name");
        } else if ((pair = bytes_new(NULL, nk + nv + 1))) {
            memcpy(as_bytes(pair)->data, k.text, nk);
            as_bytes(pair)->data[nk] = '=';
            memcpy(as_bytes(pair)->data + nk + 1, v.text, nv);
        }
        path_release(&v);
    }
    path_release(&k);
    return pair;
}

int
path_strings_of_environment(PathStrings *s, Value mapping)
{
    Own keys = call_method0(mapping, "keys"), values = keys ? call_method0(mapping, "values") : NO_VALUE;
    Own names = values ? object_to_list(keys) : NO_VALUE, texts = names ? object_to_list(values) : NO_VALUE;
    Own list = texts ? list_new(0) : NO_VALUE;
    for (int64_t i = 0; list && i < list_len(names); i++) {
        Own key = list_get(names, i), value = list_get(texts, i);
        Own pair = key && value ? environment_entry(key, value) : NO_VALUE;
        if (!pair || list_append_own(list, pair) < 0) {
            ref_clear(&list);
        }
        drop_opt(key);
        drop_opt(value);
    }
    int status = list ? path_strings_of(s, list) : -1;
    if (!list && !exc_pending()) {
        status = raise_int(&exc_RuntimeError, "dictionary changed size during iteration");
    }
    Own all[] = {keys, values, names, texts, list};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return status;
}

static int
exec_program(const char *function, Value path_value, Value argv, Value env)
{
    Path path;
    PathStrings args = {0}, vars = {0};
    if (!is_list(argv) && !is_tuple(argv)) {
        return raise_int(&exc_TypeError, env ? "execve: argv must be a tuple or list" : "execv() arg 2 must be a tuple or list");
    }
    if (object_len(argv) < 1) {
        return raise_int(&exc_ValueError, env ? "execve: argv must not be empty" : "execv() arg 2 must not be empty");
    }
    if (env && !is_dict(env) && !type_of(env)->slots.getitem) {
        return raise_int(&exc_TypeError, "execve: environment must be a mapping object");
    }
    if (path_get(&path, function, "path", path_value, env ? PATH_FD : 0) < 0) {
        return -1;
    }
    if (path_strings_of(&args, argv) == 0 && (env ? path_strings_of_environment(&vars, env) == 0 : (vars.items = environment_copy()) != NULL)) {
        if (args.count == 0 || !args.items[0][0]) { /* none: the list has been emptied meanwhile */
            raise_fmt(&exc_ValueError, env ? "execve: argv first element cannot be empty" : "execv() arg 2 first element cannot be empty");
        } else {
            if (path.text) {
                execve(path.text, args.items, vars.items);
            } else {
                fexecve(path.fd, args.items, vars.items);
            }
            raise_path(&path); /* here only when it failed */
        }
    }
    path_strings_free(&args);
    path_strings_free(&vars);
    path_release(&path);
    return -1;
}

int
posix_execv(Value module UNUSED, Value path, Value argv)
{
    if (audit_wanted() && audit_event("os.exec", "OOO", path, argv, NONE) < 0) {
        return -1;
    }
    return exec_program("execv", path, argv, NO_VALUE);
}

int
posix_execve(Value module UNUSED, Value path, Value argv, Value env)
{
    if (audit_wanted() && audit_event("os.exec", "OOO", path, argv, env) < 0) {
        return -1;
    }
    return exec_program("execve", path, argv, env);
}

static Own
wait_for(int pid, int options)
{
    int status = 0, result;
    SYSCALL(result, waitpid(pid, &status, options));
    if (posix_status(result) < 0) {
        return NO_VALUE;
    }
    Own pair[] = {small_int(result), small_int(status)};
    return tuple_from_own(pair, 2);
}

Own
posix_waitpid(Value module UNUSED, int pid, int options)
{
    return wait_for(pid, options);
}

Own
posix_wait(Value module UNUSED)
{
    return wait_for(-1, 0);
}

int64_t
posix_waitstatus_to_exitcode(Value module UNUSED, int status)
{
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    if (WIFSIGNALED(status)) {
        return -WTERMSIG(status); /* -1 is SIGHUP: nothing is pending then */
    }
    if (WIFSTOPPED(status)) {
        return raise_int(&exc_ValueError, "process stopped by delivery of signal %d", WSTOPSIG(status));
    }
    return raise_int(&exc_ValueError, "invalid wait status: %d", status);
}

#define WAIT_TEST(name)                                                                            \
    int posix_##name(Value module UNUSED, int status)                                              \
    {                                                                                              \
        return name(status) != 0;                                                                  \
    }
#define WAIT_NUMBER(name)                                                                          \
    int64_t posix_##name(Value module UNUSED, int status)                                          \
    {                                                                                              \
        return name(status);                                                                       \
    }
WAIT_TEST(WIFEXITED)
WAIT_TEST(WIFSIGNALED)
WAIT_TEST(WIFSTOPPED)
WAIT_TEST(WIFCONTINUED)
WAIT_TEST(WCOREDUMP)
WAIT_NUMBER(WEXITSTATUS)
WAIT_NUMBER(WTERMSIG)
WAIT_NUMBER(WSTOPSIG)

Own
posix_system(Value module UNUSED, Value command)
{
    if (audit_wanted() && audit_event("os.system", "O", command) < 0) {
        return NO_VALUE;
    }
    Path path;
    if (path_get(&path, "system", "command", command, 0) < 0) {
        return NO_VALUE;
    }
    detach();
    int status = system(path.text);
    attach();
    path_release(&path);
    return small_int(status);
}

static const StructSeqField times_fields[] = {{"user", "user time"}, {"system", "system time"}, {"children_user", "user time of children"},
                                              {"children_system", "system time of children"}, {"elapsed", "elapsed time since an arbitrary point in the past"}};
static const StructSeqDef times_def = {"posix.times_result", "Processor times of a process.", times_fields, 5, 5, false};
static const StructSeqField uname_fields[] = {{"sysname", "operating system name"}, {"nodename", "name of machine on network (implementation-defined)"},
                                              {"release", "operating system release"}, {"version", "operating system version"},
                                              {"machine", "hardware identifier"}};
static const StructSeqDef uname_def = {"posix.uname_result", "The names of the system.", uname_fields, 5, 5, false};
static Type *times_type, *uname_type; /* immutable after the module is made */

Own
posix_times(Value module UNUSED)
{
    struct tms t;
    clock_t now = times(&t);
    double tick = (double)sysconf(_SC_CLK_TCK);
    Own values[] = {float_new((double)t.tms_utime / tick), float_new((double)t.tms_stime / tick), float_new((double)t.tms_cutime / tick),
                    float_new((double)t.tms_cstime / tick), float_new((double)now / tick)};
    return structseq_new(times_type, values);
}

Own
posix_uname(Value module UNUSED)
{
    struct utsname u;
    if (posix_status(uname(&u)) < 0) {
        return NO_VALUE;
    }
    const char *texts[] = {u.sysname, u.nodename, u.release, u.version, u.machine};
    Own values[5];
    for (int i = 0; i < 5; i++) {
        values[i] = path_text(texts[i], strlen(texts[i]), false);
    }
    return structseq_new(uname_type, values);
}

int
posix_add_process(Value m)
{
    fork_before = list_new(0);
    fork_child = list_new(0);
    fork_parent = list_new(0);
    times_type = structseq_type(&times_def);
    uname_type = structseq_type(&uname_def);
    return !fork_before || !fork_child || !fork_parent || !times_type || !uname_type ||
                   module_add(m, "times_result", OWN(times_type)) < 0 || module_add(m, "uname_result", OWN(uname_type)) < 0
               ? -1
               : 0;
}

static Mutex environment_lock; /* guards what `environ` refers to against other threads of Python */

int
environment_change(const char *name, const char *value)
{
    mutex_lock(&environment_lock);
    int result = value ? setenv(name, value, 1) : unsetenv(name), error = errno;
    mutex_unlock(&environment_lock);
    errno = error;
    return result;
}

char **
environment_copy(void)
{
    size_t n = 0, size = 0;
    mutex_lock(&environment_lock);
    for (; environ && environ[n]; n++) {
        size += strlen(environ[n]) + 1;
    }
    char **copy = mem_try_alloc((n + 1) * sizeof *copy + size), *text = (char *)(copy + n + 1);
    for (size_t i = 0; copy && i < n; i++) {
        size_t length = strlen(environ[i]) + 1;
        copy[i] = memcpy(text, environ[i], length);
        text += length;
    }
    mutex_unlock(&environment_lock);
    if (!copy) {
        raise_no_memory();
        return NULL;
    }
    copy[n] = NULL;
    return copy;
}

/* The environment, a dict of bytes. own: ret new */
Own
posix__create_environ(Value module UNUSED)
{
    char **all = environment_copy();
    Own dict = all ? dict_new() : NO_VALUE;
    for (char **e = all; dict && *e; e++) {
        const char *equals = strchr(*e + (**e == '='), '=');
        if (!equals) {
            continue;
        }
        Own key = bytes_new(*e, (size_t)(equals - *e)), value = bytes_new(equals + 1, strlen(equals + 1));
        bool present;
        Own kept = key && value ? dict_setdefault(dict, key, value, &present) : NO_VALUE;
        drop_opt(key);
        drop_opt(value);
        if (!kept) {
            ref_clear(&dict);
        }
        drop_opt(kept);
    }
    mem_free(all);
    return dict;
}

int
posix_add_environ(Value m)
{
    return module_add(m, "environ", posix__create_environ(m));
}

int
posix_setpgrp(Value module UNUSED)
{
    return posix_status(setpgid(0, 0));
}
