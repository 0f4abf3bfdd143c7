/* The module resource. The type is immutable after the module is made; there is no other state. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/structseq.h"
#include "object/tuple.h"

#include "resource.spec.h"

static const StructSeqField usage_fields[] = {
    {"ru_utime", "user time used"},
    {"ru_stime", "system time used"},
    {"ru_maxrss", "max. resident set size"},
    {"ru_ixrss", "shared memory size"},
    {"ru_idrss", "unshared data size"},
    {"ru_isrss", "unshared stack size"},
    {"ru_minflt", "page faults not requiring I/O"},
    {"ru_majflt", "page faults requiring I/O"},
    {"ru_nswap", "number of swap outs"},
    {"ru_inblock", "block input operations"},
    {"ru_oublock", "block output operations"},
    {"ru_msgsnd", "IPC messages sent"},
    {"ru_msgrcv", "IPC messages received"},
    {"ru_nsignals", "signals received"},
    {"ru_nvcsw", "voluntary context switches"},
    {"ru_nivcsw", "involuntary context switches"},
};
static const StructSeqDef usage_def = {"resource.struct_rusage", "What a process has used.",
                                       usage_fields, 16, 16, false};
static Type *usage_type;

static double
seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

Own
resource_usage(const struct rusage *r)
{
    if (!usage_type && !(usage_type = structseq_type(&usage_def))) {
        return NO_VALUE;
    }
    Own values[] = {float_new(seconds(r->ru_utime)), float_new(seconds(r->ru_stime)),
                    small_int(r->ru_maxrss),         small_int(r->ru_ixrss),
                    small_int(r->ru_idrss),          small_int(r->ru_isrss),
                    small_int(r->ru_minflt),         small_int(r->ru_majflt),
                    small_int(r->ru_nswap),          small_int(r->ru_inblock),
                    small_int(r->ru_oublock),        small_int(r->ru_msgsnd),
                    small_int(r->ru_msgrcv),         small_int(r->ru_nsignals),
                    small_int(r->ru_nvcsw),          small_int(r->ru_nivcsw)};
    return structseq_new(usage_type, values);
}

Own
resource_getrusage(Value module UNUSED, int who)
{
    struct rusage r;
    if (getrusage(who, &r) < 0) {
        return errno == EINVAL ? raise_msg(&exc_ValueError, "invalid who parameter")
                               : raise_errno(errno);
    }
    return resource_usage(&r);
}

/* RLIM_INFINITY is -1 to Python. */
static Own
limit_value(rlim_t limit)
{
    return limit == RLIM_INFINITY ? small_int(-1) : int_from_u64(limit);
}

static Own
limits_pair(const struct rlimit *limits)
{
    Own pair[] = {limit_value(limits->rlim_cur), limit_value(limits->rlim_max)};
    return tuple_from_own(pair, 2);
}

static int
limit_from_value(Value v, rlim_t *limit)
{
    Own i = object_index(v);
    int64_t n;
    if (!i) {
        return -1;
    }
    int status = 0;
    if (int_as_i64(i, &n) && n == -1) {
        *limit = RLIM_INFINITY;
    } else if (int_sign(i) < 0) {
        status = raise_int(&exc_ValueError, "Cannot convert negative int");
    } else if (int_bit_length(i) > 64) {
        status = raise_int(&exc_OverflowError, "Python int too large to convert to C rlim_t");
    } else {
        *limit = object_as_uint64_mask(i);
    }
    drop(i);
    return status;
}

static int
limits_from_value(Value v, struct rlimit *limits)
{
    Own pair = object_to_tuple(v);
    if (!pair) {
        return -1;
    }
    int status = as_tuple(pair)->length != 2
                     ? raise_int(&exc_ValueError, "expected a tuple of 2 integers")
                 : limit_from_value(tuple_item(pair, 0), &limits->rlim_cur) < 0 ||
                         limit_from_value(tuple_item(pair, 1), &limits->rlim_max) < 0
                     ? -1
                     : 0;
    drop(pair);
    return status;
}

static int
check_resource(int resource)
{
    return resource < 0 || resource >= (int)RLIM_NLIMITS
               ? raise_int(&exc_ValueError, "invalid resource specified")
               : 0;
}

static int
limits_error(void)
{
    if (errno == EINVAL) {
        return raise_int(&exc_ValueError, "current limit exceeds maximum limit");
    }
    if (errno == EPERM) {
        return raise_int(&exc_ValueError, "not allowed to raise maximum limit");
    }
    raise_errno(errno);
    return -1;
}

Own
resource_getrlimit(Value module UNUSED, int resource)
{
    struct rlimit limits;
    if (check_resource(resource) < 0) {
        return NO_VALUE;
    }
    return getrlimit(resource, &limits) < 0 ? raise_errno(errno) : limits_pair(&limits);
}

int
resource_setrlimit(Value module UNUSED, int resource, Value limits_value)
{
    if (audit_wanted() && audit_event("resource.setrlimit", "iO", resource, limits_value) < 0) {
        return -1;
    }
    struct rlimit limits;
    if (check_resource(resource) < 0 || limits_from_value(limits_value, &limits) < 0) {
        return -1;
    }
    return setrlimit(resource, &limits) < 0 ? limits_error() : 0;
}

Own
resource_prlimit(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    int pid, resource;
    struct rlimit limits, old;
    if (args_check_positional("prlimit", nargs, kwnames, 2, 3) < 0 ||
        args_int("prlimit", 1, "pid", args[0], &pid) < 0 ||
        args_int("prlimit", 2, "resource", args[1], &resource) < 0 ||
        check_resource(resource) < 0) {
        return NO_VALUE;
    }
    bool set = nargs > 2 && args[2] != NONE;
    if (set && limits_from_value(args[2], &limits) < 0) {
        return NO_VALUE;
    }
    if (prlimit(pid, (enum __rlimit_resource)resource, set ? &limits : NULL, &old) < 0) {
        if (errno == EINVAL) {
            return raise_msg(&exc_ValueError, "current limit exceeds maximum limit");
        }
        return raise_errno(errno);
    }
    return limits_pair(&old);
}

int64_t
resource_getpagesize(Value module UNUSED)
{
    return sysconf(_SC_PAGESIZE);
}

#define N(name) {#name, name}
static const SystemConstant constants[] = {
    N(RLIMIT_AS), N(RLIMIT_CORE), N(RLIMIT_CPU), N(RLIMIT_DATA), N(RLIMIT_FSIZE), N(RLIMIT_MEMLOCK),
    N(RLIMIT_MSGQUEUE), N(RLIMIT_NICE), N(RLIMIT_NOFILE), N(RLIMIT_NPROC), N(RLIMIT_OFILE),
    N(RLIMIT_RSS), N(RLIMIT_RTPRIO), N(RLIMIT_RTTIME), N(RLIMIT_SIGPENDING), N(RLIMIT_STACK),
    {"RLIM_INFINITY", -1}, N(RUSAGE_CHILDREN), N(RUSAGE_SELF), N(RUSAGE_THREAD), {NULL, 0},
};

static int
resource_exec(Value m)
{
    if (!usage_type) {
        usage_type = structseq_type(&usage_def);
    }
    return !usage_type || module_add(m, "struct_rusage", OWN(usage_type)) < 0 ||
                   module_add(m, "error", own(VALUE(&exc_OSError))) < 0 ||
                   module_add_constants(m, constants) < 0
               ? -1
               : 0;
}

const ModuleDef module_resource = {
    .name = "resource",
    .doc = resource_module_doc,
    .functions = resource_functions,
    .exec = resource_exec,
};
