/* What the heap asks of the layers above it: one table, filled at start-up before the first thread begins. */
#ifndef WEFT_HEAP_HOOKS_H
#define WEFT_HEAP_HOOKS_H

#include "heap/thread.h"
#include "heap/type.h"

typedef struct HeapHooks {
    void (*no_memory)(void);                    /* raise MemoryError */
    bool (*may_use_reserve)(void);              /* this thread leaves a `with`: what is set aside is for it */
    void (*recursion_error)(void);              /* raise RecursionError for the C stack */
    void (*weakrefs_clear)(Object *o);          /* o is dying and has OBJ_WEAKREFS: clear them, queue or run callbacks */
    void (*weakrefs_collect)(Object *const *garbage, size_t count); /* the same for all unreachable objects, which are held */
    const Object *(*weakref_target)(const Object *o); /* stw: what o refers to weakly, if it is a weak reference or a proxy */
    int (*run_signal_handlers)(void);           /* main thread, BREAK_SIGNAL */
    void (*thread_exiting)(Thread *t);          /* before a thread's fields are dropped (locals, context...) */
    void (*thread_gone)(Thread *t);             /* it runs no Python code any more: its frame stack can go. pre: detached */
    /* stw: visits what a thread's frames hold. `deferred` also gets the uncounted references from registers */
    void (*visit_frames)(Thread *t, Visit visit, Visit deferred, void *arg);
    void (*gc_callback)(bool start, int generation, int64_t collected, int64_t uncollectable);
    void (*unraisable)(const char *message, Value where);
    void (*flush_caches)(void);                 /* stw */
    void (*threads_many_now)(void);             /* stw: the second thread is being made; the vm switches dispatch tables */
    void (*trace_alloc)(const void *p, size_t size); /* heap_trace(true): object or buffer p was made. May hold any lock; allocates nothing */
    void (*trace_free)(const void *p);          /* and will be given up (or null); the same */
    void (*run_remote_script)(void);            /* main thread, BREAK_REMOTE; optional. Leaves nothing pending */
    void (*raise_async)(Own exc);               /* makes an asynchronous exception (eaten: a class or instance) pending */
} HeapHooks;

extern HeapHooks heap_hooks;

#endif
