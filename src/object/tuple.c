/* tuple and its iterator.
 *
 * Threads: a tuple never changes once another thread can see it, so nothing here locks. An
 * iterator that threads share hands out each item once: next() takes the iterator's lock when it
 * is contended. */
#include "object/genericalias.h"
#include "object/tuple.h"

#include <stdarg.h>

#include "heap/critical.h"
#include "heap/gc.h"
#include "object/equal.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/type.h"

#include "tuple.spec.h"

#define TUPLE_MAX_LENGTH ((int64_t)((PTRDIFF_MAX - sizeof(Tuple)) / sizeof(Own)))

static struct {
    Tuple tuple;
} empty_storage = {{
    .head = {.shape = SHAPE_TUPLE, .flags = OBJ_SHARED | OBJ_IMMORTAL},
}};

Own tuple_empty = OWN(&empty_storage);

/* -- making tuples */

/* Of a kind that refers to nothing: a tuple of such need not be visited by the collector. */
static ALWAYS_INLINE bool
is_leaf(Value v)
{
    if (is_immediate(v)) {
        return true;
    }
    ShapeId shape = obj_shape(obj(v));
    return shape == SHAPE_STR || shape == SHAPE_NONE || shape == SHAPE_BOOL || shape == SHAPE_INT ||
           shape == SHAPE_FLOAT || shape == SHAPE_BYTES;
}

static Tuple *
tuple_alloc(int64_t length, unsigned flags)
{
    if (UNLIKELY(length > TUPLE_MAX_LENGTH)) {
        raise_no_memory();
        return NULL;
    }
    Tuple *t =
        (Tuple *)object_alloc(SHAPE_TUPLE, sizeof(Tuple) + (size_t)length * sizeof(Own), flags);
    if (t) {
        t->length = length;
    }
    return t;
}

Own
tuple_new(int64_t length)
{
    if (length == 0) {
        return tuple_empty;
    }
    return OWN(tuple_alloc(length, OBJ_TRACKED));
}

Own
tuple_from_array(Value const *items, int64_t length)
{
    if (length == 0) {
        return tuple_empty;
    }
    bool leaves = true;
    for (int64_t i = 0; i < length && leaves; i++) {
        leaves = is_leaf(items[i]);
    }
    Tuple *t = tuple_alloc(length, leaves ? 0 : OBJ_TRACKED);
    if (!t) {
        return NO_VALUE;
    }
    for (int64_t i = 0; i < length; i++) {
        ref_init(&t->head, &t->items[i], own(items[i]));
    }
    return OWN(t);
}

Own
tuple_from_own(Own *items, int64_t length)
{
    if (length == 0) {
        return tuple_empty;
    }
    bool leaves = true, complete = true;
    for (int64_t i = 0; i < length; i++) {
        complete = complete && items[i];
        leaves = leaves && complete && is_leaf(items[i]);
    }
    Tuple *t = complete ? tuple_alloc(length, leaves ? 0 : OBJ_TRACKED) : NULL;
    for (int64_t i = 0; i < length; i++) {
        if (LIKELY(t != NULL)) {
            ref_init(&t->head, &t->items[i], items[i]);
        } else {
            drop_opt(items[i]);
        }
    }
    return OWN(t);
}

Own
tuple_pack(int n, ...)
{
    Own t = tuple_new(n);
    if (!t) {
        return NO_VALUE;
    }
    va_list values;
    va_start(values, n);
    for (int i = 0; i < n; i++) {
        tuple_init_item(t, i, own(va_arg(values, Value)));
    }
    va_end(values);
    return t;
}

/* The items of v from start on, `step` apart, `count` of them. */
static Own
tuple_pick(Tuple *t, int64_t start, int64_t step, int64_t count)
{
    if (step == 1) {
        if (count == t->length && IS_EXACT(VALUE(t), TUPLE)) {
            return own(VALUE(t));
        }
        return tuple_from_array((Value const *)t->items + start, count);
    }
    Own result = tuple_new(count);
    for (int64_t i = 0; result && i < count; i++) {
        tuple_init_item(result, i, own(t->items[start + i * step]));
    }
    return result;
}

Own
tuple_slice(Value v, int64_t start, int64_t stop)
{
    int64_t count = slice_adjust(as_tuple(v)->length, &start, &stop, 1);
    return tuple_pick(as_tuple(v), start, 1, count);
}

Own
tuple_make(Type *cls, Value iterable)
{
    if (cls == &tuple_type) {
        return iterable ? object_to_tuple(iterable) : tuple_empty;
    }
    Own items = iterable ? object_to_tuple(iterable) : tuple_empty;
    if (!items) {
        return NO_VALUE;
    }
    int64_t n = as_tuple(items)->length;
    Own result = type_alloc(cls, n);
    if (result) {
        Tuple *t = as_tuple(result);
        t->length = n;
        for (int64_t i = 0; i < n; i++) {
            ref_init(&t->head, &t->items[i], own(as_tuple(items)->items[i]));
        }
    }
    drop(items);
    return result;
}

/* A class with an __init__ of its own decides itself which keywords there are. */
static Own
tuple_create_arguments(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    bool own_init = type->slots.init != tuple_type.slots.init;
    return tuple_create_slot(type, args, nargs, own_init ? NO_VALUE : kwnames);
}

/* -- hash and comparison */

#define XX_PRIME_1 11400714785074694791u
#define XX_PRIME_2 14029467366897019727u
#define XX_PRIME_5 2870177450012600261u

/* The items' hashes as the lanes of XXH64's round function (Collet, xxHash), one accumulator, no
 * final mixing. */
int64_t
tuple_hash_items(Value const *items, int64_t n)
{
    uint64_t sum = XX_PRIME_5;
    for (int64_t i = 0; i < n; i++) {
        int64_t lane = object_hash(items[i]);
        if (UNLIKELY(lane == -1)) {
            return -1;
        }
        sum += (uint64_t)lane * XX_PRIME_2;
        sum = (sum << 31 | sum >> 33) * XX_PRIME_1;
    }
    sum += (uint64_t)n ^ (XX_PRIME_5 ^ 3527539u);
    return sum == UINT64_MAX ? 1546275796 : (int64_t)sum;
}

static int64_t
tuple_hash(Value v)
{
    if (!c_stack_ok()) {
        return -1;
    }
    return tuple_hash_items((Value const *)as_tuple(v)->items, as_tuple(v)->length);
}

int
quick_equal_tuples(const Tuple *a, const Tuple *b)
{
    if (a->length != b->length) {
        return 0;
    }
    for (int64_t i = 0; i < a->length; i++) {
        Value x = a->items[i], y = b->items[i];
        if (UNLIKELY(!x || !y)) { /* being freed by another thread */
            return -1;
        }
        int equal = IS_EXACT(x, TUPLE) && x != y ? -1 : quick_equal(x, y);
        if (equal <= 0) {
            return equal;
        }
    }
    return 1;
}

Own
tuple_compare_items(Value const *a, int64_t na, Value const *b, int64_t nb, CompareOp op)
{
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    if (na != nb && (op == CMP_EQ || op == CMP_NE)) {
        return bool_value(op == CMP_NE);
    }
    int64_t n = na < nb ? na : nb, i = 0;
    for (; i < n; i++) {
        int equal = object_equal(a[i], b[i]);
        if (equal < 0) {
            return NO_VALUE;
        }
        if (!equal) {
            break;
        }
    }
    if (i == n) {
        return object_compare(small_int(na), small_int(nb), op);
    }
    if (op == CMP_EQ || op == CMP_NE) {
        return bool_value(op == CMP_NE);
    }
    return object_compare(a[i], b[i], op);
}

static Own
tuple_compare(Value a, Value b, CompareOp op)
{
    if (!is_tuple(a) || !is_tuple(b)) {
        return own(NOTIMPLEMENTED);
    }
    Tuple *x = as_tuple(a), *y = as_tuple(b);
    return tuple_compare_items((Value const *)x->items, x->length, (Value const *)y->items,
                               y->length, op);
}

/* -- the sequence protocol */

static int64_t
tuple_len(Value v)
{
    return as_tuple(v)->length;
}

static Own
tuple_seq_item(Value v, int64_t i)
{
    Tuple *t = as_tuple(v);
    if (UNLIKELY((uint64_t)i >= (uint64_t)t->length)) {
        return raise_msg(&exc_IndexError, "tuple index out of range");
    }
    return own(t->items[i]);
}

static Own
tuple_getitem(Value v, Value key)
{
    Tuple *t = as_tuple(v);
    if (IS_EXACT(key, SLICE)) {
        int64_t start, stop, step;
        if (slice_unpack(key, &start, &stop, &step) < 0) {
            return NO_VALUE;
        }
        int64_t count = slice_adjust(t->length, &start, &stop, step);
        return tuple_pick(t, start, step, count);
    }
    if (!is_small_int(key) && !object_has_index(key)) {
        return raise_fmt(&exc_TypeError, "tuple indices must be integers or slices, not %T", key);
    }
    int64_t i;
    if (index_value(key, &i) < 0) {
        return NO_VALUE;
    }
    return tuple_seq_item(v, i < 0 ? i + t->length : i);
}

static int
tuple_contains(Value v, Value item)
{
    Tuple *t = as_tuple(v);
    for (int64_t i = 0; i < t->length; i++) {
        int equal = object_equal(t->items[i], item);
        if (equal) {
            return equal;
        }
    }
    return 0;
}

static Own
tuple_concat(Value a, Value b)
{
    if (!is_tuple(b)) {
        return raise_fmt(&exc_TypeError, "can only concatenate tuple (not \"%T\") to tuple", b);
    }
    Tuple *x = as_tuple(a), *y = as_tuple(b);
    if (x->length == 0 && IS_EXACT(b, TUPLE)) {
        return own(b);
    }
    if (y->length == 0 && IS_EXACT(a, TUPLE)) {
        return own(a);
    }
    Own result = tuple_new(x->length + y->length);
    if (!result) {
        return NO_VALUE;
    }
    for (int64_t i = 0; i < x->length; i++) {
        tuple_init_item(result, i, own(x->items[i]));
    }
    for (int64_t i = 0; i < y->length; i++) {
        tuple_init_item(result, x->length + i, own(y->items[i]));
    }
    return result;
}

static Own
tuple_repeat(Value v, int64_t n)
{
    Tuple *t = as_tuple(v);
    if (t->length == 0 || n <= 0) {
        return IS_EXACT(v, TUPLE) && t->length == 0 ? own(v) : tuple_empty;
    }
    if (n == 1 && IS_EXACT(v, TUPLE)) {
        return own(v);
    }
    if (n > TUPLE_MAX_LENGTH / t->length) {
        return raise_no_memory();
    }
    Own result = tuple_new(t->length * n);
    if (!result) {
        return NO_VALUE;
    }
    int64_t at = 0;
    for (int64_t round = 0; round < n; round++) {
        for (int64_t i = 0; i < t->length; i++) {
            tuple_init_item(result, at++, own(t->items[i]));
        }
    }
    return result;
}

static Own
tuple_repr(Value v)
{
    Tuple *t = as_tuple(v);
    if (t->length == 0) {
        return str_from_cstr("()");
    }
    int entered = repr_enter(v);
    if (entered != 0) {
        return entered > 0 ? str_from_cstr("(...)") : NO_VALUE;
    }
    StrBuilder text;
    str_builder_init(&text, t->length * 3);
    str_builder_char(&text, '(');
    for (int64_t i = 0; i < t->length && !text.failed; i++) {
        if (i) {
            str_builder_ascii(&text, ", ", 2);
        }
        str_builder_repr(&text, t->items[i]);
    }
    str_builder_ascii(&text, ",)", t->length == 1 ? 2 : 0);
    if (t->length > 1) {
        str_builder_char(&text, ')');
    }
    repr_leave(v);
    return str_builder_finish(&text);
}

/* -- methods */

Own
tuple_py___getnewargs__(Tuple *self)
{
    Own items = tuple_from_array((Value const *)self->items, self->length);
    if (!items) {
        return NO_VALUE;
    }
    return tuple_from_own(&items, 1);
}

int64_t
tuple_py_index(Tuple *self, Value value, Value start_arg, Value stop_arg)
{
    int64_t start = 0, stop = INT64_MAX;
    if ((start_arg && slice_bound(start_arg, &start) < 0) ||
        (stop_arg && slice_bound(stop_arg, &stop) < 0)) {
        return -1;
    }
    slice_adjust(self->length, &start, &stop, 1);
    for (int64_t i = start; i < stop; i++) {
        int equal = object_equal(self->items[i], value);
        if (equal) {
            return equal < 0 ? -1 : i;
        }
    }
    return raise_int(&exc_ValueError, "tuple.index(x): x not in tuple");
}

int64_t
tuple_py_count(Tuple *self, Value value)
{
    int64_t n = 0;
    for (int64_t i = 0; i < self->length; i++) {
        int equal = object_equal(self->items[i], value);
        if (equal < 0) {
            return -1;
        }
        n += equal;
    }
    return n;
}

Own
tuple_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

/* -- life */

static int
tuple_traverse_part(Object *o, size_t *at, Visit visit, void *arg)
{
    Tuple *t = (Tuple *)o;
    while (*at < (size_t)t->length) {
        VISIT(t->items[(*at)++]);
    }
    return 0;
}

static int
tuple_traverse(Object *o, Visit visit, void *arg)
{
    size_t at = 0;
    return tuple_traverse_part(o, &at, visit, arg);
}

/* No clear: a cycle through a tuple goes through something that can be emptied. */
static void
tuple_dealloc(Object *o)
{
    Tuple *t = (Tuple *)o;
    for (int64_t i = t->length; i-- > 0;) {
        drop_opt(t->items[i]);
    }
    object_free(o);
}

static Own
tuple_iter(Value v)
{
    TupleIterator *it = (TupleIterator *)object_alloc(SHAPE_TUPLE_ITERATOR, sizeof(TupleIterator),
                                                      OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->tuple, own(v));
    }
    return OWN(it);
}

Type tuple_type = {
    .name = "tuple",
    .root_shape = SHAPE_TUPLE,
    .flags = TYPE_GC | TYPE_BASE | TYPE_TUPLE_SUBCLASS | TYPE_SEQUENCE_PATTERN | TYPE_MATCH_SELF,
    .basic_size = sizeof(Tuple),
    .item_size = sizeof(Own),
    .slots = {
        .traverse = tuple_traverse,
        .traverse_part = tuple_traverse_part,
        .dealloc = tuple_dealloc,
        .create = tuple_create_arguments,
        .repr = tuple_repr,
        .hash = tuple_hash,
        .compare = tuple_compare,
        .iter = tuple_iter,
        .len = tuple_len,
        .seq_item = tuple_seq_item,
        .getitem = tuple_getitem,
        .contains = tuple_contains,
        .concat = tuple_concat,
        .repeat = tuple_repeat,
    },
    .methods = tuple_methods,
    .getsets = tuple_getsets,
    .spec_doc = tuple_doc,
};

/* -- tuple_iterator */

static Own
tuple_iterator_next_locked(TupleIterator *it, Own *used_up)
{
    ASSERT_LOCKED(it);
    if (UNLIKELY(!it->tuple)) {
        return NO_VALUE;
    }
    Tuple *t = as_tuple(it->tuple);
    if (it->index < t->length) {
        Own item = own(t->items[it->index]);
        __atomic_store_n(&it->index, it->index + 1, __ATOMIC_RELAXED);
        return item;
    }
    *used_up = it->tuple;
    __atomic_store_n(&it->tuple, NO_VALUE, __ATOMIC_RELAXED);
    return NO_VALUE;
}

static Own
tuple_iterator_next(Value v)
{
    TupleIterator *it = (TupleIterator *)obj(v);
    Own used_up = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &it->head);
    Own item = tuple_iterator_next_locked(it, &used_up);
    critical_leave(&section);
    if (UNLIKELY(used_up != NO_VALUE)) {
        drop(used_up);
    }
    return item;
}

int64_t
tuple_iterator_py___length_hint__(TupleIterator *self)
{
    Own t = ref_load(&self->head, &self->tuple);
    if (!t) {
        return 0;
    }
    int64_t left = as_tuple(t)->length - __atomic_load_n(&self->index, __ATOMIC_RELAXED);
    drop(t);
    return left;
}

Own
tuple_iterator_py___reduce__(TupleIterator *self)
{
    return iterator_reduce_place("iter", &self->head, &self->tuple, &self->index, tuple_empty);
}

int
tuple_iterator_py___setstate__(TupleIterator *self, Value state)
{
    int64_t index;
    if (iterator_state(state, &index) < 0) {
        return -1;
    }
    if (self->tuple) {
        int64_t length = as_tuple(self->tuple)->length;
        self->index = index < 0 ? 0 : index > length ? length : index;
    }
    return 0;
}

static int
tuple_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((TupleIterator *)o)->tuple);
    return 0;
}

static void
tuple_iterator_dealloc(Object *o)
{
    drop_opt(((TupleIterator *)o)->tuple);
    object_free(o);
}

Type tuple_iterator_type = {
    .name = "tuple_iterator",
    .root_shape = SHAPE_TUPLE_ITERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(TupleIterator),
    .slots = {
        .traverse = tuple_iterator_traverse,
        .dealloc = tuple_iterator_dealloc,
        .iter = iterator_self,
        .next = tuple_iterator_next,
    },
    .methods = tuple_iterator_methods,
    .getsets = tuple_iterator_getsets,
    .spec_doc = tuple_iterator_doc,
};
