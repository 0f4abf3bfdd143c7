/* Frames: the activation records of Python code.
 *
 * Frames of ordinary functions lie on the thread's chunked stack (vm/stack.h); a generator's lies inside the generator object and is
 * linked in while it runs. A Python-to-Python call pushes a Frame and goes on in the same C function: the C stack does not grow.
 *
 * Registers own what they hold, with one exception: an object with OBJ_DEFERRED (types, functions, modules, code) is not counted by
 * registers. So values move between registers and the counted world only through the functions of vm/register.h:
 *   reg_own(v)   a register's copy of a borrowed value           (own, but not for deferred objects)
 *   reg_from(o)  an Own becomes a register's value               (gives a deferred object's count back)
 *   reg_take(r)  a register's value becomes an Own               (counts a deferred object)
 *   reg_drop(r)  the end of a register's value
 * Deferred objects are freed only by a full collection, with the world stopped, which looks into all frames.
 *
 * A register that is dead or unbound is 0: an instruction that ends a temporary empties it. So a frame always describes itself: the unwinder, the
 * collector and publication need no liveness maps. */
#ifndef WEFT_VM_FRAME_H
#define WEFT_VM_FRAME_H

#include "object/code.h"
#include "object/function.h"

enum { FRAME_ON_STACK = 0, FRAME_IN_GENERATOR = 1, FRAME_ENTRY = 2 /* returning from it leaves vm_run */ };

typedef struct Frame {
    const Inst *pc;        /* the instruction being executed or, in a suspended generator, the next one */
    struct Frame *prev;    /* the caller */
    Code *code;            /* borrowed from the function, or counted when there is none */
    Value function;        /* deferred or counted as a register is; NO_VALUE for module and class code run by exec */
    Value globals, builtins; /* borrowed from the function */
    Own locals;            /* mapping of class bodies and exec; NO_VALUE in optimized code */
    Own object;            /* the frame object, made on demand, or NO_VALUE */
    uint16_t return_register; /* in the caller */
    uint8_t kind;          /* FRAME_* bits */
    uint8_t flags;
    uint32_t nregs;
    Own regs[];
} Frame;

#endif
