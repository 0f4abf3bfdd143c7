#include "base/utf8.h"
#include "check.h"

/* xorshift64, seeded the same each time */
static uint64_t
random_next(void)
{
    static uint64_t x = 88172645463325252u;
    x ^= x << 13;
    x ^= x >> 7;
    return x ^= x << 17;
}

static void
expect(const char *bytes, size_t n, bool wtf8, size_t start, size_t end, const char *reason)
{
    Utf8Scan scan = utf8_scan((const uint8_t *)bytes, n, wtf8);
    CHECK_INT(scan.valid, start);
    CHECK_INT(scan.error_end, end);
    CHECK_STR(utf8_reason(scan.error), reason);
}

#define EXPECT(text, start, end, reason) expect(text, sizeof(text) - 1, false, start, end, reason)

CASE(errors_have_their_place_and_reason)
{
    EXPECT("", 0, 0, NULL);
    EXPECT("abc", 3, 3, NULL);
    EXPECT("ab\x80", 2, 3, "invalid start byte");
    EXPECT("\xC0\x80", 0, 1, "invalid start byte");
    EXPECT("\xC1", 0, 1, "invalid start byte");
    EXPECT("\xF5\x80\x80\x80", 0, 1, "invalid start byte");
    EXPECT("\xFF", 0, 1, "invalid start byte");
    EXPECT("a\xC3", 1, 2, "unexpected end of data");
    EXPECT("\xC3(", 0, 1, "invalid continuation byte");
    EXPECT("\xE0\x80\x80", 0, 1, "invalid continuation byte");
    EXPECT("\xE2\x82", 0, 2, "unexpected end of data");
    EXPECT("\xE2\x82(", 0, 2, "invalid continuation byte");
    EXPECT("\xED\xA0\x80", 0, 1, "invalid continuation byte");
    EXPECT("\xED\xA0", 0, 1, "invalid continuation byte");
    EXPECT("\xF0\x90\x80", 0, 3, "unexpected end of data");
    EXPECT("\xF0\x90\x80(", 0, 3, "invalid continuation byte");
    EXPECT("\xF0\x8F\xBF\xBF", 0, 1, "invalid continuation byte");
    EXPECT("\xF4\x90\x80\x80", 0, 1, "invalid continuation byte");
    EXPECT("\xF4\x8F\xBF\xBF", 4, 4, NULL);
    expect("\xED\xA0\x80", 3, true, 3, 3, NULL);
    expect("\xED\xBF\xBFx", 4, true, 4, 4, NULL);
    expect("\xED\xA0", 2, true, 0, 2, "unexpected end of data");
}

/* What is good is known by encoding every code point: prefix_known has a bit for each run of 1 to 3
 * bytes that begins one. An error then takes the longest good beginning, at least one byte. */
static uint8_t *prefix_known;

static uint32_t
key_of(const uint8_t *p, unsigned n)
{
    uint32_t key = 0;
    for (unsigned i = 0; i < 3; i++)
        key = key << 8 | (i >= n ? 0 : p[i] ? p[i] : 1); /* neither stands in a sequence */
    return key;
}

static void
learn(bool surrogates)
{
    prefix_known = calloc(1 << 24, 1);
    for (uint32_t c = 0; c <= CODE_POINT_MAX; c++) {
        if (char_is_surrogate(c) && !surrogates)
            continue;
        uint8_t bytes[4];
        unsigned n = utf8_put(bytes, c);
        for (unsigned k = 1; k < n; k++)
            prefix_known[key_of(bytes, k)] |= 1;
        if (n < 4)
            prefix_known[key_of(bytes, n)] |= 2;
    }
}

static Utf8Scan
slow_scan(const uint8_t *p, size_t n)
{
    Utf8Scan scan = {0};
    while (scan.valid < n) {
        const uint8_t *s = p + scan.valid;
        size_t left = n - scan.valid, k = 0;
        unsigned whole = 0;
        for (k = 1; k <= 3 && k <= left; k++) {
            uint8_t known = prefix_known[key_of(s, (unsigned)k)];
            if (known & 2)
                whole = (unsigned)k;
            if (!(known & 1))
                break;
        }
        k--; /* the length of the longest good beginning */
        if (!whole && k == 3 && left > 3 && (s[3] & 0xC0) == 0x80)
            whole = 4;
        if (!whole) {
            scan.error = k == 0      ? UTF8_BAD_START
                         : k == left ? UTF8_TRUNCATED
                                     : UTF8_BAD_CONTINUATION;
            scan.error_end = scan.valid + (k ? k : 1);
            return scan;
        }
        scan.valid += whole;
        scan.chars++;
    }
    scan.error_end = n;
    return scan;
}

static void
compare_scans(const uint8_t *bytes, size_t n, bool wtf8)
{
    Utf8Scan got = utf8_scan(bytes, n, wtf8), want = slow_scan(bytes, n);
    CHECK_INT(got.valid, want.valid);
    CHECK_INT(got.chars, want.chars);
    CHECK_INT(got.error, want.error);
    CHECK_INT(got.error_end, want.error_end);
}

CASE(errors_of_all_short_sequences)
{
    static const uint8_t edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                    0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                    0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    for (int wtf8 = 0; wtf8 < 2; wtf8++) {
        learn(wtf8);
        uint8_t bytes[4];
        for (int a = 0; a < 256; a++)
            for (int b = 0; b < 256; b++) {
                bytes[0] = (uint8_t)a;
                bytes[1] = (uint8_t)b;
                compare_scans(bytes, 1, wtf8);
                compare_scans(bytes, 2, wtf8);
                for (size_t c = 0; c < sizeof(edges); c++) {
                    bytes[2] = edges[c];
                    compare_scans(bytes, 3, wtf8);
                    for (size_t d = 0; d < sizeof(edges) && a >= 0xE0; d++) {
                        bytes[3] = edges[d];
                        compare_scans(bytes, 4, wtf8);
                    }
                }
            }
        free(prefix_known);
    }
}

CASE(every_code_point_round_trips)
{
    for (uint32_t c = 0; c <= CODE_POINT_MAX; c++) {
        uint8_t bytes[4];
        unsigned n = utf8_put(bytes, c);
        Utf8Scan scan = utf8_scan(bytes, n, true);
        const uint8_t *at = bytes;
        if (n != utf8_len(c) || utf8_next(&at) != c || at != bytes + n || scan.error ||
            scan.chars != 1 || scan.max != charmax_of(c) ||
            !utf8_scan(bytes, n, false).error == char_is_surrogate(c))
            CHECK_INT(c, -1);
    }
}

/* Texts of every length around the block sizes, of each class, at every alignment, in exact heap
 * blocks, so that reading or writing outside them is seen by the address sanitizer. */
static void
round_trip(size_t n, CharMax max, unsigned rarity)
{
    uint32_t *chars = malloc(n * 4 + 4);
    CharMax class = 0;
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = (uint32_t)(random_next() >> 20) % (random_next() % rarity ? 0x80 : max + 1);
        c = char_is_surrogate(c) ? 0xE000 : c;
        chars[i] = c;
        class |= charmax_of(c);
        size += utf8_len(c);
    }
    uint8_t *bytes = malloc(size + !size);
    size_t surrogate;
    CHECK_INT(chars_max(chars, 4, n), class);
    CHECK_INT(utf8_size(chars, 4, n, &surrogate), size);
    CHECK_INT(surrogate, n);
    CHECK_INT(utf8_encode(bytes, chars, 4, n), size);
    Utf8Scan scan = utf8_scan(bytes, size, false);
    CHECK_INT(scan.error, 0);
    CHECK_INT(scan.valid, size);
    CHECK_INT(scan.error_end, size);
    CHECK_INT(scan.chars, n);
    CHECK_INT(scan.max, class);
    CHECK_INT(utf8_count(bytes, size), n);
    for (unsigned width = charmax_width(class); width <= 4; width *= 2) {
        void *room = malloc(n * width + 1), *again = malloc(size + 1);
        utf8_decode(room, width, bytes, size);
        bool same = true;
        for (size_t i = 0; i < n; i++)
            same &= chars_get(room, width, i) == chars[i];
        CHECK(same);
        CHECK_INT(chars_max(room, width, n), class);
        CHECK_INT(utf8_size(room, width, n, &surrogate), size);
        CHECK_INT(utf8_encode(again, room, width, n), size);
        CHECK(memcmp(again, bytes, size) == 0);
        for (unsigned other = charmax_width(class); other <= 4; other *= 2) {
            void *copy = malloc(n * other + !n);
            chars_copy(copy, other, room, width, n);
            for (size_t i = 0; i < n; i++)
                same &= chars_get(copy, other, i) == chars[i];
            free(copy);
        }
        CHECK(same);
        free(room);
        free(again);
    }
    free(bytes);
    free(chars);
}

CASE(texts_round_trip)
{
    static const CharMax maxes[] = {0x7F, 0xFF, 0xFFFF, CODE_POINT_MAX};
    for (size_t n = 0; n < 300; n++)
        for (int m = 0; m < 4; m++) {
            round_trip(n, maxes[m], 1);
            round_trip(n, maxes[m], 50);
        }
    for (int m = 0; m < 4; m++)
        round_trip(100000, maxes[m], 3);
}

CASE(ascii_run_stops_at_the_first_other_byte)
{
    for (size_t n = 0; n < 200; n++) {
        uint8_t *bytes = malloc(n + !n);
        memset(bytes, 'x', n);
        CHECK_INT(ascii_run(bytes, n), n);
        for (size_t i = 0; i < n; i++) {
            bytes[i] = (uint8_t)(0x80 | random_next() % 128);
            CHECK_INT(ascii_run(bytes, n), i);
            CHECK_INT(chars_max(bytes, 1, n), 0xFF);
            bytes[i] = 'x';
        }
        free(bytes);
    }
}

CASE(max_sees_every_place)
{
    for (size_t n = 1; n < 150; n++) {
        uint32_t *four = calloc(n, 4);
        uint16_t *two = calloc(n, 2);
        for (size_t i = 0; i < n; i++) {
            static const uint32_t values[] = {0x7F,   0x80,    0xFF,          0x100,
                                              0xFFFF, 0x10000, CODE_POINT_MAX};
            for (int v = 0; v < 7; v++) {
                four[i] = values[v];
                CHECK_INT(chars_max(four, 4, n), charmax_of(values[v]));
                four[i] = 0;
                if (values[v] <= 0xFFFF) {
                    two[i] = (uint16_t)values[v];
                    CHECK_INT(chars_max(two, 2, n), charmax_of(values[v]));
                    two[i] = 0;
                }
            }
        }
        free(four);
        free(two);
    }
    CHECK_INT(chars_max(NULL, 2, 0), 0);
}

CASE(surrogates_are_found_and_kept)
{
    uint16_t two[] = {'a', 0xDC80, 'b', 0xD800, 0xDC00};
    uint8_t bytes[16];
    size_t at;
    CHECK_INT(utf8_size(two, 2, 5, &at), 11);
    CHECK_INT(at, 1);
    CHECK_INT(utf8_size(two, 2, 1, &at), 1);
    CHECK_INT(at, 1);
    CHECK_INT(utf8_encode(bytes, two, 2, 5), 11);
    CHECK(memcmp(bytes,
                 "a\xED\xB2\x80"
                 "b\xED\xA0\x80\xED\xB0\x80",
                 11) == 0);
    uint16_t back[5];
    utf8_decode(back, 2, bytes, 11);
    CHECK(memcmp(back, two, sizeof(two)) == 0);
    uint32_t four[] = {0x10FFFF, 0xDFFF};
    CHECK_INT(utf8_size(four, 4, 2, &at), 7);
    CHECK_INT(at, 1);
}

CHECK_MAIN()
