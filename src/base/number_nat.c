/* Naturals of a fixed, small capacity (number_priv.h): what exact conversions fall back on. */
#include "base/number_priv.h"

void
nat_set(Nat *x, uint64_t value)
{
    x->n = value != 0;
    x->limbs[0] = value;
}

void
nat_mul_add(Nat *x, uint64_t factor, uint64_t addend)
{
    uint64_t carry = addend;
    for (int i = 0; i < x->n; i++) {
        Uint128 product = (Uint128)x->limbs[i] * factor + carry;
        x->limbs[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    if (carry) {
        assert(x->n < NAT_LIMBS);
        x->limbs[x->n++] = carry;
    }
}

void
nat_mul_pow5(Nat *x, int k)
{
    for (; k >= 27; k -= 27)
        nat_mul_add(x, 7450580596923828125, 0); /* 5**27, the last that fits */
    uint64_t power = 1;
    while (k--)
        power *= 5;
    nat_mul_add(x, power, 0);
}

void
nat_shift_left(Nat *x, int bits)
{
    int limbs = bits / 64;
    bits %= 64;
    if (!x->n)
        return;
    assert(x->n + limbs <= NAT_LIMBS);
    if (limbs) {
        memmove(x->limbs + limbs, x->limbs, (size_t)x->n * 8);
        memset(x->limbs, 0, (size_t)limbs * 8);
        x->n += limbs;
    }
    if (bits)
        nat_mul_add(x, (uint64_t)1 << bits, 0);
}

uint64_t
nat_div(Nat *x, uint64_t divisor)
{
    Uint128 rest = 0;
    for (int i = x->n - 1; i >= 0; i--) {
        rest = rest << 64 | x->limbs[i];
        x->limbs[i] = (uint64_t)(rest / divisor);
        rest %= divisor;
    }
    while (x->n && !x->limbs[x->n - 1])
        x->n--;
    return (uint64_t)rest;
}

int
nat_compare(const Nat *x, const Nat *y)
{
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    for (int i = x->n - 1; i >= 0; i--)
        if (x->limbs[i] != y->limbs[i])
            return x->limbs[i] < y->limbs[i] ? -1 : 1;
    return 0;
}
