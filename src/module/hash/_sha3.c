/* The module _sha3. Its types are those of digest.c, with the numbers of the sponge. */
#include "module/hash/digest.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/module.h"
#include "object/type.h"

#include "_sha3.spec.h"

/* Bits of state that no input touches: the block is what is left of 1600. */
static Own
capacity_bits(Digest *self)
{
    return small_int(1600 - 8 * EVP_MD_get_block_size(atomic_load(&self->info->md)));
}

static Own
rate_bits(Digest *self)
{
    return small_int(8 * EVP_MD_get_block_size(atomic_load(&self->info->md)));
}

#define SPONGE(prefix, python_name, suffix)                                                        \
    Own prefix##_get__capacity_bits(Digest *self) { return capacity_bits(self); }                  \
    Own prefix##_get__rate_bits(Digest *self) { return rate_bits(self); }                          \
    Own prefix##_get__suffix(Digest *self UNUSED) { return bytes_new(suffix, 1); }                 \
    Own prefix##_make(Type *cls, Value data, bool usedforsecurity UNUSED, Value string)            \
    {                                                                                              \
        Value given;                                                                               \
        return digest_data_argument(data, string, &given) < 0                                      \
                   ? NO_VALUE                                                                      \
                   : digest_new(cls, digest_info(python_name), given, NULL);                       \
    }                                                                                              \
    DIGEST_TYPE(prefix, "_sha3." python_name, 0, .create = prefix##_create_slot)

DIGEST_FIXED(sha3_224_hash)
SPONGE(sha3_224_hash, "sha3_224", "\x06");
DIGEST_FIXED(sha3_256_hash)
SPONGE(sha3_256_hash, "sha3_256", "\x06");
DIGEST_FIXED(sha3_384_hash)
SPONGE(sha3_384_hash, "sha3_384", "\x06");
DIGEST_FIXED(sha3_512_hash)
SPONGE(sha3_512_hash, "sha3_512", "\x06");
DIGEST_EXTENDABLE(shake_128_hash)
SPONGE(shake_128_hash, "shake_128", "\x1F");
DIGEST_EXTENDABLE(shake_256_hash)
SPONGE(shake_256_hash, "shake_256", "\x1F");

static int
sha3_exec(Value m)
{
    Type *types[] = {&sha3_224_hash_type, &sha3_256_hash_type, &sha3_384_hash_type, &sha3_512_hash_type, &shake_128_hash_type, &shake_256_hash_type};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (module_add_type(m, types[i]) < 0) {
            return -1;
        }
    }
    return module_add_cstr(m, "implementation", "OpenSSL") < 0 ? -1 : module_add_int(m, "_GIL_MINSIZE", 2048);
}

const ModuleDef module__sha3 = {
    .name = "_sha3",
    .doc = sha3_module_doc,
    .exec = sha3_exec,
};
