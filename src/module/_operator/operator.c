/* The module _operator: operators as functions. The classes itemgetter, attrgetter and methodcaller
 * are in operator_getters.c. */
#include "module/_operator/operator_priv.h"
#include "object/buffer.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"

#include "_operator.spec.h"

#define BINARY_OPERATOR(name, OP)                                                                  \
    Own operator_##name(Value module UNUSED, Value a, Value b)                                     \
    {                                                                                              \
        return object_binary(a, b, OP);                                                            \
    }
#define INPLACE_OPERATOR(name, OP)                                                                 \
    Own operator_##name(Value module UNUSED, Value a, Value b)                                     \
    {                                                                                              \
        return object_inplace(a, b, OP);                                                           \
    }
BINARY_OPERATOR(add, OP_ADD)
BINARY_OPERATOR(sub, OP_SUB)
BINARY_OPERATOR(mul, OP_MUL)
BINARY_OPERATOR(matmul, OP_MATMUL)
BINARY_OPERATOR(truediv, OP_TRUEDIV)
BINARY_OPERATOR(floordiv, OP_FLOORDIV)
BINARY_OPERATOR(mod, OP_MOD)
BINARY_OPERATOR(lshift, OP_LSHIFT)
BINARY_OPERATOR(rshift, OP_RSHIFT)
BINARY_OPERATOR(and_, OP_AND)
BINARY_OPERATOR(or_, OP_OR)
BINARY_OPERATOR(xor, OP_XOR)
BINARY_OPERATOR(pow, OP_POW)
INPLACE_OPERATOR(iadd, OP_ADD)
INPLACE_OPERATOR(isub, OP_SUB)
INPLACE_OPERATOR(imul, OP_MUL)
INPLACE_OPERATOR(imatmul, OP_MATMUL)
INPLACE_OPERATOR(itruediv, OP_TRUEDIV)
INPLACE_OPERATOR(ifloordiv, OP_FLOORDIV)
INPLACE_OPERATOR(imod, OP_MOD)
INPLACE_OPERATOR(ilshift, OP_LSHIFT)
INPLACE_OPERATOR(irshift, OP_RSHIFT)
INPLACE_OPERATOR(iand, OP_AND)
INPLACE_OPERATOR(ior, OP_OR)
INPLACE_OPERATOR(ixor, OP_XOR)
INPLACE_OPERATOR(ipow, OP_POW)

#define UNARY_OPERATOR(name, OP)                                                                   \
    Own operator_##name(Value module UNUSED, Value a)                                              \
    {                                                                                              \
        return object_unary(a, OP);                                                                \
    }
UNARY_OPERATOR(neg, OP_NEG)
UNARY_OPERATOR(pos, OP_POS)
UNARY_OPERATOR(inv, OP_INVERT)
UNARY_OPERATOR(invert, OP_INVERT)
UNARY_OPERATOR(abs, OP_ABS)

#define COMPARISON(name, OP)                                                                       \
    Own operator_##name(Value module UNUSED, Value a, Value b)                                     \
    {                                                                                              \
        return object_compare(a, b, OP);                                                           \
    }
COMPARISON(lt, CMP_LT)
COMPARISON(le, CMP_LE)
COMPARISON(eq, CMP_EQ)
COMPARISON(ne, CMP_NE)
COMPARISON(ge, CMP_GE)
COMPARISON(gt, CMP_GT)

/* -- truth and identity -- */

int
operator_truth(Value module UNUSED, Value a)
{
    return object_truth(a);
}

int
operator_not_(Value module UNUSED, Value a)
{
    int truth = object_truth(a);
    return truth < 0 ? -1 : !truth;
}

int
operator_is_(Value module UNUSED, Value a, Value b)
{
    return a == b;
}

int
operator_is_not(Value module UNUSED, Value a, Value b)
{
    return a != b;
}

int
operator_is_none(Value module UNUSED, Value a)
{
    return a == NONE;
}

int
operator_is_not_none(Value module UNUSED, Value a)
{
    return a != NONE;
}

Own
operator_index(Value module UNUSED, Value a)
{
    return object_index(a);
}

/* -- sequences and mappings -- */

int
operator_contains(Value module UNUSED, Value a, Value b)
{
    return object_contains(a, b);
}

/* Counts the items equal to b; with `first` stops at the first one and gives its index, -2 where
 * there is none. fail: -1 */
static int64_t
search(Value a, Value b, bool first)
{
    Own it = object_iter_all(a), item;
    if (!it) {
        if (exc_swallow(&exc_TypeError)) {
            raise_fmt(&exc_TypeError, "argument of type '%T' is not iterable", a);
        }
        return -1;
    }
    int64_t n = 0, at = 0;
    while ((item = object_next(it)) != NO_VALUE) {
        int equal = object_equal(item, b);
        drop(item);
        if (equal < 0) {
            break;
        }
        if (equal && first) {
            drop(it);
            return at;
        }
        n += equal;
        at++;
    }
    drop(it);
    return exc_pending() ? -1 : first ? -2 : n;
}

int64_t
operator_indexOf(Value module UNUSED, Value a, Value b)
{
    int64_t i = search(a, b, true);
    return i == -2 ? raise_int(&exc_ValueError, "sequence.index(x): x not in sequence") : i;
}

int64_t
operator_countOf(Value module UNUSED, Value a, Value b)
{
    return search(a, b, false);
}

Own
operator_getitem(Value module UNUSED, Value a, Value b)
{
    return object_getitem(a, b);
}

int
operator_setitem(Value module UNUSED, Value a, Value b, Value c)
{
    return object_setitem(a, b, c);
}

int
operator_delitem(Value module UNUSED, Value a, Value b)
{
    return object_delitem(a, b);
}

Own
operator_length_hint(Value module UNUSED, Value v, int64_t otherwise)
{
    int64_t hint = object_length_hint(v, otherwise);
    return hint == -1 && exc_pending() ? NO_VALUE : int_from_i64(hint);
}

static bool
is_sequence(Value v)
{
    const Type *t = type_of(v);
    return !is_dict(v) && (t->slots.seq_item || ((type_flags(t) & TYPE_HEAP) && t->slots.getitem));
}

/* Classes say + with __add__; only for sequences does that mean concatenation. */
static Own
concat(Value a, Value b, bool inplace)
{
    const TypeSlots *slots = &type_of(a)->slots;
    if (inplace && slots->inplace_concat) {
        return slots->inplace_concat(a, b);
    }
    if (slots->concat) {
        return slots->concat(a, b);
    }
    if (is_sequence(a) && is_sequence(b)) {
        return inplace ? object_inplace(a, b, OP_ADD) : object_binary(a, b, OP_ADD);
    }
    return raise_fmt(&exc_TypeError, "'%T' object can't be concatenated", a);
}

Own
operator_concat(Value module UNUSED, Value a, Value b)
{
    return concat(a, b, false);
}

Own
operator_iconcat(Value module UNUSED, Value a, Value b)
{
    return concat(a, b, true);
}

/* -- the rest -- */

Own
operator_call(Value module UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1) {
        return raise_msg(&exc_TypeError, "call expected at least 1 argument, got 0");
    }
    return object_call(args[0], args + 1, nargs - 1, kwnames);
}

/* The compiler must not find out that the loop could end early. */
static bool
same_bytes(const uint8_t *a, size_t na, const uint8_t *b, size_t nb)
{
    volatile uint8_t difference = na != nb;
    const uint8_t *against = na == nb ? a : b;
    for (size_t i = 0; i < nb; i++) {
        difference |= (uint8_t)(against[i] ^ b[i]);
    }
    return difference == 0;
}

int
operator__compare_digest(Value module UNUSED, Value a, Value b)
{
    if (is_str(a) && is_str(b)) {
        const Str *x = as_str(a), *y = as_str(b);
        if (!x->ascii || !y->ascii) {
            return raise_int(&exc_TypeError,
                             "comparing strings with non-ASCII characters is not supported");
        }
        return same_bytes(x->data, (size_t)x->length, y->data, (size_t)y->length);
    }
    Buffer x = {0}, y = {0};
    if (!object_has_buffer(a) || !object_has_buffer(b)) {
        return raise_int(&exc_TypeError,
                         "unsupported operand types(s) or combination of types: '%T' and '%T'", a, b);
    }
    int same = -1;
    if (buffer_get_still(a, &x) == 0 && buffer_get_still(b, &y) == 0) {
        same = same_bytes(x.data, (size_t)x.length, y.data, (size_t)y.length);
    }
    buffer_release(&x);
    buffer_release(&y);
    return same;
}

static int
operator_exec(Value m)
{
    return module_add_type(m, &itemgetter_type) < 0 || module_add_type(m, &attrgetter_type) < 0 ||
                   module_add_type(m, &methodcaller_type) < 0
               ? -1
               : 0;
}

const ModuleDef module__operator = {
    .name = "_operator",
    .doc = operator_module_doc,
    .functions = operator_functions,
    .exec = operator_exec,
};
