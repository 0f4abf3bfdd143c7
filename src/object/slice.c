/* slice, and the conversions of subscripts (slice.h).
 *
 * Threads: a slice is immutable. */
#include "object/slice.h"

#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

#include "slice.spec.h"

Own
slice_new(Value start, Value stop, Value step)
{
    Slice *slice = (Slice *)object_alloc(SHAPE_SLICE, sizeof(Slice), OBJ_TRACKED);
    if (!slice) {
        return NO_VALUE;
    }
    ref_init(&slice->head, &slice->start, start ? own(start) : NONE);
    ref_init(&slice->head, &slice->stop, stop ? own(stop) : NONE);
    ref_init(&slice->head, &slice->step, step ? own(step) : NONE);
    return OWN(slice);
}

/* slice(stop), slice(start, stop[, step]) */
static Own
slice_create(Type *type UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("slice", nargs, kwnames, 1, 3) < 0) {
        return NO_VALUE;
    }
    if (nargs == 1) {
        return slice_new(NO_VALUE, args[0], NO_VALUE);
    }
    return slice_new(args[0], args[1], nargs == 3 ? args[2] : NO_VALUE);
}

/* -- from Python values to C indices */

int
index_value_slow(Value key, int64_t *i)
{
    Own index = object_index(key);
    if (!index) {
        return -1;
    }
    bool fits = int_as_i64(index, i);
    drop(index);
    if (!fits) {
        return raise_int(&exc_IndexError, "cannot fit '%T' into an index-sized integer", key);
    }
    return 0;
}

/* __index__ of v, clamped. message: of the TypeError when v has none */
static int
index_clamped(Value v, int64_t *out, const char *message)
{
    if (LIKELY(is_small_int(v))) {
        *out = small_int_value(v);
        return 0;
    }
    if (!object_has_index(v)) {
        return raise_int(&exc_TypeError, "%s", message);
    }
    Own index = object_index(v);
    if (!index) {
        return -1;
    }
    if (!int_as_i64(index, out)) {
        *out = int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
    }
    drop(index);
    return 0;
}

static const char not_a_slice_index[] =
    "slice indices must be integers or None or have an __index__ method";

int
slice_bound(Value v, int64_t *out)
{
    return index_clamped(v, out, "slice indices must be integers or have an __index__ method");
}

int
slice_unpack(Value v, int64_t *start, int64_t *stop, int64_t *step)
{
    Slice *slice = as_slice(v);
    *step = 1;
    if (slice->step != NONE) {
        if (index_clamped(slice->step, step, not_a_slice_index) < 0) {
            return -1;
        }
        if (*step == 0) {
            return raise_int(&exc_ValueError, "slice step cannot be zero");
        }
        if (*step < -INT64_MAX) { /* so that it can be negated */
            *step = -INT64_MAX;
        }
    }
    *start = *step < 0 ? INT64_MAX : 0;
    *stop = *step < 0 ? INT64_MIN : INT64_MAX;
    if (slice->start != NONE && index_clamped(slice->start, start, not_a_slice_index) < 0) {
        return -1;
    }
    if (slice->stop != NONE && index_clamped(slice->stop, stop, not_a_slice_index) < 0) {
        return -1;
    }
    return 0;
}

/* One bound: counted from the end when negative, then kept within [low, high]. */
static int64_t
slice_clip(int64_t i, int64_t length, int64_t low, int64_t high)
{
    if (i < 0) {
        i = i < -length ? low : i + length;
    }
    return i > high ? high : i;
}

int64_t
slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t step)
{
    int64_t low = step < 0 ? -1 : 0;
    *start = slice_clip(*start, length, low, length + low);
    *stop = slice_clip(*stop, length, low, length + low);
    if (step < 0) {
        return *stop < *start ? (*start - *stop - 1) / -step + 1 : 0;
    }
    return *start < *stop ? (*stop - *start - 1) / step + 1 : 0;
}

/* -- indices, with ints of any size */

/* A new reference to the bound as an int, clipped as slice_clip does. */
static Own
slice_clip_big(Value bound, Value length, Value low, Value high)
{
    if (!object_has_index(bound)) {
        return raise_msg(&exc_TypeError, not_a_slice_index);
    }
    Own i = object_index(bound);
    if (i && int_sign(i) < 0) {
        Own counted = int_add(i, length);
        drop(i);
        i = counted;
    }
    if (!i) {
        return NO_VALUE;
    }
    Value clipped = int_compare(i, low) < 0 ? low : int_compare(i, high) > 0 ? high : NO_VALUE;
    if (clipped) {
        drop(i);
        return own(clipped);
    }
    return i;
}

static Own
slice_indices_big(Slice *self, Value length)
{
    Own step = NO_VALUE, low = NO_VALUE, high = NO_VALUE, start = NO_VALUE, stop = NO_VALUE;
    Own result = NO_VALUE;
    if (self->step == NONE) {
        step = small_int(1);
    } else if (object_has_index(self->step)) {
        step = object_index(self->step);
    } else {
        raise_msg(&exc_TypeError, not_a_slice_index);
    }
    if (!step) {
        return NO_VALUE;
    }
    int sign = int_sign(step);
    if (sign == 0) {
        raise_msg(&exc_ValueError, "slice step cannot be zero");
        goto done;
    }
    low = small_int(sign < 0 ? -1 : 0);
    high = int_add(length, low);
    if (!high) {
        goto done;
    }
    if (self->start == NONE) {
        start = own(sign < 0 ? high : low);
    } else {
        start = slice_clip_big(self->start, length, low, high);
    }
    if (!start) {
        goto done;
    }
    if (self->stop == NONE) {
        stop = own(sign < 0 ? low : high);
    } else {
        stop = slice_clip_big(self->stop, length, low, high);
    }
    if (stop) {
        result = tuple_pack(3, (Value)start, (Value)stop, (Value)step);
    }
done:
    drop(step);
    drop_opt(high);
    drop_opt(start);
    drop_opt(stop);
    return result;
}

static bool
small_or_none(Value v)
{
    return v == NONE || is_small_int(v);
}

Own
slice_indices(Value v, Value length)
{
    Slice *slice = as_slice(v);
    if (!is_small_int(length) || !small_or_none(slice->start) || !small_or_none(slice->stop) ||
        !small_or_none(slice->step)) {
        return slice_indices_big(slice, length);
    }
    int64_t start, stop, step;
    if (slice_unpack(v, &start, &stop, &step) < 0) {
        return NO_VALUE;
    }
    slice_adjust(small_int_value(length), &start, &stop, step);
    return tuple_pack(3, (Value)small_int(start), (Value)small_int(stop), (Value)small_int(step));
}

Own
slice_py_indices(Slice *self, Value length_arg)
{
    Own length = object_index(length_arg);
    if (!length) {
        return NO_VALUE;
    }
    Own result = int_sign(length) < 0 ? raise_msg(&exc_ValueError, "length should not be negative")
                                      : slice_indices(VALUE(self), length);
    drop(length);
    return result;
}

/* -- the rest of the type */

Own
slice_py___reduce__(Slice *self)
{
    Own parts = tuple_pack(3, (Value)self->start, (Value)self->stop, (Value)self->step);
    if (!parts) {
        return NO_VALUE;
    }
    Own result = tuple_pack(2, VALUE(&slice_type), (Value)parts);
    drop(parts);
    return result;
}

Own
slice_get_start(Slice *self)
{
    return own(self->start);
}

Own
slice_get_stop(Slice *self)
{
    return own(self->stop);
}

Own
slice_get_step(Slice *self)
{
    return own(self->step);
}

static Own
slice_repr(Value v)
{
    Slice *slice = as_slice(v);
    return str_fmt("slice(%R, %R, %R)", (Value)slice->start, (Value)slice->stop,
                   (Value)slice->step);
}

static int64_t
slice_hash(Value v)
{
    Slice *slice = as_slice(v);
    Value parts[] = {slice->start, slice->stop, slice->step};
    return tuple_hash_items(parts, 3);
}

/* As the tuples of their parts. */
static Own
slice_compare(Value a, Value b, CompareOp op)
{
    if (!IS_EXACT(a, SLICE) || !IS_EXACT(b, SLICE)) {
        return own(NOTIMPLEMENTED);
    }
    Slice *x = as_slice(a), *y = as_slice(b);
    Value left[] = {x->start, x->stop, x->step}, right[] = {y->start, y->stop, y->step};
    return tuple_compare_items(left, 3, right, 3, op);
}

static int
slice_traverse(Object *o, Visit visit, void *arg)
{
    Slice *slice = (Slice *)o;
    VISIT(slice->start);
    VISIT(slice->stop);
    VISIT(slice->step);
    return 0;
}

/* No clear: a cycle through a slice, which is immutable, goes through something that can be
 * emptied. */
static void
slice_dealloc(Object *o)
{
    Slice *slice = (Slice *)o;
    drop_opt(slice->start);
    drop_opt(slice->stop);
    drop_opt(slice->step);
    object_free(o);
}

Type slice_type = {
    .name = "slice",
    .root_shape = SHAPE_SLICE,
    .flags = TYPE_GC,
    .basic_size = sizeof(Slice),
    .slots = {
        .traverse = slice_traverse,
        .dealloc = slice_dealloc,
        .create = slice_create,
        .repr = slice_repr,
        .hash = slice_hash,
        .compare = slice_compare,
    },
    .methods = slice_methods,
    .getsets = slice_getsets,
    .spec_doc = slice_doc,
};
