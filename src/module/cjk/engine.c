/* The codecs by name, and HZ (RFC 1843): GB 2312 between ~{ and ~}. */
#include "module/cjk/engine.h"
#include "module/cjk/iso2022.h"

static const struct {
    const char *module;
    CjkCodec codec;
} codecs[] = {
    {"cn", {"gb2312", &cjk_gb2312, NULL, false}},
    {"cn", {"gbk", &cjk_gbk, NULL, false}},
    {"cn", {"gb18030", &cjk_gb18030, NULL, false}},
    {"cn", {"hz", &cjk_gb2312, NULL, true}},
    {"hk", {"big5hkscs", &cjk_big5hkscs, NULL, false}},
    {"jp", {"shift_jis", &cjk_shift_jis, NULL, false}},
    {"jp", {"cp932", &cjk_cp932, NULL, false}},
    {"jp", {"euc_jp", &cjk_euc_jp, NULL, false}},
    {"jp", {"shift_jis_2004", &cjk_shift_jis_2004, NULL, false}},
    {"jp", {"euc_jis_2004", &cjk_euc_jis_2004, NULL, false}},
    {"jp", {"euc_jisx0213", &cjk_euc_jisx0213, NULL, false}},
    {"jp", {"shift_jisx0213", &cjk_shift_jisx0213, NULL, false}},
    {"kr", {"euc_kr", &cjk_euc_kr, NULL, false}},
    {"kr", {"cp949", &cjk_cp949, NULL, false}},
    {"kr", {"johab", &cjk_johab, NULL, false}},
    {"tw", {"big5", &cjk_big5, NULL, false}},
    {"tw", {"cp950", &cjk_cp950, NULL, false}},
    {"iso2022", {"iso2022_kr", NULL, &iso2022_kr, false}},
    {"iso2022", {"iso2022_jp", NULL, &iso2022_jp, false}},
    {"iso2022", {"iso2022_jp_1", NULL, &iso2022_jp_1, false}},
    {"iso2022", {"iso2022_jp_2", NULL, &iso2022_jp_2, false}},
    {"iso2022", {"iso2022_jp_2004", NULL, &iso2022_jp_2004, false}},
    {"iso2022", {"iso2022_jp_3", NULL, &iso2022_jp_3, false}},
    {"iso2022", {"iso2022_jp_ext", NULL, &iso2022_jp_ext, false}},
};

const CjkCodec *
cjk_find(const char *module, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(codecs); i++) {
        if ((!module || strcmp(codecs[i].module, module) == 0) &&
            strcmp(codecs[i].codec.name, name) == 0) {
            return &codecs[i].codec;
        }
    }
    return NULL;
}

CjkState
cjk_start(const CjkCodec *codec, bool decoding)
{
    CjkState state = {.flags = 0};
    if (codec->iso) {
        state.g[0] = state.g[1] = 'B'; /* ASCII */
        state.g[2] = decoding ? 'B' : 0;
    }
    return state;
}

/* -- HZ -- */

static int
hz_decode(CjkState *state, const uint8_t *p, int64_t n, uint32_t chars[2], int *count)
{
    *count = 0;
    if (p[0] == '~') {
        if (n < 2) {
            return CJK_MORE;
        }
        if (p[1] == '~' && !state->g[0]) {
            chars[0] = '~';
            *count = 1;
            return 2;
        }
        if (p[1] == '{' && !state->g[0]) {
            state->g[0] = 1;
            return 2;
        }
        if (p[1] == '\n' && !state->g[0]) {
            return 2;
        }
        if (p[1] == '}' && state->g[0]) {
            state->g[0] = 0;
            return 2;
        }
        return -1;
    }
    if (p[0] & 0x80) {
        return -1;
    }
    if (!state->g[0]) {
        chars[0] = p[0];
        *count = 1;
        return 1;
    }
    if (n < 2) {
        return CJK_MORE;
    }
    uint16_t row = cjk_gb2312.two[p[0] | 0x80];
    return p[1] < 0x80 && cjk_row(row, p[1] | 0x80, chars, count) ? 2 : (*count = 0, -1);
}

static int
hz_encode(CjkState *state, uint32_t c, uint8_t *out, int *size)
{
    *size = 0;
    if (c < 0x80) {
        if (state->g[0]) {
            out[(*size)++] = '~';
            out[(*size)++] = '}';
            state->g[0] = 0;
        }
        out[(*size)++] = (uint8_t)c;
        if (c == '~') {
            out[(*size)++] = '~';
        }
        return 1;
    }
    uint16_t code = cjk_code(&cjk_gb2312, c);
    if (!code) {
        return CJK_NONE;
    }
    if (!state->g[0]) {
        out[(*size)++] = '~';
        out[(*size)++] = '{';
        state->g[0] = 1;
    }
    out[(*size)++] = (uint8_t)(code >> 8 & 0x7F);
    out[(*size)++] = (uint8_t)(code & 0x7F);
    return 1;
}

/* -- all -- */

int
cjk_decode_step(const CjkCodec *codec, CjkState *state, const uint8_t *p, int64_t n,
                uint32_t chars[2], int *count)
{
    return codec->iso  ? iso2022_decode(codec->iso, state, p, n, chars, count)
           : codec->hz ? hz_decode(state, p, n, chars, count)
                       : cjk_decode(codec->charset, p, n, chars, count);
}

int
cjk_encode_step(const CjkCodec *codec, CjkState *state, const uint32_t *chars, int64_t left,
                bool last, uint8_t out[16], int *size)
{
    return codec->iso  ? iso2022_encode(codec->iso, state, chars, left, last, out, size)
           : codec->hz ? hz_encode(state, chars[0], out, size)
                       : cjk_encode(codec->charset, chars, left, last, out, size);
}

int
cjk_encode_reset(const CjkCodec *codec, CjkState *state, uint8_t out[16])
{
    if (codec->iso) {
        return iso2022_reset(codec->iso, state, out);
    }
    if (!codec->hz || !state->g[0]) {
        return 0;
    }
    out[0] = '~';
    out[1] = '}';
    state->g[0] = 0;
    return 2;
}
