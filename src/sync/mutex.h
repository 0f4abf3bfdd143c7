/* A one-byte mutex and a parking lot: threads wait on an address, without memory of their own in it.
 *
 * Mutex knows nothing of Python threads: do not hold one across detach() or anything that may run Python. Locks that may be held
 * long while others run are park()ed on by heap/critical.h and _thread, which detach around the wait. */
#ifndef WEFT_SYNC_MUTEX_H
#define WEFT_SYNC_MUTEX_H

#include <stdatomic.h>

#include "base/attr.h"

typedef struct Mutex {
    _Atomic uint8_t state; /* 0 free, 1 held, 3 held with waiters parked */
} Mutex;

void mutex_lock_slow(Mutex *m);
void mutex_unlock_slow(Mutex *m);

static ALWAYS_INLINE bool
mutex_try_lock(Mutex *m)
{
    uint8_t expected = 0;
    return atomic_compare_exchange_strong_explicit(&m->state, &expected, 1, memory_order_acquire, memory_order_relaxed);
}

static ALWAYS_INLINE void
mutex_lock(Mutex *m)
{
    if (UNLIKELY(!mutex_try_lock(m))) {
        mutex_lock_slow(m);
    }
}

static ALWAYS_INLINE void
mutex_unlock(Mutex *m)
{
    uint8_t expected = 1;
    if (UNLIKELY(!atomic_compare_exchange_strong_explicit(&m->state, &expected, 0, memory_order_release, memory_order_relaxed))) {
        mutex_unlock_slow(m);
    }
}

enum { PARK_OK = 0, PARK_TIMEOUT = 1, PARK_CHANGED = 2, PARK_INTERRUPTED = 3 };

/* Waits on address while the `size`-byte (1, 2, 4 or 8) word there equals *expected, checked under the bucket's lock. timeout_ns < 0: for
 * ever. Returns PARK_*: CHANGED when the word differed; INTERRUPTED by a signal handler's park_interrupt. token: handed over by the waker. */
int park(const void *address, const void *expected, size_t size, int64_t timeout_ns, uintptr_t *token);
/* What unpark_one found. */
typedef struct Unparking {
    bool found; /* a waiter, which is woken now */
    bool more;  /* others after it */
    bool fair;  /* about once in a millisecond, where there are waiters: whoever is woken is to have what it waits for */
} Unparking;

/* Wakes one waiter on address. before_wake(arg, what) runs under the bucket's lock, before the wake-up; it may change the word; its
 * result is the waiter's token. */
void unpark_one(const void *address, uintptr_t (*before_wake)(void *arg, Unparking what), void *arg);
void unpark_all(const void *address);
/* For signal handlers, on the thread they interrupt: its park, if it is in one, returns PARK_INTERRUPTED. Async-signal-safe. */
void park_interrupt(void);
/* Sleeps so long that others can work. May end early; also by park_interrupt. */
void park_aside(int64_t ns);
void park_after_fork(void);

#endif
