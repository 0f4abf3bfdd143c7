/* Character sets of East Asia: tables made by tools/cjkgen.py, and coding one character by them.
 *
 * Tables are constant. A decoding step looks at the bytes from p on: how many it used (more than
 * 0), CJK_MORE when they end inside a character, or minus the number of bytes that are wrong. An
 * encoding step looks at the next characters: how many it used, CJK_MORE when another one decides,
 * or CJK_NONE. */
#ifndef WEFT_MODULE_CJK_CHARSET_H
#define WEFT_MODULE_CJK_CHARSET_H

#include "base/attr.h"

enum { CJK_MORE = 0, CJK_NONE = -1 };

typedef struct CjkPair {
    uint16_t first, second; /* characters */
    uint16_t code;
} CjkPair;

typedef struct CjkRange {
    uint16_t first, last; /* characters */
    uint16_t number;      /* of the first one's code of four bytes */
} CjkRange;

typedef struct CjkCharset {
    const char *name;
    const uint8_t *kinds; /* of a byte: 0 wrong, 1 a character, 2 first of two, 3 first of three */
    const uint16_t *singles; /* kind 1 */
    const uint16_t *two;     /* kind 2: the row of the second byte */
    const uint16_t *three;   /* kind 3: the row of the third byte, by the second */
    const uint16_t *pages;   /* of a character / 256, below 0x300 */
    const CjkPair *pairs;    /* sorted: two characters that have one code */
    int pair_count;
} CjkCharset;

extern const uint16_t cjk_row_values[];
extern const uint32_t cjk_row_starts[];
extern const uint8_t cjk_row_lows[];
extern const uint16_t cjk_page_values[][256];
extern const uint32_t cjk_extras[];
extern const CjkRange cjk_gb18030_ranges[];
extern const CjkCharset cjk_gb2312, cjk_gbk, cjk_gb18030, cjk_big5hkscs, cjk_cp932,
    cjk_euc_jis_2004, cjk_euc_jisx0213, cjk_euc_jp, cjk_shift_jis, cjk_shift_jis_2004,
    cjk_shift_jisx0213, cjk_cp949, cjk_euc_kr, cjk_johab, cjk_big5, cjk_cp950;

/* The value of a row at a byte: 0 none, REFUSED; else *chars are *n characters. */
enum { CJK_REFUSED = 0xFFFF };
uint16_t cjk_row(uint16_t row, uint8_t byte, uint32_t chars[2], int *n);
/* The code of a character by the pages: 0 none (and for U+0000). */
uint16_t cjk_code(const CjkCharset *set, uint32_t c);
/* The code of a pair; 0 none. *is_first: c begins some pair */
uint16_t cjk_pair_code(const CjkCharset *set, uint32_t c, uint32_t next, bool *is_first);

int cjk_decode(const CjkCharset *set, const uint8_t *p, int64_t n, uint32_t chars[2], int *count);
/* chars: the `left` next ones, two are enough. last: no more will come. Writes up to 8 bytes. */
int cjk_encode(const CjkCharset *set, const uint32_t *chars, int64_t left, bool last,
               uint8_t out[8], int *size);

#endif
