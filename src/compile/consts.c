/* The constants and names of a code object, each once.
 *
 * Two constants are the same when they have the same type and value in all their parts: 1 and 1.0, 0.0 and -0.0, (1,) and (True,)
 * are not. */
#include "compile/gen.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"
#include "object/tuple.h"

static bool
same_constant(Value a, Value b)
{
    if (a == b) {
        return true;
    }
    if (!is_object(a) || !is_object(b) || obj_shape(obj(a)) != obj_shape(obj(b))) {
        return false;
    }
    switch (obj_shape(obj(a))) {
    case SHAPE_STR:
        return str_equal(as_str(a), as_str(b));
    case SHAPE_BYTES:
        return as_bytes(a)->length == as_bytes(b)->length &&
               memcmp(as_bytes(a)->data, as_bytes(b)->data, (size_t)as_bytes(a)->length) == 0;
    case SHAPE_INT:
        return int_compare(a, b) == 0;
    case SHAPE_FLOAT: {
        double x = float_value(a), y = float_value(b);
        return memcmp(&x, &y, sizeof x) == 0;
    }
    case SHAPE_TUPLE:
        if (as_tuple(a)->length != as_tuple(b)->length || !c_stack_ok()) {
            return false;
        }
        for (int64_t i = 0; i < as_tuple(a)->length; i++) {
            if (!same_constant(tuple_item(a, i), tuple_item(b, i))) {
                return false;
            }
        }
        return true;
    default: { /* code, complex, frozenset, slice */
        int same = code_const_equal(a, b);
        if (same < 0) {
            exc_clear();
        }
        return same == 1;
    }
    }
}

static uint64_t
constant_hash(Value v)
{
    uint64_t h = value_bits(v);
    if (is_object(v)) {
        switch (obj_shape(obj(v))) {
        case SHAPE_STR:
            h = (uint64_t)str_hash(v);
            break;
        case SHAPE_BYTES:
            h = (uint64_t)as_bytes(v)->length;
            for (int64_t i = 0; i < as_bytes(v)->length; i++) {
                h = h * 31 + as_bytes(v)->data[i];
            }
            break;
        case SHAPE_INT:
            h = (uint64_t)int_hash(v);
            break;
        case SHAPE_FLOAT: {
            double d = float_value(v);
            memcpy(&h, &d, sizeof h);
            break;
        }
        case SHAPE_TUPLE:
            h = 17;
            for (int64_t i = 0; i < as_tuple(v)->length; i++) {
                Value item = tuple_item(v, i);
                h = h * 1000003 + (IS_EXACT(item, TUPLE) ? (uint64_t)as_tuple(item)->length : constant_hash(item));
            }
            break;
        default:
            h = obj_shape(obj(v));
            break;
        }
    }
    return (h ^ h >> 29) * UINT64_C(0x9E3779B97F4A7C15) >> 20;
}

static uint64_t
table_hash(Value v, bool by_value)
{
    return by_value ? constant_hash(v) : value_bits(v) * UINT64_C(0x9E3779B97F4A7C15) >> 20;
}

static bool
table_grow(ValueTable *t, bool by_value)
{
    uint32_t size = t->slots ? (t->mask + 1) * 2 : 16;
    uint32_t *slots = calloc(size, sizeof(*slots));
    if (!slots) {
        return false;
    }
    free(t->slots);
    t->slots = slots;
    t->mask = size - 1;
    for (size_t i = 0; i < t->values.len; i++) {
        uint32_t at = (uint32_t)table_hash(t->values.data[i], by_value) & t->mask;
        while (slots[at]) {
            at = (at + 1) & t->mask;
        }
        slots[at] = (uint32_t)i + 1;
    }
    return true;
}

uint32_t
value_table_add(Gen *g, ValueTable *t, Own v, bool by_value)
{
    if (!v || !gen_ok(g)) {
        g->c->failed = true;
        drop_opt(v);
        return 0;
    }
    if (!t->slots || t->values.len * 2 >= t->mask) {
        if (!table_grow(t, by_value)) {
            drop(v);
            fail_memory(g->c);
            return 0;
        }
    }
    uint32_t at = (uint32_t)table_hash(v, by_value) & t->mask;
    for (; t->slots[at]; at = (at + 1) & t->mask) {
        Value known = t->values.data[t->slots[at] - 1];
        if (by_value ? same_constant(known, v) : known == v) {
            drop(v);
            return t->slots[at] - 1;
        }
    }
    if (ownvec_push(&t->values, v) < 0) {
        drop(v);
        fail_memory(g->c);
        return 0;
    }
    t->slots[at] = (uint32_t)t->values.len;
    return (uint32_t)t->values.len - 1;
}

void
value_table_free(ValueTable *t)
{
    while (t->values.len > 0) {
        drop(ownvec_pop(&t->values));
    }
    ownvec_free(&t->values);
    free(t->slots);
    *t = (ValueTable){0};
}

uint32_t
const_index(Gen *g, Own v)
{
    return value_table_add(g, &g->u->consts, v, true);
}

uint32_t
name_index(Gen *g, Value name)
{
    return value_table_add(g, &g->u->names, name ? own(name) : NO_VALUE, false);
}

void
emit_const(Gen *g, Reg to, Own v)
{
    if (!v) {
        g->c->failed = true;
        return;
    }
    if (is_small_int(v) && small_int_value(v) >= INT32_MIN && small_int_value(v) <= INT32_MAX) {
        emit_wide(g, I_LOAD_INT, to, small_int_value(v), 0);
    } else if (v == NONE) {
        emit(g, I_LOAD_NONE, to, 0, 0, 0);
    } else if (v == TRUE_VALUE || v == FALSE_VALUE) {
        emit(g, v == TRUE_VALUE ? I_LOAD_TRUE : I_LOAD_FALSE, to, 0, 0, 0);
    } else if (v == ELLIPSIS) {
        emit(g, I_LOAD_COMMON, to, 7, 0, 0);
    } else {
        emit_wide(g, I_LOAD_CONST, to, const_index(g, v), 0);
        return;
    }
    drop(v);
}

Operand
push_const(Gen *g, Own v)
{
    Reg r = push(g);
    emit_const(g, r, v);
    return (Operand){r, true};
}

Operand
push_none(Gen *g)
{
    return push_const(g, own(NONE));
}
