/* types.SimpleNamespace: see the header. */
#include "object/namespace.h"

#include "object/dict.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "namespace.spec.h"

static Namespace *
as_namespace(Value v)
{
    return (Namespace *)obj(v);
}

static Own
namespace_create(Type *cls, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own dict = dict_new();
    Own v = dict ? type_alloc(cls, 0) : NO_VALUE;
    if (!v) {
        drop_opt(dict);
        return NO_VALUE;
    }
    ref_init(obj(v), &as_namespace(v)->dict, dict);
    return v;
}

static int
check_keys(Value dict)
{
    int64_t at = 0;
    Own key, value;
    while (dict_next(dict, &at, &key, &value)) {
        bool ok = is_str(key);
        if (!ok) {
            raise_fmt(&exc_TypeError, "keywords must be strings, not '%T'", (Value)key);
        }
        drop(key);
        drop(value);
        if (!ok) {
            return -1;
        }
    }
    return 0;
}

static int
namespace_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs > 1) {
        return raise_int(&exc_TypeError, "%N expected at most 1 argument, got %zu", type_of(self), nargs);
    }
    if (nargs) {
        Own given = call1(VALUE(&dict_type), args[0]);
        int status = !given || check_keys(given) < 0 ? -1 : dict_update(as_namespace(self)->dict, given);
        drop_opt(given);
        if (status < 0) {
            return -1;
        }
    }
    for (int64_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        if (dict_set(as_namespace(self)->dict, tuple_item(kwnames, i), args[nargs + (size_t)i]) < 0) {
            return -1;
        }
    }
    return 0;
}

Own
namespace_get_dict(Namespace *self)
{
    return own(self->dict);
}

static Own
namespace_getattr(Value v, Value name)
{
    return object_getattr_in(v, name, &as_namespace(v)->dict);
}

static int
namespace_setattr(Value v, Value name, Value value)
{
    return object_setattr_in(v, name, value, &as_namespace(v)->dict);
}

static Own
namespace_repr(Value v)
{
    const char *name = type_of(v) == &namespace_type ? "namespace" : type_of(v)->name;
    int status = repr_enter(v);
    if (status) {
        return status < 0 ? NO_VALUE : str_fmt("%s(...)", name);
    }
    StrBuilder b;
    str_builder_init(&b, 32);
    str_builder_fmt(&b, "%s(", name);
    int64_t at = 0;
    bool first = true;
    Own key, value;
    while (dict_next(as_namespace(v)->dict, &at, &key, &value)) {
        if (is_str(key) && as_str(key)->length) {
            str_builder_fmt(&b, first ? "%U=" : ", %U=", (Value)key);
            str_builder_repr(&b, value);
            first = false;
        }
        drop(key);
        drop(value);
    }
    str_builder_char(&b, ')');
    repr_leave(v);
    return str_builder_finish(&b);
}

static Own
namespace_compare(Value a, Value b, CompareOp op)
{
    if (!is_instance_of(a, &namespace_type) || !is_instance_of(b, &namespace_type)) {
        return own(NOTIMPLEMENTED);
    }
    return object_compare(as_namespace(a)->dict, as_namespace(b)->dict, op);
}

Own
namespace_py___reduce__(Namespace *self)
{
    return tuple_pack(3, VALUE(obj_type(&self->head)), (Value)tuple_empty, (Value)self->dict);
}

Own
namespace_py___replace__(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs) {
        return raise_fmt(&exc_TypeError, "__replace__() takes no positional arguments (%zu given)", nargs);
    }
    Own copy = call0(VALUE(type_of(self)));
    if (copy && is_instance_of(copy, &namespace_type) &&
        (dict_update(as_namespace(copy)->dict, as_namespace(self)->dict) < 0 || namespace_init(copy, args, 0, kwnames) < 0)) {
        ref_clear(&copy);
    }
    return copy;
}

static int
namespace_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Namespace *)o)->dict);
    return 0;
}

static void
namespace_clear(Object *o)
{
    if (((Namespace *)o)->dict) {
        dict_clear(((Namespace *)o)->dict);
    }
}

static void
namespace_dealloc(Object *o)
{
    ref_clear(&((Namespace *)o)->dict);
    object_free(o);
}

Type namespace_type = {
    .name = "types.SimpleNamespace",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Namespace),
    .slots = {
        .traverse = namespace_traverse,
        .clear = namespace_clear,
        .dealloc = namespace_dealloc,
        .create = namespace_create,
        .init = namespace_init,
        .repr = namespace_repr,
        .getattr = namespace_getattr,
        .setattr = namespace_setattr,
        .compare = namespace_compare,
    },
    .methods = namespace_methods,
    .getsets = namespace_getsets,
    .spec_doc = "SimpleNamespace(mapping_or_iterable=(), /, **kwargs)\n--\n\nAn object that is nothing but its attributes.",
};
