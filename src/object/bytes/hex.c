/* Hexadecimal: hex() of all bytes-like types, fromhex(). */
#include "object/hex.h"

#include "bytes_priv.h"
#include "object/str.h"

int
hex_separator(Value sep, int *out)
{
    *out = -1;
    if (!sep) {
        return 0;
    }
    int64_t n = object_len(sep);
    if (n < 0) {
        return -1;
    }
    if (n != 1) {
        return raise_int(&exc_ValueError, "sep must be length 1.");
    }
    uint32_t c;
    if (is_str(sep)) {
        c = str_char_at(as_str(sep), 0);
    } else if (is_bytes(sep)) {
        c = as_bytes(sep)->data[0];
    } else {
        return raise_int(&exc_TypeError, "sep must be str or bytes.");
    }
    if (c > 127) {
        return raise_int(&exc_ValueError, "sep must be ASCII.");
    }
    *out = (int)c;
    return 0;
}

/* Separators between n bytes in groups of `per`, counted from the right (from the left when
 * negative). */
static int64_t
separator_count(int64_t n, int64_t per)
{
    uint64_t group = per < 0 ? -(uint64_t)per : (uint64_t)per;
    return n > 0 && group ? (int64_t)((uint64_t)(n - 1) / group) : 0;
}

int64_t
hex_length(int64_t n, int separator, int64_t per)
{
    int64_t length;
    if (__builtin_mul_overflow(n, (int64_t)2, &length) ||
        (separator >= 0 && __builtin_add_overflow(length, separator_count(n, per), &length))) {
        raise_no_memory();
        return -1;
    }
    return length;
}

void
hex_write(uint8_t *to, const uint8_t *data, int64_t n, int separator, int64_t per)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t group = per < 0 ? -(uint64_t)per : (uint64_t)per;
    bool parted = separator >= 0 && separator_count(n, per);
    /* bytes before the next separator */
    uint64_t left = !parted ? (uint64_t)n : per < 0 ? group : ((uint64_t)n - 1) % group + 1;
    for (int64_t i = 0; i < n; i++) {
        if (left-- == 0) {
            *to++ = (uint8_t)separator;
            left = group - 1;
        }
        uint8_t byte = lent_byte(data + i);
        *to++ = (uint8_t)digits[byte >> 4];
        *to++ = (uint8_t)digits[byte & 15];
    }
}

Own
hex_text(const uint8_t *data, int64_t n, int separator, int64_t per)
{
    int64_t length = hex_length(n, separator, per);
    if (length <= 0) {
        return length < 0 ? NO_VALUE : str_empty;
    }
    Str *s = str_new(length, 127);
    if (s) {
        hex_write(s->data, data, n, separator, per);
    }
    return OWN(s);
}

Own
bytelike_py_hex(Value self, Value sep, int bytes_per_sep)
{
    int separator;
    bool asks = sep && !IS_EXACT(sep, STR) && !IS_EXACT(sep, BYTES); /* its methods may change self */
    if (asks) {
        bytearray_pin(self, sep);
    }
    int status = hex_separator(sep, &separator);
    if (asks) {
        bytearray_unpin(self, sep);
    }
    if (status < 0) {
        return NO_VALUE;
    }
    SelfSpan s;
    Span mine = self_enter(&s, self);
    Own text = hex_text(mine.data, mine.length, separator, bytes_per_sep);
    self_leave(&s);
    return text;
}

/* -- reading -- */

static int
raise_not_hex(int64_t at)
{
    return raise_int(&exc_ValueError,
                     "non-hexadecimal number found in fromhex() arg at position %zd", at);
}

/* Pairs of digits, with white space between them. fail: -1 */
static int
read_hex(Span text, ByteBuilder *b)
{
    for (int64_t i = 0; i < text.length;) {
        if (text_classes[text.data[i]] & BYTES_SPACE) {
            i++;
            continue;
        }
        int high = hex_digit(text.data[i]);
        if (high < 0) {
            return raise_not_hex(i);
        }
        if (i + 1 == text.length) {
            return raise_int(&exc_ValueError,
                             "fromhex() arg must contain an even number of hexadecimal digits");
        }
        int low = hex_digit(text.data[i + 1]);
        if (low < 0) {
            return raise_not_hex(i + 1);
        }
        byte_builder_byte(b, (uint8_t)(high << 4 | low));
        i += 2;
    }
    return 0;
}

static int
read_hex_object(Value string, ByteBuilder *b)
{
    if (is_str(string)) {
        const Str *s = as_str(string);
        int64_t i = 0;
        while (!s->ascii && str_char_at(s, i) < 128) {
            i++;
        }
        return s->ascii ? read_hex((Span){s->data, s->length}, b) : raise_not_hex(i);
    }
    ByteArg arg;
    if (!object_has_buffer(string)) {
        return raise_int(&exc_TypeError, "fromhex() argument must be str or bytes-like, not %T",
                         string);
    }
    if (byte_arg_get(&arg, string) < 0) {
        return -1;
    }
    int status = read_hex(arg.span, b);
    byte_arg_release(&arg);
    return status;
}

Own
bytelike_py_fromhex(Type *cls, Value string)
{
    ByteBuilder b;
    byte_builder_init(&b);
    if (read_hex_object(string, &b) < 0) {
        byte_builder_discard(&b);
        return NO_VALUE;
    }
    if (cls == &bytearray_type) {
        return byte_builder_finish_bytearray(&b);
    }
    Own bytes = byte_builder_finish(&b);
    if (!bytes || cls == &bytes_type) {
        return bytes;
    }
    Own v = call1(VALUE(cls), bytes);
    drop(bytes);
    return v;
}
