/* The iterators over dicts: keys, values, items, each in both directions.
 *
 * An iterator remembers its place in the table's entries and how long the dict was. A dict found
 * longer or shorter is an error, again and again; one that had keys replaced is found out when more
 * of them turn up than there were.
 *
 * Threads: the iterator's fields are guarded by its lock when threads share it, so that each
 * entry is handed out once. The dict is read as any reader reads it. */
#include "dict_priv.h"

#include "object/int.h"
#include "object/iterator.h"
#include "object/tuple.h"

#include "dict_iterator.spec.h"

enum IteratorKind { ITERATE_KEYS, ITERATE_VALUES, ITERATE_ITEMS };

Own
dict_iterator_new(Type *type, Value v)
{
    DictIterator *it =
        (DictIterator *)object_alloc(type->root_shape, sizeof(DictIterator), OBJ_TRACKED);
    if (!it) {
        return NO_VALUE;
    }
    ref_init(&it->head, &it->dict, own(v));
    it->length = it->left = dict_len(v);
    it->table = dict_table(as_dict(v));
    if (type == &dict_reversekeyiterator_type || type == &dict_reversevalueiterator_type ||
        type == &dict_reverseitemiterator_type) {
        it->position = __atomic_load_n(&dict_table(as_dict(v))->used, __ATOMIC_ACQUIRE) - 1;
    }
    return OWN(it);
}

Own
dict_iter(Value d)
{
    return dict_iterator_new(&dict_keyiterator_type, d);
}

Own
dict_reversed(Value d)
{
    return dict_iterator_new(&dict_reversekeyiterator_type, d);
}

/* Steps to the next entry: true with *key and *value (each where asked for), false when there is
 * none or the dict has changed; *used_up is then what to drop when the lock is free. */
static ALWAYS_INLINE bool
dict_iterator_step_locked(DictIterator *it, bool backwards, Own *key, Own *value, Own *used_up)
{
    ASSERT_LOCKED(it);
    if (UNLIKELY(!it->dict)) {
        return false;
    }
    Dict *d = as_dict(it->dict);
    if (UNLIKELY(dict_length(d) != it->length)) {
        it->length = -1;
        raise_msg(&exc_RuntimeError, "dictionary changed size during iteration");
        return false;
    }
    bool cut_off = backwards && it->position >= __atomic_load_n(&dict_table(d)->used, __ATOMIC_ACQUIRE);
    if (LIKELY(!cut_off && dict_step(d, &it->position, backwards, key, value, NULL))) {
        if (LIKELY(it->left > 0)) {
            it->left--;
            return true;
        }
        if (key) {
            drop_later(*key);
        }
        if (value) {
            drop_later(*value);
        }
        raise_msg(&exc_RuntimeError, "dictionary keys changed during iteration");
    } else if (UNLIKELY(it->table != dict_table(d)) && !backwards) {
        raise_msg(&exc_RuntimeError, "dictionary keys changed during iteration");
    }
    *used_up = ref_swap(&it->head, &it->dict, NO_VALUE);
    return false;
}

static ALWAYS_INLINE Own
dict_iterator_next(Value v, bool backwards, enum IteratorKind kind)
{
    DictIterator *it = (DictIterator *)obj(v);
    Own used_up = NO_VALUE, part[2] = {NO_VALUE, NO_VALUE};
    CriticalSection section;
    critical_enter(&section, &it->head);
    bool found = dict_iterator_step_locked(it, backwards, kind == ITERATE_VALUES ? NULL : &part[0],
                                           kind == ITERATE_KEYS ? NULL : &part[1], &used_up);
    critical_leave(&section);
    if (UNLIKELY(!found)) {
        drop_opt(used_up);
        return NO_VALUE;
    }
    if (kind == ITERATE_ITEMS) {
        return tuple_from_own(part, 2);
    }
    return part[kind == ITERATE_VALUES];
}

static Own
dict_keyiterator_next(Value v)
{
    return dict_iterator_next(v, false, ITERATE_KEYS);
}

static Own
dict_valueiterator_next(Value v)
{
    return dict_iterator_next(v, false, ITERATE_VALUES);
}

static Own
dict_itemiterator_next(Value v)
{
    return dict_iterator_next(v, false, ITERATE_ITEMS);
}

static Own
dict_reversekeyiterator_next(Value v)
{
    return dict_iterator_next(v, true, ITERATE_KEYS);
}

static Own
dict_reversevalueiterator_next(Value v)
{
    return dict_iterator_next(v, true, ITERATE_VALUES);
}

static Own
dict_reverseitemiterator_next(Value v)
{
    return dict_iterator_next(v, true, ITERATE_ITEMS);
}

static int64_t
dict_iterator_left(DictIterator *it)
{
    return it->dict && dict_len(it->dict) == it->length ? it->left : 0;
}

/* iter([what is left]): from a copy of the iterator, which stays where it is. */
static Own
dict_iterator_reduce(DictIterator *it)
{
    Type *type = type_of(VALUE(it));
    DictIterator *copy =
        (DictIterator *)object_alloc(type->root_shape, sizeof(DictIterator), OBJ_TRACKED);
    if (!copy) {
        return NO_VALUE;
    }
    ref_init(&copy->head, &copy->dict, own_opt(it->dict));
    copy->position = it->position;
    copy->length = it->length;
    copy->left = it->left;
    copy->table = it->table;
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
dict_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((DictIterator *)o)->dict);
    return 0;
}

static void
dict_iterator_clear(Object *o)
{
    ref_clear(&((DictIterator *)o)->dict);
}

static void
dict_iterator_dealloc(Object *o)
{
    dict_iterator_clear(o);
    object_free(o);
}

#define DEFINE_ITERATOR(NAME, SHAPE)                                                               \
    int64_t NAME##_py___length_hint__(DictIterator *self)                                          \
    {                                                                                              \
        return dict_iterator_left(self);                                                           \
    }                                                                                              \
    Own NAME##_py___reduce__(DictIterator *self)                                                   \
    {                                                                                              \
        return dict_iterator_reduce(self);                                                         \
    }                                                                                              \
    Type NAME##_type = {                                                                           \
        .name = #NAME,                                                                             \
        .root_shape = SHAPE,                                                                       \
        .flags = TYPE_GC | TYPE_NO_INSTANTIATE,                                                    \
        .basic_size = sizeof(DictIterator),                                                        \
        .slots = {.traverse = dict_iterator_traverse,                                              \
                  .clear = dict_iterator_clear,                                                    \
                  .dealloc = dict_iterator_dealloc,                                                \
                  .iter = iterator_self,                                                           \
                  .next = NAME##_next},                                                            \
        .methods = NAME##_methods,                                                                 \
        .getsets = NAME##_getsets,                                                                 \
        .spec_doc = NAME##_doc,                                                                    \
    }

DEFINE_ITERATOR(dict_keyiterator, SHAPE_DICT_KEYITERATOR);
DEFINE_ITERATOR(dict_valueiterator, SHAPE_DICT_VALUEITERATOR);
DEFINE_ITERATOR(dict_itemiterator, SHAPE_DICT_ITEMITERATOR);
DEFINE_ITERATOR(dict_reversekeyiterator, SHAPE_DICT_REVERSEKEYITERATOR);
DEFINE_ITERATOR(dict_reversevalueiterator, SHAPE_DICT_REVERSEVALUEITERATOR);
DEFINE_ITERATOR(dict_reverseitemiterator, SHAPE_DICT_REVERSEITEMITERATOR);
