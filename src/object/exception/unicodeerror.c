/* UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError: one layout, one set of fields,
 * three messages.
 *
 * start and end are kept as given, also when they lie outside the object; unicode_error_range
 * brings them into it for codecs and handlers.
 *
 * Threads: as in baseexception.c; start and end are atomic. */
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/exception/exception_priv.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

#include "unicodeerror.spec.h"

static int64_t
load_position(const int64_t *field)
{
    return __atomic_load_n(field, __ATOMIC_RELAXED);
}

static void
store_position(int64_t *field, int64_t n)
{
    __atomic_store_n(field, n, __ATOMIC_RELAXED);
}

/* -- making -- */

static int
check_count(size_t nargs, size_t wanted)
{
    if (nargs != wanted) {
        return raise_int(&exc_TypeError, "function takes exactly %zu arguments (%zu given)", wanted,
                         nargs);
    }
    return 0;
}

static int
check_text(int position, Value v)
{
    if (!is_str(v)) {
        return raise_int(&exc_TypeError, "argument %d must be str, not %T", position, v);
    }
    return 0;
}

static int
as_position(Value v, int64_t *out)
{
    Own index = object_index(v);
    if (!index) {
        return -1;
    }
    bool fits = int_as_i64(index, out);
    drop(index);
    return fits ? 0 : raise_int(&exc_OverflowError, "Python int too large to convert to C ssize_t");
}

static void
set_fields(UnicodeException *e, Own encoding, Own object, int64_t start, int64_t end, Own reason)
{
    exception_store(&e->base, &e->encoding, encoding);
    exception_store(&e->base, &e->object, object);
    store_position(&e->start, start);
    store_position(&e->end, end);
    exception_store(&e->base, &e->reason, reason);
}

static int
unicode_encode_error_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    int64_t start, end;
    if (exception_init(self, args, nargs, kwnames) < 0 || check_count(nargs, 5) < 0 ||
        check_text(1, args[0]) < 0 || check_text(2, args[1]) < 0 ||
        as_position(args[2], &start) < 0 || as_position(args[3], &end) < 0 ||
        check_text(5, args[4]) < 0) {
        return -1;
    }
    set_fields((UnicodeException *)obj(self), own(args[0]), own(args[1]), start, end, own(args[4]));
    return 0;
}

static int
unicode_decode_error_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    int64_t start, end;
    if (exception_init(self, args, nargs, kwnames) < 0 || check_count(nargs, 5) < 0 ||
        check_text(1, args[0]) < 0 || as_position(args[2], &start) < 0 ||
        as_position(args[3], &end) < 0 || check_text(5, args[4]) < 0) {
        return -1;
    }
    Own bytes = is_bytes(args[1]) ? own(args[1]) : bytes_from_buffer(args[1]);
    if (!bytes) {
        return -1;
    }
    set_fields((UnicodeException *)obj(self), own(args[0]), bytes, start, end, own(args[4]));
    return 0;
}

static int
unicode_translate_error_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    int64_t start, end;
    if (exception_init(self, args, nargs, kwnames) < 0 || check_count(nargs, 4) < 0 ||
        check_text(1, args[0]) < 0 || as_position(args[1], &start) < 0 ||
        as_position(args[2], &end) < 0 || check_text(4, args[3]) < 0) {
        return -1;
    }
    set_fields((UnicodeException *)obj(self), NO_VALUE, own(args[0]), start, end, own(args[3]));
    return 0;
}

/* own: object and reason eaten, may be NO_VALUE with an exception pending */
static Own
make(Type *type, const char *encoding, Own object, int64_t start, int64_t end, const char *reason)
{
    Own exc = NO_VALUE, reason_text = NO_VALUE;
    Own encoding_text = object ? str_from_cstr(encoding) : NO_VALUE;
    if (encoding_text && (reason_text = str_from_cstr(reason))) {
        Value args[] = {encoding_text, object, small_int(start), small_int(end), reason_text};
        exc = exc_new(type, args, 5);
    }
    drop_opt(reason_text);
    drop_opt(encoding_text);
    drop_opt(object);
    return exc;
}

Own
unicode_decode_error_new(const char *encoding, const void *data, int64_t length, int64_t start,
                         int64_t end, const char *reason)
{
    return make(&exc_UnicodeDecodeError, encoding, bytes_new(data, (size_t)length), start, end,
                reason);
}

Own
unicode_encode_error_new(const char *encoding, Value text, int64_t start, int64_t end,
                         const char *reason)
{
    return make(&exc_UnicodeEncodeError, encoding, own(text), start, end, reason);
}

Own
unicode_translate_error_new(Value text, int64_t start, int64_t end, const char *reason)
{
    Own reason_text = str_from_cstr(reason);
    if (!reason_text) {
        return NO_VALUE;
    }
    Value args[] = {text, small_int(start), small_int(end), reason_text};
    Own exc = exc_new(&exc_UnicodeTranslateError, args, 4);
    drop(reason_text);
    return exc;
}

/* -- what codecs ask -- */

/* The object field, checked. own: ret new · fail: 0 + TypeError */
static Own
checked_object(UnicodeException *e)
{
    bool decoding = is_instance_of(VALUE(e), &exc_UnicodeDecodeError);
    Own object = ref_load(&e->base.head, &e->object);
    if (!object) {
        return raise_msg(&exc_TypeError, "UnicodeError 'object' attribute is not set");
    }
    if (decoding ? !is_bytes(object) : !is_str(object)) {
        drop(object);
        return raise_fmt(&exc_TypeError, "UnicodeError 'object' attribute must be a %s",
                         decoding ? "bytes" : "string");
    }
    return object;
}

static int64_t
object_length(Value object)
{
    return is_bytes(object) ? as_bytes(object)->length : as_str(object)->length;
}

static int64_t
clamp(int64_t n, int64_t least, int64_t most)
{
    return n < least ? least : n > most ? most : n;
}

Own
unicode_error_range(Value exc, int64_t *start, int64_t *end)
{
    UnicodeException *e = (UnicodeException *)obj(exc);
    Own object = checked_object(e);
    if (object) {
        int64_t length = object_length(object);
        *start = clamp(load_position(&e->start), 0, length > 0 ? length - 1 : 0);
        *end = clamp(load_position(&e->end), length > 0 ? 1 : 0, length);
    }
    return object;
}

int
unicode_error_set(Value exc, int64_t start, int64_t end, const char *reason)
{
    Own text = str_from_cstr(reason);
    if (!text) {
        return -1;
    }
    UnicodeException *e = (UnicodeException *)obj(exc);
    store_position(&e->start, start);
    store_position(&e->end, end);
    exception_store(&e->base, &e->reason, text);
    return 0;
}

/* -- fields -- */

static int
set_position(int64_t *field, Value value)
{
    int64_t n;
    if (!value) {
        return raise_int(&exc_TypeError, "can't delete numeric/char attribute");
    }
    if (!is_int(value)) {
        return raise_int(&exc_TypeError, "an integer is required");
    }
    if (!int_as_i64(value, &n)) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    store_position(field, n);
    return 0;
}

#define UNICODE_FIELDS(prefix)                                                                     \
    EXCEPTION_FIELD(prefix, UnicodeException, encoding)                                            \
    EXCEPTION_FIELD(prefix, UnicodeException, object)                                              \
    EXCEPTION_FIELD(prefix, UnicodeException, reason)                                              \
    Own prefix##_get_start(UnicodeException *self)                                                 \
    {                                                                                              \
        return int_from_i64(load_position(&self->start));                                          \
    }                                                                                              \
    Own prefix##_get_end(UnicodeException *self)                                                   \
    {                                                                                              \
        return int_from_i64(load_position(&self->end));                                            \
    }                                                                                              \
    int prefix##_set_start(UnicodeException *self, Value value)                                    \
    {                                                                                              \
        return set_position(&self->start, value);                                                  \
    }                                                                                              \
    int prefix##_set_end(UnicodeException *self, Value value)                                      \
    {                                                                                              \
        return set_position(&self->end, value);                                                    \
    }

UNICODE_FIELDS(unicode_encode_error)
UNICODE_FIELDS(unicode_decode_error)
UNICODE_FIELDS(unicode_translate_error)

/* -- showing -- */

/* "character '\xNN'", "byte 0xNN", for the one at `at`. */
static Own
describe_one(Value object, int64_t at)
{
    if (is_bytes(object)) {
        return str_fmt("byte 0x%02x", (unsigned)as_bytes(object)->data[at]);
    }
    uint32_t c = str_char_at(as_str(object), at);
    return str_fmt(c < 0x100     ? "character '\\x%02x'"
                   : c < 0x10000 ? "character '\\u%04x'"
                                 : "character '\\U%08x'",
                   c);
}

/* str() of a field; what that runs may change the others. own: ret new */
static Own
text_field(UnicodeException *e, Own const *field)
{
    Own v = ref_load(&e->base.head, field);
    Own text = object_str(v ? (Value)v : (Value)NONE);
    drop_opt(v);
    return text;
}

/* what: "decode byte" and so on; codec: whether the encoding is named */
static Own
show(UnicodeException *e, const char *verb, const char *units, bool codec)
{
    Own present = ref_load(&e->base.head, &e->object);
    if (!present) {
        return own(str_empty); /* made by __new__ alone */
    }
    drop(present);
    Own reason = text_field(e, &e->reason), encoding = reason && codec ? text_field(e, &e->encoding) : NO_VALUE;
    Own object = reason && (encoding || !codec) ? checked_object(e) : NO_VALUE;
    if (!object) {
        drop_opt(reason);
        drop_opt(encoding);
        return NO_VALUE;
    }
    int64_t start = load_position(&e->start), end = load_position(&e->end),
            length = object_length(object);
    bool one = start >= 0 && start < length && end == start + 1;
    Own what = one ? describe_one(object, start) : str_fmt("%s", units);
    Own where = one ? str_fmt("%zd", start) : str_fmt("%zd-%zd", start, end - 1);
    Own text = NO_VALUE;
    if (what && where) {
        text = codec ? str_fmt("'%U' codec can't %s %U in position %U: %U", (Value)encoding, verb,
                               (Value)what, (Value)where, (Value)reason)
                     : str_fmt("can't %s %U in position %U: %U", verb, (Value)what, (Value)where,
                               (Value)reason);
    }
    drop_opt(encoding);
    drop(reason);
    drop_opt(what);
    drop_opt(where);
    drop(object);
    return text;
}

static Own
unicode_encode_error_str(Value v)
{
    return show((UnicodeException *)obj(v), "encode", "characters", true);
}

static Own
unicode_decode_error_str(Value v)
{
    return show((UnicodeException *)obj(v), "decode", "bytes", true);
}

static Own
unicode_translate_error_str(Value v)
{
    return show((UnicodeException *)obj(v), "translate", "characters", false);
}

EXCEPTION_LIFE(unicode_exception, 3)

#define UNICODE_TYPE(Name, prefix)                                                                 \
    Type exc_##Name = {                                                                            \
        .name = #Name,                                                                             \
        .base = &exc_UnicodeError,                                                                 \
        .flags = EXCEPTION_FLAGS,                                                                  \
        .basic_size = sizeof(UnicodeException),                                                    \
        .dict_offset = sizeof(UnicodeException),                                                   \
        .slots =                                                                                   \
            {                                                                                      \
                EXCEPTION_LIFE_SLOTS(unicode_exception),                                           \
                .create = exception_create,                                                        \
                .init = prefix##_init,                                                             \
                .str = prefix##_str,                                                               \
            },                                                                                     \
        .methods = prefix##_methods,                                                               \
        .getsets = prefix##_getsets,                                                               \
        .spec_doc = prefix##_doc,                                                                  \
    };

UNICODE_TYPE(UnicodeEncodeError, unicode_encode_error)
UNICODE_TYPE(UnicodeDecodeError, unicode_decode_error)
UNICODE_TYPE(UnicodeTranslateError, unicode_translate_error)
