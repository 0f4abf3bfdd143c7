/* TextIOWrapper: bytes and characters. The kinds that are coded here, and the codec's incremental
 * objects for all others. */
#include "module/io/text_priv.h"

#include "base/utf8.h"
#include "object/codec.h"
#include "object/exception.h"
#include "object/hooks.h"

static TextKind
kind_of(Value encoding)
{
    static const struct {
        const char *name;
        TextKind kind;
    } kinds[] = {{"utf8", UTF8},
                 {"latin1", LATIN1},
                 {"iso88591", LATIN1},
                 {"ascii", ASCII},
                 {"usascii", ASCII}};
    char name[16];
    size_t n = 0;
    for (int64_t i = 0; i < as_str(encoding)->length; i++) {
        uint32_t c = str_char_at(as_str(encoding), i);
        if (c == '-' || c == '_' || c == ' ') {
            continue;
        }
        if (n == sizeof name - 1 || c >= 128) {
            return BY_CODEC;
        }
        name[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    name[n] = 0;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            return kinds[i].kind;
        }
    }
    return BY_CODEC;
}

/* An incremental encoder or decoder of the codec. own: ret new */
static Own
make_coder(TextObject *self, Value info, const char *which)
{
    Own class = object_getattr_cstr(info, which), errors = own(self->errors);
    Own coder = class && class != NONE ? call1(class, errors) : NO_VALUE;
    drop(errors);
    if (class == NONE) {
        raise_value(&exc_LookupError, self->encoding);
    }
    drop_opt(class);
    return coder;
}

static int
use_codec(TextObject *self)
{
    Own encoding = own(self->encoding); /* the search may replace it */
    Own info = codec_lookup_text(str_utf8(encoding, NULL), NULL);
    drop(encoding);
    if (!info) {
        return -1;
    }
    if (self->writable && self->encode_kind == BY_CODEC) {
        ref_store(&self->head, &self->encoder, make_coder(self, info, "incrementalencoder"));
    }
    if (self->readable && self->decode_kind == BY_CODEC && !exc_pending()) {
        ref_store(&self->head, &self->decoder, make_coder(self, info, "incrementaldecoder"));
    }
    drop(info);
    return exc_pending() ? -1 : 0;
}

int
text_choose_coding(TextObject *self)
{
    if (!str_utf8(self->encoding, NULL) || !str_utf8(self->errors, NULL)) {
        return -1;
    }
    TextKind kind = kind_of(self->encoding);
    bool known =
        str_equals_cstr(self->errors, "strict") || str_equals_cstr(self->errors, "surrogateescape");
    self->encode_kind = (uint8_t)kind;
    self->decode_kind = known ? (uint8_t)kind : BY_CODEC;
    ref_clear(&self->encoder);
    ref_clear(&self->decoder);
    bool needed = (self->writable && self->encode_kind == BY_CODEC) ||
                  (self->readable && self->decode_kind == BY_CODEC);
    if (kind == BY_CODEC || needed) {
        return use_codec(self);
    }
    return 0;
}

/* -- encoding -- */

uint8_t *
text_pending_room(TextObject *self, int64_t n)
{
    if (!self->pending || n > self->pending_size - self->pending_used) {
        int64_t size;
        if (__builtin_add_overflow(self->pending_used, n, &size) || size > INT64_MAX - 4096) {
            raise_no_memory();
            return NULL;
        }
        uint8_t *moved = mem_realloc(self->pending, (size_t)size + 4096);
        if (!moved) {
            return NULL;
        }
        self->pending = moved;
        self->pending_size = size + 4096;
    }
    return self->pending + self->pending_used;
}

static int64_t
add_bytes(TextObject *self, Own bytes)
{
    int64_t n = -1;
    if (bytes && !is_bytes(bytes)) {
        raise_fmt(&exc_TypeError, "encoder should return a bytes object, not '%T'", (Value)bytes);
        ref_clear(&bytes);
    }
    uint8_t *to = bytes ? text_pending_room(self, as_bytes(bytes)->length) : NULL;
    if (to) {
        n = as_bytes(bytes)->length;
        memcpy(to, as_bytes(bytes)->data, (size_t)n);
        self->pending_used += n;
    }
    drop_opt(bytes);
    return n;
}

/* By a function that may call an error handler, which may replace self->errors. */
static int64_t
encode_with_errors(TextObject *self, Value text)
{
    Own mode = own(self->errors);
    const char *errors = str_utf8(mode, NULL);
    Own bytes = self->encode_kind == UTF8     ? encode_utf8(text, errors)
                : self->encode_kind == LATIN1 ? encode_latin1(text, errors)
                                              : encode_ascii(text, errors);
    drop(mode);
    return add_bytes(self, bytes);
}

int64_t
text_encode(TextObject *self, Value text)
{
    const Str *s = as_str(text);
    size_t bad;
    uint8_t *to;
    if (self->encode_kind == BY_CODEC) {
        return add_bytes(self, text_call1(self->encoder, "encode", text));
    }
    if (s->ascii || (self->encode_kind == LATIN1 && s->width == 1)) {
        if (!(to = text_pending_room(self, s->length))) {
            return -1;
        }
        memcpy(to, s->data, (size_t)s->length);
        self->pending_used += s->length;
        return s->length;
    }
    if (self->encode_kind != UTF8) {
        return encode_with_errors(self, text);
    }
    size_t size = utf8_size(s->data, s->width, (size_t)s->length, &bad);
    if (bad != (size_t)s->length) {
        return encode_with_errors(self, text);
    }
    if (!(to = text_pending_room(self, (int64_t)size))) {
        return -1;
    }
    int64_t n = (int64_t)utf8_encode(to, s->data, s->width, (size_t)s->length);
    self->pending_used += n;
    return n;
}

int
text_reset_encoder(TextObject *self, bool at_start)
{
    if (!self->encoder) {
        return 0;
    }
    Own done = at_start ? text_call0(self->encoder, "reset")
                        : text_call1(self->encoder, "setstate", small_int(0));
    drop_opt(done);
    return done ? 0 : -1;
}

/* -- decoding -- */

int
text_can_decode(TextObject *self)
{
    if (self->decoder || (self->readable && self->decode_kind != BY_CODEC)) {
        return 0;
    }
    io_raise_unsupported("not readable");
    return -1;
}

Own
text_join_bytes(Value first, Value second)
{
    const Bytes *a = as_bytes(first), *b = as_bytes(second);
    Own whole = bytes_new(NULL, (size_t)a->length + (size_t)b->length);
    if (whole) {
        memcpy(as_bytes(whole)->data, a->data, (size_t)a->length);
        memcpy(as_bytes(whole)->data + a->length, b->data, (size_t)b->length);
    }
    return whole;
}

static Own
decode_native(TextObject *self, const uint8_t *data, int64_t n, bool final, int64_t *used)
{
    Own mode = own(self->errors); /* an error handler may replace it */
    const char *errors = str_utf8(mode, NULL);
    *used = n;
    Own text = self->decode_kind == UTF8    ? decode_utf8(data, n, errors, final, used)
               : self->decode_kind == ASCII ? decode_ascii(data, n, errors)
                                            : str_from_latin1(data, (size_t)n);
    drop(mode);
    return text;
}

Own
text_decode(TextObject *self, Value input, bool final)
{
    Own text;
    if (self->decoder) {
        text = text_call2(self->decoder, "decode", input, bool_value(final));
        if (text && !is_str(text)) {
            raise_fmt(&exc_TypeError, "decoder should return a string result, not '%T'",
                      (Value)text);
            ref_clear(&text);
        }
    } else {
        Own data = self->left ? text_join_bytes(self->left, input) : own(input);
        if (!data) {
            return NO_VALUE;
        }
        int64_t used, n = as_bytes(data)->length;
        text = decode_native(self, as_bytes(data)->data, n, final, &used);
        Own left = NO_VALUE;
        if (text && used < n &&
            !(left = bytes_new(as_bytes(data)->data + used, (size_t)(n - used)))) {
            ref_clear(&text);
        }
        ref_store(&self->head, &self->left, left);
        drop(data);
    }
    return text && self->universal ? newlines_apply(&self->newlines, text, final) : text;
}

int
text_state(TextObject *self, Own *kept, int64_t *flags)
{
    *flags = 0;
    if (!self->decoder) {
        *kept = self->left ? own(self->left) : own(bytes_empty);
    } else {
        Own state = text_call0(self->decoder, "getstate");
        if (!state) {
            return -1;
        }
        if (!is_tuple(state) || as_tuple(state)->length != 2) {
            drop(state);
            return raise_int(&exc_TypeError, "illegal decoder state");
        }
        Value first = tuple_item(state, 0);
        if (!is_bytes(first) || !is_int(tuple_item(state, 1))) {
            raise_fmt(&exc_TypeError,
                      "illegal decoder state: the first item should be a bytes object, not '%T'",
                      first);
            drop(state);
            return -1;
        }
        *kept = own(first);
        *flags = object_as_int64(tuple_item(state, 1));
        drop(state);
        if (exc_pending()) {
            ref_clear(kept);
            return -1;
        }
    }
    if (self->universal) {
        *flags = (int64_t)((uint64_t)*flags << 1) | self->newlines.pending_cr;
    }
    return 0;
}

int
text_set_state(TextObject *self, Value kept, int64_t flags)
{
    if (self->universal) {
        self->newlines.pending_cr = flags & 1;
        flags = (int64_t)((uint64_t)flags >> 1);
    }
    if (!self->decoder) {
        ref_store(&self->head, &self->left, as_bytes(kept)->length ? own(kept) : NO_VALUE);
        return 0;
    }
    Own number = int_from_i64(flags);
    Own pair = number ? tuple_pack(2, kept, (Value)number) : NO_VALUE;
    Own done = pair ? text_call1(self->decoder, "setstate", pair) : NO_VALUE;
    drop_opt(done);
    drop_opt(pair);
    drop_opt(number);
    return done ? 0 : -1;
}

int
text_reset_decoder(TextObject *self)
{
    self->newlines.pending_cr = false;
    self->newlines.seen = 0;
    ref_clear(&self->left);
    if (!self->decoder) {
        return 0;
    }
    Own done = text_call0(self->decoder, "reset");
    drop_opt(done);
    return done ? 0 : -1;
}
