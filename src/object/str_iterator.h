/* Iterating a str: one str of length 1 for each character. */
#ifndef WEFT_OBJECT_STR_ITERATOR_H
#define WEFT_OBJECT_STR_ITERATOR_H

#include "object/str.h"

/* Used up: the text is given back and the field empty. */
typedef struct StrIterator {
    Object head;
    Own text;      /* guard: lock to change */
    int64_t index; /* of the next character; guard: lock */
} StrIterator;

/* own: ret new */
NODISCARD Own str_iter(Value v);

#endif
