/* Finding text in text.
 *
 * One character: memchr over bytes, blocks of wider ones. Longer needles: memmem over bytes; otherwise
 * a Horspool scan with a 64-entry skip table over the low bits of characters. Linear in practice; for
 * needles and texts where the skipping fails (many partial matches) a two-way search keeps it linear
 * (Crochemore, Perrin 1991). */
#include "object/text.h"

#include "object/slice.h"

bool
text_equal_at(Text hay, int64_t at, Text needle)
{
    if (hay.width == needle.width) {
        return memcmp(hay.data + at * hay.width, needle.data,
                      (size_t)needle.length * needle.width) == 0;
    }
    for (int64_t i = 0; i < needle.length; i++) {
        if (text_at(hay, at + i) != text_at(needle, i)) {
            return false;
        }
    }
    return true;
}

#define BLOCK 32
/* How many characters at the start, in whole blocks, are certainly not c. */
#define DEFINE_SKIP_WITHOUT(bits)                                                                  \
    static int64_t skip_without_##bits(const uint##bits##_t *at, int64_t n, uint32_t c)            \
    {                                                                                              \
        int64_t skipped = 0;                                                                       \
        for (; n - skipped >= BLOCK; skipped += BLOCK) {                                           \
            uint##bits##_t found = 0;                                                              \
            for (int i = 0; i < BLOCK; i++) {                                                      \
                found |= (uint##bits##_t)(at[skipped + i] == c);                                   \
            }                                                                                      \
            if (found) {                                                                           \
                break;                                                                             \
            }                                                                                      \
        }                                                                                          \
        return skipped;                                                                            \
    }
DEFINE_SKIP_WITHOUT(16)
DEFINE_SKIP_WITHOUT(32)

static int64_t
find_char(Text hay, uint32_t c, int64_t start, int64_t stop, int direction)
{
    if (hay.width == 1) {
        if (c > 0xFF || start >= stop) {
            return -1;
        }
        size_t n = (size_t)(stop - start);
        const uint8_t *p = direction > 0 ? memchr(hay.data + start, (int)c, n)
                                         : memrchr(hay.data + start, (int)c, n);
        return p ? p - hay.data : -1;
    }
    if (direction > 0) { /* whole blocks without a way out run over many characters at once */
        start += hay.width == 2 ? skip_without_16((const uint16_t *)hay.data + start, stop - start, c)
                                : skip_without_32((const uint32_t *)hay.data + start, stop - start, c);
    }
    for (int64_t i = direction > 0 ? start : stop - 1; i >= start && i < stop; i += direction) {
        if (text_at(hay, i) == c) {
            return i;
        }
    }
    return -1;
}

/* Two-way search: the critical factorization of the needle and its period. */
typedef struct TwoWay {
    int64_t cut, period;
    bool periodic; /* the needle's left part repeats with `period` */
} TwoWay;

/* The start of the lexicographically largest suffix (smallest, when reversed) and its period. */
static int64_t
largest_suffix(Text needle, bool reversed, int64_t *period)
{
    int64_t best = 0, candidate = 1, k = 0, p = 1;
    while (candidate + k < needle.length) {
        uint32_t a = text_at(needle, candidate + k), b = text_at(needle, best + k);
        if (reversed ? b < a : a < b) {
            candidate += k + 1;
            k = 0;
            p = candidate - best;
        } else if (a == b) {
            if (k + 1 == p) {
                candidate += p;
                k = 0;
            } else {
                k++;
            }
        } else {
            best = candidate++;
            k = 0;
            p = 1;
        }
    }
    *period = p;
    return best;
}

static TwoWay
two_way_prepare(Text needle)
{
    int64_t p1, p2;
    int64_t cut1 = largest_suffix(needle, false, &p1), cut2 = largest_suffix(needle, true, &p2);
    TwoWay w = cut1 > cut2 ? (TwoWay){cut1, p1, false} : (TwoWay){cut2, p2, false};
    w.periodic = w.cut + w.period <= needle.length;
    for (int64_t i = 0; i < w.cut && w.periodic; i++) {
        w.periodic = text_at(needle, i) == text_at(needle, i + w.period);
    }
    if (!w.periodic) {
        int64_t right = needle.length - w.cut;
        w.period = (w.cut > right ? w.cut : right) + 1;
    }
    return w;
}

static int64_t
two_way_find(Text hay, Text needle, int64_t start, int64_t stop)
{
    TwoWay w = two_way_prepare(needle);
    int64_t remembered =
        0; /* how much of the needle's start is known to match, when it is periodic */
    for (int64_t at = start; at + needle.length <= stop;) {
        int64_t i = w.cut > remembered ? w.cut : remembered;
        while (i < needle.length && text_at(needle, i) == text_at(hay, at + i)) {
            i++;
        }
        if (i < needle.length) {
            at += i - w.cut + 1;
            remembered = 0;
            continue;
        }
        i = w.cut;
        while (i > remembered && text_at(needle, i - 1) == text_at(hay, at + i - 1)) {
            i--;
        }
        if (i <= remembered) {
            return at;
        }
        at += w.period;
        remembered = w.periodic ? needle.length - w.period : 0;
    }
    return -1;
}

#define SKIP_SIZE 64
#define SHORT_TEXT 100

/* Bytes in bytes: memmem is linear, and quick where the text is long enough to prepare for; else the first byte leads. */
static int64_t
find_bytes(Text hay, Text needle, int64_t start, int64_t stop)
{
    const uint8_t *at = hay.data + start, *end = hay.data + stop;
    if (stop - start > SHORT_TEXT) {
        const uint8_t *found = memmem(at, (size_t)(end - at), needle.data, (size_t)needle.length);
        return found ? found - hay.data : -1;
    }
    const uint8_t *last = end - needle.length;
    while (at <= last && (at = memchr(at, needle.data[0], (size_t)(last - at) + 1))) {
        if (memcmp(at, needle.data, (size_t)needle.length) == 0) {
            return at - hay.data;
        }
        at++;
    }
    return -1;
}

static int64_t
find_forward(Text hay, Text needle, int64_t start, int64_t stop)
{
    if (hay.width == 1) {
        return find_bytes(hay, needle, start, stop);
    }
    uint32_t last = text_at(needle, needle.length - 1);
    int64_t skip[SKIP_SIZE];
    for (int i = 0; i < SKIP_SIZE; i++) {
        skip[i] = needle.length;
    }
    for (int64_t i = 0; i < needle.length - 1; i++) {
        skip[text_at(needle, i) % SKIP_SIZE] = needle.length - 1 - i;
    }
    int64_t wasted = 0; /* characters compared in vain */
    for (int64_t at = start; at + needle.length <= stop;) {
        uint32_t c = text_at(hay, at + needle.length - 1);
        if (c == last) {
            if (text_equal_at(hay, at, needle)) {
                return at;
            }
            wasted += needle.length;
            if (wasted > 2000 && wasted > (at - start) * 2) {
                return two_way_find(hay, needle, at + 1, stop);
            }
        }
        at += skip[c % SKIP_SIZE];
    }
    return -1;
}

static int64_t
find_backward(Text hay, Text needle, int64_t start, int64_t stop)
{
    uint32_t first = text_at(needle, 0);
    for (int64_t at = stop - needle.length; at >= start; at--) {
        at = find_char(hay, first, start, at + 1, -1);
        if (at < 0 || text_equal_at(hay, at, needle)) {
            return at;
        }
    }
    return -1;
}

int64_t
text_find(Text t, Text needle, int64_t start, int64_t stop, int direction)
{
    if (stop - start < needle.length || needle.width > t.width) {
        return -1;
    }
    if (needle.length == 0) {
        return direction > 0 ? start : stop;
    }
    if (needle.length == 1) {
        return find_char(t, text_at(needle, 0), start, stop, direction);
    }
    return direction > 0 ? find_forward(t, needle, start, stop)
                         : find_backward(t, needle, start, stop);
}

static int64_t
count_byte(const uint8_t *at, int64_t n, uint8_t c)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        count += at[i] == c;
    }
    return count;
}

int64_t
text_count(Text t, Text needle, int64_t start, int64_t stop, int64_t most)
{
    if (stop - start < needle.length || needle.width > t.width) {
        return 0;
    }
    if (needle.length == 0) {
        return stop - start < most ? stop - start + 1 : most;
    }
    if (needle.length == 1 && t.width == 1 && most == INT64_MAX) {
        return count_byte(t.data + start, stop - start, needle.data[0]);
    }
    int64_t count = 0;
    while (count < most && (start = text_find(t, needle, start, stop, 1)) >= 0) {
        count++;
        start += needle.length;
    }
    return count;
}

static int
range_argument(Value v, int64_t *out)
{
    if (!v || v == NONE) {
        return 0;
    }
    if (LIKELY(is_small_int(v))) {
        *out = small_int_value(v);
        return 0;
    }
    if (!object_has_index(v)) {
        return raise_int(&exc_TypeError,
                         "slice indices must be integers or None or have an __index__ method");
    }
    return slice_bound(v, out);
}

int
text_range_args(Value start, Value end, int64_t *from, int64_t *to)
{
    *from = 0;
    *to = INT64_MAX;
    return range_argument(start, from) < 0 || range_argument(end, to) < 0 ? -1 : 0;
}

void
text_range_clip(int64_t length, int64_t *from, int64_t *to)
{
    *from += *from < 0 ? length : 0;
    *to += *to < 0 ? length : 0;
    *from = *from < 0 ? 0 : *from;
    *to = *to < 0 ? 0 : *to > length ? length : *to;
}
