/* memoryview: making and releasing views, lending their memory on, attributes. Items are in
 * access.c, cast() in cast.c, == in compare.c. */
#include "memoryview_priv.h"

#include "base/hash.h"
#include "object/bytes.h"
#include "object/genericalias.h"
#include "object/hex.h"
#include "object/int.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "memoryview.spec.h"

/* -- the memory that views share -- */

static int
lent_memory_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((LentMemory *)o)->buffer.owner);
    return 0;
}

static void
lent_memory_clear(Object *o)
{
    buffer_release(&((LentMemory *)o)->buffer);
}

static void
lent_memory_dealloc(Object *o)
{
    lent_memory_clear(o);
    object_free(o);
}

Type managedbuffer_type = {
    .name = "managedbuffer",
    .root_shape = SHAPE_MANAGEDBUFFER,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(LentMemory),
    .slots = {.traverse = lent_memory_traverse,
              .clear = lent_memory_clear,
              .dealloc = lent_memory_dealloc},
};

/* -- making -- */

/* Copies the dimensions of `from`, or computes those that it leaves out. */
static void
copy_dimensions(Buffer *view, const Buffer *from)
{
    int n = from->ndim;
    if (n == 1 && !from->shape) {
        view->shape[0] = from->item_size ? from->length / from->item_size : 0;
    } else if (n) {
        memcpy(view->shape, from->shape, (size_t)n * sizeof(int64_t));
    }
    if (from->strides && n) {
        memcpy(view->strides, from->strides, (size_t)n * sizeof(int64_t));
    } else {
        int64_t stride = from->item_size;
        for (int d = n - 1; d >= 0; d--) {
            view->strides[d] = stride;
            stride *= view->shape[d];
        }
    }
    if (from->suboffsets) {
        memcpy(view->suboffsets, from->suboffsets, (size_t)n * sizeof(int64_t));
    } else {
        view->suboffsets = NULL;
    }
}

Own
view_new(Value memory, const Buffer *from, int ndim)
{
    int room = ndim > from->ndim ? ndim : from->ndim;
    MemoryView *v = (MemoryView *)object_alloc(
        SHAPE_MEMORYVIEW, sizeof(MemoryView) + 3 * (size_t)room * sizeof(int64_t), OBJ_TRACKED);
    if (!v) {
        return NO_VALUE;
    }
    ref_init(&v->head, &v->memory, own(memory));
    atomic_store_explicit(&v->hash, -1, memory_order_relaxed);
    v->view = *from;
    v->view.owner = NO_VALUE;
    v->view.internal = NULL;
    v->view.format = from->format ? from->format : "B";
    v->view.shape = v->dims;
    v->view.strides = v->dims + room;
    v->view.suboffsets = v->dims + 2 * room;
    copy_dimensions(&v->view, from);
    return OWN(v);
}

Own
memoryview_from_buffer(Buffer *buffer)
{
    if (buffer->ndim > BUFFER_MAX_DIMS) {
        buffer_release(buffer);
        return raise_fmt(&exc_ValueError, "memoryview: number of dimensions must not exceed %d",
                         BUFFER_MAX_DIMS);
    }
    LentMemory *memory =
        (LentMemory *)object_alloc(SHAPE_MANAGEDBUFFER, sizeof(LentMemory), OBJ_TRACKED);
    if (!memory) {
        buffer_release(buffer);
        return NO_VALUE;
    }
    bool own_length = buffer->shape == &buffer->length,
         own_size = buffer->strides == &buffer->item_size;
    memory->buffer = *buffer;
    if (own_length) { /* a simple buffer's dimensions are fields of itself */
        memory->buffer.shape = &memory->buffer.length;
    }
    if (own_size) {
        memory->buffer.strides = &memory->buffer.item_size;
    }
    ref_init(&memory->head, &memory->buffer.owner, buffer->owner);
    Own v = view_new(VALUE(memory), &memory->buffer, 0);
    drop(OWN(memory));
    return v;
}

Own
memoryview_new_flags(Value v, int flags)
{
    if (IS_EXACT(v, MEMORYVIEW)) {
        Own memory = memoryview_hold(as_memoryview(v));
        if (!memory) {
            return NO_VALUE;
        }
        Own view = view_new(memory, &as_memoryview(v)->view, 0);
        drop(memory);
        return view;
    }
    Buffer buffer;
    if (!object_has_buffer(v)) {
        return raise_fmt(&exc_TypeError, "memoryview: a bytes-like object is required, not '%T'",
                         v);
    }
    return buffer_get(v, &buffer, flags) < 0 ? NO_VALUE : memoryview_from_buffer(&buffer);
}

Own
memoryview_new(Value v)
{
    return memoryview_new_flags(v, BUFFER_FULL_RO);
}

Own
memoryview_make(Type *cls UNUSED, Value object)
{
    return memoryview_new(object);
}

Own
memoryview_py__from_flags(Type *cls UNUSED, Value object, int flags)
{
    return memoryview_new_flags(object, flags);
}

/* -- holding and releasing -- */

Own
memoryview_hold(const MemoryView *self)
{
    Own memory = ref_load(&self->head, &self->memory);
    return memory ? memory
                  : raise_msg(&exc_ValueError, "operation forbidden on released memoryview object");
}

int
memoryview_release(MemoryView *self)
{
    Own memory = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t exports = self->exports;
    if (exports == 0) {
        memory = ref_swap(&self->head, &self->memory, NO_VALUE);
    }
    critical_leave(&section);
    drop_opt(memory);
    return exports == 0 ? 0
                        : raise_int(&exc_BufferError, "memoryview has %zd exported buffer%s",
                                    exports, exports == 1 ? "" : "s");
}

int
memoryview_py_release(MemoryView *self)
{
    return memoryview_release(self);
}

Own
memoryview_py___enter__(MemoryView *self)
{
    Own memory = memoryview_hold(self);
    if (!memory) {
        return NO_VALUE;
    }
    drop(memory);
    return own(VALUE(self));
}

int
memoryview_py___exit__(MemoryView *self, Value const *args UNUSED, size_t nargs UNUSED)
{
    return memoryview_release(self);
}

static int
memoryview_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MemoryView *)o)->memory);
    return 0;
}

static void
memoryview_clear(Object *o)
{
    if (((MemoryView *)o)->exports == 0) {
        ref_clear(&((MemoryView *)o)->memory);
    }
}

static void
memoryview_dealloc(Object *o)
{
    ref_clear(&((MemoryView *)o)->memory);
    object_free(o);
}

/* As buffer_is_contiguous, but an empty slice with steps does not count as one run. */
bool
view_is_contiguous(const Buffer *view, char order)
{
    if (view->ndim == 1 && !view->suboffsets) {
        return view->shape[0] == 1 || view->strides[0] == view->item_size;
    }
    return buffer_is_contiguous(view, order);
}

/* -- lending on -- */

/* What the view cannot give: the message, or null. */
static const char *
request_refused(const Buffer *view, int flags)
{
    if ((flags & BUFFER_WRITABLE) && view->readonly) {
        return "underlying buffer is not writable";
    }
    bool c = view_is_contiguous(view, 'C'), fortran = view_is_contiguous(view, 'F');
    if ((flags & BUFFER_C_CONTIGUOUS) == BUFFER_C_CONTIGUOUS && !c) {
        return "underlying buffer is not C-contiguous";
    }
    if ((flags & BUFFER_F_CONTIGUOUS) == BUFFER_F_CONTIGUOUS && !fortran) {
        return "underlying buffer is not Fortran contiguous";
    }
    if ((flags & BUFFER_ANY_CONTIGUOUS) == BUFFER_ANY_CONTIGUOUS && !c && !fortran) {
        return "underlying buffer is not contiguous";
    }
    if ((flags & BUFFER_INDIRECT) != BUFFER_INDIRECT && view->suboffsets) {
        return "underlying buffer requires suboffsets";
    }
    if ((flags & BUFFER_STRIDES) != BUFFER_STRIDES && !c) {
        return "underlying buffer is not C-contiguous";
    }
    if ((flags & BUFFER_ND) != BUFFER_ND && (flags & BUFFER_FORMAT)) {
        return "cannot cast to unsigned bytes if the format flag is present";
    }
    return NULL;
}

static int
memoryview_getbuffer(Value v, Buffer *buffer, int flags)
{
    MemoryView *self = as_memoryview(v);
    const char *refused = request_refused(&self->view, flags);
    CriticalSection section;
    critical_enter(&section, &self->head);
    bool released = !self->memory;
    self->exports += !released && !refused;
    critical_leave(&section);
    if (released) {
        return raise_int(&exc_ValueError, "operation forbidden on released memoryview object");
    }
    if (refused) {
        return raise_int(&exc_BufferError, "memoryview: %s", refused);
    }
    *buffer = self->view;
    buffer->owner = own(v);
    if ((flags & BUFFER_FORMAT) != BUFFER_FORMAT) {
        buffer->format = NULL;
    }
    if ((flags & BUFFER_STRIDES) != BUFFER_STRIDES) {
        buffer->strides = NULL;
    }
    if ((flags & BUFFER_ND) != BUFFER_ND) {
        buffer->ndim = 1;
        buffer->shape = NULL;
    }
    return 0;
}

static void
memoryview_releasebuffer(Value v, Buffer *buffer UNUSED)
{
    CriticalSection section;
    critical_enter(&section, obj(v));
    as_memoryview(v)->exports--;
    critical_leave(&section);
}

/* -- attributes: every one asks first whether the view still has its memory -- */

static int
check_released(const MemoryView *self)
{
    Own memory = memoryview_hold(self);
    drop_opt(memory);
    return memory ? 0 : -1;
}

Own
memoryview_get_obj(MemoryView *self)
{
    Own memory = memoryview_hold(self);
    if (!memory) {
        return NO_VALUE;
    }
    Own owner = own_opt(((LentMemory *)obj(memory))->buffer.owner);
    drop(memory);
    return owner ? owner : NONE;
}

static Own
tuple_of_ints(const int64_t *items, int n)
{
    Own t = tuple_new(items ? n : 0);
    for (int i = 0; t && items && i < n; i++) {
        tuple_init_item(t, i, int_from_i64(items[i]));
    }
    return t;
}

Own
memoryview_get_nbytes(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : int_from_i64(self->view.length);
}

Own
memoryview_get_itemsize(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : int_from_i64(self->view.item_size);
}

Own
memoryview_get_format(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : str_from_cstr(self->view.format);
}

Own
memoryview_get_ndim(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : int_from_i64(self->view.ndim);
}

Own
memoryview_get_readonly(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : bool_value(self->view.readonly);
}

Own
memoryview_get_shape(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : tuple_of_ints(self->view.shape, self->view.ndim);
}

Own
memoryview_get_strides(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : tuple_of_ints(self->view.strides, self->view.ndim);
}

Own
memoryview_get_suboffsets(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE
                                    : tuple_of_ints(self->view.suboffsets, self->view.ndim);
}

Own
memoryview_get_c_contiguous(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : bool_value(view_is_contiguous(&self->view, 'C'));
}

Own
memoryview_get_f_contiguous(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : bool_value(view_is_contiguous(&self->view, 'F'));
}

Own
memoryview_get_contiguous(MemoryView *self)
{
    return check_released(self) < 0 ? NO_VALUE : bool_value(view_is_contiguous(&self->view, 'A'));
}

/* -- as bytes -- */

Own
view_bytes(const Buffer *view, char order)
{
    Own bytes = bytes_new(NULL, (size_t)view->length);
    if (bytes && view->length) {
        buffer_copy_out(view, as_bytes(bytes)->data, order);
        bytes = bytes_shrink(bytes, view->length);
    }
    return bytes;
}

Own
memoryview_py_tobytes(MemoryView *self, const char *order)
{
    Own memory = memoryview_hold(self);
    if (!memory) {
        return NO_VALUE;
    }
    Own bytes;
    if (order && (!*order || order[1] || !strchr("CFA", *order))) {
        bytes = raise_msg(&exc_ValueError, "order must be 'C', 'F' or 'A'");
    } else {
        bytes = view_bytes(&self->view, order ? *order : 'C');
    }
    drop(memory);
    return bytes;
}

Own
memoryview_py_hex(MemoryView *self, Value sep, int bytes_per_sep)
{
    int separator;
    Own memory = memoryview_hold(self), text = NO_VALUE;
    if (!memory) {
        return NO_VALUE;
    }
    if (hex_separator(sep, &separator) == 0) {
        Own bytes = view_is_contiguous(&self->view, 'C') ? NO_VALUE : view_bytes(&self->view, 'C');
        if (!exc_pending()) {
            text = hex_text(bytes ? as_bytes(bytes)->data : self->view.data, self->view.length,
                            separator, bytes_per_sep);
        }
        drop_opt(bytes);
    }
    drop(memory);
    return text;
}

static Own
memoryview_repr(Value v)
{
    return str_fmt(as_memoryview(v)->memory ? "<memory at %p>" : "<released memory at %p>", obj(v));
}

static int64_t
hash_view(const Buffer *view, Value owner)
{
    char letter = native_letter(view->format);
    if (!view->readonly) {
        return raise_int(&exc_ValueError, "cannot hash writable memoryview object");
    }
    if (letter != 'B' && letter != 'b' && letter != 'c') {
        return raise_int(&exc_ValueError,
                         "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
    }
    if (owner && object_hash(owner) == -1) {
        return -1;
    }
    Own bytes = view_bytes(view, 'C');
    int64_t hash = bytes ? hash_bytes(as_bytes(bytes)->data, (size_t)as_bytes(bytes)->length) : -1;
    drop_opt(bytes);
    return hash;
}

static void
memoryview_count_exports(MemoryView *self, int change)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    self->exports += change;
    critical_leave(&section);
}

static int64_t
memoryview_hash(Value v)
{
    MemoryView *self = as_memoryview(v);
    int64_t hash = atomic_load_explicit(&self->hash, memory_order_relaxed);
    if (hash == -1) {
        Own memory = memoryview_hold(self);
        if (!memory) {
            return -1;
        }
        memoryview_count_exports(self, 1); /* the owner's __hash__ may not release the view */
        hash = hash_view(&self->view, ((LentMemory *)obj(memory))->buffer.owner);
        memoryview_count_exports(self, -1);
        drop(memory);
        atomic_store_explicit(&self->hash, hash, memory_order_relaxed);
    }
    return hash;
}

static int64_t
memoryview_len(Value v)
{
    MemoryView *self = as_memoryview(v);
    if (check_released(self) < 0) {
        return -1;
    }
    return self->view.ndim ? self->view.shape[0]
                           : raise_int(&exc_TypeError, "0-dim memory has no length");
}

Own
memoryview_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Type memoryview_type = {
    .name = "memoryview",
    .root_shape = SHAPE_MEMORYVIEW,
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS | TYPE_SEQUENCE_PATTERN,
    .basic_size = sizeof(MemoryView),
    .item_size = sizeof(int64_t),
    .slots =
        {
            .traverse = memoryview_traverse,
            .clear = memoryview_clear,
            .dealloc = memoryview_dealloc,
            .create = memoryview_create_slot,
            .repr = memoryview_repr,
            .hash = memoryview_hash,
            .compare = memoryview_compare,
            .iter = memoryview_iter,
            .len = memoryview_len,
            .getitem = memoryview_getitem,
            .setitem = memoryview_setitem,
            .getbuffer = memoryview_getbuffer,
            .releasebuffer = memoryview_releasebuffer,
        },
    .methods = memoryview_methods,
    .getsets = memoryview_getsets,
    .spec_doc = memoryview_doc,
};
