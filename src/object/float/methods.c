/* The methods of float. Floats are immutable: no locks. */
#include <math.h>

#include "base/number.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

/* A float of class cls with the value of v (eaten). A subclass is called with it, as a constructor that
 * classes inherit has to do. */
static Own
float_of_class(Type *cls, Own v)
{
    if (!v || cls == &float_type) {
        return v;
    }
    Own instance = call1(VALUE(cls), v);
    drop(v);
    return instance;
}

static Own
exact(const Float *self)
{
    return float_new(float_value(VALUE(self)));
}

Own
float_py_conjugate(Float *self)
{
    return exact(self);
}

Own
float_get_real(Float *self)
{
    return exact(self);
}

Own
float_get_imag(Float *self UNUSED)
{
    return float_new(0.0);
}

Own
float_py___getnewargs__(Float *self)
{
    Own v = exact(self);
    return v ? tuple_from_own(&v, 1) : NO_VALUE;
}

int
float_py_is_integer(Float *self)
{
    double d = float_value(VALUE(self));
    return isfinite(d) && floor(d) == d;
}

/* |d| is an odd whole number times a power of two. */
Own
float_py_as_integer_ratio(Float *self)
{
    double d = float_value(VALUE(self));
    if (isinf(d)) {
        return raise_msg(&exc_OverflowError, "cannot convert Infinity to integer ratio");
    }
    if (isnan(d)) {
        return raise_msg(&exc_ValueError, "cannot convert NaN to integer ratio");
    }
    int exponent;
    int64_t whole = (int64_t)ldexp(frexp(d, &exponent), 53);
    int zeros = whole ? __builtin_ctzll((uint64_t)whole) : 0;
    exponent = whole ? exponent - 53 + zeros : 0;
    Own numerator = int_from_i64(whole / ((int64_t)1 << zeros)), denominator = small_int(1);
    if (exponent > 0) {
        Own shifted = numerator ? int_lshift(numerator, small_int(exponent)) : NO_VALUE;
        drop_opt(numerator);
        numerator = shifted;
    } else if (exponent < 0) {
        denominator = int_lshift(denominator, small_int(-exponent));
    }
    if (!numerator || !denominator) {
        drop_opt(numerator);
        drop_opt(denominator);
        return NO_VALUE;
    }
    Own pair[] = {numerator, denominator};
    return tuple_from_own(pair, 2);
}

Own
float_py_hex(Float *self)
{
    char text[DOUBLE_HEX_MAX];
    return str_from_latin1((uint8_t *)text, (size_t)(double_hex(text, float_value(VALUE(self))) - text));
}

Own
float_py_fromhex(Type *cls, Value string)
{
    if (!is_str(string)) {
        return raise_msg(&exc_TypeError, "bad argument type for built-in operation");
    }
    size_t bytes;
    const char *text = str_utf8(string, &bytes);
    double d;
    if (!text) {
        return NO_VALUE;
    }
    switch (double_from_hex(text, bytes, &d)) {
    case DOUBLE_HEX_INVALID:
        return raise_msg(&exc_ValueError, "invalid hexadecimal floating-point string");
    case DOUBLE_HEX_TOO_LARGE:
        return raise_msg(&exc_OverflowError, "hexadecimal value too large to represent as a float");
    case DOUBLE_HEX_OK:
        break;
    }
    return float_of_class(cls, float_new(d));
}

Own
float_py_from_number(Type *cls, Value number)
{
    if (cls == &float_type && (is_small_float(number) || IS_EXACT(number, FLOAT))) {
        return own(number);
    }
    double d = object_as_double(number);
    return d == -1.0 && exc_pending() ? NO_VALUE : float_of_class(cls, float_new(d));
}

Own
float_py___getformat__(Type *cls UNUSED, Value typestr)
{
    if (!str_equals_cstr(typestr, "double") && !str_equals_cstr(typestr, "float")) {
        return raise_msg(&exc_ValueError, "__getformat__() argument 1 must be 'double' or 'float'");
    }
    return str_from_cstr(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "IEEE, little-endian" : "IEEE, big-endian");
}

/* -- rounding -- */

Own
float_py___trunc__(Float *self)
{
    return int_from_double(float_value(VALUE(self)));
}

Own
float_py___floor__(Float *self)
{
    return int_from_double(floor(float_value(VALUE(self))));
}

Own
float_py___ceil__(Float *self)
{
    return int_from_double(ceil(float_value(VALUE(self))));
}

Own
float_py___round__(Float *self, Value ndigits)
{
    double d = float_value(VALUE(self));
    if (ndigits == NONE) {
        return int_from_double(nearbyint(d)); /* ties to even, C's default */
    }
    int64_t places = object_as_ssize_clamped(ndigits);
    if (places == -1 && exc_pending()) {
        return NO_VALUE;
    }
    if (!isfinite(d)) {
        return exact(self);
    }
    double rounded = double_round(d, places);
    return isinf(rounded) ? raise_msg(&exc_OverflowError, "rounded value too large to represent") : float_new(rounded);
}
