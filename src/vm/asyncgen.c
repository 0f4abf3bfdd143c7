/* Asynchronous generators. */
#include "vm/asyncgen.h"

#include "object/exception.h"
#include "object/str.h"
#include "object/type.h"

typedef struct WrappedValue {
    Object head;
    Own value;
} WrappedValue;

static int
wrapped_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((WrappedValue *)o)->value);
    return 0;
}

static void
wrapped_dealloc(Object *o)
{
    ref_clear(&((WrappedValue *)o)->value);
    object_free(o);
}

static Type wrapped_value_type = {
    .name = "async_generator_wrapped_value",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(WrappedValue),
    .slots = {.traverse = wrapped_traverse, .dealloc = wrapped_dealloc},
};

Own
asyncgen_wrap(Value v)
{
    WrappedValue *w = (WrappedValue *)type_alloc(&wrapped_value_type, 0);
    if (w) {
        ref_init(&w->head, &w->value, own(v));
    }
    return OWN(w);
}

static Own
asyncgen_repr(Value v)
{
    return generator_repr_as(v, "async_generator");
}

static Own
asyncgen_aiter(Value v)
{
    return own(v);
}

Type async_generator_type = {
    .name = "async_generator",
    .root_shape = SHAPE_ASYNC_GENERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Generator),
    .item_size = sizeof(Own),
    .slots = {
        .traverse = generator_traverse,
        .clear = generator_clear,
        .dealloc = generator_dealloc,
        .finalize = generator_finalize,
        .repr = asyncgen_repr,
        .aiter = asyncgen_aiter,
    },
};

int
asyncgen_types_ready(void)
{
    return type_ready(&wrapped_value_type);
}
