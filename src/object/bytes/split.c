/* Methods of bytes and bytearray that cut them: split, partition, splitlines, strip. */
#include "bytes_priv.h"

/* A separator, not empty. fail: -1 */
static int
separator_get(ByteArg *arg, Value self, Value sep)
{
    bytearray_pin(self, sep);
    int status = byte_arg_get(arg, sep);
    bytearray_unpin(self, sep);
    if (status < 0) {
        return -1;
    }
    if (arg->span.length == 0) {
        byte_arg_release(arg);
        return raise_int(&exc_ValueError, "empty separator");
    }
    return 0;
}

Own
bytelike_py_split(Value self, Value sep, int64_t maxsplit)
{
    SelfSpan s;
    ByteArg arg;
    Own result;
    if (sep == NONE) {
        result = text_split_space(self, span_text(self_enter(&s, self)), bytes_piece, maxsplit);
        self_leave(&s);
        return result;
    }
    if (separator_get(&arg, self, sep) < 0) {
        return NO_VALUE;
    }
    result = text_split(self, span_text(self_enter(&s, self)), bytes_piece, span_text(arg.span),
                        maxsplit);
    self_leave(&s);
    byte_arg_release(&arg);
    return result;
}

Own
bytelike_py_rsplit(Value self, Value sep, int64_t maxsplit)
{
    SelfSpan s;
    ByteArg arg;
    Own result;
    if (sep == NONE) {
        result = text_rsplit_space(self, span_text(self_enter(&s, self)), bytes_piece, maxsplit);
        self_leave(&s);
        return result;
    }
    if (separator_get(&arg, self, sep) < 0) {
        return NO_VALUE;
    }
    result = text_rsplit(self, span_text(self_enter(&s, self)), bytes_piece, span_text(arg.span),
                         maxsplit);
    self_leave(&s);
    byte_arg_release(&arg);
    return result;
}

Own
bytelike_py_splitlines(Value self, bool keepends)
{
    SelfSpan s;
    Own result = text_splitlines(self, span_text(self_enter(&s, self)), bytes_piece, keepends);
    self_leave(&s);
    return result;
}

/* A bytearray's parts are all its own; bytes give back the separator as it came. */
static Own
partition(Value self, Value sep, int direction)
{
    ByteArg arg;
    if (separator_get(&arg, self, sep) < 0) {
        return NO_VALUE;
    }
    Own middle = is_bytes(self) ? own(sep) : bytearray_new(arg.span.data, (size_t)arg.span.length),
        result = NO_VALUE;
    if (middle) {
        SelfSpan s;
        Text t = span_text(self_enter(&s, self));
        result = text_partition(self, t, bytes_piece, span_text(arg.span), middle, direction);
        self_leave(&s);
        drop(middle);
    }
    byte_arg_release(&arg);
    return result;
}

Own
bytelike_py_partition(Value self, Value sep)
{
    return partition(self, sep, 1);
}

Own
bytelike_py_rpartition(Value self, Value sep)
{
    return partition(self, sep, -1);
}

static Own
strip_sides(Value self, Value bytes, int sides)
{
    ByteArg arg;
    bool given = bytes != NONE;
    if (given && byte_arg_get(&arg, bytes) < 0) {
        return NO_VALUE;
    }
    SelfSpan s;
    Text t = span_text(self_enter(&s, self));
    int64_t start, stop;
    if (given) {
        text_strip_chars(t, span_text(arg.span), sides, &start, &stop);
    } else {
        text_strip_space(t, sides, &start, &stop);
    }
    Own result = bytes_piece(self, t, start, stop);
    self_leave(&s);
    if (given) {
        byte_arg_release(&arg);
    }
    return result;
}

Own
bytelike_py_strip(Value self, Value bytes)
{
    return strip_sides(self, bytes, STRIP_LEFT | STRIP_RIGHT);
}

Own
bytelike_py_lstrip(Value self, Value bytes)
{
    return strip_sides(self, bytes, STRIP_LEFT);
}

Own
bytelike_py_rstrip(Value self, Value bytes)
{
    return strip_sides(self, bytes, STRIP_RIGHT);
}
