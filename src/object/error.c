/* Raising exceptions, looking at the pending one, and handing warnings and unraisable errors
 * upward.
 *
 * The pending exception is Thread.exc: always an instance, owned by the thread. Raising makes the
 * instance first, with nothing pending (making it may run Python), then chains it to the exception
 * being handled, then makes it pending. Everything here is about the calling thread, so nothing is
 * locked. */
#include "object/error.h"

#include <errno.h>

#include "object/exception.h"
#include "object/hooks.h"
#include "object/message.h"
#include "object/str.h"
#include "object/tuple.h"

Own
exc_take(void)
{
    Thread *t = thread_self();
    Own exc = t->exc;
    t->exc = NO_VALUE;
    return exc;
}

void
exc_restore(Own exc)
{
    Thread *t = thread_self();
    Own old = t->exc;
    t->exc = exc;
    drop_opt(old);
}

void
exc_clear(void)
{
    drop_opt(exc_take());
}

bool
exc_matches(const Type *type)
{
    Value exc = thread_self()->exc;
    return exc && is_instance_of(exc, type);
}

bool
exc_instance_matches(Value exc, Value type_or_tuple)
{
    if (is_tuple(type_or_tuple)) {
        int64_t n = as_tuple(type_or_tuple)->length;
        for (int64_t i = 0; i < n; i++) {
            if (exc_instance_matches(exc, tuple_item(type_or_tuple, i))) {
                return true;
            }
        }
        return false;
    }
    return is_type(type_or_tuple) && is_instance_of(exc, (const Type *)obj(type_or_tuple));
}

bool
exc_swallow(const Type *type)
{
    if (!exc_matches(type)) {
        return false;
    }
    exc_clear();
    return true;
}

Value
exc_handled(void)
{
    const HandledExc *link = thread_self()->handled;
    while (!link->exc && link->prev) {
        link = link->prev;
    }
    return link->exc;
}

/* -- raising -- */

Own
raise_instance(Own exc)
{
    if (UNLIKELY(!exc)) { /* it could not be made: why is pending */
        return NO_VALUE;
    }
    Value handled = exc_handled();
    if (handled) {
        exc_chain_context(exc, handled);
    }
    exc_restore(exc);
    return NO_VALUE;
}

/* Raises type(*args). What was pending goes away when its values are no longer needed. */
static Own
raise_new(Type *type, Value const *args, size_t nargs)
{
    Own before = exc_take();
    Own exc = exc_new(type, args, nargs);
    if (exc) {
        raise_instance(exc);
    }
    drop_opt(before);
    return NO_VALUE;
}

/* own: text eaten, may be NO_VALUE with an exception pending */
static Own
raise_text(Type *type, Own text)
{
    if (text) {
        Value args[] = {text};
        raise_new(type, args, 1);
        drop(text);
    }
    return NO_VALUE;
}

static Own
raise_vfmt(Type *type, const char *format, va_list args)
{
    Own before = exc_take();
    Own text = str_vfmt(format, args);
    drop_opt(before);
    return raise_text(type, text);
}

Own
raise_msg(Type *type, const char *message)
{
    Own before = exc_take();
    Own text = str_from_cstr(message);
    drop_opt(before);
    return raise_text(type, text);
}

Own
raise_fmt(Type *type, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_vfmt(type, format, args);
    va_end(args);
    return NO_VALUE;
}

int
raise_int(Type *type, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_vfmt(type, format, args);
    va_end(args);
    return -1;
}

Own
raise_value(Type *type, Value argument)
{
    return raise_new(type, &argument, 1);
}

Own
raise_key_error(Value key)
{
    return raise_new(&exc_KeyError, &key, 1);
}

Own
raise_stop_iteration(Value value)
{
    return raise_new(&exc_StopIteration, &value, value != NO_VALUE);
}

static Own
raise_os_error(int error, Value filename)
{
    Own before = exc_take();
    Own text = str_from_cstr(error ? strerror(error) : "Error");
    if (text) {
        Value args[] = {small_int(error), text, filename};
        raise_new(&exc_OSError, args, filename ? 3 : 2);
        drop(text);
    }
    drop_opt(before);
    return NO_VALUE;
}

Own
raise_errno(int error)
{
    return raise_os_error(error, NO_VALUE);
}

Own
raise_errno_path(int error, Value filename)
{
    return raise_os_error(error, filename);
}

/* own: text eaten */
static Own
raise_named(Type *type, Own text, Value name, Value holder)
{
    if (!text) {
        return NO_VALUE;
    }
    Value args[] = {text};
    Own exc = exc_new(type, args, 1);
    drop(text);
    if (!exc) {
        return NO_VALUE;
    }
    NameException *e = (NameException *)obj(exc);
    ref_store(&e->base.head, &e->name, own_opt(name));
    ref_store(&e->base.head, &e->obj, own_opt(holder));
    return raise_instance(exc);
}

Own
raise_attribute_error(Value holder, Value name)
{
    Own before = exc_take();
    Own text = is_str(name) ? str_fmt("'%.100T' object has no attribute '%U'", holder, name)
                            : str_fmt("'%.100T' object has no attribute %R", holder, name);
    raise_named(&exc_AttributeError, text, name, holder);
    drop_opt(before);
    return NO_VALUE;
}

Own
raise_attribute_error_fmt(Value holder, Value name, const char *format, ...)
{
    Own before = exc_take();
    va_list args;
    va_start(args, format);
    Own text = str_vfmt(format, args);
    va_end(args);
    raise_named(&exc_AttributeError, text, name, holder);
    drop_opt(before);
    return NO_VALUE;
}

Own
raise_name_error(Type *type, Value name, const char *format, ...)
{
    Own before = exc_take();
    va_list args;
    va_start(args, format);
    Own text = str_vfmt(format, args);
    va_end(args);
    raise_named(type, text, name, NO_VALUE);
    drop_opt(before);
    return NO_VALUE;
}

Own
raise_import_error(Type *type, Value name, Value path, const char *format, ...)
{
    Own before = exc_take();
    va_list args;
    va_start(args, format);
    Own text = str_vfmt(format, args);
    va_end(args);
    if (text) {
        Value exc_args[] = {text};
        Own exc = exc_new(type, exc_args, 1);
        drop(text);
        if (exc) {
            ImportException *e = (ImportException *)obj(exc);
            ref_store(&e->base.head, &e->name, own_opt(name));
            ref_store(&e->base.head, &e->path, own_opt(path));
            raise_instance(exc);
        }
    }
    drop_opt(before);
    return NO_VALUE;
}

/* An instance of the exception class `type`, called as Python calls it. own: ret new · fail: 0 +
 * exception */
static Own
instantiate(Value type)
{
    Own exc = call0(type);
    if (exc && !is_exception(exc)) {
        raise_fmt(&exc_TypeError,
                  "calling %R should have returned an instance of BaseException, not %R", type,
                  VALUE(type_of(exc)));
        drop(exc);
        return NO_VALUE;
    }
    return exc;
}

static bool
is_exception_class(Value v)
{
    return is_type(v) && (type_flags((const Type *)obj(v)) & TYPE_EXC_SUBCLASS);
}

/* The instance that `raise v` or `from v` means. own: ret new · fail: 0 + exception */
static Own
exception_of(Value v, const char *message)
{
    if (is_exception_class(v)) {
        return instantiate(v);
    }
    return is_exception(v) ? own(v) : raise_msg(&exc_TypeError, message);
}

Own
raise_object(Value exception, Value cause)
{
    Own exc = exception_of(exception, "exceptions must derive from BaseException");
    if (!exc) {
        return NO_VALUE;
    }
    if (cause) {
        Own cause_exc = NO_VALUE;
        if (cause != NONE) {
            cause_exc = exception_of(cause, "exception causes must derive from BaseException");
            if (!cause_exc) {
                drop(exc);
                return NO_VALUE;
            }
        }
        exc_set_cause(exc, cause_exc);
    }
    return raise_instance(exc);
}

Own
raise_from_pending(Type *type, const char *format, ...)
{
    Own cause = exc_take();
    va_list args;
    va_start(args, format);
    raise_vfmt(type, format, args);
    va_end(args);
    if (cause) {
        Own exc = exc_take();
        exc_set_cause(exc, own(cause));
        exc_set_context(exc, cause);
        exc_restore(exc);
    }
    return NO_VALUE;
}

/* -- context -- */

/* Cuts the link in handled's chain of contexts that leads to exc, if there is one. The chain may
 * already be a cycle, made by assignments to __context__: the second walker, at half speed, notices
 * (Floyd). */
static void
cut_context_link(Value exc, Value handled)
{
    Own at = own(handled), slow = own(handled);
    for (bool move_slow = false;; move_slow = !move_slow) {
        Own next = exc_get_context(at);
        if (!next) {
            break;
        }
        if (next == exc) {
            exc_set_context(at, NO_VALUE);
            drop(next);
            break;
        }
        drop(at);
        at = next;
        if (at == slow) {
            break;
        }
        if (move_slow) {
            Own follow = exc_get_context(slow);
            drop(slow);
            slow = follow ? follow : own(handled);
        }
    }
    drop(at);
    drop(slow);
}

void
exc_chain_context(Value exc, Value handled)
{
    if (!handled || handled == exc) {
        return;
    }
    Own held = own(handled);
    cut_context_link(exc, held);
    exc_set_context(exc, held);
}

/* -- warnings and what cannot be raised -- */

/* own: exc and text eaten; without a text (and with an exception about that pending) it is shown
 * without */
static void
write_unraisable(Own exc, Own text, Value where)
{
    exc_clear();
    if (object_hooks.unraisable) {
        object_hooks.unraisable(exc, text, where);
        assert(!exc_pending());
    }
    drop_opt(text);
    drop(exc);
}

void
exc_write_unraisable(const char *message, Value where)
{
    Own exc = exc_take();
    assert(exc);
    write_unraisable(exc, message ? str_from_cstr(message) : NO_VALUE, where);
}

void
exc_write_unraisable_fmt(const char *format, ...)
{
    Own exc = exc_take();
    assert(exc);
    va_list args;
    va_start(args, format);
    Own text = str_vfmt(format, args);
    va_end(args);
    write_unraisable(exc, text, NO_VALUE);
}

int
warn_fmt(Type *category, int stacklevel, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Own text = str_vfmt(format, args);
    va_end(args);
    if (!text) {
        return -1;
    }
    int status = object_hooks.warn ? object_hooks.warn(category, text, stacklevel, NO_VALUE) : 0;
    drop(text);
    return status;
}
