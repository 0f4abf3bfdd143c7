/* BLAKE2 (blake2_core.h). */
#include "module/hash/blake2_core.h"

static const uint64_t iv_large[8] = {
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
};

static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static uint64_t
load(const uint8_t *from, int bytes)
{
    uint64_t x = 0;
    for (int i = bytes; i-- > 0;) {
        x = x << 8 | from[i];
    }
    return x;
}

static void
store(uint8_t *to, uint64_t x, int bytes)
{
    for (int i = 0; i < bytes; i++, x >>= 8) {
        to[i] = (uint8_t)x;
    }
}

/* The mixing function G and the rounds, for one word size. */
#define DEFINE_COMPRESS(name, Word, rounds, r1, r2, r3, r4)                                        \
    static ALWAYS_INLINE Word name##_rotate(Word x, int by)                                        \
    {                                                                                              \
        return x >> by | x << (8 * (int)sizeof(Word) - by);                                        \
    }                                                                                              \
    static ALWAYS_INLINE void name##_mix(Word *v, int a, int b, int c, int d, Word x, Word y)      \
    {                                                                                              \
        v[a] += v[b] + x;                                                                          \
        v[d] = name##_rotate(v[d] ^ v[a], r1);                                                     \
        v[c] += v[d];                                                                              \
        v[b] = name##_rotate(v[b] ^ v[c], r2);                                                     \
        v[a] += v[b] + y;                                                                          \
        v[d] = name##_rotate(v[d] ^ v[a], r3);                                                     \
        v[c] += v[d];                                                                              \
        v[b] = name##_rotate(v[b] ^ v[c], r4);                                                     \
    }                                                                                              \
    static void name(Blake2 *s, const uint8_t *block, bool last)                                   \
    {                                                                                              \
        Word v[16], m[16];                                                                         \
        for (int i = 0; i < 16; i++) {                                                             \
            m[i] = (Word)load(block + i * (int)sizeof(Word), sizeof(Word));                        \
        }                                                                                          \
        for (int i = 0; i < 8; i++) {                                                              \
            v[i] = (Word)s->h[i];                                                                  \
            v[i + 8] = (Word)(iv_large[i] >> (64 - 8 * sizeof(Word)));                             \
        }                                                                                          \
        v[12] ^= (Word)s->count[0];                                                                \
        v[13] ^= (Word)s->count[1];                                                                \
        v[14] ^= last ? (Word)~(Word)0 : 0;                                                        \
        v[15] ^= last && s->last_node ? (Word)~(Word)0 : 0;                                        \
        for (int r = 0; r < rounds; r++) {                                                         \
            const uint8_t *p = sigma[r % 10];                                                      \
            name##_mix(v, 0, 4, 8, 12, m[p[0]], m[p[1]]);                                          \
            name##_mix(v, 1, 5, 9, 13, m[p[2]], m[p[3]]);                                          \
            name##_mix(v, 2, 6, 10, 14, m[p[4]], m[p[5]]);                                         \
            name##_mix(v, 3, 7, 11, 15, m[p[6]], m[p[7]]);                                         \
            name##_mix(v, 0, 5, 10, 15, m[p[8]], m[p[9]]);                                         \
            name##_mix(v, 1, 6, 11, 12, m[p[10]], m[p[11]]);                                       \
            name##_mix(v, 2, 7, 8, 13, m[p[12]], m[p[13]]);                                        \
            name##_mix(v, 3, 4, 9, 14, m[p[14]], m[p[15]]);                                        \
        }                                                                                          \
        for (int i = 0; i < 8; i++) {                                                              \
            s->h[i] ^= v[i] ^ v[i + 8];                                                            \
        }                                                                                          \
    }
DEFINE_COMPRESS(compress_large, uint64_t, 12, 32, 24, 16, 63)
DEFINE_COMPRESS(compress_small, uint32_t, 10, 16, 12, 8, 7)

static void
compress(Blake2 *s, const uint8_t *block, uint64_t bytes, bool last)
{
    s->count[0] += bytes;
    if (s->small) { /* the counter is two words of 32 bits */
        s->count[1] += s->count[0] >> 32;
        s->count[0] &= 0xFFFFFFFF;
        compress_small(s, block, last);
    } else {
        s->count[1] += s->count[0] < bytes;
        compress_large(s, block, last);
    }
}

static size_t
block_size(const Blake2 *s)
{
    return s->small ? 64 : 128;
}

void
blake2_init(Blake2 *b, bool small, const Blake2Params *p)
{
    uint8_t block[64] = {(uint8_t)p->digest_size, (uint8_t)p->key_size, (uint8_t)p->fanout, (uint8_t)p->depth};
    int word = small ? 4 : 8;
    *b = (Blake2){.small = small, .last_node = p->last_node, .digest_size = (uint8_t)p->digest_size};
    store(block + 4, p->leaf_size, 4);
    store(block + 8, p->node_offset, small ? 6 : 8);
    block[small ? 14 : 16] = (uint8_t)p->node_depth;
    block[small ? 15 : 17] = (uint8_t)p->inner_size;
    memcpy(block + 4 * word, p->salt, 2 * (size_t)word);
    memcpy(block + 6 * word, p->person, 2 * (size_t)word);
    for (int i = 0; i < 8; i++) {
        b->h[i] = iv_large[i] >> (small ? 32 : 0) ^ load(block + i * word, word);
    }
    if (p->key_size) {
        memcpy(b->block, p->key, (size_t)p->key_size);
        b->used = (uint8_t)block_size(b);
    }
}

void
blake2_update(Blake2 *b, const uint8_t *data, size_t n)
{
    size_t size = block_size(b);
    while (n > 0) {
        if (b->used == size) { /* a block is compressed when it is certain not to be the last */
            compress(b, b->block, size, false);
            b->used = 0;
        }
        if (b->used == 0 && n > size) {
            compress(b, data, size, false);
            data += size;
            n -= size;
            continue;
        }
        size_t part = size - b->used < n ? size - b->used : n;
        memcpy(b->block + b->used, data, part);
        b->used = (uint8_t)(b->used + part);
        data += part;
        n -= part;
    }
}

void
blake2_final(Blake2 *b, uint8_t *out)
{
    uint8_t whole[64];
    int word = b->small ? 4 : 8;
    memset(b->block + b->used, 0, block_size(b) - b->used);
    compress(b, b->block, b->used, true);
    for (int i = 0; i < 8; i++) {
        store(whole + i * word, b->h[i], word);
    }
    memcpy(out, whole, b->digest_size);
}
