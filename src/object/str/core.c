/* str: making, comparing and hashing. Methods are in methods*.c, searching in search.c, building in
 * builder.c, interning in intern.c.
 *
 * A str is filled by its maker and never changes afterwards, but for the cached hash (every thread
 * computes the same) and the interned mark. So all of this is lock-free. Single characters below
 * 256 and "" are immortal, made at start-up. */
#include "base/hash.h"
#include "base/utf8.h"
#include "object/str_priv.h"

Own str_empty;
static Own latin1_chars[256]; /* immutable after start-up */

Str *
str_new(int64_t length, uint32_t max_char)
{
    unsigned width = charmax_width(charmax_of(max_char));
    if (UNLIKELY(length > (INT64_MAX - 64) / 4)) {
        raise_no_memory();
        return NULL;
    }
    Str *s = (Str *)object_alloc(SHAPE_STR, STR_HEAD + (size_t)(length + 1) * width, 0);
    if (!s) {
        return NULL;
    }
    s->length = length;
    atomic_store_explicit(&s->hash, -1, memory_order_relaxed);
    s->width = (uint8_t)width;
    s->ascii = max_char < 128;
    return s;
}

/* The immortal str of one character below 256, or "". Null when length is neither. */
static Own
str_small(const void *chars, unsigned width, int64_t length)
{
    if (length == 0) {
        return str_empty;
    }
    uint32_t c = length == 1 ? chars_get(chars, width, 0) : 256;
    return c < 256 ? latin1_chars[c] : NO_VALUE;
}

Own
str_from_chars(const void *chars, unsigned width, int64_t length)
{
    Own small = length <= 1 ? str_small(chars, width, length) : NO_VALUE;
    if (small) {
        return small;
    }
    Str *s = str_new(length, chars_max(chars, width, (size_t)length));
    if (s) {
        chars_copy(s->data, s->width, chars, width, (size_t)length);
    }
    return OWN(s);
}

Own
str_from_latin1(const uint8_t *text, size_t length)
{
    return str_from_chars(text, 1, (int64_t)length);
}

Own
str_from_ucs4(const uint32_t *text, size_t length)
{
    return str_from_chars(text, 4, (int64_t)length);
}

Own
str_from_char(uint32_t c)
{
    return c < 256 ? latin1_chars[c] : str_from_chars(&c, 4, 1);
}

static Own
str_decode_valid(const char *text, Utf8Scan scan)
{
    if (scan.chars <= 1) {
        uint32_t c = 0;
        utf8_decode(&c, 4, (const uint8_t *)text, scan.valid);
        return scan.chars == 0 ? str_empty : str_from_char(c);
    }
    Str *s = str_new((int64_t)scan.chars, scan.max);
    if (s) {
        utf8_decode(s->data, s->width, (const uint8_t *)text, scan.valid);
    }
    return OWN(s);
}

Own
str_from_utf8(const char *text, size_t bytes)
{
    Utf8Scan scan = utf8_scan((const uint8_t *)text, bytes, false);
    if (UNLIKELY(scan.error)) {
        Value args[] = {NO_VALUE, NO_VALUE, small_int((int64_t)scan.valid),
                        small_int((int64_t)scan.error_end), NO_VALUE};
        Own codec = str_from_cstr("utf-8"), data = bytes_new(text, bytes),
            reason = str_from_cstr(utf8_reason(scan.error));
        args[0] = codec;
        args[1] = data;
        args[4] = reason;
        Own exc = codec && data && reason
                      ? object_call(VALUE(&exc_UnicodeDecodeError), args, 5, NO_VALUE)
                      : NO_VALUE;
        drop_opt(codec);
        drop_opt(data);
        drop_opt(reason);
        if (exc) {
            raise_object(exc, NO_VALUE);
            drop(exc);
        }
        return NO_VALUE;
    }
    return str_decode_valid(text, scan);
}

Own
str_from_wtf8(const char *text, size_t bytes)
{
    return str_decode_valid(text, utf8_scan((const uint8_t *)text, bytes, true));
}

Own
str_from_cstr(const char *text)
{
    return str_from_utf8(text, strlen(text));
}

bool
str_equal(const Str *a, const Str *b)
{
    return a == b || (a->length == b->length && a->width == b->width &&
                      memcmp(a->data, b->data, (size_t)a->length * a->width) == 0);
}

bool
str_equals_cstr(Value v, const char *ascii)
{
    const Str *s = as_str(v);
    size_t n = strlen(ascii);
    return s->ascii && (size_t)s->length == n && memcmp(s->data, ascii, n) == 0;
}

int
str_compare(const Str *a, const Str *b)
{
    int64_t shared = a->length < b->length ? a->length : b->length;
    if (a->width == 1 && b->width == 1) {
        int c = memcmp(a->data, b->data, (size_t)shared);
        if (c) {
            return c;
        }
    } else {
        for (int64_t i = 0; i < shared; i++) {
            uint32_t x = str_char_at(a, i), y = str_char_at(b, i);
            if (x != y) {
                return x < y ? -1 : 1;
            }
        }
    }
    return a->length < b->length ? -1 : a->length > b->length;
}

int64_t
str_hash(Value v)
{
    Str *s = as_str(v);
    int64_t hash = atomic_load_explicit(&s->hash, memory_order_relaxed);
    if (UNLIKELY(hash == -1)) {
        hash = hash_bytes(s->data, (size_t)s->length * s->width);
        atomic_store_explicit(&s->hash, hash, memory_order_relaxed);
    }
    return hash;
}

Own
str_substring(Value v, int64_t start, int64_t stop)
{
    const Str *s = as_str(v);
    if (start >= stop) {
        return str_empty;
    }
    if (start == 0 && stop == s->length && IS_EXACT(v, STR)) {
        return own(v);
    }
    if (s->ascii && stop - start > 1) { /* no need to look for the largest character */
        Str *part = str_new(stop - start, 127);
        if (part) {
            memcpy(part->data, s->data + start, (size_t)(stop - start));
        }
        return OWN(part);
    }
    return str_from_chars(s->data + start * s->width, s->width, stop - start);
}

Own
str_concat(Value a, Value b)
{
    const Str *x = as_str(a), *y = as_str(b);
    if (x->length == 0 && IS_EXACT(b, STR)) {
        return own(b);
    }
    if (y->length == 0 && IS_EXACT(a, STR)) {
        return own(a);
    }
    Str *s = str_new(x->length + y->length, str_max_bound(x) | str_max_bound(y));
    if (s) {
        chars_copy(s->data, s->width, x->data, x->width, (size_t)x->length);
        chars_copy(s->data + x->length * s->width, s->width, y->data, y->width, (size_t)y->length);
    }
    return OWN(s);
}

/* -- UTF-8 kept beside a str: see str_utf8 -- */

const char *
str_utf8(Value v, size_t *length)
{
    Str *s = as_str(v);
    const char *text;
    size_t bytes;
    if (LIKELY(s->ascii)) {
        text = (const char *)s->data;
        bytes = (size_t)s->length;
    } else if (!(text = str_utf8_cached(s, &bytes))) {
        return NULL;
    }
    if (length) {
        *length = bytes;
    } else if (memchr(text, 0, bytes)) {
        raise_msg(&exc_ValueError, "embedded null character");
        return NULL;
    }
    return text;
}

static Own
immortal_char(uint32_t c)
{
    Str *s = str_new(1, c);
    if (!s) {
        return NO_VALUE;
    }
    s->data[0] = (uint8_t)c;
    return str_intern_immortal(OWN(s));
}

int
str_start(void)
{
    if (intern_start() < 0) {
        return -1;
    }
    Str *empty = str_new(0, 0);
    if (!empty) {
        return -1;
    }
    str_empty = str_intern_immortal(OWN(empty));
    for (uint32_t c = 0; c < 256; c++) {
        latin1_chars[c] = immortal_char(c);
        if (!latin1_chars[c]) {
            return -1;
        }
    }
    return 0;
}
