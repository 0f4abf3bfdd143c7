/* str.translate and str.maketrans.
 *
 * A table is any object with __getitem__: code point to code point, str, or None. Lookups of ASCII
 * characters are remembered within one call, when they give an ASCII character or nothing. */
#include "object/dict.h"
#include "object/int.h"
#include "object/str_priv.h"

enum { UNKNOWN = 0xFF, DELETED = 0xFE };

/* What the table says of c is appended to b; *ascii becomes what to remember. fail: -1 */
static int
translate_char(StrBuilder *b, Value table, uint32_t c, uint8_t *ascii)
{
    Own to = object_getitem(table, small_int(c));
    if (!to) {
        if (!exc_swallow(&exc_LookupError)) {
            return -1;
        }
        str_builder_char(b, c);
        *ascii = c < 128 ? (uint8_t)c : UNKNOWN;
        return 0;
    }
    int status = 0;
    if (to == NONE) {
        *ascii = DELETED;
    } else if (is_int(to)) {
        int64_t code;
        if (!int_as_i64(to, &code) || code < 0 || code > CODE_POINT_MAX) {
            status = raise_int(&exc_ValueError, "character mapping must be in range(0x%x)",
                               CODE_POINT_MAX + 1);
        } else {
            str_builder_char(b, (uint32_t)code);
            *ascii = code < 128 ? (uint8_t)code : UNKNOWN;
        }
    } else if (is_str(to)) {
        str_builder_str(b, to);
        *ascii = as_str(to)->ascii && as_str(to)->length == 1 ? as_str(to)->data[0] : UNKNOWN;
    } else {
        status = raise_int(&exc_TypeError, "character mapping must return integer, None or str");
    }
    drop(to);
    return status;
}

Own
str_translate(Value v, Value table)
{
    const Str *s = as_str(v);
    StrBuilder b;
    uint8_t known[128];
    memset(known, UNKNOWN, sizeof known);
    str_builder_init(&b, s->length);
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        uint8_t other, *to = c < 128 ? &known[c] : &other;
        if (c < 128 && *to != UNKNOWN) {
            if (*to != DELETED) {
                str_builder_char(&b, *to);
            }
        } else if (translate_char(&b, table, c, to) < 0) {
            str_builder_discard(&b);
            return NO_VALUE;
        }
    }
    return str_builder_finish(&b);
}

Own
str_py_translate(Str *self, Value table)
{
    return str_translate(VALUE(self), table);
}

/* -- maketrans -- */

static int
table_set(Value table, uint32_t c, Value to)
{
    return dict_set(table, small_int(c), to);
}

/* Adds what the dict maps: its keys are code points or single characters. */
static int
table_from_dict(Value table, Value dict)
{
    int64_t position = 0;
    Own key, value;
    while (dict_next(dict, &position, &key, &value)) {
        int status;
        if (is_str(key)) {
            status = as_str(key)->length == 1
                         ? table_set(table, str_char_at(as_str(key), 0), value)
                         : raise_int(&exc_ValueError,
                                     "string keys in translatetable must be of length 1");
        } else if (is_int(key)) {
            status = dict_set(table, key, value);
        } else {
            status =
                raise_int(&exc_TypeError, "keys in translate table mustbe strings or integers");
        }
        drop(key);
        drop(value);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

static int
table_from_strings(Value table, Value x, Value y, Value z)
{
    if (!is_str(x)) {
        return raise_int(&exc_TypeError,
                         "first maketrans argument must be a string if there is a second argument");
    }
    const Str *from = as_str(x), *to = as_str(y);
    if (from->length != to->length) {
        return raise_int(&exc_ValueError,
                         "the first two maketrans arguments must have equal length");
    }
    for (int64_t i = 0; i < from->length; i++) {
        if (table_set(table, str_char_at(from, i), small_int(str_char_at(to, i))) < 0) {
            return -1;
        }
    }
    for (int64_t i = 0; z && i < as_str(z)->length; i++) {
        if (table_set(table, str_char_at(as_str(z), i), NONE) < 0) {
            return -1;
        }
    }
    return 0;
}

Own
str_py_maketrans(Value x, Value y, Value z)
{
    Own table = dict_new();
    if (!table) {
        return NO_VALUE;
    }
    int status;
    if (y) {
        status = table_from_strings(table, x, y, z);
    } else if (IS_EXACT(x, DICT)) {
        status = table_from_dict(table, x);
    } else {
        status = raise_int(&exc_TypeError,
                           "if you give only one argument to maketrans it must be a dict");
    }
    if (status < 0) {
        drop(table);
        return NO_VALUE;
    }
    return table;
}
