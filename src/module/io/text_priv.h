/* What the files of TextIOWrapper share: text.c (the type), text_coding.c (bytes and characters),
 * text_write.c, text_read.c, text_position.c (tell and seek).
 *
 * Writing: text is encoded at once into `pending`, which goes to the buffer when it is long, or at
 * a line's end with line buffering. Reading: a chunk of bytes is decoded into `decoded`, of which
 * `decoded_at` characters have been given out. `chunk` keeps the bytes that `decoded` was made
 * from, and `chunk_flags` the decoder's state before them, so that tell() can say where in them the
 * position is. UTF-8, ASCII and Latin-1 are coded here; all other encodings by the incremental
 * objects of the codec.
 *
 * Threads: every operation holds the CallLock; text of one write() is never torn apart. */
#ifndef WEFT_MODULE_IO_TEXT_PRIV_H
#define WEFT_MODULE_IO_TEXT_PRIV_H

#include "module/io/io_priv.h"
#include "module/io/newline.h"

typedef enum TextKind { BY_CODEC, UTF8, LATIN1, ASCII } TextKind;

typedef struct TextObject {
    Object head;
    Own buffer, encoding, errors; /* guard: lock */
    Own encoder, decoder;         /* incremental objects, or NO_VALUE. guard: lock */
    CallLock lock;
    uint32_t depth;   /* how often its holder has entered again. guard: the lock's holder */
    uint8_t *pending; /* guard (all below): lock */
    int64_t pending_used, pending_size;
    Own decoded; /* str or NO_VALUE */
    int64_t decoded_at;
    Own chunk; /* bytes, those the decoder had kept in front; NO_VALUE: no position inside is known
                */
    Own left;  /* native kinds: bytes of a character that has not ended, or NO_VALUE */
    int64_t chunk_flags; /* of the decoder before `chunk`: as text_state gives them */
    int64_t chunk_size;
    double bytes_per_char; /* a guess, for tell() */
    Newlines newlines;
    bool universal, write_translate, seekable, readable, writable;
    _Atomic bool ready, detached, line_buffering, write_through; /* guard: lock to change */
    _Atomic bool telling, finalizing;
    uint8_t encode_kind, decode_kind;       /* TextKind */
    char read_newline[3], write_newline[3]; /* "" = not used */
} TextObject;

static inline TextObject *
as_text(Value v)
{
    return (TextObject *)obj(v);
}

/* Methods of the buffer, the encoder and the decoder. What runs there may replace them, by __init__() or reconfigure(): they are held. */
static inline Own
text_call0(Value layer, const char *method)
{
    Own held = own(layer), result = call_method0(held, method);
    drop(held);
    return result;
}

static inline Own
text_call1(Value layer, const char *method, Value a)
{
    Own held = own(layer), result = call_method1(held, method, a);
    drop(held);
    return result;
}

static inline Own
text_call2(Value layer, const char *method, Value a, Value b)
{
    Own held = own(layer), result = call_method2(held, method, a, b);
    drop(held);
    return result;
}

/* -- text.c */
NODISCARD int text_check_ready(TextObject *self);
/* Open, and the lock taken. fail: -1 */
NODISCARD int text_begin(TextObject *self);
NODISCARD int text_enter(TextObject *self); /* the same, open or not */
void text_end(TextObject *self);
NODISCARD Own text_buffer(TextObject *self); /* for use without the lock. own: ret new · fail: 0 + ValueError */

/* -- text_coding.c */
/* By encoding and errors: which kinds, and the codec's objects. fail: -1 */
NODISCARD int text_choose_coding(TextObject *self);
/* Appends the encoded text to pending. Gives how many bytes that are; what a codec or an error handler writes here meanwhile comes before
 * them. fail: -1, and nothing appended */
NODISCARD int64_t text_encode(TextObject *self, Value text);
/* Room for n more bytes behind pending: where they go, or null. */
NODISCARD uint8_t *text_pending_room(TextObject *self, int64_t n);
/* Text of input (bytes), behind what the decoder kept. own: ret new */
NODISCARD Own text_decode(TextObject *self, Value input, bool final);
NODISCARD Own text_join_bytes(Value first, Value second); /* whatever + of their classes does. own: ret new */
NODISCARD int text_can_decode(TextObject *self); /* fail: -1 + UnsupportedOperation */
/* The decoder's state: the bytes that it keeps, and flags of which the lowest is "a \r is held
 * back" where newlines are universal. fail: -1 */
NODISCARD int text_state(TextObject *self, Own *kept, int64_t *flags);
NODISCARD int text_set_state(TextObject *self, Value kept, int64_t flags);
NODISCARD int text_reset_decoder(TextObject *self);
/* The encoder writes a mark at the start of the stream (true), or is past it. fail: -1 */
NODISCARD int text_reset_encoder(TextObject *self, bool at_start);

/* -- text_write.c */
NODISCARD int text_flush_pending(TextObject *self);

/* -- text_read.c */
static inline int64_t
text_available(const TextObject *self) /* characters decoded and not given out */
{
    return self->decoded ? as_str(self->decoded)->length - self->decoded_at : 0;
}
void text_set_decoded(TextObject *self, Own text); /* eats; may be NO_VALUE */
void text_set_chunk(TextObject *self, Own chunk, int64_t flags);
Own text_next(Value v);

/* -- text_position.c */
NODISCARD Own text_tell(TextObject *self);

#endif
