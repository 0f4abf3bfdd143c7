/* Running a task's coroutine: one step from where it waits to where it waits again or ends.
 *
 * A step runs as a callback of the event loop, in the task's context; only one at a time, because
 * the loop runs one callback at a time, and the coroutine itself refuses to be run twice. */
#include "module/asyncio/asyncio_priv.h"
#include "module/contextvars/contextvars.h"
#include "object/args.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/generator.h"

static Own task_step(Task *t, Value exception);
static Own task_wakeup(Value self, Value const *args, size_t nargs, Value kwnames);

static Own
step_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("TaskStepMethWrapper", nargs, kwnames, 0, 1) < 0) {
        return NO_VALUE;
    }
    return task_step((Task *)obj(self), nargs ? args[0] : NO_VALUE);
}

static const MethodDef step_def = {"task_step", "task_step($self, /)\n--\n\nRuns the coroutine on.",
                                   step_call, 0};
static const MethodDef wakeup_def = {
    "task_wakeup", "task_wakeup($self, future, /)\n--\n\nRuns the coroutine on: future is done.",
    task_wakeup, 0};

int
task_schedule(Task *t, Value exception)
{
    Own step = builtin_new(&step_def, VALUE(t), NO_VALUE);
    Own loop = ref_load(&t->base.head, &t->base.loop);
    Own context = ref_load(&t->base.head, &t->run_context);
    int status = step && loop && context ? loop_call_soon(loop, step, exception, context) : -1;
    drop_opt(context);
    drop_opt(loop);
    drop_opt(step);
    return status;
}

int
task_cancel_waiter(Value waiter, Value message)
{
    if (is_object(waiter) && type_of(waiter) == &future_type) {
        return future_cancel((Future *)obj(waiter), message);
    }
    Own kwnames = tuple_pack(1, NAME(msg));
    Value args[] = {waiter, message};
    Own answer = kwnames ? call_method(NAME(cancel), args, 1, kwnames) : NO_VALUE;
    drop_opt(kwnames);
    int truth = answer ? object_truth(answer) : -1;
    drop_opt(answer);
    return truth;
}

/* -- what the coroutine waits for -- */

/* The coroutine did something wrong: it gets a RuntimeError, soon. */
static int
wrong_yield(Task *t, Own text)
{
    Own exc = text ? call1(VALUE(&exc_RuntimeError), text) : NO_VALUE;
    drop_opt(text);
    int status = exc ? task_schedule(t, exc) : -1;
    drop_opt(exc);
    return status;
}

/* t waits for v now: a request to cancel that came meanwhile goes on to v. */
static int
wait_for(Task *t, Value v)
{
    future_store(t, &t->waiter, own(v));
    if (!atomic_load(&t->must_cancel)) {
        return 0;
    }
    Own message = ref_load(&t->base.head, &t->base.cancel_message);
    int cancelled = task_cancel_waiter(v, message ? (Value)message : (Value)NONE);
    drop_opt(message);
    if (cancelled > 0) {
        atomic_store(&t->must_cancel, 0);
    }
    return cancelled < 0 ? -1 : 0;
}

/* It yielded a Future or Task of this module. */
static int
yielded_future(Task *t, Value v)
{
    Future *f = (Future *)obj(v);
    if (f == &t->base) {
        return wrong_yield(t, str_fmt("Task cannot await on itself: %R", VALUE(t)));
    }
    if (f->loop != t->base.loop) {
        return wrong_yield(
            t, str_fmt("Task %R got Future %R attached to a different loop", VALUE(t), v));
    }
    if (!atomic_exchange(&f->blocking, 0)) {
        return wrong_yield(
            t, str_fmt("yield was used instead of yield from in task %R with %R", VALUE(t), v));
    }
    if (awaited_by_add(v, VALUE(t)) < 0) {
        return -1;
    }
    Own wakeup = builtin_new(&wakeup_def, VALUE(t), NO_VALUE);
    Own context = ref_load(&t->base.head, &t->run_context);
    int status = wakeup && context ? future_add_callback(f, wakeup, context) : -1;
    drop_opt(context);
    drop_opt(wakeup);
    return status < 0 ? -1 : wait_for(t, v);
}

/* It yielded something with _asyncio_future_blocking: any other kind of future, or a subclass. */
static int
yielded_duck(Task *t, Value v, int blocking)
{
    if (v == VALUE(t)) {
        return wrong_yield(t, str_fmt("Task cannot await on itself: %R", VALUE(t)));
    }
    Own get_loop = NO_VALUE, loop = NO_VALUE;
    int found = object_lookup_attr(v, NAME(get_loop), &get_loop);
    if (found > 0) {
        loop = call0(get_loop);
        drop(get_loop);
    } else if (found == 0) {
        loop = object_getattr(v, NAME(_loop));
    }
    if (!loop) {
        return -1;
    }
    bool same = loop == t->base.loop;
    drop(loop);
    if (!same) {
        return wrong_yield(
            t, str_fmt("Task %R got Future %R attached to a different loop", VALUE(t), v));
    }
    if (!blocking) {
        return wrong_yield(
            t, str_fmt("yield was used instead of yield from in task %R with %R", VALUE(t), v));
    }
    if (awaited_by_add(v, VALUE(t)) < 0 ||
        object_setattr(v, NAME(_asyncio_future_blocking), FALSE_VALUE) < 0) {
        return -1;
    }
    Own wakeup = builtin_new(&wakeup_def, VALUE(t), NO_VALUE);
    Own context = ref_load(&t->base.head, &t->run_context);
    Own kwnames = tuple_pack(1, NAME(context)), done = NO_VALUE;
    if (wakeup && context && kwnames) {
        Value args[] = {v, wakeup, context};
        done = call_method(NAME(add_done_callback), args, 2, kwnames);
    }
    drop_opt(kwnames);
    drop_opt(context);
    drop_opt(wakeup);
    drop_opt(done);
    return done ? wait_for(t, v) : -1;
}

static int
yielded(Task *t, Value v)
{
    if (v == NONE) {
        return task_schedule(t, NO_VALUE);
    }
    if (is_object(v) && (type_of(v) == &future_type || type_of(v) == &task_type)) {
        return yielded_future(t, v);
    }
    Own blocking = NO_VALUE;
    int found = object_lookup_attr(v, NAME(_asyncio_future_blocking), &blocking);
    if (found < 0) {
        return -1;
    }
    if (found > 0 && blocking != NONE) {
        int truth = object_truth(blocking);
        drop(blocking);
        return truth < 0 ? -1 : yielded_duck(t, v, truth);
    }
    drop_opt(blocking);
    if (IS_EXACT(v, GENERATOR)) {
        return wrong_yield(t, str_fmt("yield was used instead of yield from for generator in task "
                                      "%R with %R",
                                      VALUE(t), v));
    }
    return wrong_yield(t, str_fmt("Task got bad yield: %R", v));
}

/* -- the step -- */

/* Sends None or throws exception: 1 yielded *result, 0 returned *result, -1 raised. */
static int
run_coroutine(Value coroutine, Value exception, Own *result)
{
    if (IS_EXACT(coroutine, COROUTINE) || IS_EXACT(coroutine, GENERATOR)) {
        Generator *g = as_generator(coroutine);
        return exception ? generator_throw(g, exception, NO_VALUE, NO_VALUE, result)
                         : generator_send(g, NONE, result);
    }
    *result = exception ? call_method1(coroutine, "throw", exception)
                        : call_method1(coroutine, "send", NONE);
    if (*result) {
        return 1;
    }
    return exc_take_stop_iteration(result) ? 0 : -1;
}

/* The coroutine returned result (eaten). */
static int
returned(Task *t, Own result)
{
    int status;
    if (atomic_exchange(&t->must_cancel, 0)) {
        Own message = ref_load(&t->base.head, &t->base.cancel_message);
        status = future_cancel(&t->base, message ? (Value)message : (Value)NONE);
        drop_opt(message);
        drop(result);
    } else {
        status = future_finish(&t->base, result);
    }
    return status < 0 ? -1 : 0;
}

/* The coroutine raised what is pending. fail: -1, as also for what ends the loop */
static int
raised(Task *t)
{
    Own exc = exc_take();
    Value cancelled = cancelled_error();
    int status;
    if (!cancelled) {
        status = -1;
    } else if (exc_instance_matches(exc, cancelled)) {
        future_store(t, &t->base.cancelled_exc, own(exc));
        Own message = ref_load(&t->base.head, &t->base.cancel_message);
        status = future_cancel(&t->base, message ? (Value)message : (Value)NONE);
        drop_opt(message);
    } else {
        status = future_fail(&t->base, exc);
        if (status >= 0 && (exc_instance_matches(exc, VALUE(&exc_KeyboardInterrupt)) ||
                            exc_instance_matches(exc, VALUE(&exc_SystemExit)))) {
            exc_restore(exc);
            return -1;
        }
    }
    drop(exc);
    return status < 0 ? -1 : 0;
}

/* The exception to throw: the given one, or CancelledError where cancel() asked for it. own: ret
 * new, may be NO_VALUE · fail: -1 */
static int
exception_to_throw(Task *t, Value given, Own *exc)
{
    *exc = own_opt(given);
    if (!atomic_load(&t->must_cancel)) {
        return 0;
    }
    Value cancelled = cancelled_error();
    if (!cancelled) {
        return -1;
    }
    if (!given || !exc_instance_matches(given, cancelled)) {
        drop_opt(*exc);
        *exc = future_cancelled_error(&t->base);
        if (!*exc) {
            return -1;
        }
    }
    atomic_store(&t->must_cancel, 0);
    return 0;
}

/* What kept the task from going on: its coroutine gets it, since nothing else would run it again. */
static void
throw_pending(Own *exc)
{
    Own pending = exc_take();
    drop_opt(*exc);
    *exc = pending;
}

/* The coroutine's yield of v led to what is pending. Is it to be told at once? Not when v will run it on. */
static bool
must_tell(Task *t, Value v)
{
    if (!exc_matches(&exc_MemoryError) || t->waiter) {
        return false;
    }
    Own pending = exc_take();
    if (awaited_by_discard(v, VALUE(t)) < 0) {
        exc_clear();
    }
    exc_restore(pending);
    return true;
}

/* One step. 0, -1 */
static int
run_step(Task *t, Value given)
{
    Own exc = NO_VALUE, result;
    if (!future_is_pending(&t->base)) {
        Own text = str_fmt("__step(): already done: %R %R", VALUE(t), given ? given : (Value)NONE);
        const char *utf8 = text ? str_utf8(text, NULL) : NULL;
        if (utf8) {
            raise_invalid_state(utf8);
        }
        drop_opt(text);
        return -1;
    }
    if (exception_to_throw(t, given, &exc) < 0) {
        throw_pending(&exc);
    }
    Own waiter = ref_load(&t->base.head, &t->waiter);
    if (waiter) {
        future_store(t, &t->waiter, NO_VALUE);
        int discarded = awaited_by_discard(waiter, VALUE(t));
        drop(waiter);
        if (discarded < 0) {
            throw_pending(&exc);
        }
    }
    Own coroutine = ref_load(&t->base.head, &t->coroutine);
    if (!coroutine) {
        drop_opt(exc);
        return raise_int(&exc_RuntimeError, "uninitialized Task object");
    }
    int status;
    while ((status = run_coroutine(coroutine, exc, &result)) > 0) {
        ref_clear(&exc);
        int waits = yielded(t, result);
        bool told = waits < 0 && must_tell(t, result);
        drop(result);
        if (!told) {
            drop(coroutine);
            return waits;
        }
        throw_pending(&exc);
    }
    drop_opt(exc);
    drop(coroutine);
    return status == 0 ? returned(t, result) : raised(t);
}

/* own: ret None · fail: 0 */
static Own
task_step(Task *t, Value exception)
{
    Own loop = ref_load(&t->base.head, &t->base.loop);
    if (!loop) {
        return raise_msg(&exc_RuntimeError, "Future object is not initialized.");
    }
    Own self = own(VALUE(t));
    int status = task_enter(loop, VALUE(t));
    if (status == 0) {
        status = run_step(t, exception);
        Own pending = status < 0 ? exc_take() : NO_VALUE;
        if (task_leave(loop, VALUE(t)) < 0) {
            if (pending) {
                exc_clear();
            }
            status = -1;
        }
        if (pending) {
            exc_restore(pending);
        }
    }
    drop(loop);
    drop(self);
    return status < 0 ? NO_VALUE : NONE;
}

/* What the task waited for is done: args[0]. */
static Own
task_wakeup(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("task_wakeup", nargs, kwnames, 1, 1) < 0) {
        return NO_VALUE;
    }
    Task *t = (Task *)obj(self);
    Value v = args[0];
    Own result;
    if (is_object(v) && (type_of(v) == &future_type || type_of(v) == &task_type)) {
        Future *f = (Future *)obj(v);
        if (atomic_load_explicit(&f->state, memory_order_acquire) == FUTURE_FINISHED &&
            !__atomic_load_n(&f->exception, __ATOMIC_RELAXED)) {
            return task_step(t, NO_VALUE);
        }
        result = future_result(f);
    } else {
        result = call_method0(v, "result");
    }
    if (result) {
        drop(result);
        return task_step(t, NO_VALUE);
    }
    Own exc = exc_take();
    result = task_step(t, exc);
    drop(exc);
    return result;
}

/* The first step at once, in the task's context, before its maker goes on. */
int
task_start_eagerly(Task *t)
{
    Own loop = ref_load(&t->base.head, &t->base.loop);
    Own context = ref_load(&t->base.head, &t->run_context);
    Own before = loop && context ? task_swap(loop, VALUE(t)) : NO_VALUE;
    int status = before ? task_link(t) : -1;
    if (status == 0 && (status = context_enter(context)) == 0) {
        status = run_step(t, NO_VALUE);
        context_leave(context);
    }
    if (before) {
        Own pending = status < 0 ? exc_take() : NO_VALUE;
        Own again = task_swap(loop, before);
        if (!again) {
            status = -1;
        }
        drop_opt(again);
        if (pending) {
            exc_restore(pending);
        }
    }
    if (!future_is_pending(&t->base)) {
        task_unlink(t);
        future_store(t, &t->coroutine, NO_VALUE);
    }
    drop_opt(before);
    drop_opt(context);
    drop_opt(loop);
    return status;
}
