/* _json: strings, both ways. No state. */
#include "module/_json/json.h"

#include "object/hooks.h"
#include "object/args.h"
#include "object/function.h"
#include "object/hex.h"
#include "object/int.h"
#include "object/module.h"
#include "object/tuple.h"
#include "object/type.h"

#include "_json.spec.h"

Own
json_raise(const char *message, Value text, int64_t at)
{
    Own module = object_hooks.import_module("json.decoder");
    Own cls = module ? object_getattr_cstr(module, "JSONDecodeError") : NO_VALUE;
    Own what = cls ? str_from_cstr(message) : NO_VALUE, where = what ? int_from_i64(at) : NO_VALUE;
    Own exc = where ? call3(cls, what, text, where) : NO_VALUE;
    if (exc) {
        raise_object(exc, NO_VALUE);
    }
    Own all[] = {module, cls, what, where, exc};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return NO_VALUE;
}

/* -- reading -- */

/* Does any byte of the word end a run: a quote, a backslash, a control character? (May be wrong about bytes >= 128.) */
static ALWAYS_INLINE bool
word_has_end(const uint8_t *at)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    uint64_t w;
    memcpy(&w, at, 8);
    uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
    return (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((w - ones * ' ') & ~w)) & tops;
}

/* The index of the first quote, backslash or control character from `at` on, or the length. */
static int64_t
run_end(const Str *s, int64_t at)
{
    int64_t n = s->length;
    if (s->width == 1) {
        const uint8_t *p = s->data;
        while (at + 8 <= n && !word_has_end(p + at)) {
            at += 8;
        }
        while (at < n && p[at] != '"' && p[at] != '\\' && p[at] >= ' ') {
            at++;
        }
        return at;
    }
    for (; at < n; at++) {
        uint32_t c = str_char_at(s, at);
        if (c == '"' || c == '\\' || c < ' ') {
            break;
        }
    }
    return at;
}

/* Four hexadecimal digits from `at` on, or -1. */
static int64_t
read_hex4(const Str *s, int64_t at)
{
    int64_t value = 0;
    if (at > s->length - 4) {
        return -1;
    }
    for (int64_t i = at; i < at + 4; i++) {
        int digit = hex_digit(str_char_at(s, i));
        if (digit < 0) {
            return -1;
        }
        value = value << 4 | digit;
    }
    return value;
}

/* The escape whose backslash is at *at, which is moved behind it. fail: -1 */
static int64_t
read_escape(Value text, int64_t *at, int64_t begin)
{
    const Str *s = as_str(text);
    int64_t i = *at + 1;
    if (i >= s->length) {
        json_raise("Unterminated string starting at", text, begin);
        return -1;
    }
    uint32_t c = str_char_at(s, i);
    if (c != 'u') {
        static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        const char *found = c < 128 && c ? strchr(plain, (int)c) : NULL;
        if (!found) {
            json_raise("Invalid \\escape", text, i - 1);
            return -1;
        }
        *at = i + 1;
        return meant[found - plain];
    }
    int64_t code = read_hex4(s, i + 1);
    if (code < 0) {
        json_raise("Invalid \\uXXXX escape", text, i);
        return -1;
    }
    i += 5;
    if (code >= 0xD800 && code < 0xDC00 && i + 1 < s->length && str_char_at(s, i) == '\\' && str_char_at(s, i + 1) == 'u') {
        int64_t low = read_hex4(s, i + 2);
        if (low < 0) {
            json_raise("Invalid \\uXXXX escape", text, i + 1);
            return -1;
        }
        if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            i += 6;
        }
    }
    *at = i;
    return code;
}

Own
json_scan_string(Value text, int64_t at, bool strict, int64_t *end)
{
    const Str *s = as_str(text);
    int64_t begin = at - 1;
    if (at < 0 || at > s->length) {
        return raise_msg(&exc_ValueError, "end is out of bounds");
    }
    int64_t stop = run_end(s, at);
    if (LIKELY(stop < s->length && str_char_at(s, stop) == '"')) {
        *end = stop + 1;
        if (s->width == 1) {
            return str_from_latin1(s->data + at, (size_t)(stop - at));
        }
        return str_substring(text, at, stop);
    }
    StrBuilder b;
    str_builder_init(&b, stop - at + 16);
    while (stop < s->length) {
        uint32_t c = str_char_at(s, stop);
        str_builder_sub(&b, text, at, stop);
        if (c == '"') {
            *end = stop + 1;
            return str_builder_finish(&b);
        }
        at = stop;
        if (c == '\\') {
            int64_t meant = read_escape(text, &at, begin);
            if (meant < 0) {
                str_builder_discard(&b);
                return NO_VALUE;
            }
            str_builder_char(&b, (uint32_t)meant);
        } else if (strict) {
            str_builder_discard(&b);
            return json_raise("Invalid control character at", text, stop);
        } else {
            str_builder_char(&b, c);
            at++;
        }
        stop = run_end(s, at);
    }
    str_builder_discard(&b);
    return json_raise("Unterminated string starting at", text, begin);
}

Own
json_scanstring(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "scanstring() takes no keyword arguments");
    }
    if (nargs < 2 || nargs > 3) {
        return raise_fmt(&exc_TypeError, nargs < 2 ? "scanstring() takes at least 2 arguments (%zu given)"
                                                   : "scanstring() takes at most 3 arguments (%zu given)", nargs);
    }
    int64_t at = object_as_ssize(args[1]), end;
    if (at == -1 && exc_pending()) {
        if (exc_swallow(&exc_OverflowError)) {
            raise_msg(&exc_OverflowError, "Python int too large to convert to C ssize_t");
        }
        return NO_VALUE;
    }
    int strict = nargs > 2 ? object_truth(args[2]) : 1;
    if (strict < 0) {
        return NO_VALUE;
    }
    if (!is_str(args[0])) {
        return raise_fmt(&exc_TypeError, "first argument must be a string, not %T", args[0]);
    }
    Own v = json_scan_string(args[0], at, strict, &end), where = v ? int_from_i64(end) : NO_VALUE;
    Own result = where ? tuple_pack(2, (Value)v, (Value)where) : NO_VALUE;
    drop_opt(v);
    drop_opt(where);
    return result;
}

/* -- writing -- */

static void
write_unit(StrBuilder *b, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {'\\', 'u', digits[unit >> 12 & 15], digits[unit >> 8 & 15], digits[unit >> 4 & 15], digits[unit & 15]};
    str_builder_ascii(b, text, 6);
}

static void
write_escape(StrBuilder *b, uint32_t c)
{
    static const char plain[] = "\"\\\b\f\n\r\t", shown[] = "\"\\bfnrt";
    const char *found = c && c < 128 ? strchr(plain, (int)c) : NULL;
    if (found) {
        char text[2] = {'\\', shown[found - plain]};
        str_builder_ascii(b, text, 2);
    } else if (c >= 0x10000) {
        write_unit(b, 0xD800 + ((c - 0x10000) >> 10));
        write_unit(b, 0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
        write_unit(b, c);
    }
}

/* Where the run of characters that stand for themselves ends. */
static int64_t
plain_end(const Str *s, int64_t at, bool ascii)
{
    if (!ascii || s->ascii) {
        int64_t end = run_end(s, at);
        const uint8_t *del = ascii ? memchr(s->data + at, 0x7F, (size_t)(end - at)) : NULL;
        return del ? del - s->data : end;
    }
    for (; at < s->length; at++) {
        uint32_t c = str_char_at(s, at);
        if (c == '"' || c == '\\' || c < ' ' || c >= 0x7F) {
            break;
        }
    }
    return at;
}

void
json_write_string(StrBuilder *b, Value v, bool ascii)
{
    const Str *s = as_str(v);
    str_builder_char(b, '"');
    for (int64_t at = 0; at < s->length;) {
        int64_t stop = plain_end(s, at, ascii);
        str_builder_sub(b, v, at, stop);
        if (stop < s->length) {
            write_escape(b, str_char_at(s, stop++));
        }
        at = stop;
    }
    str_builder_char(b, '"');
}

static Own
encode_string(Value v, bool ascii)
{
    StrBuilder b;
    if (!is_str(v)) {
        return raise_fmt(&exc_TypeError, "first argument must be a string, not %T", v);
    }
    str_builder_init(&b, as_str(v)->length + 2);
    json_write_string(&b, v, ascii);
    return str_builder_finish(&b);
}

Own
json_encode_basestring_ascii(Value module UNUSED, Value v)
{
    return encode_string(v, true);
}

Own
json_encode_basestring(Value module UNUSED, Value v)
{
    return encode_string(v, false);
}

int
json_encoder_kind(Value f)
{
    if (!IS_EXACT(f, BUILTIN)) {
        return -1;
    }
    NativeFn fn = ((const Builtin *)obj(f))->def->fn;
    return fn == json_encode_basestring_ascii_call ? 1 : fn == json_encode_basestring_call ? 0 : -1;
}

static int
json_exec(Value m)
{
    return type_ready(&json_scanner_type) < 0 || type_ready(&json_encoder_type) < 0 ||
                   module_add(m, "make_scanner", own(VALUE(&json_scanner_type))) < 0 ||
                   module_add(m, "make_encoder", own(VALUE(&json_encoder_type))) < 0
               ? -1
               : 0;
}

const ModuleDef module__json = {
    .name = "_json",
    .doc = json_module_doc,
    .functions = json_functions,
    .exec = json_exec,
};
