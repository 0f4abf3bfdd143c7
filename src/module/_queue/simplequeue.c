/* SimpleQueue: a deque, and waiting for it to have something.
 *
 * Threads: the deque guards itself. `puts` counts items added; who finds the queue empty parks
 * on it, with the count it saw before it looked: an item added since then makes the count
 * differ, and the wait end at once. Who adds an item wakes one waiter, if there is any: either
 * it sees the waiter, or the waiter sees its item, as each writes before it reads (sequentially
 * consistent). Nothing is locked while Python code runs, so put() may be called from finalizers
 * and signal handlers. */
#include "module/_queue/simplequeue.h"

#include "base/os.h"
#include "heap/world.h"
#include "module/_collections/deque.h"
#include "object/float.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/tuple.h"
#include "object/type.h"
#include "sync/contention.h"
#include "sync/mutex.h"

typedef struct SimpleQueue {
    Object head;
    Own items;                /* a deque; immutable */
    _Atomic uint32_t puts;    /* modulo 2^32 */
    _Atomic uint32_t waiters; /* about to park, or parked */
} SimpleQueue;

#include "simplequeue.spec.h"

Own queue_empty_class;

static Own
raise_empty(void)
{
    Own exc = call0(queue_empty_class);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

/* -- putting -- */

static uintptr_t
no_token(void *arg UNUSED, Unparking what UNUSED)
{
    return 0;
}

static void
wake_one(SimpleQueue *q)
{
    if (atomic_load(&q->waiters) > 0) {
        unpark_one(&q->puts, no_token, NULL);
    }
}

static int
queue_put(SimpleQueue *q, Value item)
{
    hand_over(item);
    if (deque_add((Deque *)obj(q->items), own(item), false) < 0) {
        return -1;
    }
    atomic_fetch_add(&q->puts, 1);
    wake_one(q);
    return 0;
}

int
simplequeue_py_put(SimpleQueue *self, Value item, bool block UNUSED, Value timeout UNUSED)
{
    return queue_put(self, item);
}

int
simplequeue_py_put_nowait(SimpleQueue *self, Value item)
{
    return queue_put(self, item);
}

/* -- getting -- */

/* Waits until the queue may have something. 1 look again, 0 timed out, -1 a signal handler
 * raised */
static int
queue_wait(SimpleQueue *q, uint32_t seen, int64_t timeout_ns)
{
    detach();
    int outcome = park(&q->puts, &seen, sizeof seen, timeout_ns, NULL);
    attach();
    if (safepoint(thread_self()) < 0) {
        return -1;
    }
    return outcome != PARK_TIMEOUT;
}

/* An item that comes within some microseconds: to sleep and to be woken would take both threads as
 * long. own: ret new · fail: 0 */
static Own
queue_get_looking(SimpleQueue *q)
{
    uint32_t seen;
    Own item;
    do {
        seen = atomic_load(&q->puts);
        item = deque_take((Deque *)obj(q->items), true);
    } while (!item && !atomic_load_explicit(&gil_enabled, memory_order_relaxed) &&
             contention_await(&q->puts, seen, &thread_self()->breaker));
    return item;
}

/* deadline: of the monotonic clock; -1 = none. own: ret new · fail: 0, with nothing pending when
 * time is up */
static Own
queue_get_waiting(SimpleQueue *q, int64_t deadline)
{
    Deque *items = (Deque *)obj(q->items);
    Own item = NO_VALUE;
    atomic_fetch_add(&q->waiters, 1);
    for (int again = 1; again > 0;) {
        uint32_t seen = atomic_load(&q->puts);
        item = deque_take(items, true);
        if (item) {
            break;
        }
        int64_t left = deadline < 0 ? -1 : deadline - os_clock_monotonic();
        again = deadline < 0 || left > 0 ? queue_wait(q, seen, left) : 0;
        if (again == 0) {
            item = deque_take(items, true); /* what came in the last moment */
        }
    }
    atomic_fetch_sub(&q->waiters, 1);
    if (!item && exc_pending()) { /* this thread may have been woken for an item that it leaves to another */
        wake_one(q);
    }
    return item;
}

/* The moment when `timeout` seconds are over; -1 for None. fail: -2 */
static int64_t
queue_deadline(Value timeout)
{
    double seconds;
    if (timeout == NONE) {
        return -1;
    }
    if (is_float(timeout)) {
        seconds = float_value(timeout);
    } else if (is_int(timeout)) {
        if (!int_as_double(timeout, &seconds)) {
            return -2;
        }
    } else {
        raise_fmt(&exc_TypeError, "'%T' object cannot be interpreted as an integer or float",
                  timeout);
        return -2;
    }
    if (seconds != seconds) {
        raise_msg(&exc_ValueError, "Invalid value NaN (not a number)");
        return -2;
    }
    if (seconds < 0) {
        raise_msg(&exc_ValueError, "'timeout' must be a non-negative number");
        return -2;
    }
    if (seconds >= 9223372036.0) {
        raise_msg(&exc_OverflowError, "timestamp out of range for C PyTime_t");
        return -2;
    }
    double exact = seconds * 1e9;
    int64_t ns = (int64_t)exact, now = os_clock_monotonic();
    ns += exact > (double)ns; /* up: never give up too early */
    return ns > INT64_MAX - now ? INT64_MAX : now + ns;
}

Own
simplequeue_py_get(SimpleQueue *self, bool block, Value timeout)
{
    int64_t deadline = block ? queue_deadline(timeout) : -1;
    if (deadline == -2) {
        return NO_VALUE;
    }
    Own item = block ? queue_get_looking(self) : deque_take((Deque *)obj(self->items), true);
    if (!item && block) {
        item = queue_get_waiting(self, deadline);
    }
    take_over(item);
    return item || exc_pending() ? item : raise_empty();
}

Own
simplequeue_py_get_nowait(SimpleQueue *self)
{
    Own item = deque_take((Deque *)obj(self->items), true);
    take_over(item);
    return item ? item : raise_empty();
}

/* -- the rest -- */

int
simplequeue_py_empty(SimpleQueue *self)
{
    return deque_length((Deque *)obj(self->items)) == 0;
}

int64_t
simplequeue_py_qsize(SimpleQueue *self)
{
    return deque_length((Deque *)obj(self->items));
}

Own
simplequeue_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

static Own
simplequeue_create(Type *type, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    bool own_init = type->slots.init != simplequeue_type.slots.init;
    if (!own_init && kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "SimpleQueue() takes no keyword arguments");
    }
    if (!own_init && nargs) {
        return raise_msg(&exc_TypeError, "SimpleQueue() takes no positional arguments");
    }
    Own items = call0(VALUE(&deque_type)), v = items ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(items);
        return NO_VALUE;
    }
    ref_init(obj(v), &((SimpleQueue *)obj(v))->items, items);
    return v;
}

static int
simplequeue_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((SimpleQueue *)o)->items);
    return 0;
}

/* No clear: a cycle goes through the deque. */
static void
simplequeue_dealloc(Object *o)
{
    drop_opt(((SimpleQueue *)o)->items);
    object_free(o);
}

Type simplequeue_type = {
    .name = "_queue.SimpleQueue",
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(SimpleQueue),
    .slots = {
        .traverse = simplequeue_traverse,
        .dealloc = simplequeue_dealloc,
        .create = simplequeue_create,
    },
    .methods = simplequeue_methods,
    .getsets = simplequeue_getsets,
    .spec_doc = simplequeue_doc,
};
