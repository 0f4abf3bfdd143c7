#include "base/hash.h"
#include "check.h"

CASE(siphash_of_known_inputs)
{
    /* key 00 01 .. 0f; inputs 00, 00 01, ...: the first outputs of the 1-3 variant's published test
     * vectors */
    static const uint64_t want[] = {0xABAC0158050FC4DC, 0xC9F49BF37D57CA93, 0x82CB9B024DC7D44D,
                                    0x8BF80AB8E7DDF7FB, 0xCF75576088D38328, 0xDEF9D52F49533B67,
                                    0xC50D2B50C59F22A7, 0xD3927D989BB11140, 0x369095118D299A8E};
    uint8_t input[16];
    for (size_t n = 0; n < ARRAY_LEN(want); n++) {
        input[n] = (uint8_t)n;
        CHECK(siphash13(input, n, 0x0706050403020100, 0x0F0E0D0C0B0A0908) == want[n]);
    }
}

CASE(bytes_hash_under_the_key)
{
    CHECK_INT(hash_bytes("", 0), 0);
    hash_set_key(1, 2);
    Hash first = hash_bytes("weft", 4);
    CHECK_INT(first, (Hash)siphash13("weft", 4, 1, 2));
    hash_set_key(1, 3);
    CHECK(hash_bytes("weft", 4) != first);
    hash_set_key(0, 0);
}

/* The definition, by long division. */
static Hash
slow_hash(const uint64_t *limbs, size_t n, bool negative)
{
    unsigned __int128 rest = 0;
    while (n--)
        rest = (rest << 64 | limbs[n]) % HASH_MODULUS;
    Hash hash = negative ? -(Hash)rest : (Hash)rest;
    return hash == -1 ? -2 : hash;
}

CASE(integers_hash_modulo_the_prime)
{
    CHECK_INT(hash_int64(0), 0);
    CHECK_INT(hash_int64(1), 1);
    CHECK_INT(hash_int64(-1), -2);
    CHECK_INT(hash_int64(-2), -2);
    CHECK_INT(hash_int64(HASH_MODULUS), 0);
    CHECK_INT(hash_int64(-(int64_t)HASH_MODULUS), 0);
    CHECK_INT(hash_int64(HASH_MODULUS + 1), 1);
    CHECK_INT(hash_int64(HASH_MODULUS - 1), (Hash)HASH_MODULUS - 1);
    CHECK_INT(hash_int64(INT64_MIN), -4);
    CHECK_INT(hash_int64(INT64_MAX), 3);
    uint64_t x = 1, limbs[7];
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < ARRAY_LEN(limbs); i++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            limbs[i] = x >> 62 == 0 ? UINT64_MAX : x >> 62 == 1 ? HASH_MODULUS : x ^ x >> 29;
        }
        size_t n = (size_t)round % (ARRAY_LEN(limbs) + 1);
        CHECK_INT(hash_limbs(limbs, n, round & 1), slow_hash(limbs, n, round & 1));
        int64_t small = (int64_t)limbs[0];
        uint64_t size = small < 0 ? -limbs[0] : limbs[0];
        CHECK_INT(hash_int64(small), slow_hash(&size, 1, small < 0));
    }
}

CASE(doubles_hash_as_equal_integers_and_fractions)
{
    CHECK_INT(hash_double(0.0), 0);
    CHECK_INT(hash_double(-0.0), 0);
    CHECK_INT(hash_double(1.0), 1);
    CHECK_INT(hash_double(-1.0), -2);
    CHECK_INT(hash_double(INFINITY), HASH_INF);
    CHECK_INT(hash_double(-INFINITY), -HASH_INF);
    CHECK_INT(hash_double(0.5), 1152921504606846976); /* the inverse of 2 */
    CHECK_INT(hash_double(0x1p61), 1);
    CHECK_INT(hash_double(1e18), 1000000000000000000);
    CHECK_INT(hash_double(-0x1p63), hash_int64(INT64_MIN));
    uint64_t limbs[16] = {0};
    for (int exponent = 0; exponent < 960; exponent++) { /* 0x12345678901 * 2**exponent */
        memset(limbs, 0, sizeof(limbs));
        uint64_t odd = 0x12345678901;
        limbs[exponent / 64] = odd << exponent % 64;
        if (exponent % 64 > 20)
            limbs[exponent / 64 + 1] = odd >> (64 - exponent % 64);
        CHECK_INT(hash_double(ldexp((double)odd, exponent)), slow_hash(limbs, 16, false));
    }
    for (int exponent = 0; exponent < 1022; exponent++) { /* x * 2**e == 1, for each power */
        unsigned __int128 product = (unsigned __int128)(uint64_t)hash_double(ldexp(1, -exponent)) *
                                    (uint64_t)hash_double(ldexp(1, exponent));
        CHECK_INT((int64_t)(product % HASH_MODULUS), 1);
    }
}

CHECK_MAIN()
