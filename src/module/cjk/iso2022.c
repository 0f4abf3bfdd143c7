/* ISO 2022: escape sequences designate character sets, each of 7 bits, as G0, G1 or G2; SO and SI
 * choose between the first two, ESC N takes one character of the third. */
#include "module/cjk/iso2022.h"

#include "base/utf8.h"

enum { ESC = 0x1B, SO = 0x0E, SI = 0x0F };

const IsoCodec iso2022_kr = {{ISO_KS}, .shifts = true};
const IsoCodec iso2022_jp = {{ISO_JIS, ISO_ROMAN, ISO_JIS78}};
const IsoCodec iso2022_jp_1 = {{ISO_JIS, ISO_JIS212, ISO_ROMAN, ISO_JIS78}};
const IsoCodec iso2022_jp_2 = {
    {ISO_JIS, ISO_JIS212, ISO_KS, ISO_GB, ISO_ROMAN, ISO_JIS78, ISO_LATIN1, ISO_GREEK}, .g2 = true};
const IsoCodec iso2022_jp_2004 = {{ISO_JIS, ISO_JIS2004_1, ISO_JIS213_2}, .pairs = true};
const IsoCodec iso2022_jp_3 = {
    {ISO_JIS, ISO_JIS213_1, ISO_JIS213_2}, .jis2000 = true, .pairs = true};
const IsoCodec iso2022_jp_ext = {{ISO_JIS, ISO_JIS212, ISO_ROMAN, ISO_KATAKANA, ISO_JIS78}};

/* The end of the escape sequence that designates a set. */
static const struct {
    uint8_t mark;
    uint8_t width;
    bool g2;
} sets[] = {
    [ISO_ASCII] = {'B', 1, false},     [ISO_ROMAN] = {'J', 1, false},
    [ISO_KATAKANA] = {'I', 1, false},  [ISO_JIS78] = {'@', 2, false},
    [ISO_JIS] = {'B', 2, false},       [ISO_JIS212] = {'D', 2, false},
    [ISO_JIS213_1] = {'O', 2, false},  [ISO_JIS213_2] = {'P', 2, false},
    [ISO_JIS2004_1] = {'Q', 2, false}, [ISO_GB] = {'A', 2, false},
    [ISO_KS] = {'C', 2, false},        [ISO_LATIN1] = {'A', 1, true},
    [ISO_GREEK] = {'F', 1, true},
};

static bool
has_set(const IsoCodec *codec, IsoSet set)
{
    for (const uint8_t *s = codec->sets; *s; s++) {
        if (*s == set) {
            return true;
        }
    }
    return set == ISO_ASCII;
}

static IsoSet
find_set(const IsoCodec *codec, uint8_t mark, int width)
{
    for (size_t i = ISO_ASCII; i < ARRAY_LEN(sets); i++) {
        if (sets[i].mark == mark && sets[i].width == width && has_set(codec, (IsoSet)i)) {
            return (IsoSet)i;
        }
    }
    return ISO_NONE;
}

/* A set as it is in a state. */
static uint8_t
mark_of(IsoSet set)
{
    return sets[set].mark | (sets[set].width == 2 ? 0x80 : 0);
}

static bool
is_shifted(const CjkState *state)
{
    return (state->flags & CJK_SHIFTED) != 0;
}

static void
set_shifted(CjkState *state, bool on)
{
    state->flags = (uint8_t)(on ? state->flags | CJK_SHIFTED : state->flags & ~CJK_SHIFTED);
}

/* -- decoding -- */

enum { ESCAPE_MAX = 16 };

/* Ends an escape sequence. */
static bool
is_final(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || c == '@';
}

/* How long the escape sequence at p is; CJK_MORE, -1 without an end. */
static int
escape_length(const IsoCodec *codec, const uint8_t *p, int64_t n)
{
    for (int i = 1; i < ESCAPE_MAX; i++) {
        if (i >= n) {
            return CJK_MORE;
        }
        if (is_final(p[i])) {
            return i + 1;
        }
        if (!codec->shifts && i + 1 < n && p[i] == '&' && p[i + 1] == '@') {
            i += 2; /* a revision of JIS X 0208 is announced: one more sequence follows */
        }
    }
    return -1;
}

/* The designation at p, whose second byte begins one: as iso2022_decode. */
static int
decode_escape(const IsoCodec *codec, CjkState *state, const uint8_t *p, int64_t n)
{
    int length = escape_length(codec, p, n), g = 0, width = 1;
    if (length <= 0) {
        return length;
    }
    if (length == 3 && p[1] == '$') {
        width = 2;
    } else if (length == 3) {
        if (p[1] == '.' && !codec->g2) {
            return -3;
        }
        g = p[1] == '(' ? 0 : p[1] == ')' ? 1 : p[1] == '.' ? 2 : -1;
    } else if (length == 4 && p[1] == '$') {
        width = 2;
        g = p[2] == '(' ? 0 : p[2] == ')' ? 1 : -1;
    } else if (length == 6 && !codec->shifts && memcmp(p + 3, "\033$B", 3) == 0) {
        width = 2;
    } else {
        return -length;
    }
    IsoSet set = g < 0 ? ISO_NONE : find_set(codec, p[length - 1], width);
    if (!set) {
        return -length;
    }
    state->g[g] = mark_of(set);
    return length;
}

/* The rows of plane 2 of JIS X 0213, by the high byte of EUC: EUC has JIS X 0212 in the others. */
static bool
is_plane2_row(uint8_t a)
{
    return a == 0xA1 || (a >= 0xA3 && a <= 0xA5) || a == 0xA8 || (a >= 0xAC && a <= 0xAF) ||
           (a >= 0xEE && a <= 0xFE);
}

/* One character of a set, at p: 0 wrong, else *chars. */
static bool
decode_set(const IsoCodec *codec, IsoSet set, const uint8_t *p, uint32_t chars[2], int *count)
{
    const CjkCharset *jis213 = codec->jis2000 ? &cjk_euc_jisx0213 : &cjk_euc_jis_2004;
    uint8_t a = p[0] | 0x80, b = sets[set].width == 2 ? p[1] | 0x80 : 0;
    uint16_t row = 0;
    *count = 1;
    if (sets[set].width == 2 && (p[1] < 0x21 || p[1] >= 0x80)) {
        return false;
    }
    switch (set) {
    case ISO_ROMAN:
        chars[0] = p[0] == '\\' ? 0xA5 : p[0] == '~' ? 0x203E : p[0];
        return true;
    case ISO_KATAKANA:
        chars[0] = 0xFF61u - 0x21 + p[0];
        return p[0] >= 0x21 && p[0] <= 0x5F;
    case ISO_JIS:
    case ISO_JIS78:
        row = cjk_euc_jp.two[a];
        break;
    case ISO_JIS212:
        row = cjk_euc_jp.three[a];
        break;
    case ISO_JIS213_1:
    case ISO_JIS2004_1:
        row = jis213->two[a];
        break;
    case ISO_JIS213_2:
        row = is_plane2_row(a) ? jis213->three[a] : 0;
        break;
    case ISO_GB:
        row = cjk_gb2312.two[a];
        break;
    case ISO_KS:
        row = cjk_cp949.two[a]; /* b is in the part that is KS X 1001 */
        break;
    default:
        return false;
    }
    if (a < 0xA1) {
        return false; /* EUC's, not the set's */
    }
    uint16_t v = cjk_row(row, b, chars, count);
    return v && v != CJK_REFUSED;
}

static uint32_t
greek(uint8_t c) /* ISO 8859-7, as it was in 1987; 0 none */
{
    if (c <= 0xA0 || c == 0xA6 || c == 0xA7 || c == 0xA8 || c == 0xA9 || (c >= 0xAB && c <= 0xAD) ||
        (c >= 0xB0 && c <= 0xB3) || c == 0xB7 || c == 0xBB || c == 0xBD || c == 0xA3) {
        return c;
    }
    switch (c) {
    case 0xA1:
        return 0x2018;
    case 0xA2:
        return 0x2019;
    case 0xA4:
        return 0x20AC;
    case 0xA5:
        return 0x20AF;
    case 0xAA:
        return 0x37A;
    case 0xAE:
    case 0xD2:
    case 0xFF:
        return 0;
    case 0xAF:
        return 0x2015;
    default:
        return c + 0x2D0u;
    }
}

/* ESC N and a byte: a character of G2. */
static int
decode_g2(CjkState *state, const uint8_t *p, int64_t n, uint32_t chars[2], int *count)
{
    if (n < 3) {
        return CJK_MORE;
    }
    uint32_t c = p[2];
    if (c >= 0x80 || (state->g[2] == sets[ISO_GREEK].mark && !(c = greek((uint8_t)(c | 0x80))))) {
        return -3;
    }
    chars[0] = state->g[2] == sets[ISO_LATIN1].mark ? c | 0x80 : c;
    *count = 1;
    return 3;
}

static int
decode_control(CjkState *state, uint8_t c, uint32_t chars[2], int *count)
{
    if (c == '\n') {
        set_shifted(state, false);
    }
    chars[0] = c;
    *count = 1;
    return 1;
}

int
iso2022_decode(const IsoCodec *codec, CjkState *state, const uint8_t *p, int64_t n,
               uint32_t chars[2], int *count)
{
    *count = 0;
    if (state->flags & CJK_THROUGH) { /* a sequence that designates nothing goes through as it is */
        if (is_final(p[0])) {
            state->flags &= (uint8_t)~CJK_THROUGH;
        }
        chars[0] = p[0];
        *count = 1;
        return 1;
    }
    if (p[0] == ESC) {
        if (n < 2) {
            return CJK_MORE;
        }
        if (strchr("()$.&", p[1]) && p[1]) {
            return decode_escape(codec, state, p, n);
        }
        if (codec->g2 && p[1] == 'N') {
            return decode_g2(state, p, n, chars, count);
        }
        state->flags |= CJK_THROUGH;
        chars[0] = ESC;
        *count = 1;
        return 1;
    }
    if (codec->shifts && (p[0] == SO || p[0] == SI)) {
        set_shifted(state, p[0] == SO);
        return 1;
    }
    if (p[0] < 0x20) { /* controls are of no set */
        return decode_control(state, p[0], chars, count);
    }
    if (p[0] >= 0x80) {
        return -1;
    }
    uint8_t mark = state->g[is_shifted(state) ? 1 : 0];
    IsoSet set = find_set(codec, mark & 0x7F, mark & 0x80 ? 2 : 1);
    if (!set) {
        return -1;
    }
    if (set == ISO_ASCII) {
        chars[0] = p[0];
        *count = 1;
        return 1;
    }
    int width = sets[set].width;
    if (n < width) {
        return CJK_MORE;
    }
    if (!decode_set(codec, set, p, chars, count)) {
        *count = 0;
        return -width;
    }
    return width;
}

/* -- encoding -- */

/* The code of c in a set (7 bits a byte), 0 none. *used: characters */
static uint16_t
encode_set(const IsoCodec *codec, IsoSet set, const uint32_t *chars, int64_t left, bool last,
           int *used)
{
    const CjkCharset *jis213 = codec->jis2000 ? &cjk_euc_jisx0213 : &cjk_euc_jis_2004;
    uint32_t c = chars[0];
    uint16_t code = 0;
    *used = 1;
    switch (set) {
    case ISO_ROMAN:
        return c == 0xA5 ? '\\' : c == 0x203E ? '~' : 0;
    case ISO_KATAKANA:
        return c >= 0xFF61 && c <= 0xFF9F ? (uint16_t)(c - 0xFF61 + 0x21) : 0;
    case ISO_JIS:
    case ISO_JIS78:
        code = cjk_code(&cjk_euc_jp, c);
        return (code & 0x8080) == 0x8080 && code >= 0xA100 ? code & 0x7F7F : 0;
    case ISO_JIS212:
        code = cjk_code(&cjk_euc_jp, c);
        return code >= 0xA100 && !(code & 0x80) ? code & 0x7F7F : 0;
    case ISO_JIS213_1:
    case ISO_JIS2004_1: {
        bool first;
        code = cjk_pair_code(jis213, c, left > 1 ? chars[1] : 0, &first);
        if (code) {
            *used = 2;
            return code & 0x7F7F;
        }
        if (first && left == 1 && !last) {
            *used = CJK_MORE;
            return 0;
        }
        code = cjk_code(jis213, c);
        return (code & 0x8080) == 0x8080 && code >= 0xA100 ? code & 0x7F7F : 0;
    }
    case ISO_JIS213_2:
        code = cjk_code(jis213, c);
        return is_plane2_row((uint8_t)(code >> 8)) && !(code & 0x80) ? code & 0x7F7F : 0;
    case ISO_GB:
        return cjk_code(&cjk_gb2312, c) & 0x7F7F;
    case ISO_KS:
        code = cjk_code(&cjk_cp949, c);
        return (code & 0xFF) >= 0xA1 && code >= 0xA100 ? code & 0x7F7F : 0;
    default:
        return 0;
    }
}

static int
put_designation(uint8_t *out, IsoSet set, bool g1)
{
    int n = 0;
    out[n++] = ESC;
    if (sets[set].width == 2) {
        out[n++] = '$';
        if (g1 || !(set == ISO_JIS || set == ISO_JIS78)) {
            out[n++] = g1 ? ')' : '(';
        }
    } else {
        out[n++] = '(';
    }
    out[n++] = sets[set].mark;
    return n;
}

static int
encode_ascii(const IsoCodec *codec UNUSED, CjkState *state, uint32_t c, uint8_t *out)
{
    int n = 0;
    if (state->g[0] != mark_of(ISO_ASCII)) {
        state->g[0] = mark_of(ISO_ASCII);
        n += put_designation(out, ISO_ASCII, false);
    }
    if (is_shifted(state)) {
        set_shifted(state, false);
        out[n++] = SI;
    }
    out[n++] = (uint8_t)c;
    return n;
}

/* Does a pair begin here? Then the sets before JIS X 0213 do not take its first character. */
static int
begins_pair(const IsoCodec *codec, const uint32_t *chars, int64_t left, bool last)
{
    bool first;
    const CjkCharset *jis213 = codec->jis2000 ? &cjk_euc_jisx0213 : &cjk_euc_jis_2004;
    uint16_t code = cjk_pair_code(jis213, chars[0], left > 1 ? chars[1] : 0, &first);
    return code ? 1 : first && left == 1 && !last ? -1 : 0;
}

int
iso2022_encode(const IsoCodec *codec, CjkState *state, const uint32_t *chars, int64_t left,
               bool last, uint8_t out[16], int *size)
{
    if (chars[0] < 0x80) {
        *size = encode_ascii(codec, state, chars[0], out);
        return 1;
    }
    int pair = codec->pairs ? begins_pair(codec, chars, left, last) : 0;
    if (pair < 0) {
        return CJK_MORE;
    }
    for (const uint8_t *s = codec->sets; *s; s++) {
        IsoSet set = (IsoSet)*s;
        int used;
        if (pair && set == ISO_JIS) {
            continue;
        }
        uint16_t code = encode_set(codec, set, chars, left, last, &used);
        if (!code) {
            continue;
        }
        int n = 0, g = codec->shifts ? 1 : 0;
        if (state->g[g] != mark_of(set)) {
            state->g[g] = mark_of(set);
            n += put_designation(out, set, g);
        }
        if (g && !is_shifted(state)) {
            set_shifted(state, true);
            out[n++] = SO;
        }
        if (sets[set].width == 2) {
            out[n++] = (uint8_t)(code >> 8);
        }
        out[n++] = (uint8_t)code;
        *size = n;
        return used;
    }
    return CJK_NONE;
}

int
iso2022_reset(const IsoCodec *codec UNUSED, CjkState *state, uint8_t out[16])
{
    int n = 0;
    if (is_shifted(state)) {
        set_shifted(state, false);
        out[n++] = SI;
    }
    if (state->g[0] != mark_of(ISO_ASCII)) {
        state->g[0] = mark_of(ISO_ASCII);
        n += put_designation(out + n, ISO_ASCII, false);
    }
    return n;
}
