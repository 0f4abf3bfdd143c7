/* TypeAliasType (`type A[T] = list[T]`) and Generic.
 *
 * Threads: immutable but for the value, computed when first asked for (lazy_value). */
#include "object/function.h"
#include "object/generic/typeparam_priv.h"
#include "object/hooks.h"

typedef struct TypeAlias {
    Object head;
    Own name;
    Own type_params; /* a tuple, or NO_VALUE: it is not generic */
    Own value, evaluate;
    Own module; /* NO_VALUE: the function's */
} TypeAlias;

#include "typealias.spec.h"

static inline TypeAlias *
as_alias(Value v)
{
    return (TypeAlias *)obj(v);
}

/* own: ret new; module eaten */
static Own
alias_make(Value name, Value params, Value value, Value evaluate, Own module)
{
    Own a = type_alloc(&type_alias_type, 0);
    if (!a) {
        drop_opt(module);
        return NO_VALUE;
    }
    TypeAlias *p = as_alias(a);
    ref_init(obj(a), &p->name, own(name));
    ref_init(obj(a), &p->type_params, params && as_tuple(params)->length ? own(params) : NO_VALUE);
    ref_init(obj(a), &p->value, own_opt(value));
    ref_init(obj(a), &p->evaluate, own_opt(evaluate));
    ref_init(obj(a), &p->module, module);
    return a;
}

Own
typealias_new(Value name, Value params, Value evaluate)
{
    return alias_make(name, params == NONE ? NO_VALUE : params, NO_VALUE, evaluate, NO_VALUE);
}

/* Type parameters only, those with a default last. fail: -1 */
static int
check_params(Value params)
{
    bool seen_default = false;
    for (int64_t i = 0; i < as_tuple(params)->length; i++) {
        Value p = tuple_item(params, i);
        const Type *t = type_of(p);
        if (t != &typevar_type && t != &paramspec_type && t != &typevartuple_type) {
            return raise_int(&exc_TypeError, "Expected a type param, got %R", p);
        }
        Own otherwise = object_getattr_cstr(p, "__default__");
        if (!otherwise) {
            return -1;
        }
        if (otherwise != NO_DEFAULT) {
            seen_default = true;
        } else if (seen_default) {
            drop(otherwise);
            return raise_int(&exc_TypeError, "non-default type parameter '%R' follows default type parameter", p);
        }
        drop(otherwise);
    }
    return 0;
}

Own
type_alias_make(Type *cls UNUSED, Value name, Value value, Value type_params)
{
    if (type_params && !is_tuple(type_params)) {
        return raise_msg(&exc_TypeError, "type_params must be a tuple");
    }
    Own module;
    if ((type_params && check_params(type_params) < 0) || typing_caller(&module) < 0) {
        return NO_VALUE;
    }
    return alias_make(name, type_params, value, NO_VALUE, module ? module : NONE);
}

Own
type_alias_get_name(TypeAlias *self)
{
    return own(self->name);
}

Own
type_alias_get_type_params(TypeAlias *self)
{
    return own(self->type_params ? self->type_params : tuple_empty);
}

/* params with TypeVarTuples unpacked: a tuple. own: ret new */
static Own
unpacked_params(Value params)
{
    int64_t n = as_tuple(params)->length;
    Own list = list_new(n);
    for (int64_t i = 0; list && i < n; i++) {
        Value p = tuple_item(params, i);
        Own item = type_of(p) == &typevartuple_type ? typing_unpack(p) : own(p);
        if (!item || list_append_own(list, item) < 0) {
            ref_clear(&list);
        }
    }
    Own result = list ? list_to_tuple(list) : NO_VALUE;
    drop_opt(list);
    return result;
}

Own
type_alias_get_parameters(TypeAlias *self)
{
    return self->type_params ? unpacked_params(self->type_params) : own(tuple_empty);
}

Own
type_alias_get_value(TypeAlias *self)
{
    return lazy_value(&self->head, &self->value, self->evaluate, NONE);
}

Own
type_alias_get_evaluate_value(TypeAlias *self)
{
    return lazy_evaluator(&self->head, &self->value, self->evaluate);
}

Own
type_alias_get_module(TypeAlias *self)
{
    if (self->module) {
        return own(self->module);
    }
    return self->evaluate ? object_getattr_cstr(self->evaluate, "__module__") : NONE;
}

Own
type_alias_py___reduce__(TypeAlias *self)
{
    return own(self->name);
}

static Own
type_alias_repr(Value v)
{
    return own(as_alias(v)->name);
}

static Own
type_alias_getitem(Value v, Value key)
{
    if (!as_alias(v)->type_params) {
        return raise_msg(&exc_TypeError, "Only generic type aliases are subscriptable");
    }
    return generic_alias_new(v, key);
}

static Own
type_alias_or(Value a, Value b)
{
    return typing_union(a, b);
}

static Own
type_alias_iter(Value v)
{
    Own unpacked = typing_unpack(v), one = unpacked ? tuple_pack(1, (Value)unpacked) : NO_VALUE;
    drop_opt(unpacked);
    Own it = one ? object_iter(one) : NO_VALUE;
    drop_opt(one);
    return it;
}

static int
type_alias_traverse(Object *o, Visit visit, void *arg)
{
    TypeAlias *a = (TypeAlias *)o;
    VISIT(a->name);
    VISIT(a->type_params);
    VISIT(a->value);
    VISIT(a->evaluate);
    VISIT(a->module);
    return 0;
}

static void
type_alias_clear(Object *o)
{
    TypeAlias *a = (TypeAlias *)o;
    ref_clear(&a->type_params);
    ref_clear(&a->value);
    ref_clear(&a->evaluate);
    ref_clear(&a->module);
}

static void
type_alias_dealloc(Object *o)
{
    type_alias_clear(o);
    drop_opt(as_alias(VALUE(o))->name);
    object_free(o);
}

Type type_alias_type = {
    .name = "typing.TypeAliasType",
    .flags = TYPE_GC,
    .basic_size = sizeof(TypeAlias),
    .slots = {
        .traverse = type_alias_traverse,
        .clear = type_alias_clear,
        .dealloc = type_alias_dealloc,
        .create = type_alias_create_slot,
        .repr = type_alias_repr,
        .getitem = type_alias_getitem,
        .binary[OP_OR] = type_alias_or,
        .iter = type_alias_iter,
    },
    .methods = type_alias_methods,
    .getsets = type_alias_getsets,
    .spec_doc = "Type alias: what the statement `type Name = value` makes. The value is evaluated when it is first asked for.",
};

/* -- Generic -- */

/* typing.NAME(cls, *args, **kwargs) */
static Own
call_with_class(const char *name, Value self, Value const *args, size_t nargs, Value kwnames)
{
    size_t total = nargs + (kwnames ? (size_t)as_tuple(kwnames)->length : 0);
    Value *all = mem_alloc((total + 1) * sizeof *all);
    if (!all) {
        return NO_VALUE;
    }
    all[0] = self;
    for (size_t i = 0; i < total; i++) {
        all[i + 1] = args[i];
    }
    Own module = object_hooks.import_module("typing"), f = module ? object_getattr_cstr(module, name) : NO_VALUE;
    drop_opt(module);
    Own result = f ? object_call(f, all, nargs + 1, kwnames) : NO_VALUE;
    drop_opt(f);
    mem_free(all);
    return result;
}

Own
generic_py___class_getitem__(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return call_with_class("_generic_class_getitem", self, args, nargs, kwnames);
}

Own
generic_py___init_subclass__(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return call_with_class("_generic_init_subclass", self, args, nargs, kwnames);
}

Own
generic_subscript(Value params)
{
    Own unpacked = unpacked_params(params);
    Value args[] = {VALUE(&generic_type), unpacked};
    Own result = unpacked ? typing_call("_GenericAlias", args, 2) : NO_VALUE;
    drop_opt(unpacked);
    return result;
}

Type generic_type = {
    .name = "typing.Generic",
    .flags = TYPE_BASE,
    .basic_size = sizeof(Object),
    .methods = generic_methods,
    .getsets = generic_getsets,
    .spec_doc = "Base of generic classes. `class C[T]` has it by itself; before that syntax one wrote `class C(Generic[T])`.",
};

int
typeparams_ready(void)
{
    static Type *const types[] = {&typevar_type,    &paramspec_type, &typevartuple_type, &paramspec_args_type, &paramspec_kwargs_type,
                                  &type_alias_type, &generic_type,   &no_default_type,   &constevaluator_type};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (type_ready(types[i]) < 0) {
            return -1;
        }
        const char *dot = strchr(types[i]->name, '.');
        if (dot && types[i] != &type_alias_type && dict_set_own(types[i]->dict, own(NAME(__module__)), str_from_utf8(types[i]->name, (size_t)(dot - types[i]->name))) < 0) {
            return -1; /* instances without one of their own have the type's */
        }
    }
    atomic_store_explicit(&no_default_object.shape, no_default_type.root_shape, memory_order_relaxed);
    obj_make_immortal(&no_default_object);
    return 0;
}
