/* range: an arithmetic progression of ints of any size. Immutable. */
#ifndef WEFT_OBJECT_RANGE_H
#define WEFT_OBJECT_RANGE_H

#include "object/object.h"

/* Where everything fits, the C numbers: then every item, and start + length * step, is a small
 * int. Otherwise length is -1 and only the objects count. */
typedef struct Range {
    Object head;
    Own start, stop, step, count; /* exact ints; count: how many items */
    int64_t first, stride, length;
} Range;

/* Of a range whose items are small ints. Finished when left is 0. */
typedef struct RangeIterator {
    Object head;
    int64_t next, stride, left; /* guard: lock (atomic where contended) */
} RangeIterator;

static ALWAYS_INLINE Range *
as_range(Value v)
{
    return (Range *)obj(v);
}

/* True when every item is a small int. (no runpy) */
static ALWAYS_INLINE bool
range_is_small(Value v, int64_t *start, int64_t *step, int64_t *length)
{
    const Range *r = as_range(v);
    *start = r->first;
    *step = r->stride;
    *length = r->length;
    return r->length >= 0;
}

/* range(start, stop, step) of small ints. own: ret new */
NODISCARD Own range_new(int64_t start, int64_t stop, int64_t step);

#endif
