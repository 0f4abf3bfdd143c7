/* Equality and order of the commonest kinds of values, decided without running any Python code. */
#ifndef WEFT_OBJECT_EQUAL_H
#define WEFT_OBJECT_EQUAL_H

#include "object/str.h"
#include "object/tuple.h"

/* quick_equal of two tuples, which tells only where it does so for their items, and these are no tuples. */
int quick_equal_tuples(const Tuple *a, const Tuple *b);

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
    if (IS_EXACT(a, STR) && IS_EXACT(b, STR)) {
        return str_equal(as_str(a), as_str(b));
    }
    if (IS_EXACT(a, TUPLE) && IS_EXACT(b, TUPLE)) {
        return quick_equal_tuples(as_tuple(a), as_tuple(b));
    }
    return -1;
}

/* 1 or 0 as a < b is, -1 when only the types' own comparison can tell. (no runpy) */
static ALWAYS_INLINE int
quick_less(Value a, Value b)
{
    if (are_small_ints(a, b)) {
        return (int64_t)value_bits(a) < (int64_t)value_bits(b);
    }
    if (is_small_float(a) && is_small_float(b)) {
        return small_float_value(a) < small_float_value(b);
    }
    if (IS_EXACT(a, STR) && IS_EXACT(b, STR)) {
        return str_compare(as_str(a), as_str(b)) < 0;
    }
    return -1;
}

#endif
