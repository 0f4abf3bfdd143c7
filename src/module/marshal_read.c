/* marshal: reading. Nothing in the data is trusted: sizes are checked against what is there, references against what was read, code by
 * code_build. */
#include "compile/compile.h"
#include "object/bytes.h"
#include "object/code.h"
#include "object/complex.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/set.h"
#include "object/slice.h"
#include "object/codec.h"
#include "object/str.h"
#include "object/tuple.h"

#include "module/marshal_priv.h"

/* -- bytes */

/* Reads n bytes of the file into r->block. */
static const uint8_t *
read_file(MarshalReader *r, size_t n)
{
    if (n > r->block_size) {
        uint8_t *grown = mem_realloc(r->block, n);
        if (!grown) {
            return NULL;
        }
        r->block = grown;
        r->block_size = n;
    }
    Own array = bytearray_new(NULL, n), count = array ? call1(r->readinto, array) : NO_VALUE;
    int64_t got = count ? object_as_ssize(count) : -1;
    if (count && !exc_pending() && got != (int64_t)n) {
        if (got > (int64_t)n) {
            raise_fmt(&exc_ValueError, "read() returned too much data: %zu bytes requested, %zd returned", n, got);
        } else {
            raise_msg(&exc_EOFError, "EOF read where not expected");
        }
    }
    bool fine = count && !exc_pending();
    if (fine) {
        bytearray_copy_out(array, r->block, (int64_t)n);
    }
    drop_opt(count);
    drop_opt(array);
    return fine ? r->block : NULL;
}

/* The next n bytes, until the next read; null + EOFError when there are fewer. */
static const uint8_t *
read_bytes(MarshalReader *r, size_t n)
{
    if (r->readinto) {
        return read_file(r, n);
    }
    if (n > (size_t)(r->end - r->at)) {
        raise_msg(&exc_EOFError, "marshal data too short");
        return NULL;
    }
    const uint8_t *bytes = r->at;
    r->at += n;
    return bytes;
}

static int
read_byte(MarshalReader *r)
{
    const uint8_t *b = read_bytes(r, 1);
    return b ? *b : -1;
}

static bool
read_u32(MarshalReader *r, uint32_t *n)
{
    const uint8_t *b = read_bytes(r, 4);
    if (b) {
        *n = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    }
    return b != NULL;
}

/* A size that a value of this kind may have. */
static bool
read_size(MarshalReader *r, const char *kind, int64_t *size)
{
    uint32_t n;
    if (!read_u32(r, &n)) {
        return false;
    }
    if (n > INT32_MAX) {
        raise_fmt(&exc_ValueError, "bad marshal data (%s size out of range)", kind);
        return false;
    }
    *size = n;
    return true;
}

static bool
read_double(MarshalReader *r, double *d)
{
    const uint8_t *b = read_bytes(r, 8);
    uint64_t bits = 0;
    for (unsigned i = 0; b && i < 8; i++) {
        bits |= (uint64_t)b[i] << (8 * i);
    }
    memcpy(d, &bits, sizeof *d);
    return b != NULL;
}

static bool
read_double_text(MarshalReader *r, double *d)
{
    int n = read_byte(r);
    const uint8_t *b = n < 0 ? NULL : read_bytes(r, (size_t)n);
    Own text = b ? str_from_latin1(b, (size_t)n) : NO_VALUE, v = text ? float_from_str(text) : NO_VALUE;
    if (v) {
        *d = float_value(v);
    }
    drop_opt(text);
    drop_opt(v);
    return v != NO_VALUE;
}

/* -- references */

/* A place for a value that may be referred to while it is still being read. -1 none, -2 failed */
static int64_t
reserve(MarshalReader *r, bool flag)
{
    if (!flag) {
        return -1;
    }
    int64_t index = list_len(r->refs);
    return list_append(r->refs, NONE) < 0 ? -2 : index;
}

/* v (eaten) has been read: it takes its place. */
static Own
settle(MarshalReader *r, int64_t place, Own v)
{
    if (v && place >= 0 && list_set(r->refs, place, own(v)) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

/* -- values */

static Own read_value(MarshalReader *r);

/* A value that must not be the end mark. */
static Own
read_item(MarshalReader *r, const char *kind)
{
    Own v = read_value(r);
    if (!v && !exc_pending()) {
        raise_fmt(&exc_TypeError, "NULL object in marshal data for %s", kind);
    }
    return v;
}

static Own
read_long(MarshalReader *r)
{
    uint32_t n;
    if (!read_u32(r, &n)) {
        return NO_VALUE;
    }
    int64_t digits = (int32_t)n;
    bool negative = digits < 0;
    digits = negative ? -digits : digits;
    if (digits > INT32_MAX / 2) {
        return raise_msg(&exc_ValueError, "bad marshal data (long size out of range)");
    }
    const uint8_t *b = read_bytes(r, (size_t)digits * 2);
    mp_limb_t *limbs = b ? mem_zalloc(((size_t)digits * 15 / 64 + 2) * sizeof *limbs) : NULL;
    if (!limbs) {
        return NO_VALUE;
    }
    unsigned digit = 0;
    for (int64_t i = 0; i < digits; i++) {
        digit = b[2 * i] | (unsigned)b[2 * i + 1] << 8;
        if (digit > 0x7FFF) {
            mem_free(limbs);
            return raise_msg(&exc_ValueError, "bad marshal data (digit out of range in long)");
        }
        size_t bit = (size_t)i * 15;
        limbs[bit / 64] |= (mp_limb_t)digit << bit % 64;
        if (bit % 64 > 49) {
            limbs[bit / 64 + 1] |= (mp_limb_t)digit >> (64 - bit % 64);
        }
    }
    Own v;
    if (digits && digit == 0) {
        v = raise_msg(&exc_ValueError, "bad marshal data (unnormalized long data)");
    } else {
        v = int_from_limbs(limbs, digits * 15 / 64 + 1, negative);
    }
    mem_free(limbs);
    return v;
}

static Own
read_int64(MarshalReader *r)
{
    uint32_t low, high;
    return read_u32(r, &low) && read_u32(r, &high) ? int_from_i64((int64_t)((uint64_t)high << 32 | low)) : NO_VALUE;
}

static Own
read_text(MarshalReader *r, int type)
{
    int64_t n;
    bool is_short = type == 'z' || type == 'Z', ascii = is_short || type == 'a' || type == 'A';
    if (is_short) {
        n = read_byte(r);
        if (n < 0) {
            return NO_VALUE;
        }
    } else if (!read_size(r, "string", &n)) {
        return NO_VALUE;
    }
    const uint8_t *b = read_bytes(r, (size_t)n);
    Own v = NO_VALUE;
    if (b && ascii) {
        v = str_from_latin1(b, (size_t)n);
    } else if (b) {
        Own bytes = bytes_new(b, (size_t)n);
        v = bytes ? codec_decode(bytes, "utf-8", "surrogatepass") : NO_VALUE;
        drop_opt(bytes);
    }
    return v && (type == 'Z' || type == 'A' || type == 't') ? str_intern(v) : v;
}

#define TUPLE_TRUSTED 100000 /* so many items get memory before they are read */

/* A tuple that its own items may refer to: it has its place before them, and None where they will be. */
static Own
read_tuple_inside_out(MarshalReader *r, int64_t place, int64_t n)
{
    Own tuple = tuple_new(n);
    for (int64_t i = 0; tuple && i < n; i++) {
        tuple_init_item(tuple, i, NONE);
    }
    tuple = settle(r, place, tuple);
    for (int64_t i = 0; tuple && i < n; i++) {
        Own item = read_item(r, "tuple");
        if (!item) {
            ref_clear(&tuple);
        } else {
            tuple_init_item(tuple, i, item);
        }
    }
    return tuple;
}

static Own
read_tuple(MarshalReader *r, int type, bool flag)
{
    int64_t n;
    if (type == ')') {
        n = read_byte(r);
        if (n < 0) {
            return NO_VALUE;
        }
    } else if (!read_size(r, "tuple", &n)) {
        return NO_VALUE;
    }
    int64_t place = reserve(r, flag);
    if (place >= 0 && n <= TUPLE_TRUSTED) {
        return read_tuple_inside_out(r, place, n);
    }
    Own list = place == -2 ? NO_VALUE : list_new(n < 4096 ? n : 0); /* not trusted with memory before its items are there */
    for (int64_t i = 0; list && i < n; i++) {
        Own item = read_item(r, "tuple");
        if (!item || list_append_own(list, item) < 0) {
            ref_clear(&list);
        }
    }
    Own tuple = list ? list_to_tuple(list) : NO_VALUE;
    drop_opt(list);
    return settle(r, place, tuple);
}

static Own
read_list(MarshalReader *r, bool flag)
{
    int64_t n;
    if (!read_size(r, "list", &n)) {
        return NO_VALUE;
    }
    int64_t place = reserve(r, flag);
    Own list = place == -2 ? NO_VALUE : settle(r, place, list_new(n < 4096 ? n : 0));
    for (int64_t i = 0; list && i < n; i++) {
        Own item = read_item(r, "list");
        if (!item || list_append_own(list, item) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

static Own
read_dict(MarshalReader *r, bool flag)
{
    int64_t place = reserve(r, flag);
    Own dict = place == -2 ? NO_VALUE : settle(r, place, dict_new());
    while (dict) {
        Own key = read_value(r);
        if (!key) {
            break;
        }
        Own value = read_value(r);
        if (!value) {
            drop(key);
            break;
        }
        if (dict_set_own(dict, key, value) < 0) {
            break;
        }
    }
    if (exc_pending()) {
        drop_opt(dict);
        return NO_VALUE;
    }
    return dict;
}

static Own
read_set(MarshalReader *r, int type, bool flag)
{
    int64_t n;
    if (!read_size(r, "set", &n)) {
        return NO_VALUE;
    }
    if (n == 0 && type == '>') {
        int64_t empty = reserve(r, flag);
        return empty == -2 ? NO_VALUE : settle(r, empty, frozenset_new());
    }
    int64_t place = reserve(r, flag);
    Own set = place == -2 ? NO_VALUE : type == '<' ? set_new() : frozenset_new();
    if (set && type == '<') { /* a frozenset takes its place when it is complete */
        set = settle(r, place, set);
    }
    for (int64_t i = 0; set && i < n; i++) {
        Own item = read_item(r, "set");
        if (!item || set_add(set, item) < 0) {
            ref_clear(&set);
        }
        drop_opt(item);
    }
    return type == '>' ? settle(r, place, set) : set;
}

/* The parts of a code object after its numbers, in order. */
static Own
read_code(MarshalReader *r, bool flag)
{
    Own data = NO_VALUE, values[CODE_VALUES] = {0}, code = NO_VALUE;
    if (!r->allow_code) {
        return raise_msg(&exc_ValueError, "unmarshalling code objects is disallowed");
    }
    int64_t place = reserve(r, flag);
    bool fine = place != -2 && (data = read_item(r, "code object")) != NO_VALUE;
    for (int i = 0; fine && i < CODE_VALUES; i++) {
        values[i] = read_item(r, "code object");
        fine = values[i] != NO_VALUE;
    }
    if (fine && !IS_EXACT(data, BYTES)) {
        fine = false;
        raise_msg(&exc_ValueError, "bad marshal data (code object)");
    }
    if (fine) {
        code = code_load(as_bytes(data)->data, (size_t)as_bytes(data)->length, values);
    } else {
        for (int i = 0; i < CODE_VALUES; i++) {
            drop_opt(values[i]);
        }
    }
    drop_opt(data);
    return settle(r, place, code);
}

static Own
read_slice(MarshalReader *r, bool flag)
{
    int64_t place = reserve(r, flag);
    Own start = place == -2 ? NO_VALUE : read_item(r, "slice");
    Own stop = start ? read_item(r, "slice") : NO_VALUE, step = stop ? read_item(r, "slice") : NO_VALUE;
    Own slice = step ? slice_new(start, stop, step) : NO_VALUE;
    drop_opt(start);
    drop_opt(stop);
    drop_opt(step);
    return settle(r, place, slice);
}

static Own
read_reference(MarshalReader *r)
{
    uint32_t n;
    if (!read_u32(r, &n)) {
        return NO_VALUE;
    }
    Own v = list_get(r->refs, n);
    if (!v || v == NONE) { /* None: its value is not there yet */
        return raise_msg(&exc_ValueError, "bad marshal data (invalid reference)");
    }
    return v;
}

/* Values that hold no others. */
static Own
read_simple(MarshalReader *r, int type)
{
    uint32_t n;
    int64_t size;
    double a, b = 0;
    const uint8_t *bytes;
    switch (type) {
    case 'i':
        return read_u32(r, &n) ? small_int((int32_t)n) : NO_VALUE;
    case 'I':
        return read_int64(r);
    case 'l':
        return read_long(r);
    case 'g':
        return read_double(r, &a) ? float_new(a) : NO_VALUE;
    case 'f':
        return read_double_text(r, &a) ? float_new(a) : NO_VALUE;
    case 'y':
        return read_double(r, &a) && read_double(r, &b) ? complex_new(a, b) : NO_VALUE;
    case 'x':
        return read_double_text(r, &a) && read_double_text(r, &b) ? complex_new(a, b) : NO_VALUE;
    case 's':
        if (!read_size(r, "bytes object", &size)) {
            return NO_VALUE;
        }
        bytes = read_bytes(r, (size_t)size);
        return bytes ? bytes_new(bytes, (size_t)size) : NO_VALUE;
    case 'u':
    case 't':
    case 'a':
    case 'A':
    case 'z':
    case 'Z':
        return read_text(r, type);
    default:
        return raise_msg(&exc_ValueError, "bad marshal data (unknown type code)");
    }
}

static Own
read_typed(MarshalReader *r, int type, bool flag)
{
    switch (type) {
    case '0':
        return NO_VALUE; /* the end of a dict */
    case 'N':
        return NONE;
    case 'S':
        return own(VALUE(&exc_StopIteration));
    case '.':
        return ELLIPSIS;
    case 'F':
        return FALSE_VALUE;
    case 'T':
        return TRUE_VALUE;
    case '(':
    case ')':
        return read_tuple(r, type, flag);
    case '[':
        return read_list(r, flag);
    case '{':
        return read_dict(r, flag);
    case '<':
    case '>':
        return read_set(r, type, flag);
    case 'c':
        return read_code(r, flag);
    case ':':
        return read_slice(r, flag);
    case 'r':
        return read_reference(r);
    default: {
        Own v = read_simple(r, type);
        return v ? settle(r, reserve(r, flag), v) : NO_VALUE;
    }
    }
}

/* NO_VALUE with nothing pending: the mark of an end. */
static Own
read_value(MarshalReader *r)
{
    int type = read_byte(r);
    if (type < 0) {
        if (exc_matches(&exc_EOFError)) {
            exc_clear();
            raise_msg(&exc_EOFError, "EOF read where object expected");
        }
        return NO_VALUE;
    }
    if (r->depth >= MARSHAL_DEPTH_MAX) {
        return raise_msg(&exc_ValueError, "recursion limit exceeded");
    }
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    r->depth++;
    Own v = read_typed(r, type & ~MARSHAL_REF, (type & MARSHAL_REF) != 0);
    r->depth--;
    return v;
}

Own
marshal_read(MarshalReader *r)
{
    r->refs = list_new(0);
    Own v = r->refs ? read_item(r, "object") : NO_VALUE;
    drop_opt(r->refs);
    mem_free(r->block);
    return v;
}
