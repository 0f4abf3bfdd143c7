/* Digits of numbers (number.h).
 *
 * Shortest digits are found as in Raffaello Giulietti, "The Schubfach way to render doubles"
 * (2022): with the spacing of doubles at x, at most two multiples of 10**k, and at most two of
 * 10**(k+1), are candidates; they and the ends of the interval that rounds to x are compared scaled
 * by 4.
 *
 * A given number of digits is one product with a power of ten cut off to 128 bits, when that is
 * enough to round safely; otherwise, the exact value is written out from naturals. */
#include "base/number.h"
#include "base/number_priv.h"

const uint64_t pow10_small[20] = {
    0,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
    10000000000000000000u,
};

/* 10**i */
static inline uint64_t
pow10_uint(int i)
{
    return i ? pow10_small[i] : 1;
}

/* ---- integers ---- */

static const char two_digits[] = "00010203040506070809101112131415161718192021222324"
                                 "25262728293031323334353637383940414243444546474849"
                                 "50515253545556575859606162636465666768697071727374"
                                 "75767778798081828384858687888990919293949596979899";

static ALWAYS_INLINE void
put_two(char *to, uint32_t x)
{
    memcpy(to, two_digits + x * 2, 2);
}

static ALWAYS_INLINE void
put_eight(char *to, uint32_t x)
{
    uint32_t high = x / 10000, low = x % 10000;
    put_two(to, high / 100);
    put_two(to + 2, high % 100);
    put_two(to + 4, low / 100);
    put_two(to + 6, low % 100);
}

/* Exactly `count` digits; pre: x has no more. */
static ALWAYS_INLINE void
put_digits(char *to, uint64_t x, int count)
{
    while (count >= 8) {
        count -= 8;
        put_eight(to + count, (uint32_t)(x % 100000000));
        x /= 100000000;
    }
    uint32_t rest = (uint32_t)x;
    while (count >= 2) {
        count -= 2;
        put_two(to + count, rest % 100);
        rest /= 100;
    }
    if (count)
        to[0] = (char)('0' + rest);
}

char *
uint64_text(char *to, uint64_t x)
{
    int count = digit_count(x);
    put_digits(to, x, count);
    return to + count;
}

char *
int64_text(char *to, int64_t x)
{
    *to = '-';
    to += x < 0;
    return uint64_text(to, x < 0 ? -(uint64_t)x : (uint64_t)x);
}

/* ---- shortest ---- */

typedef struct Decimal {
    uint64_t digits; /* not a multiple of 10, unless it is 0 */
    int exponent;    /* the value is digits * 10**exponent */
} Decimal;

static ALWAYS_INLINE Decimal
decimal_strip(uint64_t digits, int exponent)
{
    while (digits % 100 == 0) {
        digits /= 100;
        exponent += 2;
    }
    if (digits % 10 == 0) {
        digits /= 10;
        exponent++;
    }
    return (Decimal){digits, exponent};
}

/* cp times the power, scaled: the floor, its lowest bit set if there was anything behind it. The
 * power is a little too large, so that a product which is whole shows at most 1 behind it, and
 * no other shows so little. */
static ALWAYS_INLINE uint64_t
round_to_odd(uint64_t high, uint64_t low, uint64_t cp)
{
    uint64_t carry = (uint64_t)((Uint128)low * cp >> 64);
    Uint128 product = (Uint128)high * cp + carry;
    return (uint64_t)(product >> 64) | ((uint64_t)product > 1);
}

/* Of fraction * 2**exponent, not 0. */
static Decimal
decimal_shortest(uint64_t fraction, int exponent)
{
    if (exponent <= 0 && exponent > -53 && !(fraction & (((uint64_t)1 << -exponent) - 1)))
        return decimal_strip(fraction >> -exponent, 0); /* an integer below 2**53: its digits */

    /* The doubles below a power of two are nearer than those above it. */
    bool even = !(fraction & 1), nearer = fraction == DOUBLE_HIDDEN && exponent > -1074;
    int k =
        (int)(((int64_t)exponent * 1262611 - (nearer ? 524031 : 0)) >> 22); /* floor(log10(..)) */
    int shift = exponent + pow10_log2(-k) + 1;
    const uint64_t *bits = pow10_bits[-k - POW10_LOW];
    uint64_t high = bits[0], low = bits[1] + 1;

    uint64_t middle = fraction << 2;
    uint64_t at = round_to_odd(high, low, middle << shift);
    uint64_t lower = round_to_odd(high, low, (middle - 2 + nearer) << shift) + !even;
    uint64_t upper = round_to_odd(high, low, (middle + 2) << shift) - !even;

    uint64_t floor = at >> 2;
    if (floor >= 10) {
        uint64_t tens = floor / 10;
        bool under = lower <= 40 * tens, over = 40 * tens + 40 <= upper;
        if (under != over)
            return decimal_strip(tens + over, k + 1);
    }
    bool under = lower <= 4 * floor, over = 4 * floor + 4 <= upper;
    if (under == over) { /* both or neither: the nearer, of two as near the even one */
        uint64_t between = 4 * floor + 2;
        over = at > between || (at == between && (floor & 1));
    }
    return decimal_strip(floor + over, k);
}

static void
digits_of_decimal(DoubleDigits *d, Decimal decimal)
{
    d->count = digit_count(decimal.digits);
    d->point = d->count + decimal.exponent;
    put_digits(d->digits, decimal.digits, d->count);
}

static void
digits_zero(DoubleDigits *d)
{
    d->count = d->point = 1;
    d->digits[0] = '0';
}

void
double_digits_shortest(DoubleDigits *d, double x)
{
    DoubleParts parts = double_parts(x);
    assert(parts.finite);
    if (parts.fraction)
        digits_of_decimal(d, decimal_shortest(parts.fraction, parts.exponent));
    else
        digits_zero(d);
}

/* ---- exact ---- */

#define CHUNK 19 /* decimal digits taken at once */
#define CHUNK_UNIT 10000000000000000000u

/* Rounds to the first `keep` of all digits, where `more` says that others than zeros follow. */
static void
digits_round(DoubleDigits *d, int64_t keep, bool more)
{
    if (keep < d->count) {
        bool up = false;
        if (keep >= 0) {
            up = d->digits[keep] >= '5';
            if (d->digits[keep] == '5' && !more) {
                int i = (int)keep + 1;
                while (i < d->count && d->digits[i] == '0')
                    i++;
                if (i == d->count)
                    up = keep && (d->digits[keep - 1] & 1);
            }
        }
        d->count = keep > 0 ? (int)keep : 0;
        if (up) {
            while (d->count && d->digits[d->count - 1] == '9')
                d->count--;
            if (d->count) {
                d->digits[d->count - 1]++;
            } else {
                d->digits[d->count++] = '1';
                d->point++;
            }
        }
    }
    while (d->count && d->digits[d->count - 1] == '0')
        d->count--;
    if (!d->count)
        digits_zero(d);
}

/* The digits of the integer fraction * 2**exponent, all of them. */
static void
digits_of_integer(DoubleDigits *d, uint64_t fraction, int exponent)
{
    Nat x;
    uint64_t chunks[309 / CHUNK + 1];
    int n = 0;
    nat_set(&x, fraction);
    nat_shift_left(&x, exponent);
    while (x.n)
        chunks[n++] = nat_div(&x, CHUNK_UNIT);
    d->count = 0;
    if (n) {
        d->count = digit_count(chunks[n - 1]);
        put_digits(d->digits, chunks[n - 1], d->count);
    }
    for (int i = n - 2; i >= 0; i--, d->count += CHUNK)
        put_digits(d->digits + d->count, chunks[i], CHUNK);
    d->point = d->count;
}

/* The exact value's digits, to `count` and to `places` behind the point, whichever is less. */
static void
digits_exact(DoubleDigits *d, DoubleParts parts, int64_t count, int64_t places)
{
    int below = -parts.exponent; /* bits behind the point */
    if (below <= 0) {
        digits_of_integer(d, parts.fraction, parts.exponent);
        digits_round(d, count < d->point + places ? count : d->point + places, false);
        return;
    }
    digits_of_integer(d, below < 64 ? parts.fraction >> below : 0, 0);
    /* The fraction as a natural whose point is at a limb's edge: each multiplication pushes
     * digits over it. */
    Nat rest;
    int edge = (below + 63) / 64;
    nat_set(&rest, below < 64 ? parts.fraction & (((uint64_t)1 << below) - 1) : parts.fraction);
    nat_shift_left(&rest, edge * 64 - below);
    int64_t keep;
    while ((keep = count < d->point + places ? count : d->point + places) >= d->count && rest.n) {
        uint64_t chunk = 0;
        nat_mul_add(&rest, CHUNK_UNIT, 0);
        if (rest.n > edge) {
            chunk = rest.limbs[edge];
            rest.n = edge;
            while (rest.n && !rest.limbs[rest.n - 1])
                rest.n--;
        }
        int digits = d->count ? CHUNK : chunk ? digit_count(chunk) : 0;
        put_digits(d->digits + d->count, chunk, digits);
        if (!d->count)
            d->point -= CHUNK - digits;
        d->count += digits;
        if (!digits && d->point + places < 0)
            break; /* nothing but zeros is asked for */
    }
    digits_round(d, keep, rest.n != 0);
}

/* ---- quick ---- */

/* `count` digits by one product; false if that is not enough. */
static bool
digits_count_quick(DoubleDigits *d, DoubleParts parts, int count)
{
    if (count > 17)
        return false;
    int spare = __builtin_clzll(parts.fraction);
    uint64_t w = parts.fraction << spare;
    int exponent = parts.exponent - spare;
    /* floor(log10(x)), or that less 1 */
    int log10 = (int)(((int64_t)(exponent + 63) * 1262611) >> 22);
    for (;; log10++) {
        int k = count - 1 - log10;
        if (k < POW10_LOW || k > POW10_HIGH)
            return false;
        Product p = pow10_product(w, k);
        int cut = -exponent - 1 - pow10_log2(k);
        uint64_t digits = p.high >> cut;
        if (digits >= pow10_uint(count))
            continue;
        Rest rest = product_rest(&p, cut);
        if (rest == REST_UNSURE)
            return false;
        digits += rest == REST_ABOVE || (rest == REST_TIE && (digits & 1));
        digits_of_decimal(d, decimal_strip(digits, -k));
        return true;
    }
}

/* `places` behind the point, exactly, if 64 bits are enough for all digits. */
static bool
digits_places_quick(DoubleDigits *d, DoubleParts parts, int64_t places)
{
    if (places < 0 || places > 19 || parts.exponent > 11)
        return false;
    uint64_t whole, power = pow10_uint((int)places);
    if (parts.exponent >= 0) {
        if (__builtin_mul_overflow(parts.fraction << parts.exponent, power, &whole))
            return false;
    } else {
        int below = -parts.exponent;
        whole = below < 64 ? parts.fraction >> below : 0;
        uint64_t fraction = below < 64 ? parts.fraction - (whole << below) : parts.fraction;
        Uint128 product = (Uint128)fraction * power; /* below 2**117 */
        if (__builtin_mul_overflow(whole, power, &whole))
            return false;
        if (below < 120) {
            Uint128 half = (Uint128)1 << (below - 1), rest = product & ((half << 1) - 1);
            if (__builtin_add_overflow(whole, (uint64_t)(product >> below), &whole))
                return false;
            if (rest > half || (rest == half && (whole & 1)))
                if (__builtin_add_overflow(whole, 1, &whole))
                    return false;
        }
    }
    if (whole)
        digits_of_decimal(d, decimal_strip(whole, (int)-places));
    else
        digits_zero(d);
    return true;
}

void
double_digits_count(DoubleDigits *d, double x, int64_t count)
{
    DoubleParts parts = double_parts(x);
    assert(parts.finite && count >= 1);
    if (!parts.fraction)
        digits_zero(d);
    else if (!digits_count_quick(d, parts, count > 17 ? 18 : (int)count))
        digits_exact(d, parts, count < 2000 ? count : 2000, 2000);
}

void
double_digits_places(DoubleDigits *d, double x, int64_t places)
{
    DoubleParts parts = double_parts(x);
    assert(parts.finite);
    places = places > 2000 ? 2000 : places < -2000 ? -2000 : places;
    if (!digits_places_quick(d, parts, places))
        digits_exact(d, parts, 2000, places);
}

double
double_round(double x, int64_t places)
{
    DoubleDigits d;
    double_digits_places(&d, x, places);
    double rounded = double_from_digits(d.digits, (size_t)d.count, d.point);
    return double_bits(x) >> 63 ? -rounded : rounded;
}

/* ---- repr ---- */

static char *
put_exponent(char *to, int exponent)
{
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent >= 100) {
        *to++ = (char)('0' + exponent / 100);
        exponent %= 100;
    }
    put_two(to, (uint32_t)exponent);
    return to + 2;
}

char *
double_repr(char *to, double x)
{
    DoubleParts parts = double_parts(x);
    if (!parts.finite) {
        bool nan = parts.fraction != DOUBLE_HIDDEN;
        if (parts.negative && !nan)
            *to++ = '-';
        memcpy(to, nan ? "nan" : "inf", 3);
        return to + 3;
    }
    if (parts.negative)
        *to++ = '-';
    if (!parts.fraction) {
        memcpy(to, "0.0", 3);
        return to + 3;
    }
    Decimal decimal = decimal_shortest(parts.fraction, parts.exponent);
    int count = digit_count(decimal.digits), point = count + decimal.exponent;
    if (point <= -4 || point > 16) { /* 1.234e+56, 1e+23 */
        put_digits(to + 1, decimal.digits, count);
        to[0] = to[1];
        to[1] = '.';
        return put_exponent(to + (count > 1 ? count + 1 : 1), point - 1);
    }
    if (point <= 0) { /* 0.001234 */
        memcpy(to, "0.000", 5);
        put_digits(to + 2 - point, decimal.digits, count);
        return to + 2 - point + count;
    }
    if (point >= count) { /* 123400.0 */
        put_digits(to, decimal.digits, count);
        memset(to + count, '0', (size_t)(point - count));
        memcpy(to + point, ".0", 2);
        return to + point + 2;
    }
    put_digits(to + 1, decimal.digits,
               count); /* 12.34: the digits before the point move back by one */
    memmove(to, to + 1, (size_t)point);
    to[point] = '.';
    return to + count + 1;
}
