/* reversed: what __reversed__ of the sequence gives, or else an iterator that goes down its
 * indices.
 *
 * Threads: the index is guarded by the lock when threads share the iterator; it is not held
 * while the sequence is asked for an item, so two threads may be given the same index, as with
 * CPython. */
#include "heap/critical.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Reversed {
    Object head;
    Own sequence;  /* NO_VALUE when used up. guard: lock; ref_load */
    int64_t index; /* of the next item; guard: atomic */
} Reversed;

#include "reversed.spec.h"

/* Indexable by ints, as iteration without __iter__ needs it. */
static bool
is_sequence(Value v)
{
    const Type *t = type_of(v);
    uint32_t flags = type_flags(t);
    return !is_dict(v) &&
           (t->slots.seq_item || ((flags & (TYPE_HEAP | TYPE_SEQUENCE_PATTERN)) && t->slots.getitem));
}

Own
reversed_make(Type *cls, Value sequence)
{
    Own method;
    int found = object_lookup_special(sequence, NAME(__reversed__), &method);
    if (found < 0) {
        return NO_VALUE;
    }
    if (found && method != NONE) {
        Own result = call0(method);
        drop(method);
        return result;
    }
    if (found || !is_sequence(sequence)) {
        drop_opt(method);
        return raise_fmt(&exc_TypeError, "'%T' object is not reversible", sequence);
    }
    int64_t length = object_len(sequence);
    Own v = length < 0 ? NO_VALUE : type_alloc(cls, 0);
    if (v) {
        Reversed *r = (Reversed *)obj(v);
        ref_init(&r->head, &r->sequence, own(sequence));
        r->index = length - 1;
    }
    return v;
}

/* A class with an __init__ of its own decides itself which keywords there are. */
static Own
reversed_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    bool own_init = type->slots.init != reversed_type.slots.init;
    return reversed_create_slot(type, args, nargs, own_init ? NO_VALUE : kwnames);
}

static void
reversed_finish(Reversed *r)
{
    CriticalSection section;
    critical_enter(&section, &r->head);
    Own sequence = ref_swap(&r->head, &r->sequence, NO_VALUE);
    critical_leave(&section);
    drop_opt(sequence);
}

static Own
reversed_next(Value v)
{
    Reversed *r = (Reversed *)obj(v);
    Own sequence = ref_load(&r->head, &r->sequence);
    if (!sequence) {
        return NO_VALUE;
    }
    int64_t index = __atomic_load_n(&r->index, __ATOMIC_RELAXED);
    Own item = index >= 0 ? object_getitem_int(sequence, index) : NO_VALUE;
    drop(sequence);
    if (item) {
        __atomic_store_n(&r->index, index - 1, __ATOMIC_RELAXED);
    } else if (index < 0 || exc_swallow(&exc_IndexError) || exc_swallow(&exc_StopIteration)) {
        reversed_finish(r);
    }
    return item;
}

int64_t
reversed_py___length_hint__(Reversed *self)
{
    Own sequence = own_opt(self->sequence);
    if (!sequence) {
        return 0;
    }
    int64_t length = object_len(sequence), left = self->index + 1;
    drop(sequence);
    return length < 0 ? -1 : length < left ? 0 : left;
}

Own
reversed_py___reduce__(Reversed *self)
{
    Value type = VALUE(type_of(VALUE(self)));
    bool more = self->sequence && self->index >= 0;
    Own args = tuple_pack(1, more ? (Value)self->sequence : (Value)tuple_empty);
    Own result = NO_VALUE;
    if (args && more) {
        result = tuple_pack(3, type, (Value)args, (Value)small_int(self->index));
    } else if (args) {
        result = tuple_pack(2, type, (Value)args);
    }
    drop_opt(args);
    return result;
}

int
reversed_py___setstate__(Reversed *self, Value state)
{
    int64_t index;
    if (iterator_state(state, &index) < 0) {
        return -1;
    }
    Own sequence = own_opt(self->sequence);
    if (!sequence) {
        return 0;
    }
    int64_t last = object_len(sequence) - 1;
    drop(sequence);
    if (last == -2) {
        return -1;
    }
    index = index < -1 ? -1 : index > last ? last : index;
    __atomic_store_n(&self->index, index, __ATOMIC_RELAXED);
    return 0;
}

static int
reversed_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Reversed *)o)->sequence);
    return 0;
}

static void
reversed_clear(Object *o)
{
    ref_clear(&((Reversed *)o)->sequence);
}

static void
reversed_dealloc(Object *o)
{
    reversed_clear(o);
    object_free(o);
}

Type reversed_type = {
    .name = "reversed",
    .root_shape = SHAPE_REVERSED,
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Reversed),
    .slots = {
        .traverse = reversed_traverse,
        .clear = reversed_clear,
        .dealloc = reversed_dealloc,
        .create = reversed_create,
        .iter = iterator_self,
        .next = reversed_next,
    },
    .methods = reversed_methods,
    .getsets = reversed_getsets,
    .spec_doc = reversed_doc,
};
