/* The parking lot and the mutex on it.
 *
 * Waiters queue in one of a fixed number of buckets, chosen by address, in order of arrival. A waiter lives on its thread's stack and
 * sleeps on a futex word of its own. Each bucket is guarded by a small futex lock, held for a few instructions.
 * Design after WebKit's ParkingLot (Pizlo, "Locking in WebKit", 2016). */
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/os.h"
#include "base/stats.h"
#include "sync/contention.h"
#include "sync/mutex.h"

#define BUCKET_COUNT 257

enum { WAITING = 0, WOKEN = 1, INTERRUPTED = 2 };

typedef struct Waiter {
    const void *address;
    struct Waiter *next;
    uintptr_t token;
    _Atomic uint32_t state; /* WAITING until a waker or a signal changes it */
} Waiter;

#define FAIR_EVERY_NS 1000000

typedef struct Bucket {
    _Alignas(64) _Atomic uint32_t lock; /* 0 free, 1 held, 2 held with sleepers */
    Waiter *first, *last;               /* guard: lock */
    int64_t fair_at;                    /* when the next wake-up is to be a fair one; guard: lock */
} Bucket;

static Bucket buckets[BUCKET_COUNT];
static __thread Waiter *volatile parked; /* this thread's waiter: for its signal handlers */

static long
futex(_Atomic uint32_t *word, int operation, uint32_t value, const struct timespec *timeout)
{
    return syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, timeout, NULL, 0);
}

static Bucket *
bucket_of(const void *address)
{
    return &buckets[((uintptr_t)address >> 2) * 0x9E3779B97F4A7C15u % BUCKET_COUNT];
}

static void
bucket_lock(Bucket *b)
{
    uint32_t expected = 0;
    if (atomic_compare_exchange_strong(&b->lock, &expected, 1)) {
        return;
    }
    while (atomic_exchange(&b->lock, 2) != 0) {
        futex(&b->lock, FUTEX_WAIT, 2, NULL);
    }
}

static void
bucket_unlock(Bucket *b)
{
    if (atomic_exchange(&b->lock, 0) == 2) {
        futex(&b->lock, FUTEX_WAKE, 1, NULL);
    }
}

static bool
word_equals(const void *address, const void *expected, size_t size)
{
    switch (size) {
    case 1:
        return __atomic_load_n((const uint8_t *)address, __ATOMIC_SEQ_CST) == *(const uint8_t *)expected;
    case 2:
        return __atomic_load_n((const uint16_t *)address, __ATOMIC_SEQ_CST) == *(const uint16_t *)expected;
    case 4:
        return __atomic_load_n((const uint32_t *)address, __ATOMIC_SEQ_CST) == *(const uint32_t *)expected;
    default:
        return __atomic_load_n((const uint64_t *)address, __ATOMIC_SEQ_CST) == *(const uint64_t *)expected;
    }
}

/* Takes w out of b's queue; false when a waker already has. lock: b held */
static bool
bucket_remove(Bucket *b, Waiter *w)
{
    Waiter *before = NULL;
    for (Waiter *x = b->first; x; before = x, x = x->next) {
        if (x == w) {
            *(before ? &before->next : &b->first) = w->next;
            if (b->last == w) {
                b->last = before;
            }
            return true;
        }
    }
    return false;
}

/* Sleeps until the state changes or the deadline passes; returns false at the deadline. */
static bool
waiter_sleep(Waiter *w, int64_t deadline_ns)
{
    while (atomic_load(&w->state) == WAITING) {
        if (deadline_ns < 0) {
            futex(&w->state, FUTEX_WAIT, WAITING, NULL);
            continue;
        }
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        int64_t left = deadline_ns - (now.tv_sec * 1000000000LL + now.tv_nsec);
        if (left <= 0) {
            return false;
        }
        struct timespec timeout = {left / 1000000000, left % 1000000000};
        futex(&w->state, FUTEX_WAIT, WAITING, &timeout);
    }
    return true;
}

int
park(const void *address, const void *expected, size_t size, int64_t timeout_ns, uintptr_t *token)
{
    STAT(parks, 1);
    Waiter w = {.address = address};
    int64_t deadline = -1;
    if (timeout_ns >= 0) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        int64_t now_ns = now.tv_sec * 1000000000LL + now.tv_nsec;
        deadline = timeout_ns > INT64_MAX - now_ns ? INT64_MAX : now_ns + timeout_ns;
    }
    Bucket *b = bucket_of(address);
    bucket_lock(b);
    if (!word_equals(address, expected, size)) {
        bucket_unlock(b);
        return PARK_CHANGED;
    }
    *(b->last ? &b->last->next : &b->first) = &w;
    b->last = &w;
    bucket_unlock(b);

    parked = &w;
    bool woken = waiter_sleep(&w, deadline) && atomic_load(&w.state) == WOKEN;
    parked = NULL;
    if (!woken) {
        bucket_lock(b);
        bool removed = bucket_remove(b, &w);
        bucket_unlock(b);
        if (removed) {
            return atomic_load(&w.state) == INTERRUPTED ? PARK_INTERRUPTED : PARK_TIMEOUT;
        }
        /* A waker took us in between: its wake-up counts, and it still writes to w. */
        while (atomic_load(&w.state) != WOKEN) {
            futex(&w.state, FUTEX_WAIT, atomic_load(&w.state), &(struct timespec){0, 1000000});
        }
    }
    if (token) {
        *token = w.token;
    }
    return PARK_OK;
}

static void
waiter_wake(Waiter *w)
{
    /* After the store w may be gone; a wake-up of a stale address is harmless. */
    atomic_store(&w->state, WOKEN);
    futex(&w->state, FUTEX_WAKE, 1, NULL);
}

/* Who lets a lock go and wants it again is faster than whom it wakes; so now and then it is the other's turn (Pizlo). lock: b held */
static bool
bucket_is_fair(Bucket *b)
{
    int64_t now = os_clock_monotonic();
    bool fair = now >= b->fair_at;
    if (fair) {
        b->fair_at = now + FAIR_EVERY_NS;
    }
    return fair;
}

void
unpark_one(const void *address, uintptr_t (*before_wake)(void *arg, Unparking what), void *arg)
{
    Bucket *b = bucket_of(address);
    bucket_lock(b);
    Waiter *w = b->first;
    while (w && w->address != address) {
        w = w->next;
    }
    Unparking what = {.found = w != NULL};
    for (Waiter *x = w ? w->next : NULL; x && !what.more; x = x->next) {
        what.more = x->address == address;
    }
    what.fair = w && before_wake && bucket_is_fair(b);
    uintptr_t token = before_wake ? before_wake(arg, what) : 0;
    if (w) {
        bucket_remove(b, w);
        w->token = token;
    }
    bucket_unlock(b);
    if (w) {
        waiter_wake(w);
    }
}

void
unpark_all(const void *address)
{
    Bucket *b = bucket_of(address);
    bucket_lock(b);
    Waiter *woken = NULL;
    for (Waiter *w = b->first, *next; w; w = next) {
        next = w->next;
        if (w->address == address) {
            bucket_remove(b, w);
            w->next = woken;
            woken = w;
        }
    }
    bucket_unlock(b);
    while (woken) {
        Waiter *next = woken->next;
        waiter_wake(woken);
        woken = next;
    }
}

void
park_interrupt(void)
{
    Waiter *w = parked;
    if (w) {
        uint32_t expected = WAITING;
        atomic_compare_exchange_strong(&w->state, &expected, INTERRUPTED);
    }
}

void
park_aside(int64_t ns)
{
    static const uint32_t never = 0;
    uint32_t word = 0; /* an address of its own */
    STAT(asides, 1);
    park(&word, &never, sizeof word, ns, NULL);
}

void
park_after_fork(void)
{
    for (size_t i = 0; i < BUCKET_COUNT; i++) {
        (void)atomic_exchange(&buckets[i].lock, 0); /* reads, too: after what threads that are gone have written */
        buckets[i].first = buckets[i].last = NULL;
    }
}

#define MUTEX_HELD 1
#define MUTEX_WAITERS 2

void
mutex_lock_slow(Mutex *m)
{
    STAT(mutex_waits, 1);
    for (int looks = CONTENTION_LOOKS;;) {
        uint8_t state = atomic_load_explicit(&m->state, memory_order_relaxed);
        if (!(state & MUTEX_HELD)) {
            if (atomic_compare_exchange_weak(&m->state, &state, state | MUTEX_HELD)) {
                return;
            }
            continue;
        }
        if (looks > 0) {
            looks = contention_spin(&m->state, MUTEX_HELD, NULL) ? looks - 1 : 0;
            continue;
        }
        uint8_t parked_state = MUTEX_HELD | MUTEX_WAITERS;
        if (state == parked_state || atomic_compare_exchange_weak(&m->state, &state, parked_state)) {
            park(&m->state, &parked_state, 1, -1, NULL);
            looks = CONTENTION_LOOKS;
        }
    }
}

static uintptr_t
mutex_release(void *arg, Unparking what)
{
    atomic_store(&((Mutex *)arg)->state, what.more ? MUTEX_WAITERS : 0);
    return 0;
}

void
mutex_unlock_slow(Mutex *m)
{
    assert(atomic_load(&m->state) & MUTEX_HELD);
    unpark_one(&m->state, mutex_release, m);
}
