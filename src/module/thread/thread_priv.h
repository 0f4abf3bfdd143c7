/* What the files of the module _thread share. */
#ifndef WEFT_MODULE_THREAD_PRIV_H
#define WEFT_MODULE_THREAD_PRIV_H

#include "heap/world.h"
#include "object/module.h"
#include "object/str.h"

extern Type thread_lock_type, thread_rlock_type, thread_local_type, thread_handle_type, thread_atomic_integer_type,
    thread_atomic_reference_type;

/* A lock that Python code may hold for long: waiting detaches, and signals interrupt the wait on the main thread. */
typedef struct LongLock {
    _Atomic uint8_t state; /* bit 0 held, bit 1 waiters are parked */
} LongLock;

/* 1 taken, 0 timed out, -1 a signal handler raised. timeout_ns: 0 = try, < 0 = for ever */
int long_lock_take(LongLock *lock, int64_t timeout_ns);
/* False when it is not held. */
bool long_lock_give(LongLock *lock);
/* Of a _thread.lock; null for anything else. */
LongLock *thread_lock_of(Value v);

/* The timeout of acquire(blocking, timeout): nanoseconds, 0 when not blocking. fail: -2 + ValueError or OverflowError */
int64_t thread_timeout(bool blocking, Value timeout);
/* Seconds to nanoseconds: of a number, rounded up. fail: -1 */
int thread_seconds(Value seconds, int64_t *ns);

/* For threading._shutdown(): waits for every thread that is not a daemon. */
int thread_handles_join_all(void);
/* Starts function(*args, **kwargs) on a new thread; handle may be 0. -1 + exception when it cannot. */
int thread_start(Value function, Value args, Value kwargs, Value handle, bool daemon, uint64_t *ident);
extern _Atomic int64_t thread_stack_bytes;

#endif
