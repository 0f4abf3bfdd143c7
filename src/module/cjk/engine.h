/* The codecs of East Asian encodings: each is a charset, or states over several (ISO 2022, HZ).
 *
 * A CjkState belongs to whoever codes: a call, or an incremental object under its lock. */
#ifndef WEFT_MODULE_CJK_ENGINE_H
#define WEFT_MODULE_CJK_ENGINE_H

#include "module/cjk/charset.h"

/* Sets that ISO 2022 escape sequences designate. */
typedef enum IsoSet {
    ISO_NONE,
    ISO_ASCII,
    ISO_ROMAN,    /* JIS X 0201 */
    ISO_KATAKANA, /* JIS X 0201 */
    ISO_JIS78,    /* JIS X 0208-1978 */
    ISO_JIS,      /* JIS X 0208 */
    ISO_JIS212,
    ISO_JIS213_1, /* JIS X 0213:2000, plane 1 */
    ISO_JIS213_2,
    ISO_JIS2004_1,
    ISO_GB,
    ISO_KS,
    ISO_LATIN1, /* right half, in G2 */
    ISO_GREEK,
} IsoSet;

typedef struct IsoCodec {
    uint8_t sets[10]; /* IsoSet, in the order in which encoding tries them; 0-terminated */
    bool shifts;      /* SO and SI choose between G0 and G1 */
    bool g2;          /* ESC N */
    bool jis2000;     /* which of JIS X 0213's characters */
    bool pairs;       /* characters of JIS X 0213 that are two of Unicode's */
} IsoCodec;

typedef struct CjkCodec {
    const char *name;
    const CjkCharset *charset;
    const IsoCodec *iso;
    bool hz;
} CjkCodec;

/* What getstate() shows, 8 bytes, as CPython has them. g[0..2]: the mark of the set, with the high
 * bit where it has two bytes a character; of HZ, g[0] alone: is it shifted? */
typedef struct CjkState {
    uint8_t g[3];
    uint8_t unused;
    uint8_t flags; /* CJK_SHIFTED, CJK_THROUGH */
    uint8_t unused2[3];
} CjkState;

enum { CJK_SHIFTED = 1, CJK_THROUGH = 2 };

/* A codec by name, null when there is none. module: "cn"... or null for all */
const CjkCodec *cjk_find(const char *module, const char *name);

CjkState cjk_start(const CjkCodec *codec, bool decoding);
/* As cjk_decode and cjk_encode; *count may be 0 (an escape sequence was used up); *size up to 16.
 */
int cjk_decode_step(const CjkCodec *codec, CjkState *state, const uint8_t *p, int64_t n,
                    uint32_t chars[2], int *count);
int cjk_encode_step(const CjkCodec *codec, CjkState *state, const uint32_t *chars, int64_t left,
                    bool last, uint8_t out[16], int *size);
/* The bytes that bring the reader of what was encoded back to the start: how many */
int cjk_encode_reset(const CjkCodec *codec, CjkState *state, uint8_t out[16]);

#endif
