/* Attaching, safepoints, stopping the world, the GIL, and the life of Thread records.
 *
 * A thread touches Python objects only while attached. Around anything that may block it detaches:
 *     detach(); n = read(fd, ...); attach();        (errno is kept)
 * While detached it holds no borrow that another thread could end, and touches no object but immutable memory it holds a reference to.
 * Attach may wait (for the GIL, or for a stopped world). Safepoints are polled at back edges and calls: safepoint().
 *
 * Lock order, outermost first: world stop > threads_lock > types_lock > object critical sections (address order) > heap page lists > parking buckets. */
#ifndef WEFT_HEAP_WORLD_H
#define WEFT_HEAP_WORLD_H

#include "heap/thread.h"
#include "sync/mutex.h"

void detach(void);
void attach(void);

/* Does what Thread.breaker asks for. -1 with an exception pending (KeyboardInterrupt, an asynchronous exception). may: runpy */
NODISCARD int safepoint_slow(Thread *t);
static ALWAYS_INLINE NODISCARD int
safepoint(Thread *t)
{
    return LIKELY(atomic_load_explicit(&t->breaker, memory_order_relaxed) == 0) ? 0 : safepoint_slow(t);
}
void breaker_set(Thread *t, uint32_t bits);
void breaker_set_all(uint32_t bits);
/* Calls fn(arg) on the main thread (or any, when `any`) at a safepoint. -1 when the queue is full. */
int pending_call(int (*fn)(void *), void *arg, bool any);

/* From now on each thread gives way at every n-th safepoint on average, as a generator of its own says that starts with the seed.
 * pre: one thread */
void world_give_way(uint32_t every, uint64_t seed);

/* Every other attached thread waits at a safepoint until the world is restarted. Nests by the same thread. */
void world_stop(void);
void world_start(void);
bool world_is_stopped(void);
bool world_is_awaited(void); /* stw: threads wait for it to go on */

/* All Thread records: iterate with the lock held or the world stopped. */
extern Mutex threads_lock;
extern Thread *threads_first;
extern _Atomic int64_t threads_count;
/* Whether a thread has that ident; it does not end while the lock is held. pre: threads_lock */
bool thread_exists(uint64_t ident);

/* For a new OS thread: the creator makes the record (so that failure is the creator's), the new thread begins it. Making the second one sets
 * threads_many, with the world stopped. fail: 0 + MemoryError */
NODISCARD Thread *thread_create(void);
bool thread_is_attached(const Thread *t); /* at this moment */
void thread_begin(Thread *t); /* on the new OS thread: sets thread_current, takes over the id, attaches */
void thread_end(void);        /* on the thread itself: drops what it holds, hands its objects over, detaches, frees the record */
void thread_discard(Thread *t); /* a record whose OS thread could not be started */
void thread_start_main(size_t c_stack_size);
void world_exit_daemons(void);  /* from now on a thread other than the main one that would attach, or reaches a safepoint, parks for ever,
                                   but not while Thread.holding says that others may wait for it */
bool world_is_exiting(void);
void thread_let_go(Thread *t);  /* one lock less that the thread (this one) keeps while detached: Thread.holding */
void threads_after_fork(void);  /* in the child: only this thread is left */
extern _Atomic uint16_t fork_generation; /* how often the process is a child of a fork: what threads of an earlier one held, nobody gives back */
extern _Atomic uint64_t fork_survivor;   /* but for the one that forked: its ident, 0 = no child */
void thread_set_c_stack(Thread *t); /* computes c_stack_limit from the OS thread's stack */

/* The GIL: on or off for the whole process. gil_enable stops the world. */
extern _Atomic bool gil_enabled;
void gil_enable(void);
void gil_disable(void);
extern _Atomic uint64_t gil_switch_interval_ns;

#endif
