/* TextIOWrapper: tell() and seek().
 *
 * A position is an int. Where the decoder has no state, it is the position in bytes; else there are
 * more fields above its low 64 bits: the decoder's flags at that byte, how many bytes it is to be
 * fed from there and how many characters of the result to skip, and whether the end of the file
 * belongs to them. tell() looks for the nearest byte before the position where the decoder keeps
 * nothing back. */
#include <unistd.h>

#include "base/utf8.h"
#include "module/io/text_priv.h"
#include "object/exception.h"

typedef struct Cookie {
    int64_t start;
    int32_t flags, bytes_to_feed, chars_to_skip;
    bool need_eof;
} Cookie;

enum { COOKIE_BYTES = 21 };

static void
put(uint8_t **to, uint64_t v, int n)
{
    for (int i = 0; i < n; i++) {
        *(*to)++ = (uint8_t)(v >> 8 * i);
    }
}

static uint64_t
get(const uint8_t **from, int n)
{
    uint64_t v = 0;
    for (int i = 0; i < n; i++) {
        v |= (uint64_t) * (*from)++ << 8 * i;
    }
    return v;
}

static Own
cookie_pack(const Cookie *c)
{
    uint8_t bytes[COOKIE_BYTES], *at = bytes;
    put(&at, (uint64_t)c->start, 8);
    put(&at, (uint32_t)c->flags, 4);
    put(&at, (uint32_t)c->bytes_to_feed, 4);
    put(&at, (uint32_t)c->chars_to_skip, 4);
    put(&at, c->need_eof, 1);
    return int_from_bytes(bytes, sizeof bytes, true, false);
}

static int
cookie_unpack(Value v, Cookie *c)
{
    uint8_t bytes[COOKIE_BYTES];
    const uint8_t *at = bytes;
    Own number = object_index(v);
    if (!number || int_to_bytes(number, bytes, sizeof bytes, true, false) < 0) {
        drop_opt(number);
        return -1;
    }
    drop(number);
    c->start = (int64_t)get(&at, 8);
    c->flags = (int32_t)get(&at, 4);
    c->bytes_to_feed = (int32_t)get(&at, 4);
    c->chars_to_skip = (int32_t)get(&at, 4);
    c->need_eof = get(&at, 1) != 0;
    return 0;
}

/* -- tell: the native kinds -- */

/* Bytes of the character at p, of n bytes. */
static int64_t
native_char(const TextObject *self, const uint8_t *p, int64_t n)
{
    if (self->decode_kind != UTF8 || p[0] < 0x80) {
        return 1;
    }
    int64_t length = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    return length <= n && utf8_scan(p, (size_t)length, false).error == UTF8_OK ? length : 1;
}

/* How many bytes of the chunk gave the first `chars` characters; -1: not even the \r before it. */
static int64_t
native_bytes(const TextObject *self, int64_t chars)
{
    const uint8_t *p = as_bytes(self->chunk)->data;
    int64_t n = as_bytes(self->chunk)->length, i = 0;
    bool fold = self->universal && self->newlines.translate;
    if (self->universal && (self->chunk_flags & 1)) { /* a \r was held back */
        if (chars == 0) {
            return -1;
        }
        i += fold && n && p[0] == '\n';
        chars--;
    }
    for (; chars > 0 && i < n; chars--) {
        bool cr = p[i] == '\r';
        i += native_char(self, p + i, n - i);
        i += cr && fold && i < n && p[i] == '\n';
    }
    return i;
}

/* -- tell: codecs -- */

/* The decoder decodes chunk[start:stop]: how many characters. fail: -1 */
static int64_t
decode_part(TextObject *self, Value chunk, int64_t start, int64_t stop, bool final)
{
    Own part = bytes_new(as_bytes(chunk)->data + start, (size_t)(stop - start));
    Own text = part ? text_decode(self, part, final) : NO_VALUE;
    drop_opt(part);
    int64_t n = text ? as_str(text)->length : -1;
    drop_opt(text);
    return n;
}

/* Whether the decoder keeps nothing back now, with its flags: 1, 0, -1. *kept: how much it keeps */
static int
is_safe(TextObject *self, int64_t *flags, int64_t *kept)
{
    Own bytes;
    if (text_state(self, &bytes, flags) < 0) {
        return -1;
    }
    *kept = as_bytes(bytes)->length;
    drop(bytes);
    return *kept == 0;
}

static int
set_flags(TextObject *self, int64_t flags)
{
    return text_set_state(self, bytes_empty, flags);
}

/* A guess at how many bytes gave the characters, gone back from until the decoder is in a state
 * without kept bytes: c is that place, *skip its bytes from the chunk's start. fail: -1 */
static int
find_start(TextObject *self, Value chunk, Cookie *c, int64_t *skip)
{
    int64_t before = c->flags, flags = before, kept, back = 1;
    *skip = (int64_t)(self->bytes_per_char * c->chars_to_skip);
    if (*skip > as_bytes(chunk)->length) {
        *skip = as_bytes(chunk)->length;
    }
    while (*skip > 0) {
        if (set_flags(self, before) < 0) {
            return -1;
        }
        int64_t chars = decode_part(self, chunk, 0, *skip, false);
        if (chars < 0) {
            return -1;
        }
        if (chars <= c->chars_to_skip) {
            int safe = is_safe(self, &flags, &kept);
            if (safe < 0) {
                return -1;
            }
            if (safe) {
                c->flags = (int32_t)flags;
                c->chars_to_skip -= (int32_t)chars;
                return 0;
            }
            *skip -= kept;
            back = 1;
        } else {
            *skip -= back;
            back *= 2;
        }
    }
    *skip = 0;
    return set_flags(self, before);
}

/* From there byte by byte: the last safe place before the position, and what to feed from it. */
static int
walk(TextObject *self, Value chunk, Cookie *c, int64_t skip)
{
    int64_t chars = 0, flags, kept, n = as_bytes(chunk)->length;
    c->start += skip;
    c->bytes_to_feed = 0;
    for (int64_t i = skip; i < n && chars < c->chars_to_skip; i++) {
        int64_t got = decode_part(self, chunk, i, i + 1, false);
        int safe = got < 0 ? -1 : is_safe(self, &flags, &kept);
        if (safe < 0) {
            return -1;
        }
        chars += got;
        c->bytes_to_feed++;
        if (safe && chars <= c->chars_to_skip) {
            c->start += c->bytes_to_feed;
            c->chars_to_skip -= (int32_t)chars;
            c->flags = (int32_t)flags;
            c->bytes_to_feed = 0;
            chars = 0;
        }
    }
    if (chars < c->chars_to_skip) {
        int64_t got = decode_part(self, chunk, n, n, true);
        if (got < 0) {
            return -1;
        }
        c->need_eof = true;
        if (chars + got < c->chars_to_skip) {
            return raise_int(&exc_OSError, "can't reconstruct logical file position");
        }
    }
    return 0;
}

static int
codec_position(TextObject *self, Cookie *c)
{
    Own kept;
    int64_t flags, skip;
    Newlines saved = self->newlines;
    Own chunk = own(self->chunk); /* the decoder may call back and replace it */
    if (text_state(self, &kept, &flags) < 0) {
        drop(chunk);
        return -1;
    }
    int status = find_start(self, chunk, c, &skip);
    if (status == 0 && c->chars_to_skip == 0) {
        c->start += skip;
    } else if (status == 0) {
        status = walk(self, chunk, c, skip);
    }
    Own pending = status < 0 ? exc_take() : NO_VALUE;
    if (text_set_state(self, kept, flags) < 0) {
        if (pending) {
            exc_clear();
        }
        status = -1;
    }
    if (pending) {
        exc_restore(pending);
    }
    drop(kept);
    drop(chunk);
    self->newlines = saved;
    return status;
}

Own
text_tell(TextObject *self)
{
    if (text_flush_pending(self) < 0) {
        return NO_VALUE;
    }
    Own flushed = text_call0(self->buffer, "flush");
    Own where = flushed ? text_call0(self->buffer, "tell") : NO_VALUE;
    drop_opt(flushed);
    bool can_decode = self->decoder || (self->readable && self->decode_kind != BY_CODEC);
    if (!where || !can_decode || !self->chunk) {
        return where;
    }
    int64_t at = object_as_int64(where);
    if ((at == -1 && exc_pending()) || !self->chunk) { /* gone while `where` gave its number */
        Own same = exc_pending() ? NO_VALUE : own(where);
        drop(where);
        return same;
    }
    drop(where);
    Cookie c = {.start = at - as_bytes(self->chunk)->length,
                .flags = (int32_t)self->chunk_flags,
                .chars_to_skip = (int32_t)(self->decoded ? self->decoded_at : 0)};
    if (!self->decoder) {
        return int_from_i64(c.start + native_bytes(self, c.chars_to_skip));
    }
    if (c.chars_to_skip && codec_position(self, &c) < 0) {
        return NO_VALUE;
    }
    return cookie_pack(&c);
}

static int
check_seekable(TextObject *self)
{
    if (!self->seekable) {
        io_raise_unsupported("underlying stream is not seekable");
        return -1;
    }
    return 0;
}

Own
io_text_py_tell(TextObject *self)
{
    if (text_begin(self) < 0) {
        return NO_VALUE;
    }
    Own result = NO_VALUE;
    if (check_seekable(self) == 0) {
        result = self->telling
                     ? text_tell(self)
                     : raise_msg(&exc_OSError, "telling position disabled by next() call");
    }
    text_end(self);
    return result;
}

/* -- seek -- */

static int
flush_for_seek(TextObject *self)
{
    self->telling = self->seekable;
    Own done = text_flush_pending(self) < 0 ? NO_VALUE : text_call0(self->buffer, "flush");
    drop_opt(done);
    return done ? 0 : -1;
}

static Own
seek_end(TextObject *self)
{
    if (flush_for_seek(self) < 0) {
        return NO_VALUE;
    }
    text_set_decoded(self, NO_VALUE);
    text_set_chunk(self, NO_VALUE, 0);
    if (text_reset_decoder(self) < 0) {
        return NO_VALUE;
    }
    Own result = text_call2(self->buffer, "seek", small_int(0), small_int(SEEK_END));
    if (result && text_reset_encoder(self, result == small_int(0)) < 0) {
        ref_clear(&result);
    }
    return result;
}

/* Reads and decodes again what stands before the position. fail: -1 */
static int
restore_inside(TextObject *self, const Cookie *c)
{
    Own input = text_call1(self->buffer, "read", small_int(c->bytes_to_feed));
    if (input && !is_bytes(input)) {
        raise_fmt(&exc_TypeError, "underlying read() should have returned a bytes object, not '%T'",
                  (Value)input);
        ref_clear(&input);
    }
    Own text = input ? text_decode(self, input, c->need_eof) : NO_VALUE;
    if (!text) {
        drop_opt(input);
        return -1;
    }
    text_set_chunk(self, input, c->flags);
    if (c->chars_to_skip < 0 || as_str(text)->length < c->chars_to_skip) { /* anybody may make a cookie up */
        drop(text);
        return raise_int(&exc_OSError, "can't restore logical file position");
    }
    text_set_decoded(self, text);
    self->decoded_at = c->chars_to_skip;
    return 0;
}

static int
seek_cookie(TextObject *self, Value cookie)
{
    Cookie c;
    if (flush_for_seek(self) < 0 || cookie_unpack(cookie, &c) < 0) {
        return -1;
    }
    Own start = int_from_i64(c.start);
    Own done = start ? text_call1(self->buffer, "seek", start) : NO_VALUE;
    drop_opt(start);
    drop_opt(done);
    if (!done) {
        return -1;
    }
    text_set_decoded(self, NO_VALUE);
    text_set_chunk(self, NO_VALUE, 0);
    bool at_start = c.start == 0 && c.flags == 0;
    uint8_t seen = self->newlines.seen;
    int status = at_start ? text_reset_decoder(self) : set_flags(self, c.flags);
    self->newlines.seen = seen;
    if (status < 0) {
        return -1;
    }
    if (c.chars_to_skip) {
        if (text_can_decode(self) < 0 || restore_inside(self, &c) < 0) {
            return -1;
        }
    } else {
        text_set_chunk(self, own(bytes_empty), c.flags);
    }
    return text_reset_encoder(self, at_start);
}

/* The sign of a cookie. fail: -2 */
static int
cookie_sign(Value cookie)
{
    int below = object_compare_bool(cookie, small_int(0), CMP_LT);
    if (below) {
        return below < 0 ? -2 : -1;
    }
    int zero = object_equal(cookie, small_int(0));
    return zero < 0 ? -2 : !zero;
}

static Own
seek_locked(TextObject *self, Value cookie, int whence)
{
    if (check_seekable(self) < 0) {
        return NO_VALUE;
    }
    if (whence < 0 || whence > 2) {
        return raise_fmt(&exc_ValueError, "invalid whence (%d, should be %d, %d or %d)", whence,
                         SEEK_SET, SEEK_CUR, SEEK_END);
    }
    int sign = cookie_sign(cookie);
    if (sign == -2) {
        return NO_VALUE;
    }
    if (whence != SEEK_SET && sign != 0) {
        return io_raise_unsupported(whence == SEEK_CUR ? "can't do nonzero cur-relative seeks"
                                                       : "can't do nonzero end-relative seeks");
    }
    if (whence == SEEK_END) {
        return seek_end(self);
    }
    if (sign < 0) {
        return raise_fmt(&exc_ValueError, "negative seek position %R", cookie);
    }
    Own target = NO_VALUE;
    if (whence == SEEK_CUR && !self->telling) {
        raise_msg(&exc_OSError, "telling position disabled by next() call");
    } else {
        target = whence == SEEK_CUR ? text_tell(self) : own(cookie);
    }
    if (target && seek_cookie(self, target) < 0) {
        ref_clear(&target);
    }
    return target;
}

Own
io_text_py_seek(TextObject *self, Value cookie, int whence)
{
    if (text_begin(self) < 0) {
        return NO_VALUE;
    }
    Own result = seek_locked(self, cookie, whence);
    text_end(self);
    return result;
}

Own
io_text_py_truncate(TextObject *self, Value pos)
{
    Own flushed = text_check_ready(self) < 0 ? NO_VALUE : call_method0(VALUE(self), "flush");
    drop_opt(flushed);
    Own buffer = flushed ? text_buffer(self) : NO_VALUE;
    Own size = buffer ? call_method1(buffer, "truncate", pos) : NO_VALUE;
    drop_opt(buffer);
    return size;
}
