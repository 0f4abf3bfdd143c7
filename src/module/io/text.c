/* TextIOWrapper.
 *
 * Writing: text is encoded at once into `pending`, which goes to the buffer when it is long, or at a newline with line buffering. Reading: a chunk of
 * bytes is decoded into `decoded`, of which `decoded_at` characters have been given out. UTF-8, ASCII and Latin-1 with strict errors (or
 * surrogateescape for UTF-8) are done here; everything else by the codec's incremental objects. `chunk` keeps the bytes that `decoded` was made from, so that tell()
 * can say where in them the position is.
 *
 * Threads: every operation holds the IoLock. */
#include <errno.h>
#include <unistd.h>

#include "base/utf8.h"
#include "heap/thread.h"
#include "io_priv.h"
#include "newline.h"
#include "object/args.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/str_priv.h"

enum { BY_CODEC, UTF8, LATIN1, ASCII };

typedef struct TextObject {
    Object head;
    Own buffer, encoding, errors;
    Own encoder, decoder;    /* incremental objects, or NO_VALUE */
    IoLock lock;
    uint8_t *pending;        /* guard (all below): lock */
    int64_t pending_used, pending_size;
    Own decoded;             /* str or NO_VALUE */
    int64_t decoded_at;
    Own chunk;               /* bytes that `decoded` came from, what was left over of the chunk before in front */
    Own left;                /* bytes of a character that has not ended, or NO_VALUE (native kinds) */
    Own decoder_state;       /* of the codec's decoder before `chunk` */
    int64_t chunk_size;
    Newlines newlines;
    bool chunk_cr;           /* newlines.pending_cr before `chunk` */
    bool universal, write_translate, ready, detached, line_buffering, write_through, finalizing, telling;
    uint8_t kind;            /* how encoding and decoding are done */
    char read_newline[3], write_newline[3]; /* "" = not used */
} TextObject;

#include "text.spec.h"

static TextObject *
as_text(Value v)
{
    return (TextObject *)obj(v);
}

static int
check_ready(TextObject *self)
{
    if (self->ready) {
        return 0;
    }
    return raise_int(&exc_ValueError, self->detached ? "underlying buffer has been detached" : "I/O operation on uninitialized object");
}

static int
begin(TextObject *self)
{
    if (check_ready(self) < 0) {
        return -1;
    }
    int closed = io_is_closed(self->buffer);
    if (closed) {
        return closed < 0 ? -1 : raise_int(&exc_ValueError, "I/O operation on closed file.");
    }
    return io_lock(&self->lock, VALUE(self));
}

static void
end(TextObject *self)
{
    io_unlock(&self->lock);
}

/* -- encodings -- */

static int
kind_of(Value encoding, Value errors)
{
    bool strict = str_equals_cstr(errors, "strict");
    if (!strict && !str_equals_cstr(errors, "surrogateescape")) {
        return BY_CODEC;
    }
    char name[16];
    int64_t n = 0;
    for (int64_t i = 0; i < as_str(encoding)->length && n < 15; i++) {
        uint32_t c = str_char_at(as_str(encoding), i);
        if (c != '-' && c != '_' && c != ' ') {
            name[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c < 128 ? c : '?');
        }
    }
    name[n] = 0;
    if (strcmp(name, "utf8") == 0) {
        return UTF8;
    }
    if (strict && (strcmp(name, "latin1") == 0 || strcmp(name, "iso88591") == 0)) {
        return LATIN1;
    }
    return strict && (strcmp(name, "ascii") == 0 || strcmp(name, "usascii") == 0) ? ASCII : BY_CODEC;
}

/* An incremental encoder or decoder of the codec. */
static Own
make_coder(TextObject *self, const char *getter)
{
    Own codecs = object_hooks.import_module("codecs");
    Own get = codecs ? object_getattr_cstr(codecs, getter) : NO_VALUE;
    Own class = get ? call1(get, self->encoding) : NO_VALUE;
    Own coder = class ? call1(class, self->errors) : NO_VALUE;
    drop_opt(codecs);
    drop_opt(get);
    drop_opt(class);
    return coder;
}

static int
choose_coding(TextObject *self, bool readable, bool writable)
{
    self->kind = (uint8_t)kind_of(self->encoding, self->errors);
    ref_clear(&self->encoder);
    ref_clear(&self->decoder);
    if (self->kind != BY_CODEC) {
        return 0;
    }
    Own codecs = object_hooks.import_module("codecs");
    Own info = codecs ? call_method1(codecs, "lookup", self->encoding) : NO_VALUE;
    Own text = info ? object_getattr_cstr(info, "_is_text_encoding") : NO_VALUE;
    int is_text = text ? object_truth(text) : 1;
    drop_opt(codecs);
    drop_opt(text);
    if (!info) {
        return -1;
    }
    exc_clear();
    drop(info);
    if (!is_text) {
        return raise_int(&exc_LookupError, "'%U' is not a text encoding; use codecs.open() to handle arbitrary codecs", (Value)self->encoding);
    }
    if (writable) {
        ref_store(&self->head, &self->encoder, make_coder(self, "getincrementalencoder"));
    }
    if (readable) {
        ref_store(&self->head, &self->decoder, make_coder(self, "getincrementaldecoder"));
    }
    return (writable && !self->encoder) || (readable && !self->decoder) ? -1 : 0;
}

/* -- writing -- */

static int
pending_flush(TextObject *self)
{
    if (self->pending_used == 0) {
        return 0;
    }
    Own bytes = bytes_new(self->pending, (size_t)self->pending_used), done;
    self->pending_used = 0;
    do {
        done = bytes ? call_method1(self->buffer, "write", bytes) : NO_VALUE;
    } while (!done && exc_swallow(&exc_InterruptedError));
    drop_opt(bytes);
    drop_opt(done);
    return done ? 0 : -1;
}

static uint8_t *
pending_room(TextObject *self, int64_t n)
{
    if (self->pending_used + n > self->pending_size) {
        int64_t size = self->pending_used + n + 4096;
        uint8_t *moved = mem_realloc(self->pending, (size_t)size);
        if (!moved) {
            return NULL;
        }
        self->pending = moved;
        self->pending_size = size;
    }
    return self->pending + self->pending_used;
}

/* Encodes by the codec. */
static int
encode_by_codec(TextObject *self, Value text)
{
    Own bytes = self->encoder ? call_method1(self->encoder, "encode", text) : call_method2(text, "encode", self->encoding, self->errors);
    if (bytes && !is_bytes(bytes)) {
        raise_fmt(&exc_TypeError, "encoder should return a bytes object, not '%T'", (Value)bytes);
        ref_clear(&bytes);
    }
    uint8_t *to = bytes ? pending_room(self, as_bytes(bytes)->length) : NULL;
    if (to) {
        memcpy(to, as_bytes(bytes)->data, (size_t)as_bytes(bytes)->length);
        self->pending_used += as_bytes(bytes)->length;
    }
    drop_opt(bytes);
    return to ? 0 : -1;
}

static int
encode(TextObject *self, Value text)
{
    const Str *s = as_str(text);
    uint8_t *to;
    if (s->length == 0 && self->kind != BY_CODEC) {
        return 0;
    }
    if (self->kind != BY_CODEC && (s->ascii || (self->kind == LATIN1 && s->width == 1))) {
        if (!(to = pending_room(self, s->length))) {
            return -1;
        }
        memcpy(to, s->data, (size_t)s->length);
        self->pending_used += s->length;
        return 0;
    }
    if (self->kind == UTF8) {
        size_t surrogate, n = utf8_size(s->data, s->width, (size_t)s->length, &surrogate);
        if (surrogate == (size_t)s->length) {
            if (!(to = pending_room(self, (int64_t)n))) {
                return -1;
            }
            self->pending_used += (int64_t)utf8_encode(to, s->data, s->width, (size_t)s->length);
            return 0;
        }
    }
    return encode_by_codec(self, text);
}

/* The text as it is to be written, with its newlines. own: ret new */
static Own
translate_for_writing(TextObject *self, Value text)
{
    if (!self->write_translate || !self->write_newline[0]) {
        return own(text);
    }
    Own to = str_from_cstr(self->write_newline);
    Own result = to ? str_replace(text, str_from_char('\n'), to, -1) : NO_VALUE;
    drop_opt(to);
    return result;
}

static void
forget_reading(TextObject *self)
{
    ref_clear(&self->decoded);
    ref_clear(&self->chunk);
    self->decoded_at = 0;
}

static int
write_locked(TextObject *self, Value text)
{
    bool has_newline = str_find(text, str_from_char('\n'), 0, as_str(text)->length, 1) >= 0;
    bool flush_line = self->line_buffering && (has_newline || str_find(text, str_from_char('\r'), 0, as_str(text)->length, 1) >= 0);
    Own out = has_newline ? translate_for_writing(self, text) : own(text);
    int status = out ? encode(self, out) : -1;
    drop_opt(out);
    if (status < 0) {
        return -1;
    }
    if (self->pending_used >= self->chunk_size || flush_line || self->write_through) {
        status = pending_flush(self);
    }
    if (status == 0 && flush_line) {
        Own done = call_method0(self->buffer, "flush");
        drop_opt(done);
        status = done ? 0 : -1;
    }
    forget_reading(self);
    if (self->decoder) {
        Own done = call_method0(self->decoder, "reset");
        drop_opt(done);
        status = done ? status : -1;
    }
    return status;
}

Own
io_text_py_write(TextObject *self, Value text)
{
    if (begin(self) < 0) {
        return NO_VALUE;
    }
    int status = write_locked(self, text);
    end(self);
    return status < 0 ? NO_VALUE : int_from_i64(as_str(text)->length);
}

int
io_text_py_flush(TextObject *self)
{
    if (begin(self) < 0) {
        return -1;
    }
    self->telling = true;
    Own done = pending_flush(self) < 0 ? NO_VALUE : call_method0(self->buffer, "flush");
    drop_opt(done);
    end(self);
    return done ? 0 : -1;
}

/* -- reading -- */

/* Decodes what it can of UTF-8, ASCII or Latin-1; *used says how many bytes that was. */
static Own
decode_native(TextObject *self, const uint8_t *bytes, int64_t n, bool final, int64_t *used)
{
    *used = n;
    if (self->kind == LATIN1) {
        return str_from_latin1(bytes, (size_t)n);
    }
    if (self->kind == ASCII) {
        size_t good = ascii_run(bytes, (size_t)n);
        if ((int64_t)good == n) {
            return str_from_latin1(bytes, (size_t)n);
        }
        Own data = bytes_new(bytes, (size_t)n);
        Own text = data ? call_method2(data, "decode", self->encoding, self->errors) : NO_VALUE;
        drop_opt(data);
        return text;
    }
    Utf8Scan scan = utf8_scan(bytes, (size_t)n, false);
    if (scan.error == UTF8_OK) {
        return str_from_utf8((const char *)bytes, (size_t)n);
    }
    if (scan.error == UTF8_TRUNCATED && !final) {
        *used = (int64_t)scan.valid;
        return str_from_utf8((const char *)bytes, scan.valid);
    }
    if (!final) { /* an error, then perhaps a cut character: leave the last three bytes for the next chunk if they begin one */
        for (int64_t back = 1; back <= 3 && back <= n; back++) {
            uint8_t c = bytes[n - back];
            if (c >= 0xC0) {
                if (back < (c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2)) {
                    n -= back;
                }
                break;
            }
        }
        *used = n;
    }
    Own data = bytes_new(bytes, (size_t)n);
    Own text = data ? call_method2(data, "decode", self->encoding, self->errors) : NO_VALUE;
    drop_opt(data);
    return text;
}

/* Text of the chunk that was just read (`left` is in front of it); sets what is left over. */
static Own
decode_chunk(TextObject *self, bool final)
{
    const Bytes *chunk = as_bytes(self->chunk);
    Own text;
    if (self->decoder) {
        text = call_method2(self->decoder, "decode", self->chunk, bool_value(final));
        if (text && !is_str(text)) {
            raise_fmt(&exc_TypeError, "decoder should return a string result, not '%T'", (Value)text);
            ref_clear(&text);
        }
    } else {
        int64_t used;
        text = decode_native(self, chunk->data, chunk->length, final, &used);
        ref_store(&self->head, &self->left, text && used < chunk->length ? bytes_new(chunk->data + used, (size_t)(chunk->length - used)) : NO_VALUE);
    }
    if (!text || !self->universal) {
        return text;
    }
    return newlines_apply(&self->newlines, text, final);
}

/* Reads and decodes the next chunk into `decoded`. 1 some, 0 the end of the file, -1 */
static int
read_chunk(TextObject *self, int64_t hint)
{
    if (!self->decoder && self->kind == BY_CODEC) {
        io_raise_unsupported("not readable");
        return -1;
    }
    int64_t size = hint > self->chunk_size ? hint : self->chunk_size;
    if (self->decoder) {
        Own state = call_method0(self->decoder, "getstate");
        if (!state) {
            return -1;
        }
        ref_store(&self->head, &self->decoder_state, state);
    }
    Own has_read1;
    int found = object_lookup_attr(self->buffer, NAME(read1), &has_read1);
    if (found < 0) {
        return -1;
    }
    Own input = found ? call1(has_read1, small_int(size)) : call_method1(self->buffer, "read", small_int(size));
    drop_opt(has_read1);
    if (input && !is_bytes(input)) {
        Own plain = object_has_buffer(input) ? bytes_from_buffer(input) : NO_VALUE;
        if (!plain && !exc_pending()) {
            raise_fmt(&exc_TypeError, "underlying %s() should have returned a bytes-like object, not '%T'", found ? "read1" : "read", (Value)input);
        }
        drop(input);
        input = plain;
    }
    if (!input) {
        return -1;
    }
    bool eof = as_bytes(input)->length == 0;
    if (self->left) {
        Own joined = object_binary(self->left, input, OP_ADD);
        drop(input);
        ref_clear(&self->left);
        if (!joined) {
            return -1;
        }
        input = joined;
    }
    self->chunk_cr = self->newlines.pending_cr;
    ref_store(&self->head, &self->chunk, input);
    Own text = decode_chunk(self, eof);
    if (!text) {
        return -1;
    }
    int some = as_str(text)->length > 0 || !eof;
    ref_store(&self->head, &self->decoded, text);
    self->decoded_at = 0;
    return some;
}

/* What is decoded and not given out. */
static int64_t
available(const TextObject *self)
{
    return self->decoded ? as_str(self->decoded)->length - self->decoded_at : 0;
}

static Own
take(TextObject *self, int64_t n)
{
    if (!self->decoded) {
        return str_empty;
    }
    Own text = str_substring(self->decoded, self->decoded_at, self->decoded_at + n);
    self->decoded_at += n;
    return text;
}

static Own
read_all_locked(TextObject *self)
{
    Own input = call_method0(self->buffer, "read");
    if (input && !is_bytes(input)) {
        raise_fmt(&exc_TypeError, "underlying read() should have returned a bytes-like object, not '%T'", (Value)input);
        ref_clear(&input);
    }
    if (!input) {
        return NO_VALUE;
    }
    if (self->left) {
        Own joined = object_binary(self->left, input, OP_ADD);
        drop(input);
        ref_clear(&self->left);
        input = joined;
    }
    Own before = take(self, available(self));
    ref_store(&self->head, &self->chunk, input);
    Own rest = before ? decode_chunk(self, true) : NO_VALUE;
    Own whole = rest ? str_concat(before, rest) : NO_VALUE;
    drop_opt(before);
    drop_opt(rest);
    forget_reading(self);
    return whole;
}

static Own
read_n_locked(TextObject *self, int64_t n)
{
    StrBuilder b;
    int64_t done = 0;
    int64_t ready = available(self);
    if (ready >= n) {
        return take(self, n);
    }
    str_builder_init(&b, n < 4096 ? n : 4096);
    for (;;) {
        int64_t part = available(self) < n - done ? available(self) : n - done;
        Own text = take(self, part);
        if (text) {
            str_builder_str(&b, text);
            drop(text);
        }
        done += part;
        if (done >= n) {
            break;
        }
        int some = read_chunk(self, n - done);
        if (some < 0) {
            str_builder_discard(&b);
            return NO_VALUE;
        }
        if (!some) {
            break;
        }
    }
    return str_builder_finish(&b);
}

static int
check_readable(TextObject *self)
{
    if (self->kind == BY_CODEC && !self->decoder) {
        io_raise_unsupported("not readable");
        return -1;
    }
    return pending_flush(self);
}

Own
io_text_py_read(TextObject *self, Value size)
{
    int64_t n = io_size(size);
    if (n == -2 || begin(self) < 0) {
        return NO_VALUE;
    }
    Own result = check_readable(self) < 0 ? NO_VALUE : n < 0 ? read_all_locked(self) : read_n_locked(self, n);
    end(self);
    return result;
}

/* Where the line that starts at `from` ends (behind its newline), or -1; *resume: where a longer text is to be searched from. */
static int64_t
line_end(const TextObject *self, Value text, int64_t from)
{
    int64_t length = as_str(text)->length;
    if (!self->universal || self->newlines.translate) {
        const char *nl = self->read_newline[0] && !self->universal ? self->read_newline : "\n";
        if (nl[1] == 0) {
            int64_t at = str_find(text, str_from_char((uint8_t)nl[0]), from, length, 1);
            return at < 0 ? -1 : at + 1;
        }
        for (int64_t at = from; (at = str_find(text, str_from_char('\r'), at, length, 1)) >= 0; at++) {
            if (at + 1 < length && str_char_at(as_str(text), at + 1) == '\n') {
                return at + 2;
            }
        }
        return -1;
    }
    for (int64_t at = from; at < length; at++) {
        uint32_t c = str_char_at(as_str(text), at);
        if (c == '\n') {
            return at + 1;
        }
        if (c == '\r') {
            return at + 1 < length && str_char_at(as_str(text), at + 1) == '\n' ? at + 2 : at + 1;
        }
    }
    return -1;
}

static Own
readline_locked(TextObject *self, int64_t limit)
{
    Own line = NO_VALUE; /* what earlier chunks gave */
    for (;;) {
        if (available(self) == 0) {
            int some = read_chunk(self, 0);
            if (some < 0) {
                drop_opt(line);
                return NO_VALUE;
            }
            if (!some) {
                forget_reading(self);
                return line ? line : str_empty;
            }
            if (available(self) == 0) {
                continue;
            }
        }
        Own text = self->decoded;
        int64_t from = self->decoded_at;
        Own joined = NO_VALUE;
        if (line) { /* a newline of two characters may lie across chunks */
            Own rest = take(self, available(self));
            joined = rest ? str_concat(line, rest) : NO_VALUE;
            drop_opt(rest);
            drop(line);
            if (!joined) {
                return NO_VALUE;
            }
            ref_store(&self->head, &self->decoded, joined);
            self->decoded_at = 0;
            ref_clear(&self->chunk); /* positions inside are no longer known: tell() counts from what is left */
            text = joined;
            from = 0;
            line = NO_VALUE;
        }
        int64_t stop = line_end(self, text, from);
        int64_t length = as_str(text)->length;
        if (limit >= 0 && ((stop < 0 && length - from >= limit) || stop - from > limit)) {
            stop = from + limit;
        }
        if (stop >= 0) {
            return take(self, stop - from);
        }
        line = take(self, length - from);
        if (!line) {
            return NO_VALUE;
        }
    }
}

Own
io_text_py_readline(TextObject *self, Value size)
{
    int64_t limit = io_size(size);
    if (limit == -2 || begin(self) < 0) {
        return NO_VALUE;
    }
    Own line = check_readable(self) < 0 ? NO_VALUE : limit == 0 ? str_empty : readline_locked(self, limit);
    end(self);
    return line;
}

static Own
text_next(Value v)
{
    TextObject *self = as_text(v);
    Own line;
    if (obj_shape(obj(v)) == io_text_type.root_shape) {
        if (begin(self) < 0) {
            return NO_VALUE;
        }
        self->telling = false;
        line = check_readable(self) < 0 ? NO_VALUE : readline_locked(self, -1);
        end(self);
    } else {
        line = call_method0(v, "readline");
        if (line && !is_str(line)) {
            raise_fmt(&exc_OSError, "readline() should have returned a str object, not '%T'", (Value)line);
            ref_clear(&line);
        }
    }
    if (line && as_str(line)->length == 0) {
        ref_clear(&line);
        self->telling = true;
    }
    return line;
}

/* -- positions -- */

/* How many of the chunk's bytes give its first `chars` characters, found by decoding ever longer parts. -1 failed */
static int64_t
bytes_of_chars(TextObject *self, int64_t chars)
{
    const Bytes *chunk = as_bytes(self->chunk);
    Newlines saved = self->newlines;
    int64_t low = 0, high = chunk->length;
    while (low < high) { /* the fewest bytes whose text has that many characters */
        int64_t middle = low + (high - low) / 2, used;
        Newlines state = {.translate = saved.translate, .pending_cr = self->chunk_cr};
        Own text = decode_native(self, chunk->data, middle, false, &used);
        if (text && self->universal) {
            text = newlines_apply(&state, text, false);
        }
        if (!text) {
            return -1;
        }
        int64_t got = as_str(text)->length;
        drop(text);
        if (got < chars) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static Own
tell_locked(TextObject *self)
{
    if (pending_flush(self) < 0) {
        return NO_VALUE;
    }
    Own flushed = call_method0(self->buffer, "flush");
    int64_t at = flushed ? io_method_offset(self->buffer, "tell", NO_VALUE) : -1;
    drop_opt(flushed);
    if (at < 0) {
        return NO_VALUE;
    }
    int64_t ahead = available(self);
    if (self->kind != BY_CODEC && self->chunk && (ahead || self->left)) {
        int64_t used = bytes_of_chars(self, self->decoded_at);
        return used < 0 ? NO_VALUE : int_from_i64(at - as_bytes(self->chunk)->length + used);
    }
    if (ahead && self->decoded) { /* encode what has not been given out: right for codecs without state */
        Own rest = str_substring(self->decoded, self->decoded_at, as_str(self->decoded)->length);
        Own bytes = rest ? call_method2(rest, "encode", self->encoding, self->errors) : NO_VALUE;
        drop_opt(rest);
        if (!bytes) {
            return NO_VALUE;
        }
        at -= as_bytes(bytes)->length;
        drop(bytes);
    }
    return int_from_i64(at);
}

Own
io_text_py_tell(TextObject *self)
{
    if (begin(self) < 0) {
        return NO_VALUE;
    }
    Own able = call_method0(self->buffer, "seekable");
    int truth = able ? object_truth(able) : -1;
    drop_opt(able);
    Own result = truth < 0      ? NO_VALUE
                 : !truth       ? io_raise_unsupported("underlying stream is not seekable")
                 : !self->telling ? raise_msg(&exc_OSError, "telling position disabled by next() call")
                                  : tell_locked(self);
    end(self);
    return result;
}

static Own
seek_locked(TextObject *self, Value cookie, int whence)
{
    int sign = is_int(cookie) ? int_sign(cookie) : 1;
    if (whence == SEEK_CUR && sign != 0) {
        return io_raise_unsupported("can't do nonzero cur-relative seeks");
    }
    if (whence == SEEK_END && sign != 0) {
        return io_raise_unsupported("can't do nonzero end-relative seeks");
    }
    if (whence < 0 || whence > 2) {
        return raise_fmt(&exc_ValueError, "invalid whence (%d, should be %d, %d or %d)", whence, SEEK_SET, SEEK_CUR, SEEK_END);
    }
    if (whence == SEEK_SET && sign < 0) {
        return raise_fmt(&exc_ValueError, "negative seek position %R", cookie);
    }
    Own target = whence == SEEK_CUR ? tell_locked(self) : own(cookie);
    Own done = target && pending_flush(self) == 0 ? call_method0(self->buffer, "flush") : NO_VALUE;
    Own result = done ? call_method2(self->buffer, "seek", target, small_int(whence == SEEK_END ? SEEK_END : SEEK_SET)) : NO_VALUE;
    drop_opt(done);
    drop_opt(target);
    if (!result) {
        return NO_VALUE;
    }
    forget_reading(self);
    ref_clear(&self->left);
    self->newlines.pending_cr = false;
    self->telling = true;
    Own coders[] = {self->decoder, self->encoder};
    for (int i = 0; i < 2; i++) {
        Own reset = coders[i] ? call_method0(coders[i], "reset") : NONE;
        if (!reset) {
            drop(result);
            return NO_VALUE;
        }
        drop(reset);
    }
    if (self->encoder && result != small_int(0)) { /* past the start: no byte order mark */
        Own state = call_method1(self->encoder, "setstate", small_int(0));
        drop_opt(state);
        exc_clear();
    }
    return result;
}

Own
io_text_py_seek(TextObject *self, Value cookie, int whence)
{
    if (begin(self) < 0) {
        return NO_VALUE;
    }
    Own able = call_method0(self->buffer, "seekable");
    int truth = able ? object_truth(able) : -1;
    drop_opt(able);
    Own result = truth < 0 ? NO_VALUE : !truth ? io_raise_unsupported("underlying stream is not seekable") : seek_locked(self, cookie, whence);
    end(self);
    return result;
}

Own
io_text_py_truncate(TextObject *self, Value pos)
{
    Own flushed = call_method0(VALUE(self), "flush");
    drop_opt(flushed);
    return flushed ? call_method1(self->buffer, "truncate", pos) : NO_VALUE;
}

/* -- closing -- */

int
io_text_py_close(TextObject *self)
{
    if (check_ready(self) < 0) {
        return -1;
    }
    int closed = io_is_closed(self->buffer);
    if (closed) {
        return closed < 0 ? -1 : 0;
    }
    if (self->finalizing) {
        Own warned = call_method1(self->buffer, "_dealloc_warn", VALUE(self));
        drop_opt(warned);
        exc_clear();
    }
    Own flushed = call_method0(VALUE(self), "flush");
    Own pending = flushed ? NO_VALUE : exc_take();
    drop_opt(flushed);
    Own done = call_method0(self->buffer, "close");
    if (pending) {
        if (!done) {
            Own second = exc_take();
            if (second && !as_exception(second)->context) {
                ref_store(obj(second), &as_exception(second)->context, pending);
                pending = NO_VALUE;
            }
            drop_opt(pending);
            exc_restore(second);
        } else {
            drop(done);
            exc_restore(pending);
        }
        return -1;
    }
    drop_opt(done);
    return done ? 0 : -1;
}

Own
io_text_py_detach(TextObject *self)
{
    if (check_ready(self) < 0) {
        return NO_VALUE;
    }
    Own flushed = call_method0(VALUE(self), "flush");
    if (!flushed) {
        return NO_VALUE;
    }
    drop(flushed);
    Own buffer = self->buffer;
    self->buffer = NO_VALUE;
    self->ready = false;
    self->detached = true;
    return buffer;
}

/* -- the buffer's own answers -- */

#define ASK_BUFFER(name)                                                                           \
    Own io_text_py_##name(TextObject *self)                                                        \
    {                                                                                              \
        return check_ready(self) < 0 ? NO_VALUE : call_method0(self->buffer, #name);               \
    }
ASK_BUFFER(seekable)
ASK_BUFFER(readable)
ASK_BUFFER(writable)
ASK_BUFFER(fileno)
ASK_BUFFER(isatty)

Own
io_text_py___getstate__(TextObject *self)
{
    return raise_fmt(&exc_TypeError, "cannot pickle '%T' instances", VALUE(self));
}

Own
io_text_get_encoding(TextObject *self)
{
    return check_ready(self) < 0 ? NO_VALUE : own(self->encoding);
}

Own
io_text_get_errors(TextObject *self)
{
    return check_ready(self) < 0 ? NO_VALUE : own(self->errors);
}

Own
io_text_get_buffer(TextObject *self)
{
    return check_ready(self) < 0 ? NO_VALUE : own(self->buffer);
}

Own
io_text_get_newlines(TextObject *self)
{
    return newlines_seen(self->newlines.seen);
}

Own
io_text_get_line_buffering(TextObject *self)
{
    return bool_value(self->line_buffering);
}

Own
io_text_get_write_through(TextObject *self)
{
    return bool_value(self->write_through);
}

Own
io_text_get_closed(TextObject *self)
{
    return check_ready(self) < 0 ? NO_VALUE : object_getattr(self->buffer, NAME(closed));
}

Own
io_text_get_name(TextObject *self)
{
    return check_ready(self) < 0 ? NO_VALUE : object_getattr(self->buffer, NAME(name));
}

Own
io_text_get__CHUNK_SIZE(TextObject *self)
{
    return int_from_i64(self->chunk_size);
}

int
io_text_set__CHUNK_SIZE(TextObject *self, Value value)
{
    if (!value) {
        return raise_int(&exc_AttributeError, "cannot delete attribute");
    }
    int64_t n = object_as_ssize(value);
    if (n <= 0) {
        return exc_pending() ? -1 : raise_int(&exc_ValueError, "a strictly positive integer is required");
    }
    self->chunk_size = n;
    return 0;
}

Own
io_text_get__finalizing(TextObject *self)
{
    return bool_value(self->finalizing);
}

int
io_text_set__finalizing(TextObject *self, Value value)
{
    self->finalizing = value == TRUE_VALUE;
    return 0;
}

/* -- making -- */

static int
set_newline(TextObject *self, Value newline)
{
    if (newline != NONE && !is_str(newline)) {
        return raise_int(&exc_TypeError, "newline argument must be str or None, not %T", newline);
    }
    const char *nl = newline == NONE ? NULL : str_utf8(newline, NULL);
    if (newline != NONE && !nl) {
        return -1;
    }
    if (nl && strcmp(nl, "") != 0 && strcmp(nl, "\n") != 0 && strcmp(nl, "\r") != 0 && strcmp(nl, "\r\n") != 0) {
        return raise_int(&exc_ValueError, "illegal newline value: %R", newline);
    }
    self->universal = !nl || !*nl;
    self->newlines.translate = !nl;
    self->write_translate = !nl || *nl;
    strcpy(self->read_newline, nl ? nl : "");
    strcpy(self->write_newline, nl && strcmp(nl, "\n") != 0 ? nl : "");
    return 0;
}

static int
ask(Value v, const char *method)
{
    Own able = call_method0(v, method);
    int truth = able ? object_truth(able) : -1;
    drop_opt(able);
    return truth;
}

int
io_text_init(TextObject *self, Value buffer, Value encoding, Value errors, Value newline, bool line_buffering, bool write_through)
{
    self->ready = self->detached = false;
    if (errors != NONE && !is_str(errors)) {
        return raise_int(&exc_TypeError, "TextIOWrapper() argument 'errors' must be str or None, not %T", errors);
    }
    if (encoding != NONE && !is_str(encoding)) {
        return raise_int(&exc_TypeError, "TextIOWrapper() argument 'encoding' must be str or None, not %T", encoding);
    }
    if (set_newline(self, newline) < 0) {
        return -1;
    }
    bool default_encoding = encoding == NONE || str_equals_cstr(encoding, "locale");
    ref_store(&self->head, &self->encoding, default_encoding ? str_from_cstr(encoding == NONE ? "utf-8" : "UTF-8") : own(encoding));
    ref_store(&self->head, &self->errors, errors == NONE ? own(NAME(strict)) : own(errors));
    if (!self->encoding || (!str_utf8(self->encoding, NULL))) {
        return -1;
    }
    forget_reading(self);
    ref_clear(&self->left);
    self->pending_used = 0;
    self->newlines.seen = 0;
    self->newlines.pending_cr = false;
    self->chunk_size = 8192;
    self->line_buffering = line_buffering;
    self->write_through = write_through;
    self->telling = true;
    ref_store(&self->head, &self->buffer, own(buffer));
    int readable = ask(buffer, "readable"), writable = readable < 0 ? -1 : ask(buffer, "writable");
    if (writable < 0 || choose_coding(self, readable, writable) < 0) {
        return -1;
    }
    int seekable = ask(buffer, "seekable");
    if (seekable < 0) {
        return -1;
    }
    if (seekable && self->encoder) { /* appending: no byte order mark in the middle */
        int64_t at = io_method_offset(buffer, "tell", NO_VALUE);
        if (at > 0) {
            Own done = call_method1(self->encoder, "setstate", small_int(0));
            drop_opt(done);
        }
        exc_clear();
    }
    self->ready = true;
    return 0;
}

/* An argument of reconfigure() that is a truth value or None: -1 failed, else the value. */
static int
flag_or(Value v, bool otherwise)
{
    return v == NONE ? otherwise : object_truth(v);
}

int
io_text_py_reconfigure(TextObject *self, Value encoding, Value errors, Value newline, Value line_buffering, Value write_through)
{
    if (check_ready(self) < 0) {
        return -1;
    }
    if (self->decoded && (encoding != NONE || errors != NONE || newline)) {
        io_raise_unsupported("It is not possible to set the encoding or newline of stream after the first read");
        return -1;
    }
    int lines = flag_or(line_buffering, self->line_buffering), through = flag_or(write_through, self->write_through);
    if (lines < 0 || through < 0) {
        return -1;
    }
    if ((encoding != NONE && !is_str(encoding)) || (errors != NONE && !is_str(errors))) {
        return raise_int(&exc_TypeError, "reconfigure() argument '%s' must be str or None, not %T", encoding != NONE && !is_str(encoding) ? "encoding" : "errors",
                         encoding != NONE && !is_str(encoding) ? encoding : errors);
    }
    Own flushed = call_method0(VALUE(self), "flush");
    drop_opt(flushed);
    if (!flushed || (newline && set_newline(self, newline) < 0)) {
        return -1;
    }
    if (encoding != NONE || errors != NONE) {
        if (errors != NONE) {
            ref_store(&self->head, &self->errors, own(errors));
        } else {
            ref_store(&self->head, &self->errors, own(NAME(strict)));
        }
        if (encoding != NONE) {
            ref_store(&self->head, &self->encoding, str_equals_cstr(encoding, "locale") ? str_from_cstr("UTF-8") : own(encoding));
        }
        int readable = ask(self->buffer, "readable"), writable = readable < 0 ? -1 : ask(self->buffer, "writable");
        if (writable < 0 || choose_coding(self, readable, writable) < 0) {
            return -1;
        }
    }
    self->line_buffering = lines;
    self->write_through = through;
    return 0;
}

static Own
text_repr(Value v)
{
    TextObject *self = as_text(v);
    if (check_ready(self) < 0) {
        return NO_VALUE;
    }
    int status = repr_enter(v);
    if (status) {
        return status > 0 ? raise_fmt(&exc_RuntimeError, "reentrant call inside %T.__repr__", v) : NO_VALUE;
    }
    StrBuilder b;
    str_builder_init(&b, 64);
    str_builder_fmt(&b, "<%T", v);
    static const char *const names[] = {"name", "mode"};
    for (int i = 0; i < 2; i++) {
        Own value;
        int found = object_lookup_attr_cstr(v, names[i], &value);
        if (found < 0) {
            exc_clear();
        } else if (found) {
            str_builder_fmt(&b, " %s=%R", names[i], (Value)value);
            drop(value);
        }
    }
    str_builder_fmt(&b, " encoding=%R>", (Value)self->encoding);
    repr_leave(v);
    return str_builder_finish(&b);
}

static int
text_traverse(Object *o, Visit visit, void *arg)
{
    TextObject *self = (TextObject *)o;
    VISIT(self->buffer);
    VISIT(self->encoding);
    VISIT(self->errors);
    VISIT(self->encoder);
    VISIT(self->decoder);
    VISIT(self->decoded);
    VISIT(self->chunk);
    VISIT(self->left);
    VISIT(self->decoder_state);
    return instance_attrs_traverse(o, visit, arg);
}

static void
text_clear(Object *o)
{
    TextObject *self = (TextObject *)o;
    self->ready = false;
    ref_clear(&self->buffer);
    ref_clear(&self->encoding);
    ref_clear(&self->errors);
    ref_clear(&self->encoder);
    ref_clear(&self->decoder);
    ref_clear(&self->decoded);
    ref_clear(&self->chunk);
    ref_clear(&self->left);
    ref_clear(&self->decoder_state);
    instance_attrs_clear(o);
}

static void
text_dealloc(Object *o)
{
    text_clear(o);
    mem_free(((TextObject *)o)->pending);
    instance_attrs_free(o);
    object_free(o);
}

Type io_text_type = {
    .name = "_io.TextIOWrapper",
    .base = &io_textiobase_type,
    .flags = IO_FLAGS,
    .basic_size = sizeof(TextObject),
    .dict_offset = sizeof(TextObject),
    .slots = {
        .traverse = text_traverse,
        .clear = text_clear,
        .dealloc = text_dealloc,
        .create = io_create, .init = io_text_init_slot,
        .repr = text_repr,
        .next = text_next,
    },
    .methods = io_text_methods,
    .getsets = io_text_getsets,
    .spec_doc = io_text_doc,
};
