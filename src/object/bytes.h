/* bytes and bytearray, and the buffer protocol's C side in object/buffer.h. bytes are immutable
 * once published. */
#ifndef WEFT_OBJECT_BYTES_H
#define WEFT_OBJECT_BYTES_H

#include "object/object.h"

typedef struct Bytes {
    Object head;
    int64_t length;
    _Atomic int64_t hash; /* -1 = not yet */
    uint8_t data[];       /* and a NUL */
} Bytes;

typedef struct ByteArray {
    Object head;
    int64_t length;   /* guard: lock */
    int64_t capacity; /* guard: lock */
    uint8_t *storage; /* guard: lock; the allocation */
    uint8_t *data;    /* guard: lock; first byte, inside storage */
    int64_t exports;  /* guard: lock; buffers given out: no resizing while > 0 */
} ByteArray;

static ALWAYS_INLINE Bytes *
as_bytes(Value v)
{
    return (Bytes *)obj(v);
}

extern Own bytes_empty; /* immortal b"" */
NODISCARD Own bytes_new(const void *data,
                        size_t length);   /* data may be null: to be filled before anyone sees it */
NODISCARD Own bytes_from_buffer(Value v); /* any bytes-like object */
NODISCARD Own bytes_fmt_percent(Value format, Value args, bool bytearray);
/* Between the two a bytearray may not change its size: BufferError for who tries. Nothing happens to another object, and where converting arg
 * runs no Python code: no other thread is to meet a BufferError. (NO_VALUE: some is run.) */
void bytearray_pin(Value v, Value arg);
void bytearray_unpin(Value v, Value arg);
NODISCARD Own bytearray_new(const void *data, size_t length);
/* Copies the first n bytes of the bytearray that a readinto() was given, which may have shortened it: zeros stand for what is gone. */
void bytearray_copy_out(Value bytes, uint8_t *to, int64_t n);
/* Shrinks a fresh private bytes to `length`; eats v */
NODISCARD Own bytes_shrink(Own v, int64_t length);

/* -b: str() of bytes, and comparing them with str or int, warns. Set at start-up, while there is one thread. */
extern bool bytes_warnings;

#endif
