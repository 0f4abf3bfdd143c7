/* _tuplegetter: the fields of named tuples: a descriptor that gives one item of a tuple.
 *
 * Threads: the index is immutable, the docstring guarded by the lock. */
#include "heap/critical.h"
#include "module/_collections/collections_priv.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct TupleGetter {
    Object head;
    int64_t index;
    Own doc; /* guard: lock; ref_load */
} TupleGetter;

#include "tuplegetter.spec.h"

Own
tuplegetter_make(Type *cls, int64_t index, Value doc)
{
    Own v = type_alloc(cls, 0);
    if (v) {
        TupleGetter *getter = (TupleGetter *)obj(v);
        getter->index = index;
        ref_init(&getter->head, &getter->doc, own(doc));
    }
    return v;
}

static Own
tuplegetter_get(Value self, Value instance, Value owner UNUSED)
{
    int64_t index = ((TupleGetter *)obj(self))->index;
    if (!instance || instance == NONE) {
        return own(self);
    }
    if (!is_tuple(instance)) {
        return raise_fmt(&exc_TypeError,
                         "descriptor for index '%zd' for tuple subclasses doesn't apply to '%T' "
                         "object",
                         index, instance);
    }
    if ((uint64_t)index >= (uint64_t)as_tuple(instance)->length) {
        return raise_msg(&exc_IndexError, "tuple index out of range");
    }
    return own(tuple_item(instance, index));
}

static int
tuplegetter_set(Value self UNUSED, Value instance UNUSED, Value value)
{
    return raise_int(&exc_AttributeError, value ? "can't set attribute" : "can't delete attribute");
}

Own
tuplegetter_get_doc(TupleGetter *self)
{
    Own doc = ref_load(&self->head, &self->doc);
    return doc ? doc : NONE;
}

int
tuplegetter_set_doc(TupleGetter *self, Value value)
{
    Own fresh = own_opt(value);
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own old = ref_swap(&self->head, &self->doc, fresh);
    critical_leave(&section);
    drop_opt(old);
    return 0;
}

Own
tuplegetter_py___reduce__(TupleGetter *self)
{
    Own doc = tuplegetter_get_doc(self), index = int_from_i64(self->index), result = NO_VALUE;
    Own args = index ? tuple_pack(2, (Value)index, (Value)doc) : NO_VALUE;
    if (args) {
        result = tuple_pack(2, VALUE(type_of(VALUE(self))), (Value)args);
    }
    drop(doc);
    drop_opt(index);
    drop_opt(args);
    return result;
}

static Own
tuplegetter_repr(Value v)
{
    TupleGetter *self = (TupleGetter *)obj(v);
    Own doc = tuplegetter_get_doc(self), name = type_name_str(type_of(v)), text = NO_VALUE;
    if (name) {
        text = str_fmt("%U(%zd, %R)", (Value)name, self->index, (Value)doc);
        drop(name);
    }
    drop(doc);
    return text;
}

static int
tuplegetter_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((TupleGetter *)o)->doc);
    return 0;
}

static void
tuplegetter_clear(Object *o)
{
    ref_clear(&((TupleGetter *)o)->doc);
}

static void
tuplegetter_dealloc(Object *o)
{
    tuplegetter_clear(o);
    object_free(o);
}

Type tuplegetter_type = {
    .name = "collections._tuplegetter",
    .flags = TYPE_GC,
    .basic_size = sizeof(TupleGetter),
    .slots = {
        .traverse = tuplegetter_traverse,
        .clear = tuplegetter_clear,
        .dealloc = tuplegetter_dealloc,
        .create = tuplegetter_create_slot,
        .repr = tuplegetter_repr,
        .descr_get = tuplegetter_get,
        .descr_set = tuplegetter_set,
    },
    .methods = tuplegetter_methods,
    .getsets = tuplegetter_getsets,
};
