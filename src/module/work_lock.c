/* OwnerLock, when it is not free. */
#include "module/work_lock.h"

/* Whoever waits does so detached, and takes the lock before it attaches: with the GIL it would else be beaten by the holder every time. */
static void
wait_for(OwnerLock *lock, Thread *me, Thread *owner)
{
    bool beaten = false, heir = false;
    detach();
    while (!(heir && owner == me)) {
        if (!owner || thread_is_lost(owner)) {
            if (atomic_compare_exchange_strong(&lock->owner, &owner, me)) {
                break;
            }
            continue;
        }
        Thread *nobody = NULL;
        if (beaten && !heir) {
            heir = atomic_compare_exchange_strong(&lock->heir, &nobody, me);
        }
        atomic_fetch_add(&lock->waiters, 1);
        park(&lock->owner, &owner, sizeof owner, -1, NULL);
        atomic_fetch_sub(&lock->waiters, 1);
        owner = atomic_load(&lock->owner);
        beaten = true;
    }
    if (heir) {
        Thread *mine = me;
        atomic_compare_exchange_strong(&lock->heir, &mine, NULL);
    }
    attach();
}

void
owner_lock_take(OwnerLock *lock)
{
    Thread *me = thread_self(), *owner = NULL;
    me->holding++; /* first: as in work_lock */
    if (!atomic_compare_exchange_strong(&lock->owner, &owner, me)) {
        wait_for(lock, me, owner);
    }
    lock->depth = 0;
}

void
owner_lock_give(OwnerLock *lock)
{
    Thread *heir = atomic_load(&lock->heir) ? atomic_exchange(&lock->heir, NULL) : NULL;
    atomic_store(&lock->owner, heir);
    if (atomic_load(&lock->waiters)) {
        if (heir) {
            unpark_all(&lock->owner); /* the heir is among them */
        } else {
            unpark_one(&lock->owner, NULL, NULL);
        }
    }
    thread_let_go(thread_self());
}
