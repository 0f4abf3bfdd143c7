/* Normalization forms (unicode.h), after Unicode Standard Annex 15.
 *
 * Text is decomposed, combining characters are brought into the order of their classes, and for
 * NFC and NFKC starters take in what composes with them. Time is linear in the length of the text
 * for any text: long runs of combining characters are sorted by counting.
 */
#include "base/unicode_priv.h"

/* ---- one character ---- */

static inline const uint32_t *
decomposition_entry(uint32_t c)
{
    size_t block = unicode_decomposition_blocks[c >> 6];
    size_t place = unicode_decomposition_places[block << 6 | (c & 63)];
    return place ? &unicode_decompositions[place] : NULL;
}

static inline bool
is_hangul(uint32_t c)
{
    return c - HANGUL_FIRST < HANGUL_COUNT;
}

unsigned
unicode_decomposition(uint32_t c, uint32_t to[UNICODE_DECOMPOSITION_MAX], const char **tag)
{
    *tag = "";
    if (is_hangul(c)) {
        uint32_t at = c - HANGUL_FIRST, t = at % JAMO_T_COUNT;
        to[0] = JAMO_L + at / JAMO_T_COUNT / JAMO_V_COUNT;
        to[1] = JAMO_V + at / JAMO_T_COUNT % JAMO_V_COUNT;
        to[2] = JAMO_T + t;
        return t ? 3 : 2;
    }
    const uint32_t *entry = decomposition_entry(c);
    if (!entry)
        return 0;
    *tag = unicode_tag_names[entry[0] & 0xFF];
    unsigned count = entry[0] >> 8;
    memcpy(to, entry + 1, count * sizeof(*to));
    return count;
}

uint32_t
unicode_compose(uint32_t first, uint32_t second)
{
    if (!(unicode_record(second)->quick & QUICK_NFC_MAYBE))
        return 0;
    if (first - JAMO_L < JAMO_L_COUNT) {
        if (second - JAMO_V >= JAMO_V_COUNT)
            return 0;
        return HANGUL_FIRST + ((first - JAMO_L) * JAMO_V_COUNT + second - JAMO_V) * JAMO_T_COUNT;
    }
    if (is_hangul(first)) {
        bool open = (first - HANGUL_FIRST) % JAMO_T_COUNT == 0;
        return open && second - JAMO_T - 1 < JAMO_T_COUNT - 1 ? first + second - JAMO_T : 0;
    }
    size_t low = 0, high = unicode_pair_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const UnicodePair *pair = &unicode_pairs[middle];
        if (pair->first == first && pair->second == second)
            return pair->composed;
        if (pair->first < first || (pair->first == first && pair->second < second))
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* ---- texts ---- */

UnicodeQuick
unicode_quick_check(UnicodeForm form, const void *chars, unsigned width, size_t n)
{
    static const struct {
        uint8_t no, maybe;
    } bits[] = {
        [UNICODE_NFC] = {QUICK_NFC_NO, QUICK_NFC_MAYBE},
        [UNICODE_NFD] = {QUICK_NFD_NO, 0},
        [UNICODE_NFKC] = {QUICK_NFKC_NO, QUICK_NFKC_MAYBE},
        [UNICODE_NFKD] = {QUICK_NFKD_NO, 0},
    };
    UnicodeQuick answer = UNICODE_QUICK_YES;
    unsigned before = 0; /* the last character's class */
    for (size_t i = 0; i < n; i++) {
        uint32_t c = chars_get(chars, width, i);
        if (c < 0x80) {
            before = 0;
            continue;
        }
        const UnicodeRecord *record = unicode_record(c);
        if (record->combining && record->combining < before)
            return UNICODE_QUICK_NO;
        if (record->quick & bits[form].no)
            return UNICODE_QUICK_NO;
        if (record->quick & bits[form].maybe)
            answer = UNICODE_QUICK_MAYBE;
        before = record->combining;
    }
    return answer;
}

/* Appends the full decomposition. */
static int
decompose(uint32_t c, bool compatible, bool old, CodePoints *out)
{
    uint32_t stack[64]; /* to do, last first; decompositions nest a few deep and are short */
    size_t depth = 0;
    stack[depth++] = c;
    while (depth) {
        c = stack[--depth];
        uint32_t parts[UNICODE_DECOMPOSITION_MAX];
        const char *tag;
        unsigned count = c < 0x80 ? 0 : unicode_decomposition(c, parts, &tag);
        if (count && *tag && !compatible)
            count = 0;
        if (count && old) {
            if (!unicode_is(c, UNICODE_IN_3_2))
                count = 0;
            for (size_t i = 0; i < unicode_correction_count; i++)
                if (unicode_corrections[i].code == c)
                    parts[0] = unicode_corrections[i].old;
        }
        if (!count && codepoints_push(out, c) < 0)
            return -1;
        assert(depth + count <= ARRAY_LEN(stack));
        while (count)
            stack[depth++] = parts[--count];
    }
    return 0;
}

static inline unsigned
class_of(uint32_t c, bool old)
{
    const UnicodeRecord *record = unicode_record(c);
    return old && !(record->flags & UNICODE_IN_3_2) ? 0 : record->combining;
}

/* Sorts by class, those of one class in the order they have. */
static int
sort_run(uint32_t *run, size_t n, bool old)
{
    if (n <= 16) {
        for (size_t i = 1; i < n; i++) {
            uint32_t c = run[i];
            size_t at = i;
            for (unsigned class = class_of(c, old); at && class_of(run[at - 1], old) > class; at--)
                run[at] = run[at - 1];
            run[at] = c;
        }
        return 0;
    }
    size_t starts[257] = {0};
    uint32_t *copy = malloc(n * sizeof(*copy));
    if (!copy)
        return -1;
    memcpy(copy, run, n * sizeof(*copy));
    for (size_t i = 0; i < n; i++)
        starts[class_of(copy[i], old) + 1]++;
    for (int i = 0; i < 256; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < n; i++)
        run[starts[class_of(copy[i], old)]++] = copy[i];
    free(copy);
    return 0;
}

static int
order(uint32_t *chars, size_t n, bool old)
{
    for (size_t i = 0; i < n;) {
        if (chars[i] < 0x300 || !class_of(chars[i], old)) { /* below 300 there are none */
            i++;
            continue;
        }
        size_t end = i + 1;
        while (end < n && class_of(chars[end], old))
            end++;
        if (sort_run(chars + i, end - i, old) < 0)
            return -1;
        i = end;
    }
    return 0;
}

/* In place; gives how many are left. */
static size_t
compose(uint32_t *chars, size_t n, bool old)
{
    size_t kept = 0, starter = SIZE_MAX;
    unsigned before = 0; /* class of the last one kept */
    for (size_t i = 0; i < n; i++) {
        uint32_t c = chars[i];
        unsigned class = class_of(c, old);
        bool near = starter != SIZE_MAX && (kept == starter + 1 || (before && before < class));
        uint32_t composed = near ? unicode_compose(chars[starter], c) : 0;
        if (composed) {
            chars[starter] = composed;
            continue;
        }
        if (!class)
            starter = kept;
        before = class;
        chars[kept++] = c;
    }
    return kept;
}

int
unicode_normalize(UnicodeForm form, const void *chars, unsigned width, size_t n, bool old,
                  CodePoints *out)
{
    bool compatible = form == UNICODE_NFKC || form == UNICODE_NFKD;
    size_t start = out->len;
    if (codepoints_reserve(out, n) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (decompose(chars_get(chars, width, i), compatible, old, out) < 0)
            goto fail;
    if (order(out->data + start, out->len - start, old) < 0)
        goto fail;
    if (form == UNICODE_NFC || form == UNICODE_NFKC)
        out->len = start + compose(out->data + start, out->len - start, old);
    return 0;
fail:
    out->len = start;
    return -1;
}
