/* Arithmetic on ints of any size: GMP's mpn functions over sign and magnitude, with immediates first.
 *
 * Immediates have 62 bits, so sums of two never overflow an int64; products are tested. Ints are immutable: no locks. */
#include <math.h>

#include "base/hash.h"
#include "object/float.h"
#include "object/int_priv.h"

Int *
int_room(int64_t n)
{
    if (UNLIKELY(n > INT_LIMBS_MAX)) {
        raise_no_memory();
        return NULL;
    }
    return (Int *)object_alloc(SHAPE_INT, sizeof(Int) + (size_t)n * sizeof(mp_limb_t), 0);
}

Own
int_finish(Int *big, int64_t n, bool negative)
{
    if (UNLIKELY(!big)) {
        return NO_VALUE;
    }
    while (n > 0 && big->limbs[n - 1] == 0) {
        n--;
    }
    if (n <= 1) {
        uint64_t magnitude = n ? big->limbs[0] : 0;
        if (magnitude <= (uint64_t)SMALL_INT_MAX + negative) {
            drop(OWN(big));
            return small_int(negative ? (int64_t)-magnitude : (int64_t)magnitude);
        }
    }
    big->size = negative ? -n : n;
    return OWN(big);
}

Own
int_from_limbs(const mp_limb_t *limbs, int64_t n, bool negative)
{
    Int *big = int_room(n);
    if (big) {
        memcpy(big->limbs, limbs, (size_t)n * sizeof *limbs);
    }
    return int_finish(big, n, negative);
}

Own
int_from_i64_slow(int64_t i)
{
    mp_limb_t limb = i < 0 ? -(uint64_t)i : (uint64_t)i;
    return int_from_limbs(&limb, 1, i < 0);
}

Own
int_from_u64(uint64_t u)
{
    return int_from_limbs(&u, 1, false);
}

bool
int_as_i64(Value v, int64_t *out)
{
    if (is_small_int(v)) {
        *out = small_int_value(v);
        return true;
    }
    const Int *big = as_big_int(v);
    if (big->size == 0) {
        *out = 0;
        return true;
    }
    if (big->size != 1 && big->size != -1) {
        return false;
    }
    uint64_t limit = (uint64_t)INT64_MAX + (big->size < 0);
    *out = (int64_t)(big->size < 0 ? -big->limbs[0] : big->limbs[0]);
    return big->limbs[0] <= limit;
}

int
int_sign(Value v)
{
    int64_t n = is_small_int(v) ? small_int_value(v) : as_big_int(v)->size;
    return n > 0 ? 1 : n < 0 ? -1 : 0;
}

static int
magnitude_compare(const IntView *a, const IntView *b)
{
    if (a->n != b->n) {
        return a->n < b->n ? -1 : 1;
    }
    return a->n ? mpn_cmp(a->limbs, b->limbs, a->n) : 0;
}

int
int_compare(Value a, Value b)
{
    if (are_small_ints(a, b)) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        return x < y ? -1 : x > y;
    }
    int sa = int_sign(a), sb = int_sign(b);
    if (sa != sb) {
        return sa < sb ? -1 : 1;
    }
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    int c = magnitude_compare(&x, &y);
    return sa < 0 ? -c : c;
}

int64_t
int_hash(Value v)
{
    if (is_small_int(v)) {
        return hash_int64(small_int_value(v));
    }
    IntView x;
    int_view(&x, v);
    return hash_limbs(x.limbs, (size_t)x.n, x.negative);
}

int64_t
int_bit_length(Value v)
{
    IntView x;
    int_view(&x, v);
    return x.n ? x.n * 64 - __builtin_clzll(x.limbs[x.n - 1]) : 0;
}

/* Rounds half to even, from the top 64 bits and whether anything is below them. */
bool
int_as_double(Value v, double *out)
{
    if (is_small_int(v)) {
        *out = (double)small_int_value(v);
        return true;
    }
    IntView x;
    int_view(&x, v);
    if (x.n == 0) {
        *out = 0.0;
        return true;
    }
    int lead = __builtin_clzll(x.limbs[x.n - 1]);
    uint64_t top = x.limbs[x.n - 1] << lead;
    bool sticky = false;
    if (x.n > 1) {
        if (lead) {
            top |= x.limbs[x.n - 2] >> (64 - lead);
            sticky = x.limbs[x.n - 2] << lead != 0;
        } else {
            sticky = x.limbs[x.n - 2] != 0;
        }
        for (int64_t i = x.n - 3; i >= 0 && !sticky; i--) {
            sticky = x.limbs[i] != 0;
        }
    }
    int64_t exponent = (x.n - 1) * 64 - lead;
    double d = exponent > 1100 ? INFINITY : ldexp((double)(top | sticky), (int)exponent);
    if (isinf(d)) {
        raise_msg(&exc_OverflowError, "int too large to convert to float");
        return false;
    }
    *out = x.negative ? -d : d;
    return true;
}

Own
int_from_double(double d)
{
    if (isnan(d)) {
        return raise_msg(&exc_ValueError, "cannot convert float NaN to integer");
    }
    if (isinf(d)) {
        return raise_msg(&exc_OverflowError, "cannot convert float infinity to integer");
    }
    if (fabs(d) < 0x1p61) {
        return small_int((int64_t)d);
    }
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(d), &exponent), 64);
    int64_t shift = exponent - 64, n = (exponent + 63) / 64;
    Int *big = int_room(n + 1);
    if (!big) {
        return NO_VALUE;
    }
    if (shift <= 0) {
        big->limbs[0] = mantissa >> -shift;
        return int_finish(big, 1, d < 0);
    }
    mpn_zero(big->limbs, n + 1);
    int64_t word = shift / 64;
    unsigned bits = shift % 64;
    big->limbs[word] = mantissa << bits;
    if (bits) {
        big->limbs[word + 1] = mantissa >> (64 - bits);
    }
    return int_finish(big, n + 1, d < 0);
}

/* -- addition -- */

static Own
add_signed(const IntView *a, const IntView *b, bool b_negative)
{
    const IntView *large = a, *small = b;
    bool negative = a->negative;
    if (magnitude_compare(a, b) < 0) {
        large = b;
        small = a;
        negative = b_negative;
    }
    Int *big = int_room(large->n + 1);
    if (!big || large->n == 0) {
        return int_finish(big, 0, false);
    }
    if (a->negative == b_negative) {
        big->limbs[large->n] = small->n ? mpn_add(big->limbs, large->limbs, large->n, small->limbs, small->n)
                                        : (mpn_copyi(big->limbs, large->limbs, large->n), 0);
        return int_finish(big, large->n + 1, negative);
    }
    if (small->n) {
        mpn_sub(big->limbs, large->limbs, large->n, small->limbs, small->n);
    } else {
        mpn_copyi(big->limbs, large->limbs, large->n);
    }
    return int_finish(big, large->n, negative);
}

Own
int_add(Value a, Value b)
{
    if (LIKELY(are_small_ints(a, b))) {
        return int_from_i64(small_int_value(a) + small_int_value(b));
    }
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    return add_signed(&x, &y, y.negative);
}

Own
int_sub(Value a, Value b)
{
    if (LIKELY(are_small_ints(a, b))) {
        return int_from_i64(small_int_value(a) - small_int_value(b));
    }
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    return add_signed(&x, &y, !y.negative);
}

Own
int_negate(Value a)
{
    if (is_small_int(a)) {
        return int_from_i64(-small_int_value(a));
    }
    IntView x;
    int_view(&x, a);
    return int_from_limbs(x.limbs, x.n, !x.negative);
}

Own
int_invert(Value a)
{
    if (is_small_int(a)) {
        return small_int(~small_int_value(a));
    }
    Own negated = int_negate(a);
    Own result = negated ? int_sub(negated, small_int(1)) : NO_VALUE;
    drop_opt(negated);
    return result;
}

/* -- multiplication and division -- */

Own
int_mul(Value a, Value b)
{
    int64_t product;
    if (LIKELY(are_small_ints(a, b)) && !__builtin_mul_overflow(small_int_value(a), small_int_value(b), &product)) {
        return int_from_i64(product);
    }
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    const IntView *large = x.n >= y.n ? &x : &y, *small = x.n >= y.n ? &y : &x;
    if (small->n == 0) {
        return small_int(0);
    }
    Int *big = int_room(large->n + small->n);
    if (!big || int_scratch_begin(small->n < 64 ? 0 : large->n + small->n) < 0) {
        drop_opt(OWN(big));
        return NO_VALUE;
    }
    if (large->limbs == small->limbs && large->n == small->n) {
        mpn_sqr(big->limbs, large->limbs, large->n);
    } else {
        mpn_mul(big->limbs, large->limbs, large->n, small->limbs, small->n);
    }
    int_scratch_end();
    return int_finish(big, large->n + small->n, x.negative != y.negative);
}

static Own
raise_zero_division(void)
{
    return raise_msg(&exc_ZeroDivisionError, "division by zero");
}

/* Truncating division of magnitudes. Both results new; fail: -1 */
static int
divide_magnitudes(const IntView *x, const IntView *y, Int **quotient, Int **remainder)
{
    *quotient = int_room(x->n - y->n + 1);
    *remainder = *quotient ? int_room(y->n) : NULL;
    if (!*remainder || int_scratch_begin(x->n + y->n) < 0) {
        drop_opt(OWN(*quotient));
        drop_opt(OWN(*remainder));
        return -1;
    }
    mpn_tdiv_qr((*quotient)->limbs, (*remainder)->limbs, 0, x->limbs, x->n, y->limbs, y->n);
    int_scratch_end();
    return 0;
}

/* Rounds towards minus infinity. */
Own
int_divmod(Value a, Value b, Own *remainder)
{
    if (int_sign(b) == 0) {
        return raise_zero_division();
    }
    if (LIKELY(are_small_ints(a, b))) {
        int64_t x = small_int_value(a), y = small_int_value(b), q = x / y, r = x % y;
        if (r != 0 && (r < 0) != (y < 0)) {
            q--;
            r += y;
        }
        *remainder = small_int(r);
        return int_from_i64(q);
    }
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    Own q, r;
    if (x.n < y.n) {
        q = small_int(0);
        r = int_from_limbs(x.limbs, x.n, x.negative);
    } else {
        Int *quotient, *rest;
        if (divide_magnitudes(&x, &y, &quotient, &rest) < 0) {
            return NO_VALUE;
        }
        q = int_finish(quotient, x.n - y.n + 1, x.negative != y.negative);
        r = int_finish(rest, y.n, x.negative);
    }
    if (r && int_sign(r) != 0 && x.negative != y.negative) {
        Own q1 = int_sub(q, small_int(1)), r1 = int_add(r, b);
        drop(q);
        drop(r);
        q = q1;
        r = r1;
    }
    if (!q || !r) {
        drop_opt(q);
        drop_opt(r);
        return NO_VALUE;
    }
    *remainder = r;
    return q;
}

Own
int_floordiv(Value a, Value b)
{
    Own rest;
    Own q = int_divmod(a, b, &rest);
    if (q) {
        drop(rest);
    }
    return q;
}

Own
int_mod(Value a, Value b)
{
    Own rest;
    Own q = int_divmod(a, b, &rest);
    if (!q) {
        return NO_VALUE;
    }
    drop(q);
    return rest;
}

/* Correctly rounded: the quotient is taken to 66 bits or more, with what is left over as a sticky bit. */
static Own
truediv_big(Value a, Value b)
{
    int64_t shift = 66 - (int_bit_length(a) - int_bit_length(b));
    if (shift < -2000) {
        return raise_msg(&exc_OverflowError, "integer division result too large for a float");
    }
    if (shift > 3000) {
        return float_new(int_sign(a) * int_sign(b) < 0 ? -0.0 : 0.0);
    }
    Own rest = NO_VALUE, q = NO_VALUE, result = NO_VALUE;
    Own top = shift > 0 ? int_lshift(a, small_int(shift)) : own(a), bottom = shift < 0 ? int_lshift(b, small_int(-shift)) : own(b);
    Own top_size = top && int_sign(top) < 0 ? int_negate(top) : own_opt(top);
    Own bottom_size = bottom && int_sign(bottom) < 0 ? int_negate(bottom) : own_opt(bottom);
    if (top_size && bottom_size && (q = int_divmod(top_size, bottom_size, &rest))) {
        /* q has 66 or 67 bits. A double near the bottom of its range keeps fewer: round once, at the last bit it has. */
        IntView view;
        int_view(&view, q);
        unsigned __int128 bits = view.n > 1 ? (unsigned __int128)view.limbs[1] << 64 | view.limbs[0] : view.limbs[0];
        int length = view.n > 1 ? 128 - __builtin_clzll(view.limbs[1]) : 64 - __builtin_clzll(view.limbs[0]);
        int64_t lowest = length - shift - 53; /* exponent of the last bit of a normal result */
        int64_t cut = (lowest < -1074 ? -1074 : lowest) + shift;
        bool sticky = int_sign(rest) != 0;
        unsigned __int128 kept = cut >= 128 ? 0 : bits >> cut, lost = cut >= 128 ? bits : bits & (((unsigned __int128)1 << cut) - 1);
        unsigned __int128 half = cut > 128 ? 0 : (unsigned __int128)1 << (cut - 1);
        if (half && (lost > half || (lost == half && (sticky || (kept & 1))))) {
            kept++;
        }
        double d = ldexp((double)(uint64_t)kept, (int)(cut - shift));
        result = isinf(d) ? raise_msg(&exc_OverflowError, "integer division result too large for a float")
                          : float_new(int_sign(a) * int_sign(b) < 0 ? -d : d);
    }
    drop_opt(top);
    drop_opt(bottom);
    drop_opt(top_size);
    drop_opt(bottom_size);
    drop_opt(q);
    drop_opt(rest);
    return result;
}

Own
int_truediv(Value a, Value b)
{
    if (int_sign(b) == 0) {
        return raise_zero_division();
    }
    if (int_sign(a) == 0) {
        return float_new(int_sign(b) < 0 ? -0.0 : 0.0);
    }
    int64_t x, y;
    const int64_t exact = (int64_t)1 << 53;
    if (int_as_i64(a, &x) && int_as_i64(b, &y) && x >= -exact && x <= exact && y >= -exact && y <= exact) {
        return float_new((double)x / (double)y);
    }
    return truediv_big(a, b);
}
