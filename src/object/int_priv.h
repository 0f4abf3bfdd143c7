/* What the files of int share: a view of any int as sign and magnitude. */
#ifndef WEFT_OBJECT_INT_PRIV_H
#define WEFT_OBJECT_INT_PRIV_H

#include "object/int.h"

/* The limbs of an int, wherever they are; n is 0 for zero. Valid while the value is held and the view lives. */
typedef struct IntView {
    const mp_limb_t *limbs;
    int64_t n;
    bool negative;
    mp_limb_t small; /* the magnitude of an immediate */
} IntView;

static inline void
int_view(IntView *view, Value v)
{
    if (is_small_int(v)) {
        int64_t i = small_int_value(v);
        view->negative = i < 0;
        view->small = i < 0 ? -(uint64_t)i : (uint64_t)i;
        view->limbs = &view->small;
        view->n = i != 0;
    } else {
        const Int *big = as_big_int(v);
        view->negative = big->size < 0;
        view->n = big->size < 0 ? -big->size : big->size;
        view->limbs = big->limbs;
    }
}

/* A fresh int of room for n limbs, to be filled and given to int_finish. fail: null + MemoryError */
NODISCARD Int *int_room(int64_t n);
/* Normalises: the result is immediate when it fits. Eats big. */
NODISCARD Own int_finish(Int *big, int64_t n, bool negative);

/* Around a function of GMP that may allocate, over operands of so many limbs together. Nothing of Python runs between them. fail: -1 + MemoryError, and no
 * end is due */
NODISCARD int int_scratch_begin(int64_t limbs);
void int_scratch_end(void);

/* The most limbs an int may have: beyond it MemoryError, before arithmetic on sizes could overflow. */
#define INT_LIMBS_MAX (INT64_MAX / 1024)

/* The exact int of an int's value. own: ret new */
NODISCARD Own int_exact(Value v);

#endif
