/* The buffer protocol (PEP 3118): memory that an object lends. */
#ifndef WEFT_OBJECT_BUFFER_H
#define WEFT_OBJECT_BUFFER_H

#include "object/object.h"

enum {
    BUFFER_SIMPLE = 0,
    BUFFER_WRITABLE = 1,
    BUFFER_FORMAT = 4,
    BUFFER_ND = 8,
    BUFFER_STRIDES = 0x18,
    BUFFER_C_CONTIGUOUS = 0x38,
    BUFFER_F_CONTIGUOUS = 0x58,
    BUFFER_ANY_CONTIGUOUS = 0x98,
    BUFFER_INDIRECT = 0x118,
    BUFFER_FULL = 0x11D,
    BUFFER_FULL_RO = 0x11C,
};
#define BUFFER_MAX_DIMS 64

struct CriticalSection;

typedef struct Buffer {
    uint8_t *data;
    int64_t length; /* bytes */
    int64_t item_size;
    bool readonly;
    int ndim;
    const char *format;                    /* null = "B" */
    int64_t *shape, *strides, *suboffsets; /* null when not asked for */
    Own owner;                             /* keeps the memory alive; dropped by buffer_release */
    void *internal;                        /* the exporter's */
} Buffer;

/* Buffer.internal of what a class's __buffer__ lent: the view that it returned, which is shared, and what that lends. */
typedef struct LentView {
    Own view;
    Buffer inner;
} LentView;

/* fail: -1 + TypeError "a bytes-like object is required, not 'x'" (BufferError where the request
 * cannot be met) */
NODISCARD int buffer_get(Value v, Buffer *buffer, int flags);
void buffer_release(Buffer *buffer); /* may: runpy; safe to call twice */
/* As buffer_get(BUFFER_SIMPLE), for C code that reads the memory in its own ways: where other threads may be storing
 * into it, a copy of one moment is lent in its place (docs/thread-safety.md, "Memory that is lent"). */
NODISCARD int buffer_get_still(Value v, Buffer *buffer);
/* As buffer_get(BUFFER_SIMPLE), for what the system or a library reads once, whatever others store there meanwhile. (ThreadSanitizer
 * takes that for reads of ours: there it is buffer_get_still, as it is for what is short.) */
NODISCARD int buffer_get_lent(Value v, Buffer *buffer);
/* Narrows what buffer_get(BUFFER_SIMPLE) lent to `length` bytes from `from` on, and makes them stand still: a copy where
 * other threads may be storing there. fail: -1, the buffer still to be released */
NODISCARD int buffer_make_still(Buffer *buffer, int64_t from, int64_t length);
/* For buffer_get, buffer_make_still and what is between them: with v's lock no other thread finds it lent and may not change its size. */
void buffer_lender_enter(struct CriticalSection *section, Value v);
/* For exporters of plain byte arrays. */
NODISCARD int buffer_fill(Buffer *buffer, Value owner, void *data, int64_t length, bool readonly,
                          int flags);
bool object_has_buffer(Value v);
/* Is the memory one run in C order ('C'), Fortran order ('F'), either ('A')? (no runpy) */
bool buffer_is_contiguous(const Buffer *buffer, char order);
/* One byte of what others may be writing to, and the first `byte` in it (memchr). (no runpy) */
static ALWAYS_INLINE uint8_t
lent_byte(const uint8_t *p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED);
}
static ALWAYS_INLINE void
lent_byte_set(uint8_t *p, uint8_t byte)
{
    __atomic_store_n(p, byte, __ATOMIC_RELAXED);
}
const uint8_t *lent_find(const uint8_t *p, int byte, size_t n);
int lent_compare(const uint8_t *a, const uint8_t *b, size_t n); /* memcmp. (no runpy) */
NODISCARD Own bytes_of_lent(const uint8_t *from, int64_t n);    /* a new bytes. (no runpy) */
/* memmove of what others may be writing to: the bytes may be of several moments. (no runpy) */
void buffer_memory_copy(uint8_t *to, const uint8_t *from, size_t n);
/* Copies one item of `size` bytes: whole, where it has a machine's size and is aligned, whatever other threads
 * are writing there. (no runpy) */
void buffer_item_copy(uint8_t *to, const uint8_t *from, int64_t size);
/* Copies all items to or from flat memory of buffer->length bytes in that order ('A': the buffer's
 * own where it is contiguous, else C). pre: the buffer was asked for with strides, or has no shape.
 * (no runpy) */
void buffer_copy_out(const Buffer *buffer, uint8_t *to, char order);
void buffer_copy_in(const Buffer *buffer, const uint8_t *from, char order);

#endif
