/* Frame objects: what Python code sees of a frame (sys._getframe, tracebacks, generators).
 *
 * Made on demand. While the frame runs, the object looks into it; when the frame ends and the object lives on, the frame's locals move into
 * `own`, a Frame inside the object. Threads: a running frame belongs to its thread; others look into it with the world
 * stopped. They meet it through tracebacks and sys._current_frames(). */
#ifndef WEFT_VM_FRAMEOBJECT_H
#define WEFT_VM_FRAMEOBJECT_H

#include "vm/frame.h"

typedef struct FrameObject {
    Object head;
    Frame *frame;     /* the frame on the stack or in a generator, or &own. guard: the frame's thread */
    Thread *thread;   /* which ran it first; compared only */
    Own back;         /* once ended: the frame object of the caller, or NO_VALUE */
    Own generator;    /* once its generator is gone: NO_VALUE; borrowed otherwise */
    Own trace;        /* f_trace, or NO_VALUE; guard: lock */
    Own extra_locals; /* dict: names stored through f_locals that are no variables, or NO_VALUE */
    Own overwritten;  /* list: what f_locals replaced in registers that instructions may be looking at, or NO_VALUE; guard: lock */
    int32_t line;     /* set by tracing, 0 = from the instruction */
    bool trace_lines, trace_opcodes;
    bool ended;       /* atomic */
    bool in_generator; /* any thread may run it next; immutable once others know the object */
    Frame own;        /* last; room for the locals. code, globals, builtins: from the start, immutable; counted once ended */
} FrameObject;

static ALWAYS_INLINE FrameObject *
as_frame_object(Value v)
{
    return (FrameObject *)obj(v);
}

static ALWAYS_INLINE bool
frame_object_ended(const FrameObject *fo)
{
    return __atomic_load_n(&fo->ended, __ATOMIC_ACQUIRE);
}

/* The frame object of a frame of this thread (or of a suspended generator). own: ret new · fail: 0 + MemoryError */
NODISCARD Own frame_object(Frame *f);
/* Before a look at what fo->frame points to (not at fo->own): true when the frame is another thread's, which may be running it. Then the
 * world is stopped, until world_start(). */
bool frame_object_look(const FrameObject *fo);
/* The frame is ending: its object takes the locals, if anybody else holds it, and the frame's link to it is dropped. */
void frame_object_detach(Frame *f);
/* The frame moved to another address. */
void frame_object_moved(Frame *f);
/* Of the innermost frame of a thread, or NO_VALUE. stw if that is not this thread */
NODISCARD Own frame_object_of_thread(Thread *thread);
int frame_line(const Frame *f); /* -1 unknown */

#endif
