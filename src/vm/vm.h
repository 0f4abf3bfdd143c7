/* What the layers above use of the vm. */
#ifndef WEFT_VM_VM_H
#define WEFT_VM_VM_H

#include "vm/call.h"

/* The builtins module and its dict, once they exist. Immutable after start-up. */
extern Own vm_builtins, vm_builtins_module;

/* Runs from f, which is t->frame, until the innermost entry frame returns. own: ret new · fail: 0 + exception */
NODISCARD Own vm_run(Thread *t, Frame *f);

/* Fills the hooks of the lower layers and chooses the dispatch table of the main thread. Before any Python code. */
void vm_init(Thread *t);
/* For a new thread, before it runs. */
void vm_thread_init(Thread *t);

#endif
