/* The module marshal: writing, and the functions. Reading is in marshal_read.c, the format in marshal_priv.h.
 *
 * Threads: nothing is shared; what is written is read through the types' own functions. */
#include <stdlib.h>

#include "compile/compile.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/code.h"
#include "object/complex.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/set.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/codec.h"
#include "object/tuple.h"

#include "module/marshal_priv.h"

#include "marshal.spec.h"

/* An object that is being written and must not be met again inside itself: it could not be read. */
typedef struct Open {
    Value v;
    const struct Open *outer;
} Open;

typedef struct Writer {
    uint8_t *bytes;
    size_t length, capacity;
    int version, depth;
    bool allow_code;
    bool failed;      /* an exception is pending */
    Own kept;         /* list: temporaries that were written */
    Value *seen;      /* objects written so far, by hash; an open table */
    uint32_t *numbers;
    size_t seen_size, seen_count;
    const Open *open; /* the innermost */
} Writer;

/* -- bytes */

static void
write_bytes(Writer *w, const void *bytes, size_t n)
{
    if (w->failed) {
        return;
    }
    if (n > w->capacity - w->length) {
        size_t capacity = (w->capacity + n) * 2;
        uint8_t *grown = mem_realloc(w->bytes, capacity);
        if (!grown) {
            w->failed = true;
            return;
        }
        w->bytes = grown;
        w->capacity = capacity;
    }
    memcpy(w->bytes + w->length, bytes, n);
    w->length += n;
}

static void
write_byte(Writer *w, unsigned b)
{
    uint8_t byte = (uint8_t)b;
    write_bytes(w, &byte, 1);
}

static void
write_u16(Writer *w, unsigned n)
{
    uint8_t b[2] = {(uint8_t)n, (uint8_t)(n >> 8)};
    write_bytes(w, b, sizeof b);
}

static void
write_u32(Writer *w, uint32_t n)
{
    uint8_t b[4] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24)};
    write_bytes(w, b, sizeof b);
}

static void
write_size(Writer *w, int64_t n)
{
    if (n > INT32_MAX) {
        raise_msg(&exc_ValueError, "unmarshallable object");
        w->failed = true;
        return;
    }
    write_u32(w, (uint32_t)n);
}

static void
fail_unmarshallable(Writer *w)
{
    if (!w->failed) {
        raise_msg(&exc_ValueError, "unmarshallable object");
        w->failed = true;
    }
}

/* -- references to what was written */

static size_t
seen_slot(const Writer *w, Value v)
{
    size_t i = (size_t)(value_bits(v) >> 4) * 0x9E3779B97F4A7C15u >> 20 & (w->seen_size - 1);
    while (w->seen[i] && w->seen[i] != v) {
        i = (i + 1) & (w->seen_size - 1);
    }
    return i;
}

static bool
seen_grow(Writer *w)
{
    Value *old = w->seen;
    uint32_t *old_numbers = w->numbers;
    size_t old_size = w->seen_size;
    size_t size = old_size ? old_size * 2 : 64;
    Value *seen = mem_zalloc(size * sizeof *seen);
    uint32_t *numbers = seen ? mem_alloc(size * sizeof *numbers) : NULL;
    if (!numbers) {
        mem_free(seen);
        w->failed = true;
        return false;
    }
    w->seen = seen;
    w->numbers = numbers;
    w->seen_size = size;
    for (size_t i = 0; i < old_size; i++) {
        if (old[i]) {
            size_t slot = seen_slot(w, old[i]);
            seen[slot] = old[i];
            numbers[slot] = old_numbers[i];
        }
    }
    mem_free(old);
    mem_free(old_numbers);
    return true;
}

/* True: v was written before, and now a reference to it. Else it gets a number, and *flag what to add to its type. */
static bool
write_reference(Writer *w, Value v, unsigned *flag)
{
    *flag = 0;
    if (w->version < 3 || !is_object(v)) {
        return false;
    }
    if (w->seen_count * 2 >= w->seen_size && !seen_grow(w)) {
        return true;
    }
    size_t slot = seen_slot(w, v);
    if (w->seen[slot]) {
        for (const Open *o = w->open; o; o = o->outer) {
            if (o->v == v) {
                fail_unmarshallable(w);
                return true;
            }
        }
        write_byte(w, 'r');
        write_u32(w, w->numbers[slot]);
        return true;
    }
    w->seen[slot] = v;
    w->numbers[slot] = (uint32_t)w->seen_count++;
    *flag = MARSHAL_REF;
    return false;
}

/* v (eaten; NO_VALUE: a failure) lives until the end, so that its address names it alone. */
static void
keep(Writer *w, Own v)
{
    if (!v || list_append_own(w->kept, v) < 0) {
        w->failed = true;
    }
}

/* -- values */

static void write_value(Writer *w, Value v);

/* A temporary. */
static void
write_owned(Writer *w, Own v)
{
    if (v) {
        write_value(w, v);
    }
    keep(w, v);
}

/* In digits of 15 bits, least significant first. */
static void
write_int(Writer *w, Value v, unsigned flag)
{
    int64_t small;
    if (int_as_i64(v, &small) && small >= INT32_MIN && small <= INT32_MAX) {
        write_byte(w, 'i' | flag);
        write_u32(w, (uint32_t)small);
        return;
    }
    int sign = int_sign(v);
    int64_t bits = int_bit_length(v);
    size_t digits = (size_t)(bits + 14) / 15, size = (size_t)bits / 8 + 3;
    uint8_t *bytes = mem_zalloc(size + 2);
    Own magnitude = bytes ? (sign < 0 ? int_negate(v) : own(v)) : NO_VALUE;
    if (!magnitude || int_to_bytes(magnitude, bytes, size, true, false) < 0 || digits > INT32_MAX) {
        w->failed = true;
    } else {
        write_byte(w, 'l' | flag);
        write_u32(w, (uint32_t)(sign < 0 ? -(int32_t)digits : (int32_t)digits));
        for (size_t i = 0; i < digits; i++) {
            size_t bit = i * 15;
            uint32_t word = bytes[bit / 8] | (uint32_t)bytes[bit / 8 + 1] << 8 | (uint32_t)bytes[bit / 8 + 2] << 16;
            write_u16(w, word >> bit % 8 & 0x7FFF);
        }
    }
    drop_opt(magnitude);
    mem_free(bytes);
}

static void
write_double(Writer *w, double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    write_u32(w, (uint32_t)bits);
    write_u32(w, (uint32_t)(bits >> 32));
}

static void
write_float_text(Writer *w, double d)
{
    Own v = float_new(d), text = v ? float_repr(v) : NO_VALUE;
    size_t n;
    const char *utf8 = text ? str_utf8(text, &n) : NULL;
    if (utf8) {
        write_byte(w, (unsigned)n);
        write_bytes(w, utf8, n);
    } else {
        w->failed = true;
    }
    drop_opt(text);
    drop_opt(v);
}

static void
write_str(Writer *w, Value v, unsigned flag)
{
    const Str *s = as_str(v);
    bool interned = s->interned;
    if (w->version >= 4 && s->ascii) {
        if (s->length < 256) {
            write_byte(w, (interned ? 'Z' : 'z') | flag);
            write_byte(w, (unsigned)s->length);
        } else {
            write_byte(w, (interned ? 'A' : 'a') | flag);
            write_size(w, s->length);
        }
        write_bytes(w, s->data, (size_t)s->length);
        return;
    }
    Own bytes = codec_encode(v, "utf-8", "surrogatepass");
    if (!bytes) {
        w->failed = true;
        return;
    }
    write_byte(w, (w->version >= 3 && interned ? 't' : 'u') | flag);
    write_size(w, as_bytes(bytes)->length);
    write_bytes(w, as_bytes(bytes)->data, (size_t)as_bytes(bytes)->length);
    drop(bytes);
}

static void
write_tuple(Writer *w, Value v, unsigned flag)
{
    int64_t n = as_tuple(v)->length;
    if (w->version >= 4 && n < 256) {
        write_byte(w, ')' | flag);
        write_byte(w, (unsigned)n);
    } else {
        write_byte(w, '(' | flag);
        write_size(w, n);
    }
    for (int64_t i = 0; i < n; i++) {
        write_value(w, tuple_item(v, i));
    }
}

static void
write_list(Writer *w, Value v, unsigned flag)
{
    Own items = list_to_tuple(v);
    if (!items) {
        w->failed = true;
        return;
    }
    write_byte(w, '[' | flag);
    write_size(w, as_tuple(items)->length);
    for (int64_t i = 0; i < as_tuple(items)->length; i++) {
        write_value(w, tuple_item(items, i));
    }
    keep(w, items);
}

static void
write_dict(Writer *w, Value v, unsigned flag)
{
    Own whole = dict_at_one_moment(v), key, value;
    w->failed = w->failed || !whole;
    write_byte(w, '{' | flag);
    for (int64_t at = 0; !w->failed && dict_next(whole, &at, &key, &value);) {
        write_owned(w, key);
        write_owned(w, value);
    }
    drop_opt(whole);
    write_byte(w, '0');
}

typedef struct SetItem {
    Own item, form; /* form: the item marshalled alone */
} SetItem;

static int
compare_forms(const void *a, const void *b)
{
    const Bytes *x = as_bytes(((const SetItem *)a)->form), *y = as_bytes(((const SetItem *)b)->form);
    int64_t n = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->data, y->data, (size_t)n);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

/* The items in the order of their own marshalled form, so that the same set always gives the same bytes. */
static void
write_set(Writer *w, Value v, unsigned flag)
{
    Own list = object_to_list(v);
    int64_t n = list ? list_len(list) : 0, count = 0;
    SetItem *items = list ? mem_alloc((size_t)(n + 1) * sizeof *items) : NULL;
    w->failed = w->failed || !items;
    for (; count < n && !w->failed; count++) {
        items[count].item = list_get(list, count);
        items[count].form = marshal_to_bytes(items[count].item, w->version, w->allow_code);
        w->failed = !items[count].form;
    }
    if (!w->failed) {
        qsort(items, (size_t)n, sizeof *items, compare_forms);
    }
    write_byte(w, (IS_EXACT(v, FROZENSET) ? '>' : '<') | flag);
    write_size(w, n);
    for (int64_t i = 0; i < count; i++) {
        write_value(w, items[i].item);
        drop(items[i].item);
        drop_opt(items[i].form);
    }
    mem_free(items);
    keep(w, list);
}

static void
write_code(Writer *w, Value v, unsigned flag)
{
    const Code *code = as_code(v);
    if (!w->allow_code) {
        raise_msg(&exc_ValueError, "marshalling code objects is disallowed");
        w->failed = true;
        return;
    }
    write_byte(w, 'c' | flag);
    write_owned(w, code_dump(v));
    const Value values[CODE_VALUES] = {code->consts, code->names, code->local_names, code->filename, code->name, code->qualname};
    for (int i = 0; i < CODE_VALUES; i++) {
        write_value(w, values[i]);
    }
}

static void
write_buffer(Writer *w, Value v, unsigned flag)
{
    Buffer buffer;
    if (!object_has_buffer(v)) {
        fail_unmarshallable(w);
        return;
    }
    if (buffer_get_still(v, &buffer) < 0) {
        exc_clear();
        fail_unmarshallable(w);
        return;
    }
    write_byte(w, 's' | flag);
    write_size(w, buffer.length);
    write_bytes(w, buffer.data, (size_t)buffer.length);
    buffer_release(&buffer);
}

static void
write_slice(Writer *w, Value v, unsigned flag)
{
    const Slice *s = as_slice(v);
    write_byte(w, ':' | flag);
    write_value(w, s->start);
    write_value(w, s->stop);
    write_value(w, s->step);
}

static void
write_object(Writer *w, Value v, unsigned flag)
{
    Open open = {v, w->open};
    if (IS_EXACT(v, CODE) || IS_EXACT(v, SLICE) || IS_EXACT(v, FROZENSET)) {
        w->open = &open;
    }
    if (IS_EXACT(v, INT)) {
        write_int(w, v, flag);
    } else if (IS_EXACT(v, FLOAT) || IS_EXACT(v, COMPLEX)) {
        bool text = w->version < 2, is_complex = IS_EXACT(v, COMPLEX);
        write_byte(w, (unsigned)(is_complex ? (text ? 'x' : 'y') : text ? 'f' : 'g') | flag);
        double parts[2] = {is_complex ? ((const Complex *)obj(v))->real : float_value(v), is_complex ? ((const Complex *)obj(v))->imag : 0};
        for (int i = 0; i <= is_complex; i++) {
            if (text) {
                write_float_text(w, parts[i]);
            } else {
                write_double(w, parts[i]);
            }
        }
    } else if (IS_EXACT(v, STR)) {
        write_str(w, v, flag);
    } else if (IS_EXACT(v, TUPLE)) {
        write_tuple(w, v, flag);
    } else if (IS_EXACT(v, LIST)) {
        write_list(w, v, flag);
    } else if (IS_EXACT(v, DICT)) {
        write_dict(w, v, flag);
    } else if (IS_EXACT(v, SET) || IS_EXACT(v, FROZENSET)) {
        write_set(w, v, flag);
    } else if (IS_EXACT(v, CODE)) {
        write_code(w, v, flag);
    } else if (IS_EXACT(v, SLICE) && w->version >= 5) {
        write_slice(w, v, flag);
    } else {
        write_buffer(w, v, flag);
    }
    w->open = open.outer;
}

static void
write_value(Writer *w, Value v)
{
    unsigned flag;
    if (w->failed) {
        return;
    }
    if (w->depth >= MARSHAL_DEPTH_MAX || !c_stack_ok()) {
        if (!exc_pending()) {
            raise_msg(&exc_ValueError, "object too deeply nested to marshal");
        }
        w->failed = true;
        return;
    }
    w->depth++;
    if (v == NONE) {
        write_byte(w, 'N');
    } else if (v == VALUE(&exc_StopIteration)) {
        write_byte(w, 'S');
    } else if (v == ELLIPSIS) {
        write_byte(w, '.');
    } else if (v == FALSE_VALUE) {
        write_byte(w, 'F');
    } else if (v == TRUE_VALUE) {
        write_byte(w, 'T');
    } else if (is_small_int(v)) {
        write_int(w, v, 0);
    } else if (is_small_float(v)) {
        if (w->version < 2) {
            write_byte(w, 'f');
            write_float_text(w, small_float_value(v));
        } else {
            write_byte(w, 'g');
            write_double(w, small_float_value(v));
        }
    } else if (!write_reference(w, v, &flag)) {
        write_object(w, v, flag);
    }
    w->depth--;
}

Own
marshal_to_bytes(Value v, int version, bool allow_code)
{
    Writer w = {.version = version, .allow_code = allow_code, .kept = list_new(0)};
    if (!w.kept) {
        return NO_VALUE;
    }
    write_value(&w, v);
    Own result = w.failed ? NO_VALUE : bytes_new(w.bytes, w.length);
    mem_free(w.bytes);
    mem_free(w.seen);
    mem_free(w.numbers);
    drop(w.kept);
    return result;
}

/* -- the module */

Own
marshal_dump(Value module UNUSED, Value value, Value file, int version, bool allow_code)
{
    if (audit_wanted() && audit_event("marshal.dumps", "Oi", value, version) < 0) {
        return NO_VALUE;
    }
    Own bytes = marshal_to_bytes(value, version, allow_code);
    Own result = bytes ? call_method1(file, "write", bytes) : NO_VALUE;
    drop_opt(bytes);
    return result;
}

Own
marshal_dumps(Value module UNUSED, Value value, int version, bool allow_code)
{
    if (audit_wanted() && audit_event("marshal.dumps", "Oi", value, version) < 0) {
        return NO_VALUE;
    }
    return marshal_to_bytes(value, version, allow_code);
}

Own
marshal_load(Value module UNUSED, Value file, bool allow_code)
{
    if (audit_wanted() && audit_event("marshal.load", "") < 0) {
        return NO_VALUE;
    }
    Own readinto = object_getattr(file, NAME(readinto));
    if (!readinto) {
        return NO_VALUE;
    }
    MarshalReader r = {.readinto = readinto, .allow_code = allow_code};
    Own v = marshal_read(&r);
    drop(readinto);
    return v;
}

Own
marshal_loads(Value module UNUSED, Buffer *bytes, bool allow_code)
{
    if (audit_wanted()) {
        Own copy = bytes_new(bytes->data, (size_t)bytes->length);
        int status = copy ? audit_event("marshal.loads", "O", (Value)copy) : -1;
        drop_opt(copy);
        if (status < 0) {
            return NO_VALUE;
        }
    }
    MarshalReader r = {.at = bytes->data, .end = bytes->data + bytes->length, .allow_code = allow_code};
    return marshal_read(&r);
}

static int
marshal_exec(Value module)
{
    return module_add_int(module, "version", MARSHAL_VERSION);
}

const ModuleDef module_marshal = {
    .name = "marshal",
    .doc = marshal_module_doc,
    .functions = marshal_functions,
    .exec = marshal_exec,
};
