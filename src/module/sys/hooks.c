/* displayhook, excepthook, unraisablehook, breakpointhook, and printing without them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "object/bytes.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/message.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "sys_priv.h"
#include "vm/vm.h"

static Type *unraisable_type; /* immutable after start-up */

/* -- writing -- */

/* Writes a str to a Python file object. fail: -1 */
static int
write_to(Value file, Value text)
{
    Own done = call_method1(file, "write", text);
    drop_opt(done);
    return done ? 0 : -1;
}

static void
write_fd2(Value text)
{
    Own bytes = call_method2(text, "encode", NAME(utf8), NAME(backslashreplace));
    if (!bytes) {
        exc_clear();
        return;
    }
    const Bytes *b = as_bytes(bytes);
    for (int64_t at = 0; at < b->length;) {
        ssize_t n = write(2, b->data + at, (size_t)(b->length - at));
        if (n <= 0) {
            break;
        }
        at += n;
    }
    drop(bytes);
}

static void
write_stderr_str(Value text)
{
    Own file = sys_get("stderr");
    if (!file || file == NONE || write_to(file, text) < 0) {
        exc_clear();
        write_fd2(text);
    }
    drop_opt(file);
}

void
sys_write_stderr(const char *format, ...)
{
    Own pending = exc_take();
    va_list args;
    va_start(args, format);
    Own text = str_vfmt(format, args);
    va_end(args);
    if (text) {
        write_stderr_str(text);
        drop(text);
    } else if (exc_pending() && exc_matches(&exc_MemoryError)) {
        (void)!write(2, "MemoryError\n", 12);
    }
    exc_clear();
    exc_restore(pending);
}

static void
flush_std(const char *name)
{
    Own file = sys_get(name);
    if (file && file != NONE) {
        Own done = call_method0(file, "flush");
        drop_opt(done);
    }
    exc_clear();
    drop_opt(file);
}

/* -- displayhook -- */

Own
sys_displayhook(Value module UNUSED, Value object)
{
    if (object == NONE) {
        return NONE;
    }
    if (object_setattr(vm_builtins_module, NAME(_), NONE) < 0) {
        return NO_VALUE;
    }
    Own file = sys_get("stdout");
    if (!file || file == NONE) {
        drop_opt(file);
        return raise_msg(&exc_RuntimeError, "lost sys.stdout");
    }
    Own text = object_repr(object);
    int status = text ? write_to(file, text) : -1;
    if (status < 0 && text && exc_matches(&exc_UnicodeEncodeError)) { /* the terminal's encoding cannot show it */
        exc_clear();
        Own encoding = object_getattr_cstr(file, "encoding");
        Own bytes = encoding ? call_method2(text, "encode", encoding, NAME(backslashreplace)) : NO_VALUE;
        Own plain = bytes ? call_method1(bytes, "decode", encoding) : NO_VALUE;
        status = plain ? write_to(file, plain) : -1;
        drop_opt(encoding);
        drop_opt(bytes);
        drop_opt(plain);
    }
    Own newline = str_from_cstr("\n");
    if (status == 0) {
        status = newline ? write_to(file, newline) : -1;
    }
    drop_opt(newline);
    drop_opt(text);
    drop(file);
    return status < 0 || object_setattr(vm_builtins_module, NAME(_), object) < 0 ? NO_VALUE : NONE;
}

/* -- excepthook -- */

/* For when the library cannot be used. */
static void
print_plainly(Value exc)
{
    Own text = sys_plain_traceback(exc);
    if (text) {
        write_stderr_str(text);
        drop(text);
    } else {
        sys_write_stderr("%T\n", exc);
    }
}

/* The library's traceback module does the printing, as in CPython. */
static void
print_exception(Value exc)
{
    Own module = object_hooks.import_module("traceback");
    Own printer = module ? object_getattr_cstr(module, "_print_exception_bltin") : NO_VALUE;
    Own done = printer ? call1(printer, exc) : NO_VALUE;
    if (!done) {
        exc_clear();
        print_plainly(exc);
    }
    drop_opt(module);
    drop_opt(printer);
    drop_opt(done);
}

Own
sys_excepthook(Value module UNUSED, Value exctype UNUSED, Value value, Value traceback)
{
    if (!is_exception(value)) {
        sys_write_stderr("TypeError: print_exception(): Exception expected for value, %T found\n", value);
        return NONE;
    }
    if (traceback != NONE && object_setattr_cstr(value, "__traceback__", traceback) < 0) {
        exc_clear();
    }
    print_exception(value);
    flush_std("stderr");
    return NONE;
}

void
sys_print_exception(void)
{
    Own exc = exc_take();
    if (!exc) {
        return;
    }
    Own traceback = object_getattr_cstr(exc, "__traceback__");
    exc_clear();
    flush_std("stdout");
    if (sys_module) {
        (void)!sys_set("last_exc", exc);
        (void)!sys_set("last_type", VALUE(type_of(exc)));
        (void)!sys_set("last_value", exc);
        (void)!sys_set("last_traceback", traceback ? (Value)traceback : (Value)NONE);
    }
    Own hook = sys_get("excepthook");
    exc_clear(); /* without memory for all that */
    if (!hook) {
        sys_write_stderr("sys.excepthook is missing\n");
        print_exception(exc);
    } else {
        Value trace = traceback ? (Value)traceback : (Value)NONE;
        bool refused = audit_wanted() && audit_event("sys.excepthook", "OOOO", hook, VALUE(type_of(exc)), exc, trace) < 0;
        if (refused && !exc_swallow(&exc_RuntimeError)) {
            exc_write_unraisable(NULL, NO_VALUE);
            refused = false;
        }
        if (refused) { /* RuntimeError keeps the hook from being called */
            drop(exc);
            drop_opt(traceback);
            drop(hook);
            return;
        }
        Own done = call3(hook, VALUE(type_of(exc)), exc, trace);
        if (!done) {
            Own failure = exc_take();
            if (failure && is_instance_of(failure, &exc_SystemExit)) { /* a hook may end the program */
                exc_restore(failure);
                drop(exc);
                drop_opt(traceback);
                drop(hook);
                return;
            }
            sys_write_stderr("Error in sys.excepthook:\n");
            print_exception(failure);
            sys_write_stderr("\nOriginal exception was:\n");
            print_exception(exc);
            drop_opt(failure);
        }
        drop_opt(done);
        drop(hook);
    }
    flush_std("stderr");
    drop_opt(traceback);
    drop(exc);
}

/* -- unraisable exceptions -- */

Own
sys_unraisablehook(Value module UNUSED, Value unraisable)
{
    if (type_of(unraisable) != unraisable_type) {
        return raise_fmt(&exc_TypeError, "sys.unraisablehook argument type must be UnraisableHookArgs");
    }
    Own const *items = as_tuple(unraisable)->items;
    if (items[4] != NONE) {
        Own shown = object_repr(items[4]);
        if (!shown) {
            exc_clear();
            sys_write_stderr("%S: <object repr() failed>\n", (Value)(items[3] != NONE ? items[3] : str_empty));
        } else {
            if (items[3] != NONE) {
                sys_write_stderr("%S: %U\n", (Value)items[3], (Value)shown);
            } else {
                sys_write_stderr("Exception ignored in: %U\n", (Value)shown);
            }
            drop(shown);
        }
    } else if (items[3] != NONE) {
        sys_write_stderr("%S:\n", (Value)items[3]);
    }
    if (is_exception(items[1])) {
        print_exception(items[1]);
    } else if (items[1] != NONE) { /* the program makes such arguments of anything */
        bool is_class = is_type(items[0]) && type_is_subtype((const Type *)obj(items[0]), &exc_BaseException);
        sys_write_stderr("%s: %S\n", is_class ? ((const Type *)obj(items[0]))->name : "<unknown><unknown>", (Value)items[1]);
    }
    flush_std("stderr");
    return NONE;
}

static void
show_unraisable(Value exc, Value message, Value where)
{
    Own traceback = object_getattr_cstr(exc, "__traceback__");
    Own values[] = {own(VALUE(type_of(exc))), own(exc), traceback ? traceback : NONE, message ? own(message) : NONE, where ? own(where) : NONE};
    Own args = structseq_new(unraisable_type, values);
    Own hook = sys_get("unraisablehook");
    Own done = NO_VALUE;
    exc_clear();
    if (!args) { /* no memory to call it */
        print_exception(exc);
    } else if (hook && hook != NONE) {
        bool refused = audit_wanted() && audit_event("sys.unraisablehook", "OO", hook, (Value)args) < 0;
        done = refused ? NO_VALUE : call1(hook, args);
        if (!done) {
            Own failure = exc_take();
            sys_write_stderr("Exception ignored in sys.unraisablehook:\n");
            print_exception(failure);
            drop_opt(failure);
            done = sys_unraisablehook(NO_VALUE, args);
        }
    }
    drop_opt(done);
    drop_opt(hook);
    drop_opt(args);
    exc_clear();
}

/* -- breakpoint -- */

Own
sys_breakpointhook(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    const char *setting = run_config.ignore_environment ? NULL : getenv("PYTHONBREAKPOINT");
    if (!setting || !*setting) {
        setting = "pdb.set_trace";
    }
    if (strcmp(setting, "0") == 0) {
        return NONE;
    }
    char module_name[256];
    const char *dot = strrchr(setting, '.');
    size_t n = dot ? (size_t)(dot - setting) : 0;
    if (n >= sizeof module_name) {
        n = sizeof module_name - 1;
    }
    memcpy(module_name, setting, n);
    module_name[n] = 0;
    Own module = object_hooks.import_module(dot ? module_name : "builtins");
    Own hook = module ? object_getattr_cstr(module, dot ? dot + 1 : setting) : NO_VALUE;
    drop_opt(module);
    if (!hook) {
        exc_clear();
        return warn_fmt(&exc_RuntimeWarning, 1, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"", setting) < 0 ? NO_VALUE : NONE;
    }
    Own result = object_call(hook, args, nargs, kwnames);
    drop(hook);
    return result;
}

static const StructSeqField unraisable_fields[] = {
    {"exc_type", "Exception type"},
    {"exc_value", "Exception value"},
    {"exc_traceback", "Exception traceback"},
    {"err_msg", "Error message"},
    {"object", "Object causing the exception"},
};
static const StructSeqDef unraisable_def = {"UnraisableHookArgs", "What sys.unraisablehook is called with.", unraisable_fields, 5, 5, false};

int
sys_add_hooks(Value m)
{
    static const char *const names[] = {"displayhook", "excepthook", "unraisablehook", "breakpointhook"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) { /* the originals, under __NAME__ */
        char original[32];
        snprintf(original, sizeof original, "__%s__", names[i]);
        Own hook = NO_VALUE;
        if (dict_lookup_cstr(module_dict(m), names[i], &hook) <= 0 || module_add(m, original, hook) < 0) {
            return -1;
        }
    }
    unraisable_type = structseq_type(&unraisable_def);
    return unraisable_type ? module_add(m, "UnraisableHookArgs", OWN(unraisable_type)) : -1;
}

void
sys_init_hooks(void)
{
    object_hooks.sys_get = sys_get;
    object_hooks.unraisable = show_unraisable;
}
