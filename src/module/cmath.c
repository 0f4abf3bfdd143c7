/* The module cmath: C's complex functions, which treat signed zeros, infinities and NaNs as C99's annex G has it, with Python's
 * errors: ValueError where there is no result, OverflowError where it is too large. No state. */
#include <complex.h>
#include <math.h>

#include "object/complex.h"
#include "object/float.h"
#include "object/module.h"
#include "object/tuple.h"

#include "cmath.spec.h"

static Own
raise_domain(void)
{
    return raise_msg(&exc_ValueError, "math domain error");
}

static bool
is_finite(double complex z)
{
    return isfinite(creal(z)) && isfinite(cimag(z));
}

/* The result of a function of z. */
static Own
checked(double complex z, double complex result)
{
    if (is_finite(z) && (isinf(creal(result)) || isinf(cimag(result)))) {
        return raise_msg(&exc_OverflowError, "math range error");
    }
    return complex_new(creal(result), cimag(result));
}

static bool
take(Value v, double complex *z)
{
    double real, imag;
    if (object_as_complex(v, &real, &imag) < 0) {
        return false;
    }
    *z = __builtin_complex(real, imag);
    return true;
}

#define FUNCTION(name, no_result)                                                                  \
    Own cmath_##name(Value module UNUSED, Value v)                                                 \
    {                                                                                              \
        double complex z;                                                                          \
        if (!take(v, &z)) {                                                                        \
            return NO_VALUE;                                                                       \
        }                                                                                          \
        double x UNUSED = creal(z), y UNUSED = cimag(z);                                           \
        return no_result ? raise_domain() : checked(z, c##name(z));                                \
    }

FUNCTION(acos, false)
FUNCTION(acosh, false)
FUNCTION(asin, false)
FUNCTION(asinh, false)
FUNCTION(sqrt, false)
FUNCTION(atan, x == 0 && fabs(y) == 1)
FUNCTION(atanh, y == 0 && fabs(x) == 1)
/* An infinite angle has no direction, but where the length is zero or NaN. */
FUNCTION(exp, isinf(y) && (isfinite(x) || x == INFINITY))
FUNCTION(cosh, isinf(y) && !isnan(x))
FUNCTION(sinh, isinf(y) && !isnan(x))
FUNCTION(tanh, isinf(y) && isfinite(x))
FUNCTION(cos, isinf(x) && !isnan(y))
FUNCTION(sin, isinf(x) && !isnan(y))
FUNCTION(tan, isinf(x) && isfinite(y))

Own
cmath_log(Value module UNUSED, Value v, Value base)
{
    double complex z, b;
    if (!take(v, &z)) {
        return NO_VALUE;
    }
    if (z == 0) {
        return raise_domain();
    }
    double complex top = clog(z);
    if (!base) {
        return checked(z, top);
    }
    if (!take(base, &b)) {
        return NO_VALUE;
    }
    if (b == 0 || b == 1) {
        return raise_domain();
    }
    double complex bottom = clog(b);
    Own p = complex_new(creal(top), cimag(top)), q = p ? complex_new(creal(bottom), cimag(bottom)) : NO_VALUE;
    Own result = q ? object_binary(p, q, OP_TRUEDIV) : NO_VALUE;
    drop_opt(p);
    drop_opt(q);
    return result;
}

Own
cmath_log10(Value module UNUSED, Value v)
{
    double complex z;
    if (!take(v, &z)) {
        return NO_VALUE;
    }
    if (z == 0) {
        return raise_domain();
    }
    double complex log = clog(z);
    return checked(z, __builtin_complex(creal(log) / M_LN10, cimag(log) / M_LN10));
}

Own
cmath_phase(Value module UNUSED, Value v)
{
    double complex z;
    return take(v, &z) ? float_new(atan2(cimag(z), creal(z))) : NO_VALUE;
}

Own
cmath_polar(Value module UNUSED, Value v)
{
    double complex z;
    if (!take(v, &z)) {
        return NO_VALUE;
    }
    double length = hypot(creal(z), cimag(z));
    if (isinf(length) && is_finite(z)) {
        return raise_msg(&exc_OverflowError, "math range error");
    }
    Own both[] = {float_new(length), float_new(atan2(cimag(z), creal(z)))};
    return tuple_from_own(both, 2);
}

Own
cmath_rect(Value module UNUSED, double r, double phi)
{
    if (isinf(phi) && r != 0 && !isnan(r)) {
        return raise_domain();
    }
    if (r == 0 && !isfinite(phi)) {
        return complex_new(0.0, 0.0);
    }
    if (phi == 0) { /* the sign of the angle is that of the imaginary part */
        return complex_new(r, isnan(r) ? phi : isinf(r) ? copysign(1.0, r) * phi : r * phi);
    }
    if (isnan(phi) && isinf(r)) {
        return complex_new(INFINITY, NAN);
    }
    if (isinf(r)) {
        return complex_new(copysign(INFINITY, r * cos(phi)), copysign(INFINITY, r * sin(phi)));
    }
    return complex_new(r * cos(phi), r * sin(phi));
}

int
cmath_isfinite(Value module UNUSED, Value v)
{
    double complex z;
    return take(v, &z) ? is_finite(z) : -1;
}

int
cmath_isinf(Value module UNUSED, Value v)
{
    double complex z;
    return take(v, &z) ? isinf(creal(z)) || isinf(cimag(z)) : -1;
}

int
cmath_isnan(Value module UNUSED, Value v)
{
    double complex z;
    return take(v, &z) ? isnan(creal(z)) || isnan(cimag(z)) : -1;
}

int
cmath_isclose(Value module UNUSED, Value a_arg, Value b_arg, double rel_tol, double abs_tol)
{
    double complex a, b;
    if (!take(a_arg, &a) || !take(b_arg, &b)) {
        return -1;
    }
    if (rel_tol < 0.0 || abs_tol < 0.0) {
        return raise_int(&exc_ValueError, "tolerances must be non-negative");
    }
    if (a == b) {
        return 1;
    }
    if (isinf(creal(a)) || isinf(cimag(a)) || isinf(creal(b)) || isinf(cimag(b))) {
        return 0;
    }
    double apart = cabs(a - b);
    return apart <= rel_tol * cabs(b) || apart <= rel_tol * cabs(a) || apart <= abs_tol;
}

static int
cmath_exec(Value m)
{
    return module_add(m, "pi", float_new(M_PI)) < 0 || module_add(m, "e", float_new(M_E)) < 0 ||
                   module_add(m, "tau", float_new(2 * M_PI)) < 0 || module_add(m, "inf", float_new(INFINITY)) < 0 ||
                   module_add(m, "nan", float_new(NAN)) < 0 || module_add(m, "infj", complex_new(0.0, INFINITY)) < 0 ||
                   module_add(m, "nanj", complex_new(0.0, NAN)) < 0
               ? -1
               : 0;
}

const ModuleDef module_cmath = {
    .name = "cmath",
    .doc = cmath_module_doc,
    .functions = cmath_functions,
    .exec = cmath_exec,
};
