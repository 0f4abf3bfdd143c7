/* The table of special methods: for each, its slot, how Python calls the slot (wrap), and what the
 * slot calls when the method is written in Python (dispatch.c). Immutable.
 *
 * A wrapper gets `self` of the right type; it checks the count of the other arguments and converts
 * the result. */
#include "object/type/slotdefs.h"

#include "object/args.h"
#include "object/int.h"

#define WRAP(name)                                                                                 \
    static Own name(const WrapperDescriptor *w UNUSED, Value self, Value const *args UNUSED,       \
                    size_t nargs UNUSED, Value kwnames UNUSED)

/* Null (with TypeError) unless nargs is n. */
static bool
takes(size_t n, size_t nargs)
{
    if (LIKELY(n == nargs)) {
        return true;
    }
    raise_fmt(&exc_TypeError, "expected %zu argument%s, got %zu", n, n == 1 ? "" : "s", nargs);
    return false;
}

static bool
takes_two(const char *name, size_t nargs)
{
    if (LIKELY(nargs == 2)) {
        return true;
    }
    raise_fmt(&exc_TypeError, "%s expected 2 arguments, got %zu", name, nargs);
    return false;
}

static Own
none_or_error(int status)
{
    return status < 0 ? NO_VALUE : NONE;
}

static Own
truth_or_error(int status)
{
    return status < 0 ? NO_VALUE : bool_value(status != 0);
}

WRAP(wrap_unary)
{
    return takes(0, nargs) ? ((UnaryFn)w->fn)(self) : NO_VALUE;
}

WRAP(wrap_next)
{
    if (!takes(0, nargs)) {
        return NO_VALUE;
    }
    Own v = ((UnaryFn)w->fn)(self);
    if (!v && !exc_pending()) {
        return raise_stop_iteration(NO_VALUE);
    }
    return v;
}

WRAP(wrap_binary)
{
    return takes(1, nargs) ? ((BinaryFn)w->fn)(self, args[0]) : NO_VALUE;
}

WRAP(wrap_reflected)
{
    return takes(1, nargs) ? ((BinaryFn)w->fn)(args[0], self) : NO_VALUE;
}

static bool
takes_one_or_two(size_t nargs)
{
    if (LIKELY(nargs == 1 || nargs == 2)) {
        return true;
    }
    raise_fmt(&exc_TypeError, "expected 1 or 2 arguments, got %zu", nargs);
    return false;
}

/* The slot with a modulus is beside: its owner says where. */
static Own
power(const WrapperDescriptor *w, Value a, Value b, Value modulus)
{
    if (!modulus || modulus == NONE) {
        return ((BinaryFn)w->fn)(a, b);
    }
    TernaryFn fn = w->owner->slots.power_mod;
    return fn ? fn(a, b, modulus) : own(NOTIMPLEMENTED);
}

WRAP(wrap_pow)
{
    return takes_one_or_two(nargs) ? power(w, self, args[0], nargs > 1 ? args[1] : NO_VALUE)
                                   : NO_VALUE;
}

WRAP(wrap_rpow)
{
    return takes_one_or_two(nargs) ? power(w, args[0], self, nargs > 1 ? args[1] : NO_VALUE)
                                   : NO_VALUE;
}

WRAP(wrap_truth)
{
    return takes(0, nargs) ? truth_or_error(((int (*)(Value))w->fn)(self)) : NO_VALUE;
}

WRAP(wrap_len)
{
    if (!takes(0, nargs)) {
        return NO_VALUE;
    }
    int64_t n = ((int64_t(*)(Value))w->fn)(self);
    return n == -1 && exc_pending() ? NO_VALUE : int_from_i64(n);
}

WRAP(wrap_hash)
{
    if (!takes(0, nargs)) {
        return NO_VALUE;
    }
    int64_t hash = ((int64_t(*)(Value))w->fn)(self);
    return hash == -1 ? NO_VALUE : int_from_i64(hash);
}

WRAP(wrap_call)
{
    return ((NativeFn)w->fn)(self, args, nargs, kwnames);
}

WRAP(wrap_init)
{
    return none_or_error(
        ((int (*)(Value, Value const *, size_t, Value))w->fn)(self, args, nargs, kwnames));
}

WRAP(wrap_finalize)
{
    if (!takes(0, nargs)) {
        return NO_VALUE;
    }
    ((void (*)(Object *))w->fn)(obj(self));
    return NONE;
}

/* object.__setattr__(int, ...) must not go round the rules of a type that has rules of its own. */
static bool
may_set_attributes(const WrapperDescriptor *w, Value self)
{
    const Type *t = type_of(self);
    for (Type *base; (base = type_base(t)) != NULL &&
                     (t->slots.setattr == dispatch_setattr || t->slots.setattr == base->slots.setattr);) {
        t = base;
    }
    if (t->slots.setattr == w->fn || (void *)t->slots.setattr == (void *)dispatch_setattr) {
        return true;
    }
    raise_fmt(&exc_TypeError, "can't apply this %s to %N object", w->def->name, type_of(self));
    return false;
}

static int
set_attribute(const WrapperDescriptor *w, Value self, Value name, Value value)
{
    if (!may_set_attributes(w, self)) {
        return -1;
    }
    if (!is_str(name)) {
        return raise_int(&exc_TypeError, "attribute name must be string, not '%T'", name);
    }
    Own interned = str_intern(own(name));
    if (!interned) {
        return -1;
    }
    int status = ((int (*)(Value, Value, Value))w->fn)(self, interned, value);
    drop(interned);
    return status;
}

WRAP(wrap_setattr)
{
    return takes_two(w->def->name, nargs) ? none_or_error(set_attribute(w, self, args[0], args[1]))
                                          : NO_VALUE;
}

WRAP(wrap_delattr)
{
    return takes(1, nargs) ? none_or_error(set_attribute(w, self, args[0], NO_VALUE)) : NO_VALUE;
}

WRAP(wrap_getattribute)
{
    if (!takes(1, nargs)) {
        return NO_VALUE;
    }
    if (!is_str(args[0])) {
        return raise_fmt(&exc_TypeError, "attribute name must be string, not '%T'", args[0]);
    }
    Value key = str_find_interned(args[0]);
    return ((BinaryFn)w->fn)(self, key ? key : args[0]);
}

#define WRAP_COMPARE(name, op)                                                                     \
    WRAP(wrap_##name)                                                                              \
    {                                                                                              \
        return takes(1, nargs) ? ((Own(*)(Value, Value, CompareOp))w->fn)(self, args[0], op)       \
                               : NO_VALUE;                                                         \
    }
WRAP_COMPARE(lt, CMP_LT)
WRAP_COMPARE(le, CMP_LE)
WRAP_COMPARE(eq, CMP_EQ)
WRAP_COMPARE(ne, CMP_NE)
WRAP_COMPARE(gt, CMP_GT)
WRAP_COMPARE(ge, CMP_GE)

WRAP(wrap_get)
{
    if (nargs < 1 || nargs > 2) {
        return raise_fmt(&exc_TypeError, "__get__ expected at %s argument%s, got %zu",
                         nargs < 1 ? "least 1" : "most 2", nargs < 1 ? "" : "s", nargs);
    }
    Value instance = args[0] == NONE ? NO_VALUE : args[0];
    Value owner = nargs > 1 && args[1] != NONE ? args[1] : NO_VALUE;
    if (!instance && !owner) {
        return raise_msg(&exc_TypeError, "__get__(None, None) is invalid");
    }
    return ((TernaryFn)w->fn)(self, instance, owner);
}

typedef int (*SetFn)(Value, Value, Value);

WRAP(wrap_set)
{
    return takes_two(w->def->name, nargs) ? none_or_error(((SetFn)w->fn)(self, args[0], args[1]))
                                          : NO_VALUE;
}

WRAP(wrap_delete)
{
    return takes(1, nargs) ? none_or_error(((SetFn)w->fn)(self, args[0], NO_VALUE)) : NO_VALUE;
}

WRAP(wrap_contains)
{
    return takes(1, nargs) ? truth_or_error(((int (*)(Value, Value))w->fn)(self, args[0]))
                           : NO_VALUE;
}

/* An index argument of a C sequence; counted from the end when negative. fail: false */
static bool
index_argument(Value self, Value v, int64_t *i)
{
    *i = object_as_ssize(v);
    if (*i == -1 && exc_pending()) {
        return false;
    }
    if (*i < 0) {
        int64_t (*len)(Value) = type_of(self)->slots.len; /* read once: another thread may give self another class */
        int64_t n = len ? len(self) : 0;
        if (n < 0) {
            return false;
        }
        *i += n;
    }
    return true;
}

WRAP(wrap_item)
{
    int64_t i;
    if (!takes(1, nargs) || !index_argument(self, args[0], &i)) {
        return NO_VALUE;
    }
    return ((Own(*)(Value, int64_t))w->fn)(self, i);
}

WRAP(wrap_repeat)
{
    if (!takes(1, nargs)) {
        return NO_VALUE;
    }
    int64_t n = object_as_ssize(args[0]);
    return n == -1 && exc_pending() ? NO_VALUE : ((Own(*)(Value, int64_t))w->fn)(self, n);
}

WRAP(wrap_buffer)
{
    return takes(1, nargs) ? buffer_method_get(self, args[0]) : NO_VALUE;
}

WRAP(wrap_release_buffer)
{
    return takes(1, nargs) ? buffer_method_release(self, args[0]) : NO_VALUE;
}

/* Rows. The order is that of the methods in the dict of a type. */
#define AT(slot) offsetof(TypeSlots, slot)
/* clang-format off */
#define ROW(name, slot, wrap, dispatch, signature, text)                                           \
    {#name, "" #name signature "\n--\n\n" text, AT(slot), 0, wrap, (void *)dispatch}
#define KEYWORDS(name, slot, wrap, dispatch, signature, text)                                      \
    {#name, "" #name signature "\n--\n\n" text, AT(slot), 1, wrap, (void *)dispatch}
/* clang-format on */
#define UNARY(name, slot, text) ROW(name, slot, wrap_unary, dispatch##name, "($self, /)", text)
#define NUMBER(op, OP, sign)                                                                       \
    ROW(__##op##__, binary[OP], wrap_binary, dispatch_##op, "($self, value, /)",                   \
        "What self " sign " value gives."),                                                        \
        ROW(__r##op##__, binary[OP], wrap_reflected, dispatch_##op, "($self, value, /)",           \
            "What value " sign " self gives.")
#define INPLACE(op, OP, sign)                                                                      \
    ROW(__i##op##__, inplace[OP], wrap_binary, dispatch_i##op, "($self, value, /)",                \
        "What self " sign "= value leaves in self.")
#define COMPARE(op, sign)                                                                          \
    ROW(__##op##__, compare, wrap_##op, dispatch_compare, "($self, value, /)",                     \
        "What self " sign " value gives.")

const SlotDef slot_defs[] = {
    UNARY(__repr__, repr, "What repr(self) gives."),
    ROW(__hash__, hash, wrap_hash, dispatch__hash__, "($self, /)", "What hash(self) gives."),
    KEYWORDS(__call__, call, wrap_call, dispatch__call__, "($self, /, *args, **kwargs)",
             "Calls self: self(*args, **kwargs)."),
    UNARY(__str__, str, "What str(self) gives."),
    ROW(__getattribute__, getattr, wrap_getattribute, dispatch_getattr, "($self, name, /)",
        "The attribute of that name: getattr(self, name)."),
    ROW(__getattr__, getattr, NULL, dispatch_getattr, "($self, name, /)", ""),
    ROW(__setattr__, setattr, wrap_setattr, dispatch_setattr, "($self, name, value, /)",
        "Sets an attribute: setattr(self, name, value)."),
    ROW(__delattr__, setattr, wrap_delattr, dispatch_setattr, "($self, name, /)",
        "Deletes an attribute: delattr(self, name)."),
    COMPARE(lt, "<"),
    COMPARE(le, "<="),
    COMPARE(eq, "=="),
    COMPARE(ne, "!="),
    COMPARE(gt, ">"),
    COMPARE(ge, ">="),
    UNARY(__iter__, iter, "An iterator: iter(self)."),
    ROW(__next__, next, wrap_next, dispatch__next__, "($self, /)", "The next item: next(self)."),
    ROW(__get__, descr_get, wrap_get, dispatch__get__, "($self, instance, owner=None, /)",
        "The value when read through an instance, or through its type owner."),
    ROW(__set__, descr_set, wrap_set, dispatch__set__, "($self, instance, value, /)",
        "Called when the attribute of instance is set."),
    ROW(__delete__, descr_set, wrap_delete, dispatch__set__, "($self, instance, /)",
        "Called when the attribute of instance is deleted."),
    KEYWORDS(__init__, init, wrap_init, dispatch__init__, "($self, /, *args, **kwargs)",
             "Prepares a new instance; the arguments are those of its type."),
    ROW(__new__, create, NULL, dispatch__new__, "", ""),
    ROW(__del__, finalize, wrap_finalize, dispatch__del__, "($self, /)",
        "The finalizer: runs once, before the object goes away."),
    UNARY(__await__, await, "The iterator that await self runs."),
    UNARY(__aiter__, aiter, "The asynchronous iterator of async for."),
    UNARY(__anext__, anext, "An awaitable of the next value."),
    NUMBER(add, OP_ADD, "+"),
    NUMBER(sub, OP_SUB, "-"),
    NUMBER(mul, OP_MUL, "*"),
    NUMBER(mod, OP_MOD, "%"),
    ROW(__divmod__, binary[OP_DIVMOD], wrap_binary, dispatch_divmod, "($self, value, /)",
        "What divmod(self, value) gives."),
    ROW(__rdivmod__, binary[OP_DIVMOD], wrap_reflected, dispatch_divmod, "($self, value, /)",
        "What divmod(value, self) gives."),
    ROW(__pow__, binary[OP_POW], wrap_pow, dispatch_pow, "($self, value, mod=None, /)",
        "What self ** value, or pow(self, value, mod), gives."),
    ROW(__rpow__, binary[OP_POW], wrap_rpow, dispatch_pow, "($self, value, mod=None, /)",
        "What value ** self, or pow(value, self, mod), gives."),
    ROW(__pow__, power_mod, NULL, dispatch_power_mod, "", ""),
    ROW(__rpow__, power_mod, NULL, dispatch_power_mod, "", ""),
    UNARY(__neg__, unary[OP_NEG], "What -self gives."),
    UNARY(__pos__, unary[OP_POS], "What +self gives."),
    UNARY(__abs__, unary[OP_ABS], "What abs(self) gives."),
    ROW(__bool__, truth, wrap_truth, dispatch__bool__, "($self, /)", "What bool(self) gives."),
    UNARY(__invert__, unary[OP_INVERT], "What ~self gives."),
    NUMBER(lshift, OP_LSHIFT, "<<"),
    NUMBER(rshift, OP_RSHIFT, ">>"),
    NUMBER(and, OP_AND, "&"),
    NUMBER(xor, OP_XOR, "^"),
    NUMBER(or, OP_OR, "|"),
    UNARY(__int__, to_int, "What int(self) gives."),
    UNARY(__float__, to_float, "What float(self) gives."),
    INPLACE(add, OP_ADD, "+"),
    INPLACE(sub, OP_SUB, "-"),
    INPLACE(mul, OP_MUL, "*"),
    INPLACE(mod, OP_MOD, "%"),
    INPLACE(pow, OP_POW, "**"),
    INPLACE(lshift, OP_LSHIFT, "<<"),
    INPLACE(rshift, OP_RSHIFT, ">>"),
    INPLACE(and, OP_AND, "&"),
    INPLACE(xor, OP_XOR, "^"),
    INPLACE(or, OP_OR, "|"),
    NUMBER(floordiv, OP_FLOORDIV, "//"),
    NUMBER(truediv, OP_TRUEDIV, "/"),
    INPLACE(floordiv, OP_FLOORDIV, "//"),
    INPLACE(truediv, OP_TRUEDIV, "/"),
    UNARY(__index__, index, "self as an exact integer, for use as an index."),
    NUMBER(matmul, OP_MATMUL, "@"),
    INPLACE(matmul, OP_MATMUL, "@"),
    ROW(__len__, len, wrap_len, dispatch__len__, "($self, /)", "What len(self) gives."),
    ROW(__getitem__, getitem, wrap_binary, dispatch__getitem__, "($self, key, /)",
        "What self[key] gives."),
    ROW(__setitem__, setitem, wrap_set, dispatch__setitem__, "($self, key, value, /)",
        "Does self[key] = value."),
    ROW(__delitem__, setitem, wrap_delete, dispatch__setitem__, "($self, key, /)",
        "Does del self[key]."),
    ROW(__contains__, contains, wrap_contains, dispatch__contains__, "($self, key, /)",
        "What key in self gives."),
    ROW(__add__, concat, wrap_binary, NULL, "($self, value, /)", "What self + value gives."),
    ROW(__mul__, repeat, wrap_repeat, NULL, "($self, value, /)", "What self * value gives."),
    ROW(__rmul__, repeat, wrap_repeat, NULL, "($self, value, /)", "What value * self gives."),
    ROW(__getitem__, seq_item, wrap_item, NULL, "($self, key, /)", "What self[key] gives."),
    ROW(__iadd__, inplace_concat, wrap_binary, NULL, "($self, value, /)",
        "What self += value leaves in self."),
    ROW(__imul__, inplace_repeat, wrap_repeat, NULL, "($self, value, /)",
        "What self *= value leaves in self."),
    ROW(__buffer__, getbuffer, wrap_buffer, dispatch__buffer__, "($self, flags, /)",
        "A memoryview of the memory of self."),
    ROW(__release_buffer__, releasebuffer, wrap_release_buffer, dispatch__release_buffer__,
        "($self, buffer, /)", "Gives back what __buffer__ gave."),
};
const int slot_def_count = ARRAY_LEN(slot_defs);
