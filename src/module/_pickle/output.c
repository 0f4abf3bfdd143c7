/* _pickle: what a Pickler writes: bytes in memory, in frames from protocol 4 on. Guard: the Pickler's lock. */
#include "module/_pickle/pickle.h"
#include "object/bytes.h"

enum { FRAME_TARGET = 64 * 1024, FRAME_HEADER = 9, FRAME_LEAST = 4 };

static int
room(Pickler *p, int64_t n)
{
    if (n <= p->out_capacity - p->out_length) {
        return 0;
    }
    int64_t capacity = p->out_length + n + p->out_capacity / 2 + 256;
    uint8_t *longer = mem_realloc(p->out, (size_t)capacity);
    if (!longer) {
        return -1;
    }
    p->out = longer;
    p->out_capacity = capacity;
    return 0;
}

int
pickle_write(Pickler *p, const void *bytes, int64_t n)
{
    bool opens = p->framing && p->frame_start < 0;
    if (UNLIKELY(room(p, n + FRAME_HEADER) < 0)) {
        return -1;
    }
    if (opens) { /* the header is filled in when the frame's length is known */
        p->frame_start = p->out_length;
        p->out_length += FRAME_HEADER;
    }
    memcpy(p->out + p->out_length, bytes, (size_t)n);
    p->out_length += n;
    return 0;
}

int
pickle_close_frame(Pickler *p)
{
    if (!p->framing || p->frame_start < 0) {
        return 0;
    }
    uint8_t *header = p->out + p->frame_start;
    int64_t n = p->out_length - p->frame_start - FRAME_HEADER;
    if (n >= FRAME_LEAST) {
        header[0] = OP_FRAME;
        for (int i = 0; i < 8; i++) {
            header[1 + i] = (uint8_t)((uint64_t)n >> (8 * i));
        }
    } else {
        memmove(header, header + FRAME_HEADER, (size_t)n);
        p->out_length -= FRAME_HEADER;
    }
    p->frame_start = -1;
    return 0;
}

/* Gives bytes to the file. may: runpy */
static int
give(Pickler *p, const uint8_t *data, int64_t n)
{
    Own bytes = bytes_new(data, (size_t)n), result = bytes ? call1(p->write, bytes) : NO_VALUE;
    drop_opt(bytes);
    drop_opt(result);
    return result ? 0 : -1;
}

int
pickle_flush(Pickler *p)
{
    if (!p->write || p->out_length == 0) {
        return 0;
    }
    int64_t n = p->out_length;
    p->out_length = 0;
    return give(p, p->out, n);
}

int
pickle_boundary(Pickler *p)
{
    if (!p->framing || p->frame_start < 0 || p->out_length - p->frame_start - FRAME_HEADER < FRAME_TARGET) {
        return 0;
    }
    return pickle_close_frame(p) < 0 ? -1 : pickle_flush(p);
}

int
pickle_write_large(Pickler *p, const uint8_t *header, int64_t header_size, const uint8_t *payload, int64_t n)
{
    bool framing = p->framing, alone = n >= FRAME_TARGET && framing;
    if (alone) { /* outside of any frame */
        if (pickle_close_frame(p) < 0) {
            return -1;
        }
        p->framing = false;
    }
    int status = pickle_write(p, header, header_size);
    if (status == 0 && alone && p->write) {
        status = pickle_flush(p) < 0 ? -1 : give(p, payload, n);
    } else if (status == 0) {
        status = pickle_write(p, payload, n);
    }
    p->framing = framing;
    return status;
}
