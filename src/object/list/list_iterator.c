/* list_iterator and list_reverseiterator: by index, so that a list may change while it is iterated.
 *
 * Threads: an iterator that threads share hands out each index once: next() takes the iterator's
 * lock when it is contended. The list is read as any reader reads it. */
#include "list_priv.h"

#include "object/int.h"
#include "object/iterator.h"

#include "list_iterator.spec.h"

static Own
list_iterator_new(Type *type, Value list, int64_t index)
{
    ListIterator *it =
        (ListIterator *)object_alloc(type->root_shape, sizeof(ListIterator), OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->list, own(list));
        it->index = index;
    }
    return OWN(it);
}

Own
list_iter(Value v)
{
    return list_iterator_new(&list_iterator_type, v, 0);
}

Own
list_reversed(Value v)
{
    return list_iterator_new(&list_reverseiterator_type, v, list_len(v) - 1);
}

/* The next item, by `step` from here, or NO_VALUE; then *used_up is what is to be dropped when
 * the lock is free. */
static ALWAYS_INLINE Own
list_iterator_step_locked(ListIterator *it, int64_t step, Own *used_up)
{
    ASSERT_LOCKED(it);
    if (UNLIKELY(!it->list)) {
        return NO_VALUE;
    }
    Own item = list_get(it->list, it->index);
    if (LIKELY(item != NO_VALUE)) {
        __atomic_store_n(&it->index, it->index + step, __ATOMIC_RELAXED);
        return item;
    }
    *used_up = ref_swap(&it->head, &it->list, NO_VALUE);
    return NO_VALUE;
}

static ALWAYS_INLINE Own
list_iterator_step(ListIterator *it, int64_t step)
{
    Own used_up = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &it->head);
    Own item = list_iterator_step_locked(it, step, &used_up);
    critical_leave(&section);
    if (UNLIKELY(used_up != NO_VALUE)) {
        drop(used_up);
    }
    return item;
}

static Own
list_iterator_next(Value v)
{
    return list_iterator_step((ListIterator *)obj(v), 1);
}

static Own
list_reverseiterator_next(Value v)
{
    return list_iterator_step((ListIterator *)obj(v), -1);
}

int64_t
list_iterator_py___length_hint__(ListIterator *self)
{
    Own list = ref_load(&self->head, &self->list);
    if (!list) {
        return 0;
    }
    int64_t index = __atomic_load_n(&self->index, __ATOMIC_RELAXED);
    int64_t left = index < 0 ? 0 : list_len(list) - index;
    drop(list);
    return left < 0 ? 0 : left;
}

int64_t
list_reverseiterator_py___length_hint__(ListIterator *self)
{
    Own list = ref_load(&self->head, &self->list);
    if (!list) {
        return 0;
    }
    int64_t left = __atomic_load_n(&self->index, __ATOMIC_RELAXED) + 1;
    bool shrunk = list_len(list) < left;
    drop(list);
    return shrunk ? 0 : left;
}

/* One that is used up becomes one over an empty list. */
static Own
list_iterator_reduce(const char *function, ListIterator *it)
{
    Own empty = list_new(0);
    Own result = empty ? iterator_reduce_place(function, &it->head, &it->list, &it->index, empty) : NO_VALUE;
    drop_opt(empty);
    return result;
}

Own
list_iterator_py___reduce__(ListIterator *self)
{
    return list_iterator_reduce("iter", self);
}

Own
list_reverseiterator_py___reduce__(ListIterator *self)
{
    return list_iterator_reduce("reversed", self);
}

int
list_iterator_py___setstate__(ListIterator *self, Value state)
{
    int64_t index;
    if (iterator_state(state, &index) < 0) {
        return -1;
    }
    if (self->list) {
        int64_t length = list_len(self->list);
        index = index < -1 ? -1 : index > length ? length : index; /* -1: used up */
        __atomic_store_n(&self->index, index, __ATOMIC_RELAXED);
    }
    return 0;
}

int
list_reverseiterator_py___setstate__(ListIterator *self, Value state)
{
    int64_t index;
    if (iterator_state(state, &index) < 0) {
        return -1;
    }
    if (self->list) {
        int64_t last = list_len(self->list) - 1;
        index = index < -1 ? -1 : index > last ? last : index;
        __atomic_store_n(&self->index, index, __ATOMIC_RELAXED);
    }
    return 0;
}

static int
list_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ListIterator *)o)->list);
    return 0;
}

static void
list_iterator_clear(Object *o)
{
    ref_clear(&((ListIterator *)o)->list);
}

static void
list_iterator_dealloc(Object *o)
{
    list_iterator_clear(o);
    object_free(o);
}

Type list_iterator_type = {
    .name = "list_iterator",
    .root_shape = SHAPE_LIST_ITERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(ListIterator),
    .slots = {
        .traverse = list_iterator_traverse,
        .clear = list_iterator_clear,
        .dealloc = list_iterator_dealloc,
        .iter = iterator_self,
        .next = list_iterator_next,
    },
    .methods = list_iterator_methods,
    .getsets = list_iterator_getsets,
    .spec_doc = list_iterator_doc,
};

Type list_reverseiterator_type = {
    .name = "list_reverseiterator",
    .root_shape = SHAPE_LIST_REVERSEITERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(ListIterator),
    .slots = {
        .traverse = list_iterator_traverse,
        .clear = list_iterator_clear,
        .dealloc = list_iterator_dealloc,
        .iter = iterator_self,
        .next = list_reverseiterator_next,
    },
    .methods = list_reverseiterator_methods,
    .getsets = list_reverseiterator_getsets,
    .spec_doc = list_reverseiterator_doc,
};
