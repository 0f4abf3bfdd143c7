/* The frame stack of a thread: chunks of memory, in which frames are pushed and popped in order.
 *
 * Thread.stack_top is the next free byte of the newest chunk, Thread.stack_end its end. The first frame of a chunk is marked FRAME_CHUNK, so
 * that popping it goes back to the chunk before. One empty chunk is kept, so that a loop at the edge does not allocate.
 * The recursion limit counts frames: Thread.depth against recursion_limit. */
#ifndef WEFT_VM_STACK_H
#define WEFT_VM_STACK_H

#include "vm/frame.h"

extern _Atomic int recursion_limit; /* sys.setrecursionlimit; guard: atomic */

/* Room for a frame of `bytes`; *kind gets FRAME_CHUNK if it opens a chunk. fail: null + MemoryError or RecursionError */
NODISCARD void *stack_push_slow(Thread *t, size_t bytes, uint8_t *kind) COLD;

/* Counts the call too. */
static ALWAYS_INLINE NODISCARD Frame *
stack_push(Thread *t, const Code *code, uint8_t *kind)
{
    size_t bytes = frame_bytes(code);
    char *base = t->stack_top;
    if (UNLIKELY((size_t)(t->stack_end - base) < bytes ||
                 t->depth >= atomic_load_explicit(&recursion_limit, memory_order_relaxed))) {
        return stack_push_slow(t, bytes, kind);
    }
    t->depth++;
    t->stack_top = base + bytes;
    return (Frame *)(void *)base;
}

void stack_pop_chunk(Thread *t, Frame *f);

static ALWAYS_INLINE void
stack_pop(Thread *t, Frame *f)
{
    t->depth--;
    if (UNLIKELY(f->kind & FRAME_CHUNK)) {
        stack_pop_chunk(t, f);
    } else {
        t->stack_top = (char *)f;
    }
}

/* For what recurses without a stack frame (generators resumed by Python code). fail: -1 + RecursionError */
NODISCARD int depth_enter_slow(Thread *t) COLD;
static ALWAYS_INLINE NODISCARD int
depth_enter(Thread *t)
{
    if (UNLIKELY(t->depth >= atomic_load_explicit(&recursion_limit, memory_order_relaxed))) {
        return depth_enter_slow(t);
    }
    t->depth++;
    return 0;
}
static ALWAYS_INLINE void
depth_leave(Thread *t)
{
    t->depth--;
}

void stack_free(Thread *t); /* at the end of a thread */

#endif
