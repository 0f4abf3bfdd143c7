/* The hooks of audit events. */
#include "object/audit.h"

#include <stdarg.h>

#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"

_Atomic bool audit_on;
void (*audit_pause_tracing)(bool pause);
static Own hooks; /* a list, made by the first audit_add_hook; guard: atomic (set once) */

int
audit_call(Value event, Value args)
{
    Own list = __atomic_load_n(&hooks, __ATOMIC_ACQUIRE), hook;
    for (int64_t i = 0; list && (hook = list_get(list, i)); i++) {
        Own flag;
        int traced = object_lookup_attr_cstr(hook, "__cantrace__", &flag);
        if (traced > 0) {
            traced = object_truth(flag);
            drop(flag);
        }
        if (traced < 0) {
            drop(hook);
            return -1;
        }
        if (!traced) {
            audit_pause_tracing(true);
        }
        Own done = call2(hook, event, args);
        if (!traced) {
            audit_pause_tracing(false);
        }
        drop(hook);
        if (!done) {
            return -1;
        }
        drop(done);
    }
    return 0;
}

int
audit_add_hook(Value hook)
{
    if (!__atomic_load_n(&hooks, __ATOMIC_ACQUIRE)) {
        Own made = list_new(1), none = NO_VALUE;
        if (!made) {
            return -1;
        }
        publish(made);
        if (!__atomic_compare_exchange_n(&hooks, &none, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            drop(made);
        }
    }
    int status = list_append(hooks, hook);
    atomic_store(&audit_on, true);
    return status;
}

/* The arguments by the format. own: ret new tuple */
static Own
build(const char *format, va_list args)
{
    Own tuple = tuple_new((int64_t)strlen(format));
    for (int64_t i = 0; tuple && format[i]; i++) {
        Own item;
        if (format[i] == 'O') {
            Value v = va_arg(args, Value);
            item = own(v ? v : (Value)NONE);
        } else if (format[i] == 's') {
            const char *text = va_arg(args, const char *);
            item = text ? str_from_wtf8(text, strlen(text)) : NONE;
        } else if (format[i] == 'i') {
            item = small_int(va_arg(args, int));
        } else {
            item = int_from_i64(va_arg(args, int64_t));
        }
        if (!item) {
            drop(tuple);
            return NO_VALUE;
        }
        tuple_init_item(tuple, i, item);
    }
    return tuple;
}

int
audit_event(const char *event, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Own name = str_from_cstr(event), tuple = name ? build(format, args) : NO_VALUE;
    va_end(args);
    int status = tuple ? audit_call(name, tuple) : -1;
    drop_opt(name);
    drop_opt(tuple);
    return status;
}
