/* Expressions that the compiler computes itself.
 *
 * Constant parts are combined as long as the result stays small; what would raise is left to run time. Only built-in types take part, so
 * that nothing here runs Python code. */
#include "compile/gen.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"
#include "object/tuple.h"

enum {
    MAX_INT_BITS = 128,
    MAX_COLLECTION = 256, /* items of a repeated tuple */
    MAX_TOTAL_ITEMS = 1024,
    MAX_TEXT = 4096, /* characters of a repeated str or bytes */
    MAX_DEPTH = 100, /* of operators in each other: what is deeper is tried again from further inside */
};

Own
constant_value(const Const *literal)
{
    switch (literal->kind) {
    case CONST_NONE:
        return own(NONE);
    case CONST_TRUE:
        return own(TRUE_VALUE);
    case CONST_FALSE:
        return own(FALSE_VALUE);
    case CONST_ELLIPSIS:
        return own(ELLIPSIS);
    case CONST_INT:
        return literal->fits ? int_from_i64(literal->small) : int_from_text(literal->text, literal->len, literal->base);
    case CONST_FLOAT:
        return float_new(literal->number);
    case CONST_COMPLEX: {
        Own imaginary = float_new(literal->number);
        Own result = imaginary ? call2(VALUE(&complex_type), float_new(0.0), imaginary) : NO_VALUE;
        drop_opt(imaginary);
        return result;
    }
    case CONST_STR: {
        Own text = str_from_wtf8(literal->text, literal->len);
        return text ? str_intern(text) : NO_VALUE;
    }
    case CONST_BYTES:
        return bytes_new(literal->text, literal->len);
    default:
        return own(VALUE(literal->object));
    }
}

/* Items of a nested constant tuple, up to a limit: more gives -1. */
static int64_t
count_items(Value v, int64_t limit)
{
    if (!IS_EXACT(v, TUPLE)) {
        return limit;
    }
    limit -= as_tuple(v)->length;
    for (int64_t i = 0; limit >= 0 && i < as_tuple(v)->length; i++) {
        limit = count_items(tuple_item(v, i), limit);
    }
    return limit;
}

static bool
repeat_is_small(Value sequence, Value times)
{
    int64_t n;
    if (!int_as_i64(times, &n) || n < 0) {
        return int_sign(times) < 0;
    }
    if (IS_EXACT(sequence, TUPLE)) {
        int64_t length = as_tuple(sequence)->length;
        return length == 0 || (n <= MAX_COLLECTION / length && count_items(sequence, MAX_TOTAL_ITEMS / (n ? n : 1)) >= 0);
    }
    int64_t length = is_str(sequence) ? as_str(sequence)->length : as_bytes(sequence)->length;
    return length == 0 || n <= MAX_TEXT / length;
}

static bool
is_repeatable(Value v)
{
    return IS_EXACT(v, TUPLE) || IS_EXACT(v, STR) || IS_EXACT(v, BYTES);
}

static bool
result_is_small(Value a, Value b, Operator op)
{
    bool ints = is_int(a) && is_int(b);
    int64_t n;
    switch (op) {
    case OPERATOR_MULT:
        if (ints) {
            return int_bit_length(a) + int_bit_length(b) <= MAX_INT_BITS;
        }
        if (is_int(a) && is_repeatable(b)) {
            return repeat_is_small(b, a);
        }
        return !(is_int(b) && is_repeatable(a)) || repeat_is_small(a, b);
    case OPERATOR_POW:
        if (!ints || int_sign(b) <= 0 || int_bit_length(a) == 0) {
            return true;
        }
        return int_as_i64(b, &n) && n <= MAX_INT_BITS / int_bit_length(a);
    case OPERATOR_L_SHIFT:
        if (!ints || int_sign(a) == 0 || int_sign(b) < 0) {
            return true;
        }
        return int_as_i64(b, &n) && n <= MAX_INT_BITS && int_bit_length(a) + n <= MAX_INT_BITS;
    case OPERATOR_MOD:
        return !IS_EXACT(a, STR) && !IS_EXACT(a, BYTES);
    default:
        return true;
    }
}

/* A failed computation: the run time shall raise its error. */
static Own
leave_to_run_time(Gen *g)
{
    if (exc_matches(&exc_MemoryError) || !exc_matches(&exc_Exception)) {
        g->c->failed = true;
    } else {
        exc_clear();
    }
    return NO_VALUE;
}

static Own
fold_binary(Gen *g, const Expr *e)
{
    static const BinaryOp ops[] = {
        [OPERATOR_ADD] = OP_ADD,         [OPERATOR_SUB] = OP_SUB,         [OPERATOR_MULT] = OP_MUL,
        [OPERATOR_MAT_MULT] = OP_MATMUL, [OPERATOR_DIV] = OP_TRUEDIV,     [OPERATOR_MOD] = OP_MOD,
        [OPERATOR_POW] = OP_POW,         [OPERATOR_L_SHIFT] = OP_LSHIFT,  [OPERATOR_R_SHIFT] = OP_RSHIFT,
        [OPERATOR_BIT_OR] = OP_OR,       [OPERATOR_BIT_XOR] = OP_XOR,     [OPERATOR_BIT_AND] = OP_AND,
        [OPERATOR_FLOOR_DIV] = OP_FLOORDIV,
    };
    Own right = fold(g, e->BinOp.right);
    Own left = right ? fold(g, e->BinOp.left) : NO_VALUE;
    Own result = NO_VALUE;
    if (left && result_is_small(left, right, e->BinOp.op)) {
        result = object_binary(left, right, ops[e->BinOp.op]);
        if (!result) {
            result = leave_to_run_time(g);
        }
    }
    drop_opt(left);
    drop_opt(right);
    return result;
}

static Own
fold_unary(Gen *g, const Expr *e)
{
    Own operand = fold(g, e->UnaryOp.operand);
    Own result = NO_VALUE;
    if (!operand) {
        return NO_VALUE;
    }
    if (e->UnaryOp.op == UNARYOP_NOT) {
        int truth = object_truth(operand);
        result = truth < 0 ? NO_VALUE : own(bool_value(!truth));
    } else if (e->UnaryOp.op != UNARYOP_INVERT || (operand != TRUE_VALUE && operand != FALSE_VALUE)) {
        result = object_unary(operand, e->UnaryOp.op == UNARYOP_INVERT  ? OP_INVERT
                                       : e->UnaryOp.op == UNARYOP_U_ADD ? OP_POS
                                                                        : OP_NEG);
    }
    drop(operand);
    return result || !exc_pending() ? result : leave_to_run_time(g);
}

Own
fold_elements(Gen *g, const ExprSeq *elts)
{
    for (int i = 0; i < elts->count; i++) { /* cheap refusals first */
        int kind = elts->items[i]->kind;
        if (kind != EXPR_CONSTANT && kind != EXPR_TUPLE && kind != EXPR_UNARY_OP && kind != EXPR_BIN_OP && kind != EXPR_NAME &&
            kind != EXPR_SUBSCRIPT) {
            return NO_VALUE;
        }
    }
    Own tuple = tuple_new(elts->count);
    for (int i = 0; tuple && i < elts->count; i++) {
        Own item = fold(g, elts->items[i]);
        if (!item) {
            drop(tuple);
            return NO_VALUE;
        }
        tuple_init_item(tuple, i, item);
    }
    g->c->failed |= !tuple;
    return tuple;
}

static Own
fold_subscript(Gen *g, const Expr *e)
{
    if (e->Subscript.ctx != CTX_LOAD) {
        return NO_VALUE;
    }
    Own index = fold(g, e->Subscript.slice);
    Own value = index ? fold(g, e->Subscript.value) : NO_VALUE;
    Own result = NO_VALUE;
    if (value) {
        result = object_getitem(value, index);
        if (!result) {
            result = leave_to_run_time(g);
        }
    }
    drop_opt(index);
    drop_opt(value);
    return result;
}

/* A literal, a tuple or an operation, deeper inside. */
static Own
fold_nested(Gen *g, const Expr *e)
{
    if (g->fold_depth >= MAX_DEPTH || !compiler_enter(g->c)) {
        return NO_VALUE;
    }
    g->fold_depth++;
    Own v = e->kind == EXPR_BIN_OP     ? fold_binary(g, e)
            : e->kind == EXPR_UNARY_OP ? fold_unary(g, e)
            : e->kind == EXPR_TUPLE    ? fold_elements(g, &e->Tuple.elts)
                                       : fold_subscript(g, e);
    g->fold_depth--;
    return v;
}

Own
fold(Gen *g, const Expr *e)
{
    switch (e->kind) {
    case EXPR_CONSTANT: {
        Own v = gen_ok(g) ? constant_value(&e->Constant.value) : NO_VALUE;
        g->c->failed |= !v;
        return v;
    }
    case EXPR_NAME:
        if (e->Name.ctx == CTX_LOAD && strcmp(e->Name.id->text, "__debug__") == 0) {
            return own(bool_value(g->c->optimize == 0));
        }
        return NO_VALUE;
    case EXPR_BIN_OP:
    case EXPR_UNARY_OP:
    case EXPR_TUPLE:
    case EXPR_SUBSCRIPT:
        return fold_nested(g, e);
    default:
        return NO_VALUE;
    }
}

int
fold_truth(Gen *g, const Expr *e)
{
    if (e->kind == EXPR_CONSTANT && e->Constant.value.kind == CONST_TRUE) {
        return 1;
    }
    Own v = fold(g, e);
    if (!v) {
        return -1;
    }
    int truth = object_truth(v);
    g->c->failed |= truth < 0;
    drop(v);
    return truth;
}

bool
fold_small(Gen *g, const Expr *e, int64_t *value)
{
    if (e->kind != EXPR_CONSTANT && e->kind != EXPR_UNARY_OP) {
        return false;
    }
    Own v = fold(g, e);
    bool small = v && is_small_int(v) && small_int_value(v) >= INT16_MIN && small_int_value(v) <= INT16_MAX;
    if (small) {
        *value = small_int_value(v);
    }
    drop_opt(v);
    return small;
}
