/* The iterators of bytes and bytearray: the bytes as ints, by index, so that a bytearray may change
 * meanwhile.
 *
 * Threads: an iterator that threads share hands out each index once: next() takes the iterator's
 * lock when it is contended. No bytearray is asked under it: waiting for that one's lock would let others in. So
 * a bytearray's byte is looked at first, and taken if the index is still the same. */
#include "bytes_priv.h"

#include "object/iterator.h"
#include "object/tuple.h"

/* Used up: the bytes are given back and the field empty. */
typedef struct BytesIterator {
    Object head;
    Own bytes;     /* bytes or bytearray; guard: lock to change */
    int64_t index; /* of the next byte; guard: lock */
} BytesIterator;

#include "bytes_iterator.spec.h"

static Own
bytes_iterator_new(Type *type, Value bytes)
{
    BytesIterator *it =
        (BytesIterator *)object_alloc(type->root_shape, sizeof(BytesIterator), OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->bytes, own(bytes));
    }
    return OWN(it);
}

Own
bytes_iter(Value v)
{
    return bytes_iterator_new(&bytes_iterator_type, v);
}

Own
bytearray_iter(Value v)
{
    return bytes_iterator_new(&bytearray_iterator_type, v);
}

static Own
bytes_iterator_next(Value v)
{
    BytesIterator *it = (BytesIterator *)obj(v);
    Own used_up = NO_VALUE;
    int byte = -1;
    CriticalSection section;
    critical_enter(&section, &it->head);
    if (LIKELY(it->bytes != NO_VALUE)) {
        const Bytes *bytes = as_bytes(it->bytes);
        if (LIKELY(it->index < bytes->length)) {
            byte = bytes->data[it->index++];
        } else {
            used_up = ref_swap(&it->head, &it->bytes, NO_VALUE);
        }
    }
    critical_leave(&section);
    drop_opt(used_up);
    return byte >= 0 ? small_int(byte) : NO_VALUE;
}

/* The byte at the index, which moves on: *byte is -1 at the end. False: another thread took that one meanwhile. */
static bool
bytearray_iterator_step(BytesIterator *it, int *byte)
{
    *byte = -1;
    CriticalSection section;
    critical_enter(&section, &it->head);
    Own bytes = own_opt(it->bytes), used_up = NO_VALUE;
    int64_t i = it->index;
    critical_leave(&section);
    if (!bytes) {
        return true;
    }
    *byte = bytearray_byte_at((ByteArray *)obj(bytes), i);
    critical_enter(&section, &it->head);
    bool still = it->bytes == bytes && it->index == i;
    if (still && *byte >= 0) {
        it->index = i + 1;
    } else if (still) {
        used_up = ref_swap(&it->head, &it->bytes, NO_VALUE);
    }
    critical_leave(&section);
    drop_opt(used_up);
    drop(bytes);
    return still;
}

static Own
bytearray_iterator_next(Value v)
{
    int byte;
    while (!bytearray_iterator_step((BytesIterator *)obj(v), &byte)) {
    }
    return byte >= 0 ? small_int(byte) : NO_VALUE;
}

static int64_t
bytes_length(Value v)
{
    return is_bytes(v) ? as_bytes(v)->length
                       : __atomic_load_n(&((ByteArray *)obj(v))->length, __ATOMIC_RELAXED);
}

Own
bytes_iterator_py___length_hint__(BytesIterator *self)
{
    int64_t left = self->bytes ? bytes_length(self->bytes) - self->index : 0;
    return small_int(left < 0 ? 0 : left);
}

Own
bytes_iterator_py___reduce__(BytesIterator *self)
{
    return iterator_reduce_place("iter", &self->head, &self->bytes, &self->index, tuple_empty);
}

int
bytes_iterator_py___setstate__(BytesIterator *self, Value state)
{
    int64_t index;
    if (iterator_state(state, &index) < 0) {
        return -1;
    }
    if (self->bytes) {
        int64_t length = bytes_length(self->bytes);
        self->index = index < 0 ? 0 : index > length ? length : index;
    }
    return 0;
}

static int
bytes_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((BytesIterator *)o)->bytes);
    return 0;
}

static void
bytes_iterator_clear(Object *o)
{
    ref_clear(&((BytesIterator *)o)->bytes);
}

static void
bytes_iterator_dealloc(Object *o)
{
    bytes_iterator_clear(o);
    object_free(o);
}

#define ITERATOR_TYPE(NAME, variable, python_name, next_function)                                  \
    Type variable = {                                                                              \
        .name = python_name,                                                                       \
        .root_shape = SHAPE_##NAME,                                                                \
        .flags = TYPE_GC | TYPE_NO_INSTANTIATE,                                                    \
        .basic_size = sizeof(BytesIterator),                                                       \
        .slots =                                                                                   \
            {                                                                                      \
                .traverse = bytes_iterator_traverse,                                               \
                .clear = bytes_iterator_clear,                                                     \
                .dealloc = bytes_iterator_dealloc,                                                 \
                .iter = iterator_self,                                                             \
                .next = next_function,                                                             \
            },                                                                                     \
        .methods = bytes_iterator_methods,                                                         \
        .spec_doc = bytes_iterator_doc,                                                            \
    };
ITERATOR_TYPE(BYTES_ITERATOR, bytes_iterator_type, "bytes_iterator", bytes_iterator_next)
ITERATOR_TYPE(BYTEARRAY_ITERATOR, bytearray_iterator_type, "bytearray_iterator", bytearray_iterator_next)
