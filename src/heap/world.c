/* Attaching, the GIL, stopping the world, safepoints: heap/world.h.
 *
 * A thread's state is DETACHED, ATTACHED or SUSPENDED. Stopping turns detached threads into suspended ones from outside; an attached one
 * suspends itself at its next safepoint. A suspended thread that wants to attach parks on its state word until the world starts. HELD is a
 * detached thread whose affairs another one looks after for a moment: thread_hold_detached(). */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "base/os.h"
#include "base/stats.h"
#include "heap/heap_priv.h"

enum { DETACHED = 0, ATTACHED = 1, SUSPENDED = 2, HELD = 3 };

static _Atomic uint32_t attach_waiting; /* threads that would run on if the world were not stopped */

/* -- the GIL: a mutex with a request, so that a waiter makes the holder give way after the switch interval -- */

_Atomic bool gil_enabled;
_Atomic uint64_t gil_switch_interval_ns = 5000000;
static pthread_mutex_t gil_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gil_changed = PTHREAD_COND_INITIALIZER; /* nobody has it now */
static pthread_cond_t gil_taken = PTHREAD_COND_INITIALIZER;   /* for who gave it to another */
static Thread *gil_holder;     /* guard: gil_mutex */
static uint64_t gil_switches;  /* guard: gil_mutex */

static void
gil_take(Thread *t)
{
    pthread_mutex_lock(&gil_mutex);
    while (gil_holder && gil_holder != t) {
        uint64_t switches = gil_switches;
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        uint64_t ns = (uint64_t)until.tv_nsec + atomic_load(&gil_switch_interval_ns);
        until.tv_sec += (time_t)(ns / 1000000000);
        until.tv_nsec = (long)(ns % 1000000000);
        if (pthread_cond_timedwait(&gil_changed, &gil_mutex, &until) == ETIMEDOUT && gil_holder && gil_switches == switches) {
            breaker_set(gil_holder, BREAK_GIL);
        }
    }
    gil_holder = t;
    gil_switches++;
    pthread_cond_broadcast(&gil_taken);
    pthread_mutex_unlock(&gil_mutex);
}

/* guard: gil_mutex. False: it was not t's. */
static bool
gil_let_go(Thread *t)
{
    if (gil_holder != t) {
        return false;
    }
    gil_holder = NULL;
    gil_switches++;
    atomic_fetch_and(&t->breaker, ~(uint32_t)BREAK_GIL); /* answered */
    pthread_cond_broadcast(&gil_changed);
    return true;
}

static void
gil_drop(Thread *t)
{
    pthread_mutex_lock(&gil_mutex);
    gil_let_go(t);
    pthread_mutex_unlock(&gil_mutex);
}

/* Gives the GIL to a waiter: waits until somebody else has had it. */
static void
gil_yield(Thread *t)
{
    pthread_mutex_lock(&gil_mutex);
    if (gil_let_go(t)) {
        uint64_t switches = gil_switches;
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        while (gil_switches == switches && pthread_cond_timedwait(&gil_taken, &gil_mutex, &until) == 0) {
        }
    }
    pthread_mutex_unlock(&gil_mutex);
}

/* In the child of a fork: threads that it does not have may have been waiting, or at the mutex. */
void
gil_after_fork(void)
{
    atomic_store(&attach_waiting, 0);
    pthread_mutex_init(&gil_mutex, NULL);
    pthread_cond_init(&gil_changed, NULL);
    pthread_cond_init(&gil_taken, NULL);
    gil_holder = gil_holder == thread_current ? gil_holder : NULL;
}

/* -- attaching -- */

static _Atomic bool exiting; /* daemon threads park for ever when they try to attach */

bool
thread_is_attached(const Thread *t)
{
    return atomic_load_explicit(&t->state, memory_order_relaxed) == ATTACHED;
}

static void NORETURN
park_for_ever(void)
{
    for (;;) {
        static const uint32_t never = 0;
        static uint32_t word;
        park(&word, &never, sizeof word, -1, NULL);
    }
}

/* Where the world is being stopped the thread suspends itself: it could be attached again, with much to do until its next safepoint, before
 * the stopper has looked. world_start() takes BREAK_STOP back and then wakes whom it finds suspended; who suspends itself later looks again. */
static void
state_wait_attach(Thread *t)
{
    for (;;) {
        bool stopping = atomic_load(&t->breaker) & BREAK_STOP;
        uint32_t state = DETACHED, suspended = SUSPENDED;
        if (atomic_compare_exchange_strong(&t->state, &state, stopping ? SUSPENDED : ATTACHED)) {
            if (!stopping) {
                return;
            }
            if (!(atomic_load(&t->breaker) & BREAK_STOP)) {
                atomic_compare_exchange_strong(&t->state, &suspended, DETACHED);
                continue;
            }
        }
        const uint32_t *stays = state == HELD ? &state : &suspended;
        atomic_fetch_add(&attach_waiting, 1);
        park(&t->state, stays, sizeof *stays, -1, NULL);
        atomic_fetch_sub(&attach_waiting, 1);
    }
}

static bool stop_interrupted; /* some other thread was attached when the world was stopped; guard: the stopper */

bool
world_is_awaited(void)
{
    return stop_interrupted || atomic_load_explicit(&attach_waiting, memory_order_relaxed) > 0 ||
           (atomic_load_explicit(&thread_current->breaker, memory_order_relaxed) & BREAK_GIL);
}

void
attach_without_sections(void)
{
    int saved = errno;
    Thread *t = thread_current;
    for (;;) {
        if (UNLIKELY(atomic_load(&exiting)) && !t->is_main && t->holding == 0) {
            gc_abandon(t);
            park_for_ever();
        }
        bool with_gil = atomic_load(&gil_enabled);
        if (with_gil) {
            gil_take(t);
        }
        state_wait_attach(t);
        if (LIKELY(with_gil == atomic_load(&gil_enabled))) {
            break;
        }
        atomic_store(&t->state, DETACHED); /* switched meanwhile: once more */
        if (with_gil) {
            gil_drop(t);
        }
    }
    epoch_enter(t->epoch);
    errno = saved;
}

void
attach(void)
{
    attach_without_sections();
    if (UNLIKELY(thread_current->critical != NULL)) {
        int saved = errno;
        critical_resume(thread_current);
        errno = saved;
    }
}

static _Atomic uint32_t stop_waiting; /* attached threads that the stopper still waits for */

/* Leaves ATTACHED for `state`; tells a stopper that counted this thread. */
static void
state_leave(Thread *t, uint32_t state)
{
    epoch_leave(t->epoch);
    atomic_store(&t->state, state);
}

void
detach(void)
{
    int saved = errno;
    Thread *t = thread_current;
    if (UNLIKELY(t->critical != NULL)) {
        critical_suspend(t);
    }
    state_leave(t, DETACHED);
    if (UNLIKELY(atomic_load_explicit(&t->breaker, memory_order_relaxed) & BREAK_STOP)) {
        unpark_all(&stop_waiting);
    }
    if (atomic_load(&gil_enabled)) {
        gil_drop(t);
    }
    errno = saved;
}

/* -- giving way: what makes threads meet at every point of a program, so that races of it show (docs/thread-safety.md) -- */

static uint32_t give_way_every; /* safepoints, on average; 0: never. Like the seed, set before the second thread starts */
static uint64_t give_way_seed;
static __thread uint64_t give_way_state; /* of the thread's generator; 0: not yet seeded */
static __thread uint32_t give_way_left;  /* safepoints until it gives way */

void
world_give_way(uint32_t every, uint64_t seed)
{
    give_way_every = every;
    give_way_seed = seed;
    if (every) {
        breaker_set(thread_current, BREAK_GIVE_WAY);
    }
}

/* Numbers of 32 bits: Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014. */
static uint32_t
give_way_random(void)
{
    uint64_t z = give_way_state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return (uint32_t)(z >> 32);
}

/* One time in 64 it sleeps for up to 0.1 ms, so that others get far, and now and then for a turn of the scheduler, which takes long on a
 * busy machine; else it is only late by some microseconds. */
static void
give_way(Thread *t)
{
    if (!threads_many || give_way_left-- > 1) {
        return;
    }
    if (give_way_state == 0) {
        give_way_state = (give_way_seed << 16 | t->id) * 0xD1342543DE82EF95 | 1;
    }
    give_way_left = 1 + give_way_random() % (2 * give_way_every - 1);
    uint32_t r = give_way_random();
    detach();
    if (r % 1024 == 1) {
        sched_yield();
    } else if (r % 64 == 0) {
        nanosleep(&(struct timespec){.tv_nsec = (long)(r / 64 % 100000)}, NULL);
    } else {
        for (uint32_t turns = r / 64 % 64; turns > 0; turns--) {
            __builtin_ia32_pause();
        }
    }
    attach();
}

/* -- stopping the world -- */

static Mutex world_lock;                /* one stopper at a time */
static _Atomic(Thread *) world_stopper; /* guard: world_lock to change */
static int64_t stop_begun;              /* guard: the stopper; the counting build's */
static int world_depth;                 /* guard: the stopper */

/* Suspends who is detached; returns how many others are still attached. lock: threads_lock */
static uint32_t
suspend_detached(Thread *me)
{
    uint32_t attached = 0;
    for (Thread *t = threads_first; t; t = t->next) {
        if (t != me) {
            uint32_t state = DETACHED;
            if (!atomic_compare_exchange_strong(&t->state, &state, SUSPENDED) && state == ATTACHED) {
                attached++;
            }
        }
    }
    return attached;
}

void
world_stop(void)
{
    Thread *me = thread_current;
    if (atomic_load(&world_stopper) == me) {
        world_depth++;
        return;
    }
    while (!mutex_try_lock(&world_lock)) { /* another stops: be stopped */
        detach();
        mutex_lock(&world_lock);
        mutex_unlock(&world_lock);
        attach();
    }
    atomic_store(&world_stopper, me);
    world_depth = 1;
    stop_begun = WITH_STATS ? os_clock_monotonic() : 0;
    mutex_lock(&threads_lock);
    for (Thread *t = threads_first; t; t = t->next) {
        if (t != me) {
            breaker_set(t, BREAK_STOP);
        }
    }
    stop_interrupted = false;
    for (;;) {
        uint32_t waiting = suspend_detached(me);
        stop_interrupted = stop_interrupted || waiting;
        if (waiting == 0) {
            break;
        }
        atomic_store(&stop_waiting, waiting);
        mutex_unlock(&threads_lock);
        park(&stop_waiting, &waiting, sizeof waiting, 100000, NULL); /* a missed wake-up costs 0.1 ms */
        mutex_lock(&threads_lock);
    }
    mutex_unlock(&threads_lock);
}

void
world_start(void)
{
    Thread *me = thread_current;
    assert(atomic_load(&world_stopper) == me);
    if (--world_depth > 0) {
        return;
    }
    mutex_lock(&threads_lock);
    for (Thread *t = threads_first; t; t = t->next) {
        if (t != me) {
            atomic_fetch_and(&t->breaker, ~(uint32_t)BREAK_STOP);
            uint32_t state = SUSPENDED;
            if (atomic_compare_exchange_strong(&t->state, &state, DETACHED)) {
                unpark_all(&t->state);
            }
        }
    }
    STAT(stops, 1);
    STAT(stop_ns, (uint64_t)(os_clock_monotonic() - stop_begun));
    atomic_store(&world_stopper, NULL);
    mutex_unlock(&threads_lock);
    mutex_unlock(&world_lock);
}

bool
thread_hold_detached(Thread *t)
{
    uint32_t state = DETACHED;
    if (atomic_load_explicit(&t->state, memory_order_relaxed) != DETACHED || !mutex_try_lock(&world_lock)) {
        return false;
    }
    if (!atomic_compare_exchange_strong(&t->state, &state, HELD)) {
        mutex_unlock(&world_lock);
        return false;
    }
    return true;
}

void
thread_let_run(Thread *t)
{
    atomic_store(&t->state, DETACHED);
    unpark_all(&t->state);
    mutex_unlock(&world_lock);
}

uint32_t
world_breaker_at_birth(void)
{
    return (atomic_load(&world_stopper) ? BREAK_STOP : 0) | (give_way_every ? BREAK_GIVE_WAY : 0);
}

bool
world_is_stopped(void)
{
    return atomic_load(&world_stopper) == thread_current;
}

void
gil_enable(void)
{
    if (!atomic_load(&gil_enabled)) {
        world_stop();
        pthread_mutex_lock(&gil_mutex);
        gil_holder = thread_current;
        pthread_mutex_unlock(&gil_mutex);
        atomic_store(&gil_enabled, true);
        world_start();
    }
}

void
gil_disable(void)
{
    if (atomic_load(&gil_enabled)) {
        world_stop();
        atomic_store(&gil_enabled, false);
        gil_drop(thread_current);
        world_start();
    }
}

/* -- safepoints -- */

void
breaker_set(Thread *t, uint32_t bits)
{
    atomic_fetch_or(&t->breaker, bits);
}

void
breaker_set_all(uint32_t bits)
{
    mutex_lock(&threads_lock);
    for (Thread *t = threads_first; t; t = t->next) {
        breaker_set(t, bits);
    }
    mutex_unlock(&threads_lock);
}

typedef struct PendingCall {
    int (*fn)(void *);
    void *arg;
} PendingCall;

#define PENDING_MAX 300
static PendingCall pending[PENDING_MAX]; /* a ring; guard: pending_lock */
static size_t pending_first, pending_count;
static Mutex pending_lock;

int
pending_call(int (*fn)(void *), void *arg, bool any)
{
    mutex_lock(&pending_lock);
    bool room = pending_count < PENDING_MAX;
    if (room) {
        pending[(pending_first + pending_count++) % PENDING_MAX] = (PendingCall){fn, arg};
    }
    mutex_unlock(&pending_lock);
    mutex_lock(&threads_lock);
    for (Thread *t = threads_first; t && room; t = t->next) {
        if (any || t->is_main) {
            breaker_set(t, BREAK_CALL);
        }
    }
    mutex_unlock(&threads_lock);
    return room ? 0 : -1;
}

static int
pending_run(void)
{
    for (;;) {
        mutex_lock(&pending_lock);
        bool some = pending_count > 0;
        PendingCall call = pending[pending_first];
        if (some) {
            pending_first = (pending_first + 1) % PENDING_MAX;
            pending_count--;
        }
        mutex_unlock(&pending_lock);
        if (!some) {
            return 0;
        }
        if (call.fn(call.arg) < 0) {
            return -1;
        }
    }
}

/* Raises the asynchronous exception that another thread left. */
static int
async_exc_raise(Thread *t)
{
    mutex_lock(&threads_lock);
    Own exc = t->async_exc;
    t->async_exc = NO_VALUE;
    mutex_unlock(&threads_lock);
    if (!exc) {
        return 0;
    }
    heap_hooks.raise_async(exc);
    return -1;
}

int
safepoint_slow(Thread *t)
{
    uint32_t todo = atomic_fetch_and(&t->breaker, (uint32_t)(BREAK_STOP | BREAK_GIVE_WAY));
    if (todo & BREAK_GIVE_WAY) {
        give_way(t);
    }
    if (todo & (BREAK_STOP | BREAK_GIL | BREAK_EXIT)) {
        if ((todo & BREAK_GIL) && !(todo & BREAK_STOP)) {
            if (t->critical) {
                critical_suspend(t);
            }
            state_leave(t, DETACHED);
            gil_yield(t);
        } else {
            detach();
        }
        attach();
    }
    if (todo & BREAK_EPOCH) {
        epoch_quiescent(t->epoch);
        heap_send_freed(t->heap);
    }
    if (todo & BREAK_MERGE) {
        heap_merge_queue(t->heap);
    }
    if (todo & BREAK_GC) {
        gc_collect_due();
    }
    if ((todo & BREAK_REMOTE) && heap_hooks.run_remote_script) {
        heap_hooks.run_remote_script();
    }
    if ((todo & BREAK_SIGNAL) && heap_hooks.run_signal_handlers() < 0) {
        breaker_set(t, todo & (BREAK_CALL | BREAK_EXC));
        return -1;
    }
    if ((todo & BREAK_CALL) && pending_run() < 0) {
        breaker_set(t, todo & BREAK_EXC);
        return -1;
    }
    if (todo & BREAK_EXC) {
        return async_exc_raise(t);
    }
    return 0;
}

void
thread_let_go(Thread *t)
{
    if (--t->holding == 0 && UNLIKELY(atomic_load_explicit(&exiting, memory_order_relaxed))) {
        breaker_set(t, BREAK_EXIT); /* it has passed that by */
    }
}

bool
world_is_exiting(void)
{
    return atomic_load(&exiting);
}

void
world_exit_daemons(void)
{
    atomic_store(&exiting, true);
    breaker_set_all(BREAK_EXIT);
}
