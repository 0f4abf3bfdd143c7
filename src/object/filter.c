/* filter: the items of an iterable that a function accepts.
 *
 * Threads: immutable; the iterator guards itself. */
#include "object/iterator.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Filter {
    Object head;
    Own function, iterator; /* immutable */
} Filter;

#include "filter.spec.h"

Own
filter_make(Type *cls, Value function, Value iterable)
{
    Own it = object_iter(iterable);
    Own v = it ? type_alloc(cls, 0) : NO_VALUE;
    if (!v) {
        drop_opt(it);
        return NO_VALUE;
    }
    Filter *f = (Filter *)obj(v);
    ref_init(&f->head, &f->function, own(function));
    ref_init(&f->head, &f->iterator, it);
    return v;
}

/* A class with an __init__ of its own decides itself which keywords there are. */
static Own
filter_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    bool own_init = type->slots.init != filter_type.slots.init;
    return filter_create_slot(type, args, nargs, own_init ? NO_VALUE : kwnames);
}

static int
filter_accepts(Filter *f, Value item)
{
    if (f->function == NONE || f->function == VALUE(&bool_type)) {
        return object_truth(item);
    }
    Own answer = call1(f->function, item);
    if (!answer) {
        return -1;
    }
    int accepted = object_truth(answer);
    drop(answer);
    return accepted;
}

static Own
filter_next(Value v)
{
    Filter *f = (Filter *)obj(v);
    Own item;
    while ((item = object_next(f->iterator)) != NO_VALUE) {
        int accepted = filter_accepts(f, item);
        if (accepted > 0) {
            return item;
        }
        drop(item);
        if (accepted < 0) {
            break;
        }
    }
    return NO_VALUE;
}

Own
filter_py___reduce__(Filter *self)
{
    Own args = tuple_pack(2, (Value)self->function, (Value)self->iterator);
    Own result = args ? tuple_pack(2, VALUE(type_of(VALUE(self))), (Value)args) : NO_VALUE;
    drop_opt(args);
    return result;
}

static int
filter_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Filter *)o)->function);
    VISIT(((Filter *)o)->iterator);
    return 0;
}

/* No clear: a cycle goes through the function or what is iterated. */
static void
filter_dealloc(Object *o)
{
    drop_opt(((Filter *)o)->function);
    drop_opt(((Filter *)o)->iterator);
    object_free(o);
}

Type filter_type = {
    .name = "filter",
    .root_shape = SHAPE_FILTER,
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Filter),
    .slots = {
        .traverse = filter_traverse,
        .dealloc = filter_dealloc,
        .create = filter_create,
        .iter = iterator_self,
        .next = filter_next,
    },
    .methods = filter_methods,
    .getsets = filter_getsets,
    .spec_doc = filter_doc,
};
