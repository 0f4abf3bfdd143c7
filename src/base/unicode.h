/* The Unicode Character Database: what strings, identifiers and `unicodedata` need to know of each
 * code point. The tables are made when Weft is built (tools/unicodegen.py), of the data's version
 * or 16.0, whichever is older.
 *
 * Code points are uint32_t; pre, everywhere: c <= CODE_POINT_MAX. A surrogate, a code point that
 * nobody assigned and one newer than the tables are in category Cn or Cs and have no properties.
 *
 * `unicodedata.ucd_3_2_0`, an old database that some standards ask for, is what the flag
 * UNICODE_IN_3_2 says: a character without it was not assigned then. Of those with it, today's
 * properties stand for theirs; only normalization has its own rules (`old`).
 *
 * The tables are constant; anything here may be called from any thread. Nothing but
 * unicode_normalize allocates.
 */
#ifndef WEFT_BASE_UNICODE_H
#define WEFT_BASE_UNICODE_H

#include "base/utf8.h"
#include "base/vec.h"

VEC_DEFINE(CodePoints, codepoints, uint32_t);

extern const char unicode_version[]; /* "16.0.0" */

/* ---- properties ---- */

enum {
    UNICODE_ALPHA = 1 << 0, /* letters: categories L* */
    UNICODE_LOWER = 1 << 1, /* Lowercase, Uppercase: what str.islower() and isupper() look at */
    UNICODE_UPPER = 1 << 2,
    UNICODE_TITLE = 1 << 3,      /* category Lt */
    UNICODE_SPACE = 1 << 4,      /* what str.split() splits at */
    UNICODE_LINE_BREAK = 1 << 5, /* what str.splitlines() splits at */
    UNICODE_PRINTABLE = 1 << 6,  /* repr() shows it as it is */
    UNICODE_XID_START = 1 << 7,  /* identifiers; the underscore is not in it */
    UNICODE_XID_CONTINUE = 1 << 8,
    UNICODE_CASED = 1 << 9,
    UNICODE_CASE_IGNORABLE = 1 << 10,
    UNICODE_MIRRORED = 1 << 11,
    UNICODE_SPECIAL_CASE =
        1 << 12, /* case mappings are not all one character, or folding not lower */
    UNICODE_IN_3_2 = 1 << 13,
};

typedef enum UnicodeCategory {
    UNICODE_LU,
    UNICODE_LL,
    UNICODE_LT,
    UNICODE_LM,
    UNICODE_LO,
    UNICODE_MN,
    UNICODE_MC,
    UNICODE_ME,
    UNICODE_ND,
    UNICODE_NL,
    UNICODE_NO,
    UNICODE_PC,
    UNICODE_PD,
    UNICODE_PS,
    UNICODE_PE,
    UNICODE_PI,
    UNICODE_PF,
    UNICODE_PO,
    UNICODE_SM,
    UNICODE_SC,
    UNICODE_SK,
    UNICODE_SO,
    UNICODE_ZS,
    UNICODE_ZL,
    UNICODE_ZP,
    UNICODE_CC,
    UNICODE_CF,
    UNICODE_CS,
    UNICODE_CO,
    UNICODE_CN,
} UnicodeCategory;

/* Shared by all code points that are alike. */
typedef struct UnicodeRecord {
    uint32_t flags;
    int32_t lower, upper, title; /* to be added for the simple case mapping */
    uint8_t category;            /* UnicodeCategory */
    uint8_t bidi, width;         /* indexes of unicode_bidi_names, unicode_width_names */
    uint8_t combining;           /* canonical combining class */
    int8_t decimal, digit;       /* the value, -1 if it is none */
    uint8_t number;              /* index of unicode_numbers, 0 if it has no numeric value */
    uint8_t quick;               /* quick checks, see unicode_norm.c */
} UnicodeRecord;

extern const UnicodeRecord unicode_records[];
extern const uint16_t unicode_record_blocks[], unicode_record_places[];
extern const double unicode_numbers[];
extern const char *const unicode_category_names[]; /* "Lu" */
extern const char *const unicode_bidi_names[];     /* "AL", "" for an unassigned one */
extern const char *const unicode_width_names[];    /* "Na": east_asian_width */

static inline const UnicodeRecord *
unicode_record(uint32_t c)
{
    size_t block = unicode_record_blocks[c >> 7];
    return &unicode_records[unicode_record_places[block << 7 | (c & 127)]];
}

/* Has it any of these flags? */
static inline bool
unicode_is(uint32_t c, uint32_t flags)
{
    return (unicode_record(c)->flags & flags) != 0;
}

static inline UnicodeCategory
unicode_category(uint32_t c)
{
    return (UnicodeCategory)unicode_record(c)->category;
}

/* Values of str.isdecimal(), isdigit(): -1 if it is none. */
static inline int
unicode_decimal(uint32_t c)
{
    return unicode_record(c)->decimal;
}

static inline int
unicode_digit(uint32_t c)
{
    return unicode_record(c)->digit;
}

/* The value of str.isnumeric(); false if there is none. */
static inline bool
unicode_numeric(uint32_t c, double *value)
{
    unsigned number = unicode_record(c)->number;
    *value = unicode_numbers[number];
    return number != 0;
}

/* ---- case ---- */

static inline uint32_t
unicode_lower(uint32_t c)
{
    return c + (uint32_t)unicode_record(c)->lower;
}

static inline uint32_t
unicode_upper(uint32_t c)
{
    return c + (uint32_t)unicode_record(c)->upper;
}

static inline uint32_t
unicode_title(uint32_t c)
{
    return c + (uint32_t)unicode_record(c)->title;
}

#define UNICODE_CASE_MAX 3

/* The mapping that str.lower(), upper(), title(), casefold() use, without regard to what stands
 * around it (a final sigma is the caller's). Gives how many code points it is. */
unsigned unicode_lower_full(uint32_t c, uint32_t to[UNICODE_CASE_MAX]);
unsigned unicode_upper_full(uint32_t c, uint32_t to[UNICODE_CASE_MAX]);
unsigned unicode_title_full(uint32_t c, uint32_t to[UNICODE_CASE_MAX]);
unsigned unicode_fold_full(uint32_t c, uint32_t to[UNICODE_CASE_MAX]);

/* ---- normalization ---- */

typedef enum UnicodeForm { UNICODE_NFC, UNICODE_NFD, UNICODE_NFKC, UNICODE_NFKD } UnicodeForm;

typedef enum UnicodeQuick { UNICODE_QUICK_NO, UNICODE_QUICK_MAYBE, UNICODE_QUICK_YES } UnicodeQuick;

#define UNICODE_DECOMPOSITION_MAX 18

/* One step of its decomposition (all of it for Hangul): how many code points, 0 if there is
 * none. *tag is "" if it is canonical, else "compat", "font" ... */
unsigned unicode_decomposition(uint32_t c, uint32_t to[UNICODE_DECOMPOSITION_MAX],
                               const char **tag);

/* The character that the two compose to, 0 if none. */
uint32_t unicode_compose(uint32_t first, uint32_t second);

/* Are the characters in this form? Linear, decides most text. */
UnicodeQuick unicode_quick_check(UnicodeForm form, const void *chars, unsigned width, size_t n);

/* Appends the characters in this form (`old`: by the rules of Unicode 3.2).
 * 0, or -1 without memory, and *out is as it was. */
NODISCARD int unicode_normalize(UnicodeForm form, const void *chars, unsigned width, size_t n,
                                bool old, CodePoints *out);

/* ---- names ---- */

#define UNICODE_NAME_MAX 100
#define UNICODE_SEQUENCE_MAX 4

/* Writes the name (ASCII, no terminator): its length, 0 if it has none, as control characters have
 * not. */
size_t unicode_name(uint32_t c, char to[UNICODE_NAME_MAX]);

/* The character of this name or alias, or the characters of a named sequence; letters in any case.
 * Gives how many, 0 if nothing is called so. */
unsigned unicode_lookup(const char *name, size_t n, uint32_t to[UNICODE_SEQUENCE_MAX]);

#endif
