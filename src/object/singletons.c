/* None, NotImplemented and Ellipsis: one immortal object each, and their types. Immutable. */
#include "object/object.h"
#include "object/str.h"
#include "object/tuple.h"

#include "singletons.spec.h"

Object none_object = {.shape = SHAPE_NONE, .flags = OBJ_IMMORTAL | OBJ_SHARED};
Object notimplemented_object = {.shape = SHAPE_NOTIMPLEMENTED, .flags = OBJ_IMMORTAL | OBJ_SHARED};
Object ellipsis_object = {.shape = SHAPE_ELLIPSIS, .flags = OBJ_IMMORTAL | OBJ_SHARED};

static Own
refuse_arguments(size_t nargs, Value kwnames, const char *type, Value singleton)
{
    if (nargs || (kwnames && as_tuple(kwnames)->length)) {
        return raise_fmt(&exc_TypeError, "%s takes no arguments", type);
    }
    return own(singleton);
}

static Own
none_create(Type *type UNUSED, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    return refuse_arguments(nargs, kwnames, "NoneType", NONE);
}

static Own
none_repr(Value v UNUSED)
{
    return own(NAME(None));
}

static int
none_truth(Value v UNUSED)
{
    return 0;
}

/* The same in every run and program, so that sets which hold None keep their order. */
static int64_t
none_hash(Value v UNUSED)
{
    return 0xFCA86420;
}

Type none_type = {
    .name = "NoneType",
    .root_shape = SHAPE_NONE,
    .basic_size = sizeof(Object),
    .slots = {.create = none_create, .repr = none_repr, .truth = none_truth, .hash = none_hash},
    .spec_doc = "The type of None.",
};

static Own
notimplemented_create(Type *type UNUSED, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    return refuse_arguments(nargs, kwnames, "NotImplementedType", NOTIMPLEMENTED);
}

static Own
notimplemented_repr(Value v UNUSED)
{
    return own(NAME(NotImplemented));
}

static int
notimplemented_truth(Value v UNUSED)
{
    return raise_int(&exc_TypeError, "NotImplemented should not be used in a boolean context");
}

Own
notimplemented_py___reduce__(Value self UNUSED)
{
    return own(NAME(NotImplemented));
}

Type notimplemented_type = {
    .name = "NotImplementedType",
    .root_shape = SHAPE_NOTIMPLEMENTED,
    .basic_size = sizeof(Object),
    .slots = {.create = notimplemented_create,
              .repr = notimplemented_repr,
              .truth = notimplemented_truth},
    .methods = notimplemented_methods,
    .getsets = notimplemented_getsets,
    .spec_doc = notimplemented_doc,
};

static Own
ellipsis_create(Type *type UNUSED, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    return refuse_arguments(nargs, kwnames, "EllipsisType", ELLIPSIS);
}

static Own
ellipsis_repr(Value v UNUSED)
{
    return own(NAME(Ellipsis));
}

Own
ellipsis_py___reduce__(Value self UNUSED)
{
    return own(NAME(Ellipsis));
}

Type ellipsis_type = {
    .name = "ellipsis",
    .root_shape = SHAPE_ELLIPSIS,
    .basic_size = sizeof(Object),
    .slots = {.create = ellipsis_create, .repr = ellipsis_repr},
    .methods = ellipsis_methods,
    .getsets = ellipsis_getsets,
    .spec_doc = ellipsis_doc,
};
