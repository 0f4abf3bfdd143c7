/* Finding bytes in bytes: find, index, count, startswith and `in`, for bytes and bytearray. */
#include "bytes_priv.h"

#include "object/tuple.h"

int
bytelike_contains(Value v, Value item)
{
    ByteArg sub;
    bool number = !object_has_buffer(item) && object_has_index(item);
    bytearray_pin(v, item);
    int got = number ? byte_arg_get_sub(&sub, item) : byte_arg_get(&sub, item);
    bytearray_unpin(v, item);
    if (got < 0) { /* a number that fails in itself counts as none */
        if (number && !exc_matches(&exc_ValueError) && !exc_matches(&exc_BufferError)) {
            exc_clear();
            raise_int(&exc_TypeError, "a bytes-like object is required, not '%T'", item);
        }
        return -1;
    }
    SelfSpan s;
    Span mine = self_enter(&s, v);
    int found = text_find(span_text(mine), span_text(sub.span), 0, mine.length, 1) >= 0;
    self_leave(&s);
    byte_arg_release(&sub);
    return found;
}

/* -1 = nowhere, or failed */
static int64_t
find_between(Value self, Value sub, Value start, Value end, int direction)
{
    int64_t from, to;
    ByteArg needle;
    if (text_range_args(start, end, &from, &to) < 0) {
        return -1;
    }
    bytearray_pin(self, sub);
    int got = byte_arg_get_sub(&needle, sub);
    bytearray_unpin(self, sub);
    if (got < 0) {
        return -1;
    }
    SelfSpan s;
    Span mine = self_enter(&s, self);
    text_range_clip(mine.length, &from, &to);
    int64_t at = text_find(span_text(mine), span_text(needle.span), from, to, direction);
    self_leave(&s);
    byte_arg_release(&needle);
    return at;
}

int64_t
bytelike_py_find(Value self, Value sub, Value start, Value end)
{
    return find_between(self, sub, start, end, 1);
}

int64_t
bytelike_py_rfind(Value self, Value sub, Value start, Value end)
{
    return find_between(self, sub, start, end, -1);
}

static int64_t
found_or_error(int64_t at)
{
    if (at < 0 && !exc_pending()) {
        raise_msg(&exc_ValueError, "subsection not found");
    }
    return at;
}

int64_t
bytelike_py_index(Value self, Value sub, Value start, Value end)
{
    return found_or_error(find_between(self, sub, start, end, 1));
}

int64_t
bytelike_py_rindex(Value self, Value sub, Value start, Value end)
{
    return found_or_error(find_between(self, sub, start, end, -1));
}

int64_t
bytelike_py_count(Value self, Value sub, Value start, Value end)
{
    int64_t from, to;
    ByteArg needle;
    if (text_range_args(start, end, &from, &to) < 0) {
        return -1;
    }
    bytearray_pin(self, sub);
    int got = byte_arg_get_sub(&needle, sub);
    bytearray_unpin(self, sub);
    if (got < 0) {
        return -1;
    }
    SelfSpan s;
    Span mine = self_enter(&s, self);
    text_range_clip(mine.length, &from, &to);
    int64_t n = text_count(span_text(mine), span_text(needle.span), from, to, INT64_MAX);
    self_leave(&s);
    byte_arg_release(&needle);
    return n;
}

/* -- at the ends -- */

static bool
has_at_end(Span s, Span part, int64_t from, int64_t to, int direction)
{
    if (part.length > to - from) {
        return false;
    }
    return text_equal_at(span_text(s), direction > 0 ? from : to - part.length, span_text(part));
}

static int
match_one(Value self, Value part, int64_t from, int64_t to, int direction)
{
    ByteArg arg;
    if (byte_arg_get(&arg, part) < 0) {
        return -1;
    }
    SelfSpan s;
    Span mine = self_enter(&s, self);
    text_range_clip(mine.length, &from, &to);
    bool found = has_at_end(mine, arg.span, from, to, direction);
    self_leave(&s);
    byte_arg_release(&arg);
    return found;
}

/* startswith (direction 1) and endswith (-1). */
static int
match_ends(Value self, Value part, Value start, Value end, int direction)
{
    int64_t from, to;
    if (text_range_args(start, end, &from, &to) < 0) {
        return -1;
    }
    if (is_tuple(part)) {
        int found = 0;
        for (int64_t i = 0; i < as_tuple(part)->length && found == 0; i++) {
            found = match_one(self, tuple_item(part, i), from, to, direction);
        }
        return found;
    }
    if (!object_has_buffer(part)) {
        return raise_int(&exc_TypeError, "%s first arg must be bytes or a tuple of bytes, not %T",
                         direction > 0 ? "startswith" : "endswith", part);
    }
    return match_one(self, part, from, to, direction);
}

int
bytelike_py_startswith(Value self, Value prefix, Value start, Value end)
{
    return match_ends(self, prefix, start, end, 1);
}

int
bytelike_py_endswith(Value self, Value suffix, Value start, Value end)
{
    return match_ends(self, suffix, start, end, -1);
}

static Own
remove_end(Value self, Value part, int direction)
{
    ByteArg arg;
    if (byte_arg_get(&arg, part) < 0) {
        return NO_VALUE;
    }
    SelfSpan s;
    Span mine = self_enter(&s, self);
    int64_t n = has_at_end(mine, arg.span, 0, mine.length, direction) ? arg.span.length : 0;
    Own result = n ? bytes_like(self, mine.data + (direction > 0 ? n : 0), mine.length - n)
                   : bytes_like_same(self, mine);
    self_leave(&s);
    byte_arg_release(&arg);
    return result;
}

Own
bytelike_py_removeprefix(Value self, Value prefix)
{
    return remove_end(self, prefix, 1);
}

Own
bytelike_py_removesuffix(Value self, Value suffix)
{
    return remove_end(self, suffix, -1);
}
