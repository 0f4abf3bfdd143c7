/* Names with characters above ASCII: which may stand in an identifier. */
#include "base/utf8.h"
#include "source/lexer_priv.h"
#if __has_include("base/unicode.h")
#include "base/unicode.h"
#else
#define unicode_xid_start(c) ((c) >= 0x80 || char_is((char)(c), CHAR_NAME_START))
#define unicode_xid_continue(c) ((c) >= 0x80 || char_is((char)(c), CHAR_NAME))
#define unicode_printable(c) true
#endif

bool
lexer_check_name(Lexer *lx)
{
    const uint8_t *p = (const uint8_t *)lx->token_start, *end = (const uint8_t *)lx->cur;
    bool first = true;
    while (p < end) {
        uint32_t c = utf8_next(&p);
        if (first ? !(c == '_' || unicode_xid_start(c)) : !unicode_xid_continue(c)) {
            const char *start = (const char *)p - utf8_len(c);
            lx->cur = (const char *)p;
            if (unicode_printable(c))
                return lexer_raise(lx, "invalid character '%.*s' (U+%04X)", (int)utf8_len(c), start,
                                   c);
            return lexer_raise(lx, "invalid non-printable character U+%04X", c);
        }
        first = false;
    }
    return true;
}
