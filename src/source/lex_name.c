/* Names with characters above ASCII: which may stand in an identifier. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "source/lexer_priv.h"

bool
lexer_check_name(Lexer *lx)
{
    const uint8_t *p = (const uint8_t *)lx->token_start, *end = (const uint8_t *)lx->cur;
    for (bool first = true; p < end; first = false) {
        const char *start = (const char *)p;
        uint32_t c = utf8_next(&p);
        if (c == '_' || unicode_is(c, first ? UNICODE_XID_START : UNICODE_XID_CONTINUE))
            continue;
        lx->cur = (const char *)p;
        if (unicode_is(c, UNICODE_PRINTABLE))
            return lexer_raise(lx, "invalid character '%.*s' (U+%04X)", (int)utf8_len(c), start, c);
        return lexer_raise(lx, "invalid non-printable character U+%04X", c);
    }
    return true;
}
