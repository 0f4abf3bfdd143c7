/* Generators, coroutines and asynchronous generators: objects that own a frame.
 *
 * The frame runs linked into whoever resumes it, in the same C function when that is Python code (FOR_ITER, SEND). `state` says who may touch it:
 * the thread that set it to RUNNING has the frame to itself. A suspended shared generator's registers are published when it suspends. */
#ifndef WEFT_VM_GENERATOR_H
#define WEFT_VM_GENERATOR_H

#include "vm/call.h"

enum {
    GEN_CREATED,
    GEN_SUSPENDED,
    GEN_RUNNING,
    GEN_CLOSED,
    GEN_LOOKED_AT, /* for a moment, without a safepoint: suspended, and a thread reads what it delegates to. Who would resume it waits */
};

typedef struct Generator {
    Object head;
    _Atomic uint8_t state;    /* GEN_*; guard: atomic; read by generator_state */
    _Atomic bool hooks_called; /* asynchronous: firstiter was called, or is being called; guard: atomic */
    _Atomic uint8_t async_running; /* asynchronous: an asend/athrow is between start and end; guard: atomic */
    _Atomic bool closed_async; /* asynchronous: aclose() was called or it ended; guard: atomic */
    Own name, qualname;       /* str; guard: lock */
    Own code;                 /* immutable */
    Own origin;               /* coroutine: cr_origin tuple, or NO_VALUE. immutable */
    Own finalizer;            /* asynchronous: the hook, or NO_VALUE */
    HandledExc handled;       /* what it is handling; linked into the thread while it runs */
    Frame frame;              /* last: registers follow */
} Generator;

static ALWAYS_INLINE Generator *
as_generator(Value v)
{
    return (Generator *)obj(v);
}

static ALWAYS_INLINE Generator *
generator_of_frame(Frame *f)
{
    return (Generator *)(void *)((char *)f - offsetof(Generator, frame));
}

static ALWAYS_INLINE bool
is_generator_like(Value v) /* exact: these types take no subclasses */
{
    return IS_EXACT(v, GENERATOR) || IS_EXACT(v, COROUTINE) || IS_EXACT(v, ASYNC_GENERATOR);
}

/* GEN_*, but not GEN_LOOKED_AT. */
static ALWAYS_INLINE uint8_t
generator_state(const Generator *g)
{
    uint8_t state = atomic_load_explicit(&g->state, memory_order_acquire);
    return UNLIKELY(state == GEN_LOOKED_AT) ? GEN_SUSPENDED : state;
}

/* Links the frame in and gives it `value` (a register's value, eaten; NO_VALUE: it starts, or an exception waits) as the result of its
 * yield. kind: FRAME_ENTRY or 0. fail: -1 + ValueError "generator already executing", RecursionError... 1: it is finished, nothing pending */
NODISCARD int generator_resume(Thread *t, Generator *g, Own value, unsigned kind);

/* Sends from C. 1 yielded *result, 0 returned *result, -1 raised. value borrowed, or NO_VALUE to throw what is pending. */
NODISCARD int generator_send(Generator *g, Value value, Own *result);

/* The running generator returns *v, or failed: closes it and leaves its frame. As vm_return. */
NODISCARD int generator_return(Thread *t, Own *v);
void generator_failed(Thread *t);

/* close(): *returned (may be null) gets the value of its return statement, if one ran. */
NODISCARD int generator_close(Generator *g, Own *returned);
/* throw(type or instance): -1 when the arguments are wrong; else makes it pending and returns 0 */
NODISCARD int throw_arguments(Value type, Value value, Value traceback);
/* As generator_send, with delegation to what it awaits. */
NODISCARD int generator_throw(Generator *g, Value type, Value value, Value traceback, Own *result);
/* The iterator behind `await v`. own: ret new · fail: 0 + TypeError */
NODISCARD Own awaitable_iterator(Value v);
/* What it delegates to (gi_yieldfrom, cr_await): new, or NO_VALUE. */
NODISCARD Own generator_delegate(Generator *g);
/* Of one suspended before the instruction at pc: the register of what it delegates to, or -1. */
int generator_delegate_register(const Inst *pc);

/* What the three types share. */
int generator_traverse(Object *o, Visit visit, void *arg);
void generator_clear(Object *o);
void generator_dealloc(Object *o);
void generator_finalize(Object *o);
NODISCARD int generator_set_text(Generator *g, Own *field, Value value, const char *name); /* __name__, __qualname__ */
Own generator_repr_as(Value v, const char *kind);
int frame_traverse(Frame *f, Visit visit, void *arg);
/* The callers of the running frame, as cr_origin has them: a tuple of (file, line, function). own: ret new */
NODISCARD int coroutine_types_ready(void);
NODISCARD Own coroutine_origin(Thread *t, int depth);
/* "coroutine 'x' was never awaited" */
void coroutine_warn_never_awaited(Generator *g);
/* Accessors behind gi_frame, cr_frame... */
NODISCARD Own generator_frame_object(Generator *g);

#endif
