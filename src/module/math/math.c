/* The module math: C's functions, with Python's errors: ValueError where there is no result, OverflowError where it is too large. No state. */
#include <math.h>

#include "object/float.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

#include "math.spec.h"

/* The result of a function of finite arguments that gave r. */
static Own
checked(double r, bool finite_arguments, bool can_overflow)
{
    if (finite_arguments) {
        if (isnan(r) || (isinf(r) && !can_overflow)) {
            return raise_msg(&exc_ValueError, "math domain error");
        }
        if (isinf(r)) {
            return raise_msg(&exc_OverflowError, "math range error");
        }
    }
    return float_new(r);
}

/* A NaN out of what is none has no meaning either: sin(inf). */
static Own
checked_1(double x, double r, bool can_overflow)
{
    if (isnan(r) && !isnan(x)) {
        return raise_msg(&exc_ValueError, "math domain error");
    }
    return checked(r, isfinite(x), can_overflow);
}

static Own
raise_domain(const char *message, double x)
{
    Own shown = float_new(x);
    if (shown) {
        raise_fmt(&exc_ValueError, message, (Value)shown);
        drop(shown);
    }
    return NO_VALUE;
}

#define FUNCTION(name, call, overflow)                                                             \
    Own math_##name(Value module UNUSED, double x)                                                 \
    {                                                                                              \
        return checked_1(x, call, overflow);                                                       \
    }
FUNCTION(cbrt, cbrt(x), false)
FUNCTION(exp, exp(x), true)
FUNCTION(exp2, exp2(x), true)
FUNCTION(expm1, expm1(x), true)
FUNCTION(atan, atan(x), false)
FUNCTION(sinh, sinh(x), true)
FUNCTION(cosh, cosh(x), true)
FUNCTION(tanh, tanh(x), false)
FUNCTION(asinh, asinh(x), false)
FUNCTION(fabs, fabs(x), false)
FUNCTION(erf, erf(x), false)
FUNCTION(erfc, erfc(x), false)

Own
math_sqrt(Value module UNUSED, double x)
{
    return x < 0 ? raise_domain("expected a nonnegative input, got %R", x) : float_new(sqrt(x));
}

#define FINITE_ANGLE(name)                                                                         \
    Own math_##name(Value module UNUSED, double x)                                                 \
    {                                                                                              \
        return isinf(x) ? raise_domain("expected a finite input, got %R", x) : float_new(name(x));  \
    }
FINITE_ANGLE(sin)
FINITE_ANGLE(cos)
FINITE_ANGLE(tan)

#define IN_UNIT(name)                                                                              \
    Own math_##name(Value module UNUSED, double x)                                                 \
    {                                                                                              \
        return fabs(x) > 1.0 ? raise_domain("expected a number in range from -1 up to 1, got %R", x) \
                             : float_new(name(x));                                                 \
    }
IN_UNIT(asin)
IN_UNIT(acos)

Own
math_acosh(Value module UNUSED, double x)
{
    return x < 1.0 ? raise_domain("expected argument value not less than 1, got %R", x) : float_new(acosh(x));
}

Own
math_atanh(Value module UNUSED, double x)
{
    return fabs(x) >= 1.0 ? raise_domain("expected a number between -1 and 1, got %R", x) : float_new(atanh(x));
}

Own
math_log1p(Value module UNUSED, double x)
{
    return x <= -1.0 ? raise_domain("expected argument value > -1, got %R", x) : float_new(log1p(x));
}

Own
math_gamma(Value module UNUSED, double x)
{
    if ((x == floor(x) && x <= 0.0) || x == -INFINITY) {
        return raise_domain("expected a noninteger or positive integer, got %R", x);
    }
    return checked(tgamma(x), isfinite(x), true);
}

Own
math_lgamma(Value module UNUSED, double x)
{
    if (x == floor(x) && x <= 0.0 && isfinite(x)) {
        return raise_domain("expected a noninteger or positive integer, got %R", x);
    }
    int sign;
    return checked(lgamma_r(x, &sign), isfinite(x), true);
}

Own
math_atan2(Value module UNUSED, double y, double x)
{
    return float_new(atan2(y, x));
}

Own
math_copysign(Value module UNUSED, double x, double y)
{
    return float_new(copysign(x, y));
}

Own
math_pow(Value module UNUSED, double x, double y)
{
    double r = pow(x, y);
    if (isfinite(x) && isfinite(y)) {
        if (isnan(r) || (isinf(r) && x == 0.0)) {
            return raise_msg(&exc_ValueError, "math domain error");
        }
        if (isinf(r)) {
            return raise_msg(&exc_OverflowError, "math range error");
        }
    }
    return float_new(r);
}

Own
math_fmod(Value module UNUSED, double x, double y)
{
    if (isinf(y) && isfinite(x)) {
        return float_new(x);
    }
    double r = fmod(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? raise_msg(&exc_ValueError, "math domain error") : float_new(r);
}

Own
math_remainder(Value module UNUSED, double x, double y)
{
    double r = remainder(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? raise_msg(&exc_ValueError, "math domain error") : float_new(r);
}

Own
math_modf(Value module UNUSED, double x)
{
    double whole, fraction = modf(x, &whole);
    Own pair[] = {float_new(fraction), float_new(whole)};
    return tuple_from_own(pair, 2);
}

Own
math_frexp(Value module UNUSED, double x)
{
    int exponent = 0;
    double m = frexp(x, &exponent);
    Own pair[] = {float_new(m), small_int(isfinite(x) ? exponent : 0)};
    return tuple_from_own(pair, 2);
}

Own
math_ldexp(Value module UNUSED, double x, Value i)
{
    if (!is_int(i)) {
        return raise_msg(&exc_TypeError, "Expected an int as second argument to ldexp.");
    }
    int64_t n;
    if (!int_as_i64(i, &n)) {
        n = int_sign(i) < 0 ? -100000 : 100000;
    }
    n = n > 100000 ? 100000 : n < -100000 ? -100000 : n;
    double r = ldexp(x, (int)n);
    return isinf(r) && isfinite(x) ? raise_msg(&exc_OverflowError, "math range error") : float_new(r);
}

int
math_isfinite(Value module UNUSED, double x)
{
    return isfinite(x) != 0;
}

int
math_isinf(Value module UNUSED, double x)
{
    return isinf(x) != 0;
}

int
math_isnan(Value module UNUSED, double x)
{
    return isnan(x) != 0;
}

int
math_isclose(Value module UNUSED, double a, double b, double rel_tol, double abs_tol)
{
    if (rel_tol < 0 || abs_tol < 0) {
        return raise_int(&exc_ValueError, "tolerances must be non-negative");
    }
    if (a == b) {
        return 1;
    }
    double difference = fabs(a - b);
    return !isinf(a) && !isinf(b) && (difference <= fabs(rel_tol * b) || difference <= fabs(rel_tol * a) || difference <= abs_tol);
}

Own
math_fma(Value module UNUSED, double x, double y, double z)
{
    double r = fma(x, y, z);
    if (isnan(r) && !isnan(x) && !isnan(y) && !isnan(z)) {
        return raise_msg(&exc_ValueError, "invalid operation in fma");
    }
    return isinf(r) && isfinite(x) && isfinite(y) && isfinite(z) ? raise_msg(&exc_OverflowError, "overflow in fma") : float_new(r);
}

Own
math_ulp(Value module UNUSED, double x)
{
    x = fabs(x);
    double next = nextafter(x, INFINITY);
    return isnan(x) || isinf(x) ? float_new(x) : float_new(isinf(next) ? x - nextafter(x, 0.0) : next - x);
}

/* The bits of a double as an int that counts floats: neighbours differ by one. */
static int64_t
float_order(double x)
{
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double
float_at(int64_t order)
{
    int64_t bits = order < 0 ? INT64_MIN - order : order;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* So many floats after x towards y, y at the furthest. */
static double
after_steps(double x, double y, uint64_t steps)
{
    if (steps == 0 || isnan(x)) {
        return x;
    }
    if (isnan(y) || x == y) {
        return y;
    }
    int64_t from = float_order(x), to = float_order(y);
    uint64_t apart = from < to ? (uint64_t)to - (uint64_t)from : (uint64_t)from - (uint64_t)to;
    if (steps >= apart) {
        return y;
    }
    uint64_t order = from < to ? (uint64_t)from + steps : (uint64_t)from - steps;
    double result = float_at((int64_t)order);
    return order == 0 && from < 0 ? -0.0 : result;
}

Own
math_nextafter(Value module UNUSED, double x, double y, Value steps)
{
    if (steps == NONE) {
        return float_new(nextafter(x, y));
    }
    Own n = object_index(steps);
    if (!n) {
        return NO_VALUE;
    }
    bool negative = int_sign(n) < 0, large = int_bit_length(n) > 64;
    uint64_t count = large ? UINT64_MAX : object_as_uint64_mask(n);
    drop(n);
    return negative ? raise_msg(&exc_ValueError, "steps must be a non-negative integer") : float_new(after_steps(x, y, count));
}

Own
math_degrees(Value module UNUSED, double x)
{
    return float_new(x * (180.0 / M_PI));
}

Own
math_radians(Value module UNUSED, double x)
{
    return float_new(x * (M_PI / 180.0));
}

/* -- rounding: by the type's own method, else of its float -- */

static Own
round_by(Value x, Value name, double (*round)(double))
{
    Own method;
    if (is_small_int(x)) {
        return own(x);
    }
    if (!is_small_float(x) && !IS_EXACT(x, FLOAT)) {
        int found = object_lookup_special(x, name, &method);
        if (found < 0) {
            return NO_VALUE;
        }
        if (found) {
            Own result = call0(method);
            drop(method);
            return result;
        }
    }
    double d = object_as_double(x);
    return d == -1.0 && exc_pending() ? NO_VALUE : int_from_double(round(d));
}

Own
math_ceil(Value module UNUSED, Value x)
{
    return round_by(x, NAME(__ceil__), ceil);
}

Own
math_floor(Value module UNUSED, Value x)
{
    return round_by(x, NAME(__floor__), floor);
}

Own
math_trunc(Value module UNUSED, Value x)
{
    if (is_small_float(x) || IS_EXACT(x, FLOAT)) {
        return int_from_double(float_value(x));
    }
    Own method;
    int found = object_lookup_special(x, NAME(__trunc__), &method);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : raise_fmt(&exc_TypeError, "type %T doesn't define __trunc__ method", x);
    }
    Own result = call0(method);
    drop(method);
    return result;
}

/* -- logarithms: of ints of any size -- */

/* The fraction in [0.5, 1) and the exponent of a positive int of any size. */
static double
int_frexp(Value v, int64_t *exponent)
{
    int64_t bits = int_bit_length(v);
    Own shift = small_int(bits - 64), top = int_rshift(v, shift), back = top ? int_lshift(top, shift) : NO_VALUE;
    uint64_t word = top ? object_as_uint64_mask(top) : 0;
    if (back && int_compare(back, v) != 0) {
        word |= 1; /* what was cut off decides a tie */
    }
    drop_opt(top);
    drop_opt(back);
    int more;
    double d = frexp((double)word, &more);
    *exponent = bits - 64 + more;
    return d;
}

static Own
log_of(Value x, double (*log_fn)(double))
{
    if (is_int(x)) {
        double d;
        if (int_sign(x) <= 0) {
            return raise_msg(&exc_ValueError, "expected a positive input");
        }
        if (int_as_double(x, &d)) {
            return float_new(log_fn(d));
        }
        if (!exc_swallow(&exc_OverflowError)) {
            return NO_VALUE;
        }
        int64_t exponent;
        d = int_frexp(x, &exponent);
        return float_new(log_fn(d) + log_fn(2.0) * (double)exponent);
    }
    double d = object_as_double(x);
    if (d == -1.0 && exc_pending()) {
        return NO_VALUE;
    }
    return d <= 0.0 ? raise_domain("expected a positive input, got %R", d) : float_new(log_fn(d));
}

Own
math_log(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames) {
        return raise_msg(&exc_TypeError, "math.log() takes no keyword arguments");
    }
    if (nargs < 1 || nargs > 2) {
        return raise_fmt(&exc_TypeError,
                         nargs ? "log expected at most 2 arguments, got %zu" : "log expected at least 1 argument, got %zu",
                         nargs);
    }
    Own top = log_of(args[0], log);
    if (!top || nargs == 1) {
        return top;
    }
    Own bottom = log_of(args[1], log);
    Own result = bottom ? object_binary(top, bottom, OP_TRUEDIV) : NO_VALUE;
    drop(top);
    drop_opt(bottom);
    return result;
}

Own
math_log2(Value module UNUSED, Value x)
{
    return log_of(x, log2);
}

Own
math_log10(Value module UNUSED, Value x)
{
    return log_of(x, log10);
}

static int
math_exec(Value m)
{
    return module_add(m, "pi", float_new(M_PI)) < 0 || module_add(m, "e", float_new(M_E)) < 0 || module_add(m, "tau", float_new(2 * M_PI)) < 0 ||
                   module_add(m, "inf", float_new(INFINITY)) < 0 || module_add(m, "nan", float_new(NAN)) < 0
               ? -1
               : 0;
}

const ModuleDef module_math = {
    .name = "math",
    .doc = math_module_doc,
    .functions = math_functions,
    .exec = math_exec,
};
