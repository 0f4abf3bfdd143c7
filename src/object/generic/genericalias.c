/* types.GenericAlias: list[int] and the like.
 *
 * Threads: immutable but for `parameters`, computed when first asked for; two threads may compute
 * it, one result stays. */
#include "object/generic/generic_priv.h"
#include "object/hooks.h"

typedef struct AliasIterator {
    Object head;
    Own alias; /* NO_VALUE when used up. guard: lock */
} AliasIterator;

#include "genericalias.spec.h"

extern Type generic_alias_iterator_type;

static inline GenericAlias *
as_alias(Value v)
{
    return (GenericAlias *)obj(v);
}

static inline bool
is_alias(Value v)
{
    return is_object(v) && is_instance_of(v, &generic_alias_type);
}

static Own
alias_make(Type *type, Value origin, Value args, bool starred)
{
    Own tuple = is_tuple(args) ? own(args) : tuple_pack(1, args);
    Own v = tuple ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(tuple);
        return NO_VALUE;
    }
    ref_init(obj(v), &as_alias(v)->origin, own(origin));
    ref_init(obj(v), &as_alias(v)->args, tuple);
    as_alias(v)->starred = starred;
    return v;
}

Own
generic_alias_new(Value origin, Value args)
{
    return alias_make(&generic_alias_type, origin, args, false);
}

static Own
alias_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "GenericAlias() takes no keyword arguments");
    }
    if (nargs != 2) {
        return raise_fmt(&exc_TypeError, "GenericAlias expected 2 arguments, got %zu", nargs);
    }
    return alias_make(type, args[0], args[1], false);
}

/* -- text -- */

static Own
alias_repr(Value v)
{
    const GenericAlias *a = as_alias(v);
    StrBuilder b;
    str_builder_init(&b, 32);
    if (a->starred) {
        str_builder_char(&b, '*');
    }
    int status = type_argument_repr(&b, a->origin);
    str_builder_char(&b, '[');
    int64_t n = as_tuple(a->args)->length;
    for (int64_t i = 0; status == 0 && i < n; i++) {
        if (i) {
            str_builder_ascii(&b, ", ", 2);
        }
        status = type_argument_repr(&b, tuple_item(a->args, i));
    }
    if (n == 0) {
        str_builder_ascii(&b, "()", 2);
    }
    str_builder_char(&b, ']');
    if (status < 0) {
        str_builder_discard(&b);
        return NO_VALUE;
    }
    return str_builder_finish(&b);
}

static int64_t
alias_hash(Value v)
{
    int64_t of_origin = object_hash(as_alias(v)->origin);
    int64_t of_args = of_origin == -1 ? -1 : object_hash(as_alias(v)->args);
    if (of_args == -1) {
        return -1;
    }
    int64_t hash = of_origin ^ of_args;
    return hash == -1 ? -2 : hash;
}

static Own
alias_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_alias(a) || !is_alias(b)) {
        return own(NOTIMPLEMENTED);
    }
    const GenericAlias *x = as_alias(a), *y = as_alias(b);
    int equal = x->starred == y->starred;
    if (equal) {
        equal = object_equal(x->origin, y->origin);
    }
    if (equal > 0) {
        equal = object_equal(x->args, y->args);
    }
    return equal < 0 ? NO_VALUE : bool_value((equal != 0) == (op == CMP_EQ));
}

/* -- attributes: the origin's, but for a few -- */

static const char *const own_names[] = {
    "__class__",       "__origin__",     "__args__",
    "__unpacked__",    "__parameters__", "__typing_unpacked_tuple_args__",
    "__mro_entries__", "__reduce_ex__",  "__reduce__",
};
static const char *const hidden_names[] = {"__bases__", "__copy__", "__deepcopy__"};

static bool
is_one_of(Value name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_equals_cstr(name, names[i])) {
            return true;
        }
    }
    return false;
}

static Own
alias_getattr(Value v, Value name)
{
    if (is_one_of(name, own_names, ARRAY_LEN(own_names)) ||
        is_one_of(name, hidden_names, ARRAY_LEN(hidden_names))) {
        return object_generic_getattr(v, name);
    }
    return object_getattr(as_alias(v)->origin, name);
}

Own
generic_alias_py___dir__(GenericAlias *self)
{
    Own names = object_dir(self->origin);
    for (size_t i = 0; names && i < ARRAY_LEN(own_names); i++) {
        Own name = str_from_cstr(own_names[i]);
        int present = name ? object_contains(names, name) : -1;
        if (present < 0 || (present == 0 && list_append(names, name) < 0)) {
            ref_clear(&names);
        }
        drop_opt(name);
    }
    return names;
}

Own
generic_alias_get_origin(GenericAlias *self)
{
    return own(self->origin);
}

Own
generic_alias_get_args(GenericAlias *self)
{
    return own(self->args);
}

Own
generic_alias_get_unpacked(GenericAlias *self)
{
    return bool_value(self->starred);
}

Own
generic_alias_get_parameters(GenericAlias *self)
{
    Own parameters = ref_load(&self->head, &self->parameters);
    if (parameters) {
        return parameters;
    }
    parameters = type_parameters_of(self->args);
    if (parameters) {
        CriticalSection section;
        critical_enter(&section, &self->head);
        Own old = ref_swap(&self->head, &self->parameters, own(parameters));
        critical_leave(&section);
        drop_opt(old);
    }
    return parameters;
}

Own
generic_alias_get_typing_unpacked_tuple_args(GenericAlias *self)
{
    return self->starred && self->origin == OWN(&tuple_type) ? own(self->args) : NONE;
}

/* -- use -- */

static Own
alias_call(Value v, Value const *args, size_t nargs, Value kwnames)
{
    Own made = object_call(as_alias(v)->origin, args, nargs, kwnames);
    if (made && object_setattr(made, NAME(__orig_class__), v) < 0 &&
        !exc_swallow(&exc_AttributeError) && !exc_swallow(&exc_TypeError)) {
        ref_clear(&made);
    }
    return made;
}

static Own
alias_getitem(Value v, Value item)
{
    GenericAlias *a = as_alias(v);
    Own parameters = generic_alias_get_parameters(a);
    Own args = parameters ? type_arguments_replaced(v, a->args, parameters, item) : NO_VALUE;
    Own result = args ? alias_make(&generic_alias_type, a->origin, args, a->starred) : NO_VALUE;
    drop_opt(args);
    drop_opt(parameters);
    return result;
}

static Own
alias_or(Value a, Value b)
{
    return union_or(a, b);
}

Own
generic_alias_py___mro_entries__(GenericAlias *self, Value bases UNUSED)
{
    return tuple_pack(1, (Value)self->origin);
}

Own
generic_alias_py___instancecheck__(GenericAlias *self UNUSED, Value instance UNUSED)
{
    return raise_msg(&exc_TypeError, "isinstance() argument 2 cannot be a parameterized generic");
}

Own
generic_alias_py___subclasscheck__(GenericAlias *self UNUSED, Value subclass UNUSED)
{
    return raise_msg(&exc_TypeError, "issubclass() argument 2 cannot be a parameterized generic");
}

static Own
builtins_function(Value name)
{
    Own builtins = object_hooks.import_module("builtins");
    Own function = builtins ? object_getattr(builtins, name) : NO_VALUE;
    drop_opt(builtins);
    return function;
}

/* A starred alias is rebuilt as the next item of an iterator over the plain one. */
Own
generic_alias_py___reduce__(GenericAlias *self)
{
    if (!self->starred) {
        Own args = tuple_pack(2, (Value)self->origin, (Value)self->args);
        Own result = args ? tuple_pack(2, VALUE(&generic_alias_type), (Value)args) : NO_VALUE;
        drop_opt(args);
        return result;
    }
    Own plain = generic_alias_new(self->origin, self->args);
    Own it = plain ? object_iter(plain) : NO_VALUE;
    Own args = it ? tuple_pack(1, (Value)it) : NO_VALUE;
    Own next = args ? builtins_function(NAME(next)) : NO_VALUE;
    Own result = next ? tuple_pack(2, (Value)next, (Value)args) : NO_VALUE;
    drop_opt(next);
    drop_opt(args);
    drop_opt(it);
    drop_opt(plain);
    return result;
}

static int
alias_traverse(Object *o, Visit visit, void *arg)
{
    const GenericAlias *a = (const GenericAlias *)o;
    VISIT(a->origin);
    VISIT(a->args);
    VISIT(a->parameters);
    return 0;
}

static void
alias_dealloc(Object *o)
{
    GenericAlias *a = (GenericAlias *)o;
    ref_clear(&a->origin);
    ref_clear(&a->args);
    ref_clear(&a->parameters);
    object_free(o);
}

/* -- *alias -- */

static Own
alias_iter(Value v)
{
    AliasIterator *it = (AliasIterator *)obj(type_alloc(&generic_alias_iterator_type, 0));
    if (it) {
        ref_init(&it->head, &it->alias, own(v));
    }
    return OWN(it);
}

static Own
alias_iterator_next(Value v)
{
    AliasIterator *it = (AliasIterator *)obj(v);
    CriticalSection section;
    critical_enter(&section, &it->head);
    Own alias = ref_swap(&it->head, &it->alias, NO_VALUE);
    critical_leave(&section);
    if (!alias) {
        return NO_VALUE;
    }
    Own starred =
        alias_make(&generic_alias_type, as_alias(alias)->origin, as_alias(alias)->args, true);
    drop(alias);
    return starred;
}

static Own
alias_iterator_self(Value v)
{
    return own(v);
}

Own
generic_alias_iterator_py___reduce__(Value self, Value const *args UNUSED, size_t nargs UNUSED,
                                     Value kwnames UNUSED)
{
    Own iter = builtins_function(NAME(iter));
    Own alias = ref_load(obj(self), &((AliasIterator *)obj(self))->alias);
    Own what = alias ? alias : tuple_new(0);
    Own call_args = iter && what ? tuple_pack(1, (Value)what) : NO_VALUE;
    Own result = call_args ? tuple_pack(2, (Value)iter, (Value)call_args) : NO_VALUE;
    drop_opt(call_args);
    drop_opt(what);
    drop_opt(iter);
    return result;
}

static int
alias_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((AliasIterator *)o)->alias);
    return 0;
}

static void
alias_iterator_dealloc(Object *o)
{
    ref_clear(&((AliasIterator *)o)->alias);
    object_free(o);
}

Type generic_alias_iterator_type = {
    .name = "generic_alias_iterator",
    .flags = TYPE_GC,
    .basic_size = sizeof(AliasIterator),
    .slots =
        {
            .traverse = alias_iterator_traverse,
            .dealloc = alias_iterator_dealloc,
            .iter = alias_iterator_self,
            .next = alias_iterator_next,
        },
    .methods = generic_alias_iterator_methods,
    .spec_doc = generic_alias_iterator_doc,
};

Type generic_alias_type = {
    .name = "types.GenericAlias",
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(GenericAlias),
    .slots =
        {
            .traverse = alias_traverse,
            .dealloc = alias_dealloc,
            .create = alias_create,
            .repr = alias_repr,
            .hash = alias_hash,
            .call = alias_call,
            .getattr = alias_getattr,
            .setattr = object_generic_setattr,
            .compare = alias_compare,
            .iter = alias_iter,
            .getitem = alias_getitem,
            .binary[OP_OR] = alias_or,
        },
    .methods = generic_alias_methods,
    .getsets = generic_alias_getsets,
    .spec_doc = generic_alias_doc,
};
