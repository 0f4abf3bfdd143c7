/* The module _md5. All is in digest.c. */
#include "module/hash/digest.h"
#include "object/module.h"
#include "object/type.h"

#include "_md5.spec.h"

DIGEST_FIXED(md5_hash)
DIGEST_TYPE(md5_hash, "_md5.md5", TYPE_NO_INSTANTIATE);
DIGEST_FUNCTION(md5_md5, md5_hash_type, "md5")

static int
md5_exec(Value m)
{
    return module_add_int(m, "_GIL_MINSIZE", 2048) < 0 ||
                   type_ready(&md5_hash_type) < 0 || module_add(m, "MD5Type", own(VALUE(&md5_hash_type))) < 0
               ? -1
               : 0;
}

const ModuleDef module__md5 = {
    .name = "_md5",
    .doc = md5_module_doc,
    .functions = md5_functions,
    .exec = md5_exec,
};
