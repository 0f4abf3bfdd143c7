/* Packing and unpacking by a layout (layout.h). No state. */
#include <math.h>

#include "module/_struct/layout.h"
#include "object/buffer.h"
#include "object/complex.h"
#include "object/float.h"
#include "object/int.h"
#include "object/item_format.h"
#include "object/bytes/bytes_priv.h"
#include "object/str.h"
#include "object/tuple.h"

/* -- packing -- */

static int
raise_range(Value error, char code, int64_t size, bool is_signed)
{
    if (is_signed) {
        int64_t most = INT64_MAX >> (64 - 8 * size);
        return raise_int((Type *)obj(error), "'%c' format requires %zd <= number <= %zd", code, -most - 1,
                         most);
    }
    return raise_int((Type *)obj(error), "'%c' format requires 0 <= number <= %zu", code,
                     UINT64_MAX >> (64 - 8 * size));
}

/* The low 64 bits of an int that fits in size bytes. fail: -1 */
static int
int_bits(Value error, const LayoutItem *item, Value v, uint64_t *out)
{
    bool is_signed = item->code >= 'a';
    int64_t i;
    if (is_int(v) && int_as_i64(v, &i)) {
        int64_t most = INT64_MAX >> (64 - 8 * item->size);
        bool fits = is_signed ? i <= most && i >= -most - 1
                              : i >= 0 && (uint64_t)i <= UINT64_MAX >> (64 - 8 * item->size);
        if (!fits && item->code != 'P') {
            return raise_range(error, item->code, item->size, is_signed);
        }
        *out = (uint64_t)i;
        return 0;
    }
    if (!is_int(v)) {
        if (!object_has_index(v)) {
            return raise_int((Type *)obj(error), "required argument is not an integer");
        }
        Own index = object_index(v);
        int status = index ? int_bits(error, item, index, out) : -1;
        drop_opt(index);
        return status;
    }
    if (item->code == 'P' && int_bit_length(v) > 64) {
        return raise_int((Type *)obj(error), "int too large to convert");
    }
    if (item->code != 'P' && (is_signed || item->size < 8 || int_sign(v) < 0 || int_bit_length(v) > 64)) {
        return raise_range(error, item->code, item->size, is_signed);
    }
    *out = object_as_uint64_mask(v);
    return 0;
}

static int
pack_double(double d, int64_t size, bool little, uint8_t *to)
{
    uint64_t bits;
    if (size == 8) {
        memcpy(&bits, &d, 8);
    } else if (size == 4) {
        float f = (float)d;
        uint32_t narrow;
        if (isinf(f) && !isinf(d)) {
            return raise_int(&exc_OverflowError, "float too large to pack with f format");
        }
        memcpy(&narrow, &f, 4);
        bits = narrow;
    } else {
        uint16_t half;
        if (!half_from_double(d, &half)) {
            return raise_int(&exc_OverflowError, "float too large to pack with e format");
        }
        bits = half;
    }
    int_write(to, bits, (int)size, little);
    return 0;
}

static int
pack_float(Value error, const LayoutItem *item, bool little, uint8_t *to, Value v)
{
    double d = is_float(v) ? float_value(v) : object_as_double(v);
    if (d == -1.0 && exc_pending()) {
        exc_clear();
        return raise_int((Type *)obj(error), "required argument is not a float");
    }
    return pack_double(d, item->size, little, to);
}

static int
pack_complex(Value error, const LayoutItem *item, bool little, uint8_t *to, Value v)
{
    double real, imag;
    if (object_as_complex(v, &real, &imag) < 0) {
        exc_clear();
        return raise_int((Type *)obj(error), "required argument is not a complex");
    }
    int64_t half = item->size / 2;
    return pack_double(real, half, little, to) < 0 || pack_double(imag, half, little, to + half) < 0 ? -1 : 0;
}

/* 's' and 'p': as many bytes as there is room. */
static int
pack_bytes(Value error, const LayoutItem *item, uint8_t *to, Value v)
{
    if (!is_bytes(v) && !is_bytearray(v)) {
        return raise_int((Type *)obj(error), "argument for '%c' must be a bytes object", item->code);
    }
    Buffer buffer;
    if (buffer_get_still(v, &buffer) < 0) {
        return -1;
    }
    int64_t room = item->size, n = buffer.length;
    if (item->code == 'p' && room > 0) {
        room--;
        n = n > room ? room : n;
        *to++ = n > 255 ? 255 : (uint8_t)n;
    }
    n = n > room ? room : n;
    if (n) {
        memcpy(to, buffer.data, (size_t)n);
    }
    buffer_release(&buffer);
    return 0;
}

static int
pack_item(Value error, const LayoutItem *item, bool little, uint8_t *to, Value v)
{
    uint64_t bits;
    int truth;
    switch (item->code) {
    case 'e': case 'f': case 'd':
        return pack_float(error, item, little, to, v);
    case 'F': case 'D':
        return pack_complex(error, item, little, to, v);
    case 's': case 'p':
        return pack_bytes(error, item, to, v);
    case 'c':
        if (!is_bytes(v) || as_bytes(v)->length != 1) {
            return raise_int((Type *)obj(error), "char format requires a bytes object of length 1");
        }
        *to = as_bytes(v)->data[0];
        return 0;
    case '?':
        truth = object_truth(v);
        *to = truth > 0;
        return truth < 0 ? -1 : 0;
    default:
        if (int_bits(error, item, v, &bits) < 0) {
            return -1;
        }
        int_write(to, bits, (int)item->size, little);
        return 0;
    }
}

int
layout_pack(Value error, const Layout *layout, uint8_t *to, Value const *args)
{
    for (int64_t i = 0; i < layout->length; i++) {
        const LayoutItem *item = &layout->items[i];
        uint8_t *at = to + item->offset;
        for (int64_t k = 0; k < item->count; k++, at += item->size) {
            if (pack_item(error, item, layout->little, at, *args++) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* -- unpacking -- */

static double
unpack_double(const uint8_t *from, int64_t size, bool little)
{
    uint64_t bits = int_read(from, (int)size, little);
    if (size == 8) {
        double d;
        memcpy(&d, &bits, 8);
        return d;
    }
    if (size == 4) {
        uint32_t narrow = (uint32_t)bits;
        float f;
        memcpy(&f, &narrow, 4);
        return (double)f;
    }
    return half_to_double((uint16_t)bits);
}

static Own
unpack_item(const LayoutItem *item, bool little, const uint8_t *from)
{
    int64_t n;
    uint64_t bits;
    switch (item->code) {
    case 'e': case 'f': case 'd':
        return float_new(unpack_double(from, item->size, little));
    case 'F': case 'D':
        n = item->size / 2;
        return complex_new(unpack_double(from, n, little), unpack_double(from + n, n, little));
    case 's': case 'c':
        return bytes_new(from, (size_t)item->size);
    case 'p':
        n = item->size ? *from : 0;
        n = n >= item->size ? item->size - 1 : n;
        return bytes_new(from + 1, n > 0 ? (size_t)n : 0);
    case '?':
        return bool_value(*from != 0);
    default:
        bits = int_read(from, (int)item->size, little);
        if (item->code >= 'a') {
            int unused = 64 - 8 * (int)item->size;
            return int_from_i64((int64_t)(bits << unused) >> unused);
        }
        return int_from_u64(bits);
    }
}

Own
layout_unpack(const Layout *layout, const uint8_t *from)
{
    Own result = tuple_new(layout->values);
    int64_t filled = 0;
    for (int64_t i = 0; i < layout->length && result; i++) {
        const LayoutItem *item = &layout->items[i];
        const uint8_t *at = from + item->offset;
        for (int64_t k = 0; k < item->count; k++, at += item->size) {
            Own v = unpack_item(item, layout->little, at);
            if (!v) {
                drop(result);
                return NO_VALUE;
            }
            tuple_init_item(result, filled++, v);
        }
    }
    return result;
}
