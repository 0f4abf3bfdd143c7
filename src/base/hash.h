/* Hashes: of bytes (keyed, so that nobody can choose keys that collide), and of numbers (the same
 * for equal numbers of whatever type, as the Python reference lays down under "Hashing of numeric
 * types": the value modulo 2**61 - 1).
 *
 * A hash is never -1. The key is set once, at start-up, before a second thread exists, and only
 * read after that.
 */
#ifndef WEFT_BASE_HASH_H
#define WEFT_BASE_HASH_H

#include "base/attr.h"

typedef int64_t Hash;

#define HASH_BITS 61
#define HASH_MODULUS (((uint64_t)1 << HASH_BITS) - 1)
#define HASH_INF 314159
#define HASH_IMAG 1000003

void hash_set_key(uint64_t k0, uint64_t k1);

/* SipHash-1-3 of the bytes under the key; 0 if there are none. */
Hash hash_bytes(const void *bytes, size_t n);

uint64_t siphash13(const void *bytes, size_t n, uint64_t k0, uint64_t k1);

/* Of the integer whose magnitude is n limbs, lowest first. */
Hash hash_limbs(const uint64_t *limbs, size_t n, bool negative);

/* pre: not a NaN (a NaN hashes as the object it is). */
Hash hash_double(double x);

static inline Hash
hash_not_minus_one(Hash hash)
{
    return hash - (hash == -1);
}

static inline Hash
hash_int64(int64_t x)
{
    uint64_t size = x < 0 ? -(uint64_t)x : (uint64_t)x;
    size = (size & HASH_MODULUS) + (size >> HASH_BITS);
    Hash hash = (Hash)(size >= HASH_MODULUS ? size - HASH_MODULUS : size);
    return hash_not_minus_one(x < 0 ? -hash : hash);
}

/* By identity: an address, its always zero low bits moved where they do no harm. */
static inline Hash
hash_pointer(const void *p)
{
    uint64_t bits = (uintptr_t)p;
    return hash_not_minus_one((Hash)(bits >> 4 | bits << 60));
}

#endif
