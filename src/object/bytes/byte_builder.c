/* ByteBuilder: bytes piece by piece, for results whose size is not known beforehand. Small ones
 * never leave the C stack until they are done. A builder belongs to the function that has it. */
#include "bytes_priv.h"

void
byte_builder_init(ByteBuilder *b)
{
    b->data = b->small;
    b->length = 0;
    b->capacity = sizeof b->small;
    b->failed = false;
}

static bool
builder_grow(ByteBuilder *b, int64_t n)
{
    int64_t capacity;
    if (b->failed) {
        return false;
    }
    if (__builtin_add_overflow(b->length, n, &capacity) ||
        __builtin_add_overflow(capacity, b->length / 2, &capacity)) {
        raise_no_memory();
        b->failed = true;
        return false;
    }
    bool inline_now = b->data == b->small;
    uint8_t *data =
        inline_now ? mem_alloc((size_t)capacity) : mem_realloc(b->data, (size_t)capacity);
    if (!data) {
        b->failed = true;
        return false;
    }
    if (inline_now) {
        memcpy(data, b->small, (size_t)b->length);
    }
    b->data = data;
    b->capacity = capacity;
    return true;
}

uint8_t *
byte_builder_room(ByteBuilder *b, int64_t n)
{
    if (UNLIKELY(n > b->capacity - b->length) && !builder_grow(b, n)) {
        return NULL;
    }
    return b->data + b->length;
}

void
byte_builder_add(ByteBuilder *b, const void *data, int64_t n)
{
    uint8_t *to = n ? byte_builder_room(b, n) : NULL;
    if (to) {
        memcpy(to, data, (size_t)n);
        b->length += n;
    }
}

void
byte_builder_byte(ByteBuilder *b, uint8_t byte)
{
    uint8_t *to = byte_builder_room(b, 1);
    if (to) {
        *to = byte;
        b->length++;
    }
}

void
byte_builder_discard(ByteBuilder *b)
{
    if (b->data != b->small) {
        mem_free(b->data);
    }
    b->data = b->small;
}

Own
byte_builder_finish(ByteBuilder *b)
{
    Own v = b->failed ? NO_VALUE : bytes_new(b->data, (size_t)b->length);
    byte_builder_discard(b);
    return v;
}

Own
byte_builder_finish_bytearray(ByteBuilder *b)
{
    Own v = b->failed ? NO_VALUE : bytearray_new(b->data, (size_t)b->length);
    byte_builder_discard(b);
    return v;
}
