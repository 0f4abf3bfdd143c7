/* What the files of _asyncio share: futures, the current task, the lists of tasks. */
#ifndef WEFT_MODULE_ASYNCIO_PRIV_H
#define WEFT_MODULE_ASYNCIO_PRIV_H

#include "heap/critical.h"
#include "module/asyncio/future.h"

static ALWAYS_INLINE bool
is_future(Value v) /* a Future or Task of this module */
{
    return is_object(v) && (type_of(v) == &task_type || type_of(v) == &future_type ||
                            type_is_subtype(type_of(v), &future_type));
}

static ALWAYS_INLINE bool
is_task(Value v)
{
    return is_future(v) && ((const Future *)obj(v))->is_task;
}

static ALWAYS_INLINE bool
future_is_pending(const Future *f)
{
    return atomic_load_explicit(&f->state, memory_order_acquire) == FUTURE_PENDING;
}

/* A reference field under its object's lock. */
static inline void
future_store(void *holder, Own *field, Own v)
{
    CriticalSection section;
    critical_enter(&section, holder);
    Own old = ref_swap(holder, field, v);
    critical_leave(&section);
    drop_opt(old);
}

/* -- future.c */
NODISCARD int future_start(Future *f, Value loop);
/* RuntimeError "Future object is not initialized." fail: -1 */
NODISCARD int future_check(const Future *f);
/* Ends it, and schedules its callbacks: 1 done, 0 it was done already, -1 failed. Each value is
 * eaten */
NODISCARD int future_finish(Future *f, Own result);
NODISCARD int future_fail(Future *f, Value exception);
NODISCARD int future_cancel(Future *f, Value message);
/* result(): new. fail: 0 with its exception pending */
NODISCARD Own future_result(Future *f);
NODISCARD int future_add_callback(Future *f, Value callback, Value context);
NODISCARD Own future_cancelled_error(Future *f);
int future_traverse(Object *o, Visit visit, void *arg);
void future_clear(Object *o);
void future_finalize(Object *o);
Own future_repr_by(Value v, const char *module, const char *function);
Own asyncio_create(Type *cls, Value const *args, size_t nargs, Value kwnames);
NODISCARD Own future_iter(Value v);
/* loop.call_soon(callback, argument, context=context); argument may be NO_VALUE */
NODISCARD int loop_call_soon(Value loop, Value callback, Value argument, Value context);
/* loop.call_exception_handler(details), errors shown; details: a dict, eaten, may be NO_VALUE */
void loop_report(Value loop, Own details);

/* -- soon.c: the same, if it can be done without calling Python: 1 done, 0 not so, -1 failed */
NODISCARD int loop_call_soon_quickly(Value loop, Value callback, Value argument, Value context);

/* -- awaited_by.c */
NODISCARD int awaited_by_add(Value future, Value waiter);
NODISCARD int awaited_by_discard(Value future, Value waiter);
NODISCARD Own awaited_by_get(Future *f); /* a frozenset, or None */

/* -- step.c */
NODISCARD int task_schedule(Task *t, Value exception); /* its next step, soon */
NODISCARD int task_start_eagerly(Task *t);
NODISCARD int task_cancel_waiter(Value waiter,
                                 Value message); /* waiter.cancel(msg=message): 0, 1, -1 */

/* -- running.c */
NODISCARD int task_enter(Value loop, Value task);
NODISCARD int task_leave(Value loop, Value task);
NODISCARD Own task_swap(Value loop, Value task); /* the task before, or None */
NODISCARD Own loop_current(void);                /* get_event_loop() */

/* -- tasklist.c */
NODISCARD int task_link(Task *t);
void task_unlink(Task *t);

/* -- names.c: what the asyncio package has, looked up at the first use. borrow: for ever. fail: 0
 */
Value asyncio_name(Own *cell, const char *module, const char *name);
/* Raises InvalidStateError. Returns 0. */
Own raise_invalid_state(const char *message) COLD;
/* The class CancelledError. fail: 0 */
Value cancelled_error(void);
/* Calls a function of the package. own: ret new */
NODISCARD Own asyncio_call(const char *module, const char *name, Value const *args, size_t nargs);

#endif
