/* Names of characters, both ways (unicode.h).
 *
 * Most names are tokens in a table (unicode_priv.h). Three kinds are computed: Hangul syllables,
 * whose names are spelled from their letters; and ranges named by a prefix and the code point.
 */
#include "base/unicode_priv.h"

static const char hangul_prefix[] = "HANGUL SYLLABLE ";

/* ---- listed names ---- */

/* Writes name `number`; gives its length. */
static size_t
listed_name(uint32_t number, char to[UNICODE_NAME_MAX])
{
    const uint8_t *at = unicode_name_bytes + unicode_name_groups[number / NAME_GROUP];
    for (uint32_t skip = number % NAME_GROUP; skip; skip--)
        at += 1 + *at;
    const uint8_t *end = at + 1 + *at;
    char *start = to;
    bool joined = true; /* no space before the next token */
    for (at++; at < end; at++) {
        uint32_t token = *at;
        if (token >= NAME_SHORT_TOKENS)
            token = NAME_SHORT_TOKENS + ((token - NAME_SHORT_TOKENS) << 8 | *++at);
        uint32_t word = unicode_word_offsets[token];
        size_t n = unicode_word_offsets[token + 1] - word;
        if (!joined && token != 0)
            *to++ = ' ';
        joined = token == 0;
        memcpy(to, unicode_words + word, n);
        to += n;
    }
    return (size_t)(to - start);
}

/* The number of c's listed name, -1 if it has none. */
static int64_t
listed_number(uint32_t c)
{
    size_t low = 0, high = unicode_name_counts.runs;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (unicode_name_runs[middle].code <= c)
            low = middle;
        else
            high = middle;
    }
    const UnicodeNameRun *run = &unicode_name_runs[low];
    uint32_t end =
        low + 1 < unicode_name_counts.runs ? run[1].number : unicode_name_counts.characters;
    bool inside = c >= run->code && c - run->code < end - run->number;
    return inside ? (int64_t)run->number + c - run->code : -1;
}

/* The code point whose listed name this is. */
static uint32_t
listed_code(uint32_t number)
{
    size_t low = 0, high = unicode_name_counts.runs;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (unicode_name_runs[middle].number <= number)
            low = middle;
        else
            high = middle;
    }
    return unicode_name_runs[low].code + number - unicode_name_runs[low].number;
}

/* ---- from code points ---- */

static char *
put(char *to, const char *text)
{
    size_t n = strlen(text);
    memcpy(to, text, n);
    return to + n;
}

static char *
put_hex(char *to, uint32_t c)
{
    for (int by = c > 0xFFFFF ? 20 : c > 0xFFFF ? 16 : 12; by >= 0; by -= 4)
        *to++ = "0123456789ABCDEF"[c >> by & 15];
    return to;
}

static const UnicodePrefixRun *
prefix_run(uint32_t c)
{
    for (size_t i = 0; i < unicode_name_counts.prefix_runs; i++)
        if (c >= unicode_prefix_runs[i].first && c <= unicode_prefix_runs[i].last)
            return &unicode_prefix_runs[i];
    return NULL;
}

static size_t
prefixed_name(const UnicodePrefixRun *run, uint32_t c, char to[UNICODE_NAME_MAX])
{
    return (size_t)(put_hex(put(to, unicode_name_prefixes[run->prefix]), c) - to);
}

size_t
unicode_name(uint32_t c, char to[UNICODE_NAME_MAX])
{
    uint32_t at = c - HANGUL_FIRST;
    if (at < HANGUL_COUNT) {
        char *end = put(to, hangul_prefix);
        end = put(end, unicode_jamo_l[at / JAMO_T_COUNT / JAMO_V_COUNT]);
        end = put(end, unicode_jamo_v[at / JAMO_T_COUNT % JAMO_V_COUNT]);
        return (size_t)(put(end, unicode_jamo_t[at % JAMO_T_COUNT]) - to);
    }
    int64_t number = listed_number(c);
    if (number >= 0)
        return listed_name((uint32_t)number, to);
    const UnicodePrefixRun *run = prefix_run(c);
    return run && run->named ? prefixed_name(run, c, to) : 0;
}

/* ---- from names ---- */

/* The longest of the texts that `name` starts with, -1 if none. */
static int
longest_start(const char *const *texts, int count, const char *name, size_t n, size_t *length)
{
    int best = -1;
    *length = 0;
    for (int i = 0; i < count; i++) {
        size_t m = strlen(texts[i]);
        if (m <= n && (best < 0 || m > *length) && memcmp(texts[i], name, m) == 0) {
            best = i;
            *length = m;
        }
    }
    return best;
}

static bool
lookup_hangul(const char *name, size_t n, uint32_t *c)
{
    size_t used = sizeof(hangul_prefix) - 1;
    if (n < used || memcmp(name, hangul_prefix, used) != 0)
        return false;
    name += used;
    n -= used;
    int l = longest_start(unicode_jamo_l, JAMO_L_COUNT, name, n, &used);
    name += used;
    n -= used;
    int v = longest_start(unicode_jamo_v, JAMO_V_COUNT, name, n, &used);
    name += used;
    n -= used;
    int t = longest_start(unicode_jamo_t, JAMO_T_COUNT, name, n, &used);
    *c = (uint32_t)(HANGUL_FIRST + (l * JAMO_V_COUNT + v) * JAMO_T_COUNT + t);
    return l >= 0 && v >= 0 && t >= 0 && used == n;
}

static bool
lookup_prefixed(const char *name, size_t n, uint32_t *c)
{
    char again[UNICODE_NAME_MAX];
    size_t at = n;
    uint32_t value = 0;
    while (at && name[at - 1] != '-')
        at--;
    if (n - at < 4 || n - at > 6)
        return false;
    for (; at < n; at++) {
        const char *digits = "0123456789ABCDEF", *digit = memchr(digits, name[at], 16);
        if (!digit)
            return false;
        value = value << 4 | (uint32_t)(digit - digits);
    }
    *c = value;
    const UnicodePrefixRun *run = prefix_run(value);
    return run && prefixed_name(run, value, again) == n && memcmp(again, name, n) == 0;
}

/* As in tools/unicodegen.py: FNV-1a, mixed once more. */
static uint32_t
name_hash(const char *name, size_t n)
{
    uint32_t h = 0x811C9DC5;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)name[i]) * 0x01000193;
    return h ^ h >> 15;
}

/* The number of the listed name, alias or sequence; -1 if there is none. */
static int64_t
lookup_listed(const char *name, size_t n)
{
    char found[UNICODE_NAME_MAX];
    uint32_t hash = name_hash(name, n), mask = unicode_name_counts.table - 1, entry;
    for (uint32_t at = hash & mask; (entry = unicode_name_table[at]); at = (at + 1) & mask) {
        if (entry >> 16 != hash >> 16)
            continue;
        uint32_t number = (entry & 0xFFFF) - 1;
        if (listed_name(number, found) == n && memcmp(found, name, n) == 0)
            return number;
    }
    return -1;
}

unsigned
unicode_lookup(const char *name, size_t n, uint32_t to[UNICODE_SEQUENCE_MAX])
{
    char upper[UNICODE_NAME_MAX];
    if (n == 0 || n > UNICODE_NAME_MAX)
        return 0;
    for (size_t i = 0; i < n; i++)
        upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    int64_t listed = lookup_listed(upper, n);
    if (listed < 0)
        return lookup_hangul(upper, n, to) || lookup_prefixed(upper, n, to);
    uint32_t number = (uint32_t)listed;
    if (number < unicode_name_counts.characters) {
        to[0] = listed_code(number);
        return 1;
    }
    number -= unicode_name_counts.characters;
    if (number < unicode_name_counts.aliases) {
        to[0] = unicode_alias_codes[number];
        return 1;
    }
    number -= unicode_name_counts.aliases;
    const uint16_t *offsets = unicode_sequence_offsets + number;
    memcpy(to, unicode_sequences + offsets[0], (size_t)(offsets[1] - offsets[0]) * sizeof(*to));
    return (unsigned)(offsets[1] - offsets[0]);
}
