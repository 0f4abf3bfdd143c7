/* P.args and P.kwargs of a ParamSpec. Immutable. */
#include "object/generic/typeparam_priv.h"

typedef struct ParamSpecPart {
    Object head;
    Own origin; /* immutable */
} ParamSpecPart;

#include "paramspec_part.spec.h"

static Own
part_make(Type *cls, Value origin)
{
    Own o = type_alloc(cls, 0);
    if (o) {
        ref_init(obj(o), &((ParamSpecPart *)obj(o))->origin, own(origin));
    }
    return o;
}

Own
paramspec_args_make(Type *cls, Value origin)
{
    return part_make(cls, origin);
}

Own
paramspec_kwargs_make(Type *cls, Value origin)
{
    return part_make(cls, origin);
}

Own
paramspec_args_get_origin(ParamSpecPart *self)
{
    return own(self->origin);
}

Own
paramspec_kwargs_get_origin(ParamSpecPart *self)
{
    return own(self->origin);
}

Own
paramspec_args_py___mro_entries__(ParamSpecPart *self UNUSED, Value object UNUSED)
{
    return raise_msg(&exc_TypeError, "Cannot subclass an instance of ParamSpecArgs");
}

Own
paramspec_kwargs_py___mro_entries__(ParamSpecPart *self UNUSED, Value object UNUSED)
{
    return raise_msg(&exc_TypeError, "Cannot subclass an instance of ParamSpecKwargs");
}

static Own
part_repr(Value v)
{
    Value origin = ((ParamSpecPart *)obj(v))->origin;
    const char *what = type_of(v) == &paramspec_args_type ? "args" : "kwargs";
    if (type_of(origin) == &paramspec_type) {
        Own name = object_getattr(origin, NAME(__name__));
        Own text = name ? str_fmt("%S.%s", (Value)name, what) : NO_VALUE;
        drop_opt(name);
        return text;
    }
    return str_fmt("%R.%s", origin, what);
}

static Own
part_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || type_of(a) != type_of(b)) {
        return own(NOTIMPLEMENTED);
    }
    return object_compare(((ParamSpecPart *)obj(a))->origin, ((ParamSpecPart *)obj(b))->origin, op);
}

static int
part_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ParamSpecPart *)o)->origin);
    return 0;
}

static void
part_clear(Object *o)
{
    ref_store(o, &((ParamSpecPart *)o)->origin, NONE);
}

static void
part_dealloc(Object *o)
{
    drop_opt(((ParamSpecPart *)o)->origin);
    object_free(o);
}

#define PART_TYPE(full_name, prefix, document)                                                     \
    Type prefix##_type = {                                                                         \
        .name = full_name,                                                                         \
        .flags = TYPE_GC | TYPE_HAS_WEAKREFS,                                                      \
        .basic_size = sizeof(ParamSpecPart),                                                       \
        .slots =                                                                                   \
            {                                                                                      \
                .traverse = part_traverse,                                                         \
                .clear = part_clear,                                                               \
                .dealloc = part_dealloc,                                                           \
                .create = prefix##_create_slot,                                                    \
                .repr = part_repr,                                                                 \
                .compare = part_compare,                                                           \
                .hash = hash_unhashable,                                                           \
            },                                                                                     \
        .methods = prefix##_methods,                                                               \
        .getsets = prefix##_getsets,                                                               \
        .spec_doc = document,                                                                      \
    }

PART_TYPE("typing.ParamSpecArgs", paramspec_args, "What *args of a function with the parameters of a ParamSpec is annotated with: P.args.");
PART_TYPE("typing.ParamSpecKwargs", paramspec_kwargs, "What **kwargs of a function with the parameters of a ParamSpec is annotated with: P.kwargs.");
