/* The module array: the type, its methods, its iterator. */
#include "module/array/array.h"

#include "object/args.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/genericalias.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/item_format.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct ArrayIterator {
    Object head;
    Own array;     /* NO_VALUE when used up; guard: lock to change, ref_load to read */
    int64_t index; /* of the next item; guard: lock */
} ArrayIterator;

#include "array.spec.h"

/* -- making -- */

/* Fills a new array of characters. */
static int
add_text(Array *a, Value text)
{
    const Str *s = as_str(text);
    int64_t n = s->length;
    CriticalSection section;
    critical_enter(&section, &a->head);
    uint8_t *to = array_grow_locked(a, a->length, n);
    for (int64_t i = 0; to && i < n; i++) {
        uint32_t c = str_char_at(s, i);
        memcpy(to + 4 * i, &c, sizeof c);
    }
    critical_leave(&section);
    return to ? 0 : -1;
}

static int
add_buffer(Array *a, const Buffer *b)
{
    if (b->length % a->item_size) {
        return raise_int(&exc_ValueError, "bytes length not a multiple of item size");
    }
    return array_append_bytes(a, b->data, b->length / a->item_size);
}

int
array_fill(Array *a, Value initial)
{
    Buffer b;
    if (is_str(initial)) {
        return a->kind->is_text ? add_text(a, initial)
                                : raise_int(&exc_TypeError, "cannot use a str to initialize an array with typecode '%c'",
                                            a->kind->code);
    }
    if (is_array(initial)) {
        const ArrayKind *kind = as_array(initial)->kind;
        if (kind->is_text && !a->kind->is_text) {
            return raise_int(&exc_TypeError, "cannot use a unicode array to initialize an array with typecode '%c'",
                             a->kind->code);
        }
        if (kind->is_text || kind == a->kind) {
            int64_t n;
            uint8_t *items = array_snapshot(as_array(initial), &n);
            int status = items ? array_append_bytes(a, items, n) : -1;
            mem_free(items);
            return status;
        }
    } else if (is_bytes(initial) || IS_EXACT(initial, BYTEARRAY) ||
               (is_object(initial) && is_instance_of(initial, &bytearray_type))) {
        if (buffer_get_still(initial, &b) < 0) {
            return -1;
        }
        int status = add_buffer(a, &b);
        buffer_release(&b);
        return status;
    }
    return array_extend_items(a, initial);
}

static Own
array_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if ((type == &array_type || type->slots.init == array_type.slots.init) && kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "array.array() takes no keyword arguments");
    }
    if (nargs < 1 || nargs > 2) {
        return raise_fmt(&exc_TypeError, nargs ? "array() takes at most 2 arguments (%zu given)"
                                               : "array() takes at least 1 argument (%zu given)", nargs);
    }
    if (!is_str(args[0])) {
        return raise_fmt(&exc_TypeError, "array() argument 1 must be a unicode character, not %T", args[0]);
    }
    if (as_str(args[0])->length != 1) {
        return raise_fmt(&exc_TypeError, "array() argument 1 must be a unicode character, not a string of length %zd",
                         as_str(args[0])->length);
    }
    if (audit_wanted() && audit_event("array.__new__", "OO", args[0], nargs > 1 ? args[1] : NO_VALUE) < 0) {
        return NO_VALUE;
    }
    const ArrayKind *kind = array_kind(str_char_at(as_str(args[0]), 0));
    if (kind && kind->code == 'u' &&
        warn_fmt(&exc_DeprecationWarning, 1, "The 'u' type code is deprecated and will be removed in Python 3.16") < 0) {
        return NO_VALUE;
    }
    if (!kind) {
        return raise_msg(&exc_ValueError, "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)");
    }
    Own v = array_new(type, kind, NULL, 0);
    if (v && nargs == 2 && array_fill(as_array(v), args[1]) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

Own
array__array_reconstructor(Value module UNUSED, Value arraytype, uint32_t typecode, int mformat_code, Value items)
{
    Type *type = (Type *)obj(arraytype);
    if (!type_is_subtype(type, &array_type)) {
        return raise_fmt(&exc_TypeError, "%N is not a subtype of %N", type, &array_type);
    }
    const ArrayKind *kind = array_kind(typecode);
    if (!kind) {
        return raise_msg(&exc_ValueError, "second argument must be a valid type code");
    }
    if (mformat_code < 0 || mformat_code > 21) {
        return raise_msg(&exc_ValueError, "third argument must be a valid machine format code.");
    }
    if (!is_bytes(items)) {
        return raise_fmt(&exc_TypeError, "fourth argument should be bytes, not %T", items);
    }
    return array_reconstruct(type, kind, mformat_code, items);
}

Own
array_py___copy__(Array *self)
{
    int64_t n;
    uint8_t *items = array_snapshot(self, &n);
    Own v = items ? array_new(&array_type, self->kind, items, n) : NO_VALUE;
    mem_free(items);
    return v;
}

Own
array_py___deepcopy__(Array *self, Value unused UNUSED)
{
    return array_py___copy__(self);
}

/* -- adding and removing -- */

int
array_py_append(Array *self, Value v)
{
    uint8_t item[8];
    return array_item_from(self->kind, v, item) < 0 ? -1 : array_append_bytes(self, item, 1);
}

int
array_py_insert(Array *self, int64_t i, Value v)
{
    uint8_t item[8];
    if (array_item_from(self->kind, v, item) < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    i = i < 0 ? i + self->length : i;
    i = i < 0 ? 0 : i > self->length ? self->length : i;
    uint8_t *to = array_grow_locked(self, i, 1);
    if (to) {
        buffer_item_copy((uint8_t *)to, (const uint8_t *)item, self->item_size);
    }
    critical_leave(&section);
    return to ? 0 : -1;
}

Own
array_py_pop(Array *self, int64_t i)
{
    Own v = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t at = i < 0 ? i + self->length : i;
    if (self->length == 0) {
        raise_msg(&exc_IndexError, "pop from empty array");
    } else if (at < 0 || at >= self->length) {
        raise_msg(&exc_IndexError, "pop index out of range");
    } else {
        v = array_item_to(self->kind, self->data + at * self->item_size);
        if (v && array_remove_locked(self, at, 1) < 0) {
            drop(v);
            v = NO_VALUE;
        }
    }
    critical_leave(&section);
    return v;
}

int
array_py_clear(Array *self)
{
    return array_remove_locked(self, 0, self->length);
}

int
array_py_extend(Array *self, Value bb)
{
    return array_extend(self, bb);
}

int
array_py_fromlist(Array *self, Value list)
{
    if (!is_list(list)) {
        return raise_int(&exc_TypeError, "arg must be list");
    }
    Own made = array_new(&array_type, self->kind, NULL, 0);
    int status = made ? 0 : -1;
    int64_t n = list_len(list);
    for (int64_t i = 0; status == 0 && i < n; i++) {
        uint8_t item[8];
        Own v = list_get(list, i);
        if (!v || list_len(list) != n) {
            status = raise_int(&exc_RuntimeError, "list changed size during iteration");
        } else if (array_item_from(self->kind, v, item) < 0 || array_append_bytes(as_array(made), item, 1) < 0) {
            status = -1;
        }
        drop_opt(v);
    }
    status = status < 0 ? -1 : array_extend(self, made);
    drop_opt(made);
    return status;
}

int
array_py_frombytes(Array *self, Buffer *buffer)
{
    return add_buffer(self, buffer);
}

int
array_py_fromunicode(Array *self, Value ustr)
{
    return self->kind->is_text
               ? add_text(self, ustr)
               : raise_int(&exc_ValueError, "fromunicode() may only be called on unicode type arrays ('u' or 'w')");
}

int
array_py_fromfile(Array *self, Value f, int64_t n)
{
    int64_t bytes;
    if (n < 0) {
        return raise_int(&exc_ValueError, "negative count");
    }
    if (__builtin_mul_overflow(n, self->item_size, &bytes)) {
        raise_no_memory();
        return -1;
    }
    Own size = int_from_i64(bytes), data = size ? call_method1(f, "read", size) : NO_VALUE;
    drop_opt(size);
    if (!data) {
        return -1;
    }
    int status = -1;
    if (!is_bytes(data)) {
        raise_msg(&exc_TypeError, "read() didn't return bytes");
    } else {
        int64_t got = as_bytes(data)->length;
        Buffer b = {.data = as_bytes(data)->data, .length = got};
        status = add_buffer(self, &b);
        if (status == 0 && got != bytes) {
            status = raise_int(&exc_EOFError, "read() didn't return enough bytes");
        }
    }
    drop(data);
    return status;
}

int
array_py_byteswap(Array *self)
{
    int64_t size = self->item_size;
    for (int64_t i = 0; i < self->length; i++) {
        uint8_t *item = self->data + i * size;
        for (int64_t a = 0, b = size - 1; a < b; a++, b--) {
            uint8_t swap = lent_byte(item + a);
            lent_byte_set(item + a, lent_byte(item + b));
            lent_byte_set(item + b, swap);
        }
    }
    return 0;
}

int
array_py_reverse(Array *self)
{
    int64_t size = self->item_size;
    for (int64_t a = 0, b = self->length - 1; a < b; a++, b--) {
        uint8_t swap[8];
        buffer_item_copy((uint8_t *)swap, (const uint8_t *)self->data + a * size, size);
        buffer_item_copy((uint8_t *)self->data + a * size, (const uint8_t *)self->data + b * size, size);
        buffer_item_copy((uint8_t *)self->data + b * size, (const uint8_t *)swap, size);
    }
    return 0;
}

/* -- searching -- */

/* The first index from start to stop of an item equal to v: -1 = none, -2 = failed. counts: how many, in place of where.
 * lock: a held, by this section · may: runpy */
static int64_t
array_find_locked(Array *a, CriticalSection *section, Value v, int64_t start, int64_t stop, bool counts)
{
    int64_t count = 0;
    for (int64_t i = start; i < stop && i < a->length; i++) {
        Own item = array_item_to(a->kind, a->data + i * a->item_size);
        if (!item) {
            return -2;
        }
        int equal = object_equal(item, v);
        drop(item);
        critical_renew(section);
        if (equal < 0) {
            return -2;
        }
        if (equal && !counts) {
            return i;
        }
        count += equal;
    }
    return counts ? count : -1;
}

int64_t
array_py_count(Array *self, Value v)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t n = array_find_locked(self, &section, v, 0, INT64_MAX, true);
    critical_leave(&section);
    return n == -2 ? -1 : n;
}

int64_t
array_py_index(Array *self, Value v, int64_t start, int64_t stop)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t n = self->length;
    start = start < 0 ? (start + n < 0 ? 0 : start + n) : start;
    stop = stop < 0 ? stop + n : stop;
    int64_t at = array_find_locked(self, &section, v, start, stop, false);
    critical_leave(&section);
    return at >= 0 ? at : at == -2 ? -1 : raise_int(&exc_ValueError, "array.index(x): x not in array");
}

int
array_py_remove(Array *self, Value v)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t at = array_find_locked(self, &section, v, 0, INT64_MAX, false);
    int status = at >= 0 && at < self->length ? array_remove_locked(self, at, 1) : 0;
    critical_leave(&section);
    if (at < 0) {
        return at == -2 ? -1 : raise_int(&exc_ValueError, "array.remove(x): x not in array");
    }
    return status;
}

static int
array_contains(Value v, Value item)
{
    CriticalSection section;
    critical_enter(&section, obj(v));
    int64_t at = array_find_locked(as_array(v), &section, item, 0, INT64_MAX, false);
    critical_leave(&section);
    return at == -2 ? -1 : at >= 0;
}

/* -- as other things -- */

Own
array_py_tobytes(Array *self)
{
    return bytes_of_lent(self->length ? self->data : (uint8_t *)"", self->length * self->item_size);
}

Own
array_py_tolist(Array *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own list = list_new(self->length);
    for (int64_t i = 0; list && i < self->length; i++) {
        if (list_append_own(list, array_item_to(self->kind, self->data + i * self->item_size)) < 0) {
            ref_clear(&list);
        }
    }
    critical_leave(&section);
    return list;
}

Own
array_py_tounicode(Array *self)
{
    if (!self->kind->is_text) {
        return raise_msg(&exc_ValueError, "tounicode() may only be called on unicode type arrays ('u' or 'w')");
    }
    int64_t n;
    uint8_t *items = array_snapshot(self, &n);
    Own text = NO_VALUE;
    if (items) {
        uint32_t *chars = (uint32_t *)(void *)items;
        int64_t i = 0;
        while (i < n && chars[i] <= 0x10FFFF) {
            i++;
        }
        text = i == n ? str_from_ucs4(chars, (size_t)n)
                      : raise_fmt(&exc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", chars[i]);
    }
    mem_free(items);
    return text;
}

int
array_py_tofile(Array *self, Value f)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own bytes = array_py_tobytes(self);
    critical_leave(&section);
    if (!bytes) {
        return -1;
    }
    int64_t n = as_bytes(bytes)->length;
    int status = 0;
    for (int64_t at = 0; at < n && status == 0; at += 1 << 16) { /* in blocks, as CPython's tests expect of it */
        int64_t part = n - at < 1 << 16 ? n - at : 1 << 16;
        Own block = bytes_new(as_bytes(bytes)->data + at, (size_t)part);
        Own result = block ? call_method1(f, "write", block) : NO_VALUE;
        status = result ? 0 : -1;
        drop_opt(block);
        drop_opt(result);
    }
    if (n == 0) { /* what is no file is refused all the same */
        Own write = object_getattr_cstr(f, "write");
        status = write ? 0 : -1;
        drop_opt(write);
    }
    drop(bytes);
    return status;
}

Own
array_py_buffer_info(Array *self)
{
    Own parts[] = {int_from_u64((uint64_t)(uintptr_t)self->data), int_from_i64(self->length)};
    return tuple_from_own(parts, 2);
}

int64_t
array_py___sizeof__(Array *self)
{
    return (int64_t)sizeof(Array) + self->capacity * self->item_size;
}

Own
array_py___reduce_ex__(Array *self, Value value)
{
    if (!is_int(value)) {
        return raise_msg(&exc_TypeError, "__reduce_ex__ argument should be an integer");
    }
    int64_t protocol = object_as_int64(value);
    if (protocol == -1 && exc_pending()) {
        return NO_VALUE;
    }
    Own attributes, code = str_from_char((uint32_t)self->kind->code);
    if (!code || object_lookup_attr_cstr(VALUE(self), "__dict__", &attributes) < 0) {
        drop_opt(code);
        return NO_VALUE;
    }
    attributes = attributes ? attributes : NONE;
    int format = array_machine_format(self->kind);
    Own result = NO_VALUE, type = own(VALUE(type_of(VALUE(self))));
    if (protocol < 3 || format < 0) {
        Own list = array_py_tolist(self), args = list ? tuple_pack(2, (Value)code, (Value)list) : NO_VALUE;
        result = args ? tuple_pack(3, (Value)type, (Value)args, (Value)attributes) : NO_VALUE;
        drop_opt(list);
        drop_opt(args);
    } else {
        CriticalSection section;
        critical_enter(&section, &self->head);
        Own bytes = array_py_tobytes(self);
        critical_leave(&section);
        Own module = bytes ? object_hooks.import_module("array") : NO_VALUE;
        Own make = module ? object_getattr_cstr(module, "_array_reconstructor") : NO_VALUE;
        Own args = make ? tuple_pack(4, (Value)type, (Value)code, (Value)small_int(format), (Value)bytes) : NO_VALUE;
        result = args ? tuple_pack(3, (Value)make, (Value)args, (Value)attributes) : NO_VALUE;
        Own all[] = {bytes, module, make, args};
        for (size_t i = 0; i < ARRAY_LEN(all); i++) {
            drop_opt(all[i]);
        }
    }
    drop(type);
    drop(code);
    drop(attributes);
    return result;
}

Own
array_get_typecode(Array *self)
{
    return str_from_char((uint32_t)self->kind->code);
}

Own
array_get_itemsize(Array *self)
{
    return small_int(self->item_size);
}

Own
array_py___class_getitem__(Type *cls, Value object)
{
    return generic_alias_new(VALUE(cls), object);
}

static Own
array_repr(Value v)
{
    Array *a = as_array(v);
    Own name = type_name_str(type_of(v)), text = NO_VALUE;
    Own items = !name ? NO_VALUE : a->kind->is_text ? array_py_tounicode(a) : array_py_tolist(a);
    if (items) {
        text = object_len(items) == 0 ? str_fmt("%U('%c')", (Value)name, a->kind->code)
                                      : str_fmt("%U('%c', %R)", (Value)name, a->kind->code, (Value)items);
    }
    drop_opt(items);
    drop_opt(name);
    return text;
}

/* -- operators -- */

static Own
array_concat(Value a, Value b)
{
    if (!is_array(b)) {
        return raise_fmt(&exc_TypeError, "can only append array (not \"%T\") to array", b);
    }
    if (as_array(a)->kind != as_array(b)->kind) {
        return raise_msg(&exc_TypeError, "bad argument type for built-in operation");
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own sum = array_py___copy__(as_array(a));
    if (sum && array_extend(as_array(sum), b) < 0) {
        ref_clear(&sum);
    }
    critical_leave(&section);
    return sum;
}

static Own
array_inplace_concat(Value a, Value b)
{
    if (!is_array(b)) {
        return raise_fmt(&exc_TypeError, "can only extend array with array (not \"%T\")", b);
    }
    return array_extend(as_array(a), b) < 0 ? NO_VALUE : own(a);
}

/* to holds one copy of its items; from now on n. */
static int
repeat_locked(Array *to, int64_t n)
{
    int64_t length = to->length, total;
    n = n < 0 ? 0 : n;
    if (__builtin_mul_overflow(length, n, &total) || total > INT64_MAX / 16) {
        raise_no_memory();
        return -1;
    }
    if (total < length) {
        return array_remove_locked(to, total, length - total);
    }
    if (!array_grow_locked(to, length, total - length)) {
        return -1;
    }
    int64_t size = length * to->item_size;
    for (int64_t i = 1; i < n && size; i++) {
        memcpy(to->data + i * size, to->data, (size_t)size);
    }
    return 0;
}

static Own
array_repeat(Value v, int64_t n)
{
    Own copy = array_py___copy__(as_array(v));
    if (copy && repeat_locked(as_array(copy), n) < 0) {
        drop(copy);
        return NO_VALUE;
    }
    return copy;
}

static Own
array_inplace_repeat(Value v, int64_t n)
{
    CriticalSection section;
    critical_enter(&section, obj(v));
    int status = repeat_locked(as_array(v), n);
    critical_leave(&section);
    return status < 0 ? NO_VALUE : own(v);
}

static int64_t
array_len(Value v)
{
    CriticalSection section;
    critical_enter(&section, obj(v));
    int64_t n = as_array(v)->length;
    critical_leave(&section);
    return n;
}

/* Items are numbers and strs: no Python code runs. lock: both held */
static Own
array_compare_locked(Array *a, Array *b, CompareOp op)
{
    int64_t na = a->length, nb = b->length;
    if (na != nb && (op == CMP_EQ || op == CMP_NE)) {
        return bool_value(op == CMP_NE);
    }
    Own x = NO_VALUE, y = NO_VALUE, result = NO_VALUE;
    int equal = 1;
    for (int64_t i = 0; equal > 0; i++) {
        drop_opt(x);
        drop_opt(y);
        x = array_item_at(a, i);
        y = x || !exc_pending() ? array_item_at(b, i) : NO_VALUE;
        if (!x || !y) {
            break;
        }
        Own same = object_compare(x, y, CMP_EQ); /* identity does not count: a NaN differs from itself */
        equal = same ? object_truth(same) : -1;
        drop_opt(same);
    }
    if (equal >= 0 && !exc_pending()) {
        if (equal == 0) {
            result = op == CMP_EQ || op == CMP_NE ? bool_value(op == CMP_NE) : object_compare(x, y, op);
        } else {
            result = object_compare(small_int(na), small_int(nb), op);
        }
    }
    drop_opt(x);
    drop_opt(y);
    return result;
}

static Own
array_compare(Value a, Value b, CompareOp op)
{
    if (!is_array(a) || !is_array(b)) {
        return own(NOTIMPLEMENTED);
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own result = array_compare_locked(as_array(a), as_array(b), op);
    critical_leave(&section);
    return result;
}

/* -- buffers -- */

static int
array_getbuffer(Value v, Buffer *buffer, int flags)
{
    static uint8_t nothing[1];
    Array *a = as_array(v);
    CriticalSection section;
    critical_enter(&section, &a->head);
    int status = buffer_fill(buffer, v, a->data ? a->data : nothing, a->length * a->item_size, false, flags);
    if (status == 0) { /* these fields stay as they are while there are exports */
        a->exports++;
        buffer->item_size = a->item_size;
        buffer->shape = flags & BUFFER_ND ? &a->length : NULL;
        buffer->strides = (flags & BUFFER_STRIDES) == BUFFER_STRIDES ? &a->item_size : NULL;
        if (flags & BUFFER_FORMAT) {
            static const char letters[] = "b\0B\0w\0w\0h\0H\0i\0I\0l\0L\0q\0Q\0f\0d";
            for (size_t i = 0; array_kind_at(i); i++) {
                buffer->format = array_kind_at(i) == a->kind ? letters + 2 * i : buffer->format;
            }
        }
    }
    critical_leave(&section);
    return status;
}

static void
array_releasebuffer(Value v, Buffer *buffer UNUSED)
{
    CriticalSection section;
    critical_enter(&section, obj(v));
    as_array(v)->exports--;
    critical_leave(&section);
}

/* -- the iterator -- */

static Own
array_iter(Value v)
{
    Own it = type_alloc(&array_iterator_type, 0);
    if (it) {
        ref_init(obj(it), &((ArrayIterator *)obj(it))->array, own(v));
    }
    return it;
}

/* The item at the index, which moves on: *item is empty at the end, and after a failure. False: another thread took that one meanwhile. */
static bool
array_iterator_step(ArrayIterator *it, Own *item)
{
    *item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &it->head);
    Own array = own_opt(it->array), done = NO_VALUE;
    int64_t i = it->index;
    critical_leave(&section);
    if (!array) {
        return true;
    }
    *item = array_item_at(as_array(array), i);
    bool failed = !*item && exc_pending();
    critical_enter(&section, &it->head);
    bool still = it->array == array && it->index == i;
    if (still && (*item || failed)) {
        it->index = i + 1;
    } else if (still) {
        done = ref_swap(&it->head, &it->array, NO_VALUE);
    }
    critical_leave(&section);
    drop_opt(done);
    drop(array);
    return still || failed;
}

static Own
array_iterator_next(Value v)
{
    Own item;
    while (!array_iterator_step((ArrayIterator *)obj(v), &item)) {
        drop_opt(item);
    }
    return item;
}

static Own
iter_self(Value v)
{
    return own(v);
}

Own
array_iterator_py___reduce__(ArrayIterator *self)
{
    Own module = object_hooks.import_module("builtins");
    Own function = module ? object_getattr_cstr(module, "iter") : NO_VALUE, array = ref_load(&self->head, &self->array);
    Own args = function ? tuple_pack(1, array ? (Value)array : (Value)tuple_empty) : NO_VALUE, result = NO_VALUE;
    if (args) {
        CriticalSection section;
        critical_enter(&section, &self->head);
        int64_t index = self->index;
        critical_leave(&section);
        result = array ? tuple_pack(3, (Value)function, (Value)args, (Value)small_int(index))
                       : tuple_pack(2, (Value)function, (Value)args);
    }
    Own all[] = {module, function, array, args};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return result;
}

int
array_iterator_py___setstate__(ArrayIterator *self, Value state)
{
    int64_t index = object_as_ssize(state);
    if (index == -1 && exc_pending()) {
        return -1;
    }
    Own array = ref_load(&self->head, &self->array);
    int64_t n = array ? array_len(array) : 0;
    drop_opt(array);
    CriticalSection section;
    critical_enter(&section, &self->head);
    self->index = index < 0 ? 0 : index > n ? n : index;
    critical_leave(&section);
    return 0;
}

static int
array_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ArrayIterator *)o)->array);
    return 0;
}

static void
array_iterator_dealloc(Object *o)
{
    drop_opt(((ArrayIterator *)o)->array);
    object_free(o);
}

static void
array_dealloc(Object *o)
{
    mem_free(((Array *)o)->data);
    object_free(o);
}

Type array_type = {
    .name = "array.array",
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS | TYPE_SEQUENCE_PATTERN | TYPE_IMMUTABLE,
    .basic_size = sizeof(Array),
    .slots = {
        .dealloc = array_dealloc,
        .create = array_create,
        .repr = array_repr,
        .compare = array_compare,
        .hash = hash_unhashable,
        .iter = array_iter,
        .len = array_len,
        .getitem = array_getitem,
        .setitem = array_setitem,
        .contains = array_contains,
        .concat = array_concat,
        .inplace_concat = array_inplace_concat,
        .repeat = array_repeat,
        .inplace_repeat = array_inplace_repeat,
        .getbuffer = array_getbuffer,
        .releasebuffer = array_releasebuffer,
    },
    .methods = array_methods,
    .getsets = array_getsets,
    .spec_doc = array_doc,
};

Type array_iterator_type = {
    .name = "array.arrayiterator",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(ArrayIterator),
    .slots = {
        .traverse = array_iterator_traverse,
        .dealloc = array_iterator_dealloc,
        .iter = iter_self,
        .next = array_iterator_next,
    },
    .methods = array_iterator_methods,
    .getsets = array_iterator_getsets,
    .spec_doc = array_iterator_doc,
};

/* MutableSequence.register(array) */
static int
register_sequence(void)
{
    Own module = object_hooks.import_module("collections.abc");
    Own abc = module ? object_getattr_cstr(module, "MutableSequence") : NO_VALUE;
    Own result = abc ? call_method1(abc, "register", VALUE(&array_type)) : NO_VALUE;
    drop_opt(module);
    drop_opt(abc);
    drop_opt(result);
    return result ? 0 : -1;
}

static int
array_exec(Value m)
{
    char codes[32] = "";
    for (size_t i = 0; array_kind_at(i); i++) {
        codes[i] = array_kind_at(i)->code;
    }
    return module_add_type(m, &array_type) < 0 || type_ready(&array_iterator_type) < 0 ||
                   module_add(m, "ArrayType", own(VALUE(&array_type))) < 0 || module_add_cstr(m, "typecodes", codes) < 0
               ? -1
               : register_sequence();
}

const ModuleDef module_array = {
    .name = "array",
    .doc = array_module_doc,
    .functions = array_functions,
    .exec = array_exec,
};
