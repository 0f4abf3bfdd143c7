/* Case of str: lower, upper, title, capitalize, swapcase, casefold.
 *
 * Mappings are the full ones of the Unicode character database: one character may become up to
 * three. The only rule that looks at the surroundings is that of sigma at the end of a word
 * (Final_Sigma, The Unicode Standard, section 3.13). ASCII goes by itself. */
#include "base/unicode.h"
#include "object/str_priv.h"

/* The neighbour of character i in a direction that is not case-ignorable is a cased one. */
static bool
cased_neighbour(const Str *s, int64_t i, int direction)
{
    for (i += direction; i >= 0 && i < s->length; i += direction) {
        uint32_t c = str_char_at(s, i);
        if (!unicode_is(c, UNICODE_CASE_IGNORABLE)) {
            return unicode_is(c, UNICODE_CASED);
        }
    }
    return false;
}

static unsigned
lower_at(const Str *s, int64_t i, uint32_t c, uint32_t to[UNICODE_CASE_MAX])
{
    if (UNLIKELY(c == 0x3A3)) {
        to[0] = cased_neighbour(s, i, -1) && !cased_neighbour(s, i, 1) ? 0x3C2 : 0x3C3;
        return 1;
    }
    return unicode_lower_full(c, to);
}

static void
put_mapped(StrBuilder *b, const uint32_t *chars, unsigned n)
{
    for (unsigned k = 0; k < n; k++) {
        str_builder_char(b, chars[k]);
    }
}

static inline uint8_t
ascii_lower(uint8_t c)
{
    return (uint8_t)(c | (c - 'A' < 26u ? 0x20 : 0));
}

static inline uint8_t
ascii_upper(uint8_t c)
{
    return (uint8_t)(c ^ (c - 'a' < 26u ? 0x20 : 0));
}

/* ASCII text of the same length, and the single characters that exist only once. */
static Own
ascii_result(Str *r)
{
    if (r && r->length <= 1) {
        Own small = str_from_chars(r->data, 1, r->length);
        drop(OWN(r));
        return small;
    }
    return OWN(r);
}

#define ASCII_MAP(name, expression)                                                                \
    static Own name(const Str *s)                                                                  \
    {                                                                                              \
        Str *r = str_new(s->length, 127);                                                          \
        for (int64_t i = 0; r && i < s->length; i++) {                                             \
            uint8_t c = s->data[i];                                                                \
            r->data[i] = (expression);                                                             \
        }                                                                                          \
        return ascii_result(r);                                                                    \
    }
ASCII_MAP(lower_ascii, ascii_lower(c))
ASCII_MAP(upper_ascii, ascii_upper(c))
ASCII_MAP(swap_ascii, (uint8_t)(c ^ ((c | 0x20) - 'a' < 26u ? 0x20 : 0)))
ASCII_MAP(capitalize_ascii, i ? ascii_lower(c) : ascii_upper(c))
ASCII_MAP(title_ascii, i && ((s->data[i - 1] | 0x20) - 'a') < 26u ? ascii_lower(c) : ascii_upper(c))
#undef ASCII_MAP

Own
str_py_lower(Str *self)
{
    if (self->ascii) {
        return lower_ascii(self);
    }
    StrBuilder b;
    str_builder_init(&b, self->length);
    for (int64_t i = 0; i < self->length; i++) {
        uint32_t to[UNICODE_CASE_MAX];
        put_mapped(&b, to, lower_at(self, i, str_char_at(self, i), to));
    }
    return str_builder_finish(&b);
}

static Own
map_all(const Str *s, unsigned (*map)(uint32_t, uint32_t *))
{
    StrBuilder b;
    str_builder_init(&b, s->length);
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t to[UNICODE_CASE_MAX];
        put_mapped(&b, to, map(str_char_at(s, i), to));
    }
    return str_builder_finish(&b);
}

Own
str_py_upper(Str *self)
{
    return self->ascii ? upper_ascii(self) : map_all(self, unicode_upper_full);
}

Own
str_py_casefold(Str *self)
{
    return self->ascii ? lower_ascii(self) : map_all(self, unicode_fold_full);
}

Own
str_py_swapcase(Str *self)
{
    if (self->ascii) {
        return swap_ascii(self);
    }
    StrBuilder b;
    str_builder_init(&b, self->length);
    for (int64_t i = 0; i < self->length; i++) {
        uint32_t c = str_char_at(self, i), to[UNICODE_CASE_MAX] = {c};
        unsigned n = unicode_is(c, UNICODE_UPPER)   ? lower_at(self, i, c, to)
                     : unicode_is(c, UNICODE_LOWER) ? unicode_upper_full(c, to)
                                                    : 1;
        put_mapped(&b, to, n);
    }
    return str_builder_finish(&b);
}

Own
str_py_title(Str *self)
{
    if (self->ascii) {
        return title_ascii(self);
    }
    StrBuilder b;
    str_builder_init(&b, self->length);
    bool inside = false; /* of a word */
    for (int64_t i = 0; i < self->length; i++) {
        uint32_t c = str_char_at(self, i), to[UNICODE_CASE_MAX];
        put_mapped(&b, to, inside ? lower_at(self, i, c, to) : unicode_title_full(c, to));
        inside = unicode_is(c, UNICODE_CASED);
    }
    return str_builder_finish(&b);
}

Own
str_py_capitalize(Str *self)
{
    if (self->ascii) {
        return capitalize_ascii(self);
    }
    StrBuilder b;
    str_builder_init(&b, self->length);
    for (int64_t i = 0; i < self->length; i++) {
        uint32_t c = str_char_at(self, i), to[UNICODE_CASE_MAX];
        put_mapped(&b, to, i ? lower_at(self, i, c, to) : unicode_title_full(c, to));
    }
    return str_builder_finish(&b);
}
