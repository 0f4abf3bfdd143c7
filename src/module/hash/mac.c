/* HMAC objects over libcrypto (mac.h). */
#include "module/hash/mac.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "object/bytes.h"
#include "object/hex.h"
#include "object/int.h"
#include "object/str.h"
#include "object/type.h"

/* A context begun with the key. fail: null + exception */
static EVP_MAC_CTX *
ctx_new(DigestInfo *info, const Buffer *key, Type *error)
{
    EVP_MD *md = digest_md(info, error);
    if (!md) {
        return NULL;
    }
    if (EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF) { /* no HMAC of what has no length */
        digest_raise(error);
        return NULL;
    }
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)(uintptr_t)info->openssl, 0),
        OSSL_PARAM_construct_end(),
    };
    /* A null key would mean "the one it has". */
    const uint8_t *bytes = key->length ? key->data : (const uint8_t *)"";
    EVP_MAC_free(mac);
    if (!ctx || EVP_MAC_init(ctx, bytes, (size_t)key->length, params) != 1) {
        EVP_MAC_CTX_free(ctx);
        digest_raise(error);
        return NULL;
    }
    return ctx;
}

static bool
ctx_update(EVP_MAC_CTX *ctx, const Buffer *b)
{
    bool detached = work_detach(b->length);
    bool good = EVP_MAC_update(ctx, b->data, (size_t)b->length) == 1;
    work_attach(detached);
    return good;
}

static Own
ctx_finish(EVP_MAC_CTX *ctx, bool hex)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t n;
    if (EVP_MAC_final(ctx, digest, &n, sizeof digest) != 1) {
        return digest_raise(NULL);
    }
    return hex ? hex_text(digest, (int64_t)n, 0, 0) : bytes_new(digest, n);
}

Own
mac_new(Type *type, DigestInfo *info, const Buffer *key, Value msg, Type *error)
{
    Buffer b;
    if (msg && digest_buffer(msg, &b) < 0) {
        return NO_VALUE;
    }
    EVP_MAC_CTX *ctx = ctx_new(info, key, error);
    Own v = ctx ? type_alloc(type, 0) : NO_VALUE;
    if (v) {
        ((Mac *)obj(v))->info = info;
        ((Mac *)obj(v))->ctx = ctx;
        if (msg && !ctx_update(ctx, &b)) {
            drop(v);
            v = digest_raise(error);
        }
    } else {
        EVP_MAC_CTX_free(ctx);
    }
    if (msg) {
        buffer_release(&b);
    }
    return v;
}

Own
mac_digest_once(DigestInfo *info, const Buffer *key, const Buffer *msg, Type *error)
{
    EVP_MAC_CTX *ctx = ctx_new(info, key, error);
    if (!ctx) {
        return NO_VALUE;
    }
    Own digest = ctx_update(ctx, msg) ? ctx_finish(ctx, false) : digest_raise(error);
    EVP_MAC_CTX_free(ctx);
    return digest;
}

static EVP_MAC_CTX *
ctx_copy(Mac *self)
{
    work_lock(&self->lock);
    EVP_MAC_CTX *copy = EVP_MAC_CTX_dup(self->ctx);
    work_unlock(&self->lock);
    if (!copy) {
        digest_raise(NULL);
    }
    return copy;
}

Own
mac_copy(Mac *self)
{
    EVP_MAC_CTX *ctx = ctx_copy(self);
    Own v = ctx ? type_alloc(type_of(VALUE(self)), 0) : NO_VALUE;
    if (!v) {
        EVP_MAC_CTX_free(ctx);
        return NO_VALUE;
    }
    ((Mac *)obj(v))->info = self->info;
    ((Mac *)obj(v))->ctx = ctx;
    return v;
}

Own
mac_update(Mac *self, Value msg)
{
    Buffer b;
    if (digest_buffer(msg, &b) < 0) {
        return NO_VALUE;
    }
    work_lock(&self->lock);
    bool good = ctx_update(self->ctx, &b);
    work_unlock(&self->lock);
    buffer_release(&b);
    return good ? NONE : digest_raise(NULL);
}

Own
mac_finish(Mac *self, bool hex)
{
    EVP_MAC_CTX *ctx = ctx_copy(self);
    if (!ctx) {
        return NO_VALUE;
    }
    Own digest = ctx_finish(ctx, hex);
    EVP_MAC_CTX_free(ctx);
    return digest;
}

Own
mac_name(Mac *self)
{
    return str_fmt("hmac-%s", self->info->name);
}

Own
mac_size(Mac *self)
{
    return small_int(EVP_MD_get_size(atomic_load(&self->info->md)));
}

Own
mac_block_size(Mac *self)
{
    return small_int(EVP_MD_get_block_size(atomic_load(&self->info->md)));
}

Own
mac_repr(Value v)
{
    return str_fmt("<%s HMAC object @ %p>", ((Mac *)obj(v))->info->name, obj(v));
}

void
mac_dealloc(Object *o)
{
    EVP_MAC_CTX_free(((Mac *)o)->ctx);
    object_free(o);
}
