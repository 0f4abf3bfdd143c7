/* The module _hashlib: hashes and HMAC by names, and keys out of passwords. The objects are those of digest.c and mac.c.
 *
 * The exception class and the table of constructors are written once, before the module is anybody's. */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/kdf.h>

#include "module/exception_class.h"
#include "module/hash/mac.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

static Type evp_hash_type, evp_xof_type, evp_mac_type;

#include "_hashlib.spec.h"

static Own unsupported_error; /* UnsupportedDigestmodError */
static Own constructors;      /* dict: function -> name of its hash */

static Own
evp_repr(Value v)
{
    return str_fmt("<%s %s object @ %p>", ((Digest *)obj(v))->info->name, type_of(v)->name, obj(v)); /* the full name */
}

/* A class of the program's below it makes none either: they would be without a context. */
static Own
evp_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return raise_fmt(&exc_TypeError, "cannot create '%N' instances", type);
}

DIGEST_FIXED(evp_hash)
DIGEST_TYPE(evp_hash, "_hashlib.HASH", TYPE_NO_INSTANTIATE | TYPE_BASE, .repr = evp_repr, .create = evp_create);

static int64_t
xof_length(Value v)
{
    int64_t n = object_as_ssize(v);
    return n < -1 || (n == -1 && !exc_pending()) ? raise_int(&exc_ValueError, "Cannot convert negative int") : n;
}

Own
evp_xof_py_digest(Digest *self, Value length)
{
    int64_t n = xof_length(length);
    return n < 0 ? NO_VALUE : digest_finish(self, n, false);
}

Own
evp_xof_py_hexdigest(Digest *self, Value length)
{
    int64_t n = xof_length(length);
    return n < 0 ? NO_VALUE : digest_finish(self, n, true);
}

DIGEST_TYPE(evp_xof, "_hashlib.HASHXOF", TYPE_NO_INSTANTIATE, .repr = evp_repr);
MAC_METHODS(evp_mac)
MAC_TYPE(evp_mac, "_hashlib.HMAC");

/* -- hashes -- */

static Own
evp_new(DigestInfo *info, Value data, Value string)
{
    Type *error = (Type *)obj(unsupported_error);
    Value given;
    if (digest_data_argument(data, string, &given) < 0) {
        return NO_VALUE;
    }
    EVP_MD *md = digest_md(info, error);
    if (!md) {
        return NO_VALUE;
    }
    bool xof = (EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF) != 0;
    return digest_new(xof ? &evp_xof_type : &evp_hash_type, info, given, error);
}

static Own
raise_unsupported(void)
{
    return raise_msg((Type *)obj(unsupported_error), "[digital envelope routines] unsupported");
}

/* fail: null + UnsupportedDigestmodError */
static DigestInfo *
info_of_name(Value name)
{
    const char *text = str_utf8(name, NULL);
    DigestInfo *info = text ? digest_info(text) : NULL;
    if (text && !info) {
        raise_unsupported();
    }
    return info;
}

Own
hashlib_new(Value module UNUSED, Value name, Value data, bool usedforsecurity UNUSED, Value string)
{
    DigestInfo *info = info_of_name(name);
    return info ? evp_new(info, data, string) : NO_VALUE;
}

#define OPENSSL(name)                                                                              \
    Own hashlib_openssl_##name(Value module UNUSED, Value data, bool usedforsecurity UNUSED, Value string)                      \
    {                                                                                              \
        return evp_new(digest_info(#name), data, string);                                          \
    }
OPENSSL(md5)
OPENSSL(sha1)
OPENSSL(sha224)
OPENSSL(sha256)
OPENSSL(sha384)
OPENSSL(sha512)
OPENSSL(sha3_224)
OPENSSL(sha3_256)
OPENSSL(sha3_384)
OPENSSL(sha3_512)
OPENSSL(shake_128)
OPENSSL(shake_256)

/* -- HMAC -- */

/* The hash of a name or of a constructor of this module. fail: null + UnsupportedDigestmodError */
static DigestInfo *
info_of_digestmod(Value digestmod)
{
    if (is_str(digestmod)) {
        return info_of_name(digestmod);
    }
    Own name;
    int found = dict_lookup(constructors, digestmod, &name);
    if (found < 0 && !exc_swallow(&exc_TypeError)) { /* what has no hash is none of them */
        return NULL;
    }
    if (found <= 0) {
        raise_fmt((Type *)obj(unsupported_error), "Unsupported digestmod %R", digestmod);
        return NULL;
    }
    DigestInfo *info = info_of_name(name);
    drop(name);
    return info;
}

Own
hashlib_hmac_digest(Value module UNUSED, Buffer *key, Buffer *msg, Value digest)
{
    if (key->length > INT32_MAX || msg->length > INT32_MAX) {
        return raise_fmt(&exc_OverflowError, "%s is too long.", key->length > INT32_MAX ? "key" : "msg");
    }
    DigestInfo *info = info_of_digestmod(digest);
    return info ? mac_digest_once(info, key, msg, (Type *)obj(unsupported_error)) : NO_VALUE;
}

Own
hashlib_hmac_new(Value module UNUSED, Buffer *key, Value msg, Value digestmod)
{
    if (key->length > INT32_MAX) {
        return raise_msg(&exc_OverflowError, "key is too long.");
    }
    if (!digestmod) {
        return raise_msg(&exc_TypeError, "Missing required parameter 'digestmod'.");
    }
    DigestInfo *info = info_of_digestmod(digestmod);
    return info ? mac_new(&evp_mac_type, info, key, msg == NONE ? NO_VALUE : msg, NULL) : NO_VALUE;
}

/* -- keys out of passwords -- */

Own
hashlib_pbkdf2_hmac(Value module UNUSED, Value hash_name, Buffer *password, Buffer *salt, int64_t iterations, Value dklen)
{
    DigestInfo *info = info_of_name(hash_name);
    EVP_MD *md = info ? digest_md(info, (Type *)obj(unsupported_error)) : NULL;
    if (!md) {
        return NO_VALUE;
    }
    if (password->length > INT32_MAX || salt->length > INT32_MAX) {
        return raise_fmt(&exc_OverflowError, "%s is too long.", password->length > INT32_MAX ? "password" : "salt");
    }
    if (iterations < 1) {
        return raise_msg(&exc_ValueError, "iteration value must be greater than 0.");
    }
    if (iterations > INT32_MAX) {
        return raise_msg(&exc_OverflowError, "iteration value is too great.");
    }
    int64_t length = dklen == NONE ? EVP_MD_get_size(md) : object_as_int64(dklen);
    if (length == -1 && exc_pending()) {
        return NO_VALUE;
    }
    if (length < 1) {
        return raise_msg(&exc_ValueError, "key length must be greater than 0.");
    }
    if (length > INT32_MAX) {
        return raise_msg(&exc_OverflowError, "key length is too great.");
    }
    Own key = bytes_new(NULL, (size_t)length);
    if (!key) {
        return NO_VALUE;
    }
    detach();
    int good = PKCS5_PBKDF2_HMAC((const char *)password->data, (int)password->length, salt->data, (int)salt->length,
                                 (int)iterations, md, (int)length, as_bytes(key)->data);
    attach();
    if (good != 1) {
        drop(key);
        return digest_raise(NULL);
    }
    return key;
}

/* A number of scrypt: unsigned. fail: -1 */
static int
scrypt_number(Value v, uint64_t *out)
{
    Own i = object_index(v);
    if (!i) {
        return -1;
    }
    bool negative = int_sign(i) < 0, large = int_bit_length(i) > 64;
    *out = object_as_uint64_mask(i);
    drop(i);
    if (negative) {
        return raise_int(&exc_ValueError, "Cannot convert negative int");
    }
    return large ? raise_int(&exc_OverflowError, "Python int too large for C unsigned long") : 0;
}

Own
hashlib_scrypt(Value module UNUSED, Buffer *password, Buffer *salt, Value n_arg, Value r_arg, Value p_arg, int64_t maxmem,
               int64_t dklen)
{
    uint64_t n, r, p;
    if (scrypt_number(n_arg, &n) < 0 || scrypt_number(r_arg, &r) < 0 || scrypt_number(p_arg, &p) < 0) {
        return NO_VALUE;
    }
    if (password->length > INT32_MAX || salt->length > INT32_MAX) {
        return raise_fmt(&exc_OverflowError, "%s is too long.", password->length > INT32_MAX ? "password" : "salt");
    }
    if (n < 2 || n & (n - 1)) {
        return raise_msg(&exc_ValueError, "n must be a power of 2.");
    }
    if (maxmem < 0 || maxmem > INT32_MAX) {
        return raise_fmt(&exc_ValueError, "maxmem must be positive and smaller than %d", INT32_MAX);
    }
    if (dklen < 1 || dklen > INT32_MAX) {
        return raise_fmt(&exc_ValueError, "dklen must be greater than 0 and smaller than %d", INT32_MAX);
    }
    ERR_clear_error();
    if (EVP_PBE_scrypt(NULL, 0, NULL, 0, n, r, p, (uint64_t)maxmem, NULL, 0) != 1) {
        return ERR_peek_last_error() ? digest_raise(NULL)
                                     : raise_msg(&exc_ValueError, "Invalid parameter combination for n, r, p, maxmem.");
    }
    Own key = bytes_new(NULL, (size_t)dklen);
    if (!key) {
        return NO_VALUE;
    }
    detach();
    int good = EVP_PBE_scrypt((const char *)password->data, (size_t)password->length, salt->data, (size_t)salt->length, n,
                              r, p, (uint64_t)maxmem, as_bytes(key)->data, (size_t)dklen);
    attach();
    if (good != 1) {
        drop(key);
        return digest_raise(NULL);
    }
    return key;
}

/* -- the rest -- */

int64_t
hashlib_get_fips_mode(Value module UNUSED)
{
    return EVP_default_properties_is_fips_enabled(NULL);
}

Own
hashlib_compare_digest(Value module UNUSED, Value a, Value b)
{
    if (is_str(a) && is_str(b)) {
        if (!as_str(a)->ascii || !as_str(b)->ascii) {
            return raise_msg(&exc_TypeError, "comparing strings with non-ASCII characters is not supported");
        }
        return bool_value(as_str(a)->length == as_str(b)->length &&
                          CRYPTO_memcmp(as_str(a)->data, as_str(b)->data, (size_t)as_str(a)->length) == 0);
    }
    if (!object_has_buffer(a) && !object_has_buffer(b)) {
        return raise_fmt(&exc_TypeError, "unsupported operand types(s) or combination of types: '%T' and '%T'", a, b);
    }
    Buffer x = {.owner = NO_VALUE}, y = {.owner = NO_VALUE};
    Own result = NO_VALUE;
    if (buffer_get_still(a, &x) == 0 && buffer_get_still(b, &y) == 0) {
        result = bool_value(x.length == y.length && CRYPTO_memcmp(x.data, y.data, (size_t)x.length) == 0);
    }
    buffer_release(&x);
    buffer_release(&y);
    return result;
}

/* A frozenset of the names of all hashes that this libcrypto has. own: ret new */
static Own
method_names(void)
{
    Own names = list_new(0);
    DigestInfo *info;
    for (size_t i = 0; names && (info = digest_info_at(i)); i++) {
        EVP_MD *md = EVP_MD_fetch(NULL, info->openssl, NULL);
        if (md && list_append_own(names, str_from_cstr(info->name)) < 0) {
            drop(names);
            names = NO_VALUE;
        }
        EVP_MD_free(md);
    }
    ERR_clear_error();
    Own set = names ? call1(VALUE(&frozenset_type), names) : NO_VALUE;
    drop_opt(names);
    return set;
}

/* own: ret new (mappingproxy) */
static Own
make_constructors(Value m)
{
    constructors = dict_new();
    for (const MethodDef *f = hashlib_functions; constructors && f->name; f++) {
        if (strncmp(f->name, "openssl_", 8) == 0) {
            Own function = object_getattr_cstr(m, f->name), name = str_from_cstr(f->name + 8);
            int status = function && name ? dict_set(constructors, function, name) : -1;
            drop_opt(function);
            drop_opt(name);
            if (status < 0) {
                return NO_VALUE;
            }
        }
    }
    return constructors ? call1(VALUE(&mappingproxy_type), constructors) : NO_VALUE;
}

static int
hashlib_exec(Value m)
{
    evp_xof_type.base = &evp_hash_type;
    if (!unsupported_error) {
        unsupported_error =
            exception_class_new("_hashlib", "UnsupportedDigestmodError", VALUE(&exc_ValueError), NULL);
    }
    return module_add(m, "UnsupportedDigestmodError", own_opt(unsupported_error)) < 0 ||
                   module_add_type(m, &evp_hash_type) < 0 || module_add_type(m, &evp_xof_type) < 0 ||
                   module_add_type(m, &evp_mac_type) < 0 || module_add_int(m, "_GIL_MINSIZE", 2048) < 0 ||
                   module_add(m, "openssl_md_meth_names", method_names()) < 0 ||
                   module_add(m, "_constructors", make_constructors(m)) < 0
               ? -1
               : 0;
}

const ModuleDef module__hashlib = {
    .name = "_hashlib",
    .doc = hashlib_module_doc,
    .functions = hashlib_functions,
    .exec = hashlib_exec,
};
