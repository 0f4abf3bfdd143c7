/* What the files of math share. */
#ifndef WEFT_MODULE_MATH_PRIV_H
#define WEFT_MODULE_MATH_PRIV_H

#include "object/object.h"

/* float(v) as a C double: -1.0 with an exception pending is failure. */
static inline bool
math_failed(double d)
{
    return d == -1.0 && exc_pending();
}

/* The length of a vector of n coordinates >= 0, of which max is the largest; to less than one unit in the last place. */
double math_vector_length(double *coordinates, size_t n, double max, bool has_nan);

#endif
