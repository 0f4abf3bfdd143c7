/* str.join. The pieces are measured first, then copied into a str of the right size.
 *
 * Threads: joining works on a list or tuple of its own hands: of a list that other threads may
 * change it takes a copy. */
#include "base/utf8.h"
#include "object/list.h"
#include "object/str_priv.h"
#include "object/tuple.h"

/* The pieces of an iterable as an array that nobody changes: of a tuple its own, else of a tuple
 * made of it (new). fail: 0 */
static Own
join_pieces(Value iterable)
{
    if (IS_EXACT(iterable, TUPLE)) {
        return own(iterable);
    }
    if (IS_EXACT(iterable, LIST)) {
        return list_to_tuple(iterable);
    }
    Own it = object_iter_all(iterable);
    if (!it) {
        if (exc_swallow(&exc_TypeError)) {
            raise_msg(&exc_TypeError, "can only join an iterable");
        }
        return NO_VALUE;
    }
    Own pieces = object_to_tuple(it);
    drop(it);
    return pieces;
}

/* How long the whole is and how wide. fail: -1 + TypeError, OverflowError */
static int64_t
join_measure(const Str *separator, const Tuple *pieces, uint32_t *max_char)
{
    int64_t total = 0;
    *max_char = pieces->length > 1 && separator->length ? str_max_bound(separator) : 0;
    for (int64_t i = 0; i < pieces->length; i++) {
        Value piece = pieces->items[i];
        if (!is_str(piece)) {
            return raise_int(&exc_TypeError, "sequence item %zd: expected str instance, %T found",
                             i, piece);
        }
        const Str *s = as_str(piece);
        *max_char |= s->length ? str_max_bound(s) : 0;
        if (__builtin_add_overflow(total, s->length + (i ? separator->length : 0), &total) ||
            total > INT64_MAX / 4 - 64) {
            return raise_int(&exc_OverflowError, "join() result is too long for a Python string");
        }
    }
    return total;
}

static void
join_copy(Str *to, const Str *separator, const Tuple *pieces)
{
    uint8_t *at = to->data;
    for (int64_t i = 0; i < pieces->length; i++) {
        if (i && separator->length) {
            chars_copy(at, to->width, separator->data, separator->width, (size_t)separator->length);
            at += separator->length * to->width;
        }
        const Str *s = as_str(pieces->items[i]);
        if (s->length) {
            chars_copy(at, to->width, s->data, s->width, (size_t)s->length);
            at += s->length * to->width;
        }
    }
}

Own
str_join(Value separator, Value iterable)
{
    Own pieces = join_pieces(iterable);
    if (!pieces) {
        return NO_VALUE;
    }
    const Tuple *t = as_tuple(pieces);
    Own result = NO_VALUE;
    uint32_t max_char;
    int64_t total;
    if (t->length == 1 && IS_EXACT(t->items[0], STR)) {
        result = own(t->items[0]);
    } else if ((total = join_measure(as_str(separator), t, &max_char)) == 0) {
        result = str_empty;
    } else if (total > 0) {
        Str *s = str_new(total, max_char);
        if (s) {
            join_copy(s, as_str(separator), t);
            result = total == 1 ? str_from_char(str_char_at(s, 0)) : OWN(s);
            if (total == 1) {
                drop(OWN(s));
            }
        }
    }
    drop(pieces);
    return result;
}

Own
str_py_join(Str *self, Value iterable)
{
    return str_join(VALUE(self), iterable);
}
