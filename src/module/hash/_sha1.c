/* The module _sha1. All is in digest.c. */
#include "module/hash/digest.h"
#include "object/module.h"
#include "object/type.h"

#include "_sha1.spec.h"

DIGEST_FIXED(sha1_hash)
DIGEST_TYPE(sha1_hash, "_sha1.sha1", TYPE_NO_INSTANTIATE);
DIGEST_FUNCTION(sha1_sha1, sha1_hash_type, "sha1")

static int
sha1_exec(Value m)
{
    return module_add_int(m, "_GIL_MINSIZE", 2048) < 0 ||
                   type_ready(&sha1_hash_type) < 0 || module_add(m, "SHA1Type", own(VALUE(&sha1_hash_type))) < 0
               ? -1
               : 0;
}

const ModuleDef module__sha1 = {
    .name = "_sha1",
    .doc = sha1_module_doc,
    .functions = sha1_functions,
    .exec = sha1_exec,
};
