/* Exceptions on their way: from the instruction that failed to a handler, or out of the frame.
 *
 * A frame's handlers are ranges of instructions (Code.handlers), so a try statement that is not left by an exception costs nothing. */
#include "object/exception.h"
#include "object/traceback.h"
#include "vm/frameobject.h"
#include "vm/generator.h"
#include "vm/ops.h"
#include "vm/trace.h"
#include "vm/vm.h"

/* The innermost range around instruction `at`, or null. */
static const HandlerRange *
find_range(const Code *code, uint32_t at)
{
    const HandlerRange *found = NULL;
    for (uint32_t i = 0; i < code->nhandlers && code->handlers[i].start <= at; i++) {
        if (at < code->handlers[i].end) {
            found = &code->handlers[i];
        }
    }
    return found;
}

/* True when the frame has its entry already: the exception is raised again. */
static bool
add_traceback(Frame *f, uint32_t at)
{
    if (f->flags & FRAME_RERAISE) {
        f->flags &= (uint16_t)~FRAME_RERAISE;
        return true;
    }
    Own exc = exc_take();
    Own frame = frame_object(f);
    if (frame) {
        exc_add_traceback(exc, frame, at);
        drop(frame);
    } else {
        exc_clear(); /* no memory for it: the exception goes on without the entry */
    }
    exc_restore(exc);
    return false;
}

/* The frame ends where the exception was first raised in it, not where a handler raised it again. */
static void
restore_place(Thread *t, Frame *f)
{
    Own tb = exc_get_traceback(t->exc);
    if (tb) {
        const Traceback *first = as_traceback(tb);
        if (as_frame_object(first->frame)->frame == f) {
            f->pc = f->code->instructions + CODE_INDEX(first->offset);
        }
        drop(tb);
    }
}

bool
vm_unwind(Thread *t)
{
    for (;;) {
        Frame *f = t->frame;
        uint32_t at = (uint32_t)(f->pc - f->code->instructions);
        assert(t->exc);
        bool again = add_traceback(f, at);
        trace_raised(t, f, at, again);
        const HandlerRange *range = find_range(f->code, at);
        if (range) {
            for (uint32_t i = range->depth; i < f->nregs; i++) {
                reg_clear(&f->regs[i]);
            }
            trace_handled(t, f, range->handler);
            f->regs[range->depth] = reg_from(exc_take());
            f->pc = f->code->instructions + range->handler;
            return true;
        }
        trace_unwound(t, f, at);
        if (again && frame_line(f) < 0) {
            restore_place(t, f);
        }
        unsigned kind = f->kind;
        if (kind & FRAME_IN_GENERATOR) {
            generator_failed(t);
        } else {
            Frame *caller = f->prev;
            frame_clear(t, f);
            t->frame = caller;
            stack_pop(t, f);
        }
        if (kind & FRAME_ENTRY) {
            return false;
        }
    }
}
