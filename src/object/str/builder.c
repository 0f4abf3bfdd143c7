/* StrBuilder: text piece by piece. The str being filled is private to its builder; it is widened
 * when a wider character comes, and cut to size at the end. */
#include "base/utf8.h"
#include "object/str_priv.h"

void
str_builder_init(StrBuilder *b, int64_t capacity_hint)
{
    *b = (StrBuilder){.capacity = capacity_hint > 0 ? capacity_hint : 16, .max_char = 0x7F};
}

static COLD void
builder_fail(StrBuilder *b)
{
    b->failed = true;
    b->exc = exc_take();
}

void
str_builder_raise(StrBuilder *b)
{
    Own exc = b->exc;
    b->exc = NO_VALUE;
    if (exc && !exc_pending()) {
        exc_restore(exc);
    } else {
        drop_opt(exc);
    }
}

/* Room for `extra` characters of up to max_char. False once the builder has failed. */
static bool
builder_reserve(StrBuilder *b, int64_t extra, uint32_t max_char)
{
    if (b->failed) {
        return false;
    }
    if (UNLIKELY(extra > INT64_MAX / 8 - b->used)) {
        raise_no_memory();
        builder_fail(b);
        return false;
    }
    unsigned width = charmax_width(charmax_of(b->max_char | max_char));
    if (LIKELY(b->str && b->used + extra <= b->capacity && width == b->str->width)) {
        b->max_char |= charmax_of(max_char);
        return true;
    }
    int64_t capacity = b->capacity;
    if (b->used + extra > capacity) {
        capacity = b->used + extra + b->used / 2 + 16;
    }
    b->max_char |= charmax_of(max_char);
    Str *s = str_new(capacity, b->max_char);
    if (!s) {
        builder_fail(b);
        return false;
    }
    if (b->str) {
        chars_copy(s->data, s->width, b->str->data, b->str->width, (size_t)b->used);
        drop(OWN(b->str));
    }
    b->str = s;
    b->capacity = capacity;
    return true;
}

void
str_builder_char(StrBuilder *b, uint32_t c)
{
    if (builder_reserve(b, 1, c)) {
        chars_set(b->str->data, b->str->width, (size_t)b->used++, c);
    }
}

void
str_builder_fill(StrBuilder *b, uint32_t c, int64_t n)
{
    if (n > 0 && builder_reserve(b, n, c)) {
        if (b->str->width == 1) {
            memset(b->str->data + b->used, (int)c, (size_t)n);
        } else {
            for (int64_t i = 0; i < n; i++) {
                chars_set(b->str->data, b->str->width, (size_t)(b->used + i), c);
            }
        }
        b->used += n;
    }
}

static void
builder_chars(StrBuilder *b, const void *chars, unsigned width, int64_t n, uint32_t max_char)
{
    if (n > 0 && builder_reserve(b, n, max_char)) {
        chars_copy(b->str->data + b->used * b->str->width, b->str->width, chars, width, (size_t)n);
        b->used += n;
    }
}

void
str_builder_ascii(StrBuilder *b, const char *text, size_t length)
{
    builder_chars(b, text, 1, (int64_t)length, 0x7F);
}

void
str_builder_latin1(StrBuilder *b, const uint8_t *text, int64_t length)
{
    builder_chars(b, text, 1, length,
                  ascii_run(text, (size_t)length) == (size_t)length ? 0x7F : 0xFF);
}

void
str_builder_ucs4(StrBuilder *b, const uint32_t *chars, size_t n)
{
    builder_chars(b, chars, 4, (int64_t)n, chars_max(chars, 4, n));
}

void
str_builder_utf8(StrBuilder *b, const char *text, size_t bytes)
{
    Utf8Scan scan = utf8_scan((const uint8_t *)text, bytes, true);
    if (scan.chars && builder_reserve(b, (int64_t)scan.chars, scan.max)) {
        utf8_decode(b->str->data + b->used * b->str->width, b->str->width, (const uint8_t *)text,
                    scan.valid);
        b->used += (int64_t)scan.chars;
    }
}

void
str_builder_str(StrBuilder *b, Value v)
{
    const Str *s = as_str(v);
    builder_chars(b, s->data, s->width, s->length, str_max_bound(s));
}

void
str_builder_sub(StrBuilder *b, Value v, int64_t start, int64_t stop)
{
    const Str *s = as_str(v);
    if (start < stop) {
        const void *part = s->data + start * s->width;
        uint32_t max =
            s->width == 1 ? str_max_bound(s) : chars_max(part, s->width, (size_t)(stop - start));
        builder_chars(b, part, s->width, stop - start, max);
    }
}

void
str_builder_repr(StrBuilder *b, Value v)
{
    if (!b->failed) {
        Own text = object_repr(v);
        if (!text) {
            builder_fail(b);
            return;
        }
        str_builder_str(b, text);
        drop(text);
    }
}

/* Whether text in a str with room for more may stay there: it takes the same cell as in one of its size, or not much more. */
static bool
fits_well(int64_t used, int64_t capacity)
{
    return capacity - used <= used / 8 || (STR_HEAD + used) / 8 == (STR_HEAD + capacity) / 8;
}

/* The text so far is exact-sized: the str may be a little too large or too wide, so it is made anew
 * where that costs memory. */
Own
str_builder_finish(StrBuilder *b)
{
    if (b->failed) {
        str_builder_discard(b);
        return NO_VALUE;
    }
    if (!b->str) {
        return str_empty;
    }
    Str *s = b->str;
    if (b->max_char < 128 && b->used > 1 && fits_well(b->used, b->capacity)) { /* as it is: zero behind the text */
        s->length = b->used;
        b->str = NULL;
        return OWN(s);
    }
    Own result = str_from_chars(s->data, s->width, b->used);
    drop(OWN(s));
    b->str = NULL;
    return result;
}

void
str_builder_discard(StrBuilder *b)
{
    if (UNLIKELY(b->failed)) {
        str_builder_raise(b);
    }
    if (b->str) {
        drop(OWN(b->str));
        b->str = NULL;
    }
}
