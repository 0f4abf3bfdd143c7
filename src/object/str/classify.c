/* Questions about all characters of a str: isalpha, isupper, isidentifier... */
#include "base/unicode.h"
#include "object/str_priv.h"

/* Every character has one of the flags; false of an empty str. */
static bool
all_have(const Str *s, uint32_t flags)
{
    for (int64_t i = 0; i < s->length; i++) {
        if (!unicode_is(str_char_at(s, i), flags)) {
            return false;
        }
    }
    return s->length > 0;
}

static bool
is_numeric_char(uint32_t c)
{
    double value;
    return unicode_numeric(c, &value);
}

int
str_py_isalpha(Str *self)
{
    return all_have(self, UNICODE_ALPHA);
}

int
str_py_isspace(Str *self)
{
    return all_have(self, UNICODE_SPACE);
}

int
str_py_isprintable(Str *self)
{
    return self->length == 0 || all_have(self, UNICODE_PRINTABLE);
}

int
str_py_isascii(Str *self)
{
    return self->ascii;
}

#define ALL(name, test)                                                                            \
    int name(Str *self)                                                                            \
    {                                                                                              \
        for (int64_t i = 0; i < self->length; i++) {                                               \
            uint32_t c = str_char_at(self, i);                                                     \
            if (!(test)) {                                                                         \
                return 0;                                                                          \
            }                                                                                      \
        }                                                                                          \
        return self->length > 0;                                                                   \
    }
ALL(str_py_isdecimal, unicode_decimal(c) >= 0)
ALL(str_py_isdigit, unicode_digit(c) >= 0)
ALL(str_py_isnumeric, is_numeric_char(c))
ALL(str_py_isalnum, unicode_is(c, UNICODE_ALPHA) || unicode_decimal(c) >= 0 ||
                        unicode_digit(c) >= 0 || is_numeric_char(c))
#undef ALL

/* At least one cased character, and none of the kinds in `not`. */
static bool
all_cased(const Str *s, uint32_t wanted, uint32_t not )
{
    bool found = false;
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        if (unicode_is(c, not )) {
            return false;
        }
        found |= unicode_is(c, wanted);
    }
    return found;
}

int
str_py_islower(Str *self)
{
    return all_cased(self, UNICODE_LOWER, UNICODE_UPPER | UNICODE_TITLE);
}

int
str_py_isupper(Str *self)
{
    return all_cased(self, UNICODE_UPPER, UNICODE_LOWER | UNICODE_TITLE);
}

/* Upper and title case only at the start of words, lower case only inside. */
int
str_py_istitle(Str *self)
{
    bool inside = false, found = false;
    for (int64_t i = 0; i < self->length; i++) {
        uint32_t c = str_char_at(self, i);
        if (unicode_is(c, UNICODE_UPPER | UNICODE_TITLE)) {
            if (inside) {
                return false;
            }
            inside = found = true;
        } else if (unicode_is(c, UNICODE_LOWER)) {
            if (!inside) {
                return false;
            }
            found = true;
        } else {
            inside = false;
        }
    }
    return found;
}

bool
str_is_identifier(const Str *s)
{
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        if (!unicode_is(c, i ? UNICODE_XID_CONTINUE : UNICODE_XID_START) && c != '_') {
            return false;
        }
    }
    return s->length > 0;
}

int
str_py_isidentifier(Str *self)
{
    return str_is_identifier(self);
}
