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
 * again. The others wait, detached. In the child of a fork, who comes next takes it over from a thread that is not there. */
typedef struct OwnerLock {
    _Atomic(Thread *) owner; /* the thread that has it; null = none */
    _Atomic(Thread *) heir;  /* one that waited and was beaten: has it next; null = none */
    _Atomic uint32_t waiters;
    int depth; /* how often the owner has it; the owner's */
} OwnerLock;

void owner_lock_take(OwnerLock *lock);
void owner_lock_give(OwnerLock *lock);

static inline bool
owner_lock_is_mine(const OwnerLock *lock)
{
    return atomic_load_explicit(&lock->owner, memory_order_relaxed) == thread_self();
}

static inline void
owner_lock_enter(OwnerLock *lock)
{
    if (!owner_lock_is_mine(lock)) {
        owner_lock_take(lock);
    }
    lock->depth++;
}

static inline void
owner_lock_leave(OwnerLock *lock)
{
    if (--lock->depth == 0) {
        owner_lock_give(lock);
    }
}

#endif
