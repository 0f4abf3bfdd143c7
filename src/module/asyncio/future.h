/* Future, Task and the lists of tasks, for _asyncio and for who looks at them from another process
 * (_remote_debugging).
 *
 * Threads. A future belongs to an event loop, and a loop runs in one thread; but nothing stops a
 * program from using one from several threads, so every field has a guard: references are written
 * under the object's lock and read by ref_load; flags are atomic bytes. A future is done once: the
 * state is left under the lock, and whoever leaves it takes the callbacks with it. */
#ifndef WEFT_MODULE_FUTURE_H
#define WEFT_MODULE_FUTURE_H

#include "object/object.h"

enum { FUTURE_PENDING, FUTURE_CANCELLED, FUTURE_FINISHED };

typedef struct Future {
    Object head;
    Own loop;                /* guard: lock; NO_VALUE until __init__ */
    Own callback, context;   /* the first callback and its context. guard: lock */
    Own callbacks;           /* a list of pairs of the others. guard: lock, of the list too */
    Own result, exception;   /* guard: lock */
    Own exception_traceback; /* guard: lock */
    Own source_traceback;    /* guard: lock */
    Own cancel_message;      /* guard: lock */
    Own cancelled_exc;       /* the CancelledError that ended it, until it is raised. guard: lock */
    Own awaited_by;          /* a task or future, or a set of several. guard: lock */
    _Atomic uint8_t state;   /* FUTURE_* */
    _Atomic uint8_t log_traceback, blocking;
    uint8_t is_task; /* immutable */
} Future;

/* A task that is not done is in the list of the thread that made it: its thread changes the list
 * without a lock, others with the world stopped. */
typedef struct TaskNode {
    struct TaskNode *next, *prev;  /* guard: list's thread, or world stopped */
    _Atomic(struct TaskList *) list; /* null: in none. Set by one compare-and-swap, before it is linked, and emptied after it is unlinked */
} TaskNode;

typedef struct TaskList {
    TaskNode head;         /* circular */
    struct TaskList *next; /* all lists. guard: world stopped */
    const Thread *thread;  /* whose; null: those of threads that are gone. immutable */
} TaskList;

extern TaskList *task_lists;          /* guard: world stopped */
extern _Atomic bool asyncio_imported; /* from the first import on */

typedef struct Task {
    Future base;
    Own coroutine, run_context; /* guard: lock */
    Own waiter;                 /* what it awaits. guard: lock */
    Own name;                   /* str; an int: not yet made. guard: lock */
    _Atomic uint8_t must_cancel, log_destroy_pending;
    _Atomic int32_t cancel_requests;
    TaskNode node;
} Task;

extern Type future_type, task_type, future_iter_type;

#endif
