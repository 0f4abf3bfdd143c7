/* Arguments as spans of bytes: see bytes_priv.h.
 *
 * What other threads can change is copied, which also lets them append to it meanwhile. */
#include "bytearray_priv.h"

int
byte_arg_get(ByteArg *arg, Value v)
{
    arg->buffer.owner = NO_VALUE;
    if (LIKELY(is_object(v) && is_bytes(v))) {
        arg->span = bytes_span(v);
        return 0;
    }
    if (buffer_get_still(v, &arg->buffer) < 0) {
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
    int byte = byte_value(v, "byte");
    arg->one = (uint8_t)byte;
    arg->span = (Span){&arg->one, 1};
    return byte < 0 ? -1 : 0;
}

void
byte_arg_release(ByteArg *arg)
{
    if (arg->buffer.owner) {
        buffer_release(&arg->buffer);
    }
}
