/* Encoder and Decoder: the error handling of all coders. */
#include "object/codec/coder.h"

#include "object/exception.h"
#include "object/int.h"
#include "object/tuple.h"

ErrorMode
error_mode(const char *errors)
{
    static const struct {
        const char *name;
        ErrorMode mode;
    } modes[] = {{"strict", ERRORS_STRICT},         {"ignore", ERRORS_IGNORE},
                 {"replace", ERRORS_REPLACE},       {"backslashreplace", ERRORS_BACKSLASH},
                 {"xmlcharrefreplace", ERRORS_XML}, {"surrogateescape", ERRORS_ESCAPE},
                 {"surrogatepass", ERRORS_PASS}};
    for (size_t i = 0; errors && i < ARRAY_LEN(modes); i++) {
        if (strcmp(errors, modes[i].name) == 0) {
            return modes[i].mode;
        }
    }
    return errors ? ERRORS_OTHER : ERRORS_STRICT;
}

Own
handler_result(Value pair, int64_t length, bool bytes_too, int64_t *next)
{
    if (!is_tuple(pair) || as_tuple(pair)->length != 2 || !is_int(tuple_item(pair, 1)) ||
        !(is_str(tuple_item(pair, 0)) || (bytes_too && is_bytes(tuple_item(pair, 0))))) {
        return raise_msg(&exc_TypeError,
                         bytes_too ? "encoding error handler must return (str/bytes, int) tuple"
                                   : "decoding error handler must return (str, int) tuple");
    }
    int64_t at = object_as_ssize(tuple_item(pair, 1));
    if (at == -1 && exc_pending()) {
        return NO_VALUE;
    }
    *next = at < 0 ? at + length : at;
    if (*next < 0 || *next > length) {
        return raise_fmt(&exc_IndexError, "position %zd from error handler out of bounds", *next);
    }
    return own(tuple_item(pair, 0));
}

static Own
raise_again(Own exc)
{
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

/* -- encoding -- */

void
encoder_init(Encoder *e, const char *encoding, Value text, const char *errors,
             int (*put)(Encoder *, uint32_t))
{
    *e = (Encoder){.encoding = encoding,
                   .errors = errors,
                   .mode = error_mode(errors),
                   .text = text,
                   .put = put,
                   .unit = 1};
    byte_builder_init(&e->out);
}

/* e->exc is about this error. */
static int
encoder_exc(Encoder *e, int64_t start, int64_t stop, const char *reason)
{
    if (!e->exc) {
        e->exc = unicode_encode_error_new(e->encoding, e->text, start, stop, reason);
        return e->exc ? 0 : -1;
    }
    return unicode_error_set(e->exc, start, stop, reason);
}

static int
encoder_strict(Encoder *e, int64_t start, int64_t stop, const char *reason)
{
    if (encoder_exc(e, start, stop, reason) == 0) {
        raise_again(own(e->exc));
    }
    return -1;
}

static int
put_text(Encoder *e, const char *text)
{
    int status = 1;
    for (; status > 0 && *text; text++) {
        status = e->put(e, (uint8_t)*text);
    }
    return status;
}

/* One character in the notation of a built-in handler. 1, 0 cannot be encoded, -1 */
static int
put_notation(Encoder *e, uint32_t c)
{
    char text[16];
    switch (e->mode) {
    case ERRORS_REPLACE:
        return e->put(e, '?');
    case ERRORS_XML:
        snprintf(text, sizeof text, "&#%u;", c);
        break;
    default:
        snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        break;
    }
    return put_text(e, text);
}

static int
put_str(Encoder *e, Value v)
{
    const Str *s = as_str(v);
    int status = 1;
    for (int64_t i = 0; status > 0 && i < s->length; i++) {
        status = e->put(e, str_char_at(s, i));
    }
    return status;
}

/* Asks the handler. 1, 0 its replacement cannot be encoded, -1 */
static int
encoder_ask(Encoder *e, int64_t start, int64_t stop, const char *reason, int64_t *next)
{
    if (!e->handler && !(e->handler = codec_lookup_error(e->errors))) {
        return -1;
    }
    if (encoder_exc(e, start, stop, reason) < 0) {
        return -1;
    }
    Own pair = call1(e->handler, e->exc);
    Own with = pair ? handler_result(pair, as_str(e->text)->length, true, next) : NO_VALUE;
    drop_opt(pair);
    if (!with) {
        return -1;
    }
    int status = 1;
    if (is_str(with)) {
        status = put_str(e, with);
    } else if (as_bytes(with)->length % e->unit) {
        status = 0;
    } else {
        byte_builder_add(&e->out, as_bytes(with)->data, as_bytes(with)->length);
    }
    drop(with);
    return status;
}

int
encoder_error(Encoder *e, int64_t start, int64_t stop, const char *reason, int64_t *next)
{
    const Str *s = as_str(e->text);
    int status = 1;
    int64_t i = start;
    *next = stop;
    switch (e->mode) {
    case ERRORS_STRICT:
        return encoder_strict(e, start, stop, reason);
    case ERRORS_IGNORE:
        return 0;
    case ERRORS_REPLACE:
    case ERRORS_BACKSLASH:
    case ERRORS_XML:
        for (; status > 0 && i < stop; i++) {
            status = put_notation(e, str_char_at(s, i));
        }
        break;
    case ERRORS_ESCAPE:
        if (e->unit == 1 && !e->mapping) {
            for (; i < stop && str_char_at(s, i) - 0xDC80u < 0x80; i++) {
                byte_builder_byte(&e->out, (uint8_t)(str_char_at(s, i) - 0xDC00));
            }
            if (i == stop) {
                return 0;
            }
        }
        status = encoder_ask(e, i, stop, reason, next);
        break;
    default:
        status = encoder_ask(e, start, stop, reason, next);
    }
    return status == 0 ? encoder_strict(e, start, stop, reason) : status < 0 ? -1 : 0;
}

Own
encoder_finish(Encoder *e, int status)
{
    drop_opt(e->handler);
    drop_opt(e->exc);
    if (status < 0) {
        byte_builder_discard(&e->out);
        return NO_VALUE;
    }
    return byte_builder_finish(&e->out);
}

/* -- decoding -- */

void
decoder_init(Decoder *d, const char *encoding, const uint8_t *data, int64_t n, const char *errors)
{
    *d = (Decoder){.encoding = encoding,
                   .errors = errors,
                   .mode = error_mode(errors),
                   .data = data,
                   .length = n};
    str_builder_init(&d->out, n < 64 ? n : 64);
}

static int
decoder_exc(Decoder *d, int64_t start, int64_t stop, const char *reason)
{
    if (!d->exc) {
        d->exc = unicode_decode_error_new(d->encoding, d->data, d->length, start, stop, reason);
        return d->exc ? 0 : -1;
    }
    return unicode_error_set(d->exc, start, stop, reason);
}

/* The handler may have changed the exception's object: that is the input now. */
static int
decoder_input(Decoder *d)
{
    Own object = object_getattr(d->exc, NAME(object));
    if (!object) {
        return -1;
    }
    if (!is_bytes(object)) {
        drop(object);
        return raise_int(&exc_TypeError, "exception attribute object must be bytes");
    }
    Own before = d->object;
    d->object = object;
    d->data = as_bytes(object)->data;
    d->length = as_bytes(object)->length;
    drop_opt(before);
    return 0;
}

static int
decoder_ask(Decoder *d, int64_t start, int64_t stop, const char *reason)
{
    if (!d->handler && !(d->handler = codec_lookup_error(d->errors))) {
        return -1;
    }
    if (decoder_exc(d, start, stop, reason) < 0) {
        return -1;
    }
    Own pair = call1(d->handler, d->exc), with = NO_VALUE;
    if (pair && is_tuple(pair) && decoder_input(d) < 0) {
        drop(pair);
        return -1;
    }
    with = pair ? handler_result(pair, d->length, false, &d->at) : NO_VALUE;
    drop_opt(pair);
    if (!with) {
        return -1;
    }
    str_builder_str(&d->out, with);
    drop(with);
    return 0;
}

static bool
all_high(const uint8_t *p, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (p[i] < 0x80) {
            return false;
        }
    }
    return true;
}

int
decoder_error(Decoder *d, int64_t start, int64_t stop, const char *reason)
{
    d->at = stop;
    switch (d->mode) {
    case ERRORS_STRICT:
        if (decoder_exc(d, start, stop, reason) == 0) {
            raise_again(own(d->exc));
        }
        return -1;
    case ERRORS_IGNORE:
        return 0;
    case ERRORS_REPLACE:
        str_builder_char(&d->out, 0xFFFD);
        return 0;
    case ERRORS_BACKSLASH:
        for (int64_t i = start; i < stop; i++) {
            str_builder_fmt(&d->out, "\\x%02x", (unsigned)d->data[i]);
        }
        return 0;
    case ERRORS_ESCAPE:
        if (stop - start <= 4 && all_high(d->data + start, stop - start)) {
            for (int64_t i = start; i < stop; i++) {
                str_builder_char(&d->out, 0xDC00u + d->data[i]);
            }
            return 0;
        }
        break;
    default:
        break;
    }
    return decoder_ask(d, start, stop, reason);
}

Own
decoder_finish(Decoder *d, int status, int64_t *used)
{
    if (used) {
        *used = d->at;
    }
    drop_opt(d->handler);
    drop_opt(d->exc);
    drop_opt(d->object);
    if (status < 0) {
        str_builder_discard(&d->out);
        return NO_VALUE;
    }
    return str_builder_finish(&d->out);
}
