/* The module _hmac: HMAC by names of hashes. The objects are those of mac.c. */
#include "module/exception_class.h"
#include "module/hash/mac.h"
#include "object/bytes.h"
#include "object/args.h"
#include "object/module.h"
#include "object/str.h"
#include "object/type.h"

static Type hacl_mac_type;

#include "_hmac.spec.h"

static Own unknown_hash_error; /* written once, before the module is anybody's */

MAC_METHODS(hacl_mac)
MAC_TYPE(hacl_mac, "_hmac.HMAC");

/* The hashes of this module, by names in lower or upper case. */
static DigestInfo *
named_hash(Value name)
{
    char lower[24] = "";
    if (is_str(name) && as_str(name)->ascii && as_str(name)->length < (int64_t)sizeof lower) {
        for (int64_t i = 0; i < as_str(name)->length; i++) {
            char c = (char)as_str(name)->data[i];
            lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
    }
    static const char *const names[] = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512",
                                        "sha3_224", "sha3_256", "sha3_384", "sha3_512"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], lower) == 0) {
            return digest_info(lower);
        }
    }
    if (strcmp(lower, "blake2s_32") == 0 || strcmp(lower, "blake2b_32") == 0) {
        lower[7] = 0;
        return digest_info(lower);
    }
    raise_fmt((Type *)obj(unknown_hash_error), "unsupported hash type: %R", name);
    return NULL;
}

Own
hmac_new(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"key", "msg", "digestmod"};
    static const ArgsSpec spec = {"new", names, 3, 0, 3, 1, false, false};
    Value slots[3];
    if (args_parse(&spec, args, nargs, kwnames, slots, NULL) < 0) {
        return NO_VALUE;
    }
    if (!slots[2]) {
        return raise_msg(&exc_TypeError, "new() missing 1 required argument 'digestmod'");
    }
    DigestInfo *info = named_hash(slots[2]);
    Buffer key;
    if (!info || digest_buffer(slots[0], &key) < 0) {
        return NO_VALUE;
    }
    Own v = mac_new(&hacl_mac_type, info, &key, slots[1] == NONE ? NO_VALUE : slots[1], NULL);
    buffer_release(&key);
    return v;
}

static Own
compute(DigestInfo *info, Value key_arg, Value msg)
{
    Buffer key, text;
    if (!info || digest_buffer(key_arg, &key) < 0) {
        return NO_VALUE;
    }
    Own digest = NO_VALUE;
    if (digest_buffer(msg, &text) == 0) {
        digest = mac_digest_once(info, &key, &text, NULL);
        buffer_release(&text);
    }
    buffer_release(&key);
    return digest;
}

Own
hmac_compute_digest(Value module UNUSED, Value key, Value msg, Value digest)
{
    return compute(named_hash(digest), key, msg);
}

#define COMPUTE(name, hash)                                                                        \
    Own hmac_compute_##name(Value module UNUSED, Value key, Value msg)                             \
    {                                                                                              \
        return compute(digest_info(hash), key, msg);                                               \
    }
COMPUTE(md5, "md5")
COMPUTE(sha1, "sha1")
COMPUTE(sha224, "sha224")
COMPUTE(sha256, "sha256")
COMPUTE(sha384, "sha384")
COMPUTE(sha512, "sha512")
COMPUTE(sha3_224, "sha3_224")
COMPUTE(sha3_256, "sha3_256")
COMPUTE(sha3_384, "sha3_384")
COMPUTE(sha3_512, "sha3_512")
COMPUTE(blake2s_32, "blake2s")
COMPUTE(blake2b_32, "blake2b")

static int
hmac_exec(Value m)
{
    if (!unknown_hash_error) {
        unknown_hash_error = exception_class_new("_hmac", "UnknownHashError", VALUE(&exc_ValueError), NULL);
    }
    return module_add(m, "UnknownHashError", own_opt(unknown_hash_error)) < 0 ||
                   module_add_type(m, &hacl_mac_type) < 0 || module_add_int(m, "_GIL_MINSIZE", 2048) < 0
               ? -1
               : 0;
}

const ModuleDef module__hmac = {
    .name = "_hmac",
    .doc = hmac_module_doc,
    .functions = hmac_functions,
    .exec = hmac_exec,
};
