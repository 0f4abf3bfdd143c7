/* Items and slices of memoryviews: subscripts, assignment, tolist, index, iteration. */
#include "memoryview_priv.h"

#include "object/int.h"
#include "object/iterator.h"
#include "object/list.h"
#include "object/slice.h"
#include "object/tuple.h"

/* -- single items -- */

char
native_letter(const char *format)
{
    format += *format == '@';
    return format[0] && !format[1] && item_size(format[0]) ? format[0] : 0;
}

/* Why the view's items cannot be looked at. */
static int
raise_unsupported(const char *format)
{
    const char *letter = format + (*format == '@');
    if (letter[0] && !letter[1]) {
        return raise_int(&exc_NotImplementedError, "memoryview: format %s not supported", letter);
    }
    return raise_int(&exc_NotImplementedError, "memoryview: unsupported format %s", format);
}

Own
view_item(const Buffer *view, const uint8_t *at)
{
    char letter = native_letter(view->format);
    if (UNLIKELY(!letter)) {
        raise_unsupported(view->format);
        return NO_VALUE;
    }
    _Alignas(16) uint8_t item[16];
    buffer_item_copy(item, at, view->item_size);
    return item_unpack(letter, item);
}

/* The view may have been released by what a key or value ran. It would do no harm (the memory is held), but is
 * refused. fail: -1 + ValueError. view: of a MemoryView */
static int
check_still_held(const Buffer *view)
{
    const MemoryView *self = (const MemoryView *)((const uint8_t *)view - offsetof(MemoryView, view));
    if (__atomic_load_n(&self->memory, __ATOMIC_RELAXED)) {
        return 0;
    }
    return raise_int(&exc_ValueError, "operation forbidden on released memoryview object");
}

int
view_set_item(const Buffer *view, uint8_t *at, Value v)
{
    char letter = native_letter(view->format);
    _Alignas(16) uint8_t item[16];
    if (!letter) {
        return raise_unsupported(view->format);
    }
    switch (item_pack(letter, item, v)) {
    case ITEM_OK:
        if (check_still_held(view) < 0) {
            return -1;
        }
        buffer_item_copy(at, item, view->item_size);
        return 0;
    case ITEM_BAD_TYPE:
        return raise_int(&exc_TypeError, "memoryview: invalid type for format '%c'", letter);
    case ITEM_BAD_VALUE:
        return raise_int(&exc_ValueError, "memoryview: invalid value for format '%c'", letter);
    default:
        return -1;
    }
}

uint8_t *
view_step(const Buffer *view, int d, uint8_t *base, int64_t i)
{
    i += i < 0 ? view->shape[d] : 0;
    if (i < 0 || i >= view->shape[d]) {
        raise_fmt(&exc_IndexError, "index out of bounds on dimension %d", d + 1);
        return NULL;
    }
    base += view->strides[d] * i;
    if (view->suboffsets && view->suboffsets[d] >= 0) {
        base = *(uint8_t **)base + view->suboffsets[d];
    }
    return base;
}

/* -- subscripts -- */

typedef enum KeyKind { KEY_INDEX, KEY_SLICE, KEY_INDICES, KEY_SLICES, KEY_BAD } KeyKind;

static KeyKind
key_kind(Value key)
{
    if (is_small_int(key) || object_has_index(key)) {
        return KEY_INDEX;
    }
    if (IS_EXACT(key, SLICE)) {
        return KEY_SLICE;
    }
    if (!is_tuple(key)) {
        return KEY_BAD;
    }
    int64_t n = as_tuple(key)->length, indices = 0, slices = 0;
    for (int64_t i = 0; i < n; i++) {
        Value item = tuple_item(key, i);
        slices += IS_EXACT(item, SLICE);
        indices += is_small_int(item) || object_has_index(item);
    }
    return indices == n ? KEY_INDICES : slices == n ? KEY_SLICES : KEY_BAD;
}

/* The address that a tuple of indices leads to. fail: null */
static uint8_t *
item_address(const Buffer *view, Value key)
{
    int64_t n = as_tuple(key)->length;
    if (n != view->ndim) {
        if (n < view->ndim) {
            raise_msg(&exc_NotImplementedError, "sub-views are not implemented");
        } else {
            raise_fmt(&exc_TypeError, "cannot index %d-dimension view with %zd-element tuple",
                      view->ndim, n);
        }
        return NULL;
    }
    uint8_t *at = view->data;
    for (int d = 0; at && d < n; d++) {
        int64_t i;
        bool ok = index_value(tuple_item(key, d), &i) == 0 && check_still_held(view) == 0;
        at = ok ? view_step(view, d, at, i) : NULL;
    }
    return at;
}

/* Narrows the first dimension of `view`, whose dimensions are writable and its own. fail: -1 */
static int
apply_slice(Buffer *view, Value slice)
{
    int64_t start, stop, step;
    if (slice_unpack(slice, &start, &stop, &step) < 0) {
        return -1;
    }
    int64_t n = slice_adjust(view->shape[0], &start, &stop, step), items = 1;
    if (!view->suboffsets || view->suboffsets[0] < 0) {
        view->data += view->strides[0] * start;
    } else {
        view->suboffsets[0] += view->strides[0] * start;
    }
    view->shape[0] = n;
    view->strides[0] *= step;
    for (int d = 0; d < view->ndim; d++) {
        items *= view->shape[d];
    }
    view->length = items * view->item_size;
    return 0;
}

static Own
sliced(Value memory, const MemoryView *self, Value slice)
{
    Own v = view_new(memory, &self->view, 0);
    if (v && apply_slice(&as_memoryview(v)->view, slice) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

static Own
get_first(const Buffer *view, Value key)
{
    int64_t i;
    if (index_value(key, &i) < 0 || check_still_held(view) < 0) {
        return NO_VALUE;
    }
    if (view->ndim != 1) {
        return raise_msg(&exc_NotImplementedError,
                         "multi-dimensional sub-views are not implemented");
    }
    uint8_t *at = view_step(view, 0, view->data, i);
    return at ? view_item(view, at) : NO_VALUE;
}

static Own
get_held(Value memory, Value v, Value key)
{
    const MemoryView *self = as_memoryview(v);
    const Buffer *view = &self->view;
    uint8_t *at;
    KeyKind kind = key_kind(key);
    if (view->ndim == 0) {
        if (kind == KEY_INDICES && as_tuple(key)->length == 0) {
            return view_item(view, view->data);
        }
        return key == ELLIPSIS ? own(v)
                               : raise_msg(&exc_TypeError, "invalid indexing of 0-dim memory");
    }
    switch (kind) {
    case KEY_INDEX:
        return get_first(view, key);
    case KEY_SLICE:
        return sliced(memory, self, key);
    case KEY_INDICES:
        at = item_address(view, key);
        return at ? view_item(view, at) : NO_VALUE;
    case KEY_SLICES:
        return raise_msg(&exc_NotImplementedError, "multi-dimensional slicing is not implemented");
    default:
        return raise_msg(&exc_TypeError, "memoryview: invalid slice key");
    }
}

Own
memoryview_getitem(Value v, Value key)
{
    Own memory = memoryview_hold(as_memoryview(v));
    if (!memory) {
        return NO_VALUE;
    }
    Own result = get_held(memory, v, key);
    drop(memory);
    return result;
}

/* -- assignment -- */

static bool
same_structure(const Buffer *a, const Buffer *b)
{
    const char *x = a->format ? a->format : "B", *y = b->format ? b->format : "B";
    x += *x == '@';
    y += *y == '@';
    if (strcmp(x, y) != 0 || a->item_size != b->item_size || a->ndim != b->ndim) {
        return false;
    }
    for (int d = 0; d < a->ndim; d++) {
        if (a->shape[d] != b->shape[d]) {
            return false;
        }
        if (a->shape[d] == 0) {
            break;
        }
    }
    return true;
}

/* The two may overlap: what is copied goes through memory of its own. */
static int
copy_between(const Buffer *to, const Buffer *from)
{
    uint8_t *flat = mem_alloc((size_t)from->length);
    if (!flat) {
        return -1;
    }
    buffer_copy_out(from, flat, 'C');
    buffer_copy_in(to, flat, 'C');
    mem_free(flat);
    return 0;
}

static int
set_slice(Value memory, const MemoryView *self, Value slice, Value value)
{
    Buffer from;
    if (buffer_get(value, &from, BUFFER_FULL_RO) < 0) {
        return -1;
    }
    int status = -1;
    Own part = sliced(memory, self, slice);
    if (part && check_still_held(&self->view) < 0) {
        ref_clear(&part);
    }
    if (part) {
        const Buffer *to = &as_memoryview(part)->view;
        status =
            same_structure(to, &from)
                ? copy_between(to, &from)
                : raise_int(&exc_ValueError,
                            "memoryview assignment: lvalue and rvalue have different structures");
        drop(part);
    }
    buffer_release(&from);
    return status;
}

static int
set_first(const Buffer *view, Value key, Value value)
{
    int64_t i;
    if (view->ndim > 1) {
        return raise_int(&exc_NotImplementedError, "sub-views are not implemented");
    }
    if (index_value(key, &i) < 0 || check_still_held(view) < 0) {
        return -1;
    }
    uint8_t *at = view_step(view, 0, view->data, i);
    return at ? view_set_item(view, at, value) : -1;
}

static int
set_held(Value memory, const MemoryView *self, Value key, Value value)
{
    const Buffer *view = &self->view;
    KeyKind kind = key_kind(key);
    uint8_t *at;
    if (view->readonly) {
        return raise_int(&exc_TypeError, "cannot modify read-only memory");
    }
    if (!value) {
        return raise_int(&exc_TypeError, "cannot delete memory");
    }
    if (view->ndim == 0) {
        if (key == ELLIPSIS || (kind == KEY_INDICES && as_tuple(key)->length == 0)) {
            return view_set_item(view, view->data, value);
        }
        return raise_int(&exc_TypeError, "invalid indexing of 0-dim memory");
    }
    switch (kind) {
    case KEY_INDEX:
        return set_first(view, key, value);
    case KEY_INDICES:
        at = item_address(view, key);
        return at ? view_set_item(view, at, value) : -1;
    case KEY_SLICE:
        if (view->ndim == 1 && !native_letter(view->format)) {
            return raise_unsupported(view->format);
        }
        if (view->ndim == 1) {
            return set_slice(memory, self, key, value);
        }
        /* fall through */
    case KEY_SLICES:
        return raise_int(&exc_NotImplementedError,
                         "memoryview slice assignments are currently restricted to ndim = 1");
    default:
        return raise_int(&exc_TypeError, "memoryview: invalid slice key");
    }
}

int
memoryview_setitem(Value v, Value key, Value value)
{
    Own memory = memoryview_hold(as_memoryview(v));
    if (!memory) {
        return -1;
    }
    int status = set_held(memory, as_memoryview(v), key, value);
    drop(memory);
    return status;
}

/* -- all items -- */

static Own
list_below(const Buffer *view, int d, uint8_t *base)
{
    if (d == view->ndim) {
        return view_item(view, base);
    }
    Own list = list_new(view->shape[d]);
    for (int64_t i = 0; list && i < view->shape[d]; i++) {
        uint8_t *at = view_step(view, d, base, i);
        Own item = at ? list_below(view, d + 1, at) : NO_VALUE;
        if (!item || list_append_own(list, item) < 0) {
            drop(list);
            return NO_VALUE;
        }
    }
    return list;
}

Own
memoryview_py_tolist(MemoryView *self)
{
    Own memory = memoryview_hold(self);
    if (!memory) {
        return NO_VALUE;
    }
    Own list;
    if (!native_letter(self->view.format)) {
        raise_unsupported(self->view.format);
        list = NO_VALUE;
    } else {
        list = list_below(&self->view, 0, self->view.data);
    }
    drop(memory);
    return list;
}

static int
check_one_dimension(const Buffer *view)
{
    if (view->ndim == 0) {
        return raise_int(&exc_TypeError, "invalid indexing of 0-dim memory");
    }
    return view->ndim == 1 ? 0
                           : raise_int(&exc_NotImplementedError,
                                       "multi-dimensional sub-views are not implemented");
}

/* Is item i equal to value? 0, 1, -1. The view is held. */
static int
item_equals(const Buffer *view, int64_t i, Value value)
{
    uint8_t *at = view_step(view, 0, view->data, i);
    Own item = at ? view_item(view, at) : NO_VALUE;
    if (!item) {
        return -1;
    }
    int equal = object_equal(item, value);
    drop(item);
    return equal;
}

static int64_t
find_item(const Buffer *view, Value value, int64_t start, int64_t stop)
{
    if (view->ndim == 0) {
        return raise_int(&exc_TypeError, "invalid lookup on 0-dim memory");
    }
    if (view->ndim != 1) {
        return raise_int(&exc_NotImplementedError, "multi-dimensional lookup is not implemented");
    }
    int64_t n = view->shape[0];
    start += start < 0 ? n : 0;
    stop += stop < 0 ? n : 0;
    stop = stop > n ? n : stop;
    for (int64_t i = start < 0 ? 0 : start; i < stop; i++) {
        int equal = item_equals(view, i, value);
        if (equal) {
            return equal < 0 ? -1 : i;
        }
    }
    return raise_int(&exc_ValueError, "memoryview.index(x): x not found");
}

int64_t
memoryview_py_index(MemoryView *self, Value value, Value start, Value stop)
{
    int64_t from = 0, to = INT64_MAX;
    if ((start && slice_bound(start, &from) < 0) || (stop && slice_bound(stop, &to) < 0)) {
        return -1;
    }
    Own memory = memoryview_hold(self);
    if (!memory) {
        return -1;
    }
    int64_t at = find_item(&self->view, value, from, to);
    drop(memory);
    return at;
}

int64_t
memoryview_py_count(MemoryView *self, Value value)
{
    Own memory = memoryview_hold(self);
    if (!memory) {
        return -1;
    }
    int64_t count = check_one_dimension(&self->view);
    for (int64_t i = 0; count >= 0 && i < self->view.shape[0]; i++) {
        int equal = item_equals(&self->view, i, value);
        count = equal < 0 ? -1 : count + equal;
    }
    drop(memory);
    return count;
}

/* -- iteration -- */

/* Used up: the view is given back and the field empty. */
typedef struct MemoryIterator {
    Object head;
    Own view;      /* guard: lock to change */
    int64_t index; /* of the next item; guard: lock */
} MemoryIterator;

Own
memoryview_iter(Value v)
{
    Own memory = memoryview_hold(as_memoryview(v));
    if (!memory) {
        return NO_VALUE;
    }
    drop(memory);
    if (check_one_dimension(&as_memoryview(v)->view) < 0) {
        return NO_VALUE;
    }
    if (!native_letter(as_memoryview(v)->view.format)) {
        raise_unsupported(as_memoryview(v)->view.format);
        return NO_VALUE;
    }
    MemoryIterator *it =
        (MemoryIterator *)object_alloc(SHAPE_MEMORY_ITERATOR, sizeof(MemoryIterator), OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->view, own(v));
    }
    return OWN(it);
}

static Own
memory_iterator_next(Value v)
{
    MemoryIterator *it = (MemoryIterator *)obj(v);
    Own used_up = NO_VALUE, view = NO_VALUE;
    int64_t i = 0;
    CriticalSection section;
    critical_enter(&section, &it->head);
    if (it->view && it->index < as_memoryview(it->view)->view.shape[0]) {
        i = it->index++;
        view = own(it->view);
    } else {
        used_up = ref_swap(&it->head, &it->view, NO_VALUE);
    }
    critical_leave(&section);
    drop_opt(used_up);
    if (!view) {
        return NO_VALUE;
    }
    Own memory = memoryview_hold(as_memoryview(view)), item = NO_VALUE;
    if (memory) {
        const Buffer *b = &as_memoryview(view)->view;
        item = view_item(b, view_step(b, 0, b->data, i));
        drop(memory);
    }
    drop(view);
    return item;
}

static int
memory_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MemoryIterator *)o)->view);
    return 0;
}

static void
memory_iterator_clear(Object *o)
{
    ref_clear(&((MemoryIterator *)o)->view);
}

static void
memory_iterator_dealloc(Object *o)
{
    memory_iterator_clear(o);
    object_free(o);
}

Type memory_iterator_type = {
    .name = "memory_iterator",
    .root_shape = SHAPE_MEMORY_ITERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(MemoryIterator),
    .slots =
        {
            .traverse = memory_iterator_traverse,
            .clear = memory_iterator_clear,
            .dealloc = memory_iterator_dealloc,
            .iter = iterator_self,
            .next = memory_iterator_next,
        },
};
