/* What the slots of classes hold when the special method is written in Python: find it in the
 * class, call it, check what it returns where the slot's C type demands it.
 *
 * Threads: reads the class without locks (lookup.c); a method that disappears between the slot's
 * call and the lookup gives AttributeError, as a direct lookup would. */
#include "object/memoryview.h"
#include "object/type/slotdefs.h"

#include "object/buffer.h"
#include "object/int.h"

#define ARGS_ON_STACK 16

Own
call_prepend(Value f, Value first, Value const *args, size_t nargs, Value kwnames)
{
    size_t total = nargs + (kwnames ? (size_t)as_tuple(kwnames)->length : 0);
    Value few[ARGS_ON_STACK];
    Value *all = few;
    if (total + 1 > ARGS_ON_STACK) {
        all = mem_alloc((total + 1) * sizeof *all);
        if (!all) {
            return NO_VALUE;
        }
    }
    all[0] = first;
    if (total) {
        memcpy(all + 1, args, total * sizeof *all);
    }
    Own result = object_call(f, all, nargs + 1, kwnames);
    if (all != few) {
        mem_free(all);
    }
    return result;
}

/* The special method `name` of self: 1 found (*f new; unbound when *kind is ENTRY_METHOD), 0 absent, -1 failed. A descriptor that
 * raises AttributeError when asked for it has none. */
static int
find_special(Value self, Value name, Own *f, uint32_t *kind)
{
    *f = type_find_kind(type_of(self), name, kind);
    if (!*f) {
        return 0;
    }
    Own (*get)(Value, Value, Value) = *kind == ENTRY_METHOD ? NULL : type_of(*f)->slots.descr_get;
    if (get) {
        Own bound = get(*f, self, VALUE(type_of(self)));
        drop(*f);
        *f = bound;
        *kind = ENTRY_PLAIN;
        if (!bound) {
            return exc_swallow(&exc_AttributeError) ? 0 : -1;
        }
    }
    return 1;
}

/* Calls what find_special found. Eats f. */
static Own
call_special_found(Own f, uint32_t kind, Value self, Value const *args, size_t nargs)
{
    Own result = kind == ENTRY_METHOD ? call_prepend(f, self, args, nargs, NO_VALUE) : object_call(f, args, nargs, NO_VALUE);
    drop(f);
    return result;
}

/* Calls the attribute f of self's type, of this kind, as a method of self. Eats f. */
static Own
call_found(Own f, uint32_t kind, Value self, Value const *args, size_t nargs, Value kwnames)
{
    Own result;
    if (LIKELY(kind == ENTRY_METHOD)) {
        result = call_prepend(f, self, args, nargs, kwnames);
    } else {
        Own (*get)(Value, Value, Value) = type_of(f)->slots.descr_get;
        if (get) {
            Own bound = get(f, self, VALUE(type_of(self)));
            drop(f);
            if (!bound) {
                return NO_VALUE;
            }
            f = bound;
        }
        result = object_call(f, args, nargs, kwnames);
    }
    drop(f);
    return result;
}

Own
call_special(Value self, Value name, Value const *args, size_t nargs)
{
    uint32_t kind;
    Own f = type_find_kind(type_of(self), name, &kind);
    if (UNLIKELY(!f)) {
        return raise_value(&exc_AttributeError, name);
    }
    return call_found(f, kind, self, args, nargs, NO_VALUE);
}

Own
call_special_maybe(Value self, Value name, Value const *args, size_t nargs)
{
    uint32_t kind;
    Own f;
    int found = find_special(self, name, &f, &kind);
    return found > 0 ? call_special_found(f, kind, self, args, nargs) : found < 0 ? NO_VALUE : own(NOTIMPLEMENTED);
}

/* As call_special, for slots that return only success. */
static int
call_for_status(Value self, Value name, Value const *args, size_t nargs)
{
    Own result = call_special(self, name, args, nargs);
    if (!result) {
        return -1;
    }
    drop(result);
    return 0;
}

/* -- attributes -- */

/* v.name by __getattribute__ f (eaten), then by __getattr__ if there is one and it failed. */
Own
dispatch_getattr(Value v, Value name)
{
    uint32_t kind;
    Own f = type_find_kind(type_of(v), NAME(__getattribute__), &kind);
    Value args[] = {name};
    Own result = f ? call_found(f, kind, v, args, 1, NO_VALUE) : raise_attribute_error(v, name);
    if (result || !exc_matches(&exc_AttributeError)) {
        return result;
    }
    f = type_find_kind(type_of(v), NAME(__getattr__), &kind);
    if (!f) {
        return NO_VALUE;
    }
    exc_clear();
    return call_found(f, kind, v, args, 1, NO_VALUE);
}

Own
object_getattr_with_hook(Value v, Value name)
{
    Own result;
    int found = generic_lookup(v, name, &result);
    if (LIKELY(found > 0)) {
        return result;
    }
    if (found < 0 && !exc_matches(&exc_AttributeError)) {
        return NO_VALUE;
    }
    uint32_t kind;
    Own f = type_find_kind(type_of(v), NAME(__getattr__), &kind);
    if (!f) {
        return found < 0 ? NO_VALUE : raise_attribute_error(v, name);
    }
    exc_clear();
    Value args[] = {name};
    return call_found(f, kind, v, args, 1, NO_VALUE);
}

int
dispatch_setattr(Value v, Value name, Value value)
{
    Value args[] = {name, value};
    return value ? call_for_status(v, NAME(__setattr__), args, 2)
                 : call_for_status(v, NAME(__delattr__), args, 1);
}

/* -- general -- */

#define X(name)                                                                                    \
    Own dispatch##name(Value v)                                                                    \
    {                                                                                              \
        return call_special(v, NAME(name), (Value const[1]){0}, 0);                                               \
    }
/* clang-format off */
X(__str__) X(__next__) X(__await__) X(__aiter__) X(__anext__) X(__neg__) X(__pos__)
X(__abs__) X(__invert__) X(__int__) X(__float__) X(__index__)
/* clang-format on */
#undef X

        Own dispatch__iter__(Value v)
{
    uint32_t kind;
    Own f;
    int found = find_special(v, NAME(__iter__), &f, &kind);
    if (found <= 0 || f == NONE) {
        drop_opt(f);
        return found < 0 ? NO_VALUE : raise_fmt(&exc_TypeError, "'%T' object is not iterable", v);
    }
    return call_special_found(f, kind, v, (Value const[1]){0}, 0);
}

Own
dispatch__repr__(Value v)
{
    uint32_t kind;
    Own f;
    int found = find_special(v, NAME(__repr__), &f, &kind);
    return found > 0 ? call_special_found(f, kind, v, (Value const[1]){0}, 0) : found < 0 ? NO_VALUE : object_type.slots.repr(v);
}

int64_t
hash_unhashable(Value v)
{
    return raise_int(&exc_TypeError, "unhashable type: '%T'", v);
}

int64_t
dispatch__hash__(Value v)
{
    uint32_t kind;
    Own f;
    int found = find_special(v, NAME(__hash__), &f, &kind);
    if (found <= 0 || f == NONE) {
        drop_opt(f);
        return found < 0 ? -1 : hash_unhashable(v);
    }
    Own result = call_special_found(f, kind, v, (Value const[1]){0}, 0);
    if (!result) {
        return -1;
    }
    if (!is_int(result)) {
        drop(result);
        return raise_int(&exc_TypeError, "__hash__ method should return an integer");
    }
    int64_t hash;
    if (!int_as_i64(result, &hash)) {
        hash = int_hash(result);
    }
    drop(result);
    return hash == -1 ? -2 : hash;
}

Own
dispatch__call__(Value self, Value const *args, size_t nargs, Value kwnames)
{
    uint32_t kind;
    Own f = type_find_kind(type_of(self), NAME(__call__), &kind);
    if (!f) {
        return raise_fmt(&exc_TypeError, "'%T' object is not callable", self);
    }
    if (!c_stack_ok()) {
        drop(f);
        return NO_VALUE;
    }
    return call_found(f, kind, self, args, nargs, kwnames);
}

Own
dispatch_compare(Value a, Value b, CompareOp op)
{
    Value name;
    switch (op) {
    case CMP_LT:
        name = NAME(__lt__);
        break;
    case CMP_LE:
        name = NAME(__le__);
        break;
    case CMP_EQ:
        name = NAME(__eq__);
        break;
    case CMP_NE:
        name = NAME(__ne__);
        break;
    case CMP_GT:
        name = NAME(__gt__);
        break;
    default:
        name = NAME(__ge__);
    }
    Value args[] = {b};
    return call_special_maybe(a, name, args, 1);
}

Own
dispatch__get__(Value descr, Value instance, Value owner)
{
    uint32_t kind;
    Own f = type_find_kind(type_of(descr), NAME(__get__), &kind);
    if (!f) {
        return own(descr);
    }
    Value args[] = {instance ? instance : NONE, owner ? owner : NONE};
    return call_found(f, kind, descr, args, 2, NO_VALUE);
}

int
dispatch__set__(Value descr, Value instance, Value value)
{
    Value args[] = {instance, value};
    return value ? call_for_status(descr, NAME(__set__), args, 2)
                 : call_for_status(descr, NAME(__delete__), args, 1);
}

int
dispatch__init__(Value self, Value const *args, size_t nargs, Value kwnames)
{
    uint32_t kind;
    Own f = type_find_kind(type_of(self), NAME(__init__), &kind);
    if (!f) {
        return raise_int(&exc_AttributeError, "__init__");
    }
    Own result = call_found(f, kind, self, args, nargs, kwnames);
    if (!result) {
        return -1;
    }
    if (UNLIKELY(result != NONE)) {
        raise_fmt(&exc_TypeError, "__init__() should return None, not '%T'", (Value)result);
        drop(result);
        return -1;
    }
    return 0;
}

Own
dispatch__new__(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    Own f = object_getattr(VALUE(type), NAME(__new__));
    if (!f) {
        return NO_VALUE;
    }
    Own result = call_prepend(f, VALUE(type), args, nargs, kwnames);
    drop(f);
    return result;
}

void
dispatch__del__(Object *o)
{
    uint32_t kind;
    Own f = type_find_kind(obj_type(o), NAME(__del__), &kind);
    if (!f) {
        return;
    }
    Own shown = own(f);
    Own result = call_found(f, kind, VALUE(o), (Value const[1]){0}, 0, NO_VALUE);
    if (result) {
        drop(result);
    } else {
        exc_write_unraisable_fmt("Exception ignored while calling deallocator %R", (Value)shown);
    }
    drop(shown);
}

/* -- numbers -- */

int
dispatch__bool__(Value v)
{
    uint32_t kind;
    Own f;
    int found = find_special(v, NAME(__bool__), &f, &kind);
    if (found <= 0) {
        return found < 0 ? -1 : 1;
    }
    Own result = call_special_found(f, kind, v, (Value const[1]){0}, 0);
    if (!result) {
        return -1;
    }
    if (LIKELY(result == TRUE_VALUE || result == FALSE_VALUE)) {
        bool truth = result == TRUE_VALUE;
        drop(result);
        return truth;
    }
    raise_fmt(&exc_TypeError, "__bool__ should return bool, returned %T", (Value)result);
    drop(result);
    return -1;
}

/* The type of b, below that of a, gives __rop__ a meaning of its own: it goes first. */
static bool
overrides_reflected(Value a, Value b, Value rname)
{
    Own of_a = type_find(type_of(a), rname), of_b = type_find(type_of(b), rname);
    bool differs = of_b && of_a != of_b;
    drop_opt(of_a);
    drop_opt(of_b);
    return differs;
}

/* a op b where the slot of a's or of b's type is `dispatch`: __op__ of a, __rop__ of b. */
static Own
dispatch_binary(Value a, Value b, BinaryFn dispatch, BinaryOp op, Value name, Value rname)
{
    Type *ta = type_of(a), *tb = type_of(b);
    bool reflected = ta != tb && tb->slots.binary[op] == dispatch;
    Value to_a[] = {b}, to_b[] = {a};
    if (ta->slots.binary[op] == dispatch) {
        if (reflected && type_is_subtype(tb, ta) && overrides_reflected(a, b, rname)) {
            Own result = call_special_maybe(b, rname, to_b, 1);
            if (result != NOTIMPLEMENTED) {
                return result;
            }
            drop(result);
            reflected = false;
        }
        Own result = call_special_maybe(a, name, to_a, 1);
        if (result != NOTIMPLEMENTED || !reflected) {
            return result;
        }
        drop(result);
    }
    return reflected ? call_special_maybe(b, rname, to_b, 1) : own(NOTIMPLEMENTED);
}

#define X(op, OP)                                                                                  \
    Own dispatch_##op(Value a, Value b)                                                            \
    {                                                                                              \
        return dispatch_binary(a, b, dispatch_##op, OP, NAME(__##op##__), NAME(__r##op##__));      \
    }                                                                                              \
    Own dispatch_i##op(Value a, Value b)                                                           \
    {                                                                                              \
        Value args[] = {b};                                                                        \
        return call_special(a, NAME(__i##op##__), args, 1);                                        \
    }
BINARY_OPS(X)
#undef X

Own
dispatch_power_mod(Value a, Value b, Value modulus)
{
    const Type *ta = type_of(a), *tb = type_of(b);
    bool reflected = ta != tb && tb->slots.power_mod == dispatch_power_mod; /* asked before Python code may take b's class away */
    if (ta->slots.power_mod == dispatch_power_mod) {
        Value args[] = {b, modulus};
        Own result = call_special_maybe(a, NAME(__pow__), args, 2);
        if (result != NOTIMPLEMENTED) {
            return result;
        }
        drop(result);
    }
    if (reflected) {
        Value args[] = {a, modulus};
        return call_special_maybe(b, NAME(__rpow__), args, 2);
    }
    return own(NOTIMPLEMENTED);
}

/* -- containers -- */

int64_t
dispatch__len__(Value v)
{
    Own result = call_special(v, NAME(__len__), (Value const[1]){0}, 0);
    if (!result) {
        return -1;
    }
    Own index = object_index(result);
    drop(result);
    if (!index) {
        return -1;
    }
    int64_t n = -1;
    if (int_sign(index) < 0) {
        raise_msg(&exc_ValueError, "__len__() should return >= 0");
    } else {
        n = object_as_ssize(index);
    }
    drop(index);
    return n;
}

Own
dispatch__getitem__(Value v, Value key)
{
    Value args[] = {key};
    return call_special(v, NAME(__getitem__), args, 1);
}

int
dispatch__setitem__(Value v, Value key, Value value)
{
    Value args[] = {key, value};
    return value ? call_for_status(v, NAME(__setitem__), args, 2)
                 : call_for_status(v, NAME(__delitem__), args, 1);
}

int
dispatch__contains__(Value v, Value item)
{
    uint32_t kind;
    Own f = type_find_kind(type_of(v), NAME(__contains__), &kind);
    if (!f || f == NONE) {
        drop_opt(f);
        return raise_int(&exc_TypeError, "'%T' object is not a container", v);
    }
    Value args[] = {item};
    Own result = call_found(f, kind, v, args, 1, NO_VALUE);
    if (!result) {
        return -1;
    }
    int truth = object_truth(result);
    drop(result);
    return truth;
}

/* -- buffers (PEP 688) -- */

/* The slots behind the buffer methods that self's class inherits: those of its built-in base, as the class's own would lead back
 * to the method that asks. */
static const TypeSlots *
native_slots(Value self)
{
    const Type *t = type_of(self);
    return (type_flags(t) & TYPE_HEAP) && t->native ? &t->native->slots : &t->slots;
}

static Own
native_view(Value self, const TypeSlots *slots, int flags)
{
    Buffer probe = {0}, whole = {0};
    if (!slots->getbuffer) {
        return raise_fmt(&exc_TypeError, "a bytes-like object is required, not '%T'", self);
    }
    if (slots->getbuffer(self, &probe, flags) < 0) {
        return NO_VALUE;
    }
    buffer_release(&probe);
    return slots->getbuffer(self, &whole, BUFFER_FULL_RO) < 0 ? NO_VALUE : memoryview_from_buffer(&whole);
}

Own
buffer_method_get(Value self, Value flags)
{
    int64_t wanted = object_as_int64(flags);
    if (wanted == -1 && exc_pending()) {
        return NO_VALUE;
    }
    if (wanted != (int)wanted) {
        return raise_msg(&exc_OverflowError, "buffer flags out of range");
    }
    const TypeSlots *slots = native_slots(self);
    if (slots != &type_of(self)->slots) {
        return native_view(self, slots, (int)wanted);
    }
    Buffer probe = {0}; /* what self cannot give must fail here */
    if (buffer_get(self, &probe, (int)wanted) < 0) {
        return NO_VALUE;
    }
    buffer_release(&probe);
    return call1(VALUE(&memoryview_type), self);
}

Own
buffer_method_release(Value self, Value view)
{
    if (!IS_EXACT(view, MEMORYVIEW)) {
        return raise_msg(&exc_TypeError, "expected a memoryview object");
    }
    Own of = object_getattr(view, NAME(obj));
    if (!of) {
        return NO_VALUE;
    }
    bool mine = of == self;
    drop(of);
    if (!mine) {
        return raise_msg(&exc_ValueError, "memoryview's buffer is not this object");
    }
    return call_method0(view, "release");
}

int
dispatch__buffer__(Value v, Buffer *buffer, int flags)
{
    Value args[] = {small_int(flags)};
    Own view = call_special(v, NAME(__buffer__), args, 1);
    if (!view) {
        return -1;
    }
    if (!IS_EXACT(view, MEMORYVIEW)) {
        raise_msg(&exc_TypeError, "__buffer__ returned non-memoryview object");
        drop(view);
        return -1;
    }
    LentView *lent = mem_zalloc(sizeof *lent);
    if (!lent || buffer_get(view, &lent->inner, flags) < 0) {
        mem_free(lent);
        drop(view);
        return -1;
    }
    publish(view); /* no traverse finds it here, and any thread may give the buffer back */
    lent->view = view;
    *buffer = lent->inner;
    buffer->owner = own(v);
    buffer->internal = lent;
    return 0;
}

void
dispatch__release_buffer__(Value v, Buffer *buffer)
{
    LentView *lent = buffer->internal;
    if (!lent) { /* lent by native_view */
        const TypeSlots *slots = native_slots(v);
        if (slots->releasebuffer) {
            slots->releasebuffer(v, buffer);
        }
        return;
    }
    buffer->internal = NULL;
    Own pending = exc_take();
    buffer_release(&lent->inner);
    uint32_t kind;
    Own f = type_find_kind(type_of(v), NAME(__release_buffer__), &kind);
    if (f && !IS_EXACT(f, WRAPPER_DESCRIPTOR)) {
        Value args[] = {lent->view};
        Own result = call_found(f, kind, v, args, 1, NO_VALUE);
        if (result) {
            drop(result);
        } else {
            exc_write_unraisable(NULL, v);
        }
    } else {
        drop_opt(f);
    }
    Own released = call_method0(lent->view, "release");
    if (released) {
        drop(released);
    } else {
        exc_clear();
    }
    drop(lent->view);
    mem_free(lent);
    if (pending) {
        exc_restore(pending);
    }
}
