/* The iterators of deques, in both directions. A deque that has changed is an error.
 *
 * Threads: the fields are guarded by the iterator's lock when threads share it, so that each
 * item is handed out once. A step holds it together with the deque's: waiting for that one would let others in. */
#include "module/_collections/deque.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct DequeIterator {
    Object head;
    Own deque;        /* immutable */
    int64_t left;     /* items still to come */
    uint64_t changes; /* the deque's, when iteration began */
} DequeIterator;

#include "deque_iterator.spec.h"

static Own
iterator_new(Type *type, Value deque, int64_t index)
{
    Own v = type_alloc(type, 0);
    if (v) {
        DequeIterator *it = (DequeIterator *)obj(v);
        ref_init(&it->head, &it->deque, own(deque));
        it->changes = deque_changes(as_deque(deque));
        it->left = deque_length(as_deque(deque));
        it->left -= index < 0 ? 0 : index > it->left ? it->left : index;
    }
    return v;
}

Own
deque_iter(Value v)
{
    return iterator_new(&deque_iterator_type, v, 0);
}

Own
deque_reversed(Value v)
{
    return iterator_new(&deque_reverse_iterator_type, v, 0);
}

static Own
iterator_make(Type *cls, Value deque, int64_t index)
{
    if (!is_deque(deque)) {
        return raise_fmt(&exc_TypeError, "argument 1 must be collections.deque, not %T", deque);
    }
    return iterator_new(cls, deque, index);
}

Own
deque_iterator_make(Type *cls, Value deque, int64_t index)
{
    return iterator_make(cls, deque, index);
}

Own
deque_reverse_iterator_make(Type *cls, Value deque, int64_t index)
{
    return iterator_make(cls, deque, index);
}

static ALWAYS_INLINE Own
iterator_next(DequeIterator *it, bool backwards)
{
    Deque *d = as_deque(it->deque);
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter_two(&section, &it->head, &d->head);
    bool changed = d->changes != it->changes;
    if (changed) {
        it->left = 0;
    } else if (it->left > 0) {
        int64_t i = backwards ? it->left - 1 : d->length - it->left;
        item = own(*deque_slot_locked(d, i));
        it->left--;
    }
    critical_leave(&section);
    if (UNLIKELY(changed)) {
        raise_msg(&exc_RuntimeError, "deque mutated during iteration");
    }
    return item;
}

static Own
deque_iterator_next(Value v)
{
    return iterator_next((DequeIterator *)obj(v), false);
}

static Own
deque_reverse_iterator_next(Value v)
{
    return iterator_next((DequeIterator *)obj(v), true);
}

int64_t
deque_iterator_py___length_hint__(DequeIterator *self)
{
    return self->left;
}

int64_t
deque_reverse_iterator_py___length_hint__(DequeIterator *self)
{
    return self->left;
}

/* (class, (deque, index)) */
Own
deque_iterator_py___reduce__(DequeIterator *self)
{
    int64_t index = deque_length(as_deque(self->deque)) - self->left;
    Own args = tuple_pack(2, (Value)self->deque, (Value)small_int(index));
    Own result = args ? tuple_pack(2, VALUE(type_of(VALUE(self))), (Value)args) : NO_VALUE;
    drop_opt(args);
    return result;
}

Own
deque_reverse_iterator_py___reduce__(DequeIterator *self)
{
    return deque_iterator_py___reduce__(self);
}

static int
iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((DequeIterator *)o)->deque);
    return 0;
}

/* No clear: a cycle goes through the deque. */
static void
iterator_dealloc(Object *o)
{
    drop_opt(((DequeIterator *)o)->deque);
    object_free(o);
}

Type deque_iterator_type = {
    .name = "collections._deque_iterator",
    .flags = TYPE_GC,
    .basic_size = sizeof(DequeIterator),
    .slots = {
        .traverse = iterator_traverse,
        .dealloc = iterator_dealloc,
        .create = deque_iterator_create_slot,
        .iter = iterator_self,
        .next = deque_iterator_next,
    },
    .methods = deque_iterator_methods,
    .getsets = deque_iterator_getsets,
    .spec_doc = deque_iterator_doc,
};

Type deque_reverse_iterator_type = {
    .name = "collections._deque_reverse_iterator",
    .flags = TYPE_GC,
    .basic_size = sizeof(DequeIterator),
    .slots = {
        .traverse = iterator_traverse,
        .dealloc = iterator_dealloc,
        .create = deque_reverse_iterator_create_slot,
        .iter = iterator_self,
        .next = deque_reverse_iterator_next,
    },
    .methods = deque_reverse_iterator_methods,
    .getsets = deque_reverse_iterator_getsets,
    .spec_doc = deque_reverse_iterator_doc,
};
