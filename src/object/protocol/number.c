/* Operators: which operand's slot decides, and the errors when none does. */
#include "object/type/slotdefs.h"

static const char *const binary_signs[OP_BINARY_COUNT] = {
    [OP_ADD] = "+",     [OP_SUB] = "-",           [OP_MUL] = "*", [OP_MATMUL] = "@",
    [OP_TRUEDIV] = "/", [OP_FLOORDIV] = "//",     [OP_MOD] = "%", [OP_DIVMOD] = "divmod()",
    [OP_LSHIFT] = "<<", [OP_RSHIFT] = ">>",       [OP_AND] = "&", [OP_XOR] = "^",
    [OP_OR] = "|",      [OP_POW] = "** or pow()",
};
static const char *const inplace_signs[OP_BINARY_COUNT] = {
    [OP_ADD] = "+=",     [OP_SUB] = "-=",       [OP_MUL] = "*=", [OP_MATMUL] = "@=",
    [OP_TRUEDIV] = "/=", [OP_FLOORDIV] = "//=", [OP_MOD] = "%=", [OP_DIVMOD] = "divmod()",
    [OP_LSHIFT] = "<<=", [OP_RSHIFT] = ">>=",   [OP_AND] = "&=", [OP_XOR] = "^=",
    [OP_OR] = "|=",      [OP_POW] = "**=",
};

/* The number slots of both: a's first, unless b's type is below a's. NotImplemented when neither
 * applies. */
static Own
binary_slots(Value a, Value b, BinaryOp op)
{
    const Type *ta = type_of(a), *tb = type_of(b);
    BinaryFn fa = ta->slots.binary[op], fb = ta == tb ? NULL : tb->slots.binary[op];
    if (fa == fb) {
        fb = NULL;
    }
    if (fa) {
        if (fb && type_is_subtype(tb, ta)) {
            Own result = fb(a, b);
            if (result != NOTIMPLEMENTED) {
                return result;
            }
            drop(result);
            fb = NULL;
        }
        Own result = fa(a, b);
        if (result != NOTIMPLEMENTED) {
            return result;
        }
        drop(result);
    }
    return fb ? fb(a, b) : own(NOTIMPLEMENTED);
}

static Own
repeat_by(Own (*repeat)(Value, int64_t), Value sequence, Value count)
{
    if (!object_has_index(count)) {
        return raise_fmt(&exc_TypeError, "can't multiply sequence by non-int of type '%T'", count);
    }
    int64_t n = object_as_ssize(count);
    return n == -1 && exc_pending() ? NO_VALUE : repeat(sequence, n);
}

/* + and * of C sequences, after the number slots. */
static Own
sequence_slots(Value a, Value b, BinaryOp op, bool inplace)
{
    const TypeSlots *sa = &type_of(a)->slots, *sb = &type_of(b)->slots;
    if (op == OP_ADD) {
        BinaryFn concat = inplace && sa->inplace_concat ? sa->inplace_concat : sa->concat;
        return concat ? concat(a, b) : own(NOTIMPLEMENTED);
    }
    if (op == OP_MUL) {
        Own (*repeat)(Value, int64_t) =
            inplace && sa->inplace_repeat ? sa->inplace_repeat : sa->repeat;
        if (repeat) {
            return repeat_by(repeat, a, b);
        }
        bool asked = inplace && (sa->contains || (type_flags(type_of(a)) & TYPE_HEAP)); /* a sequence of its own: in place only a is */
        if (sb->repeat && !asked) {
            return repeat_by(sb->repeat, b, a);
        }
    }
    return own(NOTIMPLEMENTED);
}

static bool
is_print(Value v)
{
    return IS_EXACT(v, BUILTIN) && strcmp(((const Builtin *)obj(v))->def->name, "print") == 0;
}

static Own
raise_unsupported(Value a, Value b, BinaryOp op, const char *sign)
{
    if (op == OP_RSHIFT && sign == binary_signs[op] && is_print(a)) {
        return raise_fmt(
            &exc_TypeError,
            "unsupported operand type(s) for %s: '%T' and '%T'. Did you mean \"print(<message>, "
            "file=<output_stream>)\"?",
            sign, a, b);
    }
    return raise_fmt(&exc_TypeError, "unsupported operand type(s) for %s: '%T' and '%T'", sign, a,
                     b);
}

Own
object_binary(Value a, Value b, BinaryOp op)
{
    Own result = binary_slots(a, b, op);
    if (LIKELY(result != NOTIMPLEMENTED)) {
        return result;
    }
    drop(result);
    result = sequence_slots(a, b, op, false);
    if (LIKELY(result != NOTIMPLEMENTED)) {
        return result;
    }
    drop(result);
    return raise_unsupported(a, b, op, binary_signs[op]);
}

Own
object_inplace(Value a, Value b, BinaryOp op)
{
    BinaryFn inplace = type_of(a)->slots.inplace[op];
    Own result;
    if (inplace) {
        result = inplace(a, b);
        if (result != NOTIMPLEMENTED) {
            return result;
        }
        drop(result);
    }
    result = binary_slots(a, b, op);
    if (LIKELY(result != NOTIMPLEMENTED)) {
        return result;
    }
    drop(result);
    result = sequence_slots(a, b, op, true);
    if (LIKELY(result != NOTIMPLEMENTED)) {
        return result;
    }
    drop(result);
    return raise_unsupported(a, b, op, inplace_signs[op]);
}

Own
object_power(Value a, Value b, Value modulus)
{
    if (modulus == NONE) {
        return object_binary(a, b, OP_POW);
    }
    const Type *ta = type_of(a), *tb = type_of(b), *tm = type_of(modulus);
    TernaryFn fa = ta->slots.power_mod, fb = tb->slots.power_mod, fm = tm->slots.power_mod;
    if (fb == fa) {
        fb = NULL;
    }
    if (fm == fa || fm == fb) {
        fm = NULL;
    }
    TernaryFn order[3] = {fa, fb, fm};
    if (fa && fb && type_is_subtype(tb, ta)) {
        order[0] = fb;
        order[1] = fa;
    }
    for (int i = 0; i < 3; i++) {
        if (order[i]) {
            Own result = order[i](a, b, modulus);
            if (result != NOTIMPLEMENTED) {
                return result;
            }
            drop(result);
        }
    }
    return raise_fmt(&exc_TypeError,
                     "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", a, b,
                     modulus);
}

Own
object_unary(Value v, UnaryOp op)
{
    static const char *const shown[OP_UNARY_COUNT] = {"unary -", "unary +", "unary ~", "abs()"};
    UnaryFn fn = type_of(v)->slots.unary[op];
    if (LIKELY(fn != NULL)) {
        return fn(v);
    }
    return raise_fmt(&exc_TypeError, "bad operand type for %s: '%T'", shown[op], v);
}
