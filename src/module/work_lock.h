/* Locks of modules' objects. First that of an object whose methods do long work on memory of its own: digests, compressors.
 *
 * Whoever has to wait is detached; so may the holder be while it works, as it touches no Python object then. Nothing that runs
 * Python code is done under it: for that there are CallLock and OwnerLock, below. */
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

/* A lock that is kept over Python code, and while the system is waited for. The others wait, detached. In the child of a fork, who comes next
 * takes it over from a thread that is not there. */
typedef struct CallLock {
    _Atomic uint64_t owner; /* the holder: bits 0-47 its ident, 48-63 the fork_generation in which it took the lock; 0 free */
    _Atomic uint64_t heir;  /* one who waited in vain, likewise: gets the lock next; 0 none */
    _Atomic uint32_t waiters;
} CallLock;

/* False: this thread has it already. */
NODISCARD bool call_lock(CallLock *lock);
void call_unlock(CallLock *lock);
bool call_lock_is_mine(const CallLock *lock);

/* The same, and the thread that has it may take it again: of an object that one thread uses at a time. */
typedef struct OwnerLock {
    CallLock lock;
    int depth; /* how often its holder has it; the holder's */
} OwnerLock;

static inline void
owner_lock_enter(OwnerLock *lock)
{
    if (call_lock(&lock->lock)) {
        lock->depth = 0; /* it may have been taken over */
    }
    lock->depth++;
}

static inline void
owner_lock_leave(OwnerLock *lock)
{
    if (--lock->depth == 0) {
        call_unlock(&lock->lock);
    }
}

#endif
