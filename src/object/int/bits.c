/* Shifts and bitwise operators of ints: two's complement of unbounded width over sign and magnitude. Powers, gcd and roots. */
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

/* -- powers and divisors: GMP's mpz functions, over read-only views of ints -- */

static inline mpz_srcptr
view_mpz(mpz_t z, const IntView *x)
{
    return mpz_roinit_n(z, x->limbs, x->n);
}

/* The int of a result that GMP made; frees it. */
static Own
int_from_mpz(mpz_t z)
{
    Own result = int_from_limbs(mpz_limbs_read(z), (int64_t)mpz_size(z), mpz_sgn(z) < 0);
    mpz_clear(z);
    return result;
}

/* Square and multiply from the top bit. exponent > 0. Of results too large for GMP, which ends the process when it finds no memory. */
static Own
power_large(Value base, int64_t exponent)
{
    Own result = own(base);
    for (int bit = 62 - __builtin_clzll((uint64_t)exponent); bit >= 0 && result; bit--) {
        for (int step = 0; step < 1 + (exponent >> bit & 1) && result; step++) {
            Own product = int_mul(result, step ? base : (Value)result);
            drop(result);
            result = product;
        }
    }
    return result;
}

#define POWER_BITS_MAX ((int64_t)1 << 26)

/* exponent > 0, |base| > 1 */
static Own
power_positive(Value base, int64_t exponent)
{
    int64_t bits;
    if (__builtin_mul_overflow(int_bit_length(base), exponent, &bits) || bits > POWER_BITS_MAX) {
        return power_large(base, exponent);
    }
    IntView x;
    int_view(&x, base);
    mpz_t b, r;
    mpz_init(r);
    mpz_pow_ui(r, view_mpz(b, &x), (unsigned long)exponent);
    if (x.negative && (exponent & 1)) {
        mpz_neg(r, r);
    }
    return int_from_mpz(r);
}

/* a ** b % modulus for modulus > 0. fail: 0 + ValueError */
static Own
power_modulo_positive(Value a, Value b, Value modulus)
{
    IntView x, y, m;
    mpz_t base, exponent, mod, r;
    Own reduced = int_mod(a, modulus);
    if (!reduced) {
        return NO_VALUE;
    }
    int_view(&x, reduced);
    int_view(&y, b);
    int_view(&m, modulus);
    mpz_init(r);
    mpz_srcptr base_view = view_mpz(base, &x), mod_view = view_mpz(mod, &m), exponent_view = view_mpz(exponent, &y);
    bool ok = true;
    if (y.negative) { /* the inverse of the base, to the opposite exponent */
        ok = mpz_invert(r, base_view, mod_view) != 0 || mpz_cmp_ui(mod_view, 1) == 0;
        base_view = r;
    }
    if (ok) {
        mpz_powm(r, base_view, exponent_view, mod_view);
    } else {
        raise_msg(&exc_ValueError, "base is not invertible for the given modulus");
    }
    drop(reduced);
    if (!ok) {
        mpz_clear(r);
        return NO_VALUE;
    }
    return int_from_mpz(r);
}

static Own
power_modulo(Value a, Value b, Value modulus)
{
    int sign = int_sign(modulus);
    if (sign == 0) {
        return raise_msg(&exc_ValueError, "pow() 3rd argument cannot be 0");
    }
    Own m = sign < 0 ? int_negate(modulus) : own(modulus);
    Own result = m ? power_modulo_positive(a, b, m) : NO_VALUE;
    drop_opt(m);
    if (result && sign < 0 && int_sign(result) > 0) {
        Own moved = int_add(result, modulus);
        drop(result);
        result = moved;
    }
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
    return power_positive(a, exponent);
}

Own
int_gcd(Value a, Value b)
{
    if (are_small_ints(a, b)) {
        int64_t p = small_int_value(a), q = small_int_value(b);
        p = p < 0 ? -p : p;
        q = q < 0 ? -q : q;
        while (q) {
            int64_t rest = p % q;
            p = q;
            q = rest;
        }
        return int_from_i64(p);
    }
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    mpz_t p, q, r;
    mpz_init(r);
    mpz_gcd(r, view_mpz(p, &x), view_mpz(q, &y));
    return int_from_mpz(r);
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
    if (!root || int_scratch_begin(x.n) < 0) {
        drop_opt(OWN(root));
        return NO_VALUE;
    }
    mpn_sqrtrem(root->limbs, NULL, x.limbs, x.n);
    int_scratch_end();
    return int_finish(root, (x.n + 1) / 2, false);
}
