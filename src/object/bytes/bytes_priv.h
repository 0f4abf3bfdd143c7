/* What bytes, bytearray and their methods share.
 *
 * Algorithms work on a Span: bytes that stay where they are while they run. Of a bytes object that
 * is so by itself; of a bytearray it is so while its lock is held (nothing under the lock runs
 * Python code); other objects lend a Buffer. A ByteArg is an argument of a method as a span,
 * whichever it is. */
#ifndef WEFT_OBJECT_BYTES_PRIV_H
#define WEFT_OBJECT_BYTES_PRIV_H

#include "heap/critical.h"
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/text.h"

typedef struct Span {
    const uint8_t *data;
    int64_t length;
} Span;

typedef struct ByteArg {
    Span span;
    Buffer buffer; /* of other lenders; owner NO_VALUE when unused */
    uint8_t one;   /* an int argument's byte */
} ByteArg;

/* v's bytes until release. fail: -1 + TypeError "a bytes-like object is required, not 'x'" */
NODISCARD int byte_arg_get(ByteArg *arg, Value v);
/* The same, or an int as one byte. fail: -1 + TypeError "argument should be integer or bytes-like
 * object, not 'x'", ValueError */
NODISCARD int byte_arg_get_sub(ByteArg *arg, Value v);
void byte_arg_release(ByteArg *arg);

/* -- methods of both types: bytelike_py_NAME in this folder's files takes a bytes or a bytearray as
 * self */
typedef struct SelfSpan {
    Span span;
    CriticalSection section;
    uint8_t *copy; /* of a bytearray whose memory is lent: others store there without its lock */
} SelfSpan;

/* Between enter and leave self's bytes stay as they are: nothing may run Python code. Arguments are
 * made spans before. */
Span self_enter(SelfSpan *s, Value self);
void self_leave(SelfSpan *s);
/* bytes or bytearray, as self is. own: ret new */
NODISCARD Own bytes_like(Value self, const void *data, int64_t n);
/* The same, to be filled: *data is where. */
NODISCARD Own bytes_like_new(Value self, int64_t n, uint8_t **data);
/* self unchanged: itself where it is exactly bytes, else a copy. lock: between enter and leave */
NODISCARD Own bytes_like_same(Value self, Span span);
/* PieceFn of both types. */
Own bytes_piece(Value whole, Text t, int64_t start, int64_t stop);

/* -- growing memory for bytes to come. Failure sticks (MemoryError is pending) until the builder is
 * finished. */
typedef struct ByteBuilder {
    uint8_t *data;
    int64_t length, capacity;
    bool failed;
    uint8_t small[256]; /* data points here at first */
} ByteBuilder;

void byte_builder_init(ByteBuilder *b);
/* Room for n more: where they go, or null. The caller writes them and adds to length. */
NODISCARD uint8_t *byte_builder_room(ByteBuilder *b, int64_t n);
void byte_builder_add(ByteBuilder *b, const void *data, int64_t n);
void byte_builder_byte(ByteBuilder *b, uint8_t byte);
NODISCARD Own byte_builder_finish(ByteBuilder *b);           /* bytes */
NODISCARD Own byte_builder_finish_bytearray(ByteBuilder *b); /* bytearray */
void byte_builder_discard(ByteBuilder *b);

static inline Text
span_text(Span s)
{
    return (Text){s.data, s.length, 1, true};
}

/* -- common parts of both types */
static inline Span
bytes_span(Value v)
{
    return (Span){as_bytes(v)->data, as_bytes(v)->length};
}

/* Appends what bytes(x) and bytearray(x) take: a buffer's bytes or an iterable's ints. range_error
 * names the type in
 * "... must be in range(0, 256)". type_name: "cannot convert 'x' object to <type_name>". fail:
 * -1 */
NODISCARD int bytes_collect(Value from, ByteBuilder *b, const char *subject, const char *type_name);
NODISCARD int bytes_collect_items(Value iterable, ByteBuilder *b, const char *subject);
/* The byte that an int object is. fail: -1 + TypeError, ValueError "<subject> must be in range(0,
 * 256)" */
NODISCARD int byte_value(Value v, const char *subject);
/* b'...', or with the name of an array type name(b'...'). */
NODISCARD Own span_repr(Span s, Value name);
Own span_compare(Span a, Span b, CompareOp op);
NODISCARD Own bytes_iter(Value v);
NODISCARD Own bytearray_iter(Value v);
int bytelike_contains(Value v, Value item); /* slot of both */
int64_t bytelike_py___alloc__(Value self);  /* of a bytearray */
/* -1 past the end. */
int bytearray_byte_at(ByteArray *self, int64_t i);
static inline bool
is_bytearray(Value v)
{
    return IS_EXACT(v, BYTEARRAY) || (is_object(v) && is_instance_of(v, &bytearray_type));
}

#endif
