/* Finding bytes in bytes: find, index, count, startswith and `in`, for bytes and bytearray. */
#include "bytearray_priv.h"

#include "object/text.h"

int
bytes_contains(Value v, Value item)
{
    ByteArg sub;
    if (!object_has_buffer(item) && !object_has_index(item)) {
        return raise_int(&exc_TypeError, "a bytes-like object is required, not '%T'", item);
    }
    if (byte_arg_get_sub(&sub, item) < 0) {
        return -1;
    }
    Span mine = bytes_span(v);
    int found = text_find(span_text(mine), span_text(sub.span), 0, mine.length, 1) >= 0;
    byte_arg_release(&sub);
    return found;
}

int
bytearray_contains(Value v, Value item)
{
    ByteArg sub;
    if (!object_has_buffer(item) && !object_has_index(item)) {
        return raise_int(&exc_TypeError, "a bytes-like object is required, not '%T'", item);
    }
    if (byte_arg_get_sub(&sub, item) < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, obj(v));
    Span mine = bytearray_span_locked((ByteArray *)obj(v));
    int found = text_find(span_text(mine), span_text(sub.span), 0, mine.length, 1) >= 0;
    critical_leave(&section);
    byte_arg_release(&sub);
    return found;
}
