/* Tracebacks: a list of the places that an exception passed, outermost first.
 *
 * An entry holds the frame object and the instruction; the line is looked up when somebody asks.
 * Immutable but for `next`. */
#ifndef WEFT_OBJECT_TRACEBACK_H
#define WEFT_OBJECT_TRACEBACK_H

#include "object/code.h"
#include "object/object.h"

typedef struct Traceback {
    Object head;
    Own next; /* traceback, or NO_VALUE after the innermost entry. guard: lock; ref_load */
    Own frame;
    int32_t offset; /* as Python sees it: CODE_OFFSET of the instruction */
    int32_t line;   /* TRACEBACK_LINE_UNKNOWN: look it up */
} Traceback;

enum { TRACEBACK_LINE_UNKNOWN = -1 };

static ALWAYS_INLINE Traceback *
as_traceback(Value v)
{
    return (Traceback *)obj(v);
}

/* own: ret new; next may be NO_VALUE */
NODISCARD Own traceback_new(Value next, Value frame, uint32_t inst);
/* The exception leaves `frame` at instruction `inst`: puts an entry in front of its traceback.
 * Without memory for it the exception goes on without the entry. */
void exc_add_traceback(Value exc, Value frame, uint32_t inst);
/* next (eaten; may be NO_VALUE) follows tb from now on. pre: that makes no loop */
void traceback_set_next(Traceback *tb, Own next);
/* The line, or TRACEBACK_LINE_UNKNOWN when there is none. */
int traceback_line(const Traceback *tb);

#endif
