/* MultibyteCodec: the functions encode and decode of an East Asian encoding, and their error
 * handling. Immutable. */
#include "module/cjk/codec.h"

#include "object/buffer.h"
#include "object/codec.h"
#include "object/codec/coder.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/tuple.h"
#include "object/type.h"

#include "multibyte_codec.spec.h"

static const char illegal[] = "illegal multibyte sequence";
static const char incomplete[] = "incomplete multibyte sequence";

/* -- encoding -- */

typedef struct Encoding {
    const CjkCodec *codec;
    CjkState *state;
    Value text, errors;
    ByteBuilder *out;
    Own exc;
} Encoding;

static int
encode_char(Encoding *e, const uint32_t *chars, int64_t left, bool last)
{
    uint8_t bytes[16];
    int size = 0, used = cjk_encode_step(e->codec, e->state, chars, left, last, bytes, &size);
    byte_builder_add(e->out, bytes, used > 0 ? size : 0);
    return used;
}

static int
encode_exc(Encoding *e, int64_t at)
{
    if (e->exc) {
        return unicode_error_set(e->exc, at, at + 1, illegal);
    }
    e->exc = unicode_encode_error_new(e->codec->name, e->text, at, at + 1, illegal);
    return e->exc ? 0 : -1;
}

/* Asks the handler about text[at]; *next: where to go on. fail: -1 */
static int
encode_by_handler(Encoding *e, int64_t at, int64_t *next)
{
    const char *name = str_utf8(e->errors, NULL);
    Own handler = name ? codec_lookup_error(name) : NO_VALUE, pair = NO_VALUE, with = NO_VALUE;
    if (!handler || encode_exc(e, at) < 0) {
        drop_opt(handler);
        return -1;
    }
    pair = call1(handler, e->exc);
    drop(handler);
    if (pair && (!is_tuple(pair) || as_tuple(pair)->length != 2 || !is_int(tuple_item(pair, 1)) ||
                 !(is_str(tuple_item(pair, 0)) || is_bytes(tuple_item(pair, 0))))) {
        raise_msg(&exc_TypeError, "encoding error handler must return (str, int) tuple");
    } else if (pair && !int_as_i64(tuple_item(pair, 1), next)) {
        raise_msg(&exc_IndexError, "position -1 from error handler out of bounds");
    } else if (pair) {
        with = handler_result(pair, as_str(e->text)->length, true, next);
    }
    drop_opt(pair);
    int status = with ? 0 : -1;
    if (with && is_bytes(with)) {
        byte_builder_add(e->out, as_bytes(with)->data, as_bytes(with)->length);
    } else if (with) {
        int64_t from = 0;
        Own strict = str_from_cstr("strict");
        status =
            strict ? multibyte_encode(e->codec, e->state, with, &from, strict, true, e->out) : -1;
        drop_opt(strict);
    }
    drop_opt(with);
    return status;
}

static int
encode_problem(Encoding *e, int64_t at, int64_t *next)
{
    const char *name = str_utf8(e->errors, NULL);
    *next = at + 1;
    switch (name ? error_mode(name) : ERRORS_STRICT) {
    case ERRORS_IGNORE:
        return 0;
    case ERRORS_REPLACE:
        if (encode_char(e, &(uint32_t){'?'}, 1, true) <= 0) {
            byte_builder_byte(e->out, '?');
        }
        return 0;
    case ERRORS_STRICT:
        if (name && encode_exc(e, at) == 0) {
            raise_object(e->exc, NO_VALUE);
        }
        return -1;
    default:
        return encode_by_handler(e, at, next);
    }
}

int
multibyte_encode(const CjkCodec *codec, CjkState *state, Value text, int64_t *at, Value errors,
                 bool last, ByteBuilder *out)
{
    const Str *s = as_str(text);
    Encoding e = {codec, state, text, errors, out, NO_VALUE};
    int status = 0;
    while (status == 0 && *at < s->length) {
        int64_t left = s->length - *at;
        uint32_t chars[2] = {str_char_at(s, *at), left > 1 ? str_char_at(s, *at + 1) : 0};
        int used = encode_char(&e, chars, left, last);
        if (used == CJK_MORE) {
            break;
        }
        if (used > 0) {
            *at += used;
        } else {
            status = encode_problem(&e, *at, at);
        }
    }
    drop_opt(e.exc);
    return status;
}

/* -- decoding -- */

typedef struct Decoding {
    const CjkCodec *codec;
    const uint8_t *data;
    int64_t n;
    Value errors;
    StrBuilder out;
    Own exc;
} Decoding;

static int
decode_exc(Decoding *d, int64_t start, int64_t stop, const char *reason)
{
    if (d->exc) {
        return unicode_error_set(d->exc, start, stop, reason);
    }
    d->exc = unicode_decode_error_new(d->codec->name, d->data, d->n, start, stop, reason);
    return d->exc ? 0 : -1;
}

static int
decode_by_handler(Decoding *d, const char *name, int64_t start, int64_t stop, const char *reason,
                  int64_t *next)
{
    Own handler = codec_lookup_error(name), with = NO_VALUE;
    if (!handler || decode_exc(d, start, stop, reason) < 0) {
        drop_opt(handler);
        return -1;
    }
    Own pair = call1(handler, d->exc);
    if (pair && is_tuple(pair) && as_tuple(pair)->length == 2 && is_int(tuple_item(pair, 1)) &&
        !int_as_i64(tuple_item(pair, 1), next)) {
        raise_msg(&exc_IndexError, "position -1 from error handler out of bounds");
    } else {
        with = pair ? handler_result(pair, d->n, false, next) : NO_VALUE;
    }
    drop(handler);
    drop_opt(pair);
    if (with) {
        str_builder_str(&d->out, with);
        drop(with);
    }
    return with ? 0 : -1;
}

static int
decode_problem(Decoding *d, int64_t start, int64_t stop, const char *reason, int64_t *next)
{
    const char *name = str_utf8(d->errors, NULL);
    *next = stop;
    switch (name ? error_mode(name) : ERRORS_STRICT) {
    case ERRORS_IGNORE:
        return 0;
    case ERRORS_REPLACE:
        str_builder_char(&d->out, 0xFFFD);
        return 0;
    case ERRORS_STRICT:
        if (name && decode_exc(d, start, stop, reason) == 0) {
            raise_object(d->exc, NO_VALUE);
        }
        return -1;
    default:
        return decode_by_handler(d, name, start, stop, reason, next);
    }
}

Own
multibyte_decode(const CjkCodec *codec, CjkState *state, const uint8_t *data, int64_t n,
                 Value errors, bool last, int64_t *used)
{
    Decoding d = {.codec = codec, .data = data, .n = n, .errors = errors};
    int64_t at = 0;
    int status = 0;
    str_builder_init(&d.out, n);
    while (status == 0 && at < n) {
        uint32_t chars[2];
        int count, step = cjk_decode_step(codec, state, data + at, n - at, chars, &count);
        if (step > 0) {
            str_builder_ucs4(&d.out, chars, (size_t)count);
            at += step;
        } else if (step < 0) {
            status = decode_problem(&d, at, at - step, illegal, &at);
        } else if (!last) {
            break;
        } else {
            status = decode_problem(&d, at, n, incomplete, &at);
        }
    }
    *used = at;
    drop_opt(d.exc);
    if (status < 0) {
        str_builder_discard(&d.out);
        return NO_VALUE;
    }
    return str_builder_finish(&d.out);
}

/* -- arguments -- */

Own
multibyte_errors(Value errors)
{
    return !errors || errors == NONE ? str_from_cstr("strict") : own(errors);
}

int
multibyte_set_errors(Object *holder, Own *field, Value value)
{
    if (!value) {
        return raise_int(&exc_AttributeError, "cannot delete attribute");
    }
    if (!is_str(value)) {
        return raise_int(&exc_TypeError, "errors must be a string");
    }
    Own old = ref_swap(holder, field, own(value));
    drop_opt(old);
    return 0;
}

const CjkCodec *
multibyte_codec_of(Type *cls)
{
    Own codec = object_getattr(VALUE(cls), NAME(codec));
    if (!codec) {
        return NULL;
    }
    const CjkCodec *found = NULL;
    if (is_object(codec) && type_of(codec) == &multibyte_codec_type) {
        found = ((const MultibyteCodec *)obj(codec))->codec;
    } else {
        raise_msg(&exc_TypeError, "codec is unexpected type");
    }
    drop(codec);
    return found;
}

/* -- the type -- */

Own
multibyte_codec_py_encode(MultibyteCodec *self, Value input, const char *errors)
{
    Own text = is_str(input) ? own(input) : object_str(input);
    Own mode = text ? str_from_cstr(errors ? errors : "strict") : NO_VALUE;
    if (!mode) {
        drop_opt(text);
        return NO_VALUE;
    }
    CjkState state = cjk_start(self->codec, false);
    ByteBuilder out;
    int64_t at = 0, n = as_str(text)->length;
    byte_builder_init(&out);
    int status = multibyte_encode(self->codec, &state, text, &at, mode, true, &out);
    drop(text);
    drop(mode);
    if (status < 0) {
        byte_builder_discard(&out);
        return NO_VALUE;
    }
    uint8_t reset[16];
    byte_builder_add(&out, reset, cjk_encode_reset(self->codec, &state, reset));
    Own pair[] = {byte_builder_finish(&out), small_int(n)};
    return pair[0] ? tuple_from_own(pair, 2) : NO_VALUE;
}

Own
multibyte_codec_py_decode(MultibyteCodec *self, Buffer *input, const char *errors)
{
    Own mode = str_from_cstr(errors ? errors : "strict");
    if (!mode) {
        return NO_VALUE;
    }
    CjkState state = cjk_start(self->codec, true);
    int64_t used;
    Own text = multibyte_decode(self->codec, &state, input->data, input->length, mode, true, &used);
    drop(mode);
    Own pair[] = {text, small_int(input->length)};
    return text ? tuple_from_own(pair, 2) : NO_VALUE;
}

Own
multibyte_codec_new(const char *module, Value name)
{
    if (!is_str(name)) {
        return raise_msg(&exc_TypeError, "encoding name must be a string.");
    }
    const char *text = str_utf8(name, NULL);
    const CjkCodec *codec = text ? cjk_find(module, text) : NULL;
    if (!codec) {
        return text ? raise_msg(&exc_LookupError, "no such codec is supported.") : NO_VALUE;
    }
    if (type_ready(&multibyte_codec_type) < 0) {
        return NO_VALUE;
    }
    Own v = type_alloc(&multibyte_codec_type, 0);
    if (v) {
        ((MultibyteCodec *)obj(v))->codec = codec;
    }
    return v;
}

static void
multibyte_codec_dealloc(Object *o)
{
    object_free(o);
}

Type multibyte_codec_type = {
    .name = "_multibytecodec.MultibyteCodec",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(MultibyteCodec),
    .slots = {.dealloc = multibyte_codec_dealloc},
    .methods = multibyte_codec_methods,
    .getsets = multibyte_codec_getsets,
    .spec_doc = multibyte_codec_doc,
};
