/* BufferedRWPair: calls go to its reader or its writer, which guard themselves. */
#include "heap/critical.h"
#include "io_priv.h"
#include "object/exception.h"
#include "object/args.h"

typedef struct PairObject {
    Object head;
    Own reader, writer; /* set by __init__. guard: lock to change */
} PairObject;

#include "rwpair.spec.h"

int
io_rwpair_init(PairObject *self, Value reader, Value writer, int64_t buffer_size)
{
    static const struct {
        const char *question, *refusal;
    } checks[] = {{"readable", "File or stream is not readable."}, {"writable", "File or stream is not writable."}};
    Value files[] = {reader, writer};
    for (int i = 0; i < 2; i++) {
        Own able = call_method0(files[i], checks[i].question);
        int truth = able ? object_truth(able) : -1;
        drop_opt(able);
        if (truth <= 0) {
            if (!truth) {
                io_raise_unsupported(checks[i].refusal);
            }
            return -1;
        }
    }
    Own size = int_from_i64(buffer_size);
    Own r = size ? call2(VALUE(&io_reader_type), reader, size) : NO_VALUE, w = r ? call2(VALUE(&io_writer_type), writer, size) : NO_VALUE;
    drop_opt(size);
    if (!w) {
        drop_opt(r);
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own old_reader = ref_swap(&self->head, &self->reader, r), old_writer = ref_swap(&self->head, &self->writer, w);
    critical_leave(&section);
    drop_opt(old_reader);
    drop_opt(old_writer);
    return 0;
}

/* half: a field of self's */
static Own
forward(PairObject *self, Own const *half, const char *method, Value const *args, size_t nargs, Value kwnames)
{
    Own file = ref_load(&self->head, half);
    if (!file) {
        return raise_msg(&exc_ValueError, "I/O operation on uninitialized object");
    }
    Own f = object_getattr_cstr(file, method);
    Own result = f ? object_call(f, args, nargs, kwnames) : NO_VALUE;
    drop_opt(f);
    drop(file);
    return result;
}

#define FORWARD(name, half)                                                                        \
    Own io_rwpair_py_##name(Value self, Value const *args, size_t nargs, Value kwnames)            \
    {                                                                                              \
        PairObject *pair = (PairObject *)obj(self);                                                \
        return forward(pair, &pair->half, #name, args, nargs, kwnames);                            \
    }
FORWARD(read, reader)
FORWARD(peek, reader)
FORWARD(read1, reader)
FORWARD(readinto, reader)
FORWARD(readinto1, reader)
FORWARD(readable, reader)
FORWARD(write, writer)
FORWARD(flush, writer)
FORWARD(writable, writer)

int
io_rwpair_py_close(PairObject *self)
{
    Own done = forward(self, &self->writer, "close", (Value const[1]){0}, 0, NO_VALUE);
    Own pending = done ? NO_VALUE : exc_take();
    drop_opt(done);
    done = forward(self, &self->reader, "close", (Value const[1]){0}, 0, NO_VALUE);
    drop_opt(done);
    if (!pending) {
        return done ? 0 : -1;
    }
    if (!done) { /* both failed: the first one is the context of the second */
        Own second = exc_take();
        if (!as_exception(second)->context) {
            exc_set_context(second, pending);
        } else {
            drop(pending);
        }
        pending = second;
    }
    exc_restore(pending);
    return -1;
}

Own
io_rwpair_py_isatty(PairObject *self)
{
    Own answer = forward(self, &self->writer, "isatty", (Value const[1]){0}, 0, NO_VALUE);
    if (answer != FALSE_VALUE) {
        return answer;
    }
    return forward(self, &self->reader, "isatty", (Value const[1]){0}, 0, NO_VALUE);
}

Own
io_rwpair_get_closed(PairObject *self)
{
    Own writer = ref_load(&self->head, &self->writer);
    if (!writer) {
        return raise_msg(&exc_RuntimeError, "the BufferedRWPair object is being garbage-collected");
    }
    Own closed = object_getattr(writer, NAME(closed));
    drop(writer);
    return closed;
}

static int
rwpair_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((PairObject *)o)->reader);
    VISIT(((PairObject *)o)->writer);
    return instance_attrs_traverse(o, visit, arg);
}

static void
rwpair_clear(Object *o)
{
    ref_clear(&((PairObject *)o)->reader);
    ref_clear(&((PairObject *)o)->writer);
    instance_attrs_clear(o);
}

static void
rwpair_dealloc(Object *o)
{
    rwpair_clear(o);
    instance_attrs_free(o);
    object_free(o);
}

Type io_rwpair_type = {
    .name = "_io.BufferedRWPair",
    .base = &io_bufferediobase_type,
    .flags = IO_FLAGS,
    .basic_size = sizeof(PairObject),
    .dict_offset = sizeof(PairObject),
    .slots = {.traverse = rwpair_traverse, .clear = rwpair_clear, .dealloc = rwpair_dealloc, .init = io_rwpair_init_slot},
    .methods = io_rwpair_methods,
    .getsets = io_rwpair_getsets,
    .spec_doc = io_rwpair_doc,
};
