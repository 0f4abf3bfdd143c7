/* complex: two doubles. Immutable. */
#ifndef WEFT_OBJECT_COMPLEX_H
#define WEFT_OBJECT_COMPLEX_H

#include "object/object.h"

typedef struct Complex {
    Object head;
    double real, imag;
} Complex;

NODISCARD Own complex_new(double real, double imag);
/* a ** b of a negative a and a fractional b. */
NODISCARD Own complex_power_of_floats(double a, double b);
/* complex(v): of a complex, float, int, or by __complex__, __float__, __index__. fail: -1 + TypeError */
NODISCARD int object_as_complex(Value v, double *real, double *imag);

#endif
