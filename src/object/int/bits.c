/* Shifts and bitwise operators of ints: two's complement of unbounded width over sign and magnitude. Powers, gcd and roots. */
#include <math.h>

#include "object/float.h"
#include "object/int_priv.h"

Own
int_lshift(Value a, Value b)
{
    if (int_sign(b) < 0) {
        return raise_msg(&exc_ValueError, "negative shift count");
    }
    if (int_sign(a) == 0) {
        return small_int(0);
    }
    int64_t count;
    if (!int_as_i64(b, &count) || count / 64 >= INT_LIMBS_MAX) {
        return raise_msg(&exc_OverflowError, "too many digits in integer");
    }
    if (is_small_int(a) && count < 62) {
        int64_t i = small_int_value(a), shifted = (int64_t)((uint64_t)i << count);
        if (shifted >> count == i) {
            return int_from_i64(shifted);
        }
    }
    IntView x;
    int_view(&x, a);
    int64_t words = count / 64, n = x.n + words + 1;
    Int *big = int_room(n);
    if (big) {
        mpn_zero(big->limbs, words);
        if (count % 64) {
            big->limbs[n - 1] = mpn_lshift(big->limbs + words, x.limbs, x.n, (unsigned)(count % 64));
        } else {
            mpn_copyi(big->limbs + words, x.limbs, x.n);
            big->limbs[n - 1] = 0;
        }
    }
    return int_finish(big, n, x.negative);
}

Own
int_rshift(Value a, Value b)
{
    if (int_sign(b) < 0) {
        return raise_msg(&exc_ValueError, "negative shift count");
    }
    int64_t count;
    IntView x;
    int_view(&x, a);
    if (!int_as_i64(b, &count) || count / 64 >= x.n) {
        return small_int(x.negative ? -1 : 0);
    }
    if (is_small_int(a)) {
        return small_int(small_int_value(a) >> count);
    }
    int64_t words = count / 64, n = x.n - words;
    bool lost = false; /* a negative number rounds down when bits fall out */
    for (int64_t i = 0; i < words && !lost; i++) {
        lost = x.limbs[i] != 0;
    }
    Int *big = int_room(n + 1);
    if (!big) {
        return NO_VALUE;
    }
    big->limbs[n] = 0;
    if (count % 64) {
        lost |= mpn_rshift(big->limbs, x.limbs + words, n, (unsigned)(count % 64)) != 0;
    } else {
        mpn_copyi(big->limbs, x.limbs + words, n);
    }
    if (x.negative && lost) {
        big->limbs[n] = mpn_add_1(big->limbs, big->limbs, n, 1);
    }
    return int_finish(big, n + 1, x.negative);
}

/* Limb i of the two's complement form; *borrow carries the +1 of the negation and starts as true. */
static inline mp_limb_t
complement_limb(const IntView *x, int64_t i, bool *borrow)
{
    mp_limb_t limb = i < x->n ? x->limbs[i] : 0;
    if (!x->negative) {
        return limb;
    }
    limb = ~limb + *borrow;
    *borrow = *borrow && limb == 0;
    return limb;
}

Own
int_bitwise(Value a, Value b, BinaryOp op)
{
    if (are_small_ints(a, b)) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        return small_int(op == OP_AND ? x & y : op == OP_OR ? x | y : x ^ y);
    }
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    int64_t n = (x.n > y.n ? x.n : y.n) + 1;
    Int *big = int_room(n);
    if (!big) {
        return NO_VALUE;
    }
    bool bx = true, by = true;
    for (int64_t i = 0; i < n; i++) {
        mp_limb_t p = complement_limb(&x, i, &bx), q = complement_limb(&y, i, &by);
        big->limbs[i] = op == OP_AND ? p & q : op == OP_OR ? p | q : p ^ q;
    }
    bool negative = op == OP_AND ? x.negative & y.negative : op == OP_OR ? x.negative | y.negative : x.negative ^ y.negative;
    if (negative) {
        mpn_neg(big->limbs, big->limbs, n);
    }
    return int_finish(big, n, negative);
}

/* -- powers -- */

/* Square and multiply from the top bit. exponent > 0; modulus may be NO_VALUE, else positive. */
static Own
power_positive(Value base, Value exponent, Value modulus)
{
    IntView e;
    int_view(&e, exponent);
    Own result = modulus ? int_mod(base, modulus) : own(base);
    Own factor = own_opt(result);
    for (int64_t bit = int_bit_length(exponent) - 2; bit >= 0 && result; bit--) {
        for (int step = 0; step < 2 && result; step++) {
            if (step == 1 && !(e.limbs[bit / 64] >> (bit % 64) & 1)) {
                break;
            }
            Own product = int_mul(result, step ? factor : result);
            drop(result);
            result = product;
            if (result && modulus) {
                Own reduced = int_mod(result, modulus);
                drop(result);
                result = reduced;
            }
        }
    }
    drop_opt(factor);
    return result;
}

/* The inverse of a modulo m > 0. fail: 0 + ValueError when there is none */
static Own
modular_inverse(Value a, Value m)
{
    Own r0 = own(m), r1 = int_mod(a, m), t0 = small_int(0), t1 = small_int(1), result = NO_VALUE;
    while (r1 && t1 && int_sign(r1) != 0) {
        Own r2 = NO_VALUE, q = int_divmod(r0, r1, &r2);
        Own product = q ? int_mul(q, t1) : NO_VALUE;
        Own t2 = product ? int_sub(t0, product) : NO_VALUE;
        drop_opt(q);
        drop_opt(product);
        drop(r0);
        drop(t0);
        r0 = r1;
        r1 = r2;
        t0 = t1;
        t1 = t2;
    }
    if (r1 && t1) {
        result = int_compare(r0, small_int(1)) == 0 ? int_mod(t0, m)
                                                    : raise_msg(&exc_ValueError, "base is not invertible for the given modulus");
    }
    drop(r0);
    drop(t0);
    drop_opt(r1);
    drop_opt(t1);
    return result;
}

static Own
power_modulo(Value a, Value b, Value modulus)
{
    if (int_sign(modulus) == 0) {
        return raise_msg(&exc_ValueError, "pow() 3rd argument cannot be 0");
    }
    Own m = int_sign(modulus) < 0 ? int_negate(modulus) : own(modulus);
    Own base = own(a), exponent = own(b), result = NO_VALUE;
    if (m && int_sign(b) < 0) {
        drop(base);
        drop(exponent);
        base = modular_inverse(a, m);
        exponent = int_negate(b);
    }
    if (m && base && exponent) {
        result = int_sign(exponent) == 0 ? int_mod(small_int(1), m) : power_positive(base, exponent, m);
    }
    if (result && int_sign(modulus) < 0 && int_sign(result) > 0) {
        Own moved = int_add(result, modulus);
        drop(result);
        result = moved;
    }
    drop_opt(m);
    drop_opt(base);
    drop_opt(exponent);
    return result;
}

Own
int_pow(Value a, Value b, Value modulus)
{
    if (modulus && modulus != NONE) {
        return power_modulo(a, b, modulus);
    }
    if (int_sign(b) < 0) {
        double x, y;
        return int_as_double(a, &x) && int_as_double(b, &y) ? float_power(x, y) : NO_VALUE;
    }
    if (int_sign(b) == 0) {
        return small_int(1);
    }
    int64_t base, exponent;
    if (int_as_i64(a, &base) && base >= -1 && base <= 1) {
        return small_int(base >= 0 || int_bitwise(b, small_int(1), OP_AND) != small_int(0) ? base : 1);
    }
    if (!int_as_i64(b, &exponent) || exponent > INT_LIMBS_MAX) {
        return raise_no_memory();
    }
    return power_positive(a, b, NO_VALUE);
}

Own
int_gcd(Value a, Value b)
{
    Own x = int_sign(a) < 0 ? int_negate(a) : own(a), y = int_sign(b) < 0 ? int_negate(b) : own(b);
    while (x && y && !are_small_ints(x, y) && int_sign(y) != 0) {
        Own rest = int_mod(x, y);
        drop(x);
        x = y;
        y = rest;
    }
    if (x && y && are_small_ints(x, y)) {
        int64_t p = small_int_value(x), q = small_int_value(y);
        while (q) {
            int64_t rest = p % q;
            p = q;
            q = rest;
        }
        return small_int(p);
    }
    drop_opt(y);
    return x && y ? x : (drop_opt(x), NO_VALUE);
}

/* floor(sqrt(a)). fail: 0 + ValueError for a negative one */
Own
int_isqrt(Value a)
{
    if (int_sign(a) < 0) {
        return raise_msg(&exc_ValueError, "isqrt() argument must be nonnegative");
    }
    IntView x;
    int_view(&x, a);
    if (x.n == 0) {
        return small_int(0);
    }
    Int *root = int_room((x.n + 1) / 2);
    if (root) {
        mpn_sqrtrem(root->limbs, NULL, x.limbs, x.n);
    }
    return int_finish(root, (x.n + 1) / 2, false);
}
