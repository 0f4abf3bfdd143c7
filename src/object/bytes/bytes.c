/* bytes: making them, and the slots of the type. Methods are in the other files of this folder,
 * shared with bytearray.
 *
 * Immutable once published: no locks here. b"" and the 256 single bytes are immortal and exist
 * once. */
#include "bytes_priv.h"

#include "base/hash.h"
#include "object/codec.h"
#include "object/list.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "bytes.spec.h"

static const char bytes_type_doc[] = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, "
                                     "errors]) -> bytes\nbytes(bytes_or_buffer) -> bytes\n"
                                     "bytes(int) -> that many zero bytes\nbytes() -> b''\n\n"
                                     "An immutable sequence of bytes, ints in range(256).";

/* -- the immortal ones -- */

typedef struct SmallBytes { /* a Bytes with its data */
    Object head;
    int64_t length;
    _Atomic int64_t hash;
    uint8_t text[8];
} SmallBytes;

#define SMALL(n, size)                                                                             \
    {.head = {.shape = SHAPE_BYTES,                                                                \
              .flags = OBJ_SHARED | OBJ_IMMORTAL,                                                  \
              .shared = REFS_MERGED | REFS_ONE},                                                   \
     .length = size,                                                                               \
     .hash = -1,                                                                                   \
     .text = {n}},
#define SMALL_4(n) SMALL(n, 1) SMALL(n + 1, 1) SMALL(n + 2, 1) SMALL(n + 3, 1)
#define SMALL_16(n) SMALL_4(n) SMALL_4(n + 4) SMALL_4(n + 8) SMALL_4(n + 12)
#define SMALL_64(n) SMALL_16(n) SMALL_16(n + 16) SMALL_16(n + 32) SMALL_16(n + 48)

static SmallBytes singles[257] = {SMALL_64(0) SMALL_64(64) SMALL_64(128) SMALL_64(192) SMALL(0, 0)};
Own bytes_empty = OWN(&singles[256]);

_Static_assert(offsetof(SmallBytes, text) == offsetof(Bytes, data), "the text is where data is");

/* -- making -- */

Own
bytes_new(const void *data, size_t length)
{
    if (length == 0) {
        return bytes_empty;
    }
    if (length == 1 && data) {
        return OWN(&singles[*(const uint8_t *)data]);
    }
    if (UNLIKELY(length > INT64_MAX - 64)) {
        return raise_no_memory();
    }
    Bytes *b = (Bytes *)object_alloc(SHAPE_BYTES, sizeof(Bytes) + length + 1, 0);
    if (!b) {
        return NO_VALUE;
    }
    b->length = (int64_t)length;
    atomic_store_explicit(&b->hash, -1, memory_order_relaxed);
    if (data) {
        memcpy(b->data, data, length);
    }
    return OWN(b);
}

Own
bytes_shrink(Own v, int64_t length)
{
    Bytes *b = as_bytes(v);
    assert(length <= b->length);
    if (length == b->length && length > 1) {
        return v;
    }
    if (length <= 1 || length < b->length - b->length / 4) { /* what is cut off would be wasted */
        Own copy = bytes_new(b->data, (size_t)length);
        drop(v);
        return copy;
    }
    b->length = length;
    b->data[length] = 0;
    return v;
}

/* Locks what lends its memory for a moment, so that no other thread finds it lent and may not change its size. */
static void
lenders_enter(CriticalSection *section, Value a, Value b)
{
    Value first = is_object(a) && !is_bytes(a) ? a : b, second = is_object(b) && !is_bytes(b) ? b : first;
    section->first = NULL;
    if (is_object(first) && !is_bytes(first)) {
        critical_enter_two(section, obj(first), obj(second));
    }
}

static Own
copy_of_buffer(Value v)
{
    Buffer buffer;
    if (buffer_get(v, &buffer, BUFFER_FULL_RO) < 0) {
        return NO_VALUE;
    }
    Own result = bytes_new(NULL, (size_t)buffer.length);
    if (result && buffer.length) {
        buffer_copy_out(&buffer, as_bytes(result)->data, 'C');
        result = bytes_shrink(result, buffer.length);
    }
    buffer_release(&buffer);
    return result;
}

Own
bytes_from_buffer(Value v)
{
    if (IS_EXACT(v, BYTES)) {
        return own(v);
    }
    CriticalSection section;
    lenders_enter(&section, v, v);
    Own result = copy_of_buffer(v);
    critical_leave(&section);
    return result;
}

int
byte_value(Value v, const char *subject)
{
    if (LIKELY(is_small_int(v))) {
        int64_t i = small_int_value(v);
        if (i >= 0 && i < 256) {
            return (int)i;
        }
    } else {
        int64_t i = object_as_ssize_clamped(v);
        if (i == -1 && exc_pending()) {
            return -1;
        }
        if (i >= 0 && i < 256) {
            return (int)i;
        }
    }
    return raise_int(&exc_ValueError, "%s must be in range(0, 256)", subject);
}

int
bytes_collect_items(Value iterable, ByteBuilder *b, const char *subject)
{
    Own it = object_iter_all(iterable);
    int status = it ? 0 : -1;
    while (status == 0) {
        Own item = object_next(it);
        if (!item) {
            status = exc_pending() ? -1 : 1;
            break;
        }
        int byte = byte_value(item, subject);
        drop(item);
        if (byte < 0) {
            status = -1;
        } else {
            byte_builder_byte(b, (uint8_t)byte);
        }
    }
    drop_opt(it);
    return status < 0 ? -1 : 0;
}

static int
collect_buffer(Value from, ByteBuilder *b)
{
    Buffer buffer;
    if (buffer_get(from, &buffer, BUFFER_FULL_RO) < 0) {
        return -1;
    }
    uint8_t *to = byte_builder_room(b, buffer.length);
    if (to) {
        buffer_copy_out(&buffer, to, 'C');
        b->length += buffer.length;
    }
    buffer_release(&buffer);
    return to ? 0 : -1;
}

int
bytes_collect(Value from, ByteBuilder *b, const char *subject, const char *type_name)
{
    if (object_has_buffer(from)) {
        CriticalSection section;
        lenders_enter(&section, from, from);
        int status = collect_buffer(from, b);
        critical_leave(&section);
        return status;
    }
    if (is_str(from) || (!type_of(from)->slots.iter && !type_of(from)->slots.seq_item &&
                         !type_of(from)->slots.getitem)) {
        return raise_int(&exc_TypeError, "cannot convert '%T' object to %s", from, type_name);
    }
    Own it = object_iter_all(from);
    if (!it) {
        return exc_swallow(&exc_TypeError) ? raise_int(&exc_TypeError, "cannot convert '%T' object to %s", from, type_name) : -1;
    }
    int status = bytes_collect_items(it, b, subject);
    drop(it);
    return status;
}

/* bytes(source) where source is neither text nor absent. own: ret new, a bytes or a subclass's
 * instance */
static Own
bytes_from_object(Value source)
{
    Own method;
    int found =
        IS_EXACT(source, BYTES) ? 0 : object_lookup_special(source, NAME(__bytes__), &method);
    if (found < 0) {
        return NO_VALUE;
    }
    if (found) {
        Own v = call0(method);
        drop(method);
        if (v && !is_bytes(v)) {
            raise_fmt(&exc_TypeError, "__bytes__ returned non-bytes (type %T)", (Value)v);
            drop(v);
            return NO_VALUE;
        }
        return v;
    }
    if (is_str(source)) {
        return raise_msg(&exc_TypeError, "string argument without an encoding");
    }
    if (object_has_index(source)) {
        int64_t n = object_as_ssize(source);
        if (n == -1 && exc_pending()) {
            if (!exc_swallow(&exc_TypeError)) {
                return NO_VALUE;
            }
        } else {
            return n < 0    ? raise_msg(&exc_ValueError, "negative count")
                   : n == 1 ? OWN(&singles[0])
                            : bytes_new(NULL, (size_t)n);
        }
    }
    if (IS_EXACT(source, BYTES)) {
        return own(source);
    }
    ByteBuilder b;
    byte_builder_init(&b);
    if (bytes_collect(source, &b, "bytes", "bytes") < 0) {
        byte_builder_discard(&b);
        return NO_VALUE;
    }
    return byte_builder_finish(&b);
}

/* An instance of cls, a subclass of bytes, with these bytes (eaten; may be NO_VALUE after a
 * failure). */
static Own
bytes_subclass_new(Type *cls, Own from)
{
    Own v = from ? type_alloc(cls, as_bytes(from)->length) : NO_VALUE;
    if (v) {
        as_bytes(v)->length = as_bytes(from)->length;
        atomic_store_explicit(&as_bytes(v)->hash, -1, memory_order_relaxed);
        memcpy(as_bytes(v)->data, as_bytes(from)->data, (size_t)as_bytes(from)->length + 1);
    }
    drop_opt(from);
    return v;
}

Own
bytelike_make(Type *cls, Value source, const char *encoding, const char *errors)
{
    Own v;
    if (encoding || errors) {
        if (source && is_str(source) && encoding) {
            v = codec_encode(source, encoding, errors);
        } else {
            v = raise_msg(&exc_TypeError, encoding ? "encoding without a string argument"
                                          : source && is_str(source)
                                              ? "string argument without an encoding"
                                              : "errors without a string argument");
        }
    } else {
        v = source ? bytes_from_object(source) : bytes_empty;
    }
    return cls == &bytes_type ? v : bytes_subclass_new(cls, v);
}

/* -- slots -- */

/* How a byte shows: itself (0), or an escape of that many characters. */
static int
byte_escape(uint8_t c, char quote, bool array, char out[4])
{
    static const char hex[] = "0123456789abcdef";
    char named = c == '\n'                                         ? 'n'
                 : c == '\r'                                       ? 'r'
                 : c == '\t'                                       ? 't'
                 : c == '\\' || c == quote || (array && c == '\'') ? (char)c
                                                                   : 0;
    memcpy(out, (char[]){'\\', named ? named : 'x', hex[c >> 4], hex[c & 15]}, 4);
    return named ? 2 : c < ' ' || c >= 0x7F ? 4 : 0;
}

Own
span_repr(Span s, Value name)
{
    bool single = memchr(s.data, '\'', (size_t)s.length),
         both = single && memchr(s.data, '"', (size_t)s.length);
    char quote = single && !both ? '"' : '\'';
    StrBuilder b;
    str_builder_init(&b, s.length + 16);
    if (name) {
        str_builder_str(&b, name);
        str_builder_char(&b, '(');
    }
    str_builder_ascii(&b, (char[]){'b', quote}, 2);
    int64_t plain = 0; /* start of the run that shows as it is */
    for (int64_t i = 0; i < s.length; i++) {
        char escape[4];
        int n = byte_escape(s.data[i], quote, name != NO_VALUE, escape);
        if (n) {
            str_builder_ascii(&b, (const char *)s.data + plain, (size_t)(i - plain));
            str_builder_ascii(&b, escape, (size_t)n);
            plain = i + 1;
        }
    }
    str_builder_ascii(&b, (const char *)s.data + plain, (size_t)(s.length - plain));
    str_builder_char(&b, (uint8_t)quote);
    str_builder_ascii(&b, ")", name ? 1 : 0);
    return str_builder_finish(&b);
}

static Own
bytes_repr(Value v)
{
    return span_repr(bytes_span(v), NO_VALUE);
}

Own
span_compare(Span a, Span b, CompareOp op)
{
    if ((op == CMP_EQ || op == CMP_NE) && a.length != b.length) {
        return bool_value(op == CMP_NE);
    }
    int64_t shared = a.length < b.length ? a.length : b.length;
    int c = lent_compare(a.data, b.data, (size_t)shared);
    if (c == 0) {
        c = a.length < b.length ? -1 : a.length > b.length;
    }
    static const struct {
        bool less, equal, more;
    } answers[] = {[CMP_LT] = {1, 0, 0}, [CMP_LE] = {1, 1, 0}, [CMP_EQ] = {0, 1, 0},
                   [CMP_NE] = {1, 0, 1}, [CMP_GT] = {0, 0, 1}, [CMP_GE] = {0, 1, 1}};
    return bool_value(c < 0 ? answers[op].less : c == 0 ? answers[op].equal : answers[op].more);
}

bool bytes_warnings;

static Own
bytes_str(Value v)
{
    if (UNLIKELY(bytes_warnings) && warn_fmt(&exc_BytesWarning, 1, "str() on a bytes instance") < 0) {
        return NO_VALUE;
    }
    return bytes_repr(v);
}

static Own
bytes_compare(Value a, Value b, CompareOp op)
{
    if (!is_bytes(a) || !is_bytes(b)) {
        if (UNLIKELY(bytes_warnings) && (op == CMP_EQ || op == CMP_NE) && (is_str(b) || is_int(b)) &&
            warn_fmt(&exc_BytesWarning, 1, "Comparison between bytes and %s", is_str(b) ? "string" : "int") < 0) {
            return NO_VALUE;
        }
        return own(NOTIMPLEMENTED);
    }
    return span_compare(bytes_span(a), bytes_span(b), op);
}

static int64_t
bytes_hash(Value v)
{
    Bytes *b = as_bytes(v);
    int64_t hash = atomic_load_explicit(&b->hash, memory_order_relaxed);
    if (UNLIKELY(hash == -1)) {
        hash = hash_bytes(b->data, (size_t)b->length);
        atomic_store_explicit(&b->hash, hash, memory_order_relaxed);
    }
    return hash;
}

static int64_t
bytes_len(Value v)
{
    return as_bytes(v)->length;
}

static Own
bytes_seq_item(Value v, int64_t i)
{
    if (i < 0 || i >= as_bytes(v)->length) {
        return raise_msg(&exc_IndexError, "index out of range");
    }
    return small_int(as_bytes(v)->data[i]);
}

static Own
bytes_slice(Value v, Value slice)
{
    int64_t start, stop, step;
    if (slice_unpack(slice, &start, &stop, &step) < 0) {
        return NO_VALUE;
    }
    const Bytes *b = as_bytes(v);
    int64_t n = slice_adjust(b->length, &start, &stop, step);
    if (step == 1) {
        return n == b->length && IS_EXACT(v, BYTES) ? own(v)
                                                    : bytes_new(b->data + start, (size_t)n);
    }
    Own result = bytes_new(NULL, (size_t)n);
    for (int64_t i = 0; result && i < n; i++, start = slice_next(start, step)) {
        as_bytes(result)->data[i] = b->data[start];
    }
    return result ? bytes_shrink(result, n) : NO_VALUE;
}

static Own
bytes_getitem(Value v, Value key)
{
    int64_t i;
    if (IS_EXACT(key, SLICE)) {
        return bytes_slice(v, key);
    }
    if (!is_small_int(key) && !object_has_index(key)) {
        return raise_fmt(&exc_TypeError, "byte indices must be integers or slices, not %T", key);
    }
    if (index_value(key, &i) < 0) {
        return NO_VALUE;
    }
    return bytes_seq_item(v, i < 0 ? i + as_bytes(v)->length : i);
}

static Own
concat_buffers(Value a, Value b)
{
    Buffer x, y;
    if (buffer_get_still(a, &x) < 0) {
        return NO_VALUE;
    }
    if (buffer_get_still(b, &y) < 0) {
        buffer_release(&x);
        exc_clear();
        return raise_fmt(&exc_TypeError, "can't concat %T to %T", b, a);
    }
    Own result = NO_VALUE;
    int64_t total;
    if (__builtin_add_overflow(x.length, y.length, &total)) {
        raise_no_memory();
    } else {
        result = bytes_new(NULL, (size_t)total);
    }
    if (result && total) {
        memcpy(as_bytes(result)->data, x.data, (size_t)x.length);
        memcpy(as_bytes(result)->data + x.length, y.data, (size_t)y.length);
        result = bytes_shrink(result, total);
    }
    buffer_release(&x);
    buffer_release(&y);
    return result;
}

static Own
bytes_concat(Value a, Value b)
{
    if (!object_has_buffer(a) || !object_has_buffer(b)) {
        return raise_fmt(&exc_TypeError, "can't concat %T to %T", b, a);
    }
    if (IS_EXACT(a, BYTES) && IS_EXACT(b, BYTES) &&
        (as_bytes(a)->length == 0 || as_bytes(b)->length == 0)) {
        return own(as_bytes(a)->length ? a : b);
    }
    CriticalSection section;
    lenders_enter(&section, a, b);
    Own result = concat_buffers(a, b);
    critical_leave(&section);
    return result;
}

static Own
bytes_repeat(Value v, int64_t n)
{
    const Bytes *b = as_bytes(v);
    if (n <= 0 || b->length == 0) {
        return bytes_empty;
    }
    if (n == 1 && IS_EXACT(v, BYTES)) {
        return own(v);
    }
    if (b->length > INT64_MAX / n) {
        return raise_msg(&exc_OverflowError, "repeated bytes are too long");
    }
    Own result = bytes_new(NULL, (size_t)(b->length * n));
    if (result) {
        uint8_t *to = as_bytes(result)->data;
        size_t total = (size_t)(b->length * n), done = (size_t)b->length;
        memcpy(to, b->data, done);
        while (done < total) { /* doubling what is there */
            size_t more = done < total - done ? done : total - done;
            memcpy(to + done, to, more);
            done += more;
        }
        result = bytes_shrink(result, b->length * n);
    }
    return result;
}

static Own
bytes_mod(Value a, Value b)
{
    return is_bytes(a) ? bytes_fmt_percent(a, b, false) : own(NOTIMPLEMENTED);
}

static int
bytes_getbuffer(Value v, Buffer *buffer, int flags)
{
    return buffer_fill(buffer, v, as_bytes(v)->data, as_bytes(v)->length, true, flags);
}

static void
bytes_dealloc(Object *o)
{
    object_free(o);
}

/* Of both types: a bytearray's memory is beside it. */
int64_t
bytelike_py___sizeof__(Value self)
{
    if (is_bytes(self)) {
        return (int64_t)(sizeof(Bytes) + 1) + as_bytes(self)->length;
    }
    return (int64_t)object_cell_size(obj(self)) + bytelike_py___alloc__(self);
}

Own
bytelike_py_decode(Value self, const char *encoding, const char *errors)
{
    SelfSpan s;
    bool empty = self_enter(&s, self).length == 0; /* then no codec is asked for */
    self_leave(&s);
    if (empty && !codec_checks_names) {
        return own(str_empty);
    }
    if (is_bytes(self) || !obj_is_contended(obj(self))) {
        return codec_decode(self, encoding, errors);
    }
    Own copy = bytes_from_buffer(self); /* what others are changing, as it was at one moment */
    Own text = copy ? codec_decode(copy, encoding, errors) : NO_VALUE;
    drop_opt(copy);
    return text;
}

Own
bytelike_py___getnewargs__(Value self)
{
    Own data = bytes_new(as_bytes(self)->data, (size_t)as_bytes(self)->length);
    return data ? tuple_from_own(&data, 1) : NO_VALUE;
}

/* bytes(b) gives exactly bytes, also of a subclass's instance. */
Own
bytelike_py___bytes__(Value self)
{
    return IS_EXACT(self, BYTES) ? own(self)
                                 : bytes_new(as_bytes(self)->data, (size_t)as_bytes(self)->length);
}

Type bytes_type = {
    .name = "bytes",
    .root_shape = SHAPE_BYTES,
    .flags = TYPE_BASE | TYPE_BYTES_SUBCLASS | TYPE_MATCH_SELF,
    .basic_size = sizeof(Bytes) + 1, /* the NUL */
    .item_size = 1,
    .slots =
        {
            .dealloc = bytes_dealloc,
            .create = bytelike_create_slot,
            .repr = bytes_repr,
            .str = bytes_str,
            .hash = bytes_hash,
            .compare = bytes_compare,
            .iter = bytes_iter,
            .binary = {[OP_MOD] = bytes_mod},
            .len = bytes_len,
            .seq_item = bytes_seq_item,
            .getitem = bytes_getitem,
            .contains = bytelike_contains,
            .concat = bytes_concat,
            .repeat = bytes_repeat,
            .getbuffer = bytes_getbuffer,
        },
    .methods = bytelike_methods,
    .spec_doc = bytes_type_doc,
};
