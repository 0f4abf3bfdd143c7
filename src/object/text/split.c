/* Cutting text into pieces: at white space, at a separator, at line ends. */
#include "object/text.h"

#include "base/unicode.h"
#include "object/list.h"
#include "object/tuple.h"

#define BOTH (TEXT_SPACE | BYTES_SPACE)
#define LINE (TEXT_SPACE | TEXT_LINE_END)
const uint8_t text_classes[256] = {
    ['\t'] = BOTH,
    ['\n'] = BOTH | TEXT_LINE_END | BYTES_LINE_END,
    ['\v'] = BOTH | TEXT_LINE_END,
    ['\f'] = BOTH | TEXT_LINE_END,
    ['\r'] = BOTH | TEXT_LINE_END | BYTES_LINE_END,
    [' '] = BOTH,
    [0x1C] = LINE,
    [0x1D] = LINE,
    [0x1E] = LINE,
    [0x1F] = TEXT_SPACE,
    [0x85] = LINE,
    [0xA0] = TEXT_SPACE,
};

bool
text_is_wide_space(uint32_t c)
{
    return unicode_is(c, UNICODE_SPACE);
}

bool
text_is_wide_line_end(uint32_t c)
{
    return unicode_is(c, UNICODE_LINE_BREAK);
}

/* A list that collects pieces; failure sticks. */
typedef struct Pieces {
    Value whole;
    Text text;
    PieceFn piece;
    Own list; /* NO_VALUE after a failure */
} Pieces;

static Pieces
pieces_start(Value whole, Text t, PieceFn piece)
{
    return (Pieces){whole, t, piece, list_new(0)};
}

static void
pieces_add(Pieces *p, int64_t start, int64_t stop)
{
    if (!p->list) {
        return;
    }
    Own piece = p->piece(p->whole, p->text, start, stop);
    if (!piece || list_append_own(p->list, piece) < 0) {
        drop(p->list);
        p->list = NO_VALUE;
    }
}

/* Of pieces that were collected from the right. */
static Own
pieces_reversed(Pieces *p)
{
    if (p->list && list_reverse(p->list) < 0) {
        drop(p->list);
        return NO_VALUE;
    }
    return p->list;
}

Own
text_split_space(Value whole, Text t, PieceFn piece, int64_t most)
{
    Pieces p = pieces_start(whole, t, piece);
    int64_t i = 0, n = t.length;
    while (p.list) {
        while (i < n && text_is_space(t, text_at(t, i))) {
            i++;
        }
        if (i == n) {
            break;
        }
        int64_t start = i;
        if (most-- == 0) { /* the rest as it is, white space at its end included */
            pieces_add(&p, start, n);
            break;
        }
        while (i < n && !text_is_space(t, text_at(t, i))) {
            i++;
        }
        pieces_add(&p, start, i);
    }
    return p.list;
}

Own
text_rsplit_space(Value whole, Text t, PieceFn piece, int64_t most)
{
    Pieces p = pieces_start(whole, t, piece);
    int64_t i = t.length;
    while (p.list) {
        while (i > 0 && text_is_space(t, text_at(t, i - 1))) {
            i--;
        }
        if (i == 0) {
            break;
        }
        int64_t stop = i;
        if (most-- == 0) {
            pieces_add(&p, 0, stop);
            break;
        }
        while (i > 0 && !text_is_space(t, text_at(t, i - 1))) {
            i--;
        }
        pieces_add(&p, i, stop);
    }
    return pieces_reversed(&p);
}

Own
text_split(Value whole, Text t, PieceFn piece, Text sep, int64_t most)
{
    Pieces p = pieces_start(whole, t, piece);
    int64_t start = 0;
    while (p.list && most-- != 0) {
        int64_t at = text_find(t, sep, start, t.length, 1);
        if (at < 0) {
            break;
        }
        pieces_add(&p, start, at);
        start = at + sep.length;
    }
    pieces_add(&p, start, t.length);
    return p.list;
}

Own
text_rsplit(Value whole, Text t, PieceFn piece, Text sep, int64_t most)
{
    Pieces p = pieces_start(whole, t, piece);
    int64_t stop = t.length;
    while (p.list && most-- != 0) {
        int64_t at = text_find(t, sep, 0, stop, -1);
        if (at < 0) {
            break;
        }
        pieces_add(&p, at + sep.length, stop);
        stop = at;
    }
    pieces_add(&p, 0, stop);
    return pieces_reversed(&p);
}

Own
text_splitlines(Value whole, Text t, PieceFn piece, bool keep_ends)
{
    Pieces p = pieces_start(whole, t, piece);
    for (int64_t start = 0; p.list && start < t.length;) {
        int64_t i = start;
        while (i < t.length && !text_is_line_end(t, text_at(t, i))) {
            i++;
        }
        int64_t next = i;
        if (i < t.length) {
            bool pair = text_at(t, i) == '\r' && i + 1 < t.length && text_at(t, i + 1) == '\n';
            next = i + 1 + pair;
        }
        pieces_add(&p, start, keep_ends ? next : i);
        start = next;
    }
    return p.list;
}

Own
text_partition(Value whole, Text t, PieceFn piece, Text sep, Value middle, int direction)
{
    int64_t at = text_find(t, sep, 0, t.length, direction);
    Own items[3];
    if (at >= 0) {
        items[0] = piece(whole, t, 0, at);
        items[1] = own(middle);
        items[2] = piece(whole, t, at + sep.length, t.length);
    } else {
        bool mutable = t.bytes && !is_bytes(whole);
        int full = direction > 0 ? 0 : 2;
        for (int i = 0; i < 3; i++) {
            items[i] =
                i == full && !mutable ? own(whole) : piece(whole, t, 0, i == full ? t.length : 0);
        }
    }
    if (items[0] && items[1] && items[2]) {
        return tuple_from_own(items, 3);
    }
    for (int i = 0; i < 3; i++) {
        drop_opt(items[i]);
    }
    return NO_VALUE;
}

/* -- stripping -- */

void
text_strip_space(Text t, int sides, int64_t *start, int64_t *stop)
{
    int64_t i = 0, n = t.length;
    while ((sides & STRIP_LEFT) && i < n && text_is_space(t, text_at(t, i))) {
        i++;
    }
    while ((sides & STRIP_RIGHT) && n > i && text_is_space(t, text_at(t, n - 1))) {
        n--;
    }
    *start = i;
    *stop = n;
}

/* The 64 bits say which characters may be in it, by their low bits: most others need no search. */
typedef struct CharSet {
    Text chars;
    uint64_t mask;
} CharSet;

static bool
set_has(const CharSet *set, uint32_t c)
{
    if (!(set->mask >> (c & 63) & 1)) {
        return false;
    }
    for (int64_t i = 0; i < set->chars.length; i++) {
        if (text_at(set->chars, i) == c) {
            return true;
        }
    }
    return false;
}

void
text_strip_chars(Text t, Text chars, int sides, int64_t *start, int64_t *stop)
{
    CharSet set = {chars, 0};
    for (int64_t k = 0; k < chars.length; k++) {
        set.mask |= (uint64_t)1 << (text_at(chars, k) & 63);
    }
    int64_t i = 0, n = t.length;
    while ((sides & STRIP_LEFT) && i < n && set_has(&set, text_at(t, i))) {
        i++;
    }
    while ((sides & STRIP_RIGHT) && n > i && set_has(&set, text_at(t, n - 1))) {
        n--;
    }
    *start = i;
    *stop = n;
}
