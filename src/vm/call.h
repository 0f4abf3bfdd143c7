/* Calls: pushing and popping frames, binding arguments, running code from C. */
#ifndef WEFT_VM_CALL_H
#define WEFT_VM_CALL_H

#include "vm/register.h"
#include "vm/stack.h"

/* A frame for a call of a Python function, pushed but not yet running: t->frame is still the caller. args are values of registers, all moved out
 * (positional ones, then those of kwnames, a tuple or NO_VALUE), and so is f; also on failure. fail: null + exception */
NODISCARD Frame *frame_push_call(Thread *t, Own f, Own *args, size_t nargs, Value kwnames);

/* bind.c: sorts arguments into the registers of an empty frame, with defaults. Moves all of them out. fail: -1, with every register emptied */
NODISCARD int bind_arguments(Frame *callee, const Function *f, const Code *code, Own *args, size_t nargs, Value kwnames);

/* Empties the registers of a frame and gives up what it holds. It is t->frame still, for the collector, but finalizers do not see it. */
void frame_clear(Thread *t, Frame *f);

/* Runs a frame that was pushed: links it in as an entry frame. own: ret new · fail: 0 + exception */
NODISCARD Own frame_run(Thread *t, Frame *f);
/* The same for a frame that is linked in, with an exception pending that it is to see. */
NODISCARD Own frame_run_throwing(Thread *t, Frame *f);

/* f(...) of a Python function, from C. */
NODISCARD Own vm_call_function(Value f, Value const *args, size_t nargs, Value kwnames);
/* Runs module or class code, or code given to exec. closure: a tuple of cells or NO_VALUE. locals NO_VALUE: globals. */
NODISCARD Own vm_run_code(Value code, Value globals, Value locals, Value closure);
/* Runs the function of a class statement with ns as its local namespace: what the body returns, its __class__ cell or None. */
NODISCARD Own vm_run_class_body(Value f, Value ns);
/* globals['__builtins__'] (its dict when it is a module), set to the builtins module where it is missing. own: ret new */
NODISCARD Own vm_builtins_of(Value globals);

#endif
