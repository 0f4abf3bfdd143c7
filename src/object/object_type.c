/* The type `object`: what every object inherits.
 *
 * Threads: no state of its own. __class__ assignment changes the shape in the object's section. */
#include "object/int.h"
#include "object/audit.h"
#include "object/list.h"
#include "object/module.h"
#include "object/object_priv.h"
#include "object/type/layout.h"
#include "object/type/slotdefs.h"

#include "object_type.spec.h"

/* -- making and preparing instances -- */

static inline bool
has_arguments(size_t nargs, Value kwnames)
{
    return nargs || (kwnames && as_tuple(kwnames)->length);
}

/* "'f', 'g'": the abstract methods of t, sorted. */
static Own
abstract_names(Type *t, int64_t *count)
{
    Own names = object_getattr(VALUE(t), NAME(__abstractmethods__));
    Own sorted = names ? object_to_list(names) : NO_VALUE;
    drop_opt(names);
    if (!sorted || list_sort(sorted, NONE, false) < 0) {
        drop_opt(sorted);
        return NO_VALUE;
    }
    *count = list_len(sorted);
    StrBuilder b;
    str_builder_init(&b, 32);
    for (int64_t i = 0; i < *count; i++) {
        Own name = list_get(sorted, i);
        str_builder_fmt(&b, "%s'%S'", i ? ", " : "", (Value)name);
        drop_opt(name);
    }
    drop(sorted);
    return str_builder_finish(&b);
}

static Own
raise_abstract(Type *t)
{
    int64_t count;
    Own names = abstract_names(t, &count);
    if (names) {
        raise_fmt(&exc_TypeError,
                  "Can't instantiate abstract class %N without an implementation for abstract "
                  "method%s %U",
                  t, count == 1 ? "" : "s", (Value)names);
        drop(names);
    }
    return NO_VALUE;
}

static int object_init(Value self, Value const *args, size_t nargs, Value kwnames);

static Own
object_create(Type *t, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (UNLIKELY(has_arguments(nargs, kwnames))) {
        if (t->slots.create != object_create) {
            return raise_msg(
                &exc_TypeError,
                "object.__new__() takes exactly one argument (the type to instantiate)");
        }
        if (t->slots.init == object_init) {
            return raise_fmt(&exc_TypeError, "%N() takes no arguments", t);
        }
    }
    if (UNLIKELY(type_flags(t) & TYPE_ABSTRACT)) {
        return raise_abstract(t);
    }
    return type_alloc(t, 0);
}

static int
object_init(Value self, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (UNLIKELY(has_arguments(nargs, kwnames))) {
        const Type *t = type_of(self);
        if (t->slots.init != object_init) {
            return raise_int(
                &exc_TypeError,
                "object.__init__() takes exactly one argument (the instance to initialize)");
        }
        if (t->slots.create == object_create) {
            return raise_int(
                &exc_TypeError,
                "%N.__init__() takes exactly one argument (the instance to initialize)", t);
        }
    }
    return 0;
}

/* -- text, comparison -- */

static Own
object_type_repr(Value v)
{
    Own name = type_qualified_name(type_of(v));
    Own text = name ? str_fmt("<%U object at %p>", (Value)name, obj(v)) : NO_VALUE;
    drop_opt(name);
    return text;
}

static Own
object_type_str(Value v)
{
    return object_repr(v);
}

static int64_t
object_type_hash(Value v)
{
    uint64_t bits = value_bits(v);
    int64_t hash = (int64_t)(bits >> 4 | bits << 60);
    return hash == -1 ? -2 : hash;
}

static Own
object_type_compare(Value a, Value b, CompareOp op)
{
    if (op == CMP_EQ) {
        return a == b ? TRUE_VALUE : own(NOTIMPLEMENTED);
    }
    Own (*compare)(Value, Value, CompareOp) = type_of(a)->slots.compare;
    if (op != CMP_NE || !compare) {
        return own(NOTIMPLEMENTED);
    }
    Own equal = compare(a, b, CMP_EQ);
    if (!equal || equal == NOTIMPLEMENTED) {
        return equal;
    }
    int truth = object_truth(equal);
    drop(equal);
    return truth < 0 ? NO_VALUE : bool_value(!truth);
}

Own
object_py___format__(Value self, Value format_spec)
{
    if (as_str(format_spec)->length > 0) {
        return raise_fmt(&exc_TypeError, "unsupported format string passed to %T.__format__", self);
    }
    return object_str(self);
}

Own
object_py___sizeof__(Value self)
{
    return int_from_i64(is_object(self) ? (int64_t)object_cell_size(obj(self))
                                        : (int64_t)sizeof(Object));
}

/* -- subclass hooks -- */

Own
object_py___subclasshook__(Type *cls UNUSED, Value object UNUSED)
{
    return own(NOTIMPLEMENTED);
}

Own
object_py___init_subclass__(Value self, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_fmt(&exc_TypeError, "%N.__init_subclass__() takes no keyword arguments",
                         (Type *)obj(self));
    }
    if (nargs) {
        return raise_fmt(&exc_TypeError,
                         "object.__init_subclass__() takes no arguments (%zu given)", nargs);
    }
    return NONE;
}

/* -- attributes -- */

/* The attributes of v as a new dict, v left as it is; an empty one when it has none. */
static Own
attributes_copy(Value v)
{
    Own dict;
    int found = object_lookup_attr(v, NAME(__dict__), &dict);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : dict_new();
    }
    Own copy = is_dict(dict) ? dict_copy(dict) : dict_new();
    drop(dict);
    return copy;
}

/* __dict__ is the accessor of instances, and nothing intercepts it: its copy may be made without
 * making __dict__. */
static bool
has_plain_dict(Value v)
{
    Type *t = type_of(v);
    if (!is_object(v) || !(type_flags(t) & TYPE_HAS_DICT) ||
        t->slots.getattr != object_generic_getattr) {
        return false;
    }
    Own descriptor = type_find(t, NAME(__dict__));
    bool plain = descriptor && IS_EXACT(descriptor, GETSET_DESCRIPTOR) &&
                 ((const GetSetDescriptor *)obj(descriptor))->def->get == instance_dict_get;
    drop_opt(descriptor);
    return plain;
}

Own
object_py___dir__(Value self)
{
    Own names = has_plain_dict(self) ? instance_copy_dict(obj(self)) : attributes_copy(self);
    Own c;
    if (!names || object_lookup_attr(self, NAME(__class__), &c) < 0) {
        drop_opt(names);
        return NO_VALUE;
    }
    int status = c && is_type(c) ? type_collect_names((Type *)obj(c), names) : 0;
    drop_opt(c);
    Own list = status < 0 ? NO_VALUE : dict_keys_list(names);
    drop(names);
    return list;
}

Own
object_instance_state(Value v)
{
    if (!is_object(v) || !(type_flags(type_of(v)) & TYPE_HAS_DICT)) {
        Own dict;
        int found = object_lookup_attr(v, NAME(__dict__), &dict);
        return found < 0 ? NO_VALUE : found ? dict : NONE;
    }
    if (shape_of(obj(v))->flags & SHAPE_DICT_MODE) {
        return instance_dict(obj(v));
    }
    return instance_copy_dict(obj(v));
}

Own
object_get_class(Value self)
{
    return own(VALUE(type_of(self)));
}

static bool
is_descriptor_type(const Type *t)
{
    return t->slots.descr_get || t->slots.descr_set;
}

static int
check_class_change(Type *from, Type *to)
{
    bool modules = type_is_subtype(from, &module_type) && type_is_subtype(to, &module_type);
    if (!modules && ((type_flags(from) | type_flags(to)) & TYPE_IMMUTABLE)) {
        return raise_int(
            &exc_TypeError,
            "__class__ assignment only supported for mutable types or ModuleType subclasses");
    }
    return type_check_same_layout("__class__", from, to);
}

int
object_set_class(Value self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "can't delete __class__ attribute");
    }
    if (!is_type(value)) {
        return raise_int(&exc_TypeError, "__class__ must be set to a class, not '%T' object",
                         value);
    }
    if (audit_write(self, "__class__", value) < 0) {
        return -1;
    }
    Type *from = type_of(self), *to = (Type *)obj(value);
    if (from == to && !(type_flags(from) & TYPE_IMMUTABLE)) {
        return 0;
    }
    if (check_class_change(from, to) < 0) {
        return -1;
    }
    Own counted = is_type(self) ? own(value) : NO_VALUE; /* classes count their metaclass */
    if (instance_change_type(obj(self), to, &from) < 0) { /* another thread may have changed it meanwhile */
        drop_opt(counted);
        return -1;
    }
    if (is_descriptor_type(from) || is_descriptor_type(to)) {
        types_lock_stw();
        entries_update_kinds();
        caches_flush();
        types_unlock_stw();
    }
    if (counted) {
        drop(OWN(from));
    }
    return 0;
}

/* -- life -- */

static void
object_dealloc(Object *o)
{
    object_free(o);
}

Type object_type = {
    .name = "object",
    .root_shape = SHAPE_OBJECT,
    .flags = TYPE_BASE,
    .basic_size = sizeof(Object),
    .slots =
        {
            .dealloc = object_dealloc,
            .create = object_create,
            .init = object_init,
            .repr = object_type_repr,
            .str = object_type_str,
            .hash = object_type_hash,
            .getattr = object_generic_getattr,
            .setattr = object_generic_setattr,
            .compare = object_type_compare,
        },
    .methods = object_methods,
    .getsets = object_getsets,
    .spec_doc = object_doc,
};
