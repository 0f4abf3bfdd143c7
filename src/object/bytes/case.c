/* Letters in bytes and bytearray: only ASCII ones count. */
#include "bytes_priv.h"

enum { LOWER = 1, UPPER = 2, DIGIT = 4, SPACE = 8, ALPHA = LOWER | UPPER };

static inline int
class_of(uint8_t c)
{
    if (c >= 'a' && c <= 'z') {
        return LOWER;
    }
    if (c >= 'A' && c <= 'Z') {
        return UPPER;
    }
    return c >= '0' && c <= '9' ? DIGIT : text_classes[c] & BYTES_SPACE ? SPACE : 0;
}

static inline uint8_t
to_lower(uint8_t c)
{
    return (uint8_t)(c + (c - 'A' < 26u ? 32 : 0));
}

static inline uint8_t
to_upper(uint8_t c)
{
    return (uint8_t)(c - (c - 'a' < 26u ? 32 : 0));
}

/* -- mapping -- */

static Own
map_bytes(Value self, void (*map)(uint8_t *to, Span from))
{
    SelfSpan s;
    uint8_t *to;
    Span mine = self_enter(&s, self);
    Own result = bytes_like_new(self, mine.length, &to);
    if (result) {
        map(to, mine);
    }
    self_leave(&s);
    return result && is_bytes(result) ? bytes_shrink(result, as_bytes(result)->length) : result;
}

static void
map_lower(uint8_t *to, Span from)
{
    for (int64_t i = 0; i < from.length; i++) {
        to[i] = to_lower(from.data[i]);
    }
}

static void
map_upper(uint8_t *to, Span from)
{
    for (int64_t i = 0; i < from.length; i++) {
        to[i] = to_upper(from.data[i]);
    }
}

static void
map_swapped(uint8_t *to, Span from)
{
    for (int64_t i = 0; i < from.length; i++) {
        to[i] = (uint8_t)(from.data[i] ^ (class_of(from.data[i]) & ALPHA ? 32 : 0));
    }
}

static void
map_capitalized(uint8_t *to, Span from)
{
    map_lower(to, from);
    if (from.length) {
        to[0] = to_upper(to[0]);
    }
}

static void
map_titled(uint8_t *to, Span from)
{
    bool inside = false;
    for (int64_t i = 0; i < from.length; i++) {
        to[i] = inside ? to_lower(from.data[i]) : to_upper(from.data[i]);
        inside = (class_of(from.data[i]) & ALPHA) != 0;
    }
}

Own
bytelike_py_lower(Value self)
{
    return map_bytes(self, map_lower);
}

Own
bytelike_py_upper(Value self)
{
    return map_bytes(self, map_upper);
}

Own
bytelike_py_swapcase(Value self)
{
    return map_bytes(self, map_swapped);
}

Own
bytelike_py_capitalize(Value self)
{
    return map_bytes(self, map_capitalized);
}

Own
bytelike_py_title(Value self)
{
    return map_bytes(self, map_titled);
}

/* -- questions -- */

/* There is a byte, and all are of these classes. */
static int
all_of(Value self, int classes)
{
    SelfSpan s;
    Span mine = self_enter(&s, self);
    int64_t i = 0;
    while (i < mine.length && (class_of(mine.data[i]) & classes)) {
        i++;
    }
    bool all = i == mine.length && i > 0;
    self_leave(&s);
    return all;
}

int
bytelike_py_isalpha(Value self)
{
    return all_of(self, ALPHA);
}

int
bytelike_py_isdigit(Value self)
{
    return all_of(self, DIGIT);
}

int
bytelike_py_isalnum(Value self)
{
    return all_of(self, ALPHA | DIGIT);
}

int
bytelike_py_isspace(Value self)
{
    return all_of(self, SPACE);
}

int
bytelike_py_isascii(Value self)
{
    SelfSpan s;
    Span mine = self_enter(&s, self);
    bool all = ascii_run(mine.data, (size_t)mine.length) == (size_t)mine.length;
    self_leave(&s);
    return all;
}

/* A letter of the wanted case, and none of the other. */
static int
one_case(Value self, int wanted)
{
    SelfSpan s;
    Span mine = self_enter(&s, self);
    int seen = 0;
    for (int64_t i = 0; i < mine.length; i++) {
        seen |= class_of(mine.data[i]);
    }
    self_leave(&s);
    return (seen & ALPHA) == wanted;
}

int
bytelike_py_islower(Value self)
{
    return one_case(self, LOWER);
}

int
bytelike_py_isupper(Value self)
{
    return one_case(self, UPPER);
}

int
bytelike_py_istitle(Value self)
{
    SelfSpan s;
    Span mine = self_enter(&s, self);
    bool inside = false, found = false, good = true;
    for (int64_t i = 0; i < mine.length && good; i++) {
        int letter = class_of(mine.data[i]) & ALPHA;
        good = !letter || (letter == LOWER) == inside;
        inside = letter != 0;
        found |= inside;
    }
    self_leave(&s);
    return good && found;
}
