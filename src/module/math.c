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
FUNCTION(tan, isinf(x) ? NAN : tan(x), false)
FUNCTION(atan, atan(x), false)
FUNCTION(sinh, sinh(x), true)
FUNCTION(cosh, cosh(x), true)
FUNCTION(tanh, tanh(x), false)
FUNCTION(asinh, asinh(x), false)
FUNCTION(degrees, x *(180.0 / M_PI), false)
FUNCTION(radians, x *(M_PI / 180.0), false)
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

Own
math_nextafter(Value module UNUSED, double x, double y)
{
    return float_new(nextafter(x, y));
}

/* -- rounding: by the type's own method, else of its float -- */

static Own
round_by(Value x, Value name, double (*round)(double))
{
    Own method;
    if (is_small_int(x)) {
        return own(x);
    }
    if (!is_float(x)) {
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
    if (is_float(x)) {
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

static Own
log_of(Value x, double (*log_fn)(double), double of_two)
{
    if (is_int(x)) {
        if (int_sign(x) <= 0) {
            return raise_fmt(&exc_ValueError, "expected a positive input");
        }
        int64_t bits = int_bit_length(x);
        if (bits > 1000) { /* x = top * 2**shift */
            Own top = int_rshift(x, small_int(bits - 64));
            double d;
            Own result = top && int_as_double(top, &d) ? float_new(log_fn(d) + (double)(bits - 64) * of_two) : NO_VALUE;
            drop_opt(top);
            return result;
        }
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
        return raise_fmt(&exc_TypeError, nargs ? "log expected at most 2 arguments, got %zu" : "log expected at least 1 argument, got %zu", nargs);
    }
    Own top = log_of(args[0], log, M_LN2);
    if (!top || nargs == 1) {
        return top;
    }
    Own bottom = log_of(args[1], log, M_LN2);
    Own result = bottom ? object_binary(top, bottom, OP_TRUEDIV) : NO_VALUE;
    drop(top);
    drop_opt(bottom);
    return result;
}

Own
math_log2(Value module UNUSED, Value x)
{
    return log_of(x, log2, 1.0);
}

Own
math_log10(Value module UNUSED, Value x)
{
    return log_of(x, log10, 0.30102999566398119521);
}

/* -- integers -- */

Own
math_factorial(Value module UNUSED, Value n)
{
    if (is_float(n)) {
        return raise_fmt(&exc_TypeError, "'float' object cannot be interpreted as an integer");
    }
    int64_t most = object_as_int64(n);
    if (most == -1 && exc_pending()) {
        return exc_swallow(&exc_OverflowError) ? raise_msg(&exc_OverflowError, "factorial() argument should not exceed 9223372036854775807") : NO_VALUE;
    }
    if (most < 0) {
        return raise_msg(&exc_ValueError, "factorial() not defined for negative values");
    }
    Own product = small_int(1);
    int64_t part = 1;
    for (int64_t i = 2; i <= most && product; i++) { /* small factors are gathered first */
        int64_t more;
        if (!__builtin_mul_overflow(part, i, &more) && more < SMALL_INT_MAX) {
            part = more;
            continue;
        }
        Own longer = int_mul(product, small_int(part));
        drop(product);
        product = longer;
        part = i;
    }
    Own result = product ? int_mul(product, small_int(part)) : NO_VALUE;
    drop_opt(product);
    return result;
}

Own
math_gcd(Value self UNUSED, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    Own result = small_int(0);
    for (size_t i = 0; i < nargs && result; i++) {
        Own n = object_index(args[i]), g = n ? int_gcd(result, n) : NO_VALUE;
        drop(result);
        drop_opt(n);
        result = g;
    }
    return result;
}

Own
math_lcm(Value self UNUSED, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    Own result = small_int(1);
    for (size_t i = 0; i < nargs && result; i++) {
        Own n = object_index(args[i]), g = n ? int_gcd(result, n) : NO_VALUE;
        Own q = g && int_sign(g) ? int_floordiv(result, g) : g ? small_int(0) : NO_VALUE;
        Own product = q ? int_mul(q, n) : NO_VALUE;
        Own size = product && int_sign(product) < 0 ? int_negate(product) : own_opt(product);
        Own all[] = {result, n, g, q, product};
        for (size_t k = 0; k < 5; k++) {
            drop_opt(all[k]);
        }
        result = size;
    }
    return result;
}

Own
math_isqrt(Value module UNUSED, Value n)
{
    Own i = object_index(n), root = i ? int_isqrt(i) : NO_VALUE;
    drop_opt(i);
    return root;
}

/* n * (n - 1) * ... of k factors, divided by k! on the way when `choose`. */
static Own
falling(Value n, int64_t k, bool choose)
{
    Own product = small_int(1);
    for (int64_t i = 0; i < k && product; i++) {
        Own factor = int_sub(n, small_int(i)), longer = factor ? int_mul(product, factor) : NO_VALUE;
        Own exact = longer && choose ? int_floordiv(longer, small_int(i + 1)) : own_opt(longer);
        drop(product);
        drop_opt(factor);
        drop_opt(longer);
        product = exact;
    }
    return product;
}

static Own
choose(Value nv, Value kv, bool combinations)
{
    Own n = object_index(nv), k = n ? object_index(kv) : NO_VALUE, result = NO_VALUE;
    int64_t count;
    if (k && int_sign(n) < 0) {
        raise_msg(&exc_ValueError, "n must be a non-negative integer");
    } else if (k && int_sign(k) < 0) {
        raise_msg(&exc_ValueError, "k must be a non-negative integer");
    } else if (k && int_compare(k, n) > 0) {
        result = small_int(0);
    } else if (k) {
        Own other = int_sub(n, k);
        bool smaller = other && combinations && int_compare(other, k) < 0;
        if (other && int_as_i64(smaller ? other : k, &count)) {
            result = falling(n, count, combinations);
        } else if (other) {
            raise_fmt(&exc_OverflowError, combinations ? "min(n - k, k) must not exceed 9223372036854775807" : "k must not exceed 9223372036854775807");
        }
        drop_opt(other);
    }
    drop_opt(n);
    drop_opt(k);
    return result;
}

Own
math_comb(Value module UNUSED, Value n, Value k)
{
    return choose(n, k, true);
}

Own
math_perm(Value module, Value n, Value k)
{
    return k == NONE ? math_factorial(module, n) : choose(n, k, false);
}

/* -- sequences -- */

Own
math_hypot(Value self UNUSED, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    double most = 0.0, sum = 0.0;
    bool infinite = false, nan = false;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < nargs; i++) {
            double x = fabs(object_as_double(args[i]));
            if (x == 1.0 && exc_pending()) {
                return NO_VALUE;
            }
            infinite |= isinf(x) != 0;
            nan |= isnan(x) != 0;
            if (pass == 0) {
                most = x > most ? x : most;
            } else if (most > 0) {
                sum += (x / most) * (x / most);
            }
        }
        if (infinite || nan) {
            return float_new(infinite ? INFINITY : NAN);
        }
        if (nargs == 2 && pass == 0) {
            return float_new(hypot(object_as_double(args[0]), object_as_double(args[1])));
        }
    }
    return float_new(most * sqrt(sum));
}

Own
math_prod(Value module UNUSED, Value iterable, Value start)
{
    Own it = object_iter(iterable), item, product = own(start);
    while (it && product && (item = object_next(it))) {
        Own longer = object_binary(product, item, OP_MUL);
        drop(item);
        drop(product);
        product = longer;
    }
    bool failed = !it || exc_pending();
    drop_opt(it);
    if (failed) {
        drop_opt(product);
        return NO_VALUE;
    }
    return product;
}

/* Exact partial sums that do not overlap (Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997), rounded once at the end. */
Own
math_fsum(Value module UNUSED, Value seq)
{
    double fixed[64], *parts = fixed;
    size_t n = 0, room = 64;
    double special = 0.0, infinities = 0.0;
    Own it = object_iter(seq), item, result = NO_VALUE;
    while (it && (item = object_next(it))) {
        double x = object_as_double(item), given = x;
        drop(item);
        if (x == -1.0 && exc_pending()) {
            goto done;
        }
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            double y = parts[i];
            if (fabs(x) < fabs(y)) {
                double swap = x;
                x = y;
                y = swap;
            }
            double high = x + y, low = y - (high - x);
            if (low != 0.0) {
                parts[kept++] = low;
            }
            x = high;
        }
        n = kept;
        if (!isfinite(x)) {
            if (isfinite(given)) {
                raise_msg(&exc_OverflowError, "intermediate overflow in fsum");
                goto done;
            }
            infinities += isinf(given) ? given : 0.0;
            special += given;
            n = 0;
            continue;
        }
        if (n == room) {
            double *more = mem_alloc(room * 2 * sizeof *more);
            if (!more) {
                goto done;
            }
            memcpy(more, parts, n * sizeof *parts);
            if (parts != fixed) {
                mem_free(parts);
            }
            parts = more;
            room *= 2;
        }
        parts[n++] = x;
    }
    if (!it || exc_pending()) {
        goto done;
    }
    if (special != 0.0) {
        result = isnan(infinities) ? raise_msg(&exc_ValueError, "-inf + inf in fsum") : float_new(special);
        goto done;
    }
    double high = 0.0, low = 0.0;
    if (n) {
        high = parts[--n];
        while (n) {
            double x = high, y = parts[--n];
            high = x + y;
            low = y - (high - x);
            if (low != 0.0) {
                break;
            }
        }
        if (n && ((low < 0.0 && parts[n - 1] < 0.0) || (low > 0.0 && parts[n - 1] > 0.0))) { /* a tie that what is left decides */
            double twice = low * 2.0, x = high + twice;
            if (twice == x - high) {
                high = x;
            }
        }
    }
    result = float_new(high);
done:
    if (parts != fixed) {
        mem_free(parts);
    }
    drop_opt(it);
    return result;
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
