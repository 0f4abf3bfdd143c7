/* Equality of memoryviews with anything that lends memory: same shape, and items equal by value.
 *
 * Items of native formats are compared here; others are unpacked by the struct module. What it
 * cannot unpack is unequal. */
#include "memoryview_priv.h"

#include "object/bytes.h"
#include "object/hooks.h"
#include "object/str.h"
#include "object/tuple.h"

/* How to get at the items of one side. */
typedef struct Items {
    const Buffer *view;
    char letter; /* native format, or 0 */
    Own unpack;  /* struct.Struct(format).unpack */
} Items;

static bool
same_shape(const Buffer *a, const Buffer *b)
{
    if (a->ndim != b->ndim) {
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

/* 1; 0 = there is no way to unpack them; -1 */
static int
items_init(Items *items, const Buffer *view)
{
    const char *format = view->format ? view->format : "B";
    *items = (Items){.view = view, .letter = native_letter(format)};
    if (items->letter) {
        return 1;
    }
    Own module = object_hooks.import_module("struct"),
        text = module ? str_from_cstr(format) : NO_VALUE;
    Own type = text ? object_getattr_cstr(module, "Struct") : NO_VALUE;
    Own packer = type ? call1(type, text) : NO_VALUE;
    Own size = packer ? object_getattr_cstr(packer, "size") : NO_VALUE;
    if (size && object_as_ssize(size) == view->item_size) {
        items->unpack = object_getattr_cstr(packer, "unpack");
    } else if (!packer && type) { /* struct.error */
        exc_clear();
    }
    drop_opt(size);
    drop_opt(packer);
    drop_opt(type);
    drop_opt(text);
    drop_opt(module);
    return items->unpack ? 1 : exc_pending() ? -1 : 0;
}

/* An item, or the tuple of values that a structure is. own: ret new */
static Own
items_get(const Items *items, const uint8_t *at)
{
    if (items->letter) {
        _Alignas(16) uint8_t item[16];
        buffer_item_copy(item, at, items->view->item_size);
        return item_unpack(items->letter, item);
    }
    Own bytes = bytes_new(at, (size_t)items->view->item_size);
    Own values = bytes ? call1(items->unpack, bytes) : NO_VALUE;
    drop_opt(bytes);
    if (values && is_tuple(values) && as_tuple(values)->length == 1) {
        Own only = own(tuple_item(values, 0));
        drop(values);
        return only;
    }
    return values;
}

static int
items_equal(const Items *a, const uint8_t *x, const Items *b, const uint8_t *y)
{
    if (a->letter && a->letter == b->letter && !strchr("fde?", a->letter)) {
        return memcmp(x, y, (size_t)a->view->item_size) == 0;
    }
    Own p = items_get(a, x), q = p ? items_get(b, y) : NO_VALUE;
    int equal = q ? object_compare_bool(p, q, CMP_EQ) : -1;
    if (equal == 1 && p == q && is_object(p)) { /* a NaN is not even equal to itself */
        Own answer = object_compare(p, q, CMP_EQ);
        equal = answer ? object_truth(answer) : -1;
        drop_opt(answer);
    }
    drop_opt(p);
    drop_opt(q);
    return equal;
}

static uint8_t *
step_into(const Buffer *b, int d, uint8_t *base, int64_t i)
{
    base += b->strides[d] * i;
    return b->suboffsets && b->suboffsets[d] >= 0 ? *(uint8_t **)base + b->suboffsets[d] : base;
}

static int
dimension_equal(const Items *a, uint8_t *x, const Items *b, uint8_t *y, int d)
{
    if (d == a->view->ndim) {
        return items_equal(a, x, b, y);
    }
    for (int64_t i = 0; i < a->view->shape[d]; i++) {
        int equal =
            dimension_equal(a, step_into(a->view, d, x, i), b, step_into(b->view, d, y, i), d + 1);
        if (equal <= 0) {
            return equal;
        }
    }
    return 1;
}

static int
views_equal(const Buffer *a, const Buffer *b)
{
    if (!same_shape(a, b)) {
        return 0;
    }
    Items x, y = {0};
    int status = items_init(&x, a);
    if (status > 0) {
        status = items_init(&y, b);
    }
    if (status > 0) {
        bool plain = x.letter && x.letter == y.letter && !strchr("fde?", x.letter);
        if (plain && buffer_is_contiguous(a, 'C') && buffer_is_contiguous(b, 'C')) {
            status = a->length == b->length && lent_compare(a->data, b->data, (size_t)a->length) == 0;
        } else {
            status = dimension_equal(&x, a->data, &y, b->data, 0);
        }
    }
    drop_opt(x.unpack);
    drop_opt(y.unpack);
    return status;
}

static Own
compare_held(Value a, Value b, CompareOp op)
{
    Own other = IS_EXACT(b, MEMORYVIEW) ? own(b) : memoryview_new(b);
    if (!other) {
        exc_clear();
        return own(NOTIMPLEMENTED);
    }
    Own memory = memoryview_hold(as_memoryview(other));
    int equal = memory ? views_equal(&as_memoryview(a)->view, &as_memoryview(other)->view) : 0;
    if (!memory) {
        exc_clear();
    }
    drop_opt(memory);
    drop(other);
    return equal < 0 ? NO_VALUE : bool_value(equal == (op == CMP_EQ));
}

Own
memoryview_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !IS_EXACT(a, MEMORYVIEW) || !object_has_buffer(b)) {
        return own(NOTIMPLEMENTED);
    }
    Own memory = memoryview_hold(as_memoryview(a));
    if (!memory) { /* released: equal to itself alone */
        exc_clear();
        return bool_value((a == b) == (op == CMP_EQ));
    }
    Own result = compare_held(a, b, op);
    drop(memory);
    return result;
}
