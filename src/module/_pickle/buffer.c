/* _pickle: PickleBuffer. Guard of its buffer: the lock of the object. */
#include "heap/critical.h"
#include "module/_pickle/pickle.h"
#include "object/memoryview.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct PickleBuffer {
    Object head;
    Own view; /* a memoryview of the object, NO_VALUE when released; guard: lock to change, ref_load to read */
    Own base; /* the object; immutable */
} PickleBuffer;

#include "buffer.spec.h"

static Own
held_view(PickleBuffer *b)
{
    Own view = ref_load(&b->head, &b->view);
    return view ? view : raise_msg(&exc_ValueError, "operation forbidden on released PickleBuffer object");
}

static Own
pickle_buffer_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "PickleBuffer() takes no keyword arguments");
    }
    if (nargs != 1) {
        return raise_fmt(&exc_TypeError, "PickleBuffer() takes exactly 1 positional argument (%zu given)", nargs);
    }
    if (!object_has_buffer(args[0])) {
        return raise_fmt(&exc_TypeError, "a bytes-like object is required, not '%T'", args[0]);
    }
    Own view = call1(VALUE(&memoryview_type), args[0]), v = view ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(view);
        return NO_VALUE;
    }
    ref_init(obj(v), &((PickleBuffer *)obj(v))->view, view);
    ref_init(obj(v), &((PickleBuffer *)obj(v))->base, own(args[0]));
    return v;
}

Own
pickle_buffer_py_raw(PickleBuffer *self)
{
    Own view = held_view(self), result = NO_VALUE, bytes = NO_VALUE;
    Buffer b;
    if (!view) {
        return NO_VALUE;
    }
    if (buffer_get(view, &b, BUFFER_FULL_RO) == 0) {
        bool c_order = buffer_is_contiguous(&b, 'C'), fortran = buffer_is_contiguous(&b, 'F');
        buffer_release(&b);
        if (!c_order && !fortran) {
            raise_msg(&exc_BufferError, "cannot extract raw buffer from non-contiguous buffer");
        } else if (!c_order) { /* the same bytes, as the transposed array has them */
            bytes = object_getattr_cstr(view, "obj");
            result = bytes ? call1(VALUE(&memoryview_type), bytes) : NO_VALUE;
            drop_opt(bytes);
        } else {
            Own letter = str_from_char('B');
            result = letter ? call_method1(view, "cast", letter) : NO_VALUE;
            drop_opt(letter);
        }
    }
    drop(view);
    return result;
}

int
pickle_buffer_py_release(PickleBuffer *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own view = ref_swap(&self->head, &self->view, NO_VALUE);
    critical_leave(&section);
    drop_opt(view);
    return 0;
}

static int
pickle_buffer_getbuffer(Value v, Buffer *buffer, int flags)
{
    Own view = held_view((PickleBuffer *)obj(v));
    int status = view ? buffer_get(((PickleBuffer *)obj(v))->base, buffer, flags) : -1;
    drop_opt(view);
    return status;
}

static int
pickle_buffer_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((PickleBuffer *)o)->view);
    VISIT(((PickleBuffer *)o)->base);
    return 0;
}

static void
pickle_buffer_clear(Object *o)
{
    ref_clear(&((PickleBuffer *)o)->view);
}

static void
pickle_buffer_dealloc(Object *o)
{
    pickle_buffer_clear(o);
    drop_opt(((PickleBuffer *)o)->base);
    object_free(o);
}

Type pickle_buffer_type = {
    .name = "pickle.PickleBuffer",
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(PickleBuffer),
    .slots = {
        .traverse = pickle_buffer_traverse,
        .clear = pickle_buffer_clear,
        .dealloc = pickle_buffer_dealloc,
        .create = pickle_buffer_create,
        .getbuffer = pickle_buffer_getbuffer,
    },
    .methods = pickle_buffer_methods,
    .getsets = pickle_buffer_getsets,
    .spec_doc = pickle_buffer_doc,
};
