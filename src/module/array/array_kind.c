/* array: the kinds of items, to and from objects, and the machine formats of pickles. No state. */
#include "module/array/array.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/float.h"
#include "object/int.h"
#include "object/item_format.h"
#include "object/str.h"

static const ArrayKind kinds[] = {
    {'b', 1, true, true, false},  {'B', 1, true, false, false}, {'u', 4, false, false, true}, {'w', 4, false, false, true},
    {'h', 2, true, true, false},  {'H', 2, true, false, false}, {'i', 4, true, true, false},  {'I', 4, true, false, false},
    {'l', 8, true, true, false},  {'L', 8, true, false, false}, {'q', 8, true, true, false},  {'Q', 8, true, false, false},
    {'f', 4, false, true, false}, {'d', 8, false, true, false},
};

const ArrayKind *
array_kind(uint32_t code)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if ((uint32_t)kinds[i].code == code) {
            return &kinds[i];
        }
    }
    return NULL;
}

const ArrayKind *
array_kind_at(size_t i)
{
    return i < ARRAY_LEN(kinds) ? &kinds[i] : NULL;
}

/* -- ints -- */

/* What CPython says of an int that does not fit. */
static int
raise_range(const ArrayKind *kind, Value v)
{
    bool negative = int_sign(v) < 0, large = int_bit_length(v) > (kind->is_signed ? 63 : 64);
    const char *text;
    switch (kind->code) {
    case 'b':
        text = negative ? "signed char is less than minimum" : "signed char is greater than maximum";
        break;
    case 'B':
        text = negative ? "unsigned byte integer is less than minimum" : "unsigned byte integer is greater than maximum";
        break;
    case 'h':
        text = negative ? "signed short integer is less than minimum" : "signed short integer is greater than maximum";
        break;
    case 'H':
        text = negative ? "unsigned short is less than minimum" : "unsigned short is greater than maximum";
        break;
    case 'i':
        text = negative ? "signed integer is less than minimum" : "signed integer is greater than maximum";
        break;
    case 'I':
        text = negative ? "can't convert negative value to unsigned int" : "unsigned int is greater than maximum";
        break;
    case 'L':
        text = negative ? "can't convert negative value to unsigned int" : "Python int too large to convert to C unsigned long";
        break;
    case 'Q':
        text = negative ? "can't convert negative int to unsigned" : "int too big to convert";
        break;
    case 'q':
        text = "int too big to convert";
        break;
    default:
        text = "Python int too large to convert to C long";
        break;
    }
    if (large && kind->size < 4 + (kind->code == 'i')) {
        text = "Python int too large to convert to C long";
    } else if (large && kind->code == 'i') {
        text = "Python int too large to convert to C int";
    }
    return raise_int(&exc_OverflowError, "%s", text);
}

static int
int_item_from(const ArrayKind *kind, Value v, uint8_t *to)
{
    int bits = 8 * kind->size;
    int64_t i;
    if (is_int(v) && int_as_i64(v, &i)) {
        bool fits = kind->is_signed ? i >= INT64_MIN >> (64 - bits) && i <= INT64_MAX >> (64 - bits)
                                    : i >= 0 && (uint64_t)i <= UINT64_MAX >> (64 - bits);
        if (!fits) {
            return raise_range(kind, v);
        }
        memcpy(to, &i, kind->size); /* little endian, as the machine is */
        return 0;
    }
    if (!is_int(v)) {
        Own index = object_index(v);
        int status = index ? int_item_from(kind, index, to) : -1;
        drop_opt(index);
        return status;
    }
    if (kind->is_signed || kind->size < 8 || int_sign(v) < 0 || int_bit_length(v) > 64) {
        return raise_range(kind, v);
    }
    uint64_t u = object_as_uint64_mask(v);
    memcpy(to, &u, sizeof u);
    return 0;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "ints are copied by their low bytes");

/* -- all kinds -- */

int
array_item_from(const ArrayKind *kind, Value v, uint8_t *to)
{
    if (kind->is_int) {
        return int_item_from(kind, v, to);
    }
    if (kind->is_text) {
        if (!is_str(v)) {
            return raise_int(&exc_TypeError, "array item must be a unicode character, not %T", v);
        }
        if (as_str(v)->length != 1) {
            return raise_int(&exc_TypeError, "array item must be a unicode character, not a string of length %zd",
                             as_str(v)->length);
        }
        uint32_t c = str_char_at(as_str(v), 0);
        memcpy(to, &c, sizeof c);
        return 0;
    }
    double d = object_as_double(v);
    if (d == -1.0 && exc_pending()) {
        return -1;
    }
    if (kind->size == 4) {
        float f = (float)d;
        memcpy(to, &f, sizeof f);
    } else {
        memcpy(to, &d, sizeof d);
    }
    return 0;
}

Own
array_item_to(const ArrayKind *kind, const uint8_t *at)
{
    uint64_t item; /* whole, though others may store there through views */
    const uint8_t *from = (const uint8_t *)&item;
    buffer_item_copy((uint8_t *)&item, at, kind->size);
    if (kind->is_text) {
        uint32_t c;
        memcpy(&c, from, sizeof c);
        return c > 0x10FFFF ? raise_fmt(&exc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", c)
                            : str_from_char(c);
    }
    if (!kind->is_int) {
        float f;
        double d;
        if (kind->size == 4) {
            memcpy(&f, from, sizeof f);
            d = (double)f;
        } else {
            memcpy(&d, from, sizeof d);
        }
        return float_new(d);
    }
    uint64_t u = int_read(from, kind->size, true);
    int unused = 64 - 8 * kind->size;
    return kind->is_signed ? int_from_i64((int64_t)(u << unused) >> unused) : int_from_u64(u);
}

/* -- formats of other machines -- */

typedef struct MachineFormat {
    uint8_t size;
    char kind; /* u s ints, f floats, t text */
    bool little;
} MachineFormat;

static const MachineFormat formats[] = {
    {1, 'u', false}, {1, 's', false}, {2, 'u', true}, {2, 'u', false}, {2, 's', true}, {2, 's', false},
    {4, 'u', true},  {4, 'u', false}, {4, 's', true}, {4, 's', false}, {8, 'u', true}, {8, 'u', false},
    {8, 's', true},  {8, 's', false}, {4, 'f', true}, {4, 'f', false}, {8, 'f', true}, {8, 'f', false},
    {2, 't', true},  {2, 't', false}, {4, 't', true}, {4, 't', false},
};

static char
format_kind(const ArrayKind *kind)
{
    return kind->is_text ? 't' : !kind->is_int ? 'f' : kind->is_signed ? 's' : 'u';
}

int
array_machine_format(const ArrayKind *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        if (formats[i].size == kind->size && formats[i].kind == format_kind(kind) && (formats[i].little || kind->size == 1)) {
            return (int)i;
        }
    }
    return -1;
}

static Own
item_in_format(const MachineFormat *f, const uint8_t *from)
{
    uint64_t bits = int_read(from, f->size, f->little);
    int unused = 64 - 8 * f->size;
    if (f->kind != 'f') {
        return f->kind == 's' ? int_from_i64((int64_t)(bits << unused) >> unused) : int_from_u64(bits);
    }
    uint32_t narrow = (uint32_t)bits;
    float single;
    double d;
    memcpy(&single, &narrow, sizeof single);
    memcpy(&d, &bits, sizeof d);
    return float_new(f->size == 4 ? (double)single : d);
}

Own
array_reconstruct(Type *type, const ArrayKind *kind, int format, Value bytes)
{
    if (format < 0 || format >= (int)ARRAY_LEN(formats)) {
        return raise_msg(&exc_ValueError, "third argument must be a valid machine format code.");
    }
    const MachineFormat *f = &formats[format];
    int64_t n = as_bytes(bytes)->length;
    if (array_machine_format(kind) == format) {
        return n % kind->size ? raise_msg(&exc_ValueError, "bytes length not a multiple of item size")
                              : array_new(type, kind, as_bytes(bytes)->data, n / kind->size);
    }
    if (n % f->size) {
        return raise_msg(&exc_ValueError, "string length not a multiple of item size");
    }
    bool same = format_kind(kind) == f->kind && kind->size == f->size;
    for (size_t i = 0; i < ARRAY_LEN(kinds) && !same && (f->kind == 's' || f->kind == 'u'); i++) {
        if (format_kind(&kinds[i]) == f->kind && kinds[i].size == f->size) { /* it holds all the values */
            kind = &kinds[i];
        }
    }
    Own a = array_new(type, kind, NULL, 0);
    if (a && f->kind == 't') {
        static const char *const names[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
        Own text = codec_decode(bytes, names[format - 18], "strict");
        if (!text || array_fill(as_array(a), text) < 0) {
            drop(a);
            a = NO_VALUE;
        }
        drop_opt(text);
        return a;
    }
    for (int64_t i = 0; a && i < n; i += f->size) {
        uint8_t item[8];
        Own v = item_in_format(f, as_bytes(bytes)->data + i);
        if (!v || array_item_from(kind, v, item) < 0 || array_append_bytes(as_array(a), item, 1) < 0) {
            drop(a);
            a = NO_VALUE;
        }
        drop_opt(v);
    }
    return a;
}
