/* Comparison, hash and truth of any object. */
#include "base/hash.h"
#include "object/float.h"
#include "object/int.h"
#include "object/type/slotdefs.h"

static Own
raise_not_ordered(Value a, Value b, CompareOp op)
{
    static const char *const signs[] = {"<", "<=", "==", "!=", ">", ">="};
    return raise_fmt(&exc_TypeError, "'%s' not supported between instances of '%T' and '%T'",
                     signs[op], a, b);
}

static inline bool
order_holds(int order, CompareOp op)
{
    switch (op) {
    case CMP_LT:
        return order < 0;
    case CMP_LE:
        return order <= 0;
    case CMP_EQ:
        return order == 0;
    case CMP_NE:
        return order != 0;
    case CMP_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

typedef Own (*CompareFn)(Value a, Value b, CompareOp op);

Own
object_compare(Value a, Value b, CompareOp op)
{
    static const uint8_t swapped[] = {CMP_GT, CMP_GE, CMP_EQ, CMP_NE, CMP_LT, CMP_LE};
    if (are_small_ints(a, b)) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        return bool_value(order_holds((x > y) - (x < y), op));
    }
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    const Type *ta = type_of(a), *tb = type_of(b);
    CompareFn fa = ta->slots.compare, fb = tb->slots.compare;
    bool reflected_first = ta != tb && fb && type_is_subtype(tb, ta);
    if (reflected_first) {
        Own result = fb(b, a, swapped[op]);
        if (result != NOTIMPLEMENTED) {
            return result;
        }
        drop(result);
    }
    if (fa) {
        Own result = fa(a, b, op);
        if (result != NOTIMPLEMENTED) {
            return result;
        }
        drop(result);
    }
    if (fb && !reflected_first) {
        Own result = fb(b, a, swapped[op]);
        if (result != NOTIMPLEMENTED) {
            return result;
        }
        drop(result);
    }
    if (op == CMP_EQ || op == CMP_NE) {
        return bool_value((a == b) == (op == CMP_EQ));
    }
    return raise_not_ordered(a, b, op);
}

int
object_compare_bool(Value a, Value b, CompareOp op)
{
    if (a == b && (op == CMP_EQ || op == CMP_NE)) {
        return op == CMP_EQ;
    }
    if (are_small_ints(a, b)) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        return order_holds((x > y) - (x < y), op);
    }
    if (IS_EXACT(a, STR) && IS_EXACT(b, STR)) {
        if (op == CMP_EQ || op == CMP_NE) {
            return str_equal(as_str(a), as_str(b)) == (op == CMP_EQ);
        }
        return order_holds(str_compare(as_str(a), as_str(b)), op);
    }
    Own result = object_compare(a, b, op);
    if (!result) {
        return -1;
    }
    if (LIKELY(result == TRUE_VALUE || result == FALSE_VALUE)) {
        return result == TRUE_VALUE;
    }
    int truth = object_truth(result);
    drop(result);
    return truth;
}

int64_t
object_hash(Value v)
{
    if (IS_EXACT(v, STR)) {
        return str_hash(v);
    }
    if (is_small_int(v)) {
        return hash_int64(small_int_value(v));
    }
    int64_t (*hash)(Value) = type_of(v)->slots.hash;
    return LIKELY(hash != NULL) ? hash(v) : hash_unhashable(v);
}

int
object_truth(Value v)
{
    if (v == TRUE_VALUE) {
        return 1;
    }
    if (v == FALSE_VALUE || v == NONE) {
        return 0;
    }
    if (is_small_int(v)) {
        return small_int_value(v) != 0;
    }
    if (is_small_float(v)) {
        return small_float_value(v) != 0.0;
    }
    const TypeSlots *slots = &type_of(v)->slots;
    if (slots->truth) {
        return slots->truth(v);
    }
    if (slots->len) {
        int64_t n = slots->len(v);
        return n < 0 ? -1 : n > 0;
    }
    return 1;
}
