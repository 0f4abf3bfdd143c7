/* deque: the ring, and the type.
 *
 * Invariants: the items lie in slots first, first + 1... modulo capacity, which is a power of two;
 * all other slots are empty. length <= capacity, and <= maxlen where that is not negative.
 *
 * Threads: every method holds the deque's lock, so each operation is atomic; items taken out are
 * dropped when it is free. Comparing items may run Python code that lets others in: `changes` tells
 * such loops that the deque is not what it was. */
#include "module/_collections/deque.h"
#include "heap/alloc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/list.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "deque.spec.h"

#define DEQUE_MAX_LENGTH (INT64_MAX / 16)

/* -- the ring -- */

static void
deque_set_length_locked(Deque *d, int64_t n)
{
    __atomic_store_n(&d->length, n, __ATOMIC_RELAXED);
    d->changes++;
}

/* Room for n items in all. fail: -1 + MemoryError */
static int
deque_reserve_locked(Deque *d, int64_t n)
{
    ASSERT_LOCKED(d);
    if (n <= d->capacity) {
        return 0;
    }
    if (n > DEQUE_MAX_LENGTH) {
        raise_no_memory();
        return -1;
    }
    int64_t capacity = d->capacity ? d->capacity : 4;
    while (capacity < n) {
        capacity *= 2;
    }
    Own *ring = mem_zalloc((size_t)capacity * sizeof(Own));
    if (!ring) {
        return -1;
    }
    for (int64_t i = 0; i < d->length; i++) {
        ring[i] = *deque_slot_locked(d, i);
    }
    mem_free(d->ring);
    d->ring = ring;
    d->capacity = capacity;
    d->first = 0;
    return 0;
}

/* Gives memory back when most slots are empty. */
static void
deque_shrink_locked(Deque *d)
{
    if (d->capacity <= 64 || d->length > d->capacity / 8 || exc_pending()) {
        return;
    }
    int64_t capacity = d->capacity / 4;
    Own *ring = mem_zalloc((size_t)capacity * sizeof(Own));
    if (!ring) {
        exc_clear(); /* the larger ring does as well */
        return;
    }
    for (int64_t i = 0; i < d->length; i++) {
        ring[i] = *deque_slot_locked(d, i);
    }
    mem_free(d->ring);
    d->ring = ring;
    d->capacity = capacity;
    d->first = 0;
}

/* lock: d held · pre: not empty. own: ret new */
static Own
deque_take_locked(Deque *d, bool left)
{
    ASSERT_LOCKED(d);
    Own *slot = deque_slot_locked(d, left ? 0 : d->length - 1), item = *slot;
    *slot = NO_VALUE;
    d->first = (d->first + left) & (d->capacity - 1);
    deque_set_length_locked(d, d->length - 1);
    deque_shrink_locked(d);
    return item;
}

/* Adds an item, which moves in, at an end; *out is what fell off the other one, or NO_VALUE.
 * fail: -1, item still the caller's. lock: d held */
static int
deque_add_locked(Deque *d, Own item, bool left, Own *out)
{
    ASSERT_LOCKED(d);
    *out = NO_VALUE;
    if (d->maxlen == 0) {
        *out = item;
        return 0;
    }
    if (d->length == d->maxlen) {
        *out = deque_take_locked(d, !left);
    } else if (UNLIKELY(d->length == d->capacity) && deque_reserve_locked(d, d->length + 1) < 0) {
        return -1;
    }
    d->first = (d->first - left) & (d->capacity - 1);
    ref_init(&d->head, deque_slot_locked(d, left ? 0 : d->length), item);
    deque_set_length_locked(d, d->length + 1);
    return 0;
}

int
deque_add(Deque *d, Own item, bool left)
{
    Own out;
    CriticalSection section;
    critical_enter(&section, &d->head);
    int status = deque_add_locked(d, item, left, &out);
    critical_leave(&section);
    if (status < 0) {
        drop(item);
    }
    drop_opt(out);
    return status;
}

Own
deque_take(Deque *d, bool left)
{
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &d->head);
    if (d->length > 0) {
        item = deque_take_locked(d, left);
    }
    critical_leave(&section);
    return item;
}

static Own
deque_pop_end(Deque *d, bool left)
{
    Own item = deque_take(d, left);
    return item ? item : raise_msg(&exc_IndexError, "pop from an empty deque");
}

/* Takes all items out, and has it keep as many as `maxlen` (null: as before) from then on: in one, as what is dropped may add some. */
static void
deque_restart(Deque *d, const int64_t *maxlen)
{
    CriticalSection section;
    critical_enter(&section, &d->head);
    Own *ring = d->ring;
    int64_t length = d->length, first = d->first, mask = d->capacity - 1;
    d->ring = NULL;
    d->capacity = d->first = 0;
    deque_set_length_locked(d, 0);
    if (maxlen) {
        __atomic_store_n(&d->maxlen, *maxlen, __ATOMIC_RELAXED);
    }
    critical_leave(&section);
    for (int64_t i = 0; i < length; i++) {
        drop(ring[(first + i) & mask]);
    }
    mem_free(ring);
}

static void
deque_clear_items(Deque *d)
{
    deque_restart(d, NULL);
}

/* Takes `n` steps to the left or right, each an item's. lock: d held */
static void
deque_rotate_locked(Deque *d, int64_t n)
{
    ASSERT_LOCKED(d);
    int64_t length = d->length, mask = d->capacity - 1;
    if (length < 2) {
        return;
    }
    n %= length;
    if (n > length / 2) {
        n -= length;
    } else if (n < -length / 2) {
        n += length;
    }
    d->changes++;
    for (; n > 0; n--) { /* the last one becomes the first */
        Own *last = deque_slot_locked(d, length - 1), item = *last;
        *last = NO_VALUE;
        d->first = (d->first - 1) & mask;
        *deque_slot_locked(d, 0) = item;
    }
    for (; n < 0; n++) {
        Own *first = deque_slot_locked(d, 0), item = *first;
        *first = NO_VALUE;
        d->first = (d->first + 1) & mask;
        *deque_slot_locked(d, length - 1) = item;
    }
}

Own
deque_get(Deque *d, int64_t i, const uint64_t *changes)
{
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &d->head);
    if (i >= 0 && i < d->length && (!changes || *changes == d->changes)) {
        item = own(*deque_slot_locked(d, i));
    }
    critical_leave(&section);
    return item;
}

uint64_t
deque_changes(Deque *d)
{
    CriticalSection section;
    critical_enter(&section, &d->head);
    uint64_t changes = d->changes;
    critical_leave(&section);
    return changes;
}

/* -- making and filling -- */

static Own
deque_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own v = type_alloc(type, 0);
    if (v) {
        as_deque(v)->maxlen = -1;
    }
    return v;
}

static Own
deque_new(int64_t maxlen)
{
    Own v = deque_create(&deque_type, (Value const[1]){0}, 0, NO_VALUE);
    if (v) {
        as_deque(v)->maxlen = maxlen;
    }
    return v;
}

/* The items in a new list. (no runpy) */
static Own
deque_to_list(Deque *d)
{
    CriticalSection section;
    critical_enter(&section, &d->head);
    Own list = list_new(d->length);
    for (int64_t i = 0; list && i < d->length; i++) {
        if (list_append(list, *deque_slot_locked(d, i)) < 0) {
            ref_clear(&list);
        }
    }
    critical_leave(&section);
    return list;
}

static Own
deque_snapshot(Value v, bool always)
{
    return always || obj_is_contended(obj(v)) ? deque_to_list(as_deque(v)) : NO_VALUE;
}

/* What d is to be extended by: a copy where d itself or other threads may change it meanwhile. */
static Own
deque_extension(Deque *d, Value iterable)
{
    if (type_of(iterable) == &deque_type || iterable == VALUE(d)) {
        return deque_to_list(as_deque(iterable));
    }
    if (IS_EXACT(iterable, LIST) && obj_is_contended(obj(iterable))) {
        return list_to_tuple(iterable);
    }
    Own copy = object_snapshot(iterable, false);
    return copy || exc_pending() ? copy : own(iterable);
}

static int
deque_extend(Deque *d, Value iterable, bool left)
{
    Own copy = deque_extension(d, iterable);
    /* all at once where no Python code runs in between */
    bool at_once = copy && (IS_EXACT(copy, LIST) || IS_EXACT(copy, TUPLE));
    Own it = copy ? object_iter(copy) : NO_VALUE, item;
    drop_opt(copy);
    if (!it) {
        return -1;
    }
    CriticalSection section = {0};
    if (at_once) {
        critical_enter(&section, &d->head);
    }
    while ((item = object_next(it)) != NO_VALUE) {
        if (deque_add(d, item, left) < 0) {
            break;
        }
    }
    critical_leave(&section);
    drop(it);
    return exc_pending() ? -1 : 0;
}

int
deque_init(Deque *self, Value iterable, Value maxlen_arg)
{
    int64_t maxlen = -1;
    if (maxlen_arg != NONE) {
        if (!is_int(maxlen_arg)) {
            return raise_int(&exc_TypeError, "an integer is required");
        }
        if (!int_as_i64(maxlen_arg, &maxlen)) {
            return raise_int(&exc_OverflowError,
                             "Python int too large to convert to C ssize_t");
        }
        if (maxlen < 0) {
            return raise_int(&exc_ValueError, "maxlen must be non-negative");
        }
    }
    deque_restart(self, &maxlen);
    return iterable ? deque_extend(self, iterable, false) : 0;
}

/* A deque of the same items and maxlen, of the same class. */
Own
deque_py_copy(Deque *self)
{
    Type *type = type_of(VALUE(self));
    if (type != &deque_type) {
        int64_t most = deque_maxlen(self);
        Own maxlen = most < 0 ? NO_VALUE : int_from_i64(most);
        Own cls = own(VALUE(type)); /* which Python code may take from self */
        Own copy = maxlen ? call2(cls, VALUE(self), maxlen) : call1(cls, VALUE(self));
        drop_opt(maxlen);
        if (copy && !is_deque(copy)) { /* the class has a __new__ of its own */
            Own other = copy;
            copy = raise_fmt(&exc_TypeError, "%N() must return a deque, not %T", type, (Value)other);
            drop(other);
        }
        drop(cls);
        return copy;
    }
    Own v = deque_new(-1);
    if (!v) {
        return NO_VALUE;
    }
    Deque *copy = as_deque(v);
    CriticalSection section;
    critical_enter(&section, &self->head);
    copy->maxlen = self->maxlen;
    int64_t length = self->length;
    int status = deque_reserve_locked(copy, length);
    for (int64_t i = 0; status == 0 && i < length; i++) {
        ref_init(&copy->head, &copy->ring[i], own(*deque_slot_locked(self, i)));
    }
    if (status == 0) {
        deque_set_length_locked(copy, length);
    }
    critical_leave(&section);
    if (status < 0) {
        ref_clear(&v);
    }
    return v;
}

Own
deque_py___copy__(Deque *self)
{
    return deque_py_copy(self);
}

/* -- items by index -- */

static int64_t
deque_len(Value v)
{
    return deque_length(as_deque(v));
}

static Own
deque_seq_item(Value v, int64_t i)
{
    Own item = deque_get(as_deque(v), i, NULL);
    return item ? item : raise_msg(&exc_IndexError, "deque index out of range");
}

/* As it is written: what is negative counts from the end, wherever that is once the lock is held. */
static int
deque_index_of_key(Value key, int64_t *i)
{
    if (!is_small_int(key) && !object_has_index(key)) {
        return raise_int(&exc_TypeError, "sequence index must be integer, not '%T'", key);
    }
    return index_value(key, i);
}

static Own
deque_getitem(Value v, Value key)
{
    Deque *d = as_deque(v);
    int64_t i;
    if (deque_index_of_key(key, &i) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &d->head);
    Own item = deque_get(d, i < 0 ? i + d->length : i, NULL);
    critical_leave(&section);
    return item ? item : raise_msg(&exc_IndexError, "deque index out of range");
}

/* Takes item i out by moving it to an end and back. lock: d held · pre: it exists. own: ret new */
static Own
deque_remove_at_locked(Deque *d, int64_t i)
{
    deque_rotate_locked(d, -i);
    Own item = deque_take_locked(d, true);
    deque_rotate_locked(d, i);
    return item;
}

static int
deque_setitem(Value v, Value key, Value value)
{
    Deque *d = as_deque(v);
    int64_t i;
    if (deque_index_of_key(key, &i) < 0) {
        return -1;
    }
    Own fresh = own_opt(value), old = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &d->head);
    i = i < 0 ? i + d->length : i;
    if (i >= 0 && i < d->length) {
        old = value ? ref_swap(&d->head, deque_slot_locked(d, i), fresh)
                    : deque_remove_at_locked(d, i);
    }
    critical_leave(&section);
    if (old) {
        drop(old);
        return 0;
    }
    drop_opt(fresh);
    return raise_int(&exc_IndexError, "deque index out of range");
}

/* -- searching and comparing -- */

/* The first index in [i, stop) of an item equal to value; -1 none, -2 failed, -3 the deque has
 * changed. */
static int64_t
deque_find(Deque *d, Value value, int64_t i, int64_t stop, uint64_t changes)
{
    for (; i < stop; i++) {
        Own item = deque_get(d, i, &changes);
        if (!item) {
            return -3;
        }
        int equal = object_equal(item, value);
        drop(item);
        if (equal < 0) {
            return -2;
        }
        if (equal) {
            return i;
        }
    }
    return -1;
}

static int
raise_mutated(void)
{
    return raise_int(&exc_RuntimeError, "deque mutated during iteration");
}

static int
deque_contains(Value v, Value value)
{
    Deque *d = as_deque(v);
    CriticalSection section;
    critical_enter(&section, &d->head);
    uint64_t changes = deque_changes(d);
    int64_t i = deque_find(d, value, 0, deque_length(d), changes);
    if (i == -1 && deque_changes(d) != changes) {
        i = -3;
    }
    critical_leave(&section);
    return i == -3 ? raise_mutated() : i == -2 ? -1 : i >= 0;
}

int64_t
deque_py_count(Deque *self, Value value)
{
    uint64_t changes = deque_changes(self);
    int64_t n = 0, i = -1, length = deque_length(self);
    while ((i = deque_find(self, value, i + 1, length, changes)) >= 0) {
        n++;
    }
    if (i == -1 && deque_changes(self) != changes) {
        i = -3;
    }
    return i == -3 ? raise_mutated() : i == -2 ? -1 : n;
}

int64_t
deque_py_index(Deque *self, Value value, Value start_arg, Value stop_arg)
{
    int64_t start = 0, stop = INT64_MAX;
    if ((start_arg && slice_bound(start_arg, &start) < 0) ||
        (stop_arg && slice_bound(stop_arg, &stop) < 0)) {
        return -1;
    }
    uint64_t changes = deque_changes(self);
    slice_adjust(deque_length(self), &start, &stop, 1);
    int64_t i = deque_find(self, value, start, stop, changes);
    if (i == -1 && deque_changes(self) != changes) {
        i = -3;
    }
    if (i == -1) {
        return raise_int(&exc_ValueError, "deque.index(x): x not in deque");
    }
    return i == -3 ? raise_mutated() : i == -2 ? -1 : i;
}

int
deque_py_remove(Deque *self, Value value)
{
    uint64_t changes = deque_changes(self);
    int64_t i = deque_find(self, value, 0, deque_length(self), changes);
    Own item = NO_VALUE;
    if (i >= 0) {
        CriticalSection section;
        critical_enter(&section, &self->head);
        if (self->changes == changes) {
            item = deque_remove_at_locked(self, i);
        }
        critical_leave(&section);
        i = item ? i : -3;
    }
    drop_opt(item);
    if (i == -1) {
        return raise_int(&exc_ValueError, "deque.remove(x): x not in deque");
    }
    if (i == -3) {
        return raise_int(&exc_IndexError, "deque mutated during iteration");
    }
    return i < 0 ? -1 : 0;
}

/* lock: both held */
static Own
deque_compare_locked(Deque *x, Deque *y, CompareOp op)
{
    uint64_t x_changes = deque_changes(x), y_changes = deque_changes(y);
    int64_t nx = deque_length(x), ny = deque_length(y);
    bool equality = op == CMP_EQ || op == CMP_NE;
    if (x == y || (equality && nx != ny)) {
        return bool_value(x == y ? op == CMP_EQ || op == CMP_LE || op == CMP_GE : op == CMP_NE);
    }
    for (int64_t i = 0; i < nx && i < ny; i++) {
        Own p = deque_get(x, i, &x_changes), q = deque_get(y, i, &y_changes), result = NO_VALUE;
        int equal = p && q ? object_equal(p, q) : raise_mutated();
        if (equal == 0) {
            result = equality ? bool_value(op == CMP_NE) : object_compare(p, q, op);
        }
        drop_opt(p);
        drop_opt(q);
        if (equal <= 0) {
            return result;
        }
    }
    return object_compare(small_int(nx), small_int(ny), op);
}

static Own
deque_compare(Value a, Value b, CompareOp op)
{
    if (!is_deque(a) || !is_deque(b)) {
        return own(NOTIMPLEMENTED);
    }
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own result = deque_compare_locked(as_deque(a), as_deque(b), op);
    critical_leave(&section);
    return result;
}

/* -- operators -- */

static Own
deque_concat(Value a, Value b)
{
    if (!is_deque(b)) {
        return raise_fmt(&exc_TypeError, "can only concatenate deque (not \"%T\") to deque", b);
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own result = deque_py_copy(as_deque(a));
    if (result && deque_extend(as_deque(result), b, false) < 0) {
        ref_clear(&result);
    }
    critical_leave(&section);
    return result;
}

static Own
deque_inplace_concat(Value a, Value b)
{
    return deque_extend(as_deque(a), b, false) < 0 ? NO_VALUE : own(a);
}

/* Adds the items, which are all of its own, n - 1 times. lock: d held */
static int
deque_repeat_locked(Deque *d, Value items, int64_t n)
{
    int64_t length = list_len(items);
    if (length == 0) {
        return 0;
    }
    if (d->maxlen >= 0 && n > d->maxlen / length + 1) {
        n = d->maxlen / length + 1; /* what came before falls off */
    }
    if (n > DEQUE_MAX_LENGTH / length) {
        raise_no_memory();
        return -1;
    }
    int status = 0;
    for (int64_t i = 1; status == 0 && i < n; i++) {
        status = deque_extend(d, items, false);
    }
    return status;
}

static Own
deque_inplace_repeat(Value v, int64_t n)
{
    Deque *d = as_deque(v);
    if (n <= 0) {
        deque_clear_items(d);
        return own(v);
    }
    CriticalSection section;
    critical_enter(&section, &d->head);
    Own items = deque_to_list(d); /* holds what falls off meanwhile, too */
    int status = items ? deque_repeat_locked(d, items, n) : -1;
    critical_leave(&section);
    drop_opt(items);
    return status < 0 ? NO_VALUE : own(v);
}

static Own
deque_repeat(Value v, int64_t n)
{
    Own copy = deque_py_copy(as_deque(v));
    Own result = copy ? deque_inplace_repeat(copy, n) : NO_VALUE;
    drop_opt(copy);
    return result;
}

static Own
deque_repr(Value v)
{
    int entered = repr_enter(v);
    if (entered != 0) {
        return entered > 0 ? str_from_cstr("[...]") : NO_VALUE;
    }
    Own list = deque_to_list(as_deque(v));
    Own name = list ? type_name_str(type_of(v)) : NO_VALUE, text = NO_VALUE;
    int64_t maxlen = deque_maxlen(as_deque(v));
    if (name) {
        text = maxlen < 0 ? str_fmt("%U(%R)", (Value)name, (Value)list)
                          : str_fmt("%U(%R, maxlen=%zd)", (Value)name, (Value)list, maxlen);
    }
    drop_opt(list);
    drop_opt(name);
    repr_leave(v);
    return text;
}

/* -- methods -- */

int
deque_py_append(Deque *self, Value item)
{
    return deque_add(self, own(item), false);
}

int
deque_py_appendleft(Deque *self, Value item)
{
    return deque_add(self, own(item), true);
}

Own
deque_py_pop(Deque *self)
{
    return deque_pop_end(self, false);
}

Own
deque_py_popleft(Deque *self)
{
    return deque_pop_end(self, true);
}

int
deque_py_clear(Deque *self)
{
    deque_clear_items(self);
    return 0;
}

int
deque_py_extend(Deque *self, Value iterable)
{
    return deque_extend(self, iterable, false);
}

int
deque_py_extendleft(Deque *self, Value iterable)
{
    return deque_extend(self, iterable, true);
}

/* The items from there on make way by a turn of the ring, and come back after. */
int
deque_py_insert(Deque *self, int64_t index, Value value)
{
    Own item = own(value), out = NO_VALUE;
    int status = 0;
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t n = self->length;
    bool full = n == self->maxlen;
    if (!full) {
        int64_t at = index < -n ? 0 : index < 0 ? index + n : index > n ? n : index;
        deque_rotate_locked(self, -at);
        status = deque_add_locked(self, item, true, &out);
        deque_rotate_locked(self, at);
    }
    critical_leave(&section);
    if (full) {
        drop(item);
        return raise_int(&exc_IndexError, "deque already at its maximum size");
    }
    if (status < 0) {
        drop(item);
    }
    return status;
}

int
deque_py_rotate(Deque *self, int64_t n)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    deque_rotate_locked(self, n);
    critical_leave(&section);
    return 0;
}

int
deque_py_reverse(Deque *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    for (int64_t i = 0, j = self->length - 1; i < j; i++, j--) {
        Own *low = deque_slot_locked(self, i), *high = deque_slot_locked(self, j), item = *low;
        *low = *high;
        *high = item;
    }
    self->changes++;
    critical_leave(&section);
    return 0;
}

Own
deque_py___reversed__(Deque *self)
{
    return deque_reversed(VALUE(self));
}

/* (class, arguments, state, iterator of the items) */
Own
deque_py___reduce__(Deque *self)
{
    Own state = call_method0(VALUE(self), "__getstate__");
    Own it = state ? object_iter(VALUE(self)) : NO_VALUE;
    Own args = NO_VALUE, result = NO_VALUE;
    int64_t maxlen = deque_maxlen(self);
    if (it && maxlen < 0) {
        args = tuple_new(0);
    } else if (it) {
        Own pair[2] = {tuple_empty, int_from_i64(maxlen)};
        args = tuple_from_own(pair, 2);
    }
    if (args) {
        result = tuple_pack(4, VALUE(type_of(VALUE(self))), (Value)args, (Value)state, (Value)it);
    }
    drop_opt(args);
    drop_opt(it);
    drop_opt(state);
    return result;
}

int64_t
deque_py___sizeof__(Deque *self)
{
    return type_of(VALUE(self))->basic_size + self->capacity * (int64_t)sizeof(Own);
}

Own
deque_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Own
deque_get_maxlen(Deque *self)
{
    int64_t maxlen = deque_maxlen(self);
    return maxlen < 0 ? NONE : int_from_i64(maxlen);
}

/* -- life -- */

static int
deque_traverse(Object *o, Visit visit, void *arg)
{
    Deque *d = (Deque *)o;
    for (int64_t i = 0; i < d->length; i++) {
        VISIT(*deque_slot_locked(d, i));
    }
    return 0;
}

static void
deque_clear(Object *o)
{
    deque_clear_items((Deque *)o);
}

static void
deque_dealloc(Object *o)
{
    deque_clear_items((Deque *)o);
    object_free(o);
}

Type deque_type = {
    .name = "collections.deque",
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_WEAKREFS | TYPE_SEQUENCE_PATTERN,
    .basic_size = sizeof(Deque),
    .slots = {
        .traverse = deque_traverse,
        .clear = deque_clear,
        .dealloc = deque_dealloc,
        .create = deque_create,
        .init = deque_init_slot,
        .repr = deque_repr,
        .compare = deque_compare,
        .iter = deque_iter,
        .len = deque_len,
        .seq_item = deque_seq_item,
        .getitem = deque_getitem,
        .setitem = deque_setitem,
        .contains = deque_contains,
        .concat = deque_concat,
        .inplace_concat = deque_inplace_concat,
        .repeat = deque_repeat,
        .inplace_repeat = deque_inplace_repeat,
    },
    .methods = deque_methods,
    .getsets = deque_getsets,
    .spec_doc = deque_doc,
    .snapshot = deque_snapshot,
};
