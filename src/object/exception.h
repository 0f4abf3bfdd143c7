/* Exception instances. Every field's guard is the object's lock; readers use ref_load. */
#ifndef WEFT_OBJECT_EXCEPTION_H
#define WEFT_OBJECT_EXCEPTION_H

#include "object/object.h"

/* The head of every exception. Types with more fields embed it first (see the .c files). */
typedef struct Exception {
    Object head;
    Own args;      /* tuple */
    Own traceback; /* traceback or NO_VALUE */
    Own context, cause; /* exceptions or NO_VALUE */
    Own notes;     /* list, or NO_VALUE until add_note */
    uint8_t suppress_context;
} Exception;

static ALWAYS_INLINE Exception *
as_exception(Value v)
{
    return (Exception *)obj(v);
}

/* StopIteration.value, and that of the pending exception when it is a StopIteration: taken and cleared. */
NODISCARD Own stop_iteration_value(Value exc);
/* 1: *value is the StopIteration's value or None if nothing was pending; 0: another exception is pending */
NODISCARD int exc_take_stop_iteration(Own *value);

#endif
