/* memoryview: a window on memory that another object lends.
 *
 * A LentMemory holds the buffer an object gave; all views made from one view share it, and it gives
 * the buffer back when the last of them lets go. A view is immutable but for letting go (release)
 * and the count of buffers that it lends itself. Who works with a view's memory holds the
 * LentMemory meanwhile (memoryview_hold), so that another thread's release() only takes effect
 * afterwards. */
#ifndef WEFT_OBJECT_MEMORYVIEW_H
#define WEFT_OBJECT_MEMORYVIEW_H

#include "object/buffer.h"

typedef struct LentMemory {
    Object head;
    Buffer buffer; /* immutable until it is given back */
} LentMemory;

typedef struct MemoryView {
    Object head;
    Own memory; /* a LentMemory; NO_VALUE when released. guard: lock to change, ref_load to read */
    int64_t exports;      /* guard: lock */
    _Atomic int64_t hash; /* -1 = not yet */
    Buffer view;          /* owner unused; shape, strides, suboffsets point into dims. immutable */
    int64_t dims[];       /* 3 for each dimension */
} MemoryView;

static ALWAYS_INLINE MemoryView *
as_memoryview(Value v)
{
    return (MemoryView *)obj(v);
}

extern Type managedbuffer_type; /* of LentMemory */

/* memoryview(v). own: ret new · fail: 0 + TypeError, BufferError */
NODISCARD Own memoryview_new(Value v);
NODISCARD Own memoryview_new_flags(Value v, int flags);
/* A view of a buffer that the caller got with BUFFER_FULL_RO or the like; eats it, also on
 * failure. */
NODISCARD Own memoryview_from_buffer(Buffer *buffer);
/* The memory behind the view, to be dropped after use. fail: 0 + ValueError "operation forbidden on
 * released memoryview object" */
NODISCARD Own memoryview_hold(const MemoryView *self);
/* fail: -1 + BufferError when it lends memory itself */
NODISCARD int memoryview_release(MemoryView *self);

#endif
