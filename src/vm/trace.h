/* Tracing: what runs before each instruction of a traced thread, and when exceptions pass through its frames. It finds the events of
 * sys.monitoring (vm/monitor.h) and those of sys.settrace and sys.setprofile, which are the thread's own.
 *
 * A thread is traced while its dispatch table is that of vm/dispatch_many.c for tracing: it has a trace or profile function, or some tool is
 * active. It runs the general bodies then, with this in front of each; a thread that is not traced pays nothing.
 *
 * Threads: TraceState belongs to its thread. Other threads switch its table with the world stopped. */
#ifndef WEFT_VM_TRACE_H
#define WEFT_VM_TRACE_H

#include "vm/frameobject.h"

/* frame.f_lineno = value: jumps, while a trace function runs. */
NODISCARD int trace_set_line(FrameObject *fo, Value value);

/* Makes t's frame f go on at another line. fail: -1 + ValueError · may: runpy (a warning) */
NODISCARD int trace_jump(Thread *t, Frame *f, int line);

/* Before the instruction at pc, which is t->frame's. Returns where to go on, or null: an exception is pending. may: runpy */
const Inst *trace_step(Thread *t, const Inst *pc);
/* The pending exception reached frame f (at word `at`), is handled there, or leaves it. It stays pending, or another one does in its place. */
void trace_raised(Thread *t, Frame *f, uint32_t at, bool again);
void trace_handled(Thread *t, Frame *f, uint32_t handler);
void trace_unwound(Thread *t, Frame *f, uint32_t at);
/* An exception was thrown into a generator: t->frame. */
void trace_thrown(Thread *t);

/* The dispatch table that t should have. */
const void *trace_dispatch(const Thread *t);
/* Every thread gets it. may: stop the world */
void trace_switch_all(void);
void trace_thread_end(Thread *t);
/* No events on this thread until the same is said with false. Nests. */
void trace_pause(bool pause);

/* sys.settrace and sys.setprofile; function NO_VALUE = none. */
void trace_set(Value function);
void trace_set_profile(Value function);
void trace_set_all_threads(Value function, bool profile);
/* f(*args) with events on, also from within a trace function. own: ret new */
NODISCARD Own trace_call(Value f, Value args);

#endif
