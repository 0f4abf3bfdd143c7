/* slice objects, and what sequences share in indexing: keys to C indices, slices to ranges of
 * them. */
#ifndef WEFT_OBJECT_SLICE_H
#define WEFT_OBJECT_SLICE_H

#include "object/object.h"

/* Immutable. */
typedef struct Slice {
    Object head;
    Own start, stop, step;
} Slice;

static ALWAYS_INLINE Slice *
as_slice(Value v)
{
    return (Slice *)obj(v);
}

/* Each may be NO_VALUE for None. own: ret new */
NODISCARD Own slice_new(Value start, Value stop, Value step);

/* The numbers of a slice, clamped to int64; absent ones are INT64_MIN or INT64_MAX as the sign
 * of the step wants. may: runpy (__index__), so take the sequence's length after this. fail: -1
 * + TypeError, ValueError (step 0) */
NODISCARD int slice_unpack(Value slice, int64_t *start, int64_t *stop, int64_t *step);

/* Clips to a sequence of `length` items as Python does, and gives how many items the slice has.
 * (no runpy) */
int64_t slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t step);

/* The place after `at`. Behind the last one it means nothing: a large step wraps around. */
static inline int64_t
slice_next(int64_t at, int64_t step)
{
    return (int64_t)((uint64_t)at + (uint64_t)step);
}

/* The tuple (start, stop, step) of slice.indices(length), with ints of any size. length: an
 * exact int. own: ret new */
NODISCARD Own slice_indices(Value slice, Value length);

/* A start or stop argument of index(): __index__ clamped. fail: -1 + TypeError */
NODISCARD int slice_bound(Value v, int64_t *out);

NODISCARD int index_value_slow(Value key, int64_t *i);

/* __index__ of a subscript. fail: -1 + IndexError where it does not fit ("cannot fit 'int' into
 * an index-sized integer") */
static ALWAYS_INLINE NODISCARD int
index_value(Value key, int64_t *i)
{
    if (LIKELY(is_small_int(key))) {
        *i = small_int_value(key);
        return 0;
    }
    return index_value_slow(key, i);
}

#endif
