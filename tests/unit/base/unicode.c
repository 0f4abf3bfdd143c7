/* Spot checks that hold in every version, and properties that hold for all characters. What CPython
 * says of each is cpython.py's to compare. */
#include "base/unicode.h"
#include "base/os.h"
#include "check.h"

static const char *
category(uint32_t c)
{
    return unicode_category_names[unicode_category(c)];
}

CASE(properties)
{
    CHECK_STR(category('A'), "Lu");
    CHECK_STR(category(0x1C5), "Lt");
    CHECK_STR(category(0xD800), "Cs");
    CHECK_STR(category(0xE000), "Co");
    CHECK_STR(category(0x378), "Cn");
    CHECK_STR(category(CODE_POINT_MAX), "Cn");
    CHECK_STR(category(0x4E00), "Lo");
    CHECK(unicode_is('a', UNICODE_LOWER) && !unicode_is('a', UNICODE_UPPER));
    CHECK(unicode_is(0xAA, UNICODE_LOWER));
    CHECK(unicode_is(0x2160, UNICODE_UPPER) && !unicode_is(0x2160, UNICODE_ALPHA));
    CHECK(unicode_is(0x1C, UNICODE_SPACE) && unicode_is(0x1C, UNICODE_LINE_BREAK));
    CHECK(unicode_is(0x1F, UNICODE_SPACE) && !unicode_is(0x1F, UNICODE_LINE_BREAK));
    CHECK(unicode_is(0x3000, UNICODE_SPACE) && !unicode_is(0x200B, UNICODE_SPACE));
    CHECK(unicode_is(' ', UNICODE_PRINTABLE) && !unicode_is(0xA0, UNICODE_PRINTABLE));
    CHECK(unicode_is('(', UNICODE_MIRRORED));
    CHECK(unicode_is(0x2118, UNICODE_XID_START) && !unicode_is('_', UNICODE_XID_START));
    CHECK(unicode_is('_', UNICODE_XID_CONTINUE) && unicode_is('9', UNICODE_XID_CONTINUE));
    CHECK(unicode_is('\'', UNICODE_CASE_IGNORABLE) && !unicode_is('\'', UNICODE_CASED));
    CHECK_STR(unicode_bidi_names[unicode_record(0x5D0)->bidi], "R");
    CHECK_STR(unicode_bidi_names[unicode_record(0x378)->bidi], "");
    CHECK_STR(unicode_width_names[unicode_record(0xFF21)->width], "F");
    CHECK_INT(unicode_record(0x301)->combining, 230);
    CHECK_INT(unicode_decimal(0x669), 9);
    CHECK_INT(unicode_decimal(0xB2), -1);
    CHECK_INT(unicode_digit(0xB2), 2);
    double value;
    CHECK(unicode_numeric(0xBD, &value) && value == 0.5);
    CHECK(unicode_numeric(0x4E94, &value) && value == 5);
    CHECK(!unicode_numeric('x', &value));
}

static void
check_map(unsigned (*map)(uint32_t, uint32_t *), uint32_t c, uint32_t a, uint32_t b, uint32_t d)
{
    uint32_t to[UNICODE_CASE_MAX] = {0};
    unsigned count = map(c, to);
    CHECK_INT(count, 1 + (b != 0) + (d != 0));
    CHECK_INT(to[0], a);
    CHECK(count < 2 || to[1] == b);
    CHECK(count < 3 || to[2] == d);
}

CASE(case_mappings)
{
    CHECK_INT(unicode_upper('a'), 'A');
    CHECK_INT(unicode_lower(0x130), 'i');
    CHECK_INT(unicode_title(0x1C4), 0x1C5);
    CHECK_INT(unicode_upper(0xDF), 0xDF);
    check_map(unicode_upper_full, 0xDF, 'S', 'S', 0);
    check_map(unicode_title_full, 0xDF, 'S', 's', 0);
    check_map(unicode_fold_full, 0xDF, 's', 's', 0);
    check_map(unicode_lower_full, 0xDF, 0xDF, 0, 0);
    check_map(unicode_lower_full, 0x130, 'i', 0x307, 0);
    check_map(unicode_upper_full, 0x390, 0x399, 0x308, 0x301);
    check_map(unicode_title_full, 0x1C6, 0x1C5, 0, 0);
    check_map(unicode_fold_full, 0xAB70, 0x13A0, 0, 0);
    check_map(unicode_fold_full, 0x3C2, 0x3C3, 0, 0);
    check_map(unicode_upper_full, 'z', 'Z', 0, 0);
    check_map(unicode_upper_full, CODE_POINT_MAX, CODE_POINT_MAX, 0, 0);
    for (uint32_t c = 0; c <= CODE_POINT_MAX; c++) { /* they stay inside, whatever the character */
        uint32_t to[UNICODE_CASE_MAX];
        for (unsigned n = unicode_lower_full(c, to); n; n--)
            CHECK(to[n - 1] <= CODE_POINT_MAX);
        for (unsigned n = unicode_upper_full(c, to); n; n--)
            CHECK(to[n - 1] <= CODE_POINT_MAX);
        for (unsigned n = unicode_fold_full(c, to); n; n--)
            CHECK(to[n - 1] <= CODE_POINT_MAX);
        CHECK(unicode_title(c) <= CODE_POINT_MAX);
    }
}

static void
check_form(UnicodeForm form, const uint32_t *text, size_t n, const uint32_t *want, size_t want_n)
{
    CodePoints out = {0};
    CHECK_INT(codepoints_push(&out, 77), 0); /* it appends */
    CHECK_INT(unicode_normalize(form, text, 4, n, false, &out), 0);
    CHECK_INT(out.len, want_n + 1);
    CHECK_INT(out.data[0], 77);
    CHECK(out.len == want_n + 1 && memcmp(out.data + 1, want, want_n * 4) == 0);
    UnicodeQuick quick = unicode_quick_check(form, text, 4, n);
    bool same = n == want_n && memcmp(text, want, n * 4) == 0;
    CHECK(quick == UNICODE_QUICK_MAYBE || same == (quick == UNICODE_QUICK_YES));
    codepoints_free(&out);
}

#define FORM(form, text, want)                                                                     \
    check_form(form, (const uint32_t *)U##text, sizeof(U##text) / 4 - 1,                           \
               (const uint32_t *)U##want, sizeof(U##want) / 4 - 1)

CASE(normal_forms)
{
    FORM(UNICODE_NFC, "", "");
    FORM(UNICODE_NFC, "abc", "abc");
    FORM(UNICODE_NFD, "\u00C5", "A\u030A");
    FORM(UNICODE_NFC, "A\u030A", "\u00C5");
    FORM(UNICODE_NFC, "\u212B", "\u00C5");
    FORM(UNICODE_NFD, "\u1E69", "s\u0323\u0307");
    FORM(UNICODE_NFD, "\u1E0B\u0323", "d\u0323\u0307");
    FORM(UNICODE_NFC, "\u1E0B\u0323", "\u1E0D\u0307");
    FORM(UNICODE_NFC, "a\u0315\u0300", "\u00E0\u0315");
    FORM(UNICODE_NFC, "a\u0327\u0315\u0300b", "\u00E0\u0327\u0315b");
    FORM(UNICODE_NFC, "a\u0301\u0301", "\u00E1\u0301");
    FORM(UNICODE_NFC, "\u0958", "\u0915\u093C"); /* excluded from composition */
    FORM(UNICODE_NFC, "\u1100\u1161\u11A8", "\uAC01");
    FORM(UNICODE_NFC, "\uAC00\u11A8\u11A8", "\uAC01\u11A8");
    FORM(UNICODE_NFC, "\uAC00\u11A7", "\uAC00\u11A7");
    FORM(UNICODE_NFD, "\uAC01\uAC00", "\u1100\u1161\u11A8\u1100\u1161");
    FORM(UNICODE_NFKC, "\uFB01", "fi");
    FORM(UNICODE_NFC, "\uFB01", "\uFB01");
    FORM(UNICODE_NFKD, "\u1E9B\u0323", "s\u0323\u0307");
    FORM(UNICODE_NFKC, "\uFDFA",
         "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 "
         "\u0648\u0633\u0644\u0645");
    FORM(UNICODE_NFD, "\U0002F868", "\u36FC");
    CodePoints out = {0}; /* as it was once thought to be */
    CHECK_INT(unicode_normalize(UNICODE_NFD, U"\U0002F868", 4, 1, true, &out), 0);
    CHECK_INT(out.data[0], 0x2136A);
    codepoints_free(&out);
}

CASE(every_hangul_syllable_composes_again)
{
    CodePoints parts = {0}, whole = {0};
    for (uint32_t c = 0xAC00; c <= 0xD7A3; c++) {
        codepoints_clear(&parts);
        codepoints_clear(&whole);
        CHECK_INT(unicode_normalize(UNICODE_NFD, &c, 4, 1, false, &parts), 0);
        CHECK_INT(parts.len, (c - 0xAC00) % 28 ? 3 : 2);
        CHECK_INT(unicode_normalize(UNICODE_NFC, parts.data, 4, parts.len, false, &whole), 0);
        CHECK(whole.len == 1 && whole.data[0] == c);
    }
    codepoints_free(&parts);
    codepoints_free(&whole);
}

CASE(long_runs_of_marks_are_ordered_in_linear_time)
{
    size_t n = 300000;
    uint32_t *text = malloc(n * 4);
    static const uint16_t marks[] = {0x345, 0x301, 0x323, 0x300, 0x327, 0x334};
    text[0] = 'a';
    for (size_t i = 1; i < n; i++)
        text[i] = marks[i % 6];
    CodePoints out = {0};
    int64_t start = os_clock_thread();
    CHECK_INT(unicode_normalize(UNICODE_NFD, text, 4, n, false, &out), 0);
    CHECK(os_clock_thread() - start < 2000000000); /* quadratic would be minutes */
    CHECK_INT(out.len, n);
    for (size_t i = 2; i < n; i++) {
        unsigned before = unicode_record(out.data[i - 1])->combining;
        unsigned here = unicode_record(out.data[i])->combining;
        CHECK(before <= here);
        if (before == here && here == 230) /* 301 and 300 take turns, as they did */
            CHECK(out.data[i] != out.data[i - 1]);
    }
    codepoints_free(&out);
    free(text);
}

static unsigned
lookup(const char *name, uint32_t to[UNICODE_SEQUENCE_MAX])
{
    size_t n = strlen(name); /* exact, without terminator: reading on is seen */
    char *block = malloc(n + !n);
    memcpy(block, name, n);
    unsigned count = unicode_lookup(block, n, to);
    free(block);
    return count;
}

CASE(names_of_all_characters_find_them)
{
    char name[UNICODE_NAME_MAX], upper[UNICODE_NAME_MAX];
    size_t named = 0;
    uint32_t to[UNICODE_SEQUENCE_MAX];
    for (uint32_t c = 0; c <= CODE_POINT_MAX; c++) {
        size_t n = unicode_name(c, name);
        CHECK(n < UNICODE_NAME_MAX);
        if (!n)
            continue;
        named++;
        CHECK(unicode_lookup(name, n, to) == 1 && to[0] == c);
        if (c % 8 == 0) {
            for (size_t i = 0; i < n; i++)
                upper[i] = (char)(name[i] >= 'A' ? name[i] | 0x20 : name[i]);
            CHECK(unicode_lookup(upper, n, to) == 1 && to[0] == c);
        }
    }
    CHECK(named > 140000);
}

CASE(lookups)
{
    uint32_t to[UNICODE_SEQUENCE_MAX];
    char name[UNICODE_NAME_MAX];
    CHECK(lookup("LATIN SMALL LETTER A", to) == 1 && to[0] == 'a');
    CHECK(lookup("line feed", to) == 1 && to[0] == '\n');
    CHECK(lookup("ZWNBSP", to) == 1 && to[0] == 0xFEFF);
    CHECK(lookup("TIBETAN LETTER -A", to) == 1 && to[0] == 0xF60);
    CHECK(lookup("HANGUL JUNGSEONG O-E", to) == 1 && to[0] == 0x1180);
    CHECK(lookup("HANGUL SYLLABLE PYEOLB", to) == 1 && to[0] == 0xD3BF);
    CHECK(lookup("cjk unified ideograph-20000", to) == 1 && to[0] == 0x20000);
    CHECK(lookup("KEYCAP DIGIT ONE", to) == 3 && to[0] == '1' && to[1] == 0xFE0F &&
          to[2] == 0x20E3);
    static const char *const unknown[] = {"",
                                          "-",
                                          " ",
                                          "LATIN",
                                          "LATIN SMALL LETTER A ",
                                          "HANGUL SYLLABLE",
                                          "HANGUL SYLLABLE ",
                                          "HANGUL SYLLABLE G",
                                          "HANGUL SYLLABLE GAX",
                                          "CJK UNIFIED IDEOGRAPH-",
                                          "CJK UNIFIED IDEOGRAPH-04E00",
                                          "CJK UNIFIED IDEOGRAPH-F900",
                                          "CJK UNIFIED IDEOGRAPH-FFFFFF",
                                          "HANGUL SYLLABLE-AC00",
                                          "\xC3\xA9"};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        CHECK_INT(lookup(unknown[i], to), 0);
    CHECK_INT(unicode_name('\n', name), 0);
    CHECK_INT(unicode_name(0xD800, name), 0);
    CHECK_INT(unicode_name(0xE000, name), 0);
    CHECK_INT(unicode_name(CODE_POINT_MAX, name), 0);
    uint64_t x = 1;
    for (int i = 0; i < 100000; i++) { /* noise is no name */
        size_t n = (x >> 33) % (UNICODE_NAME_MAX + 10);
        char *noise = malloc(n + !n);
        for (size_t k = 0; k < n; k++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            noise[k] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ -0123456789"[(x >> 33) % 38];
        }
        CHECK(n < 5 || unicode_lookup(noise, n, to) == 0);
        free(noise);
    }
}

CHECK_MAIN()
