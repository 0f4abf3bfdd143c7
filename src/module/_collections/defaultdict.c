/* defaultdict: a dict with a factory for missing values.
 *
 * Threads: the factory changes under the lock; readers use ref_load. Where threads share a
 * defaultdict and two of them miss one key, both call the factory, and both get the value that
 * was stored first, so that nothing added to it is lost. */
#include "heap/critical.h"
#include "module/_collections/collections_priv.h"
#include "object/dict.h"
#include "object/genericalias.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct DefaultDict {
    Dict dict;
    Own factory; /* NO_VALUE for None. guard: lock; ref_load */
} DefaultDict;

#include "defaultdict.spec.h"

static DefaultDict *
as_defaultdict(Value v)
{
    return (DefaultDict *)obj(v);
}

static Own
defaultdict_factory(Value v)
{
    return ref_load(obj(v), &as_defaultdict(v)->factory);
}

static void
defaultdict_set_factory_value(Value v, Value factory)
{
    DefaultDict *d = as_defaultdict(v);
    Own fresh = factory && factory != NONE ? own(factory) : NO_VALUE;
    CriticalSection section;
    critical_enter(&section, obj(v));
    Own old = ref_swap(obj(v), &d->factory, fresh);
    critical_leave(&section);
    drop_opt(old);
}

static int
defaultdict_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Value factory = nargs ? args[0] : (Value)NONE;
    if (factory != NONE && !object_is_callable(factory)) {
        return raise_int(&exc_TypeError, "first argument must be callable or None");
    }
    defaultdict_set_factory_value(self, factory);
    size_t skip = nargs > 0;
    return dict_type.slots.init(self, args + skip, nargs - skip, kwnames);
}

Own
defaultdict_py___missing__(DefaultDict *self, Value key)
{
    Own factory = defaultdict_factory(VALUE(self));
    if (!factory) {
        return raise_key_error(key);
    }
    Own value = call0(factory);
    drop(factory);
    if (!value) {
        return NO_VALUE;
    }
    bool was_present;
    Own stored = dict_setdefault(VALUE(self), key, value, &was_present);
    drop(value);
    return stored;
}

/* type(self)(factory, items) */
static Own
defaultdict_like(Value self, Value items)
{
    Own factory = defaultdict_factory(self);
    Own result = call2(VALUE(type_of(self)), factory ? (Value)factory : (Value)NONE, items);
    drop_opt(factory);
    return result;
}

Own
defaultdict_py_copy(DefaultDict *self)
{
    return defaultdict_like(VALUE(self), VALUE(self));
}

Own
defaultdict_py___copy__(DefaultDict *self)
{
    return defaultdict_like(VALUE(self), VALUE(self));
}

/* (class, (factory,), None, None, iterator of the pairs) */
Own
defaultdict_py___reduce__(DefaultDict *self)
{
    Own factory = defaultdict_factory(VALUE(self));
    Own args = factory ? tuple_from_own(&factory, 1) : tuple_new(0);
    Own items = args ? call_method0(VALUE(self), "items") : NO_VALUE;
    Own it = items ? object_iter(items) : NO_VALUE, result = NO_VALUE;
    if (it) {
        result = tuple_pack(5, VALUE(type_of(VALUE(self))), (Value)args, (Value)NONE, (Value)NONE,
                            (Value)it);
    }
    drop_opt(args);
    drop_opt(items);
    drop_opt(it);
    return result;
}

Own
defaultdict_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Own
defaultdict_get_default_factory(DefaultDict *self)
{
    Own factory = defaultdict_factory(VALUE(self));
    return factory ? factory : NONE;
}

int
defaultdict_set_default_factory(DefaultDict *self, Value value)
{
    defaultdict_set_factory_value(VALUE(self), value);
    return 0;
}

static Own
factory_repr(Value v)
{
    Own factory = defaultdict_factory(v);
    if (!factory) {
        return str_from_cstr("None");
    }
    int entered = repr_enter(factory);
    Own text = NO_VALUE;
    if (entered > 0) {
        text = str_from_cstr("...");
    } else if (entered == 0) {
        text = object_repr(factory);
        repr_leave(factory);
    }
    drop(factory);
    return text;
}

static Own
defaultdict_repr(Value v)
{
    Own base = dict_type.slots.repr(v);
    Own factory = base ? factory_repr(v) : NO_VALUE;
    Own name = factory ? type_name_str(type_of(v)) : NO_VALUE, text = NO_VALUE;
    if (name) {
        text = str_fmt("%U(%U, %U)", (Value)name, (Value)factory, (Value)base);
    }
    drop_opt(base);
    drop_opt(factory);
    drop_opt(name);
    return text;
}

/* Either operand may be the defaultdict that lends its class and factory. */
static Own
defaultdict_or(Value a, Value b)
{
    Value self = is_instance_of(a, &defaultdict_type) ? a : b, other = self == a ? b : a;
    if (!is_dict(other)) {
        return own(NOTIMPLEMENTED);
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own result = defaultdict_like(self, a);
    if (result && dict_update(result, b) < 0) {
        ref_clear(&result);
    }
    critical_leave(&section);
    return result;
}

static int
defaultdict_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((DefaultDict *)o)->factory);
    return dict_type.slots.traverse(o, visit, arg);
}

static void
defaultdict_clear(Object *o)
{
    ref_clear(&((DefaultDict *)o)->factory);
    dict_type.slots.clear(o);
}

static void
defaultdict_dealloc(Object *o)
{
    ref_clear(&((DefaultDict *)o)->factory);
    dict_type.slots.dealloc(o);
}

Type defaultdict_type = {
    .name = "collections.defaultdict",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(DefaultDict),
    .base = &dict_type,
    .slots = {
        .traverse = defaultdict_traverse,
        .clear = defaultdict_clear,
        .dealloc = defaultdict_dealloc,
        .init = defaultdict_init,
        .repr = defaultdict_repr,
        .binary[OP_OR] = defaultdict_or,
    },
    .methods = defaultdict_methods,
    .getsets = defaultdict_getsets,
    .spec_doc = defaultdict_doc,
};
