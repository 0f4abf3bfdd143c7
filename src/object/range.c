/* range and its two iterators: range_iterator for ints that need no objects, longrange_iterator for
 * any others.
 *
 * Threads: a range is immutable. The iterators' fields are guarded by their lock when threads
 * share them, so that each int is handed out once. */
#include "object/range.h"

#include <math.h>

#include "heap/critical.h"
#include "object/float.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct LongRangeIterator {
    Object head;
    Own next, step, left; /* ints; guard: lock; never empty */
} LongRangeIterator;

#include "range.spec.h"

/* -- making ranges */

/* How many ints lie between; 62 bits hold everything but the count of a range from end to end. */
static int64_t
small_count(int64_t start, int64_t stop, int64_t step)
{
    if (step > 0) {
        return start < stop ? (stop - start - 1) / step + 1 : 0;
    }
    return start > stop ? (start - stop - 1) / -step + 1 : 0;
}

/* The same of any ints. own: ret new */
static Own
big_count(Value start, Value stop, Value step)
{
    bool up = int_sign(step) > 0;
    Value low = up ? start : stop, high = up ? stop : start;
    if (int_compare(low, high) >= 0) {
        return small_int(0);
    }
    Own width = int_sub(high, low), size = up ? own(step) : int_negate(step);
    Own last = width ? int_sub(width, small_int(1)) : NO_VALUE;
    Own whole = last && size ? int_floordiv(last, size) : NO_VALUE;
    Own count = whole ? int_add(whole, small_int(1)) : NO_VALUE;
    drop_opt(width);
    drop_opt(size);
    drop_opt(last);
    drop_opt(whole);
    return count;
}

/* Fills in the C numbers where all that iterating meets is a small int. */
static void
range_set_small(Range *r)
{
    r->length = -1;
    if (!is_small_int(r->start) || !is_small_int(r->step) || !is_small_int(r->count)) {
        return;
    }
    int64_t span, end;
    if (__builtin_mul_overflow(small_int_value(r->count), small_int_value(r->step), &span) ||
        __builtin_add_overflow(small_int_value(r->start), span, &end) || !small_int_fits(end)) {
        return;
    }
    r->first = small_int_value(r->start);
    r->stride = small_int_value(r->step);
    r->length = small_int_value(r->count);
}

/* All eaten, also on failure: exact ints, count may be NO_VALUE after a failure. */
static Own
range_from(Own start, Own stop, Own step, Own count)
{
    Range *r = count ? (Range *)object_alloc(SHAPE_RANGE, sizeof(Range), 0) : NULL;
    if (!r) {
        drop(start);
        drop(stop);
        drop(step);
        drop_opt(count);
        return NO_VALUE;
    }
    ref_init(&r->head, &r->start, start);
    ref_init(&r->head, &r->stop, stop);
    ref_init(&r->head, &r->step, step);
    ref_init(&r->head, &r->count, count);
    range_set_small(r);
    return OWN(r);
}

Own
range_new(int64_t start, int64_t stop, int64_t step)
{
    return range_from(small_int(start), small_int(stop), small_int(step),
                      int_from_i64(small_count(start, stop, step)));
}

/* Any ints, eaten. pre: step is not 0 */
static Own
range_of(Own start, Own stop, Own step)
{
    if (is_small_int(start) && is_small_int(stop) && is_small_int(step)) {
        return range_new(small_int_value(start), small_int_value(stop), small_int_value(step));
    }
    return range_from(start, stop, step, big_count(start, stop, step));
}

/* range(stop), range(start, stop[, step]) */
static Own
range_create(Type *type UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("range", nargs, kwnames, 1, 3) < 0) {
        return NO_VALUE;
    }
    Own start = nargs > 1 ? object_index(args[0]) : small_int(0);
    Own stop = start ? object_index(args[nargs > 1]) : NO_VALUE;
    Own step = !stop ? NO_VALUE : nargs == 3 ? object_index(args[2]) : small_int(1);
    if (step && step != small_int(0)) {
        return range_of(start, stop, step);
    }
    if (step) {
        raise_msg(&exc_ValueError, "range() arg 3 must not be zero");
    }
    drop_opt(start);
    drop_opt(stop);
    return NO_VALUE;
}

/* -- items */

/* start + i * step, whatever i. own: ret new */
static Own
range_at(Range *r, Value i)
{
    Own offset = int_mul(i, r->step);
    Own item = offset ? int_add(r->start, offset) : NO_VALUE;
    drop_opt(offset);
    return item;
}

static Own
range_item_big(Range *r, Value key)
{
    Own i = object_index(key);
    if (i && int_sign(i) < 0) {
        Own counted = int_add(i, r->count);
        drop(i);
        i = counted;
    }
    if (!i) {
        return NO_VALUE;
    }
    Own item;
    if (int_sign(i) < 0 || int_compare(i, r->count) >= 0) {
        item = raise_msg(&exc_IndexError, "range object index out of range");
    } else {
        item = range_at(r, i);
    }
    drop(i);
    return item;
}

static Own
range_seq_item(Value v, int64_t i)
{
    Range *r = as_range(v);
    if (r->length < 0) {
        Own index = int_from_i64(i);
        Own item = index ? range_item_big(r, index) : NO_VALUE;
        drop_opt(index);
        return item;
    }
    if ((uint64_t)i >= (uint64_t)r->length) {
        return raise_msg(&exc_IndexError, "range object index out of range");
    }
    return small_int(r->first + i * r->stride);
}

static Own
range_slice(Range *r, Value slice)
{
    Own indices = slice_indices(slice, r->count);
    if (!indices) {
        return NO_VALUE;
    }
    Own start = range_at(r, tuple_item(indices, 0));
    Own stop = start ? range_at(r, tuple_item(indices, 1)) : NO_VALUE;
    Own step = stop ? int_mul(r->step, tuple_item(indices, 2)) : NO_VALUE;
    drop(indices);
    if (step) {
        return range_of(start, stop, step);
    }
    drop_opt(start);
    drop_opt(stop);
    return NO_VALUE;
}

static Own
range_getitem(Value v, Value key)
{
    Range *r = as_range(v);
    if (is_small_int(key) && r->length >= 0) {
        int64_t i = small_int_value(key);
        return range_seq_item(v, i < 0 ? i + r->length : i);
    }
    if (IS_EXACT(key, SLICE)) {
        return range_slice(r, key);
    }
    if (!object_has_index(key)) {
        return raise_fmt(&exc_TypeError, "range indices must be integers or slices, not %T", key);
    }
    return range_item_big(r, key);
}

static int64_t
range_len(Value v)
{
    Range *r = as_range(v);
    if (r->length >= 0) {
        return r->length;
    }
    int64_t length;
    if (!int_as_i64(r->count, &length)) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    return length;
}

static int
range_truth(Value v)
{
    return as_range(v)->count != small_int(0);
}

/* -- searching */

/* Where an int of any size stands: its index, or NO_VALUE, with an exception pending only on
 * failure. own: ret new */
static Own
range_find(Range *r, Value item)
{
    if (r->length >= 0 && is_small_int(item)) {
        int64_t offset = small_int_value(item) - r->first;
        if (offset % r->stride != 0) {
            return NO_VALUE;
        }
        int64_t i = offset / r->stride;
        return i >= 0 && i < r->length ? small_int(i) : NO_VALUE;
    }
    Own offset = int_sub(item, r->start), rest = NO_VALUE;
    Own i = offset ? int_divmod(offset, r->step, &rest) : NO_VALUE;
    if (i && (rest != small_int(0) || int_sign(i) < 0 || int_compare(i, r->count) >= 0)) {
        ref_clear(&i);
    }
    drop_opt(offset);
    drop_opt(rest);
    return i;
}

/* v as the int that equals it, when that can be told without its own ==: ints, bools, floats. 1,
 * 0 it equals no int, -1 failed, 2 its own == must be asked. */
static int
range_as_int(Value v, Own *i)
{
    *i = NO_VALUE;
    if (is_small_int(v) || IS_EXACT(v, INT)) {
        *i = own(v);
        return 1;
    }
    if (IS_EXACT(v, BOOL)) {
        *i = small_int(v == TRUE_VALUE);
        return 1;
    }
    if (is_small_float(v) || IS_EXACT(v, FLOAT)) {
        double d = float_value(v);
        if (!isfinite(d) || d != floor(d)) {
            return 0;
        }
        *i = int_from_double(d);
        return *i ? 1 : -1;
    }
    return 2;
}

static Own range_iter(Value v);

/* Counts the items equal to v, by v's own ==; with `index`, up to the first one, whose index it
 * becomes (-1 = none). */
static int64_t
range_search(Value range, Value v, int64_t *index)
{
    Own it = range_iter(range), item;
    int64_t n = 0, at = 0;
    if (index) {
        *index = -1;
    }
    while (it && (item = object_next(it)) != NO_VALUE) {
        int equal = object_equal(item, v);
        drop(item);
        if (equal < 0) {
            break;
        }
        n += equal;
        if (equal && index) {
            *index = at;
            break;
        }
        at++;
    }
    drop_opt(it);
    return exc_pending() ? -1 : n;
}

static int
range_contains(Value v, Value item)
{
    Own i, at;
    int kind = range_as_int(item, &i);
    if (kind == 2) {
        int64_t index;
        return (int)range_search(v, item, &index);
    }
    if (kind != 1) {
        return kind;
    }
    at = range_find(as_range(v), i);
    drop(i);
    if (at) {
        drop(at);
        return 1;
    }
    return exc_pending() ? -1 : 0;
}

Own
range_py_count(Range *self, Value item)
{
    if (is_int(item) || is_float(item)) {
        int found = range_contains(VALUE(self), item);
        return found < 0 ? NO_VALUE : small_int(found);
    }
    int64_t n = range_search(VALUE(self), item, NULL);
    return n < 0 ? NO_VALUE : int_from_i64(n);
}

Own
range_py_index(Range *self, Value item)
{
    Own i, at;
    int kind = range_as_int(item, &i);
    if (kind == 2) {
        int64_t index, n = range_search(VALUE(self), item, &index);
        if (n == 0) {
            raise_msg(&exc_ValueError, "sequence.index(x): x not in sequence");
        }
        return n > 0 ? int_from_i64(index) : NO_VALUE;
    }
    at = kind == 1 ? range_find(self, i) : NO_VALUE;
    drop_opt(i);
    if (!at && !exc_pending()) {
        raise_msg(&exc_ValueError, is_small_float(item) || IS_EXACT(item, FLOAT)
                                       ? "sequence.index(x): x not in sequence"
                                       : "range.index(x): x not in range");
    }
    return at;
}

/* -- comparison, hash, text */

/* As the sequences of their items. */
static Own
range_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !IS_EXACT(a, RANGE) || !IS_EXACT(b, RANGE)) {
        return own(NOTIMPLEMENTED);
    }
    Range *x = as_range(a), *y = as_range(b);
    bool equal = int_compare(x->count, y->count) == 0;
    if (equal && x->count != small_int(0)) {
        equal = int_compare(x->start, y->start) == 0 &&
                (x->count == small_int(1) || int_compare(x->step, y->step) == 0);
    }
    return bool_value(equal == (op == CMP_EQ));
}

static int64_t
range_hash(Value v)
{
    Range *r = as_range(v);
    Value parts[] = {r->count, NONE, NONE};
    if (r->count != small_int(0)) {
        parts[1] = r->start;
    }
    if (r->count != small_int(0) && r->count != small_int(1)) {
        parts[2] = r->step;
    }
    return tuple_hash_items(parts, 3);
}

static Own
range_repr(Value v)
{
    Range *r = as_range(v);
    if (r->step == small_int(1)) {
        return str_fmt("range(%R, %R)", (Value)r->start, (Value)r->stop);
    }
    return str_fmt("range(%R, %R, %R)", (Value)r->start, (Value)r->stop, (Value)r->step);
}

Own
range_py___reduce__(Range *self)
{
    Own parts = tuple_pack(3, (Value)self->start, (Value)self->stop, (Value)self->step);
    Own result = parts ? tuple_pack(2, VALUE(&range_type), (Value)parts) : NO_VALUE;
    drop_opt(parts);
    return result;
}

Own
range_get_start(Range *self)
{
    return own(self->start);
}

Own
range_get_stop(Range *self)
{
    return own(self->stop);
}

Own
range_get_step(Range *self)
{
    return own(self->step);
}

static void
range_dealloc(Object *o)
{
    Range *r = (Range *)o;
    drop_opt(r->start);
    drop_opt(r->stop);
    drop_opt(r->step);
    drop_opt(r->count);
    object_free(o);
}

/* -- range_iterator */

static Own
range_iterator_new(int64_t next, int64_t stride, int64_t left)
{
    RangeIterator *it =
        (RangeIterator *)object_alloc(SHAPE_RANGE_ITERATOR, sizeof(RangeIterator), 0);
    if (it) {
        it->next = next;
        it->stride = stride;
        it->left = left;
    }
    return OWN(it);
}

/* Eats all three, also on failure. */
static Own
longrange_iterator_new(Own next, Own step, Own left)
{
    LongRangeIterator *it = NULL;
    if (next && step && left) {
        it = (LongRangeIterator *)object_alloc(SHAPE_LONGRANGE_ITERATOR,
                                               sizeof(LongRangeIterator), 0);
    }
    if (!it) {
        drop_opt(next);
        drop_opt(step);
        drop_opt(left);
        return NO_VALUE;
    }
    ref_init(&it->head, &it->next, next);
    ref_init(&it->head, &it->step, step);
    ref_init(&it->head, &it->left, left);
    return OWN(it);
}

static Own
range_iter(Value v)
{
    Range *r = as_range(v);
    if (LIKELY(r->length >= 0)) {
        return range_iterator_new(r->first, r->stride, r->length);
    }
    return longrange_iterator_new(own(r->start), own(r->step), own(r->count));
}

Own
range_py___reversed__(Range *self)
{
    if (self->length >= 0) {
        return range_iterator_new(self->first + (self->length - 1) * self->stride, -self->stride,
                                  self->length);
    }
    Own last = int_sub(self->count, small_int(1));
    Own from = last ? range_at(self, last) : NO_VALUE;
    drop_opt(last);
    return longrange_iterator_new(from, int_negate(self->step), own(self->count));
}

static Own
range_iterator_next(Value v)
{
    RangeIterator *it = (RangeIterator *)obj(v);
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &it->head);
    if (LIKELY(it->left > 0)) {
        item = small_int(it->next);
        it->next += it->stride;
        __atomic_store_n(&it->left, it->left - 1, __ATOMIC_RELAXED);
    }
    critical_leave(&section);
    return item;
}

int64_t
range_iterator_py___length_hint__(RangeIterator *self)
{
    return __atomic_load_n(&self->left, __ATOMIC_RELAXED);
}

/* (iter, (range of what is left,), None); eats the range */
static Own
reduce_range(Own range)
{
    Own result = range ? iterator_reduce_state(builtin_function("iter"), range, NONE) : NO_VALUE;
    drop_opt(range);
    return result;
}

Own
range_iterator_py___reduce__(RangeIterator *self)
{
    return reduce_range(
        range_new(self->next, self->next + self->left * self->stride, self->stride));
}

int
range_iterator_py___setstate__(RangeIterator *self, Value state)
{
    int64_t n = object_as_int64(state);
    if (n == -1 && exc_pending()) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    n = n < 0 ? 0 : n > self->left ? self->left : n;
    self->next += n * self->stride;
    __atomic_store_n(&self->left, self->left - n, __ATOMIC_RELAXED);
    critical_leave(&section);
    return 0;
}

static void
range_iterator_dealloc(Object *o)
{
    object_free(o);
}

/* -- longrange_iterator */

/* Goes n steps on. lock: it held; *old takes the two ints that were there. fail: -1, unchanged */
static int
longrange_iterator_advance_locked(LongRangeIterator *it, Value n, Own old[2])
{
    Own offset = int_mul(n, it->step);
    Own next = offset ? int_add(it->next, offset) : NO_VALUE;
    Own left = next ? int_sub(it->left, n) : NO_VALUE;
    drop_opt(offset);
    if (!left) {
        drop_opt(next);
        return -1;
    }
    old[0] = ref_swap(&it->head, &it->next, next);
    old[1] = ref_swap(&it->head, &it->left, left);
    return 0;
}

static Own
longrange_iterator_next(Value v)
{
    LongRangeIterator *it = (LongRangeIterator *)obj(v);
    Own old[2] = {NO_VALUE, NO_VALUE};
    CriticalSection section;
    critical_enter(&section, &it->head);
    if (it->left != small_int(0)) {
        longrange_iterator_advance_locked(it, small_int(1), old);
    }
    critical_leave(&section);
    drop_opt(old[1]);
    return old[0];
}

Own
longrange_iterator_py___length_hint__(LongRangeIterator *self)
{
    return own(self->left);
}

Own
longrange_iterator_py___reduce__(LongRangeIterator *self)
{
    Own span = int_mul(self->left, self->step);
    Own stop = span ? int_add(self->next, span) : NO_VALUE;
    drop_opt(span);
    return stop ? reduce_range(range_of(own(self->next), stop, own(self->step))) : NO_VALUE;
}

int
longrange_iterator_py___setstate__(LongRangeIterator *self, Value state)
{
    if (!is_small_int(state) && !IS_EXACT(state, INT)) {
        return raise_int(&exc_TypeError, "state must be an int, not %T", state);
    }
    Value n = int_sign(state) < 0 ? small_int(0) : state;
    if (int_compare(n, self->left) > 0) {
        n = self->left;
    }
    Own held = own(n), old[2];
    int status = longrange_iterator_advance_locked(self, held, old);
    drop(held);
    if (status == 0) {
        drop(old[0]);
        drop(old[1]);
    }
    return status;
}

static void
longrange_iterator_dealloc(Object *o)
{
    LongRangeIterator *it = (LongRangeIterator *)o;
    drop_opt(it->next);
    drop_opt(it->step);
    drop_opt(it->left);
    object_free(o);
}

/* -- the types */

Type range_type = {
    .name = "range",
    .root_shape = SHAPE_RANGE,
    .flags = TYPE_SEQUENCE_PATTERN,
    .basic_size = sizeof(Range),
    .slots = {
        .dealloc = range_dealloc,
        .create = range_create,
        .repr = range_repr,
        .hash = range_hash,
        .compare = range_compare,
        .iter = range_iter,
        .truth = range_truth,
        .len = range_len,
        .seq_item = range_seq_item,
        .getitem = range_getitem,
        .contains = range_contains,
    },
    .methods = range_methods,
    .getsets = range_getsets,
    .spec_doc = range_doc,
};

Type range_iterator_type = {
    .name = "range_iterator",
    .root_shape = SHAPE_RANGE_ITERATOR,
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(RangeIterator),
    .slots = {
        .dealloc = range_iterator_dealloc,
        .iter = iterator_self,
        .next = range_iterator_next,
    },
    .methods = range_iterator_methods,
    .getsets = range_iterator_getsets,
    .spec_doc = range_iterator_doc,
};

Type longrange_iterator_type = {
    .name = "longrange_iterator",
    .root_shape = SHAPE_LONGRANGE_ITERATOR,
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(LongRangeIterator),
    .slots = {
        .dealloc = longrange_iterator_dealloc,
        .iter = iterator_self,
        .next = longrange_iterator_next,
    },
    .methods = longrange_iterator_methods,
    .getsets = longrange_iterator_getsets,
    .spec_doc = longrange_iterator_doc,
};
