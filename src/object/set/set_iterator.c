/* set_iterator: over the items of a set or frozenset, in table order. A set found longer or shorter
 * than it was is an error.
 *
 * Threads: the fields are guarded by the iterator's lock when threads share it; the set is read
 * as any reader reads it. */
#include "set_priv.h"

#include "heap/alloc.h"
#include "object/iterator.h"

typedef struct SetIterator {
    Object head;
    Own set;          /* NO_VALUE when used up */
    int64_t position; /* in the table's slots */
    int64_t length;   /* of the set when iteration began; -1 once it was found changed */
    int64_t left;
} SetIterator;

#include "set_iterator.spec.h"

Own
set_iter(Value v)
{
    SetIterator *it =
        (SetIterator *)object_alloc(SHAPE_SET_ITERATOR, sizeof(SetIterator), OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->set, own(v));
        it->length = it->left = set_len(v);
    }
    return OWN(it);
}

static Own
set_iterator_step_locked(SetIterator *it, Own *used_up)
{
    ASSERT_LOCKED(it);
    if (UNLIKELY(!it->set)) {
        return NO_VALUE;
    }
    Set *s = as_set(it->set);
    if (UNLIKELY(set_length(s) != it->length)) {
        it->length = -1;
        return raise_msg(&exc_RuntimeError, "Set changed size during iteration");
    }
    Own item;
    if (LIKELY(set_step(s, &it->position, &item, NULL))) {
        it->left--;
        return item;
    }
    *used_up = ref_swap(&it->head, &it->set, NO_VALUE);
    return NO_VALUE;
}

static Own
set_iterator_next(Value v)
{
    SetIterator *it = (SetIterator *)obj(v);
    Own used_up = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &it->head);
    Own item = set_iterator_step_locked(it, &used_up);
    critical_leave(&section);
    if (UNLIKELY(used_up != NO_VALUE)) {
        drop(used_up);
    }
    return item;
}

int64_t
set_iterator_py___length_hint__(SetIterator *self)
{
    return self->set && set_len(self->set) == self->length ? self->left : 0;
}

/* From a copy of the iterator, which stays where it is. */
Own
set_iterator_py___reduce__(SetIterator *self)
{
    SetIterator *copy =
        (SetIterator *)object_alloc(SHAPE_SET_ITERATOR, sizeof(SetIterator), OBJ_TRACKED);
    if (!copy) {
        return NO_VALUE;
    }
    ref_init(&copy->head, &copy->set, own_opt(self->set));
    copy->position = self->position;
    copy->length = self->length;
    copy->left = self->left;
    Own list = object_to_list(VALUE(copy));
    drop(OWN(copy));
    if (!list) {
        return NO_VALUE;
    }
    Own result = iterator_reduce(builtin_function("iter"), list, -1);
    drop(list);
    return result;
}

static int
set_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((SetIterator *)o)->set);
    return 0;
}

static void
set_iterator_clear(Object *o)
{
    ref_clear(&((SetIterator *)o)->set);
}

static void
set_iterator_dealloc(Object *o)
{
    set_iterator_clear(o);
    object_free(o);
}

Type set_iterator_type = {
    .name = "set_iterator",
    .root_shape = SHAPE_SET_ITERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(SetIterator),
    .slots = {
        .traverse = set_iterator_traverse,
        .clear = set_iterator_clear,
        .dealloc = set_iterator_dealloc,
        .iter = iterator_self,
        .next = set_iterator_next,
    },
    .methods = set_iterator_methods,
    .getsets = set_iterator_getsets,
    .spec_doc = set_iterator_doc,
};
