/* The frame stack of a thread: chunks of memory, in which frames are pushed and popped in order.
 *
 * Thread.stack_top is the next free byte of the newest chunk, Thread.stack_end its end. The first frame of a chunk is marked FRAME_CHUNK, so
 * that popping it goes back to the chunk before. One empty chunk is kept, so that a loop at the edge does not allocate.
 * The recursion limit counts frames: Thread.depth against recursion_limit. */
#ifndef WEFT_VM_STACK_H
#define WEFT_VM_STACK_H

#include "base/sanitize.h"
#include "vm/frame.h"

extern _Atomic int recursion_limit; /* sys.setrecursionlimit; guard: atomic */

/* Room for a frame of `bytes`; *kind gets FRAME_CHUNK if it opens a chunk. fail: null + MemoryError or RecursionError */
NODISCARD void *stack_push_slow(Thread *t, size_t bytes, uint8_t *kind) COLD;

/* Takes the next `bytes`. pre: they are there */
static ALWAYS_INLINE Frame *
stack_take(Thread *t, size_t bytes)
{
    char *base = t->stack_top;
    t->stack_top = base + bytes;
    t->depth++;
    MEMORY_UNPOISON(base, bytes);
    return (Frame *)(void *)base;
}

/* Gives f back. pre: it is the last that was pushed, and no FRAME_CHUNK */
static ALWAYS_INLINE void
stack_give(Thread *t, Frame *f)
{
    MEMORY_POISON(f, (size_t)(t->stack_top - (char *)f));
    t->stack_top = (char *)f;
    t->depth--;
}

/* Counts the call too. */
static ALWAYS_INLINE NODISCARD Frame *
stack_push(Thread *t, const Code *code, uint8_t *kind)
{
    size_t bytes = frame_bytes(code);
    if (UNLIKELY((size_t)(t->stack_end - t->stack_top) < bytes ||
                 t->depth >= atomic_load_explicit(&recursion_limit, memory_order_relaxed))) {
        return stack_push_slow(t, bytes, kind);
    }
    return stack_take(t, bytes);
}

void stack_pop_chunk(Thread *t, Frame *f);

static ALWAYS_INLINE void
stack_pop(Thread *t, Frame *f)
{
    if (UNLIKELY(f->kind & FRAME_CHUNK)) {
        stack_pop_chunk(t, f);
    } else {
        stack_give(t, f);
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
