/* _thread.lock and _thread.RLock.
 *
 * A lock is one byte; waiters look on for a moment (sync/contention.h), then park on its address, detached. Releasing with waiters wakes one, which
 * competes again with whoever comes; about once in a millisecond it is handed the lock, so that none waits for ever. The owner and count of an
 * RLock are written only by the thread that holds its lock; others compare `owner` with themselves (atomic, relaxed). */
#include "base/os.h"
#include "base/stats.h"
#include "object/tuple.h"
#include "object/type.h"
#include "sync/contention.h"
#include "thread_priv.h"

typedef struct LockObject {
    Object head;
    LongLock lock;
} LockObject;

typedef struct RLockObject {
    Object head;
    LongLock lock;
    _Atomic uint64_t owner; /* ident of the holder, 0 when free */
    _Atomic uint64_t count; /* guard: the holder; others only show it */
} RLockObject;

#include "thread_lock.spec.h"

enum { HELD = 1, WAITERS = 2 };

static bool
long_lock_try(LongLock *lock)
{
    uint8_t state = atomic_load_explicit(&lock->state, memory_order_relaxed);
    while (!(state & HELD)) {
        if (atomic_compare_exchange_weak_explicit(&lock->state, &state, state | HELD, memory_order_acquire, memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

enum { GIVEN = 1 }; /* the token of a waiter whom the lock was handed */

/* Sleeps until the lock may be free, once. 2 it is this thread's, 1 try again, 0 timed out, -1 a signal handler raised */
static int
long_lock_sleep(LongLock *lock, int64_t timeout_ns)
{
    Thread *t = thread_self();
    uint8_t state = atomic_load_explicit(&lock->state, memory_order_relaxed);
    uint8_t waiting = HELD | WAITERS;
    if (!(state & HELD) || (state != waiting && !atomic_compare_exchange_strong(&lock->state, &state, waiting))) {
        return 1;
    }
    uintptr_t token = 0;
    detach();
    int outcome = park(&lock->state, &waiting, sizeof waiting, timeout_ns, &token);
    bool given = outcome == PARK_OK && token == GIVEN;
    t->holding += given; /* or attaching might never return, at the end of the program */
    attach();
    if (given) {
        thread_let_go(t);
        if (UNLIKELY(world_is_exiting()) && !t->is_main) { /* it will not run on */
            long_lock_give(lock);
            given = false;
        }
    }
    if (safepoint(t) < 0) {
        if (given) {
            long_lock_give(lock);
        }
        return -1;
    }
    return given ? 2 : outcome != PARK_TIMEOUT;
}

/* Looks on, or stands aside, for some microseconds. 1 the lock may be free, 0 it is still held, -1 a signal handler raised */
static int
long_lock_look(LongLock *lock, int64_t timeout_ns)
{
    Thread *t = thread_self();
    if (atomic_load_explicit(&gil_enabled, memory_order_relaxed)) { /* the holder waits for the GIL, which this thread has */
        return 0;
    }
    if (contention_aside(&lock->state)) {
        detach();
        park_aside(timeout_ns >= 0 && timeout_ns < CONTENTION_ASIDE_NS ? timeout_ns : CONTENTION_ASIDE_NS);
        attach();
    }
    bool free = contention_spin(&lock->state, HELD, &t->breaker);
    return safepoint(t) < 0 ? -1 : free;
}

int
long_lock_take(LongLock *lock, int64_t timeout_ns)
{
    if (LIKELY(long_lock_try(lock))) {
        return 1;
    }
    if (timeout_ns == 0) {
        return 0;
    }
    STAT(long_waits, 1);
    int64_t deadline = timeout_ns < 0 ? -1 : os_clock_monotonic() + timeout_ns, left = timeout_ns;
    for (int looks = CONTENTION_LOOKS;;) {
        bool look = looks > 0;
        int again = look ? long_lock_look(lock, left) : long_lock_sleep(lock, left);
        if (again < 0) {
            return -1;
        }
        if (again == 2 || long_lock_try(lock)) {
            return 1;
        }
        looks = !look ? CONTENTION_LOOKS : again ? looks - 1 : 0;
        if (deadline >= 0 && (left = deadline - os_clock_monotonic()) <= 0) {
            return 0;
        }
    }
}

/* To who has waited long, by handing it over: who lets go of it and takes it again at once would be faster for ever. */
static uintptr_t
long_lock_release(void *arg, Unparking what)
{
    bool give = what.fair && !world_is_exiting();
    atomic_store(&((LongLock *)arg)->state, (give ? HELD : 0) | (what.more ? WAITERS : 0));
    return give ? GIVEN : 0;
}

bool
long_lock_give(LongLock *lock)
{
    uint8_t held = HELD;
    if (LIKELY(atomic_compare_exchange_strong_explicit(&lock->state, &held, 0, memory_order_release, memory_order_relaxed))) {
        return true;
    }
    if (!(held & HELD)) {
        return false;
    }
    unpark_one(&lock->state, long_lock_release, lock);
    return true;
}

static bool
long_lock_is_held(const LongLock *lock)
{
    return (atomic_load_explicit(&lock->state, memory_order_relaxed) & HELD) != 0;
}

/* -- timeouts -- */

int
thread_seconds(Value seconds, int64_t *ns)
{
    double s = object_as_double(seconds);
    if (s == -1.0 && exc_pending()) {
        return -1;
    }
    if (s != s) {
        return raise_int(&exc_ValueError, "Invalid value NaN (not a number)");
    }
    if (s > 9223372036.0 || s < -9223372036.0) {
        return raise_int(&exc_OverflowError, "timestamp too large to convert to C PyTime_t");
    }
    double exact = s * 1e9;
    *ns = (int64_t)exact;
    *ns += exact > (double)*ns; /* up: never wake too early */
    return 0;
}

int64_t
thread_timeout(bool blocking, Value timeout)
{
    int64_t ns;
    if (timeout == small_int(-1)) {
        return blocking ? -1 : 0;
    }
    if (thread_seconds(timeout, &ns) < 0) {
        return -2;
    }
    if (!blocking) {
        if (ns != -1000000000) {
            raise_msg(&exc_ValueError, "can't specify a timeout for a non-blocking call");
            return -2;
        }
        return 0;
    }
    if (ns < 0) {
        if (ns != -1000000000) {
            raise_msg(&exc_ValueError, "timeout value must be a non-negative number");
            return -2;
        }
        return -1;
    }
    if (ns > 9223372036000000000) {
        raise_msg(&exc_OverflowError, "timeout value is too large");
        return -2;
    }
    return ns;
}

/* -- lock -- */

LongLock *
thread_lock_of(Value v)
{
    return is_object(v) && type_of(v) == &thread_lock_type ? &((LockObject *)obj(v))->lock : NULL;
}

Own
thread_lock_make(Type *cls)
{
    return type_alloc(cls, 0);
}

int
thread_lock_py_acquire(LockObject *self, bool blocking, Value timeout)
{
    int64_t ns = thread_timeout(blocking, timeout);
    return ns == -2 ? -1 : long_lock_take(&self->lock, ns);
}

int
thread_lock_py_acquire_lock(LockObject *self, bool blocking, Value timeout)
{
    return thread_lock_py_acquire(self, blocking, timeout);
}

int
thread_lock_py_release(LockObject *self)
{
    return long_lock_give(&self->lock) ? 0 : raise_int(&exc_RuntimeError, "release unlocked lock");
}

int
thread_lock_py_release_lock(LockObject *self)
{
    return thread_lock_py_release(self);
}

int
thread_lock_py_locked(LockObject *self)
{
    return long_lock_is_held(&self->lock);
}

int
thread_lock_py_locked_lock(LockObject *self)
{
    return long_lock_is_held(&self->lock);
}

int
thread_lock_py___enter__(LockObject *self)
{
    return long_lock_take(&self->lock, -1);
}

Own
thread_lock_py___exit__(Value self, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return thread_lock_py_release((LockObject *)obj(self)) < 0 ? NO_VALUE : NONE;
}

int
thread_lock_py__at_fork_reinit(LockObject *self)
{
    atomic_store(&self->lock.state, 0);
    return 0;
}

static Own
lock_repr(Value v)
{
    bool held = long_lock_is_held(&((LockObject *)obj(v))->lock);
    return str_fmt("<%s %s object at %p>", held ? "locked" : "unlocked", "_thread.lock", obj(v));
}

Type thread_lock_type = {
    .name = "_thread.lock",
    .flags = TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(LockObject),
    .slots = {.dealloc = object_free, .create = thread_lock_create_slot, .repr = lock_repr},
    .methods = thread_lock_methods,
    .spec_doc = thread_lock_doc,
};

/* -- RLock -- */

/* RLock(...): arguments are taken and mean nothing. */
static Own
rlock_create(Type *cls, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type_alloc(cls, 0);
}

static uint64_t
count_of(const RLockObject *self)
{
    return atomic_load_explicit(&self->count, memory_order_relaxed);
}

static void
count_set(RLockObject *self, uint64_t count)
{
    atomic_store_explicit(&self->count, count, memory_order_relaxed);
}

static bool
rlock_is_mine(const RLockObject *self)
{
    return atomic_load_explicit(&self->owner, memory_order_relaxed) == thread_self()->ident;
}

static int
rlock_take(RLockObject *self, int64_t timeout_ns)
{
    if (rlock_is_mine(self)) {
        count_set(self, count_of(self) + 1);
        return 1;
    }
    int taken = long_lock_take(&self->lock, timeout_ns);
    if (taken == 1) {
        atomic_store_explicit(&self->owner, thread_self()->ident, memory_order_relaxed);
        count_set(self, 1);
    }
    return taken;
}

int
thread_rlock_py_acquire(RLockObject *self, bool blocking, Value timeout)
{
    int64_t ns = thread_timeout(blocking, timeout);
    return ns == -2 ? -1 : rlock_take(self, ns);
}

int
thread_rlock_py_release(RLockObject *self)
{
    if (!rlock_is_mine(self)) {
        return raise_int(&exc_RuntimeError, "cannot release un-acquired lock");
    }
    uint64_t left = count_of(self) - 1;
    count_set(self, left);
    if (left == 0) {
        atomic_store_explicit(&self->owner, 0, memory_order_relaxed);
        long_lock_give(&self->lock);
    }
    return 0;
}

int
thread_rlock_py_locked(RLockObject *self)
{
    return long_lock_is_held(&self->lock);
}

int
thread_rlock_py___enter__(RLockObject *self)
{
    return rlock_take(self, -1);
}

Own
thread_rlock_py___exit__(Value self, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return thread_rlock_py_release((RLockObject *)obj(self)) < 0 ? NO_VALUE : NONE;
}

int
thread_rlock_py__is_owned(RLockObject *self)
{
    return rlock_is_mine(self);
}

int64_t
thread_rlock_py__recursion_count(RLockObject *self)
{
    return rlock_is_mine(self) ? (int64_t)count_of(self) : 0;
}

Own
thread_rlock_py__release_save(RLockObject *self)
{
    if (!rlock_is_mine(self)) {
        return raise_msg(&exc_RuntimeError, "cannot release un-acquired lock");
    }
    Own pair[] = {int_from_u64(count_of(self)), int_from_u64(thread_self()->ident)};
    Own state = tuple_from_own(pair, 2);
    if (state) {
        count_set(self, 0);
        atomic_store_explicit(&self->owner, 0, memory_order_relaxed);
        long_lock_give(&self->lock);
    }
    return state;
}

int
thread_rlock_py__acquire_restore(RLockObject *self, Value state)
{
    int64_t count, ident;
    if (!is_tuple(state)) {
        return raise_int(&exc_TypeError, "_acquire_restore() argument 1 must be 2-item tuple, not %T", state);
    }
    if (as_tuple(state)->length != 2) {
        return raise_int(&exc_TypeError, "_acquire_restore() argument 1 must be tuple of length 2, not %zd", as_tuple(state)->length);
    }
    count = object_as_int64(tuple_item(state, 0));
    ident = count == -1 && exc_pending() ? -1 : object_as_int64(tuple_item(state, 1));
    if (ident == -1 && exc_pending()) {
        return -1;
    }
    Own pending = NO_VALUE;
    while (long_lock_take(&self->lock, -1) < 0) { /* a signal handler raised: who gave the lock up counts on having it again */
        Own exc = exc_take();
        drop_opt(pending);
        pending = exc;
    }
    atomic_store_explicit(&self->owner, (uint64_t)ident, memory_order_relaxed);
    count_set(self, (uint64_t)count);
    if (pending) {
        exc_restore(pending);
        return -1;
    }
    return 0;
}

int
thread_rlock_py__at_fork_reinit(RLockObject *self)
{
    count_set(self, 0);
    atomic_store(&self->owner, 0);
    atomic_store(&self->lock.state, 0);
    return 0;
}

static Own
rlock_repr(Value v)
{
    const RLockObject *self = (const RLockObject *)obj(v);
    uint64_t owner = atomic_load_explicit(&self->owner, memory_order_relaxed);
    return str_fmt("<%s %s object owner=%zu count=%zu at %p>", owner ? "locked" : "unlocked", "_thread.RLock", (size_t)owner,
                   (size_t)count_of(self), obj(v));
}

Type thread_rlock_type = {
    .name = "_thread.RLock",
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(RLockObject),
    .slots = {.dealloc = object_free, .create = rlock_create, .repr = rlock_repr},
    .methods = thread_rlock_methods,
    .spec_doc = thread_rlock_doc,
};
