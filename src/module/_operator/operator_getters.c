/* itemgetter, attrgetter, methodcaller: callables that remember what to ask their argument for.
 *
 * Threads: immutable. */
#include "module/_operator/operator_priv.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Itemgetter {
    Object head;
    Own items; /* tuple, not empty */
} Itemgetter;

typedef struct Attrgetter {
    Object head;
    Own names; /* tuple of str, as given, not empty */
    Own paths; /* tuple: of each name an interned str or, where it has dots, a tuple of those */
} Attrgetter;

typedef struct Methodcaller {
    Object head;
    Own name;    /* interned str */
    Own args;    /* tuple: positional arguments, then the values of kwnames */
    Own kwnames; /* tuple of str, or NO_VALUE */
} Methodcaller;

#include "operator_getters.spec.h"

/* The one positional argument of a getter being called. */
static bool
one_argument(const char *name, size_t nargs, Value kwnames)
{
    return LIKELY(nargs == 1 && !kwnames) || args_check_positional(name, nargs, kwnames, 1, 1) == 0;
}

/* -- itemgetter -- */

static Own
itemgetter_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "itemgetter() takes no keyword arguments");
    }
    if (nargs < 1) {
        return raise_msg(&exc_TypeError, "itemgetter expected 1 argument, got 0");
    }
    Own items = tuple_from_array(args, (int64_t)nargs);
    Own v = items ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(items);
        return NO_VALUE;
    }
    ref_init(obj(v), &((Itemgetter *)obj(v))->items, items);
    return v;
}

static Own
itemgetter_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Value items = ((Itemgetter *)obj(self))->items;
    if (!one_argument("itemgetter", nargs, kwnames)) {
        return NO_VALUE;
    }
    int64_t n = as_tuple(items)->length;
    if (n == 1) {
        return object_getitem(args[0], tuple_item(items, 0));
    }
    Own result = tuple_new(n);
    for (int64_t i = 0; result && i < n; i++) {
        Own item = object_getitem(args[0], tuple_item(items, i));
        if (item) {
            tuple_init_item(result, i, item);
        } else {
            ref_clear(&result);
        }
    }
    return result;
}

/* Name(a, b): a tuple of one item without its comma. */
static Own
getter_repr(Value self, Value parts)
{
    int entered = repr_enter(self);
    if (entered != 0) {
        return entered > 0 ? str_fmt("%T(...)", self) : NO_VALUE;
    }
    Own text = as_tuple(parts)->length == 1 ? str_fmt("%T(%R)", self, tuple_item(parts, 0))
                                            : str_fmt("%T%R", self, parts);
    repr_leave(self);
    return text;
}

static Own
itemgetter_repr(Value v)
{
    return getter_repr(v, ((Itemgetter *)obj(v))->items);
}

Own
itemgetter_get_text_signature(Itemgetter *self UNUSED)
{
    return str_from_cstr("(obj, /)");
}

Own
itemgetter_py___reduce__(Itemgetter *self)
{
    return tuple_pack(2, VALUE(type_of(VALUE(self))), (Value)self->items);
}

static int
itemgetter_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Itemgetter *)o)->items);
    return 0;
}

static void
itemgetter_clear(Object *o)
{
    ref_clear(&((Itemgetter *)o)->items);
}

static void
itemgetter_dealloc(Object *o)
{
    itemgetter_clear(o);
    object_free(o);
}

Type itemgetter_type = {
    .name = "operator.itemgetter",
    .flags = TYPE_GC,
    .basic_size = sizeof(Itemgetter),
    .slots = {
        .traverse = itemgetter_traverse,
        .clear = itemgetter_clear,
        .dealloc = itemgetter_dealloc,
        .create = itemgetter_create,
        .repr = itemgetter_repr,
        .call = itemgetter_call,
    },
    .methods = itemgetter_methods,
    .getsets = itemgetter_getsets,
    .spec_doc = itemgetter_doc,
};

/* -- attrgetter -- */

/* An interned part of a name. own: ret new */
static Own
name_part(Value name, int64_t start, int64_t stop)
{
    Own part = str_substring(name, start, stop);
    return part ? str_intern(part) : NO_VALUE;
}

/* The parts of a name between its dots: a str, or a tuple of them. own: ret new */
static Own
attribute_path(Value name)
{
    Own dot = str_from_char('.');
    if (!dot) {
        return NO_VALUE;
    }
    int64_t length = as_str(name)->length, start = 0, parts = 1;
    for (int64_t at = 0; (at = str_find(name, dot, at, length, 1)) >= 0; at++) {
        parts++;
    }
    Own path = parts == 1 ? name_part(name, 0, length) : tuple_new(parts);
    for (int64_t i = 0; path && parts > 1 && i < parts; i++) {
        int64_t stop = str_find(name, dot, start, length, 1);
        Own part = name_part(name, start, stop < 0 ? length : stop);
        if (part) {
            tuple_init_item(path, i, part);
        } else {
            ref_clear(&path);
        }
        start = stop + 1;
    }
    drop(dot);
    return path;
}

static Own
attribute_paths(Value const *names, size_t n)
{
    Own paths = tuple_new((int64_t)n);
    for (size_t i = 0; paths && i < n; i++) {
        Own path = is_str(names[i]) ? attribute_path(names[i])
                                    : raise_msg(&exc_TypeError, "attribute name must be a string");
        if (path) {
            tuple_init_item(paths, (int64_t)i, path);
        } else {
            ref_clear(&paths);
        }
    }
    return paths;
}

static Own
attrgetter_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "attrgetter() takes no keyword arguments");
    }
    if (nargs < 1) {
        return raise_msg(&exc_TypeError, "attrgetter expected 1 argument, got 0");
    }
    Own paths = attribute_paths(args, nargs);
    Own names = paths ? tuple_from_array(args, (int64_t)nargs) : NO_VALUE;
    Own v = names ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(paths);
        drop_opt(names);
        return NO_VALUE;
    }
    Attrgetter *getter = (Attrgetter *)obj(v);
    ref_init(&getter->head, &getter->names, names);
    ref_init(&getter->head, &getter->paths, paths);
    return v;
}

static Own
follow_path(Value v, Value path)
{
    if (!is_tuple(path)) {
        return object_getattr(v, path);
    }
    Own at = own(v);
    for (int64_t i = 0; at && i < as_tuple(path)->length; i++) {
        Own next = object_getattr(at, tuple_item(path, i));
        drop(at);
        at = next;
    }
    return at;
}

static Own
attrgetter_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Value paths = ((Attrgetter *)obj(self))->paths;
    if (!one_argument("attrgetter", nargs, kwnames)) {
        return NO_VALUE;
    }
    int64_t n = as_tuple(paths)->length;
    if (n == 1) {
        return follow_path(args[0], tuple_item(paths, 0));
    }
    Own result = tuple_new(n);
    for (int64_t i = 0; result && i < n; i++) {
        Own value = follow_path(args[0], tuple_item(paths, i));
        if (value) {
            tuple_init_item(result, i, value);
        } else {
            ref_clear(&result);
        }
    }
    return result;
}

static Own
attrgetter_repr(Value v)
{
    return getter_repr(v, ((Attrgetter *)obj(v))->names);
}

Own
attrgetter_get_text_signature(Attrgetter *self UNUSED)
{
    return str_from_cstr("(obj, /)");
}

Own
attrgetter_py___reduce__(Attrgetter *self)
{
    return tuple_pack(2, VALUE(type_of(VALUE(self))), (Value)self->names);
}

static int
attrgetter_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Attrgetter *)o)->names);
    VISIT(((Attrgetter *)o)->paths);
    return 0;
}

static void
attrgetter_clear(Object *o)
{
    ref_clear(&((Attrgetter *)o)->names);
    ref_clear(&((Attrgetter *)o)->paths);
}

static void
attrgetter_dealloc(Object *o)
{
    attrgetter_clear(o);
    object_free(o);
}

Type attrgetter_type = {
    .name = "operator.attrgetter",
    .flags = TYPE_GC,
    .basic_size = sizeof(Attrgetter),
    .slots = {
        .traverse = attrgetter_traverse,
        .clear = attrgetter_clear,
        .dealloc = attrgetter_dealloc,
        .create = attrgetter_create,
        .repr = attrgetter_repr,
        .call = attrgetter_call,
    },
    .methods = attrgetter_methods,
    .getsets = attrgetter_getsets,
    .spec_doc = attrgetter_doc,
};

/* -- methodcaller -- */

static Own
methodcaller_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1) {
        return raise_msg(&exc_TypeError,
                         "methodcaller needs at least one argument, the method name");
    }
    if (!is_str(args[0])) {
        return raise_msg(&exc_TypeError, "method name must be a string");
    }
    int64_t values = (int64_t)nargs - 1 + (kwnames ? as_tuple(kwnames)->length : 0);
    Own name = str_intern(own(args[0]));
    Own rest = name ? tuple_from_array(args + 1, values) : NO_VALUE;
    Own v = rest ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(name);
        drop_opt(rest);
        return NO_VALUE;
    }
    Methodcaller *caller = (Methodcaller *)obj(v);
    ref_init(&caller->head, &caller->name, name);
    ref_init(&caller->head, &caller->args, rest);
    if (kwnames && as_tuple(kwnames)->length) {
        ref_init(&caller->head, &caller->kwnames, own(kwnames));
    }
    return v;
}

static int64_t
methodcaller_keywords(const Methodcaller *caller)
{
    return caller->kwnames ? as_tuple(caller->kwnames)->length : 0;
}

static Own
methodcaller_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Methodcaller *caller = (Methodcaller *)obj(self);
    if (nargs != 1 || (kwnames && as_tuple(kwnames)->length)) {
        return raise_fmt(&exc_TypeError, "methodcaller expected 1 argument, got %zd",
                         (int64_t)nargs);
    }
    int64_t n = as_tuple(caller->args)->length;
    Value few[8], *all = n < 8 ? few : mem_alloc((size_t)(n + 1) * sizeof(Value));
    if (!all) {
        return NO_VALUE;
    }
    all[0] = args[0];
    for (int64_t i = 0; i < n; i++) {
        all[i + 1] = tuple_item(caller->args, i);
    }
    size_t positional = (size_t)(n - methodcaller_keywords(caller)) + 1;
    Own result = call_method(caller->name, all, positional, caller->kwnames);
    if (all != few) {
        mem_free(all);
    }
    return result;
}

static Own
methodcaller_repr(Value v)
{
    Methodcaller *caller = (Methodcaller *)obj(v);
    int entered = repr_enter(v);
    if (entered != 0) {
        return entered > 0 ? str_fmt("%T(...)", v) : NO_VALUE;
    }
    StrBuilder text;
    str_builder_init(&text, 40);
    str_builder_fmt(&text, "%T(%R", v, (Value)caller->name);
    int64_t n = as_tuple(caller->args)->length;
    int64_t positional = n - methodcaller_keywords(caller);
    for (int64_t i = 0; i < n; i++) {
        str_builder_ascii(&text, ", ", 2);
        if (i >= positional) {
            str_builder_fmt(&text, "%U=", tuple_item(caller->kwnames, i - positional));
        }
        str_builder_repr(&text, tuple_item(caller->args, i));
    }
    str_builder_char(&text, ')');
    repr_leave(v);
    return str_builder_finish(&text);
}

/* functools.partial(methodcaller, name, **kwargs): own: ret new */
static Own
methodcaller_partial(Methodcaller *self, int64_t positional)
{
    Own functools = object_hooks.import_module("functools");
    Own partial = functools ? object_getattr_cstr(functools, "partial") : NO_VALUE;
    drop_opt(functools);
    int64_t n = methodcaller_keywords(self);
    Value *args = partial ? mem_alloc((size_t)(n + 2) * sizeof(Value)) : NULL;
    Own result = NO_VALUE;
    if (args) {
        args[0] = VALUE(type_of(VALUE(self)));
        args[1] = self->name;
        for (int64_t i = 0; i < n; i++) {
            args[i + 2] = tuple_item(self->args, positional + i);
        }
        result = object_call(partial, args, 2, self->kwnames);
        mem_free(args);
    }
    drop_opt(partial);
    return result;
}

Own
methodcaller_get_text_signature(Methodcaller *self UNUSED)
{
    return str_from_cstr("(obj, /)");
}

Own
methodcaller_py___reduce__(Methodcaller *self)
{
    int64_t n = as_tuple(self->args)->length, positional = n - methodcaller_keywords(self);
    Own callable, args;
    if (self->kwnames) {
        callable = methodcaller_partial(self, positional);
        args = callable ? tuple_slice(self->args, 0, positional) : NO_VALUE;
    } else {
        callable = own(VALUE(type_of(VALUE(self))));
        args = tuple_new(n + 1);
        if (args) {
            tuple_init_item(args, 0, own(self->name));
        }
        for (int64_t i = 0; args && i < n; i++) {
            tuple_init_item(args, i + 1, own(tuple_item(self->args, i)));
        }
    }
    Own result = args ? tuple_pack(2, (Value)callable, (Value)args) : NO_VALUE;
    drop_opt(callable);
    drop_opt(args);
    return result;
}

static int
methodcaller_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Methodcaller *)o)->name);
    VISIT(((Methodcaller *)o)->args);
    VISIT(((Methodcaller *)o)->kwnames);
    return 0;
}

static void
methodcaller_clear(Object *o)
{
    ref_clear(&((Methodcaller *)o)->name);
    ref_clear(&((Methodcaller *)o)->args);
    ref_clear(&((Methodcaller *)o)->kwnames);
}

static void
methodcaller_dealloc(Object *o)
{
    methodcaller_clear(o);
    object_free(o);
}

Type methodcaller_type = {
    .name = "operator.methodcaller",
    .flags = TYPE_GC,
    .basic_size = sizeof(Methodcaller),
    .slots = {
        .traverse = methodcaller_traverse,
        .clear = methodcaller_clear,
        .dealloc = methodcaller_dealloc,
        .create = methodcaller_create,
        .repr = methodcaller_repr,
        .call = methodcaller_call,
    },
    .methods = methodcaller_methods,
    .getsets = methodcaller_getsets,
    .spec_doc = methodcaller_doc,
};
