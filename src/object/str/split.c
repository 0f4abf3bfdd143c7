/* Methods of str that cut it: split, partition, splitlines, strip. */
#include "object/str_priv.h"

Own
str_piece(Value whole, Text t UNUSED, int64_t start, int64_t stop)
{
    return str_substring(whole, start, stop);
}

static bool
separator_is_empty(Value sep)
{
    if (as_str(sep)->length) {
        return false;
    }
    raise_msg(&exc_ValueError, "empty separator");
    return true;
}

static bool
separator_is_str(Value sep, const char *wanted)
{
    if (is_str(sep)) {
        return true;
    }
    raise_fmt(&exc_TypeError, "must be %s, not %T", wanted, sep);
    return false;
}

Own
str_py_split(Str *self, Value sep, int64_t maxsplit)
{
    Value v = VALUE(self);
    if (sep == NONE) {
        return text_split_space(v, str_text(v), str_piece, maxsplit);
    }
    if (!separator_is_str(sep, "str or None") || separator_is_empty(sep)) {
        return NO_VALUE;
    }
    return text_split(v, str_text(v), str_piece, str_text(sep), maxsplit);
}

Own
str_py_rsplit(Str *self, Value sep, int64_t maxsplit)
{
    Value v = VALUE(self);
    if (sep == NONE) {
        return text_rsplit_space(v, str_text(v), str_piece, maxsplit);
    }
    if (!separator_is_str(sep, "str or None") || separator_is_empty(sep)) {
        return NO_VALUE;
    }
    return text_rsplit(v, str_text(v), str_piece, str_text(sep), maxsplit);
}

Own
str_py_splitlines(Str *self, bool keepends)
{
    return text_splitlines(VALUE(self), str_text(VALUE(self)), str_piece, keepends);
}

static Own
str_partition(Str *self, Value sep, int direction)
{
    Value v = VALUE(self);
    if (!separator_is_str(sep, "str") || separator_is_empty(sep)) {
        return NO_VALUE;
    }
    return text_partition(v, str_text(v), str_piece, str_text(sep), sep, direction);
}

Own
str_py_partition(Str *self, Value sep)
{
    return str_partition(self, sep, 1);
}

Own
str_py_rpartition(Str *self, Value sep)
{
    return str_partition(self, sep, -1);
}

static Own
str_strip_sides(Str *self, Value chars, int sides, const char *name)
{
    Value v = VALUE(self);
    int64_t start, stop;
    if (chars == NONE) {
        text_strip_space(str_text(v), sides, &start, &stop);
    } else if (is_str(chars)) {
        text_strip_chars(str_text(v), str_text(chars), sides, &start, &stop);
    } else {
        return raise_fmt(&exc_TypeError, "%s arg must be None or str", name);
    }
    return str_substring(v, start, stop);
}

Own
str_py_strip(Str *self, Value chars)
{
    return str_strip_sides(self, chars, STRIP_LEFT | STRIP_RIGHT, "strip");
}

Own
str_py_lstrip(Str *self, Value chars)
{
    return str_strip_sides(self, chars, STRIP_LEFT, "lstrip");
}

Own
str_py_rstrip(Str *self, Value chars)
{
    return str_strip_sides(self, chars, STRIP_RIGHT, "rstrip");
}
