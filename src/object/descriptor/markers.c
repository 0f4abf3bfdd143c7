/* classmethod and staticmethod: marks around a callable that say how a class's attribute access
 * binds it.
 *
 * Threads: `callable` changes in the object's section (only __init__ does) and is read with
 * ref_load. Attributes copied from the callable are ordinary instance attributes. */
#include "object/descriptor/descriptor_priv.h"

#include "object/genericalias.h"
#include "object/type/slotdefs.h"

#include "markers.spec.h"

static inline MethodMarker *
as_marker(Value v)
{
    return (MethodMarker *)obj(v);
}

static Own
marked(Value v, const char *type)
{
    Own callable = ref_load(obj(v), &as_marker(v)->callable);
    return callable ? callable : raise_fmt(&exc_RuntimeError, "uninitialized %s object", type);
}

static Own
marker_new(Type *type, Value callable)
{
    Own v = type_alloc(type, 0);
    if (v) {
        ref_init(obj(v), &as_marker(v)->callable, own(callable));
    }
    return v;
}

Own
staticmethod_new(Value callable)
{
    return marker_new(&staticmethod_type, callable);
}

Own
classmethod_new(Value callable)
{
    return marker_new(&classmethod_type, callable);
}

static Own
marker_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type_alloc(type, 0);
}

/* The marker shows the names and the doc of what it marks. */
static int
copy_attributes(Value marker, Value callable)
{
    const Value names[] = {NAME(__module__), NAME(__name__), NAME(__qualname__), NAME(__doc__)};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        Own value;
        int found = object_lookup_attr(callable, names[i], &value);
        if (found < 0 || (found > 0 && instance_set(obj(marker), names[i], value) < 0)) {
            return -1;
        }
    }
    return 0;
}

static int
marker_init(MethodMarker *self, Value callable)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own old = ref_swap(&self->head, &self->callable, own(callable));
    critical_leave(&section);
    drop_opt(old);
    return copy_attributes(VALUE(self), callable);
}

int
classmethod_init(MethodMarker *self, Value function)
{
    return marker_init(self, function);
}

int
staticmethod_init(MethodMarker *self, Value function)
{
    return marker_init(self, function);
}

static Own
classmethod_get(Value v, Value instance, Value owner)
{
    Own callable = marked(v, "classmethod");
    if (!callable) {
        return NO_VALUE;
    }
    Own bound = method_new(callable, owner ? owner : VALUE(type_of(instance)));
    drop(callable);
    return bound;
}

static Own
staticmethod_get(Value v, Value instance UNUSED, Value owner UNUSED)
{
    return marked(v, "staticmethod");
}

static Own
staticmethod_call(Value v, Value const *args, size_t nargs, Value kwnames)
{
    Own callable = marked(v, "staticmethod");
    if (!callable) {
        return NO_VALUE;
    }
    Own result = c_stack_ok() ? object_call(callable, args, nargs, kwnames) : NO_VALUE;
    drop(callable);
    return result;
}

static Own
marker_repr(Value v, const char *type)
{
    Own callable = ref_load(obj(v), &as_marker(v)->callable);
    Own text = callable ? str_fmt("<%s(%R)>", type, (Value)callable) : str_fmt("<%s(None)>", type);
    drop_opt(callable);
    return text;
}

static Own
classmethod_repr(Value v)
{
    return marker_repr(v, "classmethod");
}

static Own
staticmethod_repr(Value v)
{
    return marker_repr(v, "staticmethod");
}

static Own
marker_get_callable(MethodMarker *self)
{
    Own callable = ref_load(&self->head, &self->callable);
    return callable ? callable : NONE;
}

Own
object_is_abstract(Value v)
{
    Own flag;
    int found = object_lookup_attr(v, NAME(__isabstractmethod__), &flag);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : FALSE_VALUE;
    }
    int truth = object_truth(flag);
    drop(flag);
    return truth < 0 ? NO_VALUE : bool_value(truth);
}

static Own
marker_is_abstract(MethodMarker *self)
{
    Own callable = ref_load(&self->head, &self->callable);
    Own result = callable ? object_is_abstract(callable) : FALSE_VALUE;
    drop_opt(callable);
    return result;
}

/* Own attribute `name`, else the callable's, which is then kept. */
static Own
annotation_get(MethodMarker *self, Value name)
{
    Own value;
    int found = instance_lookup(&self->head, name, &value);
    if (found != 0) {
        return found < 0 ? NO_VALUE : value;
    }
    Own callable = marker_get_callable(self);
    value = object_getattr(callable, name);
    drop(callable);
    if (value && instance_set(&self->head, name, own(value)) < 0) {
        ref_clear(&value);
    }
    return value;
}

static int
annotation_set(MethodMarker *self, Value name, Value value)
{
    if (value) {
        return instance_set(&self->head, name, own(value));
    }
    int found = instance_delete(&self->head, name);
    if (found == 0) {
        raise_attribute_error(VALUE(self), name);
    }
    return found > 0 ? 0 : -1;
}

#define MARKER_GETTERS(prefix)                                                                     \
    Own prefix##_get_func(MethodMarker *self)                                                      \
    {                                                                                              \
        return marker_get_callable(self);                                                          \
    }                                                                                              \
    Own prefix##_get_wrapped(MethodMarker *self)                                                   \
    {                                                                                              \
        return marker_get_callable(self);                                                          \
    }                                                                                              \
    Own prefix##_get_isabstractmethod(MethodMarker *self)                                          \
    {                                                                                              \
        return marker_is_abstract(self);                                                           \
    }                                                                                              \
    Own prefix##_get_annotations(MethodMarker *self)                                               \
    {                                                                                              \
        return annotation_get(self, NAME(__annotations__));                                        \
    }                                                                                              \
    int prefix##_set_annotations(MethodMarker *self, Value value)                                  \
    {                                                                                              \
        return annotation_set(self, NAME(__annotations__), value);                                 \
    }                                                                                              \
    Own prefix##_get_annotate(MethodMarker *self)                                                  \
    {                                                                                              \
        return annotation_get(self, NAME(__annotate__));                                           \
    }                                                                                              \
    int prefix##_set_annotate(MethodMarker *self, Value value)                                     \
    {                                                                                              \
        return annotation_set(self, NAME(__annotate__), value);                                    \
    }                                                                                              \
    Own prefix##_py___class_getitem__(Type *cls, Value item)                                       \
    {                                                                                              \
        return generic_alias_new(VALUE(cls), item);                                                \
    }

MARKER_GETTERS(classmethod)
MARKER_GETTERS(staticmethod)

static int
marker_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MethodMarker *)o)->callable);
    return instance_attrs_traverse(o, visit, arg);
}

static void
marker_clear(Object *o)
{
    ref_clear(&((MethodMarker *)o)->callable);
    instance_attrs_clear(o);
}

static void
marker_dealloc(Object *o)
{
    ref_clear(&((MethodMarker *)o)->callable);
    instance_attrs_free(o);
    object_free(o);
}

Type classmethod_type = {
    .name = "classmethod",
    .root_shape = SHAPE_CLASSMETHOD,
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(MethodMarker),
    .slots =
        {
            .traverse = marker_traverse,
            .clear = marker_clear,
            .dealloc = marker_dealloc,
            .create = marker_create,
            .init = classmethod_init_slot,
            .repr = classmethod_repr,
            .descr_get = classmethod_get,
        },
    .methods = classmethod_methods,
    .getsets = classmethod_getsets,
    .spec_doc = classmethod_doc,
};

Type staticmethod_type = {
    .name = "staticmethod",
    .root_shape = SHAPE_STATICMETHOD,
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(MethodMarker),
    .slots =
        {
            .traverse = marker_traverse,
            .clear = marker_clear,
            .dealloc = marker_dealloc,
            .create = marker_create,
            .init = staticmethod_init_slot,
            .repr = staticmethod_repr,
            .call = staticmethod_call,
            .descr_get = staticmethod_get,
        },
    .methods = staticmethod_methods,
    .getsets = staticmethod_getsets,
    .spec_doc = staticmethod_doc,
};
