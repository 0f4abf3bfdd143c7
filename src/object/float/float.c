/* float: doubles. Immediate where the encoding of heap/value.h has room, else objects. Immutable: no locks. */
#include <math.h>

#include "base/hash.h"
#include "base/number.h"
#include "base/unicode.h"
#include "object/args.h"
#include "object/buffer.h"
#include "object/complex.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "float.spec.h"

Own
float_new_slow(double d)
{
    Float *f = (Float *)object_alloc(SHAPE_FLOAT, sizeof(Float), 0);
    if (f) {
        f->value = d;
    }
    return OWN(f);
}

Own
float_repr(Value v)
{
    char text[DOUBLE_REPR_MAX];
    return str_from_latin1((uint8_t *)text, (size_t)(double_repr(text, float_value(v)) - text));
}

/* -- arithmetic -- */

Own
float_mod(double a, double b)
{
    if (b == 0.0) {
        return raise_msg(&exc_ZeroDivisionError, "division by zero");
    }
    double r = fmod(a, b);
    if (r == 0.0) {
        r = copysign(0.0, b);
    } else if ((r < 0) != (b < 0)) {
        r += b;
    }
    return float_new(r);
}

/* Floor of the exact quotient, from the remainder: (a - r) / b is a whole number up to rounding. */
static double
floor_quotient(double a, double b)
{
    double r = fmod(a, b), q = (a - r) / b;
    if (r != 0.0 && (r < 0) != (b < 0)) {
        q -= 1.0;
    }
    if (q == 0.0) {
        return copysign(0.0, a / b);
    }
    double whole = floor(q);
    return q - whole > 0.5 ? whole + 1.0 : whole;
}

Own
float_floordiv(double a, double b)
{
    if (b == 0.0) {
        return raise_msg(&exc_ZeroDivisionError, "division by zero");
    }
    return float_new(floor_quotient(a, b));
}

Own
float_power(double a, double b)
{
    if (b == 0.0 || a == 1.0) {
        return float_new(1.0);
    }
    if (a == 0.0 && b < 0 && isfinite(b)) {
        return raise_msg(&exc_ZeroDivisionError, "zero to a negative power");
    }
    if (a < 0 && isfinite(a) && isfinite(b) && b != floor(b)) {
        return complex_power_of_floats(a, b);
    }
    double r = pow(a, b);
    if (isinf(r) && isfinite(a) && isfinite(b)) {
        Own text = str_from_cstr("Numerical result out of range");
        Value args[] = {small_int(34), text};
        Own exc = text ? object_call(VALUE(&exc_OverflowError), args, 2, NO_VALUE) : NO_VALUE;
        drop_opt(text);
        if (exc) {
            raise_object(exc, NO_VALUE);
            drop(exc);
        }
        return NO_VALUE;
    }
    return float_new(r);
}

/* 1 and the double of a float or int; 0 where v is neither; -1 for an int too large. */
static inline int
as_operand(Value v, double *d)
{
    if (LIKELY(is_small_float(v))) {
        *d = small_float_value(v);
        return 1;
    }
    if (is_float(v)) {
        *d = float_value(v);
        return 1;
    }
    if (is_int(v)) {
        return int_as_double(v, d) ? 1 : -1;
    }
    return 0;
}

static inline int
as_operands(Value a, Value b, double *x, double *y)
{
    int status = as_operand(a, x);
    return status == 1 ? as_operand(b, y) : status;
}

#define FLOAT_BINARY(slot, result)                                                                 \
    static Own slot(Value a, Value b)                                                              \
    {                                                                                              \
        double x, y;                                                                               \
        int status = as_operands(a, b, &x, &y);                                                    \
        if (status <= 0) {                                                                         \
            return status < 0 ? NO_VALUE : own(NOTIMPLEMENTED);                                    \
        }                                                                                          \
        return result;                                                                             \
    }
FLOAT_BINARY(add_slot, float_new(x + y))
FLOAT_BINARY(sub_slot, float_new(x - y))
FLOAT_BINARY(mul_slot, float_new(x *y))
FLOAT_BINARY(truediv_slot, y == 0.0 ? raise_msg(&exc_ZeroDivisionError, "division by zero") : float_new(x / y))
FLOAT_BINARY(floordiv_slot, float_floordiv(x, y))
FLOAT_BINARY(mod_slot, float_mod(x, y))
FLOAT_BINARY(pow_slot, float_power(x, y))

static Own
divmod_slot(Value a, Value b)
{
    Own q = floordiv_slot(a, b);
    if (!q || q == NOTIMPLEMENTED) {
        return q;
    }
    Own r = mod_slot(a, b);
    if (!r) {
        drop(q);
        return NO_VALUE;
    }
    Own pair[] = {q, r};
    return tuple_from_own(pair, 2);
}

static Own
power_mod_slot(Value a UNUSED, Value b UNUSED, Value m UNUSED)
{
    return raise_msg(&exc_TypeError, "pow() 3rd argument not allowed unless all arguments are integers");
}

/* Exact: an int is never rounded to be compared. -1, 0, 1, 2 for unordered, or 3 with MemoryError pending. */
static int
compare_with_int(double x, Value i)
{
    if (isnan(x)) {
        return 2;
    }
    if (isinf(x)) {
        return x > 0 ? 1 : -1;
    }
    Own whole = int_from_double(x); /* truncated */
    if (!whole) {
        return 3;
    }
    int c = int_compare(whole, i);
    drop(whole);
    if (c == 0) {
        double rest = x - trunc(x);
        c = rest > 0 ? 1 : rest < 0 ? -1 : 0;
    }
    return c;
}

static Own
compare_slot(Value a, Value b, CompareOp op)
{
    int c;
    if (is_float(a) && is_float(b)) {
        double x = float_value(a), y = float_value(b);
        c = x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
    } else if (is_float(a) && is_int(b)) {
        c = compare_with_int(float_value(a), b);
    } else {
        return own(NOTIMPLEMENTED);
    }
    if (c >= 2) {
        return c == 3 ? NO_VALUE : bool_value(op == CMP_NE);
    }
    bool result = op == CMP_LT   ? c < 0
                  : op == CMP_LE ? c <= 0
                  : op == CMP_EQ ? c == 0
                  : op == CMP_NE ? c != 0
                  : op == CMP_GT ? c > 0
                                 : c >= 0;
    return bool_value(result);
}

static Own
neg_slot(Value v)
{
    return float_new(-float_value(v));
}

static Own
pos_slot(Value v)
{
    return float_new(float_value(v));
}

static Own
abs_slot(Value v)
{
    return float_new(fabs(float_value(v)));
}

static int
truth_slot(Value v)
{
    return float_value(v) != 0.0;
}

static Own
to_int_slot(Value v)
{
    return int_from_double(float_value(v));
}

static int64_t
hash_slot(Value v)
{
    double d = float_value(v);
    return isnan(d) ? hash_pointer(obj(v)) : hash_double(d);
}

/* -- construction -- */

static Own
raise_not_a_float(Value shown)
{
    return exc_pending() ? NO_VALUE : raise_fmt(&exc_ValueError, "could not convert string to float: %.200R", shown);
}

/* ASCII text with spaces around and underscores between digits. False when malformed, or with MemoryError pending. */
static bool
parse_float(const char *text, size_t n, double *d)
{
    const char *end = text + n;
    while (text < end && (*text == ' ' || (*text >= '\t' && *text <= '\r'))) {
        text++;
    }
    while (text < end && (end[-1] == ' ' || (end[-1] >= '\t' && end[-1] <= '\r'))) {
        end--;
    }
    char plain[128];
    char *copy = end - text < (int64_t)sizeof plain ? plain : mem_alloc((size_t)(end - text) + 1);
    if (!copy) {
        return false;
    }
    size_t used = 0;
    bool ok = text < end;
    for (const char *p = text; p < end && ok; p++) {
        if (*p == '_') {
            ok = p > text && p + 1 < end && p[-1] >= '0' && p[-1] <= '9' && p[1] >= '0' && p[1] <= '9';
        } else {
            copy[used++] = *p;
        }
    }
    ok = ok && used && double_parse(copy, copy + used, d) == copy + used;
    if (copy != plain) {
        mem_free(copy);
    }
    return ok;
}

Own
float_from_str(Value v)
{
    const Str *s = as_str(v);
    char *text = mem_alloc((size_t)s->length + 1);
    if (!text) {
        return NO_VALUE;
    }
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        int decimal = c < 128 ? -1 : unicode_decimal(c);
        text[i] = decimal >= 0 ? (char)('0' + decimal) : c < 128 ? (char)c : unicode_is(c, UNICODE_SPACE) ? ' ' : '?';
    }
    double d;
    bool ok = parse_float(text, (size_t)s->length, &d);
    mem_free(text);
    return ok ? float_new(d) : raise_not_a_float(v);
}

Own
float_from_bytes_like(Value v)
{
    if (!object_has_buffer(v)) {
        return raise_fmt(&exc_TypeError, "float() argument must be a string or a real number, not '%T'", v);
    }
    Buffer buffer;
    if (buffer_get_still(v, &buffer) < 0) {
        return NO_VALUE;
    }
    double d;
    bool ok = parse_float((const char *)buffer.data, (size_t)buffer.length, &d);
    buffer_release(&buffer);
    return ok ? float_new(d) : raise_not_a_float(v);
}

Own
float_make(Type *cls, Value x)
{
    Own v = x ? object_to_float(x) : float_new(0.0);
    if (!v || cls == &float_type) {
        return v;
    }
    Own instance = type_alloc(cls, 0);
    if (instance) {
        ((Float *)obj(instance))->value = float_value(v);
    }
    drop(v);
    return instance;
}

Type float_type = {
    .name = "float",
    .root_shape = SHAPE_FLOAT,
    .flags = TYPE_BASE | TYPE_FLOAT_SUBCLASS | TYPE_MATCH_SELF,
    .basic_size = sizeof(Float),
    .slots = {
        .dealloc = object_free,
        .create = float_create_slot,
        .repr = float_repr,
        .hash = hash_slot,
        .compare = compare_slot,
        .binary = {
            [OP_ADD] = add_slot, [OP_SUB] = sub_slot, [OP_MUL] = mul_slot, [OP_TRUEDIV] = truediv_slot,
            [OP_FLOORDIV] = floordiv_slot, [OP_MOD] = mod_slot, [OP_DIVMOD] = divmod_slot, [OP_POW] = pow_slot,
        },
        .power_mod = power_mod_slot,
        .unary = {[OP_NEG] = neg_slot, [OP_POS] = pos_slot, [OP_ABS] = abs_slot},
        .truth = truth_slot,
        .to_int = to_int_slot,
        .to_float = pos_slot,
    },
    .methods = float_methods,
    .getsets = float_getsets,
    .spec_doc = float_doc,
};
