/* types.SimpleNamespace: an object with free attributes and a telling repr.
 *
 * Threads: the attributes are ordinary instance attributes. */
#include "object/dict.h"
#include "object/list.h"
#include "object/namespace.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "namespace.spec.h"

static inline bool
is_namespace(Value v)
{
    return is_instance_of(v, &namespace_type);
}

Own
namespace_new(Value attributes)
{
    Own v = type_alloc(&namespace_type, 0);
    if (v && attributes) {
        Own dict = dict_copy(attributes);
        if (!dict || instance_set_dict(obj(v), dict) < 0) {
            ref_clear(&v);
        }
    }
    return v;
}

static Own
namespace_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type_alloc(type, 0);
}

static int
set_from_dict(Value v, Value dict)
{
    int64_t position = 0;
    Own key, value;
    while (dict_next(dict, &position, &key, &value)) {
        int status;
        if (!is_str(key)) {
            drop(value);
            status = raise_int(&exc_TypeError, "keywords must be strings");
        } else {
            Own name = str_intern(own(key));
            status = name ? instance_set(obj(v), name, value) : -1;
            if (!name) {
                drop(value);
            }
            drop_opt(name);
        }
        drop(key);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

static int
namespace_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs > 1) {
        const char *name = strrchr(type_of(self)->name, '.');
        return raise_int(&exc_TypeError, "%s expected at most 1 argument, got %zu",
                         name ? name + 1 : type_of(self)->name, nargs);
    }
    if (nargs == 1) {
        Own given = IS_EXACT(args[0], DICT) ? own(args[0]) : dict_new();
        int status = given ? 0 : -1;
        if (given && given != args[0]) {
            status = dict_update(given, args[0]);
        }
        if (status == 0) {
            status = set_from_dict(self, given);
        }
        drop_opt(given);
        if (status < 0) {
            return -1;
        }
    }
    for (int64_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        Own name = str_intern(own(tuple_item(kwnames, i)));
        if (!name) {
            return -1;
        }
        int status = instance_set(obj(self), name, own(args[nargs + (size_t)i]));
        drop(name);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

static int
show_attributes(StrBuilder *b, Value v)
{
    Own dict = instance_copy_dict(obj(v));
    if (!dict) {
        return -1;
    }
    int64_t position = 0;
    bool first = true;
    Own key, value;
    while (dict_next(dict, &position, &key, &value)) {
        if (is_str(key) && as_str(key)->length > 0) {
            str_builder_fmt(b, "%s%U=", first ? "" : ", ", (Value)key);
            str_builder_repr(b, value);
            first = false;
        }
        drop(key);
        drop(value);
    }
    drop(dict);
    return 0;
}

static Own
namespace_repr(Value v)
{
    Own name =
        type_of(v) == &namespace_type ? str_from_cstr("namespace") : type_name_str(type_of(v));
    if (!name) {
        return NO_VALUE;
    }
    Own text = NO_VALUE;
    int active = repr_enter(v);
    if (active > 0) {
        text = str_fmt("%U(...)", (Value)name);
    } else if (active == 0) {
        StrBuilder b;
        str_builder_init(&b, 32);
        str_builder_str(&b, name);
        str_builder_char(&b, '(');
        if (show_attributes(&b, v) < 0) {
            str_builder_discard(&b);
        } else {
            str_builder_char(&b, ')');
            text = str_builder_finish(&b);
        }
        repr_leave(v);
    }
    drop(name);
    return text;
}

static Own
namespace_compare(Value a, Value b, CompareOp op)
{
    if (!is_namespace(a) || !is_namespace(b)) {
        return own(NOTIMPLEMENTED);
    }
    Own x = instance_copy_dict(obj(a)), y = instance_copy_dict(obj(b));
    Own result = x && y ? object_compare(x, y, op) : NO_VALUE;
    drop_opt(x);
    drop_opt(y);
    return result;
}

Own
namespace_py___reduce__(Value self, Value const *args UNUSED, size_t nargs UNUSED,
                        Value kwnames UNUSED)
{
    Own dict = instance_dict(obj(self)), empty = tuple_new(0);
    Own result =
        dict && empty ? tuple_pack(3, VALUE(type_of(self)), (Value)empty, (Value)dict) : NO_VALUE;
    drop_opt(empty);
    drop_opt(dict);
    return result;
}

Own
namespace_py___replace__(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs) {
        return raise_msg(&exc_TypeError, "__replace__() takes no positional arguments");
    }
    Own copy = call0(VALUE(type_of(self)));
    if (!copy) {
        return NO_VALUE;
    }
    if (!is_namespace(copy)) {
        Own name = type_qualified_name(type_of(self));
        if (name) {
            raise_fmt(&exc_TypeError, "expect %N type, but %U() returned '%T' object",
                      &namespace_type, (Value)name, (Value)copy);
            drop(name);
        }
        drop(copy);
        return NO_VALUE;
    }
    Own dict = instance_copy_dict(obj(self));
    if (!dict || set_from_dict(copy, dict) < 0 || namespace_init(copy, args, 0, kwnames) < 0) {
        ref_clear(&copy);
    }
    drop_opt(dict);
    return copy;
}

static int
namespace_traverse(Object *o, Visit visit, void *arg)
{
    return instance_attrs_traverse(o, visit, arg);
}

static void
namespace_dealloc(Object *o)
{
    instance_attrs_free(o);
    object_free(o);
}

Type namespace_type = {
    .name = "types.SimpleNamespace",
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_DICT,
    .basic_size = sizeof(Object),
    .slots =
        {
            .traverse = namespace_traverse,
            .clear = instance_attrs_clear,
            .dealloc = namespace_dealloc,
            .create = namespace_create,
            .init = namespace_init,
            .repr = namespace_repr,
            .compare = namespace_compare,
        },
    .methods = namespace_methods,
    .getsets = namespace_getsets,
    .spec_doc = namespace_doc,
};
