/* complex: two doubles. Immutable: no locks.
 *
 * Arithmetic between a complex and a real number treats the real one as having no imaginary part at all (C11 Annex G.5, as of 3.14), so signs of zero
 * and infinities survive. */
#include <complex.h>
#undef complex
#include <math.h>

#include "base/hash.h"
#include "base/number.h"
#include "base/unicode.h"
#include "object/args.h"
#include "object/complex.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "complex.spec.h"

typedef double _Complex Cplx;

static inline Cplx
cplx(double real, double imag)
{
    Cplx z;
    __real__ z = real;
    __imag__ z = imag;
    return z;
}

static Complex *
as_complex(Value v)
{
    return (Complex *)obj(v);
}

static bool
is_complex(Value v)
{
    return is_object(v) && is_instance_of(v, &complex_type);
}

Own
complex_new(double real, double imag)
{
    Complex *c = (Complex *)object_alloc(SHAPE_COMPLEX, sizeof(Complex), 0);
    if (c) {
        c->real = real;
        c->imag = imag;
    }
    return OWN(c);
}

static Own
complex_from(Cplx z)
{
    return complex_new(creal(z), cimag(z));
}

/* -- arithmetic -- */

enum { NOT_A_NUMBER, REAL, COMPLEX_NUMBER, FAILED };

typedef struct Operand {
    int kind;
    double real, imag;
} Operand;

static Operand
operand(Value v)
{
    Operand o = {NOT_A_NUMBER, 0.0, 0.0};
    if (is_complex(v)) {
        o = (Operand){COMPLEX_NUMBER, as_complex(v)->real, as_complex(v)->imag};
    } else if (is_float(v)) {
        o = (Operand){REAL, float_value(v), 0.0};
    } else if (is_int(v)) {
        o.kind = int_as_double(v, &o.real) ? REAL : FAILED;
    }
    return o;
}

static Own
add(Operand a, Operand b)
{
    return complex_new(a.real + b.real, a.kind == REAL ? b.imag : b.kind == REAL ? a.imag : a.imag + b.imag);
}

static Own
sub(Operand a, Operand b)
{
    return complex_new(a.real - b.real, a.kind == REAL ? -b.imag : b.kind == REAL ? a.imag : a.imag - b.imag);
}

static Own
mul(Operand a, Operand b)
{
    if (a.kind == REAL) {
        return complex_new(a.real * b.real, a.real * b.imag);
    }
    if (b.kind == REAL) {
        return complex_new(a.real * b.real, a.imag * b.real);
    }
    return complex_from(cplx(a.real, a.imag) * cplx(b.real, b.imag));
}

/* Smith's method ("Algorithm 116", 1962): scaled by the larger part of the divisor. Infinities as C's Annex G has them. */
static Cplx
quotient(double ar, double ai, double br, double bi)
{
    Cplx q = cplx(NAN, NAN);
    if (fabs(br) >= fabs(bi)) {
        double ratio = bi / br, d = br + bi * ratio;
        q = cplx((ar + ai * ratio) / d, (ai - ar * ratio) / d);
    } else if (fabs(bi) >= fabs(br)) {
        double ratio = br / bi, d = br * ratio + bi;
        q = cplx((ar * ratio + ai) / d, (ai * ratio - ar) / d);
    }
    return isnan(creal(q)) && isnan(cimag(q)) ? cplx(ar, ai) / cplx(br, bi) : q;
}

/* The same for a real dividend, which has no imaginary part, not even a zero. */
static Cplx
quotient_of_real(double a, double br, double bi)
{
    Cplx q = cplx(NAN, NAN);
    if (fabs(br) >= fabs(bi)) {
        double ratio = bi / br, d = br + bi * ratio;
        q = cplx(a / d, -a * ratio / d);
    } else if (fabs(bi) >= fabs(br)) {
        double ratio = br / bi, d = br * ratio + bi;
        q = cplx(a * ratio / d, -a / d);
    }
    if (isnan(creal(q)) && isnan(cimag(q))) {
        if ((isinf(br) || isinf(bi)) && isfinite(a)) {
            double x = copysign(isinf(br) ? 1.0 : 0.0, br), y = copysign(isinf(bi) ? 1.0 : 0.0, bi);
            q = cplx(0.0 * (a * x), 0.0 * (-a * y));
        }
    }
    return q;
}

static Own
divide(Operand a, Operand b)
{
    if (b.real == 0.0 && b.imag == 0.0) {
        return raise_msg(&exc_ZeroDivisionError, "division by zero");
    }
    if (b.kind == REAL) {
        return complex_new(a.real / b.real, a.imag / b.real);
    }
    return complex_from(a.kind == REAL ? quotient_of_real(a.real, b.real, b.imag) : quotient(a.real, a.imag, b.real, b.imag));
}

static Own
raise_out_of_range(void)
{
    return raise_msg(&exc_OverflowError, "complex exponentiation");
}

/* z ** n by squaring: exact where whole numbers allow. */
static Cplx
power_int(Cplx z, long n)
{
    Cplx result = 1.0, base = z;
    for (unsigned long m = n < 0 ? -(unsigned long)n : (unsigned long)n; m; m >>= 1) {
        if (m & 1) {
            result *= base;
        }
        base *= base;
    }
    return n < 0 ? quotient(1.0, 0.0, creal(result), cimag(result)) : result;
}

static Own
raise_no_power(void)
{
    return raise_msg(&exc_ZeroDivisionError, "zero to a negative or complex power");
}

static Own
power(Operand a, Operand b)
{
    Cplx r;
    if (b.imag == 0.0 && b.real == floor(b.real) && fabs(b.real) <= 100.0) {
        if (a.real == 0.0 && a.imag == 0.0 && b.real < 0.0) {
            return raise_no_power();
        }
        r = power_int(cplx(a.real, a.imag), (long)b.real);
    } else if (a.real == 0.0 && a.imag == 0.0) {
        if (b.imag != 0.0 || b.real < 0.0) {
            return raise_no_power();
        }
        r = cplx(0.0, 0.0);
    } else {
        double size = hypot(a.real, a.imag), angle = atan2(a.imag, a.real);
        double length = pow(size, b.real), turn = angle * b.real;
        if (b.imag != 0.0) {
            length *= exp(-angle * b.imag);
            turn += b.imag * log(size);
        }
        if (isinf(turn)) { /* it has no cosine */
            return raise_no_power();
        }
        r = cplx(length * cos(turn), length * sin(turn));
    }
    return isinf(creal(r)) || isinf(cimag(r)) ? raise_out_of_range() : complex_from(r);
}

Own
complex_power_of_floats(double a, double b)
{
    return power((Operand){COMPLEX_NUMBER, a, 0.0}, (Operand){COMPLEX_NUMBER, b, 0.0});
}

#define COMPLEX_BINARY(name, function)                                                             \
    static Own name(Value a, Value b)                                                              \
    {                                                                                              \
        Operand x = operand(a), y = operand(b);                                                    \
        if (x.kind == FAILED || y.kind == FAILED) {                                                \
            return NO_VALUE;                                                                       \
        }                                                                                          \
        return x.kind && y.kind ? function(x, y) : own(NOTIMPLEMENTED);                            \
    }
COMPLEX_BINARY(add_slot, add)
COMPLEX_BINARY(sub_slot, sub)
COMPLEX_BINARY(mul_slot, mul)
COMPLEX_BINARY(div_slot, divide)
COMPLEX_BINARY(pow_slot, power)

static Own
power_mod_slot(Value a, Value b, Value m UNUSED)
{
    int ka = operand(a).kind, kb = ka == FAILED ? FAILED : operand(b).kind;
    if (ka == FAILED || kb == FAILED) {
        return NO_VALUE;
    }
    return ka && kb ? raise_msg(&exc_ValueError, "complex modulo") : own(NOTIMPLEMENTED);
}

static Own
neg_slot(Value v)
{
    return complex_new(-as_complex(v)->real, -as_complex(v)->imag);
}

static Own
exact_slot(Value v)
{
    return IS_EXACT(v, COMPLEX) ? own(v) : complex_new(as_complex(v)->real, as_complex(v)->imag);
}

static Own
abs_slot(Value v)
{
    double size = hypot(as_complex(v)->real, as_complex(v)->imag);
    if (isinf(size) && isfinite(as_complex(v)->real) && isfinite(as_complex(v)->imag)) {
        return raise_msg(&exc_OverflowError, "absolute value too large");
    }
    return float_new(size);
}

static int
truth_slot(Value v)
{
    return as_complex(v)->real != 0.0 || as_complex(v)->imag != 0.0;
}

static Own
compare_slot(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || (!is_complex(b) && !is_float(b) && !is_int(b))) {
        return own(NOTIMPLEMENTED);
    }
    const Complex *x = as_complex(a);
    bool equal;
    if (is_complex(b)) {
        equal = x->real == as_complex(b)->real && x->imag == as_complex(b)->imag;
    } else {
        Own real = float_new(x->real); /* compared exactly with an int of any size */
        int same = real && x->imag == 0.0 ? object_compare_bool(real, b, CMP_EQ) : 0;
        drop_opt(real);
        if (!real || same < 0) {
            return NO_VALUE;
        }
        equal = same;
    }
    return bool_value(equal == (op == CMP_EQ));
}

static int64_t
part_hash(double d, Value v)
{
    return isnan(d) ? hash_pointer(obj(v)) : hash_double(d);
}

static int64_t
hash_slot(Value v)
{
    uint64_t hash = (uint64_t)part_hash(as_complex(v)->real, v) + HASH_IMAG * (uint64_t)part_hash(as_complex(v)->imag, v);
    return hash_not_minus_one((int64_t)hash);
}

/* -- text -- */

static char *
put_part(char *at, double d, bool sign)
{
    DoubleText text;
    double_layout(&text, d, 'r', 0, 0);
    if (text.negative) {
        *at++ = '-';
    } else if (sign) {
        *at++ = '+';
    }
    at = double_text_int(&text, at);
    return double_text_rest(&text, at);
}

static Own
repr_slot(Value v)
{
    double real = as_complex(v)->real, imag = as_complex(v)->imag;
    char text[2 * DOUBLE_REPR_MAX + 8], *at = text;
    if (real == 0.0 && !signbit(real)) {
        at = put_part(at, imag, false);
        *at++ = 'j';
    } else {
        *at++ = '(';
        at = put_part(at, real, false);
        at = put_part(at, imag, true);
        *at++ = 'j';
        *at++ = ')';
    }
    return str_from_latin1((uint8_t *)text, (size_t)(at - text));
}

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Text without underscores: a real number, an imaginary one, or their sum, parentheses and spaces around. */
static bool
parse_complex(const char *s, const char *end, double *real, double *imag)
{
    while (s < end && is_blank(*s)) {
        s++;
    }
    while (s < end && is_blank(end[-1])) {
        end--;
    }
    if (s < end && *s == '(') {
        if (end[-1] != ')') {
            return false;
        }
        return s[0] == '(' && s + 1 < end && *(s + 1) != '(' && parse_complex(s + 1, end - 1, real, imag);
    }
    double first;
    *real = *imag = 0.0;
    const char *p = double_parse(s, end, &first);
    if (p == s) { /* j, +j, -j */
        bool negative = s < end && *s == '-';
        p = s + (s < end && (*s == '+' || *s == '-'));
        *imag = negative ? -1.0 : 1.0;
        return p + 1 == end && (*p | 0x20) == 'j';
    }
    if (p == end) {
        *real = first;
        return true;
    }
    if ((*p | 0x20) == 'j') {
        *imag = first;
        return p + 1 == end;
    }
    if (*p != '+' && *p != '-') {
        return false;
    }
    *real = first;
    const char *q = double_parse(p, end, imag);
    if (q == p) {
        *imag = *p == '-' ? -1.0 : 1.0;
        q = p + 1;
    }
    return q + 1 == end && (*q | 0x20) == 'j';
}

/* NONE, or 0 with an exception. */
static Own
complex_from_str(Value v, double *real, double *imag)
{
    const Str *s = as_str(v);
    char *text = mem_alloc((size_t)s->length + 1);
    if (!text) {
        return NO_VALUE;
    }
    size_t n = 0;
    bool ok, underscores_ok = true;
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        int digit = unicode_decimal(c);
        char plain = digit >= 0 ? (char)('0' + digit) : c < 128 ? (char)c : unicode_is(c, UNICODE_SPACE) ? ' ' : '?';
        if (plain == '_') { /* only between digits */
            underscores_ok = underscores_ok && i && str_char_at(s, i - 1) != '_' && text[n - 1] >= '0' && text[n - 1] <= '9' && i + 1 < s->length && unicode_decimal(str_char_at(s, i + 1)) >= 0;
        } else {
            text[n++] = plain;
        }
    }
    ok = underscores_ok && parse_complex(text, text + n, real, imag);
    mem_free(text);
    if (!underscores_ok) {
        return raise_fmt(&exc_ValueError, "could not convert string to complex: %R", v);
    }
    return ok ? NONE : raise_msg(&exc_ValueError, "complex() arg is a malformed string");
}

/* -- construction -- */

/* 1 with v's __complex__ result (exact or subclass) in *result, 0 without one, -1 */
static int
call_complex_method(Value v, Own *result)
{
    Own method;
    int found = is_complex(v) && IS_EXACT(v, COMPLEX) ? 0 : object_lookup_special(v, NAME(__complex__), &method);
    if (found <= 0) {
        return found;
    }
    *result = call0(method);
    drop(method);
    if (*result && !is_complex(*result)) {
        raise_fmt(&exc_TypeError, "__complex__ returned non-complex (type %T)", (Value)*result);
        ref_clear(result);
    }
    if (*result && !IS_EXACT(*result, COMPLEX) &&
        warn_fmt(&exc_DeprecationWarning, 1,
                 "__complex__ returned non-complex (type %T).  The ability to return an instance of a strict subclass of complex "
                 "is deprecated, and may be removed in a future version of Python.",
                 (Value)*result) < 0) {
        ref_clear(result);
    }
    return *result ? 1 : -1;
}

int
object_as_complex(Value v, double *real, double *imag)
{
    Own converted = NO_VALUE;
    *imag = 0.0;
    if (IS_EXACT(v, COMPLEX)) {
        *real = as_complex(v)->real;
        *imag = as_complex(v)->imag;
        return 0;
    }
    int found = call_complex_method(v, &converted);
    if (found < 0) {
        return -1;
    }
    if (found) {
        *real = as_complex(converted)->real;
        *imag = as_complex(converted)->imag;
        drop(converted);
        return 0;
    }
    *real = object_as_double(v);
    return *real == -1.0 && exc_pending() ? -1 : 0;
}

static bool
is_real_number(Value v)
{
    return is_float(v) || is_int(v) || type_of(v)->slots.to_float || object_has_index(v);
}

static Own
complex_of_type(Type *cls, double real, double imag)
{
    if (cls == &complex_type) {
        return complex_new(real, imag);
    }
    Own v = type_alloc(cls, 0);
    if (v) {
        as_complex(v)->real = real;
        as_complex(v)->imag = imag;
    }
    return v;
}

/* One argument: a number or text. */
static Own
complex_from_one(Type *cls, Value x)
{
    double real, imag;
    if (cls == &complex_type && IS_EXACT(x, COMPLEX)) {
        return own(x);
    }
    if (is_str(x)) {
        return complex_from_str(x, &real, &imag) ? complex_of_type(cls, real, imag) : NO_VALUE;
    }
    Own converted;
    int found = call_complex_method(x, &converted);
    if (found < 0) {
        return NO_VALUE;
    }
    if (found) {
        Own result = complex_of_type(cls, as_complex(converted)->real, as_complex(converted)->imag);
        drop(converted);
        return result;
    }
    if (!is_real_number(x) && !is_complex(x)) {
        return raise_fmt(&exc_TypeError, "complex() argument must be a string or a number, not %Q", x);
    }
    return object_as_complex(x, &real, &imag) < 0 ? NO_VALUE : complex_of_type(cls, real, imag);
}

/* An argument that is complex, or as the real part has __complex__, is deprecated. fail: -1 */
static int
part_value(Value v, bool is_real_part, double *real, double *imag, bool *is_cplx)
{
    const char *which = is_real_part ? "real" : "imag";
    Own converted = NO_VALUE;
    int found = is_complex(v) && IS_EXACT(v, COMPLEX) ? 0 : is_real_part ? call_complex_method(v, &converted) : 0;
    *imag = 0.0;
    *is_cplx = is_complex(v) || found > 0;
    if (found < 0) {
        return -1;
    }
    if (*is_cplx) {
        const Complex *c = as_complex(found ? converted : v);
        *real = c->real;
        *imag = c->imag;
        drop_opt(converted);
        return warn_fmt(&exc_DeprecationWarning, 1, "complex() argument '%s' must be a real number, not %Q", which, v);
    }
    if (!is_real_number(v)) {
        return raise_int(&exc_TypeError, "complex() argument '%s' must be a real number, not %Q", which, v);
    }
    *real = object_as_double(v);
    return *real == -1.0 && exc_pending() ? -1 : 0;
}

Own
complex_make(Type *cls, Value real, Value imag)
{
    if (real && is_str(real)) { /* text only stands alone, and in its place */
        return raise_fmt(&exc_TypeError, "complex() argument 'real' must be a real number, not %T", real);
    }
    double rr = 0.0, ri = 0.0, ir = 0.0, ii = 0.0;
    bool real_is_complex = false, imag_is_complex = false;
    if ((real && part_value(real, true, &rr, &ri, &real_is_complex) < 0) || (imag && part_value(imag, false, &ir, &ii, &imag_is_complex) < 0)) {
        return NO_VALUE;
    }
    if (!imag) {
        return complex_of_type(cls, rr, ri);
    }
    return complex_of_type(cls, imag_is_complex ? rr - ii : rr, real_is_complex ? ir + ri : ir);
}

static Own
complex_create(Type *cls, Value const *args, size_t nargs, Value kwnames)
{
    return nargs == 1 && !kwnames ? complex_from_one(cls, args[0]) : complex_create_slot(cls, args, nargs, kwnames);
}

Own
complex_py_from_number(Type *cls, Value number)
{
    double real, imag;
    if (is_str(number)) {
        return raise_fmt(&exc_TypeError, "must be real number, not %T", number);
    }
    if (cls == &complex_type && IS_EXACT(number, COMPLEX)) {
        return own(number);
    }
    if (object_as_complex(number, &real, &imag) < 0) {
        return NO_VALUE;
    }
    Own v = complex_new(real, imag);
    if (!v || cls == &complex_type) {
        return v;
    }
    Own result = call1(VALUE(cls), v);
    drop(v);
    return result;
}

Own
complex_get_real(Complex *self)
{
    return float_new(self->real);
}

Own
complex_get_imag(Complex *self)
{
    return float_new(self->imag);
}

Own
complex_py_conjugate(Complex *self)
{
    return complex_new(self->real, -self->imag);
}

Own
complex_py___complex__(Complex *self)
{
    return exact_slot(VALUE(self));
}

Own
complex_py___getnewargs__(Complex *self)
{
    Own parts[] = {float_new(self->real), float_new(self->imag)};
    return tuple_from_own(parts, 2);
}

Type complex_type = {
    .name = "complex",
    .root_shape = SHAPE_COMPLEX,
    .flags = TYPE_BASE,
    .basic_size = sizeof(Complex),
    .slots = {
        .dealloc = object_free,
        .create = complex_create,
        .repr = repr_slot,
        .hash = hash_slot,
        .compare = compare_slot,
        .binary = {[OP_ADD] = add_slot, [OP_SUB] = sub_slot, [OP_MUL] = mul_slot, [OP_TRUEDIV] = div_slot, [OP_POW] = pow_slot},
        .power_mod = power_mod_slot,
        .unary = {[OP_NEG] = neg_slot, [OP_POS] = exact_slot, [OP_ABS] = abs_slot},
        .truth = truth_slot,
    },
    .methods = complex_methods,
    .getsets = complex_getsets,
    .spec_doc = complex_doc,
};
