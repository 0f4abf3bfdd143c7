/* The lock of an object whose methods do long work on memory of its own: digests, compressors.
 *
 * Whoever has to wait is detached; so may the holder be while it works, as it touches no Python object then. Nothing that runs
 * Python code is done under it. */
#ifndef WEFT_MODULE_WORK_LOCK_H
#define WEFT_MODULE_WORK_LOCK_H

#include "heap/world.h"
#include "sync/mutex.h"

#define WORK_LONG 65536 /* bytes whose processing is worth detaching for */

static inline void
work_lock(Mutex *m)
{
    thread_self()->holding++; /* first: with the lock it must be able to attach, even while the program ends */
    if (!mutex_try_lock(m)) {
        detach();
        mutex_lock(m);
        attach();
    }
}

static inline void
work_unlock(Mutex *m)
{
    mutex_unlock(m);
    thread_let_go(thread_self());
}

static inline bool
work_detach(int64_t bytes)
{
    if (bytes < WORK_LONG) {
        return false;
    }
    detach();
    return true;
}

static inline void
work_attach(bool detached)
{
    if (detached) {
        attach();
    }
}

/* A lock of an object that one thread uses at a time, over Python code that it runs meanwhile: the thread that has it may take it
 * again. The others wait, detached. */
typedef struct OwnerLock {
    Mutex mutex;
    _Atomic uint16_t owner; /* the thread that has it, 0 = none */
    int depth;              /* how often it has it; guard: mutex */
} OwnerLock;

static inline void
owner_lock_enter(OwnerLock *lock)
{
    if (atomic_load_explicit(&lock->owner, memory_order_relaxed) != thread_owner_id) {
        work_lock(&lock->mutex);
        atomic_store_explicit(&lock->owner, thread_owner_id, memory_order_relaxed);
    }
    lock->depth++;
}

static inline void
owner_lock_leave(OwnerLock *lock)
{
    if (--lock->depth == 0) {
        atomic_store_explicit(&lock->owner, 0, memory_order_relaxed);
        work_unlock(&lock->mutex);
    }
}

#endif
