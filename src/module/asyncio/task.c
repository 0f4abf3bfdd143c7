/* Task: its fields and methods. How its coroutine is run: step.c. Threads: asyncio_priv.h. */
#include "module/asyncio/asyncio_priv.h"
#include "module/contextvars/contextvars.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "task.spec.h"

static _Atomic int64_t names_given;

/* A coroutine, or what asyncio.iscoroutine() takes for one. 0, 1, -1 */
static int
is_coroutine(Value v)
{
    if (IS_EXACT(v, COROUTINE)) {
        return 1;
    }
    Own answer = asyncio_call("asyncio.coroutines", "iscoroutine", &v, 1);
    int truth = answer ? object_truth(answer) : -1;
    drop_opt(answer);
    return truth;
}

/* 1 start now, 0 soon, -1 */
static int
starts_eagerly(Task *t, bool eager)
{
    if (!eager) {
        return 0;
    }
    Own loop = ref_load(&t->base.head, &t->base.loop);
    Own running = call_method0(loop, "is_running");
    int truth = running ? object_truth(running) : -1;
    drop_opt(running);
    drop(loop);
    return truth;
}

int
task_init(Task *self, Value coro, Value loop, Value name, Value context, bool eager_start)
{
    if (future_start(&self->base, loop) < 0) {
        return -1;
    }
    int good = is_coroutine(coro);
    if (good <= 0) {
        atomic_store(&self->log_destroy_pending, 0);
        return good < 0 ? -1 : raise_int(&exc_TypeError, "a coroutine was expected, got %R", coro);
    }
    Own ctx = context == NONE ? context_copy_current() : own(context);
    Own text = name == NONE          ? small_int(atomic_fetch_add(&names_given, 1) + 1)
               : IS_EXACT(name, STR) ? own(name)
                                     : object_str(name);
    if (!ctx || !text) {
        drop_opt(ctx);
        drop_opt(text);
        return -1;
    }
    future_store(self, &self->run_context, ctx);
    future_store(self, &self->name, text);
    future_store(self, &self->waiter, NO_VALUE);
    atomic_store(&self->must_cancel, 0);
    atomic_store(&self->log_destroy_pending, 1);
    atomic_store(&self->cancel_requests, 0);
    future_store(self, &self->coroutine, own(coro));
    int eager = starts_eagerly(self, eager_start);
    if (eager) {
        return eager < 0 ? -1 : task_start_eagerly(self);
    }
    if (task_link(self) < 0 || task_schedule(self, NO_VALUE) < 0) {
        task_unlink(self);
        return -1;
    }
    return 0;
}

static int
task_traverse(Object *o, Visit visit, void *arg)
{
    Task *t = (Task *)o;
    VISIT(t->coroutine);
    VISIT(t->run_context);
    VISIT(t->waiter);
    VISIT(t->name);
    return future_traverse(o, visit, arg);
}

static void
task_clear(Object *o)
{
    Task *t = (Task *)o;
    ref_clear(&t->coroutine);
    ref_clear(&t->run_context);
    ref_clear(&t->waiter);
    ref_clear(&t->name);
    future_clear(o);
}

static void
task_dealloc(Object *o)
{
    task_unlink((Task *)o);
    task_clear(o);
    instance_attrs_free(o);
    object_free(o);
}

/* A task that nobody waits for and that will never go on is reported. */
static void
task_finalize(Object *o)
{
    Task *t = (Task *)o;
    Own loop = ref_load(o, &t->base.loop);
    if (loop && future_is_pending(&t->base) && atomic_load(&t->log_destroy_pending)) {
        Own pending = exc_take();
        Own text = str_from_cstr("Task was destroyed but it is pending!");
        Own details = text ? dict_new() : NO_VALUE;
        Own trace = ref_load(o, &t->base.source_traceback);
        if (details && (dict_set_cstr(details, "task", VALUE(t)) < 0 ||
                        dict_set_cstr(details, "message", text) < 0 ||
                        (trace && dict_set_cstr(details, "source_traceback", trace) < 0))) {
            ref_clear(&details);
        }
        drop_opt(trace);
        drop_opt(text);
        loop_report(loop, details);
        if (pending) {
            exc_restore(pending);
        }
    }
    drop_opt(loop);
    future_finalize(o);
}

static Own
task_repr(Value v)
{
    return future_repr_by(v, "asyncio.base_tasks", "_task_repr");
}

/* -- methods -- */

Own
task_py_set_result(Task *self UNUSED, Value result UNUSED)
{
    return raise_msg(&exc_RuntimeError, "Task does not support set_result operation");
}

Own
task_py_set_exception(Task *self UNUSED, Value exception UNUSED)
{
    return raise_msg(&exc_RuntimeError, "Task does not support set_exception operation");
}

Own
task_py_cancel(Task *self, Value msg)
{
    atomic_store(&self->base.log_traceback, 0);
    if (!future_is_pending(&self->base)) {
        return FALSE_VALUE;
    }
    atomic_fetch_add(&self->cancel_requests, 1);
    Own waiter = ref_load(&self->base.head, &self->waiter);
    if (waiter) {
        int cancelled = task_cancel_waiter(waiter, msg);
        drop(waiter);
        if (cancelled) {
            return cancelled < 0 ? NO_VALUE : TRUE_VALUE;
        }
    }
    atomic_store(&self->must_cancel, 1);
    future_store(self, &self->base.cancel_message, own(msg));
    return TRUE_VALUE;
}

int64_t
task_py_uncancel(Task *self)
{
    int32_t n = atomic_load(&self->cancel_requests);
    while (n > 0 && !atomic_compare_exchange_weak(&self->cancel_requests, &n, n - 1)) {
    }
    if (n == 1) {
        atomic_store(&self->must_cancel, 0);
    }
    return n > 0 ? n - 1 : 0;
}

int64_t
task_py_cancelling(Task *self)
{
    return atomic_load(&self->cancel_requests);
}

static Own
field_or_none(Task *t, Own *field)
{
    Own v = ref_load(&t->base.head, field);
    return v ? v : NONE;
}

Own
task_py_get_coro(Task *self)
{
    return field_or_none(self, &self->coroutine);
}

Own
task_py_get_context(Task *self)
{
    return field_or_none(self, &self->run_context);
}

Own
task_py_get_name(Task *self)
{
    Own name = field_or_none(self, &self->name);
    if (is_small_int(name)) {
        Own number = name;
        name = str_fmt("Task-%S", (Value)number);
        CriticalSection section;
        critical_enter(&section, &self->base.head);
        if (name && self->name == number) { /* else others have named it meanwhile */
            (void)ref_swap(&self->base.head, &self->name, own(name)); /* a small int: nothing to drop */
        }
        critical_leave(&section);
    }
    return name;
}

Own
task_py_set_name(Task *self, Value value)
{
    Own name = IS_EXACT(value, STR) ? own(value) : object_str(value);
    if (!name) {
        return NO_VALUE;
    }
    future_store(self, &self->name, name);
    return NONE;
}

Own
task_py_get_stack(Task *self, Value limit)
{
    Value args[] = {VALUE(self), limit};
    return asyncio_call("asyncio.base_tasks", "_task_get_stack", args, 2);
}

Own
task_py_print_stack(Task *self, Value limit, Value file)
{
    Value args[] = {VALUE(self), limit, file};
    return asyncio_call("asyncio.base_tasks", "_task_print_stack", args, 3);
}

/* -- attributes -- */

Own
task_get__log_destroy_pending(Task *self)
{
    return bool_value(atomic_load(&self->log_destroy_pending));
}

int
task_set__log_destroy_pending(Task *self, Value value)
{
    if (!value) {
        return raise_int(&exc_AttributeError, "cannot delete attribute");
    }
    int truth = object_truth(value);
    if (truth >= 0) {
        atomic_store(&self->log_destroy_pending, (uint8_t)truth);
    }
    return truth < 0 ? -1 : 0;
}

Own
task_get__must_cancel(Task *self)
{
    return bool_value(atomic_load(&self->must_cancel));
}

Own
task_get__coro(Task *self)
{
    return field_or_none(self, &self->coroutine);
}

Own
task_get__fut_waiter(Task *self)
{
    return field_or_none(self, &self->waiter);
}

Type task_type = {
    .name = "_asyncio.Task",
    .base = &future_type,
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Task),
    .dict_offset = sizeof(Task),
    .slots =
        {
            .traverse = task_traverse,
            .clear = task_clear,
            .dealloc = task_dealloc,
            .finalize = task_finalize,
            .create = asyncio_create,
            .init = task_init_slot,
            .repr = task_repr,
            .iter = future_iter,
            .await = future_iter,
        },
    .methods = task_methods,
    .getsets = task_getsets,
    .spec_doc = task_doc,
};
