/* partial, and Placeholder.
 *
 * Threads: __setstate__ changes the fields under the lock; a call takes its own references to
 * them first, with the lock held where it is contended. A partial that is never given a new
 * state is only read. */
#include "heap/critical.h"
#include "module/_functools/functools_priv.h"
#include "object/dict.h"
#include "object/function.h"
#include "object/genericalias.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Partial {
    Object head;
    Own function;  /* guard for all: lock to change; ref_load */
    Own args;      /* exact tuple, its last item no Placeholder */
    Own keywords;  /* exact dict */
    _Atomic bool restored; /* __setstate__ was called: the fields may change under readers */
} Partial;

#include "partial.spec.h"

Own placeholder;

/* References to what a partial calls, as it was at one moment. */
typedef struct PartialParts {
    Own function, args, keywords;
} PartialParts;

static PartialParts
partial_parts(Partial *p)
{
    if (LIKELY(!atomic_load_explicit(&p->restored, memory_order_acquire))) {
        PartialParts parts = {__atomic_load_n(&p->function, __ATOMIC_ACQUIRE), __atomic_load_n(&p->args, __ATOMIC_ACQUIRE),
                              __atomic_load_n(&p->keywords, __ATOMIC_ACQUIRE)};
        bool function = try_own(parts.function), args = try_own(parts.args), keywords = try_own(parts.keywords);
        if (LIKELY(function && args && keywords && !atomic_load_explicit(&p->restored, memory_order_relaxed))) {
            return parts;
        }
        drop_opt(function ? parts.function : NO_VALUE); /* it is just being restored */
        drop_opt(args ? parts.args : NO_VALUE);
        drop_opt(keywords ? parts.keywords : NO_VALUE);
    }
    CriticalSection section;
    critical_enter(&section, &p->head);
    PartialParts parts = {own(p->function), own(p->args), own(p->keywords)};
    critical_leave(&section);
    return parts;
}

static void
parts_drop(PartialParts *parts)
{
    drop(parts->function);
    drop(parts->args);
    drop(parts->keywords);
}

static int64_t
count_placeholders(Value args)
{
    int64_t n = 0;
    for (int64_t i = 0; i < as_tuple(args)->length; i++) {
        n += tuple_item(args, i) == placeholder;
    }
    return n;
}

/* -- making -- */

/* The positional arguments `given` where `args` has Placeholders, those left over behind. own:
 * ret new, a tuple */
static Own
merge_positional(Value args, Value const *given, int64_t n)
{
    int64_t length = as_tuple(args)->length, holes = count_placeholders(args), used = 0;
    int64_t total = length + (n > holes ? n - holes : 0);
    Own merged = tuple_new(total);
    for (int64_t i = 0; merged && i < total; i++) {
        Value item = i < length ? tuple_item(args, i) : NO_VALUE;
        if (i >= length || (item == placeholder && used < n)) {
            item = given[used++];
        }
        tuple_init_item(merged, i, own(item));
    }
    return merged;
}

static int
check_arguments(Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1) {
        return raise_int(&exc_TypeError, "type 'partial' takes at least one argument");
    }
    if (!object_is_callable(args[0])) {
        return raise_int(&exc_TypeError, "the first argument must be callable");
    }
    for (int64_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        if (args[nargs + (size_t)i] == placeholder) {
            return raise_int(&exc_TypeError, "Placeholder cannot be passed as a keyword argument");
        }
    }
    if (nargs > 1 && args[nargs - 1] == placeholder) {
        return raise_int(&exc_TypeError, "trailing Placeholders are not allowed");
    }
    return 0;
}

/* A partial without attributes of its own: calling what it calls comes to the same. */
static bool
can_be_flattened(Value function)
{
    if (!is_instance_of(function, &partial_type)) {
        return false;
    }
    Own attributes = instance_copy_dict(obj(function));
    bool plain = attributes && dict_len(attributes) == 0;
    drop_opt(attributes);
    exc_clear();
    return plain;
}

static Own
partial_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (check_arguments(args, nargs, kwnames) < 0) {
        return NO_VALUE;
    }
    PartialParts parts;
    if (can_be_flattened(args[0])) {
        parts = partial_parts((Partial *)obj(args[0]));
    } else {
        parts = (PartialParts){own(args[0]), tuple_empty, dict_new()};
    }
    Own merged = NO_VALUE, keywords = NO_VALUE, v = NO_VALUE;
    if (parts.keywords) {
        merged = merge_positional(parts.args, args + 1, (int64_t)nargs - 1);
        keywords = merged ? dict_copy(parts.keywords) : NO_VALUE;
    }
    int status = keywords ? 0 : -1;
    for (int64_t i = 0; status == 0 && kwnames && i < as_tuple(kwnames)->length; i++) {
        status = dict_set(keywords, tuple_item(kwnames, i), args[nargs + (size_t)i]);
    }
    if (status == 0) {
        v = type_alloc(type, 0);
    }
    if (v) {
        Partial *p = (Partial *)obj(v);
        ref_init(&p->head, &p->function, own(parts.function));
        ref_init(&p->head, &p->args, merged);
        ref_init(&p->head, &p->keywords, keywords);
    } else {
        drop_opt(merged);
        drop_opt(keywords);
    }
    drop(parts.function);
    drop(parts.args);
    drop_opt(parts.keywords);
    return v;
}

/* -- calling -- */

/* The arguments of one call, in one array: positional ones, then the values of names. */
typedef struct PartialCall {
    Value *values;
    int64_t n;      /* positional */
    Own names;      /* tuple of the keywords, or NO_VALUE */
    Own held;       /* tuple that keeps the values from `keywords` alive, or NO_VALUE */
    Value few[12];
} PartialCall;

static bool
same_name(Value a, Value b)
{
    return a == b || (is_str(a) && is_str(b) && str_equal(as_str(a), as_str(b)));
}

/* Fills names and values with the n items of the dict, as they are at one moment. False: it has others meanwhile, and nothing is filled */
static bool
take_items(Value dict, Own *names, Own *values, int64_t n)
{
    bool contended = obj_is_contended(obj(dict)), changed = false;
    uint32_t version = contended ? dict_keys_version(dict) : 0;
    int64_t at = 0, position = 0;
    Own key, value;
    while (!changed && dict_next(dict, &position, &key, &value)) {
        if (at < n) {
            names[at] = key;
            values[at++] = value;
        } else {
            drop(key);
            drop(value);
            changed = true;
        }
    }
    if (contended) {
        changed |= at < n || !version || dict_keys_version(dict) != version;
    }
    for (int64_t i = 0; changed && i < at; i++) {
        drop(names[i]);
        drop(values[i]);
    }
    return !changed;
}

/* Makes names and held of the keyword arguments: those given in advance, with the call's values where
 * it gives them too, then the call's others. */
static int
join_keywords(PartialCall *call, Value keywords, Value const *given, Value kwnames)
{
    int64_t more = kwnames ? as_tuple(kwnames)->length : 0, advance = dict_len(keywords), at = advance;
    size_t most = (size_t)(advance + more);
    Own *names = mem_alloc((most + 1) * 2 * sizeof(Own)), *values = names ? names + most : NULL;
    if (!names) {
        return -1;
    }
    if (!take_items(keywords, names, values, advance)) {
        mem_free(names);
        Own copy = dict_copy(keywords); /* nobody else has it: it stays as it is */
        int status = copy ? join_keywords(call, copy, given, kwnames) : -1;
        drop_opt(copy);
        return status;
    }
    for (int64_t i = 0; i < more; i++) {
        int64_t j = 0;
        while (j < advance && !same_name(names[j], tuple_item(kwnames, i))) {
            j++;
        }
        if (j < advance) {
            drop(values[j]);
            values[j] = own(given[i]);
        } else {
            names[at] = own(tuple_item(kwnames, i));
            values[at++] = own(given[i]);
        }
    }
    call->held = tuple_from_own(values, at);
    call->names = tuple_from_own(names, at);
    mem_free(names);
    return call->names && call->held ? 0 : -1;
}

/* Puts the positional arguments together. fail: -1 + TypeError */
static int
add_positional(PartialCall *call, Value args, Value const *given, int64_t n)
{
    int64_t length = as_tuple(args)->length, used = 0;
    for (int64_t i = 0; i < length; i++) {
        Value item = tuple_item(args, i);
        if (UNLIKELY(item == placeholder)) {
            if (used == n) {
                return raise_int(&exc_TypeError,
                                 "missing positional arguments in 'partial' call; expected at "
                                 "least %zd, got %zd",
                                 count_placeholders(args), n);
            }
            item = given[used++];
        }
        call->values[i] = item;
    }
    for (; used < n; used++) {
        call->values[length++] = given[used];
    }
    call->n = length;
    return 0;
}

static Own
partial_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    PartialParts parts = partial_parts((Partial *)obj(self));
    PartialCall call = {.values = call.few};
    Value const *last = args + nargs; /* the values of names */
    int64_t n = kwnames ? as_tuple(kwnames)->length : 0;
    Own result = NO_VALUE;
    if (dict_len(parts.keywords) == 0) {
        call.names = own_opt(kwnames);
    } else if (join_keywords(&call, parts.keywords, last, kwnames) == 0) {
        last = (Value const *)as_tuple(call.held)->items;
        n = as_tuple(call.held)->length;
    } else {
        call.values = NULL;
    }
    int64_t most = as_tuple(parts.args)->length + (int64_t)nargs + n;
    if (call.values && most > (int64_t)ARRAY_LEN(call.few)) {
        call.values = mem_alloc((size_t)most * sizeof(Value));
    }
    if (call.values && add_positional(&call, parts.args, args, (int64_t)nargs) == 0) {
        for (int64_t i = 0; i < n; i++) {
            call.values[call.n + i] = last[i];
        }
        result = object_call(parts.function, call.values, (size_t)call.n, call.names);
    }
    drop_opt(call.names);
    drop_opt(call.held);
    if (call.values != call.few) {
        mem_free(call.values);
    }
    parts_drop(&parts);
    return result;
}

static Own
partial_descr_get(Value self, Value instance, Value owner UNUSED)
{
    return !instance || instance == NONE ? own(self) : method_new(self, instance);
}

/* -- the rest of the type -- */

static Own
partial_repr(Value v)
{
    int entered = repr_enter(v);
    if (entered != 0) {
        return entered > 0 ? str_from_cstr("...") : NO_VALUE;
    }
    PartialParts parts = partial_parts((Partial *)obj(v));
    Own name = type_qualified_name(type_of(v)), key, value;
    StrBuilder text;
    str_builder_init(&text, 60);
    if (name) {
        str_builder_fmt(&text, "%U(", (Value)name);
        str_builder_repr(&text, parts.function);
    }
    for (int64_t i = 0; i < as_tuple(parts.args)->length && !text.failed; i++) {
        str_builder_ascii(&text, ", ", 2);
        str_builder_repr(&text, tuple_item(parts.args, i));
    }
    int64_t position = 0;
    while (!text.failed && dict_next(parts.keywords, &position, &key, &value)) {
        str_builder_fmt(&text, ", %S=", (Value)key);
        str_builder_repr(&text, value);
        drop(key);
        drop(value);
    }
    str_builder_char(&text, ')');
    parts_drop(&parts);
    repr_leave(v);
    if (!name) {
        str_builder_discard(&text);
        return NO_VALUE;
    }
    drop(name);
    return str_builder_finish(&text);
}

/* (class, (function,), (function, args, keywords, attributes or None)) */
Own
partial_py___reduce__(Partial *self)
{
    Own attributes = instance_copy_dict(&self->head);
    if (attributes && dict_len(attributes) == 0) {
        drop(attributes);
        attributes = NONE;
    }
    PartialParts parts = partial_parts(self);
    Own args = attributes ? tuple_pack(1, (Value)parts.function) : NO_VALUE;
    Own state = args ? tuple_pack(4, (Value)parts.function, (Value)parts.args, (Value)parts.keywords, (Value)attributes) : NO_VALUE;
    Own result = state ? tuple_pack(3, VALUE(type_of(VALUE(self))), (Value)args, (Value)state)
                       : NO_VALUE;
    parts_drop(&parts);
    drop_opt(attributes);
    drop_opt(args);
    drop_opt(state);
    return result;
}

static bool
is_state(Value state)
{
    return is_tuple(state) && as_tuple(state)->length == 4 &&
           object_is_callable(tuple_item(state, 0)) && is_tuple(tuple_item(state, 1)) &&
           (tuple_item(state, 2) == NONE || is_dict(tuple_item(state, 2)));
}

static void
partial_change(Partial *p, Own function, Own args, Own keywords)
{
    atomic_store_explicit(&p->restored, true, memory_order_release);
    CriticalSection section;
    critical_enter(&section, &p->head);
    Own old[] = {ref_swap(&p->head, &p->function, function), ref_swap(&p->head, &p->args, args),
                 ref_swap(&p->head, &p->keywords, keywords)};
    critical_leave(&section);
    for (size_t i = 0; i < ARRAY_LEN(old); i++) {
        drop(old[i]);
    }
}

int
partial_py___setstate__(Partial *self, Value state)
{
    if (!is_state(state)) {
        return raise_int(&exc_TypeError, "invalid partial state");
    }
    Value given = tuple_item(state, 1), attributes = tuple_item(state, 3);
    int64_t n = as_tuple(given)->length;
    if (n && tuple_item(given, n - 1) == placeholder) {
        return raise_int(&exc_TypeError, "trailing Placeholders are not allowed");
    }
    Own args = IS_EXACT(given, TUPLE)
                   ? own(given)
                   : tuple_from_array((Value const *)as_tuple(given)->items, n);
    Own keywords = NO_VALUE;
    if (args) {
        Value named = tuple_item(state, 2);
        keywords = named == NONE ? dict_new() : IS_EXACT(named, DICT) ? own(named) : dict_copy(named);
    }
    if (!keywords) {
        drop_opt(args);
        return -1;
    }
    partial_change(self, own(tuple_item(state, 0)), args, keywords);
    if (attributes == NONE) {
        return instance_set_dict(&self->head, NO_VALUE);
    }
    return object_setattr_cstr(VALUE(self), "__dict__", attributes);
}

Own
partial_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Own
partial_get_func(Partial *self)
{
    return ref_load(&self->head, &self->function);
}

Own
partial_get_args(Partial *self)
{
    return ref_load(&self->head, &self->args);
}

Own
partial_get_keywords(Partial *self)
{
    return ref_load(&self->head, &self->keywords);
}

int
partial_set_func(Partial *self UNUSED, Value value UNUSED)
{
    return raise_int(&exc_AttributeError, "readonly attribute");
}

int
partial_set_args(Partial *self UNUSED, Value value UNUSED)
{
    return raise_int(&exc_AttributeError, "readonly attribute");
}

int
partial_set_keywords(Partial *self UNUSED, Value value UNUSED)
{
    return raise_int(&exc_AttributeError, "readonly attribute");
}

static int
partial_traverse(Object *o, Visit visit, void *arg)
{
    Partial *p = (Partial *)o;
    VISIT(p->function);
    VISIT(p->args);
    VISIT(p->keywords);
    return instance_attrs_traverse(o, visit, arg);
}

/* The fields are never empty: a cycle is broken by giving them what refers to nothing. The dict of
 * keywords can be emptied by itself. */
static void
partial_clear(Object *o)
{
    Partial *p = (Partial *)o;
    partial_change(p, NONE, tuple_empty, own(p->keywords));
    instance_attrs_clear(o);
}

static void
partial_dealloc(Object *o)
{
    Partial *p = (Partial *)o;
    drop_opt(p->function);
    drop_opt(p->args);
    drop_opt(p->keywords);
    instance_attrs_free(o);
    object_free(o);
}

Type partial_type = {
    .name = "functools.partial",
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Partial),
    .slots = {
        .traverse = partial_traverse,
        .clear = partial_clear,
        .dealloc = partial_dealloc,
        .create = partial_create,
        .repr = partial_repr,
        .call = partial_call,
        .descr_get = partial_descr_get,
    },
    .methods = partial_methods,
    .getsets = partial_getsets,
    .spec_doc = partial_doc,
};

/* -- Placeholder -- */

/* Made once, with the module, while it is imported by one thread. */
static Own
placeholder_create(Type *type, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (nargs || (kwnames && as_tuple(kwnames)->length)) {
        return raise_msg(&exc_TypeError, "PlaceholderType takes no arguments");
    }
    if (!placeholder) {
        placeholder = type_alloc(type, 0);
        if (placeholder) {
            obj_make_immortal(obj(placeholder));
        }
    }
    return placeholder;
}

static Own
placeholder_repr(Value v UNUSED)
{
    return str_from_cstr("Placeholder");
}

Own
placeholder_py___reduce__(Value self UNUSED)
{
    return str_from_cstr("Placeholder");
}

Type placeholder_type = {
    .name = "functools._PlaceholderType",
    .basic_size = sizeof(Object),
    .slots = {
        .create = placeholder_create,
        .repr = placeholder_repr,
    },
    .methods = placeholder_methods,
    .getsets = placeholder_getsets,
    .spec_doc = placeholder_doc,
};
