/* What BytesIO.getbuffer() lends the file's memory through: the object behind the memoryview. It holds the file, and is immutable. */
#include "io_priv.h"
#include "object/buffer.h"

typedef struct BytesBuffer {
    Object head;
    Own file; /* immutable until cleared */
} BytesBuffer;

Own
io_bytes_buffer(Value file)
{
    BytesBuffer *b = (BytesBuffer *)obj(type_alloc(&io_bytes_buffer_type, 0));
    if (!b) {
        return NO_VALUE;
    }
    ref_init(&b->head, &b->file, own(file));
    Own view = call1(VALUE(&memoryview_type), VALUE(b));
    drop(OWN(b));
    return view;
}

static int
bytes_buffer_getbuffer(Value v, Buffer *buffer, int flags)
{
    Value file = ((BytesBuffer *)obj(v))->file;
    if (!file) {
        return raise_int(&exc_BufferError, "the file is gone");
    }
    return io_bytesio_lend(file, v, buffer, flags);
}

static void
bytes_buffer_releasebuffer(Value v, Buffer *buffer UNUSED)
{
    Value file = ((BytesBuffer *)obj(v))->file;
    if (file) {
        io_bytesio_take_back(file);
    }
}

static int
bytes_buffer_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((BytesBuffer *)o)->file);
    return 0;
}

static void
bytes_buffer_dealloc(Object *o)
{
    ref_clear(&((BytesBuffer *)o)->file);
    object_free(o);
}

Type io_bytes_buffer_type = {
    .name = "_io._BytesIOBuffer",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(BytesBuffer),
    .slots = {
        .traverse = bytes_buffer_traverse,
        .dealloc = bytes_buffer_dealloc,
        .getbuffer = bytes_buffer_getbuffer,
        .releasebuffer = bytes_buffer_releasebuffer,
    },
};
