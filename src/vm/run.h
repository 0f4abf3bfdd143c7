/* The two variants of the loop: see vm/dispatch.h. */
#ifndef WEFT_VM_RUN_H
#define WEFT_VM_RUN_H

#include "vm/frame.h"

/* For Thread.dispatch. Called first at start-up, before other threads. */
const void *vm_dispatch_one(void);
const void *vm_dispatch_many(void);

/* Runs f, a pushed entry frame (t->frame), until it returns. own: ret new · fail: 0 + exception */
NODISCARD Own vm_run_one(Thread *t, Frame *f);
NODISCARD Own vm_run_many(Thread *t, Frame *f);

#endif
