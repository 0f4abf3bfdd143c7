/* Kinds of tokens. The first group has the numbers of Python's `token` module, which programs see;
   keywords come after it as kinds of their own, for the parser's sake, and count as NAME outside.

   Soft keywords (match, case, type, _) are plain names. */
#ifndef WEFT_SOURCE_TOKEN_H
#define WEFT_SOURCE_TOKEN_H

#include "base/attr.h"

/* X(kind, text): the tokens of fixed text, in the order of their numbers, from LPAR = 7 on. */
#define TOKEN_OPERATORS(X)                                                                         \
    X(LPAR, "(")                                                                                   \
    X(RPAR, ")")                                                                                   \
    X(LSQB, "[")                                                                                   \
    X(RSQB, "]")                                                                                   \
    X(COLON, ":")                                                                                  \
    X(COMMA, ",")                                                                                  \
    X(SEMI, ";")                                                                                   \
    X(PLUS, "+")                                                                                   \
    X(MINUS, "-")                                                                                  \
    X(STAR, "*") X(SLASH, "/") X(VBAR, "|") X(AMPER, "&") X(LESS, "<") X(GREATER, ">")             \
        X(EQUAL, "=") X(DOT, ".") X(PERCENT, "%") X(LBRACE, "{") X(RBRACE, "}") X(EQEQUAL, "==")   \
            X(NOTEQUAL, "!=") X(LESSEQUAL, "<=") X(GREATEREQUAL, ">=") X(TILDE, "~")               \
                X(CIRCUMFLEX, "^") X(LEFTSHIFT, "<<") X(RIGHTSHIFT, ">>") X(DOUBLESTAR, "**")      \
                    X(PLUSEQUAL, "+=") X(MINEQUAL, "-=") X(STAREQUAL, "*=") X(SLASHEQUAL, "/=")    \
                        X(PERCENTEQUAL, "%=") X(AMPEREQUAL, "&=") X(VBAREQUAL, "|=")               \
                            X(CIRCUMFLEXEQUAL, "^=") X(LEFTSHIFTEQUAL, "<<=")                      \
                                X(RIGHTSHIFTEQUAL, ">>=") X(DOUBLESTAREQUAL, "**=")                \
                                    X(DOUBLESLASH, "//") X(DOUBLESLASHEQUAL, "//=") X(AT, "@")     \
                                        X(ATEQUAL, "@=") X(RARROW, "->") X(ELLIPSIS, "...")        \
                                            X(COLONEQUAL, ":=") X(EXCLAMATION, "!")

/* X(kind, text): the keywords, sorted by text. */
#define TOKEN_KEYWORDS(X)                                                                          \
    X(FALSE, "False")                                                                              \
    X(NONE, "None")                                                                                \
    X(TRUE, "True")                                                                                \
    X(AND, "and")                                                                                  \
    X(AS, "as")                                                                                    \
    X(ASSERT, "assert")                                                                            \
    X(ASYNC, "async")                                                                              \
    X(AWAIT, "await")                                                                              \
    X(BREAK, "break")                                                                              \
    X(CLASS, "class") X(CONTINUE, "continue") X(DEF, "def") X(DEL, "del") X(ELIF, "elif")          \
        X(ELSE, "else") X(EXCEPT, "except") X(FINALLY, "finally") X(FOR, "for") X(FROM, "from")    \
            X(GLOBAL, "global") X(IF, "if") X(IMPORT, "import") X(IN, "in") X(IS, "is")            \
                X(LAMBDA, "lambda") X(NONLOCAL, "nonlocal") X(NOT, "not") X(OR, "or")              \
                    X(PASS, "pass") X(RAISE, "raise") X(RETURN, "return") X(TRY, "try")            \
                        X(WHILE, "while") X(WITH, "with") X(YIELD, "yield")

typedef enum TokenKind {
    TOK_ENDMARKER,
    TOK_NAME,
    TOK_NUMBER,
    TOK_STRING,
    TOK_NEWLINE,
    TOK_INDENT,
    TOK_DEDENT,
#define X(kind, text) TOK_##kind,
    TOKEN_OPERATORS(X)
#undef X
        TOK_OP, /* a character that no rule of the grammar uses: $ ? */
    TOK_TYPE_IGNORE,
    TOK_TYPE_COMMENT,
    TOK_SOFT_KEYWORD,
    TOK_FSTRING_START,
    TOK_FSTRING_MIDDLE,
    TOK_FSTRING_END,
    TOK_TSTRING_START,
    TOK_TSTRING_MIDDLE,
    TOK_TSTRING_END,
    TOK_COMMENT, /* this and NL: only when the lexer is asked for them */
    TOK_NL,
    TOK_ERRORTOKEN,
    TOK_ENCODING,
    TOK_COUNT, /* of the numbers that the `token` module knows */
#define X(kind, text) KW_##kind,
    TOKEN_KEYWORDS(X)
#undef X
        TOK_ALL
} TokenKind;

/* Where and what. Offsets count bytes of the source as the lexer has it (UTF-8, "\n" line ends). A
   token that stands for no text (ENDMARKER, INDENT, DEDENT) has column -1. */
typedef struct Token {
    uint8_t kind;   /* a TokenKind */
    uint16_t level; /* brackets open behind it */
    uint32_t start; /* offset of its text */
    uint32_t len;   /* of its text */
    int lineno, col, end_lineno, end_col;
} Token;

/* The text of an operator or keyword; NULL for other kinds. */
const char *token_text(int kind);

/* The keyword that the name is, or 0. */
int token_keyword(const char *text, size_t len);

#endif
