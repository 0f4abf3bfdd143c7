/* sys.settrace, setprofile and their like, and what CPython has that a build may be without. */
#include <dlfcn.h>
#include <errno.h>
#include <unistd.h>

#include "module/_remote_debugging/script.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "sys_priv.h"
#include "vm/trace.h"

static int
audit(const char *name)
{
    Own event = str_from_cstr(name);
    Value args[] = {event};
    Own done = event ? sys_audit(NO_VALUE, args, 1, NO_VALUE) : NO_VALUE;
    drop_opt(event);
    return done ? 0 : -1;
}

int
sys_settrace(Value module UNUSED, Value function)
{
    if (audit("sys.settrace") < 0) {
        return -1;
    }
    trace_set(function == NONE ? NO_VALUE : function);
    return 0;
}

Own
sys_gettrace(Value module UNUSED)
{
    Value f = thread_self()->trace_fn;
    return f ? own(f) : NONE;
}

int
sys__settraceallthreads(Value module UNUSED, Value arg)
{
    if (audit("sys._settraceallthreads") < 0) {
        return -1;
    }
    trace_set_all_threads(arg == NONE ? NO_VALUE : arg, false);
    return 0;
}

int
sys_setprofile(Value module UNUSED, Value function)
{
    if (audit("sys.setprofile") < 0) {
        return -1;
    }
    trace_set_profile(function == NONE ? NO_VALUE : function);
    return 0;
}

Own
sys_getprofile(Value module UNUSED)
{
    Value f = thread_self()->profile_fn;
    return f ? own(f) : NONE;
}

int
sys__setprofileallthreads(Value module UNUSED, Value arg)
{
    if (audit("sys._setprofileallthreads") < 0) {
        return -1;
    }
    trace_set_all_threads(arg == NONE ? NO_VALUE : arg, true);
    return 0;
}

Own
sys_call_tracing(Value module UNUSED, Value func, Value args)
{
    return trace_call(func, args);
}

/* -- what Weft is without -- */

int
sys_activate_stack_trampoline(Value module UNUSED, Value backend)
{
    if (!is_str(backend) || !(str_equals_cstr(backend, "perf") || str_equals_cstr(backend, "perf_jit"))) {
        return is_str(backend) ? raise_int(&exc_ValueError, "invalid backend: %U", backend)
                               : raise_int(&exc_TypeError, "activate_stack_trampoline() argument must be str, not %T", backend);
    }
    return raise_int(&exc_ValueError, "perf trampoline not available");
}

int
sys_deactivate_stack_trampoline(Value module UNUSED)
{
    return 0;
}

int
sys_remote_exec(Value module UNUSED, int pid, Value script)
{
    Path path;
    if (path_convert(&path, script) < 0) {
        return -1;
    }
    int status = audit_wanted() ? audit_event("sys.remote_exec", "iO", pid, script) : 0;
    if (status == 0 && access(path.text, R_OK) < 0) {
        status = errno == ENOENT ? raise_int(&exc_FileNotFoundError, "Script file does not exist")
                                 : raise_path_int(&path);
    }
    if (status == 0) {
        status = remote_script_leave(pid, path.text);
    }
    path_release(&path);
    return status;
}

/* -- loading extension modules -- */

static _Atomic int dlopen_flags = RTLD_NOW;

int64_t
sys_getdlopenflags(Value module UNUSED)
{
    return atomic_load(&dlopen_flags);
}

int
sys_setdlopenflags(Value module UNUSED, int flags)
{
    atomic_store(&dlopen_flags, flags);
    return 0;
}
