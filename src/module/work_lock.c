/* CallLock: module/work_lock.h. */
#include "module/work_lock.h"

#define IDENT_BITS 48

static inline uint64_t
ident_of(uint64_t holder)
{
    return holder & (((uint64_t)1 << IDENT_BITS) - 1);
}

static inline bool
is_of_this_process(uint64_t holder)
{
    return holder >> IDENT_BITS == atomic_load(&fork_generation);
}

/* A thread of a process that this one was forked from, and not here: not the one that forked. */
static inline bool
was_left_behind(uint64_t holder)
{
    return holder && !is_of_this_process(holder) && ident_of(holder) != atomic_load(&fork_survivor);
}

bool
call_lock_is_mine(const CallLock *lock)
{
    uint64_t owner = atomic_load(&lock->owner);
    return ident_of(owner) == thread_self()->ident && !was_left_behind(owner);
}

bool
call_lock(CallLock *lock)
{
    Thread *t = thread_self();
    uint64_t me = t->ident | (uint64_t)atomic_load(&fork_generation) << IDENT_BITS, owner = 0, nobody = 0;
    bool beaten = false, heir = false;
    while (!atomic_compare_exchange_strong(&lock->owner, &owner, me) && !(heir && owner == me)) {
        if (was_left_behind(owner)) {
            continue; /* and is expected now: take it over */
        }
        if (ident_of(owner) == t->ident) {
            return false;
        }
        if (beaten && !heir && atomic_compare_exchange_strong(&lock->heir, &nobody, me)) {
            heir = true; /* with the GIL it could be beaten for ever: it runs when the holder waits, and so has the lock */
            t->holding++;
        }
        nobody = 0;
        atomic_fetch_add(&lock->waiters, 1);
        detach();
        park(&lock->owner, &owner, sizeof owner, -1, NULL);
        attach();
        atomic_fetch_sub(&lock->waiters, 1);
        owner = 0;
        beaten = true;
    }
    uint64_t mine = me;
    if (heir) {
        atomic_compare_exchange_strong(&lock->heir, &mine, 0);
    } else {
        t->holding++; /* the main thread may have to wait for this one while the program ends */
    }
    return true;
}

void
call_unlock(CallLock *lock)
{
    uint64_t heir = atomic_load(&lock->heir) ? atomic_exchange(&lock->heir, 0) : 0;
    bool inherits = heir && !world_is_exiting() && is_of_this_process(heir);
    atomic_store(&lock->owner, inherits ? heir : 0);
    if (atomic_load(&lock->waiters)) {
        if (heir || UNLIKELY(world_is_exiting())) { /* daemon threads that are woken do not come to take it */
            unpark_all(&lock->owner);
        } else {
            unpark_one(&lock->owner, NULL, NULL);
        }
    }
    thread_let_go(thread_self());
}
