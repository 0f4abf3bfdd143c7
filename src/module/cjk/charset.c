/* Coding by one charset, without states. Constant tables: any thread. */
#include "module/cjk/charset.h"

uint16_t
cjk_row(uint16_t row, uint8_t byte, uint32_t chars[2], int *n)
{
    uint32_t start = cjk_row_starts[row], length = cjk_row_starts[row + 1] - start;
    uint32_t i = (uint32_t)byte - cjk_row_lows[row];
    uint16_t v = byte >= cjk_row_lows[row] && i < length ? cjk_row_values[start + i] : 0;
    *n = 1;
    chars[0] = v;
    if (v >= 0xD800 && v < 0xE000) {
        uint32_t extra = cjk_extras[v - 0xD800];
        chars[0] = extra;
        if (extra > 0x10FFFF) {
            chars[0] = extra >> 16;
            chars[1] = extra & 0xFFFF;
            *n = 2;
        }
    }
    return v;
}

uint16_t
cjk_code(const CjkCharset *set, uint32_t c)
{
    return c < 0x30000 ? cjk_page_values[set->pages[c >> 8]][c & 255] : 0;
}

uint16_t
cjk_pair_code(const CjkCharset *set, uint32_t c, uint32_t next, bool *is_first)
{
    *is_first = false;
    for (int i = 0; i < set->pair_count; i++) {
        if (set->pairs[i].first == c) {
            *is_first = true;
            if (set->pairs[i].second == next) {
                return set->pairs[i].code;
            }
        }
    }
    return 0;
}

/* -- GB18030: four bytes, 126 * 10 * 126 * 10 numbers in order -- */

enum { GB_SUPPLEMENTARY = 0x90 - 0x81 };

static int
gb18030_decode(const uint8_t *p, int64_t n, uint32_t *c)
{
    if (n < 4) {
        return CJK_MORE;
    }
    if (p[0] < 0x81 || p[2] < 0x81 || p[2] > 0xFE || p[3] < 0x30 || p[3] > 0x39) {
        return -1;
    }
    uint32_t number =
        ((p[0] - 0x81u) * 10 + (p[1] - 0x30u)) * 1260 + (p[2] - 0x81u) * 10 + (p[3] - 0x30u);
    if (p[0] >= 0x90) {
        *c = number - GB_SUPPLEMENTARY * 12600 + 0x10000;
        return *c <= 0x10FFFF ? 4 : -1;
    }
    for (const CjkRange *r = cjk_gb18030_ranges; r->last; r++) {
        if (number >= r->number && number <= (uint32_t)r->number + (r->last - r->first)) {
            *c = r->first + (number - r->number);
            return 4;
        }
    }
    return -1;
}

static int
gb18030_encode(uint32_t c, uint8_t *out)
{
    uint32_t number = 0;
    if (c >= 0x10000) {
        number = c - 0x10000 + GB_SUPPLEMENTARY * 12600;
    } else {
        const CjkRange *r = cjk_gb18030_ranges;
        while (r->last && !(c >= r->first && c <= r->last)) {
            r++;
        }
        if (!r->last) {
            return 0;
        }
        number = r->number + (c - r->first);
    }
    out[3] = (uint8_t)(number % 10 + 0x30);
    out[2] = (uint8_t)(number / 10 % 126 + 0x81);
    out[1] = (uint8_t)(number / 1260 % 10 + 0x30);
    out[0] = (uint8_t)(number / 12600 + 0x81);
    return 4;
}

/* -- EUC-KR: Hangul that KS X 1001 lacks, as A4 D4 and its three letters of two bytes (A4 D4: none)
 * -- */

static const uint8_t kr_initial[] = {0xA1, 0xA2, 0xA4, 0xA7, 0xA8, 0xA9, 0xB1, 0xB2, 0xB3, 0xB5,
                                     0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE};
static const uint8_t kr_final[] = {0xD4, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA9, 0xAA,
                                   0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xB0, 0xB1, 0xB2, 0xB4, 0xB5,
                                   0xB6, 0xB7, 0xB8, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE};
enum { KR_VOWEL = 0xBF, KR_VOWELS = 21, KR_FINALS = 28 };

static int
find(const uint8_t *table, int n, uint8_t byte)
{
    for (int i = 0; i < n; i++) {
        if (table[i] == byte) {
            return i;
        }
    }
    return -1;
}

static int
hangul_decode(const uint8_t *p, int64_t n, uint32_t *c)
{
    if (n < 8) {
        return CJK_MORE;
    }
    if (p[2] != 0xA4 || p[4] != 0xA4 || p[6] != 0xA4) {
        return -1;
    }
    int initial = find(kr_initial, ARRAY_LEN(kr_initial), p[3]);
    int final = find(kr_final, ARRAY_LEN(kr_final), p[7]);
    int vowel = p[5] - KR_VOWEL;
    if (initial < 0 || final < 0 || vowel < 0 || vowel >= KR_VOWELS) {
        return -1;
    }
    *c = 0xAC00 + (uint32_t)((initial * KR_VOWELS + vowel) * KR_FINALS + final);
    return 8;
}

static int
hangul_encode(uint32_t c, uint8_t *out)
{
    if (c < 0xAC00 || c > 0xD7A3) {
        return 0;
    }
    uint32_t i = c - 0xAC00;
    uint8_t code[] = {0xA4, 0xD4,
                      0xA4, kr_initial[i / (KR_VOWELS * KR_FINALS)],
                      0xA4, (uint8_t)(KR_VOWEL + i / KR_FINALS % KR_VOWELS),
                      0xA4, kr_final[i % KR_FINALS]};
    memcpy(out, code, sizeof code);
    return 8;
}

/* -- all -- */

int
cjk_decode(const CjkCharset *set, const uint8_t *p, int64_t n, uint32_t chars[2], int *count)
{
    int kind = set->kinds[p[0]];
    *count = 1;
    if (kind == 1) {
        chars[0] = set->singles[p[0]];
        return 1;
    }
    if (kind == 0) {
        return -1;
    }
    if (n < 2) {
        return CJK_MORE;
    }
    uint16_t v = 0;
    if (kind == 3) {
        if (n < 3) {
            return CJK_MORE;
        }
        v = cjk_row(set->three[p[1]], p[2], chars, count);
        return v ? 3 : -1;
    }
    if (set == &cjk_gb18030 && p[1] >= 0x30 && p[1] <= 0x39) {
        return gb18030_decode(p, n, chars);
    }
    if (set == &cjk_euc_kr && p[0] == 0xA4 && p[1] == 0xD4) {
        return hangul_decode(p, n, chars);
    }
    v = cjk_row(set->two[p[0]], p[1], chars, count);
    return v == CJK_REFUSED ? -2 : v ? 2 : -1;
}

/* Charsets whose codes may stand behind 8F. */
static bool
has_three(const CjkCharset *set)
{
    return set->kinds[0x8F] == 3;
}

int
cjk_encode(const CjkCharset *set, const uint32_t *chars, int64_t left, bool last, uint8_t out[8],
           int *size)
{
    uint32_t c = chars[0];
    if (c < 0x80 && set->kinds[c] == 1 && set->singles[c] == c) {
        out[0] = (uint8_t)c;
        *size = 1;
        return 1;
    }
    if (set->pair_count) {
        bool is_first;
        uint16_t code = cjk_pair_code(set, c, left > 1 ? chars[1] : 0, &is_first);
        if (code) {
            out[0] = (uint8_t)(code >> 8);
            out[1] = (uint8_t)code;
            *size = 2;
            return 2;
        }
        if (is_first && left == 1 && !last) {
            return CJK_MORE;
        }
    }
    uint16_t code = cjk_code(set, c);
    if (code >= 0x100 && has_three(set) && !(code & 0x80)) {
        out[0] = 0x8F;
        out[1] = (uint8_t)(code >> 8);
        out[2] = (uint8_t)(code | 0x80);
        *size = 3;
    } else if (code >= 0x100) {
        out[0] = (uint8_t)(code >> 8);
        out[1] = (uint8_t)code;
        *size = 2;
    } else if (code) {
        out[0] = (uint8_t)code;
        *size = 1;
    } else if (set == &cjk_gb18030 && !(c >= 0xD800 && c < 0xE000)) {
        *size = gb18030_encode(c, out);
    } else {
        *size = set == &cjk_euc_kr ? hangul_encode(c, out) : 0;
    }
    return *size ? 1 : CJK_NONE;
}
