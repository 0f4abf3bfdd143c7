/* The functions of sys, and how C code reaches the module. Threads: the module's dict guards itself; settings are atomics of those who use them. */
#include "module/sys/sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "heap/gc.h"
#include "heap/spread.h"
#include "heap/world.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/namespace.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "object/type.h"
#include "object/type/type_priv.h"
#include "sys_priv.h"
#include "vm/frameobject.h"
#include "vm/stack.h"

#include "sys.spec.h"

Own sys_module;
_Atomic bool sys_finalizing;
RunConfig run_config;
static Type *asyncgen_hooks_type; /* immutable after start-up */

Own
sys_get(const char *name)
{
    Own v = NO_VALUE;
    if (sys_module && dict_lookup_cstr(module_dict(sys_module), name, &v) < 0) {
        exc_clear();
    }
    return v;
}

int
sys_set(const char *name, Value v)
{
    return dict_set_cstr(module_dict(sys_module), name, v);
}

Own
sys_simple_namespace_type(void)
{
    return own(VALUE(&namespace_type));
}

/* -- the program -- */

Own
sys_exit(Value module UNUSED, Value status)
{
    Value args[] = {status};
    Own exc = is_tuple(status) ? call_tuple(VALUE(&exc_SystemExit), status, NO_VALUE)
                               : object_call(VALUE(&exc_SystemExit), args, status != NONE, NO_VALUE);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

int64_t
sys_getrecursionlimit(Value module UNUSED)
{
    return atomic_load(&recursion_limit);
}

int
sys_setrecursionlimit(Value module UNUSED, int limit)
{
    if (limit < 1) {
        return raise_int(&exc_ValueError, "recursion limit must be greater or equal than 1");
    }
    int depth = thread_self()->depth;
    if (depth >= limit) {
        return raise_int(&exc_RecursionError, "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", limit, depth);
    }
    atomic_store(&recursion_limit, limit);
    return 0;
}

int64_t
sys__get_cpu_count_config(Value module UNUSED)
{
    return run_config.cpu_count;
}

int
sys_is_finalizing(Value module UNUSED)
{
    return atomic_load(&sys_finalizing);
}

/* -- objects -- */

Own
sys_getsizeof(Value module UNUSED, Value object, Value otherwise)
{
    Own method, size = NO_VALUE;
    int found = object_lookup_special(object, NAME(__sizeof__), &method);
    if (found > 0) {
        size = call0(method);
        drop(method);
    } else if (found == 0) {
        raise_fmt(&exc_TypeError, "Type %T doesn't define __sizeof__", object);
    }
    int64_t n;
    if (size && (!is_int(size) || !int_as_i64(size, &n))) {
        raise_fmt(&exc_TypeError, "an integer is required");
        ref_clear(&size);
    } else if (size && n < 0) {
        raise_msg(&exc_ValueError, "__sizeof__() should return >= 0");
        ref_clear(&size);
    }
    if (!size && otherwise && exc_swallow(&exc_TypeError)) {
        return own(otherwise);
    }
    return size;
}

Own
sys_getrefcount(Value module UNUSED, Value object)
{
    if (!is_object(object) || (obj_flags(obj(object)) & OBJ_IMMORTAL)) {
        return int_from_u64(UINT32_MAX);
    }
    return int_from_i64(object_count(obj(object)));
}

Own
sys_intern(Value module UNUSED, Value string)
{
    if (!IS_EXACT(string, STR)) {
        return raise_fmt(&exc_TypeError, "can't intern %T", string);
    }
    return str_intern(own(string));
}

int
sys__is_interned(Value module UNUSED, Value string)
{
    return (atomic_load(&as_str(string)->interned) & STR_INTERNED) != 0;
}

int
sys__is_immortal(Value module UNUSED, Value op)
{
    return !is_object(op) || (obj_flags(obj(op)) & OBJ_IMMORTAL);
}

int64_t
sys_getallocatedblocks(Value module UNUSED)
{
    return gc_count(0) + gc_count(1);
}

int64_t
sys_getunicodeinternedsize(Value module UNUSED, bool only_immortal UNUSED)
{
    return str_interned_count();
}

int
sys__debugmallocstats(Value module UNUSED)
{
    heap_print_stats(stderr);
    return 0;
}

int
sys__clear_type_cache(Value module UNUSED)
{
    return 0; /* entries are always current: there is nothing stale to forget */
}

int
sys__clear_internal_caches(Value module UNUSED)
{
    caches_flush();
    return 0;
}

Own
sys__baserepl(Value module UNUSED)
{
    Own console = object_hooks.import_module("_weft_console");
    Own done = console ? call_method0(console, "main") : NO_VALUE;
    drop_opt(console);
    return done;
}

/* Of a class that another one replaces, as dataclasses does for slots. */
int
sys__clear_type_descriptors(Value module UNUSED, Value type)
{
    Type *t = (Type *)obj(type);
    if (!(type_flags(t) & TYPE_HEAP) || (type_flags(t) & TYPE_IMMUTABLE)) {
        return raise_int(&exc_TypeError, "argument is immutable");
    }
    return type_clear_descriptors(t);
}

int64_t
sys_get_int_max_str_digits(Value module UNUSED)
{
    return atomic_load(&int_max_str_digits);
}

int
sys_set_int_max_str_digits(Value module UNUSED, int maxdigits)
{
    if (maxdigits != 0 && maxdigits < 640) {
        return raise_int(&exc_ValueError, "maxdigits must be >= 640 or 0 for unlimited");
    }
    atomic_store(&int_max_str_digits, maxdigits);
    return 0;
}

/* -- encodings -- */

Own
sys_getdefaultencoding(Value module UNUSED)
{
    return str_from_cstr("utf-8");
}

Own
sys_getfilesystemencoding(Value module UNUSED)
{
    return str_from_cstr("utf-8");
}

Own
sys_getfilesystemencodeerrors(Value module UNUSED)
{
    return str_from_cstr("surrogateescape");
}

/* -- the GIL -- */

int
sys__is_gil_enabled(Value module UNUSED)
{
    return atomic_load(&gil_enabled);
}

int
sys__is_gil_disabled(Value module UNUSED)
{
    return !atomic_load(&gil_enabled);
}

int
sys_setswitchinterval(Value module UNUSED, double interval)
{
    if (!(interval > 0)) {
        return raise_int(&exc_ValueError, "switch interval must be strictly positive");
    }
    double ns = interval * 1e9;
    atomic_store(&gil_switch_interval_ns, ns > 1e18 ? (uint64_t)1e18 : ns < 1 ? 1 : (uint64_t)ns);
    return 0;
}

double
sys_getswitchinterval(Value module UNUSED)
{
    return (double)atomic_load(&gil_switch_interval_ns) / 1e9;
}

/* -- frames and exceptions -- */

Own
sys__getframe(Value module UNUSED, int depth)
{
    Own frame = object_hooks.caller_frame(depth < 0 ? 0 : depth);
    if (!frame && !exc_pending()) {
        return raise_msg(&exc_ValueError, "call stack is not deep enough");
    }
    if (frame && audit_wanted() && audit_event("sys._getframe", "O", (Value)frame) < 0) {
        ref_clear(&frame);
    }
    return frame;
}

Own
sys__getframemodulename(Value module UNUSED, int depth)
{
    if (audit_wanted() && audit_event("sys._getframemodulename", "i", depth) < 0) {
        return NO_VALUE;
    }
    Own frame = object_hooks.caller_frame(depth < 0 ? 0 : depth);
    if (!frame) {
        return exc_pending() ? NO_VALUE : NONE;
    }
    Own globals = object_getattr_cstr(frame, "f_globals"), name = NO_VALUE;
    int found = globals ? dict_lookup(globals, NAME(__name__), &name) : -1;
    drop(frame);
    drop_opt(globals);
    return found < 0 ? NO_VALUE : found ? name : NONE;
}

Own
sys_exception(Value module UNUSED)
{
    Value exc = exc_handled();
    return exc ? own(exc) : NONE;
}

Own
sys_exc_info(Value module UNUSED)
{
    Value exc = exc_handled();
    if (!exc) {
        return tuple_pack(3, (Value)NONE, (Value)NONE, (Value)NONE);
    }
    Own held = own(exc), traceback = object_getattr_cstr(held, "__traceback__");
    Own result = traceback ? tuple_pack(3, VALUE(type_of(held)), (Value)held, (Value)traceback) : NO_VALUE;
    drop(held);
    drop_opt(traceback);
    return result;
}

/* A dict of what `of` gives for each thread, taken with the world stopped. */
static Own
each_thread(Own (*of)(Thread *t))
{
    enum { MOST = 1024 };
    Own *values = mem_alloc(MOST * sizeof *values), result = NO_VALUE;
    uint64_t *idents = values ? mem_alloc(MOST * sizeof *idents) : NULL;
    int n = 0;
    if (idents) {
        world_stop();
        for (Thread *t = threads_first; t && n < MOST; t = t->next) {
            Own v = of(t);
            if (v) {
                values[n] = v;
                idents[n++] = t->ident;
            }
        }
        world_start();
        result = dict_new();
        for (int i = 0; i < n; i++) {
            Own key = int_from_u64(idents[i]);
            if (result && (!key || dict_set(result, key, values[i]) < 0)) {
                ref_clear(&result);
            }
            drop_opt(key);
            drop(values[i]);
        }
    }
    mem_free(values);
    mem_free(idents);
    return result;
}

static Own
thread_frame(Thread *t)
{
    return frame_object_of_thread(t);
}

static Own
thread_exception(Thread *t)
{
    for (HandledExc *h = t->handled; h; h = h->prev) {
        if (h->exc) {
            if (t != thread_self()) {
                publish(h->exc);
            }
            return own(h->exc);
        }
    }
    return NONE;
}

Own
sys__current_frames(Value module UNUSED)
{
    if (audit_wanted() && audit_event("sys._current_frames", "") < 0) {
        return NO_VALUE;
    }
    return each_thread(thread_frame);
}

Own
sys__current_exceptions(Value module UNUSED)
{
    if (audit_wanted() && audit_event("sys._current_exceptions", "") < 0) {
        return NO_VALUE;
    }
    return each_thread(thread_exception);
}

/* -- coroutines and asynchronous generators: per thread -- */

int
sys_set_coroutine_origin_tracking_depth(Value module UNUSED, int depth)
{
    if (depth < 0) {
        return raise_int(&exc_ValueError, "depth must be >= 0");
    }
    thread_self()->coroutine_origin_depth = depth;
    return 0;
}

int64_t
sys_get_coroutine_origin_tracking_depth(Value module UNUSED)
{
    return thread_self()->coroutine_origin_depth;
}

/* A hook argument: None clears, a callable is kept. fail: -1 */
static int
set_hook(Own *field, Value v, const char *what)
{
    if (!v) {
        return 0;
    }
    if (v != NONE && !object_is_callable(v)) {
        return raise_int(&exc_TypeError, "callable %s expected, got %T", what, v);
    }
    if (v != NONE && audit_wanted()) {
        char event[64];
        snprintf(event, sizeof event, "sys.set_asyncgen_hook_%s", what);
        if (audit_event(event, "") < 0) {
            return -1;
        }
    }
    Own old = *field;
    *field = v == NONE ? NO_VALUE : own(v);
    drop_opt(old);
    return 0;
}

Own
sys_set_asyncgen_hooks(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"firstiter", "finalizer"};
    static const ArgsSpec spec = {"set_asyncgen_hooks", names, 2, 0, 2, 0, false, false};
    Value slots[2];
    Thread *t = thread_self();
    if (args_parse(&spec, args, nargs, kwnames, slots, NULL) < 0 || set_hook(&t->asyncgen_finalizer, slots[1], "finalizer") < 0 ||
        set_hook(&t->asyncgen_firstiter, slots[0], "firstiter") < 0) {
        return NO_VALUE;
    }
    return NONE;
}

Own
sys_get_asyncgen_hooks(Value module UNUSED)
{
    Thread *t = thread_self();
    Own values[] = {t->asyncgen_firstiter ? own(t->asyncgen_firstiter) : NONE, t->asyncgen_finalizer ? own(t->asyncgen_finalizer) : NONE};
    return structseq_new(asyncgen_hooks_type, values);
}

/* -- auditing -- */

Own
sys_audit(Value self UNUSED, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    if (nargs < 1) {
        return raise_msg(&exc_TypeError, "audit expected at least 1 argument, got 0");
    }
    if (!is_str(args[0])) {
        return raise_fmt(&exc_TypeError, "audit() argument 1 must be str, not %T", args[0]);
    }
    if (!audit_wanted()) {
        return NONE;
    }
    Own rest = tuple_from_array(args + 1, (int64_t)nargs - 1);
    int status = rest ? audit_call(args[0], rest) : -1;
    drop_opt(rest);
    return status < 0 ? NO_VALUE : NONE;
}

int
sys_addaudithook(Value module UNUSED, Value hook)
{
    if (audit_wanted() && audit_event("sys.addaudithook", "") < 0) { /* an earlier hook may refuse by a RuntimeError, silently */
        return exc_swallow(&exc_RuntimeError) ? 0 : -1;
    }
    return audit_add_hook(hook);
}

int
sys_is_remote_debug_enabled(Value module UNUSED)
{
    return !run_config.no_remote_debug;
}

int
sys_is_stack_trampoline_active(Value module UNUSED)
{
    return 0;
}

static const StructSeqField asyncgen_hooks_fields[] = {
    {"firstiter", "called when an async generator is first iterated"},
    {"finalizer", "called when one dies unfinished"},
};
static const StructSeqDef asyncgen_hooks = {"sys.asyncgen_hooks", "The hooks of async generators.", asyncgen_hooks_fields, 2, 2, true};

static int
sys_exec(Value m)
{
    asyncgen_hooks_type = structseq_type(&asyncgen_hooks);
    if (!asyncgen_hooks_type) {
        return -1;
    }
    return sys_add_info(m) < 0 || sys_add_paths(m) < 0 || sys_add_hooks(m) < 0 || sys_add_monitoring(m) < 0 || sys_add_jit(m) < 0 ? -1 : 0;
}

const ModuleDef module_sys = {
    .name = "sys",
    .doc = sys_module_doc,
    .functions = sys_functions,
    .exec = sys_exec,
};
