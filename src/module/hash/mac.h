/* HMAC objects over libcrypto: what _hashlib and _hmac share. A context is guarded by its object's lock (module/work_lock.h). */
#ifndef WEFT_MODULE_HASH_MAC_H
#define WEFT_MODULE_HASH_MAC_H

#include "module/hash/digest.h"

typedef struct Mac {
    Object head;
    DigestInfo *info;  /* immutable */
    EVP_MAC_CTX *ctx;  /* guard: lock */
    Mutex lock;
} Mac;

/* msg may be NO_VALUE; error: as digest_md. own: ret new */
NODISCARD Own mac_new(Type *type, DigestInfo *info, const Buffer *key, Value msg, Type *error);
NODISCARD Own mac_digest_once(DigestInfo *info, const Buffer *key, const Buffer *msg, Type *error);
NODISCARD Own mac_copy(Mac *self);
NODISCARD Own mac_update(Mac *self, Value msg);
NODISCARD Own mac_finish(Mac *self, bool hex);
Own mac_name(Mac *self);
Own mac_size(Mac *self);
Own mac_block_size(Mac *self);
Own mac_repr(Value v);
void mac_dealloc(Object *o);

#define MAC_METHODS(prefix)                                                                        \
    Own prefix##_py_copy(Mac *self) { return mac_copy(self); }                                     \
    Own prefix##_py_update(Mac *self, Value msg) { return mac_update(self, msg); }                 \
    Own prefix##_py_digest(Mac *self) { return mac_finish(self, false); }                          \
    Own prefix##_py_hexdigest(Mac *self) { return mac_finish(self, true); }                        \
    Own prefix##_get_name(Mac *self) { return mac_name(self); }                                    \
    Own prefix##_get_block_size(Mac *self) { return mac_block_size(self); }                        \
    Own prefix##_get_digest_size(Mac *self) { return mac_size(self); }
#define MAC_TYPE(prefix, python_name)                                                              \
    static Type prefix##_type = {                                                                  \
        .name = python_name,                                                                       \
        .flags = TYPE_NO_INSTANTIATE,                                                              \
        .basic_size = sizeof(Mac),                                                                 \
        .slots = {.dealloc = mac_dealloc, .repr = mac_repr},                                       \
        .methods = prefix##_methods,                                                               \
        .getsets = prefix##_getsets,                                                               \
        .spec_doc = prefix##_doc,                                                                  \
    }

#endif
