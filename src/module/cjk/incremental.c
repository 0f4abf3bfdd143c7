/* MultibyteIncrementalEncoder and MultibyteIncrementalDecoder.
 *
 * Threads: what is kept between the pieces is guarded by the object's lock; a piece is coded with a
 * copy of the state, since error handlers may run any code, and the result put back. */
#include "heap/critical.h"
#include "module/cjk/codec.h"
#include "object/args.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/tuple.h"
#include "object/type.h"

enum { PENDING_CHARS = 2, PENDING_BYTES = 8, STATE_SIZE = 1 + PENDING_CHARS * 4 + 8 };

typedef struct IncrementalEncoder {
    Object head;
    const CjkCodec *codec; /* immutable */
    Own errors;            /* str. guard: lock */
    Own pending;           /* str: characters that wait for the next one. guard: lock */
    CjkState state;        /* guard: lock */
} IncrementalEncoder;

typedef struct IncrementalDecoder {
    Object head;
    const CjkCodec *codec; /* immutable */
    Own errors;            /* str. guard: lock */
    CjkState state;        /* guard (all below): lock */
    uint8_t pending[PENDING_BYTES];
    int64_t pending_size;
} IncrementalDecoder;

#include "multibyte_incremental.spec.h"

/* (errors="strict") of all four classes. own: ret new, a str */
Own
multibyte_parse_errors(const char *function, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"errors"};
    ArgsSpec spec = {.function = function, .names = names, .count = 1, .positional = 1};
    Value slots[1];
    if (args_parse(&spec, args, nargs, kwnames, slots, NULL) < 0) {
        return NO_VALUE;
    }
    if (slots[0] && slots[0] != NONE && !is_str(slots[0])) {
        args_type_error(function, 1, "errors", "str or None", slots[0]);
        return NO_VALUE;
    }
    return multibyte_errors(slots[0]);
}

/* -- the encoder -- */

static Own
encoder_create(Type *cls, Value const *args, size_t nargs, Value kwnames)
{
    Own errors = multibyte_parse_errors("MultibyteIncrementalEncoder", args, nargs, kwnames);
    const CjkCodec *codec = errors ? multibyte_codec_of(cls) : NULL;
    Own v = codec ? type_alloc(cls, 0) : NO_VALUE;
    if (!v) {
        drop_opt(errors);
        return NO_VALUE;
    }
    IncrementalEncoder *self = (IncrementalEncoder *)obj(v);
    self->codec = codec;
    self->state = cjk_start(codec, false);
    ref_init(&self->head, &self->errors, errors);
    return v;
}

static void
encoder_put(IncrementalEncoder *self, CjkState state, Own pending)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    self->state = state;
    Own old = ref_swap(&self->head, &self->pending, pending);
    critical_leave(&section);
    drop_opt(old);
}

static CjkState
encoder_get(IncrementalEncoder *self, Own *pending)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    CjkState state = self->state;
    *pending = own_opt(self->pending);
    critical_leave(&section);
    return state;
}

/* Encodes input behind what waits. What cannot be coded leaves the object as it was. own: ret new
 */
Own
multibyte_encode_piece(const CjkCodec *codec, CjkState *state, Own *pending, Value input,
                       Value errors, bool last)
{
    if (!is_str(input)) {
        return raise_msg(&exc_TypeError, "couldn't convert the object to str.");
    }
    Own text = *pending ? str_concat(*pending, input) : own(input);
    if (!text) {
        return NO_VALUE;
    }
    ByteBuilder out;
    int64_t at = 0, n = as_str(text)->length;
    byte_builder_init(&out);
    int status = multibyte_encode(codec, state, text, &at, errors, last, &out);
    if (status == 0 && n - at > PENDING_CHARS) {
        status = raise_int(&exc_UnicodeError, "pending buffer overflow");
    }
    Own rest = status == 0 && at < n ? str_substring(text, at, n) : NO_VALUE;
    drop(text);
    if (status < 0 || (at < n && !rest)) {
        byte_builder_discard(&out);
        return NO_VALUE;
    }
    drop_opt(*pending);
    *pending = rest;
    if (last) {
        uint8_t reset[16];
        byte_builder_add(&out, reset, cjk_encode_reset(codec, state, reset));
    }
    return byte_builder_finish(&out);
}

Own
multibyte_encoder_py_encode(IncrementalEncoder *self, Value input, bool final)
{
    Own pending, errors = ref_load(&self->head, &self->errors);
    CjkState state = encoder_get(self, &pending);
    Own bytes = multibyte_encode_piece(self->codec, &state, &pending, input, errors, final);
    drop_opt(errors);
    if (bytes) {
        encoder_put(self, state, pending);
    } else {
        drop_opt(pending);
    }
    return bytes;
}

int
multibyte_encoder_py_reset(IncrementalEncoder *self)
{
    encoder_put(self, cjk_start(self->codec, false), NO_VALUE);
    return 0;
}

Own
multibyte_encoder_py_getstate(IncrementalEncoder *self)
{
    uint8_t bytes[STATE_SIZE] = {0};
    Own pending;
    CjkState state = encoder_get(self, &pending);
    size_t n = 0;
    if (pending) {
        const char *utf8 = str_utf8(pending, &n);
        if (!utf8) {
            drop(pending);
            return NO_VALUE;
        }
        memcpy(bytes + 1, utf8, n);
        drop(pending);
    }
    bytes[0] = (uint8_t)n;
    memcpy(bytes + 1 + n, &state, sizeof state);
    return int_from_bytes(bytes, 1 + n + sizeof state, true, false);
}

int
multibyte_encoder_py_setstate(IncrementalEncoder *self, Value statelong)
{
    uint8_t bytes[STATE_SIZE];
    CjkState state;
    if (int_to_bytes(statelong, bytes, sizeof bytes, true, false) < 0) {
        return -1;
    }
    if (bytes[0] > PENDING_CHARS * 4) {
        return raise_int(&exc_UnicodeError, "pending buffer too large");
    }
    Own pending = bytes[0] ? str_from_utf8((const char *)bytes + 1, bytes[0]) : NO_VALUE;
    if (bytes[0] && !pending) {
        return -1;
    }
    memcpy(&state, bytes + 1 + bytes[0], sizeof state);
    encoder_put(self, state, pending);
    return 0;
}

Own
multibyte_encoder_get_errors(IncrementalEncoder *self)
{
    return ref_load(&self->head, &self->errors);
}

int
multibyte_encoder_set_errors(IncrementalEncoder *self, Value value)
{
    return multibyte_set_errors(&self->head, &self->errors, value);
}

static int
ready_init(Value self UNUSED, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return 0;
}

static void
encoder_dealloc(Object *o)
{
    IncrementalEncoder *self = (IncrementalEncoder *)o;
    drop_opt(self->errors);
    drop_opt(self->pending);
    object_free(o);
}

static int
encoder_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((IncrementalEncoder *)o)->errors);
    VISIT(((IncrementalEncoder *)o)->pending);
    return 0;
}

Type multibyte_encoder_type = {
    .name = "_multibytecodec.MultibyteIncrementalEncoder",
    .flags = TYPE_BASE | TYPE_GC,
    .basic_size = sizeof(IncrementalEncoder),
    .slots = {.traverse = encoder_traverse,
              .dealloc = encoder_dealloc,
              .create = encoder_create,
              .init = ready_init},
    .methods = multibyte_encoder_methods,
    .getsets = multibyte_encoder_getsets,
    .spec_doc = multibyte_encoder_doc,
};

/* -- the decoder -- */

static Own
decoder_create(Type *cls, Value const *args, size_t nargs, Value kwnames)
{
    Own errors = multibyte_parse_errors("MultibyteIncrementalDecoder", args, nargs, kwnames);
    const CjkCodec *codec = errors ? multibyte_codec_of(cls) : NULL;
    Own v = codec ? type_alloc(cls, 0) : NO_VALUE;
    if (!v) {
        drop_opt(errors);
        return NO_VALUE;
    }
    IncrementalDecoder *self = (IncrementalDecoder *)obj(v);
    self->codec = codec;
    self->state = cjk_start(codec, true);
    ref_init(&self->head, &self->errors, errors);
    return v;
}

typedef struct Kept {
    CjkState state;
    uint8_t bytes[PENDING_BYTES];
    int64_t size;
} Kept;

static Kept
decoder_get(IncrementalDecoder *self)
{
    CriticalSection section;
    Kept kept;
    critical_enter(&section, &self->head);
    kept.state = self->state;
    kept.size = self->pending_size;
    memcpy(kept.bytes, self->pending, sizeof kept.bytes);
    critical_leave(&section);
    return kept;
}

static void
decoder_put(IncrementalDecoder *self, const Kept *kept)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    self->state = kept->state;
    self->pending_size = kept->size;
    memcpy(self->pending, kept->bytes, sizeof kept->bytes);
    critical_leave(&section);
}

Own
multibyte_decoder_py_decode(IncrementalDecoder *self, Buffer *input, bool final)
{
    Kept kept = decoder_get(self);
    uint8_t *data = mem_alloc((size_t)(kept.size + input->length) + 1);
    if (!data) {
        return NO_VALUE;
    }
    int64_t n = kept.size + input->length, used;
    memcpy(data, kept.bytes, (size_t)kept.size);
    memcpy(data + kept.size, input->data, (size_t)input->length);
    Own errors = ref_load(&self->head, &self->errors);
    Own text = multibyte_decode(self->codec, &kept.state, data, n, errors, final, &used);
    drop_opt(errors);
    if (text && n - used > PENDING_BYTES) {
        Own exc = unicode_decode_error_new(self->codec->name, data + used, n - used, 0, n - used,
                                           "pending buffer overflow");
        ref_clear(&text);
        if (exc) {
            raise_instance(exc);
        }
        kept.size = 0;
        decoder_put(self, &kept);
    }
    if (text) {
        kept.size = n - used;
        memcpy(kept.bytes, data + used, (size_t)kept.size);
        decoder_put(self, &kept);
    }
    mem_free(data);
    return text;
}

int
multibyte_decoder_py_reset(IncrementalDecoder *self)
{
    Kept kept = {.state = cjk_start(self->codec, true)};
    decoder_put(self, &kept);
    return 0;
}

Own
multibyte_decoder_py_getstate(IncrementalDecoder *self)
{
    Kept kept = decoder_get(self);
    Own pair[] = {bytes_new(kept.bytes, (size_t)kept.size),
                  int_from_bytes((const uint8_t *)&kept.state, sizeof kept.state, true, false)};
    if (!pair[0] || !pair[1]) {
        drop_opt(pair[0]);
        drop_opt(pair[1]);
        return NO_VALUE;
    }
    return tuple_from_own(pair, 2);
}

int
multibyte_decoder_py_setstate(IncrementalDecoder *self, Value state)
{
    Kept kept = {.size = 0};
    if (as_tuple(state)->length != 2 || !is_bytes(tuple_item(state, 0)) ||
        !is_int(tuple_item(state, 1))) {
        return raise_int(&exc_TypeError, "setstate(): illegal state argument");
    }
    const Bytes *pending = as_bytes(tuple_item(state, 0));
    if (int_to_bytes(tuple_item(state, 1), (uint8_t *)&kept.state, sizeof kept.state, true, false) <
        0) {
        return -1;
    }
    if (pending->length > PENDING_BYTES) {
        Own exc = unicode_decode_error_new(self->codec->name, pending->data, pending->length, 0,
                                           pending->length, "pending buffer too large");
        if (exc) {
            raise_instance(exc);
        }
        return -1;
    }
    kept.size = pending->length;
    memcpy(kept.bytes, pending->data, (size_t)kept.size);
    decoder_put(self, &kept);
    return 0;
}

Own
multibyte_decoder_get_errors(IncrementalDecoder *self)
{
    return ref_load(&self->head, &self->errors);
}

int
multibyte_decoder_set_errors(IncrementalDecoder *self, Value value)
{
    return multibyte_set_errors(&self->head, &self->errors, value);
}

static void
decoder_dealloc(Object *o)
{
    drop_opt(((IncrementalDecoder *)o)->errors);
    object_free(o);
}

static int
decoder_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((IncrementalDecoder *)o)->errors);
    return 0;
}

Type multibyte_decoder_type = {
    .name = "_multibytecodec.MultibyteIncrementalDecoder",
    .flags = TYPE_BASE | TYPE_GC,
    .basic_size = sizeof(IncrementalDecoder),
    .slots = {.traverse = decoder_traverse,
              .dealloc = decoder_dealloc,
              .create = decoder_create,
              .init = ready_init},
    .methods = multibyte_decoder_methods,
    .getsets = multibyte_decoder_getsets,
    .spec_doc = multibyte_decoder_doc,
};
