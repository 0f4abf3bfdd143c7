/* Arguments as spans of bytes: see bytes_priv.h.
 *
 * A bytearray that other threads can reach is copied: had it lent its memory, their appending to it
 * meanwhile would fail. */
#include "bytearray_priv.h"

static int
byte_arg_copy(ByteArg *arg, ByteArray *array)
{
    CriticalSection section;
    critical_enter(&section, &array->head);
    int64_t n = array->length;
    arg->copy = mem_alloc((size_t)n);
    if (arg->copy) {
        memcpy(arg->copy, array->data, (size_t)n);
    }
    critical_leave(&section);
    arg->span = (Span){arg->copy, n};
    return arg->copy ? 0 : -1;
}

int
byte_arg_get(ByteArg *arg, Value v)
{
    arg->buffer.owner = NO_VALUE;
    arg->copy = NULL;
    if (LIKELY(is_object(v) && is_bytes(v))) {
        arg->span = bytes_span(v);
        return 0;
    }
    if (IS_EXACT(v, BYTEARRAY) && obj_is_contended(obj(v))) {
        return byte_arg_copy(arg, (ByteArray *)obj(v));
    }
    if (buffer_get(v, &arg->buffer, BUFFER_SIMPLE) < 0) {
        arg->buffer.owner = NO_VALUE;
        return -1;
    }
    arg->span = (Span){arg->buffer.data, arg->buffer.length};
    return 0;
}

int
byte_arg_get_sub(ByteArg *arg, Value v)
{
    if (object_has_buffer(v)) {
        return byte_arg_get(arg, v);
    }
    if (!object_has_index(v)) {
        return raise_int(&exc_TypeError,
                         "argument should be integer or bytes-like object, not '%T'", v);
    }
    arg->buffer.owner = NO_VALUE;
    arg->copy = NULL;
    int byte = byte_value(v, "byte");
    arg->one = (uint8_t)byte;
    arg->span = (Span){&arg->one, 1};
    return byte < 0 ? -1 : 0;
}

void
byte_arg_release(ByteArg *arg)
{
    mem_free(arg->copy);
    if (arg->buffer.owner) {
        buffer_release(&arg->buffer);
    }
}
