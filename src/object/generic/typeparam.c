/* TypeVar, ParamSpec and TypeVarTuple: one struct, three types.
 *
 * Threads: immutable but for the values computed when first asked for (lazy_value) and the attributes, which guard themselves. The
 * function of the default is set before others see the parameter. */
#include "object/generic/typeparam_priv.h"

typedef struct TypeParam {
    Object head;
    Own name;        /* a str */
    Own bound;       /* of a TypeVar: lazy_value of evaluate_bound; a ParamSpec's is given. NO_VALUE = none */
    Own constraints; /* a tuple; lazy_value of evaluate_constraints */
    Own otherwise;   /* the default; lazy_value of evaluate_default */
    Own evaluate_bound, evaluate_constraints, evaluate_default; /* functions, or NO_VALUE */
    bool covariant, contravariant, infer_variance;
} TypeParam;

#include "typeparam.spec.h"

static inline TypeParam *
as_param(Value v)
{
    return (TypeParam *)obj(v);
}

/* -- making them -- */

/* pre: the fields of p are empty. default_value NO_VALUE = none */
static void
param_fill(TypeParam *p, Value name, Value default_value, bool covariant, bool contravariant, bool infer)
{
    ref_init(&p->head, &p->name, own(name));
    ref_init(&p->head, &p->otherwise, own_opt(default_value));
    p->covariant = covariant;
    p->contravariant = contravariant;
    p->infer_variance = infer;
}

static int
check_variance(bool covariant, bool contravariant, bool infer)
{
    if (covariant && contravariant) {
        return raise_int(&exc_ValueError, "Bivariant types are not supported.");
    }
    if (infer && (covariant || contravariant)) {
        return raise_int(&exc_ValueError, "Variance cannot be specified with infer_variance.");
    }
    return 0;
}

/* p.__module__ = the caller's. Eats p, returns it. */
static Own
with_module(Own p)
{
    Own module;
    if (!p || typing_caller(&module) < 0) {
        drop_opt(p);
        return NO_VALUE;
    }
    int status = object_setattr(p, NAME(__module__), module ? (Value)module : (Value)NONE);
    drop_opt(module);
    if (status < 0) {
        drop(p);
        return NO_VALUE;
    }
    return p;
}

/* A bound as typing takes it: strings become forward references. own: ret new, NO_VALUE and *ok for None */
static Own
check_bound(Value bound, bool *ok)
{
    *ok = true;
    if (bound == NONE) {
        return NO_VALUE;
    }
    Own message = str_from_cstr("Bound must be a type.");
    Value args[] = {bound, message};
    Own checked = message ? typing_call("_type_check", args, 2) : NO_VALUE;
    drop_opt(message);
    *ok = checked != NO_VALUE;
    return checked;
}

Own
typevar_make(Type *cls, Value name, Value bound, Value default_, bool covariant, bool contravariant, bool infer_variance,
             Value const *args, size_t nargs)
{
    if (check_variance(covariant, contravariant, infer_variance) < 0) {
        return NO_VALUE;
    }
    bool ok;
    Own checked = check_bound(bound, &ok);
    if (!ok) {
        return NO_VALUE;
    }
    if (nargs == 1 || (nargs && checked)) {
        drop_opt(checked);
        return raise_msg(&exc_TypeError, nargs == 1 ? "A single constraint is not allowed" : "Constraints cannot be combined with bound=...");
    }
    Own p = type_alloc(cls, 0), constraints = p && nargs ? tuple_from_array(args, (int64_t)nargs) : NO_VALUE;
    if (!p || (nargs && !constraints)) {
        drop_opt(p);
        drop_opt(checked);
        return NO_VALUE;
    }
    param_fill(as_param(p), name, default_, covariant, contravariant, infer_variance);
    ref_init(obj(p), &as_param(p)->bound, checked);
    ref_init(obj(p), &as_param(p)->constraints, constraints);
    return with_module(p);
}

Own
paramspec_make(Type *cls, Value name, Value bound, Value default_, bool covariant, bool contravariant, bool infer_variance)
{
    if (check_variance(covariant, contravariant, infer_variance) < 0) {
        return NO_VALUE;
    }
    Own p = type_alloc(cls, 0);
    if (!p) {
        return NO_VALUE;
    }
    param_fill(as_param(p), name, default_, covariant, contravariant, infer_variance);
    ref_init(obj(p), &as_param(p)->bound, bound == NONE ? NO_VALUE : own(bound));
    return with_module(p);
}

Own
typevartuple_make(Type *cls, Value name, Value default_)
{
    Own p = type_alloc(cls, 0);
    if (p) {
        param_fill(as_param(p), name, default_, false, false, false);
    }
    return with_module(p);
}

Own
typeparam_new(TypingParamKind kind, Value name, Value evaluate, bool constraints)
{
    static Type *const types[] = {&typevar_type, &paramspec_type, &typevartuple_type};
    Own p = type_alloc(types[kind], 0);
    if (p) {
        param_fill(as_param(p), name, NO_VALUE, false, false, kind != TYPEPARAM_TUPLE);
        Own *field = constraints ? &as_param(p)->evaluate_constraints : &as_param(p)->evaluate_bound;
        ref_init(obj(p), field, own_opt(evaluate));
    }
    return p;
}

void
typeparam_set_default(Value param, Value evaluate)
{
    ref_store(obj(param), &as_param(param)->evaluate_default, own(evaluate));
}

/* -- fields -- */

Own
typevar_get_name(TypeParam *self)
{
    return own(self->name);
}

Own
typevar_get_covariant(TypeParam *self)
{
    return bool_value(self->covariant);
}

Own
typevar_get_contravariant(TypeParam *self)
{
    return bool_value(self->contravariant);
}

Own
typevar_get_infer_variance(TypeParam *self)
{
    return bool_value(self->infer_variance);
}

Own
typevar_get_bound(TypeParam *self)
{
    return lazy_value(&self->head, &self->bound, self->evaluate_bound, NONE);
}

Own
typevar_get_constraints(TypeParam *self)
{
    return lazy_value(&self->head, &self->constraints, self->evaluate_constraints, tuple_empty);
}

Own
typevar_get_default(TypeParam *self)
{
    return lazy_value(&self->head, &self->otherwise, self->evaluate_default, NO_DEFAULT);
}

Own
typevar_get_evaluate_bound(TypeParam *self)
{
    return lazy_evaluator(&self->head, &self->bound, self->evaluate_bound);
}

Own
typevar_get_evaluate_constraints(TypeParam *self)
{
    return lazy_evaluator(&self->head, &self->constraints, self->evaluate_constraints);
}

Own
typevar_get_evaluate_default(TypeParam *self)
{
    Own v = self->evaluate_default ? NO_VALUE : ref_load(&self->head, &self->otherwise);
    if (v || self->evaluate_default) {
        drop_opt(v);
        return lazy_evaluator(&self->head, &self->otherwise, self->evaluate_default);
    }
    return constevaluator_new(NO_DEFAULT);
}

int
typevar_py_has_default(TypeParam *self)
{
    if (self->evaluate_default) {
        return 1;
    }
    Own v = ref_load(&self->head, &self->otherwise);
    bool has = v && v != NO_DEFAULT;
    drop_opt(v);
    return has;
}

Own
typevar_py___reduce__(TypeParam *self)
{
    return own(self->name);
}

Own
typevar_py___mro_entries__(TypeParam *self, Value object UNUSED)
{
    return raise_fmt(&exc_TypeError, "Cannot subclass an instance of %s", strchr(type_of(VALUE(self))->name, '.') + 1);
}

static Own
param_repr(Value v)
{
    const TypeParam *p = as_param(v);
    if (p->infer_variance || type_of(v) == &typevartuple_type) {
        return own(p->name);
    }
    return str_fmt("%c%U", p->covariant ? '+' : p->contravariant ? '-' : '~', (Value)p->name);
}

/* -- substitution -- */

Own
typevar_py___typing_subst__(TypeParam *self, Value arg)
{
    Value args[] = {VALUE(self), arg};
    return typing_call("_typevar_subst", args, 2);
}

/* Where the parameter stands among those of alias. fail: -1 */
static int64_t
index_in(TypeParam *self, Value alias)
{
    Own params = object_getattr_cstr(alias, "__parameters__"), list = params ? object_to_tuple(params) : NO_VALUE;
    drop_opt(params);
    if (!list) {
        return -1;
    }
    for (int64_t i = 0; i < as_tuple(list)->length; i++) {
        int equal = object_equal(tuple_item(list, i), VALUE(self));
        if (equal) {
            drop(list);
            return equal < 0 ? -1 : i;
        }
    }
    drop(list);
    return raise_int(&exc_ValueError, "sequence.index(x): x not in sequence");
}

Own
typevar_py___typing_prepare_subst__(TypeParam *self, Value alias, Value args)
{
    int64_t i = index_in(self, alias), n = i < 0 ? -1 : object_len(args);
    if (n < 0) {
        return NO_VALUE;
    }
    if (i < n) {
        return own(args);
    }
    Own last = i == n ? typevar_get_default(self) : NO_DEFAULT;
    if (!last) {
        return NO_VALUE;
    }
    if (last == NO_DEFAULT) {
        return raise_fmt(&exc_TypeError, "Too few arguments for %S; actual %zd, expected at least %zd", alias, n, i + 1);
    }
    Own list = object_to_list(args), result = NO_VALUE;
    if (list && list_append(list, last) == 0) {
        result = list_to_tuple(list);
    }
    drop_opt(list);
    drop(last);
    return result;
}

static Own
param_or(Value a, Value b)
{
    return typing_union(a, b);
}

/* -- all of a type -- */

static int
param_traverse(Object *o, Visit visit, void *arg)
{
    TypeParam *p = (TypeParam *)o;
    VISIT(p->name);
    VISIT(p->bound);
    VISIT(p->constraints);
    VISIT(p->otherwise);
    VISIT(p->evaluate_bound);
    VISIT(p->evaluate_constraints);
    VISIT(p->evaluate_default);
    return instance_attrs_traverse(o, visit, arg);
}

static void
param_clear(Object *o)
{
    TypeParam *p = (TypeParam *)o;
    ref_clear(&p->bound);
    ref_clear(&p->constraints);
    ref_clear(&p->otherwise);
    ref_clear(&p->evaluate_bound);
    ref_clear(&p->evaluate_constraints);
    ref_clear(&p->evaluate_default);
    instance_attrs_clear(o);
}

static void
param_dealloc(Object *o)
{
    param_clear(o);
    drop_opt(((TypeParam *)o)->name);
    instance_attrs_free(o);
    object_free(o);
}

#define PARAM_TYPE(full_name, prefix, document)                                                    \
    .name = full_name, .flags = TYPE_GC | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS, .basic_size = sizeof(TypeParam), \
    .methods = prefix##_methods, .getsets = prefix##_getsets, .spec_doc = document
#define PARAM_SLOTS                                                                                \
    .traverse = param_traverse, .clear = param_clear, .dealloc = param_dealloc, .repr = param_repr

Type typevar_type = {
    PARAM_TYPE("typing.TypeVar", typevar,
               "Type variable: stands for a type in a generic function, class or alias.\n\n"
               "    def first[T](items: list[T]) -> T: ...      # T is a TypeVar\n"
               "    T = TypeVar('T', bound=str)                 # made by hand"),
    .slots = {PARAM_SLOTS, .create = typevar_create_slot, .binary[OP_OR] = param_or},
};

/* -- ParamSpec -- */

Own
paramspec_get_name(TypeParam *self)
{
    return own(self->name);
}

Own
paramspec_get_bound(TypeParam *self)
{
    return lazy_value(&self->head, &self->bound, NO_VALUE, NONE);
}

Own
paramspec_get_covariant(TypeParam *self)
{
    return bool_value(self->covariant);
}

Own
paramspec_get_contravariant(TypeParam *self)
{
    return bool_value(self->contravariant);
}

Own
paramspec_get_infer_variance(TypeParam *self)
{
    return bool_value(self->infer_variance);
}

Own
paramspec_get_args(TypeParam *self)
{
    return call1(VALUE(&paramspec_args_type), VALUE(self));
}

Own
paramspec_get_kwargs(TypeParam *self)
{
    return call1(VALUE(&paramspec_kwargs_type), VALUE(self));
}

Own
paramspec_get_default(TypeParam *self)
{
    return typevar_get_default(self);
}

Own
paramspec_get_evaluate_default(TypeParam *self)
{
    return typevar_get_evaluate_default(self);
}

Own
paramspec_py___typing_subst__(TypeParam *self, Value arg)
{
    Value args[] = {VALUE(self), arg};
    return typing_call("_paramspec_subst", args, 2);
}

Own
paramspec_py___typing_prepare_subst__(TypeParam *self, Value alias, Value args)
{
    Value all[] = {VALUE(self), alias, args};
    return typing_call("_paramspec_prepare_subst", all, 3);
}

int
paramspec_py_has_default(TypeParam *self)
{
    return typevar_py_has_default(self);
}

Own
paramspec_py___reduce__(TypeParam *self)
{
    return own(self->name);
}

Own
paramspec_py___mro_entries__(TypeParam *self, Value object)
{
    return typevar_py___mro_entries__(self, object);
}

Type paramspec_type = {
    PARAM_TYPE("typing.ParamSpec", paramspec,
               "Parameter specification: stands for the parameters of a callable.\n\n"
               "    def logged[**P, T](f: Callable[P, T]) -> Callable[P, T]: ...     # P is a ParamSpec"),
    .slots = {PARAM_SLOTS, .create = paramspec_create_slot, .binary[OP_OR] = param_or},
};

/* -- TypeVarTuple -- */

Own
typevartuple_get_name(TypeParam *self)
{
    return own(self->name);
}

Own
typevartuple_get_default(TypeParam *self)
{
    return typevar_get_default(self);
}

Own
typevartuple_get_evaluate_default(TypeParam *self)
{
    return typevar_get_evaluate_default(self);
}

Own
typevartuple_py___typing_subst__(TypeParam *self UNUSED, Value arg UNUSED)
{
    return raise_msg(&exc_TypeError, "Substitution of bare TypeVarTuple is not supported");
}

Own
typevartuple_py___typing_prepare_subst__(TypeParam *self, Value alias, Value args)
{
    Value all[] = {VALUE(self), alias, args};
    return typing_call("_typevartuple_prepare_subst", all, 3);
}

Own
typevartuple_py___reduce__(TypeParam *self)
{
    return own(self->name);
}

int
typevartuple_py_has_default(TypeParam *self)
{
    return typevar_py_has_default(self);
}

Own
typevartuple_py___mro_entries__(TypeParam *self, Value object)
{
    return typevar_py___mro_entries__(self, object);
}

/* Unpacking one gives Unpack[Ts], once. */
static Own
typevartuple_iter(Value v)
{
    Own unpacked = typing_unpack(v), one = unpacked ? tuple_pack(1, (Value)unpacked) : NO_VALUE;
    drop_opt(unpacked);
    Own it = one ? object_iter(one) : NO_VALUE;
    drop_opt(one);
    return it;
}

Type typevartuple_type = {
    PARAM_TYPE("typing.TypeVarTuple", typevartuple,
               "Type variable tuple: stands for any number of types.\n\n"
               "    def moved[*Ts](pair: tuple[int, *Ts]) -> tuple[*Ts, int]: ...     # Ts is a TypeVarTuple"),
    .slots = {PARAM_SLOTS, .create = typevartuple_create_slot, .iter = typevartuple_iter},
};
