/* Methods of bytes and bytearray that exchange bytes: replace, translate, maketrans. */
#include "bytes_priv.h"
#include "object/args.h"

static uint8_t *
put_span(uint8_t *to, const uint8_t *from, int64_t n)
{
    memcpy(to, from, (size_t)n);
    return to + n;
}

static void
fill_replaced(uint8_t *at, Span s, Span from, Span to, int64_t count)
{
    int64_t done = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t found =
            from.length ? text_find(span_text(s), span_text(from), done, s.length, 1) : i;
        at = put_span(at, s.data + done, found - done);
        at = put_span(at, to.data, to.length);
        done = found + from.length;
    }
    put_span(at, s.data + done, s.length - done);
}

/* lock: between self_enter and self_leave */
static Own
replaced(Value self, Span mine, Span from, Span to, int64_t count)
{
    int64_t n =
        text_count(span_text(mine), span_text(from), 0, mine.length, count < 0 ? INT64_MAX : count);
    int64_t added, length;
    uint8_t *at;
    if (n == 0) {
        return bytes_like_same(self, mine);
    }
    if (__builtin_mul_overflow(n, to.length - from.length, &added) ||
        __builtin_add_overflow(mine.length, added, &length)) {
        return raise_msg(&exc_OverflowError, "replace bytes is too long");
    }
    Own result = bytes_like_new(self, length, &at);
    if (result && length) {
        fill_replaced(at, mine, from, to, n);
    }
    return result;
}

Own
bytelike_py_replace(Value self, Value old, Value new, Value count)
{
    ByteArg from, to;
    int64_t most = -1;
    if (byte_arg_get(&from, old) < 0) {
        return NO_VALUE;
    }
    if (byte_arg_get(&to, new) < 0) {
        byte_arg_release(&from);
        return NO_VALUE;
    }
    Own result = NO_VALUE;
    if (!count || args_ssize("replace", 3, "count", count, &most) == 0) {
        SelfSpan s;
        result = replaced(self, self_enter(&s, self), from.span, to.span, most);
        self_leave(&s);
    }
    byte_arg_release(&from);
    byte_arg_release(&to);
    return result && is_bytes(result) ? bytes_shrink(result, as_bytes(result)->length) : result;
}

/* -- translate -- */

/* table: 256 bytes, or null. lock: between self_enter and self_leave */
static Own
translated(Value self, Span mine, const uint8_t *table, const bool deleted[256])
{
    uint8_t *to;
    Own result = bytes_like_new(self, mine.length, &to);
    if (!result) {
        return NO_VALUE;
    }
    int64_t n = 0;
    for (int64_t i = 0; i < mine.length; i++) {
        uint8_t c = mine.data[i];
        if (!deleted[c]) {
            to[n++] = table ? table[c] : c;
        }
    }
    if (is_bytes(result)) {
        return bytes_shrink(result, n);
    }
    if (n == mine.length) {
        return result;
    }
    Own exact = bytearray_new(to, (size_t)n);
    drop(result);
    return exact;
}

Own
bytelike_py_translate(Value self, Value table, Value delete)
{
    ByteArg map = {.span = {0}}, gone;
    bool deleted[256] = {0};
    if (table != NONE && byte_arg_get(&map, table) < 0) {
        return NO_VALUE;
    }
    Own result = NO_VALUE;
    if (table != NONE && map.span.length != 256) {
        raise_msg(&exc_ValueError, "translation table must be 256 characters long");
    } else if (!delete || byte_arg_get(&gone, delete) == 0) {
        for (int64_t i = 0; delete &&i < gone.span.length; i++) {
            deleted[gone.span.data[i]] = true;
        }
        if (delete) {
            byte_arg_release(&gone);
        }
        SelfSpan s;
        result = translated(self, self_enter(&s, self), map.span.data, deleted);
        self_leave(&s);
    }
    if (table != NONE) {
        byte_arg_release(&map);
    }
    return result;
}

Own
bytelike_py_maketrans(Value frm, Value to)
{
    ByteArg from, with;
    if (byte_arg_get(&from, frm) < 0) {
        return NO_VALUE;
    }
    if (byte_arg_get(&with, to) < 0) {
        byte_arg_release(&from);
        return NO_VALUE;
    }
    Own table = NO_VALUE;
    if (from.span.length != with.span.length) {
        raise_msg(&exc_ValueError, "maketrans arguments must have same length");
    } else if ((table = bytes_new(NULL, 256))) {
        uint8_t *map = as_bytes(table)->data;
        for (int i = 0; i < 256; i++) {
            map[i] = (uint8_t)i;
        }
        for (int64_t i = 0; i < from.span.length; i++) {
            map[from.span.data[i]] = with.span.data[i];
        }
    }
    byte_arg_release(&from);
    byte_arg_release(&with);
    return table;
}
