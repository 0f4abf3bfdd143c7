/* Filling up a str to a width: center, ljust, rjust, zfill, expandtabs. */
#include "object/str_priv.h"

/* The fill character of an argument, ' ' when absent. fail: -1 + TypeError */
static int64_t
fill_argument(Value v)
{
    if (!v) {
        return ' ';
    }
    if (!is_str(v)) {
        return raise_int(&exc_TypeError, "The fill character must be a unicode character, not %T",
                         v);
    }
    if (as_str(v)->length != 1) {
        return raise_int(&exc_TypeError, "The fill character must be exactly one character long");
    }
    return str_char_at(as_str(v), 0);
}

static void
fill_chars(Str *s, int64_t start, int64_t n, uint32_t c)
{
    if (s->width == 1) {
        memset(s->data + start, (int)c, (size_t)n);
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        chars_set(s->data, s->width, (size_t)(start + i), c);
    }
}

/* left and right of them around the text. own: ret new */
static Own
padded(const Str *s, int64_t left, int64_t right, uint32_t fill)
{
    if (left == 0 && right == 0) {
        return str_exact(VALUE(s));
    }
    int64_t total;
    if (__builtin_add_overflow(left, right, &total) ||
        __builtin_add_overflow(total, s->length, &total)) {
        return raise_msg(&exc_OverflowError, "padded string is too long");
    }
    if (total == 1) {
        return str_from_char(fill);
    }
    Str *r = str_new(total, str_max_bound(s) | charmax_of(fill));
    if (r) {
        fill_chars(r, 0, left, fill);
        chars_copy(r->data + left * r->width, r->width, s->data, s->width, (size_t)s->length);
        fill_chars(r, left + s->length, right, fill);
    }
    return OWN(r);
}

/* How many characters the text has too few. */
static int64_t
missing(const Str *s, int64_t width)
{
    return width > s->length ? width - s->length : 0;
}

Own
str_py_ljust(Str *self, int64_t width, Value fillchar)
{
    int64_t fill = fill_argument(fillchar);
    return fill < 0 ? NO_VALUE : padded(self, 0, missing(self, width), (uint32_t)fill);
}

Own
str_py_rjust(Str *self, int64_t width, Value fillchar)
{
    int64_t fill = fill_argument(fillchar);
    return fill < 0 ? NO_VALUE : padded(self, missing(self, width), 0, (uint32_t)fill);
}

/* Where the two sides cannot be equal, the left one gets more when the width is odd. */
Own
str_py_center(Str *self, int64_t width, Value fillchar)
{
    int64_t fill = fill_argument(fillchar), more = missing(self, width);
    int64_t left = more / 2 + (more & width & 1);
    return fill < 0 ? NO_VALUE : padded(self, left, more - left, (uint32_t)fill);
}

Own
str_py_zfill(Str *self, int64_t width)
{
    int64_t more = missing(self, width);
    Own r = padded(self, more, 0, '0');
    if (r && more > 0 && self->length) {
        uint32_t first = str_char_at(self, 0);
        if (first == '+' || first == '-') { /* the sign goes before the zeros */
            Str *s = as_str(r);
            chars_set(s->data, s->width, 0, first);
            chars_set(s->data, s->width, (size_t)more, '0');
        }
    }
    return r;
}

Own
str_py_expandtabs(Str *self, int tabsize)
{
    StrBuilder b;
    str_builder_init(&b, self->length);
    int64_t column = 0, plain = 0;
    for (int64_t i = 0; i < self->length; i++) {
        uint32_t c = str_char_at(self, i);
        if (c != '\t') {
            column = c == '\n' || c == '\r' ? 0 : column + 1;
            continue;
        }
        str_builder_sub(&b, VALUE(self), plain, i);
        plain = i + 1;
        if (tabsize > 0) {
            int64_t spaces = tabsize - column % tabsize;
            column += spaces;
            str_builder_fill(&b, ' ', spaces);
        }
    }
    if (plain == 0) {
        str_builder_discard(&b);
        return str_exact(VALUE(self));
    }
    str_builder_sub(&b, VALUE(self), plain, self->length);
    return str_builder_finish(&b);
}
