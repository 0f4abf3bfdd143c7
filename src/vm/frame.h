/* Frames: the activation records of Python code.
 *
 * Frames of ordinary functions lie on the thread's chunked stack (vm/stack.h); a generator's lies inside the generator object and is
 * linked in while it runs. A Python-to-Python call pushes a Frame and goes on in the same C function: the C stack does not grow.
 *
 * Registers own what they hold, with one exception: an object with OBJ_DEFERRED (types, functions, modules, code) is not counted by
 * registers. So values move between registers and the counted world only through the functions of vm/register.h:
 *   reg_own(t, v)   a register's copy of a borrowed value       (own, but not for deferred objects)
 *   reg_from(o)     an Own becomes a register's value           (gives a deferred object's count back)
 *   reg_take(r)     a register's value becomes an Own           (counts a deferred object)
 *   reg_drop(r)     the end of a register's value
 * Deferred objects are freed only by a full collection, with the world stopped, which looks into all frames.
 *
 * A local that is unbound is 0. A dead temporary is 0 or a stale immediate: an instruction that ends a temporary empties it when it held
 * an object. So a frame always describes itself: the unwinder, the collector and publication need no liveness maps.
 *
 * Returning. The caller's pc stays at its call instruction; `skip` is the length of that instruction, and its operand a the register that
 * gets the result. A frame whose return takes more than that says so in `kind`. */
#ifndef WEFT_VM_FRAME_H
#define WEFT_VM_FRAME_H

#include "object/code.h"
#include "object/function.h"

enum {
    FRAME_IN_GENERATOR = 1, /* not on the stack: inside a generator object */
    FRAME_ENTRY = 2,        /* returning from it leaves vm_run */
    FRAME_CHUNK = 4,        /* the first of its stack chunk */
    FRAME_INIT = 8,         /* __init__ called by calling a class: the caller's result is `instance` of the frame */
    FRAME_OWNS = 16,        /* no function: code, globals and builtins are counted by the frame */
    FRAME_OBJECT = 32,      /* `object` is set: a frame object looks in, and takes over the registers at the end */
    FRAME_LOCALS = 64,      /* the code of a module or class, called as a function: it counts `locals` */
    FRAME_ENDS = 128,       /* it gives up what it holds, which may call finalizers; nobody sees it any more */
};

enum { FRAME_RERAISE = 1 /* the pending exception has its traceback entry for this frame already */ };

typedef struct Frame {
    const Inst *pc;        /* the instruction being executed or, in a suspended generator, the next one */
    struct Frame *prev;    /* the caller; 0 below the first, and in a suspended generator */
    Code *code;            /* borrowed from the function, or counted (FRAME_OWNS) */
    Value function;        /* deferred or counted as a register is; NO_VALUE for module and class code run by exec */
    Value globals, builtins; /* borrowed from the function; immediate-free: dicts, or any mapping for builtins */
    Own locals;            /* mapping of class bodies and exec; NO_VALUE in optimized code; FRAME_INIT: the instance, a register's value */
    Own object;            /* the frame object, made on demand, or NO_VALUE */
    uint32_t nregs;
    uint8_t kind;          /* FRAME_* */
    uint8_t skip;          /* words of the caller's instruction */
    uint16_t flags;        /* FRAME_RERAISE */
    Own regs[];
} Frame;

#define FRAME_OF(regs_) ((Frame *)(void *)((char *)(regs_) - offsetof(Frame, regs)))

/* f, or the next below it that can be seen. */
static inline Frame *
frame_seen(Frame *f)
{
    while (f && UNLIKELY(f->kind & FRAME_ENDS)) {
        f = f->prev;
    }
    return f;
}

static ALWAYS_INLINE size_t
frame_bytes(const Code *code)
{
    return sizeof(Frame) + (size_t)code->nregs * sizeof(Own);
}

#endif
