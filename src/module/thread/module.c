/* The module _thread. */
#include <pthread.h>
#include <signal.h>

#include "object/bytes.h"
#include "object/audit.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "object/type.h"
#include "thread_priv.h"

#include "_thread.spec.h"

Own thread_handle_of(uint64_t ident);

#define NAME_BYTES 15 /* of a thread: the kernel's limit */

static Type *excepthook_args_type; /* set when the module is made, immutable after */

static Own
start_plain(Value function, Value args, Value kwargs)
{
    uint64_t ident;
    if (!object_is_callable(function)) {
        return raise_msg(&exc_TypeError, "first arg must be callable");
    }
    if (!is_tuple(args)) {
        return raise_msg(&exc_TypeError, "2nd arg must be a tuple");
    }
    if (kwargs && !is_dict(kwargs)) {
        return raise_msg(&exc_TypeError, "optional 3rd arg must be a dictionary");
    }
    if (audit_wanted() && audit_event("_thread.start_new_thread", "OOO", function, args, kwargs) < 0) {
        return NO_VALUE;
    }
    return thread_start(function, args, kwargs, NO_VALUE, true, &ident) < 0 ? NO_VALUE : int_from_u64(ident);
}

Own
thread_start_new_thread(Value module UNUSED, Value function, Value args, Value kwargs)
{
    return start_plain(function, args, kwargs);
}

Own
thread_start_new(Value module UNUSED, Value function, Value args, Value kwargs)
{
    return start_plain(function, args, kwargs);
}

Own
thread_start_joinable_thread(Value module UNUSED, Value function, Value handle, bool daemon)
{
    uint64_t ident;
    if (!object_is_callable(function)) {
        return raise_msg(&exc_TypeError, "thread function must be callable");
    }
    if (handle != NONE && type_of(handle) != &thread_handle_type) {
        return raise_msg(&exc_TypeError, "'handle' must be a _ThreadHandle");
    }
    if (audit_wanted() && audit_event("_thread.start_joinable_thread", "OiO", function, (int)daemon, handle) < 0) {
        return NO_VALUE;
    }
    Own h = handle == NONE ? call0(VALUE(&thread_handle_type)) : own(handle);
    if (h && thread_start(function, tuple_empty, NO_VALUE, h, daemon, &ident) < 0) {
        drop(h);
        return NO_VALUE;
    }
    return h;
}

int
thread_daemon_threads_allowed(Value module UNUSED)
{
    return 1;
}

Own
thread_allocate_lock(Value module UNUSED)
{
    return call0(VALUE(&thread_lock_type));
}

Own
thread_allocate(Value module UNUSED)
{
    return call0(VALUE(&thread_lock_type));
}

Own
thread_get_ident(Value module UNUSED)
{
    return int_from_u64(thread_self()->ident);
}

Own
thread_get_native_id(Value module UNUSED)
{
    return int_from_u64(thread_self()->os_id);
}

Own
thread__count(Value module UNUSED)
{
    return int_from_i64(atomic_load(&threads_count) - 1);
}

Own
thread_stack_size(Value module UNUSED, int64_t size)
{
    if (size < 0) {
        return raise_msg(&exc_ValueError, "size must be 0 or a positive value");
    }
    if (size && size < 32768) {
        return raise_fmt(&exc_ValueError, "size not valid: %zd bytes", size);
    }
    return int_from_i64(atomic_exchange(&thread_stack_bytes, size));
}

Own
thread_exit(Value module UNUSED)
{
    Own exc = call0(VALUE(&exc_SystemExit));
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

Own
thread_exit_thread(Value module)
{
    return thread_exit(module);
}

int
thread_interrupt_main(Value module UNUSED, int signum)
{
    if (signum <= 0 || signum >= NSIG) {
        return raise_int(&exc_ValueError, "signal number out of range");
    }
    object_hooks.signal_arrived(signum);
    /* on the main thread the handler runs before the call returns */
    return thread_self()->is_main ? safepoint(thread_self()) : 0;
}

int
thread__is_main_interpreter(Value module UNUSED)
{
    return 1;
}

int
thread__shutdown(Value module UNUSED)
{
    return thread_handles_join_all();
}

Own
thread__make_thread_handle(Value module UNUSED, Value ident)
{
    if (!is_int(ident)) {
        return raise_msg(&exc_TypeError, "thread ident must be an integer");
    }
    uint64_t id = object_as_uint64_mask(ident);
    return thread_handle_of(id);
}

Own
thread__get_main_thread_ident(Value module UNUSED)
{
    uint64_t ident = 0;
    mutex_lock(&threads_lock);
    for (Thread *t = threads_first; t; t = t->next) {
        if (t->is_main) {
            ident = t->ident;
        }
    }
    mutex_unlock(&threads_lock);
    return int_from_u64(ident);
}

int
thread_set_name(Value module UNUSED, Value name)
{
    char short_name[NAME_BYTES + 1] = {0};
    Own encoded = codec_encode(name, "utf-8", "replace");
    if (!encoded) {
        return -1;
    }
    size_t n = (size_t)as_bytes(encoded)->length;
    memcpy(short_name, as_bytes(encoded)->data, n < NAME_BYTES ? n : NAME_BYTES);
    drop(encoded);
    int error = pthread_setname_np(pthread_self(), short_name);
    if (error) {
        raise_errno(error);
        return -1;
    }
    return 0;
}

Own
thread__get_name(Value module UNUSED)
{
    char name[NAME_BYTES + 1] = {0};
    int error = pthread_getname_np(pthread_self(), name, sizeof name);
    if (error) {
        return raise_errno(error);
    }
    Own bytes = bytes_new(name, strlen(name));
    Own text = bytes ? codec_decode(bytes, "utf-8", "surrogateescape") : NO_VALUE;
    drop_opt(bytes);
    return text;
}

/* Writes the thread's name and the traceback to sys.stderr, as threading.excepthook does. */
static int
show_uncaught(Value exc_type, Value exc, Value traceback, Value thread)
{
    Own name = NO_VALUE, file = object_hooks.sys_get("stderr"), printer = NO_VALUE, done = NO_VALUE;
    if (!file || file == NONE) {
        drop_opt(file);
        if (thread == NONE || !(file = object_getattr_cstr(thread, "_stderr")) || file == NONE) {
            exc_clear();
            drop_opt(file);
            return 0;
        }
    }
    if (thread != NONE) {
        name = object_getattr_cstr(thread, "name");
        exc_clear();
    }
    Own shown = name ? object_str(name) : str_fmt("%zu", (size_t)thread_self()->ident);
    Own line = shown ? str_fmt("Exception in thread %U:\n", (Value)shown) : NO_VALUE;
    Own written = line ? call_method1(file, "write", line) : NO_VALUE;
    Own module = written ? object_hooks.import_module("traceback") : NO_VALUE;
    printer = module ? object_getattr_cstr(module, "print_exception") : NO_VALUE;
    if (printer) {
        Value args[] = {exc_type, exc, traceback, NONE, file};
        Own names = tuple_pack(1, NAME(file));
        done = names ? object_call(printer, (Value[]){args[0], args[1], args[2], args[4]}, 3, names) : NO_VALUE;
        drop_opt(names);
    }
    Own flushed = done ? call_method0(file, "flush") : NO_VALUE;
    int status = flushed ? 0 : -1;
    Own all[] = {name, file, printer, done, shown, line, written, module, flushed};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return status;
}

Own
thread__excepthook(Value module UNUSED, Value args)
{
    if (type_of(args) != excepthook_args_type) {
        return raise_msg(&exc_TypeError, "_thread._excepthook argument type must be ExceptHookArgs");
    }
    Own const *items = as_tuple(args)->items;
    if (items[0] == VALUE(&exc_SystemExit)) {
        return NONE;
    }
    return show_uncaught(items[0], items[1], items[2], items[3]) < 0 ? NO_VALUE : NONE;
}

static const StructSeqField excepthook_fields[] = {
    {"exc_type", "Exception type"},
    {"exc_value", "Exception value"},
    {"exc_traceback", "Exception traceback"},
    {"thread", "Thread"},
};
static const StructSeqDef excepthook_args = {"_thread._ExceptHookArgs", "What threading.excepthook is called with.", excepthook_fields, 4, 4, false};

/* threading.AtomicInteger and AtomicReference: kept in the module once asked for. */
static Own
threading_extension(Value module, Value name)
{
    static Type *const types[] = {&thread_atomic_integer_type, &thread_atomic_reference_type};
    Own module_name = NO_VALUE;
    if (dict_lookup_cstr(module_dict(module), "__name__", &module_name) <= 0) {
        exc_clear();
        return NO_VALUE;
    }
    bool ours = is_str(module_name) && str_equals_cstr(module_name, "threading");
    drop(module_name);
    for (size_t i = 0; ours && i < ARRAY_LEN(types); i++) {
        if (str_equals_cstr(name, strchr(types[i]->name, '.') + 1)) {
            if (dict_set(module_dict(module), name, VALUE(types[i])) < 0) {
                exc_clear();
            }
            return own(VALUE(types[i]));
        }
    }
    return NO_VALUE;
}

static int
thread_exec(Value m)
{
    object_hooks.module_extension = threading_extension;
    static Type *const types[] = {&thread_lock_type, &thread_rlock_type, &thread_local_type, &thread_handle_type,
                                  &thread_atomic_integer_type, &thread_atomic_reference_type};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (module_add_type(m, types[i]) < 0) {
            return -1;
        }
    }
    excepthook_args_type = structseq_type(&excepthook_args);
    if (!excepthook_args_type || module_add(m, "_ExceptHookArgs", OWN(excepthook_args_type)) < 0) {
        return -1;
    }
    return module_add(m, "LockType", own(VALUE(&thread_lock_type))) < 0 ||
                   module_add(m, "error", own(VALUE(&exc_RuntimeError))) < 0 ||
                   module_add_int(m, "_NAME_MAXLEN", NAME_BYTES) < 0 ||
                   module_add(m, "TIMEOUT_MAX", float_new(9223372036.0)) < 0
               ? -1
               : 0;
}

const ModuleDef module__thread = {
    .name = "_thread",
    .doc = thread_module_doc,
    .functions = thread_functions,
    .exec = thread_exec,
};
