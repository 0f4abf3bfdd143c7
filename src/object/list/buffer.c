/* list: the buffer, and what C code does with lists (object/list.h).
 *
 * Invariants: 0 <= length <= capacity; items[0 .. length) are references, items[length .. capacity)
 * are empty. length 0 may go with a null buffer.
 *
 * Threads: every change is made with the list's lock held. A reader without the lock loads the
 * length, the buffer and the item (each with acquire), takes a reference, and looks again
 * whether buffer and item are still the same; what it holds then was in the list at that moment.
 * So changes of a contended list store words one at a time, never move a buffer's memory under a
 * reader, and drop what they took out only after the lock is free: dropping may run Python code. */
#include "list_priv.h"

#include "heap/alloc.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/range.h"
#include "object/slice.h"
#include "object/tuple.h"

/* -- the buffer */

void
list_move_items(const List *l, Own *to, const Own *from, int64_t n)
{
    if (LIKELY(!obj_is_contended(&l->head))) {
        memmove(to, from, (size_t)n * sizeof(Own));
    } else if (to < from) {
        for (int64_t i = 0; i < n; i++) {
            __atomic_store_n(&to[i], from[i], __ATOMIC_RELEASE);
        }
    } else {
        for (int64_t i = n; i-- > 0;) {
            __atomic_store_n(&to[i], from[i], __ATOMIC_RELEASE);
        }
    }
}

static void
list_empty_items(Own *items, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        __atomic_store_n(&items[i], NO_VALUE, __ATOMIC_RELAXED);
    }
}

/* With its header a buffer of odd capacity is a multiple of 16 bytes, which is what the
 * allocator gives anyway. */
static int64_t
list_round_capacity(int64_t n)
{
    return n | 1;
}

static size_t
list_buffer_size(int64_t capacity)
{
    return sizeof(ListBuffer) + (size_t)capacity * sizeof(Own);
}

/* What b, if there is one, holds past its first `length` items becomes empty. */
static ListBuffer *
list_buffer_prepare(ListBuffer *b, int64_t capacity, int64_t length)
{
    if (b) {
        b->room = (uint64_t)capacity << LIST_CHANGES_BITS;
        if (!mem_is_mapped(list_buffer_size(capacity))) {
            memset(b->items + length, 0, (size_t)(capacity - length) * sizeof(Own));
        }
    }
    return b;
}

ListBuffer *
list_buffer_new(int64_t capacity, int64_t length)
{
    return list_buffer_prepare(mem_alloc_sized(list_buffer_size(capacity)), capacity, length);
}

void
list_buffer_free(ListBuffer *b)
{
    mem_free_sized(b, list_buffer_size(list_capacity(b)));
}

void
list_buffer_retire(const Object *holder, ListBuffer *b)
{
    mem_retire_sized(holder, b, list_buffer_size(list_capacity(b)));
}

/* Moves the items into a buffer of exactly this capacity, at least the length. */
static int
list_set_capacity_locked(List *l, int64_t capacity)
{
    if (UNLIKELY(capacity > LIST_MAX_LENGTH)) {
        raise_no_memory();
        return -1;
    }
    ListBuffer *old = list_buffer_is_stand_in(l->buffer) ? NULL : l->buffer, *fresh;
    bool read_by_others = old && obj_is_contended(&l->head);
    if (old && !read_by_others) {
        fresh = mem_realloc_sized(old, list_buffer_size(list_capacity(old)), list_buffer_size(capacity));
        fresh = list_buffer_prepare(fresh, capacity, l->length);
    } else {
        fresh = list_buffer_new(capacity, l->length);
    }
    if (!fresh) {
        return -1;
    }
    if (read_by_others) {
        memcpy(fresh->items, old->items, (size_t)l->length * sizeof(Own));
    }
    __atomic_store_n(&l->buffer, fresh, __ATOMIC_RELEASE);
    if (read_by_others) {
        list_buffer_retire(&l->head, old);
    }
    return 0;
}

int
list_reserve_locked(List *l, int64_t capacity)
{
    ASSERT_LOCKED(l);
    if (capacity == 0 || (l->buffer && capacity <= list_capacity(l->buffer))) {
        return 0;
    }
    return list_set_capacity_locked(l, list_round_capacity(capacity));
}

int
list_grow_locked(List *l, int64_t capacity)
{
    ASSERT_LOCKED(l);
    if (l->buffer && capacity <= list_capacity(l->buffer)) {
        return 0;
    }
    int64_t extra = capacity > LIST_MAX_LENGTH / 2 ? 0 : capacity / 4 + 2;
    return list_set_capacity_locked(l, list_round_capacity(capacity + extra));
}

void
list_shrink_locked(List *l)
{
    ListBuffer *b = l->buffer;
    if (!b || list_capacity(b) <= 15 || l->length > list_capacity(b) / 4 || exc_pending()) {
        return;
    }
    if (list_set_capacity_locked(l, list_round_capacity(l->length + l->length / 4 + 2)) < 0) {
        exc_clear(); /* the larger buffer does as well */
    }
}

static List *
list_alloc(void)
{
    return (List *)object_alloc(SHAPE_LIST, sizeof(List), OBJ_TRACKED);
}

Own
list_new(int64_t capacity)
{
    List *l = list_alloc();
    if (l && capacity > 0 && list_reserve_locked(l, capacity) < 0) {
        drop(OWN(l));
        return NO_VALUE;
    }
    return OWN(l);
}

Own
list_from_array(Value const *items, int64_t length)
{
    Own v = list_new(length);
    if (!v) {
        return NO_VALUE;
    }
    List *l = as_list(v);
    for (int64_t i = 0; i < length; i++) {
        ref_init(&l->head, &l->buffer->items[i], own(items[i]));
    }
    l->length = length;
    return v;
}

Own
list_from_own(Own *items, int64_t length)
{
    Own v = list_new(length);
    if (!v) {
        for (int64_t i = 0; i < length; i++) {
            drop(items[i]);
        }
        return NO_VALUE;
    }
    List *l = as_list(v);
    for (int64_t i = 0; i < length; i++) {
        ref_init(&l->head, &l->buffer->items[i], items[i]);
    }
    l->length = length;
    return v;
}

/* -- reading */

int64_t
list_len(Value v)
{
    return list_length(as_list(v));
}

static NOINLINE Own
list_get_contended(List *l, int64_t i)
{
    for (;;) {
        if ((uint64_t)i >= (uint64_t)list_length(l)) {
            return NO_VALUE;
        }
        ListBuffer *b = __atomic_load_n(&l->buffer, __ATOMIC_ACQUIRE);
        if (!b || i >= list_capacity(b)) {
            return NO_VALUE;
        }
        Own item = __atomic_load_n(&b->items[i], __ATOMIC_ACQUIRE);
        if (!item) {
            return NO_VALUE;
        }
        if (is_immediate(item)) {
            return item;
        }
        if (try_own(item)) {
            if (LIKELY(__atomic_load_n(&b->items[i], __ATOMIC_ACQUIRE) == item &&
                       __atomic_load_n(&l->buffer, __ATOMIC_ACQUIRE) == b)) {
                return item;
            }
            drop_later(item);
        }
    }
}

Own
list_get(Value v, int64_t i)
{
    List *l = as_list(v);
    if (UNLIKELY(obj_is_contended(&l->head))) {
        return list_get_contended(l, i);
    }
    if ((uint64_t)i >= (uint64_t)l->length) {
        return NO_VALUE;
    }
    return own(l->buffer->items[i]);
}

/* The items from start on, `step` apart, in a new list. lock: l held · pre: they exist */
static Own
list_pick_locked(List *l, int64_t start, int64_t step, int64_t count)
{
    ASSERT_LOCKED(l);
    Own v = list_new(count);
    if (!v) {
        return NO_VALUE;
    }
    List *result = as_list(v);
    for (int64_t i = 0; i < count; i++) {
        ref_init(&result->head, &result->buffer->items[i],
                 own(l->buffer->items[start + i * step]));
    }
    result->length = count;
    return v;
}

Own
list_slice_step(Value v, int64_t start, int64_t stop, int64_t step)
{
    List *l = as_list(v);
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t count = slice_adjust(l->length, &start, &stop, step);
    Own result = list_pick_locked(l, start, step, count);
    critical_leave(&section);
    return result;
}

Own
list_slice(Value v, int64_t start, int64_t stop)
{
    return list_slice_step(v, start, stop, 1);
}

Own
list_to_tuple(Value v)
{
    List *l = as_list(v);
    CriticalSection section;
    critical_enter(&section, &l->head);
    Own result = tuple_from_array(l->length ? (Value const *)l->buffer->items : NULL, l->length);
    critical_leave(&section);
    return result;
}

/* -- changing */

int
list_append_locked(List *l, Own item)
{
    ASSERT_LOCKED(l);
    int64_t n = l->length;
    if (UNLIKELY(!l->buffer || n == list_capacity(l->buffer)) && list_grow_locked(l, n + 1) < 0) {
        return -1;
    }
    ref_init(&l->head, &l->buffer->items[n], item);
    list_set_length_locked(l, n + 1);
    return 0;
}

int
list_append_own(Value v, Own item)
{
    if (UNLIKELY(!item)) {
        return -1;
    }
    List *l = as_list(v);
    CriticalSection section;
    critical_enter(&section, &l->head);
    int status = list_append_locked(l, item);
    critical_leave(&section);
    if (UNLIKELY(status < 0)) {
        drop(item);
    }
    return status;
}

int
list_append(Value v, Value item)
{
    return list_append_own(v, own(item));
}

int
list_insert(Value v, int64_t i, Value item)
{
    List *l = as_list(v);
    Own slot = own(item);
    ListRemains none = {0};
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t stop = i;
    slice_adjust(l->length, &i, &stop, 1);
    int status = list_splice_locked(l, i, i, &slot, 1, &none);
    critical_leave(&section);
    if (status < 0) {
        drop(slot);
    }
    return status;
}

int
list_set(Value v, int64_t i, Own item)
{
    List *l = as_list(v);
    Own old = item;
    CriticalSection section;
    critical_enter(&section, &l->head);
    i += i < 0 ? l->length : 0;
    bool inside = (uint64_t)i < (uint64_t)l->length;
    if (LIKELY(inside)) {
        old = ref_swap(&l->head, &l->buffer->items[i], item);
    }
    critical_leave(&section);
    drop(old);
    return inside ? 0 : raise_int(&exc_IndexError, "list assignment index out of range");
}

/* Takes one item out. lock: l held · pre: it exists. own: ret new */
static Own
list_remove_at_locked(List *l, int64_t i)
{
    ASSERT_LOCKED(l);
    Own *items = l->buffer->items, item = items[i];
    int64_t last = l->length - 1;
    list_move_items(l, items + i, items + i + 1, last - i);
    __atomic_store_n(&items[last], NO_VALUE, __ATOMIC_RELEASE);
    list_set_length_locked(l, last);
    list_shrink_locked(l);
    return item;
}

Own
list_take(List *l, int64_t i)
{
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &l->head);
    i += i < 0 ? l->length : 0;
    if (LIKELY((uint64_t)i < (uint64_t)l->length)) {
        item = list_remove_at_locked(l, i);
    }
    critical_leave(&section);
    return item;
}

Own
list_pop_at(Value v, int64_t i)
{
    List *l = as_list(v);
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t n = l->length;
    if (i < 0) {
        i += n;
    }
    if (LIKELY((uint64_t)i < (uint64_t)n)) {
        item = list_remove_at_locked(l, i);
    }
    critical_leave(&section);
    if (UNLIKELY(!item)) {
        raise_msg(&exc_IndexError, n ? "pop index out of range" : "pop from empty list");
    }
    return item;
}

void
list_drop_remains(List *l, ListRemains *remains)
{
    if (remains->buffer) {
        for (int64_t i = remains->count; i-- > 0;) {
            drop(remains->buffer->items[i]);
        }
        list_buffer_retire(&l->head, remains->buffer);
    } else if (remains->items) {
        for (int64_t i = remains->count; i-- > 0;) {
            drop(remains->items[i]);
        }
        mem_free(remains->items);
    }
}

void
list_take_all_locked(List *l, ListRemains *remains)
{
    ASSERT_LOCKED(l);
    ListBuffer *buffer = list_buffer_is_stand_in(l->buffer) ? NULL : l->buffer;
    *remains = (ListRemains){.buffer = buffer, .count = l->length};
    list_set_length_locked(l, 0);
    __atomic_store_n(&l->buffer, NULL, __ATOMIC_RELEASE);
}

void
list_clear(Value v)
{
    List *l = as_list(v);
    ListRemains remains;
    CriticalSection section;
    critical_enter(&section, &l->head);
    list_take_all_locked(l, &remains);
    critical_leave(&section);
    list_drop_remains(l, &remains);
}

int
list_splice_locked(List *l, int64_t start, int64_t stop, Own *new_items, int64_t n,
                   ListRemains *remains)
{
    ASSERT_LOCKED(l);
    int64_t old_length = l->length, gone = stop - start, length = old_length - gone + n;
    if (length == 0) {
        list_take_all_locked(l, remains);
        return 0;
    }
    *remains = (ListRemains){0};
    if (gone > 0) {
        remains->items = mem_alloc((size_t)gone * sizeof(Own));
        if (!remains->items) {
            return -1;
        }
        remains->count = gone;
    }
    if (length > old_length && list_grow_locked(l, length) < 0) {
        mem_free(remains->items);
        *remains = (ListRemains){0};
        return -1;
    }
    Own *items = l->buffer->items;
    if (gone > 0) {
        memcpy(remains->items, items + start, (size_t)gone * sizeof(Own));
    }
    list_move_items(l, items + start + n, items + stop, old_length - stop);
    for (int64_t i = 0; i < n; i++) {
        ref_init(&l->head, &items[start + i], new_items[i]);
    }
    if (length < old_length) {
        list_empty_items(items + length, old_length - length);
    }
    list_set_length_locked(l, length);
    if (length < old_length) {
        list_shrink_locked(l);
    }
    return 0;
}

int
list_reverse(Value v)
{
    List *l = as_list(v);
    CriticalSection section;
    critical_enter(&section, &l->head);
    for (int64_t i = 0, j = l->length - 1; i < j; i++, j--) {
        Own *items = l->buffer->items, low = items[i];
        __atomic_store_n(&items[i], items[j], __ATOMIC_RELEASE);
        __atomic_store_n(&items[j], low, __ATOMIC_RELEASE);
    }
    critical_leave(&section);
    return 0;
}

/* -- extending */

/* Appends n values, counting each. lock: l held, and what holds the values */
static int
list_extend_array_locked(List *l, Value const *values, int64_t n)
{
    ASSERT_LOCKED(l);
    int64_t length = l->length;
    if (n == 0) {
        return 0;
    }
    if (length == 0 ? list_reserve_locked(l, n) < 0 : list_grow_locked(l, length + n) < 0) {
        return -1;
    }
    for (int64_t i = 0; i < n; i++) {
        ref_init(&l->head, &l->buffer->items[length + i], own(values[i]));
    }
    list_set_length_locked(l, length + n);
    return 0;
}

static int
list_extend_list(List *l, List *other)
{
    CriticalSection section;
    critical_enter_two(&section, &l->head, &other->head);
    int64_t n = other->length;
    int status = l == other ? list_grow_locked(l, 2 * n) : 0; /* before `values` is taken */
    Value const *values = n ? (Value const *)other->buffer->items : NULL;
    status = status < 0 ? -1 : list_extend_array_locked(l, values, n);
    critical_leave(&section);
    return status;
}

static int
list_extend_tuple(List *l, Tuple *t)
{
    CriticalSection section;
    critical_enter(&section, &l->head);
    int status = list_extend_array_locked(l, (Value const *)t->items, t->length);
    critical_leave(&section);
    return status;
}

/* Ints that need no objects are written without asking an iterator for each. */
static int
list_extend_small_range(List *l, int64_t start, int64_t step, int64_t n)
{
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t length = l->length;
    int status = length == 0 ? list_reserve_locked(l, n) : list_grow_locked(l, length + n);
    if (status == 0 && n > 0) {
        Own *items = l->buffer->items + length;
        for (int64_t i = 0; i < n; i++) {
            __atomic_store_n(&items[i], small_int(start + i * step), __ATOMIC_RELAXED);
        }
        list_set_length_locked(l, length + n);
    }
    critical_leave(&section);
    return status;
}

static int
list_extend_iterable(List *l, Value iterable)
{
    Own it = object_iter(iterable);
    if (!it) {
        return -1;
    }
    int64_t hint = object_length_hint(iterable, 0);
    if (hint < 0) {
        drop(it);
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t length = l->length;
    /* One too large for memory is ignored: it is only a hint. */
    if (hint < LIST_MAX_LENGTH - length &&
        (length ? list_grow_locked(l, length + hint) : list_reserve_locked(l, hint)) < 0) {
        exc_clear();
    }
    critical_leave(&section);
    Own item;
    while ((item = object_next(it)) != NO_VALUE) {
        if (list_append_own(VALUE(l), item) < 0) {
            break;
        }
    }
    drop(it);
    if (exc_pending()) {
        return -1;
    }
    critical_enter(&section, &l->head);
    list_shrink_locked(l);
    critical_leave(&section);
    return 0;
}

int
list_extend(Value v, Value iterable)
{
    List *l = as_list(v);
    if (IS_EXACT(iterable, LIST)) {
        return list_extend_list(l, as_list(iterable));
    }
    if (IS_EXACT(iterable, TUPLE)) {
        return list_extend_tuple(l, as_tuple(iterable));
    }
    int64_t start, step, n;
    if (IS_EXACT(iterable, RANGE) && range_is_small(iterable, &start, &step, &n)) {
        return list_extend_small_range(l, start, step, n);
    }
    Own snapshot = object_snapshot(iterable, true);
    if (snapshot) {
        int status = list_extend_list(l, as_list(snapshot));
        drop(snapshot);
        return status;
    }
    return exc_pending() ? -1 : list_extend_iterable(l, iterable);
}
