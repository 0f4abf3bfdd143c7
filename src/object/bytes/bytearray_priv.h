/* What the files of bytearray share. */
#ifndef WEFT_OBJECT_BYTEARRAY_PRIV_H
#define WEFT_OBJECT_BYTEARRAY_PRIV_H

#include "bytes_priv.h"

static inline Span
bytearray_span_locked(const ByteArray *self)
{
    ASSERT_LOCKED(self);
    return (Span){self->data, self->length};
}

/* fail: -1 + BufferError "Existing exports of data: object cannot be re-sized" */
NODISCARD int bytearray_check_exports_locked(ByteArray *self);
/* New bytes at the end are not initialised. fail: -1 + BufferError, MemoryError */
NODISCARD int bytearray_resize_locked(ByteArray *self, int64_t length);
/* Puts `with`, which is not in self's memory, in the place of [start, stop). */
NODISCARD int bytearray_splice_locked(ByteArray *self, int64_t start, int64_t stop, Span with);
NODISCARD int bytearray_extend_span(ByteArray *self, Span with);

#endif
