/* Values of literals. A string's escapes are replaced here; lone surrogates become three bytes of
 * WTF-8. */
#include "source/literal.h"

#include "base/number.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "source/lexer_priv.h"
#include <stdarg.h>
#include <stdio.h>

/* ---- numbers ---- */

static int
digit_value(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static bool
int_constant(Parser *p, const char *digits, size_t len, int base, Const *value)
{
    uint64_t small = 0;
    bool fits = true;
    for (size_t i = 0; i < len && fits; i++)
        fits = !__builtin_mul_overflow(small, (uint64_t)base, &small) &&
               !__builtin_add_overflow(small, (uint64_t)digit_value(digits[i]), &small) &&
               small <= INT64_MAX;
    *value = (Const){.kind = CONST_INT, .base = (uint8_t)base, .fits = fits};
    if (fits) {
        value->small = (int64_t)small;
        return true;
    }
    if (base == 10 && p->source->max_int_digits && len > (size_t)p->source->max_int_digits) {
        fail_last(
            p, PROBLEM_SYNTAX,
            "Exceeds the limit (%d digits) for integer string conversion: value has %zu digits; "
            "use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for "
            "huge integer literals to avoid decimal conversion limits.",
            p->source->max_int_digits, len);
        return false;
    }
    value->len = (uint32_t)len;
    value->text = arena_strndup(p->arena, digits, len);
    return value->text;
}

static bool
number_constant(Parser *p, const char *text, size_t len, Const *value)
{
    if (len > 2 && text[0] == '0') {
        char c = text[1] | 0x20;
        int base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
        if (base)
            return int_constant(p, text + 2, len - 2, base, value);
    }
    bool imaginary = (text[len - 1] | 0x20) == 'j';
    size_t digits = 0;
    while (digits < len && text[digits] >= '0' && text[digits] <= '9')
        digits++;
    if (digits == len)
        return int_constant(p, text, len, 10, value);
    *value = (Const){.kind = imaginary ? CONST_COMPLEX : CONST_FLOAT};
    double_parse(text, text + len - imaginary, &value->number);
    return true;
}

Expr *
parse_number(Parser *p)
{
    Token token = next_token(p);
    const char *text = token_start(p, &token);
    size_t len = token.len;
    p->mark++;
    if (memchr(text, '_', len)) {
        if (!feature(p, "Underscores in numeric literals are", 6))
            return NULL;
        char *plain = arena_alloc(p->arena, len);
        if (!plain)
            return NULL;
        size_t n = 0;
        for (size_t i = 0; i < len; i++)
            if (text[i] != '_')
                plain[n++] = text[i];
        text = plain;
        len = n;
    }
    Const value;
    if (!number_constant(p, text, len, &value))
        return NULL;
    return expr_constant(p->arena, pos_of_token(&token), value, NULL);
}

/* ---- escapes ---- */

typedef struct Decoder {
    Parser *p;
    const LiteralText *from;
    const char *at, *end;
    uint8_t *out;
    bool warned;
    const char **error;
} Decoder;

static bool
decode_error(Decoder *d, const char *format, ...)
{
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    *d->error = arena_strndup(d->p->arena, message, strlen(message));
    return false;
}

/* The place of a byte as CPython's codec counts: it sees ten bytes for each character above ASCII,
   and six for a backslash in front of one. */
static size_t
codec_position(const Decoder *d, const char *to)
{
    size_t n = 0;
    for (const char *s = d->from->text; s < to; s++) {
        if ((uint8_t)*s >= 0x80)
            n += ((uint8_t)*s & 0xC0) == 0x80 ? 0 : 10;
        else if (*s == '\\' && s + 1 < to && (uint8_t)s[1] >= 0x80)
            n += 6;
        else if (*s == '\\' && s + 1 < to && s[1] == '\\')
            n += 2, s++;
        else
            n++;
    }
    return n;
}

static bool
escape_error(Decoder *d, const char *start, const char *end, const char *reason)
{
    size_t first = codec_position(d, start), last = first + (size_t)(end - start) - 1;
    if (first == last)
        return decode_error(
            d, "(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position %zu: %s",
            first, reason);
    return decode_error(
        d, "(unicode error) 'unicodeescape' codec can't decode bytes in position %zu-%zu: %s",
        first, last, reason);
}

void
escape_message(char message[ESCAPE_MESSAGE], const char *escape, int len, const char *kind,
               bool warning)
{
    snprintf(
        message, ESCAPE_MESSAGE,
        "\"%.*s\" is an invalid %sescape sequence. %sDid you mean \"\\%.*s\"? A raw string is also "
        "an option.",
        len, escape, kind, warning ? "Such sequences will not work in the future. " : "", len,
        escape);
}

/* A warning for the escape at `start`, the first in its string only; as an error it points there.
 */
static bool
warn_escape(Decoder *d, const char *start, int len, const char *kind)
{
    Parser *p = d->p;
    const SourceHost *host = &p->source->host;
    if (d->warned || p->second_pass || !host->warn)
        return true;
    d->warned = true;
    int lineno = d->from->lineno;
    int col = d->from->col;
    for (const char *s = d->from->text; s < start; s++) {
        col++;
        if (*s == '\n') {
            lineno++;
            col = 0;
        }
    }
    char message[ESCAPE_MESSAGE];
    escape_message(message, start, len, kind, true);
    int answer = host->warn(host->context, message, lineno);
    if (answer < 0)
        *p->problem = (SyntaxProblem){.kind = PROBLEM_HOST};
    escape_message(message, start, len, kind, false);
    if (answer > 0)
        fail_pos(p, (Pos){lineno, col, lineno, col + 2}, "%s", message);
    return answer == 0;
}

static void
put_char(Decoder *d, uint32_t c)
{
    if (d->from->bytes)
        *d->out++ = (uint8_t)c;
    else
        d->out += utf8_put(d->out, c);
}

static bool
decode_octal(Decoder *d)
{
    const char *start = d->at - 1;
    uint32_t c = 0;
    for (int i = 0; i < 3 && d->at < d->end && *d->at >= '0' && *d->at <= '7'; i++)
        c = c * 8 + (uint32_t)(*d->at++ - '0');
    if (c > 0377 && !warn_escape(d, start, (int)(d->at - start), "octal "))
        return false;
    put_char(d, c);
    return true;
}

/* Behind \x, \u, \U: `count` digits. */
static bool
decode_hex(Decoder *d, int count)
{
    const char *start = d->at - 2;
    uint32_t c = 0;
    int i = 0;
    for (; i < count && d->at < d->end && char_is(*d->at, CHAR_HEX); i++)
        c = c << 4 | (uint32_t)digit_value(*d->at++);
    if (i < count) {
        if (d->from->bytes)
            return decode_error(d, "(value error) invalid \\x escape at position %zu",
                                (size_t)(start - d->from->text));
        return escape_error(d, start, d->at,
                            count == 2   ? "truncated \\xXX escape"
                            : count == 4 ? "truncated \\uXXXX escape"
                                         : "truncated \\UXXXXXXXX escape");
    }
    if (c > CODE_POINT_MAX)
        return escape_error(d, start, d->at, "illegal Unicode character");
    put_char(d, c);
    return true;
}

/* Behind \N: a character's name in braces. */
static bool
decode_named(Decoder *d)
{
    const char *start = d->at - 2;
    if (d->at >= d->end || *d->at != '{')
        return escape_error(d, start, d->at, "malformed \\N character escape");
    const char *name = ++d->at;
    while (d->at < d->end && *d->at != '}')
        d->at++;
    if (d->at == d->end || d->at == name)
        return escape_error(d, start, d->at, "malformed \\N character escape");
    size_t len = (size_t)(d->at++ - name);
    uint32_t found[UNICODE_SEQUENCE_MAX];
    if (unicode_lookup(name, len, found) != 1)
        return escape_error(d, start, d->at, "unknown Unicode character name");
    put_char(d, found[0]);
    return true;
}

/* Behind a backslash. */
static bool
decode_escape(Decoder *d)
{
    static const char plain[128] = {
        ['\\'] = '\\', ['\''] = '\'', ['"'] = '"',  ['a'] = '\a', ['b'] = '\b',
        ['f'] = '\f',  ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t', ['v'] = '\v',
    };
    char c = *d->at;
    if ((uint8_t)c >= 0x80) { /* no escape: the backslash stands for itself, silently */
        *d->out++ = '\\';
        return true;
    }
    if (plain[(uint8_t)c]) {
        d->at++;
        *d->out++ = (uint8_t)plain[(uint8_t)c];
        return true;
    }
    if (c >= '0' && c <= '7')
        return decode_octal(d);
    d->at++;
    if (c == '\n')
        return true;
    if (c == 'x')
        return decode_hex(d, 2);
    if (!d->from->bytes) {
        if (c == 'u' || c == 'U')
            return decode_hex(d, c == 'u' ? 4 : 8);
        if (c == 'N')
            return decode_named(d);
    }
    d->at--;
    if (!(d->from->piece && (c == '{' || c == '}')) && !warn_escape(d, d->at - 1, 2, ""))
        return false;
    *d->out++ = '\\';
    return true;
}

bool
literal_decode(Parser *p, const LiteralText *from, Const *value, const char **error)
{
    *error = NULL;
    *value = (Const){.kind = from->bytes ? CONST_BYTES : CONST_STR};
    const char *backslash = from->raw ? NULL : memchr(from->text, '\\', from->len);
    /* No escape is shorter than what it stands for. */
    char *out = arena_strndup(p->arena, from->text, from->len);
    if (!out)
        return false;
    value->text = out;
    value->len = (uint32_t)from->len;
    if (!backslash)
        return true;
    Decoder d = {
        .p = p,
        .from = from,
        .at = backslash,
        .end = from->text + from->len,
        .out = (uint8_t *)out + (backslash - from->text),
        .error = error,
    };
    while (d.at < d.end) {
        char c = *d.at++;
        if (c != '\\' || d.at == d.end)
            *d.out++ = (uint8_t)c;
        else if (!decode_escape(&d))
            return false;
    }
    *d.out = 0;
    value->len = (uint32_t)((char *)d.out - out);
    return true;
}
