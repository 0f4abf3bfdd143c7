/* What the modules over compression libraries share: running a coder over a buffer into bytes, and the decompressor objects
 * that keep what they have not used.
 *
 * Threads: a coder and its object's fields are guarded by the object's own lock (module/work_lock.h); who works on much data is
 * detached meanwhile. Fields that Python reads without it are written by ref_swap and read by ref_load. */
#ifndef WEFT_MODULE_COMPRESS_STREAM_H
#define WEFT_MODULE_COMPRESS_STREAM_H

#include "module/work_lock.h"
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/bytes/bytes_priv.h"
#include "object/object.h"

typedef struct StreamIo {
    const uint8_t *in;
    size_t in_left;
    uint8_t *out;
    size_t out_left;
} StreamIo;

enum { STEP_OK = 0, STEP_END = 1 }; /* anything else is the library's error */

/* One call of the library, which moves io on. Nothing of Python's may be touched: the thread may be detached. */
typedef int (*StepFn)(void *coder, StreamIo *io);

/* Runs step until the input is used up and the output had room to spare, the end, an error, or `most` bytes (-1: any number).
 * io->in and in_left say what is left. *status: the last step's. The output is in b. fail: -1 without memory */
NODISCARD int stream_run(void *coder, StepFn step, StreamIo *io, ByteBuilder *b, int64_t most, int *status);

/* -- decompressors that keep what they have not used */

typedef struct Unpacker {
    Object head;
    Mutex lock;
    _Atomic bool eof, needs_input; /* guard, for all below: lock; these two are read without it */
    bool failed;           /* after an error the coder must not be called again; set by those that are so */
    uint8_t *pending;      /* input kept for the next call */
    size_t pending_length;
    Own unused_data; /* bytes behind the end */
} Unpacker;

typedef Own (*RaiseFn)(void *coder, int status);

/* decompress(data, max_length). own: ret new bytes · fail: 0 + what raise raised, EOFError */
NODISCARD Own unpacker_run(Unpacker *d, void *coder, StepFn step, RaiseFn raise, const Buffer *data, int64_t max_length,
                          const char *eof_message);
/* For a new one. fail: -1 */
NODISCARD int unpacker_init(Unpacker *d);
int unpacker_traverse(Object *o, Visit visit, void *arg);
void unpacker_clear(Unpacker *d);
static inline Own
unpacker_unused(Unpacker *d)
{
    return ref_load(&d->head, &d->unused_data);
}

/* For types that refuse to be pickled. Returns 0. */
Own raise_cannot_pickle(Value self);

#endif
