/* A file descriptor that an object has, and that one thread may close while others use it.
 *
 * Whoever calls the system with it counts as a user meanwhile. Closing makes the object closed at once; the descriptor itself is given back
 * by its last user, so that nobody reads from or writes to another file that has got its number meanwhile.
 *
 * Threads: both words are atomic, sequentially consistent: of a use and a close at the same moment one sees the other. */
#ifndef WEFT_MODULE_OS_DESCRIPTOR_H
#define WEFT_MODULE_OS_DESCRIPTOR_H

#include <errno.h>
#include <unistd.h>

#include "heap/world.h"

typedef struct Descriptor {
    _Atomic int number;     /* -1 = closed */
    _Atomic uint64_t users; /* bits 0-15 how many; 16-31 in which fork_generation; 32-63 one more than the number that the last closes */
} Descriptor;

/* The number, for what needs no use: it may be another file's by now. -1 = closed */
static inline int
descriptor_peek(const Descriptor *d)
{
    return atomic_load_explicit(&d->number, memory_order_relaxed);
}

/* The word of users, without those that a fork has left in the parent. */
static inline uint64_t
descriptor_users_now(uint64_t users)
{
    uint64_t generation = (uint64_t)atomic_load(&fork_generation) << 16;
    return (users & 0xFFFF0000u) == generation ? users : generation;
}

/* The number, which is the same file's until descriptor_done(); that comes after -1 (closed) too. */
static inline int
descriptor_use(Descriptor *d)
{
    uint64_t users = atomic_load(&d->users);
    while (!atomic_compare_exchange_weak(&d->users, &users, descriptor_users_now(users) + 1)) {
    }
    return atomic_load(&d->number);
}

/* Leaves errno as it is. may: detach */
static inline void
descriptor_done(Descriptor *d)
{
    uint64_t users = atomic_load(&d->users), left;
    do {
        left = users - 1;
    } while (!atomic_compare_exchange_weak(&d->users, &users, left & 0xFFFF ? left : (uint32_t)left));
    if (!(left & 0xFFFF) && left >> 32) {
        int saved = errno;
        detach();
        close((int)(left >> 32) - 1);
        attach();
        errno = saved;
    }
}

/* Makes it closed. The number is the caller's now: for descriptor_close(), or as it was lent. -1 = was closed */
static inline int
descriptor_take(Descriptor *d)
{
    return atomic_exchange(&d->number, -1);
}

/* Closes what descriptor_take() gave, or leaves that to its last user. Gives what close() gave, and errno. may: detach */
static inline int
descriptor_close(Descriptor *d, int fd)
{
    uint64_t users = atomic_load(&d->users);
    while ((descriptor_users_now(users) & 0xFFFF) && !(users >> 32)) {
        if (atomic_compare_exchange_weak(&d->users, &users, users | ((uint64_t)fd + 1) << 32)) {
            return 0;
        }
    }
    errno = 0;
    detach();
    int result = close(fd);
    attach();
    return result;
}

#endif
