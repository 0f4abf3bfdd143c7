/* array.array: items of one kind in plain memory.
 *
 * Threads: the memory is read and changed under the array's lock. What is stored is turned into its C form before the lock is
 * taken, as that may run Python code; what is read becomes an object under it, as that does not. */
#ifndef WEFT_MODULE_ARRAY_H
#define WEFT_MODULE_ARRAY_H

#include "heap/critical.h"
#include "object/buffer.h"
#include "object/object.h"

typedef struct ArrayKind {
    char code;
    uint8_t size;
    bool is_int, is_signed, is_text;
} ArrayKind;

typedef struct Array {
    Object head;
    const ArrayKind *kind; /* immutable */
    uint8_t *data;         /* guard, for all below: lock */
    int64_t length;        /* items */
    int64_t capacity;      /* items */
    int64_t item_size;     /* immutable */
    int64_t exports;       /* buffers given out: no resizing while > 0 */
} Array;

extern Type array_type, array_iterator_type;

static inline Array *
as_array(Value v)
{
    return (Array *)obj(v);
}

static inline bool
is_array(Value v)
{
    return is_object(v) && is_instance_of(v, &array_type);
}

/* -- array_kind.c: items -- */
const ArrayKind *array_kind(uint32_t code); /* null = no such letter */
const ArrayKind *array_kind_at(size_t i);   /* null behind the last */
/* v as an item, in 8 bytes at most. fail: -1 · may: runpy */
NODISCARD int array_item_from(const ArrayKind *kind, Value v, uint8_t *to);
NODISCARD Own array_item_to(const ArrayKind *kind, const uint8_t *from);
/* The number of the machine's format that the kind has (pickle), -1 = none. */
int array_machine_format(const ArrayKind *kind);
/* Items of a kind out of bytes in a machine's format: appends to a, or tells which kind fits better. */
NODISCARD Own array_reconstruct(Type *type, const ArrayKind *kind, int format, Value bytes);

/* -- array_change.c: under the lock -- */
/* Makes room for n more and gives where; null + BufferError, MemoryError */
NODISCARD uint8_t *array_grow_locked(Array *a, int64_t at, int64_t n);
NODISCARD int array_remove_locked(Array *a, int64_t at, int64_t n);
NODISCARD int array_append_bytes(Array *a, const uint8_t *items, int64_t n); /* takes the lock */
/* Adds what is in v: an array of the same kind, or an iterable. fail: -1 · may: runpy */
NODISCARD int array_extend(Array *a, Value v);
/* The same of any iterable: item by item, but a list or tuple at once. */
NODISCARD int array_extend_items(Array *a, Value v);
/* What array(typecode, initial) puts into a, which is empty. fail: -1 · may: runpy */
NODISCARD int array_fill(Array *a, Value initial);
NODISCARD int array_setitem(Value v, Value key, Value value);
NODISCARD Own array_getitem(Value v, Value key);
NODISCARD Own array_item_at(Array *a, int64_t i); /* NO_VALUE with nothing pending out of range */
NODISCARD Own array_new(Type *type, const ArrayKind *kind, const uint8_t *items, int64_t n);
/* A copy of the items in fresh memory (mem_free). fail: null */
NODISCARD uint8_t *array_snapshot(Array *a, int64_t *n);

#endif
