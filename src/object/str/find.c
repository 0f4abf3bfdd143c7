/* Methods of str that look for text in it: find, index, count, startswith, removeprefix,
 * replace. */
#include "object/str_priv.h"
#include "object/tuple.h"

int64_t
str_find(Value v, Value needle, int64_t start, int64_t stop, int direction)
{
    return text_find(str_text(v), str_text(needle), start, stop, direction);
}

static int64_t
find_between(Str *self, Value sub, Value start, Value end, int direction)
{
    int64_t from, to;
    if (text_range_args(start, end, &from, &to) < 0) {
        return -1;
    }
    text_range_clip(self->length, &from, &to);
    return str_find(VALUE(self), sub, from, to, direction);
}

int64_t
str_py_find(Str *self, Value sub, Value start, Value end)
{
    return find_between(self, sub, start, end, 1);
}

int64_t
str_py_rfind(Str *self, Value sub, Value start, Value end)
{
    return find_between(self, sub, start, end, -1);
}

static int64_t
found_or_error(int64_t at)
{
    if (at < 0 && !exc_pending()) {
        raise_msg(&exc_ValueError, "substring not found");
    }
    return at;
}

int64_t
str_py_index(Str *self, Value sub, Value start, Value end)
{
    return found_or_error(find_between(self, sub, start, end, 1));
}

int64_t
str_py_rindex(Str *self, Value sub, Value start, Value end)
{
    return found_or_error(find_between(self, sub, start, end, -1));
}

int64_t
str_py_count(Str *self, Value sub, Value start, Value end)
{
    int64_t from, to;
    if (text_range_args(start, end, &from, &to) < 0) {
        return -1;
    }
    text_range_clip(self->length, &from, &to);
    return text_count(str_text(VALUE(self)), str_text(sub), from, to, INT64_MAX);
}

/* -- at the ends -- */

static bool
has_at_end(Text t, Text part, int64_t from, int64_t to, int direction)
{
    if (part.length > to - from || part.width > t.width) {
        return false;
    }
    return text_equal_at(t, direction > 0 ? from : to - part.length, part);
}

/* startswith (direction 1) and endswith (-1). */
static int
match_ends(Str *self, Value part, Value start, Value end, int direction)
{
    const char *name = direction > 0 ? "startswith" : "endswith";
    Text t = str_text(VALUE(self));
    int64_t from, to;
    if (text_range_args(start, end, &from, &to) < 0) {
        return -1;
    }
    text_range_clip(t.length, &from, &to);
    if (is_str(part)) {
        return has_at_end(t, str_text(part), from, to, direction);
    }
    if (!is_tuple(part)) {
        return raise_int(&exc_TypeError, "%s first arg must be str or a tuple of str, not %T", name,
                         part);
    }
    for (int64_t i = 0; i < as_tuple(part)->length; i++) {
        Value each = tuple_item(part, i);
        if (!is_str(each)) {
            return raise_int(&exc_TypeError, "tuple for %s must only contain str, not %T", name,
                             each);
        }
        if (has_at_end(t, str_text(each), from, to, direction)) {
            return 1;
        }
    }
    return 0;
}

int
str_py_startswith(Str *self, Value prefix, Value start, Value end)
{
    return match_ends(self, prefix, start, end, 1);
}

int
str_py_endswith(Str *self, Value suffix, Value start, Value end)
{
    return match_ends(self, suffix, start, end, -1);
}

Own
str_py_removeprefix(Str *self, Value prefix)
{
    Value v = VALUE(self);
    int64_t n = as_str(prefix)->length;
    return n && has_at_end(str_text(v), str_text(prefix), 0, self->length, 1)
               ? str_substring(v, n, self->length)
               : str_exact(v);
}

Own
str_py_removesuffix(Str *self, Value suffix)
{
    Value v = VALUE(self);
    int64_t n = as_str(suffix)->length;
    return n && has_at_end(str_text(v), str_text(suffix), 0, self->length, -1)
               ? str_substring(v, 0, self->length - n)
               : str_exact(v);
}

/* -- replacing -- */

/* Copies t[start:stop] to character `at` of s; returns where it ends. */
static int64_t
put_part(Str *s, int64_t at, Text t, int64_t start, int64_t stop)
{
    if (stop > start) {
        chars_copy(s->data + at * s->width, s->width, t.data + start * t.width, t.width,
                   (size_t)(stop - start));
    }
    return at + (stop - start);
}

static void
fill_replaced(Str *s, Text t, Text from, Text to, int64_t count)
{
    int64_t at = 0, done = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t found = from.length ? text_find(t, from, done, t.length, 1) : i;
        at = put_part(s, at, t, done, found);
        at = put_part(s, at, to, 0, to.length);
        done = found + from.length;
    }
    put_part(s, at, t, done, t.length);
}

/* A str whose width was chosen before it was known which characters stay; eats s. */
static Own
narrowed(Str *s)
{
    if (!s || (s->length > 1 &&
               (s->ascii || chars_max(s->data, s->width, (size_t)s->length) == str_max_bound(s)))) {
        return OWN(s);
    }
    Own exact = str_from_chars(s->data, s->width, s->length);
    drop(OWN(s));
    return exact;
}

/* One character for another of the same width, everywhere. */
static Own
replace_char(Value v, uint32_t from, uint32_t to)
{
    const Str *s = as_str(v);
    Str *r = str_new(s->length, str_max_bound(s));
    if (!r) {
        return NO_VALUE;
    }
    if (s->width == 1) { /* the compiler does many at once */
        for (int64_t i = 0; i < s->length; i++) {
            r->data[i] = s->data[i] == from ? (uint8_t)to : s->data[i];
        }
        if (s->ascii) {
            return OWN(r);
        }
    } else {
        for (int64_t i = 0; i < s->length; i++) {
            uint32_t c = str_char_at(s, i);
            chars_set(r->data, r->width, (size_t)i, c == from ? to : c);
        }
    }
    return narrowed(r);
}

Own
str_replace(Value v, Value from, Value to, int64_t count)
{
    const Str *s = as_str(v), *x = as_str(from), *y = as_str(to);
    if (count < 0) {
        count = INT64_MAX;
    }
    if (str_equal(x, y)) {
        return str_exact(v);
    }
    int64_t n = text_count(str_text(v), str_text(from), 0, s->length, count);
    if (n == 0) {
        return str_exact(v);
    }
    if (x->length == 1 && y->length == 1 && count == INT64_MAX &&
        str_max_bound(y) <= str_max_bound(s) && s->length > 1) {
        return replace_char(v, str_char_at(x, 0), str_char_at(y, 0));
    }
    int64_t added, length;
    if (__builtin_mul_overflow(n, y->length - x->length, &added) ||
        __builtin_add_overflow(s->length, added, &length) || length > INT64_MAX / 4 - 64) {
        return raise_msg(&exc_OverflowError, "replace string is too long");
    }
    if (length == 0) {
        return str_empty;
    }
    Str *r = str_new(length, str_max_bound(s) | (y->length ? str_max_bound(y) : 0));
    if (!r) {
        return NO_VALUE;
    }
    fill_replaced(r, str_text(v), str_text(from), str_text(to), n);
    return narrowed(r);
}

Own
str_py_replace(Str *self, Value old, Value new_, int64_t count)
{
    return str_replace(VALUE(self), old, new_, count);
}
