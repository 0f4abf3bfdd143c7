/* The type int: its slots and constructor. */
#include "object/args.h"
#include "object/buffer.h"
#include "object/float.h"
#include "object/int_priv.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "int.spec.h"

/* Both operands are ints, or the slot does not apply. */
#define INT_BINARY(slot, function)                                                                 \
    static Own slot(Value a, Value b)                                                              \
    {                                                                                              \
        return is_int(a) && is_int(b) ? function : own(NOTIMPLEMENTED);                            \
    }
INT_BINARY(add_slot, int_add(a, b))
INT_BINARY(sub_slot, int_sub(a, b))
INT_BINARY(mul_slot, int_mul(a, b))
INT_BINARY(truediv_slot, int_truediv(a, b))
INT_BINARY(floordiv_slot, int_floordiv(a, b))
INT_BINARY(mod_slot, int_mod(a, b))
INT_BINARY(pow_slot, int_pow(a, b, NONE))
INT_BINARY(lshift_slot, int_lshift(a, b))
INT_BINARY(rshift_slot, int_rshift(a, b))
INT_BINARY(and_slot, int_bitwise(a, b, OP_AND))
INT_BINARY(or_slot, int_bitwise(a, b, OP_OR))
INT_BINARY(xor_slot, int_bitwise(a, b, OP_XOR))

static Own
divmod_slot(Value a, Value b)
{
    if (!is_int(a) || !is_int(b)) {
        return own(NOTIMPLEMENTED);
    }
    Own rest;
    Own q = int_divmod(a, b, &rest);
    if (!q) {
        return NO_VALUE;
    }
    Own pair[] = {q, rest};
    return tuple_from_own(pair, 2);
}

static Own
power_mod_slot(Value a, Value b, Value m)
{
    return is_int(a) && is_int(b) && is_int(m) ? int_pow(a, b, m) : own(NOTIMPLEMENTED);
}

static Own
compare_slot(Value a, Value b, CompareOp op)
{
    if (!is_int(a) || !is_int(b)) {
        return own(NOTIMPLEMENTED);
    }
    int c = int_compare(a, b);
    bool result = op == CMP_LT   ? c < 0
                  : op == CMP_LE ? c <= 0
                  : op == CMP_EQ ? c == 0
                  : op == CMP_NE ? c != 0
                  : op == CMP_GT ? c > 0
                                 : c >= 0;
    return bool_value(result);
}

Own
int_exact(Value v)
{
    if (is_small_int(v) || IS_EXACT(v, INT)) {
        return own(v);
    }
    IntView x;
    int_view(&x, v);
    return int_from_limbs(x.limbs, x.n, x.negative);
}

static Own
abs_slot(Value v)
{
    return int_sign(v) < 0 ? int_negate(v) : int_exact(v);
}

static Own
float_slot(Value v)
{
    double d;
    return int_as_double(v, &d) ? float_new(d) : NO_VALUE;
}

static int
truth_slot(Value v)
{
    return int_sign(v) != 0;
}

static Own
repr_slot(Value v)
{
    return int_to_text(v, 10, false);
}

static Own
int_with_base(Value v, Value base)
{
    int64_t b = object_as_ssize_clamped(base);
    if (b == -1 && exc_pending()) {
        return NO_VALUE;
    }
    if (b != 0 && (b < 2 || b > 36)) {
        return raise_msg(&exc_ValueError, "int() base must be >= 2 and <= 36, or 0");
    }
    if (is_str(v)) {
        return int_from_str(v, (int)b);
    }
    if (!is_bytes(v) && !is_instance_of(v, &bytearray_type)) {
        return raise_msg(&exc_TypeError, "int() can't convert non-string with explicit base");
    }
    Buffer buffer;
    if (buffer_get_still(v, &buffer) < 0) {
        return NO_VALUE;
    }
    Own result = int_from_bytes_text(buffer.data, buffer.length, (int)b);
    buffer_release(&buffer);
    return result;
}

/* An instance of a subclass with value v (eaten). */
static Own
int_of_subclass(Type *cls, Own v)
{
    if (!v) {
        return NO_VALUE;
    }
    IntView x;
    int_view(&x, v);
    Own instance = type_alloc(cls, x.n);
    if (instance) {
        Int *big = as_big_int(instance);
        big->size = x.negative ? -x.n : x.n;
        memcpy(big->limbs, x.limbs, (size_t)x.n * sizeof *x.limbs);
    }
    drop(v);
    return instance;
}

Own
int_make(Type *cls, Value x, Value base)
{
    Own v = base ? (x ? int_with_base(x, base) : raise_msg(&exc_TypeError, "int() missing string argument"))
            : x  ? object_to_int(x)
                 : small_int(0);
    return cls == &int_type ? v : int_of_subclass(cls, v);
}

/* int(x) and int(x, base) without keywords count their arguments with a message of their own. */
static Own
int_create(Type *cls, Value const *args, size_t nargs, Value kwnames)
{
    if (LIKELY(nargs == 1 && !kwnames)) {
        return int_make(cls, args[0], NO_VALUE);
    }
    if (cls == &int_type && !kwnames && nargs > 2) {
        return raise_fmt(&exc_TypeError, "int expected at most 2 arguments, got %zu", nargs);
    }
    return int_create_slot(cls, args, nargs, kwnames);
}

Type int_type = {
    .name = "int",
    .root_shape = SHAPE_INT,
    .flags = TYPE_BASE | TYPE_INT_SUBCLASS | TYPE_MATCH_SELF,
    .basic_size = sizeof(Int),
    .item_size = sizeof(mp_limb_t),
    .slots = {
        .dealloc = object_free,
        .create = int_create,
        .repr = repr_slot,
        .hash = int_hash,
        .compare = compare_slot,
        .binary = {
            [OP_ADD] = add_slot, [OP_SUB] = sub_slot, [OP_MUL] = mul_slot, [OP_TRUEDIV] = truediv_slot,
            [OP_FLOORDIV] = floordiv_slot, [OP_MOD] = mod_slot, [OP_DIVMOD] = divmod_slot,
            [OP_LSHIFT] = lshift_slot, [OP_RSHIFT] = rshift_slot, [OP_AND] = and_slot,
            [OP_XOR] = xor_slot, [OP_OR] = or_slot, [OP_POW] = pow_slot,
        },
        .power_mod = power_mod_slot,
        .unary = {[OP_NEG] = int_negate, [OP_POS] = int_exact, [OP_INVERT] = int_invert, [OP_ABS] = abs_slot},
        .truth = truth_slot,
        .to_int = int_exact,
        .to_float = float_slot,
        .index = int_exact,
    },
    .methods = int_methods,
    .getsets = int_getsets,
    .spec_doc = int_doc,
};
