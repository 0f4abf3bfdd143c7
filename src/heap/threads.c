/* Thread records: making, beginning, ending, fork. heap/world.h. */
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "base/stats.h"
#include "heap/heap_priv.h"
#include "heap/remote.h"
#include "heap/spread.h"

Mutex threads_lock;
Thread *threads_first;          /* guard: threads_lock */
_Atomic int64_t threads_count;
static Thread *threads_lost;    /* those that a fork left behind: frame objects may still lead to their frames */
_Atomic uint16_t fork_generation;
_Atomic uint64_t fork_survivor;

/* C frames below the limit: what a leaf may need, signal handlers included. */
#if WITH_ASAN
#define C_STACK_RESERVE (256 * 1024)
#else
#define C_STACK_RESERVE (64 * 1024)
#endif

void
thread_set_c_stack(Thread *t)
{
    pthread_attr_t attributes;
    void *base = NULL;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &base, &size);
        pthread_attr_destroy(&attributes);
    }
    if (size == 0) { /* unknown: trust 256 KiB from here */
        t->c_stack_limit = (uintptr_t)__builtin_frame_address(0) - 192 * 1024;
        return;
    }
    size_t reserve = size / 4 < C_STACK_RESERVE ? size / 4 : C_STACK_RESERVE;
    struct rlimit limit;
    if (t->is_main && getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur > size) {
        base = (char *)base - (limit.rlim_cur - size);
    }
    t->c_stack_limit = (uintptr_t)base + reserve;
#if WITH_TSAN /* which remembers 65536 calls of a thread, and has no check of its own */
    uintptr_t deepest = (uintptr_t)__builtin_frame_address(0) - 3 * 1024 * 1024;
    t->c_stack_limit = t->c_stack_limit > deepest ? t->c_stack_limit : deepest;
#endif
}

bool
c_stack_exhausted(void)
{
    heap_hooks.recursion_error();
    return false;
}

static void
thread_link(Thread *t)
{
    mutex_lock(&threads_lock);
    breaker_set(t, world_breaker_at_birth());
    t->prev = NULL;
    t->next = threads_first;
    if (t->next) {
        t->next->prev = t;
    }
    threads_first = t;
    atomic_fetch_add(&threads_count, 1);
    mutex_unlock(&threads_lock);
}

static void
thread_unlink(Thread *t)
{
    mutex_lock(&threads_lock);
    *(t->prev ? &t->prev->next : &threads_first) = t->next;
    if (t->next) {
        t->next->prev = t->prev;
    }
    atomic_fetch_sub(&threads_count, 1);
    mutex_unlock(&threads_lock);
}

bool
thread_exists(uint64_t ident)
{
    Thread *t = threads_first;
    while (t && t->ident != ident) {
        t = t->next;
    }
    return t;
}

static Thread *
thread_new(void)
{
    Thread *t = mem_try_alloc(sizeof *t);
    if (!t) {
        return NULL;
    }
    memset(t, 0, sizeof *t);
    t->epoch = epoch_register();
    t->heap = t->epoch ? heap_take() : NULL;
    if (!t->heap) {
        if (t->epoch) {
            epoch_unregister(t->epoch);
        }
        mem_free(t);
        return NULL;
    }
    t->id = t->heap->id;
    mutex_lock(&t->heap->queue_lock);
    t->heap->thread = t;
    mutex_unlock(&t->heap->queue_lock);
    t->handled = &t->handled_base;
    return t;
}

static void
thread_free(Thread *t)
{
    heap_give(t->heap);
    epoch_unregister(t->epoch);
    mem_free(t);
}

/* From now on objects are born private, and the vm runs its many-thread variant. */
static void
become_many(void)
{
    world_stop();
    threads_many = true;
    thread_current->birth_flags = 0;
    if (heap_hooks.threads_many_now) {
        heap_hooks.threads_many_now();
    }
    world_start();
}

Thread *
thread_create(void)
{
    if (!threads_many) {
        become_many();
    }
    Thread *t = thread_new();
    if (!t) {
        heap_hooks.no_memory();
        return NULL;
    }
    thread_link(t);
    return t;
}

void
thread_discard(Thread *t)
{
    thread_unlink(t);
    world_stop(); /* so that nobody holds it for its heap's sake, and nobody is at its queue */
    thread_free(t);
    world_start();
}

void
thread_begin(Thread *t)
{
    thread_current = t;
    thread_owner_id = t->id;
    stats_begin();
    thread_set_c_stack(t);
    attach();
    dying_thread_begin(t);
    mutex_lock(&threads_lock);
    t->ident = (uint64_t)pthread_self();
    mutex_unlock(&threads_lock);
    t->os_id = (uint64_t)syscall(SYS_gettid);
    heap_merge_queue(t->heap);
}

/* Gives the heap back with an empty merge queue. Another thread may queue objects to it until then; after that they are merged by
 * whoever drops them. */
static void
heap_let_go(ThreadHeap *heap)
{
    for (bool empty = false; !empty;) {
        heap_merge_queue(heap);
        heap_collect_returned(heap);
        mutex_lock(&heap->queue_lock);
        empty = heap->queue_count + heap->later_count == 0;
        if (empty) {
            heap->thread = NULL;
            heap->taken = false;
        }
        mutex_unlock(&heap->queue_lock);
    }
}

void
thread_end(void)
{
    Thread *t = thread_current;
    if (heap_hooks.thread_exiting) {
        heap_hooks.thread_exiting(t);
    }
    ref_clear(&t->exc);
    ref_clear(&t->context);
    ref_clear(&t->trace_fn);
    ref_clear(&t->trace_arg);
    ref_clear(&t->profile_fn);
    ref_clear(&t->asyncgen_firstiter);
    ref_clear(&t->asyncgen_finalizer);
    ref_clear(&t->locals);
    ref_clear(&t->running_loop);
    ref_clear(&t->running_task);
    ref_clear(&t->repr_active);
    mutex_lock(&threads_lock);
    Own async = t->async_exc;
    t->async_exc = NO_VALUE;
    mutex_unlock(&threads_lock);
    drop_opt(async);
    spread_thread_ending();
    heap_let_go(t->heap);
    spread_thread_end(t);
    t->dying = NULL;
    dying_thread_end();
    /* Out of the list while attached: nobody has the world stopped, and so nobody is looking at the record. A stopper that waits for
     * this thread finds it gone. From here on nothing of Python's is touched. */
    thread_unlink(t);
    detach();
    if (heap_hooks.thread_gone) {
        heap_hooks.thread_gone(t);
    }
    epoch_unregister(t->epoch);
    mem_free(t);
    stats_end();
    thread_current = NULL;
    thread_owner_id = 0;
}

void
thread_start_main(size_t c_stack_size UNUSED)
{
    Thread *t = thread_new();
    if (!t) {
        return;
    }
    t->is_main = true;
    t->birth_flags = OBJ_SHARED;
    thread_link(t);
    thread_begin(t);
}

/* A thread that is not in this process any more. It was detached, or at a safepoint: its heap is as it should be, and serves again. What its
 * frames hold is held for ever. */
static void
thread_lose(Thread *t)
{
    ThreadHeap *heap = t->heap;
    atomic_store(&heap->queue_lock.state, 0);
    heap->thread = NULL;
    heap->taken = false;
    epoch_unregister(t->epoch);
    t->epoch = NULL;
    spread_thread_end(t);
    t->dying = NULL;
    t->pinned = NULL; /* both lay on its C stack */
    t->next = threads_lost;
    threads_lost = t;
}

/* stw: what they still show. */
void
threads_visit_lost(void (*visit)(Thread *t, void *arg), void *arg)
{
    for (Thread *t = threads_lost; t; t = t->next) {
        visit(t, arg);
    }
}

void
threads_after_fork(void)
{
    Thread *me = thread_current;
    atomic_fetch_add(&fork_generation, 1);
    park_after_fork();
    epoch_after_fork();
    gc_after_fork();
    gil_after_fork();
    atomic_store(&threads_lock.state, 0);
    for (Thread *t = threads_first, *next; t; t = next) {
        next = t->next;
        if (t != me) {
            thread_lose(t);
        }
    }
    atomic_store(&remote_root.asked, 0); /* the parent's affair */
    me->next = me->prev = NULL;
    threads_first = me;
    atomic_store(&threads_count, 1);
    me->is_main = true;
    me->ident = (uint64_t)pthread_self();
    atomic_store(&fork_survivor, me->ident);
    me->os_id = (uint64_t)syscall(SYS_gettid);
}
