/* Hash objects over OpenSSL (digest.h). */
#include "module/hash/digest.h"

#include <openssl/err.h>
#include <strings.h>

#include "object/bytes.h"
#include "object/hex.h"
#include "object/int.h"
#include "object/str.h"
#include "object/type.h"

static DigestInfo infos[] = {
    {.name = "md5", .openssl = "MD5"},
    {.name = "sha1", .openssl = "SHA1"},
    {.name = "sha224", .openssl = "SHA2-224"},
    {.name = "sha256", .openssl = "SHA2-256"},
    {.name = "sha384", .openssl = "SHA2-384"},
    {.name = "sha512", .openssl = "SHA2-512"},
    {.name = "sha512_224", .openssl = "SHA2-512/224"},
    {.name = "sha512_256", .openssl = "SHA2-512/256"},
    {.name = "sha3_224", .openssl = "SHA3-224"},
    {.name = "sha3_256", .openssl = "SHA3-256"},
    {.name = "sha3_384", .openssl = "SHA3-384"},
    {.name = "sha3_512", .openssl = "SHA3-512"},
    {.name = "shake_128", .openssl = "SHAKE128"},
    {.name = "shake_256", .openssl = "SHAKE256"},
    {.name = "blake2s", .openssl = "BLAKE2s256"},
    {.name = "blake2b", .openssl = "BLAKE2b512"},
    {.name = "sm3", .openssl = "SM3"},
    {.name = "ripemd160", .openssl = "RIPEMD160"},
    {.name = "md5-sha1", .openssl = "MD5-SHA1"},
};

DigestInfo *
digest_info_at(size_t i)
{
    return i < ARRAY_LEN(infos) ? &infos[i] : NULL;
}

DigestInfo *
digest_info(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(infos); i++) {
        if (strcmp(infos[i].name, name) == 0) {
            return &infos[i];
        }
    }
    EVP_MD *md = EVP_MD_fetch(NULL, name, NULL); /* knows each under many names */
    DigestInfo *found = NULL;
    for (size_t i = 0; md && i < ARRAY_LEN(infos) && !found; i++) {
        found = EVP_MD_is_a(md, infos[i].openssl) ? &infos[i] : NULL;
    }
    EVP_MD_free(md);
    if (!found) {
        ERR_clear_error();
    }
    return found;
}

Own
digest_raise(Type *type)
{
    unsigned long code = ERR_peek_last_error();
    type = type ? type : &exc_ValueError;
    if (!code) {
        return raise_msg(type, "no reason supplied");
    }
    const char *lib = ERR_lib_error_string(code), *reason = ERR_reason_error_string(code);
    ERR_clear_error();
    if (lib && reason) {
        return raise_fmt(type, "[%s] %s", lib, reason);
    }
    return raise_msg(type, reason ? reason : "no reason supplied");
}

EVP_MD *
digest_md(DigestInfo *info, Type *error)
{
    EVP_MD *md = atomic_load_explicit(&info->md, memory_order_acquire), *none = NULL;
    if (md) {
        return md;
    }
    md = EVP_MD_fetch(NULL, info->openssl, NULL);
    if (!md) {
        digest_raise(error);
        return NULL;
    }
    if (!atomic_compare_exchange_strong(&info->md, &none, md)) { /* another thread was first */
        EVP_MD_free(md);
        md = none;
    }
    return md;
}

/* -- arguments -- */

int
digest_buffer(Value v, Buffer *buffer)
{
    if (is_str(v)) {
        return raise_int(&exc_TypeError, "Strings must be encoded before hashing");
    }
    if (!object_has_buffer(v)) {
        return raise_int(&exc_TypeError, "object supporting the buffer API required");
    }
    if (buffer_get_lent(v, buffer) < 0) {
        return -1;
    }
    if (buffer->ndim > 1) {
        buffer_release(buffer);
        return raise_int(&exc_BufferError, "Buffer must be single dimension");
    }
    return 0;
}

int
digest_data_argument(Value data, Value string, Value *out)
{
    string = string == NONE ? NO_VALUE : string;
    if (data && string) {
        return raise_int(&exc_TypeError, "'data' and 'string' are mutually exclusive and support for 'string' "
                                         "keyword parameter is slated for removal in a future version.");
    }
    *out = data ? data : string;
    return *out != NO_VALUE;
}

int64_t
digest_length_argument(Value v)
{
    int64_t n = object_as_ssize(v);
    if (n == -1 && exc_pending()) {
        return -1;
    }
    if (n < 0) {
        return raise_int(&exc_ValueError, "Cannot convert negative int");
    }
    return n >= 1 << 29 ? raise_int(&exc_ValueError, "length is too large") : n;
}

/* -- the objects -- */

static bool
ctx_update(EVP_MD_CTX *ctx, const Buffer *b)
{
    bool detached = work_detach(b->length);
    bool good = EVP_DigestUpdate(ctx, b->data, (size_t)b->length) == 1;
    work_attach(detached);
    return good;
}

Own
digest_new(Type *type, DigestInfo *info, Value data, Type *error)
{
    Buffer b = {.owner = NO_VALUE};
    EVP_MD *md = digest_md(info, error);
    if (!md || (data && digest_buffer(data, &b) < 0)) {
        return NO_VALUE;
    }
    Own v = type_alloc(type, 0);
    if (v) {
        Digest *d = (Digest *)obj(v);
        d->info = info;
        d->ctx = EVP_MD_CTX_new();
        if (!d->ctx || EVP_DigestInit_ex2(d->ctx, md, NULL) != 1 || (data && !ctx_update(d->ctx, &b))) {
            digest_raise(error);
            drop(v);
            v = NO_VALUE;
        }
    }
    if (data) {
        buffer_release(&b);
    }
    return v;
}

/* A copy of the context as it is now. fail: null + exception */
static EVP_MD_CTX *
ctx_copy(Digest *d)
{
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    work_lock(&d->lock);
    bool good = copy && EVP_MD_CTX_copy_ex(copy, d->ctx) == 1;
    work_unlock(&d->lock);
    if (!good) {
        EVP_MD_CTX_free(copy);
        digest_raise(NULL);
        return NULL;
    }
    return copy;
}

Own
digest_copy(Digest *self)
{
    EVP_MD_CTX *ctx = ctx_copy(self);
    Own v = ctx ? type_alloc(type_of(VALUE(self)), 0) : NO_VALUE;
    if (!v) {
        EVP_MD_CTX_free(ctx);
        return NO_VALUE;
    }
    ((Digest *)obj(v))->info = self->info;
    ((Digest *)obj(v))->ctx = ctx;
    return v;
}

Own
digest_update(Digest *self, Value data)
{
    Buffer b;
    if (digest_buffer(data, &b) < 0) {
        return NO_VALUE;
    }
    work_lock(&self->lock);
    bool good = ctx_update(self->ctx, &b);
    work_unlock(&self->lock);
    buffer_release(&b);
    return good ? NONE : digest_raise(NULL);
}

Own
digest_finish(Digest *self, int64_t length, bool hex)
{
    bool fixed = length < 0;
    unsigned wrote;
    EVP_MD_CTX *ctx = ctx_copy(self);
    if (!ctx) {
        return NO_VALUE;
    }
    length = fixed ? EVP_MD_CTX_get_size(ctx) : length;
    Own bytes = bytes_new(NULL, (size_t)length);
    bool good = bytes != NO_VALUE;
    if (good && fixed) {
        good = EVP_DigestFinal_ex(ctx, as_bytes(bytes)->data, &wrote) == 1;
    } else if (good && length > 0) { /* libcrypto refuses to give nothing */
        good = EVP_DigestFinalXOF(ctx, as_bytes(bytes)->data, (size_t)length) == 1;
    }
    EVP_MD_CTX_free(ctx);
    if (!good) {
        if (bytes) {
            digest_raise(NULL);
        }
        drop_opt(bytes);
        return NO_VALUE;
    }
    if (hex) {
        Own text = hex_text(as_bytes(bytes)->data, length, 0, 0);
        drop(bytes);
        return text;
    }
    return bytes;
}

Own
digest_name(Digest *self)
{
    return str_from_cstr(self->info->name);
}

Own
digest_size(Digest *self)
{
    const EVP_MD *md = atomic_load(&self->info->md);
    return small_int(EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF ? 0 : EVP_MD_get_size(md));
}

Own
digest_block_size(Digest *self)
{
    return small_int(EVP_MD_get_block_size(atomic_load(&self->info->md)));
}

void
digest_dealloc(Object *o)
{
    EVP_MD_CTX_free(((Digest *)o)->ctx);
    object_free(o);
}
