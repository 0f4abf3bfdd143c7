/* BLAKE2b and BLAKE2s after RFC 7693, with salt, personalisation and tree parameters as in section 2.8 of the paper of BLAKE2
 * (Aumasson, Neves, Wilcox-O'Hearn, Winnerlein, 2013). Pure. */
#ifndef WEFT_MODULE_HASH_BLAKE2_CORE_H
#define WEFT_MODULE_HASH_BLAKE2_CORE_H

#include "base/attr.h"

typedef struct Blake2Params {
    int digest_size, key_size;
    int fanout, depth, node_depth, inner_size;
    uint32_t leaf_size;
    uint64_t node_offset;
    bool last_node;
    uint8_t key[64], salt[16], person[16];
} Blake2Params;

typedef struct Blake2 {
    bool small;  /* BLAKE2s: words of 32 bits, blocks of 64 bytes */
    bool last_node;
    uint8_t digest_size;
    uint8_t used; /* bytes in block, at most a whole one */
    uint64_t h[8];
    uint64_t count[2];
    uint8_t block[128];
} Blake2;

void blake2_init(Blake2 *b, bool small, const Blake2Params *p);
void blake2_update(Blake2 *b, const uint8_t *data, size_t n);
/* Writes digest_size bytes; b is used up. */
void blake2_final(Blake2 *b, uint8_t *out);

#endif
