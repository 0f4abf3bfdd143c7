/* bool: the two ints that stand for truth. Immortal. */
#ifndef WEFT_OBJECT_BOOL_H
#define WEFT_OBJECT_BOOL_H

#include "object/int.h"

/* Laid out as an Int of at most one limb, so that int's functions take it. */
typedef struct BoolObject {
    Object head;
    int64_t size;
    mp_limb_t limb;
} BoolObject;

#endif
