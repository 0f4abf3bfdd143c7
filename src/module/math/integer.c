/* math: functions of ints, over GMP. No state. */
#include <gmp.h>

#include "module/math/math_priv.h"
#include "object/int.h"
#include "object/int_priv.h"

/* Results beyond this are refused before GMP, which ends the process without memory, is asked for them. */
#define BITS_MAX ((int64_t)1 << 36)

Own math_factorial(Value module, Value n);
Own math_gcd(Value self, Value const *args, size_t nargs, Value kwnames);
Own math_lcm(Value self, Value const *args, size_t nargs, Value kwnames);
Own math_isqrt(Value module, Value n);
Own math_comb(Value module, Value n, Value k);
Own math_perm(Value module, Value n, Value k);

/* The int of z, which is cleared. own: ret new */
static Own
take_mpz(mpz_t z)
{
    Own v = int_from_limbs(mpz_limbs_read(z), (int64_t)mpz_size(z), mpz_sgn(z) < 0);
    mpz_clear(z);
    return v;
}

/* -- factorial, and the like -- */

/* The bits of n * (n - 1) * ... of k factors, at most. */
static double
product_bits(Value n, int64_t k)
{
    return (double)k * (double)int_bit_length(n);
}

Own
math_factorial(Value module UNUSED, Value v)
{
    Own n = object_index(v);
    int64_t count;
    if (!n) {
        return NO_VALUE;
    }
    bool negative = int_sign(n) < 0, fits = int_as_i64(n, &count);
    bool huge = !negative && fits && product_bits(n, count) > (double)BITS_MAX;
    drop(n);
    if (negative) {
        return raise_msg(&exc_ValueError, "factorial() not defined for negative values");
    }
    if (!fits) {
        return raise_msg(&exc_OverflowError, "factorial() argument should not exceed 9223372036854775807");
    }
    if (huge) {
        return raise_no_memory();
    }
    if (count <= 20) {
        int64_t product = 1;
        for (int64_t i = 2; i <= count; i++) {
            product *= i;
        }
        return int_from_i64(product);
    }
    mpz_t z;
    mpz_init(z);
    mpz_fac_ui(z, (unsigned long)count);
    return take_mpz(z);
}

/* to = n * (n - 1) * ... of k factors, by halves, so that the big products are of numbers of the same size. */
static void
falling(mpz_t to, const mpz_t n, int64_t k)
{
    if (k <= 8) {
        mpz_t factor;
        mpz_init_set(factor, n);
        mpz_set_ui(to, 1);
        for (int64_t i = 0; i < k; i++) {
            mpz_mul(to, to, factor);
            mpz_sub_ui(factor, factor, 1);
        }
        mpz_clear(factor);
        return;
    }
    mpz_t low, rest;
    mpz_init(low);
    mpz_init(rest);
    mpz_sub_ui(low, n, (unsigned long)(k / 2));
    falling(rest, low, k - k / 2);
    falling(to, n, k / 2);
    mpz_mul(to, to, rest);
    mpz_clear(low);
    mpz_clear(rest);
}

/* n over k, or the number of k-permutations of n. pre: 0 <= k <= n */
static Own
choose_count(Value n, int64_t k, bool combinations)
{
    int64_t small;
    if (combinations && int_as_i64(n, &small) && small <= 61) { /* each step is exact and fits in 64 bits */
        uint64_t result = 1;
        for (int64_t i = 0; i < k; i++) {
            result = (uint64_t)((unsigned __int128)result * (uint64_t)(small - i) / (uint64_t)(i + 1));
        }
        return int_from_u64(result);
    }
    if (product_bits(n, k) > (double)BITS_MAX) {
        return raise_no_memory();
    }
    IntView view;
    mpz_t top, result;
    int_view(&view, n);
    mpz_roinit_n(top, view.limbs, view.n);
    mpz_init(result);
    if (combinations) {
        mpz_bin_ui(result, top, (unsigned long)k);
    } else {
        falling(result, top, k);
    }
    return take_mpz(result);
}

static Own
choose(Value n_arg, Value k_arg, bool combinations)
{
    Own n = object_index(n_arg), k = n ? object_index(k_arg) : NO_VALUE, result = NO_VALUE;
    int64_t count;
    if (k && int_sign(n) < 0) {
        raise_msg(&exc_ValueError, "n must be a non-negative integer");
    } else if (k && int_sign(k) < 0) {
        raise_msg(&exc_ValueError, "k must be a non-negative integer");
    } else if (k && int_compare(k, n) > 0) {
        result = small_int(0);
    } else if (k) {
        Own other = int_sub(n, k);
        bool smaller = other && combinations && int_compare(other, k) < 0;
        if (other && int_as_i64(smaller ? other : k, &count)) {
            result = choose_count(n, count, combinations);
        } else if (other) {
            raise_msg(&exc_OverflowError, combinations ? "min(n - k, k) must not exceed 9223372036854775807"
                                                       : "k must not exceed 9223372036854775807");
        }
        drop_opt(other);
    }
    drop_opt(n);
    drop_opt(k);
    return result;
}

Own
math_comb(Value module UNUSED, Value n, Value k)
{
    return choose(n, k, true);
}

Own
math_perm(Value module, Value n, Value k)
{
    return k == NONE ? math_factorial(module, n) : choose(n, k, false);
}

/* -- divisors, roots -- */

static Own
lcm_of(Value a, Value b)
{
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    mpz_t p, q, result;
    mpz_roinit_n(p, x.limbs, x.n);
    mpz_roinit_n(q, y.limbs, y.n);
    mpz_init(result);
    mpz_lcm(result, p, q);
    return take_mpz(result);
}

/* Folds the arguments, after a first of 0 or 1. */
static Own
fold(Value const *args, size_t nargs, Own start, Own (*step)(Value, Value))
{
    Own result = start;
    for (size_t i = 0; i < nargs && result; i++) {
        Own n = object_index(args[i]), next = n ? step(result, n) : NO_VALUE;
        drop(result);
        drop_opt(n);
        result = next;
    }
    return result;
}

Own
math_gcd(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && object_len(kwnames)) {
        return raise_msg(&exc_TypeError, "math.gcd() takes no keyword arguments");
    }
    return fold(args, nargs, small_int(0), int_gcd);
}

Own
math_lcm(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && object_len(kwnames)) {
        return raise_msg(&exc_TypeError, "math.lcm() takes no keyword arguments");
    }
    return fold(args, nargs, small_int(1), lcm_of);
}

Own
math_isqrt(Value module UNUSED, Value n)
{
    Own i = object_index(n), root = NO_VALUE;
    if (i && int_sign(i) < 0) {
        raise_msg(&exc_ValueError, "isqrt() argument must be nonnegative");
    } else if (i) {
        root = int_isqrt(i);
    }
    drop_opt(i);
    return root;
}
