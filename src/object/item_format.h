/* Single items in memory as C keeps them, by the letters of the struct module: reading them as
 * objects and writing objects as them. memoryview uses the native ones; the struct module those of
 * other sizes and byte orders too. */
#ifndef WEFT_OBJECT_ITEM_FORMAT_H
#define WEFT_OBJECT_ITEM_FORMAT_H

#include "object/object.h"

/* Bytes of a native item c b B h H i I l L q Q n N f d e ? P; 0 = no such letter. */
int item_size(char format);
/* A native item as an object; pre: item_size(format) > 0. own: ret new */
NODISCARD Own item_unpack(char format, const uint8_t *from);

typedef enum ItemError {
    ITEM_OK,
    ITEM_BAD_TYPE,  /* nothing is pending */
    ITEM_BAD_VALUE, /* out of range; nothing is pending */
    ITEM_FAILED,    /* an exception of v's own is pending */
} ItemError;

/* Writes v as a native item. may: runpy */
NODISCARD ItemError item_pack(char format, uint8_t *to, Value v);

/* Integers of 1 to 8 bytes in either byte order. */
uint64_t int_read(const uint8_t *from, int size, bool little);
void int_write(uint8_t *to, uint64_t value, int size, bool little);

/* IEEE 754 binary16. half_from_double gives false where the value is too large. */
double half_to_double(uint16_t bits);
NODISCARD bool half_from_double(double d, uint16_t *bits);

#endif
