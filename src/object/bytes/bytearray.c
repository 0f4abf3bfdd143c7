/* bytearray: its memory and its slots. Methods that bytes has too are in the other files of this
 * folder; those that change it, in bytearray_change.c.
 *
 * Memory: `storage` is the allocation (null while nothing was stored), `data` the first byte in it:
 * deleting at the front only moves data on. A NUL follows the last byte. Threads: everything is
 * guarded by the object's lock, reading too, since memory is reallocated at once: nobody reads it
 * without the lock or an export. With exports > 0 the memory stays where it is and the length what
 * it is. What came as an argument is made a span (ByteArg) before the lock is taken, so nothing
 * under the lock runs Python code. */
#include "bytearray_priv.h"

#include "object/codec.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "bytearray.spec.h"

static const char bytearray_type_doc[] =
    "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\n"
    "bytearray(bytes_or_buffer) -> mutable copy of the bytes\nbytearray(int) -> that many zero "
    "bytes\nbytearray() -> empty\n\n"
    "A mutable sequence of bytes, ints in range(256).";

static uint8_t nothing[1]; /* data of arrays without memory */

/* -- memory -- */

int
bytearray_check_exports_locked(ByteArray *self)
{
    ASSERT_LOCKED(self);
    return self->exports == 0
               ? 0
               : raise_int(&exc_BufferError, "Existing exports of data: object cannot be re-sized");
}

/* Moves the bytes to an allocation of `capacity`, which holds them and a NUL. */
static int
bytearray_move_locked(ByteArray *self, int64_t capacity)
{
    uint8_t *storage;
    if (self->storage && self->data == self->storage) {
        storage = mem_realloc(self->storage, (size_t)capacity);
        if (!storage) {
            return -1;
        }
    } else {
        storage = mem_alloc((size_t)capacity);
        if (!storage) {
            return -1;
        }
        memcpy(storage, self->data, (size_t)(self->length < capacity ? self->length : capacity));
        storage[self->length < capacity ? self->length : capacity - 1] = 0;
        mem_free(self->storage);
    }
    self->storage = self->data = storage;
    self->capacity = capacity;
    return 0;
}

int
bytearray_resize_locked(ByteArray *self, int64_t length)
{
    if (length == self->length) {
        return 0;
    }
    if (bytearray_check_exports_locked(self) < 0) {
        return -1;
    }
    if (length >= INT64_MAX - 64) {
        raise_no_memory();
        return -1;
    }
    int64_t room = self->storage ? self->capacity - (self->data - self->storage) : 0;
    if (length + 1 > room) {
        int64_t grown = self->capacity + self->capacity / 8 + 6;
        if (length + 1 <= self->capacity && length + 1 <= self->capacity - self->capacity / 8) {
            memmove(self->storage, self->data,
                    (size_t)self->length); /* there is enough room at the front */
            self->data = self->storage;
        } else if (bytearray_move_locked(self, length + 1 > grown || !self->storage ? length + 1
                                                                                    : grown) < 0) {
            return -1;
        }
    } else if (length < self->capacity / 2 && self->capacity > 64) {
        int64_t kept = self->length;
        __atomic_store_n(&self->length, length, __ATOMIC_RELAXED);
        if (bytearray_move_locked(self, length + 1) < 0) {
            __atomic_store_n(&self->length, kept, __ATOMIC_RELAXED);
            return -1;
        }
    }
    __atomic_store_n(&self->length, length, __ATOMIC_RELAXED);
    self->data[length] = 0;
    return 0;
}

int
bytearray_splice_locked(ByteArray *self, int64_t start, int64_t stop, Span with)
{
    int64_t old = self->length, tail = old - stop, change = with.length - (stop - start);
    if (change != 0 && bytearray_check_exports_locked(self) < 0) {
        return -1;
    }
    if (change < 0 && start == 0 && tail + with.length > 0 &&
        self->storage) { /* cheaper to move the start */
        self->data -= change;
        __atomic_store_n(&self->length, old + change, __ATOMIC_RELAXED);
        if (self->length < self->capacity / 2 &&
            bytearray_move_locked(self, self->length + 1) < 0) {
            return -1;
        }
    } else if (change < 0) {
        memmove(self->data + start + with.length, self->data + stop, (size_t)tail);
        if (bytearray_resize_locked(self, old + change) < 0) {
            return -1;
        }
    } else if (change > 0) {
        if (bytearray_resize_locked(self, old + change) < 0) {
            return -1;
        }
        memmove(self->data + start + with.length, self->data + stop, (size_t)tail);
    }
    buffer_memory_copy(self->data + start, with.data, (size_t)with.length); /* which may be lent */
    return 0;
}

/* -- making -- */

static Own
bytearray_create(Type *cls, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own v = type_alloc(cls, 0);
    if (v) {
        ((ByteArray *)obj(v))->data = nothing;
    }
    return v;
}

Own
bytearray_new(const void *data, size_t length)
{
    Own v = bytearray_create(&bytearray_type, (Value const[1]){0}, 0, NO_VALUE);
    ByteArray *array = (ByteArray *)obj(v);
    if (v && length) {
        if (length > INT64_MAX - 64 || !(array->storage = mem_alloc(length + 1))) {
            if (!exc_pending()) {
                raise_no_memory();
            }
            drop(v);
            return NO_VALUE;
        }
        array->data = array->storage;
        array->length = (int64_t)length;
        array->capacity = (int64_t)length + 1;
        if (data) {
            buffer_memory_copy(array->data, data, length); /* which may be lent */
        } else {
            memset(array->data, 0, length);
        }
        array->data[length] = 0;
    }
    return v;
}

void
bytearray_copy_out(Value bytes, uint8_t *to, int64_t n)
{
    ByteArray *b = (ByteArray *)obj(bytes);
    CriticalSection section;
    critical_enter(&section, &b->head);
    int64_t there = b->length < n ? b->length : n;
    if (there) {
        buffer_memory_copy(to, b->data, (size_t)there);
    }
    critical_leave(&section);
    memset(to + there, 0, (size_t)(n - there));
}

static int
bytearray_set_all(ByteArray *self, Span with)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int status = bytearray_splice_locked(self, 0, self->length, with);
    critical_leave(&section);
    return status;
}

static int
bytearray_set_zeros(ByteArray *self, int64_t n)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int status = bytearray_resize_locked(self, n);
    if (status == 0) {
        memset(self->data, 0, (size_t)n);
    }
    critical_leave(&section);
    return status;
}

static int
bytearray_fill_from(ByteArray *self, Value source)
{
    if (is_str(source)) {
        return raise_int(&exc_TypeError, "string argument without an encoding");
    }
    if (object_has_index(source)) {
        int64_t n = object_as_ssize(source);
        if (n != -1 || !exc_pending()) {
            return n < 0 ? raise_int(&exc_ValueError, "negative count")
                         : bytearray_set_zeros(self, n);
        }
        if (!exc_swallow(&exc_TypeError)) {
            return -1;
        }
    }
    ByteBuilder b;
    byte_builder_init(&b);
    int status = bytes_collect(source, &b, "byte", "bytearray");
    if (status == 0 && !b.failed) {
        status = bytearray_set_all(self, (Span){b.data, b.length});
    }
    status = b.failed ? -1 : status;
    byte_builder_discard(&b);
    return status;
}

int
bytelike_init(Value v, Value source, const char *encoding, const char *errors)
{
    ByteArray *self = (ByteArray *)obj(v);
    if (__atomic_load_n(&self->length, __ATOMIC_RELAXED) && bytearray_set_all(self, (Span){nothing, 0}) < 0) { /* called once more */
        return -1;
    }
    if (encoding || errors) {
        if (!source || !is_str(source) || !encoding) {
            return raise_int(&exc_TypeError, encoding ? "encoding without a string argument"
                                             : source && is_str(source)
                                                 ? "string argument without an encoding"
                                                 : "errors without a string argument");
        }
        Own encoded = codec_encode(source, encoding, errors);
        if (!encoded) {
            return -1;
        }
        int status = bytearray_set_all(self, bytes_span(encoded));
        drop(encoded);
        return status;
    }
    return source ? bytearray_fill_from(self, source) : 0;
}

static void
bytearray_dealloc(Object *o)
{
    mem_free(((ByteArray *)o)->storage);
    object_free(o);
}

/* -- text -- */

/* A bytes of what v holds at this moment. */
static Own
bytearray_snapshot(ByteArray *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own bytes = bytes_of_lent(self->data, self->length);
    critical_leave(&section);
    return bytes;
}

static Own
bytearray_repr(Value v)
{
    Own bytes = bytearray_snapshot((ByteArray *)obj(v));
    if (!bytes) {
        return NO_VALUE;
    }
    Own name = type_name_str(type_of(v));
    Own text = name ? span_repr(bytes_span(bytes), name) : NO_VALUE;
    drop_opt(name);
    drop(bytes);
    return text;
}

/* -- comparison -- */

static Own
bytearray_compare_arrays(ByteArray *a, ByteArray *b, CompareOp op)
{
    CriticalSection section;
    critical_enter_two(&section, &a->head, &b->head);
    Own result = span_compare(bytearray_span_locked(a), bytearray_span_locked(b), op);
    critical_leave(&section);
    return result;
}

static Own
bytearray_str(Value v)
{
    if (UNLIKELY(bytes_warnings) && warn_fmt(&exc_BytesWarning, 1, "str() on a bytearray instance") < 0) {
        return NO_VALUE;
    }
    return bytearray_repr(v);
}

static Own
bytearray_compare(Value a, Value b, CompareOp op)
{
    if (is_bytearray(a) && is_bytearray(b)) {
        return bytearray_compare_arrays((ByteArray *)obj(a), (ByteArray *)obj(b), op);
    }
    if (is_str(b) || !object_has_buffer(b)) {
        if (UNLIKELY(bytes_warnings) && is_str(b) && (op == CMP_EQ || op == CMP_NE) &&
            warn_fmt(&exc_BytesWarning, 1, "Comparison between bytearray and string") < 0) {
            return NO_VALUE;
        }
        return own(NOTIMPLEMENTED);
    }
    ByteArg other;
    if (byte_arg_get(&other, b) < 0) {
        exc_clear();
        return own(NOTIMPLEMENTED);
    }
    CriticalSection section;
    critical_enter(&section, obj(a));
    Own result = span_compare(bytearray_span_locked((ByteArray *)obj(a)), other.span, op);
    critical_leave(&section);
    byte_arg_release(&other);
    return result;
}

/* -- subscripts -- */

static int64_t
bytearray_len(Value v)
{
    return __atomic_load_n(&((ByteArray *)obj(v))->length, __ATOMIC_RELAXED);
}

int
bytearray_byte_at(ByteArray *self, int64_t i)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int byte = i >= 0 && i < self->length ? lent_byte(self->data + i) : -1;
    critical_leave(&section);
    return byte;
}

static Own
bytearray_seq_item(Value v, int64_t i)
{
    int byte = bytearray_byte_at((ByteArray *)obj(v), i);
    return byte < 0 ? raise_msg(&exc_IndexError, "bytearray index out of range") : small_int(byte);
}

static Own
bytearray_slice(ByteArray *self, Value slice)
{
    int64_t start, stop, step;
    if (slice_unpack(slice, &start, &stop, &step) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t n = slice_adjust(self->length, &start, &stop, step);
    Own result = bytearray_new(step == 1 ? self->data + start : NULL, (size_t)n);
    for (int64_t i = 0; result && step != 1 && i < n; i++, start = slice_next(start, step)) {
        ((ByteArray *)obj(result))->data[i] = lent_byte(self->data + start);
    }
    critical_leave(&section);
    return result;
}

/* A subscript that is no slice, negative ones not yet counted from the end. fail: -1 */
static int
bytearray_index(Value key, int64_t *i)
{
    if (!is_small_int(key) && !object_has_index(key)) {
        return raise_int(&exc_TypeError, "bytearray indices must be integers or slices, not %T",
                         key);
    }
    return index_value(key, i);
}

static Own
bytearray_getitem(Value v, Value key)
{
    ByteArray *self = (ByteArray *)obj(v);
    int64_t i;
    if (IS_EXACT(key, SLICE)) {
        return bytearray_slice(self, key);
    }
    if (bytearray_index(key, &i) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    i = i < 0 ? i + self->length : i;
    int byte = i >= 0 && i < self->length ? lent_byte(self->data + i) : -1;
    critical_leave(&section);
    return byte < 0 ? raise_msg(&exc_IndexError, "bytearray index out of range") : small_int(byte);
}

static int
bytearray_set_at(ByteArray *self, Value key, Value value)
{
    int64_t i;
    int byte = 0;
    if (bytearray_index(key, &i) < 0 || (value && (byte = byte_value(value, "byte")) < 0)) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    i = i < 0 ? i + self->length : i;
    int status = 0;
    if (i < 0 || i >= self->length) {
        status = raise_int(&exc_IndexError, "bytearray index out of range");
    } else if (value) {
        lent_byte_set(self->data + i, (uint8_t)byte);
    } else {
        status = bytearray_splice_locked(self, i, i + 1, (Span){nothing, 0});
    }
    critical_leave(&section);
    return status;
}

/* Deletes every step-th of n bytes; the others move together. */
static int
bytearray_delete_step_locked(ByteArray *self, int64_t start, int64_t step, int64_t n)
{
    if (n == 0) {
        return 0;
    }
    if (bytearray_check_exports_locked(self) < 0) {
        return -1;
    }
    if (step < 0) {
        start += (n - 1) * step;
        step = -step;
    }
    uint8_t *to = self->data + start;
    for (int64_t i = 0; i < n; i++) {
        int64_t from = start + i * step + 1, until = i + 1 < n ? from + step - 1 : self->length;
        memmove(to, self->data + from, (size_t)(until - from));
        to += until - from;
    }
    return bytearray_resize_locked(self, self->length - n);
}

/* No bytes: the slice is deleted, whatever its step. */
static int
bytearray_set_range_locked(ByteArray *self, int64_t start, int64_t stop, int64_t step, Span with)
{
    int64_t n = slice_adjust(self->length, &start, &stop, step);
    if (step == 1) {
        return bytearray_splice_locked(self, start, start + n, with);
    }
    if (with.length == 0) {
        return bytearray_delete_step_locked(self, start, step, n);
    }
    if (with.length != n) {
        return raise_int(&exc_ValueError,
                         "attempt to assign bytes of size %zd to extended slice of size %zd",
                         with.length, n);
    }
    for (int64_t i = 0; i < n; i++, start = slice_next(start, step)) {
        lent_byte_set(self->data + start, with.data[i]);
    }
    return 0;
}

static int
bytearray_set_slice(ByteArray *self, Value slice, Value value)
{
    if (value && (is_str(value) || is_int(value) || is_float(value))) {
        return raise_int(&exc_TypeError,
                         "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
    }
    ByteBuilder b;
    byte_builder_init(&b);
    Span with = {nothing, 0};
    if (value && IS_EXACT(value, BYTES)) {
        with = bytes_span(value);
    } else if (value) {
        if (bytes_collect(value, &b, "byte", "bytearray") < 0 || b.failed) {
            byte_builder_discard(&b);
            return -1;
        }
        with = (Span){b.data, b.length};
    }
    int64_t start, stop, step;
    int status = slice_unpack(slice, &start, &stop, &step);
    if (status == 0) {
        CriticalSection section;
        critical_enter(&section, &self->head);
        status = bytearray_set_range_locked(self, start, stop, step, with);
        critical_leave(&section);
    }
    byte_builder_discard(&b);
    return status;
}

static int
bytearray_setitem(Value v, Value key, Value value)
{
    ByteArray *self = (ByteArray *)obj(v);
    return IS_EXACT(key, SLICE) ? bytearray_set_slice(self, key, value)
                                : bytearray_set_at(self, key, value);
}

/* -- + and * -- */

static Own
bytearray_concat(Value a, Value b)
{
    ByteArg other;
    if (!object_has_buffer(b)) {
        return raise_fmt(&exc_TypeError, "can't concat %T to %T", b, a);
    }
    if (byte_arg_get(&other, b) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, obj(a));
    Span mine = bytearray_span_locked((ByteArray *)obj(a));
    int64_t total;
    bool fits = !__builtin_add_overflow(mine.length, other.span.length, &total);
    Own result = fits ? bytearray_new(NULL, (size_t)total) : raise_no_memory();
    if (result) {
        uint8_t *data = ((ByteArray *)obj(result))->data;
        buffer_memory_copy(data, mine.data, (size_t)mine.length); /* both may be lent */
        buffer_memory_copy(data + mine.length, other.span.data, (size_t)other.span.length);
    }
    critical_leave(&section);
    byte_arg_release(&other);
    return result;
}

int
bytearray_extend_span(ByteArray *self, Span with)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t total;
    int status = -1;
    if (__builtin_add_overflow(self->length, with.length, &total)) {
        raise_no_memory();
    } else {
        status = bytearray_splice_locked(self, self->length, self->length, with);
    }
    critical_leave(&section);
    return status;
}

static Own
bytearray_inplace_concat(Value a, Value b)
{
    ByteArg other;
    if (!object_has_buffer(b)) {
        return raise_fmt(&exc_TypeError, "can't concat %T to %T", b, a);
    }
    if (a == b) { /* its memory moves: it cannot lend it to itself */
        Own copy = bytearray_snapshot((ByteArray *)obj(a));
        Own result = copy ? bytearray_inplace_concat(a, copy) : NO_VALUE;
        drop_opt(copy);
        return result;
    }
    if (byte_arg_get(&other, b) < 0) {
        return NO_VALUE;
    }
    int status = bytearray_extend_span((ByteArray *)obj(a), other.span);
    byte_arg_release(&other);
    return status < 0 ? NO_VALUE : own(a);
}

/* data[0:unit] again and again up to data[total]. */
static void
repeat_bytes(uint8_t *data, int64_t unit, int64_t total)
{
    for (int64_t done = unit; done < total;) {
        int64_t more = done < total - done ? done : total - done;
        memcpy(data + done, data, (size_t)more);
        done += more;
    }
}

static Own
bytearray_repeat(Value v, int64_t n)
{
    ByteArray *self = (ByteArray *)obj(v);
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t total = 0, unit = self->length;
    Own result;
    if (n > 0 && __builtin_mul_overflow(unit, n, &total)) {
        result = raise_no_memory();
    } else {
        result = bytearray_new(NULL, (size_t)total);
    }
    if (result && total) {
        buffer_memory_copy(((ByteArray *)obj(result))->data, self->data, (size_t)unit);
        repeat_bytes(((ByteArray *)obj(result))->data, unit, total);
    }
    critical_leave(&section);
    return result;
}

static Own
bytearray_inplace_repeat(Value v, int64_t n)
{
    ByteArray *self = (ByteArray *)obj(v);
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t total = 0, unit = self->length;
    int status = -1;
    if (n > 0 && __builtin_mul_overflow(unit, n, &total)) {
        raise_no_memory();
    } else if ((status = bytearray_resize_locked(self, total)) == 0 && total) {
        repeat_bytes(self->data, unit, total);
    }
    critical_leave(&section);
    return status < 0 ? NO_VALUE : own(v);
}

static Own
bytearray_mod(Value a, Value b)
{
    return is_bytearray(a) ? bytes_fmt_percent(a, b, true) : own(NOTIMPLEMENTED);
}

/* -- buffers -- */

static int
bytearray_getbuffer(Value v, Buffer *buffer, int flags)
{
    ByteArray *self = (ByteArray *)obj(v);
    CriticalSection section;
    critical_enter(&section, &self->head);
    int status = buffer_fill(buffer, v, self->data, self->length, false, flags);
    self->exports += status == 0;
    critical_leave(&section);
    return status;
}

static void
bytearray_releasebuffer(Value v, Buffer *buffer UNUSED)
{
    ByteArray *self = (ByteArray *)obj(v);
    CriticalSection section;
    critical_enter(&section, &self->head);
    self->exports--;
    critical_leave(&section);
}

Type bytearray_type = {
    .name = "bytearray",
    .root_shape = SHAPE_BYTEARRAY,
    .flags = TYPE_BASE | TYPE_MATCH_SELF,
    .basic_size = sizeof(ByteArray),
    .slots =
        {
            .dealloc = bytearray_dealloc,
            .create = bytearray_create,
            .init = bytelike_init_slot,
            .repr = bytearray_repr,
            .str = bytearray_str,
            .compare = bytearray_compare,
            .iter = bytearray_iter,
            .binary = {[OP_MOD] = bytearray_mod},
            .len = bytearray_len,
            .seq_item = bytearray_seq_item,
            .getitem = bytearray_getitem,
            .setitem = bytearray_setitem,
            .contains = bytelike_contains,
            .concat = bytearray_concat,
            .inplace_concat = bytearray_inplace_concat,
            .repeat = bytearray_repeat,
            .inplace_repeat = bytearray_inplace_repeat,
            .getbuffer = bytearray_getbuffer,
            .releasebuffer = bytearray_releasebuffer,
        },
    .methods = bytelike_methods,
    .spec_doc = bytearray_type_doc,
};
