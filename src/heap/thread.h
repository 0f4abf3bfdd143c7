/* The state of one Python thread: what the heap, the object model and the vm keep for it.
 *
 * A Thread is created before its OS thread runs Python and destroyed after it has run its last. It is
 * *attached* while it may touch Python objects and *detached* while it blocks (system calls, lock waits):
 * stop-the-world and epochs wait only for attached threads. With the GIL on, attaching takes the GIL.
 *
 * Unless it says otherwise, a field is read and written only by its own thread. */
#ifndef WEFT_HEAP_THREAD_H
#define WEFT_HEAP_THREAD_H

#include "heap/object.h"

struct Frame;
struct ThreadHeap;
struct EpochRecord;
struct CriticalSection;
struct Dying;
struct SpreadTable;

/* What a thread is asked to do at its next safepoint. */
enum {
    BREAK_STOP = 1,      /* park: the world is being stopped */
    BREAK_GIL = 2,       /* another thread waits for the GIL */
    BREAK_SIGNAL = 4,    /* main thread: run Python signal handlers */
    BREAK_CALL = 8,      /* run pending calls (weak reference callbacks deferred to here, gc, ...) */
    BREAK_EXC = 16,      /* asynchronous exception (PyThreadState_SetAsyncExc) */
    BREAK_EPOCH = 32,    /* announce the current epoch */
    BREAK_GC = 64,       /* a collection is due */
    BREAK_MERGE = 128,   /* this thread has objects to merge, or references to drop */
    BREAK_EXIT = 256,    /* the program is ending: a daemon thread parks for ever */
    BREAK_GIVE_WAY = 512, /* always set where PYTHON_THREAD_GRANULARITY asks for it, else never */
    BREAK_REMOTE = 1 << 24, /* main thread: another process left a script (heap/remote.h). No other bit may be in this byte */
};

/* The exception being handled (sys.exception()), one link per active handler context: each thread has a
 * base link and each running generator its own. */
typedef struct HandledExc {
    Own exc; /* NO_VALUE when none */
    struct HandledExc *prev;
} HandledExc;

/* Registers' values outside of a linked frame, while Python code may run: the collector sees them through this (registers do not count
 * classes and functions). Lies on the C stack; thread_pin and thread_unpin. */
typedef struct Pinned {
    const Own *values;
    size_t count;
    struct Pinned *prev;
} Pinned;

struct Thread {
    _Atomic uint32_t breaker; /* BREAK_*; guard: atomic, set by any thread */
    uint16_t id;              /* the owner id of the objects it makes */
    uint8_t birth_flags;      /* OBJ_SHARED while the program has one thread, else 0 */
    bool is_main;
    Own exc; /* pending exception: an exception instance, NO_VALUE when none */
    struct HandledExc *handled; /* innermost; never null */
    struct HandledExc handled_base;
    struct Frame *frame;      /* innermost running frame; others read it only with the world stopped */
    char *stack_top;          /* frame stack (vm/stack.h): next free byte of the current chunk */
    char *stack_end;          /* and its end */
    struct StackChunk *chunk;
    uintptr_t c_stack_limit;  /* C code that recurses raises RecursionError below this address */
    int depth;                /* Python call depth, against the recursion limit */
    int recursion_headroom;   /* >0 while a RecursionError is being handled */
    bool leaves_with;         /* arguments of an __exit__ are being bound: vm/bind.c */
    const void *dispatch;     /* vm: the dispatch table in force (one-thread, many-thread, traced) */
    struct ThreadHeap *heap;  /* heap/alloc.h */
    struct EpochRecord *epoch; /* sync/epoch.h */
    struct CriticalSection *critical; /* innermost held critical section; heap/critical.h */
    _Atomic uint32_t state;   /* heap/world.h: attached, detached, parked. guard: atomic */
    Own context;              /* contextvars: the current Context, NO_VALUE until used */
    Own async_exc;            /* guard: threads_lock */
    Own trace_fn, trace_arg;  /* sys.settrace / setprofile (vm/trace) */
    Own profile_fn;
    Own asyncgen_firstiter, asyncgen_finalizer; /* sys.set_asyncgen_hooks */
    Own locals;               /* a dict: what _thread._local keeps for this thread, NO_VALUE until used */
    Own running_loop, running_task; /* _asyncio */
    int coroutine_origin_depth;
    uint8_t collecting;       /* heap/gc/collector.c: its part in a collection; others read it when it is gone */
    int holding;              /* locks that it has and keeps while detached: it does not park for ever with one */
    int repr_depth;           /* of the list below */
    Own repr_active;          /* a list: objects whose repr is being made; NO_VALUE until used */
    uint64_t os_id;           /* threading.get_native_id() */
    uint64_t ident;           /* threading.get_ident(): the pthread_t; guard: threads_lock, and others read it with the world stopped */
    struct Thread *next, *prev; /* all threads; guard: threads_lock */
    void *vm_private;         /* the vm's other state (monitoring) */
    Pinned *pinned;           /* innermost first; others read it with the world stopped */
    const struct Dying *dying; /* heap/refs.c: what is being deallocated; the same */
    struct SpreadTable *spread; /* heap/spread.c; null until used; the same */
    uint32_t foreign_left;    /* counts of others' objects until one is looked at: heap/spread.h */
    uint32_t foreign_random;
};

extern __thread Thread *thread_current;

static ALWAYS_INLINE Thread *
thread_self(void)
{
    return thread_current;
}

static inline void
thread_pin(Thread *t, Pinned *pin, const Own *values, size_t count)
{
    *pin = (Pinned){values, count, t->pinned};
    t->pinned = pin;
}

static inline void
thread_unpin(Thread *t, const Pinned *pin)
{
    t->pinned = pin->prev;
}

static ALWAYS_INLINE bool
exc_pending(void)
{
    return thread_current->exc != NO_VALUE;
}

/* False, with RecursionError pending, when the C stack is nearly used up. Every C function that can recurse
 * through Python data (repr, comparison, hashing, calls, copying) asks first. */
bool c_stack_exhausted(void) COLD;

static ALWAYS_INLINE NODISCARD bool
c_stack_ok(void)
{
    return LIKELY((uintptr_t)__builtin_frame_address(0) > thread_current->c_stack_limit) ||
           c_stack_exhausted();
}

#endif
