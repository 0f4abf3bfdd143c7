/* Exceptions on their way: from the instruction that failed to a handler, or out of the frame.
 *
 * A frame's handlers are ranges of instructions (Code.handlers), so a try statement that is not left by an exception costs nothing. */
#include "object/exception.h"
#include "object/traceback.h"
#include "vm/frameobject.h"
#include "vm/generator.h"
#include "vm/ops.h"
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

static void
add_traceback(Thread *t, Frame *f, uint32_t at)
{
    if (f->flags & FRAME_RERAISE) {
        f->flags &= (uint16_t)~FRAME_RERAISE;
        return;
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
    (void)t;
}

bool
vm_unwind(Thread *t)
{
    for (;;) {
        Frame *f = t->frame;
        uint32_t at = (uint32_t)(f->pc - f->code->instructions);
        assert(t->exc);
        add_traceback(t, f, at);
        const HandlerRange *range = find_range(f->code, at);
        if (range) {
            for (uint32_t i = range->depth; i < f->nregs; i++) {
                reg_clear(&f->regs[i]);
            }
            f->regs[range->depth] = reg_from(exc_take());
            f->pc = f->code->instructions + range->handler;
            return true;
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
