/* memoryview.cast and toreadonly: other views of the same memory. */
#include "memoryview_priv.h"
#include "object/codec.h"
#include "object/str.h"

#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

/* The format of a view lives as long as the program. */
static const char *
lasting_format(const char *format)
{
    static const char letters[] =
        "@c\0@b\0@B\0@h\0@H\0@i\0@I\0@l\0@L\0@q\0@Q\0@n\0@N\0@f\0@d\0@e\0@?\0@P";
    bool at = *format == '@';
    char letter = format[at];
    if (letter && !format[at + 1]) {
        for (size_t i = 0; i < sizeof letters; i += 3) {
            if (letters[i + 1] == letter) {
                return letters + i + !at;
            }
        }
    }
    return NULL;
}

static bool
is_byte_format(char letter)
{
    return letter == 'B' || letter == 'b' || letter == 'c';
}

/* One dimension of items in the new format. */
static int
cast_items(Buffer *view, const char *format)
{
    const char *to = lasting_format(format);
    char from = native_letter(view->format);
    if (!to) {
        return raise_int(&exc_ValueError, "memoryview: destination format must be a native single "
                                          "character format prefixed with an optional '@'");
    }
    char letter = native_letter(to);
    if (!from) {
        return raise_int(&exc_ValueError, "memoryview: source format must be a native single "
                                          "character format prefixed with an optional '@'");
    }
    if (!is_byte_format(from) && !is_byte_format(letter)) {
        return raise_int(&exc_TypeError, "memoryview: cannot cast between two non-byte formats");
    }
    int size = item_size(letter);
    if (view->length % size) {
        return raise_int(&exc_TypeError, "memoryview: length is not a multiple of itemsize");
    }
    view->format = to;
    view->item_size = size;
    view->ndim = 1;
    view->shape[0] = view->length / size;
    view->strides[0] = size;
    view->suboffsets = NULL;
    return 0;
}

/* shape: a tuple. */
static int
cast_shape(Buffer *view, Value shape)
{
    int n = (int)as_tuple(shape)->length;
    int64_t items = 1;
    for (int d = 0; d < n; d++) {
        Value v = tuple_item(shape, d);
        int64_t length;
        if (!is_int(v)) {
            return raise_int(&exc_TypeError,
                             "memoryview.cast(): elements of shape must be integers");
        }
        if (!int_as_i64(v, &length) || length <= 0) {
            return raise_int(&exc_ValueError,
                             "memoryview.cast(): elements of shape must be integers > 0");
        }
        if (__builtin_mul_overflow(items, length, &items)) {
            return raise_int(&exc_ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX");
        }
        view->shape[d] = length;
    }
    if (__builtin_mul_overflow(items, view->item_size, &items) || items != view->length) {
        return raise_int(&exc_TypeError, "memoryview: product(shape) * itemsize != buffer size");
    }
    int64_t stride = view->item_size;
    for (int d = n - 1; d >= 0; d--) {
        view->strides[d] = stride;
        stride *= view->shape[d];
    }
    view->ndim = n;
    return 0;
}

/* Can a view be cast, with a shape (any object) or without? */
static int
check_cast(const Buffer *view, Value shape)
{
    if (!view_is_contiguous(view, 'C')) {
        return raise_int(&exc_TypeError, "memoryview: casts are restricted to C-contiguous views");
    }
    for (int d = 0; (shape || view->ndim != 1) && d < view->ndim; d++) {
        if (view->shape[d] == 0 || view->strides[d] == 0) {
            return raise_int(&exc_TypeError,
                             "memoryview: cannot cast view with zeros in shape or strides");
        }
    }
    if (shape && !is_list(shape) && !is_tuple(shape)) {
        return raise_int(&exc_TypeError, "shape must be a list or a tuple");
    }
    return 0;
}

static int
check_dimensions(const Buffer *view, int64_t n)
{
    if (n > BUFFER_MAX_DIMS) {
        return raise_int(&exc_ValueError, "memoryview: number of dimensions must not exceed %d",
                         BUFFER_MAX_DIMS);
    }
    if (view->ndim != 1 && n != 1) {
        return raise_int(&exc_TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
    }
    return 0;
}

/* shape: a tuple, or NO_VALUE. */
static Own
cast_view(Value memory, const MemoryView *self, Value format_text, Value shape)
{
    int64_t n = shape ? as_tuple(shape)->length : 1;
    if (shape && check_dimensions(&self->view, n) < 0) {
        return NO_VALUE;
    }
    if (!as_str(format_text)->ascii) {
        Own bytes = codec_encode(format_text, "ascii", "strict"); /* for its UnicodeEncodeError */
        drop_opt(bytes);
        return NO_VALUE;
    }
    const char *format = (const char *)as_str(format_text)->data;
    Own v = view_new(memory, &self->view, n > 1 ? (int)n : 1);
    if (v && (cast_items(&as_memoryview(v)->view, format) < 0 ||
              (shape && cast_shape(&as_memoryview(v)->view, shape) < 0))) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

Own
memoryview_py_cast(MemoryView *self, Value format_text, Value shape)
{
    Own memory = memoryview_hold(self), view = NO_VALUE;
    if (!memory) {
        return NO_VALUE;
    }
    if (check_cast(&self->view, shape) == 0) {
        Own dims = shape ? object_to_tuple(shape) : NO_VALUE;
        if (dims || !shape) {
            view = cast_view(memory, self, format_text, dims);
        }
        drop_opt(dims);
    }
    drop(memory);
    return view;
}

Own
memoryview_py_toreadonly(MemoryView *self)
{
    Own memory = memoryview_hold(self);
    if (!memory) {
        return NO_VALUE;
    }
    Own view = view_new(memory, &self->view, 0);
    if (view) {
        as_memoryview(view)->view.readonly = true;
    }
    drop(memory);
    return view;
}
