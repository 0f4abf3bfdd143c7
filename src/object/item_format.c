/* Items in memory as C keeps them: see item_format.h. Pure but for calls of __index__, __float__
 * and __bool__. */
#include "object/item_format.h"

#include <math.h>
#include <sys/types.h>

#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"

int
item_size(char format)
{
    switch (format) {
    case 'c':
    case 'b':
    case 'B':
        return 1;
    case '?':
        return sizeof(bool);
    case 'h':
    case 'H':
        return sizeof(short);
    case 'i':
    case 'I':
        return sizeof(int);
    case 'l':
    case 'L':
        return sizeof(long);
    case 'q':
    case 'Q':
        return sizeof(long long);
    case 'n':
    case 'N':
        return sizeof(ssize_t);
    case 'e':
        return 2;
    case 'f':
        return sizeof(float);
    case 'd':
        return sizeof(double);
    case 'P':
        return sizeof(void *);
    default:
        return 0;
    }
}

static bool
is_signed_format(char format)
{
    return format && strchr("bhilqn", format);
}

static bool
is_little_endian(void)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

uint64_t
int_read(const uint8_t *from, int size, bool little)
{
    uint64_t value = 0;
    for (int i = 0; i < size; i++) {
        value = value << 8 | from[little ? size - 1 - i : i];
    }
    return value;
}

void
int_write(uint8_t *to, uint64_t value, int size, bool little)
{
    for (int i = 0; i < size; i++) {
        to[little ? i : size - 1 - i] = (uint8_t)value;
        value >>= 8;
    }
}

/* -- binary16 -- */

double
half_to_double(uint16_t bits)
{
    int exponent = bits >> 10 & 31;
    double fraction = bits & 1023, sign = bits >> 15 ? -1.0 : 1.0;
    if (exponent == 31) {
        if (fraction == 0) {
            return sign * INFINITY;
        }
        uint64_t word =
            (uint64_t)(bits >> 15) << 63 | (uint64_t)0x7FF << 52 | (uint64_t)(bits & 1023) << 42;
        double nan;
        memcpy(&nan, &word, sizeof nan);
        return nan;
    }
    return sign * (exponent ? ldexp(fraction + 1024, exponent - 25) : ldexp(fraction, -24));
}

bool
half_from_double(double d, uint16_t *bits)
{
    uint64_t word;
    memcpy(&word, &d, sizeof word);
    uint16_t sign = (uint16_t)(word >> 63 << 15);
    if (d != d) {
        uint16_t payload = (uint16_t)(word >> 42 & 1023);
        *bits = (uint16_t)(sign | 31 << 10 | (payload ? payload : 512));
        return true;
    }
    double size = fabs(d);
    if (size == INFINITY) {
        *bits = (uint16_t)(sign | 31 << 10);
        return true;
    }
    if (size >= 65520.0) { /* would be rounded past the largest */
        return false;
    }
    int exponent;
    frexp(size, &exponent);
    int shift = size == 0 || exponent - 11 < -24 ? -24 : exponent - 11; /* of the last bit */
    double scaled = nearbyint(ldexp(size, -shift)); /* half to even; up to 2048 */
    uint32_t units = (uint32_t)scaled;
    uint32_t biased = shift == -24 ? 0 : (uint32_t)(shift + 24);
    *bits = (uint16_t)(sign |
                       (biased * 1024 + units)); /* a carry goes into the exponent, as it should */
    return true;
}

/* -- items -- */

Own
item_unpack(char format, const uint8_t *from)
{
    uint16_t half;
    float f;
    double d;
    switch (format) {
    case 'c':
        return bytes_new(from, 1);
    case '?':
        return bool_value(*from != 0);
    case 'e':
        memcpy(&half, from, sizeof half);
        return float_new(half_to_double(half));
    case 'f':
        memcpy(&f, from, sizeof f);
        return float_new(f);
    case 'd':
        memcpy(&d, from, sizeof d);
        return float_new(d);
    default:
        break;
    }
    int size = item_size(format), unused = 64 - 8 * size;
    uint64_t bits = int_read(from, size, is_little_endian());
    return is_signed_format(format) ? int_from_i64((int64_t)(bits << unused) >> unused)
                                    : int_from_u64(bits);
}

/* After a failure in converting: a TypeError is the caller's to say. */
static ItemError
conversion_error(void)
{
    if (exc_swallow(&exc_TypeError)) {
        return ITEM_BAD_TYPE;
    }
    return exc_swallow(&exc_OverflowError) ? ITEM_BAD_VALUE : ITEM_FAILED;
}

static ItemError
pack_int(char format, uint8_t *to, Value v)
{
    if (!is_int(v) && !object_has_index(v)) {
        return ITEM_BAD_TYPE;
    }
    Own n = object_index(v);
    if (!n) {
        return conversion_error();
    }
    int size = item_size(format);
    int64_t value;
    bool fits = int_as_i64(n, &value);
    if (fits && is_signed_format(format)) {
        fits = size == 8 ||
               (value >= -((int64_t)1 << (8 * size - 1)) && value < (int64_t)1 << (8 * size - 1));
    } else if (fits && format == 'P') {
        fits = true; /* negative ones wrap around, as with addresses */
    } else if (fits) {
        fits = value >= 0 && (size == 8 || value >> (8 * size) == 0);
    } else if (!is_signed_format(format) && size == 8 && int_sign(n) > 0 &&
               int_bit_length(n) <= 64) {
        value = (int64_t)object_as_uint64_mask(n);
        fits = true;
    }
    drop(n);
    if (!fits) {
        return ITEM_BAD_VALUE;
    }
    int_write(to, (uint64_t)value, size, is_little_endian());
    return ITEM_OK;
}

static ItemError
pack_float(char format, uint8_t *to, Value v)
{
    double d = object_as_double(v);
    if (d == -1.0 && exc_pending()) {
        return conversion_error();
    }
    float f = (float)d;
    uint16_t half;
    if (format == 'e') {
        if (!half_from_double(d, &half)) {
            return ITEM_BAD_VALUE;
        }
        memcpy(to, &half, sizeof half);
    } else if (format == 'f') {
        memcpy(to, &f, sizeof f);
    } else {
        memcpy(to, &d, sizeof d);
    }
    return ITEM_OK;
}

ItemError
item_pack(char format, uint8_t *to, Value v)
{
    int truth;
    switch (format) {
    case 'c':
        if (!is_object(v) || !is_bytes(v)) {
            return ITEM_BAD_TYPE;
        }
        if (as_bytes(v)->length != 1) {
            return ITEM_BAD_VALUE;
        }
        *to = as_bytes(v)->data[0];
        return ITEM_OK;
    case '?':
        truth = object_truth(v);
        if (truth < 0) {
            return conversion_error();
        }
        *to = (uint8_t)truth;
        return ITEM_OK;
    case 'e':
    case 'f':
    case 'd':
        return pack_float(format, to, v);
    default:
        return pack_int(format, to, v);
    }
}
