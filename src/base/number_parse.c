/* Text to doubles (number.h).
 *
 * Up to 19 digits make one word. Where that and the power of ten are exact doubles, the processor's
 * multiplication or division rounds correctly (Clinger, "How to read floating point numbers
 * accurately", 1990). Otherwise it is one product with the power cut off to 128 bits (Lemire,
 * "Number parsing at a gigabyte per second", 2021), whose error is known, so it is known when it
 * cannot decide. Longer numbers lie between two such words; if these round differently, or the
 * product cannot decide, the digits are compared exactly with the middle of two doubles.
 */
#include "base/number.h"
#include "base/number_priv.h"

/* ---- rounding ---- */

/* Digits beyond this many cannot matter but by being there: the middle of two doubles has at
 * most 768. */
#define DIGITS_MATTER 769

/* `floor`, or the next double, whichever is nearer to 0.DIGITS * 10**point, which lies between
 * them. */
static double
round_exactly(double floor, const char *digits, int count, int64_t point)
{
    DoubleParts parts = double_parts(floor);
    Nat value,
        middle; /* times 10**k, of which the part 5**k is where it is whole; and times 2**shift */
    nat_set(&value, 0);
    for (int i = 0; i < count; i++) {
        uint64_t chunk = 0, unit = 1;
        for (; i < count && unit < 1000000000000000000; i++, unit *= 10)
            chunk = chunk * 10 + (uint64_t)(digits[i] - '0');
        i--;
        if (value.n)
            nat_mul_add(&value, unit, chunk);
        else
            nat_set(&value, chunk);
    }
    nat_set(&middle, parts.fraction * 2 + 1);
    int k = (int)point - count, shift = k - (parts.exponent - 1);
    if (k >= 0)
        nat_mul_pow5(&value, k);
    else
        nat_mul_pow5(&middle, -k);
    if (shift >= 0)
        nat_shift_left(&value, shift);
    else
        nat_shift_left(&middle, -shift);
    int side = nat_compare(&value, &middle);
    bool up = side > 0 || (side == 0 && parts.fraction & 1);
    return double_of_bits(double_bits(floor) + up);
}

typedef struct Rounded {
    double x, floor; /* floor: the double at or below the value */
    bool sure;       /* x is the nearest; else it is floor or the next */
} Rounded;

/* w * 10**k, by one product. */
static ALWAYS_INLINE Rounded
round_product(uint64_t w, int64_t k)
{
    if (!w || k < POW10_LOW)
        return (Rounded){.sure = true};
    if (k > 308)
        return (Rounded){.x = __builtin_inf(), .floor = __builtin_inf(), .sure = true};
    int spare = __builtin_clzll(w);
    Product p = pow10_product(w << spare, (int)k);
    int cut = 10 + (int)(p.high >> 63);
    int exponent = pow10_log2((int)k) + 1 - spare + cut;
    if (exponent < -1074) { /* fewer bits are kept */
        cut += -1074 - exponent;
        exponent = -1074;
        if (cut > 64)
            return (Rounded){.sure = true};
    }
    uint64_t fraction = cut == 64 ? 0 : p.high >> cut;
    Rest rest = product_rest(&p, cut);
    bool up = rest == REST_ABOVE || (rest == REST_TIE && fraction & 1);
    return (Rounded){
        .x = double_join(fraction + up, exponent),
        .floor = double_join(fraction, exponent),
        .sure = rest != REST_UNSURE,
    };
}

/* Short decimals; x is only set if it is exact doubles all along. */
static ALWAYS_INLINE bool
round_small(uint64_t w, int64_t k, double *x)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (w > DOUBLE_HIDDEN * 2 || k < -22 || k > 22)
        return false;
    *x = k < 0 ? (double)w / powers[-k] : (double)w * powers[k];
    return true;
}

/* 0.DIGITS * 10**point of many digits; pre: the first is not 0; |point| is below 2**60. */
static double
round_digits(const char *digits, int count, int64_t point)
{
    uint64_t w = 0;
    int taken = count < 19 ? count : 19;
    for (int i = 0; i < taken; i++)
        w = w * 10 + (uint64_t)(digits[i] - '0');
    int64_t k = point - taken;
    double x;
    if (taken == count && round_small(w, k, &x))
        return x;
    Rounded low = round_product(w, k);
    if (low.sure) {
        if (taken == count)
            return low.x;
        Rounded high = round_product(w + 1, k);
        if (high.sure && high.x == low.x)
            return low.x;
    }
    return round_exactly(low.floor, digits, count, point);
}

double
double_from_digits(const char *digits, size_t count, int64_t point)
{
    while (count && *digits == '0') {
        digits++;
        count--;
        point--;
    }
    if (!count)
        return 0;
    if (count <= DIGITS_MATTER)
        return round_digits(digits, (int)count, point);
    char kept[DIGITS_MATTER + 1];
    memcpy(kept, digits, DIGITS_MATTER);
    kept[DIGITS_MATTER] = '0';
    for (size_t i = DIGITS_MATTER; i < count && kept[DIGITS_MATTER] == '0'; i++)
        kept[DIGITS_MATTER] = digits[i] != '0' ? '1' : '0';
    return round_digits(kept, DIGITS_MATTER + 1, point);
}

/* ---- decimal ---- */

#define EXPONENT_LIMIT ((int64_t)1 << 58) /* no text is long enough to bring more back */

static inline bool
is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Is `word`, in small letters, what comes next? */
static bool
starts_with(const char *s, const char *end, const char *word)
{
    for (; *word; s++, word++)
        if (s == end || (*s | 0x20) != *word)
            return false;
    return true;
}

/* Reads inf, infinity or nan; gives where that ends, s if there is none. */
static const char *
parse_word(const char *s, const char *end, double *x)
{
    if (starts_with(s, end, "inf")) {
        *x = __builtin_inf();
        return starts_with(s, end, "infinity") ? s + 8 : s + 3;
    }
    if (starts_with(s, end, "nan")) {
        *x = __builtin_nan("");
        return s + 3;
    }
    return s;
}

/* Reads [sign] digits; gives where that ends, s if there is none. */
static const char *
parse_exponent(const char *s, const char *end, int64_t *exponent)
{
    const char *at = s;
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (at == end || !is_digit(*at))
        return s;
    int64_t value = 0;
    for (; at < end && is_digit(*at); at++)
        if (value < EXPONENT_LIMIT)
            value = value * 10 + (*at - '0');
    if (value > EXPONENT_LIMIT)
        value = EXPONENT_LIMIT;
    *exponent = negative ? -value : value;
    return at;
}

/* The digits of integer part and fraction, of which there are more than fit in a word. */
static double
parse_long(const char *whole, const char *point, const char *end, int64_t exponent)
{
    char kept[DIGITS_MATTER + 1];
    int count = 0;
    bool more = false;
    int64_t scale = exponent; /* where the point is, from the first digit kept */
    for (const char *at = whole; at < end; at++) {
        if (*at == '.')
            continue;
        bool before = at < point;
        if (count || *at != '0') {
            if (count < DIGITS_MATTER)
                kept[count++] = *at;
            else
                more |= *at != '0';
            scale += before;
        } else {
            scale -= !before;
        }
    }
    if (!count)
        return 0;
    if (more)
        kept[count++] = '1';
    return round_digits(kept, count, scale);
}

const char *
double_parse(const char *s, const char *end, double *x)
{
    const char *at = s;
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    const char *whole = at;
    uint64_t w = 0;
    while (at < end && is_digit(*at))
        w = w * 10 + (uint64_t)(*at++ - '0');
    const char *point = at;
    int64_t digits = at - whole, k = 0;
    if (at < end && *at == '.') {
        const char *fraction = ++at;
        while (at < end && is_digit(*at))
            w = w * 10 + (uint64_t)(*at++ - '0');
        k = fraction - at;
        digits -= k;
    }
    double value;
    if (!digits) {
        at = parse_word(whole, end, &value);
        if (at == whole)
            return s;
        *x = negative ? -value : value;
        return at;
    }
    const char *digits_end = at;
    int64_t exponent = 0;
    if (at < end && (*at | 0x20) == 'e') {
        const char *after = parse_exponent(at + 1, end, &exponent);
        if (after != at + 1)
            at = after;
    }
    if (digits > 19) {
        value = parse_long(whole, point, digits_end, exponent);
    } else if (!round_small(w, exponent + k, &value)) {
        Rounded rounded = round_product(w, exponent + k);
        value = rounded.sure ? rounded.x : parse_long(whole, point, digits_end, exponent);
    }
    *x = negative ? -value : value;
    return at;
}

/* ---- hexadecimal ---- */

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* bits * 2**exponent, and a little more if `more`; false if it is too large. */
static bool
round_binary(uint64_t bits, int64_t exponent, bool more, double *x)
{
    *x = 0;
    if (!bits)
        return true;
    int spare = __builtin_clzll(bits);
    bits <<= spare;
    exponent -= spare;
    int64_t cut = exponent + 11 < -1074 ? -1074 - exponent : 11; /* bits to take away */
    if (exponent > 1024)
        return false;
    if (cut > 64)
        return true;
    uint64_t half = (uint64_t)1 << (cut - 1);
    uint64_t rest = bits & ((half << 1) - 1), fraction = cut == 64 ? 0 : bits >> cut;
    fraction += rest > half || (rest == half && (more || fraction & 1));
    *x = double_join(fraction, (int)(exponent + cut));
    return *x != __builtin_inf();
}

/* Reads ['0x'] digits [. digits] [p exponent]; gives where that ends, NULL if it is none. */
static const char *
parse_hex(const char *at, const char *end, double *x, DoubleHexError *error)
{
    if (end - at >= 2 && at[0] == '0' && (at[1] | 0x20) == 'x')
        at += 2;
    uint64_t bits = 0;
    int64_t exponent = 0, power = 0;
    bool more = false, point = false, any = false;
    for (; at < end; at++) {
        int digit = hex_digit((unsigned char)*at);
        if (digit < 0) {
            if (*at != '.' || point)
                break;
            point = true;
            continue;
        }
        any = true;
        if (bits >> 60) {
            more |= digit != 0;
            exponent += 4 * !point;
        } else {
            bits = bits << 4 | (uint64_t)digit;
            exponent -= 4 * point;
        }
    }
    if (!any)
        return NULL;
    if (at < end && (*at | 0x20) == 'p') {
        const char *after = parse_exponent(at + 1, end, &power);
        if (after == at + 1)
            return NULL;
        at = after;
    }
    if (!round_binary(bits, exponent + power, more, x))
        *error = DOUBLE_HEX_TOO_LARGE;
    return at;
}

DoubleHexError
double_from_hex(const char *s, size_t n, double *x)
{
    const char *at = s, *end = s + n;
    while (at < end && is_space(*at))
        at++;
    while (end > at && is_space(end[-1]))
        end--;
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    DoubleHexError error = DOUBLE_HEX_OK;
    double value = 0;
    const char *after = parse_word(at, end, &value);
    if (after == at)
        after = parse_hex(at, end, &value, &error);
    if (after != end)
        return DOUBLE_HEX_INVALID;
    *x = negative ? -value : value;
    return error;
}
