/* Number literals: how far they go, and what is wrong with them. Their values are made in
 * literal.c. */
#include "source/lexer_priv.h"

#include <stdio.h>

/* What may stand directly behind a number, as in `1if x else y`: a keyword (with a warning), or
   something that cannot go on a name. `kind` says what sort of literal it is. */
static bool
check_end(Lexer *lx, const char *kind)
{
    static const char *const keywords[] = {"and", "else", "for", "if", "in", "is", "not", "or"};
    char c = *lx->cur;
    if (!char_is(c, CHAR_NAME) || (uint8_t)c >= 128 || lx->extra_tokens)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
        size_t len = strlen(keywords[i]);
        /* CPython looks no further than two letters where the first is an i. */
        if (strncmp(lx->cur, keywords[i], len) == 0 &&
            (c == 'i' || !char_is(lx->cur[len], CHAR_NAME))) {
            char message[64];
            snprintf(message, sizeof message, "invalid %s literal", kind);
            return lexer_warn(lx, message, message);
        }
    }
    return lexer_raise(lx, "invalid %s literal", kind);
}

/* Digits with single underscores between them; the first character is one. */
static bool
decimal_tail(Lexer *lx)
{
    for (;;) {
        while (char_is(*lx->cur, CHAR_DIGIT))
            lx->cur++;
        if (*lx->cur != '_')
            return true;
        lx->cur++;
        if (!char_is(*lx->cur, CHAR_DIGIT))
            return lexer_raise(lx, "invalid decimal literal");
    }
}

/* Behind 0x, 0o or 0b. */
static bool
radix_digits(Lexer *lx, int base)
{
    const char *kind = base == 16 ? "hexadecimal" : base == 8 ? "octal" : "binary";
    do {
        if (*lx->cur == '_')
            lx->cur++;
        char c = *lx->cur;
        if (!(base == 16 ? char_is(c, CHAR_HEX) : c >= '0' && c < '0' + base)) {
            if (base != 16 && char_is(c, CHAR_DIGIT)) {
                lx->cur++;
                return lexer_raise(lx, "invalid digit '%c' in %s literal", c, kind);
            }
            return lexer_raise(lx, "invalid %s literal", kind);
        }
        while (base == 16 ? char_is(*lx->cur, CHAR_HEX) : *lx->cur >= '0' && *lx->cur < '0' + base)
            lx->cur++;
    } while (*lx->cur == '_');
    if (base != 16 && char_is(*lx->cur, CHAR_DIGIT)) {
        lx->cur++;
        return lexer_raise(lx, "invalid digit '%c' in %s literal", lx->cur[-1], kind);
    }
    return check_end(lx, kind);
}

/* The exponent at `cur`, if it is one; `1else` has none. `*any`: something was read. */
static bool
exponent(Lexer *lx, bool *any)
{
    const char *e = lx->cur++;
    *any = true;
    if (*lx->cur == '+' || *lx->cur == '-') {
        lx->cur++;
        if (!char_is(*lx->cur, CHAR_DIGIT))
            return lexer_raise(lx, "invalid decimal literal");
    } else if (!char_is(*lx->cur, CHAR_DIGIT)) {
        lx->cur = e;
        *any = false;
        return check_end(lx, "decimal");
    }
    return decimal_tail(lx);
}

/* Behind the integer part: fraction, exponent, imaginary unit. An integer part that starts with 0
   and is not zero, which floats may have, has its zeros end at `zeros_end`; else that is NULL. */
static bool
decimal_rest(Lexer *lx, const char *zeros_end)
{
    if (*lx->cur == '.') {
        lx->cur++;
        zeros_end = NULL;
        if (char_is(*lx->cur, CHAR_DIGIT) && !decimal_tail(lx))
            return false;
    }
    if (*lx->cur == 'e' || *lx->cur == 'E') {
        bool any;
        if (!exponent(lx, &any) || !any)
            return lx->stop == LEXER_GOING;
        zeros_end = NULL;
    }
    if (*lx->cur == 'j' || *lx->cur == 'J') {
        lx->cur++;
        return check_end(lx, "imaginary");
    }
    if (zeros_end && !lx->extra_tokens)
        return lexer_raise_range(lx, (int)(lx->token_start + 1 - lx->line_start),
                                 (int)(zeros_end + 1 - lx->line_start),
                                 "leading zeros in decimal integer literals are not permitted; "
                                 "use an 0o prefix for octal integers");
    return check_end(lx, "decimal");
}

/* A number that starts with 0 and is not 0x, 0o, 0b: zeros only, unless it turns out to be a float.
 */
static bool
zero(Lexer *lx)
{
    lx->cur++;
    for (;;) {
        if (*lx->cur == '_') {
            lx->cur++;
            if (!char_is(*lx->cur, CHAR_DIGIT))
                return lexer_raise(lx, "invalid decimal literal");
        }
        if (*lx->cur != '0')
            break;
        lx->cur++;
    }
    const char *zeros_end = NULL;
    if (char_is(*lx->cur, CHAR_DIGIT)) {
        zeros_end = lx->cur;
        if (!decimal_tail(lx))
            return false;
    }
    return decimal_rest(lx, zeros_end);
}

bool
lexer_number(Lexer *lx, Token *token)
{
    const char *start = lx->cur;
    bool good;
    if (*start == '0') {
        int base = 0;
        switch (start[1] | 0x20) {
        case 'x':
            base = 16;
            break;
        case 'o':
            base = 8;
            break;
        case 'b':
            base = 2;
            break;
        default:
            break;
        }
        lx->cur += base ? 2 : 0;
        good = base ? radix_digits(lx, base) : zero(lx);
    } else {
        good = (*start == '.' || decimal_tail(lx)) && decimal_rest(lx, NULL);
    }
    return good && lexer_make(lx, token, TOK_NUMBER, start, lx->cur);
}
