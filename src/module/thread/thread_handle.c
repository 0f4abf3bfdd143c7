/* Starting threads, and the handles that others wait on.
 *
 * A Life is what a thread, its handle and the list of joinable threads share; it is plain memory with a count of its own, since it outlives
 * the thread's right to touch Python objects. `state` is waited on by park(). */
#include <limits.h>
#include <pthread.h>
#include <signal.h>

#include "base/os.h"
#include "module/_collections/deque.h"
#include "object/function.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/tuple.h"
#include "object/type.h"
#include "module/sys/sys.h"
#include "thread_priv.h"

enum { LIFE_NOT_STARTED = 0, LIFE_STARTING = 1, LIFE_RUNNING = 2, LIFE_DONE = 3 };

typedef struct Life {
    _Atomic int refs;
    _Atomic uint32_t state;  /* LIFE_* */
    _Atomic uint64_t ident;  /* 0 until known */
    bool daemon;             /* nobody waits for it at the end of the program; immutable once started */
    bool foreign;            /* Python did not start the thread: only its handle keeps this; immutable */
    struct Life *next, *prev; /* guard: lives_lock */
} Life;

typedef struct HandleObject {
    Object head;
    Life *life; /* immutable */
} HandleObject;

#include "thread_handle.spec.h"

_Atomic int64_t thread_stack_bytes;

/* What C code needs to get anywhere between two checks of the stack, in a build with assertions too. */
#define STACK_LEAST ((size_t)1 << 20)
static Mutex lives_lock;
static Life *lives; /* started, with a handle, not done; each holds a count */

static Life *
life_new(void)
{
    Life *life = mem_zalloc(sizeof *life);
    if (life) {
        atomic_store(&life->refs, 1);
    }
    return life;
}

static void
life_drop(Life *life)
{
    if (atomic_fetch_sub(&life->refs, 1) == 1) {
        mem_free(life);
    }
}

static void
life_link(Life *life)
{
    atomic_fetch_add(&life->refs, 1);
    mutex_lock(&lives_lock);
    life->prev = NULL;
    life->next = lives;
    if (lives) {
        lives->prev = life;
    }
    lives = life;
    mutex_unlock(&lives_lock);
}

/* Once: by who makes it done. */
static void
life_unlink(Life *life)
{
    mutex_lock(&lives_lock);
    bool linked = lives == life || life->prev;
    if (linked) {
        *(life->prev ? &life->prev->next : &lives) = life->next;
        if (life->next) {
            life->next->prev = life->prev;
        }
        life->next = life->prev = NULL;
    }
    mutex_unlock(&lives_lock);
    if (linked) {
        life_drop(life);
    }
}

static void
life_end(Life *life)
{
    atomic_store(&life->state, LIFE_DONE);
    unpark_all(&life->state);
    life_unlink(life);
}

/* It could not be started: may be tried again. */
static void
life_refused(Life *life)
{
    atomic_store(&life->state, LIFE_NOT_STARTED);
    unpark_all(&life->state);
}

/* 1 ended, or could not be started; 0 timed out, -1 a signal handler raised */
static int
life_wait(Life *life, int64_t timeout_ns)
{
    int64_t deadline = timeout_ns < 0 ? -1 : os_clock_monotonic() + timeout_ns;
    for (;;) {
        uint32_t state = atomic_load(&life->state);
        if (state == LIFE_DONE || state == LIFE_NOT_STARTED) {
            return 1;
        }
        int64_t left = deadline < 0 ? -1 : deadline - os_clock_monotonic();
        if (deadline >= 0 && left <= 0) {
            return 0;
        }
        detach();
        park(&life->state, &state, sizeof state, left, NULL);
        attach();
        if (safepoint(thread_self()) < 0) {
            return -1;
        }
    }
}

/* -- running -- */

typedef struct Start {
    Thread *thread;
    Life *life;
    Own function, args, kwargs;
} Start;

/* What a thread's function left pending: SystemExit ends a thread silently, the rest is shown. */
static void
report(Value function)
{
    if (exc_swallow(&exc_SystemExit)) {
        return;
    }
    exc_write_unraisable_fmt("Exception ignored in thread started by %R", function);
}

/* event.set() of a threading.Event, as far as it needs no memory: by what it and its Condition are made of. */
static void
event_set(Value event)
{
    Own cond = object_getattr(event, NAME(_cond));
    Own guard = cond ? object_getattr(cond, NAME(_lock)) : NO_VALUE, waiter;
    Own waiters = guard ? object_getattr(cond, NAME(_waiters)) : NO_VALUE;
    LongLock *lock = waiters && is_deque(waiters) ? thread_lock_of(guard) : NULL;
    if (lock && long_lock_take(lock, -1) == 1) {
        if (object_setattr(event, NAME(_flag), TRUE_VALUE) == 0) {
            while ((waiter = deque_take(as_deque(waiters), true))) {
                LongLock *waits = thread_lock_of(waiter);
                if (waits) {
                    long_lock_give(waits);
                }
                drop(waiter);
            }
        }
        long_lock_give(lock);
    }
    drop_opt(waiters);
    drop_opt(guard);
    drop_opt(cond);
}

/* threading.Thread.start() waits until its thread has told by an event that it began. A thread without the memory to do so would let it wait
 * for ever: then the event is set from here. */
static void
tell_started(Value function)
{
    Own event = IS_EXACT(function, METHOD) ? object_getattr(((Method *)obj(function))->self, NAME(_started)) : NO_VALUE;
    if (event) {
        event_set(event);
        drop(event);
    }
    exc_clear();
}

static void *
run(void *arg)
{
    Start start = *(Start *)arg;
    mem_free(arg);
    thread_begin(start.thread);
    atomic_store(&start.life->ident, start.thread->ident);
    uint32_t starting = LIFE_STARTING;
    atomic_compare_exchange_strong(&start.life->state, &starting, LIFE_RUNNING);
    unpark_all(&start.life->state);
    Own result = call_tuple(start.function, start.args, start.kwargs);
    if (!result) {
        report(start.function);
        tell_started(start.function);
    }
    drop_opt(result);
    drop(start.function);
    drop(start.args);
    drop_opt(start.kwargs);
    thread_end();
    life_end(start.life);
    life_drop(start.life);
    return NULL;
}

static int
start_os_thread(Start *start, uint64_t *ident)
{
    pthread_attr_t attributes;
    pthread_t id;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    size_t stack = (size_t)atomic_load(&thread_stack_bytes);
    if (stack) { /* more than is asked for is only address space */
        stack = stack < STACK_LEAST ? STACK_LEAST : stack;
        pthread_attr_setstacksize(&attributes, stack);
    }
    Thread *thread = start->thread;
    mutex_lock(&threads_lock); /* the thread has its ident before it can end, and before its creator goes on */
    int error = pthread_create(&id, &attributes, run, start);
    if (!error) {
        thread->ident = (uint64_t)id;
    }
    mutex_unlock(&threads_lock);
    pthread_attr_destroy(&attributes);
    *ident = (uint64_t)id;
    return error;
}

int
thread_start(Value function, Value args, Value kwargs, Value handle, bool daemon, uint64_t *ident)
{
    if (atomic_load(&sys_finalizing)) {
        return raise_int(&exc_PythonFinalizationError, "can't create new thread at interpreter shutdown");
    }
    Life *life = handle ? ((HandleObject *)obj(handle))->life : life_new();
    if (!life) {
        return -1;
    }
    uint32_t state = LIFE_NOT_STARTED;
    if (!atomic_compare_exchange_strong(&life->state, &state, LIFE_STARTING)) {
        return raise_int(&exc_RuntimeError, "thread already started");
    }
    Start *start = mem_alloc(sizeof *start);
    Thread *thread = start ? thread_create() : NULL;
    if (!thread) {
        mem_free(start);
        life_refused(life);
        if (!handle) {
            life_drop(life);
        }
        return -1;
    }
    publish(function);
    publish(args);
    if (kwargs) {
        publish(kwargs);
    }
    atomic_fetch_add(&life->refs, handle ? 1 : 0);
    *start = (Start){thread, life, own(function), own(args), own_opt(kwargs)};
    life->daemon = daemon;
    if (handle) {
        life_link(life);
    }
    if (start_os_thread(start, ident) != 0) {
        thread_discard(thread);
        drop(start->function);
        drop(start->args);
        drop_opt(start->kwargs);
        mem_free(start);
        life_unlink(life);
        life_refused(life);
        life_drop(life);
        return raise_int(&exc_RuntimeError, "can't start new thread");
    }
    if (handle) { /* the ident is promised to be there when the start returns */
        atomic_store(&((HandleObject *)obj(handle))->life->ident, *ident);
    }
    return 0;
}

int
thread_handles_join_all(void)
{
    uint64_t me = thread_self()->ident;
    for (;;) {
        mutex_lock(&lives_lock);
        Life *life = lives;
        while (life && (life->daemon || atomic_load(&life->ident) == me)) {
            life = life->next;
        }
        if (life) {
            atomic_fetch_add(&life->refs, 1);
        }
        mutex_unlock(&lives_lock);
        if (!life) {
            return 0;
        }
        int status = life_wait(life, -1);
        life_drop(life);
        if (status < 0) {
            return -1;
        }
    }
}

/* -- the type -- */

Own
thread_handle_make(Type *cls)
{
    Life *life = life_new();
    Own v = life ? type_alloc(cls, 0) : NO_VALUE;
    if (!v) {
        mem_free(life);
        return NO_VALUE;
    }
    ((HandleObject *)obj(v))->life = life;
    return v;
}

Own
thread_handle_get_ident(HandleObject *self)
{
    return int_from_u64(atomic_load(&self->life->ident));
}

int
thread_handle_py_join(HandleObject *self, Value timeout)
{
    int64_t ns = -1;
    if (timeout != NONE && thread_seconds(timeout, &ns) < 0) {
        return -1;
    }
    uint32_t state = atomic_load(&self->life->state);
    if (state == LIFE_NOT_STARTED) {
        return raise_int(&exc_RuntimeError, "thread not started");
    }
    if (state != LIFE_DONE && atomic_load(&self->life->ident) == thread_self()->ident) {
        return raise_int(&exc_RuntimeError, "Cannot join current thread");
    }
    if (state != LIFE_DONE && atomic_load(&sys_finalizing)) { /* it will never run again */
        return raise_int(&exc_PythonFinalizationError, "cannot join thread at interpreter shutdown");
    }
    if (life_wait(self->life, timeout != NONE && ns < 0 ? 0 : ns) < 0) {
        return -1;
    }
    return atomic_load(&self->life->state) == LIFE_NOT_STARTED ? raise_int(&exc_RuntimeError, "thread not started") : 0;
}

int
thread_handle_py_is_done(HandleObject *self)
{
    return atomic_load(&self->life->state) == LIFE_DONE;
}

int
thread_handle_py__set_done(HandleObject *self)
{
    if (atomic_load(&self->life->state) == LIFE_NOT_STARTED) {
        return raise_int(&exc_RuntimeError, "thread not started");
    }
    life_end(self->life);
    return 0;
}

/* A handle of a thread that Python did not start. */
Own
thread_handle_of(uint64_t ident)
{
    Own v = thread_handle_make(&thread_handle_type);
    if (v) {
        Life *life = ((HandleObject *)obj(v))->life;
        atomic_store(&life->ident, ident);
        atomic_store(&life->state, LIFE_RUNNING);
        life->daemon = life->foreign = true;
        life_link(life);
    }
    return v;
}

static Own
handle_repr(Value v)
{
    return str_fmt("<_ThreadHandle object: ident=%zu>", (size_t)atomic_load(&((HandleObject *)obj(v))->life->ident));
}

static void
handle_dealloc(Object *o)
{
    Life *life = ((HandleObject *)o)->life;
    if (life->foreign) {
        life_unlink(life);
    }
    life_drop(life);
    object_free(o);
}

Type thread_handle_type = {
    .name = "_thread._ThreadHandle",
    .basic_size = sizeof(HandleObject),
    .slots = {.dealloc = handle_dealloc, .create = thread_handle_create_slot, .repr = handle_repr},
    .methods = thread_handle_methods,
    .getsets = thread_handle_getsets,
    .spec_doc = thread_handle_doc,
};

/* In the child of a fork no other thread exists. */
void
thread_handles_after_fork(void)
{
    (void)atomic_exchange(&lives_lock.state, 0); /* reads, too: after what threads that are gone have written */
    uint64_t me = thread_self()->ident;
    for (Life *life = lives, *next; life; life = next) {
        next = life->next;
        if (atomic_load(&life->ident) != me) {
            life_end(life);
        }
    }
}
