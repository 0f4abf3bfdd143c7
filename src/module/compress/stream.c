/* Running compression libraries (stream.h). */
#include "module/compress/stream.h"

#define CHUNK_FIRST 4096
#define CHUNK_MAX ((int64_t)1 << 22)

int
stream_run(void *coder, StepFn step, StreamIo *io, ByteBuilder *b, int64_t most, int *status)
{
    int64_t chunk = CHUNK_FIRST;
    *status = STEP_OK;
    for (;;) {
        int64_t room = most < 0 || most - b->length > chunk ? chunk : most - b->length;
        if (room == 0 && most > 0) {
            return 0;
        }
        io->out = byte_builder_room(b, room ? room : 1); /* for none, too, the library is asked once: it may be at the end */
        if (!io->out) {
            return -1;
        }
        io->out_left = (size_t)room;
        size_t in_before = io->in_left;
        bool detached = work_detach((int64_t)io->in_left > room ? (int64_t)io->in_left : room);
        *status = step(coder, io);
        work_attach(detached);
        b->length += room - (int64_t)io->out_left;
        bool moved = io->in_left != in_before || (int64_t)io->out_left != room;
        if (*status != STEP_OK || !moved || most == 0 || (io->in_left == 0 && io->out_left > 0)) {
            return 0;
        }
        chunk = chunk < CHUNK_MAX ? chunk * 2 : chunk;
    }
}

int
unpacker_init(Unpacker *d)
{
    d->needs_input = true;
    ref_init(&d->head, &d->unused_data, own(bytes_empty));
    return 0;
}

/* Adds the data to what is pending. fail: -1 */
static int
pending_add(Unpacker *d, const Buffer *data)
{
    if (data->length == 0) {
        return 0;
    }
    uint8_t *longer = mem_realloc(d->pending, d->pending_length + (size_t)data->length);
    if (!longer) {
        return -1;
    }
    memcpy(longer + d->pending_length, data->data, (size_t)data->length);
    d->pending = longer;
    d->pending_length += (size_t)data->length;
    return 0;
}

/* Keeps what is left of the input, which is the pending one or the caller's. fail: -1 */
static int
pending_keep(Unpacker *d, const StreamIo *io)
{
    if (io->in_left == 0) {
        mem_free(d->pending);
        d->pending = NULL;
        d->pending_length = 0;
        return 0;
    }
    if (d->pending_length) {
        memmove(d->pending, io->in, io->in_left);
    } else {
        d->pending = mem_alloc(io->in_left);
        if (!d->pending) {
            return -1;
        }
        memcpy(d->pending, io->in, io->in_left);
    }
    d->pending_length = io->in_left;
    return 0;
}

/* lock: d's */
static Own
run_locked(Unpacker *d, void *coder, StepFn step, RaiseFn raise, const Buffer *data, int64_t most)
{
    StreamIo io = {.in = data->data, .in_left = (size_t)data->length};
    if (d->pending_length) {
        if (pending_add(d, data) < 0) {
            return NO_VALUE;
        }
        io.in = d->pending;
        io.in_left = d->pending_length;
    }
    ByteBuilder b;
    int status = STEP_OK;
    byte_builder_init(&b);
    if (stream_run(coder, step, &io, &b, most, &status) < 0) {
        byte_builder_discard(&b);
        return NO_VALUE;
    }
    if (status != STEP_OK && status != STEP_END) {
        byte_builder_discard(&b);
        d->needs_input = false;
        return raise(coder, status);
    }
    bool full = most >= 0 && b.length == most;
    Own result = byte_builder_finish(&b);
    if (result && status == STEP_END) {
        d->eof = true;
        d->needs_input = false;
        if (io.in_left) {
            Own rest = bytes_new(io.in, io.in_left);
            if (!rest) {
                drop(result);
                return NO_VALUE;
            }
            Own old = ref_swap(&d->head, &d->unused_data, rest);
            drop_opt(old);
            io.in_left = 0;
        }
    } else {
        d->needs_input = io.in_left == 0 && !full;
    }
    if (result && pending_keep(d, &io) < 0) {
        drop(result);
        return NO_VALUE;
    }
    return result;
}

Own
unpacker_run(Unpacker *d, void *coder, StepFn step, RaiseFn raise, const Buffer *data, int64_t max_length,
            const char *eof_message)
{
    work_lock(&d->lock);
    Own result = d->failed ? raise_msg(&exc_ValueError, "Decompressor is unusable after a previous error")
                 : d->eof  ? raise_msg(&exc_EOFError, eof_message)
                           : run_locked(d, coder, step, raise, data, max_length < 0 ? -1 : max_length);
    work_unlock(&d->lock);
    return result;
}

int
unpacker_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Unpacker *)o)->unused_data);
    return 0;
}

void
unpacker_clear(Unpacker *d)
{
    mem_free(d->pending);
    drop_opt(d->unused_data);
}

Own
raise_cannot_pickle(Value self)
{
    return raise_fmt(&exc_TypeError, "cannot pickle '%s' object", type_of(self)->name);
}
