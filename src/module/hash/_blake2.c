/* The module _blake2. A hash object's state is guarded by its own lock (module/work_lock.h). */
#include "module/hash/blake2_core.h"
#include "module/hash/digest.h"
#include "object/bytes.h"
#include "object/hex.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/type.h"
#include "object/type/type_priv.h"

typedef struct Blake2Object {
    Object head;
    Blake2 state; /* guard: lock; `small` and digest_size immutable */
    Mutex lock;
} Blake2Object;

static Type blake2b_type, blake2s_type;

#include "_blake2.spec.h"

/* -- making -- */

/* A key, salt or person of at most `most` bytes. */
static int
take_bytes(Value v, const char *what, int most, uint8_t *to, int *size)
{
    Buffer b;
    if (!v) {
        return 0;
    }
    if (buffer_get_still(v, &b) < 0) {
        return -1;
    }
    int64_t n = b.length;
    if (n <= most && n) {
        memcpy(to, b.data, (size_t)n);
    }
    buffer_release(&b);
    if (n > most) {
        return raise_int(&exc_ValueError, "maximum %s length is %d bytes", what, most);
    }
    if (size) {
        *size = (int)n;
    }
    return 0;
}

static int
take_unsigned(Value v, const char *type, uint64_t *out)
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
    return large ? raise_int(&exc_OverflowError, "Python int too large for C %s", type) : 0;
}

/* Checks p's numbers and takes the rest. fail: -1 */
static int
take_params(Blake2Params *p, bool small, Value key, Value salt, Value person, Value leaf_size, Value node_offset)
{
    int most = small ? 32 : 64, salt_size = small ? 8 : 16;
    uint64_t leaf;
    if (p->digest_size <= 0 || p->digest_size > most) {
        return raise_int(&exc_ValueError, "digest_size for Blake2%c must be between 1 and %d bytes, here it is %d",
                         small ? 's' : 'b', most, p->digest_size);
    }
    if (take_bytes(salt, "salt", salt_size, p->salt, NULL) < 0 ||
        take_bytes(person, "person", salt_size, p->person, NULL) < 0) {
        return -1;
    }
    if (p->fanout < 0 || p->fanout > 255) {
        return raise_int(&exc_ValueError, "fanout must be between 0 and 255");
    }
    if (p->depth <= 0 || p->depth > 255) {
        return raise_int(&exc_ValueError, "depth must be between 1 and 255");
    }
    if (take_unsigned(leaf_size, "unsigned long", &leaf) < 0) {
        return -1;
    }
    if (leaf > UINT32_MAX) {
        return raise_int(&exc_OverflowError, "leaf_size is too large");
    }
    p->leaf_size = (uint32_t)leaf;
    if (take_unsigned(node_offset, "unsigned long long", &p->node_offset) < 0) {
        return -1;
    }
    if (small && p->node_offset >> 48) {
        return raise_int(&exc_OverflowError, "node_offset is too large");
    }
    if (p->node_depth < 0 || p->node_depth > 255) {
        return raise_int(&exc_ValueError, "node_depth must be between 0 and 255");
    }
    if (p->inner_size < 0 || p->inner_size > most) {
        return raise_int(&exc_ValueError, "inner_size must be between 0 and is %d", most);
    }
    return take_bytes(key, "key", most, p->key, &p->key_size);
}

static void
object_feed(Blake2Object *self, const Buffer *b)
{
    bool detached = work_detach(b->length);
    blake2_update(&self->state, b->data, (size_t)b->length);
    work_attach(detached);
}

static Own
object_new(Type *cls, bool small, Blake2Params *p, Value data, Value string, Value key, Value salt, Value person,
           Value leaf_size, Value node_offset)
{
    Value given;
    Buffer b;
    if (digest_data_argument(data, string, &given) < 0 ||
        take_params(p, small, key, salt, person, leaf_size, node_offset) < 0 ||
        (given && digest_buffer(given, &b) < 0)) {
        return NO_VALUE;
    }
    Own v = type_alloc(cls, 0);
    if (v) {
        blake2_init(&((Blake2Object *)obj(v))->state, small, p);
        if (given) {
            object_feed((Blake2Object *)obj(v), &b);
        }
    }
    if (given) {
        buffer_release(&b);
    }
    return v;
}

/* -- using -- */

static Own
object_copy(Blake2Object *self)
{
    Own v = type_alloc(type_of(VALUE(self)), 0);
    if (v) {
        work_lock(&self->lock);
        ((Blake2Object *)obj(v))->state = self->state;
        work_unlock(&self->lock);
    }
    return v;
}

static Own
object_update(Blake2Object *self, Value data)
{
    Buffer b;
    if (digest_buffer(data, &b) < 0) {
        return NO_VALUE;
    }
    work_lock(&self->lock);
    object_feed(self, &b);
    work_unlock(&self->lock);
    buffer_release(&b);
    return NONE;
}

static Own
object_finish(Blake2Object *self, bool hex)
{
    uint8_t digest[64];
    work_lock(&self->lock);
    Blake2 state = self->state;
    work_unlock(&self->lock);
    blake2_final(&state, digest);
    return hex ? hex_text(digest, state.digest_size, 0, 0) : bytes_new(digest, state.digest_size);
}

static void
object_dealloc(Object *o)
{
    object_free(o);
}

#define BLAKE2_TYPE(prefix, small_words)                                                           \
    Own prefix##_make(Type *cls, Value data, int digest_size, Value key, Value salt, Value person, int fanout, int depth,       \
                      Value leaf_size, Value node_offset, int node_depth, int inner_size, bool last_node,                       \
                      bool usedforsecurity UNUSED, Value string)                                   \
    {                                                                                              \
        Blake2Params p = {.digest_size = digest_size, .fanout = fanout, .depth = depth, .node_depth = node_depth,               \
                          .inner_size = inner_size, .last_node = last_node};                       \
        return object_new(cls, small_words, &p, data, string, key, salt, person, leaf_size, node_offset);                       \
    }                                                                                              \
    Own prefix##_py_copy(Blake2Object *self) { return object_copy(self); }                         \
    Own prefix##_py_digest(Blake2Object *self) { return object_finish(self, false); }              \
    Own prefix##_py_hexdigest(Blake2Object *self) { return object_finish(self, true); }            \
    Own prefix##_py_update(Blake2Object *self, Value data) { return object_update(self, data); }   \
    Own prefix##_get_name(Blake2Object *self UNUSED) { return str_from_cstr(#prefix); }            \
    Own prefix##_get_block_size(Blake2Object *self UNUSED) { return small_int(small_words ? 64 : 128); }                        \
    Own prefix##_get_digest_size(Blake2Object *self) { return small_int(self->state.digest_size); }                             \
    static Type prefix##_type = {                                                                  \
        .name = "_blake2." #prefix,                                                                \
        .basic_size = sizeof(Blake2Object),                                                        \
        .slots = {.dealloc = object_dealloc, .create = prefix##_create_slot},                      \
        .methods = prefix##_methods,                                                               \
        .getsets = prefix##_getsets,                                                               \
        .spec_doc = prefix##_doc,                                                                  \
    }
BLAKE2_TYPE(blake2b, false);
BLAKE2_TYPE(blake2s, true);

static int
add_sizes(Value m, Type *type, const char *prefix, int most, int salt)
{
    static const char *const names[] = {"SALT_SIZE", "PERSON_SIZE", "MAX_KEY_SIZE", "MAX_DIGEST_SIZE"};
    int values[] = {salt, salt, most, most};
    if (module_add_type(m, type) < 0) {
        return -1;
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char full[40];
        snprintf(full, sizeof full, "%s_%s", prefix, names[i]);
        Own name = str_intern_cstr(names[i]);
        if (!name || type_set_own(type, name, small_int(values[i])) < 0 || module_add_int(m, full, values[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
blake2_exec(Value m)
{
    return add_sizes(m, &blake2b_type, "BLAKE2B", 64, 16) < 0 || add_sizes(m, &blake2s_type, "BLAKE2S", 32, 8) < 0
               ? -1
               : module_add_int(m, "_GIL_MINSIZE", 2048);
}

const ModuleDef module__blake2 = {
    .name = "_blake2",
    .doc = blake2_module_doc,
    .exec = blake2_exec,
};
