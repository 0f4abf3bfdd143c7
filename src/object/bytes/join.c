/* bytes.join and bytearray.join. */
#include "bytes_priv.h"

#include "object/list.h"
#include "object/tuple.h"

/* A bytes-like item, copied. own: ret new */
static Own
join_piece(Value item, int64_t i)
{
    ByteArg arg;
    if (!object_has_buffer(item) || byte_arg_get(&arg, item) < 0) {
        if (exc_pending()) {
            exc_clear();
        }
        return raise_fmt(&exc_TypeError,
                         "sequence item %zd: expected a bytes-like object, %T found", i, item);
    }
    Own piece = bytes_new(arg.span.data, (size_t)arg.span.length);
    byte_arg_release(&arg);
    return piece;
}

/* The items as a tuple of bytes: what is something else is copied. own: ret new */
static Own
join_pieces(Value iterable)
{
    Own items = IS_EXACT(iterable, TUPLE)  ? own(iterable)
                : IS_EXACT(iterable, LIST) ? list_to_tuple(iterable)
                                           : NO_VALUE;
    if (!items && !exc_pending()) {
        Own it = object_iter_all(iterable);
        if (!it) {
            return exc_swallow(&exc_TypeError)
                       ? raise_msg(&exc_TypeError, "can only join an iterable")
                       : NO_VALUE;
        }
        items = object_to_tuple(it);
        drop(it);
    }
    int64_t n = items ? as_tuple(items)->length : 0, plain = 0;
    while (plain < n && is_bytes(tuple_item(items, plain))) {
        plain++;
    }
    if (!items || plain == n) {
        return items;
    }
    Own copies = tuple_new(n);
    for (int64_t i = 0; copies && i < n; i++) {
        Value item = tuple_item(items, i);
        Own piece = is_bytes(item) ? own(item) : join_piece(item, i);
        if (piece && IS_EXACT(iterable, LIST) && list_len(iterable) != n) {
            raise_msg(&exc_RuntimeError, "sequence changed size during iteration");
            ref_clear(&piece);
        }
        if (piece) {
            tuple_init_item(copies, i, piece);
        } else {
            drop(copies);
            copies = NO_VALUE;
        }
    }
    drop(items);
    return copies;
}

/* lock: between self_enter and self_leave */
static Own
joined(Value self, Span separator, const Tuple *pieces)
{
    int64_t total = 0;
    for (int64_t i = 0; i < pieces->length; i++) {
        if (__builtin_add_overflow(total, as_bytes(pieces->items[i])->length, &total) ||
            (i && __builtin_add_overflow(total, separator.length, &total))) {
            return raise_msg(&exc_OverflowError, "join() result is too long");
        }
    }
    uint8_t *to;
    Own result = bytes_like_new(self, total, &to);
    for (int64_t i = 0; result && i < pieces->length; i++) {
        if (i) {
            memcpy(to, separator.data, (size_t)separator.length);
            to += separator.length;
        }
        const Bytes *b = as_bytes(pieces->items[i]);
        memcpy(to, b->data, (size_t)b->length);
        to += b->length;
    }
    return result && is_bytes(result) ? bytes_shrink(result, total) : result;
}

Own
bytelike_py_join(Value self, Value iterable_of_bytes)
{
    bytearray_pin(self, NO_VALUE);
    Own pieces = join_pieces(iterable_of_bytes);
    bytearray_unpin(self, NO_VALUE);
    if (!pieces) {
        return NO_VALUE;
    }
    Own result;
    if (is_bytes(self) && as_tuple(pieces)->length == 1 && IS_EXACT(tuple_item(pieces, 0), BYTES)) {
        result = own(tuple_item(pieces, 0));
    } else {
        SelfSpan s;
        result = joined(self, self_enter(&s, self), as_tuple(pieces));
        self_leave(&s);
    }
    drop(pieces);
    return result;
}
