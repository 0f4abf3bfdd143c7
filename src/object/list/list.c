/* list as Python sees it: the slots and methods, on top of buffer.c (which has the invariants and
 * the threading model).
 *
 * Comparisons may run Python code that changes the list: whatever loops over items takes each
 * with list_get and asks for the length anew. */
#include "list_priv.h"

#include "heap/alloc.h"
#include "object/equal.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/type.h"

#include "list.spec.h"

static Own
list_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type == &list_type ? list_new(0) : type_alloc(type, 0);
}

int
list_init(List *self, Value iterable)
{
    if (list_length(self)) {
        list_clear(VALUE(self));
    }
    return iterable ? list_extend(VALUE(self), iterable) : 0;
}

/* A class with a __new__ of its own decides itself which keywords there are. */
static int
list_init_arguments(Value self, Value const *args, size_t nargs, Value kwnames)
{
    bool own_new = type_of(self)->slots.create != list_type.slots.create;
    return list_init_slot(self, args, nargs, own_new ? NO_VALUE : kwnames);
}

/* -- items and slices */

static int64_t
list_len_slot(Value v)
{
    return list_length(as_list(v));
}

static Own
list_seq_item(Value v, int64_t i)
{
    Own item = list_get(v, i);
    return LIKELY(item != NO_VALUE) ? item : raise_msg(&exc_IndexError, "list index out of range");
}

/* Item i, counted from the end where it is negative: -1 is the last item, whatever others do. */
static Own
list_item(Value v, int64_t i)
{
    if (LIKELY(i >= 0)) {
        return list_seq_item(v, i);
    }
    List *l = as_list(v);
    CriticalSection section;
    critical_enter(&section, &l->head);
    i += l->length;
    Own item = i >= 0 ? own(l->buffer->items[i]) : NO_VALUE;
    critical_leave(&section);
    return item ? item : raise_msg(&exc_IndexError, "list index out of range");
}

/* The index that a subscript names, maybe negative. fail: -1 */
static int
list_index_of_key(Value key, int64_t *i)
{
    if (!is_small_int(key) && !object_has_index(key)) {
        return raise_int(&exc_TypeError, "list indices must be integers or slices, not %T", key);
    }
    return index_value(key, i);
}

static Own
list_getitem(Value v, Value key)
{
    int64_t i, stop, step;
    if (LIKELY(!IS_EXACT(key, SLICE))) {
        return list_index_of_key(key, &i) < 0 ? NO_VALUE : list_item(v, i);
    }
    if (slice_unpack(key, &i, &stop, &step) < 0) {
        return NO_VALUE;
    }
    return list_slice_step(v, i, stop, step);
}

Own
list_py___getitem__(List *self, Value index)
{
    return list_getitem(VALUE(self), index);
}

/* Replaces the items of an extended slice one for one; 1 when the counts differ. lock: l held */
static int
list_assign_extended_locked(List *l, int64_t start, int64_t step, int64_t count, Own *items,
                            int64_t n)
{
    ASSERT_LOCKED(l);
    if (n != count) {
        return 1;
    }
    for (int64_t i = 0; i < n; i++) {
        items[i] = ref_swap(&l->head, &l->buffer->items[start + i * step], items[i]);
    }
    return 0;
}

/* l[start:stop:step] = the items of `from`, which only this thread uses. They move into l; where an item replaces one, that moves into `from`. */
static int
list_assign_items(List *l, int64_t start, int64_t stop, int64_t step, List *from)
{
    ListRemains remains = {0};
    int status;
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t given = from->length, count = slice_adjust(l->length, &start, &stop, step);
    Own *items = given ? from->buffer->items : NULL;
    if (step == 1) {
        status = list_splice_locked(l, start, start + count, items, given, &remains);
        from->length = status < 0 ? given : 0; /* before any finalizer runs */
    } else {
        status = list_assign_extended_locked(l, start, step, count, items, given);
    }
    critical_leave(&section);
    list_drop_remains(l, &remains);
    if (status > 0) {
        return raise_int(&exc_ValueError,
                         "attempt to assign sequence of size %zd to extended slice of size %zd",
                         given, count);
    }
    return status;
}

static int
list_assign_slice(List *l, Value slice, Value value)
{
    int64_t start, stop, step;
    if (slice_unpack(slice, &start, &stop, &step) < 0) {
        return -1;
    }
    Own copy = sequence_fast(value, "must assign iterable to extended slice");
    if (copy == value) { /* it may change, or be l itself */
        drop(copy);
        copy = object_to_list(value);
    }
    if (!copy) {
        return -1;
    }
    int status = list_assign_items(l, start, stop, step, as_list(copy));
    drop(copy);
    return status;
}

/* Takes every step-th item out and closes the gaps. lock: l held · pre: step > 1, count > 0 */
static int
list_delete_extended_locked(List *l, int64_t start, int64_t step, int64_t count,
                            ListRemains *remains)
{
    ASSERT_LOCKED(l);
    remains->items = mem_alloc((size_t)count * sizeof(Own));
    if (!remains->items) {
        return -1;
    }
    Own *items = l->buffer->items;
    int64_t length = l->length;
    for (int64_t i = 0; i < count; i++) {
        int64_t at = start + i * step, next = i + 1 < count ? at + step : length;
        remains->items[remains->count++] = items[at];
        list_move_items(l, items + at - i, items + at + 1, next - at - 1);
    }
    for (int64_t i = length - count; i < length; i++) {
        __atomic_store_n(&items[i], NO_VALUE, __ATOMIC_RELEASE);
    }
    list_set_length_locked(l, length - count);
    list_shrink_locked(l);
    return 0;
}

static int
list_delete_slice(List *l, Value slice)
{
    int64_t start, stop, step;
    if (slice_unpack(slice, &start, &stop, &step) < 0) {
        return -1;
    }
    ListRemains remains = {0};
    int status = 0;
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t count = slice_adjust(l->length, &start, &stop, step);
    if (step < 0 && count > 0) {
        start += (count - 1) * step;
        step = -step;
    }
    if (count > 0 && (step == 1 || count == 1)) {
        status = list_splice_locked(l, start, start + count, NULL, 0, &remains);
    } else if (count > 0) {
        status = list_delete_extended_locked(l, start, step, count, &remains);
    }
    critical_leave(&section);
    list_drop_remains(l, &remains);
    return status;
}

static int
list_setitem(Value v, Value key, Value value)
{
    if (IS_EXACT(key, SLICE)) {
        return value ? list_assign_slice(as_list(v), key, value)
                     : list_delete_slice(as_list(v), key);
    }
    int64_t i;
    if (list_index_of_key(key, &i) < 0) {
        return -1;
    }
    if (value) {
        return list_set(v, i, own(value));
    }
    Own item = list_take(as_list(v), i);
    if (!item) {
        return raise_int(&exc_IndexError, "list assignment index out of range");
    }
    drop(item);
    return 0;
}

/* -- searching and comparing */

/* The first index in [i, stop) of an item equal to value, -1 where there is none, -2 on failure. section: the caller's over l, which holds
 * afterwards, or null */
static int64_t
list_find(List *l, CriticalSection *section, Value value, int64_t i, int64_t stop)
{
    for (; i < stop; i++) {
        Own item = list_get(VALUE(l), i);
        if (!item) {
            break;
        }
        int equal = quick_equal(item, value);
        if (equal < 0) {
            equal = object_compare_bool(item, value, CMP_EQ);
        }
        drop(item);
        if (section) {
            (void)critical_renew(section);
        }
        if (equal) {
            return equal < 0 ? -2 : i;
        }
    }
    return -1;
}

static int
list_contains(Value v, Value value)
{
    int64_t i = list_find(as_list(v), NULL, value, 0, INT64_MAX);
    return i == -2 ? -1 : i >= 0;
}

int64_t
list_py_index(List *self, Value value, Value start_arg, Value stop_arg)
{
    int64_t start = 0, stop = INT64_MAX;
    if ((start_arg && slice_bound(start_arg, &start) < 0) ||
        (stop_arg && slice_bound(stop_arg, &stop) < 0)) {
        return -1;
    }
    int64_t end = stop; /* kept where it is past the end: comparisons may make the list longer */
    slice_adjust(list_length(self), &start, &stop, 1);
    int64_t i = list_find(self, NULL, value, start, end < 0 ? stop : end);
    if (i == -1) {
        return raise_int(&exc_ValueError, "list.index(x): x not in list");
    }
    return i < 0 ? -1 : i;
}

int64_t
list_py_count(List *self, Value value)
{
    int64_t n = 0;
    int64_t i = -1;
    while ((i = list_find(self, NULL, value, i + 1, INT64_MAX)) >= 0) {
        n++;
    }
    return i == -1 ? n : -1;
}

/* What stands at the index found goes, even if comparing has changed the list. */
int
list_py_remove(List *self, Value value)
{
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t i = list_find(self, &section, value, 0, INT64_MAX);
    if (i >= 0) {
        item = list_take(self, i);
    }
    critical_leave(&section);
    drop_opt(item);
    if (i == -1) {
        return raise_int(&exc_ValueError, "list.remove(x): x not in list");
    }
    return i < 0 ? -1 : 0;
}

/* lock: both held, but for the Python code that comparing items may run */
static Own
list_compare_locked(Value a, Value b, CompareOp op)
{
    bool equality = op == CMP_EQ || op == CMP_NE;
    if (equality && list_len(a) != list_len(b)) {
        return bool_value(op == CMP_NE);
    }
    for (int64_t i = 0;; i++) {
        Own x = list_get(a, i), y = list_get(b, i);
        if (!x || !y) {
            drop_opt(x);
            drop_opt(y);
            return object_compare(small_int(list_len(a)), small_int(list_len(b)), op);
        }
        int equal = quick_equal(x, y);
        if (equal < 0) {
            equal = object_compare_bool(x, y, CMP_EQ);
        }
        Own result = NO_VALUE;
        if (equal == 0) {
            if (UNLIKELY(i >= list_len(a) || i >= list_len(b))) { /* comparing has emptied one */
                result = object_compare(small_int(list_len(a)), small_int(list_len(b)), op);
            } else {
                result = equality ? bool_value(op == CMP_NE) : object_compare(x, y, op);
            }
        }
        drop(x);
        drop(y);
        if (equal <= 0) {
            return result;
        }
    }
}

static Own
list_compare(Value a, Value b, CompareOp op)
{
    if (!is_list(a) || !is_list(b)) {
        return own(NOTIMPLEMENTED);
    }
    if (a == b) { /* each item is equal to itself, as in any container */
        return bool_value(op == CMP_EQ || op == CMP_LE || op == CMP_GE);
    }
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own result = list_compare_locked(a, b, op);
    critical_leave(&section);
    return result;
}

/* -- operators */

static Own
list_concat(Value a, Value b)
{
    if (!is_list(b)) {
        return raise_fmt(&exc_TypeError, "can only concatenate list (not \"%T\") to list", b);
    }
    List *x = as_list(a), *y = as_list(b);
    Own result = NO_VALUE;
    CriticalSection section;
    critical_enter_two(&section, &x->head, &y->head);
    int64_t nx = x->length, ny = y->length;
    if (nx < LIST_MAX_LENGTH - ny) {
        result = list_new(nx + ny);
    } else {
        raise_no_memory();
    }
    if (result) {
        List *sum = as_list(result);
        for (int64_t i = 0; i < nx; i++) {
            ref_init(&sum->head, &sum->buffer->items[i], own(x->buffer->items[i]));
        }
        for (int64_t i = 0; i < ny; i++) {
            ref_init(&sum->head, &sum->buffer->items[nx + i], own(y->buffer->items[i]));
        }
        sum->length = nx + ny;
    }
    critical_leave(&section);
    return result;
}

static Own
list_inplace_concat(Value a, Value b)
{
    return list_extend(a, b) < 0 ? NO_VALUE : own(a);
}

/* Fills items[n .. n * times) with copies of the first n, each counted. lock: l held */
static void
list_repeat_items(List *l, int64_t n, int64_t times)
{
    Own *items = l->buffer->items;
    for (int64_t at = n; at < n * times; at++) {
        ref_init(&l->head, &items[at], own(items[at - n]));
    }
}

static Own
list_repeat(Value v, int64_t times)
{
    List *l = as_list(v);
    Own result = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t n = l->length;
    times = times < 0 ? 0 : times;
    if (n == 0 || times <= LIST_MAX_LENGTH / n) {
        result = list_new(n * times);
    } else {
        raise_no_memory();
    }
    if (result && n * times > 0) {
        List *product = as_list(result);
        for (int64_t i = 0; i < n; i++) {
            ref_init(&product->head, &product->buffer->items[i], own(l->buffer->items[i]));
        }
        list_repeat_items(product, n, times);
        product->length = n * times;
    }
    critical_leave(&section);
    return result;
}

static Own
list_inplace_repeat(Value v, int64_t times)
{
    List *l = as_list(v);
    if (times <= 0) {
        list_clear(v);
        return own(v);
    }
    int status = 0;
    CriticalSection section;
    critical_enter(&section, &l->head);
    int64_t n = l->length;
    if (n > 0 && times > LIST_MAX_LENGTH / n) {
        raise_no_memory();
        status = -1;
    } else if (n > 0 && (status = list_reserve_locked(l, n * times)) == 0) {
        list_repeat_items(l, n, times);
        list_set_length_locked(l, n * times);
    }
    critical_leave(&section);
    return status < 0 ? NO_VALUE : own(v);
}

static Own
list_repr(Value v)
{
    if (list_len(v) == 0) {
        return str_from_cstr("[]");
    }
    int entered = repr_enter(v);
    if (entered != 0) {
        return entered > 0 ? str_from_cstr("[...]") : NO_VALUE;
    }
    StrBuilder text;
    str_builder_init(&text, list_len(v) * 3);
    str_builder_char(&text, '[');
    Own item;
    for (int64_t i = 0; !text.failed && (item = list_get(v, i)) != NO_VALUE; i++) {
        if (i) {
            str_builder_ascii(&text, ", ", 2);
        }
        str_builder_repr(&text, item);
        drop(item);
    }
    str_builder_char(&text, ']');
    repr_leave(v);
    return str_builder_finish(&text);
}

/* -- methods */

Own
list_py___reversed__(List *self)
{
    return list_reversed(VALUE(self));
}

int64_t
list_py___sizeof__(List *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t size = type_of(VALUE(self))->basic_size;
    if (self->buffer) {
        size += (int64_t)sizeof(ListBuffer) + list_capacity(self->buffer) * (int64_t)sizeof(Own);
    }
    critical_leave(&section);
    return size;
}

int
list_py_clear(List *self)
{
    list_clear(VALUE(self));
    return 0;
}

Own
list_py_copy(List *self)
{
    return list_slice(VALUE(self), 0, INT64_MAX);
}

int
list_py_append(List *self, Value object)
{
    return list_append(VALUE(self), object);
}

int
list_py_insert(List *self, int64_t index, Value object)
{
    return list_insert(VALUE(self), index, object);
}

int
list_py_extend(List *self, Value iterable)
{
    return list_extend(VALUE(self), iterable);
}

Own
list_py_pop(List *self, int64_t index)
{
    return list_pop_at(VALUE(self), index);
}

int
list_py_reverse(List *self)
{
    return list_reverse(VALUE(self));
}

int
list_py_sort(List *self, Value key, bool reverse)
{
    return list_sort(VALUE(self), key, reverse);
}

Own
list_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

/* -- life */

static int
list_traverse_part(Object *o, size_t *at, Visit visit, void *arg)
{
    List *l = (List *)o;
    while (*at < (size_t)l->length) {
        VISIT(l->buffer->items[(*at)++]);
    }
    return 0;
}

static int
list_traverse(Object *o, Visit visit, void *arg)
{
    size_t at = 0;
    return list_traverse_part(o, &at, visit, arg);
}

static void
list_clear_slot(Object *o)
{
    list_clear(VALUE(o));
}

static void
list_dealloc(Object *o)
{
    List *l = (List *)o;
    if (l->buffer) {
        for (int64_t i = l->length; i-- > 0;) {
            drop(l->buffer->items[i]);
        }
        list_buffer_free(l->buffer);
    }
    object_free(o);
}

Type list_type = {
    .name = "list",
    .root_shape = SHAPE_LIST,
    .flags = TYPE_GC | TYPE_BASE | TYPE_LIST_SUBCLASS | TYPE_SEQUENCE_PATTERN | TYPE_MATCH_SELF,
    .basic_size = sizeof(List),
    .slots = {
        .traverse = list_traverse,
        .traverse_part = list_traverse_part,
        .clear = list_clear_slot,
        .dealloc = list_dealloc,
        .create = list_create,
        .init = list_init_arguments,
        .repr = list_repr,
        .compare = list_compare,
        .iter = list_iter,
        .len = list_len_slot,
        .seq_item = list_seq_item,
        .getitem = list_getitem,
        .setitem = list_setitem,
        .contains = list_contains,
        .concat = list_concat,
        .inplace_concat = list_inplace_concat,
        .repeat = list_repeat,
        .inplace_repeat = list_inplace_repeat,
    },
    .methods = list_methods,
    .getsets = list_getsets,
    .spec_doc = list_doc,
};
