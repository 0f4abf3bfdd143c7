/* The generated tables behind unicode.h, and what the unicode files share. */
#ifndef WEFT_BASE_UNICODE_PRIV_H
#define WEFT_BASE_UNICODE_PRIV_H

#include "base/unicode.h"

/* ---- case ---- */

typedef struct UnicodeSpecialCase {
    uint32_t code;
    struct {
        uint32_t count, codes[UNICODE_CASE_MAX];
    } maps[4]; /* lower, upper, title, fold */
} UnicodeSpecialCase;

extern const UnicodeSpecialCase unicode_special_cases[]; /* by code */
extern const size_t unicode_special_case_count;

/* ---- normalization ---- */

/* UnicodeRecord.quick: not in this form; or only if nothing composes with what stands before. */
enum {
    QUICK_NFD_NO = 1,
    QUICK_NFKD_NO = 2,
    QUICK_NFC_NO = 4,
    QUICK_NFC_MAYBE = 8,
    QUICK_NFKC_NO = 16,
    QUICK_NFKC_MAYBE = 32
};

extern const char *const unicode_tag_names[];
/* An entry: tag | count << 8, then code points. The index gives where it starts, 0 if none. */
extern const uint32_t unicode_decompositions[];
extern const uint16_t unicode_decomposition_blocks[], unicode_decomposition_places[];

typedef struct UnicodePair {
    uint32_t first, second, composed;
} UnicodePair;

extern const UnicodePair unicode_pairs[]; /* by first, second */
extern const size_t unicode_pair_count;

/* Decompositions that were wrong in Unicode 3.2. */
typedef struct UnicodeCorrection {
    uint32_t code, old;
} UnicodeCorrection;

extern const UnicodeCorrection unicode_corrections[];
extern const size_t unicode_correction_count;

/* Hangul syllables are computed: syllable = first + (l * 21 + v) * 28 + t. */
enum {
    HANGUL_FIRST = 0xAC00,
    HANGUL_COUNT = 19 * 21 * 28,
    JAMO_L = 0x1100,
    JAMO_V = 0x1161,
    JAMO_T = 0x11A7, /* one before the first, which stands for none */
    JAMO_L_COUNT = 19,
    JAMO_V_COUNT = 21,
    JAMO_T_COUNT = 28
};

/* ---- names ---- */

/* Names are numbered: those of characters by code point, then aliases, then named sequences.
 * Each is a length in bytes and tokens: a number below NAME_SHORT_TOKENS is the token's number,
 * one above is that and the next byte. Where NAME_GROUP names start is known, the others are
 * behind. */
#define NAME_GROUP 16
#define NAME_SHORT_TOKENS 192

typedef struct UnicodeNameCounts {
    uint32_t characters, aliases, sequences, runs, prefix_runs;
    uint32_t table; /* a power of two */
} UnicodeNameCounts;

typedef struct UnicodeNameRun {
    uint32_t code, number; /* of the first of code points in a row, whose numbers are in a row */
} UnicodeNameRun;

typedef struct UnicodePrefixRun {
    uint32_t first, last, prefix;
    bool named; /* unicode_name gives the name, not only unicode_lookup takes it */
} UnicodePrefixRun;

extern const UnicodeNameCounts unicode_name_counts;
extern const uint32_t unicode_word_offsets[]; /* one more than there are words */
extern const char unicode_words[];            /* word 0 is "-" */
extern const uint8_t unicode_name_bytes[];
extern const uint32_t unicode_name_groups[];
extern const UnicodeNameRun unicode_name_runs[];
/* Open addressing by name_hash: its upper 16 bits, and the name's number plus 1; 0 is free. */
extern const uint32_t unicode_name_table[];
extern const uint32_t unicode_alias_codes[];
extern const uint32_t unicode_sequences[];
extern const uint16_t unicode_sequence_offsets[]; /* one more than there are sequences */
extern const char *const unicode_name_prefixes[];
extern const UnicodePrefixRun unicode_prefix_runs[]; /* PREFIX-HEX, by first */
extern const char *const unicode_jamo_l[JAMO_L_COUNT], *const unicode_jamo_v[JAMO_V_COUNT],
                                                           *const unicode_jamo_t[JAMO_T_COUNT];

#endif
