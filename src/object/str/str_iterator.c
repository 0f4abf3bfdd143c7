/* str_iterator. CPython has a type of its own for ASCII text, which shows in its repr; the name is
 * kept, the type is not.
 *
 * Threads: an iterator that threads share hands out each character once: next() takes the
 * iterator's lock when it is contended. */
#include "object/str_iterator.h"

#include "heap/critical.h"
#include "object/iterator.h"

#include "str_iterator.spec.h"

Own
str_iter(Value v)
{
    StrIterator *it =
        (StrIterator *)object_alloc(SHAPE_STR_ITERATOR, sizeof(StrIterator), OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->text, own(v));
    }
    return OWN(it);
}

static Own
str_iterator_next(Value v)
{
    StrIterator *it = (StrIterator *)obj(v);
    Own item = NO_VALUE, used_up = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &it->head);
    if (LIKELY(it->text != NO_VALUE)) {
        const Str *s = as_str(it->text);
        if (LIKELY(it->index < s->length)) {
            item = str_from_char(str_char_at(s, it->index));
            __atomic_store_n(&it->index, it->index + 1, __ATOMIC_RELAXED);
        } else {
            used_up = ref_swap(&it->head, &it->text, NO_VALUE);
        }
    }
    critical_leave(&section);
    drop_opt(used_up);
    return item;
}

int64_t
str_iterator_py___length_hint__(StrIterator *self)
{
    Own text = ref_load(&self->head, &self->text);
    if (!text) {
        return 0;
    }
    int64_t left = as_str(text)->length - __atomic_load_n(&self->index, __ATOMIC_RELAXED);
    drop(text);
    return left;
}

Own
str_iterator_py___reduce__(StrIterator *self)
{
    return iterator_reduce_place("iter", &self->head, &self->text, &self->index, str_empty);
}

int
str_iterator_py___setstate__(StrIterator *self, Value state)
{
    int64_t index;
    if (iterator_state(state, &index) < 0) {
        return -1;
    }
    if (self->text) {
        int64_t length = as_str(self->text)->length;
        __atomic_store_n(&self->index,
                         index < 0        ? 0
                         : index > length ? length
                                          : index,
                         __ATOMIC_RELAXED);
    }
    return 0;
}

static int
str_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((StrIterator *)o)->text);
    return 0;
}

static void
str_iterator_clear(Object *o)
{
    ref_clear(&((StrIterator *)o)->text);
}

static void
str_iterator_dealloc(Object *o)
{
    str_iterator_clear(o);
    object_free(o);
}

Type str_iterator_type = {
    .name = "str_iterator",
    .root_shape = SHAPE_STR_ITERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(StrIterator),
    .slots =
        {
            .traverse = str_iterator_traverse,
            .clear = str_iterator_clear,
            .dealloc = str_iterator_dealloc,
            .iter = iterator_self,
            .next = str_iterator_next,
        },
    .methods = str_iterator_methods,
    .getsets = str_iterator_getsets,
    .spec_doc = str_iterator_doc,
};
