/* Equality of the commonest kinds of values, decided without running any Python code. */
#ifndef WEFT_OBJECT_EQUAL_H
#define WEFT_OBJECT_EQUAL_H

#include "object/str.h"

/* 1 or 0 as a == b is, identity first; -1 when only the types' own comparison can tell. Neither
 * needs to be held: objects that another thread may be freeing stay readable until the next
 * safepoint. (no runpy) */
static ALWAYS_INLINE int
quick_equal(Value a, Value b)
{
    if (a == b) {
        return 1;
    }
    if (are_small_ints(a, b)) {
        return 0;
    }
    if (is_object(a) && is_object(b) && obj_shape(obj(a)) == SHAPE_STR &&
        obj_shape(obj(b)) == SHAPE_STR) {
        return str_equal(as_str(a), as_str(b));
    }
    return -1;
}

#endif
