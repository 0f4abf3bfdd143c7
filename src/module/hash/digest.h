/* Hash objects over OpenSSL's libcrypto: what _hashlib, _md5, _sha1, _sha2 and _sha3 share.
 *
 * Threads: a digest's context is guarded by its own lock (module/work_lock.h); DigestInfo is immutable but for `md`, which is
 * fetched once. */
#ifndef WEFT_MODULE_HASH_DIGEST_H
#define WEFT_MODULE_HASH_DIGEST_H

#include <openssl/evp.h>

#include "module/work_lock.h"
#include "object/buffer.h"
#include "object/object.h"

typedef struct DigestInfo {
    const char *name;    /* Python's */
    const char *openssl; /* libcrypto's */
    _Atomic(EVP_MD *) md;
} DigestInfo;

typedef struct Digest {
    Object head;
    DigestInfo *info; /* immutable */
    EVP_MD_CTX *ctx;  /* guard: lock */
    Mutex lock;
} Digest;

/* By Python's name, or libcrypto's in any case. null = unknown (no runpy) */
DigestInfo *digest_info(const char *name);
DigestInfo *digest_info_at(size_t i); /* null behind the last */
/* fail: null + the class `error` with libcrypto's reason */
NODISCARD EVP_MD *digest_md(DigestInfo *info, Type *error);
/* ValueError, or the class given, with what libcrypto says. */
Own digest_raise(Type *type) COLD;

/* Bytes to hash. fail: -1 + TypeError */
NODISCARD int digest_buffer(Value v, Buffer *buffer);
/* The argument data, or its old name string (NO_VALUE or None: absent). 1 given, 0 not, -1 both were */
NODISCARD int digest_data_argument(Value data, Value string, Value *out);

/* A new object of type, with data (may be NO_VALUE) hashed. own: ret new */
NODISCARD Own digest_new(Type *type, DigestInfo *info, Value data, Type *error);
NODISCARD Own digest_copy(Digest *self);
NODISCARD Own digest_update(Digest *self, Value data);
/* length < 0: the digest's own. own: ret bytes, or a str in hexadecimal */
NODISCARD Own digest_finish(Digest *self, int64_t length, bool hex);
/* The length argument of shake. fail: -1 */
NODISCARD int64_t digest_length_argument(Value v);
Own digest_name(Digest *self);
Own digest_size(Digest *self);
Own digest_block_size(Digest *self);
void digest_dealloc(Object *o);

#define DIGEST_TYPE(prefix, python_name, type_flags, ...)                                          \
    static Type prefix##_type = {                                                                  \
        .name = python_name,                                                                       \
        .flags = type_flags,                                                                       \
        .basic_size = sizeof(Digest),                                                              \
        .slots = {.dealloc = digest_dealloc, __VA_ARGS__},                                         \
        .methods = prefix##_methods,                                                               \
        .getsets = prefix##_getsets,                                                               \
        .spec_doc = prefix##_doc,                                                                  \
    }

/* The methods that a spec declares for a class over Digest. */
#define DIGEST_METHODS(prefix)                                                                     \
    Own prefix##_py_copy(Digest *self) { return digest_copy(self); }                               \
    Own prefix##_py_update(Digest *self, Value data) { return digest_update(self, data); }         \
    Own prefix##_get_name(Digest *self) { return digest_name(self); }                              \
    Own prefix##_get_digest_size(Digest *self) { return digest_size(self); }                       \
    Own prefix##_get_block_size(Digest *self) { return digest_block_size(self); }
#define DIGEST_FIXED(prefix)                                                                       \
    DIGEST_METHODS(prefix)                                                                         \
    Own prefix##_py_digest(Digest *self) { return digest_finish(self, -1, false); }                \
    Own prefix##_py_hexdigest(Digest *self) { return digest_finish(self, -1, true); }
#define DIGEST_EXTENDABLE(prefix)                                                                  \
    DIGEST_METHODS(prefix)                                                                         \
    Own prefix##_py_digest(Digest *self, Value length)                                             \
    {                                                                                              \
        int64_t n = digest_length_argument(length);                                                \
        return n < 0 ? NO_VALUE : digest_finish(self, n, false);                                   \
    }                                                                                              \
    Own prefix##_py_hexdigest(Digest *self, Value length)                                          \
    {                                                                                              \
        int64_t n = digest_length_argument(length);                                                \
        return n < 0 ? NO_VALUE : digest_finish(self, n, true);                                    \
    }
/* A module's function that makes one: prefix(data=b'', *, usedforsecurity=True, string=None). */
#define DIGEST_FUNCTION(function, type, index_name)                                                \
    Own function(Value module UNUSED, Value data, bool usedforsecurity UNUSED, Value string)       \
    {                                                                                              \
        Value given;                                                                               \
        return digest_data_argument(data, string, &given) < 0                                      \
                   ? NO_VALUE                                                                      \
                   : digest_new(&type, digest_info(index_name), given, NULL);                      \
    }

#endif
