/* _pickle: the Unpickler's stack and marks, and building objects from what is on it. Guard: the Unpickler's lock. */
#include "module/_pickle/pickle.h"
#include "object/dict.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

int64_t
unpickle_fence(const Unpickler *u)
{
    return u->mark_count ? u->marks[u->mark_count - 1] : 0;
}

int
unpickle_underflow(const Unpickler *u)
{
    return raise_int(PICKLE_ERROR(unpickling_error), u->mark_count ? "unexpected MARK found" : "unpickling stack underflow");
}

int
unpickle_push(Unpickler *u, Own v)
{
    if (!v) {
        return -1;
    }
    if (u->depth == u->capacity) {
        int64_t capacity = u->capacity ? u->capacity * 2 : 64;
        Own *longer = mem_realloc(u->stack, (size_t)capacity * sizeof *longer);
        if (!longer) {
            drop(v);
            return -1;
        }
        u->stack = longer;
        u->capacity = capacity;
    }
    ref_init(&u->head, &u->stack[u->depth], v);
    u->depth++;
    return 0;
}

Own
unpickle_pop(Unpickler *u)
{
    if (u->depth <= unpickle_fence(u)) {
        unpickle_underflow(u);
        return NO_VALUE;
    }
    return u->stack[--u->depth];
}

int
unpickle_mark(Unpickler *u)
{
    if (u->mark_count == u->mark_capacity) {
        int64_t capacity = u->mark_capacity ? u->mark_capacity * 2 : 20;
        int64_t *longer = mem_realloc(u->marks, (size_t)capacity * sizeof *longer);
        if (!longer) {
            return -1;
        }
        u->marks = longer;
        u->mark_capacity = capacity;
    }
    u->marks[u->mark_count++] = u->depth;
    return 0;
}

int64_t
unpickle_pop_mark(Unpickler *u)
{
    return u->mark_count ? u->marks[--u->mark_count]
                         : raise_int(PICKLE_ERROR(unpickling_error), "could not find MARK");
}

void
unpickle_stack_clear(Unpickler *u, int64_t depth)
{
    while (u->depth > depth) {
        drop(u->stack[--u->depth]);
    }
}

Own
unpickle_pop_tuple(Unpickler *u, int64_t from)
{
    if (from < unpickle_fence(u) || from > u->depth) {
        unpickle_underflow(u);
        return NO_VALUE;
    }
    int64_t n = u->depth - from;
    Own tuple = tuple_new(n);
    for (int64_t i = 0; tuple && i < n; i++) {
        tuple_init_item(tuple, i, u->stack[from + i]);
    }
    if (tuple) {
        u->depth = from;
    }
    return tuple;
}

Own
unpickle_instantiate(Value cls, Value args)
{
    if (as_tuple(args)->length == 0 && is_type(cls)) { /* an old-style class: made without __init__, unless it says otherwise */
        Own initargs;
        int found = object_lookup_attr_cstr(cls, "__getinitargs__", &initargs);
        if (found < 0) {
            return NO_VALUE;
        }
        drop_opt(found ? initargs : NO_VALUE);
        if (!found) {
            return call_method1(cls, "__new__", cls);
        }
    }
    return call_tuple(cls, args, NO_VALUE);
}

/* v.__dict__[key] = value for each of state: without making a dict of v's attributes where it has slots. fail: -1 */
static int
set_attributes(Value v, Value state)
{
    int64_t position = 0;
    Own key, value, dict = NO_VALUE;
    int status = 0;
    bool direct = is_object(v) && has_type_flag(v, TYPE_HAS_DICT) && !is_type(v) && has_type_flag(v, TYPE_HEAP);
    if (!direct) {
        dict = object_getattr_cstr(v, "__dict__");
        if (!dict) {
            return -1;
        }
    }
    while (status == 0 && dict_next(state, &position, &key, &value)) {
        if (IS_EXACT(key, STR)) {
            key = str_intern(key);
            if (!key) {
                drop(value);
                status = -1;
                break;
            }
        }
        if (direct && is_str(key)) {
            status = instance_set(obj(v), key, value);
            drop(key);
            continue;
        }
        if (direct && !dict) {
            dict = object_getattr_cstr(v, "__dict__");
        }
        status = dict ? object_setitem(dict, key, value) : -1;
        drop(key);
        drop(value);
    }
    drop_opt(dict);
    return status;
}

static int
set_slots(Value v, Value state)
{
    int64_t position = 0;
    Own key, value;
    int status = 0;
    while (status == 0 && dict_next(state, &position, &key, &value)) {
        status = object_setattr(v, key, value);
        drop(key);
        drop(value);
    }
    return status;
}

/* Gives v its state. */
static int
set_state(Value v, Value state)
{
    Own setter;
    int found = object_lookup_attr_cstr(v, "__setstate__", &setter);
    if (found < 0) {
        return -1;
    }
    if (found) {
        Own result = call1(setter, state);
        drop(setter);
        drop_opt(result);
        return result ? 0 : -1;
    }
    Value attributes = state, slots = NONE;
    if (is_tuple(state) && as_tuple(state)->length == 2) {
        attributes = tuple_item(state, 0);
        slots = tuple_item(state, 1);
    }
    if (attributes != NONE) {
        if (!is_dict(attributes)) {
            return raise_int(PICKLE_ERROR(unpickling_error), "state is not a dictionary");
        }
        if (set_attributes(v, attributes) < 0) {
            return -1;
        }
    }
    if (slots == NONE) {
        return 0;
    }
    return is_dict(slots) ? set_slots(v, slots)
                          : raise_int(PICKLE_ERROR(unpickling_error), "slot state is not a dictionary");
}

int
unpickle_build(Unpickler *u)
{
    if (u->depth - 2 < unpickle_fence(u)) {
        return unpickle_underflow(u);
    }
    Own state = unpickle_pop(u);
    Own v = own(u->stack[u->depth - 1]);
    int status = set_state(v, state);
    drop(v);
    drop(state);
    return status;
}
