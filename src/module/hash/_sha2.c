/* The module _sha2. All is in digest.c. */
#include "module/hash/digest.h"
#include "object/module.h"
#include "object/type.h"

#include "_sha2.spec.h"

DIGEST_FIXED(sha224_hash)
DIGEST_TYPE(sha224_hash, "_sha2.SHA224Type", TYPE_NO_INSTANTIATE);
DIGEST_FUNCTION(sha2_sha224, sha224_hash_type, "sha224")

DIGEST_FIXED(sha256_hash)
DIGEST_TYPE(sha256_hash, "_sha2.SHA256Type", TYPE_NO_INSTANTIATE);
DIGEST_FUNCTION(sha2_sha256, sha256_hash_type, "sha256")

DIGEST_FIXED(sha384_hash)
DIGEST_TYPE(sha384_hash, "_sha2.SHA384Type", TYPE_NO_INSTANTIATE);
DIGEST_FUNCTION(sha2_sha384, sha384_hash_type, "sha384")

DIGEST_FIXED(sha512_hash)
DIGEST_TYPE(sha512_hash, "_sha2.SHA512Type", TYPE_NO_INSTANTIATE);
DIGEST_FUNCTION(sha2_sha512, sha512_hash_type, "sha512")

static int
sha2_exec(Value m)
{
    return module_add_int(m, "_GIL_MINSIZE", 2048) < 0 ||
                   type_ready(&sha224_hash_type) < 0 || module_add(m, "SHA224Type", own(VALUE(&sha224_hash_type))) < 0 ||
                   type_ready(&sha256_hash_type) < 0 || module_add(m, "SHA256Type", own(VALUE(&sha256_hash_type))) < 0 ||
                   type_ready(&sha384_hash_type) < 0 || module_add(m, "SHA384Type", own(VALUE(&sha384_hash_type))) < 0 ||
                   type_ready(&sha512_hash_type) < 0 || module_add(m, "SHA512Type", own(VALUE(&sha512_hash_type))) < 0
               ? -1
               : 0;
}

const ModuleDef module__sha2 = {
    .name = "_sha2",
    .doc = sha2_module_doc,
    .functions = sha2_functions,
    .exec = sha2_exec,
};
