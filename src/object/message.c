/* Message formats: the one formatter of the object folder (object/message.h), and the functions of
 * str.h that use it.
 *
 * A directive is read into a Directive, then written by the function for its kind of argument. No
 * state is kept between calls, so any thread may format at any time. */
#include "object/message.h"

#include <stdio.h>

#include "object/type/type_priv.h"

typedef struct Directive {
    int width;     /* 0 = none */
    int precision; /* -1 = none */
    bool zero, left;
    uint8_t length; /* bytes of the integer argument: 4 or 8 */
    char kind;
} Directive;

/* A va_list that functions can share: passing one by value leaves the caller's in an unknown state.
 */
typedef struct Arguments {
    va_list list;
} Arguments;

static const char *
read_number(const char *at, int *out, Arguments *args)
{
    if (*at == '*') {
        *out = va_arg(args->list, int);
        return at + 1;
    }
    int n = 0;
    while (*at >= '0' && *at <= '9') {
        n = n * 10 + (*at++ - '0');
    }
    *out = n;
    return at;
}

/* at: after the '%'. Returns what follows the directive. */
static const char *
read_directive(const char *at, Directive *d, Arguments *args)
{
    *d = (Directive){.precision = -1, .length = 4};
    for (; *at == '0' || *at == '-'; at++) {
        *(*at == '0' ? &d->zero : &d->left) = true;
    }
    at = read_number(at, &d->width, args);
    if (*at == '.') {
        at = read_number(at + 1, &d->precision, args);
    }
    while (*at == 'l' || *at == 'z' || *at == 't' || *at == 'j') {
        d->length = 8;
        at++;
    }
    d->kind = *at;
    assert(*at && "a format ends inside a directive");
    return at + 1;
}

static void
put_integer(StrBuilder *b, const Directive *d, Arguments *args)
{
    char text[160], format[8] = "%";
    size_t n = 1;
    if (d->zero) {
        format[n++] = '0';
    }
    if (d->left) {
        format[n++] = '-';
    }
    memcpy(format + n, "*l", 2);
    n += 2;
    format[n] = d->kind == 'i' ? 'd' : d->kind;
    long long value;
    if (d->length == 8) {
        value = va_arg(args->list, long long);
    } else if (d->kind == 'd' || d->kind == 'i') {
        value = va_arg(args->list, int);
    } else {
        value = va_arg(args->list, unsigned);
    }
    int width = d->width < 100 ? d->width : 100;
    /* long and long long are one size on every system Weft knows */
    int length = snprintf(text, sizeof text, format, width, (long)value);
    str_builder_ascii(b, text, (size_t)length);
}

/* The first `limit` bytes of text, less a character that they would cut. */
static size_t
cut_utf8(const char *text, size_t length, size_t limit)
{
    if (length <= limit) {
        return length;
    }
    while (limit > 0 && ((uint8_t)text[limit] & 0xC0) == 0x80) {
        limit--;
    }
    return limit;
}

static void
put_cstr(StrBuilder *b, const Directive *d, const char *text, bool in_characters)
{
    if (!text) {
        text = "(null)";
    }
    size_t length;
    if (d->precision >= 0 && !in_characters) {
        /* need not be NUL-terminated within the precision */
        size_t present = strnlen(text, (size_t)d->precision + 1);
        length = cut_utf8(text, present, (size_t)d->precision);
    } else {
        length = strlen(text);
        if (d->precision >= 0) {
            size_t at = 0;
            for (int left = d->precision; left > 0 && at < length; left--) {
                do {
                    at++;
                } while (at < length && ((uint8_t)text[at] & 0xC0) == 0x80);
            }
            length = at;
        }
    }
    for (int64_t i = (int64_t)length; i < d->width && !d->left; i++) {
        str_builder_char(b, ' ');
    }
    str_builder_utf8(b, text, length);
    for (int64_t i = (int64_t)length; i < d->width && d->left; i++) {
        str_builder_char(b, ' ');
    }
}

static void
put_text(StrBuilder *b, const Directive *d, Value text);

/* module.qualname; of builtins and __main__ without the module. */
static void
put_qualified(StrBuilder *b, const Directive *d, Type *t)
{
    Own module = NO_VALUE, name = NO_VALUE;
    if (type_flags(t) & TYPE_HEAP) { /* what the class itself says: no Python code of a metaclass, in which t might go */
        module = type_module_name(t);
        name = module ? type_get_qualname(t) : NO_VALUE;
        exc_clear();
    }
    if (!module || !name || !is_str(module) || !is_str(name)) {
        put_cstr(b, d, t->name, true);
    } else {
        if (!str_equals_cstr(module, "builtins") && !str_equals_cstr(module, "__main__")) {
            str_builder_str(b, module);
            str_builder_char(b, '.');
        }
        put_text(b, d, name);
    }
    drop_opt(module);
    drop_opt(name);
}

static void
put_text(StrBuilder *b, const Directive *d, Value text)
{
    int64_t length = as_str(text)->length;
    if (d->precision >= 0 && d->precision < length) {
        str_builder_sub(b, text, 0, d->precision);
    } else {
        str_builder_str(b, text);
    }
}

static void
put_object(StrBuilder *b, const Directive *d, Value v)
{
    if (!v) {
        str_builder_ascii(b, "<NULL>", 6);
        return;
    }
    Own text = d->kind == 'R' ? object_repr(v) : d->kind == 'S' ? object_str(v) : object_ascii(v);
    if (!text) {
        b->failed = true;
        return;
    }
    put_text(b, d, text);
    drop(text);
}

static void
put_argument(StrBuilder *b, const Directive *d, Arguments *args)
{
    switch (d->kind) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        put_integer(b, d, args);
        break;
    case 'c':
        str_builder_char(b, (uint32_t)va_arg(args->list, int));
        break;
    case 's':
        put_cstr(b, d, va_arg(args->list, const char *), false);
        break;
    case 'T':
        put_cstr(b, d, type_of(va_arg(args->list, Value))->name, true);
        break;
    case 'N':
        put_cstr(b, d, va_arg(args->list, const Type *)->name, true);
        break;
    case 'Q':
        put_qualified(b, d, type_of(va_arg(args->list, Value)));
        break;
    case 'U':
        put_text(b, d, va_arg(args->list, Value));
        break;
    case 'R':
    case 'S':
    case 'A':
        put_object(b, d, va_arg(args->list, Value));
        break;
    case 'p': {
        char text[24];
        int length =
            snprintf(text, sizeof text, "0x%lx", (unsigned long)va_arg(args->list, uintptr_t));
        str_builder_ascii(b, text, (size_t)length);
        break;
    }
    case '%':
        str_builder_char(b, '%');
        break;
    default:
        assert(!"unknown directive in a message format");
    }
}

void
str_builder_vfmt(StrBuilder *b, const char *format, va_list list)
{
    Arguments args;
    va_copy(args.list, list);
    while (*format && !b->failed) {
        const char *end = strchrnul(format, '%');
        if (end > format) {
            str_builder_utf8(b, format, (size_t)(end - format));
        }
        format = end;
        if (*format == '%') {
            Directive d;
            format = read_directive(format + 1, &d, &args);
            put_argument(b, &d, &args);
        }
    }
    va_end(args.list);
}

Own
str_vfmt(const char *format, va_list args)
{
    StrBuilder b;
    str_builder_init(&b, (int64_t)strlen(format) + 32);
    str_builder_vfmt(&b, format, args);
    return str_builder_finish(&b);
}

void
str_builder_fmt(StrBuilder *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_builder_vfmt(b, format, args);
    va_end(args);
}

Own
str_fmt(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Own text = str_vfmt(format, args);
    va_end(args);
    return text;
}
