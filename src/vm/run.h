/* The two variants of the loop: see vm/dispatch.h. */
#ifndef WEFT_VM_RUN_H
#define WEFT_VM_RUN_H

#include "vm/frame.h"

/* Their dispatch tables. Called first at start-up, before other threads. */
const void *vm_dispatch_one(void);
const void *vm_dispatch_many(void);
const void *vm_dispatch_traced(void); /* for tracing: vm/trace.h */

/* The table for Thread.dispatch. With gcc, whose labels belong to one function, it is always that for many threads. */
static inline const void *
vm_dispatch_of(bool many)
{
#ifdef __clang__
    if (!many) {
        return vm_dispatch_one();
    }
#endif
    (void)many;
    return vm_dispatch_many();
}

/* Runs from f, which is t->frame, by t->dispatch, until the innermost entry frame returns. own: ret new · fail: 0 + exception */
NODISCARD Own vm_run_one(Thread *t, Frame *f);
NODISCARD Own vm_run_many(Thread *t, Frame *f);

#endif
