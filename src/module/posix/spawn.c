/* posix: posix_spawn(), and the waits that tell more than waitpid(). */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "heap/world.h"
#include "object/audit.h"
#include "object/args.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/set.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "path.h"
#include "posix_priv.h"


/* The set of signals in an iterable. fail: -1 */
static int
signals_of(Value iterable, sigset_t *set)
{
    sigemptyset(set);
    Own it = object_iter_all(iterable), item;
    while (it && (item = object_next(it))) {
        int n = object_as_int(item);
        drop(item);
        if (n == -1 && exc_pending()) {
            break;
        }
        if (n < 1 || n > 64) {
            raise_fmt(&exc_ValueError, "signal number %d out of range [1; 64]", n);
            break;
        }
        sigaddset(set, n);
    }
    drop_opt(it);
    return exc_pending() ? -1 : 0;
}

/* A start_program(): everything that posix_spawn() wants. */
typedef struct Spawn {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    Own paths; /* a list: keeps the texts of the actions alive */
} Spawn;

static int
check_error(int error)
{
    if (error) {
        raise_errno(error);
    }
    return error ? -1 : 0;
}

static int
set_scheduler(Spawn *s, Value scheduler, short *flags)
{
    if (!is_tuple(scheduler)) {
        return raise_int(&exc_TypeError, "posix_spawn: scheduler must be a tuple or None");
    }
    if (as_tuple(scheduler)->length != 2) {
        return raise_int(&exc_TypeError, "A scheduler tuple must have two elements");
    }
    struct sched_param param;
    Value policy = tuple_item(scheduler, 0);
    if (policy != NONE) {
        int n = object_as_int(policy);
        if (n == -1 && exc_pending()) {
            return -1;
        }
        *flags |= POSIX_SPAWN_SETSCHEDULER;
        if (check_error(posix_spawnattr_setschedpolicy(&s->attributes, n)) < 0) {
            return -1;
        }
    }
    *flags |= POSIX_SPAWN_SETSCHEDPARAM;
    return posix_sched_param(tuple_item(scheduler, 1), &param) < 0
               ? -1
               : check_error(posix_spawnattr_setschedparam(&s->attributes, &param));
}

static int
set_attributes(Spawn *s, Value setpgroup, bool resetids, bool setsid, Value setsigmask,
               Value setsigdef, Value scheduler)
{
    short flags = (short)((resetids ? POSIX_SPAWN_RESETIDS : 0) | (setsid ? POSIX_SPAWN_SETSID : 0));
    sigset_t set;
    if (setpgroup != NONE) {
        int pgid = object_as_int(setpgroup);
        if ((pgid == -1 && exc_pending()) ||
            check_error(posix_spawnattr_setpgroup(&s->attributes, pgid)) < 0) {
            return -1;
        }
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (setsigmask) {
        if (signals_of(setsigmask, &set) < 0 ||
            check_error(posix_spawnattr_setsigmask(&s->attributes, &set)) < 0) {
            return -1;
        }
        flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (setsigdef) {
        if (signals_of(setsigdef, &set) < 0 ||
            check_error(posix_spawnattr_setsigdefault(&s->attributes, &set)) < 0) {
            return -1;
        }
        flags |= POSIX_SPAWN_SETSIGDEF;
    }
    if (scheduler != NONE && set_scheduler(s, scheduler, &flags) < 0) {
        return -1;
    }
    return check_error(posix_spawnattr_setflags(&s->attributes, flags));
}

enum { ACTION_OPEN, ACTION_CLOSE, ACTION_DUP2, ACTION_CLOSEFROM };

static int
action_int(Value action, int64_t i, int *out)
{
    return args_int("posix_spawn", 0, "file_actions", tuple_item(action, i), out);
}

static int
add_open(Spawn *s, Value action)
{
    int fd, flags, mode;
    Path path;
    if (action_int(action, 1, &fd) < 0 ||
        path_get(&path, "posix_spawn", "path", tuple_item(action, 2), 0) < 0) {
        return -1;
    }
    int status = action_int(action, 3, &flags) < 0 || action_int(action, 4, &mode) < 0 ||
                         list_append(s->paths, path.holder) < 0
                     ? -1
                     : check_error(posix_spawn_file_actions_addopen(&s->actions, fd, path.text,
                                                                    flags, (mode_t)mode));
    path_release(&path);
    return status;
}

static int
add_action(Spawn *s, Value action)
{
    static const struct {
        const char *name;
        int64_t length;
    } kinds[] = {{"A open", 5}, {"A close", 2}, {"A dup2", 3}, {"A closefrom", 2}};
    int kind, a, b;
    if (!is_tuple(action) || as_tuple(action)->length == 0) {
        return raise_int(&exc_TypeError, "Each file_actions element must be a non-empty tuple");
    }
    if (action_int(action, 0, &kind) < 0) {
        return -1;
    }
    if (kind < 0 || kind > ACTION_CLOSEFROM) {
        return raise_int(&exc_TypeError, "Unknown file_actions identifier");
    }
    if (as_tuple(action)->length != kinds[kind].length) {
        return raise_int(&exc_TypeError, "%s file_action tuple must have %zd elements",
                         kinds[kind].name, kinds[kind].length);
    }
    if (kind == ACTION_OPEN) {
        return add_open(s, action);
    }
    if (action_int(action, 1, &a) < 0 || (kind == ACTION_DUP2 && action_int(action, 2, &b) < 0)) {
        return -1;
    }
    return check_error(kind == ACTION_CLOSE  ? posix_spawn_file_actions_addclose(&s->actions, a)
                       : kind == ACTION_DUP2 ? posix_spawn_file_actions_adddup2(&s->actions, a, b)
                                             : posix_spawn_file_actions_addclosefrom_np(&s->actions,
                                                                                        a));
}

static int
add_actions(Spawn *s, Value actions)
{
    Own fast = sequence_fast(actions, "file_actions must be a sequence or None");
    Own tuple = fast ? object_to_tuple(fast) : NO_VALUE;
    drop_opt(fast);
    int status = tuple ? 0 : -1;
    for (int64_t i = 0; status == 0 && i < as_tuple(tuple)->length; i++) {
        status = add_action(s, tuple_item(tuple, i));
    }
    drop_opt(tuple);
    return status;
}

/* Starts it. The process's number; -1 + exception */
static int64_t
spawn_run(Spawn *s, bool search, const Path *path, char **argv, char **env)
{
    pid_t pid;
    detach();
    int error = search ? posix_spawnp(&pid, path->text, &s->actions, &s->attributes, argv, env)
                       : posix_spawn(&pid, path->text, &s->actions, &s->attributes, argv, env);
    attach();
    if (error) {
        errno = error;
        raise_path(path);
    }
    return error ? -1 : pid;
}

static int64_t
spawn(const char *function, bool search, Value path_value, Value argv, Value env,
      Value file_actions, Value setpgroup, bool resetids, bool setsid, Value setsigmask,
      Value setsigdef, Value scheduler)
{
    Path path;
    PathStrings args = {0}, vars = {0};
    Spawn s = {.paths = NO_VALUE};
    int64_t pid = -1;
    if (path_get(&path, function, "path", path_value, 0) < 0) {
        return -1;
    }
    if (!is_list(argv) && !is_tuple(argv)) {
        raise_fmt(&exc_TypeError, "%s: argv must be a tuple or list", function);
    } else if (object_len(argv) < 1) {
        raise_fmt(&exc_ValueError, "%s: argv must not be empty", function);
    } else if (env != NONE && !is_dict(env) && !type_of(env)->slots.getitem) {
        raise_fmt(&exc_TypeError, "%s: environment must be a mapping object or None", function);
    } else if (path_strings_of(&args, argv) == 0) {
        posix_spawnattr_init(&s.attributes);
        posix_spawn_file_actions_init(&s.actions);
        if (args.count == 0 || !args.items[0][0]) { /* none: the list has been emptied meanwhile */
            raise_fmt(&exc_ValueError, "%s: argv first element cannot be empty", function);
        } else if ((s.paths = list_new(0)) &&
                   (env == NONE ? (vars.items = environment_copy()) != NULL : path_strings_of_environment(&vars, env) == 0) &&
                   (!file_actions || file_actions == NONE || add_actions(&s, file_actions) == 0) &&
                   set_attributes(&s, setpgroup, resetids, setsid, setsigmask, setsigdef,
                                  scheduler) == 0) {
            pid = spawn_run(&s, search, &path, args.items, vars.items);
        }
        posix_spawnattr_destroy(&s.attributes);
        posix_spawn_file_actions_destroy(&s.actions);
    }
    path_strings_free(&args);
    path_strings_free(&vars);
    drop_opt(s.paths);
    path_release(&path);
    return pid;
}

int64_t
posix_posix_spawn(Value module UNUSED, Value path, Value argv, Value env, Value file_actions,
                  Value setpgroup, bool resetids, bool setsid, Value setsigmask, Value setsigdef,
                  Value scheduler)
{
    if (audit_wanted() && audit_event("os.posix_spawn", "OOO", path, argv, env) < 0) {
        return -1;
    }
    return spawn("posix_spawn", false, path, argv, env, file_actions, setpgroup, resetids, setsid,
                 setsigmask, setsigdef, scheduler);
}

int64_t
posix_posix_spawnp(Value module UNUSED, Value path, Value argv, Value env, Value file_actions,
                   Value setpgroup, bool resetids, bool setsid, Value setsigmask, Value setsigdef,
                   Value scheduler)
{
    if (audit_wanted() && audit_event("os.posix_spawn", "OOO", path, argv, env) < 0) {
        return -1;
    }
    return spawn("posix_spawnp", true, path, argv, env, file_actions, setpgroup, resetids, setsid,
                 setsigmask, setsigdef, scheduler);
}

/* -- waiting -- */

/* (pid, status, resource.struct_rusage) */
static Own
wait_usage(int pid, int options)
{
    int status = 0, result;
    struct rusage usage = {0};
    SYSCALL(result, wait4(pid, &status, options, &usage));
    if (posix_status(result) < 0) {
        return NO_VALUE;
    }
    Own module = object_hooks.import_module("resource");
    Own used = module ? resource_usage(&usage) : NO_VALUE;
    drop_opt(module);
    if (!used) {
        return NO_VALUE;
    }
    Own values[] = {small_int(result), small_int(status), used};
    return tuple_from_own(values, 3);
}

Own
posix_wait3(Value module UNUSED, int options)
{
    return wait_usage(-1, options);
}

Own
posix_wait4(Value module UNUSED, int pid, int options)
{
    return wait_usage(pid, options);
}

static const StructSeqField waitid_fields[] = {
    {"si_pid", NULL}, {"si_uid", NULL}, {"si_signo", NULL}, {"si_status", NULL}, {"si_code", NULL},
};
static const StructSeqDef waitid_def = {"posix.waitid_result", "What waitid() tells of a child.",
                                        waitid_fields, 5, 5, false};
static Type *waitid_type; /* immutable after the module is made */

Own
posix_waitid(Value module UNUSED, int idtype, int id, int options)
{
    siginfo_t info = {0};
    int result;
    SYSCALL(result, waitid((idtype_t)idtype, (id_t)id, &info, options));
    if (posix_status(result) < 0) {
        return NO_VALUE;
    }
    if (info.si_pid == 0) {
        return NONE;
    }
    Own values[] = {small_int(info.si_pid), small_int(info.si_uid), small_int(info.si_signo),
                    small_int(info.si_status), small_int(info.si_code)};
    return structseq_new(waitid_type, values);
}

/* -- scheduling -- */

static const StructSeqField sched_fields[] = {{"sched_priority", "the scheduling priority"}};
static const StructSeqDef sched_def = {"posix.sched_param", "A scheduling parameter.", sched_fields,
                                       1, 1, false};
static Type *sched_type; /* immutable after the module is made */

int
posix_sched_param(Value v, struct sched_param *param)
{
    if (type_of(v) != sched_type) {
        return raise_int(&exc_TypeError, "must have a sched_param object");
    }
    *param = (struct sched_param){0};
    int64_t n = object_as_int64(tuple_item(v, 0));
    if (n == -1 && exc_pending()) {
        return -1;
    }
    if (n > INT_MAX || n < INT_MIN) {
        return raise_int(&exc_OverflowError, "sched_priority out of range");
    }
    param->sched_priority = (int)n;
    return 0;
}

static int64_t
number_or_error(int64_t n)
{
    return posix_status(n) < 0 ? -1 : n;
}

int64_t
posix_sched_get_priority_max(Value module UNUSED, int policy)
{
    return number_or_error(sched_get_priority_max(policy));
}

int64_t
posix_sched_get_priority_min(Value module UNUSED, int policy)
{
    return number_or_error(sched_get_priority_min(policy));
}

int64_t
posix_sched_getscheduler(Value module UNUSED, int pid)
{
    return number_or_error(sched_getscheduler(pid));
}

Own
posix_sched_getparam(Value module UNUSED, int pid)
{
    struct sched_param param;
    if (posix_status(sched_getparam(pid, &param)) < 0) {
        return NO_VALUE;
    }
    Own value = small_int(param.sched_priority);
    return structseq_new(sched_type, &value);
}

int
posix_sched_setparam(Value module UNUSED, int pid, Value param_value)
{
    struct sched_param param;
    return posix_sched_param(param_value, &param) < 0 ? -1
                                                      : posix_status(sched_setparam(pid, &param));
}

int
posix_sched_setscheduler(Value module UNUSED, int pid, int policy, Value param_value)
{
    struct sched_param param;
    return posix_sched_param(param_value, &param) < 0
               ? -1
               : posix_status(sched_setscheduler(pid, policy, &param)) < 0 ? -1 : 0;
}

double
posix_sched_rr_get_interval(Value module UNUSED, int pid)
{
    struct timespec t;
    return posix_status(sched_rr_get_interval(pid, &t)) < 0
               ? -1.0
               : (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The processors of an iterable as a set of at least `count`. fail: null */
static cpu_set_t *
cpus_of(Value iterable, int *count)
{
    *count = CPU_SETSIZE;
    cpu_set_t *cpus = CPU_ALLOC(*count);
    Own it = object_iter_all(iterable), item;
    if (cpus) {
        CPU_ZERO_S(CPU_ALLOC_SIZE(*count), cpus);
    }
    while (cpus && it && (item = object_next(it))) {
        int64_t n = -1;
        if (!is_int(item)) {
            raise_fmt(&exc_TypeError, "expected an iterator of ints, but iterator yielded %R",
                      VALUE(type_of(item)));
        } else if (!int_as_i64(item, &n) || n > 1 << 24) {
            raise_msg(&exc_OverflowError, "CPU number too large");
        } else if (n < 0) {
            raise_msg(&exc_ValueError, "negative CPU number");
        }
        drop(item);
        if (exc_pending()) {
            break;
        }
        if (n >= *count) {
            int more = (int)n + CPU_SETSIZE;
            cpu_set_t *grown = CPU_ALLOC(more);
            if (!grown) {
                raise_no_memory();
                break;
            }
            CPU_ZERO_S(CPU_ALLOC_SIZE(more), grown);
            memcpy(grown, cpus, CPU_ALLOC_SIZE(*count));
            CPU_FREE(cpus);
            cpus = grown;
            *count = more;
        }
        CPU_SET_S((size_t)n, CPU_ALLOC_SIZE(*count), cpus);
    }
    drop_opt(it);
    if (!cpus && !exc_pending()) {
        raise_no_memory();
    }
    if (cpus && exc_pending()) {
        CPU_FREE(cpus);
        cpus = NULL;
    }
    return cpus;
}

int
posix_sched_setaffinity(Value module UNUSED, int pid, Value mask)
{
    int count;
    cpu_set_t *cpus = cpus_of(mask, &count);
    if (!cpus) {
        return -1;
    }
    int status = posix_status(sched_setaffinity(pid, CPU_ALLOC_SIZE(count), cpus));
    CPU_FREE(cpus);
    return status;
}

/* sched_param(sched_priority): the one field itself, not a sequence of fields. */
static Own
sched_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"sched_priority"};
    static const ArgsSpec spec = {"sched_param", names, 1, 0, 1, 1, false, false};
    Value priority;
    if (nargs == 2 && is_tuple(args[0]) && is_dict(args[1]) && as_tuple(args[0])->length == 1) {
        nargs = 1; /* as __reduce__ of tuples with names has it */
        args = (Value const *)as_tuple(args[0])->items;
    }
    if (args_parse(&spec, args, nargs, kwnames, &priority, 0) < 0) {
        return NO_VALUE;
    }
    Own value = own(priority);
    return structseq_new(type, &value);
}

int
posix_add_spawn(Value m)
{
    waitid_type = structseq_type(&waitid_def);
    sched_type = structseq_type(&sched_def);
    if (sched_type) {
        sched_type->slots.create = sched_create;
    }
    return !waitid_type || !sched_type || module_add(m, "waitid_result", OWN(waitid_type)) < 0 ||
                   module_add(m, "sched_param", OWN(sched_type)) < 0
               ? -1
               : 0;
}
