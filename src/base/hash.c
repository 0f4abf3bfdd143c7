/* Hashes (hash.h). SipHash: Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012; here with
 * one round a word and three at the end. */
#include "base/hash.h"

static uint64_t hash_key[2]; /* written before the second thread starts, then constant */

void
hash_set_key(uint64_t k0, uint64_t k1)
{
    hash_key[0] = k0;
    hash_key[1] = k1;
}

typedef struct Sip {
    uint64_t a, b, c, d;
} Sip;

static ALWAYS_INLINE uint64_t
rotate_left(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static ALWAYS_INLINE Sip
sip_round(Sip s)
{
    s.a += s.b;
    s.c += s.d;
    s.b = rotate_left(s.b, 13) ^ s.a;
    s.d = rotate_left(s.d, 16) ^ s.c;
    s.a = rotate_left(s.a, 32) + s.d;
    s.c += s.b;
    s.d = rotate_left(s.d, 21) ^ s.a;
    s.b = rotate_left(s.b, 17) ^ s.c;
    s.c = rotate_left(s.c, 32);
    return s;
}

static ALWAYS_INLINE Sip
sip_word(Sip s, uint64_t word)
{
    s.d ^= word;
    s = sip_round(s);
    s.a ^= word;
    return s;
}

/* Fewer than 8 bytes as a word, lowest first. */
static ALWAYS_INLINE uint64_t
load_tail(const uint8_t *from, size_t n)
{
    uint64_t word = 0;
    if (n >= 4) {
        uint32_t low, high; /* they overlap, and agree where they do */
        memcpy(&low, from, 4);
        memcpy(&high, from + n - 4, 4);
        return low | (uint64_t)high << (n - 4) * 8;
    }
    if (n > 0) {
        word = from[0];
        word |= (uint64_t)from[n / 2] << n / 2 * 8;
        word |= (uint64_t)from[n - 1] << (n - 1) * 8;
    }
    return word;
}

uint64_t
siphash13(const void *bytes, size_t n, uint64_t k0, uint64_t k1)
{
    const uint8_t *at = bytes;
    Sip s = {
        .a = k0 ^ 0x736F6D6570736575,
        .b = k1 ^ 0x646F72616E646F6D,
        .c = k0 ^ 0x6C7967656E657261,
        .d = k1 ^ 0x7465646279746573,
    };
    size_t left = n;
    for (; left >= 8; left -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        s = sip_word(s, word);
    }
    s = sip_word(s, load_tail(at, left) | (uint64_t)n << 56);
    s.c ^= 0xFF;
    s = sip_round(sip_round(sip_round(s)));
    return s.a ^ s.b ^ s.c ^ s.d;
}

Hash
hash_bytes(const void *bytes, size_t n)
{
    if (n == 0)
        return 0;
    return hash_not_minus_one((Hash)siphash13(bytes, n, hash_key[0], hash_key[1]));
}

/* x * 2**by modulo 2**61 - 1: a rotation of 61 bits; pre: x <= HASH_MODULUS, 0 <= by < 61. */
static ALWAYS_INLINE uint64_t
modulus_shift(uint64_t x, int by)
{
    return (x << by & HASH_MODULUS) | x >> (HASH_BITS - by);
}

Hash
hash_limbs(const uint64_t *limbs, size_t n, bool negative)
{
    uint64_t hash = 0;
    while (n--) { /* 2**64 is 2**3 modulo 2**61 - 1 */
        hash = modulus_shift(hash, 3) + (limbs[n] & HASH_MODULUS) + (limbs[n] >> HASH_BITS);
        hash = (hash & HASH_MODULUS) + (hash >> HASH_BITS);
    }
    if (hash >= HASH_MODULUS)
        hash -= HASH_MODULUS;
    return hash_not_minus_one(negative ? -(Hash)hash : (Hash)hash);
}

Hash
hash_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, 8);
    int exponent = bits >> 52 & 0x7FF;
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    Hash hash;
    if (exponent == 0x7FF) {
        hash = HASH_INF;
    } else { /* the value is fraction * 2**(exponent - 1075) */
        if (exponent)
            fraction |= (uint64_t)1 << 52;
        else
            exponent = 1;
        int by = (exponent - 1075) % HASH_BITS;
        hash = (Hash)modulus_shift(fraction, by < 0 ? by + HASH_BITS : by);
    }
    return hash_not_minus_one(bits >> 63 ? -hash : hash);
}
