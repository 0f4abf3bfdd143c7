/* Full case mappings (unicode.h); the simple ones are in the header. */
#include "base/unicode_priv.h"

enum { MAP_LOWER, MAP_UPPER, MAP_TITLE, MAP_FOLD };

static unsigned
special_case(uint32_t c, int map, uint32_t to[UNICODE_CASE_MAX])
{
    size_t low = 0, high = unicode_special_case_count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (unicode_special_cases[middle].code <= c)
            low = middle;
        else
            high = middle;
    }
    const UnicodeSpecialCase *special = &unicode_special_cases[low];
    assert(special->code == c);
    memcpy(to, special->maps[map].codes, sizeof(special->maps[map].codes));
    return special->maps[map].count;
}

unsigned
unicode_lower_full(uint32_t c, uint32_t to[UNICODE_CASE_MAX])
{
    const UnicodeRecord *record = unicode_record(c);
    if (record->flags & UNICODE_SPECIAL_CASE)
        return special_case(c, MAP_LOWER, to);
    to[0] = c + (uint32_t)record->lower;
    return 1;
}

unsigned
unicode_upper_full(uint32_t c, uint32_t to[UNICODE_CASE_MAX])
{
    const UnicodeRecord *record = unicode_record(c);
    if (record->flags & UNICODE_SPECIAL_CASE)
        return special_case(c, MAP_UPPER, to);
    to[0] = c + (uint32_t)record->upper;
    return 1;
}

unsigned
unicode_title_full(uint32_t c, uint32_t to[UNICODE_CASE_MAX])
{
    const UnicodeRecord *record = unicode_record(c);
    if (record->flags & UNICODE_SPECIAL_CASE)
        return special_case(c, MAP_TITLE, to);
    to[0] = c + (uint32_t)record->title;
    return 1;
}

unsigned
unicode_fold_full(uint32_t c, uint32_t to[UNICODE_CASE_MAX])
{
    const UnicodeRecord *record = unicode_record(c);
    if (record->flags & UNICODE_SPECIAL_CASE)
        return special_case(c, MAP_FOLD, to);
    to[0] = c + (uint32_t)record->lower;
    return 1;
}
