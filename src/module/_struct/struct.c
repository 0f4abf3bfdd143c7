/* The module _struct: Struct, and the functions that make one of a format, or find it in a cache.
 *
 * Threads: a Struct's layout and format are replaced by __init__ only, and read with ref_load. An
 * iterator's place is guarded by its lock. */
#include "heap/critical.h"
#include "module/_struct/layout.h"
#include "module/exception_class.h"
#include "object/args.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#define CACHE_MAX 100

typedef struct Struct {
    Object head;
    Own layout; /* bytes (layout.h), NO_VALUE before __init__; guard: lock to change, ref_load to read */
    Own format; /* str; as layout */
    Own error;  /* struct.error; immutable */
} Struct;

typedef struct UnpackIterator {
    Object head;
    Own layout;      /* immutable */
    Buffer buffer;   /* owner NO_VALUE when used up; guard: lock */
    int64_t index;   /* of the next byte; guard: lock */
    int64_t copying; /* steps that are reading the buffer: it is not given back under them; guard: lock */
    bool over;       /* a step found the end; guard: lock */
} UnpackIterator;

static Type struct_type, unpack_iterator_type;

#include "struct.spec.h"

/* struct.error: made once, when the module is first imported. */
static Own struct_error;

static Own
raise_uninitialized(void)
{
    return raise_msg(&exc_RuntimeError, "Struct object is not initialized");
}

/* own: ret new · fail: 0 */
static Own
struct_layout(const Struct *self)
{
    Own layout = ref_load(&self->head, &self->layout);
    return layout ? layout : raise_uninitialized();
}

/* -- making -- */

static Own
struct_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own v = type_alloc(type, 0);
    if (v) {
        ref_init(obj(v), &((Struct *)obj(v))->error, own(struct_error));
    }
    return v;
}

/* The format as an ASCII str. own: ret new */
static Own
format_text(Value format)
{
    if (is_bytes(format)) {
        const Bytes *b = as_bytes(format);
        for (int64_t i = 0; i < b->length; i++) {
            if (b->data[i] >= 128) {
                return str_from_utf8((const char *)b->data, (size_t)b->length);
            }
        }
        return str_from_latin1(b->data, (size_t)b->length);
    }
    if (!is_str(format)) {
        return raise_fmt(&exc_TypeError, "Struct() argument 1 must be a str or bytes object, not %T", format);
    }
    if (!as_str(format)->ascii) {
        Own name = str_from_cstr("ascii");
        Own encoded = name ? call_method1(format, "encode", name) : NO_VALUE; /* fails */
        drop_opt(name);
        drop_opt(encoded);
        return NO_VALUE;
    }
    return own(format);
}

int
struct_init(Struct *self, Value format)
{
    Own text = format_text(format);
    if (!text) {
        return -1;
    }
    Own layout = layout_new(self->error, (const char *)as_str(text)->data, (size_t)as_str(text)->length);
    if (!layout) {
        drop(text);
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own old_layout = ref_swap(&self->head, &self->layout, layout);
    Own old_text = ref_swap(&self->head, &self->format, text);
    critical_leave(&section);
    drop_opt(old_layout);
    drop_opt(old_text);
    return 0;
}

/* The Struct of a format that is text. own: ret new */
static Own
struct_of_text(StructState *state, Value format)
{
    Own found;
    if (dict_lookup(state->cache, format, &found) != 0) {
        return found;
    }
    Own made = call1(VALUE(&struct_type), format);
    if (made) {
        if (dict_len(state->cache) >= CACHE_MAX) {
            dict_clear(state->cache);
        }
        if (dict_set(state->cache, format, made) < 0) {
            drop(made);
            return NO_VALUE;
        }
    }
    return made;
}

/* The Struct of a format: the cache's keys are all text, as comparing them with bytes may warn. own: ret new */
static Own
struct_of(Value module, Value format)
{
    StructState *state = as_module(module)->state;
    if (is_str(format)) {
        return struct_of_text(state, format);
    }
    if (!is_bytes(format)) {
        return raise_fmt(&exc_TypeError, "Struct() argument 1 must be a str or bytes object, not %T", format);
    }
    Own text = str_from_latin1(as_bytes(format)->data, (size_t)as_bytes(format)->length);
    Own made = !text ? NO_VALUE : as_str(text)->ascii ? struct_of_text(state, text) : call1(VALUE(&struct_type), format);
    drop_opt(text);
    return made;
}

int
struct__clearcache(Value module)
{
    dict_clear(((StructState *)as_module(module)->state)->cache);
    return 0;
}

int64_t
struct_calcsize(Value module, Value format)
{
    Own s = struct_of(module, format);
    if (!s) {
        return -1;
    }
    int64_t size = as_layout(((Struct *)obj(s))->layout)->size;
    drop(s);
    return size;
}

Own
struct_get_format(Struct *self)
{
    Own format = ref_load(&self->head, &self->format);
    return format ? format : raise_uninitialized();
}

Own
struct_get_size(Struct *self)
{
    Own layout = ref_load(&self->head, &self->layout);
    int64_t size = layout ? as_layout(layout)->size : -1;
    drop_opt(layout);
    return int_from_i64(size);
}

int64_t
struct_py___sizeof__(Struct *self)
{
    Own layout = struct_layout(self);
    if (!layout) {
        return -1;
    }
    int64_t size = (int64_t)sizeof(Struct) + as_bytes(layout)->length + (int64_t)sizeof(Bytes);
    drop(layout);
    return size;
}

static Own
struct_repr(Value v)
{
    Own format = ref_load(obj(v), &((Struct *)obj(v))->format);
    if (!format) {
        return raise_uninitialized();
    }
    Own name = type_name_str(type_of(v));
    Own text = name ? str_fmt("%U(%R)", (Value)name, (Value)format) : NO_VALUE;
    drop_opt(name);
    drop(format);
    return text;
}

/* -- packing -- */

static bool
count_matches(const Struct *self, const Layout *layout, const char *function, size_t n)
{
    if ((int64_t)n == layout->values) {
        return true;
    }
    raise_fmt((Type *)obj(self->error), "%s expected %zd items for packing (got %zu)", function,
              layout->values, n);
    return false;
}

Own
struct_py_pack(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Struct *s = (Struct *)obj(self);
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_fmt(&exc_TypeError, "%T.pack() takes no keyword arguments", self);
    }
    Own layout = struct_layout(s), result = NO_VALUE;
    if (layout && count_matches(s, as_layout(layout), "pack", nargs)) {
        int64_t size = as_layout(layout)->size;
        result = bytes_new(NULL, (size_t)size);
        if (result) {
            memset(as_bytes(result)->data, 0, (size_t)size);
            if (layout_pack(s->error, as_layout(layout), as_bytes(result)->data, args) < 0) {
                drop(result);
                result = NO_VALUE;
            }
        }
    }
    drop_opt(layout);
    return result;
}

/* The place in a buffer of `length` bytes where `size` bytes from offset on are to go. fail: -1 */
static int64_t
check_offset(const Struct *self, int64_t offset, int64_t size, int64_t length, bool packing)
{
    Type *error = (Type *)obj(self->error);
    if (offset < 0) {
        if (offset + size > 0) {
            return raise_int(error, packing ? "no space to pack %zd bytes at offset %zd"
                                            : "not enough data to unpack %zd bytes at offset %zd",
                             size, offset);
        }
        if (offset + length < 0) {
            return raise_int(error, "offset %zd out of range for %zd-byte buffer", offset, length);
        }
        offset += length;
    }
    if (length - offset < size) {
        return raise_int(error, packing ? "pack_into requires a buffer of at least %zu bytes for packing %zd "
                                          "bytes at offset %zd (actual buffer size is %zd)"
                                        : "unpack_from requires a buffer of at least %zu bytes for unpacking "
                                          "%zd bytes at offset %zd (actual buffer size is %zd)",
                         (uint64_t)size + (uint64_t)offset, size, offset, length);
    }
    return offset;
}

static int
pack_into(Struct *s, const Layout *layout, Value const *args, size_t nargs)
{
    Type *error = (Type *)obj(s->error);
    if (nargs < 2) {
        return raise_int(error, nargs ? "pack_into expected offset argument" : "pack_into expected buffer argument");
    }
    if (!count_matches(s, layout, "pack_into", nargs - 2)) {
        return -1;
    }
    Buffer buffer;
    if (args_buffer("pack_into", -1, "buffer", args[0], &buffer, BUFFER_WRITABLE) < 0) {
        if (exc_matches(&exc_TypeError) || exc_matches(&exc_BufferError)) {
            exc_clear();
            raise_fmt(&exc_TypeError, "argument must be read-write bytes-like object, not %T", args[0]);
        }
        return -1;
    }
    int64_t offset = object_as_ssize(args[1]);
    int status = offset == -1 && exc_pending() ? -1 : 0;
    if (status == 0 && (offset = check_offset(s, offset, layout->size, buffer.length, true)) < 0) {
        status = -1;
    }
    if (status == 0) {
        memset(buffer.data + offset, 0, (size_t)layout->size);
        status = layout_pack(s->error, layout, buffer.data + offset, args + 2);
    }
    buffer_release(&buffer);
    return status;
}

Own
struct_py_pack_into(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_fmt(&exc_TypeError, "%T.pack_into() takes no keyword arguments", self);
    }
    Own layout = struct_layout((Struct *)obj(self));
    int status = layout ? pack_into((Struct *)obj(self), as_layout(layout), args, nargs) : -1;
    drop_opt(layout);
    return status < 0 ? NO_VALUE : NONE;
}

/* -- unpacking -- */

Own
struct_py_unpack(Struct *self, Value data)
{
    Own layout = struct_layout(self), result = NO_VALUE;
    Buffer buffer;
    if (layout && buffer_get_still(data, &buffer) == 0) {
        if (buffer.length != as_layout(layout)->size) {
            raise_fmt((Type *)obj(self->error), "unpack requires a buffer of %zd bytes", as_layout(layout)->size);
        } else {
            result = layout_unpack(as_layout(layout), buffer.data);
        }
        buffer_release(&buffer);
    }
    drop_opt(layout);
    return result;
}

Own
struct_py_unpack_from(Struct *self, Value data, int64_t offset)
{
    Own layout = struct_layout(self), result = NO_VALUE;
    Buffer buffer = {0};
    CriticalSection section;
    buffer_lender_enter(&section, data);
    int64_t at = layout && buffer_get(data, &buffer, BUFFER_SIMPLE) == 0
                     ? check_offset(self, offset, as_layout(layout)->size, buffer.length, false) : -1;
    bool still = at >= 0 && buffer_make_still(&buffer, at, as_layout(layout)->size) == 0;
    critical_leave(&section);
    if (still) {
        result = layout_unpack(as_layout(layout), buffer.data);
    }
    buffer_release(&buffer);
    drop_opt(layout);
    return result;
}

Own
struct_py_iter_unpack(Struct *self, Value data)
{
    Own layout = struct_layout(self);
    if (!layout) {
        return NO_VALUE;
    }
    int64_t size = as_layout(layout)->size;
    Own v = size ? type_alloc(&unpack_iterator_type, 0)
                 : raise_msg((Type *)obj(self->error), "cannot iteratively unpack with a struct of length 0");
    if (!v) {
        drop(layout);
        return NO_VALUE;
    }
    UnpackIterator *it = (UnpackIterator *)obj(v);
    ref_init(&it->head, &it->layout, layout);
    if (buffer_get(data, &it->buffer, BUFFER_SIMPLE) < 0) {
        it->buffer.owner = NO_VALUE;
        drop(v);
        return NO_VALUE;
    }
    ref_init(&it->head, &it->buffer.owner, it->buffer.owner);
    if (it->buffer.length % size) {
        raise_fmt((Type *)obj(self->error), "iterative unpacking requires a buffer of a multiple of %zd bytes",
                  size);
        drop(v);
        return NO_VALUE;
    }
    return v;
}

/* The values at `at` in memory that others may be changing. */
static Own
unpack_lent(const Layout *layout, const Buffer *lent, int64_t at)
{
    if (!threads_many) {
        return layout_unpack(layout, lent->data + at);
    }
    uint8_t few[128], *copy = layout->size <= (int64_t)sizeof few ? few : mem_alloc((size_t)layout->size);
    if (!copy) {
        return NO_VALUE;
    }
    Buffer part = *lent;
    part.data += at;
    part.length = layout->size;
    part.shape = part.strides = NULL;
    buffer_copy_out(&part, copy, 'C');
    Own result = layout_unpack(layout, copy);
    if (copy != few) {
        mem_free(copy);
    }
    return result;
}

static Own
unpack_iterator_next(Value v)
{
    UnpackIterator *it = (UnpackIterator *)obj(v);
    const Layout *layout = as_layout(it->layout);
    Own result = NO_VALUE;
    Buffer done = {.owner = NO_VALUE};
    CriticalSection section;
    critical_enter(&section, &it->head);
    if (it->buffer.owner && it->index < it->buffer.length) {
        Buffer lent = it->buffer;
        int64_t at = it->index;
        it->index += layout->size;
        it->copying++;
        result = unpack_lent(layout, &lent, at); /* may wait for the memory's lock: others take steps, and find the end */
        critical_renew(&section);
        it->copying--;
    } else {
        it->over = true;
    }
    if (it->over && it->copying == 0) {
        done = it->buffer;
        it->buffer.owner = NO_VALUE;
    }
    critical_leave(&section);
    buffer_release(&done);
    return result;
}

int64_t
unpack_iterator_py___length_hint__(UnpackIterator *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t left = self->buffer.owner ? (self->buffer.length - self->index) / as_layout(self->layout)->size : 0;
    critical_leave(&section);
    return left;
}

/* -- the module's functions -- */

Own
struct_pack(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1) {
        return raise_msg(&exc_TypeError, "missing format argument");
    }
    Own s = struct_of(self, args[0]), result = s ? struct_py_pack(s, args + 1, nargs - 1, kwnames) : NO_VALUE;
    drop_opt(s);
    return result;
}

Own
struct_pack_into(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1) {
        return raise_msg(&exc_TypeError, "missing format argument");
    }
    Own s = struct_of(self, args[0]), result = s ? struct_py_pack_into(s, args + 1, nargs - 1, kwnames) : NO_VALUE;
    drop_opt(s);
    return result;
}

Own
struct_unpack(Value module, Value format, Value buffer)
{
    Own s = struct_of(module, format), result = s ? struct_py_unpack((Struct *)obj(s), buffer) : NO_VALUE;
    drop_opt(s);
    return result;
}

Own
struct_unpack_from(Value module, Value format, Value buffer, int64_t offset)
{
    Own s = struct_of(module, format);
    Own result = s ? struct_py_unpack_from((Struct *)obj(s), buffer, offset) : NO_VALUE;
    drop_opt(s);
    return result;
}

Own
struct_iter_unpack(Value module, Value format, Value buffer)
{
    Own s = struct_of(module, format), result = s ? struct_py_iter_unpack((Struct *)obj(s), buffer) : NO_VALUE;
    drop_opt(s);
    return result;
}

/* -- types and module -- */

static int
struct_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Struct *)o)->layout);
    VISIT(((Struct *)o)->format);
    VISIT(((Struct *)o)->error);
    return 0;
}

static void
struct_dealloc(Object *o)
{
    Struct *s = (Struct *)o;
    drop_opt(s->layout);
    drop_opt(s->format);
    drop_opt(s->error);
    object_free(o);
}

static int
unpack_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((UnpackIterator *)o)->layout);
    VISIT(((UnpackIterator *)o)->buffer.owner);
    return 0;
}

static void
unpack_iterator_clear(Object *o)
{
    buffer_release(&((UnpackIterator *)o)->buffer);
}

static void
unpack_iterator_dealloc(Object *o)
{
    unpack_iterator_clear(o);
    drop_opt(((UnpackIterator *)o)->layout);
    object_free(o);
}

static Own
iter_self(Value v)
{
    return own(v);
}

static Type struct_type = {
    .name = "_struct.Struct",
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Struct),
    .slots = {
        .traverse = struct_traverse,
        .dealloc = struct_dealloc,
        .create = struct_create,
        .init = struct_init_slot,
        .repr = struct_repr,
    },
    .methods = struct_methods,
    .getsets = struct_getsets,
    .spec_doc = struct_doc,
};

static Type unpack_iterator_type = {
    .name = "_struct.unpack_iterator",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(UnpackIterator),
    .slots = {
        .traverse = unpack_iterator_traverse,
        .clear = unpack_iterator_clear,
        .dealloc = unpack_iterator_dealloc,
        .iter = iter_self,
        .next = unpack_iterator_next,
    },
    .methods = unpack_iterator_methods,
    .getsets = unpack_iterator_getsets,
    .spec_doc = unpack_iterator_doc,
};

static int
struct_exec(Value m)
{
    StructState *state = as_module(m)->state;
    if (!struct_error) {
        Own error = exception_class_new("struct", "error", VALUE(&exc_Exception), NULL);
        if (!error) {
            return -1;
        }
        publish(error);
        struct_error = error;
    }
    ref_init(obj(m), &state->error, own(struct_error));
    Own cache = dict_new();
    if (!cache) {
        return -1;
    }
    ref_init(obj(m), &state->cache, cache);
    return module_add_type(m, &struct_type) < 0 || type_ready(&unpack_iterator_type) < 0
               ? -1
               : module_add(m, "error", own(struct_error));
}

static int
struct_traverse_state(Object *o, Visit visit, void *arg)
{
    StructState *state = as_module(VALUE(o))->state;
    VISIT(state->error);
    VISIT(state->cache);
    return 0;
}

static void
struct_clear_state(Value m)
{
    StructState *state = as_module(m)->state;
    ref_clear(&state->error);
    ref_clear(&state->cache);
}

const ModuleDef module__struct = {
    .name = "_struct",
    .doc = struct_module_doc,
    .functions = struct_functions,
    .state_size = sizeof(StructState),
    .exec = struct_exec,
    .traverse_state = struct_traverse_state,
    .clear_state = struct_clear_state,
};
