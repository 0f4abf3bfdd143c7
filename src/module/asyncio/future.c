/* Future: what it holds, how it ends, its callbacks. Threads: asyncio_priv.h. */
#include "heap/world.h"
#include "module/asyncio/asyncio_priv.h"
#include "module/contextvars/contextvars.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/genericalias.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "sync/mutex.h"

#include "future.spec.h"

/* -- the loop -- */

int
loop_call_soon(Value loop, Value callback, Value argument, Value context)
{
    int quick = loop_call_soon_quickly(loop, callback, argument, context);
    if (quick) {
        return quick < 0 ? -1 : 0;
    }
    static Own names; /* guard: atomic; ("context",) */
    Own kwnames = __atomic_load_n(&names, __ATOMIC_ACQUIRE);
    if (!kwnames) {
        Own none = NO_VALUE;
        kwnames = tuple_pack(1, NAME(context));
        if (!kwnames) {
            return -1;
        }
        publish(kwnames);
        if (!__atomic_compare_exchange_n(&names, &none, kwnames, false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_ACQUIRE)) {
            drop(kwnames);
            kwnames = none;
        }
    }
    Value args[4] = {loop, callback, argument, context};
    if (!argument) {
        args[2] = context;
    }
    Own handle = call_method(NAME(call_soon), args, argument ? 3 : 2, kwnames);
    drop_opt(handle);
    return handle ? 0 : -1;
}

void
loop_report(Value loop, Own details)
{
    Own done = details ? call_method1(loop, "call_exception_handler", details) : NO_VALUE;
    drop_opt(details);
    drop_opt(done);
    if (!done) {
        exc_write_unraisable(NULL, loop);
    }
}

/* -- life -- */

Own
asyncio_create(Type *cls, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own v = type_alloc(cls, 0);
    if (v) {
        ((Future *)obj(v))->is_task = type_is_subtype(cls, &task_type);
    }
    return v;
}

int
future_check(const Future *f)
{
    Value loop = __atomic_load_n(&f->loop, __ATOMIC_ACQUIRE);
    return loop ? 0 : raise_int(&exc_RuntimeError, "Future object is not initialized.");
}

/* Pending again, and nothing of before is left: in one, as others use it meanwhile, and so may what is dropped. */
static void
future_restart(Future *f)
{
    Own *fields[] = {&f->callback,         &f->context,        &f->callbacks,
                     &f->result,           &f->exception,      &f->exception_traceback,
                     &f->source_traceback, &f->cancel_message, &f->cancelled_exc};
    Own old[ARRAY_LEN(fields)];
    CriticalSection section;
    critical_enter(&section, &f->head);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        old[i] = *fields[i] ? ref_swap(&f->head, fields[i], NO_VALUE) : NO_VALUE;
    }
    atomic_store(&f->log_traceback, 0);
    atomic_store(&f->blocking, 0);
    atomic_store(&f->state, FUTURE_PENDING);
    critical_leave(&section);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        drop_opt(old[i]);
    }
}

int
future_start(Future *f, Value loop)
{
    Own mine = loop == NONE ? loop_current() : own(loop);
    if (!mine) {
        return -1;
    }
    future_restart(f);
    Own debug = call_method0(mine, "get_debug");
    int on = debug ? object_truth(debug) : -1;
    drop_opt(debug);
    future_store(f, &f->loop, mine);
    if (on > 0) {
        Own stack = asyncio_call("asyncio.format_helpers", "extract_stack", NULL, 0);
        if (!stack) {
            return -1;
        }
        future_store(f, &f->source_traceback, stack);
    }
    return on < 0 ? -1 : 0;
}

int
future_init(Future *self, Value loop)
{
    return future_start(self, loop);
}

int
future_traverse(Object *o, Visit visit, void *arg)
{
    Future *f = (Future *)o;
    VISIT(f->loop);
    VISIT(f->callback);
    VISIT(f->context);
    VISIT(f->callbacks);
    VISIT(f->result);
    VISIT(f->exception);
    VISIT(f->exception_traceback);
    VISIT(f->source_traceback);
    VISIT(f->cancel_message);
    VISIT(f->cancelled_exc);
    VISIT(f->awaited_by);
    return instance_attrs_traverse(o, visit, arg);
}

void
future_clear(Object *o)
{
    Future *f = (Future *)o;
    Own *fields[] = {&f->loop,
                     &f->callback,
                     &f->context,
                     &f->callbacks,
                     &f->result,
                     &f->exception,
                     &f->exception_traceback,
                     &f->source_traceback,
                     &f->cancel_message,
                     &f->cancelled_exc,
                     &f->awaited_by};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        ref_clear(fields[i]);
    }
    instance_attrs_clear(o);
}

static void
future_dealloc(Object *o)
{
    future_clear(o);
    instance_attrs_free(o);
    object_free(o);
}

/* An exception that nobody asked for is reported. */
void
future_finalize(Object *o)
{
    Future *f = (Future *)o;
    if (!atomic_exchange(&f->log_traceback, 0)) {
        return;
    }
    Own loop = ref_load(o, &f->loop), exc = ref_load(o, &f->exception);
    Own trace = ref_load(o, &f->source_traceback), details = NO_VALUE;
    Own pending = exc_take();
    if (loop && exc) {
        Own name = type_name_str(type_of(VALUE(f)));
        Own text = name ? str_fmt("%U exception was never retrieved", (Value)name) : NO_VALUE;
        drop_opt(name);
        details = text ? dict_new() : NO_VALUE;
        if (details && (dict_set_cstr(details, "message", text) < 0 ||
                        dict_set_cstr(details, "exception", exc) < 0 ||
                        dict_set_cstr(details, "future", VALUE(f)) < 0 ||
                        (trace && dict_set_cstr(details, "source_traceback", trace) < 0))) {
            ref_clear(&details);
        }
        drop_opt(text);
        loop_report(loop, details);
    }
    drop_opt(trace);
    drop_opt(exc);
    drop_opt(loop);
    if (pending) {
        exc_restore(pending);
    }
}

Own
future_repr_by(Value v, const char *module, const char *function)
{
    return future_check((const Future *)obj(v)) < 0 ? NO_VALUE
                                                    : asyncio_call(module, function, &v, 1);
}

static Own
future_repr(Value v)
{
    return future_repr_by(v, "asyncio.base_futures", "_future_repr");
}

/* -- the end -- */

typedef struct Callbacks {
    Own callback, context, others;
} Callbacks;

/* Leaves the pending state, under the lock: false when somebody else did. */
static bool
future_leave_locked(Future *f, uint8_t state, Callbacks *taken)
{
    if (!future_is_pending(f)) {
        return false;
    }
    taken->callback = ref_swap(&f->head, &f->callback, NO_VALUE);
    taken->context = ref_swap(&f->head, &f->context, NO_VALUE);
    taken->others = ref_swap(&f->head, &f->callbacks, NO_VALUE);
    atomic_store_explicit(&f->state, state, memory_order_release);
    return true;
}

#define CALL_TRIES 100
#define CALL_PAUSE_NS 1000000

/* The same as loop_call_soon(), tried for a while when there is no memory: somebody waits for this call, and it comes only once. */
static int
call_soon_surely(Value loop, Value callback, Value argument, Value context)
{
    for (int tries = 1;; tries++) {
        int status = loop_call_soon(loop, callback, argument, context);
        if (status == 0 || tries == CALL_TRIES || !exc_matches(&exc_MemoryError)) {
            return status;
        }
        exc_clear();
        uint32_t nothing = 0;
        detach(); /* others may give some back */
        park(&nothing, &nothing, sizeof nothing, CALL_PAUSE_NS, NULL);
        attach();
    }
}

/* Has the callbacks called soon; eats them. */
static int
future_schedule(Future *f, Callbacks *taken)
{
    int status = 0;
    Own loop = ref_load(&f->head, &f->loop);
    if (f->is_task) {
        task_unlink((Task *)f);
    }
    if (taken->callback) {
        status = call_soon_surely(loop, taken->callback, VALUE(f), taken->context);
    }
    for (int64_t i = 0; taken->others && status == 0 && i < list_len(taken->others); i++) {
        Own pair = list_get(taken->others, i);
        if (pair) {
            status = call_soon_surely(loop, tuple_item(pair, 0), VALUE(f), tuple_item(pair, 1));
            drop(pair);
        }
    }
    drop_opt(taken->callback);
    drop_opt(taken->context);
    drop_opt(taken->others);
    drop_opt(loop);
    return status < 0 ? -1 : 1;
}

int
future_finish(Future *f, Own result)
{
    CriticalSection section;
    Callbacks taken = {0};
    critical_enter(&section, &f->head);
    bool left = future_is_pending(f);
    if (left) {
        ref_init(&f->head, &f->result, result);
        left = future_leave_locked(f, FUTURE_FINISHED, &taken);
    }
    critical_leave(&section);
    if (!left) {
        drop(result);
        return 0;
    }
    return future_schedule(f, &taken);
}

/* The exception to keep: an instance. own: ret new · fail: 0 */
static Own
exception_instance(Value exception)
{
    Own exc =
        is_type(exception) && type_is_subtype((const Type *)obj(exception), &exc_BaseException)
            ? call0(exception)
            : own(exception);
    if (exc && !is_exception(exc)) {
        drop(exc);
        return raise_msg(&exc_TypeError, "invalid exception object");
    }
    if (exc && exc_instance_matches(exc, VALUE(&exc_StopIteration))) {
        Own text = str_from_cstr("StopIteration interacts badly with generators and cannot be "
                                 "raised into a Future");
        Own other = text ? call1(VALUE(&exc_RuntimeError), text) : NO_VALUE;
        drop_opt(text);
        if (other) {
            exc_set_context(other, own(exc));
            exc_set_cause(other, own(exc));
        }
        drop(exc);
        exc = other;
    }
    return exc;
}

int
future_fail(Future *f, Value exception)
{
    Own exc = exception_instance(exception);
    if (!exc) {
        return -1;
    }
    CriticalSection section;
    Callbacks taken = {0};
    Own trace = exc_get_traceback(exc);
    critical_enter(&section, &f->head);
    bool left = future_is_pending(f);
    if (left) {
        ref_init(&f->head, &f->exception, exc);
        ref_init(&f->head, &f->exception_traceback, trace);
        atomic_store(&f->log_traceback, 1);
        left = future_leave_locked(f, FUTURE_FINISHED, &taken);
    }
    critical_leave(&section);
    if (!left) {
        drop(exc);
        drop_opt(trace);
        return 0;
    }
    return future_schedule(f, &taken);
}

int
future_cancel(Future *f, Value message)
{
    CriticalSection section;
    Callbacks taken = {0};
    Own old = NO_VALUE;
    atomic_store(&f->log_traceback, 0);
    critical_enter(&section, &f->head);
    bool left = future_leave_locked(f, FUTURE_CANCELLED, &taken);
    if (left) {
        old = ref_swap(&f->head, &f->cancel_message, own(message));
    }
    critical_leave(&section);
    drop_opt(old);
    return left ? future_schedule(f, &taken) : 0;
}

Own
future_cancelled_error(Future *f)
{
    CriticalSection section;
    critical_enter(&section, &f->head);
    Own exc = ref_swap(&f->head, &f->cancelled_exc, NO_VALUE);
    Own message = exc ? NO_VALUE : own_opt(f->cancel_message);
    critical_leave(&section);
    if (exc) {
        return exc;
    }
    Value type = cancelled_error();
    if (type) {
        exc = message && message != NONE ? call1(type, message) : call0(type);
    }
    drop_opt(message);
    return exc;
}

static Own
raise_cancelled(Future *f)
{
    Own exc = future_cancelled_error(f);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

/* How it ended. At most one is there; neither: with what is pending, it has not, or was cancelled. own: new */
typedef struct Outcome {
    Own result, exception, traceback; /* the traceback may be NO_VALUE in any case */
} Outcome;

/* All at one moment: __init__ may be called again meanwhile. what: that it has none of, for the message */
static Outcome
future_outcome(Future *f, const char *unset)
{
    Outcome end = {NO_VALUE, NO_VALUE, NO_VALUE};
    CriticalSection section;
    critical_enter(&section, &f->head);
    uint8_t state = atomic_load_explicit(&f->state, memory_order_relaxed);
    if (state == FUTURE_FINISHED) {
        atomic_store(&f->log_traceback, 0);
        end = (Outcome){own_opt(f->result), own_opt(f->exception), own_opt(f->exception_traceback)};
    }
    critical_leave(&section);
    if (state == FUTURE_CANCELLED) {
        (void)raise_cancelled(f);
    } else if (!end.result && !end.exception) {
        (void)raise_invalid_state(unset);
    }
    return end;
}

Own
future_result(Future *f)
{
    Outcome end = future_outcome(f, "Result is not set.");
    if (end.exception) {
        /* as it was when it was set: what each asking adds is not kept */
        exc_set_traceback(end.exception, end.traceback);
        raise_object(end.exception, NO_VALUE);
        drop(end.exception);
    }
    return end.result;
}

/* -- methods -- */

static bool
is_started(const Future *f)
{
    return __atomic_load_n(&f->loop, __ATOMIC_ACQUIRE) != NO_VALUE;
}

Own
future_py_result(Future *self)
{
    return is_started(self) ? future_result(self)
                            : raise_invalid_state("Future object is not initialized.");
}

Own
future_py_exception(Future *self)
{
    if (!is_started(self)) {
        return raise_invalid_state("Future object is not initialized.");
    }
    Outcome end = future_outcome(self, "Exception is not set.");
    drop_opt(end.traceback);
    if (!end.result) {
        return end.exception;
    }
    drop(end.result);
    return NONE;
}

static Own
none_or_invalid(int status)
{
    return status > 0 ? NONE : status == 0 ? raise_invalid_state("invalid state") : NO_VALUE;
}

Own
future_py_set_result(Future *self, Value result)
{
    return future_check(self) < 0 ? NO_VALUE : none_or_invalid(future_finish(self, own(result)));
}

Own
future_py_set_exception(Future *self, Value exception)
{
    if (future_check(self) < 0) {
        return NO_VALUE;
    }
    return future_is_pending(self) ? none_or_invalid(future_fail(self, exception))
                                   : raise_invalid_state("invalid state");
}

int
future_add_callback(Future *f, Value callback, Value context)
{
    CriticalSection section;
    Own pair = NO_VALUE, list = NO_VALUE, loop = NO_VALUE;
    int status = 0;
    /* What to make beforehand is a guess: it is looked at again under the lock. */
    bool some = __atomic_load_n(&f->callbacks, __ATOMIC_RELAXED) != NO_VALUE;
    bool others = some || __atomic_load_n(&f->callback, __ATOMIC_RELAXED) != NO_VALUE;
    if (others && !(pair = tuple_pack(2, callback, context))) {
        return -1;
    }
    if (pair && !some && !(list = list_new(4))) {
        drop(pair);
        return -1;
    }
    critical_enter(&section, &f->head);
    bool pending = future_is_pending(f);
    if (!pending) {
        loop = own(f->loop);
    } else if (!f->callback && !f->callbacks) {
        ref_init(&f->head, &f->callback, own(callback));
        ref_init(&f->head, &f->context, own(context));
    } else if (pair && (f->callbacks || list)) {
        if (!f->callbacks) {
            ref_init(&f->head, &f->callbacks, list);
            list = NO_VALUE;
        }
        status = list_append(f->callbacks, pair);
    } else {
        status = 1; /* another thread came between */
    }
    critical_leave(&section);
    drop_opt(pair);
    drop_opt(list);
    if (loop) {
        status = loop_call_soon(loop, callback, VALUE(f), context);
        drop(loop);
    }
    return status > 0 ? future_add_callback(f, callback, context) : status;
}

Own
future_py_add_done_callback(Future *self, Value fn, Value context)
{
    if (future_check(self) < 0) {
        return NO_VALUE;
    }
    Own ctx = context ? own(context) : context_copy_current();
    int status = ctx ? future_add_callback(self, fn, ctx) : -1;
    drop_opt(ctx);
    return status < 0 ? NO_VALUE : NONE;
}

/* The callbacks as a list of pairs, the first one too. own: ret new */
static Own
future_callback_list(Future *f)
{
    CriticalSection section;
    critical_enter(&section, &f->head);
    Own first = own_opt(f->callback), context = own_opt(f->context);
    Own list = f->callbacks ? list_slice(f->callbacks, 0, INT64_MAX) : list_new(first != NO_VALUE);
    critical_leave(&section);
    if (list && first) {
        Own pair = tuple_pack(2, (Value)first, (Value)context);
        if (!pair || list_insert(list, 0, pair) < 0) {
            ref_clear(&list);
        }
        drop_opt(pair);
    }
    drop_opt(first);
    drop_opt(context);
    return list;
}

/* Takes a callback out: 1, 0 it is not there any more, -1 */
static int
take_out(Future *f, Value callback)
{
    CriticalSection section;
    Own old = NO_VALUE, old_context = NO_VALUE, old_list = NO_VALUE;
    critical_enter(&section, &f->head);
    if (f->callback == callback) {
        old = ref_swap(&f->head, &f->callback, NO_VALUE);
        old_context = ref_swap(&f->head, &f->context, NO_VALUE);
    } else if (f->callbacks) {
        for (int64_t i = 0; !old && i < list_len(f->callbacks); i++) {
            Own pair = list_get(f->callbacks, i);
            if (tuple_item(pair, 0) == callback) {
                old = list_pop_at(f->callbacks, i);
            }
            drop(pair);
        }
        if (list_len(f->callbacks) == 0) {
            old_list = ref_swap(&f->head, &f->callbacks, NO_VALUE);
        }
    }
    critical_leave(&section);
    drop_opt(old_context);
    drop_opt(old_list);
    drop_opt(old);
    return exc_pending() ? -1 : old != NO_VALUE;
}

/* Takes one callback equal to fn out: 1, 0 there is none, -1. */
static int
remove_one(Future *f, Value fn)
{
    Own list = future_callback_list(f);
    int equal = list ? 0 : -1;
    for (int64_t i = 0; equal == 0 && i < list_len(list); i++) {
        Own pair = list_get(list, i);
        equal = pair ? object_equal(tuple_item(pair, 0), fn) : 0;
        if (equal > 0) {
            equal = take_out(f, tuple_item(pair, 0));
        }
        drop_opt(pair);
    }
    drop_opt(list);
    return equal;
}

Own
future_py_remove_done_callback(Future *self, Value fn)
{
    if (future_check(self) < 0) {
        return NO_VALUE;
    }
    int64_t count = 0;
    int status;
    while ((status = remove_one(self, fn)) > 0) {
        count++;
    }
    return status < 0 ? NO_VALUE : small_int(count);
}

Own
future_py_cancel(Future *self, Value msg)
{
    int done = future_check(self) < 0 ? -1 : future_cancel(self, msg);
    return done < 0 ? NO_VALUE : bool_value(done);
}

int
future_py_cancelled(Future *self)
{
    return is_started(self) && atomic_load(&self->state) == FUTURE_CANCELLED;
}

int
future_py_done(Future *self)
{
    return is_started(self) && !future_is_pending(self);
}

Own
future_py_get_loop(Future *self)
{
    return future_check(self) < 0 ? NO_VALUE : ref_load(&self->head, &self->loop);
}

Own
future_py__make_cancelled_error(Future *self)
{
    return future_cancelled_error(self);
}

Own
future_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

/* -- attributes -- */

Own
future_get__state(Future *self)
{
    static const char *const names[] = {"PENDING", "CANCELLED", "FINISHED"};
    return future_check(self) < 0 ? NO_VALUE : str_intern_cstr(names[atomic_load(&self->state)]);
}

Own
future_get__asyncio_future_blocking(Future *self)
{
    return future_check(self) < 0 ? NO_VALUE : bool_value(atomic_load(&self->blocking));
}

int
future_set__asyncio_future_blocking(Future *self, Value value)
{
    if (future_check(self) < 0) {
        return -1;
    }
    if (!value) {
        return raise_int(&exc_AttributeError, "cannot delete attribute");
    }
    int truth = object_truth(value);
    if (truth >= 0) {
        atomic_store(&self->blocking, (uint8_t)truth);
    }
    return truth < 0 ? -1 : 0;
}

static Own
field_or_none(Future *f, Own *field)
{
    Own v = ref_load(&f->head, field);
    return v ? v : NONE;
}

Own
future_get__loop(Future *self)
{
    return field_or_none(self, &self->loop);
}

Own
future_get__callbacks(Future *self)
{
    Own list = future_check(self) < 0 ? NO_VALUE : future_callback_list(self);
    if (list && list_len(list) == 0) {
        drop(list);
        return NONE;
    }
    return list;
}

Own
future_get__result(Future *self)
{
    return future_check(self) < 0 ? NO_VALUE : field_or_none(self, &self->result);
}

Own
future_get__exception(Future *self)
{
    return future_check(self) < 0 ? NO_VALUE : field_or_none(self, &self->exception);
}

Own
future_get__log_traceback(Future *self)
{
    return future_check(self) < 0 ? NO_VALUE : bool_value(atomic_load(&self->log_traceback));
}

int
future_set__log_traceback(Future *self, Value value)
{
    if (!value) {
        return raise_int(&exc_AttributeError, "cannot delete attribute");
    }
    int truth = object_truth(value);
    if (truth > 0) {
        return raise_int(&exc_ValueError, "_log_traceback can only be set to False");
    }
    if (truth == 0) {
        atomic_store(&self->log_traceback, 0);
    }
    return truth;
}

Own
future_get__source_traceback(Future *self)
{
    return field_or_none(self, &self->source_traceback);
}

Own
future_get__cancel_message(Future *self)
{
    return field_or_none(self, &self->cancel_message);
}

int
future_set__cancel_message(Future *self, Value value)
{
    if (!value) {
        return raise_int(&exc_AttributeError, "cannot delete attribute");
    }
    future_store(self, &self->cancel_message, own(value));
    return 0;
}

Own
future_get__asyncio_awaited_by(Future *self)
{
    return awaited_by_get(self);
}

Type future_type = {
    .name = "_asyncio.Future",
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Future),
    .dict_offset = sizeof(Future),
    .slots =
        {
            .traverse = future_traverse,
            .clear = future_clear,
            .dealloc = future_dealloc,
            .finalize = future_finalize,
            .create = asyncio_create,
            .init = future_init_slot,
            .repr = future_repr,
            .iter = future_iter,
            .await = future_iter,
        },
    .methods = future_methods,
    .getsets = future_getsets,
    .spec_doc = future_doc,
};
