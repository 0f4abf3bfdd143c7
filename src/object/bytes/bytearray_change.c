/* Methods of bytearray that change it, and its pickling. */
#include "bytearray_priv.h"

#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type/slotdefs.h"

#define ARRAY(self) ((ByteArray *)obj(self))

int
bytelike_py_append(Value self, Value item)
{
    int byte = byte_value(item, "byte");
    if (byte < 0) {
        return -1;
    }
    uint8_t one = (uint8_t)byte;
    return bytearray_extend_span(ARRAY(self), (Span){&one, 1});
}

int
bytelike_py_insert(Value self, int64_t index, Value item)
{
    int byte = byte_value(item, "byte");
    if (byte < 0) {
        return -1;
    }
    uint8_t one = (uint8_t)byte;
    CriticalSection section;
    critical_enter(&section, obj(self));
    int64_t n = ARRAY(self)->length;
    index += index < 0 ? n : 0;
    index = index < 0 ? 0 : index > n ? n : index;
    int status = bytearray_splice_locked(ARRAY(self), index, index, (Span){&one, 1});
    critical_leave(&section);
    return status;
}

static int
collect_ints(Value iterable, ByteBuilder *b)
{
    if (is_str(iterable)) {
        return raise_int(&exc_TypeError, "expected iterable of integers; got: 'str'");
    }
    Own it = object_iter_all(iterable);
    if (!it) {
        if (exc_swallow(&exc_TypeError)) {
            raise_fmt(&exc_TypeError, "can't extend bytearray with %T", iterable);
        }
        return -1;
    }
    int64_t hint = object_length_hint(iterable, 0); /* only for its errors: `b` grows fast enough */
    int status = hint < 0 ? -1 : bytes_collect_items(it, b, "byte");
    drop(it);
    return status;
}

/* Items are collected first, so that a failing iterator leaves the array as it was. */
int
bytelike_py_extend(Value self, Value iterable_of_ints)
{
    if (object_has_buffer(iterable_of_ints) && iterable_of_ints != self) {
        ByteArg arg;
        /* A __buffer__ may change self: the end is where it was before that was asked. */
        bool asks = type_of(iterable_of_ints)->slots.getbuffer == dispatch__buffer__;
        int64_t end = asks ? __atomic_load_n(&ARRAY(self)->length, __ATOMIC_RELAXED) : INT64_MAX;
        if (byte_arg_get(&arg, iterable_of_ints) < 0) {
            return -1;
        }
        CriticalSection section;
        critical_enter(&section, obj(self));
        end = end < ARRAY(self)->length ? end : ARRAY(self)->length;
        int status = bytearray_splice_locked(ARRAY(self), end, end, arg.span);
        critical_leave(&section);
        byte_arg_release(&arg);
        return status;
    }
    ByteBuilder b;
    byte_builder_init(&b);
    int status = collect_ints(iterable_of_ints, &b);
    if (status == 0 && !b.failed) {
        status = bytearray_extend_span(ARRAY(self), (Span){b.data, b.length});
    }
    status = b.failed ? -1 : status;
    byte_builder_discard(&b);
    return status;
}

Own
bytelike_py_pop(Value self, int64_t index)
{
    CriticalSection section;
    critical_enter(&section, obj(self));
    ByteArray *a = ARRAY(self);
    Own result = NO_VALUE;
    index += index < 0 ? a->length : 0;
    if (a->length == 0) {
        raise_msg(&exc_IndexError, "pop from empty bytearray");
    } else if (index < 0 || index >= a->length) {
        raise_msg(&exc_IndexError, "pop index out of range");
    } else {
        int byte = lent_byte(a->data + index);
        if (bytearray_splice_locked(a, index, index + 1, (Span){a->data, 0}) == 0) {
            result = small_int(byte);
        }
    }
    critical_leave(&section);
    return result;
}

int
bytelike_py_remove(Value self, Value value)
{
    int byte = byte_value(value, "byte");
    if (byte < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, obj(self));
    ByteArray *a = ARRAY(self);
    const uint8_t *at = lent_find(a->data, byte, (size_t)a->length);
    int status;
    if (at) {
        status = bytearray_splice_locked(a, at - a->data, at - a->data + 1, (Span){a->data, 0});
    } else {
        status = raise_int(&exc_ValueError, "value not found in bytearray");
    }
    critical_leave(&section);
    return status;
}

int
bytelike_py_clear(Value self)
{
    CriticalSection section;
    critical_enter(&section, obj(self));
    int status = bytearray_resize_locked(ARRAY(self), 0);
    critical_leave(&section);
    return status;
}

Own
bytelike_py_copy(Value self)
{
    SelfSpan s;
    Span mine = self_enter(&s, self);
    Own copy = bytearray_new(mine.data, (size_t)mine.length);
    self_leave(&s);
    return copy;
}

int
bytelike_py_reverse(Value self)
{
    CriticalSection section;
    critical_enter(&section, obj(self));
    uint8_t *data = ARRAY(self)->data;
    for (int64_t i = 0, k = ARRAY(self)->length - 1; i < k; i++, k--) {
        uint8_t c = lent_byte(data + i);
        lent_byte_set(data + i, lent_byte(data + k));
        lent_byte_set(data + k, c);
    }
    critical_leave(&section);
    return 0;
}

int
bytelike_py_resize(Value self, int64_t size)
{
    if (size < 0) {
        return raise_int(&exc_ValueError, "Can only resize to positive sizes, got %zd", size);
    }
    CriticalSection section;
    critical_enter(&section, obj(self));
    ByteArray *a = ARRAY(self);
    int64_t old = a->length;
    int status = bytearray_resize_locked(a, size);
    if (status == 0 && size > old) {
        memset(a->data + old, 0, (size_t)(size - old));
    }
    critical_leave(&section);
    return status;
}

int64_t
bytelike_py___alloc__(Value self)
{
    CriticalSection section;
    critical_enter(&section, obj(self));
    int64_t n = ARRAY(self)->capacity;
    critical_leave(&section);
    return n;
}

/* -- pickling -- */

static Own
reduce_arguments(Value self, bool as_bytes_object)
{
    SelfSpan s;
    Span mine = self_enter(&s, self);
    Own data, args = NO_VALUE;
    if (as_bytes_object) {
        data = bytes_new(mine.data, (size_t)mine.length);
    } else {
        data = str_from_latin1(mine.data, (size_t)mine.length);
    }
    self_leave(&s);
    if (!data) {
        return NO_VALUE;
    }
    if (as_bytes_object) {
        args = mine.length ? tuple_pack(1, (Value)data) : tuple_new(0);
    } else {
        Own codec = mine.length ? str_from_cstr("latin-1") : NO_VALUE;
        args = mine.length && codec ? tuple_pack(2, (Value)data, (Value)codec)
               : mine.length        ? NO_VALUE
                                    : tuple_new(0);
        drop_opt(codec);
    }
    drop(data);
    return args;
}

Own
bytelike_py___reduce_ex__(Value self, int proto)
{
    Own args = reduce_arguments(self, proto >= 3),
        state = args ? call_method0(self, "__getstate__") : NO_VALUE;
    Own result = state ? tuple_pack(3, VALUE(type_of(self)), (Value)args, (Value)state) : NO_VALUE;
    drop_opt(args);
    drop_opt(state);
    return result;
}

Own
bytelike_py___reduce__(Value self)
{
    return bytelike_py___reduce_ex__(self, 2);
}
