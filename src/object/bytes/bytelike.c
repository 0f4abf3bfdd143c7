/* What methods of bytes and bytearray begin and end with: self as a span, and results of self's
 * type. */
#include "bytearray_priv.h"

Span
self_enter(SelfSpan *s, Value self)
{
    s->copy = NULL;
    if (LIKELY(is_bytes(self))) {
        s->section.first = NULL;
        return s->span = bytes_span(self);
    }
    critical_enter(&s->section, obj(self));
    s->span = bytearray_span_locked((ByteArray *)obj(self));
    if (UNLIKELY(obj_is_contended(obj(self)) && ((ByteArray *)obj(self))->exports > 0)) {
        s->copy = mem_try_alloc((size_t)s->span.length + 1);
        if (s->copy) { /* else what is found may be of several moments */
            buffer_memory_copy(s->copy, s->span.data, (size_t)s->span.length);
            s->span.data = s->copy;
        }
    }
    return s->span;
}

void
self_leave(SelfSpan *s)
{
    critical_leave(&s->section);
    mem_free(s->copy);
}

static void
count_exports(Value v, Value arg, int change)
{
    if (is_bytearray(v) && (!arg || (is_object(arg) && has_type_flag(arg, TYPE_HEAP)))) {
        CriticalSection section;
        critical_enter(&section, obj(v));
        ((ByteArray *)obj(v))->exports += change;
        critical_leave(&section);
    }
}

void
bytearray_pin(Value v, Value arg)
{
    count_exports(v, arg, 1);
}

void
bytearray_unpin(Value v, Value arg)
{
    count_exports(v, arg, -1);
}

Own
bytes_like(Value self, const void *data, int64_t n)
{
    return is_bytes(self) ? bytes_new(data, (size_t)n) : bytearray_new(data, (size_t)n);
}

Own
bytes_like_new(Value self, int64_t n, uint8_t **data)
{
    Own v;
    if (is_bytes(self)) {
        v = bytes_new(NULL, (size_t)n);
        *data = v ? as_bytes(v)->data : NULL;
    } else {
        v = bytearray_new(NULL, (size_t)n);
        *data = v ? ((ByteArray *)obj(v))->data : NULL;
    }
    return v;
}

Own
bytes_like_same(Value self, Span span)
{
    return IS_EXACT(self, BYTES) ? own(self) : bytes_like(self, span.data, span.length);
}

Own
bytes_piece(Value whole, Text t, int64_t start, int64_t stop)
{
    if (start == 0 && stop == t.length) {
        return bytes_like_same(whole, (Span){t.data, t.length});
    }
    return bytes_like(whole, t.data + start, stop - start);
}
