/* The buffer protocol: asking for memory, giving it back, and copying what is not contiguous.
 *
 * Threads: a Buffer belongs to the function that asked for it. Exporters guard their own counts. The memory may be written to by other threads:
 * copies are made with the exporter locked, so that they see none of its methods halfway; what is written through views at the same time is seen or not,
 * byte by byte. */
#include "object/buffer.h"

#include "base/sanitize.h"
#include "heap/critical.h"
#include "object/bytes.h"
#include "object/memoryview.h"
#include "object/type/slotdefs.h"

enum { LENT_LEAST = 2048 }; /* bytes: fewer are copied as quickly as lent */

bool
object_has_buffer(Value v)
{
    return is_object(v) && type_of(v)->slots.getbuffer != NULL;
}

int
buffer_get(Value v, Buffer *buffer, int flags)
{
    *buffer = (Buffer){0};
    if (!object_has_buffer(v)) {
        return raise_int(&exc_TypeError, "a bytes-like object is required, not '%T'", v);
    }
    return type_of(v)->slots.getbuffer(v, buffer, flags);
}

void
buffer_lender_enter(CriticalSection *section, Value v)
{
    section->first = NULL;
    if (UNLIKELY(threads_many) && is_object(v) && !is_bytes(v)) {
        critical_enter(section, obj(v));
    }
}

/* At most `longest` bytes are made to stand still. */
static int
get_still(Value v, Buffer *buffer, int64_t longest)
{
    CriticalSection section;
    buffer_lender_enter(&section, v);
    int status = buffer_get(v, buffer, BUFFER_SIMPLE);
    if (UNLIKELY(threads_many) && status == 0 && buffer->length <= longest &&
        (status = buffer_make_still(buffer, 0, buffer->length)) < 0) {
        buffer_release(buffer);
    }
    critical_leave(&section);
    return status;
}

int
buffer_get_still(Value v, Buffer *buffer)
{
    return get_still(v, buffer, INT64_MAX);
}

int
buffer_get_lent(Value v, Buffer *buffer)
{
    return get_still(v, buffer, WITH_TSAN ? INT64_MAX : LENT_LEAST);
}

void
buffer_release(Buffer *buffer)
{
    Own owner = buffer->owner;
    if (!owner) {
        return;
    }
    void (*release)(Value, Buffer *) = type_of(owner)->slots.releasebuffer;
    if (release) {
        release(owner, buffer);
    }
    buffer->owner = NO_VALUE;
    drop(owner);
}

int
buffer_fill(Buffer *buffer, Value owner, void *data, int64_t length, bool readonly, int flags)
{
    if (readonly && (flags & BUFFER_WRITABLE)) {
        return raise_int(&exc_BufferError, "Object is not writable.");
    }
    *buffer = (Buffer){.data = data,
                       .length = length,
                       .item_size = 1,
                       .readonly = readonly,
                       .ndim = 1,
                       .owner = own(owner)};
    buffer->format = flags & BUFFER_FORMAT ? "B" : NULL;
    buffer->shape = flags & BUFFER_ND ? &buffer->length : NULL;
    buffer->strides = (flags & BUFFER_STRIDES) == BUFFER_STRIDES ? &buffer->item_size : NULL;
    return 0;
}

/* The address of item i along dimension d, from that of the dimension's first. */
static uint8_t *
step_into(const Buffer *b, int d, uint8_t *base, int64_t i)
{
    uint8_t *at = base + b->strides[d] * i;
    if (b->suboffsets && b->suboffsets[d] >= 0) {
        at = *(uint8_t **)at + b->suboffsets[d];
    }
    return at;
}

static bool
is_contiguous_c(const Buffer *b)
{
    int64_t expected = b->item_size;
    for (int d = b->ndim - 1; d >= 0; d--) {
        if (b->shape[d] > 1 && b->strides[d] != expected) {
            return false;
        }
        expected *= b->shape[d];
    }
    return true;
}

static bool
is_contiguous_fortran(const Buffer *b)
{
    int64_t expected = b->item_size;
    for (int d = 0; d < b->ndim; d++) {
        if (b->shape[d] > 1 && b->strides[d] != expected) {
            return false;
        }
        expected *= b->shape[d];
    }
    return true;
}

bool
buffer_is_contiguous(const Buffer *b, char order)
{
    if (b->suboffsets) {
        return false;
    }
    if (b->length == 0) {
        return true;
    }
    bool c = !b->strides || !b->shape || is_contiguous_c(b);
    if (order == 'C' || (c && (order == 'A' || b->ndim <= 1))) {
        return c;
    }
    return b->strides && b->shape ? is_contiguous_fortran(b) : b->ndim <= 1;
}

const uint8_t *
lent_find(const uint8_t *p, int byte, size_t n)
{
#if WITH_TSAN
    for (size_t i = 0; i < n; i++) {
        if (lent_byte(p + i) == byte) {
            return p + i;
        }
    }
    return NULL;
#else
    return memchr(p, byte, n);
#endif
}

int
lent_compare(const uint8_t *a, const uint8_t *b, size_t n)
{
#if WITH_TSAN
    int difference = 0;
    for (size_t i = 0; i < n && !difference; i++) {
        difference = lent_byte(a + i) - lent_byte(b + i);
    }
    return difference;
#else
    return memcmp(a, b, n);
#endif
}

Own
bytes_of_lent(const uint8_t *from, int64_t n)
{
    if (!threads_many || n <= 1) {
        uint8_t one = n == 1 ? lent_byte(from) : 0;
        return bytes_new(n == 1 ? &one : from, (size_t)n);
    }
    Own result = bytes_new(NULL, (size_t)n);
    if (result) {
        buffer_memory_copy(as_bytes(result)->data, from, (size_t)n);
    }
    return result;
}

void
buffer_memory_copy(uint8_t *to, const uint8_t *from, size_t n)
{
#if WITH_TSAN
    for (size_t k = 0; k < n; k++) {
        size_t i = to < from ? k : n - 1 - k;
        __atomic_store_n(&to[i], __atomic_load_n(&from[i], __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    }
#else
    memmove(to, from, n);
#endif
}

void
buffer_item_copy(uint8_t *to, const uint8_t *from, int64_t size)
{
    uintptr_t both = (uintptr_t)to | (uintptr_t)from;
    if (size == 8 && both % 8 == 0) {
        __atomic_store_n((uint64_t *)to, __atomic_load_n((const uint64_t *)from, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    } else if (size == 4 && both % 4 == 0) {
        __atomic_store_n((uint32_t *)to, __atomic_load_n((const uint32_t *)from, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    } else if (size == 2 && both % 2 == 0) {
        __atomic_store_n((uint16_t *)to, __atomic_load_n((const uint16_t *)from, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    } else {
        buffer_memory_copy(to, from, (size_t)size);
    }
}

/* Whose methods change the memory, null where nobody's do. Borrowed from the buffer. */
static Object *
memory_owner(const Buffer *b)
{
    const Buffer *base = b;
    while (base->owner && is_object(base->owner)) {
        if (IS_EXACT(base->owner, MEMORYVIEW)) {
            Value memory = as_memoryview(base->owner)->memory; /* held: the view lends its memory */
            if (!memory) {
                return NULL;
            }
            base = &((LentMemory *)obj(memory))->buffer;
        } else if (type_of(base->owner)->slots.getbuffer == dispatch__buffer__ && base->internal) {
            base = &((LentView *)base->internal)->inner;
        } else {
            return base->readonly || is_bytes(base->owner) ? NULL : obj(base->owner);
        }
    }
    return NULL;
}

/* Copies the items below dimension d; `steps` are those of the flat memory. */
static void
copy_dimension(const Buffer *b, int d, uint8_t *base, uint8_t *flat, const int64_t *steps, bool out)
{
    if (d == b->ndim) {
        buffer_item_copy(out ? flat : base, out ? base : flat, b->item_size);
        return;
    }
    for (int64_t i = 0; i < b->shape[d]; i++) {
        copy_dimension(b, d + 1, step_into(b, d, base, i), flat + i * steps[d], steps, out);
    }
}

static void
copy_flat_locked(const Buffer *b, uint8_t *flat, char order, bool out)
{
    if (order == 'A') {
        order = buffer_is_contiguous(b, 'F') && !buffer_is_contiguous(b, 'C') ? 'F' : 'C';
    }
    if (buffer_is_contiguous(b, order)) {
        buffer_memory_copy(out ? flat : b->data, out ? b->data : flat, (size_t)b->length);
        return;
    }
    int64_t steps[BUFFER_MAX_DIMS], step = b->item_size, unit_strides[BUFFER_MAX_DIMS];
    for (int k = 0; k < b->ndim; k++) {
        int d = order == 'F' ? k : b->ndim - 1 - k;
        steps[d] = step;
        step *= b->shape[d];
    }
    Buffer with_strides = *b;
    if (!b->strides) { /* C order is meant */
        int64_t stride = b->item_size;
        for (int d = b->ndim - 1; d >= 0; d--) {
            unit_strides[d] = stride;
            stride *= b->shape[d];
        }
        with_strides.strides = unit_strides;
    }
    copy_dimension(&with_strides, 0, b->data, flat, steps, out);
}

static void
copy_flat(const Buffer *b, uint8_t *flat, char order, bool out)
{
    Object *owner = UNLIKELY(threads_many) ? memory_owner(b) : NULL;
    CriticalSection section = {0};
    if (owner) {
        critical_enter(&section, owner);
    }
    copy_flat_locked(b, flat, order, out);
    critical_leave(&section);
}

void
buffer_copy_out(const Buffer *b, uint8_t *to, char order)
{
    copy_flat(b, to, order, true);
}

void
buffer_copy_in(const Buffer *b, const uint8_t *from, char order)
{
    copy_flat(b, (uint8_t *)(uintptr_t)from, order, false);
}

int
buffer_make_still(Buffer *b, int64_t from, int64_t length)
{
    b->data += from;
    b->length = length;
    Object *owner = UNLIKELY(threads_many) ? memory_owner(b) : NULL;
    if (LIKELY(!owner || !obj_is_contended(owner))) {
        return 0;
    }
    Own copy = bytes_new(NULL, (size_t)length);
    if (!copy) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, owner);
    if (length) {
        buffer_memory_copy(as_bytes(copy)->data, b->data, (size_t)length);
    }
    critical_leave(&section);
    buffer_release(b);
    int status = buffer_fill(b, copy, as_bytes(copy)->data, length, true, BUFFER_SIMPLE);
    drop(copy);
    return status;
}
