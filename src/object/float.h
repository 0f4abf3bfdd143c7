/* float: immediate for most doubles, else an object. Immutable. */
#ifndef WEFT_OBJECT_FLOAT_H
#define WEFT_OBJECT_FLOAT_H

#include "object/object.h"

typedef struct Float {
    Object head;
    double value;
} Float;

NODISCARD Own float_new_slow(double d);
static ALWAYS_INLINE NODISCARD Own
float_new(double d)
{
    Own v = small_float_or_none(d);
    return LIKELY(v != NO_VALUE) ? v : float_new_slow(d);
}
/* pre: is_float(v) */
static ALWAYS_INLINE double
float_value(Value v)
{
    return is_small_float(v) ? small_float_value(v) : ((const Float *)obj(v))->value;
}
NODISCARD Own float_from_str(Value text); /* float("...") : ValueError */
NODISCARD Own float_from_bytes_like(Value v); /* float(b"...") : ValueError; TypeError for what is no number either */
NODISCARD Own float_repr(Value v);
NODISCARD Own float_floordiv(double a, double b); /* ZeroDivisionError */
NODISCARD Own float_mod(double a, double b);
NODISCARD Own float_power(double a, double b);    /* may give a complex */

#endif
