/* array: the memory, subscripts and slices. */
#include "module/array/array.h"
#include "object/slice.h"
#include "object/type.h"

/* -- memory -- */

static int
check_resizable(const Array *a)
{
    return a->exports > 0 ? raise_int(&exc_BufferError, "cannot resize an array that is exporting buffers") : 0;
}

static int
set_capacity(Array *a, int64_t capacity)
{
    if (capacity > INT64_MAX / 16) {
        raise_no_memory();
        return -1;
    }
    uint8_t *data = mem_realloc(a->data, (size_t)(capacity * a->item_size));
    if (!data) {
        return -1;
    }
    a->data = data;
    a->capacity = capacity;
    return 0;
}

uint8_t *
array_grow_locked(Array *a, int64_t at, int64_t n)
{
    if (n > 0 && check_resizable(a) < 0) {
        return NULL;
    }
    if (n > INT64_MAX / 16 - a->length) {
        raise_no_memory();
        return NULL;
    }
    int64_t length = a->length + n;
    if (length > a->capacity && set_capacity(a, length + (length >> 4) + (a->length ? 7 : 0)) < 0) {
        return NULL;
    }
    if (!a->data && set_capacity(a, 1) < 0) { /* so that there is an address to give */
        return NULL;
    }
    uint8_t *place = a->data + at * a->item_size;
    if (n > 0) { /* else it may be lent, and those who have it read this without a lock */
        memmove(place + n * a->item_size, place, (size_t)((a->length - at) * a->item_size));
        a->length = length;
    }
    return place;
}

int
array_remove_locked(Array *a, int64_t at, int64_t n)
{
    if (n == 0) {
        return 0;
    }
    if (check_resizable(a) < 0) {
        return -1;
    }
    uint8_t *place = a->data + at * a->item_size;
    memmove(place, place + n * a->item_size, (size_t)((a->length - at - n) * a->item_size));
    a->length -= n;
    if (a->length < a->capacity / 2 && set_capacity(a, a->length ? a->length : 1) < 0) {
        exc_clear(); /* it stays larger than it need be */
    }
    return 0;
}

int
array_append_bytes(Array *a, const uint8_t *items, int64_t n)
{
    CriticalSection section;
    critical_enter(&section, &a->head);
    uint8_t *to = array_grow_locked(a, a->length, n);
    if (to && n) {
        memcpy(to, items, (size_t)(n * a->item_size));
    }
    critical_leave(&section);
    return to ? 0 : -1;
}

Own
array_new(Type *type, const ArrayKind *kind, const uint8_t *items, int64_t n)
{
    Own v = type_alloc(type, 0);
    if (!v) {
        return NO_VALUE;
    }
    Array *a = as_array(v);
    a->kind = kind;
    a->item_size = kind->size;
    if (n && set_capacity(a, n) < 0) {
        drop(v);
        return NO_VALUE;
    }
    if (n) {
        buffer_memory_copy(a->data, items, (size_t)(n * a->item_size)); /* of another array, it may be lent */
        a->length = n;
    }
    return v;
}

uint8_t *
array_snapshot(Array *a, int64_t *n)
{
    CriticalSection section;
    critical_enter(&section, &a->head);
    *n = a->length;
    uint8_t *copy = mem_alloc((size_t)(a->length * a->item_size) + 1);
    if (copy && a->length) {
        buffer_memory_copy(copy, a->data, (size_t)(a->length * a->item_size)); /* it may be lent */
    }
    critical_leave(&section);
    return copy;
}

int
array_extend(Array *a, Value v)
{
    if (is_array(v)) {
        int64_t n;
        if (as_array(v)->kind != a->kind) {
            return raise_int(&exc_TypeError, "can only extend with array of same kind");
        }
        uint8_t *items = array_snapshot(as_array(v), &n);
        int status = items ? array_append_bytes(a, items, n) : -1;
        mem_free(items);
        return status;
    }
    return array_extend_items(a, v);
}

int
array_extend_items(Array *a, Value v)
{
    /* all at once where no Python code runs in between */
    bool at_once = IS_EXACT(v, LIST) || IS_EXACT(v, TUPLE);
    Own it = object_iter_all(v), item;
    CriticalSection section = {0};
    if (at_once) {
        critical_enter(&section, &a->head);
    }
    while (it && (item = object_next(it))) {
        uint8_t place[8];
        int status = array_item_from(a->kind, item, place);
        drop(item);
        if (status < 0 || array_append_bytes(a, place, 1) < 0) {
            break;
        }
    }
    critical_leave(&section);
    drop_opt(it);
    return exc_pending() ? -1 : 0;
}

/* -- subscripts -- */

Own
array_item_at(Array *a, int64_t i)
{
    Own v = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &a->head);
    if (i >= 0 && i < a->length) {
        v = array_item_to(a->kind, a->data + i * a->item_size);
    }
    critical_leave(&section);
    return v;
}

static int64_t
array_length(Array *a)
{
    CriticalSection section;
    critical_enter(&section, &a->head);
    int64_t n = a->length;
    critical_leave(&section);
    return n;
}

static Own
get_slice(Array *a, Value key)
{
    int64_t start, stop, step;
    if (slice_unpack(key, &start, &stop, &step) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &a->head);
    int64_t n = slice_adjust(a->length, &start, &stop, step);
    Own v = step == 1 ? array_new(&array_type, a->kind, n ? a->data + start * a->item_size : NULL, n)
                      : array_new(&array_type, a->kind, a->data, 0);
    if (v && step != 1 && n) {
        uint8_t *to = array_grow_locked(as_array(v), 0, n);
        for (int64_t i = 0; to && i < n; i++, start = slice_next(start, step)) {
            buffer_item_copy(to + i * a->item_size, a->data + start * a->item_size, a->item_size);
        }
        if (!to) {
            drop(v);
            v = NO_VALUE;
        }
    }
    critical_leave(&section);
    return v;
}

Own
array_getitem(Value v, Value key)
{
    int64_t i;
    if (IS_EXACT(key, SLICE)) {
        return get_slice(as_array(v), key);
    }
    if (!object_has_index(key)) {
        return raise_msg(&exc_TypeError, "array indices must be integers");
    }
    if (index_value(key, &i) < 0) {
        return NO_VALUE;
    }
    CriticalSection section; /* -1 is the last item, whatever others do */
    critical_enter(&section, obj(v));
    Own item = array_item_at(as_array(v), i < 0 ? i + array_length(as_array(v)) : i);
    critical_leave(&section);
    return item || exc_pending() ? item : raise_msg(&exc_IndexError, "array index out of range");
}

/* Puts n items in place of the slice's, or deletes them (items null). lock: a held · fail: -1 */
static int
replace_locked(Array *a, int64_t start, int64_t stop, int64_t step, const uint8_t *items, int64_t n)
{
    int64_t have = slice_adjust(a->length, &start, &stop, step);
    size_t size = (size_t)a->item_size;
    if (have != n && check_resizable(a) < 0) {
        return -1;
    }
    if (step == 1) {
        if (n > have && !array_grow_locked(a, start + have, n - have)) {
            return -1;
        }
        if (n < have && array_remove_locked(a, start + n, have - n) < 0) {
            return -1;
        }
        if (n) {
            buffer_memory_copy((uint8_t *)a->data + (size_t)start * size, items, (size_t)n * size);
        }
        return 0;
    }
    if (!items) {
        if (step < 0 && have) { /* the same items, from the front */
            start += (have - 1) * step;
            step = -step;
        }
        for (int64_t i = 0; i < have; i++) { /* each was moved to the front by those before it */
            if (array_remove_locked(a, start + i * step - i, 1) < 0) {
                return -1;
            }
        }
        return 0;
    }
    if (n != have) {
        return raise_int(&exc_ValueError, "attempt to assign array of size %zd to extended slice of size %zd", n, have);
    }
    for (int64_t i = 0; i < n; i++, start = slice_next(start, step)) {
        buffer_item_copy((uint8_t *)a->data + (size_t)start * size, items + (size_t)i * size, (int64_t)size);
    }
    return 0;
}

static int
set_slice(Array *a, Value key, Value value)
{
    int64_t start, stop, step, n = 0;
    uint8_t *items = NULL;
    if (slice_unpack(key, &start, &stop, &step) < 0) {
        return -1;
    }
    if (value) {
        if (!is_array(value)) {
            return raise_int(&exc_TypeError, "can only assign array (not \"%T\") to array slice", value);
        }
        if (as_array(value)->kind != a->kind) {
            return raise_int(&exc_TypeError, "bad argument type for built-in operation");
        }
        items = array_snapshot(as_array(value), &n);
        if (!items) {
            return -1;
        }
    }
    CriticalSection section;
    critical_enter(&section, &a->head);
    int status = replace_locked(a, start, stop, step, items, n);
    critical_leave(&section);
    mem_free(items);
    return status;
}

int
array_setitem(Value v, Value key, Value value)
{
    Array *a = as_array(v);
    uint8_t item[8];
    int64_t i;
    if (IS_EXACT(key, SLICE)) {
        return set_slice(a, key, value);
    }
    if (!object_has_index(key)) {
        return raise_int(&exc_TypeError, "array indices must be integers");
    }
    if (index_value(key, &i) < 0) {
        return -1;
    }
    int64_t n = array_length(a), at = i < 0 ? i + n : i;
    if (at < 0 || at >= n) {
        return raise_int(&exc_IndexError, "array assignment index out of range");
    }
    if (value && array_item_from(a->kind, value, item) < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &a->head);
    int status = 0;
    at = i < 0 ? i + a->length : i; /* it may have grown or shrunk meanwhile */
    if (at < 0 || at >= a->length) {
        status = raise_int(&exc_IndexError, "array assignment index out of range");
    } else if (value) {
        buffer_item_copy((uint8_t *)a->data + at * a->item_size, (const uint8_t *)item, a->item_size);
    } else {
        status = array_remove_locked(a, at, 1);
    }
    critical_leave(&section);
    return status;
}
