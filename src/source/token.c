/* Texts of tokens, and finding keywords. Pure. */
#include "source/token.h"

const char *
token_text(int kind)
{
    switch (kind) {
#define X(name, text)                                                                              \
    case TOK_##name:                                                                               \
        return text;
        TOKEN_OPERATORS(X)
#undef X
#define X(name, text)                                                                              \
    case KW_##name:                                                                                \
        return text;
        TOKEN_KEYWORDS(X)
#undef X
    default:
        return NULL;
    }
}

int
token_keyword(const char *text, size_t len)
{
    static const struct {
        char text[9];
        uint8_t len;
    } keywords[] = {
#define X(name, text) {text, sizeof(text) - 1},
        TOKEN_KEYWORDS(X)
#undef X
    };
    /* Keywords by their first letter: the first of them, and one past the last, in the sorted
     * table. */
    static const uint8_t from['z' - 'a' + 1] = {
        ['a' - 'a'] = KW_AND,      ['b' - 'a'] = KW_BREAK, ['c' - 'a'] = KW_CLASS,
        ['d' - 'a'] = KW_DEF,      ['e' - 'a'] = KW_ELIF,  ['f' - 'a'] = KW_FINALLY,
        ['g' - 'a'] = KW_GLOBAL,   ['i' - 'a'] = KW_IF,    ['l' - 'a'] = KW_LAMBDA,
        ['n' - 'a'] = KW_NONLOCAL, ['o' - 'a'] = KW_OR,    ['p' - 'a'] = KW_PASS,
        ['r' - 'a'] = KW_RAISE,    ['t' - 'a'] = KW_TRY,   ['w' - 'a'] = KW_WHILE,
        ['y' - 'a'] = KW_YIELD,
    };
    if (len < 2 || len > 8)
        return 0;
    int first = KW_FALSE;
    if (text[0] >= 'a' && text[0] <= 'z')
        first = from[text[0] - 'a'];
    else if (text[0] != 'F' && text[0] != 'N' && text[0] != 'T')
        return 0;
    if (!first)
        return 0;
    for (int kind = first; kind < TOK_ALL; kind++) {
        const char *word = keywords[kind - KW_FALSE].text;
        if (keywords[kind - KW_FALSE].len == len && memcmp(word, text, len) == 0)
            return kind;
        if (word[0] > text[0])
            break;
    }
    return 0;
}
