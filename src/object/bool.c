/* bool: True and False. */
#include "object/args.h"
#include "object/bool.h"
#include "object/str.h"

#include "bool.spec.h"

#define IMMORTAL_BOOL {.shape = SHAPE_BOOL, .flags = OBJ_IMMORTAL | OBJ_SHARED}
BoolObject true_object = {IMMORTAL_BOOL, 1, 1};
BoolObject false_object = {IMMORTAL_BOOL, 0, 0};

static Own
bool_repr(Value v)
{
    return own(v == TRUE_VALUE ? NAME(True) : NAME(False));
}

static inline bool
are_bools(Value a, Value b)
{
    return IS_EXACT(a, BOOL) && IS_EXACT(b, BOOL);
}

/* Two bools give a bool; with an int they are ints. */
static Own
bool_logic(Value a, Value b, BinaryOp op)
{
    if (are_bools(a, b)) {
        bool x = a == TRUE_VALUE, y = b == TRUE_VALUE;
        return bool_value(op == OP_AND ? x && y : op == OP_OR ? x || y : x != y);
    }
    return is_int(a) && is_int(b) ? int_bitwise(a, b, op) : own(NOTIMPLEMENTED);
}

static Own
bool_and(Value a, Value b)
{
    return bool_logic(a, b, OP_AND);
}

static Own
bool_or(Value a, Value b)
{
    return bool_logic(a, b, OP_OR);
}

static Own
bool_xor(Value a, Value b)
{
    return bool_logic(a, b, OP_XOR);
}

static Own
bool_invert(Value v)
{
    if (warn_fmt(&exc_DeprecationWarning, 1,
                 "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion "
                 "of the underlying int object and is usually not what you expect from the negation of a bool object. Use the 'not' "
                 "operator for boolean negation or ~int(x) for the bitwise inversion of the underlying int.") < 0) {
        return NO_VALUE;
    }
    return int_invert(v);
}

Own
bool_make(Type *cls UNUSED, Value x)
{
    int truth = x ? object_truth(x) : 0;
    return truth < 0 ? NO_VALUE : bool_value(truth);
}

Type bool_type = {
    .name = "bool",
    .root_shape = SHAPE_BOOL,
    .base = &int_type,
    .flags = TYPE_INT_SUBCLASS | TYPE_MATCH_SELF,
    .basic_size = sizeof(Int),
    .item_size = sizeof(mp_limb_t),
    .slots = {
        .create = bool_create_slot,
        .repr = bool_repr,
        .binary = {[OP_AND] = bool_and, [OP_OR] = bool_or, [OP_XOR] = bool_xor},
        .unary = {[OP_INVERT] = bool_invert},
    },
    .methods = bool_methods,
    .spec_doc = bool_doc,
};
